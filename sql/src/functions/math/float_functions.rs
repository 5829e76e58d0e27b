//! Functions of float8: rounding, roots, powers, logarithms, width_bucket.

use arrow::datatypes::{ArrowPrimitiveType, Float64Type};
use millstream_catalog::Kind;

use super::columns::{binary_result, unary, unary_result};
use super::named;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Param, Row, whole};
use crate::strict;
use crate::types::float::{overflow, underflow};
use crate::types::integer::out_of_range;

const FLOAT: Param = Param::Of(Kind::Float8);

/// A function of one float8 that cannot fail.
pub(super) type Plain = fn(f64) -> f64;
/// A function of one float8 that can fail.
pub(super) type Fallible = fn(f64) -> SqlResult<f64>;

/// The rows of float8's functions.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    let exact: [(&[&'static str], Plain); 5] = [
        (&["ceil", "ceiling"], f64::ceil),
        (&["floor"], f64::floor),
        (&["round", "dround"], f64::round_ties_even),
        (&["trunc", "dtrunc"], f64::trunc),
        (&["sign"], sign),
    ];
    for (names, function) in exact {
        rows.extend(named(safe(function).monotonic(), names));
    }
    rows.extend(named(fallible(square_root).monotonic(), &["|/", "sqrt", "dsqrt"]));
    // Those below can be off in the last digit, and so are not surely monotonic.
    rows.extend(named(safe(cube_root), &["||/", "cbrt", "dcbrt"]));
    rows.extend(named(fallible(exponential), &["exp", "dexp"]));
    rows.extend(named(fallible(natural_logarithm), &["ln", "dlog1"]));
    rows.extend(named(fallible(decimal_logarithm), &["log", "log10", "dlog10"]));
    let power_row = whole("", &[FLOAT, FLOAT], FLOAT, |call| {
        binary_result::<Float64Type, Float64Type, Float64Type>(call, power)
    });
    rows.extend(named(Row { strict: true, ..power_row }, &["^", "power", "pow", "dpow"]));
    rows.push(strict!("width_bucket", (operand: Float8, low: Float8, high: Float8, count: Int4) -> Int4 =>
        width_bucket(operand, low, high, count)));
    rows
}

/// A strict row of a function of one float8 that cannot fail.
pub(super) fn safe(function: Plain) -> Row {
    let row = whole("", &[FLOAT], FLOAT, move |call| {
        unary::<Float64Type, Float64Type>(call, |value| (function(value), false), |_| overflow())
    });
    Row { strict: true, ..row }.safe()
}

/// A strict row of a function of one float8 that can fail.
pub(super) fn fallible(function: Fallible) -> Row {
    let row = whole("", &[FLOAT], FLOAT, move |call| {
        unary_result::<Float64Type, Float64Type>(
            call,
            |value: <Float64Type as ArrowPrimitiveType>::Native| function(value),
        )
    });
    Row { strict: true, ..row }
}

/// -1, 0 or 1; 0 of NaN.
fn sign(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// The cube root, with the polynomial, the one step of Halley's and the scaling by which glibc's `cbrt` gets
/// it: the processor-independent ones are right where that is off by a unit in the last place, which
/// PostgreSQL shows.
fn cube_root(value: f64) -> f64 {
    const CBRT_2: f64 = 1.259_921_049_894_873_2;
    const CBRT_4: f64 = 1.587_401_051_968_199_6;
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // |value| = mantissa * 2^exponent, the mantissa from 0.5 to 1.
    let magnitude = value.abs();
    let subnormal = magnitude < f64::MIN_POSITIVE;
    let bits = if subnormal { magnitude * 2f64.powi(54) } else { magnitude }.to_bits();
    let exponent = (bits >> 52) as i32 - 1_022 - if subnormal { 54 } else { 0 };
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | 1_022 << 52);
    let coefficients = [
        -0.145_263_899_385_486_37,
        0.784_932_344_976_639_2,
        -1.834_692_774_836_130_9,
        2.446_931_225_635_344_4,
        -2.114_994_941_673_713,
        1.508_191_937_815_849,
        0.354_895_765_043_919_86,
    ];
    let estimate = coefficients.iter().fold(0.0, |sum, coefficient| sum * mantissa + coefficient);
    let cube = estimate * estimate * estimate;
    let factor = match exponent % 3 {
        -2 => 1.0 / CBRT_4,
        -1 => 1.0 / CBRT_2,
        0 => 1.0,
        1 => CBRT_2,
        _ => CBRT_4,
    };
    let root = estimate * (cube + 2.0 * mantissa) / (2.0 * cube + mantissa) * factor;
    (root * 2f64.powi(exponent / 3)).copysign(value)
}

