//! `percentile_disc`: the first value at whose place so great a part of the rows has come; `percentile_cont`:
//! a value between the two next to that place. Of an array of parts the answer is an array.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, new_null_array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::scalar::ScalarValue;
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::array::aggregates::Kept;
use crate::functions::registry::{Accumulator, Argument, MakeAccumulator, Param, Row, aggregate};
use crate::types::builder::{ValueBuilder, list_of};
use crate::types::conform::conform;
use crate::types::environment::Environment;
use crate::types::float::general;
use crate::types::interval;
use crate::types::leaf;

pub(super) fn rows() -> Vec<Row> {
    let (float8, spans) = (Param::Of(Kind::Float8), Param::Of(Kind::Interval));
    let (floats, intervals) = (Param::ArrayOf(Kind::Float8), Param::ArrayOf(Kind::Interval));
    let row = |continuous: bool, arguments: [Param; 2], returns: Param| {
        let name = if continuous { "percentile_cont" } else { "percentile_disc" };
        let row = aggregate(name, &arguments, returns, move |arguments, returns| {
            let sql_type = arguments.get(1).cloned().unwrap_or_else(|| returns.clone());
            let (kept, returns) = (Kept::new(sql_type), returns.clone());
            Box::new(Percentile { continuous, direct: Direct::Unseen, kept, returns })
        });
        row.takes_null()
    };
    vec![
        row(false, [float8, Param::AnyElement], Param::AnyElement),
        row(false, [floats, Param::AnyElement], Param::AnyArray),
        row(true, [float8, float8], float8),
        row(true, [float8, spans], spans),
        row(true, [floats, float8], floats),
        row(true, [floats, spans], intervals),
    ]
}

/// The direct argument.
#[derive(Debug, Clone, PartialEq)]
enum Direct {
    /// No row has come.
    Unseen,
    Null,
    One(f64),
    Several(Vec<Option<f64>>),
}

#[derive(Debug)]
struct Percentile {
    continuous: bool,
    direct: Direct,
    kept: Kept,
    returns: SqlType,
}

impl Percentile {
    /// Takes the direct argument, the same for all rows.
    fn see(&mut self, argument: &Argument, row: usize) -> SqlResult<()> {
        if self.direct != Direct::Unseen {
            return Ok(());
        }
        let at = argument.at(row);
        self.direct = if argument.array.is_null(at) {
            Direct::Null
        } else if let Some(floats) = argument.array.as_primitive_opt::<Float64Type>() {
            check(floats.value(at))?;
            Direct::One(floats.value(at))
        } else if let Some(list) = argument.array.as_list_opt::<i32>() {
            let parts = list.value(at);
            let floats = parts.as_primitive_opt::<Float64Type>();
            let floats = floats.ok_or_else(|| SqlError::internal("percentiles that are no float8"))?;
            Direct::Several(floats.iter().collect())
        } else {
            return Err(SqlError::internal("a percentile that is no float8"));
        };
        Ok(())
    }

    /// Appends the value at a part of the rows, of which there is one at least.
    fn append(&self, part: f64, values: &ArrayRef, builder: &mut ValueBuilder) -> SqlResult<()> {
        let count = values.len();
        if !self.continuous {
            // The number of the row, from 1, at which the part has come.
            let place = (part * count as f64).ceil() as usize;
            return builder.append_from(values.as_ref(), place.max(1).min(count) - 1);
        }
        let place = part * (count - 1) as f64;
        let (low, high) = (place.floor() as usize, (place.ceil() as usize).min(count - 1));
        if low == high {
            return builder.append_from(values.as_ref(), low);
        }
        let share = place - low as f64;
        if self.kept.sql_type.is(Kind::Interval) {
            let low = leaf::interval_at(values.as_ref(), low)?;
            let high = leaf::interval_at(values.as_ref(), high)?;
            let part = interval::multiply(interval::minus(high, low)?, share)?;
            return leaf::append_interval(interval::plus(low, part)?, builder);
        }
        let low = leaf::primitive_at::<Float64Type>(values.as_ref(), low)?;
        let high = leaf::primitive_at::<Float64Type>(values.as_ref(), high)?;
        builder.float64(low + share * (high - low))
    }
}

fn check(part: f64) -> SqlResult<()> {
    if (0.0..=1.0).contains(&part) {
        return Ok(());
    }
    let message = format!("percentile value {} is not between 0 and 1", general(part, 6));
    Err(SqlError::new(SqlState::NumericOutOfRange, message))
}

