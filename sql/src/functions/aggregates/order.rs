//! The order of two values of any orderable type, in columns.

use std::cmp::Ordering;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Time64MicrosecondType, TimestampMicrosecondType, UInt32Type,
};
use millstream_catalog::{Kind, SqlType};

use super::extremes::internal;
use crate::error::SqlResult;
use crate::functions::registry::wrong_array;
use crate::types::float::compare_float8;
use crate::types::interval::Interval;
use crate::types::numeric::Numeric;
use crate::types::timetz::Timetz;

/// The order of two values of a type, none of them NULL, as PostgreSQL's btree operators have it (text: by
/// bytes).
pub fn compare(
    sql_type: &SqlType,
    left: &dyn Array,
    left_row: usize,
    right: &dyn Array,
    right_row: usize,
) -> SqlResult<Ordering> {
    fn plain<T: ArrowPrimitiveType>(
        left: &dyn Array,
        left_row: usize,
        right: &dyn Array,
        right_row: usize,
    ) -> (T::Native, T::Native) {
        (left.as_primitive::<T>().value(left_row), right.as_primitive::<T>().value(right_row))
    }
    if left.data_type() != right.data_type() {
        return Err(wrong_array(&left.data_type().to_string(), right));
    }
    macro_rules! ordered {
        ($t:ty) => {{
            let (left, right) = plain::<$t>(left, left_row, right, right_row);
            left.cmp(&right)
        }};
    }
    Ok(match left.data_type() {
        DataType::Boolean => left.as_boolean().value(left_row).cmp(&right.as_boolean().value(right_row)),
        DataType::Int16 => ordered!(Int16Type),
        DataType::Int32 => ordered!(Int32Type),
        DataType::Int64 => ordered!(Int64Type),
        DataType::UInt32 => ordered!(UInt32Type),
        DataType::Date32 => ordered!(Date32Type),
        DataType::Time64(_) => ordered!(Time64MicrosecondType),
        DataType::Timestamp(_, _) => ordered!(TimestampMicrosecondType),
        DataType::Decimal128(_, _) => ordered!(arrow::datatypes::Decimal128Type),
        DataType::Float32 => {
            let (left, right) = plain::<Float32Type>(left, left_row, right, right_row);
            compare_float8(f64::from(left), f64::from(right))
        }
        DataType::Float64 => {
            let (left, right) = plain::<Float64Type>(left, left_row, right, right_row);
            compare_float8(left, right)
        }
        DataType::Interval(_) => {
            let (left, right) = plain::<IntervalMonthDayNanoType>(left, left_row, right, right_row);
            Interval::of_stored(left).compare(Interval::of_stored(right))
        }
        DataType::Utf8 => {
            let (left, right) =
                (left.as_string::<i32>().value(left_row), right.as_string::<i32>().value(right_row));
            if sql_type.is(Kind::Bpchar) {
                left.trim_end_matches(' ').cmp(right.trim_end_matches(' '))
            } else {
                left.cmp(right)
            }
        }
        DataType::Binary => {
            let (left, right) =
                (left.as_binary::<i32>().value(left_row), right.as_binary::<i32>().value(right_row));
            if sql_type.is(Kind::Numeric) {
                Numeric::from_bytes(left).cmp(&Numeric::from_bytes(right))
            } else {
                left.cmp(right)
            }
        }
        DataType::FixedSizeBinary(_) => {
            let left = left.as_fixed_size_binary().value(left_row);
            let right = right.as_fixed_size_binary().value(right_row);
            if sql_type.is(Kind::Timetz) {
                let key = |bytes: &[u8]| {
                    let timetz = Timetz::from_bytes(bytes);
                    (timetz.micros + i64::from(timetz.zone) * 1_000_000, timetz.zone)
                };
                key(left).cmp(&key(right))
            } else {
                left.cmp(right)
            }
        }
        DataType::List(_) => {
            let element = sql_type.element().unwrap_or_else(|| Kind::Text.into());
            let (left, right) =
                (left.as_list::<i32>().value(left_row), right.as_list::<i32>().value(right_row));
            for place in 0..left.len().min(right.len()) {
                let order = compare_nullable(&element, left.as_ref(), right.as_ref(), place)?;
                if order.is_ne() {
                    return Ok(order);
                }
            }
            left.len().cmp(&right.len())
        }
        DataType::Struct(_) => {
            let (left, right) = (left.as_struct(), right.as_struct());
            for (place, (left, right)) in left.columns().iter().zip(right.columns()).enumerate() {
                let field = match sql_type {
                    SqlType::Record(fields) => fields.get(place).map(|field| field.1.clone()),
                    _ => None,
                };
                let field = field.unwrap_or_else(|| SqlType::of_data_type(left.data_type()));
                let (left, right) = (left.slice(left_row, 1), right.slice(right_row, 1));
                let order = compare_nullable(&field, left.as_ref(), right.as_ref(), 0)?;
                if order.is_ne() {
                    return Ok(order);
                }
            }
            Ordering::Equal
        }
        _ => return Err(wrong_array("a type with an order", left)),
    })
}

/// The order of two values of the same place; NULL is greater than all others.
fn compare_nullable(
    sql_type: &SqlType,
    left: &dyn Array,
    right: &dyn Array,
    place: usize,
) -> SqlResult<Ordering> {
    match (left.is_null(place), right.is_null(place)) {
        (false, false) => compare(sql_type, left, place, right, place),
        (left, right) => Ok(left.cmp(&right)),
    }
}

/// An order of values that compare equal: by scale of numerics, then by what they are made of.
pub fn compare_identity(
    left: &dyn Array,
    left_row: usize,
    right: &dyn Array,
    right_row: usize,
) -> SqlResult<Ordering> {
    let print = |array: &dyn Array, row: usize| -> SqlResult<String> {
        let options = arrow::util::display::FormatOptions::default().with_null("NULL");
        let formatter = arrow::util::display::ArrayFormatter::try_new(array, &options).map_err(internal)?;
        Ok(formatter.value(row).to_string())
    };
    Ok(match left.data_type() {
        DataType::Binary => {
            left.as_binary::<i32>().value(left_row).cmp(right.as_binary::<i32>().value(right_row))
        }
        DataType::Utf8 => {
            left.as_string::<i32>().value(left_row).cmp(right.as_string::<i32>().value(right_row))
        }
        DataType::Float32 => left
            .as_primitive::<Float32Type>()
            .value(left_row)
            .total_cmp(&right.as_primitive::<Float32Type>().value(right_row)),
        DataType::Float64 => left
            .as_primitive::<Float64Type>()
            .value(left_row)
            .total_cmp(&right.as_primitive::<Float64Type>().value(right_row)),
        _ => print(left, left_row)?.cmp(&print(right, right_row)?),
    })
}
