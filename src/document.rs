//! JSON documents that vouch for themselves: manifests of the log.
//!
//! The last member of a document is `crc32c`: the CRC32C of the whole document with the checksum's eight digits as
//! zeros. So people and programs read it as plain JSON, and no changed byte goes unnoticed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const ZEROS: &str = "00000000";
const MEMBER: &str = "\"crc32c\":\"";
const TAIL: &str = "\"}\n";

/// What the member `crc32c`, the last one, holds before the document is sealed.
pub(crate) fn unsealed() -> String {
    ZEROS.to_owned()
}

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not what was written.
    Damaged(String),
    /// It is of a format that this build does not know.
    Version(u64),
}

/// The document of a value whose last member is `crc32c`, [unsealed].
pub(crate) fn write(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = serde_json::to_string(value)?;
    text.push('\n');
    let digits = text.len() - TAIL.len() - ZEROS.len();
    debug_assert!(text[..digits].ends_with(MEMBER) && text.ends_with(TAIL));
    let crc = format!("{:08x}", crc32c::crc32c(text.as_bytes()));
    text.replace_range(digits..digits + ZEROS.len(), &crc);
    Ok(text.into_bytes())
}

/// The value of a document, after its checksum and then its member `format_version` were checked.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8], format_version: u64) -> Result<T, Unreadable> {
    let damaged =
        |error: serde_json::Error| Unreadable::Damaged(format!("the document cannot be read: {error}"));
    if !seal_holds(bytes) {
        return Err(Unreadable::Damaged("the document does not match its checksum".into()));
    }
    let version: Version = serde_json::from_slice(bytes).map_err(damaged)?;
    if version.format_version != format_version {
        return Err(Unreadable::Version(version.format_version));
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

#[derive(Deserialize)]
struct Version {
    format_version: u64,
}

fn seal_holds(bytes: &[u8]) -> bool {
    let Some(body) = bytes.strip_suffix(TAIL.as_bytes()) else { return false };
    let Some((before, digits)) = body.split_at_checked(body.len().saturating_sub(ZEROS.len())) else {
        return false;
    };
    let crc = crc32c::crc32c_append(crc32c::crc32c(before), ZEROS.as_bytes());
    let crc = crc32c::crc32c_append(crc, TAIL.as_bytes());
    before.ends_with(MEMBER.as_bytes()) && format!("{crc:08x}").as_bytes() == digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        format_version: u64,
        text: String,
        crc32c: String,
    }

    fn sample(format_version: u64) -> Vec<u8> {
        write(&Sample { format_version, text: "a \"quoted\" text".into(), crc32c: unsealed() }).unwrap()
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let bytes = sample(1);
        assert_eq!(read::<Sample>(&bytes, 1).unwrap().text, "a \"quoted\" text");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(matches!(read::<Sample>(&damaged, 1), Err(Unreadable::Damaged(_))), "byte {at}");
            assert!(matches!(read::<Sample>(&bytes[..at], 1), Err(Unreadable::Damaged(_))), "cut at {at}");
        }
    }

    #[test]
    fn another_format_is_refused_by_its_number() {
        assert_eq!(read::<Sample>(&sample(7), 1), Err(Unreadable::Version(7)));
    }
}
