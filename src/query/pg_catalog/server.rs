//! Relations of `pg_catalog` that tell of the server: databases, roles, settings, sessions.

use millstream_sql::types::zone;

use super::Facts;
use super::names::{DATABASE, OWNER};
use super::table::Rows;
use crate::env::{Env, Machine};

/// The tablespace that all is in, `pg_default`.
const TABLESPACE: u32 = 1663;

/// Adds the rows of a relation, if it is one of those here.
pub fn fill(facts: &Facts, rows: &mut Rows) {
    match rows.name() {
        "pg_authid" | "pg_roles" => role(facts, rows),
        "pg_database" => database(facts, rows),
        "pg_settings" => settings(facts, rows),
        "pg_shadow" | "pg_user" => user(facts, rows),
        "pg_stat_activity" => activity(facts, rows),
        "pg_stat_database" => {
            rows.add([("datid", DATABASE.into()), ("datname", facts.database.as_str().into())])
        }
        "pg_timezone_names" => zones(rows),
        "pg_tablespace" => {
            rows.add([
                ("oid", TABLESPACE.into()),
                ("spcname", "pg_default".into()),
                ("spcowner", OWNER.into()),
            ]);
        }
        _ => {}
    }
}

/// There is one role: who is connected owns all.
fn role(facts: &Facts, rows: &mut Rows) {
    rows.add([
        ("oid", OWNER.into()),
        ("rolname", facts.user.as_str().into()),
        ("rolsuper", true.into()),
        ("rolinherit", true.into()),
        ("rolcreaterole", true.into()),
        ("rolcreatedb", true.into()),
        ("rolcanlogin", true.into()),
        ("rolreplication", true.into()),
        ("rolbypassrls", true.into()),
        ("rolconnlimit", (-1).into()),
    ]);
}

fn user(facts: &Facts, rows: &mut Rows) {
    rows.add([
        ("usename", facts.user.as_str().into()),
        ("usesysid", OWNER.into()),
        ("usecreatedb", true.into()),
        ("usesuper", true.into()),
        ("userepl", true.into()),
        ("usebypassrls", true.into()),
    ]);
}

fn database(facts: &Facts, rows: &mut Rows) {
    rows.add([
        ("oid", DATABASE.into()),
        ("datname", facts.database.as_str().into()),
        ("datdba", OWNER.into()),
        ("encoding", 6.into()),
        ("datlocprovider", "c".into()),
        ("datallowconn", true.into()),
        ("datconnlimit", (-1).into()),
        ("dattablespace", TABLESPACE.into()),
        ("datcollate", "C".into()),
        ("datctype", "C.UTF-8".into()),
    ]);
}

fn settings(facts: &Facts, rows: &mut Rows) {
    let some = |text: &'static str| (!text.is_empty()).then_some(text);
    for setting in facts.settings.all() {
        let known = setting.known;
        let values = (!known.values.is_empty()).then(|| known.values.clone());
        rows.add([
            ("name", known.name.into()),
            ("setting", setting.value.into()),
            ("unit", some(known.unit).into()),
            ("category", known.category.into()),
            ("short_desc", known.description.into()),
            ("context", known.context.into()),
            ("vartype", known.kind.into()),
            ("source", if setting.is_default { "default" } else { "session" }.into()),
            ("min_val", some(known.min).into()),
            ("max_val", some(known.max).into()),
            ("enumvals", values.into()),
            ("boot_val", known.default.into()),
            ("reset_val", known.default.into()),
            ("pending_restart", false.into()),
        ]);
    }
}

/// The zones that TimeZone can be set to, with what holds in them now.
fn zones(rows: &mut Rows) {
    let second = Machine.now_us().div_euclid(1_000_000);
    for (name, clock) in zone::names() {
        let moment = zone::moment_at(&clock, second);
        rows.add([
            ("name", name.into()),
            ("abbrev", moment.abbreviation.as_ref().into()),
            ("utc_offset", format!("{} seconds", moment.east).into()),
            ("is_dst", moment.summer.into()),
        ]);
    }
}

/// The session that asks; `millstream.sessions` has them all.
fn activity(facts: &Facts, rows: &mut Rows) {
    rows.add([
        ("datid", DATABASE.into()),
        ("datname", facts.database.as_str().into()),
        ("usesysid", OWNER.into()),
        ("usename", facts.user.as_str().into()),
        ("application_name", facts.settings.get("application_name").ok().into()),
        ("state", "active".into()),
        ("backend_type", "client backend".into()),
    ]);
}
