//! Comparisons of intervals, of timetz, and of dates and timestamps with one another.
//!
//! A date or timestamp that the other's type cannot hold still compares: all is compared in 128 bits.

use std::cmp::Ordering;

use crate::functions::registry::Row;
use crate::strict;
use crate::types::datetime::convert::{wide_date, wide_moment, wide_timestamp};

/// The six signs over a pair of types, with what makes comparable values of them.
macro_rules! signs {
    ($rows:ident, ($left:ident, $right:ident), |$a:ident, $b:ident, $env:ident| $order:expr, $mark:ident) => {
        signs!(@one $rows, "=", $left, $right, $a, $b, $env, $order, Ordering::is_eq, $mark);
        signs!(@one $rows, "<>", $left, $right, $a, $b, $env, $order, Ordering::is_ne, $mark);
        signs!(@one $rows, "<", $left, $right, $a, $b, $env, $order, Ordering::is_lt, $mark);
        signs!(@one $rows, "<=", $left, $right, $a, $b, $env, $order, Ordering::is_le, $mark);
        signs!(@one $rows, ">", $left, $right, $a, $b, $env, $order, Ordering::is_gt, $mark);
        signs!(@one $rows, ">=", $left, $right, $a, $b, $env, $order, Ordering::is_ge, $mark);
    };
    (@one $rows:ident, $sign:literal, $left:ident, $right:ident, $a:ident, $b:ident, $env:ident, $order:expr,
     $test:path, $mark:ident) => {
        $rows.push(strict!($sign, $env, ($a: $left, $b: $right) -> Bool => Ok($test($order))).safe().$mark());
    };
}

/// A row as it is: what the macro calls where the answer depends on no setting.
trait Plain {
    fn plain(self) -> Self;
}

impl Plain for Row {
    fn plain(self) -> Self {
        self
    }
}

/// The comparisons.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    signs!(rows, (IntervalOf, IntervalOf), |a, b, _env| a.compare(b), plain);
    signs!(rows, (TimetzOf, TimetzOf), |a, b, _env| (a.moment(), a.zone).cmp(&(b.moment(), b.zone)), plain);
    signs!(rows, (Date, Timestamp), |a, b, _env| wide_date(a).cmp(&wide_timestamp(b)), plain);
    signs!(rows, (Timestamp, Date), |a, b, _env| wide_timestamp(a).cmp(&wide_date(b)), plain);
    signs!(
        rows,
        (Date, Timestamptz),
        |a, b, env| { wide_moment(wide_date(a), env).cmp(&wide_timestamp(b)) },
        stable
    );
    signs!(
        rows,
        (Timestamptz, Date),
        |a, b, env| { wide_timestamp(a).cmp(&wide_moment(wide_date(b), env)) },
        stable
    );
    signs!(
        rows,
        (Timestamp, Timestamptz),
        |a, b, env| { wide_moment(wide_timestamp(a), env).cmp(&wide_timestamp(b)) },
        stable
    );
    signs!(
        rows,
        (Timestamptz, Timestamp),
        |a, b, env| { wide_timestamp(a).cmp(&wide_moment(wide_timestamp(b), env)) },
        stable
    );
    rows.extend(functions());
    rows
}

fn number(order: Ordering) -> i32 {
    order as i32
}

/// `interval_cmp` and its kin.
fn functions() -> Vec<Row> {
    vec![
        strict!("interval_cmp", (a: IntervalOf, b: IntervalOf) -> Int4 => Ok(number(a.compare(b)))).safe(),
        strict!("timetz_cmp", (a: TimetzOf, b: TimetzOf) -> Int4 => {
            Ok(number((a.moment(), a.zone).cmp(&(b.moment(), b.zone))))
        })
        .safe(),
        strict!("date_cmp", (a: Date, b: Date) -> Int4 => Ok(number(a.cmp(&b)))).safe(),
        strict!("time_cmp", (a: Time, b: Time) -> Int4 => Ok(number(a.cmp(&b)))).safe(),
        strict!("timestamp_cmp", (a: Timestamp, b: Timestamp) -> Int4 => Ok(number(a.cmp(&b)))).safe(),
        strict!("timestamptz_cmp", (a: Timestamptz, b: Timestamptz) -> Int4 => Ok(number(a.cmp(&b)))).safe(),
    ]
}
