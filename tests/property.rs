//! Random inputs, windows, delays, cuts, shard counts and restarts: at the end, and at every restart, each view
//! equals the batch query over the log, and the changes of a subscription add up to the view.
//!
//! `MILLSTREAM_SEED` repeats a run; `MILLSTREAM_CASES` sets how many cases there are.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use futures::StreamExt;
use millstream::{Config, Database};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A view and the batch query that it must equal.
struct View {
    name: String,
    query: String,
    oracle: String,
    closing: bool,
}

fn random_views(random: &mut StdRng) -> Vec<View> {
    let mut views = Vec::new();
    for index in 0..3 {
        let size = random.random_range(1..40);
        let slide = random.random_range(1..=size);
        let offset = random.random_range(-20..20);
        let window = match random.random_bool(0.5) {
            true => format!("TUMBLE(s, at, INTERVAL '{size} seconds', INTERVAL '{offset} seconds')"),
            false => format!(
                "HOP(s, at, INTERVAL '{slide} seconds', INTERVAL '{size} seconds', INTERVAL '{offset} seconds')"
            ),
        };
        let (keys, filter) = match random.random_range(0..4) {
            0 => ("window_start, window_end", ""),
            1 => ("window_start, window_end, k", ""),
            2 => ("window_start, window_end, name", "v % 3 <> 0"),
            _ => ("window_start, window_end, k, name", "v > 10"),
        };
        let aggregates = "count(*) AS n, count(v) AS vs, sum(v) AS total, min(v) AS least, max(name) AS most, \
                          count(DISTINCT v) AS distinct_vs, sum(v) FILTER (WHERE k > 1) AS some, avg(v) AS mean";
        let closing = random.random_bool(0.3);
        let condition = |late: &str| match (filter.is_empty(), late.is_empty()) {
            (true, true) => String::new(),
            (false, true) => format!("WHERE {filter}"),
            (true, false) => format!("WHERE {late}"),
            (false, false) => format!("WHERE {filter} AND {late}"),
        };
        let late = "(_watermark IS NULL OR window_end > _watermark)";
        let closed = if closing {
            " HAVING window_end <= (SELECT watermark::timestamp FROM millstream.streams WHERE name = 's')"
        } else {
            ""
        };
        views.push(View {
            name: format!("w{index}"),
            query: format!(
                "SELECT {keys}, {aggregates} FROM {window} {} GROUP BY {keys}{}",
                condition(""),
                if closing { " EMIT ON WINDOW CLOSE" } else { "" }
            ),
            oracle: format!(
                "SELECT {keys}, {aggregates} FROM {window} {} GROUP BY {keys}{closed}",
                condition(late)
            ),
            closing,
        });
    }
    for (name, query) in [
        (
            "plain",
            "SELECT k, count(*) AS n, sum(v) AS total, max(v) AS top, count(DISTINCT name) AS names FROM s GROUP BY k",
        ),
        (
            "updating",
            "SELECT n, count(*) AS ks, max(total) AS top, min(total) AS least FROM (SELECT k, count(*) AS n, sum(v) AS total FROM s GROUP BY k) AS q GROUP BY n",
        ),
        ("distinct_names", "SELECT DISTINCT name, k FROM s"),
        (
            "filtered",
            "SELECT k, v + 1 AS w, name FROM s WHERE v > 20 UNION ALL SELECT -k, v, name FROM s WHERE v < 5",
        ),
        ("global", "SELECT count(*) AS n, sum(v) AS total, min(name) AS first FROM s WHERE v > 30"),
    ] {
        views.push(View {
            name: name.to_owned(),
            query: query.to_owned(),
            oracle: query.to_owned(),
            closing: false,
        });
    }
    views
}

fn random_batch(random: &mut StdRng, clock: &mut i64) -> RecordBatch {
    let rows =
        if random.random_bool(0.2) { random.random_range(100..1500) } else { random.random_range(1..6) };
    let delay = random.random_range(1..60_000_000);
    let (mut ks, mut vs, mut names, mut times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rows {
        *clock += random.random_range(0..400_000);
        ks.push(random.random_range(0..4));
        vs.push(random.random_bool(0.9).then(|| random.random_range(0..60)));
        names.push(random.random_bool(0.9).then(|| ["a", "bb", "ccc"][random.random_range(0..3)]));
        times.push(*clock - if random.random_bool(0.3) { random.random_range(0..delay) } else { 0 });
    }
    let schema = Schema::new(vec![
        Field::new("k", DataType::Int64, true),
        Field::new("v", DataType::Int64, true),
        Field::new("name", DataType::Utf8, true),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, None), true),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(ks)),
        Arc::new(Int64Array::from(vs)),
        Arc::new(StringArray::from(names)),
        Arc::new(TimestampMicrosecondArray::from(times)),
    ];
    RecordBatch::try_new(Arc::new(schema), columns).unwrap()
}

