//! Relations of `pg_catalog` that tell of schemas, relations, columns and types.

use millstream_catalog::{Definition, Kind, SqlType};

use super::Facts;
use super::names::{HEAP, OWNER, Relation, ShownColumn, Source, schema_oid};
use super::table::{Cell, Rows};

/// Rows of `pg_type` in every Postgres, composite types left out.
pub const PG_TYPE: &str = include_str!("data/pg_type.tsv");

/// The collation of text columns, `default`.
const DEFAULT_COLLATION: u32 = 100;

/// The numbers of `record_in` and `record_recv`; `record_out` and `record_send` come next.
const RECORD_IN: u32 = 2290;
const RECORD_RECEIVE: u32 = 2402;

/// Adds the rows of a relation, if it is one of those here.
pub fn fill(facts: &Facts, rows: &mut Rows) {
    match rows.name() {
        "pg_am" => rows.load(include_str!("data/pg_am.tsv")),
        "pg_attrdef" => facts.relations().for_each(|relation| defaults(&relation, rows)),
        "pg_attribute" => facts.relations().for_each(|relation| attributes(&relation, rows)),
        "pg_class" => facts.relations().for_each(|relation| class(&relation, rows)),
        "pg_collation" => rows.load(include_str!("data/pg_collation.tsv")),
        "pg_language" => rows.load(include_str!("data/pg_language.tsv")),
        "pg_namespace" => facts.schemas().into_iter().for_each(|name| {
            rows.add([
                ("oid", schema_oid(name).into()),
                ("nspname", name.into()),
                ("nspowner", OWNER.into()),
            ]);
        }),
        "pg_range" => rows.load(include_str!("data/pg_range.tsv")),
        "pg_type" => {
            rows.load(PG_TYPE);
            facts.relations().for_each(|relation| row_type(&relation, rows));
        }
        "pg_tables" => list(facts, rows, "r", "tablename", "tableowner"),
        "pg_views" => list(facts, rows, "v", "viewname", "viewowner"),
        "pg_matviews" => list(facts, rows, "m", "matviewname", "matviewowner"),
        _ => {}
    }
}

fn class(relation: &Relation<'_>, rows: &mut Rows) {
    let has_contents = relation.kind != "v";
    rows.add([
        ("oid", relation.oid.into()),
        ("relname", relation.name.into()),
        ("relnamespace", schema_oid(relation.schema).into()),
        ("reltype", relation.row_type().into()),
        ("relowner", OWNER.into()),
        ("relam", if has_contents { HEAP } else { 0 }.into()),
        ("relfilenode", if has_contents { relation.oid } else { 0 }.into()),
        ("reltuples", (-1).into()),
        ("relpersistence", "p".into()),
        ("relkind", relation.kind.into()),
        ("relnatts", relation.columns().len().into()),
        ("relhasrules", (relation.kind != "r").into()),
        ("relispopulated", true.into()),
        ("relreplident", if relation.schema == "pg_catalog" { "n" } else { "d" }.into()),
        ("reloptions", options(relation)),
    ]);
}

/// The type of a relation's rows.
fn row_type(relation: &Relation<'_>, rows: &mut Rows) {
    rows.add([
        ("oid", relation.row_type().into()),
        ("typname", relation.name.into()),
        ("typnamespace", schema_oid(relation.schema).into()),
        ("typowner", OWNER.into()),
        ("typlen", (-1).into()),
        ("typtype", "c".into()),
        ("typcategory", "C".into()),
        ("typisdefined", true.into()),
        ("typdelim", ",".into()),
        ("typrelid", relation.oid.into()),
        ("typinput", RECORD_IN.into()),
        ("typoutput", (RECORD_IN + 1).into()),
        ("typreceive", RECORD_RECEIVE.into()),
        ("typsend", (RECORD_RECEIVE + 1).into()),
        ("typalign", "d".into()),
        ("typstorage", "x".into()),
        ("typtypmod", (-1).into()),
    ]);
}

/// The WITH options of a relation, as `reloptions` has them: `name=value`.
fn options(relation: &Relation<'_>) -> Cell {
    let Source::Object(object) = relation.source else { return Cell::Null };
    let options = match &object.definition {
        Definition::Stream(stream) => &stream.options,
        Definition::MaterializedView(view) => &view.options,
        Definition::View(_) | Definition::Sink(_) => return Cell::Null,
    };
    match options.is_empty() {
        true => Cell::Null,
        false => options.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().into(),
    }
}

/// The columns of a relation with their numbers from 1.
fn numbered<'a>(relation: &Relation<'a>) -> impl Iterator<Item = (usize, ShownColumn<'a>)> {
    (1..).zip(relation.columns())
}

fn attributes(relation: &Relation<'_>, rows: &mut Rows) {
    for (number, column) in numbered(relation) {
        let is_text = matches!(column.type_oid, 25 | 1042 | 1043);
        let kind = SqlType::by_oid(column.type_oid).and_then(|known| known.kind());
        let size = kind.map_or(-1, Kind::size);
        let (by_value, align, storage) = match (column.type_oid, size) {
            (_, 1) => (true, "c", "p"),
            (_, 2) => (true, "s", "p"),
            (_, 4) => (true, "i", "p"),
            (1186 | 1266, _) => (false, "d", "p"),
            (2950 | 19, _) => (false, "c", "p"),
            (_, 8) => (true, "d", "p"),
            (1700, _) => (false, "i", "m"),
            _ => (false, "i", "x"),
        };
        rows.add([
            ("attrelid", relation.oid.into()),
            ("attname", column.name.into()),
            ("atttypid", column.type_oid.into()),
            ("attstattarget", (-1).into()),
            ("attlen", i32::from(size).into()),
            ("attnum", number.into()),
            ("attcacheoff", (-1).into()),
            ("atttypmod", column.modifier.into()),
            ("attbyval", by_value.into()),
            ("attalign", align.into()),
            ("attstorage", storage.into()),
            ("attnotnull", (!column.nullable).into()),
            ("atthasdef", column.default.is_some().into()),
            ("attislocal", true.into()),
            ("attcollation", if is_text { DEFAULT_COLLATION } else { 0 }.into()),
        ]);
    }
}

fn defaults(relation: &Relation<'_>, rows: &mut Rows) {
    for (number, column) in numbered(relation) {
        let Some(default) = column.default else { continue };
        // A default has no number of its own: one that no relation has, and that is the same each time.
        let oid = 0x8000_0000 | (relation.oid << 11) | number as u32;
        rows.add([
            ("oid", oid.into()),
            ("adrelid", relation.oid.into()),
            ("adnum", number.into()),
            ("adbin", default.into()),
        ]);
    }
}

/// `pg_tables`, `pg_views`, `pg_matviews`: the relations of a kind.
fn list(facts: &Facts, rows: &mut Rows, kind: &str, name: &str, owner: &str) {
    for relation in facts.relations().filter(|relation| relation.kind == kind) {
        let mut row = vec![
            ("schemaname", relation.schema.into()),
            (name, relation.name.into()),
            (owner, facts.user.as_str().into()),
        ];
        if kind != "r" {
            row.push(("definition", relation.definition().into()));
        }
        if kind == "m" {
            row.push(("ispopulated", true.into()));
        }
        rows.add(row);
    }
}
