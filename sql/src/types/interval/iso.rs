//! Reads intervals of ISO 8601: `P1Y2M3DT4H5M6S`, `P0001-02-03T04:05:06`, `P00010203T040506`.

use super::parse::Parts;
use crate::types::datetime::Flaw;
use crate::types::datetime::calendar::{HOUR_US, MINUTE_US, SECOND_US};

struct Number<'a> {
    whole: i64,
    fraction: f64,
    /// Digits before the point.
    width: usize,
    rest: &'a str,
}

/// A number such as C's `strtod` reads, cut into its whole and its fraction.
fn number(text: &str) -> Result<Number<'_>, Flaw> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
        return Err(Flaw::Format);
    }
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let start = usize::from(bytes[0] == b'-');
    let mut end = digits(start);
    let width = end - start;
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
        if width == 0 && end == start + 1 {
            return Err(Flaw::Format);
        }
    } else if width == 0 {
        return Err(Flaw::Format);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let power = (end + 1 + sign).min(bytes.len());
        if digits(power) > power {
            end = digits(power);
        }
    }
    let value: f64 = text[..end].parse().map_err(|_| Flaw::Format)?;
    if !(-1.0e15..=1.0e15).contains(&value) {
        return Err(if value.is_infinite() { Flaw::Format } else { Flaw::Field });
    }
    Ok(Number { whole: value.trunc() as i64, fraction: value - value.trunc(), width, rest: &text[end..] })
}

/// Reads a text that begins with `P`.
pub(super) fn decode(text: &str) -> Result<Parts, Flaw> {
    let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty()).ok_or(Flaw::Format)?;
    let mut parts = Parts::default();
    let (mut of_date, mut has_field) = (true, false);
    while let Some(first) = rest.chars().next() {
        if first == 'T' {
            (of_date, has_field) = (false, false);
            rest = &rest[1..];
            continue;
        }
        let number = number(rest)?;
        let unit = number.rest.chars().next();
        rest = number.rest.get(unit.map_or(0, char::len_utf8)..).unwrap_or("");
        let (whole, fraction) = (number.whole, number.fraction);
        if of_date {
            match unit {
                Some('Y') => parts.add_years(whole, fraction, 1),
                Some('M') => parts.add_months(whole, fraction),
                Some('W') => parts.add_days(whole, fraction, 7),
                Some('D') => parts.add_days(whole, fraction, 1),
                None | Some('T') if number.width == 8 && !has_field => {
                    packed_date(&mut parts, whole, fraction).ok_or(Flaw::Field)?;
                    if unit.is_none() {
                        return Ok(parts);
                    }
                    (of_date, has_field) = (false, false);
                    continue;
                }
                None | Some('T' | '-') => {
                    if has_field {
                        return Err(Flaw::Format);
                    }
                    parts.add_years(whole, fraction, 1).ok_or(Flaw::Field)?;
                    if unit == Some('-') {
                        rest = spelled_date(&mut parts, rest)?;
                    }
                    if unit.is_none() || rest.is_empty() && unit == Some('-') {
                        return Ok(parts);
                    }
                    if unit == Some('-') {
                        rest = rest.strip_prefix('T').ok_or(Flaw::Format)?;
                    }
                    (of_date, has_field) = (false, false);
                    continue;
                }
                Some(_) => return Err(Flaw::Format),
            }
            .ok_or(Flaw::Field)?;
        } else {
            match unit {
                Some('H') => parts.add_micros(whole, fraction, HOUR_US),
                Some('M') => parts.add_micros(whole, fraction, MINUTE_US),
                Some('S') => parts.add_micros(whole, fraction, SECOND_US),
                None if number.width == 6 && !has_field => {
                    packed_time(&mut parts, whole, fraction).ok_or(Flaw::Field)?;
                    return Ok(parts);
                }
                None | Some(':') => {
                    if has_field {
                        return Err(Flaw::Format);
                    }
                    parts.add_micros(whole, fraction, HOUR_US).ok_or(Flaw::Field)?;
                    if unit.is_some() {
                        spelled_time(&mut parts, rest)?;
                    }
                    return Ok(parts);
                }
                Some(_) => return Err(Flaw::Format),
            }
            .ok_or(Flaw::Field)?;
        }
        has_field = true;
    }
    Ok(parts)
}

/// `yyyymmdd`
fn packed_date(parts: &mut Parts, whole: i64, fraction: f64) -> Option<()> {
    parts.add_years(whole / 10_000, 0.0, 1)?;
    parts.add_months(whole / 100 % 100, 0.0)?;
    parts.add_days(whole % 100, fraction, 1)
}

/// `hhmmss`
fn packed_time(parts: &mut Parts, whole: i64, fraction: f64) -> Option<()> {
    parts.add_micros(whole / 10_000, 0.0, HOUR_US)?;
    parts.add_micros(whole / 100 % 100, 0.0, MINUTE_US)?;
    parts.add_micros(whole % 100, 0.0, SECOND_US)?;
    parts.add_micros(0, fraction, 1)
}

/// `mm[-dd]` after the year; what follows.
fn spelled_date<'a>(parts: &mut Parts, text: &'a str) -> Result<&'a str, Flaw> {
    let month = number(text)?;
    parts.add_months(month.whole, month.fraction).ok_or(Flaw::Field)?;
    let Some(rest) = month.rest.strip_prefix('-') else {
        let done = month.rest.is_empty() || month.rest.starts_with('T');
        return if done { Ok(month.rest) } else { Err(Flaw::Format) };
    };
    let day = number(rest)?;
    parts.add_days(day.whole, day.fraction, 1).ok_or(Flaw::Field)?;
    Ok(day.rest)
}

/// `mm[:ss]` after the hour, to the end.
fn spelled_time(parts: &mut Parts, text: &str) -> Result<(), Flaw> {
    let minute = number(text)?;
    parts.add_micros(minute.whole, minute.fraction, MINUTE_US).ok_or(Flaw::Field)?;
    if minute.rest.is_empty() {
        return Ok(());
    }
    let second = number(minute.rest.strip_prefix(':').ok_or(Flaw::Format)?)?;
    parts.add_micros(second.whole, second.fraction, SECOND_US).ok_or(Flaw::Field)?;
    if second.rest.is_empty() { Ok(()) } else { Err(Flaw::Format) }
}
