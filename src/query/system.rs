//! The relations of schema `millstream`: what the database knows of itself, made anew for each query.
//!
//! Each relation has one function here that gives its columns with their meaning, and its rows.

use std::fmt;
use std::sync::{Arc, OnceLock};

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use async_trait::async_trait;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use futures::future::BoxFuture;
use millstream_catalog::{Definition, Object};

use crate::Result;
use crate::checkpoint::CheckpointInfo;
use crate::engine::Engine;
use crate::engine::job::{Job, stream_name};
use crate::flow::{ErrorRow, Place};
use crate::log::Lsn;
use crate::session::Session;

/// The names of all relations here.
pub const NAMES: [&str; 11] = [
    "streams",
    "views",
    "sinks",
    "jobs",
    "operators",
    "checkpoints",
    "snapshots",
    "late_rows",
    "row_errors",
    "settings",
    "columns",
];

/// The relation of that name, with its rows now.
pub fn table(session: &Session, name: &str) -> Option<Arc<dyn TableProvider>> {
    let batch = build(session, name)?.batch().ok()?;
    let rows: fn(Arc<Engine>) -> BoxFuture<'static, Result<Table>> = match name {
        "row_errors" => |engine| Box::pin(held_errors(engine)),
        "snapshots" => |engine| Box::pin(listed_snapshots(engine)),
        "late_rows" => |engine| Box::pin(counted_late_rows(engine)),
        _ => return Some(Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]]).ok()?)),
    };
    let engine = session.engine().clone();
    Some(Arc::new(Awaited { name: name.to_owned(), engine, schema: batch.schema(), rows }))
}

