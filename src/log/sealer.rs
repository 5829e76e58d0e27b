//! The sealer: moves the tail into segments, commits manifests, frees the write-ahead log, forgets what retention says.
//!
//! ```text
//!  tails ─► segments (put, durable) ─► manifest (conditional put) ─► tails read from segments ─► WAL files removed
//!                                             └─► what no manifest names any more is removed once nobody reads it
//! ```
//!
//! All streams are sealed up to one LSN, so that the write-ahead log before it is free. A crash at any point leaves the
//! manifest before or the one after, and objects that neither names, which the next start removes. Small segments are
//! written again with what follows them, as a binary counter carries, so that there are few.
//!
//! **Bounds.** Rows that are not sealed take at most about half of [`super::LogConfig::tail_bytes`]: commits wait beyond
//! that, or are refused while sealing fails. What is sealed leaves memory, oldest first, down to a quarter.

use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::executor::block_on;
use millstream_catalog::{ObjectId, Retention};
use millstream_sql::SqlState;
use parking_lot::{Mutex, RwLock};

use super::columns::batch_bytes;
use super::commit::Shared;
use super::manifest::{self, Manifest, StreamManifest, tick_member, watermark_member};
use super::segment::{Encoded, Segment, encode};
use super::slice::TailSlice;
use super::tail::Unsealed;
use super::wal::{Failure, parse_name, sync_directory};
use super::{Lsn, StreamTail};
use crate::document;
use crate::env::Env;
use crate::objects::Objects;
use crate::{Error, Result};

/// A segment has at most so many rows.
const SEGMENT_ROWS: u64 = 1 << 20;
/// A segment takes at most about so much memory while it is written.
const SEGMENT_BYTES: u64 = 64 << 20;

/// Up to which LSN all readers of a stream have durably taken its rows: retention removes nothing after it.
pub(crate) type Floor<'a> = &'a dyn Fn(ObjectId) -> Lsn;

/// Calls what it is given with the floors of all streams, and lets no reader begin before that returns.
pub(super) type Floors = Arc<dyn Fn(&mut dyn FnMut(Floor)) + Send + Sync>;

/// The one that seals. It has no thread of its own: [`Sealer::turn`] is called by one, or by a test.
pub(super) struct Sealer {
    pub shared: Arc<Shared>,
    pub env: Arc<dyn Env>,
    pub objects: Objects,
    pub wal_directory: PathBuf,
    pub log_id: u64,
    pub tail_bytes: usize,
    pub reserve_bytes: u64,
    pub floors: Arc<RwLock<Option<Floors>>>,
    /// The newest manifest.
    pub manifest: Option<Manifest>,
    /// Its number, 0 before the first.
    pub number: u64,
    /// All up to this is sealed.
    pub lsn: Lsn,
    /// The segments of the newest manifest.
    pub current: BTreeMap<ObjectId, Vec<Arc<Segment>>>,
    /// A manifest of which it is not known whether it was committed.
    pub pending: Option<Pending>,
    /// Segments that no manifest names any more, until nobody reads them.
    pub retired: Vec<Arc<Segment>>,
}

/// A manifest on its way.
pub(super) struct Pending {
    manifest: Manifest,
    document: Bytes,
    streams: Vec<Sealed>,
}

/// A stream as the manifest on its way has it.
struct Sealed {
    tail: Arc<StreamTail>,
    segments: Vec<Arc<Segment>>,
    next_row: u64,
    offsets: Vec<i64>,
    removed: (Lsn, Option<i64>),
}

impl Sealed {
    /// Shows it to readers.
    fn install(&self) {
        self.tail.install(self.segments.clone(), self.next_row, self.offsets.clone(), self.removed);
    }
}