/// Rows as text, with how often each is there.
fn multiset(batches: &[RecordBatch], skip: usize) -> BTreeMap<String, i64> {
    let mut rows = BTreeMap::new();
    for batch in batches {
        let options = FormatOptions::default().with_null("NULL");
        let columns: Vec<_> = batch.columns()[skip..]
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).unwrap())
            .collect();
        for row in 0..batch.num_rows() {
            let text: Vec<_> = columns.iter().map(|column| column.value(row).to_string()).collect();
            *rows.entry(text.join("|")).or_insert(0) += 1;
        }
    }
    rows
}

async fn check(database: &Database, views: &[View], context: &str) {
    for view in views {
        let contents = multiset(&database.execute(&format!("SELECT * FROM {}", view.name)).await.unwrap(), 0);
        let oracle = multiset(&database.execute(&view.oracle).await.unwrap(), 0);
        assert_eq!(contents, oracle, "{context}: view {} as {}", view.name, view.query);
    }
}

/// Adds the changes that have come so far to `sum`.
async fn add_changes(changes: &mut millstream::query::Batches, sum: &mut BTreeMap<String, i64>) {
    while let Ok(Some(batch)) = tokio::time::timeout(Duration::from_millis(400), changes.next()).await {
        let batch = batch.unwrap();
        let ops = batch.column(1).as_any().downcast_ref::<StringArray>().unwrap();
        for row in 0..batch.num_rows() {
            let weight = if matches!(ops.value(row), "insert" | "update_after") { 1 } else { -1 };
            for (text, _) in multiset(&[batch.slice(row, 1)], 3) {
                *sum.entry(text).or_insert(0) += weight;
            }
        }
    }
    sum.retain(|_, weight| *weight != 0);
}

async fn run_case(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let directory = tempfile::TempDir::new().unwrap();
    let config = |random: &mut StdRng| {
        let mut config = Config::new(directory.path());
        config.workers = random.random_range(1..=4);
        config.step_rows = random.random_range(1..3000);
        config.checkpoint_interval = Duration::from_millis(random.random_range(5..200));
        config
    };
    let mut database = Database::open(config(&mut random)).await.unwrap();
    let delay = random.random_range(0..30);
    database
        .execute(&format!(
            "CREATE STREAM s (k BIGINT, v BIGINT, name TEXT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '{delay} seconds')"
        ))
        .await
        .unwrap();
    let views = random_views(&mut random);
    let mut standing = 0;
    let mut clock = 1_700_000_000_000_000;
    let mut follower: Option<(usize, millstream::query::Batches, BTreeMap<String, i64>)> = None;
    for _ in 0..random.random_range(10..40) {
        if standing < views.len() && random.random_bool(0.5) {
            let view = &views[standing];
            database
                .execute(&format!("CREATE MATERIALIZED VIEW {} AS {}", view.name, view.query))
                .await
                .unwrap();
            standing += 1;
        }
        if follower.is_none() && standing > 0 {
            let index = random.random_range(0..standing);
            follower = Some((index, database.subscribe(&views[index].name).await.unwrap(), BTreeMap::new()));
        }
        for _ in 0..random.random_range(1..12) {
            database.append("s", random_batch(&mut random, &mut clock)).await.unwrap();
        }
        if random.random_bool(0.05) {
            database.execute("ALTER STREAM s ADVANCE WATERMARK TO '2023-11-14 22:13:50'").await.unwrap();
        }
        if random.random_bool(0.15) {
            if let Some((index, mut changes, mut sum)) = follower.take() {
                let sql = format!("SELECT * FROM {}", views[index].name);
                let contents = multiset(&database.execute(&sql).await.unwrap(), 0);
                add_changes(&mut changes, &mut sum).await;
                assert_eq!(
                    sum, contents,
                    "seed {seed}: changes of {} as {}",
                    views[index].name, views[index].query
                );
            }
            check(&database, &views[..standing], &format!("seed {seed}")).await;
            database.close().await;
            database = Database::open(config(&mut random)).await.unwrap();
            check(&database, &views[..standing], &format!("seed {seed}, reopened")).await;
        }
    }
    for view in &views[standing..] {
        database.execute(&format!("CREATE MATERIALIZED VIEW {} AS {}", view.name, view.query)).await.unwrap();
    }
    check(&database, &views, &format!("seed {seed}, at the end")).await;
    assert!(views.iter().filter(|view| view.closing).count() <= 3);
    database.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_equal_their_batch_queries_however_the_log_is_cut() {
    let cases: u64 = std::env::var("MILLSTREAM_CASES").map_or(8, |cases| cases.parse().unwrap());
    let seed: u64 =
        std::env::var("MILLSTREAM_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    for case in 0..cases {
        println!("MILLSTREAM_SEED={}", seed.wrapping_add(case));
        run_case(seed.wrapping_add(case)).await;
    }
}
