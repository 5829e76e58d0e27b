//! Rows, plans and a view for tests.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::logical_expr::Operator as Op;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{BinaryExpr, Column, Literal};
use datafusion::scalar::ScalarValue;
use millstream_catalog::ObjectId;
use millstream_sql::plan::{
    Aggregate, AggregateFunction, Close, FlowPlan, Lateness, Node, Operator, Slices, WindowPart,
};
use millstream_sql::windows::Window;

use crate::flow::delta::{Delta, NO_WATERMARK};
use crate::flow::{Flow, OperatorState, SourceDelta, SourceRows, StateKind, merge_layers, squash_layers};

pub(super) const STREAM: ObjectId = ObjectId(7);

/// A row of the test stream. Its columns are k, s, t, v, f, b.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub k: Option<i64>,
    pub s: Option<&'static str>,
    pub t: Option<i64>,
    pub v: Option<i64>,
    pub f: Option<f64>,
    pub b: Option<bool>,
    /// The stream's watermark just before it.
    pub watermark: i64,
}

pub(super) const K: usize = 0;
pub(super) const S: usize = 1;
pub(super) const T: usize = 2;
pub(super) const V: usize = 3;
pub(super) const F: usize = 4;
pub(super) const B: usize = 5;

pub(super) fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, None)
}

pub(super) fn stream_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("k", DataType::Int64, true),
        Field::new("s", DataType::Utf8, true),
        Field::new("t", time_type(), true),
        Field::new("v", DataType::Int64, true),
        Field::new("f", DataType::Float64, true),
        Field::new("b", DataType::Boolean, true),
    ]))
}

/// The commit of a row.
pub(super) fn lsn_of(row: u64) -> u64 {
    row / 3 + 5
}

struct Slice {
    batch: RecordBatch,
    watermarks: ScalarBuffer<i64>,
    first_row: u64,
}

impl SourceRows for Slice {
    fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    fn hidden(&self, index: usize) -> ArrayRef {
        let rows = self.first_row..self.first_row + self.batch.num_rows() as u64;
        match index {
            0 => Arc::new(Int32Array::from(vec![0; self.batch.num_rows()])),
            1 => Arc::new(Int64Array::from_iter_values(rows.map(|row| row as i64))),
            2 => Arc::new(Int64Array::from_iter_values(rows.map(|row| lsn_of(row) as i64))),
            _ => panic!("no hidden column {index} is there"),
        }
    }

    fn watermarks(&self) -> Option<&ScalarBuffer<i64>> {
        Some(&self.watermarks)
    }

    fn first_row(&self) -> u64 {
        self.first_row
    }
}

fn slice(rows: &[Row], first_row: usize) -> Slice {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| row.k).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.s).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| row.t).collect::<TimestampMicrosecondArray>()),
        Arc::new(rows.iter().map(|row| row.v).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.f).collect::<Float64Array>()),
        Arc::new(rows.iter().map(|row| row.b).collect::<BooleanArray>()),
    ];
    Slice {
        batch: RecordBatch::try_new(stream_schema(), columns).unwrap(),
        watermarks: rows.iter().map(|row| row.watermark).collect(),
        first_row: first_row as u64,
    }
}

/// Rows `from..to` of the stream as a step's input, in batches of at most `batch` rows.
pub(super) fn source(rows: &[Row], from: usize, to: usize, watermark: i64, batch: usize) -> Vec<SourceDelta> {
    let mut slices: Vec<Box<dyn SourceRows>> = vec![];
    for start in (from..to).step_by(batch.max(1)) {
        slices.push(Box::new(slice(&rows[start..to.min(start + batch)], start)));
    }
    vec![SourceDelta { stream: STREAM, slices, watermark }]
}

pub(super) fn column(index: usize) -> Arc<dyn PhysicalExpr> {
    Arc::new(Column::new("c", index))
}

pub(super) fn literal(value: ScalarValue) -> Arc<dyn PhysicalExpr> {
    Arc::new(Literal::new(value))
}

pub(super) fn binary(
    left: Arc<dyn PhysicalExpr>,
    op: Op,
    right: Arc<dyn PhysicalExpr>,
) -> Arc<dyn PhysicalExpr> {
    Arc::new(BinaryExpr::new(left, op, right))
}

pub(super) fn aggregate(
    function: AggregateFunction,
    argument: Option<usize>,
    output_type: DataType,
) -> Aggregate {
    Aggregate {
        function,
        arguments: argument.map(column).into_iter().collect(),
        distinct: false,
        filter: None,
        output_type,
        name: format!("{function:?}"),
        any: None,
    }
}

pub(super) fn node(operator: Operator, inputs: Vec<Node>, schema: SchemaRef, append_only: bool) -> Node {
    Node { id: 0, operator, inputs, schema, append_only, key: None, watermarks: vec![], skips_errors: false }
}

pub(super) fn scan() -> Node {
    let operator = Operator::Source { stream: STREAM, name: "s".to_owned(), columns: (0..6).collect() };
    node(operator, vec![], stream_schema(), true)
}

