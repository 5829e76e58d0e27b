//! Filter: rows for which a predicate is true.

use std::sync::Arc;

use datafusion::physical_expr::PhysicalExpr;

use super::{Operator, Step, only, row_count};
use crate::Result;
use crate::flow::delta::Delta;
use crate::flow::errors::evaluate_rows;
use crate::flow::grouping::true_rows;
use crate::flow::shard::each_item;

/// WHERE and HAVING.
pub(crate) struct Filter {
    /// Over the input; NULL is false.
    pub predicate: Arc<dyn PhysicalExpr>,
}

impl Operator for Filter {
    fn step(&mut self, inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>> {
        let input = only(inputs)?;
        let rows = row_count(&input);
        let predicate = std::slice::from_ref(&self.predicate);
        let mut deltas = each_item(input, rows, step.shards, |delta| {
            let (delta, columns) = evaluate_rows(predicate, delta, &step.site, || None)?;
            delta.filter(&true_rows(&columns[0])?)
        })?;
        deltas.retain(|delta| delta.num_rows() > 0);
        Ok(deltas)
    }
}
