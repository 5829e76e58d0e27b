//! corr, covar_pop, covar_samp and regr_*: aggregates of pairs of float8, first Y then X. Exact sums, rounded
//! once.
//!
//! A pair with a NaN or an infinity makes what rests on it NaN. 22003 where finite values have an answer out
//! of range.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Float64Type;
use millstream_catalog::Kind;
use num_bigint::{BigInt, Sign};
use num_traits::{Signed, Zero};

use super::exact::{ExactSum, ratio, root_of_ratio};
use super::floats::{Specials, cross, float_column, spread};
use super::state::{Reader, Writer};
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;
use crate::types::float::overflow;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Count,
    Sxx,
    Syy,
    Sxy,
    AverageX,
    AverageY,
    CovariancePopulation,
    CovarianceSample,
    Correlation,
    Slope,
    Intercept,
    Determination,
}

/// The rows of statistics over pairs.
pub fn rows() -> Vec<Row> {
    let float = Param::Of(Kind::Float8);
    let table = [
        ("regr_count", Answer::Count),
        ("regr_sxx", Answer::Sxx),
        ("regr_syy", Answer::Syy),
        ("regr_sxy", Answer::Sxy),
        ("regr_avgx", Answer::AverageX),
        ("regr_avgy", Answer::AverageY),
        ("covar_pop", Answer::CovariancePopulation),
        ("covar_samp", Answer::CovarianceSample),
        ("corr", Answer::Correlation),
        ("regr_slope", Answer::Slope),
        ("regr_intercept", Answer::Intercept),
        ("regr_r2", Answer::Determination),
    ];
    let mut rows = vec![];
    for (name, answer) in table {
        let returns = if answer == Answer::Count { Param::Of(Kind::Int8) } else { float };
        rows.push(aggregate(name, &[float, float], returns, move |_, _| Box::new(Pairs::new(answer))));
    }
    rows
}

#[derive(Debug)]
struct Pairs {
    answer: Answer,
    x_specials: Specials,
    y_specials: Specials,
    x: ExactSum,
    y: ExactSum,
    xx: ExactSum,
    yy: ExactSum,
    xy: ExactSum,
}

impl Pairs {
    fn new(answer: Answer) -> Self {
        Self {
            answer,
            x_specials: Specials::default(),
            y_specials: Specials::default(),
            x: ExactSum::default(),
            y: ExactSum::default(),
            xx: ExactSum::default(),
            yy: ExactSum::default(),
            xy: ExactSum::default(),
        }
    }

    fn take(&mut self, y: f64, x: f64) {
        let x_finite = self.x_specials.take(x);
        let y_finite = self.y_specials.take(y);
        if x_finite {
            self.x.add(x);
            self.xx.add_product(x, x);
        }
        if y_finite {
            self.y.add(y);
            self.yy.add_product(y, y);
        }
        if x_finite && y_finite {
            self.xy.add_product(x, y);
        }
    }

