//! TUMBLE and HOP in FROM, in both spellings:
//! `TUMBLE(bids, date_time, INTERVAL '10 seconds')` and
//! `TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND))`, which adds `window_time`.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Column, DFSchema, ExprSchema, ScalarValue};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::planner::{
    PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, LogicalPlanBuilder};
use datafusion::sql::sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, ObjectName,
    ObjectNamePart, Spanned, TableAlias, TableFactor, TableFunctionArgs,
};
use std::sync::Arc;

use crate::analyze;
use crate::dialect::fold_identifier;
use crate::error::{SqlError, SqlState};
use crate::flow_plan::Window;
use crate::functions::wrapped;
use crate::types::{timestamp, type_name};
use crate::window::{WINDOW_END, WINDOW_START, WINDOW_TIME, WindowNode};

/// Most windows that a row may be in.
const MAX_WINDOWS_PER_ROW: i64 = 10_000;

/// Whether a function in FROM is one of the window functions, built or not.
pub(super) fn is_window_function(name: &str) -> bool {
    matches!(name, "tumble" | "hop" | "cumulate" | "session")
}

/// `TABLE(TUMBLE(…))` as `TUMBLE(…)` with its time column in a DESCRIPTOR.
pub(super) fn flink_spelling(factor: &TableFactor) -> Option<TableFactor> {
    let TableFactor::TableFunction { expr: ast::Expr::Function(function), alias } = factor else {
        return None;
    };
    let name = function.name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier)?;
    let FunctionArguments::List(list) = &function.args else { return None };
    if !is_window_function(&name) {
        return None;
    }
    let mut args = list.args.clone();
    if let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(time))) = args.get_mut(1)
        && descriptor(time).is_none()
    {
        *time = make_descriptor(time.clone());
    }
    Some(table_factor(function.name.clone(), alias.clone(), Some(TableFunctionArgs { args, settings: None })))
}

fn table_factor(name: ObjectName, alias: Option<TableAlias>, args: Option<TableFunctionArgs>) -> TableFactor {
    TableFactor::Table {
        name,
        alias,
        args,
        with_hints: vec![],
        version: None,
        with_ordinality: false,
        partitions: vec![],
        json_path: None,
        sample: None,
        index_hints: vec![],
    }
}

fn make_descriptor(column: ast::Expr) -> ast::Expr {
    let arguments = FunctionArgumentList {
        duplicate_treatment: None,
        args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(column))],
        clauses: vec![],
    };
    ast::Expr::Function(ast::Function {
        name: ObjectName::from(vec![Ident::new("descriptor")]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(arguments),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}

/// The column in `DESCRIPTOR(column)`.
fn descriptor(expr: &ast::Expr) -> Option<&ast::Expr> {
    let ast::Expr::Function(function) = expr else { return None };
    let name = function.name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier)?;
    let FunctionArguments::List(list) = &function.args else { return None };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(column))] if name == "descriptor" => Some(column),
        _ => None,
    }
}

/// Plans the window functions.
#[derive(Debug)]
pub(super) struct WindowFunctions;

impl RelationPlanner for WindowFunctions {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let TableFactor::Table { name, args: Some(args), alias, .. } = &relation else {
            return Ok(RelationPlanning::Original(Box::new(relation)));
        };
        let function =
            name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier).unwrap_or_default();
        if !is_window_function(&function) {
            return Ok(RelationPlanning::Original(Box::new(relation)));
        }
        let plan = window(&function, &args.args, context)?;
        let name = Ident::with_quote('"', &function);
        let alias = alias.clone().unwrap_or(TableAlias { explicit: true, name, columns: vec![], at: None });
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, Some(alias)))))
    }
}

fn usage(function: &str) -> &'static str {
    match function {
        "tumble" => "TUMBLE(relation, time_column, size [, offset])",
        _ => "HOP(relation, time_column, slide, size [, offset])",
    }
}

