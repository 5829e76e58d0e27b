//! Exact sums of floats and of products of two floats, in any order.
//!
//! The sum is one long binary number: limbs of 32 bits in words of 64, so that carries can wait. It holds
//! only the limbs that values have touched.
//!
//! ```text
//!  value = Σ limbs[i] * 2^(32 * (base + i))        a limb may be negative, and larger than 32 bits until settled
//! ```

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use super::state::{Reader, Writer};
use crate::error::SqlResult;

/// Additions after which a limb might overflow: each adds less than 2^32.
const PATIENCE: u32 = 1 << 30;

/// An exact sum.
#[derive(Debug, Clone, Default)]
pub struct ExactSum {
    limbs: Vec<i64>,
    /// The place of the first limb, in limbs from the binary point.
    base: i32,
    /// Additions since the carries were settled.
    waiting: u32,
}

impl ExactSum {
    /// Adds a finite value.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let (mantissa, exponent) = decode(value);
        self.add_scaled(u128::from(mantissa), exponent, value.is_sign_negative());
    }

    /// Adds the product of two finite values.
    #[inline]
    pub fn add_product(&mut self, left: f64, right: f64) {
        let (left_mantissa, left_exponent) = decode(left);
        let (right_mantissa, right_exponent) = decode(right);
        let mantissa = u128::from(left_mantissa) * u128::from(right_mantissa);
        let negative = left.is_sign_negative() != right.is_sign_negative();
        self.add_scaled(mantissa, left_exponent + right_exponent, negative);
    }

    /// Adds mantissa * 2^exponent; the mantissa has at most 106 bits.
    #[inline]
    fn add_scaled(&mut self, mantissa: u128, exponent: i32, negative: bool) {
        if mantissa == 0 {
            return;
        }
        let place = exponent.div_euclid(32);
        let shift = exponent.rem_euclid(32) as u32;
        // At most 106 + 31 bits: five limbs.
        let low = mantissa as u32 as u128;
        let high = mantissa >> 32;
        let first = low << shift;
        let rest = (high << shift) + (first >> 32);
        let limbs =
            [first as u32, rest as u32, (rest >> 32) as u32, (rest >> 64) as u32, (rest >> 96) as u32];
        let count = if rest >> 64 == 0 { 3 } else { 5 };
        let start = self.room(place, count);
        for (word, limb) in self.limbs[start..start + count].iter_mut().zip(limbs) {
            *word += if negative { -i64::from(limb) } else { i64::from(limb) };
        }
        self.waiting += 1;
        if self.waiting >= PATIENCE {
            self.settle();
        }
    }

    /// Makes room for limbs from a place on; where they begin.
    #[inline]
    fn room(&mut self, place: i32, count: usize) -> usize {
        if self.limbs.is_empty() {
            self.base = place;
        }
        let start = i64::from(place) - i64::from(self.base);
        if start >= 0 && start as usize + count <= self.limbs.len() {
            return start as usize;
        }
        self.grow(place, count)
    }

    #[cold]
    fn grow(&mut self, place: i32, count: usize) -> usize {
        if place < self.base {
            let more = (self.base - place) as usize;
            self.limbs.splice(0..0, std::iter::repeat_n(0, more));
            self.base = place;
        }
        let start = (place - self.base) as usize;
        if self.limbs.len() < start + count {
            self.limbs.resize(start + count, 0);
        }
        start
    }

    /// Carries what limbs have beyond 32 bits.
    fn settle(&mut self) {
        let mut carry = 0i64;
        for limb in &mut self.limbs {
            let sum = *limb + carry;
            carry = sum >> 32;
            *limb = sum & 0xffff_ffff;
        }
        if carry != 0 {
            self.limbs.push(carry);
        }
        self.waiting = 1;
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &ExactSum) {
        let mut other = other.clone();
        other.settle();
        self.settle();
        if other.limbs.is_empty() {
            return;
        }
        let start = self.room(other.base, other.limbs.len());
        for (word, limb) in self.limbs[start..].iter_mut().zip(&other.limbs) {
            *word += limb;
        }
        self.waiting += 2;
    }

    /// The sum as a whole number and an exponent: number * 2^exponent.
    pub fn parts(&self) -> (BigInt, i64) {
        let mut number = BigInt::zero();
        for limb in self.limbs.iter().rev() {
            number = (number << 32u32) + *limb;
        }
        (number, i64::from(self.base) * 32)
    }

    /// Whether the sum is zero.
    pub fn is_zero(&self) -> bool {
        self.parts().0.is_zero()
    }

    /// The sum over another number, rounded once.
    pub fn over(&self, divisor: i64) -> f64 {
        let (number, exponent) = self.parts();
        ratio(&number, &BigInt::from(divisor), exponent)
    }

    /// Writes the sum; the same sum always gives the same bytes.
    pub fn write(&self, writer: Writer) -> Writer {
        let (mut number, mut exponent) = self.parts();
        if let Some(zeros) = number.trailing_zeros() {
            number >>= zeros;
            exponent += zeros as i64;
        } else {
            exponent = 0;
        }
        writer.integer(exponent).big(&number)
    }

    /// Reads what [`ExactSum::write`] wrote.
    pub fn read(reader: &mut Reader<'_>) -> SqlResult<Self> {
        let exponent = reader.integer()?;
        let number: BigInt = reader.big()?;
        let base = exponent.div_euclid(32);
        let shifted: BigInt = number << (exponent.rem_euclid(32) as u32);
        let negative = shifted.is_negative();
        let limbs = shifted
            .magnitude()
            .to_u32_digits()
            .into_iter()
            .map(|limb| if negative { -i64::from(limb) } else { i64::from(limb) })
            .collect();
        Ok(Self { limbs, base: base as i32, waiting: 1 })
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.limbs.capacity() * 8
    }
}

