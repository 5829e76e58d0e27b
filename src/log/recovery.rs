//! From the files back to the tails: every commit that was durable, and nothing that was not whole.
//!
//! Frames are read in order and must be dense. Where they stop:
//!
//! | what is there | what it means |
//! |---|---|
//! | only zeros, in the last file | the end |
//! | anything else, in the last file, and no later frame that shows that it was durable | a torn tail: cut off |
//! | the same, but a later frame or file shows that it was durable | damage: refused, with file and byte |
//!
//! What is sealed comes from the manifest; frames up to its LSN are passed over, and so is damage among them if the frame
//! after them is found. A log that ends before that LSN is damage: commits after it may be missing. A manifest of another log, or one beside no log at all, is another database's: it is
//! refused before anything is removed.
//!
//! A frame says up to which LSN the log was durable when it was written; that is the proof. So frames that were
//! under way together may be lost in any combination, as a power cut does it, without being taken for damage.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::executor::block_on;
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};

use super::assemble::{Gathering, Piece};
use super::columns::{batch_bytes, batch_from_buffers, copy};
use super::commit::Published;
use super::manifest::{self, Definitions, Manifest, SegmentMeta, StreamManifest};
use super::reader::{FileReader, Next, WINDOW_BYTES};
use super::record::{Append, Entry, FrameHeader, HEADER_BYTES};
use super::segment::Segment;
use super::tail::Update;
use super::times::CommitTimes;
use super::wal::{FILE_HEADER_BYTES, Failure, FileHeader, Wal, is_unfinished, parse_name, sync_directory};
use super::{LogConfig, Lsn, Replay, StreamSpec, StreamTail, columns};
use crate::env::Plant;
use crate::error::is_full;
use crate::objects::Objects;
use crate::{Error, Result};

/// What recovery found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// The newest commit.
    pub last_lsn: Lsn,
    /// Number of frames read.
    pub frames: u64,
    /// Number of rows read.
    pub rows: u64,
    /// Bytes of the frames read.
    pub bytes: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: i64,
    /// What was cut off the end, if anything was.
    pub torn: Option<TornTail>,
}

/// The remains of commits that were under way when the last server ended; none of them was acknowledged as durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The file.
    pub path: PathBuf,
    /// Where it was cut.
    pub offset: u64,
    /// Bytes from there to the file's end, reserved room included.
    pub bytes: u64,
}

/// The log as it was.
pub(super) struct Recovered {
    pub wal: Wal,
    pub streams: HashMap<ObjectId, Arc<StreamTail>>,
    pub times: CommitTimes,
    pub published: Published,
    pub sealed: SealedLog,
    pub report: RecoveryReport,
}

/// What is sealed.
#[derive(Debug, Default)]
pub(super) struct SealedLog {
    /// The newest manifest, if there is one.
    pub manifest: Option<Manifest>,
    /// Its LSN, or 0.
    pub lsn: Lsn,
    /// The segments that it names.
    pub segments: BTreeMap<ObjectId, Vec<Arc<Segment>>>,
}

/// What is wrong with a file that has its name and nothing else: it gets that only once its header is durable.
pub(super) const NO_HEADER: &str = "the file has no header";

