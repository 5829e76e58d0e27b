//! `text || anynonarray` and `anynonarray || text`: the other value as a cast to text gives it.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringBuilder};
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Call, Param, Row, whole, wrong_array};
use crate::types::builder::{COLUMN_BYTES, VALUE_BYTES, column_too_large, too_large};
use crate::types::print::Printer;

pub(super) fn rows() -> Vec<Row> {
    let text = Param::Of(Kind::Text);
    let rows = [
        whole("||", &[text, Param::AnyNonArray], text, |call| concatenate(call, 0)),
        whole("||", &[Param::AnyNonArray, text], text, |call| concatenate(call, 1)),
    ];
    rows.into_iter().map(|row| Row { strict: true, ..row.stable().grows() }).collect()
}

/// Concatenates two values, the one of the number `text` being a text.
fn concatenate(call: &Call<'_>, text: usize) -> SqlResult<ArrayRef> {
    let (Some(texts), Some(other)) = (call.arguments.get(text), call.arguments.get(1 - text)) else {
        return Err(SqlError::internal("an argument is missing"));
    };
    let strings = texts.array.as_string_opt::<i32>();
    let strings = strings.ok_or_else(|| wrong_array("Utf8", texts.array.as_ref()))?;
    let printer = Printer::new(&other.sql_type, &other.array, call.environment)?.words();
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 16);
    let mut answer = String::new();
    for row in 0..call.rows {
        if call.any_null(row) {
            answers.append_null();
            continue;
        }
        answer.clear();
        if text == 0 {
            answer.push_str(strings.value(texts.at(row)));
        }
        let start = answer.len();
        printer.print(other.at(row), &mut answer)?;
        if other.sql_type.is(Kind::Bpchar) {
            // A cast of char(n) to text drops the blanks at the end.
            answer.truncate(start + answer[start..].trim_end_matches(' ').len());
        }
        if text == 1 {
            answer.push_str(strings.value(texts.at(row)));
        }
        if answer.len() > VALUE_BYTES {
            return Err(too_large(answer.len()));
        }
        if answers.values_slice().len() + answer.len() > COLUMN_BYTES {
            return Err(column_too_large());
        }
        answers.append_value(&answer);
    }
    Ok(Arc::new(answers.finish()))
}
