//! Functions that wait: advisory locks and `pg_sleep`.
//!
//! They run on a thread of the query, which gives its other work away first, and look every few milliseconds whether
//! the statement is to stop.

use std::time::{Duration, Instant};

use arrow::datatypes::DataType::{Boolean, Utf8};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use millstream_sql::SqlState;

use super::arguments::Arguments;
use super::{Function, boolean, null, refuse, text};
use crate::engine::advisory::{LockKey, Span};
use crate::query::pg_catalog::Facts;

/// How long a wait goes on before it looks around.
const STEP: Duration = Duration::from_millis(5);

/// The functions that give nothing.
pub(super) const IS_VOID: [&str; 8] = [
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_advisory_xact_lock",
    "pg_advisory_xact_lock_shared",
    "pg_advisory_unlock_all",
    "pg_sleep",
    "pg_sleep_for",
    "pg_sleep_until",
];

/// The functions that must run once for each row, and never while planning.
pub(super) const IS_VOLATILE: [&str; 15] = [
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_advisory_xact_lock",
    "pg_advisory_xact_lock_shared",
    "pg_advisory_unlock_all",
    "pg_sleep",
    "pg_sleep_for",
    "pg_sleep_until",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
    "pg_try_advisory_xact_lock",
    "pg_try_advisory_xact_lock_shared",
    "pg_advisory_unlock",
    "pg_advisory_unlock_shared",
    "set_config",
];

pub fn functions() -> Vec<Function> {
    let wait = |name, body| Function::new(name, 1..=2, |_| Utf8, body);
    let ask = |name, body| Function::new(name, 1..=2, |_| Boolean, body);
    vec![
        wait("pg_advisory_lock", |facts, args| lock(facts, args, false, Span::Session)),
        wait("pg_advisory_lock_shared", |facts, args| lock(facts, args, true, Span::Session)),
        wait("pg_advisory_xact_lock", |facts, args| lock(facts, args, false, Span::Transaction)),
        wait("pg_advisory_xact_lock_shared", |facts, args| lock(facts, args, true, Span::Transaction)),
        ask("pg_try_advisory_lock", |facts, args| try_lock(facts, args, false, Span::Session)),
        ask("pg_try_advisory_lock_shared", |facts, args| try_lock(facts, args, true, Span::Session)),
        ask("pg_try_advisory_xact_lock", |facts, args| try_lock(facts, args, false, Span::Transaction)),
        ask("pg_try_advisory_xact_lock_shared", |facts, args| try_lock(facts, args, true, Span::Transaction)),
        ask("pg_advisory_unlock", |facts, args| unlock(facts, args, false)),
        ask("pg_advisory_unlock_shared", |facts, args| unlock(facts, args, true)),
        Function::new(
            "pg_advisory_unlock_all",
            0..=0,
            |_| Utf8,
            |facts, _| {
                facts.locks.release_session();
                text("")
            },
        ),
        Function::new(
            "pg_sleep",
            1..=1,
            |_| Utf8,
            |facts, args| {
                let seconds = match args.0.first() {
                    Some(ScalarValue::Float64(Some(seconds))) => *seconds,
                    _ => match args.text(0).and_then(|text| text.parse::<f64>().ok()) {
                        Some(seconds) => seconds,
                        None => return null(),
                    },
                };
                let whole = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
                let begun = Instant::now();
                wait_until(facts, || begun.elapsed() >= whole)?;
                text("")
            },
        ),
    ]
}

/// Waits until something is so, a cancel comes or the statement's time is over.
fn wait_until(facts: &Facts, is_so: impl Fn() -> bool) -> Result<()> {
    if is_so() {
        return Ok(());
    }
    let (timeout, begun) = (facts.settings.statement_timeout(), Instant::now());
    crate::session::aside(|| {
        loop {
            std::thread::sleep(STEP);
            if facts.cancel.is_cancelled() {
                return Err(refuse(SqlState::QueryCanceled, "canceling statement due to user request"));
            }
            if timeout.is_some_and(|timeout| begun.elapsed() >= timeout) {
                return Err(refuse(SqlState::QueryCanceled, "canceling statement due to statement timeout"));
            }
            if is_so() {
                return Ok(());
            }
        }
    })
}

fn key(args: &Arguments) -> Result<Option<LockKey>> {
    let range = || refuse(SqlState::NumericOutOfRange, "integer out of range");
    let Some(first) = args.integer(0) else { return Ok(None) };
    if args.0.len() < 2 {
        return Ok(Some(LockKey::One(first)));
    }
    let Some(second) = args.integer(1) else { return Ok(None) };
    let number = |value: i64| i32::try_from(value).map_err(|_| range());
    Ok(Some(LockKey::Two(number(first)?, number(second)?)))
}

fn lock(facts: &Facts, args: &Arguments, shared: bool, span: Span) -> Result<ScalarValue> {
    let Some(key) = key(args)? else { return null() };
    wait_until(facts, || facts.locks.try_lock(key, shared, span))?;
    text("")
}

fn try_lock(facts: &Facts, args: &Arguments, shared: bool, span: Span) -> Result<ScalarValue> {
    let Some(key) = key(args)? else { return null() };
    boolean(facts.locks.try_lock(key, shared, span))
}

fn unlock(facts: &Facts, args: &Arguments, shared: bool) -> Result<ScalarValue> {
    let Some(key) = key(args)? else { return null() };
    boolean(facts.locks.unlock(key, shared))
}
