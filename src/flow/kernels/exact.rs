//! Exact sums of floats: the same sum whatever the order, and nothing left over when all is taken back.
//!
//! A running float sum depends on the order of its terms, and a retraction leaves a rounding error behind. Where
//! rows come in no fixed order or go again, the sum is kept as an expansion instead: a few floats that do not
//! overlap and whose sum is exact (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997; Python's
//! `math.fsum`). Two or three are usual, so it costs a few additions a row.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Float64Type};
use millstream_sql::{SqlError, SqlState};

use super::typed;
use crate::Result;

/// A sum of floats without rounding, until it is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct ExactSum {
    /// Non-overlapping, of rising magnitude.
    partials: Vec<f64>,
    not_numbers: i64,
    infinities: i64,
    negative_infinities: i64,
}

impl ExactSum {
    /// Adds a value `weight` times.
    pub(super) fn add(&mut self, value: f64, weight: i64) -> Result<()> {
        if value.is_nan() {
            self.not_numbers += weight;
        } else if value == f64::INFINITY {
            self.infinities += weight;
        } else if value == f64::NEG_INFINITY {
            self.negative_infinities += weight;
        } else if weight == 1 {
            self.push(value)?;
        } else {
            self.add_product(value, weight as f64)?;
        }
        Ok(())
    }

    /// Adds `a * b` without rounding the product. A product that is no finite number counts as what it is.
    pub(super) fn add_product(&mut self, a: f64, b: f64) -> Result<()> {
        let product = a * b;
        if !product.is_finite() {
            return self.add(product, 1);
        }
        self.push(product)?;
        self.push(a.mul_add(b, -product))
    }

    /// Takes a square `weight` times, exactly.
    pub(super) fn add_square(&mut self, value: f64, weight: i64) -> Result<()> {
        let square = value * value;
        if !square.is_finite() {
            return self.add(square, weight);
        }
        self.add(square, weight)?;
        self.add(value.mul_add(value, -square), weight)
    }

    /// Adds all of another sum.
    pub(super) fn merge(&mut self, other: &ExactSum) -> Result<()> {
        self.not_numbers += other.not_numbers;
        self.infinities += other.infinities;
        self.negative_infinities += other.negative_infinities;
        other.partials.iter().try_for_each(|partial| self.push(*partial))
    }

    /// The sum, rounded once.
    pub(super) fn value(&self) -> f64 {
        match (self.not_numbers > 0, self.infinities > 0, self.negative_infinities > 0) {
            (true, _, _) | (_, true, true) => f64::NAN,
            (_, true, _) => f64::INFINITY,
            (_, _, true) => f64::NEG_INFINITY,
            _ => self.rounded(),
        }
    }

    /// Whether every term was a finite number.
    pub(super) fn is_finite(&self) -> bool {
        self.not_numbers == 0 && self.infinities == 0 && self.negative_infinities == 0
    }

    /// The finite parts, whose sum is exact.
    pub(super) fn partials(&self) -> &[f64] {
        &self.partials
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        self.partials.capacity() * size_of::<f64>()
    }

    fn push(&mut self, value: f64) -> Result<()> {
        let mut rest = value;
        let mut kept = 0;
        for index in 0..self.partials.len() {
            let partial = self.partials[index];
            let (large, small) = if rest.abs() < partial.abs() { (partial, rest) } else { (rest, partial) };
            let high = large + small;
            let low = small - (high - large);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            rest = high;
        }
        self.partials.truncate(kept);
        if rest != 0.0 {
            self.partials.push(rest);
        }
        match rest.is_finite() {
            true => Ok(()),
            false => Err(SqlError::new(SqlState::NumericOutOfRange, "value out of range: overflow").into()),
        }
    }

