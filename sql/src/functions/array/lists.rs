//! Arrays as arguments and as answers.
//!
//! A [`Lists`] is an argument seen as runs of one column of elements. An [`Assembly`] puts the answer's
//! arrays together from runs of such columns: it copies whole runs, keeps NULL elements, and refuses (54000)
//! a value or a column larger than is allowed before it copies.
//!
//! ```text
//!  Lists       elements  a b | c | … ;  row 1 = 2..3
//!  Assembly    extend(source, 2..3)  close()      →  one array of the answer
//! ```

use std::ops::Range;

use arrow::array::{
    Array, ArrayData, ArrayRef, AsArray, ListArray, MutableArrayData, NullBufferBuilder, make_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, FieldRef};
use millstream_catalog::SqlType;

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Call, wrong_array};
use crate::types::builder::{COLUMN_BYTES, VALUE_BYTES, column_too_large, list_of, too_large};
use crate::types::conform::conform;

/// An argument that is an array.
#[derive(Debug)]
pub struct Lists<'a> {
    argument: &'a Argument,
    list: &'a ListArray,
    /// The type of the elements.
    pub element: SqlType,
    /// The index of the first element: 1, of a vector 0.
    pub lower: i32,
}

impl<'a> Lists<'a> {
    /// An argument as arrays.
    pub fn new(argument: &'a Argument) -> SqlResult<Self> {
        let list = argument.array.as_list_opt::<i32>();
        let list = list.ok_or_else(|| wrong_array("List", argument.array.as_ref()))?;
        let element = argument.sql_type.element();
        let element = element.ok_or_else(|| SqlError::internal("an argument that is no array"))?;
        let lower = i32::from(argument.sql_type.kind().is_none());
        Ok(Self { argument, list, element, lower })
    }

    /// The elements of all rows.
    pub fn values(&self) -> &'a ArrayRef {
        self.list.values()
    }

    /// Where the elements of a row stand; None where the array is NULL.
    #[inline]
    pub fn range(&self, row: usize) -> Option<Range<usize>> {
        let at = self.argument.at(row);
        if self.list.is_null(at) {
            return None;
        }
        let offsets = self.list.value_offsets();
        Some(offsets[at] as usize..offsets[at + 1] as usize)
    }
}

/// The argument of a number.
pub fn argument<'a>(call: &'a Call<'_>, index: usize) -> SqlResult<&'a Argument> {
    call.arguments.get(index).ok_or_else(|| SqlError::internal("an argument is missing"))
}

/// The array argument of a number.
pub fn lists<'a>(call: &'a Call<'_>, index: usize) -> SqlResult<Lists<'a>> {
    Lists::new(argument(call, index)?)
}

/// The integer argument of a number: for each row its value, None where it is NULL.
pub fn integers<'a>(call: &'a Call<'_>, index: usize) -> SqlResult<impl Fn(usize) -> Option<i32> + 'a> {
    let argument = argument(call, index)?;
    let array = argument.array.as_primitive_opt::<arrow::datatypes::Int32Type>();
    let array = array.ok_or_else(|| wrong_array("Int32", argument.array.as_ref()))?;
    Ok(move |row| (!argument.is_null(row)).then(|| array.value(argument.at(row))))
}

/// The field of the elements of an answer that is an array.
pub fn element_field(call: &Call<'_>) -> SqlResult<FieldRef> {
    match call.returns.data_type() {
        DataType::List(field) => Ok(field),
        other => Err(SqlError::internal(format!("an answer of {other} where an array is wanted"))),
    }
}

/// Columns of elements of one Arrow type, from which arrays are put together.
#[derive(Debug)]
pub struct Sources {
    data: Vec<ArrayData>,
    weights: Vec<Weight>,
}

impl Sources {
    /// Columns, each brought to the form of the answer's elements.
    pub fn new(field: &FieldRef, columns: &[&ArrayRef]) -> SqlResult<Self> {
        let mut sources = Self { data: vec![], weights: vec![] };
        for column in columns {
            let column = conform(column, field.data_type())?;
            sources.weights.push(Weight::of(column.as_ref()));
            sources.data.push(column.to_data());
        }
        Ok(sources)
    }
}

/// Arrays that are being put together.
pub struct Assembly<'a> {
    field: FieldRef,
    weights: &'a [Weight],
    elements: MutableArrayData<'a>,
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    value_bytes: usize,
    column_bytes: usize,
}

