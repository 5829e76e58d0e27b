//! `+ - * / %` and `div` of numerics, with PostgreSQL's scales of results.
//!
//! Sums have the greater scale, products the sum of scales, remainders the greater scale. A quotient has as
//! many digits as give it 16 significant ones, at least the scale of both arguments, at most 1,000 after the
//! point.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::digits::{self, Leading};
use super::{MAX_SCALE, Numeric, division_by_zero, overflow};
use crate::error::SqlResult;

/// Significant digits that quotients, roots and logarithms have at least.
pub(super) const MIN_SIGNIFICANT: i32 = 16;
/// The most digits after the point of quotients, roots and logarithms.
pub(super) const MAX_DISPLAY_SCALE: i32 = 1_000;

/// left + right
#[inline]
pub fn add(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if let (
        Numeric::Small { coefficient: a, scale: left_scale },
        Numeric::Small { coefficient: b, scale: right_scale },
    ) = (left, right)
        && let Some((a, b, scale)) = aligned(*a, *left_scale, *b, *right_scale)
        && let Some(coefficient) = a.checked_add(b)
    {
        return Ok(Numeric::Small { coefficient, scale });
    }
    add_any(left, right, false)
}

/// left - right
#[inline]
pub fn subtract(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if let (
        Numeric::Small { coefficient: a, scale: left_scale },
        Numeric::Small { coefficient: b, scale: right_scale },
    ) = (left, right)
        && let Some((a, b, scale)) = aligned(*a, *left_scale, *b, *right_scale)
        && let Some(coefficient) = a.checked_sub(b)
    {
        return Ok(Numeric::Small { coefficient, scale });
    }
    add_any(left, right, true)
}

/// left * right
#[inline]
pub fn multiply(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if let (
        Numeric::Small { coefficient: a, scale: left_scale },
        Numeric::Small { coefficient: b, scale: right_scale },
    ) = (left, right)
    {
        let scale = left_scale + right_scale;
        if scale <= MAX_SCALE {
            // Products of 64 bits cannot overflow 128, and need no slow check.
            if let (Ok(a), Ok(b)) = (i64::try_from(*a), i64::try_from(*b)) {
                return Ok(Numeric::Small { coefficient: i128::from(a) * i128::from(b), scale });
            }
            if let Some(coefficient) = a.checked_mul(*b) {
                return Ok(Numeric::Small { coefficient, scale });
            }
        }
    }
    multiply_any(left, right)
}

/// left / right. 22012 where right is zero.
pub fn divide(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if left.is_nan() || right.is_nan() {
        return Ok(Numeric::NaN);
    }
    if let Some(quotient) = special_quotient(left, right)? {
        return Ok(quotient);
    }
    let scale = quotient_scale(left.leading(), left.scale_or_zero(), right.leading(), right.scale_or_zero());
    // left / 10^s1 / (right / 10^s2) * 10^scale: the dividend's coefficient times 10^(scale + s2 - s1).
    let up = i32::from(scale) + i32::from(right.scale_or_zero()) - i32::from(left.scale_or_zero());
    if let (Numeric::Small { coefficient: a, .. }, Numeric::Small { coefficient: b, .. }) = (left, right) {
        // The scale is at least the dividend's: `up` is not negative.
        let power = u32::try_from(up).ok().and_then(digits::small_power);
        if let Some(dividend) = power.and_then(|power| a.checked_mul(power)) {
            let quotient = match (i64::try_from(dividend), i64::try_from(*b)) {
                (Ok(dividend), Ok(divisor)) if dividend != i64::MIN => {
                    digits::small_divide_rounded_narrow(dividend, divisor).map(i128::from)
                }
                _ => digits::small_divide_rounded(dividend, *b),
            };
            if let Some(coefficient) = quotient {
                return Ok(Numeric::Small { coefficient, scale });
            }
        }
    }
    let coefficient = quotient(&left.coefficient(), &right.coefficient(), i64::from(up));
    Numeric::checked(coefficient, u32::from(scale))
}

