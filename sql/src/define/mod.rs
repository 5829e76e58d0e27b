//! From CREATE statements to objects: everything about a definition is checked here, once, before it is logged.
//! `created_lsn` is left 0 for the engine; `sql` is the canonical text, which parses to the same definition.

mod options;
mod rename;
mod sink;
mod stream;
mod view;

use std::collections::BTreeMap;

use millstream_catalog::{Catalog, DEFAULT_SCHEMA, Definition, Object, QualifiedName};

pub use options::duration_option;
pub use rename::{renamed, with_renamed_source};
pub use sink::define_sink;
pub use stream::{MAX_COLUMNS, MAX_PARTITIONS, define_stream, keep_first_types, watermark_expression};
pub use view::{define_materialized_view, define_view};

use self::options::{STREAM_OPTIONS, VIEW_OPTIONS};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::statement::Statement;

/// The statement that makes a stream or a materialized view, from its stored text, with options set and others left
/// out. Only what changes nothing about stored rows and state can be altered.
pub fn altered(object: &Object, set: &BTreeMap<String, String>, reset: &[String]) -> SqlResult<Statement> {
    let (known, alterable): (&[(&str, bool)], &[&str]) = match object.definition {
        Definition::Stream(_) => (&STREAM_OPTIONS, &["retention", "retention_bytes"]),
        _ => (&VIEW_OPTIONS, &["snapshot_interval", "on_error"]),
    };
    for name in set.keys().chain(reset) {
        if alterable.contains(&name.as_str()) {
            continue;
        }
        let kind = object.kind();
        let hint = format!("options that can be altered are: {}", alterable.join(", "));
        return Err(match known.iter().find(|(known, _)| known == name) {
            Some((_, true)) => {
                SqlError::unsupported(format!("option \"{name}\" of a {kind} cannot be altered"), hint)
            }
            Some((_, false)) => {
                SqlError::unsupported(format!("option \"{name}\" of a {kind} is not built yet"), hint)
            }
            None => {
                let message = format!("unrecognized option \"{name}\" of a {kind}");
                SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint)
            }
        });
    }
    let mut stored = crate::text::parse(&object.sql)?.into_iter().next().map(|parsed| parsed.statement);
    let options = match &mut stored {
        Some(Statement::CreateStream(create)) => &mut create.options,
        Some(Statement::CreateMaterializedView(create)) => &mut create.options,
        _ => return Err(SqlError::internal(format!("{} is defined by no such CREATE", object.name))),
    };
    options.retain(|name, _| !reset.contains(name));
    options.extend(set.clone());
    stored.ok_or_else(|| SqlError::internal("a definition that is none"))
}

pub(super) fn check_name(catalog: &Catalog, name: &QualifiedName) -> SqlResult<()> {
    if name.schema == "pg_catalog" || name.schema == "information_schema" || name.schema == "millstream" {
        let message =
            format!("permission denied to create \"{name}\": schema {} is the system's", name.schema);
        return Err(SqlError::new(SqlState::InvalidSchemaName, message));
    }
    if name.schema != DEFAULT_SCHEMA {
        return Err(SqlError::new(
            SqlState::InvalidSchemaName,
            format!("schema \"{}\" does not exist", name.schema),
        ));
    }
    match catalog.find(name) {
        Some(_) => Err(millstream_catalog::CatalogError::Duplicate(name.clone()).into()),
        None => Ok(()),
    }
}

pub(super) fn duplicate_column(name: &str) -> SqlError {
    SqlError::new(SqlState::DuplicateColumn, format!("column \"{name}\" specified more than once"))
}
