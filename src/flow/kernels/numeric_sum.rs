//! sum(numeric) over numerics of any scale: exact, with the greatest scale of the values that are there.
//!
//! PostgreSQL's sum has the greatest scale of its arguments, so that a retraction can make it smaller: the scales are
//! counted. NaN and the infinities are counted apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BinaryArray, BinaryBuilder};
use millstream_sql::types::numeric::{Numeric, arithmetic, rounding};

use super::{Kernel, argument, each_valid, pick, typed};
use crate::{Error, Result};

/// A kernel over wide numerics.
pub(super) fn new() -> Box<dyn Kernel> {
    Box::new(NumericSum { groups: vec![] })
}

struct NumericSum {
    groups: Vec<Total>,
}

#[derive(Default)]
struct Total {
    finite: Numeric,
    /// How many values there are of each scale.
    scales: BTreeMap<u16, i64>,
    nan: i64,
    infinite: i64,
    negative_infinite: i64,
}

impl Total {
    fn add(&mut self, value: &Numeric, weight: i64) -> Result<()> {
        match value {
            Numeric::NaN => self.nan += weight,
            Numeric::Infinity => self.infinite += weight,
            Numeric::NegativeInfinity => self.negative_infinite += weight,
            finite => {
                let times = match weight {
                    1 => finite.clone(),
                    weight => {
                        let weight = millstream_sql::types::numeric::convert::integer_to_numeric(weight);
                        arithmetic::multiply(finite, &weight)?
                    }
                };
                self.finite = arithmetic::add(&self.finite, &times)?;
                self.count(finite.scale().unwrap_or(0), weight);
            }
        }
        Ok(())
    }

    fn count(&mut self, scale: u16, weight: i64) {
        let count = self.scales.entry(scale).or_insert(0);
        *count += weight;
        if *count == 0 {
            self.scales.remove(&scale);
        }
    }

    fn value(&self) -> Result<Option<Numeric>> {
        if self.nan > 0 || (self.infinite > 0 && self.negative_infinite > 0) {
            return Ok(Some(Numeric::NaN));
        }
        if self.infinite > 0 {
            return Ok(Some(Numeric::Infinity));
        }
        if self.negative_infinite > 0 {
            return Ok(Some(Numeric::NegativeInfinity));
        }
        // Digits beyond the greatest scale are zeros by now.
        match self.scales.keys().next_back() {
            Some(scale) => Ok(Some(rounding::round(&self.finite, i32::from(*scale))?)),
            None => Ok(None),
        }
    }

    /// Three counts, then the number of scales and each with its count, then the sum; little endian.
    fn write(&self) -> Vec<u8> {
        let mut bytes = vec![];
        for count in [self.nan, self.infinite, self.negative_infinite, self.scales.len() as i64] {
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        for (scale, count) in &self.scales {
            bytes.extend_from_slice(&scale.to_le_bytes());
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        bytes.extend_from_slice(&self.finite.to_bytes());
        bytes
    }

    fn merge(&mut self, mut bytes: &[u8]) -> Result<()> {
        let short = || Error::internal("the state of a sum is cut off");
        let mut number = |width: usize| -> Result<i64> {
            let (head, rest) = bytes.split_at_checked(width).ok_or_else(short)?;
            bytes = rest;
            let mut whole = [0; 8];
            whole[..width].copy_from_slice(head);
            Ok(i64::from_le_bytes(whole))
        };
        self.nan += number(8)?;
        self.infinite += number(8)?;
        self.negative_infinite += number(8)?;
        let scales = number(8)?;
        for _ in 0..scales {
            let scale = number(2)? as u16;
            let count = number(8)?;
            let entry = self.scales.entry(scale).or_insert(0);
            *entry += count;
            if *entry == 0 {
                self.scales.remove(&scale);
            }
        }
        self.finite = arithmetic::add(&self.finite, &Numeric::from_bytes(bytes))?;
        Ok(())
    }
}

fn column(values: impl Iterator<Item = Option<Vec<u8>>>) -> ArrayRef {
    let mut builder = BinaryBuilder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

impl Kernel for NumericSum {
    fn resize(&mut self, groups: usize) {
        self.groups.resize_with(groups, Total::default);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let column: &BinaryArray = typed(Some(argument(values)?))?;
        let mut outcome = Ok(());
        each_valid(groups, column.nulls(), weights, |row, group, weight| {
            if outcome.is_ok() {
                outcome = self.groups[group].add(&Numeric::from_bytes(column.value(row)), weight);
            }
        });
        outcome
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let states: &BinaryArray = typed(state.first())?;
        for (row, group) in groups.iter().enumerate() {
            self.groups[*group].merge(states.value(row))?;
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        Ok(vec![column(groups.iter().map(|group| Some(self.groups[*group].write())))])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        let values = groups
            .iter()
            .map(|group| Ok(self.groups[*group].value()?.map(|value| value.to_bytes())))
            .collect::<Result<Vec<_>>>()?;
        Ok(column(values.into_iter()))
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.groups, groups);
    }

    fn bytes(&self) -> usize {
        let held = |total: &Total| size_of::<Total>() + total.finite.heap_size() + total.scales.len() * 24;
        self.groups.iter().map(held).sum()
    }
}
