//! The protocol over a loopback socket, against a backend that answers a few made-up statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use bytes::{Buf, Bytes, BytesMut};
use datafusion::common::ScalarValue;
use futures::stream::BoxStream;
use futures::{SinkExt, StreamExt, TryStreamExt, pin_mut};
use millstream_catalog::{Kind, SqlType};
use millstream_sql::text::statement::{CopyFormat, CopyOptions};
use millstream_sql::{Parsed, SqlError, Statement};
use parking_lot::Mutex;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::*;
use crate::session::answer::*;

/// What happened behind the wire.
#[derive(Default)]
struct Record {
    events: Mutex<Vec<String>>,
    /// Statements that run without end and are not dropped yet.
    running: AtomicUsize,
    batches: AtomicUsize,
    sessions: AtomicUsize,
}

impl Record {
    fn log(&self, event: impl Into<String>) {
        self.events.lock().push(event.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.events.lock())
    }
}

struct Running(Arc<Record>);

impl Running {
    fn new(record: &Arc<Record>) -> Running {
        record.running.fetch_add(1, Ordering::SeqCst);
        Running(Arc::clone(record))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Default)]
struct FakeBackend(Arc<Record>);

struct FakeSession {
    record: Arc<Record>,
    status: TransactionStatus,
    implicit: bool,
    notices: mpsc::UnboundedSender<Notice>,
    receiver: Option<mpsc::UnboundedReceiver<Notice>>,
    cancel: CancelHandle,
    changed: Vec<(String, String)>,
}

#[async_trait]
impl Backend for FakeBackend {
    type Session = FakeSession;

    async fn connect(&self, user: &str, database: &str, _: &[(String, String)]) -> Result<FakeSession> {
        if user == "crowd" {
            return Err(SqlError::new(SqlState::TooManyConnections, "sorry, too many clients already").into());
        }
        self.0.sessions.fetch_add(1, Ordering::SeqCst);
        self.0.log(format!("connect {user} {database}"));
        let (notices, receiver) = mpsc::unbounded_channel();
        Ok(FakeSession {
            record: Arc::clone(&self.0),
            status: TransactionStatus::Idle,
            implicit: false,
            notices,
            receiver: Some(receiver),
            cancel: CancelHandle::default(),
            changed: Vec::new(),
        })
    }
}

use millstream_sql::SqlState;

fn numbers_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true), Field::new("s", DataType::Utf8, true)]))
}

fn numbers(range: std::ops::Range<i64>) -> RecordBatch {
    let n: ArrayRef = Arc::new(Int64Array::from_iter_values(range.clone()));
    let s: ArrayRef = Arc::new(StringArray::from_iter_values(range.map(|n| format!("row {n}"))));
    RecordBatch::try_new(numbers_schema(), vec![n, s]).unwrap()
}

fn rows(batches: BoxStream<'static, Result<RecordBatch>>, live: bool) -> Rows {
    Rows { schema: numbers_schema(), batches, tag: RowsTag::Select, live, environment: Arc::default() }
}

fn csv() -> CopyOptions {
    CopyOptions::new(CopyFormat::Csv)
}

impl FakeSession {
    /// A row every five milliseconds, for ever.
    fn ticks(&self) -> BoxStream<'static, Result<RecordBatch>> {
        let running = Running::new(&self.record);
        futures::stream::unfold((0, running), |(n, running)| async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok(numbers(n..n + 1)), (n + 1, running)))
        })
        .boxed()
    }

    /// Full batches as fast as they are taken, for ever.
    fn flood(&self) -> BoxStream<'static, Result<RecordBatch>> {
        let running = Running::new(&self.record);
        let record = Arc::clone(&self.record);
        let batch = numbers(0..8192);
        futures::stream::repeat_with(move || {
            let _ = &running;
            record.batches.fetch_add(1, Ordering::SeqCst);
            Ok(batch.clone())
        })
        .boxed()
    }
}

#[async_trait]
impl BackendSession for FakeSession {
    fn environment(&self) -> Arc<millstream_sql::types::environment::Environment> {
        Arc::default()
    }

    async fn parse(&mut self, sql: &str) -> Result<Vec<Parsed>> {
        if sql.contains("syntax") {
            return Err(SqlError::syntax("syntax error", Some(3)).into());
        }
        let statement = |text: &str| Parsed {
            statement: Statement::Ignored("FAKE"),
            text: text.trim().to_owned(),
            parameters: 0,
            unnamed_parameters: vec![],
        };
        Ok(sql.split(';').filter(|text| !text.trim().is_empty()).map(statement).collect())
    }

