//! Reads one piece of a date's text: a date, a time of day, a number, an offset.
//!
//! [`Draft`] holds the fields read so far; sets of fields are bits, so that no field is given twice.

use super::calendar::{Fields, date_of, days_of, month_days};
use super::words::{Meaning, meaning};
use crate::error::{SqlError, SqlState};
use crate::types::environment::DateOrder;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is no date, time or interval.
    Format,
    /// A field is out of its range.
    Field,
    /// A month or day is out of its range: another order of the fields might do.
    MonthOrDay,
    /// A field of an interval is out of range.
    Interval,
    /// An offset is out of range.
    Offset,
    /// There is no zone of that name.
    Zone(String),
    /// It depends on the time of the statement, and there is none.
    Clock,
}

impl Flaw {
    /// The error about a text of a type.
    pub(crate) fn error(self, type_name: &str, text: &str) -> SqlError {
        let field = format!("date/time field value out of range: \"{text}\"");
        match self {
            Flaw::Format => SqlError::new(
                SqlState::InvalidDatetime,
                format!("invalid input syntax for type {type_name}: \"{text}\""),
            ),
            Flaw::Field => SqlError::new(SqlState::DatetimeOverflow, field),
            Flaw::MonthOrDay => SqlError::new(SqlState::DatetimeOverflow, field)
                .with_hint("Perhaps you need a different \"datestyle\" setting."),
            Flaw::Interval => SqlError::new(
                SqlState::IntervalOverflow,
                format!("interval field value out of range: \"{text}\""),
            ),
            Flaw::Offset => SqlError::new(
                SqlState::InvalidTimeZone,
                format!("time zone displacement out of range: \"{text}\""),
            ),
            Flaw::Zone(name) => unknown_zone(&name),
            Flaw::Clock => crate::types::environment::no_statement(),
        }
    }
}

/// 22023 about a zone that is none.
pub(crate) fn unknown_zone(name: &str) -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, format!("time zone \"{name}\" not recognized"))
}

/// Sets of fields.
pub(super) mod mask {
    pub const SPECIAL: u32 = 1;
    pub const MONTH: u32 = 1 << 1;
    pub const YEAR: u32 = 1 << 2;
    pub const DAY: u32 = 1 << 3;
    pub const ZONE: u32 = 1 << 5;
    pub const SUMMER: u32 = 1 << 6;
    pub const MOVING: u32 = 1 << 7;
    pub const HALF_DAY: u32 = 1 << 9;
    pub const HOUR: u32 = 1 << 10;
    pub const MINUTE: u32 = 1 << 11;
    pub const SECOND: u32 = 1 << 12;
    pub const MILLISECOND: u32 = 1 << 13;
    pub const MICROSECOND: u32 = 1 << 14;
    pub const YEAR_DAY: u32 = 1 << 15;
    pub const WEEKDAY: u32 = 1 << 16;
    pub const ERA: u32 = 1 << 18;
    pub const SUMMER_WORD: u32 = 1 << 28;
    pub const DATE: u32 = YEAR | MONTH | DAY;
    pub const ALL_SECONDS: u32 = SECOND | MILLISECOND | MICROSECOND;
    pub const TIME: u32 = HOUR | MINUTE | ALL_SECONDS;
}

/// What has been read.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub fields: Fields,
    pub year_day: i32,
    /// The year was one or two digits.
    pub short_year: bool,
    pub julian: bool,
    pub before_christ: bool,
    /// `am` (false) or `pm` (true)
    pub half_day: Option<bool>,
    /// A month was given by name.
    pub month_name: bool,
    /// Seconds west of UTC.
    pub west: i32,
}

/// The integer at the start of a text, and what follows; as `strtol` reads. None where it does not fit 32
/// bits.
pub(crate) fn leading_integer(text: &str) -> Option<(i32, &str)> {
    let (value, rest) = leading_long(text)?;
    Some((i32::try_from(value).ok()?, rest))
}

