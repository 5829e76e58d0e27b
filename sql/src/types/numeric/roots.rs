//! sqrt, exp, ln, log and power of numerics.
//!
//! PostgreSQL chooses how many digits an answer shows before it computes, and computes with eight digits
//! more. Here the same choice is made, and the digits are those of the exact answer rounded once: the series
//! run on binary fixed-point integers ([`super::fixed`]) with more guard bits than PostgreSQL has guard
//! digits.

use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::arithmetic::{MAX_DISPLAY_SCALE, MIN_SIGNIFICANT, quotient};
use super::convert::integer_at_scale;
use super::digits::{self, leading};
use super::fixed;
use super::{Numeric, division_by_zero, overflow};
use crate::error::{SqlError, SqlResult, SqlState};

/// log10(e), as PostgreSQL writes it: scales are chosen by it, and a better one could choose others.
#[allow(clippy::approx_constant)]
const LOG10_E: f64 = 0.434_294_481_903_252;
/// The most digits after the point of intermediate results; exp refuses arguments beyond three times as many.
const MAX_RESULT_SCALE: f64 = 2_000.0;

/// The square root. 2201F of a negative number.
pub fn sqrt(value: &Numeric) -> SqlResult<Numeric> {
    match value.signum() {
        Some(-1) => Err(power_error("cannot take square root of a negative number")),
        _ if !value.is_finite() => Ok(value.clone()),
        _ => {
            let scale = value.scale_or_zero();
            // The weight of the root's first digit of base 10,000, in decimal digits (C's division cuts).
            let weight = (value.leading().weight + 1) * 4 / 2 - 1;
            let wanted = display_scale(MIN_SIGNIFICANT - weight, &[scale]);
            let root = square_root(&value.coefficient(), i64::from(scale), i64::from(wanted));
            Numeric::checked(root, u32::from(wanted))
        }
    }
}

/// The root of coefficient / 10^scale at another scale, rounded half away from zero.
pub(crate) fn square_root(coefficient: &BigInt, scale: i64, wanted: i64) -> BigInt {
    // One digit more than wanted tells how to round: a root is never just half a digit over without being
    // exact.
    let up = 2 * (wanted + 1) - scale;
    let raised = if up >= 0 {
        coefficient * digits::power_of_ten(up as u32)
    } else {
        coefficient / digits::power_of_ten(up.unsigned_abs() as u32)
    };
    digits::divide_rounded(&raised.sqrt(), &BigInt::from(10))
}

/// e to the power of the value. 22003 where the answer has too many digits.
pub fn exp(value: &Numeric) -> SqlResult<Numeric> {
    match value {
        Numeric::NegativeInfinity => return Ok(Numeric::ZERO),
        Numeric::NaN | Numeric::Infinity => return Ok(value.clone()),
        Numeric::Small { .. } | Numeric::Large { .. } => {}
    }
    let weight = (value_as_float(value) * LOG10_E).clamp(-MAX_RESULT_SCALE, MAX_RESULT_SCALE);
    let wanted = display_scale(MIN_SIGNIFICANT - weight as i32, &[value.scale_or_zero()]);
    exponential(&value.coefficient(), i64::from(value.scale_or_zero()), wanted, false)
}

/// The natural logarithm. 2201E of what is not positive.
pub fn ln(value: &Numeric) -> SqlResult<Numeric> {
    if value.signum() == Some(-1) {
        return Err(logarithm_error("cannot take logarithm of a negative number"));
    }
    if !value.is_finite() {
        return Ok(value.clone());
    }
    if value.is_zero() {
        return Err(logarithm_error("cannot take logarithm of zero"));
    }
    let scale = value.scale_or_zero();
    let wanted = display_scale(MIN_SIGNIFICANT - logarithm_weight(value), &[scale]);
    let coefficient = fixed::logarithm(&value.coefficient(), u32::from(scale), u32::from(wanted));
    Numeric::checked(coefficient, u32::from(wanted))
}

