//! Zones by the many ways of naming them.

use super::{Clock, find, offset_text, read_setting, setting_text, word};
use crate::types::environment::Zone;

#[test]
fn a_setting_is_a_name_hours_or_an_interval() {
    let fixed = |text: &str| match read_setting(text).unwrap() {
        Zone::Fixed(east) => east,
        Zone::Named(_) => panic!("{text} is a name"),
    };
    assert_eq!(fixed("2.5"), 9_000);
    assert_eq!(fixed("-3"), -10_800);
    assert_eq!(fixed("UTC-3:30"), 12_600);
    // As PostgreSQL, which takes a sign and minutes for a rule of POSIX.
    assert_eq!(fixed("+02:30"), -9_000);
    assert_eq!(fixed("INTERVAL '01:30:30'"), 5_430);
    assert_eq!(setting_text(read_setting("europe/BERLIN").unwrap()), "Europe/Berlin");
    assert_eq!(setting_text(Zone::Fixed(9_000)), "<+02:30>-02:30");
    assert!(read_setting("Europe/Nowhere").is_err());
}

#[test]
fn rules_of_posix_have_summers() {
    let Some(Clock::Posix(posix)) = find("FOO5BAR") else { panic!("no rule") };
    assert_eq!(posix.at(1_592_222_400).east, -4 * 3_600);
    assert_eq!(posix.at(1_577_836_800).east, -5 * 3_600);
    assert_eq!(posix.at(1_592_222_400).abbreviation, "BAR");
}

#[test]
fn tables_of_abbreviations_are_sorted() {
    for abbreviation in ["acdt", "est", "zulu", "z", "utc", "msk", "yekt", "art"] {
        assert!(word(abbreviation).is_some(), "{abbreviation}");
    }
    assert_eq!(offset_text(-16_200), "-04:30");
    assert_eq!(offset_text(-17_762), "-04:56:02");
}
