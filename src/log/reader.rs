//! Reads the frames of one file, each in one piece, so that Arrow arrays can be slices of what was read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::buffer::{Buffer, MutableBuffer};
use millstream_sql::SqlError;

use super::Lsn;
use super::record::{ALIGNMENT, Entry, FrameHeader, HEADER_BYTES, Unreadable, decode};
use super::wal::{FILE_HEADER_BYTES, FileHeader};
use crate::env::DiskFile;
use crate::{Error, Result};

/// How much is read at once; a larger frame is read alone.
pub(super) const WINDOW_BYTES: usize = 4 * 1024 * 1024;

/// What is at a position.
#[derive(Debug)]
pub(super) enum Next {
    /// A whole frame; the next is at `end`.
    Frame { header: FrameHeader, entries: Vec<Entry>, end: u64 },
    /// The file's end, or a header of zeros.
    Nothing,
    /// The log ends here, and all before was durable.
    Mark,
    /// Bytes that are no frame.
    Damaged { offset: u64, message: &'static str },
}

/// A file of the log, open for reading.
#[derive(Debug)]
pub(super) struct FileReader {
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    length: u64,
    log_id: u64,
    window: Buffer,
    window_start: u64,
    windows: u64,
    checked: bool,
}

impl FileReader {
    /// Opens a file to read frames of the log with that id.
    pub fn new(path: PathBuf, file: Arc<dyn DiskFile>) -> Result<Self> {
        let length = file.length().map_err(|error| Error::io("reading", &path, &error))?;
        Ok(Self {
            path,
            file,
            length,
            log_id: 0,
            window: Buffer::default(),
            window_start: 0,
            windows: 0,
            checked: true,
        })
    }

    /// Does not compare the checksums of frames: a bug that a test plants.
    pub fn trust(&mut self) {
        self.checked = false;
    }

    /// The file's length.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The file.
    pub fn file(&self) -> &Arc<dyn DiskFile> {
        &self.file
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many windows were read so far: what was read before keeps an older window alive.
    pub fn windows(&self) -> u64 {
        self.windows
    }

    /// Reads the file's header; frames are then those of its log. `None`: nothing is in the file.
    pub fn header(&mut self) -> Result<Option<FileHeader>> {
        if self.length < FILE_HEADER_BYTES {
            return Ok(None);
        }
        let bytes = self.bytes(0, FILE_HEADER_BYTES as usize)?;
        let bytes = bytes.first_chunk().expect("as long as was asked for");
        match FileHeader::decode(bytes) {
            Ok(header) => {
                self.log_id = header.log_id;
                Ok(Some(header))
            }
            Err(Unreadable::Version(version)) => Err(self.refuse_version(version)),
            Err(Unreadable::Damaged(..)) if self.is_zero_from(FILE_HEADER_BYTES)? => Ok(None),
            Err(Unreadable::Damaged(offset, message)) => Err(self.corrupt(offset, message)),
        }
    }

    /// The frame at a position, whose first commit is to be `expected`.
    pub fn frame_at(&mut self, position: u64, expected: Lsn) -> Result<Next> {
        let left = self.length.saturating_sub(position);
        if left < HEADER_BYTES as u64 {
            return Ok(match self.is_zero_from(position)? {
                true => Next::Nothing,
                false => Next::Damaged { offset: position, message: "the file ends within a frame's header" },
            });
        }
        let bytes = self.bytes(position, HEADER_BYTES)?;
        let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk().expect("as long as was asked for");
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(Next::Nothing);
        }
        let header = match FrameHeader::decode(self.log_id, bytes) {
            Ok(header) => header,
            Err(unreadable) => return self.unreadable(position, unreadable),
        };
        if header.first_lsn != expected {
            let message = format!("commit {expected} is due here, not {}", header.first_lsn);
            return Err(self.corrupt(position, message));
        }
        if header.commits == 0 && header.entries == 0 {
            return Ok(Next::Mark);
        }
        if header.length > left {
            return Ok(Next::Damaged { offset: position, message: "the file ends within a frame" });
        }
        let frame = self.bytes(position, header.length as usize)?;
        match decode(&header, &frame, self.checked) {
            Ok(entries) => Ok(Next::Frame { header, entries, end: position + header.length }),
            Err(unreadable) => self.unreadable(position, unreadable),
        }
    }

    /// Takes the file for one of the log with that id, whatever its own header says.
    pub fn expect_log(&mut self, log_id: u64) {
        self.log_id = log_id;
    }

