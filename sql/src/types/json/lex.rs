//! The tokens of JSON (RFC 8259), with PostgreSQL's complaints about text that has none.
//!
//! A [`Lexer`] gives one token after the other. Asked to decode, it also gives what a string says; then
//! escapes that say no character (`\u0000`, half a surrogate pair) are errors, which a json value that is
//! only checked may have.

use crate::error::{SqlError, SqlResult, SqlState};

/// What stands next in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `"…"`
    String,
    /// `-1.5e3`
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// Nothing more.
    End,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A backslash before what it does not escape.
    Escape,
    /// A control character in a string.
    Control(u8),
    /// More text after the value.
    ExpectedEnd,
    /// No `,` or `]` after an element.
    ArrayNext,
    /// No `:` after a key.
    Colon,
    /// No value where one is wanted.
    Value,
    /// The text ends too soon.
    More,
    /// Neither a key nor `}` after `{`.
    ObjectFirst,
    /// No `,` or `}` after a field.
    ObjectNext,
    /// No key after `,`.
    Key,
    /// Characters that are no token.
    Token,
    /// `\u0000`
    Zero,
    /// `\u` without four digits.
    Hex,
    /// A high surrogate after a high surrogate.
    HighSurrogate,
    /// Half a surrogate pair.
    LowSurrogate,
}

