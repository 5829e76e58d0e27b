//! What a user can say, once parsed.

use std::collections::BTreeMap;

use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Emit, QualifiedName};

/// A statement and the text it came from.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What it says.
    pub statement: Statement,
    /// Its own text, without the semicolon.
    pub text: String,
    /// Highest `$n` that it names, 0 for none.
    pub parameters: usize,
    /// The `$n` below the highest that it does not name: nothing gives them a type.
    pub unnamed_parameters: Vec<usize>,
}

/// A statement. Queries keep sqlparser's tree (names not yet resolved); all else is our own.
#[derive(Debug, Clone)]
pub enum Statement {
    /// SELECT, VALUES, TABLE, WITH: a batch query.
    Query(Box<ast::Query>),
    /// INSERT INTO target [(columns)] query.
    Insert(Insert),
    /// UPDATE or DELETE, on whatever: streams refuse it (42809).
    Mutate {
        /// `UPDATE` or `DELETE`.
        verb: &'static str,
        /// The relation it would change.
        target: QualifiedName,
    },
    /// CREATE STREAM.
    CreateStream(CreateStream),
    /// CREATE VIEW.
    CreateView(CreateView),
    /// CREATE MATERIALIZED VIEW.
    CreateMaterializedView(CreateMaterializedView),
    /// CREATE SINK name INTO target FROM source.
    CreateSink(CreateSink),
    /// DROP STREAM | VIEW | MATERIALIZED VIEW | SINK.
    Drop(Drop),
    /// ALTER STREAM name ADVANCE WATERMARK [TO 'timestamp'].
    AdvanceWatermark {
        /// The stream.
        stream: QualifiedName,
        /// The text of an expression that gives the timestamp (`'2013-01-01'`, `TIMESTAMP '2013-01-01'`, `$1`); None
        /// closes all windows that are open.
        to: Option<String>,
    },
    /// ALTER STREAM | MATERIALIZED VIEW name SET (option = value, …) | RESET (option, …).
    AlterOptions(AlterOptions),
    /// COPY target FROM STDIN.
    CopyFrom(CopyFrom),
    /// COPY (query | subscription) TO STDOUT, COPY relation TO STDOUT.
    CopyTo(CopyTo),
    /// SUBSCRIBE.
    Subscribe(Subscribe),
    /// EXPLAIN [ANALYZE] query | CREATE MATERIALIZED VIEW … | MATERIALIZED VIEW v.
    Explain(Explain),
    /// SHOW CREATE, SHOW STREAMS, SHOW x, DESCRIBE.
    Show(Show),
    /// SET [SESSION | LOCAL] name = value.
    Set {
        /// Lower-case name, dotted for `millstream.…`.
        name: String,
        /// The value as text; None for DEFAULT.
        value: Option<String>,
        /// SET LOCAL: until the transaction ends.
        local: bool,
    },
    /// RESET name; None for ALL.
    Reset(Option<String>),
    /// BEGIN / START TRANSACTION; true when READ ONLY.
    Begin {
        /// READ ONLY was said.
        read_only: bool,
    },
    /// COMMIT / END.
    Commit,
    /// ROLLBACK / ABORT.
    Rollback,
    /// SAVEPOINT name.
    Savepoint(String),
    /// RELEASE [SAVEPOINT] name.
    Release(String),
    /// ROLLBACK TO [SAVEPOINT] name.
    RollbackTo(String),
    /// DECLARE name CURSOR FOR query | subscription.
    Declare {
        /// The cursor's name.
        name: String,
        /// What it reads.
        source: CursorSource,
        /// WITH HOLD: outlives the transaction.
        hold: bool,
    },
    /// FETCH [FORWARD] [count | ALL | NEXT] [FROM | IN] name [WITH (timeout = '1s')].
    Fetch {
        /// The cursor's name.
        name: String,
        /// How many rows; None for ALL.
        count: Option<u64>,
        /// How long to wait for rows of a subscription, in milliseconds; None: until there is at least one.
        timeout_ms: Option<u64>,
    },
    /// MOVE [FORWARD] [count | ALL | NEXT] [FROM | IN] name.
    Move {
        /// The cursor's name.
        name: String,
        /// How many rows are passed; None for ALL.
        count: Option<u64>,
    },
    /// CLOSE name; None for ALL.
    Close(Option<String>),
    /// PREPARE name AS statement.
    Prepare {
        /// Its name.
        name: String,
        /// The statement, its text and its parameters.
        prepared: Box<Parsed>,
        /// The types of its parameters as far as they were given, in order.
        types: Vec<ast::DataType>,
    },
    /// EXECUTE name(arguments).
    Execute {
        /// Its name.
        name: String,
        /// Literal arguments as expressions.
        arguments: Vec<ast::Expr>,
    },
    /// DEALLOCATE name; None for ALL.
    Deallocate(Option<String>),
    /// DISCARD ALL and its kin.
    Discard,
    /// FLUSH: accepted, does nothing, since every read is current.
    Flush,
    /// CHECKPOINT: writes a checkpoint of every view now.
    Checkpoint,
    /// LOCK TABLE
    Lock(Lock),
    /// VACUUM, ANALYZE, REFRESH and their kin: answered with a NOTICE that says why they are not needed.
    Needless(Needless),
    /// ALTER … name RENAME TO new name.
    Rename(Rename),
    /// COMMENT ON object IS text.
    Comment(Comment),
    /// LISTEN, UNLISTEN and others that tools send and that change nothing here: the command tag.
    Ignored(&'static str),
    /// An empty statement.
    Empty,
}

/// INSERT.
#[derive(Debug, Clone)]
pub struct Insert {
    /// The stream.
    pub target: QualifiedName,
    /// The named columns, in order; empty for all.
    pub columns: Vec<String>,
    /// VALUES or SELECT; None for DEFAULT VALUES.
    pub source: Option<Box<ast::Query>>,
    /// RETURNING items as written; empty for none.
    pub returning: Vec<ast::SelectItem>,
}

/// A column of CREATE STREAM, its type not yet resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDefinition {
    /// Folded name.
    pub name: String,
    /// As written.
    pub data_type: ast::DataType,
    /// NOT NULL was said.
    pub not_null: bool,
    /// DEFAULT expression.
    pub default: Option<ast::Expr>,
}

