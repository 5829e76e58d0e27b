//! COPY data: text, CSV and binary, from bytes to Arrow batches and back, as Postgres reads and writes them.
//!
//! ```text
//!  bytes, cut anywhere ─► records (a line, or more with quoted newlines) ─► fields ─► column builders ─► batches
//!                        (binary: a signature, then counted fields)
//! ```
//!
//! Pure: no sockets. A [`Decoder`] answers the same rows and errors however its input is cut into pieces.

mod binary;
mod builder;
mod csv;
mod encode;
mod field;
mod lines;
mod text;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use millstream_sql::text::statement::{CopyFormat, CopyOptions, ForcedColumns};
use millstream_sql::types::environment::Environment;
use millstream_sql::{SqlError, SqlResult, SqlState};

use self::builder::Builder;
pub use self::encode::Encoder;
use self::field::Row;
use self::lines::{Found, LineEnd};

/// Rows of a full batch.
pub const BATCH_ROWS: usize = 65_536;
/// Bytes of text after which a batch is full, whatever its rows: a column's offsets are 32 bits wide.
const BATCH_BYTES: usize = 16 << 20;
/// The largest record that is taken, in bytes.
const RECORD_LIMIT: usize = 64 << 20;
/// Values in error contexts are cut at this many characters.
const CONTEXT_CHARACTERS: usize = 100;

/// Turns COPY data into batches: [`Decoder::push`] bytes and take [`Decoder::next_batch`] until there is none;
/// after [`Decoder::end`] the last ones.
pub struct Decoder {
    relation: String,
    schema: SchemaRef,
    options: CopyOptions,
    builders: Vec<Builder>,
    rows: usize,
    /// Bytes of the records of these rows.
    row_bytes: usize,
    /// Bytes not yet decoded begin at `start`; the record there has been searched for its end up to `scan`.
    bytes: Vec<u8>,
    start: usize,
    scan: Scan,
    /// Lines of the input that were read.
    line: u64,
    header_due: bool,
    /// Columns in which the NULL string is a value, and those in which it is NULL even where it is quoted.
    forced: Forced,
    line_end: Option<LineEnd>,
    ended: bool,
    scratch: Vec<u8>,
}

/// How far the search for the end of a record has come.
#[derive(Debug, Clone, Copy, Default)]
struct Scan {
    position: usize,
    quoted: bool,
    /// Newlines inside quotes so far.
    newlines: u64,
}

/// The columns of FORCE_NOT_NULL and FORCE_NULL, by place.
#[derive(Debug, Clone, Default)]
struct Forced {
    not_null: Vec<bool>,
    null: Vec<bool>,
}

/// A fault in a record: of one field, or of the whole.
enum Fault {
    /// The field of this column, and its text if it is not NULL.
    Field(usize, String, SqlError),
    /// The record.
    Record(SqlError),
}

impl Decoder {
    /// A decoder for rows of a schema; 0A000 for formats and types that cannot be read.
    pub fn new(
        relation: impl Into<String>,
        schema: SchemaRef,
        options: &CopyOptions,
        environment: &Arc<Environment>,
    ) -> SqlResult<Decoder> {
        let forced = Forced {
            not_null: forced(&schema, &options.force_not_null, "FORCE_NOT_NULL")?,
            null: forced(&schema, &options.force_null, "FORCE_NULL")?,
        };
        let builders =
            schema.fields().iter().map(|field| Builder::new(field, environment)).collect::<SqlResult<_>>()?;
        Ok(Decoder {
            relation: relation.into(),
            schema,
            options: options.clone(),
            builders,
            rows: 0,
            row_bytes: 0,
            bytes: Vec::new(),
            start: 0,
            scan: Scan::default(),
            line: 0,
            header_due: options.header || options.format == CopyFormat::Binary,
            forced,
            line_end: None,
            ended: false,
            scratch: Vec::new(),
        })
    }

