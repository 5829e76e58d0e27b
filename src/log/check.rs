//! Reads the log's files without opening the log: what recovery would refuse, what it would cut off, and what stands behind
//! damage. Nothing is written.
//!
//! The rules are those of [`super::recovery`]; what is decided there frame by frame is told here file by file.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use millstream_catalog::ObjectId;

use super::manifest::{self, Manifest, SegmentMeta};
use super::reader::{FileReader, Next};
use super::record::{ALIGNMENT, Entry, FrameHeader, HEADER_BYTES};
use super::recovery::NO_HEADER;
use super::segment::Segment;
use super::wal::{FILE_HEADER_BYTES, Failure, FileHeader, Wal, is_unfinished, parse_name};
use super::{Lsn, StreamSpec};
use crate::env::Env;
use crate::objects::Objects;
use crate::{Error, Result};

/// What a new file of the log is laid out for; the server that opens it goes by its own setting.
const WAL_SEGMENT_BYTES: u64 = 8 << 20;

/// The log's files, in order.
#[derive(Debug, Default)]
pub(crate) struct CheckedLog {
    /// The files that were read; only the last can have an end that is damage.
    pub files: Vec<CheckedFile>,
    /// Files that only hold what is sealed, which were not read.
    pub free: Vec<PathBuf>,
    /// Files that were being made when the server ended; the next start removes them.
    pub unfinished: Vec<PathBuf>,
    /// All up to this commit is sealed.
    pub sealed_lsn: Lsn,
    /// The files after damage, which were not read as part of the log.
    pub unread: Vec<PathBuf>,
    /// What was found behind the damage.
    pub behind: Behind,
    /// The text of each definition that was met.
    pub definitions: BTreeMap<ObjectId, String>,
}

/// A file of the log.
#[derive(Debug)]
pub(crate) struct CheckedFile {
    pub path: PathBuf,
    /// Its first commit, and the last that is whole; one less where there is none.
    pub first_lsn: Lsn,
    pub last_lsn: Lsn,
    pub frames: u64,
    pub rows: u64,
    pub bytes: u64,
    /// Its header is damaged, and this is what it should be: its frames fit to that.
    pub header: Option<FileHeader>,
    /// Damage in commits that are sealed, which the next start passes over: where, and what.
    pub passed: Option<(u64, String)>,
    pub end: FileEnd,
}

/// How a file ends.
#[derive(Debug)]
pub(crate) enum FileEnd {
    /// With its last frame, and room that was reserved.
    Whole,
    /// With remains of commits that were under way; the next start cuts them off.
    Torn { offset: u64, bytes: u64 },
    /// With damage at a byte; all before `cut` is whole.
    Damaged { offset: u64, cut: u64, message: String },
    /// It cannot be read at all: another format, an error of the disk.
    Unreadable(Error),
}

/// What stands behind damage.
#[derive(Debug, Default)]
pub(crate) struct Behind {
    /// The first and the last commit that some header names.
    pub commits: Option<(Lsn, Lsn)>,
    /// Rows of whole frames, by stream.
    pub rows: BTreeMap<ObjectId, u64>,
    /// Definitions and drops in whole frames.
    pub definitions: u64,
    /// Frames that are damaged.
    pub damaged_frames: u64,
}

impl CheckedLog {
    /// The last commit that is whole and follows those before it, in the files or sealed.
    pub fn last_lsn(&self) -> Lsn {
        self.files_end().max(self.sealed_lsn)
    }

    /// The last such commit in the files.
    pub fn files_end(&self) -> Lsn {
        self.files.last().map_or(0, |file| file.last_lsn)
    }
}

/// What is sealed: the manifest's LSN, and the id of its log.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sealed {
    pub lsn: Lsn,
    pub log_id: Option<u64>,
}

/// What a manifest says to be sealed.
pub(crate) fn sealed_by(manifest: &Manifest) -> Result<Sealed> {
    Ok(Sealed { lsn: manifest.lsn, log_id: Some(manifest::log_id_of(manifest)?) })
}

