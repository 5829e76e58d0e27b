//! A view's rows as columnar chunks with deletion bitmaps, kept few.
//!
//! ```text
//!  order ─►  chunk 0 (200,000 rows) │ chunk 3 (60,000) │ chunk 7 (900) │ chunk 5 (3) │ chunk 8 (1)
//!            batch    immutable, shared with every version that holds it
//!            weights  how many times each row counts; absent: once each
//!            live     one bit a row, copied on write; absent: all rows live
//!            handles  the index's number of each row (the writer's only)
//!            places   where the rows are in the files of the newest checkpoint (the writer's only; see [`super::places`])
//! ```
//!
//! A new batch becomes a chunk at the end. Then, as in a binary counter, the longest suffix in which no chunk is more
//! than twice what follows it is copied into one: a row is moved O(log n) times in its life, and there are O(log n)
//! chunks besides the full ones ([`CHUNK_ROWS`]). A chunk that is mostly dead is copied too, together with small
//! neighbours. Order is kept: chunks stand, and rows stand in them, in the order in which they came.

use std::sync::Arc;

use arrow::array::{Array, MutableArrayData, RecordBatch, UInt32Array, make_array};
use arrow::compute::{concat_batches, interleave_record_batch, take_record_batch};
use arrow::datatypes::SchemaRef;

use super::places::{LivingPlaces, Places};
use crate::Result;

/// No chunk has more rows. It bounds what a deletion copies (a bitmap of 32 KiB) and what one merge moves.
pub(super) const CHUNK_ROWS: usize = 1 << 18;
/// Chunks are not merged into one with more bytes than this.
const CHUNK_BYTES: usize = 64 << 20;
/// A chunk with fewer dead rows is not worth copying for their sake.
const DEAD_ROWS: usize = 64;

/// Where a row is: good until the chunk is merged or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// The chunk's id.
    pub chunk: u32,
    /// The row in it.
    pub row: u32,
}

/// Rows that never change.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Unique among the chunks of one version; used again once the chunk is gone.
    pub id: u32,
    /// The rows.
    pub batch: RecordBatch,
    /// How many times each row counts, above zero; absent: once each.
    pub weights: Option<Vec<i64>>,
    /// Bytes of the batch and the weights.
    pub bytes: usize,
}

/// A chunk and which of its rows are in the view.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The rows.
    pub chunk: Arc<Chunk>,
    /// One bit a row, lowest first; absent: all rows live.
    pub live: Option<Arc<Vec<u64>>>,
    /// Number of live rows, not counting weights.
    pub live_rows: usize,
}

impl Part {
    /// Whether that row is in the view.
    pub fn is_live(&self, row: usize) -> bool {
        self.live.as_ref().is_none_or(|bits| bits[row / 64] >> (row % 64) & 1 == 1)
    }

    /// Bytes of the rows and the bitmap.
    pub fn bytes(&self) -> usize {
        self.chunk.bytes + self.live.as_ref().map_or(0, |bits| bits.len() * 8)
    }

    /// How many times a live row counts.
    pub fn weight(&self, row: usize) -> i64 {
        self.chunk.weights.as_ref().map_or(1, |weights| weights[row])
    }

    /// The live rows, ascending.
    pub fn live_indexes(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows()).filter(|row| self.is_live(*row))
    }

    /// The live rows from one on, each as often as it counts; None when there are none.
    fn rows_from(&self, from: usize) -> Result<Option<RecordBatch>> {
        let batch = &self.chunk.batch;
        if self.live.is_none() && self.chunk.weights.is_none() {
            return Ok((from < self.rows()).then(|| batch.slice(from, self.rows() - from)));
        }
        let live = (from..self.rows()).filter(|row| self.is_live(*row));
        let times = |row: usize| std::iter::repeat_n(row as u32, self.weight(row) as usize);
        let rows: UInt32Array = live.flat_map(times).collect::<Vec<u32>>().into();
        Ok(if rows.is_empty() { None } else { Some(take_record_batch(batch, &rows)?) })
    }

    fn rows(&self) -> usize {
        self.chunk.batch.num_rows()
    }

    fn is_mostly_dead(&self) -> bool {
        let dead = self.rows() - self.live_rows;
        dead > DEAD_ROWS && dead > self.live_rows
    }

    /// What the live rows take, by their share of the chunk.
    fn live_bytes(&self) -> usize {
        (self.chunk.bytes as u128 * self.live_rows as u128 / self.rows().max(1) as u128) as usize
    }
}

