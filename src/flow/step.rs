//! The driver: runs the operators of a flow over a step, inputs first, and measures them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use millstream_catalog::ObjectId;
use millstream_sql::plan::{FlowPlan, Node, Operator as PlanOperator};

use super::build;
use super::delta::{Delta, NO_WATERMARK};
use super::errors::{ErrorChanges, Failures, Site};
use super::input::SourceDelta;
use super::late::LateRows;
use super::operators::{Operator, State, StateKind, Step};
use crate::{Error, Result};

/// Name of the flow's own state, kept under the plan's root.
const WATERMARKS: &str = "watermarks";

/// A running continuous query.
pub struct Flow {
    /// Inputs before those that read them; the last one is the root.
    operators: Vec<Running>,
    watermarks: BTreeMap<ObjectId, i64>,
    shards: usize,
    failed: Option<Error>,
}

/// What a step gives.
#[derive(Debug, Clone)]
pub struct StepOutput {
    /// The changes of the view, to be applied in order. In a step, all retractions of a key come before its insertion.
    pub deltas: Vec<Delta>,
    /// The errors of rows that came and went.
    pub errors: ErrorChanges,
    /// The least watermark of all streams at the end of the step.
    pub watermark: i64,
}

/// A part of an operator's state.
#[derive(Debug, Clone)]
pub struct OperatorState {
    /// The node of the plan.
    pub node: usize,
    /// Which part of the node's state.
    pub name: String,
    /// The state.
    pub batch: RecordBatch,
    /// How it relates to what is stored of it.
    pub kind: StateKind,
}

/// What an operator did since the flow began or was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorStats {
    /// The node of the plan.
    pub id: usize,
    /// The operator's name.
    pub name: String,
    /// Rows that went in, retractions included.
    pub rows_in: u64,
    /// Rows that came out, retractions included.
    pub rows_out: u64,
    /// Time spent, in nanoseconds, on the thread that drives the step.
    pub busy_ns: u64,
    /// Bytes of state, roughly.
    pub state_bytes: usize,
}

struct Running {
    id: usize,
    name: String,
    /// Positions of the inputs among the flow's operators.
    inputs: Vec<usize>,
    /// Streams at or below it.
    streams: Vec<ObjectId>,
    /// The columns that identify a row of its input.
    identity: Vec<usize>,
    operator: Box<dyn Operator>,
    rows_in: u64,
    rows_out: u64,
    busy_ns: u64,
}

impl Flow {
    /// A flow that has seen nothing, spread over this many shards (at least one).
    pub fn new(plan: &FlowPlan, shards: usize) -> Result<Flow> {
        let shards = shards.max(1);
        let mut operators = vec![];
        add(&plan.root, shards, &mut operators)?;
        let watermarks = plan.streams.iter().map(|stream| (*stream, NO_WATERMARK)).collect();
        Ok(Flow { operators, watermarks, shards, failed: None })
    }

    /// A flow as it was when its states were taken, whatever its number of shards was.
    pub fn restore(plan: &FlowPlan, shards: usize, states: Vec<OperatorState>) -> Result<Flow> {
        let mut flow = Flow::new(plan, shards)?;
        for state in states {
            if state.name == WATERMARKS {
                flow.watermarks.extend(watermarks_of(&state.batch)?);
                continue;
            }
            let Some(running) = flow.operators.iter_mut().find(|running| running.id == state.node) else {
                return Err(Error::internal(format!(
                    "a checkpoint has state for operator {}, which is not there",
                    state.node
                )));
            };
            running.operator.restore(&state.name, &state.batch)?;
        }
        Ok(flow)
    }

