//! Columns of wide numerics, read and written without a value of its own for each row.
//!
//! Most values have a coefficient of at most 128 bits and a scale below 240. Such a one is read by one load of 16 bytes,
//! whatever its length, and written by one store: what is behind its end is of no meaning, or written over by the next.

use arrow::array::{Array, BinaryArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};

use super::Numeric;
use super::storage::{WIDE_SCALE, short_key};
use crate::error::{SqlError, SqlResult};
use crate::types::builder::column_too_large;

/// Coefficient and scale of a value of at most 128 bits.
pub type Small = (i128, u16);

/// The most bytes of a value whose coefficient has 128 bits and whose scale has one byte.
const SMALL_BYTES: usize = 17;

/// A column that is read.
pub struct ColumnReader<'a> {
    offsets: &'a [i32],
    bytes: &'a [u8],
}

impl<'a> ColumnReader<'a> {
    /// Reads what [`Numeric::with_bytes`] gave.
    pub fn of(array: &'a BinaryArray) -> Self {
        Self { offsets: array.value_offsets(), bytes: array.value_data() }
    }

    #[inline]
    fn range(&self, row: usize) -> (usize, usize) {
        match self.offsets.get(row..row + 2) {
            Some([start, end]) => (*start as usize, *end as usize),
            _ => (0, 0),
        }
    }

    /// The value of a row. Bytes that are of none are NaN.
    pub fn value(&self, row: usize) -> Numeric {
        let (start, end) = self.range(row);
        Numeric::from_bytes(&self.bytes[start..end])
    }

    /// The value of a row, if it is finite and has at most 128 bits. None says nothing.
    #[inline]
    pub fn small(&self, row: usize) -> Option<Small> {
        let (start, end) = self.range(row);
        let Some(window) = self.bytes.get(start..start + SMALL_BYTES) else { return self.last_small(row) };
        let (scale, coefficient) = window.split_first()?;
        if !matches!(end - start, 5 | 9 | 17) || *scale >= WIDE_SCALE {
            return None;
        }
        let coefficient = i128::from_le_bytes(coefficient.try_into().ok()?);
        let unused = 8 * (SMALL_BYTES - (end - start)) as u32;
        Some(((coefficient << unused) >> unused, u16::from(*scale)))
    }

    /// As [`ColumnReader::small`], near the end of the bytes.
    fn last_small(&self, row: usize) -> Option<Small> {
        match self.value(row) {
            Numeric::Small { coefficient, scale } if scale < u16::from(WIDE_SCALE) => {
                Some((coefficient, scale))
            }
            _ => None,
        }
    }
}

/// What values of one scale come to, whose coefficients have at most 64 bits.
#[derive(Debug, Clone, Copy)]
pub struct Narrow {
    /// Their scale.
    pub scale: u16,
    /// How many they are.
    pub count: u32,
    /// The sum of their coefficients.
    pub sum: i128,
    /// The least coefficient.
    pub least: i64,
    /// The greatest.
    pub greatest: i64,
}

/// Rows that are taken together.
const BLOCK: usize = 1024;

impl Narrow {
    fn of(scale: u8) -> Self {
        Self { scale: u16::from(scale), count: 0, sum: 0, least: i64::MAX, greatest: i64::MIN }
    }

    #[inline(always)]
    fn add(&mut self, coefficient: i64) {
        self.count += 1;
        self.sum += i128::from(coefficient);
        self.least = self.least.min(coefficient);
        self.greatest = self.greatest.max(coefficient);
    }
}

impl ColumnReader<'_> {
    /// Gives what the values of some rows come to, by blocks and their scales, if all have coefficients of 32 bits, or
    /// all of 64, and none is NULL; else false, and nothing is given.
    pub fn narrow(&self, rows: std::ops::Range<usize>, take: impl FnMut(Narrow)) -> bool {
        let Some(offsets @ [first, second, ..]) = self.offsets.get(rows.start..rows.end + 1) else {
            return false;
        };
        let width = second - first;
        if !matches!(width, 5 | 9) {
            return false;
        }
        // No early end: so it is a few instructions for many rows.
        let stray = offsets
            .iter()
            .zip(0i32..)
            .fold(0, |stray, (offset, row)| stray | (offset.wrapping_sub(*first) ^ row.wrapping_mul(width)));
        let start = *first as usize;
        let Some(bytes) = self.bytes.get(start..start + rows.len() * width as usize) else { return false };
        if stray != 0 {
            return false;
        }
        match width {
            5 => {
                narrow_blocks::<5>(bytes, take, |[_, a, b, c, d]| i64::from(i32::from_le_bytes([a, b, c, d])))
            }
            _ => narrow_blocks::<9>(bytes, take, |[_, a, b, c, d, e, f, g, h]| {
                i64::from_le_bytes([a, b, c, d, e, f, g, h])
            }),
        }
        true
    }
}

