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

/// An identifier as SQL text: bare when it is lower-case letters, digits and underscores, else in double quotes.
pub fn quote_identifier(identifier: &str) -> String {
    let mut characters = identifier.chars();
    let bare = characters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if bare { identifier.to_owned() } else { format!("\"{}\"", identifier.replace('"', "\"\"")) }
}
