//! Changing jsonb: each change is a splice of the text, which stays in jsonb's form.
//!
//! ```text
//!  jsonb_set('{"a": [1, 2]}', '{a,1}', '9')      {"a": [1, | 2 | ]}   the old element gives way
//! ```

use std::cmp::Ordering;

use super::canonical::key_order;
use super::path::c_integer;
use super::scan::{Item, JsonKind, count, elements, items, kind};
use super::{check_size, escape, scan, wrong_kind};
use crate::error::{SqlError, SqlResult, SqlState};

/// What is to happen at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// The value there becomes this one; `create`: where the last step leads nowhere, it is added.
    Set {
        /// The new value.
        value: &'a str,
        /// Whether it may be added.
        create: bool,
    },
    /// This value is put before or after the element there; a field must be new.
    Insert {
        /// The new value.
        value: &'a str,
        /// After the element, not before it.
        after: bool,
    },
    /// The value there goes.
    Delete,
}

impl<'a> Change<'a> {
    /// What is added where the last step leads nowhere.
    fn created(self) -> Option<&'a str> {
        match self {
            Change::Set { value, create: true } | Change::Insert { value, .. } => Some(value),
            Change::Set { create: false, .. } | Change::Delete => None,
        }
    }
}

/// `jsonb_set`, `jsonb_insert`, `#-`: the value with a change made at a path (None: a NULL in the path).
pub fn change(value: &str, path: &[Option<&str>], change: Change<'_>) -> SqlResult<String> {
    if !kind(value).is_container() {
        return Err(wrong_kind(match change {
            Change::Delete => "cannot delete path in scalar",
            Change::Set { .. } | Change::Insert { .. } => "cannot set path in scalar",
        }));
    }
    if change.created().is_none() && count(value) == 0 {
        return Ok(value.to_owned());
    }
    // Where the container that the next step looks into stands.
    let (mut start, mut end) = (0, value.len());
    for (level, step) in path.iter().enumerate() {
        let container = value.get(start..end).unwrap_or_default();
        let Some(step) = step else {
            let message = format!("path element at position {} is null", level + 1);
            return Err(SqlError::new(SqlState::NullNotAllowed, message));
        };
        if !kind(container).is_container() {
            break;
        }
        let last = level + 1 == path.len();
        let place = if kind(container) == JsonKind::Object {
            in_object(container, step, last, change)?
        } else {
            in_array(container, step, level, last, change)?
        };
        match place {
            Place::Nowhere => break,
            Place::Inside(item) => {
                end = start + item.end;
                start += item.value_start;
            }
            Place::Splice(splice) => {
                let shifted = Splice { from: start + splice.from, to: start + splice.to, text: splice.text };
                return shifted.apply(value);
            }
        }
    }
    Ok(value.to_owned())
}

/// Where a step leads.
enum Place<'a> {
    Nowhere,
    Inside(Item<'a>),
    Splice(Splice),
}

/// A part of a text and what comes in its place.
struct Splice {
    from: usize,
    to: usize,
    text: String,
}

impl Splice {
    fn apply(&self, value: &str) -> SqlResult<String> {
        check_size(value.len() + self.text.len())?;
        let (front, back) = (value.get(..self.from), value.get(self.to..));
        Ok([front.unwrap_or_default(), &self.text, back.unwrap_or_default()].concat())
    }

    /// An item is added before the first of `before`, or where there is none after the last of the
    /// container's items.
    fn add(text: &str, before: Option<Item<'_>>, last: Option<Item<'_>>) -> Self {
        match (before, last) {
            (Some(next), _) => Self { from: next.start, to: next.start, text: format!("{text}, ") },
            (None, Some(last)) => Self { from: last.end, to: last.end, text: format!(", {text}") },
            (None, None) => Self { from: 1, to: 1, text: text.to_owned() },
        }
    }

    /// An item goes, with one of the separators at its sides.
    fn remove(item: Item<'_>, before: Option<Item<'_>>, next: Option<Item<'_>>) -> Self {
        let (from, to) = match (before, next) {
            (_, Some(next)) => (item.start, next.start),
            (Some(before), None) => (before.end, item.end),
            (None, None) => (item.start, item.end),
        };
        Self { from, to, text: String::new() }
    }
}

fn in_object<'a>(container: &'a str, step: &str, last: bool, change: Change<'_>) -> SqlResult<Place<'a>> {
    let key = escape::inside(step);
    let mut before = None;
    let mut fields = items(container);
    let mut next = fields.next();
    while let Some(item) = next {
        match key_order(item.key(), &key) {
            Ordering::Less => {}
            Ordering::Equal if last => {
                return Ok(Place::Splice(match change {
                    Change::Set { value, .. } => {
                        Splice { from: item.value_start, to: item.end, text: value.to_owned() }
                    }
                    Change::Delete => Splice::remove(item, before, fields.next()),
                    Change::Insert { .. } => {
                        let hint = "Try using the function jsonb_set to replace key value.";
                        return Err(wrong_kind("cannot replace existing key").with_hint(hint));
                    }
                }));
            }
            Ordering::Equal => return Ok(Place::Inside(item)),
            Ordering::Greater => break,
        }
        before = next;
        next = fields.next();
    }
    Ok(match change.created() {
        Some(value) if last => Place::Splice(Splice::add(&format!("\"{key}\": {value}"), next, before)),
        _ => Place::Nowhere,
    })
}

