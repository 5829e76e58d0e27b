//! Conditions and choices: IS, BETWEEN, IN, LIKE, OVERLAPS, CASE.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{Case, InList};
use datafusion::logical_expr::{Expr, Operator};
use datafusion::sql::sqlparser::ast::{self, BinaryOperator, Expr as Ast};
use millstream_catalog::{Kind, SqlType};

use super::access::row_fields;
use super::expression::{balanced, text_of};
use super::planner::Planner;
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult};
use crate::types::cast::Context;

impl Planner<'_, '_> {
    pub(super) fn null_test(&mut self, inner: &Ast, wants_null: bool) -> SqlResult<Typed> {
        let value = self.expr(inner)?;
        if let Some(fields) = convert::record_fields(&value) {
            // A row is null when all its fields are, and not null when none is.
            let tests = fields.into_iter().map(|field| match wants_null {
                true => field.expr.is_null(),
                false => field.expr.is_not_null(),
            });
            let all = tests.reduce(Expr::and);
            let always = || Expr::Literal(ScalarValue::Boolean(Some(true)), None);
            return Ok(Typed::new(all.unwrap_or_else(always), Kind::Boolean));
        }
        let test = if wants_null { value.expr.is_null() } else { value.expr.is_not_null() };
        Ok(Typed::new(test, Kind::Boolean))
    }

    pub(super) fn truth_test(
        &mut self,
        inner: &Ast,
        test: fn(Box<Expr>) -> Expr,
        what: &str,
    ) -> SqlResult<Typed> {
        let value = self.expr(inner)?;
        let value = self.boolean(value, what)?;
        Ok(Typed::new(test(Box::new(value.expr)), Kind::Boolean))
    }

    /// `value >= low AND value <= high`
    pub(super) fn between(&mut self, value: Typed, low: Typed, high: Typed) -> SqlResult<Typed> {
        let above = self.compare(Operator::GtEq, value.clone(), low)?;
        let below = self.compare(Operator::LtEq, value, high)?;
        Ok(Typed::new(above.expr.and(below.expr), Kind::Boolean))
    }

    pub(super) fn distinct(&mut self, left: &Ast, right: &Ast, operator: Operator) -> SqlResult<Typed> {
        if let (Some(left), Some(right)) = (row_fields(left), row_fields(right)) {
            let left = left.into_iter().map(|field| self.expr(field)).collect::<SqlResult<Vec<_>>>()?;
            let right = right.into_iter().map(|field| self.expr(field)).collect::<SqlResult<Vec<_>>>()?;
            return self.compare_rows(operator, left, right);
        }
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        self.compare(operator, left, right)
    }

    pub(super) fn in_list(&mut self, inner: &Ast, list: &[Ast], negated: bool) -> SqlResult<Typed> {
        if row_fields(inner).is_some() && list.iter().all(|part| row_fields(part).is_some()) {
            let tests = list
                .iter()
                .map(|part| Ok(self.binary(inner, &BinaryOperator::Eq, part)?.expr))
                .collect::<SqlResult<Vec<_>>>()?;
            return Ok(negate_if(negated, Typed::new(balanced(tests, Operator::Or), Kind::Boolean)));
        }
        let value = self.expr(inner)?;
        let list = list.iter().map(|part| self.expr(part)).collect::<SqlResult<Vec<_>>>()?;
        let record = matches!(value.sql_type, SqlType::Record(_));
        let mut types = vec![value.sql_type.clone()];
        types.extend(list.iter().map(|part| part.sql_type.clone()));
        let constants = list.iter().all(|part| matches!(part.expr, Expr::Literal(..) | Expr::Placeholder(_)));
        let common = super::overload::common_type(&types);
        if let (Some(common), false, true) = (common, record, constants && list.len() > 1) {
            let mut all = vec![value];
            all.extend(list);
            // The elements are an array, as in PostgreSQL: a real among decimals makes reals of them.
            if common.is(Kind::Float4) {
                let coerced = all.into_iter().map(|part| self.coerce(part, &common, Context::Implicit));
                all = coerced.collect::<SqlResult<Vec<_>>>()?;
            }
            let parts = self.comparable(all)?;
            let mut keys = parts.into_iter().map(|part| convert::key(part, &self.environment));
            if let Some(value) = keys.next() {
                let list = keys.map(|part| part.expr).collect();
                let test = InList { expr: Box::new(value.expr), list, negated };
                return Ok(Typed::new(Expr::InList(test), Kind::Boolean));
            }
            return Err(SqlError::internal("a list without a value"));
        }
        let mut tests = vec![];
        for part in list {
            tests.push(self.compare(Operator::Eq, value.clone(), part)?.expr);
        }
        let any = tests.into_iter().reduce(Expr::or);
        let none = || Expr::Literal(ScalarValue::Boolean(Some(false)), None);
        Ok(negate_if(negated, Typed::new(any.unwrap_or_else(none), Kind::Boolean)))
    }

