//! The registry beside PostgreSQL 15's catalogs: everything that is in scope is there.
//!
//! `pg_proc.tsv` and its kin in `tests/postgres/recorded` are what a fresh server says; `out_of_scope.tsv` there lists
//! what Millstream does not have, each with its reason, and `recorded/missing.tsv` here what is not there yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use millstream_catalog::{Kind, SqlType};

use super::all;
use super::registry::{Class, Param, Row};
use crate::types::cast::{Context, cast_method};

const PROC: &str = include_str!("../../../tests/postgres/recorded/pg_proc.tsv");
const OPERATOR: &str = include_str!("../../../tests/postgres/recorded/pg_operator.tsv");
const CAST: &str = include_str!("../../../tests/postgres/recorded/pg_cast.tsv");
const TYPE: &str = include_str!("../../../tests/postgres/recorded/pg_type.tsv");
const OUT_OF_SCOPE: &str = include_str!("../../../tests/postgres/recorded/out_of_scope.tsv");
const MISSING: &str = include_str!("recorded/missing.tsv");

/// Functions that the planner makes expressions of.
const PLANNED: [&str; 16] = [
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "pg_typeof",
    "count",
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

type Line = HashMap<&'static str, &'static str>;

fn lines(text: &'static str) -> Vec<Line> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    lines.map(|line| names.iter().copied().zip(line.split('\t')).collect()).collect()
}

/// Whether a pattern, in which `*` stands for anything, is that of a text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, "")) => text.starts_with(before),
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| matches(after, &rest[at..]))
        }),
    }
}

