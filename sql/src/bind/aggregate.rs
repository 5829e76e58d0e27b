//! Aggregates: calls that a node of their own computes.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::expr::{AggregateFunction, AggregateFunctionParams, NullTreatment};
use datafusion::logical_expr::{AggregateUDF, Expr};
use datafusion::sql::sqlparser::ast::{self, FunctionArgExpr};
use millstream_catalog::{Kind, SqlType};

use super::call::Written;
use super::coerce::is_reg;
use super::convert;
use super::overload::{self, Search, no_function};
use super::planner::{Clause, Collected, Planner, has_local_columns, outer_columns};
use super::typed::Typed;
use super::within_group::check_within_group;
use crate::analyze::BIGINT_AS_NUMERIC;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::aggregate::{Aggregate, OrderKey};
use crate::functions::all;
use crate::functions::ordered_set::{self, hypothetical::Hypothetical};
use crate::functions::registry::{Body, Class, Row};
use crate::functions::scalar::Scalar;
use crate::types::cast::Context;

/// An aggregate before it is put into a node: what is called with what.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub function: Arc<AggregateUDF>,
    pub args: Vec<Expr>,
    pub distinct: bool,
    /// The answer, as one of a column that the node gives.
    pub returns: Typed,
    pub nulls: Option<NullTreatment>,
}

/// An ordered argument list of an aggregate.
pub(super) type Order = Vec<(Typed, bool, bool)>;

