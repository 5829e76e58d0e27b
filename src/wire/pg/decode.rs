//! Parameter values from clients, in text or Postgres's binary form, as the type that the statement wants.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use millstream_catalog::SqlType;
use millstream_sql::types::builder::ValueBuilder;
use millstream_sql::types::environment::Environment;
use millstream_sql::types::{print, read, wire};
use millstream_sql::{SqlError, SqlResult, SqlState};
use pgwire::api::Type;

use super::types::{Format, parameter_hint};
use crate::wire::copy::invalid_utf8;

/// The value of parameter `$number`. `oid` is the type that the client declared (0: none), `target` what the
/// statement wants.
pub(super) fn parameter(
    number: usize,
    oid: u32,
    format: Format,
    bytes: Option<&[u8]>,
    target: &SqlType,
    environment: &Arc<Environment>,
) -> SqlResult<ScalarValue> {
    let mut values = ValueBuilder::new(&target.data_type())?;
    let Some(bytes) = bytes else {
        values.append_null();
        return value(values);
    };
    match format {
        Format::Text => read::read(target, false, utf8(bytes)?, environment, &mut values)?,
        Format::Binary => {
            let malformed = |error: SqlError| match error.state {
                SqlState::ProtocolViolation | SqlState::InvalidBinaryRepresentation => SqlError::new(
                    SqlState::InvalidBinaryRepresentation,
                    format!("incorrect binary data format in bind parameter {number}"),
                ),
                _ => error,
            };
            match parameter_hint(oid).filter(|declared| declared.plain() != target.plain()) {
                None => wire::receive(target, bytes, &mut values).map_err(malformed)?,
                Some(declared) => {
                    // Sent as another type: by its text.
                    let mut sent = ValueBuilder::new(&declared.data_type())?;
                    wire::receive(&declared, bytes, &mut sent).map_err(malformed)?;
                    let array = sent.finish()?;
                    let mut text = String::new();
                    print::print(&declared, array.as_ref(), 0, environment, &mut text)?;
                    read::read(target, false, &text, environment, &mut values)?;
                }
            }
        }
    }
    value(values)
}

fn value(mut values: ValueBuilder) -> SqlResult<ScalarValue> {
    let array = values.finish()?;
    ScalarValue::try_from_array(&array, 0).map_err(|error| SqlError::internal(error.to_string()))
}

fn utf8(bytes: &[u8]) -> SqlResult<&str> {
    let text = std::str::from_utf8(bytes).map_err(|error| invalid_utf8(&bytes[error.valid_up_to()..]))?;
    match text.contains('\0') {
        true => Err(invalid_utf8(b"\0")),
        false => Ok(text),
    }
}

/// The types of parameters as the client is told: what it declared itself, else what the statement wants.
pub(super) fn described_types(declared: &[u32], wanted: &[SqlType]) -> Vec<u32> {
    let describe = |(index, wanted): (usize, &SqlType)| match declared.get(index) {
        Some(oid) if *oid != 0 && *oid != Type::UNKNOWN.oid() => *oid,
        _ => wanted.oid(),
    };
    wanted.iter().enumerate().map(describe).collect()
}

/// The hints for planning from the types that a client declared.
pub(super) fn hints(declared: &[u32]) -> Vec<Option<SqlType>> {
    declared.iter().map(|oid| parameter_hint(*oid)).collect()
}
