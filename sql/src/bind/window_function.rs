//! TUMBLE and HOP in FROM, in both spellings:
//! `TUMBLE(bids, date_time, INTERVAL '10 seconds')` and
//! `TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND))`, which adds `window_time`.

use std::sync::Arc;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan};
use datafusion::sql::sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, ObjectName,
    ObjectNamePart, TableAlias, TableFactor, TableFunctionArgs,
};
use millstream_catalog::{Kind, SqlType};

use super::from::From;
use super::planner::{Clause, Level, Planner};
use super::scope::Scope;
use super::sets::plain_arguments;
use super::typed::Typed;
use crate::analyze;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;
use crate::types::interval::Interval;
use crate::types::names::format_type;
use crate::windows::{WINDOW_END, WINDOW_START, WINDOW_TIME, Window, WindowNode};

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

fn usage(function: &str) -> &'static str {
    match function {
        "tumble" => "TUMBLE(relation, time_column, size [, offset])",
        _ => "HOP(relation, time_column, slide, size [, offset])",
    }
}

impl Planner<'_, '_> {
    /// TUMBLE and HOP in FROM.
    pub fn window_item(
        &mut self,
        function: &str,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
    ) -> SqlResult<From> {
        let upper = function.to_uppercase();
        if matches!(function, "cumulate" | "session") {
            let message = format!("{upper} is not built yet");
            return Err(SqlError::unsupported(message, "built are TUMBLE and HOP"));
        }
        let Some(expressions) = plain_arguments(args) else {
            let message = format!("{upper} takes its arguments by position");
            return Err(SqlError::unsupported(message, usage(function)));
        };
        let lengths = if function == "tumble" { 1 } else { 2 };
        if expressions.len() < 2 + lengths || expressions.len() > 3 + lengths {
            let message = format!("function {function} does not exist with {} arguments", expressions.len());
            return Err(SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function)));
        }
        let Some(input) = self.window_input(&expressions[0])? else {
            let message = format!("the first argument of {upper} must be a relation");
            return Err(SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function)));
        };
        let with_window_time = descriptor(&expressions[1]).is_some();
        let (plan, scope, time) = self.time_column(function, input, &expressions[1])?;
        let mut spans = vec![];
        for expr in &expressions[2..] {
            spans.push(self.span_us(function, expr)?);
        }
        let refuse = |message: String| Err(SqlError::new(SqlState::InvalidParameterValue, message));
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
            return Err(SqlError::new(SqlState::ProgramLimit, message).with_hint("make the slide longer"));
        }
        let offset_us = spans.get(lengths).copied().unwrap_or(0).rem_euclid(slide_us);
        let window = Window { slide_us, size_us, offset_us, with_window_time };
        let added: Vec<&str> =
            [WINDOW_START, WINDOW_END, WINDOW_TIME].into_iter().take(window.column_names().len()).collect();
        for name in &added {
            if scope.columns.iter().any(|column| column.name == *name) {
                let message = format!("{upper} would give two columns named \"{name}\"");
                let hint = "rename the input's column: TUMBLE((SELECT window_start AS start, … FROM …), …)";
                return Err(SqlError::new(SqlState::DuplicateColumn, message).with_hint(hint));
            }
        }
        let Expr::Column(column) = &time.expr else {
            return Err(SqlError::internal("a time column that is no column"));
        };
        let node = WindowNode::try_new(plan, column.clone(), window).map_err(|error| self.error(&error))?;
        let plan = LogicalPlan::Extension(Extension { node: Arc::new(node) });
        let name = alias.map_or_else(|| function.to_owned(), |alias| fold_identifier(&alias.name));
        self.windowed(plan, scope, &added, &time, &name, alias)
    }

    /// The event-time column, and the input with that column as a timestamp.
    fn time_column(
        &mut self,
        function: &str,
        input: From,
        expr: &ast::Expr,
    ) -> SqlResult<(LogicalPlan, Scope, Typed)> {
        let upper = function.to_uppercase();
        let expr = descriptor(expr).unwrap_or(expr);
        if !matches!(expr, ast::Expr::Identifier(_) | ast::Expr::CompoundIdentifier(_)) {
            let message = format!("the second argument of {upper} must be a column of its input");
            return Err(SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function)));
        }
        self.levels.push(Level::new(input.scope.clone(), Clause::From));
        let time = self.expr(expr);
        self.levels.pop();
        let time = time?;
        match time.sql_type.kind() {
            Some(Kind::Timestamp | Kind::Timestamptz)
                if matches!(time.data_type, DataType::Timestamp(TimeUnit::Microsecond, _)) =>
            {
                Ok((input.plan, input.scope, time))
            }
            Some(Kind::Date) => {
                // The column becomes a timestamp, under its own name.
                let (mut columns, mut scope) = (vec![], input.scope);
                let mut cast = None;
                for column in input.plan.schema().columns() {
                    if Expr::Column(column.clone()) == time.expr {
                        let typed = self.coerce(time.clone(), &Kind::Timestamp.into(), Context::Implicit)?;
                        columns.push(typed.expr.alias_qualified(column.relation.clone(), &column.name));
                        cast = Some(Typed::new(Expr::Column(column), Kind::Timestamp));
                    } else {
                        columns.push(Expr::Column(column));
                    }
                }
                let Some(cast) = cast else { return Err(SqlError::internal("no time column")) };
                let plan = self.project(input.plan, columns)?;
                let renew = |column: &mut super::scope::ScopeColumn| {
                    if column.typed.expr == cast.expr {
                        column.typed = cast.clone();
                    }
                };
                scope.columns.iter_mut().for_each(renew);
                scope.items.iter_mut().for_each(|item| item.columns.iter_mut().for_each(renew));
                Ok((plan, scope, cast))
            }
            _ => {
                let message = format!(
                    "the time column of {upper} must be a timestamp, but \"{expr}\" is of type {}",
                    format_type(&time.sql_type)
                );
                Err(SqlError::new(SqlState::DatatypeMismatch, message))
            }
        }
    }

    /// A constant interval of fixed length, in microseconds.
    fn span_us(&mut self, function: &str, expr: &ast::Expr) -> SqlResult<i64> {
        let upper = function.to_uppercase();
        let mismatch = |what: String| {
            let message = format!("the lengths of {upper} must be constant intervals, not {what}");
            SqlError::new(SqlState::UndefinedFunction, message).with_hint(usage(function))
        };
        self.levels.push(Level::new(Scope::default(), Clause::From));
        let bound = self.expr(expr);
        self.levels.pop();
        let bound = match bound {
            Ok(bound) => bound,
            Err(error) if error.state == SqlState::UndefinedColumn => {
                return Err(mismatch(format!("\"{expr}\"")));
            }
            Err(error) => return Err(error),
        };
        let interval: SqlType = Kind::Interval.into();
        if !bound.is_unknown() && !bound.is(Kind::Interval) {
            return Err(mismatch(format_type(&bound.sql_type)));
        }
        let bound = self.coerce(bound, &interval, Context::Implicit)?;
        let folded = analyze::folded(bound.expr, &DFSchema::empty()).map_err(|error| self.error(&error))?;
        match folded {
            Expr::Literal(ScalarValue::IntervalMonthDayNano(Some(interval)), _) => {
                if interval.months != 0 {
                    let message = format!("{upper} takes no months or years, whose lengths differ");
                    let hint = "give the length in days, hours, minutes or seconds";
                    return Err(SqlError::unsupported(message, hint));
                }
                let us = Interval::of_stored(interval).length();
                i64::try_from(us).map_err(|_| {
                    let message = format!("a length of {upper} is too large");
                    SqlError::new(SqlState::InvalidParameterValue, message)
                })
            }
            _ => Err(mismatch(format!("\"{expr}\""))),
        }
    }
}

#[allow(unused_imports)]
use Column as _;
