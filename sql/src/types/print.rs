//! Values of any SQL type printed as PostgreSQL 15's output functions print them.
//!
//! ```text
//!  {1,NULL,"a b"}     an array: elements quoted where array_in would not read them back bare
//!  (1,,"a b")         a record: NULL is nothing at all
//!  1 2 3              a vector
//! ```

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;
use millstream_catalog::{Kind, SqlType};

use super::builder::wrong_type;
use super::environment::Environment;
use super::leaf;
use super::leaf_small::is_space;
use crate::error::{SqlError, SqlResult};

/// Prints the values of one column.
#[derive(Debug)]
pub struct Printer<'a> {
    sql_type: SqlType,
    array: ArrayRef,
    environment: &'a Environment,
    words: bool,
}

impl<'a> Printer<'a> {
    /// A printer of a column of the type.
    pub fn new(sql_type: &SqlType, array: &ArrayRef, environment: &'a Environment) -> SqlResult<Self> {
        let (sql_type, array) = (sql_type.clone(), array.clone());
        Ok(Self { sql_type, array, environment, words: false })
    }

    /// Prints a boolean as `true` or `false`, as a cast to text does; inside arrays and records it stays `t`
    /// or `f`.
    pub fn words(self) -> Self {
        Self { words: true, ..self }
    }

    /// Appends the text of a row, which is not NULL.
    #[inline]
    pub fn print(&self, row: usize, text: &mut String) -> SqlResult<()> {
        if self.words && self.sql_type.is(Kind::Boolean) {
            text.push_str(if leaf::boolean_at(&self.array, row)? { "true" } else { "false" });
            return Ok(());
        }
        print(&self.sql_type, &self.array, row, self.environment, text)
    }
}

/// Appends the text of the value of a row, which is not NULL.
pub fn print(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: &Environment,
    text: &mut String,
) -> SqlResult<()> {
    match sql_type {
        SqlType::Scalar(kind @ (Kind::Int2vector | Kind::Oidvector), _) => {
            let element = if *kind == Kind::Int2vector { Kind::Int2 } else { Kind::Oid };
            let list = array.as_list_opt::<i32>().ok_or_else(|| wrong_type("List", array.data_type()))?;
            let range = list.value_offsets()[row] as usize..list.value_offsets()[row + 1] as usize;
            for index in range.clone() {
                if index != range.start {
                    text.push(' ');
                }
                leaf::print(element, list.values(), index, environment, text)?;
            }
            Ok(())
        }
        SqlType::Scalar(kind, _) => leaf::print(*kind, array, row, environment, text),
        SqlType::Array(element) => {
            let list = array.as_list_opt::<i32>().ok_or_else(|| wrong_type("List", array.data_type()))?;
            let range = list.value_offsets()[row] as usize..list.value_offsets()[row + 1] as usize;
            let values = list.values();
            let may_need_quotes = may_need_quotes(element);
            text.push('{');
            for index in range.clone() {
                if index != range.start {
                    text.push(',');
                }
                if is_null(values, index) {
                    text.push_str("NULL");
                    continue;
                }
                let start = text.len();
                print(element, values, index, environment, text)?;
                if may_need_quotes && array_needs_quotes(&text[start..]) {
                    quote(text, start, "\\");
                }
            }
            text.push('}');
            Ok(())
        }
        SqlType::Record(fields) => {
            let record = array.as_struct_opt().ok_or_else(|| wrong_type("Struct", array.data_type()))?;
            if record.num_columns() != fields.len() {
                return Err(SqlError::internal("a record's column has not the fields of its type"));
            }
            text.push('(');
            for (index, ((_, field), column)) in fields.iter().zip(record.columns()).enumerate() {
                if index > 0 {
                    text.push(',');
                }
                if is_null(column, row) {
                    continue;
                }
                let start = text.len();
                print(field, column, row, environment, text)?;
                if may_need_quotes(field) && record_needs_quotes(&text[start..]) {
                    quote(text, start, "");
                }
            }
            text.push(')');
            Ok(())
        }
    }
}

fn is_null(array: &dyn Array, row: usize) -> bool {
    array.is_null(row) || array.data_type() == &DataType::Null
}

/// Whether a value of the type could have a text that needs quotes; numbers never have.
fn may_need_quotes(sql_type: &SqlType) -> bool {
    !matches!(
        sql_type.kind(),
        Some(
            Kind::Boolean
                | Kind::Int2
                | Kind::Int4
                | Kind::Int8
                | Kind::Float4
                | Kind::Float8
                | Kind::Numeric
                | Kind::Oid
                | Kind::Uuid
        )
    )
}

/// Whether array_in would not read an element's text back as it stands.
fn array_needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.eq_ignore_ascii_case("null")
        || text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | b'{' | b'}' | b',') || is_space(byte))
}

/// Whether record_in would not read a field's text back as it stands.
fn record_needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',') || is_space(byte))
}

/// Puts the text from `start` on into double quotes. Quotes and backslashes in it are escaped by a backslash,
/// or where `escape` is empty by being doubled.
fn quote(text: &mut String, start: usize, escape: &str) {
    let bare = text.split_off(start);
    text.push('"');
    for c in bare.chars() {
        match c {
            '"' | '\\' if escape.is_empty() => text.push(c),
            '"' | '\\' => text.push_str(escape),
            _ => {}
        }
        text.push(c);
    }
    text.push('"');
}
