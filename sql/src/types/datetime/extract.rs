//! `extract` and `date_part`: one field of a date, time, timestamp or interval.
//!
//! `extract` answers a numeric of a fixed scale for each field ([`Exact`]), `date_part` a float8 that is
//! computed on its own, as in PostgreSQL.

use super::calendar::{
    DAY_US, Fields, HOUR_US, MINUTE_US, SECOND_US, UNIX_JULIAN, iso_week, weekday, year_day,
};
use super::units::{Unit, field, lower, unit};
use super::{date, timestamp};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Zone;
use crate::types::interval::Interval;
use crate::types::timetz::Timetz;

/// A number of a fixed scale, or an infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exact {
    /// That number of units of the scale's last digit.
    Scaled(i128, u32),
    /// `Infinity`
    Infinity,
    /// `-Infinity`
    MinusInfinity,
}

/// A field, both as a numeric and as a float8.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extracted {
    /// What `extract` answers.
    pub exact: Exact,
    /// What `date_part` answers.
    pub float: f64,
}

fn whole(value: impl Into<i64>) -> Option<Extracted> {
    let value = value.into();
    Some(Extracted { exact: Exact::Scaled(value.into(), 0), float: value as f64 })
}

fn scaled(units: i64, scale: u32, float: f64) -> Option<Extracted> {
    Some(Extracted { exact: Exact::Scaled(units.into(), scale), float })
}

/// 22023: a unit that nobody knows.
pub(crate) fn unknown_unit(name: &str, type_name: &str) -> SqlError {
    let message = format!("unit \"{}\" not recognized for type {type_name}", lower(name));
    SqlError::new(SqlState::InvalidParameterValue, message)
}

/// 0A000: a unit that the type has not.
pub(crate) fn wrong_unit(name: &str, type_name: &str) -> SqlError {
    let message = format!("unit \"{}\" not supported for type {type_name}", lower(name));
    SqlError::new(SqlState::FeatureNotSupported, message)
}

const DATE: &str = "date";
const TIME: &str = "time without time zone";
const TIMETZ: &str = "time with time zone";
const TIMESTAMP: &str = "timestamp without time zone";
const TIMESTAMPTZ: &str = "timestamp with time zone";
const INTERVAL: &str = "interval";

/// The unit of a name for a type that has moments (words like `now` are then known, though no units).
fn moment_unit(name: &str, type_name: &str) -> SqlResult<Unit> {
    field_by_name(name).ok_or_else(|| unknown_unit(name, type_name))
}

/// The unit of a name for a type of no moments.
fn length_unit(name: &str, type_name: &str) -> SqlResult<Unit> {
    let found = field_by_name(name).filter(|unit| *unit != Unit::Moment);
    found.ok_or_else(|| unknown_unit(name, type_name))
}

fn field_by_name(name: &str) -> Option<Unit> {
    field(name).or_else(|| field(&lower(name)))
}

/// The unit that `date_trunc` is given.
pub(super) fn trunc_unit(name: &str, type_name: &str) -> SqlResult<Unit> {
    unit(name).or_else(|| unit(&lower(name))).ok_or_else(|| unknown_unit(name, type_name))
}

fn era_year(year: i32) -> i32 {
    if year > 0 { year } else { year - 1 }
}

fn year_field(unit: Unit, year: i32) -> Option<Extracted> {
    whole(match unit {
        Unit::Year => era_year(year),
        Unit::Decade => year.div_euclid(10),
        Unit::Century if year > 0 => (year + 99) / 100,
        Unit::Century => -((100 - year) / 100),
        Unit::Millennium if year > 0 => (year + 999) / 1_000,
        Unit::Millennium => -((1_000 - year) / 1_000),
        _ => return None,
    })
}

/// Fields of the date; None for fields of the time.
fn day_field(unit: Unit, fields: &Fields) -> Option<Extracted> {
    let days = match unit {
        Unit::Week | Unit::IsoYear | Unit::DayOfWeek | Unit::IsoDayOfWeek => fields.days(),
        _ => 0,
    };
    match unit {
        Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium => year_field(unit, fields.year),
        Unit::Day => whole(fields.day),
        Unit::Month => whole(fields.month),
        Unit::Quarter => whole((fields.month - 1) / 3 + 1),
        Unit::Week => whole(iso_week(days).1),
        Unit::IsoYear => whole(era_year(iso_week(days).0)),
        Unit::DayOfWeek => whole(weekday(days)),
        Unit::IsoDayOfWeek => whole((weekday(days) + 6) % 7 + 1),
        Unit::DayOfYear => whole(year_day(fields.year, fields.month, fields.day)),
        _ => None,
    }
}

