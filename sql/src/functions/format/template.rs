//! Templates of dates and times, compiled: `FMDay, DD "of" Month` as a list of fields and of characters
//! between them.
//!
//! ```text
//!  template := ( prefix? word postfix? | "quoted text" | character )*
//!  prefix   := FM | TM        postfix := TH | th | SP
//! ```
//!
//! A word is the first of [`WORDS`] that the text begins with; a prefix that no word follows is dropped.

use std::cell::RefCell;
use std::rc::Rc;

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// `MONDAY`
    Upper,
    /// `Monday`
    Title,
    /// `monday`
    Lower,
}

/// What a word of a template stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// AD, BC; with dots
    Era(Case, bool),
    /// AM, PM; with dots
    Meridiem(Case, bool),
    /// CC
    Century,
    /// DAY
    DayName(Case),
    /// DY
    DayShort(Case),
    /// DDD
    DayOfYear,
    /// IDDD
    IsoDayOfYear,
    /// DD
    Day,
    /// D: Sunday is 1
    Weekday,
    /// ID: Monday is 1
    IsoWeekday,
    /// FF1 to FF6
    Fraction(u8),
    /// MS
    Millisecond,
    /// US
    Microsecond,
    /// FX
    FixedWidth,
    /// HH24
    Hour24,
    /// HH, HH12
    Hour12,
    /// MI
    Minute,
    /// SS
    Second,
    /// SSSS, SSSSS
    SecondOfDay,
    /// IW
    IsoWeek,
    /// WW
    Week,
    /// W
    WeekOfMonth,
    /// YYYY, YYY, YY, Y: so many digits
    Year(u8),
    /// IYYY, IYY, IY, I: so many digits
    IsoYear(u8),
    /// Y,YYY
    YearWithComma,
    /// J
    Julian,
    /// MM
    Month,
    /// MONTH
    MonthName(Case),
    /// MON
    MonthShort(Case),
    /// RM
    MonthRoman(Case),
    /// Q
    Quarter,
    /// TZ
    ZoneName(Case),
    /// TZH
    ZoneHour,
    /// TZM
    ZoneMinute,
    /// OF
    ZoneOffset,
}

/// The two ways of naming a date, which one template must not mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Convention {
    /// Year, month, day.
    Gregorian,
    /// ISO year, week, weekday.
    IsoWeek,
}

/// A word of a template with its prefix and postfix.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// What it stands for.
    pub pattern: Pattern,
    /// As it was written, for messages.
    pub word: &'static str,
    /// FM: no padding.
    pub fill: bool,
    /// TM: the language's name.
    pub translated: bool,
    /// TH, th: an ordinal ending.
    pub ordinal: Option<Case>,
}

/// A part of a template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    /// A word.
    Field(Field),
    /// White space.
    Space(char),
    /// Printable ASCII that is no letter and no digit.
    Separator(char),
    /// Any other character, or a quoted one.
    Text(char),
}

use Case::{Lower, Title, Upper};

