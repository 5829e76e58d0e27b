//! From a bound plan to one that can be optimized: what the binder leaves to DataFusion's analyzer, and what must be
//! lazy kept so. Types are the binder's: coercion finds nothing to do but between nodes of DataFusion's own.

pub(crate) mod extremes;
pub mod guard;
pub mod settle;
mod totals;

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::Analyzer;
use datafusion::optimizer::analyzer::AnalyzerRule;
use datafusion::optimizer::analyzer::resolve_grouping_function::ResolveGroupingFunction;
use datafusion::optimizer::analyzer::type_coercion::TypeCoercion;
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

use crate::analyze::guard::keep_lazy;

/// What a bigint is summed as: every bigint fits, and so does any sum of as many as there can be.
pub(crate) const BIGINT_AS_NUMERIC: DataType = DataType::Decimal128(28, 0);

/// Makes a bound plan ready to run: what must be lazy is kept so.
pub fn plan(plan: LogicalPlan, config: &ConfigOptions) -> Result<LogicalPlan> {
    Analyzer::with_rules(rules()).execute_and_check(plan, config, |_, _| {})
}

/// The rules for a bound plan, in order: for a session state that analyzes plans which were not made here.
pub fn rules() -> Vec<Arc<dyn AnalyzerRule + Send + Sync>> {
    vec![
        Arc::new(ResolveGroupingFunction::new()),
        Arc::new(TypeCoercion::new()),
        Arc::new(Rewrite { name: "keep_lazy", rule: keep_lazy }),
    ]
}

/// An expression computed as far as it is constant.
pub fn folded(expr: Expr, schema: &DFSchema) -> Result<Expr> {
    folded_at(expr, schema, &ExecutionProps { query_execution_start_time: None, ..ExecutionProps::new() })
}

/// An expression computed as far as it is constant; `now()` is the time at which the statement began.
pub fn folded_at(expr: Expr, schema: &DFSchema, statement: &ExecutionProps) -> Result<Expr> {
    let context = SimplifyContext::builder()
        .with_schema(Arc::new(schema.clone()))
        .with_config_options(Arc::new(crate::functions::configuration()))
        .with_query_execution_start_time(statement.query_execution_start_time)
        .build();
    ExprSimplifier::new(context).simplify(expr)
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
