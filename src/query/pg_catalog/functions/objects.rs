//! Functions about relations, types and what belongs to them.

use arrow::datatypes::DataType::{self, Boolean, Int32, UInt32, Utf8};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use millstream_catalog::{Kind, quote_identifier};
use millstream_sql::SqlState;
use millstream_sql::types::environment::ObjectNames;
use millstream_sql::types::is_text;

use super::arguments::Arguments;
use super::{Function, boolean, integer, list, null, oid, refuse, text};
use crate::query::pg_catalog::Facts;
use crate::query::pg_catalog::names::{
    OWNER, function_oid, function_text, identifiers, schema_oid, type_oid, type_text,
};
use crate::query::pg_catalog::routines::{self, Routine};
use crate::query::pg_catalog::table;

pub fn functions() -> Vec<Function> {
    let mut functions = vec![
        Function::new(
            "pg_get_userbyid",
            1..=1,
            |_| Utf8,
            |facts, args| match args.oid(0) {
                Some(OWNER) => text(&facts.user),
                Some(other) => text(format!("unknown (OID={other})")),
                None => null(),
            },
        ),
        Function::new(
            "pg_table_is_visible",
            1..=1,
            |_| Boolean,
            |facts, args| args.oid(0).and_then(|oid| facts.is_visible(oid)).map_or_else(null, boolean),
        ),
        Function::new(
            "format_type",
            2..=2,
            |_| Utf8,
            |_, args| match args.oid(0) {
                // What is told that there is no length is no `character`, whose length would be 1.
                Some(oid) if Kind::Bpchar.oid() == oid && args.integer(1) == Some(-1) => text("bpchar"),
                Some(oid) => {
                    text(type_text(oid, args.integer(1).and_then(|modifier| modifier.try_into().ok())))
                }
                None => null(),
            },
        ),
        // Expressions are kept as the text that they were written as.
        Function::new("pg_get_expr", 2..=3, |_| Utf8, |_, args| args.text(0).map_or_else(null, text)),
        Function::new(
            "pg_get_viewdef",
            1..=2,
            |_| Utf8,
            |facts, args| {
                let oid = args.text(0).and_then(|name| facts.relation_oid(&name));
                oid.and_then(|oid| facts.relation(oid)?.definition()).map_or_else(null, text)
            },
        ),
        Function::new(
            "pg_get_function_result",
            1..=1,
            |_| Utf8,
            |_, args| described(args, |routine| &routine.result),
        ),
        Function::new(
            "pg_get_function_arguments",
            1..=1,
            |_| Utf8,
            |_, args| described(args, |routine| &routine.arguments),
        ),
        Function::new(
            "pg_get_function_identity_arguments",
            1..=1,
            |_| Utf8,
            |_, args| described(args, |routine| &routine.arguments),
        ),
        Function::new("pg_relation_is_publishable", 1..=1, |_| Boolean, |_, _| boolean(false)),
        Function::new("pg_column_is_updatable", 3..=3, |_| Boolean, |_, _| boolean(false)),
        Function::new("pg_relation_is_updatable", 2..=2, |_| Int32, |_, _| integer(0)),
        Function::new(
            "to_regclass",
            1..=1,
            |_| UInt32,
            |facts, args| args.text(0).and_then(|name| facts.relation_oid(&name)).map_or_else(null, oid),
        ),
        Function::new(
            "to_regtype",
            1..=1,
            |_| UInt32,
            |_, args| args.text(0).and_then(|name| type_oid(&name)).map_or_else(null, oid),
        ),
        Function::new(
            "to_regproc",
            1..=1,
            |_| UInt32,
            |_, args| args.text(0).and_then(|name| plain_function_oid(&name)).map_or_else(null, oid),
        ),
        Function::new(
            "to_regprocedure",
            1..=1,
            |_| UInt32,
            |_, args| {
                let named = args.text(0).filter(|name| name.contains('('));
                named.and_then(|name| function_oid(&name)).map_or_else(null, oid)
            },
        ),
        Function::new(
            "to_regrole",
            1..=1,
            |_| UInt32,
            |facts, args| {
                let is_user = |name: &String| name.trim_matches('"') == facts.user;
                args.text(0).filter(is_user).map_or_else(null, |_| oid(OWNER))
            },
        ),
        Function::new(
            "to_regnamespace",
            1..=1,
            |_| UInt32,
            |facts, args| args.text(0).and_then(|name| namespace_oid(facts, &name)).map_or_else(null, oid),
        ),
        Function::new("regclass", 1..=1, number_or_name, |facts, args| {
            let find = |name: &str| facts.relation_oid(name);
            converted(args, (SqlState::UndefinedTable, "relation"), find, |oid| facts.relation_text(oid))
        }),
        Function::new("regtype", 1..=1, number_or_name, |_, args| {
            converted(args, (SqlState::UndefinedObject, "type"), type_oid, |oid| Some(type_text(oid, None)))
        }),
        Function::new("regproc", 1..=1, number_or_name, |_, args| {
            converted(args, (SqlState::UndefinedFunction, "function"), function_oid, function_text)
        }),
        Function::new("regnamespace", 1..=1, number_or_name, |facts, args| {
            let name =
                |oid| facts.schemas().into_iter().find(|name| schema_oid(name) == oid).map(str::to_owned);
            converted(args, (SqlState::UndefinedObject, "schema"), |name| namespace_oid(facts, name), name)
        }),
        Function::new("regrole", 1..=1, number_or_name, |facts, args| {
            let find = |name: &str| (name.trim_matches('"') == facts.user).then_some(OWNER);
            converted(args, (SqlState::UndefinedObject, "role"), find, |oid| {
                (oid == OWNER).then(|| facts.user.clone())
            })
        }),
    ];
    functions.push(Function::new(
        "acldefault",
        2..=2,
        |_| DataType::new_list(Utf8, true),
        |facts, args| match (args.text(0), args.oid(1)) {
            (Some(kind), Some(owner)) => default_rights(&facts.user, &kind, owner),
            _ => null(),
        },
    ));
    functions.push(Function::new(
        "pg_describe_object",
        3..=3,
        |_| Utf8,
        |facts, args| match (args.oid(0), args.oid(1), args.integer(2)) {
            (Some(class), Some(oid), Some(column)) => {
                description(facts, class, oid, column).map_or_else(null, text)
            }
            _ => null(),
        },
    ));
    functions.push(Function::new(
        "obj_description",
        1..=2,
        |_| Utf8,
        |facts, args| {
            let of_relations = args.text(1).is_none_or(|class| class == "pg_class");
            args.oid(0).and_then(|oid| facts.comment(oid, 0).filter(|_| of_relations)).map_or_else(null, text)
        },
    ));
    functions.push(Function::new(
        "col_description",
        2..=2,
        |_| Utf8,
        |facts, args| {
            let column = args.integer(1).and_then(|number| usize::try_from(number).ok());
            let found = args.oid(0).zip(column.filter(|number| *number > 0));
            found.and_then(|(oid, column)| facts.comment(oid, column)).map_or_else(null, text)
        },
    ));
    functions.extend(NOTHING_TO_SAY.map(|name| Function::new(name, 1..=4, |_| Utf8, |_, _| null())));
    functions.extend(VISIBLE.map(|name| {
        Function::new(
            name,
            1..=1,
            |_| Boolean,
            |_, args| if args.is_null(0) { null() } else { boolean(true) },
        )
    }));
    functions
}

