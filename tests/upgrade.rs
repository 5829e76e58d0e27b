//! Directories that earlier servers made, kept in `tests/data/`: opened as they are, with nothing thrown away.

use std::path::{Path, PathBuf};
use std::process::Command;

use tokio_postgres::{Client, SimpleQueryMessage};

use crate::harness::{Server, execute, failure, rows, value};

/// The views of `semantics-1` that are over a stream of which retention has removed rows.
const STANDING: [&str; 2] = ["of_trimmed", "rows_of_trimmed"];

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A server on a copy of a kept directory.
fn opened(name: &str) -> Server {
    let mut server = Server::start();
    server.kill();
    std::fs::remove_dir_all(server.directory()).unwrap();
    std::fs::create_dir(server.directory()).unwrap();
    let mut tar = Command::new("tar");
    tar.args(["--strip-components=1", "-C"]).arg(server.directory());
    assert!(tar.arg("-xzf").arg(kept(name).join("data.tar.gz")).status().unwrap().success());
    server.start_again();
    server
}

/// What was asked then, with the answers as psql printed them.
fn answers(name: &str) -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(kept(name).join("answers.txt")).unwrap();
    let mut answers: Vec<(String, Vec<String>)> = vec![];
    for line in text.lines() {
        match (line.strip_prefix("> "), answers.last_mut()) {
            (Some(query), _) => answers.push((query.to_owned(), vec![])),
            (None, Some((_, rows))) => rows.push(line.to_owned()),
            (None, None) => panic!("an answer without a query: {line}"),
        }
    }
    answers
}

async fn lines(client: &Client, sql: &str) -> Vec<String> {
    rows(client, sql).await.into_iter().map(|row| row.join("|")).collect()
}

