//! The words that the text of a date or time may hold, besides the names of zones.

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing: `at`, `on`.
    Nothing,
    /// A moment or time of its own.
    Special(Special),
    /// A month, 1 to 12.
    Month(i32),
    /// A day of the week.
    Weekday,
    /// `am` (false), `pm` (true)
    HalfDay(bool),
    /// `bc` (true), `ad` (false)
    Era(bool),
    /// `dst`: an hour more.
    SummerTime,
    /// `t`: a time follows.
    TimeFollows,
    /// Says what the next number is.
    Unit(Unit),
}

/// Words for moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    Now,
    Today,
    Tomorrow,
    Yesterday,
    Midnight,
    Epoch,
    Infinity,
    MinusInfinity,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Julian,
    /// Hours, minutes and seconds, after `t`.
    Time,
    /// `dow`, `doy`, `isodow`, `isoyear`: no number can be that.
    Other,
}

/// The meaning of a word in lower case; only its first ten letters count.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    use Meaning::*;
    Some(match word.get(..10).unwrap_or(word) {
        "-infinity" => Special(self::Special::MinusInfinity),
        "ad" => Era(false),
        "allballs" => Special(self::Special::Midnight),
        "am" => HalfDay(false),
        "apr" | "april" => Month(4),
        "at" | "on" => Nothing,
        "aug" | "august" => Month(8),
        "bc" => Era(true),
        "d" => Unit(self::Unit::Day),
        "dec" | "december" => Month(12),
        "dow" | "doy" | "isodow" | "isoyear" => Unit(self::Unit::Other),
        "dst" => SummerTime,
        "epoch" => Special(self::Special::Epoch),
        "feb" | "february" => Month(2),
        "fri" | "friday" | "mon" | "monday" | "sat" | "saturday" | "sun" | "sunday" | "thu" | "thur"
        | "thurs" | "thursday" | "tue" | "tues" | "tuesday" | "wed" | "wednesday" | "weds" => Weekday,
        "h" => Unit(self::Unit::Hour),
        "infinity" => Special(self::Special::Infinity),
        "j" | "jd" | "julian" => Unit(self::Unit::Julian),
        "jan" | "january" => Month(1),
        "jul" | "july" => Month(7),
        "jun" | "june" => Month(6),
        "m" => Unit(self::Unit::Month),
        "mar" | "march" => Month(3),
        "may" => Month(5),
        "mm" => Unit(self::Unit::Minute),
        "nov" | "november" => Month(11),
        "now" => Special(self::Special::Now),
        "oct" | "october" => Month(10),
        "pm" => HalfDay(true),
        "s" => Unit(self::Unit::Second),
        "sep" | "sept" | "september" => Month(9),
        "t" => TimeFollows,
        "today" => Special(self::Special::Today),
        "tomorrow" => Special(self::Special::Tomorrow),
        "y" => Unit(self::Unit::Year),
        "yesterday" => Special(self::Special::Yesterday),
        _ => return None,
    })
}
