//! Bytes of numerics: those that stand in a column, and those whose order is the order of the values.
//!
//! A column's bytes are canonical: the same value and scale always give the same bytes. They are not ordered.
//!
//! ```text
//!  scale < 240    [scale: 1]             [coefficient]
//!  scale ≥ 240    [240] [scale: 2, LE]   [coefficient]
//!  infinities     [241] +, [242] -
//!  NaN            [243]
//!  coefficient    two's complement, little endian: the shortest of 4, 8, 16 bytes that holds it,
//!                 beyond that as many bytes as it needs
//! ```
//!
//! A key's bytes are ordered and self-delimiting: no key is a prefix of another, so that keys can stand one
//! after the other. 1.0 and 1.00 have the same key.
//!
//! ```text
//!  [1] -Infinity, [3] zero, [5] Infinity, [6] NaN
//!  [4] positive: [exponent of the first digit + 2^23: 3, BE] [its first 38 digits: 16, BE] ([1] [38 more: 16, BE])* [0]
//!  [2] negative: the same as of the absolute value, all bits after the first byte turned
//! ```

use num_bigint::BigInt;

use super::{MAX_SCALE, Numeric, digits};

pub(super) const WIDE_SCALE: u8 = 240;
const INFINITY: u8 = 241;
const NEGATIVE_INFINITY: u8 = 242;
const NAN: u8 = 243;

impl Numeric {
    /// What [`Numeric::with_bytes`] gave. Bytes that it cannot have given are NaN.
    #[inline]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match *bytes {
            // The usual lengths first: one load each.
            [scale, a, b, c, d] if scale < WIDE_SCALE => Numeric::Small {
                coefficient: i128::from(i32::from_le_bytes([a, b, c, d])),
                scale: u16::from(scale),
            },
            [scale, a, b, c, d, e, f, g, h] if scale < WIDE_SCALE => Numeric::Small {
                coefficient: i128::from(i64::from_le_bytes([a, b, c, d, e, f, g, h])),
                scale: u16::from(scale),
            },
            [scale, ref rest @ ..] if scale < WIDE_SCALE => decode(u16::from(scale), rest),
            [WIDE_SCALE, low, high, ref rest @ ..] => decode(u16::from_le_bytes([low, high]), rest),
            [INFINITY] => Numeric::Infinity,
            [NEGATIVE_INFINITY] => Numeric::NegativeInfinity,
            _ => Numeric::NaN,
        }
    }

    /// The bytes that stand for the value in a column.
    #[inline]
    pub fn with_bytes<T>(&self, take: impl FnOnce(&[u8]) -> T) -> T {
        match self {
            Numeric::Small { coefficient, scale } => {
                let mut bytes = [0u8; 19];
                let start = if *scale < u16::from(WIDE_SCALE) {
                    bytes[0] = *scale as u8;
                    1
                } else {
                    bytes[0] = WIDE_SCALE;
                    bytes[1..3].copy_from_slice(&scale.to_le_bytes());
                    3
                };
                let end = if let Ok(short) = i32::try_from(*coefficient) {
                    bytes[start..start + 4].copy_from_slice(&short.to_le_bytes());
                    start + 4
                } else if let Ok(middle) = i64::try_from(*coefficient) {
                    bytes[start..start + 8].copy_from_slice(&middle.to_le_bytes());
                    start + 8
                } else {
                    bytes[start..start + 16].copy_from_slice(&coefficient.to_le_bytes());
                    start + 16
                };
                take(&bytes[..end])
            }
            Numeric::Large { coefficient, scale } => {
                let body = coefficient.to_signed_bytes_le();
                let mut bytes = Vec::with_capacity(body.len() + 3);
                if *scale < u16::from(WIDE_SCALE) {
                    bytes.push(*scale as u8);
                } else {
                    bytes.push(WIDE_SCALE);
                    bytes.extend_from_slice(&scale.to_le_bytes());
                }
                bytes.extend_from_slice(&body);
                take(&bytes)
            }
            Numeric::NaN => take(&[NAN]),
            Numeric::Infinity => take(&[INFINITY]),
            Numeric::NegativeInfinity => take(&[NEGATIVE_INFINITY]),
        }
    }

    /// The bytes that stand for the value in a column, owned.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.with_bytes(<[u8]>::to_vec)
    }

    /// Appends bytes whose order is that of the values.
    pub fn key_bytes(&self, key: &mut Vec<u8>) {
        let sign = match self {
            Numeric::NegativeInfinity => return key.push(1),
            Numeric::Infinity => return key.push(5),
            Numeric::NaN => return key.push(6),
            Numeric::Small { .. } | Numeric::Large { .. } => self.signum(),
        };
        match sign {
            Some(0) | None => key.push(3),
            Some(sign) if sign > 0 => {
                key.push(4);
                self.magnitude_key(key);
            }
            Some(_) => {
                key.push(2);
                let start = key.len();
                self.magnitude_key(key);
                for byte in &mut key[start..] {
                    *byte = !*byte;
                }
            }
        }
    }

    fn magnitude_key(&self, key: &mut Vec<u8>) {
        let scale = i64::from(self.scale_or_zero());
        if let Numeric::Small { coefficient, .. } = self
            && let Some((exponent, mantissa)) = narrow_magnitude(*coefficient, scale)
        {
            key.extend_from_slice(&exponent);
            key.extend_from_slice(&mantissa.to_be_bytes());
            return key.push(0);
        }
        let decimals = self.coefficient().magnitude().to_radix_be(10);
        let zeros = decimals.iter().rev().take_while(|digit| **digit == 0).count();
        key.extend_from_slice(&key_exponent(decimals.len() as i64, scale));
        for (index, digits) in decimals[..decimals.len() - zeros].chunks(MANTISSA_DIGITS as usize).enumerate()
        {
            if index > 0 {
                key.push(1);
            }
            let value = digits.iter().fold(0u128, |value, digit| value * 10 + u128::from(*digit));
            let value = value * 10u128.pow(MANTISSA_DIGITS - digits.len() as u32);
            key.extend_from_slice(&value.to_be_bytes());
        }
        key.push(0);
    }
}

