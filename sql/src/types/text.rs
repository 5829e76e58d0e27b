//! The types of text: `varchar(n)`, `char(n)`, `name` and `"char"`, and how a text becomes one of them.
//!
//! | type | held as |
//! |---|---|
//! | text, varchar | itself |
//! | char(n) | padded with blanks to n characters; blanks at the end do not count in lengths and comparisons |
//! | name | at most 63 bytes, cut between characters |
//! | "char" | one byte: 0 as the empty text, 1 to 127 as itself, 128 to 255 as the character of that number |
//!
//! A modifier is `atttypmod`: n + 4, or -1 for none.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::error::{SqlError, SqlResult, SqlState};

/// Bytes of the longest name.
pub const NAME_BYTES: usize = 63;

/// Bytes of the largest single value that a function may make.
pub const VALUE_BYTES: usize = 64 << 20;

/// An error where a value would take more than [`VALUE_BYTES`]: to be asked before the value is made.
pub fn check_size(bytes: usize) -> SqlResult<()> {
    if bytes > VALUE_BYTES {
        let message = format!("a value would take more than {VALUE_BYTES} bytes");
        return Err(SqlError::new(SqlState::ProgramLimit, message));
    }
    Ok(())
}

/// What C's `isspace` takes for white space.
pub fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r')
}

/// Where a text's first `count` characters end, in bytes; its length where it has not more.
pub fn byte_of_character(text: &str, count: usize) -> usize {
    if text.len() <= count {
        return text.len();
    }
    if text.is_ascii() {
        return count;
    }
    text.char_indices().nth(count).map_or(text.len(), |(index, _)| index)
}

/// Number of characters.
pub fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

fn maximum(modifier: i32) -> Option<usize> {
    usize::try_from(modifier.checked_sub(4)?).ok()
}

fn too_long(text: &str, end: usize, type_name: &str, maximum: usize) -> SqlResult<()> {
    if text[end..].bytes().all(|byte| byte == b' ') {
        return Ok(());
    }
    let message = format!("value too long for type {type_name}({maximum})");
    Err(SqlError::new(SqlState::StringTooLong, message))
}

/// A text as varchar(n): an explicit cast cuts it; else 22001 where more than blanks would be cut.
pub fn to_varchar(text: &str, modifier: i32, explicit: bool) -> SqlResult<&str> {
    let Some(maximum) = maximum(modifier) else { return Ok(text) };
    let end = byte_of_character(text, maximum);
    if !explicit {
        too_long(text, end, "character varying", maximum)?;
    }
    Ok(&text[..end])
}

/// A text as char(n): padded with blanks, and cut as [`to_varchar`] cuts.
pub fn to_bpchar(text: &str, modifier: i32, explicit: bool) -> SqlResult<Cow<'_, str>> {
    let Some(maximum) = maximum(modifier) else { return Ok(Cow::Borrowed(text)) };
    let end = byte_of_character(text, maximum);
    if end < text.len() {
        if !explicit {
            too_long(text, end, "character", maximum)?;
        }
        return Ok(Cow::Borrowed(&text[..end]));
    }
    let missing = maximum.saturating_sub(characters(text));
    if missing == 0 {
        return Ok(Cow::Borrowed(text));
    }
    check_size(text.len().saturating_add(missing))?;
    let mut padded = String::with_capacity(text.len() + missing);
    padded.push_str(text);
    padded.extend(std::iter::repeat_n(' ', missing));
    Ok(Cow::Owned(padded))
}

/// A char(n) as text: without the blanks at its end.
pub fn bpchar_to_text(text: &str) -> &str {
    text.trim_end_matches(' ')
}

/// How two char(n) compare: by bytes, blanks at the end aside.
pub fn bpchar_compare(left: &str, right: &str) -> Ordering {
    bpchar_to_text(left).as_bytes().cmp(bpchar_to_text(right).as_bytes())
}

