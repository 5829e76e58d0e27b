//! Guards: `b <> 0 AND a / b > 1` must not fail where b is 0, however rows are batched.
//!
//! DataFusion evaluates the right side of AND and OR on all rows of a batch unless the left side is uniform, and its
//! simplifier turns a CASE of truth values into AND and OR. So what can fail is evaluated under a CASE of numbers,
//! which is lazy row by row and which no rule takes apart:
//!
//! ```text
//!   A AND B   ─►   A AND (CASE WHEN NOT A THEN 0 ELSE CAST(B AS smallint) END > 0)
//! ```
//!
//! A is NULL or true where B is evaluated, so the result is SQL's, of three values. This is the last step before the
//! physical plan, for views and for queries: until then predicates are moved, split and made into join keys as they
//! are. Only what would be lost by then is kept early ([`keep_lazy`]).

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{AggregateFunction, Case, ScalarFunction};
use datafusion::logical_expr::utils::{conjunction, disjunction, merge_schema};
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator, ScalarUDF, cast, lit,
};
use datafusion::optimizer::common_subexpr_eliminate::CommonSubexprEliminate;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::{Optimizer, OptimizerContext, OptimizerRule};

use crate::analyze::{is_predicate, rewrite};
use crate::functions::scalar::Scalar;
use crate::types::is_text;

/// DataFusion's rules for a batch query, but for the one that [`plan`] runs itself: an expression that stands twice
/// would be computed on all rows before its guard is there.
pub fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut rules = Optimizer::new().rules;
    rules.retain(|rule| rule.name() != CommonSubexprEliminate::new().name());
    rules
}

/// Guards an optimized plan, then computes common expressions once.
pub(crate) fn plan(plan: LogicalPlan, config: &ConfigOptions) -> Result<LogicalPlan> {
    let mut needed = false;
    plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        node.apply_expressions(|expr| {
            needed |= expression(expr.clone(), &schema, is_predicate(node))?.transformed;
            Ok(if needed { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        })
    })?;
    let guarded = if needed { rewrite(plan, expression)? } else { plan };
    let rules: Vec<Arc<dyn OptimizerRule + Send + Sync>> =
        vec![Arc::new(CommonSubexprEliminate::new()), Arc::new(OptimizeProjections::new())];
    let context = OptimizerContext::new_with_config_options(Arc::new(config.clone())).with_max_passes(1);
    Optimizer::with_rules(rules).optimize(guarded, &context, |_, _| {})
}

/// Guards an expression that is not optimized any more. Of a predicate, what is NULL guards as what is false does.
pub(crate) fn expression(expr: Expr, schema: &DFSchema, predicate: bool) -> Result<Transformed<Expr>> {
    let mut top = predicate;
    expr.transform_down(|part| match &part {
        Expr::BinaryExpr(BinaryExpr { op: op @ (Operator::And | Operator::Or), .. }) => {
            let (op, predicate) = (*op, std::mem::take(&mut top));
            if !can_fail(&part, schema) {
                return Ok(Transformed::new(part, false, TreeNodeRecursion::Jump));
            }
            let mut parts = vec![];
            flatten(part, op, &mut parts);
            let mut inner = false;
            for part in &mut parts {
                let guarded = expression(std::mem::take(part), schema, predicate)?;
                inner |= guarded.transformed;
                *part = guarded.data;
            }
            let (chain, outer) = join(parts, op, schema, predicate);
            Ok(Transformed::new(chain, inner || outer, TreeNodeRecursion::Jump))
        }
        _ => {
            top = false;
            Ok(Transformed::no(part))
        }
    })
}

/// The parts of a predicate, to be applied one after the other: those that cannot fail come first.
pub(crate) fn conjuncts(predicate: Expr, schema: &DFSchema) -> Result<Vec<Expr>> {
    let mut parts = vec![];
    flatten(predicate, Operator::And, &mut parts);
    let (safe, fallible): (Vec<Expr>, Vec<Expr>) =
        parts.into_iter().partition(|part| !can_fail(part, schema));
    safe.into_iter().chain(fallible).map(|part| Ok(expression(part, schema, true)?.data)).collect()
}

