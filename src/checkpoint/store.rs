//! Where checkpoints are kept: an object store, by default a directory beside the log.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::compute::concat_batches;
use bytes::Bytes;
use futures::TryStreamExt;
use millstream_catalog::ObjectId;
use millstream_sql::SqlError;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};

use super::Checkpoint;
use super::encode::{encode, read_parquet};
use super::manifest::{FORMAT_VERSION, Manifest};
use crate::config::Config;
use crate::env::{Env, Machine};
use crate::flow::OperatorState;
use crate::log::Lsn;
use crate::{Error, Result};

/// How many checkpoints of a view are kept.
const KEPT: usize = 2;

/// Checkpoints in an object store.
pub struct CheckpointStore {
    objects: Arc<dyn ObjectStore>,
    /// The directory of a local store: the store itself syncs nothing, so files and directories are synced here.
    root: PathBuf,
}

impl CheckpointStore {
    /// The store that the configuration names.
    pub fn open(config: &Config) -> Result<Self> {
        let root = match config.object_store_url.as_deref() {
            None => config.data_directory.join("objects"),
            Some(url) => match url.strip_prefix("file://") {
                Some(path) => PathBuf::from(path),
                None => {
                    let message = format!("the object store \"{url}\" is not supported");
                    return Err(SqlError::unsupported(message, "only file:///path is built yet").into());
                }
            },
        };
        Machine.create_directory(&root).map_err(|error| Error::io("making the directory", &root, &error))?;
        let local = LocalFileSystem::new_with_prefix(&root);
        let objects = local.map_err(|error| failed("opening", &root, &error))?;
        Ok(Self { objects: Arc::new(objects), root })
    }

    /// Writes a checkpoint, its manifest last, and then removes what is older than the newest two.
    pub async fn write(&self, checkpoint: Checkpoint, name: &str) -> Result<()> {
        let (view, lsn) = (checkpoint.view, checkpoint.lsn);
        let name = name.to_owned();
        let encoding = tokio::task::spawn_blocking(move || encode(&checkpoint, &name));
        let encoded = encoding.await.map_err(|error| Error::internal(format!("encoding a checkpoint: {error}")))??;
        for (file, bytes) in encoded.manifest.files.iter().zip(encoded.files) {
            self.put(&in_folder(view, &file.path), bytes).await?;
        }
        let json = serde_json::to_vec_pretty(&encoded.manifest)
            .map_err(|error| Error::internal(format!("a manifest cannot be written: {error}")))?;
        self.put(&manifest_path(view, lsn), json.into()).await?;
        self.remove_older(view).await
    }

    /// The newest whole checkpoint of a view. A damaged one is passed over with a warning while an older one is whole;
    /// else it is an error.
    pub async fn newest(&self, view: ObjectId) -> Result<Option<Checkpoint>> {
        let mut first_damage = None;
        for lsn in self.lsns(view).await?.into_iter().rev() {
            match self.read(view, lsn).await {
                Ok(checkpoint) => {
                    if let Some(damage) = first_damage {
                        tracing::warn!(%damage, "a damaged checkpoint was passed over for the one before it");
                    }
                    return Ok(Some(checkpoint));
                }
                Err(damage @ Error::Corrupt { .. }) => first_damage = first_damage.or(Some(damage)),
                Err(error) => return Err(error),
            }
        }
        first_damage.map_or(Ok(None), Err)
    }

    /// Removes all checkpoints of a view, manifests first.
    pub async fn remove(&self, view: ObjectId) -> Result<()> {
        let mut paths = self.paths(view).await?;
        paths.sort_by_key(|path| !path.as_ref().ends_with(".json"));
        for path in paths {
            self.delete(&path).await?;
        }
        Ok(())
    }

    async fn read(&self, view: ObjectId, lsn: Lsn) -> Result<Checkpoint> {
        let path = manifest_path(view, lsn);
        let json = self.get(&path).await?;
        let manifest: Manifest =
            serde_json::from_slice(&json).map_err(|error| self.corrupt(&path, error.to_string()))?;
        if manifest.format_version != FORMAT_VERSION {
            let message = format!("checkpoint format version {} is not known", manifest.format_version);
            return Err(self.corrupt(&path, message));
        }
        if (manifest.view, manifest.lsn) != (view.0, lsn) {
            return Err(self.corrupt(&path, format!("it is of view {} at LSN {}", manifest.view, manifest.lsn)));
        }
        let fingerprint = u64::from_str_radix(&manifest.fingerprint, 16)
            .map_err(|error| self.corrupt(&path, error.to_string()))?;
        let (mut contents, mut states) = (None, Vec::new());
        for file in &manifest.files {
            let place = in_folder(view, &file.path);
            let bytes = self.get(&place).await?;
            if bytes.len() as u64 != file.bytes || crc32c::crc32c(&bytes) != file.crc32c {
                return Err(self.corrupt(&place, "its length or checksum is not the manifest's".to_owned()));
            }
            let (schema, batches) = read_parquet(bytes).map_err(|message| self.corrupt(&place, message))?;
            match (file.node, &file.part) {
                (Some(node), Some(part)) => {
                    let batch = concat_batches(&schema, &batches)?;
                    states.push(OperatorState { node, name: part.clone(), batch });
                }
                _ => contents = Some((schema, batches)),
            }
        }
        let (schema, contents) = contents.ok_or_else(|| self.corrupt(&path, "it names no contents".to_owned()))?;
        Ok(Checkpoint {
            view,
            lsn,
            commit_time: manifest.commit_time,
            watermark: manifest.watermark,
            fingerprint,
            schema,
            contents,
            states,
        })
    }

