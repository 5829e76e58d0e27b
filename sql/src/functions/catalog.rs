//! Sets that tools ask for beside the catalogs: PostgreSQL's words, and the elements of an array with their numbers.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, ListArray, StringArray, StructArray, UInt32Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Fields};
use millstream_catalog::Kind;

use super::registry::{Call, Param, Row, whole, wrong_array};
use crate::error::{SqlError, SqlResult};

const TEXT: Param = Param::Of(Kind::Text);

/// The rows of this module.
pub fn rows() -> Vec<Row> {
    vec![
        whole("pg_get_keywords", &[], Param::Record, keywords).safe().columns(&[
            ("word", TEXT),
            ("catcode", Param::Of(Kind::Char)),
            ("barelabel", Param::Of(Kind::Boolean)),
            ("catdesc", TEXT),
            ("baredesc", TEXT),
        ]),
        // Of schema information_schema: pgjdbc takes keys apart with it.
        whole("_pg_expandarray", &[Param::AnyArray], Param::Record, expanded)
            .safe()
            .columns(&[("x", Param::AnyElement), ("n", Param::Of(Kind::Int4))]),
    ]
}

/// PostgreSQL 15's words; their categories hold here, too.
fn keywords(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let lines: Vec<Vec<&str>> =
        include_str!("keywords.tsv").lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let all = || (0..call.rows).flat_map(|_| &lines);
    let texts = |place: usize| -> ArrayRef {
        Arc::new(all().map(|line| line.get(place).copied()).collect::<StringArray>())
    };
    let bare: BooleanArray = all().map(|line| line.get(2).map(|cell| *cell == "t")).collect();
    let columns = vec![texts(0), texts(1), Arc::new(bare), texts(3), texts(4)];
    lists(columns, vec![lines.len(); call.rows], vec![true; call.rows])
}

/// The elements of each array, and their numbers from 1.
fn expanded(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let argument = &call.arguments[0];
    let array = argument.array.as_list_opt::<i32>();
    let array = array.ok_or_else(|| wrong_array("List", argument.array.as_ref()))?;
    let (mut places, mut numbers) = (Vec::<u32>::new(), Vec::<i32>::new());
    let (mut lengths, mut valid) = (Vec::with_capacity(call.rows), Vec::with_capacity(call.rows));
    for row in 0..call.rows {
        let at = argument.at(row);
        let count = if array.is_null(at) { 0 } else { array.value_length(at) };
        let start = array.value_offsets()[at];
        places.extend((0..count).map(|index| (start + index) as u32));
        numbers.extend(1..=count);
        lengths.push(count as usize);
        valid.push(!array.is_null(at));
    }
    let elements = arrow::compute::take(array.values(), &UInt32Array::from(places), None)
        .map_err(|error| SqlError::internal(error.to_string()))?;
    lists(vec![elements, Arc::new(Int32Array::from(numbers))], lengths, valid)
}

/// Lists of rows of these columns.
fn lists(columns: Vec<ArrayRef>, lengths: Vec<usize>, valid: Vec<bool>) -> SqlResult<ArrayRef> {
    let field = |(index, column): (usize, &ArrayRef)| {
        Field::new(format!("f{}", index + 1), column.data_type().clone(), true)
    };
    let fields: Fields = columns.iter().enumerate().map(field).collect();
    let items = StructArray::new(fields, columns, None);
    let item = Arc::new(Field::new_list_field(DataType::Struct(items.fields().clone()), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::new(item, offsets, Arc::new(items), Some(NullBuffer::from(valid)))))
}
