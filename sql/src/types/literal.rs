//! The texts of arrays, records and vectors taken apart into the texts of their parts.
//!
//! ```text
//!  {a, "b \"c\"", NULL, "NULL"}   →  a | b "c" | (null) | NULL
//!  (a,,"")                        →  a | (null) | (empty)
//!  1 2 3                          →  1 | 2 | 3
//! ```
//!
//! It promises the errors of PostgreSQL 15 with their DETAIL. Arrays have one dimension that begins at 1: a
//! text that PostgreSQL takes and that says otherwise is 0A000.

use std::borrow::Cow;

use millstream_catalog::Kind;

use super::leaf_small::{invalid, is_space};
use crate::error::{SqlError, SqlResult, SqlState};

/// Dimensions that PostgreSQL allows an array.
const MAX_DIMENSIONS: usize = 6;

/// The texts of the elements of an array; None is NULL.
pub fn array(text: &str) -> SqlResult<Vec<Option<Cow<'_, str>>>> {
    let malformed = |detail: &str| malformed_array(text, detail);
    let mut rest = skip_space(text);
    let mut bounds: Vec<(i64, i64)> = vec![];
    while rest.starts_with('[') {
        let (found, after) = dimension(rest).map_err(|fault| fault.error(text))?;
        if bounds.len() == MAX_DIMENSIONS {
            return Err(too_many_dimensions(bounds.len() + 1));
        }
        bounds.push(found);
        rest = skip_space(after);
    }
    if bounds.is_empty() {
        if !rest.starts_with('{') {
            return Err(malformed("Array value must start with \"{\" or dimension information."));
        }
    } else {
        let Some(after) = rest.strip_prefix('=') else {
            return Err(malformed("Missing \"=\" after array dimensions."));
        };
        rest = skip_space(after);
        if !rest.starts_with('{') {
            return Err(malformed("Array contents must start with \"{\"."));
        }
    }
    let contents = contents(text, rest)?;
    if !bounds.is_empty() {
        let lengths = bounds.iter().map(|(lower, upper)| upper - lower + 1);
        if !lengths.eq(contents.lengths.iter().map(|length| *length as i64)) {
            return Err(malformed("Specified array dimensions do not match array contents."));
        }
    }
    if contents.lengths.len() > 1 {
        return Err(several_dimensions());
    }
    if bounds.iter().any(|(lower, _)| *lower != 1) {
        let message = "arrays with a lower bound other than 1 are not supported";
        return Err(SqlError::unsupported(message, "leave the bounds out"));
    }
    Ok(contents.items)
}

/// The texts of the fields of a record of so many; None is NULL.
pub fn record(text: &str, fields: usize) -> SqlResult<Vec<Option<String>>> {
    let malformed = |detail: &str| {
        let message = format!("malformed record literal: \"{text}\"");
        SqlError::new(SqlState::InvalidTextRepresentation, message).with_detail(detail)
    };
    let Some(rest) = skip_space(text).strip_prefix('(') else {
        return Err(malformed("Missing left parenthesis."));
    };
    let mut items = Vec::with_capacity(fields);
    let mut chars = rest.chars().peekable();
    for index in 0..fields {
        if index > 0 && chars.next_if_eq(&',').is_none() {
            return Err(malformed("Too few columns."));
        }
        if matches!(chars.peek(), Some(',' | ')')) {
            items.push(None);
            continue;
        }
        let mut item = String::new();
        let mut quoted = false;
        loop {
            match chars.peek().copied() {
                None => return Err(malformed("Unexpected end of input.")),
                Some(',' | ')') if !quoted => break,
                Some(c) => {
                    chars.next();
                    match c {
                        '\\' => item.push(chars.next().ok_or_else(|| malformed("Unexpected end of input."))?),
                        '"' if !quoted => quoted = true,
                        '"' if chars.next_if_eq(&'"').is_some() => item.push('"'),
                        '"' => quoted = false,
                        other => item.push(other),
                    }
                }
            }
        }
        items.push(Some(item));
    }
    if chars.next_if_eq(&')').is_none() {
        return Err(malformed("Too many columns."));
    }
    if chars.any(|c| !u8::try_from(c).is_ok_and(is_space)) {
        return Err(malformed("Junk after right parenthesis."));
    }
    Ok(items)
}

