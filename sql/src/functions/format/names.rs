//! The words and Roman digits that templates write and read, in English.

use super::template::Case;

/// Months.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Months, in three letters.
pub(super) const MONTHS_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days of the week from Sunday.
pub(super) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Days of the week from Sunday, in three letters.
pub(super) const DAYS_SHORT: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Months in Roman digits.
pub(super) const ROMAN_MONTHS: [&str; 12] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// `st`, `nd`, `rd` or `th`, by the last two characters of a number.
pub(super) fn ordinal_ending(number: &[u8], case: Case) -> &'static str {
    let last = number.last().copied().unwrap_or(b'0');
    let teen = number.len() > 1 && number[number.len() - 2] == b'1';
    let (upper, lower) = match last {
        b'1' if !teen => ("ST", "st"),
        b'2' if !teen => ("ND", "nd"),
        b'3' if !teen => ("RD", "rd"),
        _ => ("TH", "th"),
    };
    if case == Case::Upper { upper } else { lower }
}

/// A number from 1 to 3999 in Roman digits.
pub(super) fn roman(number: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = number;
    let mut text = String::new();
    for (step, digits) in STEPS {
        while rest >= step {
            text.push_str(digits);
            rest -= step;
        }
    }
    text
}
