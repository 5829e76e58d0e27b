//! Aggregate: GROUP BY and DISTINCT over any input, one table of groups a shard.
//!
//! Without `close`, each step emits what it changed; where a key is a window that the input will not change any more
//! (`expire`), the group is forgotten then, and its row stays in the view. With `close` a group is silent until the
//! watermark passes its closing key, is then emitted once, and forgotten.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array, UInt64Array};
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use millstream_sql::plan::Close;

use super::window::LATE;
use super::{Operator, State, StateKind, Step, batch_of, joined, only, row_count};
use crate::flow::delta::Delta;
use crate::flow::errors::Site;
use crate::flow::grouping::{Layout, Rows, Selection};
use crate::flow::late::{LateRows, bound};
use crate::flow::shard::{blocks, each_item, each_shard, shards_of};
use crate::flow::state::{
    GroupRows, GroupTable, Slot, States, batch_to_states, changes_to_layer, states_to_batch,
};
use crate::{Error, Result};

/// Name of the state with the groups.
pub(super) const GROUPS: &str = "groups";

/// GROUP BY without slices.
pub(crate) struct Aggregate {
    shape: Shape,
    schema: SchemaRef,
    shards: Vec<Shard>,
    late: LateRows,
}

/// What does not change, as the shards need it.
struct Shape {
    layout: Arc<Layout>,
    close: Option<Close>,
    /// As `close`, but only for forgetting.
    expire: Option<Close>,
    shard_count: usize,
}

struct Shard {
    table: GroupTable,
    /// No group closes or expires at a lower bound than this.
    next_due: i64,
}

impl Aggregate {
    /// An aggregate without groups.
    pub(crate) fn new(
        layout: Layout,
        close: Option<Close>,
        expire: Option<Close>,
        schema: &SchemaRef,
        shards: usize,
    ) -> Result<Self> {
        let layout = Arc::new(layout);
        // Without keys there is nothing to spread.
        let shard_count = if layout.keys.fields().is_empty() { 1 } else { shards };
        let shard = |_| Ok(Shard { table: GroupTable::new(&layout, close.is_none())?, next_due: i64::MIN });
        let shards = (0..shard_count).map(shard).collect::<Result<_>>()?;
        let shape = Shape { layout, close, expire, shard_count };
        Ok(Self { shape, schema: SchemaRef::clone(schema), shards, late: LateRows::default() })
    }
}

impl Shape {
    /// The rows of a delta for each shard, and those that were late for their group.
    fn prepare(&self, delta: Delta, site: &Site<'_>) -> Result<(Vec<Rows>, LateRows)> {
        let (delta, rows) = self.layout.rows(delta, site, || None)?;
        let (rows, late) = self.leave_out_late(rows, &delta)?;
        Ok((self.layout.spread(rows, self.shard_count)?, late))
    }

    /// With `close`, rows that carry a watermark must not bring back a group that was emitted.
    fn leave_out_late(&self, rows: Rows, delta: &Delta) -> Result<(Rows, LateRows)> {
        let mut late = LateRows::default();
        let (Some(close), Some(watermarks)) = (self.close, &delta.watermarks) else {
            return Ok((rows, late));
        };
        let closes = closing_times(&rows.columns, close)?;
        let is_late = |row: usize| {
            closes.is_valid(row)
                && closes.value(row).saturating_add(close.plus_us) <= bound(watermarks[row], close.lateness)
        };
        let mut kept = Vec::with_capacity(rows.count);
        for row in 0..rows.count {
            if is_late(row) {
                late.add(1, row, delta.row_numbers.as_ref());
            } else {
                kept.push(row as u32);
            }
        }
        let selection =
            if kept.len() == rows.count { Selection::All } else { Selection::Each(UInt32Array::from(kept)) };
        Ok((rows.select(&selection)?, late))
    }
}

impl Operator for Aggregate {
    fn step(&mut self, inputs: Vec<Vec<Delta>>, step: &Step<'_>) -> Result<Vec<Delta>> {
        let input = only(inputs)?;
        let count = row_count(&input);
        let shape = &self.shape;
        if shape.layout.keyless {
            self.shards.iter_mut().try_for_each(|shard| shard.table.start_keyless())?;
        }
        for block in blocks(input) {
            let count = row_count(&block);
            let prepared = each_item(block, count, step.shards, |delta| shape.prepare(delta, &step.site))?;
            let mut parts: Vec<Vec<Rows>> = self.shards.iter().map(|_| vec![]).collect();
            for (rows, late) in prepared {
                self.late.merge(&late);
                parts.iter_mut().zip(rows).for_each(|(part, rows)| part.push(rows));
            }
            let due = shape.close.or(shape.expire);
            each_shard(&mut self.shards, parts, count, |shard, parts| shard.add(parts, due))?;
        }
        let no_input = self.shards.iter().map(|_| ()).collect();
        let changed = each_shard(&mut self.shards, no_input, count, |shard, ()| match shape.close {
            None => {
                let changes = shard.table.take_changes()?;
                if let Some(expire) = shape.expire {
                    shard.forget(expire, bound(step.watermark, expire.lateness))?;
                }
                Ok(changes)
            }
            Some(close) => shard.close(close, bound(step.watermark, close.lateness)),
        })?;
        let mut deltas = vec![];
        for rows in changed.into_iter().flatten() {
            deltas.extend(delta_of(rows, &self.schema, &step.site, |keys, _| keys.to_vec())?);
        }
        joined(&self.schema, deltas)
    }

