//! The catalogs of PostgreSQL 15 as recorded files, and what of them is out of scope.
//!
//! `recorded/` holds `pg_proc`, `pg_operator`, `pg_cast`, `pg_type` and `pg_aggregate` of a fresh server as tab-separated
//! lines under a line of names, types by their `typname`. `recorded/out_of_scope.tsv` says what Millstream does not
//! have, and why: a row of the catalogs is in scope if no line of it matches. The regression runner, the generator and
//! the completeness test read this one list.

use std::collections::HashMap;

use super::wire::{Connection, Row};

/// A catalog: the name of its file and the query that gives it.
pub struct Catalog {
    pub name: &'static str,
    pub sql: &'static str,
}

/// The catalogs that are recorded.
pub const CATALOGS: [Catalog; 5] = [
    Catalog { name: "pg_proc", sql: PG_PROC },
    Catalog { name: "pg_operator", sql: PG_OPERATOR },
    Catalog { name: "pg_cast", sql: PG_CAST },
    Catalog { name: "pg_type", sql: PG_TYPE },
    Catalog { name: "pg_aggregate", sql: PG_AGGREGATE },
];

const PG_PROC: &str = "
    SELECT proname AS name,
           array_to_string(ARRAY(SELECT t.typname FROM unnest(proargtypes) WITH ORDINALITY a(oid, place)
                                 JOIN pg_type t ON t.oid = a.oid ORDER BY place), ' ') AS arguments,
           r.typname AS result, provolatile AS volatility, proisstrict AS strict, proretset AS set, prokind AS kind,
           coalesce(v.typname, '') AS variadic, pronargdefaults AS defaults,
           coalesce(array_to_string(ARRAY(SELECT m.mode::text || ':' || coalesce(p.proargnames[m.place], '') || ':' || t.typname
                                  FROM unnest(proargmodes, proallargtypes) WITH ORDINALITY m(mode, oid, place)
                                  JOIN pg_type t ON t.oid = m.oid
                                  WHERE m.mode IN ('o', 't', 'b') ORDER BY m.place), ' '), '') AS outputs,
           coalesce(obj_description(p.oid, 'pg_proc'), '') AS description
    FROM pg_proc p JOIN pg_type r ON r.oid = prorettype LEFT JOIN pg_type v ON v.oid = nullif(provariadic, 0)
    WHERE p.oid < 16384";
const PG_OPERATOR: &str = "
    SELECT o.oprname AS name, coalesce(l.typname, '') AS \"left\", r.typname AS \"right\", t.typname AS result,
           f.proname AS function, coalesce(c.oprname, '') AS commutator, coalesce(n.oprname, '') AS negator
    FROM pg_operator o LEFT JOIN pg_type l ON l.oid = o.oprleft JOIN pg_type r ON r.oid = o.oprright
         JOIN pg_type t ON t.oid = o.oprresult JOIN pg_proc f ON f.oid = o.oprcode
         LEFT JOIN pg_operator c ON c.oid = o.oprcom LEFT JOIN pg_operator n ON n.oid = o.oprnegate
    WHERE o.oprnamespace = 'pg_catalog'::regnamespace";
const PG_CAST: &str = "
    SELECT s.typname AS source, t.typname AS target, castcontext AS context, castmethod AS method
    FROM pg_cast JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget";
const PG_TYPE: &str = "
    SELECT t.typname AS name, t.oid AS oid, t.typlen AS length, t.typtype AS kind, t.typcategory AS category,
           t.typispreferred AS preferred, coalesce(e.typname, '') AS element, coalesce(a.typname, '') AS \"array\"
    FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem LEFT JOIN pg_type a ON a.oid = t.typarray
    WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.oid < 16384
      AND (t.typtype <> 'c') AND NOT EXISTS (SELECT FROM pg_type c WHERE c.oid = t.typelem AND c.typtype = 'c')";
const PG_AGGREGATE: &str = "
    SELECT p.proname AS name,
           array_to_string(ARRAY(SELECT t.typname FROM unnest(proargtypes) WITH ORDINALITY a(oid, place)
                                 JOIN pg_type t ON t.oid = a.oid ORDER BY place), ' ') AS arguments,
           r.typname AS result, aggkind AS kind, aggnumdirectargs AS direct, s.typname AS state,
           aggmtransfn <> 0 AS moving, coalesce(agginitval, '') AS initial
    FROM pg_aggregate JOIN pg_proc p ON p.oid = aggfnoid JOIN pg_type r ON r.oid = prorettype
         JOIN pg_type s ON s.oid = aggtranstype";

/// A catalog as a recorded file, taken from a server.
pub fn dump(postgres: &mut Connection, catalog: &Catalog) -> Result<String, String> {
    let answer = postgres.simple(catalog.sql);
    if let Some(failure) = answer.failure {
        return Err(failure.message);
    }
    let names: Vec<String> = answer.columns.iter().flatten().map(|column| column.name.clone()).collect();
    let field =
        |value: &Option<Vec<u8>>| String::from_utf8_lossy(value.as_deref().unwrap_or_default()).into_owned();
    let line = |row: &Row| row.iter().map(field).collect::<Vec<_>>().join("\t");
    let mut lines: Vec<String> = answer.rows.iter().map(line).collect();
    lines.sort();
    lines.insert(0, names.join("\t"));
    Ok(lines.join("\n") + "\n")
}

/// A line of a recorded file.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    names: &'a [&'a str],
    fields: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    /// A field by its name; empty where the file has no such field.
    pub fn field(&self, name: &str) -> &'a str {
        let at = self.names.iter().position(|own| *own == name);
        at.and_then(|at| self.fields.get(at).copied()).unwrap_or_default()
    }
}

