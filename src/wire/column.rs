//! An Arrow column, ready to be written cell by cell in Postgres's text or binary form.
//!
//! The type is looked at once a batch: [`Column::new`] brings the many Arrow types to the few that Postgres has
//! (`LargeUtf8` → `Utf8`, nanoseconds → microseconds, dictionaries unpacked, …), so that a cell costs one match.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    Float32Array, Float64Array, Int16Array, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray,
    StringArray, Time64MicrosecondArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::*;
use bytes::{BufMut, BytesMut};
use pgwire::api::Type;

use super::pg::types::sent_as;
use super::text;
use crate::Result;

/// Microseconds from 1970-01-01 to 2000-01-01, where Postgres's binary timestamps begin.
pub const PG_EPOCH_US: i64 = 946_684_800_000_000;
/// The same in days.
pub const PG_EPOCH_DAYS: i32 = 10_957;

/// A column of one of the types that Postgres has.
pub enum Column {
    /// Only NULLs.
    Null,
    /// `boolean`
    Boolean(BooleanArray),
    /// `smallint`
    Int16(Int16Array),
    /// `integer`
    Int32(Int32Array),
    /// `bigint`
    Int64(Int64Array),
    /// `oid`
    Oid(UInt32Array),
    /// `real`
    Float32(Float32Array),
    /// `double precision`
    Float64(Float64Array),
    /// `numeric`
    Decimal128(Decimal128Array, i8),
    /// `numeric`, wider
    Decimal256(Decimal256Array, i8),
    /// `text`
    Utf8(StringArray),
    /// `bytea`
    Binary(BinaryArray),
    /// `date`
    Date(Date32Array),
    /// `time`
    Time(Time64MicrosecondArray),
    /// `timestamp`, or `timestamptz` if true
    Timestamp(TimestampMicrosecondArray, bool),
    /// `interval`
    Interval(IntervalMonthDayNanoArray),
    /// An array: the lists, their elements, the elements' Postgres type.
    List(ListArray, Box<Column>, Type),
    /// Structs, maps and the like: JSON as `text`.
    Json(ArrayRef),
}

/// The type of [`Column`] that holds values of a type.
fn canonical(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Int8 | DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt64 => DataType::Int64,
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::Date64 => DataType::Date32,
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Microsecond),
        DataType::Timestamp(_, zone) => DataType::Timestamp(TimeUnit::Microsecond, zone.clone()),
        DataType::Interval(_) | DataType::Duration(_) => DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::ListView(field)
        | DataType::LargeListView(field) => DataType::List(Arc::clone(field)),
        DataType::Dictionary(_, values) => canonical(values),
        DataType::RunEndEncoded(_, values) => canonical(values.data_type()),
        other => other.clone(),
    }
}

impl Column {
    /// Brings an array to one of Postgres's types; 22003 for an unsigned value that `bigint` does not hold.
    pub fn new(array: &ArrayRef) -> Result<Column> {
        let target = canonical(array.data_type());
        let array = if target == *array.data_type() {
            Arc::clone(array)
        } else {
            cast_with_options(array, &target, &CastOptions { safe: false, ..CastOptions::default() })?
        };
        Ok(match &target {
            DataType::Null => Column::Null,
            DataType::Boolean => Column::Boolean(array.as_boolean().clone()),
            DataType::Int16 => Column::Int16(array.as_primitive().clone()),
            DataType::Int32 => Column::Int32(array.as_primitive().clone()),
            DataType::Int64 => Column::Int64(array.as_primitive().clone()),
            DataType::UInt32 => Column::Oid(array.as_primitive().clone()),
            DataType::Float32 => Column::Float32(array.as_primitive().clone()),
            DataType::Float64 => Column::Float64(array.as_primitive().clone()),
            DataType::Decimal128(_, scale) => Column::Decimal128(array.as_primitive().clone(), *scale),
            DataType::Decimal256(_, scale) => Column::Decimal256(array.as_primitive().clone(), *scale),
            DataType::Utf8 => Column::Utf8(array.as_string().clone()),
            DataType::Binary => Column::Binary(array.as_binary().clone()),
            DataType::Date32 => Column::Date(array.as_primitive().clone()),
            DataType::Time64(_) => Column::Time(array.as_primitive().clone()),
            DataType::Timestamp(_, zone) => Column::Timestamp(array.as_primitive().clone(), zone.is_some()),
            DataType::Interval(_) => Column::Interval(array.as_primitive().clone()),
            DataType::List(field) => {
                let list = array.as_list::<i32>().clone();
                let elements = Column::new(list.values())?;
                Column::List(list, Box::new(elements), sent_as(field.data_type()))
            }
            _ => Column::Json(array),
        })
    }

