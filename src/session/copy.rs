//! COPY … FROM STDIN, behind the wire: batches are gathered and appended as one commit.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::common::ScalarValue;
use millstream_catalog::Object;
use millstream_sql::{SqlError, SqlState};
use parking_lot::Mutex;

use super::answer::CopySink;
use super::transaction::Transaction;
use crate::Result;
use crate::engine::Engine;
use crate::engine::append::{append_entry, stream_of};
use crate::log::{Durability, NewEntry};

/// Where the rows of one COPY go.
pub struct StreamSink {
    engine: Arc<Engine>,
    target: Arc<Object>,
    /// For each column of the stream: its place in the data, or the value that it gets instead.
    columns: Vec<Source>,
    entries: Vec<NewEntry>,
    bytes: usize,
    rows: u64,
    durability: Durability,
    /// The transaction that holds the rows back, if there is one.
    transaction: Arc<Mutex<Transaction>>,
}

enum Source {
    Data(usize),
    Default(ScalarValue),
}

impl StreamSink {
    /// A sink for these columns of a stream (all when empty), and the columns that the data has.
    pub fn new(
        engine: &Arc<Engine>,
        target: &Arc<Object>,
        names: &[String],
        durability: Durability,
        transaction: Arc<Mutex<Transaction>>,
    ) -> Result<(Self, SchemaRef)> {
        let stream = stream_of(target)?;
        let mut picked = Vec::new();
        for name in names {
            let index = stream.columns.iter().position(|column| column.name == *name).ok_or_else(|| {
                let message =
                    format!("column \"{name}\" of relation \"{}\" does not exist", target.name.name);
                SqlError::new(SqlState::UndefinedColumn, message)
            })?;
            if picked.contains(&index) {
                let message = format!("column \"{name}\" specified more than once");
                return Err(SqlError::new(SqlState::DuplicateColumn, message).into());
            }
            picked.push(index);
        }
        if names.is_empty() {
            picked = (0..stream.columns.len()).collect();
        }
        let mut columns = Vec::with_capacity(stream.columns.len());
        for (index, column) in stream.columns.iter().enumerate() {
            columns.push(match picked.iter().position(|place| *place == index) {
                Some(place) => Source::Data(place),
                None => Source::Default(super::insert::default_scalar(engine, column)?),
            });
        }
        let field = |index: &usize| stream.columns[*index].field().with_nullable(true);
        let schema: SchemaRef = Schema::new(picked.iter().map(field).collect::<Vec<_>>()).into();
        let sink = Self {
            engine: engine.clone(),
            target: target.clone(),
            columns,
            entries: Vec::new(),
            bytes: 0,
            rows: 0,
            durability,
            transaction,
        };
        Ok((sink, schema))
    }
}

#[async_trait]
impl CopySink for StreamSink {
    async fn batch(&mut self, batch: RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        let column = |source: &Source| -> Result<ArrayRef> {
            Ok(match source {
                Source::Data(place) => batch.column(*place).clone(),
                Source::Default(value) => value.to_array_of_size(rows)?,
            })
        };
        let columns = self.columns.iter().map(column).collect::<Result<Vec<_>>>()?;
        let stream = stream_of(&self.target)?;
        let fields: Vec<_> = stream.columns.iter().map(|column| column.field().with_nullable(true)).collect();
        let whole = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?;
        let entry = append_entry(&self.target, whole)?;
        self.bytes += entry.memory_bytes();
        let limit = self.engine.config().memory_budget_bytes;
        if self.bytes > limit {
            return Err(super::over_budget(limit));
        }
        self.entries.push(entry);
        self.rows += rows as u64;
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<u64> {
        let entries = std::mem::take(&mut self.entries);
        {
            let mut transaction = self.transaction.lock();
            if transaction.holds() {
                transaction.hold(entries, self.engine.config().memory_budget_bytes)?;
                return Ok(self.rows);
            }
        }
        if !entries.is_empty() {
            self.engine.commit(entries, self.durability).await?;
        }
        Ok(self.rows)
    }
}
