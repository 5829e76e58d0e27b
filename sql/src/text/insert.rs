//! Queries as statements, INSERT, and the changes that streams refuse.

use datafusion::sql::sqlparser::ast::{self, FromTable, ObjectName, SetExpr, TableFactor, TableObject};
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;
use millstream_catalog::{DEFAULT_SCHEMA, QualifiedName};

use super::cursor::Cursor;
use super::query::{begins_query, query};
use crate::error::{SqlError, SqlResult};
use crate::text::dialect::fold_identifier;
use crate::text::statement::{Insert, Statement};

const NO_CONFLICTS: &str = "a stream has no keys that could conflict: leave ON CONFLICT out, and keep the newest row \
                            of each key in a materialized view";

/// A query, or `WITH … INSERT | UPDATE | DELETE`.
pub(super) fn query_or_data_change(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    let mut query = query(cursor)?;
    let change = match query.body.as_mut() {
        SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) => statement,
        SetExpr::Merge(_) => {
            return Err(SqlError::unsupported(
                "MERGE is not supported",
                "streams are append-only: INSERT rows",
            ));
        }
        _ => return Ok(Statement::Query(query)),
    };
    let ast::Statement::Insert(insert) = change else { return mutate(change, cursor.database()) };
    if insert.on.is_some() {
        return Err(SqlError::unsupported("ON CONFLICT is not supported", NO_CONFLICTS));
    }
    let TableObject::TableName(target) = &insert.table else {
        return Err(SqlError::unsupported("INSERT into a function is not supported", "INSERT INTO a stream"));
    };
    let mut source = insert.source.take();
    if let (Some(outer), Some(source)) = (query.with.take(), &mut source) {
        // The outer names come first: the inner ones may read them.
        match &mut source.with {
            Some(inner) => {
                inner.recursive |= outer.recursive;
                inner.cte_tables.splice(0..0, outer.cte_tables);
            }
            None => source.with = Some(outer),
        }
    }
    Ok(Statement::Insert(Insert {
        target: qualified(target, cursor.database())?,
        columns: insert.columns.iter().map(last_part).collect::<SqlResult<_>>()?,
        source,
        returning: insert.returning.take().unwrap_or_default(),
    }))
}

/// INSERT INTO target [AS alias] [(columns)] VALUES … | query | DEFAULT VALUES [RETURNING …].
pub(super) fn insert(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect_all(&["INSERT", "INTO"])?;
    let target = cursor.qualified_name()?;
    if cursor.accept("AS") {
        cursor.name()?;
    }
    let columns = if *cursor.peek() == Token::LParen && !begins_query(cursor) {
        cursor.names_in_parentheses()?
    } else {
        vec![]
    };
    if cursor.is("OVERRIDING") {
        let hint = "streams have no generated columns: leave it out";
        return Err(cursor.unsupported("OVERRIDING is not supported", hint));
    }
    let source = if cursor.accept_all(&["DEFAULT", "VALUES"]) { None } else { Some(query(cursor)?) };
    if cursor.are(&["ON", "CONFLICT"]) {
        return Err(cursor.unsupported("ON CONFLICT is not supported", NO_CONFLICTS));
    }
    let returning = if cursor.accept("RETURNING") {
        cursor.run(|parser| parser.parse_comma_separated(Parser::parse_select_item))?
    } else {
        vec![]
    };
    Ok(Statement::Insert(Insert { target, columns, source, returning }))
}

/// UPDATE and DELETE: read whole, so that bad syntax is told first, and kept as the relation they would change.
pub(super) fn data_change(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    if cursor.is("DELETE") && !cursor.is_at(1, "FROM") {
        cursor.next();
        return Err(cursor.unexpected("FROM"));
    }
    let statement = cursor.run(|parser| parser.parse_statement())?;
    mutate(&statement, cursor.database())
}

fn mutate(statement: &ast::Statement, database: &str) -> SqlResult<Statement> {
    let (verb, table) = match statement {
        ast::Statement::Update(update) => ("UPDATE", Some(&update.table)),
        ast::Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
            ("DELETE", tables.first())
        }
        _ => return Err(SqlError::internal("a change of data is an UPDATE or a DELETE")),
    };
    match table.map(|table| &table.relation) {
        Some(TableFactor::Table { name, .. }) => {
            Ok(Statement::Mutate { verb, target: qualified(name, database)? })
        }
        _ => Err(SqlError::unsupported(format!("this {verb} is not supported"), "streams are append-only")),
    }
}

fn qualified(name: &ObjectName, database: &str) -> SqlResult<QualifiedName> {
    let parts: Vec<String> = name.0.iter().filter_map(|part| part.as_ident()).map(fold_identifier).collect();
    match parts.as_slice() {
        [name] => Ok(QualifiedName::new(DEFAULT_SCHEMA, name)),
        [schema, name] => Ok(QualifiedName::new(schema, name)),
        [first, schema, name] if first == database => Ok(QualifiedName::new(schema, name)),
        _ => {
            let message = format!("cross-database references are not implemented: {name}");
            Err(SqlError::unsupported(message, "name relations as schema.name"))
        }
    }
}

fn last_part(name: &ObjectName) -> SqlResult<String> {
    let last = name.0.last().and_then(|part| part.as_ident());
    last.map(fold_identifier).ok_or_else(|| SqlError::syntax("a column of INSERT is a plain name", None))
}
