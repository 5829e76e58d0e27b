//! CREATE STREAM, VIEW, MATERIALIZED VIEW, SINK.

use std::collections::BTreeMap;

use datafusion::sql::sqlparser::ast::{ColumnOption, Expr};
use datafusion::sql::sqlparser::tokenizer::Token;
use millstream_catalog::Emit;

use super::clauses::{quoted, quoted_list};
use super::cursor::Cursor;
use super::options::with_options;
use super::query::query;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::statement::{
    ColumnDefinition, CreateMaterializedView, CreateSink, CreateStream, CreateView, SinkTarget, Statement,
};

/// CREATE …, with the EMIT clause that was taken off its end.
pub(super) fn create(cursor: &mut Cursor<'_>, emit: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("CREATE")?;
    let or_replace = cursor.accept_all(&["OR", "REPLACE"]);
    if ["TEMP", "TEMPORARY", "UNLOGGED", "LOCAL", "GLOBAL"].iter().any(|word| cursor.is(word)) {
        return Err(cursor.unsupported("temporary objects are not supported", "leave the word out"));
    }
    if cursor.accept_all(&["RECURSIVE", "VIEW"]) {
        return recursive_view(cursor, or_replace);
    }
    if cursor.is("MATERIALIZED") {
        return Ok(Statement::CreateMaterializedView(materialized_view(cursor, emit, or_replace)?));
    }
    if cursor.accept("VIEW") {
        return view(cursor, or_replace);
    }
    if or_replace {
        return Err(cursor.unsupported("OR REPLACE is for views", "DROP the object and CREATE it anew"));
    }
    if cursor.accept("STREAM") {
        return stream(cursor);
    }
    if cursor.accept("SINK") {
        return sink(cursor);
    }
    Err(not_built(cursor))
}

/// 0A000 for what Postgres or its kin can create and Millstream cannot, 42601 for other words.
fn not_built(cursor: &Cursor<'_>) -> SqlError {
    let Token::Word(word) = cursor.peek() else { return cursor.unexpected("the kind of object to create") };
    let kind = word.value.to_ascii_uppercase();
    let hint = match kind.as_str() {
        "TABLE" => {
            "tables come later: CREATE STREAM keeps every row, and a materialized view over it can keep the \
             newest row of each key"
        }
        "SCHEMA" | "DATABASE" => "all objects live in the schema public for now",
        "SOURCE" => "CREATE STREAM, and fill it with INSERT or COPY",
        "INDEX" | "UNIQUE" => "a materialized view has an index on its own key; others are not built",
        "USER" | "ROLE" | "GROUP" | "POLICY" => "there are no roles yet: every connection may do everything",
        "SECRET" | "CONNECTION" | "SERVER" => "external connections are not built yet",
        "TYPE" | "DOMAIN" | "ENUM" => "use the built-in types",
        "FUNCTION" | "PROCEDURE" | "AGGREGATE" | "OPERATOR" | "CAST" | "LANGUAGE" | "EXTENSION" => {
            "use the built-in functions"
        }
        "SEQUENCE" => "every row of a stream has its _partition and _offset",
        "TRIGGER" | "RULE" | "EVENT" => "SUBSCRIBE to a materialized view, or CREATE SINK",
        "PUBLICATION" | "SUBSCRIPTION" => "SUBSCRIBE to a stream or a materialized view",
        "FOREIGN" | "STATISTICS" | "TABLESPACE" | "COLLATION" | "CONVERSION" | "TEXT" | "ACCESS"
        | "TRANSFORM" => "it is not part of what Millstream stores",
        _ => return cursor.unexpected("STREAM, VIEW, MATERIALIZED VIEW or SINK"),
    };
    cursor.unsupported(format!("CREATE {kind} is not supported"), hint)
}

