//! From CREATE statements to objects: everything about a definition is checked here, once, before it is logged.
//! `created_lsn` is left 0 for the engine; `sql` is the canonical text, which parses to the same definition.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema, TimeUnit};
use datafusion::common::DFSchema;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_expr::PhysicalExpr;
use millstream_catalog::{
    Catalog, Column, DEFAULT_SCHEMA, Definition, Emit, HIDDEN_COLUMNS, Kind, MaterializedView, Object,
    ObjectId, QualifiedName, Retention, SEMANTICS, Sink, SqlType, Stream, View, Watermark, quote_identifier,
};

use crate::bind::weight::{self, Expand};
use crate::bind::{
    AsOf, Binder, SchemaOnly, configuration, output_columns, reads_in_past, stored_expression,
};
use crate::canonical::{expression_text, query_text, separate_operators, statement_text};
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};
use crate::flow_plan::FlowPlan;
use crate::functions::FunctionSet;
use crate::lower::{self, Terms};
use crate::statement::{
    ColumnDefinition, CreateMaterializedView, CreateSink, CreateStream, CreateView, SinkTarget, Statement,
};
use crate::types::cast::{Context, cast_method};
use crate::types::environment::{Environment, IntervalStyle};
use crate::types::interval;
use crate::types::names::format_type;
use crate::types::spelled::sql_type;
use crate::types::type_name;

/// Most partitions that a stream may have.
pub const MAX_PARTITIONS: u32 = 1024;

/// Most columns that a stream may have, as in Postgres.
pub const MAX_COLUMNS: usize = 1600;

/// Options of streams, and whether they are built.
const STREAM_OPTIONS: [(&str, bool); 6] = [
    ("partitions", true),
    ("retention", true),
    ("retention_bytes", true),
    ("idle_timeout", false),
    ("max_event_time_ahead", false),
    ("segment_size", false),
];

/// Options of materialized views, and whether they are built.
const VIEW_OPTIONS: [(&str, bool); 7] = [
    ("allowed_lateness", true),
    ("datestyle", true),
    ("intervalstyle", true),
    ("on_error", true),
    ("snapshot_interval", true),
    ("state_retention", false),
    ("timezone", true),
];

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

fn column(catalog: &Catalog, definition: &ColumnDefinition, functions: &FunctionSet) -> SqlResult<Column> {
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

/// The DEFAULT of a column, cast to the column's type; None for a column that has none.
pub fn default_value(catalog: &Catalog, column: &Column, functions: &FunctionSet) -> SqlResult<Option<Expr>> {
    let Some(text) = &column.default else { return Ok(None) };
    let schema = DFSchema::empty();
    let config = configuration();
    let binder = binder(catalog, functions, &config, &[]);
    let typed = binder.assigned(&stored_expression(text)?, column, &schema)?;
    if !typed.expr.column_refs().is_empty() {
        return Err(SqlError::new(
            SqlState::FeatureNotSupported,
            "cannot use column reference in DEFAULT expression",
        ));
    }
    Ok(Some(typed.expr))
}

fn partitions(options: &BTreeMap<String, String>) -> SqlResult<u32> {
    let Some(text) = options.get("partitions") else { return Ok(1) };
    match text.parse::<u32>() {
        Ok(count) if (1..=MAX_PARTITIONS).contains(&count) => Ok(count),
        _ => {
            let message = format!("partitions must be a number from 1 to {MAX_PARTITIONS}, not \"{text}\"");
            Err(SqlError::new(SqlState::InvalidParameterValue, message))
        }
    }
}

fn retention(options: &BTreeMap<String, String>) -> SqlResult<Retention> {
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

/// A span of time in an option, in microseconds, longer than nothing. A number alone would be seconds, as in Postgres: who
/// meant days would lose rows, so it is refused.
fn positive_duration(name: &str, text: &str) -> SqlResult<i64> {
    let without_unit = text.trim().parse::<f64>().is_ok();
    match duration_option(name, text) {
        Ok(us) if us > 0 && !without_unit => Ok(us),
        _ => {
            let message = format!("option \"{name}\" must be a positive length of time, not \"{text}\"");
            let hint =
                "give days, hours, minutes or seconds, such as '7 days'; months and years differ in length";
            Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint))
        }
    }
}

