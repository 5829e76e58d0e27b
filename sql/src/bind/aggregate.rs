//! Aggregates and window functions: calls that a node of their own computes.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::expr::{
    AggregateFunction, AggregateFunctionParams, NullTreatment, Sort, WindowFunction, WindowFunctionParams,
};
use datafusion::logical_expr::{
    AggregateUDF, Expr, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
};
use datafusion::sql::sqlparser::ast::{self, FunctionArgExpr};
use millstream_catalog::{Kind, SqlType};

use super::call::Written;
use super::overload::{self, Search, no_function};
use super::planner::{Clause, Collected, Planner, has_local_columns, outer_columns};
use super::typed::Typed;
use crate::analyze::BIGINT_AS_NUMERIC;
use crate::dialect::fold_identifier;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::aggregate::{Aggregate, OrderKey};
use crate::functions::registry::{Body, Class, Row};
use crate::functions::{all, convert};
use crate::types::cast::Context;

/// An aggregate before it is put into a node: what is called with what.
#[derive(Debug, Clone)]
struct Resolved {
    function: Arc<AggregateUDF>,
    args: Vec<Expr>,
    distinct: bool,
    /// The answer, as one of a column that the node gives.
    returns: Typed,
    nulls: Option<NullTreatment>,
}

/// An ordered argument list of an aggregate.
type Order = Vec<(Typed, bool, bool)>;

impl Planner<'_, '_> {
    /// An aggregate of the query at hand, or of one around it when all its columns are from there.
    pub fn aggregate_call(&mut self, written: &Written<'_>) -> SqlResult<Typed> {
        match self.clause() {
            Clause::Aggregate => {
                let message = "aggregate function calls cannot be nested";
                return Err(SqlError::new(SqlState::GroupingError, message));
            }
            Clause::Select | Clause::Having | Clause::OrderBy | Clause::Window => {}
            Clause::Definition if self.levels.is_empty() => {}
            clause => {
                let outer = self.levels.len() > 1;
                if !outer || !matches!(clause, Clause::Where | Clause::On | Clause::From) {
                    return Err(misplaced(clause));
                }
            }
        }
        let clause = self.clause();
        let (args, order, filter) = self.parts(written)?;
        // The query whose columns the arguments are of.
        let parts: Vec<&Expr> = args
            .iter()
            .map(|arg| &arg.expr)
            .chain(order.iter().map(|(key, _, _)| &key.expr))
            .chain(&filter)
            .collect();
        let last = self.levels.len() - 1;
        let outer: Vec<Column> = parts.iter().flat_map(|expr| outer_columns(expr)).collect();
        // A subquery among the arguments takes columns of this query as outer ones.
        let local = parts.iter().any(|expr| has_local_columns(expr))
            || outer.iter().any(|column| self.levels[last].scope.owns(column));
        let depth = match (local, outer.is_empty()) {
            (true, _) | (_, true) => last,
            _ => (0..last)
                .rev()
                .find(|depth| outer.iter().any(|column| self.levels[*depth].scope.owns(column)))
                .unwrap_or(last),
        };
        if depth == last
            && !matches!(clause, Clause::Select | Clause::Having | Clause::OrderBy | Clause::Window)
        {
            return Err(misplaced(clause));
        }
        let own = |expr: Expr| if depth == last { expr } else { as_local(expr) };
        let args: Vec<Typed> = args.into_iter().map(|arg| Typed { expr: own(arg.expr), ..arg }).collect();
        let order: Order = order
            .into_iter()
            .map(|(key, asc, first)| (Typed { expr: own(key.expr), ..key }, asc, first))
            .collect();
        let filter = filter.map(own);
        if let Some(average) = self.average(written, &args, &order, &filter, depth)? {
            return Ok(average);
        }
        if let Some(extreme) = self.extreme(written, &args, &filter, depth)? {
            return Ok(extreme);
        }
        let resolved = self.resolved(written, args, order)?;
        self.collected(resolved, filter, depth)
    }

