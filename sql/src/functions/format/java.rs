//! `date_format` and `from_unixtime`: timestamps by the patterns of Java's `DateTimeFormatter` (which those
//! of `SimpleDateFormat` mostly are too), in English and with American weeks.
//!
//! ```text
//!  pattern := ( letter+ | 'quoted text' | '' | [ | ] | character )*
//! ```
//!
//! Of the letters all but `p` (padding) and `B` are known. `[` and `]` are passed over.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use super::calendar::{julian_day, weekday};
use super::datetime_out::{Moment, moment};
use super::names::{DAYS, DAYS_SHORT, MONTHS, MONTHS_SHORT};
use super::zone::{zone_id, zone_time};
use super::{check_size, is_finite};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;

/// What `from_unixtime` with one argument prints by.
pub const UNIXTIME_PATTERN: &str = "yyyy-MM-dd HH:mm:ss";

/// A part of a pattern.
#[derive(Debug, Clone)]
enum Part {
    /// A letter that stands so many times.
    Letter(char, usize),
    /// What is printed as it is.
    Text(String),
}

/// `date_format(timestamp, text)`: microseconds since 1970. None for an infinite one.
pub fn date_format_timestamp(micros: i64, pattern: &str) -> SqlResult<Option<String>> {
    if !is_finite(micros) {
        return Ok(None);
    }
    write(&moment(micros, 0, None), "", pattern).map(Some)
}

/// `date_format(timestamptz, text)`: microseconds since 1970 UTC, shown in the zone of the settings.
pub fn date_format_timestamptz(
    environment: &Environment,
    micros: i64,
    pattern: &str,
) -> SqlResult<Option<String>> {
    if !is_finite(micros) {
        return Ok(None);
    }
    let zone = zone_time(environment.zone, micros);
    let id = zone_id(environment.zone);
    write(&moment(micros, zone.offset, Some(zone)), &id, pattern).map(Some)
}

/// `from_unixtime(bigint, text)`: seconds since 1970 UTC, shown in the zone of the settings.
pub fn from_unixtime(environment: &Environment, seconds: i64, pattern: &str) -> SqlResult<String> {
    let out_of_range = || SqlError::new(SqlState::DatetimeOverflow, "timestamp out of range");
    let micros = seconds.checked_mul(1_000_000).ok_or_else(out_of_range)?;
    date_format_timestamptz(environment, micros, pattern)?.ok_or_else(out_of_range)
}

thread_local! {
    static LAST: RefCell<Option<(String, Rc<Vec<Part>>)>> = const { RefCell::new(None) };
}

fn parts(pattern: &str) -> SqlResult<Rc<Vec<Part>>> {
    LAST.with(|last| {
        let mut last = last.borrow_mut();
        match last.as_ref() {
            Some((known, parts)) if known == pattern => Ok(parts.clone()),
            _ => {
                let parts = Rc::new(compile(pattern)?);
                *last = Some((pattern.to_owned(), parts.clone()));
                Ok(parts)
            }
        }
    })
}

fn wrong(message: String) -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, message)
}

fn compile(pattern: &str) -> SqlResult<Vec<Part>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut characters = pattern.chars().peekable();
    let mut open = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                if characters.next_if_eq(&'\'').is_some() {
                    text.push('\'');
                } else if !quoted(&mut characters, &mut text) {
                    let message = format!("pattern ends with an incomplete string literal: \"{pattern}\"");
                    return Err(wrong(message));
                }
            }
            letter if letter.is_ascii_alphabetic() => {
                let mut count = 1;
                while characters.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                check_letter(letter, count)?;
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Letter(letter, count));
            }
            '[' => open += 1,
            ']' => {
                open = open
                    .checked_sub(1)
                    .ok_or_else(|| wrong("pattern has \"]\" without a \"[\" before it".to_owned()))?;
            }
            '{' | '}' | '#' => {
                return Err(wrong(format!("pattern includes the reserved character \"{character}\"")));
            }
            other => text.push(other),
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

fn quoted(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, text: &mut String) -> bool {
    while let Some(character) = characters.next() {
        if character != '\'' {
            text.push(character);
        } else if characters.next_if_eq(&'\'').is_some() {
            text.push('\'');
        } else {
            return true;
        }
    }
    false
}

fn check_letter(letter: char, count: usize) -> SqlResult<()> {
    let most = match letter {
        'u' | 'y' | 'Y' | 'A' | 'n' | 'N' => 19,
        'G' | 'M' | 'L' | 'Q' | 'q' | 'E' | 'e' | 'X' | 'x' | 'Z' | 'c' => 5,
        'z' | 'O' => 4,
        'D' => 3,
        'd' | 'w' | 'h' | 'K' | 'k' | 'H' | 'm' | 's' | 'V' => 2,
        'W' | 'F' | 'a' => 1,
        'S' => 9,
        _ => return Err(wrong(format!("unknown pattern letter: \"{letter}\""))),
    };
    if count > most {
        return Err(wrong(format!("too many pattern letters: \"{letter}\"")));
    }
    match (letter, count) {
        ('V', 1) => Err(wrong("pattern letter count must be 2: \"V\"".to_owned())),
        ('O', 2 | 3) => Err(wrong("pattern letter count must be 1 or 4: \"O\"".to_owned())),
        ('c', 2) => Err(wrong("invalid pattern \"cc\"".to_owned())),
        _ => Ok(()),
    }
}

