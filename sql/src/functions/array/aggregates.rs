//! Aggregates over values of any type: `array_agg`, `min` and `max` of arrays, `any_value` (as PostgreSQL 16
//! has it).
//!
//! What they hold lies in [`Kept`], whose state is the binary form of an array of it.

use arrow::array::{Array, ArrayRef, AsArray, new_null_array};
use arrow::datatypes::DataType;
use millstream_catalog::SqlType;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate};
use crate::types::builder::{VALUE_BYTES, ValueBuilder, list_of, too_large};
use crate::types::compare::Comparator;
use crate::types::conform::conform;
use crate::types::environment::Environment;
use crate::types::literal::several_dimensions;
use crate::types::wire;

pub(super) fn rows() -> Vec<Row> {
    use Param::{AnyArray, AnyElement, AnyNonArray};
    vec![
        aggregate("array_agg", &[AnyNonArray], AnyArray, |arguments, returns| {
            Box::new(Collect { kept: Kept::new(first(arguments)), returns: returns.clone() })
        })
        .takes_null()
        .grows(),
        aggregate("array_agg", &[AnyArray], AnyArray, |_, returns| {
            Box::new(Nested { returns: returns.clone(), length: None })
        })
        .takes_null(),
        aggregate("any_value", &[AnyElement], AnyElement, |arguments, returns| {
            Box::new(Any { kept: Kept::new(first(arguments)), returns: returns.clone() })
        })
        .safe(),
    ]
}

/// `max` (greatest) or `min` of values of any type that has an order.
pub fn extreme(argument: &SqlType, returns: &SqlType, greatest: bool) -> Box<dyn Accumulator> {
    Box::new(Extreme { kept: Kept::new(argument.clone()), returns: returns.clone(), greatest })
}

fn first(arguments: &[SqlType]) -> SqlType {
    arguments.first().cloned().unwrap_or(millstream_catalog::Kind::Text.into())
}

/// Values of one type that an aggregate holds.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) sql_type: SqlType,
    /// The Arrow type is that of the first value: a numeric has two.
    builder: Option<(DataType, ValueBuilder)>,
}

impl Kept {
    pub(crate) fn new(sql_type: SqlType) -> Self {
        Self { sql_type, builder: None }
    }

    /// Takes the value of a row of an argument.
    pub(crate) fn push(&mut self, argument: &Argument, row: usize) -> SqlResult<()> {
        self.push_from(&argument.array, argument.at(row))
    }

    /// Takes the value of a row of an array.
    pub(crate) fn push_from(&mut self, array: &ArrayRef, row: usize) -> SqlResult<()> {
        if self.builder.is_none() {
            let data_type = match array.data_type() {
                DataType::Null => self.sql_type.data_type(),
                other => other.clone(),
            };
            let builder = ValueBuilder::new(&data_type)?;
            self.builder = Some((data_type, builder));
        }
        let Some((data_type, builder)) = &mut self.builder else {
            return Err(SqlError::internal("a builder that was just made is missing"));
        };
        if array.data_type() == data_type {
            return builder.append_from(array.as_ref(), row);
        }
        builder.append_from(&conform(&array.slice(row, 1), data_type)?, 0)
    }

    /// Forgets all values.
    pub(crate) fn clear(&mut self) {
        self.builder = None;
    }

    pub(crate) fn len(&self) -> usize {
        self.builder.as_ref().map_or(0, |(_, builder)| builder.len())
    }

    pub(crate) fn size(&self) -> usize {
        self.builder.as_ref().map_or(0, |(_, builder)| builder.size())
    }

    /// The values as a column.
    pub(crate) fn column(&self) -> SqlResult<ArrayRef> {
        match &self.builder {
            Some((_, builder)) => builder.snapshot(),
            None => Ok(new_null_array(&self.sql_type.data_type(), 0)),
        }
    }

    /// The values as bytes.
    pub(crate) fn state(&self) -> SqlResult<Vec<u8>> {
        let column = self.column()?;
        let mut bytes = vec![];
        for row in 0..column.len() {
            if column.is_null(row) {
                bytes.extend((-1i32).to_be_bytes());
                continue;
            }
            let start = bytes.len();
            bytes.extend([0; 4]);
            wire::send(&self.sql_type, column.as_ref(), row, &mut bytes)?;
            let length = i32::try_from(bytes.len() - start - 4).map_err(|_| too_large(bytes.len()))?;
            bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
        }
        Ok(bytes)
    }

    /// The values of a state as a column.
    pub(crate) fn read(&self, mut state: &[u8]) -> SqlResult<ArrayRef> {
        let damaged = || SqlError::internal("a damaged state of an aggregate");
        let plain = self.sql_type.plain();
        let mut builder = ValueBuilder::new(&plain.data_type())?;
        while let Some((length, rest)) = state.split_first_chunk::<4>() {
            let length = i32::from_be_bytes(*length);
            if length == -1 {
                builder.append_null();
                state = rest;
                continue;
            }
            let (value, rest) = usize::try_from(length)
                .ok()
                .and_then(|length| rest.split_at_checked(length))
                .ok_or_else(damaged)?;
            wire::receive(&plain, value, &mut builder)?;
            state = rest;
        }
        builder.finish()
    }

    /// Takes the values of a state.
    pub(crate) fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let column = self.read(state)?;
        (0..column.len()).try_for_each(|row| self.push_from(&column, row))
    }
}

/// `array_agg` of values.
#[derive(Debug)]
struct Collect {
    kept: Kept,
    returns: SqlType,
}

