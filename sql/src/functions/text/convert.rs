//! Conversion between encodings: `convert`, `convert_from`, `convert_to`, and the encodings' names.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::functions::text::length::count;
use crate::strict;
use crate::types::encoding::{self, Encoding, UTF8};
use crate::types::text::check_size;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("convert", (s: Bytea, from: Name, to: Name) -> Bytea => convert(s, from, to))
            .stable()
            .grows(),
        strict!("convert_from", (s: Bytea, from: Name) -> Text => convert_from(s, from)).stable().grows(),
        strict!("convert_to", (s: Text, to: Name) -> Bytea => {
            encoding::convert(s.as_bytes(), UTF8, named("destination encoding", to)?)
        })
        .stable(),
        strict!("pg_char_to_encoding", (name: Name) -> Int4 =>
            Ok(Encoding::by_name(name).map_or(-1, Encoding::number)))
        .safe()
        .stable(),
        strict!("pg_encoding_to_char", (number: Int4) -> Name =>
            Ok(Encoding::by_number(number).map_or("", Encoding::name).to_owned()))
        .safe()
        .stable(),
        strict!("pg_client_encoding", () -> Name => Ok("UTF8".to_owned())).safe().stable(),
        strict!("getdatabaseencoding", () -> Name => Ok("UTF8".to_owned())).safe().stable(),
    ]
}

fn named(what: &str, name: &str) -> SqlResult<Encoding> {
    Encoding::by_name(name).ok_or_else(|| {
        SqlError::new(SqlState::InvalidParameterValue, format!("invalid {what} name \"{name}\""))
    })
}

fn convert(bytes: &[u8], from: &str, to: &str) -> SqlResult<Vec<u8>> {
    check_size(bytes.len())?;
    encoding::convert(bytes, named("source encoding", from)?, named("destination encoding", to)?)
}

fn convert_from(bytes: &[u8], from: &str) -> SqlResult<String> {
    check_size(bytes.len())?;
    let converted = encoding::convert(bytes, named("source encoding", from)?, UTF8)?;
    // Of SQL_ASCII and UTF8 the bytes are as they were.
    encoding::read_utf8(&converted).map(str::to_owned)
}

/// Number of characters of bytes in an encoding.
pub fn length(bytes: &[u8], name: &str) -> SqlResult<i32> {
    count(encoding::verify(bytes, named("encoding", name)?)?)
}