/// Reads the log of a directory, or makes one.
pub(super) fn recover(config: &LogConfig, replay: &mut dyn Replay) -> Result<Recovered> {
    let started = config.env.now_us();
    let directory = config.wal_directory();
    let create = |error| Error::io("creating", &directory, &error);
    config.env.create_directory(&directory).map_err(create)?;
    make_names_durable(config)?;
    let mut rebuild = Rebuild {
        replay,
        streams: HashMap::new(),
        pending: HashMap::new(),
        times: CommitTimes::default(),
        published: Published::default(),
        report: RecoveryReport::default(),
        sealed_lsn: 0,
        unproven: VecDeque::new(),
        plants: (config.env.planted(Plant::LoseLastFrame), config.env.planted(Plant::ReplayTwice)),
    };
    let (log_id, sealed) = match &config.objects {
        Some(objects) => rebuild.manifest(objects)?,
        None => (None, SealedLog::default()),
    };
    let mut files = log_files(config)?;
    // Before anything is removed that the manifest does not speak of.
    if let (Some(objects), Some(log_id)) = (&config.objects, log_id) {
        check_owner(config, objects, &files, log_id, sealed.lsn)?;
    }
    if let Some(objects) = &config.objects {
        // The manifest that was read must be durable before files of the log go that it stands for.
        objects.settle()?;
    }
    remove_unfinished(config)?;
    sync_directory(&config.env, &directory)?;
    // A file that ends where the next one begins is free, though a crash may have kept it.
    let free = files.windows(2).take_while(|pair| pair[1].0 <= sealed.lsn + 1).count();
    for (_, path) in files.drain(..free) {
        config.env.remove(&path).map_err(|error| Error::io("removing", &path, &error))?;
    }
    // The first file may begin with commits that are sealed.
    rebuild.report.last_lsn =
        files.first().map_or(0, |(first, _)| (*first).min(sealed.lsn + 1).saturating_sub(1));
    let mut end = None;
    for (index, (first_lsn, path)) in files.iter().enumerate() {
        let (mut reader, header) = open_file(config, path)?;
        let header = header.ok_or_else(|| reader.corrupt(0, NO_HEADER))?;
        if end.as_ref().map(|(_, log_id, _)| *log_id).or(log_id).is_some_and(|id| id != header.log_id) {
            return Err(reader.corrupt(0, "the file belongs to another log"));
        }
        let due = rebuild.report.last_lsn + 1;
        if header.first_lsn != *first_lsn || header.first_lsn != due {
            let message = format!("the file starts with commit {}, but {due} is due", header.first_lsn);
            return Err(reader.corrupt(0, message));
        }
        let position = rebuild.read_file(&mut reader, index + 1 == files.len())?;
        end = Some((reader, header.log_id, position));
    }
    rebuild.flush_all()?;
    if rebuild.report.last_lsn < sealed.lsn {
        let (last, lsn) = (rebuild.report.last_lsn, sealed.lsn);
        let message = format!(
            "the log ends with commit {last}, but all up to {lsn} was sealed: commits after {lsn} may be missing; \
             `millstream verify --repair` goes on from there"
        );
        return Err(Error::Corrupt { path: directory, offset: 0, message });
    }
    let (env, segment_bytes) = (config.env.clone(), config.segment_bytes);
    let wal = match end {
        Some((reader, log_id, position)) => {
            let (file, path) = (reader.file().clone(), reader.path().to_owned());
            let unproven = rebuild.unproven.front().map_or(position.0, |(_, start)| *start);
            make_durable(config, &reader, unproven..position.0)?;
            Wal::resume(env, &directory, log_id, segment_bytes, file, path, position)
        }
        None => match Wal::create(env, &directory, config.env.random(), segment_bytes, 1) {
            Ok(wal) => wal,
            Err(Failure::Refused(error) | Failure::Final(error)) => return Err(error),
        },
    };
    let Rebuild { streams, times, mut published, mut report, .. } = rebuild;
    published.lsn = report.last_lsn;
    published.time = times.last().unwrap_or(i64::MIN);
    published.streams = streams.iter().map(|(id, tail)| (*id, tail.clone())).collect();
    report.elapsed_us = config.env.now_us() - started;
    Ok(Recovered { wal, streams, times, published, sealed, report })
}

/// Refuses a store in which the log of another database is sealed.
fn check_owner(
    config: &LogConfig,
    objects: &Objects,
    files: &[(Lsn, PathBuf)],
    log_id: u64,
    sealed_lsn: Lsn,
) -> Result<()> {
    let (url, directory) = (objects.url(), config.directory.display());
    let own = match files.last() {
        Some((_, path)) => match open_file(config, path)?.1 {
            Some(header) if header.log_id != log_id => {
                format!("that of {directory} is {:016x}", header.log_id)
            }
            _ => return Ok(()),
        },
        None => format!("{directory} has no log"),
    };
    let message = format!(
        "the object store {url} is that of the log {log_id:016x}, sealed up to commit {sealed_lsn}, and {own}"
    );
    Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message)
        .with_hint(
            "give each database an object store of its own; only where the log's directory was lost does \
             `millstream verify --repair` go on with what is sealed",
        )
        .into())
}

/// The log's files by the LSN in their names, in order.
fn log_files(config: &LogConfig) -> Result<Vec<(Lsn, PathBuf)>> {
    let directory = config.wal_directory();
    let names = config.env.list(&directory).map_err(|error| Error::io("reading", &directory, &error))?;
    Ok(names.iter().filter_map(|name| Some((parse_name(name)?, directory.join(name)))).collect())
}

