//! The compiled patterns of a thread: those used last, as many as a bound on their memory allows.

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::SqlResult;

use super::engine::{Flags, Regex};

/// Patterns kept, at most.
const PATTERNS: usize = 32;
/// Bytes that the kept patterns may take. One pattern's automata grow while it is used, up to a few MB.
const BYTES: usize = 8 << 20;

struct Entry {
    pattern: Box<str>,
    flags: Flags,
    regex: Rc<Regex>,
}

thread_local! {
    /// The patterns, the last used one first.
    static CACHE: RefCell<Vec<Entry>> = const { RefCell::new(vec![]) };
}

/// The compiled pattern.
pub fn compiled(pattern: &str, flags: Flags) -> SqlResult<Rc<Regex>> {
    CACHE.with_borrow_mut(|entries| {
        let found = entries.iter().position(|entry| entry.flags == flags && *entry.pattern == *pattern);
        if let Some(index) = found {
            entries[..=index].rotate_right(1);
            return Ok(entries[0].regex.clone());
        }
        let regex = Rc::new(Regex::new(pattern, flags)?);
        entries.insert(0, Entry { pattern: pattern.into(), flags, regex: regex.clone() });
        let mut bytes = 0;
        let mut kept = 0;
        for entry in entries.iter() {
            bytes += entry.regex.size() + entry.pattern.len();
            if kept > 0 && (bytes > BYTES || kept == PATTERNS) {
                break;
            }
            kept += 1;
        }
        entries.truncate(kept);
        Ok(regex)
    })
}

/// Bytes that the thread's patterns take.
#[cfg(test)]
fn size() -> usize {
    CACHE.with_borrow(|entries| entries.iter().map(|entry| entry.regex.size()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_patterns_do_not_hold_memory() {
        for number in 0..2_000 {
            let regex = compiled(&format!("(a|b){number}[[:alpha:]]+$"), Flags::default()).unwrap();
            regex.is_match("xab12abc").unwrap();
            assert!(size() <= BYTES);
        }
        CACHE.with_borrow(|entries| assert_eq!(entries.len(), PATTERNS));
    }
}
