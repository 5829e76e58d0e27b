//! `to_date` and `to_timestamp`: what the fields of a text mean together, checked.

use super::calendar::{EPOCH_JULIAN, date_of_julian, days_in_month, iso_week_start, julian_day};
use super::datetime_in::{Parsed, read};
use super::template::Convention;
use super::zone::offset_of_local;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;

/// The least moment, 4714-11-24 BC, and the first that is too late, in microseconds since 1970.
const MIN_MICROS: i128 = -210_866_803_200_000_000;
const END_MICROS: i128 = 9_224_318_016_000_000_000;
/// From 1970 to 2000, by which PostgreSQL counts and so rounds.
const EPOCH_2000: i128 = 946_684_800_000_000;

/// A date and a time of day.
#[derive(Debug)]
struct Resolved {
    year: i32,
    month: i32,
    day: i32,
    hour: i32,
    minute: i32,
    second: i32,
    micros: i32,
    /// Seconds east of UTC, where the text gave them.
    offset: Option<i32>,
    /// Digits of a fraction that FF1 to FF6 asked for.
    fraction_digits: u8,
}

/// `to_date(text, text)`: days since 1970.
pub fn to_date(text: &str, format: &str) -> SqlResult<i32> {
    let parts = resolve(text, format)?;
    let out_of_range = || SqlError::new(SqlState::DatetimeOverflow, format!("date out of range: \"{text}\""));
    if !is_julian(&parts) {
        return Err(out_of_range());
    }
    let julian = julian_day(parts.year, parts.month, parts.day);
    // The end is that of the type: 5874898-01-01.
    if !(0..2_147_483_494).contains(&julian) {
        return Err(out_of_range());
    }
    Ok(julian - EPOCH_JULIAN)
}

/// `to_timestamp(text, text)`: microseconds since 1970 UTC, of a local time in the zone that the text gives,
/// else in that of the settings.
pub fn to_timestamp(environment: &Environment, text: &str, format: &str) -> SqlResult<i64> {
    let parts = resolve(text, format)?;
    let out_of_range = || SqlError::new(SqlState::DatetimeOverflow, "timestamp out of range");
    if !is_julian(&parts) {
        return Err(out_of_range());
    }
    let days = i128::from(julian_day(parts.year, parts.month, parts.day) - EPOCH_JULIAN);
    let seconds = i128::from(parts.hour * 3600 + parts.minute * 60 + parts.second);
    let local = (days * 86_400 + seconds) * 1_000_000 + i128::from(parts.micros);
    let offset = match parts.offset {
        Some(offset) => offset,
        None => {
            let near = local.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
            offset_of_local(environment.zone, near)
        }
    };
    let mut micros = local - i128::from(offset) * 1_000_000;
    if !(MIN_MICROS..END_MICROS).contains(&micros) {
        return Err(out_of_range());
    }
    if (1..6).contains(&parts.fraction_digits) {
        micros = rounded(micros - EPOCH_2000, parts.fraction_digits) + EPOCH_2000;
    }
    match i64::try_from(micros) {
        // The greatest number is infinity.
        Ok(micros) if micros != i64::MAX => Ok(micros),
        _ => Err(out_of_range()),
    }
}

/// Rounded to so many digits of a second, halves away from zero.
fn rounded(micros: i128, digits: u8) -> i128 {
    let unit = 10_i128.pow(6 - u32::from(digits));
    if micros >= 0 { (micros + unit / 2) / unit * unit } else { -((-micros + unit / 2) / unit * unit) }
}

/// Whether the Julian day number of a date is one that can be computed.
fn is_julian(parts: &Resolved) -> bool {
    let from = parts.year > -4713 || (parts.year == -4713 && parts.month >= 11);
    let to = parts.year < 5_874_898 || (parts.year == 5_874_898 && parts.month < 6);
    from && to
}

fn field_overflow(text: &str) -> SqlError {
    let message = format!("date/time field value out of range: \"{text}\"");
    SqlError::new(SqlState::DatetimeOverflow, message)
}

fn resolve(text: &str, format: &str) -> SqlResult<Resolved> {
    let parsed = read(text, format)?;
    let (hour, minute, second) = time_of_day(&parsed)?;
    let mut date = Date { month: 1, day: 1, ..Date::default() };
    date.set(&parsed)?;
    if !date.is_valid() {
        return Err(field_overflow(text));
    }
    let micros = parsed.millis.wrapping_mul(1000).wrapping_add(parsed.micros);
    let in_day = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && (0..1_000_000).contains(&micros);
    if !in_day {
        return Err(field_overflow(text));
    }
    Ok(Resolved {
        year: date.year,
        month: date.month,
        day: date.day,
        hour,
        minute,
        second,
        micros,
        offset: offset(&parsed, text)?,
        fraction_digits: parsed.fraction_digits,
    })
}

