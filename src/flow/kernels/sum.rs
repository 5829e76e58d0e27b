//! sum(x) and avg(x): a sum and how many values it has.
//!
//! Integers and decimals are summed in 192 bits and checked when they are shown, so that the order of rows decides
//! neither the sum nor whether it is out of range, and a group that was out of range may come back. Floats are summed as they come where that order is fixed.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, Decimal128Array, Float64Array, Int64Array, PrimitiveArray,
};
use arrow::datatypes::{
    DECIMAL128_MAX_PRECISION, DataType, Decimal128Type, DecimalType, Float32Type, Float64Type, Int16Type,
    Int32Type, Int64Type, i256,
};
use millstream_sql::{SqlError, SqlState};

use super::exact::{ExactSum, columns_to_sums, sums_to_columns};
use super::{Kernel, Mode, argument, each_valid, pick, typed};
use crate::{Error, Result};

/// What is made of a sum and a count.
#[derive(Debug, Clone)]
pub(super) enum Finish {
    /// The sum, as BIGINT.
    Integer,
    /// The sum, or with `average` its quotient by the count, as a decimal; `scale_up` is the power of ten between
    /// the scale of the sum and the result's.
    Decimal { precision: u8, scale: i8, scale_up: i128, average: bool },
    /// The sum, or with `average` its quotient by the count, as a float.
    Float { average: bool },
    /// The types do not fit.
    Impossible,
}

impl Finish {
    /// For sum, by the type of the result.
    pub(super) fn sum(output: &DataType) -> Self {
        match output {
            DataType::Int64 => Finish::Integer,
            DataType::Float64 => Finish::Float { average: false },
            DataType::Decimal128(precision, scale) => {
                Finish::Decimal { precision: *precision, scale: *scale, scale_up: 1, average: false }
            }
            _ => Finish::Impossible,
        }
    }

    /// For avg, by the types of the argument and the result.
    pub(super) fn average(argument: &DataType, output: &DataType) -> Self {
        match (argument, output) {
            (_, DataType::Float64) => Finish::Float { average: true },
            (DataType::Decimal128(_, from), DataType::Decimal128(precision, scale)) if scale >= from => {
                let scale_up = 10i128.pow((scale - from) as u32);
                Finish::Decimal { precision: *precision, scale: *scale, scale_up, average: true }
            }
            _ => Finish::Impossible,
        }
    }

    fn integers(&self, sums: impl Iterator<Item = Option<(i128, i64)>>) -> Result<ArrayRef> {
        match self {
            Finish::Integer => {
                let narrow = |(sum, _): (i128, i64)| {
                    i64::try_from(sum).map_err(|_| out_of_range("bigint out of range"))
                };
                let values: Vec<Option<i64>> =
                    sums.map(|sum| sum.map(narrow).transpose()).collect::<Result<_>>()?;
                Ok(Arc::new(Int64Array::from(values)))
            }
            Finish::Decimal { precision, scale, scale_up, average } => {
                let value = |(sum, count): (i128, i64)| {
                    let scaled = sum
                        .checked_mul(*scale_up)
                        .map(|sum| if *average { sum / i128::from(count) } else { sum });
                    scaled
                        .filter(|value| {
                            Decimal128Type::validate_decimal_precision(*value, *precision, *scale).is_ok()
                        })
                        .ok_or_else(|| out_of_range("numeric field overflow"))
                };
                let values: Vec<Option<i128>> =
                    sums.map(|sum| sum.map(value).transpose()).collect::<Result<_>>()?;
                Ok(Arc::new(Decimal128Array::from(values).with_precision_and_scale(*precision, *scale)?))
            }
            Finish::Float { average } => {
                let value =
                    |(sum, count): (i128, i64)| if *average { sum as f64 / count as f64 } else { sum as f64 };
                Ok(Arc::new(sums.map(|sum| sum.map(value)).collect::<Float64Array>()))
            }
            Finish::Impossible => Err(Error::internal("a sum of a type that it cannot have")),
        }
    }

    fn floats(&self, sums: impl Iterator<Item = Option<(f64, i64)>>) -> Result<ArrayRef> {
        let Finish::Float { average } = self else {
            return Err(Error::internal("a sum of floats of a type that it cannot have"));
        };
        let value = |(sum, count): (f64, i64)| if *average { sum / count as f64 } else { sum };
        Ok(Arc::new(sums.map(|sum| sum.map(value)).collect::<Float64Array>()))
    }
}

