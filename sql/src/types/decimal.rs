//! Arithmetic and comparison of whole columns of `numeric(p, s)` in their small form, Decimal128.
//!
//! The scale of an answer is PostgreSQL's: of a sum or difference the greater of the two, of a product their
//! sum. The numbers are computed all at once and whether any went beyond 38 digits is asked once at the end;
//! then the answer is [`Beyond`] and the columns are to be computed in the wide form, which has room.
//!
//! ```text
//!  numeric(10,2) + numeric(6,3)    →  both at scale 3, added       →  Decimal128(38, 3)
//!  numeric(10,2) * numeric(6,3)    →  multiplied                   →  Decimal128(38, 5)
//! ```

use std::cmp::Ordering;

use arrow::array::{Array, BooleanArray, Decimal128Array, PrimitiveArray};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{DECIMAL128_MAX_PRECISION, Decimal128Type};

use super::compare::Comparison;
use crate::error::{SqlError, SqlResult};

/// The least number that 38 digits have no room for.
const LIMIT: u128 = 10u128.pow(38);

/// A column of decimals, or one that stands for all rows.
#[derive(Debug, Clone, Copy)]
pub struct Decimals<'a> {
    /// The numbers; one only, where it is constant.
    pub array: &'a PrimitiveArray<Decimal128Type>,
    /// Whether the one value stands for all rows.
    pub constant: bool,
}

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// An answer that 38 digits have no room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond;

impl Decimals<'_> {
    fn scale(&self) -> i8 {
        self.array.scale()
    }

    fn all_null(&self) -> bool {
        self.constant && self.array.null_count() > 0
    }
}

/// The scale of the answer; None where a Decimal128 has none such.
pub fn answer_scale(operation: Operation, left: i8, right: i8) -> Option<i8> {
    let scale = match operation {
        Operation::Add | Operation::Subtract => left.max(right),
        Operation::Multiply => left.checked_add(right)?,
    };
    (scale <= DECIMAL128_MAX_PRECISION as i8).then_some(scale)
}

/// Computes so many rows. The inner error says that the answer needs the wide form.
pub fn compute(
    operation: Operation,
    left: Decimals<'_>,
    right: Decimals<'_>,
    rows: usize,
) -> SqlResult<Result<Decimal128Array, Beyond>> {
    let Some(scale) = answer_scale(operation, left.scale(), right.scale()) else {
        return Ok(Err(Beyond));
    };
    let decimals = |array: Decimal128Array| {
        let typed = array.with_precision_and_scale(DECIMAL128_MAX_PRECISION, scale);
        typed.map(Ok).map_err(|error| SqlError::internal(error.to_string()))
    };
    if left.all_null() || right.all_null() {
        return decimals(Decimal128Array::new_null(rows));
    }
    let (Some(up), Some(other_up)) = (factor(operation, left, scale), factor(operation, right, scale)) else {
        return Ok(Err(Beyond));
    };
    let nulls = nulls_of(left, right);
    let compute = |scale_up: bool| -> Option<Vec<i128>> {
        // Without factors the loop is one addition; the usual case, columns of one scale.
        match (operation, scale_up) {
            (Operation::Add, false) => each(left, right, rows, nulls.as_ref(), |a, b| a.overflowing_add(b)),
            (Operation::Subtract, false) => {
                each(left, right, rows, nulls.as_ref(), |a, b| a.overflowing_sub(b))
            }
            (Operation::Multiply, _) => each(left, right, rows, nulls.as_ref(), multiply),
            (Operation::Add, true) => each(left, right, rows, nulls.as_ref(), |a, b| {
                scaled(a, up, b, other_up, i128::overflowing_add)
            }),
            (Operation::Subtract, true) => each(left, right, rows, nulls.as_ref(), |a, b| {
                scaled(a, up, b, other_up, i128::overflowing_sub)
            }),
        }
    };
    match compute(up != 1 || other_up != 1) {
        Some(values) => decimals(Decimal128Array::new(ScalarBuffer::from(values), nulls)),
        None => Ok(Err(Beyond)),
    }
}

