//! Intervals from text and to text, as Postgres has them with `IntervalStyle` postgres.
//!
//! ```text
//!  [@] { [±]n[.f] unit  |  [±]years-months  |  [[±]days] [±]hh:mm[:ss[.f]] } … [ago]      1 day -02:03:04
//!  P{ [±]n[.f]Y|M|W|D } [T{ [±]n[.f]H|M|S }]                                               P1DT2H
//!  Pyears-months-days[Thh:mm[:ss[.f]]]                                                     P0001-02-03T04:05:06
//! ```
//!
//! A sign belongs to its own part. A fraction goes on in the next smaller kind: of a year in months, of a month in
//! days (of 30), of a day in microseconds. What [`print_interval`] writes reads back as the same interval.

use std::fmt::Write;

use arrow::datatypes::IntervalMonthDayNano;

use crate::datetime::DatetimeError;

type Parsed<T> = Result<T, DatetimeError>;

const SECOND_US: i128 = 1_000_000;
const DAY_US: i128 = 86_400 * SECOND_US;
/// Fractions are counted in parts of 10^-15.
const ONE: i128 = 1_000_000_000_000_000;

/// The field of `INTERVAL '…' field`: the unit of a number without one, and the smallest part that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntervalField {
    /// YEAR
    Year,
    /// MONTH
    Month,
    /// DAY
    Day,
    /// HOUR
    Hour,
    /// MINUTE
    Minute,
    /// SECOND
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Months(i128),
    Days(i128),
    Micros(i128),
}

/// Reads an interval.
pub fn parse_interval(text: &str, field: Option<IntervalField>) -> Parsed<IntervalMonthDayNano> {
    let mut reader = Reader { rest: text.as_bytes() };
    reader.blanks();
    let sum = match reader.rest.first() {
        Some(b'P' | b'p') => iso(&mut reader)?,
        _ => postgres(&mut reader, field.unwrap_or(IntervalField::Second))?,
    };
    sum.finish(field)
}

/// Writes an interval as `1 year 2 mons -3 days +04:05:06.7`: a positive part after a negative one has its sign.
pub fn print_interval(text: &mut String, value: IntervalMonthDayNano) {
    let start = text.len();
    let mut negative = false;
    for (count, unit) in [(value.months / 12, "year"), (value.months % 12, "mon"), (value.days, "day")] {
        if count == 0 {
            continue;
        }
        let space = if text.len() > start { " " } else { "" };
        let sign = if negative && count > 0 { "+" } else { "" };
        let plural = if count == 1 { "" } else { "s" };
        let _ = write!(text, "{space}{sign}{count} {unit}{plural}");
        negative = count < 0;
    }
    let us = value.nanoseconds / 1000;
    if us == 0 && text.len() > start {
        return;
    }
    let space = if text.len() > start { " " } else { "" };
    let sign = if us < 0 {
        "-"
    } else if negative {
        "+"
    } else {
        ""
    };
    let (seconds, micros) = (us.unsigned_abs() / 1_000_000, us.unsigned_abs() % 1_000_000);
    let _ = write!(text, "{space}{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if micros != 0 {
        let digits = format!("{micros:06}");
        let _ = write!(text, ".{}", digits.trim_end_matches('0'));
    }
}

/// What was read so far.
#[derive(Default)]
struct Sum {
    months: i128,
    days: i128,
    us: i128,
    /// Each unit may be named once.
    seen: Vec<Unit>,
}

impl Sum {
    fn add(&mut self, unit: Unit, number: Number) -> Parsed<()> {
        if self.seen.contains(&unit) {
            return Err(DatetimeError::Syntax);
        }
        self.seen.push(unit);
        match unit {
            Unit::Months(1) => {
                self.months += number.whole;
                self.part_of_days(number.fraction * 30);
            }
            Unit::Months(months) => self.months += number.whole * months + rounded(number.fraction * months),
            Unit::Days(days) => {
                self.days += number.whole * days;
                self.part_of_days(number.fraction * days);
            }
            Unit::Micros(us) => self.us += number.whole * us + rounded(number.fraction * us),
        }
        Ok(())
    }

    fn part_of_days(&mut self, parts: i128) {
        self.days += parts / ONE;
        self.us += rounded(parts % ONE * DAY_US);
    }

    /// A time of day, which says hours, minutes and seconds.
    fn add_time(&mut self, us: i128) -> Parsed<()> {
        for unit in [Unit::Micros(3600 * SECOND_US), Unit::Micros(60 * SECOND_US), Unit::Micros(SECOND_US)] {
            self.add(unit, Number::default())?;
        }
        self.us += us;
        Ok(())
    }

