//! Window: each row once for each of its windows, with the windows' bounds, late pairs left out.
//!
//! Used where windows are not folded into the aggregate above (see [`super::slices`]).

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, UInt32Array};
use arrow::datatypes::{DataType, SchemaRef, TimestampMicrosecondType};
use millstream_sql::plan::Lateness;
use millstream_sql::windows::WINDOW_TIME_BEFORE_END_US;

use super::{Operator, State, StateKind, Step, batch_of, only, row_count};
use crate::flow::delta::Delta;
use crate::flow::late::{LateRows, bound};
use crate::flow::shard::each_item;
use crate::flow::windows::Windows;
use crate::{Error, Result};

/// Name of the state with the late rows.
pub(super) const LATE: &str = "late";

/// TUMBLE and HOP.
pub(crate) struct Window {
    /// Which windows.
    pub windows: Windows,
    /// Column of the event time.
    pub time_column: usize,
    /// None: nothing is late.
    pub lateness: Option<Lateness>,
    /// The output.
    pub schema: SchemaRef,
    /// What was left out so far.
    pub late: LateRows,
}

impl Window {
    fn assign(&self, delta: &Delta) -> Result<(Delta, LateRows)> {
        let times = times(&delta.batch, self.time_column)?;
        let mut late = LateRows::default();
        let (mut rows, mut starts) = (vec![], vec![]);
        for row in 0..times.len() {
            if times.is_null(row) {
                continue;
            }
            let time = times.value(row);
            let (first, last) = (self.windows.first_end(time), self.windows.last_end(time));
            let open = match (&delta.watermarks, self.lateness) {
                (Some(watermarks), Some(lateness)) => {
                    self.windows.first_open_end(first, bound(watermarks[row], lateness))
                }
                _ => first,
            };
            if open > first {
                let after_last = last.saturating_add(self.windows.window.slide_us);
                late.add(
                    self.windows.count_between(first, open.min(after_last)),
                    row,
                    delta.row_numbers.as_ref(),
                );
            }
            for end in self.windows.ends(open, last) {
                rows.push(row as u32);
                starts.push(end.saturating_sub(self.windows.window.size_us));
            }
        }
        let data_type = times.data_type();
        let count = rows.len();
        let taken = self.take(delta, rows)?;
        let shifted =
            |by: i64| bounds(starts.iter().map(|start| start.saturating_add(by)).collect(), data_type);
        let size = self.windows.window.size_us;
        let mut columns = taken.batch.columns().to_vec();
        columns.extend([shifted(0), shifted(size)]);
        if self.windows.window.with_window_time {
            columns.push(shifted(size - WINDOW_TIME_BEFORE_END_US));
        }
        Ok((taken.with_batch(batch_of(&self.schema, columns, count)?), late))
    }

    fn take(&self, delta: &Delta, rows: Vec<u32>) -> Result<Delta> {
        let whole = rows.len() == delta.num_rows()
            && rows.iter().enumerate().all(|(index, row)| index == *row as usize);
        if whole { Ok(delta.clone()) } else { delta.take(&UInt32Array::from(rows)) }
    }
}

impl Operator for Window {
    fn step(&mut self, inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>> {
        let input = only(inputs)?;
        let rows = row_count(&input);
        let assigned = each_item(input, rows, step.shards, |delta| self.assign(&delta))?;
        let mut deltas = Vec::with_capacity(assigned.len());
        for (delta, late) in assigned {
            self.late.merge(&late);
            if delta.num_rows() > 0 {
                deltas.push(delta);
            }
        }
        Ok(deltas)
    }

    fn state(&mut self, _whole: &dyn Fn(&str) -> bool) -> Result<Vec<State>> {
        Ok(vec![State { name: LATE, batch: self.late.to_batch()?, kind: StateKind::Small }])
    }

    fn restore(&mut self, _name: &str, batch: &RecordBatch) -> Result<()> {
        self.late = LateRows::from_batch(batch)?;
        Ok(())
    }

    fn late(&self) -> Option<&LateRows> {
        Some(&self.late)
    }
}

/// The event times of a batch.
pub(super) fn times(batch: &RecordBatch, column: usize) -> Result<&PrimitiveArray<TimestampMicrosecondType>> {
    batch
        .columns()
        .get(column)
        .and_then(|column| column.as_primitive_opt())
        .ok_or_else(|| Error::internal("a window over a column that is no timestamp"))
}

/// Window bounds in the type of the event time.
pub(super) fn bounds(values: Vec<i64>, data_type: &DataType) -> ArrayRef {
    Arc::new(PrimitiveArray::<TimestampMicrosecondType>::from(values).with_data_type(data_type.clone()))
}
