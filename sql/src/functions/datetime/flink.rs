//! Functions that Flink and RisingWave spell and PostgreSQL does not have.

use crate::error::SqlResult;
use crate::functions::registry::Row;
use crate::types::datetime::extract::{self, Exact};
use crate::types::datetime::{age, convert, timestamp, truncate};
use crate::{lenient, strict};

/// The functions.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        strict!("timestampdiff", (u: Text, a: Timestamp, b: Timestamp) -> Int4 => age::difference(u, a, b)),
        strict!("timestampdiff", env, (u: Text, a: Timestamptz, b: Timestamptz) -> Int4 => {
            age::difference(u, timestamp::to_timestamp(a, env)?, timestamp::to_timestamp(b, env)?)
        })
        .stable(),
        strict!("timestampadd", (u: Text, n: Int4, v: Timestamp) -> Timestamp => age::add(u, n, v)),
        strict!("timestampadd", env, (u: Text, n: Int4, v: Timestamptz) -> Timestamptz => {
            age::add_timestamptz(u, n, v, env)
        })
        .stable(),
        strict!("floor_to", (v: Timestamp, u: Text) -> Timestamp => truncate::floor(v, u)).monotonic(),
        strict!("ceil_to", (v: Timestamp, u: Text) -> Timestamp => truncate::ceil(v, u)).monotonic(),
        strict!("floor_to", env, (v: Timestamptz, u: Text) -> Timestamptz => {
            truncate::timestamptz(u, v, env)
        })
        .stable(),
        strict!("ceil_to", env, (v: Timestamptz, u: Text) -> Timestamptz => {
            truncate::ceil_timestamptz(v, u, env)
        })
        .stable(),
        strict!("floor_to", (v: Date, u: Text) -> Date => {
            convert::timestamp_to_date(truncate::floor(convert::date_to_timestamp(v)?, u)?)
        })
        .monotonic(),
        strict!("ceil_to", (v: Date, u: Text) -> Date => {
            convert::timestamp_to_date(truncate::ceil(convert::date_to_timestamp(v)?, u)?)
        })
        .monotonic(),
    ];
    rows.extend(fields());
    rows
}

/// A whole field; NULL of an infinity.
fn field(name: &str, timestamp: i64, plus: i64) -> SqlResult<Option<i64>> {
    if !timestamp::is_finite(timestamp) {
        return Ok(None);
    }
    let found = extract::of_timestamp(name, timestamp)?;
    Ok(found.and_then(|found| match found.exact {
        Exact::Scaled(units, scale) => {
            let whole = units / 10_i128.checked_pow(scale)?;
            i64::try_from(whole).ok().map(|whole| whole + plus)
        }
        Exact::Infinity | Exact::MinusInfinity => None,
    }))
}

/// Rows that see NULL only to be able to answer it: strict all the same.
fn strict_of(row: Row) -> Row {
    Row { strict: true, ..row }
}

macro_rules! field_rows {
    ($($name:literal is $field:literal plus $plus:literal;)*) => {
        vec![$(
            strict_of(lenient!($name, (v: Date) -> Int8 => match v {
                Some(v) => field($field, convert::date_to_timestamp(v)?, $plus),
                None => Ok(None),
            })),
            strict_of(lenient!($name, (v: Timestamp) -> Int8 => match v {
                Some(v) => field($field, v, $plus),
                None => Ok(None),
            })),
            strict_of(lenient!($name, env, (v: Timestamptz) -> Int8 => match v {
                Some(v) => field($field, timestamp::to_timestamp(v, env)?, $plus),
                None => Ok(None),
            }))
            .stable(),
        )*]
    };
}

fn fields() -> Vec<Row> {
    field_rows! {
        "year" is "year" plus 0;
        "quarter" is "quarter" plus 0;
        "month" is "month" plus 0;
        "week" is "week" plus 0;
        "dayofyear" is "doy" plus 0;
        "dayofmonth" is "day" plus 0;
        // Flink counts from 1 for Sunday.
        "dayofweek" is "dow" plus 1;
        "hour" is "hour" plus 0;
        "minute" is "minute" plus 0;
        "second" is "second" plus 0;
    }
}
