//! Which windows a row belongs to.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, UInt32Array};
use arrow::buffer::ScalarBuffer;
use arrow::compute::take_record_batch;
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};

use super::{WINDOW_TIME_BEFORE_END_US, Window};
use crate::error::{SqlError, SqlResult};

/// The windows of the rows of a batch: one entry for each pair of a row and a window that holds it, in the order
/// of the rows, and for one row in the order of the windows.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The row of each pair.
    pub rows: UInt32Array,
    /// Whether `rows` is exactly 0, 1, 2, …: nothing needs to be taken.
    pub identity: bool,
    /// The window's start, in the type of the time column.
    pub starts: ArrayRef,
    /// The window's end, in the type of the time column.
    pub ends: ArrayRef,
}

/// Assigns every row of a batch to its windows. The time column is a timestamp in microseconds.
pub fn assign_windows(batch: &RecordBatch, time_column: usize, window: &Window) -> SqlResult<Assignment> {
    let column = batch.column(time_column);
    let Some(times) = column.as_primitive_opt::<TimestampMicrosecondType>() else {
        return Err(SqlError::internal(format!("a window over a column of type {}", column.data_type())));
    };
    if window.slide_us <= 0 || window.size_us < window.slide_us {
        return Err(SqlError::internal(format!("a window of impossible size: {window:?}")));
    }
    let (rows, starts, identity) =
        if window.slide_us == window.size_us { tumble(times, window) } else { hop(times, window) };
    let ends: ScalarBuffer<i64> = starts.iter().map(|start| start.saturating_add(window.size_us)).collect();
    let typed = |values: ScalarBuffer<i64>| -> ArrayRef {
        let array = PrimitiveArray::<TimestampMicrosecondType>::new(values, None);
        Arc::new(array.with_data_type(column.data_type().clone()))
    };
    Ok(Assignment { rows, identity, starts: typed(starts), ends: typed(ends) })
}

/// The rows of a batch, once for each of their windows, with the window columns added.
pub fn add_windows(
    batch: &RecordBatch,
    time_column: usize,
    window: &Window,
    schema: &SchemaRef,
) -> SqlResult<(RecordBatch, UInt32Array)> {
    let assignment = assign_windows(batch, time_column, window)?;
    let taken = if assignment.identity {
        batch.clone()
    } else {
        take_record_batch(batch, &assignment.rows).map_err(|error| SqlError::internal(error.to_string()))?
    };
    let mut columns = taken.columns().to_vec();
    columns.push(Arc::clone(&assignment.starts));
    columns.push(Arc::clone(&assignment.ends));
    if window.with_window_time {
        columns.push(window_times(&assignment.ends)?);
    }
    let batch = RecordBatch::try_new(Arc::clone(schema), columns)
        .map_err(|error| SqlError::internal(error.to_string()))?;
    Ok((batch, assignment.rows))
}

/// Flink's `window_time` for an array of window ends.
pub fn window_times(ends: &ArrayRef) -> SqlResult<ArrayRef> {
    let Some(values) = ends.as_primitive_opt::<TimestampMicrosecondType>() else {
        return Err(SqlError::internal("window ends that are no timestamps"));
    };
    let times: PrimitiveArray<TimestampMicrosecondType> =
        values.unary(|end| end.saturating_sub(WINDOW_TIME_BEFORE_END_US));
    Ok(Arc::new(times.with_data_type(ends.data_type().clone())))
}

type Timestamps = PrimitiveArray<TimestampMicrosecondType>;

fn tumble(times: &Timestamps, window: &Window) -> (UInt32Array, ScalarBuffer<i64>, bool) {
    if times.null_count() == 0 {
        let rows = UInt32Array::from_iter_values(0..times.len() as u32);
        return (rows, times.values().iter().map(|time| window.last_start(*time)).collect(), true);
    }
    let present = || (0..times.len()).filter(|row| times.is_valid(*row));
    let rows = UInt32Array::from_iter_values(present().map(|row| row as u32));
    (rows, present().map(|row| window.last_start(times.value(row))).collect(), false)
}

