//! Intervals in columns: Arrow's form counts the time in nanoseconds, PostgreSQL's in microseconds, both in 64 bits.
//!
//! What fits is a whole number of microseconds there, so nearly every number of nanoseconds is free. The times that do not
//! fit, beyond 292 years of hours, take those, in order: both are 2^64 numbers, so each time has a number of its own.
//!
//! ```text
//!  microseconds   0   1     …  9223372036854775      | 9223372036854776  …+998  +999  …
//!  stored         0   1000  …  9223372036854775000   | 1                 …999   1001  …
//! ```
//!
//! Nothing compares or computes with the stored number: keys are made of [`Interval::length`].

use arrow::datatypes::IntervalMonthDayNano;

use super::Interval;

/// The greatest number of microseconds that is stored as so many nanoseconds; the same below zero.
const FITTING: u64 = (i64::MAX / 1_000) as u64;

impl Interval {
    /// The value of a column.
    #[inline]
    pub fn of_stored(stored: IntervalMonthDayNano) -> Interval {
        let micros = match stored.nanoseconds % 1_000 {
            0 => stored.nanoseconds / 1_000,
            _ => {
                let taken = stored.nanoseconds.unsigned_abs();
                signed(FITTING + taken - taken / 1_000, stored.nanoseconds < 0)
            }
        };
        Interval { months: stored.months, days: stored.days, micros }
    }

    /// The value for a column.
    #[inline]
    pub fn stored(self) -> IntervalMonthDayNano {
        let nanoseconds = match self.micros.unsigned_abs() {
            0..=FITTING => self.micros * 1_000,
            beyond => {
                let rank = beyond - FITTING;
                signed(rank + (rank - 1) / 999, self.micros < 0)
            }
        };
        IntervalMonthDayNano::new(self.months, self.days, nanoseconds)
    }
}

/// A number of that magnitude; 2^63 is one only below zero.
fn signed(magnitude: u64, negative: bool) -> i64 {
    if negative { (magnitude as i64).wrapping_neg() } else { magnitude as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_has_a_stored_number_of_its_own() {
        let fitting = FITTING as i64;
        let edges = [0, 1, 999, fitting - 1, fitting, fitting + 1, fitting + 999, fitting + 1_000, i64::MAX];
        for micros in edges.into_iter().flat_map(|edge| [edge, -edge, -edge - 1]) {
            let interval = Interval { months: 1, days: -2, micros };
            assert_eq!(Interval::of_stored(interval.stored()), interval, "{micros}");
        }
        for nanoseconds in
            [1, 999, 1_000, 1_001, i64::MAX - 1, i64::MAX].into_iter().flat_map(|n| [n, -n, -n - 1])
        {
            let stored = IntervalMonthDayNano::new(0, 0, nanoseconds);
            assert_eq!(Interval::of_stored(stored).stored(), stored, "{nanoseconds}");
        }
    }

    #[test]
    fn what_fits_is_stored_as_nanoseconds() {
        let stored = |micros| Interval { months: 0, days: 0, micros }.stored().nanoseconds;
        assert_eq!([stored(7), stored(-7)], [7_000, -7_000]);
        assert_eq!(stored(9_223_372_036_854_775), 9_223_372_036_854_775_000);
        assert_eq!([stored(9_223_372_036_854_776), stored(-9_223_372_036_854_776)], [1, -1]);
        assert_eq!([stored(i64::MAX), stored(i64::MIN)], [i64::MAX, i64::MIN]);
    }
}
