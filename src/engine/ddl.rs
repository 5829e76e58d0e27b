//! Changes of the catalog, each one commit.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use datafusion::sql::sqlparser::ast::visit_relations;
use millstream_catalog::{
    Catalog, Definition, MaterializedView, Object, ObjectId, QualifiedName, SEMANTICS, Sink, View,
    quote_identifier,
};
use millstream_sql::define;
use millstream_sql::functions::FunctionSet;
use millstream_sql::plan::FlowPlan;
use millstream_sql::text::statement::{
    CommentTarget, CreateMaterializedView, CreateSink, CreateStream, CreateView, ObjectKind,
};
use millstream_sql::{SqlError, SqlState, Statement, text};

use super::Engine;
use super::job::{Job, JobSpec, LeftOut};
use super::sink::{SinkJob, Source};
use crate::log::{Durability, Lsn, NewEntry, StreamSpec, WatermarkSpec};
use crate::query::deep_stack;
use crate::{Error, Result};

/// The option that says what is made of a row for which an expression fails.
const ON_ERROR: &str = "on_error";

/// A statement that makes an object.
#[derive(Debug, Clone)]
pub enum Create {
    /// CREATE STREAM
    Stream(CreateStream),
    /// CREATE VIEW
    View(CreateView),
    /// CREATE MATERIALIZED VIEW
    MaterializedView(CreateMaterializedView),
    /// CREATE SINK
    Sink(CreateSink),
}

impl Engine {
    /// Makes an object, in the log and then in the catalog. None: it was there and IF NOT EXISTS was said.
    pub async fn create(&self, create: Create) -> Result<Option<Arc<Object>>> {
        let _guard = self.ddl.lock().await;
        let catalog = self.catalog();
        let (name, if_not_exists, or_replace) = match &create {
            Create::Stream(create) => (&create.name, create.if_not_exists, false),
            Create::View(create) => (&create.name, create.if_not_exists, create.or_replace),
            Create::MaterializedView(create) => (&create.name, create.if_not_exists, create.or_replace),
            Create::Sink(create) => (&create.name, create.if_not_exists, false),
        };
        let mut replaced = Vec::new();
        let mut base = (*catalog).clone();
        match catalog.find(name) {
            Some(_) if if_not_exists => return Ok(None),
            Some(old) if or_replace => {
                replaced = self.replaceable(&catalog, old, &create)?;
                base = base.without(&replaced)?;
            }
            Some(_) => return Err(millstream_catalog::CatalogError::Duplicate(name.clone()).into()),
            None => {}
        }
        let mut object = deep_stack(|| make(&base, &create, &self.functions))?;
        if let Some(old) = catalog.find(name).filter(|old| replaced.contains(&old.id)) {
            object.comments = comments_of(old, &object);
        }
        self.check_current(&base, &object)?;
        let mut entries = Vec::new();
        if !replaced.is_empty() {
            entries.push(NewEntry::Drop { ids: replaced, sql: format!("DROP VIEW {}", object.name) });
        }
        let prepared = base.with(object.clone())?;
        self.check_acyclic(&base, &object)?;
        entries.push(NewEntry::Ddl { id: object.id, sql: logged(&object) });
        // All that can be refused is tried before the commit: after it, the object is there.
        let spec = stream_spec(&object, &self.functions)?;
        let job = match &object.definition {
            Definition::MaterializedView(_) => {
                Some(Job::restore(&self.job_context, self.job_spec(&prepared, &object)?)?)
            }
            Definition::Sink(sink) => {
                self.source(sink)?;
                None
            }
            Definition::Stream(_) | Definition::View(_) => None,
        };
        object.created_lsn = self.commit(entries, Durability::Sync).await?;
        if let Some(spec) = spec {
            self.log.create_stream(spec);
            self.keep_as_said(&object);
        }
        let catalog = base.with(object.clone())?;
        let object = catalog.object(object.id)?.clone();
        if let Some((job, runner)) = job {
            self.jobs.write().insert(object.id, job);
            runner.spawn();
        }
        if let Definition::Sink(sink) = &object.definition {
            self.start_sink(&catalog, &object, sink, None)?;
        }
        self.catalog.store(Arc::new(catalog));
        Ok(Some(object))
    }

