//! The Millstream dialect: from text to statements, from queries to plans, from views to flow plans.
//!
//! Pure: no I/O, no clock, no threads (the caller gives a stack deep enough, see [`text::limits`]). The same text and
//! catalog always give the same plan.
//!
//! ```text
//!  text ─ text ──► Statement ─ bind ─► LogicalPlan (DataFusion) ─┬─► batch execution
//!                                                               └ lower ─► FlowPlan ─► continuous execution
//! ```

pub mod analyze;
pub mod bind;
pub mod define;
pub mod error;
pub mod functions;
pub mod lower;
mod names;
pub mod plan;
pub mod text;
pub mod types;
pub mod windows;

pub use error::{SqlError, SqlResult, SqlState};
pub use text::statement::{Parsed, Statement};

#[cfg(test)]
mod tests;
