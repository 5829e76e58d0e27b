//! The files that frames are written to: `wal/<first LSN, 20 digits>.wal`.
//!
//! ```text
//!  file header (64) │ frame │ frame │ … │ zeros that were reserved
//! ```
//!
//! | file header byte | what |
//! |---|---|
//! | 0..8 | `MILLSWAL` |
//! | 8..10 | format version, 1 |
//! | 10..16 | zero |
//! | 16..24 | LSN of the first frame's first commit |
//! | 24..32 | the log's id: random, the same in all its files |
//! | 32..60 | zero |
//! | 60..64 | CRC32C of bytes 0..60 |
//!
//! Room is reserved in steps, so that a sync seldom has to write a new length. A file is whole and durable, its
//! directory entry included, before the next one is made: a torn tail can only be in the last. It gets its name when its
//! header is durable; until then it has another (`….wal.new`), which the next start removes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use millstream_sql::{SqlError, SqlState};

use super::Lsn;
use super::record::{EncodedFrame, FORMAT_VERSION, HEADER_BYTES, Unreadable, mark};
use crate::env::{DiskFile, Env, Plant};
use crate::error::is_full;
use crate::{Error, Result};

/// Bytes of a file's header; the first frame starts here.
pub(crate) const FILE_HEADER_BYTES: u64 = 64;

const MAGIC: &[u8; 8] = b"MILLSWAL";
/// See [`is_unfinished`].
const UNFINISHED: &str = ".new";
/// Room is reserved in steps of this.
const RESERVE_BYTES: u64 = 8 * 1024 * 1024;

/// The name of the file whose first commit is this.
pub(super) fn file_name(first_lsn: Lsn) -> String {
    format!("{first_lsn:020}.wal")
}

/// The first commit of a file by its name; `None` if it is no log file's name.
pub(super) fn parse_name(name: &str) -> Option<Lsn> {
    let digits = name.strip_suffix(".wal")?;
    if digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

/// The name that a file has until its header is durable.
fn unfinished_name(first_lsn: Lsn) -> String {
    format!("{}{UNFINISHED}", file_name(first_lsn))
}

/// Whether a name is that of a file that was not finished when it was made.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.strip_suffix(UNFINISHED).is_some_and(|name| parse_name(name).is_some())
}

/// What a file's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileHeader {
    pub first_lsn: Lsn,
    pub log_id: u64,
}

impl FileHeader {
    pub fn encode(self) -> [u8; FILE_HEADER_BYTES as usize] {
        let mut bytes = [0; FILE_HEADER_BYTES as usize];
        bytes[0..8].copy_from_slice(MAGIC);
        bytes[8..10].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first_lsn.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.log_id.to_le_bytes());
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..64].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header; the version rule is that of frames.
    pub(super) fn decode(bytes: &[u8; FILE_HEADER_BYTES as usize]) -> Result<Self, Unreadable> {
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        if bytes[0..8] != *MAGIC || crc32c::crc32c(&bytes[..60]).to_le_bytes() != bytes[60..64] {
            return Err(Unreadable::Damaged(0, "the file's header does not match its checksum"));
        }
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        if version != FORMAT_VERSION {
            return Err(Unreadable::Version(version));
        }
        Ok(Self { first_lsn: number(16), log_id: number(24) })
    }
}

/// Why frames could not be written.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was refused, for want of room; the log is as it was before, and can be tried again.
    Refused(Error),
    /// The state of the file is not known.
    Final(Error),
}

/// The end of the log, where frames are added.
#[derive(Debug)]
pub(super) struct Wal {
    env: Arc<dyn Env>,
    directory: PathBuf,
    log_id: u64,
    segment_bytes: u64,
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    /// Where the next frame goes.
    position: u64,
    /// The file's length as far as it was reserved.
    reserved: u64,
    reserves: bool,
}

impl Wal {
    /// Makes a new file; it and its directory entry are durable.
    pub fn create(
        env: Arc<dyn Env>,
        directory: &Path,
        log_id: u64,
        segment_bytes: u64,
        first_lsn: Lsn,
    ) -> Result<Wal, Failure> {
        let path = directory.join(unfinished_name(first_lsn));
        let file = match env.create(&path) {
            Ok(file) => file,
            Err(error) if is_full(&error) => return Err(Failure::Refused(disk_full(&path))),
            Err(error) => return Err(Failure::Final(Error::io("creating", &path, &error))),
        };
        let directory = directory.to_owned();
        let mut wal = Wal {
            env,
            directory,
            log_id,
            segment_bytes,
            file,
            path,
            position: FILE_HEADER_BYTES,
            reserved: 0,
            reserves: true,
        };
        let header = FileHeader { first_lsn, log_id }.encode();
        match wal.reserve(FILE_HEADER_BYTES).and_then(|()| wal.file.write_at(&[&header], 0)) {
            Ok(()) => {}
            Err(error) if is_full(&error) => return Err(wal.undo_create()),
            Err(error) => return Err(Failure::Final(Error::io("writing", &wal.path, &error))),
        }
        let synced = wal.file.sync().map_err(|error| Error::io("syncing", &wal.path, &error));
        synced.map_err(Failure::Final)?;
        let path = wal.directory.join(file_name(first_lsn));
        match wal.env.rename_new(&wal.path, &path) {
            Ok(()) => {}
            Err(error) if is_full(&error) => return Err(wal.undo_create()),
            Err(error) => return Err(Failure::Final(Error::io("naming", &path, &error))),
        }
        wal.path = path;
        sync_directory(&wal.env, &wal.directory).map_err(Failure::Final)?;
        Ok(wal)
    }