/// CREATE STREAM.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateStream {
    /// Its name.
    pub name: QualifiedName,
    /// IF NOT EXISTS was said.
    pub if_not_exists: bool,
    /// In order.
    pub columns: Vec<ColumnDefinition>,
    /// Column name and expression of WATERMARK FOR … AS ….
    pub watermark: Option<(String, ast::Expr)>,
    /// Column names.
    pub partition_by: Vec<String>,
    /// WITH options by lower-case name, values as plain text.
    pub options: BTreeMap<String, String>,
}

/// CREATE [OR REPLACE] VIEW.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    /// Its name.
    pub name: QualifiedName,
    /// OR REPLACE was said.
    pub or_replace: bool,
    /// IF NOT EXISTS was said.
    pub if_not_exists: bool,
    /// Column names given in parentheses, empty for none.
    pub columns: Vec<String>,
    /// The query.
    pub query: Box<ast::Query>,
}

/// CREATE MATERIALIZED VIEW.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateMaterializedView {
    /// Its name.
    pub name: QualifiedName,
    /// OR REPLACE was said.
    pub or_replace: bool,
    /// IF NOT EXISTS was said.
    pub if_not_exists: bool,
    /// Column names given in parentheses, empty for none.
    pub columns: Vec<String>,
    /// The query, without EMIT.
    pub query: Box<ast::Query>,
    /// EMIT ON UPDATE | ON WINDOW CLOSE.
    pub emit: Emit,
    /// WITH options by lower-case name, values as plain text.
    pub options: BTreeMap<String, String>,
}

/// CREATE SINK name INTO target FROM source.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSink {
    /// Its name.
    pub name: QualifiedName,
    /// IF NOT EXISTS was said.
    pub if_not_exists: bool,
    /// The relation that is read.
    pub from: QualifiedName,
    /// The stream that is written.
    pub into: SinkTarget,
    /// WITH options by lower-case name.
    pub options: BTreeMap<String, String>,
}

/// Where a sink writes to.
#[derive(Debug, Clone, PartialEq)]
pub enum SinkTarget {
    /// A stream (or table) of this database.
    Relation(QualifiedName),
    /// A URL: not built yet, 0A000.
    External(String),
}

