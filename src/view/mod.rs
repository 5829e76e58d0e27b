//! Views: the contents of a materialized view, versioned and columnar.
//!
//! ```text
//!  flow ─ deltas of a step ─► ViewWriter ──► columns (chunks + live bits)   one pointer    ViewReader
//!                                │             index (key → slot)          ───swap──►    version, scan, lookup
//!                                └──► Changes (for SUBSCRIBE)
//! ```
//!
//! One writer applies steps; any number of readers hold versions. A version never changes and costs the writer nothing: it
//! shares chunks, and bitmaps are copied before they are written. Readers never wait for the writer, and the writer waits
//! for a reader only while that one probes the index (well below a microsecond).
//!
//! **What identifies a row.** With a key, its key columns: at most one row for each key at any LSN, and anything else is
//! a defect of the flow that stops the view. Without, all its columns, and equal rows are one row that counts several
//! times. A view that is append-only and has no key needs no index and has none.
//!
//! **Invariants.** The contents depend on the sum of all deltas, not on how they were cut into steps. The sum of all
//! [`Changes`] is the contents.

mod changes;
mod columns;
mod edit;
mod errors;
mod index;
mod places;
mod step;
#[cfg(test)]
mod tests;
mod version;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::SchemaRef;
use datafusion::scalar::ScalarValue;
use parking_lot::{Mutex, RwLock};

pub use changes::{ChangeBatch, ChangeOp, Changes};
pub(crate) use columns::batch_bytes;
pub use errors::HeldErrors;
pub use version::{Scan, Version};

use crate::flow::delta::NO_WATERMARK;
use crate::flow::{Delta, ErrorChanges};
use crate::log::Lsn;
use crate::{Error, Result};
use changes::ChangeRows;
use columns::Columns;
use edit::Edit;
use index::{Index, RowEncoder};
use step::Step;
use version::{Ring, next_contents};

/// The one that changes a view.
#[derive(Debug)]
pub struct ViewWriter {
    columns: Columns,
    identity: Identity,
    /// The errors of rows.
    errors: HeldErrors,
    shared: Arc<Shared>,
    /// A step failed half way: the writer's state is not that of any LSN, and no more steps are taken.
    failed: bool,
}

/// What a checkpoint has to store of a view.
#[derive(Debug, Clone)]
pub enum Capture {
    /// All of it: a new base.
    Whole(Arc<Version>),
    /// What changed since the last checkpoint.
    Change {
        /// New rows, each as often as it counts, in order.
        rows: Vec<RecordBatch>,
        /// Rows that died, by their places: rows of all data files so far, one file after another, count from 0. Ascending.
        dead: Vec<u32>,
    },
}

/// Reads a view. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ViewReader {
    shared: Arc<Shared>,
}

/// What makes two rows the same row.
#[derive(Debug)]
enum Identity {
    /// Nothing does: rows only come.
    Nothing,
    /// The key columns; `values` are the others.
    Key { key: Arc<RowEncoder>, values: RowEncoder },
    /// All columns; rows count.
    Row { row: Arc<RowEncoder> },
}

/// What the writer and the readers share.
#[derive(Debug)]
struct Shared {
    newest: ArcSwap<Version>,
    ring: Mutex<Ring>,
    index: Option<SharedIndex>,
    index_bytes: AtomicUsize,
}

#[derive(Debug)]
struct SharedIndex {
    encoder: Arc<RowEncoder>,
    stamped: RwLock<StampedIndex>,
}

#[derive(Debug)]
struct StampedIndex {
    index: Index,
    /// The contents that the index belongs to; 0 for none.
    contents: u64,
}

