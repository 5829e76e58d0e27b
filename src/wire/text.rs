//! Values as Postgres prints them: `DateStyle ISO`, `IntervalStyle postgres`, `bytea_output hex`, UTC, and the
//! shortest digits that read back as the same float.

use std::io::Write;

use arrow::datatypes::IntervalMonthDayNano;
use bytes::{BufMut, BytesMut};
use millstream_sql::datetime::civil_from_days;

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;

/// An integer.
pub fn put_i64(out: &mut BytesMut, value: i64) {
    if value < 0 {
        out.put_u8(b'-');
    }
    put_u128(out, u128::from(value.unsigned_abs()), 1);
}

/// Decimal digits, padded with zeros on the left to at least `width` (at most 39).
fn put_u128(out: &mut BytesMut, value: u128, width: usize) {
    let mut digits = [b'0'; 39];
    let mut at = digits.len();
    // Division of 128 bits is slow; nearly all values fit in 64.
    let mut rest = value;
    while rest > u128::from(u64::MAX) {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut rest = rest as u64;
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.put_slice(&digits[at.min(digits.len() - width)..]);
}

fn put_padded(out: &mut BytesMut, value: u64, width: usize) {
    put_u128(out, u128::from(value), width);
}

/// A `double precision`.
pub fn put_f64(out: &mut BytesMut, value: f64) {
    if value.is_finite() {
        let mut buffer = [0u8; 32];
        put_shortest(out, scientific(&mut buffer, format_args!("{value:e}")), 15);
    } else {
        put_non_finite(out, value);
    }
}

/// A `real`.
pub fn put_f32(out: &mut BytesMut, value: f32) {
    if value.is_finite() {
        let mut buffer = [0u8; 32];
        put_shortest(out, scientific(&mut buffer, format_args!("{value:e}")), 6);
    } else {
        put_non_finite(out, f64::from(value));
    }
}

fn put_non_finite(out: &mut BytesMut, value: f64) {
    out.put_slice(match value {
        v if v.is_nan() => b"NaN",
        v if v > 0.0 => b"Infinity",
        _ => b"-Infinity",
    });
}

fn scientific<'a>(buffer: &'a mut [u8; 32], value: std::fmt::Arguments<'_>) -> &'a [u8] {
    let mut rest = &mut buffer[..];
    // 17 digits, a sign, a point and an exponent of at most four characters always fit.
    let _ = rest.write_fmt(value);
    let left = rest.len();
    &buffer[..32 - left]
}

/// Rust's `-1.25e-7` as Postgres writes it: fixed for exponents from -4 to below `fixed_below`.
fn put_shortest(out: &mut BytesMut, scientific: &[u8], fixed_below: i32) {
    let (sign, unsigned) = match scientific.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, scientific),
    };
    let e = unsigned.iter().position(|byte| *byte == b'e').unwrap_or(unsigned.len());
    let mantissa = &unsigned[..e];
    let exponent: i32 = std::str::from_utf8(unsigned.get(e + 1..).unwrap_or_default())
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(0);
    if sign {
        out.put_u8(b'-');
    }
    let (first, fraction) = (mantissa[0], mantissa.get(2..).unwrap_or_default());
    if !(-4..fixed_below).contains(&exponent) {
        out.put_u8(first);
        if !fraction.is_empty() {
            out.put_u8(b'.');
            out.put_slice(fraction);
        }
        out.put_slice(if exponent < 0 { b"e-" } else { b"e+" });
        put_padded(out, u64::from(exponent.unsigned_abs()), 2);
    } else if exponent < 0 {
        out.put_slice(b"0.");
        out.put_bytes(b'0', (-exponent - 1) as usize);
        out.put_u8(first);
        out.put_slice(fraction);
    } else {
        let whole = exponent as usize;
        out.put_u8(first);
        if fraction.len() <= whole {
            out.put_slice(fraction);
            out.put_bytes(b'0', whole - fraction.len());
        } else {
            out.put_slice(&fraction[..whole]);
            out.put_u8(b'.');
            out.put_slice(&fraction[whole..]);
        }
    }
}

/// `value / 10^scale` with all its `scale` places.
pub fn put_decimal(out: &mut BytesMut, value: i128, scale: i8) {
    if value < 0 {
        out.put_u8(b'-');
    }
    let magnitude = value.unsigned_abs();
    match u32::try_from(scale) {
        Ok(0) => put_u128(out, magnitude, 1),
        Ok(places) => match 10u128.checked_pow(places) {
            Some(unit) => {
                put_u128(out, magnitude / unit, 1);
                out.put_u8(b'.');
                put_u128(out, magnitude % unit, places as usize);
            }
            None => put_decimal_digits(out, magnitude.to_string().as_bytes(), scale),
        },
        Err(_) => put_decimal_digits(out, magnitude.to_string().as_bytes(), scale),
    }
}

