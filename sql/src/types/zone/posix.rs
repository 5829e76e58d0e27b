//! Time zones spelled as rules: `EST5EDT,M3.2.0,M11.1.0`, `<+0330>-3:30`, `FOO+5`.
//!
//! The grammar is POSIX's TZ, with hours up to 167 as the tz database has them. A summer time without rules
//! has those of the United States, as PostgreSQL gives it.

use super::Moment;
use crate::types::datetime::calendar::{date_of, days_of, is_leap, month_days, weekday};

/// A zone spelled as a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posix {
    standard: Name,
    summer: Option<(Name, Change, Change)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    abbreviation: String,
    east: i32,
}

/// When summer time begins or ends: a day of each year, and the local second of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    day: Day,
    second: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// `J60`: the 29th of February is never counted.
    Julian(i32),
    /// `59`: from 0, leap days counted.
    OfYear(i32),
    /// `M3.2.0`: month, week (5: the last), weekday.
    OfMonth(i32, i32, i32),
}

impl Posix {
    /// Reads a rule; None where the text is none.
    pub fn read(text: &str) -> Option<Self> {
        let (standard, rest) = abbreviation(text)?;
        let (west, rest) = seconds(rest)?;
        let standard = Name { abbreviation: standard.to_owned(), east: -west };
        if rest.is_empty() {
            return Some(Self { standard, summer: None });
        }
        let (summer, rest) = abbreviation(rest)?;
        if summer.is_empty() {
            return None;
        }
        let (east, rest) = match rest.bytes().next() {
            None | Some(b',' | b';') => (standard.east + 3_600, rest),
            Some(_) => {
                let (west, rest) = seconds(rest)?;
                (-west, rest)
            }
        };
        let rules = if rest.is_empty() { ",M3.2.0,M11.1.0" } else { rest };
        let rules = rules.strip_prefix([',', ';'])?;
        let (start, rest) = change(rules)?;
        let (end, rest) = change(rest.strip_prefix(',')?)?;
        let summer = Name { abbreviation: summer.to_owned(), east };
        rest.is_empty().then_some(Self { standard, summer: Some((summer, start, end)) })
    }

    /// The one offset of a zone without summer time.
    pub fn constant(&self) -> Option<i32> {
        match &self.summer {
            Some((summer, ..)) if summer.east != self.standard.east => None,
            _ => Some(self.standard.east),
        }
    }

    /// What holds at a second UTC.
    pub fn at(&self, second: i64) -> Moment {
        let Some((summer, start, end)) = &self.summer else {
            return moment(&self.standard, false);
        };
        let year = date_of((second + i64::from(self.standard.east)).div_euclid(86_400)).0;
        // A change may fall into a neighbouring year: the last one at or before the moment tells.
        let mut last = (i64::MIN, false);
        for year in year - 1..=year + 1 {
            let starts = start.second_of(year) - i64::from(self.standard.east);
            let ends = end.second_of(year) - i64::from(summer.east);
            for (at, is_summer) in [(starts, true), (ends, false)] {
                if at <= second && at >= last.0 {
                    last = (at, is_summer);
                }
            }
        }
        if last.1 { moment(summer, true) } else { moment(&self.standard, false) }
    }
}

fn moment(name: &Name, summer: bool) -> Moment {
    Moment { east: name.east, summer, abbreviation: name.abbreviation.clone().into() }
}

impl Change {
    /// Local second since 1970 of the change in a year.
    fn second_of(&self, year: i32) -> i64 {
        let first = days_of(year, 1, 1);
        let day = match self.day {
            Day::Julian(day) => first + i64::from(day) - 1 + i64::from(is_leap(year) && day >= 60),
            Day::OfYear(day) => first + i64::from(day),
            Day::OfMonth(month, week, wanted) => {
                let first = days_of(year, month, 1);
                let ahead = (wanted - weekday(first)).rem_euclid(7);
                let mut day = ahead + (week - 1) * 7;
                while day >= month_days(year, month) {
                    day -= 7;
                }
                first + i64::from(day)
            }
        };
        day * 86_400 + i64::from(self.second)
    }
}

/// `EST` or `<+03>` at the start; may be empty.
fn abbreviation(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('<') {
        return quoted.split_once('>');
    }
    let end = text.find(|c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | '+')).unwrap_or(text.len());
    Some(text.split_at(end))
}

/// `[+-]hh[:mm[:ss]]` at the start, in seconds.
fn seconds(text: &str) -> Option<(i32, &str)> {
    let (sign, text) = match text.bytes().next()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (hours, mut rest) = number(text, 0, 167)?;
    let mut total = hours * 3_600;
    for unit in [60, 1] {
        let Some(more) = rest.strip_prefix(':') else { break };
        let (value, more) = number(more, 0, if unit == 1 { 60 } else { 59 })?;
        total += value * unit;
        rest = more;
    }
    Some((sign * total, rest))
}

fn change(text: &str) -> Option<(Change, &str)> {
    let (day, rest) = if let Some(text) = text.strip_prefix('J') {
        let (day, rest) = number(text, 1, 365)?;
        (Day::Julian(day), rest)
    } else if let Some(text) = text.strip_prefix('M') {
        let (month, rest) = number(text, 1, 12)?;
        let (week, rest) = number(rest.strip_prefix('.')?, 1, 5)?;
        let (day, rest) = number(rest.strip_prefix('.')?, 0, 6)?;
        (Day::OfMonth(month, week, day), rest)
    } else {
        let (day, rest) = number(text, 0, 365)?;
        (Day::OfYear(day), rest)
    };
    match rest.strip_prefix('/') {
        Some(rest) => {
            let (second, rest) = seconds(rest)?;
            Some((Change { day, second }, rest))
        }
        None => Some((Change { day, second: 7_200 }, rest)),
    }
}

fn number(text: &str, least: i32, most: i32) -> Option<(i32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let value = text[..end].parse().ok()?;
    (least..=most).contains(&value).then_some((value, &text[end..]))
}
