//! Aggregates over frames.
//!
//! Where a frame only grows from one row to the next, its new rows are added to what is there. Where rows leave it at its
//! beginning they are taken out again, if the aggregate can do that; else it begins anew, as PostgreSQL's does. Rows that
//! EXCLUDE leaves out are taken out for one row and put back.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{concat, filter};
use datafusion::error::Result;
use datafusion::logical_expr::Accumulator;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::scalar::ScalarValue;

use super::call::Exclusion;
use super::frame::{Partition, kept};
use super::pace::Pace;

/// Answers that are kept as single values before they become a column.
const CHUNK: usize = 8 * 1024;

/// An aggregate over sorted rows.
pub(super) struct Totals<'a> {
    function: &'a AggregateFunctionExpr,
    /// The arguments in the rows that FILTER lets through.
    arguments: Vec<ArrayRef>,
    /// How many rows before each row FILTER lets through, where there is one.
    passed: Option<Vec<u32>>,
    exclusion: Exclusion,
    /// Rows can be taken out again.
    slides: bool,
    /// An aggregate in which the order of what is taken out is that in which it came.
    in_order: bool,
    chunk: Vec<ScalarValue>,
    columns: Vec<ArrayRef>,
}

impl<'a> Totals<'a> {
    /// Over arguments, all rows of which or those where the filter is true are seen.
    pub fn new(
        function: &'a AggregateFunctionExpr,
        arguments: Vec<ArrayRef>,
        condition: Option<&ArrayRef>,
        exclusion: Exclusion,
        only_grows: bool,
    ) -> Result<Self> {
        let mut totals = Self {
            function,
            arguments,
            passed: None,
            exclusion,
            // Where frames begin where their partition does, and nothing is excluded, nothing is ever taken out.
            slides: !(only_grows && exclusion == Exclusion::NoOthers)
                && function.create_sliding_accumulator().is_ok(),
            in_order: matches!(function.fun().name(), "min" | "max"),
            chunk: vec![],
            columns: vec![],
        };
        if let Some(condition) = condition {
            let condition = condition.as_boolean();
            let mut passed = Vec::with_capacity(condition.len() + 1);
            let mut count = 0;
            for row in 0..condition.len() {
                passed.push(count);
                count += u32::from(condition.is_valid(row) && condition.value(row));
            }
            passed.push(count);
            totals.passed = Some(passed);
            totals.arguments = totals
                .arguments
                .iter()
                .map(|argument| Ok(filter(argument, condition)?))
                .collect::<Result<_>>()?;
        }
        Ok(totals)
    }

    fn accumulator(&self) -> Result<Box<dyn Accumulator>> {
        match self.slides {
            true => self.function.create_sliding_accumulator(),
            false => self.function.create_accumulator(),
        }
    }

    /// Rows as rows that FILTER lets through.
    fn seen(&self, rows: &Range<usize>) -> Range<usize> {
        match &self.passed {
            Some(passed) => passed[rows.start] as usize..passed[rows.end] as usize,
            None => rows.clone(),
        }
    }

    fn slices(&self, rows: &Range<usize>) -> Vec<ArrayRef> {
        self.arguments.iter().map(|argument| argument.slice(rows.start, rows.len())).collect()
    }

    fn add(&self, to: &mut dyn Accumulator, rows: &Range<usize>) -> Result<usize> {
        if !rows.is_empty() {
            to.update_batch(&self.slices(rows))?;
        }
        Ok(rows.len())
    }

    fn take_out(&self, of: &mut dyn Accumulator, rows: &Range<usize>) -> Result<usize> {
        if !rows.is_empty() {
            of.retract_batch(&self.slices(rows))?;
        }
        Ok(rows.len())
    }