/// Fields of the clock; None for fields of the date.
fn clock_field(unit: Unit, fields: &Fields) -> Option<Extracted> {
    let (second, micro) = (i64::from(fields.second), i64::from(fields.micro));
    let micros = second * SECOND_US + micro;
    match unit {
        Unit::Microsecond => whole(micros),
        Unit::Millisecond => scaled(micros, 3, second as f64 * 1_000.0 + micro as f64 / 1_000.0),
        Unit::Second => scaled(micros, 6, second as f64 + micro as f64 / 1_000_000.0),
        Unit::Minute => whole(fields.minute),
        Unit::Hour => whole(fields.hour),
        _ => None,
    }
}

fn zone_field(unit: Unit, west: i32) -> Option<Extracted> {
    match unit {
        Unit::TimeZone => whole(-west),
        Unit::TimeZoneHour => whole(-west / 3_600),
        Unit::TimeZoneMinute => whole(-west / 60 % 60),
        _ => None,
    }
}

/// What an infinity has of a unit: itself for years and what only grows, else NULL (an inner None).
fn infinite_field(unit: Unit, positive: bool) -> Option<Option<Extracted>> {
    match unit {
        Unit::Year
        | Unit::Decade
        | Unit::Century
        | Unit::Millennium
        | Unit::Julian
        | Unit::IsoYear
        | Unit::Epoch => Some(Some(match positive {
            true => Extracted { exact: Exact::Infinity, float: f64::INFINITY },
            false => Extracted { exact: Exact::MinusInfinity, float: f64::NEG_INFINITY },
        })),
        Unit::Moment => None,
        _ => Some(None),
    }
}

/// A field of a date; None: NULL, of an infinity.
pub fn of_date(name: &str, date: i32) -> SqlResult<Option<Extracted>> {
    let unit = moment_unit(name, DATE)?;
    let fields = date::fields(if date::is_finite(date) { date } else { 0 });
    let found = match unit {
        Unit::Julian => whole(i64::from(date) + UNIX_JULIAN),
        Unit::Epoch => whole(i64::from(date) * 86_400),
        _ => day_field(unit, &fields),
    };
    let found = found.ok_or_else(|| wrong_unit(name, DATE))?;
    if date::is_finite(date) {
        return Ok(Some(found));
    }
    infinite_field(unit, date > 0).ok_or_else(|| wrong_unit(name, DATE))
}

/// A field of a timestamp; None: NULL, of an infinity.
pub fn of_timestamp(name: &str, timestamp: i64) -> SqlResult<Option<Extracted>> {
    let unit = moment_unit(name, TIMESTAMP)?;
    if !timestamp::is_finite(timestamp) {
        return infinite_field(unit, timestamp > 0).ok_or_else(|| wrong_unit(name, TIMESTAMP));
    }
    // These need no calendar.
    match unit {
        Unit::Hour => return Ok(whole(timestamp.rem_euclid(DAY_US) / HOUR_US)),
        Unit::Minute => return Ok(whole(timestamp.rem_euclid(HOUR_US) / MINUTE_US)),
        _ => {}
    }
    let fields = super::calendar::fields_of(timestamp);
    moment_field(unit, &fields, timestamp).map(Some).ok_or_else(|| wrong_unit(name, TIMESTAMP))
}

/// A field of a timestamptz in a zone; None: NULL, of an infinity.
pub fn of_timestamptz(name: &str, timestamp: i64, zone: Zone) -> SqlResult<Option<Extracted>> {
    let unit = moment_unit(name, TIMESTAMPTZ)?;
    if !timestamp::is_finite(timestamp) {
        return infinite_field(unit, timestamp > 0).ok_or_else(|| wrong_unit(name, TIMESTAMPTZ));
    }
    let (fields, west) = timestamp::local_fields(timestamp, zone);
    let found = moment_field(unit, &fields, timestamp).or_else(|| zone_field(unit, west));
    found.map(Some).ok_or_else(|| wrong_unit(name, TIMESTAMPTZ))
}

