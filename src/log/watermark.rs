//! Watermarks of a stream, per row: a function of the rows in log order, however they were batched.
//!
//! The expression is evaluated once per batch to one *mark* a row ([`NO_WATERMARK`] for NULL); the watermark of a row is
//! the greatest mark (or tick) before it, so that a row never makes itself late.

use std::any::Any;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{BinaryExpr, Column, Literal};
use millstream_sql::{SqlError, SqlState};

use super::WatermarkSpec;
use crate::flow::delta::NO_WATERMARK;
use crate::{Error, Result};

/// The value of the watermark expression for each row, in microseconds.
pub(super) fn marks(spec: &WatermarkSpec, batch: &RecordBatch) -> Result<ScalarBuffer<i64>> {
    if let Some((column, delay_us)) = column_minus(spec.expression.as_ref()) {
        return shifted(batch, column, delay_us);
    }
    let value = spec.expression.evaluate(batch)?.into_array(batch.num_rows())?;
    let Some(values) = value.as_primitive_opt::<TimestampMicrosecondType>() else {
        let message = format!("a watermark expression gave {}, not a timestamp", value.data_type());
        return Err(Error::internal(message));
    };
    if values.null_count() == 0 {
        return Ok(values.values().clone());
    }
    Ok(values.iter().map(|value| value.unwrap_or(NO_WATERMARK)).collect())
}

/// The watermark just before each row, when it is `watermark` before the first, and the watermark after the last.
pub(super) fn prefix(watermark: i64, marks: &[i64]) -> (ScalarBuffer<i64>, i64) {
    let greatest = marks.iter().copied().max().unwrap_or(NO_WATERMARK);
    if greatest <= watermark {
        return (vec![watermark; marks.len()].into(), watermark);
    }
    let mut current = watermark;
    let mut before = Vec::with_capacity(marks.len());
    for mark in marks {
        before.push(current);
        current = current.max(*mark);
    }
    (before.into(), current)
}

/// Recognises `column` and `column - INTERVAL 'days and time'`, what nearly all watermarks are; the general way
/// costs some 30 ns a row more, which recovery of millions of rows would feel.
fn column_minus(expression: &dyn PhysicalExpr) -> Option<(usize, i64)> {
    let any: &dyn Any = expression;
    if let Some(column) = any.downcast_ref::<Column>() {
        return Some((column.index(), 0));
    }
    let binary = any.downcast_ref::<BinaryExpr>().filter(|binary| *binary.op() == Operator::Minus)?;
    let column: &dyn Any = binary.left().as_ref();
    let literal: &dyn Any = binary.right().as_ref();
    match literal.downcast_ref::<Literal>()?.value() {
        ScalarValue::IntervalMonthDayNano(Some(interval))
            if interval.months == 0 && interval.nanoseconds % 1000 == 0 =>
        {
            let days = i64::from(interval.days) * 86_400_000_000;
            Some((column.downcast_ref::<Column>()?.index(), days.checked_add(interval.nanoseconds / 1000)?))
        }
        _ => None,
    }
}

fn shifted(batch: &RecordBatch, column: usize, delay_us: i64) -> Result<ScalarBuffer<i64>> {
    let Some(values) = batch.column(column).as_primitive_opt::<TimestampMicrosecondType>() else {
        return Err(Error::internal("a watermark is of a column that is no timestamp"));
    };
    if delay_us == 0 && values.null_count() == 0 {
        return Ok(values.values().clone());
    }
    let mut overflow = false;
    let mut shift = |value: i64| {
        let (value, over) = value.overflowing_sub(delay_us);
        overflow |= over;
        value
    };
    let marks: ScalarBuffer<i64> = if values.null_count() == 0 {
        values.values().iter().map(|value| shift(*value)).collect()
    } else {
        values.iter().map(|value| value.map_or(NO_WATERMARK, &mut shift)).collect()
    };
    if overflow {
        return Err(SqlError::new(SqlState::DatetimeOverflow, "timestamp out of range in a watermark").into());
    }
    Ok(marks)
}

/// Whether a type can be event time.
pub(super) fn is_event_time(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(TimeUnit::Microsecond, _))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::TimestampMicrosecondArray;
    use arrow::datatypes::{Field, IntervalMonthDayNano, Schema};
    use datafusion::physical_expr::expressions::binary;

    use super::*;

    #[test]
    fn each_row_has_the_greatest_mark_before_it() {
        let marks = [5, 3, NO_WATERMARK, 9, 9, 2];
        let (before, after) = prefix(NO_WATERMARK, &marks);
        assert_eq!(before.to_vec(), vec![NO_WATERMARK, 5, 5, 5, 9, 9]);
        assert_eq!(after, 9);
        assert_eq!(prefix(100, &marks), (vec![100; 6].into(), 100));
    }

    #[test]
    fn the_short_way_gives_what_the_expression_gives() {
        let schema = Arc::new(Schema::new(vec![Field::new(
            "t",
            DataType::Timestamp(TimeUnit::Microsecond, None),
            true,
        )]));
        for interval in [
            IntervalMonthDayNano::new(0, 0, 4_000_000_000),
            IntervalMonthDayNano::new(0, -2, 1000),
            IntervalMonthDayNano::new(1, 0, 0),
        ] {
            let literal = Arc::new(Literal::new(ScalarValue::IntervalMonthDayNano(Some(interval))));
            let expression =
                binary(Arc::new(Column::new("t", 0)), Operator::Minus, literal, &schema).unwrap();
            let values = vec![Some(0), None, Some(1_700_000_000_000_000), Some(-5)];
            let column = Arc::new(TimestampMicrosecondArray::from(values));
            let batch = RecordBatch::try_new(schema.clone(), vec![column]).unwrap();
            let evaluated = expression.evaluate(&batch).unwrap().into_array(4).unwrap();
            let expected: Vec<i64> = evaluated
                .as_primitive::<TimestampMicrosecondType>()
                .iter()
                .map(|value| value.unwrap_or(NO_WATERMARK))
                .collect();
            let spec = WatermarkSpec { column: 0, expression };
            assert_eq!(marks(&spec, &batch).unwrap().to_vec(), expected);
        }
    }
}
