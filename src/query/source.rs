//! Table sources and providers: what a batch query reads.
//!
//! A query is planned against [`millstream_sql::bind::RelationSource`]s, which only have schemas. Once it is known what it reads, one LSN
//! is agreed on for all of it, and the sources become [`Rows`] over that LSN.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::union::UnionExec;

use super::stream_scan::StreamScan;
use crate::engine::job::Job;
use crate::log::{Lsn, StreamTail, TailSlice};
use crate::view::Version;

/// The rows of a relation at one LSN.
pub enum Rows {
    /// A stream up to an LSN.
    Stream {
        /// Its tail.
        tail: Arc<StreamTail>,
        /// Rows of later commits are not seen.
        through: Lsn,
        /// Rows that the session's transaction has appended and not committed.
        own: Vec<RecordBatch>,
        /// The user's columns, and the hidden ones where the query names one.
        schema: SchemaRef,
    },
    /// A version of a view.
    View {
        /// Its job, for look-ups by key.
        job: Arc<Job>,
        /// The contents.
        version: Arc<Version>,
        /// Its columns.
        schema: SchemaRef,
    },
    /// A snapshot of a view, read back from where it is stored.
    Snapshot {
        /// The view's name.
        view: String,
        /// The LSN that was asked for.
        lsn: Lsn,
        /// The contents.
        batches: Arc<[RecordBatch]>,
        /// The view's columns.
        schema: SchemaRef,
    },
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Rows::Stream { through, .. } => write!(formatter, "stream through LSN {through}"),
            Rows::View { job, version, .. } => write!(formatter, "view {} at LSN {}", job.name, version.lsn),
            Rows::Snapshot { view, lsn, .. } => write!(formatter, "snapshot of view {view} at LSN {lsn}"),
        }
    }
}

#[async_trait]
impl TableProvider for Rows {
    fn schema(&self) -> SchemaRef {
        match self {
            Rows::Stream { schema, .. } | Rows::View { schema, .. } | Rows::Snapshot { schema, .. } => {
                schema.clone()
            }
        }
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = self.schema();
        let all: Vec<usize> = (0..schema.fields().len()).collect();
        let columns = projection.unwrap_or(&all);
        let projected: SchemaRef = Arc::new(schema.project(columns)?);
        let batches = match self {
            Rows::Stream { tail, through, own, .. } => {
                let scan = StreamScan::new(state, tail, *through, &schema, columns, filters).await?;
                if own.is_empty() {
                    return Ok(Arc::new(scan));
                }
                let own = own.iter().map(|batch| uncommitted(batch, columns, &projected));
                let own = own.collect::<Result<Vec<_>>>()?;
                let own = MemorySourceConfig::try_new_exec(&[own], projected, None)?;
                return UnionExec::try_new(vec![Arc::new(scan), own]);
            }
            Rows::View { job, version, .. } => {
                let found = match looked_up_key(filters, &schema, &job.plan.root.key) {
                    Some(key) => {
                        job.reader().lookup(version, &key).map_err(external)?.map(|batch| vec![batch])
                    }
                    None => None,
                };
                let rows = match found {
                    Some(rows) => rows,
                    None => version.batches().map_err(external)?,
                };
                rows.iter()
                    .map(|batch| with_schema(batch, columns, &projected))
                    .collect::<Result<Vec<_>>>()?
            }
            Rows::Snapshot { batches, .. } => {
                let rows = batches.iter().map(|batch| with_schema(batch, columns, &projected));
                rows.collect::<Result<Vec<_>>>()?
            }
        };
        let partitions = spread(batches, state.config().target_partitions());
        Ok(MemorySourceConfig::try_new_exec(&partitions, projected, None)?)
    }
}

/// The key's values, when the filters fix every column of it with `column = literal`.
fn looked_up_key(filters: &[Expr], schema: &SchemaRef, key: &Option<Vec<usize>>) -> Option<Vec<ScalarValue>> {
    let key = key.as_ref().filter(|key| !key.is_empty())?;
    let value_of = |column: &usize| {
        let field = schema.field(*column);
        filters.iter().find_map(|filter| {
            let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = filter else { return None };
            let (named, value) = match (left.as_ref(), right.as_ref()) {
                (Expr::Column(named), Expr::Literal(value, _))
                | (Expr::Literal(value, _), Expr::Column(named)) => (named, value),
                _ => return None,
            };
            let fits =
                named.name == *field.name() && value.data_type() == *field.data_type() && !value.is_null();
            fits.then(|| value.clone())
        })
    };
    key.iter().map(value_of).collect()
}

pub(super) fn project_slice(slice: &TailSlice, columns: &[usize], schema: &SchemaRef) -> Result<RecordBatch> {
    let own = slice.batch.num_columns();
    let column = |index: &usize| -> ArrayRef {
        if *index < own { slice.batch.column(*index).clone() } else { slice.hidden(*index - own) }
    };
    build(schema, columns.iter().map(column).collect(), slice.batch.num_rows())
}

/// Rows that are not committed: they have no place in the log, so the hidden columns are NULL.
fn uncommitted(batch: &RecordBatch, columns: &[usize], schema: &SchemaRef) -> Result<RecordBatch> {
    let rows = batch.num_rows();
    let column = |(place, index): (usize, &usize)| match batch.columns().get(*index) {
        Some(column) => column.clone(),
        None => new_null_array(schema.field(place).data_type(), rows),
    };
    build(schema, columns.iter().enumerate().map(column).collect(), rows)
}

fn with_schema(batch: &RecordBatch, columns: &[usize], schema: &SchemaRef) -> Result<RecordBatch> {
    build(schema, columns.iter().map(|column| batch.column(*column).clone()).collect(), batch.num_rows())
}

pub(super) fn build(schema: &SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?)
}

/// Batches in order over at most `count` partitions, runs of neighbours together so that one partition keeps order.
fn spread(batches: Vec<RecordBatch>, count: usize) -> Vec<Vec<RecordBatch>> {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let count = if rows < 100_000 { 1 } else { count.max(1) };
    let share = rows.div_ceil(count).max(1);
    let mut partitions = vec![Vec::new()];
    let mut filled = 0;
    for batch in batches {
        if filled >= share && partitions.len() < count {
            partitions.push(Vec::new());
            filled = 0;
        }
        filled += batch.num_rows();
        partitions.last_mut().into_iter().for_each(|last| last.push(batch.clone()));
    }
    partitions
}

pub(super) fn external(error: crate::Error) -> datafusion::error::DataFusionError {
    datafusion::error::DataFusionError::External(Box::new(error))
}
