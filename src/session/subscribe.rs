//! SUBSCRIBE: the changes of a view or stream, as rows that come while they happen.
//!
//! Columns: `lsn BIGINT, op TEXT, progressed BOOL`, then the relation's, all nullable. `op` is `insert`, `delete`,
//! `update_before` or `update_after`; a progress row has none, and says that nothing at or below its LSN is still
//! to come.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, new_null_array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use futures::StreamExt;
use millstream_catalog::{Definition, Object};
use millstream_sql::text::statement::{CreateMaterializedView, Subscribe, SubscribeSource};
use millstream_sql::{SqlError, SqlState, define};

use super::answer::{Rows, RowsTag};
use crate::engine::Engine;
use crate::engine::feed::{Feed, News};
use crate::engine::job::Job;
use crate::log::{Lsn, StreamTail};
use crate::query::{Batches, deep_stack};
use crate::view::{ChangeBatch, ChangeOp};
use crate::{Error, Result};

/// Rows of a stream that are handed on at once.
const PIECE_ROWS: usize = 1 << 16;
/// Bytes of them, about.
const PIECE_BYTES: usize = 64 << 20;

/// How often a subscription to a stream that is silent looks whether the stream is still there.
const LOOK: Duration = Duration::from_millis(500);

/// The columns of a subscription to something with these columns.
pub fn subscription_schema(columns: &Schema) -> SchemaRef {
    let mut fields = vec![
        Field::new("lsn", DataType::Int64, false),
        Field::new("op", DataType::Utf8, true),
        Field::new("progressed", DataType::Boolean, false),
    ];
    fields.extend(columns.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)));
    Schema::new(fields).into()
}

/// What a subscription follows.
enum Target {
    Stream(Arc<Object>),
    View(Arc<Object>),
    Query(Box<(SchemaRef, millstream_sql::plan::FlowPlan)>),
}

/// The columns of a subscription, before it is started.
pub fn schema_of(engine: &Engine, subscribe: &Subscribe) -> Result<SchemaRef> {
    Ok(match target_of(engine, subscribe)? {
        Target::Stream(object) | Target::View(object) => subscription_schema(&object.schema()),
        Target::Query(query) => subscription_schema(&query.0),
    })
}

/// Starts a subscription.
pub async fn start(engine: &Arc<Engine>, subscribe: &Subscribe) -> Result<Rows> {
    let target = target_of(engine, subscribe)?;
    let (schema, batches) = match target {
        Target::Stream(object) => {
            let schema = subscription_schema(&object.schema());
            let tail = engine.log().stream(object.id);
            let tail = tail.ok_or_else(|| Error::internal(format!("stream {} has no tail", object.name)))?;
            (schema.clone(), follow_stream(engine, object.name.to_string(), tail, subscribe.clone(), schema)?)
        }
        Target::View(object) => {
            let schema = subscription_schema(&object.schema());
            let job = engine.job(object.id)?;
            (
                schema.clone(),
                follow_view(engine, Following { job, temporary: false }, subscribe, schema).await?,
            )
        }
        Target::Query(query) => {
            let schema = subscription_schema(&query.0);
            let job = engine.temporary_job(query.0, query.1)?;
            (
                schema.clone(),
                follow_view(engine, Following { job, temporary: true }, subscribe, schema).await?,
            )
        }
    };
    Ok(Rows { schema, batches, tag: RowsTag::Select, live: true, environment: Arc::default() })
}

fn target_of(engine: &Engine, subscribe: &Subscribe) -> Result<Target> {
    let catalog = engine.catalog();
    match &subscribe.source {
        SubscribeSource::Relation(name) => {
            let object = catalog.get(name)?.clone();
            match &object.definition {
                Definition::Stream(_) => Ok(Target::Stream(object)),
                Definition::MaterializedView(_) => Ok(Target::View(object)),
                Definition::View(view) => {
                    query_target(engine, millstream_sql::text::parse_query(&view.query)?)
                }
                Definition::Sink(_) => {
                    let message = format!("cannot subscribe to sink \"{}\"", object.name);
                    let hint = "subscribe to what the sink reads or writes";
                    Err(SqlError::new(SqlState::WrongObjectType, message).with_hint(hint).into())
                }
            }
        }
        SubscribeSource::Query(query) => query_target(engine, query.clone()),
    }
}

