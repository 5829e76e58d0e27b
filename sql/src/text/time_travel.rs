//! `AS OF LSN n`, `AS OF TIMESTAMP time`, `FOR SYSTEM_TIME AS OF time`: a moment of the past, for one relation or for all
//! that a query reads.
//!
//! sqlparser reads such clauses only together with others, for which it would take an alias like `at` away. So a clause
//! is replaced in the tokens by something that sqlparser reads at that place, and becomes itself again in the tree:
//!
//! ```text
//!  FROM s AS OF LSN 5 AS x  ─►  FROM s."\0V 5" AS x         ─►  TableFactor::Table { version: VERSION AS OF 5 }
//!  SELECT … AS OF LSN 5     ─►  SELECT … FOR SHARE OF "\0V 5"  ─►  Query { settings: the same }
//!  TUMBLE(s AS OF LSN 5, …) ─►  TUMBLE(s."\0V 5", …)         ─►  TUMBLE((SELECT * FROM s VERSION AS OF 5), …)
//! ```
//!
//! `AS OF …` at the end of a query is for all that it reads, what is read at a moment of its own aside. Anywhere else, and
//! `FOR SYSTEM_TIME AS OF` after a relation's name always (as in SQL:2011), it is for that relation. sqlparser prints
//! `VERSION AS OF n`, and both after the alias: definitions are stored like that, so it is read too.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, LockClause, ObjectName, ObjectNamePart, Query, Setting,
    TableFactor, TableVersion, Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};
use millstream_catalog::is_reserved;

use super::cursor::{Cursor, End, is_word};
use super::lexer::position_of;
use super::query::WINDOW_FUNCTIONS;
use crate::error::{SqlError, SqlResult};
use crate::text::dialect::MillstreamDialect;

/// What begins the name of a clause that waits in a tree to become itself again: no client can send this byte.
const MARK: char = '\0';
const VERSION: &str = "V ";
const TIME: &str = "T ";

/// Words that begin the clauses of a SELECT: the nearest one before a comma tells what is listed there.
const CLAUSES: [&str; 10] =
    ["SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "WINDOW", "VALUES"];

const HINT: &str = "it stands after the name of a relation in FROM, or at the end of a query";

/// How a clause was spelled.
#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    /// AS OF LSN, AS OF TIMESTAMP
    AsOf,
    /// FOR SYSTEM_TIME AS OF, VERSION AS OF
    OfRelation,
}

/// Replaces the clauses in the tokens of a statement.
pub(super) fn rewrite(
    dialect: &MillstreamDialect,
    text: &str,
    tokens: Vec<TokenWithSpan>,
    end: End,
) -> SqlResult<Vec<TokenWithSpan>> {
    if !tokens.iter().any(|token| is_word(&token.token, "OF")) {
        return Ok(tokens);
    }
    let mut rewritten = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        let Some((spelling, kind, moment)) = clause(&tokens, index) else {
            rewritten.push(tokens[index].clone());
            index += 1;
            continue;
        };
        let mut cursor = Cursor::new(dialect, text, tokens[moment..].to_vec(), end);
        let written = match (kind, cursor.peek()) {
            (VERSION, Token::Placeholder(name)) => {
                let name = name.clone();
                cursor.skip();
                name
            }
            (VERSION, _) => cursor.integer()?.to_string(),
            _ => cursor.expression()?.to_string(),
        };
        let next = moment + cursor.index();
        let relation = relation_before(&tokens, index);
        let mark = Token::make_word(&format!("{MARK}{kind}{written}"), Some('"'));
        let span = tokens[index].span;
        let at = |token: Token| TokenWithSpan::new(token, span);
        match (relation, spelling, ends_query(&tokens, next)) {
            (_, Spelling::AsOf, true) | (None, Spelling::OfRelation, true) => {
                rewritten.extend(["FOR", "SHARE", "OF"].map(|word| at(Token::make_word(word, None))));
                rewritten.push(at(mark));
            }
            (Some(end), ..) => {
                // The alias, if it came first, stays behind the name.
                let place = rewritten.len() - (index - end);
                rewritten.splice(place..place, [at(Token::Period), at(mark)]);
            }
            (None, ..) => {
                let near = format!("syntax error at or near \"{}\"", tokens[index].token);
                return Err(SqlError::syntax(near, Some(position_of(&tokens[index]))).with_hint(HINT));
            }
        }
        index = next;
    }
    Ok(rewritten)
}

