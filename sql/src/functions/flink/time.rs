//! Flink's `to_timestamp_ltz`; the functions of one part, `year(t)` and the like, are with the dates and times.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::strict;

pub(super) fn rows() -> Vec<Row> {
    vec![
        strict!("to_timestamp_ltz", (n: Int8, precision: Int4) -> Timestamptz => to_timestamp_ltz(n, precision)),
    ]
}

fn to_timestamp_ltz(value: i64, precision: i32) -> SqlResult<i64> {
    let unit = match precision {
        0 => 1_000_000,
        3 => 1_000,
        _ => {
            let message = format!("precision {precision} of to_timestamp_ltz is neither 0 nor 3");
            return Err(SqlError::new(SqlState::InvalidParameterValue, message));
        }
    };
    // The first moment is 4714-11-24 BC.
    value
        .checked_mul(unit)
        .filter(|micros| *micros >= -210_866_803_200_000_000)
        .ok_or_else(|| SqlError::new(SqlState::DatetimeOverflow, "timestamp out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        assert_eq!(to_timestamp_ltz(100, 0), Ok(100_000_000));
        assert_eq!(to_timestamp_ltz(-1, 3), Ok(-1_000));
        assert!(to_timestamp_ltz(1, 6).is_err() && to_timestamp_ltz(i64::MAX, 0).is_err());
        assert!(to_timestamp_ltz(-9_000_000_000_000, 0).is_err());
    }
}
