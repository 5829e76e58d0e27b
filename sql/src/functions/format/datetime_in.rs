//! Reads a text by a template of a date and time: what each field says, before it is known what they mean
//! together.
//!
//! Outside FX, blanks before and after fields are passed over, and a blank or separator of the template
//! stands for one blank or separator of the text or for nothing; `extra` counts what was passed over beyond
//! the template, so that a quoted character of the template does not eat the first character of a field.

use super::names::{DAYS, DAYS_SHORT, MONTHS, MONTHS_SHORT, ROMAN_MONTHS};
use super::template::{Convention, Field, Item, Pattern, is_separator, is_space, template};
use crate::error::{SqlError, SqlResult, SqlState};

/// What the fields of a text said. 0 is "nothing".
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub convention: Option<Convention>,
    pub hour: i32,
    pub afternoon: i32,
    pub minute: i32,
    pub second: i32,
    pub second_of_day: i32,
    /// Sunday is 1.
    pub weekday: i32,
    pub day: i32,
    pub day_of_year: i32,
    pub month: i32,
    pub millis: i32,
    pub year: i32,
    pub before_christ: i32,
    pub week: i32,
    pub week_of_month: i32,
    pub century: i32,
    pub julian: i32,
    pub micros: i32,
    /// Number of digits of the year's pattern.
    pub year_digits: u8,
    pub twelve_hours: bool,
    /// 1 or -1 where a zone was given.
    pub zone_sign: i32,
    pub zone_hour: i32,
    pub zone_minute: i32,
    /// Digits of FF1 to FF6.
    pub fraction_digits: u8,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn skip_character(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.chars().next().map_or(0, char::len_utf8);
    }

    fn skip_spaces(&mut self) -> i32 {
        let spaces = self.rest().iter().take_while(|byte| is_space(char::from(**byte))).count();
        self.at += spaces;
        spaces as i32
    }
}

/// What the text says by the template.
pub(super) fn read(text: &str, format: &str) -> SqlResult<Parsed> {
    let items = template(format);
    let mut parsed = Parsed::default();
    let mut reader = Reader { text, at: 0 };
    let mut fixed = false;
    let mut extra = 0;
    for (index, item) in items.iter().enumerate() {
        if reader.peek().is_none() {
            break;
        }
        let is_field = matches!(item, Item::Field(_));
        let turns_fixed = matches!(item, Item::Field(Field { pattern: Pattern::FixedWidth, .. }));
        if !fixed && !turns_fixed && (is_field || index == 0) {
            extra += reader.skip_spaces();
        }
        match item {
            Item::Space(_) | Item::Separator(_) if fixed => reader.skip_character(),
            Item::Space(_) | Item::Separator(_) => {
                extra -= 1;
                if reader.peek().map(char::from).is_some_and(|next| is_space(next) || is_separator(next)) {
                    reader.at += 1;
                    extra += 1;
                }
            }
            Item::Text(_) if !fixed && extra > 0 => extra -= 1,
            Item::Text(_) => reader.skip_character(),
            Item::Field(field) => {
                parsed.adopt(field.pattern.convention())?;
                if turns_fixed {
                    fixed = true;
                }
                let greedy = field.fill || ends_number(&items, index, field);
                read_field(&mut parsed, &mut reader, field, greedy, extra)?;
                if !fixed {
                    extra = reader.skip_spaces();
                }
            }
        }
    }
    Ok(parsed)
}

/// Whether what follows a field in the template cannot be a digit, so that the field takes all digits there
/// are.
fn ends_number(items: &[Item], index: usize, field: &Field) -> bool {
    if field.ordinal.is_some() {
        return true;
    }
    match items.get(index + 1) {
        None => true,
        Some(Item::Field(next)) => !next.pattern.is_digits(),
        Some(Item::Text(next)) => !next.is_ascii_digit(),
        Some(Item::Space(_) | Item::Separator(_)) => true,
    }
}

