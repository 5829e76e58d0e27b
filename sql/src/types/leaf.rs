//! The one place that knows which module reads, prints and compares each scalar type.
//!
//! Everything generic over types (`read`, `print`, `compare`, `key`, `wire`, the array functions) reaches the
//! scalar modules through these functions only:
//!
//! ```text
//!  parse(kind, modifier, text, …, builder)     text → a value at the end of a column
//!  print(kind, array, row, …, text)            a value → text at the end of a String
//!  numeric_*, interval_*, jsonb_*  what comparing and keys need of types that Arrow cannot compare
//! ```
//!
//! The small types that have no module ("char", xid and the `reg…` types) are dealt with in `leaf_small`.

use std::cmp::Ordering;
use std::fmt::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Time64MicrosecondType, TimestampMicrosecondType, UInt32Type,
};
use millstream_catalog::{Kind, SqlType};

use super::builder::{ValueBuilder, wrong_type};
use super::datetime::{date, time, timestamp};
use super::environment::Environment;
use super::interval::{self, Interval};
use super::leaf_small as small;
use super::numeric::{self, Numeric};
use super::timetz::Timetz;
use super::{boolean, bytea, float, integer, json, text as texts, uuid};
use crate::error::{SqlError, SqlResult};

/// Reads a text as a scalar and appends it. A text longer than `varchar(n)` or `char(n)` allows is an error
/// unless only blanks are cut off, as where a value is stored; with `explicit` it is cut, as an explicit cast
/// does.
pub fn parse(
    kind: Kind,
    modifier: i32,
    explicit: bool,
    text: &str,
    environment: &Environment,
    builder: &mut ValueBuilder,
) -> SqlResult<()> {
    match kind {
        Kind::Boolean => builder.boolean(boolean::parse(text)?),
        Kind::Int2 => builder.int16(integer::parse_int2(text)?),
        Kind::Int4 => builder.int32(integer::parse_int4(text)?),
        Kind::Int8 => builder.int64(integer::parse_int8(text)?),
        Kind::Float4 => builder.float32(float::parse_float4(text)?),
        Kind::Float8 => builder.float64(float::parse_float8(text)?),
        Kind::Numeric => append_numeric(&numeric::text::parse(text)?, modifier, builder),
        Kind::Bytea => builder.bytes(&bytea::parse(text)?),
        Kind::Uuid => builder.bytes(&uuid::parse(text)?),
        Kind::Date => builder.date32(date::parse(text, environment)?),
        Kind::Time => builder.time64(time::apply_modifier(time::parse(text, environment)?, modifier)),
        Kind::Timetz => {
            let value = time::apply_timetz_modifier(time::parse_timetz(text, environment)?, modifier);
            builder.bytes(&value.to_bytes())
        }
        Kind::Timestamp => {
            builder.timestamp(timestamp::apply_modifier(timestamp::parse(text, environment)?, modifier))
        }
        Kind::Timestamptz => {
            let value = timestamp::parse_timestamptz(text, environment)?;
            builder.timestamp(timestamp::apply_modifier(value, modifier))
        }
        Kind::Interval => {
            append_interval(interval::parse(text, modifier, environment.interval_style)?, builder)
        }
        Kind::Json => {
            json::check_json(text)?;
            builder.text(text)
        }
        Kind::Jsonb => builder.text(&json::parse_jsonb(text)?),
        Kind::Text | Kind::Unknown | Kind::Cstring => builder.text(text),
        Kind::Void => builder.text(""),
        Kind::Varchar => builder.text(texts::to_varchar(text, modifier, explicit)?),
        Kind::Bpchar => builder.text(&texts::to_bpchar(text, modifier, explicit)?),
        Kind::Name => builder.text(texts::text_to_name(text)),
        Kind::Char => builder.text(&small::char(text)),
        Kind::Oid => builder.uint32(integer::parse_oid(text)?),
        Kind::Xid => builder.uint32(small::xid(text)),
        Kind::Regtype => builder.uint32(match small::regtype(text) {
            Ok(oid) => oid,
            Err(error) => environment.names.number(kind, text.trim()).ok_or(error)?,
        }),
        Kind::Regproc
        | Kind::Regprocedure
        | Kind::Regoper
        | Kind::Regoperator
        | Kind::Regclass
        | Kind::Regnamespace
        | Kind::Regrole
        | Kind::Regcollation => builder.uint32(match environment.names.number(kind, text.trim()) {
            Some(oid) => oid,
            None => small::registered(kind, text)?,
        }),
        Kind::Int2vector | Kind::Oidvector => Err(SqlError::internal("a vector is no scalar")),
    }
}

