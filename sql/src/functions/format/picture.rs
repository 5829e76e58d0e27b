//! Templates of numbers, compiled: `FM9,999.00MI` as a list of pieces, and what they say together of the
//! number.

use std::cell::RefCell;
use std::rc::Rc;

use super::template::{strip, take};
use crate::error::{SqlError, SqlResult, SqlState};

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// `9`
    Nine,
    /// `0`
    Zero,
    /// `.` or `D`: the C locale's point
    Point,
    /// `,`
    Comma,
    /// `G`: the C locale's comma
    Group,
    /// `L`: the C locale's currency symbol, a blank
    Currency,
    /// `MI`
    Minus,
    /// `PL`
    Plus,
    /// `SG`
    Signed,
    /// `RN`, `rn`: in capitals
    Roman(bool),
    /// `TH`, `th`: in capitals
    Ordinal(bool),
    /// `B`, `C`, `EEEE`, `FM`, `S`, `SP`, `V`: nothing of its own
    Silent,
    /// Any other character.
    Text(char),
}

/// Where `S` puts the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SignPlace {
    /// There is no `S`.
    #[default]
    None,
    /// Before the number.
    Before,
    /// Behind the number.
    Behind,
}

/// What the pieces say together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    /// Digits before the point.
    pub before: usize,
    /// Digits behind the point.
    pub behind: usize,
    /// Digits behind `V`.
    pub shift: usize,
    /// Where the first `0` stands, from 1; 0 for none.
    pub zero_start: usize,
    /// Digits up to the last `0`.
    pub zero_end: usize,
    pub sign_place: SignPlace,
    /// Digits before `S`.
    pub digits_before_sign: usize,
    pub has_point: bool,
    pub has_zero: bool,
    pub is_blank: bool,
    pub fill: bool,
    pub locale_sign: bool,
    pub bracket: bool,
    pub minus: bool,
    pub plus: bool,
    pub roman: bool,
    pub shifted: bool,
    pub exponent: bool,
}

/// A compiled template.
#[derive(Debug)]
pub(super) struct Picture {
    pub pieces: Vec<Piece>,
    pub shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Comma,
    Point,
    Zero,
    Nine,
    Blank,
    Currency,
    Exponent,
    Fill,
    Group,
    Minus,
    Plus,
    Bracket,
    Roman(bool),
    Signed,
    Sign,
    Ordinal(bool),
    Shift,
    Ignored,
}

/// The words, each before those that it begins with.
const WORDS: &[(&str, Word)] = &[
    (",", Word::Comma),
    (".", Word::Point),
    ("0", Word::Zero),
    ("9", Word::Nine),
    ("B", Word::Blank),
    ("C", Word::Ignored),
    ("D", Word::Point),
    ("EEEE", Word::Exponent),
    ("FM", Word::Fill),
    ("G", Word::Group),
    ("L", Word::Currency),
    ("MI", Word::Minus),
    ("PL", Word::Plus),
    ("PR", Word::Bracket),
    ("RN", Word::Roman(true)),
    ("SG", Word::Signed),
    ("SP", Word::Ignored),
    ("S", Word::Sign),
    ("TH", Word::Ordinal(true)),
    ("V", Word::Shift),
    ("b", Word::Blank),
    ("c", Word::Ignored),
    ("d", Word::Point),
    ("eeee", Word::Exponent),
    ("fm", Word::Fill),
    ("g", Word::Group),
    ("l", Word::Currency),
    ("mi", Word::Minus),
    ("pl", Word::Plus),
    ("pr", Word::Bracket),
    ("rn", Word::Roman(false)),
    ("sg", Word::Signed),
    ("sp", Word::Ignored),
    ("s", Word::Sign),
    ("th", Word::Ordinal(false)),
    ("v", Word::Shift),
];

thread_local! {
    static LAST: RefCell<Option<(String, Rc<Picture>)>> = const { RefCell::new(None) };
}

/// The template compiled, or as it was compiled the last time.
pub(super) fn picture(text: &str) -> SqlResult<Rc<Picture>> {
    LAST.with(|last| {
        let mut last = last.borrow_mut();
        match last.as_ref() {
            Some((known, picture)) if known == text => Ok(picture.clone()),
            _ => {
                let picture = Rc::new(compile(text)?);
                *last = Some((text.to_owned(), picture.clone()));
                Ok(picture)
            }
        }
    })
}

fn compile(text: &str) -> SqlResult<Picture> {
    let mut pieces = Vec::new();
    let mut shape = Shape::default();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((name, word)) = WORDS.iter().find(|(name, _)| rest.starts_with(name)) {
            rest = &rest[name.len()..];
            shape.add(*word)?;
            pieces.push(piece(*word));
        } else if strip(&mut rest, &["\""]) {
            quoted(&mut rest, &mut pieces);
        } else {
            if rest.starts_with("\\\"") {
                rest = &rest[1..];
            }
            let Some(character) = take(&mut rest) else { break };
            pieces.push(Piece::Text(character));
        }
    }
    Ok(Picture { pieces, shape })
}