/// Reads a whole segment: its footer, each column's bytes, the rows, and whether they are those that the manifest says.
pub(crate) async fn check_segment(
    objects: &Objects,
    meta: &SegmentMeta,
    spec: &Arc<StreamSpec>,
) -> Result<()> {
    let segment = Segment::new(meta.clone(), spec.clone(), objects.clone());
    let mut rows = 0;
    let mut lsns = None;
    for group in 0..meta.groups.len() {
        for chunk in segment.chunks(group).await? {
            rows += chunk.rows() as u64;
            let (first, _) = lsns.unwrap_or((chunk.runs.first_lsn(), 0));
            lsns = Some((first, chunk.last_lsn()));
        }
    }
    if rows != meta.rows || lsns != Some((meta.first_lsn, meta.last_lsn)) {
        return Err(segment.corrupt(0, "its rows are not those that the manifest says"));
    }
    Ok(())
}

/// Makes a first file of the log whose commits come right after what is sealed. There is none of that name.
pub(crate) fn begin_after(env: &Arc<dyn Env>, wal_directory: &Path, sealed: Sealed) -> Result<()> {
    let log_id = sealed.log_id.unwrap_or_else(|| env.random());
    match Wal::create(env.clone(), wal_directory, log_id, WAL_SEGMENT_BYTES, sealed.lsn + 1) {
        Ok(_) => Ok(()),
        Err(Failure::Refused(error) | Failure::Final(error)) => Err(error),
    }
}

/// Writes the header of a file whose header is damaged.
pub(crate) fn write_header(env: &Arc<dyn Env>, path: &Path, header: FileHeader) -> Result<()> {
    let file = env.open(path).map_err(|error| Error::io("opening", path, &error))?;
    let written = file.write_at(&[&header.encode()], 0).and_then(|()| file.sync());
    written.map_err(|error| Error::io("writing", path, &error))
}

/// Checks the log of a data directory; what is sealed is not looked for in it. An error is one of the directory itself.
pub(crate) fn check(env: &Arc<dyn Env>, wal_directory: &Path, sealed: Sealed) -> Result<CheckedLog> {
    let mut log = CheckedLog::default();
    let names = env.list(wal_directory).map_err(|error| Error::io("reading", wal_directory, &error))?;
    let mut files: Vec<(Lsn, PathBuf)> =
        names.iter().filter_map(|name| Some((parse_name(name)?, wal_directory.join(name)))).collect();
    // All in them is sealed: the next start removes them unread.
    let free = files.windows(2).take_while(|pair| pair[1].0 <= sealed.lsn + 1).count();
    log.free = files.drain(..free).map(|(_, path)| path).collect();
    log.unfinished =
        names.iter().filter(|name| is_unfinished(name)).map(|name| wal_directory.join(name)).collect();
    log.sealed_lsn = sealed.lsn;
    let mut state = State {
        next_lsn: None,
        sealed_lsn: sealed.lsn,
        log_id: sealed.log_id,
        last_time: i64::MIN,
        next_rows: HashMap::new(),
    };
    for (index, (named, path)) in files.iter().enumerate() {
        let last = index + 1 == files.len();
        let file = env.open(path).map_err(|error| Error::io("opening", path, &error));
        let mut reader = match file.and_then(|file| FileReader::new(path.clone(), file)) {
            Ok(reader) => reader,
            Err(error) => {
                log.files.push(unreadable(path, *named, error));
                log.unread.extend(files[index + 1..].iter().map(|(_, path)| path.clone()));
                return Ok(log);
            }
        };
        let first_due = match state.next_lsn {
            Some(due) => due..=due,
            None => 1..=sealed.lsn + 1,
        };
        let checked = state.file(&mut reader, *named, first_due, last, &mut log.definitions);
        let stops = matches!(checked.end, FileEnd::Damaged { .. } | FileEnd::Unreadable(_));
        let cut = match checked.end {
            FileEnd::Damaged { cut, .. } => Some(cut),
            _ => None,
        };
        log.files.push(checked);
        if stops {
            log.unread.extend(files[index + 1..].iter().map(|(_, path)| path.clone()));
            if let (Some(cut), Some(log_id)) = (cut, state.log_id) {
                log.behind.scan(&mut reader, log_id, cut)?;
                for path in &log.unread {
                    let file = env.open(path).map_err(|error| Error::io("opening", path, &error))?;
                    log.behind.scan(&mut FileReader::new(path.clone(), file)?, log_id, 0)?;
                }
            }
            return Ok(log);
        }
    }
    Ok(log)
}

