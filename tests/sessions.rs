//! What a client is told is what happened: commits against cancels and timeouts, transactions, settings, budgets.

use std::time::Duration;

use crate::harness::{Server, copy, execute, failure, rows, value};

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_is_never_reported_as_cancelled() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (a BIGINT)").await;
    execute(&client, "SET statement_timeout = '1ms'").await;
    let mut acknowledged = 0;
    for row in 0..200 {
        // The parse of a statement may time out; its commit may not.
        acknowledged +=
            u64::from(client.batch_execute(&format!("INSERT INTO t VALUES ({row})")).await.is_ok());
    }
    execute(&client, "SET statement_timeout = 0").await;
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, acknowledged.to_string());
    assert!(acknowledged > 0, "some are fast enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_of_one_text_are_one_transaction_until_commit_is_said() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (a BIGINT)").await;
    assert_eq!(failure(&client, "INSERT INTO t VALUES (1); COMMIT; SELECT 1 / 0").await.0, "22012");
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, "1", "what was committed stays");
    let text = "BEGIN; INSERT INTO t VALUES (2); COMMIT; INSERT INTO t VALUES (3); SELECT 1 / 0";
    assert_eq!(failure(&client, text).await.0, "22012");
    assert_eq!(rows(&client, "SELECT a FROM t ORDER BY a").await, [["1"], ["2"]]);
    assert_eq!(failure(&client, "INSERT INTO t VALUES (4); SELECT 1 / 0").await.0, "22012");
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_follow_their_transaction() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (a BIGINT)").await;
    execute(&client, "BEGIN; SET statement_timeout = '7s'; ROLLBACK").await;
    assert_eq!(value(&client, "SHOW statement_timeout").await, "0");
    execute(&client, "BEGIN; SET statement_timeout = '7s'; COMMIT").await;
    assert_eq!(value(&client, "SHOW statement_timeout").await, "7s");
    execute(&client, "BEGIN; SET LOCAL statement_timeout = '9s'; COMMIT").await;
    assert_eq!(value(&client, "SHOW statement_timeout").await, "7s");
    execute(&client, "BEGIN; SET TRANSACTION READ ONLY").await;
    assert_eq!(failure(&client, "INSERT INTO t VALUES (1)").await.0, "25006");
    execute(&client, "ROLLBACK; SET default_transaction_read_only = on; BEGIN").await;
    assert_eq!(failure(&client, "INSERT INTO t VALUES (1)").await.0, "25006");
    execute(&client, "ROLLBACK; SET default_transaction_read_only = off; INSERT INTO t VALUES (1)").await;
    for refused in
        ["DateStyle = 'nix'", "bytea_output = 'nix'", "array_nulls = off", "transform_null_equals = on"]
    {
        assert_eq!(failure(&client, &format!("SET {refused}")).await.0, "22023");
    }
    execute(&client, "BEGIN; SET LOCAL DateStyle = 'German, DMY'").await;
    assert_eq!(value(&client, "SELECT DATE '2024-02-01'").await, "01.02.2024");
    execute(&client, "COMMIT").await;
    assert_eq!(value(&client, "SELECT DATE '2024-02-01'").await, "2024-02-01");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_join_gives_its_threads_back() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (a BIGINT)").await;
    execute(&client, "SET statement_timeout = '500ms'").await;
    let join =
        "SELECT count(*) FROM generate_series(1, 100000000) AS a(a), generate_series(1, 1000000) AS b(b)
        WHERE a.a + b.b = 7";
    for _ in 0..4 {
        assert_eq!(failure(&client, join).await.0, "57014");
    }
    let other = server.connect().await;
    let count = tokio::time::timeout(Duration::from_secs(20), value(&other, "SELECT count(*) FROM t")).await;
    assert_eq!(count.expect("other queries have threads to run on"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn now_is_one_time_in_a_query() {
    let server = Server::start();
    let client = server.connect().await;
    let answer =
        value(&client, "SELECT now() = now() AND now() > '2020-01-01' AND current_date > '2020-01-01'").await;
    assert_eq!(answer, "t");
    execute(&client, "CREATE STREAM t (at TIMESTAMP)").await;
    execute(&client, "INSERT INTO t VALUES (now()), (current_timestamp)").await;
    assert_eq!(value(&client, "SELECT count(*) FROM t WHERE at <= now()").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_transaction_holds_is_bounded() {
    let server = Server::with_flags(&["--memory-mib", "16"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM t (a TEXT)").await;
    let line = format!("{}\n", "x".repeat(1000));
    let error = copy(&client, "COPY t FROM STDIN", line.repeat(40_000).as_bytes()).await.unwrap_err();
    assert_eq!(error.code().unwrap().code(), "53200");
    let insert = "INSERT INTO t SELECT repeat('x', 1000) FROM generate_series(1, 40000)";
    assert_eq!(failure(&client, insert).await.0, "53200");
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, "0");
    copy(&client, "COPY t FROM STDIN", line.repeat(4_000).as_bytes()).await.unwrap();
    assert_eq!(value(&client, "SELECT count(*) FROM t").await, "4000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_in_another_time_zone_can_connect() {
    let server = Server::start();
    let settings = format!(
        "host=127.0.0.1 port={} user=t dbname=millstream options='-c TimeZone=Europe/Berlin'",
        server.port
    );
    let (client, connection) = tokio_postgres::connect(&settings, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    assert_eq!(value(&client, "SHOW timezone").await, "Europe/Berlin");
    assert_eq!(value(&client, "SELECT TIMESTAMPTZ '2024-07-01 12:00:00+00'").await, "2024-07-01 14:00:00+02");
    drop(client);
    connection.await.unwrap().unwrap();
    let output =
        server.psql_command(&["-AtX"], &["SHOW timezone"]).env("PGTZ", "Europe/Berlin").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "Europe/Berlin");
}
