//! Kernels of casts: one for each pair of types that has a cast of its own, the text forms for all others.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowNativeTypeOp, AsArray, BinaryArray, BinaryBuilder, ListArray, PrimitiveArray,
    PrimitiveBuilder,
};
use arrow::datatypes::{DataType, Decimal128Type, FieldRef, Int16Type, Int32Type, Int64Type};
use millstream_catalog::{Kind, SqlType};

use super::adapt::{
    Bool, Bpchar, CharOf, Date, Float4, Float8, Input, Int2, Int4, Int8, IntervalOf, Json, Jsonb, Num, Oid,
    Output, Text, Time, Timestamp, Timestamptz, TimetzOf,
};
use super::convert::{expanded, only, print_column};
use super::registry::{Argument, Call, Kernel};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::cast::{Context, Method, cast_method};
use crate::types::conform::conform;
use crate::types::environment::Environment;
use crate::types::numeric::{self, Numeric};
use crate::types::read::Reader;
use crate::types::{boolean, datetime, float, integer, interval, json, text};

/// A kernel from a function of one value that is not NULL.
fn map<A: Input, R: Output>(
    convert: impl for<'a> Fn(&Environment, A::Ref<'a>) -> SqlResult<R::Value> + Send + Sync + 'static,
) -> Kernel {
    Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let array = A::array(argument.array.as_ref())?;
        let mut answers = R::builder(call.rows);
        for row in 0..call.rows {
            if argument.is_null(row) {
                R::append_null(&mut answers);
                continue;
            }
            let value = convert(call.environment, A::get(array, argument.at(row)))?;
            R::append(&mut answers, value)?;
        }
        Ok(R::finish(answers))
    })
}

/// The kernel of a cast whose answer is of the Arrow type that is given, the target's modifier applied.
pub(crate) fn kernel(
    from: &SqlType,
    from_data: &DataType,
    to: &SqlType,
    to_data: &DataType,
    explicit: bool,
) -> SqlResult<Kernel> {
    let method = cast_method(from, to, Context::Explicit).unwrap_or(Method::Text);
    if method == Method::Elements {
        return elements(from, to, explicit);
    }
    let (Some(source), Some(target)) = (from.kind(), to.kind()) else {
        return Ok(through_text(from, to, to_data));
    };
    if matches!(target, Kind::Numeric) {
        return to_numeric(source, from_data, to, to_data);
    }
    if source == Kind::Numeric && from_data != &DataType::Binary {
        // A decimal goes by its wide form.
        let widen = numeric_form(from_data, &DataType::Binary)?;
        let rest = kernel(from, &DataType::Binary, to, to_data, explicit)?;
        return Ok(Arc::new(move |call: &Call<'_>| {
            let wide = widen(call)?;
            let sql_type = only(call)?.sql_type.clone();
            let arguments = [Argument { array: wide, constant: false, sql_type }];
            rest(&Call { arguments: &arguments, ..*call })
        }));
    }
    let modifier = to.modifier();
    let plain = direct(source, target);
    Ok(match (plain, target) {
        (_, Kind::Varchar) => {
            let print = as_text(source);
            Arc::new(move |call: &Call<'_>| {
                limited(&print(call)?, |value| Ok(text::to_varchar(value, modifier, explicit)?.to_owned()))
            })
        }
        (_, Kind::Bpchar) => {
            let print = as_text(source);
            Arc::new(move |call: &Call<'_>| {
                limited(&print(call)?, |value| Ok(text::to_bpchar(value, modifier, explicit)?.into_owned()))
            })
        }
        (_, Kind::Name) => {
            let print = as_text(source);
            Arc::new(move |call: &Call<'_>| {
                limited(&print(call)?, |value| Ok(text::text_to_name(value).to_owned()))
            })
        }
        (None, Kind::Text | Kind::Cstring) => as_text(source),
        (Some(kernel), _) if modifier == -1 => kernel,
        (plain, Kind::Time | Kind::Timetz | Kind::Timestamp | Kind::Timestamptz | Kind::Interval) => {
            let rest = apply_modifier(target, modifier)?;
            // A text that is cast is read without the modifier, which is applied to what it says.
            let first = plain.or_else(|| same(source, target));
            let first = first.unwrap_or_else(|| through_text(from, &to.plain(), to_data));
            let target = SqlType::from(target);
            Arc::new(move |call: &Call<'_>| {
                let array = first(call)?;
                let arguments = [Argument { array, constant: false, sql_type: target.clone() }];
                rest(&Call { arguments: &arguments, ..*call })
            })
        }
        (Some(kernel), _) => kernel,
        (None, _) => through_text(from, to, to_data),
    })
}

fn same(source: Kind, target: Kind) -> Option<Kernel> {
    (source == target).then(|| -> Kernel {
        Arc::new(|call: &Call<'_>| {
            let argument = only(call)?;
            expanded(&argument.array, argument, call.rows)
        })
    })
}

