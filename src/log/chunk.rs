//! A piece of a stream's tail: rows in log order with all that the log knows of each, immutable.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::ScalarBuffer;
use arrow::compute::concat_batches;
use arrow::error::ArrowError;

use super::columns::batch_bytes;
use super::runs::{Runs, RunsBuilder};

/// Chunks are not merged beyond so many rows, nor beyond [`CHUNK_BYTES`].
pub(super) const CHUNK_ROWS: usize = 64 * 1024;
/// See [`CHUNK_ROWS`].
pub(super) const CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// Consecutive rows of one stream.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The user's columns.
    pub batch: RecordBatch,
    /// The number of the first row in the stream.
    pub first_row: u64,
    /// The commits of the rows.
    pub runs: Runs,
    /// Absent when the stream has one partition.
    pub partitions: Option<Partitions>,
    /// The stream's watermark just before each row; absent when the stream has no event time.
    pub watermarks: Option<ScalarBuffer<i64>>,
    /// What the rows of `batch` take.
    pub bytes: usize,
}

/// The partition of each row of a chunk.
#[derive(Debug, Clone)]
pub(super) struct Partitions {
    /// One a row.
    pub rows: ScalarBuffer<i32>,
    /// For each partition of the stream, the offset of its next row at the chunk's start.
    pub offsets: Arc<[i64]>,
}

impl Chunk {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The number of the row after the last.
    pub fn end_row(&self) -> u64 {
        self.first_row + self.rows() as u64
    }

    /// The memory that rows, watermarks, partitions and commits take, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let each = 8 * usize::from(self.watermarks.is_some()) + 4 * usize::from(self.partitions.is_some());
        self.bytes + each * self.rows() + self.runs.bytes() + size_of::<Chunk>()
    }

    /// The LSN of the last row.
    pub fn last_lsn(&self) -> u64 {
        self.runs.last_lsn()
    }

    /// Whether this chunk with the following one, of so many rows and bytes so far, may be one.
    pub fn takes(&self, last: &Chunk, rows: usize, bytes: usize) -> bool {
        let mut span = RunsBuilder::default();
        span.push(self.runs.first_lsn(), self.runs.time(0), 1);
        self.rows() + rows <= CHUNK_ROWS
            && self.bytes + bytes <= CHUNK_BYTES
            && span.fits(last.last_lsn(), last.runs.time(last.runs.count() - 1))
    }

    /// Consecutive chunks as one.
    pub fn merge(chunks: &[&Chunk]) -> Result<Chunk, ArrowError> {
        let first = chunks[0];
        let batch = concat_batches(first.batch.schema_ref(), chunks.iter().map(|chunk| &chunk.batch))?;
        let mut runs = RunsBuilder::default();
        chunks.iter().for_each(|chunk| runs.extend(&chunk.runs));
        let partitions = first.partitions.as_ref().map(|partitions| Partitions {
            rows: join(chunks.iter().filter_map(|chunk| chunk.partitions.as_ref().map(|p| &p.rows[..]))),
            offsets: partitions.offsets.clone(),
        });
        let watermarks = first
            .watermarks
            .as_ref()
            .map(|_| join(chunks.iter().filter_map(|chunk| chunk.watermarks.as_deref())));
        let bytes = batch_bytes(&batch);
        Ok(Chunk { batch, first_row: first.first_row, runs: runs.finish(), partitions, watermarks, bytes })
    }

    /// The partition and offset of a row of this chunk.
    pub fn locate(&self, row: usize) -> (i32, i64) {
        match &self.partitions {
            None => (0, (self.first_row + row as u64) as i64),
            Some(partitions) => {
                let partition = partitions.rows[row];
                let before = partitions.rows[..row].iter().filter(|other| **other == partition).count();
                (partition, partitions.offsets[partition as usize] + before as i64)
            }
        }
    }
}

fn join<'a, T: arrow::datatypes::ArrowNativeType>(parts: impl Iterator<Item = &'a [T]>) -> ScalarBuffer<T> {
    let mut all = Vec::new();
    parts.for_each(|part| all.extend_from_slice(part));
    all.shrink_to_fit();
    all.into()
}
