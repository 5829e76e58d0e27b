//! Dates and times: read and printed exactly as PostgreSQL 15 does, and computed with as it does.
//!
//! In columns a date is a number of days and a timestamp a number of microseconds since 1970; the least and
//! the greatest number are -infinity and infinity. A timestamp ends in the year 294247 (PostgreSQL: 294276,
//! for it counts from 2000). A time is a number of microseconds since midnight, up to 24:00 inclusive.
//!
//! ```text
//!  words   the words that a date's text may hold
//!  split   text into pieces: numbers, words, dates, times, offsets
//!  parts   one piece into fields
//!  decode  all pieces into a moment; decode_time into a time of day
//!  date, time, timestamp   values: parse, print, convert, compute
//! ```

pub mod age;
pub mod calendar;
pub mod convert;
pub mod date;
mod decode;
mod decode_time;
pub mod extract;
pub mod make;
mod parts;
mod print;
mod split;
#[cfg(test)]
mod tests;
pub mod time;
pub mod timestamp;
pub mod truncate;
pub mod units;
mod words;

pub use self::calendar::{DAY_US, POSTGRES_EPOCH_DAYS, POSTGRES_EPOCH_US};
pub use self::date::{DATE_INFINITY, DATE_MINUS_INFINITY};
pub use self::timestamp::{INFINITY, MINUS_INFINITY};

use crate::error::{SqlError, SqlState};

pub(crate) use self::parts::{Flaw, clock_text, decimal_fraction, leading_integer, leading_long};
pub(crate) use self::print::{push_fraction, push_seconds};
pub(crate) use self::split::{Look, Piece, split};

/// 22008 with a message.
pub(crate) fn overflow(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::DatetimeOverflow, message)
}

/// `timestamp out of range`
pub(crate) fn timestamp_out_of_range() -> SqlError {
    overflow("timestamp out of range")
}

/// `date out of range`
pub(crate) fn date_out_of_range() -> SqlError {
    overflow("date out of range")
}

/// `interval out of range`
pub(crate) fn interval_out_of_range() -> SqlError {
    overflow("interval out of range")
}
