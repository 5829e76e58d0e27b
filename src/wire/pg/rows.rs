//! Rows of a running statement on their way to the client: as DataRow messages or as COPY data.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, SchemaRef};
use bytes::{BufMut, BytesMut};
use futures::{FutureExt, StreamExt};
use pgwire::messages::copy::{CopyDone, CopyOutResponse};
use pgwire::messages::data::MESSAGE_TYPE_BYTE_DATA_ROW;

use super::client::Client;
use super::error::{Failure, Outcome};
use super::types::Format;
use crate::session::answer::{Rows, RowsTag};
use crate::wire::column::{Column, put_sized};
use crate::wire::copy::Encoder;
use millstream_catalog::SqlType;
use millstream_sql::SqlState;
use millstream_sql::text::statement::{CopyFormat, CopyOptions};

/// A result set that is being sent, batch by batch, perhaps in several goes.
pub(super) struct Cursor {
    rows: Rows,
    formats: Vec<Format>,
    /// The batch in hand and the next of its rows.
    columns: Vec<Column>,
    next: usize,
    length: usize,
    done: bool,
}

/// Why sending stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// All rows are sent.
    End,
    /// The limit was reached, or a live result has no more for now.
    Suspended,
}

impl Cursor {
    /// `formats` has one for each column.
    pub(super) fn new(rows: Rows, formats: Vec<Format>) -> Cursor {
        Cursor { rows, formats, columns: Vec::new(), next: 0, length: 0, done: false }
    }

    /// Sends in other formats from now on; answers those before.
    pub(super) fn set_formats(&mut self, formats: Vec<Format>) -> Vec<Format> {
        std::mem::replace(&mut self.formats, formats)
    }

    /// Puts up to `limit` rows (0: all), flushing as it goes. Answers how many, and why it stopped. A live result
    /// with a limit stops as soon as it has given something and has no more at hand.
    pub(super) async fn send(&mut self, client: &mut Client, limit: usize) -> Outcome<(u64, Stop)> {
        let mut sent = 0;
        loop {
            while self.next < self.length {
                if limit > 0 && sent == limit {
                    return Ok((sent as u64, Stop::Suspended));
                }
                put_data_row(&mut self.columns, &self.formats, self.next, &mut client.output.buffer)?;
                self.next += 1;
                sent += 1;
                client.flush_if_large().await?;
            }
            if limit > 0 && sent == limit {
                return Ok((sent as u64, Stop::Suspended));
            }
            if self.done {
                return Ok((sent as u64, Stop::End));
            }
            if self.rows.live && (limit == 0 || sent == 0) {
                client.flush().await?;
            }
            let patient = !(self.rows.live && limit > 0 && sent > 0);
            let Some(next) = next_batch(&mut self.rows, client, patient).await? else {
                return Ok((sent as u64, Stop::Suspended));
            };
            self.take(next)?;
        }
    }

    /// Passes up to `limit` rows (0: all) and sends none. Answers how many, and why it stopped.
    pub(super) async fn pass(&mut self, client: &mut Client, limit: usize) -> Outcome<(u64, Stop)> {
        let mut passed = 0;
        loop {
            let some = match limit {
                0 => self.length - self.next,
                limit => (self.length - self.next).min(limit - passed),
            };
            self.next += some;
            passed += some;
            if limit > 0 && passed == limit {
                return Ok((passed as u64, Stop::Suspended));
            }
            if self.done {
                return Ok((passed as u64, Stop::End));
            }
            let Some(next) = next_batch(&mut self.rows, client, true).await? else {
                return Ok((passed as u64, Stop::Suspended));
            };
            self.take(next)?;
        }
    }

    fn take(&mut self, batch: Option<RecordBatch>) -> Outcome<()> {
        let Some(batch) = batch else {
            (self.done, self.next, self.length) = (true, 0, 0);
            return Ok(());
        };
        if batch.num_columns() != self.formats.len() {
            return Err(Failure::sql(SqlState::InternalError, "a batch has other columns than its result"));
        }
        self.columns = columns(&self.rows, &batch)?;
        (self.next, self.length) = (0, batch.num_rows());
        Ok(())
    }

    /// The command tag for some rows.
    pub(super) fn tag(&self, rows: u64) -> String {
        tag(self.rows.tag, rows)
    }
}

/// The next batch, None inside at the end. None outside: nothing is there yet and nobody wants to wait.
async fn next_batch(
    rows: &mut Rows,
    client: &mut Client,
    patient: bool,
) -> Outcome<Option<Option<RecordBatch>>> {
    let next = async { rows.batches.next().await.transpose() };
    if patient {
        return client.watch(next).await.map(Some);
    }
    client.watch(async { Ok(next.now_or_never()) }).await?.transpose().map_err(Failure::Statement)
}