/// The kinds of object that statements name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// STREAM
    Stream,
    /// VIEW
    View,
    /// MATERIALIZED VIEW
    MaterializedView,
    /// SINK
    Sink,
    /// TABLE: not built yet.
    Table,
}

/// DROP.
#[derive(Debug, Clone)]
pub struct Drop {
    /// The kind that was said.
    pub kind: ObjectKind,
    /// IF EXISTS was said.
    pub if_exists: bool,
    /// What to drop.
    pub names: Vec<QualifiedName>,
    /// CASCADE was said.
    pub cascade: bool,
}

/// ALTER … SET (…) or RESET (…).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterOptions {
    /// The kind that was said.
    pub kind: ObjectKind,
    /// IF EXISTS was said.
    pub if_exists: bool,
    /// The object.
    pub name: QualifiedName,
    /// Options with new values, by lower-case name, as plain text.
    pub set: BTreeMap<String, String>,
    /// Options that go back to their defaults, by lower-case name.
    pub reset: Vec<String>,
}

/// LOCK TABLE in a mode that a reader or a writer of rows takes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The relations, which must be there.
    pub names: Vec<QualifiedName>,
}

/// A statement of maintenance that is not needed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needless {
    /// Its command tag.
    pub tag: &'static str,
    /// Why it is not needed.
    pub reason: &'static str,
    /// The relations that it names, which must be there.
    pub names: Vec<QualifiedName>,
}

/// ALTER STREAM | VIEW | MATERIALIZED VIEW | SINK | TABLE name RENAME TO new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The kind that was said.
    pub kind: ObjectKind,
    /// IF EXISTS was said.
    pub if_exists: bool,
    /// The object.
    pub name: QualifiedName,
    /// Its new name, in the same schema.
    pub to: String,
}

/// COMMENT ON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What is commented.
    pub on: CommentTarget,
    /// The text; None for NULL, which takes the comment away.
    pub text: Option<String>,
}

/// What a comment is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentTarget {
    /// A relation, by the kind that was said.
    Relation(ObjectKind, QualifiedName),
    /// A column of a relation.
    Column(QualifiedName, String),
    /// The database, a schema, a function: things that keep no comments here.
    Other(String),
}

/// The formats of COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CopyFormat {
    /// Tab-separated with backslash escapes.
    #[default]
    Text,
    /// Comma-separated with quotes.
    Csv,
    /// Postgres's binary format: a signature, then counted fields.
    Binary,
}

/// The options of COPY, with Postgres's defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOptions {
    /// FORMAT.
    pub format: CopyFormat,
    /// HEADER: the first line is skipped (FROM) or written (TO).
    pub header: bool,
    /// DELIMITER: tab in text, comma in CSV.
    pub delimiter: u8,
    /// NULL: `\N` in text, empty and unquoted in CSV.
    pub null: String,
    /// QUOTE, CSV only.
    pub quote: u8,
    /// ESCAPE, CSV only.
    pub escape: u8,
    /// HEADER MATCH (FROM): the names in the first line must be those of the columns.
    pub header_match: bool,
    /// FORCE_QUOTE (TO, CSV): columns whose values are always quoted.
    pub force_quote: ForcedColumns,
    /// FORCE_NOT_NULL (FROM, CSV): columns in which the NULL string is a value.
    pub force_not_null: ForcedColumns,
    /// FORCE_NULL (FROM, CSV): columns in which the NULL string is NULL even where it is quoted.
    pub force_null: ForcedColumns,
}

/// The columns that a FORCE option of COPY names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ForcedColumns {
    /// The option was not given.
    #[default]
    None,
    /// `*`
    All,
    /// By name.
    Named(Vec<String>),
}

impl ForcedColumns {
    /// Whether a column is one of them.
    pub fn contains(&self, name: &str) -> bool {
        match self {
            ForcedColumns::None => false,
            ForcedColumns::All => true,
            ForcedColumns::Named(names) => names.iter().any(|known| known == name),
        }
    }

    /// The names that were given.
    pub fn names(&self) -> &[String] {
        match self {
            ForcedColumns::None | ForcedColumns::All => &[],
            ForcedColumns::Named(names) => names,
        }
    }
}

