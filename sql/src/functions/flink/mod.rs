//! Spellings of Flink SQL (and so of Nexmark's queries) that PostgreSQL does not know, under its own rules
//! where the two differ: positions count characters, a wrong argument is an error and not NULL.
//! `docs/flink-functions.md` lists them.
//!
//! A name that PostgreSQL has, for arguments that a call could be taken to mean, is not here: `sha256`,
//! `md5`, `ltrim`, `regexp_replace` and their kin are PostgreSQL's. `date_format` and `from_unixtime` are
//! with the formatting functions.

mod number;
mod regexp;
mod text;
mod time;

use super::registry::Row;

/// The functions, as rows of the registry.
pub fn rows() -> Vec<Row> {
    let mut rows = text::rows();
    rows.extend(regexp::rows());
    rows.extend(number::rows());
    rows.extend(time::rows());
    rows
}

/// A row that gives NULL for NULL, and for some other values too.
fn nullable(row: Row) -> Row {
    Row { strict: true, ..row }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_two_rows_have_the_same_name_and_arguments() {
        let mut seen = HashSet::new();
        for row in super::rows() {
            assert!(seen.insert((row.name, row.arguments.clone())), "{row:?}");
        }
    }

    #[test]
    fn every_row_is_in_the_document() {
        let document = include_str!("../../../../docs/flink-functions.md");
        for row in super::rows() {
            assert!(document.contains(&format!("`{}(", row.name)), "{row:?}");
        }
    }
}