/// The conversions that are functions of their own, without modifiers.
fn direct(source: Kind, target: Kind) -> Option<Kernel> {
    use Kind as K;
    Some(match (source, target) {
        (K::Int4, K::Int2) => map::<Int4, Int2>(|_, value| integer::int4_to_int2(value)),
        (K::Int8, K::Int2) => map::<Int8, Int2>(|_, value| integer::int8_to_int2(value)),
        (K::Int8, K::Int4) => map::<Int8, Int4>(|_, value| integer::int8_to_int4(value)),
        (K::Int2, K::Float4) => map::<Int2, Float4>(|_, value| Ok(f32::from(value))),
        (K::Int4, K::Float4) => map::<Int4, Float4>(|_, value| Ok(value as f32)),
        (K::Int8, K::Float4) => map::<Int8, Float4>(|_, value| Ok(value as f32)),
        (K::Int8, K::Float8) => map::<Int8, Float8>(|_, value| Ok(value as f64)),
        (K::Float8, K::Float4) => map::<Float8, Float4>(|_, value| float::float8_to_float4(value)),
        (K::Float8, K::Int2) => map::<Float8, Int2>(|_, value| float::float8_to_int2(value)),
        (K::Float8, K::Int4) => map::<Float8, Int4>(|_, value| float::float8_to_int4(value)),
        (K::Float8, K::Int8) => map::<Float8, Int8>(|_, value| float::float8_to_int8(value)),
        (K::Float4, K::Int2) => map::<Float4, Int2>(|_, value| float::float4_to_int2(value)),
        (K::Float4, K::Int4) => map::<Float4, Int4>(|_, value| float::float4_to_int4(value)),
        (K::Float4, K::Int8) => map::<Float4, Int8>(|_, value| float::float4_to_int8(value)),
        (K::Numeric, K::Int2) => map::<Num, Int2>(|_, value| numeric::convert::numeric_to_int2(&value)),
        (K::Numeric, K::Int4) => map::<Num, Int4>(|_, value| numeric::convert::numeric_to_int4(&value)),
        (K::Numeric, K::Int8) => map::<Num, Int8>(|_, value| numeric::convert::numeric_to_int8(&value)),
        (K::Numeric, K::Float4) => map::<Num, Float4>(|_, value| numeric::convert::numeric_to_float4(&value)),
        (K::Numeric, K::Float8) => map::<Num, Float8>(|_, value| numeric::convert::numeric_to_float8(&value)),
        (K::Boolean, K::Int4) => map::<Bool, Int4>(|_, value| Ok(boolean::to_int4(value))),
        (K::Int4, K::Boolean) => map::<Int4, Bool>(|_, value| Ok(boolean::of_int4(value))),
        (K::Int4, K::Char) => map::<Int4, CharOf>(|_, value| text::int4_to_char(value)),
        (K::Char, K::Int4) => map::<CharOf, Int4>(|_, value| Ok(text::char_to_int4(value))),
        (K::Text | K::Varchar | K::Name, K::Char) => {
            map::<Text, CharOf>(|_, value| Ok(text::text_to_char(value)))
        }
        (K::Bpchar, K::Char) => map::<Bpchar, CharOf>(|_, value| Ok(text::text_to_char(value))),
        (K::Bpchar, K::Text) => map::<Bpchar, Text>(|_, value| Ok(text::bpchar_to_text(value).to_owned())),
        (K::Int2, target) if target.data_type_is_oid() => {
            map::<Int2, Oid>(|_, value| integer::int8_to_oid(i64::from(value)))
        }
        // The bits of an integer are those of an oid.
        (K::Int4, target) if target.data_type_is_oid() => map::<Int4, Oid>(|_, value| Ok(value as u32)),
        (K::Int8, target) if target.data_type_is_oid() => {
            map::<Int8, Oid>(|_, value| integer::int8_to_oid(value))
        }
        (source, K::Int4) if source.data_type_is_oid() => map::<Oid, Int4>(|_, value| Ok(value as i32)),
        (source, K::Int8) if source.data_type_is_oid() => map::<Oid, Int8>(|_, value| Ok(i64::from(value))),
        (K::Date, K::Timestamp) => {
            map::<Date, Timestamp>(|_, value| datetime::convert::date_to_timestamp(value))
        }
        (K::Date, K::Timestamptz) => {
            map::<Date, Timestamptz>(|env, value| datetime::convert::date_to_timestamptz(value, env))
        }
        (K::Timestamp, K::Date) => {
            map::<Timestamp, Date>(|_, value| datetime::convert::timestamp_to_date(value))
        }
        (K::Timestamp, K::Timestamptz) => {
            map::<Timestamp, Timestamptz>(|env, value| datetime::timestamp::to_timestamptz(value, env))
        }
        (K::Timestamptz, K::Timestamp) => {
            map::<Timestamptz, Timestamp>(|env, value| datetime::timestamp::to_timestamp(value, env))
        }
        (K::Timestamptz, K::Date) => {
            map::<Timestamptz, Date>(|env, value| datetime::convert::timestamptz_to_date(value, env))
        }
        (K::Timestamp, K::Time) => {
            nullable::<Timestamp, Time>(|_, value| Ok(datetime::convert::timestamp_to_time(value)))
        }
        (K::Timestamptz, K::Time) => {
            nullable::<Timestamptz, Time>(|env, value| Ok(datetime::convert::timestamptz_to_time(value, env)))
        }
        (K::Timestamptz, K::Timetz) => nullable::<Timestamptz, TimetzOf>(|env, value| {
            Ok(datetime::convert::timestamptz_to_timetz(value, env))
        }),
        (K::Time, K::Timetz) => {
            map::<Time, TimetzOf>(|env, value| Ok(datetime::convert::time_to_timetz(value, env)))
        }
        (K::Timetz, K::Time) => {
            map::<TimetzOf, Time>(|_, value| Ok(datetime::convert::timetz_to_time(value)))
        }
        (K::Time, K::Interval) => {
            map::<Time, IntervalOf>(|_, value| Ok(datetime::convert::time_to_interval(value)))
        }
        (K::Interval, K::Time) => {
            map::<IntervalOf, Time>(|_, value| Ok(datetime::convert::interval_to_time(value)))
        }
        (K::Json, K::Jsonb) => map::<Json, Jsonb>(|_, value| json::parse_jsonb(value)),
        (K::Jsonb, K::Json) => map::<Jsonb, Json>(|_, value| Ok(value.to_owned())),
        (K::Jsonb, K::Boolean) => map::<Jsonb, Bool>(|_, value| json::cast::to_boolean(value)),
        (K::Jsonb, K::Int2) => map::<Jsonb, Int2>(|_, value| json::cast::to_int2(value)),
        (K::Jsonb, K::Int4) => map::<Jsonb, Int4>(|_, value| json::cast::to_int4(value)),
        (K::Jsonb, K::Int8) => map::<Jsonb, Int8>(|_, value| json::cast::to_int8(value)),
        (K::Jsonb, K::Float4) => map::<Jsonb, Float4>(|_, value| json::cast::to_float4(value)),
        (K::Jsonb, K::Float8) => map::<Jsonb, Float8>(|_, value| json::cast::to_float8(value)),
        _ => return None,
    })
}

