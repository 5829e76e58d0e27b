//! What a session gives the wire: prepared statements, answers, notices, and the trait that the wire drives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::common::ScalarValue;
use futures::stream::BoxStream;
use millstream_catalog::SqlType;
use millstream_sql::text::statement::CopyOptions;
use millstream_sql::types::environment::Environment;
use millstream_sql::{Parsed, SqlState};
use tokio::sync::{Notify, mpsc};

use crate::Result;

/// A statement that is parsed and, where it is a query, planned once.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The statement.
    pub parsed: Parsed,
    /// The types of `$1`, `$2`, … in order.
    pub parameter_types: Vec<SqlType>,
    /// The columns of its rows; None when it gives none.
    pub schema: Option<SchemaRef>,
}

/// What a statement answers.
pub enum Answer {
    /// Rows.
    Rows(Rows),
    /// A command tag: `INSERT 0 5`, `CREATE STREAM`, `BEGIN`.
    Done {
        /// The tag.
        tag: String,
    },
    /// The client shall send COPY data.
    CopyIn(CopyIn),
    /// Rows to be sent as COPY data.
    CopyOut {
        /// The rows.
        rows: Rows,
        /// How to write them.
        options: CopyOptions,
    },
    /// Nothing was said.
    Empty,
}

/// Rows as they come.
pub struct Rows {
    /// Their columns.
    pub schema: SchemaRef,
    /// The batches; dropping them stops the work.
    pub batches: BoxStream<'static, Result<RecordBatch>>,
    /// What the command tag says.
    pub tag: RowsTag,
    /// The rows come over time: each batch is to be flushed.
    pub live: bool,
    /// The settings that they are printed under.
    pub environment: Arc<Environment>,
}

/// The command tag of rows; only `Select`, `Fetch` and `Insert` say how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsTag {
    /// `SELECT n`
    Select,
    /// `FETCH n`
    Fetch,
    /// `INSERT 0 n` (RETURNING)
    Insert,
    /// `SHOW`
    Show,
    /// `EXPLAIN`
    Explain,
}

/// COPY … FROM STDIN under way.
pub struct CopyIn {
    /// The name of the target, for error contexts.
    pub relation: String,
    /// The named columns, in the order of the data; all nullable (NOT NULL is checked behind the sink).
    pub schema: SchemaRef,
    /// How to read the data.
    pub options: CopyOptions,
    /// The settings that values are read under.
    pub environment: Arc<Environment>,
    /// Where the rows go. Dropping it appends nothing.
    pub sink: Box<dyn CopySink>,
}

/// Takes the rows of a COPY and appends them as one commit.
#[async_trait]
pub trait CopySink: Send {
    /// Takes some rows; waits while there are too many.
    async fn batch(&mut self, batch: RecordBatch) -> Result<()>;
    /// Commits all rows and answers how many.
    async fn finish(self: Box<Self>) -> Result<u64>;
}

/// A NOTICE, WARNING or INFO to the client.
#[derive(Debug, Clone)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`.
    pub severity: &'static str,
    /// Its SQLSTATE.
    pub state: SqlState,
    /// The message.
    pub message: String,
    /// DETAIL.
    pub detail: Option<String>,
    /// HINT.
    pub hint: Option<String>,
}

/// Where a session's transaction stands: the byte of ReadyForQuery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionStatus {
    /// `I`
    Idle,
    /// `T`
    InTransaction,
    /// `E`
    Failed,
}

/// Stops the statement that a session is running. Cheap to clone; a cancel while nothing runs does nothing.
#[derive(Debug, Clone, Default)]
pub struct CancelHandle {
    shared: Arc<CancelState>,
}

#[derive(Debug, Default)]
struct CancelState {
    cancelled: AtomicBool,
    /// How many commits are under way: what is being made durable is not interrupted.
    holds: AtomicUsize,
    changed: Notify,
}

