//! WITH (…): which options there are, and their values.

use std::collections::BTreeMap;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::IntervalStyle;
use crate::types::interval;

/// Options of streams, and whether they are built.
pub(super) const STREAM_OPTIONS: [(&str, bool); 6] = [
    ("partitions", true),
    ("retention", true),
    ("retention_bytes", true),
    ("idle_timeout", false),
    ("max_event_time_ahead", false),
    ("segment_size", false),
];

/// Options of materialized views, and whether they are built.
pub(super) const VIEW_OPTIONS: [(&str, bool); 9] = [
    ("allowed_lateness", true),
    ("bytea_output", true),
    ("datestyle", true),
    ("extra_float_digits", true),
    ("intervalstyle", true),
    ("on_error", true),
    ("snapshot_interval", true),
    ("state_retention", false),
    ("timezone", true),
];

/// A span of time in an option, in microseconds, longer than nothing. A number alone would be seconds, as in Postgres: who
/// meant days would lose rows, so it is refused.
pub(super) fn positive_duration(name: &str, text: &str) -> SqlResult<i64> {
    let without_unit = text.trim().parse::<f64>().is_ok();
    match duration_option(name, text) {
        Ok(us) if us > 0 && !without_unit => Ok(us),
        _ => {
            let message = format!("option \"{name}\" must be a positive length of time, not \"{text}\"");
            let hint =
                "give days, hours, minutes or seconds, such as '7 days'; months and years differ in length";
            Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint))
        }
    }
}

/// A size in an option, in bytes: a number, or one with a unit of 1024 (`10 GB`, `1.5TB`). Positive.
pub(super) fn bytes_option(name: &str, text: &str) -> SqlResult<u64> {
    let digits = text.trim().find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.trim().len());
    let (number, unit) = text.trim().split_at(digits);
    let factor: Option<u64> = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "kb" => Some(1 << 10),
        "mb" => Some(1 << 20),
        "gb" => Some(1 << 30),
        "tb" => Some(1 << 40),
        _ => None,
    };
    let bytes = factor.and_then(|factor| match number.parse::<u64>() {
        Ok(whole) => whole.checked_mul(factor),
        // A fraction of a unit; what a float cannot tell apart at this size does not matter.
        Err(_) => number
            .parse::<f64>()
            .ok()
            .map(|part| part * factor as f64)
            .and_then(|bytes| (factor > 1 && bytes < i64::MAX as f64).then_some(bytes as u64)),
    });
    match bytes {
        Some(bytes) if bytes > 0 && i64::try_from(bytes).is_ok() => Ok(bytes),
        _ => {
            let message = format!("option \"{name}\" must be a positive size, not \"{text}\"");
            let hint = "give a number of bytes, or one with a unit: 'kB', 'MB', 'GB' or 'TB', as in '10 GB'";
            Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint))
        }
    }
}

pub(super) fn known_options(
    options: &BTreeMap<String, String>,
    known: &[(&str, bool)],
    kind: &str,
) -> SqlResult<BTreeMap<String, String>> {
    for name in options.keys() {
        match known.iter().find(|(known, _)| known == name) {
            Some((_, true)) => {}
            Some((_, false)) => {
                let built = built(known);
                return Err(SqlError::unsupported(
                    format!("option \"{name}\" of a {kind} is not built yet"),
                    built,
                ));
            }
            None => {
                let message = format!("unrecognized option \"{name}\" of a {kind}");
                return Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(built(known)));
            }
        }
    }
    Ok(options.clone())
}

pub(super) fn built(known: &[(&str, bool)]) -> String {
    let names: Vec<&str> = known.iter().filter(|(_, built)| *built).map(|(name, _)| *name).collect();
    if names.is_empty() {
        "there are no options".to_owned()
    } else {
        format!("options are: {}", names.join(", "))
    }
}

/// A span of time in an option, in microseconds: `10 seconds`, `1 day`. Not negative, no months.
pub fn duration_option(name: &str, text: &str) -> SqlResult<i64> {
    let bad = || {
        let message =
            format!("option \"{name}\" must be a length of time such as '10 seconds', not \"{text}\"");
        SqlError::new(SqlState::InvalidParameterValue, message)
    };
    let value = interval::parse(text, -1, IntervalStyle::default()).map_err(|_| bad())?;
    let us = value.length();
    match i64::try_from(us) {
        Ok(us) if us >= 0 && value.months == 0 => Ok(us),
        _ => Err(bad()),
    }
}

pub(super) fn option_list(options: &BTreeMap<String, String>) -> String {
    if options.is_empty() {
        return String::new();
    }
    let option = |(name, value): (&String, &String)| format!("{name} = '{}'", value.replace('\'', "''"));
    format!(" WITH ({})", options.iter().map(option).collect::<Vec<_>>().join(", "))
}