/// The logarithm to a base. 2201E where base or value is not positive, 22012 where the base is one.
pub fn log(base: &Numeric, value: &Numeric) -> SqlResult<Numeric> {
    if base.is_nan() || value.is_nan() {
        return Ok(Numeric::NaN);
    }
    if base.is_infinite() || value.is_infinite() {
        return special_log(base, value);
    }
    let (base_weight, value_weight) = (logarithm_weight(base), logarithm_weight(value));
    let weight = value_weight - base_weight;
    let wanted = display_scale(MIN_SIGNIFICANT - weight, &[base.scale_or_zero(), value.scale_or_zero()]);
    for argument in [base, value] {
        match argument.signum() {
            Some(0) => return Err(logarithm_error("cannot take logarithm of zero")),
            Some(-1) => return Err(logarithm_error("cannot take logarithm of a negative number")),
            _ => {}
        }
    }
    let base_scale = (i32::from(wanted) + weight - base_weight + 8).max(0) as u32;
    let value_scale = (i32::from(wanted) + weight - value_weight + 8).max(0) as u32;
    let base = fixed::logarithm(&base.coefficient(), u32::from(base.scale_or_zero()), base_scale);
    let value = fixed::logarithm(&value.coefficient(), u32::from(value.scale_or_zero()), value_scale);
    if base.is_zero() {
        return Err(division_by_zero());
    }
    let up = i64::from(wanted) + i64::from(base_scale) - i64::from(value_scale);
    Numeric::checked(quotient(&value, &base, up), u32::from(wanted))
}

/// The logarithm to base ten.
pub fn log10(value: &Numeric) -> SqlResult<Numeric> {
    log(&Numeric::small(10, 0), value)
}

fn special_log(base: &Numeric, value: &Numeric) -> SqlResult<Numeric> {
    if base.signum() == Some(-1) || value.signum() == Some(-1) {
        return Err(logarithm_error("cannot take logarithm of a negative number"));
    }
    if base.is_zero() || value.is_zero() {
        return Err(logarithm_error("cannot take logarithm of zero"));
    }
    Ok(match (base, value) {
        (Numeric::Infinity, Numeric::Infinity) => Numeric::NaN,
        (Numeric::Infinity, _) => Numeric::ZERO,
        _ => Numeric::Infinity,
    })
}

/// The base to the power of the exponent. 2201F where that has no real value, 22003 where it has too many
/// digits.
pub fn power(base: &Numeric, exponent: &Numeric) -> SqlResult<Numeric> {
    if !base.is_finite() || !exponent.is_finite() {
        return special_power(base, exponent);
    }
    if base.is_zero() && exponent.signum() == Some(-1) {
        return Err(power_error("zero raised to a negative power is undefined"));
    }
    if exponent.is_integral() {
        let whole =
            exponent.coefficient().as_ref() / digits::power_of_ten(u32::from(exponent.scale_or_zero()));
        if let Some(whole) = whole.to_i32() {
            return integer_power(base, whole);
        }
    }
    if base.is_zero() {
        return Ok(Numeric::small(0, MIN_SIGNIFICANT as u16));
    }
    let mut negative = false;
    if base.signum() == Some(-1) {
        if !exponent.is_integral() {
            return Err(complex_power());
        }
        negative = is_odd(exponent);
    }
    general_power(&super::arithmetic::absolute(base), exponent, negative)
}

fn special_power(base: &Numeric, exponent: &Numeric) -> SqlResult<Numeric> {
    if base.is_nan() {
        return Ok(if exponent.is_zero() { Numeric::ONE } else { Numeric::NaN });
    }
    if exponent.is_nan() {
        return Ok(if *base == Numeric::ONE { Numeric::ONE } else { Numeric::NaN });
    }
    let (base_sign, exponent_sign) = (base.signum().unwrap_or(0), exponent.signum().unwrap_or(0));
    if base_sign == 0 && exponent_sign < 0 {
        return Err(power_error("zero raised to a negative power is undefined"));
    }
    if base_sign < 0 && !exponent.is_integral() {
        return Err(complex_power());
    }
    if *base == Numeric::ONE || exponent_sign == 0 {
        return Ok(Numeric::ONE);
    }
    if base_sign == 0 {
        return Ok(Numeric::ZERO);
    }
    if exponent.is_infinite() {
        let magnitude = super::arithmetic::absolute(base);
        if magnitude == Numeric::ONE {
            return Ok(Numeric::ONE);
        }
        let grows = (magnitude > Numeric::ONE) == (exponent_sign > 0);
        return Ok(if grows { Numeric::Infinity } else { Numeric::ZERO });
    }
    // What is left: an infinite base, a finite exponent.
    Ok(match (base, exponent_sign < 0) {
        (_, true) => Numeric::ZERO,
        (Numeric::NegativeInfinity, false) if is_odd(exponent) => Numeric::NegativeInfinity,
        _ => Numeric::Infinity,
    })
}

fn is_odd(exponent: &Numeric) -> bool {
    let power = digits::power_of_ten(u32::from(exponent.scale_or_zero()));
    let whole = exponent.coefficient().as_ref() / &power;
    whole.bit(0) && &whole * power == *exponent.coefficient().as_ref()
}

