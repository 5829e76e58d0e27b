//! The log: one ordered, durable sequence of commits, and all of the database.
//!
//! ```text
//!  commit(entries) ─► commit.rs: queue, group ─► stage.rs: LSNs, offsets, watermarks
//!                        │                          │
//!                        ▼                          ▼
//!              wal.rs ◄─ record.rs: frames      tail.rs: chunks in memory ─► read, cut, watermark_at
//!                │                                  ▲ │
//!                └──► reader.rs ──► recovery.rs ────┘ ▼
//!                                     ▲      sealer.rs ─► segment.rs, manifest.rs: Parquet objects
//!                                     └─────────────────────────┘
//! ```
//!
//! **Invariants.** LSNs are dense from 1, one a commit. Commit times never fall. Row numbers are dense over a stream,
//! offsets over a partition. What readers see is durable. What a stream's tail holds is a function of the frames:
//! [`assemble`] makes it, for a live commit and for recovery alike. A log that failed to write or sync takes no
//! further commit ([`Error::Latched`]).

mod assemble;
pub(crate) mod check;
mod chunk;
mod columns;
mod commit;
pub(crate) mod manifest;
mod reader;
mod record;
mod recovery;
mod runs;
mod sealer;
pub(crate) mod segment;
mod slice;
mod stage;
mod tail;
mod times;
mod wal;
mod watermark;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arrow::array::{Array, Int32Array, RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use datafusion::physical_expr::PhysicalExpr;
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};
use parking_lot::{Mutex, RwLock};

pub use recovery::{RecoveryReport, TornTail};
pub(crate) use sealer::Floor;
pub use segment::Segment;
pub use slice::TailSlice;
pub use tail::{Parts, StreamTail};
pub(crate) use wal::{FILE_HEADER_BYTES as WAL_HEADER_BYTES, FileHeader};

use crate::env::{Env, Machine};
use crate::objects::Objects;
use crate::{Error, Result};
use assemble::Piece;
use commit::{Acknowledged, Committer, Shared};
use sealer::Sealer;
use stage::Prepared;

/// The position of a commit: dense, from 1; 0 is before the first.
pub type Lsn = u64;

/// Where a log is and how it is kept.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// The data directory; the log is in `wal/` and `LOCK` in it.
    pub directory: PathBuf,
    /// Clock, disk and randomness.
    pub env: Arc<dyn Env>,
    /// A file that has so many bytes is followed by a new one.
    pub segment_bytes: u64,
    /// Commits wait for room when so many bytes are not durable yet. At most 4 GiB.
    pub queue_bytes: usize,
    /// Where segments and manifests go; without, nothing is sealed.
    pub objects: Option<Objects>,
    /// Memory for the rows of all streams: see [`sealer`].
    pub tail_bytes: usize,
    /// Rows are refused with 53100 when less than this is free on the disk, so that what gives room (a DROP, sealing) still
    /// has some.
    pub reserve_bytes: u64,
    /// False: no thread is started, and whoever commits does the work, as a simulation needs it.
    pub threads: bool,
}

impl LogConfig {
    /// The default configuration in a directory on this machine.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            env: Arc::new(Machine),
            segment_bytes: 64 * 1024 * 1024,
            queue_bytes: 64 * 1024 * 1024,
            objects: None,
            tail_bytes: 512 * 1024 * 1024,
            reserve_bytes: 0,
            threads: true,
        }
    }

    fn wal_directory(&self) -> PathBuf {
        self.directory.join("wal")
    }
}

/// What the log must know of a stream.
#[derive(Debug, Clone)]
pub struct StreamSpec {
    /// Its id, never used for another object.
    pub id: ObjectId,
    /// The user's columns.
    pub schema: SchemaRef,
    /// Number of partitions, at least 1.
    pub partitions: u32,
    /// Event time, if the stream has it.
    pub watermark: Option<WatermarkSpec>,
}

