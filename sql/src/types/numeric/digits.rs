//! Powers of ten and the decimal digits of coefficients: what all of numeric's arithmetic counts in.

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::Numeric;

/// 10^n, as far as 128 bits reach.
const POWERS: [i128; 39] = {
    let mut powers = [1i128; 39];
    let mut n = 1;
    while n < 39 {
        powers[n] = powers[n - 1] * 10;
        n += 1;
    }
    powers
};

/// 10^n if it fits 128 bits.
#[inline]
pub fn small_power(n: u32) -> Option<i128> {
    POWERS.get(n as usize).copied()
}

/// 10^n.
pub fn power_of_ten(n: u32) -> BigInt {
    match small_power(n) {
        Some(power) => BigInt::from(power),
        None => BigInt::from(5).pow(n) << n,
    }
}

/// The number of decimal digits; 0 of zero.
pub fn digit_count(coefficient: &BigInt) -> u32 {
    if coefficient.is_zero() {
        return 0;
    }
    // No multiple of log10(2) that can stand here is so near to a whole number that a float confuses them.
    let least = ((coefficient.bits() - 1) as f64 * std::f64::consts::LOG10_2) as u32;
    if coefficient.magnitude() >= power_of_ten(least + 1).magnitude() {
        least + 2
    } else if coefficient.magnitude() >= power_of_ten(least).magnitude() {
        least + 1
    } else {
        least
    }
}

/// The number of decimal digits of a small coefficient; 0 of zero.
#[inline]
pub fn small_digit_count(coefficient: i128) -> u32 {
    coefficient.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1)
}

/// The quotient, rounded half away from zero.
pub fn divide_rounded(dividend: &BigInt, divisor: &BigInt) -> BigInt {
    let (quotient, remainder) = dividend.div_rem(divisor);
    if (remainder.abs() << 1u32) >= divisor.abs() {
        let up = (dividend.sign() == Sign::Minus) == (divisor.sign() == Sign::Minus);
        return if up { quotient + 1 } else { quotient - 1 };
    }
    quotient
}

/// The quotient, rounded half away from zero; None where 128 bits do not hold it. The divisor is not zero.
#[inline]
pub fn small_divide_rounded(dividend: i128, divisor: i128) -> Option<i128> {
    let quotient = dividend.checked_div(divisor)?;
    let remainder = dividend - quotient * divisor;
    if remainder.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2) && remainder != 0 {
        let up = (dividend < 0) == (divisor < 0);
        return if up { quotient.checked_add(1) } else { quotient.checked_sub(1) };
    }
    Some(quotient)
}

/// The coefficient of the same value at another scale, rounded half away from zero.
pub fn rescale(coefficient: &BigInt, from: i64, to: i64) -> BigInt {
    if to >= from {
        return coefficient * power_of_ten((to - from) as u32);
    }
    let fewer = (from - to) as u64;
    // Dividing by far more than the value would only make a large power of ten to find zero.
    if fewer > u64::from(digit_count(coefficient)) + 1 {
        return BigInt::zero();
    }
    divide_rounded(coefficient, &power_of_ten(fewer as u32))
}

/// What PostgreSQL keeps of a value: digits of base 10,000. `weight` is the exponent of the first of them,
/// `first` its value (1..=9999), `second` the next one's; all zero for zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leading {
    /// The exponent of the first digit: it counts 10,000^weight.
    pub weight: i32,
    /// The first digit that is not zero.
    pub first: i32,
    /// The digit after it.
    pub second: i32,
    /// The exponent of the first decimal digit.
    pub exponent: i32,
}

/// The leading digits of the absolute value of a coefficient at a scale.
pub fn leading(coefficient: &BigInt, scale: i64) -> Leading {
    if coefficient.is_zero() {
        return Leading::default();
    }
    let count = i64::from(digit_count(coefficient));
    let exponent = count - 1 - scale;
    let weight = exponent.div_euclid(4);
    // Decimal digits in the first two digits of base 10,000.
    let wanted = exponent - 4 * weight + 1 + 4;
    let top = if wanted >= count {
        coefficient * power_of_ten((wanted - count) as u32)
    } else {
        coefficient / power_of_ten((count - wanted) as u32)
    };
    let top = i64::try_from(top.abs()).unwrap_or(0);
    Leading {
        weight: weight as i32,
        first: (top / 10_000) as i32,
        second: (top % 10_000) as i32,
        exponent: exponent as i32,
    }
}

/// The leading digits of the absolute value of a small coefficient at a scale.
#[inline]
pub fn small_leading(coefficient: i128, scale: u16) -> Leading {
    let magnitude = coefficient.unsigned_abs();
    let count = small_digit_count(coefficient) as i32;
    if count == 0 {
        return Leading::default();
    }
    let exponent = count - 1 - i32::from(scale);
    let weight = exponent.div_euclid(4);
    let wanted = exponent - 4 * weight + 5;
    let top = if wanted >= count {
        magnitude as u64 * POWERS[(wanted - count) as usize] as u64
    } else {
        (magnitude / POWERS[(count - wanted) as usize] as u128) as u64
    };
    Leading { weight, first: (top / 10_000) as i32, second: (top % 10_000) as i32, exponent }
}

impl Numeric {
    /// Its leading digits; those of zero where it is not finite.
    pub fn leading(&self) -> Leading {
        match self {
            Numeric::Small { coefficient, scale } => small_leading(*coefficient, *scale),
            Numeric::Large { coefficient, scale } => leading(coefficient, i64::from(*scale)),
            _ => Leading::default(),
        }
    }

    /// The coefficient of a finite value; zero of others.
    pub(super) fn coefficient(&self) -> Cow<'_, BigInt> {
        match self {
            Numeric::Small { coefficient, .. } => Cow::Owned(BigInt::from(*coefficient)),
            Numeric::Large { coefficient, .. } => Cow::Borrowed(coefficient),
            _ => Cow::Owned(BigInt::zero()),
        }
    }

    /// The scale of a finite value; zero of others.
    #[inline]
    pub(super) fn scale_or_zero(&self) -> u16 {
        self.scale().unwrap_or(0)
    }
}

/// The quotient of 64 bits, rounded half away from zero. The divisor is not zero, the dividend not the least.
#[inline]
pub fn small_divide_rounded_narrow(dividend: i64, divisor: i64) -> Option<i64> {
    let quotient = dividend.checked_div(divisor)?;
    let remainder = dividend - quotient * divisor;
    if remainder != 0 && remainder.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2) {
        let up = (dividend < 0) == (divisor < 0);
        return if up { quotient.checked_add(1) } else { quotient.checked_sub(1) };
    }
    Some(quotient)
}
