//! Expressions of a flow: what may stand in one, and how they are taken apart and put together.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, Volatility};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};

use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};

/// The physical form of a typed expression over a schema, constants computed; refuses what is no function of a row.
pub(crate) fn physical(expr: &Expr, schema: &DFSchema) -> SqlResult<Arc<dyn PhysicalExpr>> {
    check(expr)?;
    let context = SimplifyContext::builder()
        .with_schema(Arc::new(schema.clone()))
        .with_config_options(Arc::new(crate::bind::configuration()))
        .build();
    let simplified = ExprSimplifier::new(context)
        .simplify(expr.clone())
        .map_err(|error| from_datafusion(&error))?;
    create_physical_expr(&simplified, schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())
        .map_err(|error| from_datafusion(&error))
}

/// 0A000 for what a view cannot keep up to date.
fn check(expr: &Expr) -> SqlResult<()> {
    let mut refused = None;
    let _ = expr.apply(|part| {
        refused = refusal(part);
        Ok(if refused.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    refused.map_or(Ok(()), Err)
}

fn refusal(expr: &Expr) -> Option<SqlError> {
    match expr {
        Expr::ScalarFunction(call) if call.func.signature().volatility != Volatility::Immutable => {
            let name = call.func.name();
            let hint = match name {
                "now" | "current_timestamp" | "current_date" | "current_time" | "today" | "localtimestamp" => {
                    "a stream's hidden column _commit_time has the time of each row's commit"
                }
                _ => "a view is a function of its streams alone; compute the value when you insert",
            };
            Some(SqlError::unsupported(format!("function {name}() cannot be used in a materialized view or a watermark"), hint))
        }
        Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_) | Expr::SetComparison(_) => {
            Some(SqlError::unsupported(
                "a subquery in an expression of a materialized view is not built",
                "run it in a SELECT from the view",
            ))
        }
        Expr::OuterReferenceColumn(_, _) => Some(SqlError::unsupported(
            "LATERAL in a materialized view is not built",
            "run it in a SELECT from the view",
        )),
        Expr::Placeholder(placeholder) => {
            Some(SqlError::new(SqlState::UndefinedParameter, format!("there is no parameter {}", placeholder.id)))
        }
        Expr::WindowFunction(_) => Some(over_refused()),
        _ => None,
    }
}

/// 0A000 for `f() OVER (…)`.
pub(super) fn over_refused() -> SqlError {
    SqlError::unsupported(
        "window functions (OVER) in a materialized view are not built",
        "use TUMBLE or HOP with GROUP BY, or run it in a SELECT from the view",
    )
}

/// The columns that an expression reads.
pub(super) fn columns_read(expr: &Arc<dyn PhysicalExpr>, into: &mut BTreeSet<usize>) {
    let _ = expr.apply(|part| {
        if let Some(column) = part.downcast_ref::<Column>() {
            into.insert(column.index());
        }
        Ok(TreeNodeRecursion::Continue)
    });
}

/// The expression with every column replaced.
pub(super) fn substitute(
    expr: &Arc<dyn PhysicalExpr>,
    replacement: &dyn Fn(usize) -> Option<Arc<dyn PhysicalExpr>>,
) -> SqlResult<Arc<dyn PhysicalExpr>> {
    let mut missing = None;
    let replaced = Arc::clone(expr).transform_down(|part| {
        let Some(column) = part.downcast_ref::<Column>() else { return Ok(Transformed::no(part)) };
        match replacement(column.index()) {
            // What is put in is not looked into again: its columns are another input's.
            Some(replacement) => Ok(Transformed::new(replacement, true, TreeNodeRecursion::Jump)),
            None => {
                missing = Some(column.index());
                Ok(Transformed::no(part))
            }
        }
    });
    if let Some(index) = missing {
        return Err(SqlError::internal(format!("column {index} was pruned but is read by {expr}")));
    }
    Ok(replaced.map_err(|error| from_datafusion(&error))?.data)
}

/// Whether an expression costs nothing: a column or a constant.
pub(super) fn trivial(expr: &Arc<dyn PhysicalExpr>) -> bool {
    expr.downcast_ref::<Column>().is_some() || expr.downcast_ref::<Literal>().is_some()
}
