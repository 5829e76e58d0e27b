//! The Millstream dialect: from text to statements, from queries to plans, from views to flow plans.
//!
//! Pure: no I/O, no clock, no threads (the caller gives a stack deep enough, see [`limits`]). The same text and
//! catalog always give the same plan.
//!
//! ```text
//!  text ─ parse ─► Statement ─ bind ─► LogicalPlan (DataFusion) ─┬─► batch execution
//!                                                               └ lower ─► FlowPlan ─► continuous execution
//! ```

pub mod analyze;
pub mod bind;
mod canonical;
mod datafusion_error;
pub mod define;
pub mod dialect;
pub mod error;
pub mod explain;
pub mod flow_plan;
pub mod functions;
pub mod guard;
pub mod limits;
pub mod lower;
pub mod parse;
pub mod statement;
pub mod types;
pub mod window;
pub mod window_exec;

pub use error::{SqlError, SqlResult, SqlState};
pub use statement::{Parsed, Statement};

#[cfg(test)]
mod tests;
