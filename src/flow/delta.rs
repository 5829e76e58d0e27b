//! A change of a relation: an Arrow batch with optional weights, watermarks and row numbers.

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow::buffer::ScalarBuffer;
use arrow::compute::{filter, filter_record_batch, take, take_record_batch};
use millstream_catalog::ObjectId;

use crate::Result;

/// The watermark of a row that has none before it.
pub const NO_WATERMARK: i64 = i64::MIN;

/// Rows that came (weight above zero) and rows that went (below).
///
/// The optional parts have one value a row, in step with `batch`. They are absent where they would say nothing,
/// so that append-only plans pay for none of them.
#[derive(Debug, Clone)]
pub struct Delta {
    /// The rows.
    pub batch: RecordBatch,
    /// How many times each came or went; absent: once each.
    pub weights: Option<Int64Array>,
    /// The source's watermark just before each row, in microseconds, [`NO_WATERMARK`] for none yet; it never falls
    /// from a row to the next. Absent on rows that cannot be late (made by an aggregate, or of a stream without
    /// event time).
    pub watermarks: Option<ScalarBuffer<i64>>,
    /// Each row's number in its stream (dense from 0 over all partitions); absent on rows that are no stream's.
    pub row_numbers: Option<RowNumbers>,
    /// That stream.
    pub stream: Option<ObjectId>,
}

/// Which rows of a stream a delta holds.
#[derive(Debug, Clone)]
pub enum RowNumbers {
    /// Consecutive rows from this one.
    From(u64),
    /// One number a row.
    Each(ScalarBuffer<u64>),
}

impl Delta {
    /// Rows that all came once and cannot be late.
    pub fn insertions(batch: RecordBatch) -> Self {
        Self { batch, weights: None, watermarks: None, row_numbers: None, stream: None }
    }

    /// Rows with weights; no weight is zero.
    pub fn weighted(batch: RecordBatch, weights: Int64Array) -> Self {
        Self { weights: Some(weights), ..Self::insertions(batch) }
    }

    /// Number of rows, whatever their weights.
    pub fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The same rows with other columns.
    pub fn with_batch(&self, batch: RecordBatch) -> Self {
        debug_assert_eq!(batch.num_rows(), self.batch.num_rows());
        Self { batch, ..self.clone() }
    }

    /// The rows for which the mask is true (NULL is false).
    pub fn filter(&self, mask: &BooleanArray) -> Result<Self> {
        if mask.null_count() == 0 && mask.true_count() == mask.len() {
            return Ok(self.clone());
        }
        let weights = match &self.weights {
            Some(weights) => Some(Int64Array::from(filter(weights, mask)?.to_data())),
            None => None,
        };
        let watermarks = match &self.watermarks {
            Some(values) => {
                let kept = filter(&Int64Array::new(values.clone(), None), mask)?;
                Some(Int64Array::from(kept.to_data()).values().clone())
            }
            None => None,
        };
        let row_numbers = self.row_numbers.as_ref().map(|numbers| {
            numbers.select((0..mask.len()).filter(|row| mask.is_valid(*row) && mask.value(*row)))
        });
        let batch = filter_record_batch(&self.batch, mask)?;
        Ok(Self { batch, weights, watermarks, row_numbers, stream: self.stream })
    }

    /// The rows at these indexes (none NULL), in that order; an index may come more than once.
    pub fn take(&self, indexes: &arrow::array::UInt32Array) -> Result<Self> {
        let pick = |array: ArrayRef| take(&array, indexes, None);
        let weights = match &self.weights {
            Some(weights) => Some(Int64Array::from(pick(std::sync::Arc::new(weights.clone()))?.to_data())),
            None => None,
        };
        let watermarks = self
            .watermarks
            .as_ref()
            .map(|values| indexes.values().iter().map(|index| values[*index as usize]).collect());
        let row_numbers = self
            .row_numbers
            .as_ref()
            .map(|numbers| numbers.select(indexes.values().iter().map(|i| *i as usize)));
        let batch = take_record_batch(&self.batch, indexes)?;
        Ok(Self { batch, weights, watermarks, row_numbers, stream: self.stream })
    }
}

impl RowNumbers {
    /// The number of the row at an index.
    pub fn at(&self, index: usize) -> u64 {
        match self {
            RowNumbers::From(first) => first + index as u64,
            RowNumbers::Each(numbers) => numbers[index],
        }
    }

    fn select(&self, indexes: impl Iterator<Item = usize>) -> Self {
        RowNumbers::Each(indexes.map(|index| self.at(index)).collect())
    }
}
