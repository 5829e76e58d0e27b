//! Lengths, and a character's number.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;
use crate::types::text::{bpchar_to_text, characters};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("length", (s: Text) -> Int4 => count(characters(s))).safe(),
        strict!("length", (s: Bpchar) -> Int4 => count(characters(bpchar_to_text(s)))).safe(),
        strict!("length", (s: Bytea) -> Int4 => count(s.len())).safe(),
        strict!("length", (s: Bytea, encoding: Name) -> Int4 => super::convert::length(s, encoding)).stable(),
        strict!("char_length", (s: Text) -> Int4 => count(characters(s))).safe(),
        strict!("char_length", (s: Bpchar) -> Int4 => count(characters(bpchar_to_text(s)))).safe(),
        strict!("character_length", (s: Text) -> Int4 => count(characters(s))).safe(),
        strict!("character_length", (s: Bpchar) -> Int4 => count(characters(bpchar_to_text(s)))).safe(),
        strict!("octet_length", (s: Text) -> Int4 => count(s.len())).safe(),
        strict!("octet_length", (s: Bpchar) -> Int4 => count(s.len())).safe(),
        strict!("octet_length", (s: Bytea) -> Int4 => count(s.len())).safe(),
        strict!("bit_length", (s: Text) -> Int4 => bits(s.len())),
        strict!("bit_length", (s: Bytea) -> Int4 => bits(s.len())),
        strict!("ascii", (s: Text) -> Int4 => Ok(ascii(s))).safe(),
        strict!("chr", (number: Int4) -> Text => chr(number)),
    ]
}

/// A length as integer: it always fits, for no value has more than 2 GB.
pub fn count(length: usize) -> SqlResult<i32> {
    i32::try_from(length).map_err(|_| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"))
}

fn bits(bytes: usize) -> SqlResult<i32> {
    count(bytes.saturating_mul(8))
}

/// The code point of the first character; 0 of the empty text.
pub fn ascii(text: &str) -> i32 {
    text.chars().next().map_or(0, |character| u32::from(character).cast_signed())
}

/// The character of a code point.
pub fn chr(number: i32) -> SqlResult<String> {
    let limit = |message: String| Err(SqlError::new(SqlState::ProgramLimit, message));
    match u32::try_from(number) {
        Err(_) => Err(SqlError::new(SqlState::InvalidParameterValue, "character number must be positive")),
        Ok(0) => limit("null character not permitted".to_owned()),
        Ok(number) if number > 0x0010_ffff => {
            limit(format!("requested character too large for encoding: {number}"))
        }
        Ok(number) => match char::from_u32(number) {
            Some(character) => Ok(character.to_string()),
            None => limit(format!("requested character not valid for encoding: {number}")),
        },
    }
}
