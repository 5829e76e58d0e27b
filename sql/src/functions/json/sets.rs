//! Functions that give sets of rows: elements, keys and fields of json and jsonb, and the records that the
//! planner makes.
//!
//! A kernel gives a List for each row of arguments, of Utf8 or, for fields, of Struct(f1, f2): NULL where the
//! argument is NULL.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, StringBuilder, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Fields};
use millstream_catalog::Kind;

use super::text;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Body, Call, Param, Row, planned};
use crate::types::json::read::{Event, Reader};
use crate::types::json::scan::{self, JsonKind};
use crate::types::json::{escape, wrong_kind};

const JSON: Param = Param::Of(Kind::Json);
const JSONB: Param = Param::Of(Kind::Jsonb);
const TEXT: Param = Param::Of(Kind::Text);
const BOOLEAN: Param = Param::Of(Kind::Boolean);

/// The rows of sets.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        set("json_array_elements", JSON, JSON, |json, out| json_elements(json, false, out)),
        set("json_array_elements_text", JSON, TEXT, |json, out| json_elements(json, true, out)),
        set("json_object_keys", JSON, TEXT, json_keys),
        fields("json_each", JSON, JSON, |json, out| json_fields(json, false, out)),
        fields("json_each_text", JSON, TEXT, |json, out| json_fields(json, true, out)),
        set("jsonb_array_elements", JSONB, JSONB, |value, out| jsonb_elements(value, false, out)),
        set("jsonb_array_elements_text", JSONB, TEXT, |value, out| jsonb_elements(value, true, out)),
        set("jsonb_object_keys", JSONB, TEXT, jsonb_keys),
        fields("jsonb_each", JSONB, JSONB, |value, out| jsonb_fields(value, "jsonb_each", out)),
        fields("jsonb_each_text", JSONB, TEXT, |value, out| jsonb_fields(value, "jsonb_each_text", out)),
        planned("json_to_record", &[JSON], Param::Record).stable(),
        planned("jsonb_to_record", &[JSONB], Param::Record).stable(),
        planned("json_to_recordset", &[JSON], Param::Record).stable().set().takes_null(),
        planned("jsonb_to_recordset", &[JSONB], Param::Record).stable().set().takes_null(),
    ];
    let any = Param::AnyElement;
    rows.extend([
        planned("json_populate_record", &[any, JSON, BOOLEAN], any).defaults(1).stable().takes_null(),
        planned("jsonb_populate_record", &[any, JSONB], any).stable().takes_null(),
        planned("json_populate_recordset", &[any, JSON, BOOLEAN], any)
            .defaults(1)
            .stable()
            .set()
            .takes_null(),
        planned("jsonb_populate_recordset", &[any, JSONB], any).stable().set().takes_null(),
    ]);
    rows
}

/// Collects the rows of all sets.
struct Rows {
    keys: StringBuilder,
    values: StringBuilder,
    bytes: usize,
}

impl Rows {
    fn key(&mut self, key: &str) {
        self.bytes += key.len();
        self.keys.append_value(key);
    }

    fn value(&mut self, value: Option<impl AsRef<str>>) {
        self.bytes += value.as_ref().map_or(0, |value| value.as_ref().len());
        self.values.append_option(value);
    }
}

/// A row of a set of values.
fn set(
    name: &'static str,
    takes: Param,
    gives: Param,
    fill: impl Fn(&str, &mut Rows) -> SqlResult<()> + Send + Sync + 'static,
) -> Row {
    let kernel = move |call: &Call<'_>| lists(call, false, &fill);
    Row::new(name, vec![takes], gives, Body::Kernel(Arc::new(kernel))).set()
}

/// A row of a set of fields: keys and values.
fn fields(
    name: &'static str,
    takes: Param,
    gives: Param,
    fill: impl Fn(&str, &mut Rows) -> SqlResult<()> + Send + Sync + 'static,
) -> Row {
    let kernel = move |call: &Call<'_>| lists(call, true, &fill);
    let row = Row::new(name, vec![takes], Param::Record, Body::Kernel(Arc::new(kernel)));
    row.columns(&[("key", TEXT), ("value", gives)])
}

