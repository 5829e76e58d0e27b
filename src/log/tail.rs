//! A stream's rows as readers see them: durable commits only, in log order. The newest are in memory, older ones in
//! segments.
//!
//! ```text
//!  segments [1M rows][1M rows][200k][30k]                sealed: Parquet objects, read when asked for
//!  chunks                 [64k rows][40k][9k][700][31][1]  in memory: all that is not sealed, and what was lately
//!  ticks        ▲ at row 12        ▲ at row 70,000         watermark raised between rows
//! ```
//!
//! Small neighbouring chunks are merged, as a binary counter carries. One thread publishes, one seals; readers hold the
//! lock for a binary search and some `Arc` clones, never for a copy of rows or a read of the disk.
//!
//! **Invariants.** Segments and chunks overlap or meet: every row from `first_row` on is in one or the other, and every
//! row that is not sealed is in a chunk. Rows before `first_row` were removed by retention.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use millstream_catalog::Retention;
use millstream_sql::{SqlError, SqlState};
use parking_lot::{Mutex, RwLock};

use super::assemble::Head;
use super::chunk::Chunk;
use super::manifest::{GroupMeta, StreamManifest};
use super::segment::Segment;
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
    retention: RwLock<Retention>,
}

#[derive(Debug)]
struct State {
    /// In log order.
    segments: Vec<Arc<Segment>>,
    /// The first row that is still held.
    first_row: u64,
    /// The commit of the newest row that is not held any more; 0 if all are.
    removed_lsn: Lsn,
    /// The greatest event time of those rows.
    removed_event_time: Option<i64>,
    /// Rows before this one are in segments.
    sealed_row: u64,
    /// The next offset of each partition at that row.
    sealed_offsets: Vec<i64>,
    /// The LSN of the newest row that is in no chunk; 0 if all are. After it, all is in memory.
    disk_lsn: Lsn,
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

/// Rows of a stream for a scan: what is sealed, by row group, and what is only in memory.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Segments with the row groups to read; rows from [`Parts::memory_row`] on are left out.
    pub(crate) segments: Vec<(Arc<Segment>, Range<usize>)>,
    /// The first row of `slices`; the end of the rows where there are none.
    pub(crate) memory_row: u64,
    /// The rows in memory.
    pub(crate) slices: Vec<TailSlice>,
}

