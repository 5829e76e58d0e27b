//! A database without sessions and threads.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures::executor::block_on;
use millstream_catalog::{Catalog, Definition, Object, ObjectId};
use millstream_sql::functions::FunctionSet;
use millstream_sql::plan::FlowPlan;
use parking_lot::Mutex;

use crate::checkpoint::CheckpointStore;
use crate::engine::ddl::{defined, stream_spec};
use crate::engine::job::{Job, JobContext, JobSpec, LeftOut, Runner};
use crate::env::simulated::Simulated;
use crate::env::{Env, Plant};
use crate::log::{Durability, Log, LogConfig, Lsn, NewEntry, Replay, StreamSpec};
use crate::memory::MemoryBudget;
use crate::objects::Objects;
use crate::query::deep_stack;
use crate::{Error, Result};

/// The planner's work, which is the same for the same definition in the same catalog.
static PLANNED: LazyLock<Mutex<HashMap<String, Planned>>> = LazyLock::new(Mutex::default);
static FUNCTIONS: LazyLock<Arc<FunctionSet>> = LazyLock::new(|| Arc::new(crate::query::functions()));
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
});
static POOL: LazyLock<Arc<rayon::ThreadPool>> =
    LazyLock::new(|| Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap()));

#[derive(Clone)]
struct Planned {
    object: Object,
    spec: Option<StreamSpec>,
    plan: Option<Arc<FlowPlan>>,
}

/// An open database.
pub struct Database {
    pub machine: Simulated,
    pub log: Log,
    pub catalog: Catalog,
    pub jobs: BTreeMap<ObjectId, (Arc<Job>, Runner)>,
    checkpoints: Arc<CheckpointStore>,
    context: JobContext,
}

/// How a database keeps its rows.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Of a write-ahead log file.
    pub file_bytes: u64,
    /// Memory for rows.
    pub tail_bytes: usize,
    /// Rows of a step of a view.
    pub step_rows: usize,
}

impl Database {
    /// Opens the database of a machine, and restores its views; their turns are yet to come.
    pub fn open(machine: &Simulated, sizes: Sizes) -> Result<Database> {
        let directory = Path::new("/data");
        let env = machine.env();
        let objects = Objects::local(env.clone(), &directory.join("objects"));
        let config = LogConfig {
            env: env.clone(),
            segment_bytes: sizes.file_bytes,
            objects: Some(objects.clone()),
            tail_bytes: sizes.tail_bytes,
            threads: false,
            ..LogConfig::new(directory)
        };
        let mut replay = Defined { catalog: Catalog::default() };
        let (log, _) = Log::open(config, &mut replay)?;
        let checkpoints = Arc::new(CheckpointStore::new(env, objects));
        let plants = [Plant::CheckpointLsnPlusOne, Plant::CheckpointLsnMinusOne, Plant::DropSlice];
        let context = JobContext {
            log: log.clone(),
            pool: POOL.clone(),
            checkpoints: checkpoints.clone(),
            runtime: RUNTIME.handle().clone(),
            shards: 2,
            step_rows: sizes.step_rows,
            checkpoint_interval: Duration::MAX,
            memory: MemoryBudget::new(1 << 30),
            driven: true,
            plants: plants.into_iter().filter(|plant| machine.planted(*plant)).collect(),
        };
        let (machine, catalog, jobs) = (machine.clone(), replay.catalog, BTreeMap::new());
        let mut database = Database { machine, log, catalog, jobs, checkpoints, context };
        let objects: Vec<_> = database.catalog.objects().cloned().collect();
        for object in objects {
            database.keep_as_said(&object);
            if let Definition::MaterializedView(_) = object.definition {
                let job = database.job(&object, true)?;
                database.jobs.insert(object.id, job);
            }
        }
        Ok(database)
    }

    fn keep_as_said(&self, object: &Object) {
        if let (Definition::Stream(stream), Some(tail)) = (&object.definition, self.log.stream(object.id)) {
            tail.set_retention(stream.retention);
        }
    }

    fn job(&self, object: &Object, restored: bool) -> Result<(Arc<Job>, Runner)> {
        let planned = planned(&before(&self.catalog, object.id)?, object.id, &object.sql)?;
        let spec = JobSpec {
            id: object.id,
            name: object.name.to_string(),
            schema: object.schema(),
            plan: planned.plan.expect("a view has a plan"),
            durable: true,
            restored,
            snapshot_interval: None,
            left_out: LeftOut::Operators(Default::default()),
        };
        Job::restore(&self.context, spec)
    }

    /// The object that a statement would make.
    pub fn prepare(&self, sql: &str) -> Result<Object> {
        Ok(planned(&self.catalog, self.catalog.next_id(), sql)?.object)
    }

