//! Column builders that read their values from text: the usual spellings by hand, everything else, errors included,
//! by [`literal`], which reads text as Postgres does.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float32Builder,
    Float64Builder, Int16Builder, Int32Builder, Int64Builder, IntervalMonthDayNanoBuilder, StringBuilder,
    Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, IntervalUnit, TimeUnit};
use datafusion::common::ScalarValue;
use millstream_sql::datetime::days_from_civil;
use millstream_sql::types::{literal, type_name};
use millstream_sql::{SqlError, SqlResult};

/// A column under construction.
pub(super) struct Builder {
    data_type: DataType,
    values: Values,
}

enum Values {
    Boolean(BooleanBuilder),
    Int16(Int16Builder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Float32(Float32Builder),
    Float64(Float64Builder),
    Decimal(Decimal128Builder, u8, u8),
    Utf8(StringBuilder),
    Binary(BinaryBuilder),
    Date(Date32Builder),
    Time(Time64MicrosecondBuilder),
    Timestamp(TimestampMicrosecondBuilder, bool),
    Interval(IntervalMonthDayNanoBuilder),
}

/// Runs the same on whichever builder it is.
macro_rules! each {
    ($values:expr, $builder:ident => $body:expr) => {
        match $values {
            Values::Boolean($builder) => $body,
            Values::Int16($builder) => $body,
            Values::Int32($builder) => $body,
            Values::Int64($builder) => $body,
            Values::Float32($builder) => $body,
            Values::Float64($builder) => $body,
            Values::Decimal($builder, _, _) => $body,
            Values::Utf8($builder) => $body,
            Values::Binary($builder) => $body,
            Values::Date($builder) => $body,
            Values::Time($builder) => $body,
            Values::Timestamp($builder, _) => $body,
            Values::Interval($builder) => $body,
        }
    };
}

impl Builder {
    /// A builder for one of the storable types.
    pub(super) fn new(data_type: &DataType) -> SqlResult<Builder> {
        let values = match data_type {
            DataType::Boolean => Values::Boolean(BooleanBuilder::new()),
            DataType::Int16 => Values::Int16(Int16Builder::new()),
            DataType::Int32 => Values::Int32(Int32Builder::new()),
            DataType::Int64 => Values::Int64(Int64Builder::new()),
            DataType::Float32 => Values::Float32(Float32Builder::new()),
            DataType::Float64 => Values::Float64(Float64Builder::new()),
            DataType::Decimal128(precision, scale) if *scale >= 0 => Values::Decimal(
                Decimal128Builder::new().with_data_type(data_type.clone()),
                *precision,
                scale.unsigned_abs(),
            ),
            DataType::Utf8 => Values::Utf8(StringBuilder::new()),
            DataType::Binary => Values::Binary(BinaryBuilder::new()),
            DataType::Date32 => Values::Date(Date32Builder::new()),
            DataType::Time64(TimeUnit::Microsecond) => Values::Time(Time64MicrosecondBuilder::new()),
            DataType::Timestamp(TimeUnit::Microsecond, zone) => Values::Timestamp(
                TimestampMicrosecondBuilder::new().with_data_type(data_type.clone()),
                zone.is_some(),
            ),
            DataType::Interval(IntervalUnit::MonthDayNano) => {
                Values::Interval(IntervalMonthDayNanoBuilder::new())
            }
            other => {
                return Err(SqlError::unsupported(
                    format!("COPY cannot read columns of type {}", type_name(other)),
                    "leave the column out of COPY's column list",
                ));
            }
        };
        Ok(Builder { data_type: data_type.clone(), values })
    }

    /// Appends NULL.
    pub(super) fn append_null(&mut self) {
        each!(&mut self.values, builder => builder.append_null());
    }

