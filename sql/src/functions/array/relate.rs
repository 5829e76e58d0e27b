//! Two arrays compared: in order, and as sets (`@>`, `<@`, `&&`), where a NULL element is never found.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int32Array, UInt64Array};
use millstream_catalog::Kind;

use super::lists::{Lists, argument, lists};
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::types::compare::{Comparator, Comparison};
use crate::types::conform::conform;

/// The functions behind the comparison operators.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("array_eq", Comparison::Equal),
    ("array_ne", Comparison::NotEqual),
    ("array_lt", Comparison::Less),
    ("array_le", Comparison::LessOrEqual),
    ("array_gt", Comparison::Greater),
    ("array_ge", Comparison::GreaterOrEqual),
];

pub(super) fn rows() -> Vec<Row> {
    use Param::AnyArray;
    let boolean = Param::Of(Kind::Boolean);
    let both = [AnyArray, AnyArray];
    let mut rows = vec![];
    for (name, comparison) in COMPARISONS {
        rows.push(whole(name, &both, boolean, move |call| compare(call, comparison)));
        rows.push(whole(comparison.sign(), &both, boolean, move |call| compare(call, comparison)));
    }
    for name in ["@>", "arraycontains"] {
        rows.push(whole(name, &both, boolean, |call| contains(call, 0, 1)));
    }
    for name in ["<@", "arraycontained"] {
        rows.push(whole(name, &both, boolean, |call| contains(call, 1, 0)));
    }
    for name in ["&&", "arrayoverlap"] {
        rows.push(whole(name, &both, boolean, overlaps));
    }
    rows.push(whole("array_larger", &both, AnyArray, |call| choose(call, true)));
    rows.push(whole("array_smaller", &both, AnyArray, |call| choose(call, false)));
    rows.push(whole("btarraycmp", &both, Param::Of(Kind::Int4), order));
    rows.into_iter().map(|row| Row { strict: true, ..row }).collect()
}

fn compare(call: &Call<'_>, comparison: Comparison) -> SqlResult<ArrayRef> {
    let (left, right) = (argument(call, 0)?, argument(call, 1)?);
    let arrays = Comparator::of(comparison, &left.sql_type, &left.array, &right.array)?;
    let answers = (0..call.rows).map(|row| {
        let (left, right) = (left.at(row), right.at(row));
        let null = arrays.left_null(left) || arrays.right_null(right);
        (!null).then(|| arrays.test(comparison, left, right))
    });
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}

fn order(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (left, right) = (argument(call, 0)?, argument(call, 1)?);
    let arrays = Comparator::new(&left.sql_type, &left.array, &right.array)?;
    let answers = (0..call.rows).map(|row| {
        let (left, right) = (left.at(row), right.at(row));
        let null = arrays.left_null(left) || arrays.right_null(right);
        (!null).then(|| arrays.compare(left, right) as i32)
    });
    Ok(Arc::new(answers.collect::<Int32Array>()))
}

/// The greater or the lesser of two arrays; the first where they are equal.
fn choose(call: &Call<'_>, greater: bool) -> SqlResult<ArrayRef> {
    let (left, right) = (argument(call, 0)?, argument(call, 1)?);
    let data_type = call.returns.data_type();
    let columns = [conform(&left.array, &data_type)?, conform(&right.array, &data_type)?];
    let arrays = Comparator::new(&left.sql_type, &columns[0], &columns[1])?;
    let both = arrow::compute::concat(&[columns[0].as_ref(), columns[1].as_ref()])
        .map_err(|error| SqlError::internal(error.to_string()))?;
    let offset = columns[0].len();
    let indices = (0..call.rows).map(|row| {
        let (left, right) = (left.at(row), right.at(row));
        if arrays.left_null(left) || arrays.right_null(right) {
            return None;
        }
        let order = arrays.compare(left, right);
        let second = if greater { order.is_lt() } else { order.is_gt() };
        Some(if second { offset + right } else { left } as u64)
    });
    let taken = arrow::compute::take(&both, &indices.collect::<UInt64Array>(), None);
    taken.map_err(|error| SqlError::internal(error.to_string()))
}

/// Whether each element of the array argument `parts` is an element of the array argument `whole`.
fn contains(call: &Call<'_>, whole: usize, parts: usize) -> SqlResult<ArrayRef> {
    each(call, parts, whole, |elements, parts, whole| {
        parts.into_iter().all(|part| {
            !elements.left_null(part)
                && whole.clone().any(|other| !elements.right_null(other) && elements.equal(part, other))
        })
    })
}

fn overlaps(call: &Call<'_>) -> SqlResult<ArrayRef> {
    each(call, 0, 1, |elements, left, right| {
        left.into_iter().any(|part| {
            !elements.left_null(part)
                && right.clone().any(|other| !elements.right_null(other) && elements.equal(part, other))
        })
    })
}

type Range = std::ops::Range<usize>;

/// Answers for each pair of arrays; NULL where one of them is NULL.
fn each(
    call: &Call<'_>,
    left: usize,
    right: usize,
    answer: impl Fn(&Comparator, Range, Range) -> bool,
) -> SqlResult<ArrayRef> {
    let (left, right): (Lists<'_>, Lists<'_>) = (lists(call, left)?, lists(call, right)?);
    let elements = Comparator::equality(&left.element, left.values(), right.values())?;
    let answers = (0..call.rows).map(|row| Some(answer(&elements, left.range(row)?, right.range(row)?)));
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}
