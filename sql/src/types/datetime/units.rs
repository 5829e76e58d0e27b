//! The units that `extract`, `date_part`, `date_trunc` and the text of an interval know, by all their names.

/// A unit of time, or a field that `extract` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    TimeZone,
    TimeZoneHour,
    TimeZoneMinute,
    DayOfWeek,
    DayOfYear,
    IsoDayOfWeek,
    IsoYear,
    Julian,
    Epoch,
    /// A word for a moment, such as `now`: known, but no unit.
    Moment,
}

/// A unit of an interval by a name in lower case, of which ten letters count.
pub fn unit(name: &str) -> Option<Unit> {
    // The units that most queries ask for, before all names are gone through.
    match name {
        "hour" => return Some(Unit::Hour),
        "day" => return Some(Unit::Day),
        "minute" => return Some(Unit::Minute),
        "month" => return Some(Unit::Month),
        "year" => return Some(Unit::Year),
        _ => {}
    }
    Some(match name.get(..10).unwrap_or(name) {
        "c" | "cent" | "centuries" | "century" => Unit::Century,
        "d" | "day" | "days" => Unit::Day,
        "dec" | "decade" | "decades" | "decs" => Unit::Decade,
        "h" | "hour" | "hours" | "hr" | "hrs" => Unit::Hour,
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
        "microsecon" | "us" | "usec" | "usecond" | "useconds" | "usecs" => Unit::Microsecond,
        "mil" | "millennia" | "millennium" | "mils" => Unit::Millennium,
        "millisecon" | "ms" | "msec" | "msecond" | "mseconds" | "msecs" => Unit::Millisecond,
        "mon" | "mons" | "month" | "months" => Unit::Month,
        "qtr" | "quarter" => Unit::Quarter,
        "s" | "sec" | "second" | "seconds" | "secs" => Unit::Second,
        "timezone" => Unit::TimeZone,
        "timezone_h" => Unit::TimeZoneHour,
        "timezone_m" => Unit::TimeZoneMinute,
        "w" | "week" | "weeks" => Unit::Week,
        "y" | "year" | "years" | "yr" | "yrs" => Unit::Year,
        _ => return None,
    })
}

/// A field of a moment by a name in lower case: units, and fields that no interval has.
pub fn field(name: &str) -> Option<Unit> {
    unit(name).or_else(|| {
        Some(match name.get(..10).unwrap_or(name) {
            "dow" => Unit::DayOfWeek,
            "doy" => Unit::DayOfYear,
            "isodow" => Unit::IsoDayOfWeek,
            "isoyear" => Unit::IsoYear,
            "j" | "jd" | "julian" => Unit::Julian,
            "mm" => Unit::Minute,
            "epoch" => Unit::Epoch,
            "now" | "today" | "tomorrow" | "yesterday" | "infinity" | "-infinity" | "allballs" => {
                Unit::Moment
            }
            _ => return None,
        })
    })
}

/// A name as PostgreSQL compares it: lower case, its first 63 bytes.
pub(crate) fn lower(name: &str) -> String {
    let mut end = name.len().min(63);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_ascii_lowercase()
}
