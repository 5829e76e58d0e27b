//! What a continuous query does, as data: a tree of operators over streams.
//!
//! A materialized view's plan is always down to streams: a view over a view is planned as one tree, so each view
//! is a function of the log alone, lags alone and restarts alone.
//!
//! Every node says what its output is: the schema, whether it is append-only, which columns identify a row, and
//! which columns carry a watermark. Expressions are DataFusion physical expressions over the input's schema, with
//! integer arithmetic already checked.

pub mod explain;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::physical_expr::PhysicalExpr;
use millstream_catalog::ObjectId;

use crate::windows::Window;

/// The plan of a view.
#[derive(Debug, Clone)]
pub struct FlowPlan {
    /// The operator whose output is the view's contents.
    pub root: Node,
    /// Streams that are read, each once, ascending.
    pub streams: Vec<ObjectId>,
    /// Equal for plans that compute the same in the same way: state of one can be restored into the other.
    pub fingerprint: u64,
}

/// An operator, its inputs and the properties of its output.
#[derive(Debug, Clone)]
pub struct Node {
    /// Position in the plan, depth first from the inputs, dense from 0: state is stored under it.
    pub id: usize,
    /// What it does.
    pub operator: Operator,
    /// What it reads: none for Source and Values, one for most, two or more for Union.
    pub inputs: Vec<Node>,
    /// The columns of its output.
    pub schema: SchemaRef,
    /// No row of the output is ever taken back.
    pub append_only: bool,
    /// Output columns that identify a row at any LSN; None when no subset is known to.
    pub key: Option<Vec<usize>>,
    /// Output columns that carry a watermark; empty when none does.
    pub watermarks: Vec<WatermarkColumn>,
    /// It is the root of a view with `on_error = 'skip'`: who reads it does not see the errors of its rows and of those below.
    pub skips_errors: bool,
}

/// A column whose values will not be met again below `watermark - delay_us`, save in late rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatermarkColumn {
    /// Index in the output.
    pub column: usize,
    /// How far this column lies behind the watermark of the source, in microseconds.
    pub delay_us: i64,
    /// True for the end of a window (exclusive): a value equal to the watermark is already final.
    pub window_end: bool,
}

/// What a node does.
#[derive(Debug, Clone)]
pub enum Operator {
    /// Rows of a stream. `columns` are indexes into the stream's `schema_with_hidden()`.
    Source {
        /// The stream.
        stream: ObjectId,
        /// Its name when the plan was made, for EXPLAIN.
        name: String,
        /// Which columns, in output order.
        columns: Vec<usize>,
    },
    /// Constant rows (`SELECT 1`, VALUES): there at the first step, never again.
    Values(RecordBatch),
    /// Rows for which the predicate is true.
    Filter(Arc<dyn PhysicalExpr>),
    /// One output column for each expression.
    Project(Vec<Arc<dyn PhysicalExpr>>),
    /// Adds `window_start`, `window_end` (and `window_time` when asked for): one output row for each window of a row. Where
    /// `lateness_us` is given, windows that were closed before the row's position are left out and counted.
    Window {
        /// Which windows.
        window: Window,
        /// The event-time column of the input, a timestamp in microseconds.
        time_column: usize,
        /// Some: the input carries a watermark, late rows are left out after this much grace.
        late: Option<Lateness>,
    },
    /// GROUP BY, DISTINCT (no aggregates), and windowed aggregation by slices. Output: the keys in order, then
    /// the aggregates in order. With no keys there is exactly one row, also over no input.
    Aggregate {
        /// Group keys over the input; those named in `slices` are placeholders (literal NULLs of the right type) there.
        keys: Vec<Arc<dyn PhysicalExpr>>,
        /// What is computed for each group.
        aggregates: Vec<Aggregate>,
        /// Set when the keys hold a window of a Window node that was fused into this one.
        slices: Option<Slices>,
        /// Set for EMIT ON WINDOW CLOSE: a group's row appears once, when its window closes.
        close: Option<Close>,
    },
    /// All rows of all inputs. Schemas are equal.
    Union,
}

/// When a row is late for a window: `window_end + allowed_us <= watermark(row) - delay_us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// The view's `allowed_lateness`.
    pub allowed_us: i64,
    /// The time column's own delay behind the watermark.
    pub delay_us: i64,
}

/// A Window node folded into the aggregate above it, so that a row updates one slice and not every window.
#[derive(Debug, Clone)]
pub struct Slices {
    /// The windows.
    pub window: Window,
    /// The time column of the input.
    pub time_column: usize,
    /// As in [`Operator::Window`].
    pub late: Option<Lateness>,
    /// For each group key, which part of the window it is; None for an ordinary key.
    pub parts: Vec<Option<WindowPart>>,
}

/// A column that a window gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowPart {
    /// `window_start`
    Start,
    /// `window_end`
    End,
    /// `window_time`
    Time,
}

/// A group closes once `key + plus_us + allowed_us <= watermark - delay_us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// Index among the group keys of the one that tells the window: its end, or its start with `plus_us` = size.
    pub key: usize,
    /// What to add to the key to get the window's end.
    pub plus_us: i64,
    /// Grace.
    pub lateness: Lateness,
}

/// An aggregate of a group.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// Which function.
    pub function: AggregateFunction,
    /// Its arguments over the input, already coerced to the types that the function takes; empty for count(*).
    pub arguments: Vec<Arc<dyn PhysicalExpr>>,
    /// DISTINCT was said.
    pub distinct: bool,
    /// FILTER (WHERE …), over the input.
    pub filter: Option<Arc<dyn PhysicalExpr>>,
    /// The type of the result, as the batch plan has it.
    pub output_type: DataType,
    /// The result's name, for EXPLAIN.
    pub name: String,
    /// Set for [`AggregateFunction::Any`]: what is computed; the one argument is a struct of its arguments.
    pub any: Option<Arc<crate::functions::aggregate::Aggregate>>,
}

/// The aggregate functions that have kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// count(*), count(x)
    Count,
    /// sum(x); integers are summed checked, 22003 on overflow
    Sum,
    /// avg(x)
    Avg,
    /// min(x)
    Min,
    /// max(x)
    Max,
    /// bool_and(x)
    BoolAnd,
    /// bool_or(x)
    BoolOr,
    /// var_samp(x)
    VarSamp,
    /// var_pop(x)
    VarPop,
    /// stddev_samp(x)
    StddevSamp,
    /// stddev_pop(x)
    StddevPop,
    /// Any other aggregate, by its rows
    Any,
}

impl FlowPlan {
    /// The nodes whose errors are left out: those of views with `on_error = 'skip'`, and all below them.
    pub fn skipping(&self) -> BTreeSet<usize> {
        fn collect(node: &Node, skips: bool, found: &mut BTreeSet<usize>) {
            let skips = skips || node.skips_errors;
            if skips {
                found.insert(node.id);
            }
            node.inputs.iter().for_each(|input| collect(input, skips, found));
        }
        let mut found = BTreeSet::new();
        collect(&self.root, false, &mut found);
        found
    }
}
