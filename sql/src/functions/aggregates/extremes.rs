//! min and max of all orderable types.
//!
//! Of values that are equal but not the same (1.0 and 1.00, -0 and 0, `char(n)` with more or less blanks) the
//! one with the lesser bytes is kept, so that the order of rows does not matter.

use std::cmp::Ordering;
use std::io::Cursor;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::take;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Field, Float32Type, Float64Type, Int16Type, Int32Type,
    Int64Type, Schema, Time64MicrosecondType, TimestampMicrosecondType, UInt32Type,
};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use millstream_catalog::{Kind, SqlType};

use super::integers::numeric_column;
use super::order::{compare, compare_identity};
use super::state::damaged;
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;
use crate::types::float::compare_float8;
use crate::types::numeric::Numeric;
use crate::types::numeric::column::ColumnReader;

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
        DataType::Float32 => Box::new(Floats::<Float32Type> { greatest, value: None, of: PhantomData }),
        DataType::Float64 => Box::new(Floats::<Float64Type> { greatest, value: None, of: PhantomData }),
        DataType::Binary if sql_type.is(Kind::Numeric) => Box::new(Numerics { greatest, value: None }),
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

/// The extreme of floats; a float4 as a float8.
#[derive(Debug)]
struct Floats<T> {
    greatest: bool,
    value: Option<f64>,
    of: PhantomData<fn(T)>,
}

impl<T> Floats<T> {
    #[inline]
    fn take(&mut self, value: f64) {
        let better = match self.value {
            None => true,
            Some(held) => match compare_float8(value, held) {
                Ordering::Equal => value.total_cmp(&held).is_lt(),
                order => wins(order, self.greatest),
            },
        };
        if better {
            self.value = Some(value);
        }
    }
}

impl<T> Accumulator for Floats<T>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<f64> + num_traits::NumCast,
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
            self.take(array.value(argument.at(row)).into());
        }
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.value.map_or(vec![], |value| value.to_bits().to_le_bytes().to_vec()))
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if !state.is_empty() {
            let bits = u64::from_le_bytes(state.try_into().map_err(|_| damaged())?);
            self.take(f64::from_bits(bits));
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let value = self.value.and_then(<T::Native as num_traits::NumCast>::from);
        Ok(Arc::new(PrimitiveArray::<T>::from_iter([value])))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// The extreme of wide numerics.
#[derive(Debug)]
struct Numerics {
    greatest: bool,
    value: Option<Numeric>,
}

impl Numerics {
    #[inline]
    fn take(&mut self, value: Numeric) {
        let better = match &self.value {
            None => true,
            Some(held) => match value.cmp(held) {
                Ordering::Equal => value.scale() < held.scale(),
                order => wins(order, self.greatest),
            },
        };
        if better {
            self.value = Some(value);
        }
    }
}

impl Accumulator for Numerics {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        self.update_all(arguments, &mut std::iter::once(row))
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = &arguments[0];
        let array = argument
            .array
            .as_binary_opt::<i32>()
            .ok_or_else(|| wrong_array("Binary", argument.array.as_ref()))?;
        let column = ColumnReader::of(array);
        for row in rows {
            let row = argument.at(row);
            match (column.small(row), &self.value) {
                // Most do not win: no value is made of them.
                (
                    Some((coefficient, scale)),
                    Some(Numeric::Small { coefficient: held, scale: held_scale }),
                ) if scale == *held_scale && !wins(coefficient.cmp(held), self.greatest) => {}
                (Some((coefficient, scale)), _) => self.take(Numeric::Small { coefficient, scale }),
                (None, _) => self.take(column.value(row)),
            }
        }
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.value.as_ref().map_or(vec![], Numeric::to_bytes))
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if !state.is_empty() {
            self.take(Numeric::from_bytes(state));
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Ok(numeric_column(self.value.clone()))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.value.as_ref().map_or(0, Numeric::heap_size)
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

pub(super) fn internal(error: arrow::error::ArrowError) -> SqlError {
    SqlError::internal(error.to_string())
}