/// A stream's event time.
#[derive(Debug, Clone)]
pub struct WatermarkSpec {
    /// The event-time column, of type Timestamp(µs).
    pub column: usize,
    /// Over the stream's schema, of type Timestamp(µs); a pure function of the row.
    pub expression: Arc<dyn PhysicalExpr>,
}

/// One part of a commit. A commit is visible as a whole or not at all.
#[derive(Debug, Clone)]
pub enum NewEntry {
    /// Rows of a stream, in order.
    Append {
        /// The stream.
        stream: ObjectId,
        /// Rows with the columns of [`StreamSpec::schema`]; none is no error.
        batch: RecordBatch,
        /// The partition of each row, none NULL; absent: all 0.
        partitions: Option<Int32Array>,
    },
    /// An object is made or changed.
    Ddl {
        /// The object.
        id: ObjectId,
        /// The statement, in canonical form.
        sql: String,
    },
    /// Objects go. Appends to a stream among them are refused from here on.
    Drop {
        /// The objects.
        ids: Vec<ObjectId>,
        /// The statement.
        sql: String,
    },
    /// Event time goes on without a row.
    Tick {
        /// The stream; it has event time.
        stream: ObjectId,
        /// At least this, in µs.
        watermark: i64,
    },
    /// A sink has written what its source had at an LSN.
    SinkProgress {
        /// The sink.
        sink: ObjectId,
        /// The source's LSN.
        lsn: Lsn,
    },
}

impl NewEntry {
    /// The memory that it takes while it waits, in bytes, about.
    pub fn memory_bytes(&self) -> usize {
        match self {
            NewEntry::Append { batch, .. } => batch.get_array_memory_size(),
            _ => size_of::<Self>(),
        }
    }
}

/// What an acknowledgement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The commit is on the disk and visible.
    #[default]
    Sync,
    /// The commit has its place in the log (the operating system has it) and will be synced and visible soon; a crash
    /// of the machine before that loses it. `synchronous_commit = off`.
    Async,
}

/// Who is told of definitions while a log is recovered, in log order.
///
/// # Contract
/// The log calls it on the thread that opens the log, before any commit. An error ends recovery and is the answer of
/// [`Log::open`].
pub trait Replay {
    /// An object was made or changed. Answers what the log must know of it, if it is a new stream.
    fn ddl(&mut self, lsn: Lsn, id: ObjectId, sql: &str) -> Result<Option<StreamSpec>>;

    /// Objects were dropped.
    fn drop_objects(&mut self, lsn: Lsn, ids: &[ObjectId], sql: &str) -> Result<()>;

    /// Object ids below this one were given, if only to objects that are gone. Definitions come in the order of their
    /// ids, but with gaps where objects were dropped.
    fn next_object(&mut self, id: ObjectId);

    /// A sink got this far; a later call for the same sink stands in place of an earlier one.
    fn sink_progress(&mut self, sink: ObjectId, lsn: Lsn);
}

/// A handle on an open log, cheap to clone. The log is closed by [`Log::shutdown`] or with its last handle.
#[derive(Clone)]
pub struct Log {
    open: Arc<Open>,
}

struct Open {
    log_id: u64,
    shared: Arc<Shared>,
    streams: Arc<Streams>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    sealer: Option<Arc<Mutex<Sealer>>>,
    /// Of a log without threads.
    driver: Option<Mutex<Committer>>,
    gate: Gate,
    floors: Arc<RwLock<Option<sealer::Floors>>>,
    lock: Mutex<Option<Box<dyn Send + Sync>>>,
}

