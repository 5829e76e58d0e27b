//! From a bound plan to a typed one: DataFusion's type coercion, with Postgres's rules where they differ.
//!
//! Before coercion, a string constant beside a number or a time becomes a constant of that type (Postgres's
//! `unknown` literals), a numeric beside a float becomes a double precision, and aggregates get arguments of types that can be summed and kept. After it, integer
//! arithmetic is checked, casts are Postgres's, and what must be lazy is kept so.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::expr::{Between, InList, ScalarFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator, WindowFunctionDefinition,
};
use datafusion::optimizer::Analyzer;
use datafusion::optimizer::analyzer::AnalyzerRule;
use datafusion::optimizer::analyzer::resolve_grouping_function::ResolveGroupingFunction;
use datafusion::optimizer::analyzer::type_coercion::TypeCoercion;
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

use crate::error::{SqlError, SqlState};
use crate::functions::{CheckedOperator, checked, numeric_divide, postgres_cast, without_mark, wrapped};
use crate::guard::keep_lazy;
use crate::types::{is_text, literal, sent_type, storable_type, type_name};

/// What a bigint is summed as: every bigint fits, and so does any sum of as many as there can be.
pub(crate) const BIGINT_AS_NUMERIC: DataType = DataType::Decimal128(28, 0);

/// Types a plan.
pub fn plan(plan: LogicalPlan, config: &ConfigOptions) -> Result<LogicalPlan> {
    Analyzer::with_rules(rules()).execute_and_check(plan, config, |_, _| {})
}

/// The rules that type a plan, in order: for a session state that analyzes plans which were not made here.
pub fn rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    vec![
        Arc::new(Rewrite { name: "without_marks", rule: |expr, _| Ok(without_mark(expr)) }),
        Arc::new(Rewrite { name: "unknown_literals", rule: unknown_literals }),
        Arc::new(Rewrite { name: "floats_over_numerics", rule: floats_over_numerics }),
        Arc::new(Rewrite { name: "aggregate_arguments", rule: aggregate_arguments }),
        Arc::new(ResolveGroupingFunction::new()),
        Arc::new(TypeCoercion::new()),
        Arc::new(Rewrite { name: "postgres_operators", rule: postgres_operators }),
        Arc::new(Rewrite { name: "keep_lazy", rule: keep_lazy }),
    ]
}

/// Types an expression over a schema.
pub fn expression(expr: Expr, schema: &DFSchema, config: &ConfigOptions) -> Result<Expr> {
    let context = SimplifyContext::builder()
        .with_schema(Arc::new(schema.clone()))
        .with_config_options(Arc::new(config.clone()))
        .build();
    let plain = expr.transform_up(|expr| Ok(without_mark(expr)))?.data;
    let known = plain.transform_up(|expr| unknown_literals(expr, schema))?.data;
    let known = known.transform_up(|expr| floats_over_numerics(expr, schema))?.data;
    let coerced = ExprSimplifier::new(context).coerce(known, schema)?;
    let checked = coerced.transform_up(|expr| postgres_operators(expr, schema))?.data;
    Ok(checked.transform_up(|expr| keep_lazy(expr, schema))?.data)
}

/// An expression without columns, typed and computed as far as it is constant.
pub fn constant(expr: Expr, schema: &DFSchema) -> Result<Expr> {
    constant_at(expr, schema, &ExecutionProps { query_execution_start_time: None, ..ExecutionProps::new() })
}

/// The same, with `now()` the time at which the statement began.
pub fn constant_at(expr: Expr, schema: &DFSchema, statement: &ExecutionProps) -> Result<Expr> {
    let config = crate::bind::configuration();
    let typed = expression(expr, schema, &config)?;
    let context = SimplifyContext::builder()
        .with_schema(Arc::new(schema.clone()))
        .with_config_options(Arc::new(config))
        .with_query_execution_start_time(statement.query_execution_start_time)
        .build();
    ExprSimplifier::new(context).simplify(typed)
}

/// A cast as Postgres does it.
pub fn cast(expr: Expr, to: &DataType, schema: &DFSchema) -> Result<Expr> {
    let from = expr.get_type(schema)?;
    if from == *to {
        return Ok(expr);
    }
    Ok(match postgres_cast(&from, to) {
        Some(function) => Expr::ScalarFunction(ScalarFunction::new_udf(function, vec![expr])),
        None => datafusion::logical_expr::cast(expr, to.clone()),
    })
}

