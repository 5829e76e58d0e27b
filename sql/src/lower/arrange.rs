//! Rearranges drafts without changing what they compute: predicates go below windows, projections are merged, and
//! a window goes into the aggregate that groups by it, so that a row updates one slice instead of every window.
//!
//! ```text
//!  Aggregate (window_start, k)          Aggregate (slices of HOP on t; window_start, k)
//!    Filter (k > 0)              ─►       Filter (k > 0)
//!      Window (HOP on t)                    Source
//!        Source
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::physical_expr::utils::conjunction;
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_expr::{PhysicalExpr, split_conjunction};
use datafusion::scalar::ScalarValue;

use super::expressions::{columns_read, substitute, trivial};
use super::{Draft, column_index};
use crate::error::{SqlError, SqlResult};
use crate::flow_plan::{Aggregate, Operator, Slices, WindowPart};

/// Arranges a draft and all below it, up to sealed ones.
pub(super) fn arrange(draft: Draft) -> SqlResult<Draft> {
    if draft.sealed {
        return Ok(draft);
    }
    let Draft { operator, inputs, schema, marks, .. } = draft;
    let inputs = inputs.into_iter().map(arrange).collect::<SqlResult<Vec<_>>>()?;
    let draft = Draft { marks, ..Draft::new(operator, inputs, schema) };
    match &draft.operator {
        Operator::Filter(_) => push_filter(draft),
        Operator::Project(_) => merge_projects(draft),
        Operator::Aggregate { .. } => fuse(draft),
        _ => Ok(draft),
    }
}

fn only_input(draft: &mut Draft) -> SqlResult<Draft> {
    match draft.inputs.pop() {
        Some(input) if draft.inputs.is_empty() => Ok(input),
        _ => Err(SqlError::internal("an operator without its one input")),
    }
}

/// Whether there is a window under projections and filters only.
fn over_window(draft: &Draft) -> bool {
    match (&draft.operator, draft.inputs.first()) {
        _ if draft.sealed => false,
        (Operator::Window { .. }, _) => true,
        (Operator::Project(_) | Operator::Filter(_), Some(input)) => over_window(input),
        _ => false,
    }
}

/// Moves a filter towards the source: through projections when a window lies below, through other filters, and
/// the parts of it that read no window column through the window.
fn push_filter(mut draft: Draft) -> SqlResult<Draft> {
    let mut input = only_input(&mut draft)?;
    let Operator::Filter(predicate) = draft.operator else {
        return Err(SqlError::internal("a filter without a predicate"));
    };
    if input.sealed || !over_window(&input) {
        return filter_over(predicate, input);
    }
    match &input.operator {
        Operator::Project(expressions) => {
            let inner = substitute(&predicate, &|index| expressions.get(index).map(Arc::clone))?;
            let below = only_input(&mut input)?;
            let schema = Arc::clone(&below.schema);
            let filter = Draft::new(Operator::Filter(inner), vec![below], schema);
            input.inputs.push(push_filter(filter)?);
            Ok(input)
        }
        Operator::Filter(other) => {
            let both = conjunction([Arc::clone(other), predicate]);
            let below = only_input(&mut input)?;
            let schema = Arc::clone(&below.schema);
            push_filter(Draft::new(Operator::Filter(both), vec![below], schema))
        }
        Operator::Window { .. } => {
            let below = only_input(&mut input)?;
            let width = below.width();
            let (mut through, mut stays) = (vec![], vec![]);
            for part in split_conjunction(&predicate) {
                let mut read = BTreeSet::new();
                columns_read(part, &mut read);
                if read.iter().all(|column| *column < width) { &mut through } else { &mut stays }.push(Arc::clone(part));
            }
            let below = if through.is_empty() { below } else { filter_over(conjunction(through), below)? };
            input.inputs.push(below);
            if stays.is_empty() { Ok(input) } else { filter_over(conjunction(stays), input) }
        }
        _ => filter_over(predicate, input),
    }
}

fn filter_over(predicate: Arc<dyn PhysicalExpr>, mut input: Draft) -> SqlResult<Draft> {
    if let (Operator::Filter(other), false) = (&input.operator, input.sealed) {
        let both = conjunction([Arc::clone(other), predicate]);
        let below = only_input(&mut input)?;
        let schema = Arc::clone(&below.schema);
        return Ok(Draft::new(Operator::Filter(both), vec![below], schema));
    }
    let schema = Arc::clone(&input.schema);
    Ok(Draft::new(Operator::Filter(predicate), vec![input], schema))
}

