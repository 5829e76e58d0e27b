//! Reads see every acknowledged write, at one LSN, without FLUSH.

use crate::harness::{Server, execute, rows, value};

const STREAM: &str = "CREATE STREAM bids (auction BIGINT, price BIGINT, at TIMESTAMP,
    WATERMARK FOR at AS at - INTERVAL '4 seconds')";

#[tokio::test(flavor = "multi_thread")]
async fn a_select_right_after_an_insert_sees_it_in_every_view_and_connection() {
    let server = Server::start();
    let (writer, reader) = (server.connect().await, server.connect().await);
    execute(&writer, STREAM).await;
    execute(
        &writer,
        "CREATE MATERIALIZED VIEW t AS SELECT window_start, count(*) AS n, sum(price) AS total
         FROM TUMBLE(bids, at, INTERVAL '10 seconds') GROUP BY window_start, window_end",
    )
    .await;
    execute(
        &writer,
        "CREATE MATERIALIZED VIEW h AS SELECT window_start, count(*) AS n
         FROM HOP(bids, at, INTERVAL '5 seconds', INTERVAL '10 seconds') GROUP BY window_start, window_end",
    )
    .await;
    for n in 1..=1000 {
        execute(&writer, &format!("INSERT INTO bids VALUES ({n}, 1, '2024-01-01 00:00:{:02}')", n % 4)).await;
        let client = if n % 2 == 0 { &reader } else { &writer };
        assert_eq!(value(client, "SELECT sum(n) FROM t").await, n.to_string());
        assert_eq!(value(client, "SELECT sum(n) FROM h").await, (2 * n).to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_over_several_views_and_the_stream_reads_one_lsn() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (k BIGINT, v BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW a AS SELECT count(*) AS n FROM s").await;
    execute(&client, "CREATE MATERIALIZED VIEW b AS SELECT k, sum(v) AS n FROM s GROUP BY k").await;
    let writer = server.connect().await;
    let writing = tokio::spawn(async move {
        for n in 0..600 {
            execute(&writer, &format!("INSERT INTO s VALUES ({}, 1), ({}, 1)", n % 7, n % 5)).await;
        }
    });
    let mut reads = 0;
    while !writing.is_finished() || reads == 0 {
        let sql = "SELECT (SELECT n FROM a), (SELECT coalesce(sum(n), 0) FROM b), (SELECT count(*) FROM s)";
        let row = rows(&client, sql).await.remove(0);
        assert!(row[0] == row[1] && row[1] == row[2], "one LSN for all: {row:?}");
        reads += 1;
    }
    writing.await.unwrap();
    assert_eq!(value(&client, "SELECT n FROM a").await, "1200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_one_commit_and_a_rollback_leaves_nothing() {
    let server = Server::start();
    let mut client = server.connect().await;
    execute(&client, "CREATE STREAM a (v BIGINT)").await;
    execute(&client, "CREATE STREAM b (v BIGINT)").await;
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("INSERT INTO a VALUES (1)").await.unwrap();
    transaction.batch_execute("INSERT INTO b VALUES (2)").await.unwrap();
    let other = server.connect().await;
    assert_eq!(value(&other, "SELECT count(*) FROM a").await, "0");
    transaction.commit().await.unwrap();
    let sql = "SELECT (SELECT max(_lsn) FROM a) = (SELECT max(_lsn) FROM b)";
    assert_eq!(value(&other, sql).await, "t");
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("INSERT INTO a VALUES (3)").await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(value(&client, "SELECT count(*) FROM a").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_and_binary_results_work_through_a_driver() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (k BIGINT, name TEXT, share DOUBLE PRECISION, ok BOOLEAN)").await;
    let insert = client.prepare("INSERT INTO s VALUES ($1, $2, $3, $4)").await.unwrap();
    client.execute(&insert, &[&1i64, &"one", &0.5f64, &true]).await.unwrap();
    client.execute(&insert, &[&2i64, &None::<&str>, &1.5f64, &false]).await.unwrap();
    let rows =
        client.query("SELECT k, name, share, ok FROM s WHERE k >= $1 ORDER BY k", &[&1i64]).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get::<_, i64>(0), 1);
    assert_eq!(rows[0].get::<_, String>(1), "one");
    assert_eq!(rows[1].get::<_, Option<String>>(1), None);
    assert_eq!(rows[1].get::<_, f64>(2), 1.5);
    assert!(!rows[1].get::<_, bool>(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_folded_as_postgres_folds_them() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM ÜnI (ÄB BIGINT)").await;
    execute(&client, "INSERT INTO Üni (Äb) VALUES (1)").await;
    assert_eq!(value(&client, "SELECT Äb FROM ÜNI").await, "1");
    execute(&client, "CREATE VIEW v AS SELECT 2 AS \"Ü\"").await;
    assert_eq!(value(&client, "SELECT Ü FROM v").await, "2");
    execute(&client, "WITH Ç AS (SELECT 1 AS É) SELECT É FROM Ç").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn intervals_read_back_as_they_were_written() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (i INTERVAL)").await;
    execute(
        &client,
        "INSERT INTO s VALUES ('1 day -00:00:01'), ('P1DT2H'), (interval '1-2'), ('-1 mons +1 day -00:00:01'::interval),
         ('1 day ago'), ('1 day 02:03:04.5'), (- interval '1 day 2 hours'), (interval '02:03'), (NULL)",
    )
    .await;
    let wanted = [
        "-1 days",
        "-1 days -02:00:00",
        "-1 mons +1 day -00:00:01",
        "02:03:00",
        "1 day -00:00:01",
        "1 day 02:00:00",
        "1 day 02:03:04.5",
        "1 year 2 mons",
        "NULL",
    ];
    let mut found: Vec<_> =
        rows(&client, "SELECT i FROM s").await.into_iter().map(|row| row[0].clone()).collect();
    found.sort();
    assert_eq!(found, wanted);
    assert_eq!(value(&client, "SELECT count(*) FROM s WHERE i::text::interval = i").await, "8");
    let lines = server.psql(&["COPY s TO STDOUT"]);
    execute(&client, "CREATE STREAM t (i INTERVAL)").await;
    assert_eq!(crate::harness::copy(&client, "COPY t FROM STDIN", lines.as_bytes()).await.unwrap(), 9);
    let mut copied: Vec<_> =
        rows(&client, "SELECT i FROM t").await.into_iter().map(|row| row[0].clone()).collect();
    copied.sort();
    assert_eq!(copied, wanted);
    execute(&client, "CREATE VIEW v AS SELECT timestamp '2024-01-31' + interval '1 mon 2 days 01:00' AS at")
        .await;
    assert_eq!(value(&client, "SELECT at FROM v").await, "2024-03-02 01:00:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_single_row_commits_stay_small() {
    // The suite takes a twentieth of it; `MILLSTREAM_LONG=1` takes all.
    let count = if std::env::var_os("MILLSTREAM_LONG").is_some() { 1_000_000 } else { 50_000 };
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, STREAM).await;
    execute(
        &client,
        "CREATE MATERIALIZED VIEW t AS SELECT window_start, auction, count(*) AS n
         FROM TUMBLE(bids, at, INTERVAL '1 minute') GROUP BY window_start, window_end, auction",
    )
    .await;
    let writers = 16;
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let client = server.connect().await;
        tasks.push(tokio::spawn(async move {
            let insert =
                client.prepare("INSERT INTO bids VALUES ($1, $2, '2024-01-01 00:00:00')").await.unwrap();
            for n in 0..count / writers {
                client.execute(&insert, &[&(i64::from(n) % 100), &i64::from(writer)]).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(value(&client, "SELECT sum(n) FROM t").await, (count / writers * writers).to_string());
    assert!(server.resident_mib() < 600, "{} MiB", server.resident_mib());
}
