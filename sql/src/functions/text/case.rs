//! Upper and lower case, and Unicode's normal forms.

use std::sync::Arc;

use arrow::array::{Array, StringArray};
use arrow::buffer::OffsetBuffer;
use millstream_catalog::Kind;
use unicode_normalization::{UnicodeNormalization, is_nfc, is_nfd, is_nfkc, is_nfkd};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::adapt::{Input, Output, Text};
use crate::functions::regexp::engine::charset::is_alphanumeric;
use crate::functions::registry::{Body, Param, Row, whole};
use crate::strict;
use crate::types::text::{VALUE_BYTES, check_size, lower, lower_character, upper, upper_character};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        cased("lower", <[u8]>::make_ascii_lowercase, lower),
        cased("upper", <[u8]>::make_ascii_uppercase, upper),
        strict!("initcap", (s: Text) -> Text => Ok(initcap(s))).safe(),
        with_form_left_out(
            strict!("normalize", (s: Text, form: Text) -> Text => normalize(s, form)).grows(),
            strict!("normalize", (s: Text) -> Text => normalize(s, "NFC")),
        ),
        with_form_left_out(
            strict!("is_normalized", (s: Text, form: Text) -> Bool => is_normalized(s, form)),
            strict!("is_normalized", (s: Text) -> Bool => is_normalized(s, "NFC")),
        ),
    ]
}

/// A row that changes the case of texts: in place where a column has ASCII alone, which keeps all lengths.
fn cased(name: &'static str, ascii: fn(&mut [u8]), any: fn(&str) -> String) -> Row {
    let row = whole(name, &[Param::Of(Kind::Text)], Param::Of(Kind::Text), move |call| {
        let [argument] = call.arguments else { return Err(SqlError::internal("one argument is wanted")) };
        let texts = Text::array(argument.array.as_ref())?;
        if argument.constant || !texts.value_data().is_ascii() {
            let mut answers = Text::builder(call.rows);
            for row in 0..call.rows {
                match argument.is_null(row) {
                    true => Text::append_null(&mut answers),
                    false => Text::append(&mut answers, any(texts.value(argument.at(row))))?,
                }
            }
            return Ok(Text::finish(answers));
        }
        // A slice's bytes may begin anywhere in its buffer.
        let first = texts.value_offsets().first().copied().unwrap_or(0);
        let last = texts.value_offsets().last().copied().unwrap_or(0);
        let mut bytes = texts.value_data()[first as usize..last as usize].to_vec();
        ascii(&mut bytes);
        let offsets: Vec<i32> = texts.value_offsets().iter().map(|offset| offset - first).collect();
        let array =
            StringArray::try_new(OffsetBuffer::new(offsets.into()), bytes.into(), texts.nulls().cloned());
        Ok(Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?))
    });
    Row { strict: true, ..row.safe() }
}

/// The row of two arguments, whose kernel does as the second row's where the last argument is left out.
fn with_form_left_out(full: Row, short: Row) -> Row {
    let (Body::Kernel(full_kernel), Body::Kernel(short_kernel)) = (full.body.clone(), short.body) else {
        return full;
    };
    let kernel = move |call: &crate::functions::registry::Call<'_>| {
        if call.arguments.len() < 2 { short_kernel(call) } else { full_kernel(call) }
    };
    Row { body: Body::Kernel(std::sync::Arc::new(kernel)), ..full.defaults(1) }
}

/// The first character of each word (of letters and digits) in upper case, the others in lower case.
pub fn initcap(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|character| {
            let mapped = if inside { lower_character(character) } else { upper_character(character) };
            inside = is_alphanumeric(character);
            mapped
        })
        .collect()
}

enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

fn form_of(name: &str) -> SqlResult<Form> {
    match name.to_ascii_uppercase().as_str() {
        "NFC" => Ok(Form::Nfc),
        "NFD" => Ok(Form::Nfd),
        "NFKC" => Ok(Form::Nfkc),
        "NFKD" => Ok(Form::Nfkd),
        _ => {
            let message = format!("invalid normalization form: {name}");
            Err(SqlError::new(SqlState::InvalidParameterValue, message))
        }
    }
}

/// The text in a normal form.
pub fn normalize(text: &str, form: &str) -> SqlResult<String> {
    let form = form_of(form)?;
    // Of no character a form has more than 18 times the bytes.
    if text.len() > VALUE_BYTES / 18 {
        check_size(match form {
            Form::Nfc => text.nfc().map(char::len_utf8).sum(),
            Form::Nfd => text.nfd().map(char::len_utf8).sum(),
            Form::Nfkc => text.nfkc().map(char::len_utf8).sum(),
            Form::Nfkd => text.nfkd().map(char::len_utf8).sum(),
        })?;
    }
    Ok(match form {
        Form::Nfc => text.nfc().collect(),
        Form::Nfd => text.nfd().collect(),
        Form::Nfkc => text.nfkc().collect(),
        Form::Nfkd => text.nfkd().collect(),
    })
}

/// Whether a text is in a normal form.
pub fn is_normalized(text: &str, form: &str) -> SqlResult<bool> {
    Ok(match form_of(form)? {
        Form::Nfc => is_nfc(text),
        Form::Nfd => is_nfd(text),
        Form::Nfkc => is_nfkc(text),
        Form::Nfkd => is_nfkd(text),
    })
}