/// Mantissa and exponent of the absolute value of a finite float.
#[inline]
fn decode(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// dividend / divisor * 2^exponent, rounded once to the nearest float, ties to even. The divisor is not zero.
pub fn ratio(dividend: &BigInt, divisor: &BigInt, exponent: i64) -> f64 {
    if dividend.is_zero() {
        return 0.0;
    }
    let negative = dividend.is_negative() != divisor.is_negative();
    let (dividend, divisor) = (dividend.magnitude(), divisor.magnitude());
    // A quotient of 66 bits or so, its last bit also telling whether something is left.
    let up = 66 - (dividend.bits() as i64 - divisor.bits() as i64);
    let (dividend, divisor) = if up >= 0 {
        (dividend << up as u64, divisor.clone())
    } else {
        (dividend.clone(), divisor << up.unsigned_abs())
    };
    let quotient = &dividend / &divisor;
    let sticky = &quotient * &divisor != dividend;
    let bits = quotient.to_u128().unwrap_or(0) | u128::from(sticky);
    let value = rounded(bits, exponent - up);
    if negative { -value } else { value }
}

/// bits * 2^exponent as the nearest float, ties to even: bits has more than 54 bits, the last one sticky.
fn rounded(bits: u128, exponent: i64) -> f64 {
    let length = i64::from(128 - bits.leading_zeros());
    let drop = (length - 53).max(-1074 - exponent).max(0);
    if drop > 127 {
        return 0.0;
    }
    let mut kept = bits >> drop;
    let lost = bits - (kept << drop);
    let half = if drop == 0 { 0 } else { 1u128 << (drop - 1) };
    if drop > 0 && (lost > half || (lost == half && kept & 1 == 1)) {
        kept += 1;
    }
    let power = exponent + drop;
    if power > 1_023 {
        return f64::INFINITY;
    }
    // Both factors are exact, and so is the product: kept has at most 54 bits and none below 2^-1074.
    let first = power.max(-1_000) as i32;
    kept as f64 * 2f64.powi(first) * 2f64.powi(power as i32 - first)
}

/// The square root of dividend / divisor * 2^exponent, to the nearest float. Both numbers are positive.
pub fn root_of_ratio(dividend: &BigInt, divisor: &BigInt, exponent: i64) -> f64 {
    // A quotient of 140 bits or more, of even exponent, has a root of 70.
    let mut up = 140 - (dividend.bits() as i64 - divisor.bits() as i64);
    if (exponent - up) % 2 != 0 {
        up += 1;
    }
    let up = up.max(0);
    let up = if (exponent - up) % 2 != 0 { up + 1 } else { up };
    let quotient: BigInt = (dividend << up as u64) / divisor;
    let root = quotient.sqrt();
    let sticky = &root * &root != quotient;
    let root: BigInt = (root << 1u32) + i32::from(sticky);
    ratio(&root, &BigInt::from(1), (exponent - up) / 2 - 1)
}