impl Parsed {
    fn adopt(&mut self, convention: Option<Convention>) -> SqlResult<()> {
        match (self.convention, convention) {
            (Some(known), Some(new)) if known != new => {
                let hint = "Do not mix Gregorian and ISO week date conventions in a formatting template.";
                Err(invalid("invalid combination of date conventions").with_hint(hint))
            }
            (None, Some(_)) => {
                self.convention = convention;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn invalid(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::InvalidDatetime, message)
}

/// Sets a part that was not set, or that was set to the same.
fn set(part: &mut i32, value: i32, field: &Field) -> SqlResult<()> {
    if *part != 0 && *part != value {
        let message = format!("conflicting values for \"{}\" field in formatting string", field.word);
        let detail = "This value contradicts a previous setting for the same field type.";
        return Err(invalid(message).with_detail(detail));
    }
    *part = value;
    Ok(())
}

fn read_field(
    parsed: &mut Parsed,
    reader: &mut Reader<'_>,
    field: &Field,
    greedy: bool,
    extra: i32,
) -> SqlResult<()> {
    let own_length = field.word.len();
    let number = |part: &mut i32, length: usize, reader: &mut Reader<'_>| -> SqlResult<usize> {
        let (value, used) = read_number(reader, length, field, greedy)?;
        set(part, value, field)?;
        Ok(used)
    };
    match field.pattern {
        Pattern::FixedWidth => return Ok(()),
        Pattern::Meridiem(_, dotted) => {
            let names = if dotted { ["a.m.", "p.m."] } else { ["am", "pm"] };
            let found = read_name(reader, &names, field)?;
            set(&mut parsed.afternoon, found, field)?;
            parsed.twelve_hours = true;
            return Ok(());
        }
        Pattern::Era(_, dotted) => {
            let names = if dotted { ["a.d.", "b.c."] } else { ["ad", "bc"] };
            let found = read_name(reader, &names, field)?;
            return set(&mut parsed.before_christ, found, field);
        }
        Pattern::MonthName(_) => {
            let found = read_name(reader, &MONTHS, field)?;
            return set(&mut parsed.month, found + 1, field);
        }
        Pattern::MonthShort(_) => {
            let found = read_name(reader, &MONTHS_SHORT, field)?;
            return set(&mut parsed.month, found + 1, field);
        }
        Pattern::MonthRoman(_) => {
            // From the last to the first: VIII begins with V.
            let names: Vec<&str> = ROMAN_MONTHS.iter().rev().copied().collect();
            let found = read_name(reader, &names, field)?;
            return set(&mut parsed.month, 12 - found, field);
        }
        Pattern::DayName(_) | Pattern::DayShort(_) => {
            let names = if matches!(field.pattern, Pattern::DayName(_)) { &DAYS } else { &DAYS_SHORT };
            let found = read_name(reader, names, field)?;
            // The part holds one more than what is compared with it, as in PostgreSQL: a day named twice
            // conflicts.
            set(&mut parsed.weekday, found, field)?;
            parsed.weekday += 1;
            return Ok(());
        }
        Pattern::ZoneName(_) | Pattern::ZoneOffset => {
            let message = format!("formatting field \"{}\" is only supported in to_char", field.word);
            return Err(SqlError::new(SqlState::FeatureNotSupported, message));
        }
        Pattern::ZoneHour => {
            parsed.zone_sign = zone_sign(reader, extra);
            number(&mut parsed.zone_hour, 2, reader)?;
            return Ok(());
        }
        Pattern::ZoneMinute => {
            if parsed.zone_sign == 0 {
                parsed.zone_sign = 1;
            }
            number(&mut parsed.zone_minute, 2, reader)?;
            return Ok(());
        }
        Pattern::Hour12 => {
            number(&mut parsed.hour, 2, reader)?;
            parsed.twelve_hours = true;
        }
        Pattern::Hour24 => {
            number(&mut parsed.hour, 2, reader)?;
        }
        Pattern::Minute => {
            number(&mut parsed.minute, 2, reader)?;
        }
        Pattern::Second => {
            number(&mut parsed.second, 2, reader)?;
        }
        Pattern::Millisecond => {
            let used = number(&mut parsed.millis, 3, reader)?;
            // "25" is a quarter of a second, as "250" is.
            parsed.millis = scaled(parsed.millis, used, 3);
        }
        Pattern::Fraction(digits) => {
            parsed.fraction_digits = digits;
            let used = number(&mut parsed.micros, usize::from(digits), reader)?;
            parsed.micros = scaled(parsed.micros, used, 6);
        }
        Pattern::Microsecond => {
            let used = number(&mut parsed.micros, 6, reader)?;
            parsed.micros = scaled(parsed.micros, used, 6);
        }
        Pattern::SecondOfDay => {
            number(&mut parsed.second_of_day, own_length, reader)?;
        }
        Pattern::Month => {
            number(&mut parsed.month, 2, reader)?;
        }
        Pattern::DayOfYear | Pattern::IsoDayOfYear => {
            number(&mut parsed.day_of_year, 3, reader)?;
        }
        Pattern::Day => {
            number(&mut parsed.day, 2, reader)?;
        }
        Pattern::Weekday => {
            number(&mut parsed.weekday, 1, reader)?;
        }
        Pattern::IsoWeekday => {
            number(&mut parsed.weekday, 1, reader)?;
            parsed.weekday = parsed.weekday.wrapping_add(1);
            if parsed.weekday > 7 {
                parsed.weekday = 1;
            }
        }
        Pattern::Week | Pattern::IsoWeek => {
            number(&mut parsed.week, 2, reader)?;
        }
        Pattern::WeekOfMonth => {
            number(&mut parsed.week_of_month, 1, reader)?;
        }
        // Which day of the quarter would it be? It is read and let go.
        Pattern::Quarter => {
            read_number(reader, 1, field, greedy)?;
        }
        Pattern::Century => {
            number(&mut parsed.century, 2, reader)?;
        }
        Pattern::Julian => {
            number(&mut parsed.julian, 1, reader)?;
        }
        Pattern::YearWithComma => {
            let year = read_year_with_comma(reader)?;
            set(&mut parsed.year, year, field)?;
            parsed.year_digits = 4;
        }
        Pattern::Year(digits) | Pattern::IsoYear(digits) => {
            let used = number(&mut parsed.year, own_length, reader)?;
            if digits < 4 && used < 4 {
                parsed.year = near_2020(parsed.year);
            }
            parsed.year_digits = digits;
        }
    }
    if field.ordinal.is_some() {
        reader.skip_character();
        reader.skip_character();
    }
    Ok(())
}

fn scaled(value: i32, used: usize, digits: usize) -> i32 {
    if (1..digits).contains(&used) { value.wrapping_mul(10_i32.pow((digits - used) as u32)) } else { value }
}

/// The year nearest to 2020 that ends in these one to three digits: 70 is 1970, 69 is 2069.
fn near_2020(year: i32) -> i32 {
    match year {
        ..70 => year.wrapping_add(2000),
        70..100 => year + 1900,
        100..520 => year + 2000,
        520..1000 => year + 1000,
        _ => year,
    }
}

/// The sign of an offset: the one at hand, or a minus that was passed over as a separator just before.
fn zone_sign(reader: &mut Reader<'_>, extra: i32) -> i32 {
    match reader.peek() {
        Some(sign @ (b'+' | b'-' | b' ')) => {
            reader.at += 1;
            if sign == b'-' { -1 } else { 1 }
        }
        _ => {
            let before = reader.at.checked_sub(1).map(|at| reader.text.as_bytes()[at]);
            if extra > 0 && before == Some(b'-') { -1 } else { 1 }
        }
    }
}

/// A number and the bytes that it took with the blanks before it: all its digits if greedy, else exactly
/// `length` characters.
fn read_number(
    reader: &mut Reader<'_>,
    length: usize,
    field: &Field,
    greedy: bool,
) -> SqlResult<(i32, usize)> {
    let start = reader.at;
    reader.skip_spaces();
    let remaining = reader.rest().len();
    let copy = reader.rest()[..remaining.min(length)].to_vec();
    let shown = || String::from_utf8_lossy(&copy).into_owned();
    let fill_hint = "If your source string is not fixed-width, try using the \"FM\" modifier.";
    let (value, used) = if greedy {
        integer(reader.rest())
    } else {
        if remaining < length {
            let message = format!("source string too short for \"{}\" formatting field", field.word);
            let detail = format!("Field requires {length} characters, but only {remaining} remain.");
            return Err(invalid(message).with_detail(detail).with_hint(fill_hint));
        }
        let (value, used) = integer(&copy);
        if used > 0 && used < length {
            let message = format!("invalid value \"{}\" for \"{}\"", shown(), field.word);
            let detail = format!("Field requires {length} characters, but only {used} could be parsed.");
            return Err(invalid(message).with_detail(detail).with_hint(fill_hint));
        }
        (value, used)
    };
    if greedy && used == 0 {
        // Blanks without a number are nothing at all.
        reader.at = start;
    }
    reader.at += used;
    if reader.at == start {
        let message = format!("invalid value \"{}\" for \"{}\"", shown(), field.word);
        return Err(invalid(message).with_detail("Value must be an integer."));
    }
    let Ok(value) = i32::try_from(value) else {
        let message = format!("value for \"{}\" in source string is out of range", field.word);
        let detail = "Value must be in the range -2147483648 to 2147483647.";
        return Err(SqlError::new(SqlState::DatetimeOverflow, message).with_detail(detail));
    };
    Ok((value, reader.at - start))
}

/// The whole number at the beginning of some bytes as C's `strtol` reads it, blanks and sign included, and
/// the bytes that it takes; one past 64 bits is the greatest or least of these.
fn integer(bytes: &[u8]) -> (i64, usize) {
    let mut at = bytes.iter().take_while(|byte| is_space(char::from(**byte))).count();
    let negative = bytes.get(at) == Some(&b'-');
    if negative || bytes.get(at) == Some(&b'+') {
        at += 1;
    }
    let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return (0, 0);
    }
    let value = bytes[at..at + digits].iter().fold(0_i64, |value, digit| {
        let digit = i64::from(digit - b'0');
        let digit = if negative { -digit } else { digit };
        value.saturating_mul(10).saturating_add(digit)
    });
    (value, at + digits)
}

/// `2,004`: thousands, a comma, and up to three more digits.
fn read_year_with_comma(reader: &mut Reader<'_>) -> SqlResult<i32> {
    let wrong = || invalid("invalid input string for \"Y,YYY\"");
    let rest = reader.rest();
    let (thousands, used) = integer(rest);
    if used == 0 || rest.get(used) != Some(&b',') {
        return Err(wrong());
    }
    let after = &rest[used + 1..];
    let spaces = after.iter().take_while(|byte| is_space(char::from(**byte))).count();
    let three = &after[spaces..after.len().min(spaces + 3)];
    let (years, more) = integer(three);
    if more == 0 {
        return Err(wrong());
    }
    reader.at += used + 1 + spaces + more;
    Ok((years as i32).wrapping_add((thousands as i32).wrapping_mul(1000)))
}

/// Which of the names the text goes on with, in letters of any case.
fn read_name(reader: &mut Reader<'_>, names: &[&str], field: &Field) -> SqlResult<i32> {
    let rest = reader.rest();
    let found = names.iter().position(|name| {
        rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    });
    match found {
        Some(index) => {
            reader.at += names[index].len();
            Ok(index as i32)
        }
        None => {
            let word = rest.split(|byte| is_space(char::from(*byte))).next().unwrap_or_default();
            let word = String::from_utf8_lossy(word);
            let message = format!("invalid value \"{word}\" for \"{}\"", field.word);
            let detail = "The given value did not match any of the allowed values for this field.";
            Err(invalid(message).with_detail(detail))
        }
    }
}
