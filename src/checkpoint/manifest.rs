//! The manifest: a small JSON file that names a checkpoint's files. The only place here that speaks JSON.

use serde::{Deserialize, Serialize};

/// The version of the format that is written; any other is refused by name.
pub const FORMAT_VERSION: u32 = 1;

/// What a manifest says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The number of the view.
    pub view: u64,
    /// Its name when the checkpoint was written, for people.
    pub name: String,
    /// The LSN.
    pub lsn: u64,
    /// Time of that commit, microseconds since the epoch.
    pub commit_time: i64,
    /// The view's watermark, microseconds.
    pub watermark: i64,
    /// The plan's fingerprint, as hexadecimal (JSON numbers lose digits).
    pub fingerprint: String,
    /// The view's columns.
    pub columns: Vec<ManifestColumn>,
    /// Rows of the contents.
    pub rows: u64,
    /// The files, contents first.
    pub files: Vec<ManifestFile>,
}

/// A column of the view.
#[derive(Debug, Serialize, Deserialize)]
pub struct ManifestColumn {
    /// Its name.
    pub name: String,
    /// Its type as SQL says it.
    pub r#type: String,
}

/// A file of the checkpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path from the manifest's own folder.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// CRC-32C of the whole file.
    pub crc32c: u32,
    /// For state: the node of the plan; None for the contents.
    pub node: Option<usize>,
    /// For state: which part.
    pub part: Option<String>,
}
