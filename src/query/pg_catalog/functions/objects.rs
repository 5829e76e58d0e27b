//! Functions about relations, types and what belongs to them.

use arrow::datatypes::DataType::{self, Boolean, Int32, UInt32, Utf8};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use millstream_sql::SqlState;
use millstream_sql::types::is_text;

use super::arguments::Arguments;
use super::{Function, boolean, integer, null, oid, refuse, text};
use crate::query::pg_catalog::Facts;
use crate::query::pg_catalog::names::{
    OWNER, function_oid, function_text, identifiers, schema_oid, type_oid, type_text,
};
use crate::query::pg_catalog::routines::{self, Routine};

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

fn namespace_oid(facts: &Facts, text: &str) -> Option<u32> {
    let name = identifiers(text)?.pop()?;
    facts.schemas().contains(name.as_str()).then(|| schema_oid(&name))
}

/// Definitions and comments of kinds of objects that there are none of here: NULL for any number.
const NOTHING_TO_SAY: [&str; 14] = [
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
    "obj_description",
    "col_description",
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
