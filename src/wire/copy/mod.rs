//! COPY data: text and CSV, from bytes to Arrow batches and back, as Postgres reads and writes them.
//!
//! ```text
//!  bytes, cut anywhere ─► records (a line, or more with quoted newlines) ─► fields ─► column builders ─► batches
//! ```
//!
//! Pure: no sockets. A [`Decoder`] answers the same rows and errors however its input is cut into pieces.

mod builder;
mod csv;
mod encode;
mod field;
mod text;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use millstream_sql::statement::{CopyFormat, CopyOptions};
use millstream_sql::types::environment::Environment;
use millstream_sql::{SqlError, SqlResult, SqlState};

use self::builder::Builder;
pub use self::encode::Encoder;

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

/// How lines end: the first one decides, as in Postgres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    Newline,
    CarriageReturnNewline,
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
        if options.format == CopyFormat::Binary {
            return Err(SqlError::unsupported(
                "COPY FROM in binary format is not supported",
                "use text or CSV",
            ));
        }
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
            header_due: options.header,
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
            self.scan.position -= self.start;
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// A batch, once there are [`BATCH_ROWS`] rows, or 16 MiB of them. Errors name the line and column.
    pub fn next_batch(&mut self) -> SqlResult<Option<RecordBatch>> {
        while self.rows < BATCH_ROWS && self.row_bytes < BATCH_BYTES {
            let Some(end) = self.record_end() else {
                if self.bytes.len() - self.start > RECORD_LIMIT {
                    let message = format!("a record of COPY data is over the limit of {RECORD_LIMIT} bytes");
                    return Err(SqlError::new(SqlState::ProgramLimit, message).with_context(format!(
                        "COPY {}, line {}",
                        self.relation,
                        self.line + 1
                    )));
                }
                return Ok(None);
            };
            self.record(end, true)?;
            if self.ended {
                return Ok(None);
            }
        }
        self.take_batch().map(Some)
    }

    /// The input has ended: a last record without a newline counts. Answers what rows are left.
    pub fn end(&mut self) -> SqlResult<Option<RecordBatch>> {
        if !self.ended && self.start < self.bytes.len() {
            if self.scan.quoted {
                self.line += 1 + self.scan.newlines;
                let error = SqlError::new(SqlState::BadCopyFormat, "unterminated CSV quoted field");
                return Err(self.at_record(error, &self.bytes[self.start..]));
            }
            self.record(self.bytes.len(), false)?;
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

    /// Where the newline is that ends the record at `start`, if it is there yet.
    fn record_end(&mut self) -> Option<usize> {
        match self.options.format {
            CopyFormat::Csv => csv::record_end(&self.bytes, &mut self.scan, &self.options),
            _ => text::record_end(&self.bytes, self.start, &mut self.scan),
        }
    }

    /// Reads the record that ends before `end`; `newline` says whether one follows.
    fn record(&mut self, end: usize, newline: bool) -> SqlResult<()> {
        let start = self.start;
        self.line += 1 + self.scan.newlines;
        self.start = if newline { end + 1 } else { end };
        self.row_bytes += self.start - start;
        self.scan = Scan { position: self.start, ..Scan::default() };
        let end = self.without_carriage_return(start, end, newline)?;
        if self.header_due {
            self.header_due = false;
            return Ok(());
        }
        let record = &self.bytes[start..end];
        if record == b"\\." {
            self.ended = true;
            self.bytes.clear();
            self.start = 0;
            return Ok(());
        }
        let text = match std::str::from_utf8(record) {
            Ok(_) if memchr::memchr(0, record).is_some() => {
                return Err(self.at_line(invalid_utf8(b"\0")));
            }
            Ok(text) => text,
            Err(error) => return Err(self.at_line(invalid_utf8(&record[error.valid_up_to()..]))),
        };
        let mut row = field::Row::new(&self.schema, &mut self.builders, &self.options);
        let result = match self.options.format {
            CopyFormat::Csv => csv::fields(text, &self.options, &mut self.scratch, &mut row),
            _ => text::fields(text, &self.options, &mut self.scratch, &mut row),
        };
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

    /// Where the record ends once the carriage return of its line end is off.
    fn without_carriage_return(&mut self, start: usize, end: usize, newline: bool) -> SqlResult<usize> {
        if !newline {
            return Ok(end);
        }
        let there = end > start && self.bytes[end - 1] == b'\r';
        let seen = if there { LineEnd::CarriageReturnNewline } else { LineEnd::Newline };
        let expected = *self.line_end.get_or_insert(seen);
        if seen != expected {
            let csv = self.options.format == CopyFormat::Csv;
            let what = if there { "carriage return" } else { "newline" };
            let message = format!("{} {what} found in data", if csv { "unquoted" } else { "literal" });
            let hint = match (csv, there) {
                (true, _) => format!("use a quoted CSV field to represent a {what}"),
                (false, true) => "use \"\\r\" to represent a carriage return".to_owned(),
                (false, false) => "use \"\\n\" to represent a newline".to_owned(),
            };
            let error = SqlError::new(SqlState::BadCopyFormat, message).with_hint(hint);
            return Err(self.at_line(error));
        }
        Ok(if there { end - 1 } else { end })
    }

    fn at_line(&self, error: SqlError) -> SqlError {
        error.with_context(format!("COPY {}, line {}", self.relation, self.line))
    }

    fn at_record(&self, error: SqlError, record: &[u8]) -> SqlError {
        let record = String::from_utf8_lossy(record);
        error.with_context(format!("COPY {}, line {}: \"{}\"", self.relation, self.line, shortened(&record)))
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