/// A rule over every expression of a plan.
#[derive(Debug)]
struct Rewrite {
    name: &'static str,
    rule: fn(Expr, &DFSchema) -> Result<Transformed<Expr>>,
}

impl AnalyzerRule for Rewrite {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        rewrite(plan, |expr, schema, _| expr.transform_up(|part| (self.rule)(part, schema)))
    }

    fn name(&self) -> &str {
        self.name
    }
}

/// Rewrites every expression of a plan, keeping the names of columns. The rule is told whether the expression is a
/// predicate, for which NULL is as good as false.
pub(crate) fn rewrite(
    plan: LogicalPlan,
    rule: impl Fn(Expr, &DFSchema, bool) -> Result<Transformed<Expr>> + Copy,
) -> Result<LogicalPlan> {
    plan.transform_up_with_subqueries(|plan| {
        let mut schema = merge_schema(&plan.inputs());
        if let LogicalPlan::TableScan(scan) = &plan {
            schema
                .merge(&DFSchema::try_from_qualified_schema(scan.table_name.clone(), &scan.source.schema())?);
        }
        let names = NamePreserver::new(&plan);
        let predicate = is_predicate(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            Ok(rule(expr, &schema, predicate)?.update_data(|expr| name.restore(expr)))
        })?
        .map_data(LogicalPlan::recompute_schema)
    })
    .map(|transformed| transformed.data)
}

/// Whether a node's expressions are predicates.
pub(crate) fn is_predicate(plan: &LogicalPlan) -> bool {
    matches!(plan, LogicalPlan::Filter(_) | LogicalPlan::Join(_))
}

fn unknown_literals(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let numeric = matches!(
                op,
                Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Divide | Operator::Modulo
            );
            let comparison = is_comparison(op);
            if !numeric && !comparison {
                return Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })));
            }
            let (Some(left_type), Some(right_type)) = (known_type(&left, schema), known_type(&right, schema))
            else {
                return Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })));
            };
            let applies = |other: &DataType| comparison || other.is_numeric();
            let new_left = match unknown_text(&left) {
                Some(text) if applies(&right_type) => typed_literal(text, &right_type)?,
                _ => None,
            };
            let new_right = match unknown_text(&right) {
                Some(text) if applies(&left_type) => typed_literal(text, &left_type)?,
                _ => None,
            };
            if new_left.is_none() && new_right.is_none() {
                refuse_mixed(&left_type, op, &right_type)?;
                return Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })));
            }
            Ok(Transformed::yes(Expr::BinaryExpr(BinaryExpr {
                left: new_left.map_or(left, Box::new),
                op,
                right: new_right.map_or(right, Box::new),
            })))
        }
        Expr::InList(InList { expr, list, negated }) => {
            let Some(target) = known_type(&expr, schema) else {
                return Ok(Transformed::no(Expr::InList(InList { expr, list, negated })));
            };
            let list = list.into_iter().map(|item| like(item, &target)).collect::<Result<_>>()?;
            Ok(Transformed::yes(Expr::InList(InList { expr, list, negated })))
        }
        Expr::Between(Between { expr, negated, low, high }) => {
            let Some(target) = known_type(&expr, schema) else {
                return Ok(Transformed::no(Expr::Between(Between { expr, negated, low, high })));
            };
            let (low, high) = (Box::new(like(*low, &target)?), Box::new(like(*high, &target)?));
            Ok(Transformed::yes(Expr::Between(Between { expr, negated, low, high })))
        }
        other => Ok(Transformed::no(other)),
    }
}

