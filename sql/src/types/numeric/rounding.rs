//! Rounding of numerics: round, trunc, ceil, floor, scales, and what a type modifier does to a value.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

use super::order::strip_small;
use super::{MAX_INTEGER_DIGITS, MAX_SCALE, Numeric, digits};
use crate::error::{SqlError, SqlResult, SqlState};

/// What is done with digits that do not stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Half away from zero.
    Round,
    /// Toward zero.
    Truncate,
    /// Toward infinity.
    Ceiling,
    /// Toward -infinity.
    Floor,
}

/// Rounded half away from zero to so many digits after the point; before it, where negative.
pub fn round(value: &Numeric, places: i32) -> SqlResult<Numeric> {
    at_places(value, places, Mode::Round)
}

/// Cut to so many digits after the point; before it, where negative.
pub fn truncate(value: &Numeric, places: i32) -> SqlResult<Numeric> {
    at_places(value, places, Mode::Truncate)
}

/// The least whole number that is not less.
pub fn ceiling(value: &Numeric) -> SqlResult<Numeric> {
    at_places(value, 0, Mode::Ceiling)
}

/// The greatest whole number that is not greater.
pub fn floor(value: &Numeric) -> SqlResult<Numeric> {
    at_places(value, 0, Mode::Floor)
}

/// The least scale that holds the value; None of NaN and the infinities.
pub fn min_scale(value: &Numeric) -> Option<u16> {
    trim_scale(value).scale()
}

/// The value at the least scale that holds it.
pub fn trim_scale(value: &Numeric) -> Numeric {
    match value {
        Numeric::Small { coefficient, scale } => {
            let (coefficient, scale) = strip_small(*coefficient, *scale);
            Numeric::Small { coefficient, scale }
        }
        Numeric::Large { coefficient, scale } => {
            Numeric::unchecked_stripped(coefficient.as_ref().clone(), *scale)
        }
        other => other.clone(),
    }
}

/// The value as `numeric(precision, scale)` holds it. 22003 "numeric field overflow" where it does not.
#[inline]
pub fn apply_modifier(value: &Numeric, precision: i32, scale: i32) -> SqlResult<Numeric> {
    if !value.is_finite() {
        return match value {
            Numeric::NaN => Ok(Numeric::NaN),
            _ => {
                let detail = "cannot hold an infinite value.";
                Err(field_overflow(format!("A field with precision {precision}, scale {scale} {detail}")))
            }
        };
    }
    let rounded = at_places(value, scale, Mode::Round)?;
    let most = precision - scale;
    let fits = rounded.is_zero() || rounded.leading().exponent < most;
    if fits {
        return Ok(rounded);
    }
    let bound = if most == 0 { "1".to_owned() } else { format!("10^{most}") };
    Err(field_overflow(format!(
        "A field with precision {precision}, scale {scale} must round to an absolute value less than {bound}."
    )))
}

fn field_overflow(detail: String) -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "numeric field overflow").with_detail(detail)
}

fn at_places(value: &Numeric, places: i32, mode: Mode) -> SqlResult<Numeric> {
    let places = places.clamp(-(MAX_INTEGER_DIGITS as i32) - 1, i32::from(MAX_SCALE));
    let wanted = places.max(0) as u16;
    match value {
        Numeric::Small { coefficient, scale } => {
            if let Some(coefficient) = small_at_places(*coefficient, i32::from(*scale), places, mode) {
                return Ok(Numeric::Small { coefficient, scale: wanted });
            }
        }
        Numeric::Large { .. } => {}
        other => return Ok(other.clone()),
    }
    let coefficient = value.coefficient();
    let drop = i64::from(value.scale_or_zero()) - i64::from(places);
    let coefficient = if drop <= 0 {
        coefficient.as_ref() * digits::power_of_ten(drop.unsigned_abs() as u32)
    } else {
        large_dropped(&coefficient, drop as u32, mode)
    };
    let zeros = if places < 0 { places.unsigned_abs() } else { 0 };
    let coefficient = if coefficient.sign() == Sign::NoSign {
        coefficient
    } else {
        coefficient * digits::power_of_ten(zeros)
    };
    Numeric::checked(coefficient, u32::from(wanted))
}

/// The coefficient at so many places (zero of them where negative); None where 128 bits do not hold it.
#[inline]
fn small_at_places(coefficient: i128, scale: i32, places: i32, mode: Mode) -> Option<i128> {
    if places >= scale {
        if coefficient == 0 || places == scale {
            return Some(coefficient);
        }
        return coefficient.checked_mul(digits::small_power((places - scale) as u32)?);
    }
    let drop = (scale - places) as u32;
    let Some(power) = digits::small_power(drop) else {
        // 39 digits and more go: 128 bits hold less than half of the last that stays.
        return match mode {
            Mode::Round | Mode::Truncate => Some(0),
            Mode::Ceiling => Some(i128::from(coefficient > 0)),
            Mode::Floor => Some(-i128::from(coefficient < 0)),
        };
    };
    let kept = match (i64::try_from(coefficient), i64::try_from(power)) {
        (Ok(coefficient), Ok(power)) if coefficient != i64::MIN => i128::from(match mode {
            Mode::Round => digits::small_divide_rounded_narrow(coefficient, power)?,
            Mode::Truncate => coefficient / power,
            Mode::Ceiling => coefficient.div_euclid(power) + i64::from(coefficient.rem_euclid(power) != 0),
            Mode::Floor => coefficient.div_euclid(power),
        }),
        _ => match mode {
            Mode::Round => digits::small_divide_rounded(coefficient, power)?,
            Mode::Truncate => coefficient / power,
            Mode::Ceiling => coefficient.div_euclid(power) + i128::from(coefficient.rem_euclid(power) != 0),
            Mode::Floor => coefficient.div_euclid(power),
        },
    };
    if places >= 0 || kept == 0 {
        return Some(kept);
    }
    kept.checked_mul(digits::small_power(places.unsigned_abs())?)
}

fn large_dropped(coefficient: &BigInt, drop: u32, mode: Mode) -> BigInt {
    match mode {
        Mode::Round => digits::rescale(coefficient, i64::from(drop), 0),
        Mode::Truncate if drop > digits::digit_count(coefficient) => BigInt::ZERO,
        Mode::Truncate => coefficient / digits::power_of_ten(drop),
        Mode::Ceiling => coefficient.div_ceil(&digits::power_of_ten(drop)),
        Mode::Floor => coefficient.div_floor(&digits::power_of_ten(drop)),
    }
}
