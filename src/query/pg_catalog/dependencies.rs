//! What hangs on what, as PostgreSQL tells it: a view through the rule that stands for its query; the relations of schema
//! `millstream` through an extension, so that pg_dump takes them for the server's own. And the comments.
//!
//! ```text
//!  pg_rewrite: rule ─ev_class─► view          pg_depend: rule ─n─► relation that is read, rule ─i─► view
//! ```

use super::Facts;
use super::names::{OWNER, Relation, SYSTEM, Source, relation_oid_of, schema_oid};
use super::table::{self, Rows};

/// A view's rule has the view's number and this bit.
const FIRST_RULE: u32 = 0x1000_0000;
/// The extension that schema `millstream` is of: a number below those of users, which pg_dump leaves alone.
const EXTENSION: u32 = 14_000;

/// Adds the rows of a relation, if it is one of those here.
pub fn fill(facts: &Facts, rows: &mut Rows) {
    match rows.name() {
        "pg_depend" => depend(facts, rows),
        "pg_description" => descriptions(facts, rows),
        "pg_extension" => rows.add([
            ("oid", EXTENSION.into()),
            ("extname", SYSTEM.into()),
            ("extowner", OWNER.into()),
            ("extnamespace", schema_oid(SYSTEM).into()),
            ("extversion", env!("CARGO_PKG_VERSION").into()),
        ]),
        "pg_rewrite" => views(facts).for_each(|view| {
            rows.add([
                ("oid", (FIRST_RULE | view.oid).into()),
                ("rulename", "_RETURN".into()),
                ("ev_class", view.oid.into()),
                ("ev_type", "1".into()),
                ("ev_enabled", "O".into()),
                ("is_instead", true.into()),
            ]);
        }),
        _ => {}
    }
}

/// The views of users, materialized ones among them.
fn views(facts: &Facts) -> impl Iterator<Item = Relation<'_>> {
    facts.relations().filter(|relation| relation.kind != "r" && matches!(relation.source, Source::Object(_)))
}

/// The number of a catalog.
fn catalog(name: &str) -> u32 {
    table::spec("pg_catalog", name).map_or(0, |spec| spec.oid)
}

fn depend(facts: &Facts, rows: &mut Rows) {
    let mut add = |class: &str, oid: u32, on_class: &str, on: u32, kind: &str| {
        rows.add([
            ("classid", catalog(class).into()),
            ("objid", oid.into()),
            ("refclassid", catalog(on_class).into()),
            ("refobjid", on.into()),
            ("deptype", kind.into()),
        ]);
    };
    for view in views(facts) {
        let Source::Object(object) = view.source else { continue };
        add("pg_rewrite", FIRST_RULE | view.oid, "pg_class", view.oid, "i");
        for read in &object.depends_on {
            add("pg_rewrite", FIRST_RULE | view.oid, "pg_class", relation_oid_of(*read), "n");
        }
    }
    add("pg_namespace", schema_oid(SYSTEM), "pg_extension", EXTENSION, "e");
    for relation in facts.relations().filter(|relation| relation.schema == SYSTEM) {
        add("pg_class", relation.oid, "pg_extension", EXTENSION, "e");
    }
}

fn descriptions(facts: &Facts, rows: &mut Rows) {
    for relation in facts.relations() {
        for number in 0..=relation.columns().len() {
            let Some(comment) = relation.comment(number) else { continue };
            rows.add([
                ("objoid", relation.oid.into()),
                ("classoid", catalog("pg_class").into()),
                ("objsubid", number.into()),
                ("description", comment.into()),
            ]);
        }
    }
}

impl Facts {
    /// The comment of a relation, or of the column of that number.
    pub fn comment(&self, relation: u32, column: usize) -> Option<&str> {
        self.relation(relation)?.comment(column)
    }
}

impl<'a> Relation<'a> {
    /// Its comment (0), or that of the column of that number.
    fn comment(&self, column: usize) -> Option<&'a str> {
        let Source::Object(object) = self.source else { return None };
        let name = match column.checked_sub(1) {
            None => "",
            Some(index) => object.columns().get(index)?.name.as_str(),
        };
        object.comments.get(name).map(String::as_str)
    }
}