    /// Removes manifests that are too old, then every file that no manifest is left for.
    async fn remove_older(&self, view: ObjectId) -> Result<()> {
        let lsns = self.lsns(view).await?;
        let kept: Vec<Lsn> = lsns.iter().rev().take(KEPT).copied().collect();
        for lsn in lsns.iter().filter(|lsn| !kept.contains(lsn)) {
            self.delete(&manifest_path(view, *lsn)).await?;
        }
        for path in self.paths(view).await? {
            let lsn = path.parts().nth(2).and_then(|part| part.as_ref().trim_end_matches(".json").parse().ok());
            if !lsn.is_some_and(|lsn: Lsn| kept.contains(&lsn)) {
                self.delete(&path).await?;
            }
        }
        Ok(())
    }

    /// The LSNs of a view's manifests, ascending.
    async fn lsns(&self, view: ObjectId) -> Result<Vec<Lsn>> {
        let paths = self.paths(view).await?;
        let name = |path: &Path| path.filename()?.strip_suffix(".json")?.parse().ok();
        let mut lsns: Vec<Lsn> = paths.iter().filter_map(name).collect();
        lsns.sort_unstable();
        Ok(lsns)
    }

    async fn paths(&self, view: ObjectId) -> Result<Vec<Path>> {
        let prefix = Path::from(format!("views/{view}"));
        let listed = self.objects.list(Some(&prefix)).map_ok(|object| object.location).try_collect().await;
        listed.map_err(|error| failed("listing", &self.root.join(prefix.as_ref()), &error))
    }

    /// Writes an object durably. `Create`, the conditional put: a checkpoint at an LSN is the same whenever it is
    /// written, so one that is there already is left as it is.
    async fn put(&self, path: &Path, bytes: Bytes) -> Result<()> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let place = self.root.join(path.as_ref());
        match self.objects.put_opts(path, bytes.clone().into(), options).await {
            Ok(_) => {}
            Err(object_store::Error::AlreadyExists { .. }) if path.as_ref().ends_with(".json") => return Ok(()),
            // An orphan of a crash between files: nothing refers to it.
            Err(object_store::Error::AlreadyExists { .. }) => {
                let put = self.objects.put(path, bytes.into()).await;
                put.map_err(|error| failed("writing", &place, &error))?;
            }
            Err(error) => return Err(failed("writing", &place, &error)),
        }
        tokio::task::spawn_blocking(move || sync(&place))
            .await
            .map_err(|error| Error::internal(format!("syncing a checkpoint: {error}")))?
    }

    async fn get(&self, path: &Path) -> Result<Bytes> {
        let place = self.root.join(path.as_ref());
        match self.objects.get(path).await {
            Ok(found) => found.bytes().await.map_err(|error| failed("reading", &place, &error)),
            Err(object_store::Error::NotFound { .. }) => Err(self.corrupt(path, "it is not there".to_owned())),
            Err(error) => Err(failed("reading", &place, &error)),
        }
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        match self.objects.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("removing", &self.root.join(path.as_ref()), &error)),
        }
    }

    fn corrupt(&self, path: &Path, message: String) -> Error {
        Error::Corrupt { path: self.root.join(path.as_ref()), offset: 0, message }
    }
}

/// Makes a file and its directory entries durable.
fn sync(place: &std::path::Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::io("syncing", place, &error);
    Machine.open(place).map_err(failed)?.sync().map_err(failed)?;
    place.ancestors().skip(1).take(3).try_for_each(|directory| Machine.sync_directory(directory)).map_err(failed)
}

fn in_folder(view: ObjectId, path: &str) -> Path {
    Path::from(format!("views/{view}/{path}"))
}

fn manifest_path(view: ObjectId, lsn: Lsn) -> Path {
    Path::from(format!("views/{view}/{lsn:020}.json"))
}

fn failed(action: &'static str, place: &std::path::Path, error: &object_store::Error) -> Error {
    if error.to_string().contains("No space left") {
        return Error::io(action, place, &std::io::Error::from(std::io::ErrorKind::StorageFull));
    }
    Error::Io { action, path: place.to_owned(), message: error.to_string() }
}
