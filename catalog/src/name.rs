//! How objects are named: by a number that is never used twice, and by a schema and a name.

use std::fmt;

/// The number of an object (stream, view, sink), never reused within a database. It is the LSN-independent
/// handle that the log, checkpoints and plans use, so that a rename moves no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub u64);

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A name with its schema, both as stored (already folded to lower case unless they were quoted).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QualifiedName {
    /// The schema, `public` unless said otherwise.
    pub schema: String,
    /// The name within the schema.
    pub name: String,
}

impl QualifiedName {
    /// A name in a schema.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// A name in the default schema.
    pub fn public(name: impl Into<String>) -> Self {
        Self::new(crate::DEFAULT_SCHEMA, name)
    }
}

/// Prints as a user would write it: the schema left out when it is the default, parts quoted when they need it.
impl fmt::Display for QualifiedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema != crate::DEFAULT_SCHEMA {
            write!(formatter, "{}.", quote_identifier(&self.schema))?;
        }
        write!(formatter, "{}", quote_identifier(&self.name))
    }
}

/// A name that was written without quotes, as it is stored: ASCII letters in lower case, all others as they are.
/// Postgres folds so in every multi-byte encoding, so that what a name means does not depend on a locale.
pub fn fold_name(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// An identifier as SQL text: bare when it is lower-case letters, digits and underscores and no reserved word, else
/// in double quotes.
pub fn quote_identifier(identifier: &str) -> String {
    let mut characters = identifier.chars();
    let plain = characters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let bare = plain && !is_reserved(identifier);
    if bare { identifier.to_owned() } else { format!("\"{}\"", identifier.replace('"', "\"\"")) }
}

/// Whether an unquoted word cannot name anything.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// Words that Postgres reserves: none of them names a relation or a column unless it is quoted. Sorted.
const RESERVED: [&str; 77] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_reserved_words_is_sorted_for_binary_search() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn case_does_not_matter_for_reserved_words() {
        assert!(is_reserved("SELECT") && is_reserved("wHeRe") && !is_reserved("stream"));
    }

    #[test]
    fn what_would_not_read_back_is_quoted() {
        for (name, text) in
            [("a_1", "a_1"), ("A", "\"A\""), ("order", "\"order\""), ("é", "\"é\""), ("a\"b", "\"a\"\"b\"")]
        {
            assert_eq!(quote_identifier(name), text);
        }
    }
}
