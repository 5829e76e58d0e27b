//! ORDER BY and DISTINCT of one SELECT: which output or expression a key is, and the rows that are left.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::Column;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::sql::sqlparser::ast::{self, OrderByExpr, Value};

use super::groups::Grouping;
use super::planner::{BoundQuery, Clause, Planner};
use super::select::Output;
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::fold_identifier;
use crate::windows::over::over_plan;

/// A key of ORDER BY.
pub(super) struct Order {
    pub key: Key,
    pub ascending: bool,
    pub nulls_first: bool,
}

pub(super) enum Key {
    /// An output column.
    Output(usize),
    /// An expression over FROM.
    Input(Typed),
}

impl Planner<'_, '_> {
    pub(super) fn orders(
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

    pub(super) fn order_key(&mut self, expr: &ast::Expr, outputs: &[Output]) -> SqlResult<Key> {
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

    pub(super) fn distinct_key(&mut self, expr: &ast::Expr, outputs: &[Output]) -> SqlResult<Key> {
        if let ast::Expr::Value(value) = expr
            && let Value::Number(text, _) = &value.value
        {
            return Ok(Key::Output(position(text, outputs.len(), "SELECT DISTINCT ON")?));
        }
        self.order_key(expr, outputs)
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
    pub(super) fn first_of_each(
        &mut self,
        plan: LogicalPlan,
        on: &[Typed],
        keys: &[(Typed, bool, bool)],
    ) -> SqlResult<LogicalPlan> {
        let before = plan.schema().columns();
        let number = self.fresh("number");
        let partition = on.iter().map(|key| convert::key(key.clone(), &self.environment).expr).collect();
        let order = self.sorts(keys.to_vec());
        let calls = vec![(number.clone(), self.row_number(partition, order))];
        let numbered = over_plan(plan, calls).map_err(|error| self.error(&error))?;
        let column = Expr::Column(Column::new_unqualified(&number));
        let first = column.eq(Expr::Literal(datafusion::scalar::ScalarValue::Int64(Some(1)), None));
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
        if typed.is_empty() {
            // Rows without columns are all equal.
            let one = Expr::Literal(datafusion::scalar::ScalarValue::Int64(Some(1)), None);
            let plan = LogicalPlan::Limit(datafusion::logical_expr::Limit {
                skip: None,
                fetch: Some(Box::new(one)),
                input: Arc::new(bound.plan),
            });
            return Ok(BoundQuery { plan, columns: bound.columns });
        }
        if !needs {
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

/// The output column of a name; 42702 when two different ones have it.
pub(super) fn named(name: &str, outputs: &[Output], clause: &str) -> SqlResult<Option<usize>> {
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

pub(super) fn position(text: &str, count: usize, clause: &str) -> SqlResult<usize> {
    match text.parse::<usize>() {
        Ok(place) if (1..=count).contains(&place) => Ok(place - 1),
        Ok(_) => {
            let message = format!("{clause} position {text} is not in select list");
            Err(SqlError::new(SqlState::InvalidColumnReference, message))
        }
        Err(_) => Err(SqlError::syntax(format!("non-integer constant in {clause}"), None)),
    }
}