/// Merges a projection into the one below it, unless that would compute something twice, and takes away one that
/// changes nothing.
fn merge_projects(mut draft: Draft) -> SqlResult<Draft> {
    let mut input = only_input(&mut draft)?;
    let Operator::Project(outer) = &draft.operator else {
        return Err(SqlError::internal("a projection without expressions"));
    };
    if let (Operator::Project(inner), false) = (&input.operator, input.sealed) {
        let mut uses = vec![0usize; inner.len()];
        for expr in outer {
            count_columns(expr, &mut uses);
        }
        let cheap = inner.iter().zip(&uses).all(|(expr, uses)| trivial(expr) || *uses <= 1);
        if cheap {
            let merged = outer
                .iter()
                .map(|expr| substitute(expr, &|index| inner.get(index).map(Arc::clone)))
                .collect::<SqlResult<Vec<_>>>()?;
            let below = only_input(&mut input)?;
            return merge_projects(Draft::new(Operator::Project(merged), vec![below], draft.schema));
        }
    }
    let identity = outer.len() == input.width()
        && outer.iter().enumerate().all(|(index, expr)| column_index(expr) == Some(index));
    if identity && input.schema == draft.schema {
        return Ok(input);
    }
    if identity && !input.sealed && matches!(input.operator, Operator::Aggregate { .. } | Operator::Project(_)) {
        return Ok(Draft { schema: draft.schema, ..input });
    }
    draft.inputs.push(input);
    Ok(draft)
}

fn count_columns(expr: &Arc<dyn PhysicalExpr>, uses: &mut [usize]) {
    if let Some(slot) = column_index(expr).and_then(|index| uses.get_mut(index)) {
        *slot += 1;
    }
    for child in expr.children() {
        count_columns(child, uses);
    }
}

/// Folds a window into the aggregate above it, when the aggregate groups by the window and uses its columns for
/// nothing else.
fn fuse(draft: Draft) -> SqlResult<Draft> {
    let Operator::Aggregate { keys, aggregates, slices: None, close } = &draft.operator else { return Ok(draft) };
    // The expressions over the window, seen through the projections between.
    let (mut keys, mut aggregates) = (keys.clone(), aggregates.clone());
    let mut below = &draft.inputs[0];
    while let (Operator::Project(expressions), false) = (&below.operator, below.sealed) {
        let inner = |index: usize| expressions.get(index).map(Arc::clone);
        keys = keys.iter().map(|key| substitute(key, &inner)).collect::<SqlResult<_>>()?;
        aggregates = aggregates.iter().map(|call| over(call, &inner)).collect::<SqlResult<_>>()?;
        below = &below.inputs[0];
    }
    let Operator::Window { window, time_column, late } = &below.operator else { return Ok(draft) };
    let input = &below.inputs[0];
    let width = input.width();
    let part = |key: &Arc<dyn PhysicalExpr>| match column_index(key)?.checked_sub(width)? {
        0 => Some(WindowPart::Start),
        1 => Some(WindowPart::End),
        _ => Some(WindowPart::Time),
    };
    let parts: Vec<Option<WindowPart>> = keys.iter().map(part).collect();
    let mut read = BTreeSet::new();
    for key in keys.iter().filter(|key| part(key).is_none()) {
        columns_read(key, &mut read);
    }
    for call in &aggregates {
        call.arguments.iter().chain(&call.filter).for_each(|expr| columns_read(expr, &mut read));
    }
    if parts.iter().all(Option::is_none) || read.iter().any(|column| *column >= width) {
        return Ok(draft);
    }
    let placeholders = keys
        .iter()
        .zip(&parts)
        .enumerate()
        .map(|(index, (key, part))| match part {
            None => Ok(Arc::clone(key)),
            Some(_) => {
                let null = ScalarValue::try_from(draft.schema.field(index).data_type())
                    .map_err(|error| SqlError::internal(error.to_string()))?;
                let literal: Arc<dyn PhysicalExpr> = Arc::new(Literal::new(null));
                Ok(literal)
            }
        })
        .collect::<SqlResult<Vec<_>>>()?;
    let slices = Slices { window: *window, time_column: *time_column, late: *late, parts };
    let operator = Operator::Aggregate { keys: placeholders, aggregates, slices: Some(slices), close: *close };
    let mut fused = Draft::new(operator, vec![input.clone()], Arc::clone(&draft.schema));
    if below.sealed {
        // The window was settled by its own view: its lateness and watermarks stay.
        fused.marks = below.marks.clone();
    }
    Ok(fused)
}

fn over(
    call: &Aggregate,
    inner: &dyn Fn(usize) -> Option<Arc<dyn PhysicalExpr>>,
) -> SqlResult<Aggregate> {
    let arguments = call.arguments.iter().map(|expr| substitute(expr, inner)).collect::<SqlResult<_>>()?;
    let filter = call.filter.as_ref().map(|expr| substitute(expr, inner)).transpose()?;
    Ok(Aggregate { arguments, filter, ..call.clone() })
}

/// A column of a draft as an expression.
pub(super) fn column(draft: &Draft, index: usize) -> Arc<dyn PhysicalExpr> {
    Arc::new(Column::new(draft.schema.field(index).name(), index))
}
