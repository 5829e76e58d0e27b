//! Rows for which an expression fails: the view goes on, reads give the error or leave the row out, and it heals.

use tokio_postgres::Client;

use crate::harness::{Server, execute, failure, rows, value};

async fn lines(client: &Client, sql: &str) -> Vec<String> {
    let mut lines: Vec<String> = rows(client, sql).await.into_iter().map(|row| row.join("|")).collect();
    lines.sort();
    lines
}

const ERRORS: &str = "SELECT view, sqlstate, message, stream, lsn, partition, \"offset\", key, count \
                      FROM millstream.row_errors ORDER BY view, lsn, partition, \"offset\", key";

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_fails_is_an_error_of_reads_and_the_view_goes_on() {
    let mut server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k bigint, n bigint)").await;
    execute(&client, "CREATE MATERIALIZED VIEW strict AS SELECT k, 100 / n AS q FROM t").await;
    execute(
        &client,
        "CREATE MATERIALIZED VIEW lax WITH (on_error = 'skip') AS SELECT k, 100 / n AS q FROM t",
    )
    .await;
    execute(&client, "CREATE MATERIALIZED VIEW above AS SELECT count(*) AS n FROM strict").await;
    execute(&client, "CREATE MATERIALIZED VIEW above_lax AS SELECT count(*) AS n FROM lax").await;
    execute(&client, "INSERT INTO t VALUES (1, 1), (2, 2)").await;
    // A view that lags may pass over a commit: a read after each makes both states of it that AS OF finds below.
    assert_eq!(lines(&client, "SELECT * FROM strict").await, ["1|100", "2|50"]);
    let before: u64 = value(&client, "SELECT max(_lsn) FROM t").await.parse().unwrap();
    execute(&client, "INSERT INTO t VALUES (3, 4), (4, 0), (5, 0)").await;
    assert_eq!(failure(&client, "SELECT * FROM strict").await.0, "22012");
    execute(&client, "INSERT INTO t VALUES (6, 5)").await;
    for round in 0..2 {
        let client = server.connect().await;
        for sql in ["SELECT * FROM strict", "SELECT count(*) FROM strict, t", "SELECT * FROM above"] {
            assert_eq!(
                failure(&client, sql).await,
                ("22012".to_owned(), "division by zero".to_owned()),
                "{sql}"
            );
        }
        assert_eq!(lines(&client, "SELECT * FROM lax").await, ["1|100", "2|50", "3|25", "6|20"]);
        assert_eq!(value(&client, "SELECT n FROM above_lax").await, "4");
        let lsn = value(&client, "SELECT max(_lsn) - 1 FROM t").await;
        let mut expected: Vec<String> = ["above", "above_lax", "lax", "strict"]
            .iter()
            .flat_map(|view| {
                let row = |offset: i64| {
                    format!("public.{view}|22012|division by zero|public.t|{lsn}|0|{offset}|NULL|1")
                };
                [row(3), row(4)]
            })
            .map(|row| row.replace("public.", ""))
            .collect();
        expected.sort();
        assert_eq!(lines(&client, ERRORS).await, expected, "round {round}");
        let jobs =
            "SELECT name, state, error FROM millstream.jobs WHERE name IN ('strict', 'lax') ORDER BY name";
        let jobs = rows(&client, jobs).await;
        assert_eq!(jobs[0][1..], ["running", "NULL"]);
        assert!(jobs[1][1] == "running" && jobs[1][2].contains("division by zero at row 0:3"), "{jobs:?}");
        if round == 0 {
            // Before the row there was no error.
            assert_eq!(value(&client, &format!("SELECT count(*) FROM strict AS OF LSN {before}")).await, "2");
            let after = failure(&client, &format!("SELECT * FROM strict AS OF LSN {}", before + 1)).await;
            assert_eq!(after.0, "22012", "{before} {}", after.1);
            execute(&client, "SET millstream.read_consistency = 'eventual'").await;
            assert_eq!(failure(&client, "SELECT * FROM strict").await.0, "22012");
            execute(&client, "CHECKPOINT").await;
            server.stop();
            server.start_again();
        }
    }
    let client = server.connect().await;
    execute(&client, "ALTER MATERIALIZED VIEW strict SET (on_error = 'skip')").await;
    assert_eq!(value(&client, "SELECT count(*) FROM strict").await, "4");
    assert_eq!(value(&client, "SELECT n FROM above").await, "4");
    execute(&client, "ALTER MATERIALIZED VIEW strict RESET (on_error)").await;
    assert_eq!(failure(&client, "SELECT * FROM above").await.0, "22012");
    let wrong = "CREATE MATERIALIZED VIEW w WITH (on_error = 'retry') AS SELECT k FROM t";
    assert_eq!(failure(&client, wrong).await.0, "22023");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_fails_heals_when_it_changes() {
    let mut server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (k bigint, n bigint)").await;
    let query = "SELECT k, 100 / sum(n) AS q FROM t GROUP BY k";
    execute(&client, &format!("CREATE MATERIALIZED VIEW v AS {query}")).await;
    execute(&client, "CREATE MATERIALIZED VIEW total AS SELECT sum(n) AS total FROM t").await;
    execute(&client, "INSERT INTO t VALUES (1, 5), (2, 3), (2, -3)").await;
    assert_eq!(failure(&client, "SELECT * FROM v").await.0, "22012");
    let key = value(&client, "SELECT key FROM millstream.row_errors").await;
    assert_eq!(key, "(k)=(2)");
    server.crash();
    let client = server.connect().await;
    assert_eq!(failure(&client, "SELECT * FROM v").await.0, "22012");
    execute(&client, "INSERT INTO t VALUES (2, 10)").await;
    assert_eq!(lines(&client, "SELECT * FROM v").await, lines(&client, query).await);
    assert_eq!(value(&client, "SELECT count(*) FROM millstream.row_errors").await, "0");
    execute(&client, "INSERT INTO t VALUES (1, 9223372036854775807)").await;
    execute(&client, "INSERT INTO t VALUES (1, 9223372036854775807)").await;
    assert!(
        client.batch_execute("SELECT * FROM total").await.is_ok() || {
            assert_eq!(failure(&client, "SELECT * FROM total").await.0, "22003");
            execute(&client, "INSERT INTO t VALUES (1, -9223372036854775807)").await;
            value(&client, "SELECT count(*) FROM total").await == "1"
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_over_rows_that_fail_is_made_and_says_so() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n bigint); INSERT INTO t VALUES (1), (0)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT 1 / n AS x FROM t").await;
    assert_eq!(failure(&client, "SELECT * FROM v").await.0, "22012");
    let psql = server.psql_command(&["-AtX"], &["CREATE MATERIALIZED VIEW w AS SELECT 1 / n AS x FROM t"]);
    let mut psql = psql;
    let said = String::from_utf8(psql.output().unwrap().stderr).unwrap();
    assert!(said.contains("WARNING") && said.contains("division by zero"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sinks_and_subscriptions_end_where_a_row_fails() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (n bigint); CREATE STREAM copy (n bigint)").await;
    execute(
        &client,
        "CREATE MATERIALIZED VIEW v AS SELECT 10 / n AS n FROM t; CREATE SINK c INTO copy FROM v",
    )
    .await;
    execute(&client, "INSERT INTO t VALUES (1), (2)").await;
    for _ in 0..200 {
        if value(&client, "SELECT count(*) FROM copy").await == "2" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(value(&client, "SELECT count(*) FROM copy").await, "2");
    execute(&client, "INSERT INTO t VALUES (0), (5)").await;
    assert_eq!(failure(&client, "SELECT * FROM v").await.0, "22012");
    assert_eq!(failure(&client, "COPY (SUBSCRIBE TO v) TO STDOUT").await.0, "22012");
    for _ in 0..200 {
        if value(&client, "SELECT error FROM millstream.sinks").await != "NULL" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(value(&client, "SELECT error FROM millstream.sinks").await.contains("division by zero"));
    assert_eq!(value(&client, "SELECT count(*) FROM copy").await, "2");
}

/// 0.1 % of many rows fail, in a projection, above an aggregate, below a union and in windows: at each of 50 LSNs the view
/// says what a batch query over the rows up to there says, with 'skip' what one over the rows that do not fail says, and
/// its errors are the same however the rows came. `MILLSTREAM_ERROR_ROWS` is the number of rows (20,000).
#[tokio::test(flavor = "multi_thread")]
async fn three_ways_of_cutting_give_the_same_errors() {
    const COMMITS: i64 = 50;
    let rows: i64 = std::env::var("MILLSTREAM_ERROR_ROWS").map_or(20_000, |rows| rows.parse().unwrap());
    let a_commit = rows / COMMITS;
    // Name, query, the same over the rows and groups that do not fail.
    let views = [
        ("projection", "SELECT k, 1000 / n AS q FROM t", "SELECT k, 1000 / n AS q FROM t WHERE n <> 0"),
        (
            "groups",
            "SELECT k, 1000 / (sum(n) % 97) AS q FROM t GROUP BY k",
            "SELECT k, 1000 / (sum(n) % 97) AS q FROM t GROUP BY k HAVING sum(n) % 97 <> 0",
        ),
        (
            "unions",
            "SELECT k, count(*) AS c, sum(q) AS q FROM \
                    (SELECT k, 7 AS q FROM t UNION ALL SELECT k, 1000 / n FROM t) AS u GROUP BY k",
            "SELECT k, count(*) AS c, sum(q) AS q FROM \
                    (SELECT k, 7 AS q FROM t UNION ALL SELECT k, 1000 / n FROM t WHERE n <> 0) AS u GROUP BY k",
        ),
        (
            "windows",
            "SELECT window_start, count(*) AS k, sum(1000 / n) AS q \
                     FROM TUMBLE(t, at, INTERVAL '1 minute') GROUP BY window_start",
            "SELECT window_start, count(*) AS k, sum(1000 / n) AS q \
                     FROM TUMBLE(t, at, INTERVAL '1 minute') WHERE n <> 0 GROUP BY window_start",
        ),
    ];
    let insert = |commit: i64| {
        let (first, last) = (commit * a_commit, (commit + 1) * a_commit - 1);
        format!(
            "INSERT INTO t SELECT g % 50, g % 1000, timestamp '2024-01-01' + CAST((g / 10)::text || ' seconds' AS interval) \
             FROM generate_series({first}, {last}) AS s(g)"
        )
    };
    let sums = |of: &str| format!("SELECT count(*), sum(k), sum(q), min(q), max(q) FROM {of}");
    let mut found: Vec<(Vec<String>, Vec<Vec<String>>)> = vec![];
    for way in ["as it comes", "all at once", "a restart in the middle"] {
        let mut server = Server::with_flags(&["--checkpoint-seconds", "0.2"]);
        let client = server.connect().await;
        execute(&client, "CREATE STREAM t (k bigint, n bigint, at timestamp)").await;
        let create = async |client: &Client| {
            for (name, query, _) in views {
                execute(client, &format!("CREATE MATERIALIZED VIEW {name} AS {query}")).await;
                let skipping =
                    format!("CREATE MATERIALIZED VIEW {name}_skip WITH (on_error = 'skip') AS {query}");
                execute(client, &skipping).await;
            }
        };
        if way != "all at once" {
            create(&client).await;
        }
        for commit in 0..COMMITS {
            if way == "a restart in the middle" && commit % 17 == 9 {
                server.crash();
            }
            let client = server.connect().await;
            execute(&client, &insert(commit)).await;
            if way == "as it comes" {
                for (name, query, rest) in views {
                    let view = client.simple_query(&format!("SELECT count(*), sum(q) FROM {name}")).await;
                    let batch =
                        client.simple_query(&format!("SELECT count(*), sum(q) FROM ({query}) AS b")).await;
                    let code = |error: tokio_postgres::Error| error.code().unwrap().code().to_owned();
                    assert_eq!(
                        view.map(drop).map_err(code),
                        batch.map(drop).map_err(code),
                        "{name} after {commit}"
                    );
                    assert_eq!(
                        lines(&client, &sums(&format!("{name}_skip"))).await,
                        lines(&client, &sums(&format!("({rest}) AS b"))).await,
                        "{name} without errors after {commit}"
                    );
                }
            }
        }
        let client = server.connect().await;
        if way == "all at once" {
            create(&client).await;
        }
        let errors = "SELECT view, sqlstate, message, \"offset\", key, count FROM millstream.row_errors";
        let mut contents = vec![];
        for (name, _, rest) in views {
            let left = lines(&client, &sums(&format!("{name}_skip"))).await;
            assert_eq!(left, lines(&client, &sums(&format!("({rest}) AS b"))).await, "{name}, {way}");
            contents.push(left);
        }
        found.push((lines(&client, errors).await, contents));
    }
    assert!(found[0].0.len() as i64 >= 2 * 3 * rows / 1000, "{} errors", found[0].0.len());
    assert!(found[0] == found[1], "rows that come in commits, and all at once");
    assert!(found[0] == found[2], "with a restart");
}
