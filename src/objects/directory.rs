//! Objects as files below a directory, durable when a call answers, through [`Env`] alone.
//!
//! An object is written under a name of its own that begins with a dot, synced, and then given its name, and the
//! directory is synced: it is there whole or not at all. What a crash left under such a name is removed when the
//! directory is settled. (object_store 0.13's own local store syncs neither files nor directories.)

use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::{Created, Listed};
use crate::env::Env;
use crate::error::is_full;
use crate::{Error, Result};

/// A directory of objects.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    env: Arc<dyn Env>,
    root: PathBuf,
}

impl Directory {
    /// The directory, whether it is there or not.
    pub fn new(env: Arc<dyn Env>, root: &Path) -> Self {
        Self { env, root: root.to_owned() }
    }

    /// Makes the directory if it is missing, removes what a crash left unfinished, and makes all names durable: a program
    /// that was killed may not have synced them, and what is read from now on must stay.
    pub fn settle(&self) -> Result<()> {
        let root = &self.root;
        self.env.create_directory(root).map_err(|error| Error::io("creating", root, &error))?;
        self.settle_below(root).map_err(|error| Error::io("opening", root, &error))?;
        self.env.sync_directory(parent(root)).map_err(|error| Error::io("syncing", root, &error))
    }

    fn settle_below(&self, directory: &Path) -> io::Result<()> {
        for name in self.env.list(directory)? {
            let path = directory.join(&name);
            match self.env.file_length(&path) {
                Ok(None) => self.settle_below(&path)?,
                Ok(Some(_)) if is_staged(&name) => self.env.remove(&path)?,
                Ok(Some(_)) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        self.env.sync_directory(directory)
    }

    pub fn within(&self, directory: &str) -> Self {
        Self::new(self.env.clone(), &self.file(directory))
    }

    pub fn file(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn put(&self, path: &str, bytes: &Bytes) -> Result<()> {
        let file = self.file(path);
        let written = self.staged(&file, bytes).and_then(|staged| {
            let renamed = self.env.rename(&staged, &file);
            renamed.inspect_err(|_| self.forget(&staged))?;
            self.env.sync_directory(parent(&file))
        });
        written.map_err(|error| Error::io("writing", file, &error))
    }

    pub fn create(&self, path: &str, bytes: &Bytes) -> Result<Created> {
        let file = self.file(path);
        let unsure = |error: io::Error| Created::Unsure(Error::io("writing", &file, &error));
        let staged = self.staged(&file, bytes).map_err(|error| Error::io("writing", &file, &error))?;
        if let Err(error) = self.env.rename_new(&staged, &file) {
            self.forget(&staged);
            if is_full(&error) {
                // A directory that cannot grow is as it was.
                return Err(Error::io("writing", &file, &error));
            }
            if error.kind() != ErrorKind::AlreadyExists {
                return Ok(unsure(error));
            }
            match self.get(path) {
                Ok(there) if there.as_ref() == Some(bytes) => {}
                Ok(_) => return Ok(Created::Taken),
                Err(error) => return Ok(Created::Unsure(error)),
            }
        }
        Ok(self.env.sync_directory(parent(&file)).map_or_else(unsure, |()| Created::Done))
    }

    pub fn get(&self, path: &str) -> Result<Option<Bytes>> {
        let file = self.file(path);
        let read = || -> io::Result<Bytes> {
            let open = self.env.open(&file)?;
            let mut bytes = vec![0; usize::try_from(open.length()?).map_err(|_| ErrorKind::FileTooLarge)?];
            let read = open.read_at(&mut bytes, 0)?;
            bytes.truncate(read);
            Ok(bytes.into())
        };
        found(read(), &file)
    }

    pub fn get_ranges(&self, path: &str, ranges: &[Range<u64>]) -> Result<Option<Vec<Bytes>>> {
        let file = self.file(path);
        let Some(open) = found(self.env.open(&file), &file)? else { return Ok(None) };
        let mut parts = Vec::with_capacity(ranges.len());
        for range in ranges {
            let mut bytes = vec![0; range.end.saturating_sub(range.start) as usize];
            let read = open.read_at(&mut bytes, range.start);
            let read = read.map_err(|error| Error::io("reading", &file, &error))?;
            if read < bytes.len() {
                let (offset, message) = (range.start + read as u64, "it is too short".to_owned());
                return Err(Error::Corrupt { path: file, offset, message });
            }
            parts.push(bytes.into());
        }
        Ok(Some(parts))
    }

    pub fn list(&self, directory: &str) -> Result<Vec<Listed>> {
        let mut listed = Vec::new();
        self.walk(&self.file(directory), &mut |path, name, bytes| {
            if !is_staged(name) {
                let path = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned();
                listed.push(Listed { path, bytes });
            }
            Ok(())
        })?;
        listed.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        Ok(listed)
    }

    pub fn delete(&self, path: &str) -> Result<()> {
        let file = self.file(path);
        let removed = match self.env.remove(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.env.sync_directory(parent(&file)),
        };
        removed.map_err(|error| Error::io("removing", &file, &error))?;
        // Only tidiness: a directory that is not empty stays.
        for directory in file.ancestors().skip(1).take_while(|directory| *directory != self.root) {
            if self.env.remove_directory(directory).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Writes and syncs bytes beside the place where they are to be.
    fn staged(&self, file: &Path, bytes: &Bytes) -> io::Result<PathBuf> {
        let directory = parent(file);
        let staged = directory.join(format!(".{:016x}.new", self.env.random()));
        self.env.create_directory(directory)?;
        let created = match self.env.create(&staged) {
            // Somebody tidied up in between.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.env.create_directory(directory)?;
                self.env.create(&staged)
            }
            other => other,
        };
        let written = created.and_then(|open| {
            open.write_at(&[bytes], 0)?;
            open.sync()
        });
        written.inspect_err(|_| self.forget(&staged))?;
        Ok(staged)
    }

    /// Removes what could not be finished; the next start does where this fails.
    fn forget(&self, staged: &Path) {
        let _ = self.env.remove(staged);
    }

    /// Calls `visit` with the path, name and length of every file below a directory, if there is one.
    fn walk(
        &self,
        directory: &Path,
        visit: &mut dyn FnMut(&Path, &str, u64) -> io::Result<()>,
    ) -> Result<()> {
        let Some(names) = found(self.env.list(directory), directory)? else { return Ok(()) };
        for name in names {
            let path = directory.join(&name);
            // A file may be gone by now.
            match found(self.env.file_length(&path), &path)? {
                Some(Some(bytes)) => {
                    visit(&path, &name, bytes).map_err(|error| Error::io("reading", &path, &error))?
                }
                Some(None) => self.walk(&path, visit)?,
                None => {}
            }
        }
        Ok(())
    }
}

fn is_staged(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".new")
}

fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// `None` for what is not there.
fn found<T>(answer: io::Result<T>, path: &Path) -> Result<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("reading", path, &error)),
    }
}