/// Digits of a part of a key's mantissa.
const MANTISSA_DIGITS: u32 = 38;
/// Bytes of the key of a value of at most [`MANTISSA_DIGITS`] digits that is not zero.
pub(super) const SHORT_KEY: usize = 21;

/// Exponent and mantissa of a coefficient that has not more digits than one part.
#[inline]
fn narrow_magnitude(coefficient: i128, scale: i64) -> Option<([u8; 3], u128)> {
    let value = coefficient.unsigned_abs();
    // log10(2) is about 1233 / 4096.
    let about = ((128 - value.leading_zeros()) * 1233) >> 12;
    let count = about + u32::from(value >= digits::small_power(about)?.unsigned_abs());
    let up = digits::small_power(MANTISSA_DIGITS.checked_sub(count)?)?;
    Some((key_exponent(i64::from(count), scale), value * up.unsigned_abs()))
}

/// The key of a value of at most 38 digits that is not zero.
#[inline]
pub(super) fn short_key(coefficient: i128, scale: u16) -> Option<[u8; SHORT_KEY]> {
    if coefficient == 0 {
        return None;
    }
    let (exponent, mantissa) = narrow_magnitude(coefficient, i64::from(scale))?;
    let mut key = [0; SHORT_KEY];
    key[1..4].copy_from_slice(&exponent);
    key[4..20].copy_from_slice(&mantissa.to_be_bytes());
    if coefficient > 0 {
        key[0] = 4;
    } else {
        key[1..].iter_mut().for_each(|byte| *byte = !*byte);
        key[0] = 2;
    }
    Some(key)
}

#[inline]
fn key_exponent(digits: i64, scale: i64) -> [u8; 3] {
    let [_, high, middle, low] = ((digits - 1 - scale + (1 << 23)) as u32).to_be_bytes();
    [high, middle, low]
}

fn decode(scale: u16, rest: &[u8]) -> Numeric {
    if scale > MAX_SCALE {
        return Numeric::NaN;
    }
    let coefficient = match rest.len() {
        4 => rest.try_into().map_or(0, |bytes| i128::from(i32::from_le_bytes(bytes))),
        8 => rest.try_into().map_or(0, |bytes| i128::from(i64::from_le_bytes(bytes))),
        16 => rest.try_into().map_or(0, i128::from_le_bytes),
        length if length > 16 => return Numeric::unchecked(BigInt::from_signed_bytes_le(rest), scale),
        _ => return Numeric::NaN,
    };
    Numeric::Small { coefficient, scale }
}

/// The digits of a value, most significant first, without leading zeros; empty of zero.
pub fn decimal_digits(value: &Numeric) -> Vec<u8> {
    let coefficient = value.coefficient();
    match digits::digit_count(&coefficient) {
        0 => vec![],
        _ => coefficient.magnitude().to_radix_be(10),
    }
}
