//! `to_number`: reads a number out of a text by a template. The template counts digits rather than matching
//! them: what the text has of other characters where a digit could stand is passed over.

use super::number_value::rounded;
use super::picture::{Picture, Piece, Shape, SignPlace, picture};
use crate::error::{SqlError, SqlResult, SqlState};

struct Reader<'a> {
    shape: Shape,
    text: &'a str,
    at: usize,
    /// `-` or `+`; a blank while none was read.
    sign: u8,
    digits: String,
    point_read: bool,
    /// Digits read behind and before the point.
    behind: usize,
    before: usize,
}

/// `to_number(text, text)` as decimal text. None for an empty template.
pub fn to_number(text: &str, format: &str) -> SqlResult<Option<String>> {
    if format.is_empty() {
        return Ok(None);
    }
    let picture = picture(format)?;
    let shape = picture.shape;
    if shape.exponent {
        return Err(SqlError::new(SqlState::FeatureNotSupported, "\"EEEE\" not supported for input"));
    }
    if shape.roman {
        return Err(SqlError::new(SqlState::FeatureNotSupported, "\"RN\" not supported for input"));
    }
    let mut reader = Reader {
        shape,
        text,
        at: 0,
        sign: b' ',
        digits: String::new(),
        point_read: false,
        behind: 0,
        before: 0,
    };
    reader.read(&picture);
    reader.finish().map(Some)
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn read(&mut self, picture: &Picture) {
        for piece in &picture.pieces {
            if self.peek().is_none() {
                return;
            }
            self.read_piece(*piece);
        }
    }

    fn read_piece(&mut self, piece: Piece) {
        let next = self.peek();
        match piece {
            Piece::Nine | Piece::Zero => {
                self.read_digit(true);
                self.at += 1;
            }
            Piece::Point => {
                self.read_digit(false);
                self.at += 1;
            }
            Piece::Comma | Piece::Group => {
                if !self.shape.fill && next == Some(b',') {
                    self.at += 1;
                }
            }
            Piece::Currency => self.skip_others(1),
            Piece::Ordinal(_) => {
                if !self.shape.has_point {
                    self.skip_others(2);
                }
            }
            Piece::Minus => self.read_sign_piece(b"-"),
            Piece::Plus => self.read_sign_piece(b"+"),
            Piece::Signed => self.read_sign_piece(b"-+"),
            Piece::Roman(_) | Piece::Silent => {}
            Piece::Text(_) => self.skip_character(),
        }
    }

    fn read_sign_piece(&mut self, signs: &[u8]) {
        match self.peek() {
            Some(sign) if signs.contains(&sign) => {
                self.sign = sign;
                self.at += 1;
            }
            _ => self.skip_others(1),
        }
    }

    /// Passes over a character, or over one byte where a digit's place has left the reader within a
    /// character.
    fn skip_character(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.chars().next().map_or(1, char::len_utf8);
    }

    /// Passes over so many characters that cannot be part of a number.
    fn skip_others(&mut self, count: usize) {
        for _ in 0..count {
            match self.peek() {
                None | Some(b'0'..=b'9' | b'.' | b',' | b'+' | b'-') => return,
                Some(_) => self.skip_character(),
            }
        }
    }

    /// Reads a digit or the point, with a sign before or behind it. It leaves the reader on the last
    /// character that it took, or on the one that it could not take.
    fn read_digit(&mut self, may_sign: bool) {
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        let Some(next) = self.peek() else { return };
        if self.sign == b' ' && may_sign && self.before + self.behind == 0 {
            self.read_sign_before(next);
        }
        let Some(next) = self.peek() else { return };
        let mut is_read = false;
        if next.is_ascii_digit() {
            if self.point_read && self.behind == self.shape.behind {
                return;
            }
            self.digits.push(char::from(next));
            if self.point_read {
                self.behind += 1;
            } else {
                self.before += 1;
            }
            is_read = true;
        } else if self.shape.has_point && !self.point_read && next == b'.' {
            self.digits.push('.');
            self.point_read = true;
            is_read = true;
        }
        if self.sign == b' ' && self.before + self.behind > 0 {
            self.read_sign_behind(is_read, next);
        }
    }

    fn read_sign_before(&mut self, next: u8) {
        let minus = next == b'-' || (self.shape.bracket && next == b'<');
        let by_locale = self.shape.locale_sign && self.shape.sign_place == SignPlace::Before;
        if (minus && !by_locale) || (by_locale && next == b'-') {
            self.sign = b'-';
            self.at += 1;
        } else if next == b'+' {
            self.sign = b'+';
            self.at += 1;
        }
    }

    fn read_sign_behind(&mut self, is_read: bool, next: u8) {
        let following = self.text.as_bytes().get(self.at + 1).copied();
        let ends = following.is_some_and(|byte| !byte.is_ascii_digit());
        if self.shape.locale_sign && is_read && ends {
            if let Some(sign @ (b'-' | b'+')) = following {
                self.sign = sign;
                self.at += 1;
            }
        } else if !is_read
            && !self.shape.locale_sign
            && (self.shape.plus || self.shape.minus)
            && matches!(next, b'-' | b'+')
        {
            self.sign = next;
        }
    }

    /// The text read, as a numeric of as many digits as the template has.
    fn finish(self) -> SqlResult<String> {
        let digits = self.digits.strip_suffix('.').unwrap_or(&self.digits);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            let sign = char::from(self.sign);
            let message = format!("invalid input syntax for type numeric: \"{sign}{digits}\"");
            return Err(SqlError::new(SqlState::InvalidTextRepresentation, message));
        }
        let whole = whole.trim_start_matches('0');
        let most = self.shape.before + self.shape.shift;
        if whole.len() > most {
            let bound = if most == 0 { "1".to_owned() } else { format!("10^{most}") };
            let detail = format!(
                "A field with precision {}, scale {} must round to an absolute value less than {bound}.",
                most + self.behind,
                self.behind
            );
            return Err(
                SqlError::new(SqlState::NumericOutOfRange, "numeric field overflow").with_detail(detail)
            );
        }
        // A scale is kept in eleven bits with a sign, which no check guards here: more digits than that are
        // rounded to fewer, or away.
        let scale = ((self.behind as i32 & 0x7ff) ^ 1024) - 1024;
        if self.behind > 1023 && !self.shape.shifted {
            let text = format!("{}0{whole}.{fraction}", if self.sign == b'-' { "-" } else { "" });
            return Ok(usize::try_from(scale).map_or("0".to_owned(), |scale| rounded(&text, 0, scale)));
        }
        let is_zero = whole.is_empty() && fraction.bytes().all(|digit| digit == b'0');
        let sign = if self.sign == b'-' && !is_zero { "-" } else { "" };
        if !self.shape.shifted {
            let whole = if whole.is_empty() { "0" } else { whole };
            let point = if fraction.is_empty() { "" } else { "." };
            return Ok(format!("{sign}{whole}{point}{fraction}"));
        }
        Ok(match divided(whole, self.shape.shift) {
            Some(number) => format!("{sign}{number}"),
            None => format!("0.{:0<POWER_SCALE$}", ""),
        })
    }
}

/// Digits behind the point of PostgreSQL's powers of ten; smaller ones are 0.
const POWER_SCALE: usize = 16;

/// A whole number times a negative power of ten, to [`POWER_SCALE`] digits; None for 0.
fn divided(whole: &str, shift: usize) -> Option<String> {
    if shift > POWER_SCALE || whole.is_empty() {
        return None;
    }
    let padded = format!("{whole:0>width$}", width = shift + 1);
    let (before, behind) = padded.split_at(padded.len() - shift);
    Some(format!("{before}.{behind:0<POWER_SCALE$}"))
}
