//! Flink's functions of numbers.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;
use crate::types::numeric::Numeric;

/// Digits behind the point that a numeric can have.
const NUMERIC_SCALE: i32 = 16_383;

pub(super) fn rows() -> Vec<Row> {
    vec![
        strict!("truncate", (n: Int4) -> Int4 => Ok(n)).safe().monotonic(),
        strict!("truncate", (n: Int8) -> Int8 => Ok(n)).safe().monotonic(),
        strict!("truncate", (n: Float8) -> Float8 => truncate_float8(n, 0)).monotonic(),
        strict!("truncate", (n: Num) -> Num => truncate_numeric(&n, 0)).monotonic(),
        strict!("truncate", (n: Int4, digits: Int4) -> Int4 => {
            // Towards zero: the answer is within the type where the argument is.
            Ok(truncate_int8(i64::from(n), digits) as i32)
        })
        .safe()
        .monotonic(),
        strict!("truncate", (n: Int8, digits: Int4) -> Int8 => Ok(truncate_int8(n, digits)))
            .safe()
            .monotonic(),
        strict!("truncate", (n: Float8, digits: Int4) -> Float8 => truncate_float8(n, digits)).monotonic(),
        strict!("truncate", (n: Num, digits: Int4) -> Num => truncate_numeric(&n, digits))
            .grows()
            .monotonic(),
        strict!("log2", (n: Float8) -> Float8 => log2(n)).monotonic(),
        strict!("hex", (n: Int8) -> Text => Ok(format!("{n:X}"))).safe(),
        strict!("bin", (n: Int8) -> Text => Ok(format!("{n:b}"))).safe(),
    ]
}

fn log2(value: f64) -> SqlResult<f64> {
    if value == 0.0 {
        return Err(SqlError::new(SqlState::InvalidLogarithm, "cannot take logarithm of zero"));
    }
    if value < 0.0 {
        let message = "cannot take logarithm of a negative number";
        return Err(SqlError::new(SqlState::InvalidLogarithm, message));
    }
    Ok(value.log2())
}

fn truncate_int8(value: i64, digits: i32) -> i64 {
    if digits >= 0 {
        return value;
    }
    // Past nineteen digits nothing is left.
    10_i64.checked_pow(digits.unsigned_abs()).map_or(0, |unit| value / unit * unit)
}

/// By the digits that the number is printed with, so that 42.345 to two digits is 42.34 and not 42.33.
fn truncate_float8(value: f64, digits: i32) -> SqlResult<f64> {
    if !value.is_finite() {
        return Ok(value);
    }
    let text = truncated(&value.to_string(), digits.min(400), false);
    text.parse().map_err(|_| SqlError::internal(format!("\"{text}\" is no number")))
}

fn truncate_numeric(value: &Numeric, digits: i32) -> SqlResult<Numeric> {
    Numeric::parse(&truncated(&value.to_string(), digits.min(NUMERIC_SCALE), true))
}

/// A decimal text with so many digits behind the point (fewer than none: so many zeros before it); with zeros
/// where it has not so many, if padded.
fn truncated(text: &str, digits: i32, padded: bool) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    if !unsigned.starts_with(|first: char| first.is_ascii_digit()) {
        return text.to_owned();
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let wanted = digits.unsigned_abs() as usize;
    let mut out = String::from(sign);
    if digits <= 0 {
        let kept = whole.len().saturating_sub(wanted);
        out.push_str(&whole[..kept]);
        out.extend(std::iter::repeat_n('0', whole.len() - kept));
        return out;
    }
    out.push_str(whole);
    let kept = fraction.len().min(wanted);
    if kept > 0 || padded {
        out.push('.');
        out.push_str(&fraction[..kept]);
    }
    if padded {
        out.extend(std::iter::repeat_n('0', wanted - kept));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_towards_zero() {
        assert_eq!(truncate_float8(42.345, 2), Ok(42.34));
        assert_eq!(truncate_float8(-42.345, 0), Ok(-42.0));
        assert_eq!(truncate_float8(1234.5, -2), Ok(1200.0));
        assert_eq!(truncate_float8(1e300, -400), Ok(0.0));
        assert_eq!(truncate_float8(5e-324, 300), Ok(0.0));
        assert_eq!(truncated("-12.345", 2, true), "-12.34");
        assert_eq!(truncated("12.3", 3, true), "12.300");
        assert_eq!(truncated("NaN", 1, true), "NaN");
        assert_eq!(truncated("987.65", -5, true), "000");
        assert_eq!(truncate_int8(-1999, -3), -1000);
        assert_eq!(truncate_int8(i64::MIN, -30), 0);
        assert_eq!(truncate_int8(i64::MIN, i32::MIN), 0);
    }

    #[test]
    fn logarithms_have_postgres_errors() {
        assert_eq!(log2(8.0), Ok(3.0));
        assert_eq!(log2(0.0).unwrap_err().state, SqlState::InvalidLogarithm);
        assert_eq!(log2(-1.0).unwrap_err().state, SqlState::InvalidLogarithm);
    }
}