/// Prints the scalar of a row, which is not NULL.
pub fn print(
    kind: Kind,
    array: &dyn Array,
    row: usize,
    environment: &Environment,
    text: &mut String,
) -> SqlResult<()> {
    match kind {
        Kind::Boolean => text.push(if boolean_at(array, row)? { 't' } else { 'f' }),
        Kind::Int2 => push(text, primitive_at::<Int16Type>(array, row)?),
        Kind::Int4 => push(text, primitive_at::<Int32Type>(array, row)?),
        Kind::Int8 => push(text, primitive_at::<Int64Type>(array, row)?),
        Kind::Float4 => {
            let value = primitive_at::<Float32Type>(array, row)?;
            text.push_str(&float::print_float4(value, environment.float_digits));
        }
        Kind::Float8 => {
            let value = primitive_at::<Float64Type>(array, row)?;
            text.push_str(&float::print_float8(value, environment.float_digits));
        }
        Kind::Numeric => match array.as_primitive_opt::<Decimal128Type>() {
            Some(decimals) => small::print_decimal(decimals.value(row), decimals.scale(), text),
            None => push(text, numeric_at(array, row)?),
        },
        Kind::Bytea => text.push_str(&bytea::print(bytes_at(array, row)?, environment)),
        Kind::Uuid => match bytes_at(array, row)?.try_into() {
            Ok(value) => text.push_str(&uuid::print(value)),
            Err(_) => return Err(wrong_type("FixedSizeBinary(16)", array.data_type())),
        },
        Kind::Date => {
            text.push_str(&date::print(primitive_at::<Date32Type>(array, row)?, environment));
        }
        Kind::Time => text.push_str(&time::print(primitive_at::<Time64MicrosecondType>(array, row)?)),
        Kind::Timetz => text.push_str(&time::print_timetz(Timetz::from_bytes(bytes_at(array, row)?))),
        Kind::Timestamp => {
            let value = primitive_at::<TimestampMicrosecondType>(array, row)?;
            text.push_str(&timestamp::print(value, environment));
        }
        Kind::Timestamptz => {
            let value = primitive_at::<TimestampMicrosecondType>(array, row)?;
            text.push_str(&timestamp::print_timestamptz(value, environment));
        }
        Kind::Interval => {
            text.push_str(&interval::print(interval_at(array, row)?, environment.interval_style));
        }
        Kind::Char => small::print_char(text_at(array, row)?, text),
        Kind::Text
        | Kind::Varchar
        | Kind::Bpchar
        | Kind::Name
        | Kind::Json
        | Kind::Jsonb
        | Kind::Unknown
        | Kind::Cstring
        | Kind::Void => text.push_str(text_at(array, row)?),
        Kind::Regtype => {
            let oid = primitive_at::<UInt32Type>(array, row)?;
            match SqlType::by_oid(oid).is_none().then(|| environment.names.name(kind, oid)).flatten() {
                Some(name) => text.push_str(&name),
                None => small::print_regtype(oid, text),
            }
        }
        Kind::Oid | Kind::Xid => push(text, primitive_at::<UInt32Type>(array, row)?),
        Kind::Regproc
        | Kind::Regprocedure
        | Kind::Regoper
        | Kind::Regoperator
        | Kind::Regclass
        | Kind::Regnamespace
        | Kind::Regrole
        | Kind::Regcollation => match primitive_at::<UInt32Type>(array, row)? {
            0 => text.push('-'),
            oid => match environment.names.name(kind, oid) {
                Some(name) => text.push_str(&name),
                None => push(text, oid),
            },
        },
        Kind::Int2vector | Kind::Oidvector => return Err(SqlError::internal("a vector is no scalar")),
    }
    Ok(())
}

/// Compares two texts of jsonb.
pub fn compare_jsonb(left: &str, right: &str) -> Ordering {
    json::order::compare(left, right)
}

/// Bytes that are equal and ordered as the jsonb of a text is.
pub fn jsonb_key(text: &str, key: &mut Vec<u8>) {
    json::order::key_bytes(text, key);
}

/// A jsonb in the text form that its columns hold.
pub fn jsonb(text: &str) -> SqlResult<String> {
    json::parse_jsonb(text)
}

/// Refuses a text that is no JSON.
pub fn check_json(text: &str) -> SqlResult<()> {
    json::check_json(text)
}