/// The kernel for an argument type; None where there is none or the result does not fit it.
pub(super) fn new(argument: &DataType, finish: Finish, mode: Mode) -> Option<Box<dyn Kernel>> {
    let plain = mode.ordered && !mode.retractable;
    let is_float = matches!(argument, DataType::Float32 | DataType::Float64);
    match (&finish, is_float) {
        (Finish::Impossible, _) | (Finish::Integer | Finish::Decimal { .. }, true) => return None,
        _ => {}
    }
    Some(match argument {
        DataType::Int16 => Box::new(WholeSum::<Int16Type>::new(finish)),
        DataType::Int32 => Box::new(WholeSum::<Int32Type>::new(finish)),
        DataType::Int64 => Box::new(WholeSum::<Int64Type>::new(finish)),
        // A sum of decimals as an integer or float would forget the scale.
        DataType::Decimal128(_, _) if matches!(finish, Finish::Decimal { .. }) => {
            Box::new(WholeSum::<Decimal128Type>::new(finish))
        }
        DataType::Float32 if plain => Box::new(FloatSum::<Float32Type>::new(finish)),
        DataType::Float64 if plain => Box::new(FloatSum::<Float64Type>::new(finish)),
        DataType::Float32 => Box::new(ExactFloatSum::<Float32Type>::new(finish)),
        DataType::Float64 => Box::new(ExactFloatSum::<Float64Type>::new(finish)),
        _ => return None,
    })
}

fn out_of_range(message: &str) -> Error {
    SqlError::new(SqlState::NumericOutOfRange, message).into()
}

/// Sums of integers and decimals.
struct WholeSum<T: ArrowPrimitiveType> {
    cells: Vec<WholeCell>,
    finish: Finish,
    argument: std::marker::PhantomData<fn() -> T>,
}

/// Kept together: a row touches one cache line, not two. The sum is `carry * 2^128 + sum`.
#[derive(Debug, Clone, Copy, Default)]
struct WholeCell {
    sum: i128,
    count: i64,
    carry: i64,
}

impl WholeCell {
    #[inline(always)]
    fn add(&mut self, term: i128) {
        let (sum, past_the_end) = self.sum.overflowing_add(term);
        self.sum = sum;
        if past_the_end {
            self.carry += if term < 0 { -1 } else { 1 };
        }
    }

    /// Adds `value * weight`, which 128 bits do not hold.
    #[cold]
    fn add_wide(&mut self, value: i128, weight: i64) {
        let product = i256::from_i128(value).wrapping_mul(i256::from_i128(i128::from(weight)));
        let (low, high) = product.to_parts();
        let low = low as i128;
        // As a signed number the low half counts 2^128 less where its first bit is set.
        self.carry += high as i64 + i64::from(low < 0);
        self.add(low);
    }
}

impl<T: ArrowPrimitiveType> WholeSum<T> {
    fn new(finish: Finish) -> Self {
        Self { cells: vec![], finish, argument: std::marker::PhantomData }
    }
}

impl<T> Kernel for WholeSum<T>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i128>,
{
    fn resize(&mut self, groups: usize) {
        self.cells.resize(groups, WholeCell::default());
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &PrimitiveArray<T> = typed(Some(argument(values)?))?;
        let values = &column.values()[..groups.len()];
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            let value: i128 = values[row].into();
            let (term, too_large) = value.overflowing_mul(i128::from(weight));
            let cell = &mut self.cells[group];
            cell.count += weight;
            match too_large {
                false => cell.add(term),
                true => cell.add_wide(value, weight),
            }
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let sums: &Decimal128Array = typed(state.first())?;
        let counts: &Int64Array = typed(state.get(1))?;
        let carries: &Int64Array = typed(state.get(2))?;
        for (row, group) in groups.iter().enumerate() {
            let cell = &mut self.cells[*group];
            cell.add(sums.value(row));
            cell.count += counts.value(row);
            cell.carry += carries.value(row);
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let sums = Decimal128Array::from_iter_values(groups.iter().map(|group| self.cells[*group].sum));
        let counts = Int64Array::from_iter_values(groups.iter().map(|group| self.cells[*group].count));
        let sums = sums.with_data_type(DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0));
        let carries = Int64Array::from_iter_values(groups.iter().map(|group| self.cells[*group].carry));
        Ok(vec![Arc::new(sums), Arc::new(counts), Arc::new(carries)])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        if groups.iter().any(|group| self.cells[*group].carry != 0) {
            return Err(out_of_range("numeric field overflow"));
        }
        let cells = groups.iter().map(|group| self.cells[*group]);
        self.finish.integers(cells.map(|cell| (cell.count != 0).then_some((cell.sum, cell.count))))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.cells, groups);
    }

    fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<WholeCell>()
    }
}

