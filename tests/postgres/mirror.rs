//! Keeps Millstream's streams equal to PostgreSQL's tables while a script runs.
//!
//! A script makes and changes tables in ways that a stream has not (UPDATE, CREATE TABLE … AS, constraints). The mirror
//! takes a table's columns from PostgreSQL's catalog and makes a stream of them, and its rows through COPY; INSERTs are
//! run on both servers after that. A table that was changed otherwise is *stale*, and copied anew before it is read.
//! So each query is compared on its own, on equal data.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::scope::{Scope, array_value};
use super::statement::Token;
use super::wire::Connection;

/// A relation of the script in PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Relation {
    /// `pg_class.relkind`.
    kind: String,
    /// Whether rows may appear in it other than by an INSERT into it, or differ from those: inheritance, triggers, rules,
    /// generated columns, sequences.
    own_rules: bool,
}

/// The state of the copy.
#[derive(Default)]
pub struct Mirror {
    relations: BTreeMap<String, Relation>,
    /// What Millstream has, up to date.
    fresh: HashSet<String>,
    /// Why a relation cannot be copied.
    unfit: HashMap<String, String>,
    /// Relations of which some columns are out of scope.
    partial: HashSet<String>,
    /// What Millstream said to a relation that it could not make or fill.
    failed: HashMap<String, String>,
    /// The views of the script, in order.
    views: Vec<(String, String)>,
    /// What a relation of rows is called on the other server.
    stream: &'static str,
}

