//! CREATE STREAM.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::DFSchema;
use datafusion::physical_expr::PhysicalExpr;
use millstream_catalog::{
    Catalog, Column, Definition, HIDDEN_COLUMNS, Kind, Object, QualifiedName, Retention, SEMANTICS, Stream,
    Watermark, quote_identifier,
};

use super::options::{STREAM_OPTIONS, bytes_option, known_options, option_list, positive_duration};
use super::{check_name, duplicate_column};
use crate::bind::{default_value, definition_binder as binder, stored_expression};
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};
use crate::functions::{FunctionSet, configuration};
use crate::lower::{self};
use crate::text::canonical::{expression_text, separate_operators, statement_text};
use crate::text::statement::{ColumnDefinition, CreateStream, Statement};
use crate::types::names::format_type;
use crate::types::spelled::sql_type;
use crate::types::type_name;

/// Most partitions that a stream may have.
pub const MAX_PARTITIONS: u32 = 1024;

/// Most columns that a stream may have, as in Postgres.
pub const MAX_COLUMNS: usize = 1600;

/// CREATE STREAM.
pub fn define_stream(catalog: &Catalog, create: &CreateStream, functions: &FunctionSet) -> SqlResult<Object> {
    check_name(catalog, &create.name)?;
    if create.columns.is_empty() {
        return Err(SqlError::new(
            SqlState::InvalidObjectDefinition,
            "a stream must have at least one column",
        ));
    }
    if create.columns.len() > MAX_COLUMNS {
        let message = format!("streams can have at most {MAX_COLUMNS} columns");
        return Err(SqlError::new(SqlState::TooManyColumns, message));
    }
    let mut create = CreateStream { if_not_exists: false, ..create.clone() };
    create.columns.iter_mut().for_each(|column| separate_operators(&mut column.default));
    if let Some((_, expression)) = &mut create.watermark {
        separate_operators(expression);
    }
    let mut columns = vec![];
    let mut seen = HashSet::new();
    for definition in &create.columns {
        if !seen.insert(definition.name.as_str()) {
            return Err(duplicate_column(&definition.name));
        }
        if HIDDEN_COLUMNS.contains(&definition.name.as_str()) {
            let message =
                format!("column name \"{}\" conflicts with a hidden column of streams", definition.name);
            return Err(SqlError::new(SqlState::DuplicateColumn, message));
        }
        columns.push(column(catalog, definition, functions)?);
    }
    let options = known_options(&create.options, &STREAM_OPTIONS, "stream")?;
    let partitions = partitions(&options)?;
    let retention = retention(&options)?;
    let index = |name: &String| {
        columns
            .iter()
            .position(|column| column.name == *name)
            .ok_or_else(|| missing_column(name, &create.name))
    };
    let partition_by = create.partition_by.iter().map(index).collect::<SqlResult<Vec<_>>>()?;
    let mut stream = Stream { columns, watermark: None, partition_by, partitions, retention, options };
    if let Some((name, expression)) = &create.watermark {
        let column = stream
            .columns
            .iter()
            .position(|column| column.name == *name)
            .ok_or_else(|| missing_column(name, &create.name))?;
        let data_type = stream.columns[column].data_type.clone();
        if !matches!(data_type, DataType::Timestamp(TimeUnit::Microsecond, _)) {
            let message = format!(
                "the event-time column must be a timestamp, but \"{name}\" is of type {}",
                type_name(&data_type)
            );
            return Err(SqlError::new(SqlState::InvalidObjectDefinition, message));
        }
        stream.columns[column].nullable = false;
        stream.watermark = Some(Watermark { column, expression: expression_text(expression)? });
        watermark_expression(&stream, functions)?;
    }
    let sql = statement_text(
        stream_text(&create, &stream),
        |found| matches!(found, Statement::CreateStream(found) if *found == create),
    )?;
    Ok(Object {
        id: catalog.next_id(),
        name: create.name,
        sql,
        created_lsn: 0,
        semantics: SEMANTICS,
        depends_on: vec![],
        comments: BTreeMap::new(),
        definition: Definition::Stream(stream),
    })
}

/// Gives the columns of a stream of semantics 1 the types that its rows have: a `numeric` was one of 38 digits, ten of
/// them behind the point; lengths of texts and digits of times were not kept.
pub fn keep_first_types(stream: &mut Stream) {
    for column in &mut stream.columns {
        column.sql_type = match column.sql_type.kind() {
            Some(Kind::Numeric) if column.sql_type.modifier() == -1 => {
                column.data_type = DataType::Decimal128(38, 10);
                Kind::Numeric.into()
            }
            Some(Kind::Numeric) => continue,
            Some(Kind::Bpchar | Kind::Varchar | Kind::Name) => Kind::Text.into(),
            _ => column.sql_type.plain(),
        };
    }
}