/// A numeric beside a float becomes a double precision, as in Postgres, where that is the preferred type of numbers.
/// DataFusion would make numerics of the floats, and NaN, infinity and great numbers are none.
fn floats_over_numerics(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let mut expr = expr;
    let mut parts: Vec<&mut Expr> = match &mut expr {
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if op.is_numerical_operators() || is_comparison(*op) =>
        {
            vec![left, right]
        }
        Expr::Between(Between { expr, low, high, .. }) => vec![expr, low, high],
        Expr::InList(InList { expr, list, .. }) => std::iter::once(&mut **expr).chain(list).collect(),
        Expr::Case(case) => {
            let branches = case.when_then_expr.iter_mut().map(|(_, then)| &mut **then);
            branches.chain(case.else_expr.as_deref_mut()).collect()
        }
        Expr::ScalarFunction(call) if ["coalesce", "nullif", "greatest", "least"].contains(&call.name()) => {
            call.args.iter_mut().collect()
        }
        _ => return Ok(Transformed::no(expr)),
    };
    let types: Vec<Option<DataType>> = parts.iter().map(|part| known_type(part, schema)).collect();
    let is_numeric = |of: &Option<DataType>| matches!(of, Some(DataType::Decimal128(..)));
    let is_float = |of: &Option<DataType>| of.as_ref().is_some_and(DataType::is_floating);
    if !(types.iter().any(is_float) && types.iter().any(is_numeric)) {
        return Ok(Transformed::no(expr));
    }
    for (part, _) in parts.iter_mut().zip(&types).filter(|(_, of)| is_numeric(of)) {
        **part = cast(std::mem::take(*part), &DataType::Float64, schema)?;
    }
    Ok(Transformed::yes(expr))
}

fn is_comparison(op: Operator) -> bool {
    matches!(
        op,
        Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom
    )
}

/// Gives aggregates arguments that both executors can keep: `sum(bigint)` is numeric, as in Postgres, so that no sum
/// of bigints is out of range, and min, max and DISTINCT are over types that are stored.
fn aggregate_arguments(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let wanted = |name: &str, distinct: bool, argument: &Expr| {
        let from = known_type(argument, schema)?;
        let to = match name {
            "sum" if from == DataType::Int64 && !is_small(argument, schema) => BIGINT_AS_NUMERIC,
            "min" | "max" => storable_type(&from)?,
            _ if distinct => storable_type(&from)?,
            _ => return None,
        };
        (to != from).then_some(to)
    };
    let mut changed = false;
    let mut convert = |name: &str, distinct: bool, args: &mut Vec<Expr>| {
        if let [argument] = args.as_mut_slice()
            && let Some(to) = wanted(name, distinct, argument)
        {
            *argument = datafusion::logical_expr::cast(std::mem::take(argument), to);
            changed = true;
        }
    };
    let expr = match expr {
        Expr::AggregateFunction(mut call) => {
            convert(call.func.name(), call.params.distinct, &mut call.params.args);
            Expr::AggregateFunction(call)
        }
        Expr::WindowFunction(mut call) => {
            if let WindowFunctionDefinition::AggregateUDF(function) = &call.fun {
                convert(function.name(), call.params.distinct, &mut call.params.args);
            }
            Expr::WindowFunction(call)
        }
        other => other,
    };
    Ok(if changed { Transformed::yes(expr) } else { Transformed::no(expr) })
}

/// Whether a bigint is one only because constants are: its values are those of an integer.
fn is_small(expr: &Expr, schema: &DFSchema) -> bool {
    match expr {
        Expr::Literal(ScalarValue::Int64(value), _) => value.is_none_or(|value| i32::try_from(value).is_ok()),
        Expr::Case(case) => {
            let branches = case.when_then_expr.iter().map(|(_, then)| then).chain(&case.else_expr);
            branches.into_iter().all(|branch| is_small(branch, schema))
        }
        other => {
            matches!(known_type(other, schema), Some(DataType::Int16 | DataType::Int32 | DataType::Null))
        }
    }
}

fn known_type(expr: &Expr, schema: &DFSchema) -> Option<DataType> {
    expr.get_type(schema).ok()
}

fn unknown_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(text),
        _ => None,
    }
}

/// A string constant as a constant of the type it stands beside; None where it stays text.
fn typed_literal(text: &str, beside: &DataType) -> Result<Option<Expr>> {
    if is_text(beside) || matches!(beside, DataType::Null) {
        return Ok(None);
    }
    match sent_type(beside) {
        // A numeric constant is not bound to the digits of what it is compared with.
        Some(DataType::Decimal128(_, _)) => {
            let numeric = DataType::Decimal128(crate::types::NUMERIC_PRECISION, crate::types::NUMERIC_SCALE);
            Ok(Some(Expr::Literal(literal(text, &numeric).map_err(wrapped)?, None)))
        }
        Some(target) => Ok(Some(Expr::Literal(literal(text, &target).map_err(wrapped)?, None))),
        None => Ok(None),
    }
}