    /// Makes an object.
    pub fn create(&mut self, object: Object) -> Result<Lsn> {
        let planned = planned(&self.catalog, object.id, &object.sql)?;
        let catalog = self.catalog.with(object.clone())?;
        let job = match planned.plan.is_some() {
            true => {
                let before = std::mem::replace(&mut self.catalog, catalog.clone());
                let job = self.job(&object, false);
                self.catalog = before;
                Some(job?)
            }
            false => None,
        };
        let entries = vec![NewEntry::Ddl { id: object.id, sql: object.sql.clone() }];
        let lsn = self.log.commit_blocking(entries, Durability::Sync)?;
        if let Some(spec) = planned.spec {
            self.log.create_stream(spec);
            self.keep_as_said(&object);
        }
        self.catalog = catalog;
        self.jobs.extend(job.map(|job| (object.id, job)));
        Ok(lsn)
    }

    /// Drops objects.
    pub fn drop_objects(&mut self, ids: &[ObjectId]) -> Result<Lsn> {
        let drops = vec![NewEntry::Drop { ids: ids.to_vec(), sql: "DROP".into() }];
        let lsn = self.log.commit_blocking(drops, Durability::Sync)?;
        self.catalog = self.catalog.without(ids)?;
        for id in ids {
            if let Some((job, mut runner)) = self.jobs.remove(id) {
                job.abandon();
                // As DROP does: what is left over is only room.
                drop(runner.turn());
                drop(RUNTIME.block_on(self.checkpoints.remove(*id)));
            }
            self.log.drop_stream(*id);
        }
        Ok(lsn)
    }

    /// Gives a view's job one turn. A view that fails stands still from then on.
    pub fn turn(&mut self, id: ObjectId) -> Result<()> {
        let Some((_, runner)) = self.jobs.get_mut(&id) else { return Ok(()) };
        let turned = runner.turn().map(drop);
        if turned.is_err() {
            self.jobs.remove(&id);
        }
        turned
    }

    /// Gives every view turns until it is at the end of the log.
    pub fn catch_up(&mut self) -> Result<()> {
        let end = self.log.synced_lsn();
        for (job, runner) in self.jobs.values_mut() {
            runner.turn()?;
            while job.newest().lsn < end {
                runner.turn()?;
            }
        }
        Ok(())
    }

    /// Asks a view for a checkpoint and waits for it.
    pub fn checkpoint(&mut self, id: ObjectId) -> Result<()> {
        self.jobs[&id].0.want_checkpoint();
        self.turn(id)
    }

    /// The object of a name.
    pub fn find(&self, name: &str) -> Option<Arc<Object>> {
        self.catalog.objects().find(|object| object.name.name == name).cloned()
    }
}

/// The catalog as it was before an object was made.
fn before(catalog: &Catalog, id: ObjectId) -> Result<Catalog> {
    let later: Vec<ObjectId> =
        catalog.objects().map(|object| object.id).filter(|other| *other >= id).collect();
    Ok(catalog.without(&later)?)
}

fn planned(catalog: &Catalog, id: ObjectId, sql: &str) -> Result<Planned> {
    let others: Vec<String> =
        catalog.objects().map(|object| format!("{} {}", object.id, object.name)).collect();
    let key = format!("{id} {sql} {}", others.join(","));
    if let Some(planned) = PLANNED.lock().get(&key) {
        return Ok(planned.clone());
    }
    let object = defined(catalog, id, sql, &FUNCTIONS)?;
    let spec = stream_spec(&object, &FUNCTIONS)?;
    let plan = match &object.definition {
        Definition::MaterializedView(_) => {
            let with = catalog.with(object.clone())?;
            let plan = deep_stack(|| millstream_sql::lower::flow_plan(&with, &object, &FUNCTIONS))?;
            Some(Arc::new(plan))
        }
        _ => None,
    };
    let planned = Planned { object, spec, plan };
    PLANNED.lock().insert(key, planned.clone());
    Ok(planned)
}

/// Builds the catalog while the log is read.
struct Defined {
    catalog: Catalog,
}

impl Replay for Defined {
    fn ddl(&mut self, lsn: Lsn, id: ObjectId, sql: &str) -> Result<Option<StreamSpec>> {
        if self.catalog.object(id).is_ok() {
            return Err(Error::internal(format!("object {id} is defined twice")));
        }
        let Planned { mut object, spec, .. } = planned(&self.catalog, id, sql)?;
        object.created_lsn = lsn;
        self.catalog = self.catalog.with(object)?;
        Ok(spec)
    }

    fn drop_objects(&mut self, _lsn: Lsn, ids: &[ObjectId], _sql: &str) -> Result<()> {
        self.catalog = self.catalog.without(ids)?;
        Ok(())
    }

    fn next_object(&mut self, id: ObjectId) {
        self.catalog = self.catalog.with_next_id(id);
    }

    fn sink_progress(&mut self, _sink: ObjectId, _lsn: Lsn) {}
}

/// Queues commits and writes them as one group; answers each one's end.
pub fn grouped(
    database: &Database,
    commits: Vec<(Vec<NewEntry>, Durability)>,
    sync: bool,
) -> Vec<Result<Lsn>> {
    let queued: Vec<_> = commits
        .into_iter()
        .map(|(entries, durability)| {
            database.log.make_room();
            block_on(database.log.queue(entries, durability))
        })
        .collect();
    database.log.drive(sync);
    queued.into_iter().map(|queued| block_on(queued?).unwrap_or(Err(Error::ShuttingDown))).collect()
}
