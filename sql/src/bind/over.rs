//! `f(…) OVER (…)`: calls of window functions and their windows.

use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::{Case, Sort};
use datafusion::sql::sqlparser::ast::{self, FunctionArgExpr};
use millstream_catalog::{Kind, SqlType};

use super::call::Written;
use super::convert;
use super::overload::{no_function, undetermined};
use super::planner::{Clause, Collected, Planner};
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::all;
use crate::functions::ordered_set::{self, hypothetical::Hypothetical};
use crate::functions::registry::Class;
use crate::text::dialect::fold_identifier;
use crate::text::frames;
use crate::types::cast::{Context, cast_method};
use crate::windows::over::{Call, Exclusion, Frame, Function, Key, Parts};

/// A window: what a call's expressions are without its arguments.
#[derive(Debug, Clone)]
struct Window {
    parts: Parts,
    order: Vec<Key>,
    frame: Frame,
}

impl Planner<'_, '_> {
    /// `f(…) OVER (…)`
    pub fn window_call(&mut self, written: &Written<'_>) -> SqlResult<Typed> {
        match self.clause() {
            Clause::Select | Clause::OrderBy => {}
            Clause::Aggregate => {
                let message = "aggregate function calls cannot contain window function calls";
                return Err(SqlError::new(SqlState::GroupingError, message));
            }
            Clause::Window => return Err(windowing("window function calls cannot be nested")),
            clause => {
                let message = format!("window functions are not allowed in {}", clause.words());
                return Err(windowing(message));
            }
        }
        let Some(over) = written.over else { return Err(SqlError::internal("no OVER")) };
        let spec = self.window_spec(over)?;
        let function = Function::by_name(&written.name);
        check_clauses(written, function.is_none())?;
        let is_aggregate = function.is_none()
            && (all().rows(&written.name).iter().any(|row| row.class == Class::Aggregate)
                || self.binder.functions.aggregate(&written.name).is_some());
        let window = self.within(Clause::Window, |planner| planner.window(&spec))?;
        let star = matches!(written.args.as_slice(), [(None, FunctionArgExpr::Wildcard)]);
        let args = self.within(
            Clause::Window,
            |planner| {
                if star { Ok(vec![]) } else { planner.arguments(written) }
            },
        )?;
        if let Some(function) = function {
            let (arguments, returns) = self.window_arguments(&function, args)?;
            return self.over(function, arguments, None, returns, written.nulls, window);
        }
        if !is_aggregate {
            return Err(self.no_window_function(&written.name, &args));
        }
        let filter = match written.filter {
            Some(filter) => Some(self.within(Clause::Window, |planner| {
                let filter = planner.expr(filter)?;
                Ok(planner.boolean(filter, "FILTER")?.expr)
            })?),
            None => None,
        };
        // The quotient of two windows, for what is exact only so.
        if written.name == "avg"
            && let [argument] = args.as_slice()
            && (matches!(argument.sql_type.kind(), Some(Kind::Int2 | Kind::Int4 | Kind::Int8))
                || argument.decimal().is_some_and(|(precision, _)| precision <= 28))
        {
            return self.window_average(args.clone(), filter, window);
        }
        let resolved = self.resolved(written, args, vec![])?;
        let function = Function::Aggregate(resolved.function);
        let arguments = match &filter {
            Some(filter) => {
                resolved.args.into_iter().map(|argument| where_passed(argument, filter)).collect()
            }
            None => resolved.args,
        };
        self.over(function, arguments, filter, resolved.returns, None, window)
    }

    fn no_window_function(&self, name: &str, args: &[Typed]) -> SqlError {
        if all().rows(name).is_empty() && self.binder.functions.scalar(name).is_none() {
            let types: Vec<SqlType> = args.iter().map(|arg| arg.sql_type.clone()).collect();
            return no_function(name, &types);
        }
        let message =
            format!("OVER specified, but {name} is not a window function nor an aggregate function");
        SqlError::new(SqlState::WrongObjectType, message)
    }