fn time_of_day(parsed: &Parsed) -> SqlResult<(i32, i32, i32)> {
    let or = |part: i32, otherwise: i32| if part == 0 { otherwise } else { part };
    let of_day = parsed.second_of_day;
    let hour = or(parsed.hour, of_day / 3600);
    let minute = or(parsed.minute, of_day % 3600 / 60);
    let second = or(parsed.second, of_day % 60);
    if !parsed.twelve_hours {
        return Ok((hour, minute, second));
    }
    if !(1..=12).contains(&hour) {
        let message = format!("hour \"{hour}\" is invalid for the 12-hour clock");
        let hint = "Use the 24-hour clock, or give an hour between 1 and 12.";
        return Err(SqlError::new(SqlState::InvalidDatetime, message).with_hint(hint));
    }
    let hour = match (parsed.afternoon != 0, hour) {
        (true, 1..12) => hour + 12,
        (false, 12) => 0,
        _ => hour,
    };
    Ok((hour, minute, second))
}

fn offset(parsed: &Parsed, text: &str) -> SqlResult<Option<i32>> {
    if parsed.zone_sign == 0 {
        return Ok(None);
    }
    if !(0..=15).contains(&parsed.zone_hour) || !(0..60).contains(&parsed.zone_minute) {
        let message = format!("time zone displacement out of range: \"{text}\"");
        return Err(SqlError::new(SqlState::InvalidTimeZone, message));
    }
    Ok(Some(parsed.zone_sign * (parsed.zone_hour * 3600 + parsed.zone_minute * 60)))
}

/// A date that comes together from fields, and which of its parts a field said.
#[derive(Debug, Default)]
struct Date {
    year: i32,
    month: i32,
    day: i32,
    has_year: bool,
    has_month: bool,
    has_day: bool,
}

impl Date {
    fn set(&mut self, parsed: &Parsed) -> SqlResult<()> {
        let before_christ = parsed.before_christ != 0;
        self.set_year(parsed, before_christ);
        if parsed.julian != 0 {
            self.set_julian(parsed.julian);
        }
        let is_iso = parsed.convention == Some(Convention::IsoWeek);
        let mut day_of_year = parsed.day_of_year;
        if parsed.week != 0 {
            if is_iso {
                let monday = iso_week_start(self.year, parsed.week);
                let days = match parsed.weekday {
                    0 => 0,
                    weekday if weekday > 1 => weekday.wrapping_sub(2),
                    _ => 6,
                };
                self.set_julian(monday.wrapping_add(days));
            } else {
                day_of_year = parsed.week.wrapping_sub(1).wrapping_mul(7).wrapping_add(1);
            }
        }
        let day = match parsed.week_of_month {
            0 => parsed.day,
            week => week.wrapping_sub(1).wrapping_mul(7).wrapping_add(1),
        };
        if day != 0 {
            self.day = day;
            self.has_day = true;
        }
        if parsed.month != 0 {
            self.month = parsed.month;
            self.has_month = true;
        }
        if day_of_year != 0 && (self.month <= 1 || self.day <= 1) {
            if self.year == 0 && !before_christ {
                let message = "cannot calculate day of year without year information";
                return Err(SqlError::new(SqlState::InvalidDatetime, message));
            }
            if is_iso {
                let before = iso_week_start(self.year, 1).wrapping_sub(1);
                self.set_julian(before.wrapping_add(day_of_year));
            } else {
                self.set_day_of_year(day_of_year);
            }
        }
        Ok(())
    }

    fn set_year(&mut self, parsed: &Parsed, before_christ: bool) {
        let century = if before_christ { parsed.century.wrapping_neg() } else { parsed.century };
        if parsed.year != 0 && century != 0 && parsed.year_digits <= 2 {
            // The century from 2001 to 2100 is the 21st, that from 600 to 501 BC is -6.
            let of_century = parsed.year % 100;
            let hundreds = |centuries: i32| centuries.wrapping_mul(100);
            self.year = match (of_century, century >= 0) {
                (0, true) => hundreds(century),
                (0, false) => hundreds(century).wrapping_add(1),
                (_, true) => of_century.wrapping_add(hundreds(century.wrapping_sub(1))),
                (_, false) => hundreds(century.wrapping_add(1)).wrapping_sub(of_century).wrapping_add(1),
            };
        } else if parsed.year != 0 {
            self.year = if before_christ { parsed.year.wrapping_neg() } else { parsed.year };
            if self.year < 0 {
                self.year += 1;
            }
        } else if century != 0 {
            let first = if century >= 0 { century.wrapping_sub(1) } else { century };
            self.year = first.wrapping_mul(100).wrapping_add(1);
        } else {
            return;
        }
        self.has_year = true;
    }

    fn set_julian(&mut self, julian: i32) {
        (self.year, self.month, self.day) = date_of_julian(julian);
        (self.has_year, self.has_month, self.has_day) = (true, true, true);
    }

    /// Month and day by the day of the year, each only where it is not said otherwise.
    fn set_day_of_year(&mut self, day_of_year: i32) {
        let mut month = 1;
        let mut before = 0;
        while month <= 12 && day_of_year > before + days_in_month(self.year, month) {
            before += days_in_month(self.year, month);
            month += 1;
        }
        if self.month <= 1 {
            self.month = month;
        }
        if self.day <= 1 {
            self.day = day_of_year.wrapping_sub(before);
        }
        (self.has_month, self.has_day) = (true, true);
    }

    fn is_valid(&self) -> bool {
        if self.has_month && !(1..=12).contains(&self.month) {
            return false;
        }
        if self.has_day && !(1..=31).contains(&self.day) {
            return false;
        }
        let complete = self.has_year && self.has_month && self.has_day;
        !complete || self.day <= days_in_month(self.year, self.month)
    }
}
