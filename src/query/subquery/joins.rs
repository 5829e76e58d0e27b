//! Which subqueries DataFusion makes joins of and means what SQL means: EXISTS and IN that stand as conditions of
//! their own in a WHERE, over a filter that is all that takes from outside; and aggregates without groups over such
//! a filter.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Exists, InSubquery};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator, Subquery};

/// Whether a condition of a WHERE over `schema` is a subquery that becomes a join.
pub(super) fn is_join(condition: &Expr, schema: &DFSchema) -> Result<bool> {
    match condition {
        Expr::Exists(Exists { subquery, .. }) => {
            let plan = subquery.subquery.as_ref();
            Ok(!taken(plan)?.is_empty() && is_filtered(plan, schema)?)
        }
        Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
            let plan = subquery.subquery.as_ref();
            let is_plain = holds(expr, |part| matches!(part, Expr::Column(_))) && is_plain(expr);
            Ok(is_plain && !negated && (taken(plan)?.is_empty() || is_filtered(plan, schema)?))
        }
        _ => Ok(false),
    }
}

/// Whether a scalar subquery in a projection or a filter becomes a join: one aggregate that is NULL over no rows, over
/// rows that are equal to ones outside.
pub(super) fn is_scalar_join(subquery: &Subquery, schema: &DFSchema) -> Result<bool> {
    let mut node = subquery.subquery.as_ref();
    while let LogicalPlan::Projection(projection) = node {
        let is_column = |expr: &Expr| match expr {
            Expr::Alias(alias) => matches!(alias.expr.as_ref(), Expr::Column(_)),
            expr => matches!(expr, Expr::Column(_)),
        };
        if !projection.expr.iter().all(is_column) {
            return Ok(false);
        }
        node = &projection.input;
    }
    let LogicalPlan::Aggregate(aggregate) = node else { return Ok(false) };
    let is_null_of_nothing = |expr: &Expr| match expr {
        Expr::Alias(alias) => is_plain_aggregate(&alias.expr),
        expr => is_plain_aggregate(expr),
    };
    if !aggregate.group_expr.is_empty() || !aggregate.aggr_expr.iter().all(is_null_of_nothing) {
        return Ok(false);
    }
    let LogicalPlan::Filter(filter) = aggregate.input.as_ref() else { return Ok(false) };
    let equal =
        split_conjunction(&filter.predicate).into_iter().all(|part| !takes(part) || is_equality(part));
    Ok(equal && is_filtered(&aggregate.input, schema)?)
}

fn is_plain_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::AggregateFunction(call) => {
            matches!(call.func.name(), "sum" | "min" | "max")
                && call.params.filter.is_none()
                && !call.params.distinct
                && is_plain(expr)
        }
        _ => false,
    }
}

/// Whether all that a plan takes from outside is in the conditions of a filter below projections, at least one of them
/// an equality, and is there in `schema`.
fn is_filtered(plan: &LogicalPlan, schema: &DFSchema) -> Result<bool> {
    let mut node = plan;
    loop {
        match node {
            LogicalPlan::Projection(projection) if projection.expr.iter().all(is_plain) => {
                node = &projection.input;
            }
            LogicalPlan::Filter(filter) => {
                let parts = split_conjunction(&filter.predicate);
                let known = taken(plan)?.iter().all(|column| schema.has_column(column));
                let plain = parts.iter().all(|part| !holds(part, is_subquery));
                let equality = parts.iter().any(|part| is_equality(part));
                return Ok(known && plain && equality && taken(&filter.input)?.is_empty());
            }
            _ => return Ok(false),
        }
    }
}

/// `inner = outer`
fn is_equality(part: &Expr) -> bool {
    let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = part else { return false };
    let is_inner = |expr: &Expr| holds(expr, |part| matches!(part, Expr::Column(_))) && !takes(expr);
    let is_outer = |expr: &Expr| takes(expr) && !holds(expr, |part| matches!(part, Expr::Column(_)));
    (is_inner(left) && is_outer(right)) || (is_outer(left) && is_inner(right))
}

fn takes(expr: &Expr) -> bool {
    holds(expr, |part| matches!(part, Expr::OuterReferenceColumn(..)))
}

/// Whether an expression has neither subqueries nor columns from outside.
fn is_plain(expr: &Expr) -> bool {
    !holds(expr, |part| is_subquery(part) || matches!(part, Expr::OuterReferenceColumn(..)))
}

fn is_subquery(part: &Expr) -> bool {
    matches!(part, Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_) | Expr::SetComparison(_))
}

fn holds(expr: &Expr, is: impl Fn(&Expr) -> bool) -> bool {
    expr.exists(|part| Ok(is(part))).unwrap_or(true)
}

/// The columns that a plan takes from outside, its subqueries' included.
fn taken(plan: &LogicalPlan) -> Result<Vec<Column>> {
    let mut columns: Vec<Column> = vec![];
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::OuterReferenceColumn(_, column) = part
                    && !columns.contains(column)
                {
                    columns.push(column.clone());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    if columns.is_empty() {
        return Ok(columns);
    }
    plan.apply_with_subqueries(|node| {
        columns.retain(|column| !node.schema().has_column(column));
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(columns)
}
