//! Sealing: what readers see does not depend on what is sealed, what left memory, or what was opened again.

use std::path::Path;
use std::sync::Arc;

use arrow::array::Int32Array;
use millstream_catalog::{ObjectId, Retention};
use object_store::memory::InMemory;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::support::*;
use crate::Error;
use crate::env::Machine;
use crate::log::{Durability, Log, LogConfig, NewEntry};
use crate::objects::Objects;

fn config(directory: &Path, tail_bytes: usize) -> LogConfig {
    let objects = Objects::local(Arc::new(Machine), &directory.join("objects"));
    LogConfig { objects: Some(objects), tail_bytes, segment_bytes: 8 * 1024, ..LogConfig::new(directory) }
}

fn open(directory: &Path, tail_bytes: usize) -> Log {
    Log::open(config(directory, tail_bytes), &mut Words::default()).unwrap().0
}

/// All that readers can ask of a stream, except where steps are cut.
fn seen(log: &Log, stream: u64) -> Vec<String> {
    let tail = log.stream(ObjectId(stream)).unwrap();
    let mut seen = vec![format!("{} {} {:?}", tail.watermark(), tail.row_count(), tail.event_times())];
    for lsn in 0..=log.synced_lsn() {
        seen.push(format!("{} {}", tail.watermark_at(lsn).unwrap(), tail.rows_between(0, lsn).unwrap()));
    }
    seen.extend((0..tail.row_count() + 1).map(|row| format!("{:?}", tail.locate(row).unwrap())));
    seen.extend(contents(log, stream));
    seen
}

/// The rows that steps of at most so many rows read, one line a row, with the watermarks that they see.
fn stepped(log: &Log, stream: u64, rows: usize) -> Vec<String> {
    let tail = log.stream(ObjectId(stream)).unwrap();
    let (mut at, end, mut lines) = (0, log.synced_lsn(), Vec::new());
    while at < end {
        let to = tail.cut(at, end, rows, usize::MAX);
        assert!(at < to && to <= end, "a cut from {at} to {end} went to {to}");
        let mut last = tail.watermark_at(at).unwrap();
        for slice in tail.read(at, to).unwrap() {
            for row in 0..slice.num_rows() {
                let number = slice.first_row + row as u64;
                lines.push(format!("{number} {:?}", slice.watermarks.as_ref().map(|w| w[row])));
            }
            if let Some(watermarks) = &slice.watermarks {
                assert!(last <= watermarks[0] && slice.watermark_after >= watermarks[watermarks.len() - 1]);
                last = slice.watermark_after;
            }
        }
        assert!(tail.watermark_at(to).unwrap() >= last);
        at = to;
    }
    lines
}

#[test]
fn readers_see_the_same_whatever_is_sealed_evicted_or_opened_again() {
    let seed = std::env::var("LOG_SEED").map_or(11, |seed| seed.parse().unwrap());
    for seed in seed..seed + 2 {
        let random = &mut StdRng::seed_from_u64(seed);
        let directory = tempfile::tempdir().unwrap();
        // Next to nothing stays in memory, or all does.
        let tail_bytes = if seed % 2 == 0 { 64 } else { 1 << 30 };
        let mut log = open(directory.path(), 1 << 30);
        create(&log, 1, "wide 3");
        create(&log, 2, "narrow 1");
        create(&log, 3, "plain 1");
        for round in 0..8 {
            for _ in 0..random.random_range(1..12) {
                let count = random.random_range(1..20);
                let entry = match random.random_range(0..5) {
                    0 => {
                        NewEntry::Tick { stream: ObjectId(2), watermark: random.random_range(0..60_000_000) }
                    }
                    1 => rows(2, narrow(&vec![(7, random.random_range(0..50_000_000)); count])),
                    2 => rows(3, narrow(&vec![(round, 1); count])),
                    _ => {
                        let partitions = (0..count).map(|_| random.random_range(0..3)).collect::<Vec<i32>>();
                        NewEntry::Append {
                            stream: ObjectId(1),
                            batch: wide(random, count),
                            partitions: Some(Int32Array::from(partitions)),
                        }
                    }
                };
                log.commit_blocking(vec![entry], Durability::Sync).unwrap();
            }
            let before = [1, 2, 3].map(|stream| seen(&log, stream));
            let steps = [1, 2, 3].map(|stream| stepped(&log, stream, usize::MAX));
            match random.random_range(0..3) {
                0 => assert_eq!(log.seal().unwrap(), log.synced_lsn()),
                1 => {
                    log.seal().unwrap();
                    log.shutdown();
                    log = open(directory.path(), tail_bytes);
                }
                _ => {
                    log.shutdown();
                    log = open(directory.path(), tail_bytes);
                }
            }
            for (at, stream) in [1, 2, 3].into_iter().enumerate() {
                assert_eq!(seen(&log, stream), before[at], "stream {stream}, seed {seed}, round {round}");
                assert_eq!(
                    stepped(&log, stream, 7),
                    steps[at],
                    "stream {stream}, seed {seed}, round {round}"
                );
            }
        }
    }
}

