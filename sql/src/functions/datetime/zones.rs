//! AT TIME ZONE: `timezone(zone, value)`.

use std::cell::RefCell;

use crate::error::SqlResult;
use crate::functions::registry::Row;
use crate::strict;
use crate::types::datetime::make::{self, Named};
use crate::types::datetime::timestamp;

thread_local! {
    /// The zone named last: a column of values is mostly moved to one zone.
    static LAST: RefCell<Option<(String, Named)>> = const { RefCell::new(None) };
}

/// Calls a function with the zone of a name.
fn with_zone<T>(name: &str, take: impl FnOnce(&Named) -> SqlResult<T>) -> SqlResult<T> {
    LAST.with_borrow_mut(|last| match last {
        Some((known, zone)) if known == name => take(zone),
        _ => {
            let zone = make::zone_by_name(name)?;
            let answer = take(&zone);
            *last = Some((name.to_owned(), zone));
            answer
        }
    })
}

/// The functions.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("timezone", (z: Text, v: Timestamp) -> Timestamptz => {
            if !timestamp::is_finite(v) {
                return Ok(v);
            }
            with_zone(z, |zone| make::local_to_moment(zone, v))
        }),
        strict!("timezone", (z: Text, v: Timestamptz) -> Timestamp => {
            if !timestamp::is_finite(v) {
                return Ok(v);
            }
            with_zone(z, |zone| make::moment_to_local(zone, v))
        }),
        strict!("timezone", env, (z: Text, v: TimetzOf) -> TimetzOf => {
            with_zone(z, |zone| make::timetz_to_zone(zone, v, env))
        })
        .stable(),
        strict!("timezone", env, (z: IntervalOf, v: Timestamp) -> Timestamptz => {
            // An infinity is moved nowhere, whatever the zone.
            if !timestamp::is_finite(v) {
                return Ok(v);
            }
            make::local_to_moment(&make::zone_by_interval(z, env)?, v)
        }),
        strict!("timezone", env, (z: IntervalOf, v: Timestamptz) -> Timestamp => {
            if !timestamp::is_finite(v) {
                return Ok(v);
            }
            make::moment_to_local(&make::zone_by_interval(z, env)?, v)
        }),
        strict!("timezone", env, (z: IntervalOf, v: TimetzOf) -> TimetzOf => {
            make::timetz_to_zone(&make::zone_by_interval(z, env)?, v, env)
        }),
    ]
}