/// A size in an option, in bytes: a number, or one with a unit of 1024 (`10 GB`, `1.5TB`). Positive.
fn bytes_option(name: &str, text: &str) -> SqlResult<u64> {
    let digits = text.trim().find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.trim().len());
    let (number, unit) = text.trim().split_at(digits);
    let factor: Option<u64> = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "kb" => Some(1 << 10),
        "mb" => Some(1 << 20),
        "gb" => Some(1 << 30),
        "tb" => Some(1 << 40),
        _ => None,
    };
    let bytes = factor.and_then(|factor| match number.parse::<u64>() {
        Ok(whole) => whole.checked_mul(factor),
        // A fraction of a unit; what a float cannot tell apart at this size does not matter.
        Err(_) => number
            .parse::<f64>()
            .ok()
            .map(|part| part * factor as f64)
            .and_then(|bytes| (factor > 1 && bytes < i64::MAX as f64).then_some(bytes as u64)),
    });
    match bytes {
        Some(bytes) if bytes > 0 && i64::try_from(bytes).is_ok() => Ok(bytes),
        _ => {
            let message = format!("option \"{name}\" must be a positive size, not \"{text}\"");
            let hint = "give a number of bytes, or one with a unit: 'kB', 'MB', 'GB' or 'TB', as in '10 GB'";
            Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint))
        }
    }
}

/// The statement that makes a stream or a materialized view, from its stored text, with options set and others left
/// out. Only what changes nothing about stored rows and state can be altered.
pub fn altered(object: &Object, set: &BTreeMap<String, String>, reset: &[String]) -> SqlResult<Statement> {
    let (known, alterable): (&[(&str, bool)], &[&str]) = match object.definition {
        Definition::Stream(_) => (&STREAM_OPTIONS, &["retention", "retention_bytes"]),
        _ => (&VIEW_OPTIONS, &["snapshot_interval", "on_error"]),
    };
    for name in set.keys().chain(reset) {
        if alterable.contains(&name.as_str()) {
            continue;
        }
        let kind = object.kind();
        let hint = format!("options that can be altered are: {}", alterable.join(", "));
        return Err(match known.iter().find(|(known, _)| known == name) {
            Some((_, true)) => {
                SqlError::unsupported(format!("option \"{name}\" of a {kind} cannot be altered"), hint)
            }
            Some((_, false)) => {
                SqlError::unsupported(format!("option \"{name}\" of a {kind} is not built yet"), hint)
            }
            None => {
                let message = format!("unrecognized option \"{name}\" of a {kind}");
                SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint)
            }
        });
    }
    let mut stored = crate::parse::parse(&object.sql)?.into_iter().next().map(|parsed| parsed.statement);
    let options = match &mut stored {
        Some(Statement::CreateStream(create)) => &mut create.options,
        Some(Statement::CreateMaterializedView(create)) => &mut create.options,
        _ => return Err(SqlError::internal(format!("{} is defined by no such CREATE", object.name))),
    };
    options.retain(|name, _| !reset.contains(name));
    options.extend(set.clone());
    stored.ok_or_else(|| SqlError::internal("a definition that is none"))
}

