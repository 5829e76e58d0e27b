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
use millstream_catalog::{ObjectId, Retention};
use millstream_sql::plan::{FlowPlan, Node, Operator};
use millstream_sql::{SqlError, SqlState};
use parking_lot::Mutex;
use tokio::sync::watch;

use super::feed::{Delivery, Feed, Feeds};
use super::footprint::Footprint;
use crate::checkpoint::{Capture, Checkpoint, CheckpointInfo, CheckpointStore, Head, Saved};
use crate::env::Plant;
use crate::flow::{
    ErrorRow, Flow, LateRows, OperatorState, OperatorStats, Place, SourceDelta, SourceRows, StateKind,
};
use crate::log::{Log, Lsn, StreamTail};
use crate::memory::MemoryBudget;
use crate::view::{HeldErrors, Version, ViewReader, ViewWriter, batch_bytes};
use crate::{Error, Result};

/// Name of the state with the errors of rows, kept under the plan's root.
pub(crate) const ERRORS: &str = "errors";

/// How often a job that is level looks whether it shall stop or write a checkpoint.
const IDLE: Duration = Duration::from_millis(25);

/// How long a view that cannot read its rows waits before it tries again.
const STALL: Duration = Duration::from_millis(250);

/// How long the last checkpoint of a clean stop waits for sinks.
const SINK_PATIENCE: Duration = Duration::from_secs(2);

/// How often a checkpoint that waits for sinks looks again.
const SINK_POLL: Duration = Duration::from_millis(5);

/// Steps of fewer rows run on the job's own thread: they would not be forked, and should not queue behind the large
/// steps of other views.
const POOL_ROWS: usize = 4096;

/// How often the figures of a view's operators are taken.
const STATS_INTERVAL: Duration = Duration::from_millis(100);

/// Bytes of rows that a step takes at most, unless a single commit has more.
const STEP_BYTES: usize = 256 << 20;

/// A checkpoint is due no sooner than after so many times what the last one took.
const CHECKPOINT_SHARE: u32 = 10;

/// What a job needs of its surroundings.
#[derive(Clone)]
pub(crate) struct JobContext {
    pub log: Log,
    pub pool: Arc<rayon::ThreadPool>,
    pub checkpoints: Arc<CheckpointStore>,
    pub runtime: tokio::runtime::Handle,
    pub shards: usize,
    pub step_rows: usize,
    pub checkpoint_interval: Duration,
    pub memory: Arc<MemoryBudget>,
    /// Jobs have no threads of their own: whoever calls [`Runner::turn`] waits for checkpoints too.
    pub driven: bool,
    /// Bugs that a test plants.
    pub plants: Vec<Plant>,
}

/// The definition that a job runs.
#[derive(Clone)]
pub(crate) struct JobSpec {
    pub id: ObjectId,
    pub name: String,
    pub schema: SchemaRef,
    pub plan: Arc<FlowPlan>,
    /// False for the temporary view of a `SUBSCRIBE (query)`.
    pub durable: bool,
    /// Whether to look for a checkpoint: a view that is just being made has none.
    pub restored: bool,
    /// How often it is stored, if not as often as all others.
    pub snapshot_interval: Option<Duration>,
    /// Whose errors its readers are not given.
    pub left_out: LeftOut,
}

/// The operators whose errors are no errors of the view: `on_error = 'skip'` was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LeftOut {
    /// All: the view itself says so.
    All,
    /// Those of views that it reads.
    Operators(BTreeSet<usize>),
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
    snapshot_interval: Mutex<Option<Duration>>,
    left_out: Mutex<LeftOut>,
    /// Why it takes no more rows, and whether it has contents: it was made under other semantics.
    standing: Option<(Error, bool)>,
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
    /// LSN of the oldest checkpoint that is kept, 0 for none.
    pub oldest_checkpoint_lsn: Lsn,
    /// The newest checkpoint.
    pub checkpoint: Option<CheckpointInfo>,
    /// How long it took to be written; zero for one of an earlier server.
    pub checkpoint_time: Duration,
}

#[derive(Default)]
struct Control {
    stop: Option<Stop>,
    cuts: BTreeSet<Lsn>,
    checkpoint_wanted: bool,
    /// The newest checkpoint cannot be read back: the next one writes everything.
    checkpoint_damaged: bool,
    failed: Option<Error>,
    /// Why it cannot read on for now; it tries again.
    stalled: Option<Error>,
    ended: bool,
}

