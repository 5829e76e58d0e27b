//! count(*) and count(x): how many rows, with weights, were not NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array};

use super::{Kernel, each_valid, pick, typed};
use crate::Result;

/// The count of each group.
pub(super) struct Count {
    counts: Vec<i64>,
}

impl Count {
    /// No groups yet.
    pub(super) fn new() -> Self {
        Self { counts: vec![] }
    }
}

impl Kernel for Count {
    fn resize(&mut self, groups: usize) {
        self.counts.resize(groups, 0);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let nulls = values.and_then(|values| values.logical_nulls());
        each_valid(groups, nulls.as_ref(), weights, |_, group, weight| self.counts[group] += weight);
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let counts: &Int64Array = typed(state.first())?;
        for (group, count) in groups.iter().zip(counts.values()) {
            self.counts[*group] += count;
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(groups)?])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from_iter_values(groups.iter().map(|group| self.counts[*group]))))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.counts, groups);
    }

    fn bytes(&self) -> usize {
        self.counts.capacity() * size_of::<i64>()
    }
}
