//! Text of numerics: read as PostgreSQL's `numeric_in` reads it, written as `numeric_out` writes it.

use std::fmt;

use num_bigint::{BigInt, BigUint};

use super::{MAX_SCALE, Numeric, digits, overflow};
use crate::error::{SqlError, SqlResult, SqlState};

/// Blanks as C's `isspace` knows them.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// Reads `12.50`, `-.5e3`, `NaN`, `-Infinity`, with blanks around. 22P02 for other text, 22003 beyond the
/// limits.
pub fn parse(text: &str) -> SqlResult<Numeric> {
    let body = trim(text.as_bytes());
    let (negative, unsigned) = match body.first() {
        Some(b'+') => (false, &body[1..]),
        Some(b'-') => (true, &body[1..]),
        _ => (false, body),
    };
    if !unsigned.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return special(body, negative, unsigned).ok_or_else(|| invalid(text));
    }
    let number = scan(unsigned).ok_or_else(|| invalid(text))?;
    let Some(exponent) = number.exponent else { return Err(overflow()) };
    let scale = (number.fraction.len() as i64 - exponent).max(0);
    let count = number.whole.len() + number.fraction.len();
    if scale == number.fraction.len() as i64 - exponent && count <= 38 && scale <= i64::from(MAX_SCALE) {
        let mut coefficient = 0i128;
        for digit in number.whole.iter().chain(number.fraction) {
            coefficient = coefficient * 10 + i128::from(digit - b'0');
        }
        let numeric = Numeric::small(if negative { -coefficient } else { coefficient }, scale as u16);
        return Ok(numeric);
    }
    large(&number, exponent, negative, scale)
}

/// What stands in the text of a finite number, without its sign.
struct Number<'a> {
    whole: &'a [u8],
    fraction: &'a [u8],
    /// None: beyond all bounds.
    exponent: Option<i64>,
}

fn large(number: &Number<'_>, exponent: i64, negative: bool, scale: i64) -> SqlResult<Numeric> {
    if scale > i64::from(MAX_SCALE) {
        return Err(overflow());
    }
    let mut text = Vec::with_capacity(number.whole.len() + number.fraction.len());
    text.extend(number.whole.iter().chain(number.fraction).skip_while(|digit| **digit == b'0'));
    if text.is_empty() {
        return Ok(Numeric::small(0, scale as u16));
    }
    // Zeros that the exponent adds before the point.
    let zeros = (exponent - number.fraction.len() as i64).max(0);
    if text.len() as i64 + zeros - scale > i64::from(super::MAX_INTEGER_DIGITS) {
        return Err(overflow());
    }
    text.resize(text.len() + zeros as usize, b'0');
    let magnitude = BigUint::parse_bytes(&text, 10)
        .ok_or_else(|| SqlError::internal("decimal digits that are no number"))?;
    let coefficient = BigInt::from(magnitude);
    Numeric::checked(if negative { -coefficient } else { coefficient }, scale as u32)
}

fn scan(text: &[u8]) -> Option<Number<'_>> {
    let whole_length = digit_run(text);
    let (whole, mut rest) = text.split_at(whole_length);
    let mut fraction: &[u8] = &[];
    if rest.first() == Some(&b'.') {
        let length = digit_run(&rest[1..]);
        fraction = &rest[1..1 + length];
        rest = &rest[1 + length..];
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = match rest.first() {
        None => Some(0),
        Some(b'e' | b'E') => scan_exponent(&rest[1..])?,
        Some(_) => return None,
    };
    Some(Number { whole, fraction, exponent })
}

/// The exponent, as C's `strtol` reads it: blanks before the sign are taken. The inner None: beyond all
/// bounds.
fn scan_exponent(text: &[u8]) -> Option<Option<i64>> {
    let text = &text[text.iter().take_while(|byte| is_space(**byte)).count()..];
    let (negative, digits) = match text.first() {
        Some(b'+') => (false, &text[1..]),
        Some(b'-') => (true, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || digit_run(digits) != digits.len() {
        return None;
    }
    let mut exponent = 0i64;
    for digit in digits {
        exponent = exponent * 10 + i64::from(digit - b'0');
        if exponent >= i64::from(i32::MAX / 2) {
            return Some(None);
        }
    }
    Some(Some(if negative { -exponent } else { exponent }))
}

fn special(body: &[u8], negative: bool, unsigned: &[u8]) -> Option<Numeric> {
    if body.eq_ignore_ascii_case(b"nan") {
        return Some(Numeric::NaN);
    }
    if unsigned.eq_ignore_ascii_case(b"infinity") || unsigned.eq_ignore_ascii_case(b"inf") {
        return Some(if negative { Numeric::NegativeInfinity } else { Numeric::Infinity });
    }
    None
}

fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().take_while(|byte| is_space(**byte)).count();
    let end = text[start..].iter().rev().take_while(|byte| is_space(**byte)).count();
    &text[start..text.len() - end]
}

fn digit_run(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn invalid(text: &str) -> SqlError {
    let message = format!("invalid input syntax for type numeric: \"{text}\"");
    SqlError::new(SqlState::InvalidTextRepresentation, message)
}

impl fmt::Display for Numeric {
    /// As `numeric_out`: all digits, no exponent.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Numeric::NaN => formatter.write_str("NaN"),
            Numeric::Infinity => formatter.write_str("Infinity"),
            Numeric::NegativeInfinity => formatter.write_str("-Infinity"),
            Numeric::Small { coefficient, scale } => {
                if *coefficient < 0 {
                    formatter.write_str("-")?;
                }
                write_small(formatter, coefficient.unsigned_abs(), u32::from(*scale))
            }
            Numeric::Large { coefficient, scale } => {
                let text = coefficient.magnitude().to_string();
                if coefficient.sign() == num_bigint::Sign::Minus {
                    formatter.write_str("-")?;
                }
                write_digits(formatter, &text, usize::from(*scale))
            }
        }
    }
}

fn write_small(formatter: &mut fmt::Formatter<'_>, magnitude: u128, scale: u32) -> fmt::Result {
    if scale == 0 {
        return write!(formatter, "{magnitude}");
    }
    match digits::small_power(scale) {
        Some(power) if magnitude <= u128::from(u64::MAX) && power <= i128::from(u64::MAX) => {
            let (magnitude, power) = (magnitude as u64, power as u64);
            write!(formatter, "{}.{:0width$}", magnitude / power, magnitude % power, width = scale as usize)
        }
        Some(power) => {
            let power = power as u128;
            write!(formatter, "{}.{:0width$}", magnitude / power, magnitude % power, width = scale as usize)
        }
        None => write_digits(formatter, &magnitude.to_string(), scale as usize),
    }
}

fn write_digits(formatter: &mut fmt::Formatter<'_>, text: &str, scale: usize) -> fmt::Result {
    if scale == 0 {
        return formatter.write_str(text);
    }
    if text.len() > scale {
        let (whole, fraction) = text.split_at(text.len() - scale);
        return write!(formatter, "{whole}.{fraction}");
    }
    formatter.write_str("0.")?;
    let mut zeros = scale - text.len();
    const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    while zeros > 0 {
        let some = zeros.min(ZEROS.len());
        formatter.write_str(&ZEROS[..some])?;
        zeros -= some;
    }
    formatter.write_str(text)
}
