//! Texts quoted as literals and as identifiers.

use std::borrow::Cow;

use millstream_catalog::Kind;

use crate::error::SqlResult;
use crate::functions::registry::{Param, Row, planned};
use crate::types::text::check_size;
use crate::{lenient, strict};

const TEXT: Param = Param::Of(Kind::Text);

/// The registry rows. Of anything but text the planner casts to text.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("quote_ident", (s: Text) -> Text => sized(quote_ident(s).into_owned())).grows(),
        strict!("quote_literal", (s: Text) -> Text => sized(quote_literal(s))).grows(),
        planned("quote_literal", &[Param::AnyElement], TEXT).stable(),
        lenient!("quote_nullable", (s: Text) -> Text =>
            Ok(Some(s.map_or_else(|| Ok("NULL".to_owned()), |s| sized(quote_literal(s)))?)))
        .grows(),
        planned("quote_nullable", &[Param::AnyElement], TEXT).stable().takes_null(),
    ]
}

fn sized(text: String) -> SqlResult<String> {
    check_size(text.len())?;
    Ok(text)
}

/// A text as a literal: in quotes, with an E before it where it has a backslash.
pub fn quote_literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 3);
    if text.contains('\\') {
        quoted.push('E');
    }
    quoted.push('\'');
    for character in text.chars() {
        if matches!(character, '\'' | '\\') {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted.push('\'');
    quoted
}

/// A text as an identifier: in double quotes where it could not stand without them.
pub fn quote_ident(text: &str) -> Cow<'_, str> {
    let plain = text.starts_with(|first: char| first == '_' || first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'_' | b'a'..=b'z' | b'0'..=b'9'))
        && KEYWORDS.binary_search(&text).is_err();
    if plain {
        return Cow::Borrowed(text);
    }
    Cow::Owned(["\"", &text.replace('"', "\"\""), "\""].concat())
}

/// The keywords of PostgreSQL 15 that are not unreserved, sorted.
const KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];
