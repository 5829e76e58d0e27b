//! The fields of one record on their way into the column builders.

use arrow::datatypes::Schema;
use millstream_sql::statement::CopyOptions;
use millstream_sql::{SqlError, SqlState};

use super::Fault;
use super::builder::Builder;

/// A row that is being built, field by field.
pub(super) struct Row<'a> {
    schema: &'a Schema,
    builders: &'a mut [Builder],
    null: &'a str,
    next: usize,
}

impl<'a> Row<'a> {
    pub(super) fn new(schema: &'a Schema, builders: &'a mut [Builder], options: &'a CopyOptions) -> Self {
        Row { schema, builders, null: &options.null, next: 0 }
    }

    /// Takes a field as it stands in the data: NULL if it is the NULL string.
    #[inline]
    pub(super) fn raw(&mut self, field: &str) -> Result<(), Fault> {
        if field == self.null { self.null() } else { self.value(field) }
    }

    /// Whether a raw field is the NULL string.
    pub(super) fn is_null(&self, raw: &str) -> bool {
        raw == self.null
    }

    /// Takes a NULL.
    pub(super) fn null(&mut self) -> Result<(), Fault> {
        self.builder()?.append_null();
        self.next += 1;
        Ok(())
    }

    /// Takes a value, its quotes and escapes already gone.
    #[inline]
    pub(super) fn value(&mut self, value: &str) -> Result<(), Fault> {
        let column = self.next;
        self.builder()?.append(value).map_err(|error| Fault::Field(column, value.to_owned(), error))?;
        self.next += 1;
        Ok(())
    }

    /// An error of the field that would come next.
    pub(super) fn fault(&self, raw: &str, error: SqlError) -> Fault {
        if self.next < self.builders.len() {
            Fault::Field(self.next, raw.to_owned(), error)
        } else {
            Fault::Record(error)
        }
    }

    #[inline]
    fn builder(&mut self) -> Result<&mut Builder, Fault> {
        self.builders.get_mut(self.next).ok_or_else(|| {
            Fault::Record(SqlError::new(SqlState::BadCopyFormat, "extra data after last expected column"))
        })
    }

    /// The record has ended.
    pub(super) fn end(self) -> Result<(), Fault> {
        if self.next == self.builders.len() {
            return Ok(());
        }
        let message = format!("missing data for column \"{}\"", self.schema.field(self.next).name());
        Err(Fault::Record(SqlError::new(SqlState::BadCopyFormat, message)))
    }
}
