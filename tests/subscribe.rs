//! SUBSCRIBE: the snapshot first, then ordered changes, whose sum equals the view.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures::StreamExt;
use tokio_postgres::Client;

use crate::harness::{Server, execute, rows};

const SETUP: [&str; 2] = [
    "CREATE STREAM s (k BIGINT, v BIGINT)",
    "CREATE MATERIALIZED VIEW totals AS SELECT k, count(*) AS n, sum(v) AS total FROM s GROUP BY k",
];

/// Adds up changes until `until` says that it is enough, and on to the next progress row: the changes of one step come
/// in any order. Answers what is left, row by count.
async fn sum_changes(
    client: &Client,
    sql: &str,
    until: impl Fn(&BTreeMap<String, i64>) -> bool,
) -> BTreeMap<String, i64> {
    let changes = client.copy_out(sql).await.unwrap();
    let mut changes = std::pin::pin!(changes);
    let (mut sum, mut text, mut last_lsn) = (BTreeMap::<String, i64>::new(), String::new(), 0);
    let mut whole = false;
    while !(whole && until(&sum)) {
        let piece =
            tokio::time::timeout(Duration::from_secs(20), changes.next()).await.expect("changes go on");
        text.push_str(std::str::from_utf8(&piece.unwrap().unwrap()).unwrap());
        while let Some(end) = text.find('\n') {
            let line: String = text.drain(..=end).collect();
            let fields: Vec<_> = line.trim_end().splitn(4, '\t').collect();
            let lsn: i64 = fields[0].parse().unwrap();
            assert!(lsn >= last_lsn, "changes come in the order of the log");
            last_lsn = lsn;
            whole = fields[2] == "t";
            let weight = match fields[1] {
                "\\N" => continue,
                "insert" | "update_after" => 1,
                "delete" | "update_before" => -1,
                other => panic!("an unknown op: {other}"),
            };
            *sum.entry(fields[3].to_owned()).or_default() += weight;
        }
        sum.retain(|_, weight| *weight != 0);
        assert!(sum.values().all(|weight| *weight == 1), "a keyed view has each row once: {sum:?}");
    }
    sum
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sum_of_changes_is_the_view() {
    let server = Server::start();
    let client = server.connect().await;
    for sql in SETUP {
        execute(&client, sql).await;
    }
    execute(&client, "INSERT INTO s SELECT v % 10, v FROM generate_series(1, 100) AS g(v)").await;
    let follower = server.connect().await;
    let following = tokio::spawn(async move {
        let done = |sum: &BTreeMap<String, i64>| sum.keys().any(|row| row.starts_with("99\t"));
        sum_changes(&follower, "COPY (SUBSCRIBE TO totals WITH (progress = true)) TO STDOUT", done).await
    });
    for n in 0..300 {
        execute(&client, &format!("INSERT INTO s VALUES ({}, {n}), ({}, {n})", n % 10, n % 13)).await;
    }
    execute(&client, "INSERT INTO s VALUES (99, 0)").await;
    let sum = following.await.unwrap();
    let view: Vec<_> =
        rows(&client, "SELECT k, n, total FROM totals").await.into_iter().map(|row| row.join("\t")).collect();
    assert_eq!(sum.len(), view.len());
    assert!(view.iter().all(|row| sum.contains_key(row)), "{view:?} {sum:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_arrives_soon_after_its_commit() {
    let server = Server::start();
    let (client, follower) = (server.connect().await, server.connect().await);
    for sql in SETUP {
        execute(&client, sql).await;
    }
    let changes =
        follower.copy_out("COPY (SUBSCRIBE TO totals WITH (snapshot = false)) TO STDOUT").await.unwrap();
    let mut changes = std::pin::pin!(changes);
    let mut delays = Vec::new();
    for n in 0..20 {
        execute(&client, &format!("INSERT INTO s VALUES ({n}, 1)")).await;
        let committed = Instant::now();
        changes.next().await.unwrap().unwrap();
        delays.push(committed.elapsed());
    }
    println!("commit to change: {delays:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_over_a_subscription_gives_what_is_there_and_waits_no_longer_than_it_is_told() {
    let server = Server::start();
    let client = server.connect().await;
    for sql in SETUP {
        execute(&client, sql).await;
    }
    execute(&client, "INSERT INTO s VALUES (1, 10), (2, 20)").await;
    execute(&client, "BEGIN").await;
    execute(&client, "DECLARE c CURSOR FOR SUBSCRIBE totals").await;
    assert_eq!(rows(&client, "FETCH 10 FROM c WITH (timeout = '5s')").await.len(), 2);
    assert_eq!(rows(&client, "FETCH 10 FROM c WITH (timeout = '50ms')").await.len(), 0);
    let other = server.connect().await;
    execute(&other, "INSERT INTO s VALUES (1, 1)").await;
    let changes = rows(&client, "FETCH ALL FROM c WITH (timeout = '5s')").await;
    let ops: Vec<_> = changes.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(ops, ["update_before", "update_after"]);
    assert_eq!(changes[1][3..], ["1", "2", "11"]);
    execute(&client, "COMMIT").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_can_be_subscribed_to_and_a_subscription_can_end_at_an_lsn() {
    let server = Server::start();
    let client = server.connect().await;
    execute(&client, SETUP[0]).await;
    execute(&client, "INSERT INTO s VALUES (1, 10), (1, 20), (2, 5)").await;
    let lsn = rows(&client, "SELECT max(_lsn) FROM s").await[0][0].clone();
    let sql =
        format!("COPY (SUBSCRIBE (SELECT k, sum(v) AS total FROM s GROUP BY k) UP TO LSN {lsn}) TO STDOUT");
    let pieces: Vec<_> = client.copy_out(&sql).await.unwrap().collect().await;
    let text: Vec<u8> = pieces.into_iter().flat_map(|piece| piece.unwrap().to_vec()).collect();
    let text = String::from_utf8(text).unwrap();
    let mut rows: Vec<_> =
        text.lines().map(|line| line.split('\t').skip(3).collect::<Vec<_>>().join(" ")).collect();
    rows.sort();
    assert_eq!(rows, ["1 30", "2 5"]);
    let sql = format!("COPY (SUBSCRIBE TO s UP TO LSN {lsn}) TO STDOUT");
    assert_eq!(
        client
            .copy_out(&sql)
            .await
            .unwrap()
            .collect::<Vec<_>>()
            .await
            .iter()
            .map(|p| p.as_ref().unwrap().iter().filter(|b| **b == b'\n').count())
            .sum::<usize>(),
        3
    );
}
