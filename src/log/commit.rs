//! How commits become durable: a bounded queue, a committer and a syncer.
//!
//! ```text
//!  sessions ─► queue ─► committer: one frame of all that waits, written ─► syncer: fdatasync, show, acknowledge
//! ```
//!
//! While a frame syncs, the queue fills: that is the next group, nothing lingers. The committer writes a further frame
//! during a sync only for commits that do not wait for it ([`Durability::Async`]) or once much is queued, and one sync
//! then covers several frames.
//!
//! A full disk refuses the group at hand and leaves the log as it was. Any other failure of a write or a sync is final:
//! the log latches, since what is on the disk is not known any more and another sync would prove nothing.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use millstream_catalog::ObjectId;
use parking_lot::{Condvar, Mutex, MutexGuard, RwLock};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use super::manifest::Definitions;
use super::record::{Entry, FrameInfo, encode};
use super::stage::{Effect, Prepared, Stage, Staged};
use super::times::CommitTimes;
use super::wal::{Failure, Wal};
use super::{Durability, Lsn, StreamTail, Streams};
use crate::env::{DiskFile, Env, Plant};
use crate::{Error, Result};

/// With so much queued, the committer does not wait for the sync under way.
const EARLY_BYTES: usize = 1024 * 1024;

/// The sealer looks up when so many more bytes wait for it.
const SEAL_STEP_BYTES: usize = 1024 * 1024;

/// What the threads and the handles share.
pub(super) struct Shared {
    queue: Mutex<Queue>,
    /// For the committer: there is something to write, or a sync ended.
    work: Condvar,
    /// For the syncer: there is something to sync.
    written: Condvar,
    /// For those who wait for a commit on a thread.
    told: Condvar,
    /// One permit a byte that is queued or written but not yet synced.
    room: Arc<Semaphore>,
    room_bytes: u32,
    synced: AtomicU64,
    watch: watch::Sender<Lsn>,
    times: RwLock<CommitTimes>,
    streams: Arc<Streams>,
    env: Arc<dyn Env>,
    /// What is durable, as the sealer takes it.
    published: Mutex<Published>,
    /// Bytes of rows that are in memory only because they are not sealed yet.
    unsealed: AtomicUsize,
    /// Tells those who wait until the sealer has made room.
    sealed: tokio::sync::Notify,
    /// Why the last turn of the sealer failed, if it did.
    seal_failure: Mutex<Option<Error>>,
    /// For the sealer: there is something to look at.
    seal: Condvar,
    /// The present file is to be left, so that it can be removed.
    rotation: AtomicBool,
}

/// The durable log at one LSN. It is locked while a frame is published, so that what it says fits together.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// The newest durable commit.
    pub lsn: Lsn,
    /// Its time.
    pub time: i64,
    pub definitions: Definitions,
    /// The streams that exist at that LSN and were ever written to.
    pub streams: BTreeMap<ObjectId, Arc<StreamTail>>,
}

struct Queue {
    waiting: VecDeque<Request>,
    waiting_bytes: usize,
    /// Requests in `waiting` that are acknowledged before the sync.
    waiting_async: usize,
    written: Vec<Written>,
    syncing: bool,
    /// Why nothing more is taken.
    closed: Option<Error>,
    /// The committer ended; the syncer ends once it has synced all.
    committer_ended: bool,
}

struct Request {
    entries: Vec<Prepared>,
    durability: Durability,
    bytes: usize,
    acknowledgement: Acknowledgement,
    room: OwnedSemaphorePermit,
}

type Acknowledgement = oneshot::Sender<Result<Lsn>>;

/// The end of a queued commit.
pub(crate) type Acknowledged = oneshot::Receiver<Result<Lsn>>;

/// A frame that is in the file but maybe not on the disk.
struct Written {
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    first_lsn: Lsn,
    last_lsn: Lsn,
    time: i64,
    effects: Vec<Effect>,
    /// Definitions and sink positions.
    others: Vec<Entry>,
    acknowledgements: Vec<(Acknowledgement, Lsn)>,
    /// Given back when this is dropped.
    room: Vec<OwnedSemaphorePermit>,
}

