//! Arrow types and Postgres types: which OID a column is described with, and what an OID from a client means.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use millstream_catalog::{Kind, SqlType};
use pgwire::messages::data::{FieldDescription, RowDescription};

/// What a client's parameter type means to the planner. None leaves it to the statement.
pub fn parameter_hint(oid: u32) -> Option<SqlType> {
    SqlType::by_oid(oid).filter(|known| !known.is(Kind::Unknown))
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
        let sent = SqlType::of_field(field);
        FieldDescription::new(
            field.name().replace('\0', "\u{fffd}"),
            0,
            0,
            sent.oid(),
            sent.kind().map_or(-1, Kind::size),
            sent.modifier(),
            match formats.get(index) {
                Some(Format::Binary) => 1,
                _ => 0,
            },
        )
    };
    RowDescription::new(schema.fields().iter().enumerate().map(describe).collect())
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;

    use super::*;

    #[test]
    fn columns_are_described_as_postgres_does() {
        let schema = Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("price", DataType::Decimal128(10, 2), true),
            Field::new("tags", DataType::List(Arc::new(Field::new("item", DataType::Utf8View, true))), true),
            SqlType::from(Kind::Timestamptz).field("at", true),
            SqlType::Scalar(Kind::Varchar, 7).field("code", true),
        ]);
        let description = row_description(&schema, &[Format::Text, Format::Binary]);
        let seen: Vec<_> = description
            .fields
            .iter()
            .map(|field| (field.type_id, field.type_size, field.type_modifier, field.format_code))
            .collect();
        assert_eq!(
            seen,
            [
                (20, 8, -1, 0),
                (1700, -1, (10 << 16 | 2) + 4, 1),
                (1009, -1, -1, 0),
                (1184, 8, -1, 0),
                (1043, -1, 7, 0)
            ]
        );
    }

    #[test]
    fn every_hint_is_described_by_its_own_number() {
        for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Unknown) {
            assert_eq!(parameter_hint(kind.oid()).unwrap().oid(), kind.oid());
            if kind.array_oid() != 0 {
                assert_eq!(parameter_hint(kind.array_oid()).unwrap().oid(), kind.array_oid());
            }
        }
        for oid in [0, Kind::Unknown.oid()] {
            assert_eq!(parameter_hint(oid), None);
        }
    }
}
