//! What a crash may leave is cut off; anything else that was changed is found, with its place.

use std::path::Path;

use super::support::*;
use crate::Error;
use crate::log::Log;

/// A log of a few small frames in one file, its bytes up to the last frame, and where its frames start.
struct Small {
    directory: tempfile::TempDir,
    bytes: Vec<u8>,
    /// The same with the mark of a clean end.
    marked: Vec<u8>,
    starts: Vec<usize>,
    /// What the log held after each frame.
    states: Vec<Vec<String>>,
}

fn small() -> Small {
    let directory = tempfile::tempdir().unwrap();
    let mut states = vec![];
    let log = open(directory.path());
    let mut note = |log: &Log| states.push(everything(log, &[1]));
    note(&log);
    create(&log, 1, "narrow 1");
    note(&log);
    for key in 0..3 {
        append(&log, 1, narrow(&[(key, key * 5_000_000), (key, 7)]));
        note(&log);
    }
    drop(log);
    let marked = std::fs::read(&files(directory.path())[0]).unwrap();
    let starts = frame_starts(&marked);
    let mut bytes = marked.clone();
    bytes[starts[starts.len() - 1]..].fill(0);
    Small { directory, bytes, marked, starts, states }
}

fn with_file(bytes: &[u8], check: impl FnOnce(&Path)) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("wal")).unwrap();
    std::fs::write(directory.path().join("wal/00000000000000000001.wal"), bytes).unwrap();
    check(directory.path());
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_to_the_last_whole_frame() {
    let small = small();
    let (last, end) = (small.starts[small.starts.len() - 2], small.starts[small.starts.len() - 1]);
    let whole = small.states.len() - 1;
    for cut in last..=end {
        for reserved in [false, true] {
            let mut bytes = small.bytes[..cut].to_vec();
            if reserved {
                bytes.resize(small.bytes.len(), 0);
            }
            with_file(&bytes, |directory| {
                let (log, report, _) = try_open(directory).unwrap();
                let got = everything(&log, &[1]);
                // Past its last checksummed byte a frame is only padding: with reserved room it is whole.
                let expected = if got == small.states[whole] { whole } else { whole - 1 };
                assert_eq!(got, small.states[expected], "cut at {cut}");
                let kept = expected == whole;
                assert_eq!(kept && !reserved, cut == end && !reserved);
                let remains = bytes[last..].iter().any(|byte| *byte != 0);
                assert_eq!(report.torn.is_some(), !kept && remains, "cut at {cut}");
                append(&log, 1, narrow(&[(9, 9)]));
                let after = everything(&log, &[1]);
                drop(log);
                assert_eq!(everything(&open(directory), &[1]), after, "written on after a cut at {cut}");
            });
        }
    }
}

#[test]
fn a_flipped_bit_is_found_or_changes_nothing() {
    let small = small();
    let end = small.starts[small.starts.len() - 1] + 64;
    let whole = small.states.last().unwrap();
    let mut found = 0;
    for byte in 0..end {
        let mut bytes = small.marked.clone();
        bytes[byte] ^= 1 << (byte % 8);
        with_file(&bytes, |directory| match try_open(directory) {
            Ok((log, ..)) => assert_eq!(everything(&log, &[1]), *whole, "byte {byte}"),
            Err(Error::Corrupt { path, offset, .. }) => {
                assert!(path.ends_with("wal/00000000000000000001.wal"));
                assert!(offset <= byte as u64 && byte as u64 - offset < 1024, "byte {byte}, offset {offset}");
                found += 1;
            }
            Err(error) => panic!("byte {byte}: {error}"),
        });
    }
    assert!(found > end / 2, "only {found} of {end} flips were found");
}

#[test]
fn damage_in_a_file_that_is_not_the_last_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    for _ in 0..300 {
        append(&log, 1, narrow(&[(1, 1)]));
    }
    drop(log);
    let all = files(directory.path());
    assert!(all.len() > 2);
    let whole = std::fs::read(&all[1]).unwrap();
    let starts = frame_starts(&whole);
    let last = starts[starts.len() - 2];
    let corrupt_at = |bytes: &[u8]| {
        std::fs::write(&all[1], bytes).unwrap();
        match try_open(directory.path()) {
            Err(Error::Corrupt { path, offset, .. }) => (path, offset as usize),
            other => panic!("{:?}", other.map(|(log, ..)| log)),
        }
    };
    let mut flipped = whole.clone();
    flipped[last + 20] ^= 4;
    assert_eq!(corrupt_at(&flipped), (all[1].clone(), last));
    // A frame that is gone without a trace shows in the next file.
    let mut zeroed = whole.clone();
    zeroed[last..].fill(0);
    assert_eq!(corrupt_at(&zeroed), (all[2].clone(), 0));
    std::fs::write(&all[1], &whole).unwrap();
    open(directory.path());
    std::fs::remove_file(&all[1]).unwrap();
    assert!(matches!(try_open(directory.path()), Err(Error::Corrupt { .. })));
    let other = small();
    std::fs::copy(&files(other.directory.path())[0], &all[1]).unwrap();
    assert!(matches!(try_open(directory.path()), Err(Error::Corrupt { .. })));
    std::fs::write(&all[1], &whole).unwrap();
    std::fs::remove_file(&all[0]).unwrap();
    assert!(matches!(try_open(directory.path()), Err(Error::Corrupt { .. })));
}

#[test]
fn another_format_version_is_refused_by_name() {
    let small = small();
    let refused = |bytes: &[u8]| {
        with_file(bytes, |directory| {
            let error = try_open(directory).unwrap_err();
            assert_eq!(state(&error), "0A000");
            assert!(error.to_string().contains("log format 2"), "{error}");
        });
    };
    let mut bytes = small.bytes.clone();
    bytes[8] = 2;
    let crc = crc32c::crc32c(&bytes[..60]);
    bytes[60..64].copy_from_slice(&crc.to_le_bytes());
    refused(&bytes);

    let mut bytes = small.bytes.clone();
    let at = small.starts[1];
    bytes[at + 4] = 2;
    let crc = crc32c::crc32c_append(crc32c::crc32c(&bytes[24..32]), &bytes[at..at + 60]);
    bytes[at + 60..at + 64].copy_from_slice(&crc.to_le_bytes());
    refused(&bytes);
    drop(small.directory);
}

/// Frames that were written together but not synced may be lost in any combination by a power cut.
#[test]
fn a_lost_frame_before_one_that_was_never_durable_is_a_torn_tail() {
    let small = small();
    let (third, fourth) = (small.starts[2], small.starts[3]);
    let mut bytes = small.bytes.clone();
    // As if the fourth had been written while the third was not synced yet.
    bytes[fourth + 32..fourth + 40].copy_from_slice(&2u64.to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&bytes[24..32]), &bytes[fourth..fourth + 60]);
    bytes[fourth + 60..fourth + 64].copy_from_slice(&crc.to_le_bytes());
    with_file(&bytes, |directory| assert_eq!(everything(&open(directory), &[1]), small.states[4]));
    for zeroed in [third..third + 64, third..fourth] {
        let mut bytes = bytes.clone();
        bytes[zeroed].fill(0);
        with_file(&bytes, |directory| {
            let (log, report, _) = try_open(directory).unwrap();
            assert_eq!(everything(&log, &[1]), small.states[2]);
            assert_eq!(report.torn.unwrap().offset, third as u64);
        });
    }
}
