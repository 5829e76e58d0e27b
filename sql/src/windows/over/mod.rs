//! Window functions: `f(…) OVER (PARTITION BY … ORDER BY … frame)`, by PostgreSQL's definitions.
//!
//! ```text
//!  bind ─► [`Call`], an expression that holds the call's parts ─► [`plan`]: a projection of all parts,
//!          and an [`OverNode`] for each window ─► [`exec::OverExec`]
//!
//!  OverExec:  rows in ─ sort (partition, order) ─► partitions ─► peers ─► frames ─► a column for each call
//! ```
//!
//! The rows of a frame are those between two bounds ([`frame`]), without those that EXCLUDE names. Functions of a row's
//! place look at peers only ([`places`]), `first_value` and its kin at a frame ([`places`]), aggregates go through a
//! frame's rows ([`totals`]). Rows that no key tells apart come in the order that PostgreSQL's own sort gives ([`sort`]).
//!
//! A call works on its thread for a bounded time between two points at which it can be stopped ([`pace`]), and its rows
//! are within the memory budget of queries.

mod call;
pub mod exec;
mod frame;
mod node;
mod pace;
mod places;
mod plan;
mod range;
mod sort;
#[cfg(test)]
mod tests;
mod totals;

pub(crate) use call::{Bound, Call, Exclusion, Frame, Function, Key, Parts, Units};
pub use node::OverNode;
pub(crate) use plan::over_plan;
pub(crate) use range::distance_kinds;