    async fn prepare(&mut self, parsed: Parsed, hints: &[Option<SqlType>]) -> Result<Prepared> {
        if parsed.text.starts_with("missing") {
            let error =
                SqlError { position: Some(8), ..SqlError::new(SqlState::UndefinedTable, "no such relation") };
            return Err(error.with_hint("a hint").into());
        }
        let (parameter_types, schema) = match parsed.text.split_once(' ') {
            Some(("echo", types)) => {
                let wanted = types.split(',').enumerate().map(|(index, name)| {
                    hints.get(index).cloned().flatten().unwrap_or(match name {
                        "bigint" => Kind::Int8.into(),
                        "numeric" => SqlType::of_data_type(&DataType::Decimal128(20, 4)),
                        "timestamp" => Kind::Timestamp.into(),
                        "array" => SqlType::array(Kind::Int8),
                        _ => Kind::Text.into(),
                    })
                });
                let wanted: Vec<SqlType> = wanted.collect();
                let fields = wanted.iter().map(|wanted| wanted.field("echo", true));
                (wanted.clone(), Some(Arc::new(Schema::new(fields.collect::<Vec<_>>()))))
            }
            Some(("rows", _)) => (vec![], Some(numbers_schema())),
            _ if ["ticks", "flood", "fail late"].contains(&parsed.text.as_str()) => {
                (vec![], Some(numbers_schema()))
            }
            _ => (vec![], None),
        };
        Ok(Prepared { parsed, parameter_types, schema })
    }

    async fn run(&mut self, prepared: &Prepared, parameters: Vec<ScalarValue>) -> Result<Answer> {
        // Drivers shout: BEGIN, ROLLBACK.
        let text = prepared.parsed.text.to_lowercase();
        let text = text.as_str();
        self.record.log(format!("run {text}"));
        let done = |tag: &str| Ok(Answer::Done { tag: tag.to_owned() });
        if self.status == TransactionStatus::Failed && text != "rollback" {
            return Err(SqlError::new(SqlState::InFailedTransaction, "current transaction is aborted").into());
        }
        match text.split_once(' ').unwrap_or((text, "")) {
            ("rows", count) => {
                let count: i64 = count.parse().unwrap();
                let batches = (0..count).step_by(1000).map(move |n| Ok(numbers(n..(n + 1000).min(count))));
                Ok(Answer::Rows(rows(futures::stream::iter(batches).boxed(), false)))
            }
            ("echo", _) => {
                let columns = parameters.iter().map(|value| value.to_array().unwrap()).collect();
                let schema = prepared.schema.clone().unwrap();
                let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
                let batches = futures::stream::iter([Ok(batch)]).boxed();
                Ok(Answer::Rows(Rows { schema, ..rows(batches, false) }))
            }
            ("ticks", _) => Ok(Answer::Rows(rows(self.ticks(), true))),
            ("flood", _) => Ok(Answer::Rows(rows(self.flood(), false))),
            ("fail", "late") => {
                let error = SqlError::new(SqlState::DivisionByZero, "division by zero").into();
                Ok(Answer::Rows(rows(futures::stream::iter([Ok(numbers(0..3)), Err(error)]).boxed(), false)))
            }
            ("fail", _) => Err(SqlError::new(SqlState::DivisionByZero, "division by zero").into()),
            ("sleep", _) => {
                let _running = Running::new(&self.record);
                std::future::pending().await
            }
            ("panic", _) => panic!("at the disco"),
            ("begin" | "start", _) => {
                self.status = TransactionStatus::InTransaction;
                done("BEGIN")
            }
            ("commit" | "rollback", _) => {
                self.status = TransactionStatus::Idle;
                done("COMMIT")
            }
            ("set", value) => {
                self.changed.push(("application_name".into(), value.into()));
                done("SET")
            }
            ("notice", _) => {
                let notice = |message: &str| Notice {
                    severity: "NOTICE",
                    state: SqlState::Warning,
                    message: message.into(),
                    detail: None,
                    hint: None,
                };
                self.notices.send(notice("half")).unwrap();
                tokio::time::sleep(Duration::from_millis(300)).await;
                self.notices.send(notice("done")).unwrap();
                done("NOTICE")
            }
            ("copy", "in") => Ok(Answer::CopyIn(CopyIn {
                relation: "numbers".into(),
                schema: numbers_schema(),
                options: csv(),
                environment: Arc::default(),
                sink: Box::new(FakeSink { record: Arc::clone(&self.record), rows: 0 }),
            })),
            ("copy", "out") => {
                let batches = futures::stream::iter([Ok(numbers(0..3))]).boxed();
                Ok(Answer::CopyOut {
                    rows: rows(batches, false),
                    options: CopyOptions { header: true, ..csv() },
                })
            }
            ("copy", "ticks") => Ok(Answer::CopyOut { rows: rows(self.ticks(), true), options: csv() }),
            _ => done("FAKE"),
        }
    }