/// A job's flow and contents, empty or from a checkpoint.
struct Start {
    flow: Flow,
    writer: ViewWriter,
    reader: ViewReader,
    /// The checkpoint; None: nothing was restored.
    saved: Option<Saved>,
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
    /// fits. It runs once its [`Runner`] is spawned: until then followers can join and ask for cuts. An error means
    /// that the plan cannot be run at all.
    pub(crate) fn restore(context: &JobContext, spec: JobSpec) -> Result<(Arc<Job>, Runner)> {
        let restored = match spec.restored {
            true => restored(context, &spec)?,
            false => None,
        };
        let start = match restored {
            Some(start) => start,
            None => {
                let (writer, reader) = empty_view(&spec)?;
                Start { flow: Flow::new(&spec.plan, context.shards)?, writer, reader, saved: None }
            }
        };
        let lsn = start.saved.as_ref().map_or(0, Saved::lsn);
        let mut start = start;
        let mut footprint = Footprint::new(&context.memory);
        if let Err(error) = footprint.measure(&spec.name, &start.flow, &start.writer, 0) {
            start.writer.clear();
            return Err(error);
        }
        let job = Job::new(context, &spec, start.reader, lsn, start.flow.late());
        if spec.restored {
            // Where that is not known, all is held back until the next checkpoint.
            let oldest = context.runtime.block_on(context.checkpoints.oldest_lsn(spec.id));
            job.stats.lock().oldest_checkpoint_lsn = oldest.ok().flatten().unwrap_or(0).min(lsn);
        }
        job.stats.lock().checkpoint = start.saved.as_ref().map(Saved::info);
        let runner = Runner {
            job: job.clone(),
            context: context.clone(),
            durable: spec.durable,
            flow: start.flow,
            writer: start.writer,
            started: lsn > 0,
            saved: start.saved,
            footprint,
            dirty: false,
            last_checkpoint: Instant::now(),
            checkpoint_time: Duration::ZERO,
            writing: None,
            last_stats: (Instant::now(), Duration::ZERO),
            stats_are_old: false,
        };
        Ok((job, runner))
    }

    /// The job of a view that cannot be run: it answers every reader with the error, and can be dropped.
    pub(super) fn broken(context: &JobContext, spec: &JobSpec, error: Error) -> Result<Arc<Job>> {
        let (_, reader) = empty_view(spec)?;
        let job = Job::new(context, spec, reader, 0, LateRows::default());
        job.finish(Some(error));
        Ok(job)
    }

    /// The job of a view that was made under earlier semantics and cannot be computed anew: it has the contents of its newest
    /// checkpoint, if there is one, for whoever does not ask for the newest commits.
    pub(super) fn standing(
        context: &JobContext,
        spec: &JobSpec,
        checkpoint: Option<Checkpoint>,
        error: Error,
    ) -> Result<Arc<Job>> {
        let has_contents = checkpoint.is_some();
        let (reader, lsn) = match checkpoint {
            Some(Checkpoint { head, contents, states, .. }) => {
                let append_only = head.key.is_none();
                let (mut writer, reader) = ViewWriter::restore(
                    head.schema,
                    head.key,
                    append_only,
                    contents,
                    head.lsn,
                    head.commit_time,
                    head.watermark,
                )?;
                if let Some(errors) = states.iter().find(|state| state.name == ERRORS) {
                    writer.hold_errors(HeldErrors::from_batch(&errors.batch)?);
                }
                (reader, head.lsn)
            }
            None => (empty_view(spec)?.1, 0),
        };
        let job = Job::new(context, spec, reader, lsn, LateRows::default());
        let mut job = Arc::into_inner(job).ok_or_else(|| Error::internal("a new job is in use"))?;
        job.standing = Some((error.clone(), has_contents));
        let job = Arc::new(job);
        job.finish(Some(error));
        Ok(job)
    }

    fn new(
        context: &JobContext,
        spec: &JobSpec,
        reader: ViewReader,
        restored_lsn: Lsn,
        late: LateRows,
    ) -> Arc<Job> {
        Arc::new(Job {
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
            stats: Mutex::new(JobStats { checkpoint_lsn: restored_lsn, late, ..JobStats::default() }),
            snapshot_interval: Mutex::new(spec.snapshot_interval),
            left_out: Mutex::new(spec.left_out.clone()),
            standing: None,
        })
    }

    /// The end of the job, for whichever reason: who waits for it goes on.
    fn finish(&self, error: Option<Error>) {
        let mut control = self.control.lock();
        if let Some(error) = error {
            tracing::error!(view = self.name, %error, "the view has stopped");
            control.failed = Some(error);
        }
        control.ended = true;
        drop(control);
        self.feeds.close();
        self.published.send_modify(|_| ());
    }

