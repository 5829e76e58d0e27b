//! The calls of one window as a node of a logical plan. All that it reads is columns of its input; its output is the
//! input's columns with a column for each call behind them, in the order of the window.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::FieldRef;
use datafusion::common::{Column, DFSchema, DFSchemaRef, TableReference, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore};

use super::call::{Call, Key};

/// A call and the columns that its parts are in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NodeCall {
    pub name: String,
    pub call: Call,
    pub arguments: Vec<Column>,
    pub filter: Option<Column>,
    pub start: Option<Column>,
    pub end: Option<Column>,
    pub value: Option<Column>,
}

impl NodeCall {
    fn columns(&self) -> impl Iterator<Item = &Column> {
        let rest = self.filter.iter().chain(&self.start).chain(&self.end).chain(&self.value);
        self.arguments.iter().chain(rest)
    }
}

/// The calls over one window.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OverNode {
    pub(super) input: LogicalPlan,
    pub(super) partition: Vec<Column>,
    pub(super) order: Vec<(Column, Key)>,
    pub(super) calls: Vec<NodeCall>,
    schema: DFSchemaRef,
}

impl OverNode {
    pub(super) fn try_new(
        input: LogicalPlan,
        partition: Vec<Column>,
        order: Vec<(Column, Key)>,
        calls: Vec<NodeCall>,
    ) -> Result<Self> {
        let mut fields: Vec<(Option<TableReference>, FieldRef)> =
            input.schema().iter().map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field))).collect();
        for call in &calls {
            let field = call.call.sql_type.field_of(&call.name, call.call.data_type.clone(), true);
            fields.push((None, Arc::new(field)));
        }
        let schema = DFSchema::new_with_metadata(fields, input.schema().inner().metadata().clone())?;
        Ok(Self { input, partition, order, calls, schema: Arc::new(schema) })
    }

    /// The columns that are read, in the order of [`UserDefinedLogicalNodeCore::expressions`].
    fn columns(&self) -> impl Iterator<Item = &Column> {
        let keys = self.partition.iter().chain(self.order.iter().map(|(column, _)| column));
        keys.chain(self.calls.iter().flat_map(NodeCall::columns))
    }
}

impl PartialOrd for OverNode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self == other {
            return Some(Ordering::Equal);
        }
        let columns = |node: &Self| node.columns().cloned().collect::<Vec<_>>();
        columns(self).partial_cmp(&columns(other)).filter(|order| order.is_ne())
    }
}

impl UserDefinedLogicalNodeCore for OverNode {
    fn name(&self) -> &str {
        "Over"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        self.columns().cloned().map(Expr::Column).collect()
    }

    /// A predicate may run before the calls only where it takes whole partitions away: over columns that rows are
    /// partitioned by as they are.
    fn prevent_predicate_push_down_columns(&self) -> HashSet<String> {
        let names = || self.schema.fields().iter().map(|field| field.name());
        // The optimizer tells columns by their bare names: one that two relations have is no such column.
        let whole = |name: &str| {
            self.partition.iter().any(|column| column.name == name)
                && names().filter(|other| *other == name).count() == 1
        };
        names().filter(|name| !whole(name)).cloned().collect()
    }

    fn fmt_for_explain(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |columns: &mut dyn Iterator<Item = &Column>| {
            columns.map(|column| shown(&column.name)).collect::<Vec<_>>().join(", ")
        };
        let calls: Vec<String> = self.calls.iter().map(|call| call.call.to_string()).collect();
        write!(formatter, "Over: {}", calls.join(", "))?;
        if !self.partition.is_empty() {
            write!(formatter, " partition by {}", names(&mut self.partition.iter()))?;
        }
        if !self.order.is_empty() {
            write!(formatter, " order by {}", names(&mut self.order.iter().map(|(column, _)| column)))?;
        }
        Ok(())
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let Some(input) = inputs.into_iter().next() else {
            return internal_err!("window functions need an input");
        };
        let mut columns = vec![];
        for expr in exprs {
            let Expr::Column(column) = expr.unalias() else {
                return internal_err!("window functions read columns only");
            };
            columns.push(column);
        }
        let mut columns = columns.into_iter();
        let mut next = || match columns.next() {
            Some(column) => Ok(column),
            None => internal_err!("a window function lost a column"),
        };
        let mut renewed = self.clone();
        renewed.partition.iter_mut().try_for_each(|column| next().map(|new| *column = new))?;
        renewed.order.iter_mut().try_for_each(|(column, _)| next().map(|new| *column = new))?;
        for call in &mut renewed.calls {
            let rest = call.filter.iter_mut().chain(&mut call.start).chain(&mut call.end);
            let rest = rest.chain(&mut call.value);
            call.arguments.iter_mut().chain(rest).try_for_each(|column| next().map(|new| *column = new))?;
        }
        Self::try_new(input, renewed.partition, renewed.order, renewed.calls)
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        let width = self.input.schema().fields().len();
        let mut needed: Vec<usize> =
            output_columns.iter().copied().filter(|column| *column < width).collect();
        for column in self.columns() {
            needed.push(self.input.schema().index_of_column(column).ok()?);
        }
        needed.sort_unstable();
        needed.dedup();
        Some(vec![needed])
    }
}

/// A column's name without what keeps it apart from others.
fn shown(name: &str) -> String {
    name.split('\0').next().unwrap_or(name).to_owned()
}
