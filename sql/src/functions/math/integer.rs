//! Operators and functions of int2, int4 and int8, of one width and of two. 22003 where the answer's type
//! does not hold it, 22012 for a division by zero.

use arrow::datatypes::{ArrowPrimitiveType, Int16Type, Int32Type, Int64Type};
use millstream_catalog::Kind;

use super::columns::{binary, unary};
use super::named;
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Param, Row, whole};
use crate::strict;
use crate::types::integer::out_of_range;
use crate::types::numeric::division_by_zero;

/// The rows of integers' arithmetic.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(arithmetic());
    rows.extend(one_width());
    rows
}

/// An integer type of SQL.
trait Integer: ArrowPrimitiveType {
    const KIND: Kind;
    const NAME: &'static str;
}

impl Integer for Int16Type {
    const KIND: Kind = Kind::Int2;
    const NAME: &'static str = "smallint";
}

impl Integer for Int32Type {
    const KIND: Kind = Kind::Int4;
    const NAME: &'static str = "integer";
}

impl Integer for Int64Type {
    const KIND: Kind = Kind::Int8;
    const NAME: &'static str = "bigint";
}

/// A row of an operator on two integers that is strict.
fn two<A: Integer, B: Integer, R: Integer>(
    names: &[&'static str],
    operation: impl Fn(A::Native, B::Native) -> (R::Native, bool) + Send + Sync + 'static,
    blame: impl Fn(A::Native, B::Native) -> SqlError + Send + Sync + 'static,
) -> Vec<Row> {
    let arguments = [Param::Of(A::KIND), Param::Of(B::KIND)];
    let row =
        whole("", &arguments, Param::Of(R::KIND), move |call| binary::<A, B, R>(call, &operation, &blame));
    named(Row { strict: true, ..row }, names)
}

/// A row of an operator on one integer that is strict.
fn one<A: Integer>(
    names: &[&'static str],
    operation: impl Fn(A::Native) -> (A::Native, bool) + Send + Sync + 'static,
) -> Vec<Row> {
    let row = whole("", &[Param::Of(A::KIND)], Param::Of(A::KIND), move |call| {
        unary::<A, A>(call, &operation, |_| out_of_range(A::NAME))
    });
    named(Row { strict: true, ..row }, names)
}

/// A product and whether it overflowed; narrow ones by a wider product, which the processor has for many
/// values at once.
trait Product: Sized {
    fn product(a: Self, b: Self) -> (Self, bool);
}

impl Product for i16 {
    #[inline]
    fn product(a: i16, b: i16) -> (i16, bool) {
        let wide = i32::from(a) * i32::from(b);
        (wide as i16, wide != i32::from(wide as i16))
    }
}

impl Product for i32 {
    #[inline]
    fn product(a: i32, b: i32) -> (i32, bool) {
        let wide = i64::from(a) * i64::from(b);
        (wide as i32, wide != i64::from(wide as i32))
    }
}

impl Product for i64 {
    #[inline]
    fn product(a: i64, b: i64) -> (i64, bool) {
        a.overflowing_mul(b)
    }
}

macro_rules! mixed {
    (
        $rows:ident, $a:ty, $b:ty, $r:ty, $native:ty,
        $add:literal, $subtract:literal, $multiply:literal, $divide:literal
    ) => {
        $rows.extend(two::<$a, $b, $r>(
            &["+", $add],
            |a, b| {
                let (a, b) = (a as $native, b as $native);
                let sum = a.wrapping_add(b);
                // It overflowed if both signs differ from the sum's.
                (sum, (a ^ sum) & (b ^ sum) < 0)
            },
            |_, _| out_of_range(<$r>::NAME),
        ));
        $rows.extend(two::<$a, $b, $r>(
            &["-", $subtract],
            |a, b| {
                let (a, b) = (a as $native, b as $native);
                let difference = a.wrapping_sub(b);
                (difference, (a ^ b) & (a ^ difference) < 0)
            },
            |_, _| out_of_range(<$r>::NAME),
        ));
        $rows.extend(two::<$a, $b, $r>(
            &["*", $multiply],
            |a, b| <$native as Product>::product(a as $native, b as $native),
            |_, _| out_of_range(<$r>::NAME),
        ));
        $rows.extend(two::<$a, $b, $r>(
            &["/", $divide],
            |a, b| match b {
                0 => (0, true),
                b => (a as $native).overflowing_div(b as $native),
            },
            |_, b| if b == 0 { division_by_zero() } else { out_of_range(<$r>::NAME) },
        ));
    };
}

#[allow(clippy::unnecessary_cast)]
fn arithmetic() -> Vec<Row> {
    let mut rows = vec![];
    mixed!(rows, Int16Type, Int16Type, Int16Type, i16, "int2pl", "int2mi", "int2mul", "int2div");
    mixed!(rows, Int16Type, Int32Type, Int32Type, i32, "int24pl", "int24mi", "int24mul", "int24div");
    mixed!(rows, Int32Type, Int16Type, Int32Type, i32, "int42pl", "int42mi", "int42mul", "int42div");
    mixed!(rows, Int16Type, Int64Type, Int64Type, i64, "int28pl", "int28mi", "int28mul", "int28div");
    mixed!(rows, Int64Type, Int16Type, Int64Type, i64, "int82pl", "int82mi", "int82mul", "int82div");
    mixed!(rows, Int32Type, Int32Type, Int32Type, i32, "int4pl", "int4mi", "int4mul", "int4div");
    mixed!(rows, Int32Type, Int64Type, Int64Type, i64, "int48pl", "int48mi", "int48mul", "int48div");
    mixed!(rows, Int64Type, Int32Type, Int64Type, i64, "int84pl", "int84mi", "int84mul", "int84div");
    mixed!(rows, Int64Type, Int64Type, Int64Type, i64, "int8pl", "int8mi", "int8mul", "int8div");
    rows
}

macro_rules! single {
    ($rows:ident, $t:ty, $native:ty, $name:ident) => {
        let safe = |rows: Vec<Row>| rows.into_iter().map(Row::safe).collect::<Vec<Row>>();
        let never = |_, _| out_of_range(<$t>::NAME);
        // The remainder of the least number and -1 is zero in PostgreSQL, no overflow.
        $rows.extend(two::<$t, $t, $t>(
            &["%", "mod", concat!(stringify!($name), "mod")],
            |a, b| if b == 0 { (0, true) } else { (a.wrapping_rem(b), false) },
            |_, _| division_by_zero(),
        ));
        $rows.extend(safe(two::<$t, $t, $t>(
            &["&", concat!(stringify!($name), "and")],
            |a, b| (a & b, false),
            never,
        )));
        $rows.extend(safe(two::<$t, $t, $t>(
            &["|", concat!(stringify!($name), "or")],
            |a, b| (a | b, false),
            never,
        )));
        $rows.extend(safe(two::<$t, $t, $t>(
            &["#", concat!(stringify!($name), "xor")],
            |a, b| (a ^ b, false),
            never,
        )));
        $rows.extend(safe(one::<$t>(&["~", concat!(stringify!($name), "not")], |a| (!a, false))));
        $rows.extend(safe(one::<$t>(&["+", concat!(stringify!($name), "up")], |a| (a, false))));
        $rows.extend(one::<$t>(&["-", concat!(stringify!($name), "um")], |a| a.overflowing_neg()));
        $rows.extend(one::<$t>(&["@", "abs", concat!(stringify!($name), "abs")], |a| a.overflowing_abs()));
        $rows.extend(safe(two::<$t, Int32Type, $t>(
            &["<<", concat!(stringify!($name), "shl")],
            |a, b| (shift_left(i64::from(a), b, <$t>::NAME) as $native, false),
            |_, _| out_of_range(<$t>::NAME),
        )));
        $rows.extend(safe(two::<$t, Int32Type, $t>(
            &[">>", concat!(stringify!($name), "shr")],
            |a, b| (shift_right(i64::from(a), b, <$t>::NAME) as $native, false),
            |_, _| out_of_range(<$t>::NAME),
        )));
        $rows.extend(safe(two::<$t, $t, $t>(
            &[concat!(stringify!($name), "larger")],
            |a, b| (a.max(b), false),
            never,
        )));
        $rows.extend(safe(two::<$t, $t, $t>(
            &[concat!(stringify!($name), "smaller")],
            |a, b| (a.min(b), false),
            never,
        )));
    };
}

/// Bits that a shift by that many places moves: the processor, and so PostgreSQL, counts modulo the word of
/// 32 bits (64 of a bigint).
fn places(shift: i32, name: &str) -> u32 {
    shift as u32 & if name == "bigint" { 63 } else { 31 }
}

#[inline]
fn shift_left(value: i64, shift: i32, name: &str) -> i64 {
    value << places(shift, name)
}

#[inline]
fn shift_right(value: i64, shift: i32, name: &str) -> i64 {
    value >> places(shift, name)
}

#[allow(clippy::unnecessary_cast)]
fn one_width() -> Vec<Row> {
    let mut rows = vec![];
    single!(rows, Int16Type, i16, int2);
    single!(rows, Int32Type, i32, int4);
    single!(rows, Int64Type, i64, int8);
    rows.push(strict!("gcd", (a: Int4, b: Int4) -> Int4 => narrow_gcd(a, b)));
    rows.push(strict!("gcd", (a: Int8, b: Int8) -> Int8 => gcd(a, b)));
    rows.push(strict!("lcm", (a: Int4, b: Int4) -> Int4 => narrow_lcm(a, b)));
    rows.push(strict!("lcm", (a: Int8, b: Int8) -> Int8 => lcm(a, b)));
    rows.push(
        strict!("int4inc", (a: Int4) -> Int4 => a.checked_add(1).ok_or_else(|| out_of_range("integer"))),
    );
    rows.push(
        strict!("int8inc", (a: Int8) -> Int8 => a.checked_add(1).ok_or_else(|| out_of_range("bigint"))),
    );
    rows.push(
        strict!("int8dec", (a: Int8) -> Int8 => a.checked_sub(1).ok_or_else(|| out_of_range("bigint"))),
    );
    rows
}

/// The greatest common divisor. 22003 where it is 2^63.
pub fn gcd(a: i64, b: i64) -> SqlResult<i64> {
    i64::try_from(divisor(a.unsigned_abs(), b.unsigned_abs())).map_err(|_| out_of_range("bigint"))
}

/// The least common multiple. 22003 where it does not fit.
pub fn lcm(a: i64, b: i64) -> SqlResult<i64> {
    i64::try_from(multiple(a, b)).map_err(|_| out_of_range("bigint"))
}

fn narrow_gcd(a: i32, b: i32) -> SqlResult<i32> {
    let divisor = divisor(u64::from(a.unsigned_abs()), u64::from(b.unsigned_abs()));
    i32::try_from(divisor).map_err(|_| out_of_range("integer"))
}

fn narrow_lcm(a: i32, b: i32) -> SqlResult<i32> {
    i32::try_from(multiple(i64::from(a), i64::from(b))).map_err(|_| out_of_range("integer"))
}

fn divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn multiple(a: i64, b: i64) -> u128 {
    if a == 0 || b == 0 {
        return 0;
    }
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    u128::from(a / divisor(a, b)) * u128::from(b)
}
