//! The functions and operators of dates, times and intervals.

mod aggregates;
mod clock;
mod compare;
mod fields;
mod flink;
mod make;
mod operators;
mod overlaps;
mod series;
#[cfg(test)]
mod tests;
mod zones;

use super::registry::Row;

/// All rows of dates, times and intervals.
pub fn rows() -> Vec<Row> {
    [
        operators::rows(),
        compare::rows(),
        fields::rows(),
        make::rows(),
        zones::rows(),
        clock::rows(),
        overlaps::rows(),
        series::rows(),
        aggregates::rows(),
        flink::rows(),
    ]
    .concat()
}