    fn begin_implicit(&mut self) {
        if !std::mem::replace(&mut self.implicit, true) {
            self.record.log("begin implicit");
        }
    }

    async fn end_implicit(&mut self, ok: bool) -> Result<()> {
        if std::mem::take(&mut self.implicit) {
            self.record.log(format!("end implicit {ok}"));
        }
        Ok(())
    }

    fn transaction_status(&self) -> TransactionStatus {
        self.status
    }

    fn cursor_schema(&self, name: &str) -> Option<SchemaRef> {
        (name == "declared").then(numbers_schema)
    }

    fn fail_statement(&mut self) {
        if self.status == TransactionStatus::InTransaction {
            self.status = TransactionStatus::Failed;
        }
    }

    fn notices(&mut self) -> mpsc::UnboundedReceiver<Notice> {
        self.receiver.take().unwrap()
    }

    fn cancel_handle(&self) -> CancelHandle {
        self.cancel.clone()
    }

    fn reported_parameters(&self) -> Vec<(String, String)> {
        vec![("server_version".into(), "15.8".into()), ("client_encoding".into(), "UTF8".into())]
    }

    fn changed_parameters(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.changed)
    }
}

struct FakeSink {
    record: Arc<Record>,
    rows: u64,
}

#[async_trait]
impl CopySink for FakeSink {
    async fn batch(&mut self, batch: RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<u64> {
        self.record.log(format!("copied {}", self.rows));
        Ok(self.rows)
    }
}

struct Server {
    port: u16,
    record: Arc<Record>,
    shutdown: watch::Sender<bool>,
    served: tokio::task::JoinHandle<Result<()>>,
}

impl Server {
    async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let backend = Arc::new(FakeBackend::default());
        let record = Arc::clone(&backend.0);
        let (shutdown, stop) = watch::channel(false);
        let served = tokio::spawn(serve(listener, backend, stop));
        Server { port, record, shutdown, served }
    }

