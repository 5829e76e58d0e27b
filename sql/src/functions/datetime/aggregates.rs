//! `sum` and `avg` of intervals.

use arrow::array::ArrayRef;
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult};
use crate::functions::adapt::{Input as _, IntervalOf, Output as _};
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate};
use crate::types::environment::Environment;
use crate::types::interval::IntervalSum;

/// The aggregates.
pub fn rows() -> Vec<Row> {
    const INTERVAL: Param = Param::Of(Kind::Interval);
    vec![
        aggregate("sum", &[INTERVAL], INTERVAL, |_, _| {
            Box::new(Group { sum: IntervalSum::default(), average: false })
        }),
        aggregate("avg", &[INTERVAL], INTERVAL, |_, _| {
            Box::new(Group { sum: IntervalSum::default(), average: true })
        }),
    ]
}

/// The state of one group.
#[derive(Debug)]
struct Group {
    sum: IntervalSum,
    average: bool,
}

impl Accumulator for Group {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument =
            arguments.first().ok_or_else(|| SqlError::internal("an aggregate without its argument"))?;
        let array = IntervalOf::array(argument.array.as_ref())?;
        self.sum.add(IntervalOf::get(array, argument.at(row)));
        Ok(())
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument =
            arguments.first().ok_or_else(|| SqlError::internal("an aggregate without its argument"))?;
        let array = IntervalOf::array(argument.array.as_ref())?;
        for row in rows {
            self.sum.add(IntervalOf::get(array, argument.at(row)));
        }
        Ok(())
    }

    fn slide(&mut self) -> bool {
        true
    }

    fn retract(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument =
            arguments.first().ok_or_else(|| SqlError::internal("an aggregate without its argument"))?;
        let array = IntervalOf::array(argument.array.as_ref())?;
        self.sum.remove(IntervalOf::get(array, argument.at(row)));
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.sum.to_bytes())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let other = IntervalSum::from_bytes(state)
            .ok_or_else(|| SqlError::internal("a state of sum(interval) that is none"))?;
        self.sum.merge(&other);
        Ok(())
    }

    fn finish(&self, _: &Environment) -> SqlResult<ArrayRef> {
        let mut answer = IntervalOf::builder(1);
        match if self.average { self.sum.average()? } else { self.sum.sum()? } {
            Some(value) => IntervalOf::append(&mut answer, value)?,
            None => IntervalOf::append_null(&mut answer),
        }
        Ok(IntervalOf::finish(answer))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}
