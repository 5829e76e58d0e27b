//! A table of groups: keys, weights and kernel states, and which groups a step changed.
//!
//! ```text
//!   group │ key columns │ weight │ kernel 0 │ kernel 1 │ touched
//! ```
//! A tracked table evaluates a group before its first touch in a step and again at the end: the difference is what
//! the step changed, however many rows it took.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, UInt64Array, new_null_array,
};
use arrow::compute::{and, concat, take};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};

use super::errors::is_of_a_group;
use super::grouping::{Layout, Rows};
use super::kernels::Kernel;
use super::keys::KeyTable;
use super::layers::{DEAD_GROUP, DEAD_SLOT, LIVING, with_dead};
use super::unsaved::Unsaved;
use crate::{Error, Result};

/// Fewer dead groups than this are not worth a compaction.
const COMPACT_GROUPS: usize = 1024;

/// Which window or slice a table is of: where it starts, and the end of the first window that takes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Slot {
    /// Start of the slice, in microseconds.
    pub start: i64,
    /// End of the first window that the rows are not late for.
    pub tag: i64,
}

/// Groups with their states.
pub(crate) struct GroupTable {
    layout: Arc<Layout>,
    keys: KeyTable,
    /// How many rows each group has; absent where rows are never taken back.
    weights: Option<Vec<i64>>,
    kernels: Vec<Box<dyn Kernel>>,
    /// Number of state columns of each kernel.
    widths: Vec<usize>,
    tracked: bool,
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    old: Vec<(Vec<usize>, Vec<ArrayRef>)>,
    /// Groups that failed before the step, with their errors.
    old_failed: Vec<(usize, Error)>,
    touched_since_compaction: usize,
    unsaved: Unsaved,
}

/// Rows of groups: keys and results.
pub(crate) struct GroupRows {
    /// The ordinary key columns.
    pub keys: Vec<ArrayRef>,
    /// The result columns.
    pub results: Vec<ArrayRef>,
    /// How many rows, the first ones, are taken back; the others came.
    pub retractions: usize,
    /// How many rows in all.
    pub count: usize,
    /// Groups whose results have no value; None for most tables at most times.
    pub failed: Option<Box<FailedGroups>>,
}

/// Groups for which an aggregate gives an error, that of each with a weight: above zero it came, below it went.
#[derive(Debug)]
pub(crate) struct FailedGroups {
    /// The ordinary key columns.
    pub keys: Vec<ArrayRef>,
    /// For each group.
    pub errors: Vec<(Error, i64)>,
}

/// What the kernels give for groups: results of those that have one, errors of the others.
struct Evaluated {
    groups: Vec<usize>,
    results: Vec<ArrayRef>,
    failed: Vec<(usize, Error)>,
}

/// The states of groups as columns.
pub(crate) struct States {
    keys: Vec<ArrayRef>,
    weights: Option<Int64Array>,
    columns: Vec<ArrayRef>,
    count: usize,
}

/// What a checkpoint has to store of a table.
pub(crate) struct TableChange {
    /// Groups as they are.
    pub living: States,
    /// The keys of groups that are gone.
    pub gone: Vec<(usize, Vec<ArrayRef>)>,
    /// `living` is all there is: what is stored of the table's slot counts no more.
    pub replaces: bool,
}

impl GroupTable {
    /// An empty table. Only a tracked one can tell its changes.
    pub(crate) fn new(layout: &Arc<Layout>, tracked: bool) -> Result<Self> {
        let kernels = layout.new_kernels()?;
        let widths = kernels.iter().map(|kernel| Ok(kernel.state(&[])?.len())).collect::<Result<_>>()?;
        Ok(Self {
            keys: KeyTable::new(&layout.keys)?,
            weights: layout.mode.retractable.then(Vec::new),
            kernels,
            widths,
            layout: Arc::clone(layout),
            tracked,
            touched: vec![],
            is_touched: vec![],
            old: vec![],
            old_failed: vec![],
            touched_since_compaction: 0,
            unsaved: Unsaved::default(),
        })
    }

    /// Adds the only group of a table without keys, if it is not there.
    pub(crate) fn start_keyless(&mut self) -> Result<()> {
        if self.keys.len() == 0 {
            self.keys.add_keyless();
            self.touch(&[0], 0)?;
        }
        Ok(())
    }

