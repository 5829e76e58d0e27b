//! From the appends of commits to a chunk: row numbers, offsets and watermarks are given here, and nowhere else,
//! so that a live commit and its recovery cannot differ.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::ScalarBuffer;
use arrow::compute::concat_batches;

use super::chunk::{CHUNK_BYTES, CHUNK_ROWS, Chunk, Partitions};
use super::columns::batch_bytes;
use super::runs::RunsBuilder;
use super::tail::TickMark;
use super::watermark;
use super::{Lsn, StreamSpec};
use crate::flow::delta::NO_WATERMARK;
use crate::{Error, Result};

/// Where a stream stands before its next row.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The next row's number.
    pub next_row: u64,
    /// The watermark.
    pub watermark: i64,
    /// The next offset of each partition.
    pub offsets: Vec<i64>,
}

/// Rows of one append, or a part of a frame.
#[derive(Debug)]
pub(super) struct Piece {
    pub batch: RecordBatch,
    /// One a row; absent: all 0.
    pub partitions: Option<ScalarBuffer<i32>>,
    /// The value of the watermark expression, one a row, where it is known already.
    pub marks: Option<ScalarBuffer<i64>>,
    pub bytes: usize,
}

/// Pieces of one stream that follow each other in its log order.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    pieces: Vec<Piece>,
    runs: RunsBuilder,
    rows: usize,
    bytes: usize,
}

impl Head {
    /// Of a new stream.
    pub fn new(spec: &StreamSpec) -> Self {
        Self { next_row: 0, watermark: NO_WATERMARK, offsets: vec![0; spec.partitions.max(1) as usize] }
    }

    /// Makes the gathered rows the stream's next, as one chunk.
    pub fn seal(&mut self, spec: &StreamSpec, gathering: Gathering) -> Result<Chunk> {
        let Gathering { pieces, runs, rows, bytes } = gathering;
        let batch = match &pieces[..] {
            [piece] => piece.batch.clone(),
            _ => concat_batches(&spec.schema, pieces.iter().map(|piece| &piece.batch))?,
        };
        let bytes = if pieces.len() == 1 { bytes } else { batch_bytes(&batch) };
        let watermarks = match &spec.watermark {
            Some(watermark) => {
                let marks = match join_marks(&pieces) {
                    Some(marks) => marks,
                    None => watermark::marks(watermark, &batch)?,
                };
                let (before, after) = watermark::prefix(self.watermark, &marks);
                self.watermark = after;
                Some(before)
            }
            None => None,
        };
        let partitions = if spec.partitions > 1 { Some(self.partitions(&pieces)?) } else { None };
        let first_row = self.next_row;
        self.next_row += rows as u64;
        Ok(Chunk { batch, first_row, runs: runs.finish(), partitions, watermarks, bytes })
    }

    /// Raises the watermark; `None` if it was there already.
    pub fn tick(&mut self, lsn: Lsn, watermark: i64) -> Option<TickMark> {
        if watermark <= self.watermark {
            return None;
        }
        let before = std::mem::replace(&mut self.watermark, watermark);
        Some(TickMark { lsn, row: self.next_row, before, after: watermark })
    }

    fn partitions(&mut self, pieces: &[Piece]) -> Result<Partitions> {
        let offsets: Arc<[i64]> = self.offsets.as_slice().into();
        let mut rows = Vec::with_capacity(pieces.iter().map(|piece| piece.batch.num_rows()).sum());
        for piece in pieces {
            match &piece.partitions {
                Some(partitions) => rows.extend_from_slice(partitions),
                None => rows.resize(rows.len() + piece.batch.num_rows(), 0),
            }
        }
        for partition in &rows {
            let offset =
                usize::try_from(*partition).ok().and_then(|partition| self.offsets.get_mut(partition));
            *offset.ok_or_else(|| Error::internal(format!("a stream has no partition {partition}")))? += 1;
        }
        Ok(Partitions { rows: rows.into(), offsets })
    }
}

impl Gathering {
    /// Whether rows of that commit can still be added without the chunk growing too large for those who read a part.
    pub fn takes(&self, lsn: Lsn, time: i64, rows: usize, bytes: usize) -> bool {
        let small = self.rows + rows <= CHUNK_ROWS && self.bytes + bytes <= CHUNK_BYTES;
        (self.pieces.is_empty() || small) && self.runs.fits(lsn, time)
    }

    /// Adds rows of a commit, at least one.
    pub fn push(&mut self, lsn: Lsn, time: i64, piece: Piece) {
        self.push_runs(&[(lsn, piece.batch.num_rows() as u32)], time, piece);
    }

    /// Adds rows of several commits of one time.
    pub fn push_runs(&mut self, runs: &[(Lsn, u32)], time: i64, piece: Piece) {
        self.rows += piece.batch.num_rows();
        self.bytes += piece.bytes;
        runs.iter().for_each(|(lsn, rows)| self.runs.push(*lsn, time, *rows));
        self.pieces.push(piece);
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The pieces, to be replaced before they are sealed.
    pub fn pieces_mut(&mut self) -> &mut [Piece] {
        &mut self.pieces
    }
}

/// The marks of all pieces, unless one has none.
fn join_marks(pieces: &[Piece]) -> Option<ScalarBuffer<i64>> {
    if let [piece] = pieces {
        return piece.marks.clone();
    }
    let mut all = Vec::with_capacity(pieces.iter().map(|piece| piece.batch.num_rows()).sum());
    for piece in pieces {
        all.extend_from_slice(piece.marks.as_ref()?);
    }
    Some(all.into())
}
