//! Subqueries in expressions: scalar ones, EXISTS, IN, ANY, ALL and ARRAY.
//!
//! In a condition of WHERE, `EXISTS` and `IN` go to DataFusion, which makes joins of them. Everywhere else, and where
//! columns are taken from outside in ways that no join can say, a subquery becomes a call of a marker function whose
//! argument is the subquery; who runs the plan computes it once, or once for each combination of outer values.
//!
//! ```text
//!  subquery_exists((SELECT …))          subquery_array((SELECT …))       subquery_rows((SELECT …))
//!  subquery_any:=(x, (SELECT …))        subquery_all:<(x, (SELECT …))
//! ```

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, ScalarValue, Spans};
use datafusion::logical_expr::expr::{Exists, InSubquery};
use datafusion::logical_expr::{Expr, LogicalPlan, Operator, Subquery};
use datafusion::sql::sqlparser::ast::{self, BinaryOperator, Expr as Ast};
use millstream_catalog::{Kind, SqlType};

use super::expression::{comparison, sign_of};
use super::planner::{BoundQuery, Clause, Planner, settled};
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::marker;
use crate::types::cast::Context;

impl Planner<'_, '_> {
    /// A query within an expression: one that sees the columns of the queries around it.
    fn nested(&mut self, query: &ast::Query) -> SqlResult<BoundQuery> {
        self.query(query)
    }

    fn single(&mut self, bound: &BoundQuery) -> SqlResult<()> {
        if bound.columns.len() != 1 {
            return Err(SqlError::syntax("subquery must return only one column", None));
        }
        Ok(())
    }

    /// `(SELECT …)` as a value.
    pub fn scalar_subquery(&mut self, query: &ast::Query) -> SqlResult<Typed> {
        let bound = self.nested(query)?;
        self.single(&bound)?;
        let column = bound.columns[0].clone();
        let sql_type = settled(&column.sql_type);
        let expr = Expr::ScalarSubquery(subquery(bound.plan));
        Ok(Typed { expr, sql_type, data_type: column.data_type })
    }

    /// The fields of `(SELECT a, b …)` beside a row value.
    pub(super) fn row_subquery(&mut self, query: &ast::Query, fields: usize) -> SqlResult<Vec<Typed>> {
        let bound = self.nested(query)?;
        if bound.columns.len() != fields {
            let many = if bound.columns.len() > fields { "many" } else { "few" };
            return Err(SqlError::syntax(format!("subquery has too {many} columns"), None));
        }
        let columns = bound.plan.schema().columns().into_iter().zip(&bound.columns).enumerate();
        let named = columns.map(|(index, (column, output))| {
            let typed = Typed::column(column, settled(&output.sql_type), output.data_type.clone());
            (format!("f{}", index + 1), typed)
        });
        let row = convert::plain_struct(named.collect())?;
        let name = self.fresh("row");
        let plan = self.project(bound.plan, vec![row.expr.clone().alias(name)])?;
        let row = row.with(Expr::ScalarSubquery(subquery(plan)));
        convert::record_fields(&row).ok_or_else(|| SqlError::internal("a row without fields"))
    }

    /// `EXISTS (SELECT …)`
    pub fn exists(&mut self, query: &ast::Query, negated: bool) -> SqlResult<Typed> {
        let bound = self.nested(query)?;
        // What it selects is not read, and not computed.
        let column = first_column(&bound.plan);
        let one = self
            .project(bound.plan, vec![Expr::Literal(ScalarValue::Boolean(Some(true)), None).alias(column)])?;
        if self.is_condition() {
            let exists = Exists { subquery: subquery(one), negated };
            return Ok(Typed::new(Expr::Exists(exists), Kind::Boolean));
        }
        let call = marker::call(marker::EXISTS, vec![Expr::ScalarSubquery(subquery(one))], DataType::Boolean);
        Ok(Typed::new(if negated { Expr::Not(Box::new(call)) } else { call }, Kind::Boolean))
    }

    /// `x IN (SELECT …)`
    pub fn in_subquery(&mut self, value: &Ast, query: &ast::Query, negated: bool) -> SqlResult<Typed> {
        let found = self.quantified_subquery(value, Operator::Eq, query, false, negated)?;
        Ok(found)
    }

