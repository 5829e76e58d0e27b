//! What goes wrong stays small: refused definitions, damaged checkpoints, sinks that cannot go on.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::harness::{Server, copy, execute, failure, rows, value};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_definition_leaves_nothing_behind() {
    let mut server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (a TIMESTAMP, b TIMESTAMP, n BIGINT)").await;
    // Their types have no place in a view: found only when the view's operators are made.
    for query in ["max(make_array(n))", "count(DISTINCT NULL)", "sum(b - a)"] {
        let sql = format!("CREATE MATERIALIZED VIEW v AS SELECT n, {query} AS x FROM t GROUP BY n");
        if let Err(error) = client.batch_execute(&sql).await {
            assert_eq!(error.code().unwrap().code(), "0A000", "{sql}");
        } else {
            execute(&client, "DROP MATERIALIZED VIEW v").await;
        }
    }
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n FROM t").await;
    execute(&client, "INSERT INTO t VALUES (NULL, NULL, 1)").await;
    server.crash();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT n FROM v").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_with_a_row_that_fails_is_alone_in_it() {
    let mut server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n BIGINT); INSERT INTO t VALUES (1)").await;
    execute(&client, "CREATE MATERIALIZED VIEW broken AS SELECT 1 / n AS x FROM t").await;
    execute(&client, "CREATE MATERIALIZED VIEW whole AS SELECT sum(n) AS x FROM t").await;
    execute(&client, "INSERT INTO t VALUES (0)").await;
    assert_eq!(failure(&client, "SELECT * FROM broken").await.0, "22012");
    execute(&client, "INSERT INTO t VALUES (5)").await;
    assert_eq!(value(&client, "SELECT x FROM whole").await, "6");
    drop(client);
    server.stop();
    server.start_again();
    let client = server.connect().await;
    assert_eq!(failure(&client, "SELECT * FROM broken").await.0, "22012");
    assert_eq!(value(&client, "SELECT x FROM whole").await, "6");
    execute(&client, "DROP MATERIALIZED VIEW broken").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_stop_leaves_nothing_to_replay() {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "3600"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT sum(n) AS x FROM t").await;
    execute(&client, "INSERT INTO t SELECT * FROM generate_series(1, 1000)").await;
    drop(client);
    server.stop();
    server.start_again();
    let greeting = server.greeting.join("\n");
    assert!(greeting.contains("0 rows replayed") || !greeting.contains("replayed"), "{greeting}");
    assert_eq!(value(&server.connect().await, "SELECT x FROM v").await, "500500");
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_checkpoints_cost_time_and_no_data() {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "0.1"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT, n BIGINT)").await;
    for view in ["one", "two"] {
        let sql = format!("CREATE MATERIALIZED VIEW {view} AS SELECT k, sum(n) AS x FROM t GROUP BY k");
        execute(&client, &sql).await;
    }
    execute(&client, "INSERT INTO t SELECT n % 10, n FROM generate_series(1, 1000) AS s(n)").await;
    drop(client);
    server.stop();
    let files = files_below(&server.directory().join("objects"));
    let parquet = files.iter().filter(|path| path.extension().is_some_and(|end| end == "parquet"));
    let mut damaged = 0;
    for path in parquet {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
        damaged += 1;
    }
    assert!(damaged > 0, "there are checkpoints");
    server.start_again();
    let client = server.connect().await;
    for view in ["one", "two"] {
        let sql = format!("SELECT count(*), sum(x) FROM {view}");
        assert_eq!(rows(&client, &sql).await, [["10", "500500"]]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_cannot_go_on_holds_its_place() {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "0.1"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n BIGINT); CREATE STREAM narrow (n SMALLINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT n FROM t WHERE n > 0").await;
    execute(&client, "CREATE SINK x INTO narrow FROM v").await;
    execute(&client, "INSERT INTO t VALUES (1), (2)").await;
    wait_for(&client, "SELECT count(*) FROM narrow", "2").await;
    execute(&client, "INSERT INTO t VALUES (70000)").await;
    wait_for(&client, "SELECT count(error) FROM millstream.sinks", "1").await;
    execute(&client, "INSERT INTO t VALUES (3)").await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "4", "the view goes on");
    // Long enough for checkpoints past the row, if they did not wait.
    tokio::time::sleep(Duration::from_millis(600)).await;
    drop(client);
    server.crash();
    let client = server.connect().await;
    wait_for(&client, "SELECT count(error) FROM millstream.sinks", "1").await;
    assert_eq!(value(&client, "SELECT count(*) FROM narrow").await, "2", "no row was passed over");
    execute(&client, "DROP SINK x").await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_nothing_else() {
    let Some(server) = Server::on_small_disk(160, &[]) else {
        println!("this machine lets nobody mount a file system: not tested");
        return;
    };
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n BIGINT, v TEXT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows, sum(n) AS total FROM t").await;
    execute(&client, "INSERT INTO t VALUES (1, 'before')").await;
    let filler = server.seen_by_server("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while std::io::Write::write_all(&mut file, &[0; 1 << 16]).is_ok() {}
    let line = format!("1\t{}\n", "x".repeat(1000));
    let (mut rows_in, mut refused) = (1, 0);
    // Room that the log has set aside for itself is used up first.
    for _ in 0..200 {
        match copy(&client, "COPY t FROM STDIN", line.repeat(1000).as_bytes()).await {
            Ok(rows) => rows_in += rows,
            Err(error) => {
                assert_eq!(error.code().unwrap().code(), "53100", "{error:?}");
                refused += 1;
                if refused == 3 {
                    break;
                }
            }
        }
    }
    assert_eq!(refused, 3, "the disk is full");
    let count = || async { rows(&client, "SELECT rows, total, (SELECT count(*) FROM t) FROM v").await };
    let all = |rows: u64| vec![vec![rows.to_string(); 3]];
    assert_eq!(count().await, all(rows_in), "what was acknowledged is there, what was refused is not");
    drop(file);
    std::fs::remove_file(&filler).unwrap();
    rows_in += copy(&client, "COPY t FROM STDIN", line.repeat(1000).as_bytes()).await.unwrap();
    assert_eq!(count().await, all(rows_in), "writes go on without a restart");
}

/// Text that does not compress well, so that segments take room, too.
fn noise(random: &mut rand::rngs::StdRng, rows: usize) -> String {
    use rand::Rng;
    let digits = |random: &mut rand::rngs::StdRng| format!("{:032x}", random.random::<u128>());
    (0..rows).map(|_| format!("1\t{}\n", (0..30).map(|_| digits(random)).collect::<String>())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_a_drop_or_retention_makes_room_and_nothing_is_lost() {
    use rand::SeedableRng;
    let Some(server) = Server::on_small_disk(64, &["--tail-mib", "4", "--checkpoint-seconds", "0.5"]) else {
        println!("this machine lets nobody mount a file system: not tested");
        return;
    };
    let random = &mut rand::rngs::StdRng::seed_from_u64(7);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM old (n BIGINT, v TEXT); CREATE STREAM t (n BIGINT, v TEXT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows FROM t").await;
    for _ in 0..30 {
        copy(&client, "COPY old FROM STDIN", noise(random, 1000).as_bytes()).await.unwrap();
    }
    let mut kept = 0;
    let counts = "SELECT rows, (SELECT count(*) FROM t) FROM v";
    for freed in ["DROP STREAM old", "ALTER STREAM t SET (retention_bytes = '1 MB')"] {
        let mut refused = 0;
        while refused < 3 {
            match copy(&client, "COPY t FROM STDIN", noise(random, 1000).as_bytes()).await {
                Ok(rows) => kept += rows,
                Err(error) => {
                    assert_eq!(error.code().unwrap().code(), "53100", "{error:?}");
                    refused += 1;
                    // What is sealed takes less room than the log: some may be given back yet.
                    tokio::time::sleep(Duration::from_millis(700)).await;
                }
            }
            assert!(kept < 200_000, "the disk never was full");
        }
        assert_eq!(rows(&client, counts).await, [[kept.to_string(), kept.to_string()]]);
        execute(&client, freed).await;
        for attempt in 0.. {
            match copy(&client, "COPY t FROM STDIN", noise(random, 1000).as_bytes()).await {
                Ok(rows) => {
                    kept += rows;
                    break;
                }
                Err(error) => assert!(attempt < 600, "no room after {freed}: {error:?}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(value(&client, "SELECT rows FROM v").await, kept.to_string());
    }
    for attempt in 0.. {
        let held = rows(&client, "SELECT count(*), max(_offset) + 1 FROM t").await;
        assert_eq!(held[0][1], kept.to_string(), "offsets go on, whatever retention removed");
        if held[0][0].parse::<u64>().unwrap() < kept {
            break;
        }
        assert!(attempt < 300, "retention removes nothing");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_closed_by_hand_leave_later_windows_open() {
    let server = Server::start();
    let client = server.connect().await;
    execute(
        &client,
        "CREATE STREAM t (n BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 minute')",
    )
    .await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT window_start, count(*) AS n FROM TUMBLE(t, at, INTERVAL '1 hour')
        GROUP BY window_start, window_end EMIT ON WINDOW CLOSE").await;
    execute(&client, "ALTER STREAM t ADVANCE WATERMARK").await;
    execute(&client, "INSERT INTO t VALUES (1, '2024-01-01 10:00')").await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "0");
    execute(&client, "ALTER STREAM t ADVANCE WATERMARK").await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "1");
    execute(&client, "INSERT INTO t VALUES (2, '2024-01-02 10:00')").await;
    execute(&client, "ALTER STREAM t ADVANCE WATERMARK").await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "2");
    assert_eq!(value(&client, "SELECT count FROM millstream.late_rows").await, "0");
}

async fn wait_for(client: &tokio_postgres::Client, sql: &str, wanted: &str) {
    for _ in 0..200 {
        if value(client, sql).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{sql} does not become {wanted}");
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Waits for a checkpoint of the view at or after everything that was committed before; its columns that are asked for.
async fn checkpoint_of(client: &tokio_postgres::Client, view: &str, columns: &str) -> Vec<String> {
    let newest = format!("SELECT lsn FROM millstream.views WHERE name = '{view}'");
    let lsn: i64 = value(client, &newest).await.parse().unwrap();
    execute(client, "CHECKPOINT").await;
    for _ in 0..1000 {
        let sql =
            format!("SELECT {columns} FROM millstream.checkpoints WHERE view = '{view}' AND lsn >= {lsn}");
        if let Some(row) = rows(client, &sql).await.pop() {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no checkpoint of {view} at LSN {lsn}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_writes_what_changed() {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "3600"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k BIGINT, n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT k, sum(n) AS x, count(*) AS c FROM t GROUP BY k")
        .await;
    execute(&client, "INSERT INTO t SELECT n * 7919 % 1000003, n FROM generate_series(1, 100000) AS s(n)")
        .await;
    assert_eq!(value(&client, "SELECT count(*) FROM v").await, "100000");
    let figures = "base, written_bytes, written_rows, files";
    let first = checkpoint_of(&client, "v", figures).await;
    for round in 0..3 {
        execute(&client, "INSERT INTO t SELECT n * 7919 % 1000003, 1 FROM generate_series(1, 10) AS s(n)")
            .await;
        assert_eq!(value(&client, "SELECT count(*) FROM v").await, "100000");
        let next = checkpoint_of(&client, "v", figures).await;
        println!("first {first:?}, then {next:?}");
        let number = |row: &[String], column: usize| -> i64 { row[column].parse().unwrap() };
        assert_eq!((&*first[0], &*next[0]), ("t", "f"), "round {round}");
        assert!(number(&next, 1) * 100 < number(&first, 1), "{next:?} after {first:?}");
        assert!(number(&next, 2) < 40);
    }
    let sums = "SELECT sum(x), sum(c), count(*) FROM v";
    let before = rows(&client, sums).await;
    drop(client);
    server.crash();
    let client = server.connect().await;
    assert_eq!(rows(&client, sums).await, before);
    let restored = value(&client, "SELECT restored_lsn FROM millstream.jobs WHERE name = 'v'").await;
    assert_ne!(restored, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_over_the_memory_budget_stops_alone_and_goes_on_with_more_memory() {
    let flags = ["--memory-mib", "48", "--checkpoint-seconds", "0.3"];
    let mut server = Server::with_flags(&flags);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW big AS SELECT n, count(*) AS c FROM t GROUP BY n").await;
    execute(&client, "CREATE MATERIALIZED VIEW small AS SELECT count(*) AS c FROM t").await;
    for part in 0..12 {
        let (first, last) = (part * 100_000 + 1, (part + 1) * 100_000);
        execute(&client, &format!("INSERT INTO t SELECT * FROM generate_series({first}, {last})")).await;
    }
    for sql in ["SELECT count(*) FROM big", "SELECT c FROM big WHERE n = 5"] {
        let (state, message) = failure(&client, sql).await;
        assert_eq!(state, "53200", "{message}");
        assert!(message.contains("\"big\"") && message.contains("the memory budget is 48 MiB"), "{message}");
    }
    assert_eq!(value(&client, "SELECT c FROM small").await, "1200000");
    execute(&client, "INSERT INTO t VALUES (0)").await;
    assert_eq!(value(&client, "SELECT c FROM small").await, "1200001");
    // With as much memory it is the same again, with more it goes on.
    drop(client);
    server.crash();
    let client = server.connect().await;
    assert_eq!(failure(&client, "SELECT count(*) FROM big").await.0, "53200");
    drop(client);
    server.stop();
    server.set_flags(&["--memory-mib", "1024"]);
    server.start_again();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT count(*) FROM big").await, "1200001");
    drop(client);
    server.stop();
    server.set_flags(&flags);
    server.start_again();
    let client = server.connect().await;
    assert_eq!(failure(&client, "SELECT count(*) FROM big").await.0, "53200");
    execute(&client, "DROP MATERIALIZED VIEW big").await;
    assert_eq!(value(&client, "SELECT c FROM small").await, "1200001");
}
