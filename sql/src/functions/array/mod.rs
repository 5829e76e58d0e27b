//! The functions and operators of arrays (PostgreSQL 15, section 9.19), whatever their elements are.
//!
//! Arrays have one dimension that begins at 1 (of a vector: at 0), so that what asks for a dimension answers
//! for the first one only.

use crate::functions::registry::Row;

pub mod aggregates;
mod build;
mod lists;
mod relate;
mod search;
mod sets;
mod shape;
#[cfg(test)]
mod tests;
mod text;

pub use lists::{Assembly, Lists, Sources};

/// The rows of all of them.
pub fn rows() -> Vec<Row> {
    [
        shape::rows(),
        build::rows(),
        search::rows(),
        relate::rows(),
        text::rows(),
        sets::rows(),
        aggregates::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
