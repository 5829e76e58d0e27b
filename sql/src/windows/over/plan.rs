//! Calls over a plan: a projection computes what they read, then each window has its node.
//!
//! Of several windows PostgreSQL computes those first whose keys were named last, and of windows that begin alike the one
//! with more keys: rows that are equal in the keys of the next one then come to it in that order.

use std::cmp::Ordering;
use std::sync::Arc;

use datafusion::common::{Column, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, LogicalPlanBuilder};

use super::call::{Call, Key};
use super::node::{NodeCall, OverNode};

/// The calls of one window.
struct Window {
    partition: Vec<Column>,
    order: Vec<(Column, Key)>,
    calls: Vec<NodeCall>,
}

/// Calls with the names of their columns over a plan, whose columns come before theirs.
pub(crate) fn over_plan(plan: LogicalPlan, calls: Vec<(String, Expr)>) -> Result<LogicalPlan> {
    let before: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
    let mut computed = Computed { of: &plan, prefix: String::new(), columns: vec![] };
    let mut windows: Vec<Window> = vec![];
    let mut names = vec![];
    for (name, expr) in calls {
        let Some((call, parts)) = Call::of(&expr) else {
            return internal_err!("{expr} is no window function");
        };
        computed.prefix.clone_from(&name);
        let partition = computed.all(parts.partition);
        let keys = computed.all(parts.order);
        let order: Vec<(Column, Key)> = keys.into_iter().zip(call.order.iter().copied()).collect();
        let call = NodeCall {
            name: name.clone(),
            call: call.clone(),
            arguments: computed.all(parts.arguments),
            filter: parts.filter.map(|filter| computed.one(filter)),
            start: parts.start.map(|start| computed.one(start)),
            end: parts.end.map(|end| computed.one(end)),
            value: parts.value.map(|value| computed.one(value)),
        };
        names.push(Expr::Column(Column::new_unqualified(name)));
        match windows.iter_mut().find(|window| window.partition == partition && window.order == order) {
            Some(window) => window.calls.push(call),
            None => windows.push(Window { partition, order, calls: vec![call] }),
        }
    }
    let computed = computed.columns;
    let mut plan = plan;
    if !computed.is_empty() {
        let named = computed.into_iter().map(|(expr, column)| expr.alias(column.name));
        plan = LogicalPlanBuilder::from(plan).project(before.iter().cloned().chain(named))?.build()?;
    }
    in_postgresql_order(&mut windows);
    for Window { partition, order, calls } in windows {
        let node = OverNode::try_new(plan, partition, order, calls)?;
        plan = LogicalPlan::Extension(Extension { node: Arc::new(node) });
    }
    LogicalPlanBuilder::from(plan).project(before.into_iter().chain(names))?.build()
}

/// Expressions over a plan as columns.
struct Computed<'a> {
    of: &'a LogicalPlan,
    /// What the names of new columns begin with.
    prefix: String,
    columns: Vec<(Expr, Column)>,
}

impl Computed<'_> {
    fn all(&mut self, exprs: Vec<Expr>) -> Vec<Column> {
        exprs.into_iter().map(|expr| self.one(expr)).collect()
    }

    fn one(&mut self, expr: Expr) -> Column {
        match expr {
            Expr::Column(column) if self.of.schema().has_column(&column) => return column,
            _ => {}
        }
        let known = self.columns.iter().find(|(known, _)| *known == expr && !expr.is_volatile());
        if let Some((_, column)) = known {
            return column.clone();
        }
        let column = Column::new_unqualified(format!("{}\0{}", self.prefix, self.columns.len()));
        self.columns.push((expr, column.clone()));
        column
    }
}

fn in_postgresql_order(windows: &mut [Window]) {
    // The number of a key is that of its first use; within a window ORDER BY is read before PARTITION BY.
    let mut seen: Vec<Column> = vec![];
    for window in windows.iter() {
        for column in window.order.iter().map(|(column, _)| column).chain(&window.partition) {
            if !seen.contains(column) {
                seen.push(column.clone());
            }
        }
    }
    let keys = |window: &Window| {
        const PLAIN: Key = Key { ascending: true, nulls_first: false };
        let all = window.partition.iter().map(|column| (column, PLAIN));
        let all = all.chain(window.order.iter().map(|(column, key)| (column, *key)));
        let mut keys: Vec<(usize, bool, bool)> = vec![];
        for (column, key) in all {
            let number = seen.iter().position(|known| known == column).unwrap_or(0);
            if !keys.iter().any(|(known, ..)| *known == number) {
                keys.push((number, !key.ascending, key.nulls_first));
            }
        }
        keys
    };
    windows.sort_by(|left, right| {
        let (left, right) = (keys(left), keys(right));
        let different =
            left.iter().zip(&right).map(|(left, right)| right.cmp(left)).find(|order| order.is_ne());
        different.unwrap_or(Ordering::Equal).then(right.len().cmp(&left.len()))
    });
}