impl Log {
    /// Opens the log of a directory, or makes one: reads all of it, tells `replay` of definitions and sink progress,
    /// and has every durable row in memory when it returns. Another server on the same directory is an error (55000),
    /// and so is damage ([`Error::Corrupt`]).
    pub fn open(config: LogConfig, replay: &mut dyn Replay) -> Result<(Log, RecoveryReport)> {
        let lock = lock_directory(&config)?;
        let recovery::Recovered { wal, streams, times, published, mut sealed, report } =
            recovery::recover(&config, replay)?;
        if let Some(torn) = &report.torn {
            let (path, offset, bytes) = (torn.path.display(), torn.offset, torn.bytes);
            tracing::warn!(%path, offset, bytes, "cut off a commit that the last server did not finish");
        }
        if let Some(objects) = &config.objects {
            sealed.manifest = Some(sealer::take_over(objects, sealed.manifest, wal.log_id())?);
            sealer::remove_orphans(objects, &sealed.segments)?;
        }
        let streams = Arc::new(Streams { by_id: RwLock::new(streams) });
        let last_time = times.last().unwrap_or(i64::MIN);
        let env = config.env.clone();
        let log_id = wal.log_id();
        let shared = Shared::new(env, streams.clone(), times, published, config.queue_bytes);
        let shared = Arc::new(shared);
        let tails: Vec<_> = shared.published().streams.values().cloned().collect();
        shared.note_unsealed(tails.iter().map(|tail| tail.unsealed_bytes()).sum());
        let floors = Arc::new(RwLock::new(None));
        let sealer = config.objects.clone().map(|objects| {
            Arc::new(Mutex::new(Sealer {
                shared: shared.clone(),
                env: config.env.clone(),
                objects,
                wal_directory: config.wal_directory(),
                log_id,
                tail_bytes: config.tail_bytes,
                reserve_bytes: config.reserve_bytes,
                floors: floors.clone(),
                number: sealed.manifest.as_ref().map_or(0, |manifest| manifest.number),
                lsn: sealed.lsn,
                manifest: sealed.manifest,
                current: sealed.segments,
                pending: None,
                retired: Vec::new(),
            }))
        });
        let next_lsn = report.last_lsn + 1;
        let driven = !config.threads;
        let committer = Committer { shared: shared.clone(), wal, next_lsn, last_time, marked: 0, driven };
        let (committer, driver) = match config.threads {
            true => (Some(committer), None),
            false => (None, Some(Mutex::new(committer))),
        };
        let open = Open {
            log_id,
            shared: shared.clone(),
            streams,
            threads: Mutex::new(Vec::new()),
            sealer: sealer.clone(),
            driver,
            gate: Gate::new(&config),
            floors,
            lock: Mutex::new(Some(lock)),
        };
        if let Some(committer) = committer {
            let for_syncer = shared.clone();
            let for_sealer = shared.clone();
            open.spawn(&config, "log-committer", move || commit::guard(&shared, || committer.run()))?;
            open.spawn(&config, "log-syncer", move || {
                commit::guard(&for_syncer, || commit::run_syncer(&for_syncer));
            })?;
            if let Some(sealer) = sealer {
                open.spawn(&config, "log-sealer", move || sealer::run(&for_sealer, &sealer))?;
            }
        }
        Ok((Log { open: Arc::new(open) }, report))
    }

    /// Appends one commit and answers its LSN. Refused without a trace: 42P01 when a stream is not there (any more),
    /// 22008 and the like when a watermark cannot be computed, 53100 on a full disk. [`Error::Latched`] and
    /// [`Error::ShuttingDown`] leave open whether the commit will be there after a restart. Dropping the future
    /// does not take the commit back once it is queued.
    pub async fn commit(&self, entries: Vec<NewEntry>, durability: Durability) -> Result<Lsn> {
        let queued = self.queue(entries, durability).await?;
        self.drive(false);
        self.open.shared.acknowledged(queued).await
    }

    /// Queues a commit. Without threads it is written by [`Log::drive`].
    pub(crate) async fn queue(&self, entries: Vec<NewEntry>, durability: Durability) -> Result<Acknowledged> {
        if entries.iter().any(|entry| matches!(entry, NewEntry::Append { batch, .. } if batch.num_rows() > 0))
        {
            self.open.gate.pass(&self.open.shared).await?;
        }
        let mut bytes = 256;
        let mut prepared = Vec::with_capacity(entries.len());
        for entry in entries {
            let (entry, entry_bytes) = self.open.streams.prepare(entry)?;
            bytes += entry_bytes;
            prepared.push(entry);
        }
        self.open.shared.queue(prepared, bytes, durability).await
    }

