//! One SELECT: WHERE, grouping, windows, sets in the select list, DISTINCT, and the ORDER BY that belongs to it.
//!
//! ```text
//!  FROM ─ Filter ─ Aggregate ─ Filter (HAVING) ─ Window ─ Projection + Unnest (sets) ─ Projection ─ Distinct ─ Sort
//! ```
//!
//! Expressions are bound over FROM with aggregates, window functions and sets taken out as columns; afterwards what is
//! left is put in terms of the node that it stands above (PostgreSQL's `parseCheckAggregates` for grouping).

use std::ops::ControlFlow;
use std::sync::Arc;

use datafusion::common::tree_node::TreeNode;
use datafusion::common::{Column, NullHandling, UnnestOptions};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Unnest};
use datafusion::sql::sqlparser::ast::{
    self, Distinct, OrderByExpr, Select, SelectItem, SelectItemQualifiedWildcardKind,
};
use millstream_catalog::Kind;

use super::column_name::column_name;
use super::groups::Grouping;
use super::order::{Key, Order, named};
use super::planner::{BoundQuery, Clause, Collected, Level, Planner};
use super::scope::{OutputColumn, ScopeColumn};
use super::typed::Typed;
use super::within_group::direct_arguments;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::names::plan_names;
use crate::text::dialect::fold_identifier;
use crate::windows::over::over_plan;

/// An output column while it is bound.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub name: String,
    pub typed: Typed,
    /// As it was written, where it was.
    pub ast: Option<ast::Expr>,
}

impl Planner<'_, '_> {
    /// Binds a SELECT with the ORDER BY of its query; the rows come in that order.
    pub fn select(&mut self, select: &Select, order_by: &[OrderByExpr]) -> SqlResult<BoundQuery> {
        refuse_clauses(select)?;
        let from = self.joined_list(&select.from)?;
        let mut level = Level::new(from.scope, Clause::Select);
        for window in &select.named_window {
            let name = fold_identifier(&window.0);
            if level.named_windows.insert(name.clone(), window.1.clone()).is_some() {
                let message = format!("window \"{name}\" is already defined");
                return Err(SqlError::new(SqlState::WindowingError, message));
            }
        }
        self.levels.push(level);
        let bound = self.select_over(select, order_by, from.plan);
        self.levels.pop();
        bound
    }