    fn finish(mut self, field: Option<IntervalField>) -> Parsed<IntervalMonthDayNano> {
        if self.seen.is_empty() {
            return Err(DatetimeError::Syntax);
        }
        let field = field.unwrap_or(IntervalField::Second);
        if field <= IntervalField::Month {
            self.days = 0;
        }
        match field {
            IntervalField::Year => self.months -= self.months % 12,
            IntervalField::Hour => self.us -= self.us % (3600 * SECOND_US),
            IntervalField::Minute => self.us -= self.us % (60 * SECOND_US),
            _ => {}
        }
        if field <= IntervalField::Day {
            self.us = 0;
        }
        let range = |_| DatetimeError::Range;
        Ok(IntervalMonthDayNano::new(
            i32::try_from(self.months).map_err(range)?,
            i32::try_from(self.days).map_err(range)?,
            i64::try_from(self.us * 1000).map_err(range)?,
        ))
    }
}

fn rounded(parts: i128) -> i128 {
    (parts + parts.signum() * ONE / 2) / ONE
}

/// A number with its sign: the whole part and the fraction in parts of [`ONE`].
#[derive(Default, Clone, Copy)]
struct Number {
    whole: i128,
    fraction: i128,
}

fn postgres(reader: &mut Reader<'_>, field: IntervalField) -> Parsed<Sum> {
    let mut sum = Sum::default();
    // A number whose unit is still to come.
    let mut waiting: Option<Number> = None;
    if reader.take(b'@') {
        reader.blanks();
    }
    while let Some(byte) = reader.rest.first() {
        if byte.is_ascii_alphabetic() {
            let word = reader.word();
            if word == "ago" {
                reader.blanks();
                if !reader.rest.is_empty() {
                    return Err(DatetimeError::Syntax);
                }
                if let Some(number) = waiting.take() {
                    sum.add(unit_of(field), number)?;
                }
                (sum.months, sum.days, sum.us) = (-sum.months, -sum.days, -sum.us);
            } else {
                let number = waiting.take().ok_or(DatetimeError::Syntax)?;
                sum.add(unit(&word).ok_or(DatetimeError::Syntax)?, number)?;
            }
        } else {
            let sign = reader.sign();
            let whole = reader.digits()?;
            match reader.rest {
                [b':', ..] => {
                    // `1 02:03:04` is a day and a time.
                    if let Some(days) = waiting.take() {
                        sum.add(Unit::Days(1), days)?;
                    }
                    let us = reader.time_after(whole)?;
                    sum.add_time(sign * us)?;
                }
                _ if waiting.is_some() => return Err(DatetimeError::Syntax),
                [b'-', digit, ..] if digit.is_ascii_digit() => {
                    reader.take(b'-');
                    let months = reader.digits()?;
                    if months > 11 {
                        return Err(DatetimeError::Range);
                    }
                    sum.add(Unit::Months(12), Number { whole: sign * whole, fraction: 0 })?;
                    sum.add(Unit::Months(1), Number { whole: sign * months, fraction: 0 })?;
                }
                _ => {
                    let fraction = if reader.take(b'.') { reader.fraction() } else { 0 };
                    waiting = Some(Number { whole: sign * whole, fraction: sign * fraction });
                }
            }
        }
        reader.blanks();
    }
    if let Some(number) = waiting {
        sum.add(unit_of(field), number)?;
    }
    Ok(sum)
}

