//! SQL values to JSON: `to_json` and all that is made with it.
//!
//! Booleans, numbers, arrays and records have a form of their own in JSON, json and jsonb are taken as they
//! are, dates and timestamps are printed as XML Schema has them whatever DateStyle says, and any other value
//! is a string of its text.

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use millstream_catalog::{Kind, SqlType};

use super::printer::PRINTER;
use super::{canonical, check_size, defer, escape, lex, wrong_kind};
use crate::error::{SqlError, SqlResult};
use crate::types::environment::{DateStyle, Environment};

/// What stands between the elements or fields of the outermost array or record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `[1,2]`
    Flat,
    /// `[1,\n 2]`
    Lines,
}

/// Appends a value as json (`to_json`), NULL as `null`.
pub fn to_json(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    write(sql_type, array, row, Some(environment), Layout::Flat, out)
}

/// Appends a value as jsonb (`to_jsonb`), NULL as `null`.
pub fn to_jsonb(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    if is_canonical(sql_type) || array.is_null(row) {
        return to_json(sql_type, array, row, environment, out);
    }
    let mut text = String::new();
    to_json(sql_type, array, row, environment, &mut text)?;
    canonical::write(&text, out)
}

/// Whether the values of a type are in jsonb's form as [`to_json`] writes them.
pub fn is_canonical(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Scalar(Kind::Json | Kind::Float4 | Kind::Float8 | Kind::Numeric, _) => false,
        SqlType::Scalar(Kind::Int2vector | Kind::Oidvector, _) => false,
        SqlType::Scalar(..) => true,
        SqlType::Array(_) | SqlType::Record(_) => false,
    }
}

/// Appends a value as json in a layout. Without settings, what depends on them is left for
/// [`defer::resolve`].
pub fn write(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: Option<&Environment>,
    layout: Layout,
    out: &mut String,
) -> SqlResult<()> {
    check_size(out.len())?;
    if array.is_null(row) {
        out.push_str("null");
        return Ok(());
    }
    let separator = match layout {
        Layout::Flat => ",",
        Layout::Lines => ",\n ",
    };
    if let SqlType::Record(fields) = sql_type {
        let record = array.as_struct_opt().ok_or_else(|| not_of(sql_type, array))?;
        out.push('{');
        for (index, ((name, field_type), column)) in fields.iter().zip(record.columns()).enumerate() {
            if index > 0 {
                out.push_str(separator);
            }
            escape::write(name, out);
            out.push(':');
            write(field_type, column.as_ref(), row, environment, Layout::Flat, out)?;
        }
        out.push('}');
        return Ok(());
    }
    if let Some(element) = sql_type.element() {
        let values = array.as_list_opt::<i32>().ok_or_else(|| not_of(sql_type, array))?.value(row);
        out.push('[');
        for index in 0..values.len() {
            if index > 0 {
                out.push_str(separator);
            }
            write(&element, values.as_ref(), index, environment, Layout::Flat, out)?;
        }
        out.push(']');
        return Ok(());
    }
    scalar(sql_type, array, row, environment, false, out)
}

/// Appends a value as the key of a field, quotes and all; it must be a scalar that is not NULL.
pub fn write_key(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: Option<&Environment>,
    out: &mut String,
) -> SqlResult<()> {
    check_size(out.len())?;
    let json = matches!(sql_type.kind(), Some(Kind::Json | Kind::Jsonb));
    if json || sql_type.kind().is_none() || sql_type.element().is_some() {
        return Err(wrong_kind("key value must be scalar, not array, composite, or json"));
    }
    scalar(sql_type, array, row, environment, true, out)
}

/// Appends a scalar that is not NULL; `key`: as a string, whatever it is.
pub fn scalar(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: Option<&Environment>,
    key: bool,
    out: &mut String,
) -> SqlResult<()> {
    let kind = sql_type.kind().unwrap_or(Kind::Text);
    let Some(environment) = environment else {
        if defer::depends_on_settings(kind) {
            return defer::leave(kind, array, row, key, out);
        }
        return scalar(sql_type, array, row, Some(&Environment::default()), key, out);
    };
    match kind {
        Kind::Json | Kind::Jsonb if !key => {
            out.push_str(text(array, row)?);
            Ok(())
        }
        Kind::Boolean => {
            let values = array.as_boolean_opt().ok_or_else(|| not_of(sql_type, array))?;
            let quote = if key { "\"" } else { "" };
            out.extend([quote, if values.value(row) { "true" } else { "false" }, quote]);
            Ok(())
        }
        Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Float4 | Kind::Float8 | Kind::Numeric => {
            let from = out.len();
            PRINTER(sql_type, array, row, environment, out)?;
            let printed = out.get(from..).unwrap_or_default();
            // NaN and infinities are no numbers of JSON.
            if key || !is_number(printed) {
                out.insert(from, '"');
                out.push('"');
            }
            Ok(())
        }
        Kind::Date | Kind::Timestamp | Kind::Timestamptz => {
            out.push('"');
            date(sql_type, array, row, environment, out)?;
            out.push('"');
            Ok(())
        }
        _ if matches!(array.data_type(), DataType::Utf8) => {
            escape::write(text(array, row)?, out);
            Ok(())
        }
        _ => {
            let mut printed = String::new();
            PRINTER(sql_type, array, row, environment, &mut printed)?;
            escape::write(&printed, out);
            Ok(())
        }
    }
}

/// Appends a date or a timestamp in the form of XML Schema: `2024-01-02T03:04:05+00:00`.
fn date(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    let from = out.len();
    if environment.date_style == DateStyle::Iso {
        PRINTER(sql_type, array, row, environment, out)?;
    } else {
        let iso = Environment { date_style: DateStyle::Iso, ..environment.clone() };
        PRINTER(sql_type, array, row, &iso, out)?;
    }
    let printed = out.get(from..).unwrap_or_default();
    let bytes = printed.as_bytes();
    let Some(blank) = printed.find(' ').filter(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) else {
        return Ok(());
    };
    // The zone has hours alone where minutes are none; XML Schema always has minutes.
    let zone = printed.get(blank..).and_then(|rest| rest.find(['+', '-'])).map(|at| blank + at);
    let minutes = zone.filter(|at| bytes.get(at + 3) != Some(&b':')).map(|at| from + at + 3);
    if let Some(at) = minutes {
        out.insert_str(at, ":00");
    }
    out.replace_range(from + blank..from + blank + 1, "T");
    Ok(())
}

fn is_number(printed: &str) -> bool {
    let mut lexer = lex::Lexer::new(printed, false);
    matches!(lexer.next(), Ok(lex::Token::Number)) && lexer.end == printed.len()
}

fn text(array: &dyn Array, row: usize) -> SqlResult<&str> {
    let texts = array.as_string_opt::<i32>();
    texts.map(|texts| texts.value(row)).ok_or_else(|| not_of(&Kind::Text.into(), array))
}

fn not_of(sql_type: &SqlType, array: &dyn Array) -> SqlError {
    SqlError::internal(format!("a column of {} where one of {sql_type} is wanted", array.data_type()))
}
