//! Values of type timestamp and timestamptz: microseconds since 1970 in 64 bits.

use super::calendar::{
    DAY_US, Fields, POSTGRES_EPOCH_US, SECOND_US, UNIX_JULIAN, date_of, fields_of, in_calendar, micros_of,
    month_days,
};
use super::decode::{Decoded, decode};
use super::{interval_out_of_range, overflow, print, timestamp_out_of_range};
use crate::error::SqlResult;
use crate::types::environment::{DateStyle, Environment, Zone};
use crate::types::interval::{self, Interval};
use crate::types::zone::{self, Clock};

/// `infinity`
pub const INFINITY: i64 = i64::MAX;
/// `-infinity`
pub const MINUS_INFINITY: i64 = i64::MIN;
/// 4714-11-24 BC: Julian day 0.
pub const LEAST: i64 = -UNIX_JULIAN * DAY_US;

/// Whether it is neither infinity.
pub fn is_finite(timestamp: i64) -> bool {
    timestamp != INFINITY && timestamp != MINUS_INFINITY
}

/// Microseconds of a finite timestamp, where there can be so many.
pub fn checked(micros: i128) -> Option<i64> {
    let micros = i64::try_from(micros).ok()?;
    (LEAST..INFINITY).contains(&micros).then_some(micros)
}

/// The timestamp of fields.
pub fn of_fields(fields: &Fields) -> Option<i64> {
    if !in_calendar(fields.year, fields.month) {
        return None;
    }
    checked(micros_of(fields))
}

/// The moment of local fields that are so many seconds west of UTC.
pub fn of_local(fields: &Fields, west: i32) -> Option<i64> {
    if !in_calendar(fields.year, fields.month) {
        return None;
    }
    checked(micros_of(fields) + i128::from(west) * i128::from(SECOND_US))
}

/// Reads a timestamp; a zone that stands with it is dropped.
pub fn parse(text: &str, environment: &Environment) -> SqlResult<i64> {
    if let Some(micros) = plain(text.as_bytes()) {
        return Ok(micros);
    }
    let error = |flaw: super::Flaw| flaw.error("timestamp", text);
    match decode(text, environment).map_err(error)? {
        Decoded::Epoch => Ok(0),
        Decoded::Infinity => Ok(INFINITY),
        Decoded::MinusInfinity => Ok(MINUS_INFINITY),
        Decoded::Moment(fields, _) => {
            of_fields(&fields).ok_or_else(|| overflow(format!("timestamp out of range: \"{text}\"")))
        }
    }
}

/// Reads a timestamp with a zone; without one it is the session's.
pub fn parse_timestamptz(text: &str, environment: &Environment) -> SqlResult<i64> {
    if let Some(micros) = plain(text.as_bytes()) {
        return to_timestamptz(micros, environment);
    }
    let error = |flaw: super::Flaw| flaw.error("timestamp with time zone", text);
    match decode(text, environment).map_err(error)? {
        Decoded::Epoch => Ok(0),
        Decoded::Infinity => Ok(INFINITY),
        Decoded::MinusInfinity => Ok(MINUS_INFINITY),
        Decoded::Moment(fields, west) => {
            of_local(&fields, west).ok_or_else(|| overflow(format!("timestamp out of range: \"{text}\"")))
        }
    }
}

/// A timestamp spelled `yyyy-mm-dd hh:mm:ss[.ffffff]`, the commonest by far; None for all others.
fn plain(text: &[u8]) -> Option<i64> {
    let (date, clock) = text.split_at_checked(10)?;
    let days = super::date::plain(date)?;
    let [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2, fraction @ ..] = clock else { return None };
    let two = |first: &u8, second: &u8| {
        (first.is_ascii_digit() && second.is_ascii_digit())
            .then(|| i64::from(first - b'0') * 10 + i64::from(second - b'0'))
    };
    let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micro = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=6).contains(&digits.len()) => {
            let mut value = 0;
            for place in 0..6 {
                let digit = digits.get(place).copied().unwrap_or(b'0');
                if !digit.is_ascii_digit() {
                    return None;
                }
                value = value * 10 + i64::from(digit - b'0');
            }
            value
        }
        _ => return None,
    };
    Some(i64::from(days) * DAY_US + ((hour * 60 + minute) * 60 + second) * SECOND_US + micro)
}