fn write(moment: &Moment, zone_id: &str, pattern: &str) -> SqlResult<String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    for part in parts(pattern)?.iter() {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Letter(letter, count) => write_letter(moment, zone_id, *letter, *count, &mut out)?,
        }
        check_size(out.len())?;
    }
    Ok(out)
}

fn write_letter(
    moment: &Moment,
    zone_id: &str,
    letter: char,
    count: usize,
    out: &mut String,
) -> SqlResult<()> {
    let nanos = i64::from(moment.micros) * 1000;
    let second_of_day = moment.hour * 3600 + i64::from(moment.minute) * 60 + i64::from(moment.second);
    let number = |out: &mut String, value: i64| push_number(out, value, count);
    match letter {
        'G' => out.push_str(match (count, moment.year > 0) {
            (4, true) => "Anno Domini",
            (4, false) => "Before Christ",
            (5, true) => "A",
            (5, false) => "B",
            (_, true) => "AD",
            (_, false) => "BC",
        }),
        'u' => push_year(out, i64::from(moment.year), count),
        'y' => {
            let year = i64::from(moment.year);
            push_year(out, if year > 0 { year } else { 1 - year }, count);
        }
        'Y' => push_year(out, i64::from(week_of_year(moment).0), count),
        'w' => number(out, i64::from(week_of_year(moment).1)),
        'W' => number(out, i64::from(week_of_month(moment))),
        'D' => number(out, i64::from(moment.day_of_year)),
        'd' => number(out, i64::from(moment.day)),
        'F' => number(out, i64::from((moment.day - 1) / 7 + 1)),
        'M' | 'L' if count <= 2 => number(out, i64::from(moment.month)),
        'M' | 'L' => {
            let index = moment.month as usize - 1;
            push_name(out, MONTHS[index % 12], MONTHS_SHORT[index % 12], count);
        }
        'Q' | 'q' => push_quarter(out, (moment.month - 1) / 3, count),
        'e' | 'c' if count <= 2 => number(out, i64::from(moment.weekday + 1)),
        'E' | 'e' | 'c' => {
            let index = moment.weekday as usize;
            push_name(out, DAYS[index % 7], DAYS_SHORT[index % 7], count);
        }
        'a' => out.push_str(if moment.hour < 12 { "AM" } else { "PM" }),
        'h' => number(out, (moment.hour + 11) % 12 + 1),
        'K' => number(out, moment.hour % 12),
        'k' => number(out, (moment.hour + 23) % 24 + 1),
        'H' => number(out, moment.hour),
        'm' => number(out, i64::from(moment.minute)),
        's' => number(out, i64::from(moment.second)),
        'S' => push_number(out, nanos / 10_i64.pow(9 - count as u32), count),
        'A' => number(out, second_of_day * 1000 + nanos / 1_000_000),
        'n' => number(out, nanos),
        'N' => number(out, second_of_day * 1_000_000_000 + nanos),
        _ => return write_zone(moment, zone_id, letter, count, out),
    }
    Ok(())
}

fn write_zone(moment: &Moment, zone_id: &str, letter: char, count: usize, out: &mut String) -> SqlResult<()> {
    let Some(zone) = &moment.zone else {
        let message = format!("pattern letter \"{letter}\" needs a timestamp with time zone");
        return Err(wrong(message));
    };
    match (letter, count) {
        ('V', _) => out.push_str(zone_id),
        ('z', _) => out.push_str(&zone.abbreviation),
        ('O', _) | ('Z', 4) => push_gmt(out, zone.offset, letter == 'O' && count == 1),
        ('X', _) | ('Z', 5) if zone.offset == 0 => out.push('Z'),
        ('X' | 'x', 1) => push_offset(out, zone.offset, "", zone.offset % 3600 / 60 != 0, false),
        ('X' | 'x', 2) | ('Z', 1..=3) => push_offset(out, zone.offset, "", true, false),
        ('X' | 'x', 3) => push_offset(out, zone.offset, ":", true, false),
        ('X' | 'x', 4) => push_offset(out, zone.offset, "", true, true),
        _ => push_offset(out, zone.offset, ":", true, true),
    }
    Ok(())
}

/// An offset with minutes, and with seconds where they are wanted and there are any.
fn push_offset(out: &mut String, offset: i32, colon: &str, minutes: bool, seconds: bool) {
    let sign = if offset < 0 { '-' } else { '+' };
    let size = offset.unsigned_abs();
    // Writing into a String cannot fail, here and below.
    let _ = write!(out, "{sign}{:02}", size / 3600);
    if minutes {
        let _ = write!(out, "{colon}{:02}", size / 60 % 60);
    }
    if seconds && !size.is_multiple_of(60) {
        let _ = write!(out, "{colon}{:02}", size % 60);
    }
}

