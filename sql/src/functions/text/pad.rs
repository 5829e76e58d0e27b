//! Blanks and other characters at the ends of a text: put there, taken away.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::types::text::{VALUE_BYTES, byte_of_character, characters};
use crate::{lends, strict};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("lpad", (s: Text, n: Int4) -> Text => lpad(s, n, " ")).grows(),
        strict!("lpad", (s: Text, n: Int4, fill: Text) -> Text => lpad(s, n, fill)).grows(),
        strict!("rpad", (s: Text, n: Int4) -> Text => rpad(s, n, " ")).grows(),
        strict!("rpad", (s: Text, n: Int4, fill: Text) -> Text => rpad(s, n, fill)).grows(),
        lends!("btrim", (s: Text) -> Text => Ok(s.trim_matches(' ').into())).safe(),
        lends!("btrim", (s: Text, set: Text) -> Text =>
            Ok(s.trim_matches(|character| set.contains(character)).into()))
        .safe(),
        lends!("ltrim", (s: Text) -> Text => Ok(s.trim_start_matches(' ').into())).safe(),
        lends!("ltrim", (s: Text, set: Text) -> Text =>
            Ok(s.trim_start_matches(|character| set.contains(character)).into()))
        .safe(),
        lends!("rtrim", (s: Text) -> Text => Ok(s.trim_end_matches(' ').into())).safe(),
        lends!("rtrim", (s: Text, set: Text) -> Text =>
            Ok(s.trim_end_matches(|character| set.contains(character)).into()))
        .safe(),
    ]
}

/// 54000 where a length that was asked for would give too large a value.
pub fn check_length(bytes: usize) -> SqlResult<()> {
    if bytes > VALUE_BYTES {
        return Err(SqlError::new(SqlState::ProgramLimit, "requested length too large"));
    }
    Ok(())
}

/// The text filled at its start up to n characters, or cut to them.
pub fn lpad(text: &str, n: i32, fill: &str) -> SqlResult<String> {
    let (kept, missing) = parts(text, n, fill)?;
    let mut padded = filling(fill, missing, kept.len())?;
    padded.push_str(kept);
    Ok(padded)
}

/// The text filled at its end up to n characters, or cut to them.
pub fn rpad(text: &str, n: i32, fill: &str) -> SqlResult<String> {
    let (kept, missing) = parts(text, n, fill)?;
    let filling = filling(fill, missing, kept.len())?;
    Ok([kept, &filling].concat())
}

fn parts<'a>(text: &'a str, n: i32, fill: &str) -> SqlResult<(&'a str, usize)> {
    let n = usize::try_from(n.max(0)).unwrap_or(usize::MAX);
    let missing = if fill.is_empty() { 0 } else { n.saturating_sub(characters(text)) };
    Ok((&text[..byte_of_character(text, n)], missing))
}

/// So many characters of a fill, over and over, with room for `more` bytes.
fn filling(fill: &str, missing: usize, more: usize) -> SqlResult<String> {
    if missing == 0 {
        return Ok(String::with_capacity(more));
    }
    let length = characters(fill).max(1);
    let rest = &fill[..byte_of_character(fill, missing % length)];
    let bytes = (missing / length).saturating_mul(fill.len()).saturating_add(rest.len());
    check_length(bytes.saturating_add(more))?;
    let mut filling = String::with_capacity(bytes + more);
    for _ in 0..missing / length {
        filling.push_str(fill);
    }
    filling.push_str(rest);
    Ok(filling)
}
