//! Correlated subqueries over system relations, run for each row as Postgres runs them.
//!
//! DataFusion has plans for the correlated subqueries that it can turn into joins; tools write all others too, over
//! the catalogs. Such a subquery becomes a function of the columns that it takes from outside:
//!
//! ```text
//!  SELECT a.x, (SELECT d.y FROM d WHERE d.id < a.id) FROM a
//!  SELECT a.x, subquery(a.id) FROM a        subquery: SELECT d.y FROM d WHERE d.id < outer_value(0)
//! ```
//!
//! It is planned once and run once for each combination of arguments in a batch. Catalogs are small: what a join
//! would save is not worth what it could not express. The same goes for `ARRAY(SELECT …)`, correlated or not.
//! Subqueries that read streams or views stay DataFusion's.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::expr::{Exists, ScalarFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::{ExecutionPlan, collect};
use millstream_sql::SqlState;
use millstream_sql::bind::RelationSource;
use parking_lot::Mutex;

use super::functions::refuse;
use crate::query::QueryEngine;

/// The function that [`millstream_sql`] makes of `ARRAY(SELECT …)`.
pub const ARRAY: &str = "array";

/// Replaces the subqueries of a bound plan that are run for each row.
pub fn rewrite(plan: LogicalPlan, engine: &QueryEngine) -> Result<LogicalPlan> {
    if !has_subqueries(&plan)? {
        return Ok(plan);
    }
    plan.transform_up_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        map_expressions(node, |expr| expr.transform_down(|expr| replaced(expr, &schema, engine)))
    })
    .map(|rewritten| rewritten.data)
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
        Ok(map(expr)?.update_data(|expr| name.restore(expr)))
    })?;
    mapped.map_data(LogicalPlan::recompute_schema)
}

fn replaced(expr: Expr, schema: &DFSchema, engine: &QueryEngine) -> Result<Transformed<Expr>> {
    let (subquery, kind, negated) = match &expr {
        Expr::ScalarSubquery(subquery) if !subquery.outer_ref_columns.is_empty() => {
            (subquery, Kind::Value, false)
        }
        Expr::Exists(Exists { subquery, negated }) if !subquery.outer_ref_columns.is_empty() => {
            (subquery, Kind::Exists, *negated)
        }
        Expr::ScalarFunction(function) if function.name() == ARRAY => match function.args.as_slice() {
            [Expr::ScalarSubquery(subquery)] => (subquery, Kind::Array, false),
            _ => return Ok(Transformed::no(expr)),
        },
        _ => return Ok(Transformed::no(expr)),
    };
    if !reads_only_system_relations(&subquery.subquery)? {
        return Ok(Transformed::no(expr));
    }
    let outer = Arc::new(Mutex::new(vec![]));
    let (plan, arguments) = parameterised(subquery.subquery.as_ref().clone(), &outer)?;
    let state = one_partition(engine);
    let plan = millstream_sql::analyze::plan(plan, state.config_options())?;
    let rows = match kind {
        Kind::Value => Some(2),
        Kind::Exists => Some(1),
        Kind::Array => None,
    };
    let plan = LogicalPlanBuilder::from(plan).limit(0, rows)?.build()?;
    let value = |plan: &LogicalPlan| plan.schema().field(0).data_type().clone();
    let returns = match kind {
        Kind::Value => value(&plan),
        Kind::Exists => DataType::Boolean,
        Kind::Array => DataType::List(Arc::new(Field::new_list_field(value(&plan), true))),
    };
    // A column of the relations beside the subquery is read there; any other comes from further out.
    let argument = |argument| match argument {
        Expr::OuterReferenceColumn(_, column) if schema.has_column(&column) => Expr::Column(column),
        other => other,
    };
    let signature = Signature::variadic_any(Volatility::Volatile);
    let function = Subquery { kind, plan, returns, outer, signature, state, running: Mutex::default() };
    let function = Arc::new(ScalarUDF::new_from_impl(function));
    let call = Expr::ScalarFunction(ScalarFunction::new_udf(
        function,
        arguments.into_iter().map(argument).collect(),
    ));
    Ok(Transformed::yes(if negated { Expr::Not(Box::new(call)) } else { call }))
}