impl Accumulator for Percentile {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let [direct, value] = arguments else {
            return Err(SqlError::internal("a percentile has two arguments"));
        };
        self.see(direct, row)?;
        if value.is_null(row) || self.direct == Direct::Null {
            return Ok(());
        }
        self.kept.push(value, row)
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let mut state = vec![];
        let float = |state: &mut Vec<u8>, part: &Option<f64>| {
            state.push(u8::from(part.is_some()));
            state.extend(part.unwrap_or(0.0).to_be_bytes());
        };
        match &self.direct {
            Direct::Unseen => state.push(0),
            Direct::Null => state.push(1),
            Direct::One(part) => {
                state.push(2);
                float(&mut state, &Some(*part));
            }
            Direct::Several(parts) => {
                state.push(3);
                state.extend((parts.len() as u32).to_be_bytes());
                parts.iter().for_each(|part| float(&mut state, part));
            }
        }
        state.extend(self.kept.state()?);
        Ok(state)
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let damaged = || SqlError::internal("a damaged state of an aggregate");
        let (kind, mut rest) = state.split_first().ok_or_else(damaged)?;
        let float = |rest: &mut &[u8]| -> SqlResult<Option<f64>> {
            let (part, after) = rest.split_first_chunk::<9>().ok_or_else(damaged)?;
            *rest = after;
            let [known, bytes @ ..] = *part;
            Ok((known == 1).then_some(f64::from_be_bytes(bytes)))
        };
        let direct = match kind {
            0 => Direct::Unseen,
            1 => Direct::Null,
            2 => Direct::One(float(&mut rest)?.ok_or_else(damaged)?),
            3 => {
                let (count, after) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
                rest = after;
                let parts = (0..u32::from_be_bytes(*count)).map(|_| float(&mut rest));
                Direct::Several(parts.collect::<SqlResult<_>>()?)
            }
            _ => return Err(damaged()),
        };
        if self.direct == Direct::Unseen {
            self.direct = direct;
        }
        self.kept.merge(rest)
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let data_type = self.returns.data_type();
        if self.kept.len() == 0 {
            return Ok(new_null_array(&data_type, 1));
        }
        let values = self.kept.column()?;
        match &self.direct {
            Direct::Unseen | Direct::Null => Ok(new_null_array(&data_type, 1)),
            Direct::One(part) => {
                let mut builder = ValueBuilder::new(values.data_type())?;
                self.append(*part, &values, &mut builder)?;
                conform(&builder.finish()?, &data_type)
            }
            Direct::Several(parts) => {
                let DataType::List(field) = &data_type else {
                    return Err(SqlError::internal("percentiles answer with no array"));
                };
                let mut builder = ValueBuilder::new(values.data_type())?;
                for part in parts {
                    match part {
                        Some(part) => {
                            check(*part)?;
                            self.append(*part, &values, &mut builder)?;
                        }
                        None => builder.append_null(),
                    }
                }
                let elements = conform(&builder.finish()?, field.data_type())?;
                list_of(field.clone(), vec![0, parts.len() as i32], elements, None)
            }
        }
    }

    fn size(&self) -> usize {
        self.kept.size()
    }
}

/// [`super::refused`] of percentiles.
pub(super) fn refused(direct: &ScalarValue) -> Option<MakeAccumulator> {
    let parts = match direct {
        value if value.data_type().is_numeric() => match value.cast_to(&DataType::Float64).ok()? {
            ScalarValue::Float64(part) => vec![part],
            _ => return None,
        },
        ScalarValue::List(list) => {
            let values = list.values().as_primitive_opt::<Float64Type>()?;
            values.iter().collect()
        }
        _ => return None,
    };
    let error = parts.into_iter().flatten().find_map(|part| check(part).err())?;
    Some(Arc::new(move |_, _| Box::new(Refused(error.clone()))))
}

/// An aggregate that has no answer, whatever the rows.
#[derive(Debug)]
struct Refused(SqlError);

impl Accumulator for Refused {
    fn update(&mut self, _arguments: &[Argument], _row: usize) -> SqlResult<()> {
        Err(self.0.clone())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Err(self.0.clone())
    }

    fn merge(&mut self, _state: &[u8]) -> SqlResult<()> {
        Err(self.0.clone())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Err(self.0.clone())
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}
