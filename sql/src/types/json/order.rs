//! The order of jsonb values, as PostgreSQL's btree has it: Object > Array > Boolean > Number > String >
//! Null.
//!
//! Values are compared step by step: containers first by their number of elements, then element by element
//! (of an object: key, value, key, value; keys by their bytes). A scalar that is the whole value counts as an
//! array of one, which is less than a written array of one and greater than the empty array.
//!
//! ```text
//!  container  tag(5 array, 6 object) count(u32) [whole value only: 0 scalar, 1 not] elements…
//!  scalar     tag(1 null, 2 string, 3 number, 4 boolean) content
//! ```
//! The order is written down once, as [`key_bytes`]; [`compare`] compares them.

use std::cell::RefCell;
use std::cmp::Ordering;

use super::number;
use super::scan::{string_end, value_end};
use super::{escape, scan};

const NULL: u8 = 1;
const STRING: u8 = 2;
const NUMBER: u8 = 3;
const BOOLEAN: u8 = 4;
const ARRAY: u8 = 5;
const OBJECT: u8 = 6;

/// Appends bytes that are equal for equal values of jsonb (`1` and `1.0`), ordered as they are, and never the
/// beginning of others.
pub fn key_bytes(value: &str, out: &mut Vec<u8>) {
    let bytes = value.as_bytes();
    if !scan::kind(value).is_container() {
        out.extend_from_slice(&[ARRAY, 0, 0, 0, 1, 0]);
        write_scalar(value, out);
        return;
    }
    // The open containers: where their count is to stand, what it is so far, whether they are objects.
    let mut open: Vec<(usize, u32, bool)> = vec![];
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(start @ (b'[' | b'{')) => {
                let object = *start == b'{';
                out.push(if object { OBJECT } else { ARRAY });
                let count_at = out.len();
                out.extend_from_slice(&[0; 4]);
                if open.is_empty() {
                    out.push(1);
                }
                open.push((count_at, 0, object));
                at += 1;
                if !matches!(bytes.get(at), Some(b']' | b'}')) {
                    at = write_key(value, at, object, out);
                    continue;
                }
            }
            Some(_) => {
                let end = value_end(bytes, at);
                write_scalar(value.get(at..end).unwrap_or_default(), out);
                at = end;
                if let Some((_, count, _)) = open.last_mut() {
                    *count += 1;
                }
            }
            None => return,
        }
        // After a value: close what ends here, until an element follows.
        while matches!(bytes.get(at), Some(b']' | b'}')) {
            at += 1;
            if let Some((count_at, count, _)) = open.pop()
                && let Some(place) = out.get_mut(count_at..count_at + 4)
            {
                place.copy_from_slice(&count.to_be_bytes());
            }
            match open.last_mut() {
                Some((_, count, _)) => *count += 1,
                None => return,
            }
        }
        let object = open.last().is_some_and(|last| last.2);
        at = write_key(value, at + 2, object, out);
    }
}

/// The order of two values of jsonb.
pub fn compare(left: &str, right: &str) -> Ordering {
    thread_local! {
        static KEYS: RefCell<(Vec<u8>, Vec<u8>)> = const { RefCell::new((vec![], vec![])) };
    }
    if left == right {
        return Ordering::Equal;
    }
    KEYS.with_borrow_mut(|(left_key, right_key)| {
        left_key.clear();
        right_key.clear();
        key_bytes(left, left_key);
        key_bytes(right, right_key);
        left_key.cmp(&right_key)
    })
}

/// Whether two scalars are equal.
pub fn equal_scalars(left: &str, right: &str) -> bool {
    left == right
        || scan::kind(left) == scan::JsonKind::Number
            && scan::kind(right) == scan::JsonKind::Number
            && number::compare(left, right) == Ordering::Equal
}

/// Writes the key of a field that starts at `at`, if it is one; gives where the value starts.
fn write_key(value: &str, at: usize, object: bool, out: &mut Vec<u8>) -> usize {
    if !object {
        return at;
    }
    let end = string_end(value.as_bytes(), at);
    write_string(value.get(at..end).unwrap_or_default(), out);
    end + 2
}

/// A string of jsonb never holds the byte 0, which therefore can end it.
fn write_string(quoted: &str, out: &mut Vec<u8>) {
    let inside = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    out.extend_from_slice(escape::said(inside).as_bytes());
    out.push(0);
}

fn write_scalar(value: &str, out: &mut Vec<u8>) {
    match scan::kind(value) {
        scan::JsonKind::Null => out.push(NULL),
        scan::JsonKind::String => {
            out.push(STRING);
            write_string(value, out);
        }
        scan::JsonKind::Number => {
            out.push(NUMBER);
            number::key_bytes(value, out);
        }
        scan::JsonKind::Boolean => out.extend_from_slice(&[BOOLEAN, u8::from(value == "true")]),
        // Not scalars: who calls writes them himself.
        scan::JsonKind::Array | scan::JsonKind::Object => {}
    }
}
