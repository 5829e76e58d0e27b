//! A column that grows by one value at a time, of any Arrow type that a SQL type has.
//!
//! Everything that makes values one by one without knowing their type when it is compiled writes into a
//! [`ValueBuilder`]: the text reader, the binary reader, aggregates that keep values. A list grows by
//! appending to [`ValueBuilder::elements`] and then closing it; a record by appending to each of its
//! [`ValueBuilder::fields`].
//!
//! It promises that the finished array has exactly the Arrow type that it was made for, and that no append
//! panics: a column that would pass what 32-bit offsets reach is an error.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, Decimal128Builder, FixedSizeBinaryBuilder,
    ListArray, NullArray, NullBufferBuilder, PrimitiveBuilder, StringBuilder, StructArray,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, FieldRef, Fields, Float32Type, Float64Type, Int16Type, Int32Type,
    Int64Type, IntervalMonthDayNanoType, IntervalUnit, Time64MicrosecondType, TimeUnit,
    TimestampMicrosecondType, UInt32Type,
};

use crate::error::{SqlError, SqlResult, SqlState};

/// Bytes of one column of a batch: what offsets of 32 bits reach.
pub const COLUMN_BYTES: usize = i32::MAX as usize;

/// Bytes that a single value may take.
pub const VALUE_BYTES: usize = 64 << 20;

/// A column that is being written.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum ValueBuilder {
    Null(usize),
    Boolean(BooleanBuilder),
    Int16(PrimitiveBuilder<Int16Type>),
    Int32(PrimitiveBuilder<Int32Type>),
    Int64(PrimitiveBuilder<Int64Type>),
    UInt32(PrimitiveBuilder<UInt32Type>),
    Float32(PrimitiveBuilder<Float32Type>),
    Float64(PrimitiveBuilder<Float64Type>),
    Date32(PrimitiveBuilder<Date32Type>),
    Time64(PrimitiveBuilder<Time64MicrosecondType>),
    Timestamp(PrimitiveBuilder<TimestampMicrosecondType>),
    Interval(PrimitiveBuilder<IntervalMonthDayNanoType>),
    Decimal(Decimal128Builder, u8, i8),
    Text(StringBuilder),
    Binary(BinaryBuilder),
    Fixed(FixedSizeBinaryBuilder),
    List(ListBuilder),
    Record(RecordBuilder),
}

/// A column of lists that is being written.
#[derive(Debug)]
pub struct ListBuilder {
    field: FieldRef,
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    elements: Box<ValueBuilder>,
}

/// A column of records that is being written.
#[derive(Debug)]
pub struct RecordBuilder {
    fields: Fields,
    nulls: NullBufferBuilder,
    columns: Vec<ValueBuilder>,
}

/// An array whose Arrow type is none that a SQL type has, or not the one that is wanted.
pub fn wrong_type(wanted: &str, found: &DataType) -> SqlError {
    SqlError::internal(format!("a column of {found} where {wanted} is wanted"))
}

/// The error of a value that is too large; `what` says how large it would be.
pub fn too_large(bytes: usize) -> SqlError {
    let message = format!("a value would take {bytes} bytes, more than the {VALUE_BYTES} that are allowed");
    SqlError::new(SqlState::ProgramLimit, message)
}

/// The error of a column that would pass what offsets of 32 bits reach.
pub fn column_too_large() -> SqlError {
    SqlError::new(SqlState::ProgramLimit, "the values of one batch take more than 2 GB")
}

fn room(held: usize, more: usize) -> SqlResult<()> {
    if held.saturating_add(more) > COLUMN_BYTES { Err(column_too_large()) } else { Ok(()) }
}