    /// Puts an aggregate beside those of its query, or finds it there.
    fn collected(&mut self, resolved: Resolved, filter: Option<Expr>, depth: usize) -> SqlResult<Typed> {
        let params = AggregateFunctionParams {
            args: resolved.args,
            distinct: resolved.distinct,
            filter: filter.map(Box::new),
            order_by: vec![],
            null_treatment: resolved.nulls,
        };
        let name_of = resolved.function.name().to_owned();
        let expr = Expr::AggregateFunction(AggregateFunction { func: resolved.function, params });
        let known = self.levels[depth].aggregates.iter().find(|known| known.expr == expr);
        let name = match known {
            Some(known) => known.name.clone(),
            None => {
                let name = self.fresh(&name_of);
                let collected = Collected { expr, name: name.clone(), typed: resolved.returns.clone() };
                self.levels[depth].aggregates.push(collected);
                name
            }
        };
        let column = Expr::Column(Column::new_unqualified(name));
        let typed = resolved.returns.with(column);
        Ok(self.seen_from(depth, typed))
    }

    /// Arguments, order and filter of an aggregate.
    fn parts(&mut self, written: &Written<'_>) -> SqlResult<(Vec<Typed>, Order, Option<Expr>)> {
        let star = matches!(written.args.as_slice(), [(None, FunctionArgExpr::Wildcard)]);
        let (args, order) = self.within(Clause::Aggregate, |planner| {
            let args = if star { vec![] } else { planner.arguments(written)? };
            let mut order: Order = vec![];
            for item in written.order_by.iter().chain(written.within_group) {
                let key = planner.expr(&item.expr)?;
                let key = if key.is_unknown() {
                    planner.coerce(key, &Kind::Text.into(), Context::Implicit)?
                } else {
                    key
                };
                planner.orderable(&key, "an ordering operator")?;
                let ascending = item.options.asc.unwrap_or(true);
                order.push((key, ascending, item.options.nulls_first.unwrap_or(!ascending)));
            }
            Ok((args, order))
        })?;
        let filter = match written.filter {
            Some(filter) => Some(self.within(Clause::Filter, |planner| {
                let filter = planner.expr(filter)?;
                Ok(planner.boolean(filter, "FILTER")?.expr)
            })?),
            None => None,
        };
        Ok((args, order, filter))
    }

    /// `avg` over whole numbers and decimals is the quotient of a sum and a count, both of which are kept exactly.
    fn average(
        &mut self,
        written: &Written<'_>,
        args: &[Typed],
        order: &Order,
        filter: &Option<Expr>,
        depth: usize,
    ) -> SqlResult<Option<Typed>> {
        let [argument] = args else { return Ok(None) };
        let whole = matches!(argument.sql_type.kind(), Some(Kind::Int2 | Kind::Int4 | Kind::Int8));
        let numeric = argument.is(Kind::Numeric);
        if written.name != "avg" || !(whole || numeric) || !order.is_empty() {
            return Ok(None);
        }
        let sum = written.renamed("sum");
        let sum = self.resolved(&sum, args.to_vec(), vec![])?;
        let sum = self.collected(sum, filter.clone(), depth)?;
        let count = self.native_aggregate("count", args.to_vec(), written.distinct)?;
        let count = self.collected(count, filter.clone(), depth)?;
        let sum = self.coerce(sum, &Kind::Numeric.into(), Context::Implicit)?;
        let count = self.coerce(count, &Kind::Numeric.into(), Context::Implicit)?;
        // Of no rows the sum is NULL, and so is the quotient: the count is then not looked at.
        let one = convert::numeric_constant(&crate::types::numeric::Numeric::parse("0")?);
        let one = self.wide(one)?;
        let count = self.wide(count)?;
        let zero_is_null = self.nullif_expr(count.clone(), one)?;
        self.operator("/", vec![sum, zero_is_null]).map(Some)
    }

    fn nullif_expr(&mut self, left: Typed, right: Typed) -> SqlResult<Typed> {
        let equal = self.compare(datafusion::logical_expr::Operator::Eq, left.clone(), right)?;
        let case = datafusion::logical_expr::expr::Case {
            expr: None,
            when_then_expr: vec![(
                Box::new(equal.expr),
                Box::new(Typed::null_of(&left.sql_type, &left.data_type).expr),
            )],
            else_expr: Some(Box::new(left.expr.clone())),
        };
        Ok(left.with(Expr::Case(case)))
    }

