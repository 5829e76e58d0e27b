//! A stream's newest rows in memory, as readers see them: durable commits only, in log order.
//!
//! ```text
//!  chunks   [64k rows][64k rows][40k][9k][700][31][1]    small neighbours are merged, as a binary counter carries
//!  ticks        ▲ at row 12        ▲ at row 70,000       watermark raised between rows
//! ```
//!
//! One thread publishes; readers hold the lock for a binary search and some `Arc` clones, never for a copy of rows:
//! merging happens outside of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::{Mutex, RwLock};

use super::assemble::Head;
use super::chunk::Chunk;
use super::slice::TailSlice;
use super::{Lsn, StreamSpec};
use crate::Result;
use crate::flow::delta::NO_WATERMARK;

/// The rows of one stream. Made by [`super::Log::create_stream`] and by recovery.
#[derive(Debug)]
pub struct StreamTail {
    spec: Arc<StreamSpec>,
    /// The committer's: ahead of `state` by what is not durable yet.
    head: Mutex<Head>,
    state: RwLock<State>,
    dropped: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// In log order, none empty.
    chunks: Vec<Arc<Chunk>>,
    /// Ticks that raised the watermark, in log order.
    ticks: Vec<TickMark>,
    rows: u64,
    watermark: i64,
    last_lsn: Lsn,
}

/// A tick that raised the watermark.
#[derive(Debug, Clone, Copy)]
pub(super) struct TickMark {
    pub lsn: Lsn,
    /// Number of rows before it.
    pub row: u64,
    /// The watermark before it.
    pub before: i64,
    /// The watermark after it.
    pub after: i64,
}

/// What a commit does to a stream.
#[derive(Debug)]
pub(super) enum Update {
    /// Rows, and the watermark after the last.
    Rows(Chunk, i64),
    Tick(TickMark),
}

impl StreamTail {
    pub(super) fn new(spec: StreamSpec) -> Self {
        let head = Mutex::new(Head::new(&spec));
        let state =
            State { chunks: Vec::new(), ticks: Vec::new(), rows: 0, watermark: NO_WATERMARK, last_lsn: 0 };
        Self { spec: Arc::new(spec), head, state: RwLock::new(state), dropped: AtomicBool::new(false) }
    }

    /// What the stream is.
    pub fn spec(&self) -> &Arc<StreamSpec> {
        &self.spec
    }

    /// The newest commit that touched this stream, by rows or by a tick; 0 if none did.
    pub fn last_lsn(&self) -> Lsn {
        self.state.read().last_lsn
    }

    /// The watermark now, in µs; [`NO_WATERMARK`] if there is none yet.
    pub fn watermark(&self) -> i64 {
        self.state.read().watermark
    }

    /// Number of rows.
    pub fn row_count(&self) -> u64 {
        self.state.read().rows
    }

    /// The memory that rows, watermarks and commits take, in bytes.
    pub fn bytes(&self) -> usize {
        let state = self.state.read();
        let chunk = |chunk: &Arc<Chunk>| {
            let each =
                8 * usize::from(chunk.watermarks.is_some()) + 4 * usize::from(chunk.partitions.is_some());
            chunk.bytes + each * chunk.rows() + chunk.runs.bytes() + std::mem::size_of::<Chunk>()
        };
        state.chunks.iter().map(chunk).sum()
    }

    /// The rows of the commits after `after` up to `through`, in log order. Nothing is copied.
    pub fn read(&self, after: Lsn, through: Lsn) -> Vec<TailSlice> {
        let state = self.state.read();
        let first = state.chunks.partition_point(|chunk| chunk.last_lsn() <= after);
        let mut slices = Vec::new();
        for chunk in &state.chunks[first..] {
            let rows = chunk.runs.rows_through(after)..chunk.runs.rows_through(through);
            if rows.is_empty() {
                break;
            }
            let watermark_after = state.watermark_after_row(chunk.first_row + rows.end as u64);
            slices.push(TailSlice::new(chunk.clone(), self.spec.clone(), rows, watermark_after));
        }
        slices
    }

    /// The greatest LSN b ≤ `limit` such that the commits after `after` up to b hold at most `max_rows` rows of this
    /// stream and about `max_bytes` bytes, but at least one commit. `limit` if all fit.
    pub fn cut(&self, after: Lsn, limit: Lsn, max_rows: usize, max_bytes: usize) -> Lsn {
        let state = self.state.read();
        let from = state.rows_through(after);
        let excess = state.row_after_bytes(from, max_bytes).min(from.saturating_add(max_rows as u64));
        if state.rows_through(limit) <= excess {
            return limit;
        }
        let (chunk, row) = state.find(excess).expect("rows through the limit are held");
        let first_left_out = chunk.runs.lsn(chunk.runs.run_of(row));
        if first_left_out - 1 > after { first_left_out - 1 } else { first_left_out }
    }

    /// The watermark after all of that commit; [`NO_WATERMARK`] before there is one.
    pub fn watermark_at(&self, lsn: Lsn) -> i64 {
        let state = self.state.read();
        let row = state.rows_through(lsn);
        state.watermark_between(row, lsn)
    }