pub(super) fn filtered(input: Node, predicate: Arc<dyn PhysicalExpr>) -> Node {
    let (schema, append_only) = (input.schema.clone(), input.append_only);
    node(Operator::Filter(predicate), vec![input], schema, append_only)
}

/// GROUP BY without windows of its own. `keys` are columns of the input.
pub(super) fn grouped(input: Node, keys: &[usize], aggregates: Vec<Aggregate>, close: Option<Close>) -> Node {
    let mut fields: Vec<Field> = keys.iter().map(|key| input.schema.field(*key).clone()).collect();
    fields.extend(
        aggregates.iter().map(|aggregate| Field::new(&aggregate.name, aggregate.output_type.clone(), true)),
    );
    let append_only = close.is_some() || (aggregates.is_empty() && input.append_only);
    let keys = keys.iter().map(|key| column(*key)).collect();
    let operator = Operator::Aggregate { keys, aggregates, slices: None, close };
    node(operator, vec![input], Arc::new(Schema::new(fields)), append_only)
}

/// A Window node: the input's columns, window_start, window_end.
pub(super) fn windowed(input: Node, window: Window, time_column: usize, late: Option<Lateness>) -> Node {
    let mut fields: Vec<Field> = input.schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new("window_start", time_type(), false));
    fields.push(Field::new("window_end", time_type(), false));
    let append_only = input.append_only;
    node(
        Operator::Window { window, time_column, late },
        vec![input],
        Arc::new(Schema::new(fields)),
        append_only,
    )
}

/// GROUP BY keys…, window_start, window_end over slices. Output in that order.
pub(super) fn sliced(
    input: Node,
    window: Window,
    time_column: usize,
    late: Option<Lateness>,
    keys: &[usize],
    aggregates: Vec<Aggregate>,
    close: Option<Close>,
) -> Node {
    let mut fields: Vec<Field> = keys.iter().map(|key| input.schema.field(*key).clone()).collect();
    fields.push(Field::new("window_start", time_type(), false));
    fields.push(Field::new("window_end", time_type(), false));
    fields.extend(
        aggregates.iter().map(|aggregate| Field::new(&aggregate.name, aggregate.output_type.clone(), true)),
    );
    let mut parts: Vec<Option<WindowPart>> = vec![None; keys.len()];
    parts.extend([Some(WindowPart::Start), Some(WindowPart::End)]);
    let mut expressions: Vec<Arc<dyn PhysicalExpr>> = keys.iter().map(|key| column(*key)).collect();
    expressions.extend([0, 1].map(|_| literal(ScalarValue::TimestampMicrosecond(None, None))));
    let slices = Some(Slices { window, time_column, late, parts });
    let append_only = close.is_some();
    let operator = Operator::Aggregate { keys: expressions, aggregates, slices, close };
    node(operator, vec![input], Arc::new(Schema::new(fields)), append_only)
}

pub(super) fn plan(mut root: Node) -> FlowPlan {
    fn number(node: &mut Node, next: &mut usize) {
        node.inputs.iter_mut().for_each(|input| number(input, next));
        node.id = *next;
        *next += 1;
    }
    number(&mut root, &mut 0);
    FlowPlan { root, streams: vec![STREAM], fingerprint: 1 }
}

/// A row of a view, comparable. Floats are rounded: the oracle adds in another order.
pub(super) type Values = Vec<String>;

pub(super) fn show(value: &ScalarValue) -> String {
    match value {
        // The shift keeps values that are short in binary (1/2048) off the boundary between two roundings, where the
        // last bit would decide, and makes what is nearly 0 the same as 0.
        ScalarValue::Float64(Some(value)) if value.is_finite() => format!("{:.6}", value + 1.234_567_891e-8),
        value => format!("{value:?}"),
    }
}

/// The contents of a view, as a count for each row.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct View {
    pub rows: HashMap<Values, i64>,
}

impl View {
    pub(super) fn apply(&mut self, deltas: &[Delta]) {
        for delta in deltas {
            for row in 0..delta.num_rows() {
                let value = |column: &ArrayRef| show(&ScalarValue::try_from_array(column, row).unwrap());
                let values: Values = delta.batch.columns().iter().map(value).collect();
                let weight = delta.weights.as_ref().map_or(1, |weights| weights.value(row));
                assert_ne!(weight, 0);
                let count = self.rows.entry(values.clone()).or_default();
                *count += weight;
                assert!(*count >= 0, "{values:?} was taken back before it came");
                if *count == 0 {
                    self.rows.remove(&values);
                }
            }
        }
    }

