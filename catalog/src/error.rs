//! What can be wrong with a change of the catalog. Each variant has one SQLSTATE, given at the wire.

use crate::{ObjectId, QualifiedName};

/// A change that the catalog refuses, or a name that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// 42P07: the name is taken.
    #[error("relation \"{0}\" already exists")]
    Duplicate(QualifiedName),
    /// 42P01: no object of that name.
    #[error("relation \"{0}\" does not exist")]
    Missing(QualifiedName),
    /// 3F000: no such schema.
    #[error("schema \"{0}\" does not exist")]
    MissingSchema(String),
    /// 42809: there is such an object, but it is of another kind (`"x" is not a stream`).
    #[error("\"{name}\" is not a {wanted}")]
    WrongKind {
        /// The object's name.
        name: QualifiedName,
        /// The kind that the statement needs, in words: `stream`, `materialized view`.
        wanted: &'static str,
    },
    /// 2BP01: others depend on it. DETAIL lists them.
    #[error("cannot drop {kind} {name} because other objects depend on it")]
    DependedOn {
        /// The kind of the object, in words.
        kind: &'static str,
        /// The object that was to be dropped.
        name: QualifiedName,
        /// One line for each dependent: `materialized view v depends on stream s`.
        dependents: Vec<String>,
    },
    /// XX000: an id that the catalog does not hold; a defect, never a user's mistake.
    #[error("object {0} is not in the catalog")]
    UnknownId(ObjectId),
}
