//! The Millstream dialect: from text to statements, from queries to plans, from views to flow plans.
//!
//! Pure: no I/O, no clock, no threads (the caller gives a stack deep enough, see [`limits`]). The same text and
//! catalog always give the same plan.
//!
//! ```text
//!  text ─ parse ─► Statement ─ bind ─► LogicalPlan (DataFusion) ─┬─► batch execution
//!                                                               └ lower ─► FlowPlan ─► continuous execution
//! ```

pub mod error;
pub mod flow_plan;
pub mod statement;

pub use error::{SqlError, SqlResult, SqlState};
pub use statement::{Parsed, Statement};
