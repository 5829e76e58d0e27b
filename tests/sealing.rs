//! What is sealed reads as what is not: the same scenario over a local store, and over S3 in `s3.rs`.

use std::time::Duration;

use crate::harness::{Server, copy, execute, rows, value};

/// Flags under which little stays in memory and checkpoints come often.
pub const SMALL: [&str; 4] = ["--tail-mib", "0.5", "--checkpoint-seconds", "0.3"];

/// Rows `from..to` of the stream `s` as CSV.
fn csv(from: u64, to: u64) -> String {
    // Now and then a row is 90 seconds behind: late for a window of a minute.
    let second = |n: u64| if n.is_multiple_of(997) { (n / 100).saturating_sub(90) } else { n / 100 };
    let line = |n: u64| {
        let at = second(n);
        format!(
            "{},{n},text {},2024-01-01 {:02}:{:02}:{:02}\n",
            n % 13,
            n % 7,
            at / 3600,
            at / 60 % 60,
            at % 60
        )
    };
    (from..to).map(line).collect()
}

/// Everything that can be asked of the scenario's relations, with the views beside their batch queries.
async fn checked(server: &Server, count: u64) {
    let client = server.connect().await;
    let sum: u64 = (0..count).sum();
    let all = rows(&client, "SELECT count(*), sum(n), count(DISTINCT _offset), max(_offset) FROM s").await;
    assert_eq!(all, [[count, sum, count, count - 1].map(|n| n.to_string())]);
    for (view, batch) in [
        ("SELECT k, rows, total FROM by_key ORDER BY 1", "SELECT k, count(*), sum(n) FROM s GROUP BY k ORDER BY 1"),
        (
            "SELECT window_start, k, rows FROM by_minute ORDER BY 1, 2",
            "SELECT window_start, k, count(*) FROM TUMBLE(s, at, INTERVAL '1 minute')
             WHERE _watermark IS NULL OR window_end > _watermark GROUP BY window_start, window_end, k ORDER BY 1, 2",
        ),
    ] {
        assert_eq!(rows(&client, view).await, rows(&client, batch).await, "{view}");
    }
    let middle = count / 2;
    assert_eq!(
        rows(&client, &format!("SELECT n, v FROM s WHERE _offset = {middle}")).await,
        [[middle.to_string(), format!("text {}", middle % 7)]]
    );
    let late = value(&client, "SELECT count FROM millstream.late_rows WHERE view LIKE '%by_minute'").await;
    let batch = "SELECT count(*) FROM TUMBLE(s, at, INTERVAL '1 minute') WHERE window_end <= _watermark";
    assert_eq!(late, value(&client, batch).await);
    assert_ne!(late, "0");
}

