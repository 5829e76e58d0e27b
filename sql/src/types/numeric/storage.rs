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
//! after the other. 1.0 and 1.00 have the same key. Most have at most ten digits, and seven bytes.
//!
//! ```text
//!  one byte, its first three bits      1 -Infinity, 3 zero, 5 Infinity, 6 NaN
//!  4 positive: bits, most significant first
//!      [4: 3] [exponent of the first digit + 2^17: 18] [the first 10 digits: 34] [more: 1]
//!      then, while more is 1, [38 more digits: 127] [more: 1]
//!  2 negative: the same as of the absolute value, all bits after the first three turned
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
        match self {
            Numeric::NegativeInfinity => return key.push(NEGATIVE_INFINITY_TAG << TAG_SHIFT),
            Numeric::Infinity => return key.push(INFINITY_TAG << TAG_SHIFT),
            Numeric::NaN => return key.push(NAN_TAG << TAG_SHIFT),
            Numeric::Small { coefficient, scale } => {
                if let Some(short) = short_key(*coefficient, *scale) {
                    return key.extend_from_slice(short.bytes());
                }
            }
            Numeric::Large { .. } => {}
        }
        let decimals = self.coefficient().magnitude().to_radix_be(10);
        let scale = i64::from(self.scale_or_zero());
        let zeros = decimals.iter().rev().take_while(|digit| **digit == 0).count();
        let significant = &decimals[..decimals.len() - zeros];
        let (first, rest) = significant.split_at(significant.len().min(HEAD_DIGITS as usize));
        let number = |digits: &[u8], wide: u32| {
            let value = digits.iter().fold(0u128, |value, digit| value * 10 + u128::from(*digit));
            value * 10u128.pow(wide - digits.len() as u32)
        };
        let start = key.len();
        let exponent = key_exponent(decimals.len() as i64, scale);
        key.extend_from_slice(&head(exponent, number(first, HEAD_DIGITS) as u64, !rest.is_empty()));
        let mut parts = rest.chunks(PART_DIGITS as usize).peekable();
        while let Some(part) = parts.next() {
            let more = u128::from(parts.peek().is_some());
            key.extend_from_slice(&(number(part, PART_DIGITS) << 1 | more).to_be_bytes());
        }
        if self.signum().is_some_and(|sign| sign < 0) {
            turn(&mut key[start..]);
        }
    }
}

const NEGATIVE_INFINITY_TAG: u8 = 1;
const NEGATIVE_TAG: u8 = 2;
const ZERO_TAG: u8 = 3;
const POSITIVE_TAG: u8 = 4;
const INFINITY_TAG: u8 = 5;
const NAN_TAG: u8 = 6;
/// Bits of a key's first byte behind its tag.
const TAG_SHIFT: u8 = 5;
/// Digits in the first bytes of a key.
const HEAD_DIGITS: u32 = 10;
/// The first bytes of a key.
const HEAD: usize = 7;
/// Digits in each further part.
const PART_DIGITS: u32 = 38;

/// The key of a value of few digits.
pub(super) struct ShortKey {
    bytes: [u8; HEAD + 16],
    length: usize,
}

impl ShortKey {
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The first bytes of the key of a positive value.
#[inline]
fn head(exponent: u64, digits: u64, more: bool) -> [u8; HEAD] {
    let word = u64::from(POSITIVE_TAG) << 53 | exponent << 35 | digits << 1 | u64::from(more);
    let [_, bytes @ ..] = word.to_be_bytes();
    bytes
}

/// Makes the key of a positive value that of its negative.
#[inline]
fn turn(key: &mut [u8]) {
    key.iter_mut().for_each(|byte| *byte = !*byte);
    if let Some(first) = key.first_mut() {
        *first = NEGATIVE_TAG << TAG_SHIFT | (*first & ((1 << TAG_SHIFT) - 1));
    }
}

/// The key of a value of at most 128 bits; None of one with more digits than powers of ten of 128 bits tell.
#[inline]
pub(super) fn short_key(coefficient: i128, scale: u16) -> Option<ShortKey> {
    let mut key = ShortKey { bytes: [0; HEAD + 16], length: HEAD };
    if coefficient == 0 {
        key.bytes[0] = ZERO_TAG << TAG_SHIFT;
        key.length = 1;
        return Some(key);
    }
    let value = coefficient.unsigned_abs();
    // log10(2) is about 1233 / 4096.
    let about = ((128 - value.leading_zeros()) * 1233) >> 12;
    let count = about + u32::from(value >= digits::small_power(about)?.unsigned_abs());
    let exponent = key_exponent(i64::from(count), i64::from(scale));
    let (first, rest) = match count.checked_sub(HEAD_DIGITS) {
        None | Some(0) => (value as u64 * 10u64.pow(HEAD_DIGITS - count), 0),
        Some(behind) => {
            let (first, rest) = match u64::try_from(value) {
                Ok(value) => {
                    let unit = 10u64.pow(behind);
                    (value / unit, u128::from(value % unit))
                }
                Err(_) => {
                    let unit = digits::small_power(behind)?.unsigned_abs();
                    ((value / unit) as u64, value % unit)
                }
            };
            (first, rest * digits::small_power(PART_DIGITS.checked_sub(behind)?)?.unsigned_abs())
        }
    };
    key.bytes[..HEAD].copy_from_slice(&head(exponent, first, rest != 0));
    if rest != 0 {
        key.bytes[HEAD..].copy_from_slice(&(rest << 1).to_be_bytes());
        key.length = HEAD + 16;
    }
    if coefficient < 0 {
        turn(&mut key.bytes[..key.length]);
    }
    Some(key)
}

/// The exponent of the first of some digits, of which so many stand behind the point; above zero.
#[inline]
fn key_exponent(digits: i64, scale: i64) -> u64 {
    (digits - 1 - scale + (1 << 17)) as u64
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
