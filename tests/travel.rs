//! Time travel over views: what their jobs and their snapshots still hold, and an error for all else.

use std::time::{Duration, SystemTime};

use crate::harness::{Server, execute, failure, rows, value};

async fn newest_lsn(client: &tokio_postgres::Client) -> u64 {
    value(client, "SELECT max(_lsn) FROM s").await.parse().unwrap()
}

/// Waits until a view has a snapshot at that LSN.
async fn snapshot_at(client: &tokio_postgres::Client, lsn: u64) {
    execute(client, "CHECKPOINT").await;
    for _ in 0..200 {
        let listed = rows(client, "SHOW SNAPSHOTS FROM v").await;
        if listed.iter().any(|row| row[0] == lsn.to_string()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no snapshot at LSN {lsn}");
}

async fn start(server: &Server) -> tokio_postgres::Client {
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT); CREATE STREAM other (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows, sum(n) AS total FROM s").await;
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_read_as_it_was_at_each_of_its_last_commits() {
    let server = Server::with_flags(&["--checkpoint-seconds", "3600"]);
    let client = start(&server).await;
    let mut expected = Vec::new();
    for n in 1..=10u64 {
        execute(&client, &format!("INSERT INTO s VALUES ({n})")).await;
        // The view takes each commit in a step of its own.
        assert_eq!(value(&client, "SELECT total FROM v").await, (n * (n + 1) / 2).to_string());
        expected.push((newest_lsn(&client).await, n));
        // A commit that the view does not read changes nothing.
        execute(&client, "INSERT INTO other VALUES (0)").await;
    }
    for (lsn, n) in &expected {
        let total = (n * (n + 1) / 2).to_string();
        for lsn in [*lsn, lsn + 1] {
            let sql = format!("SELECT rows, total FROM v AS OF LSN {lsn}");
            assert_eq!(rows(&client, &sql).await, [[n.to_string(), total.clone()]], "LSN {lsn}");
            // The oracle.
            let sql = format!("SELECT count(*), sum(n) FROM s AS OF LSN {lsn}");
            assert_eq!(rows(&client, &sql).await, [[n.to_string(), total.clone()]], "LSN {lsn}");
        }
    }
    for n in 11..=60 {
        execute(&client, &format!("INSERT INTO s VALUES ({n})")).await;
        value(&client, "SELECT total FROM v").await;
    }
    let error =
        client.batch_execute(&format!("SELECT * FROM v AS OF LSN {}", expected[0].0)).await.unwrap_err();
    let error = error.as_db_error().unwrap();
    assert_eq!(error.code().code(), "22023");
    assert!(error.message().contains("is not held any more"), "{error}");
    assert!(error.detail().unwrap().starts_with("held are LSN "), "{error:?}");
    assert!(error.hint().unwrap().contains("SHOW SNAPSHOTS FROM v"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_answers_for_its_lsn_after_a_restart() {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "3600"]);
    let client = start(&server).await;
    execute(&client, "INSERT INTO s VALUES (1), (2)").await;
    let first = newest_lsn(&client).await;
    value(&client, "SELECT total FROM v").await;
    snapshot_at(&client, first).await;
    execute(&client, "INSERT INTO other VALUES (1)").await;
    execute(&client, "INSERT INTO s VALUES (3)").await;
    execute(&client, "INSERT INTO s VALUES (4)").await;
    let last = newest_lsn(&client).await;
    assert_eq!(value(&client, "SELECT total FROM v").await, "10");
    snapshot_at(&client, last).await;
    drop(client);
    server.crash();
    let client = server.connect().await;
    let total = |lsn: u64| format!("SELECT total FROM v AS OF LSN {lsn}");
    assert_eq!(value(&client, &total(first)).await, "3");
    assert_eq!(value(&client, &total(first + 1)).await, "3", "no commit between touched the view");
    assert_eq!(value(&client, &total(last)).await, "10");
    let (state, message) = failure(&client, &total(last - 1)).await;
    assert_eq!(state, "22023", "{message}");
    let listed = rows(&client, "SELECT view, lsn, rows, format FROM millstream.snapshots ORDER BY lsn").await;
    assert_eq!(listed, [["v", &first.to_string(), "1", "parquet"], ["v", &last.to_string(), "1", "parquet"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_the_newest_commit_that_is_not_after_it() {
    let server = Server::start();
    let client = start(&server).await;
    let mut moments = Vec::new();
    for n in 1..=5 {
        execute(&client, &format!("INSERT INTO s VALUES ({n})")).await;
        value(&client, "SELECT total FROM v").await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        moments.push((n, value(&client, "SELECT now()").await));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for (n, moment) in &moments {
        for relation in ["s", "(SELECT n FROM s) AS", "v"] {
            let sql = match relation {
                "v" => format!("SELECT rows FROM v FOR SYSTEM_TIME AS OF '{moment}'"),
                "s" => format!("SELECT count(*) FROM s FOR SYSTEM_TIME AS OF TIMESTAMPTZ '{moment}' AS x"),
                _ => format!("SELECT count(*) FROM {relation} x AS OF TIMESTAMP '{moment}'"),
            };
            assert_eq!(value(&client, &sql).await, n.to_string(), "{sql}");
        }
    }
    let commit_time = value(&client, "SELECT _commit_time FROM s WHERE n = 3").await;
    let sql = format!("SELECT count(*) FROM s FOR SYSTEM_TIME AS OF '{commit_time}'");
    assert_eq!(value(&client, &sql).await, "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_are_taken_as_parameters() {
    let server = Server::start();
    let client = start(&server).await;
    execute(&client, "INSERT INTO s VALUES (1)").await;
    let first = newest_lsn(&client).await as i64;
    #[expect(clippy::disallowed_methods, reason = "the client's clock")]
    let between = SystemTime::now();
    tokio::time::sleep(Duration::from_millis(5)).await;
    execute(&client, "INSERT INTO s VALUES (2)").await;
    let sql = "SELECT count(*), (SELECT count(*) FROM s WHERE n < $2) FROM s AS OF LSN $1 AS x";
    let statement = client.prepare(sql).await.unwrap();
    for (lsn, rows) in [(first - 1, 0), (first, 1), (first + 1, 2)] {
        let row = client.query_one(&statement, &[&lsn, &2i64]).await.unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (rows, 1));
    }
    let sql = "SELECT count(*) FROM s FOR SYSTEM_TIME AS OF $1";
    let row = client.query_one(sql, &[&between]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1);
    let sql = "SELECT count(*) FROM s AS OF LSN 3";
    assert_eq!(client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);
    let error = client.query(&statement, &[&(first + 99), &2i64]).await.unwrap_err();
    assert_eq!(error.code().unwrap().code(), "22023");
    execute(&client, "PREPARE p AS SELECT count(*) FROM s AS OF LSN $1").await;
    assert_eq!(value(&client, &format!("EXECUTE p({first})")).await, "1");
    assert_eq!(failure(&client, "CREATE VIEW x AS SELECT * FROM s AS OF LSN $1").await.0, "42P02");
    let plan = rows(&client, &format!("EXPLAIN VERBOSE SELECT * FROM s AS OF LSN {first}")).await;
    assert!(plan.iter().any(|line| line[0].contains(&format!("s AS OF LSN {first}"))), "{plan:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_stored_as_often_as_it_says() {
    let server = Server::with_flags(&["--checkpoint-seconds", "3600"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows FROM s").await;
    execute(
        &client,
        "CREATE MATERIALIZED VIEW often WITH (snapshot_interval = '50 milliseconds') AS SELECT sum(n) AS total FROM s",
    )
    .await;
    execute(&client, "INSERT INTO s VALUES (1)").await;
    let stored = async |name: &str| {
        value(&client, &format!("SELECT count(*) FROM millstream.snapshots WHERE view = '{name}'")).await
    };
    let appears = async |name: &str| {
        for _ in 0..500 {
            if stored(name).await != "0" {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("no snapshot of {name}");
    };
    appears("often").await;
    assert_eq!(stored("v").await, "0");
    execute(&client, "ALTER MATERIALIZED VIEW v SET (snapshot_interval = '50 milliseconds')").await;
    appears("v").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_over_nothing_is_never_without_its_row() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT)").await;
    execute(&client, "CREATE STREAM other (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows FROM s").await;
    execute(&client, "INSERT INTO other VALUES (1)").await;
    let (last, query) = (value(&client, "SELECT max(_lsn) FROM other").await, "SELECT rows FROM v AS OF LSN");
    assert_eq!(rows(&client, &format!("{query} {last}")).await, [["0"]]);
    // Of the moment in between there may be no version, but never one without the row.
    for lsn in 3..last.parse::<u64>().unwrap() {
        if let Ok(found) = client.simple_query(&format!("{query} {lsn}")).await {
            assert!(format!("{found:?}").contains("CommandComplete(1)"), "LSN {lsn}: {found:?}");
        }
    }
}
