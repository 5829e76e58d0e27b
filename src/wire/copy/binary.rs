//! COPY's binary format.
//!
//! ```text
//!  "PGCOPY\n" FF 0D 0A 00 ┬ flags: i32 ┬ length of an extension: i32, extension
//!  per row: fields: i16, per field: length i32 (-1: NULL), bytes
//!  -1: i16
//! ```

use millstream_sql::{SqlError, SqlResult, SqlState};

use super::Decoder;

/// What binary data begin with.
pub(super) const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// The flags below this bit may be ignored, those above not.
const CRITICAL_FLAGS: u32 = 0xffff_0000;

impl Decoder {
    /// Reads the header or the next row, if all of it is there.
    pub(super) fn read_tuple(&mut self) -> SqlResult<bool> {
        let mut source = Source { bytes: &self.bytes[self.start..], read: 0 };
        if self.header_due {
            let Some(read) = header(&mut source)? else { return Ok(false) };
            self.start += read;
            self.header_due = false;
            return self.read_tuple();
        }
        let Some(count) = source.i16() else { return Ok(false) };
        if count == -1 {
            if self.bytes.len() > self.start + 2 {
                return Err(bad("received copy data after EOF marker"));
            }
            self.ended = true;
            self.bytes.clear();
            self.start = 0;
            return Ok(false);
        }
        self.line += 1;
        let place = format!("COPY {}, line {}", self.relation, self.line);
        if usize::try_from(count) != Ok(self.builders.len()) {
            let message = format!("row field count is {count}, expected {}", self.builders.len());
            return Err(bad(message).with_context(place));
        }
        // All of the row must be there before any of it is taken.
        let mut fields = Vec::with_capacity(self.builders.len());
        for field in self.schema.fields() {
            let Some(length) = source.i32() else { return self.later() };
            let bytes = match usize::try_from(length) {
                Ok(length) => match source.take(length) {
                    Some(bytes) => Some(bytes),
                    None => return self.later(),
                },
                Err(_) if length == -1 => None,
                Err(_) => {
                    let place = format!("{place}, column {}", field.name());
                    return Err(bad("invalid field size").with_context(place));
                }
            };
            fields.push(bytes);
        }
        for ((bytes, builder), field) in fields.into_iter().zip(&mut self.builders).zip(self.schema.fields())
        {
            match bytes {
                None => builder.append_null(),
                Some(bytes) => builder
                    .append_binary(bytes)
                    .map_err(|error| error.with_context(format!("{place}, column {}", field.name())))?,
            }
        }
        let read = source.read;
        self.start += read;
        self.row_bytes += read;
        self.rows += 1;
        Ok(true)
    }

    /// The row goes on in bytes that are still to come.
    fn later(&mut self) -> SqlResult<bool> {
        self.line -= 1;
        Ok(false)
    }

    /// The input has ended: nothing may be left but rows that are whole.
    pub(super) fn end_tuples(&mut self) -> SqlResult<()> {
        if self.ended {
            return Ok(());
        }
        if self.header_due {
            return Err(bad("COPY file signature not recognized"));
        }
        while self.read_tuple()? {}
        if self.start < self.bytes.len() {
            let place = format!("COPY {}, line {}", self.relation, self.line + 1);
            return Err(bad("unexpected EOF in COPY data").with_context(place));
        }
        self.ended = true;
        Ok(())
    }
}

/// Reads signature, flags and extension: how many bytes they take, None if not all of them are there.
fn header(source: &mut Source<'_>) -> SqlResult<Option<usize>> {
    let there = source.bytes.len().min(SIGNATURE.len());
    if source.bytes[..there] != SIGNATURE[..there] {
        return Err(bad("COPY file signature not recognized"));
    }
    let Some(_) = source.take(SIGNATURE.len()) else { return Ok(None) };
    let Some(flags) = source.i32() else { return Ok(None) };
    if flags.cast_unsigned() & CRITICAL_FLAGS != 0 {
        return Err(bad("unrecognized critical flags in COPY file header"));
    }
    let Some(length) = source.i32() else { return Ok(None) };
    let Ok(length) = usize::try_from(length) else {
        return Err(bad("invalid COPY file header (missing length)"));
    };
    let Some(_) = source.take(length) else { return Ok(None) };
    Ok(Some(source.read))
}

fn bad(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::BadCopyFormat, message)
}

/// Bytes that are read from the front; None where they are not all there.
struct Source<'a> {
    bytes: &'a [u8],
    read: usize,
}

impl<'a> Source<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.read.checked_add(length)?;
        let taken = self.bytes.get(self.read..end)?;
        self.read = end;
        Some(taken)
    }

    fn i16(&mut self) -> Option<i16> {
        Some(i16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn i32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }
}