const RELATIONS: &str = "
    SELECT c.relname, c.relkind,
           c.relhasrules AND c.relkind <> 'v' OR c.relhastriggers AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT tgisinternal)
           OR EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid) OR c.relkind = 'p'
           OR EXISTS (SELECT FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.attidentity <> '' OR a.attgenerated <> ''
                            OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval%'))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
          AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f')
    ORDER BY n.nspname LIKE 'pg_temp%', 1";

impl Mirror {
    /// A copy of nothing yet. `stream` is what a relation of rows is called on the other server: `TABLE` compares
    /// PostgreSQL with itself, which tries the comparison.
    pub fn new(stream: &'static str) -> Mirror {
        Mirror { stream, ..Mirror::default() }
    }

    /// Reads which relations there are; drops from Millstream what is gone. Answers the names that are new.
    pub fn refresh(&mut self, postgres: &mut Connection, millstream: &mut Connection) -> Vec<String> {
        let answer = postgres.simple(RELATIONS);
        if answer.failure.is_some() {
            // In a failed transaction nothing can be asked; nothing changes in it either.
            return Vec::new();
        }
        let mut relations = BTreeMap::new();
        for row in 0..answer.rows.len() {
            let field = |column| answer.text(row, column).unwrap_or_default();
            relations.insert(field(0), Relation { kind: field(1), own_rules: field(2) == "t" });
        }
        let gone: Vec<String> =
            self.relations.keys().filter(|name| !relations.contains_key(*name)).cloned().collect();
        for name in gone {
            self.forget(millstream, &name);
        }
        let new = relations.keys().filter(|name| !self.relations.contains_key(*name)).cloned().collect();
        self.relations = relations;
        new
    }

    fn forget(&mut self, millstream: &mut Connection, name: &str) {
        if self.fresh.remove(name) {
            let view = self.relations.get(name).is_some_and(|own| own.kind == "v");
            drop_relation(millstream, name, if view { "VIEW" } else { self.stream });
            self.stale_views(name);
        }
        self.unfit.remove(name);
        self.failed.remove(name);
        self.views.retain(|(view, _)| view != name);
    }

    /// The script's relations that a statement names.
    pub fn named(&self, tokens: &[Token]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for word in tokens.iter().filter_map(Token::word) {
            if self.relations.contains_key(word) && !found.iter().any(|own| own == word) {
                found.push(word.to_owned());
            }
        }
        found
    }

    /// Says that relations have changed in PostgreSQL. Behind one that has rules of its own, any may have.
    pub fn changed(&mut self, names: &[String]) {
        if names.iter().any(|name| self.has_own_rules(name)) {
            self.all_changed();
        }
        for name in names {
            self.fresh.remove(name);
        }
    }

    /// Says that everything may have changed.
    pub fn all_changed(&mut self) {
        self.fresh.clear();
    }

    /// Whether an INSERT into a relation can be run on both servers.
    pub fn takes_inserts(&self, name: &str) -> bool {
        let is_table = self.relations.get(name).is_some_and(|own| own.kind == "r");
        is_table
            && self.fresh.contains(name)
            && !self.has_own_rules(name)
            && !self.unfit.contains_key(name)
            && !self.partial.contains(name)
    }

    fn has_own_rules(&self, name: &str) -> bool {
        self.relations.get(name).is_some_and(|own| own.own_rules || own.kind == "v")
    }

    /// Why a query over a relation is out of scope.
    pub fn unfit(&self, name: &str) -> Option<&String> {
        self.unfit.get(name)
    }

    /// What Millstream said to a relation that it could not make or fill.
    pub fn failure(&self, name: &str) -> Option<&String> {
        self.failed.get(name)
    }

    /// Takes note of a view, which is then made when it is first read.
    pub fn add_view(&mut self, name: &str, sql: &str, unfit: Option<String>) {
        self.fresh.remove(name);
        self.views.retain(|(view, _)| view != name);
        self.views.push((name.to_owned(), sql.to_owned()));
        match unfit {
            Some(reason) => self.unfit.insert(name.to_owned(), reason),
            None => self.unfit.remove(name),
        };
    }

    /// Makes relations in Millstream what they are in PostgreSQL.
    pub fn ensure(
        &mut self,
        postgres: &mut Connection,
        millstream: &mut Connection,
        scope: &Scope,
        names: &[String],
    ) {
        for name in names {
            if self.fresh.contains(name) {
                continue;
            }
            self.fresh.insert(name.clone());
            self.failed.remove(name);
            match self.relations.get(name).map(|own| own.kind.clone()).as_deref() {
                Some("v") => self.make_view(postgres, millstream, scope, name),
                Some("r" | "p" | "m") => self.copy(postgres, millstream, scope, name),
                Some("c") => drop(self.unfit.insert(name.clone(), "composite types".to_owned())),
                Some("S") => drop(self.unfit.insert(name.clone(), "a sequence".to_owned())),
                _ => {}
            }
        }
    }

    fn make_view(
        &mut self,
        postgres: &mut Connection,
        millstream: &mut Connection,
        scope: &Scope,
        name: &str,
    ) {
        let Some((_, sql)) = self.views.iter().find(|(view, _)| view == name).cloned() else {
            self.unfit.insert(name.to_owned(), "a view that hangs on what is out of scope".to_owned());
            return;
        };
        let below: Vec<String> =
            self.named(&super::statement::tokens(&sql)).into_iter().filter(|own| own != name).collect();
        self.ensure(postgres, millstream, scope, &below);
        if let Some(reason) = below.iter().find_map(|own| self.unfit.get(own)) {
            self.unfit.insert(name.to_owned(), reason.clone());
            return;
        }
        drop_relation(millstream, name, "VIEW");
        if let Some(failure) = millstream.simple(&sql).failure {
            self.failed
                .insert(name.to_owned(), format!("CREATE VIEW: {} {}", failure.state, failure.message));
        }
    }

    /// A view over a stream that was dropped is gone with it.
    fn stale_views(&mut self, name: &str) {
        let views: Vec<(String, String)> = self.views.clone();
        for (view, sql) in views {
            let names = super::statement::tokens(&sql);
            if view != name
                && names.iter().any(|token| token.word() == Some(name))
                && self.fresh.remove(&view)
            {
                self.stale_views(&view);
            }
        }
    }

    fn copy(&mut self, postgres: &mut Connection, millstream: &mut Connection, scope: &Scope, name: &str) {
        drop_relation(millstream, name, self.stream);
        self.stale_views(name);
        self.unfit.remove(name);
        self.partial.remove(name);
        let (columns, lacking) = columns(postgres, scope, name);
        if columns.is_empty() {
            let reason = lacking.unwrap_or_else(|| "a table without columns".to_owned());
            self.unfit.insert(name.to_owned(), reason);
            return;
        }
        if lacking.is_some() {
            self.partial.insert(name.to_owned());
        }
        if let Err(message) = create(millstream, self.stream, name, &columns) {
            self.failed.insert(name.to_owned(), message);
            return;
        }
        let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
        let names = names.join(", ");
        let data = in_iso(postgres, |postgres| {
            postgres.simple(&format!("COPY (SELECT {names} FROM {}) TO STDOUT", quoted(name)))
        });
        if data.copied.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&data.copied);
        let has_arrays = columns.iter().any(|column| column.type_name.ends_with("[]"));
        if has_arrays && let Some(reason) = text.split(['\t', '\n']).find_map(array_value) {
            self.unfit.insert(name.to_owned(), reason);
            return;
        }
        let sql = format!("COPY {} ({names}) FROM STDIN", quoted(name));
        if let Some(failure) = millstream.simple_with_copy(&sql, &data.copied).failure {
            self.failed.insert(name.to_owned(), format!("COPY: {} {}", failure.state, failure.message));
        }
    }
}

