//! The fields of one record on their way into the column builders.

use arrow::datatypes::Schema;
use millstream_sql::text::statement::CopyOptions;
use millstream_sql::{SqlError, SqlState};

use super::builder::Builder;
use super::{Fault, Forced};

/// A row that is being built, field by field.
pub(super) struct Row<'a> {
    target: Target<'a>,
    null: &'a str,
    next: usize,
}

/// Where fields go.
enum Target<'a> {
    /// Into the columns of a schema.
    Columns { schema: &'a Schema, builders: &'a mut [Builder], forced: &'a Forced },
    /// Into the names of a header line, as many as there are.
    Names(&'a mut Vec<Option<String>>),
}

impl<'a> Row<'a> {
    /// A row of the columns of a schema.
    pub(super) fn new(
        schema: &'a Schema,
        builders: &'a mut [Builder],
        options: &'a CopyOptions,
        forced: &'a Forced,
    ) -> Self {
        Row { target: Target::Columns { schema, builders, forced }, null: &options.null, next: 0 }
    }

    /// A header line.
    pub(super) fn of_names(names: &'a mut Vec<Option<String>>, options: &'a CopyOptions) -> Self {
        Row { target: Target::Names(names), null: &options.null, next: 0 }
    }

    /// Takes a field as it stands in the data: NULL if it is the NULL string.
    #[inline]
    pub(super) fn raw(&mut self, field: &str) -> Result<(), Fault> {
        if field == self.null && !self.is_forced(|forced| &forced.not_null) {
            self.null()
        } else {
            self.value(field)
        }
    }

    /// Takes a field that was quoted in CSV, its quotes already gone.
    pub(super) fn quoted(&mut self, field: &str) -> Result<(), Fault> {
        if field == self.null && self.is_forced(|forced| &forced.null) {
            self.null()
        } else {
            self.value(field)
        }
    }

    /// Whether a raw field is the NULL string.
    pub(super) fn is_null(&self, raw: &str) -> bool {
        raw == self.null
    }

    fn is_forced(&self, which: impl Fn(&Forced) -> &Vec<bool>) -> bool {
        match &self.target {
            Target::Columns { forced, .. } => which(forced).get(self.next) == Some(&true),
            Target::Names(_) => false,
        }
    }

    /// Takes a NULL.
    pub(super) fn null(&mut self) -> Result<(), Fault> {
        match &mut self.target {
            Target::Columns { builders, .. } => {
                builders.get_mut(self.next).ok_or_else(too_many)?.append_null()
            }
            Target::Names(names) => names.push(None),
        }
        self.next += 1;
        Ok(())
    }

    /// Takes a value, its quotes and escapes already gone.
    #[inline]
    pub(super) fn value(&mut self, value: &str) -> Result<(), Fault> {
        let column = self.next;
        match &mut self.target {
            Target::Columns { builders, .. } => builders
                .get_mut(column)
                .ok_or_else(too_many)?
                .append(value)
                .map_err(|error| Fault::Field(column, value.to_owned(), error))?,
            Target::Names(names) => names.push(Some(value.to_owned())),
        }
        self.next += 1;
        Ok(())
    }

    /// An error of the field that would come next.
    pub(super) fn fault(&self, raw: &str, error: SqlError) -> Fault {
        match &self.target {
            Target::Columns { builders, .. } if self.next < builders.len() => {
                Fault::Field(self.next, raw.to_owned(), error)
            }
            _ => Fault::Record(error),
        }
    }

    /// The record has ended.
    pub(super) fn end(self) -> Result<(), Fault> {
        let Target::Columns { schema, builders, .. } = &self.target else { return Ok(()) };
        if self.next == builders.len() {
            return Ok(());
        }
        let message = format!("missing data for column \"{}\"", schema.field(self.next).name());
        Err(Fault::Record(SqlError::new(SqlState::BadCopyFormat, message)))
    }
}

fn too_many() -> Fault {
    Fault::Record(SqlError::new(SqlState::BadCopyFormat, "extra data after last expected column"))
}
