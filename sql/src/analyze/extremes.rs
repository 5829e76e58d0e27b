//! `min` and `max` over a whole batch without a key for every row; with the sums of `totals`, what batch queries without
//! groups compute in a way of their own.
//!
//! The binder makes of `min(x)`, where values are compared by key forms, a minimum of bytes (`ordered_for_min`): what a view
//! can keep. A batch query without groups sees all its rows at once: it makes the bytes of those rows alone that may win.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryArray, IntervalMonthDayNanoArray};
use arrow::datatypes::{IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Aggregate as AggregateNode, Expr, LogicalPlan};
use millstream_catalog::{Kind, SqlType};

use super::totals;
use crate::error::{SqlError, SqlResult};
use crate::functions::aggregate::Aggregate;
use crate::functions::packed;
use crate::functions::registry::{Accumulator, Argument, wrong_array};
use crate::functions::scalar::Scalar;
use crate::types::compare::interval_length;
use crate::types::environment::Environment;
use crate::types::numeric::Numeric;
use crate::types::numeric::column::ColumnReader;

/// A plan of a batch query with such aggregates in place of those over bytes.
pub(crate) fn plan(plan: LogicalPlan) -> Result<LogicalPlan> {
    plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Aggregate(AggregateNode { ref group_expr, .. }) if group_expr.is_empty() => {
            let names = NamePreserver::new(&node);
            let schema = merge_schema(&node.inputs());
            node.map_expressions(|expr| {
                let name = names.save(&expr);
                let changed = expr.transform_up(direct)?;
                let changed =
                    changed.transform_data(|expr| expr.transform_up(|expr| totals::direct(expr, &schema)))?;
                Ok(changed.update_data(|expr| name.restore(expr)))
            })
        }
        other => Ok(Transformed::no(other)),
    })
    .map(|transformed| transformed.data)
}

/// An aggregate over bytes as one over the values that these are made of.
fn direct(expr: Expr) -> Result<Transformed<Expr>> {
    let Expr::AggregateFunction(mut call) = expr else { return Ok(Transformed::no(expr)) };
    let greatest = match call.func.name() {
        "min" => false,
        "max" => true,
        _ => return Ok(Transformed::no(Expr::AggregateFunction(call))),
    };
    let bytes = match call.params.args.as_slice() {
        [bytes] if !call.params.distinct => bytes,
        _ => return Ok(Transformed::no(Expr::AggregateFunction(call))),
    };
    let (Some(function), Expr::ScalarFunction(inner)) = (Scalar::of(bytes), bytes) else {
        return Ok(Transformed::no(Expr::AggregateFunction(call)));
    };
    let wanted = if greatest { "ordered_for_max" } else { "ordered_for_min" };
    let ([sql_type], [value]) = (function.arguments.as_slice(), inner.args.as_slice()) else {
        return Ok(Transformed::no(Expr::AggregateFunction(call)));
    };
    if function.name != wanted || !matches!(sql_type.kind(), Some(Kind::Numeric | Kind::Interval)) {
        return Ok(Transformed::no(Expr::AggregateFunction(call)));
    }
    let (sql_type, value) = (sql_type.clone(), value.clone());
    let aggregate = Aggregate {
        name: call.func.name().to_owned(),
        make: Arc::new(move |arguments, _| {
            let sql_type = arguments.first().cloned().unwrap_or(Kind::Numeric.into());
            let bounds = [None; SCALES];
            Box::new(Extreme { sql_type, greatest, held: Held::Nothing, bounds, merged: None })
        }),
        strict: true,
        arguments: vec![sql_type],
        count: 1,
        returns: Kind::Bytea.into(),
        data_type: arrow::datatypes::DataType::Binary,
        distinct: false,
        order: vec![],
        direct: 0,
        environment: Arc::new(Environment::default()),
    };
    call.func = aggregate.udaf();
    call.params.args = vec![value];
    Ok(Transformed::yes(Expr::AggregateFunction(call)))
}

/// The best value of the rows seen.
#[derive(Debug)]
enum Held {
    Nothing,
    Numeric(Numeric),
    Interval(IntervalMonthDayNano),
}

/// The least or the greatest of values, as the bytes of `ordered_for_min` and `ordered_for_max`: of equal ones the one
/// whose own bytes are the least.
#[derive(Debug)]
struct Extreme {
    sql_type: SqlType,
    greatest: bool,
    held: Held,
    /// By scale, the coefficient that a value must pass to be better than `held`, or reach to be as good.
    bounds: [Option<i128>; SCALES],
    /// The best bytes of other parts.
    merged: Option<Vec<u8>>,
}

/// Scales that have a bound: values of more digits behind the point are compared one by one.
const SCALES: usize = 20;

/// The coefficients at a scale that are as good as a value or better reach this one: the value's own, rounded towards
/// what is better.
fn bound(best: i128, best_scale: u16, scale: usize, greatest: bool) -> Option<i128> {
    let scale = scale as u16;
    match scale.checked_sub(best_scale) {
        Some(more) => best.checked_mul(10i128.checked_pow(u32::from(more))?),
        None => {
            let unit = 10i128.checked_pow(u32::from(best_scale - scale))?;
            let floor = best.div_euclid(unit);
            Some(if greatest && floor * unit != best { floor + 1 } else { floor })
        }
    }
}

impl Extreme {
    fn is_lost(&self, order: Ordering) -> bool {
        if self.greatest { order.is_gt() } else { order.is_lt() }
    }

