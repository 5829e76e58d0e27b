//! `x op ANY (array)` and `x op ALL (array)`, with SQL's third truth value.
//!
//! ANY is true where it is true for one element, false where it is false for all, else unknown; ALL is false
//! where it is false for one element, true where it is true for all, else unknown. Of no element ANY is false
//! and ALL is true, even where `x` is NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt64Array};

use crate::error::{SqlError, SqlResult};
use crate::functions::array::Lists;
use crate::functions::registry::{Argument, Call, Kernel, wrong_array};
use crate::types::compare::{Comparator, Comparison};

/// `x op ANY (array)` (or ALL) for a comparison operator; the arguments are `x` and the array.
pub fn any_all(call: &Call<'_>, comparison: Comparison, all: bool) -> SqlResult<ArrayRef> {
    let [scalar, array] = call.arguments else {
        return Err(SqlError::internal("a quantified comparison has two arguments"));
    };
    let arrays = Lists::new(array)?;
    let elements = Comparator::of(comparison, &arrays.element, &scalar.array, arrays.values())?;
    let answers = (0..call.rows).map(|row| {
        let range = arrays.range(row)?;
        let scalar = scalar.at(row);
        let unknown = elements.left_null(scalar);
        quantify(
            all,
            range.map(|element| {
                let null = unknown || elements.right_null(element);
                (!null).then(|| elements.test(comparison, scalar, element))
            }),
        )
    });
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}

/// `x op ANY (array)` (or ALL) for any operator that answers with a boolean, by its kernel.
pub fn any_all_with(call: &Call<'_>, kernel: &Kernel, all: bool) -> SqlResult<ArrayRef> {
    let [scalar, array] = call.arguments else {
        return Err(SqlError::internal("a quantified operator has two arguments"));
    };
    let arrays = Lists::new(array)?;
    let values = arrays.values();
    let element = |array: ArrayRef, constant| Argument { array, constant, sql_type: arrays.element.clone() };
    let ask = |arguments: &[Argument], rows: usize| {
        kernel(&Call { arguments, rows, returns: call.returns, environment: call.environment })
    };
    if array.constant {
        // One call for each element, over all rows, rather than a column of all rows times all elements.
        let Some(range) = arrays.range(0) else {
            return Ok(Arc::new(BooleanArray::new_null(call.rows)));
        };
        let mut columns = vec![];
        for index in range {
            columns.push(ask(&[scalar.clone(), element(values.slice(index, 1), true)], call.rows)?);
        }
        let columns = columns.iter().map(booleans).collect::<SqlResult<Vec<_>>>()?;
        let answers = (0..call.rows).map(|row| quantify(all, columns.iter().map(|column| at(column, row))));
        return Ok(Arc::new(answers.collect::<BooleanArray>()));
    }
    // The elements of all rows in turn, and for each the row of its scalar.
    let rows = (0..call.rows).flat_map(|row| {
        arrays.range(row).unwrap_or(0..0).map(move |element| (scalar.at(row) as u64, element as u64))
    });
    let (scalars, elements): (Vec<u64>, Vec<u64>) = rows.unzip();
    let count = elements.len();
    let take = |array: &ArrayRef, indices: Vec<u64>| {
        arrow::compute::take(array, &UInt64Array::from(indices), None)
            .map_err(|error| SqlError::internal(error.to_string()))
    };
    let elements = element(take(values, elements)?, false);
    let scalar = match scalar.constant {
        true => scalar.clone(),
        false => Argument { array: take(&scalar.array, scalars)?, ..scalar.clone() },
    };
    let column = ask(&[scalar, elements], count)?;
    let column = booleans(&column)?;
    let mut place = 0;
    let answers = (0..call.rows).map(|row| {
        let range = arrays.range(row)?;
        let start = place;
        place += range.len();
        quantify(all, (start..place).map(|row| at(column, row)))
    });
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}

fn booleans(array: &ArrayRef) -> SqlResult<&BooleanArray> {
    array.as_boolean_opt().ok_or_else(|| wrong_array("Boolean", array.as_ref()))
}

fn at(column: &BooleanArray, row: usize) -> Option<bool> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// ANY or ALL of truth values; None is unknown.
fn quantify(all: bool, truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for truth in truths {
        match truth {
            Some(truth) if truth != all => return Some(truth),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(all)
}
