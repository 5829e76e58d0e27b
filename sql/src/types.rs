//! The values of each type: how text and the wire give them, how they print, compare and are keys, what casts to what.
//!
//! [`spelled`] gives the SQL type of what stands in a query; which Arrow type holds it is
//! [`SqlType::data_type`](millstream_catalog::SqlType::data_type).

pub mod boolean;
pub mod builder;
pub mod bytea;
pub mod cast;
pub mod compare;
pub mod conform;
pub mod datetime;
pub mod decimal;
pub mod encoding;
pub mod encoding_tables;
pub mod environment;
pub mod float;
pub mod integer;
pub mod interval;
pub mod json;
pub mod key;
pub mod leaf;
pub mod leaf_small;
pub mod literal;
pub mod names;
pub mod numeric;
pub mod print;
pub mod read;
pub mod row;
pub mod spelled;
pub mod text;
pub mod timetz;
pub mod uuid;
pub mod wire;
pub mod zone;

use std::sync::Arc;

use arrow::datatypes::{DataType, IntervalUnit, TimeUnit};

use crate::error::SqlError;

/// The zone of every timestamptz.
pub const UTC: &str = "+00:00";

/// `timestamp`.
pub fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, None)
}

/// `timestamptz`.
pub fn timestamptz() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()))
}

pub(crate) fn unsupported_type(name: &str) -> SqlError {
    SqlError::unsupported(
        format!("type {name} is not built yet"),
        "built are boolean, smallint, integer, bigint, real, double precision, numeric, text, bytea, date, time, \
         timestamp, timestamptz and interval",
    )
}

/// The type in which values of a computed type are stored and sent, for every type that is not storable itself;
/// None for one that has no storable counterpart (arrays, structs).
pub fn storable_type(data_type: &DataType) -> Option<DataType> {
    Some(match data_type {
        DataType::Boolean
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(_, _)
        | DataType::Utf8
        | DataType::Binary
        | DataType::Date32 => data_type.clone(),
        DataType::Null | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Int8 | DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Decimal256(precision, scale) => {
            DataType::Decimal128((*precision).min(38), (*scale).min(38))
        }
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::Date64 | DataType::Timestamp(_, None) => timestamp(),
        DataType::Timestamp(_, Some(_)) => timestamptz(),
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Microsecond),
        DataType::Interval(_) | DataType::Duration(_) => DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::Dictionary(_, values) => storable_type(values)?,
        _ => return None,
    })
}

/// The type in which values of a type are sent to clients and taken from them: as they are stored, but that oids and
/// arrays stay what they are.
pub fn sent_type(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::UInt32 => Some(DataType::UInt32),
        DataType::List(field) => {
            let element = sent_type(field.data_type())?;
            Some(DataType::List(Arc::new(field.as_ref().clone().with_data_type(element))))
        }
        other => storable_type(other),
    }
}

/// The SQL name of a type, as Postgres's messages spell it.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Boolean => "boolean".into(),
        DataType::Int8 | DataType::UInt8 | DataType::Int16 => "smallint".into(),
        DataType::Int32 | DataType::UInt16 => "integer".into(),
        DataType::Int64 | DataType::UInt64 => "bigint".into(),
        DataType::UInt32 => "oid".into(),
        DataType::Float16 | DataType::Float32 => "real".into(),
        DataType::Float64 => "double precision".into(),
        DataType::Decimal128(38, 10) => "numeric".into(),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => format!("numeric({precision},{scale})"),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text".into(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            "bytea".into()
        }
        DataType::Date32 => "date".into(),
        DataType::Time32(_) | DataType::Time64(_) => "time without time zone".into(),
        DataType::Date64 | DataType::Timestamp(_, None) => "timestamp without time zone".into(),
        DataType::Timestamp(_, Some(_)) => "timestamp with time zone".into(),
        DataType::Interval(_) | DataType::Duration(_) => "interval".into(),
        DataType::Null => "unknown".into(),
        DataType::Dictionary(_, values) => type_name(values),
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            format!("{}[]", type_name(field.data_type()))
        }
        DataType::Struct(_) => "record".into(),
        other => other.to_string().to_lowercase(),
    }
}

/// Whether text is what the type holds.
pub fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Settings as text, for names in plans.
pub(crate) fn environment_text(environment: &environment::Environment) -> String {
    format!(
        "{}/{:?}/{:?}/{:?}",
        zone::setting_text(environment.zone),
        environment.date_style,
        environment.date_order,
        environment.interval_style
    )
}