/// What is out of scope: subject, field, patterns.
struct Scope(Vec<(&'static str, &'static str, Vec<&'static str>)>);

impl Scope {
    fn recorded() -> Self {
        let lines = OUT_OF_SCOPE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Scope(
            lines
                .filter_map(|line| {
                    let fields: Vec<&str> = line.split('\t').collect();
                    let [subject, field, patterns, _] = fields.as_slice() else { return None };
                    let patterns = match *field {
                        "description" => vec![*patterns],
                        _ => patterns.split(' ').collect(),
                    };
                    Some((*subject, *field, patterns))
                })
                .collect(),
        )
    }

    fn lacks(&self, subject: &str, line: &HashMap<&str, &str>) -> bool {
        self.0.iter().any(|(about, field, patterns)| {
            *about == subject
                && line.get(field).is_some_and(|found| patterns.iter().any(|pattern| matches(pattern, found)))
        })
    }

    fn lacks_type(&self, name: &str) -> bool {
        let element = name.strip_prefix('_').unwrap_or(name);
        [name, element].iter().any(|name| self.lacks("type", &HashMap::from([("name", *name)])))
    }
}

/// A parameter as PostgreSQL's catalogs call it.
fn type_name(param: Param) -> String {
    match param {
        Param::Of(kind) => kind.name().to_owned(),
        Param::ArrayOf(kind) => format!("_{}", kind.name()),
        Param::AnyElement => "anyelement".to_owned(),
        Param::AnyArray => "anyarray".to_owned(),
        Param::AnyNonArray => "anynonarray".to_owned(),
        Param::AnyCompatible => "anycompatible".to_owned(),
        Param::AnyCompatibleArray => "anycompatiblearray".to_owned(),
        Param::AnyCompatibleNonArray => "anycompatiblenonarray".to_owned(),
        Param::Any => "any".to_owned(),
        Param::Record => "record".to_owned(),
    }
}

/// The type of a name of `pg_type`.
fn by_pg_name(name: &str) -> Option<SqlType> {
    match name.strip_prefix('_') {
        Some(element) => SqlType::by_name(element).map(|element| SqlType::Array(Arc::new(element))),
        None => SqlType::by_name(name),
    }
}

/// Signatures of the registry: `name(arguments)`, with every number of arguments that its defaults allow.
fn signatures(class: impl Fn(&Row) -> bool) -> BTreeMap<String, Vec<Arc<Row>>> {
    let mut found: BTreeMap<String, Vec<Arc<Row>>> = BTreeMap::new();
    for row in all().iter().filter(|row| class(row)) {
        for count in row.arguments.len() - row.defaults..=row.arguments.len() {
            let arguments: Vec<String> =
                row.arguments[..count].iter().map(|param| type_name(*param)).collect();
            found.entry(format!("{}({})", row.name, arguments.join(" "))).or_default().push(Arc::clone(row));
        }
    }
    found
}

/// What PostgreSQL's catalogs call a signature: a variadic parameter is that of its elements.
fn signature(line: &Line) -> String {
    let mut arguments: Vec<&str> = line["arguments"].split(' ').filter(|name| !name.is_empty()).collect();
    if let (Some(last), true) = (arguments.last_mut(), !line["variadic"].is_empty()) {
        *last = line["variadic"];
    }
    format!("{}({})", line["name"], arguments.join(" "))
}

#[test]
fn no_signature_stands_twice() {
    let twice: Vec<String> = signatures(|_| true)
        .into_iter()
        // One of them may be variadic: a call with one value for the rest is then the other's.
        .filter(|(_, rows)| rows.iter().filter(|row| !row.variadic).count() > 1)
        .map(|(signature, _)| signature)
        .collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn every_function_and_operator_in_scope_is_there() {
    let scope = Scope::recorded();
    let functions = signatures(|row| row.class != Class::Operator);
    let operators = signatures(|row| row.class == Class::Operator);
    let mut missing = vec![];
    for line in lines(PROC) {
        let types = line["arguments"].split(' ').chain([line["result"]]).filter(|name| !name.is_empty());
        if scope.lacks("function", &line) || types.clone().any(|name| scope.lacks_type(name)) {
            continue;
        }
        let signature = signature(&line);
        // Those that the planner knows have a name, and types that are not written down.
        if !functions.contains_key(&signature) && !PLANNED.contains(&line["name"]) {
            missing.push(format!("function\t{signature}"));
        }
    }
    for line in lines(OPERATOR) {
        let types = [line["left"], line["right"], line["result"]];
        let types = types.into_iter().filter(|name| !name.is_empty());
        if scope.lacks("operator", &line) || types.clone().any(|name| scope.lacks_type(name)) {
            continue;
        }
        let operands: Vec<&str> =
            [line["left"], line["right"]].into_iter().filter(|name| !name.is_empty()).collect();
        let signature = format!("{}({})", line["name"], operands.join(" "));
        // Comparisons of one type are the planner's.
        let compares = matches!(line["name"], "=" | "<>" | "<" | "<=" | ">" | ">=");
        if !compares && !operators.contains_key(&signature) {
            missing.push(format!("operator\t{signature}"));
        }
    }
    let known: BTreeSet<&str> = MISSING.lines().filter(|line| !line.starts_with('#')).collect();
    let missing: BTreeSet<&str> = missing.iter().map(String::as_str).collect();
    let new: Vec<&&str> = missing.difference(&known).collect();
    let there: Vec<&&str> = known.difference(&missing).collect();
    assert!(new.is_empty() && there.is_empty(), "not there: {new:#?}\nlisted and there: {there:#?}");
}

#[test]
fn every_cast_in_scope_is_there() {
    let scope = Scope::recorded();
    let mut wrong = vec![];
    for line in lines(CAST) {
        let (source, target) = (line["source"], line["target"]);
        if scope.lacks_type(source) || scope.lacks_type(target) {
            continue;
        }
        let (Some(from), Some(to)) = (by_pg_name(source), by_pg_name(target)) else {
            continue;
        };
        let context = match line["context"] {
            "i" => Context::Implicit,
            "a" => Context::Assignment,
            _ => Context::Explicit,
        };
        // A cast of a type to itself applies its length.
        if from != to && cast_method(&from, &to, context).is_none() {
            wrong.push(format!("{source} to {target} ({})", line["context"]));
        }
        if from != to && context != Context::Implicit && cast_method(&from, &to, Context::Implicit).is_some()
        {
            wrong.push(format!("{source} to {target} is implicit"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_type_in_scope_is_there() {
    let scope = Scope::recorded();
    let missing: Vec<&str> = lines(TYPE)
        .iter()
        .filter(|line| line["kind"] == "b" && !line["name"].starts_with('_'))
        .map(|line| line["name"])
        .filter(|name| !scope.lacks_type(name) && by_pg_name(name).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    for line in lines(TYPE) {
        let Some(sql_type) = by_pg_name(line["name"]) else { continue };
        if matches!(sql_type, SqlType::Scalar(Kind::Unknown, _)) {
            continue;
        }
        assert_eq!(sql_type.oid().to_string(), line["oid"], "{}", line["name"]);
    }
}