/// The integer of 64 bits at the start of a text, and what follows; 0 where there is none.
pub(crate) fn leading_long(text: &str) -> Option<(i64, &str)> {
    let body = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (negative, digits) = match body.as_bytes().first() {
        Some(b'-') => (true, &body[1..]),
        Some(b'+') => (false, &body[1..]),
        _ => (false, body),
    };
    let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return Some((0, text));
    }
    let mut value = 0_i64;
    for digit in digits[..end].bytes() {
        let digit = i64::from(digit - b'0');
        let signed = if negative { -digit } else { digit };
        value = value.checked_mul(10)?.checked_add(signed)?;
    }
    Some((value, &digits[end..]))
}

/// A fraction from its point to the end of the text.
pub(crate) fn decimal_fraction(text: &str) -> Result<f64, Flaw> {
    if text.len() == 1 {
        return Ok(0.0);
    }
    if !text[1..].bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Flaw::Format);
    }
    text.parse().map_err(|_| Flaw::Format)
}

/// A fraction of a second, in microseconds.
pub(super) fn second_fraction(text: &str) -> Result<i32, Flaw> {
    Ok((decimal_fraction(text)? * 1_000_000.0).round_ties_even() as i32)
}

/// Hours, minutes, seconds and microseconds of `hh:mm[:ss[.fff]]` or `mm:ss.fff`; the hours are not checked.
/// With `minutes_first`, two numbers are minutes and seconds.
pub(crate) fn clock_text(text: &str, minutes_first: bool) -> Result<(i64, i32, i32, i32), Flaw> {
    let (hour, rest) = leading_long(text).ok_or(Flaw::Field)?;
    let rest = rest.strip_prefix(':').ok_or(Flaw::Format)?;
    let (minute, rest) = leading_integer(rest).ok_or(Flaw::Field)?;
    let shifted = |micro: i32| {
        let minutes = i32::try_from(hour).map_err(|_| Flaw::Field)?;
        Ok::<_, Flaw>((0_i64, minutes, minute, micro))
    };
    let (hour, minute, second, micro) = match rest.as_bytes().first() {
        None if minutes_first => shifted(0)?,
        None => (hour, minute, 0, 0),
        Some(b'.') => shifted(second_fraction(rest)?)?,
        Some(b':') => {
            let (second, rest) = leading_integer(&rest[1..]).ok_or(Flaw::Field)?;
            match rest.as_bytes().first() {
                None => (hour, minute, second, 0),
                Some(b'.') => (hour, minute, second, second_fraction(rest)?),
                Some(_) => return Err(Flaw::Format),
            }
        }
        Some(_) => return Err(Flaw::Format),
    };
    if hour < 0
        || !(0..60).contains(&minute)
        || !(0..=60).contains(&second)
        || !(0..=1_000_000).contains(&micro)
    {
        return Err(Flaw::Field);
    }
    Ok((hour, minute, second, micro))
}

/// Whether a time of day is past 24:00 or has a field out of range.
pub(super) fn time_overflows(hour: i32, minute: i32, second: i32, micro: i32) -> bool {
    if !(0..=24).contains(&hour)
        || !(0..60).contains(&minute)
        || !(0..=60).contains(&second)
        || !(0..=1_000_000).contains(&micro)
    {
        return true;
    }
    let fields = Fields { hour, minute, second, micro, ..Fields::default() };
    fields.time_us() > super::calendar::DAY_US
}

/// Seconds west of UTC of `+hh[:mm[:ss]]` or `+hhmm`.
pub(crate) fn offset(text: &str) -> Result<i32, Flaw> {
    let negative = match text.as_bytes().first() {
        Some(b'+') => false,
        Some(b'-') => true,
        _ => return Err(Flaw::Format),
    };
    let (mut hour, mut rest) = leading_integer(&text[1..]).ok_or(Flaw::Offset)?;
    let (mut minute, mut second) = (0, 0);
    if let Some(more) = rest.strip_prefix(':') {
        (minute, rest) = leading_integer(more).ok_or(Flaw::Offset)?;
        if let Some(more) = rest.strip_prefix(':') {
            (second, rest) = leading_integer(more).ok_or(Flaw::Offset)?;
        }
    } else if rest.is_empty() && text.len() > 3 {
        (hour, minute) = (hour / 100, hour % 100);
    }
    if !(0..=15).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
        return Err(Flaw::Offset);
    }
    if !rest.is_empty() {
        return Err(Flaw::Format);
    }
    let east = (hour * 60 + minute) * 60 + second;
    Ok(if negative { east } else { -east })
}

