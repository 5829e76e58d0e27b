//! Errors of constants, told before any row is read.
//!
//! PostgreSQL computes what is constant when it plans (`eval_const_expressions` of its optimizer, clauses.c), so
//! `1 / 0` fails over no rows too, on either side of AND, and before an error of a row. DataFusion leaves a constant
//! that fails where it is, and drops it with what short-circuits. What is not reached is not computed there either:
//!
//! ```text
//!   false AND c            c is left alone: a constant false decides, from left to right; so does true for OR
//!   coalesce(1, c)         as does the first constant that is not NULL
//!   CASE WHEN false THEN c    and so do constant conditions, one after the other
//! ```
//!
//! Only queries settle: a view that stands must not stop at a restart for what it never computed.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::Schema;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::expr::{Case, ScalarFunction};
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, ColumnarValue, Expr, LogicalPlan, Operator, Volatility};
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::{Optimizer, OptimizerContext};
use datafusion::physical_expr::create_physical_expr;

use millstream_catalog::{Kind, SqlType};

use super::guard::{can_fail, only_chooses};
use crate::functions::registry::Volatility as Known;
use crate::functions::scalar::{Function, Scalar};

/// Computes the constants of a query that can fail; the error is the first that PostgreSQL would tell.
pub fn constants(plan: &LogicalPlan) -> Result<()> {
    let Err(error) = settle(plan) else { return Ok(()) };
    // What no one reads is not computed: columns of subqueries that are not asked for go, as they do in PostgreSQL.
    let read = Optimizer::with_rules(vec![Arc::new(OptimizeProjections::new())]).optimize(
        plan.clone(),
        &OptimizerContext::new(),
        |_, _| (),
    );
    match read {
        Ok(read) => settle(&read),
        Err(_) => Err(error),
    }
}

fn settle(plan: &LogicalPlan) -> Result<()> {
    plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        node.apply_expressions(|expr| {
            if can_fail(expr, &schema) {
                settled(expr.clone())?;
            }
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    Ok(())
}

/// An expression with its constants computed.
fn settled(expr: Expr) -> Result<Expr> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
            let left = settled(*left)?;
            if is_constant(&left, Some(op == Operator::Or)) {
                return Ok(left);
            }
            let right = settled(*right)?;
            if is_constant(&right, Some(op == Operator::Or)) {
                return Ok(right);
            }
            computed(Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right))))
        }
        Expr::Case(case) => settled_case(case),
        Expr::ScalarFunction(ScalarFunction { func, args }) if matches!(func.name(), "coalesce" | "nvl") => {
            let mut kept = vec![];
            for arg in args {
                let arg = settled(arg)?;
                match &arg {
                    Expr::Literal(value, _) if value.is_null() => {}
                    Expr::Literal(..) if kept.is_empty() => return Ok(arg),
                    Expr::Literal(..) => break,
                    _ => kept.push(arg),
                }
            }
            Ok(Expr::ScalarFunction(ScalarFunction { func, args: kept }))
        }
        Expr::Alias(alias) => settled(*alias.expr),
        other => computed(other.map_children(|child| Ok(Transformed::yes(settled(child)?)))?.data),
    }
}

/// The results of a CASE are computed as far as constant conditions say that they are reached: what stands after a
/// condition on a row is left alone. PostgreSQL computes that too, and its manual (4.2.14) warns of it.
fn settled_case(case: Case) -> Result<Expr> {
    let operand = case.expr.map(|operand| settled(*operand)).transpose()?.map(Box::new);
    for (when, then) in case.when_then_expr {
        let when = settled(*when)?;
        let met = match &operand {
            None => when,
            Some(operand) => computed(operand.as_ref().clone().eq(when))?,
        };
        if is_constant(&met, Some(true)) {
            return settled(*then);
        }
        if !is_constant(&met, Some(false)) && !is_constant(&met, None) {
            let rest = vec![(Box::new(met), then)];
            return Ok(Expr::Case(Case::new(None, rest, case.else_expr)));
        }
    }
    case.else_expr.map_or(Ok(Expr::Literal(ScalarValue::Null, None)), |last| settled(*last))
}

/// Whether an expression is that constant truth value; None is NULL.
fn is_constant(expr: &Expr, value: Option<bool>) -> bool {
    match expr {
        Expr::Literal(ScalarValue::Boolean(found), _) => *found == value,
        Expr::Literal(found, _) => value.is_none() && found.is_null(),
        _ => false,
    }
}

/// The value of an expression whose parts are constants; any other as it is.
fn computed(expr: Expr) -> Result<Expr> {
    let mut constant = is_immutable(&expr);
    expr.apply_children(|child| {
        constant &= matches!(child, Expr::Literal(..));
        Ok(TreeNodeRecursion::Continue)
    })?;
    if !constant {
        return Ok(expr);
    }
    match value(&expr) {
        Ok(value) => Ok(Expr::Literal(value, None)),
        // What is no value of one row is computed when the query runs.
        Err(DataFusionError::Internal(_) | DataFusionError::NotImplemented(_) | DataFusionError::Plan(_)) => {
            Ok(expr)
        }
        Err(error) => Err(error),
    }
}

fn is_immutable(expr: &Expr) -> bool {
    match expr {
        Expr::ScalarFunction(call) => match Scalar::of_udf(&call.func) {
            // PostgreSQL calls the difference of two moments immutable, though it counts in the session's local time.
            Some(known) if known.name.starts_with("age") && known.arguments.len() == 2 => true,
            Some(known) => known.facts.volatility == Known::Immutable && !reads_settings(known),
            None => {
                call.func.signature().volatility == Volatility::Immutable && only_chooses(call.func.name())
            }
        },
        Expr::BinaryExpr(_)
        | Expr::Not(_)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_)
        | Expr::Negative(_)
        | Expr::Cast(_)
        | Expr::InList(_)
        | Expr::Like(_) => true,
        _ => false,
    }
}

/// Whether a cast is stable in PostgreSQL, since it reads settings or the time: between moments and local times, and
/// between texts and either, arrays and rows.
fn reads_settings(function: &Function) -> bool {
    let is_cast = function.name.starts_with("cast_");
    let Some(from) = function.arguments.first().filter(|_| is_cast) else { return false };
    let (SqlType::Scalar(from, _), SqlType::Scalar(to, _)) = (from, &function.returns) else { return true };
    let is_zoned = |kind: Kind| matches!(kind, Kind::Timestamptz | Kind::Timetz);
    let is_local = |kind: Kind| is_zoned(kind) || matches!(kind, Kind::Date | Kind::Timestamp | Kind::Time);
    from != to && (is_zoned(*from) || is_zoned(*to) || is_local(*from) != is_local(*to))
}

fn value(expr: &Expr) -> Result<ScalarValue> {
    let physical = create_physical_expr(
        expr,
        &DFSchema::empty(),
        &ExecutionProps::new(),
        &PhysicalPlanningContext::default(),
    )?;
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let row = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options)?;
    match physical.evaluate(&row)? {
        ColumnarValue::Scalar(value) => Ok(value),
        ColumnarValue::Array(values) => ScalarValue::try_from_array(&values, 0),
    }
}
