//! Aggregate over windows, folded together: a row updates one slice, not every window that holds it.
//!
//! A row belongs to a *slot*: its slice, and the end of the first window that it is not late for (its tag). All
//! rows of a slot count in the same windows: those that cover the slice and end at or after the tag.
//!
//! ```text
//!                       rows ─► slots
//!   EMIT ON UPDATE      TUMBLE: the slot is the window; its table lives until the window closes
//!                       HOP: slots live for one step; each is then merged into its windows' tables
//!   EMIT ON WINDOW CLOSE slots live until their last window closes; a window merges its slots when it closes
//! ```
//!
//! For EMIT ON UPDATE every window's rows are emitted, thus held by the view, at every step: keeping their states
//! costs the same again, and makes a change of one key cost one merge a window instead of one merge for each slice
//! of each window.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, PrimitiveArray, RecordBatch, UInt32Array};
use arrow::compute::min;
use arrow::datatypes::{DataType, Int64Type, SchemaRef, TimestampMicrosecondType};
use millstream_sql::plan::{Close, Lateness, Slices as SlicesPlan, WindowPart};
use millstream_sql::windows::WINDOW_TIME_BEFORE_END_US;

use super::aggregate::{GROUPS, by_shard, delta_of};
use super::window::{LATE, bounds, times};
use super::{Operator, State, StateKind, Step, joined, only, row_count};
use crate::flow::delta::Delta;
use crate::flow::errors::Site;
use crate::flow::grouping::{Layout, Rows, Selection};
use crate::flow::late::{LateRows, bound};
use crate::flow::shard::{blocks, each_item, each_shard, shards_of};
use crate::flow::state::{
    GroupRows, GroupTable, Slot, States, batch_to_states, changes_to_layer, states_to_batch,
};
use crate::flow::windows::Windows;
use crate::{Error, Result};

/// Name of the state with the bound up to which windows were emitted.
const CLOSED: &str = "closed";

/// A batch whose rows change slots less often than this is cut into runs; else rows are gathered by slot.
const RUN_ROWS: usize = 256;

/// GROUP BY over windows.
pub(crate) struct Slices {
    shape: Shape,
    schema: SchemaRef,
    parts: Vec<Option<WindowPart>>,
    shards: Vec<Shard>,
    late: LateRows,
}

/// What does not change, as the shards need it.
struct Shape {
    layout: Arc<Layout>,
    windows: Windows,
    lateness: Option<Lateness>,
    close: Option<Close>,
    time_column: usize,
    time_type: DataType,
    shard_count: usize,
}

struct Shard {
    /// By slot; for EMIT ON UPDATE by window: the start and the end.
    tables: BTreeMap<Slot, GroupTable>,
    /// HOP with EMIT ON UPDATE: the rows of this step by slice, not yet in their windows.
    pending: BTreeMap<Slot, GroupTable>,
    /// EMIT ON UPDATE: the windows that this step touched.
    changed: BTreeSet<Slot>,
    /// Windows that end at or below this were emitted by EMIT ON WINDOW CLOSE.
    closed: i64,
    /// Slots that closed since the last checkpoint and that it may have.
    gone: Vec<Slot>,
}

/// Rows in slots: consecutive rows of equal slots as `(from, count, index into slots)`.
struct Runs {
    slots: Vec<Slot>,
    runs: Vec<(usize, usize, usize)>,
}

impl Runs {
    /// Which of a number of rows are in a slot.
    fn holds(&self, rows: usize) -> Vec<bool> {
        let mut held = vec![false; rows];
        self.runs.iter().for_each(|(from, count, _)| held[*from..from + count].fill(true));
        held
    }
}

impl Slices {
    /// A windowed aggregate without groups. The layout has the ordinary keys only.
    pub(crate) fn new(
        layout: Layout,
        plan: &SlicesPlan,
        close: Option<Close>,
        time_type: DataType,
        schema: &SchemaRef,
        shards: usize,
    ) -> Result<Self> {
        let windows =
            Windows::new(plan.window).ok_or_else(|| Error::internal("a window of impossible size"))?;
        // Without ordinary keys there is nothing to spread.
        let shard_count = if layout.keys.fields().is_empty() { 1 } else { shards };
        let time_column = plan.time_column;
        let shape = Shape {
            layout: Arc::new(layout),
            windows,
            lateness: plan.late,
            close,
            time_column,
            time_type,
            shard_count,
        };
        let shard = |_| Shard {
            tables: BTreeMap::new(),
            pending: BTreeMap::new(),
            changed: BTreeSet::new(),
            closed: i64::MIN,
            gone: vec![],
        };
        Ok(Self {
            shape,
            schema: SchemaRef::clone(schema),
            parts: plan.parts.clone(),
            shards: (0..shard_count).map(shard).collect(),
            late: LateRows::default(),
        })
    }

