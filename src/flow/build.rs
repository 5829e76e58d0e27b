//! From a plan to operators.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use millstream_sql::plan::{self, Aggregate, Close, Lateness, Node, Slices, WindowPart};
use millstream_sql::windows::{WINDOW_TIME_BEFORE_END_US, Window};

use super::grouping::Layout;
use super::kernels::Mode;
use super::late::LateRows;
use super::operators::{Operator, aggregate, filter, project, slices, source, union, values, window};
use super::windows::Windows;
use crate::{Error, Result};

/// The operator of a node.
pub(crate) fn operator(node: &Node, shards: usize) -> Result<Box<dyn Operator>> {
    let schema = Arc::clone(&node.schema);
    Ok(match &node.operator {
        plan::Operator::Source { stream, columns, .. } => {
            Box::new(source::Source { stream: *stream, columns: columns.clone(), schema })
        }
        plan::Operator::Values(rows) => Box::new(values::Values::new(rows, &schema)?),
        plan::Operator::Filter(predicate) => Box::new(filter::Filter { predicate: Arc::clone(predicate) }),
        plan::Operator::Project(expressions) => {
            Box::new(project::Project { expressions: expressions.clone(), schema })
        }
        plan::Operator::Window { window, time_column, late } => Box::new(window::Window {
            windows: Windows::new(*window).ok_or_else(|| Error::internal("a window of impossible size"))?,
            time_column: *time_column,
            lateness: *late,
            schema,
            late: LateRows::default(),
        }),
        plan::Operator::Aggregate { keys, aggregates, slices: None, close } => {
            plain(node, keys, aggregates, *close, shards)?
        }
        plan::Operator::Aggregate { keys, aggregates, slices: Some(slices), close } => {
            windowed(node, keys, aggregates, slices, *close, shards)?
        }
        plan::Operator::Union => Box::new(union::Union { schema }),
    })
}

/// The operator's name, as EXPLAIN and `millstream.operators` show it.
pub(crate) fn name(node: &Node) -> String {
    match &node.operator {
        plan::Operator::Source { name, .. } => format!("Source {name}"),
        plan::Operator::Values(_) => "Values".to_owned(),
        plan::Operator::Filter(_) => "Filter".to_owned(),
        plan::Operator::Project(_) => "Project".to_owned(),
        plan::Operator::Window { .. } => "Window".to_owned(),
        plan::Operator::Aggregate { slices: None, .. } => "Aggregate".to_owned(),
        plan::Operator::Aggregate { slices: Some(_), .. } => "Windowed Aggregate".to_owned(),
        plan::Operator::Union => "Union".to_owned(),
    }
}

fn plain(
    node: &Node,
    keys: &[Arc<dyn PhysicalExpr>],
    aggregates: &[Aggregate],
    close: Option<Close>,
    shards: usize,
) -> Result<Box<dyn Operator>> {
    let input = input_of(node)?;
    let mode = Mode { retractable: !input.append_only, ordered: is_ordered(input) };
    let fields = Schema::new(key_fields(node, keys.len())?);
    let layout = Layout::new(keys.to_vec(), fields, aggregates, &input.schema, mode, keys.is_empty())?;
    let expire = (0..keys.len()).find_map(|key| {
        let (plus_us, lateness) = final_after(input, column_index(&keys[key])?)?;
        Some(Close { key, plus_us, lateness })
    });
    Ok(Box::new(aggregate::Aggregate::new(layout, close, expire, &node.schema, shards)?))
}

