//! Arrow columns as plain buffers, and back: what a frame stores of a batch.
//!
//! A column is one to three buffers, always starting at its first row (offsets are rebased, bits are shifted):
//!
//! | type | buffers |
//! |---|---|
//! | Boolean | validity, bits |
//! | Int16/32/64, Float32/64, Decimal128, Date32, Time64, Timestamp, Interval(MonthDayNano) | validity, values |
//! | FixedSizeBinary(n) | validity, values of n bytes |
//! | Utf8, Binary | validity, rows + 1 offsets (i32, the first is 0), bytes |
//! | List | validity, rows + 1 offsets (i32, the first is 0), then the buffers of the elements |
//!
//! Values and offsets are little-endian, bits are least significant first, as in Arrow. An empty validity buffer
//! says that no row is NULL. The type itself is not stored: it belongs to the stream.

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use arrow::buffer::{BooleanBuffer, Buffer};
use arrow::compute::concat_batches;
use arrow::datatypes::{ArrowNativeType, DataType, IntervalUnit, SchemaRef};
use arrow::error::ArrowError;

use crate::{Error, Result};

/// How the values of a type lie in buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Bits,
    Fixed(usize),
    Variable,
    List,
}

impl Layout {
    fn of(data_type: &DataType) -> Option<Layout> {
        Some(match data_type {
            DataType::Boolean => Layout::Bits,
            DataType::Utf8 | DataType::Binary => Layout::Variable,
            DataType::Int8 | DataType::UInt8 => Layout::Fixed(1),
            DataType::Int16 | DataType::UInt16 | DataType::Float16 => Layout::Fixed(2),
            DataType::Int32 | DataType::UInt32 | DataType::Float32 => Layout::Fixed(4),
            DataType::Date32 | DataType::Time32(_) => Layout::Fixed(4),
            DataType::Int64 | DataType::UInt64 | DataType::Float64 => Layout::Fixed(8),
            DataType::Date64 | DataType::Time64(_) | DataType::Timestamp(..) => Layout::Fixed(8),
            DataType::Duration(_) => Layout::Fixed(8),
            DataType::Decimal128(..) | DataType::Interval(IntervalUnit::MonthDayNano) => Layout::Fixed(16),
            DataType::FixedSizeBinary(width) if *width > 0 => Layout::Fixed(width.unsigned_abs() as usize),
            DataType::List(element) if Layout::of(element.data_type()).is_some() => Layout::List,
            _ => return None,
        })
    }
}

/// Number of buffers of a column; an unknown type has none.
fn buffers_of(data_type: &DataType) -> usize {
    match (Layout::of(data_type), data_type) {
        (None, _) => 0,
        (Some(Layout::Variable), _) => 3,
        (Some(Layout::List), DataType::List(element)) => 2 + buffers_of(element.data_type()),
        (Some(_), _) => 2,
    }
}

/// Whether every column is of a type that a frame can hold.
pub(super) fn storable(schema: &SchemaRef) -> bool {
    schema.fields().iter().all(|field| Layout::of(field.data_type()).is_some())
}

/// Number of buffers of all columns of a schema; an unknown type has none.
pub(super) fn buffer_count(schema: &SchemaRef) -> usize {
    schema.fields().iter().map(|field| buffers_of(field.data_type())).sum()
}