impl Shared {
    pub fn new(
        env: Arc<dyn Env>,
        streams: Arc<Streams>,
        times: CommitTimes,
        published: Published,
        room_bytes: usize,
    ) -> Self {
        let synced = published.lsn;
        let room_bytes = room_bytes.clamp(1, u32::MAX as usize) as u32;
        let queue = Queue {
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            waiting_async: 0,
            written: Vec::new(),
            syncing: false,
            closed: None,
            committer_ended: false,
        };
        Self {
            queue: Mutex::new(queue),
            work: Condvar::new(),
            written: Condvar::new(),
            told: Condvar::new(),
            room: Arc::new(Semaphore::new(room_bytes as usize)),
            room_bytes,
            synced: AtomicU64::new(synced),
            watch: watch::Sender::new(synced),
            times: RwLock::new(times),
            streams,
            env,
            unsealed: AtomicUsize::new(0),
            published: Mutex::new(published),
            sealed: tokio::sync::Notify::new(),
            seal_failure: Mutex::new(None),
            seal: Condvar::new(),
            rotation: AtomicBool::new(false),
        }
    }

    /// Asks for a new file, though the present one is not full: all of it is sealed, and the disk is short of room.
    pub fn ask_for_rotation(&self) {
        self.rotation.store(true, Ordering::Release);
        self.work.notify_one();
    }

    /// Why nothing can be sealed now, if so.
    pub fn seal_failure(&self) -> Option<Error> {
        self.seal_failure.lock().clone()
    }

    /// Notes how the last turn of the sealer ended, for those who wait for room.
    pub fn note_sealing(&self, failure: Option<Error>) {
        *self.seal_failure.lock() = failure;
        self.sealed.notify_waiters();
    }

    /// Waits until there is reason to seal, the time is up, or the log is closed; false: it is closed.
    pub fn wait_to_seal(&self, timeout: Duration) -> bool {
        let mut queue = self.queue.lock();
        if !queue.ended() {
            self.seal.wait_for(&mut queue, timeout);
        }
        !queue.ended()
    }