    /// All key columns of a number of groups of a window, in output order, from the ordinary ones.
    fn keys(&self, end: i64, ordinary: &[ArrayRef], count: usize) -> Vec<ArrayRef> {
        let mut ordinary = ordinary.iter();
        let bound = |at: i64| bounds(vec![at; count], &self.shape.time_type);
        let key = |part: &Option<WindowPart>| match part {
            None => ordinary.next().cloned(),
            Some(WindowPart::Start) => Some(bound(end.saturating_sub(self.shape.windows.window.size_us))),
            Some(WindowPart::End) => Some(bound(end)),
            Some(WindowPart::Time) => Some(bound(end.saturating_sub(WINDOW_TIME_BEFORE_END_US))),
        };
        self.parts.iter().filter_map(key).collect()
    }
}

impl Operator for Slices {
    fn step(&mut self, inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>> {
        let input = only(inputs)?;
        let count = row_count(&input);
        let shape = &self.shape;
        for block in blocks(input) {
            let count = row_count(&block);
            let prepared = each_item(block, count, step.shards, |delta| shape.prepare(delta, &step.site))?;
            let mut parts: Vec<Vec<(Slot, Rows)>> = self.shards.iter().map(|_| vec![]).collect();
            for (rows, late) in prepared {
                self.late.merge(&late);
                parts.iter_mut().zip(rows).for_each(|(part, rows)| part.extend(rows));
            }
            each_shard(&mut self.shards, parts, count, |shard, parts| shard.add(shape, parts))?;
        }
        let no_input = self.shards.iter().map(|_| ()).collect();
        let watermark = step.watermark;
        let changed = each_shard(&mut self.shards, no_input, count, |shard, ()| match shape.close {
            None => shard.update(shape, watermark),
            Some(close) => shard.close(shape, bound(watermark, close.lateness)),
        })?;
        let mut changed: Vec<(i64, GroupRows)> = changed.into_iter().flatten().collect();
        changed.sort_by_key(|(end, _)| *end);
        let mut deltas = vec![];
        for (end, rows) in changed {
            deltas
                .extend(delta_of(rows, &self.schema, &step.site, |keys, count| self.keys(end, keys, count))?);
        }
        joined(&self.schema, deltas)
    }

    fn state(&mut self, whole: &dyn Fn(&str) -> bool) -> Result<Vec<State>> {
        let mut states = vec![State { name: LATE, batch: self.late.to_batch()?, kind: StateKind::Small }];
        let gone: BTreeSet<Slot> =
            self.shards.iter_mut().flat_map(|shard| std::mem::take(&mut shard.gone)).collect();
        let tables = || self.shards.iter().flat_map(|shard| &shard.tables);
        let replaced = |(slot, table): &(&Slot, &GroupTable)| gone.contains(*slot) || table.replaces_stored();
        // What is stored of a slot is replaced in all shards or in none.
        let replaced: BTreeSet<Slot> = tables().filter(replaced).map(|(slot, _)| *slot).collect();
        let all = whole(GROUPS);
        let mut changes = vec![];
        for (slot, table) in self.shards.iter_mut().flat_map(|shard| &mut shard.tables) {
            changes.push((*slot, table.take_unsaved(all || replaced.contains(slot))?));
        }
        let (batch, kind) = if all {
            let parts: Vec<(Slot, States)> =
                changes.into_iter().map(|(slot, change)| (slot, change.living)).collect();
            (states_to_batch(&parts)?, StateKind::Base)
        } else {
            (changes_to_layer(changes, gone, &self.shape.layout)?, StateKind::Layer)
        };
        states.extend(batch.map(|batch| State { name: GROUPS, batch, kind }));
        if let Some(closed) = self.shards.first().map(|shard| shard.closed) {
            let column: ArrayRef = Arc::new(Int64Array::from(vec![closed]));
            let batch = RecordBatch::try_from_iter([(CLOSED, column)])?;
            states.push(State { name: CLOSED, batch, kind: StateKind::Small });
        }
        Ok(states)
    }

    fn restore(&mut self, name: &str, batch: &RecordBatch) -> Result<()> {
        match name {
            LATE => self.late = LateRows::from_batch(batch)?,
            CLOSED => {
                let column: Option<&PrimitiveArray<Int64Type>> =
                    batch.columns().first().and_then(|column| column.as_any().downcast_ref());
                let closed = column.filter(|column| column.len() == 1).map(|column| column.value(0));
                let closed = closed
                    .ok_or_else(|| Error::internal("a checkpoint's closed bound is not in its form"))?;
                self.shards.iter_mut().for_each(|shard| shard.closed = closed);
            }
            _ => {
                for (slot, states) in batch_to_states(batch, &self.shape.layout)? {
                    let parts = by_shard(&states, self.shards.len())?;
                    for (shard, states) in self.shards.iter_mut().zip(parts) {
                        if states.len() > 0 {
                            table(&mut shard.tables, &self.shape, slot, self.shape.close.is_none())?
                                .restore(&states)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        self.shards.iter().flat_map(|shard| shard.tables.values()).map(GroupTable::bytes).sum()
    }

    fn late(&self) -> Option<&LateRows> {
        Some(&self.late)
    }
}

impl Shape {
    /// The rows of a delta by shard and slot.
    fn prepare(&self, delta: Delta, site: &Site<'_>) -> Result<(Vec<Vec<(Slot, Rows)>>, LateRows)> {
        let mut late = LateRows::default();
        let mut runs = self.runs(&delta, times(&delta.batch, self.time_column)?, &mut late);
        let before = delta.num_rows();
        // What is in no window is not computed, so it cannot fail.
        let (delta, rows) = self.layout.rows(delta, site, || Some(runs.holds(before)))?;
        if rows.count < before {
            runs = self.runs(&delta, times(&delta.batch, self.time_column)?, &mut LateRows::default());
        }
        let mut answer: Vec<Vec<(Slot, Rows)>> = (0..self.shard_count).map(|_| vec![]).collect();
        if runs.runs.len() <= 1 + rows.count / RUN_ROWS {
            for (from, count, slot) in runs.runs {
                let selection =
                    if count == rows.count { Selection::All } else { Selection::Range(from, count) };
                let spread = self.layout.spread(rows.select(&selection)?, self.shard_count)?;
                for (shard, rows) in answer.iter_mut().zip(spread).filter(|(_, rows)| rows.count > 0) {
                    shard.push((runs.slots[slot], rows));
                }
            }
            return Ok((answer, late));
        }
        let shards = match answer.len() {
            1 => None,
            count => Some(shards_of(self.layout.keys_of(&rows), rows.count, count)?),
        };
        let mut indexes = vec![vec![vec![]; runs.slots.len()]; answer.len()];
        for (from, count, slot) in runs.runs {
            for row in from..from + count {
                let shard = shards.as_ref().map_or(0, |shards| shards[row] as usize);
                indexes[shard][slot].push(row as u32);
            }
        }
        for (shard, by_slot) in answer.iter_mut().zip(indexes) {
            for (slot, indexes) in runs.slots.iter().zip(by_slot).filter(|(_, indexes)| !indexes.is_empty()) {
                shard.push((*slot, rows.select(&Selection::Each(UInt32Array::from(indexes)))?));
            }
        }
        Ok((answer, late))
    }

    /// The slots of the rows, as runs. Rows of NULL time and rows that are late for all windows are in none.
    fn runs(
        &self,
        delta: &Delta,
        times: &PrimitiveArray<TimestampMicrosecondType>,
        late: &mut LateRows,
    ) -> Runs {
        // Watermarks never fall, so the last is the highest.
        let late_at = self.lateness.zip(delta.watermarks.as_ref());
        let highest = late_at.and_then(|(lateness, watermarks)| Some(bound(*watermarks.last()?, lateness)));
        let highest = highest.unwrap_or(i64::MIN);
        // Most batches are of one slice, and in time for it.
        if let Some(first) = times.values().first().filter(|_| times.null_count() == 0) {
            let start = self.windows.slice_start(*first);
            let slice = start..self.windows.slice_end(start);
            let tag = self.windows.first_end(*first);
            if tag > highest && times.values().iter().all(|time| slice.contains(time)) {
                return Runs { slots: vec![Slot { start, tag }], runs: vec![(0, times.len(), 0)] };
            }
        }
        let Some(least) = min(times) else { return Runs { slots: vec![], runs: vec![] } };
        let late_at = late_at.filter(|_| self.windows.first_end(least) <= highest);
        let mut numbers: HashMap<Slot, usize> = HashMap::new();
        let mut answer = Runs { slots: vec![], runs: vec![] };
        // The slice of the row before: most rows are in the same.
        let (mut start, mut end, mut first, mut last) = (i64::MAX, i64::MIN, 0, 0);
        let mut current: Option<Slot> = None;
        for row in 0..times.len() {
            let mut slot = None;
            if times.is_valid(row) {
                let time = times.values()[row];
                if time < start || time >= end {
                    start = self.windows.slice_start(time);
                    end = self.windows.slice_end(start);
                    (first, last) = (self.windows.first_end(time), self.windows.last_end(time));
                }
                let tag = match late_at {
                    None => first,
                    Some((lateness, watermarks)) => {
                        self.windows.first_open_end(first, bound(watermarks[row], lateness))
                    }
                };
                if tag > first {
                    let after_last = last.saturating_add(self.windows.window.slide_us);
                    late.add(
                        self.windows.count_between(first, tag.min(after_last)),
                        row,
                        delta.row_numbers.as_ref(),
                    );
                }
                slot = (tag <= last).then_some(Slot { start, tag });
            }
            match (slot, answer.runs.last_mut()) {
                (None, _) => {}
                (Some(slot), Some((_, count, _))) if current == Some(slot) => *count += 1,
                (Some(slot), _) => {
                    let number = *numbers.entry(slot).or_insert_with(|| {
                        answer.slots.push(slot);
                        answer.slots.len() - 1
                    });
                    answer.runs.push((row, 1, number));
                }
            }
            current = slot;
        }
        answer
    }

    /// The windows of a slot, by their ends.
    fn ends(&self, slot: Slot) -> impl Iterator<Item = i64> + use<> {
        self.windows.ends(slot.tag, self.windows.last_end(slot.start))
    }

    fn window_slot(&self, end: i64) -> Slot {
        Slot { start: end.saturating_sub(self.windows.window.size_us), tag: end }
    }
}

/// The table of a slot, new if there is none.
fn table<'a>(
    tables: &'a mut BTreeMap<Slot, GroupTable>,
    shape: &Shape,
    slot: Slot,
    tracked: bool,
) -> Result<&'a mut GroupTable> {
    use std::collections::btree_map::Entry;
    match tables.entry(slot) {
        Entry::Occupied(entry) => Ok(entry.into_mut()),
        Entry::Vacant(entry) => Ok(entry.insert(GroupTable::new(&shape.layout, tracked)?)),
    }
}

impl Shard {
    /// Takes rows in: into their windows, or into their slices until the step ends or the windows close.
    fn add(&mut self, shape: &Shape, parts: Vec<(Slot, Rows)>) -> Result<()> {
        for (slot, rows) in parts {
            if shape.close.is_some() {
                table(&mut self.tables, shape, slot, false)?.add(&rows)?;
            } else if shape.windows.is_tumble() {
                table(&mut self.tables, shape, slot, true)?.add(&rows)?;
                self.changed.insert(slot);
            } else {
                table(&mut self.pending, shape, slot, false)?.add(&rows)?;
            }
        }
        Ok(())
    }

    /// EMIT ON UPDATE: what the step's rows change in their windows.
    fn update(&mut self, shape: &Shape, watermark: i64) -> Result<Vec<(i64, GroupRows)>> {
        for (slot, slice) in std::mem::take(&mut self.pending) {
            let states = slice.states(true)?;
            for end in shape.ends(slot) {
                let window = shape.window_slot(end);
                table(&mut self.tables, shape, window, true)?.absorb(&states)?;
                self.changed.insert(window);
            }
        }
        let mut answer = vec![];
        for slot in std::mem::take(&mut self.changed) {
            if let Some(rows) = table(&mut self.tables, shape, slot, true)?.take_changes()? {
                answer.push((slot.tag, rows));
            }
        }
        if let Some(lateness) = shape.lateness {
            let bound = bound(watermark, lateness);
            while let Some(entry) = self.tables.first_entry() {
                if entry.key().tag > bound {
                    break;
                }
                let (slot, table) = entry.remove_entry();
                if table.is_stored() {
                    self.gone.push(slot);
                }
            }
        }
        Ok(answer)
    }

    /// EMIT ON WINDOW CLOSE: the windows that end at or below the bound, of which none was emitted before.
    fn close(&mut self, shape: &Shape, bound: i64) -> Result<Vec<(i64, GroupRows)>> {
        if bound <= self.closed {
            return Ok(vec![]);
        }
        let closed = self.closed;
        let ready = |slot: &Slot| {
            shape.ends(*slot).skip_while(move |end| *end <= closed).take_while(|end| *end <= bound)
        };
        let ends: BTreeSet<i64> = self.tables.keys().flat_map(ready).collect();
        let mut answer = vec![];
        for end in ends {
            let start = shape.window_slot(end).start;
            let from = Slot { start, tag: i64::MIN };
            let held = self
                .tables
                .range(from..)
                .take_while(|(slot, _)| slot.start < end)
                .filter(|(slot, _)| slot.tag <= end);
            let slots: Vec<&GroupTable> = held.map(|(_, table)| table).collect();
            let rows = match slots.as_slice() {
                [table] => table.all()?,
                tables => {
                    let mut merged = GroupTable::new(&shape.layout, false)?;
                    for table in tables {
                        merged.absorb(&table.states(false)?)?;
                    }
                    merged.all()?
                }
            };
            if !rows.is_empty() {
                answer.push((end, rows));
            }
        }
        self.tables.retain(|slot, table| {
            let stays = shape.windows.last_end(slot.start) > bound;
            if !stays && table.is_stored() {
                self.gone.push(*slot);
            }
            stays
        });
        self.closed = bound;
        Ok(answer)
    }
}
