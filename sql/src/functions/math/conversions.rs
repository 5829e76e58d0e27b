//! The functions behind casts between numbers, under their own names: `int4(2.5)`, `numeric(1.005,
//! modifier)`.

use millstream_catalog::{Kind, SqlType};

use crate::error::SqlResult;
use crate::functions::registry::Row;
use crate::strict;
use crate::types::numeric::{Numeric, convert, rounding};
use crate::types::{float, integer};

/// The rows of conversions.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        strict!("int2", (n: Int4) -> Int2 => integer::int4_to_int2(n)),
        strict!("int2", (n: Int8) -> Int2 => integer::int8_to_int2(n)),
        strict!("int2", (n: Float4) -> Int2 => float::float4_to_int2(n)),
        strict!("int2", (n: Float8) -> Int2 => float::float8_to_int2(n)),
        strict!("int2", (n: Num) -> Int2 => convert::numeric_to_int2(&n)),
        strict!("int4", (n: Int2) -> Int4 => Ok(i32::from(n))).safe(),
        strict!("int4", (n: Int8) -> Int4 => integer::int8_to_int4(n)),
        strict!("int4", (n: Float4) -> Int4 => float::float4_to_int4(n)),
        strict!("int4", (n: Float8) -> Int4 => float::float8_to_int4(n)),
        strict!("int4", (n: Num) -> Int4 => convert::numeric_to_int4(&n)),
        strict!("int8", (n: Int2) -> Int8 => Ok(i64::from(n))).safe(),
        strict!("int8", (n: Int4) -> Int8 => Ok(i64::from(n))).safe(),
        strict!("int8", (n: Float4) -> Int8 => float::float4_to_int8(n)),
        strict!("int8", (n: Float8) -> Int8 => float::float8_to_int8(n)),
        strict!("int8", (n: Num) -> Int8 => convert::numeric_to_int8(&n)),
        strict!("float4", (n: Int2) -> Float4 => Ok(f32::from(n))).safe(),
        strict!("float4", (n: Int4) -> Float4 => Ok(n as f32)).safe(),
        strict!("float4", (n: Int8) -> Float4 => Ok(n as f32)).safe(),
        strict!("float4", (n: Float8) -> Float4 => float::float8_to_float4(n)),
        strict!("float4", (n: Num) -> Float4 => convert::numeric_to_float4(&n)),
        strict!("float8", (n: Int2) -> Float8 => Ok(f64::from(n))).safe(),
        strict!("float8", (n: Int4) -> Float8 => Ok(f64::from(n))).safe(),
        strict!("float8", (n: Int8) -> Float8 => Ok(n as f64)).safe(),
        strict!("float8", (n: Float4) -> Float8 => Ok(f64::from(n))).safe(),
        strict!("float8", (n: Num) -> Float8 => convert::numeric_to_float8(&n)),
        strict!("numeric", (n: Int2) -> Num => Ok(convert::integer_to_numeric(i64::from(n)))).safe(),
        strict!("numeric", (n: Int4) -> Num => Ok(convert::integer_to_numeric(i64::from(n)))).safe(),
        strict!("numeric", (n: Int8) -> Num => Ok(convert::integer_to_numeric(n))).safe(),
        strict!("numeric", (n: Float4) -> Num => convert::float4_to_numeric(n)),
        strict!("numeric", (n: Float8) -> Num => convert::float8_to_numeric(n)),
    ];
    // All of them round or widen: none turns an order round.
    rows = rows.into_iter().map(Row::monotonic).collect();
    rows.push(strict!("numeric", (n: Num, modifier: Int4) -> Num => modified(n, modifier)).monotonic());
    rows
}

/// The value under a type modifier as `atttypmod` packs it; one without precision changes nothing.
fn modified(value: Numeric, modifier: i32) -> SqlResult<Numeric> {
    match SqlType::Scalar(Kind::Numeric, modifier).precision() {
        Some((precision, scale)) => rounding::apply_modifier(&value, precision, scale),
        None => Ok(value),
    }
}
