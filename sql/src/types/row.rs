//! The text of a record: `(1,"a b",)`.
//!
//! A field that is NULL is written as nothing; one that is empty or has a blank, a comma, a parenthesis, a
//! quote or a backslash stands in quotes, in which quotes and backslashes are doubled.

use crate::error::{SqlError, SqlResult, SqlState};

/// Appends a record given the texts of its fields (`record_out`).
pub fn print<'a>(fields: impl IntoIterator<Item = Option<&'a str>>, out: &mut String) {
    out.push('(');
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if let Some(field) = field {
            print_field(field, out);
        }
    }
    out.push(')');
}

/// Appends a field that is not NULL, in quotes where it needs them.
pub fn print_field(field: &str, out: &mut String) {
    let special = |byte: u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',') || is_blank(byte);
    if !field.is_empty() && !field.bytes().any(special) {
        out.push_str(field);
        return;
    }
    out.push('"');
    for character in field.chars() {
        if matches!(character, '"' | '\\') {
            out.push(character);
        }
        out.push(character);
    }
    out.push('"');
}

/// Reads a record of so many fields into their texts (`record_in`).
pub fn parse(text: &str, fields: usize) -> SqlResult<Vec<Option<String>>> {
    let malformed = |detail: &str| {
        let message = format!("malformed record literal: \"{text}\"");
        SqlError::new(SqlState::InvalidTextRepresentation, message).with_detail(detail)
    };
    let blank = |character: char| u8::try_from(character).is_ok_and(is_blank);
    let mut rest = text.trim_start_matches(blank);
    rest = rest.strip_prefix('(').ok_or_else(|| malformed("Missing left parenthesis."))?;
    let mut found = Vec::with_capacity(fields);
    for index in 0..fields {
        if index > 0 {
            rest = rest.strip_prefix(',').ok_or_else(|| malformed("Too few columns."))?;
        }
        if rest.starts_with([',', ')']) {
            found.push(None);
            continue;
        }
        let (field, after) = parse_field(rest).ok_or_else(|| malformed("Unexpected end of input."))?;
        found.push(Some(field));
        rest = after;
    }
    rest = rest.strip_prefix(')').ok_or_else(|| malformed("Too many columns."))?;
    if !rest.trim_start_matches(blank).is_empty() {
        return Err(malformed("Junk after right parenthesis."));
    }
    Ok(found)
}

/// Reads a field up to the comma or parenthesis after it; None: the text ends first.
fn parse_field(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut quoted = false;
    let mut rest = text;
    loop {
        let character = rest.chars().next()?;
        if !quoted && matches!(character, ',' | ')') {
            return Some((field, rest));
        }
        rest = rest.get(character.len_utf8()..)?;
        match character {
            '\\' => {
                let escaped = rest.chars().next()?;
                field.push(escaped);
                rest = rest.get(escaped.len_utf8()..)?;
            }
            '"' if quoted && rest.starts_with('"') => {
                field.push('"');
                rest = rest.get(1..)?;
            }
            '"' => quoted = !quoted,
            _ => field.push(character),
        }
    }
}

/// What C's `isspace` holds for a blank.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, and what PostgreSQL 15 reads and prints for a type of two texts, or the DETAIL of its complaint.
    const CASES: &[(&str, Result<&str, &str>)] = &[
        ("(1,2)", Ok("(1,2)")),
        ("(,)", Ok("(,)")),
        ("(\"\",)", Ok("(\"\",)")),
        ("( a , b )", Ok("(\" a \",\" b \")")),
        ("(\"a b\",c)", Ok("(\"a b\",c)")),
        ("(a\"b c\"d,e)", Ok("(\"ab cd\",e)")),
        ("(\"a\"\"b\",c)", Ok("(\"a\"\"b\",c)")),
        ("(a\\,b,c)", Ok("(\"a,b\",c)")),
        ("(\"a\\\"b\",\"c\\\\d\")", Ok("(\"a\"\"b\",\"c\\\\d\")")),
        ("(1)", Err("Too few columns.")),
        ("()", Err("Too few columns.")),
        ("(1,2,3)", Err("Too many columns.")),
        ("1,2", Err("Missing left parenthesis.")),
        ("(1,2", Err("Unexpected end of input.")),
        ("(1,\"2", Err("Unexpected end of input.")),
        ("(1,2\\", Err("Unexpected end of input.")),
        ("  (1,2)  ", Ok("(1,2)")),
        ("(1,2) x", Err("Junk after right parenthesis.")),
        ("(1,(2))", Err("Junk after right parenthesis.")),
        ("(1,(2)", Ok("(1,\"(2\")")),
        ("((1,2)", Ok("(\"(1\",2)")),
        ("(é,日本)", Ok("(é,日本)")),
        ("(\"(\",\")\")", Ok("(\"(\",\")\")")),
        ("(a\nb,\"c\td\")", Ok("(\"a\nb\",\"c\td\")")),
        ("(\"a\"\"\",\"\"\"b\")", Ok("(\"a\"\"\",\"\"\"b\")")),
        ("", Err("Missing left parenthesis.")),
        ("(", Err("Unexpected end of input.")),
        ("(\"a,b\",\",\")", Ok("(\"a,b\",\",\")")),
        ("(NULL,null)", Ok("(NULL,null)")),
        ("(1,2))", Err("Junk after right parenthesis.")),
        ("({1},\"{1,2}\")", Ok("({1},\"{1,2}\")")),
        ("(\"\u{b}\",x)", Ok("(\"\u{b}\",x)")),
        ("(a\u{c}b,x)", Ok("(\"a\u{c}b\",x)")),
        ("(it's,\"it''s\")", Ok("(it's,it''s)")),
    ];

    #[test]
    fn records_are_read_and_printed_as_postgres_does() {
        for (text, wanted) in CASES {
            let got = parse(text, 2).map(|fields| {
                let mut out = String::new();
                print(fields.iter().map(|field| field.as_deref()), &mut out);
                out
            });
            let got = got.map_err(|error| {
                assert_eq!(error.state.code(), "22P02");
                error.detail.unwrap_or_default()
            });
            assert_eq!(got.as_deref().map_err(String::as_str), *wanted, "{text}");
        }
    }
}