impl Draft {
    /// Sets the date to a Julian day.
    pub fn set_julian(&mut self, julian: i32) {
        let days = i64::from(julian) - super::calendar::UNIX_JULIAN;
        (self.fields.year, self.fields.month, self.fields.day) = date_of(days);
        self.julian = true;
    }

    /// Sets the time of day from `hh:mm:ss`.
    pub fn time(&mut self, text: &str) -> Result<u32, Flaw> {
        let (hour, minute, second, micro) = clock_text(text, false)?;
        self.fields.hour = i32::try_from(hour).map_err(|_| Flaw::Field)?;
        (self.fields.minute, self.fields.second, self.fields.micro) = (minute, second, micro);
        Ok(mask::TIME)
    }

    /// Reads a whole date: `1999-01-08`, `08-Jan-99`.
    pub fn date(&mut self, text: &str, set: u32, order: DateOrder) -> Result<u32, Flaw> {
        let mut parts = [""; 25];
        let mut count = 0;
        let mut rest = text;
        while !rest.is_empty() && count < parts.len() {
            rest = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            if rest.is_empty() {
                return Err(Flaw::Format);
            }
            let digits = rest.as_bytes()[0].is_ascii_digit();
            let same = |byte: u8| if digits { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
            let end = rest.bytes().position(|byte| !same(byte)).unwrap_or(rest.len());
            parts[count] = &rest[..end];
            count += 1;
            // One character ends a part, whatever it is.
            rest = rest.get(end + 1..).unwrap_or("");
        }
        let (mut set, mut found) = (set, 0);
        let mut month_name = false;
        for part in &mut parts[..count] {
            if !part.as_bytes()[0].is_ascii_alphabetic() {
                continue;
            }
            match meaning(part) {
                Some(Meaning::Nothing) => continue,
                Some(Meaning::Month(month)) => self.fields.month = month,
                _ => return Err(Flaw::Format),
            }
            if set & mask::MONTH != 0 {
                return Err(Flaw::Format);
            }
            month_name = true;
            set |= mask::MONTH;
            found |= mask::MONTH;
            *part = "";
        }
        for part in &parts[..count] {
            if part.is_empty() {
                continue;
            }
            let more = self.number(part, month_name, set, order)?;
            if set & more != 0 {
                return Err(Flaw::Format);
            }
            set |= more;
            found |= more;
        }
        if set & !(mask::YEAR_DAY | mask::ZONE) != mask::DATE {
            return Err(Flaw::Format);
        }
        Ok(found)
    }

    /// Reads a number that may be any field: the fields that are set already tell which.
    pub fn number(&mut self, text: &str, month_name: bool, set: u32, order: DateOrder) -> Result<u32, Flaw> {
        let (value, rest) = leading_integer(text).ok_or(Flaw::Field)?;
        if rest.len() == text.len() {
            return Err(Flaw::Format);
        }
        if rest.starts_with('.') {
            if text.len() - rest.len() > 2 {
                return self.run_together(text, set | mask::DATE);
            }
            self.fields.micro = second_fraction(rest)?;
        } else if !rest.is_empty() {
            return Err(Flaw::Format);
        }
        if text.len() == 3 && set & mask::DATE == mask::YEAR && (1..=366).contains(&value) {
            self.year_day = value;
            return Ok(mask::YEAR_DAY | mask::MONTH | mask::DAY);
        }
        const YEAR_MONTH: u32 = mask::YEAR | mask::MONTH;
        const MONTH_DAY: u32 = mask::MONTH | mask::DAY;
        let field = match set & mask::DATE {
            0 if text.len() >= 3 || order == DateOrder::Ymd => mask::YEAR,
            0 if order == DateOrder::Dmy => mask::DAY,
            0 => mask::MONTH,
            mask::YEAR => mask::MONTH,
            mask::MONTH if month_name && (text.len() >= 3 || order == DateOrder::Ymd) => mask::YEAR,
            mask::MONTH => mask::DAY,
            YEAR_MONTH if month_name && text.len() >= 3 && self.short_year => {
                // The first number was the day, then.
                self.fields.day = self.fields.year;
                self.fields.year = value;
                self.short_year = false;
                return Ok(mask::DAY);
            }
            YEAR_MONTH => mask::DAY,
            mask::DAY => mask::MONTH,
            MONTH_DAY => mask::YEAR,
            mask::DATE => return self.run_together(text, set),
            _ => return Err(Flaw::Format),
        };
        match field {
            mask::YEAR => {
                self.fields.year = value;
                self.short_year = text.len() <= 2;
            }
            mask::MONTH => self.fields.month = value,
            _ => self.fields.day = value,
        }
        Ok(field)
    }

    /// Reads `yyyymmdd`, `yymmdd`, `hhmmss[.fff]` or `hhmm`. Answers the fields, with all of the date's or
    /// the time's.
    pub fn run_together(&mut self, text: &str, set: u32) -> Result<u32, Flaw> {
        let mut digits = text;
        if let Some((whole, fraction)) = text.split_once('.') {
            // Only the leading digits of the fraction are read.
            let end = fraction.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(fraction.len());
            self.fields.micro = match fraction {
                "" => 0,
                _ => second_fraction(&text[whole.len()..whole.len() + 1 + end])?,
            };
            digits = whole;
        } else if set & mask::DATE != mask::DATE && digits.len() >= 6 {
            let (rest, day) = digits.split_at(digits.len() - 2);
            let (year, month) = rest.split_at(rest.len() - 2);
            self.fields.day = lenient_integer(day);
            self.fields.month = lenient_integer(month);
            self.fields.year = lenient_integer(year);
            if year.len() == 2 {
                self.short_year = true;
            }
            return Ok(mask::DATE);
        }
        if set & mask::TIME != mask::TIME && matches!(digits.len(), 4 | 6) {
            self.fields.hour = lenient_integer(&digits[..2]);
            self.fields.minute = lenient_integer(&digits[2..4]);
            self.fields.second = lenient_integer(&digits[4..]);
            return Ok(mask::TIME);
        }
        Err(Flaw::Format)
    }

    /// Checks the date and gives the year its century and era.
    pub fn validate(&mut self, set: u32) -> Result<(), Flaw> {
        let fields = &mut self.fields;
        if set & mask::YEAR != 0 && !self.julian {
            if self.before_christ {
                if fields.year <= 0 {
                    return Err(Flaw::Field);
                }
                fields.year = 1 - fields.year;
            } else if self.short_year {
                match fields.year {
                    ..0 => return Err(Flaw::Field),
                    0..70 => fields.year += 2000,
                    70..100 => fields.year += 1900,
                    _ => {}
                }
            } else if fields.year <= 0 {
                return Err(Flaw::Field);
            }
        }
        if set & mask::YEAR_DAY != 0 {
            let days = days_of(fields.year, 1, 1) + i64::from(self.year_day) - 1;
            (fields.year, fields.month, fields.day) = date_of(days);
        }
        if set & mask::MONTH != 0 && !(1..=12).contains(&fields.month) {
            return Err(Flaw::MonthOrDay);
        }
        if set & mask::DAY != 0 && !(1..=31).contains(&fields.day) {
            return Err(Flaw::MonthOrDay);
        }
        if set & mask::DATE == mask::DATE && fields.day > month_days(fields.year, fields.month) {
            return Err(Flaw::Field);
        }
        Ok(())
    }

    /// Makes an hour of twelve one of twenty-four.
    pub fn apply_half_day(&mut self) -> Result<(), Flaw> {
        let hour = &mut self.fields.hour;
        match self.half_day {
            None => {}
            Some(_) if *hour > 12 => return Err(Flaw::Field),
            Some(false) if *hour == 12 => *hour = 0,
            Some(true) if *hour != 12 => *hour += 12,
            Some(_) => {}
        }
        Ok(())
    }
}

/// As `atoi` reads: what does not fit is -1, as the low half of the greatest long is.
fn lenient_integer(text: &str) -> i32 {
    leading_long(text).map_or(-1, |(value, _)| value as i32)
}
