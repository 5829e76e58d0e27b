//! The object store over S3, the real protocol on the loopback address ([`crate::s3_server`]): the scenarios of the
//! local store, and what only a store that is elsewhere can do: be away, refuse, be another's.

use std::process::{Command, Output};
use std::time::Duration;

use crate::crash::kill_loop;
use crate::harness::{Server, copy, execute, failure, value};
use crate::s3_server::{KEY, S3, SECRET};
use crate::sealing::{SMALL, files_below, scenario};

fn environment<'a>(s3: &'a S3, secret: &'a str) -> [(&'static str, &'a str); 5] {
    [
        ("AWS_ENDPOINT_URL", &s3.endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", secret),
    ]
}

fn flags(prefix: &str) -> Vec<String> {
    let mut flags: Vec<String> = SMALL.iter().map(ToString::to_string).collect();
    flags.extend(["--object-store-url".to_owned(), format!("s3://bucket/{prefix}")]);
    flags
}

fn start(s3: &S3, prefix: &str) -> Server {
    let flags = flags(prefix);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    Server::with_environment(&flags, &environment(s3, SECRET))
}

/// A server that must not start.
fn refused(s3: &S3, prefix: &str, secret: &str, directory: &std::path::Path) -> String {
    let Output { status, stderr, .. } = Command::new(env!("CARGO_BIN_EXE_millstream"))
        .args(["--listen", "127.0.0.1:0", "--data-directory"])
        .arg(directory)
        .args(flags(prefix))
        .envs(environment(s3, secret))
        .output()
        .unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_rows_and_checkpoints_in_s3_survive_crashes() {
    let s3 = S3::start().await;
    let objects = || files_below(&s3.bucket());
    scenario(start(&s3, "deep/prefix"), |_| objects()).await;
    assert!(objects().iter().all(|path| path.contains("deep/prefix") || path.contains("/.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_over_s3() {
    let s3 = S3::start().await;
    let kills = std::env::var("MILLSTREAM_KILLS").map_or(4, |kills| kills.parse().unwrap());
    kill_loop(start(&s3, "p"), kills).await;
    let sealed = files_below(&s3.bucket());
    assert!(sealed.iter().any(|path| path.contains("/p/streams/")), "kills hit sealed rows: {sealed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_delays_sealing_and_loses_nothing() {
    let mut s3 = S3::start().await;
    let mut server = start(&s3, "p");
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows FROM s").await;
    execute(&client, "INSERT INTO s SELECT * FROM generate_series(1, 10000)").await;
    execute(&client, "CHECKPOINT").await;
    s3.stop().await;
    execute(&client, "INSERT INTO s SELECT * FROM generate_series(10001, 11000)").await;
    assert_eq!(value(&client, "SELECT rows FROM v").await, "11000", "rows in memory need no store");
    s3.start_again().await;
    execute(&client, "CHECKPOINT").await;
    assert_eq!(value(&client, "SELECT count(*) FROM s").await, "11000");
    drop(client);
    server.crash();
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT rows FROM v").await, "11000");
    assert_eq!(value(&client, "SELECT sum(n) FROM s").await, (11_000 * 11_001 / 2).to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_memory_is_full_and_the_store_away_rows_are_refused_until_it_is_back() {
    let mut s3 = S3::start().await;
    let mut server = start(&s3, "p");
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT, v TEXT)").await;
    s3.stop().await;
    let line = format!("1\t{}\n", "x".repeat(100));
    let mut held = 0;
    let refusal = loop {
        match copy(&client, "COPY s FROM STDIN", line.repeat(500).as_bytes()).await {
            Ok(rows) => held += rows,
            Err(error) => break error,
        }
        assert!(held < 100_000, "memory is bounded");
    };
    let refusal = refusal.as_db_error().unwrap().clone();
    println!("{held} rows held, then {}: {}", refusal.code().code(), refusal.message());
    assert!(refusal.message().contains("s3://bucket/p"), "{refusal:?}");
    assert_eq!(value(&client, "SELECT count(*) FROM s").await, held.to_string(), "reads go on");
    s3.start_again().await;
    for attempt in 0.. {
        match copy(&client, "COPY s FROM STDIN", line.repeat(500).as_bytes()).await {
            Ok(rows) => {
                held += rows;
                break;
            }
            Err(error) => assert!(attempt < 100, "{error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    drop(client);
    server.crash();
    assert_eq!(value(&server.connect().await, "SELECT sum(n) FROM s").await, held.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_over_sealed_rows_is_refused_while_they_cannot_be_read_and_made_once_they_can() {
    let mut s3 = S3::start().await;
    let server = start(&s3, "p");
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT, v TEXT)").await;
    let line = format!("1\t{}\n", "x".repeat(100));
    for _ in 0..20 {
        copy(&client, "COPY s FROM STDIN", line.repeat(1000).as_bytes()).await.unwrap();
    }
    execute(&client, "CHECKPOINT").await;
    s3.stop().await;
    let create = "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows, sum(n) AS total FROM s";
    let (code, message) = failure(&client, create).await;
    assert!(code == "58030" && message.contains("cannot read what it is to show"), "{code}: {message}");
    assert_eq!(failure(&client, "SELECT count(n) FROM s").await.0, "58030");
    assert_eq!(value(&client, "SELECT count(*) FROM millstream.jobs").await, "0");
    s3.start_again().await;
    execute(&client, create).await;
    assert_eq!(value(&client, "SELECT total FROM v").await, "20000");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_told_at_the_start() {
    let s3 = S3::start().await;
    let directory = tempfile::tempdir().unwrap();
    let error = refused(&s3, "p", "not the secret", directory.path());
    assert!(error.contains("s3://bucket/p") && error.contains("SignatureDoesNotMatch"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_database_on_the_same_prefix_is_refused_and_harms_nothing() {
    let s3 = S3::start().await;
    let mut first = start(&s3, "p");
    let mut second = Server::start();
    let files = || -> Vec<(String, Vec<u8>)> {
        let read = |path: String| (path.clone(), std::fs::read(path).unwrap());
        files_below(&s3.bucket()).into_iter().map(read).collect()
    };
    // One has a log of its own, one has nothing yet.
    let client = second.connect().await;
    execute(&client, "CREATE STREAM t (n BIGINT)").await;
    execute(&client, "INSERT INTO t VALUES (4), (5)").await;
    drop(client);
    second.stop();
    let fresh = tempfile::tempdir().unwrap();
    let client = first.connect().await;
    for step in ["SELECT 1", "CREATE STREAM s (n BIGINT)", "INSERT INTO s VALUES (1), (2)", "CHECKPOINT"] {
        execute(&client, step).await;
        let before = files();
        for directory in [fresh.path(), second.directory()] {
            let error = refused(&s3, "p", SECRET, directory);
            assert!(error.contains("the object store s3://bucket/p is that of the log"), "{step}: {error}");
        }
        assert_eq!(files(), before, "{step}: nothing was touched");
    }
    drop(client);
    first.crash();
    assert_eq!(value(&first.connect().await, "SELECT sum(n) FROM s").await, "3");
    second.start_again();
    assert_eq!(value(&second.connect().await, "SELECT sum(n) FROM t").await, "9", "its own log is whole");
}
