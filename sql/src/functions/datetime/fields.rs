//! `extract`, `date_part`, `date_trunc`, `date_bin`, `age`, `justify_…` and `isfinite`.

use crate::error::SqlResult;
use crate::functions::registry::Row;
use crate::types::datetime::extract::{self, Exact, Extracted};
use crate::types::datetime::{age, convert, date, timestamp, truncate};
use crate::types::environment::Environment;
use crate::types::interval;
use crate::types::numeric::Numeric;
use crate::{lenient, strict};

/// The functions.
pub fn rows() -> Vec<Row> {
    [extracts(), parts(), truncates(), others()].concat()
}

/// A field as a numeric of its fixed scale.
fn numeric(value: Extracted) -> Numeric {
    match value.exact {
        Exact::Scaled(units, scale) => Numeric::small(units, scale as u16),
        Exact::Infinity => Numeric::Infinity,
        Exact::MinusInfinity => Numeric::NegativeInfinity,
    }
}

fn float(value: Extracted) -> f64 {
    value.float
}

/// A field of two values that may be NULL: an infinity has no day.
fn optional<A, B, T>(
    first: Option<A>,
    second: Option<B>,
    field: impl FnOnce(A, B) -> SqlResult<Option<Extracted>>,
    form: impl FnOnce(Extracted) -> T,
) -> SqlResult<Option<T>> {
    match (first, second) {
        (Some(first), Some(second)) => Ok(field(first, second)?.map(form)),
        _ => Ok(None),
    }
}

/// Rows that see NULL only to be able to answer it: strict all the same.
fn strict_of(row: Row) -> Row {
    Row { strict: true, ..row }
}

fn extracts() -> Vec<Row> {
    vec![
        strict_of(lenient!("extract", (u: Text, v: Date) -> Num => {
            optional(u, v, extract::of_date, numeric)
        })),
        strict_of(lenient!("extract", (u: Text, v: Timestamp) -> Num => {
            optional(u, v, extract::of_timestamp, numeric)
        })),
        strict_of(lenient!("extract", env, (u: Text, v: Timestamptz) -> Num => {
            optional(u, v, |u, v| extract::of_timestamptz(u, v, env.zone), numeric)
        }))
        .stable(),
        strict!("extract", (u: Text, v: Time) -> Num => extract::of_time(u, v).map(numeric)),
        strict!("extract", (u: Text, v: TimetzOf) -> Num => extract::of_timetz(u, v).map(numeric)),
        strict!("extract", (u: Text, v: IntervalOf) -> Num => extract::of_interval(u, v).map(numeric)),
    ]
}

fn parts() -> Vec<Row> {
    vec![
        // A date is a timestamp to date_part: it has an hour.
        strict_of(lenient!("date_part", (u: Text, v: Date) -> Float8 => {
            optional(u, v, |u, v| extract::of_timestamp(u, convert::date_to_timestamp(v)?), float)
        })),
        strict_of(lenient!("date_part", (u: Text, v: Timestamp) -> Float8 => {
            optional(u, v, extract::of_timestamp, float)
        })),
        strict_of(lenient!("date_part", env, (u: Text, v: Timestamptz) -> Float8 => {
            optional(u, v, |u, v| extract::of_timestamptz(u, v, env.zone), float)
        }))
        .stable(),
        strict!("date_part", (u: Text, v: Time) -> Float8 => extract::of_time(u, v).map(float)),
        strict!("date_part", (u: Text, v: TimetzOf) -> Float8 => extract::of_timetz(u, v).map(float)),
        strict!("date_part", (u: Text, v: IntervalOf) -> Float8 => extract::of_interval(u, v).map(float)),
    ]
}

fn truncates() -> Vec<Row> {
    vec![
        strict!("date_trunc", (u: Text, v: Timestamp) -> Timestamp => truncate::timestamp(u, v)),
        strict!("date_trunc", env, (u: Text, v: Timestamptz) -> Timestamptz => {
            truncate::timestamptz(u, v, env)
        })
        .stable(),
        strict!("date_trunc", (u: Text, v: Timestamptz, z: Text) -> Timestamptz => {
            truncate::timestamptz_in(u, v, z)
        })
        .stable(),
        strict!("date_trunc", (u: Text, v: IntervalOf) -> IntervalOf => truncate::interval(u, v)),
        strict!("date_bin", (s: IntervalOf, v: Timestamp, o: Timestamp) -> Timestamp => {
            truncate::bin(s, v, o)
        }),
        strict!("date_bin", (s: IntervalOf, v: Timestamptz, o: Timestamptz) -> Timestamptz => {
            truncate::bin(s, v, o)
        }),
    ]
}

/// Midnight of the session's day.
fn today(environment: &Environment) -> SqlResult<i64> {
    convert::date_to_timestamp(convert::timestamptz_to_date(environment.now()?, environment)?)
}

fn others() -> Vec<Row> {
    vec![
        strict!("age", (a: Timestamp, b: Timestamp) -> IntervalOf => age::timestamp(a, b)),
        // PostgreSQL calls it immutable, though it counts in the session's local time.
        strict!("age", env, (a: Timestamptz, b: Timestamptz) -> IntervalOf => {
            age::timestamptz(a, b, env.zone)
        })
        .stable(),
        strict!("age", env, (a: Timestamp) -> IntervalOf => age::timestamp(today(env)?, a)).stable(),
        strict!("age", env, (a: Timestamptz) -> IntervalOf => {
            age::timestamptz(timestamp::to_timestamptz(today(env)?, env)?, a, env.zone)
        })
        .stable(),
        strict!("justify_days", (a: IntervalOf) -> IntervalOf => interval::justify_days(a)),
        strict!("justify_hours", (a: IntervalOf) -> IntervalOf => interval::justify_hours(a)),
        strict!("justify_interval", (a: IntervalOf) -> IntervalOf => interval::justify_interval(a)),
        strict!("isfinite", (a: Date) -> Bool => Ok(date::is_finite(a))).safe(),
        strict!("isfinite", (a: Timestamp) -> Bool => Ok(timestamp::is_finite(a))).safe(),
        strict!("isfinite", (a: Timestamptz) -> Bool => Ok(timestamp::is_finite(a))).safe(),
        strict!("isfinite", (_a: IntervalOf) -> Bool => Ok(true)).safe(),
    ]
}
