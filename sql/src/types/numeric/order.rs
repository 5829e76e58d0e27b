//! The order, equality and hash of numerics: by value. -Infinity is least, NaN greatest and equal to itself.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::Zero;

use super::{Numeric, digits};

impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Numeric {}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Numeric {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (
                Numeric::Small { coefficient: left, scale: left_scale },
                Numeric::Small { coefficient: right, scale: right_scale },
            ) => {
                if left_scale == right_scale {
                    left.cmp(right)
                } else {
                    compare_small(*left, *left_scale, *right, *right_scale)
                }
            }
            _ => compare_any(self, other),
        }
    }
}

fn compare_small(left: i128, left_scale: u16, right: i128, right_scale: u16) -> Ordering {
    if left.signum() != right.signum() || left == 0 {
        return left.signum().cmp(&right.signum());
    }
    if left_scale > right_scale {
        return compare_small(right, right_scale, left, left_scale).reverse();
    }
    // The left one has the lesser scale: bring it to the greater.
    let power = digits::small_power(u32::from(right_scale - left_scale));
    match power.and_then(|power| left.checked_mul(power)) {
        Some(left) => left.cmp(&right),
        // No room: its absolute value is beyond the other's.
        None => left.cmp(&0),
    }
}

/// The place of a kind of value: -Infinity, finite, Infinity, NaN.
fn rank(value: &Numeric) -> u8 {
    match value {
        Numeric::NegativeInfinity => 0,
        Numeric::Small { .. } | Numeric::Large { .. } => 1,
        Numeric::Infinity => 2,
        Numeric::NaN => 3,
    }
}

fn compare_any(left: &Numeric, right: &Numeric) -> Ordering {
    if rank(left) != 1 || rank(right) != 1 {
        return rank(left).cmp(&rank(right));
    }
    let signs = left.signum().cmp(&right.signum());
    if signs != Ordering::Equal {
        return signs;
    }
    let (left_scale, right_scale) = (left.scale_or_zero(), right.scale_or_zero());
    let (left, right) = (left.coefficient(), right.coefficient());
    match left_scale.cmp(&right_scale) {
        Ordering::Equal => left.cmp(&right),
        Ordering::Less => {
            (left.as_ref() * digits::power_of_ten(u32::from(right_scale - left_scale))).cmp(&right)
        }
        Ordering::Greater => {
            left.as_ref().cmp(&(right.as_ref() * digits::power_of_ten(u32::from(left_scale - right_scale))))
        }
    }
}

impl Hash for Numeric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(rank(self));
        match self {
            Numeric::Small { coefficient, scale } => {
                let (coefficient, scale) = strip_small(*coefficient, *scale);
                state.write_u16(scale);
                state.write_i128(coefficient);
            }
            Numeric::Large { coefficient, scale } => {
                match Numeric::unchecked_stripped(coefficient.as_ref().clone(), *scale) {
                    Numeric::Large { coefficient, scale } => {
                        state.write_u16(scale);
                        coefficient.hash(state);
                    }
                    Numeric::Small { coefficient, scale } => {
                        state.write_u16(scale);
                        state.write_i128(coefficient);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// The same value with the least scale.
pub(super) fn strip_small(coefficient: i128, scale: u16) -> (i128, u16) {
    if coefficient == 0 {
        return (0, 0);
    }
    let mut scale = scale;
    if let Ok(mut narrow) = i64::try_from(coefficient) {
        while scale > 0 && narrow % 10 == 0 {
            narrow /= 10;
            scale -= 1;
        }
        return (i128::from(narrow), scale);
    }
    let mut coefficient = coefficient;
    while scale > 0 && coefficient % 10 == 0 {
        coefficient /= 10;
        scale -= 1;
    }
    (coefficient, scale)
}

impl Numeric {
    /// A value from coefficient and scale, at the least scale that holds it.
    pub(super) fn unchecked_stripped(coefficient: BigInt, scale: u16) -> Numeric {
        if coefficient.sign() == Sign::NoSign {
            return Numeric::ZERO;
        }
        let (mut coefficient, mut scale) = (coefficient, scale);
        // Large steps first: a power of ten is tried at each half of what may still be stripped.
        let mut step = scale;
        while step > 0 {
            if step <= scale {
                let (quotient, remainder) = coefficient.div_rem(&digits::power_of_ten(u32::from(step)));
                if remainder.is_zero() {
                    coefficient = quotient;
                    scale -= step;
                    continue;
                }
            }
            step /= 2;
        }
        match Numeric::unchecked(coefficient, scale) {
            Numeric::Small { coefficient, scale } => {
                let (coefficient, scale) = strip_small(coefficient, scale);
                Numeric::Small { coefficient, scale }
            }
            other => other,
        }
    }
}
