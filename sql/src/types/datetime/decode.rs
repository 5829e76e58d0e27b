//! Reads the pieces of a date or timestamp into a moment, as PostgreSQL's `DecodeDateTime`.

use super::calendar::{DAY_US, Fields, date_of, fields_of};
use super::parts::{
    Draft, Flaw, decimal_fraction, leading_integer, mask, offset, second_fraction, time_overflows,
};
use super::split::{Look, Piece, Pieces, split};
use super::words::{Meaning, Special, Unit, meaning};
use crate::types::environment::Environment;
use crate::types::zone::{self, Clock, Word};

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoded {
    /// A local time, and the seconds west of UTC of its zone.
    Moment(Fields, i32),
    /// `epoch`
    Epoch,
    /// `infinity`
    Infinity,
    /// `-infinity`
    MinusInfinity,
}

/// A zone by name, or an abbreviation that a zone gives its meaning.
pub(super) enum Named {
    Zone(Clock),
    Moving(String, Clock),
}

/// The state of reading pieces, shared with `decode_time`.
pub(super) struct Reader<'a> {
    pub environment: &'a Environment,
    pub draft: Draft,
    /// The fields that are set.
    pub set: u32,
    /// What the next number is.
    pub unit: Option<Unit>,
    pub named: Option<Named>,
}

impl<'a> Reader<'a> {
    pub fn new(environment: &'a Environment) -> Self {
        Self { environment, draft: Draft::default(), set: 0, unit: None, named: None }
    }

    /// Takes note of the fields that a piece has set: none may be set twice.
    pub fn add(&mut self, fields: u32) -> Result<(), Flaw> {
        if self.set & fields != 0 {
            return Err(Flaw::Format);
        }
        self.set |= fields;
        Ok(())
    }

    /// The session's local time.
    pub fn now(&self) -> Result<(Fields, i32), Flaw> {
        let now = self.environment.now_us.ok_or(Flaw::Clock)?;
        let east = zone::zone_offset_at(self.environment.zone, now.div_euclid(1_000_000));
        Ok((fields_of(now + i64::from(east) * 1_000_000), -east))
    }

    /// A zone by its name.
    pub fn zone(&mut self, name: &str) -> Result<u32, Flaw> {
        let zone = zone::find(name).ok_or_else(|| Flaw::Zone(name.to_owned()))?;
        self.named = Some(Named::Zone(zone));
        Ok(mask::ZONE)
    }

    /// An abbreviation of a zone, where the word is one.
    pub fn abbreviation(&mut self, text: &str) -> Option<u32> {
        Some(match zone::word(text)? {
            Word::Fixed(east, summer) => {
                self.draft.west = -east;
                mask::ZONE | if summer { mask::SUMMER } else { 0 }
            }
            Word::Moving(zone) => {
                self.named = Some(Named::Moving(text.to_owned(), zone));
                mask::ZONE | mask::MOVING
            }
        })
    }

    /// A number that a word before has said the meaning of.
    pub fn labelled(&mut self, text: &str, unit: Unit) -> Result<u32, Flaw> {
        let (value, rest) = leading_integer(text).ok_or(Flaw::Field)?;
        if rest.starts_with('.') {
            if !matches!(unit, Unit::Julian | Unit::Time | Unit::Second) {
                return Err(Flaw::Format);
            }
        } else if !rest.is_empty() {
            return Err(Flaw::Format);
        }
        let fields = &mut self.draft.fields;
        Ok(match unit {
            Unit::Year => {
                fields.year = value;
                mask::YEAR
            }
            // `m` is a minute once there are a month and an hour.
            Unit::Month if self.set & mask::MONTH != 0 && self.set & mask::HOUR != 0 => {
                fields.minute = value;
                mask::MINUTE
            }
            Unit::Month => {
                fields.month = value;
                mask::MONTH
            }
            Unit::Day => {
                fields.day = value;
                mask::DAY
            }
            Unit::Hour => {
                fields.hour = value;
                mask::HOUR
            }
            Unit::Minute => {
                fields.minute = value;
                mask::MINUTE
            }
            Unit::Second => {
                fields.second = value;
                if rest.is_empty() {
                    mask::SECOND
                } else {
                    fields.micro = second_fraction(rest)?;
                    mask::ALL_SECONDS
                }
            }
            Unit::Julian => {
                if value < 0 {
                    return Err(Flaw::Field);
                }
                self.draft.set_julian(value);
                if rest.is_empty() {
                    mask::DATE
                } else {
                    let time = decimal_fraction(rest)? * DAY_US as f64;
                    self.draft.fields.set_time(time as i64);
                    mask::DATE | mask::TIME
                }
            }
            Unit::Time => {
                let found = self.draft.run_together(text, self.set | mask::DATE)?;
                if found != mask::TIME {
                    return Err(Flaw::Format);
                }
                found
            }
            Unit::Other => return Err(Flaw::Format),
        })
    }