    async fn client(&self) -> tokio_postgres::Client {
        let config = format!("host=127.0.0.1 port={} user=tester dbname=test", self.port);
        let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    async fn raw(&self) -> Raw {
        let mut raw = Raw(TcpStream::connect(("127.0.0.1", self.port)).await.unwrap());
        raw.send_startup(b"user\0raw\0\0").await;
        let opened = raw.until(b'Z').await;
        assert_eq!(opened.first().unwrap().0, b'R');
        raw
    }

    async fn idle(&self) {
        let begin = Instant::now();
        while self.record.running.load(Ordering::SeqCst) > 0 {
            assert!(begin.elapsed() < Duration::from_secs(5), "a statement still runs");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Still answers a new connection.
    async fn lives(&self) {
        let client = self.client().await;
        assert_eq!(client.query("rows 3", &[]).await.unwrap().len(), 3);
    }
}

/// A client that speaks bytes.
struct Raw(TcpStream);

impl Raw {
    async fn send_startup(&mut self, parameters: &[u8]) {
        let mut message = ((parameters.len() + 8) as u32).to_be_bytes().to_vec();
        message.extend_from_slice(&196_608u32.to_be_bytes());
        message.extend_from_slice(parameters);
        self.0.write_all(&message).await.unwrap();
    }

    async fn send(&mut self, tag: u8, body: &[u8]) {
        self.0.write_all(&frame(tag, body)).await.unwrap();
    }

    /// The next message; None when the server has closed.
    async fn next(&mut self) -> Option<(u8, Bytes)> {
        let mut head = [0; 5];
        let read = tokio::time::timeout(Duration::from_secs(10), self.0.read_exact(&mut head));
        read.await.expect("no answer").ok()?;
        let mut body = vec![0; u32::from_be_bytes(head[1..].try_into().unwrap()) as usize - 4];
        self.0.read_exact(&mut body).await.ok()?;
        Some((head[0], body.into()))
    }

    /// Messages up to one with a tag.
    async fn until(&mut self, tag: u8) -> Vec<(u8, Bytes)> {
        let mut messages = Vec::new();
        while let Some(message) = self.next().await {
            let last = message.0 == tag;
            messages.push(message);
            if last {
                return messages;
            }
        }
        panic!("closed after {messages:?}");
    }

    /// Messages up to one with a tag, as their tags.
    async fn tags_until(&mut self, tag: u8) -> String {
        self.until(tag).await.iter().map(|(tag, _)| char::from(*tag)).collect()
    }
}

fn frame(tag: u8, body: &[u8]) -> Vec<u8> {
    [&[tag], &((body.len() + 4) as u32).to_be_bytes()[..], body].concat()
}

fn parse(sql: &str) -> Vec<u8> {
    frame(b'P', &[b"\0", sql.as_bytes(), b"\0\0\0"].concat())
}

fn bind() -> Vec<u8> {
    frame(b'B', b"\0\0\0\0\0\0\0\0")
}

fn execute(limit: u32) -> Vec<u8> {
    frame(b'E', &[b"\0", &limit.to_be_bytes()[..]].concat())
}

fn sync() -> Vec<u8> {
    frame(b'S', b"")
}

/// A field of an ErrorResponse.
fn field(body: &Bytes, tag: u8) -> Option<String> {
    body.split(|byte| *byte == 0)
        .find(|field| field.first() == Some(&tag))
        .map(|field| String::from_utf8_lossy(&field[1..]).into_owned())
}

fn code(error: &tokio_postgres::Error) -> &str {
    error.code().map_or("none", |code| code.code())
}

#[tokio::test]
async fn a_driver_queries_with_parameters_in_both_protocols() {
    let server = Server::start().await;
    let client = server.client().await;
    let rows = client.query("rows 2500", &[]).await.unwrap();
    assert_eq!(rows.len(), 2500);
    assert_eq!((rows[2499].get::<_, i64>(0), rows[2499].get::<_, &str>(1)), (2499, "row 2499"));
    let values: Vec<i64> = vec![4, 5];
    let row = client.query_one("echo bigint,text,array", &[&7i64, &"é", &values]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, &str>(1)), (7, "é"));
    assert_eq!(row.get::<_, Vec<i64>>(2), values);
    let none: Option<i64> = None;
    let row = client.query_one("echo bigint", &[&none]).await.unwrap();
    assert_eq!(row.get::<_, Option<i64>>(0), None);
    let at = std::time::UNIX_EPOCH + Duration::from_secs(1_357_034_400);
    let row = client.query_one("echo timestamp", &[&at]).await.unwrap();
    assert_eq!(row.get::<_, std::time::SystemTime>(0), at);
    let answers = client.simple_query("rows 2; fake; rows 0").await.unwrap();
    let rows: Vec<_> = answers
        .iter()
        .filter_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => Some(row.get(1).unwrap().to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(rows, ["row 0", "row 1"]);
    assert!(client.simple_query("").await.is_ok());
}

#[tokio::test]
async fn errors_carry_state_position_and_hint_and_leave_the_connection_usable() {
    let server = Server::start().await;
    let client = server.client().await;
    let error = client.simple_query("fake;  missing").await.unwrap_err();
    let database = error.as_db_error().unwrap();
    assert_eq!((database.code().code(), database.hint()), ("42P01", Some("a hint")));
    assert_eq!(database.position(), Some(&tokio_postgres::error::ErrorPosition::Original(8)));
    assert_eq!(code(&client.query("missing", &[]).await.unwrap_err()), "42P01");
    assert_eq!(code(&client.query("syntax", &[]).await.unwrap_err()), "42601");
    assert_eq!(code(&client.query("fail late", &[]).await.unwrap_err()), "22012");
    assert_eq!(code(&client.simple_query("fail late").await.unwrap_err()), "22012");
    let error = client.query("panic", &[]).await.unwrap_err();
    assert_eq!(code(&error), "XX000");
    assert!(error.as_db_error().unwrap().message().contains("at the disco"));
    assert_eq!(code(&client.query("fake; fake", &[]).await.unwrap_err()), "42601");
    assert_eq!(client.query("rows 1", &[]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn several_statements_are_one_implicit_transaction() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    server.record.take();
    raw.send(b'Q', b"fake\0").await;
    raw.until(b'Z').await;
    assert_eq!(server.record.take(), ["run fake"]);
    raw.send(b'Q', b"fake;fake\0").await;
    raw.until(b'Z').await;
    assert_eq!(server.record.take(), ["begin implicit", "run fake", "run fake", "end implicit true"]);
    raw.send(b'Q', b"fake;fail;fake\0").await;
    assert_eq!(raw.tags_until(b'Z').await, "CEZ");
    assert_eq!(server.record.take(), ["begin implicit", "run fake", "run fail", "end implicit false"]);
    // Extended: alone before Sync, even if the portal is closed between; then two before Sync.
    let close = frame(b'C', b"P\0");
    raw.0.write_all(&[parse("fake"), bind(), execute(0), close, sync()].concat()).await.unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "12C3Z");
    assert_eq!(server.record.take(), ["run fake"]);
    raw.0.write_all(&[parse("fake"), bind(), execute(0), bind(), execute(0), sync()].concat()).await.unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "12C2CZ");
    assert_eq!(server.record.take(), ["begin implicit", "run fake", "run fake", "end implicit true"]);
    raw.0
        .write_all(
            &[parse("fake"), bind(), execute(0), parse("fail"), bind(), execute(0), bind(), sync()].concat(),
        )
        .await
        .unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "12C12EZ");
    assert_eq!(server.record.take(), ["begin implicit", "run fake", "run fail", "end implicit false"]);
}

#[tokio::test]
async fn transaction_status_and_changed_settings_are_reported() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    for (sql, tags, status) in [
        ("begin", "CZ", b'T'),
        ("fail", "EZ", b'E'),
        ("fake", "EZ", b'E'),
        ("rollback", "CZ", b'I'),
        ("set psql", "CSZ", b'I'),
        ("", "IZ", b'I'),
        ("syntax", "EZ", b'I'),
    ] {
        raw.send(b'Q', &[sql.as_bytes(), b"\0"].concat()).await;
        let answer = raw.until(b'Z').await;
        assert_eq!(answer.iter().map(|(tag, _)| char::from(*tag)).collect::<String>(), tags, "{sql}");
        assert_eq!(answer.last().unwrap().1[0], status, "{sql}");
    }
}

#[tokio::test]
async fn portals_give_rows_up_to_their_limit() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    let describe = frame(b'D', b"P\0");
    let flush = frame(b'H', b"");
    raw.0
        .write_all(
            &[parse("rows 5"), bind(), describe, execute(2), execute(2), execute(2), execute(2), sync()]
                .concat(),
        )
        .await
        .unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "12TDDsDDsDCCZ");
    // A live result answers with what there is, and goes on where it stopped.
    raw.0.write_all(&[parse("ticks"), bind(), execute(1000), flush.clone()].concat()).await.unwrap();
    let first = raw.tags_until(b's').await;
    assert!(first.starts_with("12D") && first.len() < 100, "{first}");
    raw.0.write_all(&[execute(3), flush].concat()).await.unwrap();
    let more = raw.until(b's').await;
    assert!(matches!(more.len(), 2..=4));
    // Outside a transaction Sync ends it.
    raw.0.write_all(&sync()).await.unwrap();
    raw.until(b'Z').await;
    server.idle().await;
    raw.0.write_all(&[execute(1), sync()].concat()).await.unwrap();
    let answer = raw.until(b'Z').await;
    assert_eq!(field(&answer[0].1, b'C').unwrap(), "34000");
    // Inside BEGIN it outlives Sync; a driver's transaction works the same way.
    let mut client = server.client().await;
    let transaction = client.transaction().await.unwrap();
    let portal = transaction.bind("ticks", &[]).await.unwrap();
    let mut seen = 0;
    while seen < 20 {
        let rows = transaction.query_portal(&portal, 7).await.unwrap();
        assert!(!rows.is_empty() && rows.len() <= 7);
        for row in rows {
            assert_eq!(row.get::<_, i64>(0), seen);
            seen += 1;
        }
    }
    drop(portal);
    transaction.rollback().await.unwrap();
    server.idle().await;
}