fn stream(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    let if_not_exists = cursor.if_not_exists()?;
    let name = cursor.qualified_name()?;
    if cursor.is("AS") {
        let hint =
            "CREATE STREAM with its columns, then INSERT INTO … SELECT, or CREATE SINK to keep it filled";
        return Err(cursor.unsupported("CREATE STREAM … AS is not supported", hint));
    }
    cursor.expect_token(&Token::LParen)?;
    let mut columns = Vec::new();
    let mut watermark = None;
    loop {
        let position = cursor.position();
        if cursor.are(&["WATERMARK", "FOR"]) {
            if watermark.is_some() {
                let error = SqlError::new(SqlState::InvalidObjectDefinition, "a stream has one watermark");
                return Err(SqlError { position: Some(position), ..error });
            }
            watermark = Some(watermark_item(cursor)?);
        } else {
            refuse_constraint(cursor)?;
            columns.push(column(cursor)?);
        }
        if !cursor.accept_token(&Token::Comma) {
            break;
        }
    }
    if columns.is_empty() {
        let error = SqlError::new(SqlState::InvalidObjectDefinition, "a stream needs at least one column");
        return Err(SqlError { position: Some(cursor.position()), ..error });
    }
    cursor.expect_token(&Token::RParen)?;

    let mut partition_by = Vec::new();
    let mut options = BTreeMap::new();
    loop {
        if partition_by.is_empty() && cursor.accept_all(&["PARTITION", "BY"]) {
            partition_by = if *cursor.peek() == Token::LParen {
                cursor.names_in_parentheses()?
            } else {
                vec![cursor.name()?]
            };
        } else if options.is_empty() && cursor.is("WITH") {
            options = with_options(cursor)?;
            if options.is_empty() {
                return Err(cursor.unexpected("options in parentheses"));
            }
        } else {
            break;
        }
    }
    Ok(Statement::CreateStream(CreateStream {
        name,
        if_not_exists,
        columns,
        watermark,
        partition_by,
        options,
    }))
}

/// `WATERMARK FOR column AS expression`; `WATERMARK FOR column` alone means the column itself.
fn watermark_item(cursor: &mut Cursor<'_>) -> SqlResult<(String, Expr)> {
    cursor.expect_all(&["WATERMARK", "FOR"])?;
    let start = cursor.index();
    let column = cursor.name()?;
    if cursor.accept("AS") {
        return Ok((column, cursor.expression()?));
    }
    cursor.rewind(start);
    let expression = cursor.run(|parser| parser.parse_identifier())?;
    Ok((column, Expr::Identifier(expression)))
}

fn refuse_constraint(cursor: &Cursor<'_>) -> SqlResult<()> {
    let begins = cursor.are(&["PRIMARY", "KEY"])
        || cursor.are(&["FOREIGN", "KEY"])
        || (cursor.is("CONSTRAINT") && matches!(cursor.peek_at(1), Token::Word(_)))
        || ["UNIQUE", "CHECK", "EXCLUDE", "LIKE"]
            .iter()
            .any(|word| cursor.is(word) && (*word == "LIKE" || *cursor.peek_at(1) == Token::LParen));
    if begins { Err(constraint(cursor)) } else { Ok(()) }
}

fn constraint(cursor: &Cursor<'_>) -> SqlError {
    let hint = "a stream keeps every row that is appended; NOT NULL and DEFAULT are the constraints it knows";
    cursor.unsupported("streams have no keys and no such constraints", hint)
}

fn column(cursor: &mut Cursor<'_>) -> SqlResult<ColumnDefinition> {
    let start = cursor.index();
    let name = cursor.name()?;
    if matches!(cursor.peek(), Token::Comma | Token::RParen | Token::EOF) {
        return Err(cursor.unexpected("a data type"));
    }
    cursor.rewind(start);
    let definition = cursor.run(|parser| parser.parse_column_def())?;
    let mut column =
        ColumnDefinition { name, data_type: definition.data_type, not_null: false, default: None };
    for option in definition.options {
        match option.option {
            ColumnOption::Null => {}
            ColumnOption::NotNull => column.not_null = true,
            ColumnOption::Default(expression) => column.default = Some(expression),
            _ => return Err(constraint(cursor)),
        }
    }
    Ok(column)
}

fn view(cursor: &mut Cursor<'_>, or_replace: bool) -> SqlResult<Statement> {
    let if_not_exists = cursor.if_not_exists()?;
    let name = cursor.qualified_name()?;
    let columns = column_names(cursor)?;
    if cursor.is("WITH") {
        return Err(cursor.unsupported("a view takes no options", "options are for materialized views"));
    }
    cursor.expect("AS")?;
    let query = query(cursor)?;
    if cursor.is("WITH") {
        return Err(
            cursor.unsupported("WITH CHECK OPTION is not supported", "views are read-only: leave it out")
        );
    }
    Ok(Statement::CreateView(CreateView { name, or_replace, if_not_exists, columns, query }))
}