/// A kernel from a function that can have no answer.
fn nullable<A: Input, R: Output>(
    convert: impl for<'a> Fn(&Environment, A::Ref<'a>) -> SqlResult<Option<R::Value>> + Send + Sync + 'static,
) -> Kernel {
    Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let array = A::array(argument.array.as_ref())?;
        let mut answers = R::builder(call.rows);
        for row in 0..call.rows {
            let value = match argument.is_null(row) {
                true => None,
                false => convert(call.environment, A::get(array, argument.at(row)))?,
            };
            match value {
                Some(value) => R::append(&mut answers, value)?,
                None => R::append_null(&mut answers),
            }
        }
        Ok(R::finish(answers))
    })
}

/// Digits of seconds and fields of an interval.
fn apply_modifier(target: Kind, modifier: i32) -> SqlResult<Kernel> {
    Ok(match target {
        Kind::Timestamp => map::<Timestamp, Timestamp>(move |_, value| {
            Ok(datetime::timestamp::apply_modifier(value, modifier))
        }),
        Kind::Timestamptz => map::<Timestamptz, Timestamptz>(move |_, value| {
            Ok(datetime::timestamp::apply_modifier(value, modifier))
        }),
        Kind::Time => map::<Time, Time>(move |_, value| Ok(datetime::time::apply_modifier(value, modifier))),
        Kind::Timetz => map::<TimetzOf, TimetzOf>(move |_, value| {
            Ok(datetime::time::apply_timetz_modifier(value, modifier))
        }),
        Kind::Interval => {
            map::<IntervalOf, IntervalOf>(move |_, value| Ok(interval::apply_modifier(value, modifier)))
        }
        other => return Err(SqlError::internal(format!("a modifier of {}", other.name()))),
    })
}

/// A value as a text: text types as they are, blanks at the end of char(n) cut off, all others printed.
fn as_text(source: Kind) -> Kernel {
    match source {
        Kind::Text | Kind::Varchar | Kind::Name | Kind::Cstring | Kind::Unknown => {
            Arc::new(|call: &Call<'_>| {
                let argument = only(call)?;
                expanded(&argument.array, argument, call.rows)
            })
        }
        Kind::Bpchar => map::<Bpchar, Text>(|_, value| Ok(text::bpchar_to_text(value).to_owned())),
        _ => Arc::new(|call: &Call<'_>| print_column(call, true)),
    }
}

