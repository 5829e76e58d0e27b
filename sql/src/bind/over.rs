//! Calls with OVER: what they are called on, their partitions and order, and their frames.

use arrow::datatypes::DataType;
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::expr::{NullTreatment, Sort, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    Expr, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
};
use datafusion::sql::sqlparser::ast::{self, FunctionArgExpr};
use millstream_catalog::{Kind, SqlType};

use super::aggregate::Order;
use super::call::Written;
use super::convert;
use super::overload::no_function;
use super::planner::{Clause, Collected, Planner};
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::all;
use crate::functions::registry::Class;
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;

impl Planner<'_, '_> {
    /// `f(…) OVER (…)`
    pub fn window_call(&mut self, written: &Written<'_>) -> SqlResult<Typed> {
        match self.clause() {
            Clause::Select | Clause::OrderBy => {}
            Clause::Aggregate => {
                let message = "aggregate function calls cannot contain window function calls";
                return Err(SqlError::new(SqlState::GroupingError, message));
            }
            Clause::Window => {
                let message = "window function calls cannot be nested";
                return Err(SqlError::new(SqlState::WindowingError, message));
            }
            clause => {
                let message = format!("window functions are not allowed in {}", clause.words());
                return Err(SqlError::new(SqlState::WindowingError, message));
            }
        }
        let Some(over) = written.over else { return Err(SqlError::internal("no OVER")) };
        let spec = self.window_spec(over)?;
        // Some of DataFusion's window functions are aggregates there too, which know no frames.
        let is_aggregate = self.binder.functions.window(&written.name).is_none()
            && (all().rows(&written.name).iter().any(|row| row.class == Class::Aggregate)
                || self.binder.functions.aggregate(&written.name).is_some());
        if !is_aggregate {
            for (clause, said) in [
                ("DISTINCT", written.distinct),
                ("FILTER", written.filter.is_some()),
                ("ORDER BY", !written.order_by.is_empty()),
            ] {
                if said {
                    let message = format!("{clause} is not implemented for non-aggregate window functions");
                    return Err(SqlError::new(SqlState::FeatureNotSupported, message));
                }
            }
        } else if written.distinct {
            let message = "DISTINCT is not implemented for window functions";
            return Err(SqlError::new(SqlState::FeatureNotSupported, message));
        } else if !written.order_by.is_empty() {
            let message = "aggregate ORDER BY is not implemented for window functions";
            return Err(SqlError::new(SqlState::FeatureNotSupported, message));
        }
        let (partition, order, frame) = self.within(Clause::Window, |planner| planner.window_parts(&spec))?;
        let (definition, args, filter, returns, nulls) =
            match is_aggregate {
                true => {
                    let star = matches!(written.args.as_slice(), [(None, FunctionArgExpr::Wildcard)]);
                    let args = self.within(Clause::Window, |planner| {
                        if star { Ok(vec![]) } else { planner.arguments(written) }
                    })?;
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
                        return self.window_average(args.clone(), filter, partition, order, frame);
                    }
                    let resolved = self.resolved(written, args, vec![])?;
                    let definition = WindowFunctionDefinition::AggregateUDF(resolved.function);
                    (definition, resolved.args, filter, resolved.returns, None)
                }
                false => {
                    let args = self.within(Clause::Window, |planner| planner.arguments(written))?;
                    let (definition, args, returns) = self.window_function(&written.name, args)?;
                    (definition, args, None, returns, null_treatment(written.nulls))
                }
            };
        self.windowed_call(definition, args, filter, returns, nulls, partition, order, frame)
    }

    #[allow(clippy::too_many_arguments)]
    fn windowed_call(
        &mut self,
        fun: WindowFunctionDefinition,
        args: Vec<Expr>,
        filter: Option<Expr>,
        returns: Typed,
        null_treatment: Option<NullTreatment>,
        partition_by: Vec<Expr>,
        order_by: Vec<Sort>,
        window_frame: WindowFrame,
    ) -> SqlResult<Typed> {
        let name_of = fun.name().to_owned();
        let params = WindowFunctionParams {
            args,
            partition_by,
            order_by,
            window_frame,
            filter: filter.map(Box::new),
            null_treatment,
            distinct: false,
        };
        let expr = Expr::WindowFunction(Box::new(WindowFunction { fun, params }));
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
        let column = Expr::Column(Column::new_unqualified(name));
        // Numbers of rows are unsigned in DataFusion.
        let column = match (&returns.expr, returns.sql_type.kind()) {
            (Expr::Literal(ScalarValue::UInt64(_), _), Some(kind)) => {
                let to = if kind == Kind::Int4 { DataType::Int32 } else { DataType::Int64 };
                datafusion::logical_expr::cast(column, to)
            }
            _ => column,
        };
        Ok(returns.with(column))
    }

    fn window_average(
        &mut self,
        args: Vec<Typed>,
        filter: Option<Expr>,
        partition: Vec<Expr>,
        order: Vec<Sort>,
        frame: WindowFrame,
    ) -> SqlResult<Typed> {
        let mut parts = vec![];
        for name in ["sum", "count"] {
            let resolved = self.native_aggregate(name, args.clone(), false)?;
            let definition = WindowFunctionDefinition::AggregateUDF(resolved.function);
            let part = self.windowed_call(
                definition,
                resolved.args,
                filter.clone(),
                resolved.returns,
                None,
                partition.clone(),
                order.clone(),
                frame.clone(),
            )?;
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
                    if !spec.partition_by.is_empty() {
                        let message = format!("cannot override PARTITION BY clause of window \"{name}\"");
                        return Err(SqlError::new(SqlState::WindowingError, message));
                    }
                    if !spec.order_by.is_empty() && !base.order_by.is_empty() {
                        let message = format!("cannot override ORDER BY clause of window \"{name}\"");
                        return Err(SqlError::new(SqlState::WindowingError, message));
                    }
                    if base.window_frame.is_some() {
                        let message = format!("cannot copy window \"{name}\" because it has a frame clause");
                        return Err(SqlError::new(SqlState::WindowingError, message));
                    }
                    let order_by =
                        if spec.order_by.is_empty() { base.order_by } else { spec.order_by.clone() };
                    Ok(ast::WindowSpec {
                        window_name: None,
                        partition_by: base.partition_by,
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

    fn window_parts(&mut self, spec: &ast::WindowSpec) -> SqlResult<(Vec<Expr>, Vec<Sort>, WindowFrame)> {
        let mut partition = vec![];
        for key in &spec.partition_by {
            let key = self.expr(key)?;
            let key =
                if key.is_unknown() { self.coerce(key, &Kind::Text.into(), Context::Implicit)? } else { key };
            self.orderable(&key, "an equality operator")?;
            partition.push(convert::key(key, &self.environment).expr);
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
        let frame = match &spec.window_frame {
            None if order.is_empty() => WindowFrame::new(None),
            None => WindowFrame::new(Some(false)),
            Some(frame) => self.frame(frame, &order)?,
        };
        Ok((partition, self.sorts(order), frame))
    }

    fn frame(&mut self, frame: &ast::WindowFrame, order: &Order) -> SqlResult<WindowFrame> {
        let units = match frame.units {
            ast::WindowFrameUnits::Rows => WindowFrameUnits::Rows,
            ast::WindowFrameUnits::Range => WindowFrameUnits::Range,
            ast::WindowFrameUnits::Groups => WindowFrameUnits::Groups,
        };
        let start = self.bound(&frame.start_bound, units, order, true)?;
        let end = match &frame.end_bound {
            Some(end) => self.bound(end, units, order, false)?,
            None => WindowFrameBound::CurrentRow,
        };
        if frame.units == ast::WindowFrameUnits::Groups && order.is_empty() {
            let message = "GROUPS mode requires an ORDER BY clause";
            return Err(SqlError::new(SqlState::WindowingError, message));
        }
        let refuse = |message: &str| Err(SqlError::new(SqlState::WindowingError, message));
        match (&frame.start_bound, &frame.end_bound) {
            (ast::WindowFrameBound::Following(None), _) => {
                return refuse("frame start cannot be UNBOUNDED FOLLOWING");
            }
            (_, Some(ast::WindowFrameBound::Preceding(None))) => {
                return refuse("frame end cannot be UNBOUNDED PRECEDING");
            }
            (ast::WindowFrameBound::CurrentRow, Some(ast::WindowFrameBound::Preceding(Some(_)))) => {
                return refuse("frame starting from current row cannot have preceding rows");
            }
            (ast::WindowFrameBound::Following(Some(_)), None | Some(ast::WindowFrameBound::CurrentRow))
            | (ast::WindowFrameBound::Following(Some(_)), Some(ast::WindowFrameBound::Preceding(Some(_)))) => {
                return refuse("frame starting from following row cannot have preceding rows");
            }
            _ => {}
        }
        Ok(WindowFrame::new_bounds(units, start, end))
    }

    fn bound(
        &mut self,
        bound: &ast::WindowFrameBound,
        units: WindowFrameUnits,
        order: &Order,
        start: bool,
    ) -> SqlResult<WindowFrameBound> {
        let (distance, preceding) = match bound {
            ast::WindowFrameBound::CurrentRow => return Ok(WindowFrameBound::CurrentRow),
            ast::WindowFrameBound::Preceding(distance) => (distance, true),
            ast::WindowFrameBound::Following(distance) => (distance, false),
        };
        let none = || match units {
            WindowFrameUnits::Range => ScalarValue::Null,
            _ => ScalarValue::UInt64(None),
        };
        let value = match distance {
            None => none(),
            Some(distance) => {
                // A quoted constant, which the parser takes for an interval.
                let distance = match distance.as_ref() {
                    ast::Expr::Interval(interval) if interval.leading_field.is_none() => {
                        interval.value.as_ref()
                    }
                    other => other,
                };
                let typed = self.expr(distance)?;
                self.distance(typed, units, order, start)?
            }
        };
        Ok(if preceding { WindowFrameBound::Preceding(value) } else { WindowFrameBound::Following(value) })
    }

    /// How far a frame reaches: a constant.
    fn distance(
        &mut self,
        typed: Typed,
        units: WindowFrameUnits,
        order: &Order,
        start: bool,
    ) -> SqlResult<ScalarValue> {
        let what = if start { "starting" } else { "ending" };
        let negative = |rows: bool| {
            let message = match rows {
                true => format!("frame {what} offset must not be negative"),
                false => "invalid preceding or following size in window function".to_owned(),
            };
            SqlError::new(
                if rows { SqlState::InvalidFrameOffset } else { SqlState::InvalidFrameOffset },
                message,
            )
        };
        let constant = |typed: &Typed, planner: &Self| {
            let empty = datafusion::common::DFSchema::empty();
            let value =
                crate::analyze::folded(typed.expr.clone(), &empty).map_err(|error| planner.error(&error))?;
            match value {
                Expr::Literal(value, _) => Ok(value),
                _ => Err(SqlError::unsupported(
                    "a frame whose reach is no constant is not built",
                    "write a number",
                )),
            }
        };
        if units != WindowFrameUnits::Range {
            let typed = self.coerce(typed, &Kind::Int8.into(), Context::Implicit)?;
            let ScalarValue::Int64(value) = constant(&typed, self)? else {
                return Err(SqlError::internal("a bigint that is none"));
            };
            return match value {
                None => {
                    let message = format!("frame {what} offset must not be null");
                    Err(SqlError::new(SqlState::NullNotAllowed, message))
                }
                Some(value) => match u64::try_from(value) {
                    Ok(value) => Ok(ScalarValue::UInt64(Some(value))),
                    Err(_) => Err(negative(true)),
                },
            };
        }
        let [(key, _, _)] = order.as_slice() else {
            let message = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
            return Err(SqlError::new(SqlState::WindowingError, message));
        };
        let wanted: SqlType = match key.sql_type.kind() {
            Some(kind @ (Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Float4 | Kind::Float8)) => kind.into(),
            Some(Kind::Timestamp | Kind::Timestamptz | Kind::Date) => Kind::Interval.into(),
            _ => {
                return Err(SqlError::unsupported(
                    "RANGE with a distance over this type is not built",
                    "use ROWS or GROUPS",
                ));
            }
        };
        let typed = self.coerce(typed, &wanted, Context::Assignment)?;
        let value = constant(&typed, self)?;
        let zero = ScalarValue::new_zero(&value.data_type()).ok();
        if let Some(zero) = zero
            && value.partial_cmp(&zero) == Some(std::cmp::Ordering::Less)
        {
            return Err(negative(false));
        }
        Ok(value)
    }

    /// The window functions that are no aggregates.
    fn window_function(
        &mut self,
        name: &str,
        args: Vec<Typed>,
    ) -> SqlResult<(WindowFunctionDefinition, Vec<Expr>, Typed)> {
        let types: Vec<SqlType> = args.iter().map(|arg| arg.sql_type.clone()).collect();
        let Some(function) = self.binder.functions.window(name).cloned() else {
            return Err(match all().rows(name).is_empty() && self.binder.functions.scalar(name).is_none() {
                true => no_function(name, &types),
                false => {
                    let message = format!(
                        "OVER specified, but {name} is not a window function nor an aggregate function"
                    );
                    SqlError::new(SqlState::WrongObjectType, message)
                }
            });
        };
        let definition = WindowFunctionDefinition::WindowUDF(function);
        let int8 = || Typed::literal(ScalarValue::UInt64(None), Kind::Int8);
        let settle = |planner: &mut Self, typed: Typed| match typed.is_unknown() {
            true => planner.coerce(typed, &Kind::Text.into(), Context::Implicit),
            false => Ok(typed),
        };
        let mut args = args.into_iter();
        Ok(match (name, types.len()) {
            ("row_number" | "rank" | "dense_rank", 0) => (definition, vec![], int8()),
            ("percent_rank" | "cume_dist", 0) => {
                (definition, vec![], Typed::literal(ScalarValue::Float64(None), Kind::Float8))
            }
            ("ntile", 1) => {
                let buckets = args.next().unwrap_or_else(Typed::null);
                let buckets = self.coerce(buckets, &Kind::Int4.into(), Context::Implicit)?;
                let buckets = datafusion::logical_expr::cast(buckets.expr, DataType::Int64);
                let buckets = self.positive(
                    buckets,
                    SqlState::InvalidNtile,
                    "argument of ntile must be greater than zero",
                )?;
                (definition, vec![buckets], Typed::literal(ScalarValue::UInt64(None), Kind::Int4))
            }
            ("lag" | "lead", 1..=3) => {
                let value = args.next().unwrap_or_else(Typed::null);
                let value = settle(self, value)?;
                let offset = match args.next() {
                    Some(offset) => {
                        let offset = self.coerce(offset, &Kind::Int4.into(), Context::Implicit)?;
                        datafusion::logical_expr::cast(offset.expr, DataType::Int64)
                    }
                    None => Expr::Literal(ScalarValue::Int64(Some(1)), None),
                };
                let (value, default) = match args.next() {
                    Some(default) => {
                        let mut pair = self.unify(vec![value, default], "LAG")?.into_iter();
                        let value = pair.next().unwrap_or_else(Typed::null);
                        (value, pair.next())
                    }
                    None => (value, None),
                };
                let mut list = vec![value.expr.clone(), offset];
                list.extend(default.map(|default| default.expr));
                (definition, list, value)
            }
            ("first_value" | "last_value", 1) => {
                let value = args.next().unwrap_or_else(Typed::null);
                let value = settle(self, value)?;
                (definition, vec![value.expr.clone()], value)
            }
            ("nth_value", 2) => {
                let value = args.next().unwrap_or_else(Typed::null);
                let value = settle(self, value)?;
                let place = args.next().unwrap_or_else(Typed::null);
                let place = self.coerce(place, &Kind::Int4.into(), Context::Implicit)?;
                let place = datafusion::logical_expr::cast(place.expr, DataType::Int64);
                let place = self.positive(
                    place,
                    SqlState::InvalidNthValue,
                    "argument of nth_value must be greater than zero",
                )?;
                (definition, vec![value.expr.clone(), place], value)
            }
            _ => return Err(no_function(name, &types)),
        })
    }

    /// A constant number of rows that must be positive.
    fn positive(&mut self, expr: Expr, state: SqlState, message: &str) -> SqlResult<Expr> {
        let empty = datafusion::common::DFSchema::empty();
        match crate::analyze::folded(expr.clone(), &empty) {
            Ok(Expr::Literal(ScalarValue::Int64(Some(value)), _)) if value <= 0 => {
                Err(SqlError::new(state, message))
            }
            Ok(constant @ Expr::Literal(..)) => Ok(constant),
            _ => Ok(expr),
        }
    }

    /// `row_number() OVER (PARTITION BY … ORDER BY …)`, as the plan has it: a UInt64.
    pub fn row_number(&mut self, partition_by: Vec<Expr>, order_by: Vec<Sort>) -> SqlResult<Expr> {
        self.numbering("row_number", partition_by, order_by)
    }

    /// `rank() OVER (ORDER BY …)`, as the plan has it: a UInt64.
    pub fn ranked(&mut self, order_by: Vec<Sort>) -> SqlResult<Expr> {
        self.numbering("rank", vec![], order_by)
    }

    fn numbering(&mut self, name: &str, partition_by: Vec<Expr>, order_by: Vec<Sort>) -> SqlResult<Expr> {
        let Some(function) = self.binder.functions.window(name).cloned() else {
            return Err(SqlError::internal(format!("no window function {name}")));
        };
        let window_frame = match order_by.is_empty() {
            true => WindowFrame::new(None),
            false => WindowFrame::new(Some(false)),
        };
        let params = WindowFunctionParams {
            args: vec![],
            partition_by,
            order_by,
            window_frame,
            filter: None,
            null_treatment: None,
            distinct: false,
        };
        let fun = WindowFunctionDefinition::WindowUDF(function);
        Ok(Expr::WindowFunction(Box::new(WindowFunction { fun, params })))
    }
}

pub(super) fn null_treatment(nulls: Option<ast::NullTreatment>) -> Option<NullTreatment> {
    nulls.map(|nulls| match nulls {
        ast::NullTreatment::IgnoreNulls => NullTreatment::IgnoreNulls,
        ast::NullTreatment::RespectNulls => NullTreatment::RespectNulls,
    })
}