    /// Whether the offset does not depend on the day.
    pub fn is_fixed(&self) -> bool {
        match &self.named {
            Some(Named::Zone(zone)) => zone.is_fixed(),
            Some(Named::Moving(..)) => false,
            None => Clock::Zone(self.environment.zone).is_fixed(),
        }
    }

    /// Seconds west of UTC: what the text says, else what the session's zone has at the local time.
    pub fn west(&self, local: &Fields) -> Result<i32, Flaw> {
        let summer_word = self.set & mask::SUMMER_WORD != 0;
        match &self.named {
            Some(_) if summer_word => Err(Flaw::Format),
            Some(Named::Zone(zone)) => Ok(-zone::local_offset(zone, local)),
            Some(Named::Moving(abbreviation, zone)) => Ok(-zone::moving_offset(abbreviation, zone, local)),
            None if self.set & mask::ZONE != 0 => Ok(self.draft.west),
            None if summer_word => Err(Flaw::Format),
            None => Ok(-zone::local_offset(&Clock::Zone(self.environment.zone), local)),
        }
    }
}

/// Reads a text that is a date, with or without a time and a zone.
pub(super) fn decode(text: &str, environment: &Environment) -> Result<Decoded, Flaw> {
    let pieces = split(text, None)?;
    let mut reader = Reader::new(environment);
    let mut special = None;
    for index in 0..pieces.len() {
        let piece = pieces.get(index);
        let fields = match piece.look {
            Look::Date => date_piece(&mut reader, piece.text)?,
            Look::Time => {
                take_time_unit(&mut reader)?;
                let fields = reader.draft.time(piece.text)?;
                let Fields { hour, minute, second, micro, .. } = reader.draft.fields;
                if time_overflows(hour, minute, second, micro) {
                    return Err(Flaw::Field);
                }
                fields
            }
            Look::Offset => {
                reader.draft.west = offset(piece.text)?;
                mask::ZONE
            }
            Look::Number => {
                if reader.unit.is_some() {
                    special = None;
                }
                number_piece(&mut reader, piece)?
            }
            Look::Word | Look::SignedWord => match word_piece(&mut reader, &pieces, index, &mut special)? {
                Some(fields) => fields,
                None => continue,
            },
        };
        reader.add(fields)?;
    }
    reader.draft.validate(reader.set)?;
    reader.draft.apply_half_day()?;
    if let Some(special) = special {
        return Ok(special);
    }
    if reader.set & mask::DATE != mask::DATE {
        return Err(Flaw::Format);
    }
    let west = reader.west(&reader.draft.fields)?;
    Ok(Decoded::Moment(reader.draft.fields, west))
}

/// A time may follow `t`, and no other word for a number.
pub(super) fn take_time_unit(reader: &mut Reader<'_>) -> Result<(), Flaw> {
    match reader.unit.take() {
        None | Some(Unit::Time) => Ok(()),
        Some(_) => Err(Flaw::Format),
    }
}

/// Whether the next piece looks like a time: `hhmmss`, `hh:mm:ss` or `hhmmss-zz`.
pub(super) fn time_follows(pieces: &Pieces, index: usize) -> bool {
    index + 1 < pieces.len() && matches!(pieces.get(index + 1).look, Look::Number | Look::Time | Look::Date)
}

fn date_piece(reader: &mut Reader<'_>, text: &str) -> Result<u32, Flaw> {
    const MONTH_DAY: u32 = mask::MONTH | mask::DAY;
    let unit = reader.unit;
    if unit == Some(Unit::Julian) {
        let (value, rest) = leading_integer(text).ok_or(Flaw::Field)?;
        if value < 0 {
            return Err(Flaw::Field);
        }
        reader.draft.set_julian(value);
        reader.draft.west = offset(rest)?;
        reader.unit = None;
        return Ok(mask::DATE | mask::TIME | mask::ZONE);
    }
    if unit.is_none() && reader.set & MONTH_DAY != MONTH_DAY {
        return reader.draft.date(text, reader.set, reader.environment.date_order);
    }
    // A date stands already: this is a zone's name, or a time that runs into an offset.
    if !text.as_bytes()[0].is_ascii_digit() && unit.is_none() {
        return reader.zone(text);
    }
    take_time_unit(reader)?;
    if reader.set & mask::TIME == mask::TIME {
        return Err(Flaw::Format);
    }
    let at = text.find('-').ok_or(Flaw::Format)?;
    reader.draft.west = offset(&text[at..])?;
    Ok(reader.draft.run_together(&text[..at], reader.set)? | mask::ZONE)
}

