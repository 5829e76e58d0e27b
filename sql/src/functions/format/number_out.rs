//! `to_char` of numbers: the digits of a number, already rounded to the template, put between its pieces.
//!
//! ```text
//!  picture  F M 9 , 9 9 9 . 9 9    "number" 1234.50, spaces 0
//!  out          1 , 2 3 4 . 5      FM stops at the last digit that says something
//! ```

use super::check_size;
use super::names::ordinal_ending;
use super::picture::{Picture, Piece, Shape, SignPlace};
use super::template::Case;
use crate::error::{SqlError, SqlResult, SqlState};

/// The sign of a number that is written by its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Roman digits have none.
    None,
    Plus,
    Minus,
}

/// A number's text without its sign, and how many digits of the template stand before its first.
#[derive(Debug)]
pub(super) struct Digits {
    pub text: String,
    pub sign: Sign,
    pub spaces: usize,
}

struct Writer<'a> {
    shape: Shape,
    number: &'a [u8],
    sign: Sign,
    spaces: usize,
    /// The place of the first digit that is a zero of the template's, where there is one.
    zero_start: usize,
    /// Where in the number FM ends it.
    last_relevant: Option<usize>,
    sign_written: bool,
    /// Number of digits, less one.
    count: isize,
    /// Whether the number has begun, so that commas are written.
    inside: bool,
    /// Digits of the template so far.
    current: usize,
    /// Characters of the number so far.
    at: usize,
    out: Vec<u8>,
}

/// The number in the template.
pub(super) fn write(picture: &Picture, shape: Shape, digits: &Digits) -> SqlResult<String> {
    let mut writer = Writer::new(shape, digits);
    for piece in &picture.pieces {
        writer.write_piece(*piece)?;
        check_size(writer.out.len())?;
    }
    let mut out = writer.out;
    // A digit past the end of a number that was cut short is a zero byte, which ends PostgreSQL's text.
    if let Some(end) = out.iter().position(|byte| *byte == 0) {
        out.truncate(end);
    }
    String::from_utf8(out).map_err(|error| SqlError::internal(error.to_string()))
}

impl<'a> Writer<'a> {
    fn new(shape: Shape, digits: &'a Digits) -> Self {
        let mut writer = Writer {
            shape,
            number: digits.text.as_bytes(),
            sign: digits.sign,
            spaces: digits.spaces,
            zero_start: shape.zero_start.saturating_sub(1),
            last_relevant: None,
            sign_written: false,
            count: 0,
            inside: false,
            current: 0,
            at: 0,
            out: Vec::new(),
        };
        if shape.roman {
            // Nothing but FM has a meaning beside Roman digits.
            writer.shape = Shape { fill: shape.fill, roman: true, ..Shape::default() };
            writer.spaces = 0;
            writer.sign = Sign::None;
        }
        writer.prepare_sign();
        writer.count = (writer.shape.before + writer.shape.behind) as isize - 1;
        if writer.shape.fill && writer.shape.has_point {
            writer.last_relevant = writer.last_relevant_digit();
        }
        if !writer.sign_written && writer.spaces == 0 {
            writer.count += 1;
        }
        writer
    }

    fn prepare_sign(&mut self) {
        let shape = &mut self.shape;
        if shape.plus || shape.minus {
            // MI and SG write the sign where they stand; PL alone leaves a minus to the number.
            self.sign_written = shape.minus;
            return;
        }
        if self.sign != Sign::Minus && shape.fill {
            shape.bracket = false;
        }
        self.sign_written = self.sign == Sign::Plus && shape.fill && !shape.locale_sign;
        if shape.sign_place == SignPlace::Before && shape.before == shape.digits_before_sign {
            shape.sign_place = SignPlace::Behind;
        }
    }

    /// The last digit behind the point that is no zero, or that a `0` of the template keeps.
    fn last_relevant_digit(&self) -> Option<usize> {
        let point = self.number.iter().position(|byte| *byte == b'.')?;
        let behind = &self.number[point + 1..];
        let last = behind.iter().rposition(|byte| *byte != b'0').map_or(point, |at| point + 1 + at);
        if self.shape.zero_end <= self.spaces {
            return Some(last);
        }
        let kept = (self.number.len() - 1).min(self.shape.zero_end - self.spaces);
        Some(last.max(kept))
    }

    /// The character of the number at a place; 0 behind its end.
    fn digit(&self, at: usize) -> u8 {
        self.number.get(at).copied().unwrap_or(0)
    }

    /// Whether FM leaves nothing behind the point.
    fn ends_at_point(&self) -> bool {
        self.last_relevant.is_some_and(|last| self.digit(last) == b'.')
    }

    /// Whether the digit at hand is the 0 of 0.1, for which 9 writes a blank.
    fn is_leading_zero(&self) -> bool {
        !self.shape.has_zero && self.at == 0 && self.digit(0) == b'0' && self.shape.behind != 0
    }