    pub(super) fn like(
        &mut self,
        sign: &str,
        value: &Ast,
        pattern: &Ast,
        escape: Option<&ast::ValueWithSpan>,
    ) -> SqlResult<Typed> {
        let value = self.expr(value)?;
        let mut pattern = self.expr(pattern)?;
        if let Some(escape) = escape {
            let escape = Typed::unknown(Some(text_of(&escape.value)?));
            pattern = self.named_call("like_escape", vec![pattern, escape])?;
        }
        self.operator(sign, vec![value, pattern])
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&Ast>,
        conditions: &[ast::CaseWhen],
        otherwise: Option<&Ast>,
    ) -> SqlResult<Typed> {
        let operand = match operand {
            Some(operand) => {
                let operand = self.expr(operand)?;
                Some(if operand.is_unknown() {
                    self.coerce(operand, &Kind::Text.into(), Context::Implicit)?
                } else {
                    operand
                })
            }
            None => None,
        };
        let (mut tests, mut results) = (vec![], vec![]);
        for when in conditions {
            let condition = self.expr(&when.condition)?;
            tests.push(match &operand {
                Some(operand) => self.compare(Operator::Eq, operand.clone(), condition)?,
                None => self.boolean(condition, "CASE/WHEN")?,
            });
            results.push(self.expr(&when.result)?);
        }
        // PostgreSQL looks at the ELSE first when it chooses the type.
        let otherwise = match otherwise {
            Some(otherwise) => self.expr(otherwise)?,
            None => Typed::null(),
        };
        let mut all = vec![otherwise];
        all.extend(results);
        let mut all = self.unify(all, "CASE")?.into_iter();
        let Some(otherwise) = all.next() else { return Err(SqlError::internal("a CASE without results")) };
        let when_then_expr = tests
            .into_iter()
            .zip(all)
            .map(|(test, result)| (Box::new(test.expr), Box::new(result.expr)))
            .collect();
        let case = Case { expr: None, when_then_expr, else_expr: Some(Box::new(otherwise.expr.clone())) };
        Ok(otherwise.with(Expr::Case(case)))
    }

    /// A chain of ANDs or ORs without going down its left side once for each link.
    pub(super) fn chain(&mut self, left: &Ast, op: &BinaryOperator, right: &Ast) -> SqlResult<Typed> {
        let mut parts = vec![right];
        let mut rest = left;
        while let Ast::BinaryOp { left, op: below, right } = rest
            && below == op
        {
            parts.push(right);
            rest = left;
        }
        parts.push(rest);
        let (word, operator) = match op {
            BinaryOperator::And => ("AND", Operator::And),
            _ => ("OR", Operator::Or),
        };
        let mut bound = vec![];
        for part in parts.into_iter().rev() {
            let part = self.expr(part)?;
            bound.push(self.boolean(part, word)?.expr);
        }
        Ok(Typed::new(balanced(bound, operator), Kind::Boolean))
    }

    pub(super) fn overlaps(&mut self, left: &Ast, right: &Ast) -> SqlResult<Typed> {
        let ends = |side: &Ast| match side {
            Ast::Tuple(ends) if ends.len() == 2 => Ok(ends.clone()),
            Ast::Nested(inner) => match inner.as_ref() {
                Ast::Tuple(ends) if ends.len() == 2 => Ok(ends.clone()),
                _ => Err(SqlError::syntax("wrong number of parameters of OVERLAPS expression", None)),
            },
            _ => Err(SqlError::syntax("wrong number of parameters of OVERLAPS expression", None)),
        };
        let mut arguments = vec![];
        for end in ends(left)?.iter().chain(&ends(right)?) {
            arguments.push(self.expr(end)?);
        }
        self.named_call("overlaps", arguments)
    }
}

pub(super) fn negate_if(negated: bool, typed: Typed) -> Typed {
    match negated {
        true => Typed::new(Expr::Not(Box::new(typed.expr)), Kind::Boolean),
        false => typed,
    }
}
