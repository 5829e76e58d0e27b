//! The pieces that dates and times are printed with.

use std::fmt::Write as _;

use super::calendar::{Fields, weekday};
use crate::types::environment::{DateOrder, DateStyle, Environment};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Appends a number with at least so many digits.
fn push_padded(text: &mut String, value: i32, width: usize) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{value:0width$}");
}

/// Appends seconds with what fraction they have: `05`, `05.25`.
pub(crate) fn push_seconds(text: &mut String, second: i32, micro: i32) {
    push_padded(text, second, 2);
    push_fraction(text, micro);
}

/// Appends a point and the digits of a fraction of a second, without zeros at the end; nothing for none.
pub(crate) fn push_fraction(text: &mut String, micro: i32) {
    if micro == 0 {
        return;
    }
    let (mut digits, mut width) = (micro.unsigned_abs(), 6);
    while digits.is_multiple_of(10) {
        digits /= 10;
        width -= 1;
    }
    let _ = write!(text, ".{digits:0width$}");
}

/// Appends `hh:mm:ss[.fff]`.
pub(super) fn push_clock(text: &mut String, fields: &Fields) {
    push_padded(text, fields.hour, 2);
    text.push(':');
    push_padded(text, fields.minute, 2);
    text.push(':');
    push_seconds(text, fields.second, fields.micro);
}

fn push_year(text: &mut String, year: i32) {
    push_padded(text, if year > 0 { year } else { 1 - year }, 4);
}

fn push_era(text: &mut String, year: i32) {
    if year <= 0 {
        text.push_str(" BC");
    }
}

fn push_three(text: &mut String, first: i32, sign: char, second: i32, year: i32) {
    push_padded(text, first, 2);
    text.push(sign);
    push_padded(text, second, 2);
    text.push(sign);
    push_year(text, year);
}

/// Appends a date in the session's style, without its era.
fn push_day(text: &mut String, fields: &Fields, environment: &Environment) {
    let day_first = environment.date_order == DateOrder::Dmy;
    let (first, second) = if day_first { (fields.day, fields.month) } else { (fields.month, fields.day) };
    match environment.date_style {
        DateStyle::Iso => {
            push_year(text, fields.year);
            text.push('-');
            push_padded(text, fields.month, 2);
            text.push('-');
            push_padded(text, fields.day, 2);
        }
        DateStyle::Sql => push_three(text, first, '/', second, fields.year),
        DateStyle::German => push_three(text, fields.day, '.', fields.month, fields.year),
        DateStyle::Postgres => push_three(text, first, '-', second, fields.year),
    }
}

/// A date.
pub(super) fn date_text(fields: &Fields, environment: &Environment) -> String {
    let mut text = String::with_capacity(10);
    push_day(&mut text, fields, environment);
    push_era(&mut text, fields.year);
    text
}

/// A timestamp; with a zone: seconds east of UTC and the abbreviation that styles other than ISO print.
pub(super) fn timestamp_text(
    fields: &Fields,
    zone: Option<(i32, &str)>,
    environment: &Environment,
) -> String {
    let mut text = String::with_capacity(32);
    match environment.date_style {
        DateStyle::Iso => {
            push_day(&mut text, fields, environment);
            text.push(' ');
            push_clock(&mut text, fields);
            if let Some((east, _)) = zone {
                crate::types::zone::push_offset(&mut text, east);
            }
        }
        DateStyle::Sql | DateStyle::German => {
            push_day(&mut text, fields, environment);
            text.push(' ');
            push_clock(&mut text, fields);
            push_abbreviation(&mut text, zone);
        }
        DateStyle::Postgres => {
            text.push_str(WEEKDAYS[weekday(fields.days()) as usize]);
            text.push(' ');
            let month = MONTHS[(fields.month - 1).clamp(0, 11) as usize];
            let _ = if environment.date_order == DateOrder::Dmy {
                write!(text, "{:02} {month} ", fields.day)
            } else {
                write!(text, "{month} {:02} ", fields.day)
            };
            push_clock(&mut text, fields);
            text.push(' ');
            push_year(&mut text, fields.year);
            push_abbreviation(&mut text, zone);
        }
    }
    push_era(&mut text, fields.year);
    text
}

fn push_abbreviation(text: &mut String, zone: Option<(i32, &str)>) {
    if let Some((_, abbreviation)) = zone {
        text.push(' ');
        text.push_str(abbreviation.get(..10).unwrap_or(abbreviation));
    }
}
