//! Batch queries: DataFusion over streams, views and system relations, all at one LSN, within a memory budget.
//!
//! ```text
//!  ast::Query ─ bind ─► LogicalPlan over names ─ agree on an LSN ─► the same over rows ─► physical plan ─► batches
//! ```
//!
//! Queries run on threads of their own, apart from the network and from the views; dropping the answer stops the
//! work.

mod append;
mod interrupt;
mod order;
pub mod pg_catalog;
pub mod source;
mod stream_scan;
pub mod subquery;
pub mod system;
mod travel;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use chrono::{DateTime, Utc};
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::tree_node::{Transformed, TreeNodeRecursion};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionConfig;
use futures::StreamExt;
use futures::stream::BoxStream;
use millstream_catalog::{Catalog, ObjectId};
use millstream_sql::analyze::settle;
use millstream_sql::bind::{RelationSource, reads_in_past};
use millstream_sql::functions::FunctionSet;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::engine::{Engine, ReadConsistency, Snapshot};
use crate::env::{Env, Machine};
use crate::{Error, Result};
use interrupt::Stop;
use source::Rows;
use travel::Past;
pub(crate) use travel::with_moments;

/// Batches of an answer that may wait for the client.
const WAITING_BATCHES: usize = 4;

/// Where batch queries run.
pub struct QueryEngine {
    state: SessionState,
    handle: tokio::runtime::Handle,
    runtime: Mutex<Option<tokio::runtime::Runtime>>,
}

/// A plan that can be run once.
#[derive(Clone)]
pub struct PhysicalPlan {
    /// The operators; their metrics are filled in while it runs.
    pub plan: Arc<dyn ExecutionPlan>,
    stop: Stop,
}

/// The rows of a query, as they come.
pub type Batches = BoxStream<'static, Result<RecordBatch>>;

impl QueryEngine {
    /// Threads and memory as the configuration says.
    pub fn new(config: &Config) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(config.workers.max(1))
            .thread_name("millstream query")
            .thread_stack_size(millstream_sql::text::limits::PLANNING_STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|error| Error::io("starting threads for", &config.data_directory, &error))?;
        let memory = Arc::new(FairSpillPool::new(config.memory_budget_bytes));
        let environment = RuntimeEnvBuilder::new().with_memory_pool(memory).build_arc()?;
        let session = session_config(config.workers);
        let state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(session)
            .with_runtime_env(environment)
            .with_optimizer_rules(millstream_sql::analyze::guard::optimizer_rules())
            .with_physical_optimizer_rules(order::physical_rules())
            .with_query_planner(Arc::new(millstream_sql::windows::exec::WindowQueryPlanner))
            .build();
        Ok(Self { state, handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
    }

    /// The options under which queries are planned.
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// The state that a query is planned in: now() is the time at which its transaction began.
    pub fn starting(&self, began: DateTime<Utc>) -> SessionState {
        let mut state = self.state.clone();
        state.execution_props_mut().query_execution_start_time = Some(began);
        state
    }

    /// The physical plan of a bound query whose relations have rows.
    pub async fn physical_plan(&self, plan: LogicalPlan, began: DateTime<Utc>) -> Result<PhysicalPlan> {
        let mut state = self.starting(began);
        let stop = Stop::default();
        let plan = deep_stack(|| {
            settle::constants(&plan)?;
            subquery::plan(plan, self, began, &stop)
        })?;
        if order::has_inner_order(&plan) {
            state.config_mut().options_mut().execution.target_partitions = 1;
        }
        let planning = self.handle.spawn(async move { state.create_physical_plan(&plan).await });
        let plan = AbortOnDrop::new(planning).await??;
        Ok(PhysicalPlan { plan: interrupt::interruptible(plan, &stop)?, stop })
    }

    /// Runs a physical plan. Dropping the batches stops the work.
    pub fn run(&self, plan: &PhysicalPlan) -> Batches {
        let context = self.state.task_ctx();
        let PhysicalPlan { plan, stop } = plan.clone();
        let (sender, receiver) = mpsc::channel(WAITING_BATCHES);
        let task = self.handle.spawn(async move {
            let mut batches = match execute_stream(plan, context) {
                Ok(batches) => batches,
                Err(error) => return drop(sender.send(Err(error.into())).await),
            };
            while let Some(batch) = batches.next().await {
                let failed = batch.is_err();
                if sender.send(batch.map_err(Error::from)).await.is_err() || failed {
                    return;
                }
            }
        });
        let running = (receiver, AbortOnDrop { task, stop });
        futures::stream::unfold(running, |(mut receiver, mut task)| async move {
            match receiver.recv().await {
                Some(batch) => Some((batch, (receiver, task))),
                // The channel closes when the task ends; if it ended by a panic, the answer is not whole.
                None => match (&mut task).await {
                    Ok(()) => None,
                    Err(error) => Some((Err(error), (receiver, task))),
                },
            }
        })
        .boxed()
    }

    /// Stops all queries.
    pub fn shutdown(&self) {
        if let Some(runtime) = self.runtime.lock().take() {
            runtime.shutdown_background();
        }
    }
}

/// DataFusion's options for both batch queries and the planning of views.
pub fn session_config(workers: usize) -> SessionConfig {
    let mut config = SessionConfig::new();
    *config.options_mut() = millstream_sql::functions::configuration();
    config.with_target_partitions(workers.max(1))
}

/// The functions of SQL: DataFusion's and our own.
pub fn functions() -> FunctionSet {
    FunctionSet::new()
}

/// The time, as `now()` gives it.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(Machine.now_us()).unwrap_or_default()
}

