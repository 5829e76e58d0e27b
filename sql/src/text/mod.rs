//! Text to statements.
//!
//! ```text
//!  text ─ lexer ─► tokens ─ cut at ; ─► one statement's tokens ─┬─ our words (CREATE STREAM, SUBSCRIBE, …): here
//!                  bounded                                      └─ queries, expressions, types: sqlparser
//! ```
//!
//! Every statement begins in [`statement`], by its first word, and one file holds one family of statements. sqlparser's
//! own statements are not used: its queries, expressions and data types are, by the dialect in [`crate::text::dialect`].
//!
//! # What the binder can count on
//!
//! - Names in [`Statement`] are folded as in Postgres: lower case (ASCII) unless quoted. Names inside
//!   sqlparser's trees are as written, with their quote style.
//! - Spans in the trees hold positions: `span.start.column` is the position in characters from 1 in the whole text.
//! - **Window table functions** come as `TableFactor::Table { name: TUMBLE | HOP | CUMULATE | SESSION (any case),
//!   args: Some(…), alias, .. }`, also when they were written `TABLE(TUMBLE(…))`. The first argument is an unnamed
//!   expression: `Expr::Identifier` or `Expr::CompoundIdentifier` for a relation (also when it was written `TABLE t`), or
//!   `Expr::Subquery`. `DESCRIPTOR(column)` stays a function call with one argument. `f(data => TABLE t, …)`
//!   comes as named arguments, with the same expressions.
//! - String literals of all spellings (`E''`, `U&''`, `$$…$$`) are `Value::SingleQuotedString`, escapes undone.
//! - A string of several statements is parsed as a whole before any is run, as in Postgres: a syntax error anywhere
//!   means that none is.
//!
//! Callers run this, and all planning, on a thread with [`limits::PLANNING_STACK_BYTES`] of stack.

mod alter;
pub(crate) mod canonical;
pub(crate) mod clauses;
mod copy;
mod create;
mod cursor;
mod cursors;
pub mod dialect;
mod explain;
pub mod frames;
mod insert;
mod lexer;
pub mod limits;
mod needless;
mod options;
mod query;
mod session;
mod show;
pub mod statement;
mod subscribe;
#[cfg(test)]
mod tests;
pub(crate) mod time_travel;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::{MillstreamDialect, fold_identifier};
use crate::text::statement::{CopySource, CopyTo, CursorSource, Parsed, Statement};
use cursor::{Cursor, End};
use lexer::{byte_range, position_of};

pub use options::duration_ms;

/// What a session says about the reading of its texts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading<'a> {
    /// The name of the database, which may stand before the schema of a relation; empty where it is not known.
    pub database: &'a str,
    /// `standard_conforming_strings = off`: plain string literals have escapes.
    pub backslashes: bool,
}

/// Parses a text of any number of statements, separated by `;`. Empty ones are left out, except that a text with
/// nothing in it gives one [`Statement::Empty`].
pub fn parse(text: &str) -> SqlResult<Vec<Parsed>> {
    parse_in(text, Reading::default())
}

/// Parses a text as [`parse`] does, as a session reads it.
pub fn parse_in(text: &str, reading: Reading<'_>) -> SqlResult<Vec<Parsed>> {
    let mut statements = Vec::new();
    for (tokens, end) in split(text, lexer::lex(text, reading.backslashes)?) {
        statements.push(parsed(text, tokens, end, reading.database)?);
    }
    if statements.is_empty() {
        statements.push(Parsed {
            statement: Statement::Empty,
            text: String::new(),
            parameters: 0,
            unnamed_parameters: vec![],
        });
    }
    Ok(statements)
}

/// Parses one expression, and nothing after it.
pub fn parse_expression(text: &str) -> SqlResult<ast::Expr> {
    whole(text, |cursor| cursor.expression())
}

/// Parses one query, and nothing after it.
pub fn parse_query(text: &str) -> SqlResult<Box<ast::Query>> {
    whole(text, query::query)
}

