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
//!  [4] positive: [exponent of the first digit + 2^23: 3, BE] [pairs of digits + 1]* [0]
//!  [2] negative: the same as of the absolute value, all bits after the first byte turned
//! ```

use num_bigint::BigInt;

use super::{MAX_SCALE, Numeric, digits};

const WIDE_SCALE: u8 = 240;
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

    /// Coefficient and scale of bytes that hold a coefficient of 64 bits; None of all others.
    #[inline]
    pub fn narrow_of_bytes(bytes: &[u8]) -> Option<(i64, u16)> {
        match *bytes {
            [scale, a, b, c, d] if scale < WIDE_SCALE => {
                Some((i64::from(i32::from_le_bytes([a, b, c, d])), u16::from(scale)))
            }
            [scale, a, b, c, d, e, f, g, h] if scale < WIDE_SCALE => {
                Some((i64::from_le_bytes([a, b, c, d, e, f, g, h]), u16::from(scale)))
            }
            _ => None,
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

    /// Appends the bytes that stand for the value in a column.
    #[inline]
    pub fn append_bytes(&self, bytes: &mut Vec<u8>) {
        if let Numeric::Small { coefficient, scale } = self
            && let Ok(narrow) = i64::try_from(*coefficient)
        {
            return Numeric::append_narrow(narrow, *scale, bytes);
        }
        self.with_bytes(|own| bytes.extend_from_slice(own));
    }

    /// Appends the bytes of a coefficient of 64 bits at a scale.
    #[inline]
    pub fn append_narrow(coefficient: i64, scale: u16, bytes: &mut Vec<u8>) {
        if scale >= u16::from(WIDE_SCALE) {
            return Numeric::small(i128::from(coefficient), scale)
                .with_bytes(|own| bytes.extend_from_slice(own));
        }
        // Lengths that are known when this is compiled: one store each.
        let scale = scale as u8;
        if let Ok(short) = i32::try_from(coefficient) {
            let [a, b, c, d] = short.to_le_bytes();
            bytes.extend_from_slice(&[scale, a, b, c, d]);
        } else {
            let [a, b, c, d, e, f, g, h] = coefficient.to_le_bytes();
            bytes.extend_from_slice(&[scale, a, b, c, d, e, f, g, h]);
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
        match self {
            Numeric::Small { coefficient, .. } => {
                // Digits into a buffer from its end.
                let mut buffer = [0u8; 40];
                let mut start = buffer.len();
                let mut rest = coefficient.unsigned_abs();
                while rest > u128::from(u64::MAX) {
                    start -= 1;
                    buffer[start] = (rest % 10) as u8;
                    rest /= 10;
                }
                let mut rest = rest as u64;
                while rest > 0 {
                    start -= 1;
                    buffer[start] = (rest % 10) as u8;
                    rest /= 10;
                }
                pairs_key(&buffer[start..], scale, key);
            }
            _ => pairs_key(&self.coefficient().magnitude().to_radix_be(10), scale, key),
        }
    }
}

fn pairs_key(decimals: &[u8], scale: i64, key: &mut Vec<u8>) {
    let exponent = decimals.len() as i64 - 1 - scale + (1 << 23);
    key.extend_from_slice(&(exponent as u32).to_be_bytes()[1..]);
    let zeros = decimals.iter().rev().take_while(|digit| **digit == 0).count();
    for pair in decimals[..decimals.len() - zeros].chunks(2) {
        key.push(pair[0] * 10 + pair.get(1).copied().unwrap_or(0) + 1);
    }
    key.push(0);
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