/// e^(exponent * ln base): the base is positive.
fn general_power(base: &Numeric, exponent: &Numeric, negative: bool) -> SqlResult<Numeric> {
    let base_scale = u32::from(base.scale_or_zero());
    let exponent_scale = i64::from(exponent.scale_or_zero());
    let weight = logarithm_weight(base);
    let raised = |places: u32| {
        let logarithm = fixed::logarithm(&base.coefficient(), base_scale, places);
        let product = logarithm * exponent.coefficient().as_ref();
        digits::rescale(&product, i64::from(places) + exponent_scale, i64::from(places))
    };
    // A first estimate with eight digits chooses the scale.
    let places = (8 - weight).max(0) as u32;
    let estimate = as_float(&raised(places), places);
    if estimate.abs() > MAX_RESULT_SCALE * 3.01 {
        if estimate > 0.0 {
            return Err(overflow());
        }
        return Ok(Numeric::small(0, MAX_DISPLAY_SCALE as u16));
    }
    let estimate = (estimate * LOG10_E) as i32;
    let wanted = display_scale(MIN_SIGNIFICANT - estimate, &[base.scale_or_zero(), exponent.scale_or_zero()]);
    let significant = (i32::from(wanted) + estimate).max(0);
    let places = (significant - weight + 8).max(0) as u32;
    exponential(&raised(places), i64::from(places), wanted, negative)
}

/// e^(coefficient / 10^scale), rounded to the scale that is wanted.
fn exponential(coefficient: &BigInt, scale: i64, wanted: u16, negative: bool) -> SqlResult<Numeric> {
    let estimate = as_float(coefficient, scale as u32);
    if estimate.abs() >= MAX_RESULT_SCALE * 3.0 {
        if estimate > 0.0 {
            return Err(overflow());
        }
        return Ok(Numeric::small(0, wanted));
    }
    let answer = fixed::exponential(coefficient, scale as u32, u32::from(wanted));
    Numeric::checked(if negative { -answer } else { answer }, u32::from(wanted))
}

fn integer_power(base: &Numeric, exponent: i32) -> SqlResult<Numeric> {
    let scale = i64::from(base.scale_or_zero());
    let wanted = display_scale(MIN_SIGNIFICANT, &[base.scale_or_zero()]);
    let coefficient = base.coefficient();
    let answer = |coefficient: BigInt, scale: i64| {
        Numeric::checked(digits::rescale(&coefficient, scale, i64::from(wanted)), u32::from(wanted))
    };
    match exponent {
        0 => return answer(BigInt::one(), 0),
        1 => return answer(coefficient.into_owned(), scale),
        -1 if base.is_zero() => return Err(division_by_zero()),
        -1 => {
            let inverse = quotient(&BigInt::one(), &coefficient, i64::from(wanted) + scale);
            return Numeric::checked(inverse, u32::from(wanted));
        }
        2 => return answer(coefficient.as_ref() * coefficient.as_ref(), scale * 2),
        _ if base.is_zero() => return Ok(Numeric::small(0, wanted)),
        _ => {}
    }
    // The decimal weight of the answer, as nearly as a float tells.
    let weight = f64::from(exponent) * decimal_logarithm(&coefficient, scale);
    if weight > f64::from(3 * 32_767 * 4) {
        return Err(overflow());
    }
    if weight + 1.0 < -f64::from(wanted) || weight + 1.0 < -f64::from(MAX_DISPLAY_SCALE) {
        return Ok(Numeric::small(0, wanted));
    }
    let significant = 1 + i64::from(wanted) + weight as i64 + f64::from(exponent).abs().ln() as i64 + 8;
    match squarings(&coefficient, scale, exponent.unsigned_abs(), significant) {
        Some((product, scale)) if exponent < 0 => {
            let inverse = quotient(&BigInt::one(), &product, i64::from(wanted) + scale);
            Numeric::checked(inverse, u32::from(wanted))
        }
        Some((product, scale)) => answer(product, scale),
        None if exponent < 0 => Ok(Numeric::small(0, wanted)),
        None => Err(overflow()),
    }
}

