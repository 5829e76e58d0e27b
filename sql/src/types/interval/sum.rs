//! The sum of many intervals, for `sum` and `avg`.

use super::{Interval, arithmetic};
use crate::error::SqlResult;
use crate::types::datetime::interval_out_of_range;

/// A sum of intervals and how many they are; wide, so that the order of the rows does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IntervalSum {
    /// Sum of the months.
    pub months: i128,
    /// Sum of the days.
    pub days: i128,
    /// Sum of the microseconds.
    pub micros: i128,
    /// Number of intervals.
    pub count: u64,
}

impl IntervalSum {
    /// Takes an interval.
    pub fn add(&mut self, interval: Interval) {
        self.months += i128::from(interval.months);
        self.days += i128::from(interval.days);
        self.micros += i128::from(interval.micros);
        self.count += 1;
    }

    /// Takes an interval out again.
    pub fn remove(&mut self, interval: Interval) {
        self.months -= i128::from(interval.months);
        self.days -= i128::from(interval.days);
        self.micros -= i128::from(interval.micros);
        self.count = self.count.saturating_sub(1);
    }

    /// Takes another sum.
    pub fn merge(&mut self, other: &IntervalSum) {
        self.months += other.months;
        self.days += other.days;
        self.micros += other.micros;
        self.count += other.count;
    }

    /// The sum; None of no intervals.
    pub fn sum(&self) -> SqlResult<Option<Interval>> {
        if self.count == 0 {
            return Ok(None);
        }
        let narrow = |value: i128| i32::try_from(value).map_err(|_| interval_out_of_range());
        Ok(Some(Interval {
            months: narrow(self.months)?,
            days: narrow(self.days)?,
            micros: i64::try_from(self.micros).map_err(|_| interval_out_of_range())?,
        }))
    }

    /// The average; None of no intervals.
    pub fn average(&self) -> SqlResult<Option<Interval>> {
        match self.sum()? {
            Some(sum) => arithmetic::divide(sum, self.count as f64).map(Some),
            None => Ok(None),
        }
    }

    /// The state in 56 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(56);
        for part in [self.months, self.days, self.micros] {
            bytes.extend(part.to_be_bytes());
        }
        bytes.extend(self.count.to_be_bytes());
        bytes
    }

    /// What [`IntervalSum::to_bytes`] wrote; None of other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let part = |at: usize| bytes.get(at..at + 16)?.try_into().ok().map(i128::from_be_bytes);
        let count = bytes.get(48..56)?.try_into().ok().map(u64::from_be_bytes)?;
        Some(Self { months: part(0)?, days: part(16)?, micros: part(32)?, count })
    }
}
