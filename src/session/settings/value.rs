//! Values of settings: how a text is read as one, and how SHOW prints it.

use millstream_sql::{SqlError, SqlResult, SqlState};

use super::table::Known;

/// Units of memory with their bytes, and of time with their microseconds; the largest first.
const MEMORY: [(&str, i128); 5] =
    [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10), ("B", 1)];
const TIME: [(&str, i128); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("min", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// The form in which a value is kept: `on` and `off`, numbers in the setting's unit, the listed spelling of an enum's
/// value; 22023 for a text that is none.
pub fn kept(known: &Known, text: &str) -> SqlResult<String> {
    match known.kind {
        "bool" => match boolean(text) {
            Some(value) => Ok(if value { "on" } else { "off" }.to_owned()),
            None => {
                let message = format!("parameter \"{}\" requires a Boolean value", known.name);
                Err(SqlError::new(SqlState::InvalidParameterValue, message))
            }
        },
        "integer" => number(known, text).map(|value| format!("{}", value.round_ties_even())),
        "real" => number(known, text).map(|value| value.to_string()),
        "enum" => one_of(known, text),
        _ => Ok(text.to_owned()),
    }
}

/// A kept value as SHOW prints it: numbers in the largest unit that takes them whole.
pub fn shown(known: &Known, kept: &str) -> String {
    let Some((units, base)) = units(known.unit) else { return kept.to_owned() };
    let Ok(value) = kept.parse::<f64>() else { return kept.to_owned() };
    if value <= 0.0 {
        return kept.to_owned();
    }
    let smallest = value * base as f64;
    if smallest.fract() != 0.0 || smallest > 1e18 {
        return format!("{kept}{}", known.unit);
    }
    let smallest = smallest as i128;
    match units.iter().find(|(_, size)| smallest % size == 0) {
        Some((unit, size)) => format!("{}{unit}", smallest / size),
        None => format!("{kept}{}", known.unit),
    }
}

/// A truth value as PostgreSQL reads one: any beginning of `true`, `false`, `yes`, `no` that is no other's, and
/// `on`, `off`, `1`, `0`.
pub fn boolean(text: &str) -> Option<bool> {
    let text = text.trim_matches('\'').to_lowercase();
    let begins = |word: &str| !text.is_empty() && word.starts_with(text.as_str());
    if begins("true") || begins("yes") || text == "on" || text == "1" {
        return Some(true);
    }
    (begins("false") || begins("no") || text == "of" || text == "off" || text == "0").then_some(false)
}

fn invalid(known: &Known, text: &str) -> SqlError {
    let message = format!("invalid value for parameter \"{}\": \"{text}\"", known.name);
    SqlError::new(SqlState::InvalidParameterValue, message)
}

fn one_of(known: &Known, text: &str) -> SqlResult<String> {
    let word = text.trim_matches('\'').to_lowercase();
    if let Some(value) = known.values.iter().find(|value| **value == word) {
        return Ok((*value).to_owned());
    }
    // Spellings that PostgreSQL takes and does not list.
    let unlisted = match word.as_str() {
        "debug" => "debug2",
        "info" => return if known.values.contains(&"notice") { Ok(word) } else { Err(invalid(known, text)) },
        other => match boolean(other) {
            Some(true) => "on",
            Some(false) => "off",
            None => "",
        },
    };
    if known.values.contains(&unlisted) {
        return Ok(unlisted.to_owned());
    }
    let values = known.values.join(", ");
    Err(invalid(known, text).with_hint(format!("Available values: {values}.")))
}

/// The units that a unit belongs to, and its size in the smallest of them.
fn units(unit: &str) -> Option<(&'static [(&'static str, i128)], i128)> {
    let (count, name) = match unit.find(|c: char| !c.is_ascii_digit()) {
        Some(digits @ 1..) => (unit[..digits].parse().ok()?, &unit[digits..]),
        _ => (1, unit),
    };
    let family: &[(&str, i128)] =
        if MEMORY.iter().any(|(known, _)| *known == name) { &MEMORY } else { &TIME };
    let (_, size) = family.iter().find(|(known, _)| *known == name)?;
    Some((family, size * count))
}

