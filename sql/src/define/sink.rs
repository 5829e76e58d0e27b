//! CREATE SINK.

use std::collections::{BTreeMap, BTreeSet};

use millstream_catalog::{Catalog, Definition, Object, ObjectId, SEMANTICS, Sink, Stream};

use super::check_name;
use super::options::known_options;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::canonical::statement_text;
use crate::text::statement::{CreateSink, SinkTarget, Statement};
use crate::types::cast::{Context, cast_method};

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
        comments: BTreeMap::new(),
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
