//! The flow: continuous queries as operators over Arrow batches, run in steps.
//!
//! `state, output = step(state, log(a..b])`. A step is synchronous and deterministic: no clock, no timer, no
//! channel, no await, no spawn other than fork-join over shards.
//!
//! **Invariant: cuts don't matter.** However the log is cut into steps and however many shards there are, the
//! contents at an LSN are the same, and so is the net change between two LSNs.
//!
//! ```text
//!   FlowPlan ─ build ─► Flow ── step(log) ─► deltas ─► view
//!                        │ operators/  one file each, state in tables of groups (state, keys), arithmetic in kernels/
//!                        └ checkpoint() ─► batches ─► restore()
//! ```
//! Where an expression fails on a row, the flow goes on, and the view holds an error in the row's place ([`errors`]).
//!
//! The one clock read is in [`step`], for the figures of `EXPLAIN ANALYZE`; no operator sees it.

mod build;
pub mod delta;
pub mod errors;
mod grouping;
pub mod input;
mod kernels;
mod keys;
pub mod late;
mod layers;
mod operators;
mod shard;
mod state;
pub mod step;
mod unsaved;
mod windows;

#[cfg(test)]
mod tests;

pub use delta::{Delta, RowNumbers};
pub use errors::{ErrorChanges, ErrorRow, Place};
pub use input::{SourceDelta, SourceRows};
pub use late::LateRows;
pub use layers::{merge_layers, squash_layers};
pub use operators::StateKind;
pub use step::{Flow, OperatorState, OperatorStats, StepOutput};
