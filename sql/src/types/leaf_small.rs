//! The small scalar types that have no module of their own: "char", xid, the `reg…` types, the digits of
//! decimals.
//!
//! It promises PostgreSQL 15's input rules. Names of relations, functions, roles are not known here: their
//! `reg…` types take numbers only (names are the binder's to look up).

use std::fmt::Write;

use millstream_catalog::{Kind, SqlType};

use super::integer::parse_oid;
use super::text::{byte_char, char_byte};
use crate::error::{SqlError, SqlResult, SqlState};

/// Whether PostgreSQL takes the byte for white space.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// The text as a "char": its first byte, or the byte that `\303` says.
pub fn char(text: &str) -> String {
    let bytes = text.as_bytes();
    let byte = match bytes {
        [b'\\', high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7'] => {
            ((high - b'0') << 6) | ((middle - b'0') << 3) | (low - b'0')
        }
        _ => bytes.first().copied().unwrap_or(0),
    };
    byte_char(byte)
}

/// Prints a "char"; a byte that is no ASCII as `\303`.
pub fn print_char(value: &str, text: &mut String) {
    match char_byte(value) {
        byte @ 0x80.. => write!(text, "\\{byte:03o}").expect("a String takes all that is written"),
        _ => text.push_str(value),
    }
}

/// The text as an xid: a number as C writes it, with anything behind; what is no number is 0.
pub fn xid(text: &str) -> u32 {
    let text = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, radix) = match hexadecimal {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_hexdigit()) => (digits, 16),
        _ if text.starts_with('0') => (text, 8),
        _ => (text, 10),
    };
    let mut number = 0u64;
    for digit in digits.chars().map_while(|c| c.to_digit(radix)) {
        number =
            match number.checked_mul(u64::from(radix)).and_then(|number| number.checked_add(digit.into())) {
                Some(number) => number,
                None => return u32::MAX,
            };
    }
    if negative { (number as u32).wrapping_neg() } else { number as u32 }
}

/// The text as the number of a type: its name, or the number itself.
pub fn regtype(text: &str) -> SqlResult<u32> {
    let name = text.trim_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    if name == "-" {
        return Ok(0);
    }
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return parse_oid(name);
    }
    let folded = name.to_ascii_lowercase();
    if let Some(name) = folded.strip_prefix("pg_catalog.")
        && let Some(sql_type) = SqlType::by_name(name)
    {
        return Ok(sql_type.oid());
    }
    let spelled = match folded.as_str() {
        "int" => "int4",
        "decimal" => "numeric",
        "char" => "bpchar",
        "float" => "float8",
        "timestamp" => "timestamp",
        "record" => return Ok(2249),
        "record[]" => return Ok(2287),
        other => other,
    };
    SqlType::by_name(spelled)
        .map(|sql_type| sql_type.oid())
        .ok_or_else(|| SqlError::new(SqlState::UndefinedObject, format!("type \"{name}\" does not exist")))
}

/// Prints the number of a type by the type's name.
pub fn print_regtype(oid: u32, text: &mut String) {
    match (oid, SqlType::by_oid(oid)) {
        (0, _) => text.push('-'),
        (2249, _) => text.push_str("record"),
        (2287, _) => text.push_str("record[]"),
        (_, Some(SqlType::Scalar(kind, _))) => text.push_str(kind.sql_name()),
        (_, Some(sql_type)) => {
            let element = sql_type.element().and_then(|element| element.kind());
            text.push_str(element.map_or("???", Kind::sql_name));
            text.push_str("[]");
        }
        (_, None) => push_number(text, oid),
    }
}

/// The text as the number of a relation, function, role …: numbers only.
pub fn registered(kind: Kind, text: &str) -> SqlResult<u32> {
    let digits = text.trim_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    if digits == "-" {
        return Ok(0);
    }
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return parse_oid(digits);
    }
    let (state, what) = match kind {
        Kind::Regclass => (SqlState::UndefinedTable, "relation"),
        Kind::Regproc | Kind::Regprocedure => (SqlState::UndefinedFunction, "function"),
        Kind::Regoper | Kind::Regoperator => (SqlState::UndefinedFunction, "operator"),
        Kind::Regnamespace => (SqlState::InvalidSchemaName, "schema"),
        Kind::Regrole => (SqlState::UndefinedObject, "role"),
        _ => (SqlState::UndefinedObject, "object"),
    };
    // The name as PostgreSQL writes it there: without the quotes of its parts.
    Err(SqlError::new(state, format!("{what} \"{}\" does not exist", digits.replace('"', ""))))
}

/// Prints a whole number of 10^-scale.
pub fn print_decimal(value: i128, scale: i8, text: &mut String) {
    let Ok(scale @ 1..) = usize::try_from(scale) else {
        push_number(text, value);
        return;
    };
    let mut digits = [b'0'; 80];
    let mut rest = value.unsigned_abs();
    let mut start = digits.len();
    while rest > 0 || digits.len() - start <= scale {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    if value < 0 {
        text.push('-');
    }
    let point = digits.len() - scale;
    text.extend(digits[start..point].iter().map(|digit| char::from(*digit)));
    text.push('.');
    text.extend(digits[point..].iter().map(|digit| char::from(*digit)));
}

/// The error of a text that is no value of a type.
pub fn invalid(name: &str, text: &str) -> SqlError {
    let message = format!("invalid input syntax for type {name}: \"{text}\"");
    SqlError::new(SqlState::InvalidTextRepresentation, message)
}

fn push_number(text: &mut String, value: impl std::fmt::Display) {
    write!(text, "{value}").expect("a String takes all that is written");
}