    pub(super) fn select_over(
        &mut self,
        select: &Select,
        order_by: &[OrderByExpr],
        mut plan: LogicalPlan,
    ) -> SqlResult<BoundQuery> {
        if let Some(condition) = &select.selection {
            let condition = self.within(Clause::Where, |planner| {
                let condition = planner.expr(condition)?;
                planner.boolean(condition, "WHERE")
            })?;
            plan = self.filter(plan, condition.expr)?;
        }
        let mut outputs = self.outputs(&select.projection)?;
        for output in &mut outputs {
            // What nothing told is text.
            if output.typed.is_unknown() && output.typed.unknown_text().is_none() {
                continue;
            }
        }
        let mut having = match &select.having {
            Some(having) => Some(self.within(Clause::Having, |planner| {
                let having = planner.expr(having)?;
                planner.boolean(having, "HAVING")
            })?),
            None => None,
        };
        let mut qualify = match &select.qualify {
            Some(condition) => {
                let condition = self.of_outputs(condition, &outputs)?;
                let condition = self.within(Clause::OrderBy, |planner| {
                    let condition = planner.expr(&condition)?;
                    planner.boolean(condition, "QUALIFY")
                })?;
                Some(condition)
            }
            None => None,
        };
        let mut groups = self.group_by(&select.group_by, &outputs)?;
        let mut orders = self.orders(order_by, &outputs, select.distinct.is_some())?;
        let mut distinct_on = vec![];
        if let Some(Distinct::On(keys)) = &select.distinct {
            for key in keys {
                distinct_on.push(self.distinct_key(key, &outputs)?);
            }
        }
        let level = self.level();
        let aggregates = std::mem::take(&mut level.aggregates);
        let reads_itself: Vec<String> = level.scope.items.iter().map(|item| item.qualifier.clone()).collect();
        if !aggregates.is_empty() && reads_itself.iter().any(|name| self.self_references.contains(name)) {
            let message = "aggregate functions are not allowed in a recursive query's recursive term";
            return Err(SqlError::new(SqlState::InvalidRecursion, message));
        }
        let is_grouped = !aggregates.is_empty() || groups.is_some() || having.is_some();
        if is_grouped {
            let sets = groups.take().unwrap_or_else(|| Grouping { keys: vec![], sets: None });
            let direct = direct_arguments(&aggregates);
            let (aggregated, mapping) = self.aggregate(plan, sets, aggregates)?;
            plan = aggregated;
            for argument in direct {
                self.grouped(&Typed::new(argument, Kind::Unknown), &mapping).map_err(|error| {
                    error.with_detail(
                        "Direct arguments of an ordered-set aggregate must use only grouped columns.",
                    )
                })?;
            }
            for output in &mut outputs {
                output.typed = self.grouped(&output.typed, &mapping)?;
            }
            if let Some(having) = &mut having {
                *having = self.grouped(having, &mapping)?;
            }
            if let Some(qualify) = &mut qualify {
                *qualify = self.grouped(qualify, &mapping)?;
            }
            for order in &mut orders {
                if let Key::Input(typed) = &mut order.key {
                    *typed = self.grouped(typed, &mapping)?;
                }
            }
            for key in &mut distinct_on {
                if let Key::Input(typed) = key {
                    *typed = self.grouped(typed, &mapping)?;
                }
            }
            let mut windows = std::mem::take(&mut self.level().windows);
            for window in &mut windows {
                window.expr = self
                    .grouped(&Typed { expr: window.expr.clone(), ..window.typed.clone() }, &mapping)?
                    .expr;
            }
            self.level().windows = windows;
            let mut sets = std::mem::take(&mut self.level().sets);
            for set in &mut sets {
                set.expr =
                    self.grouped(&Typed { expr: set.expr.clone(), ..set.typed.clone() }, &mapping)?.expr;
            }
            self.level().sets = sets;
        }
        if let Some(having) = having {
            plan = self.filter(plan, having.expr)?;
        }
        let windows = std::mem::take(&mut self.level().windows);
        if !windows.is_empty() {
            let calls = windows.into_iter().map(|window| (window.name, window.expr)).collect();
            plan = over_plan(plan, calls).map_err(|error| self.error(&error))?;
        }
        if let Some(qualify) = qualify {
            plan = self.filter(plan, qualify.expr)?;
        }
        let sets = std::mem::take(&mut self.level().sets);
        if !sets.is_empty() {
            plan = self.unnested(plan, sets)?;
        }
        self.projected(select.distinct.as_ref(), outputs, orders, distinct_on, plan)
    }

