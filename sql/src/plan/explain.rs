//! Flow plans as text, for EXPLAIN: the tree, and what each operator promises and keeps.
//!
//! ```text
//! Project: window_end, n                       [append-only; key (window_end); watermark window_end - 4s]
//!   Aggregate: slices of TUMBLE(size=1h) …     …
//!     Source: flights (origin, time)           …
//! ```

use std::fmt::Write;
use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;

use crate::plan::{Aggregate, AggregateFunction, FlowPlan, Lateness, Node, Operator, WindowPart};
use crate::windows::{WINDOW_END, WINDOW_START, WINDOW_TIME, duration_text};

/// The plan, one line an operator, the inputs indented below.
pub fn explain_flow(plan: &FlowPlan) -> String {
    let mut text = String::new();
    write_node(&plan.root, 0, &mut text);
    text.truncate(text.trim_end().len());
    text
}

/// What an operator does, on one line, without its properties.
pub fn operator_text(node: &Node) -> String {
    let input = node.inputs.first().map(|input| input.schema.as_ref());
    let empty = Schema::empty();
    let input = input.unwrap_or(&empty);
    match &node.operator {
        Operator::Source { name, .. } => format!("Source: {name} ({})", names(&node.schema)),
        Operator::Values(batch) => format!("Values: {} rows ({})", batch.num_rows(), names(&node.schema)),
        Operator::Filter(predicate) => format!("Filter: {}", expression(predicate)),
        Operator::Project(columns) => {
            let column = |(expr, field): (&Arc<dyn PhysicalExpr>, &Arc<arrow::datatypes::Field>)| {
                let text = expression(expr);
                if text == *field.name() { text } else { format!("{text} AS {}", field.name()) }
            };
            let columns: Vec<String> = columns.iter().zip(node.schema.fields()).map(column).collect();
            format!("Project: {}", columns.join(", "))
        }
        Operator::Window { window, time_column, late } => {
            format!("Window: {window} on {}{}", input.field(*time_column).name(), late_text(late.as_ref()))
        }
        Operator::Aggregate { keys, aggregates, slices, close } => {
            let part =
                |index: usize| slices.as_ref().and_then(|slices| slices.parts.get(index).copied().flatten());
            let key = |(index, key): (usize, &Arc<dyn PhysicalExpr>)| match part(index) {
                Some(WindowPart::Start) => WINDOW_START.to_owned(),
                Some(WindowPart::End) => WINDOW_END.to_owned(),
                Some(WindowPart::Time) => WINDOW_TIME.to_owned(),
                None => expression(key),
            };
            let keys: Vec<String> = keys.iter().enumerate().map(key).collect();
            let calls: Vec<String> = aggregates.iter().map(call_text).collect();
            let mut text = match (keys.is_empty(), calls.is_empty()) {
                (_, true) => format!("Distinct: {}", keys.join(", ")),
                (true, false) => format!("Aggregate: {}", calls.join(", ")),
                (false, false) => format!("Aggregate: {} by {}", calls.join(", "), keys.join(", ")),
            };
            if let Some(slices) = slices {
                let time = input.field(slices.time_column).name();
                let late = late_text(slices.late.as_ref());
                let _ = write!(text, "; slices of {} on {time}{late}", slices.window);
            }
            if let Some(close) = close {
                let mut end = node.schema.field(close.key).name().clone();
                let behind = close.plus_us.saturating_add(close.lateness.allowed_us);
                if behind != 0 {
                    let _ = write!(end, " + {}", duration_text(behind));
                }
                let _ = write!(text, "; once watermark{} >= {end}", minus(close.lateness.delay_us));
            }
            text
        }
        Operator::Union => "Union".to_owned(),
    }
}