/// The clause that begins at a token: its spelling, its kind, and where its moment begins.
fn clause(tokens: &[TokenWithSpan], index: usize) -> Option<(Spelling, &'static str, usize)> {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(&token.token, word));
    let are =
        |words: &[&str]| words.iter().enumerate().all(|(ahead, expected)| word(index + ahead, expected));
    if are(&["AS", "OF", "LSN"]) && !of_subscription(tokens, index) {
        return Some((Spelling::AsOf, VERSION, index + 3));
    }
    if are(&["AS", "OF", "TIMESTAMP"]) {
        let literal = matches!(
            tokens.get(index + 3).map(|token| &token.token),
            Some(Token::SingleQuotedString(_) | Token::LParen)
        );
        let typed = literal || word(index + 3, "WITH") || word(index + 3, "WITHOUT");
        return Some((Spelling::AsOf, TIME, if typed { index + 2 } else { index + 3 }));
    }
    if are(&["FOR", "SYSTEM_TIME", "AS", "OF"]) {
        return Some((Spelling::OfRelation, TIME, index + 4));
    }
    let number = matches!(
        tokens.get(index + 3).map(|token| &token.token),
        Some(Token::Number(..) | Token::Placeholder(_))
    );
    (are(&["VERSION", "AS", "OF"]) && number).then_some((Spelling::OfRelation, VERSION, index + 3))
}

/// What stands around a token, at the same depth of parentheses: words and the like before it, nearest first, and the
/// parenthesis that opens.
fn before(tokens: &[TokenWithSpan], index: usize) -> (Vec<usize>, Option<usize>) {
    let mut depth = 0;
    let mut level = Vec::new();
    for at in (0..index).rev() {
        match tokens[at].token {
            Token::RParen => depth += 1,
            Token::LParen if depth == 0 => return (level, Some(at)),
            Token::LParen => depth -= 1,
            _ if depth == 0 => level.push(at),
            _ => {}
        }
    }
    (level, None)
}

/// Whether AS OF LSN belongs to a SUBSCRIBE, which reads it itself.
fn of_subscription(tokens: &[TokenWithSpan], index: usize) -> bool {
    before(tokens, index).0.iter().any(|at| is_word(&tokens[*at].token, "SUBSCRIBE"))
}

/// Whether a query ends before a token: the statement does, or the parentheses around a query.
fn ends_query(tokens: &[TokenWithSpan], next: usize) -> bool {
    match tokens.get(next).map(|token| &token.token) {
        None => true,
        Some(Token::RParen) => {
            let mut first = before(tokens, next).1.map_or(next, |open| open + 1);
            while tokens[first].token == Token::LParen {
                first += 1;
            }
            ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| is_word(&tokens[first].token, word))
        }
        Some(_) => false,
    }
}

/// Where the name of the relation ends that stands before a clause, perhaps with an alias between them.
fn relation_before(tokens: &[TokenWithSpan], index: usize) -> Option<usize> {
    if names_relation(tokens, index) {
        return Some(index);
    }
    let mut end = index;
    if tokens[..end].last()?.token == Token::RParen {
        // The alias names columns as well.
        end = before(tokens, end - 1).1?;
    }
    let alias = end.checked_sub(1).filter(|at| is_name(&tokens[*at].token))?;
    let end = if alias > 0 && is_word(&tokens[alias - 1].token, "AS") { alias - 1 } else { alias };
    names_relation(tokens, end).then_some(end)
}

/// Whether a token names something.
fn is_name(token: &Token) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_some() || !is_reserved(&word.value))
}

/// Whether the tokens before a place are the name of a relation in FROM, or of the first argument of a window function.
fn names_relation(tokens: &[TokenWithSpan], end: usize) -> bool {
    let Some(mut start) = end.checked_sub(1).filter(|at| is_name(&tokens[*at].token)) else { return false };
    while start >= 2 && tokens[start - 1].token == Token::Period && is_name(&tokens[start - 2].token) {
        start -= 2;
    }
    let Some(previous) = start.checked_sub(1) else { return false };
    let word = |at: usize, expected: &str| is_word(&tokens[at].token, expected);
    let joined = |at: usize| {
        let distinct = at > 0 && word(at - 1, "DISTINCT");
        word(at, "JOIN") || (word(at, "FROM") && !distinct)
    };
    match &tokens[previous].token {
        Token::Comma => {
            let (level, _) = before(tokens, previous);
            let clause = level.into_iter().find(|at| {
                CLAUSES.iter().any(|clause| word(*at, clause)) && !(*at > 0 && word(*at - 1, "DISTINCT"))
            });
            clause.is_some_and(|at| word(at, "FROM"))
        }
        Token::LParen => previous.checked_sub(1).is_some_and(|at| {
            let window = WINDOW_FUNCTIONS.iter().any(|function| word(at, function));
            window || joined(at) || matches!(tokens[at].token, Token::LParen | Token::Comma)
        }),
        _ => joined(previous),
    }
}

