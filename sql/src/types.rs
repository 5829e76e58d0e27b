//! SQL types and Arrow types: which belongs to which, and what text is a value of which.
//!
//! | SQL | Arrow |
//! |---|---|
//! | boolean | Boolean |
//! | smallint, integer, bigint | Int16, Int32, Int64 |
//! | real, double precision | Float32, Float64 |
//! | numeric(p, s) | Decimal128(p, s); `numeric` alone is Decimal128(38, 10) |
//! | text, varchar, varchar(n), char(n) | Utf8; the length is not enforced |
//! | bytea | Binary |
//! | date, time | Date32, Time64(µs) |
//! | timestamp, timestamptz | Timestamp(µs), Timestamp(µs, "+00:00") |
//! | interval | Interval(MonthDayNano) |
//! | oid, xid | UInt32; in queries only, as the catalogs have them |
//! | type[] | List; in queries only |

pub mod boolean;
pub mod builder;
pub mod bytea;
pub mod cast;
pub mod compare;
pub mod conform;
pub mod datetime;
pub mod decimal;
pub mod encoding;
pub mod encoding_tables;
pub mod environment;
pub mod float;
pub mod integer;
pub mod interval;
pub mod json;
pub mod key;
pub mod leaf;
pub mod leaf_small;
pub mod literal;
pub mod names;
pub mod numeric;
pub mod print;
pub mod read;
pub mod row;
pub mod spelled;
pub mod text;
pub mod timetz;
pub mod uuid;
#[cfg(test)]
mod value_tests;
pub mod wire;
pub mod zone;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use datafusion::scalar::ScalarValue;
use datafusion::sql::sqlparser::ast::{self, ArrayElemTypeDef, ExactNumberInfo, TimezoneInfo};

use crate::datetime as old_datetime;
use crate::datetime::DatetimeError;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::interval::parse_interval;

/// Digits of a `numeric` that was given no precision.
pub const NUMERIC_PRECISION: u8 = 38;
/// Digits after the point of a `numeric` that was given no scale.
pub const NUMERIC_SCALE: i8 = 10;
/// The zone of every timestamptz.
pub const UTC: &str = "+00:00";

/// `timestamp`.
pub fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, None)
}

/// `timestamptz`.
pub fn timestamptz() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()))
}

/// The Arrow type of an SQL type. A type that Postgres has and Millstream has not is 0A000, any other 42704.
pub fn arrow_type(data_type: &ast::DataType) -> SqlResult<DataType> {
    use ast::DataType as Sql;
    Ok(match data_type {
        Sql::Boolean | Sql::Bool => DataType::Boolean,
        Sql::SmallInt(None) | Sql::Int2(None) => DataType::Int16,
        Sql::Int(None) | Sql::Integer(None) | Sql::Int4(None) => DataType::Int32,
        Sql::BigInt(None) | Sql::Int8(None) | Sql::Int64 => DataType::Int64,
        Sql::Real | Sql::Float4 => DataType::Float32,
        Sql::Float(ExactNumberInfo::Precision(digits)) if *digits <= 24 => DataType::Float32,
        Sql::DoublePrecision | Sql::Float8 | Sql::Float64 => DataType::Float64,
        Sql::Float(_) | Sql::Double(ExactNumberInfo::None) => DataType::Float64,
        Sql::Numeric(info) | Sql::Decimal(info) | Sql::Dec(info) => decimal_type(info)?,
        Sql::Text
        | Sql::Varchar(_)
        | Sql::Char(_)
        | Sql::Character(_)
        | Sql::CharacterVarying(_)
        | Sql::CharVarying(_)
        | Sql::String(_) => DataType::Utf8,
        Sql::Bytea => DataType::Binary,
        Sql::Date => DataType::Date32,
        Sql::Time(_, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
            DataType::Time64(TimeUnit::Microsecond)
        }
        Sql::Timestamp(_, TimezoneInfo::Tz | TimezoneInfo::WithTimeZone) => timestamptz(),
        Sql::Timestamp(_, _) => timestamp(),
        Sql::Interval { .. } => DataType::Interval(IntervalUnit::MonthDayNano),
        Sql::Array(ArrayElemTypeDef::SquareBracket(element, _)) => list_of(arrow_type(element)?),
        Sql::Custom(name, arguments) if arguments.is_empty() => named_type(&name.to_string())?,
        Sql::Uuid
        | Sql::JSON
        | Sql::JSONB
        | Sql::Array(_)
        | Sql::Time(..)
        | Sql::Bit(_)
        | Sql::BitVarying(_)
        | Sql::VarBit(_)
        | Sql::GeometricType(_)
        | Sql::TsVector
        | Sql::TsQuery
        | Sql::Regclass => {
            return Err(unsupported_type(&data_type.to_string().to_lowercase()));
        }
        other => return Err(unknown_type(&other.to_string().to_lowercase())),
    })
}