/// Prints a timestamp in the session's style.
pub fn print(timestamp: i64, environment: &Environment) -> String {
    match timestamp {
        INFINITY => "infinity".to_owned(),
        MINUS_INFINITY => "-infinity".to_owned(),
        _ => print::timestamp_text(&fields_of(timestamp), None, environment),
    }
}

/// Prints a timestamp with the session's zone, in its style.
pub fn print_timestamptz(timestamp: i64, environment: &Environment) -> String {
    match timestamp {
        INFINITY => return "infinity".to_owned(),
        MINUS_INFINITY => return "-infinity".to_owned(),
        _ => {}
    }
    let second = timestamp.div_euclid(SECOND_US);
    if environment.date_style == DateStyle::Iso {
        let east = zone::zone_offset_at(environment.zone, second);
        return print::timestamp_text(&local_fields_at(timestamp, east), Some((east, "")), environment);
    }
    let moment = zone::moment_at(&Clock::Zone(environment.zone), second);
    let fields = local_fields_at(timestamp, moment.east);
    print::timestamp_text(&fields, Some((moment.east, &moment.abbreviation)), environment)
}

fn local_fields_at(timestamp: i64, east: i32) -> Fields {
    let local = timestamp.saturating_add(i64::from(east) * SECOND_US);
    fields_of(local)
}

/// The local fields of a moment, and its offset in seconds west of UTC.
pub fn local_fields(timestamp: i64, zone: Zone) -> (Fields, i32) {
    let east = zone::zone_offset_at(zone, timestamp.div_euclid(SECOND_US));
    (local_fields_at(timestamp, east), -east)
}

/// Rounds microseconds to a number of digits (-1 or 6: as they are), halves away from zero.
pub(super) fn round(micros: i64, digits: i32) -> i64 {
    if !(0..6).contains(&digits) {
        return micros;
    }
    let scale = 10_i64.pow(6 - digits as u32);
    let half = scale / 2;
    let rounded = |value: i64| value.saturating_add(half) / scale * scale;
    if micros >= 0 { rounded(micros) } else { -rounded(micros.saturating_neg()) }
}

/// Rounds to a number of digits after the second's point: `timestamp(3)`, `timestamptz(3)`.
pub fn apply_modifier(timestamp: i64, digits: i32) -> i64 {
    if !is_finite(timestamp) || !(0..6).contains(&digits) {
        return timestamp;
    }
    // Halves go away from the year 2000, from which PostgreSQL counts.
    match timestamp.checked_sub(POSTGRES_EPOCH_US) {
        Some(since) => round(since, digits).saturating_add(POSTGRES_EPOCH_US).min(INFINITY - 1),
        None => timestamp,
    }
}

/// timestamp + interval
pub fn plus(timestamp: i64, interval: Interval) -> SqlResult<i64> {
    if !is_finite(timestamp) {
        return Ok(timestamp);
    }
    let mut micros = i128::from(timestamp);
    if interval.months != 0 {
        let mut fields = fields_of(timestamp);
        add_months(&mut fields, interval.months).ok_or_else(timestamp_out_of_range)?;
        micros = i128::from(of_fields(&fields).ok_or_else(timestamp_out_of_range)?);
    }
    micros += i128::from(interval.days) * i128::from(DAY_US);
    let day = checked(micros).ok_or_else(timestamp_out_of_range)?;
    checked(i128::from(day) + i128::from(interval.micros)).ok_or_else(timestamp_out_of_range)
}