impl Sealer {
    /// Seals if it is due, or if there is anything to seal and it is `wanted`. Answers whether a manifest was committed.
    /// An error leaves all as it was; the next turn tries again.
    pub fn turn(&mut self, wanted: bool) -> Result<bool> {
        self.remove_retired();
        if self.is_short_of_room() && self.lsn > 0 {
            self.free_log()?;
            self.shared.ask_for_rotation();
        }
        if self.pending.is_none() {
            self.pending = match self.trimmed()? {
                // What gives room back comes first: it needs next to none.
                Some(trimmed) => Some(trimmed),
                None if self.is_due(wanted) => Some(self.prepare()?),
                None => return Ok(false),
            };
        }
        if let Some(pending) = &self.pending {
            self.commit(pending)?;
        }
        if let Some(pending) = self.pending.take() {
            self.finish(pending);
        }
        // What is left over takes room, and is removed at the next turn or start.
        if let Err(error) = self.free_log() {
            tracing::warn!(%error, "what was sealed could not be removed from the log");
        }
        self.remove_retired();
        Ok(true)
    }

    /// Commits a manifest. Another server's manifest in its place closes the log, and so does a local disk of which it
    /// is not known what it holds; a remote store is asked again at the next turn.
    fn commit(&self, pending: &Pending) -> Result<()> {
        let document = pending.document.clone();
        match block_on(manifest::commit(&self.objects, pending.manifest.number, document)) {
            Ok(()) => Ok(()),
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Final(error)) => {
                self.shared.latch(&error);
                Err(error)
            }
        }
    }

    /// Whether there is enough to seal.
    fn is_due(&self, wanted: bool) -> bool {
        let (lsn, tails) = {
            let published = self.shared.published();
            let tails: Vec<_> = published.streams.values().cloned().collect();
            (published.lsn, tails)
        };
        let is_much = self.shared.unsealed_bytes() >= self.tail_bytes / 4;
        if lsn > self.lsn && (wanted || is_much || self.is_short_of_room()) {
            return true;
        }
        let now = self.env.now_us();
        tails.iter().any(|tail| is_overdue(tail, now))
    }

    /// The newest manifest without the segments of streams that were dropped since and without those that retention
    /// removes, if there are any. Its LSN stays: a drop after it is in the write-ahead log.
    ///
    /// What retention removes is not shown to readers any more from here on, before the manifest is committed: nobody may
    /// begin to read what is about to go.
    fn trimmed(&self) -> Result<Option<Pending>> {
        let Some(manifest) = &self.manifest else { return Ok(None) };
        let floors = self.floors.read().clone();
        let mut trimmed = None;
        match floors {
            Some(floors) => floors(&mut |floor| trimmed = self.trim(manifest, floor)),
            // Until readers are known, nothing may go.
            None => trimmed = self.trim(manifest, &|_| 0),
        }
        let Some((manifest, streams)) = trimmed else { return Ok(None) };
        let document = document_of(&manifest)?;
        Ok(Some(Pending { manifest, document, streams }))
    }

    fn trim(&self, manifest: &Manifest, floor: Floor) -> Option<(Manifest, Vec<Sealed>)> {
        let tails = self.shared.published().streams.clone();
        let mut trimmed = Manifest { number: self.number + 1, ..manifest.clone() };
        let mut streams = Vec::new();
        let now = self.env.now_us();
        for stream in &mut trimmed.streams {
            let tail = tails.get(&ObjectId(stream.id));
            let mut segments = self.current.get(&ObjectId(stream.id)).cloned().unwrap_or_default();
            let removed = match tail {
                Some(tail) => removed_of(tail, &segments, now, floor),
                None => segments.len(),
            };
            for Segment { meta, .. } in segments.drain(..removed).as_slice().iter().map(Arc::as_ref) {
                stream.removed_lsn = meta.last_lsn;
                let greatest = meta.event_time.map(|(_, greatest)| greatest);
                stream.removed_event_time = stream.removed_event_time.max(greatest);
            }
            stream.segments.drain(..removed);
            let first_row = stream.segments.first().map_or(stream.next_row, |segment| segment.first_row);
            stream.ticks.retain(|tick| tick.1 >= first_row);
            if let Some(tail) = tail {
                streams.push(Sealed {
                    tail: tail.clone(),
                    segments,
                    next_row: stream.next_row,
                    offsets: stream.offsets.clone(),
                    removed: (stream.removed_lsn, stream.removed_event_time),
                });
            }
        }
        if trimmed.streams == manifest.streams {
            return None;
        }
        let _published = self.shared.published();
        streams.iter().for_each(Sealed::install);
        Some((trimmed, streams))
    }

    /// Whether there is so little room on the log's disk that its files should go, though they are few.
    fn is_short_of_room(&self) -> bool {
        let free = self.env.free_bytes(&self.wal_directory);
        self.reserve_bytes > 0 && free.is_ok_and(|(free, _)| free < 2 * self.reserve_bytes)
    }

    /// Writes the segments up to what is durable now, and the manifest's document. To write small segments again takes
    /// room that is only given back afterwards: where there is none they are left as they are.
    fn prepare(&self) -> Result<Pending> {
        if !self.is_short_of_room() {
            match self.write(true) {
                Err(error) if error.state() == SqlState::DiskFull => {}
                done => return done,
            }
        }
        self.write(false)
    }

    /// As [`Sealer::prepare`], with or without the small segments before. Where that fails, what was written is removed
    /// again: it must not take the room that is set aside.
    fn write(&self, may_join: bool) -> Result<Pending> {
        let mut stored = Vec::new();
        self.seal_all(may_join, &mut stored).inspect_err(|_| {
            for path in stored {
                // The next start removes it otherwise.
                let _ = block_on(self.objects.delete(&path));
            }
        })
    }

    fn seal_all(&self, may_join: bool, stored: &mut Vec<String>) -> Result<Pending> {
        let (lsn, commit_time, definitions, tails) = {
            let published = self.shared.published();
            let tails: Vec<_> = published.streams.values().cloned().collect();
            (published.lsn, published.time, published.definitions.clone(), tails)
        };
        let (definitions, sinks, next_object) = {
            let (objects, sinks) = definitions.members();
            (objects, sinks, definitions.next_object)
        };
        let now = self.env.now_us();
        let mut streams = Vec::with_capacity(tails.len());
        let mut members = Vec::with_capacity(tails.len());
        for tail in tails {
            let unsealed = tail.unsealed(lsn);
            let (segments, offsets) = self.seal(&tail, &unsealed, now, may_join, stored)?;
            let removed = tail.removed();
            // Retention may have removed the row that says it.
            let before = self.manifest.iter().flat_map(|manifest| &manifest.streams);
            let before = before.filter(|stream| stream.id == tail.spec().id.0).map(|stream| stream.last_lsn);
            members.push(StreamManifest {
                id: tail.spec().id.0,
                next_row: unsealed.next_row,
                watermark: watermark_member(unsealed.watermark),
                offsets: offsets.clone(),
                last_lsn: before.fold(unsealed.last_lsn, Lsn::max),
                removed_lsn: removed.0,
                removed_event_time: removed.1,
                ticks: ticks_from(&unsealed, &segments),
                segments: segments.iter().map(|segment| segment.meta.clone()).collect(),
            });
            streams.push(Sealed { tail, segments, next_row: unsealed.next_row, offsets, removed });
        }
        let number = self.number + 1;
        let manifest = Manifest {
            format_version: manifest::FORMAT_VERSION,
            number,
            log_id: format!("{:016x}", self.log_id),
            lsn,
            commit_time,
            next_object,
            definitions,
            sinks,
            streams: members,
            crc32c: document::unsealed(),
        };
        let document = document_of(&manifest)?;
        Ok(Pending { manifest, document, streams })
    }

    /// The segments of a stream with its unsealed rows in them and without what retention removes, and the next offset
    /// of each partition.
    fn seal(
        &self,
        tail: &Arc<StreamTail>,
        unsealed: &Unsealed,
        now: i64,
        may_join: bool,
        stored: &mut Vec<String>,
    ) -> Result<(Vec<Arc<Segment>>, Vec<i64>)> {
        let mut segments = unsealed.segments.clone();
        let mut slices = unsealed.slices.clone();
        let mut offsets = unsealed.offsets.clone();
        let Some(last) = slices.last() else {
            return Ok((segments, tail.sealed_offsets()));
        };
        let next = last.offsets_after();
        let mut rows: u64 = slices.iter().map(|slice| slice.num_rows() as u64).sum();
        let mut bytes: u64 = slices.iter().map(bytes_of).sum();
        while let Some(small) = segments.last().filter(|last| may_join && joins(tail, last, rows, bytes, now))
        {
            let read = match read_back(tail, small) {
                Ok(read) => read,
                Err(error) => {
                    tracing::error!(%error, "a small segment is left as it is");
                    break;
                }
            };
            rows += small.meta.rows;
            bytes += small.meta.groups.iter().map(|group| group.bytes()).sum::<u64>();
            offsets = small.meta.offsets.clone();
            slices.splice(0..0, read);
            segments.pop();
        }
        let directory = format!("streams/{}", tail.spec().id);
        for (slices, offsets) in pieces(slices, offsets) {
            let Encoded { meta, bytes } =
                encode(&directory, self.env.random(), tail.spec(), &slices, offsets)?;
            block_on(self.objects.put(&meta.path, bytes))?;
            stored.push(meta.path.clone());
            segments.push(Arc::new(Segment::new(meta, tail.spec().clone(), self.objects.clone())));
        }
        Ok((segments, next))
    }

    /// The manifest is there: readers take the segments, memory is given back.
    fn finish(&mut self, pending: Pending) {
        let mut current = BTreeMap::new();
        let published = self.shared.published();
        for sealed in pending.streams {
            sealed.install();
            current.insert(sealed.tail.spec().id, sealed.segments);
        }
        drop(published);
        let kept: HashSet<&str> =
            current.values().flatten().map(|segment| segment.meta.path.as_str()).collect();
        let before = self.current.values().flatten();
        let retired: Vec<_> =
            before.filter(|segment| !kept.contains(segment.meta.path.as_str())).cloned().collect();
        self.retired.extend(retired);
        self.current = current;
        (self.number, self.lsn) = (pending.manifest.number, pending.manifest.lsn);
        self.manifest = Some(pending.manifest);
        self.evict();
        self.shared.thin_times(self.lsn);
    }

    /// Lets sealed rows leave memory, and notes what is left.
    fn evict(&self) {
        let published = self.shared.published();
        let tails: Vec<_> = published.streams.values().collect();
        let mut held: usize = tails.iter().map(|tail| tail.bytes()).sum();
        while held > self.tail_bytes / 4 {
            let oldest = tails.iter().filter_map(|tail| Some((tail.oldest_sealed()?, *tail)));
            let Some(((_, bytes), tail)) = oldest.min_by_key(|((time, _), _)| *time) else { break };
            tail.evict_oldest();
            held -= bytes.min(held);
        }
        self.shared.note_unsealed(tails.iter().map(|tail| tail.unsealed_bytes()).sum());
    }

    /// Removes the write-ahead log's files whose every commit is sealed, and older manifests.
    fn free_log(&self) -> Result<()> {
        let directory = &self.wal_directory;
        let names = self.env.list(directory).map_err(|error| Error::io("reading", directory, &error))?;
        let firsts: Vec<(Lsn, &String)> =
            names.iter().filter_map(|name| Some((parse_name(name)?, name))).collect();
        // A file ends where the next one begins.
        let free = firsts.windows(2).take_while(|pair| pair[1].0 <= self.lsn + 1).count();
        if free > 0 {
            // The name of the next one must not be lost where this one's is gone.
            sync_directory(&self.env, directory)?;
            for (_, name) in &firsts[..free] {
                let path = directory.join(name);
                self.env.remove(&path).map_err(|error| Error::io("removing", &path, &error))?;
            }
            sync_directory(&self.env, directory)?;
        }
        block_on(manifest::remove_old(&self.objects, self.number))
    }

    /// Removes the objects of segments that nobody reads any more.
    fn remove_retired(&mut self) {
        let (free, read): (Vec<_>, Vec<_>) = std::mem::take(&mut self.retired)
            .into_iter()
            .partition(|segment| Arc::strong_count(segment) == 1);
        self.retired = read;
        let mut failed = None;
        for segment in free {
            if let Err(error) = block_on(self.objects.delete(&segment.meta.path)) {
                failed = Some(error);
                self.retired.push(segment);
            }
        }
        if let Some(error) = failed {
            tracing::warn!(%error, objects = self.retired.len(), "segments that nobody needs any more stay for now");
        }
    }
}