/// The lines of a recorded file, given to `see`.
pub fn read(text: &str, mut see: impl FnMut(&Entry<'_>)) {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    for line in lines {
        see(&Entry { names: &names, fields: line.split('\t').collect() });
    }
}

/// The reason of a line that keeps in scope what a later line would take out.
const KEPT: &str = "in scope";

/// The lines of `out_of_scope.tsv`; the first that matches decides.
#[derive(Clone, Debug, Default)]
pub struct OutOfScope {
    rules: Vec<Rule>,
    types: HashMap<String, String>,
}

#[derive(Clone, Debug)]
struct Rule {
    /// `function`, `operator` or `type`.
    what: String,
    /// The field that is looked at, `name` or `description`.
    field: String,
    pattern: String,
    reason: String,
}

impl Rule {
    /// Signs are taken as they are, since `*` is one of them.
    fn matches(&self, entry: &Entry<'_>) -> bool {
        let text = entry.field(&self.field);
        if self.what == "operator" { self.pattern == text } else { glob(&self.pattern, text) }
    }
}

impl OutOfScope {
    /// The list that is kept beside this file.
    pub fn recorded() -> OutOfScope {
        OutOfScope::parse(include_str!("recorded/out_of_scope.tsv"))
    }

    /// A list: `what`, field, pattern, reason; an empty line or one that begins with `#` says nothing.
    pub fn parse(text: &str) -> OutOfScope {
        let mut list = OutOfScope::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut fields = line.split('\t').map(str::to_owned);
            let mut next = || fields.next().unwrap_or_default();
            let (what, field, patterns, reason) = (next(), next(), next(), next());
            for pattern in patterns.split_whitespace().filter(|_| field != "description") {
                list.add(&what, &field, pattern, &reason);
            }
            if field == "description" {
                list.add(&what, &field, &patterns, &reason);
            }
        }
        list
    }

    fn add(&mut self, what: &str, field: &str, pattern: &str, reason: &str) {
        if what == "type" {
            self.types.insert(pattern.to_owned(), reason.to_owned());
            return;
        }
        let [what, field, pattern, reason] = [what, field, pattern, reason].map(str::to_owned);
        self.rules.push(Rule { what, field, pattern, reason });
    }

    /// Why a type is out of scope; an array is where its elements are.
    pub fn type_named(&self, name: &str) -> Option<&str> {
        let reason = self.types.get(name).or_else(|| self.types.get(name.strip_prefix('_')?));
        reason.map(String::as_str)
    }

    /// Why a line of `pg_proc` or `pg_aggregate` is out of scope.
    pub fn function(&self, entry: &Entry<'_>) -> Option<&str> {
        let types = entry.field("arguments").split(' ').chain([entry.field("result")]);
        types.filter_map(|name| self.type_named(name)).next().or_else(|| self.matched("function", entry))
    }

    /// The names of functions of which every row of `pg_proc` is out of scope, with the reason of the first.
    pub fn functions_by_name(&self) -> HashMap<String, String> {
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        read(include_str!("recorded/pg_proc.tsv"), |entry| {
            let reason = self.function(entry).map(str::to_owned);
            let own = names.entry(entry.field("name").to_owned()).or_insert(reason.clone());
            *own = own.take().filter(|_| reason.is_some());
        });
        names.into_iter().filter_map(|(name, reason)| Some((name, reason?))).collect()
    }

    /// Why a line of `pg_operator` is out of scope.
    pub fn operator(&self, entry: &Entry<'_>) -> Option<&str> {
        let types = [entry.field("left"), entry.field("right"), entry.field("result")];
        types
            .into_iter()
            .filter_map(|name| self.type_named(name))
            .next()
            .or_else(|| self.matched("operator", entry))
    }

    fn matched(&self, what: &str, entry: &Entry<'_>) -> Option<&str> {
        let matches = |rule: &&Rule| rule.what == what && rule.matches(entry);
        self.rules.iter().find(matches).map(|rule| rule.reason.as_str()).filter(|reason| *reason != KEPT)
    }
}

/// Whether a text matches a pattern in which `*` stands for anything.
pub fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => match text.strip_prefix(head) {
            None => false,
            Some(_) if tail.is_empty() => true,
            Some(rest) => (0..=rest.len()).any(|at| rest.is_char_boundary(at) && glob(tail, &rest[at..])),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_matches_something() {
        let list = OutOfScope::recorded();
        let mut matched = vec![false; list.rules.len()];
        let files = [
            ("function", include_str!("recorded/pg_proc.tsv")),
            ("function", include_str!("recorded/pg_aggregate.tsv")),
        ];
        for (what, text) in files.into_iter().chain([("operator", include_str!("recorded/pg_operator.tsv"))])
        {
            read(text, |entry| {
                for (rule, matched) in list.rules.iter().zip(&mut matched) {
                    *matched |= rule.what == what && rule.matches(entry);
                }
            });
        }
        let idle: Vec<&Rule> =
            list.rules.iter().zip(&matched).filter(|(_, matched)| !**matched).map(|(rule, _)| rule).collect();
        assert!(idle.is_empty(), "{idle:#?}");
        let mut names = Vec::new();
        read(include_str!("recorded/pg_type.tsv"), |entry| names.push(entry.field("name").to_owned()));
        let unknown: Vec<&String> = list.types.keys().filter(|name| !names.contains(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "abd", false),
            ("a*b*c", "axbyc", true),
            ("abc", "abc", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
