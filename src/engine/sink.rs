//! Sinks into streams: each change of an append-only view, or each row of a stream, becomes an append, exactly once.
//!
//! A sink's commit holds the rows and the position up to which its source is now copied. A position in the log is
//! as durable as the rows, so a restart goes on right after the last row that was copied. The source view's
//! checkpoints wait for its sinks, so the changes after a sink's position can always be made again; and since cuts
//! don't matter, a cut at that position separates what was copied from what was not.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use millstream_catalog::{Object, ObjectId};
use millstream_sql::SqlState;
use parking_lot::Mutex;
use tokio::task::JoinHandle;

use super::append::append_entry;
use super::feed::{Feed, News};
use super::job::Job;
use crate::log::{Durability, Log, Lsn, NewEntry, StreamTail};
use crate::view::{ChangeOp, Changes};
use crate::{Error, Result};

/// Rows that a sink copies in one commit, about.
const COPY_ROWS: usize = 1 << 16;
/// Bytes of them, about.
const COPY_BYTES: usize = 64 << 20;

/// The pause after the first refused commit; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// See [`FIRST_PAUSE`].
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A running sink.
pub struct SinkJob {
    /// The sink.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// What it reads.
    pub from: ObjectId,
    state: Arc<Mutex<SinkState>>,
    task: Mutex<Option<JoinHandle<()>>>,
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
        (sink, from): (&Object, ObjectId),
        target: Arc<Object>,
        source: Source,
        copied: Option<Lsn>,
    ) -> SinkJob {
        let state =
            Arc::new(Mutex::new(SinkState { copied_lsn: copied.unwrap_or(0), ..SinkState::default() }));
        let name = sink.name.to_string();
        let copier =
            Copier { sink: sink.id, name: name.clone(), target, log: log.clone(), state: state.clone() };
        let task = runtime.spawn(async move {
            match source {
                Source::View { job, feed } => copier.follow_view(&job, feed, copied).await,
                Source::Stream(tail) => copier.follow_stream(&tail, copied).await,
            }
        });
        SinkJob { id: sink.id, name, from, state, task: Mutex::new(Some(task)) }
    }

    /// Where it stands.
    pub fn state(&self) -> SinkState {
        self.state.lock().clone()
    }

    /// Stops it; a commit under way is whole or not there at all.
    pub(super) fn abort(&self) {
        self.task.lock().iter().for_each(JoinHandle::abort);
    }

    /// Stops it and waits until it has.
    pub(super) async fn stop(&self) {
        self.abort();
        let task = self.task.lock().take();
        if let Some(task) = task {
            // It ends by being aborted, which is no news.
            let _ = task.await;
        }
    }
}

struct Copier {
    sink: ObjectId,
    name: String,
    target: Arc<Object>,
    log: Log,
    state: Arc<Mutex<SinkState>>,
}

impl Copier {
    async fn follow_view(&self, job: &Job, mut feed: Feed, copied: Option<Lsn>) {
        let outcome = self.copy_view(job, &mut feed, copied).await;
        if self.failed(outcome) {
            // The view goes on; its checkpoints don't, so that what was not copied can be made again.
            feed.stall();
            std::future::pending().await
        }
    }