fn push_gmt(out: &mut String, offset: i32, short: bool) {
    out.push_str("GMT");
    if offset == 0 {
        return;
    }
    if !short {
        return push_offset(out, offset, ":", true, true);
    }
    let size = offset.unsigned_abs();
    let _ = write!(out, "{}{}", if offset < 0 { '-' } else { '+' }, size / 3600);
    if !size.is_multiple_of(3600) {
        let _ = write!(out, ":{:02}", size / 60 % 60);
    }
}

fn push_number(out: &mut String, value: i64, width: usize) {
    let _ = write!(out, "{value:0width$}");
}

/// A year: two digits of it for two letters; a plus before one of more digits than the letters, from four on.
fn push_year(out: &mut String, year: i64, count: usize) {
    if count == 2 {
        push_number(out, year.abs() % 100, 2);
        return;
    }
    let digits = format!("{:0count$}", year.abs());
    if year < 0 {
        out.push('-');
    } else if count >= 4 && digits.len() > count {
        out.push('+');
    }
    out.push_str(&digits);
}

fn push_name(out: &mut String, full: &str, short: &str, count: usize) {
    match count {
        4 => out.push_str(full),
        5 => out.push_str(&full[..1]),
        _ => out.push_str(short),
    }
}

fn push_quarter(out: &mut String, index: i32, count: usize) {
    const FULL: [&str; 4] = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];
    match count {
        3 => {
            let _ = write!(out, "Q{}", index + 1);
        }
        4 => out.push_str(FULL[index as usize % 4]),
        2 => push_number(out, i64::from(index + 1), 2),
        _ => push_number(out, i64::from(index + 1), 1),
    }
}

/// The Julian day of the Sunday with which the first week of a year begins: the one that 1 January is in.
fn first_sunday(year: i32) -> i32 {
    let first = julian_day(year, 1, 1);
    first - weekday(first)
}

/// The year that the week belongs to, and its number in it.
fn week_of_year(moment: &Moment) -> (i32, i32) {
    let julian = julian_day(moment.year, moment.month, moment.day);
    let year = if julian >= first_sunday(moment.year + 1) { moment.year + 1 } else { moment.year };
    (year, (julian - first_sunday(year)) / 7 + 1)
}

fn week_of_month(moment: &Moment) -> i32 {
    let first = weekday(julian_day(moment.year, moment.month, 1));
    (moment.day - 1 + first) / 7 + 1
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::types::environment::Zone;

    #[test]
    fn java_patterns_print_what_java_prints() {
        // 2024-12-29 08:05:06.123456, a Sunday
        let sunday = 1_735_459_506_123_456;
        for (pattern, expected) in [
            ("yyyy-MM-dd HH:mm:ss.SSS", "2024-12-29 08:05:06.123"),
            ("yy/M/d h:mm a", "24/12/29 8:05 AM"),
            ("EEE, d MMM yyyy", "Sun, 29 Dec 2024"),
            ("EEEE MMMM EEEEE MMMMM", "Sunday December S D"),
            ("yyyy'T'HH''mm", "2024T08'05"),
            ("YYYY-'W'ww e", "2025-W01 1"),
            ("D W F Q QQ QQQ QQQQ", "364 5 5 4 04 Q4 4th quarter"),
            ("k K H A n N SSSSSSSSS", "8 8 8 29106123 123456000 29106123456000 123456000"),
            ("G GGGG u", "AD Anno Domini 2024"),
            ("[yyyy]", "2024"),
            ("", ""),
        ] {
            assert_eq!(date_format_timestamp(sunday, pattern), Ok(Some(expected.to_owned())), "{pattern}");
        }
        for pattern in ["b", "'open", "ddd", "XXX", "yyyy#", "]", "V"] {
            assert!(date_format_timestamp(sunday, pattern).is_err(), "{pattern}");
        }
        assert_eq!(date_format_timestamp(i64::MAX, "yyyy"), Ok(None));
    }

    #[test]
    fn zones_are_those_of_the_settings() {
        let berlin = Environment { zone: Zone::Named(Tz::Europe__Berlin), ..Environment::default() };
        for (pattern, expected) in [
            ("HH z VV", "02 CEST Europe/Berlin"),
            ("X XX XXX x Z ZZZZ O OOOO", "+02 +0200 +02:00 +02 +0200 GMT+02:00 GMT+2 GMT+02:00"),
        ] {
            let answer = from_unixtime(&berlin, 1_720_000_000 - 1_720_000_000 % 86_400, pattern);
            assert_eq!(answer, Ok(expected.to_owned()), "{pattern}");
        }
        let utc = Environment::default();
        assert_eq!(from_unixtime(&utc, 0, UNIXTIME_PATTERN), Ok("1970-01-01 00:00:00".to_owned()));
        assert_eq!(from_unixtime(&utc, -1, "X xxx"), Ok("Z +00:00".to_owned()));
        assert!(from_unixtime(&utc, i64::MAX, "yyyy").is_err());
    }
}