fn in_array<'a>(
    container: &'a str,
    step: &str,
    level: usize,
    last: bool,
    change: Change<'_>,
) -> SqlResult<Place<'a>> {
    let Some(index) = c_integer(step) else {
        let message = format!("path element at position {} is not an integer: \"{step}\"", level + 1);
        return Err(SqlError::new(SqlState::InvalidTextRepresentation, message));
    };
    let array: Vec<Item<'_>> = items(container).collect();
    let index = if index < 0 { i64::from(index) + array.len() as i64 } else { i64::from(index) };
    let first = array.first().copied();
    let Ok(place) = usize::try_from(index) else {
        // Before the first element.
        return Ok(match change.created() {
            Some(value) if last => Place::Splice(Splice::add(value, first, None)),
            _ => Place::Nowhere,
        });
    };
    let Some(item) = array.get(place).copied() else {
        return Ok(match change.created() {
            Some(value) if last => Place::Splice(Splice::add(value, None, array.last().copied())),
            _ => Place::Nowhere,
        });
    };
    if !last {
        return Ok(Place::Inside(item));
    }
    let next = array.get(place + 1).copied();
    Ok(Place::Splice(match change {
        Change::Set { value, .. } => Splice { from: item.start, to: item.end, text: value.to_owned() },
        Change::Insert { value, after: false } => Splice::add(value, Some(item), None),
        Change::Insert { value, after: true } => Splice::add(value, next, Some(item)),
        Change::Delete => {
            let before = place.checked_sub(1).and_then(|before| array.get(before)).copied();
            Splice::remove(item, before, next)
        }
    }))
}

/// `jsonb - text`, `jsonb - text[]`: without the fields, or the strings of an array, that have one of these
/// names.
pub fn delete_keys(value: &str, keys: &[&str]) -> SqlResult<String> {
    let object = match kind(value) {
        JsonKind::Object => true,
        JsonKind::Array => false,
        JsonKind::String | JsonKind::Number | JsonKind::Boolean | JsonKind::Null => {
            return Err(wrong_kind("cannot delete from scalar"));
        }
    };
    Ok(keep(value, |item| {
        let name = if object {
            item.key()
        } else if kind(item.value()) == JsonKind::String {
            item.value().get(1..item.value().len() - 1).unwrap_or_default()
        } else {
            return true;
        };
        !keys.iter().any(|key| escape::said(name) == *key)
    }))
}

/// `jsonb - integer`: without an element, negative indexes counting from the end.
pub fn delete_element(value: &str, index: i32) -> SqlResult<String> {
    match kind(value) {
        JsonKind::Array => {}
        JsonKind::Object => return Err(wrong_kind("cannot delete from object using integer index")),
        JsonKind::String | JsonKind::Number | JsonKind::Boolean | JsonKind::Null => {
            return Err(wrong_kind("cannot delete from scalar"));
        }
    }
    let index = if index < 0 { i64::from(index) + count(value) as i64 } else { i64::from(index) };
    let mut place = -1;
    Ok(keep(value, |_| {
        place += 1;
        place != index
    }))
}

/// The container with those of its items that are to be kept.
fn keep(value: &str, mut kept: impl FnMut(&Item<'_>) -> bool) -> String {
    let mut out = String::with_capacity(value.len());
    out.push_str(value.get(..1).unwrap_or_default());
    for item in items(value) {
        if kept(&item) {
            if out.len() > 1 {
                out.push_str(", ");
            }
            out.push_str(value.get(item.start..item.end).unwrap_or_default());
        }
    }
    out.push_str(value.get(value.len() - 1..).unwrap_or_default());
    out
}

/// `jsonb || jsonb`: two objects as one (of equal keys the right one counts), or else their elements in one
/// array, what is no array being one element.
pub fn concat(left: &str, right: &str) -> SqlResult<String> {
    check_size(left.len() + right.len())?;
    let mut out = String::with_capacity(left.len() + right.len() + 4);
    if kind(left) == JsonKind::Object && kind(right) == JsonKind::Object {
        merge(left, right, &mut out);
        return Ok(out);
    }
    out.push('[');
    for side in [left, right] {
        let content = match kind(side) {
            JsonKind::Array => side.get(1..side.len() - 1).unwrap_or_default(),
            _ => side,
        };
        if out.len() > 1 && !content.is_empty() {
            out.push_str(", ");
        }
        out.push_str(content);
    }
    out.push(']');
    Ok(out)
}

fn merge(left: &str, right: &str, out: &mut String) {
    let (mut left_items, mut right_items) = (items(left).peekable(), items(right).peekable());
    out.push('{');
    loop {
        let order = match (left_items.peek(), right_items.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => key_order(left.key(), right.key()),
        };
        if order.is_le() {
            let item = left_items.next();
            if order == Ordering::Equal {
                continue_with(&mut right_items, right, out);
            } else if let Some(item) = item {
                push_item(left, item, out);
            }
        } else {
            continue_with(&mut right_items, right, out);
        }
    }
    out.push('}');
}

fn continue_with<'a>(from: &mut impl Iterator<Item = Item<'a>>, text: &str, out: &mut String) {
    if let Some(item) = from.next() {
        push_item(text, item, out);
    }
}

fn push_item(text: &str, item: Item<'_>, out: &mut String) {
    if out.len() > 1 {
        out.push_str(", ");
    }
    out.push_str(text.get(item.start..item.end).unwrap_or_default());
}

/// `?`: whether a string is a key of an object, an element of an array, or the value itself.
pub fn exists(value: &str, name: &str) -> bool {
    let inside = escape::inside(name);
    if kind(value) == JsonKind::Object {
        return scan::field(value, &inside).is_some();
    }
    elements(value).any(|element| {
        kind(element) == JsonKind::String && element.get(1..element.len() - 1) == Some(inside.as_ref())
    })
}