impl Planner<'_, '_> {
    /// An aggregate of the query at hand, or of one around it when all its columns are from there.
    pub fn aggregate_call(&mut self, written: &Written<'_>) -> SqlResult<Typed> {
        check_within_group(written)?;
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
        // The query whose columns the arguments are of; direct arguments of WITHIN GROUP have no say in it.
        let direct = if written.within_group.is_empty() { 0 } else { args.len() };
        let parts: Vec<&Expr> = args
            .iter()
            .skip(direct)
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
        if depth < last {
            match self.levels[depth].clause {
                Clause::Aggregate => {
                    let message = "aggregate function calls cannot be nested";
                    return Err(SqlError::new(SqlState::GroupingError, message));
                }
                Clause::From => {
                    let message =
                        "aggregate functions are not allowed in FROM clause of their own query level";
                    return Err(SqlError::new(SqlState::GroupingError, message));
                }
                clause @ (Clause::Where | Clause::On | Clause::GroupBy | Clause::Values | Clause::Limit) => {
                    return Err(misplaced(clause));
                }
                _ => {}
            }
            if args.iter().take(direct).any(|arg| has_local_columns(&arg.expr)) {
                let message =
                    "outer-level aggregate cannot contain a lower-level variable in its direct arguments";
                return Err(SqlError::new(SqlState::GroupingError, message));
            }
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
        if written.within_group.is_empty()
            && let Some(extreme) = self.extreme(written, &args, &filter, depth)?
        {
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
    pub(super) fn parts(&mut self, written: &Written<'_>) -> SqlResult<(Vec<Typed>, Order, Option<Expr>)> {
        let star = matches!(written.args.as_slice(), [(None, FunctionArgExpr::Wildcard)]);
        let (args, order) = self.within(Clause::Aggregate, |planner| {
            let args = if star { vec![] } else { planner.arguments(written)? };
            let mut order: Order = vec![];
            for item in written.order_by.iter().chain(written.within_group) {
                let key = planner.expr(&item.expr)?;
                // What stands in WITHIN GROUP is an argument, and chooses the function as others do.
                let key = if key.is_unknown() && written.within_group.is_empty() {
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
    pub(super) fn average(
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

    pub(super) fn nullif_expr(&mut self, left: Typed, right: Typed) -> SqlResult<Typed> {
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
    pub(super) fn resolved(
        &mut self,
        written: &Written<'_>,
        args: Vec<Typed>,
        order: Order,
    ) -> SqlResult<Resolved> {
        let name = written.name.as_str();
        let star = matches!(written.args.as_slice(), [(None, FunctionArgExpr::Wildcard)]);
        if let (Some(what), false) = (Hypothetical::by_name(name), written.within_group.is_empty()) {
            return self.hypothetical(what, name, args, order);
        }
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
        if written.within_group.is_empty()
            && let Some(native) = self.native_of(name, &args, written.distinct, &order)?
        {
            return Ok(native);
        }
        let rows: Vec<Arc<Row>> =
            all().rows(name).iter().filter(|row| row.class == Class::Aggregate).cloned().collect();
        let within_group = !written.within_group.is_empty();
        let mut all_args = args.clone();
        if within_group {
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
        let said = match (within_group, ordered_set::NAMES.contains(&name)) {
            (true, false) => {
                Some(format!("{name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP"))
            }
            (false, true) => Some(format!("WITHIN GROUP is required for ordered-set aggregate {name}")),
            _ => None,
        };
        if let Some(message) = said {
            return Err(SqlError::new(SqlState::WrongObjectType, message));
        }
        let Body::Aggregate(make) = &chosen.row.body else {
            return Err(SqlError::internal(format!("{name} was not planned")));
        };
        let written_args: Vec<Expr> = args.iter().map(|arg| arg.expr.clone()).collect();
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
            let as_written = written_args.iter().position(|arg| *arg == key.expr);
            let key = self.wide(key)?;
            if within_group {
                let place = args.len() + index;
                // What is ordered is the argument as the aggregate takes it.
                let sql_type = arg_types[place].clone();
                keys.push(OrderKey { place, ascending, nulls_first, sql_type });
                continue;
            }
            // Under DISTINCT a key is one of the arguments as they were written.
            let known = match written.distinct {
                true => as_written,
                false => expressions.iter().take(count).position(|known| *known == key.expr),
            };
            let place = match known {
                Some(place) => {
                    let sql_type = arg_types[place].clone();
                    keys.push(OrderKey { place, ascending, nulls_first, sql_type });
                    continue;
                }
                None => {
                    if written.distinct {
                        return Err(ordered_apart());
                    }
                    arg_types.push(key.sql_type.clone());
                    expressions.push(key.expr);
                    expressions.len() - 1
                }
            };
            keys.push(OrderKey { place, ascending, nulls_first, sql_type: key.sql_type });
        }
        let data_type = chosen.returns.data_type();
        let direct = expressions.first().filter(|_| within_group).and_then(converted);
        let direct = direct.and_then(|value| ordered_set::refused(name, value));
        let function = Aggregate {
            name: chosen.row.name.to_owned(),
            make: direct.unwrap_or_else(|| Arc::clone(make)),
            strict: chosen.row.strict,
            arguments: arg_types,
            count,
            returns: chosen.returns.clone(),
            data_type: data_type.clone(),
            distinct: written.distinct,
            order: keys,
            direct: if within_group { args.len() } else { 0 },
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
                        Some(
                            Kind::Boolean
                                | Kind::Uuid
                                | Kind::Jsonb
                                | Kind::Json
                                | Kind::Xid
                                | Kind::Bytea
                                | Kind::Name
                                | Kind::Char
                        )
                    )
                    && kind.is_some_and(|kind| !is_reg(kind))
            }
            "bool_and" | "bool_or" | "every" => kind == Some(Kind::Boolean),
            "bit_and" | "bit_or" | "bit_xor" => {
                matches!(kind, Some(Kind::Int2 | Kind::Int4 | Kind::Int8)) && !distinct
            }
            _ => false,
        };
        if native && distinct && order.iter().any(|(key, _, _)| key.expr != argument.expr) {
            return Err(ordered_apart());
        }
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

    pub(super) fn native_aggregate(
        &mut self,
        name: &str,
        args: Vec<Typed>,
        distinct: bool,
    ) -> SqlResult<Resolved> {
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

/// A constant below the casts that brought it to an argument's type.
fn converted(expr: &Expr) -> Option<&ScalarValue> {
    match expr {
        Expr::Literal(value, _) => Some(value),
        Expr::Cast(cast) => converted(&cast.expr),
        Expr::ScalarFunction(call) => match call.args.as_slice() {
            [only] if Scalar::of(expr).is_some_and(|own| own.name.starts_with("cast_")) => converted(only),
            _ => None,
        },
        _ => None,
    }
}

fn ordered_apart() -> SqlError {
    let message = "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list";
    SqlError::new(SqlState::InvalidColumnReference, message)
}
