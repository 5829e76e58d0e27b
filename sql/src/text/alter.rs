//! DROP and ALTER.

use std::collections::BTreeMap;

use datafusion::sql::sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::options::{option_names, option_values};
use crate::error::SqlResult;
use crate::text::statement::{AlterOptions, Drop, ObjectKind, Rename, Statement};

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

/// ALTER STREAM name ADVANCE WATERMARK [TO timestamp], ALTER … name RENAME TO name, ALTER STREAM | MATERIALIZED VIEW
/// name SET (…) | RESET (…). The
/// timestamp is kept as the text of its expression: `'2013-01-01'`, `TIMESTAMP '2013-01-01'`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("ALTER")?;
    const HINT: &str = "ALTER STREAM s ADVANCE WATERMARK [TO timestamp], ALTER … RENAME TO, and ALTER … SET (option = \
                        value) and RESET (option) of streams and materialized views are what there is";
    let start = cursor.index();
    let kind = match object_kind(cursor) {
        Some(kind) => kind,
        None => {
            cursor.rewind(start);
            return match cursor.peek() {
                Token::Word(_) => {
                    Err(cursor.unsupported("ALTER of this kind of object is not supported", HINT))
                }
                _ => Err(cursor.unexpected("STREAM or MATERIALIZED VIEW")),
            };
        }
    };
    let if_exists = cursor.if_exists();
    let name = cursor.qualified_name()?;
    if cursor.accept_all(&["RENAME", "TO"]) {
        let to = cursor.name()?;
        return Ok(Statement::Rename(Rename { kind, if_exists, name, to }));
    }
    if !matches!(kind, ObjectKind::Stream | ObjectKind::MaterializedView) {
        return Err(cursor.unsupported("this ALTER is not supported", HINT));
    }
    if cursor.is("SET") && *cursor.peek_at(1) == Token::LParen {
        cursor.expect("SET")?;
        let set = option_values(cursor)?;
        return Ok(Statement::AlterOptions(AlterOptions { kind, if_exists, name, set, reset: vec![] }));
    }
    if cursor.is("RESET") && *cursor.peek_at(1) == Token::LParen {
        cursor.expect("RESET")?;
        let reset = option_names(cursor)?;
        let set = BTreeMap::new();
        return Ok(Statement::AlterOptions(AlterOptions { kind, if_exists, name, set, reset }));
    }
    if kind != ObjectKind::Stream || if_exists || !cursor.accept("ADVANCE") {
        if matches!(cursor.peek(), Token::Word(_)) {
            return Err(cursor.unsupported("this ALTER is not supported", HINT));
        }
        return Err(cursor.unexpected("ADVANCE WATERMARK, SET (…) or RESET (…)"));
    }
    cursor.expect("WATERMARK")?;
    let to = if cursor.accept("TO") {
        let start = cursor.byte();
        cursor.expression()?;
        Some(cursor.text_since(start).to_owned())
    } else {
        None
    };
    Ok(Statement::AdvanceWatermark { stream: name, to })
}
