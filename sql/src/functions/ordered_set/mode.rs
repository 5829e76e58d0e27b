//! `mode`: the value that comes most often; of several, the first in the order.

use arrow::array::{Array, ArrayRef, new_null_array};
use millstream_catalog::SqlType;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::array::aggregates::Kept;
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate};
use crate::types::compare::Comparator;
use crate::types::conform::conform;
use crate::types::environment::Environment;

pub(super) fn rows() -> Vec<Row> {
    let row = aggregate("mode", &[Param::AnyElement], Param::AnyElement, |arguments, returns| {
        let argument = arguments.first().cloned().unwrap_or_else(|| returns.clone());
        Box::new(Mode { runs: Kept::new(argument), counts: vec![], returns: returns.clone() })
    });
    vec![row.takes_null()]
}

/// The first value of each run of equal values, and how long each run is.
#[derive(Debug)]
struct Mode {
    runs: Kept,
    counts: Vec<u64>,
    returns: SqlType,
}

impl Mode {
    /// Takes rows of a column with how often each comes.
    fn take(&mut self, array: &ArrayRef, rows: impl Iterator<Item = (usize, u64)>) -> SqlResult<()> {
        let within = equality(&self.runs.sql_type, array, array)?;
        let mut last: Option<usize> = None;
        for (row, count) in rows {
            if within.left_null(row) {
                continue;
            }
            let same = match last {
                Some(last) => within.equal(last, row),
                None => self.continues(array, row)?,
            };
            last = Some(row);
            match self.counts.last_mut() {
                Some(run) if same => *run += count,
                _ => {
                    self.runs.push_from(array, row)?;
                    self.counts.push(count);
                }
            }
        }
        Ok(())
    }

    /// Whether the value of a row equals that of the last run held.
    fn continues(&self, array: &ArrayRef, row: usize) -> SqlResult<bool> {
        if self.counts.is_empty() {
            return Ok(false);
        }
        let runs = self.runs.column()?;
        Ok(equality(&self.runs.sql_type, &runs, array)?.equal(runs.len() - 1, row))
    }
}

fn equality(sql_type: &SqlType, left: &ArrayRef, right: &ArrayRef) -> SqlResult<Comparator> {
    Comparator::new(sql_type, left, right).map_err(|error| match error.state {
        SqlState::UndefinedFunction => {
            let message = error.message.replace("a comparison function", "an ordering operator");
            SqlError::new(error.state, message)
                .with_hint("Use an explicit ordering operator or modify the query.")
        }
        _ => error,
    })
}

impl Accumulator for Mode {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        self.update_all(arguments, &mut std::iter::once(row))
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = arguments.first().ok_or_else(|| SqlError::internal("an argument is missing"))?;
        self.take(&argument.array, rows.map(|row| (argument.at(row), 1)))
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let mut state = (self.counts.len() as u64).to_be_bytes().to_vec();
        state.extend(self.counts.iter().flat_map(|count| count.to_be_bytes()));
        state.extend(self.runs.state()?);
        Ok(state)
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let damaged = || SqlError::internal("a damaged state of an aggregate");
        let (length, mut rest) = state.split_first_chunk::<8>().ok_or_else(damaged)?;
        let mut counts = vec![];
        for _ in 0..u64::from_be_bytes(*length) {
            let (count, after) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
            counts.push(u64::from_be_bytes(*count));
            rest = after;
        }
        let column = self.runs.read(rest)?;
        if column.len() != counts.len() {
            return Err(damaged());
        }
        self.take(&column, counts.into_iter().enumerate())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let mut best: Option<usize> = None;
        for (run, count) in self.counts.iter().enumerate() {
            if best.is_none_or(|best| *count > self.counts[best]) {
                best = Some(run);
            }
        }
        match best {
            Some(best) => conform(&self.runs.column()?.slice(best, 1), &self.returns.data_type()),
            None => Ok(new_null_array(&self.returns.data_type(), 1)),
        }
    }

    fn size(&self) -> usize {
        self.runs.size() + self.counts.len() * 8
    }
}