fn narrow_blocks<const WIDTH: usize>(
    bytes: &[u8],
    mut take: impl FnMut(Narrow),
    coefficient: impl Fn([u8; WIDTH]) -> i64,
) {
    for block in bytes.as_chunks::<WIDTH>().0.chunks(BLOCK) {
        let scale = block[0][0];
        let mut all = Narrow::of(scale);
        let mut others = 0;
        for value in block {
            others |= value[0] ^ scale;
            all.add(coefficient(*value));
        }
        if others == 0 {
            take(all);
            continue;
        }
        let mut by_scale: Vec<Narrow> = (0..WIDE_SCALE).map(Narrow::of).collect();
        for value in block {
            if let Some(narrow) = by_scale.get_mut(usize::from(value[0])) {
                narrow.add(coefficient(*value));
            }
        }
        by_scale.into_iter().filter(|narrow| narrow.count > 0).for_each(&mut take);
    }
}

/// A column that is written, row by row.
pub struct ColumnWriter {
    offsets: Vec<i32>,
    /// Written up to `end`; what is behind is of no meaning.
    bytes: Vec<u8>,
    end: usize,
}

impl ColumnWriter {
    /// For so many rows.
    pub fn with_capacity(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, bytes: vec![0; (rows + 2) * 9], end: 0 }
    }

    /// Writes the value of the row. At most once before [`ColumnWriter::end_row`]; a row without one is NULL.
    #[inline]
    pub fn push_small(&mut self, coefficient: i128, scale: u16) {
        if scale >= u16::from(WIDE_SCALE) {
            return self.push(&Numeric::small(coefficient, scale));
        }
        let full = self.end + SMALL_BYTES;
        if self.bytes.len() < full {
            self.bytes.resize(full * 2, 0);
        }
        let target = &mut self.bytes[self.end..full];
        target[0] = scale as u8;
        target[1..].copy_from_slice(&coefficient.to_le_bytes());
        let is_middle = i128::from(coefficient as i64) == coefficient;
        let is_short = i128::from(coefficient as i32) == coefficient;
        self.end += SMALL_BYTES - 8 * usize::from(is_middle) - 4 * usize::from(is_short);
    }

    /// Writes the value of the row, whatever it is.
    pub fn push(&mut self, value: &Numeric) {
        value.with_bytes(|own| {
            self.bytes.truncate(self.end);
            self.bytes.extend_from_slice(own);
        });
        self.end = self.bytes.len();
    }

    /// Ends a row. 54000 where the column passes what its offsets reach.
    #[inline]
    pub fn end_row(&mut self) -> SqlResult<()> {
        self.offsets.push(i32::try_from(self.end).map_err(|_| column_too_large())?);
        Ok(())
    }

    /// The column, with its NULLs.
    pub fn finish(mut self, nulls: Option<NullBuffer>) -> SqlResult<BinaryArray> {
        self.bytes.truncate(self.end);
        let array = BinaryArray::try_new(OffsetBuffer::new(self.offsets.into()), self.bytes.into(), nulls);
        array.map_err(|error| SqlError::internal(error.to_string()))
    }
}

/// The keys of a column, as [`Numeric::key_bytes`] gives them; NULL stays NULL.
pub fn keys(array: &BinaryArray) -> SqlResult<BinaryArray> {
    let column = ColumnReader::of(array);
    let mut offsets = Vec::with_capacity(array.len() + 1);
    offsets.push(0);
    let mut bytes = Vec::with_capacity(array.len() * 8);
    for row in 0..array.len() {
        if array.is_valid(row) {
            match column.small(row).and_then(|(coefficient, scale)| short_key(coefficient, scale)) {
                Some(key) => bytes.extend_from_slice(key.bytes()),
                None => column.value(row).key_bytes(&mut bytes),
            }
        }
        offsets.push(i32::try_from(bytes.len()).map_err(|_| column_too_large())?);
    }
    let keys = BinaryArray::try_new(OffsetBuffer::new(offsets.into()), bytes.into(), array.nulls().cloned());
    keys.map_err(|error| SqlError::internal(error.to_string()))
}
