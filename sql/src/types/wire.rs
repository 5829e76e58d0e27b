//! PostgreSQL's binary form of every SQL type: what the wire protocol sends in binary result columns and
//! takes in binary parameters.
//!
//! ```text
//!  date        days since 2000-01-01, i32
//!  timestamp   µs since 2000-01-01, i64
//!  timetz      µs i64, seconds west i32
//!  interval    µs i64, days i32, months i32
//!  numeric     digits of base 10000: count, weight, sign, scale, digits
//!  jsonb       01, then the text
//!  array       dimensions, flags, oid, (length, lower bound)…, parts
//!  record      count, (oid, part)…
//!  part        length i32 (-1: NULL), bytes
//! ```
//!
//! All numbers are big endian. [`receive`] never panics on malformed bytes: it answers 22P03 or 08P01 as
//! PostgreSQL does. Timestamps after the year 294246 have no place in our microseconds since 1970 and are
//! 22008.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    Date32Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, Time64MicrosecondType,
    TimestampMicrosecondType, UInt32Type,
};
use millstream_catalog::{Kind, SqlType};

use super::builder::{ValueBuilder, too_large, wrong_type};
use super::interval::Interval;
use super::text::{byte_char, char_byte, to_bpchar, to_varchar};
use super::timetz::Timetz;
use super::{leaf, literal};
use crate::error::{SqlError, SqlResult, SqlState};

/// Days from 1970-01-01 to 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
/// Microseconds from 1970-01-01 to 2000-01-01.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// Microseconds of a day.
const DAY_MICROS: i64 = 86_400_000_000;

/// Appends the binary form of the value of a row, which is not NULL.
pub fn send(sql_type: &SqlType, array: &dyn Array, row: usize, bytes: &mut Vec<u8>) -> SqlResult<()> {
    match sql_type {
        SqlType::Array(element) => send_list(element, 1, array, row, bytes),
        SqlType::Record(fields) => {
            let record = array.as_struct_opt().ok_or_else(|| wrong_type("Struct", array.data_type()))?;
            if record.num_columns() != fields.len() {
                return Err(SqlError::internal("a record's column has not the fields of its type"));
            }
            bytes.extend((fields.len() as i32).to_be_bytes());
            for ((_, field), column) in fields.iter().zip(record.columns()) {
                bytes.extend(field.oid().to_be_bytes());
                send_part(field, column, row, bytes)?;
            }
            Ok(())
        }
        SqlType::Scalar(kind, _) => send_scalar(*kind, array, row, bytes),
    }
}

/// Reads the binary form of a value and appends it.
pub fn receive(sql_type: &SqlType, bytes: &[u8], builder: &mut ValueBuilder) -> SqlResult<()> {
    let mut source = Source { bytes };
    match sql_type {
        SqlType::Array(element) => receive_list(element, 1, &mut source, builder)?,
        SqlType::Record(fields) => {
            let count = source.i32()?;
            if usize::try_from(count) != Ok(fields.len()) {
                let message = format!("wrong number of columns: {count}, expected {}", fields.len());
                return Err(SqlError::new(SqlState::DatatypeMismatch, message));
            }
            for (index, (_, field)) in fields.iter().enumerate() {
                let oid = source.u32()?;
                if oid != field.oid() {
                    let message = format!(
                        "binary data has type {oid} instead of expected {} in record column {}",
                        field.oid(),
                        index + 1
                    );
                    return Err(SqlError::new(SqlState::DatatypeMismatch, message));
                }
                let part = source.part()?;
                let columns = builder.fields()?;
                let column = columns
                    .get_mut(index)
                    .ok_or_else(|| SqlError::internal("a record's column has not the fields of its type"))?;
                match part {
                    Some(part) => receive(field, part, column)?,
                    None => column.append_null(),
                }
            }
            builder.close_record()?;
        }
        SqlType::Scalar(Kind::Int2vector, _) => receive_list(&Kind::Int2.into(), 0, &mut source, builder)?,
        SqlType::Scalar(Kind::Oidvector, _) => receive_list(&Kind::Oid.into(), 0, &mut source, builder)?,
        SqlType::Scalar(kind, modifier) => receive_scalar(*kind, *modifier, &mut source, builder)?,
    }
    source.end()
}