fn number_piece(reader: &mut Reader<'_>, piece: Piece<'_>) -> Result<u32, Flaw> {
    let text = piece.text;
    if let Some(unit) = reader.unit.take() {
        return reader.labelled(text, unit);
    }
    let order = reader.environment.date_order;
    let point = text.find('.');
    let no_date = reader.set & mask::DATE == 0;
    if point.is_some() && no_date {
        return reader.draft.date(text, reader.set, order);
    }
    let incomplete = no_date || reader.set & mask::TIME == 0;
    if point.is_some_and(|point| point > 2) || text.len() >= 6 && incomplete {
        return reader.draft.run_together(text, reader.set);
    }
    let month_name = reader.draft.month_name;
    reader.draft.number(text, month_name, reader.set, order)
}

/// The fields that a word sets; None: it says nothing.
fn word_piece(
    reader: &mut Reader<'_>,
    pieces: &Pieces,
    index: usize,
    special: &mut Option<Decoded>,
) -> Result<Option<u32>, Flaw> {
    let text = pieces.get(index).text;
    if let Some(fields) = reader.abbreviation(text) {
        return Ok(Some(fields));
    }
    let Some(meaning) = meaning(text) else {
        return match zone::find(text) {
            Some(zone) => {
                reader.named = Some(Named::Zone(zone));
                Ok(Some(mask::ZONE))
            }
            None => Err(Flaw::Format),
        };
    };
    Ok(Some(match meaning {
        Meaning::Nothing => return Ok(None),
        Meaning::Special(word) => special_word(reader, word, special)?,
        Meaning::Month(month) => {
            // A number before it was the day, then.
            let number = reader.draft.fields.month;
            let fields = if reader.set & mask::MONTH != 0
                && !reader.draft.month_name
                && reader.set & mask::DAY == 0
                && (1..=31).contains(&number)
            {
                reader.draft.fields.day = number;
                mask::DAY
            } else {
                mask::MONTH
            };
            reader.draft.month_name = true;
            reader.draft.fields.month = month;
            fields
        }
        Meaning::Weekday => mask::WEEKDAY,
        Meaning::HalfDay(after) => {
            reader.draft.half_day = Some(after);
            mask::HALF_DAY
        }
        Meaning::Era(before) => {
            reader.draft.before_christ = before;
            mask::ERA
        }
        Meaning::SummerTime => {
            reader.draft.west -= 3_600;
            mask::SUMMER_WORD | mask::SUMMER
        }
        Meaning::TimeFollows => {
            if reader.set & mask::DATE != mask::DATE || !time_follows(pieces, index) {
                return Err(Flaw::Format);
            }
            reader.unit = Some(Unit::Time);
            0
        }
        Meaning::Unit(unit) => {
            reader.unit = Some(unit);
            0
        }
    }))
}

fn special_word(reader: &mut Reader<'_>, word: Special, special: &mut Option<Decoded>) -> Result<u32, Flaw> {
    let set_day = |reader: &mut Reader<'_>, more: i64| {
        let (year, month, day) = date_of(reader.now()?.0.days() + more);
        let fields = &mut reader.draft.fields;
        (fields.year, fields.month, fields.day) = (year, month, day);
        Ok(mask::DATE)
    };
    let whole = mask::DATE | mask::TIME | mask::ZONE;
    let (found, fields) = match word {
        Special::Now => {
            (reader.draft.fields, reader.draft.west) = reader.now()?;
            (None, whole)
        }
        Special::Today => (None, set_day(reader, 0)?),
        Special::Tomorrow => (None, set_day(reader, 1)?),
        Special::Yesterday => (None, set_day(reader, -1)?),
        Special::Midnight => {
            reader.draft.fields.set_time(0);
            reader.draft.west = 0;
            (None, mask::TIME | mask::ZONE)
        }
        Special::Epoch => (Some(Decoded::Epoch), mask::SPECIAL),
        Special::Infinity => (Some(Decoded::Infinity), mask::SPECIAL),
        Special::MinusInfinity => (Some(Decoded::MinusInfinity), mask::SPECIAL),
    };
    *special = found;
    Ok(fields)
}
