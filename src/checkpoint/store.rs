//! Where checkpoints are kept: an object store, by default a local directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};

use super::durable::LocalRoot;
use super::encode::{decode, directory_name};
use super::manifest::{FORMAT_VERSION, Manifest, Unreadable, checksum_text};
use super::{Checkpoint, CheckpointInfo, EncodedCheckpoint, encode};
use crate::env::Env;
use crate::log::Lsn;
use crate::{Error, Result};

/// How many checkpoints of a view are kept.
const KEPT: usize = 2;

/// Writes, reads and removes checkpoints. Cheap to clone. One view has one writer at a time.
#[derive(Debug, Clone)]
pub struct CheckpointStore {
    store: Arc<dyn ObjectStore>,
    prefix: ObjectPath,
    /// Set for a local directory, whose files must be synced.
    local: Option<LocalRoot>,
}

impl CheckpointStore {
    /// Checkpoints in a local directory, which is made if it is missing.
    pub fn local(env: Arc<dyn Env>, root: &Path) -> Result<Self> {
        let local = LocalRoot::create(env, root)?;
        let store = LocalFileSystem::new_with_prefix(local.path())
            .map_err(|error| store_error("opening", root.to_owned(), error))?;
        Ok(Self { store: Arc::new(store), prefix: ObjectPath::default(), local: Some(local) })
    }