fn whole<T>(text: &str, parse: impl FnOnce(&mut Cursor<'_>) -> SqlResult<T>) -> SqlResult<T> {
    let tokens = rewritten(lexer::lex(text, false)?);
    query::refuse_unbuilt(&tokens, false)?;
    let dialect = MillstreamDialect::new(limits::work_budget(tokens.len()));
    let end = End { byte: text.len(), position: text.chars().count() + 1, found: "" };
    let tokens = time_travel::rewrite(&dialect, text, tokens, end)?;
    let tokens = clauses::rewrite(&dialect, text, tokens, end)?;
    let mut cursor = Cursor::new(&dialect, text, tokens, end);
    let result = parse(&mut cursor)?;
    cursor.finish()?;
    Ok(result)
}

/// Tokens with the forms in them that sqlparser does not read as forms that it reads.
fn rewritten(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    frames::rewrite(query::rewrite_order_using(query::rewrite_table_keyword(tokens)))
}

/// Cuts tokens into statements at the semicolons. Statements without tokens are left out.
fn split(text: &str, tokens: Vec<TokenWithSpan>) -> Vec<(Vec<TokenWithSpan>, End)> {
    let end_of_text = || End { byte: text.len(), position: text.chars().count() + 1, found: "" };
    if tokens.iter().all(|token| token.token != Token::SemiColon) {
        return if tokens.is_empty() { vec![] } else { vec![(tokens, end_of_text())] };
    }
    let mut statements = Vec::new();
    let mut current = Vec::new();
    for token in tokens {
        if token.token != Token::SemiColon {
            current.push(token);
        } else if !current.is_empty() {
            let end = End { byte: byte_range(&token).start, position: position_of(&token), found: ";" };
            statements.push((std::mem::take(&mut current), end));
        }
    }
    if !current.is_empty() {
        statements.push((current, end_of_text()));
    }
    statements
}

fn parsed(text: &str, tokens: Vec<TokenWithSpan>, end: End, database: &str) -> SqlResult<Parsed> {
    let numbers = parameter_numbers(&tokens)?;
    let parameters = numbers.last().copied().unwrap_or(0);
    let unnamed_parameters = (1..parameters).filter(|number| !numbers.contains(number)).collect();
    let bytes = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => byte_range(first).start..byte_range(last).end,
        _ => 0..0,
    };
    let end = End { byte: bytes.end, ..end };
    let statement = statement(text, tokens, end, database)?;
    let mut parsed = Parsed { statement, text: text[bytes].to_owned(), parameters, unnamed_parameters };
    // The parameters of PREPARE belong to the statement inside it.
    if let Statement::Prepare { prepared, .. } = &mut parsed.statement {
        prepared.parameters = std::mem::take(&mut parsed.parameters);
        prepared.unnamed_parameters = std::mem::take(&mut parsed.unnamed_parameters);
    }
    Ok(parsed)
}

/// The numbers of the `$n` among tokens.
fn parameter_numbers(tokens: &[TokenWithSpan]) -> SqlResult<BTreeSet<usize>> {
    let mut numbers = BTreeSet::new();
    for token in tokens {
        let Token::Placeholder(name) = &token.token else { continue };
        match name[1..].parse::<u16>() {
            Ok(number) if number > 0 => drop(numbers.insert(usize::from(number))),
            _ => {
                let error =
                    SqlError::new(SqlState::UndefinedParameter, format!("there is no parameter {name}"));
                return Err(SqlError { position: Some(position_of(token)), ..error });
            }
        }
    }
    Ok(numbers)
}

/// Parses the tokens of one statement.
fn statement(text: &str, tokens: Vec<TokenWithSpan>, end: End, database: &str) -> SqlResult<Statement> {
    let mut tokens = rewritten(tokens);
    let dialect = MillstreamDialect::new(limits::work_budget(tokens.len())).in_database(database);
    let first = |word| cursor::is_word(&tokens[0].token, word);
    let creates = first("CREATE") || first("EXPLAIN");
    let emit = if creates { query::split_emit(&mut tokens) } else { vec![] };
    query::refuse_unbuilt(&tokens, creates)?;

    let mut emit_cursor = Cursor::new(&dialect, text, emit, end);
    let end_before_emit = match emit_cursor.at_end() {
        true => end,
        false => End { byte: emit_cursor.byte(), position: emit_cursor.position(), found: "EMIT" },
    };
    let tokens = time_travel::rewrite(&dialect, text, tokens, end_before_emit)?;
    let tokens = clauses::rewrite(&dialect, text, tokens, end_before_emit)?;
    let mut cursor = Cursor::new(&dialect, text, tokens, end_before_emit);
    let statement = by_first_word(&mut cursor, &mut emit_cursor)?;
    cursor.finish()?;
    emit_cursor.finish()?;
    refuse_other_databases(&statement, database)?;
    Ok(statement)
}

