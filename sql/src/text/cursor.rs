//! A place in the tokens of one statement, from which words are read one by one and whole expressions and queries
//! are handed to sqlparser.
//!
//! Errors say where they are in the whole text, and read as Postgres's do: `syntax error at or near "x"`, what was
//! expected in DETAIL.

use datafusion::sql::sqlparser::ast::{DataType, Expr};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Span, Token, TokenWithSpan};
use millstream_catalog::{DEFAULT_SCHEMA, QualifiedName, fold_name, is_reserved};

use super::lexer::{byte_range, position_of};
use crate::error::{SqlError, SqlResult};
use crate::text::dialect::MillstreamDialect;
use crate::text::limits;

/// The tokens of a statement and the text around them.
pub(super) struct Cursor<'a> {
    parser: Parser<'a>,
    dialect: &'a MillstreamDialect,
    text: &'a str,
    end: End,
}

/// Where a statement ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// Byte offset in the text, after the last token.
    pub byte: usize,
    /// Position, in characters from 1, of what follows.
    pub position: usize,
    /// What follows: `;`, `EMIT`, or nothing.
    pub found: &'static str,
}

/// Words that sqlparser takes for clauses and operators of other databases, in any dialect: PostgreSQL has none of them,
/// so that they are names.
const FOREIGN: [Keyword; 21] = [
    Keyword::ANTI,
    Keyword::ASOF,
    Keyword::CONNECT,
    Keyword::DISTRIBUTE,
    Keyword::DIV,
    Keyword::MATCH_CONDITION,
    Keyword::MATCH_RECOGNIZE,
    Keyword::MEMBER,
    Keyword::MINUS,
    Keyword::OUTPUT,
    Keyword::PIVOT,
    Keyword::PREWHERE,
    Keyword::REGEXP,
    Keyword::RLIKE,
    Keyword::SAMPLE,
    Keyword::SEMI,
    Keyword::SETTINGS,
    Keyword::SORT,
    Keyword::TOP,
    Keyword::UNPIVOT,
    Keyword::XOR,
];

impl<'a> Cursor<'a> {
    /// A cursor before the first token.
    pub fn new(
        dialect: &'a MillstreamDialect,
        text: &'a str,
        mut tokens: Vec<TokenWithSpan>,
        end: End,
    ) -> Self {
        for token in &mut tokens {
            if let Token::Word(word) = &mut token.token
                && FOREIGN.contains(&word.keyword)
            {
                word.keyword = Keyword::NoKeyword;
            }
        }
        // The lexer has bounded the nesting; sqlparser counts several levels of its own for each of it.
        let parser = Parser::new(dialect)
            .with_recursion_limit(8 * limits::MAX_DEPTH)
            .with_tokens_with_locations(tokens);
        Self { parser, dialect, text, end }
    }

    /// The next token, EOF after the last.
    pub fn peek(&self) -> &Token {
        &self.parser.peek_token_ref().token
    }

    /// The token after `ahead` others.
    pub fn peek_at(&self, ahead: usize) -> &Token {
        &self.parser.peek_nth_token_ref(ahead).token
    }

    /// How many tokens were passed.
    pub fn index(&self) -> usize {
        self.parser.index()
    }

    /// Goes back to an earlier place.
    pub fn rewind(&mut self, index: usize) {
        while self.parser.index() > index {
            self.parser.prev_token();
        }
    }

    /// Passes the next token and gives a copy.
    pub fn next(&mut self) -> TokenWithSpan {
        self.parser.next_token()
    }

    /// Passes the next token and says where it stands.
    pub fn skip(&mut self) -> Span {
        self.parser.advance_token();
        self.parser.get_current_token().span
    }

    /// Whether nothing is left.
    pub fn at_end(&self) -> bool {
        *self.peek() == Token::EOF
    }

    /// Refuses anything that is left.
    pub fn finish(&self) -> SqlResult<()> {
        if self.at_end() { Ok(()) } else { Err(self.unexpected("the end of the statement")) }
    }

    /// Byte offset of the next token.
    pub fn byte(&self) -> usize {
        match self.parser.peek_token_ref() {
            TokenWithSpan { token: Token::EOF, .. } => self.end.byte,
            token => byte_range(token).start,
        }
    }

