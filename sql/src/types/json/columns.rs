//! Objects of JSON to columns of SQL: `json_to_record`, `json_populate_record` and their like.
//!
//! A field gives its column's text, which the planner casts to the column's type: a string gives what it
//! says, anything else its own text; for a json or jsonb column a string keeps its quotes; for an array
//! column an array of JSON gives the text of an array of SQL.

use super::read::{Event, Reader};
use super::{check_size, escape, wrong_kind};
use crate::error::{SqlError, SqlResult, SqlState};
use millstream_catalog::{Kind, SqlType};

/// What an object has for a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnText {
    /// No field of the name: NULL, or what the base row has.
    Missing,
    /// The field is null.
    Null,
    /// Text to be cast to the column's type.
    Text(String),
}

/// The columns of an object (json or jsonb). Of several fields of one name the last counts.
pub fn json_to_columns(text: &str, columns: &[(&str, SqlType)]) -> SqlResult<Vec<ColumnText>> {
    let mut reader = Reader::new(text, true);
    match reader.next()? {
        Event::ObjectStart => {}
        Event::ArrayStart => return Err(wrong_kind("cannot call populate_composite on an array")),
        _ => return Err(wrong_kind("cannot call populate_composite on a scalar")),
    }
    let found = object(&mut reader, columns)?;
    reader.next()?;
    Ok(found)
}

/// The columns of each object of an array (`…_recordset`); `function` is named in the complaints.
pub fn json_to_column_rows(
    text: &str,
    columns: &[(&str, SqlType)],
    function: &str,
) -> SqlResult<Vec<Vec<ColumnText>>> {
    let mut reader = Reader::new(text, true);
    let binary = function.starts_with("jsonb");
    match reader.next()? {
        Event::ArrayStart => {}
        _ if binary => return Err(wrong_kind(format!("cannot call {function} on a non-array"))),
        Event::ObjectStart => return Err(wrong_kind(format!("cannot call {function} on an object"))),
        _ => return Err(wrong_kind(format!("cannot call {function} on a scalar"))),
    }
    let mut rows = vec![];
    loop {
        match reader.next()? {
            Event::ObjectStart => rows.push(object(&mut reader, columns)?),
            Event::ArrayEnd => break,
            _ => return Err(wrong_kind(format!("argument of {function} must be an array of objects"))),
        }
    }
    reader.next()?;
    Ok(rows)
}

/// Reads the fields of the object that was just opened.
fn object(reader: &mut Reader<'_>, columns: &[(&str, SqlType)]) -> SqlResult<Vec<ColumnText>> {
    // Of each column its field: what a string says, or else where the value stands.
    let mut fields: Vec<Option<Field>> = vec![None; columns.len()];
    loop {
        if reader.next()? == Event::ObjectEnd {
            break;
        }
        let name = reader.decoded().to_owned();
        let event = reader.next()?;
        let start = reader.start();
        let said = if event == Event::String { Some(reader.decoded().to_owned()) } else { None };
        reader.skip(event)?;
        for ((column, _), field) in columns.iter().zip(&mut fields) {
            if *column == name {
                *field = Some(Field { event, start, end: reader.end(), said: said.clone() });
            }
        }
    }
    let mut found = Vec::with_capacity(columns.len());
    for ((name, sql_type), field) in columns.iter().zip(fields) {
        found.push(match field {
            None => ColumnText::Missing,
            Some(Field { event: Event::Null, .. }) => ColumnText::Null,
            Some(field) => ColumnText::Text(column(reader, name, sql_type, &field)?),
        });
    }
    Ok(found)
}

#[derive(Clone)]
struct Field {
    event: Event,
    start: usize,
    end: usize,
    said: Option<String>,
}

fn column(reader: &Reader<'_>, name: &str, sql_type: &SqlType, field: &Field) -> SqlResult<String> {
    let part = reader.slice(field.start, field.end);
    let Some(element) = sql_type.element() else {
        return Ok(element_text(part, field.said.as_deref(), sql_type));
    };
    match (&field.said, field.event) {
        (Some(said), _) => Ok(said.clone()),
        (None, Event::ArrayStart) => array_text(part, name, &element),
        _ => {
            let hint = format!("See the value of key \"{name}\".");
            Err(SqlError::new(SqlState::InvalidTextRepresentation, "expected JSON array").with_hint(hint))
        }
    }
}

/// The text of a value for a type that is no array.
fn element_text(part: &str, said: Option<&str>, sql_type: &SqlType) -> String {
    match said {
        Some(said) if matches!(sql_type.kind(), Some(Kind::Json | Kind::Jsonb)) => {
            let mut quoted = String::with_capacity(said.len() + 2);
            escape::write(said, &mut quoted);
            quoted
        }
        Some(said) => said.to_owned(),
        None => part.to_owned(),
    }
}

/// The text of an array of SQL for an array of JSON. As in PostgreSQL the first element of all says how many
/// dimensions there are; arrays further in are elements.
fn array_text(text: &str, name: &str, element: &SqlType) -> SqlResult<String> {
    let dimensions = text.bytes().scan(true, first_arrays).filter(|counts| *counts).count();
    let mut reader = Reader::new(text, true);
    let mut out = String::with_capacity(text.len());
    // The index of the element at each level.
    let mut places: Vec<usize> = vec![];
    loop {
        let event = reader.next()?;
        match event {
            Event::End => break,
            Event::ArrayEnd => {
                places.pop();
                out.push('}');
                continue;
            }
            _ => {}
        }
        let shallow = places.len() < dimensions;
        if let Some(place) = places.last_mut() {
            if *place > 0 {
                out.push(',');
            }
            *place += 1;
        }
        if shallow && event == Event::ArrayStart {
            out.push('{');
            places.push(0);
            continue;
        }
        if shallow {
            let at: String = places.iter().map(|place| format!("[{}]", place.saturating_sub(1))).collect();
            let hint = format!("See the array element {at} of key \"{name}\".");
            let error = SqlError::new(SqlState::InvalidTextRepresentation, "expected JSON array");
            return Err(error.with_hint(hint));
        }
        if event == Event::Null {
            out.push_str("NULL");
            continue;
        }
        let start = reader.start();
        let said = if event == Event::String { Some(reader.decoded().to_owned()) } else { None };
        reader.skip(event)?;
        let part = reader.slice(start, reader.end());
        quote_element(&element_text(part, said.as_deref(), element), &mut out);
        check_size(out.len())?;
    }
    Ok(out)
}

/// Counts the arrays that open before anything else does.
fn first_arrays(opening: &mut bool, byte: u8) -> Option<bool> {
    match byte {
        b'[' if *opening => Some(true),
        b' ' | b'\t' | b'\n' | b'\r' if *opening => Some(false),
        _ => None,
    }
}

/// Appends an element in quotes, which are never wrong.
fn quote_element(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}
