//! One of several values of any type: GREATEST and LEAST, and whether two are distinct.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, UInt64Array};
use arrow::compute::{interleave, take};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
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
        if let Some(chosen) = plain(&best, &other, argument.constant, greatest) {
            best = chosen;
            continue;
        }
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

/// The same for numbers whose order is the processor's, if there is no NULL among them.
fn plain(best: &ArrayRef, other: &ArrayRef, constant: bool, greatest: bool) -> Option<ArrayRef> {
    fn of<T: ArrowPrimitiveType>(
        best: &ArrayRef,
        other: &ArrayRef,
        constant: bool,
        greatest: bool,
    ) -> Option<ArrayRef>
    where
        T::Native: Ord,
    {
        let best = best.as_primitive_opt::<T>()?;
        let other = other.as_primitive_opt::<T>()?;
        let choose = |a: T::Native, b: T::Native| if greatest { a.max(b) } else { a.min(b) };
        let chosen: PrimitiveArray<T> = if constant {
            let other = other.values()[0];
            best.unary(|best| choose(best, other))
        } else {
            arrow::compute::binary(best, other, choose).ok()?
        };
        Some(Arc::new(chosen.with_data_type(best.data_type().clone())))
    }
    if best.null_count() > 0 || other.null_count() > 0 || best.data_type() != other.data_type() {
        return None;
    }
    match best.data_type() {
        DataType::Int16 => of::<Int16Type>(best, other, constant, greatest),
        DataType::Int32 => of::<Int32Type>(best, other, constant, greatest),
        DataType::Int64 => of::<Int64Type>(best, other, constant, greatest),
        DataType::Date32 => of::<Date32Type>(best, other, constant, greatest),
        DataType::Timestamp(_, _) => of::<TimestampMicrosecondType>(best, other, constant, greatest),
        DataType::Decimal128(_, _) => of::<Decimal128Type>(best, other, constant, greatest),
        _ => None,
    }
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