/// How many of the oldest segments of a stream retention removes.
fn removed_of(tail: &StreamTail, segments: &[Arc<Segment>], now: i64, floor: Floor) -> usize {
    let Retention { age_us, bytes } = tail.retention();
    if age_us.is_none() && bytes.is_none() {
        return 0;
    }
    let floor = floor(tail.spec().id);
    let mut held: u64 = segments.iter().map(|segment| segment.meta.bytes).sum();
    let mut removed = 0;
    for segment in segments {
        let meta = &segment.meta;
        let is_old = age_us.is_some_and(|age| meta.last_time.saturating_add(age) < now);
        let is_much = bytes.is_some_and(|bytes| held > bytes);
        if !(is_old || is_much) || meta.last_lsn > floor {
            break;
        }
        held -= meta.bytes;
        removed += 1;
    }
    removed
}

/// How often the sealer looks whether retention has something to remove.
const INTERVAL: Duration = Duration::from_millis(500);
/// The pause after a turn that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// The sealer's thread: takes turns until the log is closed. A failure is told to those who wait for room.
pub(super) fn run(shared: &Shared, sealer: &Mutex<Sealer>) {
    let mut failing = false;
    while shared.wait_to_seal(if failing { PAUSE } else { INTERVAL }) {
        let turn = catch_unwind(AssertUnwindSafe(|| sealer.lock().turn(false)));
        let turn = turn.unwrap_or_else(|_| {
            let error = Error::internal("the sealer panicked");
            shared.latch(&error);
            Err(error)
        });
        match &turn {
            Ok(_) => {}
            Err(error) if !failing => tracing::error!(%error, "the tail cannot be sealed"),
            Err(_) => {}
        }
        failing = turn.is_err();
        shared.note_sealing(turn.err());
    }
}

