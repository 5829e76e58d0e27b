//! DISTINCT: each group keeps its values with their counts; the aggregate proper sees a value when its count
//! leaves zero, and sees it go when the count is zero again.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use hashbrown::HashMap;

use super::multiset::{each_counted, multisets_to_columns};
use super::values::{Kind, with_kind};
use super::{Kernel, argument, each_valid, pick, typed};
use crate::Result;

/// A kernel that shows each distinct value once to `inner`, which must be one for retractable, unordered rows.
pub(super) fn new(argument: &DataType, inner: Box<dyn Kernel>) -> Option<Box<dyn Kernel>> {
    with_kind!(argument, K => {
        Box::new(Distinct::<K> { values: vec![], data_type: argument.clone(), inner }) as Box<dyn Kernel>
    })
}

struct Distinct<K: Kind> {
    values: Vec<HashMap<K::Value, i64>>,
    data_type: DataType,
    inner: Box<dyn Kernel>,
}

/// What the inner kernel is to be told.
struct Turns<K: Kind> {
    groups: Vec<usize>,
    values: Vec<K::Value>,
    weights: Vec<i64>,
}

impl<K: Kind> Turns<K> {
    fn new() -> Self {
        Self { groups: vec![], values: vec![], weights: vec![] }
    }

    /// Adds to a count, and notes whether the value came or went by that.
    fn add(&mut self, values: &mut HashMap<K::Value, i64>, group: usize, value: K::Value, weight: i64) {
        let (before, after) = match values.entry_ref(&value) {
            hashbrown::hash_map::EntryRef::Occupied(mut entry) => {
                let before = *entry.get();
                *entry.get_mut() += weight;
                if before + weight == 0 {
                    entry.remove();
                }
                (before, before + weight)
            }
            hashbrown::hash_map::EntryRef::Vacant(_) => {
                values.insert(value.clone(), weight);
                (0, weight)
            }
        };
        if (before > 0) != (after > 0) {
            self.groups.push(group);
            self.values.push(value);
            self.weights.push(if after > 0 { 1 } else { -1 });
        }
    }

    fn tell(self, inner: &mut dyn Kernel, data_type: &DataType) -> Result<()> {
        if self.groups.is_empty() {
            return Ok(());
        }
        let values = K::build(data_type, self.values.iter().map(Some));
        inner.update(&self.groups, Some(&values), Some(&self.weights))
    }
}

impl<K: Kind> Kernel for Distinct<K> {
    fn resize(&mut self, groups: usize) {
        self.values.resize_with(groups, HashMap::new);
        self.inner.resize(groups);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &K::Column = typed(Some(argument(values)?))?;
        let mut turns = Turns::<K>::new();
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            turns.add(&mut self.values[group], group, K::value(column, row), weight);
        });
        turns.tell(self.inner.as_mut(), &self.data_type)
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let mut turns = Turns::<K>::new();
        each_counted::<K>(groups, state, |group, value, count| {
            turns.add(&mut self.values[group], group, value, count);
        })?;
        turns.tell(self.inner.as_mut(), &self.data_type)
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        Ok(multisets_to_columns::<K>(&self.data_type, groups.iter().map(|group| self.values[*group].iter())))
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        self.inner.evaluate(groups)
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.values, groups);
        self.inner.keep(groups);
    }

    fn bytes(&self) -> usize {
        let held = |values: &HashMap<K::Value, i64>| {
            let heap: usize = values.keys().map(K::heap_bytes).sum();
            size_of::<HashMap<K::Value, i64>>() + values.allocation_size() + heap
        };
        self.values.iter().map(held).sum::<usize>() + self.inner.bytes()
    }
}
