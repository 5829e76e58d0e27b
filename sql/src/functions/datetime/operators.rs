//! `+`, `-`, `*` and `/` of dates, times and intervals.

use crate::functions::registry::Row;
use crate::strict;
use crate::types::datetime::{convert, date, time, timestamp};
use crate::types::interval;

/// The operators.
pub fn rows() -> Vec<Row> {
    [of_dates(), of_times(), of_timestamps(), of_intervals()].concat()
}

fn of_dates() -> Vec<Row> {
    vec![
        strict!("+", (a: Date, b: Int4) -> Date => date::plus_days(a, b.into())).monotonic(),
        strict!("+", (a: Int4, b: Date) -> Date => date::plus_days(b, a.into())).monotonic(),
        strict!("-", (a: Date, b: Int4) -> Date => date::plus_days(a, -i64::from(b))).monotonic(),
        strict!("-", (a: Date, b: Date) -> Int4 => date::minus(a, b)).monotonic(),
        strict!("+", (a: Date, b: IntervalOf) -> Timestamp => {
            timestamp::plus(convert::date_to_timestamp(a)?, b)
        })
        .monotonic(),
        strict!("+", (a: IntervalOf, b: Date) -> Timestamp => {
            timestamp::plus(convert::date_to_timestamp(b)?, a)
        }),
        strict!("-", (a: Date, b: IntervalOf) -> Timestamp => {
            timestamp::minus_interval(convert::date_to_timestamp(a)?, b)
        })
        .monotonic(),
        strict!("+", (a: Date, b: Time) -> Timestamp => convert::date_plus_time(a, b)).monotonic(),
        strict!("+", (a: Time, b: Date) -> Timestamp => convert::date_plus_time(b, a)).monotonic(),
        strict!("+", (a: Date, b: TimetzOf) -> Timestamptz => convert::date_plus_timetz(a, b)).monotonic(),
        strict!("+", (a: TimetzOf, b: Date) -> Timestamptz => convert::date_plus_timetz(b, a)).monotonic(),
    ]
}

fn of_times() -> Vec<Row> {
    vec![
        strict!("+", (a: Time, b: IntervalOf) -> Time => Ok(time::plus(a, b))).safe(),
        strict!("+", (a: IntervalOf, b: Time) -> Time => Ok(time::plus(b, a))).safe(),
        strict!("-", (a: Time, b: IntervalOf) -> Time => Ok(time::minus_interval(a, b))).safe(),
        strict!("-", (a: Time, b: Time) -> IntervalOf => Ok(time::minus(a, b))).safe().monotonic(),
        strict!("+", (a: TimetzOf, b: IntervalOf) -> TimetzOf => Ok(time::timetz_plus(a, b))).safe(),
        strict!("+", (a: IntervalOf, b: TimetzOf) -> TimetzOf => Ok(time::timetz_plus(b, a))).safe(),
        strict!("-", (a: TimetzOf, b: IntervalOf) -> TimetzOf => Ok(time::timetz_minus(a, b))).safe(),
    ]
}

fn of_timestamps() -> Vec<Row> {
    vec![
        // Not monotonic: a month added to the 30th at noon and to the 31st at nine gives the same day.
        strict!("+", (a: Timestamp, b: IntervalOf) -> Timestamp => timestamp::plus(a, b)),
        strict!("+", (a: IntervalOf, b: Timestamp) -> Timestamp => timestamp::plus(b, a)),
        strict!("-", (a: Timestamp, b: IntervalOf) -> Timestamp => timestamp::minus_interval(a, b)),
        strict!("-", (a: Timestamp, b: Timestamp) -> IntervalOf => timestamp::minus(a, b)).monotonic(),
        // Not monotonic: months and days are counted in local time, which goes back in a fold.
        strict!("+", env, (a: Timestamptz, b: IntervalOf) -> Timestamptz => {
            timestamp::plus_timestamptz(a, b, env)
        })
        .stable(),
        strict!("+", env, (a: IntervalOf, b: Timestamptz) -> Timestamptz => {
            timestamp::plus_timestamptz(b, a, env)
        })
        .stable(),
        strict!("-", env, (a: Timestamptz, b: IntervalOf) -> Timestamptz => {
            timestamp::minus_interval_timestamptz(a, b, env)
        })
        .stable(),
        strict!("-", (a: Timestamptz, b: Timestamptz) -> IntervalOf => timestamp::minus(a, b)).monotonic(),
    ]
}

fn of_intervals() -> Vec<Row> {
    vec![
        strict!("+", (a: IntervalOf, b: IntervalOf) -> IntervalOf => interval::plus(a, b)).monotonic(),
        strict!("-", (a: IntervalOf, b: IntervalOf) -> IntervalOf => interval::minus(a, b)).monotonic(),
        strict!("-", (a: IntervalOf) -> IntervalOf => interval::negate(a)),
        strict!("*", (a: IntervalOf, b: Float8) -> IntervalOf => interval::multiply(a, b)),
        strict!("*", (a: Float8, b: IntervalOf) -> IntervalOf => interval::multiply(b, a)),
        strict!("/", (a: IntervalOf, b: Float8) -> IntervalOf => interval::divide(a, b)),
    ]
}
