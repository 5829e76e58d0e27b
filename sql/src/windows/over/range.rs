//! RANGE with a distance: whether a row's value is within a distance of the current row's, as the `in_range` functions of
//! PostgreSQL have it.
//!
//! | ordered by | distance | |
//! |---|---|---|
//! | smallint, integer, bigint | a whole number | a sum that overflows is beyond all values |
//! | real, double precision | double precision | NaN is beyond all else, and equal to itself |
//! | numeric | numeric | the same |
//! | date, timestamp | interval | a date is its midnight |
//! | timestamptz | interval | days and months in the session's zone |
//! | time, timetz | interval | of which only hours and less count; no way around midnight |
//! | interval | interval | |
//!
//! What is infinitely far from an infinity reaches both infinities.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    Date32Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, Time64MicrosecondType,
    TimestampMicrosecondType,
};
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::datetime::{convert, timestamp};
use crate::types::environment::Zone;
use crate::types::interval::{self, Interval};
use crate::types::leaf;
use crate::types::numeric::{Numeric, arithmetic};
use crate::types::timetz::Timetz;

/// How far a frame reaches.
#[derive(Debug, Clone)]
pub(super) enum Distance {
    Whole(i64),
    Float(f64),
    Numeric(Numeric),
    Interval(Interval),
}

/// The values of a column; what stands for NULL is not looked at.
#[derive(Debug)]
enum Values {
    /// With the type's least and greatest value.
    Whole(Vec<i64>, i64, i64),
    Float(Vec<f64>),
    Numeric(Vec<Numeric>),
    Timestamp(Vec<i64>),
    Timestamptz(Vec<i64>, Zone),
    Time(Vec<i64>),
    Timetz(Vec<Timetz>),
    Interval(Vec<Interval>),
}

/// The kinds of value that a distance can be counted in, and the kind of the distance: what a constant without a type is.
pub(crate) fn distance_kinds(of: Kind) -> &'static [Kind] {
    match of {
        Kind::Int2 | Kind::Int4 => &[Kind::Int2, Kind::Int4, Kind::Int8],
        Kind::Int8 => &[Kind::Int8],
        Kind::Float4 | Kind::Float8 => &[Kind::Float8],
        Kind::Numeric => &[Kind::Numeric],
        Kind::Date | Kind::Timestamp | Kind::Timestamptz | Kind::Time | Kind::Timetz | Kind::Interval => {
            &[Kind::Interval]
        }
        _ => &[],
    }
}

/// The values that RANGE with a distance compares.
#[derive(Debug)]
pub(super) struct Ranged {
    values: Values,
    nulls: Option<NullBuffer>,
}

impl Ranged {
    /// Of a column of that kind.
    pub fn new(column: &ArrayRef, kind: Kind, zone: Zone) -> SqlResult<Self> {
        let valid: Vec<bool> = (0..column.len()).map(|row| column.is_valid(row)).collect();
        fn of<T>(valid: &[bool], absent: T, value: impl Fn(usize) -> SqlResult<T>) -> SqlResult<Vec<T>>
        where
            T: Clone,
        {
            let one = |(row, valid): (usize, &bool)| if *valid { value(row) } else { Ok(absent.clone()) };
            valid.iter().enumerate().map(one).collect()
        }
        let array = column.as_ref();
        let micros = |row| leaf::primitive_at::<TimestampMicrosecondType>(array, row);
        let values = match kind {
            Kind::Int2 => {
                let whole = |row| leaf::primitive_at::<Int16Type>(array, row).map(i64::from);
                Values::Whole(of(&valid, 0, whole)?, i16::MIN.into(), i16::MAX.into())
            }
            Kind::Int4 => {
                let whole = |row| leaf::primitive_at::<Int32Type>(array, row).map(i64::from);
                Values::Whole(of(&valid, 0, whole)?, i32::MIN.into(), i32::MAX.into())
            }
            Kind::Int8 => {
                let whole = |row| leaf::primitive_at::<Int64Type>(array, row);
                Values::Whole(of(&valid, 0, whole)?, i64::MIN, i64::MAX)
            }
            Kind::Float4 => {
                let float = |row| leaf::primitive_at::<Float32Type>(array, row).map(f64::from);
                Values::Float(of(&valid, 0.0, float)?)
            }
            Kind::Float8 => {
                Values::Float(of(&valid, 0.0, |row| leaf::primitive_at::<Float64Type>(array, row))?)
            }
            Kind::Numeric => Values::Numeric(of(&valid, Numeric::NaN, |row| leaf::numeric_at(array, row))?),
            Kind::Date => {
                let midnight =
                    |row| convert::date_to_timestamp(leaf::primitive_at::<Date32Type>(array, row)?);
                Values::Timestamp(of(&valid, 0, midnight)?)
            }
            Kind::Timestamp => Values::Timestamp(of(&valid, 0, micros)?),
            Kind::Timestamptz => Values::Timestamptz(of(&valid, 0, micros)?, zone),
            Kind::Time => {
                let time = |row| leaf::primitive_at::<Time64MicrosecondType>(array, row);
                Values::Time(of(&valid, 0, time)?)
            }
            Kind::Timetz => {
                let absent = Timetz { micros: 0, zone: 0 };
                let time = |row| Ok(Timetz::from_bytes(leaf::bytes_at(array, row)?));
                Values::Timetz(of(&valid, absent, time)?)
            }
            Kind::Interval => {
                let absent = Interval { months: 0, days: 0, micros: 0 };
                Values::Interval(of(&valid, absent, |row| leaf::interval_at(array, row))?)
            }
            _ => return Err(SqlError::internal(format!("a distance over {kind:?}"))),
        };
        Ok(Self { values, nulls: column.logical_nulls() })
    }