/// A part as the writer holds it.
#[derive(Debug)]
struct Held {
    part: Part,
    /// The index's number of each row; empty when there is no index.
    handles: Vec<u32>,
    places: Places,
    /// Whether the current step has taken rows out of it.
    touched: bool,
}

/// The writer's chunks.
#[derive(Debug)]
pub(super) struct Columns {
    schema: SchemaRef,
    /// By chunk id.
    held: Vec<Option<Held>>,
    free: Vec<u32>,
    /// Chunk ids in row order.
    order: Vec<u32>,
    /// Chunks that lost rows in this step.
    touched: Vec<u32>,
    /// Number of live rows, each times its weight.
    row_count: u64,
    /// Bytes that only older versions hold since the last [`Columns::take_retired`].
    retired: usize,
    /// The place after the last one in use; None when places are not tracked.
    next_place: Option<u64>,
    /// Places of rows that died since the last checkpoint.
    dead_places: Vec<u32>,
}

/// Tells the index where a row has gone.
pub(super) type Moved<'a> = &'a mut dyn FnMut(u32, Slot);

impl Columns {
    pub fn new(schema: SchemaRef) -> Self {
        Self {
            schema,
            held: Vec::new(),
            free: Vec::new(),
            order: Vec::new(),
            touched: Vec::new(),
            row_count: 0,
            retired: 0,
            next_place: None,
            dead_places: Vec::new(),
        }
    }

    /// The schema of every chunk.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Number of rows in the view, each as often as its weight says.
    pub fn row_count(&self) -> u64 {
        self.row_count
    }

    /// The parts in row order, for a version.
    pub fn parts(&self) -> Vec<Part> {
        self.order
            .iter()
            .filter_map(|id| self.held[*id as usize].as_ref())
            .map(|held| held.part.clone())
            .collect()
    }

    /// Number of chunks.
    #[cfg(test)]
    pub fn chunks(&self) -> usize {
        self.order.len()
    }

    /// Bytes that the newest published version held and the columns no longer do, since the last call.
    pub fn take_retired(&mut self) -> usize {
        std::mem::take(&mut self.retired)
    }

    /// The weight of the row in a slot.
    pub fn weight(&self, slot: Slot) -> i64 {
        self.get(slot.chunk).part.weight(slot.row as usize)
    }

    /// Adds rows at the end and says where they are now. The batch has this schema; `weights` are above zero; `handles`
    /// has one number a row, or is empty for a view without an index.
    pub fn append(
        &mut self,
        batch: RecordBatch,
        weights: Option<Vec<i64>>,
        handles: Vec<u32>,
        moved: Moved<'_>,
    ) -> Result<()> {
        let mut start = 0;
        while start < batch.num_rows() {
            let rows = (batch.num_rows() - start).min(CHUNK_ROWS);
            let range = start..start + rows;
            let whole = rows == batch.num_rows();
            let piece = if whole { batch.clone() } else { batch.slice(start, rows) };
            let weights = weights.as_ref().map(|weights| weights[range.clone()].to_vec());
            let handles = if handles.is_empty() { Vec::new() } else { handles[range].to_vec() };
            self.row_count += match &weights {
                Some(weights) => weights.iter().map(|weight| *weight as u64).sum(),
                None => rows as u64,
            };
            let at = self.order.len();
            self.place(at, owned(piece)?, weights, handles, Places::default(), moved);
            start += rows;
        }
        Ok(())
    }

    /// Takes the live row of a slot out of the view.
    pub fn kill(&mut self, slot: Slot) {
        let weight = self.weight(slot);
        let Some(held) = &mut self.held[slot.chunk as usize] else {
            unreachable!("a slot names a chunk that is held")
        };
        if let Some(place) = held.places.of(slot.row as usize) {
            self.dead_places.extend(place..place + weight as u32);
        }
        let rows = held.part.rows();
        let live = held.part.live.get_or_insert_with(|| Arc::new(all_live(rows)));
        if Arc::strong_count(live) > 1 {
            self.retired += live.len() * 8;
        }
        let word = &mut Arc::make_mut(live)[slot.row as usize / 64];
        let bit = 1 << (slot.row % 64);
        assert!(*word & bit != 0, "a row of a view dies once");
        *word &= !bit;
        held.part.live_rows -= 1;
        self.row_count -= weight as u64;
        if !held.touched {
            held.touched = true;
            self.touched.push(slot.chunk);
        }
    }

