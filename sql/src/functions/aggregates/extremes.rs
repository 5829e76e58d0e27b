//! min and max of all orderable types.
//!
//! Of values that are equal but not the same (1.0 and 1.00, -0 and 0, `char(n)` with more or less blanks) the one with
//! the lesser bytes is kept, so that the order of rows does not matter.

use std::cmp::Ordering;
use std::io::Cursor;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, UInt32Array, new_null_array,
};
use arrow::compute::take;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Field, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Schema, Time64MicrosecondType, TimestampMicrosecondType, UInt32Type,
};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use millstream_catalog::{Kind, SqlType};

use super::state::damaged;
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;
use crate::types::float::compare_float8;
use crate::types::numeric::Numeric;
use crate::types::timetz::Timetz;

/// The rows of min and max.
pub fn rows() -> Vec<Row> {
    let kinds = [
        Kind::Int2,
        Kind::Int4,
        Kind::Int8,
        Kind::Oid,
        Kind::Float4,
        Kind::Float8,
        Kind::Numeric,
        Kind::Text,
        Kind::Bpchar,
        Kind::Date,
        Kind::Time,
        Kind::Timetz,
        Kind::Timestamp,
        Kind::Timestamptz,
        Kind::Interval,
    ];
    let mut rows = vec![];
    for (name, greatest) in [("min", false), ("max", true)] {
        for param in kinds.iter().map(|kind| Param::Of(*kind)).chain([Param::AnyArray]) {
            let row = aggregate(name, &[param], param, move |arguments, returns| {
                make(arguments.first().unwrap_or(returns), returns, greatest)
            });
            rows.push(row.safe());
        }
    }
    rows
}

fn make(sql_type: &SqlType, returns: &SqlType, greatest: bool) -> Box<dyn Accumulator> {
    fn plain<T>(data_type: DataType, greatest: bool) -> Box<dyn Accumulator>
    where
        T: ArrowPrimitiveType + std::fmt::Debug,
        T::Native: Into<i64> + TryFrom<i64>,
    {
        Box::new(Plain::<T> { data_type, greatest, value: None })
    }
    let data_type = returns.data_type();
    match data_type {
        DataType::Int16 => plain::<Int16Type>(data_type, greatest),
        DataType::Int32 => plain::<Int32Type>(data_type, greatest),
        DataType::Int64 => plain::<Int64Type>(data_type, greatest),
        DataType::UInt32 => plain::<UInt32Type>(data_type, greatest),
        DataType::Date32 => plain::<Date32Type>(data_type, greatest),
        DataType::Time64(_) => plain::<Time64MicrosecondType>(data_type, greatest),
        DataType::Timestamp(_, _) => plain::<TimestampMicrosecondType>(data_type, greatest),
        _ => Box::new(General { sql_type: sql_type.clone(), data_type, greatest, value: None }),
    }
}

/// Whether a value that compares so with the one held takes its place.
fn wins(order: Ordering, greatest: bool) -> bool {
    if greatest { order.is_gt() } else { order.is_lt() }
}

/// The extreme of values that are whole numbers.
#[derive(Debug)]
struct Plain<T: ArrowPrimitiveType> {
    data_type: DataType,
    greatest: bool,
    value: Option<T::Native>,
}

impl<T: ArrowPrimitiveType> Plain<T> {
    #[inline]
    fn take(&mut self, value: T::Native)
    where
        T::Native: PartialOrd,
    {
        let better = match self.value {
            None => true,
            Some(held) if self.greatest => value > held,
            Some(held) => value < held,
        };
        if better {
            self.value = Some(value);
        }
    }
}

impl<T> Accumulator for Plain<T>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<i64> + TryFrom<i64>,
{
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        self.update_all(arguments, &mut std::iter::once(row))
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = &arguments[0];
        let array = argument
            .array
            .as_primitive_opt::<T>()
            .ok_or_else(|| wrong_array(std::any::type_name::<T>(), argument.array.as_ref()))?;
        for row in rows {
            self.take(array.value(argument.at(row)));
        }
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.value.map_or(vec![], |value| value.into().to_le_bytes().to_vec()))
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if state.is_empty() {
            return Ok(());
        }
        let value = i64::from_le_bytes(state.try_into().map_err(|_| damaged())?);
        self.take(T::Native::try_from(value).map_err(|_| damaged())?);
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let array = PrimitiveArray::<T>::from_iter([self.value]);
        Ok(Arc::new(array.with_data_type(self.data_type.clone())))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// The extreme of values of any type, as a column of one value.