/// The words, each before those that it begins with.
const WORDS: &[(&str, Pattern)] = &[
    ("A.D.", Pattern::Era(Upper, true)),
    ("A.M.", Pattern::Meridiem(Upper, true)),
    ("AD", Pattern::Era(Upper, false)),
    ("AM", Pattern::Meridiem(Upper, false)),
    ("B.C.", Pattern::Era(Upper, true)),
    ("BC", Pattern::Era(Upper, false)),
    ("CC", Pattern::Century),
    ("DAY", Pattern::DayName(Upper)),
    ("DDD", Pattern::DayOfYear),
    ("DD", Pattern::Day),
    ("DY", Pattern::DayShort(Upper)),
    ("Day", Pattern::DayName(Title)),
    ("Dy", Pattern::DayShort(Title)),
    ("D", Pattern::Weekday),
    ("FF1", Pattern::Fraction(1)),
    ("FF2", Pattern::Fraction(2)),
    ("FF3", Pattern::Fraction(3)),
    ("FF4", Pattern::Fraction(4)),
    ("FF5", Pattern::Fraction(5)),
    ("FF6", Pattern::Fraction(6)),
    ("FX", Pattern::FixedWidth),
    ("HH24", Pattern::Hour24),
    ("HH12", Pattern::Hour12),
    ("HH", Pattern::Hour12),
    ("IDDD", Pattern::IsoDayOfYear),
    ("ID", Pattern::IsoWeekday),
    ("IW", Pattern::IsoWeek),
    ("IYYY", Pattern::IsoYear(4)),
    ("IYY", Pattern::IsoYear(3)),
    ("IY", Pattern::IsoYear(2)),
    ("I", Pattern::IsoYear(1)),
    ("J", Pattern::Julian),
    ("MI", Pattern::Minute),
    ("MM", Pattern::Month),
    ("MONTH", Pattern::MonthName(Upper)),
    ("MON", Pattern::MonthShort(Upper)),
    ("MS", Pattern::Millisecond),
    ("Month", Pattern::MonthName(Title)),
    ("Mon", Pattern::MonthShort(Title)),
    ("OF", Pattern::ZoneOffset),
    ("P.M.", Pattern::Meridiem(Upper, true)),
    ("PM", Pattern::Meridiem(Upper, false)),
    ("Q", Pattern::Quarter),
    ("RM", Pattern::MonthRoman(Upper)),
    ("SSSSS", Pattern::SecondOfDay),
    ("SSSS", Pattern::SecondOfDay),
    ("SS", Pattern::Second),
    ("TZH", Pattern::ZoneHour),
    ("TZM", Pattern::ZoneMinute),
    ("TZ", Pattern::ZoneName(Upper)),
    ("US", Pattern::Microsecond),
    ("WW", Pattern::Week),
    ("W", Pattern::WeekOfMonth),
    ("Y,YYY", Pattern::YearWithComma),
    ("YYYY", Pattern::Year(4)),
    ("YYY", Pattern::Year(3)),
    ("YY", Pattern::Year(2)),
    ("Y", Pattern::Year(1)),
    ("a.d.", Pattern::Era(Lower, true)),
    ("a.m.", Pattern::Meridiem(Lower, true)),
    ("ad", Pattern::Era(Lower, false)),
    ("am", Pattern::Meridiem(Lower, false)),
    ("b.c.", Pattern::Era(Lower, true)),
    ("bc", Pattern::Era(Lower, false)),
    ("cc", Pattern::Century),
    ("day", Pattern::DayName(Lower)),
    ("ddd", Pattern::DayOfYear),
    ("dd", Pattern::Day),
    ("dy", Pattern::DayShort(Lower)),
    ("d", Pattern::Weekday),
    ("ff1", Pattern::Fraction(1)),
    ("ff2", Pattern::Fraction(2)),
    ("ff3", Pattern::Fraction(3)),
    ("ff4", Pattern::Fraction(4)),
    ("ff5", Pattern::Fraction(5)),
    ("ff6", Pattern::Fraction(6)),
    ("fx", Pattern::FixedWidth),
    ("hh24", Pattern::Hour24),
    ("hh12", Pattern::Hour12),
    ("hh", Pattern::Hour12),
    ("iddd", Pattern::IsoDayOfYear),
    ("id", Pattern::IsoWeekday),
    ("iw", Pattern::IsoWeek),
    ("iyyy", Pattern::IsoYear(4)),
    ("iyy", Pattern::IsoYear(3)),
    ("iy", Pattern::IsoYear(2)),
    ("i", Pattern::IsoYear(1)),
    ("j", Pattern::Julian),
    ("mi", Pattern::Minute),
    ("mm", Pattern::Month),
    ("month", Pattern::MonthName(Lower)),
    ("mon", Pattern::MonthShort(Lower)),
    ("ms", Pattern::Millisecond),
    ("of", Pattern::ZoneOffset),
    ("p.m.", Pattern::Meridiem(Lower, true)),
    ("pm", Pattern::Meridiem(Lower, false)),
    ("q", Pattern::Quarter),
    ("rm", Pattern::MonthRoman(Lower)),
    ("sssss", Pattern::SecondOfDay),
    ("ssss", Pattern::SecondOfDay),
    ("ss", Pattern::Second),
    ("tzh", Pattern::ZoneHour),
    ("tzm", Pattern::ZoneMinute),
    ("tz", Pattern::ZoneName(Lower)),
    ("us", Pattern::Microsecond),
    ("ww", Pattern::Week),
    ("w", Pattern::WeekOfMonth),
    ("y,yyy", Pattern::YearWithComma),
    ("yyyy", Pattern::Year(4)),
    ("yyy", Pattern::Year(3)),
    ("yy", Pattern::Year(2)),
    ("y", Pattern::Year(1)),
];

