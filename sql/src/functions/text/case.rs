//! Upper and lower case, and Unicode's normal forms.

use unicode_normalization::{UnicodeNormalization, is_nfc, is_nfd, is_nfkc, is_nfkd};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::regexp::engine::charset::is_alphanumeric;
use crate::functions::registry::{Body, Row};
use crate::strict;
use crate::types::text::{VALUE_BYTES, check_size, lower, lower_character, upper, upper_character};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("lower", (s: Text) -> Text => Ok(lower(s))).safe(),
        strict!("upper", (s: Text) -> Text => Ok(upper(s))).safe(),
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
