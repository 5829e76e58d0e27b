//! Postgres's catalogs: what psql, drivers and tools ask to find their way around.
//!
//! ```text
//!  ast ─ millstream_sql::bind ─► plan that DataFusion can run over tables of [table], with [functions]
//!  Facts (a catalog, database, user, settings) ─► the rows of a relation, the answers of a function
//! ```
//!
//! Every relation of PostgreSQL 15's `pg_catalog` and `information_schema` is there with its columns
//! (`data/columns.txt`, taken from such a server); those that have nothing to tell here are empty. Streams show as
//! tables, sinks are no relations. Columns have PostgreSQL's types: `name`, `regproc`, `oidvector`.
//!
//! Nothing here reads anything but [`Facts`]: all is a function of the catalog at one LSN.

mod dependencies;
mod functions;
mod information_schema;
mod names;
mod relations;
mod routines;
mod server;
mod table;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::AtomicI32;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use millstream_catalog::Catalog;
use parking_lot::Mutex;

use crate::engine::advisory::SessionLocks;
use crate::session::answer::CancelHandle;
use crate::session::settings::Settings;

pub use functions::functions;

/// What the catalogs show.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The objects.
    pub catalog: Arc<Catalog>,
    /// The database's name.
    pub database: String,
    /// The session's user.
    pub user: String,
    /// The session's settings.
    pub settings: Settings,
    /// Name, value and whether it is local of the settings that `set_config` was called for.
    pub requested: Arc<Mutex<Vec<(String, String, bool)>>>,
    /// The number by which clients cancel the session.
    pub process: Arc<AtomicI32>,
    /// The session's advisory locks.
    pub locks: Arc<SessionLocks>,
    /// Whether the running statement is to stop.
    pub cancel: CancelHandle,
    /// The relations of schema `millstream`.
    pub system: &'static [(&'static str, SchemaRef)],
}

/// The relation of that name in `pg_catalog` or `information_schema`; None if there is none. Its rows are made when
/// it is read.
pub fn system_table(facts: &Arc<Facts>, schema: &str, name: &str) -> Option<Arc<dyn TableProvider>> {
    let spec = table::spec(schema, name)?;
    Some(Arc::new(table::CatalogTable { spec, facts: Arc::clone(facts) }))
}
