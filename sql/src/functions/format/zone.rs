//! Local time by the zone of the settings: the one place of the formatting functions that knows about zones.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};

use super::calendar::{EPOCH_JULIAN, date_of_julian, is_leap, julian_day, weekday};
use crate::types::environment::Zone;

/// What a zone says about a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ZoneTime {
    /// Seconds east of UTC.
    pub offset: i32,
    /// `CET`, `+03`
    pub abbreviation: String,
}

/// The years whose rules stand for those after them: the tables of zones end soon after.
const LAST_YEARS: std::ops::RangeInclusive<i32> = 2060..=2087;
/// A moment before all changes of all zones, in seconds since 1970: 1 January 1600.
const LOCAL_MEAN_TIME: i64 = -11_676_096_000;

/// What the zone says about a moment, in microseconds since 1970 UTC.
pub(super) fn zone_time(zone: Zone, micros: i64) -> ZoneTime {
    match zone {
        Zone::Fixed(offset) => ZoneTime { offset, abbreviation: numeric_abbreviation(offset, true) },
        Zone::Named(tz) => named_time(tz, micros.div_euclid(1_000_000)),
    }
}

/// Seconds east of UTC of a local time (microseconds since 1970 of the local clock). A time that the clock
/// skips is taken by the offset before the change, one that it shows twice by the offset after it.
pub(super) fn offset_of_local(zone: Zone, local_micros: i64) -> i32 {
    let tz = match zone {
        Zone::Fixed(offset) => return offset,
        Zone::Named(tz) => tz,
    };
    let local = local_micros.div_euclid(1_000_000);
    let before = named_time(tz, local - 86_400).offset;
    let after = named_time(tz, local + 86_400).offset;
    // With each offset, the moment that it makes of the local time either has that offset or has not.
    let by_after = named_time(tz, local - i64::from(after)).offset == after;
    if by_after || before == after { after } else { before }
}

fn named_time(tz: Tz, seconds: i64) -> ZoneTime {
    let Some(moment) = DateTime::from_timestamp(within_tables(seconds), 0) else {
        return ZoneTime { offset: 0, abbreviation: "UTC".to_owned() };
    };
    let found = tz.offset_from_utc_datetime(&moment.naive_utc());
    let offset = found.fix().local_minus_utc();
    let abbreviation =
        found.abbreviation().map_or_else(|| numeric_abbreviation(offset, false), |name| name.to_owned());
    ZoneTime { offset, abbreviation }
}

/// A moment with the same rules that the tables know: one of a year that begins with the same day of the week
/// and is as long.
fn within_tables(seconds: i64) -> i64 {
    let days = seconds.div_euclid(86_400);
    let (year, _, _) = date_of_julian((days + i64::from(EPOCH_JULIAN)) as i32);
    if year <= *LAST_YEARS.end() {
        return seconds.max(LOCAL_MEAN_TIME);
    }
    let start = julian_day(year, 1, 1);
    let alike = LAST_YEARS
        .map(|other| (other, julian_day(other, 1, 1)))
        .find(|(other, first)| is_leap(*other) == is_leap(year) && weekday(*first) == weekday(start));
    let first = alike.map_or(start, |(_, first)| first);
    seconds - i64::from(start - first) * 86_400
}

fn numeric_abbreviation(offset: i32, colons: bool) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let colon = if colons { ":" } else { "" };
    let seconds = offset.unsigned_abs();
    let mut text = format!("{sign}{:02}", seconds / 3600);
    if !seconds.is_multiple_of(3600) {
        text.push_str(&format!("{colon}{:02}", seconds / 60 % 60));
    }
    if !seconds.is_multiple_of(60) {
        text.push_str(&format!("{colon}{:02}", seconds % 60));
    }
    text
}

/// The zone's name: `Europe/Berlin`, `+02:00`, `UTC`.
pub(super) fn zone_id(zone: Zone) -> String {
    match zone {
        Zone::Named(tz) => tz.name().to_owned(),
        Zone::Fixed(offset) => {
            let size = offset.unsigned_abs();
            let sign = if offset < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60)
        }
    }
}
