//! Text to tokens, by Postgres's lexical rules, in one pass that is bounded in memory and depth.
//!
//! sqlparser has a tokenizer; this one feeds sqlparser's parser in its place, because that one
//!
//! - reads `a>-1` and `a>=-1` as the operators `>-` and `>=-` (Postgres: an operator of several characters does not
//!   end in `+` or `-`, unless it has one of ``~ ! @ # % ^ & | ` ?``), and `'a'` newline `'b'` as an alias;
//! - keeps a token of 88 bytes for every blank, so that the memory it takes is not bounded by the statement;
//! - knows no byte offsets, which are needed to cut a text into statements.
//!
//! Every string literal comes out as a plain one, its escapes undone; numbers come out decimal, without underscores.
//!
//! # Positions
//!
//! The two numbers of a token's location are used for what users and code need: **`column` is the position in
//! characters from 1 in the whole text** (Postgres's error position), **`line` is the byte offset + 1**. So the span
//! of any identifier in the tree says where it stands.

use datafusion::sql::sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::limits::{self, Nesting};

/// The tokens of a text, without blanks and comments. With `backslashes` a plain literal has escapes, as one with an E
/// before it: `standard_conforming_strings = off`.
pub(super) fn lex(text: &str, backslashes: bool) -> SqlResult<Vec<TokenWithSpan>> {
    if text.len() > limits::MAX_TEXT_BYTES {
        let detail = format!("the text has {} bytes, {} are allowed", text.len(), limits::MAX_TEXT_BYTES);
        return Err(limits::too_complex(detail, None).with_hint("load many rows with COPY … FROM STDIN"));
    }
    let mut lexer = Lexer { text, bytes: text.as_bytes(), offset: 0, characters: 0, backslashes };
    let mut tokens = Vec::with_capacity(text.len() / 5 + 8);
    let mut nesting = Nesting::new();
    while let Some(token) = lexer.next()? {
        let position = position_of(&token);
        nesting.observe(&token.token).map_err(|limit| limits::too_complex(limit, Some(position)))?;
        if tokens.len() == limits::MAX_TOKENS {
            let detail = format!("a text may have {} tokens", limits::MAX_TOKENS);
            return Err(limits::too_complex(detail, Some(position))
                .with_hint("load many rows with COPY … FROM STDIN"));
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// Where a token starts, in characters from 1.
pub(super) fn position_of(token: &TokenWithSpan) -> usize {
    token.span.start.column as usize
}

/// The bytes of a token in the text that it was read from.
pub(super) fn byte_range(token: &TokenWithSpan) -> std::ops::Range<usize> {
    (token.span.start.line as usize).saturating_sub(1)..(token.span.end.line as usize).saturating_sub(1)
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// The next byte.
    offset: usize,
    /// How many characters lie before it.
    characters: usize,
    /// Whether plain literals have escapes.
    backslashes: bool,
}

impl Lexer<'_> {
    fn next(&mut self) -> SqlResult<Option<TokenWithSpan>> {
        self.skip_blanks()?;
        let Some(byte) = self.peek(0) else { return Ok(None) };
        let start = self.location();
        let token = match byte {
            b'\'' => self.string(self.plain(), start)?,
            b'"' => self.quoted_identifier(start)?,
            b'0'..=b'9' => self.number(start)?,
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number(start)?,
            b'$' => self.dollar(start)?,
            b'(' => self.single(Token::LParen),
            b')' => self.single(Token::RParen),
            b',' => self.single(Token::Comma),
            b';' => self.single(Token::SemiColon),
            b'.' => self.single(Token::Period),
            b'[' => self.single(Token::LBracket),
            b']' => self.single(Token::RBracket),
            b':' => self.colon(),
            _ if is_operator(byte) => self.operator(),
            _ if is_identifier_start(byte) => self.word(start)?,
            0 => {
                let message = "invalid byte sequence for encoding \"UTF8\": 0x00";
                let error = SqlError::new(SqlState::CharacterNotInRepertoire, message);
                return Err(SqlError { position: Some(self.characters + 1), ..error });
            }
            _ => {
                let character = self.text[self.offset..].chars().next().unwrap_or('?');
                return Err(self.syntax_error("syntax error", start, &character.to_string()));
            }
        };
        let span = Span::new(start, self.location());
        Ok(Some(TokenWithSpan::new(token, span)))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.offset + ahead).copied()
    }

    fn location(&self) -> Location {
        Location::new(self.offset as u64 + 1, self.characters as u64 + 1)
    }

    /// Goes on to a byte offset, counting the characters between.
    fn advance_to(&mut self, offset: usize) {
        let passed = &self.bytes[self.offset..offset];
        self.characters += passed.iter().filter(|byte| is_character_start(**byte)).count();
        self.offset = offset;
    }

    fn single(&mut self, token: Token) -> Token {
        self.advance_to(self.offset + 1);
        token
    }

    /// `message at or near "text"`, at a place that was passed already.
    fn syntax_error(&self, message: &str, at: Location, near: &str) -> SqlError {
        SqlError::syntax(format!("{message} at or near \"{near}\""), Some(at.column as usize))
    }

    /// The same, near all that follows the place: what Postgres shows of a literal that does not end.
    fn unterminated(&self, what: &str, at: Location) -> SqlError {
        let rest = &self.text[at.line as usize - 1..];
        let shown: String = rest.chars().take(80).collect();
        self.syntax_error(&format!("unterminated {what}"), at, &shown)
    }

    /// Passes blanks and comments; true when a line ended among them.
    fn skip_blanks(&mut self) -> SqlResult<bool> {
        let mut line_ended = false;
        loop {
            match self.peek(0) {
                Some(b'\n' | b'\r') => {
                    line_ended = true;
                    self.advance_to(self.offset + 1);
                }
                Some(b' ' | b'\t' | 0x0b | 0x0c) => self.advance_to(self.offset + 1),
                Some(b'-') if self.peek(1) == Some(b'-') => {
                    let rest = &self.bytes[self.offset..];
                    let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    let end = self.offset + length.unwrap_or(rest.len());
                    self.check_nul(self.offset..end)?;
                    self.advance_to(end);
                }
                Some(b'/') if self.peek(1) == Some(b'*') => self.block_comment()?,
                _ => return Ok(line_ended),
            }
        }
    }

    fn block_comment(&mut self) -> SqlResult<()> {
        let start = self.location();
        let mut nested = 0usize;
        let mut offset = self.offset;
        loop {
            match (self.bytes.get(offset), self.bytes.get(offset + 1)) {
                (Some(b'/'), Some(b'*')) => {
                    nested += 1;
                    offset += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    nested -= 1;
                    offset += 2;
                    if nested == 0 {
                        self.check_nul(self.offset..offset)?;
                        self.advance_to(offset);
                        return Ok(());
                    }
                }
                (Some(_), _) => offset += 1,
                (None, _) => return Err(self.unterminated("/* comment", start)),
            }
        }
    }

    /// Refuses NUL, which no Postgres text can hold.
    fn check_nul(&self, range: std::ops::Range<usize>) -> SqlResult<()> {
        let Some(place) = self.bytes[range.clone()].iter().position(|byte| *byte == 0) else { return Ok(()) };
        let before = &self.bytes[self.offset.min(range.start)..range.start + place];
        let position = self.characters + before.iter().filter(|byte| is_character_start(**byte)).count() + 1;
        let message = "invalid byte sequence for encoding \"UTF8\": 0x00";
        let error = SqlError::new(SqlState::CharacterNotInRepertoire, message);
        Err(SqlError { position: Some(position), ..error })
    }

    /// A word, or a literal with a letter before its quote.
    fn word(&mut self, start: Location) -> SqlResult<Token> {
        let first = self.peek(0).map(|byte| byte.to_ascii_lowercase());
        let second = self.peek(1);
        let quoting = match (first, second) {
            (Some(b'e'), Some(b'\'')) => Some((Quoting::Escaped, 1)),
            (Some(b'n'), Some(b'\'')) => Some((self.plain(), 1)),
            (Some(b'b'), Some(b'\'')) => Some((Quoting::Bits, 1)),
            (Some(b'x'), Some(b'\'')) => Some((Quoting::Hexadecimal, 1)),
            (Some(b'u'), Some(b'&')) if self.peek(2) == Some(b'\'') => {
                if self.backslashes {
                    let message = "unsafe use of string constant with Unicode escapes";
                    let error = SqlError::new(SqlState::FeatureNotSupported, message).with_detail(
                        "String constants with Unicode escapes cannot be used when standard_conforming_strings is off.",
                    );
                    return Err(SqlError { position: Some(start.column as usize), ..error });
                }
                Some((Quoting::Unicode, 2))
            }
            (Some(b'u'), Some(b'&')) if self.peek(2) == Some(b'"') => {
                self.advance_to(self.offset + 2);
                let Token::Word(mut word) = self.quoted_identifier(start)? else {
                    return Err(SqlError::internal("a quoted identifier is a word"));
                };
                let escape = self.escape_clause()?;
                word.value = self.unescape_unicode(&word.value, escape, start)?;
                return Ok(Token::Word(word));
            }
            _ => None,
        };
        if let Some((quoting, prefix)) = quoting {
            self.advance_to(self.offset + prefix);
            return self.string(quoting, start);
        }
        let begin = self.offset;
        self.advance_to(self.end_of_word(begin));
        Ok(Token::make_word(&self.text[begin..self.offset], None))
    }

    fn plain(&self) -> Quoting {
        if self.backslashes { Quoting::Escaped } else { Quoting::Plain }
    }

    fn end_of_word(&self, begin: usize) -> usize {
        let rest = &self.bytes[begin..];
        begin + rest.iter().position(|byte| !is_identifier_part(*byte)).unwrap_or(rest.len())
    }

    fn quoted_identifier(&mut self, start: Location) -> SqlResult<Token> {
        let Some(value) = self.quoted(b'"')? else {
            return Err(self.unterminated("quoted identifier", start));
        };
        if value.is_empty() {
            return Err(self.syntax_error("zero-length delimited identifier", start, "\"\""));
        }
        Ok(Token::make_word(&value, Some('"')))
    }

    /// What stands between quotes, doubled quotes undone; None when the text ends before the quote does.
    fn quoted(&mut self, quote: u8) -> SqlResult<Option<String>> {
        let mut value = String::new();
        let mut begin = self.offset + 1;
        loop {
            let rest = &self.bytes[begin..];
            let Some(length) = rest.iter().position(|byte| *byte == quote) else { return Ok(None) };
            let end = begin + length;
            self.check_nul(begin..end)?;
            value.push_str(&self.text[begin..end]);
            if self.bytes.get(end + 1) != Some(&quote) {
                self.advance_to(end + 1);
                return Ok(Some(value));
            }
            value.push(char::from(quote));
            begin = end + 2;
        }
    }

    /// A string literal from its opening quote on, with the parts that follow on further lines.
    fn string(&mut self, quoting: Quoting, start: Location) -> SqlResult<Token> {
        let mut value = String::new();
        loop {
            let part = match quoting {
                Quoting::Escaped => self.escaped(start)?,
                _ => self.quoted(b'\'')?,
            };
            let Some(part) = part else { return Err(self.unterminated("quoted string", start)) };
            if value.is_empty() {
                value = part;
            } else {
                value.push_str(&part);
            }
            if !self.continues()? {
                break;
            }
        }
        Ok(match quoting {
            Quoting::Plain | Quoting::Escaped => Token::SingleQuotedString(value),
            Quoting::Unicode => {
                let escape = self.escape_clause()?;
                Token::SingleQuotedString(self.unescape_unicode(&value, escape, start)?)
            }
            Quoting::Bits => Token::SingleQuotedByteStringLiteral(value),
            Quoting::Hexadecimal => Token::HexStringLiteral(value),
        })
    }

    /// Whether a literal goes on: another quote comes after blanks that hold the end of a line. On the same line it
    /// is an error, as no grammar has two literals side by side.
    fn continues(&mut self) -> SqlResult<bool> {
        let (offset, characters) = (self.offset, self.characters);
        if !matches!(self.peek(0), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | b'-' | b'/')) {
            return Ok(false);
        }
        let line_ended = self.skip_blanks()?;
        // A block comment may not stand between the parts.
        let line_ended = line_ended && !self.text[offset..self.offset].contains("/*");
        if self.peek(0) == Some(b'\'') {
            if line_ended {
                return Ok(true);
            }
            let at = self.location();
            let rest = &self.text[self.offset + 1..];
            let shown = rest.find('\'').map_or(rest, |end| &rest[..end]);
            return Err(self.syntax_error("syntax error", at, &format!("'{shown}'")));
        }
        (self.offset, self.characters) = (offset, characters);
        Ok(false)
    }

    /// The inside of an E'' string, escapes undone; None when the text ends first.
    fn escaped(&mut self, start: Location) -> SqlResult<Option<String>> {
        let mut value = Vec::new();
        let mut offset = self.offset + 1;
        loop {
            let Some(&byte) = self.bytes.get(offset) else { return Ok(None) };
            offset += 1;
            match byte {
                b'\'' if self.bytes.get(offset) == Some(&b'\'') => {
                    value.push(b'\'');
                    offset += 1;
                }
                b'\'' => break,
                b'\\' => {
                    let Some(&escape) = self.bytes.get(offset) else { return Ok(None) };
                    offset += 1;
                    match escape {
                        b'b' => value.push(8),
                        b'f' => value.push(12),
                        b'n' => value.push(b'\n'),
                        b'r' => value.push(b'\r'),
                        b't' => value.push(b'\t'),
                        b'v' => value.push(11),
                        b'0'..=b'7' => {
                            let digits = self.digits(offset - 1, 3, 8);
                            offset = offset - 1 + digits.len();
                            value.push(u32::from_str_radix(digits, 8).unwrap_or(0) as u8);
                        }
                        b'x' if !self.digits(offset, 2, 16).is_empty() => {
                            let digits = self.digits(offset, 2, 16);
                            offset += digits.len();
                            value.push(u32::from_str_radix(digits, 16).unwrap_or(0) as u8);
                        }
                        b'u' | b'U' => {
                            let length = if escape == b'u' { 4 } else { 8 };
                            let digits = self.digits(offset, length, 16);
                            if digits.len() != length {
                                let error =
                                    SqlError::new(SqlState::InvalidEscapeSequence, "invalid Unicode escape");
                                let error = SqlError { position: Some(start.column as usize), ..error };
                                return Err(
                                    error.with_hint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.")
                                );
                            }
                            offset += length;
                            let mut code = u32::from_str_radix(digits, 16).unwrap_or(0);
                            // Two surrogates, as JSON has them, make one character.
                            if (0xd800..0xdc00).contains(&code) && self.text[offset..].starts_with("\\u") {
                                let low = self.digits(offset + 2, 4, 16);
                                let low = u32::from_str_radix(low, 16).unwrap_or(0);
                                if (0xdc00..0xe000).contains(&low) {
                                    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                                    offset += 6;
                                }
                            }
                            let character = unicode(code, start)?;
                            value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        other => value.push(other),
                    }
                }
                byte => value.push(byte),
            }
        }
        self.advance_to(offset);
        let invalid = |bytes: &[u8]| {
            let shown: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
            let message = format!("invalid byte sequence for encoding \"UTF8\": {}", shown.join(" "));
            let error = SqlError::new(SqlState::CharacterNotInRepertoire, message);
            SqlError { position: Some(start.column as usize), ..error }
        };
        if value.contains(&0) {
            return Err(invalid(&[0]));
        }
        String::from_utf8(value).map(Some).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let length = error.utf8_error().error_len().unwrap_or(1);
            invalid(&error.as_bytes()[valid..valid + length])
        })
    }

    /// At most `most` digits of a radix from an offset on.
    fn digits(&self, offset: usize, most: usize, radix: u32) -> &str {
        let rest = &self.bytes[offset.min(self.bytes.len())..];
        let length = rest.iter().take(most).take_while(|byte| char::from(**byte).is_digit(radix)).count();
        &self.text[offset.min(self.bytes.len())..][..length]
    }

    /// `UESCAPE 'c'` after a U& literal: the character that begins its escapes.
    fn escape_clause(&mut self) -> SqlResult<char> {
        let (offset, characters) = (self.offset, self.characters);
        self.skip_blanks()?;
        let start = self.location();
        let end = self.end_of_word(self.offset);
        if !self.text[self.offset..end].eq_ignore_ascii_case("uescape") {
            (self.offset, self.characters) = (offset, characters);
            return Ok('\\');
        }
        self.advance_to(end);
        self.skip_blanks()?;
        let escape = match self.peek(0) {
            Some(b'\'') => self.quoted(b'\'')?,
            _ => None,
        };
        let escape = escape.ok_or_else(|| {
            self.syntax_error("UESCAPE must be followed by a simple string literal", start, "UESCAPE")
        })?;
        let mut given = escape.chars();
        match (given.next(), given.next()) {
            (Some(escape), None)
                if !escape.is_ascii_hexdigit() && !"+'\"".contains(escape) && !escape.is_whitespace() =>
            {
                Ok(escape)
            }
            _ => Err(self.syntax_error("invalid Unicode escape character", start, &format!("'{escape}'"))),
        }
    }

    /// `\XXXX`, `\+XXXXXX` and `\\` of a U& literal undone, `\` being the escape.
    fn unescape_unicode(&self, text: &str, escape: char, start: Location) -> SqlResult<String> {
        let invalid = || {
            SqlError::syntax("invalid Unicode escape", Some(start.column as usize))
                .with_hint("Unicode escapes must be \\XXXX or \\+XXXXXX.")
        };
        let mut value = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(place) = rest.find(escape) {
            value.push_str(&rest[..place]);
            rest = &rest[place + escape.len_utf8()..];
            if let Some(after) = rest.strip_prefix(escape) {
                value.push(escape);
                rest = after;
                continue;
            }
            let (digits, length) = match rest.strip_prefix('+') {
                Some(after) => (after, 6),
                None => (rest, 4),
            };
            let code = digits.get(..length).ok_or_else(invalid)?;
            if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(invalid());
            }
            value.push(unicode(u32::from_str_radix(code, 16).map_err(|_| invalid())?, start)?);
            rest = &digits[length..];
        }
        value.push_str(rest);
        Ok(value)
    }

    /// `$1`, or a dollar-quoted string.
    fn dollar(&mut self, start: Location) -> SqlResult<Token> {
        if self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) {
            let begin = self.offset;
            let digits = self.bytes[begin + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let end = begin + 1 + digits;
            if self.bytes.get(end).is_some_and(|byte| is_identifier_start(*byte)) {
                let near = &self.text[begin..self.end_of_word(end)];
                return Err(self.syntax_error("trailing junk after parameter", start, near));
            }
            self.advance_to(end);
            return Ok(Token::Placeholder(self.text[begin..end].to_owned()));
        }
        let rest = &self.bytes[self.offset + 1..];
        let length = rest.iter().position(|byte| *byte == b'$' || !is_identifier_part(*byte));
        let tag = match length {
            Some(length) if rest[length] == b'$' => &self.text[self.offset..self.offset + length + 2],
            _ => return Err(self.syntax_error("syntax error", start, "$")),
        };
        let begin = self.offset + tag.len();
        let Some(length) = self.text[begin..].find(tag) else {
            return Err(self.unterminated("dollar-quoted string", start));
        };
        self.check_nul(begin..begin + length)?;
        let value = self.text[begin..begin + length].to_owned();
        self.advance_to(begin + length + tag.len());
        Ok(Token::SingleQuotedString(value))
    }

    /// A number, in decimal. Underscores may separate digits, and 0x, 0o, 0b begin other radixes, as in Postgres 16.
    fn number(&mut self, start: Location) -> SqlResult<Token> {
        let begin = self.offset;
        let radix = match (self.peek(0), self.peek(1).map(|byte| byte.to_ascii_lowercase())) {
            (Some(b'0'), Some(b'x')) => Some(16),
            (Some(b'0'), Some(b'o')) => Some(8),
            (Some(b'0'), Some(b'b')) => Some(2),
            _ => None,
        };
        if let Some(radix) = radix {
            let end = self.end_of_word(begin);
            let digits = self.text[begin + 2..end].replace('_', "");
            let Ok(value) = u128::from_str_radix(&digits, radix) else {
                return Err(self.syntax_error("invalid number", start, &self.text[begin..end]));
            };
            self.advance_to(end);
            return Ok(Token::Number(value.to_string(), false));
        }
        let mut end = self.decimal_digits(begin);
        // `1..2` is no number with two points.
        if self.bytes.get(end) == Some(&b'.') && self.bytes.get(end + 1) != Some(&b'.') {
            end = self.decimal_digits(end + 1);
        }
        if matches!(self.bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.bytes.get(end + 1), Some(b'+' | b'-')));
            if self.bytes.get(end + 1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
                end = self.decimal_digits(end + 1 + sign);
            }
        }
        if self.bytes.get(end).is_some_and(|byte| is_identifier_start(*byte)) {
            let near = &self.text[begin..self.end_of_word(end)];
            return Err(self.syntax_error("trailing junk after numeric literal", start, near));
        }
        self.advance_to(end);
        let written = &self.text[begin..end];
        let value = if written.contains('_') { written.replace('_', "") } else { written.to_owned() };
        Ok(Token::Number(value, false))
    }

    /// The end of a run of digits, with single underscores between them.
    fn decimal_digits(&self, begin: usize) -> usize {
        let mut end = begin;
        loop {
            match self.bytes.get(end) {
                Some(b'0'..=b'9') => end += 1,
                Some(b'_')
                    if end > begin
                        && self.bytes[end - 1].is_ascii_digit()
                        && self.bytes.get(end + 1).is_some_and(|byte| byte.is_ascii_digit()) =>
                {
                    end += 1;
                }
                _ => return end,
            }
        }
    }

    fn colon(&mut self) -> Token {
        match self.peek(1) {
            Some(b':') => {
                self.advance_to(self.offset + 2);
                Token::DoubleColon
            }
            Some(b'=') => {
                self.advance_to(self.offset + 2);
                Token::Assignment
            }
            _ => self.single(Token::Colon),
        }
    }

    fn operator(&mut self) -> Token {
        // No operator is this long: the bound keeps a long run of signs from being read anew for each of them.
        let rest = &self.bytes[self.offset..self.bytes.len().min(self.offset + 64)];
        let mut length = rest.iter().position(|byte| !is_operator(*byte)).unwrap_or(rest.len());
        // A comment ends an operator.
        for place in 1..length {
            if matches!(&rest[place..(place + 2).min(rest.len())], b"--" | b"/*") {
                length = place;
                break;
            }
        }
        let may_end_in_sign = rest[..length].iter().any(|byte| b"~!@#%^&|`?".contains(byte));
        while length > 1 && !may_end_in_sign && matches!(rest[length - 1], b'+' | b'-') {
            length -= 1;
        }
        let operator = &self.text[self.offset..self.offset + length];
        self.offset += length;
        self.characters += length;
        operator_token(operator)
    }
}

