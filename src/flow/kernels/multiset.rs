//! min(x) and max(x) over rows that can be taken back: each group keeps all its values with their counts, in
//! order, so that the next best is there when the best goes. Also how multisets are written as state columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field};

use super::values::Kind;
use super::{Kernel, argument, each_valid, pick, typed};
use crate::{Error, Result};

/// The first or last value of each group's multiset.
pub(super) struct Extreme<K: Kind> {
    values: Vec<BTreeMap<K::Value, i64>>,
    data_type: DataType,
    max: bool,
}

impl<K: Kind> Extreme<K> {
    /// No groups yet; values and result are of the type.
    pub(super) fn new(data_type: DataType, max: bool) -> Self {
        Self { values: vec![], data_type, max }
    }

    fn add(&mut self, group: usize, value: K::Value, weight: i64) {
        use std::collections::btree_map::Entry;
        match self.values[group].entry(value) {
            Entry::Vacant(entry) => drop(entry.insert(weight)),
            Entry::Occupied(entry) if *entry.get() + weight == 0 => drop(entry.remove()),
            Entry::Occupied(mut entry) => *entry.get_mut() += weight,
        }
    }

    fn best(&self, group: usize) -> Result<Option<&K::Value>> {
        let values = &self.values[group];
        match if self.max { values.last_key_value() } else { values.first_key_value() } {
            Some((_, count)) if *count < 0 => Err(Error::internal("a value was taken back that never came")),
            best => Ok(best.map(|(value, _)| value)),
        }
    }
}

impl<K: Kind> Kernel for Extreme<K> {
    fn resize(&mut self, groups: usize) {
        self.values.resize_with(groups, BTreeMap::new);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &K::Column = typed(Some(argument(values)?))?;
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            self.add(group, K::value(column, row), weight);
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        each_counted::<K>(groups, state, |group, value, count| self.add(group, value, count))
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        Ok(multisets_to_columns::<K>(&self.data_type, groups.iter().map(|group| self.values[*group].iter())))
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        let best: Vec<Option<&K::Value>> =
            groups.iter().map(|group| self.best(*group)).collect::<Result<_>>()?;
        Ok(K::build(&self.data_type, best.into_iter()))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.values, groups);
    }

    fn bytes(&self) -> usize {
        // A node of a B-tree has room for 11 entries and is some two thirds full; one value takes a whole node.
        let node = 11 * size_of::<(K::Value, i64)>() + 32;
        let held = |values: &BTreeMap<K::Value, i64>| {
            let heap: usize = values.keys().map(K::heap_bytes).sum();
            size_of::<BTreeMap<K::Value, i64>>() + values.len().div_ceil(7) * node + heap
        };
        self.values.iter().map(held).sum()
    }
}

/// Two list columns, values and counts, one row a multiset.
pub(super) fn multisets_to_columns<'a, K: Kind>(
    data_type: &DataType,
    sets: impl Iterator<Item = impl ExactSizeIterator<Item = (&'a K::Value, &'a i64)>>,
) -> Vec<ArrayRef> {
    let (mut lengths, mut values, mut counts) = (vec![], vec![], vec![]);
    for set in sets {
        lengths.push(set.len());
        for (value, count) in set {
            values.push(value);
            counts.push(*count);
        }
    }
    let offsets = OffsetBuffer::<i32>::from_lengths(lengths);
    let list = |data_type: &DataType, items: ArrayRef| -> ArrayRef {
        let field = Arc::new(Field::new_list_field(data_type.clone(), true));
        Arc::new(ListArray::new(field, offsets.clone(), items, None))
    };
    vec![
        list(data_type, K::build(data_type, values.into_iter().map(Some))),
        list(&DataType::Int64, Arc::new(Int64Array::from(counts))),
    ]
}

/// Calls `apply(group, value, count)` for all that is in the columns of [`multisets_to_columns`].
pub(super) fn each_counted<K: Kind>(
    groups: &[usize],
    state: &[ArrayRef],
    mut apply: impl FnMut(usize, K::Value, i64),
) -> Result<()> {
    let lists: &ListArray = typed(state.first())?;
    let count_lists: &ListArray = typed(state.get(1))?;
    let values: &K::Column = typed(Some(lists.values()))?;
    let counts: &Int64Array = typed(Some(count_lists.values()))?;
    for (row, group) in groups.iter().enumerate() {
        let (from, to) = (lists.value_offsets()[row] as usize, lists.value_offsets()[row + 1] as usize);
        let counts_from = count_lists.value_offsets()[row] as usize;
        for index in from..to {
            apply(*group, K::value(values, index), counts.value(counts_from + index - from));
        }
    }
    Ok(())
}