/// Keeps lazy what the optimizer would make eager: a CASE or COALESCE of truth values, which it rewrites to AND and
/// OR, and the argument of `agg(x) FILTER (WHERE f)`, which is computed on the rows that the filter leaves out.
pub(crate) fn keep_lazy(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::Case(case) => Ok(lazy_case(case, schema)),
        Expr::ScalarFunction(call)
            if matches!(call.func.name(), "coalesce" | "nvl")
                && call.args.iter().skip(1).any(|argument| can_fail(argument, schema))
                && call.args.iter().all(|argument| is_boolean(argument, schema)) =>
        {
            let args = call.args.into_iter().map(number).collect();
            let call = Expr::ScalarFunction(ScalarFunction { func: call.func, args });
            Ok(Transformed::yes(call.gt(small(0))))
        }
        Expr::AggregateFunction(AggregateFunction { func, mut params }) => {
            let Some(filter) = &params.filter else {
                return Ok(Transformed::no(Expr::AggregateFunction(AggregateFunction { func, params })));
            };
            let mut changed = false;
            for argument in &mut params.args {
                if can_fail(argument, schema) {
                    let when_then_expr = vec![(filter.clone(), Box::new(std::mem::take(argument)))];
                    *argument = lazy_case(Case { expr: None, when_then_expr, else_expr: None }, schema).data;
                    changed = true;
                }
            }
            let call = Expr::AggregateFunction(AggregateFunction { func, params });
            Ok(if changed { Transformed::yes(call) } else { Transformed::no(call) })
        }
        other => Ok(Transformed::no(other)),
    }
}

/// A CASE of truth values as one of numbers, if more than its first condition can fail.
fn lazy_case(mut case: Case, schema: &DFSchema) -> Transformed<Expr> {
    let branches = case.when_then_expr.iter().map(|(_, then)| then).chain(&case.else_expr);
    let later = case.when_then_expr.iter().skip(1).map(|(when, _)| when).chain(branches.clone());
    let boolean = branches.clone().all(|branch| is_boolean(branch, schema));
    if !boolean || !later.clone().any(|part| can_fail(part, schema)) {
        return Transformed::no(Expr::Case(case));
    }
    for (_, then) in &mut case.when_then_expr {
        **then = number(std::mem::take(then));
    }
    // A NULL without a type would have no number to compare with, once the conditions are known.
    case.else_expr = Some(match case.else_expr {
        Some(branch) => Box::new(number(*branch)),
        None => Box::new(Expr::Literal(ScalarValue::Int16(None), None)),
    });
    // Not `= 1`, which the simplifier would move into branches that are constants.
    Transformed::yes(Expr::Case(case).gt(small(0)))
}

/// The parts of a chain of ANDs (or ORs) joined again, those that can fail behind the others, and whether that is
/// another expression.
fn join(parts: Vec<Expr>, op: Operator, schema: &DFSchema, predicate: bool) -> (Expr, bool) {
    let and = op == Operator::And;
    let chain = |parts: Vec<Expr>| if and { conjunction(parts) } else { disjunction(parts) };
    let (mut plain, mut guards, mut fallible) = (vec![], vec![], vec![]);
    for part in parts {
        if is_bound(&part) {
            plain.push(part);
        } else if can_fail(&part, schema) {
            fallible.push(part);
        } else {
            guards.push(part.clone());
            plain.push(part);
        }
    }
    let needed = fallible.len() > 1 || (fallible.len() == 1 && !guards.is_empty());
    if !needed {
        plain.extend(fallible);
        return (chain(plain).unwrap_or_else(|| lit(and)), false);
    }
    // What settles the chain: a part that is false (true, for OR).
    let settles = |part: Expr| {
        Box::new(match (and, predicate) {
            (true, true) => Expr::IsNotTrue(Box::new(part)),
            (true, false) => Expr::Not(Box::new(part)),
            (false, _) => part,
        })
    };
    let settled = small(i16::from(!and));
    let first = chain(guards);
    let before = first.into_iter().chain(fallible[..fallible.len() - 1].iter().cloned());
    let when_then_expr = before.map(|part| (settles(part), Box::new(settled.clone()))).collect();
    let else_expr = chain(fallible).map(|rest| Box::new(number(rest)));
    plain.push(Expr::Case(Case { expr: None, when_then_expr, else_expr }).gt(small(0)));
    (chain(plain).unwrap_or_else(|| lit(and)), true)
}

