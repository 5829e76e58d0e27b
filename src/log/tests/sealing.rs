//! Sealing: what readers see does not depend on what is sealed, what left memory, or what was opened again.

use std::path::Path;
use std::sync::Arc;

use arrow::array::Int32Array;
use millstream_catalog::{ObjectId, Retention};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::support::*;
use crate::env::Machine;
use crate::log::{Durability, Log, LogConfig, NewEntry};
use crate::objects::Objects;

fn config(directory: &Path, tail_bytes: usize) -> LogConfig {
    let objects = Objects::local(Arc::new(Machine), &directory.join("objects")).unwrap();
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
    let orphan = "objects/streams/1/00000000000000000000-00000000000000000001.parquet";
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
    log.set_floor(move |_| floor);
    log.seal().unwrap();
    append(&log, 1, narrow(&vec![(2, 2); 10]));
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
