//! Loops over columns of wide numerics: operators that most rows take without leaving 128 bits.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryArray, BooleanArray};
use arrow::buffer::BooleanBuffer;

use super::columns::nulls;
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Call, wrong_array};
use crate::types::numeric::Numeric;
use crate::types::numeric::column::{ColumnReader, ColumnWriter, Small};
use crate::types::numeric::digits::small_power;

/// The values of an argument.
struct Values<'a> {
    column: ColumnReader<'a>,
    /// The value of every row, where it is one.
    constant: Option<Option<Small>>,
}

impl<'a> Values<'a> {
    fn of(argument: &'a Argument) -> SqlResult<Self> {
        let array = argument
            .array
            .as_binary_opt::<i32>()
            .ok_or_else(|| wrong_array("Binary", argument.array.as_ref()))?;
        let column = ColumnReader::of(array);
        let constant = argument.constant.then(|| column.small(0));
        Ok(Self { column, constant })
    }

    #[inline]
    fn small(&self, row: usize) -> Option<Small> {
        match self.constant {
            Some(constant) => constant,
            None => self.column.small(row),
        }
    }

    fn value(&self, row: usize) -> Numeric {
        self.column.value(if self.constant.is_some() { 0 } else { row })
    }
}

fn arguments<'a>(call: &'a Call<'_>) -> SqlResult<(&'a Argument, &'a Argument)> {
    match call.arguments {
        [left, right] => Ok((left, right)),
        _ => Err(SqlError::internal("two arguments are wanted")),
    }
}

/// An operator on two columns of numerics. `small` is the same operator on values of 128 bits, where it stays in them:
/// it is tried first, since most values are so.
pub fn binary(
    call: &Call<'_>,
    small: impl Fn(Small, Small) -> Option<Small>,
    operation: impl Fn(&Numeric, &Numeric) -> SqlResult<Numeric>,
) -> SqlResult<ArrayRef> {
    let (left, right) = arguments(call)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(BinaryArray::new_null(call.rows)));
    };
    let (left, right) = (Values::of(left)?, Values::of(right)?);
    let mut answers = ColumnWriter::with_capacity(call.rows);
    for row in 0..call.rows {
        if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
            let both = left.small(row).zip(right.small(row));
            match both.and_then(|(left, right)| small(left, right)) {
                Some((coefficient, scale)) => answers.push_small(coefficient, scale),
                None => answers.push(&operation(&left.value(row), &right.value(row))?),
            }
        }
        answers.end_row()?;
    }
    Ok(Arc::new(answers.finish(nulls)?))
}

/// A comparison of two columns of numerics.
pub fn compare(call: &Call<'_>, holds: impl Fn(Ordering) -> bool) -> SqlResult<ArrayRef> {
    let (left, right) = arguments(call)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(BooleanArray::new_null(call.rows)));
    };
    let (left, right) = (Values::of(left)?, Values::of(right)?);
    let answers = BooleanBuffer::collect_bool(call.rows, |row| {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return false;
        }
        holds(match (left.small(row), right.small(row)) {
            (Some((left, left_scale)), Some((right, right_scale))) if left_scale == right_scale => {
                left.cmp(&right)
            }
            _ => left.value(row).cmp(&right.value(row)),
        })
    });
    Ok(Arc::new(BooleanArray::new(answers, nulls)))
}

/// Both coefficients at the greater scale.
#[inline]
fn aligned(left: Small, right: Small) -> Option<(i128, i128, u16)> {
    if left.1 == right.1 {
        return Some((left.0, right.0, left.1));
    }
    let raise = |value: i128, up: u16| product(value, small_power(u32::from(up))?);
    if left.1 < right.1 {
        Some((raise(left.0, right.1 - left.1)?, right.0, right.1))
    } else {
        Some((left.0, raise(right.0, left.1 - right.1)?, left.1))
    }
}

/// A product of 128 bits. The processor has none that says whether it overflowed: that it cannot is seen by the
/// lengths of most factors.
#[inline]
fn product(left: i128, right: i128) -> Option<i128> {
    if left.unsigned_abs().leading_zeros() + right.unsigned_abs().leading_zeros() > 128 {
        return Some(left.wrapping_mul(right));
    }
    left.checked_mul(right)
}

/// left + right in 128 bits.
#[inline]
pub fn small_add(left: Small, right: Small) -> Option<Small> {
    let (left, right, scale) = aligned(left, right)?;
    Some((left.checked_add(right)?, scale))
}

/// left - right in 128 bits.
#[inline]
pub fn small_subtract(left: Small, right: Small) -> Option<Small> {
    let (left, right, scale) = aligned(left, right)?;
    Some((left.checked_sub(right)?, scale))
}

/// left * right in 128 bits.
#[inline]
pub fn small_multiply(left: Small, right: Small) -> Option<Small> {
    Some((product(left.0, right.0)?, left.1 + right.1))
}

/// left % right, where both have 64 bits.
#[inline]
pub fn small_modulo(left: Small, right: Small) -> Option<Small> {
    let (left, right, scale) = aligned(left, right)?;
    let (left, right) = (i64::try_from(left).ok()?, i64::try_from(right).ok()?);
    Some((i128::from(left.checked_rem(right)?), scale))
}
