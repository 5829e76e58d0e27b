//! GROUP BY: its keys and grouping sets, and the aggregate below the select list.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::GroupingSet;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan};
use datafusion::sql::sqlparser::ast::{self, GroupByExpr, Value};
use millstream_catalog::Kind;

use super::order::{named, position};
use super::planner::{Clause, Collected, Planner};
use super::select::{Output, contains_collected};
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::names::output_name;
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;

/// Keys of GROUP BY; with `sets`, which of them each grouping set has.
pub(super) struct Grouping {
    pub keys: Vec<Typed>,
    pub sets: Option<Vec<Vec<usize>>>,
}

/// What stands for keys and aggregates above an Aggregate.
pub(super) struct Mapping {
    pub keys: Vec<(Expr, Expr)>,
    #[allow(dead_code)]
    pub owned: Vec<String>,
}

impl Planner<'_, '_> {
    /// The keys of GROUP BY: positions, names of output columns, expressions.
    pub(super) fn group_by(
        &mut self,
        group_by: &GroupByExpr,
        outputs: &[Output],
    ) -> SqlResult<Option<Grouping>> {
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

    pub(super) fn each(
        &mut self,
        parts: &[Vec<ast::Expr>],
        outputs: &[Output],
    ) -> SqlResult<Vec<Vec<Typed>>> {
        parts.iter().map(|part| self.group_keys(part, outputs)).collect()
    }

    pub(super) fn group_keys(&mut self, parts: &[ast::Expr], outputs: &[Output]) -> SqlResult<Vec<Typed>> {
        let mut keys = vec![];
        for part in parts {
            match part {
                ast::Expr::Tuple(inner) => keys.extend(self.group_keys(inner, outputs)?),
                other => keys.push(self.group_key(other, outputs)?),
            }
        }
        Ok(keys)
    }

    pub(super) fn group_key(&mut self, expr: &ast::Expr, outputs: &[Output]) -> SqlResult<Typed> {
        let key = match expr {
            ast::Expr::Value(value) => match &value.value {
                Value::Number(text, _) => {
                    let index = position(text, outputs.len(), "GROUP BY")?;
                    if outputs[index].ast.as_ref().is_some_and(|_| {
                        contains_collected(
                            &outputs[index].typed.expr,
                            self.levels.last().map_or(&[][..], |level| &level.aggregates),
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
        let windows = self.levels.last().map_or(&[][..], |level| &level.windows);
        if contains_collected(&key.expr, windows) {
            let message = "window functions are not allowed in GROUP BY";
            return Err(SqlError::new(SqlState::WindowingError, message));
        }
        self.orderable(&key, "an equality operator")?;
        Ok(key)
    }

    /// The Aggregate node over its keys in key form, and what stands for what above it.
    pub(super) fn aggregate(
        &mut self,
        plan: LogicalPlan,
        grouping: Grouping,
        aggregates: Vec<Collected>,
    ) -> SqlResult<(LogicalPlan, Mapping)> {
        let mut mapping = Mapping { keys: vec![], owned: vec![] };
        let (mut group_expr, mut aggr_expr, mut names) = (vec![], vec![], vec![]);
        let mut restored: Vec<Expr> = vec![];
        let mut key_names: Vec<String> = vec![];
        let mut needs_restoring = false;
        for key in &grouping.keys {
            let name = match &key.expr {
                Expr::Column(column) => self.fresh(output_name(&column.name)),
                _ => self.fresh("group"),
            };
            let form = convert::key(key.clone(), &self.environment);
            let carried =
                form.expr != key.expr && !matches!(key.sql_type.kind(), Some(Kind::Float4 | Kind::Float8));
            if carried {
                needs_restoring = true;
                let key_name = self.fresh("key");
                let value_name = self.fresh("value");
                group_expr.push(form.expr.alias(&key_name));
                let (call, restore) = convert::representative(key.clone(), &value_name, &self.environment)?;
                aggr_expr.push(call.alias(&value_name));
                let restore = match grouping.sets {
                    None => restore,
                    // A set that leaves the key out has it NULL.
                    Some(_) => if_there(&key_name, restore),
                };
                restored.push(restore.alias(&name));
                key_names.push(key_name);
            } else {
                group_expr.push(form.expr.alias(&name));
                restored.push(Expr::Column(Column::new_unqualified(&name)));
                key_names.push(name.clone());
            }
            let column = Expr::Column(Column::new_unqualified(&name));
            names.push(name);
            mapping.keys.push((key.expr.clone(), column));
        }
        let aggregates = self.grouping_calls(aggregates, &grouping, &key_names, &mut mapping)?;
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
                let key = |index: &usize| Expr::Column(Column::new_unqualified(&key_names[*index]));
                let sets: Vec<Vec<Expr>> = sets.iter().map(|set| set.iter().map(key).collect()).collect();
                let aggr: Vec<Expr> = aggr_expr.clone();
                let node = Aggregate::try_new(
                    Arc::new(plan_with_keys),
                    vec![Expr::GroupingSet(GroupingSet::GroupingSets(sets))],
                    aggr,
                )
                .map_err(|error| self.error(&error))?;
                mapping.owned = aggregates.iter().map(|aggregate| aggregate.name.clone()).collect();
                let node = LogicalPlan::Aggregate(node);
                let plan = if needs_restoring { self.project(node, restored)? } else { node };
                return Ok((plan, mapping));
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
    pub(super) fn grouping_calls(
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

    pub(super) fn one_group(&mut self, plan: LogicalPlan) -> SqlResult<LogicalPlan> {
        let name = self.fresh("count");
        let count = self.native_count();
        Aggregate::try_new(Arc::new(plan), vec![], vec![count.alias(name)])
            .map(LogicalPlan::Aggregate)
            .map_err(|error| self.error(&error))
    }

    /// An expression over FROM as one over the groups; 42803 for a column that is neither grouped nor aggregated.
    pub(super) fn grouped(&self, typed: &Typed, mapping: &Mapping) -> SqlResult<Typed> {
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
            let table = output_name(table);
            let name = output_name(&column.name);
            let shown = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
            let message = format!(
                "column \"{shown}\" must appear in the GROUP BY clause or be used in an aggregate function"
            );
            return Err(SqlError::new(SqlState::GroupingError, message));
        }
        Ok(typed.with(mapped))
    }
}

pub(super) fn rollup(parts: Vec<Vec<Typed>>) -> Vec<Vec<Typed>> {
    (0..=parts.len()).rev().map(|length| parts[..length].concat()).collect()
}

pub(super) fn cube(parts: Vec<Vec<Typed>>) -> SqlResult<Vec<Vec<Typed>>> {
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

/// A value where its key is there, else NULL.
fn if_there(key: &str, value: Expr) -> Expr {
    let there = Expr::Column(Column::new_unqualified(key)).is_not_null();
    Expr::Case(datafusion::logical_expr::expr::Case {
        expr: None,
        when_then_expr: vec![(Box::new(there), Box::new(value))],
        else_expr: None,
    })
}
