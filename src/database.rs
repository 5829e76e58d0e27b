//! The library's front door: open a database on a directory, run SQL, append and follow Arrow batches.
//!
//! ```no_run
//! # async fn example() -> millstream::Result<()> {
//! use millstream::{Config, Database};
//!
//! let database = Database::open(Config::new("./millstream-data")).await?;
//! database.execute("CREATE STREAM readings (sensor BIGINT, celsius DOUBLE PRECISION)").await?;
//! database.execute("INSERT INTO readings VALUES (1, 20.5), (1, 21.5)").await?;
//! let batches = database.execute("SELECT sensor, avg(celsius) FROM readings GROUP BY sensor").await?;
//! assert_eq!(batches[0].num_rows(), 1);
//! database.close().await;
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;

use arrow::array::RecordBatch;
use futures::StreamExt;
use millstream_catalog::QualifiedName;
use millstream_sql::text::statement::{Subscribe, SubscribeSource};
use millstream_sql::{SqlError, Statement};

use crate::config::Config;
use crate::engine::append::append_entry;
use crate::engine::{Engine, StartReport};
use crate::log::{Durability, Lsn};
use crate::query::Batches;
use crate::session::Session;
use crate::session::answer::{Answer, BackendSession};
use crate::{Error, Result};

/// An open database. Cheap to clone; the last clone that goes closes it, [`Database::close`] does so in order.
#[derive(Clone)]
pub struct Database {
    engine: Arc<Engine>,
}

impl Database {
    /// Opens the database of a directory, making it if there is none, and recovers what it holds. Fails when
    /// another process has it open, or when its files are damaged.
    pub async fn open(config: Config) -> Result<Database> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // Recovery blocks and drives futures of its own, which an async thread must not.
        std::thread::Builder::new()
            .name("millstream open".to_owned())
            .stack_size(millstream_sql::text::limits::PLANNING_STACK_BYTES)
            .spawn(move || drop(sender.send(Engine::open(config))))
            .map_err(|error| Error::io("starting a thread for", "recovery", &error))?;
        let engine = receiver.await.map_err(|_| Error::internal("opening the database panicked"))??;
        Ok(Database { engine })
    }

    /// What opening found and did.
    pub fn report(&self) -> StartReport {
        self.engine.report()
    }

    /// The engine, for servers that open sessions of their own.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// A session, with settings and transactions of its own.
    pub fn session(&self) -> Result<Session> {
        Session::open(&self.engine, "millstream", "millstream")
    }

    /// Runs SQL, one or several statements, and answers the rows of the last one that gives any.
    pub async fn execute(&self, sql: &str) -> Result<Vec<RecordBatch>> {
        let mut session = self.session()?;
        let mut last = Vec::new();
        for parsed in session.parse(sql).await? {
            if let Statement::Subscribe(_) = parsed.statement {
                let hint = "a subscription does not end: use Database::subscribe";
                return Err(SqlError::unsupported("SUBSCRIBE cannot be collected", hint).into());
            }
            let prepared = session.prepare(parsed, &[]).await?;
            match session.run(&prepared, Vec::new()).await? {
                Answer::Rows(mut rows) => {
                    last.clear();
                    while let Some(batch) = rows.batches.next().await {
                        last.push(batch?);
                    }
                }
                Answer::CopyIn(_) | Answer::CopyOut { .. } => {
                    let hint = "append batches with Database::append, read them with SELECT";
                    return Err(SqlError::unsupported("COPY needs a connection", hint).into());
                }
                Answer::Done { .. } | Answer::Empty => {}
            }
        }
        Ok(last)
    }

    /// Appends a batch to a stream as one commit, and answers its LSN. The batch has the stream's columns, in
    /// order, with their types. On return it is durable, and every read from now on sees it.
    pub async fn append(&self, stream: &str, batch: RecordBatch) -> Result<Lsn> {
        let catalog = self.engine.catalog();
        let object = catalog.get(&name_of(stream))?;
        self.engine.commit(vec![append_entry(object, batch)?], Durability::Sync).await
    }

    /// Follows a materialized view or stream: its contents first, then every change, as batches with the columns
    /// `lsn, op, progressed` before the relation's own. Ends when the view is dropped or the batches are.
    pub async fn subscribe(&self, relation: &str) -> Result<Batches> {
        let subscribe = Subscribe {
            source: SubscribeSource::Relation(name_of(relation)),
            snapshot: true,
            progress: false,
            as_of: None,
            up_to: None,
        };
        Ok(crate::session::subscribe(&self.engine, &subscribe).await?.batches)
    }

    /// Stops in order: a last checkpoint of every view, then the log.
    pub async fn close(self) {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let engine = self.engine.clone();
        std::thread::spawn(move || {
            engine.close();
            // The caller may have gone.
            let _ = sender.send(());
        });
        // The sender is dropped only after closing, whichever way it went.
        let _ = receiver.await;
    }
}

/// `schema.name` or `name`, as stored.
fn name_of(text: &str) -> QualifiedName {
    match text.split_once('.') {
        Some((schema, name)) => QualifiedName::new(schema, name),
        None => QualifiedName::public(text),
    }
}