/// A cast to `regclass` and the like makes a number of a name and a name of a number: see
/// [`millstream_sql`]'s `bind/spelling.rs`.
fn number_or_name(arguments: &[DataType]) -> DataType {
    if arguments.first().is_some_and(is_text) { UInt32 } else { Utf8 }
}

fn converted(
    args: &Arguments,
    (state, kind): (SqlState, &str),
    number: impl Fn(&str) -> Option<u32>,
    name: impl Fn(u32) -> Option<String>,
) -> Result<ScalarValue> {
    let Some(value) = args.text(0) else { return null() };
    if args.0.first().is_some_and(|argument| is_text(&argument.data_type())) {
        let found = value.parse().ok().or_else(|| number(&value));
        return found.map_or_else(|| Err(refuse(state, format!("{kind} \"{value}\" does not exist"))), oid);
    }
    match args.oid(0) {
        Some(0) => text("-"),
        Some(oid) => text(name(oid).unwrap_or(value)),
        None => text(value),
    }
}

/// What is told of a function by its number; NULL for one that is not there.
fn described(args: &Arguments, what: fn(&Routine) -> &String) -> Result<ScalarValue> {
    match args.oid(0).and_then(routines::routine) {
        Some(routine) => text(what(routine)),
        None => null(),
    }
}

