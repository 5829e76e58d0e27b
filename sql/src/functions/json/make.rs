//! Making json and jsonb of SQL values.

use std::borrow::Cow;

use millstream_catalog::Kind;

use super::{argument, boolean, texts, texts_of, textual};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Argument, Call, Param, Row, whole};
use crate::types::environment::Environment;
use crate::types::json::build::{self, Layout};
use crate::types::json::printer::ValuePrinter;
use crate::types::json::{canonical, check_size, escape, wrong_kind};

const JSON: Param = Param::Of(Kind::Json);
const JSONB: Param = Param::Of(Kind::Jsonb);
const BOOLEAN: Param = Param::Of(Kind::Boolean);
const TEXTS: Param = Param::ArrayOf(Kind::Text);

/// The rows of making.
pub fn rows() -> Vec<Row> {
    vec![
        made("to_json", &[Param::AnyElement], JSON, true, |arguments, row, environment, out| {
            value(arguments, 0, row, environment, Layout::Flat, out)
        }),
        made("to_jsonb", &[Param::AnyElement], JSONB, true, |arguments, row, environment, out| {
            let argument = argument(arguments, 0)?;
            let at = argument.at(row);
            build::to_jsonb(&argument.sql_type, argument.array.as_ref(), at, environment, out)
        })
        .grows(),
        made("array_to_json", &[Param::AnyArray], JSON, true, laid_out),
        made("array_to_json", &[Param::AnyArray, BOOLEAN], JSON, true, laid_out),
        made("row_to_json", &[Param::Record], JSON, true, laid_out),
        made("row_to_json", &[Param::Record, BOOLEAN], JSON, true, laid_out),
        made("json_build_array", &[], JSON, false, build_array),
        made("json_build_array", &[Param::Any], JSON, false, build_array).variadic(),
        made("jsonb_build_array", &[], JSONB, false, build_array_b),
        made("jsonb_build_array", &[Param::Any], JSONB, false, build_array_b).variadic().grows(),
        made("json_build_object", &[], JSON, false, build_object),
        made("json_build_object", &[Param::Any], JSON, false, build_object).variadic(),
        made("jsonb_build_object", &[], JSONB, false, build_object_b),
        made("jsonb_build_object", &[Param::Any], JSONB, false, build_object_b).variadic().grows(),
        textual("json_object", &[TEXTS], JSON, |arguments, row| object_of_pairs(arguments, row, false)),
        textual("jsonb_object", &[TEXTS], JSONB, |arguments, row| object_of_pairs(arguments, row, true)),
        textual("json_object", &[TEXTS, TEXTS], JSON, |arguments, row| object_of_two(arguments, row, false)),
        textual("jsonb_object", &[TEXTS, TEXTS], JSONB, |arguments, row| object_of_two(arguments, row, true)),
    ]
}

/// A row whose kernel appends each answer to a text.
fn made(
    name: &'static str,
    arguments: &[Param],
    returns: Param,
    strict: bool,
    make: impl Fn(&[Argument], usize, &Environment, &mut String) -> SqlResult<()> + Send + Sync + 'static,
) -> Row {
    let kernel = move |call: &Call<'_>| {
        texts_of(call, strict, &|arguments, row| {
            let mut out = String::new();
            make(arguments, row, call.environment, &mut out)?;
            check_size(out.len())?;
            Ok(Some(Cow::Owned(out)))
        })
    };
    let row = whole(name, arguments, returns, kernel).stable();
    Row { strict, ..row }
}

fn value(
    arguments: &[Argument],
    index: usize,
    row: usize,
    environment: &Environment,
    layout: Layout,
    out: &mut String,
) -> SqlResult<()> {
    let argument = argument(arguments, index)?;
    let at = argument.at(row);
    build::write(&argument.sql_type, argument.array.as_ref(), at, Some(environment), layout, out)
}

fn laid_out(
    arguments: &[Argument],
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    let lines = boolean(arguments, 1, row, false)?;
    let layout = if lines { Layout::Lines } else { Layout::Flat };
    value(arguments, 0, row, environment, layout, out)
}

