//! Partitions one after another: the rows of a UNION ALL come in the order of its parts, as PostgreSQL's Append gives
//! them, in queries whose answer shows the order of rows (see [`super::order`]).

use std::fmt;
use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::execution_plan::PlanProperties;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning,
};
use futures::StreamExt;

/// Puts an [`Append`] in place of what brings partitions together in any order, in plans of one partition.
#[derive(Debug)]
pub(super) struct AppendPartitions;

impl PhysicalOptimizerRule for AppendPartitions {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if config.execution.target_partitions != 1 {
            return Ok(plan);
        }
        let appended =
            plan.transform_up(|node| {
                let Some(together) = node.downcast_ref::<CoalescePartitionsExec>() else {
                    return Ok(Transformed::no(node));
                };
                // The partitions of an exchange are filled together: one of them alone would wait for the others' readers.
                let exchanged =
                    together.input().exists(|below| Ok(below.downcast_ref::<RepartitionExec>().is_some()))?;
                if exchanged || together.fetch().is_some() {
                    return Ok(Transformed::no(node));
                }
                Ok(Transformed::yes(
                    Arc::new(Append::new(Arc::clone(together.input()))) as Arc<dyn ExecutionPlan>
                ))
            })?;
        Ok(appended.data)
    }

    fn name(&self) -> &str {
        "append_partitions"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The partitions of its input, one after another.
#[derive(Debug)]
struct Append {
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl Append {
    fn new(input: Arc<dyn ExecutionPlan>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(input.schema()),
            Partitioning::UnknownPartitioning(1),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        Self { input, properties: Arc::new(properties) }
    }
}

impl DisplayAs for Append {
    fn fmt_as(&self, _kind: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Append")
    }
}

impl ExecutionPlan for Append {
    fn name(&self) -> &str {
        "Append"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
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
        Ok(Arc::new(Self::new(input)))
    }

    fn execute(&self, _partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = Arc::clone(&self.input);
        let count = input.output_partitioning().partition_count();
        let rows = futures::stream::iter(0..count)
            .map(move |partition| input.execute(partition, Arc::clone(&context)))
            .flat_map(|part| match part {
                Ok(rows) => rows.boxed(),
                Err(error) => futures::stream::once(async { Err(error) }).boxed(),
            });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), rows)))
    }
}
