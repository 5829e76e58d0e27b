//! Queries: WITH, set operations, VALUES, ORDER BY over them, LIMIT and FETCH.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use datafusion::common::tree_node::TreeNode;
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, Limit, LogicalPlan, Values};
use datafusion::sql::sqlparser::ast::{
    self, LimitClause, OrderByExpr, OrderByKind, Query, SetExpr, SetQuantifier, Value,
};
use millstream_catalog::Kind;

use super::AsOf;
use super::from::table_query;
use super::planner::{BoundQuery, Clause, Level, Planner, settled};
use super::scope::{OutputColumn, Scope};
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::fold_identifier;
use crate::text::time_travel::take_clause;
use crate::types::cast::Context;
use crate::windows::over::over_plan;

impl Planner<'_, '_> {
    /// Binds a query; its rows come in the order that it says.
    pub fn query(&mut self, query: &Query) -> SqlResult<BoundQuery> {
        let mut own = None;
        let query = match self.has_moment(query) {
            true => {
                let mut copy = query.clone();
                own = take_clause(&mut copy);
                &copy.clone()
            }
            false => query,
        };
        let around = self.as_of.clone();
        if let Some(version) = own {
            self.as_of = Some(AsOf::of(&version)?);
        }
        self.ctes.push(HashMap::new());
        let bound = self.query_in_scope(query);
        self.ctes.pop();
        self.as_of = around;
        bound
    }

    pub(super) fn has_moment(&self, query: &Query) -> bool {
        take_clause(&mut query.clone()).is_some()
    }

