//! Operators, comparisons and functions of the wide numeric.

use millstream_catalog::Kind;

use super::named;
use super::numeric_columns::{binary, compare, small_add, small_modulo, small_multiply, small_subtract};
use crate::error::SqlResult;
use crate::functions::registry::{Param, Row, whole};
use crate::types::numeric::column::Small;
use crate::types::numeric::{Numeric, arithmetic, integral, roots, rounding};
use crate::{lenient, strict};

const NUMERIC: Param = Param::Of(Kind::Numeric);

/// The rows of numeric.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(operators());
    rows.extend(comparisons());
    rows.extend(rounding_rows());
    rows.extend(root_rows());
    rows.extend(integral_rows());
    rows
}

/// A strict row of a function of two numerics, under several names.
fn two(names: &[&'static str], function: fn(&Numeric, &Numeric) -> SqlResult<Numeric>) -> Vec<Row> {
    two_small(names, |_, _| None, function)
}

/// A row as [`two`] makes it, with the function on values of 128 bits.
fn two_small(
    names: &[&'static str],
    small: impl Fn(Small, Small) -> Option<Small> + Send + Sync + 'static,
    function: fn(&Numeric, &Numeric) -> SqlResult<Numeric>,
) -> Vec<Row> {
    let row = whole("", &[NUMERIC, NUMERIC], NUMERIC, move |call| binary(call, &small, function));
    named(Row { strict: true, ..row }, names)
}

fn operators() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(two_small(&["+", "numeric_add"], small_add, arithmetic::add));
    rows.extend(two_small(&["-", "numeric_sub"], small_subtract, arithmetic::subtract));
    rows.extend(two_small(&["*", "numeric_mul"], small_multiply, arithmetic::multiply));
    rows.extend(two_small(&["%", "mod", "numeric_mod"], small_modulo, arithmetic::modulo));
    rows.extend(two(&["/", "numeric_div"], arithmetic::divide));
    rows.extend(two(&["div", "numeric_div_trunc"], arithmetic::divide_truncated));
    rows.extend(two(&["^", "power", "pow", "numeric_power"], roots::power));
    let plus = strict!("+", (a: Num) -> Num => Ok(a)).safe();
    rows.extend(named(plus, &["+", "numeric_uplus"]));
    let minus = strict!("-", (a: Num) -> Num => Ok(arithmetic::negate(&a))).safe();
    rows.extend(named(minus, &["-", "numeric_uminus"]));
    let absolute = strict!("@", (a: Num) -> Num => Ok(arithmetic::absolute(&a))).safe();
    rows.extend(named(absolute, &["@", "abs", "numeric_abs"]));
    rows.push(strict!("sign", (a: Num) -> Num => Ok(arithmetic::sign(&a))).safe().monotonic());
    rows.push(strict!("numeric_inc", (a: Num) -> Num => arithmetic::increment(&a)));
    rows.push(strict!("numeric_larger", (a: Num, b: Num) -> Num => Ok(if a > b { a } else { b })).safe());
    rows.push(strict!("numeric_smaller", (a: Num, b: Num) -> Num => Ok(if a < b { a } else { b })).safe());
    rows
}

fn comparisons() -> Vec<Row> {
    fn row(
        sign: &'static str,
        name: &'static str,
        holds: impl Fn(std::cmp::Ordering) -> bool + Send + Sync + 'static,
    ) -> Vec<Row> {
        let row = whole("", &[NUMERIC, NUMERIC], Param::Of(Kind::Boolean), move |call| compare(call, &holds));
        named(Row { strict: true, ..row }.safe(), &[sign, name])
    }
    let mut rows = vec![];
    rows.extend(row("=", "numeric_eq", |order| order.is_eq()));
    rows.extend(row("<>", "numeric_ne", |order| order.is_ne()));
    rows.extend(row("<", "numeric_lt", |order| order.is_lt()));
    rows.extend(row("<=", "numeric_le", |order| order.is_le()));
    rows.extend(row(">", "numeric_gt", |order| order.is_gt()));
    rows.extend(row(">=", "numeric_ge", |order| order.is_ge()));
    rows.push(strict!("numeric_cmp", (a: Num, b: Num) -> Int4 => Ok(a.cmp(&b) as i32)).safe());
    rows
}

fn rounding_rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.push(strict!("round", (a: Num, places: Int4) -> Num => rounding::round(&a, places)).monotonic());
    rows.push(strict!("round", (a: Num) -> Num => rounding::round(&a, 0)).monotonic());
    rows.push(strict!("trunc", (a: Num, places: Int4) -> Num => rounding::truncate(&a, places)).monotonic());
    rows.push(strict!("trunc", (a: Num) -> Num => rounding::truncate(&a, 0)).monotonic());
    let ceiling = strict!("ceil", (a: Num) -> Num => rounding::ceiling(&a)).monotonic();
    rows.extend(named(ceiling, &["ceil", "ceiling"]));
    rows.push(strict!("floor", (a: Num) -> Num => rounding::floor(&a)).monotonic());
    // Of NaN and the infinities these are NULL, though they are strict.
    let scale = lenient!("scale", (a: Num) -> Int4 => Ok(a.and_then(|a| a.scale().map(i32::from))));
    rows.push(Row { strict: true, ..scale }.safe());
    let least =
        lenient!("min_scale", (a: Num) -> Int4 => Ok(a.and_then(|a| rounding::min_scale(&a).map(i32::from))));
    rows.push(Row { strict: true, ..least }.safe());
    rows.push(strict!("trim_scale", (a: Num) -> Num => Ok(rounding::trim_scale(&a))).safe().monotonic());
    rows
}

// None of these is monotonic to the last digit: the scale of an answer depends on that of the argument, so
// that of two near arguments the greater one's answer can be rounded to the lesser.
fn root_rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(named(strict!("sqrt", (a: Num) -> Num => roots::sqrt(&a)), &["sqrt", "numeric_sqrt"]));
    rows.extend(named(strict!("exp", (a: Num) -> Num => roots::exp(&a)), &["exp", "numeric_exp"]));
    rows.extend(named(strict!("ln", (a: Num) -> Num => roots::ln(&a)), &["ln", "numeric_ln"]));
    rows.extend(named(strict!("log", (a: Num) -> Num => roots::log10(&a)), &["log", "log10"]));
    rows.extend(two(&["log", "numeric_log"], roots::log));
    rows
}

fn integral_rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(two(&["gcd"], integral::gcd));
    rows.extend(two(&["lcm"], integral::lcm));
    rows.push(strict!("factorial", (n: Int8) -> Num => integral::factorial(n)).grows());
    rows.push(strict!("width_bucket", (operand: Num, low: Num, high: Num, count: Int4) -> Int4 =>
        integral::width_bucket(&operand, &low, &high, count)));
    rows
}