/// Reads tokens.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    /// Where the last token starts.
    pub start: usize,
    /// Where the last token ends.
    pub end: usize,
    decode: bool,
    /// What the last string says, if asked to decode.
    pub decoded: String,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of a text.
    pub fn new(text: &'a str, decode: bool) -> Self {
        Self { text, start: 0, end: 0, decode, decoded: String::new() }
    }

    /// The text it reads.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The next token.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> SqlResult<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.end;
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        self.start = at;
        let Some(&first) = bytes.get(at) else {
            self.end = at;
            return Ok(Token::End);
        };
        let single = match first {
            b'{' => Token::ObjectStart,
            b'}' => Token::ObjectEnd,
            b'[' => Token::ArrayStart,
            b']' => Token::ArrayEnd,
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => return self.string(),
            b'-' | b'0'..=b'9' => return self.number(),
            _ => return self.word(),
        };
        self.end = at + 1;
        Ok(single)
    }

    fn word(&mut self) -> SqlResult<Token> {
        let rest = self.text.get(self.start..).unwrap_or_default();
        let length = rest.bytes().take_while(|byte| in_word(*byte)).count();
        let word = rest.get(..length).unwrap_or_default();
        self.end = self.start + length.max(1);
        match word {
            "true" => Ok(Token::True),
            "false" => Ok(Token::False),
            "null" => Ok(Token::Null),
            _ => Err(self.fault(Fault::Token, false)),
        }
    }

    fn number(&mut self) -> SqlResult<Token> {
        let bytes = self.text.as_bytes();
        let digits = |mut at: usize| {
            let from = at;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            (at, at > from)
        };
        let mut at = self.start + usize::from(bytes.get(self.start) == Some(&b'-'));
        let mut sound = true;
        if bytes.get(at) == Some(&b'0') {
            at += 1;
        } else {
            let (after, any) = digits(at);
            at = after;
            sound &= any;
        }
        if bytes.get(at) == Some(&b'.') {
            let (after, any) = digits(at + 1);
            at = after;
            sound &= any;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            let (after, any) = digits(at);
            at = after;
            sound &= any;
        }
        while bytes.get(at).is_some_and(|byte| in_word(*byte)) {
            sound = false;
            at += 1;
        }
        self.end = at;
        if sound { Ok(Token::Number) } else { Err(self.fault(Fault::Token, false)) }
    }

    fn string(&mut self) -> SqlResult<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.start + 1;
        // A high surrogate that waits for its other half.
        let mut high: Option<u32> = None;
        self.decoded.clear();
        loop {
            let from = at;
            while bytes.get(at).is_some_and(|byte| *byte >= 32 && *byte != b'"' && *byte != b'\\') {
                at += 1;
            }
            if self.decode && at > from {
                if high.is_some() {
                    let width = self.text.get(from..).and_then(|rest| rest.chars().next());
                    self.end = from + width.map_or(1, char::len_utf8);
                    return Err(self.fault(Fault::LowSurrogate, false));
                }
                self.decoded.push_str(self.text.get(from..at).unwrap_or_default());
            }
            self.end = at;
            match bytes.get(at) {
                None => return Err(self.fault(Fault::Token, false)),
                Some(b'"') => {
                    self.end = at + 1;
                    if high.is_some() {
                        return Err(self.fault(Fault::LowSurrogate, false));
                    }
                    return Ok(Token::String);
                }
                Some(b'\\') => at = self.escape(at + 1, &mut high)?,
                Some(&byte) => return Err(self.fault(Fault::Control(byte), false)),
            }
        }
    }

    /// Reads the escape after a backslash; gives where the text goes on.
    fn escape(&mut self, at: usize, high: &mut Option<u32>) -> SqlResult<usize> {
        self.end = at;
        let Some(&byte) = self.text.as_bytes().get(at) else {
            return Err(self.fault(Fault::Token, false));
        };
        if byte == b'u' {
            return self.unicode(at + 1, high);
        }
        let meant = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            _ => {
                let width =
                    self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                self.start = at;
                self.end = at + width;
                return Err(self.fault(Fault::Escape, false));
            }
        };
        if self.decode {
            self.end = at + 1;
            if high.is_some() {
                return Err(self.fault(Fault::LowSurrogate, false));
            }
            self.decoded.push(meant);
        }
        Ok(at + 1)
    }

    /// Reads the four digits after `\u`.
    fn unicode(&mut self, at: usize, high: &mut Option<u32>) -> SqlResult<usize> {
        let mut code = 0;
        for place in at..at + 4 {
            self.end = place;
            let Some(&byte) = self.text.as_bytes().get(place) else {
                return Err(self.fault(Fault::Token, false));
            };
            let Some(digit) = char::from(byte).to_digit(16) else {
                let width =
                    self.text.get(place..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                self.end = place + width;
                return Err(self.fault(Fault::Hex, false));
            };
            code = code * 16 + digit;
        }
        self.end = at + 4;
        if !self.decode {
            return Ok(at + 4);
        }
        match (code, *high) {
            (0xd800..=0xdbff, Some(_)) => return Err(self.fault(Fault::HighSurrogate, false)),
            (0xd800..=0xdbff, None) => {
                *high = Some(code & 0x3ff);
                return Ok(at + 4);
            }
            (0xdc00..=0xdfff, Some(first)) => {
                *high = None;
                code = 0x10000 + (first << 10) + (code & 0x3ff);
            }
            (0xdc00..=0xdfff, None) | (_, Some(_)) => return Err(self.fault(Fault::LowSurrogate, false)),
            (0, None) => return Err(self.fault(Fault::Zero, false)),
            _ => {}
        }
        self.decoded.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(at + 4)
    }

    /// The complaint about the last token; `ended`: it was [`Token::End`].
    pub fn fault(&self, fault: Fault, ended: bool) -> SqlError {
        let token = self.text.get(self.start..self.end).unwrap_or_default();
        let fault = if ended { Fault::More } else { fault };
        let detail = match fault {
            Fault::Escape => format!("Escape sequence \"\\{token}\" is invalid."),
            Fault::Control(byte) => format!("Character with value 0x{byte:02x} must be escaped."),
            Fault::ExpectedEnd => format!("Expected end of input, but found \"{token}\"."),
            Fault::ArrayNext => format!("Expected \",\" or \"]\", but found \"{token}\"."),
            Fault::Colon => format!("Expected \":\", but found \"{token}\"."),
            Fault::Value => format!("Expected JSON value, but found \"{token}\"."),
            Fault::More => "The input string ended unexpectedly.".to_owned(),
            Fault::ObjectFirst => format!("Expected string or \"}}\", but found \"{token}\"."),
            Fault::ObjectNext => format!("Expected \",\" or \"}}\", but found \"{token}\"."),
            Fault::Key => format!("Expected string, but found \"{token}\"."),
            Fault::Token => format!("Token \"{token}\" is invalid."),
            Fault::Zero => "\\u0000 cannot be converted to text.".to_owned(),
            Fault::Hex => "\"\\u\" must be followed by four hexadecimal digits.".to_owned(),
            Fault::HighSurrogate => "Unicode high surrogate must not follow a high surrogate.".to_owned(),
            Fault::LowSurrogate => "Unicode low surrogate must follow a high surrogate.".to_owned(),
        };
        let (state, message) = if fault == Fault::Zero {
            (SqlState::UntranslatableCharacter, "unsupported Unicode escape sequence")
        } else {
            (SqlState::InvalidTextRepresentation, "invalid input syntax for type json")
        };
        SqlError::new(state, message).with_detail(detail).with_context(self.place(ended))
    }

    /// The line at which the last token stands, up to its end: at most its last 50 bytes.
    fn place(&self, ended: bool) -> String {
        let before = self.text.get(..self.start.min(self.end)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let mut start = line_start;
        while self.end - start >= 50 {
            start += self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
        if start - line_start <= 3 {
            start = line_start;
        }
        let prefix = if start > line_start { "..." } else { "" };
        let next = self.text.as_bytes().get(self.end);
        let more = !ended && next.is_some_and(|byte| *byte != b'\n' && *byte != b'\r');
        let suffix = if more { "..." } else { "" };
        let shown = self.text.get(start..self.end).unwrap_or_default();
        format!("JSON data, line {line}: {prefix}{shown}{suffix}")
    }
}

/// Whether a byte goes on with a word or, wrongly, with a number.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