impl Pattern {
    /// Whether it is read as digits, so that a field before it must not take all the digits there are.
    pub(super) fn is_digits(self) -> bool {
        !matches!(
            self,
            Pattern::Era(..)
                | Pattern::Meridiem(..)
                | Pattern::DayName(_)
                | Pattern::DayShort(_)
                | Pattern::FixedWidth
                | Pattern::MonthName(_)
                | Pattern::MonthShort(_)
                | Pattern::MonthRoman(_)
                | Pattern::ZoneName(_)
                | Pattern::ZoneHour
                | Pattern::ZoneOffset
        )
    }

    /// The convention that it belongs to; None for one that goes with both.
    pub(super) fn convention(self) -> Option<Convention> {
        match self {
            Pattern::DayOfYear
            | Pattern::Day
            | Pattern::Weekday
            | Pattern::Month
            | Pattern::MonthName(_)
            | Pattern::MonthShort(_)
            | Pattern::MonthRoman(_)
            | Pattern::Week
            | Pattern::WeekOfMonth
            | Pattern::Year(_)
            | Pattern::YearWithComma => Some(Convention::Gregorian),
            Pattern::IsoDayOfYear | Pattern::IsoWeekday | Pattern::IsoWeek | Pattern::IsoYear(_) => {
                Some(Convention::IsoWeek)
            }
            _ => None,
        }
    }
}

/// White space as C has it.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

/// Printable ASCII that is no letter, no digit and no blank.
pub(super) fn is_separator(character: char) -> bool {
    character.is_ascii_punctuation()
}

thread_local! {
    static LAST: RefCell<Option<(String, Rc<Vec<Item>>)>> = const { RefCell::new(None) };
}

/// The template compiled, or as it was compiled the last time.
pub(super) fn template(text: &str) -> Rc<Vec<Item>> {
    LAST.with(|last| {
        let mut last = last.borrow_mut();
        match last.as_ref() {
            Some((known, items)) if known == text => items.clone(),
            _ => {
                let items = Rc::new(compile(text));
                *last = Some((text.to_owned(), items.clone()));
                items
            }
        }
    })
}

fn compile(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let fill = strip(&mut rest, &["FM", "fm"]);
        let translated = !fill && strip(&mut rest, &["TM", "tm"]);
        if let Some((word, pattern)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            rest = &rest[word.len()..];
            let ordinal = if strip(&mut rest, &["TH"]) {
                Some(Upper)
            } else if strip(&mut rest, &["th"]) {
                Some(Lower)
            } else {
                strip(&mut rest, &["SP"]);
                None
            };
            items.push(Item::Field(Field { pattern: *pattern, word, fill, translated, ordinal }));
        } else if strip(&mut rest, &["\""]) {
            quoted(&mut rest, &mut items);
        } else {
            if rest.starts_with("\\\"") {
                rest = &rest[1..];
            }
            let Some(character) = take(&mut rest) else { break };
            items.push(if is_separator(character) {
                Item::Separator(character)
            } else if is_space(character) {
                Item::Space(character)
            } else {
                Item::Text(character)
            });
        }
    }
    items
}

fn quoted(rest: &mut &str, items: &mut Vec<Item>) {
    while let Some(character) = take(rest) {
        match character {
            '"' => return,
            '\\' => items.push(Item::Text(take(rest).unwrap_or('\\'))),
            other => items.push(Item::Text(other)),
        }
    }
}

/// Takes one of the prefixes off, if the text begins with it.
pub(super) fn strip(rest: &mut &str, prefixes: &[&str]) -> bool {
    for prefix in prefixes {
        if let Some(after) = rest.strip_prefix(prefix) {
            *rest = after;
            return true;
        }
    }
    false
}

/// Takes one character off.
pub(super) fn take(rest: &mut &str) -> Option<char> {
    let character = rest.chars().next()?;
    *rest = &rest[character.len_utf8()..];
    Some(character)
}
