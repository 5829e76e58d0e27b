//! Values as bytes, alone and behind their keys: what min and max compare.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder};
use arrow::datatypes::DataType;
use millstream_catalog::SqlType;

use crate::error::{SqlError, SqlResult};
use crate::types::conform::conform;
use crate::types::key::key_bytes;

/// The bytes of values, so that of equal values the least by (scale, bytes) can be told.
pub(crate) fn to_bytes(array: &ArrayRef) -> SqlResult<ArrayRef> {
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    match array.data_type() {
        DataType::Binary => Ok(Arc::clone(array)),
        DataType::Utf8 => arrow::compute::cast(array, &DataType::Binary).map_err(failed),
        DataType::Interval(_)
        | DataType::List(_)
        | DataType::Struct(_)
        | DataType::Float32
        | DataType::Float64 => {
            let field = arrow::row::SortField::new(array.data_type().clone());
            let converter = arrow::row::RowConverter::new(vec![field]).map_err(failed)?;
            let rows = converter.convert_columns(std::slice::from_ref(array)).map_err(failed)?;
            let bytes: BinaryArray = (0..array.len())
                .map(|row| array.is_valid(row).then(|| rows.row(row).data().to_vec()))
                .collect();
            Ok(Arc::new(bytes))
        }
        other => Err(SqlError::internal(format!("the bytes of {other}"))),
    }
}

/// What [`to_bytes`] made bytes of.
pub(crate) fn from_bytes(array: &ArrayRef, data_type: &DataType) -> SqlResult<ArrayRef> {
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    let Some(bytes) = array.as_binary_opt::<i32>() else {
        return Err(SqlError::internal("bytes that are none"));
    };
    match data_type {
        DataType::Binary => Ok(Arc::clone(array)),
        DataType::Utf8 => arrow::compute::cast(array, &DataType::Utf8).map_err(failed),
        other => {
            let field = arrow::row::SortField::new(other.clone());
            let converter = arrow::row::RowConverter::new(vec![field]).map_err(failed)?;
            let null = arrow::array::new_null_array(other, 1);
            let none = converter.convert_columns(&[null]).map_err(failed)?;
            let parser = converter.parser();
            let rows = bytes.iter().map(|value| match value {
                Some(value) => parser.parse(value),
                None => none.row(0),
            });
            let mut columns = converter.convert_rows(rows).map_err(failed)?;
            let column = columns.pop().ok_or_else(|| SqlError::internal("rows without a column"))?;
            conform(&column, other)
        }
    }
}

/// Values by their keys, and of equal ones by their bytes: what min and max (`greatest`) compare.
pub(crate) fn ordered(sql_type: &SqlType, array: &ArrayRef, greatest: bool) -> SqlResult<ArrayRef> {
    joined_bytes(&key_bytes(sql_type, array)?, &to_bytes(array)?, greatest)
}

/// Each key, then its value's bytes (turned round where the greatest is looked for, so that of equal keys the least
/// value is found), then their length.
fn joined_bytes(keys: &ArrayRef, values: &ArrayRef, greatest: bool) -> SqlResult<ArrayRef> {
    let (Some(keys), Some(values)) = (keys.as_binary_opt::<i32>(), values.as_binary_opt::<i32>()) else {
        return Err(SqlError::internal("bytes that are none"));
    };
    let mut joined = BinaryBuilder::with_capacity(keys.len(), keys.len() * 24);
    let mut bytes = vec![];
    for row in 0..keys.len() {
        if keys.is_null(row) {
            joined.append_null();
            continue;
        }
        bytes.clear();
        // No key may begin another: `abc` is behind `a`, whatever the value's bytes that follow. What a key ends with is
        // less than any byte that it can go on with.
        for byte in keys.value(row) {
            bytes.push(*byte);
            if *byte == 0 {
                bytes.push(0xff);
            }
        }
        bytes.extend_from_slice(&[0, 0]);
        let value = values.value(row);
        match greatest {
            true => bytes.extend(value.iter().map(|byte| !byte)),
            false => bytes.extend_from_slice(value),
        }
        bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
        joined.append_value(&bytes);
    }
    Ok(Arc::new(joined.finish()))
}

/// The values' bytes in what [`joined_bytes`] made.
pub(crate) fn parted_bytes(joined: &ArrayRef, greatest: bool) -> SqlResult<ArrayRef> {
    let Some(joined) = joined.as_binary_opt::<i32>() else {
        return Err(SqlError::internal("bytes that are none"));
    };
    let short = || SqlError::internal("a value that is cut off");
    let mut values = BinaryBuilder::with_capacity(joined.len(), joined.len() * 16);
    for bytes in joined {
        let Some(bytes) = bytes else {
            values.append_null();
            continue;
        };
        let (rest, length) = bytes.split_last_chunk::<4>().ok_or_else(short)?;
        let length = u32::from_be_bytes(*length) as usize;
        let value = rest.len().checked_sub(length).and_then(|from| rest.get(from..)).ok_or_else(short)?;
        match greatest {
            true => values.append_value(value.iter().map(|byte| !byte).collect::<Vec<u8>>()),
            false => values.append_value(value),
        }
    }
    Ok(Arc::new(values.finish()))
}