pub(super) fn column(
    catalog: &Catalog,
    definition: &ColumnDefinition,
    functions: &FunctionSet,
) -> SqlResult<Column> {
    let sql_type = sql_type(&definition.data_type)?;
    if matches!(sql_type.kind(), Some(Kind::Void | Kind::Cstring | Kind::Unknown)) {
        let message = format!("column \"{}\" has pseudo-type {}", definition.name, format_type(&sql_type));
        return Err(SqlError::new(SqlState::InvalidTableDefinition, message));
    }
    let column = Column {
        name: definition.name.clone(),
        data_type: sql_type.data_type(),
        sql_type,
        nullable: !definition.not_null,
        default: definition.default.as_ref().map(expression_text).transpose()?,
    };
    // A default that cannot be computed is refused now, not at the first INSERT.
    default_value(catalog, &column, functions)?;
    Ok(column)
}

pub(super) fn partitions(options: &BTreeMap<String, String>) -> SqlResult<u32> {
    let Some(text) = options.get("partitions") else { return Ok(1) };
    match text.parse::<u32>() {
        Ok(count) if (1..=MAX_PARTITIONS).contains(&count) => Ok(count),
        _ => {
            let message = format!("partitions must be a number from 1 to {MAX_PARTITIONS}, not \"{text}\"");
            Err(SqlError::new(SqlState::InvalidParameterValue, message))
        }
    }
}

pub(super) fn retention(options: &BTreeMap<String, String>) -> SqlResult<Retention> {
    let age_us = match options.get("retention") {
        Some(text) => Some(positive_duration("retention", text)?),
        None => None,
    };
    let bytes = match options.get("retention_bytes") {
        Some(text) => Some(bytes_option("retention_bytes", text)?),
        None => None,
    };
    Ok(Retention { age_us, bytes })
}

/// The watermark expression of a stream over its columns, giving a timestamp in microseconds.
pub fn watermark_expression(
    stream: &Stream,
    functions: &FunctionSet,
) -> SqlResult<Option<Arc<dyn PhysicalExpr>>> {
    let Some(watermark) = &stream.watermark else { return Ok(None) };
    let catalog = Catalog::default();
    let config = configuration();
    let binder = binder(&catalog, functions, &config, &[]);
    let schema =
        DFSchema::try_from(stream.schema().as_ref().clone()).map_err(|error| from_datafusion(&error))?;
    let column = &stream.columns[watermark.column];
    let typed = binder.expression(&stored_expression(&watermark.expression)?, &schema)?;
    let found = typed.sql_type.clone();
    if typed.sql_type.plain() != column.sql_type.plain() && !typed.is_unknown() {
        let message = format!(
            "the watermark of \"{}\" must be of type {}, but its expression is of type {}",
            column.name,
            format_type(&column.sql_type),
            format_type(&found)
        );
        return Err(SqlError::new(SqlState::InvalidObjectDefinition, message));
    }
    let expr = typed.expr;
    lower::physical(&expr, &schema).map(Some)
}

fn missing_column(name: &str, of: &QualifiedName) -> SqlError {
    let message = format!("column \"{name}\" of stream \"{}\" does not exist", of.name);
    SqlError::new(SqlState::UndefinedColumn, message)
}

fn stream_text(create: &CreateStream, stream: &Stream) -> String {
    let column = |definition: &ColumnDefinition| {
        let mut text = format!("{} {}", quote_identifier(&definition.name), definition.data_type);
        if definition.not_null {
            text.push_str(" NOT NULL");
        }
        if let Some(default) = &definition.default {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        text
    };
    let mut parts: Vec<String> = create.columns.iter().map(column).collect();
    if let Some((name, expression)) = &create.watermark {
        parts.push(format!("WATERMARK FOR {} AS {expression}", quote_identifier(name)));
    }
    let mut text = format!("CREATE STREAM {} ({})", create.name, parts.join(", "));
    if !create.partition_by.is_empty() {
        let names: Vec<String> = create.partition_by.iter().map(|name| quote_identifier(name)).collect();
        text.push_str(&format!(" PARTITION BY ({})", names.join(", ")));
    }
    text.push_str(&option_list(&stream.options));
    text
}
