//! Project: one output column for each expression.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::physical_expr::PhysicalExpr;

use super::{Operator, Step, batch_of, only, row_count};
use crate::Result;
use crate::flow::delta::Delta;
use crate::flow::errors::evaluate_rows;
use crate::flow::shard::each_item;

/// The SELECT list.
pub(crate) struct Project {
    /// Over the input, in output order.
    pub expressions: Vec<Arc<dyn PhysicalExpr>>,
    /// The output.
    pub schema: SchemaRef,
}

impl Operator for Project {
    fn step(&mut self, inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>> {
        let input = only(inputs)?;
        let rows = row_count(&input);
        let (expressions, schema) = (&self.expressions, &self.schema);
        let mut deltas = each_item(input, rows, step.shards, |delta| {
            let (delta, columns) = evaluate_rows(expressions, delta, &step.site, || None)?;
            let batch = batch_of(schema, columns, delta.num_rows())?;
            Ok(delta.with_batch(batch))
        })?;
        deltas.retain(|delta| delta.num_rows() > 0);
        Ok(deltas)
    }
}