impl Accumulator for Collect {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = arguments.first().ok_or_else(|| SqlError::internal("an argument is missing"))?;
        self.kept.push(argument, row)?;
        let size = self.kept.size();
        if size > VALUE_BYTES { Err(too_large(size)) } else { Ok(()) }
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        self.kept.state()
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        self.kept.merge(state)?;
        let size = self.kept.size();
        if size > VALUE_BYTES { Err(too_large(size)) } else { Ok(()) }
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let data_type = self.returns.data_type();
        let DataType::List(field) = &data_type else {
            return Err(SqlError::internal("array_agg answers with no array"));
        };
        if self.kept.len() == 0 {
            return Ok(new_null_array(&data_type, 1));
        }
        let elements = conform(&self.kept.column()?, field.data_type())?;
        let end = i32::try_from(elements.len()).map_err(|_| too_large(elements.len()))?;
        list_of(field.clone(), vec![0, end], elements, None)
    }

    fn size(&self) -> usize {
        self.kept.size()
    }
}

/// `array_agg` of arrays, which would have two dimensions.
#[derive(Debug)]
struct Nested {
    returns: SqlType,
    /// How many elements each array has.
    length: Option<usize>,
}

impl Nested {
    /// Takes an array of that many elements; what is made of them has two dimensions, which are not built.
    fn take(&mut self, length: usize) -> SqlResult<()> {
        let refuse = |message: &str| Err(SqlError::new(SqlState::ArraySubscript, message));
        match self.length.replace(length) {
            _ if length == 0 => refuse("cannot accumulate empty arrays"),
            Some(known) if known != length => refuse("cannot accumulate arrays of different dimensionality"),
            _ => Ok(()),
        }
    }
}

impl Accumulator for Nested {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let Some(argument) = arguments.first() else { return Err(several_dimensions()) };
        if argument.is_null(row) {
            return Err(SqlError::new(SqlState::NullNotAllowed, "cannot accumulate null arrays"));
        }
        let Some(list) = argument.array.as_list_opt::<i32>() else { return Err(several_dimensions()) };
        self.take(list.value_length(argument.at(row)) as usize)
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.length.map_or(vec![], |length| (length as u64).to_be_bytes().to_vec()))
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        match state.first_chunk::<8>() {
            Some(length) => self.take(u64::from_be_bytes(*length) as usize),
            None => Ok(()),
        }
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        if self.length.is_some() {
            return Err(several_dimensions());
        }
        Ok(new_null_array(&self.returns.data_type(), 1))
    }

    fn size(&self) -> usize {
        0
    }
}

/// The greatest or the least value.
#[derive(Debug)]
struct Extreme {
    kept: Kept,
    returns: SqlType,
    greatest: bool,
}

impl Extreme {
    fn take(&mut self, array: &ArrayRef, row: usize, comparator: Option<&Comparator>) -> SqlResult<()> {
        if array.is_null(row) {
            return Ok(());
        }
        if let Some(order) = comparator.map(|comparator| comparator.compare(row, 0)) {
            let better = if self.greatest { order.is_gt() } else { order.is_lt() };
            if !better {
                return Ok(());
            }
        }
        self.kept.clear();
        self.kept.push_from(array, row)
    }

    fn compared(&self, array: &ArrayRef) -> SqlResult<Option<Comparator>> {
        if self.kept.len() == 0 {
            // Asked for even so, for its error.
            Comparator::new(&self.kept.sql_type, array, array)?;
            return Ok(None);
        }
        Ok(Some(Comparator::new(&self.kept.sql_type, array, &self.kept.column()?)?))
    }
}

impl Accumulator for Extreme {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        self.update_all(arguments, &mut std::iter::once(row))
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = arguments.first().ok_or_else(|| SqlError::internal("an argument is missing"))?;
        // The best of these rows first, then against the one that is held.
        let within = Comparator::new(&self.kept.sql_type, &argument.array, &argument.array)?;
        let mut best: Option<usize> = None;
        for row in rows.map(|row| argument.at(row)) {
            if within.left_null(row) {
                continue;
            }
            let better = best.is_none_or(|best| {
                let order = within.compare(row, best);
                if self.greatest { order.is_gt() } else { order.is_lt() }
            });
            if better {
                best = Some(row);
            }
        }
        match best {
            Some(best) => {
                let comparator = self.compared(&argument.array)?;
                self.take(&argument.array, best, comparator.as_ref())
            }
            None => Ok(()),
        }
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        self.kept.state()
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let column = self.kept.read(state)?;
        for row in 0..column.len() {
            let comparator = self.compared(&column)?;
            self.take(&column, row, comparator.as_ref())?;
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        one(&self.kept, &self.returns)
    }

    fn size(&self) -> usize {
        self.kept.size()
    }
}

/// The first value that comes.
#[derive(Debug)]
struct Any {
    kept: Kept,
    returns: SqlType,
}

impl Accumulator for Any {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        match arguments.first() {
            Some(argument) if self.kept.len() == 0 && !argument.is_null(row) => self.kept.push(argument, row),
            _ => Ok(()),
        }
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        self.kept.state()
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if self.kept.len() == 0 { self.kept.merge(state) } else { Ok(()) }
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        one(&self.kept, &self.returns)
    }

    fn size(&self) -> usize {
        self.kept.size()
    }
}

/// The one value that is held, else NULL.
fn one(kept: &Kept, returns: &SqlType) -> SqlResult<ArrayRef> {
    if kept.len() == 0 {
        return Ok(new_null_array(&returns.data_type(), 1));
    }
    conform(&kept.column()?, &returns.data_type())
}
