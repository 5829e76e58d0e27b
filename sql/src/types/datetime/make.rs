//! Dates, times, timestamps and intervals made of numbers, and moments moved to zones that text names.

use super::calendar::{Fields, HOUR_US, MINUTE_US, SECOND_US, in_calendar, month_days};
use super::convert::shortest;
use super::parts::{Flaw, offset, unknown_zone};
use super::units::lower;
use super::{interval_out_of_range, overflow, time, timestamp, timestamp_out_of_range};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;
use crate::types::interval::{self, Interval};
use crate::types::timetz::Timetz;
use crate::types::zone::{self, Clock, Word};

/// The fields of a day; an error names the year as given, or (of make_date) as PostgreSQL counts it.
fn day_fields(year: i32, month: i32, day: i32, counted: bool) -> SqlResult<Fields> {
    // Negative years are those before Christ: -1 is 1 BC.
    let astronomical = if year < 0 && year != i32::MIN { year + 1 } else { year };
    let shown = if counted { astronomical } else { year };
    let wrong = || overflow(format!("date field value out of range: {shown}-{month:02}-{day:02}"));
    if year == 0
        || year == i32::MIN
        || !(1..=12).contains(&month)
        || day < 1
        || day > month_days(astronomical, month)
    {
        return Err(wrong());
    }
    if !in_calendar(astronomical, month) {
        return Err(overflow(format!("date out of range: {year}-{month:02}-{day:02}")));
    }
    Ok(Fields { year: astronomical, month, day, ..Fields::default() })
}

/// make_date(year, month, day)
pub fn date(year: i32, month: i32, day: i32) -> SqlResult<i32> {
    let fields = day_fields(year, month, day, true)?;
    super::date::checked(fields.days())
        .ok_or_else(|| overflow(format!("date out of range: {year}-{month:02}-{day:02}")))
}

/// make_time(hour, minute, second)
pub fn time(hour: i32, minute: i32, second: f64) -> SqlResult<i64> {
    let wrong = || {
        let second = shortest(second);
        overflow(format!("time field value out of range: {hour}:{minute:02}:{second:0>2}"))
    };
    let micros = (second * 1_000_000.0).round_ties_even();
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || !(0.0..=60_000_000.0).contains(&micros) {
        return Err(wrong());
    }
    let time = i64::from(hour) * HOUR_US + i64::from(minute) * MINUTE_US + micros as i64;
    if time > super::DAY_US { Err(wrong()) } else { Ok(time) }
}

/// make_timestamp(year, month, day, hour, minute, second)
pub fn timestamp(year: i32, month: i32, day: i32, hour: i32, minute: i32, second: f64) -> SqlResult<i64> {
    let fields = day_fields(year, month, day, false)?;
    let time = time(hour, minute, second)?;
    let midnight = i128::from(fields.days()) * i128::from(super::DAY_US);
    timestamp::checked(midnight + i128::from(time)).ok_or_else(|| {
        let second = shortest(second);
        overflow(format!(
            "timestamp out of range: {year}-{month:02}-{day:02} {hour}:{minute:02}:{second:0>2}"
        ))
    })
}

/// make_interval(years, months, weeks, days, hours, minutes, seconds)
pub fn interval(counts: [i32; 6], second: f64) -> SqlResult<Interval> {
    let [years, months, weeks, days, hours, minutes] = counts.map(i64::from);
    let micros = (second * 1_000_000.0).round_ties_even();
    if !(-9.2e18..9.2e18).contains(&micros) {
        return Err(interval_out_of_range());
    }
    let clock = hours * HOUR_US + minutes * MINUTE_US;
    // PostgreSQL 15 does not look whether these wrap round.
    Ok(Interval {
        months: (years * 12 + months) as i32,
        days: (weeks * 7 + days) as i32,
        micros: clock.checked_add(micros as i64).ok_or_else(interval_out_of_range)?,
    })
}

/// What the name of a zone in AT TIME ZONE means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Seconds east of UTC.
    Fixed(i32),
    /// A zone.
    Zone(Clock),
    /// An abbreviation that a zone gives its meaning.
    Moving(String, Clock),
}