/// The kinds of string literal.
#[derive(Debug, Clone, Copy)]
enum Quoting {
    Plain,
    Escaped,
    Unicode,
    Bits,
    Hexadecimal,
}

fn unicode(code: u32, start: Location) -> SqlResult<char> {
    char::from_u32(code)
        .filter(|character| *character != '\0')
        .ok_or_else(|| SqlError::syntax("invalid Unicode escape value", Some(start.column as usize)))
}

fn is_character_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_identifier_part(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

fn operator_token(operator: &str) -> Token {
    match operator {
        "+" => Token::Plus,
        "-" => Token::Minus,
        "*" => Token::Mul,
        "/" => Token::Div,
        "%" => Token::Mod,
        "=" => Token::Eq,
        "<" => Token::Lt,
        ">" => Token::Gt,
        "<=" => Token::LtEq,
        ">=" => Token::GtEq,
        "<>" | "!=" => Token::Neq,
        "=>" => Token::RArrow,
        "||" => Token::StringConcat,
        "->" => Token::Arrow,
        "->>" => Token::LongArrow,
        "#>" => Token::HashArrow,
        "#>>" => Token::HashLongArrow,
        "#-" => Token::HashMinus,
        "@>" => Token::AtArrow,
        "<@" => Token::ArrowAt,
        "@?" => Token::AtQuestion,
        "@@" => Token::AtAt,
        "?" => Token::Question,
        "?&" => Token::QuestionAnd,
        "?|" => Token::QuestionPipe,
        "&" => Token::Ampersand,
        "|" => Token::Pipe,
        "^" => Token::Caret,
        "#" => Token::Sharp,
        "~" => Token::Tilde,
        "~*" => Token::TildeAsterisk,
        "!~" => Token::ExclamationMarkTilde,
        "!~*" => Token::ExclamationMarkTildeAsterisk,
        "~~" => Token::DoubleTilde,
        "~~*" => Token::DoubleTildeAsterisk,
        "!~~" => Token::ExclamationMarkDoubleTilde,
        "!~~*" => Token::ExclamationMarkDoubleTildeAsterisk,
        "<<" => Token::ShiftLeft,
        ">>" => Token::ShiftRight,
        "&&" => Token::Overlap,
        "^@" => Token::CaretAt,
        "|/" => Token::PGSquareRoot,
        "||/" => Token::PGCubeRoot,
        "!" => Token::ExclamationMark,
        "!!" => Token::DoubleExclamationMark,
        "@" => Token::AtSign,
        _ => Token::CustomBinaryOperator(operator.to_owned()),
    }
}
