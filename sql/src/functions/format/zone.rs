//! Local time by the zone of the settings, as the formatting functions show it.

use crate::types::environment::Zone;
use crate::types::zone;

/// What a zone says about a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ZoneTime {
    /// Seconds east of UTC.
    pub offset: i32,
    /// `CET`, `+03`
    pub abbreviation: String,
}

/// What the zone says about a moment, in microseconds since 1970 UTC.
pub(super) fn zone_time(zone: Zone, micros: i64) -> ZoneTime {
    match zone {
        Zone::Fixed(offset) => ZoneTime { offset, abbreviation: numeric_abbreviation(offset) },
        Zone::Named(_) => {
            let moment = zone::moment_at(&zone.into(), micros.div_euclid(1_000_000));
            ZoneTime { offset: moment.east, abbreviation: moment.abbreviation.into_owned() }
        }
    }
}

/// Seconds east of UTC of a local time (microseconds since 1970 of the local clock). A time that the clock
/// skips is taken by the offset before the change, one that it shows twice by the offset after it.
pub(super) fn offset_of_local(zone: Zone, local_micros: i64) -> i32 {
    zone::local_offset_at(&zone.into(), local_micros.div_euclid(1_000_000))
}

fn numeric_abbreviation(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let mut text = format!("{sign}{:02}", seconds / 3600);
    if !seconds.is_multiple_of(3600) {
        text.push_str(&format!(":{:02}", seconds / 60 % 60));
    }
    if !seconds.is_multiple_of(60) {
        text.push_str(&format!(":{:02}", seconds % 60));
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