fn flatten(expr: Expr, op: Operator, into: &mut Vec<Expr>) {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: found, right }) if found == op => {
            flatten(*left, op, into);
            flatten(*right, op, into);
        }
        other => into.push(other),
    }
}

/// What must stay where it is, once: subqueries are not repeated, nor is chance.
fn is_bound(expr: &Expr) -> bool {
    expr.is_volatile()
        || expr
            .exists(|part| {
                Ok(matches!(
                    part,
                    Expr::ScalarSubquery(_)
                        | Expr::Exists(_)
                        | Expr::InSubquery(_)
                        | Expr::SetComparison(_)
                        | Expr::OuterReferenceColumn(_, _)
                ))
            })
            .unwrap_or(true)
}

fn is_boolean(expr: &Expr, schema: &DFSchema) -> bool {
    matches!(expr.get_type(schema), Ok(DataType::Boolean | DataType::Null))
}

fn small(value: i16) -> Expr {
    Expr::Literal(ScalarValue::Int16(Some(value)), None)
}

fn number(truth: Expr) -> Expr {
    cast(truth, DataType::Int16)
}

/// Whether an expression gives an error for some values. Of functions that are not known to be safe, yes.
pub(crate) fn can_fail(expr: &Expr, schema: &DFSchema) -> bool {
    expr.exists(|part| Ok(node_can_fail(part, schema))).unwrap_or(true)
}

fn node_can_fail(expr: &Expr, schema: &DFSchema) -> bool {
    let type_of = |expr: &Expr| expr.get_type(schema).unwrap_or(DataType::Null);
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            operator_can_fail(*op, &type_of(left), matches!(right.as_ref(), Expr::Literal(..)))
        }
        Expr::Negative(operand) => !type_of(operand).is_floating(),
        Expr::Cast(cast) => cast_can_fail(&type_of(&cast.expr), cast.field.data_type()),
        Expr::ScalarFunction(call) => function_can_fail(&call.func),
        Expr::HigherOrderFunction(_) | Expr::Lambda(_) => true,
        _ => false,
    }
}

pub(crate) fn operator_can_fail(op: Operator, left: &DataType, right_is_constant: bool) -> bool {
    match op {
        // The arithmetic of SQL is functions; what DataFusion itself makes is of window bounds and the like.
        Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Divide | Operator::Modulo => {
            !left.is_floating()
        }
        Operator::RegexMatch | Operator::RegexIMatch | Operator::RegexNotMatch | Operator::RegexNotIMatch => {
            !right_is_constant
        }
        _ => false,
    }
}

pub(crate) fn cast_can_fail(from: &DataType, to: &DataType) -> bool {
    let whole = |data_type: &DataType| match data_type {
        DataType::Boolean => Some(1),
        _ if data_type.is_signed_integer() => data_type.primitive_width(),
        _ => None,
    };
    let widens = matches!((whole(from), whole(to)), (Some(from), Some(to)) if from <= to);
    let safe = from == to
        || matches!(from, DataType::Null)
        || widens
        || (is_text(to) && !matches!(from, DataType::Binary))
        || (to.is_floating() && from.is_numeric())
        || matches!((from, to), (DataType::Timestamp(a, _), DataType::Timestamp(b, _)) if a == b)
        || matches!((from, to), (DataType::Timestamp(..), DataType::Date32))
        || matches!((from, to), (_, DataType::Decimal128(precision, scale))
            if from.is_integer() && i16::from(*precision) - i16::from(*scale) >= 20);
    !safe
}

/// Whether a function gives an error for some values: as the registry says, or the binder of what it made itself. Of
/// DataFusion's own, but for those that only choose among their arguments, yes.
pub(crate) fn function_can_fail(function: &ScalarUDF) -> bool {
    match Scalar::of_udf(function) {
        Some(known) => known.facts.can_fail,
        None => !only_chooses(function.name()),
    }
}

/// Whether a function of DataFusion's only chooses among its arguments, or puts them together.
pub(super) fn only_chooses(name: &str) -> bool {
    matches!(
        name,
        "coalesce" | "nvl" | "nullif" | "greatest" | "least" | "named_struct" | "struct" | "get_field"
    )
}