    /// Sets options of an object, or puts them back to their defaults: one commit that holds the object's new
    /// definition under its old id.
    pub async fn alter(
        &self,
        id: ObjectId,
        set: &BTreeMap<String, String>,
        reset: &[String],
    ) -> Result<Arc<Object>> {
        let _guard = self.ddl.lock().await;
        let catalog = self.catalog();
        let old = catalog.object(id)?;
        let altered = deep_stack(|| {
            let create = created_by(define::altered(old, set, reset)?)?;
            redefined(&catalog, id, &create, &self.functions)
        })?;
        let next = catalog.with_replaced(altered.clone())?;
        self.commit(vec![NewEntry::Ddl { id, sql: logged(&altered) }], Durability::Sync).await?;
        let next = Arc::new(next);
        self.catalog.store(next.clone());
        self.keep_as_said(&altered);
        if set.contains_key(ON_ERROR) || reset.iter().any(|name| name == ON_ERROR) {
            self.leave_out_as_said(&next)?;
        }
        Ok(Arc::new(altered))
    }

    /// Tells all jobs whose errors their readers are not given: views say so, also for the views that read them.
    fn leave_out_as_said(&self, catalog: &Catalog) -> Result<()> {
        for job in self.jobs() {
            let object = catalog.object(job.id)?;
            let plan = deep_stack(|| millstream_sql::lower::flow_plan(catalog, object, &self.functions))?;
            job.set_left_out(left_out(object, &plan));
        }
        Ok(())
    }

    /// Says something of an object, or of one of its columns; None takes it back.
    pub async fn comment(&self, id: ObjectId, column: &str, text: Option<String>) -> Result<()> {
        let _guard = self.ddl.lock().await;
        let catalog = self.catalog();
        let mut object = Object::clone(catalog.object(id)?);
        match text {
            // An empty comment is none, as in PostgreSQL.
            Some(text) if !text.is_empty() => object.comments.insert(column.to_owned(), text),
            _ => object.comments.remove(column),
        };
        let next = catalog.with_replaced(object.clone())?;
        self.commit(vec![NewEntry::Ddl { id, sql: logged(&object) }], Durability::Sync).await?;
        self.catalog.store(Arc::new(next));
        Ok(())
    }

    /// Gives an object another name in its schema, in one commit that holds its new definition under its old id, and
    /// those of the views that read it. An object that others than views read keeps its name.
    pub async fn rename(&self, id: ObjectId, to: &str) -> Result<Arc<Object>> {
        let _guard = self.ddl.lock().await;
        let catalog = self.catalog();
        let old = catalog.object(id)?;
        if !matches!(old.definition, Definition::View(_) | Definition::Stream(_)) {
            let message = format!("renaming a {} is not supported", old.kind());
            return Err(SqlError::unsupported(message, "streams and views can be renamed").into());
        }
        let name = QualifiedName::new(&old.name.schema, to);
        if catalog.find(&name).is_some() {
            return Err(millstream_catalog::CatalogError::Duplicate(name).into());
        }
        let renamed = deep_stack(|| {
            let create = created_by(define::renamed(old, name.clone())?)?;
            redefined(&catalog, id, &create, &self.functions)
        })?;
        let mut next = catalog.with_replaced(renamed.clone())?;
        let mut entries = vec![NewEntry::Ddl { id, sql: logged(&renamed) }];
        for reader in catalog.objects().filter(|object| object.depends_on.contains(&id)) {
            let Some(again) = deep_stack(|| self.reading(&next, reader, &old.name, &name))? else {
                let message = format!("cannot rename {} \"{}\": others read it", old.kind(), old.name);
                let detail =
                    format!("{} {} depends on {} {}", reader.kind(), reader.name, old.kind(), old.name);
                let error = SqlError::new(SqlState::FeatureNotSupported, message).with_detail(detail);
                return Err(error.with_hint("drop them, rename it, and create them again").into());
            };
            entries.push(NewEntry::Ddl { id: reader.id, sql: logged(&again) });
            next = next.with_replaced(again)?;
        }
        self.commit(entries, Durability::Sync).await?;
        self.catalog.store(Arc::new(next));
        Ok(Arc::new(renamed))
    }

