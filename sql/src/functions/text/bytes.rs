//! Functions of bytes: parts, places, single bits and bytes.
//!
//! Bytes count from 1 in parts and positions, from 0 in `get_byte` and `get_bit`. Bit 0 is the lowest of the
//! first byte.

use std::borrow::Cow;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::Row;
use crate::functions::text::length::count;
use crate::functions::text::slice::{overlay_end, span};
use crate::strict;
use crate::types::text::check_size;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("||", (a: Bytea, b: Bytea) -> Bytea => join(a, b)).grows(),
        strict!("byteacat", (a: Bytea, b: Bytea) -> Bytea => join(a, b)).grows(),
        strict!("substring", (s: Bytea, from: Int4) -> Bytea => Ok(substring(s, from, None)?.to_vec()))
            .safe(),
        strict!("substring", (s: Bytea, from: Int4, length: Int4) -> Bytea =>
            Ok(substring(s, from, Some(length))?.to_vec())),
        strict!("substr", (s: Bytea, from: Int4) -> Bytea => Ok(substring(s, from, None)?.to_vec())).safe(),
        strict!("substr", (s: Bytea, from: Int4, length: Int4) -> Bytea =>
            Ok(substring(s, from, Some(length))?.to_vec())),
        strict!("overlay", (s: Bytea, new: Bytea, from: Int4) -> Bytea => overlay(s, new, from, None))
            .grows(),
        strict!("overlay", (s: Bytea, new: Bytea, from: Int4, length: Int4) -> Bytea =>
            overlay(s, new, from, Some(length)))
        .grows(),
        strict!("position", (s: Bytea, part: Bytea) -> Int4 => count(position(s, part))).safe(),
        strict!("btrim", (s: Bytea, set: Bytea) -> Bytea =>
            Ok(trim_start(trim_end(s, set), set).to_vec()))
        .safe(),
        strict!("ltrim", (s: Bytea, set: Bytea) -> Bytea => Ok(trim_start(s, set).to_vec())).safe(),
        strict!("rtrim", (s: Bytea, set: Bytea) -> Bytea => Ok(trim_end(s, set).to_vec())).safe(),
        strict!("get_byte", (s: Bytea, n: Int4) -> Int4 =>
            Ok(i32::from(s[index(i64::from(n), s.len())?]))),
        strict!("set_byte", (s: Bytea, n: Int4, byte: Int4) -> Bytea => set_byte(s, n, byte)),
        strict!("get_bit", (s: Bytea, n: Int8) -> Int4 => get_bit(s, n)),
        strict!("set_bit", (s: Bytea, n: Int8, bit: Int4) -> Bytea => set_bit(s, n, bit)),
        strict!("bit_count", (s: Bytea) -> Int8 =>
            Ok(s.iter().map(|byte| i64::from(byte.count_ones())).sum()))
        .safe(),
    ]
}

fn join(left: &[u8], right: &[u8]) -> SqlResult<Vec<u8>> {
    check_size(left.len().saturating_add(right.len()))?;
    Ok([left, right].concat())
}

/// The bytes from a position on, so many of them.
pub fn substring(bytes: &[u8], from: i32, length: Option<i32>) -> SqlResult<&[u8]> {
    let (skip, take) = span(from, length)?;
    let rest = bytes.get(skip..).unwrap_or_default();
    Ok(take.and_then(|take| rest.get(..take)).unwrap_or(rest))
}

fn overlay(bytes: &[u8], new: &[u8], from: i32, length: Option<i32>) -> SqlResult<Vec<u8>> {
    let length = match length {
        Some(length) => length,
        None => count(new.len())?,
    };
    let after = overlay_end(from, length)?;
    let head = substring(bytes, 1, Some(from - 1))?;
    let tail = substring(bytes, after, None)?;
    check_size(head.len() + new.len() + tail.len())?;
    Ok([head, new, tail].concat())
}

/// Where a part stands first, in bytes from 1; 0 where it does not.
pub fn position(bytes: &[u8], part: &[u8]) -> usize {
    let Some((&first, others)) = part.split_first() else { return 1 };
    let mut start = 0;
    while let Some(found) = bytes[start..].iter().position(|byte| *byte == first) {
        if bytes[start + found + 1..].starts_with(others) {
            return start + found + 1;
        }
        start += found + 1;
    }
    0
}

fn trim_start<'a>(bytes: &'a [u8], set: &[u8]) -> &'a [u8] {
    let start = bytes.iter().position(|byte| !set.contains(byte)).unwrap_or(bytes.len());
    &bytes[start..]
}

fn trim_end<'a>(bytes: &'a [u8], set: &[u8]) -> &'a [u8] {
    let end = bytes.iter().rposition(|byte| !set.contains(byte)).map_or(0, |last| last + 1);
    &bytes[..end]
}

/// The index where it lies within `length`; else 2202E.
fn index(index: i64, length: usize) -> SqlResult<usize> {
    match usize::try_from(index) {
        Ok(found) if found < length => Ok(found),
        _ => {
            let last: Cow<'_, str> = match length {
                0 => "-1".into(),
                _ => (length - 1).to_string().into(),
            };
            let message = format!("index {index} out of valid range, 0..{last}");
            Err(SqlError::new(SqlState::ArraySubscript, message))
        }
    }
}

fn set_byte(bytes: &[u8], n: i32, byte: i32) -> SqlResult<Vec<u8>> {
    let index = index(i64::from(n), bytes.len())?;
    let mut changed = bytes.to_vec();
    changed[index] = byte.to_le_bytes()[0];
    Ok(changed)
}

fn get_bit(bytes: &[u8], n: i64) -> SqlResult<i32> {
    let index = index(n, bytes.len().saturating_mul(8))?;
    Ok(i32::from((bytes[index / 8] >> (index % 8)) & 1))
}

fn set_bit(bytes: &[u8], n: i64, bit: i32) -> SqlResult<Vec<u8>> {
    let index = index(n, bytes.len().saturating_mul(8))?;
    if bit != 0 && bit != 1 {
        return Err(SqlError::new(SqlState::InvalidParameterValue, "new bit must be 0 or 1"));
    }
    let mut changed = bytes.to_vec();
    let mask = 1 << (index % 8);
    if bit == 1 {
        changed[index / 8] |= mask;
    } else {
        changed[index / 8] &= !mask;
    }
    Ok(changed)
}
