//! Lateness: which windows are closed at a watermark, and which rows came too late for them.
//!
//! A window is closed once `end + allowed <= watermark - delay`. Everything here says that as one number, the
//! *bound*: windows that end at or below it are closed. `i64::MIN` closes none.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, ListArray, RecordBatch};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use millstream_sql::plan::Lateness;

use super::delta::{NO_WATERMARK, RowNumbers};
use crate::{Error, Result};

/// How many row numbers are remembered.
const LAST: usize = 10;

/// The rows that were left out of windows because they came too late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateRows {
    /// Pairs of a row and a window that it came too late for.
    pub pairs: u64,
    /// Rows that came too late for at least one window.
    pub rows: u64,
    /// Numbers of the last ten such rows in their stream, ascending.
    pub last: Vec<u64>,
}

impl LateRows {
    /// Counts a row that came too late for some windows.
    pub(crate) fn add(&mut self, pairs: u64, row: usize, numbers: Option<&RowNumbers>) {
        self.pairs += pairs;
        self.rows += 1;
        if let Some(numbers) = numbers {
            // A batch may have many: trim now and then only.
            self.last.push(numbers.at(row));
            if self.last.len() >= 8 * LAST {
                self.trim();
            }
        }
    }

    /// Adds what another part counted.
    pub(crate) fn merge(&mut self, other: &LateRows) {
        self.pairs += other.pairs;
        self.rows += other.rows;
        self.last.extend(&other.last);
        self.trim();
    }

    fn trim(&mut self) {
        self.last.sort_unstable();
        let surplus = self.last.len().saturating_sub(LAST);
        self.last.drain(..surplus);
    }

    /// One row: `pairs`, `rows`, `last`.
    pub(crate) fn to_batch(&self) -> Result<RecordBatch> {
        let last = Int64Array::from_iter_values(self.last.iter().map(|number| *number as i64));
        let item = Arc::new(Field::new_list_field(DataType::Int64, true));
        let lists =
            ListArray::new(Arc::clone(&item), OffsetBuffer::from_lengths([last.len()]), Arc::new(last), None);
        let schema = Schema::new(vec![
            Field::new("pairs", DataType::Int64, false),
            Field::new("rows", DataType::Int64, false),
            Field::new("last", DataType::List(item), false),
        ]);
        let count = |count: u64| Arc::new(Int64Array::from(vec![count as i64]));
        Ok(RecordBatch::try_new(
            Arc::new(schema),
            vec![count(self.pairs), count(self.rows), Arc::new(lists)],
        )?)
    }

    /// The inverse of [`LateRows::to_batch`].
    pub(crate) fn from_batch(batch: &RecordBatch) -> Result<Self> {
        let number = |index: usize| {
            batch
                .columns()
                .get(index)
                .and_then(|column| column.as_primitive_opt::<Int64Type>())
                .filter(|column| column.len() == 1)
                .map(|column| column.value(0) as u64)
        };
        let last = batch
            .columns()
            .get(2)
            .and_then(|column| column.as_list_opt::<i32>())
            .filter(|list| list.len() == 1);
        let (Some(pairs), Some(rows), Some(last)) = (number(0), number(1), last) else {
            return Err(Error::internal("a checkpoint's late rows are not in their form"));
        };
        let last =
            last.value(0).as_primitive::<Int64Type>().values().iter().map(|number| *number as u64).collect();
        Ok(Self { pairs, rows, last })
    }
}

/// The bound at a watermark: windows that end at or below it are closed.
pub(crate) fn bound(watermark: i64, lateness: Lateness) -> i64 {
    if watermark == NO_WATERMARK {
        return i64::MIN;
    }
    watermark.saturating_sub(lateness.delay_us).saturating_sub(lateness.allowed_us)
}