#[tokio::test]
async fn named_statements_are_kept_and_closed() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    let named = frame(b'P', b"one\0rows 1\0\0\0");
    let describe = frame(b'D', b"Sone\0");
    let close = frame(b'C', b"Sone\0");
    raw.0.write_all(&[named.clone(), describe, sync()].concat()).await.unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "1tTZ");
    raw.0.write_all(&[named.clone(), sync()].concat()).await.unwrap();
    assert_eq!(field(&raw.until(b'Z').await[0].1, b'C').unwrap(), "42P05");
    let bind_named = frame(b'B', b"p\0one\0\0\0\0\0\0\0");
    let run = frame(b'E', b"p\0\0\0\0\0");
    raw.0.write_all(&[bind_named.clone(), run, close, sync()].concat()).await.unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "2DC3Z");
    raw.0.write_all(&[bind_named, sync()].concat()).await.unwrap();
    assert_eq!(field(&raw.until(b'Z').await[0].1, b'C').unwrap(), "26000");
    let wrong_count = frame(b'B', b"\0\0\0\0\0\x01\0\0\0\x01x\0\0");
    raw.0.write_all(&[parse("rows 1"), wrong_count, sync()].concat()).await.unwrap();
    assert_eq!(field(&raw.until(b'Z').await[1].1, b'C').unwrap(), "08P01");
    raw.0.write_all(&[frame(b'D', b"Pdeclared\0"), sync()].concat()).await.unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "TZ");
    raw.0.write_all(&[parse(""), bind(), execute(0), sync()].concat()).await.unwrap();
    assert_eq!(raw.tags_until(b'Z').await, "12IZ");
}