fn limited(array: &ArrayRef, limit: impl Fn(&str) -> SqlResult<String>) -> SqlResult<ArrayRef> {
    let texts = Text::array(array.as_ref())?;
    let mut answers = Text::builder(texts.len());
    for value in texts.iter() {
        match value {
            Some(value) => Text::append(&mut answers, limit(value)?)?,
            None => Text::append_null(&mut answers),
        }
    }
    Ok(Text::finish(answers))
}

/// Through the text form: what has no conversion of its own.
fn through_text(from: &SqlType, to: &SqlType, to_data: &DataType) -> Kernel {
    let is_text = from.category() == 'S' || from.is(Kind::Unknown);
    let print: Kernel = match from.kind() {
        Some(kind) if is_text => as_text(kind),
        _ => Arc::new(|call: &Call<'_>| print_column(call, true)),
    };
    let (to, to_data) = (to.clone(), to_data.clone());
    Arc::new(move |call: &Call<'_>| {
        let texts = print(call)?;
        if to.category() == 'S' && to.modifier() == -1 {
            return Ok(texts);
        }
        let texts = Text::array(texts.as_ref())?;
        let mut reader = Reader::new(&to, &to_data, call.environment)?.explicit();
        for value in texts.iter() {
            reader.push(value)?;
        }
        reader.finish()
    })
}

/// Arrays, element by element.
fn elements(from: &SqlType, to: &SqlType, explicit: bool) -> SqlResult<Kernel> {
    let (Some(source), Some(target)) = (from.element(), to.element()) else {
        return Err(SqlError::internal("elements of what is no array"));
    };
    let target_data = target.data_type();
    let inner = kernel(&source, &source.data_type(), &target, &target_data, explicit)?;
    let field: FieldRef = Arc::new(arrow::datatypes::Field::new_list_field(target_data, true));
    Ok(Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let Some(list) = argument.array.as_list_opt::<i32>() else {
            return Err(SqlError::internal("an array that is no list"));
        };
        let values = Argument { array: Arc::clone(list.values()), constant: false, sql_type: source.clone() };
        let arguments = [values];
        let rows = list.values().len();
        let cast =
            inner(&Call { arguments: &arguments, rows, returns: &target, environment: call.environment })?;
        let array =
            ListArray::try_new(Arc::clone(&field), list.offsets().clone(), cast, list.nulls().cloned());
        let array: ArrayRef = Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?);
        expanded(&array, argument, call.rows)
    }))
}

/// Values of any type as numerics, as decimals of a precision and scale or in their wide form.
fn to_numeric(source: Kind, from_data: &DataType, to: &SqlType, to_data: &DataType) -> SqlResult<Kernel> {
    if to.modifier() == -1
        && (source == Kind::Numeric || matches!(source, Kind::Int2 | Kind::Int4 | Kind::Int8))
    {
        return numeric_form(from_data, to_data);
    }
    type Read = Box<dyn Fn(&Argument, usize, &Environment) -> SqlResult<Numeric> + Send + Sync>;
    let read: Read = match (source, from_data) {
        (Kind::Numeric, DataType::Decimal128(_, scale)) => {
            let scale = *scale;
            Box::new(move |argument, row, _| {
                let values = primitive::<Decimal128Type>(argument.array.as_ref())?;
                Ok(numeric::convert::decimal128_to_numeric(values.value(row), scale))
            })
        }
        (Kind::Numeric, _) => {
            Box::new(|argument, row, _| Ok(Num::get(Num::array(argument.array.as_ref())?, row)))
        }
        (Kind::Int2, _) => Box::new(|argument, row, _| {
            let values = primitive::<Int16Type>(argument.array.as_ref())?;
            Ok(numeric::convert::integer_to_numeric(i64::from(values.value(row))))
        }),
        (Kind::Int4, _) => Box::new(|argument, row, _| {
            let values = primitive::<Int32Type>(argument.array.as_ref())?;
            Ok(numeric::convert::integer_to_numeric(i64::from(values.value(row))))
        }),
        (Kind::Int8, _) => Box::new(|argument, row, _| {
            let values = primitive::<Int64Type>(argument.array.as_ref())?;
            Ok(numeric::convert::integer_to_numeric(values.value(row)))
        }),
        (Kind::Float4, _) => Box::new(|argument, row, _| {
            numeric::convert::float4_to_numeric(Float4::get(Float4::array(argument.array.as_ref())?, row))
        }),
        (Kind::Float8, _) => Box::new(|argument, row, _| {
            numeric::convert::float8_to_numeric(Float8::get(Float8::array(argument.array.as_ref())?, row))
        }),
        (Kind::Jsonb, _) => Box::new(|argument, row, _| {
            let value = Jsonb::get(Jsonb::array(argument.array.as_ref())?, row);
            Numeric::parse(json::cast::to_number(value, "numeric")?)
        }),
        _ => {
            Box::new(|argument, row, _| Numeric::parse(Text::get(Text::array(argument.array.as_ref())?, row)))
        }
    };
    let precision = to.precision();
    let to_data = to_data.clone();
    Ok(Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let mut answers = NumericBuilder::new(&to_data, call.rows)?;
        for row in 0..call.rows {
            if argument.is_null(row) {
                answers.append_null();
                continue;
            }
            let value = read(argument, argument.at(row), call.environment)?;
            let value = match precision {
                Some((precision, scale)) => numeric::rounding::apply_modifier(&value, precision, scale)?,
                None => value,
            };
            answers.append(&value)?;
        }
        answers.finish()
    }))
}

