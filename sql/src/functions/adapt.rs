//! Rust functions of one row's values as kernels over Arrow columns.
//!
//! Each SQL type has a marker here ([`Text`], [`Int4`], …) that says how a value is read from a column ([`Input`]) and
//! written into one ([`Output`]). [`strict!`](crate::strict) writes the loop: rows with a NULL argument give NULL.
//! [`lenient!`](crate::lenient) gives each argument as an Option and takes an Option back.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BinaryBuilder, BooleanArray, BooleanBuilder, FixedSizeBinaryArray,
    FixedSizeBinaryBuilder, PrimitiveArray, PrimitiveBuilder, StringArray, StringBuilder,
};
use arrow::datatypes::{
    Date32Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, IntervalMonthDayNanoType,
    Time64MicrosecondType, TimestampMicrosecondType, UInt32Type,
};
use millstream_catalog::Kind;

use super::registry::{Param, wrong_array};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::interval::Interval;
use crate::types::numeric::Numeric;
use crate::types::timetz::Timetz;

/// How values of a type are read from a column.
pub trait Input {
    /// The type in a signature.
    const PARAM: Param;
    /// The Arrow array.
    type Array: Array + 'static;
    /// A value.
    type Ref<'a>;
    /// The value of a row that is not NULL.
    fn get(array: &Self::Array, row: usize) -> Self::Ref<'_>;
    /// The column as that array.
    fn array(array: &dyn Array) -> SqlResult<&Self::Array> {
        array.as_any().downcast_ref().ok_or_else(|| wrong_array(std::any::type_name::<Self::Array>(), array))
    }
}

/// How values of a type are written into a column.
pub trait Output {
    /// The type in a signature.
    const PARAM: Param;
    /// What is written.
    type Value;
    /// Collects a column.
    type Builder;
    /// A builder with room for so many rows.
    fn builder(rows: usize) -> Self::Builder;
    /// Writes a value; an error where the column's own limits say so.
    fn append(builder: &mut Self::Builder, value: Self::Value) -> SqlResult<()>;
    /// Writes NULL.
    fn append_null(builder: &mut Self::Builder);
    /// The column.
    fn finish(builder: Self::Builder) -> ArrayRef;
}