    pub(super) fn query_in_scope(&mut self, query: &Query) -> SqlResult<BoundQuery> {
        refuse_clauses(query)?;
        if let Some(with) = &query.with {
            self.with(with)?;
        }
        let order_by = match &query.order_by {
            None => &[][..],
            Some(order_by) => match &order_by.kind {
                OrderByKind::Expressions(expressions) => expressions.as_slice(),
                OrderByKind::All(_) => {
                    return Err(SqlError::unsupported("ORDER BY ALL is not built", "name the columns"));
                }
            },
        };
        let bound = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, order_by)?,
            other => {
                let bound = self.set_expression(other)?;
                self.ordered(bound, order_by)?
            }
        };
        self.limited(bound, query, order_by)
    }

    /// A query whose every column has a type: what nothing told is text.
    pub fn settle(&mut self, bound: BoundQuery) -> SqlResult<BoundQuery> {
        let columns = bound
            .columns
            .into_iter()
            .map(|column| OutputColumn { sql_type: settled(&column.sql_type), ..column })
            .collect();
        Ok(BoundQuery { plan: bound.plan, columns })
    }

    pub(super) fn set_expression(&mut self, body: &SetExpr) -> SqlResult<BoundQuery> {
        match body {
            SetExpr::Select(select) => self.select(select, &[]),
            SetExpr::Query(query) => self.query(query),
            SetExpr::Values(values) => self.values(values),
            SetExpr::Table(table) => {
                let query = table_query(table)?;
                self.query(&query)
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let all = match set_quantifier {
                    SetQuantifier::All => true,
                    SetQuantifier::None | SetQuantifier::Distinct => false,
                    _ => {
                        return Err(SqlError::unsupported(
                            "BY NAME is not built",
                            "put the columns in order",
                        ));
                    }
                };
                self.set_operation(left, *op, all, right)
            }
            _ => Err(SqlError::unsupported(
                "a data-modifying statement inside a query is not built",
                "run it as a statement of its own",
            )),
        }
    }

    /// VALUES: each column of one type.
    pub(super) fn values(&mut self, values: &ast::Values) -> SqlResult<BoundQuery> {
        let width = values.rows.first().map_or(0, |row| row.len());
        if values.rows.iter().any(|row| row.len() != width) {
            return Err(SqlError::syntax("VALUES lists must all be the same length", None));
        }
        self.levels.push(Level::new(Scope::default(), Clause::Values));
        let bound = values
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| {
                        if is_default(cell) {
                            let message = "DEFAULT is not allowed in this context";
                            return Err(SqlError::syntax(message, None));
                        }
                        self.expr(cell)
                    })
                    .collect::<SqlResult<Vec<_>>>()
            })
            .collect::<SqlResult<Vec<_>>>();
        self.levels.pop();
        let bound = bound?;
        let mut cells: Vec<Vec<Typed>> = vec![vec![]; width];
        for row in bound {
            for (column, cell) in cells.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        let mut columns = vec![];
        for (index, column) in cells.iter_mut().enumerate() {
            let all_unknown = column.iter().all(Typed::is_unknown);
            if !all_unknown || column.len() > 1 {
                *column = self.unify(std::mem::take(column), "VALUES")?;
            }
            columns.push(OutputColumn {
                name: format!("column{}", index + 1),
                sql_type: column[0].sql_type.clone(),
                data_type: column[0].data_type.clone(),
            });
        }
        let count = values.rows.len();
        let rows: Vec<Vec<Expr>> =
            (0..count).map(|row| cells.iter().map(|column| column[row].expr.clone()).collect()).collect();
        let plain = rows.iter().flatten().all(|cell| {
            !cell
                .exists(|part| {
                    Ok(matches!(
                        part,
                        Expr::ScalarSubquery(_) | Expr::OuterReferenceColumn(..) | Expr::Exists(_)
                    ) || crate::functions::marker::name_of(part).is_some())
                })
                .unwrap_or(true)
        });
        let fields: Vec<Field> =
            columns.iter().map(|column| Field::new(&column.name, column.data_type.clone(), true)).collect();
        if plain {
            let schema = DFSchema::try_from(Schema::new(fields)).map_err(|error| self.error(&error))?;
            let plan = LogicalPlan::Values(Values { schema: Arc::new(schema), values: rows });
            return Ok(BoundQuery { plan, columns });
        }
        // With subqueries: a union of one-row selects.
        let mut all: Option<BoundQuery> = None;
        for row in rows {
            let from = self.joined_list(&[])?;
            let cells =
                row.into_iter().zip(&columns).map(|(cell, column)| cell.alias(&column.name)).collect();
            let plan = self.project(from.plan, cells)?;
            let next = BoundQuery { plan, columns: columns.clone() };
            all = Some(match all {
                None => next,
                Some(before) => self.union(before, next)?,
            });
        }
        all.ok_or_else(|| SqlError::internal("VALUES without rows"))
    }

    /// ORDER BY over a set operation: output columns only.
    pub(super) fn ordered(&mut self, bound: BoundQuery, order_by: &[OrderByExpr]) -> SqlResult<BoundQuery> {
        if order_by.is_empty() {
            return Ok(bound);
        }
        let columns = bound.plan.schema().columns();
        let mut keys = vec![];
        for item in order_by {
            let ascending = item.options.asc.unwrap_or(true);
            let index = match &item.expr {
                ast::Expr::Identifier(name) => {
                    let folded = fold_identifier(name);
                    bound.columns.iter().position(|column| column.name == folded).ok_or_else(|| {
                        let message = format!("column \"{folded}\" does not exist");
                        SqlError::new(SqlState::UndefinedColumn, message)
                    })?
                }
                ast::Expr::Value(value) if matches!(value.value, Value::Number(..)) => {
                    let place = value.value.to_string().parse::<usize>().unwrap_or(0);
                    if !(1..=columns.len()).contains(&place) {
                        let message = format!("ORDER BY position {} is not in select list", value.value);
                        return Err(SqlError::new(SqlState::InvalidColumnReference, message));
                    }
                    place - 1
                }
                _ => {
                    let message = "invalid UNION/INTERSECT/EXCEPT ORDER BY clause";
                    return Err(SqlError::new(SqlState::FeatureNotSupported, message)
                        .with_detail("Only result column names can be used, not expressions or functions.")
                        .with_hint("Add the expression/function to every SELECT, or move the UNION into a FROM clause."));
                }
            };
            let output = &bound.columns[index];
            let typed =
                Typed::column(columns[index].clone(), settled(&output.sql_type), output.data_type.clone());
            self.orderable(&typed, "an ordering operator")?;
            keys.push((typed, ascending, item.options.nulls_first.unwrap_or(!ascending)));
        }
        let expr: Vec<Sort> = self.sorts(keys);
        let plan = LogicalPlan::Sort(datafusion::logical_expr::Sort {
            expr,
            input: Arc::new(bound.plan),
            fetch: None,
        });
        Ok(BoundQuery { plan, columns: bound.columns })
    }

    pub(super) fn limited(
        &mut self,
        bound: BoundQuery,
        query: &Query,
        order_by: &[OrderByExpr],
    ) -> SqlResult<BoundQuery> {
        let (mut limit, mut offset) = (None, None);
        match &query.limit_clause {
            None => {}
            Some(LimitClause::LimitOffset { limit: rows, offset: skip, limit_by }) => {
                if !limit_by.is_empty() {
                    return Err(SqlError::unsupported("LIMIT BY is not built", "use row_number() OVER (…)"));
                }
                limit = rows.as_ref();
                offset = skip.as_ref().map(|skip| &skip.value);
            }
            Some(LimitClause::OffsetCommaLimit { .. }) => {
                return Err(SqlError::syntax("LIMIT #,# syntax is not supported", None)
                    .with_hint("Use separate LIMIT and OFFSET clauses."));
            }
        }
        let one = ast::Expr::value(Value::Number("1".to_owned(), false));
        let mut ties = false;
        if let Some(fetch) = &query.fetch {
            if fetch.percent {
                return Err(SqlError::unsupported("FETCH … PERCENT is not built", "say a number of rows"));
            }
            if fetch.with_ties && order_by.is_empty() {
                let message = "WITH TIES cannot be specified without ORDER BY clause";
                return Err(SqlError::syntax(message, None));
            }
            ties = fetch.with_ties;
            limit = Some(fetch.quantity.as_ref().unwrap_or(&one));
        }
        let skip = offset.map(|offset| self.row_count(offset, "OFFSET")).transpose()?.flatten();
        let fetch = limit.map(|limit| self.row_count(limit, "LIMIT")).transpose()?.flatten();
        if skip.is_none() && fetch.is_none() {
            return Ok(bound);
        }
        if ties && let Some(fetch) = fetch {
            return self.with_ties(bound, skip, fetch);
        }
        let is_computed = |rows: &Expr| {
            rows.exists(|part| Ok(matches!(part, Expr::ScalarSubquery(_) | Expr::OuterReferenceColumn(..))))
                .unwrap_or(true)
        };
        if skip.iter().chain(&fetch).any(is_computed) {
            return self.counted(bound, skip, fetch);
        }
        let plan = LogicalPlan::Limit(Limit {
            skip: skip.map(Box::new),
            fetch: fetch.map(Box::new),
            input: Arc::new(bound.plan),
        });
        Ok(BoundQuery { plan, columns: bound.columns })
    }

    /// LIMIT and OFFSET that only the running query knows: rows by their number.
    pub(super) fn counted(
        &mut self,
        bound: BoundQuery,
        skip: Option<Expr>,
        fetch: Option<Expr>,
    ) -> SqlResult<BoundQuery> {
        let shown = bound.plan.schema().columns();
        let number = self.fresh("number");
        let calls = vec![(number.clone(), self.row_number(vec![], vec![]))];
        let plan = over_plan(bound.plan, calls).map_err(|error| self.error(&error))?;
        let zero = Expr::Literal(ScalarValue::Int64(Some(0)), None);
        let before = match skip {
            Some(skip) => self.native("coalesce", vec![skip, zero])?,
            None => zero,
        };
        let number = Expr::Column(Column::new_unqualified(number));
        let after = Expr::BinaryExpr(datafusion::logical_expr::BinaryExpr::new(
            Box::new(number),
            datafusion::logical_expr::Operator::Minus,
            Box::new(before),
        ));
        let mut within = after.clone().gt(Expr::Literal(ScalarValue::Int64(Some(0)), None));
        if let Some(fetch) = fetch {
            within = within.and(fetch.clone().is_null().or(after.lt_eq(fetch)));
        }
        let plan = self.filter(plan, within)?;
        let plan = self.project(plan, shown.into_iter().map(Expr::Column).collect())?;
        Ok(BoundQuery { plan, columns: bound.columns })
    }

    /// FETCH FIRST n ROWS WITH TIES: all rows whose rank is within.
    pub(super) fn with_ties(
        &mut self,
        bound: BoundQuery,
        skip: Option<Expr>,
        fetch: Expr,
    ) -> SqlResult<BoundQuery> {
        let LogicalPlan::Sort(sort) = &bound.plan else {
            return Err(SqlError::unsupported(
                "WITH TIES over an expression that is no output column is not built",
                "put the ORDER BY expression into the select list",
            ));
        };
        let shown = bound.plan.schema().columns();
        let (rank, number) = (self.fresh("rank"), self.fresh("number"));
        let ranked = (rank.clone(), self.ranked(sort.expr.clone()));
        let numbered = (number.clone(), self.row_number(vec![], sort.expr.clone()));
        let plan = over_plan(sort.input.as_ref().clone(), vec![ranked, numbered])
            .map_err(|error| self.error(&error))?;
        let as_int = |name: &str| Expr::Column(Column::new_unqualified(name));
        let before = skip.clone().unwrap_or(Expr::Literal(ScalarValue::Int64(Some(0)), None));
        let last = Expr::BinaryExpr(datafusion::logical_expr::BinaryExpr::new(
            Box::new(before.clone()),
            datafusion::logical_expr::Operator::Plus,
            Box::new(fetch),
        ));
        let within = as_int(&number).gt(before).and(as_int(&rank).lt_eq(last));
        let plan = self.filter(plan, within)?;
        let plan = LogicalPlan::Sort(datafusion::logical_expr::Sort {
            expr: sort.expr.clone(),
            input: Arc::new(plan),
            fetch: None,
        });
        let plan = self.project(plan, shown.into_iter().map(Expr::Column).collect())?;
        Ok(BoundQuery { plan, columns: bound.columns })
    }

    /// A number of rows: a bigint; None for NULL and ALL.
    pub(super) fn row_count(&mut self, expr: &ast::Expr, clause: &str) -> SqlResult<Option<Expr>> {
        if let ast::Expr::Identifier(name) = expr
            && fold_identifier(name) == "all"
        {
            return Ok(None);
        }
        self.levels.push(Level::new(Scope::default(), Clause::Limit));
        let bound = self.expr(expr);
        self.levels.pop();
        let bound = bound.map_err(|error| match error.state {
            SqlState::UndefinedColumn => {
                let message = format!("argument of {clause} must not contain variables");
                SqlError::new(SqlState::InvalidColumnReference, message)
            }
            _ => error,
        })?;
        if bound.is_null_literal() {
            return Ok(None);
        }
        let bound = self.coerce(bound, &Kind::Int8.into(), Context::Assignment)?;
        Ok(Some(bound.expr))
    }
}

