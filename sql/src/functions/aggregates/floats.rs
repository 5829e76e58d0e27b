//! sum, avg, variances and standard deviations of float4 and float8: exact sums, rounded once.
//!
//! NaN makes NaN; infinities of one sign make a sum infinite, of both signs NaN, and a variance NaN. 22003
//! where finite values have an answer that is out of range.

use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, Float32Array, Float64Array};
use arrow::datatypes::{Float32Type, Float64Type};
use millstream_catalog::Kind;
use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::exact::{ExactSum, ratio, root_of_ratio};
use super::numerics::{Moment, moments};
use super::state::{Reader, Writer};
use crate::error::SqlResult;
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;
use crate::types::float::{float8_to_float4, overflow};

/// The rows of floats' sums.
pub fn rows() -> Vec<Row> {
    let mut rows = rows_of::<Float32Type>(Kind::Float4);
    rows.extend(rows_of::<Float64Type>(Kind::Float8));
    rows
}

fn rows_of<T>(kind: Kind) -> Vec<Row>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<f64>,
{
    let float = Param::Of(Kind::Float8);
    let narrow = kind == Kind::Float4;
    let mut rows = vec![];
    let mut row = |name, returns, answer| {
        rows.push(aggregate(name, &[Param::Of(kind)], returns, move |_, _| {
            Box::new(Sum::<T> {
                answer,
                narrow: narrow && answer == Answer::Sum,
                tally: Tally::default(),
                of: PhantomData,
            })
        }));
    };
    row("sum", Param::Of(kind), Answer::Sum);
    row("avg", float, Answer::Average);
    for (name, moment) in moments() {
        row(name, float, Answer::Moment(moment));
    }
    rows
}

/// One float8, or NULL, as a column.
pub(super) fn float_column(value: Option<f64>) -> ArrayRef {
    Arc::new(Float64Array::from(vec![value]))
}

/// Values that are no plain numbers, and how many values there were in all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Specials {
    pub count: i64,
    pub nan: i64,
    pub infinity: i64,
    pub negative_infinity: i64,
}

impl Specials {
    /// Counts a value; whether it is finite.
    #[inline]
    pub fn take(&mut self, value: f64) -> bool {
        self.tally(value, 1)
    }

    /// Counts a value once less; whether it is finite.
    fn take_out(&mut self, value: f64) -> bool {
        self.tally(value, -1)
    }

    #[inline]
    fn tally(&mut self, value: f64, by: i64) -> bool {
        self.count += by;
        if value.is_finite() {
            return true;
        }
        if value.is_nan() {
            self.nan += by;
        } else if value > 0.0 {
            self.infinity += by;
        } else {
            self.negative_infinity += by;
        }
        false
    }

    /// What the sum is where not all values were finite.
    pub fn sum(&self) -> Option<f64> {
        if self.nan > 0 || (self.infinity > 0 && self.negative_infinity > 0) {
            Some(f64::NAN)
        } else if self.infinity > 0 {
            Some(f64::INFINITY)
        } else if self.negative_infinity > 0 {
            Some(f64::NEG_INFINITY)
        } else {
            None
        }
    }

    pub fn write(&self, writer: Writer) -> Writer {
        let flag = |count: i64, place: u32| i64::from(count > 0) << place;
        let flags = flag(self.nan, 0) | flag(self.infinity, 1) | flag(self.negative_infinity, 2);
        writer.integer(self.count).integer(flags)
    }

    pub fn merge(&mut self, reader: &mut Reader<'_>) -> SqlResult<()> {
        self.count += reader.integer()?;
        let flags = reader.integer()?;
        self.nan += flags & 1;
        self.infinity += flags >> 1 & 1;
        self.negative_infinity += flags >> 2 & 1;
        Ok(())
    }
}

/// Sums of values and of their squares.
#[derive(Debug, Default)]
struct Tally {
    specials: Specials,
    /// Values that are not negative zero: without any the sum is one.
    not_negative_zero: i64,
    sum: ExactSum,
    squares: ExactSum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Sum,
    Average,
    Moment(Moment),
}

#[derive(Debug)]
struct Sum<T> {
    answer: Answer,
    /// The answer is a float4.
    narrow: bool,
    tally: Tally,
    of: PhantomData<fn(T)>,
}

impl<T> Sum<T> {
    #[inline]
    fn take(&mut self, value: f64) {
        let tally = &mut self.tally;
        if tally.specials.take(value) {
            tally.not_negative_zero += i64::from(value.to_bits() != (-0.0f64).to_bits());
            tally.sum.add(value);
            if matches!(self.answer, Answer::Moment(_)) {
                tally.squares.add_product(value, value);
            }
        }
    }

