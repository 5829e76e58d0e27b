//! What `interval hour to minute` and `interval(3)` do to a value.

use super::Interval;
use crate::types::datetime::calendar::{HOUR_US, MINUTE_US};

/// The fields of a modifier as bits.
pub(super) mod field {
    pub const MONTH: i32 = 1 << 1;
    pub const YEAR: i32 = 1 << 2;
    pub const DAY: i32 = 1 << 3;
    pub const HOUR: i32 = 1 << 10;
    pub const MINUTE: i32 = 1 << 11;
    pub const SECOND: i32 = 1 << 12;
    pub const ALL: i32 = 0x7fff;
}

/// A modifier of `atttypmod`: fields as bits (year 4, month 2, day 8, hour 1024, minute 2048, second 4096;
/// None: all) and digits after the second's point (None: six).
pub fn pack(fields: Option<i32>, digits: Option<i32>) -> i32 {
    (fields.unwrap_or(field::ALL) << 16) | digits.unwrap_or(0xffff)
}

/// The fields of a modifier; all of them for -1.
pub(super) fn fields(modifier: i32) -> i32 {
    if modifier < 0 { field::ALL } else { (modifier >> 16) & field::ALL }
}

/// Drops what lies below the least field of a modifier and rounds the seconds to its digits.
pub fn apply(interval: Interval, modifier: i32) -> Interval {
    if modifier < 0 {
        return interval;
    }
    let mut interval = interval;
    let fields = fields(modifier);
    if fields == field::ALL || fields & field::SECOND != 0 {
        // Nothing is dropped.
    } else if fields & field::MINUTE != 0 {
        interval.micros = interval.micros / MINUTE_US * MINUTE_US;
    } else if fields & field::HOUR != 0 {
        interval.micros = interval.micros / HOUR_US * HOUR_US;
    } else if fields & field::DAY != 0 {
        interval.micros = 0;
    } else {
        (interval.days, interval.micros) = (0, 0);
        if fields == field::YEAR {
            interval.months = interval.months / 12 * 12;
        }
    }
    let digits = modifier & 0xffff;
    if digits < 6 {
        interval.micros = crate::types::datetime::time::apply_modifier(interval.micros, digits);
    }
    interval
}
