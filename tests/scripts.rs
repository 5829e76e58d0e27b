//! Each script of `tests/scripts/` is run three ways: as written, with every INSERT row by row, and with a kill -9
//! and restart before each query. The answers must be the same: cuts don't matter, and a crash is one.

use std::path::Path;

use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType, Runner};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::harness::Server;

#[derive(Clone, Copy, PartialEq)]
enum Way {
    AsWritten,
    RowByRow,
    Restarted,
}

struct Database {
    server: Server,
    client: Option<Client>,
    way: Way,
}

#[derive(Debug)]
struct Failure(tokio_postgres::Error);

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_db_error() {
            Some(error) => write!(formatter, "{}: {}", error.code().code(), error.message()),
            None => self.0.fmt(formatter),
        }
    }
}

impl std::error::Error for Failure {}

#[async_trait::async_trait]
impl AsyncDB for Database {
    type Error = Failure;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Failure> {
        let verb = sql.split_whitespace().next().unwrap_or_default().to_uppercase();
        if self.way == Way::Restarted && verb == "SELECT" {
            self.client = None;
            self.server.crash();
        }
        if self.client.is_none() {
            self.client = Some(self.server.connect().await);
        }
        let client = self.client.as_ref().unwrap();
        let texts = match self.way {
            Way::RowByRow if verb == "INSERT" && !sql.contains(" RETURNING ") => single_rows(sql),
            _ => vec![sql.to_owned()],
        };
        let mut output = DBOutput::StatementComplete(0);
        for text in texts {
            output = run(client, &text).await.map_err(Failure)?;
        }
        Ok(output)
    }

    async fn shutdown(&mut self) {}

    fn error_sql_state(error: &Failure) -> Option<String> {
        error.0.as_db_error().map(|error| error.code().code().to_owned())
    }
}

async fn run(client: &Client, sql: &str) -> Result<DBOutput<DefaultColumnType>, tokio_postgres::Error> {
    let mut columns = None;
    let mut rows = Vec::new();
    for message in client.simple_query(sql).await? {
        match message {
            SimpleQueryMessage::RowDescription(described) => columns = Some(described.len()),
            SimpleQueryMessage::Row(row) => {
                let field = |index| match row.get(index) {
                    None => "NULL".to_owned(),
                    Some("") => "(empty)".to_owned(),
                    Some(text) => text.to_owned(),
                };
                rows.push((0..row.len()).map(field).collect());
            }
            _ => {}
        }
    }
    Ok(match columns {
        Some(count) => DBOutput::Rows { types: vec![DefaultColumnType::Any; count], rows },
        None => DBOutput::StatementComplete(0),
    })
}

/// `INSERT INTO t VALUES (…), (…)` as one INSERT a row; other INSERTs as they are.
fn single_rows(sql: &str) -> Vec<String> {
    let Some(at) = sql.to_uppercase().find("VALUES") else { return vec![sql.to_owned()] };
    let (head, tail) = sql.split_at(at + "VALUES".len());
    let (mut depth, mut quoted, mut start) = (0, false, None);
    let mut texts = Vec::new();
    for (index, character) in tail.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '(' if !quoted => {
                depth += 1;
                start = start.or(Some(index));
            }
            ')' if !quoted => {
                depth -= 1;
                if let (0, Some(first)) = (depth, start) {
                    texts.push(format!("{head} {}", &tail[first..=index]));
                    start = None;
                }
            }
            _ => {}
        }
    }
    texts
}

async fn run_all(way: Way) {
    run_directory("tests/scripts", way).await;
}

async fn run_directory(directory: &str, way: Way) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut scripts: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "slt"));
    scripts.sort();
    assert!(!scripts.is_empty());
    let mut wrong = vec![];
    for script in scripts {
        let mut runner = Runner::new(|| async {
            let server = Server::with_flags(&["--checkpoint-seconds", "0.1"]);
            Ok(Database { client: Some(server.connect().await), server, way })
        });
        if let Err(error) = runner.run_file_async(&script).await {
            wrong.push(error.display(false).to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_hold_as_written() {
    run_all(Way::AsWritten).await;
}

/// Values by kind, one query a line, with PostgreSQL's answers: no rows come in, so that one way is enough.
#[tokio::test(flavor = "multi_thread")]
async fn values_are_those_of_postgresql() {
    run_directory("tests/scripts/values", Way::AsWritten).await;
}

/// Forms of queries, with PostgreSQL's answers, and what a transaction sees of itself.
#[tokio::test(flavor = "multi_thread")]
async fn queries_are_those_of_postgresql() {
    run_directory("tests/scripts/queries", Way::AsWritten).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_hold_row_by_row() {
    run_all(Way::RowByRow).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_hold_with_a_crash_before_each_query() {
    run_all(Way::Restarted).await;
}

#[test]
fn an_insert_is_split_into_its_rows() {
    let rows = single_rows("INSERT INTO t VALUES (1, 'a(b'), (2, '),(')");
    assert_eq!(rows, ["INSERT INTO t VALUES (1, 'a(b')", "INSERT INTO t VALUES (2, '),(')"]);
}
