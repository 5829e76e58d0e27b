//! The same values in another physical form: a numeric has two (Decimal128 of a scale, or the wide bytes),
//! and lists and records of numerics so as many. Kernels that join values of several columns bring them to
//! one form here.
//!
//! It promises that values do not change: what the wanted form cannot hold exactly is an error of ours
//! (XX000).

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray, new_null_array};
use arrow::datatypes::{DataType, Decimal128Type};

use super::builder::{ValueBuilder, wrong_type};
use super::leaf;
use crate::error::{SqlError, SqlResult};

/// The column in the wanted form.
pub fn conform(array: &ArrayRef, wanted: &DataType) -> SqlResult<ArrayRef> {
    if array.data_type() == wanted {
        return Ok(array.clone());
    }
    let internal = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    match (array.data_type(), wanted) {
        (DataType::Null, _) => Ok(new_null_array(wanted, array.len())),
        (DataType::Decimal128(..) | DataType::Binary, DataType::Decimal128(..) | DataType::Binary) => {
            numerics(array, wanted)
        }
        (DataType::Timestamp(unit, _), DataType::Timestamp(other, zone)) if unit == other => {
            let stamps = array.as_primitive::<arrow::datatypes::TimestampMicrosecondType>().clone();
            Ok(Arc::new(stamps.with_timezone_opt(zone.clone())))
        }
        (DataType::List(_), DataType::List(field)) => {
            let (_, offsets, values, nulls) = array.as_list::<i32>().clone().into_parts();
            let values = conform(&values, field.data_type())?;
            Ok(Arc::new(ListArray::try_new(field.clone(), offsets, values, nulls).map_err(internal)?))
        }
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let record = array.as_struct();
            if record.num_columns() != fields.len() {
                return Err(wrong_type(&wanted.to_string(), array.data_type()));
            }
            let columns = record.columns().iter().zip(fields.iter());
            let columns = columns
                .map(|(column, field)| conform(column, field.data_type()))
                .collect::<SqlResult<_>>()?;
            let nulls = record.nulls().cloned();
            let record = StructArray::try_new_with_length(fields.clone(), columns, nulls, array.len());
            Ok(Arc::new(record.map_err(internal)?))
        }
        _ => Err(wrong_type(&wanted.to_string(), array.data_type())),
    }
}

/// A column of numerics in the wanted one of their two forms.
fn numerics(array: &ArrayRef, wanted: &DataType) -> SqlResult<ArrayRef> {
    let mut builder = ValueBuilder::new(wanted)?;
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
            continue;
        }
        match (array.data_type(), wanted) {
            (DataType::Decimal128(_, scale), DataType::Decimal128(_, wanted)) => {
                let value = array.as_primitive::<Decimal128Type>().value(row);
                let shift = u32::try_from(i32::from(*wanted) - i32::from(*scale));
                let value = match shift {
                    Ok(shift) => 10i128.checked_pow(shift).and_then(|power| value.checked_mul(power)),
                    Err(_) => leaf::numeric_to_decimal(&leaf::numeric_of_decimal(value, *scale), *wanted),
                };
                builder.decimal(value.ok_or_else(does_not_fit)?)?;
            }
            (_, DataType::Decimal128(_, scale)) => {
                let value = leaf::numeric_to_decimal(&leaf::numeric_at(array.as_ref(), row)?, *scale);
                builder.decimal(value.ok_or_else(does_not_fit)?)?;
            }
            _ => leaf::numeric_at(array.as_ref(), row)?.with_bytes(|bytes| builder.bytes(bytes))?,
        }
    }
    builder.finish()
}

fn does_not_fit() -> SqlError {
    SqlError::internal("a numeric does not fit the form that its type says")
}
