//! When a checkpoint adds to what is stored, and when it starts anew.
//!
//! Adding costs what changed. But what was added makes a restart read more, so once the rows added to a base outnumber the
//! base's own, a new base is written: a row that changed is written once more for that, on average, and a restart never
//! reads more than some two or three times what is there. The number of files is bounded too.

use std::path::PathBuf;
use std::sync::Arc;

use super::CheckpointInfo;
use super::manifest::{File, Manifest, Role};
use crate::log::Lsn;

/// No more files than this for the rows of a view, or for a part of an operator's state.
const FILES: usize = 64;

/// What is stored of a view after a checkpoint.
#[derive(Debug, Clone)]
pub struct Saved {
    pub(super) manifest: Arc<Manifest>,
    /// The manifest's file or URL.
    pub(super) path: PathBuf,
}

impl Saved {
    /// The checkpoint's LSN.
    pub fn lsn(&self) -> Lsn {
        self.manifest.lsn
    }

    /// What there is to say about it.
    pub fn info(&self) -> CheckpointInfo {
        self.manifest.info(&self.path)
    }

    /// Number of rows of all contents files: what [`crate::view::ViewWriter::stored`] wants to know.
    pub fn places(&self) -> u64 {
        self.manifest.files_of(Role::Contents).map(|file| file.rows).sum()
    }

    /// Whether the next checkpoint is to write all rows of the view.
    pub fn wants_whole_contents(&self) -> bool {
        let files: Vec<&File> = self.manifest.files.iter().filter(|file| file.role != Role::State).collect();
        has_outgrown(&files)
    }

    /// Whether the next checkpoint is to write all of a part of an operator's state.
    pub fn wants_whole_state(&self, node: usize, name: &str) -> bool {
        let is_of = |file: &&File| file.node == Some(node) && file.name.as_deref() == Some(name);
        let files: Vec<&File> = self.manifest.files_of(Role::State).filter(is_of).collect();
        has_outgrown(&files)
    }
}

/// Whether there is no base, or more was added to it than it has.
fn has_outgrown(files: &[&File]) -> bool {
    let rows = |base: bool| -> u64 {
        let is_meant = |file: &&&File| (file.layer == Some(0)) == base;
        files.iter().filter(is_meant).map(|file| file.rows).sum()
    };
    !files.iter().any(|file| file.layer == Some(0)) || rows(false) > rows(true) || files.len() > FILES
}
