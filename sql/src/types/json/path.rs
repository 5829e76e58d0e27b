//! Fields and elements of json and jsonb: `->`, `->>`, `#>`, `#>>` and subscripts.
//!
//! A step of a path is a name in an object and an index in an array. In json, which is kept as it was
//! written, a key may stand twice; then the last one counts, unless only an earlier one leads on to the end
//! of the path.

use std::borrow::Cow;

use super::read::{Event, Reader};
use super::scan::{self, JsonKind};
use super::{escape, wrong_kind};
use crate::error::SqlResult;

/// A step of a path: what it means in an object, and in an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The name of a field; None: it leads into no object.
    pub name: Option<&'a str>,
    /// The index of an element; None: it leads into no array.
    pub index: Option<i32>,
}

impl<'a> Step<'a> {
    /// The step that an element of a path of text says.
    pub fn of_text(text: &'a str) -> Self {
        Self { name: Some(text), index: c_integer(text).filter(|index| *index != i32::MIN) }
    }

    /// Into an object only.
    pub fn of_name(name: &'a str) -> Self {
        Self { name: Some(name), index: None }
    }

    /// Into an array only.
    pub fn of_index(index: i32) -> Self {
        Self { name: None, index: Some(index).filter(|index| *index != i32::MIN) }
    }
}

/// A whole number of 32 bits as C's `strtol` reads it: blanks and a sign may come first, nothing may follow.
pub fn c_integer(text: &str) -> Option<i32> {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let number = text.trim_start_matches(blank);
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    number.parse().ok()
}

/// `jsonb #> text[]` and `jsonb['a'][1]`: the value at a path; None where it leads nowhere.
pub fn jsonb_subscript<'a>(value: &'a str, path: &[&str]) -> Option<&'a str> {
    let mut value = value;
    for step in path {
        value = match scan::kind(value) {
            JsonKind::Object => scan::field(value, &escape::inside(step))?,
            JsonKind::Array => scan::element(value, i64::from(c_integer(step)?))?,
            JsonKind::String | JsonKind::Number | JsonKind::Boolean | JsonKind::Null => return None,
        };
    }
    Some(value)
}

/// `jsonb -> integer`: a scalar counts as the only element of an array.
pub fn jsonb_element(value: &str, index: i32) -> Option<&str> {
    match scan::kind(value) {
        JsonKind::Array => scan::element(value, i64::from(index)),
        JsonKind::Object => None,
        JsonKind::String | JsonKind::Number | JsonKind::Boolean | JsonKind::Null => {
            (index == 0 || index == -1).then_some(value)
        }
    }
}

/// What was found in json.
#[derive(Clone)]
enum Found {
    Nothing,
    /// A part of the text.
    Part(usize, usize),
    /// What a string says.
    Said(String),
}

