//! Queries: WITH, set operations, VALUES, ORDER BY over them, LIMIT and FETCH.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::tree_node::TreeNode;
use datafusion::common::{Column, DFSchema, JoinType, NullEquality, ScalarValue, TableReference};
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{
    Expr, Join, JoinConstraint, Limit, LogicalPlan, LogicalPlanBuilder, TableScanBuilder, Union, Values,
};
use datafusion::sql::sqlparser::ast::{
    self, Distinct, LimitClause, OrderByExpr, OrderByKind, Query, SetExpr, SetOperator, SetQuantifier, Value,
};
use millstream_catalog::{Kind, SqlType};

use super::from::table_query;
use super::planner::{BoundQuery, Clause, Cte, Level, Planner, common_numeric, settled};
use super::scope::{OutputColumn, Scope};
use super::typed::Typed;
use super::{AsOf, overload};
use crate::dialect::fold_identifier;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::convert;
use crate::parse::time_travel::take_clause;
use crate::types::cast::Context;
use crate::types::names::format_type;

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

    fn has_moment(&self, query: &Query) -> bool {
        take_clause(&mut query.clone()).is_some()
    }

    fn query_in_scope(&mut self, query: &Query) -> SqlResult<BoundQuery> {
        refuse_clauses(query)?;
        if let Some(with) = &query.with {
            for cte in &with.cte_tables {
                self.common_table(cte, with.recursive)?;
            }
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

    /// An item of WITH.
    fn common_table(&mut self, cte: &ast::Cte, recursive: bool) -> SqlResult<()> {
        let name = fold_identifier(&cte.alias.name);
        if self.ctes.last().is_some_and(|scope| scope.contains_key(&name)) {
            let message = format!("WITH query name \"{name}\" specified more than once");
            return Err(SqlError::new(SqlState::DuplicateAlias, message));
        }
        let bound = match recursive && reads(&cte.query, &name) {
            true => self.recursive(&name, cte)?,
            false => {
                let bound = self.query(&cte.query)?;
                self.settle(bound)?
            }
        };
        let mut columns = bound.columns;
        if cte.alias.columns.len() > columns.len() {
            let message = format!(
                "WITH query \"{name}\" has {} columns available but {} columns specified",
                columns.len(),
                cte.alias.columns.len()
            );
            return Err(SqlError::new(SqlState::InvalidColumnReference, message));
        }
        for (column, given) in columns.iter_mut().zip(&cte.alias.columns) {
            column.name = fold_identifier(&given.name);
        }
        if let Some(scope) = self.ctes.last_mut() {
            scope.insert(name, Cte { plan: bound.plan, columns });
        }
        Ok(())
    }

    fn recursive(&mut self, name: &str, cte: &ast::Cte) -> SqlResult<BoundQuery> {
        let SetExpr::SetOperation { op: SetOperator::Union, set_quantifier, left, right } =
            cte.query.body.as_ref()
        else {
            let message = format!(
                "recursive query \"{name}\" does not have the form non-recursive-term UNION [ALL] recursive-term"
            );
            return Err(SqlError::new(SqlState::InvalidRecursion, message));
        };
        if cte.query.order_by.is_some() {
            return Err(SqlError::unsupported(
                "ORDER BY in a recursive query is not implemented",
                "order outside",
            ));
        }
        match &cte.query.limit_clause {
            Some(LimitClause::LimitOffset { offset: Some(_), .. }) => {
                return Err(SqlError::unsupported(
                    "OFFSET in a recursive query is not implemented",
                    "skip rows outside",
                ));
            }
            Some(_) => {
                return Err(SqlError::unsupported(
                    "LIMIT in a recursive query is not implemented",
                    "limit rows outside",
                ));
            }
            None => {}
        }
        let first = self.set_expression(left)?;
        let first = self.settle(first)?;
        let fields: Vec<Field> = first
            .plan
            .schema()
            .fields()
            .iter()
            .zip(&first.columns)
            .enumerate()
            .map(|(index, (_, column))| {
                Field::new(format!("{}\0\0r{index}", column.name), column.data_type.clone(), true)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let work = self.qualifier(name);
        let table = CteWorkTable::new(&work, Arc::clone(&schema));
        let scan =
            TableScanBuilder::new(TableReference::bare(work.as_str()), provider_as_source(Arc::new(table)))
                .build()
                .map(LogicalPlan::TableScan)
                .map_err(|error| self.error(&error))?;
        let mut columns = first.columns.clone();
        for (column, given) in columns.iter_mut().zip(&cte.alias.columns) {
            column.name = fold_identifier(&given.name);
        }
        let seen = Cte { plan: scan, columns };
        if let Some(scope) = self.ctes.last_mut() {
            scope.insert(name.to_owned(), seen);
        }
        let rest = self.set_expression(right)?;
        if let Some(scope) = self.ctes.last_mut() {
            scope.remove(name);
        }
        if rest.columns.len() != first.columns.len() {
            return Err(SqlError::syntax("each UNION query must have the same number of columns", None));
        }
        let mut projection = vec![];
        for (index, ((column, wanted), plan_column)) in
            rest.columns.iter().zip(&first.columns).zip(rest.plan.schema().columns()).enumerate()
        {
            let typed = Typed::column(plan_column, column.sql_type.clone(), column.data_type.clone());
            if !typed.is_unknown() && typed.sql_type.plain() != wanted.sql_type.plain() {
                let types = [typed.sql_type.clone(), wanted.sql_type.clone()];
                let overall = overload::common_type(&types);
                if overall.as_ref().map(SqlType::plain) != Some(wanted.sql_type.plain()) {
                    let overall = overall.unwrap_or_else(|| typed.sql_type.clone());
                    let message = format!(
                        "recursive query \"{name}\" column {} has type {} in non-recursive term but type {} overall",
                        index + 1,
                        format_type(&wanted.sql_type),
                        format_type(&overall)
                    );
                    return Err(SqlError::new(SqlState::DatatypeMismatch, message));
                }
            }
            if !typed.is_unknown()
                && typed.sql_type != wanted.sql_type
                && wanted.sql_type != wanted.sql_type.plain()
            {
                let message = format!(
                    "recursive query \"{name}\" column {} has type {} in non-recursive term but type {} overall",
                    index + 1,
                    format_type(&wanted.sql_type),
                    format_type(&wanted.sql_type.plain())
                );
                return Err(SqlError::new(SqlState::DatatypeMismatch, message)
                    .with_hint("Cast the output of the non-recursive term to the correct type."));
            }
            let typed = self.coerce(typed, &wanted.sql_type.plain(), Context::Implicit)?;
            let typed = self.stored(typed, &wanted.data_type)?;
            projection.push(typed.expr.alias(schema.field(index).name()));
        }
        let rest = self.project(rest.plan, projection)?;
        let renamed: Vec<Expr> = first
            .plan
            .schema()
            .columns()
            .into_iter()
            .enumerate()
            .map(|(index, column)| Expr::Column(column).alias(schema.field(index).name()))
            .collect();
        let start = self.project(first.plan, renamed)?;
        let distinct = !matches!(set_quantifier, SetQuantifier::All);
        let plan = LogicalPlanBuilder::from(start)
            .to_recursive_query(work, rest, distinct)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        let outputs = plan
            .schema()
            .columns()
            .into_iter()
            .zip(super::scope::plan_names(first.columns.iter().map(|column| column.name.clone())))
            .map(|(column, name)| Expr::Column(column).alias(name))
            .collect();
        let plan = self.project(plan, outputs)?;
        let bound = BoundQuery { plan, columns: first.columns };
        self.limited(bound, &cte.query, &[])
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

    fn set_expression(&mut self, body: &SetExpr) -> SqlResult<BoundQuery> {
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

    fn set_operation(
        &mut self,
        left: &SetExpr,
        op: SetOperator,
        all: bool,
        right: &SetExpr,
    ) -> SqlResult<BoundQuery> {
        let what = match op {
            SetOperator::Union => "UNION",
            SetOperator::Intersect => "INTERSECT",
            SetOperator::Except | SetOperator::Minus => "EXCEPT",
        };
        // A long chain to the left is gone down by a loop.
        if op == SetOperator::Union {
            let mut arms = vec![right];
            let mut rest = left;
            while let SetExpr::SetOperation { op: SetOperator::Union, set_quantifier, left, right } = rest
                && all == matches!(set_quantifier, SetQuantifier::All)
            {
                arms.push(right);
                rest = left;
            }
            arms.push(rest);
            let mut bound: Option<BoundQuery> = None;
            for arm in arms.into_iter().rev() {
                let next = self.set_expression(arm)?;
                bound = Some(match bound {
                    None => next,
                    Some(before) => self.union(before, next)?,
                });
            }
            let Some(bound) = bound else { return Err(SqlError::internal("a union of nothing")) };
            return if all { Ok(bound) } else { self.distinct_rows(bound) };
        }
        let (left, right) = (self.set_expression(left)?, self.set_expression(right)?);
        let (left, right) = self.matched(left, right, what)?;
        let intersect = op == SetOperator::Intersect;
        let (left, right) = match all {
            true => (left, right),
            false => (self.distinct_rows(left)?, right),
        };
        let columns = left.columns.clone();
        // Keys of both sides in key form; for ALL, the number of each row among its equals too.
        let (left_plan, mut left_keys) = self.keyed(left)?;
        let (right_plan, mut right_keys) = self.keyed(right)?;
        let (mut left_plan, mut right_plan) = (left_plan, right_plan);
        if all {
            for (plan, keys) in [(&mut left_plan, &mut left_keys), (&mut right_plan, &mut right_keys)] {
                let number = self.fresh("number");
                let partition = keys.iter().cloned().map(Expr::Column).collect();
                let call = self.row_number(partition, vec![])?.alias(&number);
                *plan = super::select::window_plan(plan.clone(), vec![call]).map_err(|e| self.error(&e))?;
                keys.push(Column::new_unqualified(number));
            }
        }
        let on = left_keys
            .into_iter()
            .zip(right_keys)
            .map(|(left, right)| (Expr::Column(left), Expr::Column(right)))
            .collect();
        let join_type = if intersect { JoinType::LeftSemi } else { JoinType::LeftAnti };
        let names: Vec<Column> = left_plan.schema().columns().into_iter().take(columns.len()).collect();
        let join = Join::try_new(
            Arc::new(left_plan),
            Arc::new(right_plan),
            on,
            None,
            join_type,
            JoinConstraint::On,
            NullEquality::NullEqualsNull,
            false,
        )
        .map_err(|error| self.error(&error))?;
        let shown = names.into_iter().map(Expr::Column).collect();
        let plan = self.project(LogicalPlan::Join(join), shown)?;
        Ok(BoundQuery { plan, columns })
    }

    /// A plan with its columns' key forms behind them.
    fn keyed(&mut self, bound: BoundQuery) -> SqlResult<(LogicalPlan, Vec<Column>)> {
        let qualifier = self.qualifier("set");
        let plan = super::from::aliased(bound.plan, &qualifier).map_err(|error| self.error(&error))?;
        let plan_columns = plan.schema().columns();
        let mut projection: Vec<Expr> = plan_columns.iter().cloned().map(Expr::Column).collect();
        let mut keys = vec![];
        for (column, output) in plan_columns.iter().zip(&bound.columns) {
            let typed = Typed::column(column.clone(), settled(&output.sql_type), output.data_type.clone());
            self.orderable(&typed, "an equality operator")?;
            let name = self.fresh("key");
            projection.push(convert::key(typed, &self.environment).expr.alias(&name));
            keys.push(Column::new_unqualified(name));
        }
        Ok((self.project(plan, projection)?, keys))
    }

    /// Two queries whose columns are of the same types.
    fn matched(
        &mut self,
        left: BoundQuery,
        right: BoundQuery,
        what: &str,
    ) -> SqlResult<(BoundQuery, BoundQuery)> {
        if left.columns.len() != right.columns.len() {
            let message = format!("each {what} query must have the same number of columns");
            return Err(SqlError::syntax(message, None));
        }
        let mut wanted = vec![];
        for (left, right) in left.columns.iter().zip(&right.columns) {
            let types = [left.sql_type.clone(), right.sql_type.clone()];
            let common = self.common(&types, what)?;
            let data_type = match common.is(Kind::Numeric) {
                // Each side keeps its own scale, so that only like forms stay.
                true => {
                    let form = |column: &OutputColumn| match column.sql_type.kind() {
                        Some(Kind::Numeric) => column.data_type.clone(),
                        Some(Kind::Int2) => DataType::Decimal128(5, 0),
                        Some(Kind::Int4) => DataType::Decimal128(10, 0),
                        Some(Kind::Int8) => DataType::Decimal128(19, 0),
                        _ => DataType::Binary,
                    };
                    common_numeric(&[form(left), form(right)])
                }
                false => common.data_type(),
            };
            wanted.push((left.name.clone(), common, data_type));
        }
        Ok((self.as_types(left, &wanted)?, self.as_types(right, &wanted)?))
    }

    fn as_types(
        &mut self,
        bound: BoundQuery,
        wanted: &[(String, SqlType, DataType)],
    ) -> SqlResult<BoundQuery> {
        let names = super::scope::plan_names(wanted.iter().map(|(name, _, _)| name.clone()));
        let same = bound.columns.iter().zip(wanted).all(|(column, (_, sql_type, data_type))| {
            column.sql_type == *sql_type && column.data_type == *data_type
        });
        let plan_names: Vec<String> =
            bound.plan.schema().fields().iter().map(|field| field.name().clone()).collect();
        if same && plan_names == names {
            let columns = outputs(wanted);
            return Ok(BoundQuery { plan: bound.plan, columns });
        }
        // Quoted constants in the select list itself are read as what they become.
        let constants = constants_of(&bound.plan, bound.columns.len());
        let mut projection = vec![];
        for (index, ((column, (_, sql_type, data_type)), plan_column)) in
            bound.columns.iter().zip(wanted).zip(bound.plan.schema().columns()).enumerate()
        {
            let mut typed = Typed::column(plan_column, column.sql_type.clone(), column.data_type.clone());
            if typed.is_unknown()
                && let Some(constant) = constants.get(index).cloned().flatten()
            {
                typed.expr = constant;
            }
            let typed = self.coerce(typed, sql_type, Context::Implicit)?;
            let typed = self.stored(typed, data_type)?;
            projection.push(typed.expr.alias(&names[index]));
        }
        let plan = self.project(bound.plan, projection)?;
        Ok(BoundQuery { plan, columns: outputs(wanted) })
    }

    fn union(&mut self, left: BoundQuery, right: BoundQuery) -> SqlResult<BoundQuery> {
        let (left, right) = self.matched(left, right, "UNION")?;
        let columns = left.columns;
        let mut inputs: Vec<Arc<LogicalPlan>> = vec![];
        for plan in [left.plan, right.plan] {
            match plan {
                LogicalPlan::Union(union) => inputs.extend(union.inputs),
                other => inputs.push(Arc::new(other)),
            }
        }
        // One schema for all: names of the first, without metadata of where columns come from.
        let fields: Vec<(Option<TableReference>, Arc<Field>)> = inputs[0]
            .schema()
            .fields()
            .iter()
            .map(|field| (None, Arc::new(Field::new(field.name(), field.data_type().clone(), true))))
            .collect();
        let schema =
            DFSchema::new_with_metadata(fields, HashMap::new()).map_err(|error| self.error(&error))?;
        let mut plain = vec![];
        for input in inputs {
            let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
            let shown = input
                .schema()
                .columns()
                .into_iter()
                .zip(names)
                .map(|(column, name)| Expr::Column(column).alias(name))
                .collect();
            plain.push(Arc::new(self.project(Arc::unwrap_or_clone(input), shown)?));
        }
        let plan = LogicalPlan::Union(Union { inputs: plain, schema: Arc::new(schema) });
        Ok(BoundQuery { plan, columns })
    }

    /// VALUES: each column of one type.
    fn values(&mut self, values: &ast::Values) -> SqlResult<BoundQuery> {
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
            let from = self.from_list(&[])?;
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
    fn ordered(&mut self, bound: BoundQuery, order_by: &[OrderByExpr]) -> SqlResult<BoundQuery> {
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

    fn limited(
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
    fn counted(
        &mut self,
        bound: BoundQuery,
        skip: Option<Expr>,
        fetch: Option<Expr>,
    ) -> SqlResult<BoundQuery> {
        let shown = bound.plan.schema().columns();
        let number = self.fresh("number");
        let call = self.row_number(vec![], vec![])?.alias(&number);
        let plan = super::select::window_plan(bound.plan, vec![call]).map_err(|error| self.error(&error))?;
        let zero = Expr::Literal(ScalarValue::Int64(Some(0)), None);
        let before = match skip {
            Some(skip) => self.native("coalesce", vec![skip, zero])?,
            None => zero,
        };
        let number = Expr::Column(Column::new_unqualified(number));
        let number = datafusion::logical_expr::cast(number, DataType::Int64);
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
    fn with_ties(&mut self, bound: BoundQuery, skip: Option<Expr>, fetch: Expr) -> SqlResult<BoundQuery> {
        let LogicalPlan::Sort(sort) = &bound.plan else {
            return Err(SqlError::unsupported(
                "WITH TIES over an expression that is no output column is not built",
                "put the ORDER BY expression into the select list",
            ));
        };
        let shown = bound.plan.schema().columns();
        let (rank, number) = (self.fresh("rank"), self.fresh("number"));
        let ranked = self.ranked(sort.expr.clone())?.alias(&rank);
        let numbered = self.row_number(vec![], sort.expr.clone())?.alias(&number);
        let plan = super::select::window_plan(sort.input.as_ref().clone(), vec![ranked, numbered])
            .map_err(|error| self.error(&error))?;
        let as_int = |name: &str| {
            let column = Expr::Column(Column::new_unqualified(name));
            datafusion::logical_expr::cast(column, DataType::Int64)
        };
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
    fn row_count(&mut self, expr: &ast::Expr, clause: &str) -> SqlResult<Option<Expr>> {
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

fn outputs(wanted: &[(String, SqlType, DataType)]) -> Vec<OutputColumn> {
    wanted
        .iter()
        .map(|(name, sql_type, data_type)| OutputColumn {
            name: name.clone(),
            sql_type: sql_type.clone(),
            data_type: data_type.clone(),
        })
        .collect()
}

/// The output columns of a plan that are constants of its select list.
pub(crate) fn constants_of(plan: &LogicalPlan, width: usize) -> Vec<Option<Expr>> {
    fn inner(expr: &Expr) -> &Expr {
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

/// Whether a query names a relation, anywhere in it.
fn reads(query: &Query, name: &str) -> bool {
    let own = |cte: &ast::Cte| fold_identifier(&cte.alias.name) == name;
    if query.with.as_ref().is_some_and(|with| with.cte_tables.iter().any(own)) {
        return false;
    }
    use datafusion::sql::sqlparser::ast::{TableFactor, Visit, Visitor};
    use std::ops::ControlFlow;
    struct Reads<'n>(&'n str);
    impl Visitor for Reads<'_> {
        type Break = ();

        fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if let TableFactor::Table { name, args: None, .. } = factor
                && let [ast::ObjectNamePart::Identifier(only)] = name.0.as_slice()
                && fold_identifier(only) == self.0
            {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        }
    }
    query.visit(&mut Reads(name)).is_break()
}

/// The word DEFAULT as a cell of VALUES.
pub(crate) fn is_default(cell: &ast::Expr) -> bool {
    matches!(cell, ast::Expr::Identifier(name)
        if name.quote_style.is_none() && name.value.eq_ignore_ascii_case("default"))
}

/// Clauses of other dialects that the parser takes: what is not obeyed is refused.
fn refuse_clauses(query: &Query) -> SqlResult<()> {
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

#[allow(unused_imports)]
use Distinct as _;