    /// Takes more of the input.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.ended {
            return;
        }
        if self.start > 0 {
            self.bytes.drain(..self.start);
            // Binary data are read by their lengths, not scanned.
            self.scan.position = self.scan.position.saturating_sub(self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// A batch, once there are [`BATCH_ROWS`] rows, or 16 MiB of them. Errors name the line and column.
    pub fn next_batch(&mut self) -> SqlResult<Option<RecordBatch>> {
        while self.rows < BATCH_ROWS && self.row_bytes < BATCH_BYTES {
            if !self.read_record(false)? {
                if !self.ended && self.bytes.len() - self.start > RECORD_LIMIT {
                    let message = format!("a record of COPY data is over the limit of {RECORD_LIMIT} bytes");
                    return Err(SqlError::new(SqlState::ProgramLimit, message).with_context(format!(
                        "COPY {}, line {}",
                        self.relation,
                        self.line + 1
                    )));
                }
                return Ok(None);
            }
        }
        self.take_batch().map(Some)
    }

    /// Reads the next record if all of it is there; `last` says that no more bytes come.
    fn read_record(&mut self, last: bool) -> SqlResult<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.options.format == CopyFormat::Binary {
            return self.read_tuple();
        }
        match self.record_end(last) {
            Found::Nothing => Ok(false),
            Found::Record { end, next } => {
                self.record(end, next)?;
                Ok(!self.ended)
            }
            Found::Stray(byte) => {
                self.line += 1 + self.scan.newlines;
                Err(self.at_line(lines::stray(byte, self.options.format == CopyFormat::Csv)))
            }
        }
    }

    /// The input has ended: a last record without a newline counts. Answers what rows are left.
    pub fn end(&mut self) -> SqlResult<Option<RecordBatch>> {
        if self.options.format == CopyFormat::Binary {
            self.end_tuples()?;
            return if self.rows == 0 { Ok(None) } else { self.take_batch().map(Some) };
        }
        while self.read_record(true)? {}
        if !self.ended && self.start < self.bytes.len() {
            if self.scan.quoted {
                self.line += 1 + self.scan.newlines;
                let error = SqlError::new(SqlState::BadCopyFormat, "unterminated CSV quoted field");
                return Err(self.at_record(error, &self.bytes[self.start..]));
            }
            self.record(self.bytes.len(), self.bytes.len())?;
        }
        self.ended = true;
        if self.rows == 0 { Ok(None) } else { self.take_batch().map(Some) }
    }

    fn take_batch(&mut self) -> SqlResult<RecordBatch> {
        self.rows = 0;
        self.row_bytes = 0;
        let columns = self.builders.iter_mut().map(Builder::finish).collect::<SqlResult<Vec<_>>>()?;
        RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|error| SqlError::internal(error.to_string()))
    }

    /// Where the record at `start` ends, if its line end is there yet.
    fn record_end(&mut self, last: bool) -> Found {
        let expected = &mut self.line_end;
        match self.options.format {
            CopyFormat::Csv => csv::record_end(&self.bytes, &mut self.scan, &self.options, expected, last),
            _ => text::record_end(&self.bytes, self.start, &mut self.scan, expected, last),
        }
    }

    /// Reads the record that ends before `end`; the next one begins at `next`.
    fn record(&mut self, end: usize, next: usize) -> SqlResult<()> {
        let start = self.start;
        self.line += 1 + self.scan.newlines;
        self.start = next;
        self.row_bytes += self.start - start;
        self.scan = Scan { position: self.start, ..Scan::default() };
        if self.header_due {
            self.header_due = false;
            return if self.options.header_match { self.check_header(start, end) } else { Ok(()) };
        }
        let record = &self.bytes[start..end];
        if record == b"\\." {
            self.ended = true;
            self.bytes.clear();
            self.start = 0;
            return Ok(());
        }
        let text = match valid_text(record) {
            Ok(text) => text,
            Err(error) => return Err(self.at_line(error)),
        };
        let mut row = Row::new(&self.schema, &mut self.builders, &self.options, &self.forced);
        let result = fields(text, &self.options, &mut self.scratch, &mut row);
        match result.and_then(|()| row.end()) {
            Ok(()) => {
                self.rows += 1;
                Ok(())
            }
            Err(Fault::Record(error)) => Err(self.at_record(error, &self.bytes[start..end])),
            Err(Fault::Field(column, value, error)) => {
                let column = self.schema.field(column).name();
                let place = format!("COPY {}, line {}, column {column}", self.relation, self.line);
                Err(error.with_context(format!("{place}: \"{}\"", shortened(&value))))
            }
        }
    }

    /// HEADER MATCH: the names in the first line are those of the columns, in order.
    fn check_header(&mut self, start: usize, end: usize) -> SqlResult<()> {
        let record = &self.bytes[start..end];
        let text = match valid_text(record) {
            Ok(text) => text,
            Err(error) => return Err(self.at_line(error)),
        };
        let mut names = Vec::new();
        let mut row = Row::of_names(&mut names, &self.options);
        let outcome = fields(text, &self.options, &mut self.scratch, &mut row);
        if let Err(Fault::Record(error) | Fault::Field(_, _, error)) = outcome {
            return Err(self.at_record(error, record));
        }
        let wrong = |message| Err(self.at_record(SqlError::new(SqlState::BadCopyFormat, message), record));
        let expected = self.schema.fields();
        if names.len() != expected.len() {
            let (got, expected) = (names.len(), expected.len());
            return wrong(format!("wrong number of fields in header line: got {got}, expected {expected}"));
        }
        for (number, (name, field)) in (1..).zip(names.iter().zip(expected)) {
            let got = match name {
                Some(name) if name == field.name() => continue,
                Some(name) => format!("\"{name}\""),
                None => format!("null value (\"{}\")", self.options.null),
            };
            let expected = field.name();
            return wrong(format!(
                "column name mismatch in header line field {number}: got {got}, expected \"{expected}\""
            ));
        }
        Ok(())
    }

    fn at_line(&self, error: SqlError) -> SqlError {
        error.with_context(format!("COPY {}, line {}", self.relation, self.line))
    }

    fn at_record(&self, error: SqlError, record: &[u8]) -> SqlError {
        let record = String::from_utf8_lossy(record);
        error.with_context(format!("COPY {}, line {}: \"{}\"", self.relation, self.line, shortened(&record)))
    }
}

