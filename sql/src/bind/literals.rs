//! Literals that DataFusion reads otherwise than Postgres, spelled so that both mean the same.

use std::ops::ControlFlow;

use arrow::datatypes::IntervalMonthDayNano;
use datafusion::sql::sqlparser::ast::{
    self, DateTimeField, Expr, Interval, UnaryOperator, Value, VisitMut, VisitorMut,
};

use crate::error::{SqlError, SqlResult, position};
use crate::interval::{IntervalField, parse_interval};
use crate::types::bad_interval;

/// Rewrites numbers with an exponent and INTERVAL literals; 22007 and 22015, with the position, for a text that is no
/// interval.
pub(super) fn rewrite(tree: &mut impl VisitMut) -> SqlResult<()> {
    match tree.visit(&mut Literals) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

struct Literals;

impl VisitorMut for Literals {
    type Break = SqlError;

    /// An INTERVAL is read by our grammar and put in the one form that both read alike. Its sign goes in with it:
    /// DataFusion would negate the first part only.
    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<SqlError> {
        let (negative, interval) = match &*expr {
            Expr::Interval(interval) => (false, interval),
            Expr::Value(ast::ValueWithSpan { value: Value::Number(text, _), .. }) => {
                if let Some(double) = great_number(text) {
                    *expr = double;
                }
                return ControlFlow::Continue(());
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr: operand } => match operand.as_ref() {
                Expr::Interval(interval) => (true, interval),
                _ => return ControlFlow::Continue(()),
            },
            _ => return ControlFlow::Continue(()),
        };
        match interval_value(interval) {
            Ok(Some(value)) => {
                let sign = if negative { -1 } else { 1 };
                let text = format!(
                    "{} months {} days {} nanoseconds",
                    sign * i64::from(value.months),
                    sign * i64::from(value.days),
                    sign * value.nanoseconds
                );
                *expr = Expr::Interval(Interval {
                    value: Box::new(Expr::Value(Value::SingleQuotedString(text).into())),
                    leading_field: None,
                    leading_precision: None,
                    last_field: None,
                    fractional_seconds_precision: None,
                });
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    /// `1e3` as `1000.0`, `1e-3` as `0.001`: DataFusion would give them a negative scale, which is no numeric type.
    fn pre_visit_value(&mut self, value: &mut ast::ValueWithSpan) -> ControlFlow<SqlError> {
        if let Value::Number(text, _) = &mut value.value
            && let Some(plain) = plain_number(text)
        {
            *text = plain;
        }
        ControlFlow::Continue(())
    }
}

/// The value of an INTERVAL literal; None for the forms that are not Postgres's or not built.
fn interval_value(interval: &Interval) -> SqlResult<Option<IntervalMonthDayNano>> {
    let Interval {
        value,
        leading_field,
        leading_precision: None,
        last_field: None,
        fractional_seconds_precision: None,
    } = interval
    else {
        return Ok(None);
    };
    let Expr::Value(ast::ValueWithSpan { value: Value::SingleQuotedString(text), span }) = value.as_ref()
    else {
        return Ok(None);
    };
    let field = match leading_field {
        None => None,
        Some(DateTimeField::Year | DateTimeField::Years) => Some(IntervalField::Year),
        Some(DateTimeField::Month | DateTimeField::Months) => Some(IntervalField::Month),
        Some(DateTimeField::Day | DateTimeField::Days) => Some(IntervalField::Day),
        Some(DateTimeField::Hour | DateTimeField::Hours) => Some(IntervalField::Hour),
        Some(DateTimeField::Minute | DateTimeField::Minutes) => Some(IntervalField::Minute),
        Some(DateTimeField::Second | DateTimeField::Seconds) => Some(IntervalField::Second),
        Some(_) => return Ok(None),
    };
    match parse_interval(text, field) {
        Ok(value) => Ok(Some(value)),
        Err(error) => Err(SqlError { position: position(span.start.column), ..bad_interval(error, text) }),
    }
}

/// A number whose exponent is too great for our numerics, as a double precision; Postgres has a numeric for it.
fn great_number(text: &str) -> Option<Expr> {
    if !text.contains(['e', 'E']) || plain_number(text).is_some() {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite() && *value != 0.0)?;
    let literal = Expr::Value(Value::SingleQuotedString(text.to_owned()).into());
    Some(Expr::Cast {
        kind: ast::CastKind::Cast,
        expr: Box::new(literal),
        data_type: ast::DataType::DoublePrecision,
        array: false,
        format: None,
    })
}

fn plain_number(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok().filter(|exponent| (-30..=30).contains(exponent))?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let point = whole.len() as i32 + exponent;
    Some(if point <= 0 {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= digits.len() {
        format!("{digits}{}.0", "0".repeat(point as usize - digits.len()))
    } else {
        format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
    })
}