fn send_scalar(kind: Kind, array: &dyn Array, row: usize, bytes: &mut Vec<u8>) -> SqlResult<()> {
    match kind {
        Kind::Boolean => bytes.push(leaf::boolean_at(array, row)?.into()),
        Kind::Int2 => bytes.extend(leaf::primitive_at::<Int16Type>(array, row)?.to_be_bytes()),
        Kind::Int4 => bytes.extend(leaf::primitive_at::<Int32Type>(array, row)?.to_be_bytes()),
        Kind::Int8 => bytes.extend(leaf::primitive_at::<Int64Type>(array, row)?.to_be_bytes()),
        Kind::Float4 => bytes.extend(leaf::primitive_at::<Float32Type>(array, row)?.to_be_bytes()),
        Kind::Float8 => bytes.extend(leaf::primitive_at::<Float64Type>(array, row)?.to_be_bytes()),
        Kind::Numeric => leaf::send_numeric(&leaf::numeric_at(array, row)?, bytes),
        Kind::Text
        | Kind::Varchar
        | Kind::Bpchar
        | Kind::Name
        | Kind::Json
        | Kind::Unknown
        | Kind::Cstring => bytes.extend_from_slice(leaf::text_at(array, row)?.as_bytes()),
        Kind::Void => {}
        Kind::Char => bytes.push(char_byte(leaf::text_at(array, row)?)),
        Kind::Jsonb => {
            bytes.push(1);
            bytes.extend_from_slice(leaf::text_at(array, row)?.as_bytes());
        }
        Kind::Bytea | Kind::Uuid => bytes.extend_from_slice(leaf::bytes_at(array, row)?),
        Kind::Date => {
            let days = leaf::primitive_at::<Date32Type>(array, row)?;
            let days = if is_infinite(days.into(), i32::MIN.into(), i32::MAX.into()) {
                days
            } else {
                days.saturating_sub(EPOCH_DAYS)
            };
            bytes.extend(days.to_be_bytes());
        }
        Kind::Time => bytes.extend(leaf::primitive_at::<Time64MicrosecondType>(array, row)?.to_be_bytes()),
        Kind::Timetz => {
            let value = Timetz::from_bytes(leaf::bytes_at(array, row)?);
            bytes.extend(value.micros.to_be_bytes());
            bytes.extend(value.zone.to_be_bytes());
        }
        Kind::Timestamp | Kind::Timestamptz => {
            let micros = leaf::primitive_at::<TimestampMicrosecondType>(array, row)?;
            let micros = if is_infinite(micros, i64::MIN, i64::MAX) {
                micros
            } else {
                micros.saturating_sub(EPOCH_MICROS)
            };
            bytes.extend(micros.to_be_bytes());
        }
        Kind::Interval => {
            let value = leaf::interval_at(array, row)?;
            bytes.extend(value.micros.to_be_bytes());
            bytes.extend(value.days.to_be_bytes());
            bytes.extend(value.months.to_be_bytes());
        }
        Kind::Int2vector => send_list(&Kind::Int2.into(), 0, array, row, bytes)?,
        Kind::Oidvector => send_list(&Kind::Oid.into(), 0, array, row, bytes)?,
        millstream_catalog::oid_kinds!() => {
            bytes.extend(leaf::primitive_at::<UInt32Type>(array, row)?.to_be_bytes())
        }
    }
    Ok(())
}

/// Sends a list whose first element has the index `lower`.
fn send_list(
    element: &SqlType,
    lower: i32,
    array: &dyn Array,
    row: usize,
    bytes: &mut Vec<u8>,
) -> SqlResult<()> {
    let list = array.as_list_opt::<i32>().ok_or_else(|| wrong_type("List", array.data_type()))?;
    let (start, end) = (list.value_offsets()[row] as usize, list.value_offsets()[row + 1] as usize);
    let values = list.values();
    let any_null = (start..end).any(|index| values.is_null(index));
    // A vector has its one dimension even where it is empty.
    let dimensions = i32::from(end > start || lower == 0);
    bytes.extend(dimensions.to_be_bytes());
    bytes.extend(i32::from(any_null).to_be_bytes());
    bytes.extend(element.oid().to_be_bytes());
    if dimensions == 0 {
        return Ok(());
    }
    bytes.extend(list.value_length(row).to_be_bytes());
    bytes.extend(lower.to_be_bytes());
    (start..end).try_for_each(|index| send_part(element, values, index, bytes))
}