/// Sums of floats in the order of the rows.
struct FloatSum<T: ArrowPrimitiveType> {
    sums: Vec<f64>,
    counts: Vec<i64>,
    finish: Finish,
    argument: std::marker::PhantomData<fn() -> T>,
}

impl<T: ArrowPrimitiveType> FloatSum<T> {
    fn new(finish: Finish) -> Self {
        Self { sums: vec![], counts: vec![], finish, argument: std::marker::PhantomData }
    }
}

impl<T> Kernel for FloatSum<T>
where
    T: ArrowPrimitiveType,
    T::Native: Into<f64>,
{
    fn resize(&mut self, groups: usize) {
        self.sums.resize(groups, 0.0);
        self.counts.resize(groups, 0);
    }

    fn update(
        &mut self,
        groups: &[usize],
        values: Option<&ArrayRef>,
        _weights: Option<&[i64]>,
    ) -> Result<()> {
        let column: &PrimitiveArray<T> = typed(Some(argument(values)?))?;
        let values = &column.values()[..groups.len()];
        each_valid(groups, column.nulls(), None, |row, group, _| {
            self.sums[group] += values[row].into();
            self.counts[group] += 1;
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let sums: &Float64Array = typed(state.first())?;
        let counts: &Int64Array = typed(state.get(1))?;
        for (row, group) in groups.iter().enumerate() {
            self.sums[*group] += sums.value(row);
            self.counts[*group] += counts.value(row);
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let sums = Float64Array::from_iter_values(groups.iter().map(|group| self.sums[*group]));
        let counts = Int64Array::from_iter_values(groups.iter().map(|group| self.counts[*group]));
        Ok(vec![Arc::new(sums), Arc::new(counts)])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        let pair =
            |group: &usize| (self.counts[*group] != 0).then(|| (self.sums[*group], self.counts[*group]));
        self.finish.floats(groups.iter().map(pair))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.sums, groups);
        pick(&mut self.counts, groups);
    }

    fn bytes(&self) -> usize {
        self.sums.capacity() * size_of::<f64>() + self.counts.capacity() * size_of::<i64>()
    }
}

/// Sums of floats that come in any order or go again.
struct ExactFloatSum<T: ArrowPrimitiveType> {
    sums: Vec<ExactSum>,
    counts: Vec<i64>,
    finish: Finish,
    argument: std::marker::PhantomData<fn() -> T>,
}

impl<T: ArrowPrimitiveType> ExactFloatSum<T> {
    fn new(finish: Finish) -> Self {
        Self { sums: vec![], counts: vec![], finish, argument: std::marker::PhantomData }
    }
}

impl<T> Kernel for ExactFloatSum<T>
where
    T: ArrowPrimitiveType,
    T::Native: Into<f64>,
{
    fn resize(&mut self, groups: usize) {
        self.sums.resize_with(groups, ExactSum::default);
        self.counts.resize(groups, 0);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &PrimitiveArray<T> = typed(Some(argument(values)?))?;
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            self.counts[group] += weight;
            self.sums[group].add(column.values()[row].into(), weight);
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let counts: &Int64Array = typed(state.first())?;
        let sums = columns_to_sums(state.get(1..).unwrap_or_default())?;
        for (row, group) in groups.iter().enumerate() {
            self.counts[*group] += counts.value(row);
            self.sums[*group].merge(&sums[row]);
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let counts = Int64Array::from_iter_values(groups.iter().map(|group| self.counts[*group]));
        let mut columns: Vec<ArrayRef> = vec![Arc::new(counts)];
        columns.extend(sums_to_columns(groups.iter().map(|group| &self.sums[*group])));
        Ok(columns)
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        let mut sums = Vec::with_capacity(groups.len());
        for group in groups {
            let (sum, count) = (&self.sums[*group], self.counts[*group]);
            let value = sum.value();
            if value.is_infinite() && sum.is_finite() {
                return Err(out_of_range("value out of range: overflow"));
            }
            sums.push((count != 0).then_some((value, count)));
        }
        self.finish.floats(sums.into_iter())
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.sums, groups);
        pick(&mut self.counts, groups);
    }

    fn bytes(&self) -> usize {
        let heap: usize = self.sums.iter().map(ExactSum::heap_bytes).sum();
        self.sums.capacity() * size_of::<ExactSum>() + self.counts.capacity() * size_of::<i64>() + heap
    }
}