/// Bytes as the text that they are in UTF-8.
pub fn utf8(bytes: &[u8]) -> SqlResult<&str> {
    super::encoding::read_utf8(bytes)
}

/// The numeric of a whole number and a scale.
pub fn numeric_of_decimal(value: i128, scale: i8) -> Numeric {
    numeric::convert::decimal128_to_numeric(value, scale)
}

/// The whole number that stands for the numeric at a scale; None where it does not fit or is not finite.
/// Digits that the scale has no room for are rounded half away from zero.
pub fn numeric_to_decimal(value: &Numeric, scale: i8) -> Option<i128> {
    numeric::convert::numeric_to_decimal128(value, 38, scale).ok().flatten()
}

/// Appends the binary form of a numeric.
pub fn send_numeric(value: &Numeric, bytes: &mut Vec<u8>) {
    numeric::wire::send(value, bytes);
}

/// Reads the binary form of a numeric.
pub fn receive_numeric(bytes: &[u8]) -> SqlResult<Numeric> {
    numeric::wire::receive(bytes)
}

/// Appends a numeric under its modifier to a column of either form.
pub fn append_numeric(value: &Numeric, modifier: i32, builder: &mut ValueBuilder) -> SqlResult<()> {
    if let ValueBuilder::Decimal(_, precision, scale) = builder {
        let (precision, scale) = (*precision, *scale);
        let number = numeric::convert::numeric_to_decimal128(value, precision, scale)?;
        let number = number.ok_or_else(|| {
            let message = format!("NaN has no place in a numeric({precision},{scale})");
            SqlError::unsupported(message, "use numeric without a precision")
        })?;
        return builder.decimal(number);
    }
    match SqlType::Scalar(Kind::Numeric, modifier).precision() {
        Some((precision, scale)) => numeric::rounding::apply_modifier(value, precision, scale)?
            .with_bytes(|bytes| builder.bytes(bytes)),
        None => value.with_bytes(|bytes| builder.bytes(bytes)),
    }
}

/// Appends an interval.
pub fn append_interval(value: Interval, builder: &mut ValueBuilder) -> SqlResult<()> {
    builder.interval(value.stored())
}

/// The numeric of a row of a column of either form.
pub fn numeric_at(array: &dyn Array, row: usize) -> SqlResult<Numeric> {
    match array.data_type() {
        DataType::Decimal128(_, scale) => {
            Ok(numeric_of_decimal(array.as_primitive::<Decimal128Type>().value(row), *scale))
        }
        _ => Ok(Numeric::from_bytes(bytes_at(array, row)?)),
    }
}

/// The interval of a row.
pub fn interval_at(array: &dyn Array, row: usize) -> SqlResult<Interval> {
    primitive_at::<IntervalMonthDayNanoType>(array, row).map(Interval::of_stored)
}

/// The text of a row.
#[inline]
pub fn text_at(array: &dyn Array, row: usize) -> SqlResult<&str> {
    match array.as_string_opt::<i32>() {
        Some(array) => Ok(array.value(row)),
        None => Err(wrong_type("Utf8", array.data_type())),
    }
}

/// The bytes of a row of Binary or FixedSizeBinary.
#[inline]
pub fn bytes_at(array: &dyn Array, row: usize) -> SqlResult<&[u8]> {
    if let Some(array) = array.as_binary_opt::<i32>() {
        return Ok(array.value(row));
    }
    match array.as_fixed_size_binary_opt() {
        Some(array) => Ok(array.value(row)),
        None => Err(wrong_type("Binary", array.data_type())),
    }
}

/// The boolean of a row.
#[inline]
pub fn boolean_at(array: &dyn Array, row: usize) -> SqlResult<bool> {
    match array.as_boolean_opt() {
        Some(array) => Ok(array.value(row)),
        None => Err(wrong_type("Boolean", array.data_type())),
    }
}

/// The value of a row of a primitive column.
#[inline]
pub fn primitive_at<T: arrow::datatypes::ArrowPrimitiveType>(
    array: &dyn Array,
    row: usize,
) -> SqlResult<T::Native> {
    match array.as_primitive_opt::<T>() {
        Some(array) => Ok(array.value(row)),
        None => Err(wrong_type(&T::DATA_TYPE.to_string(), array.data_type())),
    }
}

fn push(text: &mut String, value: impl std::fmt::Display) {
    write!(text, "{value}").expect("a String takes all that is written");
}