/// Takes a store over, so that no other server commits to it any more: the newest manifest is committed again under the
/// next number. Answers the newest one.
pub(super) fn take_over(objects: &Objects, newest: Option<Manifest>, log_id: u64) -> Result<Manifest> {
    let next = match &newest {
        Some(newest) => Manifest { number: newest.number + 1, ..newest.clone() },
        None => manifest::first(log_id),
    };
    match (block_on(manifest::commit(objects, next.number, document_of(&next)?)), newest) {
        (Ok(()), _) => {
            if let Err(error) = block_on(manifest::remove_old(objects, next.number)) {
                tracing::warn!(%error, "older manifests stay for now");
            }
            Ok(next)
        }
        // A full disk is read, and what it is full of can be dropped. Here the lock keeps others away.
        (Err(Failure::Refused(error)), Some(newest))
            if objects.is_local() && error.state() == SqlState::DiskFull =>
        {
            tracing::warn!(%error, "the server starts without a manifest of its own");
            Ok(newest)
        }
        (Err(Failure::Refused(error) | Failure::Final(error)), _) => Err(error),
    }
}

/// Removes the segments that the newest manifest does not name: what a crash between two steps left.
pub(super) fn remove_orphans(objects: &Objects, named: &BTreeMap<ObjectId, Vec<Arc<Segment>>>) -> Result<()> {
    let named: HashSet<&str> = named.values().flatten().map(|segment| segment.meta.path.as_str()).collect();
    for object in block_on(objects.list("streams"))? {
        if is_segment(&object.path)
            && !named.contains(object.path.as_str())
            && let Err(error) = block_on(objects.delete(&object.path))
        {
            tracing::warn!(%error, "a segment that no manifest names stays for now");
        }
    }
    Ok(())
}