    /// Adds rows, in order.
    pub(crate) fn add(&mut self, rows: &Rows) -> Result<()> {
        let before = self.keys.len();
        let mut groups = Vec::with_capacity(rows.count);
        let layout = Arc::clone(&self.layout);
        self.keys.intern(layout.keys_of(rows), rows.count, &mut groups)?;
        self.touch(&groups, before)?;
        if let Some(weights) = &mut self.weights {
            match &rows.weights {
                Some(added) => {
                    groups.iter().zip(added.values()).for_each(|(group, weight)| weights[*group] += weight)
                }
                None => groups.iter().for_each(|group| weights[*group] += 1),
            }
        }
        layout.update(&mut self.kernels, &groups, rows)
    }

    /// Adds the states of other groups.
    pub(crate) fn absorb(&mut self, states: &States) -> Result<()> {
        let before = self.keys.len();
        let mut groups = Vec::with_capacity(states.count);
        self.keys.intern(&states.keys, states.count, &mut groups)?;
        self.touch(&groups, before)?;
        if let Some(weights) = &mut self.weights {
            let Some(added) = &states.weights else {
                return Err(Error::internal("states without weights for groups that have them"));
            };
            groups.iter().zip(added.values()).for_each(|(group, weight)| weights[*group] += weight);
        }
        let mut columns = states.columns.as_slice();
        for (kernel, width) in self.kernels.iter_mut().zip(&self.widths) {
            let Some((own, rest)) = columns.split_at_checked(*width) else {
                return Err(Error::internal("too few state columns for the aggregates"));
            };
            kernel.merge(&groups, own)?;
            columns = rest;
        }
        Ok(())
    }

    /// Adds states as they were: nothing counts as changed.
    pub(crate) fn restore(&mut self, states: &States) -> Result<()> {
        let tracked = std::mem::replace(&mut self.tracked, false);
        let outcome = self.absorb(states);
        self.tracked = tracked;
        self.unsaved.saved();
        outcome
    }

    /// What changed since the last call, or `whole`: all there is, in the place of what is stored. It counts as stored from
    /// now on.
    pub(crate) fn take_unsaved(&mut self, whole: bool) -> Result<TableChange> {
        let change = if whole || !self.unsaved.is_tracked() {
            TableChange {
                living: self.states(false)?,
                gone: vec![],
                replaces: whole || self.unsaved.replaces(),
            }
        } else {
            let changed = self.unsaved.groups();
            self.check_weights(&changed)?;
            let (living, dead): (Vec<usize>, Vec<usize>) =
                changed.into_iter().partition(|group| self.is_alive(*group));
            let mut gone = self.unsaved.gone().to_vec();
            if !dead.is_empty() {
                gone.push((dead.len(), self.keys.take(&dead)?));
            }
            TableChange { living: self.states_of(&living)?, gone, replaces: false }
        };
        self.unsaved.saved();
        Ok(change)
    }

    /// Whether all of the table is to be stored in the place of what is.
    pub(crate) fn replaces_stored(&self) -> bool {
        self.unsaved.replaces()
    }

    /// Whether a checkpoint may have rows of the table.
    pub(crate) fn is_stored(&self) -> bool {
        self.unsaved.is_stored()
    }

    /// What changed since the last call: old rows of changed and ended groups, then new rows of changed and new ones.
    pub(crate) fn take_changes(&mut self) -> Result<Option<GroupRows>> {
        let touched = std::mem::take(&mut self.touched);
        if touched.is_empty() {
            return Ok(None);
        }
        for group in &touched {
            self.is_touched[*group] = false;
        }
        self.check_weights(&touched)?;
        if self.unsaved.is_tracked() {
            touched.iter().for_each(|group| self.unsaved.note(*group));
        }
        let (old_groups, old) = self.take_old()?;
        let new_groups: Vec<usize> = touched.iter().copied().filter(|group| self.is_alive(*group)).collect();
        let Evaluated { groups: new_groups, results: new, failed } = self.evaluate(new_groups)?;
        let went = std::mem::take(&mut self.old_failed).into_iter().map(|(group, error)| (group, error, -1));
        let came = failed.into_iter().map(|(group, error)| (group, error, 1));
        let failed = self.failed_groups(went.chain(came).collect())?;
        let mut changes = if old_groups.is_empty() {
            GroupRows {
                keys: self.keys.take(&new_groups)?,
                results: new,
                retractions: 0,
                count: new_groups.len(),
                failed: None,
            }
        } else {
            self.difference(&touched, &old_groups, &old, &new_groups, &new)?
        };
        changes.failed = failed;
        self.touched_since_compaction += touched.len();
        self.compact()?;
        Ok((!changes.is_empty()).then_some(changes))
    }