/// The number of the one function of a name.
fn plain_function_oid(name: &str) -> Option<u32> {
    if name.contains('(') { None } else { function_oid(name) }
}

/// The rights that an object of a kind has where none were granted, as `aclitem`s.
fn default_rights(user: &str, kind: &str, owner: u32) -> Result<ScalarValue> {
    let (everybody, owners) = match kind {
        "c" => ("", ""),
        "r" => ("", "arwdDxt"),
        "s" => ("", "rwU"),
        "d" => ("Tc", "CTc"),
        "f" => ("X", "X"),
        "l" | "T" => ("U", "U"),
        "L" => ("", "rw"),
        "n" => ("", "UC"),
        "p" => ("", "sA"),
        "t" => ("", "C"),
        "F" | "S" => ("", "U"),
        other => {
            let message = format!("unrecognized object type abbreviation: {other}");
            return Err(refuse(SqlState::InternalError, message));
        }
    };
    let name = if owner == OWNER { quote_identifier(user) } else { owner.to_string() };
    let rights = [(String::new(), everybody), (name.clone(), owners)];
    let items: Vec<ScalarValue> = rights
        .into_iter()
        .filter(|(_, rights)| !rights.is_empty())
        .map(|(who, rights)| ScalarValue::Utf8(Some(format!("{who}={rights}/{name}"))))
        .collect();
    list(&items, &Utf8)
}

/// What an object is, in words; None for one that is not there.
fn description(facts: &Facts, class: u32, oid: u32, column: i64) -> Option<String> {
    let kind = |name: &str| table::spec("pg_catalog", name).is_some_and(|spec| spec.oid == class);
    if kind("pg_class") {
        let relation = facts.relation(oid)?;
        let words = match relation.kind {
            "v" => "view",
            "m" => "materialized view",
            _ => "table",
        };
        let name = format!("{words} {}", facts.relation_text(oid)?);
        let columns = relation.columns();
        return match usize::try_from(column).ok()? {
            0 => Some(name),
            number => Some(format!("column {} of {name}", columns.get(number - 1)?.name)),
        };
    }
    if kind("pg_type") {
        return facts.name(Kind::Regtype, oid).map(|name| format!("type {name}"));
    }
    if kind("pg_proc") {
        return facts.name(Kind::Regprocedure, oid).map(|name| format!("function {name}"));
    }
    if kind("pg_namespace") {
        return facts.name(Kind::Regnamespace, oid).map(|name| format!("schema {name}"));
    }
    None
}

fn namespace_oid(facts: &Facts, text: &str) -> Option<u32> {
    let name = identifiers(text)?.pop()?;
    facts.schemas().contains(name.as_str()).then(|| schema_oid(&name))
}

/// Definitions and comments of kinds of objects that there are none of here: NULL for any number.
const NOTHING_TO_SAY: [&str; 12] = [
    "pg_get_constraintdef",
    "pg_get_indexdef",
    "pg_get_ruledef",
    "pg_get_triggerdef",
    "pg_get_functiondef",
    "pg_get_function_sqlbody",
    "pg_get_function_arg_default",
    "pg_get_statisticsobjdef",
    "pg_get_statisticsobjdef_columns",
    "pg_get_partkeydef",
    "pg_get_serial_sequence",
    "shobj_description",
];

/// Functions that ask whether an object is found without its schema: all of these kinds are in `pg_catalog`.
const VISIBLE: [&str; 12] = [
    "pg_type_is_visible",
    "pg_function_is_visible",
    "pg_operator_is_visible",
    "pg_opclass_is_visible",
    "pg_opfamily_is_visible",
    "pg_collation_is_visible",
    "pg_conversion_is_visible",
    "pg_statistics_obj_is_visible",
    "pg_ts_config_is_visible",
    "pg_ts_dict_is_visible",
    "pg_ts_parser_is_visible",
    "pg_ts_template_is_visible",
];