    /// Which function computes an aggregate, and over what.
    fn resolved(&mut self, written: &Written<'_>, args: Vec<Typed>, order: Order) -> SqlResult<Resolved> {
        let name = written.name.as_str();
        let star = matches!(written.args.as_slice(), [(None, FunctionArgExpr::Wildcard)]);
        if star {
            if name != "count" {
                return Err(no_function(name, &[]));
            }
            return Ok(self.count_star());
        }
        if args.is_empty() && name == "count" {
            let message = "count(*) must be used to call a parameterless aggregate function";
            return Err(SqlError::new(SqlState::WrongObjectType, message));
        }
        if let Some(native) = self.native_of(name, &args, written.distinct, &order)? {
            return Ok(native);
        }
        let rows: Vec<Arc<Row>> =
            all().rows(name).iter().filter(|row| row.class == Class::Aggregate).cloned().collect();
        let ordered_set = !written.within_group.is_empty();
        let mut all_args = args.clone();
        if ordered_set {
            // Direct arguments come first, then what is ordered.
            all_args.extend(order.iter().map(|(key, _, _)| key.clone()));
        }
        let types: Vec<SqlType> = all_args.iter().map(|arg| arg.sql_type.clone()).collect();
        if rows.is_empty() {
            return self.foreign_aggregate(written, args);
        }
        let chosen = match overload::function(&rows, &types)? {
            Search::Found(chosen) => chosen,
            Search::Missing => return Err(no_function(name, &types)),
            Search::Ambiguous => {
                let names: Vec<String> = types.iter().map(crate::types::names::format_type).collect();
                let message = format!("function {name}({}) is not unique", names.join(", "));
                return Err(SqlError::new(SqlState::AmbiguousFunction, message));
            }
        };
        let Body::Aggregate(make) = &chosen.row.body else {
            return Err(SqlError::internal(format!("{name} was not planned")));
        };
        let mut expressions = vec![];
        let mut arg_types = vec![];
        for (arg, to) in all_args.into_iter().zip(&chosen.arguments) {
            let arg = self.argument(arg, to)?;
            arg_types.push(arg.sql_type.clone());
            expressions.push(arg.expr);
        }
        let count = expressions.len();
        let mut keys = vec![];
        for (index, (key, ascending, nulls_first)) in order.into_iter().enumerate() {
            let key = self.wide(key)?;
            if ordered_set {
                let place = args.len() + index;
                // What is ordered is the argument as the aggregate takes it.
                let sql_type = arg_types[place].clone();
                keys.push(OrderKey { place, ascending, nulls_first, sql_type });
                continue;
            }
            let place = match expressions.iter().take(count).position(|known| *known == key.expr) {
                Some(place) => place,
                None => {
                    if written.distinct {
                        let message = "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list";
                        return Err(SqlError::new(SqlState::InvalidColumnReference, message));
                    }
                    arg_types.push(key.sql_type.clone());
                    expressions.push(key.expr);
                    expressions.len() - 1
                }
            };
            keys.push(OrderKey { place, ascending, nulls_first, sql_type: key.sql_type });
        }
        let data_type = chosen.returns.data_type();
        let function = Aggregate {
            name: chosen.row.name.to_owned(),
            make: Arc::clone(make),
            strict: chosen.row.strict,
            arguments: arg_types,
            count,
            returns: chosen.returns.clone(),
            data_type: data_type.clone(),
            distinct: written.distinct,
            order: keys,
            environment: Arc::clone(&self.environment),
        };
        let returns =
            Typed { expr: Expr::Literal(ScalarValue::Null, None), sql_type: chosen.returns, data_type };
        Ok(Resolved { function: function.udaf(), args: expressions, distinct: false, returns, nulls: None })
    }

    fn count_star(&self) -> Resolved {
        let one = Expr::Literal(ScalarValue::Int64(Some(1)), None);
        Resolved {
            function: datafusion::functions_aggregate::count::count_udaf(),
            args: vec![one],
            distinct: false,
            returns: Typed::literal(ScalarValue::Int64(None), Kind::Int8),
            nulls: None,
        }
    }

    /// count(*) as an expression.
    pub fn native_count(&self) -> Expr {
        let resolved = self.count_star();
        let params = AggregateFunctionParams {
            args: resolved.args,
            distinct: false,
            filter: None,
            order_by: vec![],
            null_treatment: None,
        };
        Expr::AggregateFunction(AggregateFunction { func: resolved.function, params })
    }

