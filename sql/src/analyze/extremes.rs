//! `min` and `max` over a whole batch without a key for every row.
//!
//! The binder makes of `min(x)`, where values are compared by key forms, a minimum of bytes (`ordered_for_min`): what a view
//! can keep. A batch query without groups sees all its rows at once: it makes the bytes of those rows alone that may win.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray};
use arrow::datatypes::{IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Aggregate as AggregateNode, Expr, LogicalPlan};
use millstream_catalog::{Kind, SqlType};

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
            node.map_expressions(|expr| {
                let name = names.save(&expr);
                Ok(expr.transform_up(direct)?.update_data(|expr| name.restore(expr)))
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
            Box::new(Extreme { sql_type, greatest, best: None, held: Held::Nothing })
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

/// The value whose bytes are the best so far.
#[derive(Debug)]
enum Held {
    Nothing,
    Numeric(Numeric),
    Interval(IntervalMonthDayNano),
}

/// The least or the greatest of values, as the bytes of `ordered_for_min` and `ordered_for_max`.
#[derive(Debug)]
struct Extreme {
    sql_type: SqlType,
    greatest: bool,
    best: Option<Vec<u8>>,
    held: Held,
}

impl Extreme {
    fn is_lost(&self, order: Ordering) -> bool {
        if self.greatest { order.is_lt() } else { order.is_gt() }
    }

    /// Compares the bytes of a row's value with the best ones.
    fn challenge(&mut self, array: &ArrayRef, row: usize) -> SqlResult<()> {
        let bytes = packed::ordered(&self.sql_type, &array.slice(row, 1), self.greatest)?;
        let bytes = bytes.as_binary_opt::<i32>().ok_or_else(|| SqlError::internal("bytes that are none"))?;
        if self.take(bytes.value(0)) {
            self.held = match array.as_primitive_opt::<IntervalMonthDayNanoType>() {
                Some(intervals) => Held::Interval(intervals.value(row)),
                None => Held::Numeric(Numeric::from_bytes(array.as_binary::<i32>().value(row))),
            };
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> bool {
        let better = match &self.best {
            None => true,
            Some(best) if self.greatest => bytes > best.as_slice(),
            Some(best) => bytes < best.as_slice(),
        };
        if better {
            self.best = Some(bytes.to_vec());
        }
        better
    }

    fn take_rows(&mut self, array: &ArrayRef, rows: impl Iterator<Item = usize>) -> SqlResult<()> {
        if let Some(numerics) = array.as_binary_opt::<i32>() {
            let column = ColumnReader::of(numerics);
            for row in rows {
                if let (Some((coefficient, scale)), Held::Numeric(held)) = (column.small(row), &self.held)
                    && let Numeric::Small { coefficient: best, scale: best_scale } = held
                    && scale == *best_scale
                    && (coefficient == *best || self.is_lost(coefficient.cmp(best)))
                {
                    continue;
                }
                if let Held::Numeric(held) = &self.held
                    && self.is_lost(column.value(row).cmp(held))
                {
                    continue;
                }
                self.challenge(array, row)?;
            }
            return Ok(());
        }
        let intervals = array
            .as_primitive_opt::<IntervalMonthDayNanoType>()
            .ok_or_else(|| wrong_array("Interval", array.as_ref()))?;
        let mut best = None;
        for row in rows {
            let value = intervals.value(row);
            if let Held::Interval(held) = &self.held {
                let best = *best.get_or_insert_with(|| interval_length(*held));
                if value == *held || self.is_lost(interval_length(value).cmp(&best)) {
                    continue;
                }
            }
            self.challenge(array, row)?;
            best = None;
        }
        Ok(())
    }
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
        let argument = &arguments[0];
        self.take_rows(&argument.array, rows.map(|row| argument.at(row)))
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(self.best.clone().unwrap_or_default())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        // No value's bytes are empty. What they are made of is not needed: no row follows a state.
        if !state.is_empty() && self.take(state) {
            self.held = Held::Nothing;
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Ok(Arc::new(BinaryArray::from_iter([self.best.as_deref()])))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.best.as_ref().map_or(0, Vec::len)
    }
}
