//! Exact sums of floats: the same sum whatever the order, and nothing left over when all is taken back.
//!
//! A running float sum depends on the order of its terms, and a retraction leaves a rounding error behind. Where
//! rows come in no fixed order or go again, the sum is kept as an expansion instead: a few floats that do not
//! overlap and whose sum is exact (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997; Python's
//! `math.fsum`). Two or three are usual, so it costs a few additions a row. Terms near the end of the range are summed apart,
//! scaled down, so that a sum may pass it and come back: only one that is asked for is out of range.

use std::sync::Arc;

use super::typed;
use crate::Result;
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Float64Type};

/// Terms from this on are [`ExactSum::large`]: 2^960.
const LARGE: f64 = f64::from_bits((1023 + 960) << 52);
/// What they are multiplied by: 2^-64.
const SCALE: f64 = f64::from_bits((1023 - 64) << 52);

/// A sum of floats without rounding, until it is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct ExactSum {
    /// Non-overlapping, of rising magnitude.
    partials: Vec<f64>,
    /// The same for terms so large that their sum may be no float, times [`SCALE`].
    large: Vec<f64>,
    not_numbers: i64,
    infinities: i64,
    negative_infinities: i64,
}

impl ExactSum {
    /// Adds a value `weight` times.
    pub(super) fn add(&mut self, value: f64, weight: i64) {
        if value.is_nan() {
            self.not_numbers += weight;
        } else if value == f64::INFINITY {
            self.infinities += weight;
        } else if value == f64::NEG_INFINITY {
            self.negative_infinities += weight;
        } else if value.abs() >= LARGE {
            let (value, weight) = (value * SCALE, weight as f64);
            let product = value * weight;
            push(&mut self.large, product);
            push(&mut self.large, value.mul_add(weight, -product));
        } else if weight == 1 {
            push(&mut self.partials, value);
        } else {
            self.add_product(value, weight as f64);
        }
    }

    /// Adds `a * b` without rounding the product. A product that is no finite number counts as what it is.
    pub(super) fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product, 1);
        if product.is_finite() {
            self.add(a.mul_add(b, -product), 1);
        }
    }

    /// Takes a square `weight` times, exactly.
    pub(super) fn add_square(&mut self, value: f64, weight: i64) {
        let square = value * value;
        self.add(square, weight);
        if square.is_finite() {
            self.add(value.mul_add(value, -square), weight);
        }
    }

    /// Adds all of another sum.
    pub(super) fn merge(&mut self, other: &ExactSum) {
        self.not_numbers += other.not_numbers;
        self.infinities += other.infinities;
        self.negative_infinities += other.negative_infinities;
        other.partials.iter().for_each(|partial| push(&mut self.partials, *partial));
        other.large.iter().for_each(|partial| push(&mut self.large, *partial));
    }

    /// The sum, rounded once; an infinity for one of finite terms that is no float.
    pub(super) fn value(&self) -> f64 {
        match (self.not_numbers > 0, self.infinities > 0, self.negative_infinities > 0) {
            (true, _, _) | (_, true, true) => f64::NAN,
            (_, true, _) => f64::INFINITY,
            (_, _, true) => f64::NEG_INFINITY,
            _ if self.large.is_empty() => rounded(&self.partials),
            _ => {
                let mut all = self.large.clone();
                self.partials.iter().for_each(|partial| push(&mut all, partial * SCALE));
                rounded(&all) / SCALE
            }
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
        (self.partials.capacity() + self.large.capacity()) * size_of::<f64>()
    }
}

/// Adds a term to an expansion.
fn push(partials: &mut Vec<f64>, value: f64) {
    let mut rest = value;
    let mut kept = 0;
    for index in 0..partials.len() {
        let partial = partials[index];
        let (large, small) = if rest.abs() < partial.abs() { (partial, rest) } else { (rest, partial) };
        let high = large + small;
        let low = small - (high - large);
        if low != 0.0 {
            partials[kept] = low;
            kept += 1;
        }
        rest = high;
    }
    partials.truncate(kept);
    if rest != 0.0 {
        partials.push(rest);
    }
}

/// The sum of an expansion as `math.fsum` ends: highest first, and half-way cases by what lies below.
fn rounded(partials: &[f64]) -> f64 {
    let mut rest = partials.iter().rev();
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

/// Number of state columns of a vector of sums.
pub(super) const STATE_COLUMNS: usize = 5;

/// State columns of some sums: the parts as lists, then how often each special value came.
pub(super) fn sums_to_columns<'a>(sums: impl Iterator<Item = &'a ExactSum> + Clone) -> Vec<ArrayRef> {
    let field = Arc::new(Field::new_list_field(DataType::Float64, true));
    let lists = |parts: fn(&ExactSum) -> &[f64]| -> ArrayRef {
        let lengths = OffsetBuffer::from_lengths(sums.clone().map(|sum| parts(sum).len()));
        let values = sums.clone().flat_map(|sum| parts(sum).iter().copied());
        let values = Float64Array::from_iter_values(values);
        Arc::new(ListArray::new(field.clone(), lengths, Arc::new(values), None))
    };
    let column = |values: Vec<i64>| -> ArrayRef { Arc::new(Int64Array::from(values)) };
    vec![
        lists(|sum| &sum.partials),
        lists(|sum| &sum.large),
        column(sums.clone().map(|sum| sum.not_numbers).collect()),
        column(sums.clone().map(|sum| sum.infinities).collect()),
        column(sums.clone().map(|sum| sum.negative_infinities).collect()),
    ]
}

/// The sums in state columns.
pub(super) fn columns_to_sums(columns: &[ArrayRef]) -> Result<Vec<ExactSum>> {
    let lists: &ListArray = typed(columns.first())?;
    let large: &ListArray = typed(columns.get(1))?;
    let not_numbers: &Int64Array = typed(columns.get(2))?;
    let infinities: &Int64Array = typed(columns.get(3))?;
    let negative_infinities: &Int64Array = typed(columns.get(4))?;
    let parts =
        |lists: &ListArray, row: usize| lists.value(row).as_primitive::<Float64Type>().values().to_vec();
    let sum = |row: usize| ExactSum {
        partials: parts(lists, row),
        large: parts(large, row),
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
        values.iter().for_each(|value| sum.add(*value, 3));
        sum.add(f64::INFINITY, 1);
        assert_eq!(sum.value(), f64::INFINITY);
        sum.add(f64::INFINITY, -1);
        values.iter().rev().for_each(|value| sum.add(*value, -3));
        assert_eq!(sum.value(), 0.0, "seed {seed}");
        assert!(sum.partials().is_empty(), "seed {seed}");
    }

    #[test]
    fn a_sum_may_pass_the_end_of_the_range_and_come_back() {
        let mut sum = ExactSum::default();
        [1e308, 1.0, 1e308, 1e308].iter().for_each(|value| sum.add(*value, 2));
        assert_eq!(sum.value(), f64::INFINITY);
        let stored = sums_to_columns([&sum].into_iter());
        let mut sum = columns_to_sums(&stored).unwrap().remove(0);
        sum.add(1e308, -5);
        assert_eq!(sum.value(), 1e308);
        sum.add(1e308, -1);
        assert_eq!(sum.value(), 2.0);
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
            values.iter().for_each(|value| sum.add(*value, 1));
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
