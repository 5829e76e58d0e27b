//! What kernels do with the arguments of a call.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder};

use super::registry::{Argument, Call};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::print::Printer;

/// The printed texts of the one argument.
pub(crate) fn print_column(call: &Call<'_>, words: bool) -> SqlResult<ArrayRef> {
    let argument = only(call)?;
    let printer = Printer::new(&argument.sql_type, &argument.array, call.environment)?;
    let printer = if words { printer.words() } else { printer };
    let mut texts = StringBuilder::with_capacity(call.rows, call.rows * 16);
    let mut text = String::new();
    for row in 0..call.rows {
        if argument.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        printer.print(argument.at(row), &mut text)?;
        if texts.values_slice().len() + text.len() > i32::MAX as usize {
            let message = "the values of one batch take more than 2 GB";
            return Err(SqlError::new(SqlState::ProgramLimit, message));
        }
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}

pub(crate) fn only<'c>(call: &'c Call<'_>) -> SqlResult<&'c Argument> {
    call.arguments.first().ok_or_else(|| SqlError::internal("an argument is missing"))
}

/// The values of a constant argument, as often as there are rows.
pub(crate) fn expanded(array: &ArrayRef, argument: &Argument, rows: usize) -> SqlResult<ArrayRef> {
    if !argument.constant || array.len() == rows {
        return Ok(Arc::clone(array));
    }
    let places = arrow::array::UInt32Array::from(vec![0; rows]);
    arrow::compute::take(array, &places, None).map_err(|error| SqlError::internal(error.to_string()))
}
