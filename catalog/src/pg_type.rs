//! The one mapping between Arrow types and Postgres types: what a column is called, described and sent as.
//!
//! ```text
//!  Arrow DataType ──[of]──► PgType { oid, name, sql_name, … } ◄──[by_oid, by_name]── clients, casts, pg_type rows
//!                ◄──[PgType::data_type]──
//! ```
//!
//! An Arrow `UInt32` is Postgres's `oid`: no stored column has that type, so it is free for the system relations.
//! What Postgres has no type for is `text`.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};

/// A Postgres type that values here can have, as clients know it.
#[derive(Debug, PartialEq, Eq)]
pub struct PgType {
    /// Its number in `pg_type`, the same in every Postgres.
    pub oid: u32,
    /// Its name in `pg_type`: `int8`, `_text`.
    pub name: &'static str,
    /// Its name as `format_type` prints it: `bigint`, `text[]`.
    pub sql_name: &'static str,
    /// The number of its array type; 0 for an array type itself.
    pub array: u32,
    /// The number of the type of its elements; 0 unless it is an array type.
    pub element: u32,
    /// Bytes of a value; -1 when that varies.
    pub size: i16,
}

impl PgType {
    /// The Arrow type whose values are sent as this type; the widest `numeric` where precision is not said.
    pub fn data_type(&self) -> DataType {
        match self.oid {
            16 => DataType::Boolean,
            17 => DataType::Binary,
            20 => DataType::Int64,
            21 => DataType::Int16,
            23 => DataType::Int32,
            26 => DataType::UInt32,
            700 => DataType::Float32,
            701 => DataType::Float64,
            1082 => DataType::Date32,
            1083 => DataType::Time64(TimeUnit::Microsecond),
            1114 => DataType::Timestamp(TimeUnit::Microsecond, None),
            1184 => DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())),
            1186 => DataType::Interval(IntervalUnit::MonthDayNano),
            1700 => DataType::Decimal128(38, 10),
            _ => match by_oid(self.element) {
                Some(element) => DataType::List(Arc::new(Field::new("item", element.data_type(), true))),
                None => DataType::Utf8,
            },
        }
    }
}

/// The Postgres type that values of an Arrow type are described and sent as.
pub fn of(data_type: &DataType) -> &'static PgType {
    match data_type {
        DataType::Boolean => &TYPES[0],
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            &TYPES[1]
        }
        DataType::UInt64 | DataType::Int64 => &TYPES[2],
        DataType::Int8 | DataType::UInt8 | DataType::Int16 => &TYPES[3],
        DataType::UInt16 | DataType::Int32 => &TYPES[4],
        DataType::UInt32 => &TYPES[6],
        DataType::Float16 | DataType::Float32 => &TYPES[7],
        DataType::Float64 => &TYPES[8],
        DataType::Date32 | DataType::Date64 => &TYPES[9],
        DataType::Time32(_) | DataType::Time64(_) => &TYPES[10],
        DataType::Timestamp(_, None) => &TYPES[11],
        DataType::Timestamp(_, Some(_)) => &TYPES[12],
        DataType::Interval(_) | DataType::Duration(_) => &TYPES[13],
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => &TYPES[14],
        DataType::Dictionary(_, values) => of(values),
        DataType::RunEndEncoded(_, values) => of(values.data_type()),
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::ListView(field)
        | DataType::LargeListView(field) => array_of(field.data_type()),
        _ => &TYPES[TEXT],
    }
}

/// Postgres's arrays of arrays must be rectangular; ours need not be, so those are sent as text.
fn array_of(element: &DataType) -> &'static PgType {
    match of(element) {
        element if element.element != 0 => &TYPES[TEXT],
        element => by_oid(element.array).unwrap_or(&TYPES[TEXT]),
    }
}

/// The type of that number.
pub fn by_oid(oid: u32) -> Option<&'static PgType> {
    TYPES.iter().find(|known| known.oid == oid && oid != 0)
}

/// The type of that name, either way of naming it: `int8`, `bigint`, `_text`, `text[]`.
pub fn by_name(name: &str) -> Option<&'static PgType> {
    TYPES.iter().find(|known| known.name == name || known.sql_name == name)
}

