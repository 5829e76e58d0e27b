//! Parameter values from clients, in text or Postgres's binary form, as the type that the statement wants.

use arrow::datatypes::{DataType, Field, IntervalMonthDayNano};
use bytes::Buf;
use datafusion::common::ScalarValue;
use millstream_sql::datetime::{DAY_US, FIRST_DAY};
use millstream_sql::types::{literal, sent_type, timestamptz};
use millstream_sql::{SqlError, SqlResult, SqlState};
use pgwire::api::Type;

use super::types::{Format, parameter_hint, sent_as};
use crate::wire::column::{PG_EPOCH_DAYS, PG_EPOCH_US};
use crate::wire::copy::invalid_utf8;

/// The value of parameter `$number`. `oid` is the type that the client declared (0: none), `target` what the
/// statement wants.
pub(super) fn parameter(
    number: usize,
    oid: u32,
    format: Format,
    bytes: Option<&[u8]>,
    target: &DataType,
) -> SqlResult<ScalarValue> {
    let Some(bytes) = bytes else { return null(target) };
    let value = match format {
        Format::Text => from_text(utf8(bytes)?, target)?,
        Format::Binary => {
            let sent = match Type::from_oid(oid) {
                Some(sent) if oid != 0 && sent != Type::UNKNOWN => sent,
                _ => sent_as(target),
            };
            binary(&sent, bytes, target).ok_or_else(|| {
                SqlError::new(
                    SqlState::InvalidBinaryRepresentation,
                    format!("incorrect binary data format in bind parameter {number}"),
                )
            })??
        }
    };
    fit(value, target)
}

fn null(target: &DataType) -> SqlResult<ScalarValue> {
    ScalarValue::try_from(target).map_err(|error| SqlError::internal(error.to_string()))
}

fn fit(value: ScalarValue, target: &DataType) -> SqlResult<ScalarValue> {
    if value.data_type() == *target {
        return Ok(value);
    }
    value.cast_to(target).map_err(|error| millstream_sql::error::from_datafusion(&error))
}

fn utf8(bytes: &[u8]) -> SqlResult<&str> {
    let text = std::str::from_utf8(bytes).map_err(|error| invalid_utf8(&bytes[error.valid_up_to()..]))?;
    match text.contains('\0') {
        true => Err(invalid_utf8(b"\0")),
        false => Ok(text),
    }
}

fn from_text(text: &str, target: &DataType) -> SqlResult<ScalarValue> {
    match sent_type(target) {
        Some(sent) => literal(text, &sent),
        None => literal(text, target),
    }
}

fn list(values: &[ScalarValue], element: &DataType) -> ScalarValue {
    ScalarValue::List(ScalarValue::new_list(values, element, true))
}

