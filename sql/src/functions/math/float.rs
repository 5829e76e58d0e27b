//! Operators of float4 and float8, of one width and of two. 22003 where finite values give an infinity or
//! values that are not zero give zero, 22012 for a division by zero.

use arrow::datatypes::{ArrowPrimitiveType, Float32Type, Float64Type};
use millstream_catalog::Kind;

use super::columns::{binary, unary};
use super::named;
use crate::error::SqlError;
use crate::functions::registry::{Param, Row, whole};
use crate::types::float::{compare_float8, overflow, underflow};
use crate::types::numeric::division_by_zero;

/// The rows of floats' operators.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(arithmetic());
    rows.extend(one_width());
    rows
}

/// A float type of SQL.
trait Float: ArrowPrimitiveType {
    const KIND: Kind;
}

impl Float for Float32Type {
    const KIND: Kind = Kind::Float4;
}

impl Float for Float64Type {
    const KIND: Kind = Kind::Float8;
}

fn two<A: Float, B: Float, R: Float>(
    names: &[&'static str],
    operation: impl Fn(A::Native, B::Native) -> (R::Native, bool) + Send + Sync + 'static,
    blame: impl Fn(A::Native, B::Native) -> SqlError + Send + Sync + 'static,
) -> Vec<Row> {
    let arguments = [Param::Of(A::KIND), Param::Of(B::KIND)];
    let row =
        whole("", &arguments, Param::Of(R::KIND), move |call| binary::<A, B, R>(call, &operation, &blame));
    named(Row { strict: true, ..row }, names)
}

fn one<A: Float>(
    names: &[&'static str],
    operation: impl Fn(A::Native) -> A::Native + Send + Sync + 'static,
) -> Vec<Row> {
    let row = whole("", &[Param::Of(A::KIND)], Param::Of(A::KIND), move |call| {
        unary::<A, A>(call, |value| (operation(value), false), |_| overflow())
    });
    named(Row { strict: true, ..row }.safe(), names)
}

macro_rules! mixed {
    (
        $rows:ident, $a:ty, $b:ty, $r:ty, $native:ty,
        $add:literal, $subtract:literal, $multiply:literal, $divide:literal
    ) => {
        $rows.extend(two::<$a, $b, $r>(
            &["+", $add],
            |a, b| {
                let sum = a as $native + b as $native;
                (sum, sum.is_infinite() & a.is_finite() & b.is_finite())
            },
            |_, _| overflow(),
        ));
        $rows.extend(two::<$a, $b, $r>(
            &["-", $subtract],
            |a, b| {
                let difference = a as $native - b as $native;
                (difference, difference.is_infinite() & a.is_finite() & b.is_finite())
            },
            |_, _| overflow(),
        ));
        $rows.extend(two::<$a, $b, $r>(
            &["*", $multiply],
            |a, b| {
                let product = a as $native * b as $native;
                let over = product.is_infinite() & a.is_finite() & b.is_finite();
                (product, over | ((product == 0.0) & (a != 0.0) & (b != 0.0)))
            },
            |a, b| if (a as $native * b as $native) == 0.0 { underflow() } else { overflow() },
        ));
        $rows.extend(two::<$a, $b, $r>(
            &["/", $divide],
            |a, b| {
                let quotient = a as $native / b as $native;
                let by_zero = (b == 0.0) & !a.is_nan();
                let over = quotient.is_infinite() & a.is_finite();
                (quotient, by_zero | over | ((quotient == 0.0) & (a != 0.0) & b.is_finite()))
            },
            |a, b| {
                if b == 0.0 {
                    division_by_zero()
                } else if (a as $native / b as $native) == 0.0 {
                    underflow()
                } else {
                    overflow()
                }
            },
        ));
    };
}

#[allow(clippy::unnecessary_cast)]
fn arithmetic() -> Vec<Row> {
    let mut rows = vec![];
    mixed!(
        rows,
        Float32Type,
        Float32Type,
        Float32Type,
        f32,
        "float4pl",
        "float4mi",
        "float4mul",
        "float4div"
    );
    mixed!(
        rows,
        Float32Type,
        Float64Type,
        Float64Type,
        f64,
        "float48pl",
        "float48mi",
        "float48mul",
        "float48div"
    );
    mixed!(
        rows,
        Float64Type,
        Float32Type,
        Float64Type,
        f64,
        "float84pl",
        "float84mi",
        "float84mul",
        "float84div"
    );
    mixed!(
        rows,
        Float64Type,
        Float64Type,
        Float64Type,
        f64,
        "float8pl",
        "float8mi",
        "float8mul",
        "float8div"
    );
    rows
}

fn one_width() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(one::<Float32Type>(&["+", "float4up"], |a| a));
    rows.extend(one::<Float64Type>(&["+", "float8up"], |a| a));
    rows.extend(one::<Float32Type>(&["-", "float4um"], |a| -a));
    rows.extend(one::<Float64Type>(&["-", "float8um"], |a| -a));
    rows.extend(one::<Float32Type>(&["@", "abs", "float4abs"], f32::abs));
    rows.extend(one::<Float64Type>(&["@", "abs", "float8abs"], f64::abs));
    let never = |_, _| overflow();
    let wide = |a: f32, b: f32| compare_float8(f64::from(a), f64::from(b));
    let mut choose = |chosen: Vec<Row>| rows.extend(chosen.into_iter().map(Row::safe));
    choose(two::<Float32Type, Float32Type, Float32Type>(
        &["float4larger"],
        move |a, b| (if wide(a, b).is_gt() { a } else { b }, false),
        never,
    ));
    choose(two::<Float32Type, Float32Type, Float32Type>(
        &["float4smaller"],
        move |a, b| (if wide(a, b).is_lt() { a } else { b }, false),
        never,
    ));
    let never = |_, _| overflow();
    choose(two::<Float64Type, Float64Type, Float64Type>(
        &["float8larger"],
        |a, b| (if compare_float8(a, b).is_gt() { a } else { b }, false),
        never,
    ));
    choose(two::<Float64Type, Float64Type, Float64Type>(
        &["float8smaller"],
        |a, b| (if compare_float8(a, b).is_lt() { a } else { b }, false),
        never,
    ));
    rows
}
