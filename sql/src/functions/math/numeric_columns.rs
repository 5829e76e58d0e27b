//! Loops over columns of wide numerics: operators that most rows take without leaving 128 bits.
//!
//! Answers are written straight into one buffer of bytes and its offsets: a builder's checks for each row
//! would cost more than the arithmetic.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryArray, BooleanArray};
use arrow::buffer::{BooleanBuffer, OffsetBuffer};

use super::columns::nulls;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Argument, Call, wrong_array};
use crate::types::numeric::Numeric;

/// A column of numerics: its bytes, and the value where it is constant.
struct Column<'a> {
    offsets: &'a [i32],
    bytes: &'a [u8],
    constant: bool,
}

impl<'a> Column<'a> {
    fn of(argument: &'a Argument) -> SqlResult<Self> {
        let array = argument
            .array
            .as_binary_opt::<i32>()
            .ok_or_else(|| wrong_array("Binary", argument.array.as_ref()))?;
        Ok(Self { offsets: array.value_offsets(), bytes: array.value_data(), constant: argument.constant })
    }

    /// The bytes of a row's value.
    #[inline]
    fn bytes(&self, row: usize) -> &'a [u8] {
        let row = if self.constant { 0 } else { row };
        match self.offsets.get(row..row + 2) {
            Some([start, end]) => &self.bytes[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

fn arguments<'a>(call: &'a Call<'_>) -> SqlResult<(&'a Argument, &'a Argument)> {
    match call.arguments {
        [left, right] => Ok((left, right)),
        _ => Err(SqlError::internal("two arguments are wanted")),
    }
}

/// A value whose coefficient has 64 bits: coefficient and scale.
pub type Narrow = (i64, u16);

/// An operator on two columns of numerics. `narrow` is the same operator on values of 64 bits, where it stays
/// in them: it is tried first, since most values are so and 128 bits cost more.
pub fn binary(
    call: &Call<'_>,
    narrow: impl Fn(Narrow, Narrow) -> Option<Narrow>,
    operation: impl Fn(&Numeric, &Numeric) -> SqlResult<Numeric>,
) -> SqlResult<ArrayRef> {
    let (left, right) = arguments(call)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(BinaryArray::new_null(call.rows)));
    };
    let (left, right) = (Column::of(left)?, Column::of(right)?);
    let mut bytes: Vec<u8> = Vec::with_capacity(call.rows * 9);
    let mut offsets: Vec<i32> = Vec::with_capacity(call.rows + 1);
    offsets.push(0);
    for row in 0..call.rows {
        if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
            let (left, right) = (left.bytes(row), right.bytes(row));
            let both = Numeric::narrow_of_bytes(left).zip(Numeric::narrow_of_bytes(right));
            match both.and_then(|(left, right)| narrow(left, right)) {
                Some((coefficient, scale)) => Numeric::append_narrow(coefficient, scale, &mut bytes),
                None => {
                    let answer = operation(&Numeric::from_bytes(left), &Numeric::from_bytes(right))?;
                    answer.append_bytes(&mut bytes);
                }
            }
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
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return false;
        }
        let (left, right) = (left.bytes(row), right.bytes(row));
        holds(match (Numeric::narrow_of_bytes(left), Numeric::narrow_of_bytes(right)) {
            (Some((left, left_scale)), Some((right, right_scale))) if left_scale == right_scale => {
                left.cmp(&right)
            }
            _ => Numeric::from_bytes(left).cmp(&Numeric::from_bytes(right)),
        })
    });
    Ok(Arc::new(BooleanArray::new(answers, nulls)))
}

/// Both coefficients at the greater scale.
#[inline]
fn aligned(left: Narrow, right: Narrow) -> Option<(i64, i64, u16)> {
    if left.1 == right.1 {
        return Some((left.0, right.0, left.1));
    }
    let raise = |value: i64, up: u16| value.checked_mul(10i64.checked_pow(u32::from(up))?);
    if left.1 < right.1 {
        Some((raise(left.0, right.1 - left.1)?, right.0, right.1))
    } else {
        Some((left.0, raise(right.0, left.1 - right.1)?, left.1))
    }
}

/// left + right in 64 bits.
#[inline]
pub fn narrow_add(left: Narrow, right: Narrow) -> Option<Narrow> {
    let (left, right, scale) = aligned(left, right)?;
    Some((left.checked_add(right)?, scale))
}

/// left - right in 64 bits.
#[inline]
pub fn narrow_subtract(left: Narrow, right: Narrow) -> Option<Narrow> {
    let (left, right, scale) = aligned(left, right)?;
    Some((left.checked_sub(right)?, scale))
}

/// left * right in 64 bits.
#[inline]
pub fn narrow_multiply(left: Narrow, right: Narrow) -> Option<Narrow> {
    Some((left.0.checked_mul(right.0)?, left.1 + right.1))
}

/// left % right in 64 bits.
#[inline]
pub fn narrow_modulo(left: Narrow, right: Narrow) -> Option<Narrow> {
    let (left, right, scale) = aligned(left, right)?;
    Some((left.checked_rem(right)?, scale))
}