    /// Ends a step: drops what is dead, merges what is small.
    pub fn settle(&mut self, moved: Moved<'_>) -> Result<()> {
        for id in std::mem::take(&mut self.touched) {
            // An earlier merge of this loop may have swallowed the chunk. Its id may be that of the merged chunk now, which
            // needs nothing.
            let Some(held) = &mut self.held[id as usize] else { continue };
            held.touched = false;
            if held.part.live_rows == 0 {
                let at = self.position(id);
                self.order.remove(at);
                self.remove(id);
            } else if held.part.is_mostly_dead() {
                let at = self.position(id);
                let (first, last) = self.neighbours(at);
                self.merge(first, last, moved)?;
            }
        }
        if let Some(last) = self.order.len().checked_sub(1) {
            let (first, _) = self.neighbours(last);
            if first < last {
                self.merge(first, last, moved)?;
            }
        }
        Ok(())
    }

    /// The range of positions around one that is worth copying into one chunk.
    fn neighbours(&self, at: usize) -> (usize, usize) {
        let start = &self.get(self.order[at]).part;
        let (mut rows, mut bytes) = (start.live_rows, start.live_bytes());
        let (mut first, mut last) = (at, at);
        let mut joins = |position: usize| {
            let part = &self.get(self.order[position]).part;
            let fits = rows + part.live_rows <= CHUNK_ROWS && bytes + part.live_bytes() <= CHUNK_BYTES;
            let small = part.live_rows <= 2 * rows;
            if fits && small {
                rows += part.live_rows;
                bytes += part.live_bytes();
            }
            fits && small
        };
        while first > 0 && joins(first - 1) {
            first -= 1;
        }
        while last + 1 < self.order.len() && joins(last + 1) {
            last += 1;
        }
        (first, last)
    }

    /// Copies the live rows of the chunks at these positions into one chunk in their place.
    fn merge(&mut self, first: usize, last: usize, moved: Moved<'_>) -> Result<()> {
        let ids: Vec<u32> = self.order[first..=last].to_vec();
        let merged: Vec<&Held> = ids.iter().map(|id| self.get(*id)).collect();
        let batches: Vec<&RecordBatch> = merged.iter().map(|held| &held.part.chunk.batch).collect();
        let all_live = merged.iter().all(|held| held.part.live.is_none());
        let batch = if all_live {
            concat_batches(&self.schema, batches)?
        } else {
            let live = merged.iter().enumerate();
            let rows: Vec<(usize, usize)> = live
                .flat_map(|(chunk, held)| held.part.live_indexes().map(move |row| (chunk, row)))
                .collect();
            interleave_record_batch(&batches, &rows)?
        };
        let handles = merged
            .iter()
            .filter(|held| !held.handles.is_empty())
            .flat_map(|held| held.part.live_indexes().map(move |row| held.handles[row]))
            .collect();
        let weights = merged.iter().any(|held| held.part.chunk.weights.is_some()).then(|| {
            merged
                .iter()
                .flat_map(|held| held.part.live_indexes().map(move |row| held.part.weight(row)))
                .collect()
        });
        let places = merged_places(&merged);
        for id in ids {
            self.remove(id);
        }
        self.order.drain(first..=last);
        self.place(first, batch, weights, handles, places, moved);
        Ok(())
    }

    /// The rows that no file of the last checkpoint has, each as often as it counts, and the places of those that died
    /// since, ascending. What is answered counts as stored from now on. None when places are not tracked.
    pub fn take_unstored(&mut self) -> Result<Option<(Vec<RecordBatch>, Vec<u32>)>> {
        let Some(next) = self.next_place else { return Ok(None) };
        let is_new = |held: &Held| held.places.rows < held.part.rows();
        let stored = self.order.iter().rposition(|id| !is_new(self.get(*id))).map_or(0, |last| last + 1);
        let mut batches = Vec::new();
        for id in &self.order[stored..] {
            let held = self.get(*id);
            batches.extend(held.part.rows_from(held.places.rows)?);
        }
        if !self.assign(stored, LivingPlaces::new(next, &[])) {
            return Ok(None);
        }
        let mut dead = std::mem::take(&mut self.dead_places);
        dead.sort_unstable();
        Ok(Some((batches, dead)))
    }

    /// All rows are stored, in order, at the places from 0 on without the dead ones (ascending). False when the rows cannot be
    /// at such places, or places would be too many: they are not tracked then.
    pub fn set_places(&mut self, dead: &[u32]) -> bool {
        self.held.iter_mut().flatten().for_each(|held| held.places = Places::default());
        self.dead_places.clear();
        self.assign(0, LivingPlaces::new(0, dead))
    }

    /// The place after the last one in use; None when places are not tracked.
    pub fn next_place(&self) -> Option<u64> {
        self.next_place
    }

