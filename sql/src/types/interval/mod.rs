//! Intervals: months, days and microseconds, read, printed and computed with exactly as PostgreSQL 15 does.
//!
//! Two intervals are equal when their canonical lengths are (a month is 30 days, a day 24 hours):
//! [`Interval::length`]. What holds keys must use that or [`Interval::key_bytes`], not the three numbers.

mod arithmetic;
mod iso;
mod modifier;
mod parse;
mod print;
mod stored;
mod sum;
#[cfg(test)]
mod tests;

pub use self::arithmetic::{
    divide, justify_days, justify_hours, justify_interval, minus, multiply, negate, plus,
};
pub use self::modifier::{apply as apply_modifier, pack as pack_modifier};
pub use self::parse::parse;
pub use self::print::print;
pub use self::sum::IntervalSum;

use crate::types::datetime::DAY_US;

/// A value of type interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// Months, years being twelve of them.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

impl Interval {
    /// Microseconds of it, with months of 30 days and days of 24 hours: what intervals are compared by.
    pub fn length(self) -> i128 {
        let days = i128::from(self.months) * 30 + i128::from(self.days);
        days * i128::from(DAY_US) + i128::from(self.micros)
    }

    /// The length in bytes that are ordered as intervals are; equal intervals have equal bytes.
    pub fn key_bytes(self) -> [u8; 16] {
        ((self.length() as u128) ^ (1 << 127)).to_be_bytes()
    }

    /// How it compares with another, as PostgreSQL's `interval_cmp`.
    pub fn compare(self, other: Interval) -> std::cmp::Ordering {
        self.length().cmp(&other.length())
    }
}
