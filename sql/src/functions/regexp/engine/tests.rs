//! What the engine promises beside right answers: bounded time, bounded memory, Unicode's classes.

use super::{Flags, Regex};

fn is_match(pattern: &str, text: &str) -> bool {
    Regex::new(pattern, Flags::default()).unwrap().is_match(text).unwrap()
}

#[test]
fn nested_repetitions_take_linear_time() {
    let text = "a".repeat(20_000);
    assert!(!is_match("(a*)*b", &text));
    assert!(!is_match("(a|aa)+$b", &text));
    assert!(!is_match("(x+x+)+y", &"x".repeat(20_000)));
}

#[test]
fn patterns_that_are_too_large_are_refused() {
    for pattern in ["((a{100}){100}){100}", "((((){255}){255}){255}){255}", &"(".repeat(10_000)] {
        assert!(Regex::new(pattern, Flags::default()).is_err(), "{pattern}");
    }
}

#[test]
fn states_that_are_thrown_away_do_not_change_the_answer() {
    // The states of this automaton are too many to be kept.
    let pattern = "[ab]*a[ab]{14}c";
    let regex = Regex::new(pattern, Flags::default()).unwrap();
    let mut number = 1_u32;
    let mut text: String = (0..60_000)
        .map(|_| {
            number = number.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            if number & 0x1_0000 == 0 { 'a' } else { 'b' }
        })
        .collect();
    assert!(!regex.is_match(&text).unwrap());
    text.push_str("abbbbbbbbbbbbbbc");
    assert!(regex.is_match(&text).unwrap());
    assert!(regex.size() < 4 << 20, "{}", regex.size());
}

#[test]
fn a_reference_back_gives_up_after_too_many_steps() {
    let regex = Regex::new(r"^(\w+)*(\w+)*(\w+)*(\w+)*\4\3\2\1!$", Flags::default()).unwrap();
    let regex_text = "ab".repeat(12) + "!";
    // Either answer is fine, but there must be one.
    let _ = regex.is_match(&regex_text);
}

#[test]
fn classes_and_case_are_those_of_unicode() {
    for (pattern, text) in [
        (r"^\w+$", "aé日1_"),
        ("^[[:upper:]][[:lower:]]$", "Éé"),
        ("(?i)^ÀÉ$", "àé"),
        ("(?i)^[à-é]+$", "ÀÉ"),
        (r"(?i)^(É)\1$", "Éé"),
        (r"^\W$", "€"),
        (r"^[[:alpha:]]$", "٣"),
        (r"^\D$", "٣"),
        (r"^\S$", "\u{a0}"),
        (r"^\s$", "\u{2003}"),
        ("^[[:punct:]]$", "€"),
        (r"\mé\M", "a é b"),
    ] {
        assert!(is_match(pattern, text), "{pattern} {text}");
    }
}