    /// Puts a call beside those of its query, or finds it there.
    fn over(
        &mut self,
        function: Function,
        arguments: Vec<Expr>,
        filter: Option<Expr>,
        returns: Typed,
        nulls: Option<ast::NullTreatment>,
        window: Window,
    ) -> SqlResult<Typed> {
        let name_of = function.name().to_owned();
        let Window { parts, order, frame } = window;
        let parts = Parts { arguments, filter, ..parts };
        let mut call = Call::new(function, frame, returns.sql_type.clone(), returns.data_type.clone());
        call.order = order;
        call.ignores_nulls = matches!(nulls, Some(ast::NullTreatment::IgnoreNulls));
        let expr = call.with_parts(parts);
        let known =
            self.level().windows.iter().find(|known| known.expr == expr).map(|known| known.name.clone());
        let name = match known {
            Some(name) => name,
            None => {
                let name = self.fresh(&name_of);
                let typed = returns.clone();
                self.level().windows.push(Collected { expr, name: name.clone(), typed });
                name
            }
        };
        Ok(returns.with(Expr::Column(Column::new_unqualified(name))))
    }

    fn window_average(&mut self, args: Vec<Typed>, filter: Option<Expr>, window: Window) -> SqlResult<Typed> {
        let mut parts = vec![];
        for name in ["sum", "count"] {
            let resolved = self.native_aggregate(name, args.clone(), false)?;
            let function = Function::Aggregate(resolved.function);
            let part =
                self.over(function, resolved.args, filter.clone(), resolved.returns, None, window.clone())?;
            let part = self.coerce(part, &Kind::Numeric.into(), Context::Implicit)?;
            parts.push(self.wide(part)?);
        }
        let (Some(count), Some(sum)) = (parts.pop(), parts.pop()) else {
            return Err(SqlError::internal("an average without parts"));
        };
        let zero = convert::numeric_constant(&crate::types::numeric::Numeric::parse("0")?);
        let zero = self.wide(zero)?;
        let count = self.nullif_expr(count, zero)?;
        self.operator("/", vec![sum, count])
    }

    /// The definition of a window, that of its name included.
    fn window_spec(&mut self, over: &ast::WindowType) -> SqlResult<ast::WindowSpec> {
        match over {
            ast::WindowType::NamedWindow(name) => self.named_window(&fold_identifier(name)),
            ast::WindowType::WindowSpec(spec) => match &spec.window_name {
                None => Ok(spec.clone()),
                Some(name) => {
                    let name = fold_identifier(name);
                    let base = self.named_window(&name)?;
                    let (exclusion, partition): (Vec<ast::Expr>, Vec<ast::Expr>) =
                        spec.partition_by.iter().cloned().partition(|key| frames::excluded(key).is_some());
                    if !partition.is_empty() {
                        let message = format!("cannot override PARTITION BY clause of window \"{name}\"");
                        return Err(windowing(message));
                    }
                    if !spec.order_by.is_empty() && !base.order_by.is_empty() {
                        let message = format!("cannot override ORDER BY clause of window \"{name}\"");
                        return Err(windowing(message));
                    }
                    if base.window_frame.is_some() {
                        let message = format!("cannot copy window \"{name}\" because it has a frame clause");
                        return Err(windowing(message));
                    }
                    let order_by =
                        if spec.order_by.is_empty() { base.order_by } else { spec.order_by.clone() };
                    Ok(ast::WindowSpec {
                        window_name: None,
                        partition_by: base.partition_by.into_iter().chain(exclusion).collect(),
                        order_by,
                        window_frame: spec.window_frame.clone(),
                    })
                }
            },
        }
    }

