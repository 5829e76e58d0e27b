//! All matches of a pattern in a text, one after the other, as the functions of regular expressions go
//! through them.

use crate::error::SqlResult;

use super::engine::{Execution, Regex, Span};

/// Goes through the matches of a pattern.
#[derive(Debug)]
pub struct Matches<'a> {
    execution: Execution<'a>,
    /// Where the next search starts; None when there is nothing left to search.
    from: Option<usize>,
    /// Spans wanted: 1 for the whole match only.
    wanted: usize,
}

impl<'a> Matches<'a> {
    /// Starts after so many characters; with the groups or without them.
    pub fn new(regex: &'a Regex, text: &'a str, skip: usize, groups: bool) -> Self {
        let from = match text.char_indices().nth(skip) {
            Some((byte, _)) => Some(byte),
            None if skip == 0 || skip == text.chars().count() => Some(text.len()),
            None => None,
        };
        let wanted = if groups { regex.groups() + 1 } else { 1 };
        Matches { execution: Execution::new(regex, text), from, wanted }
    }

    /// The whole match and its groups, as far as these are wanted.
    pub fn spans(&self) -> &[Span] {
        &self.execution.spans[..self.wanted]
    }

    /// Finds the next match, whose extent it gives; its groups are in `spans` then.
    pub fn find_next(&mut self) -> SqlResult<Option<(usize, usize)>> {
        let Some(from) = self.from else { return Ok(None) };
        if !self.execution.find(from, self.wanted)? {
            self.from = None;
            return Ok(None);
        }
        let Some((start, end)) = self.execution.spans.first().copied().flatten() else { return Ok(None) };
        // An empty match would be found again: the search goes on a character later.
        self.from = match self.execution.text[end..].chars().next() {
            _ if start < end => Some(end),
            Some(character) => Some(end + character.len_utf8()),
            None => None,
        };
        Ok(Some((start, end)))
    }
}
