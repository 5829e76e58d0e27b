//! DECLARE … CURSOR, FETCH, MOVE, CLOSE. Cursors go forward only.

use datafusion::sql::sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::options::{duration_ms, with_options};
use super::query::query;
use super::subscribe::subscribe;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::statement::{CursorSource, Statement};

/// DECLARE name [NO SCROLL] CURSOR [WITH | WITHOUT HOLD] FOR query | subscription.
pub(super) fn declare(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("DECLARE")?;
    let name = cursor.name()?;
    loop {
        if cursor.is("SCROLL") || cursor.is("BINARY") {
            let hint = "leave the word out: cursors go forward and give text, or what the protocol asks for";
            return Err(cursor.unsupported("SCROLL and BINARY cursors are not supported", hint));
        }
        // All cursors are insensitive and none scrolls.
        if !cursor.accept_all(&["NO", "SCROLL"])
            && cursor.accept_any(&["INSENSITIVE", "ASENSITIVE"]).is_none()
        {
            break;
        }
    }
    cursor.expect("CURSOR")?;
    let hold = cursor.accept_all(&["WITH", "HOLD"]);
    if !hold {
        cursor.accept_all(&["WITHOUT", "HOLD"]);
    }
    cursor.expect("FOR")?;
    let source = if cursor.is("SUBSCRIBE") {
        CursorSource::Subscribe(subscribe(cursor)?)
    } else {
        CursorSource::Query(query(cursor)?)
    };
    Ok(Statement::Declare { name, source, hold })
}

/// FETCH [NEXT | [FORWARD] count | [FORWARD] ALL] [FROM | IN] name [WITH (timeout = '1s')].
pub(super) fn fetch(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("FETCH")?;
    // A cursor may be named like a direction: `FETCH next`.
    let alone = matches!(cursor.peek_at(1), Token::EOF) || cursor.is_at(1, "WITH");
    let count = if alone { Some(1) } else { fetch_count(cursor)? };
    cursor.accept_any(&["FROM", "IN"]);
    let name = cursor.name()?;
    let position = cursor.position();
    let mut timeout_ms = None;
    for (option, value) in with_options(cursor)? {
        if option != "timeout" {
            let error = SqlError::syntax(format!("option \"{option}\" not recognized"), Some(position));
            return Err(error.with_hint("FETCH takes timeout"));
        }
        let Some(duration) = duration_ms(&value) else {
            let message = format!("invalid value for option \"timeout\": \"{value}\"");
            let error = SqlError::new(SqlState::InvalidParameterValue, message);
            return Err(SqlError { position: Some(position), ..error }.with_hint("write '1s' or '500ms'"));
        };
        timeout_ms = Some(duration);
    }
    Ok(Statement::Fetch { name, count, timeout_ms })
}

/// MOVE [NEXT | [FORWARD] count | [FORWARD] ALL] [FROM | IN] name.
pub(super) fn move_forward(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("MOVE")?;
    let alone = matches!(cursor.peek_at(1), Token::EOF);
    let count = if alone { Some(1) } else { fetch_count(cursor)? };
    cursor.accept_any(&["FROM", "IN"]);
    Ok(Statement::Move { name: cursor.name()?, count })
}

/// The number of rows that FETCH asks for; None for ALL.
fn fetch_count(cursor: &mut Cursor<'_>) -> SqlResult<Option<u64>> {
    for word in ["PRIOR", "FIRST", "LAST", "ABSOLUTE", "RELATIVE", "BACKWARD"] {
        // The word may also be the cursor's name, but only where nothing or WITH follows, which was seen to.
        if cursor.is(word) {
            return Err(forward_only(cursor));
        }
    }
    if cursor.accept("NEXT") {
        return Ok(Some(1));
    }
    let forward = cursor.accept("FORWARD");
    if cursor.accept("ALL") {
        return Ok(None);
    }
    match cursor.peek() {
        Token::Minus => Err(forward_only(cursor)),
        Token::Plus | Token::Number(..) => {
            cursor.accept_token(&Token::Plus);
            cursor.integer().map(Some)
        }
        _ if forward || matches!(cursor.peek(), Token::Word(_)) => Ok(Some(1)),
        _ => Err(cursor.unexpected("a number of rows or the name of a cursor")),
    }
}

fn forward_only(cursor: &Cursor<'_>) -> SqlError {
    let error = SqlError::new(SqlState::ObjectNotInPrerequisiteState, "cursor can only scan forward");
    SqlError { position: Some(cursor.position()), ..error }.with_hint("FETCH NEXT, FETCH n or FETCH ALL")
}

/// CLOSE name | ALL.
pub(super) fn close(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("CLOSE")?;
    if cursor.accept("ALL") {
        return Ok(Statement::Close(None));
    }
    Ok(Statement::Close(Some(cursor.name()?)))
}
