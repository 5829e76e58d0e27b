//! When a checkpoint adds to what is stored, and when it starts anew.
//!
//! Adding costs what changed. But what was added makes a restart read more, so once the rows added to a base outnumber the
//! base's own, a new base is written: a row that changed is written once more for that, on average, and a restart never
//! reads more than some two or three times what is there. Where many small files were added, they are put together into
//! one, and the base stays.

use std::path::PathBuf;
use std::sync::Arc;

use super::CheckpointInfo;
use super::manifest::{File, Manifest, Role};
use crate::log::Lsn;

/// Files that may be added to a base before they are put together: of contents and deletes, or of a part of a state.
const ADDED_FILES: usize = 64;

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
        has_outgrown(&self.contents())
    }

    /// Whether the next checkpoint is to write all of a part of an operator's state.
    pub fn wants_whole_state(&self, node: usize, name: &str) -> bool {
        has_outgrown(&self.state(node, name))
    }

    /// Whether what was added to the view's rows is to be put together.
    pub(super) fn wants_squashed_contents(&self) -> bool {
        added(&self.contents()).count() > ADDED_FILES
    }

    /// Whether the layers of a part of a state are to be put together.
    pub(super) fn wants_squashed_state(&self, node: usize, name: &str) -> bool {
        added(&self.state(node, name)).count() > ADDED_FILES
    }

    fn contents(&self) -> Vec<&File> {
        self.manifest.files.iter().filter(|file| file.role != Role::State).collect()
    }

    fn state(&self, node: usize, name: &str) -> Vec<&File> {
        self.manifest.files.iter().filter(|file| file.is_state(node, name)).collect()
    }
}

fn added<'a>(files: &'a [&File]) -> impl Iterator<Item = &'a File> {
    files.iter().copied().filter(|file| file.layer != Some(0))
}

/// Whether there is no base, or more was added to it than it has.
fn has_outgrown(files: &[&File]) -> bool {
    let base: u64 = files.iter().filter(|file| file.layer == Some(0)).map(|file| file.rows).sum();
    let is_there = files.iter().any(|file| file.layer == Some(0));
    !is_there || added(files).map(|file| file.rows).sum::<u64>() > base
}
