//! INSERT … RETURNING: a query over the rows that are about to be appended, run before they are, so that an error in it
//! leaves nothing behind.

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::sqlparser::ast::{Expr, visit_expressions};
use futures::StreamExt;
use millstream_catalog::{Object, SqlType};
use millstream_sql::text::parse_query;
use millstream_sql::text::statement::Insert;
use millstream_sql::{SqlError, SqlResult};

use super::answer::{Rows, RowsTag};
use super::{Prepared, Session, collect, with_parameters};
use crate::Result;
use crate::engine::append::stream_of;

impl Session {
    /// What RETURNING says of rows of a stream.
    pub(super) async fn returning(
        &self,
        insert: &Insert,
        target: &Object,
        rows: Vec<RecordBatch>,
        prepared: &Prepared,
        parameters: &[ScalarValue],
    ) -> Result<Rows> {
        let types: Vec<_> = prepared.parameter_types.iter().cloned().map(Some).collect();
        let plan = with_parameters(self.bind_returning(insert, target, rows, &types)?, parameters)?;
        let rows = self.plan_rows(&self.engine.catalog(), plan, RowsTag::Insert).await?;
        let (schema, environment) = (rows.schema.clone(), rows.environment.clone());
        let batches = collect(rows, self.engine.config().memory_budget_bytes).await?;
        let batches = futures::stream::iter(batches.into_iter().map(Ok)).boxed();
        Ok(Rows { schema, batches, tag: RowsTag::Insert, live: false, environment })
    }

    /// The query that RETURNING is, over rows of the stream's columns.
    pub(super) fn bind_returning(
        &self,
        insert: &Insert,
        target: &Object,
        rows: Vec<RecordBatch>,
        types: &[Option<SqlType>],
    ) -> Result<LogicalPlan> {
        stream_of(target)?;
        let items = insert.returning.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let query = parse_query(&format!("SELECT {items} FROM {}", target.name))?;
        refuse_subqueries(&query)?;
        // The rows are as they were computed: every column may be NULL until the append has checked them.
        let fields = target.columns().iter().map(|column| column.field().with_nullable(true));
        let schema: SchemaRef = Schema::new(fields.collect::<Vec<_>>()).into();
        let rows = rows.iter().map(|batch| RecordBatch::try_new(schema.clone(), batch.columns().to_vec()));
        let provider: Arc<dyn TableProvider> =
            Arc::new(MemTable::try_new(schema.clone(), vec![rows.collect::<std::result::Result<_, _>>()?])?);
        let inserted = Some((target.id, provider));
        self.bound_beside(&self.engine.catalog(), "", types, inserted, |binder| binder.query(&query))
    }
}

/// A query within RETURNING would take the new rows for the whole stream.
fn refuse_subqueries(query: &datafusion::sql::sqlparser::ast::Query) -> SqlResult<()> {
    let found = visit_expressions(query, |expr| match expr {
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    match found {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => {
            let hint = "read with a SELECT of its own: a read sees every acknowledged row";
            Err(SqlError::unsupported("a query within RETURNING is not supported", hint))
        }
    }
}