fn window(
    function: &str,
    args: &[FunctionArg],
    context: &mut dyn RelationPlannerContext,
) -> Result<LogicalPlan> {
    if matches!(function, "cumulate" | "session") {
        let message = format!("{} is not built yet", function.to_uppercase());
        return Err(wrapped(SqlError::unsupported(message, "built are TUMBLE and HOP")));
    }
    let mut expressions = vec![];
    for arg in args {
        match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => expressions.push(expr.clone()),
            _ => {
                let message = format!("{} takes its arguments by position", function.to_uppercase());
                return Err(wrapped(SqlError::unsupported(message, usage(function))));
            }
        }
    }
    let lengths = if function == "tumble" { 1 } else { 2 };
    if expressions.len() < 2 + lengths || expressions.len() > 3 + lengths {
        let message = format!("function {function} does not exist with {} arguments", expressions.len());
        return Err(wrapped(SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function))));
    }
    let input = input(function, &expressions[0], context)?;
    let with_window_time = descriptor(&expressions[1]).is_some();
    let (input, time) = time_column(function, input, &expressions[1], context)?;
    let mut spans = vec![];
    for expr in &expressions[2..] {
        spans.push(span_us(function, expr, context)?);
    }
    let refuse = |message: String| Err(wrapped(SqlError::new(SqlState::InvalidParameterValue, message)));
    let upper = function.to_uppercase();
    if spans[..lengths].iter().any(|span| *span <= 0) {
        return refuse(format!(
            "the {} of {upper} must be positive",
            if lengths == 1 { "size" } else { "slide and size" }
        ));
    }
    let (slide_us, size_us) = if lengths == 1 { (spans[0], spans[0]) } else { (spans[0], spans[1]) };
    if slide_us > size_us {
        return refuse(format!("the slide of {upper} must not be greater than its size"));
    }
    if size_us / slide_us > MAX_WINDOWS_PER_ROW {
        let message = format!("{upper} would put each row into more than {MAX_WINDOWS_PER_ROW} windows");
        return Err(wrapped(
            SqlError::new(SqlState::ProgramLimit, message).with_hint("make the slide longer"),
        ));
    }
    let offset_us = spans.get(lengths).copied().unwrap_or(0).rem_euclid(slide_us);
    let window = Window { slide_us, size_us, offset_us, with_window_time };
    for name in [WINDOW_START, WINDOW_END, WINDOW_TIME].iter().take(window.column_names().len()) {
        if input.schema().fields().iter().any(|field| field.name() == name) {
            let message = format!("{upper} would give two columns named \"{name}\"");
            let hint = "rename the input's column: TUMBLE((SELECT window_start AS start, … FROM …), …)";
            return Err(wrapped(SqlError::new(SqlState::DuplicateColumn, message).with_hint(hint)));
        }
    }
    let node = WindowNode::try_new(input, time, window)?;
    Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
}

/// The relation that is windowed: a name or a subquery.
fn input(function: &str, expr: &ast::Expr, context: &mut dyn RelationPlannerContext) -> Result<LogicalPlan> {
    let name = match expr {
        ast::Expr::Identifier(name) => ObjectName::from(vec![name.clone()]),
        ast::Expr::CompoundIdentifier(names) => ObjectName::from(names.clone()),
        ast::Expr::Subquery(query) => {
            return context.plan(TableFactor::Derived {
                lateral: false,
                subquery: query.clone(),
                alias: None,
                sample: None,
            });
        }
        _ => {
            let message = format!("the first argument of {} must be a relation", function.to_uppercase());
            let error = SqlError::new(SqlState::UndefinedFunction, message);
            return Err(wrapped(error.with_hint(usage(function))));
        }
    };
    context.plan(table_factor(name, None, None))
}

