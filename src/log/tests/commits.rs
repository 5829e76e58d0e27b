//! What a commit promises to those who wait for it and to those who read.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use millstream_catalog::ObjectId;

use super::support::*;
use crate::Error;
use crate::log::{Durability, Log, NewEntry};

#[test]
fn lsns_are_dense_over_concurrent_sessions_and_every_acknowledged_row_is_there_once() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    let per_thread = 100;
    let mut lsns: Vec<u64> = std::thread::scope(|scope| {
        let work = |thread: i64| {
            let log = log.clone();
            scope.spawn(move || {
                let tail = log.stream(ObjectId(1)).unwrap();
                let commit = |i| {
                    let lsn = append(&log, 1, narrow(&[(thread, i)]));
                    assert!(log.synced_lsn() >= lsn, "an acknowledged commit is durable");
                    assert_eq!(tail.rows_between(lsn - 1, lsn).unwrap(), 1, "and visible");
                    lsn
                };
                (0..per_thread).map(commit).collect::<Vec<_>>()
            })
        };
        let threads: Vec<_> = (0..8).map(work).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    lsns.sort_unstable();
    assert_eq!(lsns, (2..2 + 8 * per_thread as u64).collect::<Vec<_>>());
    let tail = log.stream(ObjectId(1)).unwrap();
    assert_eq!(tail.row_count(), 8 * per_thread as u64);
    let after = everything(&log, &[1]);
    drop(log);
    assert_eq!(everything(&open(directory.path()), &[1]), after);
}

#[test]
fn a_commit_over_several_streams_is_one_lsn() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    create(&log, 2, "plain 1");
    let entries =
        vec![rows(1, narrow(&[(1, 1), (2, 2)])), rows(2, narrow(&[(3, 3)])), rows(1, narrow(&[(4, 4)]))];
    let lsn = log.commit_blocking(entries, Durability::Sync).unwrap();
    for (stream, count) in [(1, 3), (2, 1)] {
        let tail = log.stream(ObjectId(stream)).unwrap();
        assert_eq!((tail.rows_between(lsn - 1, lsn).unwrap(), tail.last_lsn()), (count, lsn));
        assert!(tail.read(0, lsn - 1).unwrap().is_empty());
    }
}

#[test]
fn an_asynchronous_commit_is_durable_soon_and_never_visible_before() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    let watch = log.watch();
    let mut last = 0;
    for i in 0..500 {
        last = log.commit_blocking(vec![rows(1, narrow(&[(i, i)]))], Durability::Async).unwrap();
        let tail = log.stream(ObjectId(1)).unwrap();
        assert!(tail.last_lsn() <= last);
    }
    assert_eq!(log.wait_past(last - 1, Duration::from_secs(10)), last);
    assert_eq!((*watch.borrow(), log.synced_lsn()), (last, last));
    let after = everything(&log, &[1]);
    drop(log);
    assert_eq!(everything(&open(directory.path()), &[1]), after);
}

#[test]
fn waiting_ends_with_a_commit_or_with_its_time() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let started = Instant::now();
    assert_eq!(log.wait_past(0, Duration::from_millis(20)), 0);
    assert!(started.elapsed() >= Duration::from_millis(20));
    let waiter = {
        let log = log.clone();
        std::thread::spawn(move || log.wait_past(0, Duration::from_secs(60)))
    };
    create(&log, 1, "narrow 1");
    assert_eq!(waiter.join().unwrap(), 1);
}

#[test]
fn shutting_down_keeps_what_was_queued_and_frees_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let log = log.clone();
            std::thread::spawn(move || {
                let commit = |i| log.commit_blocking(vec![rows(1, narrow(&[(thread, i)]))], Durability::Sync);
                let answers: Vec<_> = (0..10_000).map(commit).take_while(Result::is_ok).collect();
                answers.len() as u64
            })
        })
        .collect();
    log.wait_past(50, Duration::from_secs(10));
    log.shutdown();
    let acknowledged: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert!(matches!(log.commit_blocking(vec![], Durability::Sync), Err(Error::ShuttingDown)));
    log.shutdown();
    let reopened = open(directory.path());
    assert_eq!(reopened.stream(ObjectId(1)).unwrap().row_count(), acknowledged);
}