/// What the sealer finds of a stream at an LSN.
#[derive(Debug)]
pub(super) struct Unsealed {
    /// The rows that are not sealed.
    pub slices: Vec<TailSlice>,
    /// The next offset of each partition before the first of them.
    pub offsets: Vec<i64>,
    /// The segments there are.
    pub segments: Vec<Arc<Segment>>,
    /// Number of rows up to the LSN.
    pub next_row: u64,
    /// The watermark after the LSN.
    pub watermark: i64,
    /// The newest commit up to the LSN that touched the stream.
    pub last_lsn: Lsn,
    /// Ticks up to the LSN.
    pub ticks: Vec<TickMark>,
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
        let state = State {
            segments: Vec::new(),
            first_row: 0,
            removed_lsn: 0,
            removed_event_time: None,
            sealed_row: 0,
            sealed_offsets: vec![0; spec.partitions.max(1) as usize],
            disk_lsn: 0,
            chunks: Vec::new(),
            ticks: Vec::new(),
            rows: 0,
            watermark: NO_WATERMARK,
            last_lsn: 0,
        };
        Self::with(Arc::new(spec), head, state)
    }

    /// A stream as a manifest has it; `segments` are those of the manifest.
    pub(super) fn restored(
        spec: Arc<StreamSpec>,
        manifest: &StreamManifest,
        segments: Vec<Arc<Segment>>,
    ) -> Self {
        let watermark = manifest.watermark.unwrap_or(NO_WATERMARK);
        let head = Head { next_row: manifest.next_row, watermark, offsets: manifest.offsets.clone() };
        let state = State {
            first_row: segments.first().map_or(manifest.next_row, |segment| segment.meta.first_row),
            removed_lsn: manifest.removed_lsn,
            removed_event_time: manifest.removed_event_time,
            sealed_row: manifest.next_row,
            sealed_offsets: manifest.offsets.clone(),
            disk_lsn: segments.last().map_or(0, |segment| segment.meta.last_lsn),
            segments,
            chunks: Vec::new(),
            ticks: manifest.tick_marks(),
            rows: manifest.next_row,
            watermark,
            last_lsn: manifest.last_lsn,
        };
        Self::with(spec, Mutex::new(head), state)
    }

    fn with(spec: Arc<StreamSpec>, head: Mutex<Head>, state: State) -> Self {
        let retention = RwLock::default();
        Self { spec, head, state: RwLock::new(state), dropped: AtomicBool::new(false), retention }
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

    /// Number of rows that are held: those that retention removed are not counted.
    pub fn row_count(&self) -> u64 {
        let state = self.state.read();
        state.rows - state.first_row
    }

    /// The number of the first row that is still held: above 0 where retention removed rows.
    pub fn first_row(&self) -> u64 {
        self.state.read().first_row
    }

    /// The commit of the newest row that retention removed; 0 while it has removed none. Who has taken this commit misses
    /// nothing.
    pub fn removed_lsn(&self) -> Lsn {
        self.state.read().removed_lsn
    }

    /// The error for a reader that is to go on after a commit, if retention has removed rows that it has not read.
    pub(crate) fn check_held(&self, after: Lsn) -> Result<()> {
        let removed = self.removed_lsn();
        if after >= removed {
            return Ok(());
        }
        let message = format!(
            "rows up to commit {removed} of the stream were removed by retention, and those after commit {after} were \
             not read yet"
        );
        Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message)
            .with_hint("what begins anew begins with the rows that are held")
            .into())
    }

    /// The LSN of the first row that is still held; `None` without rows.
    pub fn first_lsn(&self) -> Option<Lsn> {
        let state = self.state.read();
        let sealed = state.segments.first().map(|segment| segment.meta.first_lsn);
        sealed.or_else(|| state.chunks.first().map(|chunk| chunk.runs.first_lsn()))
    }

    /// The memory that rows, watermarks and commits take, in bytes.
    pub fn bytes(&self) -> usize {
        self.state.read().chunks.iter().map(|chunk| chunk.memory_bytes()).sum()
    }

    /// The memory of the rows that are not sealed, in bytes.
    pub fn unsealed_bytes(&self) -> usize {
        let state = self.state.read();
        let unsealed = state.chunks.iter().filter(|chunk| chunk.end_row() > state.sealed_row);
        unsealed.map(|chunk| chunk.memory_bytes()).sum()
    }

    /// The segments that hold the sealed rows, in order.
    pub(crate) fn segments(&self) -> Vec<Arc<Segment>> {
        self.state.read().segments.clone()
    }

    /// The least and greatest event time of the rows that are held, in µs.
    pub fn event_times(&self) -> Option<(i64, i64)> {
        let column = self.spec.watermark.as_ref()?.column;
        let state = self.state.read();
        let sealed = state.segments.iter().filter_map(|segment| segment.meta.event_time);
        let in_memory = state.chunks.iter().filter_map(|chunk| {
            let times = chunk.batch.column(column).as_primitive_opt::<TimestampMicrosecondType>()?;
            arrow::compute::min(times).zip(arrow::compute::max(times))
        });
        sealed.chain(in_memory).reduce(|all, each| (all.0.min(each.0), all.1.max(each.1)))
    }

    /// The greatest event time of all rows that there ever were, in µs; `None` before the first.
    pub fn greatest_event_time(&self) -> Option<i64> {
        let held = self.event_times().map(|(_, greatest)| greatest);
        held.max(self.state.read().removed_event_time)
    }

    /// What retention removed: the newest row's commit and the greatest event time.
    pub(super) fn removed(&self) -> (Lsn, Option<i64>) {
        let state = self.state.read();
        (state.removed_lsn, state.removed_event_time)
    }

    /// The rows of the commits after `after` up to `through`, in log order. What is in memory is not copied; what is
    /// not is read from its segments, which blocks.
    pub fn read(&self, after: Lsn, through: Lsn) -> Result<Vec<TailSlice>> {
        let Parts { segments, memory_row, slices: newest } = self.parts(after, through);
        let mut slices = Vec::new();
        for (segment, groups) in &segments {
            for group in groups.clone() {
                for chunk in futures::executor::block_on(segment.chunks(group))? {
                    let held = (memory_row.saturating_sub(chunk.first_row) as usize).min(chunk.rows());
                    let rows = chunk.runs.rows_through(after)..chunk.runs.rows_through(through).min(held);
                    if !rows.is_empty() {
                        let watermark_after = self.watermark_after_row(&chunk, rows.end);
                        slices.push(TailSlice::new(chunk, self.spec.clone(), rows, watermark_after));
                    }
                }
            }
        }
        slices.extend(newest);
        Ok(slices)
    }

    /// Where the rows of the commits after `after` up to `through` are; row groups may hold others as well.
    pub(crate) fn parts(&self, after: Lsn, through: Lsn) -> Parts {
        let state = self.state.read();
        let memory_row = state.memory_row();
        let mut segments = Vec::new();
        if after < state.disk_lsn {
            for segment in &state.segments {
                let meta = &segment.meta;
                if meta.last_lsn <= after || meta.first_lsn > through || meta.first_row >= memory_row {
                    continue;
                }
                let wanted = |index: &usize| {
                    let group = &meta.groups[*index];
                    group.last_lsn() > after
                        && group.first_lsn() <= through
                        && segment.rows_of(*index).start < memory_row
                };
                let wanted: Vec<usize> = (0..meta.groups.len()).filter(wanted).collect();
                if let (Some(first), Some(last)) = (wanted.first(), wanted.last()) {
                    segments.push((segment.clone(), *first..*last + 1));
                }
            }
        }
        Parts { segments, memory_row, slices: state.in_memory(&self.spec, after, through) }
    }

    /// The greatest LSN b ≤ `limit` such that the commits after `after` up to b hold at most `max_rows` rows of this
    /// stream and about `max_bytes` bytes, but at least one commit. `limit` if all fit. Where rows have to be read from
    /// segments, whole row groups are counted.
    pub fn cut(&self, after: Lsn, limit: Lsn, max_rows: usize, max_bytes: usize) -> Lsn {
        let state = self.state.read();
        if after < state.disk_lsn {
            return state.cut_segments(after, limit, max_rows, max_bytes);
        }
        let from = state.rows_through(after);
        let excess = state.row_after_bytes(from, max_bytes).min(from.saturating_add(max_rows as u64));
        if state.rows_through(limit) <= excess {
            return limit;
        }
        let (chunk, row) = state.find(excess).expect("rows through the limit are held");
        let first_left_out = chunk.runs.lsn(chunk.runs.run_of(row));
        if first_left_out - 1 > after { first_left_out - 1 } else { first_left_out }
    }

    /// The watermark after all of that commit; [`NO_WATERMARK`] before there is one. Blocks where that takes a
    /// look into a segment.
    pub fn watermark_at(&self, lsn: Lsn) -> Result<i64> {
        let (segment, group) = {
            let state = self.state.read();
            match state.place_of(lsn) {
                Place::Row(row) => return Ok(state.watermark_between(row, lsn)),
                Place::Within(segment, group) => (segment, group),
            }
        };
        let watermark = segment.schema().fields().len() - 1;
        if self.spec.watermark.is_none() {
            return Ok(NO_WATERMARK);
        }
        let batch = futures::executor::block_on(segment.read(group, &[watermark - 2, watermark]))?;
        let before = segment.rows_of(group).start;
        let row = rows_through(batch.column(0).as_primitive::<Int64Type>().values(), lsn);
        let watermarks = batch.column(1).as_primitive::<TimestampMicrosecondType>();
        let state = self.state.read();
        let tick = state.tick_after(before + row as u64, lsn);
        let own = || if watermarks.is_valid(row) { watermarks.value(row) } else { NO_WATERMARK };
        Ok(tick.map_or_else(own, |tick| tick.before))
    }

    /// Number of rows of the commits after `after` up to `through`. Blocks where that takes a look into a segment.
    pub fn rows_between(&self, after: Lsn, through: Lsn) -> Result<u64> {
        Ok(self.rows_up_to(through)?.saturating_sub(self.rows_up_to(after)?))
    }

    fn rows_up_to(&self, lsn: Lsn) -> Result<u64> {
        let (segment, group) = match self.state.read().place_of(lsn) {
            Place::Row(row) => return Ok(row),
            Place::Within(segment, group) => (segment, group),
        };
        let column = self.spec.schema.fields().len() + 2;
        let batch = futures::executor::block_on(segment.read(group, &[column]))?;
        let lsns = batch.column(0).as_primitive::<Int64Type>().values();
        Ok(segment.rows_of(group).start + rows_through(lsns, lsn) as u64)
    }

    /// The partition and offset of a row by its number; `None` if there is no such row (any more). Blocks where that
    /// takes a look into a segment.
    pub fn locate(&self, row_number: u64) -> Result<Option<(i32, i64)>> {
        let segment = {
            let state = self.state.read();
            if row_number < state.first_row {
                return Ok(None);
            }
            if let Some((chunk, row)) = state.find(row_number) {
                let chunk = chunk.clone();
                drop(state);
                return Ok(Some(chunk.locate(row)));
            }
            state.segments.iter().find(|segment| segment.holds(row_number)).cloned()
        };
        let Some(segment) = segment else { return Ok(None) };
        let groups = 0..segment.meta.groups.len();
        let group = groups.into_iter().find(|group| segment.rows_of(*group).contains(&row_number));
        let Some(group) = group else { return Ok(None) };
        let own = self.spec.schema.fields().len();
        let batch = futures::executor::block_on(segment.read(group, &[own, own + 1]))?;
        let row = (row_number - segment.rows_of(group).start) as usize;
        let partition = batch.column(0).as_primitive::<Int32Type>().value(row);
        Ok(Some((partition, batch.column(1).as_primitive::<Int64Type>().value(row))))
    }

    /// The watermark after the rows of a chunk of a segment before `end`, before any tick there.
    fn watermark_after_row(&self, chunk: &Chunk, end: usize) -> i64 {
        let row = chunk.first_row + end as u64;
        let state = self.state.read();
        let tick = state.ticks.get(state.ticks.partition_point(|tick| tick.row < row));
        match tick.filter(|tick| tick.row == row) {
            Some(tick) => tick.before,
            None if end < chunk.rows() => {
                chunk.watermarks.as_ref().map_or(NO_WATERMARK, |watermarks| watermarks[end])
            }
            None => state.watermark_before_row(row),
        }
    }

    /// What is to be sealed up to an LSN that is durable.
    pub(super) fn unsealed(&self, through: Lsn) -> Unsealed {
        let state = self.state.read();
        let slices = state.in_memory(&self.spec, 0, through);
        let slices: Vec<TailSlice> =
            slices.into_iter().filter_map(|s| s.rows_from(state.sealed_row)).collect();
        let next_row = slices.last().map_or(state.sealed_row, TailSlice::end_row);
        let ticks: Vec<TickMark> = state.ticks.iter().filter(|tick| tick.lsn <= through).copied().collect();
        let newest_row = slices.last().map(TailSlice::last_lsn);
        let sealed = state.segments.last().map(|segment| segment.meta.last_lsn);
        let last_lsn = newest_row.or(sealed).max(ticks.last().map(|tick| tick.lsn)).unwrap_or(0);
        let offsets = slices.first().map(TailSlice::offsets_before).unwrap_or_default();
        Unsealed {
            slices,
            offsets,
            segments: state.segments.clone(),
            next_row,
            watermark: state.watermark_between(next_row, through),
            last_lsn,
            ticks,
        }
    }

    /// Takes over segments: all that hold the rows before `sealed_row`. Not while rows are published.
    pub(super) fn install(
        &self,
        segments: Vec<Arc<Segment>>,
        sealed_row: u64,
        offsets: Vec<i64>,
        (removed_lsn, removed_event_time): (Lsn, Option<i64>),
    ) {
        let mut state = self.state.write();
        state.sealed_offsets = offsets;
        (state.removed_lsn, state.removed_event_time) = (removed_lsn, removed_event_time);
        state.first_row = segments.first().map_or(sealed_row, |segment| segment.meta.first_row);
        state.segments = segments;
        state.sealed_row = sealed_row;
        let first_row = state.first_row;
        // A tick right at the first row is asked for by those who read from there on.
        state.ticks.retain(|tick| tick.row >= first_row);
        let held = state.chunks.partition_point(|chunk| chunk.end_row() <= first_row);
        state.chunks.drain(..held);
        state.note_disk();
    }

    /// The next offset of each partition after what is sealed.
    pub(super) fn sealed_offsets(&self) -> Vec<i64> {
        self.state.read().sealed_offsets.clone()
    }

    /// How much of it is kept; all, unless [`StreamTail::set_retention`] said otherwise since the log was opened.
    pub fn retention(&self) -> Retention {
        *self.retention.read()
    }

    /// Changes how much of it is kept.
    pub fn set_retention(&self, retention: Retention) {
        *self.retention.write() = retention;
    }

    /// The commit time of the oldest chunk that is sealed, and its bytes: what could leave memory.
    pub(super) fn oldest_sealed(&self) -> Option<(i64, usize)> {
        let state = self.state.read();
        let chunk = state.chunks.first().filter(|chunk| chunk.end_row() <= state.sealed_row)?;
        Some((chunk.runs.time(0), chunk.memory_bytes()))
    }

    /// Lets the oldest chunk go, if it is sealed.
    pub(super) fn evict_oldest(&self) {
        let mut state = self.state.write();
        if state.chunks.first().is_some_and(|chunk| chunk.end_row() <= state.sealed_row) {
            state.chunks.remove(0);
            state.note_disk();
        }
    }

    /// The commit time of the oldest row that is not sealed.
    pub(super) fn oldest_unsealed(&self) -> Option<i64> {
        let state = self.state.read();
        let chunk = state.chunks.get(state.chunks.partition_point(|c| c.end_row() <= state.sealed_row))?;
        let row = state.sealed_row.saturating_sub(chunk.first_row) as usize;
        Some(chunk.runs.time(chunk.runs.run_of(row)))
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
        debug_assert!(state.chunks.last().is_none_or(|last| last.end_row() == chunk.first_row));
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

/// Where the rows of the commits up to an LSN end.
enum Place {
    /// Before this row.
    Row(u64),
    /// Somewhere in a row group that has to be read.
    Within(Arc<Segment>, usize),
}

impl State {
    /// The first row that is in memory; the end of the rows if none is.
    fn memory_row(&self) -> u64 {
        self.chunks.first().map_or(self.rows, |chunk| chunk.first_row)
    }

    /// Notes from which LSN on all rows are in memory, after chunks or segments have changed.
    fn note_disk(&mut self) {
        let memory_row = self.memory_row();
        let newest = self.groups().take_while(|(rows, _)| rows.start < memory_row).last();
        self.disk_lsn = match newest {
            // A row group that is partly in memory ends there at a commit that memory knows, or begins.
            Some((rows, group)) if rows.end > memory_row => {
                let first = self.chunks.first().map_or(group.last_lsn(), |chunk| chunk.runs.first_lsn());
                group.last_lsn().min(first)
            }
            Some((_, group)) => group.last_lsn(),
            None => 0,
        };
    }

    /// All row groups, in order, with their rows.
    fn groups(&self) -> impl Iterator<Item = (Range<u64>, &GroupMeta)> {
        self.segments.iter().flat_map(|segment| {
            let mut next = segment.meta.first_row;
            segment.meta.groups.iter().map(move |group| {
                let rows = next..next + group.rows();
                next = rows.end;
                (rows, group)
            })
        })
    }

    fn in_memory(&self, spec: &Arc<StreamSpec>, after: Lsn, through: Lsn) -> Vec<TailSlice> {
        let first = self.chunks.partition_point(|chunk| chunk.last_lsn() <= after);
        let mut slices = Vec::new();
        for chunk in &self.chunks[first..] {
            // A chunk stays whole though retention has removed rows of it.
            let removed = (self.first_row.saturating_sub(chunk.first_row) as usize).min(chunk.rows());
            let rows = chunk.runs.rows_through(after).max(removed)..chunk.runs.rows_through(through);
            if rows.is_empty() {
                if chunk.last_lsn() > through {
                    break;
                }
                continue;
            }
            let watermark_after = self.watermark_after_row(chunk.first_row + rows.end as u64);
            slices.push(TailSlice::new(chunk.clone(), spec.clone(), rows, watermark_after));
        }
        slices
    }

    /// [`StreamTail::cut`] while there are rows to be read from segments: a cut goes where a row group's first commit
    /// begins, and at the latest to where memory begins.
    fn cut_segments(&self, after: Lsn, limit: Lsn, max_rows: usize, max_bytes: usize) -> Lsn {
        let (mut rows, mut bytes, mut cut) = (0, 0, None);
        let memory_row = self.memory_row();
        for (range, group) in self.groups() {
            if group.last_lsn() <= after {
                continue;
            }
            let before = group.first_lsn() - 1;
            if range.start >= memory_row || before >= limit {
                cut = Some(before).filter(|before| *before > after).or(cut);
                break;
            }
            if before > after {
                cut = Some(before);
            }
            rows += group.rows();
            bytes += group.bytes();
            if cut.is_some() && (rows > max_rows as u64 || bytes > max_bytes as u64) {
                return cut.unwrap_or(limit).min(limit);
            }
        }
        // All that is on disk fits; what is in memory is for the next step.
        self.disk_lsn.max(cut.unwrap_or(0)).min(limit)
    }

    /// Where the rows of the commits up to an LSN end.
    fn place_of(&self, lsn: Lsn) -> Place {
        if lsn >= self.disk_lsn {
            return Place::Row(self.rows_through(lsn));
        }
        for segment in &self.segments {
            if segment.meta.last_lsn <= lsn {
                continue;
            }
            for (index, group) in segment.meta.groups.iter().enumerate() {
                if group.first_lsn() > lsn {
                    return Place::Row(segment.rows_of(index).start);
                }
                if group.last_lsn() > lsn {
                    return Place::Within(segment.clone(), index);
                }
            }
        }
        Place::Row(self.memory_row())
    }

    /// Number of rows of the commits up to this, all of which or the next of which is in memory.
    fn rows_through(&self, lsn: Lsn) -> u64 {
        let whole = self.chunks.partition_point(|chunk| chunk.last_lsn() <= lsn);
        match self.chunks.get(whole) {
            Some(chunk) => chunk.first_row + chunk.runs.rows_through(lsn) as u64,
            None => self.rows,
        }
    }

    /// The first tick after so many rows that came after an LSN, if it is right there.
    fn tick_after(&self, row: u64, lsn: Lsn) -> Option<&TickMark> {
        let first = self.ticks.partition_point(|tick| (tick.row, tick.lsn) <= (row, lsn));
        self.ticks.get(first).filter(|tick| tick.row == row)
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

    /// The chunk of a row, and which row of it, if it is in memory.
    fn find(&self, row: u64) -> Option<(&Arc<Chunk>, usize)> {
        let chunk = self.chunks.get(self.chunks.partition_point(|chunk| chunk.end_row() <= row))?;
        Some((chunk, row.checked_sub(chunk.first_row)? as usize))
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
        self.tick_after(row, lsn).map_or_else(|| self.watermark_before_row(row), |tick| tick.before)
    }

    /// The watermark just before a row that is in memory, or the first of a row group, all ticks there included.
    fn watermark_before_row(&self, row: u64) -> i64 {
        match self.find(row) {
            Some((chunk, row)) => chunk.watermarks.as_ref().map_or(NO_WATERMARK, |values| values[row]),
            None if row < self.rows => self
                .groups()
                .find(|(rows, _)| rows.start == row)
                .map_or(NO_WATERMARK, |(_, group)| group.watermark()),
            None => self.watermark,
        }
    }
}

/// Number of leading rows whose LSN is at most this.
fn rows_through(lsns: &[i64], lsn: Lsn) -> usize {
    lsns.partition_point(|row| *row as Lsn <= lsn)
}