    /// Whether the first frame is of a log and begins with a commit; frames are then those of that log.
    pub fn begins_with(&mut self, log_id: u64, first_lsn: Lsn) -> Result<bool> {
        self.expect_log(log_id);
        if self.length < FILE_HEADER_BYTES + HEADER_BYTES as u64 {
            return Ok(false);
        }
        Ok(self.header_at(FILE_HEADER_BYTES)?.is_some_and(|header| header.first_lsn == first_lsn))
    }

    /// The header of a frame at a position, if there is a whole one of this log.
    pub fn header_at(&mut self, position: u64) -> Result<Option<FrameHeader>> {
        let bytes = self.bytes(position, HEADER_BYTES)?;
        Ok(bytes.first_chunk().and_then(|bytes| FrameHeader::decode(self.log_id, bytes).ok()))
    }

    /// Where the frame, or the mark at the end, is whose header names a commit as its first; looked for from a position on.
    pub fn find(&mut self, position: u64, first_lsn: Lsn) -> Result<Option<u64>> {
        let mut at = position.next_multiple_of(ALIGNMENT as u64);
        while at + HEADER_BYTES as u64 <= self.length {
            if self.header_at(at)?.is_some_and(|header| header.first_lsn == first_lsn) {
                return Ok(Some(at));
            }
            at += ALIGNMENT as u64;
        }
        Ok(None)
    }

    /// Whether a later frame shows that the commit `lsn`, which should be at this position, was durable once.
    pub fn was_durable(&mut self, position: u64, lsn: Lsn) -> Result<bool> {
        let mut at = position + ALIGNMENT as u64;
        while at + HEADER_BYTES as u64 <= self.length {
            let length = (self.length - at).min(WINDOW_BYTES as u64) as usize / HEADER_BYTES * HEADER_BYTES;
            let window = self.bytes(at, length)?;
            let shows = |bytes: &[u8; HEADER_BYTES]| {
                FrameHeader::decode(self.log_id, bytes)
                    .is_ok_and(|header| header.first_lsn > lsn && header.durable_lsn >= lsn)
            };
            if window.chunks_exact(HEADER_BYTES).filter_map(|bytes| bytes.first_chunk()).any(shows) {
                return Ok(true);
            }
            at += length as u64;
        }
        Ok(false)
    }

    /// Whether only zeros follow.
    pub fn is_zero_from(&mut self, position: u64) -> Result<bool> {
        let mut at = position;
        while at < self.length {
            let length = (self.length - at).min(WINDOW_BYTES as u64) as usize;
            if self.bytes(at, length)?.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at += length as u64;
        }
        Ok(true)
    }

    /// The error for damage in this file.
    pub fn corrupt(&self, offset: u64, message: impl Into<String>) -> Error {
        Error::Corrupt { path: self.path.clone(), offset, message: message.into() }
    }

    fn unreadable(&self, position: u64, unreadable: Unreadable) -> Result<Next> {
        match unreadable {
            Unreadable::Damaged(offset, message) => Ok(Next::Damaged { offset: position + offset, message }),
            Unreadable::Version(version) => Err(self.refuse_version(version)),
        }
    }

    fn refuse_version(&self, version: u16) -> Error {
        SqlError::unsupported(
            format!("{} is in log format {version}, which this server does not know", self.path.display()),
            format!(
                "this server reads format {}; use the one that wrote the file",
                super::record::FORMAT_VERSION
            ),
        )
        .into()
    }

    /// Bytes of the file, which has them; a slice of the window.
    fn bytes(&mut self, position: u64, length: usize) -> Result<Buffer> {
        let window_end = self.window_start + self.window.len() as u64;
        if position < self.window_start || position + length as u64 > window_end {
            // Windows start where frames can, so that what is aligned in the file is aligned in memory.
            let start = position / ALIGNMENT as u64 * ALIGNMENT as u64;
            let wanted = ((position - start) as usize + length).max(WINDOW_BYTES);
            let size = (self.length - start).min(wanted as u64) as usize;
            self.window = Buffer::default();
            let mut window = MutableBuffer::from_len_zeroed(size);
            let read =
                self.file.read_at(&mut window, start).map_err(|e| Error::io("reading", &self.path, &e))?;
            if read < size {
                return Err(self.corrupt(start + read as u64, "the file became shorter while it was read"));
            }
            self.window = window.into();
            self.window_start = start;
            self.windows += 1;
        }
        Ok(self.window.slice_with_length((position - self.window_start) as usize, length))
    }
}
