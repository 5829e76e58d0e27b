//! Sums, products and the justifying of intervals.

use super::Interval;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::datetime::{DAY_US, interval_out_of_range};

/// -interval
pub fn negate(interval: Interval) -> SqlResult<Interval> {
    let negated = || {
        Some(Interval {
            months: interval.months.checked_neg()?,
            days: interval.days.checked_neg()?,
            micros: interval.micros.checked_neg()?,
        })
    };
    negated().ok_or_else(interval_out_of_range)
}

/// interval + interval
pub fn plus(left: Interval, right: Interval) -> SqlResult<Interval> {
    let sum = || {
        Some(Interval {
            months: left.months.checked_add(right.months)?,
            days: left.days.checked_add(right.days)?,
            micros: left.micros.checked_add(right.micros)?,
        })
    };
    sum().ok_or_else(interval_out_of_range)
}

/// interval - interval
pub fn minus(left: Interval, right: Interval) -> SqlResult<Interval> {
    let difference = || {
        Some(Interval {
            months: left.months.checked_sub(right.months)?,
            days: left.days.checked_sub(right.days)?,
            micros: left.micros.checked_sub(right.micros)?,
        })
    };
    difference().ok_or_else(interval_out_of_range)
}

/// interval * float8
pub fn multiply(interval: Interval, factor: f64) -> SqlResult<Interval> {
    scale(interval, |part| part * factor)
}

/// interval / float8
pub fn divide(interval: Interval, divisor: f64) -> SqlResult<Interval> {
    if divisor == 0.0 {
        return Err(SqlError::new(SqlState::DivisionByZero, "division by zero"));
    }
    scale(interval, |part| part / divisor)
}

/// Scales each part; fractions of months spill into days and fractions of days into the time, never back up.
fn scale(interval: Interval, scaled: impl Fn(f64) -> f64) -> SqlResult<Interval> {
    let to_micros = |seconds: f64| (seconds * 1_000_000.0).round_ties_even() / 1_000_000.0;
    let narrow = |value: f64| match value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX) {
        true => Ok(value as i32),
        false => Err(interval_out_of_range()),
    };
    let (exact_months, exact_days) = (scaled(interval.months.into()), scaled(interval.days.into()));
    let (months, mut days) = (narrow(exact_months)?, narrow(exact_days)?);
    let spilled_days = to_micros((exact_months - f64::from(months)) * 30.0);
    let day_fraction = exact_days - f64::from(days) + spilled_days - spilled_days.trunc();
    let mut seconds = to_micros(day_fraction * 86_400.0);
    if seconds.abs() >= 86_400.0 {
        let more = (seconds / 86_400.0).trunc();
        days = days.checked_add(more as i32).ok_or_else(interval_out_of_range)?;
        seconds -= more * 86_400.0;
    }
    days = days.checked_add(spilled_days as i32).ok_or_else(interval_out_of_range)?;
    let micros = (scaled(interval.micros as f64) + seconds * 1_000_000.0).round_ties_even();
    if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&micros) {
        return Err(interval_out_of_range());
    }
    Ok(Interval { months, days, micros: micros as i64 })
}

/// justify_hours: 24 hours become a day; days and time get one sign.
pub fn justify_hours(interval: Interval) -> SqlResult<Interval> {
    let whole = (interval.micros / DAY_US) as i32;
    let mut days = interval.days.checked_add(whole).ok_or_else(interval_out_of_range)?;
    let mut micros = interval.micros % DAY_US;
    if days > 0 && micros < 0 {
        micros += DAY_US;
        days -= 1;
    } else if days < 0 && micros > 0 {
        micros -= DAY_US;
        days += 1;
    }
    Ok(Interval { months: interval.months, days, micros })
}

/// justify_days: 30 days become a month; months and days get one sign.
pub fn justify_days(interval: Interval) -> SqlResult<Interval> {
    let mut months = interval.months.checked_add(interval.days / 30).ok_or_else(interval_out_of_range)?;
    let mut days = interval.days % 30;
    if months > 0 && days < 0 {
        days += 30;
        months -= 1;
    } else if months < 0 && days > 0 {
        days -= 30;
        months += 1;
    }
    Ok(Interval { months, days, micros: interval.micros })
}

/// justify_interval: both, and months, days and time get one sign.
pub fn justify_interval(interval: Interval) -> SqlResult<Interval> {
    let whole_days = i64::from(interval.days) + interval.micros / DAY_US;
    let mut micros = interval.micros % DAY_US;
    let months = i64::from(interval.months) + whole_days / 30;
    let mut days = (whole_days % 30) as i32;
    let mut months = i32::try_from(months).map_err(|_| interval_out_of_range())?;
    if months > 0 && (days < 0 || days == 0 && micros < 0) {
        days += 30;
        months -= 1;
    } else if months < 0 && (days > 0 || days == 0 && micros > 0) {
        days -= 30;
        months += 1;
    }
    if days > 0 && micros < 0 {
        micros += DAY_US;
        days -= 1;
    } else if days < 0 && micros > 0 {
        micros -= DAY_US;
        days += 1;
    }
    Ok(Interval { months, days, micros })
}
