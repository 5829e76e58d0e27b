//! Text read as values of any SQL type, with its modifier: literals, COPY, casts from text, text parameters.
//!
//! ```text
//!  "{1,NULL,\"a b\"}"  ── literal::array ──►  [Some("1"), None, Some("a b")]  ── leaf::parse ──►  a List
//!  "(1,,x)"            ── literal::record ─►  [Some("1"), None, Some("x")]    ── leaf::parse ──►  a Struct
//! ```
//!
//! It promises the values and errors of PostgreSQL 15's input functions. A [`Reader`] that gave an error
//! holds parts of the value that failed and is to be dropped.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use millstream_catalog::{Kind, SqlType};

use super::builder::ValueBuilder;
use super::environment::Environment;
use super::{leaf, literal};
use crate::error::{SqlError, SqlResult};

/// Reads texts into a column of one type.
#[derive(Debug)]
pub struct Reader<'a> {
    sql_type: SqlType,
    environment: &'a Environment,
    explicit: bool,
    builder: ValueBuilder,
}

impl<'a> Reader<'a> {
    /// A reader of a type whose values have that Arrow type (a numeric has two).
    pub fn new(sql_type: &SqlType, data_type: &DataType, environment: &'a Environment) -> SqlResult<Self> {
        let builder = ValueBuilder::new(data_type)?;
        Ok(Self { sql_type: sql_type.clone(), environment, explicit: false, builder })
    }

    /// Cuts texts that are longer than `varchar(n)` and `char(n)` allow, as explicit casts do, where it else
    /// is an error.
    pub fn explicit(self) -> Self {
        Self { explicit: true, ..self }
    }

    /// Reads a text; None is NULL.
    pub fn push(&mut self, text: Option<&str>) -> SqlResult<()> {
        match text {
            Some(text) => read(&self.sql_type, self.explicit, text, self.environment, &mut self.builder),
            None => {
                self.builder.append_null();
                Ok(())
            }
        }
    }

    /// Reads a value in PostgreSQL's binary form; None is NULL.
    pub fn push_binary(&mut self, bytes: Option<&[u8]>) -> SqlResult<()> {
        match bytes {
            Some(bytes) => super::wire::receive(&self.sql_type, bytes, &mut self.builder),
            None => {
                self.builder.append_null();
                Ok(())
            }
        }
    }

    /// Number of values read.
    pub fn len(&self) -> usize {
        self.builder.len()
    }

    /// Whether no value was read.
    pub fn is_empty(&self) -> bool {
        self.builder.is_empty()
    }

    /// Bytes that the values take, about.
    pub fn size(&self) -> usize {
        self.builder.size()
    }

    /// The column; the reader is empty afterwards.
    pub fn finish(&mut self) -> SqlResult<ArrayRef> {
        self.builder.finish()
    }
}

/// The value that a text stands for where it is stored: a text too long for its type is an error.
pub fn scalar(
    text: &str,
    sql_type: &SqlType,
    data_type: &DataType,
    environment: &Environment,
) -> SqlResult<datafusion::scalar::ScalarValue> {
    let mut builder = ValueBuilder::new(data_type)?;
    read(sql_type, false, text, environment, &mut builder)?;
    let array = builder.finish()?;
    datafusion::scalar::ScalarValue::try_from_array(&array, 0)
        .map_err(|error| SqlError::internal(error.to_string()))
}

/// Reads a text as a value of the type and appends it.
pub fn read(
    sql_type: &SqlType,
    explicit: bool,
    text: &str,
    environment: &Environment,
    builder: &mut ValueBuilder,
) -> SqlResult<()> {
    match sql_type {
        SqlType::Scalar(kind @ (Kind::Int2vector | Kind::Oidvector), _) => {
            let element = if *kind == Kind::Int2vector { Kind::Int2 } else { Kind::Oid };
            let elements = builder.elements()?;
            for word in literal::vector(text, element)? {
                leaf::parse(element, -1, explicit, word, environment, elements)?;
            }
            builder.close_list()
        }
        SqlType::Scalar(kind, modifier) => {
            leaf::parse(*kind, *modifier, explicit, text, environment, builder)
        }
        SqlType::Array(element) => {
            let elements = builder.elements()?;
            for item in literal::array(text)? {
                match item {
                    Some(item) => read(element, explicit, &item, environment, elements)?,
                    None => elements.append_null(),
                }
            }
            builder.close_list()
        }
        SqlType::Record(fields) => {
            let items = literal::record(text, fields.len())?;
            let columns = builder.fields()?;
            if columns.len() != fields.len() {
                return Err(SqlError::internal("a record's column has not the fields of its type"));
            }
            for ((item, (_, field)), column) in items.iter().zip(fields.iter()).zip(columns) {
                match item {
                    Some(item) => read(field, explicit, item, environment, column)?,
                    None => column.append_null(),
                }
            }
            builder.close_record()
        }
    }
}
