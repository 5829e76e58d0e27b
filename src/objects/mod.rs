//! Objects by path: where segments, manifests and checkpoints are kept.
//!
//! A path is relative, its parts divided by `/`. **Promises.** What is written is there whole or not at all, and is
//! durable when the call answers. [`Objects::create`] is the one way to decide between two writers. A local store does
//! its work on the thread that asks, through [`crate::env`]: its futures are ready at once.

mod directory;
mod remote;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use millstream_sql::SqlError;
use object_store::ObjectStore;
use object_store::path::Path as ObjectPath;

use crate::env::Env;
use crate::{Error, Result};
use directory::Directory;
use remote::Remote;

/// A store of objects, or a part of one. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects {
    backend: Backend,
}

#[derive(Debug, Clone)]
enum Backend {
    Directory(Directory),
    Remote(Remote),
}

/// An object that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its path.
    pub path: String,
    /// Its length.
    pub bytes: u64,
}

/// What came of [`Objects::create`].
#[derive(Debug)]
pub enum Created {
    /// The object is there.
    Done,
    /// Another one was there already.
    Taken,
    /// Nobody knows whether it is there: the store may have done it, or may still do it.
    Unsure(Error),
}

impl Objects {
    /// Objects in a local directory, which is made when something is stored in it. Nothing is written before
    /// [`Objects::settle`].
    pub fn local(env: Arc<dyn Env>, root: &Path) -> Objects {
        Self { backend: Backend::Directory(Directory::new(env, root)) }
    }

    /// The store of a URL: `file:///path`, `s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix`. Keys, regions
    /// and endpoints come from the usual environment variables (`AWS_…`, `GOOGLE_…`, `AZURE_…`).
    pub fn open(env: Arc<dyn Env>, url: &str) -> Result<Objects> {
        if let Some(path) = url.strip_prefix("file://") {
            return Ok(Self::local(env, Path::new(path)));
        }
        let remote = Remote::open(url)?.ok_or_else(|| {
            let message = format!("the object store \"{url}\" is not supported");
            SqlError::unsupported(message, "use file:///path, s3://, gs:// or az://")
        })?;
        Ok(Self { backend: Backend::Remote(remote) })
    }

    /// Objects under a prefix of a store that is durable when it answers, and that needs no runtime.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: ObjectPath) -> Objects {
        Self { backend: Backend::Remote(Remote::new(store, prefix)) }
    }

    /// The objects below a directory of this store.
    pub fn within(&self, directory: &str) -> Objects {
        let backend = match &self.backend {
            Backend::Directory(local) => Backend::Directory(local.within(directory)),
            Backend::Remote(remote) => Backend::Remote(remote.within(directory)),
        };
        Self { backend }
    }

    /// Takes the store over after a crash: what was left unfinished is removed, and what is there is durable from now on.
    /// Only for the one process that owns the store.
    pub fn settle(&self) -> Result<()> {
        match &self.backend {
            Backend::Directory(local) => local.settle(),
            Backend::Remote(_) => Ok(()),
        }
    }

    /// Stores an object, in place of what was there.
    pub async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        match &self.backend {
            Backend::Directory(local) => local.put(path, &bytes),
            Backend::Remote(remote) => remote.put(path, bytes).await,
        }
    }

    /// Stores an object where there is none; the same bytes again are [`Created::Done`]. After an error it is not there.
    pub async fn create(&self, path: &str, bytes: Bytes) -> Result<Created> {
        match &self.backend {
            Backend::Directory(local) => local.create(path, &bytes),
            Backend::Remote(remote) => Ok(remote.create(path, bytes).await),
        }
    }

    /// An object's bytes; `None` if it is not there.
    pub async fn get(&self, path: &str) -> Result<Option<Bytes>> {
        match &self.backend {
            Backend::Directory(local) => local.get(path),
            Backend::Remote(remote) => remote.get(path).await,
        }
    }

    /// Parts of an object; `None` if it is not there, [`Error::Corrupt`] if it is shorter.
    pub async fn get_ranges(&self, path: &str, ranges: &[Range<u64>]) -> Result<Option<Vec<Bytes>>> {
        match &self.backend {
            Backend::Directory(local) => local.get_ranges(path, ranges),
            Backend::Remote(remote) => remote.get_ranges(path, ranges).await,
        }
    }

    /// All objects below a directory, at any depth, by path; none if there is no such directory.
    pub async fn list(&self, directory: &str) -> Result<Vec<Listed>> {
        match &self.backend {
            Backend::Directory(local) => local.list(directory),
            Backend::Remote(remote) => remote.list(directory).await,
        }
    }

    /// Removes an object; it is no error if it is gone.
    pub async fn delete(&self, path: &str) -> Result<()> {
        match &self.backend {
            Backend::Directory(local) => local.delete(path),
            Backend::Remote(remote) => remote.delete(path).await,
        }
    }

    /// How an error names an object: by its file, or by its URL.
    pub fn shown(&self, path: &str) -> PathBuf {
        match &self.backend {
            Backend::Directory(local) => local.file(path),
            Backend::Remote(remote) => remote.shown(path).into(),
        }
    }

    /// The error for damage in an object.
    pub fn corrupt(&self, path: &str, offset: u64, message: impl Into<String>) -> Error {
        Error::Corrupt { path: self.shown(path), offset, message: message.into() }
    }

    /// Where it is, for people.
    pub fn url(&self) -> String {
        match &self.backend {
            Backend::Directory(local) => format!("file://{}", local.file("").display()),
            Backend::Remote(remote) => remote.url().to_owned(),
        }
    }

    /// Whether it is a directory of this machine.
    pub fn is_local(&self) -> bool {
        matches!(self.backend, Backend::Directory(_))
    }
}
