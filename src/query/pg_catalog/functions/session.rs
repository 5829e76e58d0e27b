//! Functions about the server and the session.

use arrow::datatypes::DataType::{self, Boolean, Int32, Int64, UInt32, Utf8};
use datafusion::common::ScalarValue;
use millstream_sql::SqlState;

use super::{Function, boolean, integer, list, null, oid, refuse, text};
use crate::Error;
use crate::session::settings::SERVER_VERSION;

/// Functions that ask what a role may do. There are no roles yet: everybody may do everything.
const PRIVILEGES: [&str; 10] = [
    "pg_has_role",
    "has_database_privilege",
    "has_schema_privilege",
    "has_table_privilege",
    "has_any_column_privilege",
    "has_column_privilege",
    "has_function_privilege",
    "has_sequence_privilege",
    "has_type_privilege",
    "has_tablespace_privilege",
];

/// Sizes, which are not known by relation: NULL.
const SIZES: [&str; 6] = [
    "pg_total_relation_size",
    "pg_relation_size",
    "pg_table_size",
    "pg_indexes_size",
    "pg_database_size",
    "pg_tablespace_size",
];

pub fn functions() -> Vec<Function> {
    let mut functions = vec![
        Function::new(
            "version",
            0..=0,
            |_| Utf8,
            |_, _| {
                // Tools read the number of the Postgres that is spoken; people, what this is.
                text(format!("PostgreSQL {SERVER_VERSION} (Millstream {})", env!("CARGO_PKG_VERSION")))
            },
        ),
        Function::new("current_database", 0..=0, |_| Utf8, |facts, _| text(&facts.database)),
        Function::new("current_catalog", 0..=0, |_| Utf8, |facts, _| text(&facts.database)),
        Function::new(
            "current_schema",
            0..=0,
            |_| Utf8,
            |facts, _| match facts.search_path().into_iter().next() {
                Some(schema) => text(schema),
                None => null(),
            },
        ),
        Function::new(
            "current_schemas",
            1..=1,
            |_| DataType::new_list(Utf8, true),
            |facts, args| {
                let mut path = facts.search_path();
                if args.boolean(0) == Some(true) && !path.iter().any(|schema| schema == "pg_catalog") {
                    path.insert(0, "pg_catalog".to_owned());
                }
                list(&path.into_iter().map(ScalarValue::from).collect::<Vec<_>>(), &Utf8)
            },
        ),
        Function::new("current_user", 0..=0, |_| Utf8, |facts, _| text(&facts.user)),
        Function::new("current_role", 0..=0, |_| Utf8, |facts, _| text(&facts.user)),
        Function::new("session_user", 0..=0, |_| Utf8, |facts, _| text(&facts.user)),
        Function::new("user", 0..=0, |_| Utf8, |facts, _| text(&facts.user)),
        Function::new(
            "current_setting",
            1..=2,
            |_| Utf8,
            |facts, args| {
                let Some(name) = args.text(0) else { return null() };
                match facts.settings.get(&name) {
                    Ok(value) => text(value),
                    Err(_) if args.boolean(1) == Some(true) => null(),
                    Err(_) => {
                        let message = format!("unrecognized configuration parameter \"{name}\"");
                        Err(refuse(SqlState::UndefinedObject, message))
                    }
                }
            },
        ),
        Function::new(
            "set_config",
            3..=3,
            |_| Utf8,
            |facts, args| {
                let (Some(name), Some(value)) = (args.text(0), args.text(1)) else { return null() };
                let local = args.boolean(2).unwrap_or(false);
                facts.settings.clone().set(&name, Some(&value), local).map_err(|error| match error {
                    Error::Sql(error) => refuse(error.state, error.message),
                    other => refuse(SqlState::InvalidParameterValue, other.to_string()),
                })?;
                facts.requested.lock().push((name, value.clone(), local));
                text(value)
            },
        ),
        Function::new(
            "pg_backend_pid",
            0..=0,
            |_| Int32,
            |facts, _| integer(facts.process.load(std::sync::atomic::Ordering::Relaxed)),
        ),
        Function::new("pg_stat_get_numscans", 1..=1, |_| Int64, |_, _| Ok(ScalarValue::Int64(Some(0)))),
        Function::new(
            "pg_notification_queue_usage",
            0..=0,
            |_| DataType::Float64,
            |_, _| Ok(ScalarValue::Float64(Some(0.0))),
        ),
        Function::new("pg_jit_available", 0..=0, |_| Boolean, |_, _| boolean(false)),
        Function::new("pg_is_in_recovery", 0..=0, |_| Boolean, |_, _| boolean(false)),
        Function::new("pg_is_wal_replay_paused", 0..=0, |_| Boolean, |_, _| boolean(false)),
        Function::new("pg_my_temp_schema", 0..=0, |_| UInt32, |_, _| oid(0)),
        Function::new("pg_is_other_temp_schema", 1..=1, |_| Boolean, |_, _| boolean(false)),
        Function::new("inet_server_addr", 0..=0, |_| Utf8, |_, _| null()),
        Function::new("inet_client_addr", 0..=0, |_| Utf8, |_, _| null()),
        Function::new("inet_client_port", 0..=0, |_| Int32, |_, _| null()),
        Function::new("inet_server_port", 0..=0, |_| Int32, |_, _| null()),
        Function::new("getdatabaseencoding", 0..=0, |_| Utf8, |_, _| text("UTF8")),
        Function::new("pg_client_encoding", 0..=0, |_| Utf8, |_, _| text("UTF8")),
        Function::new(
            "pg_encoding_to_char",
            1..=1,
            |_| Utf8,
            |_, args| {
                text(match args.integer(0) {
                    Some(0) => "SQL_ASCII",
                    Some(6) => "UTF8",
                    _ => "",
                })
            },
        ),
        Function::new(
            "pg_char_to_encoding",
            1..=1,
            |_| Int32,
            |_, args| {
                integer(match args.text(0).unwrap_or_default().to_uppercase().replace('-', "").as_str() {
                    "SQL_ASCII" => 0,
                    "UTF8" | "UNICODE" => 6,
                    _ => -1,
                })
            },
        ),
        Function::new("pg_tablespace_location", 1..=1, |_| Utf8, |_, _| text("")),
        Function::new("row_security_active", 1..=1, |_| Boolean, |_, _| boolean(false)),
    ];
    functions.extend(PRIVILEGES.map(|name| Function::new(name, 2..=4, |_| Boolean, |_, _| boolean(true))));
    functions.extend(SIZES.map(|name| Function::new(name, 1..=2, |_| Int64, |_, _| null())));
    functions
}
