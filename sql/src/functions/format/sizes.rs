//! Sizes in bytes as people read and write them: units of 1024.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;
use crate::types::numeric::{Numeric, arithmetic, convert};

/// The functions.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("pg_size_bytes", (size: Text) -> Int8 => size_bytes(size)),
        strict!("pg_size_pretty", (size: Int8) -> Text => pretty(convert::integer_to_numeric(size))),
        strict!("pg_size_pretty", (size: Num) -> Text => pretty(size)),
    ]
}

/// The unit changes at ten times the next (one bit more is kept than is shown, for rounding): `pg_size_pretty`.
fn pretty(size: Numeric) -> SqlResult<String> {
    const LIMIT: i64 = 10 * 1024;
    let number = convert::integer_to_numeric;
    if arithmetic::absolute(&size) < number(LIMIT) {
        return Ok(format!("{size} bytes"));
    }
    let mut size = arithmetic::divide_truncated(&size, &number(1 << 9))?;
    let units = ["kB", "MB", "GB", "TB", "PB"];
    for (place, unit) in units.into_iter().enumerate() {
        let is_small = arithmetic::absolute(&size) < number(2 * LIMIT - 1);
        if is_small || place + 1 == units.len() {
            let away = number(if size.signum() == Some(-1) { -1 } else { 1 });
            let half = arithmetic::divide_truncated(&arithmetic::add(&size, &away)?, &number(2))?;
            return Ok(format!("{half} {unit}"));
        }
        size = arithmetic::divide_truncated(&size, &number(1 << 10))?;
    }
    Err(SqlError::internal("a size of no unit"))
}

/// The bytes of a size as people write it: a number, and a unit of 1024 (`1.5 GB`).
fn size_bytes(size: &str) -> SqlResult<i64> {
    let invalid = || SqlError::new(SqlState::InvalidParameterValue, format!("invalid size: \"{size}\""));
    let text = size.trim();
    let is_exponent = |at: usize| {
        let rest = text[at + 1..].trim_start_matches(['+', '-']);
        text[at..].starts_with(['e', 'E']) && rest.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let in_exponent = at > 0 && is_exponent(at - 1);
        if !(c.is_ascii_digit()
            || c == '.'
            || (c == '-' || c == '+') && (at == 0 || in_exponent)
            || is_exponent(at))
        {
            break;
        }
        end = at + c.len_utf8();
    }
    let number = Numeric::parse(&text[..end]).map_err(|_| invalid())?;
    let unit = text[end..].trim_start();
    let power = match unit.to_ascii_lowercase().as_str() {
        "" | "bytes" => 0,
        "kb" => 10,
        "mb" => 20,
        "gb" => 30,
        "tb" => 40,
        "pb" => 50,
        _ => {
            let detail = format!("Invalid size unit: \"{unit}\".");
            let hint = "Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".";
            return Err(SqlError { detail: Some(detail), ..invalid() }.with_hint(hint));
        }
    };
    convert::numeric_to_int8(&arithmetic::multiply(&number, &convert::integer_to_numeric(1 << power))?)
}
