//! (d) and (e): functions, aggregates and keys of the SQL types, beside DataFusion's own over the same rows in memory.
//!
//! A figure is that of `SELECT count(f(x))` less that of `SELECT count(x)`, one thread each, the best of several: what
//! the expression adds to reading the column. Both sides hold the rows in memory, ours in the tail of a log.

use std::sync::Arc;
use std::time::Instant;

use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use millstream::{Config, Database};

/// Runs of each query; the best counts.
const RUNS: usize = 5;

/// Name, ours, DataFusion's, over the columns of [`COLUMNS`].
const FUNCTIONS: [(&str, &str, &str, &str); 40] = [
    ("int8 + 1", "i", "i + 1", "i + 1"),
    ("int8 * 3", "i", "i * 3", "i * 3"),
    ("int8 / 7", "i", "i / 7", "i / 7"),
    ("int8 % 7", "i", "i % 7", "i % 7"),
    ("abs(int8)", "i", "abs(i)", "abs(i)"),
    ("int8 > 500", "i", "i > 500", "i > 500"),
    ("float8 * 1.5", "f", "f * 1.5::float8", "f * 1.5"),
    ("sqrt(float8)", "f", "sqrt(f)", "sqrt(f)"),
    ("floor(float8)", "f", "floor(f)", "floor(f)"),
    ("power(float8, 2)", "f", "power(f, 2::float8)", "power(f, 2.0)"),
    ("numeric(18,2) + itself", "d", "d + d", "d + d"),
    ("numeric(18,2) * 3", "d", "d * 3", "d * 3"),
    ("numeric(18,2) > 500", "d", "d > 500", "d > 500"),
    ("round(numeric(18,2), 1)", "d", "round(d, 1)", "round(d, 1)"),
    ("numeric + itself", "n", "n + n", "n + n"),
    ("numeric * 3", "n", "n * 3", "n * 3"),
    ("upper(text)", "t", "upper(t)", "upper(t)"),
    ("lower(text)", "t", "lower(t)", "lower(t)"),
    ("length(text)", "t", "length(t)", "character_length(t)"),
    ("substr(text, 2, 3)", "t", "substr(t, 2, 3)", "substr(t, 2, 3)"),
    ("left(text, 3)", "t", "left(t, 3)", "left(t, 3)"),
    ("text || 'x'", "t", "t || 'x'", "t || 'x'"),
    ("concat(text, 'x')", "t", "concat(t, 'x')", "concat(t, 'x')"),
    ("btrim(text)", "t", "btrim(t)", "btrim(t)"),
    ("replace(text, 'a', 'b')", "t", "replace(t, 'a', 'b')", "replace(t, 'a', 'b')"),
    ("strpos(text, '-')", "t", "strpos(t, '-')", "strpos(t, '-')"),
    ("split_part(text, '-', 2)", "t", "split_part(t, '-', 2)", "split_part(t, '-', 2)"),
    ("text LIKE '%9%'", "t", "t LIKE '%9%'", "t LIKE '%9%'"),
    ("regexp_replace(text, …)", "t", "regexp_replace(t, '[0-9]+', 'n')", "regexp_replace(t, '[0-9]+', 'n')"),
    ("md5(text)", "t", "md5(t)", "md5(t)"),
    ("date_trunc('hour', …)", "at", "date_trunc('hour', at)", "date_trunc('hour', at)"),
    ("extract(hour from …)", "at", "extract(hour from at)", "extract(hour from at)"),
    ("timestamp + interval", "at", "at + interval '1 day'", "at + interval '1 day'"),
    ("to_char(timestamp, …)", "at", "to_char(at, 'YYYY-MM-DD')", "to_char(at, '%Y-%m-%d')"),
    ("int8::text", "i", "i::text", "i::text"),
    ("text::int8", "s", "s::int8", "s::bigint"),
    ("coalesce(int8, 0)", "i", "coalesce(i, 0)", "coalesce(i, 0)"),
    ("nullif(int8, 5)", "i", "nullif(i, 5)", "nullif(i, 5)"),
    ("greatest(int8, 5)", "i", "greatest(i, 5)", "greatest(i, 5)"),
    ("CASE", "i", "CASE WHEN i > 500 THEN 1 ELSE 2 END", "CASE WHEN i > 500 THEN 1 ELSE 2 END"),
];

/// Column, its type here, its type there.
const COLUMNS: [(&str, &str, &str); 6] = [
    ("i", "int8", "Int64"),
    ("d", "numeric(18,2)", "Decimal128(18, 2)"),
    ("n", "numeric", "Decimal128(38, 10)"),
    ("f", "float8", "Float64"),
    ("v", "interval", "Interval"),
    ("t", "text", "Utf8"),
];