    /// A condition in which the names of output columns stand for what they are, where FROM has no such column.
    pub(super) fn of_outputs(&self, condition: &ast::Expr, outputs: &[Output]) -> SqlResult<ast::Expr> {
        let scope = self.levels.last().map(|level| &level.scope);
        let mut condition = condition.clone();
        let flow = ast::visit_expressions_mut(&mut condition, |expr| {
            let ast::Expr::Identifier(name) = expr else { return ControlFlow::Continue(()) };
            let folded = fold_identifier(name);
            let is_input = scope.is_some_and(|scope| !matches!(scope.column(&folded), Ok(None)));
            if is_input {
                return ControlFlow::Continue(());
            }
            match named(&folded, outputs, "QUALIFY") {
                Ok(Some(index)) => {
                    if let Some(written) = &outputs[index].ast {
                        *expr = ast::Expr::Nested(Box::new(written.clone()));
                    }
                    ControlFlow::Continue(())
                }
                Ok(None) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        });
        match flow {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(condition),
        }
    }

    pub fn filter(&self, plan: LogicalPlan, condition: Expr) -> SqlResult<LogicalPlan> {
        LogicalPlanBuilder::from(plan)
            .filter(condition)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))
    }

    /// The output columns, `*` spelled out.
    pub(super) fn outputs(&mut self, items: &[SelectItem]) -> SqlResult<Vec<Output>> {
        let mut outputs = vec![];
        for item in items {
            match item {
                SelectItem::UnnamedExpr(ast::Expr::CompoundFieldAccess { root, access_chain })
                    if matches!(access_chain.last(), Some(ast::AccessExpr::Dot(ast::Expr::Wildcard(_)))) =>
                {
                    let inner = match access_chain.len() {
                        1 => root.as_ref().clone(),
                        length => ast::Expr::CompoundFieldAccess {
                            root: root.clone(),
                            access_chain: access_chain[..length - 1].to_vec(),
                        },
                    };
                    let value = self.expr(&inner)?;
                    outputs.extend(fields_of(&value)?.into_iter().map(unwritten));
                }
                SelectItem::UnnamedExpr(expr) if starred(expr).is_some() => {
                    if let Some(name) = starred(expr) {
                        outputs.extend(self.columns_named(name)?.into_iter().map(unwritten));
                    }
                }
                SelectItem::UnnamedExpr(expr) => {
                    let typed = self.expr(expr)?;
                    outputs.push(Output { name: column_name(expr), typed, ast: Some(expr.clone()) });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let typed = self.expr(expr)?;
                    let name = fold_identifier(alias);
                    outputs.push(Output { name, typed, ast: Some(expr.clone()) });
                }
                SelectItem::Wildcard(options) => {
                    refuse_options(options)?;
                    // PostgreSQL takes a name behind `t.*`, and passes it over; not behind `*`.
                    if let Some(alias) = &options.opt_alias {
                        let message = format!("syntax error at or near \"{alias}\"");
                        return Err(SqlError::syntax(
                            message,
                            crate::error::position(alias.span.start.column),
                        ));
                    }
                    let scope = &self.level().scope;
                    if scope.items.is_empty() {
                        return Err(SqlError::syntax("SELECT * with no tables specified is not valid", None));
                    }
                    let columns: Vec<ScopeColumn> = scope.columns.clone();
                    outputs.extend(shown(&columns));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                    refuse_options(options)?;
                    outputs.extend(self.columns_named(name)?.into_iter().map(unwritten));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
                    let value = self.expr(expr)?;
                    outputs.extend(fields_of(&value)?.into_iter().map(unwritten));
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err(SqlError::syntax("a column has one alias", None));
                }
            }
        }
        Ok(outputs)
    }

    /// The columns that `name.*` stands for: those of a relation, or the fields of a column of a row type.
    pub(super) fn columns_named(&mut self, name: &ast::ObjectName) -> SqlResult<Vec<(String, Typed)>> {
        let idents: Vec<ast::Ident> =
            name.0.iter().filter_map(ast::ObjectNamePart::as_ident).cloned().collect();
        let parts: Vec<String> = idents.iter().map(fold_identifier).collect();
        let (schema, table) = match parts.as_slice() {
            [table] => (None, table.as_str()),
            [.., schema, table] => (Some(schema.as_str()), table.as_str()),
            [] => (None, ""),
        };
        for depth in (0..self.levels.len()).rev() {
            if let Some(item) = self.levels[depth].scope.item(schema, table)? {
                let columns = item.columns.clone().into_iter().filter(|column| !column.hidden);
                return Ok(columns
                    .map(|column| (column.name, self.seen_from(depth, column.typed)))
                    .collect());
            }
        }
        let expr = match idents.as_slice() {
            [one] => ast::Expr::Identifier(one.clone()),
            _ => ast::Expr::CompoundIdentifier(idents.clone()),
        };
        let Ok(value) = self.expr(&expr) else {
            let message = format!("missing FROM-clause entry for table \"{table}\"");
            let error = SqlError::new(SqlState::UndefinedTable, message);
            return Err(match idents.first() {
                Some(first) => self.at(error, first),
                None => error,
            });
        };
        fields_of(&value)
    }

    /// The sets of the select list side by side, one row for each of the longest's.
    pub(super) fn unnested(&mut self, plan: LogicalPlan, sets: Vec<Collected>) -> SqlResult<LogicalPlan> {
        let mut columns: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let mut lists = vec![];
        for set in sets {
            lists.push(Column::new_unqualified(&set.name));
            columns.push(set.expr.alias(&set.name));
        }
        let plan = self.project(plan, columns)?;
        let options = UnnestOptions { null_handling: NullHandling::Drop, recursions: vec![] };
        Unnest::try_new(Arc::new(plan), lists, options)
            .map(LogicalPlan::Unnest)
            .map_err(|error| self.error(&error))
    }

    /// The final projection, DISTINCT and the order.
    pub(super) fn projected(
        &mut self,
        distinct: Option<&Distinct>,
        outputs: Vec<Output>,
        orders: Vec<Order>,
        distinct_on: Vec<Key>,
        plan: LogicalPlan,
    ) -> SqlResult<BoundQuery> {
        let names = plan_names(outputs.iter().map(|output| output.name.clone()));
        let columns: Vec<OutputColumn> = outputs
            .iter()
            .map(|output| OutputColumn {
                name: output.name.clone(),
                sql_type: output.typed.sql_type.clone(),
                data_type: output.typed.data_type.clone(),
            })
            .collect();
        let mut projection: Vec<Expr> =
            outputs.iter().zip(&names).map(|(output, name)| output.typed.expr.clone().alias(name)).collect();
        let visible = projection.len();
        // Keys that are no output columns come along behind them.
        let mut placed: Vec<(Expr, String)> = vec![];
        let mut place = |planner: &mut Self, key: Key, projection: &mut Vec<Expr>| -> (Typed, bool) {
            match key {
                Key::Output(index) => {
                    let column = Expr::Column(Column::new_unqualified(&names[index]));
                    (outputs[index].typed.with(column), false)
                }
                Key::Input(typed) => {
                    let known = placed.iter().find(|(expr, _)| *expr == typed.expr).cloned();
                    let (_, name) = known.unwrap_or_else(|| {
                        let name = planner.fresh("order");
                        projection.push(typed.expr.clone().alias(&name));
                        placed.push((typed.expr.clone(), name.clone()));
                        (typed.expr.clone(), name)
                    });
                    (typed.with(Expr::Column(Column::new_unqualified(name))), true)
                }
            }
        };
        let mut keys = vec![];
        let mut hidden = false;
        for order in orders {
            let (typed, is_hidden) = place(self, order.key, &mut projection);
            hidden |= is_hidden;
            keys.push((typed, order.ascending, order.nulls_first));
        }
        if hidden && matches!(distinct, Some(Distinct::Distinct)) {
            let message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list";
            return Err(SqlError::new(SqlState::InvalidColumnReference, message));
        }
        let mut on_keys: Vec<Typed> = vec![];
        for key in distinct_on {
            let (typed, _) = place(self, key, &mut projection);
            if !on_keys.iter().any(|known| known.expr == typed.expr) {
                on_keys.push(typed);
            }
        }
        let mut plan = self.project(plan, projection)?;
        if !on_keys.is_empty() {
            for (typed, _, _) in keys.iter().take(on_keys.len()) {
                if !on_keys.iter().any(|on| on.expr == typed.expr) {
                    let message = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions";
                    return Err(SqlError::new(SqlState::InvalidColumnReference, message));
                }
            }
            plan = self.first_of_each(plan, &on_keys, &keys)?;
        } else if matches!(distinct, Some(Distinct::Distinct)) {
            let bound = self.distinct_rows(BoundQuery { plan, columns: columns.clone() })?;
            plan = bound.plan;
        }
        let sorts = self.sorts(keys);
        if !sorts.is_empty() {
            plan = LogicalPlan::Sort(datafusion::logical_expr::Sort {
                expr: sorts,
                input: Arc::new(plan),
                fetch: None,
            });
        }
        if plan.schema().fields().len() > visible {
            let shown = plan.schema().columns().into_iter().take(visible).map(Expr::Column).collect();
            plan = self.project(plan, shown)?;
        }
        Ok(BoundQuery { plan, columns })
    }
}