    /// Whether the value of a row is NULL.
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    /// Whether a row's value is at most (or at least) the base's minus or plus a distance. Neither is NULL.
    pub fn within(
        &self,
        row: usize,
        base: usize,
        distance: &Distance,
        subtract: bool,
        at_most: bool,
    ) -> SqlResult<bool> {
        let holds = |order: Ordering| if at_most { order.is_le() } else { order.is_ge() };
        match (&self.values, distance) {
            (Values::Whole(values, least, greatest), Distance::Whole(distance)) => {
                if *distance < 0 {
                    return Err(wrong_size());
                }
                let by = if subtract { -distance } else { *distance };
                let limit = values[base].checked_add(by);
                Ok(match limit.filter(|limit| limit >= least && limit <= greatest) {
                    Some(limit) => holds(values[row].cmp(&limit)),
                    None => at_most != subtract,
                })
            }
            (Values::Float(values), Distance::Float(distance)) => {
                if distance.is_nan() || *distance < 0.0 {
                    return Err(wrong_size());
                }
                let (value, base) = (values[row], values[base]);
                if value.is_nan() || base.is_nan() {
                    return Ok(holds(value.is_nan().cmp(&base.is_nan())));
                }
                let away = if subtract { base > 0.0 } else { base < 0.0 };
                if distance.is_infinite() && base.is_infinite() && away {
                    return Ok(true);
                }
                let limit = if subtract { base - distance } else { base + distance };
                Ok(value.partial_cmp(&limit).is_some_and(holds))
            }
            (Values::Numeric(values), Distance::Numeric(distance)) => {
                if distance.signum().is_none_or(|sign| sign < 0) {
                    return Err(wrong_size());
                }
                let (value, base) = (&values[row], &values[base]);
                if value.is_nan() || base.is_nan() {
                    return Ok(holds(value.cmp(base)));
                }
                let away = base.signum() == Some(if subtract { 1 } else { -1 });
                if distance.is_infinite() && base.is_infinite() && away {
                    return Ok(true);
                }
                let limit = match subtract {
                    true => arithmetic::subtract(base, distance)?,
                    false => arithmetic::add(base, distance)?,
                };
                Ok(holds(value.cmp(&limit)))
            }
            (values, Distance::Interval(distance)) => {
                within_interval(values, row, base, *distance, subtract, holds)
            }
            (values, distance) => {
                Err(SqlError::internal(format!("a distance of {distance:?} over {values:?}")))
            }
        }
    }
}

fn within_interval(
    values: &Values,
    row: usize,
    base: usize,
    distance: Interval,
    subtract: bool,
    holds: impl Fn(Ordering) -> bool,
) -> SqlResult<bool> {
    // Of a time of day, days and months are not looked at, not even for their sign.
    let negative = match values {
        Values::Time(_) | Values::Timetz(_) => distance.micros < 0,
        _ => distance.length() < 0,
    };
    if negative {
        return Err(wrong_size());
    }
    let micros = if subtract { distance.micros.wrapping_neg() } else { distance.micros };
    let order = match values {
        Values::Timestamp(values) => {
            let limit = match subtract {
                true => timestamp::minus_interval(values[base], distance)?,
                false => timestamp::plus(values[base], distance)?,
            };
            values[row].cmp(&limit)
        }
        Values::Timestamptz(values, zone) => {
            let by = if subtract { interval::negate(distance)? } else { distance };
            values[row].cmp(&timestamp::plus_in_zone(values[base], by, *zone)?)
        }
        Values::Time(values) => i128::from(values[row]).cmp(&(i128::from(values[base]) + i128::from(micros))),
        Values::Timetz(values) => {
            let moment = |time: Timetz| i128::from(time.moment());
            let limit = moment(values[base]) + i128::from(micros);
            moment(values[row]).cmp(&limit).then(values[row].zone.cmp(&values[base].zone))
        }
        Values::Interval(values) => {
            let limit = match subtract {
                true => interval::minus(values[base], distance)?,
                false => interval::plus(values[base], distance)?,
            };
            values[row].compare(limit)
        }
        other => return Err(SqlError::internal(format!("an interval as a distance over {other:?}"))),
    };
    Ok(holds(order))
}

fn wrong_size() -> SqlError {
    SqlError::new(SqlState::InvalidFrameOffset, "invalid preceding or following size in window function")
}
