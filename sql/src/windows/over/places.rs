//! Window functions that are no aggregates: of a row's place among its partition's, and of the value in another row.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int32Array, Int64Array, UInt32Array};
use arrow::compute::{interleave, take};
use arrow::datatypes::Int32Type;

use super::call::{Exclusion, Function};
use super::frame::{Partition, kept};
use crate::error::{SqlError, SqlResult, SqlState};

/// A call over the sorted rows: its arguments, and each partition with the frames of its rows where the function looks at
/// them.
pub(super) struct Place<'a> {
    pub function: &'a Function,
    pub arguments: &'a [ArrayRef],
    pub ignores_nulls: bool,
    pub exclusion: Exclusion,
    pub rows: usize,
}

impl Place<'_> {
    /// Whether the function looks at frames.
    pub fn looks_at_frames(function: &Function) -> bool {
        matches!(
            function,
            Function::FirstValue | Function::LastValue | Function::NthValue | Function::Aggregate(_)
        )
    }
}

/// The answers, as they come partition by partition.
pub(super) enum Answers {
    Bigints(Vec<i64>),
    Integers(Vec<Option<i32>>),
    Floats(Vec<f64>),
    /// The row that an argument's value is taken from.
    Rows(Vec<Option<u32>>),
    /// The same; where there is no such row, the default is taken (none: NULL was asked for).
    Elsewhere(Vec<Elsewhere>),
}

/// Where lag and lead find their answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Elsewhere {
    Row(u32),
    Null,
    Default,
}

