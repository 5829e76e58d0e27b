//! Flink's functions of dates and times: `year(t)` for `extract(year from t)` and the like, as bigint, and
//! `to_timestamp_ltz`.

use super::nullable;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::format::{DateParts, date_parts, local_parts};
use crate::functions::registry::Row;
use crate::{lenient, strict};

/// The functions of one part, for date, timestamp and timestamptz (in the zone of the settings).
macro_rules! part {
    ($name:literal, $part:expr) => {
        [
            nullable(lenient!($name, (d: Date) -> Int8 => Ok(d.and_then(of_date).map($part)))).safe(),
            nullable(lenient!($name, (t: Timestamp) -> Int8 => Ok(t.and_then(date_parts).map($part)))).safe(),
            nullable(lenient!($name, environment, (t: Timestamptz) -> Int8 => {
                Ok(t.and_then(|t| local_parts(environment, t)).map($part))
            }))
            .safe()
            .stable(),
        ]
    };
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![strict!("to_timestamp_ltz", (n: Int8, precision: Int4) -> Timestamptz => {
        to_timestamp_ltz(n, precision)
    })];
    rows.extend(part!("year", |parts: DateParts| i64::from(parts.year)));
    rows.extend(part!("quarter", |parts: DateParts| i64::from((parts.month - 1) / 3 + 1)));
    rows.extend(part!("month", |parts: DateParts| i64::from(parts.month)));
    rows.extend(part!("week", |parts: DateParts| i64::from(parts.iso_week)));
    rows.extend(part!("dayofyear", |parts: DateParts| i64::from(parts.day_of_year)));
    rows.extend(part!("dayofmonth", |parts: DateParts| i64::from(parts.day)));
    rows.extend(part!("dayofweek", |parts: DateParts| i64::from(parts.weekday + 1)));
    rows.extend(part!("hour", |parts: DateParts| parts.second_of_day / 3600));
    rows.extend(part!("minute", |parts: DateParts| parts.second_of_day / 60 % 60));
    rows.extend(part!("second", |parts: DateParts| parts.second_of_day % 60));
    rows
}

fn of_date(days: i32) -> Option<DateParts> {
    if days == i32::MIN || days == i32::MAX {
        return None;
    }
    // A date may be later than any timestamp; its parts are those of the same day of its 400 years.
    let cycles = i64::from(days).div_euclid(146_097);
    let within = i64::from(days).rem_euclid(146_097);
    let parts = date_parts(within * 86_400_000_000)?;
    Some(DateParts { year: parts.year + cycles as i32 * 400, ..parts })
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
    fn dates_have_their_parts() {
        let parts = of_date(19_785).unwrap();
        assert_eq!((parts.year, parts.month, parts.day, parts.weekday), (2024, 3, 3, 0));
        assert_eq!((parts.iso_week, parts.day_of_year), (9, 63));
        let late = of_date(2_147_483_493 - 2_440_588).unwrap();
        assert_eq!((late.year, late.month, late.day), (5_874_897, 12, 31));
        assert!(of_date(i32::MAX).is_none() && date_parts(i64::MIN).is_none());
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        assert_eq!(to_timestamp_ltz(100, 0), Ok(100_000_000));
        assert_eq!(to_timestamp_ltz(-1, 3), Ok(-1_000));
        assert!(to_timestamp_ltz(1, 6).is_err() && to_timestamp_ltz(i64::MAX, 0).is_err());
        assert!(to_timestamp_ltz(-9_000_000_000_000, 0).is_err());
    }
}
