//! Rows as COPY data.

use arrow::datatypes::SchemaRef;
use bytes::{BufMut, BytesMut};
use memchr::memchr2;
use millstream_sql::SqlResult;
use millstream_sql::text::statement::{CopyFormat, CopyOptions};

use super::binary::SIGNATURE;
use crate::wire::column::{Column, put_sized};

/// Writes rows as text or CSV, quoted where Postgres quotes, or in the binary format.
pub struct Encoder {
    options: CopyOptions,
    schema: SchemaRef,
    /// Whether a column's values are quoted always.
    force_quote: Vec<bool>,
    /// Whether the binary format's header is still to be written: it goes with the first row.
    signature_due: bool,
    cell: BytesMut,
}

impl Encoder {
    /// An encoder of rows of a schema; 42P10 for a forced column that it has not.
    pub fn new(options: &CopyOptions, schema: &SchemaRef) -> SqlResult<Encoder> {
        Ok(Encoder {
            options: options.clone(),
            schema: SchemaRef::clone(schema),
            force_quote: super::forced(schema, &options.force_quote, "FORCE_QUOTE")?,
            signature_due: options.format == CopyFormat::Binary,
            cell: BytesMut::new(),
        })
    }

    /// The line of column names, if HEADER asks for one.
    pub fn put_header(&mut self, out: &mut BytesMut) -> bool {
        if !self.options.header {
            return false;
        }
        let schema = SchemaRef::clone(&self.schema);
        for (index, field) in schema.fields().iter().enumerate() {
            if index > 0 {
                out.put_u8(self.options.delimiter);
            }
            self.cell.clear();
            self.cell.put_slice(field.name().as_bytes());
            self.put_cell(schema.fields().len() == 1, false, out);
        }
        out.put_u8(b'\n');
        true
    }

    /// What comes after the last row: the binary format's end.
    pub fn put_trailer(&mut self, out: &mut BytesMut) -> bool {
        if self.options.format != CopyFormat::Binary {
            return false;
        }
        self.put_signature(out);
        out.put_i16(-1);
        true
    }

    fn put_signature(&mut self, out: &mut BytesMut) {
        if std::mem::take(&mut self.signature_due) {
            out.put_slice(SIGNATURE);
            // Flags, and the length of an extension.
            out.put_i32(0);
            out.put_i32(0);
        }
    }

    /// A row in the binary format: its number of fields, then each after its length.
    fn put_tuple(&mut self, columns: &mut [Column], row: usize, out: &mut BytesMut) -> crate::Result<()> {
        self.put_signature(out);
        out.put_u16(columns.len() as u16);
        columns.iter_mut().try_for_each(|column| {
            put_sized(out, |out| {
                if column.is_null(row) {
                    return Ok(false);
                }
                column.put_binary(row, out)?;
                Ok(true)
            })
        })
    }

    /// A row, with its newline.
    pub fn put_row(&mut self, columns: &mut [Column], row: usize, out: &mut BytesMut) -> crate::Result<()> {
        if self.options.format == CopyFormat::Binary {
            return self.put_tuple(columns, row, out);
        }
        let alone = columns.len() == 1;
        for (index, column) in columns.iter_mut().enumerate() {
            if index > 0 {
                out.put_u8(self.options.delimiter);
            }
            if column.is_null(row) {
                out.put_slice(self.options.null.as_bytes());
                continue;
            }
            self.cell.clear();
            column.put_text(row, &mut self.cell)?;
            let forced = self.force_quote.get(index) == Some(&true);
            self.put_cell(alone, forced, out);
        }
        out.put_u8(b'\n');
        Ok(())
    }

    fn put_cell(&self, alone: bool, forced: bool, out: &mut BytesMut) {
        match self.options.format {
            CopyFormat::Csv => self.put_csv(alone, forced, out),
            _ => self.put_text(out),
        }
    }

    fn put_csv(&self, alone: bool, forced: bool, out: &mut BytesMut) {
        let CopyOptions { delimiter, quote, escape, .. } = self.options;
        let cell = &self.cell[..];
        let quoted = forced
            || cell == self.options.null.as_bytes()
            || (alone && cell == b"\\.")
            || memchr2(delimiter, quote, cell).is_some()
            || memchr2(b'\n', b'\r', cell).is_some();
        if !quoted {
            out.put_slice(cell);
            return;
        }
        out.put_u8(quote);
        for byte in cell {
            if *byte == quote || *byte == escape {
                out.put_u8(escape);
            }
            out.put_u8(*byte);
        }
        out.put_u8(quote);
    }

    fn put_text(&self, out: &mut BytesMut) {
        let delimiter = self.options.delimiter;
        let special = |byte: u8| byte < b' ' || byte == b'\\' || byte == delimiter;
        let mut rest = &self.cell[..];
        while let Some(found) = rest.iter().position(|byte| special(*byte)) {
            out.put_slice(&rest[..found]);
            let byte = rest[found];
            let letter = match byte {
                8 => Some(b'b'),
                12 => Some(b'f'),
                b'\n' => Some(b'n'),
                b'\r' => Some(b'r'),
                b'\t' => Some(b't'),
                11 => Some(b'v'),
                _ => None,
            };
            if letter.is_some() || byte == b'\\' || byte == delimiter {
                out.put_u8(b'\\');
            }
            out.put_u8(letter.unwrap_or(byte));
            rest = &rest[found + 1..];
        }
        out.put_slice(rest);
    }
}
