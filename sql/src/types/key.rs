//! Key forms: columns whose bytes are equal and ordered as SQL says, where the values' own are not.
//!
//! Grouping, joining, sorting and DISTINCT compare Arrow values as they lie. For most types that is what SQL
//! means; for the others a key column stands in:
//!
//! | type | key |
//! |---|---|
//! | real, double precision | the same type, -0 made 0 and every NaN the same one |
//! | numeric in its wide form | Binary: the numeric's key bytes |
//! | interval | Decimal128: its length in microseconds |
//! | char(n) | Binary: the text without blanks at the end |
//! | jsonb | Binary: the jsonb's key bytes |
//! | arrays, records | Binary: the keys of their parts, each of which tells where it ends |
//!
//! Inside arrays and records a part is `01` and its key, or `02` for NULL (the greatest); an array ends with
//! `00`. A key whose length varies has its zero bytes written `00 FF` and ends with `00 00`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Time64MicrosecondType, TimestampMicrosecondType, UInt32Type,
};
use millstream_catalog::{Kind, SqlType};

use super::builder::{COLUMN_BYTES, column_too_large, wrong_type};
use super::compare::{interval_length, trimmed};
use super::{leaf, numeric};
use crate::error::{SqlError, SqlResult, SqlState};

/// Whether values of the type, lying in that Arrow type, need a key column to be grouped and ordered by.
pub fn needs_key(sql_type: &SqlType, data_type: &DataType) -> bool {
    match sql_type {
        SqlType::Array(_) | SqlType::Record(_) => true,
        SqlType::Scalar(kind, _) => match kind {
            Kind::Numeric => !matches!(data_type, DataType::Decimal128(..)),
            Kind::Float4
            | Kind::Float8
            | Kind::Interval
            | Kind::Jsonb
            | Kind::Bpchar
            | Kind::Int2vector
            | Kind::Oidvector => true,
            Kind::Boolean
            | Kind::Bytea
            | Kind::Char
            | Kind::Name
            | Kind::Int8
            | Kind::Int2
            | Kind::Int4
            | Kind::Regproc
            | Kind::Text
            | Kind::Oid
            | Kind::Xid
            | Kind::Json
            | Kind::Unknown
            | Kind::Varchar
            | Kind::Date
            | Kind::Time
            | Kind::Timestamp
            | Kind::Timestamptz
            | Kind::Timetz
            | Kind::Regprocedure
            | Kind::Regoper
            | Kind::Regoperator
            | Kind::Regclass
            | Kind::Regtype
            | Kind::Cstring
            | Kind::Void
            | Kind::Uuid
            | Kind::Regnamespace
            | Kind::Regrole
            | Kind::Regcollation => false,
        },
    }
}

/// The Arrow type of the key column of a type.
pub fn key_type(sql_type: &SqlType, data_type: &DataType) -> DataType {
    match sql_type.kind() {
        Some(Kind::Float4) => DataType::Float32,
        Some(Kind::Float8) => DataType::Float64,
        Some(Kind::Interval) => INTERVAL_KEY,
        _ if needs_key(sql_type, data_type) => DataType::Binary,
        _ => data_type.clone(),
    }
}