    /// Checkpoints under a prefix of a store that is durable when it answers.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: ObjectPath) -> Self {
        Self { store, prefix, local: None }
    }

    /// Encodes a checkpoint on a thread that may block, and stores it: [`CheckpointStore::put`].
    pub async fn write(&self, checkpoint: &Checkpoint) -> Result<CheckpointInfo> {
        let checkpoint = checkpoint.clone();
        self.put(blocking(move || encode(&checkpoint)).await?).await
    }

    /// Stores a checkpoint and then removes all but the newest two of the view. Once this answers, the checkpoint is
    /// durable; before, it is either not there or whole. One that is there already, for the same LSN and plan, stays.
    pub async fn put(&self, encoded: EncodedCheckpoint) -> Result<CheckpointInfo> {
        let EncodedCheckpoint { manifest, files } = encoded;
        let view = ObjectId(manifest.view);
        let path = self.manifest_path(view, manifest.lsn);
        if self.exists(&path).await? {
            if let Some(there) = self.same(&path, &manifest.fingerprint).await {
                return Ok(there.info(path.to_string()));
            }
            // Its files are about to be written over: it must be gone before.
            self.delete(std::slice::from_ref(&path)).await?;
        }
        let mut paths = Vec::with_capacity(files.len());
        for (file, bytes) in manifest.files.iter().zip(files) {
            let path = self.file_path(view, &file.path);
            let put = self.store.put(&path, bytes.into()).await;
            put.map_err(|error| self.error("writing", &path, error))?;
            paths.push(path);
        }
        self.sync(paths, true).await?;
        let document = manifest.to_bytes().map_err(|error| Error::internal(error.to_string()))?;
        self.commit(&path, document.into()).await?;
        self.prune(view).await?;
        Ok(manifest.info(path.to_string()))
    }

    /// The newest whole checkpoint of a view. A damaged one is passed over with a warning if an older whole one stands, as a
    /// replay from that gives the same; else it is [`Error::Corrupt`] with the path of what is damaged. A checkpoint of
    /// an unknown format is refused by its number.
    pub async fn newest(&self, view: ObjectId) -> Result<Option<Checkpoint>> {
        let mut damage = None;
        for lsn in self.lsns(view).await? {
            match self.read(&self.manifest_path(view, lsn)).await {
                Ok(checkpoint) => {
                    if let Some(error) = damage {
                        tracing::warn!(view = view.0, lsn, %error, "a damaged checkpoint is passed over for an older one");
                    }
                    return Ok(Some(checkpoint));
                }
                Err(error @ Error::Corrupt { .. }) => damage = damage.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        match damage {
            Some(error) => Err(error),
            None => Ok(None),
        }
    }

    /// Removes all that is stored of a view.
    pub async fn remove(&self, view: ObjectId) -> Result<()> {
        let manifests: Vec<ObjectPath> =
            self.lsns(view).await?.into_iter().map(|lsn| self.manifest_path(view, lsn)).collect();
        self.delete(&manifests).await?;
        let directory = self.directory(view);
        for inner in self.children(&directory).await?.0 {
            self.delete_below(&inner).await?;
        }
        self.delete_below(&directory).await
    }

    /// All checkpoints, views ascending, newest first. One that cannot be read is left out with a warning.
    pub async fn list(&self) -> Result<Vec<CheckpointInfo>> {
        let views = self.children(&self.prefix.clone().join("views")).await?.0;
        let mut views: Vec<u64> = views.iter().filter_map(|path| path.filename()?.parse().ok()).collect();
        views.sort_unstable();
        let mut infos = Vec::new();
        for view in views.into_iter().map(ObjectId) {
            for lsn in self.lsns(view).await? {
                let path = self.manifest_path(view, lsn);
                match self.manifest(&path).await {
                    Ok(manifest) => infos.push(manifest.info(path.to_string())),
                    Err(error) => tracing::warn!(view = view.0, lsn, %error, "a checkpoint cannot be read"),
                }
            }
        }
        Ok(infos)
    }

    /// Reads all checkpoints of all views as a restart would, for [`crate::verify`].
    pub(crate) async fn check(&self) -> Result<Vec<(ObjectId, Lsn, Result<CheckpointInfo>)>> {
        let views = self.children(&self.prefix.clone().join("views")).await?.0;
        let mut views: Vec<u64> = views.iter().filter_map(|path| path.filename()?.parse().ok()).collect();
        views.sort_unstable();
        let mut checked = Vec::new();
        for view in views.into_iter().map(ObjectId) {
            for lsn in self.lsns(view).await? {
                let path = self.manifest_path(view, lsn);
                let info = match self.read(&path).await {
                    Ok(_) => self
                        .manifest(&path)
                        .await
                        .map(|manifest| manifest.info(self.shown(&path).display().to_string())),
                    Err(error) => Err(error),
                };
                checked.push((view, lsn, info));
            }
        }
        Ok(checked)
    }

    /// Removes one checkpoint; its files go with the next one that is written.
    pub(crate) async fn remove_one(&self, view: ObjectId, lsn: Lsn) -> Result<()> {
        self.delete(&[self.manifest_path(view, lsn)]).await
    }

    /// The contents of the checkpoint of a view at exactly that LSN; None when there is none.
    pub async fn contents_at(&self, view: ObjectId, lsn: Lsn) -> Result<Option<Vec<RecordBatch>>> {
        let path = self.manifest_path(view, lsn);
        if !self.exists(&path).await? {
            return Ok(None);
        }
        Ok(Some(self.read(&path).await?.contents))
    }

    /// The LSNs of a view's checkpoints, whole or not, newest first.
    async fn lsns(&self, view: ObjectId) -> Result<Vec<Lsn>> {
        let objects = self.children(&self.directory(view)).await?.1;
        let mut lsns: Vec<Lsn> = objects.iter().filter_map(manifest_lsn).collect();
        lsns.sort_unstable_by(|left, right| right.cmp(left));
        Ok(lsns)
    }

    async fn read(&self, path: &ObjectPath) -> Result<Checkpoint> {
        let manifest = self.manifest(path).await?;
        let mut files = Vec::with_capacity(manifest.files.len());
        for file in &manifest.files {
            let path = self.file_path(ObjectId(manifest.view), &file.path);
            let bytes = self.get(&path).await?;
            if bytes.len() as u64 != file.bytes {
                let message = format!("it has {} bytes and should have {}", bytes.len(), file.bytes);
                return Err(self.corrupt(&path, bytes.len().min(file.bytes as usize) as u64, message));
            }
            if checksum_text(crc32c::crc32c(&bytes)) != file.crc32c {
                return Err(self.corrupt(&path, 0, "it does not match its checksum".into()));
            }
            files.push(bytes);
        }
        let (decoded, manifest) = blocking(move || Ok((decode(&manifest, files), manifest))).await?;
        decoded.map_err(|(file, message)| {
            let path =
                if file.is_empty() { path.clone() } else { self.file_path(ObjectId(manifest.view), &file) };
            self.corrupt(&path, 0, message)
        })
    }

    /// The manifest at a path, which must be that of the path's view and LSN.
    async fn manifest(&self, path: &ObjectPath) -> Result<Manifest> {
        let bytes = self.get(path).await?;
        let manifest = match Manifest::from_bytes(&bytes) {
            Ok(manifest) => manifest,
            Err(Unreadable::Damaged(message)) => return Err(self.corrupt(path, 0, message)),
            Err(Unreadable::Version(version)) => {
                let message = format!(
                    "checkpoint {} has format version {version}; this build reads version {FORMAT_VERSION}",
                    self.shown(path).display()
                );
                return Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).into());
            }
        };
        if self.manifest_path(ObjectId(manifest.view), manifest.lsn) != *path {
            return Err(self.corrupt(path, 0, "it is the manifest of another checkpoint".into()));
        }
        Ok(manifest)
    }

    /// The manifest at a path if the checkpoint is whole and of that plan.
    async fn same(&self, path: &ObjectPath, fingerprint: &str) -> Option<Manifest> {
        let manifest =
            self.manifest(path).await.ok().filter(|manifest| manifest.fingerprint == fingerprint)?;
        self.read(path).await.ok().map(|_| manifest)
    }

    /// Makes the manifest appear, whole and durable, where there is none.
    async fn commit(&self, path: &ObjectPath, document: Bytes) -> Result<()> {
        if self.local.is_none() {
            let options = PutOptions::from(PutMode::Create);
            let put = self.store.put_opts(path, document.into(), options).await;
            return put.map(drop).map_err(|error| self.error("writing", path, error));
        }
        // A local file is visible before it is durable, so it is made durable under another name first.
        let staged = ObjectPath::from(format!("{path}.new"));
        let put = self.store.put(&staged, document.into()).await;
        put.map_err(|error| self.error("writing", &staged, error))?;
        self.sync(vec![staged.clone()], true).await?;
        let renamed = self.store.rename_if_not_exists(&staged, path).await;
        renamed.map_err(|error| self.error("writing", path, error))?;
        self.sync(vec![path.clone()], false).await
    }

    /// Removes what is not part of the newest checkpoints: older ones, and files that never got a manifest.
    async fn prune(&self, view: ObjectId) -> Result<()> {
        let kept: Vec<Lsn> = self.lsns(view).await?.into_iter().take(KEPT).collect();
        let (directories, objects) = self.children(&self.directory(view)).await?;
        let is_old = |object: &ObjectPath| manifest_lsn(object).is_none_or(|lsn| !kept.contains(&lsn));
        let old: Vec<ObjectPath> = objects.into_iter().filter(is_old).collect();
        self.delete(&old).await?;
        let kept: Vec<String> = kept.into_iter().map(directory_name).collect();
        for directory in directories {
            if !directory.filename().is_some_and(|name| kept.iter().any(|kept| kept == name)) {
                self.delete_below(&directory).await?;
            }
        }
        Ok(())
    }

    /// Deletes objects; it is no error if one is gone. Durable when this answers.
    async fn delete(&self, paths: &[ObjectPath]) -> Result<()> {
        if paths.is_empty() {
            return Ok(());
        }
        for path in paths {
            match self.store.delete(path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(self.error("removing", path, error)),
            }
        }
        self.sync(paths.to_vec(), false).await
    }

    /// Deletes all objects below a prefix, and the directory of a local store.
    async fn delete_below(&self, prefix: &ObjectPath) -> Result<()> {
        let mut objects: BoxStream<'_, _> = self.store.list(Some(prefix));
        let mut paths = Vec::new();
        while let Some(object) = objects.next().await {
            paths.push(object.map_err(|error| self.error("listing", prefix, error))?.location);
        }
        self.delete(&paths).await?;
        if let Some(local) = &self.local {
            local.remove_directory(prefix);
        }
        Ok(())
    }

    /// The directories and the objects directly below a prefix.
    async fn children(&self, prefix: &ObjectPath) -> Result<(Vec<ObjectPath>, Vec<ObjectPath>)> {
        match self.store.list_with_delimiter(Some(prefix)).await {
            Ok(listed) => {
                let objects = listed.objects.into_iter().map(|object| object.location).collect();
                Ok((listed.common_prefixes, objects))
            }
            Err(object_store::Error::NotFound { .. }) => Ok((Vec::new(), Vec::new())),
            Err(error) => Err(self.error("listing", prefix, error)),
        }
    }

    async fn exists(&self, path: &ObjectPath) -> Result<bool> {
        match self.store.head(path).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.error("reading", path, error)),
        }
    }

    async fn get(&self, path: &ObjectPath) -> Result<Bytes> {
        let got = match self.store.get(path).await {
            Ok(got) => got.bytes().await,
            Err(error) => Err(error),
        };
        match got {
            Ok(bytes) => Ok(bytes),
            Err(object_store::Error::NotFound { .. }) => Err(self.corrupt(path, 0, "it is missing".into())),
            Err(error) => Err(self.error("reading", path, error)),
        }
    }

    /// Makes objects durable in a local store (`contents`), or only that they are there or gone.
    async fn sync(&self, paths: Vec<ObjectPath>, contents: bool) -> Result<()> {
        let Some(local) = self.local.clone() else { return Ok(()) };
        blocking(move || if contents { local.sync_objects(&paths) } else { local.sync_names(&paths) }).await
    }

    fn directory(&self, view: ObjectId) -> ObjectPath {
        self.prefix.clone().join("views").join(view.to_string())
    }

    fn manifest_path(&self, view: ObjectId, lsn: Lsn) -> ObjectPath {
        self.directory(view).join(format!("{}.json", directory_name(lsn)))
    }

    /// The path of a file that a manifest names.
    fn file_path(&self, view: ObjectId, relative: &str) -> ObjectPath {
        relative.split('/').fold(self.directory(view), |path, part| path.join(part))
    }

    /// A path as an error names it: that of the file, where there is one.
    fn shown(&self, path: &ObjectPath) -> PathBuf {
        match &self.local {
            Some(local) => local.file(path),
            None => path.to_string().into(),
        }
    }

    fn corrupt(&self, path: &ObjectPath, offset: u64, message: String) -> Error {
        Error::Corrupt { path: self.shown(path), offset, message }
    }

    fn error(&self, action: &'static str, path: &ObjectPath, error: object_store::Error) -> Error {
        store_error(action, self.shown(path), error)
    }
}

/// The LSN of a manifest's path; None for other objects.
fn manifest_lsn(path: &ObjectPath) -> Option<Lsn> {
    let digits = path.filename()?.strip_suffix(".json")?;
    (digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// What a store said, with the system's own error where there is one below (a full disk is 53100).
fn store_error(action: &'static str, path: PathBuf, error: object_store::Error) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        if let Some(io) = current.downcast_ref::<std::io::Error>() {
            return Error::io(action, path, io);
        }
        cause = current.source();
    }
    Error::Io { action, path, message: error.to_string() }
}

/// Runs work that blocks, or computes for long, where it holds nobody up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::internal(format!("a checkpoint's work died: {error}"))),
    }
}