    /// Without threads: writes what is queued as one group, and syncs all that is written if `sync` or if one of the group
    /// waits for that.
    pub(crate) fn drive(&self, sync: bool) {
        if let Some(driver) = &self.open.driver {
            driver.lock().drive(sync);
        }
    }

    /// Without threads: seals if too much is in memory, as the sealer's thread would.
    pub(crate) fn make_room(&self) {
        if let (Some(_), Some(sealer)) = (&self.open.driver, &self.open.sealer)
            && self.open.shared.unsealed_bytes() >= self.open.gate.unsealed_bytes
        {
            let sealed = sealer.lock().turn(false);
            self.open.shared.note_sealing(sealed.err());
        }
    }

    /// [`Log::commit`] for a thread that is not an async runtime's.
    pub fn commit_blocking(&self, entries: Vec<NewEntry>, durability: Durability) -> Result<Lsn> {
        self.make_room();
        futures::executor::block_on(self.commit(entries, durability))
    }

    /// Takes rows of a new stream from now on. Its DDL commit is durable already.
    pub fn create_stream(&self, spec: StreamSpec) {
        self.open.streams.by_id.write().insert(spec.id, Arc::new(StreamTail::new(spec)));
    }

    /// Refuses rows of a stream from now on; those who hold its tail can still read. A [`NewEntry::Drop`] does this by
    /// itself, in log order.
    pub fn drop_stream(&self, id: ObjectId) {
        self.open.streams.remove(id);
    }

    /// Which log this is: LSNs of another mean other commits.
    pub fn log_id(&self) -> u64 {
        self.open.log_id
    }

    /// The newest durable commit; all up to it are visible in every tail.
    pub fn synced_lsn(&self) -> Lsn {
        self.open.shared.synced()
    }

    /// Tells of [`Log::synced_lsn`] as it rises.
    pub fn watch(&self) -> tokio::sync::watch::Receiver<Lsn> {
        self.open.shared.watch()
    }

    /// Blocks the thread until a commit after `lsn` is durable, the time is up, or the log is closed for good. Answers
    /// [`Log::synced_lsn`].
    pub fn wait_past(&self, lsn: Lsn, timeout: Duration) -> Lsn {
        self.open.shared.wait_past(lsn, timeout)
    }

    /// Why the log takes no more commits; `None` while it does.
    pub fn closed(&self) -> Option<Error> {
        self.open.shared.closed()
    }

    /// The tail of a stream.
    pub fn stream(&self, id: ObjectId) -> Option<Arc<StreamTail>> {
        self.open.streams.get(id)
    }

    /// The commit time of a durable commit, in µs since epoch; `None` for 0 and for what is not durable.
    pub fn commit_time(&self, lsn: Lsn) -> Option<i64> {
        self.open.shared.commit_time(lsn)
    }

    /// The commit from which on [`Log::commit_time`] and [`Log::lsn_at`] are exact; before it they are rough.
    pub fn times_exact_from(&self) -> Lsn {
        self.open.shared.times_exact_from()
    }

    /// The newest commit whose time is at most this, in µs; 0 if there is none. Times of commits that were sealed long
    /// ago are only known roughly: the LSN is then too great by some commits.
    pub fn lsn_at(&self, time: i64) -> Lsn {
        self.open.shared.lsn_at(time)
    }

    /// Seals all that is durable now, and answers up to which LSN everything is sealed. Blocks; without an object store it
    /// does nothing.
    pub fn seal(&self) -> Result<Lsn> {
        let Some(sealer) = &self.open.sealer else { return Ok(0) };
        let mut sealer = sealer.lock();
        let wanted = self.synced_lsn();
        // A turn may have something else to do first.
        while sealer.turn(true)? && sealer.lsn < wanted {}
        Ok(sealer.lsn)
    }

