//! `to_char` of timestamps and intervals: each field of a template written from the parts of a [`Moment`].

use std::fmt::Write as _;

use super::calendar::{
    EPOCH_JULIAN, date_of_julian, iso_day_of_year, iso_year_and_week, julian_day, weekday,
};
use super::names::{DAYS, DAYS_SHORT, MONTHS, MONTHS_SHORT, ROMAN_MONTHS, ordinal_ending};
use super::template::{Case, Field, Item, Pattern, template};
use super::zone::{ZoneTime, zone_time};
use super::{check_size, is_finite};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;
use crate::types::interval::Interval;

/// A point in time, or an interval, in the parts that templates name.
#[derive(Debug, Default)]
pub(super) struct Moment {
    pub(super) year: i32,
    pub(super) month: i32,
    pub(super) day: i32,
    pub(super) hour: i64,
    pub(super) minute: i32,
    pub(super) second: i32,
    pub(super) micros: i32,
    /// Sunday is 0.
    pub(super) weekday: i32,
    pub(super) day_of_year: i32,
    pub(super) zone: Option<ZoneTime>,
    pub(super) is_interval: bool,
}

/// `to_char(timestamp, text)`: microseconds since 1970. None for an infinite one and for an empty template.
pub fn to_char_timestamp(micros: i64, format: &str) -> SqlResult<Option<String>> {
    if format.is_empty() || !is_finite(micros) {
        return Ok(None);
    }
    write(&moment(micros, 0, None), format).map(Some)
}

/// `to_char(timestamptz, text)`: microseconds since 1970 UTC, shown in the zone of the settings.
pub fn to_char_timestamptz(
    environment: &Environment,
    micros: i64,
    format: &str,
) -> SqlResult<Option<String>> {
    if format.is_empty() || !is_finite(micros) {
        return Ok(None);
    }
    let zone = zone_time(environment.zone, micros);
    write(&moment(micros, zone.offset, Some(zone)), format).map(Some)
}

/// `to_char(interval, text)`. None for an empty template.
pub fn to_char_interval(interval: Interval, format: &str) -> SqlResult<Option<String>> {
    if format.is_empty() {
        return Ok(None);
    }
    let seconds = interval.micros / 1_000_000;
    let (year, month) = (interval.months / 12, interval.months % 12);
    let moment = Moment {
        year,
        month,
        day: interval.days,
        hour: seconds / 3600,
        minute: (seconds / 60 % 60) as i32,
        second: (seconds % 60) as i32,
        micros: (interval.micros % 1_000_000) as i32,
        day_of_year: interval.months.wrapping_mul(30).wrapping_add(interval.days),
        is_interval: true,
        ..Moment::default()
    };
    write(&moment, format).map(Some)
}

/// The parts of a moment (microseconds since 1970) by a clock so many seconds east of it.
pub(super) fn moment(micros: i64, offset: i32, zone: Option<ZoneTime>) -> Moment {
    // The local time of a moment near the end of the range is past what i64 holds in microseconds.
    let local = i128::from(micros) + i128::from(offset) * 1_000_000;
    let days = local.div_euclid(86_400_000_000) as i32;
    let of_day = local.rem_euclid(86_400_000_000) as i64;
    let julian = days + EPOCH_JULIAN;
    let (year, month, day) = date_of_julian(julian);
    let seconds = of_day / 1_000_000;
    Moment {
        year,
        month,
        day,
        hour: seconds / 3600,
        minute: (seconds / 60 % 60) as i32,
        second: (seconds % 60) as i32,
        micros: (of_day % 1_000_000) as i32,
        weekday: weekday(julian),
        day_of_year: julian - julian_day(year, 1, 1) + 1,
        zone,
        is_interval: false,
    }
}

