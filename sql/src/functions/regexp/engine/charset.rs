//! Sets of characters, as sorted ranges of their numbers, and the named classes.
//!
//! The classes are Unicode's as C libraries have them in a UTF-8 locale: only ASCII digits are digits, other
//! decimal digits are letters, blanks that do not break are no space.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::OnceLock;

use crate::types::text::{lower_character, upper_character};

/// The greatest character.
const LAST: u32 = 0x0010_ffff;
/// No character from here on has another case.
const CASELESS: u32 = 0x1_e944;

/// Inclusive ranges, sorted, with gaps between them.
pub type Ranges = Vec<(u32, u32)>;

/// Sorts ranges and joins those that touch.
pub fn normalized(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut joined: Ranges = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match joined.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// All characters but those of normalized ranges.
pub fn complement(ranges: &[(u32, u32)]) -> Ranges {
    let mut others = vec![];
    let mut next = 0;
    for &(first, last) in ranges {
        if first > next && next <= LAST {
            others.push((next, (first - 1).min(LAST)));
        }
        next = last.saturating_add(1);
    }
    if next <= LAST {
        others.push((next, LAST));
    }
    others
}

/// Appends a range, with the other cases of its characters if these are to count as the same.
pub fn push_range(ranges: &mut Ranges, first: u32, last: u32, ignore_case: bool) {
    ranges.push((first, last));
    if !ignore_case {
        return;
    }
    let mut others = BTreeSet::new();
    for character in (first..=last.min(CASELESS)).filter_map(char::from_u32) {
        for other in [lower_character(character), upper_character(character)] {
            if !(first..=last).contains(&u32::from(other)) {
                others.insert(u32::from(other));
            }
        }
    }
    ranges.extend(others.into_iter().map(|other| (other, other)));
}

/// A named class of characters.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    Alnum,
    Alpha,
    Ascii,
    Blank,
    Cntrl,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    Upper,
    Xdigit,
    Word,
}

/// The class of a name, as it stands between `[:` and `:]`.
pub fn class_by_name(name: &str) -> Option<Class> {
    Some(match name {
        "alnum" => Class::Alnum,
        "alpha" => Class::Alpha,
        "ascii" => Class::Ascii,
        "blank" => Class::Blank,
        "cntrl" => Class::Cntrl,
        "digit" => Class::Digit,
        "graph" => Class::Graph,
        "lower" => Class::Lower,
        "print" => Class::Print,
        "punct" => Class::Punct,
        "space" => Class::Space,
        "upper" => Class::Upper,
        "xdigit" => Class::Xdigit,
        "word" => Class::Word,
        _ => return None,
    })
}

/// Characters that are of Unicode's properties; from the `regex` crate's tables, once for each process.
fn unicode(cell: &'static OnceLock<Ranges>, properties: &str) -> &'static [(u32, u32)] {
    cell.get_or_init(|| {
        let Ok(pattern) = regex::Regex::new(&format!("[{properties}]+")) else { return vec![] };
        let all: String = (0..=LAST).filter_map(char::from_u32).collect();
        let ranges = pattern.find_iter(&all).flat_map(|found| {
            let found = found.as_str();
            let first = found.chars().next().map_or(0, u32::from);
            let last = found.chars().next_back().map_or(0, u32::from);
            // The numbers of surrogates are no characters, but a run goes over them.
            [(first, last)]
        });
        normalized(ranges.collect())
    })
}

macro_rules! tables {
    ($($name:ident: $properties:literal;)*) => {$(
        fn $name() -> &'static [(u32, u32)] {
            static CELL: OnceLock<Ranges> = OnceLock::new();
            unicode(&CELL, $properties)
        }
    )*};
}

tables! {
    alpha: r"\p{Alphabetic}\p{Nd}--[0-9]";
    alnum: r"\p{Alphabetic}\p{Nd}";
    lower: r"\p{Lowercase}\u{1c5}\u{1c8}\u{1cb}\u{1f2}";
    upper: r"\p{Uppercase}\p{Lt}";
    word: r"\p{Alphabetic}\p{Nd}_";
    space: r"\t-\r\p{Zs}\p{Zl}\p{Zp}--[\u{a0}\u{2007}\u{202f}]";
    graph: r"\p{Any}--[\p{Cc}\p{Cn}[\p{Zs}\p{Zl}\p{Zp}--[\u{a0}\u{2007}\u{202f}]]]";
    print: r"\p{Any}--[\p{Cc}\p{Cn}\p{Zl}\p{Zp}]";
    punct: r"\p{Any}--[\p{Cc}\p{Cn}[\p{Zs}\p{Zl}\p{Zp}--[\u{a0}\u{2007}\u{202f}]]\p{Alphabetic}\p{Nd}]";
}

/// Whether a character is a letter or a digit.
pub fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let number = u32::from(character);
    let ranges = alnum();
    let after = ranges.partition_point(|(first, _)| *first <= number);
    after > 0 && number <= ranges[after - 1].1
}

/// The characters of a class.
pub fn class(class: Class, ignore_case: bool) -> Rc<[(u32, u32)]> {
    let fixed: &[(u32, u32)] = match class {
        Class::Alnum => alnum(),
        Class::Alpha => alpha(),
        Class::Lower | Class::Upper if ignore_case => alpha(),
        Class::Lower => lower(),
        Class::Upper => upper(),
        Class::Ascii => &[(0, 0x7f)],
        Class::Blank => &[(0x09, 0x09), (0x20, 0x20)],
        Class::Cntrl => &[(0, 0x1f), (0x7f, 0x9f)],
        Class::Digit => &[(0x30, 0x39)],
        Class::Xdigit => &[(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
        Class::Graph => graph(),
        Class::Print => print(),
        Class::Punct => punct(),
        Class::Space => space(),
        Class::Word => word(),
    };
    fixed.into()
}
