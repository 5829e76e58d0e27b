//! Strings between their two forms: what they say, and how JSON writes it.
//!
//! PostgreSQL escapes only what JSON must have escaped, so that each string has one written form and two
//! strings that are written the same are equal.

use std::borrow::Cow;
use std::fmt::Write;

/// Appends a string with its quotes (`escape_json`).
pub fn write(text: &str, out: &mut String) {
    out.push('"');
    write_inside(text, out);
    out.push('"');
}

/// What stands between the quotes when a string is written.
pub fn inside(text: &str) -> Cow<'_, str> {
    if text.bytes().any(needs_escape) {
        let mut out = String::with_capacity(text.len() + 8);
        write_inside(text, &mut out);
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// What a string of jsonb says, given what stands between its quotes.
pub fn said(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or_default();
        let mut width = 2;
        match escape {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let digits = rest.get(at + 2..at + 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                out.push(digits.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
                width = 6;
            }
            other => out.push(char::from(other)),
        }
        rest = rest.get(at + width..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn needs_escape(byte: u8) -> bool {
    byte < 32 || byte == b'"' || byte == b'\\'
}

fn write_inside(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(needs_escape) {
        out.push_str(rest.get(..at).unwrap_or_default());
        match rest.as_bytes().get(at).copied().unwrap_or_default() {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            // Writing into a String cannot fail.
            byte => _ = write!(out, "\\u{byte:04x}"),
        }
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}
