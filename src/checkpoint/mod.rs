//! Checkpoints: a view and the state of its flow after exactly one LSN, in an object store.
//!
//! ```text
//!  views/12/00000000000000000345/contents-0.parquet     rows of the view: plain Parquet, for anybody
//!  views/12/00000000000000000345/state-3-groups.parquet a part of an operator's state
//!  views/12/00000000000000000345.json                   the manifest, written last: the checkpoint exists once this does
//!  views/12/00000000000000000400/contents-0.parquet     rows that came since 345
//!  views/12/00000000000000000400/deletes-0.parquet      which rows of earlier files are no more
//!  views/12/00000000000000000400/state-3-groups.parquet groups that changed since 345: a layer
//!  views/12/00000000000000000400.json                   names the files of 345 too
//! ```
//!
//! A checkpoint writes what changed since the one before ([`Capture`]), until the changes outgrow their base and a new
//! base is written: time and bytes grow with what changed, not with what exists. A restart reads the newest whole
//! checkpoint and replays the log after it. Each checkpoint is at the same time the view's periodic snapshot. The format
//! is in `docs/checkpoint-format.md`.
//!
//! **Promises.** A checkpoint whose manifest is there was durable before the manifest was. What is read was checked
//! against sizes and checksums; damage is [`crate::Error::Corrupt`] with the path, or, where an older whole checkpoint
//! stands, a warning: a longer replay from that one gives the same. A checkpoint of another log is never used. The
//! newest two are kept, with all files that they name.
//!
//! Encoding is pure and takes a while, and a local store blocks: call [`CheckpointStore::write`] where that is allowed.

mod encode;
mod manifest;
mod parquet;
pub(crate) mod parquet_types;
mod policy;
mod store;
#[cfg(test)]
mod tests;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use millstream_catalog::ObjectId;

use crate::flow::OperatorState;
use crate::log::Lsn;
use crate::view;

pub use policy::Saved;
pub use store::CheckpointStore;

/// What a checkpoint is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The view.
    pub view: ObjectId,
    /// Its name at that time, for people.
    pub name: String,
    /// Which log the LSN is of.
    pub log_id: u64,
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
}

/// A checkpoint to be written: what changed since the one that it follows.
#[derive(Debug, Clone)]
pub struct Capture {
    /// What it is of.
    pub head: Head,
    /// The checkpoint that it follows; None: it stands on its own, and everything here is whole.
    pub after: Option<Saved>,
    /// The view's rows.
    pub contents: view::Capture,
    /// The operators' state.
    pub states: Vec<OperatorState>,
}

/// A view and the state of its flow after exactly one LSN, as they were read.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// What it is of.
    pub head: Head,
    /// The view's rows, each as often as it counts.
    pub contents: Vec<RecordBatch>,
    /// The operators' state, whole.
    pub states: Vec<OperatorState>,
    /// Places of rows that files have and that are no more, ascending (see [`view::Capture`]).
    pub dead: Vec<u32>,
    /// What is stored: later checkpoints follow it.
    pub saved: Saved,
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
    /// How many of these files it wrote; the others are of earlier checkpoints.
    pub written_files: usize,
    /// Bytes of the files that it wrote.
    pub written_bytes: u64,
    /// Rows of the files that it wrote, of all kinds.
    pub written_rows: u64,
    /// Whether it wrote all rows of the view, not only a change.
    pub base: bool,
    /// Where the manifest is: its file or URL.
    pub path: String,
}
