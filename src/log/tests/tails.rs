//! What readers see of a stream: rows, cuts, watermarks, offsets, and what they cost.

use arrow::array::Int32Array;
use millstream_catalog::ObjectId;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::support::*;
use crate::flow::delta::NO_WATERMARK;
use crate::log::{Durability, Lsn, NewEntry};

/// A stream kept in the plainest way.
#[derive(Default)]
struct Naive {
    /// (LSN, partition, offset, watermark before)
    rows: Vec<(Lsn, i32, i64, i64)>,
    /// After each LSN, from 0.
    watermarks: Vec<i64>,
    last_lsn: Lsn,
}

#[test]
fn rows_watermarks_offsets_and_cuts_equal_the_plain_way() {
    for seed in 0..8 {
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let directory = tempfile::tempdir().unwrap();
        let log = open(directory.path());
        let tail = create(&log, 1, "narrow 3");
        let mut naive = Naive { watermarks: vec![NO_WATERMARK; 2], ..Naive::default() };
        let mut offsets = [0; 3];
        let mut event_time = 0;
        for lsn in 2..150 {
            let mut watermark = *naive.watermarks.last().unwrap();
            let mut entries = Vec::new();
            for _ in 0..random.random_range(0..4) {
                event_time += random.random_range(0..2_000_000);
                if random.random_bool(0.2) {
                    let to = event_time + random.random_range(-5_000_000..2_000_000);
                    watermark = watermark.max(to);
                    entries.push(NewEntry::Tick { stream: ObjectId(1), watermark: to });
                    continue;
                }
                let late = |random: &mut StdRng| event_time - random.random_range(0..4_000_000);
                let list: Vec<(i64, i64)> =
                    (0..random.random_range(0..6)).map(|_| (random.random(), late(&mut random))).collect();
                let partitions: Vec<i32> = list.iter().map(|_| random.random_range(0..3)).collect();
                for (row, partition) in list.iter().zip(&partitions) {
                    let offset = &mut offsets[*partition as usize];
                    naive.rows.push((lsn, *partition, *offset, watermark));
                    *offset += 1;
                    watermark = watermark.max(row.1 - DELAY_US);
                }
                let partitions = Some(Int32Array::from(partitions));
                entries.push(NewEntry::Append { stream: ObjectId(1), batch: narrow(&list), partitions });
            }
            if entries.iter().any(|e| !matches!(e, NewEntry::Append { batch, .. } if batch.num_rows() == 0)) {
                naive.last_lsn = lsn;
            }
            naive.watermarks.push(watermark);
            assert_eq!(log.commit_blocking(entries, Durability::Async).unwrap(), lsn);
        }
        log.wait_past(148, std::time::Duration::from_secs(10));
        check(&naive, &tail);
        drop((log, tail));
        let log = open(directory.path());
        check(&naive, &log.stream(ObjectId(1)).unwrap());
    }
}