/// Loads, seals, crashes, drops; the store's objects are listed by `objects`.
pub async fn scenario(mut server: Server, objects: impl Fn(&Server) -> Vec<String>) {
    let client = server.connect().await;
    execute(
        &client,
        "CREATE STREAM s (k BIGINT, n BIGINT, v TEXT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 second')",
    )
    .await;
    let by_key =
        "CREATE MATERIALIZED VIEW by_key AS SELECT k, count(*) AS rows, sum(n) AS total FROM s GROUP BY k";
    execute(&client, by_key).await;
    let mut count = 0;
    for piece in 0..8 {
        copy(&client, "COPY s FROM STDIN WITH (FORMAT csv)", csv(count, count + 10_000).as_bytes())
            .await
            .unwrap();
        count += 10_000;
        if piece == 4 {
            // A view over rows that are sealed already.
            let by_minute = "CREATE MATERIALIZED VIEW by_minute AS SELECT window_start, k, count(*) AS rows
                FROM TUMBLE(s, at, INTERVAL '1 minute') GROUP BY window_start, window_end, k";
            execute(&client, by_minute).await;
        }
    }
    execute(&client, "CHECKPOINT").await;
    checked(&server, count).await;
    let figures =
        rows(&client, "SELECT rows, first_row, segments, memory_bytes FROM millstream.streams").await;
    let [rows_held, first_row, segments, memory] =
        [0, 1, 2, 3].map(|at| figures[0][at].parse::<u64>().unwrap());
    assert_eq!((rows_held, first_row), (count, 0));
    assert!(segments > 0 && memory <= 512 << 10, "{segments} segments, {memory} bytes in memory");
    let plan = rows(&client, &format!("EXPLAIN ANALYZE SELECT v FROM s WHERE _offset = {}", count / 2)).await;
    let plan = plan.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let skipped = plan.split("row_groups_skipped=").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
    let groups = plan.split("row_groups=").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
    assert_eq!(skipped.parse::<u64>().unwrap() + 1, groups.parse::<u64>().unwrap(), "{plan}");
    assert!(plan.contains("bytes_read="), "{plan}");

    let wal = std::fs::read_dir(server.directory().join("wal")).unwrap();
    let wal: u64 = wal.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(wal <= 2 << 20, "{wal} bytes of write-ahead log");
    drop(client);
    for crash in 0..4 {
        server.kill();
        server.start_again();
        checked(&server, count).await;
        let client = server.connect().await;
        copy(&client, "COPY s FROM STDIN WITH (FORMAT csv)", csv(count, count + 3_000).as_bytes())
            .await
            .unwrap();
        count += 3_000;
        if crash % 2 == 0 {
            execute(&client, "CHECKPOINT").await;
        }
    }
    checked(&server, count).await;

    let client = server.connect().await;
    assert!(objects(&server).iter().any(|path| path.contains("streams/")));
    assert!(objects(&server).iter().any(|path| path.contains("views/")), "checkpoints are there, too");
    execute(&client, "ALTER STREAM s SET (retention_bytes = '1 kB')").await;
    for attempt in 0.. {
        let first = value(&client, "SELECT first_row FROM millstream.streams").await;
        if first != "0" {
            assert_eq!(value(&client, "SELECT min(_offset) FROM s").await, first);
            break;
        }
        assert!(attempt < 200, "retention removes nothing");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let first = value(&client, "SELECT first_row FROM millstream.streams").await;
    let create = "CREATE MATERIALIZED VIEW since AS SELECT min(_offset) AS first FROM s";
    let created = server.psql_command(&["-AtX"], &[create]).output().unwrap();
    let notice =
        format!("NOTICE:  stream \"s\" starts at row {first}: older rows were removed by its retention");
    assert!(String::from_utf8_lossy(&created.stderr).contains(&notice), "{created:?}");
    assert_eq!(value(&client, "SELECT first FROM since").await, first);
    assert_eq!(
        value(&client, "SELECT sum(rows) FROM by_key").await,
        count.to_string(),
        "views keep what they have"
    );
    execute(&client, "DROP STREAM s CASCADE").await;
    for attempt in 0.. {
        let left: Vec<String> =
            objects(&server).into_iter().filter(|path| path.contains(".parquet")).collect();
        if left.is_empty() {
            break;
        }
        assert!(attempt < 200, "left are {left:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(client);
    server.crash();
    assert_eq!(value(&server.connect().await, "SELECT count(*) FROM millstream.streams").await, "0");
}

/// The files below a directory.
pub fn files_below(directory: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let below = |entry: std::fs::DirEntry| match entry.path().is_dir() {
        true => files_below(&entry.path()),
        false => vec![entry.path().display().to_string()],
    };
    entries.flatten().flat_map(below).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_rows_read_as_others_and_survive_crashes() {
    scenario(Server::with_flags(&SMALL), |server| files_below(&server.directory().join("objects"))).await;
}

/// Objects of the store whose path has all these parts, in order.
fn stored(server: &Server, parts: &[&str]) -> Vec<std::path::PathBuf> {
    let all = files_below(&server.directory().join("objects"));
    let mut paths: Vec<_> =
        all.into_iter().filter(|path| parts.iter().all(|part| path.contains(part))).collect();
    paths.sort();
    paths.into_iter().map(Into::into).collect()
}

/// Retention takes what is in the oldest checkpoint of a view only: the newest one may turn out to be damaged.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_over_rows_that_retention_removed_survives_damage_to_its_newest_checkpoint() {
    let mut server = Server::with_flags(&["--tail-mib", "0.5", "--checkpoint-seconds", "3600"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT) WITH (retention_bytes = '1 kB')").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows, sum(n) AS total FROM s").await;
    let mut all = 0;
    for round in 0..4 {
        let next = all + 5_000;
        execute(&client, &format!("INSERT INTO s SELECT * FROM generate_series({}, {next})", all + 1)).await;
        all = next;
        assert_eq!(value(&client, "SELECT rows FROM v").await, all.to_string());
        let lsn = "SELECT checkpoint_lsn >= (SELECT max(_lsn) FROM s) FROM millstream.jobs";
        for attempt in 0.. {
            execute(&client, "CHECKPOINT").await;
            if value(&client, lsn).await == "t" {
                break;
            }
            assert!(attempt < 200, "no checkpoint in round {round}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    for attempt in 0.. {
        execute(&client, "CHECKPOINT").await;
        if value(&client, "SELECT count(*) FROM s").await.parse::<u64>().unwrap() < all {
            break;
        }
        assert!(attempt < 200, "retention removes nothing");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    drop(client);
    server.stop();
    let answer = [[all.to_string(), (all * (all + 1) / 2).to_string()]];
    let manifests = stored(&server, &["/views/", ".json"]);
    assert_eq!(manifests.len(), 2);
    let damage = |path: &std::path::Path| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[30] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    damage(&manifests[1]);
    server.start_again();
    let client = server.connect().await;
    assert_eq!(rows(&client, "SELECT rows, total FROM v").await, answer);
    drop(client);
    server.kill();
    for path in stored(&server, &["/views/", ".json"]).iter().filter(|path| **path != manifests[1]) {
        damage(path);
    }
    server.start_again();
    let client = server.connect().await;
    let (code, message) = crate::harness::failure(&client, "SELECT rows FROM v").await;
    assert!(
        code == "XX001" && message.contains("retention has removed rows up to commit"),
        "{code}: {message}"
    );
    execute(&client, "DROP MATERIALIZED VIEW v").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows FROM s").await;
    let held = value(&client, "SELECT count(*) FROM s").await;
    assert_eq!(value(&client, "SELECT rows FROM v").await, held);
}

/// Filters over every type, each with the columns' own edges: NULL, NaN, -0, long texts.
const FILTERS: [&str; 49] = [
    "n < 100",
    "n BETWEEN 69990 AND 70010",
    "n = 99999",
    "n IN (5, 80000, -1)",
    "n NOT IN (5, 80000)",
    "NOT (n > 10)",
    "n % 1000 = 7",
    "n > 1000000 OR n = 3",
    "odd IS NULL",
    "odd IS NOT NULL",
    "odd > 100000",
    "odd IS NULL AND n > 90000",
    "coalesce(odd, -1) = -1",
    "odd <> 7",
    "odd IS DISTINCT FROM 7",
    "x > 109999.5",
    "x = 'NaN'",
    "x < -5",
    "x <= 0 AND n < 50",
    "x >= 0.0",
    "x <> x",
    "t = 'row 12345'",
    "t LIKE 'row 9999%'",
    "t NOT LIKE 'row%'",
    "t ILIKE 'LONG%'",
    "t > 'row 99998'",
    "t >= 'zzz'",
    "length(t) > 100",
    "t IS NULL OR t = ''",
    "d > 999.98",
    "d = 0.05",
    "d < 0",
    "b",
    "NOT b AND n > 109000",
    "b IS NULL",
    "day = '2024-01-03'",
    "day > '2024-01-01' AND day < '2024-01-03'",
    "at >= '2024-01-02 03:00:00'",
    "at < '2024-01-01 00:00:10'",
    "tz = '2024-01-01 00:00:05+00'",
    "tz > '2024-01-02 05:00:00+02'",
    "_offset < 10",
    "_lsn <= (SELECT min(_lsn) FROM s)",
    "_commit_time < '2020-01-01'",
    "at::time < '06:00'",
    "tz::time > '20:00' AND n > 5",
    "at::date = '2024-01-02'",
    "n::int::boolean AND n < 20",
    "n::float8 < 5.5 OR n::text = '77'",
];

/// A scan may leave out only what cannot match: the same filter, where nothing can be left out, finds the same rows.
#[tokio::test(flavor = "multi_thread")]
async fn row_groups_are_left_out_only_where_no_row_matches() {
    let server = Server::with_flags(&["--tail-mib", "1", "--checkpoint-seconds", "3600"]);
    let client = server.connect().await;
    execute(
        &client,
        "CREATE STREAM s (n BIGINT, odd BIGINT, x DOUBLE PRECISION, t TEXT, d NUMERIC(10, 2), b BOOLEAN, day DATE, \
         at TIMESTAMP, tz TIMESTAMPTZ, WATERMARK FOR at AS at)",
    )
    .await;
    // Ever fewer rows, so that no segment is written again with the next one.
    for range in ["1, 70000", "70001, 100000", "100001, 109000", "109001, 110000"] {
        let insert = format!(
            "INSERT INTO s SELECT n, CASE WHEN n % 2 = 1 THEN n END, CASE n % 50000 WHEN 1 THEN 'NaN'::float8 WHEN 2 THEN NULL \
             WHEN 3 THEN '-0'::float8 WHEN 4 THEN '-1e10'::float8 ELSE n::float8 END, CASE n % 40000 WHEN 5 THEN NULL WHEN 6 THEN '' \
             WHEN 7 THEN 'long ' || repeat('ü', 90) ELSE 'row ' || n END, (n % 100000)::numeric / 100, \
             CASE WHEN n % 30000 = 9 THEN NULL ELSE n > 60000 END, DATE '2024-01-01' + (n / 40000)::int, \
             to_timestamp(1704067200 + n)::timestamp, to_timestamp(1704067200 + n) FROM generate_series({range}) AS t(n)"
        );
        execute(&client, &insert).await;
        execute(&client, "CHECKPOINT").await;
    }
    let kept = rows(&client, "SELECT rows, segments FROM millstream.streams WHERE name = 's'").await;
    assert_eq!(kept, [["110000", "4"]]);
    let mut matching = 0;
    for filter in FILTERS {
        let columns = "count(*), sum(n), min(t), max(at)";
        let scanned = rows(&client, &format!("SELECT {columns} FROM s WHERE {filter}")).await;
        let all = "SELECT count(*) FILTER (WHERE m), sum(n) FILTER (WHERE m), min(t) FILTER (WHERE m), max(at) FILTER (WHERE m)";
        let all = rows(&client, &format!("{all} FROM (SELECT *, ({filter}) AS m FROM s) AS marked")).await;
        assert_eq!(scanned, all, "{filter}");
        matching += u32::from(scanned[0][0] != "0");
    }
    assert!(matching > 30, "{matching} filters match something");
    for (filter, skipped) in
        [("n > 109500", 3), ("_offset < 10", 2), ("at < '2024-01-01 00:00:10'", 2), ("t >= 'zzz'", 3)]
    {
        let plan = rows(&client, &format!("EXPLAIN SELECT * FROM s WHERE {filter}")).await.concat().concat();
        assert!(plan.contains(&format!("segments_skipped={skipped},")), "{filter}: {plan}");
    }
}

/// A stream at rest gives its rows up as well, and the windows that these opened can still be closed by hand.
#[tokio::test(flavor = "multi_thread")]
async fn retention_empties_a_stream_at_rest_and_its_windows_still_close() {
    let mut server = Server::with_flags(&["--tail-mib", "0.5", "--checkpoint-seconds", "0.2"]);
    let client = server.connect().await;
    execute(
        &client,
        "CREATE STREAM s (n BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 second') \
         WITH (retention_bytes = '1 kB')",
    )
    .await;
    execute(
        &client,
        "CREATE MATERIALIZED VIEW v AS SELECT window_start, count(*) AS rows FROM \
         TUMBLE(s, at, INTERVAL '1 minute') GROUP BY window_start, window_end EMIT ON WINDOW CLOSE",
    )
    .await;
    execute(
        &client,
        "INSERT INTO s SELECT n, TIMESTAMP '2024-01-01 10:00:30' FROM generate_series(1, 20000) AS t(n)",
    )
    .await;
    execute(&client, "CHECKPOINT").await;
    for attempt in 0.. {
        if value(&client, "SELECT count(*) FROM s").await == "0" {
            break;
        }
        assert!(attempt < 400, "retention does not remove the last rows");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(client);
    server.crash();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "0");
    execute(&client, "ALTER STREAM s ADVANCE WATERMARK").await;
    assert_eq!(value(&client, "SELECT rows FROM v").await, "20000");
}