    /// What is durable; frames are not published while it is held.
    pub fn published(&self) -> MutexGuard<'_, Published> {
        self.published.lock()
    }

    /// Bytes of rows that are in memory because they are not sealed.
    pub fn unsealed_bytes(&self) -> usize {
        self.unsealed.load(Ordering::Acquire)
    }

    /// Notes how much is unsealed, and wakes those who wait for less.
    pub fn note_unsealed(&self, bytes: usize) {
        self.unsealed.store(bytes, Ordering::Release);
        self.sealed.notify_waiters();
    }

    /// Told when the sealer has done something.
    pub fn sealed(&self) -> tokio::sync::futures::Notified<'_> {
        self.sealed.notified()
    }

    /// Commit times up to an LSN are kept roughly from now on.
    pub fn thin_times(&self, through: Lsn) {
        self.times.write().thin(through);
    }

    /// The least LSN after which some commit is later than a time, less one: what a reader at that time sees.
    pub fn lsn_at(&self, time: i64) -> Lsn {
        self.times.read().through(time).min(self.synced())
    }

    /// Queues a commit. Waits for room first: that is how pressure reaches clients.
    pub async fn queue(
        &self,
        entries: Vec<Prepared>,
        bytes: usize,
        durability: Durability,
    ) -> Result<Acknowledged> {
        let share = u32::try_from(bytes).unwrap_or(u32::MAX).clamp(1, self.room_bytes);
        let Ok(room) = self.room.clone().acquire_many_owned(share).await else {
            return Err(self.closed().unwrap_or(Error::ShuttingDown));
        };
        let (acknowledgement, acknowledged) = oneshot::channel();
        self.push(Request { entries, durability, bytes, acknowledgement, room })?;
        Ok(acknowledged)
    }

    /// Waits for the acknowledgement of a queued commit.
    pub async fn acknowledged(&self, acknowledged: Acknowledged) -> Result<Lsn> {
        acknowledged.await.unwrap_or_else(|_| Err(self.closed().unwrap_or(Error::ShuttingDown)))
    }

    fn push(&self, request: Request) -> Result<()> {
        let mut queue = self.queue.lock();
        if let Some(error) = &queue.closed {
            return Err(error.clone());
        }
        queue.waiting_bytes += request.bytes;
        queue.waiting_async += usize::from(request.durability == Durability::Async);
        queue.waiting.push_back(request);
        drop(queue);
        self.work.notify_one();
        Ok(())
    }

    /// Why nothing more is taken, if so.
    pub fn closed(&self) -> Option<Error> {
        self.queue.lock().closed.clone()
    }

    /// The newest durable commit.
    pub fn synced(&self) -> Lsn {
        self.synced.load(Ordering::Acquire)
    }

    pub fn watch(&self) -> watch::Receiver<Lsn> {
        self.watch.subscribe()
    }

    pub fn times_exact_from(&self) -> Lsn {
        self.times.read().exact_from()
    }

    pub fn commit_time(&self, lsn: Lsn) -> Option<i64> {
        if lsn > self.synced() { None } else { self.times.read().at(lsn) }
    }

    /// Waits until a commit after `lsn` is durable, the log is closed, or the time is up.
    pub fn wait_past(&self, lsn: Lsn, timeout: Duration) -> Lsn {
        let deadline = Instant::now() + timeout;
        let mut queue = self.queue.lock();
        while self.synced() <= lsn && !queue.ended() {
            if self.told.wait_until(&mut queue, deadline).timed_out() {
                break;
            }
        }
        self.synced()
    }

    /// Takes no more commits; those that are queued are still written.
    pub fn close(&self) {
        self.queue.lock().closed.get_or_insert(Error::ShuttingDown);
        self.room.close();
        self.work.notify_all();
        self.written.notify_all();
        self.told.notify_all();
        self.seal.notify_all();
        self.sealed.notify_waiters();
    }

    /// Takes no more commits, and fails those that wait.
    pub fn latch(&self, error: &Error) {
        tracing::error!(%error, "the log is closed for writes");
        let latched = Error::Latched(error.to_string());
        let (waiting, written) = {
            let mut queue = self.queue.lock();
            queue.closed = Some(latched.clone());
            (std::mem::take(&mut queue.waiting), std::mem::take(&mut queue.written))
        };
        self.room.close();
        let waiting = waiting.into_iter().map(|request| request.acknowledgement);
        let written = written.into_iter().flat_map(|written| written.acknowledgements).map(|(ack, _)| ack);
        // A session that went away takes no answer.
        waiting.chain(written).for_each(|acknowledgement| drop(acknowledgement.send(Err(latched.clone()))));
        self.work.notify_all();
        self.written.notify_all();
        self.told.notify_all();
        self.seal.notify_all();
        self.sealed.notify_waiters();
    }
}

impl Queue {
    /// Whether there is something to write now.
    fn is_due(&self) -> bool {
        let in_flight = self.syncing || !self.written.is_empty();
        !self.waiting.is_empty()
            && (!in_flight
                || self.waiting_async > 0
                || self.waiting_bytes >= EARLY_BYTES
                || self.closed.is_some())
    }

    /// Whether nothing more will become durable.
    fn ended(&self) -> bool {
        match self.closed {
            Some(Error::Latched(_)) => true,
            Some(_) => self.committer_ended && self.written.is_empty() && !self.syncing,
            None => false,
        }
    }

    fn take(&mut self) -> VecDeque<Request> {
        self.waiting_bytes = 0;
        self.waiting_async = 0;
        std::mem::take(&mut self.waiting)
    }
}

