//! Arithmetic: operators and functions of integers, floats and numerics.
//!
//! Each operator's row is there under its sign and under the name of PostgreSQL's function behind it
//! (`int4pl`).

mod columns;
pub mod conversions;
pub mod float;
pub mod float_functions;
pub mod integer;
pub mod numeric;
mod numeric_columns;
pub mod random;
pub mod series;
pub mod trigonometry;

#[cfg(test)]
pub(crate) mod tests;

use super::registry::{Class, Row};

/// The rows of all functions of arithmetic.
pub fn rows() -> Vec<Row> {
    let mut rows = integer::rows();
    rows.extend(float::rows());
    rows.extend(float_functions::rows());
    rows.extend(trigonometry::rows());
    rows.extend(numeric::rows());
    rows.extend(conversions::rows());
    rows.extend(random::rows());
    rows.extend(series::rows());
    rows
}

/// A row under each of several names.
fn named(row: Row, names: &[&'static str]) -> Vec<Row> {
    names
        .iter()
        .map(|name| {
            let sign = name.bytes().all(|byte| b"+-*/<>=~!@#%^&|`?".contains(&byte));
            let class = if sign { Class::Operator } else { Class::Scalar };
            Row { name, class, ..row.clone() }
        })
        .collect()
}
