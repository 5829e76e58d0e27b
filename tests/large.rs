//! More rows than memory: `MILLSTREAM_ROWS=100000000 cargo test --workspace --test main large` sends a hundred million
//! through a stream with a memory budget of 256 MiB. It prints what it measured.

use std::time::{Duration, Instant};

use arrow::array::{Int64Array, RecordBatch, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::harness::{Server, execute, rows, value};

/// Rows of one INSERT.
const PIECE: u64 = 500_000;
const KEYS: u64 = 1_000_000;

fn row_count() -> u64 {
    std::env::var("MILLSTREAM_ROWS").map_or(300_000, |rows| rows.parse().unwrap())
}

/// Bytes of all files below a directory.
fn bytes_below(directory: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    let entries = entries.flatten();
    entries
        .map(|entry| match entry.path().is_dir() {
            true => bytes_below(&entry.path()),
            false => entry.metadata().map_or(0, |metadata| metadata.len()),
        })
        .sum()
}

/// What plain Parquet, zstd as the segments are, takes for the same columns of the first rows.
fn plain_parquet_bytes(rows: u64) -> f64 {
    let numbers = || 1..=rows as i64;
    let keys = Int64Array::from_iter_values(numbers().map(|n| n * 7919 % KEYS as i64));
    let values = Int64Array::from_iter_values(numbers().map(|n| n % 1000));
    let times = TimestampMicrosecondArray::from_iter_values(numbers().map(|n| n * 1000));
    let batch = RecordBatch::try_from_iter([
        ("k", std::sync::Arc::new(keys) as _),
        ("v", std::sync::Arc::new(values) as _),
        ("at", std::sync::Arc::new(times) as _),
    ])
    .unwrap();
    let compression = Compression::ZSTD(ZstdLevel::try_new(1).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap().len() as f64 / rows as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_than_memory_are_all_there_and_restarts_do_not_recompute() {
    let count = row_count();
    let tail = if count < 10_000_000 { "1" } else { "128" };
    let mut server =
        Server::with_flags(&["--memory-mib", "256", "--tail-mib", tail, "--checkpoint-seconds", "5"]);
    let client = server.connect().await;
    execute(
        &client,
        "CREATE STREAM s (k BIGINT, v BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 second')",
    )
    .await;
    execute(
        &client,
        "CREATE MATERIALIZED VIEW by_minute AS SELECT window_start, count(*) AS n, sum(v) AS total
         FROM TUMBLE(s, at, INTERVAL '1 minute') GROUP BY window_start, window_end",
    )
    .await;
    let begun = Instant::now();
    let (mut resident, mut first) = (0, 1);
    while first <= count {
        let last = (first + PIECE - 1).min(count);
        let insert = format!(
            "INSERT INTO s SELECT n::bigint * 7919 % {KEYS}, n % 1000, to_timestamp_millis(n)::timestamp
             FROM generate_series({first}, {last}) AS g(n) ORDER BY n"
        );
        execute(&client, &insert).await;
        resident = resident.max(server.resident_mib());
        first = last + 1;
    }
    let inserted = begun.elapsed();
    let totals = "SELECT count(*), sum(v) FROM s";
    let begun = Instant::now();
    let all = rows(&client, totals).await;
    let scanned = begun.elapsed();
    let full: u64 = (1..=count).map(|n| n % 1000).sum();
    assert_eq!(all, [[count.to_string(), full.to_string()]]);
    let view = "SELECT sum(n), sum(total), count(*) FROM by_minute";
    let windows = (count / 60_000 + 1).to_string();
    assert_eq!(rows(&client, view).await, [[count.to_string(), full.to_string(), windows.clone()]]);
    let batch = "SELECT count(*) FROM (SELECT window_start, n, total FROM by_minute EXCEPT
        SELECT window_start, count(*), sum(v) FROM TUMBLE(s, at, INTERVAL '1 minute') GROUP BY window_start, window_end) AS d";
    assert_eq!(value(&client, batch).await, "0");
    resident = resident.max(server.resident_mib());
    execute(&client, "CHECKPOINT").await;
    let objects = bytes_below(&server.directory().join("objects/streams")) as f64 / count as f64;
    let log = bytes_below(&server.directory().join("wal"));
    println!(
        "{count} rows in {inserted:.1?}, scanned in {scanned:.1?}; {resident} MiB resident at most; {objects:.2} bytes a row in segments \
         (plain Parquet of the same columns: {:.2}), {} MiB of write-ahead log",
        plain_parquet_bytes(count.min(1_000_000)),
        log >> 20
    );
    assert!(resident < 1024, "{resident} MiB resident");

    // A view of a million groups over what is sealed, in a server that may take the memory for it.
    drop(client);
    server.stop();
    server.set_flags(&["--memory-mib", "2048", "--tail-mib", tail, "--checkpoint-seconds", "1"]);
    server.start_again();
    let client = server.connect().await;
    let begun = Instant::now();
    execute(
        &client,
        "CREATE MATERIALIZED VIEW by_key AS SELECT k, count(*) AS n, sum(v) AS total FROM s GROUP BY k",
    )
    .await;
    let groups = count.min(KEYS).to_string();
    let of_keys = "SELECT count(*), sum(n) FROM by_key";
    assert_eq!(rows(&client, of_keys).await, [[groups.clone(), count.to_string()]]);
    let backfilled = begun.elapsed();
    let newest = "SELECT lsn FROM millstream.checkpoints WHERE view LIKE '%by_key'";
    wait_for_checkpoint(&client, newest, 0).await;
    let before = value(&client, newest).await.parse::<u64>().unwrap();
    execute(
        &client,
        "INSERT INTO s SELECT n, 0, to_timestamp_millis(0)::timestamp FROM generate_series(1, 1000) AS g(n)",
    )
    .await;
    wait_for_checkpoint(&client, newest, before).await;
    for row in rows(&client, "SELECT * FROM millstream.checkpoints").await {
        println!("checkpoint: {}", row.join(" | "));
    }
    drop(client);
    server.kill();
    let took = server.start_again();
    let client = server.connect().await;
    assert_eq!(rows(&client, of_keys).await[0][1], (count + 1000).to_string());
    println!("view of {KEYS} keys backfilled in {backfilled:.1?}; ready again after kill -9 in {took:.2?}");
    for line in &server.greeting {
        println!("  {line}");
    }
}

async fn wait_for_checkpoint(client: &tokio_postgres::Client, newest: &str, after: u64) {
    for _ in 0..600 {
        if value(client, newest).await.parse::<u64>().unwrap() > after {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no checkpoint after LSN {after}");
}