/// Which columns a FORCE option names; 42P10 for one that the COPY has not.
fn forced(schema: &SchemaRef, columns: &ForcedColumns, option: &str) -> SqlResult<Vec<bool>> {
    for name in columns.names() {
        if schema.field_with_name(name).is_err() {
            let message = format!("{option} column \"{name}\" not referenced by COPY");
            return Err(SqlError::new(SqlState::InvalidColumnReference, message));
        }
    }
    Ok(schema.fields().iter().map(|field| columns.contains(field.name())).collect())
}

/// Hands the fields of a record to the row.
fn fields(text: &str, options: &CopyOptions, scratch: &mut Vec<u8>, row: &mut Row<'_>) -> Result<(), Fault> {
    match options.format {
        CopyFormat::Csv => csv::fields(text, options, scratch, row),
        _ => text::fields(text, options, scratch, row),
    }
}

/// A record as text without NUL.
fn valid_text(record: &[u8]) -> SqlResult<&str> {
    match std::str::from_utf8(record) {
        Ok(_) if memchr::memchr(0, record).is_some() => Err(invalid_utf8(b"\0")),
        Ok(text) => Ok(text),
        Err(error) => Err(invalid_utf8(&record[error.valid_up_to()..])),
    }
}

/// 22021 for bytes that are no UTF-8.
pub(crate) fn invalid_utf8(bytes: &[u8]) -> SqlError {
    // The lead byte says how many belong together.
    let length = match bytes.first() {
        Some(0xc0..0xe0) => 2,
        Some(0xe0..0xf0) => 3,
        Some(0xf0..0xf8) => 4,
        _ => 1,
    };
    let shown: Vec<String> = bytes.iter().take(length).map(|byte| format!("0x{byte:02x}")).collect();
    SqlError::new(
        SqlState::CharacterNotInRepertoire,
        format!("invalid byte sequence for encoding \"UTF8\": {}", shown.join(" ")),
    )
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(CONTEXT_CHARACTERS) {
        Some((at, _)) => format!("{}...", &value[..at]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests;