    async fn copy_view(&self, job: &Job, feed: &mut Feed, copied: Option<Lsn>) -> Result<()> {
        job.check(feed.first_version())?;
        let copied = match copied {
            Some(lsn) => lsn,
            None => {
                let version = feed.first_version().clone();
                self.copy(version.batches()?, version.lsn).await?;
                version.lsn
            }
        };
        while let Some(first) = feed.next().await {
            let (mut batches, mut rows, mut next) = (Vec::new(), 0, Some(first));
            let mut reached = copied;
            while let Some(news) = next {
                match news {
                    News::Progress(lsn) => reached = lsn,
                    News::Changes(changes) => {
                        reached = changes.lsn;
                        // A step ends at the position that was copied: all of it was, or nothing.
                        if changes.lsn > copied {
                            rows += inserted(job, &changes, &mut batches)?;
                        }
                    }
                }
                next = if rows < COPY_ROWS { feed.try_next() } else { None };
            }
            self.copy(batches, reached).await?;
            feed.delivered(reached);
        }
        match feed.failure().or_else(|| job.failure()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    async fn follow_stream(&self, tail: &StreamTail, copied: Option<Lsn>) {
        let outcome = self.copy_stream(tail, copied).await;
        self.failed(outcome);
    }

    /// A sink that has copied nothing yet begins with the rows that are held.
    async fn copy_stream(&self, tail: &StreamTail, copied: Option<Lsn>) -> Result<()> {
        let mut watch = self.log.watch();
        let mut at = copied.unwrap_or(0);
        loop {
            let synced = self.log.synced_lsn();
            while at < synced && tail.last_lsn() > at {
                if copied.is_some() || at > 0 {
                    tail.check_held(at)?;
                }
                let to = tail.cut(at, synced, COPY_ROWS, COPY_BYTES);
                let slices = tokio::task::block_in_place(|| tail.read(at, to))?;
                let batches = slices.into_iter().map(|slice| slice.batch).collect();
                self.copy(batches, to).await?;
                at = to;
            }
            at = at.max(synced);
            if watch.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    /// Notes why the sink stands still, if it does.
    fn failed(&self, outcome: Result<()>) -> bool {
        match outcome {
            Ok(()) | Err(Error::ShuttingDown) => false,
            Err(error) => {
                tracing::error!(sink = self.name, %error, "the sink has stopped");
                self.state.lock().failed = Some(error);
                true
            }
        }
    }

    /// One commit: the rows and the position. Without rows there is nothing to say, or every commit would make
    /// another. What the disk refuses is tried again until it is taken; rows that the target cannot take are final.
    async fn copy(&self, batches: Vec<RecordBatch>, lsn: Lsn) -> Result<()> {
        let mut rows = 0;
        let mut fitted = Vec::with_capacity(batches.len());
        for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
            rows += batch.num_rows() as u64;
            fitted.push(fit(&self.target, batch)?);
        }
        let mut pause = FIRST_PAUSE;
        while !fitted.is_empty() {
            let appends = fitted.iter().map(|batch| append_entry(&self.target, batch.clone()));
            let mut entries = appends.collect::<Result<Vec<_>>>()?;
            entries.push(NewEntry::SinkProgress { sink: self.sink, lsn });
            match self.log.commit(entries, Durability::Sync).await {
                Ok(_) => break,
                Err(error)
                    if matches!(error.state(), SqlState::DiskFull | SqlState::InsufficientResources) =>
                {
                    tracing::warn!(sink = self.name, %error, "the sink waits");
                    self.state.lock().failed = Some(error);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
        let mut state = self.state.lock();
        state.copied_lsn = state.copied_lsn.max(lsn);
        state.rows += rows;
        state.failed = None;
        Ok(())
    }
}

/// Adds the rows of a step, which has insertions only; answers how many.
fn inserted(job: &Job, changes: &Changes, batches: &mut Vec<RecordBatch>) -> Result<usize> {
    for change in &changes.batches {
        if change.ops.iter().any(|op| *op != ChangeOp::Insert) {
            return Err(Error::internal(format!("view \"{}\" took back a row that was copied", job.name)));
        }
        batches.push(change.batch.clone());
    }
    Ok(changes.batches.iter().map(|change| change.batch.num_rows()).sum())
}

/// The rows with the target's types, column by column.
fn fit(target: &Object, batch: &RecordBatch) -> Result<RecordBatch> {
    let schema = target.schema();
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let cast = |(column, field): (&ArrayRef, &Arc<arrow::datatypes::Field>)| {
        cast_with_options(column, field.data_type(), &options)
    };
    let columns = batch.columns().iter().zip(schema.fields()).map(cast).collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<_> =
        schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    Ok(RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), columns)?)
}
