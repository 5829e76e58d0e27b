//! WITH: common table expressions, recursive ones too.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use datafusion::common::TableReference;
use datafusion::common::tree_node::TreeNode;
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableScanBuilder};
use datafusion::sql::sqlparser::ast::{self, LimitClause, Query, SetExpr, SetOperator, SetQuantifier};
use millstream_catalog::SqlType;

use super::overload;
use super::planner::{BoundQuery, Cte, Planner};
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::names::plan_names;
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;
use crate::types::names::format_type;

impl Planner<'_, '_> {
    /// An item of WITH.
    pub(super) fn common_table(&mut self, cte: &ast::Cte, recursive: bool) -> SqlResult<()> {
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

    pub(super) fn recursive(&mut self, name: &str, cte: &ast::Cte) -> SqlResult<BoundQuery> {
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
            .zip(plan_names(first.columns.iter().map(|column| column.name.clone())))
            .map(|(column, name)| Expr::Column(column).alias(name))
            .collect();
        let plan = self.project(plan, outputs)?;
        let bound = BoundQuery { plan, columns: first.columns };
        self.limited(bound, &cte.query, &[])
    }
}

/// Whether a query names a relation, anywhere in it.
pub(super) fn reads(query: &Query, name: &str) -> bool {
    let own = |cte: &ast::Cte| fold_identifier(&cte.alias.name) == name;
    if query.with.as_ref().is_some_and(|with| with.cte_tables.iter().any(own)) {
        return false;
    }
    use datafusion::sql::sqlparser::ast::{TableFactor, Visit, Visitor};
    use std::ops::ControlFlow;
    pub(super) struct Reads<'n>(&'n str);
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