#[derive(Debug)]
struct General {
    sql_type: SqlType,
    data_type: DataType,
    greatest: bool,
    value: Option<ArrayRef>,
}

impl General {
    fn take(&mut self, array: &ArrayRef, row: usize) -> SqlResult<()> {
        if let Some(held) = &self.value {
            let order = compare(&self.sql_type, array.as_ref(), row, held.as_ref(), 0)?;
            let better = match order {
                Ordering::Equal => compare_identity(array.as_ref(), row, held.as_ref(), 0)?.is_lt(),
                order => wins(order, self.greatest),
            };
            if !better {
                return Ok(());
            }
        }
        // A copy: a slice would keep the whole batch.
        let place = UInt32Array::from(vec![u32::try_from(row).unwrap_or(u32::MAX)]);
        self.value = Some(take(array.as_ref(), &place, None).map_err(internal)?);
        Ok(())
    }
}

impl Accumulator for General {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        self.take(&argument.array, argument.at(row))
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let Some(value) = &self.value else { return Ok(vec![]) };
        let schema = Arc::new(Schema::new(vec![Field::new("value", value.data_type().clone(), true)]));
        let batch = RecordBatch::try_new(schema.clone(), vec![value.clone()]).map_err(internal)?;
        let mut writer = StreamWriter::try_new(vec![], &schema).map_err(internal)?;
        writer.write(&batch).map_err(internal)?;
        writer.into_inner().map_err(internal)
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if state.is_empty() {
            return Ok(());
        }
        for batch in StreamReader::try_new(Cursor::new(state), None).map_err(internal)? {
            let batch = batch.map_err(internal)?;
            self.take(batch.column(0), 0)?;
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Ok(self.value.clone().unwrap_or_else(|| new_null_array(&self.data_type, 1)))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.value.as_ref().map_or(0, |value| value.get_array_memory_size())
    }
}

fn internal(error: arrow::error::ArrowError) -> SqlError {
    SqlError::internal(error.to_string())
}

