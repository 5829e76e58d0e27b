//! How a database is set up: where it lives, how much it may use.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::env::{Env, Machine};

/// The default of [`Config::tail_bytes`], unless half of the memory budget is less.
pub const DEFAULT_TAIL_BYTES: usize = 512 << 20;

/// The settings of one database. [`Config::new`] gives the defaults for a directory.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory: the log, and the objects unless `object_store_url` says otherwise.
    pub data_directory: PathBuf,
    /// Where segments and checkpoints go: `file:///path`, `s3://bucket/prefix`, `gs://…`, `az://…`; None for `objects/` in
    /// the data directory.
    pub object_store_url: Option<String>,
    /// Threads for views and as many for queries; also the number of shards of a view.
    pub workers: usize,
    /// Bytes that queries may hold in all before they fail with 53200; and as many for all views, before the one that grows
    /// stops with 53200.
    pub memory_budget_bytes: usize,
    /// Memory for the newest rows of streams, in bytes: what is older is in segments.
    pub tail_bytes: usize,
    /// How often a view that changed is checkpointed.
    pub checkpoint_interval: Duration,
    /// The rows that a view takes in one step at most while it catches up.
    pub step_rows: usize,
    /// Connections at once; one more is refused with 53300.
    pub max_connections: usize,
    /// Clock, disk and randomness.
    pub env: Arc<dyn Env>,
}

impl Config {
    /// The defaults: one worker a core, 2 GiB for queries, a checkpoint every 10 s.
    pub fn new(data_directory: impl Into<PathBuf>) -> Self {
        Self {
            data_directory: data_directory.into(),
            object_store_url: None,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            memory_budget_bytes: 2 << 30,
            tail_bytes: DEFAULT_TAIL_BYTES,
            checkpoint_interval: Duration::from_secs(10),
            step_rows: 1 << 20,
            max_connections: 200,
            env: Arc::new(Machine),
        }
    }
}
