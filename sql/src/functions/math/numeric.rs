//! Operators, comparisons and functions of the wide numeric.

use millstream_catalog::Kind;

use super::named;
use super::numeric_columns::{binary, compare};
use crate::error::SqlResult;
use crate::functions::registry::{Param, Row, whole};
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
    named(two_inlined(function), names)
}

/// The loop is made anew for the function that it is given, so that it can be inlined.
fn two_inlined(
    function: impl Fn(&Numeric, &Numeric) -> SqlResult<Numeric> + Send + Sync + 'static,
) -> Row {
    let row = whole("", &[NUMERIC, NUMERIC], NUMERIC, move |call| binary(call, &function));
    Row { strict: true, ..row }
}

fn operators() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(named(two_inlined(|a, b| arithmetic::add(a, b)), &["+", "numeric_add"]));
    rows.extend(named(two_inlined(|a, b| arithmetic::subtract(a, b)), &["-", "numeric_sub"]));
    rows.extend(named(two_inlined(|a, b| arithmetic::multiply(a, b)), &["*", "numeric_mul"]));
    rows.extend(named(two_inlined(|a, b| arithmetic::divide(a, b)), &["/", "numeric_div"]));
    rows.extend(two(&["%", "mod", "numeric_mod"], arithmetic::modulo));
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

fn root_rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(named(
        strict!("sqrt", (a: Num) -> Num => roots::sqrt(&a)).monotonic(),
        &["sqrt", "numeric_sqrt"],
    ));
    rows.extend(named(
        strict!("exp", (a: Num) -> Num => roots::exp(&a)).monotonic(),
        &["exp", "numeric_exp"],
    ));
    rows.extend(named(strict!("ln", (a: Num) -> Num => roots::ln(&a)).monotonic(), &["ln", "numeric_ln"]));
    rows.extend(named(strict!("log", (a: Num) -> Num => roots::log10(&a)).monotonic(), &["log", "log10"]));
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
