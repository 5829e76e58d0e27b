//! A job: the thread that keeps one materialized view up to date with the log.
//!
//! ```text
//!  log ──(after..b]──► Flow::step ──► ViewWriter::apply ──► version (readers), changes (subscribers)
//!                                            └─ every checkpoint_interval, and at a clean stop ──► checkpoint
//! ```
//!
//! When the view is behind, a step takes up to `step_rows` rows; when it is level, one group of commits. A reader
//! that needs the view at one exact LSN asks for a cut there ([`Job::version_at`]); since cuts don't matter, this
//! changes no answer. A job lags alone: it never holds up the log or another job.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::SchemaRef;
use millstream_catalog::ObjectId;
use millstream_sql::flow_plan::FlowPlan;
use millstream_sql::{SqlError, SqlState};
use parking_lot::Mutex;
use tokio::sync::watch;

use super::feed::{Feed, Feeds};
use crate::checkpoint::{Checkpoint, CheckpointStore};
use crate::flow::{Flow, LateRows, OperatorStats, SourceDelta, SourceRows};
use crate::log::{Log, Lsn};
use crate::view::{Version, ViewReader, ViewWriter};
use crate::{Error, Result};

/// How often a job that is level looks whether it shall stop or write a checkpoint.
const IDLE: Duration = Duration::from_millis(25);

/// How long a checkpoint waits for sinks.
const SINK_PATIENCE: Duration = Duration::from_secs(2);

/// What a job needs of its surroundings.
#[derive(Clone)]
pub(super) struct JobContext {
    pub log: Log,
    pub pool: Arc<rayon::ThreadPool>,
    pub checkpoints: Arc<CheckpointStore>,
    pub runtime: tokio::runtime::Handle,
    pub shards: usize,
    pub step_rows: usize,
    pub checkpoint_interval: Duration,
}

/// The definition that a job runs.
#[derive(Clone)]
pub(super) struct JobSpec {
    pub id: ObjectId,
    pub name: String,
    pub schema: SchemaRef,
    pub plan: Arc<FlowPlan>,
    /// False for the temporary view of a `SUBSCRIBE (query)`.
    pub durable: bool,
    /// Whether to look for a checkpoint: a view that is just being made has none.
    pub restored: bool,
}

/// The handle of a running job.
pub struct Job {
    /// The view.
    pub id: ObjectId,
    /// Its name when the job started.
    pub name: String,
    /// Columns of its contents.
    pub schema: SchemaRef,
    /// What it computes.
    pub plan: Arc<FlowPlan>,
    /// LSN of the checkpoint that it was restored from, 0 when it began at the start of the log.
    pub restored_lsn: Lsn,
    log: Log,
    reader: ViewReader,
    feeds: Feeds,
    published: watch::Sender<Lsn>,
    control: Mutex<Control>,
    stats: Mutex<JobStats>,
}

/// Figures of a running job.
#[derive(Debug, Clone, Default)]
pub struct JobStats {
    /// Rows of the log taken since the job started.
    pub rows: u64,
    /// Steps run since the job started.
    pub steps: u64,
    /// Time spent in steps.
    pub busy: Duration,
    /// For each operator of the plan.
    pub operators: Vec<OperatorStats>,
    /// Rows left out of windows that were closed.
    pub late: LateRows,
    /// LSN of the newest checkpoint, 0 for none.
    pub checkpoint_lsn: Lsn,
}

#[derive(Default)]
struct Control {
    stop: Option<Stop>,
    cuts: BTreeSet<Lsn>,
    checkpoint_wanted: bool,
    failed: Option<Error>,
    ended: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The server stops: write a last checkpoint.
    Checkpoint,
    /// The view is dropped.
    Discard,
}