/// The whole part of left / right. 22012 where right is zero.
pub fn divide_truncated(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if left.is_nan() || right.is_nan() {
        return Ok(Numeric::NaN);
    }
    if let Some(quotient) = special_quotient(left, right)? {
        return Ok(quotient);
    }
    let (a, b, _) = aligned_large(left, right);
    Numeric::checked(a / b, 0)
}

/// left % right: what is left of it, with its sign. 22012 where right is zero.
pub fn modulo(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if left.is_nan() || right.is_nan() {
        return Ok(Numeric::NaN);
    }
    if left.is_infinite() {
        return if right.is_zero() { Err(division_by_zero()) } else { Ok(Numeric::NaN) };
    }
    if right.is_infinite() {
        return Ok(left.clone());
    }
    if right.is_zero() {
        return Err(division_by_zero());
    }
    if let (
        Numeric::Small { coefficient: a, scale: left_scale },
        Numeric::Small { coefficient: b, scale: right_scale },
    ) = (left, right)
        && let Some((a, b, scale)) = aligned(*a, *left_scale, *b, *right_scale)
    {
        return Ok(Numeric::Small { coefficient: a.wrapping_rem(b), scale });
    }
    let (a, b, scale) = aligned_large(left, right);
    Ok(Numeric::unchecked(a % b, scale))
}

/// -value
pub fn negate(value: &Numeric) -> Numeric {
    match value {
        Numeric::Small { coefficient, scale } => match coefficient.checked_neg() {
            Some(coefficient) => Numeric::Small { coefficient, scale: *scale },
            None => Numeric::unchecked(-BigInt::from(*coefficient), *scale),
        },
        Numeric::Large { coefficient, scale } => Numeric::unchecked(-coefficient.as_ref(), *scale),
        Numeric::NaN => Numeric::NaN,
        Numeric::Infinity => Numeric::NegativeInfinity,
        Numeric::NegativeInfinity => Numeric::Infinity,
    }
}

/// |value|
pub fn absolute(value: &Numeric) -> Numeric {
    if value.signum() == Some(-1) { negate(value) } else { value.clone() }
}

/// -1, 0 or 1; NaN of NaN.
pub fn sign(value: &Numeric) -> Numeric {
    value.signum().map_or(Numeric::NaN, |sign| Numeric::small(i128::from(sign), 0))
}

/// value + 1
pub fn increment(value: &Numeric) -> SqlResult<Numeric> {
    add(value, &Numeric::ONE)
}

/// The scale of a quotient, from leading digits and scales of both arguments.
#[inline]
pub(super) fn quotient_scale(left: Leading, left_scale: u16, right: Leading, right_scale: u16) -> u16 {
    quotient_scale_wide(left, i64::from(left_scale), right, i64::from(right_scale))
}

/// The scale of a quotient whose arguments may have more digits after the point than a numeric.
pub(super) fn quotient_scale_wide(left: Leading, left_scale: i64, right: Leading, right_scale: i64) -> u16 {
    let mut weight = left.weight - right.weight;
    // Where the first digits are equal the quotient may be less than one of them: take it to be.
    if left.first <= right.first {
        weight -= 1;
    }
    let scale = i64::from(MIN_SIGNIFICANT - weight * 4).max(left_scale).max(right_scale).max(0);
    scale.min(i64::from(MAX_DISPLAY_SCALE)) as u16
}

/// a * 10^up / b, rounded half away from zero.
pub(super) fn quotient(a: &BigInt, b: &BigInt, up: i64) -> BigInt {
    if up >= 0 {
        digits::divide_rounded(&(a * digits::power_of_ten(up as u32)), b)
    } else {
        digits::divide_rounded(a, &(b * digits::power_of_ten(up.unsigned_abs() as u32)))
    }
}