#[test]
fn sealing_frees_the_log_and_memory_and_keeps_segments_few() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), 4096);
    let tail = create(&log, 1, "narrow 1");
    for round in 0..60 {
        append(&log, 1, narrow(&vec![(round, round); 50]));
        log.seal().unwrap();
    }
    assert_eq!(files(directory.path()).len(), 1, "only the file that is written to is left");
    assert!(tail.segments().len() <= 12, "{} segments", tail.segments().len());
    assert!(tail.bytes() <= 4096, "{} bytes in memory", tail.bytes());
    assert_eq!(contents(&log, 1).len(), 3000);
    let named: Vec<String> = tail.segments().iter().map(|segment| segment.meta.path.clone()).collect();
    log.shutdown();
    drop((log, tail));
    let orphan = "objects/streams/1/00000000000000000000-00000000000000000001-0123456789abcdef.parquet";
    std::fs::write(directory.path().join(orphan), "left by a crash").unwrap();
    let log = open(directory.path(), 4096);
    assert_eq!(contents(&log, 1).len(), 3000);
    let objects = config(directory.path(), 4096).objects.unwrap();
    let listed = futures::executor::block_on(objects.list("streams")).unwrap();
    assert_eq!(listed.into_iter().map(|object| object.path).collect::<Vec<_>>(), named);
}

#[test]
fn retention_removes_whole_segments_and_says_where_the_stream_begins() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), 1 << 20);
    let tail = create(&log, 1, "narrow 1");
    tail.set_retention(Retention { age_us: None, bytes: Some(1) });
    let floor = append(&log, 1, narrow(&vec![(1, 1); 100]));
    log.set_floors(move |trim| trim(&|_| floor));
    log.seal().unwrap();
    append(&log, 1, narrow(&[(2, 2); 10]));
    log.seal().unwrap();
    assert_eq!((tail.first_row(), tail.row_count()), (100, 10), "the reader is not past the second segment");
    assert!(tail.first_lsn().unwrap() > floor);
    assert_eq!(contents(&log, 1).len(), 10);
    assert_eq!(tail.locate(5).unwrap(), None);
    assert_eq!(tail.locate(100).unwrap(), Some((0, 100)), "offsets go on");
    log.shutdown();
    let log = open(directory.path(), 1 << 20);
    append(&log, 1, narrow(&[(3, 3)]));
    let tail = log.stream(ObjectId(1)).unwrap();
    assert_eq!((tail.first_row(), tail.row_count()), (100, 11));
    assert!(contents(&log, 1)[10].starts_with("110:"));
}

#[test]
fn a_dropped_stream_gives_its_room_back() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), 1 << 20);
    drop(create(&log, 1, "narrow 1"));
    append(&log, 1, narrow(&vec![(1, 1); 100]));
    log.seal().unwrap();
    let drops = vec![NewEntry::Drop { ids: vec![ObjectId(1)], sql: "gone".into() }];
    log.commit_blocking(drops, Durability::Sync).unwrap();
    log.seal().unwrap();
    let objects = config(directory.path(), 1).objects.unwrap();
    assert!(futures::executor::block_on(objects.list("streams")).unwrap().is_empty());
    log.shutdown();
    let mut words = Words::default();
    let (log, _) = Log::open(config(directory.path(), 1 << 20), &mut words).unwrap();
    assert!(log.stream(ObjectId(1)).is_none() && words.seen.is_empty());
}

#[test]
fn who_was_outrun_by_retention_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), 1 << 20);
    let tail = create(&log, 1, "narrow 1");
    let removed = append(&log, 1, narrow(&vec![(1, 1); 100]));
    log.seal().unwrap();
    assert_eq!(tail.removed_lsn(), 0);
    tail.check_held(0).unwrap();
    tail.set_retention(Retention { age_us: None, bytes: Some(1) });
    log.seal().unwrap();
    assert_eq!(tail.row_count(), 100, "nobody has said yet who reads");
    log.set_floors(|trim| trim(&|_| u64::MAX));
    log.seal().unwrap();
    assert_eq!((tail.row_count(), tail.removed_lsn(), tail.last_lsn()), (0, removed, removed));
    drop(create(&log, 2, "narrow 1"));
    append(&log, 2, narrow(&[(1, 1)]));
    log.seal().unwrap();
    log.shutdown();
    let log = open(directory.path(), 1 << 20);
    let tail = log.stream(ObjectId(1)).unwrap();
    assert_eq!((tail.removed_lsn(), tail.last_lsn()), (removed, removed), "it is known after a restart, too");
    let error = tail.check_held(removed - 1).unwrap_err();
    assert_eq!(state(&error), "55000");
    assert!(error.to_string().contains(&format!("up to commit {removed}")), "{error}");
    tail.check_held(removed).unwrap();
}

