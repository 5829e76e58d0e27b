//! Subqueries in expressions, run as PostgreSQL runs them: once where they take nothing from outside, else once for
//! each combination of what they take.
//!
//! DataFusion makes joins of some subqueries of WHERE ([`joins`] says which of them rightly); every other becomes a
//! function of the columns that it takes from outside:
//!
//! ```text
//!  SELECT a.x, (SELECT d.y FROM d WHERE d.id < a.id) FROM a
//!  SELECT a.x, subquery(a.id) FROM a        subquery: SELECT d.y FROM d WHERE d.id < outer_value(0)
//! ```
//!
//! That is done in two steps. [`set_apart`] works on a bound query, before it is analyzed: the subquery is a hidden
//! last argument of its function, so that parameters and rows are still put into it. [`plan`] works on the query that
//! is about to be planned, when all relations have rows: the argument goes into the function ([`run::Subquery`]),
//! which plans it at its first row and runs it again and again.
//!
//! Columns are known by names that no other relation of the statement has: what a subquery takes from outside is
//! what no node of it gives, and the innermost query that has the column gives it.

mod compare;
mod joins;
mod run;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Exists, InSubquery, ScalarFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::{conjunction, merge_schema, split_conjunction_owned};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, Filter, LogicalPlan, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Subquery as PlanSubquery, TypeSignature, Volatility,
};
use datafusion::scalar::ScalarValue;
use millstream_sql::functions::marker;
use parking_lot::Mutex;

use super::QueryEngine;
use super::interrupt::Stop;
use chrono::{DateTime, Utc};
use compare::Sign;

/// What a subquery takes from outside, while it runs.
type Slots = Arc<Mutex<Vec<ScalarValue>>>;

/// What is made of the rows of a subquery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// `(SELECT …)`: its only value, NULL for no row.
    Value,
    /// `EXISTS (SELECT …)`
    Exists,
    /// `ARRAY(SELECT …)`, and the rows of a lateral subquery.
    List,
    /// `x <sign> ANY (SELECT …)`; the one column is a struct of fields to compare, unless it is compared as it is.
    Any(Sign, Fields),
    /// `x <sign> ALL (SELECT …)`
    All(Sign, Fields),
}

/// Whether a comparison is of the fields of a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fields {
    Apart,
    Whole,
}

/// Makes functions of the subqueries of a bound plan that are not to become joins.
pub fn set_apart(plan: LogicalPlan) -> Result<LogicalPlan> {
    if !has_subqueries(&plan)? {
        return Ok(plan);
    }
    let apart = plan.transform_up_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        let LogicalPlan::Filter(Filter { predicate, input, .. }) = node else {
            let scalar_joins = matches!(node, LogicalPlan::Projection(_));
            return map_expressions(node, |expr| all_apart(expr, &schema, scalar_joins));
        };
        let mut changed = false;
        let mut parts = vec![];
        for part in split_conjunction_owned(predicate) {
            if joins::is_join(&part, &schema)? {
                parts.push(part);
                continue;
            }
            let part = all_apart(part, &schema, true)?;
            changed |= part.transformed;
            parts.push(part.data);
        }
        let predicate = conjunction(parts).unwrap_or(Expr::Literal(ScalarValue::Boolean(Some(true)), None));
        let filter = LogicalPlan::Filter(Filter::try_new(predicate, input)?);
        Ok(if changed { Transformed::yes(filter) } else { Transformed::no(filter) })
    })?;
    Ok(apart.data)
}

fn has_subqueries(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| {
        let mut found = false;
        node.apply_subqueries(|_| {
            found = true;
            Ok(TreeNodeRecursion::Stop)
        })?;
        Ok(found)
    })
}

/// Maps the expressions of a node, whose columns keep their names.
fn map_expressions(
    node: LogicalPlan,
    map: impl Fn(Expr) -> Result<Transformed<Expr>>,
) -> Result<Transformed<LogicalPlan>> {
    let names = NamePreserver::new(&node);
    let mapped = node.map_expressions(|expr| {
        let name = names.save(&expr);
        let mapped = map(expr)?;
        Ok(if mapped.transformed { mapped.update_data(|expr| name.restore(expr)) } else { mapped })
    })?;
    if mapped.transformed { mapped.map_data(LogicalPlan::recompute_schema) } else { Ok(mapped) }
}