/// The texts of the elements of an int2vector or oidvector, each a number.
pub fn vector(text: &str, element: Kind) -> SqlResult<Vec<&str>> {
    let mut words = vec![];
    let mut rest = skip_space(text);
    while !rest.is_empty() {
        let signed = rest.trim_start_matches(['-', '+']);
        let digits = signed.len() - signed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let end = rest.len() - signed.len() + digits;
        // After an int2 only a blank may follow, after an oid any white space.
        let follows = rest[end..].bytes().next();
        let ends = |byte: u8| if element == Kind::Int2 { byte == b' ' } else { is_space(byte) };
        if digits == 0 || rest.len() - signed.len() > 1 || follows.is_some_and(|byte| !ends(byte)) {
            return Err(invalid(element.sql_name(), rest));
        }
        words.push(&rest[..end]);
        rest = skip_space(&rest[end..]);
    }
    Ok(words)
}

/// The error of an array of several dimensions.
pub fn several_dimensions() -> SqlError {
    let message = "arrays of several dimensions are not supported";
    SqlError::unsupported(message, "keep nested arrays as jsonb")
}

fn malformed_array(text: &str, detail: &str) -> SqlError {
    let message = format!("malformed array literal: \"{text}\"");
    SqlError::new(SqlState::InvalidTextRepresentation, message).with_detail(detail)
}

fn too_many_dimensions(dimensions: usize) -> SqlError {
    let message =
        format!("number of array dimensions ({dimensions}) exceeds the maximum allowed ({MAX_DIMENSIONS})");
    SqlError::new(SqlState::ProgramLimit, message)
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space))
}

/// What is wrong with the bounds of an array.
enum BoundsFault {
    Detail(&'static str),
    Reversed,
    TooLarge(i64),
}

impl BoundsFault {
    fn error(self, text: &str) -> SqlError {
        match self {
            BoundsFault::Detail(detail) => malformed_array(text, detail),
            BoundsFault::Reversed => {
                SqlError::new(SqlState::ArraySubscript, "upper bound cannot be less than lower bound")
            }
            BoundsFault::TooLarge(lower) => {
                SqlError::new(SqlState::ProgramLimit, format!("array lower bound is too large: {lower}"))
            }
        }
    }
}

/// Reads `[2]` or `[1:2]`: lower and upper bound, and what follows.
fn dimension(text: &str) -> Result<((i64, i64), &str), BoundsFault> {
    const INTRODUCES: &str = "\"[\" must introduce explicitly-specified array dimensions.";
    let (first, rest) = bound(&text[1..]).ok_or(BoundsFault::Detail(INTRODUCES))?;
    let (bounds, rest) = match rest.strip_prefix(':') {
        Some(rest) => {
            let missing = BoundsFault::Detail("Missing array dimension value.");
            let (upper, rest) = bound(rest).ok_or(missing)?;
            ((first, upper), rest)
        }
        None => ((1, first), rest),
    };
    let Some(rest) = rest.strip_prefix(']') else {
        return Err(BoundsFault::Detail("Missing \"]\" after array dimensions."));
    };
    if bounds.1 < bounds.0 {
        return Err(BoundsFault::Reversed);
    }
    if bounds.1 == i64::from(i32::MAX) && bounds.0 == bounds.1 {
        return Err(BoundsFault::TooLarge(bounds.0));
    }
    Ok((bounds, rest))
}

/// Reads a number with a sign, kept within the range of an integer, and what follows.
fn bound(text: &str) -> Option<(i64, &str)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.len() - unsigned.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 {
        return None;
    }
    let end = text.len() - unsigned.len() + digits;
    let number = text[..end].parse::<i64>().unwrap_or(i64::MAX);
    Some((number.clamp(i32::MIN.into(), i32::MAX.into()), &text[end..]))
}

/// What stands between the braces of an array.
struct Contents<'a> {
    /// The elements of all dimensions in turn.
    items: Vec<Option<Cow<'a, str>>>,
    /// The length of each dimension; none where the array is empty.
    lengths: Vec<usize>,
}

/// What came last while the contents of an array are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Opened,
    Element,
    Quoted,
    ElementComma,
    Closed,
    ClosedComma,
}

/// An element without quotes that is being read.
struct Bare {
    start: usize,
    /// Where its last character that is no blank ends.
    end: usize,
    escaped: bool,
}

