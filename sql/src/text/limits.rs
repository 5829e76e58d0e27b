//! How large and how deep a statement may be: 54001 instead of an overflowed stack or a hung server.
//!
//! Parsing, planning and dropping a tree all recurse, and not every library on the way guards its stack. So a
//! statement is bounded while its tokens are read, before any tree of it exists:
//!
//! - [`MAX_TEXT_BYTES`] and [`MAX_TOKENS`] bound memory: wide statements (a VALUES list of a million cells) fit;
//! - [`MAX_PARENTHESES`] bounds what recurses with large frames: parentheses, brackets, CASE … END;
//! - [`MAX_DEPTH`] bounds the depth that the tree can have at most. It is estimated from above: operators chain
//!   (`1 + 1 + …` is as deep as it is long), commas and WHEN arms set siblings side by side, and a level inside
//!   parentheses adds to the level around it;
//! - [`MAX_EXPANDED_RELATIONS`] and [`MAX_VIEW_DEPTH`] bound what short texts become once their views are in place:
//!   this one is kept by the binder;
//! - [`MAX_CHAIN`] bounds the time that typing takes;
//! - [`work_budget`] bounds backtracking: sqlparser tries some constructs twice at each level, which on nested
//!   ones doubles with each level (18 nested CASTs with an error inside took five minutes).
//!
//! Whoever parses or plans must do it on a thread with [`PLANNING_STACK_BYTES`] of stack.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::error::{SqlError, SqlState};

/// The stack that parsing, planning and dropping a statement within these limits may need. A spawned thread has
/// 2 MiB by default, which a tree of [`MAX_DEPTH`] levels overflows in a debug build.
pub const PLANNING_STACK_BYTES: usize = 32 << 20;

/// The longest text that is parsed, in bytes; larger loads belong into COPY.
pub const MAX_TEXT_BYTES: usize = 32 << 20;

/// The most tokens in one text. A token takes 88 bytes while it is parsed.
pub const MAX_TOKENS: usize = 6_000_000;

/// The most levels of parentheses, brackets and CASE within one another.
pub const MAX_PARENTHESES: usize = 128;

/// The greatest depth of a statement's tree.
pub const MAX_DEPTH: usize = 800;

/// The most operators other than AND and OR that follow one another in an expression: typing a chain takes time that
/// grows with the square of its length.
pub const MAX_CHAIN: usize = 200;

/// The most relations that one query joins: each adds a level to the plan.
pub const MAX_RELATIONS: usize = 256;

/// The most relations that a query reads once its views and common table expressions stand in the place of their
/// names.
pub const MAX_EXPANDED_RELATIONS: u64 = 4096;

/// The most levels of views over views that a query is planned through: each is planned inside the one above.
pub const MAX_VIEW_DEPTH: usize = 64;

/// How many expressions the parser may begin for a statement of so many tokens before it is called too complex.
pub(crate) fn work_budget(tokens: usize) -> u64 {
    20_000 + 8 * tokens as u64
}

/// The error for a statement that is over a limit.
pub(crate) fn too_complex(detail: impl Into<String>, position: Option<usize>) -> SqlError {
    SqlError { position, ..SqlError::new(SqlState::StatementTooComplex, "statement is too complex") }
        .with_detail(detail)
}

/// What opened a level of nesting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Statement,
    Parenthesis,
    Case,
}

/// One level of nesting.
#[derive(Debug)]
struct Level {
    opened: Opened,
    /// Depth of the tree at the place where the level was opened.
    base: usize,
    /// Set operations and joins: each nests all that came before it, whatever commas stand between.
    sets: usize,
    /// Operators since the last comma.
    operators: usize,
    /// Operators of the expression around the level, within which it stands.
    chain_base: usize,
    /// Operators since the last comma, AND, OR or clause.
    chain: usize,
}

impl Level {
    fn new(opened: Opened, base: usize, chain_base: usize) -> Self {
        Self { opened, base, sets: 0, operators: 0, chain_base, chain: 0 }
    }