impl Job {
    /// Restores a job from its newest checkpoint, or sets it to the start of the log where there is none that
    /// fits. It runs once its [`Runner`] is spawned: until then followers can join and ask for cuts.
    pub(super) fn restore(context: &JobContext, spec: JobSpec) -> Result<(Arc<Job>, Runner)> {
        let checkpoint = match spec.restored {
            true => newest_fitting(context, &spec)?,
            false => None,
        };
        let key = spec.plan.root.key.clone();
        let append_only = spec.plan.root.append_only;
        let mut restored_lsn = 0;
        let (flow, writer, reader) = match checkpoint {
            Some(checkpoint) => {
                restored_lsn = checkpoint.lsn;
                let flow = Flow::restore(&spec.plan, context.shards, checkpoint.states)?;
                let (writer, reader) = ViewWriter::restore(
                    spec.schema.clone(),
                    key,
                    append_only,
                    checkpoint.contents,
                    checkpoint.lsn,
                    checkpoint.commit_time,
                    checkpoint.watermark,
                )?;
                (flow, writer, reader)
            }
            None => {
                let (writer, reader) = ViewWriter::new(spec.schema.clone(), key, append_only)?;
                (Flow::new(&spec.plan, context.shards)?, writer, reader)
            }
        };
        let job = Arc::new(Job {
            id: spec.id,
            name: spec.name.clone(),
            schema: spec.schema.clone(),
            plan: spec.plan.clone(),
            restored_lsn,
            log: context.log.clone(),
            reader,
            feeds: Feeds::default(),
            published: watch::Sender::new(restored_lsn),
            control: Mutex::default(),
            stats: Mutex::new(JobStats { checkpoint_lsn: restored_lsn, late: flow.late(), ..JobStats::default() }),
        });
        let runner = Runner {
            job: job.clone(),
            context: context.clone(),
            durable: spec.durable,
            flow,
            writer,
            started: restored_lsn > 0,
            dirty: false,
            last_checkpoint: Instant::now(),
            writing: None,
        };
        Ok((job, runner))
    }

    /// The newest published version, whatever its LSN.
    pub fn newest(&self) -> Arc<Version> {
        self.reader.version()
    }

    /// Point look-ups by key.
    pub fn reader(&self) -> &ViewReader {
        &self.reader
    }

    /// Figures now.
    pub fn stats(&self) -> JobStats {
        self.stats.lock().clone()
    }

    /// Why the view stands still, if it does.
    pub fn failure(&self) -> Option<Error> {
        self.control.lock().failed.clone()
    }

    /// Rows of the log that the view has not taken yet.
    pub fn rows_behind(&self) -> u64 {
        let at = self.reader.version().lsn;
        let synced = self.log.synced_lsn();
        let tails = self.plan.streams.iter().filter_map(|id| self.log.stream(*id));
        tails.map(|tail| tail.rows_between(at, synced)).sum()
    }

    /// Waits until the view reflects all commits up to `lsn`, and answers that version or a newer one.
    pub async fn version_from(&self, lsn: Lsn) -> Result<Arc<Version>> {
        let mut published = self.published.subscribe();
        loop {
            let version = self.reader.version();
            if version.lsn >= lsn || (version.lsn > 0 && self.level_at(version.lsn)) {
                return Ok(version);
            }
            if let Some(error) = self.stopped() {
                return Err(error);
            }
            // The sender lives in self, so this cannot end before the job does.
            let _ = published.changed().await;
        }
    }

    /// Waits for the version at exactly this LSN. None when the view is past it and holds it no more: the caller
    /// takes a newer LSN.
    pub async fn version_at(&self, lsn: Lsn) -> Result<Option<Arc<Version>>> {
        self.control.lock().cuts.insert(lsn);
        let mut published = self.published.subscribe();
        loop {
            let version = self.reader.version();
            if version.lsn == lsn {
                return Ok(Some(version));
            }
            if version.lsn > lsn {
                return Ok(self.reader.version_at(lsn));
            }
            if let Some(error) = self.stopped() {
                return Err(error);
            }
            let _ = published.changed().await;
        }
    }

    /// Follows the view: its contents at some LSN, and every change after it.
    pub fn follow(&self) -> Feed {
        self.feeds.join(|| self.reader.version())
    }

    /// Asks for a checkpoint soon.
    pub(super) fn want_checkpoint(&self) {
        self.control.lock().checkpoint_wanted = true;
    }

    /// Makes the job cut its steps at this LSN.
    pub fn cut_at(&self, lsn: Lsn) {
        self.control.lock().cuts.insert(lsn);
    }

    /// Ends the job, with a last checkpoint, and waits for it.
    pub(super) fn stop(&self) {
        self.end(Stop::Checkpoint);
    }

    /// Ends a job that nobody needs any more, without waiting.
    pub fn abandon(&self) {
        self.control.lock().stop = Some(Stop::Discard);
    }

    /// Ends the job of a dropped view, and waits for it.
    pub(super) fn discard(&self) {
        self.end(Stop::Discard);
    }