impl Place<'_> {
    /// No answers yet.
    pub fn answers(&self) -> Answers {
        match self.function {
            Function::RowNumber | Function::Rank | Function::DenseRank => {
                Answers::Bigints(Vec::with_capacity(self.rows))
            }
            Function::PercentRank | Function::CumeDist => Answers::Floats(Vec::with_capacity(self.rows)),
            Function::Ntile => Answers::Integers(Vec::with_capacity(self.rows)),
            Function::Lag | Function::Lead => Answers::Elsewhere(Vec::with_capacity(self.rows)),
            _ => Answers::Rows(Vec::with_capacity(self.rows)),
        }
    }

    /// The answers of a partition's rows.
    pub fn partition(
        &self,
        partition: &Partition<'_>,
        frames: &[Range<usize>],
        answers: &mut Answers,
    ) -> SqlResult<()> {
        let count = partition.end - partition.start;
        match answers {
            Answers::Bigints(numbers) => {
                if *self.function == Function::RowNumber {
                    numbers.extend(1..=count as i64);
                    return Ok(());
                }
                for index in 0..partition.groups.len() {
                    let group = partition.group(index);
                    let number = match self.function {
                        Function::Rank => group.start - partition.start + 1,
                        _ => index + 1,
                    };
                    numbers.extend(std::iter::repeat_n(number as i64, group.len()));
                }
            }
            Answers::Floats(parts) => {
                for index in 0..partition.groups.len() {
                    let group = partition.group(index);
                    let part = match self.function {
                        Function::PercentRank if count == 1 => 0.0,
                        Function::PercentRank => (group.start - partition.start) as f64 / (count - 1) as f64,
                        _ => (group.end - partition.start) as f64 / count as f64,
                    };
                    parts.extend(std::iter::repeat_n(part, group.len()));
                }
            }
            Answers::Integers(buckets) => self.buckets(partition, buckets)?,
            Answers::Elsewhere(found) => self.elsewhere(partition, found)?,
            Answers::Rows(found) => self.in_frames(partition, frames, found)?,
        }
        Ok(())
    }

    /// ntile: the first buckets have one row more where the rows are not a multiple.
    fn buckets(&self, partition: &Partition<'_>, buckets: &mut Vec<Option<i32>>) -> SqlResult<()> {
        let count = partition.end - partition.start;
        let Some(wanted) = self.integer(0, partition.start)? else {
            buckets.extend(std::iter::repeat_n(None, count));
            return Ok(());
        };
        let wanted = usize::try_from(wanted).ok().filter(|wanted| *wanted > 0).ok_or_else(|| {
            SqlError::new(SqlState::InvalidNtile, "argument of ntile must be greater than zero")
        })?;
        let (least, greater) = (count / wanted, count % wanted);
        let mut left = count;
        for bucket in 0..wanted {
            let size = (least + usize::from(bucket < greater)).min(left);
            if size == 0 {
                break;
            }
            buckets.extend(std::iter::repeat_n(Some(bucket as i32 + 1), size));
            left -= size;
        }
        Ok(())
    }

    fn elsewhere(&self, partition: &Partition<'_>, found: &mut Vec<Elsewhere>) -> SqlResult<()> {
        let forward = *self.function == Function::Lead;
        let present = if self.ignores_nulls { self.present(partition) } else { vec![] };
        for row in partition.start..partition.end {
            let offset = match self.arguments.len() {
                1 => Some(1),
                _ => self.integer(1, row)?,
            };
            let Some(offset) = offset.map(i64::from) else {
                found.push(Elsewhere::Null);
                continue;
            };
            let offset = if forward { offset } else { -offset };
            let at = if self.ignores_nulls && offset != 0 {
                // Among the rows that have a value: the next one behind (before) this row is at distance 1.
                let before = present.partition_point(|other| (*other as usize) < row) as i64;
                let here =
                    i64::from(present.get(before as usize).is_some_and(|other| *other as usize == row));
                let index = if offset > 0 { before + here + offset - 1 } else { before + offset };
                usize::try_from(index).ok().and_then(|index| present.get(index).copied())
            } else {
                let at = row as i64 + offset;
                let inside = at >= partition.start as i64 && at < partition.end as i64;
                inside.then_some(at as u32)
            };
            found.push(at.map_or(Elsewhere::Default, Elsewhere::Row));
        }
        Ok(())
    }

    fn in_frames(
        &self,
        partition: &Partition<'_>,
        frames: &[Range<usize>],
        found: &mut Vec<Option<u32>>,
    ) -> SqlResult<()> {
        let present = if self.ignores_nulls { Some(self.present(partition)) } else { None };
        for index in 0..partition.groups.len() {
            let peers = partition.group(index);
            for row in peers.clone() {
                let rows = kept(&frames[row - partition.start], row, &peers, self.exclusion);
                let place = match self.function {
                    Function::NthValue => match self.integer(1, row)? {
                        None => {
                            found.push(None);
                            continue;
                        }
                        Some(place) => {
                            let place = usize::try_from(place).ok().filter(|place| *place > 0);
                            place.ok_or_else(|| {
                                let message = "argument of nth_value must be greater than zero";
                                SqlError::new(SqlState::InvalidNthValue, message)
                            })?
                        }
                    },
                    _ => 1,
                };
                let last = *self.function == Function::LastValue;
                found.push(match &present {
                    None => nth(&rows, place, last, |range| range, |at| at as u32),
                    Some(present) => {
                        let places = |range: Range<usize>| {
                            let place = |row: usize| present.partition_point(|other| (*other as usize) < row);
                            place(range.start)..place(range.end)
                        };
                        nth(&rows, place, last, places, |at| present[at])
                    }
                });
            }
        }
        Ok(())
    }

    /// The rows of a partition in which the value is not NULL.
    fn present(&self, partition: &Partition<'_>) -> Vec<u32> {
        let nulls = self.arguments.first().and_then(|values| values.logical_nulls());
        let is_valid = |row: &usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(*row));
        (partition.start..partition.end).filter(is_valid).map(|row| row as u32).collect()
    }

    fn integer(&self, argument: usize, row: usize) -> SqlResult<Option<i32>> {
        let column = self.arguments.get(argument).and_then(|column| column.as_primitive_opt::<Int32Type>());
        let column = column.ok_or_else(|| SqlError::internal("an argument that is no integer"))?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    /// All answers as a column.
    pub fn column(&self, answers: Answers) -> SqlResult<ArrayRef> {
        let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
        let value = || {
            let value = self.arguments.first();
            value.ok_or_else(|| SqlError::internal("a window function without its argument"))
        };
        Ok(match answers {
            Answers::Bigints(numbers) => Arc::new(Int64Array::from(numbers)),
            Answers::Floats(parts) => Arc::new(Float64Array::from(parts)),
            Answers::Integers(buckets) => Arc::new(Int32Array::from(buckets)),
            Answers::Rows(rows) => take(value()?.as_ref(), &UInt32Array::from(rows), None).map_err(failed)?,
            Answers::Elsewhere(found) => match self.arguments.get(2) {
                None => {
                    let rows = found.into_iter().map(|found| match found {
                        Elsewhere::Row(row) => Some(row),
                        _ => None,
                    });
                    take(value()?.as_ref(), &rows.collect::<UInt32Array>(), None).map_err(failed)?
                }
                Some(default) => {
                    let value = value()?;
                    let null = arrow::array::new_null_array(value.data_type(), 1);
                    let places: Vec<(usize, usize)> = found
                        .into_iter()
                        .enumerate()
                        .map(|(row, found)| match found {
                            Elsewhere::Row(at) => (0, at as usize),
                            Elsewhere::Default => (1, row),
                            Elsewhere::Null => (2, 0),
                        })
                        .collect();
                    interleave(&[value.as_ref(), default.as_ref(), null.as_ref()], &places).map_err(failed)?
                }
            },
        })
    }
}

/// The row at a place of up to three ranges, counted from the first or the last row on.
fn nth(
    rows: &[Range<usize>; 3],
    place: usize,
    last: bool,
    places: impl Fn(Range<usize>) -> Range<usize>,
    row: impl Fn(usize) -> u32,
) -> Option<u32> {
    let mut left = place;
    let step = |range: &Range<usize>| {
        let range = places(range.clone());
        if left <= range.len() {
            return Some(row(if last { range.end - left } else { range.start + left - 1 }));
        }
        left -= range.len();
        None
    };
    if last { rows.iter().rev().find_map(step) } else { rows.iter().find_map(step) }
}
