//! Conversions between dates, times, timestamps and intervals, as PostgreSQL's casts make them.

use super::calendar::{DAY_US, SECOND_US};
use super::date::{self, DATE_INFINITY, DATE_MINUS_INFINITY};
use super::timestamp::{self, INFINITY, MINUS_INFINITY};
use super::{overflow, timestamp_out_of_range};
use crate::error::SqlResult;
use crate::types::environment::Environment;
use crate::types::interval::Interval;
use crate::types::timetz::Timetz;
use crate::types::zone::{self, Clock};

/// date → timestamp: midnight.
pub fn date_to_timestamp(date: i32) -> SqlResult<i64> {
    match date {
        DATE_INFINITY => Ok(INFINITY),
        DATE_MINUS_INFINITY => Ok(MINUS_INFINITY),
        _ => timestamp::checked(i128::from(date) * i128::from(DAY_US))
            .ok_or_else(|| overflow("date out of range for timestamp")),
    }
}

/// date → timestamptz: midnight of the session.
pub fn date_to_timestamptz(date: i32, environment: &Environment) -> SqlResult<i64> {
    let midnight = date_to_timestamp(date)?;
    timestamp::to_timestamptz(midnight, environment).map_err(|_| overflow("date out of range for timestamp"))
}

/// timestamp → date
pub fn timestamp_to_date(timestamp: i64) -> SqlResult<i32> {
    match timestamp {
        INFINITY => Ok(DATE_INFINITY),
        MINUS_INFINITY => Ok(DATE_MINUS_INFINITY),
        _ => date::checked(timestamp.div_euclid(DAY_US)).ok_or_else(timestamp_out_of_range),
    }
}

/// timestamptz → date, of the session
pub fn timestamptz_to_date(timestamp: i64, environment: &Environment) -> SqlResult<i32> {
    if !timestamp::is_finite(timestamp) {
        return timestamp_to_date(timestamp);
    }
    let (fields, _) = timestamp::local_fields(timestamp, environment.zone);
    date::checked(fields.days()).ok_or_else(timestamp_out_of_range)
}

/// timestamp → time; None of an infinity.
pub fn timestamp_to_time(timestamp: i64) -> Option<i64> {
    timestamp::is_finite(timestamp).then(|| timestamp.rem_euclid(DAY_US))
}

/// timestamptz → time, of the session; None of an infinity.
pub fn timestamptz_to_time(timestamp: i64, environment: &Environment) -> Option<i64> {
    timestamptz_to_timetz(timestamp, environment).map(|time| time.micros)
}

/// timestamptz → timetz, of the session; None of an infinity.
pub fn timestamptz_to_timetz(timestamp: i64, environment: &Environment) -> Option<Timetz> {
    if !timestamp::is_finite(timestamp) {
        return None;
    }
    let (fields, west) = timestamp::local_fields(timestamp, environment.zone);
    Some(Timetz { micros: fields.time_us(), zone: west })
}

/// time → timetz: with the offset that the session has today.
pub fn time_to_timetz(time: i64, environment: &Environment) -> SqlResult<Timetz> {
    let clock = Clock::Zone(environment.zone);
    let now = if clock.is_fixed() { 0 } else { environment.now()? };
    let (today, _) = timestamp::local_fields(now, environment.zone);
    let local = today.days() * (DAY_US / SECOND_US) + time.div_euclid(SECOND_US);
    Ok(Timetz { micros: time, zone: -zone::local_offset_at(&clock, local) })
}

/// timetz → time
pub fn timetz_to_time(time: Timetz) -> i64 {
    time.micros
}

/// time → interval
pub fn time_to_interval(time: i64) -> Interval {
    Interval { months: 0, days: 0, micros: time }
}

/// interval → time: months and days are dropped.
pub fn interval_to_time(interval: Interval) -> i64 {
    interval.micros.rem_euclid(DAY_US)
}

/// date + time
pub fn date_plus_time(date: i32, time: i64) -> SqlResult<i64> {
    let midnight = date_to_timestamp(date)?;
    if !timestamp::is_finite(midnight) {
        return Ok(midnight);
    }
    timestamp::checked(i128::from(midnight) + i128::from(time)).ok_or_else(timestamp_out_of_range)
}

/// date + timetz
pub fn date_plus_timetz(date: i32, time: Timetz) -> SqlResult<i64> {
    match date {
        DATE_INFINITY => Ok(INFINITY),
        DATE_MINUS_INFINITY => Ok(MINUS_INFINITY),
        _ => {
            let midnight = i128::from(date) * i128::from(DAY_US);
            timestamp::checked(midnight + i128::from(time.moment()))
                .ok_or_else(|| overflow("date out of range for timestamp"))
        }
    }
}

/// The place of a date among timestamps, wider than they are: infinities are beyond all.
pub fn wide_date(date: i32) -> i128 {
    match date {
        DATE_INFINITY => i128::MAX,
        DATE_MINUS_INFINITY => i128::MIN,
        _ => i128::from(date) * i128::from(DAY_US),
    }
}

/// The place of a timestamp among dates: infinities are beyond all.
pub fn wide_timestamp(timestamp: i64) -> i128 {
    match timestamp {
        INFINITY => i128::MAX,
        MINUS_INFINITY => i128::MIN,
        _ => i128::from(timestamp),
    }
}

/// The moment of a local time (from [`wide_date`] or [`wide_timestamp`]) of the session.
pub fn wide_moment(local: i128, environment: &Environment) -> i128 {
    if local == i128::MAX || local == i128::MIN {
        return local;
    }
    // The offset of a time beyond all timestamps is that of their end.
    let second = i64::try_from(local.div_euclid(i128::from(SECOND_US))).unwrap_or(i64::MAX);
    let last = i64::MAX / SECOND_US;
    let east = zone::local_offset_at(&Clock::Zone(environment.zone), second.clamp(-last, last));
    local - i128::from(east) * i128::from(SECOND_US)
}

/// to_timestamp(float8): seconds since 1970 as a moment.
pub fn seconds_to_timestamptz(seconds: f64) -> SqlResult<i64> {
    if seconds.is_nan() {
        return Err(overflow("timestamp cannot be NaN"));
    }
    if seconds.is_infinite() {
        return Ok(if seconds > 0.0 { INFINITY } else { MINUS_INFINITY });
    }
    let out_of_range = || overflow(format!("timestamp out of range: \"{}\"", shortest(seconds)));
    let postgres_epoch = super::POSTGRES_EPOCH_US / SECOND_US;
    // PostgreSQL rounds when it counts from 2000, and so does this.
    let micros = ((seconds - postgres_epoch as f64) * 1_000_000.0).round_ties_even();
    if !(-9.3e18..9.3e18).contains(&micros) {
        return Err(out_of_range());
    }
    timestamp::checked(micros as i128 + i128::from(super::POSTGRES_EPOCH_US)).ok_or_else(out_of_range)
}

/// A float as C's `%g` prints it.
pub(super) fn shortest(value: f64) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    if !value.is_finite() {
        let name = if value.is_nan() { "NaN" } else { "Infinity" };
        return if value < 0.0 { format!("-{name}") } else { name.to_owned() };
    }
    let exponent_form = format!("{value:.5e}");
    let (mantissa, exponent) = exponent_form.split_once('e').unwrap_or((&exponent_form, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(mantissa), exponent.abs());
    }
    trim(&format!("{value:.*}", (5 - exponent).max(0) as usize))
}
