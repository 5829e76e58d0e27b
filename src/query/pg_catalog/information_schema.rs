//! `information_schema`: the SQL standard's way of asking for relations and columns.

use millstream_catalog::SqlType;

use super::Facts;
use super::names::{Relation, ShownColumn, Source};
use super::table::{Cell, Rows};

/// Adds the rows of a relation, if it is one that has some.
pub fn fill(facts: &Facts, rows: &mut Rows) {
    match rows.name() {
        "information_schema_catalog_name" => rows.add([("catalog_name", facts.database.as_str().into())]),
        "enabled_roles" => rows.add([("role_name", facts.user.as_str().into())]),
        "schemata" => schemata(facts, rows),
        "tables" => facts.relations().for_each(|relation| table(facts, &relation, rows)),
        "columns" => facts.relations().for_each(|relation| columns(facts, &relation, rows)),
        "views" => facts.relations().for_each(|relation| view(facts, &relation, rows)),
        "table_privileges" | "role_table_grants" => {
            facts.relations().for_each(|relation| privileges(facts, &relation, rows));
        }
        "character_sets" => character_sets(facts, rows),
        _ => {}
    }
}

fn schemata(facts: &Facts, rows: &mut Rows) {
    for name in facts.schemas() {
        rows.add([
            ("catalog_name", facts.database.as_str().into()),
            ("schema_name", name.into()),
            ("schema_owner", facts.user.as_str().into()),
        ]);
    }
}

/// Whether rows can be inserted.
fn is_writable(relation: &Relation<'_>) -> bool {
    relation.kind == "r" && matches!(relation.source, Source::Object(_))
}

/// Materialized views are listed as views are: the standard has no word for them, and Postgres, which leaves them
/// out, hides them from the tools that ask only here.
fn table(facts: &Facts, relation: &Relation<'_>, rows: &mut Rows) {
    rows.add([
        ("table_catalog", facts.database.as_str().into()),
        ("table_schema", relation.schema.into()),
        ("table_name", relation.name.into()),
        ("table_type", if relation.kind == "r" { "BASE TABLE" } else { "VIEW" }.into()),
        ("is_insertable_into", yes_or_no(is_writable(relation))),
        ("is_typed", yes_or_no(false)),
    ]);
}

fn columns(facts: &Facts, relation: &Relation<'_>, rows: &mut Rows) {
    for (position, column) in (1usize..).zip(relation.columns()) {
        let mut row = typed(facts, position, &column);
        row.extend([
            ("table_schema", relation.schema.into()),
            ("table_name", relation.name.into()),
            ("column_name", column.name.into()),
            ("column_default", column.default.into()),
            ("is_nullable", yes_or_no(column.nullable)),
            ("is_updatable", yes_or_no(is_writable(relation))),
        ]);
        rows.add(row);
    }
}

