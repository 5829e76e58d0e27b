//! `unistr`: Unicode escapes in a text.
//!
//! ```text
//!  \0061   \u0061   \+000061   \U00000061   \\
//! ```

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![strict!("unistr", (s: Text) -> Text => unistr(s))]
}

fn bad_pair() -> SqlError {
    SqlError::new(SqlState::SyntaxError, "invalid Unicode surrogate pair")
}

/// The text with its escapes read.
pub fn unistr(text: &str) -> SqlResult<String> {
    let mut answer = String::with_capacity(text.len());
    let mut high: Option<u32> = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let escaped = rest.strip_prefix('\\').filter(|rest| !rest.starts_with('\\'));
        let Some(escape) = escaped else {
            if high.is_some() {
                return Err(bad_pair());
            }
            answer.push(first);
            rest = &rest[first.len_utf8()..];
            if first == '\\' {
                rest = &rest[1..];
            }
            continue;
        };
        let (number, after) = read(escape)?;
        rest = after;
        match (high.take(), number) {
            (None, 0xd800..=0xdbff) => high = Some(number),
            (Some(high), 0xdc00..=0xdfff) => {
                let joined = 0x10000 + ((high - 0xd800) << 10) + (number - 0xdc00);
                answer.extend(char::from_u32(joined));
            }
            (Some(_), _) | (None, 0xdc00..=0xdfff) => return Err(bad_pair()),
            (None, _) => answer.extend(char::from_u32(number)),
        }
    }
    if high.is_some() { Err(bad_pair()) } else { Ok(answer) }
}

/// The number of an escape whose backslash was taken, and what follows it.
fn read(escape: &str) -> SqlResult<(u32, &str)> {
    let forms = [("", 4), ("u", 4), ("+", 6), ("U", 8)];
    let found = forms.iter().find_map(|(prefix, length)| {
        let rest = escape.strip_prefix(prefix)?;
        let digits = rest.get(..*length)?;
        let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        hexadecimal.then(|| (digits, &rest[*length..]))
    });
    let Some((digits, rest)) = found else {
        let hint = "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.";
        return Err(SqlError::new(SqlState::SyntaxError, "invalid Unicode escape").with_hint(hint));
    };
    match u32::from_str_radix(digits, 16) {
        Ok(number @ 1..=0x0010_ffff) => Ok((number, rest)),
        Ok(number) => {
            let message = format!("invalid Unicode code point: {number:04X}");
            Err(SqlError::new(SqlState::InvalidParameterValue, message))
        }
        Err(error) => Err(SqlError::internal(error.to_string())),
    }
}