/// Downcasts a builder to the one that a value goes into.
macro_rules! appends {
    ($($(#[$doc:meta])* $name:ident, $variant:ident, $value:ty;)*) => {
        impl ValueBuilder {
            $(
                $(#[$doc])*
                #[inline]
                pub fn $name(&mut self, value: $value) -> SqlResult<()> {
                    match self {
                        ValueBuilder::$variant(builder) => {
                            builder.append_value(value);
                            Ok(())
                        }
                        other => Err(other.mismatch(stringify!($variant))),
                    }
                }
            )*
        }
    };
}

appends! {
    /// Appends a boolean.
    boolean, Boolean, bool;
    /// Appends a smallint.
    int16, Int16, i16;
    /// Appends an integer.
    int32, Int32, i32;
    /// Appends a bigint.
    int64, Int64, i64;
    /// Appends an oid.
    uint32, UInt32, u32;
    /// Appends a real.
    float32, Float32, f32;
    /// Appends a double precision.
    float64, Float64, f64;
    /// Appends days since 1970.
    date32, Date32, i32;
    /// Appends microseconds since midnight.
    time64, Time64, i64;
    /// Appends microseconds since 1970.
    timestamp, Timestamp, i64;
    /// Appends an interval in Arrow's form.
    interval, Interval, arrow::datatypes::IntervalMonthDayNano;
}

impl ValueBuilder {
    /// An empty column of an Arrow type.
    pub fn new(data_type: &DataType) -> SqlResult<Self> {
        Ok(match data_type {
            DataType::Null => ValueBuilder::Null(0),
            DataType::Boolean => ValueBuilder::Boolean(BooleanBuilder::new()),
            DataType::Int16 => ValueBuilder::Int16(PrimitiveBuilder::new()),
            DataType::Int32 => ValueBuilder::Int32(PrimitiveBuilder::new()),
            DataType::Int64 => ValueBuilder::Int64(PrimitiveBuilder::new()),
            DataType::UInt32 => ValueBuilder::UInt32(PrimitiveBuilder::new()),
            DataType::Float32 => ValueBuilder::Float32(PrimitiveBuilder::new()),
            DataType::Float64 => ValueBuilder::Float64(PrimitiveBuilder::new()),
            DataType::Date32 => ValueBuilder::Date32(PrimitiveBuilder::new()),
            DataType::Time64(TimeUnit::Microsecond) => ValueBuilder::Time64(PrimitiveBuilder::new()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                ValueBuilder::Timestamp(PrimitiveBuilder::new().with_data_type(data_type.clone()))
            }
            DataType::Interval(IntervalUnit::MonthDayNano) => ValueBuilder::Interval(PrimitiveBuilder::new()),
            DataType::Decimal128(precision, scale) => {
                let builder = PrimitiveBuilder::new().with_data_type(data_type.clone());
                ValueBuilder::Decimal(builder, *precision, *scale)
            }
            DataType::Utf8 => ValueBuilder::Text(StringBuilder::new()),
            DataType::Binary => ValueBuilder::Binary(BinaryBuilder::new()),
            DataType::FixedSizeBinary(width) => ValueBuilder::Fixed(FixedSizeBinaryBuilder::new(*width)),
            DataType::List(field) => ValueBuilder::List(ListBuilder {
                field: field.clone(),
                offsets: vec![0],
                nulls: NullBufferBuilder::new(0),
                elements: Box::new(ValueBuilder::new(field.data_type())?),
            }),
            DataType::Struct(fields) => ValueBuilder::Record(RecordBuilder {
                fields: fields.clone(),
                nulls: NullBufferBuilder::new(0),
                columns: fields
                    .iter()
                    .map(|field| ValueBuilder::new(field.data_type()))
                    .collect::<SqlResult<_>>()?,
            }),
            other => return Err(wrong_type("a type of SQL", other)),
        })
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        use arrow::array::ArrayBuilder;
        match self {
            ValueBuilder::Null(length) => *length,
            ValueBuilder::Boolean(builder) => builder.len(),
            ValueBuilder::Int16(builder) => builder.len(),
            ValueBuilder::Int32(builder) => builder.len(),
            ValueBuilder::Int64(builder) => builder.len(),
            ValueBuilder::UInt32(builder) => builder.len(),
            ValueBuilder::Float32(builder) => builder.len(),
            ValueBuilder::Float64(builder) => builder.len(),
            ValueBuilder::Date32(builder) => builder.len(),
            ValueBuilder::Time64(builder) => builder.len(),
            ValueBuilder::Timestamp(builder) => builder.len(),
            ValueBuilder::Interval(builder) => builder.len(),
            ValueBuilder::Decimal(builder, ..) => builder.len(),
            ValueBuilder::Text(builder) => builder.len(),
            ValueBuilder::Binary(builder) => builder.len(),
            ValueBuilder::Fixed(builder) => builder.len(),
            ValueBuilder::List(list) => list.offsets.len() - 1,
            ValueBuilder::Record(record) => record.nulls.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the values take, about.
    pub fn size(&self) -> usize {
        match self {
            ValueBuilder::Null(_) => 0,
            ValueBuilder::Boolean(builder) => builder.capacity() / 8,
            ValueBuilder::Text(builder) => builder.values_slice().len() + self.len() * 4,
            ValueBuilder::Binary(builder) => builder.values_slice().len() + self.len() * 4,
            ValueBuilder::Int16(_) => self.len() * 2,
            ValueBuilder::Int32(_)
            | ValueBuilder::UInt32(_)
            | ValueBuilder::Float32(_)
            | ValueBuilder::Date32(_) => self.len() * 4,
            ValueBuilder::Int64(_) | ValueBuilder::Float64(_) => self.len() * 8,
            ValueBuilder::Time64(_) | ValueBuilder::Timestamp(_) => self.len() * 8,
            ValueBuilder::Interval(_) | ValueBuilder::Decimal(..) | ValueBuilder::Fixed(_) => self.len() * 16,
            ValueBuilder::List(list) => list.offsets.len() * 4 + list.elements.size(),
            ValueBuilder::Record(record) => record.columns.iter().map(ValueBuilder::size).sum(),
        }
    }

    /// Appends NULL.
    pub fn append_null(&mut self) {
        match self {
            ValueBuilder::Null(length) => *length += 1,
            ValueBuilder::Boolean(builder) => builder.append_null(),
            ValueBuilder::Int16(builder) => builder.append_null(),
            ValueBuilder::Int32(builder) => builder.append_null(),
            ValueBuilder::Int64(builder) => builder.append_null(),
            ValueBuilder::UInt32(builder) => builder.append_null(),
            ValueBuilder::Float32(builder) => builder.append_null(),
            ValueBuilder::Float64(builder) => builder.append_null(),
            ValueBuilder::Date32(builder) => builder.append_null(),
            ValueBuilder::Time64(builder) => builder.append_null(),
            ValueBuilder::Timestamp(builder) => builder.append_null(),
            ValueBuilder::Interval(builder) => builder.append_null(),
            ValueBuilder::Decimal(builder, ..) => builder.append_null(),
            ValueBuilder::Text(builder) => builder.append_null(),
            ValueBuilder::Binary(builder) => builder.append_null(),
            ValueBuilder::Fixed(builder) => builder.append_null(),
            ValueBuilder::List(list) => {
                let end = list.offsets.last().copied().unwrap_or(0);
                list.offsets.push(end);
                list.nulls.append_null();
            }
            ValueBuilder::Record(record) => {
                record.columns.iter_mut().for_each(ValueBuilder::append_null);
                record.nulls.append_null();
            }
        }
    }

    /// Appends a text.
    #[inline]
    pub fn text(&mut self, value: &str) -> SqlResult<()> {
        match self {
            ValueBuilder::Text(builder) => {
                room(builder.values_slice().len(), value.len())?;
                builder.append_value(value);
                Ok(())
            }
            other => Err(other.mismatch("Utf8")),
        }
    }

    /// Appends bytes, to a column of Binary or of FixedSizeBinary.
    pub fn bytes(&mut self, value: &[u8]) -> SqlResult<()> {
        match self {
            ValueBuilder::Binary(builder) => {
                room(builder.values_slice().len(), value.len())?;
                builder.append_value(value);
                Ok(())
            }
            ValueBuilder::Fixed(builder) => {
                builder.append_value(value).map_err(|error| SqlError::internal(error.to_string()))
            }
            other => Err(other.mismatch("Binary")),
        }
    }

    /// Appends the whole number that stands for a numeric of the column's scale.
    #[inline]
    pub fn decimal(&mut self, value: i128) -> SqlResult<()> {
        match self {
            ValueBuilder::Decimal(builder, ..) => {
                builder.append_value(value);
                Ok(())
            }
            other => Err(other.mismatch("Decimal128")),
        }
    }

    /// The column of the elements of a column of lists.
    pub fn elements(&mut self) -> SqlResult<&mut ValueBuilder> {
        match self {
            ValueBuilder::List(list) => Ok(&mut list.elements),
            other => Err(other.mismatch("List")),
        }
    }

    /// Ends a list: its elements are those appended since the list before it ended.
    pub fn close_list(&mut self) -> SqlResult<()> {
        match self {
            ValueBuilder::List(list) => {
                let end = i32::try_from(list.elements.len()).map_err(|_| column_too_large())?;
                list.offsets.push(end);
                list.nulls.append_non_null();
                Ok(())
            }
            other => Err(other.mismatch("List")),
        }
    }

    /// The columns of the fields of a column of records.
    pub fn fields(&mut self) -> SqlResult<&mut [ValueBuilder]> {
        match self {
            ValueBuilder::Record(record) => Ok(&mut record.columns),
            other => Err(other.mismatch("Struct")),
        }
    }

    /// Ends a record, to each of whose fields a value was appended.
    pub fn close_record(&mut self) -> SqlResult<()> {
        match self {
            ValueBuilder::Record(record) => {
                record.nulls.append_non_null();
                Ok(())
            }
            other => Err(other.mismatch("Struct")),
        }
    }

    /// Appends the value of a row of an array of the same Arrow type.
    pub fn append_from(&mut self, array: &dyn Array, row: usize) -> SqlResult<()> {
        if array.is_null(row) || array.data_type() == &DataType::Null {
            self.append_null();
            return Ok(());
        }
        macro_rules! primitive {
            ($builder:expr, $arrow:ty) => {
                match array.as_primitive_opt::<$arrow>() {
                    Some(array) => {
                        $builder.append_value(array.value(row));
                        Ok(())
                    }
                    None => Err(wrong_type(stringify!($arrow), array.data_type())),
                }
            };
        }
        match self {
            ValueBuilder::Null(length) => {
                *length += 1;
                Ok(())
            }
            ValueBuilder::Boolean(builder) => match array.as_boolean_opt() {
                Some(array) => {
                    builder.append_value(array.value(row));
                    Ok(())
                }
                None => Err(wrong_type("Boolean", array.data_type())),
            },
            ValueBuilder::Int16(builder) => primitive!(builder, Int16Type),
            ValueBuilder::Int32(builder) => primitive!(builder, Int32Type),
            ValueBuilder::Int64(builder) => primitive!(builder, Int64Type),
            ValueBuilder::UInt32(builder) => primitive!(builder, UInt32Type),
            ValueBuilder::Float32(builder) => primitive!(builder, Float32Type),
            ValueBuilder::Float64(builder) => primitive!(builder, Float64Type),
            ValueBuilder::Date32(builder) => primitive!(builder, Date32Type),
            ValueBuilder::Time64(builder) => primitive!(builder, Time64MicrosecondType),
            ValueBuilder::Timestamp(builder) => primitive!(builder, TimestampMicrosecondType),
            ValueBuilder::Interval(builder) => primitive!(builder, IntervalMonthDayNanoType),
            ValueBuilder::Decimal(builder, _, scale) => match array.data_type() {
                DataType::Decimal128(_, found) if found == scale => primitive!(builder, Decimal128Type),
                other => Err(wrong_type("Decimal128 of the same scale", other)),
            },
            ValueBuilder::Text(_) => match array.as_string_opt::<i32>() {
                Some(array) => self.text(array.value(row)),
                None => Err(wrong_type("Utf8", array.data_type())),
            },
            ValueBuilder::Binary(_) | ValueBuilder::Fixed(_) => {
                if let Some(array) = array.as_binary_opt::<i32>() {
                    self.bytes(array.value(row))
                } else if let Some(array) = array.as_fixed_size_binary_opt() {
                    self.bytes(array.value(row))
                } else {
                    Err(wrong_type("Binary", array.data_type()))
                }
            }
            ValueBuilder::List(list) => match array.as_list_opt::<i32>() {
                Some(array) => {
                    let values = array.values();
                    let (start, end) = (array.value_offsets()[row], array.value_offsets()[row + 1]);
                    for element in start as usize..end as usize {
                        list.elements.append_from(values.as_ref(), element)?;
                    }
                    self.close_list()
                }
                None => Err(wrong_type("List", array.data_type())),
            },
            ValueBuilder::Record(record) => match array.as_struct_opt() {
                Some(array) if array.num_columns() == record.columns.len() => {
                    for (builder, column) in record.columns.iter_mut().zip(array.columns()) {
                        builder.append_from(column.as_ref(), row)?;
                    }
                    self.close_record()
                }
                _ => Err(wrong_type("Struct", array.data_type())),
            },
        }
    }

    /// The column; the builder is empty afterwards.
    pub fn finish(&mut self) -> SqlResult<ArrayRef> {
        Ok(match self {
            ValueBuilder::Null(length) => Arc::new(NullArray::new(std::mem::take(length))),
            ValueBuilder::Boolean(builder) => Arc::new(builder.finish()),
            ValueBuilder::Int16(builder) => Arc::new(builder.finish()),
            ValueBuilder::Int32(builder) => Arc::new(builder.finish()),
            ValueBuilder::Int64(builder) => Arc::new(builder.finish()),
            ValueBuilder::UInt32(builder) => Arc::new(builder.finish()),
            ValueBuilder::Float32(builder) => Arc::new(builder.finish()),
            ValueBuilder::Float64(builder) => Arc::new(builder.finish()),
            ValueBuilder::Date32(builder) => Arc::new(builder.finish()),
            ValueBuilder::Time64(builder) => Arc::new(builder.finish()),
            ValueBuilder::Timestamp(builder) => Arc::new(builder.finish()),
            ValueBuilder::Interval(builder) => Arc::new(builder.finish()),
            ValueBuilder::Decimal(builder, ..) => Arc::new(builder.finish()),
            ValueBuilder::Text(builder) => Arc::new(builder.finish()),
            ValueBuilder::Binary(builder) => Arc::new(builder.finish()),
            ValueBuilder::Fixed(builder) => Arc::new(builder.finish()),
            ValueBuilder::List(list) => {
                let offsets = std::mem::replace(&mut list.offsets, vec![0]);
                list_of(list.field.clone(), offsets, list.elements.finish()?, list.nulls.finish())?
            }
            ValueBuilder::Record(record) => {
                let length = record.nulls.len();
                let nulls = record.nulls.finish();
                let columns =
                    record.columns.iter_mut().map(ValueBuilder::finish).collect::<SqlResult<_>>()?;
                let array = StructArray::try_new_with_length(record.fields.clone(), columns, nulls, length);
                Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?)
            }
        })
    }

    /// The column as it is now; the builder keeps its values.
    pub fn snapshot(&self) -> SqlResult<ArrayRef> {
        Ok(match self {
            ValueBuilder::Null(length) => Arc::new(NullArray::new(*length)),
            ValueBuilder::Boolean(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Int16(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Int32(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Int64(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::UInt32(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Float32(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Float64(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Date32(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Time64(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Timestamp(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Interval(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Decimal(builder, ..) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Text(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Binary(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::Fixed(builder) => Arc::new(builder.finish_cloned()),
            ValueBuilder::List(list) => {
                let nulls = list.nulls.finish_cloned();
                list_of(list.field.clone(), list.offsets.clone(), list.elements.snapshot()?, nulls)?
            }
            ValueBuilder::Record(record) => {
                let columns = record.columns.iter().map(ValueBuilder::snapshot).collect::<SqlResult<_>>()?;
                let nulls = record.nulls.finish_cloned();
                let length = record.nulls.len();
                let array = StructArray::try_new_with_length(record.fields.clone(), columns, nulls, length);
                Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?)
            }
        })
    }

    fn mismatch(&self, wanted: &str) -> SqlError {
        let name = format!("{self:?}");
        let name = name.split('(').next().unwrap_or_default().to_owned();
        SqlError::internal(format!("a column of {name} where {wanted} is wanted"))
    }
}

/// A column of lists of these offsets into the elements.
pub fn list_of(
    field: FieldRef,
    offsets: Vec<i32>,
    elements: ArrayRef,
    nulls: Option<arrow::buffer::NullBuffer>,
) -> SqlResult<ArrayRef> {
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let array = ListArray::try_new(field, offsets, elements, nulls);
    Ok(Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?))
}
