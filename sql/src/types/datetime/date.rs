//! Values of type date: days since 1970-01-01 in 32 bits.

use super::calendar::{Fields, UNIX_JULIAN, date_of, days_of, in_calendar};
use super::decode::{Decoded, decode};
use super::{date_out_of_range, overflow, print};
use crate::error::SqlResult;
use crate::types::environment::Environment;

/// `infinity`
pub const DATE_INFINITY: i32 = i32::MAX;
/// `-infinity`
pub const DATE_MINUS_INFINITY: i32 = i32::MIN;
/// 4714-11-24 BC: Julian day 0.
pub const DATE_LEAST: i32 = -(UNIX_JULIAN as i32);
/// 5874897-12-31
pub const DATE_GREATEST: i32 = 2_145_042_905;

/// Whether it is neither infinity.
pub fn is_finite(date: i32) -> bool {
    date != DATE_INFINITY && date != DATE_MINUS_INFINITY
}

/// Days of a finite date, where a date can be so many.
pub fn checked(days: i64) -> Option<i32> {
    (i64::from(DATE_LEAST)..=i64::from(DATE_GREATEST)).contains(&days).then_some(days as i32)
}

/// A finite date's year, month and day.
pub fn fields(date: i32) -> Fields {
    let (year, month, day) = date_of(i64::from(date));
    Fields { year, month, day, ..Fields::default() }
}

/// Reads a date. A time and a zone that stand with it are read and dropped.
pub fn parse(text: &str, environment: &Environment) -> SqlResult<i32> {
    if let Some(days) = plain(text.as_bytes()) {
        return Ok(days);
    }
    match decode(text, environment).map_err(|flaw| flaw.error("date", text))? {
        Decoded::Epoch => Ok(0),
        Decoded::Infinity => Ok(DATE_INFINITY),
        Decoded::MinusInfinity => Ok(DATE_MINUS_INFINITY),
        Decoded::Moment(fields, _) => {
            let days = in_calendar(fields.year, fields.month).then(|| fields.days());
            days.and_then(checked).ok_or_else(|| overflow(format!("date out of range: \"{text}\"")))
        }
    }
}

/// A date spelled `yyyy-mm-dd`, the commonest by far; None for all others and for what is wrong.
pub(super) fn plain(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let digits = |bytes: &[u8]| {
        bytes
            .iter()
            .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i32::from(byte - b'0')))
    };
    let (year, month, day) = (digits(&[y1, y2, y3, y4])?, digits(&[m1, m2])?, digits(&[d1, d2])?);
    if year < 1 || !(1..=12).contains(&month) || day < 1 || day > super::calendar::month_days(year, month) {
        return None;
    }
    Some(days_of(year, month, day) as i32)
}

/// Prints a date in the session's style.
pub fn print(date: i32, environment: &Environment) -> String {
    match date {
        DATE_INFINITY => "infinity".to_owned(),
        DATE_MINUS_INFINITY => "-infinity".to_owned(),
        _ => print::date_text(&fields(date), environment),
    }
}

/// date + integer
pub fn plus_days(date: i32, days: i64) -> SqlResult<i32> {
    if !is_finite(date) {
        return Ok(date);
    }
    checked(i64::from(date) + days).ok_or_else(date_out_of_range)
}

/// date - date, in days
pub fn minus(left: i32, right: i32) -> SqlResult<i32> {
    if !is_finite(left) || !is_finite(right) {
        return Err(overflow("cannot subtract infinite dates"));
    }
    // Both lie within the calendar, whose days number less than 2^31.
    left.checked_sub(right).ok_or_else(date_out_of_range)
}