    /// All living groups, as insertions.
    pub(crate) fn all(&self) -> Result<GroupRows> {
        self.rows_of(&self.alive_groups()?)
    }

    /// Some groups, as insertions.
    pub(crate) fn rows_of(&self, groups: &[usize]) -> Result<GroupRows> {
        let Evaluated { groups, results, failed } = self.evaluate(groups.to_vec())?;
        let failed =
            self.failed_groups(failed.into_iter().map(|(group, error)| (group, error, 1)).collect())?;
        Ok(GroupRows { keys: self.keys.take(&groups)?, results, retractions: 0, count: groups.len(), failed })
    }

    /// The keys of all groups, dead ones included.
    pub(crate) fn keys(&self) -> Result<Vec<ArrayRef>> {
        self.keys.take(&(0..self.keys.len()).collect::<Vec<_>>())
    }

    /// Whether a group has rows (or needs none).
    pub(crate) fn is_alive(&self, group: usize) -> bool {
        self.layout.keyless || self.weights.as_ref().is_none_or(|weights| weights[group] > 0)
    }

    /// The states of all living groups. With `whole`, also of groups with no or less than no rows: those of one
    /// step, which say what it took away.
    pub(crate) fn states(&self, whole: bool) -> Result<States> {
        let groups = if whole { (0..self.keys.len()).collect() } else { self.alive_groups()? };
        self.states_of(&groups)
    }

    fn states_of(&self, groups: &[usize]) -> Result<States> {
        let mut columns = vec![];
        for kernel in &self.kernels {
            columns.extend(kernel.state(groups)?);
        }
        let weights = self.weights.as_ref();
        let weights =
            weights.map(|weights| Int64Array::from_iter_values(groups.iter().map(|group| weights[*group])));
        Ok(States { keys: self.keys.take(groups)?, weights, columns, count: groups.len() })
    }

    /// Keeps some groups only. Nothing may be changed and not yet told.
    pub(crate) fn keep(&mut self, groups: &[usize]) -> Result<()> {
        if self.unsaved.is_tracked() {
            let mut kept = vec![false; self.keys.len()];
            groups.iter().for_each(|group| kept[*group] = true);
            // A dead group that did not change since is not stored.
            let matters =
                |group: &usize| !kept[*group] && (self.is_alive(*group) || self.unsaved.has(*group));
            let gone: Vec<usize> = (0..self.keys.len()).filter(matters).collect();
            let keys = self.keys.take(&gone)?;
            self.unsaved.note_gone(gone.len(), keys, groups.len());
        }
        let order = self.keys.keep(groups)?;
        self.unsaved.renumber(&order);
        if let Some(weights) = &mut self.weights {
            *weights = order.iter().map(|group| weights[*group]).collect();
        }
        self.kernels.iter_mut().for_each(|kernel| kernel.keep(&order));
        self.is_touched = vec![false; order.len()];
        Ok(())
    }

