//! sum, avg, variances and standard deviations of int2, int4 and int8, exactly.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, BinaryArray, Int64Array};
use arrow::datatypes::{Int16Type, Int32Type, Int64Type};
use millstream_catalog::Kind;
use num_bigint::BigInt;

use super::numerics::{Moment, moment_of, moments};
use super::state::{Reader, Writer};
use crate::error::SqlResult;
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;
use crate::types::integer::out_of_range;
use crate::types::numeric::Numeric;
use crate::types::numeric::arithmetic::divide;

/// The rows of integers' sums.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    rows.extend(rows_of::<Int16Type>(Kind::Int2));
    rows.extend(rows_of::<Int32Type>(Kind::Int4));
    rows.extend(rows_of::<Int64Type>(Kind::Int8));
    rows
}

fn rows_of<T>(kind: Kind) -> Vec<Row>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<i64>,
{
    let numeric = Param::Of(Kind::Numeric);
    let sum_type = if kind == Kind::Int8 { numeric } else { Param::Of(Kind::Int8) };
    let sum_answer = if kind == Kind::Int8 { Answer::NumericSum } else { Answer::BigintSum };
    let mut rows = vec![
        aggregate("sum", &[Param::Of(kind)], sum_type, move |_, _| Box::new(Sum::<T>::new(sum_answer))),
        aggregate("avg", &[Param::Of(kind)], numeric, |_, _| Box::new(Sum::<T>::new(Answer::Average))),
    ];
    for (name, moment) in moments() {
        rows.push(aggregate(name, &[Param::Of(kind)], numeric, move |_, _| {
            Box::new(Spread::<T> {
                moment,
                count: 0,
                sum: 0,
                squares: 0,
                more_squares: BigInt::ZERO,
                of: PhantomData,
            })
        }));
    }
    rows
}

fn values<T: ArrowPrimitiveType>(argument: &Argument) -> SqlResult<&[T::Native]> {
    match argument.array.as_primitive_opt::<T>() {
        Some(array) => Ok(array.values()),
        None => Err(wrong_array(std::any::type_name::<T>(), argument.array.as_ref())),
    }
}

/// One numeric, or NULL, as a column.
pub(super) fn numeric_column(value: Option<Numeric>) -> ArrayRef {
    Arc::new(BinaryArray::from_iter([value.map(|value| value.to_bytes())]))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    BigintSum,
    NumericSum,
    Average,
}

/// A sum and a count. 2^63 values of 64 bits fit 127 bits: the sum cannot overflow.
#[derive(Debug)]
struct Sum<T> {
    answer: Answer,
    count: i64,
    sum: i128,
    of: PhantomData<fn(T)>,
}

impl<T> Sum<T> {
    fn new(answer: Answer) -> Self {
        Self { answer, count: 0, sum: 0, of: PhantomData }
    }
}

impl<T> Accumulator for Sum<T>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<i64>,
{
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        self.sum += i128::from(values::<T>(argument)?[argument.at(row)].into());
        self.count += 1;
        Ok(())
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = &arguments[0];
        let values = values::<T>(argument)?;
        for row in rows {
            self.sum += i128::from(values[argument.at(row)].into());
            self.count += 1;
        }
        Ok(())
    }

    fn update_range(&mut self, arguments: &[Argument], rows: Range<usize>) -> SqlResult<()> {
        let argument = &arguments[0];
        if argument.constant {
            return self.update_all(arguments, &mut rows.into_iter());
        }
        let values = &values::<T>(argument)?[rows];
        // Sums of halves: the processor adds several numbers of 64 bits at once, and none of 128. Within a chunk of 2^31
        // neither overflows.
        for chunk in values.chunks(1 << 31) {
            let (mut low, mut high) = (0u64, 0u64);
            for value in chunk {
                let value: i64 = (*value).into();
                // As if 2^63 were added to each, so that none is negative.
                let value = value as u64 ^ (1 << 63);
                low += value & 0xffff_ffff;
                high += value >> 32;
            }
            self.sum += (i128::from(high) << 32) + i128::from(low) - ((chunk.len() as i128) << 63);
        }
        self.count += values.len() as i64;
        Ok(())
    }

    fn slide(&mut self) -> bool {
        true
    }

    fn retract(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        self.sum -= i128::from(values::<T>(argument)?[argument.at(row)].into());
        self.count -= 1;
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(Writer::default().integer(self.count).bytes(&self.sum.to_le_bytes()).finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let mut reader = Reader::new(state);
        self.count += reader.integer()?;
        let sum = reader.bytes()?.try_into().map_err(|_| super::state::damaged())?;
        self.sum += i128::from_le_bytes(sum);
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let some = self.count > 0;
        match self.answer {
            Answer::BigintSum => {
                let sum = i64::try_from(self.sum).map_err(|_| out_of_range("bigint"))?;
                Ok(Arc::new(Int64Array::from(vec![some.then_some(sum)])))
            }
            Answer::NumericSum => Ok(numeric_column(some.then_some(Numeric::small(self.sum, 0)))),
            Answer::Average if !some => Ok(numeric_column(None)),
            Answer::Average => {
                let count = Numeric::small(i128::from(self.count), 0);
                Ok(numeric_column(Some(divide(&Numeric::small(self.sum, 0), &count)?)))
            }
        }
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// A sum, a sum of squares and a count.
#[derive(Debug)]
struct Spread<T> {
    moment: Moment,
    count: i64,
    sum: i128,
    squares: i128,
    /// What of the squares did not fit.
    more_squares: BigInt,
    of: PhantomData<fn(T)>,
}

impl<T> Spread<T> {
    fn add_squares(&mut self, squares: i128) {
        match self.squares.checked_add(squares) {
            Some(sum) => self.squares = sum,
            None => {
                self.more_squares += self.squares;
                self.squares = squares;
            }
        }
    }
}

impl<T> Accumulator for Spread<T>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<i64>,
{
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        let value = i128::from(values::<T>(argument)?[argument.at(row)].into());
        self.sum += value;
        self.add_squares(value * value);
        self.count += 1;
        Ok(())
    }

    fn slide(&mut self) -> bool {
        true
    }

    fn retract(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        let value = i128::from(values::<T>(argument)?[argument.at(row)].into());
        self.sum -= value;
        self.add_squares(-(value * value));
        self.count -= 1;
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let squares = &self.more_squares + self.squares;
        Ok(Writer::default().integer(self.count).bytes(&self.sum.to_le_bytes()).big(&squares).finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let mut reader = Reader::new(state);
        self.count += reader.integer()?;
        let sum = reader.bytes()?.try_into().map_err(|_| super::state::damaged())?;
        self.sum += i128::from_le_bytes(sum);
        self.more_squares += reader.big()?;
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let squares = &self.more_squares + self.squares;
        let answer = moment_of(self.moment, self.count, &BigInt::from(self.sum), &squares, 0)?;
        Ok(numeric_column(answer))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + (self.more_squares.bits() as usize).div_ceil(8)
    }
}