/// timestamptz + interval: months and days are counted in the session's local time.
pub fn plus_timestamptz(timestamp: i64, interval: Interval, environment: &Environment) -> SqlResult<i64> {
    plus_in_zone(timestamp, interval, environment.zone)
}

/// timestamptz + interval: months and days are counted in a zone's local time.
pub fn plus_in_zone(timestamp: i64, interval: Interval, zone: Zone) -> SqlResult<i64> {
    if !is_finite(timestamp) {
        return Ok(timestamp);
    }
    let back = |fields: &Fields| {
        let east = zone::local_offset(&Clock::Zone(zone), fields);
        of_local(fields, -east).ok_or_else(timestamp_out_of_range)
    };
    let mut timestamp = timestamp;
    if interval.months != 0 {
        let mut fields = local_fields(timestamp, zone).0;
        add_months(&mut fields, interval.months).ok_or_else(timestamp_out_of_range)?;
        timestamp = back(&fields)?;
    }
    if interval.days != 0 {
        let mut fields = local_fields(timestamp, zone).0;
        let days = fields.days() + i64::from(interval.days);
        if days < -UNIX_JULIAN {
            return Err(timestamp_out_of_range());
        }
        (fields.year, fields.month, fields.day) = date_of(days);
        timestamp = back(&fields)?;
    }
    checked(i128::from(timestamp) + i128::from(interval.micros)).ok_or_else(timestamp_out_of_range)
}

/// timestamp - interval: the parts are subtracted as PostgreSQL does, months first.
pub fn minus_interval(timestamp: i64, interval: Interval) -> SqlResult<i64> {
    plus(timestamp, wrapping_negated(interval))
}

/// timestamptz - interval
pub fn minus_interval_timestamptz(
    timestamp: i64,
    interval: Interval,
    environment: &Environment,
) -> SqlResult<i64> {
    plus_timestamptz(timestamp, wrapping_negated(interval), environment)
}

/// The least number stays itself: far out of range either way.
fn wrapping_negated(interval: Interval) -> Interval {
    Interval {
        months: interval.months.wrapping_neg(),
        days: interval.days.wrapping_neg(),
        micros: interval.micros.wrapping_neg(),
    }
}

/// Adds months; a day past the month's end becomes its last.
fn add_months(fields: &mut Fields, months: i32) -> Option<()> {
    let total = i64::from(fields.year) * 12 + i64::from(fields.month) - 1 + i64::from(months);
    fields.year = i32::try_from(total.div_euclid(12)).ok()?;
    fields.month = total.rem_euclid(12) as i32 + 1;
    fields.day = fields.day.min(month_days(fields.year, fields.month));
    Some(())
}

/// timestamp - timestamp, in days and a time
pub fn minus(left: i64, right: i64) -> SqlResult<Interval> {
    if !is_finite(left) || !is_finite(right) {
        return Err(overflow("cannot subtract infinite timestamps"));
    }
    let micros = left.checked_sub(right).ok_or_else(interval_out_of_range)?;
    interval::justify_hours(Interval { months: 0, days: 0, micros })
}

/// A local time of the session as a moment.
pub fn to_timestamptz(timestamp: i64, environment: &Environment) -> SqlResult<i64> {
    if !is_finite(timestamp) {
        return Ok(timestamp);
    }
    let east = zone::local_offset_at(&Clock::Zone(environment.zone), timestamp.div_euclid(SECOND_US));
    checked(i128::from(timestamp) - i128::from(east) * i128::from(SECOND_US))
        .ok_or_else(timestamp_out_of_range)
}

/// A moment as the session's local time.
pub fn to_timestamp(timestamp: i64, environment: &Environment) -> SqlResult<i64> {
    if !is_finite(timestamp) {
        return Ok(timestamp);
    }
    let east = zone::zone_offset_at(environment.zone, timestamp.div_euclid(SECOND_US));
    checked(i128::from(timestamp) + i128::from(east) * i128::from(SECOND_US))
        .ok_or_else(timestamp_out_of_range)
}