    /// A view as it is once a relation that it reads has another name; None where that cannot be said in its text.
    fn reading(
        &self,
        catalog: &Catalog,
        reader: &Object,
        old: &QualifiedName,
        new: &QualifiedName,
    ) -> Result<Option<Object>> {
        let Some(statement) = define::with_renamed_source(reader, old, new)? else { return Ok(None) };
        let again = redefined(catalog, reader.id, &created_by(statement)?, &self.functions);
        // A column that was written with the relation's schema is found no more.
        let same =
            |again: &Object| again.depends_on == reader.depends_on && again.columns() == reader.columns();
        Ok(again.ok().filter(same))
    }

    /// Tells the log how much of a stream is kept, and a view's job how often the view is stored.
    pub(super) fn keep_as_said(&self, object: &Object) {
        match &object.definition {
            Definition::Stream(stream) => {
                self.log.stream(object.id).into_iter().for_each(|tail| tail.set_retention(stream.retention));
            }
            Definition::MaterializedView(_) => {
                let interval = snapshot_interval(object);
                self.job(object.id).into_iter().for_each(|job| job.set_snapshot_interval(interval));
            }
            Definition::View(_) | Definition::Sink(_) => {}
        }
    }

    /// Drops objects and, with `cascade`, all that depend on them, in one commit.
    pub async fn drop_objects(
        &self,
        ids: &[ObjectId],
        cascade: bool,
        sql: String,
    ) -> Result<Vec<Arc<Object>>> {
        let _guard = self.ddl.lock().await;
        let catalog = self.catalog();
        let doomed = catalog.drop_order(ids, cascade)?;
        let ids: Vec<_> = doomed.iter().map(|object| object.id).collect();
        let next = catalog.without(&ids)?;
        // From this commit on the log refuses rows for what it drops, a sink's among them.
        self.commit(vec![NewEntry::Drop { ids: ids.clone(), sql }], Durability::Sync).await?;
        self.catalog.store(Arc::new(next));
        for object in &doomed {
            let sink = self.sinks.write().remove(&object.id);
            if let Some(sink) = sink {
                sink.stop().await;
            }
            let job = self.jobs.write().remove(&object.id);
            if let Some(job) = job {
                tokio::task::spawn_blocking(move || job.discard())
                    .await
                    .map_err(|error| Error::internal(format!("stopping a view failed: {error}")))?;
                if let Err(error) = self.checkpoints.remove(object.id).await {
                    tracing::warn!(view = %object.name, %error, "checkpoints of a dropped view could not be removed");
                }
            }
            if let Definition::Stream(_) = object.definition {
                self.log.drop_stream(object.id);
            }
        }
        Ok(doomed)
    }

    /// A job for a query that is no object: it lives as long as its handle is held and is never checkpointed.
    pub fn temporary_job(&self, schema: arrow::datatypes::SchemaRef, plan: FlowPlan) -> Result<Arc<Job>> {
        let left_out = LeftOut::Operators(plan.skipping());
        let spec = JobSpec {
            id: ObjectId(u64::MAX),
            name: "subscription".to_owned(),
            schema,
            plan: Arc::new(plan),
            durable: false,
            restored: false,
            snapshot_interval: None,
            left_out,
        };
        let (job, runner) = Job::restore(&self.job_context, spec)?;
        let mut temporary = self.temporary.lock();
        temporary.retain(|job| job.strong_count() > 0);
        temporary.push(Arc::downgrade(&job));
        drop(temporary);
        // Retention knows of it before it reads its first row.
        runner.spawn();
        Ok(job)
    }

    pub(super) fn job_spec(&self, catalog: &Catalog, object: &Object) -> Result<JobSpec> {
        let plan = deep_stack(|| millstream_sql::lower::flow_plan(catalog, object, &self.functions))?;
        let left_out = left_out(object, &plan);
        Ok(JobSpec {
            id: object.id,
            name: object.name.to_string(),
            schema: object.schema(),
            plan: Arc::new(plan),
            durable: true,
            restored: self.report.is_none(),
            snapshot_interval: snapshot_interval(object),
            left_out,
        })
    }