    /// Bytes held, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let kernels: usize = self.kernels.iter().map(|kernel| kernel.bytes()).sum();
        self.keys.bytes() + kernels + self.keys.len() * 9 + self.unsaved.bytes()
    }

    /// Makes room for new groups and notes first touches, with the results that the groups had before.
    fn touch(&mut self, groups: &[usize], before: usize) -> Result<()> {
        let length = self.keys.len();
        let mut fresh = vec![];
        if self.tracked {
            self.is_touched.resize(length, false);
            if self.touched.len() == before {
                // All that was there is touched already: no need to look at each row.
                fresh.extend(before..length);
                self.is_touched[before..].fill(true);
            } else {
                // Without aggregates, and without weights, a group that is there stays as it is.
                let settled = if self.kernels.is_empty() && self.weights.is_none() { before } else { 0 };
                for group in groups {
                    if !self.is_touched[*group] && *group >= settled {
                        self.is_touched[*group] = true;
                        fresh.push(*group);
                    }
                }
            }
            let existing: Vec<usize> =
                fresh.iter().copied().filter(|group| *group < before && self.is_alive(*group)).collect();
            if !existing.is_empty() {
                let Evaluated { groups, results, failed } = self.evaluate(existing)?;
                self.old.push((groups, results));
                self.old_failed.extend(failed);
            }
            self.touched.append(&mut fresh);
        } else if self.unsaved.is_tracked() {
            groups.iter().for_each(|group| self.unsaved.note(*group));
        }
        if length > before {
            if let Some(weights) = &mut self.weights {
                weights.resize(length, 0);
            }
            self.kernels.iter_mut().for_each(|kernel| kernel.resize(length));
        }
        Ok(())
    }

    /// The results of groups. Where a kernel fails, group by group: one that fails is no row's loss but its own.
    fn evaluate(&self, groups: Vec<usize>) -> Result<Evaluated> {
        match self.results(&groups) {
            Ok(results) => return Ok(Evaluated { groups, results, failed: vec![] }),
            Err(error) if !is_of_a_group(&error) => return Err(error),
            Err(_) => {}
        }
        let (mut valued, mut failed) = (Vec::with_capacity(groups.len()), vec![]);
        for group in groups {
            match self.results(&[group]) {
                Ok(_) => valued.push(group),
                Err(error) if is_of_a_group(&error) => failed.push((group, error)),
                Err(error) => return Err(error),
            }
        }
        let results = self.results(&valued)?;
        Ok(Evaluated { groups: valued, results, failed })
    }

    fn results(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        self.kernels.iter().map(|kernel| kernel.evaluate(groups)).collect()
    }

    fn failed_groups(&self, failed: Vec<(usize, Error, i64)>) -> Result<Option<Box<FailedGroups>>> {
        if failed.is_empty() {
            return Ok(None);
        }
        let groups: Vec<usize> = failed.iter().map(|(group, _, _)| *group).collect();
        let errors = failed.into_iter().map(|(_, error, weight)| (error, weight)).collect();
        Ok(Some(Box::new(FailedGroups { keys: self.keys.take(&groups)?, errors })))
    }

    fn alive_groups(&self) -> Result<Vec<usize>> {
        let groups: Vec<usize> = (0..self.keys.len()).collect();
        self.check_weights(&groups)?;
        Ok(groups.into_iter().filter(|group| self.is_alive(*group)).collect())
    }

    fn check_weights(&self, groups: &[usize]) -> Result<()> {
        match &self.weights {
            Some(weights) if groups.iter().any(|group| weights[*group] < 0) => {
                Err(Error::internal("a row was taken back that never came"))
            }
            _ => Ok(()),
        }
    }

    fn take_old(&mut self) -> Result<(Vec<usize>, Vec<ArrayRef>)> {
        let mut parts = std::mem::take(&mut self.old);
        if parts.len() <= 1 {
            return Ok(parts.pop().unwrap_or_default());
        }
        let groups = parts.iter().flat_map(|(groups, _)| groups.iter().copied()).collect();
        let column = |index: usize| {
            let arrays: Vec<&dyn Array> = parts.iter().map(|(_, columns)| columns[index].as_ref()).collect();
            concat(&arrays)
        };
        Ok((groups, (0..self.kernels.len()).map(column).collect::<Result<_, _>>()?))
    }

    /// Both lists of groups are parts of `touched`, in its order.
    fn difference(
        &self,
        touched: &[usize],
        old_groups: &[usize],
        old: &[ArrayRef],
        new_groups: &[usize],
        new: &[ArrayRef],
    ) -> Result<GroupRows> {
        let (mut gone, mut changed, mut came) = (vec![], vec![], vec![]);
        let (mut place, mut position) = (0, 0);
        for group in touched {
            let was = old_groups.get(place) == Some(group);
            let is = new_groups.get(position) == Some(group);
            match (was, is) {
                (true, true) => changed.push((place as u64, position as u64)),
                (true, false) => gone.push(place as u64),
                (false, true) => came.push(position as u64),
                (false, false) => {}
            }
            place += usize::from(was);
            position += usize::from(is);
        }

        let before = UInt64Array::from_iter_values(changed.iter().map(|(place, _)| *place));
        let after = UInt64Array::from_iter_values(changed.iter().map(|(_, position)| *position));
        let mut same: Option<BooleanArray> = None;
        for (old, new) in old.iter().zip(new) {
            let equal = same_values(&take(old, &before, None)?, &take(new, &after, None)?)?;
            same = Some(match same {
                Some(same) => and(&same, &equal)?,
                None => equal,
            });
        }
        // Without aggregates a group that stays is the same.
        let differs = |index: &usize| same.as_ref().is_some_and(|same| !same.value(*index));
        let differing: Vec<usize> = (0..changed.len()).filter(differs).collect();
        gone.extend(differing.iter().map(|index| changed[*index].0));
        came.extend(differing.iter().map(|index| changed[*index].1));
        came.sort_unstable();

        let groups: Vec<usize> = gone
            .iter()
            .map(|place| old_groups[*place as usize])
            .chain(came.iter().map(|position| new_groups[*position as usize]))
            .collect();
        let (retractions, count) = (gone.len(), groups.len());
        let (gone, came) = (UInt64Array::from(gone), UInt64Array::from(came));
        let both = |(old, new): (&ArrayRef, &ArrayRef)| {
            concat(&[take(old, &gone, None)?.as_ref(), take(new, &came, None)?.as_ref()])
        };
        let results = old.iter().zip(new).map(both).collect::<Result<_, _>>()?;
        Ok(GroupRows { keys: self.keys.take(&groups)?, results, retractions, count, failed: None })
    }

    /// Forgets dead groups once most are dead; looked at only after as many touches as there are groups.
    fn compact(&mut self) -> Result<()> {
        if self.weights.is_none()
            || self.layout.keyless
            || self.touched_since_compaction < self.keys.len().max(COMPACT_GROUPS)
        {
            return Ok(());
        }
        self.touched_since_compaction = 0;
        let alive = self.alive_groups()?;
        if alive.len() * 2 < self.keys.len() { self.keep(&alive) } else { Ok(()) }
    }
}

