//! `string_agg`, of texts and of bytes.
//!
//! A value that is NULL is left out; a delimiter that is NULL is empty. The delimiter of a row stands before
//! its value, so that the first row's is not seen; it is kept for when the state becomes the later part of
//! another.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, StringArray};
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult};
use crate::functions::adapt::{Bytea, Input, Text};
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate};
use crate::types::environment::Environment;
use crate::types::text::check_size;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    let row = |kind: Kind| {
        let kind = Param::Of(kind);
        aggregate("string_agg", &[kind, kind], kind, make).takes_null().grows()
    };
    vec![row(Kind::Text), row(Kind::Bytea)]
}

fn make(_arguments: &[SqlType], returns: &SqlType) -> Box<dyn Accumulator> {
    Box::new(Joined { bytes: returns.is(Kind::Bytea), delimiter: 0, joined: None })
}

/// The values of a group with the delimiters between them.
#[derive(Debug)]
struct Joined {
    /// Whether the values are bytes, not texts.
    bytes: bool,
    /// Length of the first row's delimiter.
    delimiter: usize,
    /// The first row's delimiter and all that follows; None before the first value.
    joined: Option<Vec<u8>>,
}

impl Joined {
    fn value<'a>(&self, argument: &'a Argument, row: usize) -> SqlResult<Option<&'a [u8]>> {
        if argument.is_null(row) {
            return Ok(None);
        }
        let (array, row) = (argument.array.as_ref(), argument.at(row));
        Ok(Some(if self.bytes {
            Bytea::array(array)?.value(row)
        } else {
            Text::array(array)?.value(row).as_bytes()
        }))
    }

    fn push(&mut self, delimiter: &[u8], value: &[u8]) -> SqlResult<()> {
        let held = self.joined.as_ref().map_or(0, Vec::len);
        check_size(held.saturating_add(delimiter.len()).saturating_add(value.len()))?;
        if self.joined.is_none() {
            self.delimiter = delimiter.len();
        }
        let joined = self.joined.get_or_insert_default();
        joined.extend_from_slice(delimiter);
        joined.extend_from_slice(value);
        Ok(())
    }
}

impl Accumulator for Joined {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let [value, delimiter] = arguments else {
            return Err(SqlError::internal("string_agg without its two arguments"));
        };
        let Some(value) = self.value(value, row)? else { return Ok(()) };
        let delimiter = self.value(delimiter, row)?.unwrap_or_default();
        self.push(delimiter, value)
    }

    /// Nothing for no values; else the delimiter's length in 8 bytes, and the bytes.
    fn state(&self) -> SqlResult<Vec<u8>> {
        let Some(joined) = &self.joined else { return Ok(vec![]) };
        let length = u64::try_from(self.delimiter).unwrap_or(u64::MAX).to_le_bytes();
        Ok([length.as_slice(), joined].concat())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let Some((length, joined)) = state.split_first_chunk::<8>() else { return Ok(()) };
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((delimiter, values)) = joined.split_at_checked(length) else {
            return Err(SqlError::internal("a state of string_agg that is cut short"));
        };
        self.push(delimiter, values)
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let value = self.joined.as_ref().map(|joined| &joined[self.delimiter..]);
        if self.bytes {
            return Ok(Arc::new(BinaryArray::from(vec![value])));
        }
        let text = value
            .map(|value| std::str::from_utf8(value).map_err(|error| SqlError::internal(error.to_string())))
            .transpose()?;
        Ok(Arc::new(StringArray::from(vec![text])))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.joined.as_ref().map_or(0, Vec::capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[Option<&str>]) -> Argument {
        let array = Arc::new(StringArray::from(values.to_vec()));
        Argument { array, constant: false, sql_type: Kind::Text.into() }
    }

    fn finished(accumulator: &dyn Accumulator) -> Option<String> {
        let array = accumulator.finish(&Environment::default()).unwrap();
        let texts = array.as_any().downcast_ref::<StringArray>().unwrap();
        texts.iter().next().flatten().map(str::to_owned)
    }

    #[test]
    fn values_are_joined_in_parts_as_in_one() {
        let values = [None, Some("a"), None, Some(""), Some("b"), Some("c")];
        let delimiters = [Some("0"), Some("1"), Some("2"), Some("3"), None, Some("5")];
        let arguments = [column(&values), column(&delimiters)];
        let make = || make(&[], &Kind::Text.into());
        let mut whole = make();
        whole.update_all(&arguments, &mut (0..6)).unwrap();
        assert_eq!(finished(whole.as_ref()).as_deref(), Some("a3b5c"));
        for split in 0..=6 {
            let (mut first, mut second) = (make(), make());
            first.update_all(&arguments, &mut (0..split)).unwrap();
            second.update_all(&arguments, &mut (split..6)).unwrap();
            first.merge(&second.state().unwrap()).unwrap();
            assert_eq!(finished(first.as_ref()).as_deref(), Some("a3b5c"), "{split}");
        }
        assert_eq!(finished(make().as_ref()), None);
    }
}