    /// The newest published version, whatever its LSN; an error for a view that gave its rows up.
    pub fn readable(&self) -> Result<Arc<Version>> {
        // The version first: what is looked at later cannot have been given up before.
        let version = self.reader.version();
        if let Some((error, false)) = &self.standing {
            return Err(error.clone());
        }
        self.out_of_memory().map_or(Ok(version), Err)
    }

    /// The newest published version, whatever its LSN; it is empty for a view that gave its rows up.
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

    /// Up to this LSN a restart needs no rows, even if it has to pass over the newest checkpoint.
    pub(super) fn floor_lsn(&self) -> Lsn {
        self.stats.lock().oldest_checkpoint_lsn
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
        // A segment that cannot be read stops the view, which says so by itself.
        tails.filter_map(|tail| tail.rows_between(at, synced).ok()).sum()
    }

    /// Whether it will take no more rows, also after a restart: one that is out of memory, or whose checkpoint could not be
    /// read just then or by this server, goes on.
    pub(super) fn stands_still_for_good(&self) -> bool {
        let passing = [SqlState::IoError, SqlState::FeatureNotSupported];
        let passes = |error: &Error| is_out_of_memory(error) || passing.contains(&error.state());
        self.failure().is_some_and(|error| !passes(&error))
    }

    /// Notes that a checkpoint was read back whole: no restart will have to pass over it.
    fn note_whole(&self, lsn: Lsn) {
        let mut stats = self.stats.lock();
        stats.oldest_checkpoint_lsn = stats.oldest_checkpoint_lsn.max(lsn);
    }

    /// Why the view stands still, for good or until its rows can be read again.
    pub fn trouble(&self) -> Option<Error> {
        let control = self.control.lock();
        control.failed.clone().or_else(|| control.stalled.clone())
    }

    fn is_ending(&self) -> bool {
        self.control.lock().stop.is_some()
    }

    /// Why the view cannot say what its query gives now: it was made under other semantics.
    pub fn outdated(&self) -> Option<&Error> {
        self.standing.as_ref().map(|(error, _)| error)
    }

    /// Waits until the view reflects all commits up to `lsn`, and answers that version or a newer one.
    pub async fn version_from(&self, lsn: Lsn) -> Result<Arc<Version>> {
        if let Some(error) = self.outdated() {
            return Err(error.clone());
        }
        let mut published = self.published.subscribe();
        loop {
            let version = self.readable()?;
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
            let version = self.readable()?;
            if version.lsn == lsn {
                return Ok(Some(version));
            }
            if version.lsn > lsn {
                return Ok(self.reader.version_at(lsn));
            }
            if let Some(error) = self.outdated() {
                return if self.level_at(version.lsn) { Ok(Some(version)) } else { Err(error.clone()) };
            }
            if let Some(error) = self.stopped() {
                return Err(error);
            }
            let _ = published.changed().await;
        }
    }

    /// Follows the view: its contents at some LSN, and every change after it.
    pub fn follow(&self) -> Feed {
        self.feeds.join(false, || self.reader.version())
    }

    /// The same for a sink, for which checkpoints wait.
    pub(super) fn follow_as_sink(&self) -> Feed {
        self.feeds.join(true, || self.reader.version())
    }

    /// Asks for a checkpoint soon.
    pub(crate) fn want_checkpoint(&self) {
        self.control.lock().checkpoint_wanted = true;
    }

    /// Changes how often the view is stored; `None`: as often as all others.
    pub(super) fn set_snapshot_interval(&self, interval: Option<Duration>) {
        *self.snapshot_interval.lock() = interval;
    }

    /// Changes whose errors readers are not given.
    pub(super) fn set_left_out(&self, left_out: LeftOut) {
        *self.left_out.lock() = left_out;
    }

    /// The error that a read of a version gives, if it holds one: that of the least place.
    pub fn check(&self, version: &Version) -> Result<()> {
        self.check_errors(version.errors())
    }

    /// The same for the errors of a snapshot.
    pub(crate) fn check_errors(&self, errors: &HeldErrors) -> Result<()> {
        let Some(error) = self.least_error(errors) else { return Ok(()) };
        let detail =
            format!("materialized view \"{}\" fails at {}", self.name, self.shown_place(&error.place));
        let hint = "the view goes on without that row; with on_error = 'skip' reads leave it out";
        Err(error.error().with_detail(detail).with_hint(hint).into())
    }

    /// The error of a row that the newest version gives to readers, in words.
    pub fn row_trouble(&self) -> Option<String> {
        let version = self.newest();
        let error = self.least_error(version.errors())?;
        Some(format!("{} at {}", error.message, self.shown_place(&error.place)))
    }

