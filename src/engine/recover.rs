//! Opening: from the log and the checkpoints to a running database.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use millstream_catalog::{Catalog, Definition, ObjectId};
use millstream_sql::functions::FunctionSet;
use parking_lot::{Mutex, RwLock};

use super::ddl::{defined, stream_spec};
use super::job::JobContext;
use super::upgrade::Upgraded;
use super::{Engine, Job};
use crate::checkpoint::CheckpointStore;
use crate::config::Config;
use crate::log::{Floor, Log, LogConfig, Lsn, Replay, StreamSpec};
use crate::memory::MemoryBudget;
use crate::objects::Objects;
use crate::{Error, Result};

/// Rows are refused when less than this is free on the disk, or less than its [`RESERVE_SHARE`]th part.
const RESERVE_BYTES: u64 = 64 << 20;
/// See [`RESERVE_BYTES`].
const RESERVE_SHARE: u64 = 16;

/// What opening found and did.
#[derive(Debug, Clone, Default)]
pub struct StartReport {
    /// The last LSN of the log.
    pub lsn: Lsn,
    /// Rows in the log.
    pub rows: u64,
    /// Time to read the log.
    pub log_time: Duration,
    /// Time for everything.
    pub time: Duration,
    /// For each view: its name, the LSN that it was restored at (0: from the start), the rows to replay after it.
    pub views: Vec<(String, Lsn, u64)>,
}

impl Engine {
    /// Opens the database of a directory, making it if there is none. Blocks; not to be called on an async thread.
    pub fn open(config: Config) -> Result<Arc<Engine>> {
        let begun = Instant::now();
        let functions = Arc::new(crate::query::functions());
        let mut recovering =
            Recovering { catalog: Catalog::default(), functions: functions.clone(), sinks: HashMap::new() };
        let objects = object_store(&config)?;
        let (log, _) = Log::open(log_config(&config, objects.clone())?, &mut recovering)?;
        let log_time = begun.elapsed();
        let Recovering { catalog, sinks: copied, .. } = recovering;

        let io = |error: std::io::Error| Error::io("starting threads for", &config.data_directory, &error);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(config.workers.max(1))
            .thread_name("millstream engine")
            .enable_all()
            .build()
            .map_err(io)?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(config.workers.max(1))
            .thread_name(|index| format!("flow {index}"))
            .build()
            .map_err(|error| Error::internal(format!("cannot start the flow's threads: {error}")))?;
        let checkpoints = Arc::new(CheckpointStore::new(config.env.clone(), objects));
        let job_context = JobContext {
            log: log.clone(),
            pool: Arc::new(pool),
            checkpoints: checkpoints.clone(),
            runtime: runtime.handle().clone(),
            shards: config.workers.max(1),
            step_rows: config.step_rows,
            checkpoint_interval: config.checkpoint_interval,
            memory: MemoryBudget::new(config.memory_budget_bytes),
            driven: false,
            plants: Vec::new(),
        };
        let query = crate::query::QueryEngine::new(&config)?;
        let mut engine = Engine {
            log,
            catalog: ArcSwap::from_pointee(catalog.clone()),
            functions,
            ddl: tokio::sync::Mutex::new(()),
            jobs: RwLock::default(),
            sinks: RwLock::default(),
            temporary: Mutex::default(),
            checkpoints,
            job_context,
            query,
            runtime_handle: runtime.handle().clone(),
            runtime: Mutex::new(Some(runtime)),
            closing: AtomicBool::new(false),
            connections: AtomicU64::new(0),
            advisory: Arc::default(),
            report: None,
            config,
        };
        let orphans = engine.checkpoints.remove_orphans(engine.log.log_id(), |id| catalog.object(id).is_ok());
        if let Err(error) = engine.runtime_handle.block_on(orphans) {
            tracing::warn!(%error, "checkpoints of dropped views could not be removed");
        }
        catalog.objects().for_each(|object| engine.keep_as_said(object));
        let (catalog, upgraded) = engine.upgrade(&catalog)?;
        engine.catalog.store(Arc::new(catalog.clone()));
        let views = engine.start_jobs(&catalog, &copied, upgraded)?;
        let tails = catalog.objects().filter_map(|object| engine.log.stream(object.id));
        engine.report = Some(StartReport {
            lsn: engine.log.synced_lsn(),
            rows: tails.map(|tail| tail.row_count()).sum(),
            log_time,
            time: begun.elapsed(),
            views,
        });
        let engine = Arc::new(engine);
        let for_log = Arc::downgrade(&engine);
        engine.log.set_floors(move |trim| {
            // Without an engine nobody reads, and what is closed keeps what it has.
            if let Some(engine) = for_log.upgrade() {
                engine.with_floors(trim);
            }
        });
        Ok(engine)
    }

