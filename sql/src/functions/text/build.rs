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
    if from.is_empty() || memmem::find(text.as_bytes(), from.as_bytes()).is_none() {
        return Ok(text.into());
    }
    if to.len() > from.len() {
        let found = text.matches(from).count();
        check_size(text.len().saturating_add(found.saturating_mul(to.len() - from.len())))?;
    }
    Ok(text.replace(from, to).into())
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
