//! `cargo bench` prints, in one run on one machine, what Millstream does beside what it is compared with:
//!
//! - (a) COPY and multi-row INSERT into a stream, fsync on, beside PostgreSQL's COPY into a plain table, fsync on;
//! - (b) a windowed view fed from the log, beside DataFusion's batch GROUP BY over the same rows in memory, per
//!   CPU-second with all stages counted;
//! - (c) the time from sending a single-row INSERT to its change at a subscriber, at 1,000 commits a second;
//! - (d) the commonest functions and (e) aggregates, GROUP BY, ORDER BY and join keys of the SQL types, beside
//!   DataFusion's own.
//!
//! Absolute figures depend on the machine; the ratios are what matters. `MILLSTREAM_BENCH_ROWS` sets the rows of (b)
//! (default 10,000,000); (a), (d) and (e) take a fifth of them. `cargo bench -- b` runs one part alone.

mod servers;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::{SinkExt, StreamExt};
use millstream::{Config, Database};
use servers::{Millstream, Postgres};
use tokio_postgres::Client;

/// Keys of the windowed view.
const KEYS: i64 = 10_000;
/// Rows of a batch.
const BATCH_ROWS: i64 = 8_192;
/// Windows over the whole input.
const WINDOWS: i64 = 10;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let rows = std::env::var("MILLSTREAM_BENCH_ROWS").map_or(10_000_000, |rows| rows.parse().unwrap());
    // Cargo itself adds `--bench`.
    let parts: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|name| name == part);
    runtime.block_on(async {
        if wanted("a") {
            ingest(rows / 5).await;
        }
        if wanted("b") {
            windowed_view(rows).await;
        }
        if wanted("c") {
            latency().await;
        }
        if wanted("d") {
            values::functions(rows / 5).await;
        }
        if wanted("e") {
            values::aggregates(rows / 5).await;
        }
    });
}

// (a)

async fn ingest(rows: i64) {
    println!("(a) ingest of {rows} rows (bigint, bigint, timestamp, text), fsync on");
    let csv = csv_text(rows);
    let directory = tempfile::TempDir::new().unwrap();
    let server = Millstream::start(directory.path());
    let client = server.connect().await;
    client.batch_execute("CREATE STREAM bench (id BIGINT, v BIGINT, at TIMESTAMP, name TEXT)").await.unwrap();
    let (ours, ours_insert) = measure("millstream", &client, &csv, rows).await;
    match Postgres::start() {
        Some(postgres) => {
            let client = postgres.connect().await;
            client
                .batch_execute("CREATE TABLE bench (id BIGINT, v BIGINT, at TIMESTAMP, name TEXT)")
                .await
                .unwrap();
            let (theirs, theirs_insert) = measure("postgresql", &client, &csv, rows).await;
            println!(
                "    ratio of COPY: {:.2}, of INSERT: {:.2}",
                ours / theirs,
                ours_insert / theirs_insert
            );
        }
        None => println!("    postgresql is not installed here (initdb was not found): no comparison"),
    }
}

/// Rows a second of COPY and of 1,000-row INSERTs.
async fn measure(name: &str, client: &Client, csv: &bytes::Bytes, rows: i64) -> (f64, f64) {
    let copied = rows as f64 / copy(client, csv).await;
    println!("    {name:<11} COPY               {copied:>12.0} rows/s");
    let inserted = (rows / 10) as f64 / insert(client, rows / 10).await;
    println!("    {name:<11} 1,000-row INSERTs  {inserted:>12.0} rows/s");
    (copied, inserted)
}

fn csv_text(rows: i64) -> bytes::Bytes {
    let mut text = String::with_capacity(rows as usize * 48);
    for row in 0..rows {
        let (minute, second) = (row / 60 % 60, row % 60);
        let v = row * 7919 % 100_003;
        text.push_str(&format!("{row},{v},2024-01-01 10:{minute:02}:{second:02},name-{}\n", row % 1000));
    }
    text.into()
}