    /// Starts a sink after `copied`, the position up to which it has copied before.
    pub(super) fn start_sink(
        &self,
        catalog: &Catalog,
        object: &Object,
        sink: &Sink,
        copied: Option<Lsn>,
    ) -> Result<()> {
        let source = self.source(sink)?;
        if let (Source::View { job, .. }, Some(lsn)) = (&source, copied) {
            job.cut_at(lsn);
        }
        let target = catalog.object(sink.into)?.clone();
        // Retention waits for this lock: the sink is known before it reads its first row.
        let mut sinks = self.sinks.write();
        let (runtime, sink) = (&self.runtime_handle, (object, sink.from));
        let running = SinkJob::start(runtime, &self.log, sink, target, source, copied);
        sinks.insert(object.id, Arc::new(running));
        Ok(())
    }

    fn source(&self, sink: &Sink) -> Result<Source> {
        Ok(match self.log.stream(sink.from) {
            Some(tail) => Source::Stream(tail),
            None => {
                let job = self.job(sink.from)?;
                let feed = job.follow_as_sink();
                Source::View { job, feed }
            }
        })
    }

    /// CREATE OR REPLACE: a view that nothing reads can be swapped in one commit.
    fn replaceable(&self, catalog: &Catalog, old: &Arc<Object>, create: &Create) -> Result<Vec<ObjectId>> {
        match (&old.definition, create) {
            (Definition::View(_), Create::View(_)) => {
                let doomed = catalog.drop_order(&[old.id], false)?;
                Ok(doomed.iter().map(|object| object.id).collect())
            }
            (Definition::MaterializedView(_), Create::MaterializedView(_)) => Err(SqlError::unsupported(
                "CREATE OR REPLACE MATERIALIZED VIEW is not built yet",
                "drop the view and create it again",
            )
            .into()),
            (_, Create::View(_)) => Err(wrong_kind(old, "view")),
            _ => Err(wrong_kind(old, "materialized view")),
        }
    }

    /// A sink whose target its own source reads would feed itself for ever.
    fn check_acyclic(&self, catalog: &Catalog, object: &Object) -> Result<()> {
        let Definition::Sink(sink) = &object.definition else { return Ok(()) };
        let mut reached = vec![sink.from];
        let mut next = 0;
        while next < reached.len() {
            let id = reached[next];
            next += 1;
            if id == sink.into {
                let message = format!("sink \"{}\" would feed its own source", object.name);
                let hint = "write into a stream that the source does not read";
                return Err(SqlError::new(SqlState::InvalidObjectDefinition, message).with_hint(hint).into());
            }
            let sinks_into = catalog.objects().filter_map(|other| match &other.definition {
                Definition::Sink(other) if other.into == id => Some(other.from),
                _ => None,
            });
            let upstream: Vec<_> = catalog.object(id)?.depends_on.iter().copied().chain(sinks_into).collect();
            reached.extend(upstream.into_iter().filter(|id| !reached.contains(id)).collect::<Vec<_>>());
        }
        Ok(())
    }
}

/// Whose errors the readers of a view are not given.
fn left_out(object: &Object, plan: &FlowPlan) -> LeftOut {
    match &object.definition {
        Definition::MaterializedView(view) if view.skips_errors() => LeftOut::All,
        _ => LeftOut::Operators(plan.skipping()),
    }
}

/// How often a view is stored, if it says so.
fn snapshot_interval(object: &Object) -> Option<Duration> {
    let Definition::MaterializedView(view) = &object.definition else { return None };
    view.snapshot_interval_us.and_then(|us| u64::try_from(us).ok()).map(Duration::from_micros)
}

/// The word before a definition in the log that says which semantics it was made under. No statement begins with it, so
/// that a server from before there were several refuses the definition.
const SEMANTICS_WORD: &str = "SEMANTICS";

