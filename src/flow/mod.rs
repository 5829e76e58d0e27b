//! The flow: continuous queries as operators over Arrow batches, run in steps.
//!
//! `state, output = step(state, log(a..b])`. A step is synchronous and deterministic: no clock, no timer, no
//! channel, no await, no spawn other than fork-join over shards.
//!
//! **Invariant: cuts don't matter.** However the log is cut into steps and however many shards there are, the
//! contents at an LSN are the same, and so is the net change between two LSNs.

pub mod delta;

pub use delta::{Delta, RowNumbers};