    /// Tracks places no more, until they are set.
    pub fn forget_places(&mut self) {
        self.held.iter_mut().flatten().for_each(|held| held.places = Places::default());
        self.dead_places = Vec::new();
        self.next_place = None;
    }

    /// Bytes of the rows and of what the writer keeps beside them.
    pub fn bytes(&self) -> usize {
        let held = |held: &Held| {
            held.part.bytes() + held.handles.capacity() * size_of::<u32>() + held.places.bytes()
        };
        self.held.iter().flatten().map(held).sum::<usize>() + self.dead_places.capacity() * size_of::<u32>()
    }

    /// Gives places to the rows that have none, in the chunks from that position on.
    fn assign(&mut self, position: usize, mut living: LivingPlaces<'_>) -> bool {
        self.next_place = None;
        for id in &self.order[position..] {
            let Some(Held { part, places, .. }) = &mut self.held[*id as usize] else { continue };
            let (from, to) = (places.rows, part.rows());
            if part.live.is_none() && part.chunk.weights.is_none() && living.has_run((to - from) as u64) {
                let Some(first) = living.take((to - from) as u64) else { return false };
                places.push_range(first, to - from);
                continue;
            }
            let mut last = 0;
            for row in from..to {
                // The place of a dead row is never asked for.
                if part.is_live(row) {
                    let Some(first) = living.take(part.weight(row) as u64) else { return false };
                    last = first;
                }
                places.push(last);
            }
        }
        self.next_place = Some(living.end());
        true
    }

    /// Puts a new chunk at a position of the order.
    fn place(
        &mut self,
        at: usize,
        batch: RecordBatch,
        weights: Option<Vec<i64>>,
        handles: Vec<u32>,
        places: Places,
        moved: Moved<'_>,
    ) {
        let id = self.free.pop().unwrap_or(self.held.len() as u32);
        if id as usize == self.held.len() {
            self.held.push(None);
        }
        for (row, handle) in handles.iter().enumerate() {
            moved(*handle, Slot { chunk: id, row: row as u32 });
        }
        let bytes = batch_bytes(&batch) + weights.as_ref().map_or(0, |weights| weights.len() * 8);
        let live_rows = batch.num_rows();
        let chunk = Arc::new(Chunk { id, batch, weights, bytes });
        self.held[id as usize] =
            Some(Held { part: Part { chunk, live: None, live_rows }, handles, places, touched: false });
        self.order.insert(at, id);
    }

    fn remove(&mut self, id: u32) {
        if let Some(held) = self.held[id as usize].take() {
            self.retired += held.part.bytes();
        }
        self.free.push(id);
    }

    fn get(&self, id: u32) -> &Held {
        self.held[id as usize].as_ref().expect("ids in the order and in slots are of chunks that are held")
    }

    fn position(&self, id: u32) -> usize {
        self.order.iter().position(|other| *other == id).expect("a chunk that is held is in the order")
    }
}

/// The places of the live rows of chunks that are copied into one.
fn merged_places(merged: &[&Held]) -> Places {
    let mut places = Places::default();
    for Held { part, places: own, .. } in merged {
        match own.of(0) {
            Some(first) if part.live.is_none() && own.are_consecutive() => places.push_range(first, own.rows),
            _ => part.live_indexes().map_while(|row| own.of(row)).for_each(|place| places.push(place)),
        }
    }
    places
}

/// A bitmap of that many ones, the rest of the last word zero.
fn all_live(rows: usize) -> Vec<u64> {
    let mut bits = vec![u64::MAX; rows.div_ceil(64)];
    if !rows.is_multiple_of(64) {
        bits[rows / 64] = (1 << (rows % 64)) - 1;
    }
    bits
}

/// Bytes of the rows of a batch, whatever larger buffers they lie in.
pub(crate) fn batch_bytes(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or(0)).sum()
}

/// The batch, copied where it is a small part of large buffers that it would otherwise keep alive.
fn owned(batch: RecordBatch) -> Result<RecordBatch> {
    let keeps_more = |column: &dyn Array| {
        let data = column.to_data();
        data.get_buffer_memory_size() > 2 * data.get_slice_memory_size().unwrap_or(0) + 256
    };
    if !batch.columns().iter().any(|column| keeps_more(column)) {
        return Ok(batch);
    }
    let mut columns = Vec::with_capacity(batch.num_columns());
    for column in batch.columns() {
        let data = column.to_data();
        let mut copy = MutableArrayData::new(vec![&data], false, data.len());
        copy.try_extend(0, 0, data.len())?;
        columns.push(make_array(copy.freeze()));
    }
    Ok(RecordBatch::try_new(batch.schema(), columns)?)
}