/// `CREATE RECURSIVE VIEW name (columns) AS query`: a view of `WITH RECURSIVE name (columns) AS (query)`.
fn recursive_view(cursor: &mut Cursor<'_>, or_replace: bool) -> SqlResult<Statement> {
    let start = cursor.index();
    cursor.if_not_exists()?;
    cursor.qualified_name()?;
    if *cursor.peek() != Token::LParen {
        return Err(cursor.unexpected("the names of the columns"));
    }
    cursor.rewind(start);
    let Statement::CreateView(mut view) = view(cursor, or_replace)? else {
        return Err(SqlError::internal("a view that is none"));
    };
    let (name, columns) = (quoted(&view.name.name), quoted_list(&view.columns));
    let around = format!("WITH RECURSIVE {name} ({columns}) AS (SELECT 1) SELECT {columns} FROM {name}");
    let mut query = super::parse_query(&around)?;
    if let Some(cte) = query.with.as_mut().and_then(|with| with.cte_tables.first_mut()) {
        cte.query = view.query;
    }
    view.query = query;
    Ok(Statement::CreateView(view))
}

fn column_names(cursor: &mut Cursor<'_>) -> SqlResult<Vec<String>> {
    if *cursor.peek() == Token::LParen { cursor.names_in_parentheses() } else { Ok(vec![]) }
}

/// MATERIALIZED VIEW …, after CREATE [OR REPLACE].
pub(super) fn materialized_view(
    cursor: &mut Cursor<'_>,
    emit: &mut Cursor<'_>,
    or_replace: bool,
) -> SqlResult<CreateMaterializedView> {
    cursor.expect_all(&["MATERIALIZED", "VIEW"])?;
    let if_not_exists = cursor.if_not_exists()?;
    let name = cursor.qualified_name()?;
    let columns = column_names(cursor)?;
    let options = with_options(cursor)?;
    let mut emitted = emit_clause(cursor)?;
    cursor.expect("AS")?;
    let query = query(cursor)?;
    if cursor.accept_all(&["WITH", "DATA"]) {
        // Postgres's default, and what always happens here.
    } else if cursor.are(&["WITH", "NO", "DATA"]) {
        let hint = "a materialized view is always filled: leave it out";
        return Err(cursor.unsupported("WITH NO DATA is not supported", hint));
    }
    cursor.finish()?;
    if emitted.is_some() && !emit.at_end() {
        return Err(emit.unexpected("one EMIT clause"));
    }
    emitted = emitted.or(emit_clause(emit)?);
    let emit = emitted.unwrap_or_default();
    Ok(CreateMaterializedView { name, or_replace, if_not_exists, columns, query, emit, options })
}

fn emit_clause(cursor: &mut Cursor<'_>) -> SqlResult<Option<Emit>> {
    if !cursor.accept("EMIT") {
        return Ok(None);
    }
    cursor.expect("ON")?;
    if cursor.accept("UPDATE") {
        return Ok(Some(Emit::OnUpdate));
    }
    if cursor.accept_all(&["WINDOW", "CLOSE"]) {
        return Ok(Some(Emit::OnWindowClose));
    }
    Err(cursor.unexpected("UPDATE or WINDOW CLOSE"))
}

fn sink(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    let if_not_exists = cursor.if_not_exists()?;
    let name = cursor.qualified_name()?;
    let (from, into) = if cursor.is("INTO") {
        let into = sink_target(cursor)?;
        (sink_source(cursor)?, into)
    } else {
        let from = sink_source(cursor)?;
        (from, sink_target(cursor)?)
    };
    let options = with_options(cursor)?;
    Ok(Statement::CreateSink(CreateSink { name, if_not_exists, from, into, options }))
}

fn sink_source(cursor: &mut Cursor<'_>) -> SqlResult<millstream_catalog::QualifiedName> {
    let hint = "CREATE MATERIALIZED VIEW for the query, and the sink FROM that";
    if cursor.is("AS") {
        return Err(cursor.unsupported("a sink of a query is not supported", hint));
    }
    cursor.expect("FROM")?;
    if *cursor.peek() == Token::LParen {
        return Err(cursor.unsupported("a sink of a query is not supported", hint));
    }
    cursor.qualified_name()
}

fn sink_target(cursor: &mut Cursor<'_>) -> SqlResult<SinkTarget> {
    cursor.expect("INTO")?;
    match cursor.accept_string() {
        Some(url) => Ok(SinkTarget::External(url)),
        None => Ok(SinkTarget::Relation(cursor.qualified_name()?)),
    }
}
