//! Functions that tell the time: that of the statement, which the environment says.
//!
//! The layer has no clock of its own, so `clock_timestamp` and `timeofday` tell the statement's time too.

use crate::error::SqlResult;
use crate::functions::registry::Row;
use crate::strict;
use crate::types::datetime::timestamp;
use crate::types::environment::{DateOrder, DateStyle, Environment};

/// The functions.
#[allow(unused_imports, reason = "the macro reads no argument here")]
pub fn rows() -> Vec<Row> {
    vec![
        strict!("clock_timestamp", env, () -> Timestamptz => env.statement()).safe().stable().volatile(),
        strict!("statement_timestamp", env, () -> Timestamptz => env.statement()).safe().stable(),
        strict!("transaction_timestamp", env, () -> Timestamptz => env.now()).safe().stable(),
        strict!("timeofday", env, () -> Text => time_of_day(env)).safe().stable().volatile(),
    ]
}

/// `Sat Nov 28 09:44:01.000000 2026 UTC`: all six digits stand.
fn time_of_day(environment: &Environment) -> SqlResult<String> {
    let style = Environment {
        date_style: DateStyle::Postgres,
        date_order: DateOrder::Mdy,
        zone: environment.zone,
        ..Environment::default()
    };
    let now = environment.statement()?;
    let micro = now.rem_euclid(1_000_000);
    let text = timestamp::print_timestamptz(now - micro, &style);
    // `Sat Nov 28 09:44:01` is nineteen characters long in that style.
    Ok(match text.split_at_checked(19) {
        Some((before, after)) => format!("{before}.{micro:06}{after}"),
        None => text,
    })
}
