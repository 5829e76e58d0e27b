//! Values of type time and timetz: microseconds since midnight, and for timetz an offset.

use super::calendar::{DAY_US, Fields, clock_of};
use super::decode_time::decode_time;
use super::print::push_clock;
use crate::error::SqlResult;
use crate::types::environment::Environment;
use crate::types::interval::Interval;
use crate::types::timetz::Timetz;

/// Reads a time. A zone that stands with it is read and dropped.
pub fn parse(text: &str, environment: &Environment) -> SqlResult<i64> {
    let error = |flaw: super::Flaw| flaw.error("time", text);
    let (fields, _) = decode_time(text, environment).map_err(error)?;
    Ok(fields.time_us())
}

/// Reads a time with a zone.
pub fn parse_timetz(text: &str, environment: &Environment) -> SqlResult<Timetz> {
    let error = |flaw: super::Flaw| flaw.error("time with time zone", text);
    let (fields, west) = decode_time(text, environment).map_err(error)?;
    Ok(Timetz { micros: fields.time_us(), zone: west })
}

/// Prints a time.
pub fn print(time: i64) -> String {
    let mut text = String::with_capacity(15);
    push(&mut text, time);
    text
}

/// Prints a time with its zone.
pub fn print_timetz(time: Timetz) -> String {
    let mut text = String::with_capacity(18);
    push(&mut text, time.micros);
    crate::types::zone::push_offset(&mut text, -time.zone);
    text
}

fn push(text: &mut String, time: i64) {
    let (hour, minute, second, micro) = clock_of(time);
    push_clock(text, &Fields { hour, minute, second, micro, ..Fields::default() });
}

/// Rounds to a number of digits after the second's point (-1: as it is): `time(2)`.
pub fn apply_modifier(time: i64, digits: i32) -> i64 {
    super::timestamp::round(time, digits)
}

/// Rounds to a number of digits after the second's point: `timetz(2)`.
pub fn apply_timetz_modifier(time: Timetz, digits: i32) -> Timetz {
    Timetz { micros: apply_modifier(time.micros, digits), ..time }
}

/// time + interval: months and days are dropped, and the clock goes round.
pub fn plus(time: i64, interval: Interval) -> i64 {
    (time.rem_euclid(DAY_US) + interval.micros.rem_euclid(DAY_US)).rem_euclid(DAY_US)
}

/// time - interval
pub fn minus_interval(time: i64, interval: Interval) -> i64 {
    (time.rem_euclid(DAY_US) - interval.micros.rem_euclid(DAY_US)).rem_euclid(DAY_US)
}

/// timetz + interval
pub fn timetz_plus(time: Timetz, interval: Interval) -> Timetz {
    Timetz { micros: plus(time.micros, interval), ..time }
}

/// timetz - interval
pub fn timetz_minus(time: Timetz, interval: Interval) -> Timetz {
    Timetz { micros: minus_interval(time.micros, interval), ..time }
}

/// time - time
pub fn minus(left: i64, right: i64) -> Interval {
    Interval { months: 0, days: 0, micros: left - right }
}

/// timetz in another zone, given in seconds west of UTC.
pub fn at_zone(time: Timetz, west: i32) -> Timetz {
    let micros = time.micros + (i64::from(time.zone) - i64::from(west)) * 1_000_000;
    Timetz { micros: micros.rem_euclid(DAY_US), zone: west }
}