fn unreadable(path: &Path, first_lsn: Lsn, error: Error) -> CheckedFile {
    CheckedFile {
        path: path.to_owned(),
        first_lsn,
        last_lsn: first_lsn.saturating_sub(1),
        frames: 0,
        rows: 0,
        bytes: 0,
        header: None,
        passed: None,
        end: FileEnd::Unreadable(error),
    }
}

/// What one file hands on to the next.
struct State {
    next_lsn: Option<Lsn>,
    sealed_lsn: Lsn,
    log_id: Option<u64>,
    last_time: i64,
    /// The number of each stream's next row, once it has had one.
    next_rows: HashMap<ObjectId, u64>,
}

impl State {
    fn file(
        &mut self,
        reader: &mut FileReader,
        named: Lsn,
        due: std::ops::RangeInclusive<Lsn>,
        last: bool,
        definitions: &mut BTreeMap<ObjectId, String>,
    ) -> CheckedFile {
        let mut checked = CheckedFile {
            path: reader.path().to_owned(),
            first_lsn: named,
            last_lsn: self.next_lsn.unwrap_or(named).saturating_sub(1),
            frames: 0,
            rows: 0,
            bytes: reader.length(),
            header: None,
            passed: None,
            end: FileEnd::Whole,
        };
        checked.end = match self.frames(reader, named, due, last, definitions, &mut checked) {
            Ok(end) => end,
            Err(error) => FileEnd::Unreadable(error),
        };
        checked
    }

    fn frames(
        &mut self,
        reader: &mut FileReader,
        named: Lsn,
        due: std::ops::RangeInclusive<Lsn>,
        last: bool,
        definitions: &mut BTreeMap<ObjectId, String>,
        checked: &mut CheckedFile,
    ) -> Result<FileEnd> {
        let damaged =
            |offset, cut, message: &str| Ok(FileEnd::Damaged { offset, cut, message: message.to_owned() });
        let header = match reader.header() {
            Ok(Some(header)) => header,
            Ok(None) => return damaged(0, 0, NO_HEADER),
            // The name says where the file begins, and others whose it is: does what it holds fit to that?
            Err(Error::Corrupt { offset, message, .. }) => match self.log_id {
                Some(log_id) if reader.begins_with(log_id, named)? => {
                    let header = FileHeader { first_lsn: named, log_id };
                    checked.header = Some(header);
                    header
                }
                _ => return damaged(offset, 0, &message),
            },
            Err(error) => return Err(error),
        };
        if header.first_lsn != named || !due.contains(&header.first_lsn) {
            let message =
                format!("the file starts with commit {}, but {} is due", header.first_lsn, due.end());
            return damaged(0, 0, &message);
        }
        if *self.log_id.get_or_insert(header.log_id) != header.log_id {
            return damaged(0, 0, "the file belongs to another log");
        }
        let mut position = FILE_HEADER_BYTES;
        let mut due = header.first_lsn;
        self.next_lsn = Some(due);
        loop {
            let (offset, message) = match reader.frame_at(position, due) {
                Ok(Next::Frame { header, entries, end }) => {
                    match self.apply(&header, &entries, definitions) {
                        Ok(rows) => {
                            due = header.first_lsn + u64::from(header.commits);
                            (self.next_lsn, position) = (Some(due), end);
                            checked.last_lsn = due - 1;
                            checked.frames += 1;
                            checked.rows += rows;
                            continue;
                        }
                        Err(message) => return damaged(position, position, &message),
                    }
                }
                Ok(Next::Nothing) => (position, "a frame is missing"),
                Ok(Next::Mark) if reader.is_zero_from(position + HEADER_BYTES as u64)? => {
                    return Ok(FileEnd::Whole);
                }
                Ok(Next::Mark) => (position, "something follows the mark at the log's end"),
                Ok(Next::Damaged { offset, message }) => (offset, message),
                Err(Error::Corrupt { offset, message, .. }) => return damaged(offset, position, &message),
                Err(error) => return Err(error),
            };
            if reader.is_zero_from(position)? {
                return Ok(FileEnd::Whole);
            }
            if due <= self.sealed_lsn
                && let Some(next) = reader.find(position, self.sealed_lsn + 1)?
            {
                checked.passed = Some((offset, message.to_owned()));
                due = self.sealed_lsn + 1;
                (self.next_lsn, position, checked.last_lsn) = (Some(due), next, self.sealed_lsn);
                // How many rows were passed over is not known.
                self.next_rows.clear();
                continue;
            }
            if !last || reader.was_durable(position, due)? {
                return damaged(offset, position, message);
            }
            return Ok(FileEnd::Torn { offset: position, bytes: reader.length() - position });
        }
    }