/// A definition as the log has it: `SEMANTICS 2 CREATE STREAM …`. Under semantics 1 it is the statement alone.
pub(crate) fn logged(object: &Object) -> String {
    let mut text = match object.semantics {
        1 => object.sql.clone(),
        semantics => format!("{SEMANTICS_WORD} {semantics} {}", object.sql),
    };
    for (column, comment) in &object.comments {
        let on = match column.as_str() {
            "" => format!("{} {}", object.kind().to_uppercase(), object.name),
            column => format!("COLUMN {}.{}", object.name, quote_identifier(column)),
        };
        text.push_str(&format!("; COMMENT ON {on} IS '{}'", comment.replace('\'', "''")));
    }
    text
}

/// The semantics and the statement of a definition of the log.
pub(crate) fn semantics_of(text: &str) -> Result<(u32, &str)> {
    let Some(rest) = text.strip_prefix(SEMANTICS_WORD) else { return Ok((1, text)) };
    let found = rest.strip_prefix(' ').and_then(|rest| rest.split_once(' '));
    match found.and_then(|(number, sql)| Some((number.parse().ok()?, sql))) {
        Some((semantics, sql)) if semantics <= SEMANTICS => Ok((semantics, sql)),
        Some((semantics, _)) => {
            let message = format!("a definition was made under semantics {semantics}");
            let hint = format!("this server knows semantics up to {SEMANTICS}: use the one that made it");
            Err(SqlError::unsupported(message, hint).into())
        }
        None => Err(Error::internal(format!("a definition of no known semantics: {text}"))),
    }
}