/// The two sides over the same rows.
struct Sides {
    ours: Database,
    theirs: SessionContext,
    rows: i64,
    _directory: tempfile::TempDir,
}

impl Sides {
    async fn of(rows: i64) -> Self {
        let directory = tempfile::TempDir::new().unwrap();
        let ours = Database::open(Config { workers: 1, ..Config::new(directory.path()) }).await.unwrap();
        let create = "CREATE STREAM x (i int8, d numeric(18,2), n numeric, f float8, v interval, t text, s text, at timestamp)";
        ours.execute(create).await.unwrap();
        const PIECE: i64 = 200_000;
        for first in (0..rows).step_by(PIECE as usize) {
            let last = (first + PIECE).min(rows) - 1;
            let insert = format!(
                "INSERT INTO x SELECT h, h::numeric / 100, h::numeric / 8, h::float8 / 4, h * interval '1 minute', \
                     'name-' || h || '-of-a-row', h::text, timestamp '2024-01-01' + h * interval '1 second' \
                 FROM (SELECT g * 7919 % 100003 AS h FROM generate_series({first}::int8, {last}) AS g) AS s"
            );
            ours.execute(&insert).await.unwrap();
        }
        let theirs = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        let all = "SELECT i, d, n::numeric(38,10) AS n, f, v, t, s, at FROM x";
        let batches = ours.execute(all).await.unwrap();
        let table = MemTable::try_new(batches[0].schema(), vec![batches]).unwrap();
        theirs.register_table("x", Arc::new(table)).unwrap();
        Self { ours, theirs, rows, _directory: directory }
    }

    /// The best time of a query here.
    async fn here(&self, sql: &str) -> f64 {
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let begun = Instant::now();
            self.ours.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            best = best.min(begun.elapsed().as_secs_f64());
        }
        best
    }

    /// The best time of a query there.
    async fn there(&self, sql: &str) -> f64 {
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let begun = Instant::now();
            let frame = self.theirs.sql(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            frame.collect().await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            best = best.min(begun.elapsed().as_secs_f64());
        }
        best
    }

    /// Prints what an expression costs more than its column does; the ratio of the rates is above 1 where we are faster.
    async fn line(&self, name: &str, base: &str, ours: &str, theirs: &str) {
        let here = (self.here(ours).await - self.here(base).await).max(1e-5);
        let there = (self.there(theirs).await - self.there(base).await).max(1e-5);
        let rate = |seconds: f64| self.rows as f64 / seconds / 1e6;
        println!(
            "    {name:<26} {:>8.1} M/s, DataFusion {:>8.1} M/s: {:>6.2}",
            rate(here),
            rate(there),
            there / here
        );
    }
}

/// (d) expressions a second.
pub async fn functions(rows: i64) {
    println!("(d) functions over {rows} rows, one thread: million expressions a second");
    let sides = Sides::of(rows).await;
    for (name, column, ours, theirs) in FUNCTIONS {
        let count = |what: &str| format!("SELECT count({what}) FROM x");
        sides.line(name, &count(column), &count(ours), &count(theirs)).await;
    }
}

/// (e) aggregates and keys, by type.
pub async fn aggregates(rows: i64) {
    println!("(e) aggregates and keys over {rows} rows, one thread: million rows a second");
    let sides = Sides::of(rows).await;
    for (column, here, there) in COLUMNS {
        let base = format!("SELECT count({column}) FROM x");
        for call in ["sum", "avg", "min", "max"] {
            // DataFusion adds up neither intervals nor texts.
            if column == "t" && ["sum", "avg"].contains(&call) {
                continue;
            }
            let sql = format!("SELECT {call}({column}) FROM x");
            let name = format!("{call}({here})");
            if sides.theirs.sql(&sql).await.is_ok() {
                sides.line(&name, &base, &sql, &sql).await;
            } else {
                let seconds = (sides.here(&sql).await - sides.here(&base).await).max(1e-5);
                let rate = rows as f64 / seconds / 1e6;
                println!("    {name:<26} {rate:>8.1} M/s, DataFusion has none over {there}");
            }
        }
        let grouped =
            format!("SELECT count(*) FROM (SELECT {column}, count(*) FROM x GROUP BY {column}) AS g");
        sides.line(&format!("GROUP BY {here}"), &base, &grouped, &grouped).await;
        // All but the last rows are passed over: what is timed is the order, not the answer.
        let ordered = format!("SELECT {column} FROM x ORDER BY {column} OFFSET {}", rows - 10);
        sides.line(&format!("ORDER BY {here}"), &base, &ordered, &ordered).await;
        let keys = format!("(SELECT DISTINCT {column} FROM x WHERE i < 1000)");
        let joined = format!("SELECT count(*) FROM x JOIN {keys} AS k ON x.{column} = k.{column}");
        sides.line(&format!("join on {here}"), &base, &joined, &joined).await;
    }
}