struct Column {
    name: String,
    type_name: String,
    default: Option<String>,
}

/// The columns of a relation that are in scope, and why others are not.
fn columns(postgres: &mut Connection, scope: &Scope, name: &str) -> (Vec<Column>, Option<String>) {
    let sql = format!(
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid::int8,
                CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = '{}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        quoted(name).replace('\'', "''")
    );
    let answer = postgres.simple(&sql);
    let (mut columns, mut lacking) = (Vec::new(), None);
    for row in 0..answer.rows.len() {
        let field = |column| answer.text(row, column).unwrap_or_default();
        let oid = field(2).parse().unwrap_or(0);
        match scope.type_out_of_scope(oid) {
            Some(reason) => lacking = Some(reason),
            None => {
                let default = answer.text(row, 3).filter(|default| !default.contains("nextval"));
                columns.push(Column { name: field(0), type_name: field(1), default });
            }
        }
    }
    (columns, lacking)
}

/// Makes a stream; without defaults if Millstream does not take them.
fn create(millstream: &mut Connection, stream: &str, name: &str, columns: &[Column]) -> Result<(), String> {
    let list = |with_defaults: bool| {
        let one = |column: &Column| {
            let default = column.default.as_ref().filter(|_| with_defaults);
            let default = default.map_or(String::new(), |default| format!(" DEFAULT {default}"));
            format!("{} {}{default}", quoted(&column.name), column.type_name)
        };
        columns.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let mut answer = millstream.simple(&format!("CREATE {stream} {} ({})", quoted(name), list(true)));
    if answer.failure.is_some() && columns.iter().any(|column| column.default.is_some()) {
        answer = millstream.simple(&format!("CREATE {stream} {} ({})", quoted(name), list(false)));
    }
    match answer.failure {
        None => Ok(()),
        Some(failure) => Err(format!("CREATE {stream}: {} {}", failure.state, failure.message)),
    }
}

fn drop_relation(millstream: &mut Connection, name: &str, kind: &str) {
    millstream.simple(&format!("DROP {kind} IF EXISTS {} CASCADE", quoted(name)));
}

/// Runs with dates and intervals in the form that no setting changes the reading of.
fn in_iso<T>(postgres: &mut Connection, run: impl FnOnce(&mut Connection) -> T) -> T {
    let names = ["DateStyle", "IntervalStyle", "extra_float_digits", "bytea_output"];
    let before: Vec<String> = names
        .iter()
        .map(|name| postgres.simple(&format!("SHOW {name}")).text(0, 0).unwrap_or_default())
        .collect();
    for (name, value) in names.iter().zip(["ISO, MDY", "postgres", "1", "hex"]) {
        postgres.simple(&format!("SET {name} = '{value}'"));
    }
    let answer = run(postgres);
    for (name, value) in names.iter().zip(before) {
        postgres.simple(&format!("SET {name} = '{value}'"));
    }
    answer
}

/// A name in double quotes.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
