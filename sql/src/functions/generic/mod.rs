//! Functions and operators over values of any type that are neither arrays' nor any one type's own.
//!
//! | module | what |
//! |---|---|
//! | `record` | comparison of record values and of ROW constructors |
//! | `quantified` | `x op ANY (array)`, `x op ALL (array)` |
//! | `choose` | GREATEST, LEAST, IS DISTINCT FROM |
//! | `nulls` | `num_nulls`, `num_nonnulls` |
//! | `concatenate` | `text || anything` |
//!
//! Kernels without a row of the registry are for the planner to call: their syntax is no function's.

use crate::functions::registry::Row;

pub mod choose;
mod concatenate;
mod nulls;
pub mod quantified;
mod record;

pub use choose::{distinct, greatest_least};
pub use nulls::nulls_of_array;
pub use quantified::{any_all, any_all_with};
pub use record::rows_compare;

/// The rows of those that have one.
pub fn rows() -> Vec<Row> {
    [record::rows(), nulls::rows(), concatenate::rows()].into_iter().flatten().collect()
}
