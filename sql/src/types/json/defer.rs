//! Values whose text depends on the settings, kept in unfinished JSON until the settings are known.
//!
//! An aggregate takes its values before it is told the settings (time zone, digits of floats, …) under which
//! its answer is wanted. It keeps JSON in which such a value stands as
//!
//! ```text
//!  \x01 v|k oid : content \x02     v a value, k a key; content is hexadecimal for bytes, else decimal
//! ```
//! Neither of these control characters can stand in JSON, where they are always escaped.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, Float32Array, Float64Array, IntervalMonthDayNanoArray,
    TimestampMicrosecondArray, UInt32Array,
};
use arrow::datatypes::{
    Float32Type, Float64Type, IntervalMonthDayNano, IntervalMonthDayNanoType, TimestampMicrosecondType,
    UInt32Type,
};
use millstream_catalog::{Kind, SqlType};

use super::build;
use crate::error::{SqlError, SqlResult};
use crate::types::environment::Environment;

const START: char = '\u{1}';
const END: char = '\u{2}';

/// Whether the text of a scalar in JSON depends on the settings. (Dates and timestamps without a zone do not:
/// JSON has its own form of them.)
pub fn depends_on_settings(kind: Kind) -> bool {
    match kind {
        Kind::Timestamptz | Kind::Interval | Kind::Float4 | Kind::Float8 | Kind::Bytea => true,
        millstream_catalog::reg_kinds!() => true,
        Kind::Boolean
        | Kind::Char
        | Kind::Name
        | Kind::Int8
        | Kind::Int2
        | Kind::Int2vector
        | Kind::Int4
        | Kind::Text
        | Kind::Oid
        | Kind::Xid
        | Kind::Oidvector
        | Kind::Json
        | Kind::Unknown
        | Kind::Bpchar
        | Kind::Varchar
        | Kind::Date
        | Kind::Time
        | Kind::Timestamp
        | Kind::Timetz
        | Kind::Numeric
        | Kind::Cstring
        | Kind::Void
        | Kind::Uuid
        | Kind::Jsonb => false,
    }
}

/// Whether a text has values left.
pub fn is_unfinished(text: &str) -> bool {
    text.contains(START)
}

/// Appends a value that is left for [`resolve`].
pub fn leave(kind: Kind, array: &dyn Array, row: usize, key: bool, out: &mut String) -> SqlResult<()> {
    // Writing into a String cannot fail.
    _ = write!(out, "{START}{}{}:", if key { 'k' } else { 'v' }, kind.oid());
    if let Some(values) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        _ = write!(out, "{}", values.value(row));
    } else if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        _ = write!(out, "{}", values.value(row).to_bits());
    } else if let Some(values) = array.as_primitive_opt::<Float32Type>() {
        _ = write!(out, "{}", values.value(row).to_bits());
    } else if let Some(values) = array.as_primitive_opt::<UInt32Type>() {
        _ = write!(out, "{}", values.value(row));
    } else if let Some(values) = array.as_primitive_opt::<IntervalMonthDayNanoType>() {
        let value = values.value(row);
        _ = write!(out, "{},{},{}", value.months, value.days, value.nanoseconds);
    } else if let Some(values) = array.as_binary_opt::<i32>() {
        out.push_str(&hex::encode(values.value(row)));
    } else {
        return Err(SqlError::internal(format!("a column of {} in JSON", array.data_type())));
    }
    out.push(END);
    Ok(())
}

/// The text with all values that were left printed under these settings.
pub fn resolve(text: &str, environment: &Environment) -> SqlResult<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        out.push_str(before);
        let (left, after) = after.split_once(END).ok_or_else(damaged)?;
        let (key, left) = (left.starts_with('k'), left.get(1..).unwrap_or_default());
        let (oid, content) = left.split_once(':').ok_or_else(damaged)?;
        let sql_type = oid.parse().ok().and_then(SqlType::by_oid).ok_or_else(damaged)?;
        let value = read(&sql_type, content).ok_or_else(damaged)?;
        build::scalar(&sql_type, value.as_ref(), 0, Some(environment), key, &mut out)?;
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn read(sql_type: &SqlType, content: &str) -> Option<ArrayRef> {
    let value: ArrayRef = match sql_type.kind()? {
        Kind::Timestamptz => Arc::new(
            TimestampMicrosecondArray::from(vec![content.parse::<i64>().ok()?]).with_timezone("+00:00"),
        ),
        Kind::Float8 => Arc::new(Float64Array::from(vec![f64::from_bits(content.parse().ok()?)])),
        Kind::Float4 => Arc::new(Float32Array::from(vec![f32::from_bits(content.parse().ok()?)])),
        Kind::Bytea => Arc::new(BinaryArray::from(vec![hex::decode(content).ok()?.as_slice()])),
        Kind::Interval => {
            let mut parts = content.split(',');
            let months = parts.next()?.parse().ok()?;
            let days = parts.next()?.parse().ok()?;
            let nanoseconds = parts.next()?.parse().ok()?;
            let value = IntervalMonthDayNano::new(months, days, nanoseconds);
            Arc::new(IntervalMonthDayNanoArray::from(vec![value]))
        }
        _ => Arc::new(UInt32Array::from(vec![content.parse::<u32>().ok()?])),
    };
    Some(value)
}

fn damaged() -> SqlError {
    SqlError::internal("the state of an aggregate of JSON is damaged")
}