/// The event-time column, and the input with that column in microseconds.
fn time_column(
    function: &str,
    input: LogicalPlan,
    expr: &ast::Expr,
    context: &mut dyn RelationPlannerContext,
) -> Result<(LogicalPlan, Column)> {
    let expr = descriptor(expr).unwrap_or(expr);
    if !matches!(expr, ast::Expr::Identifier(_) | ast::Expr::CompoundIdentifier(_)) {
        let message =
            format!("the second argument of {} must be a column of its input", function.to_uppercase());
        return Err(wrapped(SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function))));
    }
    let Expr::Column(column) = context.sql_to_expr(expr.clone(), input.schema())? else {
        return Err(wrapped(SqlError::internal("a column name that is no column")));
    };
    let field = input.schema().field_from_column(&column);
    let Ok(field) = field else {
        let span = datafusion::common::Span::try_from_sqlparser_span(expr.span());
        let message = format!("column \"{}\" does not exist", column.name);
        let diagnostic = datafusion::common::Diagnostic::new_error(message.clone(), span);
        let error = wrapped(SqlError::new(SqlState::UndefinedColumn, message));
        return Err(error.with_diagnostic(diagnostic));
    };
    match field.data_type().clone() {
        DataType::Timestamp(TimeUnit::Microsecond, _) => Ok((input, column)),
        DataType::Timestamp(_, zone) => {
            let to = DataType::Timestamp(TimeUnit::Microsecond, zone);
            microseconds(input, column, &to)
        }
        DataType::Date32 => microseconds(input, column, &timestamp()),
        other => {
            let message = format!(
                "the time column of {} must be a timestamp, but \"{}\" is of type {}",
                function.to_uppercase(),
                column.name,
                type_name(&other)
            );
            Err(wrapped(SqlError::new(SqlState::DatatypeMismatch, message)))
        }
    }
}

fn microseconds(input: LogicalPlan, time: Column, to: &DataType) -> Result<(LogicalPlan, Column)> {
    let index = input.schema().index_of_column(&time)?;
    let schema = Arc::clone(input.schema());
    let columns = schema.iter().enumerate().map(|(at, (qualifier, field))| {
        let column = Expr::from((qualifier, field));
        if at != index {
            return column;
        }
        datafusion::logical_expr::cast(column, to.clone()).alias_qualified(qualifier.cloned(), field.name())
    });
    let plan = LogicalPlanBuilder::from(input).project(columns.collect::<Vec<_>>())?.build()?;
    let column = Column::from(plan.schema().qualified_field(index));
    Ok((plan, column))
}

/// A constant interval of fixed length, in microseconds.
fn span_us(function: &str, expr: &ast::Expr, context: &mut dyn RelationPlannerContext) -> Result<i64> {
    let upper = function.to_uppercase();
    let schema = DFSchema::empty();
    let mismatch = |what: String| {
        let message = format!("the lengths of {upper} must be constant intervals, not {what}");
        wrapped(SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function)))
    };
    let planned = context.sql_to_expr(expr.clone(), &schema).map_err(|error| match error {
        error @ DataFusionError::External(_) => error,
        _ => mismatch(format!("\"{expr}\"")),
    })?;
    let value = match analyze::constant(planned, &schema)? {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => {
            crate::types::literal(&text, &DataType::Interval(arrow::datatypes::IntervalUnit::MonthDayNano))
                .map_err(wrapped)?
        }
        Expr::Literal(value, _) => value,
        _ => return Err(mismatch(format!("\"{expr}\""))),
    };
    match value {
        ScalarValue::IntervalMonthDayNano(Some(interval)) => {
            if interval.months != 0 {
                let message = format!("{upper} takes no months or years, whose lengths differ");
                let hint = "give the length in days, hours, minutes or seconds";
                return Err(wrapped(SqlError::unsupported(message, hint)));
            }
            let us = i128::from(interval.days) * 86_400_000_000 + i128::from(interval.nanoseconds) / 1000;
            i64::try_from(us).map_err(|_| {
                wrapped(SqlError::new(
                    SqlState::InvalidParameterValue,
                    format!("a length of {upper} is too large"),
                ))
            })
        }
        ScalarValue::IntervalDayTime(Some(interval)) => {
            Ok(i64::from(interval.days) * 86_400_000_000 + i64::from(interval.milliseconds) * 1000)
        }
        other => Err(mismatch(type_name(&other.data_type()))),
    }
}
