//! ORDER BY below the top of a query: kept where PostgreSQL keeps it, so that `array_agg`, LIMIT and INSERT … SELECT see the
//! rows of an ordered subquery in its order.
//!
//! DataFusion drops a sort that no operator above asks for. Such a sort gets an operator that asks for it ([`KeepOrder`]),
//! and the query that has one runs in one partition, since exchanges between partitions do not keep an order.

use std::fmt;
use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{LexOrdering, OrderingRequirements, PhysicalExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::execution_plan::{
    ChildrenPropertiesMode, PlanProperties, ReplaceChildrenOptions,
};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, Distribution, ExecutionPlan};
use millstream_sql::functions::aggregate::Aggregate;
use millstream_sql::windows::over::OverNode;

use super::append::AppendPartitions;

/// DataFusion's physical rules, with [`KeepOrder`] put in. Left out is the one that moves projections below filters:
/// what WHERE leaves out would be computed.
pub(super) fn physical_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    rules.retain(|rule| rule.name() != "ProjectionPushdown");
    rules.insert(0, Arc::new(KeepOrders));
    rules.push(Arc::new(AppendPartitions));
    rules
}

/// Whether a query orders rows below its top, or shows the order of rows that no key tells apart, as window functions and
/// `array_agg` do.
pub(super) fn has_inner_order(plan: &LogicalPlan) -> bool {
    fn below(plan: &LogicalPlan, is_top: bool) -> bool {
        match plan {
            LogicalPlan::Sort(sort) => !is_top || below(&sort.input, false),
            LogicalPlan::Extension(extension) if extension.node.as_any().is::<OverNode>() => true,
            LogicalPlan::Aggregate(aggregate) if aggregate.aggr_expr.iter().any(shows_order) => true,
            // One that computes, as that of an INSERT into other types, may lose the order of its input.
            LogicalPlan::Projection(projection) => {
                let plain =
                    projection.expr.iter().all(|expr| matches!(expr.clone().unalias(), Expr::Column(_)));
                below(&projection.input, is_top && plain)
            }
            LogicalPlan::SubqueryAlias(alias) => below(&alias.input, is_top),
            LogicalPlan::Limit(limit) => below(&limit.input, is_top),
            other => other.inputs().into_iter().any(|input| below(input, false)),
        }
    }
    below(plan, true)
}

/// Whether an aggregate's answer shows the order in which its rows come.
fn shows_order(expr: &Expr) -> bool {
    match expr.clone().unalias() {
        Expr::AggregateFunction(call) => Aggregate::of(&call.func).is_some_and(Aggregate::shows_order),
        _ => false,
    }
}

/// Puts a [`KeepOrder`] above each sort that is not at the top.
#[derive(Debug)]
struct KeepOrders;

impl PhysicalOptimizerRule for KeepOrders {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        kept(plan, true)
    }

    fn name(&self) -> &str {
        "keep_orders"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn kept(plan: Arc<dyn ExecutionPlan>, is_top: bool) -> Result<Arc<dyn ExecutionPlan>> {
    let is_top_below = is_top
        && plan.downcast_ref::<ProjectionExec>().is_some_and(|projection| {
            projection.expr().iter().all(|part| part.expr.downcast_ref::<Column>().is_some())
        });
    let before: Vec<Arc<dyn ExecutionPlan>> = plan.children().into_iter().cloned().collect();
    let mut changed = false;
    let mut children = vec![];
    for child in before {
        let after = kept(Arc::clone(&child), is_top_below)?;
        changed |= !Arc::ptr_eq(&child, &after);
        children.push(after);
    }
    let plan = if changed {
        plan.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))?
    } else {
        plan
    };
    match plan.downcast_ref::<SortExec>() {
        Some(sort) if !is_top && sort.fetch().is_none() => {
            let order = sort.expr().clone();
            Ok(Arc::new(KeepOrder::new(plan, order)))
        }
        _ => Ok(plan),
    }
}

/// Gives its input on, which must be in an order.
#[derive(Debug)]
struct KeepOrder {
    input: Arc<dyn ExecutionPlan>,
    order: LexOrdering,
    properties: Arc<PlanProperties>,
}

impl KeepOrder {
    fn new(input: Arc<dyn ExecutionPlan>, order: LexOrdering) -> Self {
        let properties = Arc::clone(input.properties());
        Self { input, order, properties }
    }
}

impl DisplayAs for KeepOrder {
    fn fmt_as(&self, _kind: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeepOrder: [{}]", self.order)
    }
}

impl ExecutionPlan for KeepOrder {
    fn name(&self) -> &str {
        "KeepOrder"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        vec![Some(OrderingRequirements::from(self.order.clone()))]
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        vec![Distribution::SinglePartition]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let input = children.into_iter().next().unwrap_or_else(|| Arc::clone(&self.input));
        Ok(Arc::new(Self::new(input, self.order.clone())))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.input.execute(partition, context)
    }
}
