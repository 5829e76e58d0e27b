//! `generate_series` of int4, int8 and numeric: as iterators, and as kernels that give a List for each row.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayBuilder as _, ArrayRef, ArrowPrimitiveType, AsArray, BinaryBuilder, ListArray,
    PrimitiveArray, PrimitiveBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type};
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Call, Param, Row, whole, wrong_array};
use crate::types::numeric::Numeric;
use crate::types::numeric::arithmetic::add;

/// Bytes that the list of one row may take.
const MOST_BYTES: usize = 64 << 20;

/// The rows of generate_series.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    for count in [2, 3] {
        for kind in [Kind::Int4, Kind::Int8, Kind::Numeric] {
            let arguments = vec![Param::Of(kind); count];
            let row = whole("generate_series", &arguments, Param::Of(kind), move |call| match kind {
                Kind::Int4 => integers::<Int32Type>(call),
                Kind::Int8 => integers::<Int64Type>(call),
                _ => numerics(call),
            });
            rows.push(Row { strict: true, ..row }.grows().set());
        }
    }
    rows
}

/// From start by step to stop, both included. 22023 for a step of zero.
pub fn int8_series(start: i64, stop: i64, step: i64) -> SqlResult<impl Iterator<Item = i64>> {
    if step == 0 {
        return Err(step_error("step size cannot equal zero"));
    }
    let within = move |value: &i64| if step > 0 { *value <= stop } else { *value >= stop };
    // A series ends quietly where the next value is beyond 64 bits.
    Ok(std::iter::successors(Some(start).filter(within), move |value| value.checked_add(step).filter(within)))
}

/// From start by step to stop, both included. 22023 for a step of zero.
pub fn int4_series(start: i32, stop: i32, step: i32) -> SqlResult<impl Iterator<Item = i32>> {
    let wide = int8_series(i64::from(start), i64::from(stop), i64::from(step))?;
    // All values lie between start and stop.
    Ok(wide.map(|value| value as i32))
}

/// From start by step to stop, both included. 22023 for a step of zero and for NaN and infinities.
pub fn numeric_series(
    start: Numeric,
    stop: Numeric,
    step: Numeric,
) -> SqlResult<impl Iterator<Item = Numeric>> {
    for (name, value) in [("start", &start), ("stop", &stop), ("step size", &step)] {
        let what = match value {
            Numeric::NaN => "NaN",
            Numeric::Infinity | Numeric::NegativeInfinity => "infinity",
            Numeric::Small { .. } | Numeric::Large { .. } => continue,
        };
        let value = if name == "step size" { "" } else { " value" };
        return Err(step_error(&format!("{name}{value} cannot be {what}")));
    }
    let Some(sign) = step.signum().filter(|sign| *sign != 0) else {
        return Err(step_error("step size cannot equal zero"));
    };
    let mut next = Some(start);
    Ok(std::iter::from_fn(move || {
        let value = next.take()?;
        if (sign > 0 && value > stop) || (sign < 0 && value < stop) {
            return None;
        }
        // What is beyond all numerics is beyond the stop.
        next = add(&value, &step).ok();
        Some(value)
    }))
}

fn step_error(message: &str) -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, message)
}

fn too_large() -> SqlError {
    SqlError::new(SqlState::ProgramLimit, "a value would take more than 64 MiB")
}

fn integers<T>(call: &Call<'_>) -> SqlResult<ArrayRef>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i64> + TryFrom<i64>,
{
    let columns = (0..call.arguments.len())
        .map(|place| super::columns::column::<T>(call, place))
        .collect::<SqlResult<Vec<_>>>()?;
    let mut values = PrimitiveBuilder::<T>::new();
    let mut lists = Lists::new(call.rows);
    for row in 0..call.rows {
        if !call.any_null(row) {
            let at = |place: usize| {
                columns.get(place).map(|(argument, array)| array.value(argument.at(row)).into())
            };
            let (start, stop, step) = (at(0).unwrap_or(0), at(1).unwrap_or(0), at(2).unwrap_or(1));
            let count = if step == 0 { 0 } else { length(start, stop, step) };
            if count > (MOST_BYTES / size_of::<T::Native>()) as u128 {
                return Err(too_large());
            }
            for value in int8_series(start, stop, step)? {
                values.append_value(T::Native::try_from(value).unwrap_or_default());
            }
        }
        lists.push(values.len(), !call.any_null(row))?;
    }
    let values: PrimitiveArray<T> = values.finish();
    lists.finish(Arc::new(values))
}

/// The number of values of a series; the step is not zero.
fn length(start: i64, stop: i64, step: i64) -> u128 {
    let distance = i128::from(stop) - i128::from(start);
    let steps = distance / i128::from(step);
    if (distance > 0) != (step > 0) && distance != 0 { 0 } else { steps.unsigned_abs() + 1 }
}

fn numerics(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let columns = call
        .arguments
        .iter()
        .map(|argument| {
            let array = argument.array.as_binary_opt::<i32>();
            Ok((argument, array.ok_or_else(|| wrong_array("Binary", argument.array.as_ref()))?))
        })
        .collect::<SqlResult<Vec<_>>>()?;
    let mut values = BinaryBuilder::new();
    let mut lists = Lists::new(call.rows);
    for row in 0..call.rows {
        if !call.any_null(row) {
            let at = |place: usize| {
                columns.get(place).map(|(argument, array)| Numeric::from_bytes(array.value(argument.at(row))))
            };
            let step = at(2).unwrap_or(Numeric::ONE);
            let before = values.values_slice().len();
            for value in numeric_series(at(0).unwrap_or_default(), at(1).unwrap_or_default(), step)? {
                value.with_bytes(|bytes| values.append_value(bytes));
                // Offsets of four bytes count too.
                if values.values_slice().len() - before + (values.len() - lists.last()) * 4 > MOST_BYTES {
                    return Err(too_large());
                }
            }
        }
        lists.push(values.len(), !call.any_null(row))?;
    }
    lists.finish(Arc::new(values.finish()))
}

/// Collects the offsets of a column of lists.
struct Lists {
    offsets: Vec<i32>,
    valid: Vec<bool>,
}

impl Lists {
    fn new(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, valid: Vec::with_capacity(rows) }
    }

    fn last(&self) -> usize {
        self.offsets.last().map_or(0, |last| *last as usize)
    }

    fn push(&mut self, end: usize, valid: bool) -> SqlResult<()> {
        let end = i32::try_from(end).map_err(|_| too_large())?;
        self.offsets.push(end);
        self.valid.push(valid);
        Ok(())
    }

    fn finish(self, values: ArrayRef) -> SqlResult<ArrayRef> {
        let data_type: DataType = values.data_type().clone();
        let field = Arc::new(Field::new_list_field(data_type, true));
        let offsets = OffsetBuffer::new(self.offsets.into());
        let nulls = NullBuffer::from(self.valid);
        let list = ListArray::try_new(field, offsets, values, Some(nulls));
        Ok(Arc::new(list.map_err(|error| SqlError::internal(error.to_string()))?))
    }
}