/// `->`, `#>` (and with `as_text` `->>`, `#>>`) of json: the value at a path; None where it leads nowhere,
/// and as text where it is null.
pub fn json_get<'a>(text: &'a str, path: &[Step<'_>], as_text: bool) -> SqlResult<Option<Cow<'a, str>>> {
    let mut reader = Reader::new(text, true);
    let mut indexes: Vec<Option<i32>> = path.iter().map(|step| step.index).collect();
    // For each level of the path: whether the steps before it lead to where the reader is, and the element it
    // is in.
    let mut on_path = vec![false; path.len()];
    let mut current = vec![-1_i32; path.len()];
    if let Some(first) = on_path.first_mut() {
        *first = true;
    }
    let mut found = Found::Nothing;
    // Where the value that is found started, and the depth at which it ends.
    let mut taking: Option<(usize, usize)> = None;
    // Whether the value that comes next is what the step of its level leads to.
    let mut fits = false;
    loop {
        let level = reader.depth();
        let in_array = reader.in_array();
        let event = reader.next()?;
        let value_starts = !matches!(event, Event::Key | Event::ObjectEnd | Event::ArrayEnd | Event::End);
        if value_starts {
            if in_array && level <= path.len() {
                let place = level - 1;
                if let Some(element) = current.get_mut(place) {
                    *element = element.saturating_add(1);
                }
                fits = on_path.get(place) == Some(&true)
                    && indexes.get(place).is_some_and(|index| *index == current.get(place).copied());
            }
            let last = fits && level == path.len() || level == 0 && path.is_empty();
            if fits
                && level < path.len()
                && let Some(on) = on_path.get_mut(level)
            {
                *on = matches!(event, Event::ObjectStart | Event::ArrayStart);
            }
            fits = false;
            if last {
                found = match event {
                    Event::ObjectStart | Event::ArrayStart => {
                        taking = Some((reader.start(), level));
                        Found::Nothing
                    }
                    Event::String if as_text => Found::Said(reader.decoded().to_owned()),
                    Event::Null if as_text => Found::Nothing,
                    // A whole value that is a scalar keeps the blanks before it.
                    _ if level == 0 => Found::Part(0, reader.end()),
                    _ => Found::Part(reader.start(), reader.end()),
                };
            }
        }
        match event {
            Event::Key => {
                let step = level.checked_sub(1).and_then(|place| path.get(place).map(|step| (place, step)));
                fits = step.is_some_and(|(place, step)| {
                    on_path.get(place) == Some(&true) && step.name == Some(reader.decoded())
                });
            }
            Event::ArrayStart if level < path.len() => {
                if let Some(element) = current.get_mut(level) {
                    *element = -1;
                }
                // PostgreSQL makes an index from the end one from the start at the first array that it meets
                // at the level, on the path or not, and keeps it.
                if let Some(Some(index)) = indexes.get_mut(level)
                    && *index < 0
                {
                    let length = count_elements(&reader)?;
                    if i64::from(*index) + i64::from(length) >= 0 {
                        *index += length;
                    }
                }
            }
            Event::ObjectEnd | Event::ArrayEnd => {
                let depth = reader.depth();
                if let Some((start, at)) = taking
                    && at == depth
                {
                    found = Found::Part(start, reader.end());
                    taking = None;
                }
                if depth > 0
                    && let Some(on) = on_path.get_mut(depth)
                {
                    *on = false;
                }
            }
            Event::End => break,
            _ => {}
        }
    }
    Ok(match found {
        Found::Nothing => None,
        Found::Part(start, end) => Some(Cow::Borrowed(text.get(start..end).unwrap_or_default())),
        Found::Said(said) => Some(Cow::Owned(said)),
    })
}

/// Number of elements of the array that was just opened.
fn count_elements(reader: &Reader<'_>) -> SqlResult<i32> {
    let mut ahead = reader.clone();
    let depth = ahead.depth();
    let mut count: i32 = 0;
    loop {
        let at = ahead.depth();
        match ahead.next()? {
            Event::ArrayEnd if at == depth => return Ok(count),
            Event::Key | Event::ObjectEnd | Event::ArrayEnd | Event::End => {}
            _ if at == depth => count = count.saturating_add(1),
            _ => {}
        }
    }
}

/// `json_array_length`.
pub fn json_array_length(text: &str) -> SqlResult<i32> {
    let mut reader = Reader::new(text, false);
    match reader.next()? {
        Event::ArrayStart => count_elements(&reader),
        Event::ObjectStart => Err(wrong_kind("cannot get array length of a non-array")),
        _ => Err(wrong_kind("cannot get array length of a scalar")),
    }
}

/// `jsonb_array_length`.
pub fn jsonb_array_length(value: &str) -> SqlResult<i32> {
    match scan::kind(value) {
        JsonKind::Array => Ok(i32::try_from(scan::count(value)).unwrap_or(i32::MAX)),
        JsonKind::Object => Err(wrong_kind("cannot get array length of a non-array")),
        _ => Err(wrong_kind("cannot get array length of a scalar")),
    }
}