    fn named_window(&mut self, name: &str) -> SqlResult<ast::WindowSpec> {
        let found = self.level().named_windows.get(name).cloned();
        match found {
            Some(ast::NamedWindowExpr::WindowSpec(spec)) => {
                self.window_spec(&ast::WindowType::WindowSpec(spec))
            }
            Some(ast::NamedWindowExpr::NamedWindow(other)) => self.named_window(&fold_identifier(&other)),
            None => {
                let message = format!("window \"{name}\" does not exist");
                Err(SqlError::new(SqlState::UndefinedObject, message))
            }
        }
    }

    fn window(&mut self, spec: &ast::WindowSpec) -> SqlResult<Window> {
        let mut parts = Parts::default();
        let mut exclusion = Exclusion::NoOthers;
        for key in &spec.partition_by {
            if let Some(found) = frames::excluded(key) {
                exclusion = match found {
                    "current row" => Exclusion::CurrentRow,
                    "group" => Exclusion::Group,
                    "ties" => Exclusion::Ties,
                    _ => Exclusion::NoOthers,
                };
                continue;
            }
            let key = self.expr(key)?;
            let key =
                if key.is_unknown() { self.coerce(key, &Kind::Text.into(), Context::Implicit)? } else { key };
            self.orderable(&key, "an equality operator")?;
            parts.partition.push(convert::key(key, &self.environment).expr);
        }
        let mut order = vec![];
        for item in &spec.order_by {
            let key = self.expr(&item.expr)?;
            let key =
                if key.is_unknown() { self.coerce(key, &Kind::Text.into(), Context::Implicit)? } else { key };
            self.orderable(&key, "an ordering operator")?;
            let ascending = item.options.asc.unwrap_or(true);
            order.push((key, ascending, item.options.nulls_first.unwrap_or(!ascending)));
        }
        let mut frame = Frame { exclusion, ..Frame::DEFAULT };
        if let Some(written) = &spec.window_frame {
            self.frame(written, &order, &mut frame, &mut parts)?;
        }
        let mut keys = vec![];
        for Sort { expr, asc, nulls_first } in self.sorts(order) {
            parts.order.push(expr);
            keys.push(Key { ascending: asc, nulls_first });
        }
        Ok(Window { parts, order: keys, frame })
    }

    /// The arguments and the answer of the window functions that are no aggregates.
    fn window_arguments(&mut self, function: &Function, args: Vec<Typed>) -> SqlResult<(Vec<Expr>, Typed)> {
        let types: Vec<SqlType> = args.iter().map(|arg| arg.sql_type.clone()).collect();
        let name = function.name();
        let int8 = Typed::literal(ScalarValue::Int64(None), Kind::Int8);
        let float8 = Typed::literal(ScalarValue::Float64(None), Kind::Float8);
        let int4: SqlType = Kind::Int4.into();
        let integer = |planner: &mut Self, typed: Typed| {
            if !typed.is_unknown() && cast_method(&typed.sql_type, &int4, Context::Implicit).is_none() {
                return Err(no_function(name, &types));
            }
            planner.coerce(typed, &int4, Context::Implicit)
        };
        // `anyelement`, but for `lag` and `lead` of three arguments, which are `anycompatible`.
        let settle = |typed: Typed| match typed.is_unknown() {
            true => Err(undetermined()),
            false => Ok(typed),
        };
        let count = args.len();
        let mut args = args.into_iter();
        let mut next = || args.next().unwrap_or_else(Typed::null);
        Ok(match (function, count) {
            (Function::RowNumber | Function::Rank | Function::DenseRank, 0) => (vec![], int8),
            (Function::PercentRank | Function::CumeDist, 0) => (vec![], float8),
            (Function::Ntile, 1) => {
                let buckets = integer(self, next())?;
                (vec![buckets.expr.clone()], Typed::literal(ScalarValue::Int32(None), Kind::Int4))
            }
            (Function::Lag | Function::Lead, 1..=3) => {
                let value = if count == 3 { next() } else { settle(next())? };
                let offset = match count {
                    1 => None,
                    _ => Some(integer(self, next())?),
                };
                let (value, default) = match count {
                    3 => {
                        let pair = self.unify(vec![value, next()], name);
                        let mut pair = pair.map_err(|_| no_function(name, &types))?.into_iter();
                        (pair.next().unwrap_or_else(Typed::null), pair.next())
                    }
                    _ => (value, None),
                };
                let mut list = vec![value.expr.clone()];
                list.extend(offset.map(|offset| offset.expr));
                list.extend(default.map(|default| default.expr));
                (list, value)
            }
            (Function::FirstValue | Function::LastValue, 1) => {
                let value = settle(next())?;
                (vec![value.expr.clone()], value)
            }
            (Function::NthValue, 2) => {
                let value = settle(next())?;
                let place = integer(self, next())?;
                (vec![value.expr.clone(), place.expr], value)
            }
            _ if Hypothetical::by_name(name).is_some() => {
                let message = format!("WITHIN GROUP is required for ordered-set aggregate {name}");
                return Err(SqlError::new(SqlState::WrongObjectType, message));
            }
            _ => return Err(no_function(name, &types)),
        })
    }