fn square_root(value: f64) -> SqlResult<f64> {
    if value < 0.0 {
        return Err(power_error("cannot take square root of a negative number"));
    }
    Ok(value.sqrt())
}

fn exponential(value: f64) -> SqlResult<f64> {
    let answer = value.exp();
    if answer.is_infinite() && value.is_finite() {
        return Err(overflow());
    }
    if answer == 0.0 && value.is_finite() {
        return Err(underflow());
    }
    Ok(answer)
}

fn natural_logarithm(value: f64) -> SqlResult<f64> {
    positive(value)?;
    Ok(value.ln())
}

fn decimal_logarithm(value: f64) -> SqlResult<f64> {
    positive(value)?;
    Ok(value.log10())
}

fn positive(value: f64) -> SqlResult<()> {
    let message = if value == 0.0 {
        "cannot take logarithm of zero"
    } else if value < 0.0 {
        "cannot take logarithm of a negative number"
    } else {
        return Ok(());
    };
    Err(SqlError::new(SqlState::InvalidLogarithm, message))
}

/// base ^ exponent. 2201F where it has no real value, 22003 where it is out of range.
pub fn power(base: f64, exponent: f64) -> SqlResult<f64> {
    if base.is_nan() {
        return Ok(if exponent == 0.0 { 1.0 } else { f64::NAN });
    }
    if exponent.is_nan() {
        return Ok(if base == 1.0 { 1.0 } else { f64::NAN });
    }
    if base == 0.0 && exponent < 0.0 {
        return Err(power_error("zero raised to a negative power is undefined"));
    }
    if base < 0.0 && exponent.floor() != exponent {
        return Err(power_error("a negative number raised to a non-integer power yields a complex result"));
    }
    let answer = base.powf(exponent);
    if base.is_finite() && exponent.is_finite() {
        if answer.is_infinite() {
            return Err(overflow());
        }
        if answer == 0.0 && base != 0.0 {
            return Err(underflow());
        }
    }
    Ok(answer)
}

/// The number of the bucket of so many between the bounds that the operand falls into. 0 and count + 1 are
/// outside.
pub fn width_bucket(operand: f64, low: f64, high: f64, count: i32) -> SqlResult<i32> {
    let refuse = |message: &str| Err(SqlError::new(SqlState::InvalidWidthBucket, message));
    if count <= 0 {
        return refuse("count must be greater than zero");
    }
    if operand.is_nan() || low.is_nan() || high.is_nan() {
        return refuse("operand, lower bound, and upper bound cannot be NaN");
    }
    if low.is_infinite() || high.is_infinite() {
        return refuse("lower and upper bounds must be finite");
    }
    if low == high {
        return refuse("lower bound cannot equal upper bound");
    }
    let (before, beyond) =
        if low < high { (operand < low, operand >= high) } else { (operand > low, operand <= high) };
    if before {
        return Ok(0);
    }
    if beyond {
        return count.checked_add(1).ok_or_else(|| out_of_range("integer"));
    }
    let (above, width) = if low < high { (operand - low, high - low) } else { (low - operand, low - high) };
    let bucket = f64::from(count) * above / width + 1.0;
    // Where the width is beyond a float PostgreSQL takes what the processor makes of NaN and of too large
    // numbers.
    Ok(if bucket < 2_147_483_648.0 { bucket as i32 } else { i32::MIN })
}

fn power_error(message: &str) -> SqlError {
    SqlError::new(SqlState::InvalidPower, message)
}