fn primitive<T: arrow::datatypes::ArrowPrimitiveType>(array: &dyn Array) -> SqlResult<&PrimitiveArray<T>> {
    array
        .as_primitive_opt::<T>()
        .ok_or_else(|| SqlError::internal(format!("{} where {} is wanted", array.data_type(), T::DATA_TYPE)))
}

/// Collects numerics in either of their forms.
enum NumericBuilder {
    Decimal(PrimitiveBuilder<Decimal128Type>, u8, i8),
    Wide(BinaryBuilder),
}

impl NumericBuilder {
    fn new(data_type: &DataType, rows: usize) -> SqlResult<Self> {
        Ok(match data_type {
            DataType::Decimal128(precision, scale) => Self::Decimal(
                PrimitiveBuilder::with_capacity(rows).with_data_type(data_type.clone()),
                *precision,
                *scale,
            ),
            DataType::Binary => Self::Wide(BinaryBuilder::with_capacity(rows, rows * 8)),
            other => return Err(SqlError::internal(format!("a numeric as {other}"))),
        })
    }

    fn append_null(&mut self) {
        match self {
            Self::Decimal(builder, ..) => builder.append_null(),
            Self::Wide(builder) => builder.append_null(),
        }
    }

    fn append(&mut self, value: &Numeric) -> SqlResult<()> {
        match self {
            Self::Decimal(builder, precision, scale) => {
                match numeric::convert::numeric_to_decimal128(value, *precision, *scale)? {
                    Some(value) => builder.append_value(value),
                    None => return Err(numeric_overflow(*precision, *scale)),
                }
                Ok(())
            }
            Self::Wide(builder) => Num::append(builder, value.clone()),
        }
    }

    fn finish(self) -> SqlResult<ArrayRef> {
        Ok(match self {
            Self::Decimal(mut builder, ..) => Arc::new(builder.finish()),
            Self::Wide(builder) => Num::finish(builder),
        })
    }
}

fn numeric_overflow(precision: u8, scale: i8) -> SqlError {
    let message = "numeric field overflow";
    let most = i32::from(precision) - i32::from(scale);
    SqlError::new(SqlState::NumericOutOfRange, message).with_detail(format!(
        "A field with precision {precision}, scale {scale} must round to an absolute value less than {}{most}.",
        if most == 0 { "1 and more than 10^" } else { "10^" }
    ))
}

