//! How long arrays are, and parts of them: lengths and bounds, a subscript, a slice.
//!
//! `array_get` and `array_slice` have no place in `pg_proc`: they are what `a[i]` and `a[i:j]` are called as.
//! A bound of a slice that is left out is given as the least or the greatest integer.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringBuilder, UInt64Array};
use millstream_catalog::Kind;

use super::lists::{Assembly, Lists, Sources, element_field, integers, lists};
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::types::conform::conform;

const INT4: Param = Param::Of(Kind::Int4);

pub(super) fn rows() -> Vec<Row> {
    use Param::{AnyArray, AnyElement};
    let text = Param::Of(Kind::Text);
    vec![
        strict(whole("array_dims", &[AnyArray], text, dims)),
        strict(whole("array_ndims", &[AnyArray], INT4, |call| {
            numbers(call, |length, _| (length > 0).then_some(1))
        })),
        strict(whole("cardinality", &[AnyArray], INT4, |call| numbers(call, |length, _| Some(length)))),
        strict(whole("array_length", &[AnyArray, INT4], INT4, |call| of_dimension(call, |length, _| length))),
        strict(whole("array_lower", &[AnyArray, INT4], INT4, |call| of_dimension(call, |_, lower| lower))),
        strict(whole("array_upper", &[AnyArray, INT4], INT4, |call| {
            of_dimension(call, |length, lower| length - 1 + lower)
        })),
        strict(whole("array_get", &[AnyArray, INT4], AnyElement, get)),
        strict(whole("array_slice", &[AnyArray, INT4, INT4], AnyArray, slice)),
    ]
}

/// A kernel over columns whose answer for a NULL argument is NULL, and that cannot fail.
fn strict(row: Row) -> Row {
    Row { strict: true, ..row.safe() }
}

/// The length of a row's array and the index of its first element as an answer.
fn numbers(call: &Call<'_>, answer: impl Fn(i32, i32) -> Option<i32>) -> SqlResult<ArrayRef> {
    let arrays = lists(call, 0)?;
    let answers = (0..call.rows).map(|row| answer(length(&arrays, row)?, arrays.lower));
    Ok(Arc::new(answers.collect::<Int32Array>()))
}

/// The same for a dimension: NULL for all but the first, and of an empty array.
fn of_dimension(call: &Call<'_>, answer: impl Fn(i32, i32) -> i32) -> SqlResult<ArrayRef> {
    let arrays = lists(call, 0)?;
    let dimension = integers(call, 1)?;
    let answers = (0..call.rows).map(|row| {
        let length = length(&arrays, row)?;
        (dimension(row)? == 1 && length > 0).then(|| answer(length, arrays.lower))
    });
    Ok(Arc::new(answers.collect::<Int32Array>()))
}

fn length(arrays: &Lists<'_>, row: usize) -> Option<i32> {
    // Offsets are numbers of 32 bits, and so are their differences.
    arrays.range(row).map(|range| range.len() as i32)
}

fn dims(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let arrays = lists(call, 0)?;
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 8);
    for row in 0..call.rows {
        match length(&arrays, row) {
            Some(length @ 1..) => {
                answers.append_value(format!("[{}:{}]", arrays.lower, length - 1 + arrays.lower));
            }
            _ => answers.append_null(),
        }
    }
    Ok(Arc::new(answers.finish()))
}

fn get(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let arrays = lists(call, 0)?;
    let subscript = integers(call, 1)?;
    let indices = (0..call.rows).map(|row| {
        let range = arrays.range(row)?;
        let index = usize::try_from(i64::from(subscript(row)?) - i64::from(arrays.lower)).ok()?;
        (index < range.len()).then(|| (range.start + index) as u64)
    });
    let indices = indices.collect::<UInt64Array>();
    let taken = arrow::compute::take(arrays.values(), &indices, None);
    conform(&taken.map_err(|error| SqlError::internal(error.to_string()))?, &call.returns.data_type())
}

fn slice(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let arrays = lists(call, 0)?;
    let (from, to) = (integers(call, 1)?, integers(call, 2)?);
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[arrays.values()])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        let (Some(range), Some(from), Some(to)) = (arrays.range(row), from(row), to(row)) else {
            answers.null();
            continue;
        };
        let place = |subscript: i32, beyond: i64| {
            let index = i64::from(subscript) - i64::from(arrays.lower) + beyond;
            index.clamp(0, range.len() as i64) as usize
        };
        let (from, to) = (place(from, 0), place(to, 1));
        if from < to {
            answers.extend(0, range.start + from..range.start + to)?;
        }
        answers.close()?;
    }
    answers.finish()
}