    /// Applies a step, and checks that each key has one row at any time and at most one change.
    pub(super) fn apply_keyed(&mut self, deltas: &[Delta], keys: usize) {
        let before = self.clone();
        let (mut gone, mut came) = (HashMap::new(), BTreeSet::new());
        for delta in deltas {
            for row in 0..delta.num_rows() {
                let value = |column: &ArrayRef| show(&ScalarValue::try_from_array(column, row).unwrap());
                let values: Values = delta.batch.columns().iter().map(value).collect();
                let key = values[..keys].to_vec();
                match delta.weights.as_ref().map_or(1, |weights| weights.value(row)) {
                    -1 => {
                        assert!(!came.contains(&key), "{key:?} taken back after it came");
                        assert!(gone.insert(key, values).is_none());
                    }
                    1 => {
                        assert_ne!(gone.get(&key), Some(&values), "no change");
                        assert!(came.insert(key), "came twice");
                    }
                    weight => panic!("weight {weight}"),
                }
            }
        }
        self.apply(deltas);
        let mut seen = BTreeSet::new();
        for (values, count) in &self.rows {
            assert_eq!(*count, 1);
            assert!(
                seen.insert(values[..keys].to_vec()),
                "two rows of {:?}; before {before:?}",
                &values[..keys]
            );
        }
    }
}

/// Runs a plan over all rows in steps that end at `cuts`, restarting after those in `restarts`.
pub(super) struct Run<'a> {
    pub plan: &'a FlowPlan,
    pub rows: &'a [Row],
    /// Ends of steps, with the stream's watermark there; ascending, the last is the end.
    pub cuts: &'a [(usize, i64)],
    pub restarts: &'a [usize],
    pub shards: &'a [usize],
    pub batch: usize,
    pub keys: Option<usize>,
}

impl Run<'_> {
    /// The view after each cut, and the flow at the end.
    pub(super) fn views(&self) -> (Vec<View>, Flow) {
        let mut flow = Flow::new(self.plan, self.shards[0]).unwrap();
        let mut view = View::default();
        let (mut views, mut from) = (vec![], 0);
        let mut stored = Stored::default();
        for (step, (to, watermark)) in self.cuts.iter().enumerate() {
            let output = flow.step(source(self.rows, from, *to, *watermark, self.batch)).unwrap();
            assert_eq!(output.watermark, *watermark);
            match self.keys {
                Some(keys) => view.apply_keyed(&output.deltas, keys),
                None => view.apply(&output.deltas),
            }
            views.push(view.clone());
            from = *to;
            // Checkpoints in layers, now and then anew, some of them followed by a restart.
            let restarts = self.restarts.contains(&step);
            if restarts || (step + self.rows.len()).is_multiple_of(3) {
                stored.checkpoint(&mut flow, step % 17 == 16);
            }
            if restarts {
                flow = stored.restore(self.plan, self.shards[(step + 1) % self.shards.len()]);
            }
        }
        (views, flow)
    }
}

/// What checkpoints have stored: each part of a state as a base and its layers.
#[derive(Default)]
pub(super) struct Stored {
    parts: BTreeMap<(usize, String), (StateKind, Vec<RecordBatch>)>,
}

impl Stored {
    /// Stores what changed, or everything `anew`. Answers the rows stored.
    pub(super) fn checkpoint(&mut self, flow: &mut Flow, anew: bool) -> usize {
        let whole = |node, name: &str| anew || !self.parts.contains_key(&(node, name.to_owned()));
        let states = flow.checkpoint(whole).unwrap();
        self.parts.retain(|_, (kind, _)| !anew && *kind != StateKind::Small);
        let rows = states.iter().map(|state| state.batch.num_rows()).sum();
        for OperatorState { node, name, batch, kind } in states {
            let part = self.parts.entry((node, name)).or_insert((kind, vec![]));
            if kind != StateKind::Layer {
                *part = (kind, vec![]);
            }
            part.1.push(batch);
        }
        // Layers may be put together at any time.
        for (_, layers) in self.parts.values_mut().filter(|(_, layers)| layers.len() > 4) {
            let squashed = squash_layers(&layers[1..]).unwrap();
            layers.truncate(1);
            layers.push(squashed);
        }
        rows
    }

    /// The flow as it was at the last checkpoint.
    pub(super) fn restore(&self, plan: &FlowPlan, shards: usize) -> Flow {
        let merged = |((node, name), (kind, layers)): (&(usize, String), &(StateKind, Vec<RecordBatch>))| {
            let batch =
                if *kind == StateKind::Small { layers[0].clone() } else { merge_layers(layers).unwrap() };
            OperatorState { node: *node, name: name.clone(), batch, kind: *kind }
        };
        Flow::restore(plan, shards, self.parts.iter().map(merged).collect()).unwrap()
    }
}

/// The watermark after rows, as the stream keeps it.
pub(super) fn watermark_after(rows: &[Row], delay: i64) -> i64 {
    let latest = rows.iter().filter_map(|row| row.t).map(|t| t - delay).max();
    latest.unwrap_or(NO_WATERMARK)
}

/// Gives each row the watermark before it.
pub(super) fn with_watermarks(rows: &mut [Row], delay: i64) {
    let mut watermark = NO_WATERMARK;
    for row in rows {
        row.watermark = watermark;
        if let Some(t) = row.t {
            watermark = watermark.max(t - delay);
        }
    }
}

/// A row with little in it.
pub(super) fn row(k: i64, t: i64, v: i64) -> Row {
    Row { k: Some(k), s: None, t: Some(t), v: Some(v), f: None, b: None, watermark: NO_WATERMARK }
}

pub(super) fn count() -> Aggregate {
    aggregate(AggregateFunction::Count, None, DataType::Int64)
}
