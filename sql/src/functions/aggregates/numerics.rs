//! sum, avg, variances and standard deviations of the wide numeric, exactly.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow::array::{ArrayRef, AsArray, BinaryArray};
use millstream_catalog::Kind;
use num_bigint::BigInt;
use num_traits::Zero;

use super::integers::numeric_column;
use super::state::{Reader, Writer};
use crate::error::SqlResult;
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;
use crate::types::numeric::arithmetic::divide;
use crate::types::numeric::column::ColumnReader;
use crate::types::numeric::digits::{power_of_ten, small_power};
use crate::types::numeric::{Numeric, roots};

/// Which measure of spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Of a sample: over n - 1; else over n.
    pub sample: bool,
    /// The standard deviation; else the variance.
    pub root: bool,
}

/// The measures of spread and their names.
pub fn moments() -> [(&'static str, Moment); 6] {
    [
        ("var_pop", Moment { sample: false, root: false }),
        ("var_samp", Moment { sample: true, root: false }),
        ("variance", Moment { sample: true, root: false }),
        ("stddev_pop", Moment { sample: false, root: true }),
        ("stddev_samp", Moment { sample: true, root: true }),
        ("stddev", Moment { sample: true, root: true }),
    ]
}

/// A measure from count, sum (at a scale) and sum of squares (at twice the scale); None where it is not
/// defined.
pub fn moment_of(
    moment: Moment,
    count: i64,
    sum: &BigInt,
    squares: &BigInt,
    scale: u32,
) -> SqlResult<Option<Numeric>> {
    if count <= i64::from(moment.sample) {
        return Ok(None);
    }
    let numerator = squares * count - sum * sum;
    let denominator = BigInt::from(count) * (count - i64::from(moment.sample));
    roots::variance(&numerator, i64::from(scale) * 2, &denominator, moment.root).map(Some)
}

/// The rows of numerics' sums.
pub fn rows() -> Vec<Row> {
    let numeric = Param::Of(Kind::Numeric);
    let mut rows = vec![];
    let mut row = |name, answer| {
        rows.push(aggregate(name, &[numeric], numeric, move |_, _| Box::new(Sum::new(answer))));
    };
    row("sum", Answer::Sum);
    row("avg", Answer::Average);
    for (name, moment) in moments() {
        row(name, Answer::Moment(moment));
    }
    rows
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Sum,
    Average,
    Moment(Moment),
}

/// An exact total at the greatest scale seen: 128 bits, and what did not fit them.
#[derive(Debug, Default)]
struct Total {
    scale: u32,
    small: i128,
    large: BigInt,
}

impl Total {
    #[inline]
    fn add_small(&mut self, coefficient: i128, scale: u32) {
        if scale == self.scale {
            match self.small.checked_add(coefficient) {
                Some(sum) => self.small = sum,
                None => self.add_large(BigInt::from(coefficient), scale),
            }
        } else {
            self.add_scaled(coefficient, scale);
        }
    }

    /// Adds a value of another scale.
    fn add_scaled(&mut self, coefficient: i128, scale: u32) {
        if scale < self.scale {
            let raised = small_power(self.scale - scale).and_then(|power| coefficient.checked_mul(power));
            if let Some(sum) = raised.and_then(|raised| self.small.checked_add(raised)) {
                self.small = sum;
                return;
            }
        }
        self.add_large(BigInt::from(coefficient), scale);
    }

    #[cold]
    fn add_large(&mut self, coefficient: BigInt, scale: u32) {
        self.raise(scale);
        let coefficient = coefficient * power_of_ten(self.scale - scale);
        match i128::try_from(&coefficient).ok().and_then(|small| self.small.checked_add(small)) {
            Some(sum) => self.small = sum,
            None => self.large += coefficient,
        }
    }

    /// Takes the scale if it is greater than the one held.
    fn raise(&mut self, scale: u32) {
        if scale <= self.scale {
            return;
        }
        let up = scale - self.scale;
        self.scale = scale;
        let raised = small_power(up).and_then(|power| self.small.checked_mul(power));
        if raised.is_none() {
            self.large += self.small;
        }
        self.small = raised.unwrap_or(0);
        if !self.large.is_zero() {
            self.large *= power_of_ten(up);
        }
    }

    fn value(&self) -> BigInt {
        &self.large + self.small
    }
}

/// Sums and counts of numerics.
#[derive(Debug)]
struct Sum {
    answer: Answer,
    /// Finite values.
    count: i64,
    nan: i64,
    infinities: i64,
    negative_infinities: i64,
    total: Total,
    /// Of squares, at twice the scale of their values; only where they are wanted.
    squares: Total,
    /// How many finite values of each scale are held, where values are taken out again: a sum shows as many digits as the
    /// values that are still in it.
    scales: Option<BTreeMap<u32, i64>>,
}

impl Sum {
    fn new(answer: Answer) -> Self {
        Self {
            answer,
            count: 0,
            nan: 0,
            infinities: 0,
            negative_infinities: 0,
            total: Total::default(),
            squares: Total::default(),
            scales: None,
        }
    }

    #[inline]
    fn take(&mut self, value: Numeric) {
        match value {
            Numeric::Small { coefficient, scale } => self.take_small(coefficient, scale),
            Numeric::Large { coefficient, scale } => {
                self.count += 1;
                self.note_scale(scale, 1);
                if matches!(self.answer, Answer::Moment(_)) {
                    self.squares.add_large(coefficient.as_ref() * coefficient.as_ref(), u32::from(scale) * 2);
                }
                self.total.add_large(*coefficient, u32::from(scale));
            }
            Numeric::NaN => self.nan += 1,
            Numeric::Infinity => self.infinities += 1,
            Numeric::NegativeInfinity => self.negative_infinities += 1,
        }
    }

    #[inline]
    fn take_small(&mut self, coefficient: i128, scale: u16) {
        self.count += 1;
        self.note_scale(scale, 1);
        self.total.add_small(coefficient, u32::from(scale));
        if matches!(self.answer, Answer::Moment(_)) {
            match coefficient.checked_mul(coefficient) {
                Some(square) => self.squares.add_small(square, u32::from(scale) * 2),
                None => self.squares.add_large(BigInt::from(coefficient).pow(2), u32::from(scale) * 2),
            }
        }
    }

    #[inline]
    fn note_scale(&mut self, scale: u16, by: i64) {
        let Some(scales) = &mut self.scales else { return };
        let held = scales.entry(u32::from(scale)).or_default();
        *held += by;
        if *held == 0 {
            scales.remove(&u32::from(scale));
        }
    }

    /// Takes a value out again.
    fn take_out(&mut self, value: Numeric) {
        match value {
            Numeric::NaN => self.nan -= 1,
            Numeric::Infinity => self.infinities -= 1,
            Numeric::NegativeInfinity => self.negative_infinities -= 1,
            finite => {
                let Some((coefficient, scale)) = finite.parts() else { return };
                self.count -= 1;
                self.note_scale(scale, -1);
                if matches!(self.answer, Answer::Moment(_)) {
                    self.squares.add_large(-(&coefficient * &coefficient), u32::from(scale) * 2);
                }
                self.total.add_large(-coefficient, u32::from(scale));
            }
        }
    }

    /// The greatest scale of the values that are held.
    fn scale_held(&self) -> u32 {
        match &self.scales {
            Some(scales) => scales.keys().next_back().copied().unwrap_or(0),
            None => self.total.scale,
        }
    }

    /// The total at the scale of the values in it.
    fn at_scale_held(&self) -> SqlResult<Numeric> {
        let held = self.scale_held();
        if self.total.large.is_zero() && held == self.total.scale {
            return Ok(Numeric::small(self.total.small, held as u16));
        }
        // Digits behind the scale are of values that are gone: they are zeros.
        Numeric::checked(self.total.value() / power_of_ten(self.total.scale - held), held)
    }

    fn sum(&self) -> SqlResult<Numeric> {
        if self.nan > 0 || (self.infinities > 0 && self.negative_infinities > 0) {
            return Ok(Numeric::NaN);
        }
        if self.infinities > 0 {
            return Ok(Numeric::Infinity);
        }
        if self.negative_infinities > 0 {
            return Ok(Numeric::NegativeInfinity);
        }
        self.at_scale_held()
    }

    fn answer(&self) -> SqlResult<Option<Numeric>> {
        let all = self.count + self.nan + self.infinities + self.negative_infinities;
        match self.answer {
            _ if all == 0 => Ok(None),
            Answer::Sum => self.sum().map(Some),
            Answer::Average => divide(&self.sum()?, &Numeric::small(i128::from(all), 0)).map(Some),
            Answer::Moment(moment) if moment.sample && all <= 1 => Ok(None),
            Answer::Moment(_) if all > self.count => Ok(Some(Numeric::NaN)),
            Answer::Moment(moment) => {
                let held = self.scale_held();
                let gone = self.total.scale - held;
                let sum = self.total.value() / power_of_ten(gone);
                let squares = self.squares.value() / power_of_ten(2 * gone);
                moment_of(moment, self.count, &sum, &squares, held)
            }
        }
    }
}

fn column(argument: &Argument) -> SqlResult<&BinaryArray> {
    argument.array.as_binary_opt::<i32>().ok_or_else(|| wrong_array("Binary", argument.array.as_ref()))
}

impl Sum {
    fn take_rows(&mut self, argument: &Argument, rows: impl Iterator<Item = usize>) -> SqlResult<()> {
        let column = ColumnReader::of(column(argument)?);
        for row in rows {
            let row = argument.at(row);
            match column.small(row) {
                Some((coefficient, scale)) => self.take_small(coefficient, scale),
                None => self.take(column.value(row)),
            }
        }
        Ok(())
    }
}

impl Accumulator for Sum {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        self.take(Numeric::from_bytes(column(argument)?.value(argument.at(row))));
        Ok(())
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        self.take_rows(&arguments[0], rows)
    }

    fn update_range(&mut self, arguments: &[Argument], rows: Range<usize>) -> SqlResult<()> {
        if matches!(self.answer, Answer::Moment(_)) || self.scales.is_some() {
            return self.take_rows(&arguments[0], rows);
        }
        let argument = &arguments[0];
        let column = ColumnReader::of(column(argument)?);
        let (count, total) = (&mut self.count, &mut self.total);
        let is_narrow = !argument.constant
            && column.narrow(rows.clone(), |narrow| {
                *count += i64::from(narrow.count);
                total.add_small(narrow.sum, u32::from(narrow.scale));
            });
        if is_narrow {
            return Ok(());
        }
        // The usual run of values, all of the total's scale, goes through a total of its own, which lies in registers.
        let (mut sum, scale, start) = (0i128, self.total.scale, rows.start);
        let mut rest = rows.clone();
        for row in rows {
            match column.small(argument.at(row)) {
                Some((coefficient, own)) if u32::from(own) == scale => match sum.checked_add(coefficient) {
                    Some(next) => sum = next,
                    None => break,
                },
                _ => break,
            }
            rest.start = row + 1;
        }
        self.count += (rest.start - start) as i64;
        self.total.add_small(sum, scale);
        self.take_rows(argument, rest)
    }

    fn slide(&mut self) -> bool {
        self.scales = Some(BTreeMap::new());
        true
    }

    fn retract(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        self.take_out(Numeric::from_bytes(column(argument)?.value(argument.at(row))));
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let writer = Writer::default()
            .integer(self.count)
            .integer(self.nan)
            .integer(self.infinities)
            .integer(self.negative_infinities)
            .integer(i64::from(self.total.scale))
            .big(&self.total.value());
        let writer = match self.answer {
            Answer::Moment(_) => writer.integer(i64::from(self.squares.scale)).big(&self.squares.value()),
            Answer::Sum | Answer::Average => writer,
        };
        Ok(writer.finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let mut reader = Reader::new(state);
        self.count += reader.integer()?;
        self.nan += reader.integer()?;
        self.infinities += reader.integer()?;
        self.negative_infinities += reader.integer()?;
        let scale = u32::try_from(reader.integer()?).map_err(|_| super::state::damaged())?;
        self.total.add_large(reader.big()?, scale);
        if matches!(self.answer, Answer::Moment(_)) {
            let scale = u32::try_from(reader.integer()?).map_err(|_| super::state::damaged())?;
            self.squares.add_large(reader.big()?, scale);
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        self.answer().map(numeric_column)
    }

    fn size(&self) -> usize {
        size_of::<Self>() + ((self.total.large.bits() + self.squares.large.bits()) as usize).div_ceil(8)
    }
}