#[test]
fn a_chunk_that_retention_cuts_shows_only_what_is_held() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), 1 << 20);
    let tail = create(&log, 1, "narrow 1");
    // Larger and larger, so that no segment is written again with the next, and all is one chunk in memory.
    let first = append(&log, 1, narrow(&vec![(1, 1); 50]));
    log.seal().unwrap();
    append(&log, 1, narrow(&vec![(2, 2); 40]));
    log.seal().unwrap();
    append(&log, 1, narrow(&vec![(3, 3); 200]));
    assert_eq!((tail.segments().len(), tail.chunk_count()), (2, 1));
    log.set_floors(move |trim| trim(&|_| first));
    tail.set_retention(Retention { age_us: None, bytes: Some(1) });
    log.seal().unwrap();
    assert_eq!((tail.first_row(), tail.row_count()), (50, 240));
    assert_eq!(contents(&log, 1).len(), 240);
    assert!(contents(&log, 1)[0].starts_with("50:"));
    assert_eq!(tail.locate(49).unwrap(), None);
    assert_eq!(tail.rows_between(first, log.synced_lsn()).unwrap(), 240);
    log.shutdown();
    let log = open(directory.path(), 1 << 20);
    assert_eq!(contents(&log, 1).len(), 240);
}

#[test]
fn damage_among_commits_that_are_sealed_is_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let settings = || LogConfig { segment_bytes: 1 << 20, ..config(directory.path(), 1 << 20) };
    let log = Log::open(settings(), &mut Words::default()).unwrap().0;
    drop(create(&log, 1, "narrow 1"));
    for n in 0..5 {
        append(&log, 1, narrow(&[(n, n)]));
    }
    log.seal().unwrap();
    for n in 5..10 {
        append(&log, 1, narrow(&[(n, n)]));
    }
    let before = contents(&log, 1);
    log.shutdown();
    let [file] = &files(directory.path())[..] else { panic!("there is one file") };
    let whole = std::fs::read(file).unwrap();
    let starts = frame_starts(&whole);
    assert_eq!(starts.len(), 12, "a definition, ten rows, and the end");
    // A byte of a frame's header, and one of its rows; then of the first frame that is not sealed.
    for (at, is_passed) in [(starts[3] + 20, true), (starts[4] - 30, true), (starts[6] + 20, false)] {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        std::fs::write(file, bytes).unwrap();
        match Log::open(settings(), &mut Words::default()) {
            Ok((log, report)) => {
                assert!(is_passed, "damage at {at} is passed over");
                assert_eq!((contents(&log, 1), report.rows), (before.clone(), 5), "damage at {at}");
                log.shutdown();
            }
            Err(error) => {
                assert!(!is_passed, "damage at {at}: {error}");
                assert_eq!(state(&error), "XX001");
            }
        }
    }
}

#[test]
fn a_server_on_a_copy_of_the_directory_shuts_out_the_first() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let objects = Objects::new(Arc::new(InMemory::new()), "".into());
    let settings =
        |directory: &Path| LogConfig { objects: Some(objects.clone()), ..config(directory, 1 << 20) };
    let open = |directory: &Path| Log::open(settings(directory), &mut Words::default()).unwrap().0;
    let old = open(first.path());
    drop(create(&old, 1, "narrow 1"));
    append(&old, 1, narrow(&[(1, 1)]));
    old.seal().unwrap();
    append(&old, 1, narrow(&[(2, 2)]));
    copy_directory(first.path(), second.path());
    let new = open(second.path());
    // So many manifests that the one that the first server would write next is gone again.
    for n in 3..8 {
        append(&new, 1, narrow(&[(n, n)]));
        new.seal().unwrap();
    }
    append(&old, 1, narrow(&[(100, 100)]));
    let error = old.seal().unwrap_err();
    assert_eq!(state(&error), "55000", "{error}");
    assert!(matches!(old.closed(), Some(Error::Latched(_))), "it takes no more commits");
    let before = contents(&new, 1);
    assert_eq!(before.len(), 7);
    new.shutdown();
    assert_eq!(contents(&open(second.path()), 1), before);
}

#[test]
fn the_files_of_a_log_stay_when_the_store_is_that_of_another_database() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let other = open(first.path(), 1 << 20);
    drop(create(&other, 1, "narrow 1"));
    for n in 0..50 {
        append(&other, 1, narrow(&vec![(n, n); 200]));
    }
    other.seal().unwrap();
    other.shutdown();
    let log = open(second.path(), 1 << 20);
    drop(create(&log, 1, "narrow 1"));
    for n in 0..5 {
        append(&log, 1, narrow(&vec![(n, n); 400]));
    }
    let before = contents(&log, 1);
    log.shutdown();
    let names = files(second.path());
    assert!(names.len() > 2, "{} files", names.len());
    let wrong = LogConfig { objects: config(first.path(), 1).objects, ..config(second.path(), 1 << 20) };
    let staged = first.path().join("objects/.0011223344556677.new");
    std::fs::write(&staged, "of a server that runs").unwrap();
    let error = Log::open(wrong, &mut Words::default()).map(drop).unwrap_err();
    assert_eq!(state(&error), "55000", "{error}");
    assert_eq!(files(second.path()), names);
    assert!(staged.exists());
    assert_eq!(contents(&open(second.path(), 1 << 20), 1), before);
}