/// A numeric, or a whole number, in another of its forms.
pub(crate) fn numeric_form(from: &DataType, to: &DataType) -> SqlResult<Kernel> {
    Ok(match (from, to) {
        (DataType::Decimal128(_, scale), DataType::Binary) => {
            let scale = *scale;
            Arc::new(move |call: &Call<'_>| {
                let argument = only(call)?;
                let values = primitive::<Decimal128Type>(argument.array.as_ref())?;
                let mut answers = Num::builder(call.rows);
                for row in 0..call.rows {
                    match argument.is_null(row) {
                        true => Num::append_null(&mut answers),
                        false => {
                            let value = numeric::convert::decimal128_to_numeric(
                                values.value(argument.at(row)),
                                scale,
                            );
                            Num::append(&mut answers, value)?;
                        }
                    }
                }
                Ok(Num::finish(answers))
            })
        }
        (DataType::Int16 | DataType::Int32 | DataType::Int64, DataType::Binary) => {
            Arc::new(move |call: &Call<'_>| {
                let argument = only(call)?;
                let whole = arrow::compute::cast(&argument.array, &DataType::Int64)
                    .map_err(|error| SqlError::internal(error.to_string()))?;
                let values = primitive::<Int64Type>(whole.as_ref())?;
                let mut answers = Num::builder(call.rows);
                for row in 0..call.rows {
                    match argument.is_null(row) {
                        true => Num::append_null(&mut answers),
                        false => {
                            let value = numeric::convert::integer_to_numeric(values.value(argument.at(row)));
                            Num::append(&mut answers, value)?;
                        }
                    }
                }
                Ok(Num::finish(answers))
            })
        }
        (DataType::Binary, DataType::Decimal128(precision, scale)) => {
            let (to, precision, scale) = (to.clone(), *precision, *scale);
            Arc::new(move |call: &Call<'_>| {
                let argument = only(call)?;
                let values = Num::array(argument.array.as_ref())?;
                let mut answers = NumericBuilder::new(&to, call.rows)?;
                for row in 0..call.rows {
                    if argument.is_null(row) {
                        answers.append_null();
                        continue;
                    }
                    let value = Num::get(values, argument.at(row));
                    let value =
                        numeric::rounding::apply_modifier(&value, i32::from(precision), i32::from(scale))?;
                    answers.append(&value)?;
                }
                answers.finish()
            })
        }
        (DataType::Decimal128(_, from_scale), DataType::Decimal128(precision, scale)) => {
            rescaled(*from_scale, *precision, *scale)
        }
        (DataType::Int16 | DataType::Int32 | DataType::Int64, DataType::Decimal128(precision, scale)) => {
            let rest = rescaled(0, *precision, *scale);
            Arc::new(move |call: &Call<'_>| {
                let argument = only(call)?;
                let whole = arrow::compute::cast(&argument.array, &DataType::Decimal128(19, 0))
                    .map_err(|error| SqlError::internal(error.to_string()))?;
                let arguments =
                    [Argument { array: whole, constant: argument.constant, sql_type: Kind::Numeric.into() }];
                rest(&Call { arguments: &arguments, ..*call })
            })
        }
        (DataType::Binary, DataType::Binary) => Arc::new(|call: &Call<'_>| {
            let argument = only(call)?;
            expanded(&argument.array, argument, call.rows)
        }),
        (from, to) => return Err(SqlError::internal(format!("a numeric from {from} as {to}"))),
    })
}

/// Decimals at another scale, rounded half away from zero; 22003 for what the precision does not hold.
fn rescaled(from_scale: i8, precision: u8, scale: i8) -> Kernel {
    let shift = i32::from(scale) - i32::from(from_scale);
    let factor = 10i128.checked_pow(shift.unsigned_abs()).unwrap_or(i128::MAX);
    let most = 10i128.pow_checked(u32::from(precision)).unwrap_or(i128::MAX);
    Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let values = primitive::<Decimal128Type>(argument.array.as_ref())?;
        let convert = |value: i128| -> SqlResult<i128> {
            let scaled = if shift >= 0 { value.checked_mul(factor) } else { Some(rounded(value, factor)) };
            scaled
                .filter(|scaled| scaled.unsigned_abs() < most.unsigned_abs())
                .ok_or_else(|| numeric_overflow(precision, scale))
        };
        let array: PrimitiveArray<Decimal128Type> = values.try_unary(convert)?;
        let array = array
            .with_precision_and_scale(precision, scale)
            .map_err(|error| SqlError::internal(error.to_string()))?;
        let array: ArrayRef = Arc::new(array);
        expanded(&array, argument, call.rows)
    })
}

/// A quotient rounded half away from zero.
fn rounded(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value / divisor, value % divisor);
    let half = divisor / 2 + divisor % 2;
    match rest.abs() >= half && divisor > 1 {
        true => quotient + value.signum(),
        false => quotient,
    }
}

