//! DROP and ALTER.

use datafusion::sql::sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use crate::error::SqlResult;
use crate::statement::{Drop, ObjectKind, Statement};

/// DROP STREAM | VIEW | MATERIALIZED VIEW | SINK | TABLE.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("DROP")?;
    let Some(kind) = object_kind(cursor) else {
        let Token::Word(word) = cursor.peek() else {
            return Err(cursor.unexpected("the kind of object to drop"));
        };
        let kind = word.value.to_ascii_uppercase();
        const OTHERS: [&str; 20] = [
            "SCHEMA",
            "DATABASE",
            "INDEX",
            "USER",
            "ROLE",
            "SEQUENCE",
            "TYPE",
            "DOMAIN",
            "FUNCTION",
            "PROCEDURE",
            "AGGREGATE",
            "EXTENSION",
            "TRIGGER",
            "RULE",
            "POLICY",
            "SOURCE",
            "SECRET",
            "CONNECTION",
            "OWNED",
            "PUBLICATION",
        ];
        if OTHERS.contains(&kind.as_str()) {
            let hint = "streams, views, materialized views and sinks can be dropped";
            return Err(cursor.unsupported(format!("DROP {kind} is not supported"), hint));
        }
        return Err(cursor.unexpected("STREAM, VIEW, MATERIALIZED VIEW or SINK"));
    };
    let if_exists = cursor.if_exists();
    let mut names = vec![cursor.qualified_name()?];
    while cursor.accept_token(&Token::Comma) {
        names.push(cursor.qualified_name()?);
    }
    let cascade = cursor.accept_any(&["CASCADE", "RESTRICT"]) == Some("CASCADE");
    Ok(Statement::Drop(Drop { kind, if_exists, names, cascade }))
}

/// The kind of object that comes next, if one does.
pub(super) fn object_kind(cursor: &mut Cursor<'_>) -> Option<ObjectKind> {
    if cursor.accept_all(&["MATERIALIZED", "VIEW"]) {
        return Some(ObjectKind::MaterializedView);
    }
    Some(match cursor.accept_any(&["STREAM", "VIEW", "SINK", "TABLE"])? {
        "STREAM" => ObjectKind::Stream,
        "VIEW" => ObjectKind::View,
        "SINK" => ObjectKind::Sink,
        _ => ObjectKind::Table,
    })
}

/// ALTER STREAM name ADVANCE WATERMARK [TO timestamp]. The timestamp is kept as the text of its expression:
/// `'2013-01-01'`, `TIMESTAMP '2013-01-01'`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("ALTER")?;
    if !cursor.accept("STREAM") {
        return match cursor.peek() {
            Token::Word(_) => {
                let hint = "ALTER STREAM s ADVANCE WATERMARK [TO timestamp] is what can be altered";
                Err(cursor.unsupported("ALTER of this kind of object is not supported", hint))
            }
            _ => Err(cursor.unexpected("STREAM")),
        };
    }
    let stream = cursor.qualified_name()?;
    if !cursor.accept("ADVANCE") {
        if matches!(cursor.peek(), Token::Word(_)) {
            let hint = "ALTER STREAM s ADVANCE WATERMARK [TO timestamp] is what can be altered";
            return Err(cursor.unsupported("this ALTER STREAM is not supported", hint));
        }
        return Err(cursor.unexpected("ADVANCE WATERMARK"));
    }
    cursor.expect("WATERMARK")?;
    let to = if cursor.accept("TO") {
        let start = cursor.byte();
        cursor.expression()?;
        Some(cursor.text_since(start).to_owned())
    } else {
        None
    };
    Ok(Statement::AdvanceWatermark { stream, to })
}
