//! PostgreSQL's formatting functions: `to_char`, `to_date`, `to_timestamp` and `to_number`, and `date_format`
//! and `from_unixtime` with the patterns of Java.
//!
//! ```text
//!  template ── datetime_out   to_char(timestamp | timestamptz | interval, text)
//!     └─────── datetime_in ── datetime_resolve   to_date, to_timestamp
//!  picture ─── number_out ─── number_value       to_char(number, text)
//!     └─────── number_in                         to_number
//!  java        date_format, from_unixtime
//! ```
//!
//! The language is English and the locale C, whatever the settings.

mod calendar;
mod datetime_in;
mod datetime_out;
mod datetime_resolve;
mod java;
mod names;
mod number_in;
mod number_out;
mod number_value;
mod picture;
#[cfg(test)]
mod recorded;
mod sizes;
mod template;
#[cfg(test)]
mod tests;
mod zone;

pub use datetime_out::{
    DateParts, date_parts, local_parts, to_char_interval, to_char_timestamp, to_char_timestamptz,
};
pub use datetime_resolve::{to_date, to_timestamp};
pub use java::{UNIXTIME_PATTERN, date_format_timestamp, date_format_timestamptz, from_unixtime};
pub use number_in::to_number;
pub use number_value::{to_char_float4, to_char_float8, to_char_int4, to_char_int8, to_char_numeric};

use super::registry::Row;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::numeric::Numeric;
use crate::{lenient, strict};

/// The longest text that one call gives, in bytes.
const VALUE_BYTES: usize = 64 << 20;

/// The functions, as rows of the registry.
pub fn rows() -> Vec<Row> {
    let mut rows = number_rows();
    rows.extend(datetime_rows());
    rows.extend(java_rows());
    rows.extend(sizes::rows());
    rows
}

fn number_rows() -> Vec<Row> {
    vec![
        strict!("to_char", (n: Int4, f: Text) -> Text => to_char_int4(n, f)).stable().grows(),
        strict!("to_char", (n: Int8, f: Text) -> Text => to_char_int8(n, f)).stable().grows(),
        strict!("to_char", (n: Float4, f: Text) -> Text => to_char_float4(n, f)).stable().grows(),
        strict!("to_char", (n: Float8, f: Text) -> Text => to_char_float8(n, f)).stable().grows(),
        strict!("to_char", (n: Num, f: Text) -> Text => to_char_numeric(&n.to_string(), f)).stable().grows(),
        nullable(lenient!("to_number", (t: Text, f: Text) -> Num => {
            both(t, f, |t, f| to_number(t, f)?.map(|text| Numeric::parse(&text)).transpose())
        }))
        .stable(),
    ]
}

fn datetime_rows() -> Vec<Row> {
    vec![
        nullable(lenient!("to_char", (t: Timestamp, f: Text) -> Text => both(t, f, to_char_timestamp)))
            .stable()
            .grows(),
        nullable(lenient!("to_char", environment, (t: Timestamptz, f: Text) -> Text => {
            both(t, f, |t, f| to_char_timestamptz(environment, t, f))
        }))
        .stable()
        .grows(),
        nullable(lenient!("to_char", (i: IntervalOf, f: Text) -> Text => both(i, f, to_char_interval)))
            .stable()
            .grows(),
        strict!("to_date", (t: Text, f: Text) -> Date => to_date(t, f)).stable(),
        strict!("to_timestamp", environment, (t: Text, f: Text) -> Timestamptz => {
            to_timestamp(environment, t, f)
        })
        .stable(),
    ]
}

fn java_rows() -> Vec<Row> {
    vec![
        nullable(lenient!("date_format", (t: Timestamp, p: Text) -> Text => {
            both(t, p, date_format_timestamp)
        }))
        .grows(),
        nullable(lenient!("date_format", environment, (t: Timestamptz, p: Text) -> Text => {
            both(t, p, |t, p| date_format_timestamptz(environment, t, p))
        }))
        .stable()
        .grows(),
        strict!("from_unixtime", environment, (s: Int8) -> Text => {
            from_unixtime(environment, s, UNIXTIME_PATTERN)
        })
        .stable(),
        strict!("from_unixtime", environment, (s: Int8, p: Text) -> Text => from_unixtime(environment, s, p))
            .stable()
            .grows(),
    ]
}

/// A row that gives NULL for NULL, and for some other values too.
fn nullable(row: Row) -> Row {
    Row { strict: true, ..row }
}

fn both<A, B, C>(
    first: Option<A>,
    second: Option<B>,
    function: impl Fn(A, B) -> SqlResult<Option<C>>,
) -> SqlResult<Option<C>> {
    match (first, second) {
        (Some(first), Some(second)) => function(first, second),
        _ => Ok(None),
    }
}

fn is_finite(micros: i64) -> bool {
    micros != i64::MIN && micros != i64::MAX
}

fn check_size(bytes: usize) -> SqlResult<()> {
    if bytes > VALUE_BYTES {
        return Err(SqlError::new(SqlState::ProgramLimit, format!("a value would take {bytes} bytes")));
    }
    Ok(())
}