/// The power by squarings that keep so many significant digits; None where it grows beyond all bounds.
fn squarings(base: &BigInt, scale: i64, exponent: u32, significant: i64) -> Option<(BigInt, i64)> {
    let (mut square, mut square_scale) = (base.clone(), scale);
    let (mut product, mut product_scale) =
        if exponent & 1 == 1 { (base.clone(), scale) } else { (BigInt::one(), 0) };
    let weight_of = |value: &BigInt, scale: i64| i64::from(leading(value, scale).weight);
    let mut rest = exponent >> 1;
    while rest > 0 {
        let weight = weight_of(&square, square_scale);
        let places = (significant - 2 * weight * 4).min(2 * square_scale).max(0);
        square = digits::rescale(&(&square * &square), square_scale * 2, places);
        square_scale = places;
        let weight = weight_of(&square, square_scale);
        if rest & 1 == 1 {
            let own = weight_of(&product, product_scale);
            let places = (significant - (weight + own) * 4).min(square_scale + product_scale).max(0);
            product = digits::rescale(&(&square * &product), square_scale + product_scale, places);
            product_scale = places;
        }
        if weight > 32_767 || weight_of(&product, product_scale) > 32_767 {
            return None;
        }
        rest >>= 1;
    }
    Some((product, product_scale))
}

/// log10 of the absolute value, from its first four digits of base 10,000.
fn decimal_logarithm(coefficient: &BigInt, scale: i64) -> f64 {
    let weight = i64::from(leading(coefficient, scale).weight);
    // The first digits as a whole number: the value over 10^(4 * (weight - 3)).
    let mut exponent = 4 * (weight - 3);
    let drop = scale + exponent;
    let mut top = if drop >= 0 {
        coefficient / digits::power_of_ten(drop as u32)
    } else {
        coefficient * digits::power_of_ten(drop.unsigned_abs() as u32)
    };
    let base = BigInt::from(10_000);
    while (&top % &base).is_zero() && !top.is_zero() {
        top /= &base;
        exponent += 4;
    }
    top.abs().to_f64().unwrap_or(1.0).log10() + exponent as f64
}

/// The exponent of the first decimal digit of the natural logarithm, estimated as PostgreSQL does.
fn logarithm_weight(value: &Numeric) -> i32 {
    if value.signum() != Some(1) {
        return 0;
    }
    if *value >= Numeric::small(9, 1) && *value <= Numeric::small(11, 1) {
        let scale = i64::from(value.scale_or_zero());
        let over_one = value.coefficient().as_ref() - digits::power_of_ten(scale as u32);
        return if over_one.is_zero() { 0 } else { leading(&over_one, scale).exponent };
    }
    let leading = value.leading();
    let first = f64::from(leading.first * 10_000 + leading.second);
    let logarithm = first.ln() + f64::from((leading.weight - 1) * 4) * std::f64::consts::LN_10;
    logarithm.abs().log10() as i32
}

/// A scale that shows enough: at least those of the arguments, at most 1,000.
fn display_scale(enough: i32, scales: &[u16]) -> u16 {
    let least = scales.iter().copied().max().unwrap_or(0);
    enough.max(i32::from(least)).clamp(0, MAX_DISPLAY_SCALE) as u16
}

fn value_as_float(value: &Numeric) -> f64 {
    super::convert::numeric_to_float8_saturating(value)
}

fn as_float(coefficient: &BigInt, scale: u32) -> f64 {
    if let Some(small) = coefficient.to_i128()
        && small.unsigned_abs() < 1 << 53
        && scale <= 22
    {
        return small as f64 / 10f64.powi(scale as i32);
    }
    // Nine and more digits than a float has, so that text stays short.
    let count = digits::digit_count(coefficient);
    let drop = count.saturating_sub(40);
    let top = coefficient / digits::power_of_ten(drop);
    format!("{top}e{}", i64::from(drop) - i64::from(scale)).parse().unwrap_or(f64::NAN)
}

fn power_error(message: &str) -> SqlError {
    SqlError::new(SqlState::InvalidPower, message)
}

fn complex_power() -> SqlError {
    power_error("a negative number raised to a non-integer power yields a complex result")
}

fn logarithm_error(message: &str) -> SqlError {
    SqlError::new(SqlState::InvalidLogarithm, message)
}

/// Variance or standard deviation: numerator / denominator of a variance, at PostgreSQL's scale. The
/// numerator's coefficient may have more digits after the point than a numeric.
pub fn variance(numerator: &BigInt, scale: i64, denominator: &BigInt, root: bool) -> SqlResult<Numeric> {
    if numerator.sign() != Sign::Plus {
        return Ok(Numeric::ZERO);
    }
    let wanted =
        super::arithmetic::quotient_scale_wide(leading(numerator, scale), scale, leading(denominator, 0), 0);
    let ratio = quotient(numerator, denominator, i64::from(wanted) - scale);
    let answer = if root { square_root(&ratio, i64::from(wanted), i64::from(wanted)) } else { ratio };
    integer_at_scale(answer, u32::from(wanted))
}
