//! WITH: common table expressions, and those that read themselves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::TableReference;
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableScanBuilder};
use datafusion::sql::sqlparser::ast::{self, LimitClause};
use millstream_catalog::{Kind, SqlType};

use super::from::refuse_types;
use super::planner::{BoundQuery, Cte, Planner};
use super::scope::OutputColumn;
use super::search_cycle::added;
use super::typed::Typed;
use super::{convert, overload, recursion};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::names::plan_names;
use crate::text::clauses::{WithClauses, of_cte};
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;
use crate::types::names::format_type;

impl Planner<'_, '_> {
    /// The queries of a WITH, from here on known by their names.
    pub(super) fn with(&mut self, with: &ast::With) -> SqlResult<()> {
        let mut names = HashSet::new();
        for cte in &with.cte_tables {
            let name = fold_identifier(&cte.alias.name);
            if !names.insert(name.clone()) {
                let message = format!("WITH query name \"{name}\" specified more than once");
                let position = crate::error::position(cte.alias.name.span.start.column);
                return Err(SqlError { position, ..SqlError::new(SqlState::DuplicateAlias, message) });
            }
        }
        for (cte, recursive) in recursion::ordered(with)? {
            self.common_table(cte, recursive)?;
        }
        Ok(())
    }

    /// An item of WITH.
    fn common_table(&mut self, cte: &ast::Cte, recursive: bool) -> SqlResult<()> {
        let name = fold_identifier(&cte.alias.name);
        let clauses = of_cte(cte)?;
        let bound = match recursive {
            true => {
                self.ctes.push(HashMap::new());
                let bound = self.recursive(&name, cte, clauses.as_ref());
                self.ctes.pop();
                bound?
            }
            false if clauses.is_some() => {
                return Err(SqlError::syntax("WITH query is not recursive", None));
            }
            false => {
                let bound = self.query(&cte.query)?;
                self.settle(bound)?
            }
        };
        refuse_types(Some(&cte.alias))?;
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
            scope.insert(name, Cte { plan: bound.plan, columns, itself: None });
        }
        Ok(())
    }

    /// A query that reads itself, with a scope of its own for what its own WITH names.
    fn recursive(
        &mut self,
        name: &str,
        cte: &ast::Cte,
        clauses: Option<&WithClauses>,
    ) -> SqlResult<BoundQuery> {
        let (left, right, all) = recursion::terms(cte)?;
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
        if let Some(with) = &cte.query.with {
            self.with(with)?;
        }
        let first = self.set_expression(left)?;
        let first = self.settle(first)?;
        let mut first = self.widened(first)?;
        let mut spelled = None;
        if let Some(clauses) = clauses {
            let mut names: Vec<String> = first.columns.iter().map(|column| column.name.clone()).collect();
            for (name, given) in names.iter_mut().zip(&cte.alias.columns) {
                *name = fold_identifier(&given.name);
            }
            let terms = self.spelled_out(cte, (left, right), clauses, &names)?;
            let start = self.set_expression(&terms.0)?;
            let start = self.settle(start)?;
            first = self.widened(start)?;
            spelled = Some(terms.1);
        }
        let right = spelled.as_ref().unwrap_or(right);
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
        let added = clauses.map_or(0, |clauses| added(clauses).len());
        let seen = Cte { plan: scan, columns, itself: Some(added) };
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
            // What an expression says of NULL is not final: rewritten it may say another thing, and then the columns of
            // both terms no longer fit together.
            // A column of a stream says its SQL type in its field, an expression does not: neither shall here.
            let field = rest.plan.schema().field(index);
            let says_little = field.is_nullable() && field.metadata().is_empty();
            let typed = if says_little { typed } else { convert::kept(typed) };
            projection.push(typed.expr.alias(schema.field(index).name()));
        }
        let rest = self.project(rest.plan, projection)?;
        if let (false, Some(column)) = (all, first.columns.iter().find(|column| looks_many(column))) {
            let message = format!(
                "recursive query \"{name}\" with UNION over column \"{}\" of type {} is not built",
                column.name,
                format_type(&column.sql_type)
            );
            let hint = "Use UNION ALL, or cast the column to a type whose equal values look alike.";
            return Err(SqlError::unsupported(message, hint));
        }
        let renamed: Vec<Expr> = first
            .plan
            .schema()
            .columns()
            .into_iter()
            .zip(&first.columns)
            .enumerate()
            .map(|(index, (column, output))| {
                let plain = first.plan.schema().field(index).metadata().is_empty();
                let typed = Typed::column(column, output.sql_type.clone(), output.data_type.clone());
                let typed = if plain { typed } else { convert::kept(typed) };
                typed.expr.alias(schema.field(index).name())
            })
            .collect();
        let start = self.project(first.plan, renamed)?;
        let plan = LogicalPlanBuilder::from(start)
            .to_recursive_query(work, rest, !all)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        let outputs = plan
            .schema()
            .columns()
            .into_iter()
            .zip(plan_names(first.columns.iter().map(|column| column.name.clone())))
            .map(|(column, name)| Expr::Column(column).alias(name))
            .collect();
        let plan = self.project(plan, outputs)?;
        let bound = BoundQuery { plan, columns: first.columns };
        self.limited(bound, &cte.query, &[])
    }

    /// A first term whose numerics hold whatever the recursive term may bring: a decimal of its own width would not.
    fn widened(&mut self, mut bound: BoundQuery) -> SqlResult<BoundQuery> {
        let mut projection = vec![];
        for (plan_column, column) in bound.plan.schema().columns().into_iter().zip(&mut bound.columns) {
            let name = plan_column.name.clone();
            let typed = Typed::column(plan_column, column.sql_type.clone(), column.data_type.clone());
            let typed = if column.sql_type.modifier() == -1 { self.wide(typed)? } else { typed };
            column.data_type = typed.data_type.clone();
            projection.push(typed.expr.alias(name));
        }
        let plan = self.project(bound.plan, projection)?;
        Ok(BoundQuery { plan, columns: bound.columns })
    }
}

/// Whether equal values of a column may have different bytes, by which a recursive query tells rows apart.
fn looks_many(column: &OutputColumn) -> bool {
    fn of(sql_type: &SqlType) -> bool {
        match sql_type {
            SqlType::Array(element) => of(element),
            SqlType::Record(fields) => fields.iter().any(|(_, field)| of(field)),
            SqlType::Scalar(kind, _) => {
                matches!(kind, Kind::Numeric | Kind::Interval | Kind::Bpchar | Kind::Jsonb)
            }
        }
    }
    of(&column.sql_type) && !matches!(column.data_type, DataType::Decimal128(..))
}
