//! Numbers of JSON as PostgreSQL's numeric would print, compare and round them, kept as text.
//!
//! jsonb keeps the scale that was written: `1.50` stays, `1e2` is `100`, `1.5e-3` is `0.0015`, `-0` is `0`.

use std::cmp::Ordering;

use super::check_size;
use crate::error::{SqlError, SqlResult, SqlState};

/// Digits before the point that a numeric may have.
const WHOLE_DIGITS: i64 = 131_072;
/// Digits after the point that a numeric may have.
const SCALE: i64 = 16_383;
/// Exponents from which on numeric's input gives up.
const EXPONENT: i64 = (i32::MAX / 2) as i64;

/// Appends the number that a token of JSON says, as jsonb prints it.
pub fn write(token: &str, out: &mut String) -> SqlResult<()> {
    let negative = token.starts_with('-');
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let scale = (fraction.len() as i64 - exponent).max(0);
    if scale > SCALE {
        return Err(overflow());
    }
    if negative && !zero {
        out.push('-');
    }
    if exponent == 0 {
        if whole.len() as i64 > WHOLE_DIGITS {
            return Err(overflow());
        }
        out.push_str(mantissa);
        return Ok(());
    }
    if zero {
        out.push('0');
        if scale > 0 {
            out.push('.');
            push_zeros(scale, out);
        }
        return Ok(());
    }
    // The digits without the point, and how many of them stand before it (which may be none or too many).
    let digits: String = [whole, fraction].concat();
    let stripped = digits.trim_start_matches('0');
    let before = whole.len() as i64 + exponent - (digits.len() - stripped.len()) as i64;
    if before > WHOLE_DIGITS {
        return Err(overflow());
    }
    check_size(out.len() + before.max(0) as usize + scale as usize)?;
    let length = stripped.len() as i64;
    if before <= 0 {
        out.push_str("0.");
        push_zeros(-before, out);
        out.push_str(stripped);
    } else if before >= length {
        out.push_str(stripped);
        push_zeros(before - length, out);
    } else {
        let (front, back) = stripped.split_at(before as usize);
        out.push_str(front);
        out.push('.');
        out.push_str(back);
    }
    Ok(())
}

fn push_zeros(count: i64, out: &mut String) {
    out.extend(std::iter::repeat_n('0', count.max(0) as usize));
}

fn read_exponent(text: &str) -> SqlResult<i64> {
    let exponent: i64 = text.parse().map_err(|_| overflow())?;
    if exponent.abs() >= EXPONENT { Err(overflow()) } else { Ok(exponent) }
}

fn overflow() -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "value overflows numeric format")
}

/// The digits that count of a number of jsonb: sign, the place of the first (10 to that power), and they
/// themselves.
struct Parts<'a> {
    negative: bool,
    power: i32,
    whole: &'a str,
    fraction: &'a str,
}

fn parts(number: &str) -> Option<Parts<'_>> {
    let negative = number.starts_with('-');
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    if whole.is_empty() {
        let stripped = fraction.trim_start_matches('0');
        let power = -((fraction.len() - stripped.len()) as i32) - 1;
        return (!stripped.is_empty()).then_some(Parts { negative, power, whole: "", fraction: stripped });
    }
    let power = whole.len() as i32 - 1;
    let whole = if fraction.is_empty() { whole.trim_end_matches('0') } else { whole };
    Some(Parts { negative, power, whole, fraction })
}

/// Appends bytes that are equal for equal numbers of jsonb and ordered as they are; no such bytes are the
/// beginning of others.
pub fn key_bytes(number: &str, out: &mut Vec<u8>) {
    let Some(parts) = parts(number) else {
        out.push(1);
        return;
    };
    out.push(if parts.negative { 0 } else { 2 });
    let from = out.len();
    out.extend_from_slice(&((parts.power as u32) ^ (1 << 31)).to_be_bytes());
    let mut digits = parts.whole.bytes().chain(parts.fraction.bytes()).map(|digit| digit - b'0');
    while let Some(first) = digits.next() {
        out.push(first * 10 + digits.next().unwrap_or(0) + 1);
    }
    out.push(0);
    if parts.negative {
        out.iter_mut().skip(from).for_each(|byte| *byte = !*byte);
    }
}

/// Compares two numbers of jsonb by value.
pub fn compare(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let (left, right) = match (parts(left), parts(right)) {
        (None, None) => return Ordering::Equal,
        (None, Some(right)) => return if right.negative { Ordering::Greater } else { Ordering::Less },
        (Some(left), None) => return if left.negative { Ordering::Less } else { Ordering::Greater },
        (Some(left), Some(right)) => (left, right),
    };
    if left.negative != right.negative {
        return if left.negative { Ordering::Less } else { Ordering::Greater };
    }
    let digits = |parts: &Parts<'_>| -> Ordering {
        let own = parts.whole.bytes().chain(parts.fraction.bytes());
        own.cmp(right.whole.bytes().chain(right.fraction.bytes()))
    };
    let order = left.power.cmp(&right.power).then_with(|| digits(&left));
    if left.negative { order.reverse() } else { order }
}

/// The whole number nearest to a number of jsonb, halves away from zero; None where 64 bits do not hold it.
pub fn to_integer(number: &str) -> Option<i64> {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut value: i128 = 0;
    for digit in whole.trim_start_matches('0').bytes() {
        value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    if fraction.bytes().next().is_some_and(|digit| digit >= b'5') {
        value = value.checked_add(1)?;
    }
    i64::try_from(if number.starts_with('-') { -value } else { value }).ok()
}