fn hop(times: &Timestamps, window: &Window) -> (UInt32Array, ScalarBuffer<i64>, bool) {
    let most = (window.size_us / window.slide_us + 1) as usize;
    let capacity = times.len().saturating_mul(most.min(64));
    let mut rows: Vec<u32> = Vec::with_capacity(capacity);
    let mut starts: Vec<i64> = Vec::with_capacity(capacity);
    for row in 0..times.len() {
        if times.is_null(row) {
            continue;
        }
        let time = times.value(row);
        let last = window.last_start(time);
        // The earliest start still above `time - size`.
        let back = (window.size_us - 1).saturating_sub(time.saturating_sub(last)) / window.slide_us;
        for step in (0..=back).rev() {
            rows.push(row as u32);
            starts.push(last.saturating_sub(step.saturating_mul(window.slide_us)));
        }
    }
    (UInt32Array::from(rows), starts.into(), false)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int64Array, TimestampMicrosecondArray};
    use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

    use super::*;
    use crate::windows::duration_text;

    fn batch(times: Vec<Option<i64>>) -> RecordBatch {
        let rows = Int64Array::from_iter_values(0..times.len() as i64);
        let time_type = DataType::Timestamp(TimeUnit::Microsecond, None);
        let schema =
            Schema::new(vec![Field::new("row", DataType::Int64, false), Field::new("t", time_type, true)]);
        let columns: Vec<ArrayRef> = vec![Arc::new(rows), Arc::new(TimestampMicrosecondArray::from(times))];
        RecordBatch::try_new(Arc::new(schema), columns).unwrap()
    }

    fn pairs(times: Vec<Option<i64>>, slide_us: i64, size_us: i64, offset_us: i64) -> Vec<(u32, i64, i64)> {
        let window = Window { slide_us, size_us, offset_us, with_window_time: false };
        let assigned = assign_windows(&batch(times), 1, &window).unwrap();
        let starts = assigned.starts.as_primitive::<TimestampMicrosecondType>();
        let ends = assigned.ends.as_primitive::<TimestampMicrosecondType>();
        (0..starts.len()).map(|i| (assigned.rows.value(i), starts.value(i), ends.value(i))).collect()
    }

    #[test]
    fn tumble_gives_each_row_its_one_window_also_before_the_epoch() {
        assert_eq!(
            pairs(vec![Some(0), Some(9), Some(10), Some(-1)], 10, 10, 0),
            [(0, 0, 10), (1, 0, 10), (2, 10, 20), (3, -10, 0)]
        );
    }

    #[test]
    fn null_times_have_no_window() {
        assert_eq!(pairs(vec![None, Some(3), None], 10, 10, 0), [(1, 0, 10)]);
        assert_eq!(pairs(vec![None, Some(3), None], 5, 10, 0), [(1, -5, 5), (1, 0, 10)]);
    }

    #[test]
    fn offset_shifts_all_windows() {
        assert_eq!(pairs(vec![Some(0), Some(3)], 10, 10, 3), [(0, -7, 3), (1, 3, 13)]);
        assert_eq!(pairs(vec![Some(0)], 10, 10, -3), [(0, -3, 7)]);
    }

    #[test]
    fn hop_gives_every_window_that_holds_the_row() {
        assert_eq!(pairs(vec![Some(9)], 4, 10, 0), [(0, 0, 10), (0, 4, 14), (0, 8, 18)]);
        assert_eq!(pairs(vec![Some(10)], 4, 10, 0), [(0, 4, 14), (0, 8, 18)]);
    }

    #[test]
    fn hop_agrees_with_the_definition() {
        for slide in 1..6 {
            for size in slide..14 {
                for offset in -7..8 {
                    let found = pairs((-20..20).map(Some).collect(), slide, size, offset);
                    let mut wanted = vec![];
                    for (row, time) in (-20i64..20).enumerate() {
                        let starts = -60..60i64;
                        for start in starts.filter(|start| (start - offset).rem_euclid(slide) == 0) {
                            if start <= time && time < start + size {
                                wanted.push((row as u32, start, start + size));
                            }
                        }
                    }
                    assert_eq!(found, wanted, "slide {slide} size {size} offset {offset}");
                }
            }
        }
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(duration_text(5_400_000_000), "1h30m");
        assert_eq!(duration_text(-4_000_000), "-4s");
        assert_eq!(duration_text(0), "0s");
    }
}