    /// Whether a row's cell is NULL.
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Column::Null => true,
            Column::Boolean(array) => array.is_null(row),
            Column::Int16(array) => array.is_null(row),
            Column::Int32(array) => array.is_null(row),
            Column::Int64(array) => array.is_null(row),
            Column::Oid(array) => array.is_null(row),
            Column::Float32(array) => array.is_null(row),
            Column::Float64(array) => array.is_null(row),
            Column::Decimal128(array, _) => array.is_null(row),
            Column::Decimal256(array, _) => array.is_null(row),
            Column::Utf8(array) => array.is_null(row),
            Column::Binary(array) => array.is_null(row),
            Column::Date(array) => array.is_null(row),
            Column::Time(array) => array.is_null(row),
            Column::Timestamp(array, _) => array.is_null(row),
            Column::Interval(array) => array.is_null(row),
            Column::List(array, _, _) => array.is_null(row),
            Column::Json(array) => array.is_null(row),
        }
    }

    /// Writes a cell that is not NULL as text.
    pub fn put_text(&self, row: usize, out: &mut BytesMut) {
        match self {
            Column::Null => {}
            Column::Boolean(array) => out.put_u8(if array.value(row) { b't' } else { b'f' }),
            Column::Int16(array) => text::put_i64(out, i64::from(array.value(row))),
            Column::Int32(array) => text::put_i64(out, i64::from(array.value(row))),
            Column::Int64(array) => text::put_i64(out, array.value(row)),
            Column::Oid(array) => text::put_i64(out, i64::from(array.value(row))),
            Column::Float32(array) => text::put_f32(out, array.value(row)),
            Column::Float64(array) => text::put_f64(out, array.value(row)),
            Column::Decimal128(array, scale) => text::put_decimal(out, array.value(row), *scale),
            Column::Decimal256(array, scale) => {
                let (negative, digits) = wide_digits(array.value(row));
                if negative {
                    out.put_u8(b'-');
                }
                text::put_decimal_digits(out, digits.as_bytes(), *scale);
            }
            Column::Utf8(array) => out.put_slice(array.value(row).as_bytes()),
            Column::Binary(array) => text::put_bytea(out, array.value(row)),
            Column::Date(array) => text::put_date(out, array.value(row)),
            Column::Time(array) => text::put_time(out, array.value(row)),
            Column::Timestamp(array, zoned) => text::put_timestamp(out, array.value(row), *zoned),
            Column::Interval(array) => text::put_interval(out, array.value(row)),
            Column::List(list, elements, _) => put_list_text(list, elements, row, out),
            Column::Json(array) => put_json(array, row, out),
        }
    }

    /// Writes a cell that is not NULL in Postgres's binary form.
    pub fn put_binary(&self, row: usize, out: &mut BytesMut) {
        match self {
            Column::Null => {}
            Column::Boolean(array) => out.put_u8(u8::from(array.value(row))),
            Column::Int16(array) => out.put_i16(array.value(row)),
            Column::Int32(array) => out.put_i32(array.value(row)),
            Column::Int64(array) => out.put_i64(array.value(row)),
            Column::Oid(array) => out.put_u32(array.value(row)),
            Column::Float32(array) => out.put_f32(array.value(row)),
            Column::Float64(array) => out.put_f64(array.value(row)),
            Column::Decimal128(array, scale) => {
                let value = array.value(row);
                put_numeric(out, value < 0, value.unsigned_abs().to_string().as_bytes(), *scale);
            }
            Column::Decimal256(array, scale) => {
                let (negative, digits) = wide_digits(array.value(row));
                put_numeric(out, negative, digits.as_bytes(), *scale);
            }
            Column::Utf8(array) => out.put_slice(array.value(row).as_bytes()),
            Column::Binary(array) => out.put_slice(array.value(row)),
            Column::Date(array) => out.put_i32(array.value(row).saturating_sub(PG_EPOCH_DAYS)),
            Column::Time(array) => out.put_i64(array.value(row)),
            Column::Timestamp(array, _) => out.put_i64(array.value(row).saturating_sub(PG_EPOCH_US)),
            Column::Interval(array) => {
                let value = array.value(row);
                out.put_i64(value.nanoseconds / 1000);
                out.put_i32(value.days);
                out.put_i32(value.months);
            }
            // Arrays of arrays are sent as text, see `millstream_catalog::pg_type`.
            Column::List(list, elements, Type::TEXT) if matches!(**elements, Column::List(..)) => {
                put_list_text(list, elements, row, out);
            }
            Column::List(list, elements, element_type) => {
                put_list_binary(list, elements, element_type, row, out)
            }
            Column::Json(array) => put_json(array, row, out),
        }
    }
}