/// Compares so many rows, whatever the two scales are.
pub fn compare(comparison: Comparison, left: Decimals<'_>, right: Decimals<'_>, rows: usize) -> BooleanArray {
    if left.all_null() || right.all_null() {
        return BooleanArray::new_null(rows);
    }
    let nulls = nulls_of(left, right);
    let values = if left.scale() == right.scale() {
        match comparison {
            Comparison::Equal => test(left, right, rows, |a, b| a == b),
            Comparison::NotEqual => test(left, right, rows, |a, b| a != b),
            Comparison::Less => test(left, right, rows, |a, b| a < b),
            Comparison::LessOrEqual => test(left, right, rows, |a, b| a <= b),
            Comparison::Greater => test(left, right, rows, |a, b| a > b),
            Comparison::GreaterOrEqual => test(left, right, rows, |a, b| a >= b),
        }
    } else {
        let up = power(i32::from(right.scale()) - i32::from(left.scale()));
        let other_up = power(i32::from(left.scale()) - i32::from(right.scale()));
        test(left, right, rows, |a, b| comparison.holds(order(a, up, b, other_up)))
    };
    BooleanArray::new(values, nulls)
}

/// The order of two numbers, the one of the lesser scale being scaled up by its factor.
#[inline]
pub fn order(left: i128, up: i128, right: i128, other_up: i128) -> Ordering {
    if up == 1 && other_up == 1 {
        return left.cmp(&right);
    }
    // One factor is 1; a number too large to be scaled is further from zero than any of the other column.
    match (left.checked_mul(up), right.checked_mul(other_up)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (None, _) => left.cmp(&0),
        (_, None) => 0.cmp(&right),
    }
}

/// The power of ten; 1 where the exponent is none.
pub fn power(exponent: i32) -> i128 {
    u32::try_from(exponent).ok().and_then(|exponent| 10i128.checked_pow(exponent)).unwrap_or(1)
}

fn factor(operation: Operation, decimals: Decimals<'_>, scale: i8) -> Option<i128> {
    match operation {
        Operation::Multiply => Some(1),
        _ => {
            let shift = u32::try_from(i32::from(scale) - i32::from(decimals.scale())).ok()?;
            10i128.checked_pow(shift)
        }
    }
}

fn nulls_of(left: Decimals<'_>, right: Decimals<'_>) -> Option<NullBuffer> {
    // A constant that is NULL was dealt with before.
    let of = |decimals: Decimals<'_>| if decimals.constant { None } else { decimals.array.nulls().cloned() };
    NullBuffer::union(of(left).as_ref(), of(right).as_ref())
}

#[inline]
fn multiply(left: i128, right: i128) -> (i128, bool) {
    // Most numbers have 64 bits, and their product is then one instruction.
    match (i64::try_from(left), i64::try_from(right)) {
        (Ok(left), Ok(right)) => (i128::from(left) * i128::from(right), false),
        _ => left.overflowing_mul(right),
    }
}

#[inline]
fn scaled(
    left: i128,
    up: i128,
    right: i128,
    other_up: i128,
    combine: impl Fn(i128, i128) -> (i128, bool),
) -> (i128, bool) {
    let (left, left_beyond) = multiply(left, up);
    let (right, right_beyond) = multiply(right, other_up);
    let (value, beyond) = combine(left, right);
    (value, beyond || left_beyond || right_beyond)
}

/// Computes each row; None where a row that is not NULL goes beyond 38 digits.
#[inline]
fn each(
    left: Decimals<'_>,
    right: Decimals<'_>,
    rows: usize,
    nulls: Option<&NullBuffer>,
    compute: impl Fn(i128, i128) -> (i128, bool),
) -> Option<Vec<i128>> {
    let (a, b) = (left.array.values(), right.array.values());
    let mut any_beyond = false;
    let mut checked = |a: i128, b: i128| {
        let (value, beyond) = compute(a, b);
        any_beyond |= beyond | (value.unsigned_abs() >= LIMIT);
        value
    };
    let values: Vec<i128> = match (left.constant, right.constant) {
        (false, false) => a.iter().zip(b.iter()).map(|(a, b)| checked(*a, *b)).collect(),
        (true, false) => {
            let a = a.first().copied().unwrap_or(0);
            b.iter().map(|b| checked(a, *b)).collect()
        }
        (false, true) => {
            let b = b.first().copied().unwrap_or(0);
            a.iter().map(|a| checked(*a, b)).collect()
        }
        (true, true) => {
            let value = checked(a.first().copied().unwrap_or(0), b.first().copied().unwrap_or(0));
            vec![value; rows]
        }
    };
    if !any_beyond {
        return Some(values);
    }
    // It may have been what lies under a NULL.
    let nulls = nulls?;
    let at = |decimals: Decimals<'_>, row: usize| {
        let row = if decimals.constant { 0 } else { row };
        decimals.array.values().get(row).copied().unwrap_or(0)
    };
    let beyond = nulls.valid_indices().any(|row| {
        let (value, beyond) = compute(at(left, row), at(right, row));
        beyond || value.unsigned_abs() >= LIMIT
    });
    (!beyond).then_some(values)
}