    /// Takes a whole frame; answers its rows, or what makes no sense in it.
    fn apply(
        &mut self,
        header: &FrameHeader,
        entries: &[Entry],
        definitions: &mut BTreeMap<ObjectId, String>,
    ) -> Result<u64, String> {
        if header.commit_time < self.last_time || header.commits == 0 {
            return Err("the frame's commits or commit time do not follow the last".to_owned());
        }
        self.last_time = header.commit_time;
        let mut rows = 0;
        for entry in entries {
            match entry {
                Entry::Append(append) => {
                    let count = u64::from(append.rows);
                    let next = self.next_rows.entry(append.stream).or_insert(append.first_row);
                    if *next != append.first_row || append.runs.is_empty() {
                        let (row, stream) = (append.first_row, append.stream);
                        return Err(format!("row {row} of stream {stream} does not follow the last"));
                    }
                    *next += count;
                    rows += count;
                }
                Entry::Ddl { id, sql, .. } => drop(definitions.insert(*id, sql.clone())),
                Entry::Drop { ids, .. } => self.next_rows.retain(|id, _| !ids.contains(id)),
                Entry::Tick { .. } | Entry::SinkProgress { .. } => {}
            }
        }
        Ok(rows)
    }
}

impl Behind {
    /// Looks for frames of a log from a position on, wherever they start.
    fn scan(&mut self, reader: &mut FileReader, log_id: u64, from: u64) -> Result<()> {
        reader.expect_log(log_id);
        let mut at = from.next_multiple_of(ALIGNMENT as u64);
        while at + HEADER_BYTES as u64 <= reader.length() {
            let Some(header) = reader.header_at(at)? else {
                at += ALIGNMENT as u64;
                continue;
            };
            if header.commits == 0 {
                // The mark at the log's end holds nothing.
                at += ALIGNMENT as u64;
                continue;
            }
            let last = header.first_lsn + u64::from(header.commits) - 1;
            let (first, end) = self.commits.unwrap_or((header.first_lsn, last));
            self.commits = Some((first.min(header.first_lsn), end.max(last)));
            match reader.frame_at(at, header.first_lsn) {
                Ok(Next::Frame { entries, end, .. }) => {
                    entries.iter().for_each(|entry| self.take(entry));
                    at = end;
                }
                _ => {
                    self.damaged_frames += 1;
                    at += ALIGNMENT as u64;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, entry: &Entry) {
        match entry {
            Entry::Append(append) => *self.rows.entry(append.stream).or_default() += u64::from(append.rows),
            Entry::Ddl { .. } | Entry::Drop { .. } => self.definitions += 1,
            Entry::Tick { .. } | Entry::SinkProgress { .. } => {}
        }
    }
}
