//! float4 and float8: read, printed and converted as PostgreSQL does.
//!
//! Text is the shortest that reads back as the same value and lies strictly between the neighbours' halves
//! (so 1e23 prints as 9.999999999999999e+22), or has 15 (6) digits and less or more where
//! `extra_float_digits` says so.

use std::fmt::Write as _;

use super::numeric::text::is_space;
use crate::error::{SqlError, SqlResult, SqlState};

/// Reads a float8. 22P02 for other text, 22003 where it is too large, or would be zero without being it.
pub fn parse_float8(text: &str) -> SqlResult<f64> {
    parse(text, "double precision", read_float8, |value| value == 0.0, f64::is_infinite)
}

/// Reads a float4. 22P02 for other text, 22003 where it is too large, or would be zero without being it.
pub fn parse_float4(text: &str) -> SqlResult<f32> {
    parse(text, "real", read_float4, |value| value == 0.0, f32::is_infinite)
}

/// Prints a float8. `float_digits` is that of [`crate::types::environment::Environment`].
pub fn print_float8(value: f64, float_digits: Option<i32>) -> String {
    if let Some(special) = special(value) {
        return special.to_owned();
    }
    match float_digits {
        Some(extra) => general(value, (15 + extra).max(1) as usize),
        None => layout(&shortest_float8(value), 15),
    }
}

/// Prints a float4. `float_digits` is that of [`crate::types::environment::Environment`].
pub fn print_float4(value: f32, float_digits: Option<i32>) -> String {
    if let Some(special) = special(f64::from(value)) {
        return special.to_owned();
    }
    match float_digits {
        Some(extra) => general(f64::from(value), (6 + extra).max(1) as usize),
        None => layout(&shortest_float4(value), 6),
    }
}

/// As C's `%.*g`: so many significant digits, trailing zeros cut, an exponent below -4 and from that many
/// digits on.
pub fn general(value: f64, significant: usize) -> String {
    let significant = significant.max(1);
    let text = format!("{:.*e}", significant - 1, value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed =
        if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    layout(&format!("{trimmed}e{exponent}"), significant as i32)
}

/// 22003 for text that no float of the type comes near to.
pub fn text_out_of_range(text: &str, type_name: &str) -> SqlError {
    let message = format!("\"{text}\" is out of range for type {type_name}");
    SqlError::new(SqlState::NumericOutOfRange, message)
}

/// 22003 "value out of range: overflow"
pub fn overflow() -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "value out of range: overflow")
}

/// 22003 "value out of range: underflow"
pub fn underflow() -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "value out of range: underflow")
}

/// The nearest float4. 22003 where it is infinite or zero and the float8 is not.
pub fn float8_to_float4(value: f64) -> SqlResult<f32> {
    let narrow = value as f32;
    if narrow.is_infinite() && !value.is_infinite() {
        return Err(overflow());
    }
    if narrow == 0.0 && value != 0.0 {
        return Err(underflow());
    }
    Ok(narrow)
}

/// Rounded half to even to a smallint. 22003 where it does not fit.
pub fn float8_to_int2(value: f64) -> SqlResult<i16> {
    let rounded = value.round_ties_even();
    if (-32_768.0..32_768.0).contains(&rounded) { Ok(rounded as i16) } else { Err(integer_range("smallint")) }
}

/// Rounded half to even to an integer. 22003 where it does not fit.
pub fn float8_to_int4(value: f64) -> SqlResult<i32> {
    let rounded = value.round_ties_even();
    if (-2_147_483_648.0..2_147_483_648.0).contains(&rounded) {
        Ok(rounded as i32)
    } else {
        Err(integer_range("integer"))
    }
}

/// Rounded half to even to a bigint. 22003 where it does not fit.
pub fn float8_to_int8(value: f64) -> SqlResult<i64> {
    let rounded = value.round_ties_even();
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded) {
        Ok(rounded as i64)
    } else {
        Err(integer_range("bigint"))
    }
}

/// Rounded half to even to a smallint. 22003 where it does not fit.
pub fn float4_to_int2(value: f32) -> SqlResult<i16> {
    float8_to_int2(f64::from(value))
}

/// Rounded half to even to an integer. 22003 where it does not fit.
pub fn float4_to_int4(value: f32) -> SqlResult<i32> {
    float8_to_int4(f64::from(value))
}