impl ViewWriter {
    /// An empty view at LSN 0. `key` holds the columns that identify a row (none at all for a view of one row); None when
    /// no subset is known to. Fails for columns of types that have no row encoding.
    pub fn new(
        schema: SchemaRef,
        key: Option<Vec<usize>>,
        append_only: bool,
    ) -> Result<(ViewWriter, ViewReader)> {
        let identity = Identity::new(&schema, key, append_only)?;
        let empty = Arc::new(Version {
            lsn: 0,
            commit_time: 0,
            watermark: NO_WATERMARK,
            since: 0,
            contents: next_contents(),
            schema: schema.clone(),
            parts: Vec::new().into(),
            row_count: 0,
            errors: HeldErrors::default(),
        });
        let index = identity.encoder().map(|encoder| SharedIndex {
            encoder: encoder.clone(),
            stamped: RwLock::new(StampedIndex { index: Index::default(), contents: empty.contents }),
        });
        let shared = Arc::new(Shared {
            newest: ArcSwap::new(empty.clone()),
            ring: Mutex::new(Ring::new(empty)),
            index,
            index_bytes: AtomicUsize::new(0),
        });
        let reader = ViewReader { shared: shared.clone() };
        let errors = HeldErrors::default();
        Ok((ViewWriter { columns: Columns::new(schema), identity, errors, shared, failed: false }, reader))
    }

    /// The view with these contents at an LSN, as a checkpoint has them ([`Version::batches`]).
    pub fn restore(
        schema: SchemaRef,
        key: Option<Vec<usize>>,
        append_only: bool,
        batches: Vec<RecordBatch>,
        lsn: Lsn,
        commit_time: i64,
        watermark: i64,
    ) -> Result<(ViewWriter, ViewReader)> {
        let (mut writer, reader) = Self::new(schema, key, append_only)?;
        if let Some(shared) = &writer.shared.index {
            shared.stamped.write().index.reserve(batches.iter().map(RecordBatch::num_rows).sum());
        }
        for batch in batches {
            if let Some(step) = Step::new(writer.columns.schema(), vec![Delta::insertions(batch)])? {
                writer.run(&step, false)?;
            }
        }
        writer.columns.take_retired();
        let newest = writer.next_version(lsn, commit_time, watermark, lsn, next_contents());
        writer.stamp(newest.contents);
        *writer.shared.ring.lock() = Ring::new(newest.clone());
        writer.shared.newest.store(newest);
        Ok((writer, reader))
    }

    /// Holds these errors in the place of those that it has, from the newest version on: those of a checkpoint.
    pub fn hold_errors(&mut self, errors: HeldErrors) {
        self.errors = errors;
        let newest = self.version();
        let version = self.next_version(
            newest.lsn,
            newest.commit_time,
            newest.watermark,
            newest.since,
            newest.contents,
        );
        self.shared.ring.lock().replace_newest(version.clone());
        self.shared.newest.store(version);
    }

    /// Takes the errors of a step, which the version that [`ViewWriter::apply`] publishes next holds.
    pub fn take_errors(&mut self, changes: ErrorChanges) -> Result<()> {
        self.errors.add(changes).inspect_err(|_| self.failed = true)
    }

    /// Applies the deltas of a step and publishes the version at `lsn`, with that commit's time and the view's watermark
    /// (both in microseconds). Answers the net change when it is `wanted`.
    ///
    /// An error is a defect of the flow: a key that is inserted while it is there, a row taken back that is not, a NULL
    /// where the schema has none. The published version stays, and the writer refuses all further steps.
    pub fn apply(
        &mut self,
        deltas: Vec<Delta>,
        lsn: Lsn,
        commit_time: i64,
        watermark: i64,
        wanted: bool,
    ) -> Result<Option<Changes>> {
        let before = self.checked(lsn)?;
        let step = Step::new(self.columns.schema(), deltas).inspect_err(|_| self.fail())?;
        let (changed, rows) = match &step {
            Some(step) => self.run(step, wanted).inspect_err(|_| self.fail())?,
            None => (false, wanted.then(ChangeRows::default)),
        };
        let contents = if changed { next_contents() } else { before.contents };
        let version = self.next_version(lsn, commit_time, watermark, lsn, contents);
        self.stamp(contents);
        let retired = self.columns.take_retired();
        self.shared.ring.lock().push(version.clone(), retired);
        self.shared.newest.store(version);
        let batches = match (rows, &step) {
            (Some(rows), Some(step)) => Some(rows.batches(&step.batch)?),
            (Some(_), None) => Some(Vec::new()),
            (None, _) => None,
        };
        Ok(batches.map(|batches| Changes { after: before.lsn, lsn, commit_time, batches }))
    }

