//! uuid: how it is read and printed.
//!
//! The input takes 32 hexadecimal digits, a hyphen after any group of four of them, and braces around the
//! whole.

use std::fmt::Write;

use crate::error::{SqlError, SqlResult, SqlState};

/// Reads a uuid.
pub fn parse(text: &str) -> SqlResult<[u8; 16]> {
    read(text.as_bytes()).ok_or_else(|| {
        let message = format!("invalid input syntax for type uuid: \"{text}\"");
        SqlError::new(SqlState::InvalidTextRepresentation, message)
    })
}

fn read(text: &[u8]) -> Option<[u8; 16]> {
    let mut rest = match text.strip_prefix(b"{") {
        Some(inner) => inner.strip_suffix(b"}")?,
        None => text,
    };
    let mut value = [0; 16];
    for (index, byte) in value.iter_mut().enumerate() {
        let [high, low, after @ ..] = rest else { return None };
        *byte = (digit(*high)? << 4) | digit(*low)?;
        // A hyphen may stand after every second byte but the last.
        rest = match after {
            [b'-', after @ ..] if index % 2 == 1 && index < 15 => after,
            _ => after,
        };
    }
    rest.is_empty().then_some(value)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Prints a uuid: lower case, in groups of 8-4-4-4-12 digits.
pub fn print(value: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in value.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_postgres_takes_are_read() {
        let printed = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
        for text in [
            printed,
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
        ] {
            assert_eq!(parse(text).map(|value| print(&value)), Ok(printed.to_owned()), "{text}");
        }
        for text in [
            "",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a1",
            "a0eebc999c0b4ef8bb6d6bb9bd380a111",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11-",
            " a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0-eebc999c0b4ef8bb6d6bb9bd380a11",
            "g0eebc999c0b4ef8bb6d6bb9bd380a11",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