#[inline]
fn test(
    left: Decimals<'_>,
    right: Decimals<'_>,
    rows: usize,
    test: impl Fn(i128, i128) -> bool,
) -> BooleanBuffer {
    let (a, b) = (left.array.values(), right.array.values());
    match (left.constant, right.constant) {
        (false, false) => BooleanBuffer::collect_bool(rows, |row| test(a[row], b[row])),
        (true, false) => {
            let a = a.first().copied().unwrap_or(0);
            BooleanBuffer::collect_bool(rows, |row| test(a, b[row]))
        }
        (false, true) => {
            let b = b.first().copied().unwrap_or(0);
            BooleanBuffer::collect_bool(rows, |row| test(a[row], b))
        }
        (true, true) => {
            let value = test(a.first().copied().unwrap_or(0), b.first().copied().unwrap_or(0));
            BooleanBuffer::collect_bool(rows, |_| value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[Option<i128>], precision: u8, scale: i8) -> Decimal128Array {
        let array = Decimal128Array::from(values.to_vec());
        array.with_precision_and_scale(precision, scale).unwrap()
    }

    fn values(array: &Decimal128Array) -> Vec<Option<i128>> {
        array.iter().collect()
    }

    #[test]
    fn sums_take_the_greater_scale_and_products_the_sum_of_both() {
        let a = column(&[Some(150), None, Some(-1)], 10, 2);
        let b = column(&[Some(1), Some(2), Some(1_000)], 6, 3);
        let (left, right) =
            (Decimals { array: &a, constant: false }, Decimals { array: &b, constant: false });
        let sum = compute(Operation::Add, left, right, 3).unwrap().unwrap();
        assert_eq!((values(&sum), sum.scale()), (vec![Some(1_501), None, Some(990)], 3));
        let difference = compute(Operation::Subtract, left, right, 3).unwrap().unwrap();
        assert_eq!(values(&difference), vec![Some(1_499), None, Some(-1_010)]);
        let product = compute(Operation::Multiply, left, right, 3).unwrap().unwrap();
        assert_eq!((values(&product), product.scale()), (vec![Some(150), None, Some(-1_000)], 5));
        let less = compare(Comparison::Less, left, right, 3);
        assert_eq!(less.iter().collect::<Vec<_>>(), vec![Some(false), None, Some(true)]);
    }

    #[test]
    fn numbers_beyond_38_digits_are_told_unless_they_lie_under_a_null() {
        let most = 10i128.pow(38) - 1;
        let a = column(&[Some(most), Some(1)], 38, 0);
        let one = column(&[Some(1)], 1, 0);
        let (left, right) =
            (Decimals { array: &a, constant: false }, Decimals { array: &one, constant: true });
        assert_eq!(compute(Operation::Add, left, right, 2).unwrap(), Err(Beyond));
        let hidden = Decimal128Array::new(vec![most, 1].into(), Some(NullBuffer::from(vec![false, true])));
        let hidden = hidden.with_precision_and_scale(38, 0).unwrap();
        let left = Decimals { array: &hidden, constant: false };
        let sum = compute(Operation::Add, left, right, 2).unwrap().unwrap();
        assert_eq!(values(&sum), vec![None, Some(2)]);
        assert_eq!(
            compute(Operation::Multiply, left, left, 2).unwrap().map(|array| values(&array)),
            Ok(vec![None, Some(1)])
        );
    }
}