/// Types that the parser takes for names.
fn named_type(name: &str) -> SqlResult<DataType> {
    let folded = name.to_lowercase();
    Ok(match folded.strip_prefix("pg_catalog.").unwrap_or(&folded) {
        "bool" => DataType::Boolean,
        "int2" | "smallserial" => DataType::Int16,
        "int4" => DataType::Int32,
        "int8" => DataType::Int64,
        "float4" => DataType::Float32,
        "float8" => DataType::Float64,
        "text" | "varchar" | "bpchar" | "name" | "\"char\"" | "citext" | "cstring" => DataType::Utf8,
        "bytea" => DataType::Binary,
        "date" => DataType::Date32,
        "timestamp" => timestamp(),
        "timestamptz" => timestamptz(),
        "numeric" | "decimal" => DataType::Decimal128(NUMERIC_PRECISION, NUMERIC_SCALE),
        "interval" => DataType::Interval(IntervalUnit::MonthDayNano),
        "oid" | "xid" => DataType::UInt32,
        "int2vector" => list_of(DataType::Int16),
        "oidvector" => list_of(DataType::UInt32),
        "timetz" | "uuid" | "json" | "jsonb" | "money" | "inet" | "cidr" | "macaddr" | "xml" | "point"
        | "serial" | "bigserial" | "hstore" | "tsvector" | "tsquery" => {
            return Err(unsupported_type(&folded));
        }
        _ => return Err(unknown_type(name)),
    })
}

fn list_of(element: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element, true)))
}

pub(crate) fn unsupported_type(name: &str) -> SqlError {
    SqlError::unsupported(
        format!("type {name} is not built yet"),
        "built are boolean, smallint, integer, bigint, real, double precision, numeric, text, bytea, date, time, \
         timestamp, timestamptz and interval",
    )
}

fn unknown_type(name: &str) -> SqlError {
    SqlError::new(SqlState::UndefinedObject, format!("type \"{name}\" does not exist"))
}

