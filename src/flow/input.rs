//! What a step reads: for each stream, the rows that the log gained and how far event time went.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::buffer::ScalarBuffer;
use millstream_catalog::ObjectId;

use crate::log::TailSlice;

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

impl SourceDelta {
    /// What a stream's tail gives for a step.
    pub fn new(stream: ObjectId, slices: Vec<TailSlice>, watermark: i64) -> Self {
        let slices = slices.into_iter().map(|slice| Box::new(slice) as Box<dyn SourceRows>).collect();
        Self { stream, slices, watermark }
    }
}

impl SourceRows for TailSlice {
    fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    fn hidden(&self, index: usize) -> ArrayRef {
        TailSlice::hidden(self, index)
    }

    fn watermarks(&self) -> Option<&ScalarBuffer<i64>> {
        self.watermarks.as_ref()
    }

    fn first_row(&self) -> u64 {
        self.first_row
    }
}