impl GroupRows {
    /// Whether nothing came and nothing went.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0 && self.failed.is_none()
    }
}

impl States {
    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The key columns.
    pub(crate) fn keys(&self) -> &[ArrayRef] {
        &self.keys
    }

    /// Some of the groups.
    pub(crate) fn take(&self, indexes: &UInt64Array) -> Result<States> {
        let pick = |columns: &[ArrayRef]| -> Result<Vec<ArrayRef>> {
            Ok(columns.iter().map(|column| take(column, indexes, None)).collect::<Result<_, _>>()?)
        };
        let weights = match &self.weights {
            Some(weights) => Some(take(weights, indexes, None)?.as_primitive::<Int64Type>().clone()),
            None => None,
        };
        Ok(States { keys: pick(&self.keys)?, weights, columns: pick(&self.columns)?, count: indexes.len() })
    }

    fn slice(&self, from: usize, count: usize) -> States {
        let part = |columns: &[ArrayRef]| columns.iter().map(|column| column.slice(from, count)).collect();
        let weights = self.weights.as_ref().map(|weights| weights.slice(from, count));
        States { keys: part(&self.keys), weights, columns: part(&self.columns), count }
    }
}

/// The states of several tables as one batch: `start`, `tag`, `weight`, the keys, the state columns.
pub(crate) fn states_to_batch(parts: &[(Slot, States)]) -> Result<Option<RecordBatch>> {
    let Some((_, first)) = parts.first() else { return Ok(None) };
    let repeated = |value: fn(&Slot) -> i64| -> ArrayRef {
        let values = parts.iter().flat_map(|(slot, states)| std::iter::repeat_n(value(slot), states.count));
        Arc::new(Int64Array::from_iter_values(values))
    };
    let weights = parts.iter().flat_map(|(_, states)| match &states.weights {
        Some(weights) => weights.values().to_vec(),
        None => vec![1; states.count],
    });
    let mut fields: Vec<Field> =
        ["start", "tag", "weight"].iter().map(|name| Field::new(*name, DataType::Int64, false)).collect();
    let mut columns: Vec<ArrayRef> = vec![
        repeated(|slot| slot.start),
        repeated(|slot| slot.tag),
        Arc::new(Int64Array::from_iter_values(weights)),
    ];
    let mut join = |prefix: &str, width: usize, of: fn(&States) -> &[ArrayRef]| -> Result<()> {
        for index in 0..width {
            let arrays: Vec<&dyn Array> =
                parts.iter().map(|(_, states)| of(states)[index].as_ref()).collect();
            let column = concat(&arrays)?;
            fields.push(Field::new(format!("{prefix}_{index}"), column.data_type().clone(), true));
            columns.push(column);
        }
        Ok(())
    };
    join("key", first.keys.len(), |states| &states.keys)?;
    join("state", first.columns.len(), |states| &states.columns)?;
    Ok(Some(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?))
}

