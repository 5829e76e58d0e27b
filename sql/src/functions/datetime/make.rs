//! `make_date` and its kin, `to_timestamp(float8)`, and the functions named like types that make one of
//! another.

use crate::error::SqlResult;
use crate::functions::adapt::{Float8, Input as _, Int4, IntervalOf, Output as _};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::types::datetime::{convert, make, time, timestamp};
use crate::types::interval::apply_modifier;
use crate::{lenient, strict};
use arrow::array::ArrayRef;
use millstream_catalog::Kind;

/// The functions.
pub fn rows() -> Vec<Row> {
    [makes(), converts(), modifiers()].concat()
}

fn makes() -> Vec<Row> {
    const INT: Param = Param::Of(Kind::Int4);
    let interval = [INT, INT, INT, INT, INT, INT, Param::Of(Kind::Float8)];
    vec![
        strict!("make_date", (y: Int4, m: Int4, d: Int4) -> Date => make::date(y, m, d)),
        strict!("make_time", (h: Int4, m: Int4, s: Float8) -> Time => make::time(h, m, s)),
        strict!("make_timestamp", (y: Int4, m: Int4, d: Int4, h: Int4, n: Int4, s: Float8) -> Timestamp => {
            make::timestamp(y, m, d, h, n, s)
        }),
        strict!("make_timestamptz", env,
            (y: Int4, m: Int4, d: Int4, h: Int4, n: Int4, s: Float8) -> Timestamptz => {
            make::timestamptz(make::timestamp(y, m, d, h, n, s)?, env)
        })
        .stable(),
        strict!("make_timestamptz",
            (y: Int4, m: Int4, d: Int4, h: Int4, n: Int4, s: Float8, z: Text) -> Timestamptz => {
            make::timestamptz_in(make::timestamp(y, m, d, h, n, s)?, z)
        })
        .stable(),
        Row { strict: true, ..whole("make_interval", &interval, Param::Of(Kind::Interval), make_interval) }
            .defaults(7),
        strict!("to_timestamp", (s: Float8) -> Timestamptz => convert::seconds_to_timestamptz(s)).monotonic(),
    ]
}

/// make_interval of so many of its arguments as are given.
fn make_interval(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let mut answers = IntervalOf::builder(call.rows);
    for row in 0..call.rows {
        if call.any_null(row) {
            IntervalOf::append_null(&mut answers);
            continue;
        }
        let mut counts = [0; 6];
        for (count, argument) in counts.iter_mut().zip(call.arguments) {
            *count = Int4::get(Int4::array(argument.array.as_ref())?, argument.at(row));
        }
        let seconds = match call.arguments.get(6) {
            Some(argument) => Float8::get(Float8::array(argument.array.as_ref())?, argument.at(row)),
            None => 0.0,
        };
        IntervalOf::append(&mut answers, make::interval(counts, seconds)?)?;
    }
    Ok(IntervalOf::finish(answers))
}

fn converts() -> Vec<Row> {
    vec![
        strict!("date", (v: Timestamp) -> Date => convert::timestamp_to_date(v)).monotonic(),
        strict!("date", env, (v: Timestamptz) -> Date => convert::timestamptz_to_date(v, env)).stable(),
        strict!("timestamp", (v: Date) -> Timestamp => convert::date_to_timestamp(v)).monotonic(),
        strict!("timestamp", (v: Date, t: Time) -> Timestamp => convert::date_plus_time(v, t)).monotonic(),
        strict!("timestamp", env, (v: Timestamptz) -> Timestamp => timestamp::to_timestamp(v, env)).stable(),
        strict!("timestamptz", env, (v: Date) -> Timestamptz => convert::date_to_timestamptz(v, env))
            .stable(),
        strict!("timestamptz", (v: Date, t: TimetzOf) -> Timestamptz => convert::date_plus_timetz(v, t))
            .monotonic(),
        strict!("timestamptz", env, (v: Date, t: Time) -> Timestamptz => {
            timestamp::to_timestamptz(convert::date_plus_time(v, t)?, env)
        })
        .stable(),
        strict!("timestamptz", env, (v: Timestamp) -> Timestamptz => timestamp::to_timestamptz(v, env))
            .stable(),
        strict!("time", (v: IntervalOf) -> Time => Ok(convert::interval_to_time(v))).safe(),
        strict!("time", (v: TimetzOf) -> Time => Ok(convert::timetz_to_time(v))).safe(),
        strict_of(
            lenient!("time", (v: Timestamp) -> Time => Ok(v.and_then(convert::timestamp_to_time))).safe(),
        ),
        strict_of(lenient!("time", env, (v: Timestamptz) -> Time => {
            Ok(v.and_then(|v| convert::timestamptz_to_time(v, env)))
        }))
        .safe()
        .stable(),
        strict!("timetz", env, (v: Time) -> TimetzOf => convert::time_to_timetz(v, env)).safe().stable(),
        strict_of(lenient!("timetz", env, (v: Timestamptz) -> TimetzOf => {
            Ok(v.and_then(|v| convert::timestamptz_to_timetz(v, env)))
        }))
        .safe()
        .stable(),
        strict!("interval", (v: Time) -> IntervalOf => Ok(convert::time_to_interval(v))).safe().monotonic(),
    ]
}

/// Rows that see NULL only to be able to answer it: strict all the same.
fn strict_of(row: Row) -> Row {
    Row { strict: true, ..row }
}

fn modifiers() -> Vec<Row> {
    vec![
        strict!("time", (v: Time, m: Int4) -> Time => Ok(time::apply_modifier(v, m))).safe().monotonic(),
        strict!("timetz", (v: TimetzOf, m: Int4) -> TimetzOf => Ok(time::apply_timetz_modifier(v, m))).safe(),
        strict!("timestamp", (v: Timestamp, m: Int4) -> Timestamp => {
            Ok(timestamp::apply_modifier(v, m))
        })
        .safe()
        .monotonic(),
        strict!("timestamptz", (v: Timestamptz, m: Int4) -> Timestamptz => {
            Ok(timestamp::apply_modifier(v, m))
        })
        .safe()
        .monotonic(),
        strict!("interval", (v: IntervalOf, m: Int4) -> IntervalOf => Ok(apply_modifier(v, m))).safe(),
    ]
}