/// Runs a planner with a stack that the deepest statement that is let through fits in.
pub fn deep_stack<T>(plan: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(
        millstream_sql::text::limits::PLANNING_STACK_BYTES / 2,
        millstream_sql::text::limits::PLANNING_STACK_BYTES,
        plan,
    )
}

/// The streams and materialized views that a bound query reads as they are now, subqueries included.
pub fn relations(plan: &LogicalPlan) -> Result<Vec<ObjectId>> {
    let mut ids = Vec::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Some(source) = scan.source.as_ref().downcast_ref::<RelationSource>()
            && source.as_of.is_none()
            && !ids.contains(&source.object.id)
        {
            ids.push(source.object.id);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(ids)
}

/// The rows that a transaction has appended to each stream and not committed.
pub type OwnRows = HashMap<ObjectId, Vec<RecordBatch>>;

/// What a query is told by its transaction.
#[derive(Debug)]
pub struct Within {
    /// When it began: what now() is.
    pub began: DateTime<Utc>,
    /// What it sees besides what is committed.
    pub own: OwnRows,
}

/// The same plan over the rows of a snapshot, of what it reads of the past, and of the transaction.
fn with_rows(plan: LogicalPlan, snapshot: &Snapshot, past: &Past, own: &OwnRows) -> Result<LogicalPlan> {
    let filled = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(mut scan) = node else { return Ok(Transformed::no(node)) };
        let Some(source) = scan.source.as_ref().downcast_ref::<RelationSource>() else {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        };
        let schema = datafusion::logical_expr::TableSource::schema(source);
        let id = source.object.id;
        if let Some(as_of) = &source.as_of {
            let Some(held) = past.get(&(id, as_of.clone())) else {
                return datafusion::common::internal_err!("relation {id} AS OF {as_of} was not looked up");
            };
            scan.source = Arc::new(DefaultTableSource::new(Arc::new(held.rows(schema))));
            return Ok(Transformed::yes(LogicalPlan::TableScan(scan)));
        }
        let rows = match (snapshot.streams.get(&id), snapshot.views.get(&id)) {
            (Some(tail), _) => {
                let own = own.get(&id).cloned().unwrap_or_default();
                Rows::Stream { tail: tail.clone(), through: snapshot.lsn, own, schema }
            }
            (None, Some((job, version))) => Rows::View { job: job.clone(), version: version.clone(), schema },
            (None, None) => return datafusion::common::internal_err!("relation {id} is not in the snapshot"),
        };
        scan.source = Arc::new(DefaultTableSource::new(Arc::new(rows)));
        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
    })?;
    Ok(filled.data)
}

impl Engine {
    /// A bound query over rows, all at one LSN.
    pub async fn fill(
        &self,
        catalog: &Catalog,
        plan: LogicalPlan,
        read: ReadConsistency,
        within: &Within,
    ) -> Result<LogicalPlan> {
        let (ids, moments) = (relations(&plan)?, reads_in_past(&plan)?);
        if ids.is_empty() && moments.is_empty() {
            return Ok(plan);
        }
        let past = self.past(moments).await?;
        let snapshot = self.snapshot(catalog, &ids, read).await?;
        with_rows(plan, &snapshot, &past, &within.own)
    }

    /// Runs a bound query: its schema and its rows.
    pub async fn run_query(
        &self,
        catalog: &Catalog,
        plan: LogicalPlan,
        read: ReadConsistency,
        within: &Within,
    ) -> Result<(SchemaRef, Batches)> {
        let schema = millstream_sql::bind::output_schema(plan.schema());
        let filled = self.fill(catalog, plan, read, within).await?;
        let physical = self.query().physical_plan(filled, within.began).await?;
        Ok((schema, self.query().run(&physical)))
    }
}

/// A task that ends with its handle.
struct AbortOnDrop<T> {
    task: JoinHandle<T>,
    stop: Stop,
}

impl<T> AbortOnDrop<T> {
    fn new(task: JoinHandle<T>) -> Self {
        Self { task, stop: Stop::default() }
    }
}

impl<T> Future for AbortOnDrop<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.task).poll(context).map(|joined| {
            joined.map_err(|error| match error.is_panic() {
                true => Error::internal(format!("a query panicked: {error}")),
                false => Error::ShuttingDown,
            })
        })
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.stop.stop();
        self.task.abort();
    }
}
