//! The operators of a flow, one file each, behind one trait that the driver knows.

pub(crate) mod aggregate;
pub(crate) mod filter;
pub(crate) mod project;
pub(crate) mod slices;
pub(crate) mod source;
pub(crate) mod union;
pub(crate) mod values;
pub(crate) mod window;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, RecordBatchOptions};
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;

use super::delta::Delta;
use super::errors::Site;
use super::input::SourceDelta;
use super::late::LateRows;
use crate::{Error, Result};

/// Deltas of fewer rows than this are joined, so that what follows does not pay for each batch.
const JOIN_ROWS: usize = 16 * 1024;

/// A part of an operator's state.
pub(crate) struct State {
    /// Its name.
    pub name: &'static str,
    /// The state.
    pub batch: RecordBatch,
    /// How it relates to what is stored.
    pub kind: StateKind,
}

/// How a part of a state relates to what earlier checkpoints stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// It is small, and stored anew each time.
    Small,
    /// All of it; later checkpoints may add layers.
    Base,
    /// What changed since the checkpoint before.
    Layer,
}

/// What an operator is told of a step, besides its input.
pub(crate) struct Step<'a> {
    /// The rows of the streams.
    pub sources: &'a [SourceDelta],
    /// The least watermark, at the end of the step, of the streams below the operator.
    pub watermark: i64,
    /// How many shards work on the flow.
    pub shards: usize,
    /// Where the errors of rows go.
    pub site: Site<'a>,
}

/// A part of a flow: turns the changes of its inputs into the changes of its output.
///
/// # Contract
/// - No clock, no I/O, no thread but fork-join over shards. Equal inputs give equal outputs.
/// - The sum of all outputs since the beginning is a function of the sum of all inputs: cuts don't matter.
/// - A row for which an expression fails is left out and reported ([`super::errors`]): the same row fails in the same way,
///   so that its retraction takes its error back. An error that is answered is no row's, and ends the flow.
/// - Within a step, retractions of a row come before insertions of a row with the same key.
/// - `restore(state())` on a new operator of the same plan gives one that goes on in the same way, whatever the
///   number of shards of either.
/// - After an error the operator is not used again.
pub(crate) trait Operator: Send {
    /// The changes of the output in a step, from those of the inputs (one list each).
    fn step(&mut self, inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>>;

    /// Everything that has to outlive a restart, as named parts. Of a part that is stored in layers, and for which `whole` says
    /// no, only what changed since the last call: if the caller loses it, it asks for the whole next time.
    fn state(&mut self, _whole: &dyn Fn(&str) -> bool) -> Result<Vec<State>> {
        Ok(vec![])
    }

    /// Takes over one part of [`Operator::state`], its layers merged.
    fn restore(&mut self, name: &str, _batch: &RecordBatch) -> Result<()> {
        Err(Error::internal(format!("a checkpoint has state {name} for an operator that has none")))
    }

    /// Bytes held, roughly.
    fn bytes(&self) -> usize {
        0
    }

    /// Rows that came too late; None for an operator that leaves none out.
    fn late(&self) -> Option<&LateRows> {
        None
    }
}

/// The only input of an operator that has one.
fn only(inputs: Vec<Vec<Delta>>) -> Result<Vec<Delta>> {
    match <[Vec<Delta>; 1]>::try_from(inputs) {
        Ok([input]) => Ok(input),
        Err(inputs) => Err(Error::internal(format!("{} inputs for an operator that has one", inputs.len()))),
    }
}

fn row_count(deltas: &[Delta]) -> usize {
    deltas.iter().map(Delta::num_rows).sum()
}

/// A batch that may be without columns.
fn batch_of(schema: &SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(SchemaRef::clone(schema), columns, &options)?)
}

/// Joins small deltas that have no watermarks and no row numbers, keeping their order.
fn joined(schema: &SchemaRef, deltas: Vec<Delta>) -> Result<Vec<Delta>> {
    let mut answer = Vec::new();
    let mut group: Vec<Delta> = vec![];
    for delta in deltas {
        if row_count(&group) + delta.num_rows() > JOIN_ROWS && !group.is_empty() {
            answer.push(join(schema, std::mem::take(&mut group))?);
        }
        group.push(delta);
    }
    if !group.is_empty() {
        answer.push(join(schema, group)?);
    }
    Ok(answer)
}

fn join(schema: &SchemaRef, mut deltas: Vec<Delta>) -> Result<Delta> {
    if deltas.len() == 1 {
        return Ok(deltas.remove(0));
    }
    let batch = concat_batches(schema, deltas.iter().map(|delta| &delta.batch))?;
    if deltas.iter().all(|delta| delta.weights.is_none()) {
        return Ok(Delta::insertions(batch));
    }
    let weights = deltas.iter().flat_map(|delta| match &delta.weights {
        Some(weights) => weights.values().to_vec(),
        None => vec![1; delta.num_rows()],
    });
    let weights = Int64Array::from_iter_values(weights);
    Ok(Delta::weighted(batch, weights))
}
