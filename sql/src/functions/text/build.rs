//! Texts made of others: joined, repeated, reversed, with parts replaced.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{StringArray, StringBuilder};
use memchr::memmem;
use millstream_catalog::Kind;

use crate::error::SqlResult;
use crate::functions::adapt::{Input, Output, Text};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::functions::text::pad::check_length;
use crate::types::text::check_size;
use crate::{lends, strict};

const TEXT: Param = Param::Of(Kind::Text);

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("||", (a: Text, b: Text) -> Text => join(a, b)).grows(),
        strict!("textcat", (a: Text, b: Text) -> Text => join(a, b)).grows(),
        whole("concat", &[Param::Any], TEXT, concat).variadic().stable().grows(),
        whole("concat_ws", &[TEXT, Param::Any], TEXT, concat_ws).variadic().stable().grows(),
        strict!("repeat", (s: Text, n: Int4) -> Text => repeat(s, n)).grows(),
        lends!("replace", (s: Text, from: Text, to: Text) -> Text => replace(s, from, to)).grows(),
        strict!("reverse", (s: Text) -> Text => Ok(s.chars().rev().collect())).safe(),
        strict!("translate", (s: Text, from: Text, to: Text) -> Text => translate(s, from, to)).grows(),
        strict!("to_hex", (n: Int4) -> Text => Ok(format!("{n:x}"))).safe(),
        strict!("to_hex", (n: Int8) -> Text => Ok(format!("{n:x}"))).safe(),
    ]
}

/// Two texts joined.
pub fn join(left: &str, right: &str) -> SqlResult<String> {
    check_size(left.len().saturating_add(right.len()))?;
    Ok([left, right].concat())
}

fn columns<'a>(call: &'a Call<'_>) -> SqlResult<Vec<&'a StringArray>> {
    call.arguments.iter().map(|argument| Text::array(argument.array.as_ref())).collect()
}

/// `concat`: the arguments' printed texts joined, NULLs left out. The arguments come printed.
pub fn concat(call: &Call<'_>) -> SqlResult<arrow::array::ArrayRef> {
    let columns = columns(call)?;
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 16);
    let mut joined = String::new();
    for row in 0..call.rows {
        joined.clear();
        for (argument, column) in call.arguments.iter().zip(&columns) {
            if !argument.is_null(row) {
                let part = column.value(argument.at(row));
                check_size(joined.len() + part.len())?;
                joined.push_str(part);
            }
        }
        Text::append(&mut answers, joined.clone())?;
    }
    Ok(Arc::new(answers.finish()))
}

/// `concat_ws`: as `concat`, with a separator between those that are not NULL; NULL where the separator is
/// NULL.
pub fn concat_ws(call: &Call<'_>) -> SqlResult<arrow::array::ArrayRef> {
    let columns = columns(call)?;
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 16);
    let Some((separator, arguments)) = call.arguments.split_first() else {
        return Err(crate::error::SqlError::internal("concat_ws without a separator"));
    };
    for row in 0..call.rows {
        if separator.is_null(row) {
            Text::append_null(&mut answers);
            continue;
        }
        let between = columns[0].value(separator.at(row));
        let mut joined = String::new();
        let mut first = true;
        for (argument, column) in arguments.iter().zip(&columns[1..]) {
            if argument.is_null(row) {
                continue;
            }
            let part = column.value(argument.at(row));
            check_size(joined.len() + between.len() + part.len())?;
            if !first {
                joined.push_str(between);
            }
            first = false;
            joined.push_str(part);
        }
        Text::append(&mut answers, joined)?;
    }
    Ok(Arc::new(answers.finish()))
}

/// The text n times; empty where n is not positive.
pub fn repeat(text: &str, n: i32) -> SqlResult<String> {
    let n = usize::try_from(n.max(0)).unwrap_or(0);
    check_length(text.len().saturating_mul(n))?;
    Ok(text.repeat(n))
}

/// The text with every occurrence of a part replaced.
pub fn replace<'a>(text: &'a str, from: &str, to: &str) -> SqlResult<Cow<'a, str>> {
    match from.as_bytes() {
        [] => Ok(text.into()),
        [byte] => replaced_at(text, memchr::memchr_iter(*byte, text.as_bytes()), 1, to),
        many => replaced_at(text, memmem::find_iter(text.as_bytes(), many), many.len(), to),
    }
}

/// The text with parts of a length replaced, that begin at these bytes.
fn replaced_at<'a>(
    text: &'a str,
    mut places: impl Iterator<Item = usize>,
    length: usize,
    to: &str,
) -> SqlResult<Cow<'a, str>> {
    let Some(first) = places.next() else { return Ok(text.into()) };
    let mut replaced = String::with_capacity(text.len().saturating_add(to.len()));
    let mut end = 0;
    for place in std::iter::once(first).chain(places) {
        replaced.push_str(&text[end..place]);
        replaced.push_str(to);
        check_size(replaced.len())?;
        end = place + length;
    }
    replaced.push_str(&text[end..]);
    check_size(replaced.len())?;
    Ok(replaced.into())
}

/// Each character that stands in `from` becomes the one at the same place in `to`; none where `to` is
/// shorter.
pub fn translate(text: &str, from: &str, to: &str) -> SqlResult<String> {
    let mut translated = String::with_capacity(text.len());
    for character in text.chars() {
        match from.chars().position(|candidate| candidate == character) {
            None => translated.push(character),
            Some(index) => translated.extend(to.chars().nth(index)),
        }
        check_size(translated.len())?;
    }
    Ok(translated)
}
