//! `to_char` of numbers: each type's value as the digits that its template asks for.

use super::names::roman;
use super::number_out::{Digits, Sign, write};
use super::picture::{Picture, Shape, picture};
use crate::error::{SqlError, SqlResult, SqlState};

/// Digits that a double, and a real, surely holds.
const DOUBLE_DIGITS: usize = 15;
const REAL_DIGITS: usize = 6;
/// Digits that PostgreSQL computes of a floating-point number; zeros stand for the others.
const PRINTED_DIGITS: usize = 350;
/// Digits behind the point to which a numeric can be rounded.
const NUMERIC_SCALE: usize = 16_383;
/// The greatest power of ten that a numeric holds.
const NUMERIC_POWER: usize = 131_071;

/// `to_char(numeric, text)`, of the number's text as PostgreSQL prints it.
pub fn to_char_numeric(text: &str, format: &str) -> SqlResult<String> {
    if format.is_empty() {
        return Ok(String::new());
    }
    let picture = picture(format)?;
    let mut shape = picture.shape;
    if shape.roman {
        return write_roman(&picture, roman_number(text)?);
    }
    if shape.exponent {
        return Ok(match text {
            "NaN" | "Infinity" | "-Infinity" => no_exponent(&shape),
            _ => signed(scientific(text, shape.behind)),
        });
    }
    let rounded = if shape.shifted {
        if shape.shift > NUMERIC_POWER {
            return Err(SqlError::new(SqlState::NumericOutOfRange, "value overflows numeric format"));
        }
        shape.before += shape.shift;
        rounded(text, shape.shift, 0)
    } else {
        rounded(text, 0, shape.behind.min(NUMERIC_SCALE))
    };
    write_text(&picture, shape, rounded)
}

/// `to_char(integer, text)`.
pub fn to_char_int4(value: i32, format: &str) -> SqlResult<String> {
    if format.is_empty() {
        return Ok(String::new());
    }
    let picture = picture(format)?;
    let mut shape = picture.shape;
    if shape.roman {
        return write_roman(&picture, i64::from(value));
    }
    if shape.exponent {
        return Ok(signed(float_scientific(f64::from(value), shape.behind)));
    }
    let mut value = value;
    if shape.shifted {
        let factor = 10_i32.checked_pow(shape.shift.min(10) as u32);
        value = factor
            .and_then(|factor| value.checked_mul(factor))
            .ok_or_else(|| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"))?;
        shape.before += shape.shift;
    }
    write_text(&picture, shape, with_zeros(value.to_string(), shape.behind))
}

/// `to_char(bigint, text)`.
pub fn to_char_int8(value: i64, format: &str) -> SqlResult<String> {
    if format.is_empty() {
        return Ok(String::new());
    }
    let picture = picture(format)?;
    let mut shape = picture.shape;
    if shape.roman {
        let value = i32::try_from(value)
            .map_err(|_| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"))?;
        return write_roman(&picture, i64::from(value));
    }
    if shape.exponent {
        return Ok(signed(scientific(&value.to_string(), shape.behind)));
    }
    let mut value = value;
    if shape.shifted {
        let factor = 10_i64.checked_pow(shape.shift.min(20) as u32);
        value = factor
            .and_then(|factor| value.checked_mul(factor))
            .ok_or_else(|| SqlError::new(SqlState::NumericOutOfRange, "bigint out of range"))?;
        shape.before += shape.shift;
    }
    write_text(&picture, shape, with_zeros(value.to_string(), shape.behind))
}

/// `to_char(double precision, text)`.
pub fn to_char_float8(value: f64, format: &str) -> SqlResult<String> {
    let shifted = |shift: usize| value * 10_f64.powi(shift.min(400) as i32);
    to_char_float(value, format, DOUBLE_DIGITS, shifted)
}

/// `to_char(real, text)`.
pub fn to_char_float4(value: f32, format: &str) -> SqlResult<String> {
    let shifted = |shift: usize| f64::from(value * 10_f64.powi(shift.min(400) as i32) as f32);
    to_char_float(f64::from(value), format, REAL_DIGITS, shifted)
}

fn to_char_float(
    value: f64,
    format: &str,
    sure_digits: usize,
    shifted: impl Fn(usize) -> f64,
) -> SqlResult<String> {
    if format.is_empty() {
        return Ok(String::new());
    }
    let picture = picture(format)?;
    let mut shape = picture.shape;
    if shape.roman {
        let whole = value.round_ties_even();
        return write_roman(&picture, if whole.is_finite() { whole as i64 } else { 0 });
    }
    if shape.exponent {
        if !value.is_finite() {
            return Ok(no_exponent(&shape));
        }
        return Ok(signed(float_scientific(value, shape.behind)));
    }
    let value = if shape.shifted { shifted(shape.shift) } else { value };
    shape.before += shape.shift;
    let whole_digits = fixed(value.abs(), 0).len();
    shape.behind = shape.behind.min(sure_digits.saturating_sub(whole_digits));
    write_text(&picture, shape, fixed(value, shape.behind))
}

/// A floating-point number with so many digits behind the point.
fn fixed(value: f64, digits: usize) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else {
        format!("{value:.digits$}")
    }
}

fn with_zeros(mut text: String, zeros: usize) -> String {
    if zeros > 0 {
        text.push('.');
        text.extend(std::iter::repeat_n('0', zeros));
    }
    text
}

/// Puts a number's text, signed, into the template: `#` in each place where it has too many digits.
fn write_text(picture: &Picture, shape: Shape, text: String) -> SqlResult<String> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (Sign::Minus, rest.to_owned()),
        None => (Sign::Plus, text),
    };
    let whole = text.find('.').unwrap_or(text.len());
    let digits = if whole > shape.before {
        let text = format!("{}.{}", "#".repeat(shape.before), "#".repeat(shape.behind));
        Digits { text, sign, spaces: 0 }
    } else {
        Digits { text, sign, spaces: shape.before - whole }
    };
    write(picture, shape, &digits)
}

