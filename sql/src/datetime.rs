//! Dates and times from text, in the ISO forms that Postgres prints and most tools write.

/// Why a text is no date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatetimeError {
    /// 22007: not of the form.
    Syntax,
    /// 22008: of the form, but there is no such day or hour, or it is too far away.
    Range,
}

type Parsed<T> = Result<T, DatetimeError>;

/// Microseconds of a day.
pub const DAY_US: i64 = 86_400_000_000;

/// The first day that Postgres has, 4714-11-24 BC, where its count of Julian days begins.
pub const FIRST_DAY: i64 = -2_440_588;

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    // Howard Hinnant's algorithm: years begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_index = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_index + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days from 1970-01-01.
pub fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since the epoch of `2013-01-31` or `20130131`.
pub fn parse_date(text: &str) -> Parsed<i32> {
    let mut reader = Reader::new(text);
    let days = reader.date()?;
    // A time of day after the date is read and left out, as Postgres does.
    if !reader.rest.is_empty() {
        parse_timestamp(text, false)?;
    }
    i32::try_from(days).map_err(|_| DatetimeError::Range)
}

/// Microseconds since midnight of `05:15`, `05:15:30` or `05:15:30.25`.
pub fn parse_time(text: &str) -> Parsed<i64> {
    let mut reader = Reader { rest: text.as_bytes(), before_christ: false };
    let time = reader.time()?;
    if reader.rest.is_empty() { Ok(time) } else { Err(DatetimeError::Syntax) }
}

