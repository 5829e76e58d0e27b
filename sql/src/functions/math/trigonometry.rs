//! Trigonometric and hyperbolic functions of float8, in radians and in degrees. The degree forms give exact
//! answers at the usual angles, by scaling with the library's own values there, as PostgreSQL does.

use std::sync::{Arc, LazyLock};

use arrow::array::Float64Array;
use arrow::datatypes::Float64Type;
use millstream_catalog::Kind;

use super::columns::binary_result;
use super::float_functions::{Fallible, Plain, fallible, safe};
use super::named;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Param, Row, whole};
use crate::types::float::{overflow, underflow};

const FLOAT: Param = Param::Of(Kind::Float8);
/// As PostgreSQL writes it.
const RADIANS_PER_DEGREE: f64 = 0.017_453_292_519_943_295;

type PlainOfTwo = fn(f64, f64) -> f64;

/// The rows of trigonometry.
pub fn rows() -> Vec<Row> {
    let pi = whole("pi", &[], FLOAT, |call| {
        Ok(Arc::new(Float64Array::from_value(std::f64::consts::PI, call.rows)))
    });
    let mut rows = vec![Row { strict: true, ..pi }.safe()];
    let table: [(&'static str, Fallible); 17] = [
        ("sin", |x| Ok(finite(x)?.sin())),
        ("cos", |x| Ok(finite(x)?.cos())),
        ("tan", |x| Ok(finite(x)?.tan())),
        ("cot", |x| Ok(1.0 / finite(x)?.tan())),
        ("asin", |x| Ok(within_one(x)?.asin())),
        ("acos", |x| Ok(within_one(x)?.acos())),
        ("sind", |x| Ok(sine_degrees(finite(x)?))),
        ("cosd", |x| Ok(cosine_degrees(finite(x)?))),
        ("tand", |x| Ok(tangent_degrees(finite(x)?))),
        ("cotd", |x| Ok(cotangent_degrees(finite(x)?))),
        ("asind", |x| Ok(arcsine_degrees(within_one(x)?))),
        ("acosd", |x| Ok(arccosine_degrees(within_one(x)?))),
        ("acosh", |x| if x < 1.0 { Err(out_of_range()) } else { Ok(inverse_cosh(x)) }),
        ("atanh", |x| Ok(inverse_tanh(within_one(x)?))),
        ("degrees", degrees),
        ("radians", radians),
        ("tanh", |x| Ok(x.tanh())),
    ];
    for (name, function) in table {
        let row = fallible(function);
        let row = match name {
            "tanh" => row.safe(),
            // One operation, rounded correctly; the others can be off in the last digit.
            "degrees" | "radians" => row.monotonic(),
            _ => row,
        };
        rows.extend(named(row, &[name]));
    }
    let table: [(&'static str, Plain); 5] = [
        ("atan", f64::atan),
        ("atand", |x| x.atan() / ANGLES.atan_1 * 45.0),
        ("sinh", f64::sinh),
        ("cosh", f64::cosh),
        ("asinh", inverse_sinh),
    ];
    for (name, function) in table {
        rows.extend(named(safe(function), &[name]));
    }
    let table: [(&'static str, PlainOfTwo); 2] =
        [("atan2", f64::atan2), ("atan2d", |y, x| y.atan2(x) / ANGLES.atan_1 * 45.0)];
    for (name, function) in table {
        let row = whole("", &[FLOAT, FLOAT], FLOAT, move |call| {
            binary_result::<Float64Type, Float64Type, Float64Type>(call, |y, x| Ok(function(y, x)))
        });
        rows.extend(named(Row { strict: true, ..row }.safe(), &[name]));
    }
    rows
}

fn out_of_range() -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "input is out of range")
}

fn finite(value: f64) -> SqlResult<f64> {
    if value.is_infinite() { Err(out_of_range()) } else { Ok(value) }
}

fn within_one(value: f64) -> SqlResult<f64> {
    if !(-1.0..=1.0).contains(&value) && !value.is_nan() { Err(out_of_range()) } else { Ok(value) }
}

fn degrees(value: f64) -> SqlResult<f64> {
    let answer = value / RADIANS_PER_DEGREE;
    if answer.is_infinite() && value.is_finite() { Err(overflow()) } else { Ok(answer) }
}

fn radians(value: f64) -> SqlResult<f64> {
    let answer = value * RADIANS_PER_DEGREE;
    if answer == 0.0 && value != 0.0 { Err(underflow()) } else { Ok(answer) }
}

/// What the library says at the angles whose answers are to be exact.
struct Angles {
    sin_30: f64,
    one_minus_cos_60: f64,
    asin_half: f64,
    acos_half: f64,
    atan_1: f64,
}

static ANGLES: LazyLock<Angles> = LazyLock::new(|| Angles {
    sin_30: std::hint::black_box(30.0 * RADIANS_PER_DEGREE).sin(),
    one_minus_cos_60: 1.0 - std::hint::black_box(60.0 * RADIANS_PER_DEGREE).cos(),
    asin_half: std::hint::black_box(0.5f64).asin(),
    acos_half: std::hint::black_box(0.5f64).acos(),
    atan_1: std::hint::black_box(1.0f64).atan(),
});

/// sin of 0 to 30 degrees.
fn low_sine(x: f64) -> f64 {
    (x * RADIANS_PER_DEGREE).sin() / ANGLES.sin_30 / 2.0
}

/// cos of 0 to 60 degrees.
fn low_cosine(x: f64) -> f64 {
    1.0 - (1.0 - (x * RADIANS_PER_DEGREE).cos()) / ANGLES.one_minus_cos_60 / 2.0
}

/// sin of 0 to 90 degrees.
fn quarter_sine(x: f64) -> f64 {
    if x <= 30.0 { low_sine(x) } else { low_cosine(90.0 - x) }
}

/// cos of 0 to 90 degrees.
fn quarter_cosine(x: f64) -> f64 {
    if x <= 60.0 { low_cosine(x) } else { low_sine(90.0 - x) }
}

/// An angle brought to 0 to 90 degrees, and whether it was turned: below zero, beyond 180, beyond 90 degrees.
fn quarter(x: f64) -> (f64, bool, bool, bool) {
    let mut angle = x % 360.0;
    let below = angle < 0.0;
    if below {
        angle = -angle;
    }
    let beyond_half = angle > 180.0;
    if beyond_half {
        angle = 360.0 - angle;
    }
    let beyond_quarter = angle > 90.0;
    if beyond_quarter {
        angle = 180.0 - angle;
    }
    (angle, below, beyond_half, beyond_quarter)
}

fn signed(negative: bool, value: f64) -> f64 {
    if negative { -value } else { value }
}

fn sine_degrees(x: f64) -> f64 {
    let (angle, below, beyond_half, _) = quarter(x);
    signed(below != beyond_half, quarter_sine(angle))
}

fn cosine_degrees(x: f64) -> f64 {
    let (angle, _, _, beyond_quarter) = quarter(x);
    signed(beyond_quarter, quarter_cosine(angle))
}

fn tangent_degrees(x: f64) -> f64 {
    let (angle, below, beyond_half, beyond_quarter) = quarter(x);
    let at_45 = quarter_sine(45.0) / quarter_cosine(45.0);
    let tangent = quarter_sine(angle) / quarter_cosine(angle) / at_45;
    let answer = signed(below ^ beyond_half ^ beyond_quarter, tangent);
    // No negative zero.
    if answer == 0.0 { 0.0 } else { answer }
}

fn cotangent_degrees(x: f64) -> f64 {
    let (angle, below, beyond_half, beyond_quarter) = quarter(x);
    let at_45 = quarter_cosine(45.0) / quarter_sine(45.0);
    let cotangent = quarter_cosine(angle) / quarter_sine(angle) / at_45;
    let answer = signed(below ^ beyond_half ^ beyond_quarter, cotangent);
    if answer == 0.0 { 0.0 } else { answer }
}

/// arcsin of 0 to 1, in degrees.
fn positive_arcsine(x: f64) -> f64 {
    if x <= 0.5 { x.asin() / ANGLES.asin_half * 30.0 } else { 90.0 - x.acos() / ANGLES.acos_half * 60.0 }
}

/// arccos of 0 to 1, in degrees.
fn positive_arccosine(x: f64) -> f64 {
    if x <= 0.5 { 90.0 - x.asin() / ANGLES.asin_half * 30.0 } else { x.acos() / ANGLES.acos_half * 60.0 }
}

fn arcsine_degrees(x: f64) -> f64 {
    if x >= 0.0 { positive_arcsine(x) } else { -positive_arcsine(-x) }
}

fn arccosine_degrees(x: f64) -> f64 {
    if x >= 0.0 { positive_arccosine(x) } else { 90.0 + positive_arcsine(-x) }
}

/// Beyond it x² + 1 is x² in a float.
const LARGE: f64 = 268_435_456.0;
/// Below it the argument is the answer.
const TINY: f64 = 1.0 / 268_435_456.0;

// The three inverse hyperbolic functions are written out, with the case distinctions and the terms that C
// libraries have (after fdlibm): Rust's own differ from them in the last digit.

fn inverse_sinh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude < TINY || !x.is_finite() {
        return x;
    }
    let answer = if magnitude > LARGE {
        magnitude.ln() + std::f64::consts::LN_2
    } else if magnitude > 2.0 {
        (2.0 * magnitude + 1.0 / ((x * x + 1.0).sqrt() + magnitude)).ln()
    } else {
        let square = x * x;
        (magnitude + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    answer.copysign(x)
}

/// Of a value from 1 on.
fn inverse_cosh(x: f64) -> f64 {
    if x > LARGE {
        x.ln() + std::f64::consts::LN_2
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let over = x - 1.0;
        (over + (2.0 * over + over * over).sqrt()).ln_1p()
    }
}

/// Of a value from -1 to 1; infinite at the ends.
fn inverse_tanh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude < TINY || x.is_nan() {
        return x;
    }
    if magnitude == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    let twice = magnitude + magnitude;
    let answer = if magnitude < 0.5 {
        0.5 * (twice + twice * magnitude / (1.0 - magnitude)).ln_1p()
    } else {
        0.5 * (twice / (1.0 - magnitude)).ln_1p()
    };
    answer.copysign(x)
}
