//! Sets that tools ask for beside the catalogs: PostgreSQL's words, the elements of an array with their numbers, and
//! options taken apart.

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
        whole("pg_options_to_table", &[Param::ArrayOf(Kind::Text)], Param::Record, options)
            .safe()
            .columns(&[("option_name", TEXT), ("option_value", TEXT)]),
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

/// `name=value` of each element of an array, in two columns; without a `=` the value is NULL.
fn options(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let argument = &call.arguments[0];
    let array = argument.array.as_list_opt::<i32>();
    let array = array.ok_or_else(|| wrong_array("List", argument.array.as_ref()))?;
    let texts = array.values().as_string_opt::<i32>();
    let texts = texts.ok_or_else(|| wrong_array("Utf8", array.values().as_ref()))?;
    let (mut names, mut values) = (Vec::new(), Vec::new());
    let (mut lengths, mut valid) = (Vec::with_capacity(call.rows), Vec::with_capacity(call.rows));
    for row in 0..call.rows {
        let at = argument.at(row);
        let start = array.value_offsets()[at] as usize;
        let count = if array.is_null(at) { 0 } else { array.value_length(at) as usize };
        for index in start..start + count {
            let option = texts.is_valid(index).then(|| texts.value(index));
            let parts = option.map(|option| match option.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (option, None),
            });
            names.push(parts.map(|(name, _)| name));
            values.push(parts.and_then(|(_, value)| value));
        }
        lengths.push(count);
        valid.push(!array.is_null(at));
    }
    let columns: Vec<ArrayRef> =
        vec![Arc::new(StringArray::from(names)), Arc::new(StringArray::from(values))];
    lists(columns, lengths, valid)
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
