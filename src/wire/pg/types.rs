//! Arrow types and Postgres types: which OID a column is described with, and what an OID from a client means.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, IntervalUnit, Schema, TimeUnit};
use millstream_sql::types;
use pgwire::api::Type;
use pgwire::messages::data::{FieldDescription, RowDescription};

/// The Postgres type that values of an Arrow type are sent as. What Postgres has no type for is sent as `text`.
pub fn pg_type(data_type: &DataType) -> Type {
    match data_type {
        DataType::Boolean => Type::BOOL,
        DataType::Int8 | DataType::UInt8 | DataType::Int16 => Type::INT2,
        DataType::UInt16 | DataType::Int32 => Type::INT4,
        DataType::UInt32 | DataType::UInt64 | DataType::Int64 => Type::INT8,
        DataType::Float16 | DataType::Float32 => Type::FLOAT4,
        DataType::Float64 => Type::FLOAT8,
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => Type::NUMERIC,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            Type::BYTEA
        }
        DataType::Date32 | DataType::Date64 => Type::DATE,
        DataType::Time32(_) | DataType::Time64(_) => Type::TIME,
        DataType::Timestamp(_, None) => Type::TIMESTAMP,
        DataType::Timestamp(_, Some(_)) => Type::TIMESTAMPTZ,
        DataType::Interval(_) | DataType::Duration(_) => Type::INTERVAL,
        DataType::Dictionary(_, values) => pg_type(values),
        DataType::RunEndEncoded(_, values) => pg_type(values.data_type()),
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::ListView(field)
        | DataType::LargeListView(field) => array_of(field.data_type()),
        _ => Type::TEXT,
    }
}

fn array_of(element: &DataType) -> Type {
    use DataType::{FixedSizeList, LargeList, LargeListView, List, ListView};
    // Postgres's arrays of arrays must be rectangular, ours need not be: those are sent as text.
    if matches!(element, List(_) | LargeList(_) | FixedSizeList(..) | ListView(_) | LargeListView(_)) {
        return Type::TEXT;
    }
    match pg_type(element) {
        Type::BOOL => Type::BOOL_ARRAY,
        Type::INT2 => Type::INT2_ARRAY,
        Type::INT4 => Type::INT4_ARRAY,
        Type::INT8 => Type::INT8_ARRAY,
        Type::FLOAT4 => Type::FLOAT4_ARRAY,
        Type::FLOAT8 => Type::FLOAT8_ARRAY,
        Type::NUMERIC => Type::NUMERIC_ARRAY,
        Type::BYTEA => Type::BYTEA_ARRAY,
        Type::DATE => Type::DATE_ARRAY,
        Type::TIME => Type::TIME_ARRAY,
        Type::TIMESTAMP => Type::TIMESTAMP_ARRAY,
        Type::TIMESTAMPTZ => Type::TIMESTAMPTZ_ARRAY,
        Type::INTERVAL => Type::INTERVAL_ARRAY,
        _ => Type::TEXT_ARRAY,
    }
}

/// What a client's parameter type means to the planner. None leaves it to the statement: for unknown types, and for
/// `numeric`, whose precision and scale only the statement knows.
pub fn parameter_hint(oid: u32) -> Option<DataType> {
    let array = |element| Some(DataType::List(Arc::new(Field::new("item", element, true))));
    Some(match Type::from_oid(oid)? {
        Type::BOOL => DataType::Boolean,
        Type::INT2 => DataType::Int16,
        Type::INT4 => DataType::Int32,
        Type::INT8 | Type::OID => DataType::Int64,
        Type::FLOAT4 => DataType::Float32,
        Type::FLOAT8 => DataType::Float64,
        Type::TEXT
        | Type::VARCHAR
        | Type::BPCHAR
        | Type::NAME
        | Type::CHAR
        | Type::JSON
        | Type::JSONB
        | Type::UUID => DataType::Utf8,
        Type::BYTEA => DataType::Binary,
        Type::DATE => DataType::Date32,
        Type::TIME => DataType::Time64(TimeUnit::Microsecond),
        Type::TIMESTAMP => types::timestamp(),
        Type::TIMESTAMPTZ => types::timestamptz(),
        Type::INTERVAL => DataType::Interval(IntervalUnit::MonthDayNano),
        Type::BOOL_ARRAY => return array(DataType::Boolean),
        Type::INT2_ARRAY => return array(DataType::Int16),
        Type::INT4_ARRAY => return array(DataType::Int32),
        Type::INT8_ARRAY | Type::OID_ARRAY => return array(DataType::Int64),
        Type::FLOAT4_ARRAY => return array(DataType::Float32),
        Type::FLOAT8_ARRAY => return array(DataType::Float64),
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::NAME_ARRAY => return array(DataType::Utf8),
        _ => return None,
    })
}

/// Whether a value goes as text or in Postgres's binary form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// 0
    Text,
    /// 1
    Binary,
}

/// The RowDescription of a schema; `formats` has one for each column.
pub fn row_description(schema: &Schema, formats: &[Format]) -> RowDescription {
    let describe = |(index, field): (usize, &Arc<Field>)| {
        let data_type = pg_type(field.data_type());
        FieldDescription::new(
            field.name().replace('\0', "\u{fffd}"),
            0,
            0,
            data_type.oid(),
            type_size(&data_type),
            type_modifier(field.data_type()),
            match formats.get(index) {
                Some(Format::Binary) => 1,
                _ => 0,
            },
        )
    };
    RowDescription::new(schema.fields().iter().enumerate().map(describe).collect())
}

/// Bytes of a value; -1 for types of varying length.
fn type_size(data_type: &Type) -> i16 {
    match *data_type {
        Type::BOOL => 1,
        Type::INT2 => 2,
        Type::INT4 | Type::FLOAT4 | Type::DATE => 4,
        Type::INT8 | Type::FLOAT8 | Type::TIME | Type::TIMESTAMP | Type::TIMESTAMPTZ => 8,
        Type::INTERVAL => 16,
        _ => -1,
    }
}

/// Precision and scale of a `numeric`, as Postgres packs them; -1 for all else.
fn type_modifier(data_type: &DataType) -> i32 {
    match data_type {
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            ((i32::from(*precision) << 16) | i32::from((*scale).max(0))) + 4
        }
        _ => -1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_described_as_postgres_does() {
        let schema = Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("price", DataType::Decimal128(10, 2), true),
            Field::new("tags", DataType::List(Arc::new(Field::new("item", DataType::Utf8View, true))), true),
            Field::new("at", types::timestamptz(), true),
        ]);
        let description = row_description(&schema, &[Format::Text, Format::Binary]);
        let seen: Vec<_> = description
            .fields
            .iter()
            .map(|field| (field.type_id, field.type_size, field.type_modifier, field.format_code))
            .collect();
        assert_eq!(
            seen,
            [(20, 8, -1, 0), (1700, -1, (10 << 16 | 2) + 4, 1), (1009, -1, -1, 0), (1184, 8, -1, 0)]
        );
    }

    #[test]
    fn every_hint_is_described_by_a_type_of_the_same_family() {
        for data_type in
            [Type::BOOL, Type::INT2, Type::INT4, Type::INT8, Type::FLOAT8, Type::TIMESTAMP, Type::DATE]
        {
            assert_eq!(pg_type(&parameter_hint(data_type.oid()).unwrap()), data_type);
        }
        assert_eq!(parameter_hint(0), None);
        assert_eq!(parameter_hint(1700), None);
    }
}