#[tokio::test]
async fn copy_in_appends_all_or_nothing() {
    let server = Server::start().await;
    let client = server.client().await;
    let sink = client.copy_in::<_, Bytes>("copy in").await.unwrap();
    pin_mut!(sink);
    for piece in [&b"1,a\n2,\"b"[..], b"\nc\"\n3", b",d\n"] {
        sink.send(Bytes::from_static(piece)).await.unwrap();
    }
    assert_eq!(sink.finish().await.unwrap(), 3);
    server.record.take();

    let sink = client.copy_in::<_, Bytes>("copy in").await.unwrap();
    pin_mut!(sink);
    sink.send(Bytes::from_static(b"1,a\nx,b\n")).await.unwrap();
    let error = sink.finish().await.unwrap_err();
    let database = error.as_db_error().unwrap();
    assert_eq!(database.code().code(), "22P02");
    assert_eq!(database.where_(), Some("COPY numbers, line 2, column n: \"x\""));

    // Giving up, in both protocols, and leaving.
    {
        let sink = client.copy_in::<_, Bytes>("copy in").await.unwrap();
        pin_mut!(sink);
        sink.send(Bytes::from_static(b"1,a\n")).await.unwrap();
    }
    assert_eq!(client.query("rows 1", &[]).await.unwrap().len(), 1);
    let mut raw = server.raw().await;
    raw.send(b'Q', b"copy in\0").await;
    raw.until(b'G').await;
    raw.0.write_all(&[frame(b'd', b"1,a\n"), frame(b'f', b"because\0")].concat()).await.unwrap();
    let answer = raw.until(b'Z').await;
    assert_eq!(field(&answer[0].1, b'C').unwrap(), "57014");
    assert_eq!(field(&answer[0].1, b'M').unwrap(), "COPY from stdin failed: because");
    raw.send(b'Q', b"copy in\0").await;
    raw.until(b'G').await;
    // An error in the middle: what still comes is dropped, and the next query works.
    raw.0
        .write_all(&[frame(b'd', b"x,a\n"), frame(b'd', b"1,b\n"), frame(b'c', b"")].concat())
        .await
        .unwrap();
    raw.send(b'Q', b"copy in\0").await;
    assert_eq!(raw.tags_until(b'Z').await, "EZ");
    raw.until(b'G').await;
    raw.send(b'd', b"1,a\n").await;
    drop(raw);
    server.lives().await;
    assert!(!server.record.take().iter().any(|event| event.starts_with("copied")));
}

#[tokio::test]
async fn copy_out_in_csv() {
    let server = Server::start().await;
    let client = server.client().await;
    let data: Vec<Bytes> = client.copy_out("copy out").await.unwrap().try_collect().await.unwrap();
    assert_eq!(data.concat(), b"n,s\n0,row 0\n1,row 1\n2,row 2\n");
    let mut raw = server.raw().await;
    raw.send(b'Q', b"copy out\0").await;
    let answer = raw.until(b'Z').await;
    assert_eq!(answer.iter().map(|(tag, _)| char::from(*tag)).collect::<String>(), "HddddcCZ");
    assert_eq!(answer[6].1, b"COPY 3\0"[..]);
}

