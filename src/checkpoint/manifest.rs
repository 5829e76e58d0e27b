//! The manifest: what a checkpoint consists of, as a small JSON document that vouches for itself and for every file.
//!
//! Its own checksum is its last member: the CRC32C of the whole document with the checksum's eight digits as zeros.

use arrow::datatypes::{FieldRef, Schema};
use millstream_sql::types::type_name;
use serde::{Deserialize, Serialize};

use crate::flow::delta::NO_WATERMARK;

/// The version that is written, and the only one that is read.
pub(super) const FORMAT_VERSION: u32 = 2;

/// A checkpoint's manifest. The order of members is that of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format_version: u32,
    /// Which log the LSN is of, 16 hexadecimal digits.
    pub log_id: String,
    /// The view's id.
    pub view: u64,
    pub name: String,
    pub lsn: u64,
    /// Microseconds since the Unix epoch.
    pub commit_time: i64,
    /// Microseconds since the Unix epoch; null for none.
    pub watermark: Option<i64>,
    /// 16 hexadecimal digits: JSON's numbers hold no 64 bits everywhere.
    pub fingerprint: String,
    pub columns: Vec<Column>,
    /// Indexes of the columns that identify a row; null when no subset is known to.
    pub key: Option<Vec<usize>>,
    pub files: Vec<File>,
    /// 8 hexadecimal digits. The last member.
    pub crc32c: String,
}

/// A column of the view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Column {
    pub name: String,
    /// Postgres's name of the type.
    #[serde(rename = "type")]
    pub postgres_type: String,
    /// Arrow's name of it, for people: it is not read back.
    pub arrow_type: String,
    pub nullable: bool,
}

/// A file of the checkpoint, written by it or by an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct File {
    /// Relative to the view's directory, which is the manifest's.
    pub path: String,
    pub role: Role,
    /// 0 in a base, one more with each checkpoint that added to it; absent for what each checkpoint writes anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
    /// The operator's number in the plan; for state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<usize>,
    /// Which part of the operator's state; for state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub bytes: u64,
    /// CRC32C of the whole file, 8 hexadecimal digits.
    pub crc32c: String,
    pub rows: u64,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// Rows of the view.
    Contents,
    /// Which of these rows are no more, by file and position.
    Deletes,
    /// A part of an operator's state, or a layer of one.
    State,
}

/// Why a manifest cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not what was written.
    Damaged(String),
    /// It is of a format that this build does not know.
    Version(u64),
}

impl File {
    /// Whether it is of that part of an operator's state.
    pub fn is_state(&self, node: usize, name: &str) -> bool {
        self.role == Role::State && self.node == Some(node) && self.name.as_deref() == Some(name)
    }
}

impl Manifest {
    /// The files of a role, in order.
    pub fn files_of(&self, role: Role) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.role == role)
    }

    /// Whether this checkpoint wrote the file, not an earlier one.
    pub fn wrote(&self, file: &File) -> bool {
        file.path.strip_prefix(&directory_name(self.lsn)).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The document, with its checksum.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let unsealed = Manifest { crc32c: checksum_text(0), ..self.clone() };
        let mut text = serde_json::to_string_pretty(&unsealed)?;
        text.push('\n');
        let crc = checksum_text(crc32c::crc32c(text.as_bytes()));
        let digits = text.len() - TAIL.len() - crc.len();
        text.replace_range(digits..digits + crc.len(), &crc);
        Ok(text.into_bytes())
    }

    /// The manifest of a document, after checking its checksum and version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let sealed = seal_holds(bytes);
        if sealed == Some(false) {
            return Err(Unreadable::Damaged("the manifest does not match its own checksum".into()));
        }
        let damaged =
            |error: serde_json::Error| Unreadable::Damaged(format!("the manifest cannot be read: {error}"));
        let version: Version = serde_json::from_slice(bytes).map_err(damaged)?;
        if version.format_version != FORMAT_VERSION as u64 {
            return Err(Unreadable::Version(version.format_version));
        }
        if sealed.is_none() {
            return Err(Unreadable::Damaged("the manifest has no checksum".into()));
        }
        serde_json::from_slice(bytes).map_err(damaged)
    }
}

#[derive(Deserialize)]
struct Version {
    format_version: u64,
}

const TAIL: &str = "\"\n}\n";
const MEMBER: &str = "\"crc32c\": \"";

/// Whether the document matches its checksum; None when it ends with none.
fn seal_holds(bytes: &[u8]) -> Option<bool> {
    let body = bytes.strip_suffix(TAIL.as_bytes())?;
    let (before, digits) = body.split_at_checked(body.len().checked_sub(8)?)?;
    if !before.ends_with(MEMBER.as_bytes()) {
        return None;
    }
    let crc = crc32c::crc32c(before);
    let crc = crc32c::crc32c_append(crc, checksum_text(0).as_bytes());
    let crc = crc32c::crc32c_append(crc, TAIL.as_bytes());
    Some(checksum_text(crc).as_bytes() == digits)
}

/// The directory of the files that a checkpoint writes, beside its manifest: names sort as LSNs do.
pub(super) fn directory_name(lsn: u64) -> String {
    format!("{lsn:020}")
}

/// 64 bits as they are written: 16 hexadecimal digits, as JSON's numbers hold no 64 bits everywhere.
pub(super) fn digits(number: u64) -> String {
    format!("{number:016x}")
}

/// A checksum as it is written: 8 hexadecimal digits.
pub(super) fn checksum_text(crc: u32) -> String {
    format!("{crc:08x}")
}

/// The watermark as it is written.
pub(super) fn watermark_member(watermark: i64) -> Option<i64> {
    (watermark != NO_WATERMARK).then_some(watermark)
}

/// The columns of a schema.
pub(super) fn columns_of(schema: &Schema) -> Vec<Column> {
    let column = |field: &FieldRef| Column {
        name: field.name().clone(),
        postgres_type: type_name(field.data_type()),
        arrow_type: field.data_type().to_string(),
        nullable: field.is_nullable(),
    };
    schema.fields().iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let file = File {
            path: "1/a.parquet".into(),
            role: Role::State,
            layer: Some(0),
            node: Some(3),
            name: Some("groups".into()),
            bytes: 3,
            crc32c: checksum_text(7),
            rows: 1,
        };
        Manifest {
            format_version: FORMAT_VERSION,
            log_id: digits(9),
            view: 3,
            name: "a \"quoted\" name".into(),
            lsn: 1,
            commit_time: 2,
            watermark: None,
            fingerprint: "00000000000000ff".into(),
            columns: Vec::new(),
            key: None,
            files: vec![file],
            crc32c: checksum_text(0),
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let bytes = manifest().to_bytes().unwrap();
        assert_eq!(Manifest::from_bytes(&bytes).unwrap().files, manifest().files);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(matches!(Manifest::from_bytes(&damaged), Err(Unreadable::Damaged(_))), "byte {at}");
            assert!(matches!(Manifest::from_bytes(&bytes[..at]), Err(Unreadable::Damaged(_))), "cut at {at}");
        }
    }

    #[test]
    fn another_format_is_refused_by_its_number() {
        let later = Manifest { format_version: 7, ..manifest() };
        assert_eq!(Manifest::from_bytes(&later.to_bytes().unwrap()), Err(Unreadable::Version(7)));
        assert_eq!(Manifest::from_bytes(b"{\"format_version\": 8}"), Err(Unreadable::Version(8)));
        assert_eq!(Manifest::from_bytes(b"{\"format_version\": 1}"), Err(Unreadable::Version(1)));
    }
}
