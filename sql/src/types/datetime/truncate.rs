//! `date_trunc`, `date_bin`, and the rounding of Flink's FLOOR and CEIL.

use super::calendar::{DAY_US, Fields, HOUR_US, MINUTE_US, SECOND_US, fields_of};
use super::extract::{trunc_unit, unknown_unit, wrong_unit};
use super::units::Unit;
use super::{interval_out_of_range, overflow, timestamp, timestamp_out_of_range};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::{Environment, Zone};
use crate::types::interval::Interval;
use crate::types::zone::{self, Clock};

const TIMESTAMP: &str = "timestamp without time zone";
const TIMESTAMPTZ: &str = "timestamp with time zone";

/// Sets the fields below a unit to their least; None for a unit that cannot be truncated to.
fn truncate_fields(unit: Unit, fields: &mut Fields) -> Option<()> {
    let year = fields.year;
    match unit {
        Unit::Week => {
            let monday = fields.days() - (fields.days() + 3).rem_euclid(7);
            (fields.year, fields.month, fields.day) = super::calendar::date_of(monday);
        }
        Unit::Millennium if year > 0 => fields.year = (year + 999) / 1_000 * 1_000 - 999,
        Unit::Millennium => fields.year = -((1_000 - year) / 1_000 * 1_000) + 1,
        Unit::Century if year > 0 => fields.year = (year + 99) / 100 * 100 - 99,
        Unit::Century => fields.year = -((100 - year) / 100 * 100) + 1,
        Unit::Decade => fields.year = year.div_euclid(10) * 10,
        Unit::Year => {}
        Unit::Quarter => fields.month = (fields.month - 1) / 3 * 3 + 1,
        Unit::Month | Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => {}
        Unit::Millisecond => fields.micro = fields.micro / 1_000 * 1_000,
        Unit::Microsecond => {}
        _ => return None,
    }
    if matches!(unit, Unit::Millennium | Unit::Century | Unit::Decade | Unit::Year) {
        fields.month = 1;
    }
    if is_month_or_more(unit) {
        fields.day = 1;
    }
    if is_month_or_more(unit) || matches!(unit, Unit::Week | Unit::Day) {
        fields.set_time(0);
    }
    if matches!(unit, Unit::Hour) {
        fields.minute = 0;
    }
    if matches!(unit, Unit::Hour | Unit::Minute) {
        fields.second = 0;
    }
    if matches!(unit, Unit::Hour | Unit::Minute | Unit::Second) {
        fields.micro = 0;
    }
    Some(())
}

fn is_month_or_more(unit: Unit) -> bool {
    matches!(unit, Unit::Month | Unit::Quarter | Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium)
}

/// date_trunc(text, timestamp)
pub fn timestamp(name: &str, timestamp: i64) -> SqlResult<i64> {
    if !timestamp::is_finite(timestamp) {
        return Ok(timestamp);
    }
    let unit = trunc_unit(name, TIMESTAMP)?;
    // These need no calendar.
    let length = match unit {
        Unit::Day => DAY_US,
        Unit::Hour => HOUR_US,
        Unit::Minute => MINUTE_US,
        Unit::Second => SECOND_US,
        _ => 0,
    };
    if length > 0 {
        let start = i128::from(timestamp) - i128::from(timestamp.rem_euclid(length));
        return timestamp::checked(start).ok_or_else(timestamp_out_of_range);
    }
    let mut fields = fields_of(timestamp);
    truncate_fields(unit, &mut fields).ok_or_else(|| wrong_unit(name, TIMESTAMP))?;
    timestamp::of_fields(&fields).ok_or_else(timestamp_out_of_range)
}

/// date_trunc(text, timestamptz), in the session's zone
pub fn timestamptz(name: &str, timestamp: i64, environment: &Environment) -> SqlResult<i64> {
    if !timestamp::is_finite(timestamp) {
        return Ok(timestamp);
    }
    let at = |second| zone::zone_offset_at(environment.zone, second);
    in_zone(name, timestamp, at, |fields| zone::local_offset(&Clock::Zone(environment.zone), fields))
}

/// date_trunc(text, timestamptz, text), in a zone by its name
pub fn timestamptz_in(name: &str, timestamp: i64, zone: &str) -> SqlResult<i64> {
    if !timestamp::is_finite(timestamp) {
        return Ok(timestamp);
    }
    match super::make::zone_by_name(zone)? {
        super::make::Named::Fixed(east) => {
            let clock = Clock::Zone(Zone::Fixed(east));
            in_zone(name, timestamp, |_| east, |fields| zone::local_offset(&clock, fields))
        }
        // An abbreviation that moves stands for its zone.
        super::make::Named::Zone(clock) | super::make::Named::Moving(_, clock) => {
            let at = |second| zone::offset_at(&clock, second);
            in_zone(name, timestamp, at, |fields| zone::local_offset(&clock, fields))
        }
    }
}

