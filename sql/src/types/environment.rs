//! The settings that values are read, printed and computed under: what a session says with SET, and what a view took
//! at its CREATE.

use chrono_tz::Tz;

/// The order of the fields of a date like `01/02/03`, and the style in which dates are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateOrder {
    /// Month, day, year: PostgreSQL's default.
    #[default]
    Mdy,
    /// Day, month, year.
    Dmy,
    /// Year, month, day.
    Ymd,
}

/// How dates and timestamps are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateStyle {
    /// `1997-12-17 07:37:16-08`
    #[default]
    Iso,
    /// `12/17/1997 07:37:16.00 PST`
    Sql,
    /// `Wed Dec 17 07:37:16 1997 PST`
    Postgres,
    /// `17.12.1997 07:37:16.00 PST`
    German,
}

/// How intervals are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IntervalStyle {
    /// `1 year 2 mons 3 days 04:05:06`
    #[default]
    Postgres,
    /// `@ 1 year 2 mons 3 days 4 hours 5 mins 6 secs`
    PostgresVerbose,
    /// `+1-2 +3 +4:05:06`
    SqlStandard,
    /// `P1Y2M3DT4H5M6S`
    Iso8601,
}

/// A time zone as `SET TimeZone` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// A zone of the tz database, by name.
    Named(Tz),
    /// Seconds east of UTC, as `SET TIME ZONE '+02'` and ISO offsets give it.
    Fixed(i32),
}

impl Default for Zone {
    fn default() -> Self {
        Zone::Named(Tz::UTC)
    }
}

/// The settings that a value's text and a function's answer depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Environment {
    /// `TimeZone`
    pub zone: Zone,
    /// The first half of `DateStyle`
    pub date_style: DateStyle,
    /// The second half of `DateStyle`
    pub date_order: DateOrder,
    /// `IntervalStyle`
    pub interval_style: IntervalStyle,
    /// `extra_float_digits` is 0 or less: 15 digits (6 of a real), less or more by so many; None: shortest exact text.
    pub float_digits: Option<i32>,
    /// `bytea_output` is `escape`.
    pub bytea_escape: bool,
    /// The time at which the statement (in a view: the commit) began, in microseconds since 1970: what `'now'` and
    /// `'today'` mean.
    pub now_us: i64,
    /// The names looked up without a schema, first to last.
    pub search_path: Vec<String>,
}
