//! The wide numeric: up to 131,072 digits before the point and 16,383 after it, NaN and both infinities.
//!
//! A value is a coefficient and a scale (the number of digits that are shown after the point): 1.50 is 150 at
//! scale 2. Coefficients that fit 128 bits take the fast path without allocation; a [`Numeric::Large`] never
//! holds one that fits, so that each value and scale has one representation and one storage form.
//!
//! | module | holds |
//! |---|---|
//! | [`text`] | parse and print |
//! | [`storage`] | the bytes in a column, and bytes whose order is that of the values |
//! | [`column`] | columns read and written row by row |
//! | [`order`] | comparison and hash, by value |
//! | [`arithmetic`] | `+ - * / %`, `div` |
//! | [`rounding`] | round, trunc, ceil, floor, scales, type modifiers |
//! | [`roots`] | sqrt, exp, ln, log, power |
//! | [`integral`] | gcd, lcm, factorial, width_bucket |
//! | [`convert`] | to and from integers, floats, Decimal128 |
//! | [`wire`] | PostgreSQL's binary format |
//! | [`digits`] | powers of ten, decimal digits of a coefficient |
//!
//! Digits and scales of results are those of PostgreSQL 15 (`src/backend/utils/adt/numeric.c` gives the
//! rules).

pub mod arithmetic;
pub mod column;
pub mod convert;
pub mod digits;
mod fixed;
pub mod integral;
pub mod order;
pub mod roots;
pub mod rounding;
pub mod storage;
pub mod text;
pub mod wire;

#[cfg(test)]
mod tests;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::error::{SqlError, SqlResult, SqlState};

/// The most digits before the point.
pub const MAX_INTEGER_DIGITS: u32 = 131_072;
/// The most digits after the point.
pub const MAX_SCALE: u16 = 16_383;

/// A value of type numeric. `==`, the order and the hash are of the value alone: 1.0 equals 1.00, NaN equals
/// NaN.
#[derive(Debug, Clone)]
pub enum Numeric {
    /// A coefficient of 128 bits.
    Small {
        /// The digits as an integer.
        coefficient: i128,
        /// How many of them stand after the point.
        scale: u16,
    },
    /// A coefficient that does not fit 128 bits.
    Large {
        /// The digits as an integer.
        coefficient: Box<BigInt>,
        /// How many of them stand after the point.
        scale: u16,
    },
    /// Not a number: equal to itself, greater than all others.
    NaN,
    /// Greater than all finite values.
    Infinity,
    /// Less than all others.
    NegativeInfinity,
}

impl Default for Numeric {
    fn default() -> Self {
        Numeric::ZERO
    }
}

impl Numeric {
    /// The value of a text, read as PostgreSQL's `numeric_in` reads it: 22P02 and 22003.
    pub fn parse(text: &str) -> SqlResult<Self> {
        text::parse(text)
    }

    /// 0
    pub const ZERO: Numeric = Numeric::Small { coefficient: 0, scale: 0 };
    /// 1
    pub const ONE: Numeric = Numeric::Small { coefficient: 1, scale: 0 };

    /// A small value. The scale is at most [`MAX_SCALE`].
    pub const fn small(coefficient: i128, scale: u16) -> Self {
        Numeric::Small { coefficient, scale }
    }

    /// A value from its coefficient and scale, without a check of PostgreSQL's limits.
    pub fn unchecked(coefficient: BigInt, scale: u16) -> Self {
        match coefficient.to_i128() {
            Some(coefficient) => Numeric::Small { coefficient, scale },
            None => Numeric::Large { coefficient: Box::new(coefficient), scale },
        }
    }

    /// A value from its coefficient and scale. 22003 beyond the digits that a numeric may have.
    pub fn checked(coefficient: BigInt, scale: u32) -> SqlResult<Self> {
        let Ok(small_scale) = u16::try_from(scale) else { return Err(overflow()) };
        if small_scale > MAX_SCALE {
            return Err(overflow());
        }
        let most = u64::from(MAX_INTEGER_DIGITS) + u64::from(scale);
        // A coefficient of so few bits has surely few enough digits: no power of ten is computed then.
        if coefficient.bits() > most * 3321 / 1000 && coefficient.abs() >= digits::power_of_ten(most as u32) {
            return Err(overflow());
        }
        Ok(Numeric::unchecked(coefficient, small_scale))
    }

    /// Whether it is NaN.
    pub fn is_nan(&self) -> bool {
        matches!(self, Numeric::NaN)
    }

    /// Whether it is an infinity.
    pub fn is_infinite(&self) -> bool {
        matches!(self, Numeric::Infinity | Numeric::NegativeInfinity)
    }

    /// Whether it is neither NaN nor an infinity.
    pub fn is_finite(&self) -> bool {
        matches!(self, Numeric::Small { .. } | Numeric::Large { .. })
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self, Numeric::Small { coefficient: 0, .. })
    }

    /// -1, 0 or 1; None of NaN.
    pub fn signum(&self) -> Option<i32> {
        match self {
            Numeric::Small { coefficient, .. } => Some(coefficient.signum() as i32),
            Numeric::Large { coefficient, .. } => Some(if coefficient.is_negative() { -1 } else { 1 }),
            Numeric::NaN => None,
            Numeric::Infinity => Some(1),
            Numeric::NegativeInfinity => Some(-1),
        }
    }

    /// Coefficient and scale of a finite value.
    pub fn parts(&self) -> Option<(BigInt, u16)> {
        match self {
            Numeric::Small { coefficient, scale } => Some((BigInt::from(*coefficient), *scale)),
            Numeric::Large { coefficient, scale } => Some((coefficient.as_ref().clone(), *scale)),
            Numeric::NaN | Numeric::Infinity | Numeric::NegativeInfinity => None,
        }
    }

    /// The number of digits shown after the point; None of NaN and the infinities.
    pub fn scale(&self) -> Option<u16> {
        match self {
            Numeric::Small { scale, .. } | Numeric::Large { scale, .. } => Some(*scale),
            Numeric::NaN | Numeric::Infinity | Numeric::NegativeInfinity => None,
        }
    }

    /// Whether value and scale are the same: 1.0 and 1.00 are not.
    pub fn is_identical(&self, other: &Numeric) -> bool {
        self.scale() == other.scale() && self == other
    }

    /// Bytes of memory held on the heap.
    pub fn heap_size(&self) -> usize {
        match self {
            Numeric::Large { coefficient, .. } => {
                std::mem::size_of::<BigInt>() + (coefficient.bits() as usize).div_ceil(8)
            }
            _ => 0,
        }
    }

    /// Whether it is a whole number: 2.00 is one, infinities are too, NaN is not (as PostgreSQL has it).
    pub fn is_integral(&self) -> bool {
        match self {
            Numeric::NaN => false,
            Numeric::Infinity | Numeric::NegativeInfinity => true,
            Numeric::Small { coefficient, scale } => match digits::small_power(u32::from(*scale)) {
                Some(power) => coefficient % power == 0,
                None => *coefficient == 0,
            },
            Numeric::Large { coefficient, scale } => {
                (coefficient.as_ref() % digits::power_of_ten(u32::from(*scale))).is_zero()
            }
        }
    }
}

/// 22003: more digits than a numeric may have.
pub fn overflow() -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "value overflows numeric format")
}

/// 22012
pub fn division_by_zero() -> SqlError {
    SqlError::new(SqlState::DivisionByZero, "division by zero")
}