fn quoted(rest: &mut &str, pieces: &mut Vec<Piece>) {
    while let Some(character) = take(rest) {
        match character {
            '"' => return,
            '\\' => pieces.push(Piece::Text(take(rest).unwrap_or('\\'))),
            other => pieces.push(Piece::Text(other)),
        }
    }
}

fn piece(word: Word) -> Piece {
    match word {
        Word::Comma => Piece::Comma,
        Word::Point => Piece::Point,
        Word::Zero => Piece::Zero,
        Word::Nine => Piece::Nine,
        Word::Currency => Piece::Currency,
        Word::Group => Piece::Group,
        Word::Minus => Piece::Minus,
        Word::Plus => Piece::Plus,
        Word::Signed => Piece::Signed,
        Word::Roman(upper) => Piece::Roman(upper),
        Word::Ordinal(upper) => Piece::Ordinal(upper),
        Word::Blank | Word::Exponent | Word::Fill | Word::Bracket | Word::Sign | Word::Shift => Piece::Silent,
        Word::Ignored => Piece::Silent,
    }
}

fn wrong(message: &str) -> SqlError {
    SqlError::new(SqlState::SyntaxError, message)
}

impl Shape {
    fn add(&mut self, word: Word) -> SqlResult<()> {
        if self.exponent && word != Word::Exponent {
            return Err(wrong("\"EEEE\" must be the last pattern used"));
        }
        match word {
            Word::Nine => {
                if self.bracket {
                    return Err(wrong("\"9\" must be ahead of \"PR\""));
                }
                if self.shifted {
                    self.shift += 1;
                } else if self.has_point {
                    self.behind += 1;
                } else {
                    self.before += 1;
                }
            }
            Word::Zero => {
                if self.bracket {
                    return Err(wrong("\"0\" must be ahead of \"PR\""));
                }
                if self.has_point {
                    self.behind += 1;
                } else {
                    self.before += 1;
                    if !self.has_zero {
                        self.has_zero = true;
                        self.zero_start = self.before;
                    }
                }
                self.zero_end = self.before + self.behind;
            }
            Word::Blank => {
                if self.before == 0 && self.behind == 0 && !self.has_zero {
                    self.is_blank = true;
                }
            }
            Word::Point => {
                if self.has_point {
                    return Err(wrong("multiple decimal points"));
                }
                if self.shifted {
                    return Err(wrong("cannot use \"V\" and decimal point together"));
                }
                self.has_point = true;
            }
            Word::Fill => self.fill = true,
            Word::Sign => self.add_sign()?,
            Word::Minus => {
                self.refuse_sign("cannot use \"S\" and \"MI\" together")?;
                self.minus = true;
            }
            Word::Plus => {
                self.refuse_sign("cannot use \"S\" and \"PL\" together")?;
                self.plus = true;
            }
            Word::Signed => {
                self.refuse_sign("cannot use \"S\" and \"SG\" together")?;
                self.minus = true;
                self.plus = true;
            }
            Word::Bracket => {
                if self.locale_sign || self.plus || self.minus {
                    let message = "cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together";
                    return Err(wrong(message));
                }
                self.bracket = true;
            }
            Word::Roman(_) => self.roman = true,
            Word::Shift => {
                if self.has_point {
                    return Err(wrong("cannot use \"V\" and decimal point together"));
                }
                self.shifted = true;
            }
            Word::Exponent => self.add_exponent()?,
            Word::Comma | Word::Currency | Word::Group | Word::Ordinal(_) | Word::Ignored => {}
        }
        Ok(())
    }

    fn refuse_sign(&self, message: &str) -> SqlResult<()> {
        if self.locale_sign { Err(wrong(message)) } else { Ok(()) }
    }

    fn add_sign(&mut self) -> SqlResult<()> {
        self.refuse_sign("cannot use \"S\" twice")?;
        if self.plus || self.minus || self.bracket {
            return Err(wrong("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together"));
        }
        self.locale_sign = true;
        if self.has_point {
            self.sign_place = SignPlace::Behind;
        } else {
            self.sign_place = SignPlace::Before;
            self.digits_before_sign = self.before;
        }
        Ok(())
    }

    fn add_exponent(&mut self) -> SqlResult<()> {
        if self.exponent {
            return Err(wrong("cannot use \"EEEE\" twice"));
        }
        let others = self.is_blank
            || self.fill
            || self.locale_sign
            || self.bracket
            || self.minus
            || self.plus
            || self.roman
            || self.shifted;
        if others {
            let detail = "\"EEEE\" may only be used together with digit and decimal point patterns.";
            return Err(wrong("\"EEEE\" is incompatible with other formats").with_detail(detail));
        }
        self.exponent = true;
        Ok(())
    }
}
