//! OVERLAPS: whether two spans of time have a moment in common.

use crate::error::SqlResult;
use crate::functions::registry::Row;
use crate::lenient;
use crate::types::datetime::{time, timestamp};
use crate::types::interval::Interval;
use crate::types::timetz::Timetz;

/// Whether two spans overlap, by the SQL standard's rule: a span holds its start but not its end, unless they
/// are one. An end that is NULL is unknown; of a span with one end NULL the other is its start.
fn overlap<T: Ord + Copy>(
    first: (Option<T>, Option<T>),
    second: (Option<T>, Option<T>),
) -> SqlResult<Option<bool>> {
    let ordered = |span: (Option<T>, Option<T>)| match span {
        (Some(start), Some(end)) => Some((start.min(end), Some(start.max(end)))),
        (Some(one), None) | (None, Some(one)) => Some((one, None)),
        (None, None) => None,
    };
    let (Some(first), Some(second)) = (ordered(first), ordered(second)) else { return Ok(None) };
    let (early, late) = if first.0 > second.0 { (second, first) } else { (first, second) };
    Ok(match (early.1, late.1) {
        (Some(_), Some(_)) if early.0 == late.0 => Some(true),
        _ if early.0 == late.0 => None,
        (None, _) => None,
        (Some(end), _) if late.0 < end => Some(true),
        (Some(_), None) => None,
        (Some(_), Some(_)) => Some(false),
    })
}

fn key(value: Option<Timetz>) -> Option<(i64, i32)> {
    value.map(|value| (value.moment(), value.zone))
}

/// The sum of two values, if neither is NULL.
fn sum<A, B, T>(a: Option<A>, b: Option<B>, plus: impl Fn(A, B) -> SqlResult<T>) -> SqlResult<Option<T>> {
    match (a, b) {
        (Some(a), Some(b)) => plus(a, b).map(Some),
        _ => Ok(None),
    }
}

fn plus_time(time: i64, interval: Interval) -> SqlResult<i64> {
    Ok(time::plus(time, interval))
}

/// The functions.
pub fn rows() -> Vec<Row> {
    vec![
        lenient!("overlaps", (a: TimetzOf, b: TimetzOf, c: TimetzOf, d: TimetzOf) -> Bool => {
            overlap((key(a), key(b)), (key(c), key(d)))
        })
        .safe(),
        lenient!("overlaps", (a: Time, b: Time, c: Time, d: Time) -> Bool => overlap((a, b), (c, d))).safe(),
        lenient!("overlaps", (a: Time, b: IntervalOf, c: Time, d: IntervalOf) -> Bool => {
            overlap((a, sum(a, b, plus_time)?), (c, sum(c, d, plus_time)?))
        })
        .safe(),
        lenient!("overlaps", (a: Time, b: IntervalOf, c: Time, d: Time) -> Bool => {
            overlap((a, sum(a, b, plus_time)?), (c, d))
        })
        .safe(),
        lenient!("overlaps", (a: Time, b: Time, c: Time, d: IntervalOf) -> Bool => {
            overlap((a, b), (c, sum(c, d, plus_time)?))
        })
        .safe(),
        lenient!("overlaps", (a: Timestamp, b: Timestamp, c: Timestamp, d: Timestamp) -> Bool => {
            overlap((a, b), (c, d))
        })
        .safe(),
        lenient!("overlaps", (a: Timestamp, b: IntervalOf, c: Timestamp, d: IntervalOf) -> Bool => {
            overlap((a, sum(a, b, timestamp::plus)?), (c, sum(c, d, timestamp::plus)?))
        }),
        lenient!("overlaps", (a: Timestamp, b: IntervalOf, c: Timestamp, d: Timestamp) -> Bool => {
            overlap((a, sum(a, b, timestamp::plus)?), (c, d))
        }),
        lenient!("overlaps", (a: Timestamp, b: Timestamp, c: Timestamp, d: IntervalOf) -> Bool => {
            overlap((a, b), (c, sum(c, d, timestamp::plus)?))
        }),
        lenient!("overlaps", (a: Timestamptz, b: Timestamptz, c: Timestamptz, d: Timestamptz) -> Bool => {
            overlap((a, b), (c, d))
        })
        .safe(),
        lenient!("overlaps", env, (a: Timestamptz, b: IntervalOf, c: Timestamptz, d: IntervalOf) -> Bool => {
            let plus = |a, b| timestamp::plus_timestamptz(a, b, env);
            overlap((a, sum(a, b, plus)?), (c, sum(c, d, plus)?))
        })
        .stable(),
        lenient!("overlaps", env, (a: Timestamptz, b: IntervalOf, c: Timestamptz, d: Timestamptz) -> Bool => {
            overlap((a, sum(a, b, |a, b| timestamp::plus_timestamptz(a, b, env))?), (c, d))
        })
        .stable(),
        lenient!("overlaps", env, (a: Timestamptz, b: Timestamptz, c: Timestamptz, d: IntervalOf) -> Bool => {
            overlap((a, b), (c, sum(c, d, |a, b| timestamp::plus_timestamptz(a, b, env))?))
        })
        .stable(),
    ]
}