    /// `row_number() OVER (PARTITION BY … ORDER BY …)` of keys in key form: a bigint.
    pub fn row_number(&mut self, partition: Vec<Expr>, order: Vec<Sort>) -> Expr {
        numbering(Function::RowNumber, partition, order)
    }

    /// `rank() OVER (ORDER BY …)` of keys in key form: a bigint.
    pub fn ranked(&mut self, order: Vec<Sort>) -> Expr {
        numbering(Function::Rank, vec![], order)
    }
}

fn numbering(function: Function, partition: Vec<Expr>, order: Vec<Sort>) -> Expr {
    let bigint: SqlType = Kind::Int8.into();
    let mut call = Call::new(function, Frame::DEFAULT, bigint.clone(), bigint.data_type());
    let key = |sort: &Sort| Key { ascending: sort.asc, nulls_first: sort.nulls_first };
    call.order = order.iter().map(key).collect();
    let order = order.into_iter().map(|sort| sort.expr).collect();
    call.with_parts(Parts { partition, order, ..Parts::default() })
}

/// Clauses that a call with OVER cannot have.
fn check_clauses(written: &Written<'_>, is_aggregate: bool) -> SqlResult<()> {
    let refuse = |message: String| Err(SqlError::new(SqlState::FeatureNotSupported, message));
    let name = &written.name;
    if !written.within_group.is_empty() || ordered_set::NAMES.contains(&name.as_str()) {
        return refuse(format!("OVER is not supported for ordered-set aggregate {name}"));
    }
    if written.distinct {
        return refuse("DISTINCT is not implemented for window functions".to_owned());
    }
    if !written.order_by.is_empty() {
        return refuse("aggregate ORDER BY is not implemented for window functions".to_owned());
    }
    let is_hypothetical = Hypothetical::by_name(name).is_some() && !written.args.is_empty();
    if !is_aggregate && !is_hypothetical && written.filter.is_some() {
        return refuse("FILTER is not implemented for non-aggregate window functions".to_owned());
    }
    let of_values = matches!(name.as_str(), "lag" | "lead" | "first_value" | "last_value" | "nth_value");
    if written.nulls == Some(ast::NullTreatment::IgnoreNulls) && !of_values {
        let message = format!("IGNORE NULLS is not built for {name} over a window");
        return Err(SqlError::unsupported(message, "leave NULL out with FILTER (WHERE … IS NOT NULL)"));
    }
    Ok(())
}

/// An argument that is computed only in the rows that FILTER lets through.
fn where_passed(argument: Expr, filter: &Expr) -> Expr {
    if matches!(argument, Expr::Column(_) | Expr::Literal(..)) {
        return argument;
    }
    let when_then_expr = vec![(Box::new(filter.clone()), Box::new(argument))];
    Expr::Case(Case { expr: None, when_then_expr, else_expr: None })
}

pub(super) fn windowing(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::WindowingError, message.into())
}
