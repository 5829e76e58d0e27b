//! One SELECT: WHERE, grouping, windows, sets in the select list, DISTINCT, and the ORDER BY that belongs to it.
//!
//! ```text
//!  FROM ─ Filter ─ Aggregate ─ Filter (HAVING) ─ Window ─ Projection + Unnest (sets) ─ Projection ─ Distinct ─ Sort
//! ```
//!
//! Expressions are bound over FROM with aggregates, window functions and sets taken out as columns; afterwards what is
//! left is put in terms of the node that it stands above (PostgreSQL's `parseCheckAggregates` for grouping).

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, NullHandling, UnnestOptions};
use datafusion::logical_expr::expr::{GroupingSet, Sort};
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, LogicalPlanBuilder, Unnest};
use datafusion::sql::sqlparser::ast::{
    self, Distinct, GroupByExpr, OrderByExpr, Select, SelectItem, SelectItemQualifiedWildcardKind, Value,
};
use millstream_catalog::Kind;

use super::column_name::column_name;
use super::planner::{BoundQuery, Clause, Collected, Level, Planner};
use super::scope::{OutputColumn, ScopeColumn, plan_names};
use super::typed::Typed;
use crate::dialect::fold_identifier;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::convert;
use crate::types::cast::Context;

/// An output column while it is bound.
#[derive(Debug, Clone)]
struct Output {
    name: String,
    typed: Typed,
    /// As it was written, where it was.
    ast: Option<ast::Expr>,
}

/// A key of ORDER BY.
struct Order {
    key: Key,
    ascending: bool,
    nulls_first: bool,
}

enum Key {
    /// An output column.
    Output(usize),
    /// An expression over FROM.
    Input(Typed),
}