fn build_array(
    arguments: &[Argument],
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    out.push('[');
    for index in 0..arguments.len() {
        if index > 0 {
            out.push_str(", ");
        }
        value(arguments, index, row, environment, Layout::Flat, out)?;
    }
    out.push(']');
    Ok(())
}

fn build_array_b(
    arguments: &[Argument],
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    out.push('[');
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let at = argument.at(row);
        build::to_jsonb(&argument.sql_type, argument.array.as_ref(), at, environment, out)?;
    }
    out.push(']');
    Ok(())
}

fn build_object(
    arguments: &[Argument],
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    let null_key = |place| {
        wrong_kind(format!("argument {place} cannot be null")).with_hint("Object keys should be text.")
    };
    object(arguments, row, environment, ("json_build_object", build::to_json), null_key, out)
}

fn build_object_b(
    arguments: &[Argument],
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    let null_key = |place| wrong_kind(format!("argument {place}: key must not be null"));
    let mut text = String::new();
    object(arguments, row, environment, ("jsonb_build_object", build::to_jsonb), null_key, &mut text)?;
    canonical::write(&text, out)
}

/// Appends an object of alternating keys and values, the values written as json or as jsonb.
fn object(
    arguments: &[Argument],
    row: usize,
    environment: &Environment,
    (function, write): (&str, ValuePrinter),
    null_key: impl Fn(usize) -> SqlError,
    out: &mut String,
) -> SqlResult<()> {
    if !arguments.len().is_multiple_of(2) {
        let hint = format!("The arguments of {function}() must consist of alternating keys and values.");
        return Err(wrong_kind("argument list must have even number of elements").with_hint(hint));
    }
    out.push('{');
    for (index, pair) in arguments.chunks_exact(2).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let key = argument(pair, 0)?;
        if key.is_null(row) {
            return Err(null_key(index * 2 + 1));
        }
        build::write_key(&key.sql_type, key.array.as_ref(), key.at(row), Some(environment), out)?;
        out.push_str(" : ");
        let value = argument(pair, 1)?;
        write(&value.sql_type, value.array.as_ref(), value.at(row), environment, out)?;
    }
    out.push('}');
    Ok(())
}

fn object_of_pairs(arguments: &[Argument], row: usize, binary: bool) -> SqlResult<Option<Cow<'_, str>>> {
    let texts = texts(arguments, 0, row)?;
    if texts.len() % 2 != 0 {
        return Err(SqlError::new(SqlState::ArraySubscript, "array must have even number of elements"));
    }
    let pairs = texts.chunks_exact(2).map(|pair| match pair {
        [key, value] => (*key, *value),
        _ => (None, None),
    });
    text_object(pairs, binary)
}

fn object_of_two(arguments: &[Argument], row: usize, binary: bool) -> SqlResult<Option<Cow<'_, str>>> {
    let (keys, values) = (texts(arguments, 0, row)?, texts(arguments, 1, row)?);
    if keys.len() != values.len() {
        // An empty array has no dimension in PostgreSQL.
        let one_empty = keys.is_empty() || values.is_empty();
        let message =
            if one_empty { "wrong number of array subscripts" } else { "mismatched array dimensions" };
        return Err(SqlError::new(SqlState::ArraySubscript, message));
    }
    text_object(keys.into_iter().zip(values), binary)
}

/// An object all of whose values are strings or null.
fn text_object<'a, 'b>(
    pairs: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>,
    binary: bool,
) -> SqlResult<Option<Cow<'b, str>>> {
    let mut out = String::from("{");
    for (key, value) in pairs {
        let Some(key) = key else {
            return Err(SqlError::new(SqlState::NullNotAllowed, "null value not allowed for object key"));
        };
        if out.len() > 1 {
            out.push_str(", ");
        }
        escape::write(key, &mut out);
        out.push_str(" : ");
        match value {
            Some(value) => escape::write(value, &mut out),
            None => out.push_str("null"),
        }
        check_size(out.len())?;
    }
    out.push('}');
    if !binary {
        return Ok(Some(Cow::Owned(out)));
    }
    let mut sorted = String::with_capacity(out.len());
    canonical::write(&out, &mut sorted)?;
    Ok(Some(Cow::Owned(sorted)))
}
