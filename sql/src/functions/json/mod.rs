//! The functions and operators of json and jsonb: PostgreSQL 15's section 9.16 without the path language.
//!
//! What they do is in [`crate::types::json`]; here is how they are called.

pub mod aggregates;
mod compare;
mod edit;
mod get;
mod make;
mod sets;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::Int32Type;

use super::registry::{Argument, Body, Call, Param, Row, wrong_array};
use crate::error::{SqlError, SqlResult, SqlState};

/// The rows of the registry.
pub fn rows() -> Vec<Row> {
    [get::rows(), compare::rows(), edit::rows(), make::rows(), sets::rows(), aggregates::rows()].concat()
}

/// A strict row whose answer is text that is often a part of an argument, which then is not copied twice.
fn textual(
    name: &'static str,
    arguments: &[Param],
    returns: Param,
    answer: impl for<'a> Fn(&'a [Argument], usize) -> SqlResult<Option<Cow<'a, str>>> + Send + Sync + 'static,
) -> Row {
    let kernel = move |call: &Call<'_>| texts_of(call, true, &answer);
    Row::new(name, arguments.to_vec(), returns, Body::Kernel(Arc::new(kernel)))
}

/// A column of text, one answer for each row; `strict`: rows with a NULL argument give NULL.
fn texts_of<'a>(
    call: &Call<'a>,
    strict: bool,
    answer: &impl Fn(&'a [Argument], usize) -> SqlResult<Option<Cow<'a, str>>>,
) -> SqlResult<ArrayRef> {
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 16);
    for row in 0..call.rows {
        if strict && call.any_null(row) {
            answers.append_null();
            continue;
        }
        let text = answer(call.arguments, row)?;
        let bytes = text.as_ref().map_or(0, |text| text.len());
        if answers.values_slice().len() + bytes > i32::MAX as usize {
            let message = "the values of one batch take more than 2 GB";
            return Err(SqlError::new(SqlState::ProgramLimit, message));
        }
        answers.append_option(text);
    }
    Ok(Arc::new(answers.finish()))
}

/// An argument of a call.
fn argument(arguments: &[Argument], index: usize) -> SqlResult<&Argument> {
    arguments.get(index).ok_or_else(|| SqlError::internal("an argument is missing"))
}

/// The text of an argument (text, json, jsonb) that is not NULL.
fn text(arguments: &[Argument], index: usize, row: usize) -> SqlResult<&str> {
    let argument = argument(arguments, index)?;
    let texts = argument.array.as_string_opt::<i32>();
    let texts = texts.ok_or_else(|| wrong_array("text", argument.array.as_ref()))?;
    Ok(texts.value(argument.at(row)))
}

/// The integer of an argument that is not NULL.
fn int4(arguments: &[Argument], index: usize, row: usize) -> SqlResult<i32> {
    let argument = argument(arguments, index)?;
    let integers = argument.array.as_primitive_opt::<Int32Type>();
    let integers = integers.ok_or_else(|| wrong_array("integer", argument.array.as_ref()))?;
    Ok(integers.value(argument.at(row)))
}

/// The boolean of an argument that is not NULL; what is said to be the default if it is left out.
fn boolean(arguments: &[Argument], index: usize, row: usize, default: bool) -> SqlResult<bool> {
    let Some(argument) = arguments.get(index) else { return Ok(default) };
    let booleans = argument.array.as_boolean_opt();
    let booleans = booleans.ok_or_else(|| wrong_array("boolean", argument.array.as_ref()))?;
    Ok(booleans.value(argument.at(row)))
}

/// The texts of an argument (text[]) that is not NULL.
fn texts(arguments: &[Argument], index: usize, row: usize) -> SqlResult<Vec<Option<&str>>> {
    let argument = argument(arguments, index)?;
    let wrong = || wrong_array("text[]", argument.array.as_ref());
    let lists = argument.array.as_list_opt::<i32>().ok_or_else(wrong)?;
    let texts = lists.values().as_string_opt::<i32>().ok_or_else(wrong)?;
    let offsets = lists.value_offsets();
    let at = argument.at(row);
    let bounds = (offsets.get(at).copied().unwrap_or(0), offsets.get(at + 1).copied().unwrap_or(0));
    let range = usize::try_from(bounds.0).unwrap_or(0)..usize::try_from(bounds.1).unwrap_or(0);
    Ok(range.map(|place| texts.is_valid(place).then(|| texts.value(place))).collect())
}

/// The texts that the arguments from an index on are: each a text, or one of them an array of texts.
fn spread(arguments: &[Argument], index: usize, row: usize) -> SqlResult<Vec<Option<&str>>> {
    if let Some(last) = arguments.get(index)
        && last.array.as_list_opt::<i32>().is_some()
    {
        return texts(arguments, index, row);
    }
    let rest = arguments.iter().enumerate().skip(index);
    rest.map(
        |(place, argument)| {
            if argument.is_null(row) { Ok(None) } else { text(arguments, place, row).map(Some) }
        },
    )
    .collect()
}
