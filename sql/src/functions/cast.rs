//! Casts as Postgres does them: text is parsed by [`crate::types::literal`], numbers are rounded and checked,
//! and times, floats and bytes are written as Postgres writes them. DataFusion's own casts cut fractions off and
//! print ISO text. An analyzer rule puts these in their place.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Float64Array, Int16Array, Int32Array, Int64Array,
    StringBuilder,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int64Type, IntervalMonthDayNanoType,
    IntervalUnit, Time64MicrosecondType, TimeUnit, TimestampMicrosecondType,
};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;

use super::wrapped;
use crate::datetime::civil_from_days;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::interval::print_interval;
use crate::types::{is_text, literal, numeric_overflow, type_name};

/// The cast to a type as a scalar function, where Postgres's cast differs from DataFusion's; None where
/// DataFusion's does.
pub fn postgres_cast(from: &DataType, to: &DataType) -> Option<Arc<ScalarUDF>> {
    if !differs(from, to) {
        return None;
    }
    let signature = Signature::any(1, Volatility::Immutable);
    Some(Arc::new(ScalarUDF::new_from_impl(Cast { to: to.clone(), signature })))
}

fn differs(from: &DataType, to: &DataType) -> bool {
    if from == to || matches!(from, DataType::Null) {
        return false;
    }
    if is_text(from) {
        return matches!(
            to,
            DataType::Boolean
                | DataType::Int16
                | DataType::Int32
                | DataType::Int64
                | DataType::UInt32
                | DataType::Float32
                | DataType::Float64
                | DataType::Decimal128(_, _)
                | DataType::Binary
                | DataType::Date32
                | DataType::Time64(TimeUnit::Microsecond)
                | DataType::Timestamp(TimeUnit::Microsecond, _)
                | DataType::Interval(IntervalUnit::MonthDayNano)
                | DataType::List(_)
        );
    }
    match to {
        DataType::Utf8 => matches!(
            from,
            DataType::Float32
                | DataType::Float64
                | DataType::Binary
                | DataType::Date32
                | DataType::Time64(TimeUnit::Microsecond)
                | DataType::Timestamp(TimeUnit::Microsecond, _)
                | DataType::Interval(IntervalUnit::MonthDayNano)
        ),
        DataType::Int16 | DataType::Int32 | DataType::Int64 => {
            narrows(from, to) || from.is_floating() || matches!(from, DataType::Decimal128(_, _))
        }
        DataType::Decimal128(precision, scale) => {
            let wide = i16::from(*precision) - i16::from(*scale) >= 20;
            (from.is_integer() && !wide) || from.is_floating() || matches!(from, DataType::Decimal128(_, _))
        }
        _ => false,
    }
}

/// Whether some integers of one type are none of the other.
fn narrows(from: &DataType, to: &DataType) -> bool {
    let bits = |data_type: &DataType| match data_type {
        DataType::Int8 => 8,
        DataType::UInt8 => 9,
        DataType::Int16 => 16,
        DataType::UInt16 => 17,
        DataType::Int32 => 32,
        DataType::UInt32 => 33,
        DataType::Int64 => 64,
        DataType::UInt64 => 65,
        _ => 0,
    };
    bits(from) > bits(to)
}

/// Casts an array as Postgres would: an error for any value that does not fit.
pub fn cast_array(array: &ArrayRef, to: &DataType) -> SqlResult<ArrayRef> {
    let from = array.data_type();
    if !differs(from, to) {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        return cast_with_options(array, to, &options).map_err(|error| {
            crate::error::from_datafusion(&datafusion::error::DataFusionError::from(error))
        });
    }
    if is_text(from) {
        return parse(array, to);
    }
    match to {
        DataType::Utf8 => print(array),
        DataType::Int16 => {
            Ok(Arc::new(narrow(array, to)?.iter().map(|v| v.map(|v| v as i16)).collect::<Int16Array>()))
        }
        DataType::Int32 => {
            Ok(Arc::new(narrow(array, to)?.iter().map(|v| v.map(|v| v as i32)).collect::<Int32Array>()))
        }
        DataType::Int64 => Ok(Arc::new(narrow(array, to)?)),
        DataType::Decimal128(precision, scale) => to_decimal(array, *precision, *scale),
        other => Err(SqlError::internal(format!("no cast to {other}"))),
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Cast {
    to: DataType,
    signature: Signature,
}

impl ScalarUDFImpl for Cast {
    fn name(&self) -> &str {
        "postgres_cast"
    }

    /// As DataFusion's cast, which takes the name of what is cast.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(args.first().map(|operand| operand.schema_name().to_string()).unwrap_or_default())
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(self.to.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match args.args.first() {
            Some(ColumnarValue::Array(array)) => {
                Ok(ColumnarValue::Array(cast_array(array, &self.to).map_err(wrapped)?))
            }
            Some(ColumnarValue::Scalar(scalar)) => {
                let array = cast_array(&scalar.to_array()?, &self.to).map_err(wrapped)?;
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?))
            }
            None => Err(wrapped(SqlError::internal("a cast of nothing"))),
        }
    }
}

