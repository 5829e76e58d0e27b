//! Rearranges drafts without changing what they compute: predicates go towards the sources, projections are merged,
//! and a window goes into the aggregate that groups by it, so that a row updates one slice instead of every window.
//!
//! A predicate that can fail is a filter of its own, above those that cannot, and goes no further than they do: it
//! sees only the rows that they leave, as SQL's `b <> 0 AND a / b > 1` wants it.
//!
//! ```text
//!  Aggregate (window_start, k)          Aggregate (slices of HOP on t; window_start, k)
//!    Filter (k > 0)              ─►       Filter (k > 0)
//!      Window (HOP on t)                    Source
//!        Source
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_expr::utils::conjunction;
use datafusion::physical_expr::{PhysicalExpr, split_conjunction};
use datafusion::scalar::ScalarValue;

use super::expressions::{can_fail, columns_read, inlined, trivial};
use super::{Draft, column_index};
use crate::error::{SqlError, SqlResult};
use crate::plan::{Aggregate, Operator, Slices, WindowPart};

/// Arranges a draft and all below it, up to sealed ones.
pub(super) fn arrange(draft: Draft) -> SqlResult<Draft> {
    if draft.sealed {
        return Ok(draft);
    }
    let Draft { operator, inputs, schema, marks, .. } = draft;
    let inputs = inputs.into_iter().map(arrange).collect::<SqlResult<Vec<_>>>()?;
    let draft = Draft { marks, ..Draft::new(operator, inputs, schema) };
    match &draft.operator {
        Operator::Filter(_) => {
            let (predicates, below) = without_filters(draft)?;
            push_filters(predicates, below)
        }
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

/// The predicates of the filters at the top of a draft, lowest first, and what they filter.
fn without_filters(mut draft: Draft) -> SqlResult<(Vec<Arc<dyn PhysicalExpr>>, Draft)> {
    if draft.sealed || !matches!(draft.operator, Operator::Filter(_)) {
        return Ok((vec![], draft));
    }
    let (mut predicates, below) = without_filters(only_input(&mut draft)?)?;
    if let Operator::Filter(predicate) = &draft.operator {
        predicates.extend(split_conjunction(predicate).into_iter().map(Arc::clone));
    }
    Ok((predicates, below))
}

/// Filters a draft that is no filter itself, as far below as the predicates can be moved.
fn push_filters(predicates: Vec<Arc<dyn PhysicalExpr>>, mut draft: Draft) -> SqlResult<Draft> {
    let schema = Arc::clone(&draft.schema);
    let (safe, fallible): (Vec<_>, Vec<_>) =
        predicates.into_iter().partition(|part| !can_fail(part, &schema));
    let (mut through, mut safe_here, mut fallible_here) = (vec![], vec![], vec![]);
    for part in safe {
        match moved_below(&part, &draft)? {
            Some(part) => through.push(part),
            None => safe_here.push(part),
        }
    }
    for part in fallible {
        // Not past those that it may rely on.
        let alone = safe_here.is_empty() && fallible_here.is_empty();
        match moved_below(&part, &draft)?.filter(|_| alone) {
            Some(part) => through.push(part),
            None => fallible_here.push(part),
        }
    }
    if !through.is_empty() {
        let filtered = |input| {
            let (mut predicates, below) = without_filters(input)?;
            predicates.extend(through.iter().map(Arc::clone));
            push_filters(predicates, below)
        };
        draft.inputs = draft.inputs.into_iter().map(filtered).collect::<SqlResult<_>>()?;
    }
    let safe_here = (!safe_here.is_empty()).then(|| conjunction(safe_here));
    for predicate in safe_here.into_iter().chain(fallible_here) {
        draft = Draft::new(Operator::Filter(predicate), vec![draft], Arc::clone(&schema));
    }
    Ok(draft)
}

/// A predicate over a draft as one over its inputs that leaves the same rows; None where there is none.
fn moved_below(predicate: &Arc<dyn PhysicalExpr>, draft: &Draft) -> SqlResult<Option<Arc<dyn PhysicalExpr>>> {
    match (&draft.operator, draft.inputs.as_slice()) {
        _ if draft.sealed => Ok(None),
        (Operator::Project(expressions), [input]) => inlined(predicate, expressions, &input.schema),
        (Operator::Window { .. }, [input]) => {
            let mut read = BTreeSet::new();
            columns_read(predicate, &mut read);
            Ok(read.iter().all(|column| *column < input.width()).then(|| Arc::clone(predicate)))
        }
        (Operator::Union, _) => Ok(Some(Arc::clone(predicate))),
        _ => Ok(None),
    }
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
        let below = &input.inputs[0].schema;
        let merged: Option<Vec<_>> =
            outer.iter().map(|expr| inlined(expr, inner, below)).collect::<SqlResult<_>>()?;
        if let Some(merged) = merged.filter(|_| cheap) {
            let below = only_input(&mut input)?;
            return merge_projects(Draft::new(Operator::Project(merged), vec![below], draft.schema));
        }
    }
    let identity = outer.len() == input.width()
        && outer.iter().enumerate().all(|(index, expr)| column_index(expr) == Some(index));
    if identity && input.schema == draft.schema {
        return Ok(input);
    }
    if identity
        && !input.sealed
        && matches!(input.operator, Operator::Aggregate { .. } | Operator::Project(_))
    {
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
/// nothing else. The window of another view stays there: that view's grace is not this one's.
fn fuse(draft: Draft) -> SqlResult<Draft> {
    let Operator::Aggregate { keys, aggregates, slices: None, close } = &draft.operator else {
        return Ok(draft);
    };
    // The expressions over the window, seen through the projections between.
    let (mut keys, mut aggregates) = (keys.clone(), aggregates.clone());
    let mut below = &draft.inputs[0];
    while let (Operator::Project(expressions), false) = (&below.operator, below.sealed) {
        let input = &below.inputs[0];
        let over = |expr: &Arc<dyn PhysicalExpr>| inlined(expr, expressions, &input.schema);
        let inner_keys: Option<Vec<_>> = keys.iter().map(over).collect::<SqlResult<_>>()?;
        let inner_calls: Option<Vec<_>> =
            aggregates.iter().map(|call| call_over(call, &over)).collect::<SqlResult<_>>()?;
        let (Some(inner_keys), Some(inner_calls)) = (inner_keys, inner_calls) else { return Ok(draft) };
        (keys, aggregates, below) = (inner_keys, inner_calls, input);
    }
    let (Operator::Window { window, time_column, late }, false) = (&below.operator, below.sealed) else {
        return Ok(draft);
    };
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
    let operator =
        Operator::Aggregate { keys: placeholders, aggregates, slices: Some(slices), close: *close };
    Ok(Draft::new(operator, vec![input.clone()], Arc::clone(&draft.schema)))
}

fn call_over(
    call: &Aggregate,
    over: &dyn Fn(&Arc<dyn PhysicalExpr>) -> SqlResult<Option<Arc<dyn PhysicalExpr>>>,
) -> SqlResult<Option<Aggregate>> {
    let arguments: Option<Vec<_>> = call.arguments.iter().map(over).collect::<SqlResult<_>>()?;
    let filter: Option<Vec<_>> = call.filter.iter().map(over).collect::<SqlResult<_>>()?;
    let (Some(arguments), Some(mut filter)) = (arguments, filter) else { return Ok(None) };
    Ok(Some(Aggregate { arguments, filter: filter.pop(), ..call.clone() }))
}

/// A column of a draft as an expression.
pub(super) fn column(draft: &Draft, index: usize) -> Arc<dyn PhysicalExpr> {
    Arc::new(Column::new(draft.schema.field(index).name(), index))
}