/// What is kept for an operator, in words; None where nothing is.
pub fn state_text(node: &Node) -> Option<String> {
    let Operator::Aggregate { keys, aggregates, slices, close } = &node.operator else { return None };
    let groups = match (keys.is_empty(), slices.is_some()) {
        (true, _) => "one group",
        (false, true) => "groups by slice",
        (false, false) => "groups",
    };
    let updating = node.inputs.first().is_some_and(|input| !input.append_only);
    let values = aggregates.iter().any(|call| {
        call.distinct
            || (updating && matches!(call.function, AggregateFunction::Min | AggregateFunction::Max))
    });
    let what = if values { format!("{groups} with their values") } else { groups.to_owned() };
    Some(if close.is_some() { format!("{what}, until they close") } else { what })
}

fn write_node(node: &Node, depth: usize, text: &mut String) {
    let _ = write!(text, "{}{} [", "  ".repeat(depth), operator_text(node));
    text.push_str(if node.append_only { "append-only" } else { "updating" });
    let field = |column: usize| node.schema.field(column).name();
    if let Some(key) = &node.key {
        let columns: Vec<&str> = key.iter().map(|column| field(*column).as_str()).collect();
        let _ = write!(text, "; key ({})", columns.join(", "));
    }
    let marks: Vec<String> = node
        .watermarks
        .iter()
        .map(|mark| format!("{}{}", field(mark.column), minus(mark.delay_us)))
        .collect();
    if !marks.is_empty() {
        let _ = write!(text, "; watermark {}", marks.join(", "));
    }
    if let Some(state) = state_text(node) {
        let _ = write!(text, "; state: {state}");
    }
    text.push_str("]\n");
    for input in &node.inputs {
        write_node(input, depth + 1, text);
    }
}

fn names(schema: &Schema) -> String {
    schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ")
}

fn minus(delay_us: i64) -> String {
    if delay_us == 0 { String::new() } else { format!(" - {}", duration_text(delay_us)) }
}

fn late_text(late: Option<&Lateness>) -> String {
    match late {
        None => String::new(),
        Some(late) if late.allowed_us == 0 => ", late rows left out".to_owned(),
        Some(late) => format!(", rows later than {} left out", duration_text(late.allowed_us)),
    }
}

/// An aggregate as SQL: `count(DISTINCT bidder) FILTER (WHERE price > 5)`.
pub fn call_text(call: &Aggregate) -> String {
    let arguments: Vec<String> = call.arguments.iter().map(expression).collect();
    let arguments = if arguments.is_empty() { "*".to_owned() } else { arguments.join(", ") };
    let distinct = if call.distinct { "DISTINCT " } else { "" };
    let name = call.any.as_ref().map_or(call.function.name(), |any| any.name.as_str());
    let mut text = format!("{name}({distinct}{arguments})");
    if let Some(filter) = &call.filter {
        let _ = write!(text, " FILTER (WHERE {})", expression(filter));
    }
    text
}

/// An expression with columns by name only.
fn expression(expr: &Arc<dyn PhysicalExpr>) -> String {
    let bare = Arc::clone(expr).transform_up(|part| {
        let Some(column) = part.downcast_ref::<Column>() else { return Ok(Transformed::no(part)) };
        let named: Arc<dyn PhysicalExpr> =
            Arc::new(datafusion::physical_expr::expressions::UnKnownColumn::new(column.name()));
        Ok(Transformed::yes(named))
    });
    let text = match bare {
        Ok(bare) => bare.data.to_string(),
        Err(_) => expr.to_string(),
    };
    crate::functions::scalar::plain_names(&text).into_owned()
}

impl AggregateFunction {
    /// Its SQL name.
    pub fn name(self) -> &'static str {
        match self {
            AggregateFunction::Count => "count",
            AggregateFunction::Sum => "sum",
            AggregateFunction::Avg => "avg",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
            AggregateFunction::BoolAnd => "bool_and",
            AggregateFunction::BoolOr => "bool_or",
            AggregateFunction::VarSamp => "var_samp",
            AggregateFunction::VarPop => "var_pop",
            AggregateFunction::StddevSamp => "stddev_samp",
            AggregateFunction::StddevPop => "stddev_pop",
            AggregateFunction::Any => "any",
        }
    }
}