    /// Appends the value that a text stands for.
    #[inline]
    pub(super) fn append(&mut self, text: &str) -> SqlResult<()> {
        let bytes = text.as_bytes();
        match &mut self.values {
            Values::Utf8(builder) => {
                builder.append_value(text);
                return Ok(());
            }
            Values::Int64(builder) => {
                if let Some(value) = integer(bytes) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            Values::Int32(builder) => {
                if let Some(value) = integer(bytes).and_then(|value| i32::try_from(value).ok()) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            Values::Int16(builder) => {
                if let Some(value) = integer(bytes).and_then(|value| i16::try_from(value).ok()) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            Values::Float64(builder) => {
                if let Some(value) = float(bytes) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            Values::Timestamp(builder, zoned) => {
                if let Some(value) = timestamp(bytes, *zoned) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            Values::Date(builder) => {
                if let Some(value) = date(bytes) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            Values::Decimal(builder, precision, scale) => {
                if let Some(value) = decimal(bytes, *precision, *scale) {
                    builder.append_value(value);
                    return Ok(());
                }
            }
            _ => {}
        }
        self.append_slowly(text)
    }

    #[cold]
    fn append_slowly(&mut self, text: &str) -> SqlResult<()> {
        match (&mut self.values, literal(text, &self.data_type)?) {
            (Values::Boolean(builder), ScalarValue::Boolean(value)) => builder.append_option(value),
            (Values::Int16(builder), ScalarValue::Int16(value)) => builder.append_option(value),
            (Values::Int32(builder), ScalarValue::Int32(value)) => builder.append_option(value),
            (Values::Int64(builder), ScalarValue::Int64(value)) => builder.append_option(value),
            (Values::Float32(builder), ScalarValue::Float32(value)) => builder.append_option(value),
            (Values::Float64(builder), ScalarValue::Float64(value)) => builder.append_option(value),
            (Values::Decimal(builder, _, _), ScalarValue::Decimal128(value, _, _)) => {
                builder.append_option(value)
            }
            (Values::Binary(builder), ScalarValue::Binary(value)) => builder.append_option(value),
            (Values::Date(builder), ScalarValue::Date32(value)) => builder.append_option(value),
            (Values::Time(builder), ScalarValue::Time64Microsecond(value)) => builder.append_option(value),
            (Values::Timestamp(builder, _), ScalarValue::TimestampMicrosecond(value, _)) => {
                builder.append_option(value);
            }
            (Values::Interval(builder), ScalarValue::IntervalMonthDayNano(value)) => {
                builder.append_option(value)
            }
            (_, value) => {
                return Err(SqlError::internal(format!(
                    "text was read as {} for another type",
                    value.data_type()
                )));
            }
        }
        Ok(())
    }

    /// The column so far; the builder is empty again.
    pub(super) fn finish(&mut self) -> SqlResult<ArrayRef> {
        Ok(each!(&mut self.values, builder => Arc::new(builder.finish()) as ArrayRef))
    }
}

/// An integer of at most 18 digits.
#[inline]
fn integer(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, bytes),
    };
    let value = small_number(digits, 18)? as i64;
    Some(if negative { -value } else { value })
}

/// Between one and `most` digits and nothing else.
#[inline]
fn small_number(digits: &[u8], most: usize) -> Option<u64> {
    if digits.is_empty() || digits.len() > most {
        return None;
    }
    let mut value = 0u64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value)
}

/// `[-]digits[.digits]` as all its digits, at most `most`, and how many follow the point.
#[inline]
fn plain_decimal(bytes: &[u8], most: usize) -> Option<(bool, u64, usize)> {
    let (negative, rest) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, bytes),
    };
    if rest.is_empty() || rest.len() > most + 1 {
        return None;
    }
    let mut value = 0u64;
    let mut point = None;
    for (index, byte) in rest.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
        } else if *byte == b'.' && point.is_none() {
            point = Some(index);
        } else {
            return None;
        }
    }
    let digits = rest.len() - usize::from(point.is_some());
    if digits == 0 || digits > most {
        return None;
    }
    Some((negative, value, point.map_or(0, |point| rest.len() - 1 - point)))
}

/// A decimal number of at most 15 digits: both its digits and the power of ten are exact as floats, so that the
/// quotient is the float nearest to the number (Clinger's fast path).
#[inline]
fn float(bytes: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits, places) = plain_decimal(bytes, 15)?;
    let value = digits as f64 / POWERS.get(places)?;
    Some(if negative { -value } else { value })
}

/// A decimal number of at most 18 digits, with no more places than the type has.
#[inline]
fn decimal(bytes: &[u8], precision: u8, scale: u8) -> Option<i128> {
    let (negative, digits, places) = plain_decimal(bytes, 18)?;
    let missing = usize::from(scale).checked_sub(places)?;
    let value = i128::from(digits).checked_mul(10i128.checked_pow(missing as u32)?)?;
    if value >= 10i128.checked_pow(u32::from(precision))? {
        return None;
    }
    Some(if negative { -value } else { value })
}

/// `2013-01-31`
#[inline]
fn date(bytes: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
    let year = number4(y1, y2, y3, y4)?;
    let (month, day) = (number2(m1, m2)?, number2(d1, d2)?);
    // The rare rest is left to the slow path, which also knows what to say about 30 February.
    if year == 0 || !(1..=12).contains(&month) || !(1..=28).contains(&day) && !is_date(year, month, day) {
        return None;
    }
    Some(days_from_civil(i64::from(year), month, day) as i32)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    };
    (1..=last).contains(&day)
}

