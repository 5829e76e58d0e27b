//! PostgreSQL's binary format of numerics (`numeric_send`, `numeric_recv`).
//!
//! ```text
//!  [ndigits: 2] [weight: 2] [sign: 2] [scale: 2] [digit of base 10,000: 2] * ndigits        big endian
//!  sign: 0x0000 +, 0x4000 -, 0xC000 NaN, 0xD000 Infinity, 0xF000 -Infinity
//!  value: sum of digit[i] * 10,000^(weight - i)
//! ```

use num_bigint::{BigInt, BigUint};

use super::rounding::truncate;
use super::storage::decimal_digits;
use super::{MAX_SCALE, Numeric, digits};
use crate::error::{SqlError, SqlResult, SqlState};

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;
/// The scale that infinities are sent with.
const INFINITE_SCALE: u16 = 32;

/// Appends the value in binary format.
pub fn send(value: &Numeric, bytes: &mut Vec<u8>) {
    let mut head = |count: u16, weight: i16, sign: u16, scale: u16| {
        for word in [count, weight as u16, sign, scale] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
    };
    match value {
        Numeric::NaN => return head(0, 0, NAN, 0),
        // PostgreSQL takes a bit of their header for part of a scale.
        Numeric::Infinity => return head(0, 0, INFINITY, INFINITE_SCALE),
        Numeric::NegativeInfinity => return head(0, 0, NEGATIVE_INFINITY, INFINITE_SCALE),
        Numeric::Small { .. } | Numeric::Large { .. } => {}
    }
    let sign = if value.signum() == Some(-1) { NEGATIVE } else { 0 };
    let decimals = decimal_digits(value);
    let scale = value.scale_or_zero();
    if decimals.is_empty() {
        return head(0, 0, 0, scale);
    }
    let exponent = decimals.len() as i32 - 1 - i32::from(scale);
    let weight = exponent.div_euclid(4);
    // Decimal digits in the first digit of base 10,000.
    let first = (exponent - 4 * weight + 1) as usize;
    let mut words = Vec::with_capacity(decimals.len() / 4 + 2);
    let word = |part: &[u8]| {
        (0..4).fold(0u16, |word, place| word * 10 + u16::from(part.get(place).copied().unwrap_or(0)))
    };
    let lead = &decimals[..first.min(decimals.len())];
    words.push(word(lead) / 10u16.pow(4 - first as u32));
    words.extend(decimals[lead.len()..].chunks(4).map(word));
    while words.last() == Some(&0) {
        words.pop();
    }
    head(words.len() as u16, weight as i16, sign, scale);
    for word in words {
        bytes.extend_from_slice(&word.to_be_bytes());
    }
}

/// Reads a value in binary format. 22P03 for other bytes.
pub fn receive(bytes: &[u8]) -> SqlResult<Numeric> {
    let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let mut next = || words.next();
    let (Some(count), Some(weight), Some(sign), Some(scale)) = (next(), next(), next(), next()) else {
        return Err(invalid("insufficient data left in message"));
    };
    if bytes.len() != 8 + usize::from(count) * 2 {
        return Err(match bytes.len() < 8 + usize::from(count) * 2 {
            true => invalid("insufficient data left in message"),
            false => invalid("incorrect binary data format"),
        });
    }
    match sign {
        0 | NEGATIVE => {}
        NAN => return Ok(Numeric::NaN),
        INFINITY => return Ok(Numeric::Infinity),
        NEGATIVE_INFINITY => return Ok(Numeric::NegativeInfinity),
        _ => return Err(invalid("invalid sign in external \"numeric\" value")),
    }
    if scale > MAX_SCALE {
        return Err(invalid("invalid scale in external \"numeric\" value"));
    }
    let mut decimals = Vec::with_capacity(usize::from(count) * 4);
    for word in words {
        if word > 9_999 {
            return Err(invalid("invalid digit in external \"numeric\" value"));
        }
        decimals.extend([word / 1000, word / 100 % 10, word / 10 % 10, word % 10].map(|digit| digit as u8));
    }
    if decimals.is_empty() {
        return Ok(Numeric::small(0, scale));
    }
    let magnitude = BigUint::from_radix_be(&decimals, 10).unwrap_or_default();
    let coefficient = BigInt::from(magnitude);
    let coefficient = if sign == NEGATIVE { -coefficient } else { coefficient };
    // The digits' own scale; those beyond the scale that is said are cut, as PostgreSQL does.
    let own = (i64::from(count) - 1 - i64::from(weight as i16)) * 4;
    if own <= i64::from(scale) {
        let raised = coefficient * digits::power_of_ten((i64::from(scale) - own) as u32);
        return Numeric::checked(raised, u32::from(scale));
    }
    if own <= i64::from(MAX_SCALE) {
        return truncate(&Numeric::checked(coefficient, own as u32)?, i32::from(scale));
    }
    let cut = (own - i64::from(scale)) as u32;
    let count = digits::digit_count(&coefficient);
    let kept = if cut > count { BigInt::ZERO } else { coefficient / digits::power_of_ten(cut) };
    Numeric::checked(kept, u32::from(scale))
}

fn invalid(message: &str) -> SqlError {
    SqlError::new(SqlState::InvalidBinaryRepresentation, message)
}
