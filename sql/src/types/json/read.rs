//! JSON as a row of events: the grammar, without a tree and without recursion.
//!
//! ```text
//!  {"a": [1]}   ObjectStart  Key  ArrayStart  Number  ArrayEnd  ObjectEnd  End
//! ```
//! [`Reader::start`] and [`Reader::end`] say where the token of the last event stands.

use super::MAX_DEPTH;
use super::lex::{Fault, Lexer, Token};
use crate::error::{SqlError, SqlResult, SqlState};

/// A step through a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// The key of a field; its value follows.
    Key,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// The end of the text.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ElementOrEnd,
    KeyOrEnd,
    Key,
    Colon,
    Next,
}

/// Reads events.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    lexer: Lexer<'a>,
    expect: Expect,
    /// The open containers: whether each is an object.
    open: Vec<bool>,
}

impl<'a> Reader<'a> {
    /// A reader at the start of a text; `decode`: [`Reader::decoded`] is wanted, so that what cannot be
    /// decoded is an error.
    pub fn new(text: &'a str, decode: bool) -> Self {
        Self { lexer: Lexer::new(text, decode), expect: Expect::Value, open: vec![] }
    }

    /// Where the token of the last event starts.
    pub fn start(&self) -> usize {
        self.lexer.start
    }

    /// Where the token of the last event ends.
    pub fn end(&self) -> usize {
        self.lexer.end
    }

    /// What the last key or string says.
    pub fn decoded(&self) -> &str {
        &self.lexer.decoded
    }

    /// The token of the last event as it is written.
    pub fn token(&self) -> &'a str {
        self.slice(self.lexer.start, self.lexer.end)
    }

    /// A part of the text.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        self.lexer.text().get(start..end).unwrap_or_default()
    }

    /// Number of open containers.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether the innermost open container is an array.
    pub fn in_array(&self) -> bool {
        self.open.last() == Some(&false)
    }

    /// The next event.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> SqlResult<Event> {
        loop {
            if self.expect == Expect::Next && self.open.is_empty() {
                return match self.lexer.next()? {
                    Token::End => Ok(Event::End),
                    token => Err(self.fault(Fault::ExpectedEnd, token)),
                };
            }
            let token = self.lexer.next()?;
            match (self.expect, token) {
                (Expect::Value, token) => return self.value(token),
                (Expect::ElementOrEnd, Token::ArrayEnd) => return Ok(self.close(Event::ArrayEnd)),
                (Expect::ElementOrEnd, token) => return self.value(token),
                (Expect::KeyOrEnd, Token::ObjectEnd) => return Ok(self.close(Event::ObjectEnd)),
                (Expect::KeyOrEnd | Expect::Key, Token::String) => {
                    self.expect = Expect::Colon;
                    return Ok(Event::Key);
                }
                (Expect::Colon, Token::Colon) => self.expect = Expect::Value,
                (Expect::Colon, token) => return Err(self.fault(Fault::Colon, token)),
                (Expect::KeyOrEnd, token) => return Err(self.fault(Fault::ObjectFirst, token)),
                (Expect::Key, token) => return Err(self.fault(Fault::Key, token)),
                (Expect::Next, token) => {
                    let object = self.open.last().copied().unwrap_or_default();
                    match token {
                        Token::Comma => self.expect = if object { Expect::Key } else { Expect::Value },
                        Token::ObjectEnd if object => return Ok(self.close(Event::ObjectEnd)),
                        Token::ArrayEnd if !object => return Ok(self.close(Event::ArrayEnd)),
                        _ if object => return Err(self.fault(Fault::ObjectNext, token)),
                        _ => return Err(self.fault(Fault::ArrayNext, token)),
                    }
                }
            }
        }
    }

    /// Passes what is left of the value whose first event was given: nothing, if that was a scalar.
    pub fn skip(&mut self, first: Event) -> SqlResult<()> {
        if matches!(first, Event::ObjectStart | Event::ArrayStart) {
            let depth = self.depth();
            while self.depth() >= depth {
                self.next()?;
            }
        }
        Ok(())
    }

    fn value(&mut self, token: Token) -> SqlResult<Event> {
        let event = match token {
            Token::ObjectStart => return self.open(true),
            Token::ArrayStart => return self.open(false),
            Token::String => Event::String,
            Token::Number => Event::Number,
            Token::True => Event::True,
            Token::False => Event::False,
            Token::Null => Event::Null,
            Token::ObjectEnd | Token::ArrayEnd | Token::Comma | Token::Colon | Token::End => {
                return Err(self.fault(Fault::Value, token));
            }
        };
        self.expect = Expect::Next;
        Ok(event)
    }

    fn open(&mut self, object: bool) -> SqlResult<Event> {
        if self.open.len() >= MAX_DEPTH {
            let hint = format!("A value of JSON may have {MAX_DEPTH} levels.");
            return Err(
                SqlError::new(SqlState::StatementTooComplex, "stack depth limit exceeded").with_hint(hint)
            );
        }
        self.open.push(object);
        self.expect = if object { Expect::KeyOrEnd } else { Expect::ElementOrEnd };
        Ok(if object { Event::ObjectStart } else { Event::ArrayStart })
    }

    fn close(&mut self, event: Event) -> Event {
        self.open.pop();
        self.expect = Expect::Next;
        event
    }

    fn fault(&self, fault: Fault, token: Token) -> SqlError {
        self.lexer.fault(fault, token == Token::End)
    }
}