impl CopyOptions {
    /// The defaults of a format.
    pub fn new(format: CopyFormat) -> Self {
        let csv = format == CopyFormat::Csv;
        Self {
            format,
            header: false,
            delimiter: if csv { b',' } else { b'\t' },
            null: if csv { String::new() } else { "\\N".to_owned() },
            quote: b'"',
            escape: b'"',
            header_match: false,
            force_quote: ForcedColumns::None,
            force_not_null: ForcedColumns::None,
            force_null: ForcedColumns::None,
        }
    }
}

/// COPY target FROM STDIN.
#[derive(Debug, Clone)]
pub struct CopyFrom {
    /// The stream.
    pub target: QualifiedName,
    /// Named columns in order, empty for all.
    pub columns: Vec<String>,
    /// How to read the data.
    pub options: CopyOptions,
}

/// COPY … TO STDOUT.
#[derive(Debug, Clone)]
pub struct CopyTo {
    /// What is written.
    pub source: CopySource,
    /// How to write it.
    pub options: CopyOptions,
}

/// What COPY TO writes.
#[derive(Debug, Clone)]
pub enum CopySource {
    /// The rows of a query (or of a relation, as `SELECT columns FROM relation`).
    Query(Box<ast::Query>),
    /// The changes of a subscription, live.
    Subscribe(Subscribe),
}

/// What a cursor reads.
#[derive(Debug, Clone)]
pub enum CursorSource {
    /// The rows of a query.
    Query(Box<ast::Query>),
    /// The changes of a subscription.
    Subscribe(Subscribe),
}

/// SUBSCRIBE [TO] name | (query) [WITH (snapshot = …, progress = …)] [AS OF LSN n] [UP TO LSN m].
#[derive(Debug, Clone)]
pub struct Subscribe {
    /// What is followed.
    pub source: SubscribeSource,
    /// The present contents come first; default true.
    pub snapshot: bool,
    /// Progress rows are wanted; default false.
    pub progress: bool,
    /// Start after this LSN.
    pub as_of: Option<u64>,
    /// End after this LSN.
    pub up_to: Option<u64>,
}

/// What a subscription follows.
#[derive(Debug, Clone)]
pub enum SubscribeSource {
    /// A materialized view or a stream.
    Relation(QualifiedName),
    /// A query, run as a temporary view.
    Query(Box<ast::Query>),
}

/// EXPLAIN.
#[derive(Debug, Clone)]
pub struct Explain {
    /// What is explained.
    pub what: Explained,
    /// FORMAT JSON was said; of queries only.
    pub json: bool,
}

/// What EXPLAIN shows.
#[derive(Debug, Clone)]
pub enum Explained {
    /// The batch plan of a query; with ANALYZE it is run.
    Query {
        /// The query.
        query: Box<ast::Query>,
        /// ANALYZE was said.
        analyze: bool,
        /// VERBOSE was said.
        verbose: bool,
    },
    /// The batch plan of a prepared query.
    Execute {
        /// The prepared statement.
        name: String,
        /// Its arguments.
        arguments: Vec<ast::Expr>,
        /// ANALYZE was said.
        analyze: bool,
        /// VERBOSE was said.
        verbose: bool,
    },
    /// The streaming plan that a view would have.
    Create(CreateMaterializedView),
    /// The streaming plan of a view that stands; with ANALYZE, with its running figures.
    MaterializedView {
        /// The view.
        name: QualifiedName,
        /// ANALYZE was said.
        analyze: bool,
    },
}

/// SHOW and DESCRIBE.
#[derive(Debug, Clone)]
pub enum Show {
    /// SHOW CREATE [kind] name.
    Create(QualifiedName),
    /// SHOW STREAMS.
    Streams,
    /// SHOW TABLES.
    Tables,
    /// SHOW VIEWS: both kinds.
    Views,
    /// SHOW MATERIALIZED VIEWS.
    MaterializedViews,
    /// SHOW SINKS.
    Sinks,
    /// SHOW JOBS: views and sinks with their progress.
    Jobs,
    /// SHOW SNAPSHOTS [FROM name]: what is held of materialized views, or of one.
    Snapshots(Option<QualifiedName>),
    /// SHOW COLUMNS FROM name, DESCRIBE name.
    Columns(QualifiedName),
    /// SHOW ALL.
    All,
    /// SHOW setting.
    Setting(String),
}
