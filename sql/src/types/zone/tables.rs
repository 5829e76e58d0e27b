//! The tz database as `chrono-tz` has it, for all the years that PostgreSQL has.

use std::borrow::Cow;

use chrono::{DateTime, LocalResult, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use super::Moment;
use super::posix::Posix;
use crate::types::datetime::calendar::{date_of, days_of, is_leap, weekday};

/// 2088-01-01: later years take the offsets of an equal year from 2060 on.
const END_OF_TABLES: i64 = 3_723_753_600;
/// The first of 28 years that follow one another as all years of the calendar do, and whose rules are all the
/// same.
const CYCLE_START: i32 = 2060;

/// Seconds east of UTC at a second UTC.
pub(super) fn offset_at(tz: Tz, second: i64) -> i32 {
    if tz == Tz::UTC {
        return 0;
    }
    if let Some((east, _)) = standard(tz, second) {
        return east;
    }
    match ruled(tz, second) {
        Some(posix) => posix.at(second).east,
        None => tz.offset_from_utc_datetime(&naive(within(second))).fix().local_minus_utc(),
    }
}

/// All that holds at a second UTC.
pub(super) fn moment_at(tz: Tz, second: i64) -> Moment {
    if let Some(posix) = ruled(tz, second) {
        return posix.at(second);
    }
    if let Some((east, abbreviation)) = standard(tz, second) {
        return Moment { east, summer: false, abbreviation: abbreviation.into() };
    }
    let offset = tz.offset_from_utc_datetime(&naive(within(second)));
    let east = offset.fix().local_minus_utc();
    let abbreviation = match offset.abbreviation() {
        Some(name) => Cow::Owned(name.to_owned()),
        None => Cow::Owned(digits(east)),
    };
    Moment { east, summer: offset.dst_offset().num_seconds() != 0, abbreviation }
}

/// Seconds east of UTC of a local second.
pub(super) fn local_offset(tz: Tz, local: i64) -> i32 {
    if tz == Tz::UTC {
        return 0;
    }
    if let Some(posix) = ruled(tz, local) {
        return super::local_offset_at(&super::Clock::Posix(posix), local);
    }
    if let Some((east, _)) = standard(tz, local) {
        return east;
    }
    let local = within(local);
    match tz.offset_from_local_datetime(&naive(local)) {
        LocalResult::Single(offset) => offset.fix().local_minus_utc(),
        LocalResult::Ambiguous(_, after) => after.fix().local_minus_utc(),
        LocalResult::None => offset_at(tz, local - 86_400),
    }
}

/// The offset of a zone that has but one.
pub(super) fn constant_offset(tz: Tz) -> Option<i32> {
    let name = tz.name();
    let east = offset_at(tz, -5_000_000_000);
    // A zone of a place has its own mean time before it has any other.
    if name.starts_with("Etc/") || !name.contains('/') {
        let same = (-60..140).all(|half| offset_at(tz, i64::from(half) * 15_778_800) == east);
        return same.then_some(east);
    }
    None
}

/// What a zone of hours and not of a place holds in years without summer time: the tz database of 2024 made
/// links to places of them, whose mean times and local summers PostgreSQL's packages do not give them.
fn standard(tz: Tz, second: i64) -> Option<(i32, &'static str)> {
    const YEAR_1918: i64 = -1_640_995_200;
    const YEAR_1920: i64 = -1_577_923_200;
    const YEAR_1942: i64 = -883_612_800;
    const YEAR_1946: i64 = -757_382_400;
    const YEAR_1967: i64 = -94_694_400;
    let (hours, abbreviation, always) = match tz {
        Tz::EST5EDT => (-5, "EST", false),
        Tz::CST6CDT => (-6, "CST", false),
        Tz::MST7MDT => (-7, "MST", false),
        Tz::PST8PDT => (-8, "PST", false),
        Tz::EST => (-5, "EST", true),
        Tz::MST => (-7, "MST", true),
        Tz::HST => (-10, "HST", true),
        _ => return None,
    };
    let plain = second < YEAR_1918
        || (YEAR_1920..YEAR_1942).contains(&second)
        || (YEAR_1946..YEAR_1967).contains(&second);
    (always || plain).then_some((hours * 3_600, abbreviation))
}

/// Zones whose tables list moons to 2086, so that no cycle of them may be taken for the years after.
fn ruled(tz: Tz, second: i64) -> Option<Posix> {
    if second < END_OF_TABLES {
        return None;
    }
    match tz {
        Tz::Africa__Casablanca | Tz::Africa__El_Aaiun => Posix::read("<+01>-1"),
        Tz::Asia__Gaza | Tz::Asia__Hebron => Posix::read("EET-2EEST,M3.4.4/50,M10.4.4/50"),
        _ => None,
    }
}

/// A second of the tables' years at which the same rules hold.
fn within(second: i64) -> i64 {
    if second < END_OF_TABLES {
        return second;
    }
    let year = date_of(second.div_euclid(86_400)).0;
    let start = days_of(year, 1, 1);
    let equal = (CYCLE_START..CYCLE_START + 28)
        .find(|other| is_leap(*other) == is_leap(year) && weekday(days_of(*other, 1, 1)) == weekday(start))
        .unwrap_or(CYCLE_START);
    second - (start - days_of(equal, 1, 1)) * 86_400
}

fn naive(second: i64) -> NaiveDateTime {
    DateTime::from_timestamp(second, 0).unwrap_or_default().naive_utc()
}

/// `+03`, `-0330`: what a zone without letters is called.
fn digits(east: i32) -> String {
    super::offset_text(east).replace(':', "")
}
