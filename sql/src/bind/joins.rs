//! Joins: ON, USING and NATURAL, and what a side may see of the other.

use std::collections::HashSet;

use datafusion::common::JoinType;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::sql::sqlparser::ast::{
    self, JoinConstraint, JoinOperator, TableAlias, TableFactor, TableWithJoins,
};

use super::from::{From, Joined, sees_others, wrap};
use super::planner::{BoundQuery, Clause, Level, Planner};
use super::scope::{Item, OutputColumn, Scope, ScopeColumn};
use super::stored_query;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::names::plan_names;
use crate::text::clauses;
use crate::text::dialect::fold_identifier;

impl Planner<'_, '_> {
    pub(super) fn cross(&mut self, left: From, right: From) -> SqlResult<From> {
        let scope = left.scope.beside(right.scope)?;
        let plan = LogicalPlanBuilder::from(left.plan)
            .cross_join(right.plan)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        Ok(From { plan, scope })
    }

    pub(super) fn table_with_joins(
        &mut self,
        table: &TableWithJoins,
        left: Option<&From>,
    ) -> SqlResult<Joined> {
        let mut joined = self.factor(&table.relation, left, JoinType::Inner)?;
        for join in &table.joins {
            let (join_type, constraint) = join_kind(&join.join_operator)?;
            if join.global {
                return Err(SqlError::unsupported("GLOBAL JOIN is not built", "leave GLOBAL out"));
            }
            // What stands before in this item is seen by LATERAL, with all items before it.
            let before = match &joined {
                Joined::Apart(from) | Joined::Lateral(from) => from.clone(),
            };
            let around = match (&joined, left) {
                (Joined::Apart(from), Some(left))
                    if sees_others(&join.relation)
                        && matches!(join_type, JoinType::Inner | JoinType::Left) =>
                {
                    Some(self.cross(left.clone(), from.clone())?)
                }
                _ => None,
            };
            let seen = around.as_ref().unwrap_or(&before);
            let lateral_before = around.is_some() || matches!(joined, Joined::Lateral(_));
            let mut right = self.factor(&join.relation, Some(seen), join_type)?;
            let mut constraint = constraint;
            if let (Joined::Lateral(_), JoinType::Left, JoinConstraint::On(condition)) =
                (&right, join_type, constraint)
                && !is_true(condition)
                && let Some(within) = lateral_with_condition(&join.relation, condition)
            {
                right = self.factor(&within, Some(seen), join_type)?;
                constraint = &JoinConstraint::None;
            }
            let from = match right {
                Joined::Lateral(from) => {
                    match constraint {
                        JoinConstraint::None => {}
                        JoinConstraint::On(condition) if is_true(condition) => {}
                        JoinConstraint::On(condition) if join_type == JoinType::Inner => {
                            let filtered = self.filtered(from, condition)?;
                            joined = wrap(lateral_before, filtered);
                            continue;
                        }
                        _ => {
                            return Err(SqlError::unsupported(
                                "an outer join with a LATERAL item is built ON true only",
                                "put the condition into the lateral subquery's WHERE",
                            ));
                        }
                    }
                    from
                }
                Joined::Apart(right) => {
                    let was_lateral = matches!(joined, Joined::Lateral(_));
                    let from = self.join(before, right, join_type, constraint)?;
                    joined = wrap(was_lateral, from);
                    continue;
                }
            };
            joined = wrap(lateral_before, from);
        }
        Ok(joined)
    }

    fn filtered(&mut self, from: From, condition: &ast::Expr) -> SqlResult<From> {
        self.levels.push(Level::new(from.scope.clone(), Clause::On));
        let bound = self.expr(condition).and_then(|condition| self.boolean(condition, "JOIN/ON"));
        self.levels.pop();
        let plan = LogicalPlanBuilder::from(from.plan)
            .filter(bound?.expr)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        Ok(From { plan, ..from })
    }