fn query_target(engine: &Engine, query: Box<datafusion::sql::sqlparser::ast::Query>) -> Result<Target> {
    let create = CreateMaterializedView {
        name: millstream_catalog::QualifiedName::public("the query of a subscription"),
        or_replace: false,
        if_not_exists: false,
        columns: Vec::new(),
        query,
        emit: millstream_catalog::Emit::OnUpdate,
        options: Default::default(),
    };
    let catalog = engine.catalog();
    let (object, plan) =
        deep_stack(|| define::define_materialized_view(&catalog, &create, engine.functions()))?;
    Ok(Target::Query(Box::new((object.schema(), plan))))
}

/// The job that is followed; a temporary one ends with its follower.
struct Following {
    job: Arc<Job>,
    temporary: bool,
}

impl Drop for Following {
    fn drop(&mut self) {
        if self.temporary {
            self.job.abandon();
        }
    }
}

async fn follow_view(
    engine: &Engine,
    following: Following,
    subscribe: &Subscribe,
    schema: SchemaRef,
) -> Result<Batches> {
    let job = following.job.clone();
    match subscribe.as_of {
        None => drop(job.version_from(engine.log().synced_lsn()).await?),
        Some(lsn) if lsn >= job.newest().lsn => drop(job.version_at(lsn).await?),
        Some(lsn) => return Err(too_old(&job.name, lsn, job.newest().lsn)),
    }
    let feed = job.follow();
    let begun = feed.first_version().clone();
    job.check(&begun)?;
    if let Some(lsn) = subscribe.as_of.filter(|lsn| *lsn < begun.lsn) {
        return Err(too_old(&job.name, lsn, begun.lsn));
    }
    if let Some(lsn) = subscribe.up_to {
        job.cut_at(lsn);
    }
    let mut first = Vec::new();
    if subscribe.snapshot {
        for batch in begun.batches()? {
            first.push(Ok(change_rows(
                &schema,
                begun.lsn,
                std::iter::repeat_n(ChangeOp::Insert, batch.num_rows()),
                &batch,
            )?));
        }
    }
    if subscribe.progress {
        first.push(Ok(progress_row(&schema, begun.lsn)?));
    }
    let end = subscribe.up_to;
    if end.is_some_and(|end| begun.lsn >= end) {
        return Ok(futures::stream::iter(first).boxed());
    }
    let state = Live { feed, following, schema, progress: subscribe.progress, end, ended: false };
    let live = futures::stream::unfold(state, |mut state| async move {
        let batches = state.next().await?;
        Some((futures::stream::iter(batches), state))
    });
    Ok(futures::stream::iter(first).chain(live.flatten()).boxed())
}

fn too_old(name: &str, lsn: Lsn, now: Lsn) -> Error {
    let message = format!("view \"{name}\" is at LSN {now}: its changes after LSN {lsn} are no longer held");
    SqlError::unsupported(message, "leave out AS OF to begin with the present contents").into()
}

struct Live {
    feed: Feed,
    following: Following,
    schema: SchemaRef,
    progress: bool,
    end: Option<Lsn>,
    ended: bool,
}

impl Live {
    async fn next(&mut self) -> Option<Vec<Result<RecordBatch>>> {
        if self.ended {
            return None;
        }
        let Some(news) = self.feed.next().await else {
            self.ended = true;
            return Some(vec![Err(self.end_reason())]);
        };
        let (lsn, mut rows) = match &news {
            News::Progress(lsn) => (*lsn, Vec::new()),
            News::Changes(changes) => {
                let rows = |change: &ChangeBatch| {
                    change_rows(&self.schema, changes.lsn, change.ops.iter().copied(), &change.batch)
                };
                (changes.lsn, changes.batches.iter().map(rows).collect())
            }
        };
        if self.progress {
            rows.push(progress_row(&self.schema, lsn));
        }
        self.ended = self.end.is_some_and(|end| lsn >= end);
        Some(rows)
    }

    fn end_reason(&self) -> Error {
        let name = &self.following.job.name;
        if self.feed.overrun() {
            let message = format!("the subscription to \"{name}\" was cut off: its client reads too slowly");
            let hint = "read faster, or subscribe to a view that changes less";
            return SqlError::new(SqlState::OutOfMemory, message).with_hint(hint).into();
        }
        self.feed.failure().or_else(|| self.following.job.failure()).unwrap_or_else(|| dropped(name))
    }
}