/// A value in the binary form of a Postgres type. None when it is malformed.
fn binary(sent: &Type, bytes: &[u8], target: &DataType) -> Option<SqlResult<ScalarValue>> {
    Some(Ok(match *sent {
        Type::BOOL => ScalarValue::Boolean(Some(u8::from_be_bytes(fixed(bytes)?) != 0)),
        Type::INT2 => ScalarValue::Int16(Some(i16::from_be_bytes(fixed(bytes)?))),
        Type::INT4 => ScalarValue::Int32(Some(i32::from_be_bytes(fixed(bytes)?))),
        Type::INT8 => ScalarValue::Int64(Some(i64::from_be_bytes(fixed(bytes)?))),
        Type::OID => ScalarValue::UInt32(Some(u32::from_be_bytes(fixed(bytes)?))),
        Type::FLOAT4 => ScalarValue::Float32(Some(f32::from_be_bytes(fixed(bytes)?))),
        Type::FLOAT8 => ScalarValue::Float64(Some(f64::from_be_bytes(fixed(bytes)?))),
        Type::NUMERIC => return Some(from_text(&numeric(bytes)?, target)),
        Type::BYTEA => ScalarValue::Binary(Some(bytes.to_vec())),
        Type::DATE => {
            let days = i32::from_be_bytes(fixed(bytes)?).checked_add(PG_EPOCH_DAYS);
            match days.filter(|days| i64::from(*days) >= FIRST_DAY) {
                Some(days) => ScalarValue::Date32(Some(days)),
                None => return Some(Err(out_of_range("date"))),
            }
        }
        Type::TIME => match i64::from_be_bytes(fixed(bytes)?) {
            time @ 0..=DAY_US => ScalarValue::Time64Microsecond(Some(time)),
            _ => return Some(Err(out_of_range("time"))),
        },
        Type::TIMESTAMP | Type::TIMESTAMPTZ => {
            let time = i64::from_be_bytes(fixed(bytes)?).checked_add(PG_EPOCH_US);
            let Some(time) = time.filter(|time| *time >= FIRST_DAY * DAY_US) else {
                return Some(Err(out_of_range("timestamp")));
            };
            let zone = match (*sent == Type::TIMESTAMPTZ, timestamptz()) {
                (true, DataType::Timestamp(_, zone)) => zone,
                _ => None,
            };
            ScalarValue::TimestampMicrosecond(Some(time), zone)
        }
        Type::INTERVAL => {
            let bytes: [u8; 16] = fixed(bytes)?;
            let mut reader = &bytes[..];
            let (us, days, months) = (reader.get_i64(), reader.get_i32(), reader.get_i32());
            let Some(nanoseconds) = us.checked_mul(1000) else {
                let error = SqlError::new(SqlState::IntervalOverflow, "interval out of range");
                return Some(Err(error));
            };
            ScalarValue::IntervalMonthDayNano(Some(IntervalMonthDayNano::new(months, days, nanoseconds)))
        }
        Type::UUID => {
            let hex = |range: std::ops::Range<usize>, bytes: &[u8; 16]| {
                bytes[range].iter().map(|byte| format!("{byte:02x}")).collect::<String>()
            };
            let bytes: [u8; 16] = fixed(bytes)?;
            let parts = [0..4, 4..6, 6..8, 8..10, 10..16].map(|range| hex(range, &bytes));
            return Some(from_text(&parts.join("-"), target));
        }
        Type::JSONB => {
            return Some(utf8(bytes.strip_prefix(b"\x01")?).and_then(|text| from_text(text, target)));
        }
        // Postgres names every array type after its element, with an underscore in front.
        _ if sent.name().starts_with('_') => return array(bytes, target),
        _ => return Some(utf8(bytes).and_then(|text| from_text(text, target))),
    }))
}

/// Also what Postgres's infinities are, which are its least and its greatest number.
fn out_of_range(kind: &str) -> SqlError {
    SqlError::new(SqlState::DatetimeOverflow, format!("{kind} out of range"))
        .with_hint("infinite dates and timestamps are not built: use NULL, or a date that is far away")
}

fn fixed<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

/// `numeric` in binary as decimal text.
fn numeric(bytes: &[u8]) -> Option<String> {
    let mut header = bytes.get(..8)?;
    let (count, weight) = (usize::from(header.get_u16()), i32::from(header.get_i16()));
    let (sign, places) = (header.get_u16(), usize::from(header.get_u16()));
    let groups = bytes.get(8..)?;
    if groups.len() != count * 2 || places > 16_383 {
        return None;
    }
    match sign {
        0 | 0x4000 => {}
        0xc000 => return Some("NaN".into()),
        0xd000 => return Some("Infinity".into()),
        0xf000 => return Some("-Infinity".into()),
        _ => return None,
    }
    let group = |index: i32| -> Option<u16> {
        let Some(at) = usize::try_from(index).ok().filter(|index| *index < count) else { return Some(0) };
        let value = u16::from_be_bytes(groups.get(at * 2..at * 2 + 2)?.try_into().ok()?);
        (value < 10_000).then_some(value)
    };
    let mut text = String::from(if sign == 0x4000 { "-" } else { "" });
    if weight < 0 {
        text.push('0');
    }
    for index in 0..=weight {
        text.push_str(&format!("{:04}", group(index)?));
    }
    if places > 0 {
        // Groups between the point and the first digit; after them, those behind the whole part.
        let mut fraction = "0000".repeat(usize::try_from(-1 - weight).unwrap_or(0).min(places));
        let mut index = (weight + 1).max(0);
        while fraction.len() < places {
            fraction.push_str(&format!("{:04}", group(index)?));
            index += 1;
        }
        text.push('.');
        text.push_str(&fraction[..places]);
    }
    Some(text)
}