#[test]
fn two_servers_cannot_share_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let error = try_open(directory.path()).unwrap_err();
    assert_eq!(state(&error), "55000");
    assert!(error.to_string().contains("in use by another server"), "{error}");
    drop(log);
    open(directory.path());
}

#[test]
fn a_bad_commit_is_refused_alone_and_takes_no_lsn() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 2");
    create(&log, 2, "plain 1");
    let refused = |entries| state(&log.commit_blocking(entries, Durability::Sync).unwrap_err());
    assert_eq!(refused(vec![rows(1, narrow(&[(1, 1)])), rows(77, narrow(&[(1, 1)]))]), "42P01");
    assert_eq!(refused(vec![rows(1, narrow(&[(1, i64::MIN)]))]), "22008");
    let schema = Arc::new(Schema::new(vec![Field::new("k", DataType::Int64, false)]));
    let one_column = RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(vec![1]))]).unwrap();
    assert_eq!(refused(vec![rows(1, one_column)]), "XX000");
    assert_eq!(refused(vec![NewEntry::Tick { stream: ObjectId(2), watermark: 5 }]), "55000");
    for partitions in [vec![2], vec![-1], vec![0, 1]] {
        let (stream, batch) = (ObjectId(1), narrow(&[(1, 1)]));
        let partitions = Some(partitions.into());
        assert_eq!(refused(vec![NewEntry::Append { stream, batch, partitions }]), "XX000");
    }
    log.drop_stream(ObjectId(1));
    assert_eq!(refused(vec![rows(1, narrow(&[(1, 1)]))]), "42P01");
    assert_eq!(append(&log, 2, narrow(&[(1, 1)])), 3);
}

#[test]
fn a_small_piece_of_a_large_batch_does_not_keep_it_in_memory() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    let large = narrow(&(0..1_000_000).map(|i| (i, i)).collect::<Vec<_>>());
    append(&log, 1, large.slice(5, 3));
    let tail = log.stream(ObjectId(1)).unwrap();
    let read = tail.read(0, 2).unwrap();
    assert_eq!(read[0].batch, large.slice(5, 3));
    assert!(read[0].batch.get_array_memory_size() < 10_000);
}

#[test]
fn frames_larger_than_a_file_and_rows_larger_than_the_queue_are_taken() {
    let directory = tempfile::tempdir().unwrap();
    let schema = wide_schema();
    let mut config = config(directory.path());
    config.queue_bytes = 1000;
    let log = Log::open(config, &mut Words::default()).unwrap().0;
    create(&log, 1, "narrow 1");
    create(&log, 2, "wide 1");
    let long = "x".repeat(300_000);
    let mut columns: Vec<arrow::array::ArrayRef> =
        schema.fields().iter().map(|field| arrow::array::new_null_array(field.data_type(), 1)).collect();
    columns[0] = Arc::new(Int64Array::from(vec![1]));
    columns[1] = narrow(&[(1, 1)]).column(1).clone();
    columns[5] = Arc::new(StringArray::from(vec![long.as_str()]));
    let batch = RecordBatch::try_new(schema, columns).unwrap();
    for _ in 0..3 {
        append(&log, 2, batch.clone());
        append(&log, 1, narrow(&(0..10_000).map(|i| (i, i)).collect::<Vec<_>>()));
    }
    let after = contents(&log, 2);
    let rows = log.stream(ObjectId(1)).unwrap().row_count();
    drop(log);
    let log = open(directory.path());
    assert_eq!(contents(&log, 2), after);
    assert_eq!(log.stream(ObjectId(1)).unwrap().row_count(), rows);
}
