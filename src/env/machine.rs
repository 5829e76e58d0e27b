//! The machine that the program runs on.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{CWD, FallocateFlags, FlockOperation, RenameFlags};

use super::{DiskFile, Env};

/// The machine's own clock and disk.
#[derive(Debug, Default, Clone, Copy)]
pub struct Machine;

impl Env for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the one door to the clock")]
    fn now_us(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
        }
    }

    fn random(&self) -> u64 {
        // The standard library seeds these keys from the system's randomness.
        RandomState::new().build_hasher().finish()
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = path.ancestors().take_while(|ancestor| !ancestor.exists()).collect();
        std::fs::create_dir_all(path)?;
        for made in missing {
            self.sync_directory(&parent(made))?;
        }
        Ok(())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(OpenOptions::new().read(true).write(true).create_new(true).open(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(OpenOptions::new().read(true).write(true).open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        let renamed = rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE);
        match renamed {
            // A file system that does not know of this can link, which replaces nothing either.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                std::fs::hard_link(from, to)?;
                std::fs::remove_file(from)
            }
            other => Ok(other?),
        }
    }

    fn file_length(&self, path: &Path) -> io::Result<Option<u64>> {
        let metadata = std::fs::metadata(path)?;
        Ok((!metadata.is_dir()).then_some(metadata.len()))
    }

    fn remove_directory(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_dir(path)
    }

    fn free_bytes(&self, directory: &Path) -> io::Result<(u64, u64)> {
        let system = rustix::fs::statvfs(directory)?;
        Ok((system.f_bavail.saturating_mul(system.f_frsize), system.f_blocks.saturating_mul(system.f_frsize)))
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send + Sync>>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Parts up to this size are put together before they are written, so that small frames cost one system call.
const GATHER_BYTES: usize = 64 * 1024;

impl DiskFile for File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match FileExt::read_at(self, &mut buffer[filled..], position + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&self, parts: &[&[u8]], mut position: u64) -> io::Result<()> {
        let mut gathered: Vec<u8> = Vec::new();
        for part in parts {
            if part.len() >= GATHER_BYTES || gathered.len() >= GATHER_BYTES {
                self.write_all_at(&gathered, position)?;
                position += gathered.len() as u64;
                gathered.clear();
            }
            if part.len() >= GATHER_BYTES {
                self.write_all_at(part, position)?;
                position += part.len() as u64;
            } else {
                gathered.extend_from_slice(part);
            }
        }
        self.write_all_at(&gathered, position)
    }

    fn allocate(&self, position: u64, end: u64) -> io::Result<()> {
        loop {
            match rustix::fs::fallocate(self, FallocateFlags::empty(), position, end - position) {
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::OPNOTSUPP) => return Err(io::ErrorKind::Unsupported.into()),
                other => return Ok(other?),
            }
        }
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one door to the disk")]
    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_land_one_after_another_whatever_their_sizes() {
        let directory = tempfile::tempdir().unwrap();
        let file = Machine.create(&directory.path().join("file")).unwrap();
        let sizes = [3, GATHER_BYTES, 1, GATHER_BYTES - 1, 2, GATHER_BYTES + 5, 0, 7];
        let parts: Vec<Vec<u8>> = sizes.iter().zip(1u8..).map(|(size, byte)| vec![byte; *size]).collect();
        let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        file.write_at(&slices, 10).unwrap();
        let mut read = vec![9; sizes.iter().sum::<usize>() + 20];
        let length = file.read_at(&mut read, 10).unwrap();
        assert_eq!(read[..length], parts.concat());
    }

    #[test]
    fn a_lock_is_exclusive_until_it_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("LOCK");
        let held = Machine.lock(&path).unwrap();
        assert!(held.is_some());
        assert!(Machine.lock(&path).unwrap().is_none());
        drop(held);
        assert!(Machine.lock(&path).unwrap().is_some());
    }

    #[test]
    fn reserved_room_reads_as_zeros() {
        let directory = tempfile::tempdir().unwrap();
        let file = Machine.create(&directory.path().join("file")).unwrap();
        file.allocate(0, 4096).unwrap();
        let mut read = vec![1; 4096];
        assert_eq!(file.read_at(&mut read, 0).unwrap(), 4096);
        assert!(read.iter().all(|byte| *byte == 0));
    }
}
