//! Records and fields of CSV. As in Postgres, a quote may begin anywhere in a field, and a quoted field is never NULL.

use memchr::{memchr, memchr_iter, memchr2, memchr3};
use millstream_sql::text::statement::CopyOptions;
use millstream_sql::{SqlError, SqlState};

use super::field::Row;
use super::lines::{Found, LineEnd, line_end};
use super::{Fault, Scan};

/// Where the record ends: at the next line end outside quotes. The scan remembers how far it came, so that no byte is looked at twice
/// however slowly a long record arrives.
pub(super) fn record_end(
    bytes: &[u8],
    scan: &mut Scan,
    options: &CopyOptions,
    expected: &mut Option<LineEnd>,
    last: bool,
) -> Found {
    let (quote, escape) = (options.quote, options.escape);
    loop {
        let Some(rest) = bytes.get(scan.position..) else { return Found::Nothing };
        if !scan.quoted {
            let Some(found) = memchr3(b'\n', b'\r', quote, rest) else {
                scan.position = bytes.len();
                return Found::Nothing;
            };
            if rest[found] != quote {
                scan.position += found;
                return line_end(bytes, scan.position, expected, last);
            }
            scan.position += found + 1;
            scan.quoted = true;
            continue;
        }
        // With the quote as its own escape, a doubled quote ends the quotes and begins them again: the same end.
        let Some(found) = memchr2(quote, escape, rest) else {
            scan.newlines += newlines(rest);
            scan.position = bytes.len();
            return Found::Nothing;
        };
        if rest[found] == quote {
            scan.quoted = false;
            scan.newlines += newlines(&rest[..found]);
            scan.position += found + 1;
        } else {
            let skip = match rest.get(found + 1) {
                None => {
                    // What the escape stands for is still to come.
                    scan.newlines += newlines(&rest[..found]);
                    scan.position += found;
                    return Found::Nothing;
                }
                Some(next) if *next == quote || *next == escape => 2,
                Some(_) => 1,
            };
            scan.newlines += newlines(&rest[..found]);
            scan.position += found + skip;
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Hands the fields of a record to the row.
pub(super) fn fields(
    record: &str,
    options: &CopyOptions,
    scratch: &mut Vec<u8>,
    row: &mut Row<'_>,
) -> Result<(), Fault> {
    let bytes = record.as_bytes();
    if memchr(options.quote, bytes).is_none() {
        let mut start = 0;
        for end in memchr_iter(options.delimiter, bytes) {
            row.raw(&record[start..end])?;
            start = end + 1;
        }
        return row.raw(&record[start..]);
    }
    let mut start = 0;
    loop {
        let (end, quoted) = field(bytes, start, options, scratch, row)?;
        if quoted {
            // Only quote and escape characters are left out, and these are ASCII: what is left is UTF-8 still.
            let value = std::str::from_utf8(scratch)
                .map_err(|error| Fault::Record(SqlError::internal(error.to_string())))?;
            row.quoted(value)?;
        } else {
            row.raw(&record[start..end])?;
        }
        if end == bytes.len() {
            return Ok(());
        }
        start = end + 1;
    }
}

/// Reads one field into `scratch`: where it ends, and whether any of it was quoted.
fn field(
    bytes: &[u8],
    start: usize,
    options: &CopyOptions,
    scratch: &mut Vec<u8>,
    row: &Row<'_>,
) -> Result<(usize, bool), Fault> {
    let (quote, escape) = (options.quote, options.escape);
    scratch.clear();
    let mut position = start;
    let mut quoted = false;
    loop {
        let Some(found) = memchr2(options.delimiter, quote, &bytes[position..]).map(|found| position + found)
        else {
            scratch.extend_from_slice(&bytes[position..]);
            return Ok((bytes.len(), quoted));
        };
        scratch.extend_from_slice(&bytes[position..found]);
        if bytes[found] == options.delimiter {
            return Ok((found, quoted));
        }
        quoted = true;
        position = found + 1;
        loop {
            let Some(found) = memchr2(quote, escape, &bytes[position..]).map(|found| position + found) else {
                let error = SqlError::new(SqlState::BadCopyFormat, "unterminated CSV quoted field");
                return Err(row.fault(&String::from_utf8_lossy(&bytes[start..]), error));
            };
            scratch.extend_from_slice(&bytes[position..found]);
            let next = bytes.get(found + 1).copied();
            if bytes[found] == escape && next.is_some_and(|next| next == quote || next == escape) {
                scratch.extend(next);
                position = found + 2;
            } else if bytes[found] == quote {
                position = found + 1;
                break;
            } else {
                scratch.push(escape);
                position = found + 1;
            }
        }
    }
}