/// The names and columns of all relations here, which are the same in every session.
pub fn schemas(session: &Session) -> &'static [(&'static str, SchemaRef)] {
    static SCHEMAS: OnceLock<Vec<(&'static str, SchemaRef)>> = OnceLock::new();
    let schemas = || NAMES.iter().filter_map(|name| Some((*name, table(session, name)?.schema()))).collect();
    SCHEMAS.get_or_init(schemas)
}

/// Name, type and meaning of each column of a relation here.
fn build(session: &Session, name: &str) -> Option<Table> {
    let engine = session.engine();
    Some(match name {
        "streams" => streams(engine),
        "views" => views(engine),
        "sinks" => sinks(engine),
        "jobs" => jobs(engine),
        "operators" => operators(engine),
        "checkpoints" => checkpoints(engine),
        "snapshots" => snapshots(Vec::new()),
        "late_rows" => late_rows(engine),
        "row_errors" => row_errors(Vec::new()),
        "settings" => settings(session),
        "columns" => columns(session),
        _ => return None,
    })
}

/// A relation whose rows are found out when it is read, not before, which takes time.
struct Awaited {
    name: String,
    engine: Arc<Engine>,
    schema: SchemaRef,
    rows: fn(Arc<Engine>) -> BoxFuture<'static, Result<Table>>,
}

impl fmt::Debug for Awaited {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

#[async_trait]
impl TableProvider for Awaited {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn datafusion::catalog::Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> DataFusionResult<Arc<dyn ExecutionPlan>> {
        let rows = (self.rows)(self.engine.clone()).await;
        let batch = rows.map_err(|error| DataFusionError::External(Box::new(error)))?.batch()?;
        Ok(MemorySourceConfig::try_new_exec(&[vec![batch]], self.schema.clone(), projection.cloned())?)
    }
}

/// A relation under construction: columns in order.
#[derive(Default)]
struct Table {
    columns: Vec<(&'static Column, Values)>,
}

impl Table {
    fn batch(self) -> std::result::Result<RecordBatch, ArrowError> {
        let columns = self.columns.into_iter();
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
            columns.map(|(column, values)| values.finish(column)).unzip();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}

/// A column and what it means.
struct Column {
    name: &'static str,
    meaning: &'static str,
}

enum Values {
    Text(Vec<Option<String>>),
    Number(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Time(Vec<Option<i64>>),
    Flag(Vec<bool>),
    Truth(Vec<Option<bool>>),
}

impl Values {
    fn finish(self, column: &Column) -> (Field, ArrayRef) {
        let array: ArrayRef = match self {
            Values::Text(values) => Arc::new(StringArray::from(values)),
            Values::Number(values) => Arc::new(Int64Array::from(values)),
            Values::Real(values) => Arc::new(Float64Array::from(values)),
            Values::Time(values) => Arc::new(TimestampMicrosecondArray::from(values).with_timezone("+00:00")),
            Values::Flag(values) => Arc::new(BooleanArray::from(values)),
            Values::Truth(values) => Arc::new(BooleanArray::from(values)),
        };
        (Field::new(column.name, array.data_type().clone(), true), array)
    }

    fn type_name(&self) -> &'static str {
        match self {
            Values::Text(_) => "text",
            Values::Number(_) => "bigint",
            Values::Real(_) => "double precision",
            Values::Time(_) => "timestamp with time zone",
            Values::Flag(_) | Values::Truth(_) => "boolean",
        }
    }
}

macro_rules! table {
    ($rows:expr, $row:pat => { $($name:literal, $meaning:literal, $kind:ident => $value:expr;)* }) => {{
        let rows = $rows;
        let mut table = Table::default();
        $({
            static COLUMN: Column = Column { name: $name, meaning: $meaning };
            #[allow(unused_variables)]
            let values = rows.iter().map(|$row| $value).collect();
            table.columns.push((&COLUMN, Values::$kind(values)));
        })*
        table
    }};
}

fn objects(engine: &Engine, wanted: impl Fn(&Definition) -> bool) -> Vec<Arc<Object>> {
    engine.catalog().objects().filter(|object| wanted(&object.definition)).cloned().collect()
}

fn streams(engine: &Engine) -> Table {
    let rows: Vec<_> = objects(engine, |definition| matches!(definition, Definition::Stream(_)))
        .into_iter()
        .filter_map(|object| Some((engine.log().stream(object.id)?, object)))
        .collect();
    table!(rows, (tail, object) => {
        "schema", "schema of the stream", Text => Some(object.name.schema.clone());
        "name", "name of the stream", Text => Some(object.name.name.clone());
        "rows", "rows that are held: retention may have removed older ones", Number => Some(tail.row_count() as i64);
        "first_row", "number of the first row that is held, from 0", Number => Some(tail.first_row() as i64);
        "segments", "segments that hold its sealed rows", Number => Some(tail.segments().len() as i64);
        "memory_bytes", "memory that its rows take", Number => Some(tail.bytes() as i64);
        "partitions", "number of partitions", Number => partitions(object);
        "watermark", "greatest value of the watermark expression so far", Time => known(tail.watermark());
        "last_lsn", "newest commit that touched the stream", Number => Some(tail.last_lsn() as i64);
        "created_lsn", "commit that made the stream", Number => Some(object.created_lsn as i64);
    })
}

fn partitions(object: &Object) -> Option<i64> {
    match &object.definition {
        Definition::Stream(stream) => Some(i64::from(stream.partitions)),
        _ => None,
    }
}

/// A watermark as a time; None before the first and after the last.
fn known(watermark: i64) -> Option<i64> {
    (watermark != crate::flow::delta::NO_WATERMARK && watermark < i64::MAX / 4).then_some(watermark)
}

fn views(engine: &Engine) -> Table {
    let rows = objects(engine, |definition| {
        matches!(definition, Definition::View(_) | Definition::MaterializedView(_))
    });
    table!(rows, object => {
        "schema", "schema of the view", Text => Some(object.name.schema.clone());
        "name", "name of the view", Text => Some(object.name.name.clone());
        "materialized", "whether it has contents", Flag => matches!(object.definition, Definition::MaterializedView(_));
        "append_only", "whether its rows, once there, never change; NULL for a plain view", Text => append_only(object);
        "rows", "rows of the newest version", Number => engine.job(object.id).ok().map(|job| job.newest().row_count() as i64);
        "lsn", "LSN of the newest version", Number => engine.job(object.id).ok().map(|job| job.newest().lsn as i64);
        "definition", "the statement that made it", Text => Some(object.sql.clone());
    })
}

fn append_only(object: &Object) -> Option<String> {
    match &object.definition {
        Definition::MaterializedView(view) => Some(if view.append_only { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

fn sinks(engine: &Engine) -> Table {
    let catalog = engine.catalog();
    let name = |id| catalog.object(id).map(|object| object.name.to_string()).ok();
    let rows: Vec<_> = objects(engine, |definition| matches!(definition, Definition::Sink(_)))
        .into_iter()
        .map(|object| {
            let running = engine.sinks().into_iter().find(|sink| sink.id == object.id);
            let ends = match &object.definition {
                Definition::Sink(sink) => (name(sink.from), name(sink.into)),
                _ => (None, None),
            };
            (object, ends, running.map(|sink| sink.state()).unwrap_or_default())
        })
        .collect();
    table!(rows, (object, ends, state) => {
        "schema", "schema of the sink", Text => Some(object.name.schema.clone());
        "name", "name of the sink", Text => Some(object.name.name.clone());
        "source", "the view or stream that is read", Text => ends.0.clone();
        "target", "the stream that is written", Text => ends.1.clone();
        "copied_lsn", "LSN of the source up to which all is copied", Number => Some(state.copied_lsn as i64);
        "rows", "rows copied since the server started", Number => Some(state.rows as i64);
        "error", "why it stands still, if it does", Text => state.failed.as_ref().map(ToString::to_string);
    })
}

fn jobs(engine: &Engine) -> Table {
    let synced = engine.log().synced_lsn();
    let rows: Vec<_> = engine
        .jobs()
        .into_iter()
        .map(|job| {
            let behind = job.rows_behind();
            let total: u64 = job
                .plan
                .streams
                .iter()
                .filter_map(|id| engine.log().stream(*id))
                .map(|t| t.row_count())
                .sum();
            let done = if total == 0 { 1.0 } else { (total - behind.min(total)) as f64 / total as f64 };
            (job.clone(), job.stats(), behind, done)
        })
        .collect();
    table!(rows, (job, stats, behind, done) => {
        "name", "name of the materialized view", Text => Some(job.name.clone());
        "state", "running, backfilling (behind by more than a step), stalled (rows cannot be read for now) or failed", Text => Some(state_of(job, *behind));
        "progress", "share of its input that the view has taken, 0 to 1", Real => Some(*done);
        "rows_behind", "rows of the log that the view has not taken yet", Number => Some(*behind as i64);
        "lsn", "LSN of the newest version", Number => Some(job.newest().lsn as i64);
        "log_lsn", "LSN of the log", Number => Some(synced as i64);
        "rows", "rows taken since the server started", Number => Some(stats.rows as i64);
        "rows_per_second", "rows taken for each second spent in steps", Real => rate(stats.rows, stats.busy);
        "steps", "steps run since the server started", Number => Some(stats.steps as i64);
        "restored_lsn", "LSN of the checkpoint that the view was restored from, 0 for none", Number => Some(job.restored_lsn as i64);
        "checkpoint_lsn", "LSN of its newest checkpoint, 0 for none", Number => Some(stats.checkpoint_lsn as i64);
        "error", "why it stands still, if it does, or the first error of a row that readers are given", Text => job.trouble().map(|error| error.to_string()).or_else(|| job.row_trouble());
    })
}

fn state_of(job: &Job, behind: u64) -> String {
    if job.failure().is_none() && job.trouble().is_some() {
        return "stalled".to_owned();
    }
    match (job.failure(), behind) {
        (Some(_), _) => "failed",
        (None, 0..100_000) => "running",
        (None, _) => "backfilling",
    }
    .to_owned()
}

fn rate(rows: u64, busy: std::time::Duration) -> Option<f64> {
    (!busy.is_zero()).then(|| rows as f64 / busy.as_secs_f64())
}

fn operators(engine: &Engine) -> Table {
    let jobs = engine.jobs().into_iter();
    let rows: Vec<_> = jobs
        .flat_map(|job| {
            let stats = job.stats();
            let busy = stats.busy;
            stats.operators.into_iter().map(move |operator| (job.clone(), busy, operator))
        })
        .collect();
    table!(rows, (job, busy, operator) => {
        "view", "name of the materialized view", Text => Some(job.name.clone());
        "id", "position in the plan", Number => Some(operator.id as i64);
        "operator", "what it does", Text => Some(operator.name.to_string());
        "rows_in", "rows taken since the server started", Number => Some(operator.rows_in as i64);
        "rows_out", "rows given since the server started", Number => Some(operator.rows_out as i64);
        "busy_share", "its share of the time spent in steps, 0 to 1", Real => share(operator.busy_ns, *busy);
        "state_bytes", "memory of its state, about", Number => Some(operator.state_bytes as i64);
    })
}

fn share(busy_ns: u64, all: std::time::Duration) -> Option<f64> {
    (!all.is_zero()).then(|| busy_ns as f64 / all.as_nanos() as f64)
}

fn checkpoints(engine: &Engine) -> Table {
    let rows: Vec<_> = engine.jobs().into_iter().map(|job| (job.stats(), job)).collect();
    table!(rows, (stats, job) => {
        "view", "name of the materialized view", Text => Some(job.name.clone());
        "lsn", "LSN of its newest checkpoint, 0 for none", Number => Some(stats.checkpoint_lsn as i64);
        "base", "whether it wrote all rows of the view, not only what changed since the one before", Truth => stats.checkpoint.as_ref().map(|checkpoint| checkpoint.base);
        "written_rows", "rows that it wrote, those of the state among them", Number => stats.checkpoint.as_ref().map(|checkpoint| checkpoint.written_rows as i64);
        "written_bytes", "bytes of the files that it wrote", Number => stats.checkpoint.as_ref().map(|checkpoint| checkpoint.written_bytes as i64);
        "written_files", "files that it wrote", Number => stats.checkpoint.as_ref().map(|checkpoint| checkpoint.written_files as i64);
        "files", "files that it is read from, its own and older ones", Number => stats.checkpoint.as_ref().map(|checkpoint| checkpoint.files as i64);
        "bytes", "bytes of these files", Number => stats.checkpoint.as_ref().map(|checkpoint| checkpoint.bytes as i64);
        "seconds", "how long it took; NULL for one of an earlier server", Real => (!stats.checkpoint_time.is_zero()).then_some(stats.checkpoint_time.as_secs_f64());
        "rows_since", "rows that a restart now would replay", Number => Some(rows_since(engine, job, stats.checkpoint_lsn));
    })
}

/// The snapshots of materialized views, as the object store lists them.
async fn listed_snapshots(engine: Arc<Engine>) -> Result<Table> {
    let listed = engine.checkpoints().list().await?;
    let catalog = engine.catalog();
    // One of a view that was just dropped may still be there.
    let rows = listed.into_iter().filter_map(|info| Some((catalog.object(info.view).ok()?.clone(), info)));
    Ok(snapshots(rows.collect()))
}

fn snapshots(rows: Vec<(Arc<Object>, CheckpointInfo)>) -> Table {
    table!(rows, (object, info) => {
        "view", "name of the materialized view", Text => Some(object.name.to_string());
        "lsn", "the contents are those after exactly this commit", Number => Some(info.lsn as i64);
        "commit_time", "when that commit was made", Time => Some(info.commit_time);
        "rows", "rows of the view", Number => Some(info.rows as i64);
        "bytes", "bytes of the files, the state for a restart included", Number => Some(info.bytes as i64);
        "path", "where its manifest is, in the object store; it names the files", Text => Some(info.path.clone());
        "format", "format of the files", Text => Some("parquet".to_owned());
    })
}

fn rows_since(engine: &Engine, job: &Job, lsn: u64) -> i64 {
    let tails = job.plan.streams.iter().filter_map(|id| engine.log().stream(*id));
    let synced = engine.log().synced_lsn();
    tails.filter_map(|tail| tail.rows_between(lsn, synced).ok()).sum::<u64>() as i64
}

/// The rows that views left out. Whoever reads them waits for the views: one that has just started again would say 0.
async fn counted_late_rows(engine: Arc<Engine>) -> Result<Table> {
    let synced = engine.log().synced_lsn();
    for job in engine.jobs() {
        // One that stands still has counted what it will.
        let _ = job.version_from(synced).await;
    }
    Ok(late_rows(&engine))
}

fn late_rows(engine: &Engine) -> Table {
    let rows: Vec<_> = engine
        .jobs()
        .into_iter()
        .map(|job| {
            let late = job.stats().late;
            // A row's number says nothing without its stream.
            let tail = match job.plan.streams.as_slice() {
                [stream] => engine.log().stream(*stream),
                _ => None,
            };
            let offsets: Vec<String> = late
                .last
                .iter()
                .filter_map(|row| tail.as_ref()?.locate(*row).ok().flatten())
                .map(|(partition, offset)| format!("{partition}:{offset}"))
                .collect();
            (job, late, offsets.join(","))
        })
        .collect();
    table!(rows, (job, late, offsets) => {
        "view", "name of the materialized view", Text => Some(job.name.clone());
        "count", "pairs of a row and a window that was closed before the row came", Number => Some(late.pairs as i64);
        "rows", "rows left out of at least one window", Number => Some(late.rows as i64);
        "last_offsets", "partition:offset of the last rows left out, oldest first; empty for a view of several streams", Text => Some(offsets.clone());
    })
}

/// The errors that views hold in the places of rows. Whoever reads them waits for the views, as a read of each would.
async fn held_errors(engine: Arc<Engine>) -> Result<Table> {
    let synced = engine.log().synced_lsn();
    let mut rows = Vec::new();
    for job in engine.jobs() {
        // One that stands still has the errors that it had.
        let version = job.version_from(synced).await.unwrap_or_else(|_| job.newest());
        let errors = version.errors().iter();
        rows.extend(errors.map(|(error, weight)| (job.clone(), version.lsn, error.clone(), weight)));
    }
    Ok(row_errors(rows))
}

fn row_errors(rows: Vec<(Arc<Job>, Lsn, ErrorRow, i64)>) -> Table {
    let of_stream = |place: &Place| match place {
        Place::Row { lsn, stream, partition, offset, .. } => Some((*lsn, *stream, *partition, *offset)),
        Place::Derived(_) => None,
    };
    table!(rows, (job, at, error, weight) => {
        "view", "name of the materialized view", Text => Some(job.name.clone());
        "view_lsn", "LSN of the version that holds the error", Number => Some(*at as i64);
        "sqlstate", "SQLSTATE of the error", Text => Some(error.code.clone());
        "message", "its message", Text => Some(error.message.clone());
        "operator", "position in the plan of the operator whose expression failed, as in millstream.operators", Number => Some(error.operator as i64);
        "stream", "stream of the row that failed; NULL where it is a row of no stream, such as a group's", Text => of_stream(&error.place).and_then(|place| stream_name(&job.plan.root, place.1).map(str::to_owned));
        "lsn", "commit that appended that row", Number => of_stream(&error.place).map(|place| place.0 as i64);
        "partition", "partition of that row", Number => of_stream(&error.place).map(|place| i64::from(place.2));
        "offset", "offset of that row in its partition", Number => of_stream(&error.place).map(|place| place.3);
        "key", "what identifies a row of no stream", Text => match &error.place { Place::Derived(text) => Some(text.clone()), Place::Row { .. } => None };
        "count", "how many times the row is there", Number => Some(*weight);
    })
}

fn settings(session: &Session) -> Table {
    let rows: Vec<_> = session
        .settings()
        .all()
        .map(|setting| {
            let known = setting.known;
            (known.name.to_owned(), setting.shown(), known.description.to_owned())
        })
        .collect();
    table!(rows, (name, value, meaning) => {
        "name", "name of the setting", Text => Some(name.clone());
        "value", "its value in this session", Text => Some(value.clone());
        "description", "what it does", Text => Some(meaning.clone());
    })
}

fn columns(session: &Session) -> Table {
    let mut rows = Vec::new();
    for name in NAMES.iter().filter(|name| **name != "columns") {
        if let Some(table) = build(session, name) {
            rows.extend(
                table.columns.into_iter().map(|(column, values)| (*name, column, values.type_name())),
            );
        }
    }
    table!(rows, (relation, column, type_name) => {
        "relation", "name of the relation in schema millstream", Text => Some((*relation).to_owned());
        "name", "name of the column", Text => Some(column.name.to_owned());
        "type", "its type", Text => Some((*type_name).to_owned());
        "description", "what it means", Text => Some(column.meaning.to_owned());
    })
}