/// What a column's row says of its type and position.
fn typed<'n>(facts: &Facts, position: usize, column: &ShownColumn<'_>) -> Vec<(&'n str, Cell)> {
    let sql_type = SqlType::by_oid(column.type_oid);
    let kind = sql_type.as_ref().and_then(SqlType::kind);
    let packed = column.modifier - 4;
    let (precision, radix, scale) = match column.type_oid {
        21 => (Cell::Int(16), Cell::Int(2), Cell::Int(0)),
        23 => (Cell::Int(32), Cell::Int(2), Cell::Int(0)),
        20 => (Cell::Int(64), Cell::Int(2), Cell::Int(0)),
        700 => (Cell::Int(24), Cell::Int(2), Cell::Null),
        701 => (Cell::Int(53), Cell::Int(2), Cell::Null),
        1700 if packed >= 0 => (Cell::from(packed >> 16), Cell::Int(10), Cell::from(packed & 0xffff)),
        _ => (Cell::Null, Cell::Null, Cell::Null),
    };
    let fraction = match column.type_oid {
        1082 => Cell::Int(0),
        1083 | 1114 | 1184 | 1266 if column.modifier >= 0 => Cell::from(column.modifier),
        1186 if column.modifier >= 0 && column.modifier & 0xffff != 0xffff => {
            Cell::from(column.modifier & 0xffff)
        }
        1083 | 1114 | 1184 | 1186 | 1266 => Cell::Int(6),
        _ => Cell::Null,
    };
    let sql_name = match (&sql_type, kind) {
        (_, Some(kind)) => kind.sql_name(),
        (Some(SqlType::Array(_)), None) => "ARRAY",
        _ => "USER-DEFINED",
    };
    let length = match column.type_oid {
        1042 | 1043 if packed >= 0 => Cell::from(packed),
        _ => Cell::Null,
    };
    let octets = match (column.type_oid, packed) {
        (1042 | 1043, 0..) => Cell::from(packed * 4),
        (25 | 1043, _) => Cell::Int(1 << 30),
        _ => Cell::Null,
    };
    let udt = match (kind, &sql_type) {
        (Some(kind), _) => Some(kind.name().to_owned()),
        (None, Some(SqlType::Array(element))) => element.kind().map(|kind| format!("_{}", kind.name())),
        _ => None,
    };
    vec![
        ("table_catalog", facts.database.as_str().into()),
        ("ordinal_position", position.into()),
        ("data_type", sql_name.into()),
        ("character_maximum_length", length),
        ("character_octet_length", octets),
        ("numeric_precision", precision),
        ("numeric_precision_radix", radix),
        ("numeric_scale", scale),
        ("datetime_precision", fraction),
        ("udt_catalog", facts.database.as_str().into()),
        ("udt_schema", "pg_catalog".into()),
        ("udt_name", udt.into()),
        ("dtd_identifier", position.to_string().into()),
        ("is_self_referencing", yes_or_no(false)),
        ("is_identity", yes_or_no(false)),
        ("identity_cycle", yes_or_no(false)),
        ("is_generated", "NEVER".into()),
    ]
}

fn view(facts: &Facts, relation: &Relation<'_>, rows: &mut Rows) {
    let Some(definition) = relation.definition() else { return };
    rows.add([
        ("table_catalog", facts.database.as_str().into()),
        ("table_schema", relation.schema.into()),
        ("table_name", relation.name.into()),
        ("view_definition", definition.into()),
        ("check_option", "NONE".into()),
        ("is_updatable", yes_or_no(false)),
        ("is_insertable_into", yes_or_no(false)),
        ("is_trigger_updatable", yes_or_no(false)),
        ("is_trigger_deletable", yes_or_no(false)),
        ("is_trigger_insertable_into", yes_or_no(false)),
    ]);
}

/// What may be done with a relation.
fn privileges(facts: &Facts, relation: &Relation<'_>, rows: &mut Rows) {
    let privileges: &[&str] = if is_writable(relation) { &["INSERT", "SELECT"] } else { &["SELECT"] };
    for privilege in privileges {
        rows.add([
            ("grantor", facts.user.as_str().into()),
            ("grantee", facts.user.as_str().into()),
            ("table_catalog", facts.database.as_str().into()),
            ("table_schema", relation.schema.into()),
            ("table_name", relation.name.into()),
            ("privilege_type", (*privilege).into()),
            ("is_grantable", yes_or_no(true)),
            ("with_hierarchy", yes_or_no(*privilege == "SELECT")),
        ]);
    }
}

fn character_sets(facts: &Facts, rows: &mut Rows) {
    rows.add([
        ("character_set_name", "UTF8".into()),
        ("character_repertoire", "UCS".into()),
        ("form_of_use", "UTF8".into()),
        ("default_collate_catalog", facts.database.as_str().into()),
        ("default_collate_schema", "pg_catalog".into()),
        ("default_collate_name", "C".into()),
    ]);
}

fn yes_or_no(value: bool) -> Cell {
    if value { "YES" } else { "NO" }.into()
}
