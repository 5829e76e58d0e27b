//! A log that is opened again is the log that it was.

use arrow::array::Int32Array;
use millstream_catalog::ObjectId;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::support::*;
use crate::log::{Durability, Log, NewEntry};

/// Random commits to three streams; what is expected comes from the log itself before it is closed.
fn random_commits(log: &Log, random: &mut StdRng, count: usize) {
    for _ in 0..count {
        let mut entries = Vec::new();
        for _ in 0..random.random_range(1..4) {
            let size =
                if random.random_bool(0.1) { random.random_range(0..500) } else { random.random_range(0..4) };
            entries.push(match random.random_range(0..8) {
                0 => NewEntry::Tick { stream: ObjectId(2), watermark: random.random_range(0..80_000_000) },
                1 => NewEntry::SinkProgress { sink: ObjectId(9), lsn: random.random_range(0..100) },
                2 | 3 => rows(1, narrow(&(0..size as i64).map(|i| (i, i * 1_000)).collect::<Vec<_>>())),
                _ => {
                    let partitions =
                        Int32Array::from_iter_values((0..size).map(|_| random.random_range(0..3)));
                    let partitions = random.random_bool(0.8).then_some(partitions);
                    NewEntry::Append { stream: ObjectId(2), batch: wide(random, size), partitions }
                }
            });
        }
        let durability = if random.random_bool(0.3) { Durability::Async } else { Durability::Sync };
        log.commit_blocking(entries, durability).unwrap();
    }
    log.commit_blocking(vec![], Durability::Sync).unwrap();
}

#[test]
fn random_commits_are_the_same_after_every_restart() {
    for seed in 0..6 {
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let directory = tempfile::tempdir().unwrap();
        let mut log = open(directory.path());
        create(&log, 1, "plain 1");
        create(&log, 2, "wide 3");
        for _ in 0..4 {
            let count = random.random_range(1..80);
            random_commits(&log, &mut random, count);
            let before = everything(&log, &[1, 2]);
            if random.random_bool(0.5) {
                log.shutdown();
            }
            drop(log);
            let (reopened, report, _) = try_open(directory.path()).unwrap();
            assert_eq!(report.torn, None);
            assert_eq!(everything(&reopened, &[1, 2]), before);
            log = reopened;
        }
        assert!(files(directory.path()).len() > 1, "the log should have been long enough for a second file");
    }
}

#[test]
fn a_copy_of_the_files_at_any_moment_has_all_that_was_acknowledged() {
    let mut random = StdRng::seed_from_u64(7);
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "plain 1");
    create(&log, 2, "wide 3");
    for _ in 0..10 {
        random_commits(&log, &mut random, 8);
        let copy = tempfile::tempdir().unwrap();
        copy_directory(directory.path(), copy.path());
        assert_eq!(everything(&open(copy.path()), &[1, 2]), everything(&log, &[1, 2]));
    }
}

#[test]
fn definitions_and_sink_progress_are_told_in_order_and_a_dropped_stream_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    create(&log, 2, "plain 1");
    append(&log, 1, narrow(&[(1, 1)]));
    log.commit_blocking(
        vec![NewEntry::SinkProgress { sink: ObjectId(5), lsn: 2 }, rows(2, narrow(&[(1, 1)]))],
        Durability::Sync,
    )
    .unwrap();
    let drop_first = NewEntry::Drop { ids: vec![ObjectId(1)], sql: "DROP STREAM a".into() };
    log.commit_blocking(vec![drop_first], Durability::Sync).unwrap();
    let error = log.commit_blocking(vec![rows(1, narrow(&[(1, 1)]))], Durability::Sync).unwrap_err();
    assert_eq!(state(&error), "42P01");
    let before = everything(&log, &[1, 2]);
    drop(log);

    let (log, _, words) = try_open(directory.path()).unwrap();
    assert_eq!(everything(&log, &[1, 2]), before);
    let seen: Vec<(u64, &str)> = words.seen.iter().map(|(lsn, text)| (*lsn, text.as_str())).collect();
    assert_eq!(seen, vec![(1, "1 narrow 1"), (2, "2 plain 1"), (5, "[ObjectId(1)] DROP STREAM a")]);
    assert_eq!(words.sinks, vec![(ObjectId(5), 2)]);
}

#[test]
fn a_file_that_was_never_finished_is_no_obstacle() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    let before = everything(&log, &[1]);
    drop(log);
    for bytes in [0, 10, 4096] {
        let named = directory.path().join("wal/00000000000000000002.wal");
        let unfinished = named.with_extension("wal.new");
        std::fs::write(&unfinished, vec![0; bytes]).unwrap();
        let log = open(directory.path());
        assert_eq!(everything(&log, &[1]), before);
        assert_eq!(files(directory.path()).len(), 1);
        drop(log);
        // A file has its name only once its header is durable.
        std::fs::write(&named, vec![0; bytes]).unwrap();
        assert!(try_open(directory.path()).unwrap_err().to_string().contains("the file has no header"));
        std::fs::remove_file(&named).unwrap();
    }
}

#[test]
fn commit_times_do_not_fall_over_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    let first = append(&log, 1, narrow(&[(1, 1)]));
    let time = log.commit_time(first).unwrap();
    drop(log);
    let log = open(directory.path());
    assert_eq!(log.commit_time(first), Some(time));
    let second = append(&log, 1, narrow(&[(1, 1)]));
    assert!(log.commit_time(second).unwrap() >= time);
    assert_eq!((log.commit_time(0), log.commit_time(second + 1)), (None, None));
}
