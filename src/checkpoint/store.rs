//! Where checkpoints are kept: an object store, by default a local directory.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};

use super::encode::{Damage, Encoded, Squash, decode, decode_contents, decode_squash, decode_state, encode};
use super::manifest::{
    FORMAT_VERSION, File, Manifest, Role, Unreadable, checksum_text, digits, directory_name,
};
use super::{Capture, Checkpoint, CheckpointInfo, Saved};
use crate::env::{Env, Plant};
use crate::flow::StateKind;
use crate::log::Lsn;
use crate::objects::{Created, Listed, Objects};
use crate::view;
use crate::{Error, Result};

/// How many checkpoints of a view are kept.
const KEPT: usize = 2;

/// How many files are read at once.
const READS: usize = 8;

/// Writes, reads and removes checkpoints. Cheap to clone. One view has one writer at a time.
#[derive(Debug, Clone)]
pub struct CheckpointStore {
    env: Arc<dyn Env>,
    objects: Objects,
}

impl CheckpointStore {
    /// Checkpoints below a root.
    pub fn new(env: Arc<dyn Env>, objects: Objects) -> Self {
        Self { env, objects }
    }

    /// Encodes a checkpoint and stores it, then removes all but the newest two of the view. Once this answers, the checkpoint
    /// is durable; before, it is either not there or whole. One that is there already, for the same LSN or a later one, is
    /// replaced: who writes at an LSN has not used it. Blocks where the store does.
    pub async fn write(&self, capture: &Capture) -> Result<Saved> {
        let squash = self.squash(capture).await?;
        let Encoded { manifest, files } = self.spoiled(encode(capture, squash)?);
        let view = ObjectId(manifest.view);
        let listed = self.objects.list(&view_directory(view)).await?;
        let (later, earlier): (Vec<Lsn>, Vec<Lsn>) =
            lsns_of(view, &listed).into_iter().partition(|lsn| *lsn >= manifest.lsn);
        // Their files may be about to be written over.
        for lsn in later {
            self.objects.delete(&manifest_path(view, lsn)).await?;
        }
        for (path, bytes) in files {
            self.objects.put(&file_path(view, &path), bytes).await?;
        }
        let path = manifest_path(view, manifest.lsn);
        let document = manifest.to_bytes().map_err(|error| Error::internal(error.to_string()))?;
        match self.objects.create(&path, document.into()).await? {
            Created::Done => {}
            Created::Taken => {
                let message = format!("{} was made by another writer", self.objects.shown(&path).display());
                return Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).into());
            }
            Created::Unsure(error) => return Err(error),
        }
        let saved = Saved { manifest: Arc::new(manifest), path: self.objects.shown(&path) };
        self.prune(&saved, &listed, &earlier, capture.after.as_ref()).await;
        Ok(saved)
    }

    /// The newest whole checkpoint of a view that is of this log. A damaged one is passed over with a warning if an older
    /// whole one stands, as a replay from that gives the same; else it is [`Error::Corrupt`] with the path of what is damaged. One
    /// of another log or of an unknown format is refused.
    pub async fn newest(&self, view: ObjectId, log_id: u64) -> Result<Option<Checkpoint>> {
        let mut passed: Option<Error> = None;
        for lsn in self.lsns(view).await? {
            let checkpoint = match self.manifest(view, lsn).await {
                Ok(Some(manifest)) if manifest.log_id != digits(log_id) => {
                    passed = passed.or(Some(self.of_another_log(&manifest, log_id)));
                    continue;
                }
                Ok(Some(manifest)) => self.read(manifest).await,
                Ok(None) => continue,
                Err(error) => Err(error),
            };
            match checkpoint {
                Ok(checkpoint) => {
                    if let Some(error) = passed {
                        tracing::warn!(view = view.0, lsn, %error, "a checkpoint is passed over for an older one");
                    }
                    return Ok(Some(checkpoint));
                }
                Err(error @ Error::Corrupt { .. }) => passed = passed.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        passed.map_or(Ok(None), Err)
    }

    /// Removes all that is stored of a view.
    pub async fn remove(&self, view: ObjectId) -> Result<()> {
        let listed = self.objects.list(&view_directory(view)).await?;
        // The manifests first: a checkpoint is whole or it is not there.
        for lsn in lsns_of(view, &listed) {
            self.objects.delete(&manifest_path(view, lsn)).await?;
        }
        for object in listed {
            self.objects.delete(&object.path).await?;
        }
        Ok(())
    }

    /// Removes what is stored of views that are no more, such as those that were dropped just before a crash. Only what
    /// a manifest says to be of this log: another database may use the same store.
    pub async fn remove_orphans(&self, log_id: u64, exists: impl Fn(ObjectId) -> bool) -> Result<()> {
        let listed = self.objects.list("views").await?;
        let views: BTreeSet<u64> = listed.iter().filter_map(|object| view_of(&object.path)).collect();
        for view in views.into_iter().map(ObjectId).filter(|view| !exists(*view)) {
            for lsn in lsns_of(view, &listed) {
                match self.manifest(view, lsn).await {
                    Ok(Some(manifest)) if manifest.log_id == digits(log_id) => {
                        tracing::info!(view = view.0, "removing the checkpoints of a view that was dropped");
                        self.remove(view).await?;
                        break;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// All checkpoints, views ascending, newest first. One that cannot be read is left out with a warning.
    pub async fn list(&self) -> Result<Vec<CheckpointInfo>> {
        let listed = self.objects.list("views").await?;
        let views: BTreeSet<u64> = listed.iter().filter_map(|object| view_of(&object.path)).collect();
        let mut infos = Vec::new();
        for view in views {
            infos.extend(self.list_of(ObjectId(view)).await?);
        }
        Ok(infos)
    }

    /// The checkpoints of a view, newest first. One that cannot be read is left out with a warning.
    pub async fn list_of(&self, view: ObjectId) -> Result<Vec<CheckpointInfo>> {
        let mut infos = Vec::new();
        for lsn in self.lsns(view).await? {
            match self.manifest(view, lsn).await {
                Ok(Some(manifest)) => {
                    infos.push(manifest.info(&self.objects.shown(&manifest_path(view, lsn))))
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(view = view.0, lsn, %error, "a checkpoint cannot be read"),
            }
        }
        Ok(infos)
    }

    /// The rows of a view at the LSN of one of its checkpoints, each as often as it counts; None when there is no
    /// checkpoint of that LSN (any more).
    pub async fn contents_at(
        &self,
        view: ObjectId,
        lsn: Lsn,
    ) -> Result<Option<(SchemaRef, Vec<RecordBatch>, CheckpointInfo)>> {
        let Some(manifest) = self.manifest(view, lsn).await? else { return Ok(None) };
        let files = match self.files(&manifest, |file| file.role != Role::State).await {
            Ok(files) => files,
            // It may have been removed meanwhile, files and all.
            Err(error) => return self.manifest(view, lsn).await?.map_or(Ok(None), |_| Err(error)),
        };
        let (schema, contents, _) =
            decode_contents(&manifest, &files).map_err(|damage| self.damaged(&manifest, damage))?;
        Ok(Some((schema, contents, manifest.info(&self.objects.shown(&manifest_path(view, lsn))))))
    }

    /// A small part of the state that one of a view's checkpoints has, by its name; None where that is not there.
    pub async fn state_at(&self, view: ObjectId, lsn: Lsn, name: &str) -> Result<Option<RecordBatch>> {
        let Some(manifest) = self.manifest(view, lsn).await? else { return Ok(None) };
        let mut files = manifest.files_of(Role::State);
        let Some(file) = files.find(|file| file.name.as_deref() == Some(name)) else { return Ok(None) };
        let bytes = Some(self.file(&manifest, file).await?);
        let batch = decode_state(file, &bytes).map_err(|damage| self.damaged(&manifest, damage))?;
        Ok(Some(batch))
    }

    /// Reads what earlier checkpoints added, where it has become too many files.
    async fn squash(&self, capture: &Capture) -> Result<Squash> {
        let Some(after) = &capture.after else { return Ok(Squash::default()) };
        let contents =
            matches!(capture.contents, view::Capture::Change { .. }) && after.wants_squashed_contents();
        let layers = capture.states.iter().filter(|state| state.kind == StateKind::Layer);
        let states: Vec<(usize, String)> = layers
            .filter(|state| after.wants_squashed_state(state.node, &state.name))
            .map(|state| (state.node, state.name.clone()))
            .collect();
        if !contents && states.is_empty() {
            return Ok(Squash::default());
        }
        let wanted = |file: &File| {
            file.layer.is_some_and(|layer| layer > 0)
                && match file.role {
                    Role::State => states.iter().any(|(node, name)| file.is_state(*node, name)),
                    Role::Contents | Role::Deletes => contents,
                }
        };
        let files = self.files(&after.manifest, wanted).await?;
        decode_squash(&after.manifest, &files, contents, &states)
            .map_err(|damage| self.damaged(&after.manifest, damage))
    }

    /// Reads all checkpoints of all views as a restart would, for [`crate::verify`].
    pub(crate) async fn check(&self) -> Result<Vec<(ObjectId, Lsn, Result<CheckpointInfo>)>> {
        let listed = self.objects.list("views").await?;
        let views: BTreeSet<u64> = listed.iter().filter_map(|object| view_of(&object.path)).collect();
        let mut checked = Vec::new();
        for view in views.into_iter().map(ObjectId) {
            for lsn in self.lsns(view).await? {
                checked.push((view, lsn, self.check_one(view, lsn).await));
            }
        }
        Ok(checked)
    }

    async fn check_one(&self, view: ObjectId, lsn: Lsn) -> Result<CheckpointInfo> {
        let path = manifest_path(view, lsn);
        let manifest = self.manifest(view, lsn).await?;
        let manifest = manifest.ok_or_else(|| self.objects.corrupt(&path, 0, "it is missing"))?;
        let info = manifest.info(&self.objects.shown(&path));
        self.read(manifest).await.map(|_| info)
    }

    /// Removes one checkpoint; its files go with the next one that is written.
    pub(crate) async fn remove_one(&self, view: ObjectId, lsn: Lsn) -> Result<()> {
        self.objects.delete(&manifest_path(view, lsn)).await
    }

    /// Reads a checkpoint again and compares every checksum, a file at a time.
    pub async fn read_back(&self, view: ObjectId, lsn: Lsn) -> Result<()> {
        let manifest = self.manifest(view, lsn).await?;
        let missing = || self.objects.corrupt(&manifest_path(view, lsn), 0, "it is missing");
        let manifest = manifest.ok_or_else(missing)?;
        for file in &manifest.files {
            self.file(&manifest, file).await?;
        }
        Ok(())
    }

    /// The LSN of the oldest checkpoint of a view, whole or not: a restart may have to go on from there.
    pub async fn oldest_lsn(&self, view: ObjectId) -> Result<Option<Lsn>> {
        Ok(self.lsns(view).await?.pop())
    }

    /// The LSNs of a view's checkpoints, whole or not, newest first.
    async fn lsns(&self, view: ObjectId) -> Result<Vec<Lsn>> {
        Ok(lsns_of(view, &self.objects.list(&view_directory(view)).await?))
    }

    async fn read(&self, manifest: Manifest) -> Result<Checkpoint> {
        let files = self.files(&manifest, |_| true).await?;
        let path = self.objects.shown(&manifest_path(ObjectId(manifest.view), manifest.lsn));
        decode(manifest.clone(), path, files).map_err(|damage| self.damaged(&manifest, damage))
    }

    /// The bytes of the files that are wanted, each checked against the manifest.
    async fn files(&self, manifest: &Manifest, wanted: impl Fn(&File) -> bool) -> Result<Vec<Option<Bytes>>> {
        let mut reads: Vec<BoxFuture<'_, Result<Option<Bytes>>>> = Vec::with_capacity(manifest.files.len());
        for file in &manifest.files {
            reads.push(match wanted(file) {
                true => async move { self.file(manifest, file).await.map(Some) }.boxed(),
                false => std::future::ready(Ok(None)).boxed(),
            });
        }
        let read: Vec<Result<Option<Bytes>>> = futures::stream::iter(reads).buffered(READS).collect().await;
        read.into_iter().collect()
    }

    async fn file(&self, manifest: &Manifest, file: &File) -> Result<Bytes> {
        let path = file_path(ObjectId(manifest.view), &file.path);
        let Some(bytes) = self.objects.get(&path).await? else {
            return Err(self.objects.corrupt(&path, 0, "it is missing"));
        };
        if bytes.len() as u64 != file.bytes {
            let message = format!("it has {} bytes and should have {}", bytes.len(), file.bytes);
            return Err(self.objects.corrupt(&path, file.bytes.min(bytes.len() as u64), message));
        }
        if checksum_text(crc32c::crc32c(&bytes)) != file.crc32c {
            return Err(self.objects.corrupt(&path, 0, "it does not match its checksum"));
        }
        Ok(bytes)
    }

    /// The manifest of an LSN, after checking its checksum, its version and that it is of this view and LSN.
    async fn manifest(&self, view: ObjectId, lsn: Lsn) -> Result<Option<Manifest>> {
        let path = manifest_path(view, lsn);
        let Some(bytes) = self.objects.get(&path).await? else { return Ok(None) };
        let manifest = match Manifest::from_bytes(&bytes) {
            Ok(manifest) => manifest,
            Err(Unreadable::Damaged(message)) => return Err(self.objects.corrupt(&path, 0, message)),
            Err(Unreadable::Version(version)) => {
                let message = format!(
                    "checkpoint {} has format version {version}, which this server does not know",
                    self.objects.shown(&path).display()
                );
                let hint = format!(
                    "this server reads format {FORMAT_VERSION}; use the one that wrote the checkpoint"
                );
                return Err(SqlError::unsupported(message, hint).into());
            }
        };
        if (manifest.view, manifest.lsn) != (view.0, lsn) {
            return Err(self.objects.corrupt(&path, 0, "it is the manifest of another checkpoint"));
        }
        Ok(Some(manifest))
    }

    /// The checkpoint with the bugs that tests of the tests plant.
    fn spoiled(&self, mut encoded: Encoded) -> Encoded {
        let manifest = &mut encoded.manifest;
        if self.env.planted(Plant::CheckpointLsnPlusOne) {
            manifest.lsn += 1;
        }
        if self.env.planted(Plant::CheckpointLsnMinusOne) {
            manifest.lsn -= 1;
        }
        if self.env.planted(Plant::DropSlice)
            && let Some(at) =
                manifest.files.iter().rposition(|file| file.role == Role::State && file.layer.is_some())
        {
            manifest.files.remove(at);
        }
        encoded
    }

    fn of_another_log(&self, manifest: &Manifest, log_id: u64) -> Error {
        let path = self.objects.shown(&manifest_path(ObjectId(manifest.view), manifest.lsn));
        let message = format!(
            "checkpoint {} is of the log {}, and this database's log is {}",
            path.display(),
            manifest.log_id,
            digits(log_id)
        );
        let hint = "give each database an object store directory of its own";
        SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).with_hint(hint).into()
    }

    fn damaged(&self, manifest: &Manifest, (file, message): Damage) -> Error {
        let view = ObjectId(manifest.view);
        let path = match file {
            Some(file) => file_path(view, &file),
            None => manifest_path(view, manifest.lsn),
        };
        self.objects.corrupt(&path, 0, message)
    }

    /// Removes what no kept checkpoint names: older manifests, then files. What cannot be removed now is tried again after
    /// the next checkpoint; this one is there.
    async fn prune(&self, newest: &Saved, listed: &[Listed], earlier: &[Lsn], after: Option<&Saved>) {
        let outcome = async {
            let view = ObjectId(newest.manifest.view);
            let mut named: HashSet<String> = HashSet::new();
            let mut kept: HashSet<Lsn> = HashSet::new();
            let mut keep = |manifest: &Manifest| {
                kept.insert(manifest.lsn);
                named.extend(manifest.files.iter().map(|file| file_path(view, &file.path)));
            };
            keep(&newest.manifest);
            for lsn in earlier.iter().take(KEPT - 1) {
                match after.filter(|saved| saved.lsn() == *lsn) {
                    Some(saved) => keep(&saved.manifest),
                    None => match self.manifest(view, *lsn).await {
                        Ok(Some(manifest)) if manifest.log_id == newest.manifest.log_id => keep(&manifest),
                        // It can never be used.
                        Ok(_) | Err(Error::Corrupt { .. }) => {}
                        Err(error) => return Err(error),
                    },
                }
            }
            for lsn in earlier.iter().filter(|lsn| !kept.contains(lsn)) {
                self.objects.delete(&manifest_path(view, *lsn)).await?;
            }
            for object in listed {
                let is_kept = match lsn_of(view, &object.path) {
                    // The later ones were removed, this one is new, the earlier ones are dealt with.
                    Some(_) => true,
                    None => named.contains(&object.path),
                };
                if !is_kept {
                    self.objects.delete(&object.path).await?;
                }
            }
            Ok(())
        };
        if let Err(error) = outcome.await {
            tracing::warn!(view = newest.manifest.view, %error, "files of old checkpoints could not be removed");
        }
    }
}

fn view_directory(view: ObjectId) -> String {
    format!("views/{view}")
}

fn manifest_path(view: ObjectId, lsn: Lsn) -> String {
    format!("views/{view}/{}.json", directory_name(lsn))
}

/// The path of a file that a manifest names.
fn file_path(view: ObjectId, relative: &str) -> String {
    format!("views/{view}/{relative}")
}

/// The LSNs of a view's manifests, newest first.
fn lsns_of(view: ObjectId, listed: &[Listed]) -> Vec<Lsn> {
    let mut lsns: Vec<Lsn> = listed.iter().filter_map(|object| lsn_of(view, &object.path)).collect();
    lsns.sort_unstable_by(|left, right| right.cmp(left));
    lsns
}

/// The LSN of a manifest of that view; None for other objects.
fn lsn_of(view: ObjectId, path: &str) -> Option<Lsn> {
    let name = path.strip_prefix(&view_directory(view))?.strip_prefix('/')?;
    let number = name.strip_suffix(".json")?;
    (number.len() == 20 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.parse().ok())?
}

/// The view that an object is of.
fn view_of(path: &str) -> Option<u64> {
    path.strip_prefix("views/")?.split('/').next()?.parse().ok()
}