fn decimal_type(info: &ExactNumberInfo) -> SqlResult<DataType> {
    let (precision, scale) = match info {
        ExactNumberInfo::None => return Ok(DataType::Decimal128(NUMERIC_PRECISION, NUMERIC_SCALE)),
        ExactNumberInfo::Precision(precision) => (*precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (*precision, *scale),
    };
    if precision == 0 || precision > u64::from(NUMERIC_PRECISION) {
        let message = format!("numeric precision {precision} must be between 1 and {NUMERIC_PRECISION}");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    if scale < 0 || scale as u64 > precision {
        let message = format!("numeric scale {scale} must be between 0 and precision {precision}");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    Ok(DataType::Decimal128(precision as u8, scale as i8))
}

/// The type in which values of a computed type are stored and sent, for every type that is not storable itself;
/// None for one that has no storable counterpart (arrays, structs).
pub fn storable_type(data_type: &DataType) -> Option<DataType> {
    Some(match data_type {
        DataType::Boolean
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(_, _)
        | DataType::Utf8
        | DataType::Binary
        | DataType::Date32 => data_type.clone(),
        DataType::Null | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Int8 | DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Decimal256(precision, scale) => {
            DataType::Decimal128((*precision).min(38), (*scale).min(38))
        }
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::Date64 | DataType::Timestamp(_, None) => timestamp(),
        DataType::Timestamp(_, Some(_)) => timestamptz(),
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Microsecond),
        DataType::Interval(_) | DataType::Duration(_) => DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::Dictionary(_, values) => storable_type(values)?,
        _ => return None,
    })
}

/// The type in which values of a type are sent to clients and taken from them: as they are stored, but that oids and
/// arrays stay what they are.
pub fn sent_type(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::UInt32 => Some(DataType::UInt32),
        DataType::List(field) => {
            let element = sent_type(field.data_type())?;
            Some(DataType::List(Arc::new(field.as_ref().clone().with_data_type(element))))
        }
        other => storable_type(other),
    }
}

/// The SQL name of a type, as Postgres's messages spell it.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Boolean => "boolean".into(),
        DataType::Int8 | DataType::UInt8 | DataType::Int16 => "smallint".into(),
        DataType::Int32 | DataType::UInt16 => "integer".into(),
        DataType::Int64 | DataType::UInt64 => "bigint".into(),
        DataType::UInt32 => "oid".into(),
        DataType::Float16 | DataType::Float32 => "real".into(),
        DataType::Float64 => "double precision".into(),
        DataType::Decimal128(38, 10) => "numeric".into(),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => format!("numeric({precision},{scale})"),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text".into(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            "bytea".into()
        }
        DataType::Date32 => "date".into(),
        DataType::Time32(_) | DataType::Time64(_) => "time without time zone".into(),
        DataType::Date64 | DataType::Timestamp(_, None) => "timestamp without time zone".into(),
        DataType::Timestamp(_, Some(_)) => "timestamp with time zone".into(),
        DataType::Interval(_) | DataType::Duration(_) => "interval".into(),
        DataType::Null => "unknown".into(),
        DataType::Dictionary(_, values) => type_name(values),
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            format!("{}[]", type_name(field.data_type()))
        }
        DataType::Struct(_) => "record".into(),
        other => other.to_string().to_lowercase(),
    }
}

/// Whether text is what the type holds.
pub fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The value that a text stands for, read as Postgres reads a literal or a field of COPY: 22P02 for text that is
/// no value, 22003 for a number out of range, 22007 and 22008 for dates and times.
pub fn literal(text: &str, data_type: &DataType) -> SqlResult<ScalarValue> {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let invalid = || invalid_text(text, data_type);
    let range = || out_of_range(text, data_type);
    Ok(match data_type {
        DataType::Utf8 => ScalarValue::Utf8(Some(text.to_owned())),
        DataType::LargeUtf8 => ScalarValue::LargeUtf8(Some(text.to_owned())),
        DataType::Utf8View => ScalarValue::Utf8View(Some(text.to_owned())),
        DataType::Boolean => ScalarValue::Boolean(Some(parse_boolean(trimmed).ok_or_else(invalid)?)),
        DataType::Int16 => {
            let value = parse_integer(trimmed).ok_or_else(invalid)?;
            ScalarValue::Int16(Some(i16::try_from(value).map_err(|_| range())?))
        }
        DataType::Int32 => {
            let value = parse_integer(trimmed).ok_or_else(invalid)?;
            ScalarValue::Int32(Some(i32::try_from(value).map_err(|_| range())?))
        }
        DataType::Int64 => {
            let value = parse_integer(trimmed).ok_or_else(invalid)?;
            ScalarValue::Int64(Some(i64::try_from(value).map_err(|_| range())?))
        }
        DataType::UInt32 => {
            let value = parse_integer(trimmed).ok_or_else(invalid)?;
            ScalarValue::UInt32(Some(u32::try_from(value).map_err(|_| range())?))
        }
        DataType::Float32 => {
            let value = parse_float(trimmed).ok_or_else(invalid)?;
            let narrow = value as f32;
            if narrow.is_infinite() && value.is_finite() {
                return Err(range());
            }
            ScalarValue::Float32(Some(narrow))
        }
        DataType::Float64 => {
            let value = parse_float(trimmed).ok_or_else(invalid)?;
            if value.is_infinite() && trimmed.contains(|c: char| c.is_ascii_digit()) {
                return Err(range());
            }
            ScalarValue::Float64(Some(value))
        }
        DataType::Decimal128(precision, scale) => {
            let value = parse_decimal(trimmed, *precision, *scale).map_err(|overflow| {
                if overflow { numeric_overflow(*precision, *scale) } else { invalid() }
            })?;
            ScalarValue::Decimal128(Some(value), *precision, *scale)
        }
        DataType::Binary => ScalarValue::Binary(Some(parse_bytea(text).ok_or_else(invalid)?)),
        DataType::Date32 | DataType::Timestamp(TimeUnit::Microsecond, _) if is_infinity(trimmed) => {
            let message = format!("infinite values of type {} are not built", type_name(data_type));
            return Err(SqlError::unsupported(message, "use NULL, or a date that is far away"));
        }
        DataType::Date32 => ScalarValue::Date32(Some(
            old_datetime::parse_date(trimmed).map_err(|e| bad_datetime(e, text, data_type))?,
        )),
        DataType::Time64(TimeUnit::Microsecond) => {
            let time = old_datetime::parse_time(trimmed).map_err(|e| bad_datetime(e, text, data_type))?;
            ScalarValue::Time64Microsecond(Some(time))
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            let time = old_datetime::parse_timestamp(trimmed, zone.is_some())
                .map_err(|error| bad_datetime(error, text, data_type))?;
            ScalarValue::TimestampMicrosecond(Some(time), zone.as_ref().map(Arc::clone))
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let value = parse_interval(trimmed, None).map_err(|error| bad_interval(error, text))?;
            ScalarValue::IntervalMonthDayNano(Some(value))
        }
        DataType::List(field) => {
            let malformed = || {
                let message = format!("malformed array literal: \"{text}\"");
                SqlError::new(SqlState::InvalidTextRepresentation, message)
            };
            let element = |element: Option<String>| match element {
                Some(text) => literal(&text, field.data_type()),
                None => ScalarValue::try_from(field.data_type())
                    .map_err(|error| SqlError::internal(error.to_string())),
            };
            let elements = array_elements(text).ok_or_else(malformed)?.into_iter().map(element);
            let elements = elements.collect::<SqlResult<Vec<_>>>()?;
            ScalarValue::List(ScalarValue::new_list_nullable(&elements, field.data_type()))
        }
        other => {
            return Err(SqlError::new(
                SqlState::FeatureNotSupported,
                format!("text cannot be read as type {}", type_name(other)),
            ));
        }
    })
}

