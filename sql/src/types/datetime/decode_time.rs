//! Reads the pieces of a time of day, as PostgreSQL's `DecodeTimeOnly`: a date may stand with it, to tell
//! what offset a zone has.

use super::calendar::{Fields, fields_of};
use super::decode::{Named, Reader, time_follows};
use super::parts::{Flaw, mask, offset, time_overflows};
use super::split::{Look, Pieces, split};
use super::words::{Meaning, Special, Unit, meaning};
use crate::types::environment::Environment;
use crate::types::zone;

/// The time of day that a text says, and the seconds west of UTC of its zone.
pub(super) fn decode_time(text: &str, environment: &Environment) -> Result<(Fields, i32), Flaw> {
    let pieces = split(text, None)?;
    let mut reader = Reader::new(environment);
    for index in 0..pieces.len() {
        let text = pieces.get(index).text;
        let fields = match pieces.get(index).look {
            Look::Date => date_piece(&mut reader, &pieces, index)?,
            // A unit before it is not minded here.
            Look::Time => reader.draft.time(text)?,
            Look::Offset => {
                reader.draft.west = offset(text)?;
                mask::ZONE
            }
            Look::Number => number_piece(&mut reader, &pieces, index)?,
            Look::Word | Look::SignedWord => match word_piece(&mut reader, &pieces, index)? {
                Some(fields) => fields,
                None => continue,
            },
        };
        reader.add(fields)?;
    }
    reader.draft.validate(reader.set)?;
    reader.draft.apply_half_day()?;
    let fields = reader.draft.fields;
    if time_overflows(fields.hour, fields.minute, fields.second, fields.micro) {
        return Err(Flaw::Field);
    }
    if reader.set & mask::TIME != mask::TIME {
        return Err(Flaw::Format);
    }
    Ok((fields, west(&reader)?))
}

/// The offset at the date that stands with the time, or today.
fn west(reader: &Reader<'_>) -> Result<i32, Flaw> {
    let has_date = reader.set & mask::DATE == mask::DATE;
    if let Some(Named::Zone(zone)) = &reader.named {
        if reader.set & mask::SUMMER_WORD != 0 {
            return Err(Flaw::Format);
        }
        if let Some(east) = zone::constant_offset(zone) {
            return Ok(-east);
        }
        if !has_date {
            return Err(Flaw::Format);
        }
    }
    if reader.named.is_none() && reader.set & mask::ZONE != 0 {
        return Ok(reader.draft.west);
    }
    let mut local = reader.draft.fields;
    if reader.set & mask::DATE == 0 {
        let today = if reader.is_fixed() { fields_of(0) } else { reader.now()?.0 };
        (local.year, local.month, local.day) = (today.year, today.month, today.day);
    } else if !has_date {
        return Err(Flaw::Format);
    }
    reader.west(&local)
}

fn date_piece(reader: &mut Reader<'_>, pieces: &Pieces, index: usize) -> Result<u32, Flaw> {
    let text = pieces.get(index).text;
    let last = pieces.len() - 1;
    if index == 0 && last >= 1 && (pieces.get(last).look == Look::Date || pieces.get(1).look == Look::Time) {
        return reader.draft.date(text, reader.set, reader.environment.date_order);
    }
    if !text.as_bytes()[0].is_ascii_digit() {
        return reader.zone(text);
    }
    if reader.set & mask::TIME == mask::TIME {
        return Err(Flaw::Format);
    }
    let at = text.find('-').ok_or(Flaw::Format)?;
    reader.draft.west = offset(&text[at..])?;
    Ok(reader.draft.run_together(&text[..at], reader.set | mask::DATE)? | mask::ZONE)
}

fn number_piece(reader: &mut Reader<'_>, pieces: &Pieces, index: usize) -> Result<u32, Flaw> {
    let text = pieces.get(index).text;
    if let Some(unit) = reader.unit.take() {
        return reader.labelled(text, unit);
    }
    let order = reader.environment.date_order;
    let last = pieces.len() - 1;
    match text.find('.') {
        Some(_) if index == 0 && last >= 1 && pieces.get(last).look == Look::Date => {
            reader.draft.date(text, reader.set, order)
        }
        Some(point) if point > 2 => reader.draft.run_together(text, reader.set | mask::DATE),
        Some(_) => Err(Flaw::Format),
        None if text.len() > 4 => reader.draft.run_together(text, reader.set | mask::DATE),
        None => reader.draft.number(text, false, reader.set | mask::DATE, order),
    }
}

/// The fields that a word sets; None: it says nothing.
fn word_piece(reader: &mut Reader<'_>, pieces: &Pieces, index: usize) -> Result<Option<u32>, Flaw> {
    let text = pieces.get(index).text;
    if let Some(fields) = reader.abbreviation(text) {
        return Ok(Some(fields));
    }
    let Some(meaning) = meaning(text) else {
        let zone = zone::find(text).ok_or(Flaw::Format)?;
        reader.named = Some(Named::Zone(zone));
        return Ok(Some(mask::ZONE));
    };
    Ok(Some(match meaning {
        Meaning::Nothing => return Ok(None),
        Meaning::Special(Special::Now) => {
            let now = reader.now()?.0;
            reader.draft.fields.set_time(now.time_us());
            mask::TIME
        }
        Meaning::Special(Special::Midnight) => {
            reader.draft.fields.set_time(0);
            reader.draft.west = 0;
            mask::TIME | mask::ZONE
        }
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
            if !time_follows(pieces, index) {
                return Err(Flaw::Format);
            }
            reader.unit = Some(Unit::Time);
            0
        }
        Meaning::Unit(unit) => {
            reader.unit = Some(unit);
            0
        }
        Meaning::Special(_) | Meaning::Month(_) | Meaning::Weekday => return Err(Flaw::Format),
    }))
}
