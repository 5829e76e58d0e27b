//! Getting at parts of json and jsonb, what they are, and casting them.

use std::borrow::Cow;

use millstream_catalog::Kind;

use super::{int4, spread, text, texts, textual};
use crate::error::SqlResult;
use crate::functions::registry::{Argument, Param, Row};
use crate::strict;
use crate::types::json::path::{self, Step, jsonb_element, jsonb_subscript};
use crate::types::json::{cast, escape, read, scan, wrong_kind};

const JSON: Param = Param::Of(Kind::Json);
const JSONB: Param = Param::Of(Kind::Jsonb);
const TEXT: Param = Param::Of(Kind::Text);
const INT4: Param = Param::Of(Kind::Int4);
const TEXTS: Param = Param::ArrayOf(Kind::Text);

/// What an answer is given as: the value itself, or what it says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Value,
    Text,
}

/// The rows of getting.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    for form in [As::Value, As::Text] {
        let is_text = form == As::Text;
        let pick = |value, said| if is_text { said } else { value };
        let (json, jsonb) = (pick(JSON, TEXT), pick(JSONB, TEXT));
        let (arrow, hash) = (pick_name(is_text, "->", "->>"), pick_name(is_text, "#>", "#>>"));
        for name in [arrow, pick_name(is_text, "json_object_field", "json_object_field_text")] {
            rows.push(textual(name, &[JSON, TEXT], json, move |arguments, row| {
                let step = Step::of_name(text(arguments, 1, row)?);
                path::json_get(text(arguments, 0, row)?, &[step], form == As::Text)
            }));
        }
        for name in [arrow, pick_name(is_text, "json_array_element", "json_array_element_text")] {
            rows.push(textual(name, &[JSON, INT4], json, move |arguments, row| {
                let step = Step::of_index(int4(arguments, 1, row)?);
                path::json_get(text(arguments, 0, row)?, &[step], form == As::Text)
            }));
        }
        rows.push(textual(hash, &[JSON, TEXTS], json, move |arguments, row| {
            json_path(arguments, &texts(arguments, 1, row)?, row, form)
        }));
        let name = pick_name(is_text, "json_extract_path", "json_extract_path_text");
        rows.push(
            textual(name, &[JSON, TEXT], json, move |arguments, row| {
                json_path(arguments, &spread(arguments, 1, row)?, row, form)
            })
            .variadic(),
        );
        for name in [arrow, pick_name(is_text, "jsonb_object_field", "jsonb_object_field_text")] {
            rows.push(
                textual(name, &[JSONB, TEXT], jsonb, move |arguments, row| {
                    let key = escape::inside(text(arguments, 1, row)?);
                    Ok(given(scan::field(text(arguments, 0, row)?, &key), form))
                })
                .safe(),
            );
        }
        for name in [arrow, pick_name(is_text, "jsonb_array_element", "jsonb_array_element_text")] {
            rows.push(
                textual(name, &[JSONB, INT4], jsonb, move |arguments, row| {
                    Ok(given(jsonb_element(text(arguments, 0, row)?, int4(arguments, 1, row)?), form))
                })
                .safe(),
            );
        }
        rows.push(
            textual(hash, &[JSONB, TEXTS], jsonb, move |arguments, row| {
                jsonb_path(arguments, &texts(arguments, 1, row)?, row, form)
            })
            .safe(),
        );
        let name = pick_name(is_text, "jsonb_extract_path", "jsonb_extract_path_text");
        rows.push(
            textual(name, &[JSONB, TEXT], jsonb, move |arguments, row| {
                jsonb_path(arguments, &spread(arguments, 1, row)?, row, form)
            })
            .variadic()
            .safe(),
        );
    }
    rows.extend([
        textual("json_typeof", &[JSON], TEXT, |arguments, row| {
            Ok(Some(Cow::Borrowed(json_typeof(text(arguments, 0, row)?)?)))
        }),
        textual("jsonb_typeof", &[JSONB], TEXT, |arguments, row| {
            Ok(Some(Cow::Borrowed(scan::kind(text(arguments, 0, row)?).name())))
        })
        .safe(),
        strict!("json_array_length", (json: Json) -> Int4 => path::json_array_length(json)),
        strict!("jsonb_array_length", (value: Jsonb) -> Int4 => path::jsonb_array_length(value)),
        strict!("bool", (value: Jsonb) -> Bool => cast::to_boolean(value)),
        strict!("int2", (value: Jsonb) -> Int2 => cast::to_int2(value)),
        strict!("int4", (value: Jsonb) -> Int4 => cast::to_int4(value)),
        strict!("int8", (value: Jsonb) -> Int8 => cast::to_int8(value)),
        strict!("float4", (value: Jsonb) -> Float4 => cast::to_float4(value)),
        strict!("float8", (value: Jsonb) -> Float8 => cast::to_float8(value)),
    ]);
    rows
}

fn pick_name(is_text: bool, value: &'static str, said: &'static str) -> &'static str {
    if is_text { said } else { value }
}

fn given(value: Option<&str>, form: As) -> Option<Cow<'_, str>> {
    match form {
        As::Value => value.map(Cow::Borrowed),
        As::Text => value.and_then(scan::text),
    }
}

fn json_path<'a>(
    arguments: &'a [Argument],
    path: &[Option<&str>],
    row: usize,
    form: As,
) -> SqlResult<Option<Cow<'a, str>>> {
    let steps: Option<Vec<Step<'_>>> = path.iter().map(|step| step.map(Step::of_text)).collect();
    // A NULL in the path leads nowhere, whatever the value is.
    let Some(steps) = steps else { return Ok(None) };
    path::json_get(text(arguments, 0, row)?, &steps, form == As::Text)
}

fn jsonb_path<'a>(
    arguments: &'a [Argument],
    path: &[Option<&str>],
    row: usize,
    form: As,
) -> SqlResult<Option<Cow<'a, str>>> {
    let steps: Option<Vec<&str>> = path.iter().copied().collect();
    let Some(steps) = steps else { return Ok(None) };
    Ok(given(jsonb_subscript(text(arguments, 0, row)?, &steps), form))
}

fn json_typeof(text: &str) -> SqlResult<&'static str> {
    Ok(match read::Reader::new(text, false).next()? {
        read::Event::ObjectStart => "object",
        read::Event::ArrayStart => "array",
        read::Event::String => "string",
        read::Event::Number => "number",
        read::Event::True | read::Event::False => "boolean",
        read::Event::Null => "null",
        read::Event::Key | read::Event::ObjectEnd | read::Event::ArrayEnd | read::Event::End => {
            return Err(wrong_kind("the value is no JSON"));
        }
    })
}