/// Whether a path is one that [`encode`] gives: nobody else's objects are ever removed.
fn is_segment(path: &str) -> bool {
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = path.split('/').collect();
    let [_, stream, name] = parts[..] else { return false };
    let Some(name) = name.strip_suffix(".parquet") else { return false };
    let [first, end, unique] = name.split('-').collect::<Vec<_>>()[..] else { return false };
    let is_unique = unique.len() == 16 && unique.bytes().all(|byte| byte.is_ascii_hexdigit());
    stream.parse::<u64>().is_ok() && digits(first, 20) && digits(end, 20) && is_unique
}

fn document_of(manifest: &Manifest) -> Result<Bytes> {
    // One that was read carries its own checksum.
    let manifest = Manifest { crc32c: document::unsealed(), ..manifest.clone() };
    let document = document::write(&manifest).map_err(|error| Error::internal(error.to_string()))?;
    Ok(document.into())
}

/// The bytes of rows as a row group's entry in the manifest counts them.
fn bytes_of(slice: &TailSlice) -> u64 {
    batch_bytes(&slice.batch) as u64
}

/// Whether a segment is to be written again together with what follows it.
fn joins(tail: &StreamTail, last: &Segment, rows: u64, bytes: u64, now: i64) -> bool {
    let meta = &last.meta;
    let own: u64 = meta.groups.iter().map(|group| group.bytes()).sum();
    // Whole segments are removed by age: none may grow older at its start than a part of that.
    let spans_little =
        tail.retention().age_us.is_none_or(|age| now.saturating_sub(meta.first_time) <= age / 8);
    meta.rows <= rows && meta.rows + rows <= SEGMENT_ROWS && own + bytes <= SEGMENT_BYTES && spans_little
}

