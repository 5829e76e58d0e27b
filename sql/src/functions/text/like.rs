//! LIKE and ILIKE: the operators `~~`, `!~~`, `~~*`, `!~~*`, and `like_escape`.
//!
//! `%` stands for any characters, `_` for one, a backslash makes the next character ordinary. The text is
//! walked once for each `%`, the last of which is all that is ever come back to: time is at most the product
//! of the two lengths.

use memchr::memmem;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;
use crate::types::text::{check_size, lower};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("~~", (s: Text, p: Text) -> Bool => like(s, p)),
        strict!("~~", (s: Bpchar, p: Text) -> Bool => like(s, p)),
        strict!("~~", (s: Name, p: Text) -> Bool => like(s, p)),
        strict!("~~", (s: Bytea, p: Bytea) -> Bool => like_bytes(s, p)),
        strict!("!~~", (s: Text, p: Text) -> Bool => Ok(!like(s, p)?)),
        strict!("!~~", (s: Bpchar, p: Text) -> Bool => Ok(!like(s, p)?)),
        strict!("!~~", (s: Name, p: Text) -> Bool => Ok(!like(s, p)?)),
        strict!("!~~", (s: Bytea, p: Bytea) -> Bool => Ok(!like_bytes(s, p)?)),
        strict!("~~*", (s: Text, p: Text) -> Bool => ilike(s, p)),
        strict!("~~*", (s: Bpchar, p: Text) -> Bool => ilike(s, p)),
        strict!("~~*", (s: Name, p: Text) -> Bool => ilike(s, p)),
        strict!("!~~*", (s: Text, p: Text) -> Bool => Ok(!ilike(s, p)?)),
        strict!("!~~*", (s: Bpchar, p: Text) -> Bool => Ok(!ilike(s, p)?)),
        strict!("!~~*", (s: Name, p: Text) -> Bool => Ok(!ilike(s, p)?)),
        strict!("like", (s: Text, p: Text) -> Bool => like(s, p)),
        strict!("like", (s: Name, p: Text) -> Bool => like(s, p)),
        strict!("like", (s: Bytea, p: Bytea) -> Bool => like_bytes(s, p)),
        strict!("notlike", (s: Text, p: Text) -> Bool => Ok(!like(s, p)?)),
        strict!("notlike", (s: Name, p: Text) -> Bool => Ok(!like(s, p)?)),
        strict!("notlike", (s: Bytea, p: Bytea) -> Bool => Ok(!like_bytes(s, p)?)),
        strict!("like_escape", (p: Text, escape: Text) -> Text => like_escape(p, escape)).grows(),
        strict!("like_escape", (p: Bytea, escape: Bytea) -> Bytea => like_escape_bytes(p, escape)).grows(),
    ]
}

/// Whether a text is like a pattern.
pub fn like(text: &str, pattern: &str) -> SqlResult<bool> {
    walk(text.as_bytes(), pattern.as_bytes(), Some(text))
}

/// Whether a text is like a pattern, upper and lower case alike.
pub fn ilike(text: &str, pattern: &str) -> SqlResult<bool> {
    like(&lower(text), &lower(pattern))
}

fn ends_with_escape() -> SqlError {
    let message = "LIKE pattern must not end with escape character";
    SqlError::new(SqlState::InvalidEscapeSequence, message)
}

/// Bytes of the character that starts here, of UTF-8 or of single bytes.
fn width(rest: &[u8], utf8: bool) -> usize {
    match rest.first() {
        Some(0xc0..=0xdf) if utf8 => 2,
        Some(0xe0..=0xef) if utf8 => 3,
        Some(0xf0..) if utf8 => 4,
        _ => 1,
    }
}

/// Whether bytes are like a pattern of bytes.
pub fn like_bytes(bytes: &[u8], pattern: &[u8]) -> SqlResult<bool> {
    walk(bytes, pattern, None)
}