    /// Moves the view to a later LSN without change: no commit after the present LSN up to this one touched what the
    /// view reads.
    pub fn publish_lsn(&mut self, lsn: Lsn, commit_time: i64, watermark: i64) -> Result<()> {
        let before = self.checked(lsn)?;
        let version = self.next_version(lsn, commit_time, watermark, before.since, before.contents);
        self.shared.ring.lock().replace_newest(version.clone());
        self.shared.newest.store(version);
        Ok(())
    }

    /// The version that was published last.
    pub fn version(&self) -> Arc<Version> {
        self.shared.newest.load_full()
    }

    /// Gives the memory of all rows back: an empty version at LSN 0 takes the place of all versions, and no more steps are
    /// taken. Who still holds a version keeps it.
    pub fn clear(&mut self) {
        self.failed = true;
        self.columns = Columns::new(self.columns.schema().clone());
        self.errors = HeldErrors::default();
        if let Some(shared) = &self.shared.index {
            *shared.stamped.write() = StampedIndex { index: Index::default(), contents: 0 };
        }
        self.shared.index_bytes.store(0, Ordering::Relaxed);
        let empty = self.next_version(0, 0, NO_WATERMARK, 0, next_contents());
        *self.shared.ring.lock() = Ring::new(empty.clone());
        self.shared.newest.store(empty);
    }

    /// What a checkpoint at the newest version has to store: all (`whole`, or when it is not known what is stored), or the
    /// change since the last call. When it does not get stored, the next one must be whole.
    pub fn capture(&mut self, whole: bool) -> Result<Capture> {
        if !whole && let Some((rows, dead)) = self.columns.take_unstored()? {
            return Ok(Capture::Change { rows, dead });
        }
        self.columns.set_places(&[]);
        Ok(Capture::Whole(self.version()))
    }

    /// Says where the rows of a restored view are: at the first `places` places, without the dead ones (ascending), in
    /// order. False when that cannot be: the next checkpoint is then whole.
    pub fn stored(&mut self, places: u64, dead: &[u32]) -> bool {
        let fits = self.columns.set_places(dead) && self.columns.next_place() == Some(places);
        if !fits {
            self.columns.forget_places();
        }
        fits
    }

    /// Bytes of the rows, the index, and what is kept beside them; not those that only older versions hold.
    pub fn bytes(&self) -> usize {
        self.columns.bytes() + self.errors.bytes() + self.shared.index_bytes.load(Ordering::Relaxed)
    }

    /// The newest version, after checking that the writer may go on to that LSN.
    fn checked(&self, lsn: Lsn) -> Result<Arc<Version>> {
        let before = self.version();
        if self.failed {
            return Err(Error::internal(format!(
                "the view stopped at LSN {} after a failed step",
                before.lsn
            )));
        }
        if lsn < before.lsn {
            return Err(Error::internal(format!("a view at LSN {} cannot go back to {lsn}", before.lsn)));
        }
        Ok(before)
    }

    fn fail(&mut self) {
        self.failed = true;
        self.stamp(0);
    }

    fn stamp(&mut self, contents: u64) {
        if let Some(shared) = &self.shared.index {
            let mut stamped = shared.stamped.write();
            stamped.contents = contents;
            self.shared.index_bytes.store(stamped.index.bytes(), Ordering::Relaxed);
        }
    }

    fn next_version(
        &self,
        lsn: Lsn,
        commit_time: i64,
        watermark: i64,
        since: Lsn,
        contents: u64,
    ) -> Arc<Version> {
        let before = self.version();
        let parts =
            if contents == before.contents { before.parts.clone() } else { self.columns.parts().into() };
        let row_count = self.columns.row_count();
        let schema = self.columns.schema().clone();
        let errors = self.errors.clone();
        Arc::new(Version { lsn, commit_time, watermark, since, contents, schema, parts, row_count, errors })
    }

    /// Applies a step to the columns and the index. Answers whether the contents may differ, and the changes if wanted.
    fn run(&mut self, step: &Step, wanted: bool) -> Result<(bool, Option<ChangeRows>)> {
        let Some(shared) = &self.shared.index else {
            return change(&mut self.columns, step, edit::append(step, wanted)?, &mut |_, _| {});
        };
        let mut stamped = shared.stamped.write();
        // Until it is stamped anew, it belongs to no version.
        stamped.contents = 0;
        let index = &mut stamped.index;
        let hashes = shared.encoder.hashes(&step.batch)?;
        let edit = match &self.identity {
            Identity::Nothing => return Err(Error::internal("a view without identity has no index")),
            Identity::Key { key, .. } if step.weights.is_none() => {
                edit::insert(step, &hashes, key, index, wanted)?
            }
            Identity::Key { key, values } => edit::replace(step, &hashes, key, values, index, wanted)?,
            Identity::Row { row } => edit::count(step, &hashes, row, &self.columns, index, wanted)?,
        };
        change(&mut self.columns, step, edit, &mut |handle, slot| index.moved(handle, slot))
    }
}