/// Whether rows wait in memory that retention could soon remove.
fn is_overdue(tail: &StreamTail, now: i64) -> bool {
    let age = tail.retention().age_us;
    age.zip(tail.oldest_unsealed()).is_some_and(|(age, oldest)| now.saturating_sub(oldest) > age / 8)
}

fn read_back(tail: &Arc<StreamTail>, segment: &Segment) -> Result<Vec<TailSlice>> {
    let mut slices = Vec::new();
    for group in 0..segment.meta.groups.len() {
        for chunk in block_on(segment.chunks(group))? {
            let rows = 0..chunk.rows();
            // Nobody asks a segment for the watermark after a slice.
            slices.push(TailSlice::new(chunk, tail.spec().clone(), rows, i64::MIN));
        }
    }
    Ok(slices)
}

/// Rows for one segment each, with the offsets before them.
fn pieces(slices: Vec<TailSlice>, offsets: Vec<i64>) -> Vec<(Vec<TailSlice>, Vec<i64>)> {
    let mut pieces = vec![(Vec::new(), offsets)];
    let (mut rows, mut bytes) = (0, 0);
    for slice in slices {
        let (own_rows, own_bytes) = (slice.num_rows() as u64, bytes_of(&slice));
        let is_full = rows + own_rows > SEGMENT_ROWS || bytes + own_bytes > SEGMENT_BYTES;
        if is_full && rows > 0 {
            pieces.push((Vec::new(), slice.offsets_before()));
            (rows, bytes) = (0, 0);
        }
        rows += own_rows;
        bytes += own_bytes;
        pieces.last_mut().into_iter().for_each(|(slices, _)| slices.push(slice.clone()));
    }
    pieces
}

/// The ticks that readers of the rows that are held may ask for.
fn ticks_from(unsealed: &Unsealed, segments: &[Arc<Segment>]) -> Vec<(Lsn, u64, Option<i64>, i64)> {
    let first = segments.first().map_or(unsealed.next_row, |segment| segment.meta.first_row);
    unsealed.ticks.iter().filter(|tick| tick.row >= first).map(tick_member).collect()
}
