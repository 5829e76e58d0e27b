//! One of several values of any type: GREATEST and LEAST, and whether two are distinct.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, UInt64Array};
use arrow::compute::{interleave, take};
use arrow::error::ArrowError;

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Call};
use crate::types::compare::Comparator;
use crate::types::conform::conform;

/// GREATEST or LEAST of the arguments, all of the answer's type: NULLs are passed over, and of nothing but
/// NULL the answer is NULL.
pub fn greatest_least(call: &Call<'_>, greatest: bool) -> SqlResult<ArrayRef> {
    let data_type = call.returns.data_type();
    let mut arguments = call.arguments.iter();
    let first = arguments.next().ok_or_else(|| SqlError::internal("GREATEST of nothing"))?;
    let mut best = spread(first, &conform(&first.array, &data_type)?, call.rows)?;
    for argument in arguments {
        let other = conform(&argument.array, &data_type)?;
        let values = Comparator::new(call.returns, &best, &other)?;
        let indices: Vec<(usize, usize)> = (0..call.rows)
            .map(|row| {
                let at = argument.at(row);
                let better = match (values.left_null(row), values.right_null(at)) {
                    (_, true) => false,
                    (true, false) => true,
                    (false, false) => {
                        let order = values.compare(row, at);
                        if greatest { order.is_lt() } else { order.is_gt() }
                    }
                };
                if better { (1, at) } else { (0, row) }
            })
            .collect();
        best = interleave(&[best.as_ref(), other.as_ref()], &indices).map_err(internal)?;
    }
    if call.arguments.len() == 1 {
        // Asked for even so, for its error.
        Comparator::new(call.returns, &best, &best)?;
    }
    Ok(best)
}

/// `a IS DISTINCT FROM b`: NULL is not distinct from NULL, and distinct from all else.
pub fn distinct(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let [left, right] = call.arguments else {
        return Err(SqlError::internal("IS DISTINCT FROM has two arguments"));
    };
    let values = Comparator::equality(&left.sql_type, &left.array, &right.array)?;
    let answers = (0..call.rows).map(|row| {
        let (left, right) = (left.at(row), right.at(row));
        Some(match (values.left_null(left), values.right_null(right)) {
            (false, false) => !values.equal(left, right),
            (left, right) => left != right,
        })
    });
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}

/// A column with a value for each row.
fn spread(argument: &Argument, array: &ArrayRef, rows: usize) -> SqlResult<ArrayRef> {
    if !argument.constant {
        return Ok(array.clone());
    }
    take(array, &UInt64Array::from(vec![0; rows]), None).map_err(internal)
}

fn internal(error: ArrowError) -> SqlError {
    SqlError::internal(error.to_string())
}