impl<'a> Assembly<'a> {
    /// No arrays yet, of so many to come.
    pub fn new(field: FieldRef, sources: &'a Sources, rows: usize) -> Self {
        let elements = MutableArrayData::new(sources.data.iter().collect(), false, rows);
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self {
            field,
            weights: &sources.weights,
            elements,
            offsets,
            nulls: NullBufferBuilder::new(rows),
            value_bytes: 0,
            column_bytes: 0,
        }
    }

    /// Adds a run of elements of a source to the array that is not yet closed.
    pub fn extend(&mut self, source: usize, range: Range<usize>) -> SqlResult<()> {
        if range.is_empty() {
            return Ok(());
        }
        self.reserve(source, range.clone(), 1)?;
        self.elements.try_extend(source, range.start, range.end).map_err(|_| column_too_large())
    }

    /// Adds one element of a source so many times.
    pub fn repeat(&mut self, source: usize, index: usize, times: usize) -> SqlResult<()> {
        self.reserve(source, index..index + 1, times)?;
        let mut copies = (0..times).map(|_| self.elements.try_extend(source, index, index + 1));
        copies.try_for_each(|copy| copy).map_err(|_| column_too_large())
    }

    /// Ends an array.
    pub fn close(&mut self) -> SqlResult<()> {
        self.offsets.push(i32::try_from(self.elements.len()).map_err(|_| column_too_large())?);
        self.nulls.append_non_null();
        self.value_bytes = 0;
        Ok(())
    }

    /// A NULL in place of an array.
    pub fn null(&mut self) {
        self.offsets.push(self.offsets.last().copied().unwrap_or(0));
        self.nulls.append_null();
    }

    /// The column of arrays.
    pub fn finish(mut self) -> SqlResult<ArrayRef> {
        list_of(self.field, self.offsets, make_array(self.elements.freeze()), self.nulls.finish())
    }

    fn reserve(&mut self, source: usize, range: Range<usize>, times: usize) -> SqlResult<()> {
        let bytes = self.weights[source].bytes(range).saturating_mul(times);
        self.value_bytes = self.value_bytes.saturating_add(bytes);
        self.column_bytes = self.column_bytes.saturating_add(bytes);
        if self.value_bytes > VALUE_BYTES {
            return Err(too_large(self.value_bytes));
        }
        if self.column_bytes > COLUMN_BYTES {
            return Err(column_too_large());
        }
        Ok(())
    }
}

/// How many bytes values of a column take.
#[derive(Debug)]
enum Weight {
    /// Each so many.
    Fixed(usize),
    /// As many as lie between the offsets.
    Varying(OffsetBuffer<i32>),
    /// As many as the elements take that lie between the offsets.
    List(OffsetBuffer<i32>, Box<Weight>),
    /// As many as the fields take together.
    Record(Vec<Weight>),
}

impl Weight {
    fn of(array: &dyn Array) -> Self {
        match array.data_type() {
            DataType::Utf8 => Weight::Varying(array.as_string::<i32>().offsets().clone()),
            DataType::Binary => Weight::Varying(array.as_binary::<i32>().offsets().clone()),
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Weight::List(list.offsets().clone(), Box::new(Weight::of(list.values())))
            }
            DataType::Struct(_) => {
                Weight::Record(array.as_struct().columns().iter().map(|column| Weight::of(column)).collect())
            }
            DataType::FixedSizeBinary(width) => Weight::Fixed(usize::try_from(*width).unwrap_or(16)),
            other => Weight::Fixed(other.primitive_width().unwrap_or(1)),
        }
    }

    fn bytes(&self, range: Range<usize>) -> usize {
        match self {
            Weight::Fixed(width) => width.saturating_mul(range.len()),
            Weight::Varying(offsets) => {
                (offsets[range.end] - offsets[range.start]) as usize + range.len().saturating_mul(4)
            }
            Weight::List(offsets, elements) => {
                let inner = offsets[range.start] as usize..offsets[range.end] as usize;
                elements.bytes(inner).saturating_add(range.len().saturating_mul(4))
            }
            Weight::Record(fields) => {
                fields.iter().fold(0, |sum: usize, field| sum.saturating_add(field.bytes(range.clone())))
            }
        }
    }
}