/// The same for a magnitude given as its decimal digits.
pub fn put_decimal_digits(out: &mut BytesMut, digits: &[u8], scale: i8) {
    if scale <= 0 {
        out.put_slice(digits);
        if digits != b"0" {
            out.put_bytes(b'0', usize::from(scale.unsigned_abs()));
        }
        return;
    }
    let places = scale as usize;
    if digits.len() > places {
        let (whole, fraction) = digits.split_at(digits.len() - places);
        out.put_slice(whole);
        out.put_u8(b'.');
        out.put_slice(fraction);
    } else {
        out.put_slice(b"0.");
        out.put_bytes(b'0', places - digits.len());
        out.put_slice(digits);
    }
}

/// A date, as days from 1970-01-01.
pub fn put_date(out: &mut BytesMut, days: i32) {
    if put_day(out, i64::from(days)) {
        out.put_slice(b" BC");
    }
}

/// Year, month and day; answers whether it was before the year 1, which " BC" at the end has to say.
fn put_day(out: &mut BytesMut, days: i64) -> bool {
    let (year, month, day) = civil_from_days(days);
    let before = year <= 0;
    put_padded(out, if before { 1 - year } else { year } as u64, 4);
    out.put_u8(b'-');
    put_padded(out, u64::from(month), 2);
    out.put_u8(b'-');
    put_padded(out, u64::from(day), 2);
    before
}

/// A time of day, as microseconds since midnight.
pub fn put_time(out: &mut BytesMut, us: i64) {
    let us = us.unsigned_abs();
    let seconds = us / SECOND_US as u64;
    put_padded(out, seconds / 3600, 2);
    out.put_u8(b':');
    put_padded(out, seconds / 60 % 60, 2);
    out.put_u8(b':');
    put_padded(out, seconds % 60, 2);
    put_fraction(out, us % SECOND_US as u64);
}

/// `.25` for 250,000 microseconds, nothing for none.
fn put_fraction(out: &mut BytesMut, us: u64) {
    if us == 0 {
        return;
    }
    let (mut value, mut width) = (us, 6);
    while value % 10 == 0 {
        value /= 10;
        width -= 1;
    }
    out.put_u8(b'.');
    put_padded(out, value, width);
}

/// A timestamp, as microseconds since 1970-01-01; with `zoned` followed by `+00`.
pub fn put_timestamp(out: &mut BytesMut, us: i64, zoned: bool) {
    let before = put_day(out, us.div_euclid(DAY_US));
    out.put_u8(b' ');
    put_time(out, us.rem_euclid(DAY_US));
    if zoned {
        out.put_slice(b"+00");
    }
    if before {
        out.put_slice(b" BC");
    }
}

/// An interval, in microseconds below the day.
pub fn put_interval(out: &mut BytesMut, value: IntervalMonthDayNano) {
    let start = out.len();
    let mut negative = false;
    for (amount, unit) in [(value.months / 12, "year"), (value.months % 12, "mon"), (value.days, "day")] {
        if amount == 0 {
            continue;
        }
        if out.len() > start {
            out.put_u8(b' ');
        }
        // Postgres marks a positive part after a negative one.
        if negative && amount > 0 {
            out.put_u8(b'+');
        }
        put_i64(out, i64::from(amount));
        out.put_u8(b' ');
        out.put_slice(unit.as_bytes());
        if amount != 1 {
            out.put_u8(b's');
        }
        negative = amount < 0;
    }
    let us = value.nanoseconds / 1000;
    if us != 0 || out.len() == start {
        if out.len() > start {
            out.put_u8(b' ');
        }
        if us < 0 {
            out.put_u8(b'-');
        } else if negative {
            out.put_u8(b'+');
        }
        put_time(out, us);
    }
}

/// Bytes as `\x…`.
pub fn put_bytea(out: &mut BytesMut, bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.reserve(2 + 2 * bytes.len());
    out.put_slice(b"\\x");
    for byte in bytes {
        out.put_u8(HEX[usize::from(byte >> 4)]);
        out.put_u8(HEX[usize::from(byte & 15)]);
    }
}

