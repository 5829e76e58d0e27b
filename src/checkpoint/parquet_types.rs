//! Types that Parquet has no room for, and what stands for them.
//!
//! Only one storable type is such: an interval of months, days and nanoseconds. It is stored as a struct of three
//! fields, which every reader shows, and whose field says in its Arrow metadata that it is an interval.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray, RecordBatch,
    StructArray,
};
use arrow::datatypes::{
    DataType, Field, FieldRef, Fields, Int32Type, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
    IntervalUnit, Schema,
};

use crate::{Error, Result};

const MARK: &str = "millstream.type";
const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

/// The batch as Parquet can hold it.
pub(crate) fn to_stored(batch: &RecordBatch) -> Result<RecordBatch> {
    convert(batch, stored_field, stored_array)
}

/// The batch as it was before [`to_stored`].
pub(crate) fn from_stored(batch: &RecordBatch) -> Result<RecordBatch> {
    convert(batch, plain_field, plain_array)
}

/// The schema that [`from_stored`] gives.
pub(crate) fn plain_schema(schema: &Schema) -> Schema {
    let fields: Fields = schema.fields().iter().map(plain_field).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

fn convert(
    batch: &RecordBatch,
    field: fn(&FieldRef) -> FieldRef,
    array: fn(&FieldRef, &ArrayRef) -> Result<ArrayRef>,
) -> Result<RecordBatch> {
    let schema = batch.schema();
    let fields: Fields = schema.fields().iter().map(field).collect();
    if fields == *schema.fields() {
        return Ok(batch.clone());
    }
    let pairs = schema.fields().iter().zip(batch.columns());
    let columns = pairs.map(|(field, column)| array(field, column)).collect::<Result<Vec<_>>>()?;
    Ok(RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())), columns)?)
}

fn parts(nullable: bool) -> Fields {
    let part = |name: &str, data_type| Field::new(name, data_type, nullable);
    vec![part("months", DataType::Int32), part("days", DataType::Int32), part("nanoseconds", DataType::Int64)]
        .into()
}

fn stored_field(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        data_type if *data_type == INTERVAL => {
            let mut metadata = field.metadata().clone();
            metadata.insert(MARK.into(), "interval".into());
            let stored = Field::new(field.name(), DataType::Struct(parts(false)), field.is_nullable());
            return Arc::new(stored.with_metadata(metadata));
        }
        DataType::List(item) => DataType::List(stored_field(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(stored_field).collect()),
        _ => return field.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

fn plain_field(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Struct(_) if field.metadata().contains_key(MARK) => {
            let mut metadata = field.metadata().clone();
            metadata.remove(MARK);
            return Arc::new(field.as_ref().clone().with_data_type(INTERVAL).with_metadata(metadata));
        }
        DataType::List(item) => DataType::List(plain_field(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(plain_field).collect()),
        _ => return field.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

fn stored_array(field: &FieldRef, array: &ArrayRef) -> Result<ArrayRef> {
    let stored = stored_field(field);
    if stored == *field {
        return Ok(array.clone());
    }
    if *field.data_type() == INTERVAL {
        let intervals = array.as_primitive::<IntervalMonthDayNanoType>();
        let months: Int32Array =
            intervals.values().iter().map(|interval| interval.months).collect::<Vec<_>>().into();
        let days: Int32Array =
            intervals.values().iter().map(|interval| interval.days).collect::<Vec<_>>().into();
        let nanoseconds: Int64Array =
            intervals.values().iter().map(|interval| interval.nanoseconds).collect::<Vec<_>>().into();
        let columns: Vec<ArrayRef> = vec![Arc::new(months), Arc::new(days), Arc::new(nanoseconds)];
        return Ok(Arc::new(StructArray::try_new(parts(false), columns, array.nulls().cloned())?));
    }
    nested(field, &stored, array, stored_array)
}

fn plain_array(field: &FieldRef, array: &ArrayRef) -> Result<ArrayRef> {
    let plain = plain_field(field);
    if plain == *field {
        return Ok(array.clone());
    }
    if *plain.data_type() == INTERVAL {
        let parts = array.as_struct();
        let wrong = || Error::internal("a stored interval does not have three parts");
        let months = parts
            .columns()
            .first()
            .and_then(|part| part.as_primitive_opt::<Int32Type>())
            .ok_or_else(wrong)?;
        let days =
            parts.columns().get(1).and_then(|part| part.as_primitive_opt::<Int32Type>()).ok_or_else(wrong)?;
        let nanoseconds =
            parts.columns().get(2).and_then(|part| part.as_primitive_opt::<Int64Type>()).ok_or_else(wrong)?;
        let triples = months.values().iter().zip(days.values()).zip(nanoseconds.values());
        let values: Vec<IntervalMonthDayNano> = triples
            .map(|((months, days), nanoseconds)| IntervalMonthDayNano::new(*months, *days, *nanoseconds))
            .collect();
        return Ok(Arc::new(IntervalMonthDayNanoArray::try_new(values.into(), array.nulls().cloned())?));
    }
    nested(field, &plain, array, plain_array)
}

/// A list or struct with its children converted.
fn nested(
    from: &FieldRef,
    to: &FieldRef,
    array: &ArrayRef,
    child: fn(&FieldRef, &ArrayRef) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    match (from.data_type(), to.data_type()) {
        (DataType::List(item), DataType::List(to)) => {
            let list = array.as_list::<i32>();
            let values = child(item, list.values())?;
            Ok(Arc::new(ListArray::try_new(
                to.clone(),
                list.offsets().clone(),
                values,
                list.nulls().cloned(),
            )?))
        }
        (DataType::Struct(fields), DataType::Struct(to)) => {
            let array = array.as_struct();
            let pairs = fields.iter().zip(array.columns());
            let columns = pairs.map(|(field, column)| child(field, column)).collect::<Result<Vec<_>>>()?;
            Ok(Arc::new(StructArray::try_new(to.clone(), columns, array.nulls().cloned())?))
        }
        (from, _) => Err(Error::internal(format!("type {from} has no stored form"))),
    }
}