/// From the `P` on.
fn iso(reader: &mut Reader<'_>) -> Parsed<Sum> {
    let mut sum = Sum::default();
    reader.rest = &reader.rest[1..];
    let mut in_time = false;
    while !reader.rest.is_empty() {
        if !in_time && reader.take_letter(b'T') {
            in_time = true;
        }
        let sign = reader.sign();
        let whole = reader.digits()?;
        let number = |whole: i128| Number { whole: sign * whole, fraction: 0 };
        match reader.rest.first().map(u8::to_ascii_uppercase) {
            // The other form: years-months-days, hours:minutes:seconds.
            Some(b'-') if !in_time && sum.seen.is_empty() => {
                reader.take(b'-');
                let months = reader.digits()?;
                let days = if reader.take(b'-') { reader.digits()? } else { 0 };
                sum.add(Unit::Months(12), number(whole))?;
                sum.add(Unit::Months(1), number(months))?;
                sum.add(Unit::Days(1), number(days))?;
                continue;
            }
            Some(b':') if in_time => {
                let us = reader.time_after(whole)?;
                sum.add_time(sign * us)?;
                continue;
            }
            _ => {}
        }
        let fraction = if reader.take(b'.') || reader.take(b',') { reader.fraction() } else { 0 };
        let unit = match (in_time, reader.rest.first().map(u8::to_ascii_uppercase)) {
            (false, Some(b'Y')) => Unit::Months(12),
            (false, Some(b'M')) => Unit::Months(1),
            (false, Some(b'W')) => Unit::Days(7),
            (false, Some(b'D')) => Unit::Days(1),
            (true, Some(b'H')) => Unit::Micros(3600 * SECOND_US),
            (true, Some(b'M')) => Unit::Micros(60 * SECOND_US),
            (true, Some(b'S')) => Unit::Micros(SECOND_US),
            _ => return Err(DatetimeError::Syntax),
        };
        reader.rest = &reader.rest[1..];
        sum.add(unit, Number { whole: sign * whole, fraction: sign * fraction })?;
    }
    Ok(sum)
}

fn unit_of(field: IntervalField) -> Unit {
    match field {
        IntervalField::Year => Unit::Months(12),
        IntervalField::Month => Unit::Months(1),
        IntervalField::Day => Unit::Days(1),
        IntervalField::Hour => Unit::Micros(3600 * SECOND_US),
        IntervalField::Minute => Unit::Micros(60 * SECOND_US),
        IntervalField::Second => Unit::Micros(SECOND_US),
    }
}