/// The query of a view, run in batch.
async fn batch_query(client: &Client, view: &str) -> String {
    let definition =
        value(client, &format!("SELECT definition FROM millstream.views WHERE name = '{view}'")).await;
    let query = definition.split_once(" AS ").unwrap().1;
    query.strip_suffix(" EMIT ON WINDOW CLOSE").unwrap_or(query).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_and_views_of_semantics_1_are_as_they_were_recorded() {
    let mut server = opened("semantics-1");
    for round in 0..2 {
        let client = server.connect().await;
        execute(&client, "SET millstream.read_consistency = 'eventual'").await;
        for view in ["all_types", "by_plain", "by_span", "by_bidder", "tumbled", "hopped", "closed", "upper"]
        {
            // Those that are computed anew have to get there first.
            let strict = server.connect().await;
            execute(&strict, &format!("SELECT * FROM {view}")).await;
        }
        let mut wrong = vec![];
        for (query, recorded) in answers("semantics-1") {
            if query.contains("late_rows") && round > 0 {
                continue;
            }
            let found = lines(&client, &query).await;
            if found != recorded {
                wrong.push(format!("{query}, round {round}\n{found:#?}, not\n{recorded:#?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        drop(client);
        server.stop();
        let mut verify = Command::new(env!("CARGO_BIN_EXE_millstream"));
        let output = verify.args(["verify", "--data-directory"]).arg(server.directory()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        server.start_again();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_semantics_1_whose_rows_are_held_is_computed_anew() {
    let server = opened("semantics-1");
    let client = server.connect().await;
    for view in
        ["all_types", "by_plain", "by_span", "by_bidder", "tumbled", "hopped", "upper", "dear", "from_cheap"]
    {
        let query = batch_query(&client, view).await;
        let mut batch = lines(&client, &query).await;
        let mut view = lines(&client, &format!("SELECT * FROM {view}")).await;
        batch.sort();
        view.sort();
        // Batch queries do not leave late rows out: one row was late for a closed window.
        let late = batch.len().abs_diff(view.len());
        assert!(view == batch || (query.contains("TUMBLE") || query.contains("HOP")) && late <= 3, "{query}");
    }
    // It takes rows, and a sink goes on where it was.
    execute(&client, "INSERT INTO bids VALUES (9, 10, 99.99, '2024-01-01 00:00:50')").await;
    assert_eq!(value(&client, "SELECT n FROM by_bidder WHERE bidder = 10").await, "5");
    for _ in 0..200 {
        if value(&client, "SELECT count(*) FROM copied").await == "5" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(value(&client, "SELECT count(*), max(price) FROM copied").await, "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_semantics_1_whose_rows_are_gone_stands_still_with_its_contents() {
    let mut server = opened("semantics-1");
    for _ in 0..2 {
        let client = server.connect().await;
        for view in STANDING {
            let (state, message) = failure(&client, &format!("SELECT * FROM {view}")).await;
            assert_eq!(state, "55000");
            let said = format!("materialized view \"{view}\" was made under semantics 1: recreate it");
            assert_eq!(message, said.replace(view, &format!("public.{view}")).replace("public.", ""));
            let error = format!("SELECT state, error FROM millstream.jobs WHERE name = '{view}'");
            let found = &rows(&client, &error).await[0];
            assert!(found[0] == "failed" && found[1].contains("semantics 1"), "{found:?}");
        }
        let lsn = value(&client, "SELECT lsn FROM millstream.views WHERE name = 'of_trimmed'").await;
        let total = value(&client, &format!("SELECT sum(n) FROM of_trimmed AS OF LSN {lsn}")).await;
        assert_eq!(total, "1513");
        let with_stream = "SELECT count(*) FROM of_trimmed, trimmed";
        assert_eq!(failure(&client, with_stream).await.0, "55000");
        let above = "CREATE MATERIALIZED VIEW above AS SELECT sum(n) AS n FROM of_trimmed";
        assert_eq!(failure(&client, above).await.0, "55000");
        // The stream takes rows, the view does not.
        execute(&client, "INSERT INTO trimmed VALUES (100, 1)").await;
        assert_eq!(
            failure(&client, &format!("SELECT * FROM of_trimmed AS OF LSN {}", 1_000_000)).await.0,
            "22023"
        );
        execute(&client, "SET millstream.read_consistency = 'eventual'").await;
        assert_eq!(value(&client, "SELECT n FROM of_trimmed WHERE k = 100").await, "1");
        drop(client);
        server.stop();
        server.start_again();
    }
    let client = server.connect().await;
    execute(&client, "DROP MATERIALIZED VIEW of_trimmed").await;
    let again = "CREATE MATERIALIZED VIEW of_trimmed AS SELECT k, count(*) AS n FROM trimmed GROUP BY k";
    client.simple_query(again).await.unwrap();
    assert_eq!(value(&client, "SELECT n FROM of_trimmed WHERE k = 100").await, "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_of_now_say_so_in_the_log() {
    let mut server = Server::start();
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n bigint)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT sum(n) AS n FROM s").await;
    execute(&client, "ALTER MATERIALIZED VIEW v SET (snapshot_interval = '1 hour')").await;
    execute(&client, "INSERT INTO s VALUES (1), (2)").await;
    let definition = "SELECT definition FROM millstream.views WHERE name = 'v'";
    assert!(value(&client, definition).await.starts_with("CREATE MATERIALIZED VIEW"));
    server.crash();
    let log = std::fs::read(server.directory().join("wal/00000000000000000001.wal")).unwrap();
    let said = log.windows(19).filter(|window| window == b"SEMANTICS 2 CREATE ").count();
    assert_eq!(said, 3, "a stream, a view, and the view anew");
    let client = server.connect().await;
    assert_eq!(value(&client, "SELECT n FROM v").await, "3");
    assert!(value(&client, definition).await.starts_with("CREATE MATERIALIZED VIEW"));
    let messages = client.simple_query("SELECT 1").await.unwrap();
    assert!(messages.iter().any(|message| matches!(message, SimpleQueryMessage::Row(_))));
}
