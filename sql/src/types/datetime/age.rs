//! `age`, and Flink's TIMESTAMPDIFF and TIMESTAMPADD.

use super::calendar::{Fields, date_of, fields_of, month_days};
use super::extract::{unknown_unit, wrong_unit};
use super::units::{Unit, lower, unit};
use super::{interval_out_of_range, timestamp, timestamp_out_of_range, truncate};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::{Environment, Zone};
use crate::types::interval::Interval;

/// age(timestamp, timestamp): years, months and days from the second to the first.
pub fn timestamp(left: i64, right: i64) -> SqlResult<Interval> {
    timestamptz(left, right, Zone::Fixed(0))
}

/// age(timestamptz, timestamptz): between the local times of a zone.
pub fn timestamptz(left: i64, right: i64, zone: Zone) -> SqlResult<Interval> {
    Ok(between(left < right, &fields_in(left, zone)?, &fields_in(right, zone)?))
}

/// The local fields of a moment. PostgreSQL 15 counts with infinity as with the last microsecond that it
/// could hold, 294277-01-09 04:00:54.775807; -infinity is out of range.
fn fields_in(moment: i64, zone: Zone) -> SqlResult<Fields> {
    match moment {
        timestamp::MINUS_INFINITY => Err(timestamp_out_of_range()),
        timestamp::INFINITY => {
            let last = i128::from(i64::MAX) + i128::from(super::POSTGRES_EPOCH_US);
            let second = last.div_euclid(1_000_000) as i64;
            let local = last + i128::from(crate::types::zone::zone_offset_at(zone, second)) * 1_000_000;
            let day = i128::from(super::DAY_US);
            let (year, month, day_of_month) = date_of(local.div_euclid(day) as i64);
            let mut fields = Fields { year, month, day: day_of_month, ..Fields::default() };
            fields.set_time(local.rem_euclid(day) as i64);
            Ok(fields)
        }
        _ => Ok(timestamp::local_fields(moment, zone).0),
    }
}

fn between(before: bool, left: &Fields, right: &Fields) -> Interval {
    // The later one less the earlier one; the days of a month are those of the earlier one's.
    let (later, earlier) = if before { (right, left) } else { (left, right) };
    let mut months = (later.year - earlier.year) * 12 + later.month - earlier.month;
    let mut days = later.day - earlier.day;
    let mut micros = later.time_us() - earlier.time_us();
    while micros < 0 {
        micros += super::DAY_US;
        days -= 1;
    }
    while days < 0 {
        days += month_days(earlier.year, earlier.month);
        months -= 1;
    }
    if before {
        Interval { months: -months, days: -days, micros: -micros }
    } else {
        Interval { months, days, micros }
    }
}

/// The unit of TIMESTAMPDIFF and TIMESTAMPADD, also in MySQL's spelling `SQL_TSI_DAY`.
fn flink_unit(name: &str) -> SqlResult<Unit> {
    let lowered = lower(name);
    let plain = lowered.strip_prefix("sql_tsi_").unwrap_or(&lowered);
    unit(plain).ok_or_else(|| unknown_unit(name, "timestamp without time zone"))
}

/// timestampdiff(unit, from, to): whole units from the one to the other.
pub fn difference(name: &str, from: i64, to: i64) -> SqlResult<i32> {
    if !timestamp::is_finite(from) || !timestamp::is_finite(to) {
        return Err(timestamp_out_of_range());
    }
    let one =
        truncate::one(flink_unit(name)?).ok_or_else(|| wrong_unit(name, "timestamp without time zone"))?;
    let whole = if one.months != 0 {
        let (start, end) = (fields_of(from.min(to)), fields_of(from.max(to)));
        let mut months = (end.year - start.year) * 12 + end.month - start.month;
        // A month is whole when its day and time have come.
        if (end.day, end.time_us()) < (start.day, start.time_us()) {
            months -= 1;
        }
        if from > to {
            months = -months;
        }
        i64::from(months / one.months)
    } else {
        let unit_us = i64::from(one.days) * super::DAY_US + one.micros;
        to.checked_sub(from).ok_or_else(interval_out_of_range)? / unit_us
    };
    i32::try_from(whole).map_err(|_| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"))
}

/// timestampadd(unit, count, timestamp)
pub fn add(name: &str, count: i32, timestamp: i64) -> SqlResult<i64> {
    timestamp::plus(timestamp, many(name, count)?)
}

/// timestampadd(unit, count, timestamptz), in the session's zone
pub fn add_timestamptz(name: &str, count: i32, timestamp: i64, environment: &Environment) -> SqlResult<i64> {
    timestamp::plus_timestamptz(timestamp, many(name, count)?, environment)
}

fn many(name: &str, count: i32) -> SqlResult<Interval> {
    let one =
        truncate::one(flink_unit(name)?).ok_or_else(|| wrong_unit(name, "timestamp without time zone"))?;
    Ok(Interval {
        months: one.months.checked_mul(count).ok_or_else(interval_out_of_range)?,
        days: one.days.checked_mul(count).ok_or_else(interval_out_of_range)?,
        micros: one.micros.checked_mul(i64::from(count)).ok_or_else(interval_out_of_range)?,
    })
}