/// `2013-01-31 05:15:00`, with `T` or a space, a fraction of at most six digits, and `Z` or `±hh[[:]mm]`. The zone
/// counts only if `zoned`; a timestamp without time zone leaves it out, as Postgres does.
#[inline]
fn timestamp(bytes: &[u8], zoned: bool) -> Option<i64> {
    const SECOND_US: i64 = 1_000_000;
    let days = date(bytes.get(..10)?)?;
    let [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2] = *bytes.get(10..19)? else { return None };
    let (hour, minute, second) = (number2(h1, h2)?, number2(m1, m2)?, number2(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = &bytes[19..];
    let mut us =
        i64::from(days) * 86_400 * SECOND_US + i64::from(hour * 3600 + minute * 60 + second) * SECOND_US;
    if let Some((b'.', fraction)) = rest.split_first() {
        let count = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value = small_number(&fraction[..count], 6)? as i64;
        us += value * 10i64.pow(6 - count as u32);
        rest = &fraction[count..];
    }
    let offset_minutes = match *rest {
        [] | [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, ref minutes @ ..] => {
            let minutes = match *minutes {
                [] => 0,
                [m1, m2] | [b':', m1, m2] => number2(m1, m2)?,
                _ => return None,
            };
            let hours = number2(h1, h2)?;
            if hours > 15 || minutes > 59 {
                return None;
            }
            let offset = i64::from(hours * 60 + minutes);
            if sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some(if zoned { us - offset_minutes * 60 * SECOND_US } else { us })
}

#[inline]
fn number2(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}

#[inline]
fn number4(a: u8, b: u8, c: u8, d: u8) -> Option<u32> {
    Some(number2(a, b)? * 100 + number2(c, d)?)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
    use millstream_sql::types;

    use super::*;

    /// What the fast way makes of a text is what `literal` makes of it.
    #[test]
    fn the_fast_way_agrees_with_the_slow() {
        let check = |data_type: DataType, texts: &[&str]| {
            for text in texts {
                let mut fast = Builder::new(&data_type).unwrap();
                let mut slow = Builder::new(&data_type).unwrap();
                let (fast_result, slow_result) = (fast.append(text), slow.append_slowly(text));
                assert_eq!(fast_result.map_err(|e| e.state), slow_result.map_err(|e| e.state), "{text}");
                assert_eq!(&fast.finish().unwrap(), &slow.finish().unwrap(), "{data_type} {text}");
            }
        };
        let integers = [
            "0",
            "-1",
            "+7",
            " 12 ",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "1.5",
            "",
            "-",
        ];
        check(DataType::Int64, &integers);
        check(DataType::Int32, &integers);
        check(DataType::Int16, &["32767", "32768", "-32768"]);
        check(
            DataType::Float64,
            &[
                "0",
                "-0",
                "1.5",
                ".5",
                "5.",
                "1e3",
                "-1.25",
                "123456789012345.6",
                "0.1",
                "3.0000000000000001",
                ".",
                "",
                "nan",
                "1.2.3",
            ],
        );
        check(
            DataType::Decimal128(10, 2),
            &["1", "1.5", "1.25", "1.255", "-0.01", "99999999.99", "100000000", "1e2", "x", "."],
        );
        check(
            DataType::Date32,
            &["2013-01-31", "2013-02-29", "2012-02-29", "0000-01-01", "2013-1-1", "20130101", "x"],
        );
        let stamps = [
            "2013-01-01 05:15:00",
            "2013-01-01T05:15:00Z",
            "2013-01-01 05:15:00.123456",
            "2013-01-01 05:15:00.5+01",
            "2013-01-01 05:15:00-05:30",
            "2013-01-01 05:15:00+0130",
            "2013-01-01 05:15",
            "2013-01-01",
            "2013-01-01 24:00:00",
            "2013-01-01 25:00:00",
            "2013-01-01 05:15:60",
            "2013-01-01 05:15:00.1234567",
            "1969-12-31 23:59:59.999999",
            "2013-01-01 05:15:00 ",
            "2013-01-01 05:15:00+",
            "2013-01-01 05:15:00.",
        ];
        check(types::timestamp(), &stamps);
        check(types::timestamptz(), &stamps);
    }

    #[test]
    fn values_are_what_they_say() {
        let built = |data_type: DataType, text: &str| {
            let mut builder = Builder::new(&data_type).unwrap();
            builder.append(text).unwrap();
            builder.append_null();
            let array = builder.finish().unwrap();
            assert!(array.is_null(1));
            array
        };
        assert_eq!(built(DataType::Int64, "-42").as_primitive::<Int64Type>().value(0), -42);
        assert_eq!(built(DataType::Float64, "-2.5").as_primitive::<Float64Type>().value(0), -2.5);
        assert_eq!(
            built(DataType::Decimal128(10, 2), "-2.5").as_primitive::<Decimal128Type>().value(0),
            -250
        );
        let at = |zone, text| built(zone, text).as_primitive::<TimestampMicrosecondType>().value(0);
        assert_eq!(at(types::timestamp(), "2013-01-01T05:15:00-05:00"), 1_357_017_300_000_000);
        assert_eq!(at(types::timestamptz(), "2013-01-01T05:15:00-05:00"), 1_357_035_300_000_000);
    }
}