/// A sum, difference, product or sign of decimals; the type that is given holds every answer.
pub(crate) fn decimal_operator(sign: &str, operands: usize, to: &DataType) -> SqlResult<Kernel> {
    let DataType::Decimal128(precision, scale) = *to else {
        return Err(SqlError::internal(format!("decimals as {to}")));
    };
    let finish = move |array: PrimitiveArray<Decimal128Type>| -> SqlResult<ArrayRef> {
        let array = array
            .with_precision_and_scale(precision, scale)
            .map_err(|error| SqlError::internal(error.to_string()))?;
        Ok(Arc::new(array))
    };
    if operands == 1 {
        return Ok(Arc::new(move |call: &Call<'_>| {
            let argument = only(call)?;
            let values = primitive::<Decimal128Type>(argument.array.as_ref())?;
            let array = finish(values.unary(|value: i128| value.wrapping_neg()))?;
            expanded(&array, argument, call.rows)
        }));
    }
    enum Sign {
        Add,
        Subtract,
        Multiply,
    }
    let sign = match sign {
        "+" => Sign::Add,
        "-" => Sign::Subtract,
        _ => Sign::Multiply,
    };
    Ok(Arc::new(move |call: &Call<'_>| {
        let [left, right] = call.arguments else {
            return Err(SqlError::internal("an operator without its operands"));
        };
        let (a, b) = (
            primitive::<Decimal128Type>(left.array.as_ref())?,
            primitive::<Decimal128Type>(right.array.as_ref())?,
        );
        let at_scale = |own: i8| match sign {
            Sign::Multiply => 1,
            _ => 10i128.checked_pow(u32::from((scale - own).unsigned_abs())).unwrap_or(1),
        };
        let (up_a, up_b) = (at_scale(a.scale()), at_scale(b.scale()));
        // Within 38 digits by the planner's arithmetic: nothing wraps.
        let compute = |a: i128, b: i128| match sign {
            Sign::Add => a.wrapping_mul(up_a).wrapping_add(b.wrapping_mul(up_b)),
            Sign::Subtract => a.wrapping_mul(up_a).wrapping_sub(b.wrapping_mul(up_b)),
            Sign::Multiply => a.wrapping_mul(b),
        };
        let array = match (left.constant, right.constant) {
            (false, false) => arrow::compute::binary::<_, _, _, Decimal128Type>(a, b, compute)
                .map_err(|error| SqlError::internal(error.to_string()))?,
            (false, true) if b.is_valid(0) => {
                let b = b.value(0);
                a.unary(|a| compute(a, b))
            }
            (true, false) if a.is_valid(0) => {
                let a = a.value(0);
                b.unary(|b| compute(a, b))
            }
            (true, true) if a.is_valid(0) && b.is_valid(0) => {
                let value = compute(a.value(0), b.value(0));
                PrimitiveArray::from_value(value, call.rows)
            }
            _ => PrimitiveArray::new_null(call.rows),
        };
        finish(array)
    }))
}

/// `round`, `trunc`, `ceil`, `floor` and `abs` of decimals.
pub(crate) fn rounded_decimal(name: &str, from: &DataType, to: &DataType) -> SqlResult<Kernel> {
    let (DataType::Decimal128(_, from_scale), DataType::Decimal128(precision, scale)) = (from, to) else {
        return Err(SqlError::internal(format!("{name} of {from} as {to}")));
    };
    let (precision, scale) = (*precision, *scale);
    let shift = u32::from((from_scale - scale).unsigned_abs());
    let factor = 10i128.checked_pow(shift).unwrap_or(1);
    let compute: fn(i128, i128) -> i128 = match name {
        "abs" => |value, _| value.wrapping_abs(),
        "round" => rounded,
        "trunc" => |value, factor| value / factor,
        "floor" => |value, factor| value.div_euclid(factor),
        _ => |value, factor| -((-value).div_euclid(factor)),
    };
    Ok(Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let values = primitive::<Decimal128Type>(argument.array.as_ref())?;
        let array: PrimitiveArray<Decimal128Type> = values.unary(|value| compute(value, factor));
        let array = array
            .with_precision_and_scale(precision, scale)
            .map_err(|error| SqlError::internal(error.to_string()))?;
        let array: ArrayRef = Arc::new(array);
        expanded(&array, argument, call.rows)
    }))
}

/// The bytes of values, so that of equal values the least by (scale, bytes) can be told.
pub(crate) fn to_bytes(array: &ArrayRef) -> SqlResult<ArrayRef> {
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    match array.data_type() {
        DataType::Binary => Ok(Arc::clone(array)),
        DataType::Utf8 => arrow::compute::cast(array, &DataType::Binary).map_err(failed),
        DataType::Interval(_)
        | DataType::List(_)
        | DataType::Struct(_)
        | DataType::Float32
        | DataType::Float64 => {
            let field = arrow::row::SortField::new(array.data_type().clone());
            let converter = arrow::row::RowConverter::new(vec![field]).map_err(failed)?;
            let rows = converter.convert_columns(std::slice::from_ref(array)).map_err(failed)?;
            let bytes: BinaryArray = (0..array.len())
                .map(|row| array.is_valid(row).then(|| rows.row(row).data().to_vec()))
                .collect();
            Ok(Arc::new(bytes))
        }
        other => Err(SqlError::internal(format!("the bytes of {other}"))),
    }
}

/// What [`to_bytes`] made bytes of.
pub(crate) fn from_bytes(array: &ArrayRef, data_type: &DataType) -> SqlResult<ArrayRef> {
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    let Some(bytes) = array.as_binary_opt::<i32>() else {
        return Err(SqlError::internal("bytes that are none"));
    };
    match data_type {
        DataType::Binary => Ok(Arc::clone(array)),
        DataType::Utf8 => arrow::compute::cast(array, &DataType::Utf8).map_err(failed),
        other => {
            let field = arrow::row::SortField::new(other.clone());
            let converter = arrow::row::RowConverter::new(vec![field]).map_err(failed)?;
            let null = arrow::array::new_null_array(other, 1);
            let none = converter.convert_columns(&[null]).map_err(failed)?;
            let parser = converter.parser();
            let rows = bytes.iter().map(|value| match value {
                Some(value) => parser.parse(value),
                None => none.row(0),
            });
            let mut columns = converter.convert_rows(rows).map_err(failed)?;
            let column = columns.pop().ok_or_else(|| SqlError::internal("rows without a column"))?;
            conform(&column, other)
        }
    }
}