fn open_file(config: &LogConfig, path: &Path) -> Result<(FileReader, Option<FileHeader>)> {
    let file = config.env.open(path).map_err(|error| Error::io("opening", path, &error))?;
    let mut reader = FileReader::new(path.to_owned(), file)?;
    if config.env.planted(Plant::SkipCrc) {
        reader.trust();
    }
    let header = reader.header()?;
    Ok((reader, header))
}

/// Removes a file that the server did not get to finish when it made it.
fn remove_unfinished(config: &LogConfig) -> Result<()> {
    let directory = config.wal_directory();
    let names = config.env.list(&directory).map_err(|error| Error::io("reading", &directory, &error))?;
    for name in names.iter().filter(|name| is_unfinished(name)) {
        let path = directory.join(name);
        config.env.remove(&path).map_err(|error| Error::io("removing", &path, &error))?;
    }
    Ok(())
}

/// What was read may have been in the system's memory only, when the last server was killed between a write and its
/// sync. It is about to be shown, so it must not be lost to a power cut any more. Frames of which nothing proves that they
/// were durable are written again: after a failed sync the system may hold what the disk has not, and take it for clean
/// (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
fn make_durable(config: &LogConfig, last: &FileReader, unproven: Range<u64>) -> Result<()> {
    let mut buffer = vec![0; WINDOW_BYTES];
    let mut at = unproven.start;
    while at < unproven.end {
        let wanted = (unproven.end - at).min(WINDOW_BYTES as u64) as usize;
        let read = last.file().read_at(&mut buffer[..wanted], at);
        if read.map_err(|error| Error::io("reading", last.path(), &error))? < wanted {
            return Err(last.corrupt(at, "the file became shorter while it was read"));
        }
        match last.file().write_at(&[&buffer[..wanted]], at) {
            // Only a file system that copies what is written over wants room for it.
            Err(error) if is_full(&error) => {
                tracing::warn!(path = %last.path().display(), "no room to write the last commits again");
                break;
            }
            written => written.map_err(|error| Error::io("writing", last.path(), &error))?,
        }
        at += wanted as u64;
    }
    last.file().sync().map_err(|error| Error::io("syncing", last.path(), &error))?;
    sync_directory(&config.env, &config.wal_directory())
}

/// A server that was killed may have made the directories without syncing their names.
fn make_names_durable(config: &LogConfig) -> Result<()> {
    sync_directory(&config.env, &config.directory)?;
    let parent = config.directory.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    match config.env.sync_directory(parent) {
        // Whoever made the data directory for us in a place that we cannot open answers for it.
        Err(error) if error.kind() != std::io::ErrorKind::PermissionDenied => {
            Err(Error::io("syncing", parent, &error))
        }
        _ => Ok(()),
    }
}

/// The log while it is read.
struct Rebuild<'a> {
    replay: &'a mut dyn Replay,
    streams: HashMap<ObjectId, Arc<StreamTail>>,
    /// Rows that are not in their tail yet: small frames are put together first.
    pending: HashMap<ObjectId, Gathering>,
    times: CommitTimes,
    published: Published,
    report: RecoveryReport,
    /// Frames up to this are passed over.
    sealed_lsn: Lsn,
    /// The frames of the present file that nothing proves to have been durable: last commit, position.
    unproven: VecDeque<(Lsn, u64)>,
    /// Bugs that a test plants: the last frame is left out, frames are applied twice.
    plants: (bool, bool),
}