    fn write_piece(&mut self, piece: Piece) -> SqlResult<()> {
        match piece {
            Piece::Nine | Piece::Zero | Piece::Point => self.write_digit(piece == Piece::Zero),
            Piece::Comma | Piece::Group if self.inside => self.out.push(b','),
            Piece::Comma | Piece::Group => self.write_unless_fill(b' '),
            Piece::Currency => self.out.push(b' '),
            Piece::Minus if self.sign == Sign::Minus => self.out.push(b'-'),
            Piece::Minus => self.write_unless_fill(b' '),
            Piece::Plus if self.sign == Sign::Plus => self.out.push(b'+'),
            Piece::Plus => self.write_unless_fill(b' '),
            Piece::Signed => self.out.push(match self.sign {
                Sign::None => 0,
                Sign::Plus => b'+',
                Sign::Minus => b'-',
            }),
            Piece::Roman(upper) => self.write_roman(upper),
            Piece::Ordinal(upper) => self.write_ordinal(upper)?,
            Piece::Silent => {}
            Piece::Text(character) => {
                self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Ok(())
    }

    fn write_unless_fill(&mut self, byte: u8) {
        if !self.shape.fill {
            self.out.push(byte);
        }
    }

    fn write_roman(&mut self, upper: bool) {
        let number = &self.number[self.at.min(self.number.len())..];
        if !self.shape.fill {
            self.out.extend(std::iter::repeat_n(b' ', 15_usize.saturating_sub(number.len())));
        }
        self.out.extend(number.iter().map(|byte| if upper { *byte } else { byte.to_ascii_lowercase() }));
    }

    fn write_ordinal(&mut self, upper: bool) -> SqlResult<()> {
        let shape = &self.shape;
        if shape.roman || self.digit(0) == b'#' || self.sign == Sign::Minus || shape.has_point {
            return Ok(());
        }
        if !self.number.last().is_some_and(u8::is_ascii_digit) {
            let message = format!("\"{}\" is not a number", String::from_utf8_lossy(self.number));
            return Err(SqlError::new(SqlState::InvalidTextRepresentation, message));
        }
        let case = if upper { Case::Upper } else { Case::Lower };
        self.out.extend_from_slice(ordinal_ending(self.number, case).as_bytes());
        Ok(())
    }

    fn write_digit(&mut self, is_zero: bool) {
        if self.shape.roman {
            return;
        }
        self.inside = false;
        self.write_sign_before();
        if self.current >= self.spaces {
            self.write_of_number(is_zero);
        } else if self.shape.has_zero && self.zero_start <= self.current {
            self.out.push(b'0');
            self.inside = true;
        } else {
            self.write_unless_fill(b' ');
        }
        let end = match self.last_relevant {
            Some(last) if last == self.at => self.current as isize,
            _ => self.count + isize::from(self.spaces > 0) + isize::from(self.shape.has_point),
        };
        if self.current as isize + 1 == end {
            self.write_sign_behind();
        }
        self.current += 1;
    }

    fn write_sign_before(&mut self) {
        let begins = self.current >= self.spaces || (self.shape.has_zero && self.zero_start == self.current);
        if self.sign_written || !begins || (self.is_leading_zero() && !self.ends_at_point()) {
            return;
        }
        if self.shape.locale_sign {
            if self.shape.sign_place == SignPlace::Before {
                self.out.push(if self.sign == Sign::Minus { b'-' } else { b'+' });
                self.sign_written = true;
            }
        } else if self.shape.bracket {
            self.out.push(if self.sign == Sign::Plus { b' ' } else { b'<' });
            self.sign_written = true;
        } else if self.sign == Sign::Plus {
            self.write_unless_fill(b' ');
            self.sign_written = true;
        } else if self.sign == Sign::Minus {
            self.out.push(b'-');
            self.sign_written = true;
        }
    }

    fn write_of_number(&mut self, is_zero: bool) {
        let digit = self.digit(self.at);
        if digit == b'.' {
            if !self.ends_at_point() || self.shape.fill {
                self.out.push(b'.');
            }
        } else if self.last_relevant.is_some_and(|last| self.at > last) && !is_zero {
            // FM has ended the number.
        } else if self.is_leading_zero() {
            if !self.shape.fill {
                self.out.push(b' ');
            } else if self.ends_at_point() {
                self.out.push(b'0');
            }
        } else {
            self.out.push(digit);
            self.inside = true;
        }
        if digit != 0 {
            self.at += 1;
        }
    }

    fn write_sign_behind(&mut self) {
        if self.sign_written && self.shape.bracket {
            self.out.push(if self.sign == Sign::Plus { b' ' } else { b'>' });
        } else if self.shape.locale_sign && self.shape.sign_place == SignPlace::Behind {
            self.out.push(if self.sign == Sign::Minus { b'-' } else { b'+' });
        }
    }
}