    fn end(&self, stop: Stop) {
        self.control.lock().stop = Some(stop);
        while !self.control.lock().ended {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether no commit after `lsn` touched a stream of this view.
    fn level_at(&self, lsn: Lsn) -> bool {
        let mut tails = self.plan.streams.iter().filter_map(|id| self.log.stream(*id));
        tails.all(|tail| tail.last_lsn() <= lsn)
    }

    fn stopped(&self) -> Option<Error> {
        let control = self.control.lock();
        if let Some(error) = &control.failed {
            let message = format!("materialized view \"{}\" has stopped: {error}", self.name);
            let hint = "drop the view and create it again with a query that its input cannot break";
            return Some(SqlError::new(error.state(), message).with_hint(hint).into());
        }
        match control.stop {
            Some(Stop::Checkpoint) => Some(Error::ShuttingDown),
            Some(Stop::Discard) => {
                let message = format!("materialized view \"{}\" was dropped", self.name);
                Some(SqlError::new(SqlState::UndefinedTable, message).into())
            }
            None => None,
        }
    }
}

/// The newest checkpoint of a view, unless its plan has changed since: then the view starts over, and says so.
fn newest_fitting(context: &JobContext, spec: &JobSpec) -> Result<Option<Checkpoint>> {
    let Some(checkpoint) = context.runtime.block_on(context.checkpoints.newest(spec.id))? else {
        return Ok(None);
    };
    if checkpoint.fingerprint != spec.plan.fingerprint {
        tracing::warn!(view = spec.name, "the plan has changed since the checkpoint: recomputing from the log");
        return Ok(None);
    }
    if checkpoint.lsn > context.log.synced_lsn() {
        let message = format!(
            "the checkpoint of materialized view \"{}\" is at LSN {}, past the end of the log ({})",
            spec.name,
            checkpoint.lsn,
            context.log.synced_lsn()
        );
        return Err(SqlError::new(SqlState::DataCorrupted, message).into());
    }
    Ok(Some(checkpoint))
}

/// The thread's side of a job.
pub(super) struct Runner {
    job: Arc<Job>,
    context: JobContext,
    durable: bool,
    flow: Flow,
    writer: ViewWriter,
    /// A first step has run: it emits what a query over nothing gives (`count(*)` is 0).
    started: bool,
    /// The view has taken rows since its last checkpoint.
    dirty: bool,
    last_checkpoint: Instant,
    writing: Option<tokio::task::JoinHandle<Result<Lsn>>>,
}

impl Runner {
    /// Starts the job's thread.
    pub(super) fn spawn(self) -> Result<()> {
        let name = self.job.name.clone();
        std::thread::Builder::new()
            .name(format!("view {name}"))
            .spawn(move || self.run())
            .map(drop)
            .map_err(|error| Error::io("starting a thread for", name, &error))
    }

    fn run(mut self) {
        let job = self.job.clone();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.work()));
        let error = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(panic) => Some(Error::internal(format!("a step panicked: {}", panic_text(panic.as_ref())))),
        };
        let mut control = job.control.lock();
        if let Some(error) = error {
            tracing::error!(view = job.name, %error, "the view has stopped");
            control.failed = Some(error);
        }
        control.ended = true;
        drop(control);
        job.feeds.close();
        job.published.send_modify(|_| ());
    }

    fn work(&mut self) -> Result<()> {
        loop {
            let stop = self.job.control.lock().stop;
            match stop {
                Some(Stop::Discard) => return Ok(()),
                Some(Stop::Checkpoint) => return self.last_checkpoint(),
                None => {}
            }
            let at = self.job.reader.version().lsn;
            let limit = self.limit(at);
            if at < limit || !self.started {
                self.advance(at, limit)?;
            }
            self.checkpoint_if_due()?;
            if self.job.reader.version().lsn >= self.context.log.synced_lsn() {
                self.context.log.wait_past(self.job.reader.version().lsn, IDLE);
            }
        }
    }

    /// How far the next step may go: to the synced end of the log, or to the next cut asked for.
    fn limit(&self, at: Lsn) -> Lsn {
        let synced = self.context.log.synced_lsn();
        let mut control = self.job.control.lock();
        control.cuts = control.cuts.split_off(&(at + 1));
        control.cuts.first().map_or(synced, |cut| synced.min(*cut))
    }

    fn advance(&mut self, at: Lsn, limit: Lsn) -> Result<()> {
        let log = &self.context.log;
        let tails: Vec<_> = self.job.plan.streams.iter().filter_map(|id| Some((*id, log.stream(*id)?))).collect();
        let touched = tails.iter().any(|(_, tail)| tail.last_lsn() > at);
        if !touched && self.started {
            let watermark = self.writer.version().watermark;
            self.job.feeds.publish(limit, |_| {
                self.writer.publish_lsn(limit, log.commit_time(limit).unwrap_or(0), watermark)?;
                Ok(None)
            })?;
            self.job.published.send_replace(limit);
            return Ok(());
        }
        let to = tails.iter().map(|(_, tail)| tail.cut(at, limit, self.context.step_rows)).min().unwrap_or(limit);
        let begun = Instant::now();
        let mut rows = 0;
        let mut sources = Vec::with_capacity(tails.len());
        for (stream, tail) in &tails {
            let mut slices: Vec<Box<dyn SourceRows>> = Vec::new();
            for slice in tail.read(at, to) {
                rows += slice.batch.num_rows() as u64;
                slices.push(Box::new(slice));
            }
            sources.push(SourceDelta { stream: *stream, watermark: tail.watermark_at(to), slices });
        }
        let flow = &mut self.flow;
        let output = self.context.pool.install(|| flow.step(sources))?;
        let commit_time = log.commit_time(to).unwrap_or(0);
        let writer = &mut self.writer;
        self.job.feeds.publish(to, |wanted| {
            writer.apply(output.deltas, to, commit_time, output.watermark, wanted)
        })?;
        self.job.published.send_replace(to);
        self.started = true;
        self.dirty = true;
        let mut stats = self.job.stats.lock();
        stats.rows += rows;
        stats.steps += 1;
        stats.busy += begun.elapsed();
        // The figures of operators walk all state: at each step while steps are large, else now and then.
        if rows > 10_000 || stats.steps % 64 == 1 {
            stats.operators = self.flow.stats();
        }
        stats.late = self.flow.late();
        Ok(())
    }

    fn checkpoint_if_due(&mut self) -> Result<()> {
        if let Some(writing) = self.writing.take_if(|task| task.is_finished()) {
            self.finish_write(writing)?;
        }
        let wanted = std::mem::take(&mut self.job.control.lock().checkpoint_wanted);
        let due = self.last_checkpoint.elapsed() >= self.context.checkpoint_interval;
        if !self.durable || !self.dirty || self.writing.is_some() || !(wanted || due) || !self.started {
            return Ok(());
        }
        self.last_checkpoint = Instant::now();
        if !self.sinks_have_caught_up() {
            return Ok(());
        }
        let checkpoint = self.checkpoint()?;
        self.dirty = false;
        let store = self.context.checkpoints.clone();
        self.writing = Some(self.context.runtime.spawn(async move {
            Ok(store.write(&checkpoint).await?.lsn)
        }));
        Ok(())
    }

    /// A sink that has not committed what it was handed must find it again after a restart, so a checkpoint waits for
    /// it. No step is run meanwhile, so a sink that is alive gets there; one that stands still holds checkpoints
    /// up, never the view.
    fn sinks_have_caught_up(&self) -> bool {
        let begun = Instant::now();
        while !self.job.feeds.all_delivered() {
            if begun.elapsed() > SINK_PATIENCE {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }

    fn last_checkpoint(&mut self) -> Result<()> {
        if let Some(writing) = self.writing.take() {
            self.finish_write(writing)?;
        }
        if self.durable && self.dirty && self.started && self.sinks_have_caught_up() {
            let checkpoint = self.checkpoint()?;
            self.context.runtime.block_on(self.context.checkpoints.write(&checkpoint))?;
        }
        Ok(())
    }

    /// A checkpoint that cannot be written is no reason to stop the view: the next one may succeed.
    fn finish_write(&mut self, writing: tokio::task::JoinHandle<Result<Lsn>>) -> Result<()> {
        match self.context.runtime.block_on(writing) {
            Ok(Ok(lsn)) => self.job.stats.lock().checkpoint_lsn = lsn,
            Ok(Err(error)) => {
                self.dirty = true;
                tracing::error!(view = self.job.name, %error, "a checkpoint could not be written");
            }
            Err(error) => return Err(Error::internal(format!("the checkpoint writer failed: {error}"))),
        }
        Ok(())
    }

    fn checkpoint(&self) -> Result<Checkpoint> {
        let version = self.job.reader.version();
        Ok(Checkpoint {
            view: self.job.id,
            name: self.job.name.clone(),
            lsn: version.lsn,
            commit_time: version.commit_time,
            watermark: version.watermark,
            fingerprint: self.job.plan.fingerprint,
            schema: self.job.schema.clone(),
            key: self.job.plan.root.key.clone(),
            contents: version.batches()?,
            states: self.flow.checkpoint()?,
        })
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
