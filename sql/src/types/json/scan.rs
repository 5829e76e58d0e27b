//! Walking a jsonb value in its text: fields, elements and what they are, without building anything.
//!
//! All this trusts the text to be jsonb's own form; of another text it gives nonsense, but it never panics.

use std::borrow::Cow;

use super::escape;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// `1.5`
    Number,
    /// `true`, `false`
    Boolean,
    /// `null`
    Null,
}

impl JsonKind {
    /// The name that `jsonb_typeof` gives.
    pub fn name(self) -> &'static str {
        match self {
            JsonKind::Object => "object",
            JsonKind::Array => "array",
            JsonKind::String => "string",
            JsonKind::Number => "number",
            JsonKind::Boolean => "boolean",
            JsonKind::Null => "null",
        }
    }

    /// Whether it has elements or fields.
    pub fn is_container(self) -> bool {
        matches!(self, JsonKind::Object | JsonKind::Array)
    }
}

/// What a value is, by its first character.
pub fn kind(value: &str) -> JsonKind {
    match value.as_bytes().first() {
        Some(b'{') => JsonKind::Object,
        Some(b'[') => JsonKind::Array,
        Some(b'"') => JsonKind::String,
        Some(b't' | b'f') => JsonKind::Boolean,
        Some(b'n') => JsonKind::Null,
        _ => JsonKind::Number,
    }
}

/// A field or an element in its container: where its key's quote (of an element: its value) starts, where its
/// value starts and where that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// The container's text.
    text: &'a str,
    /// Where the key's opening quote stands; of an element where the value starts.
    pub start: usize,
    /// Where the value starts.
    pub value_start: usize,
    /// Where the value ends.
    pub end: usize,
}

impl<'a> Item<'a> {
    /// The value.
    pub fn value(&self) -> &'a str {
        self.text.get(self.value_start..self.end).unwrap_or_default()
    }

    /// What stands between the quotes of the key; of an element the empty text.
    pub fn key(&self) -> &'a str {
        self.text.get(self.start + 1..self.value_start.saturating_sub(3)).unwrap_or_default()
    }
}

/// The fields or elements of a container, in order; of a scalar nothing.
#[derive(Debug, Clone)]
pub struct Items<'a> {
    text: &'a str,
    at: usize,
    object: bool,
}

/// Walks through a container.
pub fn items(value: &str) -> Items<'_> {
    let kind = kind(value);
    let at = if kind.is_container() { 1 } else { value.len() };
    Items { text: value, at, object: kind == JsonKind::Object }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if !bytes.get(start).is_some_and(|byte| !matches!(byte, b']' | b'}')) {
            return None;
        }
        // A key is followed by `": "` without the quote that ends it.
        let value_start = if self.object { string_end(bytes, start) + 2 } else { start };
        let end = value_end(bytes, value_start);
        self.at = if bytes.get(end) == Some(&b',') { end + 2 } else { end };
        Some(Item { text: self.text, start, value_start, end })
    }
}

/// The elements of an array, and a scalar as if it were alone in one (as PostgreSQL keeps scalars).
pub fn elements(value: &str) -> impl Iterator<Item = &str> + Clone {
    let alone = if kind(value).is_container() { None } else { Some(value) };
    alone.into_iter().chain(items(value).map(|item| item.value()))
}

/// Number of fields or elements; of a scalar 0.
pub fn count(value: &str) -> usize {
    items(value).count()
}

/// The field of an object; the key is given as it stands between quotes ([`escape::inside`]).
pub fn field<'a>(value: &'a str, key: &str) -> Option<&'a str> {
    if kind(value) != JsonKind::Object {
        return None;
    }
    items(value).find(|item| item.key() == key).map(|item| item.value())
}

/// The element of an array by its index, negative ones from the end.
pub fn element(value: &str, index: i64) -> Option<&str> {
    if kind(value) != JsonKind::Array {
        return None;
    }
    let index = if index < 0 { index + count(value) as i64 } else { index };
    items(value).nth(usize::try_from(index).ok()?).map(|item| item.value())
}

/// What a value says as SQL text: a string without quotes, NULL for null, anything else as it is.
pub fn text(value: &str) -> Option<Cow<'_, str>> {
    match kind(value) {
        JsonKind::Null => None,
        JsonKind::String => Some(escape::said(value.get(1..value.len() - 1).unwrap_or_default())),
        JsonKind::Object | JsonKind::Array | JsonKind::Number | JsonKind::Boolean => {
            Some(Cow::Borrowed(value))
        }
    }
}

/// Where the string whose opening quote stands at `at` ends.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// Where the value that starts at `at` ends.
pub(super) fn value_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = at;
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => at = string_end(bytes, at),
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
                continue;
            }
            Some(b'}' | b']') => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            Some(b',' | b':' | b' ') => {
                at += 1;
                continue;
            }
            Some(_) => {
                while bytes.get(at).is_some_and(|byte| !matches!(byte, b',' | b']' | b'}')) {
                    at += 1;
                }
            }
        }
        if depth == 0 {
            return at.min(bytes.len());
        }
    }
}