/// 22P02.
pub fn invalid_text(text: &str, data_type: &DataType) -> SqlError {
    let name = match data_type {
        DataType::Decimal128(_, _) => "numeric".to_owned(),
        other => type_name(other),
    };
    let message = format!("invalid input syntax for type {name}: \"{text}\"");
    SqlError::new(SqlState::InvalidTextRepresentation, message)
}

fn out_of_range(text: &str, data_type: &DataType) -> SqlError {
    let message = format!("value \"{text}\" is out of range for type {}", type_name(data_type));
    SqlError::new(SqlState::NumericOutOfRange, message)
}

/// 22003 for a decimal that does not fit.
pub fn numeric_overflow(precision: u8, scale: i8) -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "numeric field overflow").with_detail(format!(
        "a field with precision {precision}, scale {scale} must round to an absolute value less than 10^{}",
        i16::from(precision) - i16::from(scale)
    ))
}

/// The error for a text that is no interval.
pub(crate) fn bad_interval(error: DatetimeError, text: &str) -> SqlError {
    match error {
        DatetimeError::Syntax => {
            let message = format!("invalid input syntax for type interval: \"{text}\"");
            SqlError::new(SqlState::InvalidDatetime, message)
        }
        DatetimeError::Range => {
            let message = format!("interval field value out of range: \"{text}\"");
            SqlError::new(SqlState::IntervalOverflow, message)
        }
    }
}

fn bad_datetime(error: DatetimeError, text: &str, data_type: &DataType) -> SqlError {
    match error {
        DatetimeError::Syntax => {
            let name = match data_type {
                DataType::Timestamp(_, None) => "timestamp".to_owned(),
                DataType::Time64(_) => "time".to_owned(),
                other => type_name(other),
            };
            let message = format!("invalid input syntax for type {name}: \"{text}\"");
            SqlError::new(SqlState::InvalidDatetime, message)
        }
        DatetimeError::Range => SqlError::new(
            SqlState::DatetimeOverflow,
            format!("date/time field value out of range: \"{text}\""),
        ),
    }
}

