//! Expressions of a flow: what may stand in one, and how they are taken apart and put together.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, Operator, Volatility};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CaseExpr, CastExpr, Column, InListExpr, IsNotNullExpr, IsNullExpr, LikeExpr, Literal, NotExpr,
};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr, create_physical_expr};

use crate::analyze::guard;
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};
use crate::functions::marker;

/// The physical form of a typed expression over a schema, constants computed; refuses what is no function of a row.
pub(crate) fn physical(expr: &Expr, schema: &DFSchema) -> SqlResult<Arc<dyn PhysicalExpr>> {
    check(expr)?;
    let guarded = simplified(expr, schema).and_then(|expr| Ok(guard::expression(expr, schema, false)?.data));
    compiled(&guarded.map_err(|error| from_datafusion(&error))?, schema)
}

/// The parts of a predicate, as [`physical`], to be applied one after the other.
pub(super) fn conjuncts(predicate: &Expr, schema: &DFSchema) -> SqlResult<Vec<Arc<dyn PhysicalExpr>>> {
    check(predicate)?;
    let parts = simplified(predicate, schema).and_then(|predicate| guard::conjuncts(predicate, schema));
    parts.map_err(|error| from_datafusion(&error))?.iter().map(|part| compiled(part, schema)).collect()
}

fn simplified(expr: &Expr, schema: &DFSchema) -> datafusion::error::Result<Expr> {
    let context = SimplifyContext::builder()
        .with_schema(Arc::new(schema.clone()))
        .with_config_options(Arc::new(crate::functions::configuration()))
        .build();
    ExprSimplifier::new(context).simplify(expr.clone())
}

fn compiled(expr: &Expr, schema: &DFSchema) -> SqlResult<Arc<dyn PhysicalExpr>> {
    create_physical_expr(expr, schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())
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
        marked if marker::name_of(marked) == Some(marker::ROWS) => Some(SqlError::unsupported(
            "LATERAL in a materialized view is not built",
            "run it in a SELECT from the view",
        )),
        marked if marker::name_of(marked).is_some() => Some(SqlError::unsupported(
            "a subquery in an expression of a materialized view is not built",
            "run it in a SELECT from the view",
        )),
        Expr::ScalarFunction(call) if call.func.signature().volatility != Volatility::Immutable => {
            let name = call.func.name();
            let hint = match name {
                "now" | "current_timestamp" | "current_date" | "current_time" | "today"
                | "localtimestamp" => {
                    "a stream's hidden column _commit_time has the time of each row's commit"
                }
                _ => "a view is a function of its streams alone; compute the value when you insert",
            };
            Some(SqlError::unsupported(
                format!("function {name}() cannot be used in a materialized view or a watermark"),
                hint,
            ))
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
        Expr::Placeholder(placeholder) => Some(SqlError::new(
            SqlState::UndefinedParameter,
            format!("there is no parameter {}", placeholder.id),
        )),
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

/// The expression over an operator as one over its input, whose columns are `inner`. None where that would put what
/// can fail below an AND or OR, which are not evaluated in one order.
pub(super) fn inlined(
    expr: &Arc<dyn PhysicalExpr>,
    inner: &[Arc<dyn PhysicalExpr>],
    input: &Schema,
) -> SqlResult<Option<Arc<dyn PhysicalExpr>>> {
    let mut guarded = false;
    let _ = expr.apply(|part| {
        let operator = part.downcast_ref::<BinaryExpr>().map(BinaryExpr::op);
        if !matches!(operator, Some(Operator::And | Operator::Or)) {
            return Ok(TreeNodeRecursion::Continue);
        }
        let mut read = BTreeSet::new();
        columns_read(part, &mut read);
        guarded |= read.iter().filter_map(|column| inner.get(*column)).any(|expr| can_fail(expr, input));
        Ok(TreeNodeRecursion::Jump)
    });
    if guarded {
        return Ok(None);
    }
    substitute(expr, &|index| inner.get(index).map(Arc::clone)).map(Some)
}

/// Whether an expression gives an error for some values: [`guard::can_fail`] of the physical form.
pub(super) fn can_fail(expr: &Arc<dyn PhysicalExpr>, input: &Schema) -> bool {
    let type_of = |expr: &Arc<dyn PhysicalExpr>| expr.data_type(input).unwrap_or(DataType::Null);
    let part_can_fail = |part: &Arc<dyn PhysicalExpr>| {
        if let Some(binary) = part.downcast_ref::<BinaryExpr>() {
            let constant = binary.right().downcast_ref::<Literal>().is_some();
            return guard::operator_can_fail(*binary.op(), &type_of(binary.left()), constant);
        }
        if let Some(cast) = part.downcast_ref::<CastExpr>() {
            return guard::cast_can_fail(&type_of(cast.expr()), cast.cast_type());
        }
        if let Some(call) = part.downcast_ref::<ScalarFunctionExpr>() {
            return guard::function_can_fail(call.fun());
        }
        let safe = part.downcast_ref::<Column>().is_some()
            || part.downcast_ref::<Literal>().is_some()
            || part.downcast_ref::<NotExpr>().is_some()
            || part.downcast_ref::<IsNullExpr>().is_some()
            || part.downcast_ref::<IsNotNullExpr>().is_some()
            || part.downcast_ref::<InListExpr>().is_some()
            || part.downcast_ref::<LikeExpr>().is_some()
            || part.downcast_ref::<CaseExpr>().is_some();
        !safe
    };
    expr.exists(|part| Ok(part_can_fail(part))).unwrap_or(true)
}

/// Whether an expression costs nothing: a column or a constant.
pub(super) fn trivial(expr: &Arc<dyn PhysicalExpr>) -> bool {
    expr.downcast_ref::<Column>().is_some() || expr.downcast_ref::<Literal>().is_some()
}
