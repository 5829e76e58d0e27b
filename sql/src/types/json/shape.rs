//! JSON in other shapes: without fields that are null, and with a line for each field.

use super::read::{Event, Reader};
use super::{check_size, escape};
use crate::error::SqlResult;

/// `json_strip_nulls`: the value without fields that are null, and without blanks.
pub fn strip_json(text: &str) -> SqlResult<String> {
    strip(text, true)
}

/// `jsonb_strip_nulls`.
pub fn strip_jsonb(value: &str) -> SqlResult<String> {
    strip(value, false)
}

/// `written`: the text is as somebody wrote it, so that its strings are to be put into PostgreSQL's form.
fn strip(text: &str, written: bool) -> SqlResult<String> {
    let (comma, colon) = if written { (",", ":") } else { (", ", ": ") };
    let mut reader = Reader::new(text, written);
    let mut out = String::with_capacity(text.len());
    let string = |reader: &Reader<'_>, out: &mut String| {
        if written { escape::write(reader.decoded(), out) } else { out.push_str(reader.token()) }
    };
    let mut key = String::new();
    let mut keyed = false;
    loop {
        let in_array = reader.in_array();
        let event = reader.next()?;
        if event == Event::Key {
            key.clear();
            string(&reader, &mut key);
            keyed = true;
            continue;
        }
        if keyed && event == Event::Null {
            keyed = false;
            continue;
        }
        let closes = matches!(event, Event::ObjectEnd | Event::ArrayEnd | Event::End);
        if (keyed || in_array) && !closes && !out.ends_with(['{', '[']) {
            out.push_str(comma);
        }
        if keyed {
            out.push_str(&key);
            out.push_str(colon);
            keyed = false;
        }
        match event {
            Event::End => break,
            Event::String => string(&reader, &mut out),
            _ => out.push_str(reader.token()),
        }
    }
    check_size(out.len())?;
    Ok(out)
}

/// `jsonb_pretty`: a line for each field and element, four blanks for each level.
pub fn pretty(value: &str) -> SqlResult<String> {
    let mut reader = Reader::new(value, false);
    let mut out = String::with_capacity(value.len() * 2);
    let mut first = true;
    let mut after_key = false;
    let line = |out: &mut String, depth: usize| -> SqlResult<()> {
        check_size(out.len() + depth * 4)?;
        out.push('\n');
        out.extend(std::iter::repeat_n("    ", depth));
        Ok(())
    };
    loop {
        let depth = reader.depth();
        let event = reader.next()?;
        match event {
            Event::End => break,
            Event::ObjectEnd | Event::ArrayEnd => {
                line(&mut out, reader.depth())?;
                out.push_str(reader.token());
                first = false;
                continue;
            }
            _ if after_key || depth == 0 => {}
            _ => {
                if !first {
                    out.push(',');
                }
                line(&mut out, depth)?;
            }
        }
        out.push_str(reader.token());
        after_key = event == Event::Key;
        if after_key {
            out.push_str(": ");
        }
        first = matches!(event, Event::ObjectStart | Event::ArrayStart);
    }
    check_size(out.len())?;
    Ok(out)
}
