//! Sinks into streams: each change of an append-only view, or each row of a stream, becomes an append, exactly once.
//!
//! A sink's commit holds the rows and the position up to which its source is now copied. A position in the log is
//! as durable as the rows, so a restart goes on right after the last row that was copied. The source view's
//! checkpoints wait for its sinks, so the changes after a sink's position can always be made again; and since cuts
//! don't matter, a cut at that position separates what was copied from what was not.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use millstream_catalog::{Object, ObjectId};
use parking_lot::Mutex;
use tokio::task::JoinHandle;

use super::append::append_entry;
use super::feed::{Feed, News};
use super::job::Job;
use crate::log::{Durability, Log, Lsn, NewEntry, StreamTail};
use crate::view::ChangeOp;
use crate::{Error, Result};

/// Rows that a sink copies from a stream in one commit at most.
const COPY_ROWS: usize = 1 << 16;

/// A running sink.
pub struct SinkJob {
    /// The sink.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    state: Arc<Mutex<SinkState>>,
    task: JoinHandle<()>,
}

/// Where a sink stands.
#[derive(Debug, Clone, Default)]
pub struct SinkState {
    /// The LSN of the source up to which all is copied.
    pub copied_lsn: Lsn,
    /// Rows copied since the start of the server.
    pub rows: u64,
    /// Why it stands still, if it does.
    pub failed: Option<Error>,
}

/// What a sink reads.
pub(super) enum Source {
    /// A view: the feed began at this version.
    View { job: Arc<Job>, feed: Feed },
    /// A stream.
    Stream(Arc<StreamTail>),
}

impl SinkJob {
    /// Starts copying after `copied`, or from the source's beginning where nothing was copied yet.
    pub(super) fn start(
        runtime: &tokio::runtime::Handle,
        log: &Log,
        sink: &Object,
        target: Arc<Object>,
        source: Source,
        copied: Option<Lsn>,
    ) -> SinkJob {
        let state = Arc::new(Mutex::new(SinkState { copied_lsn: copied.unwrap_or(0), ..SinkState::default() }));
        let copier = Copier { sink: sink.id, target, log: log.clone(), state: state.clone() };
        let name = sink.name.to_string();
        let logged = name.clone();
        let task = runtime.spawn(async move {
            let failed = copier.state.clone();
            let outcome = match source {
                Source::View { job, feed } => copier.follow_view(&job, feed, copied).await,
                Source::Stream(tail) => copier.follow_stream(&tail, copied.unwrap_or(0)).await,
            };
            match outcome {
                Ok(()) | Err(Error::ShuttingDown) => {}
                Err(error) => {
                    tracing::error!(sink = logged, %error, "the sink has stopped");
                    failed.lock().failed = Some(error);
                }
            }
        });
        SinkJob { id: sink.id, name, state, task }
    }

    /// Where it stands.
    pub fn state(&self) -> SinkState {
        self.state.lock().clone()
    }

    /// Stops it between two commits' acknowledgements; a commit under way is whole or not there at all.
    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

struct Copier {
    sink: ObjectId,
    target: Arc<Object>,
    log: Log,
    state: Arc<Mutex<SinkState>>,
}

impl Copier {
    async fn follow_view(&self, job: &Job, mut feed: Feed, copied: Option<Lsn>) -> Result<()> {
        let copied = match copied {
            Some(lsn) => lsn,
            None => {
                let version = feed.first_version().clone();
                self.copy(version.batches()?, version.lsn).await?;
                version.lsn
            }
        };
        while let Some(news) = feed.next().await {
            match news {
                News::Progress(lsn) => feed.delivered(lsn),
                News::Changes(changes) => {
                    if changes.lsn > copied {
                        let mut batches = Vec::with_capacity(changes.batches.len());
                        for change in &changes.batches {
                            if change.ops.iter().any(|op| *op != ChangeOp::Insert) {
                                let message = format!("view \"{}\" took back a row that was copied", job.name);
                                return Err(Error::internal(message));
                            }
                            batches.push(change.batch.clone());
                        }
                        self.copy(batches, changes.lsn).await?;
                    }
                    feed.delivered(changes.lsn);
                }
            }
        }
        Ok(())
    }

    async fn follow_stream(&self, tail: &StreamTail, copied: Lsn) -> Result<()> {
        let mut watch = self.log.watch();
        let mut at = copied;
        loop {
            let synced = self.log.synced_lsn();
            while at < synced && tail.last_lsn() > at {
                let to = tail.cut(at, synced, COPY_ROWS);
                let batches = tail.read(at, to).into_iter().map(|slice| slice.batch).collect();
                self.copy(batches, to).await?;
                at = to;
            }
            at = at.max(synced);
            if watch.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    /// One commit: the rows and the position. Without rows there is nothing to say, or every commit would make
    /// another.
    async fn copy(&self, batches: Vec<RecordBatch>, lsn: Lsn) -> Result<()> {
        let mut entries = Vec::with_capacity(batches.len() + 1);
        let mut rows = 0;
        for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
            rows += batch.num_rows() as u64;
            entries.push(append_entry(&self.target, fit(&self.target, batch)?)?);
        }
        if !entries.is_empty() {
            entries.push(NewEntry::SinkProgress { sink: self.sink, lsn });
            self.log.commit(entries, Durability::Sync).await?;
        }
        let mut state = self.state.lock();
        state.copied_lsn = lsn;
        state.rows += rows;
        Ok(())
    }
}

/// The rows with the target's types, column by column.
fn fit(target: &Object, batch: &RecordBatch) -> Result<RecordBatch> {
    let schema = target.schema();
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let cast = |(column, field): (&ArrayRef, &Arc<arrow::datatypes::Field>)| {
        cast_with_options(column, field.data_type(), &options)
    };
    let columns = batch.columns().iter().zip(schema.fields()).map(cast).collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    Ok(RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), columns)?)
}