/// The key column of a column; the column itself where it needs none. NULL stays NULL.
pub fn key_column(sql_type: &SqlType, array: &ArrayRef) -> SqlResult<ArrayRef> {
    if !needs_key(sql_type, array.data_type()) || array.data_type() == &DataType::Null {
        return Ok(array.clone());
    }
    match sql_type.kind() {
        Some(Kind::Float8) => match array.as_primitive_opt::<Float64Type>() {
            // Adding 0 makes 0 of -0.
            Some(floats) => {
                Ok(Arc::new(floats.unary::<_, Float64Type>(|v| if v.is_nan() { f64::NAN } else { v + 0.0 })))
            }
            None => Err(wrong_type("Float64", array.data_type())),
        },
        Some(Kind::Float4) => match array.as_primitive_opt::<Float32Type>() {
            Some(floats) => {
                Ok(Arc::new(floats.unary::<_, Float32Type>(|v| if v.is_nan() { f32::NAN } else { v + 0.0 })))
            }
            None => Err(wrong_type("Float32", array.data_type())),
        },
        Some(Kind::Interval) => intervals(array),
        Some(Kind::Numeric) => match array.as_binary_opt::<i32>() {
            Some(numerics) => Ok(Arc::new(numeric::column::keys(numerics)?)),
            None => Err(wrong_type("Binary", array.data_type())),
        },
        _ => {
            let mut keys = BinaryBuilder::with_capacity(array.len(), array.len() * 16);
            let mut key = vec![];
            let top = Shape::Top;
            for row in 0..array.len() {
                if array.is_null(row) {
                    keys.append_null();
                    continue;
                }
                key.clear();
                write(sql_type, array, row, top, &mut key)?;
                if keys.values_slice().len() + key.len() > COLUMN_BYTES {
                    return Err(column_too_large());
                }
                keys.append_value(&key);
            }
            Ok(Arc::new(keys.finish()))
        }
    }
}

/// The Arrow type of an interval's key.
const INTERVAL_KEY: DataType = DataType::Decimal128(38, 0);

/// The keys of intervals.
fn intervals(array: &ArrayRef) -> SqlResult<ArrayRef> {
    let intervals = array
        .as_primitive_opt::<IntervalMonthDayNanoType>()
        .ok_or_else(|| wrong_type("Interval", array.data_type()))?;
    let lengths = intervals.unary::<_, Decimal128Type>(interval_length);
    Ok(Arc::new(lengths.with_data_type(INTERVAL_KEY)))
}

/// The key column of a column as bytes, for types whose key is one or the whole number of an interval's length.
pub fn key_bytes(sql_type: &SqlType, array: &ArrayRef) -> SqlResult<ArrayRef> {
    let keys = key_column(sql_type, array)?;
    match keys.as_primitive_opt::<Decimal128Type>() {
        Some(lengths) if sql_type.is(Kind::Interval) => {
            let bytes: BinaryArray = lengths.iter().map(|length| length.map(ordered)).collect();
            Ok(Arc::new(bytes))
        }
        _ => Ok(keys),
    }
}

fn ordered(value: i128) -> [u8; 16] {
    ((value as u128) ^ (1 << 127)).to_be_bytes()
}

/// Where a key stands: alone, or as a part of another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Top,
    Part,
}

/// Appends the key of the value of a row, which is not NULL.
fn write(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    shape: Shape,
    key: &mut Vec<u8>,
) -> SqlResult<()> {
    match sql_type {
        SqlType::Array(element) => write_list(element, array, row, key),
        SqlType::Record(fields) => {
            let record = array.as_struct_opt().ok_or_else(|| wrong_type("Struct", array.data_type()))?;
            for ((_, field), column) in fields.iter().zip(record.columns()) {
                write_part(field, column, row, key)?;
            }
            Ok(())
        }
        SqlType::Scalar(kind, _) => write_scalar(*kind, array, row, shape, key),
    }
}

fn write_part(sql_type: &SqlType, array: &dyn Array, row: usize, key: &mut Vec<u8>) -> SqlResult<()> {
    if array.is_null(row) || array.data_type() == &DataType::Null {
        key.push(2);
        return Ok(());
    }
    key.push(1);
    write(sql_type, array, row, Shape::Part, key)
}

fn write_list(element: &SqlType, array: &dyn Array, row: usize, key: &mut Vec<u8>) -> SqlResult<()> {
    let list = array.as_list_opt::<i32>().ok_or_else(|| wrong_type("List", array.data_type()))?;
    for index in list.value_offsets()[row]..list.value_offsets()[row + 1] {
        write_part(element, list.values(), index as usize, key)?;
        if key.len() > COLUMN_BYTES {
            return Err(SqlError::new(SqlState::ProgramLimit, "the key of an array takes more than 2 GB"));
        }
    }
    key.push(0);
    Ok(())
}