macro_rules! primitive {
    ($($(#[$doc:meta])* $marker:ident: $kind:ident, $arrow:ty, $value:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $marker;

        impl Input for $marker {
            const PARAM: Param = Param::Of(Kind::$kind);
            type Array = PrimitiveArray<$arrow>;
            type Ref<'a> = $value;
            #[inline]
            fn get(array: &Self::Array, row: usize) -> $value {
                array.value(row)
            }
        }

        impl Output for $marker {
            const PARAM: Param = Param::Of(Kind::$kind);
            type Value = $value;
            type Builder = PrimitiveBuilder<$arrow>;
            fn builder(rows: usize) -> Self::Builder {
                PrimitiveBuilder::with_capacity(rows)
            }
            #[inline]
            fn append(builder: &mut Self::Builder, value: $value) -> SqlResult<()> {
                builder.append_value(value);
                Ok(())
            }
            fn append_null(builder: &mut Self::Builder) {
                builder.append_null();
            }
            fn finish(mut builder: Self::Builder) -> ArrayRef {
                finished(builder.finish())
            }
        }
    )*};
}

primitive! {
    /// smallint
    Int2: Int2, Int16Type, i16;
    /// integer
    Int4: Int4, Int32Type, i32;
    /// bigint
    Int8: Int8, Int64Type, i64;
    /// oid
    Oid: Oid, UInt32Type, u32;
    /// regclass
    Regclass: Regclass, UInt32Type, u32;
    /// regtype
    Regtype: Regtype, UInt32Type, u32;
    /// real
    Float4: Float4, Float32Type, f32;
    /// double precision
    Float8: Float8, Float64Type, f64;
    /// date: days since 1970-01-01; the least and the greatest number are -infinity and infinity
    Date: Date, Date32Type, i32;
    /// time: microseconds since midnight
    Time: Time, Time64MicrosecondType, i64;
    /// timestamp: microseconds since 1970; the least and the greatest number are -infinity and infinity
    Timestamp: Timestamp, TimestampMicrosecondType, i64;
}

/// timestamptz: microseconds since 1970 UTC; the least and the greatest number are -infinity and infinity
#[derive(Debug)]
pub struct Timestamptz;

impl Input for Timestamptz {
    const PARAM: Param = Param::Of(Kind::Timestamptz);
    type Array = PrimitiveArray<TimestampMicrosecondType>;
    type Ref<'a> = i64;
    fn get(array: &Self::Array, row: usize) -> i64 {
        array.value(row)
    }
}

impl Output for Timestamptz {
    const PARAM: Param = Param::Of(Kind::Timestamptz);
    type Value = i64;
    type Builder = PrimitiveBuilder<TimestampMicrosecondType>;
    fn builder(rows: usize) -> Self::Builder {
        PrimitiveBuilder::with_capacity(rows)
    }
    fn append(builder: &mut Self::Builder, value: i64) -> SqlResult<()> {
        builder.append_value(value);
        Ok(())
    }
    fn append_null(builder: &mut Self::Builder) {
        builder.append_null();
    }
    fn finish(mut builder: Self::Builder) -> ArrayRef {
        finished(builder.finish().with_timezone("+00:00"))
    }
}

/// interval
#[derive(Debug)]
pub struct IntervalOf;

impl Input for IntervalOf {
    const PARAM: Param = Param::Of(Kind::Interval);
    type Array = PrimitiveArray<IntervalMonthDayNanoType>;
    type Ref<'a> = Interval;
    fn get(array: &Self::Array, row: usize) -> Interval {
        Interval::of_stored(array.value(row))
    }
}

impl Output for IntervalOf {
    const PARAM: Param = Param::Of(Kind::Interval);
    type Value = Interval;
    type Builder = PrimitiveBuilder<IntervalMonthDayNanoType>;
    fn builder(rows: usize) -> Self::Builder {
        PrimitiveBuilder::with_capacity(rows)
    }
    fn append(builder: &mut Self::Builder, value: Interval) -> SqlResult<()> {
        builder.append_value(value.stored());
        Ok(())
    }
    fn append_null(builder: &mut Self::Builder) {
        builder.append_null();
    }
    fn finish(mut builder: Self::Builder) -> ArrayRef {
        finished(builder.finish())
    }
}

/// boolean
#[derive(Debug)]
pub struct Bool;

impl Input for Bool {
    const PARAM: Param = Param::Of(Kind::Boolean);
    type Array = BooleanArray;
    type Ref<'a> = bool;
    fn get(array: &BooleanArray, row: usize) -> bool {
        array.value(row)
    }
}

impl Output for Bool {
    const PARAM: Param = Param::Of(Kind::Boolean);
    type Value = bool;
    type Builder = BooleanBuilder;
    fn builder(rows: usize) -> BooleanBuilder {
        BooleanBuilder::with_capacity(rows)
    }
    fn append(builder: &mut BooleanBuilder, value: bool) -> SqlResult<()> {
        builder.append_value(value);
        Ok(())
    }
    fn append_null(builder: &mut BooleanBuilder) {
        builder.append_null();
    }
    fn finish(mut builder: BooleanBuilder) -> ArrayRef {
        finished(builder.finish())
    }
}

/// Bytes of one column of a batch: what offsets of 32 bits reach.
const COLUMN_BYTES: usize = i32::MAX as usize;

fn room(held: usize, more: usize) -> SqlResult<()> {
    if held.saturating_add(more) > COLUMN_BYTES {
        let message = "the values of one batch take more than 2 GB";
        return Err(SqlError::new(SqlState::ProgramLimit, message));
    }
    Ok(())
}

macro_rules! texts {
    ($($(#[$doc:meta])* $marker:ident: $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $marker;

        impl $marker {
            /// Writes a value that another holds.
            #[inline]
            pub fn append_part(builder: &mut StringBuilder, value: &str) -> SqlResult<()> {
                room(builder.values_slice().len(), value.len())?;
                builder.append_value(value);
                Ok(())
            }
        }

        impl Input for $marker {
            const PARAM: Param = Param::Of(Kind::$kind);
            type Array = StringArray;
            type Ref<'a> = &'a str;
            #[inline]
            fn get(array: &StringArray, row: usize) -> &str {
                array.value(row)
            }
        }

        impl Output for $marker {
            const PARAM: Param = Param::Of(Kind::$kind);
            type Value = String;
            type Builder = StringBuilder;
            fn builder(rows: usize) -> StringBuilder {
                StringBuilder::with_capacity(rows, rows * 16)
            }
            fn append(builder: &mut StringBuilder, value: String) -> SqlResult<()> {
                room(builder.values_slice().len(), value.len())?;
                builder.append_value(value);
                Ok(())
            }
            fn append_null(builder: &mut StringBuilder) {
                builder.append_null();
            }
            fn finish(mut builder: StringBuilder) -> ArrayRef {
                finished(builder.finish())
            }
        }
    )*};
}

texts! {
    /// text
    Text: Text;
    /// varchar
    Varchar: Varchar;
    /// char(n): padded with blanks to its length
    Bpchar: Bpchar;
    /// name
    Name: Name;
    /// "char"
    CharOf: Char;
    /// json: as it was written
    Json: Json;
    /// jsonb: in PostgreSQL's own text form
    Jsonb: Jsonb;
    /// cstring
    Cstring: Cstring;
    /// void: the empty text
    Void: Void;
}

/// bytea
#[derive(Debug)]
pub struct Bytea;

impl Input for Bytea {
    const PARAM: Param = Param::Of(Kind::Bytea);
    type Array = BinaryArray;
    type Ref<'a> = &'a [u8];
    fn get(array: &BinaryArray, row: usize) -> &[u8] {
        array.value(row)
    }
}

impl Output for Bytea {
    const PARAM: Param = Param::Of(Kind::Bytea);
    type Value = Vec<u8>;
    type Builder = BinaryBuilder;
    fn builder(rows: usize) -> BinaryBuilder {
        BinaryBuilder::with_capacity(rows, rows * 16)
    }
    fn append(builder: &mut BinaryBuilder, value: Vec<u8>) -> SqlResult<()> {
        room(builder.values_slice().len(), value.len())?;
        builder.append_value(value);
        Ok(())
    }
    fn append_null(builder: &mut BinaryBuilder) {
        builder.append_null();
    }
    fn finish(mut builder: BinaryBuilder) -> ArrayRef {
        finished(builder.finish())
    }
}

/// numeric in its wide form
#[derive(Debug)]
pub struct Num;

impl Input for Num {
    const PARAM: Param = Param::Of(Kind::Numeric);
    type Array = BinaryArray;
    type Ref<'a> = Numeric;
    #[inline]
    fn get(array: &BinaryArray, row: usize) -> Numeric {
        Numeric::from_bytes(array.value(row))
    }
}

impl Output for Num {
    const PARAM: Param = Param::Of(Kind::Numeric);
    type Value = Numeric;
    type Builder = BinaryBuilder;
    fn builder(rows: usize) -> BinaryBuilder {
        BinaryBuilder::with_capacity(rows, rows * 16)
    }
    fn append(builder: &mut BinaryBuilder, value: Numeric) -> SqlResult<()> {
        value.with_bytes(|bytes| {
            room(builder.values_slice().len(), bytes.len())?;
            builder.append_value(bytes);
            Ok(())
        })
    }
    fn append_null(builder: &mut BinaryBuilder) {
        builder.append_null();
    }
    fn finish(mut builder: BinaryBuilder) -> ArrayRef {
        finished(builder.finish())
    }
}

/// timetz
#[derive(Debug)]
pub struct TimetzOf;

impl Input for TimetzOf {
    const PARAM: Param = Param::Of(Kind::Timetz);
    type Array = FixedSizeBinaryArray;
    type Ref<'a> = Timetz;
    fn get(array: &FixedSizeBinaryArray, row: usize) -> Timetz {
        Timetz::from_bytes(array.value(row))
    }
}

impl Output for TimetzOf {
    const PARAM: Param = Param::Of(Kind::Timetz);
    type Value = Timetz;
    type Builder = FixedSizeBinaryBuilder;
    fn builder(rows: usize) -> FixedSizeBinaryBuilder {
        FixedSizeBinaryBuilder::with_capacity(rows, 12)
    }
    fn append(builder: &mut FixedSizeBinaryBuilder, value: Timetz) -> SqlResult<()> {
        builder.append_value(value.to_bytes()).map_err(|error| SqlError::internal(error.to_string()))
    }
    fn append_null(builder: &mut FixedSizeBinaryBuilder) {
        builder.append_null();
    }
    fn finish(mut builder: FixedSizeBinaryBuilder) -> ArrayRef {
        finished(builder.finish())
    }
}

/// uuid
#[derive(Debug)]
pub struct Uuid;

impl Input for Uuid {
    const PARAM: Param = Param::Of(Kind::Uuid);
    type Array = FixedSizeBinaryArray;
    type Ref<'a> = [u8; 16];
    fn get(array: &FixedSizeBinaryArray, row: usize) -> [u8; 16] {
        array.value(row).try_into().unwrap_or_default()
    }
}

impl Output for Uuid {
    const PARAM: Param = Param::Of(Kind::Uuid);
    type Value = [u8; 16];
    type Builder = FixedSizeBinaryBuilder;
    fn builder(rows: usize) -> FixedSizeBinaryBuilder {
        FixedSizeBinaryBuilder::with_capacity(rows, 16)
    }
    fn append(builder: &mut FixedSizeBinaryBuilder, value: [u8; 16]) -> SqlResult<()> {
        builder.append_value(value).map_err(|error| SqlError::internal(error.to_string()))
    }
    fn append_null(builder: &mut FixedSizeBinaryBuilder) {
        builder.append_null();
    }
    fn finish(mut builder: FixedSizeBinaryBuilder) -> ArrayRef {
        finished(builder.finish())
    }
}

fn finished(array: impl Array + 'static) -> ArrayRef {
    Arc::new(array)
}

/// What [`strict!`] and [`lenient!`] share: a row whose kernel takes its arguments' arrays, makes a builder and does
/// `each` for every row.
#[macro_export]
macro_rules! row_by_row {
    ($name:literal, $env:ident, ($($arg:ident : $type:ident),*) -> $ret:ident,
     |$call:ident, $nulls:ident, $row:ident, $answers:ident| $each:block) => {
        $crate::functions::registry::Row::new(
            $name,
            vec![$(<$crate::functions::adapt::$type as $crate::functions::adapt::Input>::PARAM),*],
            <$crate::functions::adapt::$ret as $crate::functions::adapt::Output>::PARAM,
            $crate::functions::registry::Body::Kernel(std::sync::Arc::new(
                |$call: &$crate::functions::registry::Call<'_>| {
                    #[allow(unused_imports)]
                    use $crate::functions::adapt::{Input as _, Output as _};
                    #[allow(unused_variables)]
                    let $env = $call.environment;
                    #[allow(unused_mut, unused_variables)]
                    let mut arguments = $call.arguments.iter();
                    $(
                        let $arg = match arguments.next() {
                            Some(argument) => (
                                argument,
                                $crate::functions::adapt::$type::array(argument.array.as_ref())?,
                            ),
                            None => return Err($crate::error::SqlError::internal("an argument is missing")),
                        };
                    )*
                    let mut $answers = $crate::functions::adapt::$ret::builder($call.rows);
                    #[allow(unused_variables)]
                    let $nulls = $call.nulls();
                    for $row in 0..$call.rows $each
                    Ok($crate::functions::adapt::$ret::finish($answers))
                },
            )),
        )
    };
}

/// A row of the registry whose function sees one row's values, none of them NULL: `strict!("name", (a: Text, n: Int4)
/// -> Text => expression)`, the expression of type `SqlResult` of the result's value. With a name before the arguments
/// (`strict!("name", env, (…) …)`) the settings are known by it.
#[macro_export]
macro_rules! strict {
    ($name:literal, ($($arg:ident : $type:ident),*) -> $ret:ident => $body:expr) => {
        $crate::strict!($name, _environment, ($($arg: $type),*) -> $ret => $body)
    };
    ($name:literal, $env:ident, ($($arg:ident : $type:ident),*) -> $ret:ident => $body:expr) => {
        $crate::row_by_row!($name, $env, ($($arg: $type),*) -> $ret, |call, nulls, row, answers| {
            if nulls.contain(row) {
                $crate::functions::adapt::$ret::append_null(&mut answers);
                continue;
            }
            $(let $arg = $crate::functions::adapt::$type::get($arg.1, $arg.0.at(row));)*
            #[allow(clippy::redundant_closure_call)]
            let answer = (|| -> $crate::error::SqlResult<
                <$crate::functions::adapt::$ret as $crate::functions::adapt::Output>::Value,
            > { $body })()?;
            $crate::functions::adapt::$ret::append(&mut answers, answer)?;
        })
    };
}

/// As [`strict!`], for functions that answer with a part of what they are given, or with a constant: the expression is
/// of type `SqlResult<Cow<str>>`, and no text of its own is made for a row.
#[macro_export]
macro_rules! lends {
    ($name:literal, ($($arg:ident : $type:ident),*) -> $ret:ident => $body:expr) => {
        $crate::row_by_row!($name, _environment, ($($arg: $type),*) -> $ret, |call, nulls, row, answers| {
            if nulls.contain(row) {
                $crate::functions::adapt::$ret::append_null(&mut answers);
                continue;
            }
            $(let $arg = $crate::functions::adapt::$type::get($arg.1, $arg.0.at(row));)*
            #[allow(clippy::redundant_closure_call)]
            let answer = (|| -> $crate::error::SqlResult<std::borrow::Cow<'_, str>> { $body })()?;
            $crate::functions::adapt::$ret::append_part(&mut answers, &answer)?;
        })
    };
}

/// As [`strict!`], but each argument is an Option (None: NULL), and so is the answer.
#[macro_export]
macro_rules! lenient {
    ($name:literal, ($($arg:ident : $type:ident),*) -> $ret:ident => $body:expr) => {
        $crate::lenient!($name, _environment, ($($arg: $type),*) -> $ret => $body)
    };
    ($name:literal, $env:ident, ($($arg:ident : $type:ident),*) -> $ret:ident => $body:expr) => {
        $crate::row_by_row!($name, $env, ($($arg: $type),*) -> $ret, |call, _nulls, row, answers| {
            $(
                let $arg = if $arg.0.is_null(row) {
                    None
                } else {
                    Some($crate::functions::adapt::$type::get($arg.1, $arg.0.at(row)))
                };
            )*
            #[allow(clippy::redundant_closure_call)]
            let answer = (|| -> $crate::error::SqlResult<Option<
                <$crate::functions::adapt::$ret as $crate::functions::adapt::Output>::Value,
            >> { $body })()?;
            match answer {
                Some(answer) => $crate::functions::adapt::$ret::append(&mut answers, answer)?,
                None => $crate::functions::adapt::$ret::append_null(&mut answers),
            }
        })
        .takes_null()
    };
}