    fn answer(&self) -> SqlResult<Option<f64>> {
        let count = self.x_specials.count;
        let least = if self.answer == Answer::CovarianceSample { 2 } else { 1 };
        if count < least {
            return Ok(None);
        }
        let (x_special, y_special) = (self.x_specials.sum(), self.y_specials.sum());
        match self.answer {
            Answer::AverageX if x_special.is_some() => return Ok(x_special),
            Answer::AverageY if y_special.is_some() => return Ok(y_special),
            Answer::AverageX => return within(self.x.over(count)),
            Answer::AverageY => return within(self.y.over(count)),
            Answer::Sxx if x_special.is_some() => return Ok(Some(f64::NAN)),
            Answer::Syy if y_special.is_some() => return Ok(Some(f64::NAN)),
            _ => {}
        }
        let (sxx, xx_exponent) = spread(count, &self.x, &self.xx);
        let (syy, yy_exponent) = spread(count, &self.y, &self.yy);
        let (sxy, xy_exponent) = cross(count, &self.x, &self.y, &self.xy);
        let (x_flat, y_flat) = (x_special.is_none() && sxx.is_zero(), y_special.is_none() && syy.is_zero());
        // What is not defined is NULL even where the other values are NaN.
        match self.answer {
            Answer::Correlation if x_flat || y_flat => return Ok(None),
            Answer::Slope | Answer::Intercept | Answer::Determination if x_flat => return Ok(None),
            Answer::Determination if y_flat => return Ok(Some(1.0)),
            _ => {}
        }
        let counts = BigInt::from(count);
        match self.answer {
            Answer::Sxx => return within(ratio(&sxx, &counts, xx_exponent)),
            Answer::Syy => return within(ratio(&syy, &counts, yy_exponent)),
            _ if x_special.is_some() || y_special.is_some() => return Ok(Some(f64::NAN)),
            _ => {}
        }
        within(match self.answer {
            Answer::Sxy => ratio(&sxy, &counts, xy_exponent),
            Answer::CovariancePopulation => ratio(&sxy, &(&counts * count), xy_exponent),
            Answer::CovarianceSample => ratio(&sxy, &(&counts * (count - 1)), xy_exponent),
            Answer::Slope => ratio(&sxy, &sxx, xy_exponent - xx_exponent),
            Answer::Correlation | Answer::Determination => {
                let square = &sxy * &sxy;
                let exponent = 2 * xy_exponent - xx_exponent - yy_exponent;
                let bound = &sxx * &syy;
                if self.answer == Answer::Determination {
                    ratio(&square, &bound, exponent)
                } else if square.is_zero() {
                    0.0
                } else {
                    let root = root_of_ratio(&square, &bound, exponent);
                    if sxy.is_negative() { -root } else { root }
                }
            }
            Answer::Intercept => {
                // (Σy * sxx - Σx * sxy) / (count * sxx), all exact.
                let (x, x_exponent) = self.x.parts();
                let (y, y_exponent) = self.y.parts();
                let (first, first_exponent) = (y * &sxx, y_exponent + xx_exponent);
                let (second, second_exponent) = (x * &sxy, x_exponent + xy_exponent);
                let least = match (first.sign(), second.sign()) {
                    (Sign::NoSign, _) => second_exponent,
                    (_, Sign::NoSign) => first_exponent,
                    _ => first_exponent.min(second_exponent),
                };
                let raised = |value: BigInt, exponent: i64| {
                    if value.is_zero() { value } else { value << (exponent - least) as u64 }
                };
                let difference = raised(first, first_exponent) - raised(second, second_exponent);
                ratio(&difference, &(sxx * count), least - xx_exponent)
            }
            Answer::Count | Answer::Sxx | Answer::Syy | Answer::AverageX | Answer::AverageY => {
                return Err(SqlError::internal("an answer that was given before"));
            }
        })
    }
}

fn within(value: f64) -> SqlResult<Option<f64>> {
    if value.is_infinite() { Err(overflow()) } else { Ok(Some(value)) }
}

impl Accumulator for Pairs {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let value = |place: usize| -> SqlResult<f64> {
            let argument = &arguments[place];
            match argument.array.as_primitive_opt::<Float64Type>() {
                Some(array) => Ok(array.value(argument.at(row))),
                None => Err(wrong_array("Float64", argument.array.as_ref())),
            }
        };
        self.take(value(0)?, value(1)?);
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let mut writer = self.y_specials.write(self.x_specials.write(Writer::default()));
        for sum in [&self.x, &self.y, &self.xx, &self.yy, &self.xy] {
            writer = sum.write(writer);
        }
        Ok(writer.finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let mut reader = Reader::new(state);
        self.x_specials.merge(&mut reader)?;
        self.y_specials.merge(&mut reader)?;
        for sum in [&mut self.x, &mut self.y, &mut self.xx, &mut self.yy, &mut self.xy] {
            sum.merge(&ExactSum::read(&mut reader)?);
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        if self.answer == Answer::Count {
            return Ok(Arc::new(Int64Array::from(vec![self.x_specials.count])));
        }
        self.answer().map(float_column)
    }

    fn size(&self) -> usize {
        let sums = [&self.x, &self.y, &self.xx, &self.yy, &self.xy];
        size_of::<Self>() + sums.iter().map(|sum| sum.heap_size()).sum::<usize>()
    }
}
