//! How lines of COPY data end. The first line end decides for all, as in Postgres: newline, carriage return and
//! newline, or carriage return alone; another kind later is an error.

use millstream_sql::{SqlError, SqlState};

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    Newline,
    CarriageReturn,
    CarriageReturnNewline,
}

/// What a search for the end of a record finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// No end yet: more bytes may bring it.
    Nothing,
    /// The record ends before `end`, the next one begins at `next`.
    Record { end: usize, next: usize },
    /// A newline or carriage return that ends no line here.
    Stray(u8),
}

/// What the newline or carriage return at a place means; `last` says that no more bytes come.
pub(super) fn line_end(bytes: &[u8], at: usize, expected: &mut Option<LineEnd>, last: bool) -> Found {
    let following = bytes.get(at + 1);
    let seen = match (bytes[at], following) {
        (b'\n', _) => LineEnd::Newline,
        (_, Some(b'\n')) => LineEnd::CarriageReturnNewline,
        (_, None) if !last && *expected != Some(LineEnd::CarriageReturn) => return Found::Nothing,
        _ => LineEnd::CarriageReturn,
    };
    let known = *expected.get_or_insert(seen);
    match (known, seen) {
        (LineEnd::CarriageReturnNewline, LineEnd::CarriageReturnNewline) => {
            Found::Record { end: at, next: at + 2 }
        }
        // Of `\r\n` only the first ends the line: the other one is a stray, which the next search finds.
        (LineEnd::CarriageReturn, LineEnd::CarriageReturn | LineEnd::CarriageReturnNewline)
        | (LineEnd::Newline, LineEnd::Newline) => Found::Record { end: at, next: at + 1 },
        _ => Found::Stray(bytes[at]),
    }
}

/// 22P04 for a line end of another kind than the first.
pub(super) fn stray(byte: u8, csv: bool) -> SqlError {
    let (what, escape) = if byte == b'\r' { ("carriage return", "\\r") } else { ("newline", "\\n") };
    let message = format!("{} {what} found in data", if csv { "unquoted" } else { "literal" });
    let hint = match csv {
        true => format!("use a quoted CSV field to represent a {what}"),
        false => format!("use \"{escape}\" to represent a {what}"),
    };
    SqlError::new(SqlState::BadCopyFormat, message).with_hint(hint)
}
