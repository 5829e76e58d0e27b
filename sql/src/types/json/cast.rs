//! jsonb to booleans and numbers.
//!
//! Numbers go through their text: a cast to numeric, real or double precision is [`to_number`] and that
//! type's input.

use super::scan::{JsonKind, kind};
use super::{number, wrong_kind};
use crate::error::{SqlError, SqlResult, SqlState};

/// The number that a jsonb value is, as numeric text; `target` is the type's name in the complaint
/// (`numeric`, `real`).
pub fn to_number<'a>(value: &'a str, target: &str) -> SqlResult<&'a str> {
    if kind(value) == JsonKind::Number { Ok(value) } else { Err(cannot_cast(value, target)) }
}

/// jsonb to boolean.
pub fn to_boolean(value: &str) -> SqlResult<bool> {
    if kind(value) == JsonKind::Boolean { Ok(value == "true") } else { Err(cannot_cast(value, "boolean")) }
}

/// jsonb to smallint.
pub fn to_int2(value: &str) -> SqlResult<i16> {
    to_integer(value, "smallint")
}

/// jsonb to integer.
pub fn to_int4(value: &str) -> SqlResult<i32> {
    to_integer(value, "integer")
}

/// jsonb to bigint.
pub fn to_int8(value: &str) -> SqlResult<i64> {
    to_integer(value, "bigint")
}

/// jsonb to real.
pub fn to_float4(value: &str) -> SqlResult<f32> {
    let text = to_number(value, "real")?;
    let parsed: f32 = text.parse().map_err(|_| out_of_range(text, "real"))?;
    let lost = parsed == 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if parsed.is_infinite() || lost { Err(out_of_range(text, "real")) } else { Ok(parsed) }
}

/// jsonb to double precision.
pub fn to_float8(value: &str) -> SqlResult<f64> {
    let text = to_number(value, "double precision")?;
    let parsed: f64 = text.parse().map_err(|_| out_of_range(text, "double precision"))?;
    let lost = parsed == 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if parsed.is_infinite() || lost { Err(out_of_range(text, "double precision")) } else { Ok(parsed) }
}

fn to_integer<T: TryFrom<i64>>(value: &str, target: &str) -> SqlResult<T> {
    let integer = number::to_integer(to_number(value, target)?);
    integer
        .and_then(|integer| T::try_from(integer).ok())
        .ok_or_else(|| SqlError::new(SqlState::NumericOutOfRange, format!("{target} out of range")))
}

fn out_of_range(text: &str, target: &str) -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, format!("\"{text}\" is out of range for type {target}"))
}

fn cannot_cast(value: &str, target: &str) -> SqlError {
    let what = match kind(value) {
        JsonKind::Null => "null",
        JsonKind::String => "string",
        JsonKind::Number => "numeric",
        JsonKind::Boolean => "boolean",
        JsonKind::Array => "array",
        JsonKind::Object => "object",
    };
    wrong_kind(format!("cannot cast jsonb {what} to type {target}"))
}