impl Planner<'_, '_> {
    /// Binds a SELECT with the ORDER BY of its query; the rows come in that order.
    pub fn select(&mut self, select: &Select, order_by: &[OrderByExpr]) -> SqlResult<BoundQuery> {
        refuse_clauses(select)?;
        let from = self.from_list(&select.from)?;
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

    fn select_over(
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
        let is_grouped = !aggregates.is_empty() || groups.is_some() || having.is_some();
        if is_grouped {
            let sets = groups.take().unwrap_or_else(|| Grouping { keys: vec![], sets: None });
            let (aggregated, mapping) = self.aggregate(plan, sets, aggregates)?;
            plan = aggregated;
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
            let calls = windows.into_iter().map(|window| window.expr.alias(window.name)).collect::<Vec<_>>();
            plan = window_plan(plan, calls).map_err(|error| self.error(&error))?;
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
    fn of_outputs(&self, condition: &ast::Expr, outputs: &[Output]) -> SqlResult<ast::Expr> {
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
    fn outputs(&mut self, items: &[SelectItem]) -> SqlResult<Vec<Output>> {
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
                    self.fields_of(value, &mut outputs)?;
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
                    let scope = &self.level().scope;
                    if scope.items.is_empty() {
                        return Err(SqlError::syntax("SELECT * with no tables specified is not valid", None));
                    }
                    let columns: Vec<ScopeColumn> = scope.columns.clone();
                    outputs.extend(shown(&columns));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                    refuse_options(options)?;
                    let parts: Vec<String> = name
                        .0
                        .iter()
                        .filter_map(ast::ObjectNamePart::as_ident)
                        .map(fold_identifier)
                        .collect();
                    let (schema, table) = match parts.as_slice() {
                        [table] => (None, table.as_str()),
                        [.., schema, table] => (Some(schema.as_str()), table.as_str()),
                        [] => (None, ""),
                    };
                    let mut found = None;
                    for depth in (0..self.levels.len()).rev() {
                        if let Some(item) = self.levels[depth].scope.item(schema, table)? {
                            found = Some((depth, item.columns.clone()));
                            break;
                        }
                    }
                    let Some((depth, columns)) = found else {
                        // A column of a row type, `t.c.*` or `c.*`.
                        let idents: Vec<ast::Ident> =
                            name.0.iter().filter_map(ast::ObjectNamePart::as_ident).cloned().collect();
                        let expr = match idents.as_slice() {
                            [one] => ast::Expr::Identifier(one.clone()),
                            _ => ast::Expr::CompoundIdentifier(idents),
                        };
                        let Ok(value) = self.expr(&expr) else {
                            let message = format!("missing FROM-clause entry for table \"{table}\"");
                            return Err(SqlError::new(SqlState::UndefinedTable, message));
                        };
                        self.fields_of(value, &mut outputs)?;
                        continue;
                    };
                    for mut output in shown(&columns) {
                        output.typed = self.seen_from(depth, output.typed);
                        outputs.push(output);
                    }
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
                    let value = self.expr(expr)?;
                    self.fields_of(value, &mut outputs)?;
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err(SqlError::syntax("a column has one alias", None));
                }
            }
        }
        Ok(outputs)
    }

    fn fields_of(&mut self, value: Typed, outputs: &mut Vec<Output>) -> SqlResult<()> {
        let names = match &value.sql_type {
            millstream_catalog::SqlType::Record(fields) => {
                fields.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
            }
            _ => vec![],
        };
        let Some(fields) = convert::record_fields(&value) else {
            let of = crate::types::names::format_type(&value.sql_type);
            let message = format!("type {of} is not composite");
            return Err(SqlError::new(SqlState::WrongObjectType, message));
        };
        for (typed, name) in fields.into_iter().zip(names) {
            outputs.push(Output { name, typed, ast: None });
        }
        Ok(())
    }

    /// The keys of GROUP BY: positions, names of output columns, expressions.
    fn group_by(&mut self, group_by: &GroupByExpr, outputs: &[Output]) -> SqlResult<Option<Grouping>> {
        let (expressions, modifiers) = match group_by {
            GroupByExpr::All(_) => {
                return Err(SqlError::unsupported("GROUP BY ALL is not built", "name the columns"));
            }
            GroupByExpr::Expressions(expressions, modifiers) => (expressions, modifiers),
        };
        if expressions.is_empty() && modifiers.is_empty() {
            return Ok(None);
        }
        let mut lists: Vec<Vec<Vec<Typed>>> = vec![];
        let mut has_sets = false;
        for expr in expressions {
            match expr {
                ast::Expr::Tuple(parts) => {
                    let keys = self.group_keys(parts, outputs)?;
                    lists.push(vec![keys]);
                }
                ast::Expr::GroupingSets(sets) => {
                    has_sets = true;
                    let mut all = vec![];
                    for set in sets {
                        match set.as_slice() {
                            [ast::Expr::Rollup(parts)] => all.extend(rollup(self.each(parts, outputs)?)),
                            [ast::Expr::Cube(parts)] => all.extend(cube(self.each(parts, outputs)?)?),
                            parts => all.push(self.group_keys(parts, outputs)?),
                        }
                    }
                    lists.push(all);
                }
                ast::Expr::Rollup(parts) => {
                    has_sets = true;
                    lists.push(rollup(self.each(parts, outputs)?));
                }
                ast::Expr::Cube(parts) => {
                    has_sets = true;
                    lists.push(cube(self.each(parts, outputs)?)?);
                }
                other => lists.push(vec![vec![self.group_key(other, outputs)?]]),
            }
        }
        if !modifiers.is_empty() {
            return Err(SqlError::unsupported("WITH ROLLUP and the like are not built", "use ROLLUP (…)"));
        }
        // The product of all lists.
        let mut sets: Vec<Vec<Typed>> = vec![vec![]];
        for list in lists {
            let mut next = vec![];
            for set in &sets {
                for more in &list {
                    next.push(set.iter().chain(more).cloned().collect());
                }
            }
            sets = next;
            if sets.len() > 4096 {
                let message = "too many grouping sets present (maximum 4096)";
                return Err(SqlError::new(SqlState::StatementTooComplex, message));
            }
        }
        let mut keys: Vec<Typed> = vec![];
        let mut numbered: Vec<Vec<usize>> = vec![];
        for set in sets {
            let mut indexes = vec![];
            for typed in set {
                let index = match keys.iter().position(|key| key.expr == typed.expr) {
                    Some(index) => index,
                    None => {
                        keys.push(typed);
                        keys.len() - 1
                    }
                };
                if !indexes.contains(&index) {
                    indexes.push(index);
                }
            }
            numbered.push(indexes);
        }
        Ok(Some(Grouping { keys, sets: has_sets.then_some(numbered) }))
    }

    fn each(&mut self, parts: &[Vec<ast::Expr>], outputs: &[Output]) -> SqlResult<Vec<Vec<Typed>>> {
        parts.iter().map(|part| self.group_keys(part, outputs)).collect()
    }

    fn group_keys(&mut self, parts: &[ast::Expr], outputs: &[Output]) -> SqlResult<Vec<Typed>> {
        let mut keys = vec![];
        for part in parts {
            match part {
                ast::Expr::Tuple(inner) => keys.extend(self.group_keys(inner, outputs)?),
                other => keys.push(self.group_key(other, outputs)?),
            }
        }
        Ok(keys)
    }

    fn group_key(&mut self, expr: &ast::Expr, outputs: &[Output]) -> SqlResult<Typed> {
        let key = match expr {
            ast::Expr::Value(value) => match &value.value {
                Value::Number(text, _) => {
                    let index = position(text, outputs.len(), "GROUP BY")?;
                    if outputs[index].ast.as_ref().is_some_and(|_| {
                        contains_collected(
                            &outputs[index].typed.expr,
                            &self.levels.last().map_or(&[][..], |level| &level.aggregates),
                        )
                    }) {
                        let message = "aggregate functions are not allowed in GROUP BY";
                        return Err(SqlError::new(SqlState::GroupingError, message));
                    }
                    outputs[index].typed.clone()
                }
                Value::Null | Value::Placeholder(_) => self.within(Clause::GroupBy, |p| p.expr(expr))?,
                _ => {
                    return Err(SqlError::syntax("non-integer constant in GROUP BY", None));
                }
            },
            // An input column comes before an output column of the same name.
            ast::Expr::Identifier(name) => {
                let folded = fold_identifier(name);
                let input = self.level().scope.column(&folded);
                match input {
                    Ok(None) => match named(&folded, outputs, "GROUP BY")? {
                        Some(index) => outputs[index].typed.clone(),
                        None => self.within(Clause::GroupBy, |planner| planner.expr(expr))?,
                    },
                    _ => self.within(Clause::GroupBy, |planner| planner.expr(expr))?,
                }
            }
            other => self.within(Clause::GroupBy, |planner| planner.expr(other))?,
        };
        let key =
            if key.is_unknown() { self.coerce(key, &Kind::Text.into(), Context::Implicit)? } else { key };
        let level = self.levels.last();
        let aggregates = level.map_or(&[][..], |level| &level.aggregates);
        if contains_collected(&key.expr, aggregates) {
            let message = "aggregate functions are not allowed in GROUP BY";
            return Err(SqlError::new(SqlState::GroupingError, message));
        }
        self.orderable(&key, "an equality operator")?;
        Ok(key)
    }

    /// The Aggregate node over its keys in key form, and what stands for what above it.
    fn aggregate(
        &mut self,
        plan: LogicalPlan,
        grouping: Grouping,
        aggregates: Vec<Collected>,
    ) -> SqlResult<(LogicalPlan, Mapping)> {
        let mut mapping = Mapping { keys: vec![], owned: vec![] };
        let (mut group_expr, mut aggr_expr, mut names) = (vec![], vec![], vec![]);
        let mut restored: Vec<Expr> = vec![];
        let mut needs_restoring = false;
        for key in &grouping.keys {
            let name = match &key.expr {
                Expr::Column(column) => self.fresh(super::output_name(&column.name)),
                _ => self.fresh("group"),
            };
            let form = convert::key(key.clone(), &self.environment);
            let carried =
                form.expr != key.expr && !matches!(key.sql_type.kind(), Some(Kind::Float4 | Kind::Float8));
            if carried && grouping.sets.is_none() {
                needs_restoring = true;
                let key_name = self.fresh("key");
                let value_name = self.fresh("value");
                group_expr.push(form.expr.alias(&key_name));
                let (call, restore) = convert::representative(key.clone(), &value_name, &self.environment)?;
                aggr_expr.push(call.alias(&value_name));
                restored.push(restore.alias(&name));
            } else {
                let expr = if carried { key.expr.clone() } else { form.expr };
                group_expr.push(expr.alias(&name));
                restored.push(Expr::Column(Column::new_unqualified(&name)));
            }
            let column = Expr::Column(Column::new_unqualified(&name));
            names.push(name);
            mapping.keys.push((key.expr.clone(), column));
        }
        let aggregates = self.grouping_calls(aggregates, &grouping, &names, &mut mapping)?;
        for aggregate in &aggregates {
            aggr_expr.push(aggregate.expr.clone().alias(&aggregate.name));
            restored.push(Expr::Column(Column::new_unqualified(&aggregate.name)));
        }
        let group_expr = match grouping.sets {
            None => group_expr,
            Some(sets) => {
                // The keys become columns first: a set names them.
                let before = plan.schema().columns().into_iter().map(Expr::Column);
                let columns: Vec<Expr> = before.chain(group_expr.iter().cloned()).collect();
                let plan_with_keys = self.project(plan.clone(), columns)?;
                let key = |index: &usize| Expr::Column(Column::new_unqualified(&names[*index]));
                let sets: Vec<Vec<Expr>> = sets.iter().map(|set| set.iter().map(key).collect()).collect();
                let aggr: Vec<Expr> = aggr_expr.clone();
                let node = Aggregate::try_new(
                    Arc::new(plan_with_keys),
                    vec![Expr::GroupingSet(GroupingSet::GroupingSets(sets))],
                    aggr,
                )
                .map_err(|error| self.error(&error))?;
                mapping.owned = aggregates.iter().map(|aggregate| aggregate.name.clone()).collect();
                return Ok((LogicalPlan::Aggregate(node), mapping));
            }
        };
        let node = if group_expr.is_empty() && aggr_expr.is_empty() {
            // HAVING alone: one group without keys.
            self.one_group(plan)?
        } else {
            Aggregate::try_new(Arc::new(plan), group_expr, aggr_expr)
                .map(LogicalPlan::Aggregate)
                .map_err(|error| self.error(&error))?
        };
        mapping.owned = aggregates.iter().map(|aggregate| aggregate.name.clone()).collect();
        let plan = if needs_restoring { self.project(node, restored)? } else { node };
        Ok((plan, mapping))
    }

    /// Calls of `grouping()` in terms of the keys; without grouping sets no key is ever left out.
    fn grouping_calls(
        &self,
        aggregates: Vec<Collected>,
        grouping: &Grouping,
        names: &[String],
        mapping: &mut Mapping,
    ) -> SqlResult<Vec<Collected>> {
        let mut rest = vec![];
        for mut aggregate in aggregates {
            let Expr::AggregateFunction(call) = &mut aggregate.expr else {
                rest.push(aggregate);
                continue;
            };
            if call.func.name() != "grouping" {
                rest.push(aggregate);
                continue;
            }
            for argument in &mut call.params.args {
                let Some(index) = grouping.keys.iter().position(|key| key.expr == *argument) else {
                    let message =
                        "arguments to GROUPING must be grouping expressions of the associated query level";
                    return Err(SqlError::new(SqlState::GroupingError, message));
                };
                *argument = Expr::Column(Column::new_unqualified(&names[index]));
            }
            match grouping.sets {
                Some(_) => rest.push(aggregate),
                None => {
                    let zero = Expr::Literal(datafusion::scalar::ScalarValue::Int32(Some(0)), None);
                    mapping.keys.push((Expr::Column(Column::new_unqualified(aggregate.name)), zero));
                }
            }
        }
        Ok(rest)
    }

    fn one_group(&mut self, plan: LogicalPlan) -> SqlResult<LogicalPlan> {
        let name = self.fresh("count");
        let count = self.native_count();
        Aggregate::try_new(Arc::new(plan), vec![], vec![count.alias(name)])
            .map(LogicalPlan::Aggregate)
            .map_err(|error| self.error(&error))
    }

    /// An expression over FROM as one over the groups; 42803 for a column that is neither grouped nor aggregated.
    fn grouped(&self, typed: &Typed, mapping: &Mapping) -> SqlResult<Typed> {
        let mut ungrouped: Option<Column> = None;
        let scope = &self.levels.last().map(|level| level.scope.clone()).unwrap_or_default();
        let mapped = typed.expr.clone().transform_down(|part| {
            if let Some((_, column)) = mapping.keys.iter().find(|(key, _)| *key == part) {
                return Ok(Transformed::new(column.clone(), true, TreeNodeRecursion::Jump));
            }
            match &part {
                Expr::Column(column) if scope.owns(column) => {
                    ungrouped.get_or_insert_with(|| column.clone());
                    Ok(Transformed::no(part))
                }
                Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_) => {
                    let mapped = super::grouping::in_subquery(part, scope, &mapping.keys)?;
                    if let Err(column) = &mapped {
                        ungrouped.get_or_insert_with(|| column.clone());
                    }
                    match mapped {
                        Ok(mapped) => Ok(Transformed::yes(mapped)),
                        Err(_) => {
                            Ok(Transformed::yes(Expr::Literal(datafusion::scalar::ScalarValue::Null, None)))
                        }
                    }
                }
                _ => Ok(Transformed::no(part)),
            }
        });
        let mapped = mapped.map_err(|error| self.error(&error))?.data;
        if let Some(column) = ungrouped {
            let table = column.relation.as_ref().map_or("", |relation| relation.table());
            let table = super::output_name(table);
            let name = super::output_name(&column.name);
            let shown = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
            let message = format!(
                "column \"{shown}\" must appear in the GROUP BY clause or be used in an aggregate function"
            );
            return Err(SqlError::new(SqlState::GroupingError, message));
        }
        Ok(typed.with(mapped))
    }

