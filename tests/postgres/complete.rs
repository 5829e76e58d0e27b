//! Every function of PostgreSQL 15 that is in scope can be called here; what cannot is listed in the docs, with its reason.
//!
//! The registry's own test (`sql/src/functions/completeness.rs`) compares signatures; this one asks the server, so that the
//! functions about sessions and catalogs, which live outside of the registry, are seen too.

use std::collections::BTreeSet;
use std::time::Duration;

use super::catalogs::{self, OutOfScope};
use super::wire::Connection;

/// The functions in scope that cannot be called: signature and reason, as `recorded/not_built.tsv` and the docs have it.
pub fn not_built() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("recorded/not_built.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

/// The list as the docs print it.
pub fn table() -> String {
    let mut text = String::from("| function | why it is not built |\n|---|---|\n");
    for (signature, reason) in not_built() {
        text.push_str(&format!("| `{signature}` | {reason} |\n"));
    }
    text
}

/// A call with NULL for every argument; None for what is no plain call.
fn call(name: &str, arguments: &[&str], variadic: &str) -> Option<String> {
    if ["current_user", "session_user"].contains(&name) {
        return Some(format!("SELECT {name}"));
    }
    let value = |name: &&str| match *name {
        "anyelement" | "anynonarray" | "anycompatible" | "anycompatiblenonarray" | "any" => {
            Some("NULL::int4".to_owned())
        }
        "anyarray" | "anycompatiblearray" => Some("NULL::int4[]".to_owned()),
        "record" => Some("ROW(1, 2)".to_owned()),
        "char" => Some("NULL::\"char\"".to_owned()),
        other => Some(match other.strip_prefix('_') {
            Some("char") => "NULL::\"char\"[]".to_owned(),
            Some(element) => format!("NULL::{element}[]"),
            None => format!("NULL::{other}"),
        }),
    };
    let mut values = arguments.iter().map(value).collect::<Option<Vec<_>>>()?;
    if !variadic.is_empty() {
        let last = values.pop()?;
        values.push(format!("VARIADIC {last}"));
    }
    Some(format!("SELECT \"{name}\"({})", values.join(", ")))
}

/// Signatures in scope of plain functions that the server does not know.
pub fn unknown(server: &mut Connection) -> BTreeSet<String> {
    let scope = OutOfScope::recorded();
    let mut calls = Vec::new();
    catalogs::read(include_str!("recorded/pg_proc.tsv"), |entry| {
        let arguments: Vec<&str> =
            entry.field("arguments").split(' ').filter(|name| !name.is_empty()).collect();
        // Aggregates and window functions are compared in the registry's own test.
        if scope.function(entry).is_some() || entry.field("kind") != "f" {
            return;
        }
        let name = entry.field("name");
        if let Some(call) = call(name, &arguments, entry.field("variadic")) {
            calls.push((format!("{name}({})", arguments.join(", ")), call));
        }
    });
    assert!(calls.len() > 500, "{} calls", calls.len());
    let texts: Vec<String> = calls.iter().map(|(_, call)| call.clone()).collect();
    let answers = server.pipelined(&texts);
    let is_unknown = |state: &str| ["42883", "42704", "42601"].contains(&state);
    let unknown = calls.iter().zip(&answers).filter(|(_, answer)| is_unknown(answer.state()));
    unknown.map(|((signature, _), _)| signature.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::Server;
    use crate::postgres::wire::Address;

    #[test]
    fn every_function_in_scope_can_be_called() {
        let server = Server::start();
        let address = Address {
            host_port: format!("127.0.0.1:{}", server.port),
            user: "tester".to_owned(),
            database: "millstream".to_owned(),
        };
        let mut connection = Connection::open(&address, Duration::from_secs(60)).unwrap();
        let listed: BTreeSet<String> = not_built().map(|(signature, _)| signature.to_owned()).collect();
        let unknown = unknown(&mut connection);
        let new: Vec<_> = unknown.difference(&listed).collect();
        let there: Vec<_> = listed.difference(&unknown).collect();
        assert!(new.is_empty() && there.is_empty(), "not there: {new:#?}\nlisted and there: {there:#?}");
    }

    #[test]
    fn the_docs_print_what_is_not_built() {
        let docs = include_str!("../../docs/postgresql.md");
        assert!(docs.contains(&table()), "docs/postgresql.md does not have this table:\n{}", table());
        let exceptions = super::super::generate::exceptions();
        for exception in exceptions {
            assert!(
                docs.contains(&exception.reason),
                "docs/postgresql.md does not say: {}",
                exception.reason
            );
        }
    }
}