    /// The aggregates that DataFusion computes as PostgreSQL does, for the types where it does.
    fn native_of(
        &mut self,
        name: &str,
        args: &[Typed],
        distinct: bool,
        order: &Order,
    ) -> SqlResult<Option<Resolved>> {
        let [argument] = args else { return Ok(None) };
        if argument.is_unknown() && name != "count" {
            return Ok(None);
        }
        let kind = argument.sql_type.kind();
        let plain = {
            let key = convert::key(argument.clone(), &self.environment);
            key.expr == argument.expr
        };
        let native = match name {
            "count" => true,
            "sum" => {
                matches!(kind, Some(Kind::Int2 | Kind::Int4 | Kind::Int8))
                    || argument.decimal().is_some_and(|(precision, _)| precision <= 28)
            }
            "min" | "max" => {
                plain
                    && !argument.data_type.is_nested()
                    && !argument.data_type.is_floating()
                    && !matches!(
                        kind,
                        Some(Kind::Boolean | Kind::Uuid | Kind::Jsonb | Kind::Json | Kind::Xid)
                    )
                    && kind.is_some()
            }
            "bool_and" | "bool_or" | "every" => kind == Some(Kind::Boolean),
            "bit_and" | "bit_or" | "bit_xor" => {
                matches!(kind, Some(Kind::Int2 | Kind::Int4 | Kind::Int8)) && !distinct
            }
            _ => false,
        };
        let orderless = order.is_empty() || matches!(name, "count" | "sum" | "min" | "max");
        if !native || !orderless {
            return Ok(None);
        }
        self.native_aggregate(name, args.to_vec(), distinct).map(Some)
    }

    /// `min` and `max` over values that are compared by key forms: over the key with the value behind it, so that they
    /// are kept as those of plain bytes are.
    fn extreme(
        &mut self,
        written: &Written<'_>,
        args: &[Typed],
        filter: &Option<Expr>,
        depth: usize,
    ) -> SqlResult<Option<Typed>> {
        let [argument] = args else { return Ok(None) };
        let keyed =
            matches!(argument.sql_type.kind(), Some(Kind::Interval | Kind::Bpchar)) || argument.is_wide();
        let greatest = match written.name.as_str() {
            "min" => false,
            "max" => true,
            _ => return Ok(None),
        };
        if !keyed {
            return Ok(None);
        }
        let ordered = convert::ordered_bytes(argument.clone(), greatest, &self.environment);
        let found = self.native_aggregate(&written.name, vec![ordered], false)?;
        let found = self.collected(found, filter.clone(), depth)?;
        Ok(Some(convert::of_ordered_bytes(found, argument, greatest, &self.environment)))
    }

    fn native_aggregate(&mut self, name: &str, args: Vec<Typed>, distinct: bool) -> SqlResult<Resolved> {
        use datafusion::functions_aggregate as native;
        let Some(argument) = args.into_iter().next() else {
            return Err(SqlError::internal("an aggregate without its argument"));
        };
        let argument = if argument.is_unknown() {
            self.coerce(argument, &Kind::Text.into(), Context::Implicit)?
        } else {
            argument
        };
        let kind = argument.sql_type.kind();
        let (function, argument, returns) = match name {
            "count" => {
                if distinct {
                    self.orderable(&argument, "an equality operator")?;
                }
                let counted = match distinct {
                    true => convert::key(argument, &self.environment),
                    false => convert::countable(argument),
                };
                let returns = Typed::literal(ScalarValue::Int64(None), Kind::Int8);
                (native::count::count_udaf(), counted.expr, returns)
            }
            "sum" => match (kind, argument.decimal()) {
                (Some(Kind::Int8), _) => {
                    let cast = datafusion::logical_expr::cast(argument.expr, BIGINT_AS_NUMERIC);
                    let returns = Typed {
                        expr: Expr::Literal(ScalarValue::Null, None),
                        sql_type: Kind::Numeric.into(),
                        data_type: DataType::Decimal128(38, 0),
                    };
                    (native::sum::sum_udaf(), cast, returns)
                }
                (_, Some((precision, scale))) => {
                    let to = DataType::Decimal128((precision + 10).min(38), scale);
                    let returns = Typed {
                        expr: Expr::Literal(ScalarValue::Null, None),
                        sql_type: Kind::Numeric.into(),
                        data_type: to,
                    };
                    (native::sum::sum_udaf(), argument.expr, returns)
                }
                _ => {
                    let cast = datafusion::logical_expr::cast(argument.expr, DataType::Int64);
                    let returns = Typed::literal(ScalarValue::Int64(None), Kind::Int8);
                    (native::sum::sum_udaf(), cast, returns)
                }
            },
            "min" | "max" => {
                let function = match name {
                    "min" => native::min_max::min_udaf(),
                    _ => native::min_max::max_udaf(),
                };
                let sql_type = match kind {
                    Some(Kind::Varchar) => Kind::Text.into(),
                    _ => argument.sql_type.plain(),
                };
                let returns = Typed { sql_type, ..argument.clone() };
                (function, argument.expr, returns)
            }
            "bool_and" | "every" => (native::bool_and_or::bool_and_udaf(), argument.expr.clone(), argument),
            "bool_or" => (native::bool_and_or::bool_or_udaf(), argument.expr.clone(), argument),
            "bit_and" => (native::bit_and_or_xor::bit_and_udaf(), argument.expr.clone(), argument),
            "bit_or" => (native::bit_and_or_xor::bit_or_udaf(), argument.expr.clone(), argument),
            _ => (native::bit_and_or_xor::bit_xor_udaf(), argument.expr.clone(), argument),
        };
        // The least or greatest of some is that of each once.
        let distinct = distinct && !matches!(name, "min" | "max" | "bool_and" | "bool_or" | "every");
        Ok(Resolved { function, args: vec![argument], distinct, returns, nulls: None })
    }