/// The statement that makes a stream or a view, from its stored text, under another name.
pub fn renamed(object: &Object, name: QualifiedName) -> SqlResult<Statement> {
    let mut stored = crate::parse::parse(&object.sql)?.into_iter().next().map(|parsed| parsed.statement);
    match &mut stored {
        Some(Statement::CreateStream(create)) => create.name = name,
        Some(Statement::CreateView(create)) => create.name = name,
        _ => return Err(SqlError::internal(format!("{} is defined by no such CREATE", object.name))),
    }
    stored.ok_or_else(|| SqlError::internal("a definition that is none"))
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

/// CREATE VIEW.
pub fn define_view(catalog: &Catalog, create: &CreateView, functions: &FunctionSet) -> SqlResult<Object> {
    check_replaceable(catalog, &create.name, create.or_replace, "view")?;
    let config = configuration();
    let binder = Binder { located: true, ..binder(catalog, functions, &config, &[]) };
    let bound = binder.bind(&create.query)?;
    let plan = binder.finish(bound.plan)?;
    refuse_parameters(&plan)?;
    refuse_moments(&plan, Moments::Written)?;
    let columns = named_columns(&plan, &create.columns)?;
    let mut canonical = bound.canonical;
    separate_operators(&mut canonical);
    let query = query_text(&canonical)?;
    let kept =
        CreateView { or_replace: false, if_not_exists: false, query: Box::new(canonical), ..create.clone() };
    let sql = statement_text(
        format!("CREATE VIEW {}{} AS {query}", create.name, column_list(&create.columns)),
        |found| matches!(found, Statement::CreateView(found) if *found == kept),
    )?;
    Ok(Object {
        id: catalog.next_id(),
        name: create.name.clone(),
        sql,
        created_lsn: 0,
        semantics: SEMANTICS,
        depends_on: bound.reads.into_iter().collect(),
        definition: Definition::View(View { query, columns }),
    })
}

/// CREATE MATERIALIZED VIEW: the object and its flow plan.
pub fn define_materialized_view(
    catalog: &Catalog,
    create: &CreateMaterializedView,
    functions: &FunctionSet,
) -> SqlResult<(Object, FlowPlan)> {
    check_replaceable(catalog, &create.name, create.or_replace, "materialized view")?;
    let options = known_options(&create.options, &VIEW_OPTIONS, "materialized view")?;
    let allowed_lateness_us = match options.get("allowed_lateness") {
        Some(text) => duration_option("allowed_lateness", text)?,
        None => 0,
    };
    let snapshot_interval_us = match options.get("snapshot_interval") {
        Some(text) => Some(duration_option("snapshot_interval", text)?),
        None => None,
    };
    if let Some(text) = options.get("on_error")
        && !["fail", "skip"].contains(&text.as_str())
    {
        let message = format!("option \"on_error\" must be 'fail' or 'skip', not \"{text}\"");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    let config = configuration();
    let environment = Arc::new(Environment::of_options(&options)?);
    let binder =
        Binder { located: true, environment: &environment, ..binder(catalog, functions, &config, &[]) };
    weight::check(&binder, &create.query, Expand::AllViews)?;
    let bound = binder.bind(&create.query)?;
    let plan = binder.finish(bound.plan)?;
    refuse_parameters(&plan)?;
    refuse_moments(&plan, Moments::None)?;
    let columns = named_columns(&plan, &create.columns)?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let terms = Terms { emit: create.emit, allowed_us: allowed_lateness_us };
    let flow = lower::finish(lower::draft(&binder, &plan, &names, terms)?);
    let mut canonical = bound.canonical;
    separate_operators(&mut canonical);
    let query = query_text(&canonical)?;
    let emit = match create.emit {
        Emit::OnUpdate => "",
        Emit::OnWindowClose => " EMIT ON WINDOW CLOSE",
    };
    let kept = CreateMaterializedView {
        or_replace: false,
        if_not_exists: false,
        query: Box::new(canonical),
        ..create.clone()
    };
    let sql = statement_text(
        format!(
            "CREATE MATERIALIZED VIEW {}{}{} AS {query}{emit}",
            create.name,
            column_list(&create.columns),
            option_list(&options)
        ),
        |found| matches!(found, Statement::CreateMaterializedView(found) if *found == kept),
    )?;
    let view = MaterializedView {
        query,
        columns,
        emit: create.emit,
        allowed_lateness_us,
        snapshot_interval_us,
        options,
        append_only: flow.root.append_only,
        key: flow.root.key.clone().unwrap_or_default(),
    };
    let object = Object {
        id: catalog.next_id(),
        name: create.name.clone(),
        sql,
        created_lsn: 0,
        semantics: SEMANTICS,
        depends_on: bound.reads.into_iter().collect(),
        definition: Definition::MaterializedView(view),
    };
    Ok((object, flow))
}

/// CREATE SINK.
pub fn define_sink(catalog: &Catalog, create: &CreateSink) -> SqlResult<Object> {
    check_name(catalog, &create.name)?;
    known_options(&create.options, &[], "sink")?;
    let target = match &create.into {
        SinkTarget::Relation(name) => catalog.get(name)?,
        SinkTarget::External(url) => {
            return Err(SqlError::unsupported(
                format!("a sink into {url} is not built yet"),
                "write into a stream, or read the view's checkpoints, which are plain Parquet files",
            ));
        }
    };
    let source = catalog.get(&create.from)?;
    let wrong_kind = |object: &Object, wanted: &str| {
        let message = format!("\"{}\" is a {}, not a {wanted}", object.name, object.kind());
        SqlError::new(SqlState::WrongObjectType, message)
    };
    let Definition::Stream(stream) = &target.definition else { return Err(wrong_kind(target, "stream")) };
    match &source.definition {
        Definition::Stream(_) if source.id == target.id => {
            let message = format!("stream \"{}\" cannot feed itself", source.name);
            return Err(SqlError::new(SqlState::InvalidObjectDefinition, message));
        }
        Definition::Stream(_) => {}
        Definition::MaterializedView(view) if view.append_only => {}
        Definition::MaterializedView(_) => {
            return Err(SqlError::unsupported(
                format!(
                    "materialized view \"{}\" changes rows that it gave before; a stream only takes new ones",
                    source.name
                ),
                "EMIT ON WINDOW CLOSE makes a windowed view append-only",
            ));
        }
        _ => return Err(wrong_kind(source, "materialized view or a stream")),
    }
    if reads_from(catalog, source.id, target.id)? {
        let message = format!(
            "\"{}\" is made from \"{}\"; a sink back into it would never end",
            source.name, target.name
        );
        return Err(SqlError::new(SqlState::InvalidObjectDefinition, message));
    }
    check_sink_columns(source, target, stream)?;
    let kept = CreateSink {
        if_not_exists: false,
        from: source.name.clone(),
        into: SinkTarget::Relation(target.name.clone()),
        ..create.clone()
    };
    let sql = statement_text(
        format!("CREATE SINK {} INTO {} FROM {}", create.name, target.name, source.name),
        |found| matches!(found, Statement::CreateSink(found) if *found == kept),
    )?;
    Ok(Object {
        id: catalog.next_id(),
        name: create.name.clone(),
        sql,
        created_lsn: 0,
        semantics: SEMANTICS,
        depends_on: vec![source.id, target.id],
        definition: Definition::Sink(Sink { from: source.id, into: target.id }),
    })
}

fn check_sink_columns(source: &Object, target: &Object, stream: &Stream) -> SqlResult<()> {
    let (from, into) = (source.columns(), &stream.columns);
    if from.len() != into.len() {
        let message = format!(
            "{} \"{}\" has {} columns, stream \"{}\" has {}",
            source.kind(),
            source.name,
            from.len(),
            target.name,
            into.len()
        );
        return Err(SqlError::new(SqlState::DatatypeMismatch, message).with_hint(
            "columns are matched by position; create a view that selects the stream's columns in order",
        ));
    }
    for (from, into) in from.iter().zip(into) {
        if cast_method(&from.sql_type, &into.sql_type, Context::Assignment).is_none() {
            return Err(crate::bind::not_assignable(&into.name, &into.sql_type, &from.sql_type));
        }
    }
    Ok(())
}

/// Whether `id` is made, through views and sinks, from `source`.
fn reads_from(catalog: &Catalog, id: ObjectId, source: ObjectId) -> SqlResult<bool> {
    let mut open = vec![id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == source {
            return Ok(true);
        }
        if !seen.insert(id) {
            continue;
        }
        open.extend(catalog.object(id)?.depends_on.iter().copied());
        for object in catalog.objects() {
            if let Definition::Sink(sink) = &object.definition
                && sink.into == id
            {
                open.push(sink.from);
            }
        }
    }
    Ok(false)
}

fn binder<'a>(
    catalog: &'a Catalog,
    functions: &'a FunctionSet,
    config: &'a datafusion::common::config::ConfigOptions,
    parameter_types: &'a [Option<SqlType>],
) -> Binder<'a> {
    static ENVIRONMENT: std::sync::LazyLock<Arc<Environment>> = std::sync::LazyLock::new(Arc::default);
    static PATH: std::sync::LazyLock<[String; 1]> = std::sync::LazyLock::new(|| [DEFAULT_SCHEMA.to_owned()]);
    Binder {
        catalog,
        relations: &SchemaOnly,
        search_path: PATH.as_slice(),
        parameter_types,
        environment: &ENVIRONMENT,
        functions,
        config,
        located: false,
    }
}