    pub(super) fn join(
        &mut self,
        left: From,
        right: From,
        join_type: JoinType,
        constraint: &JoinConstraint,
    ) -> SqlResult<From> {
        let shared: Vec<String> = match constraint {
            JoinConstraint::None => {
                if join_type == JoinType::Inner {
                    return self.cross(left, right);
                }
                return Err(SqlError::syntax("an outer join needs a condition", None));
            }
            JoinConstraint::On(condition) => {
                let scope = left.scope.clone().beside(right.scope.clone())?;
                self.levels.push(Level::new(scope.clone(), Clause::On));
                let bound = self.expr(condition).and_then(|condition| self.boolean(condition, "JOIN/ON"));
                self.levels.pop();
                let plan = self.joined(left.plan, right.plan, join_type, vec![bound?.expr])?;
                return Ok(From { plan, scope });
            }
            JoinConstraint::Using(names) => {
                let (shared, alias) = clauses::using(names)?;
                return self.join_using(left, right, join_type, &shared, alias);
            }
            JoinConstraint::Natural => {
                let visible = |scope: &Scope| -> Vec<String> {
                    let columns = scope.columns.iter().filter(|column| !column.hidden);
                    columns.map(|column| column.name.clone()).collect()
                };
                let others: HashSet<String> = visible(&right.scope).into_iter().collect();
                visible(&left.scope).into_iter().filter(|name| others.contains(name)).collect()
            }
        };
        self.join_using(left, right, join_type, &shared, None)
    }

    pub(super) fn joined(
        &mut self,
        left: LogicalPlan,
        right: LogicalPlan,
        join_type: JoinType,
        conditions: Vec<Expr>,
    ) -> SqlResult<LogicalPlan> {
        let conditions = match conditions.is_empty() {
            true => vec![Expr::Literal(datafusion::scalar::ScalarValue::Boolean(Some(true)), None)],
            false => conditions,
        };
        LogicalPlanBuilder::from(left)
            .join_on(right, join_type, conditions)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))
    }

    /// USING and NATURAL: the shared columns come first and once.
    fn join_using(
        &mut self,
        left: From,
        right: From,
        join_type: JoinType,
        shared: &[String],
        alias: Option<String>,
    ) -> SqlResult<From> {
        let (mut conditions, mut merged) = (vec![], vec![]);
        let mut seen = HashSet::new();
        for name in shared {
            if !seen.insert(name) {
                let message = format!("column name \"{name}\" appears more than once in USING clause");
                return Err(SqlError::new(SqlState::DuplicateColumn, message));
            }
            let find = |scope: &Scope, side: &str| {
                let count = scope.columns.iter().filter(|column| column.name == *name).count();
                if count > 1 {
                    let message =
                        format!("common column name \"{name}\" appears more than once in {side} table");
                    return Err(SqlError::new(SqlState::AmbiguousColumn, message));
                }
                scope.column(name)?.cloned().ok_or_else(|| {
                    let message =
                        format!("column \"{name}\" specified in USING clause does not exist in {side} table");
                    SqlError::new(SqlState::UndefinedColumn, message)
                })
            };
            let (here, there) = (find(&left.scope, "left")?, find(&right.scope, "right")?);
            let test = self.compare(
                datafusion::logical_expr::Operator::Eq,
                here.typed.clone(),
                there.typed.clone(),
            )?;
            conditions.push(test.expr);
            let (before, written) = (here.typed.sql_type.clone(), there.typed.sql_type.clone());
            let parts = self.unify(vec![here.typed, there.typed], "JOIN/USING")?;
            let (left_part, right_part) = (parts[0].clone(), parts[1].clone());
            // The side that has the common type as it is, of an inner join.
            let right_is_it = before.plain() != left_part.sql_type.plain()
                && written.plain() == right_part.sql_type.plain();
            let typed = match join_type {
                JoinType::Right => right_part,
                JoinType::Inner if right_is_it => right_part,
                JoinType::Full => {
                    let both = vec![left_part.expr.clone(), right_part.expr.clone()];
                    left_part.with(self.native("coalesce", both)?)
                }
                _ => left_part,
            };
            merged.push(ScopeColumn { name: name.clone(), typed, hidden: false });
        }
        let rest = |scope: &Scope| -> Vec<ScopeColumn> {
            let columns = scope.columns.iter().filter(|column| !shared.contains(&column.name));
            columns.cloned().collect()
        };
        let mut columns = merged.clone();
        columns.extend(rest(&left.scope));
        columns.extend(rest(&right.scope));
        let plan = self.joined(left.plan, right.plan, join_type, conditions)?;
        let mut both = left.scope.beside(right.scope)?;
        if let Some(name) = alias {
            // It has the merged columns, and no plan of its own.
            let qualifier = self.qualifier(&name);
            let item = Item { name, schema: None, qualifier, columns: merged, scalar: false };
            both = both.beside(Scope { items: vec![item], columns: vec![] })?;
        }
        Ok(From { plan, scope: Scope { columns, ..both } })
    }

    pub(super) fn aliased_join(&mut self, from: From, alias: &TableAlias) -> SqlResult<From> {
        let columns: Vec<ScopeColumn> =
            from.scope.columns.iter().filter(|column| !column.hidden).cloned().collect();
        let names = plan_names(columns.iter().map(|column| column.name.clone()));
        let outputs = columns
            .iter()
            .map(|column| OutputColumn {
                name: column.name.clone(),
                sql_type: column.typed.sql_type.clone(),
                data_type: column.typed.data_type.clone(),
            })
            .collect();
        let projection =
            columns.iter().zip(&names).map(|(column, name)| column.typed.expr.clone().alias(name)).collect();
        let plan = self.project(from.plan, projection)?;
        self.subquery_item(BoundQuery { plan, columns: outputs }, &fold_identifier(&alias.name), Some(alias))
    }
}