/// All subqueries of an expression as functions.
fn all_apart(expr: Expr, schema: &DFSchema, scalar_joins: bool) -> Result<Transformed<Expr>> {
    expr.transform_down(|expr| apart(expr, schema, scalar_joins))
}

fn apart(expr: Expr, schema: &DFSchema, scalar_joins: bool) -> Result<Transformed<Expr>> {
    let left_alone = |expr| Ok(Transformed::new(expr, false, TreeNodeRecursion::Jump));
    let (kind, subquery, left, negated, returns) = match expr {
        Expr::ScalarSubquery(subquery) if scalar_joins && joins::is_scalar_join(&subquery, schema)? => {
            return left_alone(Expr::ScalarSubquery(subquery));
        }
        Expr::ScalarSubquery(subquery) => {
            let returns = subquery.subquery.schema().field(0).data_type().clone();
            (Kind::Value, subquery, vec![], false, returns)
        }
        Expr::Exists(Exists { subquery, negated }) => {
            (Kind::Exists, subquery, vec![], negated, DataType::Boolean)
        }
        Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
            (Kind::Any(Sign::Eq, Fields::Whole), subquery, vec![*expr], negated, DataType::Boolean)
        }
        Expr::ScalarFunction(call) => {
            if call.func.inner().downcast_ref::<Apart>().is_some() {
                return left_alone(Expr::ScalarFunction(call));
            }
            let Some(kind) = marker::name_of_call(&call).and_then(kind_of) else {
                return Ok(Transformed::no(Expr::ScalarFunction(call)));
            };
            let returns = call.func.inner().return_type(&[])?;
            let mut args = call.args;
            let Some(Expr::ScalarSubquery(subquery)) = args.pop() else {
                return datafusion::common::internal_err!("a subquery's marker without a subquery");
            };
            (kind, subquery, args, false, returns)
        }
        other => return Ok(Transformed::no(other)),
    };
    let mut args = vec![];
    for part in left {
        args.push(all_apart(part, schema, scalar_joins)?.data);
    }
    let left = args.len();
    let slots = Slots::default();
    let plan = Arc::unwrap_or_clone(subquery.subquery);
    let (plan, taken) = parameterised(plan, &slots)?;
    // A column of the relations beside the subquery is read there; any other comes from further out.
    args.extend(taken.into_iter().map(|taken| match taken {
        Expr::OuterReferenceColumn(_, column) if schema.has_column(&column) => Expr::Column(column),
        other => other,
    }));
    let hidden = PlanSubquery { subquery: Arc::new(plan), outer_ref_columns: vec![], spans: subquery.spans };
    args.push(Expr::ScalarSubquery(hidden));
    let signature = any_arguments();
    let function = Apart { kind, left, returns, slots, signature };
    let call = ScalarFunction::new_udf(Arc::new(ScalarUDF::new_from_impl(function)), args);
    let call = Expr::ScalarFunction(call);
    let call = if negated { Expr::Not(Box::new(call)) } else { call };
    Ok(Transformed::new(call, true, TreeNodeRecursion::Jump))
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        marker::EXISTS => Some(Kind::Exists),
        marker::ARRAY | marker::ROWS => Some(Kind::List),
        _ => match (name.strip_prefix(marker::ANY), name.strip_prefix(marker::ALL)) {
            (Some(sign), _) => Sign::of(sign).map(|sign| Kind::Any(sign, Fields::Apart)),
            (_, Some(sign)) => Sign::of(sign).map(|sign| Kind::All(sign, Fields::Apart)),
            (None, None) => None,
        },
    }
}

/// Calls of [`OuterValue`] in place of what a plan takes from outside, and what that is.
fn parameterised(plan: LogicalPlan, slots: &Slots) -> Result<(LogicalPlan, Vec<Expr>)> {
    let taken = Mutex::new(Vec::new());
    let plan = plan.transform_up(|node| {
        let schemas = merge_schema(&node.inputs());
        map_expressions(node, |expr| {
            expr.transform_up(|expr| {
                let Expr::OuterReferenceColumn(_, column) = &expr else { return Ok(Transformed::no(expr)) };
                if schemas.has_column(column) {
                    return Ok(Transformed::yes(Expr::Column(column.clone())));
                }
                let mut taken = taken.lock();
                let index = taken.iter().position(|known| *known == expr).unwrap_or_else(|| {
                    taken.push(expr.clone());
                    taken.len() - 1
                });
                let returns = match expr.get_type(&DFSchema::empty())? {
                    DataType::Null => DataType::Utf8,
                    known => known,
                };
                Ok(Transformed::yes(outer_value(index, returns, slots)))
            })
        })
    })?;
    Ok((plan.data, taken.into_inner()))
}