/// A one-dimensional array in binary.
fn array(bytes: &[u8], target: &DataType) -> Option<SqlResult<ScalarValue>> {
    let mut header = bytes.get(..12)?;
    let (dimensions, _nulls, oid) = (header.get_i32(), header.get_i32(), header.get_u32());
    let element_type = match target {
        DataType::List(field) | DataType::LargeList(field) => Field::data_type(field).clone(),
        _ => parameter_hint(oid)?,
    };
    if dimensions == 0 {
        return Some(Ok(list(&[], &element_type)));
    }
    let mut shape = bytes.get(12..20)?;
    let count = usize::try_from(shape.get_i32()).ok()?;
    if dimensions != 1 {
        return None;
    }
    let sent = Type::from_oid(oid)?;
    let mut rest = bytes.get(20..)?;
    // Each element takes at least the four bytes of its length.
    if count > rest.len() / 4 {
        return None;
    }
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        let length = i32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        rest = &rest[4..];
        let value = match usize::try_from(length) {
            Err(_) => null(&element_type),
            Ok(length) => {
                let element = rest.get(..length)?;
                rest = &rest[length..];
                binary(&sent, element, &element_type)?.and_then(|value| fit(value, &element_type))
            }
        };
        match value {
            Ok(value) => values.push(value),
            Err(error) => return Some(Err(error)),
        }
    }
    rest.is_empty().then(|| Ok(list(&values, &element_type)))
}

/// The types of parameters as the client is told: what it declared itself, else what the statement wants.
pub(super) fn described_types(declared: &[u32], wanted: &[DataType]) -> Vec<u32> {
    let describe = |(index, wanted): (usize, &DataType)| match declared.get(index) {
        Some(oid) if *oid != 0 && *oid != Type::UNKNOWN.oid() => *oid,
        _ => sent_as(wanted).oid(),
    };
    wanted.iter().enumerate().map(describe).collect()
}