/// Appends the column's buffers to a list.
pub(super) fn push_buffers(column: &dyn Array, buffers: &mut Vec<Buffer>) -> Result<()> {
    let data = column.to_data();
    let layout = Layout::of(data.data_type())
        .ok_or_else(|| Error::internal(format!("the log cannot hold the type {}", data.data_type())))?;
    let (start, rows) = (data.offset(), data.len());
    buffers.push(match data.nulls().filter(|nulls| nulls.null_count() > 0) {
        Some(nulls) => bits(nulls.inner()),
        None => Buffer::default(),
    });
    let first = &data.buffers()[0];
    match layout {
        Layout::Bits => buffers.push(bits(&BooleanBuffer::new(first.clone(), start, rows))),
        Layout::Fixed(width) => buffers.push(first.slice_with_length(start * width, rows * width)),
        Layout::Variable => {
            let offsets = &first.typed_data::<i32>()[start..=start + rows];
            let (from, to) = (offsets[0], offsets[rows]);
            buffers.push(match from {
                0 => first.slice_with_length(start * 4, (rows + 1) * 4),
                _ => Buffer::from_iter(offsets.iter().map(|offset| offset - from)),
            });
            buffers.push(data.buffers()[1].slice_with_length(from.as_usize(), (to - from).as_usize()));
        }
        Layout::List => {
            let offsets = &first.typed_data::<i32>()[start..=start + rows];
            let (from, to) = (offsets[0], offsets[rows]);
            buffers.push(match from {
                0 => first.slice_with_length(start * 4, (rows + 1) * 4),
                _ => Buffer::from_iter(offsets.iter().map(|offset| offset - from)),
            });
            let elements = data.child_data()[0].slice(from.as_usize(), (to - from).as_usize());
            push_buffers(make_array(elements).as_ref(), buffers)?;
        }
    }
    Ok(())
}

fn bits(bits: &BooleanBuffer) -> Buffer {
    let sliced = bits.sliced();
    let length = bits.len().div_ceil(8);
    if sliced.len() == length { sliced } else { sliced.slice_with_length(0, length) }
}

/// A batch of so many rows from the buffers of its columns, without copying them. The buffers are checked for
/// their lengths, offsets and UTF-8.
pub(super) fn batch_from_buffers(
    schema: &SchemaRef,
    rows: usize,
    buffers: Vec<Buffer>,
) -> Result<RecordBatch, ArrowError> {
    let mut buffers = buffers.into_iter();
    let mut next = || buffers.next().ok_or_else(|| ArrowError::SchemaError("too few buffers".into()));
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        columns.push(column_from_buffers(field.data_type(), rows, &mut next)?);
    }
    if buffers.next().is_some() {
        return Err(ArrowError::SchemaError("too many buffers".into()));
    }
    let row_count = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema.clone(), columns, &row_count)
}

fn column_from_buffers(
    data_type: &DataType,
    rows: usize,
    next: &mut dyn FnMut() -> Result<Buffer, ArrowError>,
) -> Result<ArrayRef, ArrowError> {
    let layout = Layout::of(data_type)
        .ok_or_else(|| ArrowError::SchemaError(format!("unknown layout of {data_type}")))?;
    let validity = Some(next()?).filter(|buffer| !buffer.is_empty());
    let first = next()?;
    let data = arrow::array::ArrayData::builder(data_type.clone()).len(rows).null_bit_buffer(validity);
    let data = match (layout, data_type) {
        (Layout::Variable, _) => data.add_buffer(first).add_buffer(next()?),
        (Layout::List, DataType::List(element)) => {
            // A whole number of offsets, the last of which says how many elements there are.
            let last = rows * 4;
            let count = first.get(last..last + 4).and_then(|bytes| bytes.try_into().ok());
            let count = count.map(i32::from_le_bytes).and_then(|count| usize::try_from(count).ok());
            let count = count.ok_or_else(|| ArrowError::SchemaError("offsets that are cut off".into()))?;
            let elements = column_from_buffers(element.data_type(), count, next)?;
            data.add_buffer(first).add_child_data(elements.to_data())
        }
        _ => data.add_buffer(first),
    };
    Ok(make_array(data.build()?))
}

/// The bytes that the rows of a batch take, whatever larger buffers they are a part of.
pub(super) fn batch_bytes(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or(0)).sum()
}

/// The batch in buffers of its own when it would keep far larger ones alive.
pub(super) fn compact(batch: RecordBatch, bytes: usize) -> Result<RecordBatch> {
    const SLACK_BYTES: usize = 64 * 1024;
    if batch.get_array_memory_size() <= 2 * bytes + SLACK_BYTES {
        return Ok(batch);
    }
    copy(&batch)
}

/// The batch in new buffers.
pub(super) fn copy(batch: &RecordBatch) -> Result<RecordBatch> {
    // Arrow gives back its input when there is only one, so an empty one is put beside it.
    Ok(concat_batches(batch.schema_ref(), [batch, &RecordBatch::new_empty(batch.schema())])?)
}