/// The parts of a timestamp that functions of one part want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateParts {
    /// Counted astronomically: 1 BC is 0.
    pub year: i32,
    /// From 1.
    pub month: i32,
    /// Of the month, from 1.
    pub day: i32,
    /// From 1.
    pub day_of_year: i32,
    /// Sunday is 0.
    pub weekday: i32,
    /// The week of the ISO year.
    pub iso_week: i32,
    /// Seconds since midnight.
    pub second_of_day: i64,
}

/// The parts of a timestamp (microseconds since 1970). None for an infinite one.
pub fn date_parts(micros: i64) -> Option<DateParts> {
    is_finite(micros).then(|| parts_of(&moment(micros, 0, None)))
}

/// The parts of a timestamptz (microseconds since 1970 UTC) in the zone of the settings. None for an infinite
/// one.
pub fn local_parts(environment: &Environment, micros: i64) -> Option<DateParts> {
    is_finite(micros).then(|| parts_of(&moment(micros, zone_time(environment.zone, micros).offset, None)))
}

fn parts_of(moment: &Moment) -> DateParts {
    DateParts {
        year: moment.year,
        month: moment.month,
        day: moment.day,
        day_of_year: moment.day_of_year,
        weekday: moment.weekday,
        iso_week: iso_year_and_week(moment.year, moment.month, moment.day).1,
        second_of_day: moment.hour * 3600 + i64::from(moment.minute) * 60 + i64::from(moment.second),
    }
}

fn write(moment: &Moment, format: &str) -> SqlResult<String> {
    let mut out = String::with_capacity(format.len() + 8);
    for item in template(format).iter() {
        match item {
            Item::Field(field) => {
                moment.write_field(field, &mut out)?;
                check_size(out.len())?;
            }
            Item::Space(character) | Item::Separator(character) | Item::Text(character) => {
                out.push(*character);
            }
        }
    }
    Ok(out)
}

impl Moment {
    /// The year as templates show it: BC years count upwards from 1, those of intervals as they are.
    fn shown_year(&self, year: i32) -> i32 {
        if self.is_interval || year > 0 { year } else { 1_i32.wrapping_sub(year) }
    }

    fn needs_date(&self) -> SqlResult<()> {
        if !self.is_interval {
            return Ok(());
        }
        let message = "invalid format specification for an interval value";
        Err(SqlError::new(SqlState::InvalidDatetime, message)
            .with_hint("Intervals are not tied to specific calendar dates."))
    }

    fn offset(&self) -> i32 {
        self.zone.as_ref().map_or(0, |zone| zone.offset)
    }

