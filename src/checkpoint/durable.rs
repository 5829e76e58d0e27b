//! Makes objects of a local store survive a loss of power.
//!
//! `object_store` 0.13's LocalFileSystem syncs neither files nor directories, so what it wrote is only in the page cache
//! when it answers. Remote stores are durable when they answer and need none of this.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::path::Path as ObjectPath;

use crate::env::Env;
use crate::{Error, Result};

/// The directory that a local store keeps its objects in.
#[derive(Debug, Clone)]
pub(super) struct LocalRoot {
    root: PathBuf,
    env: Arc<dyn Env>,
}

impl LocalRoot {
    /// The directory, made if it is missing.
    pub fn create(env: Arc<dyn Env>, root: &Path) -> Result<Self> {
        env.create_directory(root).map_err(|error| Error::io("creating", root, &error))?;
        Ok(Self { root: root.to_owned(), env })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The file of an object.
    pub fn file(&self, object: &ObjectPath) -> PathBuf {
        object.parts().fold(self.root.clone(), |path, part| path.join(part.as_ref()))
    }

    /// Makes objects, their names, and the directories above them durable.
    pub fn sync_objects(&self, objects: &[ObjectPath]) -> Result<()> {
        for object in objects {
            let file = self.file(object);
            let synced = self.env.open(&file).and_then(|open| open.sync());
            synced.map_err(|error| Error::io("syncing", file, &error))?;
        }
        self.sync_names(objects)
    }

    /// Makes durable that objects are there, or are gone.
    pub fn sync_names(&self, objects: &[ObjectPath]) -> Result<()> {
        let files: Vec<PathBuf> = objects.iter().map(|object| self.file(object)).collect();
        let above = |file: &PathBuf| -> Vec<PathBuf> {
            let below_root =
                file.ancestors().skip(1).take_while(|directory| directory.starts_with(&self.root));
            below_root.filter(|directory| directory.exists()).map(Path::to_owned).collect()
        };
        let directories: BTreeSet<PathBuf> = files.iter().flat_map(above).collect();
        // Deepest first: a name is durable once the directory that it is in was synced.
        directories.iter().rev().try_for_each(|directory| {
            self.env.sync_directory(directory).map_err(|error| Error::io("syncing", directory, &error))
        })
    }

    /// Removes the directory of objects that are gone; nothing when it is not there or not empty.
    pub fn remove_directory(&self, prefix: &ObjectPath) {
        // Only tidiness: an empty directory holds no checkpoint.
        let _ = std::fs::remove_dir(self.file(prefix));
    }
}
