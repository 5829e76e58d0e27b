//! Splits the text of a date, time or interval into pieces, in lower case.
//!
//! The same pieces as PostgreSQL's `ParseDateTime`: what a piece looks like decides what it may be, before
//! any word is looked up. `2024-02-29 +00` is a date and an offset; `08-Jan-99` one date; `allballs` a word.

use super::parts::Flaw;
use super::words::meaning;

/// What a piece looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Digits, perhaps with a fraction.
    Number,
    /// Letters.
    Word,
    /// Digits or letters with `-`, `/` or `.` between.
    Date,
    /// Digits with `:` between.
    Time,
    /// A sign and digits.
    Offset,
    /// A sign and letters.
    SignedWord,
}

/// A piece of the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'a> {
    /// What it looks like.
    pub look: Look,
    /// Its text in lower case.
    pub text: &'a str,
}

/// The pieces of a text.
#[derive(Debug)]
pub(crate) struct Pieces {
    buffer: String,
    places: [(Look, usize, usize); MOST],
    count: usize,
}

/// PostgreSQL's limits: pieces, and bytes of all of them with one more for each.
const MOST: usize = 25;
const ROOM: usize = 128 + MOST;

impl Pieces {
    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.count
    }

    /// A piece by its number.
    pub fn get(&self, index: usize) -> Piece<'_> {
        let (look, start, end) = self.places[index];
        Piece { look, text: &self.buffer[start..end] }
    }
}

struct Splitter<'a> {
    bytes: &'a [u8],
    at: usize,
    buffer: String,
}

impl Splitter<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn take(&mut self) {
        self.buffer.push(char::from(self.peek().to_ascii_lowercase()));
        self.at += 1;
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.at < self.bytes.len() && wanted(self.peek()) {
            self.take();
        }
    }
}

/// Splits a text; `room` bytes may be used (a date has 153, an interval 256).
pub(crate) fn split(text: &str, room: Option<usize>) -> Result<Pieces, Flaw> {
    let room = room.unwrap_or(ROOM);
    let mut splitter =
        Splitter { bytes: text.as_bytes(), at: 0, buffer: String::with_capacity(text.len().min(room)) };
    let mut places = [(Look::Number, 0, 0); MOST];
    let mut count = 0;
    while splitter.at < splitter.bytes.len() {
        let first = splitter.peek();
        if is_space(first) {
            splitter.at += 1;
            continue;
        }
        if count >= MOST {
            return Err(Flaw::Format);
        }
        let start = splitter.buffer.len();
        let look = if first.is_ascii_digit() {
            numeric(&mut splitter)
        } else if first == b'.' {
            splitter.take();
            splitter.take_while(|byte| byte.is_ascii_digit());
            Look::Number
        } else if first.is_ascii_alphabetic() {
            alphabetic(&mut splitter, start)
        } else if first == b'+' || first == b'-' {
            signed(&mut splitter)?
        } else if first.is_ascii_punctuation() {
            splitter.at += 1;
            continue;
        } else {
            return Err(Flaw::Format);
        };
        places[count] = (look, start, splitter.buffer.len());
        count += 1;
        if splitter.buffer.len() + count > room {
            return Err(Flaw::Format);
        }
    }
    Ok(Pieces { buffer: splitter.buffer, places, count })
}

fn numeric(splitter: &mut Splitter<'_>) -> Look {
    splitter.take_while(|byte| byte.is_ascii_digit());
    match splitter.peek() {
        b':' => {
            splitter.take_while(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.');
            Look::Time
        }
        delimiter @ (b'-' | b'/' | b'.') => {
            splitter.take();
            if !splitter.peek().is_ascii_digit() {
                splitter.take_while(|byte| byte.is_ascii_alphanumeric() || byte == delimiter);
                return Look::Date;
            }
            splitter.take_while(|byte| byte.is_ascii_digit());
            // A second delimiter of the same kind makes it a date of three numbers.
            if splitter.peek() == delimiter {
                splitter.take_while(|byte| byte.is_ascii_digit() || byte == delimiter);
                return Look::Date;
            }
            if delimiter == b'.' { Look::Number } else { Look::Date }
        }
        _ => Look::Number,
    }
}

fn alphabetic(splitter: &mut Splitter<'_>, start: usize) -> Look {
    splitter.take_while(|byte| byte.is_ascii_alphabetic());
    let next = splitter.peek();
    // A date with a name in it, or a zone with punctuation or digits; a known word ends before `+` and
    // digits.
    let goes_on = match next {
        b'-' | b'/' | b'.' => true,
        b'+' | b'0'..=b'9' => meaning(&splitter.buffer[start..]).is_none(),
        _ => false,
    };
    if !goes_on {
        return Look::Word;
    }
    splitter.take_while(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'/' | b'_' | b'.' | b':')
    });
    Look::Date
}

fn signed(splitter: &mut Splitter<'_>) -> Result<Look, Flaw> {
    splitter.take();
    while is_space(splitter.peek()) {
        splitter.at += 1;
    }
    let next = splitter.peek();
    if next.is_ascii_digit() {
        splitter.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'-'));
        Ok(Look::Offset)
    } else if next.is_ascii_alphabetic() {
        splitter.take_while(|byte| byte.is_ascii_alphabetic());
        Ok(Look::SignedWord)
    } else {
        Err(Flaw::Format)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}
