//! Checkpoints: all that a view needs to go on after a restart, as plain Parquet under a manifest that comes last.
//!
//! ```text
//!  views/<id>/<lsn, 20 digits>/contents.parquet       the view's rows at the LSN: its snapshot, for any Parquet reader
//!  views/<id>/<lsn, 20 digits>/state-<node>-<n>.parquet
//!  views/<id>/<lsn, 20 digits>.json                   the manifest: there once all files are, or not at all
//! ```
//!
//! A checkpoint without its manifest is none: a crash between files leaves orphans, which the next write of the view
//! removes. Every file's size and CRC-32C stand in the manifest and are checked before anything is decoded. The newest
//! two are kept; when the newest is damaged the older one serves, since replay from it gives the same.

mod encode;
mod manifest;
mod store;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use millstream_catalog::ObjectId;

pub use store::CheckpointStore;

use crate::flow::OperatorState;
use crate::log::Lsn;

/// A view at one LSN.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// The view.
    pub view: ObjectId,
    /// All commits up to here are in it, and none after.
    pub lsn: Lsn,
    /// The time of that commit, in microseconds since the Unix epoch.
    pub commit_time: i64,
    /// The view's watermark, in microseconds.
    pub watermark: i64,
    /// The plan that the state belongs to.
    pub fingerprint: u64,
    /// The columns of the contents.
    pub schema: SchemaRef,
    /// The rows.
    pub contents: Vec<RecordBatch>,
    /// The operators' state.
    pub states: Vec<OperatorState>,
}
