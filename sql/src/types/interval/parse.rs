//! Reads an interval: `1 year 2 mons`, `@ 3 days ago`, `1-2 3 4:05:06`, `P1Y2M`.
//!
//! As PostgreSQL's `DecodeInterval`, pieces are read from right to left, so that a unit is known before its
//! number. A fraction of a unit spills into lower ones.

use super::modifier::{self, field};
use super::{Interval, iso};
use crate::error::SqlResult;
use crate::types::datetime::calendar::{DAY_US, HOUR_US, MINUTE_US, SECOND_US};
use crate::types::datetime::units::{Unit, unit};
use crate::types::datetime::{
    Flaw, Piece, clock_text, decimal_fraction, interval_out_of_range, leading_integer, split,
};
use crate::types::environment::IntervalStyle;

/// Reads an interval. The modifier (-1: none) says what a number without a unit is, and is applied to the
/// value.
pub fn parse(text: &str, type_modifier: i32, style: IntervalStyle) -> SqlResult<Interval> {
    let mut found = decode(text, modifier::fields(type_modifier), style);
    if found == Err(Flaw::Format) {
        found = iso::decode(text);
    }
    let parts = found.map_err(|flaw| {
        let flaw = if flaw == Flaw::Field { Flaw::Interval } else { flaw };
        flaw.error("interval", text)
    })?;
    let months = i64::from(parts.years) * 12 + i64::from(parts.months);
    let months = i32::try_from(months).map_err(|_| interval_out_of_range())?;
    let interval = Interval { months, days: parts.days, micros: parts.micros };
    Ok(modifier::apply(interval, type_modifier))
}

/// What has been read of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Parts {
    pub years: i32,
    pub months: i32,
    pub days: i32,
    pub micros: i64,
}

impl Parts {
    fn spill_micros(&mut self, fraction: f64, scale: i64) -> Option<()> {
        if fraction == 0.0 {
            return Some(());
        }
        let exact = fraction * scale as f64;
        let mut micros = exact as i64;
        let rest = exact - micros as f64;
        if rest > 0.5 {
            micros += 1;
        } else if rest < -0.5 {
            micros -= 1;
        }
        self.micros = self.micros.checked_add(micros)?;
        Some(())
    }

    fn spill_days(&mut self, fraction: f64, scale: i32) -> Option<()> {
        if fraction == 0.0 {
            return Some(());
        }
        let exact = fraction * f64::from(scale);
        let days = exact as i32;
        self.days = self.days.checked_add(days)?;
        self.spill_micros(exact - f64::from(days), DAY_US)
    }

    fn spill_years(&mut self, fraction: f64, scale: i32) -> Option<()> {
        let months = (fraction * f64::from(scale) * 12.0).round_ties_even() as i32;
        self.months = self.months.checked_add(months)?;
        Some(())
    }

    /// Adds units of so many microseconds.
    pub fn add_micros(&mut self, value: i64, fraction: f64, scale: i64) -> Option<()> {
        self.micros = self.micros.checked_add(value.checked_mul(scale)?)?;
        self.spill_micros(fraction, scale)
    }

    /// Adds units of so many days.
    pub fn add_days(&mut self, value: i64, fraction: f64, scale: i32) -> Option<()> {
        let value = i32::try_from(value).ok()?.checked_mul(scale)?;
        self.days = self.days.checked_add(value)?;
        if scale == 1 { self.spill_micros(fraction, DAY_US) } else { self.spill_days(fraction, scale) }
    }

    /// Adds months.
    pub fn add_months(&mut self, value: i64, fraction: f64) -> Option<()> {
        self.months = self.months.checked_add(i32::try_from(value).ok()?)?;
        self.spill_days(fraction, 30)
    }

    /// Adds units of so many years.
    pub fn add_years(&mut self, value: i64, fraction: f64, scale: i32) -> Option<()> {
        let value = i32::try_from(value).ok()?.checked_mul(scale)?;
        self.years = self.years.checked_add(value)?;
        self.spill_years(fraction, scale)
    }

    fn add(&mut self, unit: Unit, value: i64, fraction: f64) -> Result<(), Flaw> {
        let added = match unit {
            Unit::Microsecond => self.add_micros(value, fraction, 1),
            Unit::Millisecond => self.add_micros(value, fraction, 1_000),
            Unit::Second => self.add_micros(value, fraction, SECOND_US),
            Unit::Minute => self.add_micros(value, fraction, MINUTE_US),
            Unit::Hour => self.add_micros(value, fraction, HOUR_US),
            Unit::Day => self.add_days(value, fraction, 1),
            Unit::Week => self.add_days(value, fraction, 7),
            Unit::Month => self.add_months(value, fraction),
            Unit::Year => self.add_years(value, fraction, 1),
            Unit::Decade => self.add_years(value, fraction, 10),
            Unit::Century => self.add_years(value, fraction, 100),
            Unit::Millennium => self.add_years(value, fraction, 1_000),
            _ => return Err(Flaw::Format),
        };
        added.ok_or(Flaw::Field)
    }

    fn negated(self) -> Option<Self> {
        Some(Self {
            years: self.years.checked_neg()?,
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            micros: self.micros.checked_neg()?,
        })
    }
}

/// The units that are set, as bits: none may be set twice. Units that PostgreSQL's `DecodeInterval` marks as
/// one share a bit; the time of a clock sets three of them.
mod set {
    use super::Unit;

    pub const SECONDS: u32 = bit(Unit::Second) | bit(Unit::Millisecond) | bit(Unit::Microsecond);
    pub const CLOCK: u32 = bit(Unit::Hour) | bit(Unit::Minute) | SECONDS;