impl Rebuild<'_> {
    /// Takes over the newest manifest: definitions, sink positions, streams with their segments. Answers the log's id,
    /// if there is a manifest.
    fn manifest(&mut self, objects: &Objects) -> Result<(Option<u64>, SealedLog)> {
        let manifest = block_on(manifest::newest(objects))?;
        let Some(manifest) = manifest else { return Ok((None, SealedLog::default())) };
        for definition in &manifest.definitions {
            let id = ObjectId(definition.id);
            self.replay.next_object(id);
            if let Some(spec) = self.replay.ddl(definition.lsn, id, &definition.sql)? {
                let stream = manifest.streams.iter().find(|stream| stream.id == definition.id);
                let spec = Arc::new(spec);
                let tail = match stream {
                    Some(stream) => restored(objects, spec, stream),
                    None => StreamTail::new((*spec).clone()),
                };
                self.streams.insert(id, Arc::new(tail));
            }
        }
        self.replay.next_object(ObjectId(manifest.next_object));
        for sink in &manifest.sinks {
            self.replay.sink_progress(ObjectId(sink.sink), sink.lsn);
        }
        let mut times: Vec<(Lsn, i64)> = manifest
            .streams
            .iter()
            .flat_map(|stream| &stream.segments)
            .flat_map(|segment| {
                [(segment.first_lsn, segment.first_time), (segment.last_lsn, segment.last_time)]
            })
            .chain((manifest.lsn > 0).then_some((manifest.lsn, manifest.commit_time)))
            .collect();
        times.sort_unstable();
        times.dedup_by_key(|(lsn, _)| *lsn);
        times.into_iter().for_each(|(lsn, time)| self.times.push(lsn, time));
        self.times.note_exact_from(manifest.lsn);
        self.published.definitions = Definitions::of(&manifest);
        self.sealed_lsn = manifest.lsn;
        let segments = self.streams.iter().map(|(id, tail)| (*id, tail.segments())).collect();
        let log_id = manifest::log_id_of(&manifest)?;
        Ok((Some(log_id), SealedLog { lsn: manifest.lsn, manifest: Some(manifest), segments }))
    }

    /// Reads a file's frames. Answers where the next frame goes and how long the file is.
    fn read_file(&mut self, reader: &mut FileReader, last: bool) -> Result<(u64, u64)> {
        let mut position = FILE_HEADER_BYTES;
        self.unproven.clear();
        loop {
            let windows = reader.windows();
            let due = self.report.last_lsn + 1;
            let next = reader.frame_at(position, due)?;
            if reader.windows() != windows {
                // What is pending keeps the former window in memory.
                self.flush_all()?;
            }
            let (offset, message) = match next {
                Next::Frame { ref header, end, .. }
                    if self.plants.0
                        && last
                        && matches!(
                            reader.frame_at(end, due + u64::from(header.commits)),
                            Ok(Next::Nothing | Next::Mark)
                        ) =>
                {
                    return self.cut(reader, position);
                }
                Next::Frame { header, entries, end } => {
                    if self.plants.1 {
                        self.apply(reader, position, &header, entries.clone())?;
                    }
                    self.apply(reader, position, &header, entries)?;
                    while self.unproven.front().is_some_and(|(last, _)| *last <= header.durable_lsn) {
                        self.unproven.pop_front();
                    }
                    self.unproven.push_back((self.report.last_lsn, position));
                    position = end;
                    continue;
                }
                Next::Nothing => (position, "a frame is missing"),
                Next::Mark if reader.is_zero_from(position + HEADER_BYTES as u64)? => {
                    self.unproven.clear();
                    return Ok((position, reader.length()));
                }
                Next::Mark => (position, "something follows the mark at the log's end"),
                Next::Damaged { offset, message } => (offset, message),
            };
            if reader.is_zero_from(position)? {
                return Ok((position, reader.length()));
            }
            if due <= self.sealed_lsn
                && let Some(next) = reader.find(position, self.sealed_lsn + 1)?
            {
                let path = reader.path().display();
                tracing::warn!(%path, offset, message, "damage in commits that are sealed is passed over");
                (self.report.last_lsn, position) = (self.sealed_lsn, next);
                continue;
            }
            if !last || reader.was_durable(position, due)? {
                return Err(reader.corrupt(offset, message));
            }
            return self.cut(reader, position);
        }
    }

    /// Cuts a torn tail off, so that its bytes cannot come back behind later frames. The file is synced at the end.
    fn cut(&mut self, reader: &FileReader, position: u64) -> Result<(u64, u64)> {
        let (file, path) = (reader.file(), reader.path());
        file.truncate(position).map_err(|error| Error::io("truncating", path, &error))?;
        let bytes = reader.length() - position;
        self.report.torn = Some(TornTail { path: path.to_owned(), offset: position, bytes });
        Ok((position, position))
    }

    fn apply(
        &mut self,
        reader: &FileReader,
        position: u64,
        header: &FrameHeader,
        entries: Vec<Entry>,
    ) -> Result<()> {
        let time = header.commit_time;
        let last = header.first_lsn + u64::from(header.commits).saturating_sub(1);
        if last <= self.sealed_lsn {
            self.report.last_lsn = last;
            return Ok(());
        }
        if self.times.last().is_some_and(|last| last > time) || header.commits == 0 {
            return Err(reader.corrupt(position, "the frame's commits or commit time do not follow the last"));
        }
        self.published.apply(&entries);
        for entry in entries {
            match entry {
                Entry::Append(append) => {
                    self.append(append, time).map_err(|why| match why {
                        Wrong::Content(message) => reader.corrupt(position, message),
                        Wrong::Other(error) => error,
                    })?;
                }
                Entry::Ddl { lsn, id, sql } => {
                    if let Some(spec) = self.replay.ddl(lsn, id, &sql)? {
                        self.streams.insert(spec.id, Arc::new(StreamTail::new(spec)));
                    }
                }
                Entry::Drop { lsn, ids, sql } => {
                    self.replay.drop_objects(lsn, &ids, &sql)?;
                    for id in ids {
                        self.pending.remove(&id);
                        self.streams.remove(&id);
                    }
                }
                Entry::Tick { lsn, stream, watermark } => self.tick(lsn, stream, watermark)?,
                Entry::SinkProgress { sink, reached, .. } => self.replay.sink_progress(sink, reached),
            }
        }
        self.times.push(header.first_lsn, time);
        self.report.last_lsn = header.first_lsn + u64::from(header.commits) - 1;
        self.report.frames += 1;
        self.report.bytes += header.length;
        Ok(())
    }

    fn append(&mut self, append: Append, time: i64) -> Result<(), Wrong> {
        let Append { stream, first_row, watermark, rows, runs, partitions, buffers } = append;
        let unknown = || Wrong::Content(format!("rows of a stream {stream} that was not created"));
        let spec = self.streams.get(&stream).ok_or_else(unknown)?.spec().clone();
        if buffers.len() != columns::buffer_count(&spec.schema) {
            return Err(Wrong::Content(format!("rows of stream {stream} with other columns than it has")));
        }
        let batch = batch_from_buffers(&spec.schema, rows as usize, buffers)
            .map_err(|error| Wrong::Content(format!("rows of stream {stream}: {error}")))?;
        let Some((last_lsn, _)) = runs.last().copied() else {
            return Err(Wrong::Content("an append without rows".to_owned()));
        };
        let piece = Piece { bytes: batch_bytes(&batch), batch, partitions, marks: None };
        if !self.pending.entry(stream).or_default().takes(last_lsn, time, rows as usize, piece.bytes) {
            self.flush(stream)?;
        }
        let gathering = self.pending.entry(stream).or_default();
        let head = self.streams[&stream].head().lock();
        if first_row != head.next_row + gathering.rows() as u64 {
            return Err(Wrong::Content(format!(
                "row {first_row} of stream {stream} does not follow the last"
            )));
        }
        if gathering.is_empty() && watermark != head.watermark {
            return Err(Wrong::Content(format!("the watermark of stream {stream} comes out otherwise")));
        }
        drop(head);
        gathering.push_runs(&runs, time, piece);
        self.report.rows += u64::from(rows);
        Ok(())
    }

    fn tick(&mut self, lsn: Lsn, stream: ObjectId, watermark: i64) -> Result<()> {
        self.flush(stream)?;
        let Some(tail) = self.streams.get(&stream) else { return Ok(()) };
        let tick = tail.head().lock().tick(lsn, watermark);
        tail.publish(tick.map(Update::Tick).into_iter().collect(), lsn)
    }

    fn flush_all(&mut self) -> Result<()> {
        let streams: Vec<ObjectId> = self.pending.keys().copied().collect();
        streams.into_iter().try_for_each(|stream| self.flush(stream))
    }

    fn flush(&mut self, stream: ObjectId) -> Result<()> {
        let (Some(mut gathering), Some(tail)) = (self.pending.remove(&stream), self.streams.get(&stream))
        else {
            return Ok(());
        };
        if gathering.is_empty() {
            return Ok(());
        }
        if let [piece] = gathering.pieces_mut() {
            // Several pieces are copied into one anyway; one small piece must not keep a large window in memory.
            if piece.bytes < WINDOW_BYTES / 4 {
                piece.batch = copy(&piece.batch)?;
            }
        }
        let mut head = tail.head().lock();
        let chunk = head.seal(tail.spec(), gathering)?;
        let last_lsn = chunk.last_lsn();
        tail.publish(vec![Update::Rows(chunk, head.watermark)], last_lsn)
    }
}

/// A stream as a manifest has it.
fn restored(objects: &Objects, spec: Arc<StreamSpec>, stream: &StreamManifest) -> StreamTail {
    let segment = |meta: &SegmentMeta| Arc::new(Segment::new(meta.clone(), spec.clone(), objects.clone()));
    let segments = stream.segments.iter().map(segment).collect();
    StreamTail::restored(spec.clone(), stream, segments)
}

/// Why an append could not be put back.
enum Wrong {
    /// What is written makes no sense.
    Content(String),
    Other(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Wrong::Other(error)
    }
}
