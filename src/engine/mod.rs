//! The engine: owns the log, the catalog, the views and the sinks, and is the only one that changes them.
//!
//! ```text
//!  create, drop ─► [ddl lock] ─► commit in the log ─► catalog swap ─► start or stop jobs
//!  append ───────────────────────► commit in the log ─► jobs wake by themselves
//! ```
//!
//! **Invariant: the log first.** Nothing is in the catalog that is not in the log; recovery applies the same
//! statements in the same order and comes to the same catalog, ids included.

pub mod advisory;
pub mod append;
mod closing;
pub mod ddl;
pub mod feed;
mod footprint;
pub mod job;
mod recover;
pub mod sink;
mod snapshot;
mod upgrade;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use arc_swap::ArcSwap;
use millstream_catalog::{Catalog, ObjectId};
use millstream_sql::functions::FunctionSet;
use millstream_sql::{SqlError, SqlState};
use parking_lot::{Mutex, RwLock};

pub use recover::StartReport;
pub(crate) use recover::{object_store, stream_specs};
pub use snapshot::{ReadConsistency, Snapshot};

use crate::checkpoint::CheckpointStore;
use crate::config::Config;
use crate::log::{Durability, Log, Lsn, NewEntry};
use crate::{Error, Result};
use job::{Job, JobContext};
use sink::SinkJob;

/// A running database.
pub struct Engine {
    config: Config,
    log: Log,
    catalog: ArcSwap<Catalog>,
    functions: Arc<FunctionSet>,
    ddl: tokio::sync::Mutex<()>,
    jobs: RwLock<HashMap<ObjectId, Arc<Job>>>,
    sinks: RwLock<HashMap<ObjectId, Arc<SinkJob>>>,
    /// Jobs of subscriptions to queries.
    temporary: Mutex<Vec<Weak<Job>>>,
    checkpoints: Arc<CheckpointStore>,
    job_context: JobContext,
    query: crate::query::QueryEngine,
    runtime: Mutex<Option<tokio::runtime::Runtime>>,
    runtime_handle: tokio::runtime::Handle,
    closing: AtomicBool,
    connections: AtomicU64,
    advisory: Arc<advisory::AdvisoryLocks>,
    /// None while it is being opened.
    report: Option<StartReport>,
}

impl Engine {
    /// The settings it was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The catalog now.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.catalog.load_full()
    }

    /// The functions that SQL can call.
    pub fn functions(&self) -> &Arc<FunctionSet> {
        &self.functions
    }

    /// Where batch queries run.
    pub fn query(&self) -> &crate::query::QueryEngine {
        &self.query
    }

    /// The checkpoints.
    pub fn checkpoints(&self) -> &Arc<CheckpointStore> {
        &self.checkpoints
    }

    /// What opening found and did.
    pub fn report(&self) -> StartReport {
        self.report.clone().unwrap_or_default()
    }

    /// The advisory locks of all sessions.
    pub fn advisory_locks(&self) -> Arc<advisory::AdvisoryLocks> {
        Arc::clone(&self.advisory)
    }

    /// Sessions open now.
    pub fn connections(&self) -> &AtomicU64 {
        &self.connections
    }

    /// The job of a materialized view.
    pub fn job(&self, id: ObjectId) -> Result<Arc<Job>> {
        let job = self.jobs.read().get(&id).cloned();
        job.ok_or_else(|| match self.closing.load(Ordering::Acquire) {
            true => Error::ShuttingDown,
            // The catalog that the caller holds is older than a DROP.
            false => SqlError::new(SqlState::UndefinedTable, "the materialized view was dropped").into(),
        })
    }

    /// All jobs, by id.
    pub fn jobs(&self) -> Vec<Arc<Job>> {
        let mut jobs: Vec<_> = self.jobs.read().values().cloned().collect();
        jobs.sort_by_key(|job| job.id);
        jobs
    }

    /// All sinks, by id.
    pub fn sinks(&self) -> Vec<Arc<SinkJob>> {
        let mut sinks: Vec<_> = self.sinks.read().values().cloned().collect();
        sinks.sort_by_key(|sink| sink.id);
        sinks
    }

    /// Commits entries as one.
    pub async fn commit(&self, entries: Vec<NewEntry>, durability: Durability) -> Result<Lsn> {
        if self.closing.load(Ordering::Acquire) {
            return Err(Error::ShuttingDown);
        }
        self.log.commit(entries, durability).await
    }

    /// Seals all rows that are durable, and asks every view for a checkpoint soon.
    pub async fn checkpoint(&self) -> Result<()> {
        self.jobs.read().values().for_each(|job| job.want_checkpoint());
        let log = self.log.clone();
        let sealed = tokio::task::spawn_blocking(move || log.seal()).await;
        sealed.map_err(|error| Error::internal(format!("sealing failed: {error}")))?.map(drop)
    }

    /// Stops in order: views, each with a last checkpoint for which it waits for its sinks, then the sinks, then the
    /// log. Blocks until done.
    pub fn close(&self) {
        if self.closing.swap(true, Ordering::AcqRel) {
            return;
        }
        // They stay known until the log is closed: retention asks them what may go.
        let jobs = self.jobs();
        self.temporary.lock().iter().filter_map(Weak::upgrade).for_each(|job| job.abandon());
        jobs.iter().for_each(|job| job.want_stop());
        jobs.iter().for_each(|job| job.wait_for_end());
        self.sinks().iter().for_each(|sink| sink.abort());
        self.log.shutdown();
        self.jobs.write().clear();
        self.sinks.write().clear();
        if let Some(runtime) = self.runtime.lock().take() {
            runtime.shutdown_background();
        }
        self.query.shutdown();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
    }
}
