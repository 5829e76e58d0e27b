//! The two physical forms of numeric: from one to the other, and arithmetic that stays decimal.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowNativeTypeOp, AsArray, BinaryBuilder, PrimitiveArray, PrimitiveBuilder,
};
use arrow::datatypes::{DataType, Decimal128Type, Int16Type, Int32Type, Int64Type};
use millstream_catalog::{Kind, SqlType};

use super::adapt::{Float4, Float8, Input, Jsonb, Num, Output, Text};
use super::arguments::{expanded, only};
use super::registry::{Argument, Call, Kernel};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;
use crate::types::json;
use crate::types::numeric::{self, Numeric};

/// Collects numerics in either of their forms.
enum NumericBuilder {
    Decimal(PrimitiveBuilder<Decimal128Type>, u8, i8),
    Wide(BinaryBuilder),
}

/// Values of any type as numerics, as decimals of a precision and scale or in their wide form.
pub(super) fn to_numeric(
    source: Kind,
    from_data: &DataType,
    to: &SqlType,
    to_data: &DataType,
) -> SqlResult<Kernel> {
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

impl NumericBuilder {
    pub(super) fn new(data_type: &DataType, rows: usize) -> SqlResult<Self> {
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

    pub(super) fn append_null(&mut self) {
        match self {
            Self::Decimal(builder, ..) => builder.append_null(),
            Self::Wide(builder) => builder.append_null(),
        }
    }

    pub(super) fn append(&mut self, value: &Numeric) -> SqlResult<()> {
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

    pub(super) fn finish(self) -> SqlResult<ArrayRef> {
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
            let digits = match from {
                DataType::Int16 => 5,
                DataType::Int32 => 10,
                _ => 19,
            };
            // Where every value has room there is nothing to check.
            let fits = *scale >= 0 && i16::from(*precision) - i16::from(*scale) >= digits;
            let factor = 10i128.checked_pow(u32::from(scale.unsigned_abs())).filter(|_| fits);
            let to = to.clone();
            Arc::new(move |call: &Call<'_>| {
                if let Some(factor) = factor {
                    let argument = only(call)?;
                    let array = argument.array.as_ref();
                    let widened: PrimitiveArray<Decimal128Type> = match array.data_type() {
                        DataType::Int16 => {
                            primitive::<Int16Type>(array)?.unary(|value| i128::from(value) * factor)
                        }
                        DataType::Int32 => {
                            primitive::<Int32Type>(array)?.unary(|value| i128::from(value) * factor)
                        }
                        _ => primitive::<Int64Type>(array)?.unary(|value| i128::from(value) * factor),
                    };
                    let widened: ArrayRef = Arc::new(widened.with_data_type(to.clone()));
                    return expanded(&widened, argument, call.rows);
                }
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
#[inline]
fn rounded(value: i128, divisor: i128) -> i128 {
    // A division of 64 bits takes a fraction of the time of one of 128.
    if let (Ok(value), Ok(divisor)) = (i64::try_from(value), i64::try_from(divisor))
        && divisor > 1
    {
        let (quotient, rest) = (value / divisor, value % divisor);
        let up = rest.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2);
        return i128::from(quotient + if up { value.signum() } else { 0 });
    }
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
        let (a, b) = ((left, a), (right, b));
        // A loop of its own for each: what is decided within one costs as much as the sum.
        let array = match sign {
            Sign::Add if up_a == 1 && up_b == 1 => pairs(a, b, call.rows, i128::wrapping_add),
            Sign::Add => {
                pairs(a, b, call.rows, |a, b| a.wrapping_mul(up_a).wrapping_add(b.wrapping_mul(up_b)))
            }
            Sign::Subtract if up_a == 1 && up_b == 1 => pairs(a, b, call.rows, i128::wrapping_sub),
            Sign::Subtract => {
                pairs(a, b, call.rows, |a, b| a.wrapping_mul(up_a).wrapping_sub(b.wrapping_mul(up_b)))
            }
            Sign::Multiply => pairs(a, b, call.rows, i128::wrapping_mul),
        };
        finish(array?)
    }))
}

/// An operator that cannot fail on pairs of decimals.
fn pairs(
    (left, a): (&Argument, &PrimitiveArray<Decimal128Type>),
    (right, b): (&Argument, &PrimitiveArray<Decimal128Type>),
    rows: usize,
    compute: impl Fn(i128, i128) -> i128,
) -> SqlResult<PrimitiveArray<Decimal128Type>> {
    Ok(match (left.constant, right.constant) {
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
            PrimitiveArray::from_value(compute(a.value(0), b.value(0)), rows)
        }
        _ => PrimitiveArray::new_null(rows),
    })
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