/// The elements of an array written as text, `{a,"b c",NULL}`; None when it is malformed or nested.
fn array_elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    if inner.trim().is_empty() {
        return Some(elements);
    }
    let mut characters = inner.chars().peekable();
    loop {
        while characters.next_if(|c| c.is_whitespace()).is_some() {}
        let mut element = String::new();
        if characters.next_if_eq(&'"').is_some() {
            loop {
                match characters.next()? {
                    '"' => break,
                    '\\' => element.push(characters.next()?),
                    other => element.push(other),
                }
            }
            while characters.next_if(|c| c.is_whitespace()).is_some() {}
            elements.push(Some(element));
        } else {
            while let Some(character) = characters.next_if(|c| *c != ',') {
                match character {
                    '{' | '}' | '"' => return None,
                    '\\' => element.push(characters.next()?),
                    other => element.push(other),
                }
            }
            let element = element.trim_end();
            if element.is_empty() {
                return None;
            }
            elements.push((!element.eq_ignore_ascii_case("null")).then(|| element.to_owned()));
        }
        match characters.next() {
            None => return Some(elements),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

fn parse_boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "t" | "tr" | "tru" | "true" | "y" | "ye" | "yes" | "on" | "1" => Some(true),
        "f" | "fa" | "fal" | "fals" | "false" | "n" | "no" | "of" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn parse_integer(text: &str) -> Option<i128> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // More digits than i128 has are out of every range.
    Some(text.parse::<i128>().unwrap_or(i128::MAX))
}

fn is_infinity(text: &str) -> bool {
    text.strip_prefix(['+', '-']).unwrap_or(text).eq_ignore_ascii_case("infinity")
}

fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let first = unsigned.bytes().next()?;
    if first.is_ascii_digit() || first == b'.' {
        return text.parse().ok();
    }
    match (unsigned.to_ascii_lowercase().as_str(), text.starts_with('-')) {
        ("nan", false) => Some(f64::NAN),
        ("inf" | "infinity", false) => Some(f64::INFINITY),
        ("inf" | "infinity", true) => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Parses `[-]digits[.digits][e[-]digits]`, rounding half away from zero. The error says whether the text is a
/// number that does not fit.
pub fn parse_decimal(text: &str, precision: u8, scale: i8) -> Result<i128, bool> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => {
            let exponent = parse_integer(&text[at + 1..]).ok_or(false)?;
            (&text[..at], exponent.clamp(-10_000, 10_000) as i64)
        }
        None => (text, 0),
    };
    let negative = mantissa.starts_with('-');
    let unsigned = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    if whole.len() + fraction.len() == 0 || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return Err(false);
    }
    // The value is `digits * 10^(exponent - fraction)`; keep those at or above `10^-scale`.
    let shift = exponent - fraction.len() as i64 + i64::from(scale);
    let count = (whole.len() + fraction.len()) as i64;
    let kept = (count + shift.min(0)).max(0) as usize;
    let mut value: i128 = 0;
    for digit in digits.clone().take(kept) {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(i128::from(digit - b'0')))
            .ok_or(true)?;
    }
    if shift > 0 && value != 0 {
        let power = 10i128.checked_pow(shift.min(100) as u32).ok_or(true)?;
        value = value.checked_mul(power).ok_or(true)?;
    } else if shift < 0 && count + shift >= 0 && digits.clone().nth(kept).is_some_and(|digit| digit >= b'5') {
        value += 1;
    }
    if value >= 10i128.pow(u32::from(precision)) {
        return Err(true);
    }
    Ok(if negative { -value } else { value })
}

