//! A view's contents at one LSN, and the short memory of such versions.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{BooleanArray, RecordBatch, UInt32Array};
use arrow::buffer::{BooleanBuffer, Buffer};
use arrow::compute::{filter_record_batch, take_record_batch};
use arrow::datatypes::SchemaRef;

use super::HeldErrors;
use super::columns::{Part, Slot};
use crate::Result;
use crate::log::Lsn;

/// How many versions are kept for [`super::ViewReader::version_at`].
const RING_VERSIONS: usize = 16;
/// How many bytes that only past versions hold are kept.
const RING_BYTES: usize = 64 << 20;

/// A view's contents at one LSN. It never changes; a reader holds it as long as it likes.
#[derive(Debug)]
pub struct Version {
    /// The LSN: the contents are those after exactly this commit.
    pub lsn: Lsn,
    /// The time of that commit, in microseconds since the Unix epoch.
    pub commit_time: i64,
    /// The view's watermark, in microseconds; [`crate::flow::delta::NO_WATERMARK`] for none.
    pub watermark: i64,
    /// The contents are these from this LSN on, up to `lsn`.
    pub(super) since: Lsn,
    /// Different for different contents, also of other views.
    pub(super) contents: u64,
    pub(super) schema: SchemaRef,
    pub(super) parts: Arc<[Part]>,
    pub(super) row_count: u64,
    pub(super) errors: HeldErrors,
}

/// A number that no other contents in this process have.
pub(super) fn next_contents() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Version {
    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Number of rows.
    pub fn row_count(&self) -> u64 {
        self.row_count
    }

    /// The errors of rows that have no value.
    pub fn errors(&self) -> &HeldErrors {
        &self.errors
    }

    /// Bytes that the rows take in memory, shared with other versions or not.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(Part::bytes).sum()
    }

    /// All rows, in the order in which they came; a row that counts several times is there as often. Empty batches are
    /// left out.
    pub fn batches(self: &Arc<Self>) -> Result<Vec<RecordBatch>> {
        self.scan(None).collect()
    }

    /// The rows, one chunk at a time, all columns or those of a projection (indexes, any order). A chunk without dead rows
    /// is not copied.
    pub fn scan(self: &Arc<Self>, projection: Option<Vec<usize>>) -> Scan {
        Scan { version: self.clone(), projection, next: 0 }
    }

    /// The row of a slot, as often as it counts. The slot comes from an index of the same contents.
    pub(super) fn row(&self, slot: Slot) -> Option<RecordBatch> {
        let part = self.parts.iter().find(|part| part.chunk.id == slot.chunk)?;
        let row = part.chunk.batch.slice(slot.row as usize, 1);
        match part.weight(slot.row as usize) {
            1 => Some(row),
            weight => take_record_batch(&row, &UInt32Array::from(vec![0; weight as usize])).ok(),
        }
    }
}

/// The rows of a version, one batch a chunk.
#[derive(Debug)]
pub struct Scan {
    version: Arc<Version>,
    projection: Option<Vec<usize>>,
    next: usize,
}

impl Iterator for Scan {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(part) = self.version.parts.get(self.next) {
            self.next += 1;
            if part.live_rows > 0 {
                return Some(live_rows(part, self.projection.as_deref()));
            }
        }
        None
    }
}

fn live_rows(part: &Part, projection: Option<&[usize]>) -> Result<RecordBatch> {
    let batch = match projection {
        Some(columns) => part.chunk.batch.project(columns)?,
        None => part.chunk.batch.clone(),
    };
    if part.chunk.weights.is_some() {
        let times = |row: usize| std::iter::repeat_n(row as u32, part.weight(row) as usize);
        let rows = UInt32Array::from_iter_values(part.live_indexes().flat_map(times));
        return Ok(take_record_batch(&batch, &rows)?);
    }
    let Some(live) = &part.live else { return Ok(batch) };
    // Arrow's bitmaps are bytes, lowest bit first: our words in little-endian order.
    let words: Vec<u64> = live.iter().map(|word| word.to_le()).collect();
    let mask = BooleanBuffer::new(Buffer::from_vec(words), 0, batch.num_rows());
    Ok(filter_record_batch(&batch, &BooleanArray::new(mask, None))?)
}

/// The last versions, oldest first; bounded in number and in the bytes that the newest does not share.
#[derive(Debug)]
pub(super) struct Ring {
    /// Each with the bytes that the change *to* it left to its predecessors alone.
    versions: VecDeque<(Arc<Version>, usize)>,
    bytes: usize,
}

impl Ring {
    pub fn new(first: Arc<Version>) -> Self {
        Self { versions: VecDeque::from([(first, 0)]), bytes: 0 }
    }

    /// The version whose contents are those at that LSN.
    pub fn at(&self, lsn: Lsn) -> Option<Arc<Version>> {
        let versions = self.versions.iter().rev().map(|(version, _)| version);
        versions.filter(|version| version.since <= lsn && lsn <= version.lsn).map(Arc::clone).next()
    }

    /// The LSNs whose contents are held, as ranges, oldest first.
    pub fn held(&self) -> Vec<RangeInclusive<Lsn>> {
        self.versions.iter().map(|(version, _)| version.since..=version.lsn).collect()
    }

    /// Adds a version with other contents; `retired` bytes of its predecessor are not part of it.
    pub fn push(&mut self, version: Arc<Version>, retired: usize) {
        self.versions.push_back((version, retired));
        self.bytes += retired;
        while self.versions.len() > RING_VERSIONS || (self.bytes > RING_BYTES && self.versions.len() > 1) {
            self.versions.pop_front();
            // What only the dropped version held is what the change to its successor retired.
            if let Some((_, retired)) = self.versions.front_mut() {
                self.bytes -= std::mem::take(retired);
            }
        }
    }

    /// Puts a version with the same contents in the place of the newest.
    pub fn replace_newest(&mut self, version: Arc<Version>) {
        if let Some((newest, _)) = self.versions.back_mut() {
            *newest = version;
        }
    }
}