fn failed(error: arrow::error::ArrowError) -> SqlError {
    SqlError::internal(error.to_string())
}

fn parse(array: &ArrayRef, to: &DataType) -> SqlResult<ArrayRef> {
    let texts = arrow::compute::cast(array, &DataType::Utf8).map_err(failed)?;
    let null = ScalarValue::try_from(to).map_err(|error| SqlError::internal(error.to_string()))?;
    let values: Vec<ScalarValue> = texts
        .as_string::<i32>()
        .iter()
        .map(|text| text.map_or(Ok(null.clone()), |text| literal(text, to)))
        .collect::<SqlResult<_>>()?;
    if values.is_empty() {
        return Ok(arrow::array::new_empty_array(to));
    }
    ScalarValue::iter_to_array(values).map_err(|error| SqlError::internal(error.to_string()))
}

fn overflow(to: &DataType) -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, format!("{} out of range", type_name(to)))
}

/// Numbers as whole numbers in the range of `to`: floats are rounded half to even, decimals half away from zero.
fn narrow(array: &ArrayRef, to: &DataType) -> SqlResult<Int64Array> {
    let (least, most) = match to {
        DataType::Int16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        DataType::Int32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let fits = |value: i64| if (least..=most).contains(&value) { Ok(value) } else { Err(overflow(to)) };
    match array.data_type() {
        DataType::Float32 | DataType::Float64 | DataType::Float16 => {
            let floats = arrow::compute::cast(array, &DataType::Float64).map_err(failed)?;
            let whole = |value: f64| {
                let rounded = value.round_ties_even();
                // 2^63 itself is a float, and is out of range.
                if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded) {
                    return Err(overflow(to));
                }
                fits(rounded as i64)
            };
            floats.as_primitive::<Float64Type>().iter().map(|value| value.map(whole).transpose()).collect()
        }
        DataType::Decimal128(_, scale) => {
            let divisor = 10i128.pow(u32::from(scale.unsigned_abs()));
            let whole = |value: i128| {
                let rounded =
                    if *scale > 0 { divide_rounded(value, divisor) } else { value.saturating_mul(divisor) };
                fits(i64::try_from(rounded).map_err(|_| overflow(to))?)
            };
            array.as_primitive::<Decimal128Type>().iter().map(|value| value.map(whole).transpose()).collect()
        }
        DataType::UInt64 => {
            let values = array.as_primitive::<arrow::datatypes::UInt64Type>();
            let whole = |value: u64| fits(i64::try_from(value).map_err(|_| overflow(to))?);
            values.iter().map(|value| value.map(whole).transpose()).collect()
        }
        _ => {
            let wide = arrow::compute::cast(array, &DataType::Int64).map_err(failed)?;
            wide.as_primitive::<Int64Type>().iter().map(|value| value.map(fits).transpose()).collect()
        }
    }
}

fn divide_rounded(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value / divisor, value % divisor);
    if rest.abs() * 2 >= divisor { quotient + value.signum() } else { quotient }
}

