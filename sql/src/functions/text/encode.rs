//! `encode` and `decode`: bytes as text in the formats `base64`, `hex` and `escape`.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;
use crate::types::bytea::{parse_escape, parse_hex, push_hex, push_octal};
use crate::types::text::check_size;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("encode", (bytes: Bytea, format: Text) -> Text => encode(bytes, format)).grows(),
        strict!("decode", (text: Text, format: Text) -> Bytea => decode(text, format)),
    ]
}

enum Format {
    Base64,
    Hex,
    Escape,
}

fn invalid(message: String) -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, message)
}

fn format_of(name: &str) -> SqlResult<Format> {
    match name.to_ascii_lowercase().as_str() {
        "base64" => Ok(Format::Base64),
        "hex" => Ok(Format::Hex),
        "escape" => Ok(Format::Escape),
        _ => Err(invalid(format!("unrecognized encoding: \"{name}\""))),
    }
}

/// Bytes as text.
pub fn encode(bytes: &[u8], format: &str) -> SqlResult<String> {
    let format = format_of(format)?;
    check_size(bytes.len().saturating_mul(match format {
        Format::Base64 => 1,
        Format::Hex => 2,
        Format::Escape => 1,
    }))?;
    match format {
        Format::Base64 => Ok(encode_base64(bytes)),
        Format::Hex => {
            let mut text = String::with_capacity(2 * bytes.len());
            push_hex(&mut text, bytes);
            Ok(text)
        }
        Format::Escape => encode_escape(bytes),
    }
}

/// Text as the bytes that it stands for.
pub fn decode(text: &str, format: &str) -> SqlResult<Vec<u8>> {
    match format_of(format)? {
        Format::Base64 => decode_base64(text),
        Format::Hex => parse_hex(text),
        Format::Escape => parse_escape(text),
    }
}

/// Zeros and bytes over 127 in octal, backslashes doubled, all else as it is.
fn encode_escape(bytes: &[u8]) -> SqlResult<String> {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            0 | 0x80.. => push_octal(&mut text, byte),
            b'\\' => text.push_str("\\\\"),
            _ => text.push(char::from(byte)),
        }
        check_size(text.len())?;
    }
    Ok(text)
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Lines of 76 characters, a line feed after each that is full.
fn encode_base64(bytes: &[u8]) -> String {
    const LINE: usize = 57;
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + bytes.len() / LINE + 4);
    for line in bytes.chunks(LINE) {
        for group in line.chunks(3) {
            let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
            let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
            for place in 0..4 {
                // A group of one byte gives two letters, of two bytes three.
                if place > group.len() {
                    text.push('=');
                } else {
                    text.push(char::from(LETTERS[((bits >> (18 - 6 * place)) & 63) as usize]));
                }
            }
        }
        // A full line is ended even where nothing follows; one that padding fills is not.
        if line.len() == LINE {
            text.push('\n');
        }
    }
    text
}

fn decode_base64(text: &str) -> SqlResult<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut place, mut padding) = (0_u32, 0, 0);
    for character in text.chars() {
        let value = match character {
            ' ' | '\t' | '\n' | '\r' => continue,
            '=' => {
                if padding == 0 {
                    padding = match place {
                        2 => 1,
                        3 => 2,
                        _ => {
                            let message = "unexpected \"=\" while decoding base64 sequence";
                            return Err(invalid(message.to_owned()));
                        }
                    };
                }
                0
            }
            _ => letter(character).ok_or_else(|| {
                invalid(format!("invalid symbol \"{character}\" found while decoding base64 sequence"))
            })?,
        };
        bits = (bits << 6) | value;
        place += 1;
        if place == 4 {
            let [_, a, b, c] = bits.to_be_bytes();
            bytes.push(a);
            if padding == 0 || padding > 1 {
                bytes.push(b);
            }
            if padding == 0 || padding > 2 {
                bytes.push(c);
            }
            (bits, place) = (0, 0);
        }
    }
    if place != 0 {
        let hint = "Input data is missing padding, is truncated, or is otherwise corrupted.";
        return Err(invalid("invalid base64 end sequence".to_owned()).with_hint(hint));
    }
    Ok(bytes)
}

fn letter(character: char) -> Option<u32> {
    let base = match character {
        'A'..='Z' => u32::from('A'),
        'a'..='z' => u32::from('a') - 26,
        '0'..='9' => return Some(u32::from(character) + 4),
        '+' => return Some(62),
        '/' => return Some(63),
        _ => return None,
    };
    Some(u32::from(character) - base)
}