fn parse_bytea(text: &str) -> Option<Vec<u8>> {
    if let Some(hex) = text.strip_prefix("\\x") {
        let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if !digits.len().is_multiple_of(2) {
            return None;
        }
        let value = |byte: u8| (byte as char).to_digit(16);
        return digits.chunks(2).map(|pair| Some((value(pair[0])? * 16 + value(pair[1])?) as u8)).collect();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            out.push(bytes[at]);
            at += 1;
        } else if bytes.get(at + 1) == Some(&b'\\') {
            out.push(b'\\');
            at += 2;
        } else {
            let octal = bytes.get(at + 1..at + 4)?;
            if !octal.iter().all(|byte| (b'0'..=b'7').contains(byte)) || octal[0] > b'3' {
                return None;
            }
            out.push((octal[0] - b'0') * 64 + (octal[1] - b'0') * 8 + (octal[2] - b'0'));
            at += 4;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, data_type: DataType) -> &'static str {
        literal(text, &data_type).unwrap_err().state.code()
    }

    #[test]
    fn arrays_in_text_are_read() {
        assert_eq!(
            array_elements(r#"{a,"b\"c",NULL,"NULL"}"#).unwrap(),
            [Some("a".into()), Some("b\"c".into()), None, Some("NULL".into())]
        );
        assert_eq!(array_elements("{{1}}"), None);
        let array = literal("{1, NULL}", &list_of(DataType::Int16)).unwrap();
        let expected = [ScalarValue::Int16(Some(1)), ScalarValue::Int16(None)];
        assert_eq!(array, ScalarValue::List(ScalarValue::new_list_nullable(&expected, &DataType::Int16)));
        assert_eq!(code("{x}", list_of(DataType::Int16)), "22P02");
    }

    #[test]
    fn text_is_read_as_postgres_reads_it() {
        let read = |text: &str, data_type: DataType| literal(text, &data_type).unwrap().to_string();
        assert_eq!(read(" 12 ", DataType::Int32), "12");
        assert_eq!(read("-9223372036854775808", DataType::Int64), "-9223372036854775808");
        assert_eq!(literal("yes", &DataType::Boolean).unwrap(), ScalarValue::Boolean(Some(true)));
        assert_eq!(
            literal("1.005", &DataType::Decimal128(5, 2)).unwrap(),
            ScalarValue::Decimal128(Some(101), 5, 2)
        );
        assert_eq!(
            literal("-1.5e2", &DataType::Decimal128(5, 1)).unwrap(),
            ScalarValue::Decimal128(Some(-1500), 5, 1)
        );
        assert_eq!(
            literal("0.004", &DataType::Decimal128(5, 2)).unwrap(),
            ScalarValue::Decimal128(Some(0), 5, 2)
        );
        assert_eq!(literal("\\x00ff", &DataType::Binary).unwrap(), ScalarValue::Binary(Some(vec![0, 255])));
        assert_eq!(
            literal("2013-01-01 05:15", &timestamp()).unwrap(),
            ScalarValue::TimestampMicrosecond(Some(1_357_017_300_000_000), None)
        );
    }

    #[test]
    fn text_that_is_no_value_has_postgres_sqlstates() {
        assert_eq!(code("abc", DataType::Int32), "22P02");
        assert_eq!(code("", DataType::Int32), "22P02");
        assert_eq!(code("1.5", DataType::Int64), "22P02");
        assert_eq!(code("99999999999", DataType::Int32), "22003");
        assert_eq!(code("9223372036854775808", DataType::Int64), "22003");
        assert_eq!(code("1e400", DataType::Float64), "22003");
        assert_eq!(code("12.5x", DataType::Float64), "22P02");
        assert_eq!(code("1000", DataType::Decimal128(5, 2)), "22003");
        assert_eq!(code("maybe", DataType::Boolean), "22P02");
        assert_eq!(code("yesterday-ish", timestamp()), "22007");
        assert_eq!(code("2013-02-30 00:00", timestamp()), "22008");
        assert_eq!(code("2013-13-01", DataType::Date32), "22008");
        assert_eq!(code("\\xabc", DataType::Binary), "22P02");
        let interval = DataType::Interval(IntervalUnit::MonthDayNano);
        assert_eq!(code("1 dog", interval.clone()), "22007");
        assert_eq!(code("300000000000 hours", interval), "22015");
        assert_eq!(code("infinity", timestamp()), "0A000");
        assert_eq!(code("-Infinity", DataType::Date32), "0A000");
    }
}

/// Settings as text, for names in plans.
pub(crate) fn environment_text(environment: &environment::Environment) -> String {
    format!(
        "{}/{:?}/{:?}/{:?}",
        zone::setting_text(environment.zone),
        environment.date_style,
        environment.date_order,
        environment.interval_style
    )
}
