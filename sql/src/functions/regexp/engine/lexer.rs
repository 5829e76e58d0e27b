//! The words of a pattern: of advanced, extended and basic regular expressions.
//!
//! The same character means different things in a bracket, in a bound `{m,n}`, and elsewhere; [`Context`]
//! says where the lexer stands. It reads one token ahead of the parser.

use super::charset::Class;
use crate::types::text::is_space;

/// How a pattern is to be read and matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Flags {
    /// ERE or ARE; else BRE.
    pub extended: bool,
    /// ARE: escapes and what `(?` starts.
    pub advanced: bool,
    /// All characters stand for themselves.
    pub quote: bool,
    /// Upper and lower case are the same.
    pub ignore_case: bool,
    /// Blanks and comments are skipped.
    pub expanded: bool,
    /// A line feed is not matched by `.` and by brackets with `^`.
    pub newline_stops: bool,
    /// `^` and `$` match at line feeds too.
    pub newline_anchors: bool,
}

impl Default for Flags {
    /// An advanced regular expression.
    fn default() -> Self {
        Flags {
            extended: true,
            advanced: true,
            quote: false,
            ignore_case: false,
            expanded: false,
            newline_stops: false,
            newline_anchors: false,
        }
    }
}

impl Flags {
    /// Whether the flags contradict each other.
    pub fn are_invalid(self) -> bool {
        let other =
            self.extended || self.advanced || self.expanded || self.newline_stops || self.newline_anchors;
        (self.quote && other) || (!self.extended && self.advanced)
    }

    /// What the letters of the options mean, as far as they mean the same outside and inside a pattern.
    pub fn set(&mut self, letter: char) -> bool {
        match letter {
            'c' => self.ignore_case = false,
            'i' => self.ignore_case = true,
            'm' | 'n' => (self.newline_stops, self.newline_anchors) = (true, true),
            'p' => (self.newline_stops, self.newline_anchors) = (true, false),
            'q' => (self.quote, self.extended, self.advanced) = (true, false, false),
            's' => (self.newline_stops, self.newline_anchors) = (false, false),
            't' => self.expanded = false,
            'w' => (self.newline_stops, self.newline_anchors) = (false, true),
            'x' => self.expanded = true,
            'b' => (self.quote, self.extended, self.advanced) = (false, false, false),
            _ => return false,
        }
        true
    }
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// Before the first token.
    Nothing,
    End,
    /// A character that stands for itself.
    Plain(u32),
    Digit(u32),
    Backreference(u32),
    /// `\d`
    Class(Class),
    /// `\D`
    NotClass(Class),
    /// `-` in a bracket
    Range,
    /// `[.`
    Collating,
    /// `[=`
    Equivalence,
    /// `[:`
    Named,
    /// The end of those three.
    NamedEnd,
    /// `(?=`, `(?!`, `(?<=`, `(?<!`
    Look {
        behind: bool,
        negative: bool,
    },
    /// `(`; whether it is a group
    Open {
        capture: bool,
    },
    Close,
    /// `[`; whether `^` follows
    Bracket {
        complement: bool,
    },
    BracketEnd,
    Bar,
    Dot,
    Caret,
    Dollar,
    TextStart,
    TextEnd,
    WordStart,
    WordEnd,
    Boundary,
    NoBoundary,
    /// Quantifiers; whether more is preferred
    Star {
        greedy: bool,
    },
    Plus {
        greedy: bool,
    },
    Question {
        greedy: bool,
    },
    Brace,
    Comma,
    BraceEnd {
        greedy: bool,
    },
}

/// Where the lexer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Extended,
    Basic,
    Quoted,
    ExtendedBound,
    BasicBound,
    Bracket,
    /// After `[.`, `[=` or `[:`, with the sign that ends it.
    Name(char),
}

pub const BAD_ESCAPE: &str = "invalid escape \\ sequence";
pub const BAD_REPEAT: &str = "quantifier operand invalid";
pub const BAD_BOUND: &str = "invalid repetition count(s)";
pub const BAD_BRACKET: &str = "brackets [] not balanced";
const BAD_OPTION: &str = "invalid embedded option";

