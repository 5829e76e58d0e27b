//! Figures, printed: `cargo test --release --lib -- log::tests::figures --ignored --nocapture`.

use std::time::Instant;

use arrow::array::{Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

use super::support::*;
use crate::log::{Durability, Log, LogConfig, StreamSpec};

fn forty_byte_rows() -> SchemaRef {
    let mut fields: Vec<Field> =
        narrow_schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new("v", DataType::Int64, true));
    fields.push(Field::new("s", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

fn batch(first: i64, rows: i64) -> RecordBatch {
    let narrow = narrow(&(first..first + rows).map(|i| (i % 1000, i * 1000)).collect::<Vec<_>>());
    let values = Arc::new(Int64Array::from_iter_values(first..first + rows));
    let words = Arc::new(StringArray::from_iter_values((0..rows).map(|i| format!("word {:07}", i))));
    let columns = vec![narrow.column(0).clone(), narrow.column(1).clone(), values, words];
    RecordBatch::try_new(forty_byte_rows(), columns).unwrap()
}

struct Forty;

impl crate::log::Replay for Forty {
    fn ddl(
        &mut self,
        _: u64,
        id: millstream_catalog::ObjectId,
        _: &str,
    ) -> crate::Result<Option<StreamSpec>> {
        Ok(Some(stream(id.0, forty_byte_rows(), 1, true)))
    }
    fn drop_objects(&mut self, _: u64, _: &[millstream_catalog::ObjectId], _: &str) -> crate::Result<()> {
        Ok(())
    }
    fn next_object(&mut self, _id: millstream_catalog::ObjectId) {}

    fn sink_progress(&mut self, _: millstream_catalog::ObjectId, _: u64) {}
}

fn open_forty(directory: &std::path::Path) -> Log {
    let (log, report) = Log::open(LogConfig::new(directory), &mut Forty).unwrap();
    let (rows, frames, mb) = (report.rows, report.frames, report.bytes as f64 / 1e6);
    println!(
        "recovered {rows} rows in {frames} frames, {mb:.1} MB, in {:.3} s",
        report.elapsed_us as f64 / 1e6
    );
    log
}

fn create_forty(log: &Log) {
    let id = millstream_catalog::ObjectId(1);
    log.commit_blocking(vec![crate::log::NewEntry::Ddl { id, sql: "x".into() }], Durability::Sync).unwrap();
    log.create_stream(stream(1, forty_byte_rows(), 1, true));
}

#[test]
#[ignore = "prints figures, best in release"]
fn figures() {
    let total = 5_000_000;
    for size in [100_000, 8192, 1000] {
        let directory = tempfile::tempdir_in(".").unwrap();
        let log = open_forty(directory.path());
        create_forty(&log);
        let batches: Vec<RecordBatch> = (0..total / size).map(|i| batch(i * size, size)).collect();
        let started = Instant::now();
        for batch in batches {
            append(&log, 1, batch);
        }
        let seconds = started.elapsed().as_secs_f64();
        println!("{size} rows a commit: {:.2} million rows/s", total as f64 / seconds / 1e6);
        drop(log);
        open_forty(directory.path());
    }
    for (threads, durability, count) in
        [(1, Durability::Sync, 20_000), (8, Durability::Sync, 160_000), (1, Durability::Async, 200_000)]
    {
        let directory = tempfile::tempdir_in(".").unwrap();
        let log = open_forty(directory.path());
        create_forty(&log);
        let one = batch(0, 1);
        let mut latencies: Vec<u128> = std::thread::scope(|scope| {
            let started = Instant::now();
            let run = |_| {
                let (log, one) = (log.clone(), one.clone());
                scope.spawn(move || {
                    let mut latencies = Vec::new();
                    for _ in 0..count / threads {
                        let at = Instant::now();
                        log.commit_blocking(vec![rows(1, one.clone())], durability).unwrap();
                        latencies.push(at.elapsed().as_micros());
                    }
                    latencies
                })
            };
            let running: Vec<_> = (0..threads).map(run).collect();
            let latencies = running.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
            let rate = count as f64 / started.elapsed().as_secs_f64();
            println!("{threads} threads, {durability:?}: {rate:.0} one-row commits/s");
            latencies
        });
        latencies.sort_unstable();
        let at = |share: usize| latencies[latencies.len() * share / 1000];
        println!("  latency p50 {} µs, p99 {} µs, p99.9 {} µs", at(500), at(990), at(999));
        let tail = log.stream(millstream_catalog::ObjectId(1)).unwrap();
        println!(
            "  {} chunks, {} bytes a row",
            tail.chunk_count(),
            tail.bytes() as u64 / tail.row_count().max(1)
        );
        drop((log, tail));
        open_forty(directory.path());
    }
}
