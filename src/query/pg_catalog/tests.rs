//! What the relations tell of a catalog of one of each kind.

use std::sync::Arc;

use super::Facts;
use super::table::{CatalogTable, specs};
use crate::engine::advisory::SessionLocks;
use crate::session::answer::CancelHandle;
use crate::session::settings::Settings;

#[test]
fn every_relation_makes_its_rows() {
    let facts = Arc::new(Facts {
        catalog: Arc::default(),
        database: "db".into(),
        user: "tester".into(),
        settings: Settings::default(),
        requested: Arc::default(),
        process: Arc::default(),
        locks: Arc::new(SessionLocks::new(Arc::default())),
        cancel: CancelHandle::default(),
        system: &[],
    });
    for spec in specs() {
        let table = CatalogTable { spec, facts: Arc::clone(&facts) };
        let rows = table.batch().unwrap_or_else(|error| panic!("{}: {error}", spec.name)).num_rows();
        match spec.name {
            "pg_class" => assert_eq!(rows, specs().len()),
            "pg_type" => assert!(rows > 150),
            "pg_index" | "pg_constraint" => assert_eq!(rows, 0),
            _ => {}
        }
    }
}