    fn state(&mut self, whole: &dyn Fn(&str) -> bool) -> Result<Vec<State>> {
        let mut states = vec![];
        if whole(GROUPS) {
            let part = |shard: &mut Shard| Ok((Slot::default(), shard.table.take_unsaved(true)?.living));
            let parts: Vec<(Slot, States)> = self.shards.iter_mut().map(part).collect::<Result<_>>()?;
            if parts.iter().any(|(_, states)| states.len() > 0) {
                let batch = states_to_batch(&parts)?;
                states.extend(batch.map(|batch| State { name: GROUPS, batch, kind: StateKind::Base }));
            }
        } else {
            let replace = self.shards.iter().any(|shard| shard.table.replaces_stored());
            let change = |shard: &mut Shard| Ok((Slot::default(), shard.table.take_unsaved(replace)?));
            let changes = self.shards.iter_mut().map(change).collect::<Result<_>>()?;
            let batch = changes_to_layer(changes, [], &self.shape.layout)?;
            states.extend(batch.map(|batch| State { name: GROUPS, batch, kind: StateKind::Layer }));
        }
        if self.late.rows > 0 {
            states.push(State { name: LATE, batch: self.late.to_batch()?, kind: StateKind::Small });
        }
        Ok(states)
    }

    fn restore(&mut self, name: &str, batch: &RecordBatch) -> Result<()> {
        if name == LATE {
            self.late = LateRows::from_batch(batch)?;
            return Ok(());
        }
        for (_, states) in batch_to_states(batch, &self.shape.layout)? {
            let parts = by_shard(&states, self.shards.len())?;
            for (shard, states) in self.shards.iter_mut().zip(parts) {
                shard.table.restore(&states)?;
            }
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        self.shards.iter().map(|shard| shard.table.bytes()).sum()
    }

    fn late(&self) -> Option<&LateRows> {
        self.shape.close.is_some().then_some(&self.late)
    }
}

impl Shard {
    fn add(&mut self, parts: Vec<Rows>, due: Option<Close>) -> Result<()> {
        for rows in parts.iter().filter(|rows| rows.count > 0) {
            self.table.add(rows)?;
            self.lower_next_due(rows, due)?;
        }
        Ok(())
    }

    fn lower_next_due(&mut self, rows: &Rows, due: Option<Close>) -> Result<()> {
        if let Some(due) = due {
            let first = arrow::compute::min(closing_times(&rows.columns, due)?);
            self.next_due =
                self.next_due.min(first.map_or(i64::MAX, |time| time.saturating_add(due.plus_us)));
        }
        Ok(())
    }

    /// Emits and forgets the groups that close at a bound, in the order of their closing keys.
    fn close(&mut self, close: Close, bound: i64) -> Result<Option<GroupRows>> {
        let Some((mut closed, open)) = self.due(close, bound)? else { return Ok(None) };
        closed.retain(|group| self.table.is_alive(*group));
        let rows = self.table.rows_of(&closed)?;
        self.table.keep(&open)?;
        Ok((!rows.is_empty()).then_some(rows))
    }

    /// Forgets the groups that will not change any more at a bound.
    fn forget(&mut self, expire: Close, bound: i64) -> Result<()> {
        match self.due(expire, bound)? {
            Some((_, open)) => self.table.keep(&open),
            None => Ok(()),
        }
    }

    /// The groups that are due at a bound, in the order of their closing keys, and the others; None when none is due.
    fn due(&mut self, close: Close, bound: i64) -> Result<Option<(Vec<usize>, Vec<usize>)>> {
        if bound < self.next_due || bound == i64::MIN {
            return Ok(None);
        }
        let keys = self.table.keys()?;
        let closes = closing_times(&keys, close)?;
        let end = |group: usize| match closes.is_valid(group) {
            true => closes.value(group).saturating_add(close.plus_us),
            false => i64::MAX,
        };
        let (mut due, open): (Vec<usize>, Vec<usize>) =
            (0..closes.len()).partition(|group| end(*group) <= bound);
        self.next_due = open.iter().map(|group| end(*group)).min().unwrap_or(i64::MAX);
        due.sort_by_key(|group| end(*group));
        Ok((!due.is_empty()).then_some((due, open)))
    }
}

fn closing_times(
    keys: &[arrow::array::ArrayRef],
    close: Close,
) -> Result<&arrow::array::PrimitiveArray<TimestampMicrosecondType>> {
    keys.get(close.key)
        .and_then(|key| key.as_primitive_opt())
        .ok_or_else(|| Error::internal("a group is to close by a key that is no timestamp"))
}

/// The groups of each shard.
pub(super) fn by_shard(states: &States, shards: usize) -> Result<Vec<States>> {
    let mut indexes = vec![vec![]; shards];
    for (row, shard) in shards_of(states.keys(), states.len(), shards)?.into_iter().enumerate() {
        indexes[shard as usize].push(row as u64);
    }
    indexes.into_iter().map(|indexes| states.take(&UInt64Array::from(indexes))).collect()
}

/// Group rows as a delta, None if there are none, and the errors of groups to where they go. `keys` makes all key columns
/// of the ordinary ones and of a number of rows.
pub(super) fn delta_of(
    rows: GroupRows,
    schema: &SchemaRef,
    site: &Site<'_>,
    keys: impl Fn(&[ArrayRef], usize) -> Vec<ArrayRef>,
) -> Result<Option<Delta>> {
    if let Some(failed) = rows.failed {
        site.report_groups(schema, &keys(&failed.keys, failed.errors.len()), failed.errors)?;
    }
    if rows.count == 0 {
        return Ok(None);
    }
    let mut columns = keys(&rows.keys, rows.count);
    columns.extend(rows.results);
    let batch = batch_of(schema, columns, rows.count)?;
    if rows.retractions == 0 {
        return Ok(Some(Delta::insertions(batch)));
    }
    let weight = |row: usize| if row < rows.retractions { -1 } else { 1 };
    Ok(Some(Delta::weighted(batch, Int64Array::from_iter_values((0..rows.count).map(weight)))))
}
