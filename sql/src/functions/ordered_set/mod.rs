//! Ordered-set aggregates: `mode`, `percentile_disc`, `percentile_cont`, called `f(direct) WITHIN GROUP
//! (ORDER BY value)`.
//!
//! Their accumulators take the direct argument, where there is one, and the value, of rows that come in the
//! order that WITHIN GROUP says. They see rows whose value is NULL and pass them over, so that a direct
//! argument that makes no sense is an error even then.
//!
//! A state that is merged holds rows that come after those held; where the parts were cut across the order,
//! who drives them must bring the rows in order first.

use datafusion::scalar::ScalarValue;

use crate::functions::registry::{MakeAccumulator, Row};

pub mod hypothetical;
mod mode;
mod percentile;
#[cfg(test)]
mod tests;

/// The names of the aggregates that are called with WITHIN GROUP.
pub const NAMES: [&str; 3] = ["mode", "percentile_cont", "percentile_disc"];

/// What an aggregate whose constant direct argument makes no sense is instead: an error, over no rows too.
pub fn refused(name: &str, direct: &ScalarValue) -> Option<MakeAccumulator> {
    if name.starts_with("percentile") { percentile::refused(direct) } else { None }
}

/// The rows of all of them.
pub fn rows() -> Vec<Row> {
    [mode::rows(), percentile::rows()].into_iter().flatten().collect()
}