/// The match of bytes; `characters` are the same as a text, whose characters `_` stands for instead of bytes.
fn walk(text: &[u8], pattern: &[u8], characters: Option<&str>) -> SqlResult<bool> {
    let utf8 = characters.is_some();
    let (mut t, mut p) = (0, 0);
    // Where to go on after a mismatch: the pattern after the last %, and the text that it was tried at.
    let mut resume: Option<(usize, usize)> = None;
    while t < text.len() {
        let matched = match pattern.get(p) {
            Some(b'%') => {
                let Some(after) = skip_wildcards(text, &mut t, pattern, p, utf8) else { return Ok(false) };
                p = after;
                if p == pattern.len() {
                    return Ok(true);
                }
                if pattern[p..] == *b"\\" {
                    return Err(ends_with_escape());
                }
                if let Some((text, literal)) = characters.zip(literal(&pattern[p..])) {
                    // The first place is as good as any, for a % follows.
                    let Some(found) = memmem::find(&text.as_bytes()[t..], literal.as_bytes()) else {
                        return Ok(false);
                    };
                    t += found + literal.len();
                    p += literal.len();
                    continue;
                }
                resume = Some((p, t));
                continue;
            }
            Some(b'_') => {
                t += width(&text[t..], utf8);
                p += 1;
                true
            }
            Some(b'\\') => {
                let Some(literal) = pattern.get(p + 1) else { return Err(ends_with_escape()) };
                let equal = *literal == text[t];
                t += usize::from(equal);
                p += 2 * usize::from(equal);
                equal
            }
            Some(literal) => {
                let equal = *literal == text[t];
                t += usize::from(equal);
                p += usize::from(equal);
                equal
            }
            None => false,
        };
        if matched {
            continue;
        }
        let Some((after, tried)) = resume else { return Ok(false) };
        let next = tried + width(&text[tried..], utf8);
        (t, p) = (next, after);
        resume = Some((after, next));
    }
    // A % is met without text too, and so is what it complains of.
    while pattern.get(p) == Some(&b'%') {
        let Some(after) = skip_wildcards(text, &mut t, pattern, p, utf8) else { return Ok(false) };
        p = after;
    }
    Ok(p == pattern.len())
}

/// What stands before the next %, if that is text without anything special in it.
fn literal(pattern: &[u8]) -> Option<&str> {
    let end = pattern.iter().position(|byte| matches!(byte, b'%' | b'_' | b'\\'))?;
    if pattern[end] != b'%' {
        return None;
    }
    std::str::from_utf8(&pattern[..end]).ok()
}

/// The pattern after a run of `%` and `_`, and the text after as many characters as `_` there are; None where
/// the text has not so many.
fn skip_wildcards(text: &[u8], t: &mut usize, pattern: &[u8], mut p: usize, utf8: bool) -> Option<usize> {
    while let Some(b'%' | b'_') = pattern.get(p) {
        if pattern[p] == b'_' {
            if *t >= text.len() {
                return None;
            }
            *t += width(&text[*t..], utf8);
        }
        p += 1;
    }
    Some(p)
}

fn bad_escape() -> SqlError {
    SqlError::new(SqlState::InvalidEscapeSequence, "invalid escape string")
        .with_hint("Escape string must be empty or one character.")
}

/// A pattern with an escape of its own as one whose escape is a backslash; without any escape where it is
/// empty.
pub fn like_escape(pattern: &str, escape: &str) -> SqlResult<String> {
    check_size(pattern.len().saturating_mul(2))?;
    let mut letters = escape.chars();
    let escape = letters.next();
    if letters.next().is_some() {
        return Err(bad_escape());
    }
    Ok(rewrite(pattern.chars(), escape, '\\').collect())
}

fn like_escape_bytes(pattern: &[u8], escape: &[u8]) -> SqlResult<Vec<u8>> {
    check_size(pattern.len().saturating_mul(2))?;
    match escape {
        [] => Ok(rewrite(pattern.iter().copied(), None, b'\\').collect()),
        [escape] => Ok(rewrite(pattern.iter().copied(), Some(*escape), b'\\').collect()),
        _ => Err(bad_escape()),
    }
}

/// Backslashes are doubled and escapes become backslashes, but for what follows an escape.
fn rewrite<T: Copy + PartialEq>(
    pattern: impl Iterator<Item = T>,
    escape: Option<T>,
    backslash: T,
) -> impl Iterator<Item = T> {
    let mut escaped = false;
    pattern.flat_map(move |letter| {
        let is_escape = escape == Some(letter) && !escaped;
        let doubled = letter == backslash && escape != Some(backslash) && !escaped && !is_escape;
        escaped = is_escape;
        let first = if is_escape { backslash } else { letter };
        std::iter::once(first).chain(doubled.then_some(backslash))
    })
}
