//! Loops over columns of plain numbers that the compiler can vectorise.
//!
//! An operation gives its answer and whether it failed; the loop keeps one flag for the whole column and
//! looks for the failing row only afterwards. Rows that are NULL are computed too, and their failures
//! forgotten.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::buffer::NullBuffer;

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Call, wrong_array};

/// The argument of that place as a column of that type.
pub fn column<'a, T: ArrowPrimitiveType>(
    call: &'a Call<'_>,
    place: usize,
) -> SqlResult<(&'a Argument, &'a PrimitiveArray<T>)> {
    let argument = call.arguments.get(place).ok_or_else(|| SqlError::internal("an argument is missing"))?;
    let array = argument
        .array
        .as_primitive_opt::<T>()
        .ok_or_else(|| wrong_array(std::any::type_name::<T>(), argument.array.as_ref()))?;
    Ok((argument, array))
}

/// The rows of which an argument is NULL; None where it is so of all.
#[allow(clippy::option_option)]
pub fn nulls(arguments: &[&Argument]) -> Option<Option<NullBuffer>> {
    let mut union: Option<NullBuffer> = None;
    for argument in arguments {
        if argument.constant {
            if argument.is_null(0) {
                return None;
            }
        } else {
            union = NullBuffer::union(union.as_ref(), argument.array.nulls());
        }
    }
    Some(union)
}

/// An operation on one column. `blame` says what is wrong with a value that failed.
pub fn unary<A: ArrowPrimitiveType, R: ArrowPrimitiveType>(
    call: &Call<'_>,
    operation: impl Fn(A::Native) -> (R::Native, bool),
    blame: impl Fn(A::Native) -> SqlError,
) -> SqlResult<ArrayRef> {
    let (argument, array) = column::<A>(call, 0)?;
    let Some(nulls) = nulls(&[argument]) else {
        return Ok(Arc::new(PrimitiveArray::<R>::new_null(call.rows)));
    };
    let values = array.values();
    let mut failed = false;
    let mut answers = vec![R::default_value(); call.rows];
    if argument.constant {
        let (value, bad) = operation(values[0]);
        answers.fill(value);
        failed = bad;
    } else {
        for (answer, value) in answers.iter_mut().zip(values.iter()) {
            let (value, bad) = operation(*value);
            *answer = value;
            failed |= bad;
        }
    }
    if failed {
        let valid = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        for row in (0..call.rows).filter(|row| valid(*row)) {
            let value = values[argument.at(row)];
            if operation(value).1 {
                return Err(blame(value));
            }
        }
    }
    Ok(Arc::new(PrimitiveArray::<R>::new(answers.into(), nulls)))
}

/// An operation on two columns. `blame` says what is wrong with a pair of values that failed.
pub fn binary<A: ArrowPrimitiveType, B: ArrowPrimitiveType, R: ArrowPrimitiveType>(
    call: &Call<'_>,
    operation: impl Fn(A::Native, B::Native) -> (R::Native, bool),
    blame: impl Fn(A::Native, B::Native) -> SqlError,
) -> SqlResult<ArrayRef> {
    let (left, left_array) = column::<A>(call, 0)?;
    let (right, right_array) = column::<B>(call, 1)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(PrimitiveArray::<R>::new_null(call.rows)));
    };
    let (left_values, right_values) = (left_array.values(), right_array.values());
    let mut failed = false;
    // Plain loops over slices of one length, the flag a local: this form is what the compiler vectorises.
    let mut answers = vec![R::default_value(); call.rows];
    match (left.constant, right.constant) {
        (false, false) => {
            for ((answer, a), b) in answers.iter_mut().zip(left_values.iter()).zip(right_values.iter()) {
                let (value, bad) = operation(*a, *b);
                *answer = value;
                failed |= bad;
            }
        }
        (false, true) => {
            let b = right_values[0];
            for (answer, a) in answers.iter_mut().zip(left_values.iter()) {
                let (value, bad) = operation(*a, b);
                *answer = value;
                failed |= bad;
            }
        }
        (true, false) => {
            let a = left_values[0];
            for (answer, b) in answers.iter_mut().zip(right_values.iter()) {
                let (value, bad) = operation(a, *b);
                *answer = value;
                failed |= bad;
            }
        }
        (true, true) => {
            let (value, bad) = operation(left_values[0], right_values[0]);
            answers.fill(value);
            failed = bad;
        }
    }
    if failed {
        let valid = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        for row in (0..call.rows).filter(|row| valid(*row)) {
            let (a, b) = (left_values[left.at(row)], right_values[right.at(row)]);
            if operation(a, b).1 {
                return Err(blame(a, b));
            }
        }
    }
    Ok(Arc::new(PrimitiveArray::<R>::new(answers.into(), nulls)))
}

/// A function that can refuse a value, on one column: for those that cost more than the loop.
pub fn unary_result<A: ArrowPrimitiveType, R: ArrowPrimitiveType>(
    call: &Call<'_>,
    function: impl Fn(A::Native) -> SqlResult<R::Native>,
) -> SqlResult<ArrayRef> {
    let (argument, array) = column::<A>(call, 0)?;
    let Some(nulls) = nulls(&[argument]) else {
        return Ok(Arc::new(PrimitiveArray::<R>::new_null(call.rows)));
    };
    let mut answers: Vec<R::Native> = Vec::with_capacity(call.rows);
    if argument.constant && call.rows > 0 {
        answers.resize(call.rows, function(array.value(0))?);
        return Ok(Arc::new(PrimitiveArray::<R>::new(answers.into(), nulls)));
    }
    for row in 0..call.rows {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            answers.push(R::default_value());
        } else {
            answers.push(function(array.value(row))?);
        }
    }
    Ok(Arc::new(PrimitiveArray::<R>::new(answers.into(), nulls)))
}

/// A function that can refuse its values, on two columns: for those that cost more than the loop.
pub fn binary_result<A: ArrowPrimitiveType, B: ArrowPrimitiveType, R: ArrowPrimitiveType>(
    call: &Call<'_>,
    function: impl Fn(A::Native, B::Native) -> SqlResult<R::Native>,
) -> SqlResult<ArrayRef> {
    let (left, left_array) = column::<A>(call, 0)?;
    let (right, right_array) = column::<B>(call, 1)?;
    let Some(nulls) = nulls(&[left, right]) else {
        return Ok(Arc::new(PrimitiveArray::<R>::new_null(call.rows)));
    };
    let mut answers: Vec<R::Native> = Vec::with_capacity(call.rows);
    for row in 0..call.rows {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            answers.push(R::default_value());
        } else {
            answers.push(function(left_array.value(left.at(row)), right_array.value(right.at(row)))?);
        }
    }
    Ok(Arc::new(PrimitiveArray::<R>::new(answers.into(), nulls)))
}