fn send_part(sql_type: &SqlType, array: &dyn Array, row: usize, bytes: &mut Vec<u8>) -> SqlResult<()> {
    if array.is_null(row) || array.data_type() == &arrow::datatypes::DataType::Null {
        bytes.extend((-1i32).to_be_bytes());
        return Ok(());
    }
    let start = bytes.len();
    bytes.extend([0; 4]);
    send(sql_type, array, row, bytes)?;
    let length = bytes.len() - start - 4;
    let written = i32::try_from(length).map_err(|_| too_large(length))?;
    bytes[start..start + 4].copy_from_slice(&written.to_be_bytes());
    Ok(())
}

fn receive_list(
    element: &SqlType,
    lower: i32,
    source: &mut Source<'_>,
    builder: &mut ValueBuilder,
) -> SqlResult<()> {
    let dimensions = source.i32()?;
    if dimensions < 0 {
        return Err(binary(format!("invalid number of dimensions: {dimensions}")));
    }
    if dimensions > 6 {
        let message = format!("number of array dimensions ({dimensions}) exceeds the maximum allowed (6)");
        return Err(SqlError::new(SqlState::ProgramLimit, message));
    }
    let flags = source.i32()?;
    if !(0..=1).contains(&flags) {
        return Err(binary("invalid array flags"));
    }
    let oid = source.u32()?;
    if oid != element.oid() {
        let name = SqlType::by_oid(oid).and_then(|found| found.kind()).map_or("???", Kind::sql_name);
        let wanted = element.kind().map_or("record", Kind::sql_name);
        let message = format!(
            "binary data has array element type {oid} ({name}) instead of expected {} ({wanted})",
            element.oid()
        );
        return Err(SqlError::new(SqlState::DatatypeMismatch, message));
    }
    if dimensions > 1 {
        return Err(literal::several_dimensions());
    }
    let mut length = 0;
    if dimensions == 1 {
        length = source.i32()?;
        let found = source.i32()?;
        if length < 0 {
            return Err(binary("invalid array size"));
        }
        if length > 0 && found != lower {
            let message = "arrays with a lower bound other than 1 are not supported";
            return Err(SqlError::unsupported(message, "send the lower bound 1"));
        }
    }
    let elements = builder.elements()?;
    for index in 0..length {
        match source.part()? {
            Some(part) => receive(element, part, elements).map_err(|error| match error.state {
                SqlState::InvalidBinaryRepresentation if error.message.starts_with("incorrect binary") => {
                    binary(format!("improper binary format in array element {}", index + 1))
                }
                _ => error,
            })?,
            None => elements.append_null(),
        }
    }
    builder.close_list()
}