fn dropped(name: &str) -> Error {
    let message = format!("the subscription ended: \"{name}\" was dropped or the server is stopping");
    SqlError::new(SqlState::AdminShutdown, message).into()
}

fn follow_stream(
    engine: &Arc<Engine>,
    name: String,
    tail: Arc<StreamTail>,
    subscribe: Subscribe,
    schema: SchemaRef,
) -> Result<Batches> {
    let log = engine.log().clone();
    let at = match (subscribe.as_of, subscribe.snapshot) {
        (Some(lsn), _) => lsn,
        (None, true) => 0,
        (None, false) => log.synced_lsn(),
    };
    let watch = log.watch();
    let state = (at, watch, false);
    let batches = futures::stream::unfold(state, move |(at, mut watch, ended)| {
        let (log, tail, schema, name) = (log.clone(), tail.clone(), schema.clone(), name.clone());
        let (end, progress) = (subscribe.up_to, subscribe.progress);
        async move {
            if ended {
                return None;
            }
            loop {
                let limit = end.map_or(log.synced_lsn(), |end| end.min(log.synced_lsn()));
                if at < limit {
                    let to = tail.cut(at, limit, PIECE_ROWS, PIECE_BYTES);
                    // It may have to read segments.
                    let read =
                        tokio::task::spawn_blocking(move || appended_rows(&tail, at, to, &schema, progress));
                    let rows = read.await.unwrap_or_else(|error| {
                        vec![Err(Error::internal(format!("reading a stream failed: {error}")))]
                    });
                    let ended = end.is_some_and(|end| to >= end) || rows.iter().any(Result::is_err);
                    return Some((futures::stream::iter(rows), (to, watch, ended)));
                }
                let gone = log.stream(tail.spec().id).is_none().then(|| dropped(&name));
                if let Some(error) = gone.or_else(|| log.closed()) {
                    return Some((futures::stream::iter(vec![Err(error)]), (at, watch, true)));
                }
                // Neither a drop nor a close of the log is told by the watch.
                let _ = tokio::time::timeout(LOOK, watch.changed()).await;
            }
        }
    });
    Ok(batches.flatten().boxed())
}

fn appended_rows(
    tail: &StreamTail,
    after: Lsn,
    to: Lsn,
    schema: &SchemaRef,
    progress: bool,
) -> Vec<Result<RecordBatch>> {
    let rows = |slice: &crate::log::TailSlice| {
        let count = slice.batch.num_rows();
        let mut columns: Vec<ArrayRef> = vec![
            slice.hidden(2),
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n("insert", count))),
            Arc::new(BooleanArray::from(vec![false; count])),
        ];
        columns.extend(slice.batch.columns().iter().cloned());
        Ok(RecordBatch::try_new(schema.clone(), columns)?)
    };
    // Retention may have been faster than the client. Who reads from the beginning begins with what is held.
    let is_held = || if after == 0 { Ok(()) } else { tail.check_held(after) };
    let read = tail.read(after, to).and_then(|slices| is_held().map(|()| slices));
    let mut batches: Vec<_> = match read {
        Ok(slices) => slices.iter().map(rows).collect(),
        Err(error) => return vec![Err(error)],
    };
    if progress {
        batches.push(progress_row(schema, to));
    }
    batches
}

fn change_rows(
    schema: &SchemaRef,
    lsn: Lsn,
    ops: impl Iterator<Item = ChangeOp>,
    batch: &RecordBatch,
) -> Result<RecordBatch> {
    let count = batch.num_rows();
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_value(lsn as i64, count)),
        Arc::new(StringArray::from_iter_values(ops.map(op_name))),
        Arc::new(BooleanArray::from(vec![false; count])),
    ];
    columns.extend(batch.columns().iter().cloned());
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

fn op_name(op: ChangeOp) -> &'static str {
    match op {
        ChangeOp::Insert => "insert",
        ChangeOp::Delete => "delete",
        ChangeOp::UpdateBefore => "update_before",
        ChangeOp::UpdateAfter => "update_after",
    }
}

fn progress_row(schema: &SchemaRef, lsn: Lsn) -> Result<RecordBatch> {
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(vec![lsn as i64])),
        Arc::new(StringArray::from(vec![None::<&str>])),
        Arc::new(BooleanArray::from(vec![true])),
    ];
    columns.extend(schema.fields().iter().skip(3).map(|field| new_null_array(field.data_type(), 1)));
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}
