//! `@>`: whether a jsonb value contains another.
//!
//! An object contains one all of whose fields it has, with values that are equal (scalars) or contain theirs.
//! An array contains one each of whose elements is equal to, or contained in, one of its own. A whole value
//! that is a scalar is contained in an array that has it.

use super::canonical::key_order;
use super::order::equal_scalars;
use super::scan::{Items, JsonKind, count, elements, items, kind};

/// A question being answered: does this container hold that one?
enum Question<'a> {
    /// Both objects: fields yet to be looked for, and fields of the outer one that may still match (keys
    /// being in order, none before them can).
    Fields { outer: Items<'a>, inner: Items<'a> },
    /// Both arrays: elements yet to be looked for; the one being looked for, and which may still hold it.
    Elements { array: &'a str, inner: Vec<&'a str>, asked: usize, candidates: Items<'a> },
}

/// Whether `outer @> inner`.
pub fn contains(outer: &str, inner: &str) -> bool {
    if (kind(outer) == JsonKind::Object) != (kind(inner) == JsonKind::Object) {
        return false;
    }
    if kind(inner) != JsonKind::Array && kind(inner) != JsonKind::Object {
        return elements(outer).any(|element| same_scalar(element, inner));
    }
    if !kind(outer).is_container() {
        return false;
    }
    let Some(first) = ask(outer, inner) else { return false };
    let mut questions = vec![first];
    // The answer to the question that was just taken off, if one was.
    let mut answer: Option<bool> = None;
    while let Some(question) = questions.last_mut() {
        match step(question, answer) {
            Step::Answer(found) => {
                answer = Some(found);
                questions.pop();
            }
            Step::Ask(outer, inner) => match ask(outer, inner) {
                Some(next) => {
                    answer = None;
                    questions.push(next);
                }
                None => answer = Some(false),
            },
        }
    }
    answer.unwrap_or(false)
}

enum Step<'a> {
    Answer(bool),
    Ask(&'a str, &'a str),
}

/// The question of two containers; None: no.
fn ask<'a>(outer: &'a str, inner: &'a str) -> Option<Question<'a>> {
    match (kind(outer), kind(inner)) {
        (JsonKind::Object, JsonKind::Object) => (count(outer) >= count(inner))
            .then(|| Question::Fields { outer: items(outer), inner: items(inner) }),
        (JsonKind::Array, JsonKind::Array) => {
            let mut containers = vec![];
            for element in elements(inner) {
                if kind(element).is_container() {
                    containers.push(element);
                } else if !elements(outer).any(|own| same_scalar(own, element)) {
                    return None;
                }
            }
            Some(Question::Elements { array: outer, inner: containers, asked: 0, candidates: items(outer) })
        }
        _ => None,
    }
}

fn step<'a>(question: &mut Question<'a>, answer: Option<bool>) -> Step<'a> {
    match question {
        Question::Fields { outer, inner } => {
            if answer == Some(false) {
                return Step::Answer(false);
            }
            for wanted in inner.by_ref() {
                let found = outer.by_ref().find(|own| key_order(own.key(), wanted.key()).is_ge());
                let Some(own) = found.filter(|own| own.key() == wanted.key()) else {
                    return Step::Answer(false);
                };
                if kind(wanted.value()).is_container() {
                    return Step::Ask(own.value(), wanted.value());
                }
                if !same_scalar(own.value(), wanted.value()) {
                    return Step::Answer(false);
                }
            }
            Step::Answer(true)
        }
        Question::Elements { array, inner, asked, candidates } => {
            if answer == Some(true) {
                *asked += 1;
                *candidates = items(array);
            }
            let Some(wanted) = inner.get(*asked) else { return Step::Answer(true) };
            match candidates.by_ref().find(|own| kind(own.value()) == kind(wanted)) {
                Some(own) => Step::Ask(own.value(), wanted),
                None => Step::Answer(false),
            }
        }
    }
}

fn same_scalar(left: &str, right: &str) -> bool {
    kind(left) == kind(right) && !kind(left).is_container() && equal_scalars(left, right)
}