/// Runs a thread's loop; its failure, or its panic, latches the log.
pub(super) fn guard(shared: &Shared, run: impl FnOnce() -> Result<()>) {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => shared.latch(&error),
        Err(_) => shared.latch(&Error::internal("a thread of the log panicked")),
    }
    let mut queue = shared.queue.lock();
    queue.committer_ended = true;
    drop(queue);
    shared.written.notify_all();
    shared.seal.notify_all();
    shared.told.notify_all();
}

/// The committer: gives LSNs and times, writes frames.
pub(super) struct Committer {
    pub shared: Arc<Shared>,
    pub wal: Wal,
    pub next_lsn: Lsn,
    pub last_time: i64,
    /// There is no other thread that syncs.
    pub driven: bool,
    /// The file says that all up to this is durable.
    pub marked: Lsn,
}

impl Committer {
    /// Writes what is queued as one group, without a thread of its own, and syncs all that is written if `sync` or if a
    /// commit waits for it. A failure latches the log, as it does in the threads.
    pub fn drive(&mut self, sync: bool) {
        let shared = self.shared.clone();
        let (requests, waits) = {
            let mut queue = shared.queue.lock();
            if matches!(queue.closed, Some(Error::Latched(_))) {
                return;
            }
            // Nobody waits for what is acknowledged early.
            let waits =
                queue.waiting_async < queue.waiting.len() && !shared.env.planted(Plant::AcknowledgeEarly);
            (queue.take(), waits)
        };
        let driven = catch_unwind(AssertUnwindSafe(|| {
            if !requests.is_empty() {
                self.group(requests)?;
            }
            if sync || waits {
                sync_written(&shared)?;
            }
            let due = self.is_idle_work(&shared.queue.lock());
            if due { self.idle_work() } else { Ok(()) }
        }));
        match driven.unwrap_or_else(|_| Err(Error::internal("the log panicked"))) {
            Ok(()) => {}
            Err(error) => shared.latch(&error),
        }
    }

    /// Writes groups until the log is closed.
    pub fn run(mut self) -> Result<()> {
        let shared = self.shared.clone();
        loop {
            let requests = {
                let mut queue = shared.queue.lock();
                while !queue.is_due() && queue.closed.is_none() && !self.is_idle_work(&queue) {
                    shared.work.wait(&mut queue);
                }
                if matches!(queue.closed, Some(Error::Latched(_))) {
                    return Ok(());
                }
                if queue.waiting.is_empty() && queue.closed.is_some() {
                    drop(queue);
                    return self.last_mark();
                }
                if queue.is_due() { queue.take() } else { VecDeque::new() }
            };
            match requests.is_empty() {
                true => self.idle_work()?,
                false => self.group(requests)?,
            }
        }
    }

    /// Whether all that was written is durable, and the file does not say so yet, or is to be left.
    fn is_idle_work(&self, queue: &Queue) -> bool {
        let is_due = self.marked < self.shared.synced() || self.shared.rotation.load(Ordering::Acquire);
        is_due && !queue.syncing && queue.written.is_empty()
    }

    fn idle_work(&mut self) -> Result<()> {
        self.mark()?;
        if !self.shared.rotation.swap(false, Ordering::AcqRel) || self.wal.is_empty() {
            return Ok(());
        }
        match self.wal.rotate(self.next_lsn) {
            // Without room for a new file the present one stays.
            Ok(()) | Err(Failure::Refused(_)) => Ok(()),
            Err(Failure::Final(error)) => Err(error),
        }
    }

    /// Marks the end of the log, so that damage to its last frame cannot pass for a frame that was never finished. The
    /// mark itself need not be synced.
    fn mark(&mut self) -> Result<()> {
        self.marked = self.shared.synced();
        match self.wal.mark(self.marked, self.last_time) {
            Ok(()) => Ok(()),
            Err(Failure::Refused(error) | Failure::Final(error)) => Err(error),
        }
    }

