//! Cursors: rows that are fetched piece by piece.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use futures::StreamExt;
use millstream_sql::types::environment::Environment;
use millstream_sql::{SqlError, SqlState};
use parking_lot::Mutex;

use super::answer::{Rows, RowsTag};
use crate::Result;

/// The open cursors of a session.
#[derive(Default)]
pub struct Cursors {
    open: HashMap<String, Cursor>,
}

struct Cursor {
    schema: SchemaRef,
    /// The settings under which it was opened: its rows print as they did then.
    environment: Arc<Environment>,
    /// Never locked: a session that is shared between threads needs it to be `Sync`, which streams are not.
    rows: Mutex<Rows>,
    rest: Option<RecordBatch>,
    ended: bool,
    hold: bool,
}

impl Cursors {
    /// DECLARE.
    pub fn declare(&mut self, name: String, rows: Rows, hold: bool) -> Result<()> {
        if self.open.contains_key(&name) {
            let message = format!("cursor \"{name}\" already exists");
            return Err(SqlError::new(SqlState::DuplicateCursor, message).into());
        }
        let (schema, environment) = (rows.schema.clone(), Arc::clone(&rows.environment));
        let cursor = Cursor { schema, environment, rows: Mutex::new(rows), rest: None, ended: false, hold };
        self.open.insert(name, cursor);
        Ok(())
    }

    /// The columns of a cursor.
    pub fn schema(&self, name: &str) -> Result<SchemaRef> {
        self.open.get(name).map(|cursor| cursor.schema.clone()).ok_or_else(|| missing(name))
    }

    /// FETCH: up to `count` rows (None: all). Of a subscription, what is there: it waits for a first row, at most
    /// `timeout`. 53200 when the rows take more than `limit` bytes.
    pub async fn fetch(
        &mut self,
        name: &str,
        count: Option<u64>,
        timeout: Option<Duration>,
        limit: usize,
    ) -> Result<Rows> {
        let cursor = self.open.get_mut(name).ok_or_else(|| missing(name))?;
        let batches = cursor.take(count.unwrap_or(u64::MAX), timeout, limit).await?;
        Ok(Rows {
            schema: cursor.schema.clone(),
            batches: futures::stream::iter(batches.into_iter().map(Ok)).boxed(),
            tag: RowsTag::Fetch,
            live: false,
            environment: Arc::clone(&cursor.environment),
        })
    }

    /// MOVE: passes up to `count` rows (None: all), and answers how many. What is passed is not kept.
    pub async fn pass(&mut self, name: &str, count: Option<u64>) -> Result<u64> {
        let cursor = self.open.get_mut(name).ok_or_else(|| missing(name))?;
        let (mut passed, count) = (0, count.unwrap_or(u64::MAX));
        while passed < count {
            let Some(batch) = cursor.next(passed > 0, None).await? else { break };
            let some = usize::try_from(count - passed).unwrap_or(usize::MAX).min(batch.num_rows());
            if some < batch.num_rows() {
                cursor.rest = Some(batch.slice(some, batch.num_rows() - some));
            }
            passed += some as u64;
        }
        Ok(passed)
    }

    /// CLOSE; None for all.
    pub fn close(&mut self, name: Option<&str>) -> Result<()> {
        match name {
            None => self.open.clear(),
            Some(name) => drop(self.open.remove(name).ok_or_else(|| missing(name))?),
        }
        Ok(())
    }

    /// The transaction ends: only cursors WITH HOLD stay.
    pub fn end_transaction(&mut self) {
        self.open.retain(|_, cursor| cursor.hold);
    }
}

impl Cursor {
    async fn take(
        &mut self,
        count: u64,
        timeout: Option<Duration>,
        limit: usize,
    ) -> Result<Vec<RecordBatch>> {
        let deadline = timeout.map(|timeout| tokio::time::Instant::now() + timeout);
        let (mut taken, mut bytes) = (Vec::new(), 0);
        let mut left = usize::try_from(count).unwrap_or(usize::MAX);
        while left > 0 {
            let Some(batch) = self.next(!taken.is_empty(), deadline).await? else { break };
            let some = batch.num_rows().min(left);
            if some < batch.num_rows() {
                self.rest = Some(batch.slice(some, batch.num_rows() - some));
            }
            left -= some;
            bytes += batch.get_array_memory_size();
            if bytes > limit {
                return Err(super::over_budget(limit));
            }
            taken.push(batch.slice(0, some));
        }
        Ok(taken)
    }

    /// The next rows. A live cursor that has given some waits for no more.
    async fn next(
        &mut self,
        has_some: bool,
        deadline: Option<tokio::time::Instant>,
    ) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(rest) = self.rest.take() {
                return Ok(Some(rest));
            }
            if self.ended {
                return Ok(None);
            }
            let rows = self.rows.get_mut();
            let live = rows.live;
            let next = rows.batches.next();
            let batch = match (live, has_some, deadline) {
                (true, true, _) => match futures::FutureExt::now_or_never(next) {
                    Some(batch) => batch,
                    None => return Ok(None),
                },
                (true, false, Some(deadline)) => match tokio::time::timeout_at(deadline, next).await {
                    Ok(batch) => batch,
                    Err(_) => return Ok(None),
                },
                _ => next.await,
            };
            match batch.transpose()? {
                Some(batch) if batch.num_rows() > 0 => return Ok(Some(batch)),
                Some(_) => {}
                None => self.ended = true,
            }
        }
    }
}

fn missing(name: &str) -> crate::Error {
    SqlError::new(SqlState::InvalidCursorName, format!("cursor \"{name}\" does not exist")).into()
}
