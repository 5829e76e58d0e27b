//! Aggregates of numbers, bits and truth values, counts, and the least and greatest of all orderable types.
//!
//! Sums and what rests on them do not depend on the order of rows: integers and numerics are summed exactly,
//! and so are floats ([`exact`]), whose answers are rounded once. PostgreSQL adds floats one after the other,
//! so that its last digits can differ from these.

pub mod exact;
pub mod extremes;
pub mod floats;
pub mod integers;
pub mod logic;
pub mod numerics;
pub mod order;
pub mod regression;
pub(super) mod state;

#[cfg(test)]
mod tests;

use super::registry::Row;

/// The rows of these aggregates.
pub fn rows() -> Vec<Row> {
    let mut rows = logic::rows();
    rows.extend(integers::rows());
    rows.extend(numerics::rows());
    rows.extend(floats::rows());
    rows.extend(regression::rows());
    rows.extend(extremes::rows());
    rows
}