/// The order of two values of a type, none of them NULL, as PostgreSQL's btree operators have it (text: by bytes).
pub fn compare(
    sql_type: &SqlType,
    left: &dyn Array,
    left_row: usize,
    right: &dyn Array,
    right_row: usize,
) -> SqlResult<Ordering> {
    fn plain<T: ArrowPrimitiveType>(
        left: &dyn Array,
        left_row: usize,
        right: &dyn Array,
        right_row: usize,
    ) -> (T::Native, T::Native) {
        (left.as_primitive::<T>().value(left_row), right.as_primitive::<T>().value(right_row))
    }
    if left.data_type() != right.data_type() {
        return Err(wrong_array(&left.data_type().to_string(), right));
    }
    macro_rules! ordered {
        ($t:ty) => {{
            let (left, right) = plain::<$t>(left, left_row, right, right_row);
            left.cmp(&right)
        }};
    }
    Ok(match left.data_type() {
        DataType::Boolean => left.as_boolean().value(left_row).cmp(&right.as_boolean().value(right_row)),
        DataType::Int16 => ordered!(Int16Type),
        DataType::Int32 => ordered!(Int32Type),
        DataType::Int64 => ordered!(Int64Type),
        DataType::UInt32 => ordered!(UInt32Type),
        DataType::Date32 => ordered!(Date32Type),
        DataType::Time64(_) => ordered!(Time64MicrosecondType),
        DataType::Timestamp(_, _) => ordered!(TimestampMicrosecondType),
        DataType::Decimal128(_, _) => ordered!(arrow::datatypes::Decimal128Type),
        DataType::Float32 => {
            let (left, right) = plain::<Float32Type>(left, left_row, right, right_row);
            compare_float8(f64::from(left), f64::from(right))
        }
        DataType::Float64 => {
            let (left, right) = plain::<Float64Type>(left, left_row, right, right_row);
            compare_float8(left, right)
        }
        DataType::Interval(_) => {
            let (left, right) = plain::<IntervalMonthDayNanoType>(left, left_row, right, right_row);
            // A month is thirty days, a day 24 hours.
            let length = |months: i32, days: i32, nanoseconds: i64| {
                (i128::from(months) * 30 + i128::from(days)) * 86_400_000_000_000 + i128::from(nanoseconds)
            };
            length(left.months, left.days, left.nanoseconds)
                .cmp(&length(right.months, right.days, right.nanoseconds))
        }
        DataType::Utf8 => {
            let (left, right) =
                (left.as_string::<i32>().value(left_row), right.as_string::<i32>().value(right_row));
            if sql_type.is(Kind::Bpchar) {
                left.trim_end_matches(' ').cmp(right.trim_end_matches(' '))
            } else {
                left.cmp(right)
            }
        }
        DataType::Binary => {
            let (left, right) =
                (left.as_binary::<i32>().value(left_row), right.as_binary::<i32>().value(right_row));
            if sql_type.is(Kind::Numeric) {
                Numeric::from_bytes(left).cmp(&Numeric::from_bytes(right))
            } else {
                left.cmp(right)
            }
        }
        DataType::FixedSizeBinary(_) => {
            let left = left.as_fixed_size_binary().value(left_row);
            let right = right.as_fixed_size_binary().value(right_row);
            if sql_type.is(Kind::Timetz) {
                let key = |bytes: &[u8]| {
                    let timetz = Timetz::from_bytes(bytes);
                    (timetz.micros + i64::from(timetz.zone) * 1_000_000, timetz.zone)
                };
                key(left).cmp(&key(right))
            } else {
                left.cmp(right)
            }
        }
        DataType::List(_) => {
            let element = sql_type.element().unwrap_or_else(|| Kind::Text.into());
            let (left, right) =
                (left.as_list::<i32>().value(left_row), right.as_list::<i32>().value(right_row));
            for place in 0..left.len().min(right.len()) {
                let order = compare_nullable(&element, left.as_ref(), right.as_ref(), place)?;
                if order.is_ne() {
                    return Ok(order);
                }
            }
            left.len().cmp(&right.len())
        }
        DataType::Struct(_) => {
            let (left, right) = (left.as_struct(), right.as_struct());
            for (place, (left, right)) in left.columns().iter().zip(right.columns()).enumerate() {
                let field = match sql_type {
                    SqlType::Record(fields) => fields.get(place).map(|field| field.1.clone()),
                    _ => None,
                };
                let field = field.unwrap_or_else(|| SqlType::of_data_type(left.data_type()));
                let (left, right) = (left.slice(left_row, 1), right.slice(right_row, 1));
                let order = compare_nullable(&field, left.as_ref(), right.as_ref(), 0)?;
                if order.is_ne() {
                    return Ok(order);
                }
            }
            Ordering::Equal
        }
        _ => return Err(wrong_array("a type with an order", left)),
    })
}

/// The order of two values of the same place; NULL is greater than all others.
fn compare_nullable(sql_type: &SqlType, left: &dyn Array, right: &dyn Array, place: usize) -> SqlResult<Ordering> {
    match (left.is_null(place), right.is_null(place)) {
        (false, false) => compare(sql_type, left, place, right, place),
        (left, right) => Ok(left.cmp(&right)),
    }
}

/// An order of values that compare equal: by scale of numerics, then by what they are made of.
fn compare_identity(left: &dyn Array, left_row: usize, right: &dyn Array, right_row: usize) -> SqlResult<Ordering> {
    let print = |array: &dyn Array, row: usize| -> SqlResult<String> {
        let options = arrow::util::display::FormatOptions::default().with_null("NULL");
        let formatter = arrow::util::display::ArrayFormatter::try_new(array, &options).map_err(internal)?;
        Ok(formatter.value(row).to_string())
    };
    Ok(match left.data_type() {
        DataType::Binary => {
            left.as_binary::<i32>().value(left_row).cmp(right.as_binary::<i32>().value(right_row))
        }
        DataType::Utf8 => {
            left.as_string::<i32>().value(left_row).cmp(right.as_string::<i32>().value(right_row))
        }
        DataType::Float32 => left
            .as_primitive::<Float32Type>()
            .value(left_row)
            .total_cmp(&right.as_primitive::<Float32Type>().value(right_row)),
        DataType::Float64 => left
            .as_primitive::<Float64Type>()
            .value(left_row)
            .total_cmp(&right.as_primitive::<Float64Type>().value(right_row)),
        _ => print(left, left_row)?.cmp(&print(right, right_row)?),
    })
}
