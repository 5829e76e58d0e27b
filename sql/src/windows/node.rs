//! TUMBLE and HOP as a logical node.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use datafusion::common::{Column, DFSchema, DFSchemaRef, ExprSchema, TableReference, internal_err};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{Expr, InvariantLevel, LogicalPlan, UserDefinedLogicalNodeCore};

use super::Window;

/// TUMBLE or HOP over a relation, in a DataFusion plan. Output: the input's columns, `window_start`, `window_end`
/// and, where asked for, `window_time`. Both executors implement exactly [`assign_windows`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowNode {
    /// What is windowed.
    pub input: LogicalPlan,
    /// The event-time column of the input: a timestamp in microseconds.
    pub time: Column,
    /// Which windows.
    pub window: Window,
    schema: DFSchemaRef,
}

impl WindowNode {
    /// A window node. The time column must be a microsecond timestamp, and no column may be called as the
    /// columns that are added.
    pub fn try_new(input: LogicalPlan, time: Column, window: Window) -> DataFusionResult<Self> {
        let time_field = input.schema().field_from_column(&time)?;
        let time_type = time_field.data_type().clone();
        if !matches!(time_type, DataType::Timestamp(TimeUnit::Microsecond, _)) {
            return internal_err!("a window over a column of type {time_type}");
        }
        let mut fields: Vec<(Option<TableReference>, FieldRef)> =
            input.schema().iter().map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field))).collect();
        for name in window.column_names() {
            fields.push((None, Arc::new(Field::new(*name, time_type.clone(), false))));
        }
        let schema = DFSchema::new_with_metadata(fields, input.schema().inner().metadata().clone())?;
        Ok(Self { input, time, window, schema: Arc::new(schema) })
    }

    /// Index of the time column in the input.
    pub fn time_index(&self) -> DataFusionResult<usize> {
        self.input.schema().index_of_column(&self.time)
    }
}

impl Hash for WindowNode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.input.hash(state);
        self.time.hash(state);
        self.window.hash(state);
    }
}

impl PartialOrd for WindowNode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let here = (&self.time, &self.window);
        match here.partial_cmp(&(&other.time, &other.window)) {
            Some(Ordering::Equal) => self.input.partial_cmp(&other.input),
            different => different,
        }
    }
}

impl UserDefinedLogicalNodeCore for WindowNode {
    fn name(&self) -> &str {
        "Window"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn check_invariants(&self, _check: InvariantLevel) -> DataFusionResult<()> {
        self.time_index().map(|_| ())
    }

    fn expressions(&self) -> Vec<Expr> {
        vec![Expr::Column(self.time.clone())]
    }

    /// A predicate on anything but the window may run before the windows are given.
    fn prevent_predicate_push_down_columns(&self) -> HashSet<String> {
        self.window.column_names().iter().map(|name| (*name).to_owned()).collect()
    }

    fn fmt_for_explain(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Window: {} on {}", self.window, self.time.name)
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> DataFusionResult<Self> {
        let (Some(Expr::Column(time)), Some(input)) = (exprs.into_iter().next(), inputs.into_iter().next())
        else {
            return internal_err!("a window needs its time column and its input");
        };
        Self::try_new(input, time, self.window)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        let time = self.time_index().ok()?;
        let width = self.input.schema().fields().len();
        let mut needed: Vec<usize> =
            output_columns.iter().copied().filter(|column| *column < width).collect();
        needed.push(time);
        needed.sort_unstable();
        needed.dedup();
        Some(vec![needed])
    }
}
