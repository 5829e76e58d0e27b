//! A column of an answer, ready to be written cell by cell in Postgres's text or binary form.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::Field;
use bytes::{BufMut, BytesMut};
use millstream_catalog::SqlType;
use millstream_sql::types::environment::Environment;
use millstream_sql::types::{print, sent_type, wire};

use crate::Result;

/// A column, its SQL type and the settings that it is printed under.
#[derive(Debug)]
pub struct Column {
    sql_type: SqlType,
    array: ArrayRef,
    environment: Arc<Environment>,
    text: String,
    bytes: Vec<u8>,
}

impl Column {
    /// A column of a field; 22003 for an unsigned value that `bigint` does not hold.
    pub fn new(field: &Field, array: &ArrayRef, environment: &Arc<Environment>) -> Result<Column> {
        let sql_type = SqlType::of_field(field);
        // What a foreign function gave may be of an Arrow type that no SQL type has.
        let array = match sent_type(array.data_type()) {
            Some(sent) if sent != *array.data_type() && sql_type.data_type() != *array.data_type() => {
                let options = arrow::compute::CastOptions { safe: false, ..Default::default() };
                arrow::compute::cast_with_options(array, &sent, &options)?
            }
            _ => Arc::clone(array),
        };
        let environment = Arc::clone(environment);
        Ok(Column { sql_type, array, environment, text: String::new(), bytes: vec![] })
    }

    /// Whether a row's cell is NULL.
    pub fn is_null(&self, row: usize) -> bool {
        self.array.is_null(row)
    }

    /// Writes a cell that is not NULL as text.
    pub fn put_text(&mut self, row: usize, out: &mut BytesMut) -> Result<()> {
        self.text.clear();
        print::print(&self.sql_type, self.array.as_ref(), row, &self.environment, &mut self.text)?;
        out.put_slice(self.text.as_bytes());
        Ok(())
    }

    /// Writes a cell that is not NULL in Postgres's binary form.
    pub fn put_binary(&mut self, row: usize, out: &mut BytesMut) -> Result<()> {
        self.bytes.clear();
        wire::send(&self.sql_type, self.array.as_ref(), row, &mut self.bytes)?;
        out.put_slice(&self.bytes);
        Ok(())
    }
}

/// Writes a value after its length; -1 in place of a length when `write` says that there is no value.
pub fn put_sized(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut) -> Result<bool>) -> Result<()> {
    let at = out.len();
    out.put_i32(-1);
    if write(out)? {
        let length = (out.len() - at - 4) as i32;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}