async fn copy(client: &Client, csv: &bytes::Bytes) -> f64 {
    let begun = Instant::now();
    let sink = client.copy_in("COPY bench FROM STDIN WITH (FORMAT csv)").await.unwrap();
    let mut sink = std::pin::pin!(sink);
    for start in (0..csv.len()).step_by(1 << 18) {
        sink.send(csv.slice(start..(start + (1 << 18)).min(csv.len()))).await.unwrap();
    }
    sink.finish().await.unwrap();
    begun.elapsed().as_secs_f64()
}

async fn insert(client: &Client, rows: i64) -> f64 {
    let text = |piece: i64| {
        let row = |row: i64| {
            format!("({row},{},'2024-01-01 10:00:00','name-{}')", row * 7919 % 100_003, row % 1000)
        };
        let values: Vec<_> = (piece * 1000..(piece + 1) * 1000).map(row).collect();
        format!("INSERT INTO bench VALUES {}", values.join(","))
    };
    let texts: Vec<String> = (0..rows / 1000).map(text).collect();
    let begun = Instant::now();
    for text in &texts {
        client.batch_execute(text).await.unwrap();
    }
    begun.elapsed().as_secs_f64()
}

// (b)

async fn windowed_view(rows: i64) {
    println!("(b) {rows} rows in time order, {KEYS} keys, {WINDOWS} tumbling windows, sum and count");
    let batches = event_batches(rows);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in BTreeSet::from([1, cores]) {
        let ours = materialized_view(&batches, rows, threads).await;
        let theirs = batch_query(&batches, rows, threads).await;
        for (name, (time, cpu)) in [("millstream view", ours), ("datafusion batch", theirs)] {
            let rate = rows as f64 / 1e6 / cpu;
            println!(
                "    {threads} threads: {name:<16} {time:>6.2} s, {cpu:>6.2} CPU-s: {rate:>6.1} M rows per CPU-second"
            );
        }
        println!("    {threads} threads: ratio per CPU-second {:.2}", theirs.1 / ours.1);
    }
}

/// Time and CPU time, in seconds, of a view over a log that is full: read, windowed, kept, checkpointed.
async fn materialized_view(batches: &[RecordBatch], rows: i64, workers: usize) -> (f64, f64) {
    let directory = tempfile::TempDir::new().unwrap();
    let database = Database::open(Config { workers, ..Config::new(directory.path()) }).await.unwrap();
    database
        .execute("CREATE STREAM events (k BIGINT, v BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 second')")
        .await
        .unwrap();
    for batch in batches {
        database.append("events", batch.clone()).await.unwrap();
    }
    let size_ms = rows / WINDOWS;
    let (time, cpu) = (Instant::now(), cpu_seconds());
    database
        .execute(&format!(
            "CREATE MATERIALIZED VIEW totals AS SELECT window_start, k, count(*) AS n, sum(v) AS total
             FROM TUMBLE(events, at, INTERVAL '{size_ms} milliseconds') GROUP BY window_start, window_end, k"
        ))
        .await
        .unwrap();
    let sums = database.execute("SELECT sum(n)::bigint FROM totals").await.unwrap();
    let answer = (time.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let sum = sums[0].column(0).as_any().downcast_ref::<Int64Array>().unwrap().value(0);
    assert_eq!(sum, rows, "the view has every row");
    database.close().await;
    answer
}

/// Time and CPU time, in seconds, of DataFusion's GROUP BY over the rows in memory.
async fn batch_query(batches: &[RecordBatch], rows: i64, partitions: usize) -> (f64, f64) {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(partitions));
    let parts = batches.chunks(batches.len().div_ceil(partitions)).map(<[_]>::to_vec).collect();
    let table = MemTable::try_new(batches[0].schema(), parts).unwrap();
    context.register_table("events", Arc::new(table)).unwrap();
    let size_ms = rows / WINDOWS;
    let sql = format!(
        "SELECT date_bin(INTERVAL '{size_ms} milliseconds', at) AS w, k, count(*), sum(v) FROM events GROUP BY w, k"
    );
    let (time, cpu) = (Instant::now(), cpu_seconds());
    let result = context.sql(&sql).await.unwrap().collect().await.unwrap();
    assert_eq!(result.iter().map(RecordBatch::num_rows).sum::<usize>() as i64, KEYS * WINDOWS);
    (time.elapsed().as_secs_f64(), cpu_seconds() - cpu)
}

