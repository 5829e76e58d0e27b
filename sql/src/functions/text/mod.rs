//! Functions of text and of bytes: chapters 9.4 and 9.5 of PostgreSQL's manual, and the aggregates of texts.
//!
//! Each module here holds functions of one kind, and its `rows()` their registry rows. Texts are ordered by
//! bytes (the collation is C); upper and lower case are Unicode's simple mappings.

pub mod aggregate;
pub mod build;
pub mod bytes;
pub mod case;
pub mod convert;
pub mod encode;
pub mod escape;
pub mod format;
pub mod hash;
pub mod identifier;
pub mod length;
pub mod like;
pub mod lists;
pub mod order;
pub mod pad;
pub mod quote;
pub mod slice;
pub mod split;
pub mod uuid;

#[cfg(test)]
pub(crate) mod tests;

use super::registry::Row;

/// The rows of every module here.
pub fn rows() -> Vec<Row> {
    [
        aggregate::rows(),
        build::rows(),
        bytes::rows(),
        case::rows(),
        convert::rows(),
        encode::rows(),
        escape::rows(),
        format::rows(),
        hash::rows(),
        identifier::rows(),
        length::rows(),
        like::rows(),
        order::rows(),
        pad::rows(),
        quote::rows(),
        slice::rows(),
        split::rows(),
        uuid::rows(),
    ]
    .concat()
}