/// The fields of a row value.
fn fields_of(value: &Typed) -> SqlResult<Vec<(String, Typed)>> {
    let names = match &value.sql_type {
        millstream_catalog::SqlType::Record(fields) => fields.iter().map(|(name, _)| name.clone()).collect(),
        _ => vec![],
    };
    let Some(fields) = convert::record_fields(value) else {
        let of = crate::types::names::format_type(&value.sql_type);
        let message = format!("type {of} is not composite");
        return Err(SqlError::new(SqlState::WrongObjectType, message));
    };
    Ok(names.into_iter().zip(fields).collect())
}

/// An output column that `*` stands for.
fn unwritten((name, typed): (String, Typed)) -> Output {
    Output { name, typed, ast: None }
}

/// What stands before `.*` where that is a whole item of a select list, perhaps in parentheses.
fn starred(expr: &ast::Expr) -> Option<&ast::ObjectName> {
    match expr {
        ast::Expr::Nested(inner) => starred(inner),
        ast::Expr::QualifiedWildcard(name, _) => Some(name),
        _ => None,
    }
}

pub(super) fn shown(columns: &[ScopeColumn]) -> Vec<Output> {
    columns
        .iter()
        .filter(|column| !column.hidden)
        .map(|column| Output { name: column.name.clone(), typed: column.typed.clone(), ast: None })
        .collect()
}