/// Rounded half to even to a bigint. 22003 where it does not fit.
pub fn float4_to_int8(value: f32) -> SqlResult<i64> {
    float8_to_int8(f64::from(value))
}

/// The order of floats in SQL: NaN equals itself and is greater than all others; -0 equals 0.
#[inline]
pub fn compare_float8(left: f64, right: f64) -> std::cmp::Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

fn integer_range(name: &str) -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, format!("{name} out of range"))
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        None
    }
}

fn parse<T: Copy + Default + std::ops::Neg<Output = T>>(
    text: &str,
    type_name: &str,
    read: impl Fn(&Token<'_>) -> Option<T>,
    is_zero: impl Fn(T) -> bool,
    is_infinite: impl Fn(T) -> bool,
) -> SqlResult<T> {
    let invalid = || {
        let message = format!("invalid input syntax for type {type_name}: \"{text}\"");
        SqlError::new(SqlState::InvalidTextRepresentation, message)
    };
    let bytes = text.as_bytes();
    let start = bytes.iter().take_while(|byte| is_space(**byte)).count();
    let body = &text[start..];
    let token = scan(body).ok_or_else(invalid)?;
    let value = read(&token).ok_or_else(invalid)?;
    let finite = matches!(token.body, Body::Decimal(_) | Body::Hexadecimal { .. });
    if finite && (is_infinite(value) || (is_zero(value) && !token.is_zero())) {
        return Err(text_out_of_range(&body[..token.length], type_name));
    }
    if !body.as_bytes()[token.length..].iter().all(|byte| is_space(*byte)) {
        return Err(invalid());
    }
    Ok(if token.negative { -value } else { value })
}

/// What `strtod` takes from the start of a text.
struct Token<'a> {
    negative: bool,
    body: Body<'a>,
    length: usize,
}

enum Body<'a> {
    /// Digits with a point and an exponent, as Rust reads them too.
    Decimal(&'a str),
    /// mantissa * 2^exponent, the lowest bit also standing for what is cut.
    Hexadecimal {
        mantissa: u64,
        exponent: i64,
    },
    Infinity,
    NaN,
}

impl Token<'_> {
    fn is_zero(&self) -> bool {
        match &self.body {
            Body::Decimal(text) => text
                .bytes()
                .take_while(|byte| !matches!(byte, b'e' | b'E'))
                .all(|byte| !(b'1'..=b'9').contains(&byte)),
            Body::Hexadecimal { mantissa, .. } => *mantissa == 0,
            Body::Infinity | Body::NaN => false,
        }
    }
}

fn scan(text: &str) -> Option<Token<'_>> {
    let bytes = text.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let rest = &bytes[sign..];
    let word = |word: &[u8]| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word);
    let token = |body, length| Some(Token { negative, body, length: sign + length });
    if word(b"infinity") {
        return token(Body::Infinity, 8);
    }
    if word(b"inf") {
        return token(Body::Infinity, 3);
    }
    if word(b"nan") {
        // A payload in parentheses is taken and forgotten.
        let payload = rest[3..].iter().position(|byte| *byte == b')');
        let named =
            |end: usize| rest[4..3 + end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let length = match payload {
            Some(end) if rest[3] == b'(' && named(end) => 4 + end,
            _ => 3,
        };
        return token(Body::NaN, length);
    }
    if word(b"0x")
        && let Some((mantissa, exponent, length)) = scan_hexadecimal(&rest[2..])
    {
        return token(Body::Hexadecimal { mantissa, exponent }, 2 + length);
    }
    let length = scan_decimal(rest)?;
    token(Body::Decimal(&text[sign..sign + length]), length)
}

fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn scan_decimal(bytes: &[u8]) -> Option<usize> {
    let whole = run(bytes);
    let mut length = whole;
    let mut fraction = 0;
    if bytes.get(length) == Some(&b'.') {
        fraction = run(&bytes[length + 1..]);
        length += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    Some(length + scan_exponent(&bytes[length..], b"eE"))
}

/// The length of an exponent; 0 where there is none.
fn scan_exponent(bytes: &[u8], letters: &[u8; 2]) -> usize {
    if !bytes.first().is_some_and(|byte| letters.contains(byte)) {
        return 0;
    }
    let sign = usize::from(matches!(bytes.get(1), Some(b'-' | b'+')));
    let digits = run(&bytes[1 + sign..]);
    if digits == 0 { 0 } else { 1 + sign + digits }
}

fn scan_hexadecimal(bytes: &[u8]) -> Option<(u64, i64, usize)> {
    let (mut mantissa, mut exponent, mut digits, mut point) = (0u64, 0i64, 0usize, false);
    let mut length = 0;
    for byte in bytes {
        if *byte == b'.' && !point {
            point = true;
        } else if let Some(digit) = (*byte as char).to_digit(16) {
            digits += 1;
            if mantissa >> 60 == 0 {
                mantissa = mantissa << 4 | u64::from(digit);
                exponent -= if point { 4 } else { 0 };
            } else {
                mantissa |= u64::from(digit != 0);
                exponent += if point { 0 } else { 4 };
            }
        } else {
            break;
        }
        length += 1;
    }
    if digits == 0 {
        return None;
    }
    let tail = scan_exponent(&bytes[length..], b"pP");
    if tail > 0 {
        let text = std::str::from_utf8(&bytes[length + 1..length + tail]).ok()?;
        let power: i64 = text.parse().unwrap_or(if text.starts_with('-') { -1_000_000 } else { 1_000_000 });
        exponent += power.clamp(-1_000_000, 1_000_000);
    }
    Some((mantissa, exponent, length + tail))
}

fn read_float8(token: &Token<'_>) -> Option<f64> {
    match &token.body {
        Body::Decimal(text) => text.parse().ok(),
        Body::Hexadecimal { mantissa, exponent } => Some(binary(*mantissa, *exponent, 53, -1074)),
        Body::Infinity => Some(f64::INFINITY),
        Body::NaN => Some(f64::NAN),
    }
}

fn read_float4(token: &Token<'_>) -> Option<f32> {
    match &token.body {
        Body::Decimal(text) => text.parse().ok(),
        Body::Hexadecimal { mantissa, exponent } => Some(binary(*mantissa, *exponent, 24, -149) as f32),
        Body::Infinity => Some(f32::INFINITY),
        Body::NaN => Some(f32::NAN),
    }
}

/// mantissa * 2^exponent, rounded half to even to so many bits, none of them below 2^least.
fn binary(mantissa: u64, exponent: i64, bits: i64, least: i64) -> f64 {
    let length = i64::from(64 - mantissa.leading_zeros());
    let drop = (length - bits).max(least - exponent).max(0);
    if mantissa == 0 || drop > 64 {
        return 0.0;
    }
    let wide = u128::from(mantissa);
    let mut kept = wide >> drop;
    let lost = wide - (kept << drop);
    let half = if drop > 0 { 1u128 << (drop - 1) } else { u128::MAX };
    if lost > half || (lost == half && kept & 1 == 1) {
        kept += 1;
    }
    // Two factors, so that neither is out of range by itself.
    let power = (exponent + drop).clamp(-2_200, 2_200) as i32;
    let first = power / 2;
    kept as f64 * 2f64.powi(first) * 2f64.powi(power - first)
}

/// The shortest digits that read back, as `d.ddde±x`.
fn shortest_float8(value: f64) -> String {
    let text = scientific(ryu::Buffer::new().format_finite(value));
    let unit = (value.abs().to_bits() >> 52).saturating_sub(1075);
    if !is_boundary(value, &text, 9.0e15, unit) {
        return text;
    }
    let longer = (1..17)
        .map(|places| format!("{value:.places$e}"))
        .find(|text| text.parse() == Ok(value) && !is_boundary(value, text, 9.0e15, unit));
    longer.unwrap_or(text)
}

fn shortest_float4(value: f32) -> String {
    let text = scientific(ryu::Buffer::new().format_finite(value));
    let unit = u64::from(value.abs().to_bits() >> 23).saturating_sub(150);
    let wide = f64::from(value);
    if !is_boundary(wide, &text, 1.6e7, unit) {
        return text;
    }
    let longer = (1..9)
        .map(|places| format!("{value:.places$e}"))
        .find(|text| text.parse() == Ok(value) && !is_boundary(wide, text, 1.6e7, unit));
    longer.unwrap_or(text)
}

/// The digits of `123.45`, `0.0012` or `1.5e-7` as `d.ddde±x`.
fn scientific(text: &str) -> String {
    let (sign, unsigned) = if text.starts_with('-') { text.split_at(1) } else { ("", text) };
    let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.parse::<i32>().unwrap_or(0) + whole.len() as i32 - 1;
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let exponent = exponent - (all.len() - digits.len()) as i32;
    let digits = digits.trim_end_matches('0');
    match digits.split_at_checked(1) {
        None => format!("{sign}0e0"),
        Some((first, "")) => format!("{sign}{first}e{exponent}"),
        Some((first, rest)) => format!("{sign}{first}.{rest}e{exponent}"),
    }
}

/// Whether a text says just the middle between a value and its neighbour, which reads back only by the rule
/// that ties go to even. Only whole numbers from 2^53 (2^24) up can: below, such a middle has more digits
/// than the shortest.
fn is_boundary(value: f64, text: &str, from: f64, unit: u64) -> bool {
    let magnitude = value.abs();
    if magnitude < from || magnitude > 3.0e35 || unit == 0 || unit > 100 {
        return false;
    }
    let Some((mantissa, exponent)) = text.trim_start_matches('-').split_once('e') else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Option<u128> = format!("{whole}{fraction}").parse().ok();
    let exponent: Option<u32> = exponent.parse().ok();
    let (Some(digits), Some(exponent)) = (digits, exponent) else { return false };
    let Some(zeros) = exponent.checked_sub(fraction.len() as u32) else { return false };
    let Some(said) = 10u128.checked_pow(zeros).and_then(|power| digits.checked_mul(power)) else {
        return false;
    };
    // Below a power of two the neighbour is only half as far.
    let exact = magnitude as u128;
    let half = 1u128 << (unit - 1);
    let power_of_two = exact.is_power_of_two();
    said == exact + half || said == exact - half || (power_of_two && half > 1 && said == exact - half / 2)
}

/// Digits `d.ddde±x` as PostgreSQL lays them out: with an exponent below -4 and from `limit` digits on.
fn layout(text: &str, limit: i32) -> String {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mut out = String::with_capacity(26);
    if negative {
        out.push('-');
    }
    if exponent < -4 || exponent >= limit {
        let sign = if exponent < 0 { '-' } else { '+' };
        // Writing into a String cannot fail.
        let _ = write!(out, "{mantissa}e{sign}{:02}", exponent.abs());
        return out;
    }
    let digits: String = mantissa.chars().filter(|letter| *letter != '.').collect();
    if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        out.push_str(&digits);
        return out;
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        out.push_str(&digits);
        out.extend(std::iter::repeat_n('0', whole - digits.len()));
    } else {
        out.push_str(&digits[..whole]);
        out.push('.');
        out.push_str(&digits[whole..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{parse_float4, parse_float8, print_float4, print_float8};

    #[test]
    fn text_is_that_of_postgres() {
        for (text, expected) in [
            ("1e23", "9.999999999999999e+22"),
            ("9007199254740993", "9.007199254740992e+15"),
            ("0x10", "16"),
            ("0x1.8p1", "3"),
            ("nan(abc)", "NaN"),
            ("-nan", "NaN"),
            (" 1.5 ", "1.5"),
            ("4e-324", "5e-324"),
            ("-infinity", "-Infinity"),
            ("1e15", "1e+15"),
            ("123456789012345", "123456789012345"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("-0", "-0"),
            ("1e22", "1e+22"),
            ("100", "100"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0e400", "0"),
        ] {
            assert_eq!(parse_float8(text).map(|value| print_float8(value, None)).as_deref(), Ok(expected));
        }
        for (text, expected) in [
            ("8.589973e9", "8.589974e+09"),
            ("2e22", "2e+22"),
            ("123456", "123456"),
            ("1234567", "1.234567e+06"),
            ("323272.125", "323272.12"),
        ] {
            assert_eq!(parse_float4(text).map(|value| print_float4(value, None)).as_deref(), Ok(expected));
        }
        assert_eq!(print_float8(0.1 + 0.2, Some(0)), "0.3");
        assert_eq!(print_float8(1.0 / 3.0, Some(-12)), "0.333");
        assert_eq!(print_float8(1e100 / 3.0, Some(0)), "3.33333333333333e+99");
        assert_eq!(print_float4(1.0 / 3.0, Some(0)), "0.333333");
        for (text, state) in [
            ("1e400", "22003"),
            ("1e400x", "22003"),
            ("2e-324", "22003"),
            ("1e5x", "22P02"),
            ("", "22P02"),
            ("1e", "22P02"),
            ("infinityx", "22P02"),
        ] {
            assert_eq!(parse_float8(text).unwrap_err().state.code(), state, "{text}");
        }
        assert_eq!(parse_float4("1e39").unwrap_err().message, "\"1e39\" is out of range for type real");
    }
}
