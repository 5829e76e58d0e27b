//! Elements of arrays found by their value: positions, removal, replacement, and the bucket that a value
//! falls into.
//!
//! A NULL that is looked for is found where an element is NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array};
use millstream_catalog::Kind;

use super::lists::{Assembly, Sources, argument, element_field, integers, lists};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::types::builder::ValueBuilder;
use crate::types::compare::Comparator;

pub(super) fn rows() -> Vec<Row> {
    use Param::{AnyCompatible, AnyCompatibleArray};
    let int4 = Param::Of(Kind::Int4);
    let array = AnyCompatibleArray;
    vec![
        whole("array_position", &[array, AnyCompatible], int4, position),
        whole("array_position", &[array, AnyCompatible, int4], int4, position),
        whole("array_positions", &[array, AnyCompatible], Param::ArrayOf(Kind::Int4), positions),
        whole("array_remove", &[array, AnyCompatible], array, remove),
        whole("array_replace", &[array, AnyCompatible, AnyCompatible], array, replace).grows(),
        Row { strict: true, ..whole("width_bucket", &[AnyCompatible, array], int4, bucket) },
    ]
}

/// Whether an element (left) is the one that is looked for (right), NULL being found by NULL.
fn found(elements: &Comparator, element: usize, wanted: usize) -> bool {
    match (elements.left_null(element), elements.right_null(wanted)) {
        (false, false) => elements.equal(element, wanted),
        (left, right) => left && right,
    }
}

fn position(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, wanted) = (lists(call, 0)?, argument(call, 1)?);
    let start = if call.arguments.len() > 2 { Some(integers(call, 2)?) } else { None };
    let elements = Comparator::equality(&arrays.element, arrays.values(), &wanted.array)?;
    let mut answers = Int32Array::builder(call.rows);
    for row in 0..call.rows {
        // Where nothing can be found, not even the place to start at is looked at.
        let hopeless = |range: &std::ops::Range<usize>| {
            let null = elements.right_null(wanted.at(row));
            range.is_empty() || (null && !range.clone().any(|element| elements.left_null(element)))
        };
        let Some(range) = arrays.range(row).filter(|range| !hopeless(range)) else {
            answers.append_null();
            continue;
        };
        let skipped = match &start {
            None => 0,
            Some(start) => {
                let start = start(row).ok_or_else(|| {
                    SqlError::new(SqlState::NullNotAllowed, "initial position must not be null")
                })?;
                usize::try_from(i64::from(start) - i64::from(arrays.lower)).unwrap_or(0)
            }
        };
        let mut rest = range.clone().skip(skipped);
        let place = rest.find(|element| found(&elements, *element, wanted.at(row)));
        answers.append_option(place.map(|element| (element - range.start) as i32 + arrays.lower));
    }
    Ok(Arc::new(answers.finish()))
}

fn positions(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, wanted) = (lists(call, 0)?, argument(call, 1)?);
    let elements = Comparator::equality(&arrays.element, arrays.values(), &wanted.array)?;
    let mut answers = ValueBuilder::new(&call.returns.data_type())?;
    for row in 0..call.rows {
        let Some(range) = arrays.range(row) else {
            answers.append_null();
            continue;
        };
        for element in range.clone().filter(|element| found(&elements, *element, wanted.at(row))) {
            answers.elements()?.int32((element - range.start) as i32 + arrays.lower)?;
        }
        answers.close_list()?;
    }
    answers.finish()
}

fn remove(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, wanted) = (lists(call, 0)?, argument(call, 1)?);
    let elements = Comparator::equality(&arrays.element, arrays.values(), &wanted.array)?;
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[arrays.values()])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        let Some(range) = arrays.range(row) else {
            answers.null();
            continue;
        };
        // Runs of elements that stay are copied as a whole.
        let mut kept = range.start;
        for element in range.clone() {
            if found(&elements, element, wanted.at(row)) {
                answers.extend(0, kept..element)?;
                kept = element + 1;
            }
        }
        answers.extend(0, kept..range.end)?;
        answers.close()?;
    }
    answers.finish()
}

fn replace(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, wanted, instead) = (lists(call, 0)?, argument(call, 1)?, argument(call, 2)?);
    let elements = Comparator::equality(&arrays.element, arrays.values(), &wanted.array)?;
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[arrays.values(), &instead.array])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        let Some(range) = arrays.range(row) else {
            answers.null();
            continue;
        };
        let mut kept = range.start;
        for element in range.clone() {
            if found(&elements, element, wanted.at(row)) {
                answers.extend(0, kept..element)?;
                answers.repeat(1, instead.at(row), 1)?;
                kept = element + 1;
            }
        }
        answers.extend(0, kept..range.end)?;
        answers.close()?;
    }
    answers.finish()
}

/// How many of the thresholds, which are sorted, are not greater than the value.
fn bucket(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (value, arrays) = (argument(call, 0)?, lists(call, 1)?);
    let thresholds = Comparator::new(&arrays.element, arrays.values(), &value.array)?;
    let nulls = arrays.values().logical_nulls();
    let mut answers = Int32Array::builder(call.rows);
    for row in 0..call.rows {
        let Some(range) = arrays.range(row).filter(|_| !value.is_null(row)) else {
            answers.append_null();
            continue;
        };
        if nulls.as_ref().is_some_and(|nulls| range.clone().any(|index| nulls.is_null(index))) {
            let message = "thresholds array must not contain NULLs";
            return Err(SqlError::new(SqlState::NullNotAllowed, message));
        }
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if thresholds.compare(middle, value.at(row)).is_gt() {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        answers.append_value((low - range.start) as i32);
    }
    Ok(Arc::new(answers.finish()))
}