fn join_kind(operator: &JoinOperator) -> SqlResult<(JoinType, &JoinConstraint)> {
    Ok(match operator {
        JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => (JoinType::Inner, constraint),
        JoinOperator::CrossJoin(constraint) => (JoinType::Inner, constraint),
        JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => (JoinType::Left, constraint),
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
            (JoinType::Right, constraint)
        }
        JoinOperator::FullOuter(constraint) => (JoinType::Full, constraint),
        _ => {
            return Err(SqlError::unsupported(
                "this kind of join is not built",
                "built are INNER, LEFT, RIGHT, FULL and CROSS JOIN",
            ));
        }
    })
}

fn is_true(condition: &ast::Expr) -> bool {
    matches!(condition, ast::Expr::Value(value) if matches!(value.value, ast::Value::Boolean(true)))
}

/// `LATERAL item ON condition` of an outer join as a lateral subquery that has the condition in it.
fn lateral_with_condition(item: &TableFactor, condition: &ast::Expr) -> Option<TableFactor> {
    let (inner, alias) = match item {
        TableFactor::Derived { lateral: true, subquery, alias: Some(alias), sample } => {
            let (subquery, sample) = (subquery.clone(), sample.clone());
            let alias_inside = Some(alias.clone());
            (TableFactor::Derived { lateral: false, subquery, alias: alias_inside, sample }, alias)
        }
        TableFactor::Table { args: Some(_), alias: Some(alias), .. }
        | TableFactor::Function { alias: Some(alias), .. }
        | TableFactor::UNNEST { alias: Some(alias), .. } => (item.clone(), alias),
        _ => return None,
    };
    let mut query = stored_query("SELECT * FROM x WHERE true").ok()?;
    let ast::SetExpr::Select(select) = query.body.as_mut() else { return None };
    select.from = vec![TableWithJoins { relation: inner, joins: vec![] }];
    select.selection = Some(condition.clone());
    let alias = TableAlias { columns: vec![], ..alias.clone() };
    Some(TableFactor::Derived { lateral: true, subquery: query, alias: Some(alias), sample: None })
}
