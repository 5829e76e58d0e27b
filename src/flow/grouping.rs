//! What an aggregate evaluates on each batch (its layout), and rows in that form.
//!
//! ```text
//!   batch ─ expressions, each once ─► Rows { columns: keys…, arguments…, filters… ; weights }
//! ```

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, UInt32Array};
use arrow::compute::{filter, take};
use arrow::datatypes::{DataType, Int64Type, Schema, SchemaRef};
use datafusion::physical_expr::PhysicalExpr;
use millstream_sql::plan::Aggregate;

use super::delta::Delta;
use super::errors::{Site, evaluate_rows};
use super::kernels::{Kernel, Mode, new_kernel};
use super::keys::canonical;
use super::shard::rows_by_shard;
use crate::{Error, Result};

/// The compiled form of an aggregate operator's keys and functions.
pub(crate) struct Layout {
    /// The ordinary keys, as columns.
    pub keys: SchemaRef,
    /// The aggregates, in output order.
    pub computed: Vec<Computed>,
    /// What the kernels are told of their rows.
    pub mode: Mode,
    /// One group always, also over no rows.
    pub keyless: bool,
    expressions: Vec<Arc<dyn PhysicalExpr>>,
}

/// An aggregate with the columns of [`Rows`] that it reads.
pub(crate) struct Computed {
    aggregate: Aggregate,
    argument: Option<usize>,
    argument_type: Option<DataType>,
    filter: Option<usize>,
}

/// Rows as an aggregate takes them.
pub(crate) struct Rows {
    /// Keys first, then arguments and filters.
    pub columns: Vec<ArrayRef>,
    /// Absent: once each.
    pub weights: Option<Int64Array>,
    /// How many.
    pub count: usize,
}

/// Some rows of [`Rows`].
pub(crate) enum Selection {
    /// All of them.
    All,
    /// From the first, this many.
    Range(usize, usize),
    /// These.
    Each(UInt32Array),
}

impl Layout {
    /// A layout over an input schema. `keys` are the ordinary keys with their output fields.
    pub(crate) fn new(
        keys: Vec<Arc<dyn PhysicalExpr>>,
        key_fields: Schema,
        aggregates: &[Aggregate],
        input: &SchemaRef,
        mode: Mode,
        keyless: bool,
    ) -> Result<Self> {
        let mut expressions = keys;
        let mut computed = vec![];
        for aggregate in aggregates {
            if aggregate.arguments.len() > 1 {
                let message =
                    format!("aggregate {} of several arguments cannot be kept up to date", aggregate.name);
                return Err(millstream_sql::SqlError::unsupported(message, "give it one argument").into());
            }
            let argument = aggregate.arguments.first();
            let argument_type = argument.map(|argument| argument.data_type(input)).transpose()?;
            computed.push(Computed {
                aggregate: aggregate.clone(),
                argument: argument.map(|argument| column_of(&mut expressions, argument)),
                argument_type,
                filter: aggregate.filter.as_ref().map(|filter| column_of(&mut expressions, filter)),
            });
        }
        let layout = Self { keys: Arc::new(key_fields), computed, mode, keyless, expressions };
        layout.new_kernels()?;
        Ok(layout)
    }

    /// Kernels without groups.
    pub(crate) fn new_kernels(&self) -> Result<Vec<Box<dyn Kernel>>> {
        let kernel =
            |computed: &Computed| new_kernel(&computed.aggregate, computed.argument_type.as_ref(), self.mode);
        self.computed.iter().map(kernel).collect()
    }

    /// Evaluates all expressions on a delta: the rows for which none fails, as they were and as [`Rows`]. The others are
    /// reported, but for those that `counts` says are of no account.
    pub(crate) fn rows(
        &self,
        delta: Delta,
        site: &Site<'_>,
        counts: impl FnOnce() -> Option<Vec<bool>>,
    ) -> Result<(Delta, Rows)> {
        if delta.weights.is_some() && !self.mode.retractable {
            return Err(Error::internal("an append-only input has weights"));
        }
        let (delta, mut columns) = evaluate_rows(&self.expressions, delta, site, counts)?;
        for column in &mut columns[..self.keys.fields().len()] {
            *column = canonical(Arc::clone(column));
        }
        let rows = Rows { columns, weights: delta.weights.clone(), count: delta.num_rows() };
        Ok((delta, rows))
    }