fn columns(rows: &Rows, batch: &RecordBatch) -> Outcome<Vec<Column>> {
    let fields = rows.schema.fields().iter();
    let column = |(field, array): (&Arc<Field>, &ArrayRef)| Column::new(field, array, &rows.environment);
    Ok(Iterator::map(fields.zip(batch.columns()), column).collect::<crate::Result<Vec<_>>>()?)
}

fn tag(tag: RowsTag, rows: u64) -> String {
    match tag {
        RowsTag::Select => format!("SELECT {rows}"),
        RowsTag::Fetch => format!("FETCH {rows}"),
        RowsTag::Insert => format!("INSERT 0 {rows}"),
        RowsTag::Show => "SHOW".into(),
        RowsTag::Explain => "EXPLAIN".into(),
    }
}

/// ```text
///  'D' ┬ length: i32 ┬ columns: i16 ┬ per column: length: i32 (-1 for NULL), bytes
/// ```
fn put_data_row(
    columns: &mut [Column],
    formats: &[Format],
    row: usize,
    out: &mut BytesMut,
) -> crate::Result<()> {
    let begin = out.len();
    out.put_u8(MESSAGE_TYPE_BYTE_DATA_ROW);
    let at = out.len();
    out.put_u32(0);
    out.put_u16(columns.len() as u16);
    for (column, format) in columns.iter_mut().zip(formats) {
        let put = put_sized(out, |out| {
            if column.is_null(row) {
                return Ok(false);
            }
            match format {
                Format::Text => column.put_text(row, out)?,
                Format::Binary => column.put_binary(row, out)?,
            }
            Ok(true)
        });
        if let Err(error) = put {
            // Half a message must not be sent.
            out.truncate(begin);
            return Err(error);
        }
    }
    let length = (out.len() - at) as u32;
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// Sends rows as COPY data, one message a row, and answers the command tag.
pub(super) async fn copy_out(client: &mut Client, mut rows: Rows, options: &CopyOptions) -> Outcome<String> {
    let mut encoder = Encoder::new(options, &rows.schema)?;
    let width = rows.schema.fields().len();
    let format = i8::from(options.format == CopyFormat::Binary);
    client.output.put(&CopyOutResponse::new(format, width as i16, vec![i16::from(format); width]));
    put_copy_data(&mut client.output.buffer, |out| Ok(encoder.put_header(out)))?;
    let mut sent = 0u64;
    loop {
        if rows.live {
            client.flush().await?;
        }
        let Some(batch) = next_batch(&mut rows, client, true).await?.flatten() else { break };
        let mut columns = columns(&rows, &batch)?;
        for row in 0..batch.num_rows() {
            put_copy_data(&mut client.output.buffer, |out| {
                encoder.put_row(&mut columns, row, out)?;
                Ok(true)
            })?;
            client.flush_if_large().await?;
        }
        sent += batch.num_rows() as u64;
    }
    put_copy_data(&mut client.output.buffer, |out| Ok(encoder.put_trailer(out)))?;
    client.output.put(&CopyDone::new());
    Ok(format!("COPY {sent}"))
}

/// A CopyData message, unless there is nothing to write.
fn put_copy_data(
    out: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> crate::Result<bool>,
) -> crate::Result<()> {
    let at = out.len();
    out.put_u8(b'd');
    out.put_u32(0);
    let written = write(out);
    if !matches!(written, Ok(true)) {
        out.truncate(at);
        return written.map(drop);
    }
    let length = (out.len() - at - 1) as u32;
    out[at + 1..at + 5].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// The formats of a result's columns from those that a Bind gives: none, one for all, or one each.
pub(super) fn result_formats(given: &[Format], columns: usize) -> Outcome<Vec<Format>> {
    match given {
        [] => Ok(vec![Format::Text; columns]),
        [one] => Ok(vec![*one; columns]),
        each if each.len() == columns => Ok(each.to_vec()),
        other => Err(Failure::sql(
            SqlState::ProtocolViolation,
            format!("bind message has {} result formats but query has {columns} columns", other.len()),
        )),
    }
}

/// Whether two schemas are described the same: 0A000 for a prepared statement whose result changed.
pub(super) fn same_columns(described: &SchemaRef, actual: &SchemaRef) -> Outcome<()> {
    let types =
        |schema: &SchemaRef| schema.fields().iter().map(|f| SqlType::of_field(f).oid()).collect::<Vec<_>>();
    if types(described) == types(actual) {
        return Ok(());
    }
    Err(Failure::sql(SqlState::FeatureNotSupported, "cached plan must not change result type"))
}