#[tokio::test]
async fn live_rows_come_at_once_and_can_be_cancelled() {
    let server = Server::start().await;
    let client = server.client().await;
    {
        let stream = client.copy_out("copy ticks").await.unwrap();
        pin_mut!(stream);
        for n in 0..10 {
            let line =
                tokio::time::timeout(Duration::from_secs(2), stream.try_next()).await.unwrap().unwrap();
            assert_eq!(line.unwrap(), format!("{n},row {n}\n"));
        }
        client.cancel_token().cancel_query(NoTls).await.unwrap();
        let error = loop {
            match stream.try_next().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("ended"),
                Err(error) => break error,
            }
        };
        assert_eq!(code(&error), "57014");
    }
    server.idle().await;
    for statement in ["sleep", "ticks", "flood"] {
        let token = client.cancel_token();
        let (result, _) = tokio::join!(client.simple_query(statement), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            token.cancel_query(NoTls).await.unwrap();
        });
        assert_eq!(code(&result.unwrap_err()), "57014", "{statement}");
    }
    // A cancel that comes too late does nothing.
    client.cancel_token().cancel_query(NoTls).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(client.query("rows 1", &[]).await.unwrap().len(), 1);
    assert_eq!(server.record.running.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_leaves_stops_its_statement() {
    let server = Server::start().await;
    for statement in ["sleep", "ticks", "flood", "copy ticks"] {
        let mut raw = server.raw().await;
        raw.send(b'Q', format!("{statement}\0").as_bytes()).await;
        let begin = Instant::now();
        while server.record.running.load(Ordering::SeqCst) == 0 {
            assert!(begin.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(raw);
        server.idle().await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_waited_for() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    raw.send(b'Q', b"flood\0").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let stalled = server.record.batches.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.record.batches.load(Ordering::SeqCst), stalled, "rows are made that nobody reads");
    for _ in 0..100_000 {
        raw.next().await.unwrap();
    }
    assert!(server.record.batches.load(Ordering::SeqCst) > stalled);
    drop(raw);
    server.idle().await;
}

#[tokio::test]
async fn notices_come_while_the_statement_runs() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    let begin = Instant::now();
    raw.send(b'Q', b"notice\0").await;
    let (tag, body) = raw.next().await.unwrap();
    assert_eq!((tag, field(&body, b'M').unwrap().as_str()), (b'N', "half"));
    assert!(begin.elapsed() < Duration::from_millis(250));
    assert_eq!(raw.tags_until(b'Z').await, "NCZ");
}

#[tokio::test]
async fn startup_declines_encryption_negotiates_and_refuses() {
    let server = Server::start().await;
    let connect = || async { Raw(TcpStream::connect(("127.0.0.1", server.port)).await.unwrap()) };
    let mut raw = connect().await;
    for code in [80_877_103u32, 80_877_104] {
        raw.0.write_all(&[8u32.to_be_bytes(), code.to_be_bytes()].concat()).await.unwrap();
        assert_eq!(raw.0.read_u8().await.unwrap(), b'N');
    }
    raw.send_startup(b"user\0me\0application_name\0test\0\0").await;
    raw.until(b'Z').await;
    assert_eq!(server.record.take(), ["connect me me"]);

    let mut raw = connect().await;
    let newer = b"user\0me\0_pq_.dance\0on\0\0";
    let head = [(newer.len() as u32 + 8).to_be_bytes(), 196_610u32.to_be_bytes()].concat();
    raw.0.write_all(&[&head[..], newer].concat()).await.unwrap();
    let (tag, mut body) = raw.next().await.unwrap();
    assert_eq!((tag, body.get_u32(), body.get_u32(), &body[..]), (b'v', 0, 1, &b"_pq_.dance\0"[..]));
    raw.until(b'Z').await;

    for (parameters, state) in [(&b"user\0crowd\0\0"[..], "53300"), (b"\0", "28000"), (b"user\0me", "08P01")]
    {
        let mut raw = connect().await;
        raw.send_startup(parameters).await;
        let (tag, body) = raw.next().await.unwrap();
        assert_eq!((tag, field(&body, b'C').unwrap().as_str()), (b'E', state));
        assert_eq!(field(&body, b'S').unwrap(), "FATAL");
        assert!(raw.next().await.is_none());
    }
    let mut raw = connect().await;
    raw.0.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert_eq!(field(&raw.next().await.unwrap().1, b'C').unwrap(), "08P01");
    server.lives().await;
}

#[tokio::test]
async fn malformed_messages_end_their_connection_only() {
    let server = Server::start().await;
    for bytes in [
        &b"Q\0\0\0\x03"[..],
        b"Q\xff\xff\xff\xff",
        b"Q\x7f\xff\xff\xff",
        b"!\0\0\0\x04",
        b"Q\0\0\0\x05x",
        b"B\0\0\0\x08\0\0\xff\xff",
        b"B\0\0\0\x10\0\0\0\0\0\x01\x7f\xff\xff\xff\0\0",
        b"B\0\0\0\x10\0\0\0\0\0\x01\xff\xff\xff\xfe\0\0",
        b"E\0\0\0\x05\0",
        b"D\0\0\0\x06X\0",
        b"S\0\0\0\x05x",
    ] {
        let mut raw = server.raw().await;
        raw.0.write_all(bytes).await.unwrap();
        let (tag, body) = raw.next().await.unwrap();
        assert_eq!((tag, field(&body, b'S').unwrap().as_str()), (b'E', "FATAL"), "{bytes:?}");
        assert_eq!(field(&body, b'C').unwrap(), "08P01");
        assert!(raw.next().await.is_none());
    }
    let mut raw = server.raw().await;
    raw.send(b'Q', b"\xff\0").await;
    let answer = raw.until(b'Z').await;
    assert_eq!(field(&answer[0].1, b'C').unwrap(), "22021");
    server.lives().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_messages_never_end_the_server() {
    let server = Server::start().await;
    let seed = 336_776;
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let statements =
        ["rows 3", "fake", "fail", "copy in", "copy out", "echo bigint,text", "begin", "panic", ""];
    for case in 0..1500 {
        let mut bytes = BytesMut::new();
        for _ in 0..random.random_range(1..8) {
            let sql = statements[random.random_range(0..statements.len())];
            let mut message = match random.random_range(0..12) {
                0 => frame(b'Q', &[sql.as_bytes(), b"\0"].concat()),
                1 | 2 => parse(sql),
                3 => bind(),
                4 => {
                    frame(b'B', b"\0\0\0\x01\0\x01\0\x02\0\0\0\x08\0\0\0\0\0\0\0\x07\0\0\0\x01x\0\x01\0\x01")
                }
                5 => execute(random.random_range(0..3)),
                6 => sync(),
                7 => frame(b'D', if random.random() { b"S\0" } else { b"P\0" }),
                8 => frame(b'd', b"1,a\n"),
                9 => frame(b'c', b""),
                10 => frame(b'H', b""),
                _ => (0..random.random_range(0..20)).map(|_| random.random()).collect(),
            };
            if random.random_bool(0.3) && !message.is_empty() {
                let at = random.random_range(0..message.len());
                match random.random_range(0..3) {
                    0 => message[at] = random.random(),
                    1 => message.truncate(at),
                    _ => message.insert(at, random.random()),
                }
            }
            bytes.extend_from_slice(&message);
        }
        let mut raw = Raw(TcpStream::connect(("127.0.0.1", server.port)).await.unwrap());
        if random.random_bool(0.95) {
            raw.send_startup(b"user\0fuzz\0\0").await;
        }
        let _ = raw.0.write_all(&bytes).await;
        let _ = raw.0.shutdown().await;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(10), raw.0.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "case {case} hangs: {bytes:?}");
    }
    server.lives().await;
    assert!(!server.served.is_finished());
}

#[tokio::test]
async fn a_stop_ends_idle_and_running_connections() {
    let server = Server::start().await;
    let mut idle = server.raw().await;
    let mut busy = server.raw().await;
    busy.send(b'Q', b"copy ticks\0").await;
    busy.until(b'd').await;
    let mut deaf = server.raw().await;
    deaf.send(b'Q', b"flood\0").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.shutdown.send(true).unwrap();
    let (tag, body) = idle.next().await.unwrap();
    assert_eq!((tag, field(&body, b'C').unwrap().as_str()), (b'E', "57P01"));
    assert!(idle.next().await.is_none());
    let last = busy.until(b'E').await;
    assert_eq!(field(&last.last().unwrap().1, b'C').unwrap(), "57P01");
    let ended = tokio::time::timeout(Duration::from_secs(4), server.served).await;
    ended.expect("the server stops").unwrap().unwrap();
    assert_eq!(server.record.running.load(Ordering::SeqCst), 0);
    drop(deaf);
}