/// `atttypmod`, what a type's parameters are packed into: precision and scale of a `numeric`; -1 for all else.
pub fn modifier(data_type: &DataType) -> i32 {
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

/// A column's type as SQL text, as `format_type(atttypid, atttypmod)` prints it: `bigint`, `numeric(10,2)`.
pub fn sql_name(data_type: &DataType) -> String {
    with_modifier(of(data_type), modifier(data_type))
}

/// A type's SQL text with its packed parameters.
pub fn with_modifier(pg_type: &PgType, modifier: i32) -> String {
    if pg_type.oid == 1700 && modifier >= 4 {
        let packed = modifier - 4;
        return format!("numeric({},{})", packed >> 16, packed & 0xffff);
    }
    pg_type.sql_name.to_owned()
}

const fn scalar(oid: u32, name: &'static str, sql_name: &'static str, array: u32, size: i16) -> PgType {
    PgType { oid, name, sql_name, array, element: 0, size }
}

const fn array(oid: u32, name: &'static str, sql_name: &'static str, element: u32) -> PgType {
    PgType { oid, name, sql_name, array: 0, element, size: -1 }
}

/// Where `text` is in [`TYPES`].
const TEXT: usize = 5;

/// The scalars first, at the places that [`of`] names.
static TYPES: [PgType; 42] = [
    scalar(16, "bool", "boolean", 1000, 1),
    scalar(17, "bytea", "bytea", 1001, -1),
    scalar(20, "int8", "bigint", 1016, 8),
    scalar(21, "int2", "smallint", 1005, 2),
    scalar(23, "int4", "integer", 1007, 4),
    scalar(25, "text", "text", 1009, -1),
    scalar(26, "oid", "oid", 1028, 4),
    scalar(700, "float4", "real", 1021, 4),
    scalar(701, "float8", "double precision", 1022, 8),
    scalar(1082, "date", "date", 1182, 4),
    scalar(1083, "time", "time without time zone", 1183, 8),
    scalar(1114, "timestamp", "timestamp without time zone", 1115, 8),
    scalar(1184, "timestamptz", "timestamp with time zone", 1185, 8),
    scalar(1186, "interval", "interval", 1187, 16),
    scalar(1700, "numeric", "numeric", 1231, -1),
    // Types that clients declare and casts name; their values are text here.
    scalar(18, "char", "\"char\"", 1002, 1),
    scalar(19, "name", "name", 1003, 64),
    scalar(114, "json", "json", 199, -1),
    scalar(1042, "bpchar", "character", 1014, -1),
    scalar(1043, "varchar", "character varying", 1015, -1),
    scalar(2950, "uuid", "uuid", 2951, 16),
    scalar(3802, "jsonb", "jsonb", 3807, -1),
    array(1000, "_bool", "boolean[]", 16),
    array(1001, "_bytea", "bytea[]", 17),
    array(1016, "_int8", "bigint[]", 20),
    array(1005, "_int2", "smallint[]", 21),
    array(1007, "_int4", "integer[]", 23),
    array(1009, "_text", "text[]", 25),
    array(1028, "_oid", "oid[]", 26),
    array(1021, "_float4", "real[]", 700),
    array(1022, "_float8", "double precision[]", 701),
    array(1182, "_date", "date[]", 1082),
    array(1183, "_time", "time without time zone[]", 1083),
    array(1115, "_timestamp", "timestamp without time zone[]", 1114),
    array(1185, "_timestamptz", "timestamp with time zone[]", 1184),
    array(1187, "_interval", "interval[]", 1186),
    array(1231, "_numeric", "numeric[]", 1700),
    array(1002, "_char", "\"char\"[]", 18),
    array(1003, "_name", "name[]", 19),
    array(1015, "_varchar", "character varying[]", 1043),
    array(2951, "_uuid", "uuid[]", 2950),
    array(199, "_json", "json[]", 114),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_values_have_goes_there_and_back() {
        for pg_type in &TYPES[..15] {
            assert_eq!(of(&pg_type.data_type()).oid, pg_type.oid, "{}", pg_type.name);
            let array = by_oid(pg_type.array).unwrap();
            assert_eq!(of(&array.data_type()).oid, array.oid, "{}", array.name);
            assert_eq!(array.element, pg_type.oid);
        }
    }

    #[test]
    fn names_are_postgres_names() {
        assert_eq!(sql_name(&DataType::Decimal128(10, 2)), "numeric(10,2)");
        assert_eq!(
            sql_name(&DataType::Timestamp(TimeUnit::Microsecond, None)),
            "timestamp without time zone"
        );
        assert_eq!(by_name("bigint"), by_name("int8"));
        assert_eq!(of(&DataType::Utf8View).name, "text");
    }
}
