//! SHOW and DESCRIBE.

use datafusion::sql::sqlparser::tokenizer::Token;

use super::alter::object_kind;
use super::cursor::Cursor;
use crate::error::SqlResult;
use crate::text::statement::{Show, Statement};

/// SHOW CREATE [kind] name | STREAMS | … | COLUMNS FROM name | ALL | setting.
pub(super) fn show(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("SHOW")?;
    let show = if cursor.is("CREATE") && matches!(cursor.peek_at(1), Token::Word(_)) {
        cursor.expect("CREATE")?;
        // A relation may itself be named `stream`.
        if matches!(cursor.peek_at(1), Token::Word(_)) {
            object_kind(cursor);
        }
        Show::Create(cursor.qualified_name()?)
    } else if cursor.accept_all(&["MATERIALIZED", "VIEWS"]) {
        Show::MaterializedViews
    } else if cursor.are(&["COLUMNS", "FROM"]) || cursor.are(&["COLUMNS", "IN"]) {
        cursor.next();
        cursor.next();
        Show::Columns(cursor.qualified_name()?)
    } else if cursor.is("SNAPSHOTS") {
        cursor.next();
        let named = cursor.accept_any(&["FROM", "IN", "FOR"]).is_some();
        Show::Snapshots(if named { Some(cursor.qualified_name()?) } else { None })
    } else if *cursor.peek_at(1) == Token::EOF
        && let Some(list) = cursor.accept_any(&["STREAMS", "TABLES", "VIEWS", "SINKS", "JOBS", "ALL"])
    {
        match list {
            "STREAMS" => Show::Streams,
            "TABLES" => Show::Tables,
            "VIEWS" => Show::Views,
            "SINKS" => Show::Sinks,
            "JOBS" => Show::Jobs,
            _ => Show::All,
        }
    } else {
        Show::Setting(setting_name(cursor)?)
    };
    Ok(Statement::Show(show))
}

/// DESCRIBE [kind] name.
pub(super) fn describe(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.next();
    if matches!(cursor.peek_at(1), Token::Word(_)) {
        object_kind(cursor);
    }
    Ok(Statement::Show(Show::Columns(cursor.qualified_name()?)))
}

/// The name of a setting, dotted or in several words, in lower case.
pub(super) fn setting_name(cursor: &mut Cursor<'_>) -> SqlResult<String> {
    if cursor.accept_all(&["TIME", "ZONE"]) {
        return Ok("timezone".to_owned());
    }
    if cursor.accept_all(&["TRANSACTION", "ISOLATION", "LEVEL"]) {
        return Ok("transaction_isolation".to_owned());
    }
    if cursor.accept_all(&["SESSION", "AUTHORIZATION"]) {
        return Ok("session_authorization".to_owned());
    }
    let mut name = cursor.label()?.to_ascii_lowercase();
    while cursor.accept_token(&Token::Period) {
        name = format!("{name}.{}", cursor.label()?.to_ascii_lowercase());
    }
    Ok(name)
}