fn moment_field(unit: Unit, fields: &Fields, timestamp: i64) -> Option<Extracted> {
    match unit {
        Unit::Epoch => scaled(timestamp, 6, timestamp as f64 / 1_000_000.0),
        Unit::Julian => Some(julian(fields)),
        _ => day_field(unit, fields).or_else(|| clock_field(unit, fields)),
    }
}

/// The Julian day with its fraction, to as many digits as PostgreSQL's division gives.
fn julian(fields: &Fields) -> Extracted {
    let day = fields.days() + UNIX_JULIAN;
    let time = fields.time_us();
    // The digits of numeric_div: sixteen that count, in groups of four, of time / 86,400,000,000.
    let scale = match time {
        0..=864 => 28,
        865..8_650_000 => 24,
        _ => 20,
    };
    let unit = 10_i128.pow(scale);
    let divisor = i128::from(DAY_US);
    let fraction = (i128::from(time) * unit + divisor / 2) / divisor;
    let seconds = f64::from((fields.hour * 60 + fields.minute) * 60 + fields.second);
    let float = day as f64 + (seconds + f64::from(fields.micro) / 1_000_000.0) / 86_400.0;
    Extracted { exact: Exact::Scaled(i128::from(day) * unit + fraction, scale), float }
}

/// A field of a time.
pub fn of_time(name: &str, time: i64) -> SqlResult<Extracted> {
    let unit = length_unit(name, TIME)?;
    time_field(unit, time, time).ok_or_else(|| wrong_unit(name, TIME))
}

/// A field of a timetz.
pub fn of_timetz(name: &str, time: Timetz) -> SqlResult<Extracted> {
    let unit = length_unit(name, TIMETZ)?;
    let found = match unit {
        Unit::Epoch => scaled(time.moment(), 6, time.micros as f64 / 1_000_000.0 + f64::from(time.zone)),
        _ => time_field(unit, time.micros, time.moment()).or_else(|| zone_field(unit, time.zone)),
    };
    found.ok_or_else(|| wrong_unit(name, TIMETZ))
}

fn time_field(unit: Unit, time: i64, moment: i64) -> Option<Extracted> {
    let mut fields = Fields::default();
    fields.set_time(time);
    match unit {
        Unit::Epoch => scaled(moment, 6, moment as f64 / 1_000_000.0),
        _ => clock_field(unit, &fields),
    }
}

/// A field of an interval.
pub fn of_interval(name: &str, interval: Interval) -> SqlResult<Extracted> {
    let unit = length_unit(name, INTERVAL)?;
    let Interval { months, days, micros } = interval;
    let (year, month) = (months / 12, months % 12);
    let fields = Fields {
        minute: (micros / MINUTE_US % 60) as i32,
        second: (micros / SECOND_US % 60) as i32,
        micro: (micros % SECOND_US) as i32,
        ..Fields::default()
    };
    let found = match unit {
        Unit::Hour => whole(micros / HOUR_US),
        Unit::Day => whole(days),
        Unit::Month => whole(month),
        Unit::Quarter => whole(month / 3 + 1),
        Unit::Year => whole(year),
        Unit::Decade => whole(year / 10),
        Unit::Century => whole(year / 100),
        Unit::Millennium => whole(year / 1_000),
        Unit::Epoch => Some(interval_epoch(year, month, days, micros)),
        _ => clock_field(unit, &fields),
    };
    found.ok_or_else(|| wrong_unit(name, INTERVAL))
}

/// Seconds of an interval: years of 365.25 days, months of 30.
fn interval_epoch(year: i32, month: i32, days: i32, micros: i64) -> Extracted {
    let quarters = 1_461 * i128::from(year) + 120 * i128::from(month) + 4 * i128::from(days);
    let exact = quarters * 21_600 * i128::from(SECOND_US) + i128::from(micros);
    let mut float = micros as f64 / 1_000_000.0;
    float += 365.25 * 86_400.0 * f64::from(year);
    float += 30.0 * 86_400.0 * f64::from(month);
    float += 86_400.0 * f64::from(days);
    Extracted { exact: Exact::Scaled(exact, 6), float }
}
