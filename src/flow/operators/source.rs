//! Source: the rows of a stream, with the columns that the plan reads.

use arrow::datatypes::SchemaRef;
use millstream_catalog::ObjectId;

use super::{Operator, Step, batch_of};
use crate::flow::delta::{Delta, RowNumbers};
use crate::flow::input::SourceRows;
use crate::{Error, Result};

/// Reads one stream. Columns are numbered as in `Stream::schema_with_hidden`.
pub(crate) struct Source {
    /// The stream.
    pub stream: ObjectId,
    /// Which columns, in output order.
    pub columns: Vec<usize>,
    /// The output.
    pub schema: SchemaRef,
}

impl Source {
    fn delta(&self, rows: &dyn SourceRows) -> Result<Delta> {
        let batch = rows.batch();
        let column = |index: &usize| match index.checked_sub(batch.num_columns()) {
            None => batch.column(*index).clone(),
            Some(hidden) => rows.hidden(hidden),
        };
        let columns = self.columns.iter().map(column).collect();
        let watermarks = rows.watermarks().cloned();
        if watermarks.as_ref().is_some_and(|watermarks| watermarks.len() != batch.num_rows()) {
            return Err(Error::internal("a stream's rows and their watermarks are not in step"));
        }
        Ok(Delta {
            batch: batch_of(&self.schema, columns, batch.num_rows())?,
            weights: None,
            watermarks,
            row_numbers: Some(RowNumbers::From(rows.first_row())),
            stream: Some(self.stream),
        })
    }
}

impl Operator for Source {
    fn step(&mut self, _inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>> {
        let own = step.sources.iter().filter(|source| source.stream == self.stream);
        let slices = own.flat_map(|source| &source.slices).filter(|slice| slice.batch().num_rows() > 0);
        slices.map(|slice| self.delta(slice.as_ref())).collect()
    }
}
