//! Kernels of casts: one for each pair of types that has a cast of its own, the text forms for all others.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray};
use arrow::datatypes::{DataType, FieldRef};
use millstream_catalog::{Kind, SqlType};

use super::adapt::{
    Bool, Bpchar, CharOf, Date, Float4, Float8, Input, Int2, Int4, Int8, IntervalOf, Json, Jsonb, Num, Oid,
    Output, Text, Time, Timestamp, Timestamptz, TimetzOf,
};
use super::arguments::{expanded, only, print_column};
use super::decimals::{numeric_form, to_numeric};
use super::registry::{Argument, Call, Kernel};
use crate::error::{SqlError, SqlResult};
use crate::types::cast::{Context, Method, cast_method};
use crate::types::environment::Environment;
use crate::types::numeric::{self};
use crate::types::read::Reader;
use crate::types::{boolean, datetime, float, integer, interval, json, text};

/// A kernel from a function of one value that is not NULL.
pub(super) fn map<A: Input, R: Output>(
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
            // A name is not made by boolean's own cast to text, which writes the whole word.
            let print: Kernel = match source {
                Kind::Boolean => Arc::new(|call: &Call<'_>| print_column(call, false)),
                _ => as_text(source),
            };
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
            map::<Int2, Oid>(|_, value| Ok(i32::from(value) as u32))
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
            map::<Time, TimetzOf>(|env, value| datetime::convert::time_to_timetz(value, env))
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
pub(super) fn apply_modifier(target: Kind, modifier: i32) -> SqlResult<Kernel> {
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
        // What reads the text sees the blanks at its end, too.
        Some(Kind::Bpchar) if to.category() != 'S' => as_text(Kind::Text),
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