impl CancelHandle {
    /// Asks the running statement to stop with 57014.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Release);
        self.shared.changed.notify_waiters();
    }

    /// Forgets an earlier cancel: called when a statement begins.
    pub fn reset(&self) {
        self.shared.cancelled.store(false, Ordering::Release);
    }

    /// Whether the statement was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::Acquire)
    }

    /// Waits until the statement is cancelled, and no commit of it is under way.
    pub async fn cancelled(&self) {
        self.wait(|state| {
            state.cancelled.load(Ordering::Acquire) && state.holds.load(Ordering::Acquire) == 0
        })
        .await;
    }

    /// Waits for so long, and then for the end of a commit that is under way.
    pub async fn expired(&self, timeout: Duration) {
        tokio::time::sleep(timeout).await;
        self.wait(|state| state.holds.load(Ordering::Acquire) == 0).await;
    }

    /// Puts cancels and timeouts off until the answer is dropped: a client must not be told of a failure while its
    /// rows become durable (Postgres holds interrupts off in a commit, too).
    pub fn hold(&self) -> CancelHold {
        self.shared.holds.fetch_add(1, Ordering::AcqRel);
        CancelHold(self.shared.clone())
    }

    async fn wait(&self, is_so: impl Fn(&CancelState) -> bool) {
        loop {
            let notified = self.shared.changed.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if is_so(&self.shared) {
                return;
            }
            notified.await;
        }
    }
}

/// See [`CancelHandle::hold`].
pub struct CancelHold(Arc<CancelState>);

impl Drop for CancelHold {
    fn drop(&mut self) {
        self.0.holds.fetch_sub(1, Ordering::AcqRel);
        self.0.changed.notify_waiters();
    }
}

/// One connection's session, as the wire drives it. The wire stops a statement by dropping the future or the rows.
#[async_trait]
pub trait BackendSession: Send + 'static {
    /// The settings that values are read and printed under now.
    fn environment(&self) -> Arc<Environment>;
    /// The statements of a text.
    async fn parse(&mut self, sql: &str) -> Result<Vec<Parsed>>;
    /// Plans a statement; `hints` are the types that the client gave for `$1`, ….
    async fn prepare(&mut self, parsed: Parsed, hints: &[Option<SqlType>]) -> Result<Prepared>;
    /// Runs a statement.
    async fn run(&mut self, prepared: &Prepared, parameters: Vec<ScalarValue>) -> Result<Answer>;
    /// A statement that is not alone in its text (or before its Sync) begins: outside BEGIN they are one transaction.
    /// Does nothing while there is one.
    fn begin_implicit(&mut self);
    /// That text has ended; `ok` commits what it appended. Does nothing without such a transaction.
    async fn end_implicit(&mut self, ok: bool) -> Result<()>;
    /// The columns of a cursor that DECLARE opened: drivers describe it as they do a portal.
    fn cursor_schema(&self, _name: &str) -> Option<SchemaRef> {
        None
    }
    /// The statement that PREPARE or the protocol has prepared under a name: the two share their names.
    fn prepared(&self, _name: &str) -> Option<Prepared> {
        None
    }
    /// The protocol has prepared a statement: EXECUTE and DEALLOCATE shall know it.
    fn keep_prepared(&mut self, _name: &str, _prepared: &Prepared) {}
    /// The protocol has closed a prepared statement.
    fn forget_prepared(&mut self, _name: &str) {}
    /// Where the transaction stands.
    fn transaction_status(&self) -> TransactionStatus;
    /// A statement failed: an open transaction is now failed (25P02 until ROLLBACK).
    fn fail_statement(&mut self);
    /// Notices, also while a statement runs; taken once, at the start.
    fn notices(&mut self) -> mpsc::UnboundedReceiver<Notice>;
    /// The number by which clients name this session when they cancel it: `pg_backend_pid()`.
    fn set_process(&mut self, _process: i32) {}
    /// Stops the running statement from another task.
    fn cancel_handle(&self) -> CancelHandle;
    /// All settings that Postgres reports at start: `server_version`, `client_encoding`, ….
    fn reported_parameters(&self) -> Vec<(String, String)>;
    /// The reported settings that changed since this was last asked.
    fn changed_parameters(&mut self) -> Vec<(String, String)>;
}

/// What connections connect to.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The session type.
    type Session: BackendSession;
    /// Opens a session; 53300 when there are too many. `parameters` are the startup message's.
    async fn connect(
        &self,
        user: &str,
        database: &str,
        parameters: &[(String, String)],
    ) -> Result<Self::Session>;
}