    /// Names up to which LSN the readers of each stream have durably taken its rows: retention removes nothing after it.
    /// `floors` calls what it is given once, and lets no reader begin before that returns.
    pub(crate) fn set_floors(&self, floors: impl Fn(&mut dyn FnMut(Floor)) + Send + Sync + 'static) {
        *self.open.floors.write() = Some(Arc::new(floors));
    }

    /// Takes no more commits, writes and syncs those that are queued, ends the threads and gives the directory free.
    /// Blocks until that is done; a second call does nothing.
    pub fn shutdown(&self) {
        self.open.shutdown();
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Log").field("synced_lsn", &self.synced_lsn()).finish_non_exhaustive()
    }
}

impl Open {
    fn spawn(&self, config: &LogConfig, name: &str, run: impl FnOnce() + Send + 'static) -> Result<()> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        let thread = thread.map_err(|error| Error::io("starting a thread for", &config.directory, &error))?;
        self.threads.lock().push(thread);
        Ok(())
    }

    fn shutdown(&self) {
        self.shared.close();
        if let Some(driver) = &self.driver {
            driver.lock().drive(true);
        }
        let mut threads = self.threads.lock();
        for thread in threads.drain(..) {
            // The last handle can go on a thread of the log's own, which asks the engine for floors.
            if thread.thread().id() != std::thread::current().id() {
                // A panic was caught and latched by the thread itself.
                drop(thread.join());
            }
        }
        self.lock.lock().take();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shutdown();
    }
}

fn lock_directory(config: &LogConfig) -> Result<Box<dyn Send + Sync>> {
    let directory = &config.directory;
    config.env.create_directory(directory).map_err(|error| Error::io("creating", directory, &error))?;
    let path = directory.join("LOCK");
    let locked = config.env.lock(&path).map_err(|error| Error::io("locking", &path, &error))?;
    locked.ok_or_else(|| {
        let message = format!("the data directory {} is in use by another server", directory.display());
        SqlError::new(SqlState::ObjectNotInPrerequisiteState, message)
            .with_hint("stop the other server, or start this one with another data directory")
            .into()
    })
}

/// Where appends wait, or are refused, before they take a place in the queue.
struct Gate {
    env: Arc<dyn Env>,
    directory: PathBuf,
    /// So many bytes may wait to be sealed.
    unsealed_bytes: usize,
    reserve_bytes: u64,
}

impl Gate {
    fn new(config: &LogConfig) -> Self {
        // Without threads there is nobody to wait for.
        let is_sealed = config.objects.is_some() && config.threads;
        let unsealed_bytes = if is_sealed { config.tail_bytes / 2 } else { usize::MAX };
        Self {
            env: config.env.clone(),
            directory: config.directory.clone(),
            unsealed_bytes,
            reserve_bytes: config.reserve_bytes,
        }
    }

    /// Waits until the sealer has made room in memory. Refused while it cannot, and when the disk is nearly full.
    async fn pass(&self, shared: &Shared) -> Result<()> {
        loop {
            let sealed = shared.sealed();
            if shared.unsealed_bytes() < self.unsealed_bytes {
                break;
            }
            if let Some(error) = shared.closed() {
                return Err(error);
            }
            if let Some(error) = shared.seal_failure() {
                return Err(match error.state() {
                    SqlState::DiskFull => error,
                    // It passes, unlike an error of the log's own disk.
                    _ => SqlError::new(
                        SqlState::InsufficientResources,
                        format!(
                            "the rows in memory cannot be stored, and there is room for no more: {error}"
                        ),
                    )
                    .with_hint(
                        "nothing of this commit was kept; writes go on as soon as the object store does",
                    )
                    .into(),
                });
            }
            sealed.await;
        }
        if self.reserve_bytes > 0 {
            let free = self.env.free_bytes(&self.directory);
            let (free, _) = free.map_err(|error| Error::io("asking for room on", &self.directory, &error))?;
            if free < self.reserve_bytes {
                return Err(wal::disk_full(&self.directory));
            }
        }
        Ok(())
    }
}