fn reads_only_system_relations(plan: &LogicalPlan) -> Result<bool> {
    let mut only = true;
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && scan.source.as_ref().downcast_ref::<RelationSource>().is_some()
        {
            only = false;
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(only)
}

/// Calls of [`OuterValue`] in place of what a plan takes from outside, and what that is.
fn parameterised(
    plan: LogicalPlan,
    outer: &Arc<Mutex<Vec<ScalarValue>>>,
) -> Result<(LogicalPlan, Vec<Expr>)> {
    let taken = Mutex::new(Vec::new());
    let plan = plan.transform_up(|node| {
        map_expressions(node, |expr| {
            expr.transform_up(|expr| {
                if !matches!(expr, Expr::OuterReferenceColumn(..) | Expr::Placeholder(_)) {
                    return Ok(Transformed::no(expr));
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
                let signature = Signature::nullary(Volatility::Volatile);
                let value = OuterValue { index, returns, outer: Arc::clone(outer), signature };
                let call = ScalarFunction::new_udf(Arc::new(ScalarUDF::new_from_impl(value)), vec![]);
                Ok(Transformed::yes(Expr::ScalarFunction(call)))
            })
        })
    })?;
    Ok((plan.data, taken.into_inner()))
}

/// A state that plans for one thread and for plans that are run again and again.
fn one_partition(engine: &QueryEngine) -> SessionState {
    let mut state = engine.starting();
    let options = state.config_mut().options_mut();
    options.execution.target_partitions = 1;
    options.optimizer.enable_dynamic_filter_pushdown = false;
    state
}

/// What is made of the rows of a subquery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `(SELECT …)`: its only value, NULL for no row.
    Value,
    /// `EXISTS (SELECT …)`
    Exists,
    /// `ARRAY(SELECT …)`
    Array,
}

/// A subquery as a function of what it takes from outside.
struct Subquery {
    kind: Kind,
    plan: LogicalPlan,
    returns: DataType,
    outer: Arc<Mutex<Vec<ScalarValue>>>,
    signature: Signature,
    state: SessionState,
    /// The physical plan, made at the first row; locked while it runs, since there is one set of outer values.
    running: Mutex<Option<Arc<dyn ExecutionPlan>>>,
}

impl Subquery {
    /// The value for one combination of arguments.
    fn value(&self, arguments: Vec<ScalarValue>) -> Result<ScalarValue> {
        let mut running = self.running.lock();
        *self.outer.lock() = arguments;
        let batches = wait_for(async {
            let plan = match running.take() {
                Some(plan) => plan,
                None => self.state.create_physical_plan(&self.plan).await?,
            };
            *running = Some(Arc::clone(&plan));
            collect(reset_plan_states(plan)?, self.state.task_ctx()).await
        })?;
        if self.kind == Kind::Exists {
            let found = batches.iter().any(|batch| batch.num_rows() > 0);
            return Ok(ScalarValue::Boolean(Some(found)));
        }
        let column = |batch: &RecordBatch| {
            (0..batch.num_rows()).map(|row| ScalarValue::try_from_array(batch.column(0), row)).collect()
        };
        let values: Vec<Vec<_>> = batches.iter().map(column).collect::<Result<_>>()?;
        let mut values = values.concat();
        match (self.kind, values.len()) {
            (Kind::Array, _) => {
                let element = self.plan.schema().field(0).data_type();
                Ok(ScalarValue::List(ScalarValue::new_list_nullable(&values, element)))
            }
            (_, 0) => ScalarValue::try_from(&self.returns),
            (_, 1) => Ok(values.remove(0)),
            (_, _) => {
                let message = "more than one row returned by a subquery used as an expression";
                Err(refuse(SqlState::CardinalityViolation, message))
            }
        }
    }
}

/// Waits within a function that is called by a query's thread.
fn wait_for<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work))
}

impl ScalarUDFImpl for Subquery {
    fn name(&self) -> &str {
        "subquery"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let mut known: HashMap<Vec<ScalarValue>, ScalarValue> = HashMap::new();
        let mut values = Vec::with_capacity(rows);
        for row in 0..rows {
            let arguments = super::functions::row(&args.args, row)?;
            let value = match known.get(&arguments) {
                Some(value) => value.clone(),
                None => {
                    let value = self.value(arguments.clone())?;
                    known.insert(arguments, value.clone());
                    value
                }
            };
            values.push(value);
        }
        super::functions::column(values, constant, &self.returns)
    }
}

/// A value that a subquery takes from outside.
#[derive(Debug)]
struct OuterValue {
    index: usize,
    returns: DataType,
    outer: Arc<Mutex<Vec<ScalarValue>>>,
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
        let value = self.outer.lock().get(self.index).cloned().unwrap_or(ScalarValue::Null);
        Ok(ColumnarValue::Scalar(value.cast_to(&self.returns)?))
    }
}

// Two subqueries are the same function only if they share their outer values.
impl PartialEq for Subquery {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.outer, &other.outer)
    }
}

impl Eq for Subquery {}

impl Hash for Subquery {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.outer).hash(state);
    }
}

impl PartialEq for OuterValue {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.outer, &other.outer) && self.index == other.index
    }
}

impl Eq for OuterValue {}

impl Hash for OuterValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl std::fmt::Debug for Subquery {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?} of {}", self.kind, self.plan.display())
    }
}