    /// Takes a value out again: the sums are exact, so nothing of it is left.
    fn take_out(&mut self, value: f64) {
        let tally = &mut self.tally;
        if tally.specials.take_out(value) {
            tally.not_negative_zero -= i64::from(value.to_bits() != (-0.0f64).to_bits());
            tally.sum.add(-value);
            if matches!(self.answer, Answer::Moment(_)) {
                tally.squares.add_product(-value, value);
            }
        }
    }

    fn answer(&self) -> SqlResult<Option<f64>> {
        let Tally { specials, sum, squares, not_negative_zero } = &self.tally;
        let count = specials.count;
        let answer = match self.answer {
            _ if count == 0 => return Ok(None),
            Answer::Moment(moment) if moment.sample && count == 1 => return Ok(None),
            Answer::Moment(_) if specials.sum().is_some() => f64::NAN,
            Answer::Sum | Answer::Average if specials.sum().is_some() => return Ok(specials.sum()),
            Answer::Sum | Answer::Average if *not_negative_zero == 0 => -0.0,
            Answer::Sum => sum.over(1),
            Answer::Average => sum.over(count),
            Answer::Moment(moment) => {
                let (numerator, exponent) = spread(count, sum, squares);
                let denominator = BigInt::from(count) * (count - i64::from(moment.sample));
                if !numerator.is_positive() {
                    0.0
                } else if moment.root {
                    root_of_ratio(&numerator, &denominator, exponent)
                } else {
                    ratio(&numerator, &denominator, exponent)
                }
            }
        };
        if answer.is_infinite() { Err(overflow()) } else { Ok(Some(answer)) }
    }
}

/// count * Σx² - (Σx)², as a whole number and an exponent of two.
pub(super) fn spread(count: i64, sum: &ExactSum, squares: &ExactSum) -> (BigInt, i64) {
    cross(count, sum, sum, squares)
}

/// count * Σxy - Σx * Σy, as a whole number and an exponent of two.
pub(super) fn cross(count: i64, left: &ExactSum, right: &ExactSum, products: &ExactSum) -> (BigInt, i64) {
    let (left, left_exponent) = left.parts();
    let (right, right_exponent) = right.parts();
    let (products, products_exponent) = products.parts();
    let product = left * right;
    let exponent = left_exponent + right_exponent;
    if product.is_zero() {
        return (products * count, products_exponent);
    }
    let least = exponent.min(products_exponent);
    let scaled = (products * count) << (products_exponent - least) as u64;
    (scaled - (product << (exponent - least) as u64), least)
}

fn values<T: ArrowPrimitiveType>(argument: &Argument) -> SqlResult<&[T::Native]> {
    match argument.array.as_primitive_opt::<T>() {
        Some(array) => Ok(array.values()),
        None => Err(wrong_array(std::any::type_name::<T>(), argument.array.as_ref())),
    }
}

impl<T> Accumulator for Sum<T>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<f64>,
{
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        let value = values::<T>(argument)?[argument.at(row)];
        self.take(value.into());
        Ok(())
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = &arguments[0];
        let values = values::<T>(argument)?;
        for row in rows {
            self.take(values[argument.at(row)].into());
        }
        Ok(())
    }

    fn slide(&mut self) -> bool {
        true
    }

    fn retract(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        let value = values::<T>(argument)?[argument.at(row)];
        self.take_out(value.into());
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let writer = self.tally.specials.write(Writer::default());
        let writer = writer.integer(i64::from(self.tally.not_negative_zero > 0));
        let writer = self.tally.sum.write(writer);
        let writer = match self.answer {
            Answer::Moment(_) => self.tally.squares.write(writer),
            Answer::Sum | Answer::Average => writer,
        };
        Ok(writer.finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let mut reader = Reader::new(state);
        self.tally.specials.merge(&mut reader)?;
        self.tally.not_negative_zero += i64::from(reader.integer()? != 0);
        self.tally.sum.merge(&ExactSum::read(&mut reader)?);
        if matches!(self.answer, Answer::Moment(_)) {
            self.tally.squares.merge(&ExactSum::read(&mut reader)?);
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let answer = self.answer()?;
        if self.narrow {
            // A sum of float4 that is zero has cancelled: it cannot underflow.
            let narrow = answer.map(float8_to_float4).transpose()?;
            return Ok(Arc::new(Float32Array::from(vec![narrow])));
        }
        Ok(float_column(answer))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.tally.sum.heap_size() + self.tally.squares.heap_size()
    }
}
