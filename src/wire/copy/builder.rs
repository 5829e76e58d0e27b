//! Column builders that read their values from text, as Postgres's input functions do.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::Field;
use millstream_catalog::SqlType;
use millstream_sql::SqlResult;
use millstream_sql::types::builder::ValueBuilder;
use millstream_sql::types::environment::Environment;
use millstream_sql::types::{read, wire};

/// A column under construction.
pub(super) struct Builder {
    sql_type: SqlType,
    environment: Arc<Environment>,
    values: ValueBuilder,
}

impl Builder {
    /// A builder for a column of a relation.
    pub(super) fn new(field: &Field, environment: &Arc<Environment>) -> SqlResult<Builder> {
        Ok(Builder {
            sql_type: SqlType::of_field(field),
            environment: Arc::clone(environment),
            values: ValueBuilder::new(field.data_type())?,
        })
    }

    /// Appends NULL.
    pub(super) fn append_null(&mut self) {
        self.values.append_null();
    }

    /// Appends the value that a text stands for.
    #[inline]
    pub(super) fn append(&mut self, text: &str) -> SqlResult<()> {
        read::read(&self.sql_type, false, text, &self.environment, &mut self.values)
    }

    /// Appends a value in Postgres's binary form.
    pub(super) fn append_binary(&mut self, bytes: &[u8]) -> SqlResult<()> {
        wire::receive(&self.sql_type, bytes, &mut self.values)
    }

    /// The column so far; the builder is empty again.
    pub(super) fn finish(&mut self) -> SqlResult<ArrayRef> {
        self.values.finish()
    }
}