/// Microseconds since the epoch of `2013-01-31`, `2013-01-31 05:15:30.25`, `2013-01-31T05:15:30Z`,
/// `2013-01-31 05:15:30+01:30`. Without a zone it is UTC; with one, `zoned` says whether the zone counts
/// (timestamptz) or is read and left out (timestamp), as Postgres has it.
pub fn parse_timestamp(text: &str, zoned: bool) -> Parsed<i64> {
    let mut reader = Reader::new(text);
    let days = reader.date()?;
    let mut time = 0;
    let mut zone = 0;
    if !reader.rest.is_empty() {
        if !reader.take(b'T') && !reader.take(b't') {
            reader.spaces()?;
        }
        time = reader.time()?;
        reader.skip_spaces();
        if !reader.rest.is_empty() {
            zone = reader.zone()?;
        }
    }
    if !reader.rest.is_empty() {
        return Err(DatetimeError::Syntax);
    }
    days.checked_mul(DAY_US)
        .and_then(|us| us.checked_add(time))
        .and_then(|us| us.checked_sub(if zoned { zone } else { 0 }))
        .ok_or(DatetimeError::Range)
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The text ended in ` BC`.
    before_christ: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        match text.len().checked_sub(3).and_then(|at| text.split_at_checked(at)) {
            Some((date, era)) if era.eq_ignore_ascii_case(" bc") => {
                Self { rest: date.trim_end_matches(' ').as_bytes(), before_christ: true }
            }
            _ => Self { rest: text.as_bytes(), before_christ: false },
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.rest.first() == Some(&byte);
        if there {
            self.rest = &self.rest[1..];
        }
        there
    }

    fn skip_spaces(&mut self) {
        while self.take(b' ') {}
    }

    fn spaces(&mut self) -> Parsed<()> {
        if !self.take(b' ') {
            return Err(DatetimeError::Syntax);
        }
        self.skip_spaces();
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Parsed<()> {
        if self.take(byte) { Ok(()) } else { Err(DatetimeError::Syntax) }
    }

    /// Between `least` and `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Parsed<i64> {
        let count = self.rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if count < least {
            return Err(DatetimeError::Syntax);
        }
        let value = self.rest[..count].iter().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
        self.rest = &self.rest[count..];
        Ok(value)
    }

    fn date(&mut self) -> Parsed<i64> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (year, month, day) = if digits == 8 {
            (self.number(4, 4)?, self.number(2, 2)?, self.number(2, 2)?)
        } else {
            let year = self.number(4, 6)?;
            self.expect(b'-')?;
            let month = self.number(1, 2)?;
            self.expect(b'-')?;
            (year, month, self.number(1, 2)?)
        };
        if year < 1 {
            return Err(DatetimeError::Range);
        }
        // The year before 1 is 1 BC, which is the year 0 of the calendar.
        let year = if self.before_christ { 1 - year } else { year };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + i64::from(leap),
            _ => return Err(DatetimeError::Range),
        };
        if day < 1 || day > last {
            return Err(DatetimeError::Range);
        }
        let days = days_from_civil(year, month as u32, day as u32);
        if days < FIRST_DAY { Err(DatetimeError::Range) } else { Ok(days) }
    }

    fn time(&mut self) -> Parsed<i64> {
        let hour = self.number(1, 2)?;
        self.expect(b':')?;
        let minute = self.number(2, 2)?;
        let second = if self.take(b':') { self.number(2, 2)? } else { 0 };
        let micros = if self.take(b'.') { self.fraction()? } else { 0 };
        // Postgres takes 24:00:00 and a leap second's 60.
        if hour > 24 || minute > 59 || second > 60 || (hour == 24 && minute + second + micros > 0) {
            return Err(DatetimeError::Range);
        }
        Ok(((hour * 60 + minute) * 60 + second) * 1_000_000 + micros)
    }

    /// Digits after the point, rounded to microseconds.
    fn fraction(&mut self) -> Parsed<i64> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = &self.rest[..count];
        let mut micros = 0;
        for place in 0..6 {
            micros = micros * 10 + digits.get(place).map_or(0, |byte| i64::from(byte - b'0'));
        }
        if digits.get(6).is_some_and(|byte| *byte >= b'5') {
            micros += 1;
        }
        self.rest = &self.rest[count..];
        Ok(micros)
    }

    /// Microseconds east of UTC.
    fn zone(&mut self) -> Parsed<i64> {
        for name in [&b"UTC"[..], b"utc", b"GMT", b"Z", b"z"] {
            if let Some(rest) = self.rest.strip_prefix(name) {
                self.rest = rest;
                return Ok(0);
            }
        }
        let sign = match self.rest.first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(DatetimeError::Syntax),
        };
        self.rest = &self.rest[1..];
        let hours = self.number(1, 2)?;
        self.take(b':');
        let minutes = if self.rest.is_empty() { 0 } else { self.number(2, 2)? };
        let seconds = if self.take(b':') { self.number(2, 2)? } else { 0 };
        if hours > 15 || minutes > 59 || seconds > 59 {
            return Err(DatetimeError::Range);
        }
        Ok(sign * ((hours * 60 + minutes) * 60 + seconds) * 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-800_000..800_000).step_by(17) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 3, 1), 11_017);
    }

    #[test]
    fn timestamps_in_all_iso_forms() {
        let base = 1_357_017_300_000_000; // 2013-01-01 05:15
        for text in ["2013-01-01 05:15", "2013-01-01T05:15:00", "20130101 05:15:00.000", "2013-1-1 5:15:00"] {
            assert_eq!(parse_timestamp(text, false), Ok(base), "{text}");
        }
        assert_eq!(parse_timestamp("2013-01-01 05:15:00.0000005", false), Ok(base + 1));
        assert_eq!(parse_timestamp("2013-01-01T05:15:00Z", true), Ok(base));
        assert_eq!(parse_timestamp("2013-01-01 05:15:00+01:30", true), Ok(base - 5_400_000_000));
        assert_eq!(parse_timestamp("2013-01-01 05:15:00-05", true), Ok(base + 18_000_000_000));
        assert_eq!(parse_timestamp("2013-01-01 05:15:00-05", false), Ok(base));
    }

    #[test]
    fn what_is_no_time_says_why() {
        assert_eq!(parse_timestamp("2013-01-01 25:00", false), Err(DatetimeError::Range));
        assert_eq!(parse_timestamp("2013-01-01 05:15 o'clock", false), Err(DatetimeError::Syntax));
        assert_eq!(parse_timestamp("now-ish", false), Err(DatetimeError::Syntax));
        assert_eq!(parse_date("2013-02-29"), Err(DatetimeError::Range));
        assert_eq!(parse_date("2012-02-29"), Ok(15_399));
        assert_eq!(parse_date("0001-01-01 BC"), Ok(-719_528));
        assert_eq!(
            parse_timestamp("0001-02-29 00:00:01 bc", false),
            Ok((-719_528 + 59) * DAY_US + 1_000_000)
        );
        assert_eq!(parse_date("4714-11-24 BC"), Ok(-2_440_588));
        assert_eq!(parse_date("4714-11-23 BC"), Err(DatetimeError::Range));
        assert_eq!(parse_date("0000-01-01"), Err(DatetimeError::Range));
    }
}