    /// `x <op> ANY (…)` and `x <op> ALL (…)`, of a subquery or of an array.
    pub fn quantified(
        &mut self,
        left: &Ast,
        op: &BinaryOperator,
        right: &Ast,
        all: bool,
    ) -> SqlResult<Typed> {
        let sign = sign_of(op)?;
        if let Some(query) = query_of(right) {
            let Some(operator) = comparison(&sign) else {
                return Err(SqlError::unsupported(
                    format!("{sign} ANY of a subquery is not built"),
                    "built are =, <>, <, <=, > and >=",
                ));
            };
            if operator == Operator::NotEq && all {
                return self.quantified_subquery(left, Operator::Eq, query, false, true);
            }
            return self.quantified_subquery(left, operator, query, all, false);
        }
        let value = self.expr(left)?;
        let array = self.expr(right)?;
        let (value, array) = self.of_element(value, array)?;
        let Some(element) = array.sql_type.element() else {
            let message = "op ANY/ALL (array) requires array on right side";
            return Err(SqlError::new(SqlState::WrongObjectType, message));
        };
        self.over_array(&sign, value, array, element, all)
    }

    /// A value beside an array: a quoted constant becomes what the other side tells.
    fn of_element(&mut self, value: Typed, array: Typed) -> SqlResult<(Typed, Typed)> {
        let array = match array.is_unknown() {
            true => {
                let element = if value.is_unknown() { Kind::Text.into() } else { value.sql_type.plain() };
                let element = if element.is(Kind::Varchar) { Kind::Text.into() } else { element };
                self.coerce(array, &SqlType::Array(Arc::new(element)), Context::Implicit)?
            }
            false => array,
        };
        let value = match (value.is_unknown(), array.sql_type.element()) {
            (true, Some(element)) => self.coerce(value, &element, Context::Implicit)?,
            _ => value,
        };
        Ok((value, array))
    }

    fn over_array(
        &mut self,
        sign: &str,
        value: Typed,
        array: Typed,
        element: SqlType,
        all: bool,
    ) -> SqlResult<Typed> {
        if comparison(sign).is_some() {
            // Both sides as of one type.
            let one = Typed::null_of(&element, &element.data_type());
            let parts = self.comparable(vec![value.clone(), one]).map_err(|error| match error.state {
                SqlState::UndefinedFunction => {
                    super::overload::no_operator(sign, &[value.sql_type.clone(), element.clone()])
                }
                _ => error,
            })?;
            let common = parts[0].sql_type.plain();
            let value = self.coerce(value, &common, Context::Implicit)?;
            let value = self.stored(value, &common.data_type())?;
            let array = self.coerce(array, &SqlType::Array(Arc::new(common)), Context::Implicit)?;
            return convert::any_all(sign, value, array, all, None, &self.environment);
        }
        // Any other operator, resolved once over one element.
        let parameter = Typed { expr: Expr::Literal(ScalarValue::Null, None), ..value.clone() };
        let other = Typed {
            expr: Expr::Literal(ScalarValue::Null, None),
            data_type: element.data_type(),
            sql_type: element,
        };
        let resolved = self.operator(sign, vec![parameter, other])?;
        if !resolved.is(Kind::Boolean) {
            let message = "op ANY/ALL (array) requires operator to yield boolean";
            return Err(SqlError::new(SqlState::WrongObjectType, message));
        }
        convert::any_all(sign, value, array, all, Some(resolved.expr), &self.environment)
    }

