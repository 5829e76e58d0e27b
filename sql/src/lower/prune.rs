//! Takes away the columns that nothing reads, so that sources hand over no more than is needed.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{Field, SchemaRef};
use datafusion::physical_expr::PhysicalExpr;

use super::arrange::column;
use super::expressions::{columns_read, substitute};
use super::{Draft, Mark, nullable};
use crate::error::{SqlError, SqlResult};
use crate::plan::{Aggregate, Operator, Slices};

/// The draft with exactly the columns `wanted`, in their order.
pub(super) fn prune(draft: Draft, wanted: &BTreeSet<usize>) -> SqlResult<Draft> {
    let (pruned, kept) = narrow(draft, wanted)?;
    if kept.iter().copied().eq(wanted.iter().copied()) {
        return Ok(pruned);
    }
    let indexes = wanted.iter().map(|old| place(&kept, *old)).collect::<SqlResult<Vec<_>>>()?;
    let columns = indexes.iter().map(|index| column(&pruned, *index)).collect();
    let schema = nullable(indexes.iter().map(|index| pruned.schema.field(*index).clone()));
    Ok(Draft::new(Operator::Project(columns), vec![pruned], schema))
}

/// Where an old column is among those that were kept.
fn place(kept: &[usize], old: usize) -> SqlResult<usize> {
    let found = kept.iter().position(|column| *column == old);
    found.ok_or_else(|| SqlError::internal(format!("column {old} was pruned but is read")))
}

fn select(schema: &SchemaRef, kept: &[usize]) -> SchemaRef {
    let fields: Vec<Field> = kept.iter().map(|column| schema.field(*column).clone()).collect();
    nullable(fields)
}

/// The draft without the columns that nothing wants (some that come for free may stay), and which old columns its
/// columns are, ascending.
fn narrow(draft: Draft, wanted: &BTreeSet<usize>) -> SqlResult<(Draft, Vec<usize>)> {
    let all: Vec<usize> = (0..draft.width()).collect();
    if draft.sealed {
        return Ok((draft, all));
    }
    let Draft { operator, mut inputs, schema, marks, .. } = draft;
    match operator {
        Operator::Source { stream, name, columns } => {
            let mut kept: Vec<usize> = wanted.iter().copied().collect();
            if kept.is_empty() && !columns.is_empty() {
                // A batch without columns would have to carry its row count apart.
                kept.push(0);
            }
            let columns = kept.iter().map(|index| columns[*index]).collect();
            let schema = select(&schema, &kept);
            let moved = |mark: &Mark| {
                let column = kept.iter().position(|column| *column == mark.column)?;
                Some(Mark { column, ..*mark })
            };
            let marks = marks.iter().filter_map(moved).collect();
            let source = Draft::new(Operator::Source { stream, name, columns }, vec![], schema);
            Ok((Draft { marks, ..source }, kept))
        }
        Operator::Values(batch) => Ok((Draft::new(Operator::Values(batch), vec![], schema), all)),
        Operator::Filter(predicate) => {
            let mut needed = wanted.clone();
            columns_read(&predicate, &mut needed);
            let (input, kept) = narrow(one(&mut inputs)?, &needed)?;
            let predicate = remap(&predicate, &input, &kept)?;
            let schema = Arc::clone(&input.schema);
            Ok((Draft::new(Operator::Filter(predicate), vec![input], schema), kept))
        }
        Operator::Project(expressions) => {
            let mut needed = BTreeSet::new();
            for index in wanted {
                columns_read(&expressions[*index], &mut needed);
            }
            let (input, below) = narrow(one(&mut inputs)?, &needed)?;
            let kept: Vec<usize> = wanted.iter().copied().collect();
            let columns = kept
                .iter()
                .map(|index| remap(&expressions[*index], &input, &below))
                .collect::<SqlResult<Vec<_>>>()?;
            let schema = select(&schema, &kept);
            Ok((Draft::new(Operator::Project(columns), vec![input], schema), kept))
        }
        Operator::Window { window, time_column, late } => {
            let input = one(&mut inputs)?;
            let width = input.width();
            let mut needed: BTreeSet<usize> =
                wanted.iter().copied().filter(|column| *column < width).collect();
            needed.insert(time_column);
            let (input, mut kept) = narrow(input, &needed)?;
            let time_column = place(&kept, time_column)?;
            kept.extend(width..schema.fields().len());
            let schema = select(&schema, &kept);
            Ok((Draft::new(Operator::Window { window, time_column, late }, vec![input], schema), kept))
        }
        Operator::Aggregate { keys, aggregates, slices, close } => {
            let mut kept: Vec<usize> = (0..keys.len()).collect();
            kept.extend(wanted.iter().copied().filter(|column| *column >= keys.len()));
            let aggregates: Vec<Aggregate> =
                kept[keys.len()..].iter().map(|column| aggregates[*column - keys.len()].clone()).collect();
            let mut needed = BTreeSet::new();
            keys.iter().for_each(|key| columns_read(key, &mut needed));
            for call in &aggregates {
                call.arguments.iter().chain(&call.filter).for_each(|expr| columns_read(expr, &mut needed));
            }
            needed.extend(slices.iter().map(|slices| slices.time_column));
            let (input, below) = narrow(one(&mut inputs)?, &needed)?;
            let remap_all = |expressions: &[Arc<dyn PhysicalExpr>]| {
                expressions.iter().map(|expr| remap(expr, &input, &below)).collect::<SqlResult<Vec<_>>>()
            };
            let keys = remap_all(&keys)?;
            let aggregates = aggregates
                .into_iter()
                .map(|call| {
                    let arguments = remap_all(&call.arguments)?;
                    let filter = call.filter.as_ref().map(|expr| remap(expr, &input, &below)).transpose()?;
                    Ok(Aggregate { arguments, filter, ..call })
                })
                .collect::<SqlResult<Vec<_>>>()?;
            let slices = match slices {
                Some(slices) => Some(Slices { time_column: place(&below, slices.time_column)?, ..slices }),
                None => None,
            };
            let schema = select(&schema, &kept);
            let operator = Operator::Aggregate { keys, aggregates, slices, close };
            Ok((Draft::new(operator, vec![input], schema), kept))
        }
        Operator::Union => {
            // Every input gives the same columns, so that their batches fit together.
            let mut wanted = wanted.clone();
            if wanted.is_empty() && !all.is_empty() {
                wanted.insert(0);
            }
            let inputs =
                inputs.into_iter().map(|input| prune(input, &wanted)).collect::<SqlResult<Vec<_>>>()?;
            let kept: Vec<usize> = wanted.into_iter().collect();
            let schema = select(&schema, &kept);
            Ok((Draft::new(Operator::Union, inputs, schema), kept))
        }
    }
}

fn one(inputs: &mut Vec<Draft>) -> SqlResult<Draft> {
    inputs.pop().ok_or_else(|| SqlError::internal("an operator without an input"))
}

fn remap(expr: &Arc<dyn PhysicalExpr>, input: &Draft, kept: &[usize]) -> SqlResult<Arc<dyn PhysicalExpr>> {
    substitute(expr, &|old| {
        let index = kept.iter().position(|column| *column == old)?;
        Some(column(input, index))
    })
}