/// Carries out an edit.
fn change(
    columns: &mut Columns,
    step: &Step,
    edit: Edit,
    moved: columns::Moved<'_>,
) -> Result<(bool, Option<ChangeRows>)> {
    if edit.killed.is_empty() && edit.rows.is_empty() {
        return Ok((false, edit.changes));
    }
    for slot in edit.killed {
        columns.kill(slot);
    }
    let batch = if edit.rows.len() == step.batch.num_rows() {
        // As many as there are, each once and ascending: all of them.
        step.batch.clone()
    } else {
        take_record_batch(&step.batch, &UInt32Array::from(edit.rows))?
    };
    columns.append(batch, edit.weights, edit.handles, moved)?;
    columns.settle(moved)?;
    Ok((true, edit.changes))
}

impl Identity {
    fn new(schema: &SchemaRef, key: Option<Vec<usize>>, append_only: bool) -> Result<Self> {
        let others =
            |key: &[usize]| (0..schema.fields().len()).filter(|column| !key.contains(column)).collect();
        Ok(match key {
            Some(key) => {
                let values = RowEncoder::new(schema, others(&key))?;
                Identity::Key { key: Arc::new(RowEncoder::new(schema, key)?), values }
            }
            None if append_only => Identity::Nothing,
            None => Identity::Row { row: Arc::new(RowEncoder::new(schema, others(&[]))?) },
        })
    }

    fn encoder(&self) -> Option<&Arc<RowEncoder>> {
        match self {
            Identity::Nothing => None,
            Identity::Key { key, .. } => Some(key),
            Identity::Row { row } => Some(row),
        }
    }
}

impl ViewReader {
    /// The newest version.
    pub fn version(&self) -> Arc<Version> {
        self.shared.newest.load_full()
    }

    /// The version whose contents are those at that LSN, if it is the newest or among the last few (16, and 64 MB
    /// beyond what the newest holds). Its own LSN may be a later one with the same contents.
    pub fn version_at(&self, lsn: Lsn) -> Option<Arc<Version>> {
        self.shared.ring.lock().at(lsn)
    }

    /// The LSNs that [`ViewReader::version_at`] has contents for, as ranges, oldest first.
    pub fn held(&self) -> Vec<RangeInclusive<Lsn>> {
        self.shared.ring.lock().held()
    }

    /// The row with that key in a version, found by the index: a batch of one row, or of none. The values are those of the
    /// key columns in the order of the key (of all columns for a view without one; the row is then there as often as it
    /// counts), and NULL matches NULL.
    ///
    /// None when the index cannot tell: the version is not the newest, a step is running, the view has no index, or a
    /// value is of another type than its column or of one whose equality in SQL is not that of its bytes (floats,
    /// intervals). The caller scans instead.
    pub fn lookup(&self, version: &Version, key: &[ScalarValue]) -> Result<Option<RecordBatch>> {
        let Some(shared) = &self.shared.index else { return Ok(None) };
        let Some(hash) = shared.encoder.hash_of(key)? else { return Ok(None) };
        let found = match shared.stamped.try_read() {
            Some(stamped) if stamped.contents == version.contents => stamped.index.find(&hash),
            _ => return Ok(None),
        };
        Ok(match found {
            Some((_, slot)) => version.row(slot),
            None => Some(RecordBatch::new_empty(version.schema.clone())),
        })
    }

    /// The columns that [`ViewReader::lookup`] takes values for; None when the view has no index.
    pub fn lookup_columns(&self) -> Option<&[usize]> {
        self.shared.index.as_ref().map(|shared| shared.encoder.columns())
    }

    /// Bytes that the index takes, beside those of the versions.
    pub fn index_bytes(&self) -> usize {
        self.shared.index_bytes.load(Ordering::Relaxed)
    }
}
