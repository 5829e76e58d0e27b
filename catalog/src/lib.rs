//! Names, types and definitions of a Millstream database, as plain data.
//!
//! The catalog is a function of the log: each DDL commit carries one statement's SQL text, and applying the
//! statements in log order gives the catalog at any LSN. This crate is pure: no I/O, no clock, no threads, no
//! SQL parsing. A [`Catalog`] is an immutable value; a change makes a new one and leaves the old one to its readers.
//!
//! ```text
//!  Catalog ── objects by id ──► Object { id, name, sql, created_lsn, depends_on, comments, definition }
//!                                                                     │
//!                              Stream │ View │ MaterializedView │ Sink ◄─┘
//! ```

mod error;
mod name;
pub mod pg_type;
mod relation;
mod sql_type;

mod catalog;

pub use catalog::Catalog;
pub use error::CatalogError;
pub use name::{ObjectId, QualifiedName, fold_name, is_reserved, quote_identifier};
pub use relation::{
    Column, Definition, Emit, MaterializedView, Object, Retention, SEMANTICS, Sink, Stream, View, Watermark,
};
pub use sql_type::{Kind, SqlType, TYPE_KEY};

/// The schema that unqualified names are created in, as in Postgres.
pub const DEFAULT_SCHEMA: &str = "public";

/// Hidden columns of every stream, in the order in which they follow the user's columns in a scan that names
/// them: `_partition INT`, `_offset BIGINT`, `_lsn BIGINT`, `_commit_time TIMESTAMPTZ`, `_watermark` (the type of
/// the event-time column; present only on a stream that has one).
pub const HIDDEN_COLUMNS: [&str; 5] = ["_partition", "_offset", "_lsn", "_commit_time", "_watermark"];

/// The hidden column of PostgreSQL's catalogs that has the number of the relation that a row is of.
pub const TABLE_OID: &str = "tableoid";