    fn least_error<'a>(&self, errors: &'a HeldErrors) -> Option<&'a ErrorRow> {
        if errors.count() == 0 {
            return None;
        }
        match &*self.left_out.lock() {
            LeftOut::All => None,
            LeftOut::Operators(left_out) => {
                let mut counting = errors.iter().filter(|(error, _)| !left_out.contains(&error.operator));
                counting.next().map(|(error, _)| error)
            }
        }
    }

    /// A place as people read it: `row 0:17 of stream "bids", commit 23`.
    pub fn shown_place(&self, place: &Place) -> String {
        match place {
            Place::Row { lsn, stream, partition, offset, .. } => {
                let name = stream_name(&self.plan.root, *stream).unwrap_or("?");
                format!("row {partition}:{offset} of stream \"{name}\", commit {lsn}")
            }
            Place::Derived(text) => format!("the row with {text}"),
        }
    }

    /// Makes the job cut its steps at this LSN.
    pub fn cut_at(&self, lsn: Lsn) {
        self.control.lock().cuts.insert(lsn);
    }

    /// Asks the job to end with a last checkpoint.
    pub(crate) fn want_stop(&self) {
        self.control.lock().stop = Some(Stop::Checkpoint);
    }

    /// Ends a job that nobody needs any more, without waiting.
    pub fn abandon(&self) {
        self.control.lock().stop = Some(Stop::Discard);
    }

    /// Ends the job of a dropped view, and waits for it.
    pub(super) fn discard(&self) {
        self.abandon();
        self.wait_for_end();
    }

    /// Waits until the job has ended. Blocks.
    pub(super) fn wait_for_end(&self) {
        while !self.control.lock().ended {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether no commit after `lsn` touched a stream of this view.
    fn level_at(&self, lsn: Lsn) -> bool {
        let mut tails = self.plan.streams.iter().filter_map(|id| self.log.stream(*id));
        tails.all(|tail| tail.last_lsn() <= lsn)
    }

    /// Set for a view that gave its rows up, and cannot be read.
    fn out_of_memory(&self) -> Option<Error> {
        self.control.lock().failed.clone().filter(is_out_of_memory)
    }

    fn stopped(&self) -> Option<Error> {
        let control = self.control.lock();
        if let Some(error) = &control.failed {
            if is_out_of_memory(error) {
                return Some(error.clone());
            }
            let message = format!("materialized view \"{}\" has stopped: {error}", self.name);
            let hint = "drop the view and create it again with a query that its input cannot break";
            return Some(SqlError::new(error.state(), message).with_hint(hint).into());
        }
        if let (Some(error), None) = (&control.stalled, control.stop) {
            let message =
                format!("materialized view \"{}\" cannot read what it is to show: {error}", self.name);
            let hint = "it tries again and again, and goes on by itself";
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

/// The name of a stream, as the plan has it.
pub(crate) fn stream_name(node: &Node, wanted: ObjectId) -> Option<&str> {
    match &node.operator {
        Operator::Source { stream, name, .. } if *stream == wanted => Some(name),
        _ => node.inputs.iter().find_map(|input| stream_name(input, wanted)),
    }
}

/// Whether the view stopped because the memory of all views is used up.
fn is_out_of_memory(error: &Error) -> bool {
    error.state() == SqlState::OutOfMemory
}

fn empty_view(spec: &JobSpec) -> Result<(ViewWriter, ViewReader)> {
    ViewWriter::new(spec.schema.clone(), spec.plan.root.key.clone(), spec.plan.root.append_only)
}

/// A job as its newest checkpoint has it. A checkpoint that is missing, damaged or of another plan costs time, not
/// data: the log has everything. Where retention has removed rows that is not so, and it is an error.
fn restored(context: &JobContext, spec: &JobSpec) -> Result<Option<Start>> {
    let start = newest_fitting(context, spec).and_then(|checkpoint| {
        let Some(checkpoint) = checkpoint else { return Ok(None) };
        let Checkpoint { head, contents, states, dead, saved } = checkpoint;
        let (errors, states): (Vec<_>, Vec<_>) = states.into_iter().partition(|state| state.name == ERRORS);
        let flow = Flow::restore(&spec.plan, context.shards, states)?;
        let (mut writer, reader) = ViewWriter::restore(
            spec.schema.clone(),
            spec.plan.root.key.clone(),
            spec.plan.root.append_only,
            contents,
            head.lsn,
            head.commit_time,
            head.watermark,
        )?;
        if let Some(errors) = errors.first() {
            writer.hold_errors(HeldErrors::from_batch(&errors.batch)?);
        }
        if !writer.stored(saved.places(), &dead) {
            tracing::warn!(
                view = spec.name,
                "the view's rows are not where its checkpoint has them: the next one writes all"
            );
        }
        Ok(Some(Start { flow, writer, reader, saved: Some(saved) }))
    });
    let error = match start {
        Ok(start) => return Ok(start),
        // Of a format that this server does not know: it may be replaced by nobody but the one that wrote it.
        Err(error) if error.state() == SqlState::FeatureNotSupported => return Err(error),
        Err(error) => error,
    };
    let tails = spec.plan.streams.iter().filter_map(|id| context.log.stream(*id));
    if let Some(removed) = tails.map(|tail| tail.removed_lsn()).max().filter(|lsn| *lsn > 0) {
        let message = format!(
            "no checkpoint of \"{}\" can be used, and retention has removed rows up to commit {removed}: {error}",
            spec.name
        );
        let hint = match error {
            Error::Io { .. } => {
                "start the server again once the checkpoint can be read: nothing is removed until then"
            }
            _ => "drop the view and create it again: it then begins with the rows that are held",
        };
        return Err(SqlError::new(error.state(), message).with_hint(hint).into());
    }
    tracing::error!(view = spec.name, %error, "no checkpoint can be used: recomputing from the log");
    Ok(None)
}

/// The newest checkpoint of a view that is of its plan and of this log.
fn newest_fitting(context: &JobContext, spec: &JobSpec) -> Result<Option<Checkpoint>> {
    let Some(checkpoint) =
        context.runtime.block_on(context.checkpoints.newest(spec.id, context.log.log_id()))?
    else {
        return Ok(None);
    };
    if checkpoint.head.fingerprint != spec.plan.fingerprint {
        let message = "the plan has changed since the checkpoint";
        return Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).into());
    }
    if checkpoint.head.lsn > context.log.synced_lsn() {
        let (at, end) = (checkpoint.head.lsn, context.log.synced_lsn());
        let message = format!("the checkpoint is at LSN {at}, past the end of the log ({end})");
        return Err(SqlError::new(SqlState::DataCorrupted, message).into());
    }
    Ok(Some(checkpoint))
}

/// A checkpoint being written, and how long it takes; None: a sink did not get there, so nothing was written.
type Writing = tokio::task::JoinHandle<Result<Option<(Saved, Duration)>>>;

/// The thread's side of a job.
pub(crate) struct Runner {
    job: Arc<Job>,
    context: JobContext,
    durable: bool,
    flow: Flow,
    writer: ViewWriter,
    /// A first step has run: it emits what a query over nothing gives (`count(*)` is 0).
    started: bool,
    /// The checkpoint that the next one adds to; None: the next one writes everything.
    saved: Option<Saved>,
    /// How much memory flow and view take.
    footprint: Footprint,
    /// The view has taken rows since its last checkpoint.
    dirty: bool,
    last_checkpoint: Instant,
    /// How long the last checkpoint took to be written.
    checkpoint_time: Duration,
    writing: Option<Writing>,
    /// When the operators' figures were last taken, and how long that took.
    last_stats: (Instant, Duration),
    /// Steps have run since.
    stats_are_old: bool,
}

impl Drop for Runner {
    /// A runner that never ran must not leave anybody waiting.
    fn drop(&mut self) {
        if !self.job.control.lock().ended {
            self.job.finish(Some(Error::internal("the view's thread was never started")));
        }
    }
}

impl Runner {
    /// Starts the job's thread. Where that fails the view is there, and says why it stands still.
    pub(super) fn spawn(self) {
        let job = self.job.clone();
        let spawned =
            std::thread::Builder::new().name(format!("view {}", job.name)).spawn(move || self.run());
        if let Err(error) = spawned {
            job.finish(Some(Error::io("starting a thread for", job.name.clone(), &error)));
        }
    }

    fn run(mut self) {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.work()));
        let error = match outcome {
            Ok(outcome) => outcome.err(),
            Err(panic) => Some(Error::internal(format!("a step panicked: {}", panic_text(panic.as_ref())))),
        };
        let gives_up = error.as_ref().is_some_and(is_out_of_memory);
        // Nobody may take the empty view for its contents.
        self.job.finish(error);
        if gives_up {
            // What it holds is for the others.
            self.writer.clear();
        }
    }

    fn work(&mut self) -> Result<()> {
        while self.turn()? {
            if self.job.control.lock().stalled.is_some() {
                std::thread::sleep(STALL);
                continue;
            }
            let at = self.job.reader.version().lsn;
            if at >= self.context.log.synced_lsn() && self.context.log.wait_past(at, IDLE) <= at {
                // A log that is closed does not wait.
                if self.context.log.closed().is_some() {
                    std::thread::sleep(IDLE);
                }
            }
        }
        Ok(())
    }

    /// One step, if there is something to do, and a checkpoint if it is due. Does not wait for the log. False: the job
    /// is at its end.
    pub(crate) fn turn(&mut self) -> Result<bool> {
        let stop = self.job.control.lock().stop;
        match stop {
            Some(Stop::Discard) => return self.discard_checkpoint().map(|()| false),
            Some(Stop::Checkpoint) => return self.last_checkpoint().map(|()| false),
            None => {}
        }
        let at = self.job.reader.version().lsn;
        let limit = self.limit(at);
        if at < limit || !self.started {
            self.advance(at, limit)?;
        }
        self.checkpoint_if_due()?;
        self.refresh_stats();
        Ok(true)
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
        let tails: Vec<_> =
            self.job.plan.streams.iter().filter_map(|id| Some((*id, log.stream(*id)?))).collect();
        let touched = tails.iter().any(|(_, tail)| tail.last_lsn() > at);
        if !touched && self.started {
            let watermark = self.writer.version().watermark;
            self.job.feeds.publish(limit, |_| {
                self.writer.publish_lsn(limit, log.commit_time(limit).unwrap_or(0), watermark)?;
                Ok((None, None))
            })?;
            self.job.published.send_replace(limit);
            return Ok(());
        }
        if self.started {
            tails.iter().try_for_each(|(_, tail)| tail.check_held(at))?;
        }
        let step_rows = self.footprint.step_rows(self.context.step_rows);
        let cut = |(_, tail): &(_, Arc<StreamTail>)| tail.cut(at, limit, step_rows, STEP_BYTES);
        let to = tails.iter().map(cut).min().unwrap_or(limit);
        let begun = Instant::now();
        let (sources, rows) = match sources(&tails, at, to) {
            Ok(read) => read,
            // Nothing was taken yet, so it can be tried again; a disk or a store that fails may do so for a while only.
            Err(error @ Error::Io { .. }) if !self.context.driven => {
                self.stall(error);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if self.job.control.lock().stalled.take().is_some() {
            tracing::info!(view = self.job.name, "the view goes on");
        }
        let flow = &mut self.flow;
        let output = match rows < POOL_ROWS {
            true => flow.step(sources)?,
            false => self.context.pool.install(|| flow.step(sources))?,
        };
        let commit_time = log.commit_time(to).unwrap_or(0);
        let pending = output.deltas.iter().map(|delta| batch_bytes(&delta.batch)).sum();
        self.footprint.watch(rows, &self.job.name, &self.flow, &self.writer, pending)?;
        // Before the version: who waits for that sees the rows that it left out.
        self.job.stats.lock().late = self.flow.late();
        let (job, writer) = (&self.job, &mut self.writer);
        job.feeds.publish(to, |wanted| {
            writer.take_errors(output.errors)?;
            let changes = writer.apply(output.deltas, to, commit_time, output.watermark, wanted)?;
            Ok((changes, job.check(&writer.version()).err()))
        })?;
        self.job.published.send_replace(to);
        self.footprint.watch(0, &self.job.name, &self.flow, &self.writer, 0)?;
        self.started = true;
        self.dirty = true;
        self.stats_are_old = true;
        let mut stats = self.job.stats.lock();
        stats.rows += rows as u64;
        stats.steps += 1;
        stats.busy += begun.elapsed();
        Ok(())
    }

    /// Notes why the view cannot read on, for those who wait for it.
    fn stall(&self, error: Error) {
        let mut control = self.job.control.lock();
        if control.stalled.is_none() {
            tracing::error!(view = self.job.name, %error, "the view cannot read on for now");
        }
        control.stalled = Some(error);
        drop(control);
        self.job.published.send_modify(|_| ());
    }

    /// The figures of the operators, which walk all state: now and then, and for a small share of the time.
    fn refresh_stats(&mut self) {
        let begun = Instant::now();
        let (taken, took) = self.last_stats;
        if self.stats_are_old && begun - taken > STATS_INTERVAL.max(took * 100) {
            self.job.stats.lock().operators = self.flow.stats();
            self.last_stats = (begun, begun.elapsed());
            self.stats_are_old = false;
        }
    }

    fn checkpoint_if_due(&mut self) -> Result<()> {
        if let Some(writing) = self.writing.take_if(|task| task.is_finished()) {
            self.finish_write(writing)?;
        }
        let (wanted, is_damaged) = {
            let mut control = self.job.control.lock();
            if !self.dirty && self.writing.is_none() {
                control.checkpoint_wanted = false;
            }
            // One that is being written may name what is damaged: it is dealt with after that.
            let is_damaged = self.writing.is_none() && std::mem::take(&mut control.checkpoint_damaged);
            (control.checkpoint_wanted, is_damaged)
        };
        if is_damaged {
            (self.saved, self.dirty) = (None, true);
        }
        let said = self.job.snapshot_interval.lock().unwrap_or(self.context.checkpoint_interval);
        let interval = said.max(self.checkpoint_time * CHECKPOINT_SHARE);
        let due = self.last_checkpoint.elapsed() >= interval;
        if due && !self.dirty && self.writing.is_none() {
            self.read_back();
        }
        if !self.durable || !self.dirty || self.writing.is_some() || !(wanted || due) || !self.started {
            return Ok(());
        }
        self.last_checkpoint = Instant::now();
        if self.job.feeds.delivered(Lsn::MAX) == Delivery::Stalled {
            return Ok(());
        }
        self.job.control.lock().checkpoint_wanted = false;
        let capture = match self.capture() {
            Ok(capture) => capture,
            Err(error) => {
                tracing::error!(view = self.job.name, %error, "a checkpoint could not be made");
                return Ok(());
            }
        };
        self.dirty = false;
        let (store, job) = (self.context.checkpoints.clone(), self.job.clone());
        let runtime = self.context.runtime.clone();
        self.writing = Some(self.context.runtime.spawn(async move {
            // A sink that has not committed what it was handed must find it again after a restart.
            loop {
                match job.feeds.delivered(capture.head.lsn) {
                    Delivery::Done => break,
                    Delivery::Under if !job.is_ending() => tokio::time::sleep(SINK_POLL).await,
                    Delivery::Under | Delivery::Stalled => return Ok(None),
                }
            }
            // Encoding takes long, and a local store blocks.
            let write = move || {
                let begun = Instant::now();
                let saved = runtime.block_on(store.write(&capture))?;
                Ok(Some((saved, begun.elapsed())))
            };
            let written = tokio::task::spawn_blocking(write).await;
            written.map_err(|error| Error::internal(format!("the checkpoint writer failed: {error}")))?
        }));
        match self.writing.take_if(|_| self.context.driven) {
            Some(writing) => self.finish_write(writing),
            None => Ok(()),
        }
    }

    /// Checks the newest checkpoint of a view that is at rest, if retention waits for the next one: there may be none for
    /// long.
    fn read_back(&mut self) {
        let (oldest, newest) = {
            let stats = self.job.stats.lock();
            (stats.oldest_checkpoint_lsn, stats.checkpoint_lsn)
        };
        let mut tails = self.job.plan.streams.iter().filter_map(|id| self.context.log.stream(*id));
        if oldest == newest || !tails.any(|tail| tail.retention() != Retention::default()) {
            return;
        }
        self.last_checkpoint = Instant::now();
        let (store, job) = (self.context.checkpoints.clone(), self.job.clone());
        let runtime = self.context.runtime.clone();
        // A local store blocks.
        self.context.runtime.spawn_blocking(move || {
            match runtime.block_on(store.read_back(job.id, newest)) {
                Ok(()) => job.note_whole(newest),
                Err(error) => {
                    tracing::error!(view = job.name, %error, "the newest checkpoint cannot be read back");
                    job.control.lock().checkpoint_damaged = matches!(error, Error::Corrupt { .. });
                }
            }
        });
    }

    /// Whether the sinks have dealt with everything, after waiting for them for a while.
    fn sinks_have_caught_up(&self) -> bool {
        let begun = Instant::now();
        loop {
            match self.job.feeds.delivered(Lsn::MAX) {
                Delivery::Done => return true,
                Delivery::Under if begun.elapsed() < SINK_PATIENCE => std::thread::sleep(SINK_POLL),
                Delivery::Under | Delivery::Stalled => return false,
            }
        }
    }

    /// A checkpoint under way must not appear after those of the view were removed.
    fn discard_checkpoint(&mut self) -> Result<()> {
        self.writing.take().map_or(Ok(()), |writing| self.finish_write(writing))
    }

    fn last_checkpoint(&mut self) -> Result<()> {
        if let Some(writing) = self.writing.take() {
            self.finish_write(writing)?;
        }
        if self.durable && self.dirty && self.started && self.sinks_have_caught_up() {
            let begun = Instant::now();
            let written = self
                .capture()
                .and_then(|capture| self.context.runtime.block_on(self.context.checkpoints.write(&capture)));
            match written {
                Ok(saved) => self.note_checkpoint(saved, begun.elapsed()),
                // The next start goes on from the one before.
                Err(error) => {
                    tracing::error!(view = self.job.name, %error, "the last checkpoint could not be written");
                }
            }
        }
        Ok(())
    }

    /// A checkpoint that cannot be written is no reason to stop the view: the next one may succeed. It writes everything, as
    /// what this one was to store is known no more.
    fn finish_write(&mut self, writing: Writing) -> Result<()> {
        match self.context.runtime.block_on(writing) {
            Ok(Ok(Some((saved, took)))) => self.note_checkpoint(saved, took),
            Ok(Ok(None)) => self.dirty = true,
            Ok(Err(error)) => {
                self.dirty = true;
                tracing::error!(view = self.job.name, %error, "a checkpoint could not be written");
            }
            Err(error) => return Err(Error::internal(format!("the checkpoint writer failed: {error}"))),
        }
        Ok(())
    }

    /// The next checkpoint adds to this one.
    fn note_checkpoint(&mut self, saved: Saved, took: Duration) {
        let info = saved.info();
        tracing::debug!(
            view = self.job.name,
            lsn = info.lsn,
            base = info.base,
            written_bytes = info.written_bytes,
            written_files = info.written_files,
            written_rows = info.written_rows,
            ?took,
            "checkpoint"
        );
        let mut stats = self.job.stats.lock();
        // The one before is kept.
        stats.oldest_checkpoint_lsn = stats.checkpoint_lsn;
        stats.checkpoint_lsn = info.lsn;
        stats.checkpoint = Some(info);
        stats.checkpoint_time = took;
        drop(stats);
        self.checkpoint_time = took;
        self.saved = Some(saved);
    }

    /// What a checkpoint now has to store: what changed since the last one, or everything.
    fn capture(&mut self) -> Result<Capture> {
        let capture = self.capture_now()?;
        Ok(self.context.plants.iter().fold(capture, |capture, plant| planted(*plant, capture)))
    }

    fn capture_now(&mut self) -> Result<Capture> {
        let version = self.job.reader.version();
        // Until this one is durable there is nothing to add to.
        let after = self.saved.take();
        let contents = self.writer.capture(after.as_ref().is_none_or(Saved::wants_whole_contents))?;
        let mut states = self.flow.checkpoint(|node, name| {
            after.as_ref().is_none_or(|saved| saved.wants_whole_state(node, name))
        })?;
        if version.errors().count() > 0 {
            let (node, batch) = (self.job.plan.root.id, version.errors().to_batch()?);
            states.push(OperatorState { node, name: ERRORS.to_owned(), batch, kind: StateKind::Small });
        }
        let head = Head {
            view: self.job.id,
            name: self.job.name.clone(),
            log_id: self.context.log.log_id(),
            lsn: version.lsn,
            commit_time: version.commit_time,
            watermark: version.watermark,
            fingerprint: self.job.plan.fingerprint,
            schema: self.job.schema.clone(),
            key: self.job.plan.root.key.clone(),
        };
        Ok(Capture { head, after, contents, states })
    }
}

/// What a step takes of each stream, and how many rows that is in all.
fn sources(
    tails: &[(ObjectId, Arc<StreamTail>)],
    after: Lsn,
    through: Lsn,
) -> Result<(Vec<SourceDelta>, usize)> {
    let mut rows = 0;
    let mut sources = Vec::with_capacity(tails.len());
    for (stream, tail) in tails {
        let mut slices: Vec<Box<dyn SourceRows>> = Vec::new();
        for slice in tail.read(after, through)? {
            rows += slice.batch.num_rows();
            slices.push(Box::new(slice));
        }
        sources.push(SourceDelta { stream: *stream, watermark: tail.watermark_at(through)?, slices });
    }
    Ok((sources, rows))
}

/// A checkpoint with a bug that a test plants.
fn planted(plant: Plant, mut checkpoint: Capture) -> Capture {
    match plant {
        Plant::CheckpointLsnPlusOne => checkpoint.head.lsn += 1,
        Plant::CheckpointLsnMinusOne => checkpoint.head.lsn -= 1,
        Plant::DropSlice => {
            let parts = checkpoint.states.iter_mut().filter(|part| part.batch.num_rows() > 0);
            if let Some(part) = parts.max_by_key(|part| part.batch.num_rows()) {
                part.batch = part.batch.slice(0, part.batch.num_rows() - 1);
            }
        }
        _ => {}
    }
    checkpoint
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
