//! `WITH (name = value, …)`, and durations as text.

use std::collections::BTreeMap;

use datafusion::sql::sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use crate::error::{SqlError, SqlResult};

/// `WITH (…)` if it comes next: lower-case names, values as plain text (`'1 day'`, `1 day` from an INTERVAL
/// literal, `4`, `parquet`), `true` for a name without a value.
pub(super) fn with_options(cursor: &mut Cursor<'_>) -> SqlResult<BTreeMap<String, String>> {
    if !cursor.is("WITH") || *cursor.peek_at(1) != Token::LParen {
        return Ok(BTreeMap::new());
    }
    cursor.expect("WITH")?;
    option_values(cursor)
}

/// `(name = value, …)`, as [`with_options`] has it.
pub(super) fn option_values(cursor: &mut Cursor<'_>) -> SqlResult<BTreeMap<String, String>> {
    let mut options = BTreeMap::new();
    cursor.expect_token(&Token::LParen)?;
    loop {
        let position = cursor.position();
        let name = option_name(cursor)?;
        let value = match cursor.peek() {
            Token::Comma | Token::RParen => "true".to_owned(),
            _ => {
                cursor.accept_token(&Token::Eq);
                plain_value(cursor)?
            }
        };
        if options.insert(name.clone(), value).is_some() {
            return Err(SqlError::syntax(format!("option \"{name}\" is given twice"), Some(position)));
        }
        if !cursor.accept_token(&Token::Comma) {
            break;
        }
    }
    cursor.expect_token(&Token::RParen)?;
    Ok(options)
}

/// `(name, …)`: lower-case names of options.
pub(super) fn option_names(cursor: &mut Cursor<'_>) -> SqlResult<Vec<String>> {
    cursor.expect_token(&Token::LParen)?;
    let mut names = vec![option_name(cursor)?];
    while cursor.accept_token(&Token::Comma) {
        names.push(option_name(cursor)?);
    }
    cursor.expect_token(&Token::RParen)?;
    Ok(names)
}

fn option_name(cursor: &mut Cursor<'_>) -> SqlResult<String> {
    let mut name = cursor.label()?.to_ascii_lowercase();
    while cursor.accept_token(&Token::Period) {
        name = format!("{name}.{}", cursor.label()?.to_ascii_lowercase());
    }
    Ok(name)
}

/// A string, a word, a number with its sign, or an interval, as plain text.
pub(super) fn plain_value(cursor: &mut Cursor<'_>) -> SqlResult<String> {
    if cursor.is("INTERVAL") && matches!(cursor.peek_at(1), Token::SingleQuotedString(_)) {
        cursor.expect("INTERVAL")?;
        let mut value = cursor.string()?;
        if matches!(cursor.peek(), Token::Word(_)) {
            value = format!("{value} {}", cursor.label()?);
        }
        return Ok(value);
    }
    let sign = match cursor.peek() {
        Token::Minus => "-",
        Token::Plus => "+",
        _ => "",
    };
    if !sign.is_empty() && !matches!(cursor.peek_at(1), Token::Number(..)) {
        return Err(cursor.unexpected("a value"));
    }
    if !sign.is_empty() {
        cursor.next();
    }
    match cursor.peek() {
        Token::SingleQuotedString(value) => {
            let value = value.clone();
            cursor.next();
            Ok(value)
        }
        Token::Number(digits, _) => {
            let value = format!("{}{digits}", if sign == "-" { "-" } else { "" });
            cursor.next();
            Ok(value)
        }
        Token::Word(_) => cursor.label(),
        _ => Err(cursor.unexpected("a value")),
    }
}

/// A Boolean option as Postgres reads one.
pub(super) fn boolean(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" | "t" | "y" => Some(true),
        "false" | "off" | "no" | "0" | "f" | "n" => Some(false),
        _ => None,
    }
}

/// A duration in milliseconds: numbers with units (`1s`, `500 ms`, `1 minute 30 seconds`, `1.5h`), or a plain number
/// of milliseconds. None for anything else, and for what is negative or longer than 2^63 ms.
pub fn duration_ms(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut total = 0f64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().ok()?;
        let after = rest[digits..].trim_start();
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let factor = match after[..letters].to_ascii_lowercase().as_str() {
            "" if after.is_empty() && total == 0.0 => 1.0,
            "us" | "microsecond" | "microseconds" => 0.001,
            "ms" | "millisecond" | "milliseconds" => 1.0,
            "s" | "sec" | "secs" | "second" | "seconds" => 1_000.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
            "h" | "hr" | "hour" | "hours" => 3_600_000.0,
            "d" | "day" | "days" => 86_400_000.0,
            "w" | "week" | "weeks" => 604_800_000.0,
            _ => return None,
        };
        total += number * factor;
        rest = after[letters..].trim_start();
    }
    (total < i64::MAX as f64).then_some(total as u64)
}

#[cfg(test)]
mod tests {
    use super::duration_ms;

    #[test]
    fn durations_take_units_or_are_milliseconds() {
        for (text, expected) in [
            ("1s", Some(1_000)),
            ("500 ms", Some(500)),
            ("250", Some(250)),
            ("0", Some(0)),
            ("1.5h", Some(5_400_000)),
            ("1 minute 30 seconds", Some(90_000)),
            ("2 Days", Some(172_800_000)),
            ("", None),
            ("s", None),
            ("1 month", None),
            ("-1s", None),
            ("1s 5", None),
            ("1.2.3s", None),
            ("99999999999999999999999 days", None),
        ] {
            assert_eq!(duration_ms(text), expected, "{text}");
        }
    }
}
