//! VACUUM, ANALYZE, REINDEX, CLUSTER and REFRESH MATERIALIZED VIEW: what tools send and what is not needed here. The
//! objects that they name are looked for all the same, so that a typo does not look like success. And LOCK TABLE, in the
//! modes that keep nobody from reading or writing.

use datafusion::sql::sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use crate::error::SqlResult;
use crate::text::statement::{Lock, Needless, Statement};

/// One of the statements, with the relations that it names.
pub(super) fn needless(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    let word = cursor.label()?.to_ascii_uppercase();
    let (tag, reason) = match word.as_str() {
        "VACUUM" => ("VACUUM", "space is given back without it"),
        "ANALYZE" | "ANALYSE" => ("ANALYZE", "there are no statistics to take"),
        "REINDEX" => ("REINDEX", "there are no indexes"),
        "CLUSTER" => ("CLUSTER", "there are no indexes to order rows by"),
        _ => ("REFRESH MATERIALIZED VIEW", "a materialized view is always up to date"),
    };
    let mut names = Vec::new();
    if word == "REFRESH" {
        cursor.expect_all(&["MATERIALIZED", "VIEW"])?;
        cursor.accept("CONCURRENTLY");
        names.push(cursor.qualified_name()?);
        cursor.accept_all(&["WITH", "DATA"]);
        if cursor.are(&["WITH", "NO", "DATA"]) {
            let hint = "a materialized view always has its contents: DROP it";
            return Err(cursor.unsupported("REFRESH … WITH NO DATA is not supported", hint));
        }
        return Ok(Statement::Needless(Needless { tag, reason, names }));
    }
    if *cursor.peek() == Token::LParen {
        while !cursor.at_end() && !cursor.accept_token(&Token::RParen) {
            cursor.next();
        }
    }
    while cursor.accept_any(&["FULL", "FREEZE", "VERBOSE", "ANALYZE", "ANALYSE"]).is_some() {}
    if word == "REINDEX" {
        match cursor.accept_any(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]) {
            Some("TABLE") => {
                cursor.accept("CONCURRENTLY");
                names.push(cursor.qualified_name()?);
            }
            Some(_) => {
                cursor.accept("CONCURRENTLY");
                if !cursor.at_end() {
                    cursor.name()?;
                }
            }
            None => return Err(cursor.unexpected("INDEX, TABLE, SCHEMA, DATABASE or SYSTEM")),
        }
        return Ok(Statement::Needless(Needless { tag, reason, names }));
    }
    if !cursor.at_end() {
        loop {
            names.push(cursor.qualified_name()?);
            if *cursor.peek() == Token::LParen {
                cursor.names_in_parentheses()?;
            }
            if !cursor.accept_token(&Token::Comma) {
                break;
            }
        }
        if word == "CLUSTER" && cursor.accept("USING") {
            cursor.name()?;
        }
    }
    Ok(Statement::Needless(Needless { tag, reason, names }))
}

/// LOCK [TABLE] [ONLY] name, … [IN mode MODE] [NOWAIT]. Of the modes those are taken that do not conflict with each other:
/// what SELECT and INSERT hold in PostgreSQL, and what pg_dump asks for.
pub(super) fn lock(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("LOCK")?;
    cursor.accept("TABLE");
    let mut names = Vec::new();
    loop {
        cursor.accept("ONLY");
        names.push(cursor.qualified_name()?);
        cursor.accept_token(&Token::Mul);
        if !cursor.accept_token(&Token::Comma) {
            break;
        }
    }
    let mut weak = false;
    if cursor.accept("IN") {
        let modes: [(&[&str], bool); 8] = [
            (&["ACCESS", "SHARE", "MODE"], true),
            (&["ROW", "SHARE", "MODE"], true),
            (&["ROW", "EXCLUSIVE", "MODE"], true),
            (&["SHARE", "UPDATE", "EXCLUSIVE", "MODE"], false),
            (&["SHARE", "MODE"], false),
            (&["SHARE", "ROW", "EXCLUSIVE", "MODE"], false),
            (&["EXCLUSIVE", "MODE"], false),
            (&["ACCESS", "EXCLUSIVE", "MODE"], false),
        ];
        let Some((_, is_weak)) = modes.iter().find(|(words, _)| cursor.accept_all(words)) else {
            return Err(cursor.unexpected("a lock mode"));
        };
        weak = *is_weak;
    }
    cursor.accept("NOWAIT");
    if !weak {
        let hint = "writers do not conflict: leave it out, or take ACCESS SHARE, ROW SHARE or ROW EXCLUSIVE";
        return Err(cursor.unsupported("LOCK in a mode that keeps others out is not supported", hint));
    }
    Ok(Statement::Lock(Lock { names }))
}