fn to_decimal(array: &ArrayRef, precision: u8, scale: i8) -> SqlResult<ArrayRef> {
    let limit = 10i128.pow(u32::from(precision));
    let power = |digits: i32| 10i128.checked_pow(digits as u32);
    let overflow = || numeric_overflow(precision, scale);
    let rescale = |value: i128, from: i8| -> SqlResult<i128> {
        let shift = i32::from(scale) - i32::from(from);
        let scaled = if shift >= 0 {
            if value == 0 { Some(0) } else { power(shift).and_then(|power| value.checked_mul(power)) }
        } else {
            power(-shift).map(|power| divide_rounded(value, power))
        };
        scaled.filter(|value| value.abs() < limit).ok_or_else(overflow)
    };
    let values: Vec<Option<i128>> = match array.data_type() {
        DataType::Decimal128(_, from) => array
            .as_primitive::<Decimal128Type>()
            .iter()
            .map(|value| value.map(|value| rescale(value, *from)).transpose())
            .collect::<SqlResult<_>>()?,
        from if from.is_floating() => {
            let floats = arrow::compute::cast(array, &DataType::Float64).map_err(failed)?;
            let read = |value: f64| {
                if !value.is_finite() {
                    return Err(overflow());
                }
                // Postgres keeps 15 significant digits of a double.
                crate::types::parse_decimal(&format!("{value:.14e}"), precision, scale)
                    .map_err(|_| overflow())
            };
            floats
                .as_primitive::<Float64Type>()
                .iter()
                .map(|value| value.map(read).transpose())
                .collect::<SqlResult<_>>()?
        }
        DataType::UInt64 => array
            .as_primitive::<arrow::datatypes::UInt64Type>()
            .iter()
            .map(|value| value.map(|value| rescale(i128::from(value), 0)).transpose())
            .collect::<SqlResult<_>>()?,
        _ => {
            let wide = arrow::compute::cast(array, &DataType::Int64).map_err(failed)?;
            wide.as_primitive::<Int64Type>()
                .iter()
                .map(|value| value.map(|value| rescale(i128::from(value), 0)).transpose())
                .collect::<SqlResult<_>>()?
        }
    };
    let decimals =
        Decimal128Array::from(values).with_precision_and_scale(precision, scale).map_err(failed)?;
    Ok(Arc::new(decimals))
}

/// Values as the text that Postgres prints for them.
fn print(array: &ArrayRef) -> SqlResult<ArrayRef> {
    let mut builder = StringBuilder::new();
    let mut text = String::new();
    let write: Box<dyn Fn(&mut String, usize)> = match array.data_type() {
        DataType::Float64 => {
            let values: Float64Array = array.as_primitive::<Float64Type>().clone();
            Box::new(move |text, row| print_float(text, values.value(row)))
        }
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>().clone();
            Box::new(move |text, row| {
                // The shortest digits of the narrow value, not of its wide copy.
                let value = values.value(row);
                if value.is_finite() {
                    print_digits(text, &format!("{value:e}"), 6);
                } else {
                    print_float(text, f64::from(value));
                }
            })
        }
        DataType::Binary => {
            let values = array.as_binary::<i32>().clone();
            Box::new(move |text, row| {
                text.push_str("\\x");
                for byte in values.value(row) {
                    let _ = write!(text, "{byte:02x}");
                }
            })
        }
        DataType::Date32 => {
            let values = array.as_primitive::<Date32Type>().clone();
            Box::new(move |text, row| print_date(text, i64::from(values.value(row))))
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            let values = array.as_primitive::<Time64MicrosecondType>().clone();
            Box::new(move |text, row| print_time(text, values.value(row)))
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            let values = array.as_primitive::<TimestampMicrosecondType>().clone();
            let zoned = zone.is_some();
            Box::new(move |text, row| print_timestamp(text, values.value(row), zoned))
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let values = array.as_primitive::<IntervalMonthDayNanoType>().clone();
            Box::new(move |text, row| print_interval(text, values.value(row)))
        }
        other => return Err(SqlError::internal(format!("no text form of {other}"))),
    };
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
        } else {
            text.clear();
            write(&mut text, row);
            builder.append_value(&text);
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// A double as Postgres prints it: the shortest digits that read back to the same value.
pub fn print_float(text: &mut String, value: f64) {
    if value.is_nan() {
        text.push_str("NaN");
    } else if value.is_infinite() {
        text.push_str(if value > 0.0 { "Infinity" } else { "-Infinity" });
    } else {
        print_digits(text, &format!("{value:e}"), 15);
    }
}

/// Rust's `1.25e3` in Postgres's form: plain from 1e-4 to below 1e`places`, else with a signed two-digit exponent.
fn print_digits(text: &mut String, scientific: &str, places: i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..places).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(text, "{mantissa}e{sign}{:02}", exponent.abs());
        return;
    }
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    let digits: String = digits.chars().filter(|c| *c != '.').collect();
    text.push_str(sign);
    if exponent < 0 {
        text.push_str("0.");
        for _ in 1..-exponent {
            text.push('0');
        }
        text.push_str(&digits);
        return;
    }
    let whole = exponent as usize + 1;
    for place in 0..whole.max(digits.len()) {
        if place == whole {
            text.push('.');
        }
        text.push(digits.as_bytes().get(place).map_or('0', |byte| *byte as char));
    }
}

