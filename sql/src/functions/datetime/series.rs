//! `generate_series` of timestamps.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::Field;
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::adapt::{Input as _, IntervalOf, Output, Timestamp, Timestamptz};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::types::datetime::timestamp;
use crate::types::interval::Interval;

/// Values of one series: 64 MiB of them.
const MOST: usize = (64 << 20) / 8;

/// The functions.
pub fn rows() -> Vec<Row> {
    const STEP: Param = Param::Of(Kind::Interval);
    const LOCAL: Param = Param::Of(Kind::Timestamp);
    const MOMENT: Param = Param::Of(Kind::Timestamptz);
    let strict = |row: Row| Row { strict: true, ..row }.set().grows();
    vec![
        strict(whole("generate_series", &[LOCAL, LOCAL, STEP], LOCAL, |call| {
            series::<Timestamp>(call, timestamp::plus)
        })),
        strict(whole("generate_series", &[MOMENT, MOMENT, STEP], MOMENT, |call| {
            series::<Timestamptz>(call, |at, step| timestamp::plus_timestamptz(at, step, call.environment))
        }))
        .stable(),
    ]
}

fn series<T: Output<Value = i64>>(
    call: &Call<'_>,
    plus: impl Fn(i64, Interval) -> SqlResult<i64>,
) -> SqlResult<ArrayRef> {
    let [from, to, step] = call.arguments else {
        return Err(SqlError::internal("generate_series without three arguments"));
    };
    // Both kinds of timestamp are the same numbers in the same array.
    let (starts, ends) = (Timestamptz::array(from.array.as_ref())?, Timestamptz::array(to.array.as_ref())?);
    let steps = IntervalOf::array(step.array.as_ref())?;
    let mut values = T::builder(call.rows);
    let (mut lengths, mut valid) = (Vec::with_capacity(call.rows), Vec::with_capacity(call.rows));
    let mut total = 0;
    for row in 0..call.rows {
        let known = !call.any_null(row);
        valid.push(known);
        let mut count = 0;
        if known {
            let step = IntervalOf::get(steps, step.at(row));
            let (mut at, end) = (starts.value(from.at(row)), ends.value(to.at(row)));
            let sign = step.length().signum();
            if sign == 0 {
                let message = "step size cannot equal zero";
                return Err(SqlError::new(SqlState::InvalidParameterValue, message));
            }
            while if sign > 0 { at <= end } else { at >= end } {
                count += 1;
                total += 1;
                if total > MOST {
                    let message = "a value would take more than 64 MiB";
                    return Err(SqlError::new(SqlState::ProgramLimit, message));
                }
                T::append(&mut values, at)?;
                at = plus(at, step)?;
            }
        }
        lengths.push(count);
    }
    let values = T::finish(values);
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    let list = ListArray::try_new(field, offsets, values, Some(NullBuffer::from(valid)))
        .map_err(|error| SqlError::internal(error.to_string()))?;
    Ok(Arc::new(list))
}