fn like(expr: Expr, target: &DataType) -> Result<Expr> {
    match unknown_text(&expr) {
        Some(text) => Ok(typed_literal(text, target)?.unwrap_or(expr)),
        None => Ok(expr),
    }
}

/// 42883 for text beside a number, a time or a truth value: DataFusion would compare their texts.
fn refuse_mixed(left: &DataType, op: Operator, right: &DataType) -> Result<()> {
    let plain = |data_type: &DataType| {
        data_type.is_numeric() || data_type.is_temporal() || matches!(data_type, DataType::Boolean)
    };
    let mixed = (is_text(left) && plain(right)) || (plain(left) && is_text(right));
    if !mixed {
        return Ok(());
    }
    let message = format!("operator does not exist: {} {op} {}", type_name(left), type_name(right));
    Err(wrapped(
        SqlError::new(SqlState::UndefinedFunction, message)
            .with_hint("no operator matches these types; you might need to add explicit type casts"),
    ))
}

fn postgres_operators(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let types = (known_type(&left, schema), known_type(&right, schema));
            let operator = match &types {
                (Some(left_type), Some(right_type)) if left_type == right_type => {
                    CheckedOperator::of(op, left_type)
                }
                _ => None,
            };
            if let (Operator::Divide, (Some(DataType::Decimal128(..)), Some(DataType::Decimal128(..)))) =
                (op, &types)
            {
                let quotient = Expr::BinaryExpr(BinaryExpr { left: left.clone(), op, right: right.clone() });
                let function = numeric_divide(&quotient.get_type(schema)?);
                let call = ScalarFunction::new_udf(function, vec![*left, *right]);
                return Ok(Transformed::yes(Expr::ScalarFunction(call)));
            }
            Ok(match operator {
                Some(operator) => {
                    let call = ScalarFunction::new_udf(checked(operator), vec![*left, *right]);
                    Transformed::yes(Expr::ScalarFunction(call))
                }
                None => Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })),
            })
        }
        Expr::Negative(operand) => {
            // A negated constant is a constant.
            if let Expr::Literal(value, metadata) = operand.as_ref()
                && let Ok(negated) = value.arithmetic_negate()
            {
                return Ok(Transformed::yes(Expr::Literal(negated, metadata.clone())));
            }
            if known_type(&operand, schema).is_some_and(|data_type| data_type.is_integer()) {
                let call = ScalarFunction::new_udf(checked(CheckedOperator::Negate), vec![*operand]);
                return Ok(Transformed::yes(Expr::ScalarFunction(call)));
            }
            Ok(Transformed::no(Expr::Negative(operand)))
        }
        Expr::Cast(cast) => {
            let to = cast.field.data_type().clone();
            let Some(from) = known_type(&cast.expr, schema) else {
                return Ok(Transformed::no(Expr::Cast(cast)));
            };
            refuse_cast(&from, &to)?;
            Ok(match postgres_cast(&from, &to) {
                Some(function) => {
                    let call = ScalarFunction::new_udf(function, vec![*cast.expr]);
                    Transformed::yes(Expr::ScalarFunction(call))
                }
                None => Transformed::no(Expr::Cast(cast)),
            })
        }
        other => Ok(Transformed::no(other)),
    }
}

/// 42846 for casts that Postgres has not and DataFusion has.
fn refuse_cast(from: &DataType, to: &DataType) -> Result<()> {
    let number = |data_type: &DataType| data_type.is_numeric();
    let moment = |data_type: &DataType| {
        matches!(
            data_type,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _) | DataType::Time64(_)
        )
    };
    let boolean = |data_type: &DataType| matches!(data_type, DataType::Boolean);
    let refused = (number(from) && moment(to))
        || (moment(from) && number(to))
        || (boolean(from) && (moment(to) || to.is_floating()))
        || ((moment(from) || from.is_floating()) && boolean(to));
    if !refused {
        return Ok(());
    }
    let message = format!("cannot cast type {} to {}", type_name(from), type_name(to));
    Err(wrapped(SqlError::new(SqlState::CannotCoerce, message)))
}