    fn write_field(&self, field: &Field, out: &mut String) -> SqlResult<()> {
        // A width of 2 makes room for a sign where the number (or what it is a part of) is negative.
        let number = |out: &mut String, value: i64, width: usize, negative: bool| {
            let width = if field.fill { 0 } else { width + usize::from(negative) };
            write_number(out, value, width, field.ordinal);
        };
        let small = |out: &mut String, value: i32, width: usize| {
            number(out, i64::from(value), width, value < 0);
        };
        let plain = |out: &mut String, value: i64, width: usize| {
            write_number(out, value, width, field.ordinal);
        };
        match field.pattern {
            Pattern::FixedWidth => {}
            Pattern::Meridiem(case, dotted) => {
                let late = self.hour % 24 >= 12;
                out.push_str(pick(
                    case,
                    dotted,
                    late,
                    ["A.M.", "P.M.", "AM", "PM"],
                    ["a.m.", "p.m.", "am", "pm"],
                ));
            }
            Pattern::Era(case, dotted) => {
                self.needs_date()?;
                let before = self.year <= 0;
                out.push_str(pick(
                    case,
                    dotted,
                    before,
                    ["A.D.", "B.C.", "AD", "BC"],
                    ["a.d.", "b.c.", "ad", "bc"],
                ));
            }
            Pattern::Hour12 => {
                let hour = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
                number(out, hour, 2, self.hour < 0);
            }
            Pattern::Hour24 => number(out, self.hour, 2, self.hour < 0),
            Pattern::Minute => small(out, self.minute, 2),
            Pattern::Second => small(out, self.second, 2),
            Pattern::Fraction(digits) => {
                let divisor = 10_i32.pow(6 - u32::from(digits));
                plain(out, i64::from(self.micros / divisor), usize::from(digits));
            }
            Pattern::Millisecond => plain(out, i64::from(self.micros / 1000), 3),
            Pattern::Microsecond => plain(out, i64::from(self.micros), 6),
            Pattern::SecondOfDay => {
                let seconds = self.hour * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
                plain(out, seconds, 0);
            }
            Pattern::ZoneName(case) => {
                self.needs_date()?;
                self.write_zone_name(case, out)?;
            }
            Pattern::ZoneHour => {
                self.needs_date()?;
                let sign = if self.offset() >= 0 { '+' } else { '-' };
                push(out, format_args!("{sign}{:02}", self.offset().abs() / 3600));
            }
            Pattern::ZoneMinute => {
                self.needs_date()?;
                push(out, format_args!("{:02}", self.offset().abs() / 60 % 60));
            }
            Pattern::ZoneOffset => {
                self.needs_date()?;
                let sign = if self.offset() >= 0 { '+' } else { '-' };
                let width = if field.fill { 0 } else { 2 };
                push(out, format_args!("{sign}{:0width$}", self.offset().abs() / 3600));
                if self.offset() % 3600 != 0 {
                    push(out, format_args!(":{:02}", self.offset().abs() / 60 % 60));
                }
            }
            Pattern::MonthName(case) => {
                self.needs_date()?;
                write_name(out, self.named_month(&MONTHS), case, padding(field, 9));
            }
            Pattern::MonthShort(case) => {
                self.needs_date()?;
                write_name(out, self.named_month(&MONTHS_SHORT), case, 0);
            }
            Pattern::DayName(case) => {
                self.needs_date()?;
                write_name(out, DAYS[self.weekday as usize % 7], case, padding(field, 9));
            }
            Pattern::DayShort(case) => {
                self.needs_date()?;
                write_name(out, DAYS_SHORT[self.weekday as usize % 7], case, 0);
            }
            Pattern::Month => small(out, self.month, 2),
            Pattern::DayOfYear => number(out, i64::from(self.day_of_year), 3, false),
            Pattern::IsoDayOfYear => {
                number(out, i64::from(iso_day_of_year(self.year, self.month, self.day)), 3, false);
            }
            Pattern::Day => number(out, i64::from(self.day), 2, false),
            Pattern::Weekday => {
                self.needs_date()?;
                plain(out, i64::from(self.weekday + 1), 0);
            }
            Pattern::IsoWeekday => {
                self.needs_date()?;
                plain(out, i64::from(if self.weekday == 0 { 7 } else { self.weekday }), 0);
            }
            Pattern::Week => number(out, i64::from((self.day_of_year.wrapping_sub(1)) / 7 + 1), 2, false),
            Pattern::IsoWeek => {
                let (_, week) = iso_year_and_week(self.year, self.month, self.day);
                number(out, i64::from(week), 2, false);
            }
            Pattern::WeekOfMonth => plain(out, i64::from(self.day.wrapping_sub(1) / 7 + 1), 0),
            Pattern::Quarter => {
                if self.month != 0 {
                    plain(out, i64::from((self.month - 1) / 3 + 1), 0);
                }
            }
            Pattern::Century => self.write_century(field, out),
            Pattern::YearWithComma => self.write_year_with_comma(field, out),
            Pattern::Year(digits) => self.write_year(field, self.year, digits, out),
            Pattern::IsoYear(digits) => {
                let (year, _) = iso_year_and_week(self.year, self.month, self.day);
                self.write_year(field, year, digits, out);
            }
            Pattern::MonthRoman(case) => {
                if let Some(month) = self.roman_month() {
                    write_name(out, month, case, if field.fill { 0 } else { 4 });
                }
            }
            Pattern::Julian => plain(out, i64::from(julian_day(self.year, self.month, self.day)), 0),
        }
        Ok(())
    }