/// Any number of arguments of any types, none too.
fn any_arguments() -> Signature {
    Signature::one_of(vec![TypeSignature::VariadicAny, TypeSignature::Nullary], Volatility::Volatile)
}

fn outer_value(index: usize, returns: DataType, slots: &Slots) -> Expr {
    let signature = Signature::nullary(Volatility::Volatile);
    let value = OuterValue { index, returns, slots: Arc::clone(slots), signature };
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(ScalarUDF::new_from_impl(value)), vec![]))
}

/// Makes the functions of [`set_apart`] ones that run, in a plan whose relations have rows.
pub(super) fn plan(
    plan: LogicalPlan,
    engine: &QueryEngine,
    began: DateTime<Utc>,
    stop: &Stop,
) -> Result<LogicalPlan> {
    if !has_subqueries(&plan)? {
        return Ok(plan);
    }
    let planned = plan.transform_up_with_subqueries(|node| {
        map_expressions(node, |expr| expr.transform_up(|expr| runnable(expr, engine, began, stop)))
    })?;
    Ok(planned.data)
}

fn runnable(
    expr: Expr,
    engine: &QueryEngine,
    began: DateTime<Utc>,
    stop: &Stop,
) -> Result<Transformed<Expr>> {
    let Expr::ScalarFunction(mut call) = expr else { return Ok(Transformed::no(expr)) };
    let Some(apart) = call.func.inner().downcast_ref::<Apart>() else {
        return Ok(Transformed::no(Expr::ScalarFunction(call)));
    };
    let Some(Expr::ScalarSubquery(subquery)) = call.args.pop() else {
        return datafusion::common::internal_err!("a subquery set apart without its plan");
    };
    // Each execution has values of its own: a statement may run twice at one time.
    let slots = Slots::default();
    let plan = Arc::unwrap_or_clone(subquery.subquery).transform_up(|node| {
        map_expressions(node, |expr| {
            expr.transform_up(|expr| {
                let Expr::ScalarFunction(call) = &expr else { return Ok(Transformed::no(expr)) };
                match call.func.inner().downcast_ref::<OuterValue>() {
                    Some(value) if Arc::ptr_eq(&value.slots, &apart.slots) => {
                        Ok(Transformed::yes(outer_value(value.index, value.returns.clone(), &slots)))
                    }
                    _ => Ok(Transformed::no(expr)),
                }
            })
        })
    })?;
    let function = run::Subquery::new(apart, plan.data, slots, &engine.starting(began), stop)?;
    let call = ScalarFunction::new_udf(Arc::new(ScalarUDF::new_from_impl(function)), call.args);
    Ok(Transformed::yes(Expr::ScalarFunction(call)))
}

/// A subquery as a function whose last argument is the subquery itself; those before it are what it compares
/// (`left` many) and what it takes from outside. It is never run.
#[derive(Debug)]
struct Apart {
    kind: Kind,
    left: usize,
    returns: DataType,
    slots: Slots,
    signature: Signature,
}

impl ScalarUDFImpl for Apart {
    fn name(&self) -> &str {
        "subquery"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        datafusion::common::internal_err!("a subquery was not planned")
    }
}

/// A value that a subquery takes from outside.
#[derive(Debug)]
struct OuterValue {
    index: usize,
    returns: DataType,
    slots: Slots,
    signature: Signature,
}

impl ScalarUDFImpl for OuterValue {
    fn name(&self) -> &str {
        "outer_value"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let value = self.slots.lock().get(self.index).cloned().unwrap_or(ScalarValue::Null);
        let value = if value.data_type() == self.returns { value } else { value.cast_to(&self.returns)? };
        Ok(ColumnarValue::Scalar(value))
    }
}

// Two subqueries are the same function only if they share their outer values.
impl PartialEq for Apart {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.slots, &other.slots)
    }
}

impl Eq for Apart {}

impl Hash for Apart {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.slots).hash(state);
    }
}

impl PartialEq for OuterValue {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.slots, &other.slots) && self.index == other.index
    }
}

impl Eq for OuterValue {}

impl Hash for OuterValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