/// Postgres's names of units.
fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "us" | "usec" | "usecs" | "usecond" | "useconds" | "microsecond" | "microseconds" => Unit::Micros(1),
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" | "millisecond" | "milliseconds" => {
            Unit::Micros(1000)
        }
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Micros(SECOND_US),
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Micros(60 * SECOND_US),
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Micros(3600 * SECOND_US),
        "d" | "day" | "days" => Unit::Days(1),
        "w" | "week" | "weeks" => Unit::Days(7),
        "mon" | "mons" | "month" | "months" => Unit::Months(1),
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Months(12),
        "dec" | "decs" | "decade" | "decades" => Unit::Months(120),
        "c" | "cent" | "century" | "centuries" => Unit::Months(1200),
        "mil" | "mils" | "millennium" | "millennia" => Unit::Months(12_000),
        _ => return None,
    })
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let there = self.rest.first() == Some(&byte);
        if there {
            self.rest = &self.rest[1..];
        }
        there
    }

    fn take_letter(&mut self, letter: u8) -> bool {
        self.take(letter) || self.take(letter.to_ascii_lowercase())
    }

    /// Passes blanks, and commas, which Postgres leaves out too.
    fn blanks(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' | b',', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn word(&mut self) -> String {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect()
    }

    /// 1 or -1.
    fn sign(&mut self) -> i128 {
        let sign = if self.take(b'-') {
            -1
        } else {
            self.take(b'+');
            1
        };
        self.blanks();
        sign
    }

    /// Digits; none at all are 0 if a point follows.
    fn digits(&mut self) -> Parsed<i128> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 && !matches!(self.rest, [b'.', digit, ..] if digit.is_ascii_digit()) {
            return Err(DatetimeError::Syntax);
        }
        // More than 19 digits are out of every range.
        if count > 19 {
            return Err(DatetimeError::Range);
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(digits.iter().fold(0, |value, byte| value * 10 + i128::from(byte - b'0')))
    }

    /// Digits after the point, in parts of [`ONE`].
    fn fraction(&mut self) -> i128 {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        let digit = |place: usize| digits.get(place).map_or(0, |byte| i128::from(byte - b'0'));
        (0..15).fold(0, |value, place| value * 10 + digit(place))
    }

    /// `:mm[:ss[.f]]` after the hours, in microseconds. `mm:ss.f` has no hours, as a fraction tells.
    fn time_after(&mut self, hours: i128) -> Parsed<i128> {
        self.take(b':');
        let minutes = self.digits()?;
        let seconds = if self.take(b':') { Some(self.digits()?) } else { None };
        let fraction = if self.take(b'.') { Some(self.fraction()) } else { None };
        let (hours, minutes, seconds) = match (seconds, fraction) {
            (None, Some(_)) => (0, hours, minutes),
            (seconds, _) => (hours, minutes, seconds.unwrap_or(0)),
        };
        let us = seconds * SECOND_US + rounded(fraction.unwrap_or(0) * SECOND_US);
        if minutes > 59 || us > 60 * SECOND_US {
            return Err(DatetimeError::Range);
        }
        Ok((hours * 60 + minutes) * 60 * SECOND_US + us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Parsed<(i32, i32, i64)> {
        parse_interval(text, None).map(|value| (value.months, value.days, value.nanoseconds / 1000))
    }

    #[test]
    fn postgres_and_iso_forms_are_read() {
        const HOUR: i64 = 3_600_000_000;
        for (text, expected) in [
            ("1 day", (0, 1, 0)),
            ("1day2hours", (0, 1, 2 * HOUR)),
            ("1 day 02:03:04", (0, 1, 7_384_000_000)),
            ("02:03", (0, 0, 7_380_000_000)),
            ("02:03.5", (0, 0, 123_500_000)),
            ("1 day -00:00:01", (0, 1, -1_000_000)),
            ("-1 mons +1 day -00:00:01", (-1, 1, -1_000_000)),
            ("-1 day 02:00", (0, -1, 2 * HOUR)),
            ("1 mon 2 days", (1, 2, 0)),
            ("1-2", (14, 0, 0)),
            ("-1-2 3 04:05:06", (-14, 3, 14_706_000_000)),
            ("1 02:00:00", (0, 1, 2 * HOUR)),
            ("1 day ago", (0, -1, 0)),
            ("@ 1 year 2 mons 3 days 4 hours ago", (-14, -3, -4 * HOUR)),
            ("1 YEAR, 2 Months", (14, 0, 0)),
            ("1.5 years", (18, 0, 0)),
            ("1.5 months", (1, 15, 0)),
            ("0.5 days", (0, 0, 12 * HOUR)),
            ("1.5 weeks", (0, 10, 12 * HOUR)),
            ("-.5 hours", (0, 0, -HOUR / 2)),
            ("1.0000005 s", (0, 0, 1_000_001)),
            ("10", (0, 0, 10_000_000)),
            ("1 s 5 ms 7 us", (0, 0, 1_005_007)),
            ("- 2 days", (0, -2, 0)),
            ("1 century 1 decade", (1320, 0, 0)),
            ("100:00:00", (0, 0, 100 * HOUR)),
            ("P1DT2H", (0, 1, 2 * HOUR)),
            ("P1Y2M3DT4H5M6.7S", (14, 3, 14_706_700_000)),
            ("p-1y2w", (-12, 14, 0)),
            ("PT-0.5S", (0, 0, -500_000)),
            ("P0001-02-03T04:05:06", (14, 3, 14_706_000_000)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_interval_says_why() {
        for text in [
            "",
            " ",
            "day",
            "1 dog",
            "1 day 2 days",
            "1 2 days",
            "ago",
            "1 day ago 2",
            "P",
            "P1H",
            "PT",
            "1 day 1:2:3 4:5:6",
            "1:",
            "infinity",
            "1..5 s",
        ] {
            assert_eq!(read(text), Err(DatetimeError::Syntax), "{text}");
        }
        for text in [
            "1:60",
            "1-12",
            "3000000000 months",
            "99999999999999999999 s",
            "300000000000 hours",
            "178956970 years 8 mons",
        ] {
            assert_eq!(read(text), Err(DatetimeError::Range), "{text}");
        }
    }

    #[test]
    fn a_field_is_the_unit_and_the_smallest_part() {
        let read = |text: &str, field| {
            let mut out = String::new();
            print_interval(&mut out, parse_interval(text, Some(field)).unwrap());
            out
        };
        assert_eq!(read("10", IntervalField::Minute), "00:10:00");
        assert_eq!(read("1 day 02:03:04", IntervalField::Hour), "1 day 02:00:00");
        assert_eq!(read("1 year 2 months 3 days", IntervalField::Month), "1 year 2 mons");
        assert_eq!(read("1-2", IntervalField::Year), "1 year");
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut state = 7u64;
        let mut next = |range: i64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if state.is_multiple_of(5) { 0 } else { (state >> 20) as i64 % range - range / 2 }
        };
        for _ in 0..20_000 {
            let value =
                IntervalMonthDayNano::new(next(1000) as i32, next(10_000) as i32, next(1 << 42) * 1000);
            let mut text = String::new();
            print_interval(&mut text, value);
            assert_eq!(parse_interval(&text, None), Ok(value), "{text}");
        }
    }
}