fn check(naive: &Naive, tail: &crate::log::StreamTail) {
    assert_eq!(tail.last_lsn(), naive.last_lsn);
    assert_eq!(tail.row_count(), naive.rows.len() as u64);
    assert_eq!(tail.watermark(), *naive.watermarks.last().unwrap());
    let last = naive.watermarks.len() as u64 - 1;
    for lsn in 0..=last {
        assert_eq!(tail.watermark_at(lsn).unwrap(), naive.watermarks[lsn as usize], "after commit {lsn}");
    }
    for (number, row) in naive.rows.iter().enumerate() {
        assert_eq!(tail.locate(number as u64).unwrap(), Some((row.1, row.2)));
    }
    assert_eq!(tail.locate(naive.rows.len() as u64).unwrap(), None);
    for after in 0..=last {
        for through in [after, after + 1, after + 7, last].into_iter().filter(|through| *through <= last) {
            let expected: Vec<_> =
                naive.rows.iter().filter(|row| after < row.0 && row.0 <= through).cloned().collect();
            assert_eq!(tail.rows_between(after, through).unwrap(), expected.len() as u64);
            let mut rows = Vec::new();
            for slice in tail.read(after, through).unwrap() {
                assert_eq!(
                    slice.first_row,
                    naive.rows.iter().filter(|row| row.0 <= after).count() as u64 + rows.len() as u64
                );
                let column = |index| slice.hidden(index).to_data();
                let lsns = arrow::array::Int64Array::from(column(2));
                let partitions = Int32Array::from(column(0));
                let offsets = arrow::array::Int64Array::from(column(1));
                let watermarks = slice.watermarks.as_ref().unwrap();
                for row in 0..slice.num_rows() {
                    let lsn = lsns.value(row) as u64;
                    rows.push((lsn, partitions.value(row), offsets.value(row), watermarks[row]));
                }
                assert_eq!(slice.last_lsn(), rows.last().unwrap().0);
            }
            assert_eq!(rows, expected, "after {after} through {through}");
        }
        for max_rows in [1, 3, 10, 1000] {
            let count = |cut: u64| naive.rows.iter().filter(|row| after < row.0 && row.0 <= cut).count();
            let expected = (after + 1..=last).rev().find(|cut| *cut == after + 1 || count(*cut) <= max_rows);
            assert_eq!(
                tail.cut(after, last, max_rows, usize::MAX),
                expected.unwrap_or(last),
                "after {after}, {max_rows} rows"
            );
        }
    }
}

#[test]
fn the_watermark_after_a_slice_leaves_out_ticks_that_follow_it() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let tail = create(&log, 1, "narrow 1");
    let first = append(&log, 1, narrow(&[(1, 5_000_000)]));
    let tick = NewEntry::Tick { stream: ObjectId(1), watermark: 9_000_000 };
    let second = log.commit_blocking(vec![tick], Durability::Sync).unwrap();
    let third = append(&log, 1, narrow(&[(1, 5_000_000)]));
    let after = |through| tail.read(0, through).unwrap().last().unwrap().watermark_after;
    assert_eq!([after(first), after(second), after(third)], [4_000_000, 4_000_000, 9_000_000]);
    assert_eq!(
        [tail.watermark_at(first).unwrap(), tail.watermark_at(second).unwrap()],
        [4_000_000, 9_000_000]
    );
    assert_eq!(tail.read(second, third).unwrap()[0].watermarks.as_ref().unwrap()[..], [9_000_000]);
}

#[test]
fn a_cut_takes_at_least_one_commit_and_all_if_they_fit() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let tail = create(&log, 1, "narrow 1");
    for rows in [5, 5, 100, 5] {
        append(&log, 1, narrow(&vec![(1, 1); rows]));
    }
    // The commits are 2, 3, 4 and 5; 1 is the DDL.
    let cuts = [(0, 10), (0, 4), (1, 4), (1, 9), (3, 10), (4, 10), (0, 1000), (5, 1)];
    let expected = [3, 1, 2, 2, 4, 5, 5, 5];
    assert_eq!(cuts.map(|(after, rows)| tail.cut(after, 5, rows, usize::MAX)), expected);
    assert_eq!(tail.cut(0, 2, 1000, usize::MAX), 2);
}

#[test]
fn many_small_commits_are_few_chunks() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let tail = create(&log, 1, "narrow 1");
    let count = 20_000;
    for i in 0..count {
        log.commit_blocking(vec![rows(1, narrow(&[(i, i)]))], Durability::Async).unwrap();
    }
    log.wait_past(count as u64, std::time::Duration::from_secs(30));
    assert!(tail.chunk_count() <= 16, "{} chunks", tail.chunk_count());
    assert!(tail.bytes() < 20_000 * 36 + 16 * 1024, "{} bytes", tail.bytes());
    let memory: usize =
        tail.read(0, u64::MAX).unwrap().iter().map(|slice| slice.batch.get_array_memory_size()).sum();
    assert!(memory < 20_000 * 17 + 16 * 1024, "{memory} bytes of columns");
    drop((log, tail));
    let log = open(directory.path());
    let tail = log.stream(ObjectId(1)).unwrap();
    assert_eq!(tail.row_count(), count as u64);
    assert!(tail.chunk_count() <= 16, "{} chunks after recovery", tail.chunk_count());
}
