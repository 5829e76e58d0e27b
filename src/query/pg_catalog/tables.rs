//! The relations of `pg_catalog`, made anew for each query from the catalog.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use millstream_catalog::{Definition, Object, QualifiedName};

use super::{CatalogView, FIRST_OID, OWNER_OID, PUBLIC_OID};

/// The relation of that name, if there is one.
pub fn system_table(view: &CatalogView<'_>, schema: &str, name: &str) -> Option<Arc<dyn TableProvider>> {
    if schema != "pg_catalog" {
        return None;
    }
    match name {
        "pg_class" => pg_class(view),
        "pg_namespace" => pg_namespace(view),
        "pg_am" => table(vec![("oid", numbers([2])), ("amname", texts(["heap"]))]),
        "pg_database" => table(vec![
            ("oid", numbers([1])),
            ("datname", texts([view.database])),
            ("datdba", numbers([OWNER_OID])),
            ("encoding", numbers([6])),
            ("datcollate", texts(["C"])),
            ("datctype", texts(["C"])),
        ]),
        "pg_roles" | "pg_user" => table(vec![
            ("oid", numbers([OWNER_OID])),
            ("rolname", texts([view.user])),
            ("usename", texts([view.user])),
        ]),
        "pg_settings" => table(vec![
            ("name", texts(view.settings.iter().map(|setting| setting.0.as_str()))),
            ("setting", texts(view.settings.iter().map(|setting| setting.1.as_str()))),
            ("short_desc", texts(view.settings.iter().map(|setting| setting.2.as_str()))),
        ]),
        _ => None,
    }
}

/// Streams are ordinary tables to Postgres's tools; sinks are no relations.
fn kind(object: &Object) -> Option<&'static str> {
    match object.definition {
        Definition::Stream(_) => Some("r"),
        Definition::View(_) => Some("v"),
        Definition::MaterializedView(_) => Some("m"),
        Definition::Sink(_) => None,
    }
}

fn pg_class(view: &CatalogView<'_>) -> Option<Arc<dyn TableProvider>> {
    let rows: Vec<_> = view.catalog.objects().filter_map(|object| Some((kind(object)?, object))).collect();
    let namespace = |name: &QualifiedName| match namespaces(view).iter().position(|schema| *schema == name.schema) {
        Some(0) | None => PUBLIC_OID,
        Some(index) => PUBLIC_OID + index as i64,
    };
    table(vec![
        ("oid", numbers(rows.iter().map(|(_, object)| FIRST_OID + object.id.0 as i64))),
        ("relname", texts(rows.iter().map(|(_, object)| object.name.name.as_str()))),
        ("relnamespace", numbers(rows.iter().map(|(_, object)| namespace(&object.name)))),
        ("relowner", numbers(rows.iter().map(|_| OWNER_OID))),
        ("relam", numbers(rows.iter().map(|_| 2))),
        ("relkind", texts(rows.iter().map(|(kind, _)| *kind))),
        ("relpersistence", texts(rows.iter().map(|_| "p"))),
        ("relnatts", numbers(rows.iter().map(|(_, object)| object.columns().len() as i64))),
    ])
}

/// `public`, then the other schemas that objects are in.
fn namespaces(view: &CatalogView<'_>) -> Vec<String> {
    let mut names = vec![millstream_catalog::DEFAULT_SCHEMA.to_owned()];
    for object in view.catalog.objects() {
        if !names.contains(&object.name.schema) {
            names.push(object.name.schema.clone());
        }
    }
    names
}

fn pg_namespace(view: &CatalogView<'_>) -> Option<Arc<dyn TableProvider>> {
    let mut names = namespaces(view);
    let mut oids: Vec<i64> = (0..names.len() as i64).map(|index| PUBLIC_OID + index).collect();
    names.extend(["pg_catalog".to_owned(), "millstream".to_owned()]);
    oids.extend([11, 12]);
    table(vec![
        ("oid", numbers(oids.iter().copied())),
        ("nspname", texts(names.iter().map(String::as_str))),
        ("nspowner", numbers(oids.iter().map(|_| OWNER_OID))),
    ])
}

fn numbers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn table(columns: Vec<(&str, ArrayRef)>) -> Option<Arc<dyn TableProvider>> {
    let fields: Vec<_> = columns.iter().map(|(name, values)| Field::new(*name, values.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, values)| values).collect()).ok()?;
    Some(Arc::new(MemTable::try_new(schema, vec![vec![batch]]).ok()?))
}
