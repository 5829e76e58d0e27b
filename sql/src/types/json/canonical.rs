//! JSON to jsonb: the one form in which jsonb is kept.
//!
//! The text is read once and written as it is read; an object whose keys did not come in order is put in
//! order when it closes, a key that came twice keeping its last value.

use std::cmp::Ordering;

use super::escape;
use super::read::{Event, Reader};
use super::{check_size, number};
use crate::error::SqlResult;

/// A field of an open object: where its key (with quotes) starts, where the key ends, where the value ends.
#[derive(Clone, Copy)]
struct Field {
    start: usize,
    key_end: usize,
    end: usize,
}

/// An open container: where its content starts in the output, and for an object its first field.
struct Open {
    start: usize,
    first_field: usize,
    object: bool,
}

/// Appends the jsonb that a text of JSON says.
pub fn write(text: &str, out: &mut String) -> SqlResult<()> {
    let mut reader = Reader::new(text, true);
    let mut open: Vec<Open> = vec![];
    let mut fields: Vec<Field> = vec![];
    loop {
        let event = reader.next()?;
        let separated = open.last().is_some_and(|last| !last.object && out.len() > last.start);
        if separated && !matches!(event, Event::ArrayEnd | Event::End) {
            out.push_str(", ");
        }
        match event {
            Event::End => return check_size(out.len()),
            Event::ObjectStart | Event::ArrayStart => {
                let object = event == Event::ObjectStart;
                out.push(if object { '{' } else { '[' });
                open.push(Open { start: out.len(), first_field: fields.len(), object });
                continue;
            }
            Event::Key => {
                if open.last().is_some_and(|last| out.len() > last.start) {
                    out.push_str(", ");
                }
                let start = out.len();
                escape::write(reader.decoded(), out);
                fields.push(Field { start, key_end: out.len(), end: 0 });
                out.push_str(": ");
                continue;
            }
            Event::String => escape::write(reader.decoded(), out),
            Event::Number => number::write(reader.token(), out)?,
            Event::True => out.push_str("true"),
            Event::False => out.push_str("false"),
            Event::Null => out.push_str("null"),
            Event::ArrayEnd => {
                open.pop();
                out.push(']');
            }
            Event::ObjectEnd => {
                if let Some(closed) = open.pop() {
                    arrange(closed.start, fields.get(closed.first_field..).unwrap_or_default(), out);
                    fields.truncate(closed.first_field);
                }
                out.push('}');
            }
        }
        // A value ended; in an object it ends a field.
        if let (Some(Open { object: true, .. }), Some(field)) = (open.last(), fields.last_mut()) {
            field.end = out.len();
        }
    }
}

/// The order of keys in an object of jsonb, by what stands between their quotes: by length, then by bytes.
pub fn key_order(left: &str, right: &str) -> Ordering {
    let (left, right) = (escape::said(left), escape::said(right));
    left.len().cmp(&right.len()).then_with(|| left.as_bytes().cmp(right.as_bytes()))
}

/// Puts the fields of an object, which are the output from `start` on, in order.
fn arrange(start: usize, fields: &[Field], out: &mut String) {
    let ordered = fields.windows(2).all(|pair| match pair {
        [left, right] => order(out, left, right) == Ordering::Less,
        _ => true,
    });
    if ordered {
        return;
    }
    let mut sorted = fields.to_vec();
    sorted.sort_by(|left, right| order(out, left, right));
    let mut content = String::with_capacity(out.len() - start);
    for (index, field) in sorted.iter().enumerate() {
        // Of equal keys, which the sort left in the order in which they came, the last one counts.
        if sorted.get(index + 1).is_some_and(|next| order(out, field, next) == Ordering::Equal) {
            continue;
        }
        if !content.is_empty() {
            content.push_str(", ");
        }
        content.push_str(out.get(field.start..field.end).unwrap_or_default());
    }
    out.truncate(start);
    out.push_str(&content);
}

fn order(out: &str, left: &Field, right: &Field) -> Ordering {
    let inside = |field: &Field| out.get(field.start + 1..field.key_end - 1).unwrap_or_default();
    key_order(inside(left), inside(right))
}