fn in_zone(
    name: &str,
    timestamp: i64,
    offset_at: impl Fn(i64) -> i32,
    offset_of: impl Fn(&Fields) -> i32,
) -> SqlResult<i64> {
    let unit = trunc_unit(name, TIMESTAMPTZ)?;
    let east = offset_at(timestamp.div_euclid(SECOND_US));
    let mut fields = fields_of(timestamp.saturating_add(i64::from(east) * SECOND_US));
    truncate_fields(unit, &mut fields).ok_or_else(|| wrong_unit(name, TIMESTAMPTZ))?;
    // Hours and less keep the offset, which tells one hour of a fold from the other.
    let east = if is_month_or_more(unit) || matches!(unit, Unit::Week | Unit::Day) {
        offset_of(&fields)
    } else {
        east
    };
    timestamp::of_local(&fields, -east).ok_or_else(timestamp_out_of_range)
}

/// date_trunc(text, interval)
pub fn interval(name: &str, interval: Interval) -> SqlResult<Interval> {
    let unit = trunc_unit(name, "interval")?;
    let Interval { months, days, micros } = interval;
    let to_months = |of: i32| Interval { months: months / of * of, days: 0, micros: 0 };
    let to_micros = |of: i64| Interval { months, days, micros: micros / of * of };
    Ok(match unit {
        Unit::Millennium => to_months(12_000),
        Unit::Century => to_months(1_200),
        Unit::Decade => to_months(120),
        Unit::Year => to_months(12),
        Unit::Quarter => to_months(3),
        Unit::Month => to_months(1),
        Unit::Day => Interval { months, days, micros: 0 },
        Unit::Hour => to_micros(HOUR_US),
        Unit::Minute => to_micros(MINUTE_US),
        Unit::Second => to_micros(SECOND_US),
        Unit::Millisecond => to_micros(1_000),
        Unit::Microsecond => interval,
        Unit::Week => {
            let error = wrong_unit(name, "interval");
            return Err(error.with_detail("Months usually have fractional weeks."));
        }
        _ => return Err(wrong_unit(name, "interval")),
    })
}

/// date_bin(interval, timestamp, timestamp), of timestamptz too
pub fn bin(stride: Interval, timestamp: i64, origin: i64) -> SqlResult<i64> {
    if !timestamp::is_finite(timestamp) {
        return Ok(timestamp);
    }
    if !timestamp::is_finite(origin) {
        return Err(overflow("origin out of range"));
    }
    if stride.months != 0 {
        return Err(SqlError::new(
            SqlState::FeatureNotSupported,
            "timestamps cannot be binned into intervals containing months or years",
        ));
    }
    let days = i64::from(stride.days).checked_mul(DAY_US);
    let stride = days.and_then(|days| days.checked_add(stride.micros)).ok_or_else(interval_out_of_range)?;
    if stride <= 0 {
        return Err(overflow("stride must be greater than zero"));
    }
    let since = timestamp.checked_sub(origin).ok_or_else(interval_out_of_range)?;
    let start = i128::from(origin) + i128::from(since.div_euclid(stride)) * i128::from(stride);
    timestamp::checked(start).ok_or_else(timestamp_out_of_range)
}

/// FLOOR(timestamp TO unit)
pub fn floor(timestamp: i64, name: &str) -> SqlResult<i64> {
    self::timestamp(name, timestamp)
}

/// CEIL(timestamp TO unit): the start of the next unit, unless it is one itself
pub fn ceil(timestamp: i64, name: &str) -> SqlResult<i64> {
    let start = self::timestamp(name, timestamp)?;
    if start == timestamp {
        return Ok(start);
    }
    timestamp::plus(start, one(trunc_unit(name, TIMESTAMP)?).ok_or_else(|| unknown_unit(name, TIMESTAMP))?)
}

/// CEIL(timestamptz TO unit), in the session's zone
pub fn ceil_timestamptz(timestamp: i64, name: &str, environment: &Environment) -> SqlResult<i64> {
    let start = timestamptz(name, timestamp, environment)?;
    if start == timestamp {
        return Ok(start);
    }
    let one = one(trunc_unit(name, TIMESTAMPTZ)?).ok_or_else(|| unknown_unit(name, TIMESTAMPTZ))?;
    timestamp::plus_timestamptz(start, one, environment)
}

/// One unit as an interval.
pub(super) fn one(unit: Unit) -> Option<Interval> {
    let (months, days, micros) = match unit {
        Unit::Microsecond => (0, 0, 1),
        Unit::Millisecond => (0, 0, 1_000),
        Unit::Second => (0, 0, SECOND_US),
        Unit::Minute => (0, 0, MINUTE_US),
        Unit::Hour => (0, 0, HOUR_US),
        Unit::Day => (0, 1, 0),
        Unit::Week => (0, 7, 0),
        Unit::Month => (1, 0, 0),
        Unit::Quarter => (3, 0, 0),
        Unit::Year => (12, 0, 0),
        Unit::Decade => (120, 0, 0),
        Unit::Century => (1_200, 0, 0),
        Unit::Millennium => (12_000, 0, 0),
        _ => return None,
    };
    Some(Interval { months, days, micros })
}
