//! Texts split at a delimiter: `string_to_array` and `string_to_table`.

use arrow::array::ArrayRef;
use millstream_catalog::Kind;

use crate::error::SqlResult;
use crate::functions::adapt::{Input, Text};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::functions::text::lists::TextLists;

const TEXT: Param = Param::Of(Kind::Text);

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        whole("string_to_array", &[TEXT, TEXT], Param::ArrayOf(Kind::Text), split_rows),
        whole("string_to_array", &[TEXT, TEXT, TEXT], Param::ArrayOf(Kind::Text), split_rows),
        whole("string_to_table", &[TEXT, TEXT], TEXT, split_rows).set(),
        whole("string_to_table", &[TEXT, TEXT, TEXT], TEXT, split_rows).set(),
    ]
}

/// The parts of the first argument between delimiters; those equal to the third argument are NULL.
fn split_rows(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let columns = call
        .arguments
        .iter()
        .map(|argument| Text::array(argument.array.as_ref()))
        .collect::<SqlResult<Vec<_>>>()?;
    let mut answers = TextLists::new(call.rows);
    for row in 0..call.rows {
        let value = |index: usize| {
            let argument = call.arguments.get(index).filter(|argument| !argument.is_null(row))?;
            Some(columns[index].value(argument.at(row)))
        };
        let Some(text) = value(0) else {
            answers.null();
            continue;
        };
        split(text, value(1), &mut |part| {
            answers.push_option(Some(part).filter(|part| value(2) != Some(*part)))
        })?;
        answers.end();
    }
    Ok(answers.finish())
}

/// Gives the parts of a text: its characters where the delimiter is NULL, the whole where it is empty. The
/// empty text has no parts.
pub fn split<'a>(
    text: &'a str,
    delimiter: Option<&str>,
    part: &mut dyn FnMut(&'a str) -> SqlResult<()>,
) -> SqlResult<()> {
    if text.is_empty() {
        return Ok(());
    }
    match delimiter {
        Some("") => part(text),
        Some(delimiter) => text.split(delimiter).try_for_each(part),
        None => {
            let mut rest = text;
            while let Some(first) = rest.chars().next() {
                let (character, after) = rest.split_at(first.len_utf8());
                part(character)?;
                rest = after;
            }
            Ok(())
        }
    }
}