/// The clause that a query has at its end, taken off it: for all that it reads.
pub(crate) fn take_clause(query: &mut Query) -> Option<TableVersion> {
    let setting = query.settings.take()?.pop()?;
    match setting.key.value.as_str() {
        VERSION => Some(TableVersion::VersionAsOf(setting.value)),
        _ => Some(TableVersion::ForSystemTimeAsOf(setting.value)),
    }
}

/// Gives a query a clause at its end.
pub(crate) fn set_clause(query: &mut Query, version: TableVersion) {
    let (key, value) = match version {
        TableVersion::VersionAsOf(value) => (VERSION, value),
        TableVersion::ForSystemTimeAsOf(value) | TableVersion::TimestampAsOf(value) => (TIME, value),
        // Nothing else is read by this dialect.
        TableVersion::Function(value) | TableVersion::Changes { at: value, .. } => (TIME, value),
    };
    query.settings = Some(vec![Setting { key: Ident::new(key), value }]);
}

/// `SELECT * FROM name AS OF …`, for places where a name alone has no room for a moment.
pub(crate) fn versioned(name: &ObjectName, version: &TableVersion) -> SqlResult<Box<Query>> {
    super::parse_query(&format!("SELECT * FROM {name} {version}"))
}

/// The parameter that a moment is, `$1`; None when it is written out.
pub(crate) fn parameter(version: &TableVersion) -> Option<&Expr> {
    match version {
        TableVersion::VersionAsOf(moment) | TableVersion::ForSystemTimeAsOf(moment) => {
            let Expr::Value(value) = moment else { return None };
            matches!(value.value, Value::Placeholder(_)).then_some(moment)
        }
        _ => None,
    }
}

/// Puts replaced clauses back into a tree.
pub(super) fn restore(query: &mut Query) -> SqlResult<()> {
    struct Restore;

    impl Restore {
        fn query(query: &mut Query) -> SqlResult<()> {
            if let Some(at) = query.locks.iter().position(|lock| lock_mark(lock).is_some())
                && let Some(mark) = lock_mark(&query.locks.remove(at))
            {
                set_clause(query, version(&mark)?);
            }
            Ok(())
        }

        fn factor(factor: &mut TableFactor) -> SqlResult<()> {
            let TableFactor::Table { name, args, version: moment, .. } = factor else { return Ok(()) };
            if let Some(mark) = name_mark(name) {
                name.0.pop();
                *moment = Some(version(&mark)?);
            }
            let function = name.0.last().and_then(ObjectNamePart::as_ident);
            let function = function.map(|function| function.value.to_ascii_uppercase()).unwrap_or_default();
            if let Some(args) = args
                && WINDOW_FUNCTIONS.contains(&function.as_str())
                && let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(input))) = args.args.first_mut()
                && let Expr::CompoundIdentifier(parts) = input
                && let Some(mark) = parts.last().and_then(mark)
            {
                let name = ObjectName::from(parts[..parts.len() - 1].to_vec());
                *input = Expr::Subquery(versioned(&name, &version(&mark)?)?);
            }
            Ok(())
        }
    }

    impl VisitorMut for Restore {
        type Break = SqlError;

        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<SqlError> {
            broken(Restore::query(query))
        }

        fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<SqlError> {
            broken(Restore::factor(factor))
        }

        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<SqlError> {
            match expr {
                Expr::CompoundIdentifier(parts) if parts.last().and_then(mark).is_some() => {
                    let at = parts.last().map(|part| part.span.start.column as usize);
                    let error = SqlError::syntax("syntax error at or near \"AS OF\"", at);
                    ControlFlow::Break(error.with_hint(HINT))
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }

    match VisitMut::visit(query, &mut Restore) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

fn broken(result: SqlResult<()>) -> ControlFlow<SqlError> {
    result.map_or_else(ControlFlow::Break, ControlFlow::Continue)
}

fn mark(identifier: &Ident) -> Option<String> {
    identifier.value.strip_prefix(MARK).map(str::to_owned)
}

fn name_mark(name: &ObjectName) -> Option<String> {
    mark(name.0.last()?.as_ident()?)
}

fn lock_mark(lock: &LockClause) -> Option<String> {
    name_mark(lock.of.as_ref()?)
}

fn version(mark: &str) -> SqlResult<TableVersion> {
    match mark.strip_prefix(VERSION) {
        Some(number) => Ok(TableVersion::VersionAsOf(super::parse_expression(number)?)),
        None => {
            let time = super::parse_expression(mark.strip_prefix(TIME).unwrap_or(mark))?;
            Ok(TableVersion::ForSystemTimeAsOf(time))
        }
    }
}