fn write_roman(picture: &Picture, value: i64) -> SqlResult<String> {
    let text = match u32::try_from(value) {
        Ok(number @ 1..=3999) => roman(number),
        _ => "#".repeat(15),
    };
    write(picture, picture.shape, &Digits { text, sign: Sign::None, spaces: 0 })
}

/// What EEEE writes of a number that has no exponent.
fn no_exponent(shape: &Shape) -> String {
    format!(" {}.{}", "#".repeat(shape.before), "#".repeat(shape.behind + 4))
}

/// With a blank in place of a plus.
fn signed(text: String) -> String {
    if text.starts_with('-') { text } else { format!(" {text}") }
}

/// C's `%.*e`.
fn float_scientific(value: f64, digits: usize) -> String {
    let text = format!("{value:.*e}", digits.min(PRINTED_DIGITS));
    let (significand, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let zeros = "0".repeat(digits.saturating_sub(PRINTED_DIGITS));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{significand}{zeros}e{sign}{exponent:0>2}")
}

/// The digits of a decimal text, and how many of them stand before the point.
fn decimal(text: &str) -> (Vec<u8>, usize) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    (whole.bytes().chain(fraction.bytes()).collect(), whole.len())
}

/// Keeps so many digits, rounding by the next one away from zero; a carry out of the first is a digit more.
fn keep(digits: &mut Vec<u8>, kept: usize) -> bool {
    let up = digits.get(kept).is_some_and(|digit| *digit >= b'5');
    digits.resize(kept, b'0');
    if !up {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return false;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    true
}

/// A decimal text times a power of ten, rounded to so many digits behind the point.
pub(super) fn rounded(text: &str, shift: usize, scale: usize) -> String {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut out = String::new();
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        out.push_str(if negative { "-" } else { "" });
        out.push_str(text);
        return out;
    }
    let (mut digits, whole) = decimal(text);
    let mut whole = whole + shift;
    whole += usize::from(keep(&mut digits, whole + scale));
    let leading = digits[..whole.saturating_sub(1)].iter().take_while(|digit| **digit == b'0').count();
    if negative && digits.iter().any(|digit| *digit != b'0') {
        out.push('-');
    }
    out.extend(digits[leading..whole].iter().map(|digit| char::from(*digit)));
    if scale > 0 {
        out.push('.');
        out.extend(digits[whole..].iter().map(|digit| char::from(*digit)));
    }
    out
}

/// A decimal text as `1.23e+04`. A significand that is rounded up to ten stays so, as PostgreSQL leaves it.
fn scientific(text: &str, scale: usize) -> String {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (digits, whole) = decimal(text);
    let first = digits.iter().position(|digit| *digit != b'0');
    let exponent = first.map_or(0, |first| whole as i64 - 1 - first as i64);
    let mut digits = first.map_or_else(Vec::new, |first| digits[first..].to_vec());
    let whole = 1 + usize::from(keep(&mut digits, scale + 1));
    let mut out = String::from(negative);
    out.extend(digits[..whole].iter().map(|digit| char::from(*digit)));
    if scale > 0 {
        out.push('.');
        out.extend(digits[whole..].iter().map(|digit| char::from(*digit)));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("e{sign}{:02}", exponent.abs()));
    out
}

/// The whole number of which Roman digits are wanted.
fn roman_number(text: &str) -> SqlResult<i64> {
    match text {
        "NaN" => {
            return Err(SqlError::new(SqlState::FeatureNotSupported, "cannot convert NaN to integer"));
        }
        "Infinity" | "-Infinity" => {
            let message = "cannot convert infinity to integer";
            return Err(SqlError::new(SqlState::FeatureNotSupported, message));
        }
        _ => {}
    }
    let number = rounded(text, 0, 0).parse::<i32>();
    number.map(i64::from).map_err(|_| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"))
}
