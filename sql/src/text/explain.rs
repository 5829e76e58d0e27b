//! EXPLAIN, of queries, prepared queries and views.

use datafusion::sql::sqlparser::tokenizer::Token;

use super::create::materialized_view;
use super::cursor::Cursor;
use super::options::{boolean, plain_value};
use super::query::{begins_query, query};
use super::session::execute;
use crate::error::{SqlError, SqlResult};
use crate::text::statement::{Explain, Explained, Statement};

/// EXPLAIN [ANALYZE] [VERBOSE] | (options) query | EXECUTE name | CREATE MATERIALIZED VIEW … | MATERIALIZED VIEW name.
pub(super) fn explain(cursor: &mut Cursor<'_>, emit: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("EXPLAIN")?;
    let (mut analyze, mut verbose, mut json) = (false, false, false);
    let start = cursor.position();
    if *cursor.peek() == Token::LParen && !begins_query(cursor) {
        (analyze, verbose, json) = options(cursor)?;
    } else {
        analyze |= cursor.accept("ANALYZE") || cursor.accept("ANALYSE");
        verbose |= cursor.accept("VERBOSE");
    }
    if begins_query(cursor) {
        let what = Explained::Query { query: query(cursor)?, analyze, verbose };
        return Ok(Statement::Explain(Explain { what, json }));
    }
    if cursor.is("EXECUTE") {
        let Statement::Execute { name, arguments } = execute(cursor)? else {
            return Err(SqlError::internal("EXECUTE that is none"));
        };
        let what = Explained::Execute { name, arguments, analyze, verbose };
        return Ok(Statement::Explain(Explain { what, json }));
    }
    if json {
        let error =
            SqlError::unsupported("EXPLAIN of a view in format json is not supported", "FORMAT text is");
        return Err(SqlError { position: Some(start), ..error });
    }
    if cursor.accept_all(&["MATERIALIZED", "VIEW"]) {
        let what = Explained::MaterializedView { name: cursor.qualified_name()?, analyze };
        return Ok(Statement::Explain(Explain { what, json }));
    }
    if cursor.is("CREATE") {
        if analyze {
            let hint = "CREATE it, then EXPLAIN ANALYZE MATERIALIZED VIEW name";
            return Err(cursor.unsupported("EXPLAIN ANALYZE of a view that does not stand", hint));
        }
        cursor.expect("CREATE")?;
        let or_replace = cursor.accept_all(&["OR", "REPLACE"]);
        if !cursor.is("MATERIALIZED") {
            let hint = "queries and materialized views have plans";
            return Err(cursor.unsupported("EXPLAIN of this statement is not supported", hint));
        }
        let create = materialized_view(cursor, emit, or_replace)?;
        return Ok(Statement::Explain(Explain { what: Explained::Create(create), json }));
    }
    const OTHERS: [&str; 6] = ["INSERT", "UPDATE", "DELETE", "MERGE", "DECLARE", "SUBSCRIBE"];
    if OTHERS.iter().any(|word| cursor.is(word)) {
        let hint = "EXPLAIN the query inside it";
        return Err(cursor.unsupported("EXPLAIN of this statement is not supported", hint));
    }
    Err(cursor.unexpected("a query, MATERIALIZED VIEW name or CREATE MATERIALIZED VIEW"))
}

/// ANALYZE, VERBOSE, and whether the format is JSON.
fn options(cursor: &mut Cursor<'_>) -> SqlResult<(bool, bool, bool)> {
    let (mut analyze, mut verbose, mut json) = (false, false, false);
    cursor.expect_token(&Token::LParen)?;
    loop {
        let position = cursor.position();
        let name = cursor.label()?;
        let value = match cursor.peek() {
            Token::Comma | Token::RParen => "true".to_owned(),
            _ => plain_value(cursor)?.to_ascii_lowercase(),
        };
        if name == "format" {
            json = value == "json";
            if !matches!(value.as_str(), "text" | "json") {
                let message = format!("EXPLAIN in format {value} is not supported");
                let error = SqlError::unsupported(message, "FORMAT text and json are");
                return Err(SqlError { position: Some(position), ..error });
            }
        } else {
            let needs = || SqlError::syntax(format!("{name} requires a Boolean value"), Some(position));
            let value = boolean(&value).ok_or_else(needs)?;
            match name.as_str() {
                "analyze" | "analyse" => analyze = value,
                "verbose" => verbose = value,
                // What these would add or leave out is not part of our plans.
                "costs" | "settings" | "generic_plan" | "buffers" | "wal" | "timing" | "summary"
                | "memory" => {}
                _ => {
                    let message = format!("unrecognized EXPLAIN option \"{name}\"");
                    return Err(SqlError::syntax(message, Some(position)));
                }
            }
        }
        if !cursor.accept_token(&Token::Comma) {
            break;
        }
    }
    cursor.expect_token(&Token::RParen)?;
    Ok((analyze, verbose, json))
}
