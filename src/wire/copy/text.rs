//! Records and fields of COPY's text format: one line each, backslash escapes, NULL as `\N`.

use memchr::{memchr, memchr_iter, memchr2};
use millstream_sql::text::statement::CopyOptions;

use super::field::Row;
use super::lines::{Found, LineEnd, line_end};
use super::{Fault, Scan, invalid_utf8};

/// Where the record ends: at the next line end that no backslash precedes.
pub(super) fn record_end(
    bytes: &[u8],
    start: usize,
    scan: &mut Scan,
    expected: &mut Option<LineEnd>,
    last: bool,
) -> Found {
    loop {
        let Some(rest) = bytes.get(scan.position..) else { return Found::Nothing };
        let Some(found) = memchr2(b'\n', b'\r', rest) else {
            scan.position = bytes.len();
            return Found::Nothing;
        };
        let end = scan.position + found;
        let backslashes = bytes[start..end].iter().rev().take_while(|byte| **byte == b'\\').count();
        if backslashes % 2 == 0 {
            scan.position = end;
            return line_end(bytes, end, expected, last);
        }
        scan.newlines += u64::from(bytes[end] == b'\n');
        scan.position = end + 1;
    }
}

/// Hands the fields of a record to the row.
pub(super) fn fields(
    record: &str,
    options: &CopyOptions,
    scratch: &mut Vec<u8>,
    row: &mut Row<'_>,
) -> Result<(), Fault> {
    let bytes = record.as_bytes();
    let mut start = 0;
    if memchr(b'\\', bytes).is_none() {
        for end in memchr_iter(options.delimiter, bytes) {
            row.raw(&record[start..end])?;
            start = end + 1;
        }
        return row.raw(&record[start..]);
    }
    loop {
        let end = field_end(bytes, start, options.delimiter);
        let raw = &record[start..end];
        if row.is_null(raw) {
            row.null()?;
        } else if raw.contains('\\') {
            unescape(raw.as_bytes(), scratch);
            // Octal and hex escapes can make anything.
            match std::str::from_utf8(scratch) {
                Ok(value) if !value.contains('\0') => row.value(value)?,
                Ok(_) => return Err(row.fault(raw, invalid_utf8(b"\0"))),
                Err(error) => return Err(row.fault(raw, invalid_utf8(&scratch[error.valid_up_to()..]))),
            }
        } else {
            row.value(raw)?;
        }
        if end == bytes.len() {
            return Ok(());
        }
        start = end + 1;
    }
}

/// Where the next delimiter is that no backslash precedes.
fn field_end(bytes: &[u8], start: usize, delimiter: u8) -> usize {
    let mut position = start;
    while let Some(found) = bytes.get(position..).and_then(|rest| memchr2(delimiter, b'\\', rest)) {
        if bytes[position + found] == delimiter {
            return position + found;
        }
        position += found + 2;
    }
    bytes.len()
}

fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let mut position = 0;
    while let Some(found) = memchr(b'\\', &raw[position..]) {
        out.extend_from_slice(&raw[position..position + found]);
        position += found + 1;
        let Some(escaped) = raw.get(position).copied() else {
            // A lone backslash at the end stands for itself.
            out.push(b'\\');
            return;
        };
        position += 1;
        match escaped {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let (value, used) = digits(&raw[position - 1..], 8, 3);
                out.push(value);
                position += used - 1;
            }
            b'x' if raw.get(position).is_some_and(u8::is_ascii_hexdigit) => {
                let (value, used) = digits(&raw[position..], 16, 2);
                out.push(value);
                position += used;
            }
            other => out.push(other),
        }
    }
    out.extend_from_slice(&raw[position..]);
}

/// The number that up to `most` digits at the start make, its low byte, and how many there were.
fn digits(bytes: &[u8], base: u32, most: usize) -> (u8, usize) {
    let digits = bytes.iter().take(most).map_while(|byte| char::from(*byte).to_digit(base));
    let (value, used) = digits.fold((0, 0), |(value, used), digit| (value * base + digit, used + 1));
    (value as u8, used)
}