fn wide_digits(value: i256) -> (bool, String) {
    let text = value.to_string();
    match text.strip_prefix('-') {
        Some(digits) => (true, digits.to_owned()),
        None => (false, text),
    }
}

/// `numeric` in binary: groups of four decimal digits, the weight of the first, sign and scale.
fn put_numeric(out: &mut BytesMut, negative: bool, digits: &[u8], scale: i8) {
    let places = usize::from(scale.max(0).unsigned_abs());
    let mut padded = Vec::with_capacity(digits.len() + 16);
    let zeros_behind = usize::from((-i16::from(scale)).max(0).unsigned_abs());
    let whole = (digits.len() + zeros_behind).saturating_sub(places);
    padded.resize((4 - whole % 4) % 4 + places.saturating_sub(digits.len() + zeros_behind), b'0');
    padded.extend_from_slice(digits);
    padded.resize(padded.len() + zeros_behind + (4 - places % 4) % 4, b'0');
    let groups: Vec<i16> = padded
        .chunks_exact(4)
        .map(|group| group.iter().fold(0, |value, digit| value * 10 + i16::from(digit - b'0')))
        .collect();
    let leading = groups.iter().take_while(|group| **group == 0).count();
    let trailing = groups.iter().rev().take_while(|group| **group == 0).count();
    let kept = groups.get(leading..groups.len() - trailing).unwrap_or_default();
    let weight = whole.div_ceil(4) as i16 - 1 - leading as i16;
    out.put_i16(kept.len() as i16);
    out.put_i16(if kept.is_empty() { 0 } else { weight });
    out.put_u16(if negative && !kept.is_empty() { 0x4000 } else { 0 });
    out.put_i16(places as i16);
    for group in kept {
        out.put_i16(*group);
    }
}

fn list_range(list: &ListArray, row: usize) -> std::ops::Range<usize> {
    let offsets = list.value_offsets();
    offsets[row] as usize..offsets[row + 1] as usize
}

fn put_list_text(list: &ListArray, elements: &Column, row: usize, out: &mut BytesMut) {
    out.put_u8(b'{');
    let mut cell = BytesMut::new();
    for (position, index) in list_range(list, row).enumerate() {
        if position > 0 {
            out.put_u8(b',');
        }
        if elements.is_null(index) {
            out.put_slice(b"NULL");
            continue;
        }
        if matches!(elements, Column::List(..)) {
            elements.put_text(index, out);
            continue;
        }
        cell.clear();
        elements.put_text(index, &mut cell);
        let special =
            |byte: &u8| matches!(byte, b'{' | b'}' | b',' | b'"' | b'\\') || byte.is_ascii_whitespace();
        if !cell.is_empty() && !cell.iter().any(special) && !cell.eq_ignore_ascii_case(b"null") {
            out.put_slice(&cell);
            continue;
        }
        out.put_u8(b'"');
        for byte in &cell {
            if matches!(byte, b'"' | b'\\') {
                out.put_u8(b'\\');
            }
            out.put_u8(*byte);
        }
        out.put_u8(b'"');
    }
    out.put_u8(b'}');
}

fn put_list_binary(list: &ListArray, elements: &Column, element_type: &Type, row: usize, out: &mut BytesMut) {
    let range = list_range(list, row);
    let nulls = range.clone().any(|index| elements.is_null(index));
    out.put_i32(i32::from(!range.is_empty()));
    out.put_i32(i32::from(nulls));
    out.put_u32(element_type.oid());
    if range.is_empty() {
        return;
    }
    out.put_i32(range.len() as i32);
    out.put_i32(1);
    for index in range {
        put_sized(out, |out| {
            if elements.is_null(index) {
                return false;
            }
            elements.put_binary(index, out);
            true
        });
    }
}