/// 0A000 for a relation of a query that is named in another database.
fn refuse_other_databases(statement: &Statement, database: &str) -> SqlResult<()> {
    let query = match statement {
        Statement::Query(query) => query,
        Statement::Insert(insert) => match &insert.source {
            Some(source) => source,
            None => return Ok(()),
        },
        Statement::CreateView(create) => &create.query,
        Statement::CreateMaterializedView(create) => &create.query,
        Statement::CopyTo(CopyTo { source: CopySource::Query(query), .. })
        | Statement::Declare { source: CursorSource::Query(query), .. } => query,
        Statement::Prepare { prepared, .. } => return refuse_other_databases(&prepared.statement, database),
        _ => return Ok(()),
    };
    let found = ast::visit_relations(query, |name| {
        let parts: Vec<&ast::Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
        match parts.as_slice() {
            [first, ..] if parts.len() == 3 && fold_identifier(first) != database => {
                let message = format!("cross-database references are not implemented: \"{name}\"");
                let error = SqlError::unsupported(message, "name relations as schema.name");
                let position = crate::error::position(first.span.start.column);
                ControlFlow::Break(SqlError { position, ..error })
            }
            _ => ControlFlow::Continue(()),
        }
    });
    match found {
        ControlFlow::Break(error) if !database.is_empty() => Err(error),
        _ => Ok(()),
    }
}

/// Reads a statement up to its end. `emit` holds the EMIT clause that was taken off it.
fn by_first_word(cursor: &mut Cursor<'_>, emit: &mut Cursor<'_>) -> SqlResult<Statement> {
    if query::begins_query(cursor) {
        return insert::query_or_data_change(cursor);
    }
    let Token::Word(word) = cursor.peek() else { return Err(cursor.unexpected("a statement")) };
    let word = if word.quote_style.is_some() { String::new() } else { word.value.to_ascii_uppercase() };
    match word.as_str() {
        "INSERT" => insert::insert(cursor),
        "UPDATE" | "DELETE" => insert::data_change(cursor),
        "CREATE" => create::create(cursor, emit),
        "DROP" => alter::drop(cursor),
        "ALTER" => alter::alter(cursor),
        "COPY" => copy::copy(cursor),
        "SUBSCRIBE" => Ok(Statement::Subscribe(subscribe::subscribe(cursor)?)),
        "DECLARE" => cursors::declare(cursor),
        "FETCH" => cursors::fetch(cursor),
        "MOVE" => cursors::move_forward(cursor),
        "CLOSE" => cursors::close(cursor),
        "EXPLAIN" => explain::explain(cursor, emit),
        "SHOW" => show::show(cursor),
        "DESCRIBE" | "DESC" => show::describe(cursor),
        "SET" => session::set(cursor),
        "RESET" => session::reset(cursor),
        "BEGIN" | "START" => session::begin(cursor),
        "COMMIT" | "END" => session::commit(cursor),
        "ROLLBACK" | "ABORT" => session::rollback(cursor),
        "SAVEPOINT" => session::savepoint(cursor),
        "RELEASE" => session::release(cursor),
        "PREPARE" => session::prepare(cursor),
        "EXECUTE" => session::execute(cursor),
        "DEALLOCATE" => session::deallocate(cursor),
        "DISCARD" => session::discard(cursor),
        "FLUSH" | "CHECKPOINT" => session::maintenance(cursor),
        "VACUUM" | "ANALYZE" | "ANALYSE" | "REINDEX" | "CLUSTER" | "REFRESH" => needless::needless(cursor),
        "LOCK" => needless::lock(cursor),
        "COMMENT" | "LISTEN" | "UNLISTEN" => session::ignored(cursor),
        _ => Err(unknown(cursor, &word)),
    }
}

/// The error for a statement of Postgres's that is not built (0A000), or for a word that begins none (42601).
fn unknown(cursor: &Cursor<'_>, word: &str) -> SqlError {
    let hint = match word {
        "TRUNCATE" => {
            "a stream is append-only: DROP STREAM and CREATE STREAM, or let retention remove old rows"
        }
        "MERGE" | "REPLACE" => {
            "streams are append-only: INSERT the new version of a row and keep the newest in a view"
        }
        "NOTIFY" => "SUBSCRIBE to a materialized view to be told of changes",
        "GRANT" | "REVOKE" | "REASSIGN" => "there are no roles yet: every connection may do everything",
        "CALL" | "DO" | "IMPORT" | "LOAD" | "SECURITY" => "it is not part of what Millstream runs",
        _ => return cursor.unexpected("a statement"),
    };
    cursor.unsupported(format!("{word} is not supported"), hint)
}
