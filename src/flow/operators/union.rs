//! Union: all rows of all inputs.

use arrow::datatypes::SchemaRef;

use super::{Operator, Step, batch_of};
use crate::Result;
use crate::flow::delta::Delta;

/// UNION ALL.
pub(crate) struct Union {
    /// The output; inputs may differ from it in names only.
    pub schema: SchemaRef,
}

impl Operator for Union {
    fn step(&mut self, inputs: Vec<Vec<Delta>>, _step: &Step<'_>) -> Result<Vec<Delta>> {
        let renamed = |delta: Delta| {
            let batch = batch_of(&self.schema, delta.batch.columns().to_vec(), delta.num_rows())?;
            Ok(delta.with_batch(batch))
        };
        inputs.into_iter().flatten().map(renamed).collect()
    }
}