    /// Goes on at a position of a file that is there.
    pub fn resume(
        env: Arc<dyn Env>,
        directory: &Path,
        log_id: u64,
        segment_bytes: u64,
        file: Arc<dyn DiskFile>,
        path: PathBuf,
        (position, length): (u64, u64),
    ) -> Wal {
        let directory = directory.to_owned();
        Wal { env, directory, log_id, segment_bytes, file, path, position, reserved: length, reserves: true }
    }

    /// The log's id.
    pub fn log_id(&self) -> u64 {
        self.log_id
    }

    /// The present file.
    pub fn file(&self) -> &Arc<dyn DiskFile> {
        &self.file
    }

    /// The present file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the next frame belongs into a new file.
    pub fn is_full(&self) -> bool {
        self.position >= self.segment_bytes
    }

    /// Whether no frame was written to the present file.
    pub fn is_empty(&self) -> bool {
        self.position == FILE_HEADER_BYTES
    }

    /// Goes on in a new file. All frames of the present one are durable.
    pub fn rotate(&mut self, first_lsn: Lsn) -> Result<(), Failure> {
        // Its frames are, but its mark may not be, and what is torn is forgiven only in the last file.
        let synced = self.file.sync();
        synced.map_err(|error| Failure::Final(Error::io("syncing", &self.path, &error)))?;
        let next =
            Wal::create(self.env.clone(), &self.directory, self.log_id, self.segment_bytes, first_lsn)?;
        *self = Wal { reserves: self.reserves, ..next };
        Ok(())
    }

    /// Writes a frame at the end; it is not durable before the file is synced.
    pub fn append(&mut self, frame: &EncodedFrame) -> Result<(), Failure> {
        let end = self.position + frame.length();
        let written = self.reserve(end).and_then(|()| self.file.write_at(&frame.parts(), self.position));
        match written {
            Ok(()) => {
                self.position = end;
                self.reserved = self.reserved.max(end);
                Ok(())
            }
            Err(error) if is_full(&error) => Err(self.undo_append()),
            Err(error) => Err(Failure::Final(Error::io("writing", &self.path, &error))),
        }
    }

    /// Writes a mark where the next frame will be, that all up to an LSN is durable. Without room there is none.
    pub fn mark(&mut self, durable_lsn: Lsn, commit_time: i64) -> Result<(), Failure> {
        let mark = mark(self.log_id, durable_lsn, commit_time);
        if self.position + mark.length() > self.reserved {
            return Ok(());
        }
        let written = match self.file.write_at(&mark.parts(), self.position) {
            // A file system that copies what is written over may want room for it. What is there of the mark is cut off,
            // or written over by the next frame.
            Err(error) if is_full(&error) => return Ok(()),
            written => written,
        };
        written.map_err(|error| Failure::Final(Error::io("writing", &self.path, &error)))
    }

    /// Reserves room up to a frame's end and, if there is any, for the mark behind it.
    fn reserve(&mut self, end: u64) -> io::Result<()> {
        let marked = end + HEADER_BYTES as u64;
        if !self.reserves || marked <= self.reserved {
            return Ok(());
        }
        // Not far past the size at which the file is left.
        let ample = end.next_multiple_of(RESERVE_BYTES).min(self.segment_bytes).max(marked);
        let mut reserved = self.file.allocate(self.reserved, ample);
        if reserved.as_ref().is_err_and(is_full) {
            if end <= self.reserved {
                return Ok(());
            }
            reserved = self.file.allocate(self.reserved, end);
        }
        match reserved {
            Ok(()) => self.reserved = self.file.length()?.max(end),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => self.reserves = false,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Cuts off what a failed append left.
    fn undo_append(&mut self) -> Failure {
        match self.file.truncate(self.position) {
            Ok(()) => {
                self.reserved = self.position;
                Failure::Refused(disk_full(&self.path))
            }
            Err(error) => Failure::Final(Error::io("truncating", &self.path, &error)),
        }
    }

    fn undo_create(self) -> Failure {
        match self.env.remove(&self.path) {
            Ok(()) => Failure::Refused(disk_full(&self.path)),
            Err(error) => Failure::Final(Error::io("removing", &self.path, &error)),
        }
    }
}

/// Makes the entries of a directory durable.
pub(super) fn sync_directory(env: &Arc<dyn Env>, directory: &Path) -> Result<()> {
    if env.planted(Plant::SkipDirectorySync) {
        return Ok(());
    }
    env.sync_directory(directory).map_err(|error| Error::io("syncing", directory, &error))
}

pub(super) fn disk_full(path: &Path) -> Error {
    let message = format!("no space left on the disk for the log ({})", path.display());
    SqlError::new(SqlState::DiskFull, message)
        .with_hint("nothing of this commit was kept; writes go on as soon as there is room")
        .into()
}