    /// The mark of a clean end, which is synced.
    fn last_mark(&mut self) -> Result<()> {
        if self.wait_for_sync().is_err() {
            // The syncer has said why.
            return Ok(());
        }
        self.mark()?;
        let synced = self.wal.file().sync();
        synced.map_err(|error| Error::io("syncing", self.wal.path(), &error))
    }

    fn group(&mut self, requests: VecDeque<Request>) -> Result<()> {
        let time = self.shared.env.now_us().max(self.last_time);
        let mut stage = Stage::new(self.next_lsn, time);
        let mut accepted = Vec::with_capacity(requests.len());
        for request in requests {
            match stage.add(request.entries) {
                Ok(lsn) => accepted.push((request.acknowledgement, lsn, request.durability, request.room)),
                Err(error) => drop(request.acknowledgement.send(Err(error))),
            }
        }
        if stage.commits() == 0 {
            return Ok(());
        }
        let written = stage.finish().map_err(Failure::Refused).and_then(|staged| self.write(staged));
        let (mut written, dropped) = match written {
            Ok(written) => written,
            Err(failure) => {
                // Refused or final, nobody of this group is told otherwise.
                let (Failure::Refused(error) | Failure::Final(error)) = &failure;
                let answer = match &failure {
                    Failure::Refused(error) => error.clone(),
                    Failure::Final(error) => Error::Latched(error.to_string()),
                };
                accepted.into_iter().for_each(|(ack, ..)| drop(ack.send(Err(answer.clone()))));
                return if matches!(failure, Failure::Final(_)) { Err(error.clone()) } else { Ok(()) };
            }
        };
        self.last_time = time;
        self.next_lsn = written.last_lsn + 1;
        for effect in &written.effects {
            *effect.tail.head().lock() = effect.head.clone();
        }
        dropped.into_iter().for_each(|id| self.shared.streams.remove(id));
        let early = self.shared.env.planted(Plant::AcknowledgeEarly);
        for (acknowledgement, lsn, durability, room) in accepted {
            written.room.push(room);
            match durability {
                Durability::Sync if early => drop(acknowledgement.send(Ok(lsn))),
                Durability::Sync => written.acknowledgements.push((acknowledgement, lsn)),
                Durability::Async => drop(acknowledgement.send(Ok(lsn))),
            }
        }
        self.hand_over(written);
        Ok(())
    }

    fn write(&mut self, staged: Staged) -> Result<(Written, HashSet<ObjectId>), Failure> {
        let Staged { first_lsn, time, commits, entries, effects, dropped } = staged;
        if self.wal.is_full() {
            self.wait_for_sync().map_err(Failure::Final)?;
            self.wal.rotate(first_lsn)?;
        }
        let info = FrameInfo {
            log_id: self.wal.log_id(),
            first_lsn,
            commit_time: time,
            durable_lsn: self.shared.synced(),
            commits,
        };
        self.wal.append(&encode(info, &entries))?;
        let is_other = |entry: &Entry| !matches!(entry, Entry::Append(_) | Entry::Tick { .. });
        let written = Written {
            file: self.wal.file().clone(),
            path: self.wal.path().to_owned(),
            first_lsn,
            last_lsn: first_lsn + u64::from(commits) - 1,
            time,
            effects,
            others: entries.into_iter().filter(is_other).collect(),
            acknowledgements: Vec::new(),
            room: Vec::new(),
        };
        Ok((written, dropped))
    }

    fn hand_over(&self, written: Written) {
        let mut queue = self.shared.queue.lock();
        if queue.closed.as_ref().is_some_and(|error| matches!(error, Error::Latched(_))) {
            let error = queue.closed.clone().unwrap_or(Error::ShuttingDown);
            drop(queue);
            written.acknowledgements.into_iter().for_each(|(ack, _)| drop(ack.send(Err(error.clone()))));
            return;
        }
        queue.written.push(written);
        drop(queue);
        self.shared.written.notify_one();
    }

