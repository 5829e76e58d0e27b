//! Loops over columns of wide numerics: operators that most rows take without leaving 128 bits.
//!
//! Answers are written straight into one buffer of bytes and its offsets: a builder's checks for each row would cost
//! more than the arithmetic.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryArray, BooleanArray};
use arrow::buffer::{BooleanBuffer, OffsetBuffer};

use super::columns::nulls;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Argument, Call, wrong_array};
use crate::types::numeric::Numeric;

/// A column of numerics: its array, and the value where it is constant.
struct Column<'a> {
    array: &'a BinaryArray,
    constant: Option<Numeric>,
}

impl<'a> Column<'a> {
    fn of(argument: &'a Argument) -> SqlResult<Self> {
        let array = argument
            .array
            .as_binary_opt::<i32>()
            .ok_or_else(|| wrong_array("Binary", argument.array.as_ref()))?;
        let constant = (argument.constant && !argument.is_null(0)).then(|| Numeric::from_bytes(array.value(0)));
        Ok(Self { array, constant })
    }

    #[inline]
    fn with<T>(&self, row: usize, take: impl FnOnce(&Numeric) -> T) -> T {
        match &self.constant {
            Some(value) => take(value),
            None => take(&Numeric::from_bytes(self.array.value(row))),
        }
    }
}

fn arguments<'a>(call: &'a Call<'_>) -> SqlResult<(&'a Argument, &'a Argument)> {
    match call.arguments {
        [left, right] => Ok((left, right)),
        _ => Err(SqlError::internal("two arguments are wanted")),
    }
}

/// An operator on two columns of numerics.
pub fn binary(
    call: &Call<'_>,
    operation: impl Fn(&Numeric, &Numeric) -> SqlResult<Numeric>,
) -> SqlResult<ArrayRef> {
    let (left, right) = arguments(call)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(BinaryArray::new_null(call.rows)));
    };
    let (left, right) = (Column::of(left)?, Column::of(right)?);
    let mut bytes: Vec<u8> = Vec::with_capacity(call.rows * 12);
    let mut offsets: Vec<i32> = Vec::with_capacity(call.rows + 1);
    offsets.push(0);
    for row in 0..call.rows {
        if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
            let answer = left.with(row, |left| right.with(row, |right| operation(left, right)))?;
            answer.with_bytes(|answer| bytes.extend_from_slice(answer));
        }
        let Ok(end) = i32::try_from(bytes.len()) else {
            let message = "the values of one batch take more than 2 GB";
            return Err(SqlError::new(SqlState::ProgramLimit, message));
        };
        offsets.push(end);
    }
    let array = BinaryArray::try_new(OffsetBuffer::new(offsets.into()), bytes.into(), nulls);
    Ok(Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?))
}

/// A comparison of two columns of numerics.
pub fn compare(call: &Call<'_>, holds: impl Fn(Ordering) -> bool) -> SqlResult<ArrayRef> {
    let (left, right) = arguments(call)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(BooleanArray::new_null(call.rows)));
    };
    let (left, right) = (Column::of(left)?, Column::of(right)?);
    let answers = BooleanBuffer::collect_bool(call.rows, |row| {
        nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row))
            && left.with(row, |left| right.with(row, |right| holds(left.cmp(right))))
    });
    Ok(Arc::new(BooleanArray::new(answers, nulls)))
}
