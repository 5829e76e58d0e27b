//! Time zones: what is local time where, as PostgreSQL answers it.
//!
//! A [`Clock`] is any zone that SQL text can name: one of the tz database, a fixed offset, or a POSIX rule
//! such as `EST5EDT,M3.2.0,M11.1.0`. The tz database comes with `chrono-tz`, whose tables end in 2099; later
//! years take the rules of an equal year of the 28-year cycle before. Offsets are seconds *east* of UTC here.

mod abbreviations;
mod find;
mod posix;
mod tables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::abbreviations::Meaning;
pub use self::find::{Word, find, names, read_setting, setting_text, word};
pub use self::posix::Posix;
use super::datetime::calendar::{DAY_US, Fields, SECOND_US, micros_of};
use super::environment::Zone;

/// A zone that SQL text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clock {
    /// One that a session can be in.
    Zone(Zone),
    /// A rule of POSIX.
    Posix(Posix),
}

impl Clock {
    /// Whether its offset is the same at all times.
    pub fn is_fixed(&self) -> bool {
        constant_offset(self).is_some()
    }
}

/// What holds at a moment in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Seconds east of UTC.
    pub east: i32,
    /// Summer time.
    pub summer: bool,
    /// `CET`, `+03`.
    pub abbreviation: Cow<'static, str>,
}

impl From<Zone> for Clock {
    fn from(zone: Zone) -> Self {
        Clock::Zone(zone)
    }
}

/// Seconds east of UTC at a second since 1970 UTC.
pub fn offset_at(clock: &Clock, second: i64) -> i32 {
    match clock {
        Clock::Zone(zone) => zone_offset_at(*zone, second),
        Clock::Posix(posix) => posix.at(second).east,
    }
}

/// Seconds east of UTC of a session's zone at a second since 1970 UTC.
pub fn zone_offset_at(zone: Zone, second: i64) -> i32 {
    match zone {
        Zone::Fixed(east) => east,
        Zone::Named(tz) => tables::offset_at(tz, second),
    }
}

/// All that holds at a second since 1970 UTC.
pub fn moment_at(clock: &Clock, second: i64) -> Moment {
    match clock {
        Clock::Zone(Zone::Fixed(east)) => {
            Moment { east: *east, summer: false, abbreviation: numeric_text(*east).into() }
        }
        Clock::Zone(Zone::Named(tz)) => tables::moment_at(*tz, second),
        Clock::Posix(posix) => posix.at(second),
    }
}

/// Seconds east of UTC of a local time: in a gap what held before it, in a fold what holds after it.
pub fn local_offset(clock: &Clock, fields: &Fields) -> i32 {
    let local = micros_of(fields).div_euclid(i128::from(SECOND_US));
    local_offset_at(clock, i64::try_from(local).unwrap_or(i64::MAX / SECOND_US))
}

/// Seconds east of UTC of a local second: in a gap what held before it, in a fold what holds after it.
pub fn local_offset_at(clock: &Clock, local: i64) -> i32 {
    match clock {
        Clock::Zone(Zone::Fixed(east)) => *east,
        Clock::Zone(Zone::Named(tz)) => tables::local_offset(*tz, local),
        Clock::Posix(posix) => {
            let before = posix.at(local - DAY_US / SECOND_US).east;
            let after = posix.at(local + DAY_US / SECOND_US).east;
            if before == after {
                return before;
            }
            // One change within two days: the local time is of its own side, or of both or none.
            let of_before = posix.at(local - i64::from(before)).east == before;
            let of_after = posix.at(local - i64::from(after)).east == after;
            if of_after || !of_before && before > after { after } else { before }
        }
    }
}

/// The offset that a zone has at all times, if it is always the same.
pub fn constant_offset(clock: &Clock) -> Option<i32> {
    match clock {
        Clock::Zone(Zone::Fixed(east)) => Some(*east),
        Clock::Zone(Zone::Named(tz)) => tables::constant_offset(*tz),
        Clock::Posix(posix) => posix.constant(),
    }
}

/// Seconds east of UTC that a moving abbreviation means for a local time: what the zone last meant by it
/// before, or first after, or where it never does, what holds then.
pub fn moving_offset(abbreviation: &str, zone: &Clock, fields: &Fields) -> i32 {
    let east = local_offset(zone, fields);
    let local = micros_of(fields).div_euclid(i128::from(SECOND_US));
    let second = i64::try_from(local).unwrap_or(i64::MAX / SECOND_US) - i64::from(east);
    moving_offset_at(abbreviation, zone, second).unwrap_or(east)
}

/// Seconds east of UTC that a moving abbreviation means at a second UTC.
pub fn moving_offset_at(abbreviation: &str, zone: &Clock, second: i64) -> Option<i32> {
    const STEP: i64 = 10 * 86_400;
    const OLDEST: i64 = -4_500_000_000;
    const NEWEST: i64 = 2_200_000_000;
    let meant = |second: i64| {
        let moment = moment_at(zone, second);
        moment.abbreviation.eq_ignore_ascii_case(abbreviation).then_some(moment.east)
    };
    if let Some(east) = meant(second) {
        return Some(east);
    }
    let mut back = second.min(NEWEST);
    while back > OLDEST {
        back -= STEP;
        if let Some(east) = meant(back) {
            return Some(east);
        }
    }
    let mut on = second.max(OLDEST);
    while on < NEWEST {
        on += STEP;
        if let Some(east) = meant(on) {
            return Some(east);
        }
    }
    None
}

/// An offset as `+02`, `-03:30` or `+01:23:45`.
pub fn offset_text(east: i32) -> String {
    let mut text = String::with_capacity(9);
    push_offset(&mut text, east);
    text
}

/// Appends an offset as `+02`, `-03:30` or `+01:23:45`.
pub fn push_offset(text: &mut String, east: i32) {
    use std::fmt::Write as _;
    let sign = if east < 0 { '-' } else { '+' };
    let seconds = east.unsigned_abs();
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    // Writing to a String cannot fail.
    let _ = match (minute, second) {
        (0, 0) => write!(text, "{sign}{hour:02}"),
        (_, 0) => write!(text, "{sign}{hour:02}:{minute:02}"),
        _ => write!(text, "{sign}{hour:02}:{minute:02}:{second:02}"),
    };
}

fn numeric_text(east: i32) -> String {
    offset_text(east)
}

fn fixed_meaning(meaning: Meaning) -> Option<i32> {
    match meaning {
        Meaning::Fixed(east, _) => Some(east),
        Meaning::Of(_) => None,
    }
}
