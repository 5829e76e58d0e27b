//! Checkpoints: a view and the state of its flow after exactly one LSN, in an object store.
//!
//! ```text
//!  views/12/00000000000000000345/contents-0.parquet     the view's rows: plain Parquet, for anybody
//!  views/12/00000000000000000345/state-3-groups.parquet one part of one operator's state
//!  views/12/00000000000000000345.json                   the manifest, written last: the checkpoint exists once this does
//! ```
//!
//! A restart reads the newest whole checkpoint and replays the log after it. Each checkpoint is at the same time the
//! view's periodic snapshot. The format is in `docs/checkpoint-format.md`.
//!
//! **Promises.** A checkpoint whose manifest is there was durable before the manifest was. What is read was checked
//! against sizes and checksums; damage is [`crate::Error::Corrupt`] with the path, or, where an older whole checkpoint
//! stands, a warning: a longer replay from that one gives the same. The newest two are kept.
//!
//! Encoding ([`encode`]) is pure and takes a while: call it where blocking is allowed. [`CheckpointStore::write`] does.

mod durable;
mod encode;
mod manifest;
pub(crate) mod parquet_types;
mod store;
#[cfg(test)]
mod tests;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use millstream_catalog::ObjectId;

use crate::flow::OperatorState;
use crate::log::Lsn;

pub use encode::{EncodedCheckpoint, encode};
pub use store::CheckpointStore;

/// A view and the state of its flow after exactly one LSN.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// The view.
    pub view: ObjectId,
    /// Its name at that time, for people.
    pub name: String,
    /// The LSN.
    pub lsn: Lsn,
    /// The time of that commit, in microseconds since the Unix epoch.
    pub commit_time: i64,
    /// The view's watermark, in microseconds; [`crate::flow::delta::NO_WATERMARK`] for none.
    pub watermark: i64,
    /// The plan's fingerprint: state may be restored only into a plan with the same.
    pub fingerprint: u64,
    /// The view's columns.
    pub schema: SchemaRef,
    /// The columns that identify a row; None when no subset is known to.
    pub key: Option<Vec<usize>>,
    /// The view's rows, each as often as it counts.
    pub contents: Vec<RecordBatch>,
    /// The operators' state.
    pub states: Vec<OperatorState>,
}

/// A checkpoint that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointInfo {
    /// The view.
    pub view: ObjectId,
    /// Its name when the checkpoint was made.
    pub name: String,
    /// The LSN.
    pub lsn: Lsn,
    /// The time of that commit, in microseconds since the Unix epoch.
    pub commit_time: i64,
    /// Rows of the view.
    pub rows: u64,
    /// Number of files, the manifest not counted.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// Where the manifest is, in the store.
    pub path: String,
}