/// The object that a definition of the log makes, with its id; under its own semantics the same as when it was first made. An
/// object of that id that is there already is defined anew by it, and keeps the LSN that made it.
pub(crate) fn defined(
    catalog: &Catalog,
    id: ObjectId,
    text: &str,
    functions: &FunctionSet,
) -> Result<Object> {
    let (semantics, sql) = semantics_of(text)?;
    let (create, comments) = deep_stack(|| statements(sql))?;
    let object = deep_stack(|| {
        let create = created_by(create)?;
        match catalog.object(id) {
            Ok(_) => redefined(catalog, id, &create, functions),
            Err(_) => Ok(Object { id, ..make(catalog, &create, functions)? }),
        }
    });
    match object {
        Ok(mut object) => {
            if let (1, Definition::Stream(stream)) = (semantics, &mut object.definition) {
                define::keep_first_types(stream);
            }
            Ok(Object { semantics, comments, ..object })
        }
        Err(error) if semantics < SEMANTICS => match deep_stack(|| unplanned(catalog, id, sql))? {
            Some(object) => {
                tracing::warn!(name = %object.name, %error, semantics, "a view cannot be planned any more");
                Ok(Object { semantics, comments, ..object })
            }
            None => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// The CREATE of a definition, and what COMMENT ON says after it.
fn statements(sql: &str) -> Result<(Statement, BTreeMap<String, String>)> {
    let mut parsed = text::parse(sql)?.into_iter().map(|parsed| parsed.statement);
    let create = parsed.next().unwrap_or(Statement::Empty);
    let mut comments = BTreeMap::new();
    for statement in parsed {
        let Statement::Comment(comment) = statement else {
            return Err(Error::internal(format!("a definition with another statement: {sql}")));
        };
        let column = match comment.on {
            CommentTarget::Column(_, column) => column,
            CommentTarget::Relation(..) | CommentTarget::Other(_) => String::new(),
        };
        comments.extend(comment.text.map(|text| (column, text)));
    }
    Ok((create, comments))
}

/// A view of earlier semantics whose query means nothing any more, without columns: it must not keep all else closed. None
/// for other objects.
fn unplanned(catalog: &Catalog, id: ObjectId, sql: &str) -> Result<Option<Object>> {
    let (name, query, definition) = match statements(sql)?.0 {
        Statement::CreateView(create) => {
            let view = View { query: create.query.to_string(), columns: Vec::new() };
            (create.name, create.query, Definition::View(view))
        }
        Statement::CreateMaterializedView(create) => {
            let view = MaterializedView {
                query: create.query.to_string(),
                columns: Vec::new(),
                emit: create.emit,
                allowed_lateness_us: 0,
                snapshot_interval_us: None,
                options: create.options,
                append_only: false,
                key: Vec::new(),
            };
            (create.name, create.query, Definition::MaterializedView(view))
        }
        _ => return Ok(None),
    };
    let mut depends_on = BTreeSet::new();
    let _ = visit_relations(&query, |relation| {
        let parts: Vec<String> =
            relation.0.iter().filter_map(|part| part.as_ident().map(|ident| ident.value.clone())).collect();
        let found = match parts.as_slice() {
            [name] => catalog.find(&QualifiedName::public(name.as_str())),
            [.., schema, name] => catalog.find(&QualifiedName { schema: schema.clone(), name: name.clone() }),
            [] => None,
        };
        depends_on.extend(found.map(|object| object.id));
        ControlFlow::<()>::Continue(())
    });
    let depends_on = depends_on.into_iter().collect();
    let comments = BTreeMap::new();
    let sql = sql.to_owned();
    Ok(Some(Object { id, name, sql, created_lsn: 0, semantics: 1, depends_on, comments, definition }))
}

/// The statement of a definition.
fn created_by(statement: Statement) -> Result<Create> {
    Ok(match statement {
        Statement::CreateStream(create) => Create::Stream(create),
        Statement::CreateView(create) => Create::View(create),
        Statement::CreateMaterializedView(create) => Create::MaterializedView(create),
        Statement::CreateSink(create) => Create::Sink(create),
        other => return Err(Error::internal(format!("a definition that is none: {other:?}"))),
    })
}

/// An object that is there, by another definition of the same kind.
fn redefined(catalog: &Catalog, id: ObjectId, create: &Create, functions: &FunctionSet) -> Result<Object> {
    let old = catalog.object(id)?;
    let others = catalog.without(&[id])?;
    let made = make(&others, create, functions)?;
    let comments = comments_of(old, &made);
    let object = Object { id, created_lsn: old.created_lsn, semantics: old.semantics, comments, ..made };
    if object.kind() != old.kind() {
        return Err(Error::internal(format!("{} {} was defined anew as another", old.kind(), old.name)));
    }
    Ok(object)
}

/// The comments of an object, of those columns that it still has by another definition.
fn comments_of(old: &Object, again: &Object) -> BTreeMap<String, String> {
    let stands = |name: &str| name.is_empty() || again.columns().iter().any(|column| column.name == name);
    let comments = old.comments.iter().filter(|(name, _)| stands(name));
    comments.map(|(name, text)| (name.clone(), text.clone())).collect()
}

fn make(catalog: &Catalog, create: &Create, functions: &FunctionSet) -> Result<Object> {
    Ok(match create {
        Create::Stream(create) => define::define_stream(catalog, create, functions)?,
        Create::View(create) => define::define_view(catalog, create, functions)?,
        Create::MaterializedView(create) => define::define_materialized_view(catalog, create, functions)?.0,
        Create::Sink(create) => define::define_sink(catalog, create)?,
    })
}

/// What the log has to know of a stream; None for anything else.
pub(crate) fn stream_spec(object: &Object, functions: &FunctionSet) -> Result<Option<StreamSpec>> {
    let Definition::Stream(stream) = &object.definition else { return Ok(None) };
    let expression = define::watermark_expression(stream, functions)?;
    let watermark = stream.watermark.as_ref().zip(expression);
    let watermark =
        watermark.map(|(watermark, expression)| WatermarkSpec { column: watermark.column, expression });
    Ok(Some(StreamSpec { id: object.id, schema: stream.schema(), partitions: stream.partitions, watermark }))
}

/// Whether an object is of the kind that a statement names.
pub fn is_kind(object: &Object, kind: ObjectKind) -> bool {
    matches!(
        (&object.definition, kind),
        (Definition::Stream(_), ObjectKind::Stream)
            | (Definition::View(_), ObjectKind::View)
            | (Definition::MaterializedView(_), ObjectKind::MaterializedView)
            | (Definition::Sink(_), ObjectKind::Sink)
    )
}

/// 42809: the object is of another kind than the statement says.
pub fn wrong_kind(object: &Object, wanted: &'static str) -> Error {
    let error = millstream_catalog::CatalogError::WrongKind { name: object.name.clone(), wanted };
    let hint = format!("use DROP {} to remove it", object.kind().to_uppercase());
    SqlError::from(error).with_hint(hint).into()
}