/// A text as name: cut to 63 bytes, between characters.
pub fn text_to_name(text: &str) -> &str {
    if text.len() <= NAME_BYTES {
        return text;
    }
    let mut end = NAME_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A char(n) as name.
pub fn bpchar_to_name(text: &str) -> &str {
    bpchar_to_text(text_to_name(text))
}

/// The byte of a "char".
pub fn char_byte(value: &str) -> u8 {
    value.chars().next().and_then(|character| u8::try_from(u32::from(character)).ok()).unwrap_or(0)
}

/// The "char" of a byte.
pub fn byte_char(byte: u8) -> String {
    if byte == 0 { String::new() } else { String::from(char::from(byte)) }
}

/// A text as "char": its first byte.
pub fn text_to_char(text: &str) -> String {
    byte_char(text.bytes().next().unwrap_or(0))
}

/// A "char" as text, and as it is printed.
pub fn char_to_text(value: &str) -> &str {
    value
}

/// An integer as "char".
pub fn int4_to_char(value: i32) -> SqlResult<String> {
    match i8::try_from(value) {
        Ok(byte) => Ok(byte_char(byte.cast_unsigned())),
        Err(_) => Err(SqlError::new(SqlState::NumericOutOfRange, "\"char\" out of range")),
    }
}

/// A "char" as integer: -128 to 127.
pub fn char_to_int4(value: &str) -> i32 {
    i32::from(char_byte(value).cast_signed())
}

/// The text with each character's simple upper-case form.
pub fn upper(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_uppercase() } else { text.chars().map(upper_character).collect() }
}

/// The text with each character's simple lower-case form.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(lower_character).collect() }
}

/// The simple upper-case form of a character: one character, as C's `towupper` has it (`ß` has none).
pub fn upper_character(character: char) -> char {
    let number = u32::from(character);
    // Greek with iota subscript has a simple form (the titlecase one) that Rust, which maps fully, does not
    // give.
    let simple = match number {
        0x1f80..=0x1faf => Some(number | 8),
        0x1fb3 | 0x1fc3 | 0x1ff3 => Some(number + 9),
        _ => None,
    };
    if let Some(simple) = simple.and_then(char::from_u32) {
        return simple;
    }
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

/// The simple lower-case form of a character: one character, as C's `towlower` has it.
pub fn lower_character(character: char) -> char {
    // Of the only character whose full form is two, `İ`, the simple one is the first of them.
    character.to_lowercase().next().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_kept_as_postgres_keeps_them() {
        assert_eq!(to_varchar("abc  ", 7, false), Ok("abc"));
        assert_eq!(to_varchar("abcd", 7, true), Ok("abc"));
        assert_eq!(to_varchar("äöü€", 7, true), Ok("äöü"));
        let error = to_varchar("abcd", 7, false).unwrap_err();
        assert_eq!(error.state, SqlState::StringTooLong);
        assert_eq!(error.message, "value too long for type character varying(3)");
        assert_eq!(to_bpchar("é", 7, false).unwrap(), "é  ");
        assert_eq!(to_bpchar("abcd", 7, true).unwrap(), "abc");
        let error = to_bpchar("abcd", 7, false).unwrap_err();
        assert_eq!(error.message, "value too long for type character(3)");
        assert_eq!(to_bpchar("abcd", -1, false).unwrap(), "abcd");
        assert_eq!(bpchar_compare("a ", "a"), Ordering::Equal);
        assert_eq!(bpchar_compare("a\t", "a"), Ordering::Greater);
        assert_eq!(text_to_name(&"é".repeat(40)).len(), 62);
    }

    #[test]
    fn a_char_is_one_byte() {
        assert_eq!(text_to_char("é"), "\u{c3}");
        assert_eq!(char_to_int4("\u{c3}"), -61);
        assert_eq!(int4_to_char(-128).unwrap(), "\u{80}");
        assert_eq!(int4_to_char(0).unwrap(), "");
        assert_eq!(char_to_int4(""), 0);
        assert_eq!(int4_to_char(128).unwrap_err().state, SqlState::NumericOutOfRange);
    }

    #[test]
    fn case_is_mapped_character_by_character() {
        assert_eq!(upper("straße ǆ ᾳ ﬁ"), "STRAßE Ǆ ᾼ ﬁ");
        assert_eq!(lower("ΑΣ İ Ǆ"), "ασ i ǆ");
    }
}
