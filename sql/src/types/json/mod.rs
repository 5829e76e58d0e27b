//! json and jsonb: PostgreSQL 15's two types of JSON, both kept as text.
//!
//! A json value is the text that was written, checked ([`check_json`]). A jsonb value is kept as PostgreSQL
//! prints it: keys without duplicates, ordered by length and then bytes, `": "` and `", "` between, numbers
//! in the form of numeric, escapes resolved ([`canonical`]). That text is as good as a tree for what is asked
//! of it: a field is found by one scan ([`scan`]), an edit is a splice ([`edit`]), and equality of texts is
//! nearly equality of values ([`order`] knows the rest). Nothing here recurses into a value, so that depth
//! never touches the stack.
//!
//! | module | what |
//! |---|---|
//! | [`lex`], [`read`] | text to tokens, tokens to events, with PostgreSQL's complaints |
//! | [`escape`], [`number`] | strings and numbers in JSON's and in SQL's form |
//! | [`canonical`], [`scan`] | making jsonb, and walking it |
//! | [`order`], [`contain`], [`edit`], [`shape`] | comparing, `@>`, changing, stripping and pretty printing |
//! | [`path`] | fields and elements of json and jsonb |
//! | [`build`], [`defer`], [`printer`] | SQL values to JSON |
//! | [`columns`], [`cast`] | JSON to SQL values |

pub mod build;
pub mod canonical;
pub mod cast;
pub mod columns;
pub mod contain;
pub mod defer;
pub mod edit;
pub mod escape;
pub mod lex;
pub mod number;
pub mod order;
pub mod path;
pub mod printer;
pub mod read;
pub mod scan;
pub mod shape;

use crate::error::{SqlError, SqlResult, SqlState};

/// Bytes that one value may take.
pub const VALUE_BYTES: usize = 64 << 20;

/// Levels of containers that a value may have: about what PostgreSQL takes with its default `max_stack_depth`
/// (13,084 of objects, 14,538 of arrays).
pub const MAX_DEPTH: usize = 13_000;

/// Checks the text of a json value (`json_in`): an error if it is none.
pub fn check_json(text: &str) -> SqlResult<()> {
    let mut reader = read::Reader::new(text, false);
    while reader.next()? != read::Event::End {}
    Ok(())
}

/// Reads a jsonb value (`jsonb_in`), in the form in which it is kept and printed.
pub fn parse_jsonb(text: &str) -> SqlResult<String> {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    canonical::write(text, &mut out)?;
    Ok(out)
}

/// An error if a value would take more than [`VALUE_BYTES`].
pub fn check_size(bytes: usize) -> SqlResult<()> {
    if bytes > VALUE_BYTES {
        let message =
            format!("a value would take {bytes} bytes, more than the {VALUE_BYTES} that are allowed");
        return Err(SqlError::new(SqlState::ProgramLimit, message));
    }
    Ok(())
}

/// 22023 with a message: what PostgreSQL says when a value of JSON is of the wrong kind.
pub(crate) fn wrong_kind(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, message)
}
