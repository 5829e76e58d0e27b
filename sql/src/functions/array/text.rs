//! Arrays as text: `array_to_string`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use millstream_catalog::Kind;

use super::lists::{argument, lists};
use crate::error::SqlResult;
use crate::functions::registry::{Call, Param, Row, whole, wrong_array};
use crate::types::builder::{COLUMN_BYTES, VALUE_BYTES, column_too_large, too_large};
use crate::types::print::Printer;

pub(super) fn rows() -> Vec<Row> {
    let text = Param::Of(Kind::Text);
    let row = |arguments: &[Param]| whole("array_to_string", arguments, text, to_string).grows().stable();
    vec![Row { strict: true, ..row(&[Param::AnyArray, text]) }, row(&[Param::AnyArray, text, text])]
}

fn to_string(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, delimiter) = (lists(call, 0)?, argument(call, 1)?);
    let delimiters = delimiter.array.as_string_opt::<i32>();
    let delimiters = delimiters.ok_or_else(|| wrong_array("Utf8", delimiter.array.as_ref()))?;
    let null = call.arguments.get(2);
    let nulls = null.map(|null| {
        null.array.as_string_opt::<i32>().ok_or_else(|| wrong_array("Utf8", null.array.as_ref()))
    });
    let nulls = nulls.transpose()?;
    let printer = Printer::new(&arrays.element, arrays.values(), call.environment)?;
    let elements_null = arrays.values().logical_nulls();
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 16);
    let mut text = String::new();
    for row in 0..call.rows {
        let Some(range) = arrays.range(row).filter(|_| !delimiter.is_null(row)) else {
            answers.append_null();
            continue;
        };
        let delimiter = delimiters.value(delimiter.at(row));
        let instead = match (null, nulls) {
            (Some(null), Some(nulls)) if !null.is_null(row) => Some(nulls.value(null.at(row))),
            _ => None,
        };
        text.clear();
        let mut first = true;
        for element in range {
            let is_null = elements_null.as_ref().is_some_and(|nulls| nulls.is_null(element));
            if is_null && instead.is_none() {
                continue;
            }
            if !std::mem::take(&mut first) {
                text.push_str(delimiter);
            }
            match instead {
                Some(instead) if is_null => text.push_str(instead),
                _ => printer.print(element, &mut text)?,
            }
            if text.len() > VALUE_BYTES {
                return Err(too_large(text.len()));
            }
        }
        if answers.values_slice().len() + text.len() > COLUMN_BYTES {
            return Err(column_too_large());
        }
        answers.append_value(&text);
    }
    Ok(Arc::new(answers.finish()))
}
