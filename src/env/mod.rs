//! The one door to the clock, the disk and randomness.
//!
//! Everything of the engine that must survive a crash or be repeatable in a test goes through an [`Env`], so that a
//! test can put in one that fails the tenth write, loses what was not synced, or lets the clock step back.
//! [`Machine`] is the real one. Errors are plain `io::Error`: the caller knows what it was doing and says so.

mod machine;
mod plant;
#[cfg(test)]
pub mod simulated;

use std::fmt::Debug;
use std::io;
use std::path::Path;
use std::sync::Arc;

pub use machine::Machine;
pub use plant::Plant;

/// Clock, disk and randomness.
pub trait Env: Debug + Send + Sync {
    /// Microseconds since the Unix epoch by the wall clock; it may step back.
    fn now_us(&self) -> i64;

    /// 64 random bits, good enough for an identity, not for a secret.
    fn random(&self) -> u64;

    /// Makes a directory and its parents, and syncs the directories that got a new entry.
    fn create_directory(&self, path: &Path) -> io::Result<()>;

    /// The names of a directory's entries, sorted.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;

    /// Makes a new file; it is an error if there is one. Its directory entry is durable after [`Env::sync_directory`].
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens a file for reading and writing.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Gives a file another name, in place of a file that had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a directory's entries durable.
    fn sync_directory(&self, path: &Path) -> io::Result<()>;

    /// Gives a file another name that no file has; `ErrorKind::AlreadyExists` if one has it.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// The length of a file in bytes; `None` for a directory.
    fn file_length(&self, path: &Path) -> io::Result<Option<u64>>;

    /// Removes a directory that is empty.
    fn remove_directory(&self, path: &Path) -> io::Result<()>;

    /// Bytes that are free on a directory's file system, and bytes that it has in all.
    fn free_bytes(&self, directory: &Path) -> io::Result<(u64, u64)>;

    /// Whether a bug is to be planted here: never outside of tests of the tests.
    fn planted(&self, _plant: Plant) -> bool {
        false
    }

    /// Takes an exclusive lock on a file, made if it is missing, until the answer is dropped or the process ends.
    /// `None`: another holds it.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send + Sync>>>;
}

/// An open file, written at positions. Clones of the `Arc` may be used by several threads.
pub trait DiskFile: Debug + Send + Sync {
    /// The length in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Fills the buffer from a position; short only at the end of the file. Answers how many bytes were read.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize>;

    /// Writes the parts one after another from a position. After an error any prefix may be there.
    fn write_at(&self, parts: &[&[u8]], position: u64) -> io::Result<()>;

    /// Reserves room so that the file is at least `end` bytes long; new bytes read as zeros.
    /// `ErrorKind::Unsupported` where the file system cannot.
    fn allocate(&self, position: u64, end: u64) -> io::Result<()>;

    /// Cuts or extends the file to a length.
    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes what was written durable, with as much of the metadata as reading it back needs. An error is final:
    /// trying again proves nothing.
    fn sync(&self) -> io::Result<()>;
}