/// The lexer: the pattern, how far it is read, and the last two tokens.
#[derive(Debug)]
pub struct Lexer {
    pattern: Vec<char>,
    now: usize,
    context: Context,
    /// The flags, with what the pattern itself says.
    pub flags: Flags,
    /// The token to be parsed next.
    pub token: Token,
    /// The token before the one that is being read.
    last: Token,
    /// Groups opened so far, which tells references back from octal numbers.
    pub groups: u32,
}

type Lexed<T> = Result<T, &'static str>;

impl Lexer {
    /// Reads what is before the expression, and its first token.
    pub fn new(pattern: &str, flags: Flags) -> Lexed<Lexer> {
        let mut lexer = Lexer {
            pattern: pattern.chars().collect(),
            now: 0,
            context: Context::Quoted,
            flags,
            token: Token::Nothing,
            last: Token::Nothing,
            groups: 0,
        };
        lexer.prefixes()?;
        lexer.context = if lexer.flags.quote { Context::Quoted } else { lexer.outside() };
        lexer.next()?;
        Ok(lexer)
    }

    fn outside(&self) -> Context {
        if self.flags.extended { Context::Extended } else { Context::Basic }
    }

    fn peek(&self) -> Option<char> {
        self.pattern.get(self.now).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(index, wanted)| self.pattern.get(self.now + index) == Some(&wanted))
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        if found {
            self.now += text.chars().count();
        }
        found
    }

    fn prefixes(&mut self) -> Lexed<()> {
        if self.flags.quote {
            return Ok(());
        }
        if self.starts_with("***") && self.pattern.len() >= 4 {
            match self.pattern[3] {
                '=' => {
                    self.now = 4;
                    self.flags = Flags {
                        quote: true,
                        extended: false,
                        advanced: false,
                        expanded: false,
                        newline_stops: false,
                        newline_anchors: false,
                        ..self.flags
                    };
                    return Ok(());
                }
                ':' => {
                    self.now = 4;
                    (self.flags.extended, self.flags.advanced) = (true, true);
                }
                '?' => return Err("invalid regexp (reg version 0.8)"),
                _ => return Err(BAD_REPEAT),
            }
        }
        if !self.flags.advanced {
            return Ok(());
        }
        let letter = self.pattern.get(self.now + 2).is_some_and(char::is_ascii_alphabetic);
        if !(self.starts_with("(?") && letter) {
            return Ok(());
        }
        self.now += 2;
        while let Some(letter) = self.peek().filter(char::is_ascii_alphabetic) {
            self.now += 1;
            if letter == 'e' {
                (self.flags.extended, self.flags.advanced, self.flags.quote) = (true, false, false);
            } else if !self.flags.set(letter) {
                return Err(BAD_OPTION);
            }
        }
        if !self.eat(")") {
            return Err(BAD_OPTION);
        }
        if self.flags.quote {
            (self.flags.expanded, self.flags.newline_stops, self.flags.newline_anchors) =
                (false, false, false);
        }
        Ok(())
    }

    /// Skips blanks and comments, where these are to be skipped.
    fn skip(&mut self) {
        if !self.flags.expanded {
            return;
        }
        loop {
            while self.peek().is_some_and(is_space) {
                self.now += 1;
            }
            if self.peek() != Some('#') {
                return;
            }
            while self.peek().is_some_and(|character| character != '\n') {
                self.now += 1;
            }
        }
    }

    /// Reads the next token.
    pub fn next(&mut self) -> Lexed<()> {
        self.last = self.token;
        self.token = self.read()?;
        Ok(())
    }

    fn read(&mut self) -> Lexed<Token> {
        if matches!(
            self.context,
            Context::Extended | Context::Basic | Context::ExtendedBound | Context::BasicBound
        ) {
            self.skip();
        }
        let Some(character) = self.peek() else {
            return match self.context {
                Context::Extended | Context::Basic | Context::Quoted => Ok(Token::End),
                Context::ExtendedBound | Context::BasicBound => Err("braces {} not balanced"),
                Context::Bracket | Context::Name(_) => Err(BAD_BRACKET),
            };
        };
        self.now += 1;
        let context = self.context;
        match context {
            Context::Basic => self.basic(character),
            Context::Extended => self.extended(character),
            Context::Quoted => Ok(Token::Plain(u32::from(character))),
            Context::ExtendedBound | Context::BasicBound => self.bound(character),
            Context::Bracket => self.bracket(character),
            Context::Name(sign) if character == sign && self.eat("]") => {
                self.context = Context::Bracket;
                Ok(Token::NamedEnd)
            }
            Context::Name(_) => Ok(Token::Plain(u32::from(character))),
        }
    }

    fn bound(&mut self, character: char) -> Lexed<Token> {
        match character {
            '0'..='9' => Ok(Token::Digit(u32::from(character) - u32::from('0'))),
            ',' => Ok(Token::Comma),
            '}' if self.context == Context::ExtendedBound => {
                self.context = Context::Extended;
                Ok(Token::BraceEnd { greedy: !(self.flags.advanced && self.eat("?")) })
            }
            '\\' if self.context == Context::BasicBound && self.eat("}") => {
                self.context = Context::Basic;
                Ok(Token::BraceEnd { greedy: true })
            }
            _ => Err(BAD_BOUND),
        }
    }

    fn bracket(&mut self, character: char) -> Lexed<Token> {
        let first = matches!(self.last, Token::Bracket { .. });
        match character {
            '\\' if self.flags.advanced => {
                if self.peek().is_none() {
                    return Err(BAD_ESCAPE);
                }
                match self.escape()? {
                    token @ (Token::Plain(_) | Token::Class(_) | Token::NotClass(_)) => Ok(token),
                    _ => Err(BAD_ESCAPE),
                }
            }
            '-' if !first && self.peek() != Some(']') => Ok(Token::Range),
            ']' if !first => {
                self.context = self.outside();
                Ok(Token::BracketEnd)
            }
            '[' => {
                let (sign, token) = match self.peek() {
                    None => return Err(BAD_BRACKET),
                    Some(sign @ '.') => (sign, Token::Collating),
                    Some(sign @ '=') => (sign, Token::Equivalence),
                    Some(sign @ ':') => (sign, Token::Named),
                    Some(_) => return Ok(Token::Plain(u32::from('['))),
                };
                self.now += 1;
                self.context = Context::Name(sign);
                Ok(token)
            }
            _ => Ok(Token::Plain(u32::from(character))),
        }
    }

    /// `[`, or one of the two that are word boundaries.
    fn open_bracket(&mut self) -> Token {
        if self.eat("[:<:]]") {
            return Token::WordStart;
        }
        if self.eat("[:>:]]") {
            return Token::WordEnd;
        }
        self.context = Context::Bracket;
        Token::Bracket { complement: self.eat("^") }
    }

    fn extended(&mut self, character: char) -> Lexed<Token> {
        Ok(match character {
            '|' => Token::Bar,
            '*' => Token::Star { greedy: !self.eat_question() },
            '+' => Token::Plus { greedy: !self.eat_question() },
            '?' => Token::Question { greedy: !self.eat_question() },
            '{' => {
                self.skip();
                if self.peek().is_some_and(|next| next.is_ascii_digit()) {
                    self.context = Context::ExtendedBound;
                    Token::Brace
                } else {
                    Token::Plain(u32::from(character))
                }
            }
            '(' if self.flags.advanced && self.eat("?") => return self.extension(),
            '(' => Token::Open { capture: true },
            ')' => Token::Close,
            '[' => self.open_bracket(),
            '.' => Token::Dot,
            '^' => Token::Caret,
            '$' => Token::Dollar,
            '\\' => {
                let Some(escaped) = self.peek() else { return Err(BAD_ESCAPE) };
                if self.flags.advanced {
                    return self.escape();
                }
                self.now += 1;
                Token::Plain(u32::from(escaped))
            }
            _ => Token::Plain(u32::from(character)),
        })
    }

    fn eat_question(&mut self) -> bool {
        self.flags.advanced && self.eat("?")
    }

    /// What `(?` starts.
    fn extension(&mut self) -> Lexed<Token> {
        let Some(sign) = self.peek() else { return Err(BAD_REPEAT) };
        self.now += 1;
        Ok(match sign {
            ':' => Token::Open { capture: false },
            '#' => {
                while self.peek().is_some_and(|character| character != ')') {
                    self.now += 1;
                }
                self.eat(")");
                return self.read();
            }
            '=' => Token::Look { behind: false, negative: false },
            '!' => Token::Look { behind: false, negative: true },
            '<' if self.eat("=") => Token::Look { behind: true, negative: false },
            '<' if self.eat("!") => Token::Look { behind: true, negative: true },
            _ => return Err(BAD_REPEAT),
        })
    }

    fn basic(&mut self, character: char) -> Lexed<Token> {
        let at_start = matches!(self.last, Token::Nothing | Token::Open { .. });
        Ok(match character {
            '*' if !at_start && !matches!(self.last, Token::Bar | Token::Caret) => {
                Token::Star { greedy: true }
            }
            '[' => self.open_bracket(),
            '.' => Token::Dot,
            '^' if at_start => Token::Caret,
            '$' => {
                self.skip();
                if self.peek().is_none() || self.starts_with("\\)") {
                    Token::Dollar
                } else {
                    Token::Plain(u32::from(character))
                }
            }
            '\\' => {
                let Some(escaped) = self.peek() else { return Err(BAD_ESCAPE) };
                self.now += 1;
                match escaped {
                    '{' => {
                        self.context = Context::BasicBound;
                        Token::Brace
                    }
                    '(' => Token::Open { capture: true },
                    ')' => Token::Close,
                    '<' => Token::WordStart,
                    '>' => Token::WordEnd,
                    '1'..='9' => Token::Backreference(u32::from(escaped) - u32::from('0')),
                    _ => Token::Plain(u32::from(escaped)),
                }
            }
            _ => Token::Plain(u32::from(character)),
        })
    }

    /// What a backslash that was taken means with what follows it, in an ARE.
    fn escape(&mut self) -> Lexed<Token> {
        let Some(character) = self.peek() else { return Err(BAD_ESCAPE) };
        self.now += 1;
        Ok(match character {
            'a' => Token::Plain(7),
            'A' => Token::TextStart,
            'b' => Token::Plain(8),
            'B' => Token::Plain(u32::from('\\')),
            'c' => {
                let Some(control) = self.peek() else { return Err(BAD_ESCAPE) };
                self.now += 1;
                Token::Plain(u32::from(control) & 0o37)
            }
            'd' => Token::Class(Class::Digit),
            'D' => Token::NotClass(Class::Digit),
            'e' => Token::Plain(0x1b),
            'f' => Token::Plain(0x0c),
            'm' => Token::WordStart,
            'M' => Token::WordEnd,
            'n' => Token::Plain(0x0a),
            'r' => Token::Plain(0x0d),
            's' => Token::Class(Class::Space),
            'S' => Token::NotClass(Class::Space),
            't' => Token::Plain(9),
            'u' => Token::Plain(self.number(16, 4, 4)?),
            'U' => Token::Plain(self.number(16, 8, 8)?),
            'v' => Token::Plain(0x0b),
            'w' => Token::Class(Class::Word),
            'W' => Token::NotClass(Class::Word),
            'x' => Token::Plain(self.number(16, 1, 255)?),
            'y' => Token::Boundary,
            'Y' => Token::NoBoundary,
            'Z' => Token::TextEnd,
            '1'..='9' => {
                let after = self.now;
                self.now -= 1;
                let group = self.number(10, 1, 255)?;
                // One digit is a reference back always, more only to a group that was opened.
                if self.now == after || (group > 0 && group <= self.groups) {
                    Token::Backreference(group)
                } else {
                    self.now = after;
                    self.octal()?
                }
            }
            '0' => self.octal()?,
            _ if character.is_ascii_alphanumeric() => return Err(BAD_ESCAPE),
            _ => Token::Plain(u32::from(character)),
        })
    }

    /// Up to three octal digits, the first of which was taken; two where three are too great for a byte.
    fn octal(&mut self) -> Lexed<Token> {
        self.now -= 1;
        let mut number = self.number(8, 1, 3)?;
        if number > 0xff {
            self.now -= 1;
            number >>= 3;
        }
        Ok(Token::Plain(number))
    }

    fn number(&mut self, base: u32, least: usize, most: usize) -> Lexed<u32> {
        let mut number = 0_u32;
        let mut count = 0;
        while count < most {
            let Some(digit) = self.peek().and_then(|character| character.to_digit(base)) else { break };
            self.now += 1;
            count += 1;
            number = number.wrapping_mul(base).wrapping_add(digit);
        }
        if count < least || number > 0x7fff_fffe { Err(BAD_ESCAPE) } else { Ok(number) }
    }
}