    fn depth(&self) -> usize {
        self.base + self.sets + self.operators
    }
}

/// Follows the tokens of a text and keeps an upper bound of the depth of the tree that they will make.
#[derive(Debug)]
pub(crate) struct Nesting {
    levels: Vec<Level>,
}

impl Nesting {
    /// Before the first token.
    pub(crate) fn new() -> Self {
        Self { levels: vec![Level::new(Opened::Statement, 0, 0)] }
    }

    /// Takes in the next token, or says which limit it breaks.
    pub(crate) fn observe(&mut self, token: &Token) -> Result<(), &'static str> {
        match token {
            Token::Comma => {
                self.level().operators = 0;
                self.level().chain = 0;
            }
            Token::Number(..) | Token::SingleQuotedString(_) | Token::Period | Token::Placeholder(_) => {}
            Token::Word(word) => return self.word(word.keyword),
            Token::LParen => return self.open(Opened::Parenthesis),
            // `int[][]` nests one type in another.
            Token::LBracket => return self.operator().and_then(|()| self.open(Opened::Parenthesis)),
            Token::RParen | Token::RBracket => self.close(),
            Token::SemiColon => *self = Self::new(),
            _ => return self.operator(),
        }
        Ok(())
    }

    fn word(&mut self, keyword: Keyword) -> Result<(), &'static str> {
        match keyword {
            Keyword::CASE => return self.open(Opened::Case),
            Keyword::END if self.level().opened == Opened::Case => {
                self.levels.pop();
            }
            Keyword::WHEN | Keyword::THEN | Keyword::ELSE if self.level().opened == Opened::Case => {
                self.level().operators = 0;
                self.level().chain = 0;
            }
            // Another expression begins, that of a query in no expression around it.
            Keyword::SELECT => (self.level().chain_base, self.level().chain) = (0, 0),
            Keyword::FROM
            | Keyword::ON
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::ORDER => {
                self.level().chain = 0;
            }
            Keyword::AND | Keyword::OR => {
                self.level().chain = 0;
                self.level().operators += 1;
                return self.check();
            }
            Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT | Keyword::JOIN => {
                self.level().operators = 0;
                self.level().sets += 1;
                return self.check();
            }
            Keyword::NOT
            | Keyword::IS
            | Keyword::NOTNULL
            | Keyword::IN
            | Keyword::BETWEEN
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::SIMILAR
            | Keyword::ESCAPE
            | Keyword::OVERLAPS
            | Keyword::OPERATOR
            | Keyword::COLLATE
            | Keyword::AT
            | Keyword::INTERVAL
            | Keyword::ARRAY
            | Keyword::PRIOR
            | Keyword::DIV
            | Keyword::XOR
            | Keyword::REGEXP
            | Keyword::RLIKE
            | Keyword::EXPLAIN => return self.operator(),
            _ => {}
        }
        Ok(())
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the statement's own level is never popped")
    }

    fn open(&mut self, opened: Opened) -> Result<(), &'static str> {
        if self.levels.len() > MAX_PARENTHESES {
            return Err("parentheses or CASE are nested too deeply");
        }
        let base = self.level().depth() + 1;
        let chain_base = self.level().chain_base + self.level().chain;
        self.levels.push(Level::new(opened, base, chain_base));
        self.check()
    }

    /// A closing parenthesis ends the CASEs inside it that lack their END; the parser will complain about those.
    fn close(&mut self) {
        while self.levels.len() > 1 {
            if self.levels.pop().is_some_and(|level| level.opened == Opened::Parenthesis) {
                break;
            }
        }
    }

    fn operator(&mut self) -> Result<(), &'static str> {
        self.level().operators += 1;
        self.level().chain += 1;
        self.check()
    }

    fn check(&mut self) -> Result<(), &'static str> {
        let level = self.level();
        let over = level.depth() > MAX_DEPTH || level.chain_base + level.chain > MAX_CHAIN;
        if over { Err("too many operators in one expression") } else { Ok(()) }
    }
}