/// The list of each row: of values, or (`keyed`) of keys and values.
fn lists(
    call: &Call<'_>,
    keyed: bool,
    fill: &impl Fn(&str, &mut Rows) -> SqlResult<()>,
) -> SqlResult<ArrayRef> {
    let mut out = Rows { keys: StringBuilder::new(), values: StringBuilder::new(), bytes: 0 };
    let mut lengths = Vec::with_capacity(call.rows);
    let mut valid = Vec::with_capacity(call.rows);
    let mut before = 0;
    for row in 0..call.rows {
        let null = call.any_null(row);
        if !null {
            fill(text(call.arguments, 0, row)?, &mut out)?;
        }
        if out.bytes > i32::MAX as usize {
            let message = "the values of one batch take more than 2 GB";
            return Err(SqlError::new(SqlState::ProgramLimit, message));
        }
        let count = arrow::array::ArrayBuilder::len(&out.values);
        lengths.push(count - before);
        before = count;
        valid.push(!null);
    }
    let values: ArrayRef = Arc::new(out.values.finish());
    let items: ArrayRef = if keyed {
        let field = |name: &str| Field::new(name, DataType::Utf8, true);
        let fields = Fields::from(vec![field("f1"), field("f2")]);
        Arc::new(StructArray::new(fields, vec![Arc::new(out.keys.finish()), values], None))
    } else {
        values
    };
    let field = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    let lists: ArrayRef = Arc::new(ListArray::new(field, offsets, items, Some(NullBuffer::from(valid))));
    Ok(lists)
}

/// A value that was just read up to its end: itself, or what it says.
fn json_value<'a>(reader: &mut Reader<'a>, event: Event, as_text: bool) -> SqlResult<Option<Cow<'a, str>>> {
    let start = reader.start();
    if as_text && event == Event::Null {
        return Ok(None);
    }
    if as_text && event == Event::String {
        return Ok(Some(Cow::Owned(reader.decoded().to_owned())));
    }
    reader.skip(event)?;
    Ok(Some(Cow::Borrowed(reader.slice(start, reader.end()))))
}

fn json_elements(json: &str, as_text: bool, out: &mut Rows) -> SqlResult<()> {
    let function = if as_text { "json_array_elements_text" } else { "json_array_elements" };
    let mut reader = Reader::new(json, as_text);
    match reader.next()? {
        Event::ArrayStart => {}
        Event::ObjectStart => return Err(wrong_kind(format!("cannot call {function} on a non-array"))),
        _ => return Err(wrong_kind(format!("cannot call {function} on a scalar"))),
    }
    loop {
        match reader.next()? {
            Event::ArrayEnd => return Ok(()),
            event => out.value(json_value(&mut reader, event, as_text)?),
        }
    }
}

fn json_keys(json: &str, out: &mut Rows) -> SqlResult<()> {
    let mut reader = Reader::new(json, true);
    match reader.next()? {
        Event::ObjectStart => {}
        Event::ArrayStart => return Err(wrong_kind("cannot call json_object_keys on an array")),
        _ => return Err(wrong_kind("cannot call json_object_keys on a scalar")),
    }
    loop {
        match reader.next()? {
            Event::ObjectEnd => return Ok(()),
            _ => out.value(Some(reader.decoded())),
        }
        let event = reader.next()?;
        reader.skip(event)?;
    }
}

fn json_fields(json: &str, as_text: bool, out: &mut Rows) -> SqlResult<()> {
    let mut reader = Reader::new(json, true);
    match reader.next()? {
        Event::ObjectStart => {}
        Event::ArrayStart => return Err(wrong_kind("cannot deconstruct an array as an object")),
        _ => return Err(wrong_kind("cannot deconstruct a scalar")),
    }
    loop {
        match reader.next()? {
            Event::ObjectEnd => return Ok(()),
            _ => out.key(reader.decoded()),
        }
        let event = reader.next()?;
        out.value(json_value(&mut reader, event, as_text)?);
    }
}

fn jsonb_elements(value: &str, as_text: bool, out: &mut Rows) -> SqlResult<()> {
    match scan::kind(value) {
        JsonKind::Array => {}
        JsonKind::Object => return Err(wrong_kind("cannot extract elements from an object")),
        _ => return Err(wrong_kind("cannot extract elements from a scalar")),
    }
    for item in scan::items(value) {
        if as_text {
            out.value(scan::text(item.value()));
        } else {
            out.value(Some(item.value()));
        }
    }
    Ok(())
}

fn jsonb_keys(value: &str, out: &mut Rows) -> SqlResult<()> {
    match scan::kind(value) {
        JsonKind::Object => {}
        JsonKind::Array => return Err(wrong_kind("cannot call jsonb_object_keys on an array")),
        _ => return Err(wrong_kind("cannot call jsonb_object_keys on a scalar")),
    }
    scan::items(value).for_each(|item| out.value(Some(escape::said(item.key()))));
    Ok(())
}

fn jsonb_fields(value: &str, function: &str, out: &mut Rows) -> SqlResult<()> {
    if scan::kind(value) != JsonKind::Object {
        return Err(wrong_kind(format!("cannot call {function} on a non-object")));
    }
    for item in scan::items(value) {
        out.key(&escape::said(item.key()));
        if function == "jsonb_each_text" {
            out.value(scan::text(item.value()));
        } else {
            out.value(Some(item.value()));
        }
    }
    Ok(())
}
