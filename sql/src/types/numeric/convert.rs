//! Numerics to and from integers, floats and Arrow's Decimal128.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::rounding::round;
use super::{MAX_SCALE, Numeric, digits, text};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::float;

/// A whole number as a numeric.
pub fn integer_to_numeric(value: i64) -> Numeric {
    Numeric::small(i128::from(value), 0)
}

/// A float8 as a numeric: 15 significant digits.
pub fn float8_to_numeric(value: f64) -> SqlResult<Numeric> {
    float_to_numeric(value, 15)
}

/// A float4 as a numeric: 6 significant digits.
pub fn float4_to_numeric(value: f32) -> SqlResult<Numeric> {
    float_to_numeric(f64::from(value), 6)
}

fn float_to_numeric(value: f64, significant: usize) -> SqlResult<Numeric> {
    if value.is_nan() {
        return Ok(Numeric::NaN);
    }
    if value.is_infinite() {
        return Ok(if value > 0.0 { Numeric::Infinity } else { Numeric::NegativeInfinity });
    }
    text::parse(&float::general(value, significant))
}

/// The nearest float8. 22003 where it has none, or would be zero without being it.
pub fn numeric_to_float8(value: &Numeric) -> SqlResult<f64> {
    let float = numeric_to_float8_saturating(value);
    if value.is_finite() && (float.is_infinite() || (float == 0.0 && !value.is_zero())) {
        return Err(float::text_out_of_range(&value.to_string(), "double precision"));
    }
    Ok(float)
}

/// The nearest float8, an infinity or zero where it is out of range.
pub fn numeric_to_float8_saturating(value: &Numeric) -> f64 {
    match value {
        Numeric::NaN => f64::NAN,
        Numeric::Infinity => f64::INFINITY,
        Numeric::NegativeInfinity => f64::NEG_INFINITY,
        Numeric::Small { coefficient, scale } => {
            // Both exact in a float8: one division is rounded correctly.
            if *scale <= 22 && coefficient.unsigned_abs() <= 1 << 53 {
                let power = digits::small_power(u32::from(*scale)).unwrap_or(1);
                return *coefficient as f64 / power as f64;
            }
            format!("{coefficient}e-{scale}").parse().unwrap_or(f64::NAN)
        }
        Numeric::Large { coefficient, scale } => {
            format!("{coefficient}e-{scale}").parse().unwrap_or(f64::NAN)
        }
    }
}

/// The nearest float4. 22003 where it has none, or would be zero without being it.
pub fn numeric_to_float4(value: &Numeric) -> SqlResult<f32> {
    let float: f32 = match value {
        Numeric::NaN => f32::NAN,
        Numeric::Infinity => f32::INFINITY,
        Numeric::NegativeInfinity => f32::NEG_INFINITY,
        Numeric::Small { coefficient, scale } => {
            format!("{coefficient}e-{scale}").parse().unwrap_or(f32::NAN)
        }
        Numeric::Large { coefficient, scale } => {
            format!("{coefficient}e-{scale}").parse().unwrap_or(f32::NAN)
        }
    };
    if value.is_finite() && (float.is_infinite() || (float == 0.0 && !value.is_zero())) {
        return Err(float::text_out_of_range(&value.to_string(), "real"));
    }
    Ok(float)
}

/// Rounded half away from zero to a smallint.
pub fn numeric_to_int2(value: &Numeric) -> SqlResult<i16> {
    narrow(value, "smallint")
}

/// Rounded half away from zero to an integer.
pub fn numeric_to_int4(value: &Numeric) -> SqlResult<i32> {
    narrow(value, "integer")
}

/// Rounded half away from zero to a bigint.
pub fn numeric_to_int8(value: &Numeric) -> SqlResult<i64> {
    narrow(value, "bigint")
}

fn narrow<T: TryFrom<i128>>(value: &Numeric, name: &str) -> SqlResult<T> {
    let refuse = |what: &str| {
        Err(SqlError::new(SqlState::FeatureNotSupported, format!("cannot convert {what} to {name}")))
    };
    let whole = match value {
        Numeric::NaN => return refuse("NaN"),
        Numeric::Infinity | Numeric::NegativeInfinity => return refuse("infinity"),
        Numeric::Small { coefficient, scale: 0 } => Some(*coefficient),
        finite => match round(finite, 0) {
            Ok(Numeric::Small { coefficient, .. }) => Some(coefficient),
            _ => None,
        },
    };
    whole
        .and_then(|whole| T::try_from(whole).ok())
        .ok_or_else(|| SqlError::new(SqlState::NumericOutOfRange, format!("{name} out of range")))
}

/// The value of an Arrow Decimal128: scales may be negative.
pub fn decimal128_to_numeric(coefficient: i128, scale: i8) -> Numeric {
    if scale >= 0 {
        return Numeric::Small { coefficient, scale: u16::from(scale.unsigned_abs()) };
    }
    Numeric::unchecked(BigInt::from(coefficient) * digits::power_of_ten(u32::from(scale.unsigned_abs())), 0)
}

/// The coefficient of the value as `numeric(precision, scale)`, for an Arrow Decimal128; None of NaN. 22003
/// where it does not fit the precision.
pub fn numeric_to_decimal128(value: &Numeric, precision: u8, scale: i8) -> SqlResult<Option<i128>> {
    let value = super::rounding::apply_modifier(value, i32::from(precision), i32::from(scale))?;
    let coefficient = match value {
        Numeric::Small { coefficient, .. } => coefficient,
        Numeric::Large { coefficient, .. } => match coefficient.to_i128() {
            Some(coefficient) => coefficient,
            None => return Err(super::overflow()),
        },
        _ => return Ok(None),
    };
    // A negative scale's coefficient counts tens: apply_modifier left whole numbers that end in zeros.
    let power = digits::small_power(u32::from(scale.min(0).unsigned_abs())).unwrap_or(i128::MAX);
    Ok(Some(coefficient / power))
}

/// A coefficient of any size at a scale, as a numeric. 22003 beyond numeric's limits.
pub fn integer_at_scale(coefficient: BigInt, scale: u32) -> SqlResult<Numeric> {
    if scale > u32::from(MAX_SCALE) {
        let rounded = digits::rescale(&coefficient, i64::from(scale), i64::from(MAX_SCALE));
        return Numeric::checked(rounded, u32::from(MAX_SCALE));
    }
    Numeric::checked(coefficient, scale)
}