/// What a name means in AT TIME ZONE: an abbreviation, else a zone or a POSIX rule.
pub fn zone_by_name(name: &str) -> SqlResult<Named> {
    let lowered = lower(name);
    Ok(match zone::word(&lowered) {
        Some(Word::Fixed(east, _)) => Named::Fixed(east),
        Some(Word::Moving(clock)) => Named::Moving(lowered, clock),
        None => Named::Zone(zone::find(name).ok_or_else(|| unknown_zone(name))?),
    })
}

impl Named {
    /// Seconds east of UTC at a second UTC.
    pub fn at(&self, second: i64) -> i32 {
        match self {
            Named::Fixed(east) => *east,
            Named::Zone(clock) => zone::offset_at(clock, second),
            Named::Moving(abbreviation, clock) => zone::moving_offset_at(abbreviation, clock, second)
                .unwrap_or_else(|| zone::offset_at(clock, second)),
        }
    }

    /// Seconds east of UTC of a local time.
    pub fn of_local(&self, fields: &Fields) -> i32 {
        match self {
            Named::Fixed(east) => *east,
            Named::Zone(clock) => zone::local_offset(clock, fields),
            Named::Moving(abbreviation, clock) => zone::moving_offset(abbreviation, clock, fields),
        }
    }
}

/// make_timestamptz(year, month, day, hour, minute, second), in the session's zone
pub fn timestamptz(local: i64, environment: &Environment) -> SqlResult<i64> {
    timestamp::to_timestamptz(local, environment)
}

/// make_timestamptz(…, zone): the local time in a zone by name or by a signed offset
pub fn timestamptz_in(local: i64, zone: &str) -> SqlResult<i64> {
    let invalid = |message: String| SqlError::new(SqlState::InvalidParameterValue, message);
    if zone.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        let message = format!("invalid input syntax for type numeric time zone: \"{zone}\"");
        return Err(
            invalid(message).with_hint("Numeric time zones must have \"-\" or \"+\" as first character.")
        );
    }
    let east = match offset(zone) {
        Ok(west) => -west,
        Err(Flaw::Offset) => return Err(invalid(format!("numeric time zone \"{zone}\" out of range"))),
        Err(_) => zone_by_name(zone)?.of_local(&super::calendar::fields_of(local)),
    };
    shift(local, -east)
}

fn shift(micros: i64, seconds: i32) -> SqlResult<i64> {
    timestamp::checked(i128::from(micros) + i128::from(seconds) * i128::from(SECOND_US))
        .ok_or_else(timestamp_out_of_range)
}

/// timezone(text, timestamp): the moment of a local time in a zone
pub fn local_to_moment(zone: &Named, local: i64) -> SqlResult<i64> {
    if !timestamp::is_finite(local) {
        return Ok(local);
    }
    shift(local, -zone.of_local(&super::calendar::fields_of(local)))
}

/// timezone(text, timestamptz): the local time of a moment in a zone
pub fn moment_to_local(zone: &Named, moment: i64) -> SqlResult<i64> {
    if !timestamp::is_finite(moment) {
        return Ok(moment);
    }
    shift(moment, zone.at(moment.div_euclid(SECOND_US)))
}

/// timezone(text, timetz): the time in a zone, with the offset that it has now
pub fn timetz_to_zone(zone: &Named, value: Timetz, environment: &Environment) -> SqlResult<Timetz> {
    let is_fixed = match zone {
        Named::Fixed(_) => true,
        Named::Zone(clock) => clock.is_fixed(),
        Named::Moving(..) => false,
    };
    let now = if is_fixed { 0 } else { environment.now()? };
    Ok(time::at_zone(value, -zone.at(now.div_euclid(SECOND_US))))
}

/// The fixed zone that an interval means.
pub fn zone_by_interval(zone: Interval, environment: &Environment) -> SqlResult<Named> {
    if zone.months != 0 || zone.days != 0 {
        return Err(SqlError::new(
            SqlState::InvalidParameterValue,
            format!(
                "interval time zone \"{}\" must not include months or days",
                interval::print(zone, environment.interval_style)
            ),
        ));
    }
    let east = i32::try_from(zone.micros / SECOND_US).map_err(|_| interval_out_of_range())?;
    Ok(Named::Fixed(east))
}