/// Reads the contents of an array from its first brace to the end of the text.
fn contents<'a>(whole: &'a str, text: &'a str) -> SqlResult<Contents<'a>> {
    let malformed = |detail: &str| malformed_array(whole, detail);
    let unexpected = |byte: u8| malformed(&format!("Unexpected \"{}\" character.", char::from(byte)));
    let bytes = text.as_bytes();
    let mut items = vec![];
    // For each open brace, how many parts it holds so far; for each depth, how many the braces of it hold.
    let mut open: Vec<usize> = vec![];
    let mut lengths: Vec<Option<usize>> = vec![];
    let mut last = Last::Nothing;
    let mut bare: Option<Bare> = None;
    let mut at = 0;
    loop {
        let byte = *bytes.get(at).ok_or_else(|| malformed("Unexpected end of input."))?;
        match byte {
            b'\\' => {
                if !matches!(last, Last::Opened | Last::Element | Last::ElementComma) {
                    return Err(unexpected(byte));
                }
                let escaped = text[at + 1..].chars().next();
                let escaped = escaped.ok_or_else(|| malformed("Unexpected end of input."))?;
                let end = at + 1 + escaped.len_utf8();
                let element = bare.get_or_insert(Bare { start: at, end, escaped: true });
                element.end = end;
                element.escaped = true;
                last = Last::Element;
                at = end;
                continue;
            }
            b'"' => {
                if !matches!(last, Last::Opened | Last::ElementComma) {
                    return Err(malformed("Unexpected array element."));
                }
                let end = quoted_end(bytes, at + 1).ok_or_else(|| malformed("Unexpected end of input."))?;
                items.push(Some(unescape(&text[at + 1..end])));
                last = Last::Quoted;
                at = end;
            }
            b'{' => {
                if !matches!(last, Last::Nothing | Last::Opened | Last::ClosedComma) {
                    return Err(unexpected(byte));
                }
                if open.len() == MAX_DIMENSIONS {
                    return Err(too_many_dimensions(open.len() + 1));
                }
                open.push(0);
                if lengths.len() < open.len() {
                    lengths.push(None);
                }
                last = Last::Opened;
            }
            b'}' => {
                let empty = last == Last::Opened && open.len() == 1;
                if !empty && !matches!(last, Last::Element | Last::Quoted | Last::Closed) {
                    return Err(unexpected(byte));
                }
                items.extend(bare.take().map(|bare| bare_item(text, &bare)));
                let parts = open.pop().unwrap_or(0) + usize::from(!empty);
                let known = lengths[open.len()].get_or_insert(parts);
                if *known != parts {
                    let detail = "Multidimensional arrays must have sub-arrays with matching dimensions.";
                    return Err(malformed(detail));
                }
                last = Last::Closed;
                if open.is_empty() {
                    break;
                }
            }
            b',' => {
                if !matches!(last, Last::Element | Last::Quoted | Last::Closed) {
                    return Err(unexpected(byte));
                }
                items.extend(bare.take().map(|bare| bare_item(text, &bare)));
                if let Some(parts) = open.last_mut() {
                    *parts += 1;
                }
                last = if last == Last::Closed { Last::ClosedComma } else { Last::ElementComma };
            }
            byte if is_space(byte) => {}
            _ => {
                if !matches!(last, Last::Opened | Last::Element | Last::ElementComma) {
                    return Err(malformed("Unexpected array element."));
                }
                bare.get_or_insert(Bare { start: at, end: at, escaped: false }).end = at + 1;
                last = Last::Element;
            }
        }
        at += 1;
    }
    if !skip_space(&text[at + 1..]).is_empty() {
        return Err(malformed("Junk after closing right brace."));
    }
    let lengths = lengths.into_iter().flatten().take_while(|length| *length > 0).collect();
    Ok(Contents { items, lengths })
}

/// Where the quote that ends an element stands.
fn quoted_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn bare_item<'a>(text: &'a str, bare: &Bare) -> Option<Cow<'a, str>> {
    let item = &text[bare.start..bare.end];
    if bare.escaped {
        return Some(unescape(item));
    }
    if item.eq_ignore_ascii_case("null") { None } else { Some(Cow::Borrowed(item)) }
}

/// The text with each backslash left out and what follows it kept.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    Cow::Owned(plain)
}
