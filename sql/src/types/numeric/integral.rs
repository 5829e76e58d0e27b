//! Functions of whole numbers on numerics: gcd, lcm, factorial, width_bucket.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::arithmetic::{add, aligned_large, common_divisor, divide, multiply, subtract};
use super::convert::numeric_to_int4;
use super::rounding::floor;
use super::{Numeric, overflow};
use crate::error::{SqlError, SqlResult, SqlState};

/// The greatest common divisor, never negative: of 1.5 and 0.25 it is 0.25. NaN where an argument is not
/// finite.
pub fn gcd(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if !left.is_finite() || !right.is_finite() {
        return Ok(Numeric::NaN);
    }
    let (a, b, scale) = aligned_large(left, right);
    Numeric::checked(common_divisor(&a, &b), u32::from(scale))
}

/// The least common multiple, never negative; zero of zero. NaN where an argument is not finite.
pub fn lcm(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if !left.is_finite() || !right.is_finite() {
        return Ok(Numeric::NaN);
    }
    let (a, b, scale) = aligned_large(left, right);
    if a.is_zero() || b.is_zero() {
        return Ok(Numeric::small(0, scale));
    }
    let divisor = common_divisor(&a, &b);
    Numeric::checked((a / divisor * b).abs(), u32::from(scale))
}

/// n! 22003 of a negative number, and beyond 32177!.
pub fn factorial(n: i64) -> SqlResult<Numeric> {
    if n < 0 {
        let message = "factorial of a negative number is undefined";
        return Err(SqlError::new(SqlState::NumericOutOfRange, message));
    }
    if n > 32_177 {
        return Err(overflow());
    }
    Numeric::checked(product(1, n.max(1) as u64), 0)
}

/// The product of all whole numbers from low to high, by halves so that factors stay of like size.
fn product(low: u64, high: u64) -> BigInt {
    if high - low < 8 {
        return (low..=high).fold(BigInt::from(1), |product, factor| product * factor);
    }
    let middle = low + (high - low) / 2;
    product(low, middle) * product(middle + 1, high)
}

/// The number of the bucket of so many between the bounds that the operand falls into. 0 and count + 1 are
/// outside.
pub fn width_bucket(operand: &Numeric, low: &Numeric, high: &Numeric, count: i32) -> SqlResult<i32> {
    let refuse = |message: &str| Err(SqlError::new(SqlState::InvalidWidthBucket, message));
    if count <= 0 {
        return refuse("count must be greater than zero");
    }
    if operand.is_nan() || low.is_nan() || high.is_nan() {
        return refuse("operand, lower bound, and upper bound cannot be NaN");
    }
    if low.is_infinite() || high.is_infinite() {
        return refuse("lower and upper bounds must be finite");
    }
    if low == high {
        return refuse("lower bound cannot equal upper bound");
    }
    let ascending = low < high;
    let (before, beyond) =
        if ascending { (operand < low, operand >= high) } else { (operand > low, operand <= high) };
    if before {
        return Ok(0);
    }
    if beyond {
        return count
            .checked_add(1)
            .ok_or_else(|| SqlError::new(SqlState::NumericOutOfRange, "integer out of range"));
    }
    // PostgreSQL rounds the quotient, as quotients are, before it cuts it: that can lead into the next
    // bucket, and from the last one out of the bounds.
    let (above, width) = if ascending {
        (subtract(operand, low)?, subtract(high, low)?)
    } else {
        (subtract(low, operand)?, subtract(low, high)?)
    };
    let count_value = Numeric::small(i128::from(count), 0);
    let bucket = divide(&multiply(&above, &count_value)?, &width)?;
    numeric_to_int4(&add(&floor(&bucket)?, &Numeric::ONE)?)
}