fn check_name(catalog: &Catalog, name: &QualifiedName) -> SqlResult<()> {
    if name.schema == "pg_catalog" || name.schema == "information_schema" || name.schema == "millstream" {
        let message =
            format!("permission denied to create \"{name}\": schema {} is the system's", name.schema);
        return Err(SqlError::new(SqlState::InvalidSchemaName, message));
    }
    if name.schema != DEFAULT_SCHEMA {
        return Err(SqlError::new(
            SqlState::InvalidSchemaName,
            format!("schema \"{}\" does not exist", name.schema),
        ));
    }
    match catalog.find(name) {
        Some(_) => Err(millstream_catalog::CatalogError::Duplicate(name.clone()).into()),
        None => Ok(()),
    }
}

/// With OR REPLACE an object of the same kind may be there: the engine takes its place.
fn check_replaceable(catalog: &Catalog, name: &QualifiedName, replace: bool, kind: &str) -> SqlResult<()> {
    match catalog.find(name) {
        Some(object) if replace && object.kind() == kind => Ok(()),
        Some(object) if replace => {
            let message = format!("\"{name}\" is a {}, not a {kind}", object.kind());
            Err(SqlError::new(SqlState::WrongObjectType, message))
        }
        _ => check_name(catalog, name),
    }
}

fn duplicate_column(name: &str) -> SqlError {
    SqlError::new(SqlState::DuplicateColumn, format!("column \"{name}\" specified more than once"))
}