    /// The text from a byte offset to the last token passed.
    pub fn text_since(&self, start: usize) -> &'a str {
        let passed = self.parser.token_at(self.parser.index().saturating_sub(1));
        &self.text[start..byte_range(passed).end.max(start)]
    }

    /// The text from the next token to the end of the statement.
    pub fn rest(&self) -> &'a str {
        &self.text[self.byte()..self.end.byte]
    }

    /// Position of the next token in characters from 1.
    pub fn position(&self) -> usize {
        match self.parser.peek_token_ref() {
            TokenWithSpan { token: Token::EOF, .. } => self.end.position,
            token => position_of(token),
        }
    }

    /// 42601 at the next token.
    pub fn unexpected(&self, expected: &str) -> SqlError {
        let error = match self.parser.peek_token_ref() {
            TokenWithSpan { token: Token::EOF, .. } => self.error_at_end(),
            token => self.error_near(byte_range(token), position_of(token)),
        };
        if expected.is_empty() { error } else { error.with_detail(format!("expected {expected}")) }
    }

    fn error_at_end(&self) -> SqlError {
        let message = match self.end.found {
            "" => "syntax error at end of input".to_owned(),
            found => format!("syntax error at or near \"{found}\""),
        };
        SqlError::syntax(message, Some(self.end.position))
    }

    fn error_near(&self, bytes: std::ops::Range<usize>, position: usize) -> SqlError {
        let near = self.text.get(bytes).unwrap_or_default();
        SqlError::syntax(format!("syntax error at or near \"{near}\""), Some(position))
    }

    /// 0A000 at the next token.
    pub fn unsupported(&self, message: impl Into<String>, hint: impl Into<String>) -> SqlError {
        SqlError { position: Some(self.position()), ..SqlError::unsupported(message, hint) }
    }

    /// Whether the next token is an unquoted word, in any case of letters.
    pub fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    /// The same for the token after `ahead` others.
    pub fn is_at(&self, ahead: usize, word: &str) -> bool {
        is_word(self.peek_at(ahead), word)
    }

    /// Whether these words come next.
    pub fn are(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.is_at(ahead, word))
    }

    /// Passes a word if it comes next.
    pub fn accept(&mut self, word: &str) -> bool {
        self.accept_all(&[word])
    }

    /// Passes these words if all of them come next.
    pub fn accept_all(&mut self, words: &[&str]) -> bool {
        let found = self.are(words);
        if found {
            words.iter().for_each(|_| self.parser.advance_token());
        }
        found
    }

    /// Passes one of the words if it comes next, and says which.
    pub fn accept_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.accept(word)).copied()
    }

    /// Passes a word that must come next.
    pub fn expect(&mut self, word: &str) -> SqlResult<()> {
        if self.accept(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    /// Passes words that must come next.
    pub fn expect_all(&mut self, words: &[&str]) -> SqlResult<()> {
        words.iter().try_for_each(|word| self.expect(word))
    }

    /// Passes a token if it comes next.
    pub fn accept_token(&mut self, token: &Token) -> bool {
        self.parser.consume_token(token)
    }

    /// Passes a token that must come next.
    pub fn expect_token(&mut self, token: &Token) -> SqlResult<()> {
        if self.accept_token(token) { Ok(()) } else { Err(self.unexpected(&token.to_string())) }
    }

    /// Passes `IF NOT EXISTS` if it comes next.
    pub fn if_not_exists(&mut self) -> SqlResult<bool> {
        if !self.are(&["IF", "NOT"]) {
            return Ok(false);
        }
        self.expect_all(&["IF", "NOT", "EXISTS"])?;
        Ok(true)
    }

    /// Passes `IF EXISTS` if it comes next.
    pub fn if_exists(&mut self) -> bool {
        self.accept_all(&["IF", "EXISTS"])
    }

    /// A name that is not reserved, folded.
    pub fn name(&mut self) -> SqlResult<String> {
        match self.peek() {
            Token::Word(word) if word.quote_style.is_some() || !is_reserved(&word.value) => self.label(),
            _ => Err(self.unexpected("a name")),
        }
    }

    /// Any word as a name, folded.
    pub fn label(&mut self) -> SqlResult<String> {
        let folded = match self.peek() {
            Token::Word(word) if word.quote_style.is_some() => word.value.clone(),
            Token::Word(word) => fold_name(&word.value),
            _ => return Err(self.unexpected("a name")),
        };
        self.parser.advance_token();
        Ok(folded)
    }

    /// `name` or `schema.name`.
    pub fn qualified_name(&mut self) -> SqlResult<QualifiedName> {
        let position = self.position();
        let first = self.name()?;
        if !self.accept_token(&Token::Period) {
            return Ok(QualifiedName::new(DEFAULT_SCHEMA, first));
        }
        let second = self.label()?;
        if !self.accept_token(&Token::Period) {
            return Ok(QualifiedName::new(first, second));
        }
        let third = self.label()?;
        // The database's own name may stand in front.
        if first == self.dialect.database() {
            return Ok(QualifiedName::new(second, third));
        }
        let message = format!("cross-database references are not implemented: \"{first}.{second}.{third}\"");
        let error = SqlError::unsupported(message, "name relations as schema.name");
        Err(SqlError { position: Some(position), ..error })
    }

    /// The name of the session's database; empty where it is not known.
    pub fn database(&self) -> &'a str {
        self.dialect.database()
    }

    /// Names in parentheses, at least one.
    pub fn names_in_parentheses(&mut self) -> SqlResult<Vec<String>> {
        self.expect_token(&Token::LParen)?;
        let mut names = vec![self.name()?];
        while self.accept_token(&Token::Comma) {
            names.push(self.name()?);
        }
        self.expect_token(&Token::RParen)?;
        Ok(names)
    }

    /// A string literal, if one comes next.
    pub fn accept_string(&mut self) -> Option<String> {
        let Token::SingleQuotedString(value) = self.peek() else { return None };
        let value = value.clone();
        self.parser.advance_token();
        Some(value)
    }

    /// A string literal that must come next.
    pub fn string(&mut self) -> SqlResult<String> {
        self.accept_string().ok_or_else(|| self.unexpected("a string"))
    }

    /// An unsigned integer that must come next.
    pub fn integer(&mut self) -> SqlResult<u64> {
        let value = match self.peek() {
            Token::Number(digits, _) => digits.parse().ok(),
            _ => None,
        };
        let value = value.ok_or_else(|| self.unexpected("an integer"))?;
        self.parser.advance_token();
        Ok(value)
    }

    /// An expression.
    pub fn expression(&mut self) -> SqlResult<Expr> {
        self.run(|parser| parser.parse_expr())
    }

    /// A data type.
    pub fn data_type(&mut self) -> SqlResult<DataType> {
        self.run(|parser| parser.parse_data_type())
    }

    /// Runs a part of sqlparser from here on.
    pub fn run<T>(&mut self, parse: impl FnOnce(&mut Parser<'a>) -> Result<T, ParserError>) -> SqlResult<T> {
        let result = parse(&mut self.parser);
        result.map_err(|error| self.convert(&error))
    }

    /// sqlparser's error as Postgres words it. Its messages end in ` at Line: L, Column: C` where they know a place.
    fn convert(&self, error: &ParserError) -> SqlError {
        if self.dialect.exhausted() || matches!(error, ParserError::RecursionLimitExceeded) {
            return limits::too_complex("nested constructs took too many attempts to parse", None);
        }
        let (ParserError::ParserError(message) | ParserError::TokenizerError(message)) = error else {
            return SqlError::internal(error.to_string());
        };
        let (message, place) = take_location(message);
        let passed = self.parser.token_at(self.parser.index().saturating_sub(1));
        let expected = message.strip_prefix("Expected: ");
        let error = match place {
            Some((byte, position)) => {
                let end = self.end_of_token(byte);
                self.error_near(byte..end, position)
            }
            None if expected.is_some_and(|expected| expected.ends_with("found: EOF"))
                || passed.token == Token::EOF =>
            {
                self.error_at_end()
            }
            None => self.error_near(byte_range(passed), position_of(passed)),
        };
        let detail = match expected {
            Some(expected) => {
                let what = expected.rsplit_once(", found").map_or(expected, |(what, _)| what);
                format!("expected {what}")
            }
            None => message.to_owned(),
        };
        error.with_detail(detail)
    }

    /// Where the token ends that starts at a byte offset: tokens are in order of their offsets.
    fn end_of_token(&self, byte: usize) -> usize {
        let (mut low, mut high) = (0, 1);
        let start = |index: usize| match self.parser.token_at(index) {
            TokenWithSpan { token: Token::EOF, .. } => usize::MAX,
            token => byte_range(token).start,
        };
        while start(high) <= byte {
            low = high;
            high *= 2;
        }
        while high - low > 1 {
            let middle = low.midpoint(high);
            if start(middle) <= byte { low = middle } else { high = middle }
        }
        byte_range(self.parser.token_at(low)).end.max(byte)
    }
}

/// Whether a token is an unquoted word, in any case of letters.
pub(super) fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(found) if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word))
}

/// Splits a message of sqlparser from the byte offset and position at its end (see the lexer on locations).
fn take_location(message: &str) -> (&str, Option<(usize, usize)>) {
    let parse = || {
        let (message, place) = message.rsplit_once(" at Line: ")?;
        let (line, column) = place.split_once(", Column: ")?;
        let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
        Some((message, (line.checked_sub(1)?, column)))
    };
    parse().map_or((message, None), |(message, place)| (message, Some(place)))
}
