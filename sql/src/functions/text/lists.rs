//! Columns of lists of texts, which functions like `string_to_array` give: one list for each row.
//!
//! A set-returning function gives such a column too; its NULL list is a set without rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListBuilder, StringBuilder};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;

/// Bytes of one column of a batch: what offsets of 32 bits reach.
const COLUMN_BYTES: usize = i32::MAX as usize;

/// Collects a column of `text[]`.
#[derive(Debug)]
pub struct TextLists {
    builder: ListBuilder<StringBuilder>,
}

/// Refuses what offsets of 32 bits do not reach.
pub fn check_column(values: &StringBuilder, more: usize) -> SqlResult<()> {
    if values.values_slice().len().saturating_add(more) > COLUMN_BYTES {
        let message = "the values of one batch take more than 2 GB";
        return Err(SqlError::new(SqlState::ProgramLimit, message));
    }
    Ok(())
}

impl TextLists {
    /// With room for so many rows.
    pub fn new(rows: usize) -> Self {
        Self { builder: ListBuilder::with_capacity(StringBuilder::with_capacity(rows, rows * 16), rows) }
    }

    /// Appends a text to the list of the current row.
    pub fn push(&mut self, value: &str) -> SqlResult<()> {
        check_column(self.builder.values(), value.len())?;
        self.builder.values().append_value(value);
        Ok(())
    }

    /// Appends a text or NULL to the list of the current row.
    pub fn push_option(&mut self, value: Option<&str>) -> SqlResult<()> {
        match value {
            Some(value) => self.push(value)?,
            None => self.builder.values().append_null(),
        }
        Ok(())
    }

    /// Ends the list of the current row.
    pub fn end(&mut self) {
        self.builder.append(true);
    }

    /// Gives the current row no list.
    pub fn null(&mut self) {
        self.builder.append(false);
    }

    /// The column.
    pub fn finish(mut self) -> ArrayRef {
        Arc::new(self.builder.finish())
    }
}

/// A row whose kernel is given whole columns but which is strict for all that.
pub fn strict(row: Row) -> Row {
    Row { strict: true, ..row }
}