    /// Calls `trim` with up to which LSN every view, sink and subscription that reads a stream has taken its rows, as
    /// durably as it can. A view that stands still for good holds nothing back. Readers begin under the locks that are held
    /// here.
    fn with_floors(&self, trim: &mut dyn FnMut(Floor)) {
        let (jobs, sinks, temporary) = (self.jobs.read(), self.sinks.read(), self.temporary.lock());
        let temporary: Vec<_> = temporary.iter().filter_map(Weak::upgrade).collect();
        trim(&|stream| {
            let reads = |job: &&Arc<Job>| job.plan.streams.contains(&stream) && !job.stands_still_for_good();
            let views = jobs.values().filter(reads).map(|job| job.floor_lsn());
            let subscriptions = temporary.iter().filter(reads).map(|job| job.newest().lsn);
            let copies = sinks.values().filter(|sink| sink.from == stream);
            let copies = copies.map(|sink| sink.state().copied_lsn);
            views.chain(subscriptions).chain(copies).min().unwrap_or(Lsn::MAX)
        });
    }

    /// Restores all views but those that stand still, then lets their sinks join, then sets both going: a sink misses no change.
    fn start_jobs(
        &self,
        catalog: &Catalog,
        copied: &HashMap<ObjectId, Lsn>,
        mut upgraded: Upgraded,
    ) -> Result<Vec<(String, Lsn, u64)>> {
        let mut runners = Vec::new();
        let mut report = Vec::new();
        for object in catalog.objects() {
            if let Definition::MaterializedView(_) = object.definition {
                let job = match upgraded.standing.remove(&object.id) {
                    Some(job) => job,
                    None => {
                        let mut spec = self.job_spec(catalog, object)?;
                        spec.restored &= !upgraded.anew.contains(&object.id);
                        // What an older version accepted, or a bug let through, must not keep everything else closed.
                        match Job::restore(&self.job_context, spec.clone()) {
                            Ok((job, runner)) => {
                                runners.push(runner);
                                job
                            }
                            Err(error) => Job::broken(&self.job_context, &spec, error)?,
                        }
                    }
                };
                report.push((job.name.clone(), job.restored_lsn, job.rows_behind()));
                self.jobs.write().insert(job.id, job);
            }
        }
        for object in catalog.objects() {
            if let Definition::Sink(sink) = &object.definition {
                self.start_sink(catalog, object, sink, copied.get(&object.id).copied())?;
            }
        }
        runners.into_iter().for_each(|runner| runner.spawn());
        Ok(report)
    }
}

/// Where segments and checkpoints go.
pub(crate) fn object_store(config: &Config) -> Result<Objects> {
    match config.object_store_url.as_deref() {
        None => Ok(Objects::local(config.env.clone(), &config.data_directory.join("objects"))),
        Some(url) => Objects::open(config.env.clone(), url),
    }
}

/// How the log is kept: files, queue and unsealed rows within the memory that the configuration gives.
fn log_config(config: &Config, objects: Objects) -> Result<LogConfig> {
    let directory = &config.data_directory;
    let io = |error| Error::io("asking for room on", directory, &error);
    config.env.create_directory(directory).map_err(io)?;
    let (_, disk_bytes) = config.env.free_bytes(directory).map_err(io)?;
    let defaults = LogConfig::new(directory);
    let bytes = config.tail_bytes;
    Ok(LogConfig {
        segment_bytes: defaults.segment_bytes.min(bytes as u64 / 4).max(64 << 10),
        queue_bytes: defaults.queue_bytes.min(bytes / 2).max(1 << 20),
        objects: Some(objects),
        tail_bytes: bytes,
        reserve_bytes: RESERVE_BYTES.min(disk_bytes / RESERVE_SHARE),
        env: config.env.clone(),
        ..defaults
    })
}

/// The streams among definitions (id, commit, statement), in the order of their ids: what [`crate::verify`] reads
/// segments with.
pub(crate) fn stream_specs(
    definitions: &[(ObjectId, Lsn, &str)],
) -> Result<HashMap<ObjectId, Arc<StreamSpec>>> {
    let functions = Arc::new(crate::query::functions());
    let mut recovering = Recovering { catalog: Catalog::default(), functions, sinks: HashMap::new() };
    let mut specs = HashMap::new();
    for (id, lsn, sql) in definitions {
        if let Some(spec) = recovering.ddl(*lsn, *id, sql)? {
            specs.insert(*id, Arc::new(spec));
        }
    }
    Ok(specs)
}

/// Builds the catalog while the log is read.
struct Recovering {
    catalog: Catalog,
    functions: Arc<FunctionSet>,
    sinks: HashMap<ObjectId, Lsn>,
}

impl Replay for Recovering {
    fn ddl(&mut self, lsn: Lsn, id: ObjectId, sql: &str) -> Result<Option<StreamSpec>> {
        let mut object = defined(&self.catalog, id, sql, &self.functions)?;
        if self.catalog.object(id).is_ok() {
            self.catalog = self.catalog.with_replaced(object)?;
            return Ok(None);
        }
        object.created_lsn = lsn;
        let spec = stream_spec(&object, &self.functions)?;
        self.catalog = self.catalog.with(object)?;
        Ok(spec)
    }

    fn drop_objects(&mut self, _lsn: Lsn, ids: &[ObjectId], _sql: &str) -> Result<()> {
        self.catalog = self.catalog.without(ids)?;
        self.sinks.retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn next_object(&mut self, id: ObjectId) {
        self.catalog = self.catalog.with_next_id(id);
    }

    fn sink_progress(&mut self, sink: ObjectId, lsn: Lsn) {
        self.sinks.insert(sink, lsn);
    }
}