/// The streams that take rows.
struct Streams {
    by_id: RwLock<HashMap<ObjectId, Arc<StreamTail>>>,
}

impl Streams {
    fn get(&self, id: ObjectId) -> Option<Arc<StreamTail>> {
        self.by_id.read().get(&id).cloned()
    }

    fn remove(&self, id: ObjectId) {
        if let Some(tail) = self.by_id.write().remove(&id) {
            tail.mark_dropped();
        }
    }

    /// Checks an entry and works out all that needs no order, on the session's own thread. Answers what it takes of the
    /// queue, too.
    fn prepare(&self, entry: NewEntry) -> Result<(Prepared, usize)> {
        Ok(match entry {
            NewEntry::Append { stream, batch, partitions } => {
                let tail = self.get(stream).ok_or_else(|| stage::gone(stream))?;
                let piece = piece(tail.spec(), batch, partitions)?;
                let bytes = piece.bytes;
                (Prepared::Append { tail, piece }, bytes)
            }
            NewEntry::Tick { stream, watermark } => {
                let tail = self.get(stream).ok_or_else(|| stage::gone(stream))?;
                if tail.spec().watermark.is_none() {
                    let message = format!("stream {stream} has no event time");
                    return Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).into());
                }
                (Prepared::Tick { tail, watermark }, 0)
            }
            NewEntry::Ddl { id, sql } => {
                let bytes = sql.len();
                (Prepared::Ddl { id, sql }, bytes)
            }
            NewEntry::Drop { ids, sql } => {
                let bytes = sql.len() + 8 * ids.len();
                (Prepared::Drop { ids, sql }, bytes)
            }
            NewEntry::SinkProgress { sink, lsn } => (Prepared::SinkProgress { sink, lsn }, 0),
        })
    }
}

/// The rows of an append, checked against the stream, with their watermark expression evaluated.
fn piece(spec: &StreamSpec, batch: RecordBatch, partitions: Option<Int32Array>) -> Result<Piece> {
    let rows = batch.num_rows();
    let batch = with_schema(spec, batch)?;
    if i32::try_from(rows).is_err() {
        return Err(SqlError::new(SqlState::ProgramLimit, "more than 2147483647 rows in one batch").into());
    }
    let partitions = partitions.map(|partitions| {
        let known = |partition: &i32| u32::try_from(*partition).is_ok_and(|p| p < spec.partitions.max(1));
        if partitions.len() != rows || partitions.null_count() > 0 || !partitions.values().iter().all(known) {
            return Err(Error::internal(format!("bad partitions for rows of stream {}", spec.id)));
        }
        Ok(partitions.values().clone())
    });
    let marks = match &spec.watermark {
        Some(watermark) if rows > 0 => Some(watermark::marks(watermark, &batch)?),
        _ => None,
    };
    let bytes = columns::batch_bytes(&batch);
    Ok(Piece { batch: columns::compact(batch, bytes)?, partitions: partitions.transpose()?, marks, bytes })
}

/// The batch under the stream's own schema; it must have its types, and no NULL where the stream has none.
fn with_schema(spec: &StreamSpec, batch: RecordBatch) -> Result<RecordBatch> {
    let types =
        |schema: &SchemaRef| schema.fields().iter().map(|f| f.data_type().clone()).collect::<Vec<_>>();
    let same = Arc::ptr_eq(batch.schema_ref(), &spec.schema);
    if !columns::storable(&spec.schema) || !same && types(batch.schema_ref()) != types(&spec.schema) {
        let message = format!("rows do not have the columns of stream {}: {}", spec.id, batch.schema_ref());
        return Err(Error::internal(message));
    }
    if same {
        return Ok(batch);
    }
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(spec.schema.clone(), batch.columns().to_vec(), &rows)?)
}
