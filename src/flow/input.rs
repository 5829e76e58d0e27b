//! What a step reads: for each stream, the rows that the log gained and how far event time went.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::buffer::ScalarBuffer;
use millstream_catalog::ObjectId;

/// Consecutive rows of a stream, in log order.
pub trait SourceRows: Send + Sync {
    /// The user's columns.
    fn batch(&self) -> &RecordBatch;
    /// A hidden column: an index into [`millstream_catalog::HIDDEN_COLUMNS`].
    fn hidden(&self, index: usize) -> ArrayRef;
    /// The stream's watermark just before each row; None for a stream without event time.
    fn watermarks(&self) -> Option<&ScalarBuffer<i64>>;
    /// The number of the first row in its stream.
    fn first_row(&self) -> u64;
}

/// All that happened to a stream in a step.
pub struct SourceDelta {
    /// The stream.
    pub stream: ObjectId,
    /// Its new rows, in log order.
    pub slices: Vec<Box<dyn SourceRows>>,
    /// Its watermark at the end of the step, in microseconds, [`super::delta::NO_WATERMARK`] for none.
    pub watermark: i64,
}
