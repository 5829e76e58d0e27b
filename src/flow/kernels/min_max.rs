//! min(x) and max(x) over rows that are never taken back: one value a group. See [`super::multiset`] for the others.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;

use super::multiset::Extreme;
use super::values::{Kind, with_kind};
use super::{Kernel, Mode, argument, each_valid, pick, typed};
use crate::Result;

/// The kernel of min or max over a type; None where the type has no order.
pub(super) fn new(argument: &DataType, output: &DataType, max: bool, mode: Mode) -> Option<Box<dyn Kernel>> {
    if argument != output {
        return None;
    }
    with_kind!(argument, K => if mode.retractable {
        Box::new(Extreme::<K>::new(output.clone(), max)) as Box<dyn Kernel>
    } else {
        Box::new(MinMax::<K> { best: vec![], data_type: output.clone(), max })
    })
}

struct MinMax<K: Kind> {
    best: Vec<Option<K::Value>>,
    data_type: DataType,
    max: bool,
}

impl<K: Kind> MinMax<K> {
    fn take_better(&mut self, groups: &[usize], column: &K::Column) {
        let wanted = if self.max { Ordering::Greater } else { Ordering::Less };
        each_valid(groups, column.nulls(), None, |row, group, _| {
            let slot = &mut self.best[group];
            match slot {
                Some(best) if K::compare(column, row, best) != wanted => {}
                _ => *slot = Some(K::value(column, row)),
            }
        });
    }
}

impl<K: Kind> Kernel for MinMax<K> {
    fn resize(&mut self, groups: usize) {
        self.best.resize(groups, None);
    }

    fn update(
        &mut self,
        groups: &[usize],
        values: Option<&ArrayRef>,
        _weights: Option<&[i64]>,
    ) -> Result<()> {
        self.take_better(groups, typed(Some(argument(values)?))?);
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        self.take_better(groups, typed(state.first())?);
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(groups)?])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        Ok(K::build(&self.data_type, groups.iter().map(|group| self.best[*group].as_ref())))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.best, groups);
    }

    fn bytes(&self) -> usize {
        let heap: usize = self.best.iter().flatten().map(K::heap_bytes).sum();
        self.best.capacity() * size_of::<Option<K::Value>>() + heap
    }
}
