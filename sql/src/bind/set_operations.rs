//! UNION, INTERSECT and EXCEPT: the types of their columns, and rows by count.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, DFSchema, JoinType, NullEquality, ScalarValue, TableReference};
use datafusion::logical_expr::{Expr, Join, JoinConstraint, LogicalPlan, Union};
use datafusion::sql::sqlparser::ast::{SetExpr, SetOperator, SetQuantifier};
use millstream_catalog::{Kind, SqlType};

use super::planner::{BoundQuery, Planner, common_numeric, settled};
use super::query::constants_of;
use super::scope::OutputColumn;
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult};
use crate::names::plan_names;
use crate::types::cast::Context;
use crate::windows::over::over_plan;

impl Planner<'_, '_> {
    pub(super) fn set_operation(
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
                let calls = vec![(number.clone(), self.row_number(partition, vec![]))];
                *plan = over_plan(plan.clone(), calls).map_err(|error| self.error(&error))?;
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
    pub(super) fn keyed(&mut self, bound: BoundQuery) -> SqlResult<(LogicalPlan, Vec<Column>)> {
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
        if keys.is_empty() {
            // Rows without columns are all equal.
            let name = self.fresh("key");
            projection.push(Expr::Literal(ScalarValue::Boolean(Some(true)), None).alias(&name));
            keys.push(Column::new_unqualified(name));
        }
        Ok((self.project(plan, projection)?, keys))
    }

    /// Two queries whose columns are of the same types.
    pub(super) fn matched(
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

    pub(super) fn as_types(
        &mut self,
        bound: BoundQuery,
        wanted: &[(String, SqlType, DataType)],
    ) -> SqlResult<BoundQuery> {
        let names = plan_names(wanted.iter().map(|(name, _, _)| name.clone()));
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

    pub(super) fn union(&mut self, left: BoundQuery, right: BoundQuery) -> SqlResult<BoundQuery> {
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
}

pub(super) fn outputs(wanted: &[(String, SqlType, DataType)]) -> Vec<OutputColumn> {
    wanted
        .iter()
        .map(|(name, sql_type, data_type)| OutputColumn {
            name: name.clone(),
            sql_type: sql_type.clone(),
            data_type: data_type.clone(),
        })
        .collect()
}
