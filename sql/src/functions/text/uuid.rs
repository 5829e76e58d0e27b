//! `gen_random_uuid`.

use crate::functions::registry::Row;
use crate::strict;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![strict!("gen_random_uuid", () -> Uuid => Ok(*::uuid::Uuid::new_v4().as_bytes())).safe().volatile()]
}
