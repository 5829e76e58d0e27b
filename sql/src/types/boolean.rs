//! boolean: how it is read and printed.
//!
//! The input takes every prefix of `true`, `false`, `yes` and `no`, and `on`, `of`, `off`, `1` and `0`, in
//! either case and with blanks around it, as PostgreSQL's `boolin` does.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::text::is_space;

/// Reads a boolean.
pub fn parse(text: &str) -> SqlResult<bool> {
    parse_word(text.trim_matches(is_space)).ok_or_else(|| {
        let message = format!("invalid input syntax for type boolean: \"{text}\"");
        SqlError::new(SqlState::InvalidTextRepresentation, message)
    })
}

/// Reads a boolean that has no blanks around it, as settings are read; None where it is none.
pub fn parse_word(word: &str) -> Option<bool> {
    let lower = word.to_ascii_lowercase();
    let prefix = |full: &str| !lower.is_empty() && full.starts_with(&lower);
    // A single `o` would be either of on and off.
    let long = lower.len() >= 2;
    if prefix("true") || prefix("yes") || (long && lower == "on") || lower == "1" {
        Some(true)
    } else if prefix("false") || prefix("no") || (long && prefix("off")) || lower == "0" {
        Some(false)
    } else {
        None
    }
}

/// Prints a boolean as the output function does: `t`, `f`.
pub fn print(value: bool) -> &'static str {
    if value { "t" } else { "f" }
}

/// The cast to text, which is not the output: `true`, `false`.
pub fn to_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// The cast to integer.
pub fn to_int4(value: bool) -> i32 {
    i32::from(value)
}

/// The cast of an integer: all but zero is true.
pub fn of_int4(value: i32) -> bool {
    value != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_read_as_postgres_reads_them() {
        for word in ["t", "TRUE", "tr", " tru ", "y", "ye", "yes", "on", "oN", "1", "\tt\n"] {
            assert_eq!(parse(word), Ok(true), "{word}");
        }
        for word in ["f", "fals", "n", "NO", "of", "off", "0", " f"] {
            assert_eq!(parse(word), Ok(false), "{word}");
        }
        for word in ["", " ", "o", "truee", "2", "00", "onn", "10", "t t", "оn"] {
            assert_eq!(parse(word).map_err(|error| error.state), Err(SqlState::InvalidTextRepresentation));
        }
    }
}