    fn write_zone_name(&self, case: Case, out: &mut String) -> SqlResult<()> {
        let Some(zone) = &self.zone else { return Ok(()) };
        if zone.abbreviation.len() > 24 {
            return Err(SqlError::new(SqlState::DatetimeOverflow, "time zone format value too long"));
        }
        match case {
            Case::Lower => out.push_str(&zone.abbreviation.to_ascii_lowercase()),
            Case::Upper | Case::Title => out.push_str(&zone.abbreviation),
        }
        Ok(())
    }

    fn write_century(&self, field: &Field, out: &mut String) {
        let century = if self.is_interval {
            self.year / 100
        } else if self.year > 0 {
            (self.year - 1) / 100 + 1
        } else {
            self.year / 100 - 1
        };
        let width = match century {
            _ if field.fill => 0,
            0..=99 => 2,
            -99..=-1 => 3,
            _ => 0,
        };
        write_number(out, i64::from(century), width, field.ordinal);
    }

    fn write_year_with_comma(&self, field: &Field, out: &mut String) {
        let year = self.shown_year(self.year);
        push(out, format_args!("{},{:03}", year / 1000, year % 1000));
        if let Some(case) = field.ordinal {
            out.push_str(ordinal_ending(format!("{:03}", year % 1000).as_bytes(), case));
        }
    }

    fn write_year(&self, field: &Field, year: i32, digits: u8, out: &mut String) {
        let shown = self.shown_year(year);
        // The sign's room goes by the calendar year, also for an ISO year.
        let negative = self.shown_year(self.year) < 0;
        let (value, width) = match digits {
            4 => (shown, 4),
            3 => (shown % 1000, 3),
            2 => (shown % 100, 2),
            _ => (shown % 10, 0),
        };
        let width = if field.fill || width == 0 { 0 } else { width + usize::from(negative) };
        write_number(out, i64::from(value), width, field.ordinal);
    }

    fn named_month(&self, names: &[&'static str; 12]) -> &'static str {
        names[(self.month as usize).wrapping_sub(1) % 12]
    }

    /// The month in Roman digits; whole years of an interval are December, or January where they are
    /// negative.
    fn roman_month(&self) -> Option<&'static str> {
        let index = match self.month {
            0 if self.year == 0 => return None,
            0 if self.year > 0 => 12,
            0 => 1,
            month if month < 0 => month + 13,
            month => month,
        };
        ROMAN_MONTHS.get(index as usize - 1).copied()
    }
}

fn pick(
    case: Case,
    dotted: bool,
    second: bool,
    upper: [&'static str; 4],
    lower: [&'static str; 4],
) -> &'static str {
    let names = if case == Case::Lower { lower } else { upper };
    names[usize::from(!dotted) * 2 + usize::from(second)]
}

fn padding(field: &Field, width: usize) -> usize {
    if field.fill || field.translated { 0 } else { width }
}

fn write_name(out: &mut String, name: &str, case: Case, width: usize) {
    match case {
        Case::Upper => out.extend(name.chars().map(|letter| letter.to_ascii_uppercase())),
        Case::Lower => out.extend(name.chars().map(|letter| letter.to_ascii_lowercase())),
        Case::Title => out.push_str(name),
    }
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(name.len())));
}

fn write_number(out: &mut String, value: i64, width: usize, ordinal: Option<Case>) {
    let start = out.len();
    push(out, format_args!("{value:0width$}"));
    if let Some(case) = ordinal {
        let ending = ordinal_ending(&out.as_bytes()[start..], case);
        out.push_str(ending);
    }
}

fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = out.write_fmt(arguments);
}
