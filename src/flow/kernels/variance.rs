//! var_samp, var_pop, stddev_samp, stddev_pop: count, exact sum and exact sum of squares.
//!
//! With exact sums, `n Σx² - (Σx)²` has no cancellation to fear, retraction leaves nothing behind and order does not
//! matter; Welford's running mean, which batch plans use, has neither of the last two.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, Int64Array};
use arrow::datatypes::DataType;

use super::exact::{ExactSum, STATE_COLUMNS, columns_to_sums, sums_to_columns};
use super::{Kernel, argument, each_valid, pick, typed};
use crate::Result;

/// The kernel over floats (other numbers are cast before); `sample` divides by n - 1, `root` gives the deviation.
pub(super) fn new(argument: &DataType, sample: bool, root: bool) -> Option<Box<dyn Kernel>> {
    (*argument == DataType::Float64).then(|| {
        let kernel = Variance { counts: vec![], sums: vec![], squares: vec![], sample, root };
        Box::new(kernel) as Box<dyn Kernel>
    })
}

struct Variance {
    counts: Vec<i64>,
    sums: Vec<ExactSum>,
    squares: Vec<ExactSum>,
    sample: bool,
    root: bool,
}

impl Variance {
    fn result(&self, group: usize) -> Option<f64> {
        let count = self.counts[group];
        let divisor = if self.sample { count - 1 } else { count };
        if divisor <= 0 {
            return None;
        }
        let (sum, squares) = (&self.sums[group], &self.squares[group]);
        if !sum.is_finite() || !squares.is_finite() {
            return Some(f64::NAN);
        }
        // Scaled by 1/n so that large sums do not overflow: Σx² - (Σx)(Σx / n), with the mean split in two parts
        // whose products are added exactly.
        let mean = sum.value() / count as f64;
        let mut deviations = squares.clone();
        for partial in sum.partials() {
            deviations.add_product(*partial, -2.0 * mean);
        }
        // Σ(x - m)² = Σx² - 2mΣx + nm² for any m, so that a rounded mean costs only its own square.
        let square = mean * mean;
        deviations.add_product(square, count as f64);
        deviations.add_product(mean.mul_add(mean, -square), count as f64);
        let variance = (deviations.value() / divisor as f64).max(0.0);
        Some(if self.root { variance.sqrt() } else { variance })
    }
}

impl Kernel for Variance {
    fn resize(&mut self, groups: usize) {
        self.counts.resize(groups, 0);
        self.sums.resize_with(groups, ExactSum::default);
        self.squares.resize_with(groups, ExactSum::default);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &Float64Array = typed(Some(argument(values)?))?;
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            let value = column.value(row);
            self.counts[group] += weight;
            self.sums[group].add(value, weight);
            self.squares[group].add_square(value, weight);
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let counts: &Int64Array = typed(state.first())?;
        let sums = columns_to_sums(state.get(1..).unwrap_or_default())?;
        let squares = columns_to_sums(state.get(1 + STATE_COLUMNS..).unwrap_or_default())?;
        for (row, group) in groups.iter().enumerate() {
            self.counts[*group] += counts.value(row);
            self.sums[*group].merge(&sums[row]);
            self.squares[*group].merge(&squares[row]);
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let counts = Int64Array::from_iter_values(groups.iter().map(|group| self.counts[*group]));
        let mut columns: Vec<ArrayRef> = vec![Arc::new(counts)];
        columns.extend(sums_to_columns(groups.iter().map(|group| &self.sums[*group])));
        columns.extend(sums_to_columns(groups.iter().map(|group| &self.squares[*group])));
        Ok(columns)
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        let results = groups.iter().map(|group| self.result(*group));
        Ok(Arc::new(results.collect::<Float64Array>()))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.counts, groups);
        pick(&mut self.sums, groups);
        pick(&mut self.squares, groups);
    }

    fn bytes(&self) -> usize {
        let heap: usize = self.sums.iter().chain(&self.squares).map(ExactSum::heap_bytes).sum();
        self.counts.capacity() * (8 + 2 * size_of::<ExactSum>()) + heap
    }
}