/// A JSON string.
pub fn put_json_string(out: &mut BytesMut, text: &[u8]) {
    out.put_u8(b'"');
    for byte in text {
        match byte {
            b'"' => out.put_slice(b"\\\""),
            b'\\' => out.put_slice(b"\\\\"),
            b'\n' => out.put_slice(b"\\n"),
            b'\r' => out.put_slice(b"\\r"),
            b'\t' => out.put_slice(b"\\t"),
            0..0x20 => out.put_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.put_u8(*byte),
        }
    }
    out.put_u8(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut BytesMut)) -> String {
        let mut out = BytesMut::new();
        write(&mut out);
        String::from_utf8(out.to_vec()).unwrap()
    }

    #[test]
    fn floats_have_postgres_shortest_form() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e14, "100000000000000"),
            (123456789012345.0, "123456789012345"),
            (1e15, "1e+15"),
            (1e20, "1e+20"),
            (123456789012345678.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.25e-7, "1.25e-07"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(written(|out| put_f64(out, value)), expected);
        }
        for (value, expected) in [
            (0.1f32, "0.1"),
            (123456.0, "123456"),
            (1e6, "1e+06"),
            (1234567.0, "1.234567e+06"),
            (16.5, "16.5"),
        ] {
            assert_eq!(written(|out| put_f32(out, value)), expected);
        }
    }

    #[test]
    fn integers_and_decimals() {
        assert_eq!(written(|out| put_i64(out, i64::MIN)), "-9223372036854775808");
        assert_eq!(written(|out| put_i64(out, 0)), "0");
        for (value, scale, expected) in [
            (12345, 2, "123.45"),
            (-5, 2, "-0.05"),
            (0, 3, "0.000"),
            (7, 0, "7"),
            (7, -2, "700"),
            (0, -2, "0"),
            (i128::MAX, 10, "17014118346046923173168730371.5884105727"),
            (i128::MIN, 0, "-170141183460469231731687303715884105728"),
        ] {
            assert_eq!(written(|out| put_decimal(out, value, scale)), expected);
            if value >= 0 {
                let digits = value.to_string();
                assert_eq!(written(|out| put_decimal_digits(out, digits.as_bytes(), scale)), expected);
            }
        }
    }

    #[test]
    fn dates_and_times() {
        assert_eq!(written(|out| put_date(out, 15_706)), "2013-01-01");
        assert_eq!(written(|out| put_date(out, -719_528)), "0001-01-01 BC");
        assert_eq!(written(|out| put_date(out, 2_932_897)), "10000-01-01");
        assert_eq!(written(|out| put_time(out, 3_723_000_000)), "01:02:03");
        let ten = 1_357_034_400_000_000;
        assert_eq!(written(|out| put_timestamp(out, ten, false)), "2013-01-01 10:00:00");
        assert_eq!(written(|out| put_timestamp(out, ten + 250_000, true)), "2013-01-01 10:00:00.25+00");
        assert_eq!(written(|out| put_timestamp(out, -1, false)), "1969-12-31 23:59:59.999999");
        assert_eq!(written(|out| put_timestamp(out, -719_528 * DAY_US, true)), "0001-01-01 00:00:00+00 BC");
    }

    #[test]
    fn intervals() {
        let interval = |months, days, us: i64| {
            written(|out| put_interval(out, IntervalMonthDayNano::new(months, days, us * 1000)))
        };
        assert_eq!(interval(14, 3, 14_706_789_000), "1 year 2 mons 3 days 04:05:06.789");
        assert_eq!(interval(0, 0, 0), "00:00:00");
        assert_eq!(interval(-1, 1, -1_000_000), "-1 mons +1 day -00:00:01");
        assert_eq!(interval(0, -1, 1_000_000), "-1 days +00:00:01");
        assert_eq!(interval(0, 2, 0), "2 days");
        assert_eq!(interval(0, 0, 360_000_000_000), "100:00:00");
        let read = |text: &str| millstream_sql::interval::parse_interval(text, None).unwrap();
        for (months, days, us) in [
            (14, 3, 14_706_789_000),
            (0, 0, 0),
            (-1, 1, -1_000_000),
            (0, -1, 1),
            (-25, 0, -3_600_000_000),
            (7, -9, 1),
        ] {
            let value = IntervalMonthDayNano::new(months, days, us * 1000);
            assert_eq!(read(&interval(months, days, us)), value);
            let mut text = String::new();
            millstream_sql::interval::print_interval(&mut text, value);
            assert_eq!(text, interval(months, days, us), "a cast and the wire write the same");
        }
    }
}