    fn quantified_subquery(
        &mut self,
        left: &Ast,
        operator: Operator,
        query: &ast::Query,
        all: bool,
        negated: bool,
    ) -> SqlResult<Typed> {
        let fields = match left {
            Ast::Tuple(fields) => {
                fields.iter().map(|field| self.expr(field)).collect::<SqlResult<Vec<_>>>()?
            }
            other => {
                let value = self.expr(other)?;
                match convert::constructed(&value) {
                    Some(fields) => fields,
                    None => vec![value],
                }
            }
        };
        let bound = self.nested(query)?;
        if bound.columns.len() != fields.len() {
            let message = if bound.columns.len() > fields.len() {
                "subquery has too many columns"
            } else {
                "subquery has too few columns"
            };
            return Err(SqlError::syntax(message, None));
        }
        // Each pair as of one comparable type, in key form.
        let (mut left_keys, mut right_keys) = (vec![], vec![]);
        let names: Vec<Column> = bound.plan.schema().columns();
        for ((field, output), column) in fields.into_iter().zip(&bound.columns).zip(names) {
            let right = Typed {
                expr: Expr::Column(column),
                sql_type: settled(&output.sql_type),
                data_type: output.data_type.clone(),
            };
            let types = [field.sql_type.clone(), right.sql_type.clone()];
            let mut pair = self
                .comparable(vec![field, right])
                .map_err(|_| super::overload::no_operator(comparison_sign(operator), &types))?
                .into_iter()
                .map(|part| convert::key(part, &self.environment));
            if let (Some(left), Some(right)) = (pair.next(), pair.next()) {
                left_keys.push(left);
                right_keys.push(right);
            }
        }
        let names: Vec<String> = (0..right_keys.len()).map(|_| self.fresh("key")).collect();
        if let ([left], [right], Operator::Eq, true, false) =
            (left_keys.as_slice(), right_keys.as_slice(), operator, self.is_condition(), all)
        {
            let plan = self.project(bound.plan, vec![right.expr.clone().alias(&names[0])])?;
            let test = InSubquery { expr: Box::new(left.expr.clone()), subquery: subquery(plan), negated };
            return Ok(Typed::new(Expr::InSubquery(test), Kind::Boolean));
        }
        // As they are: a row's numerics are in the form that is stored, which has no order.
        let record = |fields: Vec<Typed>| {
            let named =
                fields.into_iter().enumerate().map(|(index, field)| (format!("f{}", index + 1), field));
            convert::plain_struct(named.collect())
        };
        let (left, right) = (record(left_keys)?, record(right_keys)?);
        let plan = self.project(bound.plan, vec![right.expr.alias(&names[0])])?;
        let name = format!("{}{}", if all { marker::ALL } else { marker::ANY }, comparison_sign(operator));
        let arguments = vec![left.expr, Expr::ScalarSubquery(subquery(plan))];
        let call = marker::call(&name, arguments, DataType::Boolean);
        Ok(Typed::new(if negated { Expr::Not(Box::new(call)) } else { call }, Kind::Boolean))
    }

    /// `ARRAY(SELECT …)`
    pub fn array_subquery(&mut self, query: &ast::Query) -> SqlResult<Typed> {
        let bound = self.nested(query)?;
        self.single(&bound)?;
        let column = bound.columns[0].clone();
        let element = settled(&column.sql_type).plain();
        if matches!(element, SqlType::Array(_)) {
            return Err(SqlError::unsupported(
                "arrays of several dimensions are not built",
                "use an array of one dimension, or jsonb",
            ));
        }
        let name = first_column(&bound.plan);
        let value = Typed {
            expr: Expr::Column(Column::new_unqualified(name.clone())),
            sql_type: element.clone(),
            data_type: column.data_type,
        };
        let columns = bound.plan.schema().columns();
        let value = Typed { expr: Expr::Column(columns[0].clone()), ..value };
        let value = self.stored(value, &element.data_type())?;
        let plan = self.project(bound.plan, vec![value.expr.alias(name)])?;
        let list = DataType::List(Arc::new(Field::new_list_field(element.data_type(), true)));
        let call = marker::call(marker::ARRAY, vec![Expr::ScalarSubquery(subquery(plan))], list);
        Ok(Typed::new(call, SqlType::Array(Arc::new(element))))
    }

    /// Whether the expression at hand is a condition that DataFusion makes joins of.
    fn is_condition(&self) -> bool {
        matches!(self.clause(), Clause::Where | Clause::Having)
    }
}

/// A plan as a subquery, with what it takes from outside.
pub(crate) fn subquery(plan: LogicalPlan) -> Subquery {
    let outer_ref_columns = plan.all_out_ref_exprs();
    Subquery { subquery: Arc::new(plan), outer_ref_columns, spans: Spans::new() }
}

fn first_column(plan: &LogicalPlan) -> String {
    plan.schema().fields().first().map_or_else(|| "value".to_owned(), |field| field.name().clone())
}

fn comparison_sign(operator: Operator) -> &'static str {
    match operator {
        Operator::NotEq => "<>",
        Operator::Lt => "<",
        Operator::LtEq => "<=",
        Operator::Gt => ">",
        Operator::GtEq => ">=",
        _ => "=",
    }
}

pub(super) fn query_of(expr: &Ast) -> Option<&ast::Query> {
    match expr {
        Ast::Subquery(query) => Some(query),
        Ast::Nested(inner) => query_of(inner),
        _ => None,
    }
}