    /// Takes in what the log gained. An error that is no row's ends the flow: every
    /// step then gives it.
    pub fn step(&mut self, sources: Vec<SourceDelta>) -> Result<StepOutput> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let output = self.run(&sources);
        if let Err(error) = &output {
            self.failed = Some(error.clone());
        }
        output
    }

    fn run(&mut self, sources: &[SourceDelta]) -> Result<StepOutput> {
        for source in sources {
            if let Some(watermark) = self.watermarks.get_mut(&source.stream) {
                *watermark = source.watermark.max(*watermark);
            }
        }
        let failures = Failures::default();
        let mut outputs: Vec<Vec<Delta>> = Vec::with_capacity(self.operators.len());
        for running in &mut self.operators {
            let inputs: Vec<Vec<Delta>> =
                running.inputs.iter().map(|input| std::mem::take(&mut outputs[*input])).collect();
            let site = Site { node: running.id, identity: &running.identity, sources, failures: &failures };
            let watermark = least(&self.watermarks, &running.streams);
            let step = Step { sources, watermark, shards: self.shards, site };
            running.rows_in += inputs.iter().flatten().map(|delta| delta.num_rows() as u64).sum::<u64>();
            let began = Instant::now();
            let output = running.operator.step(inputs, &step)?;
            running.busy_ns += began.elapsed().as_nanos() as u64;
            running.rows_out += output.iter().map(|delta| delta.num_rows() as u64).sum::<u64>();
            outputs.push(output);
        }
        let streams: Vec<ObjectId> = self.watermarks.keys().copied().collect();
        Ok(StepOutput {
            deltas: outputs.pop().unwrap_or_default(),
            errors: failures.take(),
            watermark: least(&self.watermarks, &streams),
        })
    }

    /// All that is needed to go on from here after a restart: of the parts that `whole` names (by node and name) all, of the
    /// others, where they are kept in layers, what changed since the last call ([`super::merge_layers`]). What is answered
    /// counts as stored: if it does not get there, the next call must ask for the whole. The same for any number of
    /// shards, but for the order of rows.
    pub fn checkpoint(&mut self, whole: impl Fn(usize, &str) -> bool) -> Result<Vec<OperatorState>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let mut states = vec![];
        for running in &mut self.operators {
            let node = running.id;
            for State { name, batch, kind } in running.operator.state(&|name| whole(node, name))? {
                states.push(OperatorState { node, name: name.to_owned(), batch, kind });
            }
        }
        let root = self.operators.last().map_or(0, |running| running.id);
        states.push(OperatorState {
            node: root,
            name: WATERMARKS.to_owned(),
            batch: watermarks_batch(&self.watermarks)?,
            kind: StateKind::Small,
        });
        Ok(states)
    }

    /// Bytes of state, roughly. It walks what is kept in pieces of its own (texts, multisets).
    pub fn bytes(&self) -> usize {
        self.operators.iter().map(|running| running.operator.bytes()).sum()
    }

    /// What each operator did, inputs before those that read them.
    pub fn stats(&self) -> Vec<OperatorStats> {
        let stats = |running: &Running| OperatorStats {
            id: running.id,
            name: running.name.clone(),
            rows_in: running.rows_in,
            rows_out: running.rows_out,
            busy_ns: running.busy_ns,
            state_bytes: running.operator.bytes(),
        };
        self.operators.iter().map(stats).collect()
    }

    /// The rows that were left out of windows, since the view was made.
    pub fn late(&self) -> LateRows {
        let mut all = LateRows::default();
        self.operators.iter().filter_map(|running| running.operator.late()).for_each(|late| all.merge(late));
        all
    }
}

fn add(node: &Node, shards: usize, operators: &mut Vec<Running>) -> Result<usize> {
    let inputs: Vec<usize> =
        node.inputs.iter().map(|input| add(input, shards, operators)).collect::<Result<_>>()?;
    let mut streams: Vec<ObjectId> =
        inputs.iter().flat_map(|input| operators[*input].streams.clone()).collect();
    if let PlanOperator::Source { stream, .. } = &node.operator {
        streams.push(*stream);
    }
    operators.push(Running {
        id: node.id,
        name: build::name(node),
        inputs,
        streams,
        identity: node.inputs.first().map(identity).unwrap_or_default(),
        operator: build::operator(node, shards)?,
        rows_in: 0,
        rows_out: 0,
        busy_ns: 0,
    });
    Ok(operators.len() - 1)
}

/// The columns that identify a node's rows: its key, or all where none is known.
fn identity(node: &Node) -> Vec<usize> {
    let key = node.key.clone().filter(|key| !key.is_empty());
    key.unwrap_or_else(|| (0..node.schema.fields().len()).collect())
}

fn least(watermarks: &BTreeMap<ObjectId, i64>, streams: &[ObjectId]) -> i64 {
    let known = streams.iter().map(|stream| watermarks.get(stream).copied().unwrap_or(NO_WATERMARK));
    known.min().unwrap_or(NO_WATERMARK)
}

fn watermarks_batch(watermarks: &BTreeMap<ObjectId, i64>) -> Result<RecordBatch> {
    let streams = Int64Array::from_iter_values(watermarks.keys().map(|stream| stream.0 as i64));
    let values = Int64Array::from_iter_values(watermarks.values().copied());
    let schema = Schema::new(vec![
        Field::new("stream", DataType::Int64, false),
        Field::new("watermark", DataType::Int64, false),
    ]);
    Ok(RecordBatch::try_new(Arc::new(schema), vec![Arc::new(streams), Arc::new(values)])?)
}

fn watermarks_of(batch: &RecordBatch) -> Result<BTreeMap<ObjectId, i64>> {
    let column =
        |index: usize| batch.columns().get(index).and_then(|column| column.as_primitive_opt::<Int64Type>());
    let (Some(streams), Some(values)) = (column(0), column(1)) else {
        return Err(Error::internal("a checkpoint's watermarks are not in their form"));
    };
    Ok((0..streams.len()).map(|row| (ObjectId(streams.value(row) as u64), values.value(row))).collect())
}