fn receive_scalar(
    kind: Kind,
    modifier: i32,
    source: &mut Source<'_>,
    builder: &mut ValueBuilder,
) -> SqlResult<()> {
    match kind {
        Kind::Boolean => builder.boolean(source.take::<1>()?[0] != 0),
        Kind::Int2 => builder.int16(i16::from_be_bytes(source.take()?)),
        Kind::Int4 => builder.int32(source.i32()?),
        Kind::Int8 => builder.int64(source.i64()?),
        Kind::Float4 => builder.float32(f32::from_be_bytes(source.take()?)),
        Kind::Float8 => builder.float64(f64::from_be_bytes(source.take()?)),
        Kind::Numeric => {
            let numeric = leaf::receive_numeric(source.rest())?;
            leaf::append_numeric(&numeric, modifier, builder)
        }
        Kind::Text | Kind::Unknown | Kind::Cstring => builder.text(source.text()?),
        Kind::Varchar => builder.text(to_varchar(source.text()?, modifier, false)?),
        Kind::Bpchar => builder.text(&to_bpchar(source.text()?, modifier, false)?),
        Kind::Name => {
            let text = source.text()?;
            if text.len() > 63 {
                let error = SqlError::new(SqlState::NameTooLong, "identifier too long");
                return Err(error.with_detail("Identifier must be less than 64 characters."));
            }
            builder.text(text)
        }
        Kind::Json => {
            let text = source.text()?;
            leaf::check_json(text)?;
            builder.text(text)
        }
        Kind::Jsonb => {
            let [version] = source.take::<1>()?;
            if version != 1 {
                return Err(SqlError::internal(format!("unsupported jsonb version number {version}")));
            }
            builder.text(&leaf::jsonb(source.text()?)?)
        }
        Kind::Char => builder.text(&byte_char(source.take::<1>()?[0])),
        Kind::Void => builder.text(""),
        Kind::Bytea => builder.bytes(source.rest()),
        Kind::Uuid => builder.bytes(&source.take::<16>()?),
        Kind::Date => {
            let days = source.i32()?;
            let days = match days {
                i32::MIN | i32::MAX => days,
                // From 4714-11-24 BC to 5874897-12-31.
                -2_451_545..2_145_031_949 => days + EPOCH_DAYS,
                _ => return Err(overflow("date out of range")),
            };
            builder.date32(days)
        }
        Kind::Time => builder.time64(source.time()?),
        Kind::Timetz => {
            let micros = source.time()?;
            let zone = source.i32()?;
            if !(-57_599..=57_599).contains(&zone) {
                let message = "time zone displacement out of range";
                return Err(SqlError::new(SqlState::InvalidTimeZone, message));
            }
            builder.bytes(&Timetz { micros, zone }.to_bytes())
        }
        Kind::Timestamp | Kind::Timestamptz => {
            let micros = source.i64()?;
            let micros = match micros {
                i64::MIN | i64::MAX => Some(micros),
                // From 4714-11-24 BC; the end is where the microseconds since 1970 end.
                -211_813_488_000_000_000.. => {
                    micros.checked_add(EPOCH_MICROS).filter(|micros| *micros != i64::MAX)
                }
                _ => None,
            };
            builder.timestamp(micros.ok_or_else(|| overflow("timestamp out of range"))?)
        }
        Kind::Interval => {
            let micros = source.i64()?;
            let days = source.i32()?;
            let months = source.i32()?;
            leaf::append_interval(Interval { months, days, micros }, builder)
        }
        Kind::Int2vector | Kind::Oidvector => Err(SqlError::internal("a vector is no scalar")),
        millstream_catalog::oid_kinds!() => builder.uint32(source.u32()?),
    }
}

fn is_infinite(value: i64, least: i64, greatest: i64) -> bool {
    value == least || value == greatest
}

fn overflow(message: &str) -> SqlError {
    SqlError::new(SqlState::DatetimeOverflow, message)
}

/// 22P03 with a message.
fn binary(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::InvalidBinaryRepresentation, message)
}

/// Bytes that are being read.
struct Source<'a> {
    bytes: &'a [u8],
}

impl<'a> Source<'a> {
    /// The next bytes, so many as are asked for.
    fn take<const N: usize>(&mut self) -> SqlResult<[u8; N]> {
        match self.bytes.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.bytes = rest;
                Ok(*taken)
            }
            None => {
                let message = "insufficient data left in message";
                Err(SqlError::new(SqlState::ProtocolViolation, message))
            }
        }
    }

    fn i32(&mut self) -> SqlResult<i32> {
        self.take().map(i32::from_be_bytes)
    }

    fn u32(&mut self) -> SqlResult<u32> {
        self.take().map(u32::from_be_bytes)
    }

    fn i64(&mut self) -> SqlResult<i64> {
        self.take().map(i64::from_be_bytes)
    }

    fn time(&mut self) -> SqlResult<i64> {
        match self.i64()? {
            micros @ 0..=DAY_MICROS => Ok(micros),
            _ => Err(overflow("time out of range")),
        }
    }

    /// A length and so many bytes; None where the length is -1.
    fn part(&mut self) -> SqlResult<Option<&'a [u8]>> {
        let length = self.i32()?;
        if length == -1 {
            return Ok(None);
        }
        match usize::try_from(length).ok().and_then(|length| self.bytes.split_at_checked(length)) {
            Some((part, rest)) => {
                self.bytes = rest;
                Ok(Some(part))
            }
            None => Err(binary("insufficient data left in message")),
        }
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }

    fn text(&mut self) -> SqlResult<&'a str> {
        leaf::utf8(self.rest())
    }

    fn end(&self) -> SqlResult<()> {
        if self.bytes.is_empty() { Ok(()) } else { Err(binary("incorrect binary data format")) }
    }
}