    /// The key columns of rows.
    pub(crate) fn keys_of<'a>(&self, rows: &'a Rows) -> &'a [ArrayRef] {
        &rows.columns[..self.keys.fields().len()]
    }

    /// The rows of each shard, by their keys, in order.
    pub(crate) fn spread(&self, rows: Rows, shards: usize) -> Result<Vec<Rows>> {
        if shards == 1 {
            return Ok(vec![rows]);
        }
        let indexes = rows_by_shard(self.keys_of(&rows), rows.count, shards)?;
        indexes.into_iter().map(|indexes| rows.select(&Selection::Each(indexes))).collect()
    }

    /// Updates the kernels with rows whose groups are known.
    pub(crate) fn update(
        &self,
        kernels: &mut [Box<dyn Kernel>],
        groups: &[usize],
        rows: &Rows,
    ) -> Result<()> {
        let weights = rows.weights.as_ref().map(|weights| &weights.values()[..]);
        for (kernel, computed) in kernels.iter_mut().zip(&self.computed) {
            let values = computed.argument.map(|argument| &rows.columns[argument]);
            match computed.filter {
                None => kernel.update(groups, values, weights)?,
                Some(mask) => {
                    let mask = true_rows(&rows.columns[mask])?;
                    let chosen = |row: &usize| mask.value(*row);
                    let groups: Vec<usize> = (0..rows.count).filter(chosen).map(|row| groups[row]).collect();
                    let values = values.map(|values| filter(values, &mask)).transpose()?;
                    let weights: Option<Vec<i64>> = weights
                        .map(|weights| (0..rows.count).filter(chosen).map(|row| weights[row]).collect());
                    kernel.update(&groups, values.as_ref(), weights.as_deref())?;
                }
            }
        }
        Ok(())
    }
}

impl Rows {
    /// Some of the rows.
    pub(crate) fn select(&self, selection: &Selection) -> Result<Rows> {
        match selection {
            Selection::All => {
                Ok(Rows { columns: self.columns.clone(), weights: self.weights.clone(), count: self.count })
            }
            Selection::Range(from, count) => Ok(Rows {
                columns: self.columns.iter().map(|column| column.slice(*from, *count)).collect(),
                weights: self.weights.as_ref().map(|weights| weights.slice(*from, *count)),
                count: *count,
            }),
            Selection::Each(indexes) => {
                let weights = match &self.weights {
                    Some(weights) => Some(take(weights, indexes, None)?.as_primitive::<Int64Type>().clone()),
                    None => None,
                };
                let columns = self
                    .columns
                    .iter()
                    .map(|column| take(column, indexes, None))
                    .collect::<Result<_, _>>()?;
                Ok(Rows { columns, weights, count: indexes.len() })
            }
        }
    }
}

/// A physical expression over a batch, as an array of its length.
pub(crate) fn evaluate(expression: &Arc<dyn PhysicalExpr>, batch: &RecordBatch) -> Result<ArrayRef> {
    Ok(expression.evaluate(batch)?.into_array(batch.num_rows())?)
}

/// A predicate's result with NULL as false.
pub(crate) fn true_rows(column: &ArrayRef) -> Result<BooleanArray> {
    let Some(mask) = column.as_boolean_opt() else {
        return Err(Error::internal(format!("a predicate of type {}", column.data_type())));
    };
    Ok(match mask.nulls() {
        Some(nulls) if nulls.null_count() > 0 => BooleanArray::new(mask.values() & nulls.inner(), None),
        _ => mask.clone(),
    })
}

fn column_of(expressions: &mut Vec<Arc<dyn PhysicalExpr>>, wanted: &Arc<dyn PhysicalExpr>) -> usize {
    match expressions.iter().position(|expression| expression.as_ref().eq(wanted.as_ref())) {
        Some(index) => index,
        None => {
            expressions.push(Arc::clone(wanted));
            expressions.len() - 1
        }
    }
}