pub(super) fn contains_collected(expr: &Expr, collected: &[Collected]) -> bool {
    expr.exists(|part| {
        Ok(match part {
            Expr::Column(column) => collected.iter().any(|one| one.name == column.name),
            _ => false,
        })
    })
    .unwrap_or(false)
}

pub(super) fn refuse_options(options: &ast::WildcardAdditionalOptions) -> SqlResult<()> {
    let plain = options.opt_ilike.is_none()
        && options.opt_exclude.is_none()
        && options.opt_except.is_none()
        && options.opt_replace.is_none()
        && options.opt_rename.is_none();
    if plain {
        return Ok(());
    }
    Err(SqlError::unsupported("EXCLUDE and the like behind * are not built", "name the columns"))
}

/// Clauses of other dialects that the parser takes: what is not obeyed is refused.
pub(super) fn refuse_clauses(select: &Select) -> SqlResult<()> {
    let refused = if select.top.is_some() {
        "TOP"
    } else if select.into.is_some() {
        "SELECT INTO"
    } else if !select.lateral_views.is_empty() {
        "LATERAL VIEW"
    } else if select.prewhere.is_some() {
        "PREWHERE"
    } else if !select.connect_by.is_empty() {
        "CONNECT BY"
    } else if !select.cluster_by.is_empty() || !select.distribute_by.is_empty() || !select.sort_by.is_empty()
    {
        "CLUSTER BY, DISTRIBUTE BY and SORT BY"
    } else if select.exclude.is_some() {
        "EXCLUDE"
    } else if select.value_table_mode.is_some() {
        "SELECT AS STRUCT"
    } else if select.select_modifiers.is_some() {
        "this modifier of SELECT"
    } else {
        return Ok(());
    };
    Err(SqlError::unsupported(format!("{refused} is not built"), "write it with PostgreSQL's clauses"))
}