fn missing_column(name: &str, of: &QualifiedName) -> SqlError {
    let message = format!("column \"{name}\" of stream \"{}\" does not exist", of.name);
    SqlError::new(SqlState::UndefinedColumn, message)
}

/// Output columns under the names given in parentheses, which may be fewer.
fn named_columns(plan: &LogicalPlan, names: &[String]) -> SqlResult<Vec<Column>> {
    let fields = plan.schema().fields();
    if names.len() > fields.len() {
        return Err(SqlError::syntax("CREATE VIEW specifies more column names than columns", None));
    }
    let renamed: Vec<_> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| match names.get(index) {
            Some(name) => field.as_ref().clone().with_name(name),
            None => field.as_ref().clone(),
        })
        .collect();
    let mut seen = HashSet::new();
    for field in &renamed {
        let name = crate::bind::output_name(field.name());
        if !seen.insert(name) {
            return Err(duplicate_column(name));
        }
    }
    // No two have one name, so that a schema of them can be made.
    let plain =
        |field: &arrow::datatypes::Field| field.clone().with_name(crate::bind::output_name(field.name()));
    let schema = Schema::new(renamed.iter().map(plain).collect::<Vec<_>>());
    let schema = DFSchema::try_from(schema).map_err(|error| from_datafusion(&error))?;
    output_columns(&Arc::new(schema))
}

fn refuse_parameters(plan: &LogicalPlan) -> SqlResult<()> {
    let names = plan.get_parameter_names().map_err(|error| from_datafusion(&error))?;
    match names.iter().next() {
        Some(name) => Err(SqlError::new(
            SqlState::UndefinedParameter,
            format!("there is no parameter {name} in a view"),
        )),
        None => Ok(()),
    }
}

/// The moments of the past that a definition may read at.
#[derive(PartialEq)]
enum Moments {
    None,
    /// All that are no parameters.
    Written,
}

fn refuse_moments(plan: &LogicalPlan, allowed: Moments) -> SqlResult<()> {
    for (object, as_of) in reads_in_past(plan)? {
        if allowed == Moments::None {
            return Err(SqlError::unsupported(
                format!(
                    "a continuous query cannot read {} \"{}\" AS OF a moment",
                    object.kind(),
                    object.name
                ),
                "it follows what it reads from the beginning; a plain view or a query can read the past",
            ));
        }
        if let AsOf::LsnParameter(index) | AsOf::TimeParameter(index) = as_of {
            let message = format!("there is no parameter ${} in a view", index + 1);
            return Err(SqlError::new(SqlState::UndefinedParameter, message));
        }
    }
    Ok(())
}

fn known_options(
    options: &BTreeMap<String, String>,
    known: &[(&str, bool)],
    kind: &str,
) -> SqlResult<BTreeMap<String, String>> {
    for name in options.keys() {
        match known.iter().find(|(known, _)| known == name) {
            Some((_, true)) => {}
            Some((_, false)) => {
                let built = built(known);
                return Err(SqlError::unsupported(
                    format!("option \"{name}\" of a {kind} is not built yet"),
                    built,
                ));
            }
            None => {
                let message = format!("unrecognized option \"{name}\" of a {kind}");
                return Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(built(known)));
            }
        }
    }
    Ok(options.clone())
}

fn built(known: &[(&str, bool)]) -> String {
    let names: Vec<&str> = known.iter().filter(|(_, built)| *built).map(|(name, _)| *name).collect();
    if names.is_empty() {
        "there are no options".to_owned()
    } else {
        format!("options are: {}", names.join(", "))
    }
}

/// A span of time in an option, in microseconds: `10 seconds`, `1 day`. Not negative, no months.
pub fn duration_option(name: &str, text: &str) -> SqlResult<i64> {
    let bad = || {
        let message =
            format!("option \"{name}\" must be a length of time such as '10 seconds', not \"{text}\"");
        SqlError::new(SqlState::InvalidParameterValue, message)
    };
    let value = interval::parse(text, -1, IntervalStyle::default()).map_err(|_| bad())?;
    let us = value.length();
    match i64::try_from(us) {
        Ok(us) if us >= 0 && value.months == 0 => Ok(us),
        _ => Err(bad()),
    }
}

fn column_list(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<String> = names.iter().map(|name| quote_identifier(name)).collect();
    format!(" ({})", names.join(", "))
}

fn option_list(options: &BTreeMap<String, String>) -> String {
    if options.is_empty() {
        return String::new();
    }
    let option = |(name, value): (&String, &String)| format!("{name} = '{}'", value.replace('\'', "''"));
    format!(" WITH ({})", options.iter().map(option).collect::<Vec<_>>().join(", "))
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