    /// Waits until all that was written is durable.
    fn wait_for_sync(&self) -> Result<()> {
        if self.driven {
            return sync_written(&self.shared);
        }
        let mut queue = self.shared.queue.lock();
        loop {
            if let Some(error @ Error::Latched(_)) = &queue.closed {
                return Err(error.clone());
            }
            if !queue.syncing && queue.written.is_empty() {
                return Ok(());
            }
            self.shared.work.wait(&mut queue);
        }
    }
}

impl Published {
    /// Takes over what a frame defines and drops, and how far its sinks got.
    pub fn apply(&mut self, entries: &[Entry]) {
        for entry in entries {
            match entry {
                Entry::Ddl { lsn, id, sql } => {
                    self.definitions.define(*lsn, *id, sql);
                }
                Entry::Drop { ids, .. } => {
                    self.definitions.drop_objects(ids);
                    ids.iter().for_each(|id| drop(self.streams.remove(id)));
                }
                Entry::SinkProgress { sink, reached, .. } => {
                    self.definitions.sinks.insert(*sink, *reached);
                }
                Entry::Append(_) | Entry::Tick { .. } => {}
            }
        }
    }
}

/// The syncer: makes frames durable, shows them to readers, acknowledges.
pub(super) fn run_syncer(shared: &Shared) -> Result<()> {
    loop {
        {
            let mut queue = shared.queue.lock();
            while queue.written.is_empty() {
                if queue.committer_ended || matches!(queue.closed, Some(Error::Latched(_))) {
                    return Ok(());
                }
                shared.written.wait(&mut queue);
            }
        }
        sync_written(shared)?;
        shared.work.notify_all();
        shared.told.notify_all();
    }
}

/// Makes all that is written durable.
fn sync_written(shared: &Shared) -> Result<()> {
    let group = {
        let mut queue = shared.queue.lock();
        queue.syncing = true;
        std::mem::take(&mut queue.written)
    };
    sync(shared, group)?;
    shared.queue.lock().syncing = false;
    Ok(())
}

fn sync(shared: &Shared, group: Vec<Written>) -> Result<()> {
    // A file is left only when all of it is durable, so these are all in one.
    let Some(last) = group.last() else { return Ok(()) };
    debug_assert!(group.iter().all(|written| written.path == last.path));
    let synced = match shared.env.planted(Plant::SkipSync) {
        true => Ok(()),
        false => last.file.sync().map_err(|error| Error::io("syncing", &last.path, &error)),
    };
    if let Err(error) = synced {
        let latched = Error::Latched(error.to_string());
        let acknowledgements = group.into_iter().flat_map(|written| written.acknowledgements);
        acknowledgements.for_each(|(ack, _)| drop(ack.send(Err(latched.clone()))));
        return Err(error);
    }
    for written in group {
        let mut published = shared.published.lock();
        shared.times.write().push(written.first_lsn, written.time);
        let mut bytes = 0;
        for effect in written.effects {
            bytes += effect.bytes();
            published.streams.entry(effect.tail.spec().id).or_insert_with(|| effect.tail.clone());
            effect.tail.publish(effect.updates, effect.last_lsn)?;
        }
        published.apply(&written.others);
        (published.lsn, published.time) = (written.last_lsn, written.time);
        let before = shared.unsealed.fetch_add(bytes, Ordering::AcqRel);
        let drops = written.others.iter().any(|entry| matches!(entry, Entry::Drop { .. }));
        if before / SEAL_STEP_BYTES != (before + bytes) / SEAL_STEP_BYTES || drops {
            shared.seal.notify_all();
        }
        shared.synced.store(written.last_lsn, Ordering::Release);
        drop(published);
        shared.watch.send_replace(written.last_lsn);
        written.acknowledgements.into_iter().for_each(|(ack, lsn)| drop(ack.send(Ok(lsn))));
    }
    Ok(())
}
