//! Prints an interval in the four styles.

use std::fmt::Write as _;

use super::Interval;
use crate::types::datetime::calendar::{HOUR_US, MINUTE_US, SECOND_US};
use crate::types::datetime::{push_fraction, push_seconds};
use crate::types::environment::IntervalStyle;

/// An interval taken apart; all of a part have its sign.
struct Parts {
    year: i32,
    month: i32,
    day: i32,
    hour: i64,
    minute: i32,
    second: i32,
    micro: i32,
}

impl Parts {
    fn clock_is_zero(&self) -> bool {
        self.hour == 0 && self.minute == 0 && self.second == 0 && self.micro == 0
    }

    fn clock_is_negative(&self) -> bool {
        self.hour < 0 || self.minute < 0 || self.second < 0 || self.micro < 0
    }
}

/// Prints an interval.
pub fn print(interval: Interval, style: IntervalStyle) -> String {
    let Interval { months, days, micros } = interval;
    let parts = Parts {
        year: months / 12,
        month: months % 12,
        day: days,
        hour: micros / HOUR_US,
        minute: (micros / MINUTE_US % 60) as i32,
        second: (micros / SECOND_US % 60) as i32,
        micro: (micros % SECOND_US) as i32,
    };
    let mut text = String::with_capacity(24);
    // Writing to a String cannot fail.
    let _ = match style {
        IntervalStyle::Postgres => postgres(&mut text, &parts),
        IntervalStyle::PostgresVerbose => verbose(&mut text, &parts),
        IntervalStyle::SqlStandard => standard(&mut text, &parts),
        IntervalStyle::Iso8601 => iso(&mut text, &parts),
    };
    text
}

fn postgres(text: &mut String, parts: &Parts) -> std::fmt::Result {
    let mut after_negative = false;
    for (value, unit) in [(parts.year, "year"), (parts.month, "mon"), (parts.day, "day")] {
        if value == 0 {
            continue;
        }
        let space = if text.is_empty() { "" } else { " " };
        let plus = if after_negative && value > 0 { "+" } else { "" };
        let plural = if value == 1 { "" } else { "s" };
        write!(text, "{space}{plus}{value} {unit}{plural}")?;
        after_negative = value < 0;
    }
    if text.is_empty() || !parts.clock_is_zero() {
        let space = if text.is_empty() { "" } else { " " };
        let sign = match (parts.clock_is_negative(), after_negative) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        write!(text, "{space}{sign}{:02}:{:02}:", parts.hour.unsigned_abs(), parts.minute.unsigned_abs())?;
        push_seconds(text, parts.second.abs(), parts.micro.abs());
    }
    Ok(())
}

fn verbose(text: &mut String, parts: &Parts) -> std::fmt::Result {
    text.push('@');
    // The sign of the first part is said by `ago`, and the others are relative to it.
    let mut ago = None;
    let units = [
        (i64::from(parts.year), "year"),
        (i64::from(parts.month), "mon"),
        (i64::from(parts.day), "day"),
        (parts.hour, "hour"),
        (i64::from(parts.minute), "min"),
    ];
    for (value, unit) in units {
        if value == 0 {
            continue;
        }
        let shown = match ago {
            None => {
                ago = Some(value < 0);
                value.abs()
            }
            Some(true) => -value,
            Some(false) => value,
        };
        let plural = if shown == 1 { "" } else { "s" };
        write!(text, " {shown} {unit}{plural}")?;
    }
    if parts.second != 0 || parts.micro != 0 {
        text.push(' ');
        let negative = parts.second < 0 || parts.second == 0 && parts.micro < 0;
        match ago {
            None => ago = Some(negative),
            Some(before) if before != negative => text.push('-'),
            Some(_) => {}
        }
        write!(text, "{}", parts.second.unsigned_abs())?;
        push_fraction(text, parts.micro.abs());
        let plural = if parts.second.abs() != 1 || parts.micro != 0 { "s" } else { "" };
        write!(text, " sec{plural}")?;
    }
    match ago {
        None => text.push_str(" 0"),
        Some(true) => text.push_str(" ago"),
        Some(false) => {}
    }
    Ok(())
}

fn standard(text: &mut String, parts: &Parts) -> std::fmt::Result {
    let has_months = parts.year != 0 || parts.month != 0;
    let has_clock = !parts.clock_is_zero();
    let has_day = parts.day != 0;
    let negative = parts.year < 0 || parts.month < 0 || parts.day < 0 || parts.clock_is_negative();
    let positive = parts.year > 0
        || parts.month > 0
        || parts.day > 0
        || parts.hour > 0
        || parts.minute > 0
        || parts.second > 0
        || parts.micro > 0;
    let (year, month, day) =
        (parts.year.unsigned_abs(), parts.month.unsigned_abs(), parts.day.unsigned_abs());
    let (hour, minute) = (parts.hour.unsigned_abs(), parts.minute.unsigned_abs());
    if !negative && !positive {
        text.push('0');
        return Ok(());
    }
    if negative && positive || has_months && (has_day || has_clock) {
        let sign = |negative: bool| if negative { '-' } else { '+' };
        let months_sign = sign(parts.year < 0 || parts.month < 0);
        let (day_sign, clock_sign) = (sign(parts.day < 0), sign(parts.clock_is_negative()));
        write!(text, "{months_sign}{year}-{month} {day_sign}{day} {clock_sign}{hour}:{minute:02}:")?;
        push_seconds(text, parts.second.abs(), parts.micro.abs());
        return Ok(());
    }
    if negative {
        text.push('-');
    }
    if has_months {
        return write!(text, "{year}-{month}");
    }
    if has_day {
        write!(text, "{day} ")?;
    }
    write!(text, "{hour}:{minute:02}:")?;
    push_seconds(text, parts.second.abs(), parts.micro.abs());
    Ok(())
}

fn iso(text: &mut String, parts: &Parts) -> std::fmt::Result {
    text.push('P');
    let part = |text: &mut String, value: i64, unit: char| match value {
        0 => Ok(()),
        _ => write!(text, "{value}{unit}"),
    };
    part(text, parts.year.into(), 'Y')?;
    part(text, parts.month.into(), 'M')?;
    part(text, parts.day.into(), 'D')?;
    if parts.clock_is_zero() {
        if text.len() == 1 {
            text.push_str("T0S");
        }
        return Ok(());
    }
    text.push('T');
    part(text, parts.hour, 'H')?;
    part(text, parts.minute.into(), 'M')?;
    if parts.second != 0 || parts.micro != 0 {
        if parts.second < 0 || parts.micro < 0 {
            text.push('-');
        }
        write!(text, "{}", parts.second.unsigned_abs())?;
        push_fraction(text, parts.micro.abs());
        text.push('S');
    }
    Ok(())
}
