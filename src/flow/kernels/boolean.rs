//! bool_and(x) and bool_or(x): how many were true and how many false.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array};
use arrow::datatypes::DataType;

use super::{Kernel, argument, each_valid, pick, typed};
use crate::Result;

/// The kernel of bool_and (`all`) or bool_or; None for other types than BOOLEAN.
pub(super) fn new(argument: &DataType, all: bool) -> Option<Box<dyn Kernel>> {
    (*argument == DataType::Boolean)
        .then(|| Box::new(Truths { trues: vec![], falses: vec![], all }) as Box<dyn Kernel>)
}

struct Truths {
    trues: Vec<i64>,
    falses: Vec<i64>,
    all: bool,
}

impl Truths {
    fn result(&self, group: usize) -> Option<bool> {
        let (trues, falses) = (self.trues[group], self.falses[group]);
        let some = trues != 0 || falses != 0;
        some.then_some(if self.all { falses == 0 } else { trues != 0 })
    }
}

impl Kernel for Truths {
    fn resize(&mut self, groups: usize) {
        self.trues.resize(groups, 0);
        self.falses.resize(groups, 0);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &BooleanArray = typed(Some(argument(values)?))?;
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            let counts = if column.value(row) { &mut self.trues } else { &mut self.falses };
            counts[group] += weight;
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let trues: &Int64Array = typed(state.first())?;
        let falses: &Int64Array = typed(state.get(1))?;
        for (row, group) in groups.iter().enumerate() {
            self.trues[*group] += trues.value(row);
            self.falses[*group] += falses.value(row);
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let column = |counts: &[i64]| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(groups.iter().map(|group| counts[*group])))
        };
        Ok(vec![column(&self.trues), column(&self.falses)])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        Ok(Arc::new(groups.iter().map(|group| self.result(*group)).collect::<BooleanArray>()))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.trues, groups);
        pick(&mut self.falses, groups);
    }

    fn bytes(&self) -> usize {
        (self.trues.capacity() + self.falses.capacity()) * size_of::<i64>()
    }
}
