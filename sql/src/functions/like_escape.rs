//! `like_escape(pattern, escape)`: a pattern of `LIKE … ESCAPE` as one whose escape is the backslash, which is the only
//! one that DataFusion knows. It is Postgres's function of that name, and what `x LIKE p ESCAPE e` is planned with.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};

use super::wrapped;
use crate::error::{SqlError, SqlState};

pub(super) fn like_escape() -> ScalarUDF {
    let escape_all = |arguments: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let (patterns, escapes) = (arrays[0].as_string::<i32>(), arrays[1].as_string::<i32>());
        let rows = patterns.iter().zip(escapes);
        let escaped =
            rows.map(|(pattern, escape)| pattern.zip(escape).map(|(p, e)| escaped(p, e)).transpose());
        let escaped: ArrayRef = Arc::new(escaped.collect::<Result<StringArray>>()?);
        match arguments {
            [ColumnarValue::Scalar(_), ColumnarValue::Scalar(_)] => {
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&escaped, 0)?))
            }
            _ => Ok(ColumnarValue::Array(escaped)),
        }
    };
    let arguments = vec![DataType::Utf8, DataType::Utf8];
    create_udf("like_escape", arguments, DataType::Utf8, Volatility::Immutable, Arc::new(escape_all))
}

/// 22025 for an escape that is more than one character; an empty one escapes nothing.
fn escaped(pattern: &str, escape: &str) -> Result<String> {
    let mut characters = escape.chars();
    let escape = characters.next();
    if characters.next().is_some() {
        let error = SqlError::new(SqlState::InvalidEscapeSequence, "invalid escape string");
        return Err(wrapped(error.with_hint("the escape string must be empty or one character")));
    }
    let mut plain = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            character if Some(character) == escape => {
                let literal = characters.next();
                // A backslash before a letter is that letter; before a wildcard it takes its meaning off.
                plain.push('\\');
                plain.extend(literal);
            }
            '\\' => plain.push_str("\\\\"),
            other => plain.push(other),
        }
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_escape_becomes_a_backslash() {
        assert_eq!(escaped("pg/_%//\\", "/").unwrap(), "pg\\_%\\/\\\\");
        assert_eq!(escaped("a\\_", "").unwrap(), "a\\\\_");
        assert!(escaped("a", "//").is_err());
    }
}