    pub const fn bit(unit: Unit) -> u32 {
        1 << unit as u32
    }
}

fn decode(text: &str, fields: i32, style: IntervalStyle) -> Result<Parts, Flaw> {
    let pieces = split(text, Some(256))?;
    let signed = |index: usize| pieces.get(index).text.starts_with(['-', '+']);
    // In the SQL standard a sign before the first number is that of all.
    let all_negative = style == IntervalStyle::SqlStandard
        && pieces.len() > 0
        && pieces.get(0).text.starts_with('-')
        && !(1..pieces.len()).any(signed);
    let mut reader = Reader { parts: Parts::default(), set: 0, unit: None, fields, all_negative, ago: false };
    for index in (0..pieces.len()).rev() {
        reader.take(pieces.get(index))?;
    }
    if reader.set == 0 {
        return Err(Flaw::Format);
    }
    if reader.ago {
        return reader.parts.negated().ok_or(Flaw::Field);
    }
    Ok(reader.parts)
}

struct Reader {
    parts: Parts,
    set: u32,
    /// The unit of the next number.
    unit: Option<Unit>,
    /// The fields of the type's modifier.
    fields: i32,
    all_negative: bool,
    ago: bool,
}

impl Reader {
    fn take(&mut self, piece: Piece<'_>) -> Result<(), Flaw> {
        use crate::types::datetime::Look;
        match piece.look {
            Look::Time => {
                let micros = self.clock(piece.text)?;
                self.set_clock(micros, false)
            }
            Look::Offset => {
                // A signed time, or else a signed number.
                let time =
                    if piece.text[1..].contains(':') { self.clock(&piece.text[1..]).ok() } else { None };
                match time {
                    Some(micros) => self.set_clock(micros, piece.text.starts_with('-')),
                    None => self.number(piece.text),
                }
            }
            Look::Date | Look::Number => self.number(piece.text),
            Look::Word | Look::SignedWord => self.word(piece.text),
        }
    }

    fn mark(&mut self, units: u32) -> Result<(), Flaw> {
        if self.set & units != 0 {
            return Err(Flaw::Format);
        }
        self.set |= units;
        Ok(())
    }

    /// Microseconds of `hh:mm:ss`.
    fn clock(&self, text: &str) -> Result<i64, Flaw> {
        let minutes_first = self.fields == field::MINUTE | field::SECOND;
        let (hour, minute, second, micro) = clock_text(text, minutes_first)?;
        let rest = i64::from(minute) * MINUTE_US + i64::from(second) * SECOND_US + i64::from(micro);
        hour.checked_mul(HOUR_US).and_then(|hours| hours.checked_add(rest)).ok_or(Flaw::Field)
    }

    fn set_clock(&mut self, micros: i64, negative: bool) -> Result<(), Flaw> {
        self.mark(set::CLOCK)?;
        self.parts.micros = if negative || self.all_negative { -micros } else { micros };
        self.unit = Some(Unit::Day);
        Ok(())
    }

    fn number(&mut self, text: &str) -> Result<(), Flaw> {
        let unit = self.unit.unwrap_or_else(|| least_unit(self.fields));
        self.unit = Some(unit);
        let negative = text.starts_with('-');
        let (mut value, rest) = crate::types::datetime::leading_long(text).ok_or(Flaw::Field)?;
        let (mut fraction, mut unit) = (0.0, unit);
        match rest.as_bytes().first() {
            None => {}
            Some(b'-') => {
                let (months, rest) = leading_integer(&rest[1..]).ok_or(Flaw::Field)?;
                if !(0..12).contains(&months) {
                    return Err(Flaw::Field);
                }
                if !rest.is_empty() {
                    return Err(Flaw::Format);
                }
                unit = Unit::Month;
                self.unit = Some(unit);
                let months = i64::from(if negative { -months } else { months });
                value = value.checked_mul(12).and_then(|all| all.checked_add(months)).ok_or(Flaw::Field)?;
            }
            Some(b'.') => {
                fraction = decimal_fraction(rest)?;
                if negative {
                    fraction = -fraction;
                }
            }
            Some(_) => return Err(Flaw::Format),
        }
        if self.all_negative {
            value = if value > 0 { -value } else { value };
            fraction = if fraction > 0.0 { -fraction } else { fraction };
        }
        self.parts.add(unit, value, fraction)?;
        let marked = match unit {
            Unit::Second if fraction != 0.0 => set::SECONDS,
            _ => set::bit(unit),
        };
        if unit == Unit::Hour {
            self.unit = Some(Unit::Day);
        }
        self.mark(marked)
    }

    fn word(&mut self, text: &str) -> Result<(), Flaw> {
        if text.get(..10).unwrap_or(text) == "ago" {
            self.ago = true;
            // No number can be that.
            self.unit = Some(Unit::Moment);
            return Ok(());
        }
        self.unit = Some(unit(text).ok_or(Flaw::Format)?);
        Ok(())
    }
}

/// What a number without a unit is: the least field of the modifier.
fn least_unit(fields: i32) -> Unit {
    match fields {
        field::ALL => Unit::Second,
        _ if fields & field::SECOND != 0 => Unit::Second,
        _ if fields & field::MINUTE != 0 => Unit::Minute,
        _ if fields & field::HOUR != 0 => Unit::Hour,
        _ if fields & field::DAY != 0 => Unit::Day,
        _ if fields & field::MONTH != 0 => Unit::Month,
        _ => Unit::Year,
    }
}