/// The output columns of a plan that are constants of its select list.
pub(crate) fn constants_of(plan: &LogicalPlan, width: usize) -> Vec<Option<Expr>> {
    pub(super) fn inner(expr: &Expr) -> &Expr {
        match expr {
            Expr::Alias(alias) => inner(&alias.expr),
            other => other,
        }
    }
    match plan {
        LogicalPlan::Projection(projection) => projection
            .expr
            .iter()
            .take(width)
            .map(|expr| match inner(expr) {
                constant @ (Expr::Literal(..) | Expr::Placeholder(_)) => Some(constant.clone()),
                _ => None,
            })
            .collect(),
        LogicalPlan::Values(values) if values.values.len() == 1 => values.values[0]
            .iter()
            .map(|expr| match expr {
                constant @ (Expr::Literal(..) | Expr::Placeholder(_)) => Some(constant.clone()),
                _ => None,
            })
            .collect(),
        LogicalPlan::Sort(sort) => constants_of(&sort.input, width),
        LogicalPlan::Limit(limit) => constants_of(&limit.input, width),
        _ => vec![None; width],
    }
}

/// The word DEFAULT as a cell of VALUES.
pub(crate) fn is_default(cell: &ast::Expr) -> bool {
    matches!(cell, ast::Expr::Identifier(name)
        if name.quote_style.is_none() && name.value.eq_ignore_ascii_case("default"))
}

/// Clauses of other dialects that the parser takes: what is not obeyed is refused.
pub(super) fn refuse_clauses(query: &Query) -> SqlResult<()> {
    let refused = if !query.pipe_operators.is_empty() {
        "a pipe operator"
    } else if query.for_clause.is_some() {
        "FOR XML and FOR JSON"
    } else if query.settings.is_some() {
        "SETTINGS"
    } else if query.format_clause.is_some() {
        "FORMAT"
    } else if !query.locks.is_empty() {
        "FOR UPDATE and FOR SHARE"
    } else {
        return Ok(());
    };
    Err(SqlError::unsupported(format!("{refused} is not built"), "write it with PostgreSQL's clauses"))
}