/// Writes a value after its length; -1 in place of a length when `write` says that there is no value.
pub fn put_sized(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut) -> bool) {
    let at = out.len();
    out.put_i32(-1);
    if write(out) {
        let length = (out.len() - at - 4) as i32;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
}

fn put_json(array: &ArrayRef, row: usize, out: &mut BytesMut) {
    if array.is_null(row) {
        out.put_slice(b"null");
        return;
    }
    match array.data_type() {
        DataType::Struct(fields) => {
            out.put_u8(b'{');
            for (index, (field, column)) in fields.iter().zip(array.as_struct().columns()).enumerate() {
                if index > 0 {
                    out.put_u8(b',');
                }
                text::put_json_string(out, field.name().as_bytes());
                out.put_u8(b':');
                put_json(column, row, out);
            }
            out.put_u8(b'}');
        }
        DataType::Map(_, _) => {
            let map = array.as_map();
            let offsets = map.value_offsets();
            out.put_u8(b'{');
            for (position, index) in (offsets[row] as usize..offsets[row + 1] as usize).enumerate() {
                if position > 0 {
                    out.put_u8(b',');
                }
                let mut key = BytesMut::new();
                put_json(map.keys(), index, &mut key);
                match key.first() {
                    Some(b'"') => out.put_slice(&key),
                    _ => text::put_json_string(out, &key),
                }
                out.put_u8(b':');
                put_json(map.values(), index, out);
            }
            out.put_u8(b'}');
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            out.put_u8(b'[');
            for (position, index) in list_range(list, row).enumerate() {
                if position > 0 {
                    out.put_u8(b',');
                }
                put_json(list.values(), index, out);
            }
            out.put_u8(b']');
        }
        _ => put_json_scalar(array, row, out),
    }
}

fn put_json_scalar(array: &ArrayRef, row: usize, out: &mut BytesMut) {
    let one = array.slice(row, 1);
    let mut cell = BytesMut::new();
    match Column::new(&one) {
        Ok(Column::Boolean(value)) => {
            out.put_slice(if value.value(0) { b"true" } else { b"false" });
            return;
        }
        Ok(Column::Json(_)) | Err(_) => {
            // Unions and the like: Arrow's own words.
            let words = arrow::util::display::array_value_to_string(&one, 0).unwrap_or_default();
            cell.put_slice(words.as_bytes());
        }
        Ok(column) => {
            column.put_text(0, &mut cell);
            let number = matches!(
                column,
                Column::Int16(_)
                    | Column::Int32(_)
                    | Column::Int64(_)
                    | Column::Oid(_)
                    | Column::Float32(_)
                    | Column::Float64(_)
                    | Column::Decimal128(..)
                    | Column::Decimal256(..)
            );
            if number && cell.last().is_some_and(u8::is_ascii_digit) {
                out.put_slice(&cell);
                return;
            }
        }
    }
    text::put_json_string(out, &cell);
}

#[cfg(test)]
mod tests {
    use arrow::array::*;
    use arrow::buffer::OffsetBuffer;

    use super::*;

    fn text_of(array: ArrayRef, row: usize) -> String {
        let mut out = BytesMut::new();
        Column::new(&array).unwrap().put_text(row, &mut out);
        String::from_utf8(out.to_vec()).unwrap()
    }

    fn binary_of(array: ArrayRef, row: usize) -> Vec<u8> {
        let mut out = BytesMut::new();
        Column::new(&array).unwrap().put_binary(row, &mut out);
        out.to_vec()
    }

    #[test]
    fn every_type_has_a_text_form() {
        let cases: Vec<(ArrayRef, &str)> = vec![
            (Arc::new(BooleanArray::from(vec![true])), "t"),
            (Arc::new(Int8Array::from(vec![-8])), "-8"),
            (Arc::new(UInt8Array::from(vec![255])), "255"),
            (Arc::new(UInt16Array::from(vec![65535])), "65535"),
            (Arc::new(UInt32Array::from(vec![u32::MAX])), "4294967295"),
            (Arc::new(UInt64Array::from(vec![7])), "7"),
            (Arc::new(Float64Array::from(vec![1e20])), "1e+20"),
            (Arc::new(LargeStringArray::from(vec!["large"])), "large"),
            (Arc::new(StringViewArray::from(vec!["view"])), "view"),
            (Arc::new(BinaryArray::from(vec![&b"\x00\xff"[..]])), "\\x00ff"),
            (Arc::new(BinaryViewArray::from(vec![&b"a"[..]])), "\\x61"),
            (Arc::new(Date32Array::from(vec![15_706])), "2013-01-01"),
            (Arc::new(Date64Array::from(vec![86_400_000])), "1970-01-02"),
            (Arc::new(Time32SecondArray::from(vec![3661])), "01:01:01"),
            (Arc::new(Time64NanosecondArray::from(vec![1_500_000_000])), "00:00:01.5"),
            (Arc::new(TimestampSecondArray::from(vec![0])), "1970-01-01 00:00:00"),
            (
                Arc::new(TimestampNanosecondArray::from(vec![1_000]).with_timezone("UTC")),
                "1970-01-01 00:00:00.000001+00",
            ),
            (Arc::new(DurationSecondArray::from(vec![90])), "00:01:30"),
            (Arc::new(IntervalYearMonthArray::from(vec![13])), "1 year 1 mon"),
            (
                Arc::new(Decimal128Array::from(vec![-12345]).with_precision_and_scale(10, 2).unwrap()),
                "-123.45",
            ),
            (
                Arc::new(
                    Decimal256Array::from(vec![i256::from_i128(-5)]).with_precision_and_scale(50, 3).unwrap(),
                ),
                "-0.005",
            ),
            (Arc::new(vec![Some("a"), Some("b")].into_iter().collect::<DictionaryArray<Int32Type>>()), "a"),
        ];
        for (array, expected) in cases {
            assert_eq!(text_of(array, 0), expected);
        }
        let wide: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
        assert!(Column::new(&wide).is_err());
    }

    #[test]
    fn lists_are_postgres_arrays() {
        let words =
            StringArray::from(vec![Some("a b"), None, Some("null"), Some("x"), Some(""), Some("q\"\\")]);
        let field = Arc::new(Field::new("item", DataType::Utf8, true));
        let list: ArrayRef =
            Arc::new(ListArray::new(field, OffsetBuffer::from_lengths([6, 0]), Arc::new(words), None));
        assert_eq!(text_of(Arc::clone(&list), 0), r#"{"a b",NULL,"null",x,"","q\"\\"}"#);
        assert_eq!(text_of(list, 1), "{}");
        let numbers: ArrayRef =
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1), None])]));
        assert_eq!(text_of(Arc::clone(&numbers), 0), "{1,NULL}");
        let expected: Vec<u8> =
            [1, 1, 23, 2, 1, 4, 1, -1].iter().flat_map(|number: &i32| number.to_be_bytes()).collect();
        assert_eq!(binary_of(numbers, 0), expected);
    }

    #[test]
    fn structs_are_json() {
        let rows: ArrayRef = Arc::new(StructArray::from(vec![
            (
                Arc::new(Field::new("n", DataType::Int32, true)),
                Arc::new(Int32Array::from(vec![1])) as ArrayRef,
            ),
            (
                Arc::new(Field::new("s", DataType::Utf8, true)),
                Arc::new(StringArray::from(vec!["a\"b\n"])) as ArrayRef,
            ),
        ]));
        assert_eq!(text_of(rows, 0), r#"{"n":1,"s":"a\"b\n"}"#);
    }

    #[test]
    fn numeric_in_binary() {
        let of = |value: i128, scale: i8| {
            let array = Decimal128Array::from(vec![value]).with_precision_and_scale(38, scale).unwrap();
            binary_of(Arc::new(array), 0)
                .chunks_exact(2)
                .map(|pair| i16::from_be_bytes([pair[0], pair[1]]))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(0, 2), [0, 0, 0, 2]);
        assert_eq!(of(1, 0), [1, 0, 0, 0, 1]);
        assert_eq!(of(-12345, 2), [2, 0, 0x4000, 2, 123, 4500]);
        assert_eq!(of(123456789, 0), [3, 2, 0, 0, 1, 2345, 6789]);
        assert_eq!(of(5, 5), [1, -2, 0, 5, 5000]);
        assert_eq!(of(10_000, 0), [1, 1, 0, 0, 1]);
    }

    #[test]
    fn times_in_binary_count_from_2000() {
        let stamps: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![PG_EPOCH_US + 1]));
        assert_eq!(binary_of(stamps, 0), 1i64.to_be_bytes());
        let days: ArrayRef = Arc::new(Date32Array::from(vec![PG_EPOCH_DAYS - 1]));
        assert_eq!(binary_of(days, 0), (-1i32).to_be_bytes());
    }
}