/// Each key, then its value's bytes (turned round where the greatest is looked for, so that of equal keys the least
/// value is found), then their length.
pub(crate) fn joined_bytes(keys: &ArrayRef, values: &ArrayRef, greatest: bool) -> SqlResult<ArrayRef> {
    let (Some(keys), Some(values)) = (keys.as_binary_opt::<i32>(), values.as_binary_opt::<i32>()) else {
        return Err(SqlError::internal("bytes that are none"));
    };
    let mut joined = BinaryBuilder::with_capacity(keys.len(), keys.len() * 24);
    let mut bytes = vec![];
    for row in 0..keys.len() {
        if keys.is_null(row) {
            joined.append_null();
            continue;
        }
        bytes.clear();
        // No key may begin another: `abc` is behind `a`, whatever the value's bytes that follow. What a key ends with is
        // less than any byte that it can go on with.
        for byte in keys.value(row) {
            bytes.push(*byte);
            if *byte == 0 {
                bytes.push(0xff);
            }
        }
        bytes.extend_from_slice(&[0, 0]);
        let value = values.value(row);
        match greatest {
            true => bytes.extend(value.iter().map(|byte| !byte)),
            false => bytes.extend_from_slice(value),
        }
        bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
        joined.append_value(&bytes);
    }
    Ok(Arc::new(joined.finish()))
}

/// The values' bytes in what [`joined_bytes`] made.
pub(crate) fn parted_bytes(joined: &ArrayRef, greatest: bool) -> SqlResult<ArrayRef> {
    let Some(joined) = joined.as_binary_opt::<i32>() else {
        return Err(SqlError::internal("bytes that are none"));
    };
    let short = || SqlError::internal("a value that is cut off");
    let mut values = BinaryBuilder::with_capacity(joined.len(), joined.len() * 16);
    for bytes in joined {
        let Some(bytes) = bytes else {
            values.append_null();
            continue;
        };
        let (rest, length) = bytes.split_last_chunk::<4>().ok_or_else(short)?;
        let length = u32::from_be_bytes(*length) as usize;
        let value = rest.len().checked_sub(length).and_then(|from| rest.get(from..)).ok_or_else(short)?;
        match greatest {
            true => values.append_value(value.iter().map(|byte| !byte).collect::<Vec<u8>>()),
            false => values.append_value(value),
        }
    }
    Ok(Arc::new(values.finish()))
}

/// The rows of JSON objects as a list of structs.
pub(crate) fn json_records(
    call: &Call<'_>,
    columns: &[(String, SqlType)],
    is_set: bool,
    field: &FieldRef,
) -> SqlResult<ArrayRef> {
    let jsonb = only(call)?.sql_type.is(Kind::Jsonb);
    let function = if jsonb { "jsonb_to_recordset" } else { "json_to_recordset" };
    let argument = only(call)?;
    let texts = Text::array(argument.array.as_ref())?;
    let names: Vec<(&str, SqlType)> =
        columns.iter().map(|(name, sql_type)| (name.as_str(), sql_type.clone())).collect();
    let mut readers = columns
        .iter()
        .map(|(_, sql_type)| Ok(Reader::new(sql_type, &sql_type.data_type(), call.environment)?.explicit()))
        .collect::<SqlResult<Vec<_>>>()?;
    let mut lengths = vec![];
    for row in 0..call.rows {
        if argument.is_null(row) {
            lengths.push(0);
            continue;
        }
        let value = texts.value(argument.at(row));
        let rows = match is_set {
            true => json::columns::json_to_column_rows(value, &names, function)?,
            false => vec![json::columns::json_to_columns(value, &names)?],
        };
        lengths.push(rows.len());
        for cells in rows {
            for (reader, cell) in readers.iter_mut().zip(cells) {
                match cell {
                    json::columns::ColumnText::Null | json::columns::ColumnText::Missing => {
                        reader.push(None)?
                    }
                    json::columns::ColumnText::Text(text) => reader.push(Some(&text))?,
                }
            }
        }
    }
    let arrays = readers.iter_mut().map(Reader::finish).collect::<SqlResult<Vec<_>>>()?;
    let DataType::Struct(fields) = field.data_type() else {
        return Err(SqlError::internal("rows that are no structs"));
    };
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    let rows = arrow::array::StructArray::try_new(fields.clone(), arrays, None).map_err(failed)?;
    let offsets = arrow::buffer::OffsetBuffer::from_lengths(lengths);
    let list = ListArray::try_new(Arc::clone(field), offsets, Arc::new(rows), None).map_err(failed)?;
    Ok(Arc::new(list))
}