fn write_scalar(kind: Kind, array: &dyn Array, row: usize, shape: Shape, key: &mut Vec<u8>) -> SqlResult<()> {
    let varying = |key: &mut Vec<u8>, bytes: &[u8]| match shape {
        Shape::Top => key.extend_from_slice(bytes),
        Shape::Part => escape(key, bytes),
    };
    match kind {
        Kind::Boolean => key.push(leaf::boolean_at(array, row)?.into()),
        Kind::Int2 => {
            key.extend(((leaf::primitive_at::<Int16Type>(array, row)? as u16) ^ (1 << 15)).to_be_bytes());
        }
        Kind::Int4 => key.extend(ordered32(leaf::primitive_at::<Int32Type>(array, row)?)),
        Kind::Date => key.extend(ordered32(leaf::primitive_at::<Date32Type>(array, row)?)),
        Kind::Int8 => key.extend(ordered64(leaf::primitive_at::<Int64Type>(array, row)?)),
        Kind::Time => key.extend(ordered64(leaf::primitive_at::<Time64MicrosecondType>(array, row)?)),
        Kind::Timestamp | Kind::Timestamptz => {
            key.extend(ordered64(leaf::primitive_at::<TimestampMicrosecondType>(array, row)?));
        }
        Kind::Float4 => key.extend(float_key(leaf::primitive_at::<Float32Type>(array, row)?.into())),
        Kind::Float8 => key.extend(float_key(leaf::primitive_at::<Float64Type>(array, row)?)),
        Kind::Interval => {
            let length = interval_length(leaf::primitive_at::<IntervalMonthDayNanoType>(array, row)?);
            key.extend(ordered(length));
        }
        Kind::Numeric => {
            let numeric = leaf::numeric_at(array, row)?;
            match shape {
                Shape::Top => numeric.key_bytes(key),
                Shape::Part => {
                    let mut bytes = vec![];
                    numeric.key_bytes(&mut bytes);
                    escape(key, &bytes);
                }
            }
        }
        Kind::Jsonb => match shape {
            Shape::Top => leaf::jsonb_key(leaf::text_at(array, row)?, key),
            Shape::Part => {
                let mut bytes = vec![];
                leaf::jsonb_key(leaf::text_at(array, row)?, &mut bytes);
                escape(key, &bytes);
            }
        },
        Kind::Bpchar => varying(key, trimmed(leaf::text_at(array, row)?)),
        Kind::Text
        | Kind::Varchar
        | Kind::Name
        | Kind::Char
        | Kind::Json
        | Kind::Unknown
        | Kind::Cstring
        | Kind::Void => varying(key, leaf::text_at(array, row)?.as_bytes()),
        Kind::Bytea => varying(key, leaf::bytes_at(array, row)?),
        Kind::Uuid | Kind::Timetz => key.extend_from_slice(leaf::bytes_at(array, row)?),
        Kind::Int2vector => write_list(&Kind::Int2.into(), array, row, key)?,
        Kind::Oidvector => {
            let list = array.as_list_opt::<i32>().ok_or_else(|| wrong_type("List", array.data_type()))?;
            key.extend((list.value_length(row) as u32).to_be_bytes());
            write_list(&Kind::Oid.into(), array, row, key)?;
        }
        millstream_catalog::oid_kinds!() => {
            key.extend(leaf::primitive_at::<UInt32Type>(array, row)?.to_be_bytes())
        }
    }
    Ok(())
}

fn ordered32(value: i32) -> [u8; 4] {
    ((value as u32) ^ (1 << 31)).to_be_bytes()
}

fn ordered64(value: i64) -> [u8; 8] {
    ((value as u64) ^ (1 << 63)).to_be_bytes()
}

/// Bytes ordered as floats are: the sign bit flipped for numbers not below zero, all bits for the others.
fn float_key(value: f64) -> [u8; 8] {
    let value = if value.is_nan() { f64::NAN } else { value + 0.0 };
    let bits = value.to_bits();
    let flipped = if value.is_sign_negative() && !value.is_nan() { !bits } else { bits | (1 << 63) };
    flipped.to_be_bytes()
}

fn escape(key: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        key.push(*byte);
        if *byte == 0 {
            key.push(0xff);
        }
    }
    key.extend_from_slice(&[0, 0]);
}