/// The hints for planning from the types that a client declared.
pub(super) fn hints(declared: &[u32]) -> Vec<Option<DataType>> {
    declared.iter().map(|oid| parameter_hint(*oid)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::BytesMut;
    use millstream_sql::types::timestamp;

    use super::*;
    use crate::wire::column::Column;

    fn read(oid: Type, format: Format, bytes: &[u8], target: DataType) -> SqlResult<ScalarValue> {
        parameter(1, oid.oid(), format, Some(bytes), &target)
    }

    #[test]
    fn text_and_binary_give_the_same_value() {
        let cases = [
            (ScalarValue::Boolean(Some(true)), Type::BOOL, "t"),
            (ScalarValue::Int16(Some(-3)), Type::INT2, "-3"),
            (ScalarValue::Int64(Some(1 << 40)), Type::INT8, "1099511627776"),
            (ScalarValue::Float64(Some(2.5)), Type::FLOAT8, "2.5"),
            (ScalarValue::Utf8(Some("é".into())), Type::TEXT, "é"),
            (ScalarValue::Binary(Some(vec![0, 255])), Type::BYTEA, "\\x00ff"),
            (ScalarValue::Date32(Some(15_706)), Type::DATE, "2013-01-01"),
            (
                ScalarValue::TimestampMicrosecond(Some(1_357_034_400_000_000), None),
                Type::TIMESTAMP,
                "2013-01-01 10:00:00",
            ),
            (ScalarValue::Decimal128(Some(-1_234_567), 12, 2), Type::NUMERIC, "-12345.67"),
            (ScalarValue::Decimal128(Some(5), 12, 6), Type::NUMERIC, "0.000005"),
            (ScalarValue::Decimal128(Some(123_456_780_000), 12, 0), Type::NUMERIC, "123456780000"),
            (ScalarValue::Decimal128(Some(0), 12, 2), Type::NUMERIC, "0.00"),
        ];
        for (value, oid, text) in cases {
            let target = value.data_type();
            assert_eq!(read(oid.clone(), Format::Text, text.as_bytes(), target.clone()).unwrap(), value);
            let mut bytes = BytesMut::new();
            Column::new(&value.to_array().unwrap()).unwrap().put_binary(0, &mut bytes);
            assert_eq!(read(oid, Format::Binary, &bytes, target).unwrap(), value, "{text}");
        }
    }

    #[test]
    fn a_value_is_brought_to_what_the_statement_wants() {
        let value = read(Type::INT2, Format::Binary, &[0, 7], DataType::Int64).unwrap();
        assert_eq!(value, ScalarValue::Int64(Some(7)));
        let value = read(Type::UNKNOWN, Format::Text, b"7", DataType::UInt64).unwrap();
        assert_eq!(value, ScalarValue::UInt64(Some(7)));
        assert_eq!(
            parameter(1, 0, Format::Text, None, &timestamp()).unwrap(),
            ScalarValue::TimestampMicrosecond(None, None)
        );
    }

    #[test]
    fn arrays() {
        let target = DataType::List(Arc::new(Field::new("item", DataType::Int32, true)));
        let expected = list(&[ScalarValue::Int32(Some(1)), ScalarValue::Int32(None)], &DataType::Int32);
        assert_eq!(read(Type::INT4_ARRAY, Format::Text, b"{1, NULL}", target.clone()).unwrap(), expected);
        let bytes: Vec<u8> = [1, 1, 23, 2, 1, 4, 1, -1].iter().flat_map(|n: &i32| n.to_be_bytes()).collect();
        assert_eq!(read(Type::INT4_ARRAY, Format::Binary, &bytes, target.clone()).unwrap(), expected);
        for cut in 0..bytes.len() {
            assert!(read(Type::INT4_ARRAY, Format::Binary, &bytes[..cut], target.clone()).is_err());
        }
    }

    #[test]
    fn bad_values_have_sqlstates() {
        let code = |result: SqlResult<ScalarValue>| result.unwrap_err().state.code();
        assert_eq!(code(read(Type::INT4, Format::Text, b"x", DataType::Int32)), "22P02");
        assert_eq!(code(read(Type::INT4, Format::Binary, &[1, 2], DataType::Int32)), "22P03");
        assert_eq!(
            code(read(Type::NUMERIC, Format::Binary, &[0, 9, 0, 0, 0, 0, 0, 0], DataType::Int32)),
            "22P03"
        );
        for value in [i64::MIN, i64::MAX, -211_813_488_000_000_001] {
            let bytes = value.to_be_bytes();
            assert_eq!(code(read(Type::TIMESTAMP, Format::Binary, &bytes, timestamp())), "22008");
            assert_eq!(code(read(Type::TIMESTAMPTZ, Format::Binary, &bytes, timestamptz())), "22008");
        }
        let first = (-211_813_488_000_000_000i64).to_be_bytes();
        assert!(read(Type::TIMESTAMP, Format::Binary, &first, timestamp()).is_ok());
        for days in [i32::MIN, i32::MAX, -2_451_546] {
            assert_eq!(
                code(read(Type::DATE, Format::Binary, &days.to_be_bytes(), DataType::Date32)),
                "22008"
            );
        }
        let time = DataType::Time64(arrow::datatypes::TimeUnit::Microsecond);
        for us in [-5i64, 86_400_000_001] {
            assert_eq!(code(read(Type::TIME, Format::Binary, &us.to_be_bytes(), time.clone())), "22008");
        }
        assert_eq!(code(read(Type::TEXT, Format::Text, &[0xff], DataType::Utf8)), "22021");
        assert_eq!(code(read(Type::TEXT, Format::Text, b"a\0b", DataType::Utf8)), "22021");
    }
}
