//! Rows as COPY data.

use arrow::datatypes::Schema;
use bytes::{BufMut, BytesMut};
use memchr::memchr2;
use millstream_sql::statement::{CopyFormat, CopyOptions};
use millstream_sql::{SqlError, SqlResult};

use crate::wire::column::Column;

/// Writes rows as text or CSV, quoted where Postgres quotes.
pub struct Encoder {
    options: CopyOptions,
    cell: BytesMut,
}

impl Encoder {
    /// An encoder; 0A000 for the binary format.
    pub fn new(options: &CopyOptions) -> SqlResult<Encoder> {
        if options.format == CopyFormat::Binary {
            return Err(SqlError::unsupported(
                "COPY TO in binary format is not supported",
                "use text or CSV",
            ));
        }
        Ok(Encoder { options: options.clone(), cell: BytesMut::new() })
    }

    /// The line of column names, if HEADER asks for one.
    pub fn put_header(&mut self, schema: &Schema, out: &mut BytesMut) -> bool {
        if !self.options.header {
            return false;
        }
        for (index, field) in schema.fields().iter().enumerate() {
            if index > 0 {
                out.put_u8(self.options.delimiter);
            }
            self.cell.clear();
            self.cell.put_slice(field.name().as_bytes());
            self.put_cell(schema.fields().len() == 1, out);
        }
        out.put_u8(b'\n');
        true
    }

    /// A row, with its newline.
    pub fn put_row(&mut self, columns: &mut [Column], row: usize, out: &mut BytesMut) -> crate::Result<()> {
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
            self.put_cell(alone, out);
        }
        out.put_u8(b'\n');
        Ok(())
    }

    fn put_cell(&self, alone: bool, out: &mut BytesMut) {
        match self.options.format {
            CopyFormat::Csv => self.put_csv(alone, out),
            _ => self.put_text(out),
        }
    }

    fn put_csv(&self, alone: bool, out: &mut BytesMut) {
        let CopyOptions { delimiter, quote, escape, .. } = self.options;
        let cell = &self.cell[..];
        let quoted = cell == self.options.null.as_bytes()
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
