//! The letters that the functions of regular expressions take as options.

use crate::error::{SqlError, SqlResult, SqlState};

use super::engine::Flags;

/// Options: how the pattern is read, and whether all matches are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// How the pattern is read and matched.
    pub flags: Flags,
    /// `g`: all matches, not the first only.
    pub global: bool,
}

/// Reads options; 22023 for a letter that is none.
pub fn parse(letters: &str) -> SqlResult<Options> {
    let mut options = Options::default();
    for letter in letters.chars() {
        match letter {
            'g' => options.global = true,
            // PostgreSQL means extended expressions here, but takes that back in the next line: they are
            // basic.
            'e' => drop(options.flags.set('b')),
            _ => {
                if !options.flags.set(letter) {
                    let message = format!("invalid regular expression option: \"{letter}\"");
                    return Err(SqlError::new(SqlState::InvalidParameterValue, message));
                }
            }
        }
    }
    Ok(options)
}

/// Reads options of a function that finds one match only.
pub fn parse_single(letters: &str, function: &str) -> SqlResult<Options> {
    let options = parse(letters)?;
    if options.global {
        let message = format!("{function} does not support the \"global\" option");
        let error = SqlError::new(SqlState::InvalidParameterValue, message);
        return Err(match function {
            "regexp_match()" => error.with_hint("Use the regexp_matches function instead."),
            _ => error,
        });
    }
    Ok(options)
}