/// A date as `2013-01-31`.
pub fn print_date(text: &mut String, days: i64) {
    let (year, month, day) = civil_from_days(days);
    if year > 0 {
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
    } else {
        let _ = write!(text, "{:04}-{month:02}-{day:02} BC", 1 - year);
    }
}

/// A time of day as `05:15:30.25`.
pub fn print_time(text: &mut String, us: i64) {
    let seconds = us / 1_000_000;
    let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    print_micros(text, us % 1_000_000);
}

/// A timestamp as `2013-01-31 05:15:30.25`, with `+00` when it has a zone.
pub fn print_timestamp(text: &mut String, us: i64, zoned: bool) {
    const DAY_US: i64 = 86_400_000_000;
    print_date(text, us.div_euclid(DAY_US));
    let before_christ = text.ends_with(" BC");
    if before_christ {
        text.truncate(text.len() - 3);
    }
    text.push(' ');
    print_time(text, us.rem_euclid(DAY_US));
    if zoned {
        text.push_str("+00");
    }
    if before_christ {
        text.push_str(" BC");
    }
}

fn print_micros(text: &mut String, micros: i64) {
    if micros != 0 {
        let digits = format!("{micros:06}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::IntervalMonthDayNano;

    use super::*;

    fn float(value: f64) -> String {
        let mut text = String::new();
        print_float(&mut text, value);
        text
    }

    #[test]
    fn floats_are_printed_as_postgres_prints_them() {
        assert_eq!(float(1.0), "1");
        assert_eq!(float(-0.5), "-0.5");
        assert_eq!(float(1234.5), "1234.5");
        assert_eq!(float(0.0001), "0.0001");
        assert_eq!(float(0.00001), "1e-05");
        assert_eq!(float(1e14), "100000000000000");
        assert_eq!(float(1e15), "1e+15");
        assert_eq!(float(1.5e300), "1.5e+300");
        assert_eq!(float(f64::NEG_INFINITY), "-Infinity");
        assert_eq!(float(0.1 + 0.2), "0.30000000000000004");
    }

    #[test]
    fn numbers_round_as_postgres_rounds() {
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), Some(1.5), Some(-2.5), None]));
        let whole = cast_array(&floats, &DataType::Int32).unwrap();
        assert_eq!(whole.as_ref(), &Int32Array::from(vec![Some(0), Some(2), Some(-2), None]) as &dyn Array);
        let decimals: ArrayRef =
            Arc::new(Decimal128Array::from(vec![15, -25, 14]).with_precision_and_scale(5, 1).unwrap());
        let whole = cast_array(&decimals, &DataType::Int64).unwrap();
        assert_eq!(whole.as_ref(), &Int64Array::from(vec![2, -3, 1]) as &dyn Array);
        let large: ArrayRef = Arc::new(Int64Array::from(vec![40_000]));
        assert_eq!(cast_array(&large, &DataType::Int16).unwrap_err().state.code(), "22003");
        let infinite: ArrayRef = Arc::new(Float64Array::from(vec![f64::INFINITY]));
        assert_eq!(cast_array(&infinite, &DataType::Int64).unwrap_err().state.code(), "22003");
        let third: ArrayRef = Arc::new(Float64Array::from(vec![2.0 / 3.0]));
        let decimal = cast_array(&third, &DataType::Decimal128(5, 2)).unwrap();
        assert_eq!(decimal.as_primitive::<Decimal128Type>().value(0), 67);
    }

    #[test]
    fn times_are_printed_as_postgres_prints_them() {
        let mut text = String::new();
        print_timestamp(&mut text, 1_357_017_300_250_000, true);
        assert_eq!(text, "2013-01-01 05:15:00.25+00");
        text.clear();
        print_interval(&mut text, IntervalMonthDayNano::new(14, -3, 5_000_000_000));
        assert_eq!(text, "1 year 2 mons -3 days +00:00:05");
        text.clear();
        print_interval(&mut text, IntervalMonthDayNano::new(0, 0, 0));
        assert_eq!(text, "00:00:00");
    }
}
