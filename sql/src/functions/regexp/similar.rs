//! SIMILAR TO's patterns as regular expressions.
//!
//! ```text
//!  a%b_          ^(?:a.*b.)$
//!  a#"b#"c       ^(?:a){1,1}?(b){1,1}(?:c)$     (`substring(… similar … escape '#')` takes the group)
//! ```
//!
//! The bounds say which part takes precedence: the first is as short as possible, then the second as long as
//! possible.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::text::check_size;

/// Where a pattern stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    /// In a bracket, with the depth of brackets in it.
    Bracket {
        depth: u32,
        start: Start,
    },
}

/// How much of a bracket was seen: `]` does not close it right at its start, nor after `^` there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Nothing,
    Caret,
    Past,
}

/// The regular expression of a pattern; `escape` is empty for no escape at all.
pub fn similar_to_escape(pattern: &str, escape: &str) -> SqlResult<String> {
    let mut letters = escape.chars();
    let escape = letters.next();
    if letters.next().is_some() {
        return Err(SqlError::new(SqlState::InvalidEscapeSequence, "invalid escape string")
            .with_hint("Escape string must be empty or one character."));
    }
    check_size(pattern.len().saturating_mul(3))?;
    let mut answer = String::with_capacity(pattern.len() + 8);
    answer.push_str("^(?:");
    let mut place = Place::Outside;
    let mut escaped = false;
    let mut quotes = 0;
    for letter in pattern.chars() {
        if escaped {
            escaped = false;
            if letter == '"' && place == Place::Outside {
                quotes += 1;
                answer.push_str(match quotes {
                    1 => "){1,1}?(",
                    2 => "){1,1}(?:",
                    _ => return Err(too_many_quotes()),
                });
                continue;
            }
            answer.push('\\');
            answer.push(letter);
            if let Place::Bracket { depth, .. } = place {
                place = Place::Bracket { depth, start: Start::Past };
            }
        } else if Some(letter) == escape {
            escaped = true;
        } else {
            place = translate(letter, place, &mut answer);
        }
    }
    answer.push_str(")$");
    Ok(answer)
}

fn too_many_quotes() -> SqlError {
    let message = "SQL regular expression may not contain more than two escape-double-quote separators";
    SqlError::new(SqlState::InvalidUseOfEscape, message)
}

/// Writes a letter that is neither escape nor escaped; where the pattern stands after it.
fn translate(letter: char, place: Place, answer: &mut String) -> Place {
    if let Place::Bracket { depth, start } = place {
        if letter == '\\' {
            answer.push('\\');
        }
        answer.push(letter);
        return match (letter, start) {
            (']', Start::Past) if depth == 0 => Place::Outside,
            (']', Start::Past) => Place::Bracket { depth: depth - 1, start },
            ('[', _) => Place::Bracket { depth: depth + 1, start: Start::Past },
            ('^', Start::Nothing) => Place::Bracket { depth, start: Start::Caret },
            _ => Place::Bracket { depth, start: Start::Past },
        };
    }
    match letter {
        '[' => {
            answer.push('[');
            return Place::Bracket { depth: 0, start: Start::Nothing };
        }
        '%' => answer.push_str(".*"),
        '_' => answer.push('.'),
        '(' => answer.push_str("(?:"),
        '\\' | '.' | '^' | '$' => {
            answer.push('\\');
            answer.push(letter);
        }
        _ => answer.push(letter),
    }
    Place::Outside
}
