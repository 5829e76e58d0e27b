//! The order of texts where it has operators and functions of its own: by bytes, whatever the collation.

use std::cmp::Ordering;

use crate::functions::registry::Row;
use crate::strict;
use crate::types::text::bpchar_compare;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("~<~", (a: Text, b: Text) -> Bool => Ok(a < b)).safe(),
        strict!("~<=~", (a: Text, b: Text) -> Bool => Ok(a <= b)).safe(),
        strict!("~>~", (a: Text, b: Text) -> Bool => Ok(a > b)).safe(),
        strict!("~>=~", (a: Text, b: Text) -> Bool => Ok(a >= b)).safe(),
        strict!("~<~", (a: Bpchar, b: Bpchar) -> Bool => Ok(bpchar_compare(a, b) == Ordering::Less)).safe(),
        strict!("~<=~", (a: Bpchar, b: Bpchar) -> Bool => Ok(bpchar_compare(a, b) != Ordering::Greater))
            .safe(),
        strict!("~>~", (a: Bpchar, b: Bpchar) -> Bool => Ok(bpchar_compare(a, b) == Ordering::Greater))
            .safe(),
        strict!("~>=~", (a: Bpchar, b: Bpchar) -> Bool => Ok(bpchar_compare(a, b) != Ordering::Less)).safe(),
        strict!("text_larger", (a: Text, b: Text) -> Text => Ok(a.max(b).to_owned())).safe(),
        strict!("text_smaller", (a: Text, b: Text) -> Text => Ok(a.min(b).to_owned())).safe(),
    ]
}