/// Quotients with an infinity, and 22012; None where both arguments are finite and the divisor is not zero.
fn special_quotient(left: &Numeric, right: &Numeric) -> SqlResult<Option<Numeric>> {
    if left.is_infinite() {
        if right.is_infinite() {
            return Ok(Some(Numeric::NaN));
        }
        return match right.signum() {
            Some(0) => Err(division_by_zero()),
            Some(-1) => Ok(Some(negate(left))),
            _ => Ok(Some(left.clone())),
        };
    }
    if right.is_infinite() {
        return Ok(Some(Numeric::ZERO));
    }
    if right.is_zero() { Err(division_by_zero()) } else { Ok(None) }
}

/// Both coefficients at the greater scale; None where 128 bits do not hold them.
#[inline]
fn aligned(a: i128, a_scale: u16, b: i128, b_scale: u16) -> Option<(i128, i128, u16)> {
    if a_scale == b_scale {
        Some((a, b, a_scale))
    } else if a_scale < b_scale {
        let power = digits::small_power(u32::from(b_scale - a_scale))?;
        Some((a.checked_mul(power)?, b, b_scale))
    } else {
        let power = digits::small_power(u32::from(a_scale - b_scale))?;
        Some((a, b.checked_mul(power)?, a_scale))
    }
}

pub(super) fn aligned_large(left: &Numeric, right: &Numeric) -> (BigInt, BigInt, u16) {
    let (left_scale, right_scale) = (left.scale_or_zero(), right.scale_or_zero());
    let (a, b) = (left.coefficient().into_owned(), right.coefficient().into_owned());
    if left_scale < right_scale {
        (a * digits::power_of_ten(u32::from(right_scale - left_scale)), b, right_scale)
    } else {
        (a, b * digits::power_of_ten(u32::from(left_scale - right_scale)), left_scale)
    }
}

#[cold]
fn add_any(left: &Numeric, right: &Numeric, turn: bool) -> SqlResult<Numeric> {
    if left.is_nan() || right.is_nan() {
        return Ok(Numeric::NaN);
    }
    if right.is_infinite() {
        let right = if turn { negate(right) } else { right.clone() };
        let opposite = left.is_infinite() && *left != right;
        return Ok(if opposite { Numeric::NaN } else { right });
    }
    if left.is_infinite() {
        return Ok(left.clone());
    }
    let (a, b, scale) = aligned_large(left, right);
    Numeric::checked(if turn { a - b } else { a + b }, u32::from(scale))
}

#[cold]
fn multiply_any(left: &Numeric, right: &Numeric) -> SqlResult<Numeric> {
    if left.is_nan() || right.is_nan() {
        return Ok(Numeric::NaN);
    }
    if left.is_infinite() || right.is_infinite() {
        let sign = left.signum().unwrap_or(0) * right.signum().unwrap_or(0);
        return Ok(match sign {
            0 => Numeric::NaN,
            sign if sign > 0 => Numeric::Infinity,
            _ => Numeric::NegativeInfinity,
        });
    }
    let scale = u32::from(left.scale_or_zero()) + u32::from(right.scale_or_zero());
    let (a, b) = (left.coefficient(), right.coefficient());
    if (a.bits() + b.bits()) as f64 > (f64::from(super::MAX_INTEGER_DIGITS + scale) + 2.0) * 3.322 + 2.0 {
        return Err(overflow());
    }
    let product = a.as_ref() * b.as_ref();
    if scale > u32::from(MAX_SCALE) {
        let rounded = digits::rescale(&product, i64::from(scale), i64::from(MAX_SCALE));
        return Numeric::checked(rounded, u32::from(MAX_SCALE));
    }
    Numeric::checked(product, scale)
}

/// Greatest common divisor of two coefficients, never negative.
pub(super) fn common_divisor(a: &BigInt, b: &BigInt) -> BigInt {
    if b.is_zero() { a.abs() } else { num_integer::Integer::gcd(a, b) }
}
