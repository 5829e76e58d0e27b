//! Values: constant rows, there from the first step on.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use arrow::datatypes::SchemaRef;

use super::{Operator, State, StateKind, Step, batch_of};
use crate::Result;
use crate::flow::delta::Delta;

const STARTED: &str = "started";

/// Gives its rows once.
pub(crate) struct Values {
    rows: RecordBatch,
    started: bool,
}

impl Values {
    /// The rows, under the output's schema.
    pub(crate) fn new(rows: &RecordBatch, schema: &SchemaRef) -> Result<Self> {
        Ok(Self { rows: batch_of(schema, rows.columns().to_vec(), rows.num_rows())?, started: false })
    }
}

impl Operator for Values {
    fn step(&mut self, _inputs: Vec<Vec<Delta>>, _step: &Step<'_>) -> Result<Vec<Delta>> {
        let first = !std::mem::replace(&mut self.started, true);
        Ok(if first && self.rows.num_rows() > 0 {
            vec![Delta::insertions(self.rows.clone())]
        } else {
            vec![]
        })
    }

    fn state(&mut self, _whole: &dyn Fn(&str) -> bool) -> Result<Vec<State>> {
        if !self.started {
            return Ok(vec![]);
        }
        let column: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
        let batch = RecordBatch::try_from_iter([(STARTED, column)])?;
        Ok(vec![State { name: STARTED, batch, kind: StateKind::Small }])
    }

    fn restore(&mut self, _name: &str, _batch: &RecordBatch) -> Result<()> {
        self.started = true;
        Ok(())
    }
}