/// One event a millisecond.
fn event_batches(rows: i64) -> Vec<RecordBatch> {
    let schema = Arc::new(Schema::new(vec![
        Field::new("k", DataType::Int64, true),
        Field::new("v", DataType::Int64, true),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, None), false),
    ]));
    let batch = |first: i64| {
        let range = first..(first + BATCH_ROWS).min(rows);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(range.clone().map(|row| Some(row * 7919 % KEYS)).collect::<Int64Array>()),
            Arc::new(range.clone().map(|row| Some(row % 1000)).collect::<Int64Array>()),
            Arc::new(TimestampMicrosecondArray::from_iter_values(range.map(|row| row * 1000))),
        ];
        RecordBatch::try_new(schema.clone(), columns).unwrap()
    };
    (0..rows).step_by(BATCH_ROWS as usize).map(batch).collect()
}

/// User and system time of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

// (c)

async fn latency() {
    const PER_SECOND: u64 = 1_000;
    const SECONDS: u64 = 10;
    let directory = tempfile::TempDir::new().unwrap();
    let server = Millstream::start(directory.path());
    let client = server.connect().await;
    client.batch_execute("CREATE STREAM pings (n BIGINT)").await.unwrap();
    client
        .batch_execute("CREATE MATERIALIZED VIEW pongs AS SELECT n, count(*) AS c FROM pings GROUP BY n")
        .await
        .unwrap();
    let follower = server.connect().await;
    let changes = follower.copy_out("COPY (SUBSCRIBE TO pongs) TO STDOUT").await.unwrap();
    let count = PER_SECOND * SECONDS;
    let seen = tokio::spawn(async move {
        let mut changes = std::pin::pin!(changes);
        let mut seen = vec![None; count as usize];
        let (mut found, mut text) = (0, String::new());
        while found < count {
            text.push_str(std::str::from_utf8(&changes.next().await.unwrap().unwrap()).unwrap());
            let now = Instant::now();
            while let Some(end) = text.find('\n') {
                let line: String = text.drain(..=end).collect();
                let n: usize = line.split('\t').nth(3).unwrap().trim().parse().unwrap();
                seen[n] = Some(now);
                found += 1;
            }
        }
        seen
    });
    let insert = client.prepare("INSERT INTO pings VALUES ($1)").await.unwrap();
    let (client, insert) = (Arc::new(client), Arc::new(insert));
    let begun = Instant::now();
    let mut sent = Vec::with_capacity(count as usize);
    let mut tasks = Vec::new();
    for n in 0..count {
        let due = Duration::from_micros(n * 1_000_000 / PER_SECOND);
        tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
        sent.push(Instant::now());
        let (client, insert) = (client.clone(), insert.clone());
        tasks.push(tokio::spawn(async move { client.execute(&*insert, &[&(n as i64)]).await.unwrap() }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let seen = seen.await.unwrap();
    let mut delays: Vec<_> =
        sent.iter().zip(seen).map(|(sent, seen)| seen.unwrap().duration_since(*sent)).collect();
    delays.sort();
    let at = |share: f64| delays[((delays.len() - 1) as f64 * share) as usize];
    println!(
        "(c) sent to visible at a subscriber, {PER_SECOND} single-row commits/s for {SECONDS} s, fsync on"
    );
    println!("    p50 {:.2?}, p99 {:.2?}, max {:.2?}", at(0.5), at(0.99), at(1.0));
}