    /// The sets of the select list side by side, one row for each of the longest's.
    fn unnested(&mut self, plan: LogicalPlan, sets: Vec<Collected>) -> SqlResult<LogicalPlan> {
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

    fn orders(
        &mut self,
        order_by: &[OrderByExpr],
        outputs: &[Output],
        distinct: bool,
    ) -> SqlResult<Vec<Order>> {
        let mut orders = vec![];
        for item in order_by {
            let ascending = item.options.asc.unwrap_or(true);
            let nulls_first = item.options.nulls_first.unwrap_or(!ascending);
            let key = self.order_key(&item.expr, outputs)?;
            let typed = match &key {
                Key::Output(index) => &outputs[*index].typed,
                Key::Input(typed) => typed,
            };
            self.orderable(typed, "an ordering operator")?;
            let _ = distinct;
            orders.push(Order { key, ascending, nulls_first });
        }
        Ok(orders)
    }

    fn order_key(&mut self, expr: &ast::Expr, outputs: &[Output]) -> SqlResult<Key> {
        match expr {
            ast::Expr::Value(value) => match &value.value {
                Value::Number(text, _) => return Ok(Key::Output(position(text, outputs.len(), "ORDER BY")?)),
                Value::Null | Value::Placeholder(_) => {}
                _ => return Err(SqlError::syntax("non-integer constant in ORDER BY", None)),
            },
            ast::Expr::Identifier(name) => {
                if let Some(index) = named(&fold_identifier(name), outputs, "ORDER BY")? {
                    return Ok(Key::Output(index));
                }
            }
            _ => {}
        }
        let typed = self.within(Clause::OrderBy, |planner| planner.expr(expr))?;
        if let Some(index) = outputs.iter().position(|output| output.typed.expr == typed.expr) {
            return Ok(Key::Output(index));
        }
        // An equal expression that was written twice: calls taken out have names of their own.
        if let Some(index) = outputs.iter().position(|output| output.ast.as_ref() == Some(expr)) {
            return Ok(Key::Output(index));
        }
        Ok(Key::Input(typed))
    }

    fn distinct_key(&mut self, expr: &ast::Expr, outputs: &[Output]) -> SqlResult<Key> {
        if let ast::Expr::Value(value) = expr
            && let Value::Number(text, _) = &value.value
        {
            return Ok(Key::Output(position(text, outputs.len(), "SELECT DISTINCT ON")?));
        }
        self.order_key(expr, outputs)
    }

    /// The final projection, DISTINCT and the order.
    fn projected(
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
        let place = |planner: &mut Self, key: Key, projection: &mut Vec<Expr>| -> (Typed, bool) {
            match key {
                Key::Output(index) => {
                    let column = Expr::Column(Column::new_unqualified(&names[index]));
                    (outputs[index].typed.with(column), false)
                }
                Key::Input(typed) => {
                    let name = planner.fresh("order");
                    projection.push(typed.expr.clone().alias(&name));
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
        let mut on_keys = vec![];
        for key in distinct_on {
            let (typed, _) = place(self, key, &mut projection);
            on_keys.push(typed);
        }
        let mut plan = self.project(plan, projection)?;
        if !on_keys.is_empty() {
            for (index, (typed, _, _)) in keys.iter().enumerate().take(on_keys.len()) {
                let _ = index;
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

    /// The keys of an order, in key form.
    pub fn sorts(&mut self, keys: Vec<(Typed, bool, bool)>) -> Vec<Sort> {
        keys.into_iter()
            .map(|(typed, asc, nulls_first)| {
                let key = convert::key(typed, &self.environment);
                Sort { expr: key.expr, asc, nulls_first }
            })
            .collect()
    }

    /// DISTINCT ON: the first row of each group in the order that is wanted.
    fn first_of_each(
        &mut self,
        plan: LogicalPlan,
        on: &[Typed],
        keys: &[(Typed, bool, bool)],
    ) -> SqlResult<LogicalPlan> {
        let before = plan.schema().columns();
        let number = self.fresh("number");
        let partition = on.iter().map(|key| convert::key(key.clone(), &self.environment).expr).collect();
        let order = self.sorts(keys.to_vec());
        let call = self.row_number(partition, order)?;
        let numbered = window_plan(plan, vec![call.alias(&number)]).map_err(|error| self.error(&error))?;
        let column = Expr::Column(Column::new_unqualified(&number));
        let first = column.eq(Expr::Literal(datafusion::scalar::ScalarValue::UInt64(Some(1)), None));
        let filtered = self.filter(numbered, first)?;
        self.project(filtered, before.into_iter().map(Expr::Column).collect())
    }

    /// Each row once, by SQL's equality; of equal values the least stands for all.
    pub fn distinct_rows(&mut self, bound: BoundQuery) -> SqlResult<BoundQuery> {
        let plan_columns = bound.plan.schema().columns();
        let typed: Vec<Typed> = plan_columns
            .iter()
            .zip(&bound.columns)
            .map(|(column, output)| {
                Typed::column(
                    column.clone(),
                    super::planner::settled(&output.sql_type),
                    output.data_type.clone(),
                )
            })
            .collect();
        for column in &typed {
            self.orderable(column, "an equality operator")?;
        }
        let needs =
            typed.iter().any(|column| convert::key(column.clone(), &self.environment).expr != column.expr);
        if !needs || typed.is_empty() {
            let plan = LogicalPlanBuilder::from(bound.plan)
                .distinct()
                .and_then(LogicalPlanBuilder::build)
                .map_err(|error| self.error(&error))?;
            return Ok(BoundQuery { plan, columns: bound.columns });
        }
        let keys = typed.clone();
        let (plan, mapping) = self.aggregate(bound.plan, Grouping { keys, sets: None }, vec![])?;
        let shown: HashMap<&Expr, &Expr> = mapping.keys.iter().map(|(key, column)| (key, column)).collect();
        let mut columns = vec![];
        for (column, plan_column) in typed.iter().zip(&plan_columns) {
            let found = shown.get(&column.expr).map_or_else(|| column.expr.clone(), |found| (*found).clone());
            columns.push(found.alias(&plan_column.name));
        }
        let plan = self.project(plan, columns)?;
        Ok(BoundQuery { plan, columns: bound.columns })
    }
}

/// Keys of GROUP BY; with `sets`, which of them each grouping set has.
struct Grouping {
    keys: Vec<Typed>,
    sets: Option<Vec<Vec<usize>>>,
}

/// What stands for keys and aggregates above an Aggregate.
struct Mapping {
    keys: Vec<(Expr, Expr)>,
    #[allow(dead_code)]
    owned: Vec<String>,
}

fn shown(columns: &[ScopeColumn]) -> Vec<Output> {
    columns
        .iter()
        .filter(|column| !column.hidden)
        .map(|column| Output { name: column.name.clone(), typed: column.typed.clone(), ast: None })
        .collect()
}

/// The output column of a name; 42702 when two different ones have it.
fn named(name: &str, outputs: &[Output], clause: &str) -> SqlResult<Option<usize>> {
    let mut found: Option<usize> = None;
    for (index, output) in outputs.iter().enumerate() {
        if output.name != name {
            continue;
        }
        match found {
            Some(first) if outputs[first].typed.expr != output.typed.expr => {
                let message = format!("{clause} \"{name}\" is ambiguous");
                return Err(SqlError::new(SqlState::AmbiguousColumn, message));
            }
            Some(_) => {}
            None => found = Some(index),
        }
    }
    Ok(found)
}

fn position(text: &str, count: usize, clause: &str) -> SqlResult<usize> {
    match text.parse::<usize>() {
        Ok(place) if (1..=count).contains(&place) => Ok(place - 1),
        Ok(_) => {
            let message = format!("{clause} position {text} is not in select list");
            Err(SqlError::new(SqlState::InvalidColumnReference, message))
        }
        Err(_) => Err(SqlError::syntax(format!("non-integer constant in {clause}"), None)),
    }
}

fn contains_collected(expr: &Expr, collected: &[Collected]) -> bool {
    expr.exists(|part| {
        Ok(match part {
            Expr::Column(column) => collected.iter().any(|one| one.name == column.name),
            _ => false,
        })
    })
    .unwrap_or(false)
}

fn rollup(parts: Vec<Vec<Typed>>) -> Vec<Vec<Typed>> {
    (0..=parts.len()).rev().map(|length| parts[..length].concat()).collect()
}

fn cube(parts: Vec<Vec<Typed>>) -> SqlResult<Vec<Vec<Typed>>> {
    if parts.len() > 12 {
        let message = "CUBE is limited to 12 elements";
        return Err(SqlError::new(SqlState::TooManyColumns, message));
    }
    let sets = (0..1usize << parts.len()).rev().map(|mask| {
        let chosen = |(index, part): (usize, &Vec<Typed>)| {
            let bit = 1 << (parts.len() - 1 - index);
            (mask & bit != 0).then(|| part.clone())
        };
        parts.iter().enumerate().filter_map(chosen).flatten().collect()
    });
    Ok(sets.collect())
}

/// Window functions over a plan, one node for each order that they need.
pub(crate) fn window_plan(plan: LogicalPlan, calls: Vec<Expr>) -> datafusion::error::Result<LogicalPlan> {
    let before = plan.schema().columns();
    let mut columns: Vec<Expr> = before.into_iter().map(Expr::Column).collect();
    let mut bare: Vec<Expr> = vec![];
    for call in calls {
        // A node names a call's column after the call; the name that it is known by is given above all of them.
        let (call, name) = match call {
            Expr::Alias(alias) => (*alias.expr, Some(alias.name)),
            call => (call, None),
        };
        let column = Expr::Column(Column::new_unqualified(call.schema_name().to_string()));
        columns.push(match name {
            Some(name) => column.alias(name),
            None => column,
        });
        if !bare.contains(&call) {
            bare.push(call);
        }
    }
    let windowed = LogicalPlanBuilder::window_plan(plan, bare)?;
    LogicalPlanBuilder::from(windowed).project(columns)?.build()
}

fn refuse_options(options: &ast::WildcardAdditionalOptions) -> SqlResult<()> {
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
fn refuse_clauses(select: &Select) -> SqlResult<()> {
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

#[allow(unused_imports)]
use DataType as _;