    /// The answers of a partition's rows.
    pub async fn partition(
        &mut self,
        partition: &Partition<'_>,
        frames: &[Range<usize>],
        pace: &mut Pace,
    ) -> Result<()> {
        let mut total = self.accumulator()?;
        let mut held = 0..0;
        let mut answer: Option<ScalarValue> = None;
        for index in 0..partition.groups.len() {
            let peers = partition.group(index);
            for row in peers.clone() {
                let frame = &frames[row - partition.start];
                let mut work = 1;
                if self.exclusion != Exclusion::NoOthers && (self.in_order || !self.slides) {
                    total = self.accumulator()?;
                    for rows in kept(frame, row, &peers, self.exclusion) {
                        work += self.add(total.as_mut(), &self.seen(&rows))?;
                    }
                    self.push(total.evaluate()?)?;
                    pace.spend(work).await;
                    continue;
                }
                let rows = self.seen(frame);
                if answer.is_none() || rows != held {
                    let follows = rows.start >= held.start && rows.start <= held.end && rows.end >= held.end;
                    if follows && rows.start > held.start && self.slides {
                        work += self.take_out(total.as_mut(), &(held.start..rows.start))?;
                    } else if !follows || rows.start > held.start {
                        total = self.accumulator()?;
                        held = rows.start..rows.start;
                    }
                    work += self.add(total.as_mut(), &(held.end..rows.end))?;
                    held = rows;
                    answer = None;
                }
                let value = if self.exclusion == Exclusion::NoOthers {
                    match &answer {
                        Some(answer) => answer.clone(),
                        None => total.evaluate()?,
                    }
                } else {
                    work += self.without_excluded(total.as_mut(), frame, row, &peers)?;
                    let value = total.evaluate()?;
                    work += self.with_excluded(total.as_mut(), frame, row, &peers)?;
                    value
                };
                if self.exclusion == Exclusion::NoOthers {
                    answer = Some(value.clone());
                }
                self.push(value)?;
                pace.spend(work).await;
            }
        }
        Ok(())
    }

    /// What is between a frame's bounds and not in it.
    fn excluded(&self, frame: &Range<usize>, row: usize, peers: &Range<usize>) -> [Range<usize>; 2] {
        let between = |start: usize, end: usize| {
            let start = start.clamp(frame.start, frame.end);
            self.seen(&(start..end.clamp(start, frame.end)))
        };
        match self.exclusion {
            Exclusion::NoOthers => [0..0, 0..0],
            Exclusion::CurrentRow => [between(row, row + 1), 0..0],
            Exclusion::Group => [between(peers.start, peers.end), 0..0],
            Exclusion::Ties => [between(peers.start, row), between(row + 1, peers.end)],
        }
    }

    fn without_excluded(
        &self,
        total: &mut dyn Accumulator,
        frame: &Range<usize>,
        row: usize,
        peers: &Range<usize>,
    ) -> Result<usize> {
        let mut work = 0;
        for rows in self.excluded(frame, row, peers) {
            work += self.take_out(total, &rows)?;
        }
        Ok(work)
    }

    fn with_excluded(
        &self,
        total: &mut dyn Accumulator,
        frame: &Range<usize>,
        row: usize,
        peers: &Range<usize>,
    ) -> Result<usize> {
        let mut work = 0;
        for rows in self.excluded(frame, row, peers) {
            work += self.add(total, &rows)?;
        }
        Ok(work)
    }

    fn push(&mut self, value: ScalarValue) -> Result<()> {
        self.chunk.push(value);
        if self.chunk.len() >= CHUNK {
            let chunk = std::mem::take(&mut self.chunk);
            self.columns.push(ScalarValue::iter_to_array(chunk)?);
        }
        Ok(())
    }

    /// All answers as a column.
    pub fn column(mut self) -> Result<ArrayRef> {
        if !self.chunk.is_empty() {
            let chunk = std::mem::take(&mut self.chunk);
            self.columns.push(ScalarValue::iter_to_array(chunk)?);
        }
        if let [one] = self.columns.as_slice() {
            return Ok(Arc::clone(one));
        }
        let parts: Vec<&dyn Array> = self.columns.iter().map(|column| column.as_ref()).collect();
        Ok(concat(&parts)?)
    }
}
