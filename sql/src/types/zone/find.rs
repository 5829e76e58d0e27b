//! What a word that names a time zone means.
//!
//! In a date's text and in `AT TIME ZONE` an abbreviation goes before the name of a zone (`EST` is always
//! UTC-5 there); `SET TimeZone` takes names only.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::abbreviations::{Meaning, meaning};
use super::{Clock, Posix, fixed_meaning};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::datetime::calendar::SECOND_US;
use crate::types::environment::{IntervalStyle, Zone};
use crate::types::interval;

/// What an abbreviation means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Seconds east of UTC, and whether it is a summer time.
    Fixed(i32, bool),
    /// What that zone means by it.
    Moving(Clock),
}

static NAMES: LazyLock<HashMap<String, Tz>> =
    LazyLock::new(|| TZ_VARIANTS.iter().map(|tz| (tz.name().to_ascii_lowercase(), *tz)).collect());

/// All zones of the tz database, by name.
pub fn names() -> impl Iterator<Item = (&'static str, Clock)> {
    TZ_VARIANTS.iter().map(|tz| (tz.name(), Clock::Zone(Zone::Named(*tz))))
}

/// The zone of a name (in any case of letters) or of a POSIX rule.
pub fn find(name: &str) -> Option<Clock> {
    if name.len() > 255 || !name.is_ascii() {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let plain = lower.strip_prefix("posix/").unwrap_or(&lower);
    if let Some(tz) = NAMES.get(plain) {
        return Some(Clock::Zone(Zone::Named(*tz)));
    }
    Posix::read(&name.to_ascii_uppercase()).map(Clock::Posix)
}

/// What an abbreviation in lower case means.
pub fn word(abbreviation: &str) -> Option<Word> {
    let found = meaning(abbreviation.get(..10).unwrap_or(abbreviation))?;
    if let Some(east) = fixed_meaning(found) {
        return Some(Word::Fixed(east, matches!(found, Meaning::Fixed(_, true))));
    }
    match found {
        Meaning::Of(zone) => find(zone).map(Word::Moving),
        Meaning::Fixed(east, summer) => Some(Word::Fixed(east, summer)),
    }
}

/// The zone that a value of `SET TimeZone` means: a name, hours east of UTC, `INTERVAL '…'` or a POSIX rule.
pub fn read_setting(text: &str) -> SqlResult<Zone> {
    let invalid = || {
        let message = format!("invalid value for parameter \"TimeZone\": \"{text}\"");
        SqlError::new(SqlState::InvalidParameterValue, message)
    };
    if let Some(quoted) = text.get(..8).filter(|word| word.eq_ignore_ascii_case("interval")) {
        let quoted = text[quoted.len()..].trim();
        let inner = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).ok_or_else(invalid)?;
        let value = interval::parse(inner, -1, IntervalStyle::Postgres)?;
        if value.months != 0 {
            return Err(invalid().with_detail("Cannot specify months in time zone interval."));
        }
        if value.days != 0 {
            return Err(invalid().with_detail("Cannot specify days in time zone interval."));
        }
        return fixed(value.micros / SECOND_US).ok_or_else(invalid);
    }
    if let Ok(hours) = text.trim_start().parse::<f64>() {
        return fixed((hours * 3_600.0) as i64).ok_or_else(invalid);
    }
    match find(text).ok_or_else(invalid)? {
        Clock::Zone(zone) => Ok(zone),
        Clock::Posix(posix) => posix.constant().map(Zone::Fixed).ok_or_else(|| {
            SqlError::unsupported(
                format!("time zone \"{text}\" with a rule for summer time cannot be a session's"),
                "Use the name of a zone of the tz database.",
            )
        }),
    }
}

/// What `SHOW TimeZone` says of a zone.
pub fn setting_text(zone: Zone) -> String {
    match zone {
        Zone::Named(tz) => tz.name().to_owned(),
        Zone::Fixed(east) => format!("<{}>{}", super::offset_text(east), super::offset_text(-east)),
    }
}

fn fixed(seconds: i64) -> Option<Zone> {
    let east = i32::try_from(seconds).ok()?;
    (east.abs() < 168 * 3_600).then_some(Zone::Fixed(east))
}
