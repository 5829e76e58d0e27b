//! bytea: how it is read and printed, in the hexadecimal and in the escape form.
//!
//! ```text
//!  \x00ff41      hexadecimal: what is printed unless `bytea_output` is `escape`
//!  \000\377A     escape: octal of the bytes that are not printable ASCII, `\\` of a backslash
//! ```

use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;

/// Reads a bytea in either form.
pub fn parse(text: &str) -> SqlResult<Vec<u8>> {
    match text.strip_prefix("\\x") {
        Some(digits) => parse_hex(digits),
        None => parse_escape(text),
    }
}

/// Reads pairs of hexadecimal digits; blanks between the pairs are skipped.
pub fn parse_hex(text: &str) -> SqlResult<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut characters = text.chars();
    while let Some(first) = characters.next() {
        if matches!(first, ' ' | '\n' | '\t' | '\r') {
            continue;
        }
        let high = digit(first)?;
        let second = characters.next().ok_or_else(|| {
            SqlError::new(SqlState::InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
        })?;
        bytes.push((high << 4) | digit(second)?);
    }
    Ok(bytes)
}

fn digit(character: char) -> SqlResult<u8> {
    character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or_else(|| {
        let message = format!("invalid hexadecimal digit: \"{character}\"");
        SqlError::new(SqlState::InvalidParameterValue, message)
    })
}

/// Reads the escape form.
pub fn parse_escape(text: &str) -> SqlResult<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return Ok(bytes),
            [b'\\', b'\\', rest @ ..] => {
                bytes.push(b'\\');
                rest
            }
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', rest @ ..] => {
                bytes.push(((a - b'0') << 6) | ((b - b'0') << 3) | (c - b'0'));
                rest
            }
            [b'\\', ..] => {
                let message = "invalid input syntax for type bytea";
                return Err(SqlError::new(SqlState::InvalidTextRepresentation, message));
            }
            [byte, rest @ ..] => {
                bytes.push(*byte);
                rest
            }
        };
    }
}

/// Prints a bytea as the setting `bytea_output` says.
pub fn print(value: &[u8], environment: &Environment) -> String {
    if environment.bytea_escape {
        return print_escape(value);
    }
    let mut text = String::with_capacity(2 + 2 * value.len());
    text.push_str("\\x");
    push_hex(&mut text, value);
    text
}

/// Appends two lower-case hexadecimal digits for each byte.
pub fn push_hex(text: &mut String, value: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in value {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Prints the escape form.
pub fn print_escape(value: &[u8]) -> String {
    let mut text = String::with_capacity(value.len());
    for &byte in value {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => push_octal(&mut text, byte),
        }
    }
    text
}

/// Appends a backslash and three octal digits.
pub fn push_octal(text: &mut String, byte: u8) {
    text.push('\\');
    for shift in [6, 3, 0] {
        text.push(char::from(b'0' + ((byte >> shift) & 7)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_printed() {
        let escape = Environment { bytea_escape: true, ..Environment::default() };
        for (text, hex, escaped) in [
            ("", "\\x", ""),
            ("\\x", "\\x", ""),
            ("\\xDE ad\nbe\tef", "\\xdeadbeef", "\\336\\255\\276\\357"),
            ("a\\\\b\\000\\377~", "\\x615c6200ff7e", "a\\\\b\\000\\377~"),
            ("é", "\\xc3a9", "\\303\\251"),
        ] {
            let value = parse(text).unwrap();
            assert_eq!(print(&value, &Environment::default()), hex);
            assert_eq!(print(&value, &escape), escaped);
        }
        for (text, state) in [
            ("\\xd", SqlState::InvalidParameterValue),
            ("\\xd d", SqlState::InvalidParameterValue),
            ("\\xzz", SqlState::InvalidParameterValue),
            ("\\X00", SqlState::InvalidTextRepresentation),
            ("a\\", SqlState::InvalidTextRepresentation),
            ("\\400", SqlState::InvalidTextRepresentation),
            ("\\08", SqlState::InvalidTextRepresentation),
        ] {
            assert_eq!(parse(text).map_err(|error| error.state), Err(state), "{text}");
        }
    }
}