/// What changed in the tables of slots as one layer: [`states_to_batch`] and a column that says what is gone; None when
/// nothing changed. Of the slots in `gone` nothing that is stored counts any more.
pub(crate) fn changes_to_layer(
    changes: Vec<(Slot, TableChange)>,
    gone: impl IntoIterator<Item = Slot>,
    layout: &Layout,
) -> Result<Option<RecordBatch>> {
    let no_states: Vec<DataType> = match changes.first() {
        Some((_, change)) => change.living.columns.iter().map(|column| column.data_type().clone()).collect(),
        None => {
            let kernels = layout.new_kernels()?;
            let columns: Vec<Vec<ArrayRef>> =
                kernels.iter().map(|kernel| kernel.state(&[])).collect::<Result<_>>()?;
            columns.iter().flatten().map(|column| column.data_type().clone()).collect()
        }
    };
    // Of what is gone there is but the key.
    let nothing = |count: usize, keys: Vec<ArrayRef>| States {
        keys,
        weights: Some(Int64Array::from(vec![0; count])),
        columns: no_states.iter().map(|data_type| new_null_array(data_type, count)).collect(),
        count,
    };
    let mut parts: Vec<(Slot, States)> = vec![];
    let mut dead: Vec<i16> = vec![];
    let mut add = |slot: Slot, states: States, what: i16| {
        if states.count > 0 {
            dead.extend(std::iter::repeat_n(what, states.count));
            parts.push((slot, states));
        }
    };
    let mut gone: BTreeSet<Slot> = gone.into_iter().collect();
    let mut gone_groups = vec![];
    for (slot, change) in changes {
        if change.replaces {
            gone.insert(slot);
        }
        add(slot, change.living, LIVING);
        gone_groups.extend(change.gone.into_iter().map(|(count, keys)| (slot, count, keys)));
    }
    for (slot, count, keys) in gone_groups {
        add(slot, nothing(count, keys), DEAD_GROUP);
    }
    for slot in gone {
        let keys = layout.keys.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect();
        add(slot, nothing(1, keys), DEAD_SLOT);
    }
    states_to_batch(&parts)?.map(|batch| with_dead(&batch, dead)).transpose()
}

/// The inverse of [`states_to_batch`].
pub(crate) fn batch_to_states(batch: &RecordBatch, layout: &Layout) -> Result<Vec<(Slot, States)>> {
    let keys = layout.keys.fields().len();
    let number =
        |index: usize| batch.columns().get(index).and_then(|column| column.as_primitive_opt::<Int64Type>());
    let (Some(starts), Some(tags), Some(weights)) = (number(0), number(1), number(2)) else {
        return Err(Error::internal("a checkpoint's groups are not in their form"));
    };
    if batch.num_columns() < 3 + keys {
        return Err(Error::internal("a checkpoint's groups have too few columns"));
    }
    let whole = States {
        keys: batch.columns()[3..3 + keys].to_vec(),
        weights: layout.mode.retractable.then(|| weights.clone()),
        columns: batch.columns()[3 + keys..].to_vec(),
        count: batch.num_rows(),
    };
    let slot = |row: usize| Slot { start: starts.value(row), tag: tags.value(row) };
    let mut parts = vec![];
    let mut from = 0;
    while from < whole.count {
        let to = (from + 1..whole.count).find(|row| slot(*row) != slot(from)).unwrap_or(whole.count);
        parts.push((slot(from), whole.slice(from, to - from)));
        from = to;
    }
    Ok(parts)
}

/// Row by row, whether two columns hold the same, NULL being the same as NULL.
fn same_values(left: &ArrayRef, right: &ArrayRef) -> Result<BooleanArray> {
    if !left.data_type().is_nested() {
        return Ok(arrow::compute::kernels::cmp::not_distinct(left, right)?);
    }
    let compare = arrow::array::make_comparator(left, right, arrow::compute::SortOptions::default())?;
    Ok((0..left.len()).map(|row| Some(compare(row, row).is_eq())).collect())
}