fn windowed(
    node: &Node,
    keys: &[Arc<dyn PhysicalExpr>],
    aggregates: &[Aggregate],
    slices: &Slices,
    close: Option<Close>,
    shards: usize,
) -> Result<Box<dyn Operator>> {
    let input = input_of(node)?;
    if slices.parts.len() != keys.len() || slices.parts.iter().all(Option::is_none) {
        return Err(Error::internal("a windowed aggregate whose keys name no window"));
    }
    let time_type = match input.schema.fields().get(slices.time_column) {
        Some(field) => field.data_type().clone(),
        None => return Err(Error::internal("a windowed aggregate without its time column")),
    };
    let tumble = slices.window.slide_us == slices.window.size_us;
    // A HOP that emits on update merges each step's slices into its windows: a float sum would depend on the cuts.
    let ordered = is_ordered(input) && (tumble || close.is_some());
    let mode = Mode { retractable: !input.append_only, ordered };
    let ordinary = |index: &usize| slices.parts[*index].is_none();
    let kept: Vec<usize> = (0..keys.len()).filter(ordinary).collect();
    let fields = key_fields(node, keys.len())?;
    let fields = Schema::new(kept.iter().map(|index| fields[*index].clone()).collect::<Vec<_>>());
    let keys = kept.iter().map(|index| Arc::clone(&keys[*index])).collect();
    let layout = Layout::new(keys, fields, aggregates, &input.schema, mode, false)?;
    Ok(Box::new(slices::Slices::new(layout, slices, close, time_type, &node.schema, shards)?))
}

/// When a node's rows with a value v in a column neither come nor go any more: once `v + plus_us` is closed by the
/// lateness. Only windows that leave late rows out, and what passes them on, can say.
fn final_after(node: &Node, column: usize) -> Option<(i64, Lateness)> {
    let before_end = |part: WindowPart, window: &Window| match part {
        WindowPart::Start => window.size_us,
        WindowPart::End => 0,
        WindowPart::Time => WINDOW_TIME_BEFORE_END_US,
    };
    match &node.operator {
        plan::Operator::Source { .. } | plan::Operator::Values(_) => None,
        plan::Operator::Filter(_) => final_after(node.inputs.first()?, column),
        plan::Operator::Project(expressions) => {
            final_after(node.inputs.first()?, column_index(expressions.get(column)?)?)
        }
        plan::Operator::Window { window, late, .. } => {
            let input = node.inputs.first()?;
            let parts = [WindowPart::Start, WindowPart::End, WindowPart::Time];
            match column.checked_sub(input.schema.fields().len()) {
                Some(place) => Some((before_end(*parts.get(place)?, window), (*late)?)),
                None => final_after(input, column),
            }
        }
        plan::Operator::Aggregate { slices: Some(slices), close, .. } => {
            let part = (*slices.parts.get(column)?)?;
            // What closes comes no earlier than it closes.
            let lateness = close.map(|close| close.lateness).or(slices.late)?;
            Some((before_end(part, &slices.window), lateness))
        }
        plan::Operator::Aggregate { close: Some(close), .. } => {
            (close.key == column).then_some((close.plus_us, close.lateness))
        }
        plan::Operator::Aggregate { keys, close: None, .. } => {
            final_after(node.inputs.first()?, column_index(keys.get(column)?)?)
        }
        plan::Operator::Union => {
            let first = final_after(node.inputs.first()?, column)?;
            let same = node.inputs.iter().all(|input| final_after(input, column) == Some(first));
            same.then_some(first)
        }
    }
}

fn column_index(expression: &Arc<dyn PhysicalExpr>) -> Option<usize> {
    expression.downcast_ref::<Column>().map(Column::index)
}

/// Whether the rows come in one order however the log is cut: those of one stream, with nothing that gathers.
fn is_ordered(node: &Node) -> bool {
    match &node.operator {
        plan::Operator::Source { .. } | plan::Operator::Values(_) => true,
        plan::Operator::Union | plan::Operator::Aggregate { .. } => false,
        _ => node.inputs.iter().all(is_ordered),
    }
}

fn input_of(node: &Node) -> Result<&Node> {
    match node.inputs.as_slice() {
        [input] => Ok(input),
        inputs => Err(Error::internal(format!("an aggregate of {} inputs", inputs.len()))),
    }
}

fn key_fields(node: &Node, count: usize) -> Result<Vec<Field>> {
    let fields = node.schema.fields();
    match fields.get(..count) {
        Some(keys) => Ok(keys.iter().map(|field| field.as_ref().clone()).collect()),
        None => Err(Error::internal("an aggregate's output has fewer columns than it has keys")),
    }
}
