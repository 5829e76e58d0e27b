//! `parse_ident`: a qualified name taken apart.

use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::adapt::{Bool, Input, Text};
use crate::functions::registry::{Argument, Param, Row, whole};
use crate::functions::text::lists::{TextLists, strict};

/// The registry rows.
pub fn rows() -> Vec<Row> {
    let kernel = |call: &crate::functions::registry::Call<'_>| {
        let names = Text::array(call.arguments[0].array.as_ref())?;
        let stricts =
            call.arguments.get(1).map(|argument| Bool::array(argument.array.as_ref())).transpose()?;
        let mut answers = TextLists::new(call.rows);
        for row in 0..call.rows {
            if call.any_null(row) {
                answers.null();
                continue;
            }
            let at = |argument: &Argument| argument.at(row);
            let strict = stricts.is_none_or(|column| column.value(at(&call.arguments[1])));
            for part in parse_ident(names.value(at(&call.arguments[0])), strict)? {
                answers.push(&part)?;
            }
            answers.end();
        }
        Ok(answers.finish())
    };
    let arguments = [Param::Of(Kind::Text), Param::Of(Kind::Boolean)];
    vec![strict(whole("parse_ident", &arguments, Param::ArrayOf(Kind::Text), kernel)).defaults(1)]
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn starts_name(character: char) -> bool {
    character == '_' || character.is_ascii_alphabetic() || !character.is_ascii()
}

fn continues_name(character: char) -> bool {
    starts_name(character) || character.is_ascii_digit() || character == '$'
}

/// The parts of a qualified name, those not in quotes in lower case. What follows the last part is an error
/// only where `strict`.
pub fn parse_ident(name: &str, strict: bool) -> SqlResult<Vec<String>> {
    let bad = |detail: &str| {
        let error = SqlError::new(
            SqlState::InvalidParameterValue,
            format!("string is not a valid identifier: \"{name}\""),
        );
        if detail.is_empty() { error } else { error.with_detail(detail) }
    };
    let mut parts = vec![];
    let mut after_dot = false;
    let mut rest = name.trim_start_matches(is_blank);
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (part, after) = unquote(quoted).ok_or_else(|| bad("String has unclosed double quotes."))?;
            if part.is_empty() {
                return Err(bad("Quoted identifier must not be empty."));
            }
            parts.push(part);
            rest = after;
        } else if rest.starts_with(starts_name) {
            let end = rest.find(|character| !continues_name(character)).unwrap_or(rest.len());
            parts.push(rest[..end].to_ascii_lowercase());
            rest = &rest[end..];
        } else if rest.starts_with('.') {
            return Err(bad("No valid identifier before \".\"."));
        } else if after_dot {
            return Err(bad("No valid identifier after \".\"."));
        } else {
            return Err(bad(""));
        }
        rest = rest.trim_start_matches(is_blank);
        match rest.strip_prefix('.') {
            Some(after) => {
                after_dot = true;
                rest = after.trim_start_matches(is_blank);
            }
            None if rest.is_empty() || !strict => return Ok(parts),
            None => return Err(bad("")),
        }
    }
}

/// What stands before the closing quote, its doubled quotes made single, and what follows; None if it is not
/// closed.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        part.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                part.push('"');
                rest = after;
            }
            None => return Some((part, after)),
        }
    }
}
