//! Flink's `regexp_extract` and `regexp`, whose patterns are Java's.
//!
//! `\d`, `\w` and `\s` are of ASCII only, as in Java; `\Q…\E` quotes. Patterns are compiled once for each run
//! of rows with the same pattern.

use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::Regex;

use super::nullable;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::{lenient, strict};

pub(super) fn rows() -> Vec<Row> {
    vec![
        nullable(lenient!("regexp_extract", (s: Text, pattern: Text) -> Text => match (s, pattern) {
            (Some(s), Some(pattern)) => extract(s, pattern, 0),
            _ => Ok(None),
        })),
        nullable(lenient!("regexp_extract", (s: Text, pattern: Text, group: Int4) -> Text => {
            match (s, pattern, group) {
                (Some(s), Some(pattern), Some(group)) => extract(s, pattern, group),
                _ => Ok(None),
            }
        })),
        strict!("regexp", (s: Text, pattern: Text) -> Bool => {
            compiled(pattern)?.is_match(s).map_err(too_complex)
        }),
    ]
}

/// What a group of the pattern matched first, group 0 being all of it; None where nothing matches, or no such
/// group.
fn extract(text: &str, pattern: &str, group: i32) -> SqlResult<Option<String>> {
    let pattern = compiled(pattern)?;
    let Ok(group) = usize::try_from(group) else { return Ok(None) };
    let captures = pattern.captures(text).map_err(too_complex)?;
    Ok(captures.and_then(|captures| captures.get(group).map(|found| found.as_str().to_owned())))
}

fn too_complex(error: fancy_regex::Error) -> SqlError {
    SqlError::new(SqlState::StatementTooComplex, "regular expression takes too many steps")
        .with_detail(error.to_string())
}

thread_local! {
    static LAST: RefCell<Option<(String, Rc<Regex>)>> = const { RefCell::new(None) };
}

fn compiled(pattern: &str) -> SqlResult<Rc<Regex>> {
    LAST.with(|last| {
        let mut last = last.borrow_mut();
        match last.as_ref() {
            Some((known, regex)) if known == pattern => Ok(regex.clone()),
            _ => {
                let regex = Regex::new(&translated(pattern)).map_err(|error| {
                    SqlError::new(
                        SqlState::InvalidRegularExpression,
                        format!("invalid regular expression: {error}"),
                    )
                })?;
                let regex = Rc::new(regex);
                *last = Some((pattern.to_owned(), regex.clone()));
                Ok(regex)
            }
        }
    })
}

/// Java's pattern as one of the regex crate: classes of ASCII, quoted text escaped.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut brackets = 0_usize;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => {
                let Some(escaped) = rest.chars().next() else {
                    out.push('\\');
                    break;
                };
                rest = &rest[escaped.len_utf8()..];
                if escaped == 'Q' {
                    let (quoted, after) = rest.split_once("\\E").unwrap_or((rest, ""));
                    out.push_str(&regex::escape(quoted));
                    rest = after;
                } else {
                    push_escape(&mut out, escaped, brackets > 0);
                }
                continue;
            }
            '[' => brackets += 1,
            ']' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        out.push(character);
    }
    out
}

fn push_escape(out: &mut String, escaped: char, in_class: bool) {
    let class = match escaped {
        'd' | 'D' => "0-9",
        'w' | 'W' => "0-9A-Z_a-z",
        's' | 'S' => r"\t-\r ",
        _ => {
            out.push('\\');
            out.push(escaped);
            return;
        }
    };
    if escaped.is_ascii_uppercase() {
        out.push_str(&format!("[^{class}]"));
    } else if in_class {
        out.push_str(class);
    } else {
        out.push_str(&format!("[{class}]"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_extracted() {
        let url = "https://host/path?a=1&channel_id=apple&b=2";
        let found = |text: &str, pattern: &str, group| extract(text, pattern, group).unwrap();
        assert_eq!(found(url, "(&|^)channel_id=([^&]*)", 2).as_deref(), Some("apple"));
        assert_eq!(found("foothebar", "foo(.*?)(bar)", 2).as_deref(), Some("bar"));
        assert_eq!(found("foothebar", "foo(.*?)(bar)", 0).as_deref(), Some("foothebar"));
        assert_eq!(found("foothebar", "foo(.*?)(bar)", 3), None);
        assert_eq!(found("foothebar", "foo(.*?)(bar)", -1), None);
        assert_eq!(found("nothing", "x(y)", 1), None);
        assert_eq!(found("abab", r"(ab)\1", 0).as_deref(), Some("abab"));
    }

    #[test]
    fn patterns_are_read_as_java_reads_them() {
        let is_match = |text: &str, pattern: &str| compiled(pattern).unwrap().is_match(text).unwrap();
        assert!(is_match("a1", r"^\w\d$") && !is_match("٣", r"^\d$") && is_match("٣", r"^\D$"));
        assert!(is_match("x-1", r"^[\w-]+$") && is_match("é", r"^[^\w]$") && is_match("é", r"^[\W]$"));
        assert!(is_match("a.b", r"^a\Q.\Eb$") && !is_match("axb", r"^a\Q.\Eb$"));
        assert!(is_match("\x0b", r"^\s$") && !is_match("\u{a0}", r"^\s$"));
        assert_eq!(compiled("(").unwrap_err().state, SqlState::InvalidRegularExpression);
    }
}
