//! exp and ln on binary fixed-point integers of any precision: x stands as x * 2^bits.

use std::cell::RefCell;

use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed, Zero};

use super::digits::power_of_ten;

/// log2(10), rounded up.
const BITS_PER_DIGIT: f64 = 3.322;
/// Bits beyond what the answer's digits need: a wrong last digit takes a run of ten zeros or nines after it.
const GUARD: u32 = 40;

/// ln(coefficient / 10^scale) at so many decimal places, rounded. The coefficient is positive.
pub fn logarithm(coefficient: &BigInt, scale: u32, places: u32) -> BigInt {
    let bits = (f64::from(places) * BITS_PER_DIGIT) as u32 + GUARD + 24;
    let divisor = power_of_ten(scale);
    // value = mantissa * 2^exponent, the mantissa in about 0.5..2.
    let exponent = coefficient.bits() as i64 - divisor.bits() as i64;
    let up = i64::from(bits) - exponent;
    let mantissa = if up >= 0 {
        (coefficient << (up as u64)) / &divisor
    } else {
        coefficient / (&divisor << (up.unsigned_abs()))
    };
    let answer = logarithm_of_mantissa(&mantissa, bits) + ln2(bits) * exponent;
    to_places(&answer, bits, places)
}

/// e^(coefficient / 10^scale) at so many decimal places, rounded.
pub fn exponential(coefficient: &BigInt, scale: u32, places: u32) -> BigInt {
    // The whole digits of the answer, from the argument's size.
    let whole = (coefficient / power_of_ten(scale)).to_string().parse::<f64>().unwrap_or(0.0).max(0.0);
    let digits = f64::from(places) + whole * std::f64::consts::LOG10_E + 1.0;
    let bits = (digits * BITS_PER_DIGIT) as u32 + GUARD + 24;
    let argument = (coefficient << bits) / power_of_ten(scale);
    let ln2 = ln2(bits);
    let exponent = (&argument + (&ln2 >> 1u32)) / &ln2;
    let exponent = i64::try_from(&exponent).unwrap_or(0) - i64::from(argument.is_negative());
    let reduced = argument - &ln2 * exponent;
    let mantissa = exponential_of_fraction(&reduced, bits);
    // mantissa * 2^exponent * 10^places, rounded.
    let product = mantissa * power_of_ten(places);
    let down = i64::from(bits) - exponent;
    if down <= 0 { product << down.unsigned_abs() } else { shifted_rounded(&product, down as u64) }
}

/// e^x of |x| < 1.4.
fn exponential_of_fraction(x: &BigInt, bits: u32) -> BigInt {
    // Halve the argument, square the answer: fewer terms against more squarings.
    let halvings = (f64::from(bits).sqrt() / 2.0) as u32 + 2;
    let working = bits + 2 * halvings + 8;
    let x = (x << (working - bits)) >> halvings;
    let one = BigInt::one() << working;
    let mut sum = &one + &x;
    let mut term = x.clone();
    let mut n = 2u32;
    while !term.is_zero() && term.bits() > 1 {
        term = ((&term * &x) >> working) / n;
        sum += &term;
        n += 1;
    }
    for _ in 0..halvings {
        sum = (&sum * &sum) >> working;
    }
    sum >> (working - bits)
}

/// ln of a mantissa in about 0.5..2.
fn logarithm_of_mantissa(mantissa: &BigInt, bits: u32) -> BigInt {
    // Roots bring the argument near to one, where the series is short.
    let roots = (f64::from(bits).sqrt() / 6.0) as u32 + 3;
    let working = bits + roots + 8;
    let one = BigInt::one() << working;
    let mut x = mantissa << (working - bits);
    for _ in 0..roots {
        x = (x << working).sqrt();
    }
    // 2 * atanh(z), z = (x - 1) / (x + 1).
    let z = ((&x - &one) << working) / (&x + &one);
    let square = (&z * &z) >> working;
    let mut power = z.clone();
    let mut sum = z;
    let mut n = 3u32;
    while power.bits() > 1 {
        power = (&power * &square) >> working;
        sum += &power / n;
        n += 2;
    }
    ((sum << (roots + 1)) >> (working - bits)) as BigInt
}

thread_local! {
    /// The last ln(2) that was computed, with its bits.
    static LN2: RefCell<(u32, BigInt)> = const { RefCell::new((0, BigInt::ZERO)) };
}

/// ln(2) = 18 atanh(1/26) - 2 atanh(1/4801) + 8 atanh(1/8749).
fn ln2(bits: u32) -> BigInt {
    LN2.with(|cell| {
        let mut cached = cell.borrow_mut();
        if cached.0 < bits {
            let working = bits + 16;
            let sum = inverse_atanh(26, working) * 18 - inverse_atanh(4801, working) * 2
                + inverse_atanh(8749, working) * 8;
            *cached = (bits, sum >> 16u32);
        }
        &cached.1 >> (cached.0 - bits)
    })
}

/// atanh(1 / n)
fn inverse_atanh(n: u32, bits: u32) -> BigInt {
    let square = u64::from(n) * u64::from(n);
    let mut power = (BigInt::one() << bits) / n;
    let mut sum = power.clone();
    let mut divisor = 3u32;
    while !power.is_zero() {
        power /= square;
        sum += &power / divisor;
        divisor += 2;
    }
    sum
}

fn to_places(value: &BigInt, bits: u32, places: u32) -> BigInt {
    shifted_rounded(&(value * power_of_ten(places)), u64::from(bits))
}

/// value / 2^bits, rounded half away from zero.
fn shifted_rounded(value: &BigInt, bits: u64) -> BigInt {
    let magnitude = BigInt::from(value.magnitude().clone());
    let rounded: BigInt = (magnitude + (BigInt::one() << (bits - 1))) >> bits;
    if value.sign() == Sign::Minus { -rounded } else { rounded }
}