    /// Number of rows of the commits after `after` up to `through`.
    pub fn rows_between(&self, after: Lsn, through: Lsn) -> u64 {
        let state = self.state.read();
        state.rows_through(through).saturating_sub(state.rows_through(after))
    }

    /// The partition and offset of a row by its number; `None` if there is no such row.
    pub fn locate(&self, row_number: u64) -> Option<(i32, i64)> {
        let found = {
            let state = self.state.read();
            state.find(row_number).map(|(chunk, row)| (chunk.clone(), row))
        };
        found.map(|(chunk, row)| chunk.locate(row))
    }

    /// Number of chunks.
    #[cfg(test)]
    pub(super) fn chunk_count(&self) -> usize {
        self.state.read().chunks.len()
    }

    pub(super) fn head(&self) -> &Mutex<Head> {
        &self.head
    }

    pub(super) fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::Acquire)
    }

    pub(super) fn mark_dropped(&self) {
        self.dropped.store(true, Ordering::Release);
    }

    /// Shows durable updates to readers. Called by one thread at a time, in log order.
    pub(super) fn publish(&self, updates: Vec<Update>, last_lsn: Lsn) -> Result<()> {
        for update in updates {
            match update {
                Update::Rows(chunk, watermark) => self.publish_rows(chunk, watermark)?,
                Update::Tick(tick) => {
                    let mut state = self.state.write();
                    state.watermark = tick.after;
                    state.ticks.push(tick);
                }
            }
        }
        self.state.write().last_lsn = last_lsn;
        Ok(())
    }

    fn publish_rows(&self, chunk: Chunk, watermark: i64) -> Result<()> {
        let small = self.small_chunks_before(&chunk);
        let chunk = if small.is_empty() {
            chunk
        } else {
            let mut parts: Vec<&Chunk> = small.iter().map(Arc::as_ref).collect();
            parts.push(&chunk);
            Chunk::merge(&parts)?
        };
        let mut state = self.state.write();
        let kept = state.chunks.len() - small.len();
        state.chunks.truncate(kept);
        debug_assert_eq!(state.chunks.last().map_or(0, |last| last.end_row()), chunk.first_row);
        state.rows = chunk.end_row();
        state.watermark = watermark;
        state.chunks.push(Arc::new(chunk));
        Ok(())
    }

    /// The chunks at the end that go into one with a new chunk: each no larger than what comes after it, so that a
    /// row is copied a logarithmic number of times.
    fn small_chunks_before(&self, chunk: &Chunk) -> Vec<Arc<Chunk>> {
        let state = self.state.read();
        let (mut rows, mut bytes) = (chunk.rows(), chunk.bytes);
        let mut first = state.chunks.len();
        while first > 0 {
            let before = &state.chunks[first - 1];
            if before.rows() > rows || !before.takes(chunk, rows, bytes) {
                break;
            }
            rows += before.rows();
            bytes += before.bytes;
            first -= 1;
        }
        state.chunks[first..].to_vec()
    }
}

impl State {
    /// Number of rows of the commits up to this.
    fn rows_through(&self, lsn: Lsn) -> u64 {
        let whole = self.chunks.partition_point(|chunk| chunk.last_lsn() <= lsn);
        match self.chunks.get(whole) {
            Some(chunk) => chunk.first_row + chunk.runs.rows_through(lsn) as u64,
            None => self.rows,
        }
    }

    /// The first row of the chunk that, from a row on, is too much for so many bytes; the rows' end if none is.
    fn row_after_bytes(&self, from: u64, max_bytes: usize) -> u64 {
        let first = self.chunks.partition_point(|chunk| chunk.end_row() <= from);
        let mut bytes = 0;
        let too_much = self.chunks[first..].iter().find(|chunk| {
            bytes += chunk.bytes;
            bytes > max_bytes && chunk.first_row > from
        });
        too_much.map_or(self.rows, |chunk| chunk.first_row)
    }

    /// The chunk of a row, and which row of it.
    fn find(&self, row: u64) -> Option<(&Arc<Chunk>, usize)> {
        let chunk = self.chunks.get(self.chunks.partition_point(|chunk| chunk.end_row() <= row))?;
        Some((chunk, (row - chunk.first_row) as usize))
    }

    /// The watermark after so many rows, before any tick there.
    fn watermark_after_row(&self, row: u64) -> i64 {
        match self.ticks.get(self.ticks.partition_point(|tick| tick.row < row)) {
            Some(tick) if tick.row == row => tick.before,
            _ => self.watermark_before_row(row),
        }
    }

    /// The watermark after so many rows and the ticks there up to an LSN.
    fn watermark_between(&self, row: u64, lsn: Lsn) -> i64 {
        let first = self.ticks.partition_point(|tick| (tick.row, tick.lsn) <= (row, lsn));
        match self.ticks.get(first) {
            Some(tick) if tick.row == row => tick.before,
            _ => self.watermark_before_row(row),
        }
    }

    /// The watermark just before a row, all ticks there included.
    fn watermark_before_row(&self, row: u64) -> i64 {
        match self.find(row) {
            Some((chunk, row)) => chunk.watermarks.as_ref().map_or(NO_WATERMARK, |values| values[row]),
            None => self.watermark,
        }
    }
}