    /// The bound at a scale, made where it is asked for; None says nothing.
    #[inline]
    fn bound_at(&mut self, scale: usize) -> Option<i128> {
        let known = self.bounds.get(scale)?;
        if known.is_some() {
            return *known;
        }
        let Held::Numeric(Numeric::Small { coefficient, scale: best_scale }) = self.held else { return None };
        self.bounds[scale] = bound(coefficient, best_scale, scale, self.greatest);
        self.bounds[scale]
    }

    /// Takes rows of a column; those of few digits by what is best among many.
    fn take_range(&mut self, argument: &Argument, rows: Range<usize>) -> SqlResult<()> {
        if let (Some(numerics), false) = (argument.array.as_binary_opt::<i32>(), argument.constant) {
            let mut best = vec![];
            let greatest = self.greatest;
            let is_narrow = ColumnReader::of(numerics).narrow(rows.clone(), |narrow| {
                let coefficient = if greatest { narrow.greatest } else { narrow.least };
                best.push(Numeric::small(i128::from(coefficient), narrow.scale));
            });
            if is_narrow {
                best.into_iter().for_each(|value| self.take_numeric(value));
                return Ok(());
            }
        }
        self.take_rows(&argument.array, rows.map(|row| argument.at(row)))
    }

    fn take_numeric(&mut self, value: Numeric) {
        if let Held::Numeric(held) = &self.held {
            let stays = match held.cmp(&value) {
                Ordering::Equal => value.with_bytes(|new| held.with_bytes(|old| old <= new)),
                order => self.is_lost(order),
            };
            if stays {
                return;
            }
        }
        self.bounds = [None; SCALES];
        self.held = Held::Numeric(value);
    }

    fn take_numerics(&mut self, numerics: &BinaryArray, rows: impl Iterator<Item = usize>) {
        let column = ColumnReader::of(numerics);
        for row in rows {
            if let Some((coefficient, scale)) = column.small(row)
                && let Some(bound) = self.bound_at(usize::from(scale))
                && (if self.greatest { coefficient < bound } else { coefficient > bound })
            {
                continue;
            }
            self.take_numeric(column.value(row));
        }
    }

    fn take_intervals(
        &mut self,
        intervals: &IntervalMonthDayNanoArray,
        rows: impl Iterator<Item = usize>,
    ) -> SqlResult<()> {
        let mut best = match &self.held {
            Held::Interval(held) => Some((*held, interval_length(*held))),
            _ => None,
        };
        for row in rows {
            let value = intervals.value(row);
            let length = interval_length(value);
            if let Some((held, held_length)) = best {
                let stays = value == held
                    || match held_length.cmp(&length) {
                        Ordering::Equal => {
                            let bytes =
                                packed::to_bytes(&(Arc::new(interval_array(&[held, value])) as ArrayRef))?;
                            let bytes = bytes.as_binary::<i32>();
                            bytes.value(0) <= bytes.value(1)
                        }
                        order => self.is_lost(order),
                    };
                if stays {
                    continue;
                }
            }
            best = Some((value, length));
        }
        if let Some((held, _)) = best {
            self.held = Held::Interval(held);
        }
        Ok(())
    }

    fn take_rows(&mut self, array: &ArrayRef, rows: impl Iterator<Item = usize>) -> SqlResult<()> {
        if let Some(numerics) = array.as_binary_opt::<i32>() {
            self.take_numerics(numerics, rows);
            return Ok(());
        }
        let intervals = array
            .as_primitive_opt::<IntervalMonthDayNanoType>()
            .ok_or_else(|| wrong_array("Interval", array.as_ref()))?;
        self.take_intervals(intervals, rows)
    }

    /// The best bytes of this part and others.
    fn best(&self) -> SqlResult<Option<Vec<u8>>> {
        let own: ArrayRef = match &self.held {
            Held::Nothing => return Ok(self.merged.clone()),
            Held::Numeric(value) => Arc::new(value.with_bytes(|bytes| BinaryArray::from_vec(vec![bytes]))),
            Held::Interval(value) => Arc::new(interval_array(&[*value])),
        };
        let own = packed::ordered(&self.sql_type, &own, self.greatest)?;
        let own =
            own.as_binary_opt::<i32>().ok_or_else(|| SqlError::internal("bytes that are none"))?.value(0);
        Ok(match &self.merged {
            Some(other) if !self.is_better(own, other) => Some(other.clone()),
            _ => Some(own.to_vec()),
        })
    }

    fn is_better(&self, bytes: &[u8], other: &[u8]) -> bool {
        if self.greatest { bytes > other } else { bytes < other }
    }
}

fn interval_array(values: &[IntervalMonthDayNano]) -> IntervalMonthDayNanoArray {
    IntervalMonthDayNanoArray::from_iter_values(values.iter().copied())
}

impl Accumulator for Extreme {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        self.update_all(arguments, &mut std::iter::once(row))
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let argument = &arguments[0];
        self.take_rows(&argument.array, rows.map(|row| argument.at(row)))
    }

    fn update_range(&mut self, arguments: &[Argument], rows: Range<usize>) -> SqlResult<()> {
        self.take_range(&arguments[0], rows)
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.best()?.unwrap_or_default())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        // No value's bytes are empty.
        if !state.is_empty() && self.merged.as_ref().is_none_or(|best| self.is_better(state, best)) {
            self.merged = Some(state.to_vec());
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Ok(Arc::new(BinaryArray::from_iter([self.best()?])))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.merged.as_ref().map_or(0, Vec::len)
    }
}
