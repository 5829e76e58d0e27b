//! TUMBLE and HOP in batch queries: DataFusion plumbing around [`crate::windows::assign_windows`].
//!
//! Give a session state [`WindowQueryPlanner`] (or its planner [`WindowPlanner`]), and every [`WindowNode`] of a plan
//! is executed.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result;
use datafusion::execution::context::QueryPlanner;
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{CardinalityEffect, PlanProperties};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning,
};
use datafusion::physical_planner::{DefaultPhysicalPlanner, ExtensionPlanner, PhysicalPlanner};
use futures::{Stream, StreamExt, ready};

use crate::error::SqlError;
use crate::functions::wrapped;
use crate::windows::over::OverNode;
use crate::windows::over::exec::OverExec;
use crate::windows::{Window, WindowNode, add_windows};

/// Rows of a batch that is given on, about: HOP makes many rows of one.
const OUTPUT_ROWS: usize = 16 * 1024;

/// Plans [`WindowNode`]s and [`OverNode`]s.
#[derive(Debug, Clone, Copy, Default)]
pub struct WindowPlanner;

#[async_trait]
impl ExtensionPlanner for WindowPlanner {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        _session: &dyn Session,
        _planning_context: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if let (Some(over), [input]) = (node.as_any().downcast_ref::<OverNode>(), physical_inputs) {
            return Ok(Some(Arc::new(OverExec::try_new(over, Arc::clone(input))?)));
        }
        let Some(node) = node.as_any().downcast_ref::<WindowNode>() else { return Ok(None) };
        let [input] = physical_inputs else {
            return Err(wrapped(SqlError::internal("a window needs one input")));
        };
        let schema = Arc::clone(datafusion::logical_expr::UserDefinedLogicalNodeCore::schema(node).inner());
        let exec = WindowExec::new(Arc::clone(input), node.time_index()?, node.window, schema);
        Ok(Some(Arc::new(exec)))
    }
}

/// DataFusion's planner with [`WindowPlanner`] in it and guards put in, for a session state whose rules are
/// [`crate::analyze::guard::optimizer_rules`].
#[derive(Debug, Clone, Copy, Default)]
pub struct WindowQueryPlanner;

#[async_trait]
impl QueryPlanner for WindowQueryPlanner {
    async fn create_physical_plan(
        &self,
        logical_plan: &LogicalPlan,
        session: &dyn Session,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let guarded = crate::analyze::guard::plan(logical_plan.clone(), session.config_options())?;
        let guarded = crate::analyze::extremes::plan(guarded)?;
        DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(WindowPlanner)])
            .create_physical_plan(&guarded, session)
            .await
    }
}

/// Adds the window columns to its input, a row for each window of a row.
#[derive(Debug)]
pub struct WindowExec {
    input: Arc<dyn ExecutionPlan>,
    time_column: usize,
    window: Window,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl WindowExec {
    /// Windows of `time_column` over an input; `schema` is the input's with the window columns added.
    pub fn new(input: Arc<dyn ExecutionPlan>, time_column: usize, window: Window, schema: SchemaRef) -> Self {
        let partitions = input.output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(partitions),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        let metrics = ExecutionPlanMetricsSet::new();
        Self { input, time_column, window, schema, properties: Arc::new(properties), metrics }
    }
}

impl DisplayAs for WindowExec {
    fn fmt_as(&self, _kind: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let input = self.input.schema();
        write!(formatter, "WindowExec: {} on {}", self.window, input.field(self.time_column).name())
    }
}

impl ExecutionPlan for WindowExec {
    fn name(&self) -> &str {
        "WindowExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        // The order is kept, but a schema with more columns would have to say so.
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
        let Some(input) = children.into_iter().next() else {
            return Err(wrapped(SqlError::internal("a window needs one input")));
        };
        Ok(Arc::new(Self::new(input, self.time_column, self.window, Arc::clone(&self.schema))))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let windows_per_row =
            usize::try_from(self.window.size_us / self.window.slide_us.max(1)).unwrap_or(1).max(1);
        Ok(Box::pin(WindowStream {
            input: self.input.execute(partition, context)?,
            pending: None,
            input_rows: (OUTPUT_ROWS / windows_per_row).max(1),
            time_column: self.time_column,
            window: self.window,
            schema: Arc::clone(&self.schema),
            metrics: BaselineMetrics::new(&self.metrics, partition),
        }))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        CardinalityEffect::GreaterEqual
    }
}

struct WindowStream {
    input: SendableRecordBatchStream,
    /// What is left of the input's last batch.
    pending: Option<RecordBatch>,
    /// Rows of the input that are windowed at once.
    input_rows: usize,
    time_column: usize,
    window: Window,
    schema: SchemaRef,
    metrics: BaselineMetrics,
}

impl WindowStream {
    /// The windows of the next rows that are pending.
    fn next_part(&mut self) -> Option<Result<RecordBatch>> {
        let batch = self.pending.take().filter(|batch| batch.num_rows() > 0)?;
        let rows = self.input_rows.min(batch.num_rows());
        if rows < batch.num_rows() {
            self.pending = Some(batch.slice(rows, batch.num_rows() - rows));
        }
        let time = self.metrics.elapsed_compute().clone();
        let _timer = time.timer();
        let windowed = add_windows(&batch.slice(0, rows), self.time_column, &self.window, &self.schema);
        Some(windowed.map(|(batch, _)| batch).map_err(wrapped))
    }
}

impl Stream for WindowStream {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(part) = self.next_part() {
                return self.metrics.record_poll(Poll::Ready(Some(part)));
            }
            match ready!(self.input.poll_next_unpin(context)) {
                Some(Ok(batch)) => self.pending = Some(batch),
                other => return Poll::Ready(other),
            }
        }
    }
}

impl RecordBatchStream for WindowStream {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
