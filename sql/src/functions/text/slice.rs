//! Parts of a text: by position, from either end, and where one text stands in another.
//!
//! Positions count characters from 1. A part that lies outside the text is empty, not an error.

use std::borrow::Cow;

use memchr::memmem;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::functions::text::length::count;
use crate::types::text::{byte_of_character, characters, check_size};
use crate::{lends, strict};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        lends!("substring", (s: Text, from: Int4) -> Text => substring(s, from, None).map(Cow::from)).safe(),
        lends!("substring", (s: Text, from: Int4, length: Int4) -> Text =>
            substring(s, from, Some(length)).map(Cow::from)),
        lends!("substr", (s: Text, from: Int4) -> Text => substring(s, from, None).map(Cow::from)).safe(),
        lends!("substr", (s: Text, from: Int4, length: Int4) -> Text =>
            substring(s, from, Some(length)).map(Cow::from)),
        lends!("left", (s: Text, n: Int4) -> Text => Ok(left(s, n).into())).safe(),
        lends!("right", (s: Text, n: Int4) -> Text => Ok(right(s, n).into())).safe(),
        strict!("overlay", (s: Text, new: Text, from: Int4) -> Text => overlay(s, new, from, None)).grows(),
        strict!("overlay", (s: Text, new: Text, from: Int4, length: Int4) -> Text =>
            overlay(s, new, from, Some(length)))
        .grows(),
        strict!("position", (s: Text, part: Text) -> Int4 => count(position(s, part))).safe(),
        strict!("strpos", (s: Text, part: Text) -> Int4 => count(position(s, part))).safe(),
        strict!("starts_with", (s: Text, start: Text) -> Bool => Ok(s.starts_with(start))).safe(),
        strict!("^@", (s: Text, start: Text) -> Bool => Ok(s.starts_with(start))).safe(),
        lends!("split_part", (s: Text, delimiter: Text, n: Int4) -> Text =>
            split_part(s, delimiter, n).map(Cow::from)),
    ]
}

fn negative_length() -> SqlError {
    SqlError::new(SqlState::SubstringError, "negative substring length not allowed")
}

/// What `substring(… from … for …)` takes, as a number to skip and a number to take (None: all that is
/// left).
pub fn span(from: i32, length: Option<i32>) -> SqlResult<(usize, Option<usize>)> {
    let skip = usize::try_from(from.max(1) - 1).unwrap_or(0);
    let Some(length) = length else { return Ok((skip, None)) };
    if length < 0 {
        return Err(negative_length());
    }
    // An end beyond the integers is beyond every text.
    let Some(end) = from.checked_add(length) else { return Ok((skip, None)) };
    let take = i64::from(end.max(1)) - i64::from(from.max(1));
    Ok((skip, Some(usize::try_from(take).unwrap_or(0))))
}

/// The characters from a position on, so many of them.
pub fn substring(text: &str, from: i32, length: Option<i32>) -> SqlResult<&str> {
    let (skip, take) = span(from, length)?;
    let rest = &text[byte_of_character(text, skip)..];
    Ok(match take {
        Some(take) => &rest[..byte_of_character(rest, take)],
        None => rest,
    })
}

fn magnitude(n: i32) -> usize {
    usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX)
}

/// The first n characters; all but the last -n where n is negative.
pub fn left(text: &str, n: i32) -> &str {
    let n = if n < 0 { characters(text).saturating_sub(magnitude(n)) } else { magnitude(n) };
    &text[..byte_of_character(text, n)]
}

/// The last n characters; all but the first -n where n is negative.
pub fn right(text: &str, n: i32) -> &str {
    let skip = if n < 0 { magnitude(n) } else { characters(text).saturating_sub(magnitude(n)) };
    &text[byte_of_character(text, skip)..]
}

/// The text with so many characters from a position on (as many as `new` has) replaced by `new`.
pub fn overlay(text: &str, new: &str, from: i32, length: Option<i32>) -> SqlResult<String> {
    let length = match length {
        Some(length) => length,
        None => count(characters(new))?,
    };
    let after = overlay_end(from, length)?;
    let head = substring(text, 1, Some(from - 1))?;
    let tail = substring(text, after, None)?;
    check_size(head.len() + new.len() + tail.len())?;
    Ok([head, new, tail].concat())
}

/// The position after what an overlay replaces.
pub fn overlay_end(from: i32, length: i32) -> SqlResult<i32> {
    if from <= 0 {
        return Err(negative_length());
    }
    from.checked_add(length).ok_or_else(|| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"))
}

/// Where a part stands first, in characters from 1; 0 where it does not.
pub fn position(text: &str, part: &str) -> usize {
    memmem::find(text.as_bytes(), part.as_bytes()).map_or(0, |byte| characters(&text[..byte]) + 1)
}

/// The n-th of the parts between delimiters, from the end where n is negative.
pub fn split_part<'a>(text: &'a str, delimiter: &str, n: i32) -> SqlResult<&'a str> {
    if n == 0 {
        let message = "field position must not be zero";
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    if text.is_empty() {
        return Ok("");
    }
    if delimiter.is_empty() {
        return Ok(if n == 1 || n == -1 { text } else { "" });
    }
    let index = magnitude(n) - 1;
    if n > 0 {
        return Ok(nth_part(text, delimiter, index));
    }
    // Not `rsplit`: of overlapping delimiters the first are taken, from either end.
    let parts = text.matches(delimiter).count() + 1;
    Ok(match parts.checked_sub(index + 1) {
        Some(index) => nth_part(text, delimiter, index),
        None => "",
    })
}

/// The part after so many delimiters; empty where there are fewer.
fn nth_part<'a>(text: &'a str, delimiter: &str, index: usize) -> &'a str {
    let [byte] = delimiter.as_bytes() else { return text.split(delimiter).nth(index).unwrap_or("") };
    // One byte is looked for without a searcher being made for it.
    let mut ends = memchr::memchr_iter(*byte, text.as_bytes());
    let start = match index.checked_sub(1) {
        None => 0,
        Some(before) => match ends.nth(before) {
            Some(end) => end + 1,
            None => return "",
        },
    };
    &text[start..ends.next().unwrap_or(text.len())]
}
