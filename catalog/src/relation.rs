//! The objects of a database and their definitions.

use std::collections::BTreeMap;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::{HIDDEN_COLUMNS, ObjectId, QualifiedName, SqlType};

/// One named object: what it is, the SQL that made it, and what it reads.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its number, never reused.
    pub id: ObjectId,
    /// Its present name.
    pub name: QualifiedName,
    /// The statement that made it, in canonical form; the log stores this text, `SHOW CREATE` prints it.
    pub sql: String,
    /// The LSN of the commit that made it.
    pub created_lsn: u64,
    /// The version of the semantics that it was made under, at most [`SEMANTICS`].
    pub semantics: u32,
    /// The objects that it reads or writes, each once: these cannot be dropped while it stands.
    pub depends_on: Vec<ObjectId>,
    /// What COMMENT ON said of it: its columns by their names, the object itself by an empty name.
    pub comments: BTreeMap<String, String>,
    /// What it is.
    pub definition: Definition,
}

/// The semantics of new objects: what values, types and functions mean. A definition keeps those that it was made under,
/// as what was computed under others is not what a query gives now.
///
/// 1: before values were PostgreSQL's. 2: PostgreSQL 15's values, errors of rows are contents.
pub const SEMANTICS: u32 = 2;

/// What an object is.
#[derive(Debug, Clone)]
pub enum Definition {
    /// An append-only topic.
    Stream(Stream),
    /// A named query, expanded where it is used.
    View(View),
    /// A continuous query with contents.
    MaterializedView(MaterializedView),
    /// A continuous copy of a view's changes into a stream.
    Sink(Sink),
}

/// A column of a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name as stored.
    pub name: String,
    /// Its SQL type.
    pub sql_type: SqlType,
    /// The Arrow type of its values: that of the SQL type, of which a numeric has two.
    pub data_type: DataType,
    /// Whether NULL is taken.
    pub nullable: bool,
    /// The DEFAULT expression as SQL text.
    pub default: Option<String>,
}

/// `WATERMARK FOR column AS expression`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    /// Index of the event-time column among the stream's columns. It is NOT NULL and of a timestamp type.
    pub column: usize,
    /// The expression over the stream's columns, as SQL text; its type is that of the event-time column.
    pub expression: String,
}

/// An append-only topic: typed columns, partitions, offsets.
#[derive(Debug, Clone)]
pub struct Stream {
    /// The user's columns, in order.
    pub columns: Vec<Column>,
    /// Event time, if the stream has it.
    pub watermark: Option<Watermark>,
    /// Indexes of the columns whose hash chooses the partition; empty means round robin by batch.
    pub partition_by: Vec<usize>,
    /// Number of partitions, at least 1.
    pub partitions: u32,
    /// How long, and how many bytes of, its rows are kept.
    pub retention: Retention,
    /// The WITH options as written, by lower-case name.
    pub options: BTreeMap<String, String>,
}

/// What a stream keeps; rows beyond either bound go, oldest first and in whole segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Rows whose commit is older than so many microseconds may go; None keeps rows of any age.
    pub age_us: Option<i64>,
    /// Rows beyond so many stored bytes may go; None keeps any number.
    pub bytes: Option<u64>,
}

/// A named query.
#[derive(Debug, Clone)]
pub struct View {
    /// The query's SQL text.
    pub query: String,
    /// Its output columns.
    pub columns: Vec<Column>,
}

/// When a materialized view's contents change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Emit {
    /// Every commit is reflected at once, open windows included.
    #[default]
    OnUpdate,
    /// A window's rows appear once, final, when it closes.
    OnWindowClose,
}

/// A continuous query with contents.
#[derive(Debug, Clone)]
pub struct MaterializedView {
    /// The query's SQL text, without EMIT.
    pub query: String,
    /// Its output columns.
    pub columns: Vec<Column>,
    /// When its contents change.
    pub emit: Emit,
    /// How long after its end a window still takes rows, in microseconds of event time.
    pub allowed_lateness_us: i64,
    /// How often a changed view is stored as a snapshot, in microseconds; `None`: as often as the server says.
    pub snapshot_interval_us: Option<i64>,
    /// The WITH options as written, by lower-case name.
    pub options: BTreeMap<String, String>,
    /// Whether rows, once there, never change (so that it can feed a stream).
    pub append_only: bool,
    /// Indexes of the columns that identify a row; empty when no subset is known to.
    pub key: Vec<usize>,
}

/// A continuous copy of a relation's changes into a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink {
    /// The materialized view or stream that is read.
    pub from: ObjectId,
    /// The stream that is written.
    pub into: ObjectId,
}

impl Object {
    /// The kind in words, as messages name it.
    pub fn kind(&self) -> &'static str {
        match self.definition {
            Definition::Stream(_) => "stream",
            Definition::View(_) => "view",
            Definition::MaterializedView(_) => "materialized view",
            Definition::Sink(_) => "sink",
        }
    }

    /// The columns a `SELECT *` gives; empty for a sink.
    pub fn columns(&self) -> &[Column] {
        match &self.definition {
            Definition::Stream(stream) => &stream.columns,
            Definition::View(view) => &view.columns,
            Definition::MaterializedView(view) => &view.columns,
            Definition::Sink(_) => &[],
        }
    }

    /// The Arrow schema of [`Object::columns`].
    pub fn schema(&self) -> SchemaRef {
        schema_of(self.columns())
    }
}

impl MaterializedView {
    /// Whether reads leave out the rows for which an expression fails (`on_error = 'skip'`), instead of giving the error.
    pub fn skips_errors(&self) -> bool {
        self.options.get("on_error").is_some_and(|value| value == "skip")
    }
}

impl Stream {
    /// How long rows are kept after their commit, in microseconds (positive); None: for ever.
    pub fn retention_us(&self) -> Option<i64> {
        self.retention.age_us
    }

    /// How many stored bytes of rows are kept (positive); None: all.
    pub fn retention_bytes(&self) -> Option<u64> {
        self.retention.bytes
    }

    /// The user's columns as an Arrow schema.
    pub fn schema(&self) -> SchemaRef {
        schema_of(&self.columns)
    }

    /// The user's columns followed by the hidden ones ([`HIDDEN_COLUMNS`]; `_watermark` only with event time).
    pub fn schema_with_hidden(&self) -> SchemaRef {
        let mut fields: Vec<Field> = self.columns.iter().map(Column::field).collect();
        fields.push(Field::new(HIDDEN_COLUMNS[0], DataType::Int32, false));
        fields.push(Field::new(HIDDEN_COLUMNS[1], DataType::Int64, false));
        fields.push(Field::new(HIDDEN_COLUMNS[2], DataType::Int64, false));
        let commit_time = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
        fields.push(Field::new(HIDDEN_COLUMNS[3], commit_time, false));
        if let Some(watermark) = &self.watermark {
            let event_time = self.columns[watermark.column].data_type.clone();
            fields.push(Field::new(HIDDEN_COLUMNS[4], event_time, true));
        }
        Schema::new(fields).into()
    }
}

impl Column {
    /// The column as an Arrow field.
    pub fn field(&self) -> Field {
        self.sql_type.field_of(&self.name, self.data_type.clone(), self.nullable)
    }
}

fn schema_of(columns: &[Column]) -> SchemaRef {
    Schema::new(columns.iter().map(Column::field).collect::<Vec<_>>()).into()
}