    /// An aggregate that DataFusion has and PostgreSQL has not.
    fn foreign_aggregate(&mut self, written: &Written<'_>, args: Vec<Typed>) -> SqlResult<Resolved> {
        let name = written.name.as_str();
        let types: Vec<SqlType> = args.iter().map(|arg| arg.sql_type.clone()).collect();
        let Some(function) = self.binder.functions.aggregate(name).cloned() else {
            return Err(no_function(name, &types));
        };
        let fields: Vec<_> = args
            .iter()
            .map(|arg| Arc::new(arrow::datatypes::Field::new("a", arg.data_type.clone(), true)))
            .collect();
        let coerced =
            datafusion::logical_expr::type_coercion::functions::fields_with_udf(&fields, function.as_ref())
                .map_err(|_| no_function(name, &types))?;
        let returns = function.return_field(&coerced).map_err(|error| self.error(&error))?;
        let args = args
            .into_iter()
            .zip(&coerced)
            .map(|(arg, field)| match arg.data_type == *field.data_type() {
                true => arg.expr,
                false => datafusion::logical_expr::cast(arg.expr, field.data_type().clone()),
            })
            .collect();
        let returns = Typed {
            expr: Expr::Literal(ScalarValue::Null, None),
            sql_type: SqlType::of_field(&returns),
            data_type: returns.data_type().clone(),
        };
        Ok(Resolved {
            function,
            args,
            distinct: written.distinct,
            returns,
            nulls: null_treatment(written.nulls),
        })
    }

    /// `grouping(a, b)`: which keys a grouping set leaves out.
    pub fn grouping_call(&mut self, written: &Written<'_>) -> SqlResult<Typed> {
        let args = self.within(Clause::Aggregate, |planner| planner.arguments(written))?;
        let resolved = Resolved {
            function: datafusion::functions_aggregate::grouping::grouping_udaf(),
            args: args.into_iter().map(|arg| arg.expr).collect(),
            distinct: false,
            returns: Typed::literal(ScalarValue::Int32(None), Kind::Int4),
            nulls: None,
        };
        let depth = self.levels.len() - 1;
        self.collected(resolved, None, depth)
    }

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

fn null_treatment(nulls: Option<ast::NullTreatment>) -> Option<NullTreatment> {
    nulls.map(|nulls| match nulls {
        ast::NullTreatment::IgnoreNulls => NullTreatment::IgnoreNulls,
        ast::NullTreatment::RespectNulls => NullTreatment::RespectNulls,
    })
}

fn misplaced(clause: Clause) -> SqlError {
    let message = match clause {
        Clause::On => "aggregate functions are not allowed in JOIN conditions".to_owned(),
        other => format!("aggregate functions are not allowed in {}", other.words()),
    };
    SqlError::new(SqlState::GroupingError, message)
}

/// Columns that an expression takes from outside, as the query that they belong to sees them.
fn as_local(expr: Expr) -> Expr {
    use datafusion::common::tree_node::{Transformed, TreeNode};
    let mapped = expr.clone().transform(|part| {
        Ok(match part {
            Expr::OuterReferenceColumn(_, column) => Transformed::yes(Expr::Column(column)),
            other => Transformed::no(other),
        })
    });
    mapped.map_or(expr, |mapped| mapped.data)
}