fn number(known: &Known, text: &str) -> SqlResult<f64> {
    let trimmed = text.trim();
    let end = number_end(trimmed);
    let (digits, unit) = (&trimmed[..end], trimmed[end..].trim());
    let parsed = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hexadecimal) => i64::from_str_radix(hexadecimal, 16).ok().map(|value| value as f64),
        None => digits.parse::<f64>().ok(),
    };
    let Some(mut value) = parsed else { return Err(invalid(known, text)) };
    if !unit.is_empty() {
        let Some((family, base)) = units(known.unit) else { return Err(invalid(known, text)) };
        let Some((_, size)) = family.iter().find(|(name, _)| *name == unit) else {
            let valid = match family.first() {
                Some(("TB", _)) => "\"B\", \"kB\", \"MB\", \"GB\", and \"TB\"",
                _ => "\"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"",
            };
            return Err(
                invalid(known, text).with_hint(format!("Valid units for this parameter are {valid}."))
            );
        };
        value = value * *size as f64 / base as f64;
    }
    if known.kind == "integer" {
        value = value.round_ties_even();
    }
    let (min, max) = (known.min.parse().unwrap_or(f64::MIN), known.max.parse().unwrap_or(f64::MAX));
    if !(min..=max).contains(&value) {
        let unit = if known.unit.is_empty() { String::new() } else { format!(" {}", known.unit) };
        let message = format!(
            "{value}{unit} is outside the valid range for parameter \"{}\" ({} .. {})",
            known.name, known.min, known.max
        );
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    Ok(value)
}

/// Where the number at the front of a text ends.
fn number_end(text: &str) -> usize {
    if text.starts_with("0x") || text.starts_with("0X") {
        return text[2..].find(|c: char| !c.is_ascii_hexdigit()).map_or(text.len(), |end| end + 2);
    }
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let exponent = matches!(byte, b'e' | b'E')
            && bytes.get(end + 1).is_some_and(|next| next.is_ascii_digit() || matches!(next, b'+' | b'-'));
        let sign = matches!(byte, b'+' | b'-') && (end == 0 || matches!(bytes[end - 1], b'e' | b'E'));
        if !byte.is_ascii_digit() && *byte != b'.' && !exponent && !sign {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::table::find;
    use super::*;

    #[test]
    fn numbers_have_units_and_bounds() {
        let work_mem = find("work_mem").unwrap();
        let cases = [("64", "64", "64kB"), ("1GB", "1048576", "1GB"), ("1.5MB", "1536", "1536kB")];
        for (text, expected, printed) in cases {
            assert_eq!(kept(work_mem, text).unwrap(), expected);
            assert_eq!(shown(work_mem, expected), printed);
        }
        for text in ["1kB", "abc", "12 XB", ""] {
            assert_eq!(kept(work_mem, text).unwrap_err().state, SqlState::InvalidParameterValue, "{text}");
        }
        let timeout = find("statement_timeout").unwrap();
        assert_eq!(shown(timeout, &kept(timeout, "7s").unwrap()), "7s");
        assert_eq!(shown(timeout, "0"), "0");
        assert_eq!(shown(find("shared_buffers").unwrap(), "16384"), "128MB");
    }

    #[test]
    fn words_are_read_as_postgres_reads_them() {
        let commit = find("synchronous_commit").unwrap();
        assert_eq!(kept(commit, "FALSE").unwrap(), "off");
        let messages = find("client_min_messages").unwrap();
        assert_eq!(kept(messages, "Warning").unwrap(), "warning");
        let error = kept(messages, "bad").unwrap_err();
        assert!(error.hint.unwrap().starts_with("Available values: debug5"));
        assert_eq!(kept(find("enable_seqscan").unwrap(), "t").unwrap(), "on");
    }
}
