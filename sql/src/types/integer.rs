//! int2, int4, int8 and oid: read from text as PostgreSQL 15 does (no hexadecimal, no underscores), and
//! narrowed.

use super::numeric::text::is_space;
use crate::error::{SqlError, SqlResult, SqlState};

/// Reads a smallint. 22P02 for other text, 22003 out of range.
pub fn parse_int2(text: &str) -> SqlResult<i16> {
    parse(text, "smallint")
}

/// Reads an integer. 22P02 for other text, 22003 out of range.
pub fn parse_int4(text: &str) -> SqlResult<i32> {
    parse(text, "integer")
}

/// Reads a bigint. 22P02 for other text, 22003 out of range.
pub fn parse_int8(text: &str) -> SqlResult<i64> {
    parse(text, "bigint")
}

/// Reads an oid: negative numbers of 32 bits stand for the upper half. 22P02 for other text, 22003 out of
/// range.
pub fn parse_oid(text: &str) -> SqlResult<u32> {
    let wide = scan(text, "oid")?.ok_or_else(|| text_out_of_range(text, "oid"))?;
    match u32::try_from(wide) {
        Ok(oid) => Ok(oid),
        Err(_) => match i32::try_from(wide) {
            Ok(negative) => Ok(negative as u32),
            Err(_) => Err(text_out_of_range(text, "oid")),
        },
    }
}

/// 22003 "integer out of range", or that of another integer type.
pub fn out_of_range(type_name: &str) -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, format!("{type_name} out of range"))
}

/// A bigint as an integer. 22003 out of range.
pub fn int8_to_int4(value: i64) -> SqlResult<i32> {
    i32::try_from(value).map_err(|_| out_of_range("integer"))
}

/// A bigint as a smallint. 22003 out of range.
pub fn int8_to_int2(value: i64) -> SqlResult<i16> {
    i16::try_from(value).map_err(|_| out_of_range("smallint"))
}

/// An integer as a smallint. 22003 out of range.
pub fn int4_to_int2(value: i32) -> SqlResult<i16> {
    i16::try_from(value).map_err(|_| out_of_range("smallint"))
}

/// A bigint as an oid. 22003 out of range.
pub fn int8_to_oid(value: i64) -> SqlResult<u32> {
    u32::try_from(value).map_err(|_| SqlError::new(SqlState::NumericOutOfRange, "OID out of range"))
}

fn parse<T: TryFrom<i64>>(text: &str, type_name: &str) -> SqlResult<T> {
    let wide = scan(text, type_name)?;
    wide.and_then(|wide| T::try_from(wide).ok()).ok_or_else(|| text_out_of_range(text, type_name))
}

/// A number with a sign and blanks around it; None beyond 64 bits.
fn scan(text: &str, type_name: &str) -> SqlResult<Option<i64>> {
    let invalid = || {
        let message = format!("invalid input syntax for type {type_name}: \"{text}\"");
        SqlError::new(SqlState::InvalidTextRepresentation, message)
    };
    let bytes = text.as_bytes();
    let mut at = bytes.iter().take_while(|byte| is_space(**byte)).count();
    let negative = bytes.get(at) == Some(&b'-');
    if matches!(bytes.get(at), Some(b'-' | b'+')) {
        at += 1;
    }
    let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return Err(invalid());
    }
    let mut value = Some(0i64);
    for digit in &bytes[at..at + digits] {
        // Downwards: the least number has no positive counterpart.
        value = value.and_then(|value| value.checked_mul(10)?.checked_sub(i64::from(digit - b'0')));
    }
    // Out of range is told before what follows the number is looked at.
    let value = if negative { value } else { value.and_then(i64::checked_neg) };
    if value.is_some() && !bytes[at + digits..].iter().all(|byte| is_space(*byte)) {
        return Err(invalid());
    }
    Ok(value)
}

fn text_out_of_range(text: &str, type_name: &str) -> SqlError {
    let message = format!("value \"{text}\" is out of range for type {type_name}");
    SqlError::new(SqlState::NumericOutOfRange, message)
}

#[cfg(test)]
mod tests {
    use super::{parse_int2, parse_int4, parse_int8, parse_oid};

    #[test]
    fn text_is_read_as_postgres_reads_it() {
        assert_eq!(parse_int4(" 12 "), Ok(12));
        assert_eq!(parse_int4("+12"), Ok(12));
        assert_eq!(parse_int4("-2147483648"), Ok(i32::MIN));
        assert_eq!(parse_int8("-9223372036854775808"), Ok(i64::MIN));
        for text in ["- 12", "12 x", "0x12", "", " ", "1_0", "1.0", "--1"] {
            assert_eq!(parse_int4(text).unwrap_err().state.code(), "22P02", "{text}");
        }
        let message = parse_int2("99999").unwrap_err().message;
        assert_eq!(message, "value \"99999\" is out of range for type smallint");
        assert_eq!(parse_int8("9223372036854775808").unwrap_err().state.code(), "22003");
        assert_eq!(parse_oid("-1"), Ok(u32::MAX));
        assert_eq!(parse_oid("4294967295"), Ok(u32::MAX));
        for text in ["4294967296", "-2147483649"] {
            assert_eq!(parse_oid(text).unwrap_err().state.code(), "22003", "{text}");
        }
    }
}