    /// As `math.fsum` ends: highest first, and half-way cases by what lies below.
    fn rounded(&self) -> f64 {
        let mut rest = self.partials.iter().rev();
        let Some(first) = rest.next() else { return 0.0 };
        let mut high = *first;
        let mut low = 0.0;
        for partial in rest.by_ref() {
            let sum = high + partial;
            low = partial - (sum - high);
            high = sum;
            if low != 0.0 {
                break;
            }
        }
        let below = rest.next().copied().unwrap_or(0.0);
        if (low < 0.0 && below < 0.0) || (low > 0.0 && below > 0.0) {
            let twice = low * 2.0;
            let sum = high + twice;
            if twice == sum - high {
                high = sum;
            }
        }
        high
    }
}

/// Number of state columns of a vector of sums.
pub(super) const STATE_COLUMNS: usize = 4;

/// State columns of some sums: the parts as a list, then how often each special value came.
pub(super) fn sums_to_columns<'a>(sums: impl Iterator<Item = &'a ExactSum> + Clone) -> Vec<ArrayRef> {
    let lengths = OffsetBuffer::from_lengths(sums.clone().map(|sum| sum.partials.len()));
    let partials: Float64Array =
        sums.clone().flat_map(|sum| sum.partials.iter().copied()).collect::<Vec<_>>().into();
    let field = Arc::new(Field::new_list_field(DataType::Float64, true));
    let column = |values: Vec<i64>| -> ArrayRef { Arc::new(Int64Array::from(values)) };
    vec![
        Arc::new(ListArray::new(field, lengths, Arc::new(partials), None)),
        column(sums.clone().map(|sum| sum.not_numbers).collect()),
        column(sums.clone().map(|sum| sum.infinities).collect()),
        column(sums.map(|sum| sum.negative_infinities).collect()),
    ]
}

/// The sums in state columns.
pub(super) fn columns_to_sums(columns: &[ArrayRef]) -> Result<Vec<ExactSum>> {
    let lists: &ListArray = typed(columns.first())?;
    let not_numbers: &Int64Array = typed(columns.get(1))?;
    let infinities: &Int64Array = typed(columns.get(2))?;
    let negative_infinities: &Int64Array = typed(columns.get(3))?;
    let sum = |row: usize| ExactSum {
        partials: lists.value(row).as_primitive::<Float64Type>().values().to_vec(),
        not_numbers: not_numbers.value(row),
        infinities: infinities.value(row),
        negative_infinities: negative_infinities.value(row),
    };
    Ok((0..lists.len()).map(sum).collect())
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::seq::SliceRandom;
    use rand::{Rng, SeedableRng};

    use super::*;

    #[test]
    fn nothing_is_left_when_all_is_taken_back() {
        let seed = rand::random();
        let mut random = StdRng::seed_from_u64(seed);
        let values: Vec<f64> = (0..200)
            .map(|_| random.random_range(-1e3..1e3) * 10f64.powi(random.random_range(-9..9)))
            .collect();
        let mut sum = ExactSum::default();
        values.iter().for_each(|value| sum.add(*value, 3).unwrap());
        sum.add(f64::INFINITY, 1).unwrap();
        assert_eq!(sum.value(), f64::INFINITY);
        sum.add(f64::INFINITY, -1).unwrap();
        values.iter().rev().for_each(|value| sum.add(*value, -3).unwrap());
        assert_eq!(sum.value(), 0.0, "seed {seed}");
        assert!(sum.partials().is_empty(), "seed {seed}");
    }

    #[test]
    fn order_does_not_matter() {
        let seed = rand::random();
        let mut random = StdRng::seed_from_u64(seed);
        let mut values: Vec<f64> = (0..100)
            .map(|_| random.random_range(-1.0..1.0) * 2f64.powi(random.random_range(-60..60)))
            .collect();
        let sum = |values: &[f64]| {
            let mut sum = ExactSum::default();
            values.iter().for_each(|value| sum.add(*value, 1).unwrap());
            sum.value()
        };
        let first = sum(&values);
        for _ in 0..20 {
            values.shuffle(&mut random);
            assert_eq!(sum(&values), first, "seed {seed}");
        }
        assert_eq!(sum(&[0.1; 10]), 1.0);
    }
}
