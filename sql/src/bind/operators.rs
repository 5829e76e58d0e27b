//! Operators over bound operands: comparisons, arithmetic over decimals, and what the registry has.

use arrow::datatypes::DataType;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use millstream_catalog::{Kind, SqlType};

use super::coerce::is_reg;
use super::convert;
use super::overload::{self, Search, no_operator};
use super::planner::Planner;
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry;
use crate::functions::registry::Class;
use crate::types::cast::Context;

impl Planner<'_, '_> {
    /// An operator of the registry.
    pub fn operator(&mut self, sign: &str, operands: Vec<Typed>) -> SqlResult<Typed> {
        if let Some(decimal) = self.decimal(sign, &operands)? {
            return Ok(decimal);
        }
        let types: Vec<SqlType> = operands.iter().map(|operand| operand.sql_type.clone()).collect();
        let rows = crate::functions::all().rows(sign);
        let rows: Vec<_> = rows.iter().filter(|row| row.class == Class::Operator).cloned().collect();
        match overload::operator(&rows, &types)? {
            Search::Found(chosen) => {
                let operands = operands
                    .into_iter()
                    .zip(&chosen.arguments)
                    .map(|(operand, to)| self.coerce(operand, to, Context::Implicit))
                    .collect::<SqlResult<Vec<_>>>()?;
                if let Some(decimal) = self.decimal(sign, &operands)? {
                    return Ok(decimal);
                }
                self.call(chosen, operands)
            }
            Search::Missing => Err(no_operator(sign, &types)),
            Search::Ambiguous => Err(ambiguous_operator(sign, &types)),
        }
    }

    /// Sums, differences and products of decimals that are provably within 38 digits stay decimals.
    fn decimal(&mut self, sign: &str, operands: &[Typed]) -> SqlResult<Option<Typed>> {
        let known: Option<Vec<(u8, i8)>> = operands
            .iter()
            .map(|operand| match operand.decimal() {
                Some(decimal) => Some(decimal),
                None => match operand.sql_type.kind() {
                    Some(Kind::Int2) => Some((5, 0)),
                    Some(Kind::Int4) => Some((10, 0)),
                    Some(Kind::Int8) => Some((19, 0)),
                    _ => None,
                },
            })
            .collect();
        let Some(known) = known.filter(|_| operands.iter().any(|operand| operand.decimal().is_some())) else {
            return Ok(None);
        };
        let wider =
            |(precision, scale): (u8, i8)| (i16::from(precision) - i16::from(scale), i16::from(scale));
        let (precision, scale) = match (sign, known.as_slice()) {
            ("+" | "-", [one]) => (i16::from(one.0), i16::from(one.1)),
            ("+" | "-", [left, right]) => {
                let ((left_whole, left_scale), (right_whole, right_scale)) = (wider(*left), wider(*right));
                let scale = left_scale.max(right_scale);
                (left_whole.max(right_whole) + scale + 1, scale)
            }
            ("*", [left, right]) => {
                (i16::from(left.0) + i16::from(right.0), i16::from(left.1) + i16::from(right.1))
            }
            _ => return Ok(None),
        };
        if precision > 38 || scale > 38 {
            return Ok(None);
        }
        let operands = operands
            .iter()
            .cloned()
            .zip(&known)
            .map(|(operand, (precision, scale))| {
                convert::numeric_form(operand, &DataType::Decimal128(*precision, *scale), &self.environment)
            })
            .collect::<SqlResult<Vec<_>>>()?;
        let to = DataType::Decimal128(precision.max(1) as u8, scale as i8);
        convert::decimal_operator(sign, operands, to, &self.environment).map(Some)
    }

    /// A comparison, in SQL's sense of equal and less, as one of plain values or of key forms.
    pub fn compare(&mut self, operator: Operator, left: Typed, right: Typed) -> SqlResult<Typed> {
        if matches!((&left.sql_type, &right.sql_type), (SqlType::Record(_), SqlType::Record(_)))
            && let (Some(left), Some(right)) = (convert::constructed(&left), convert::constructed(&right))
        {
            return self.compare_rows(operator, left, right);
        }
        let sign = sign(operator);
        let types = [left.sql_type.clone(), right.sql_type.clone()];
        // Dates beside timestamps and the like have comparisons of their own.
        let mixed = moment(&types[0]) && moment(&types[1]) && types[0].plain() != types[1].plain();
        if mixed && let Some(base) = mixed_sign(operator) {
            let compared = self.operator(base, vec![left.clone(), right.clone()])?;
            return Ok(match operator {
                Operator::IsDistinctFrom | Operator::IsNotDistinctFrom => {
                    let nulls = left.expr.clone().is_null().or(right.expr.clone().is_null());
                    let both = left.expr.is_null().and(right.expr.is_null());
                    let same = Expr::IsTrue(Box::new(compared.expr)).or(both);
                    let _ = nulls;
                    let test = match operator {
                        Operator::IsDistinctFrom => Expr::Not(Box::new(same)),
                        _ => same,
                    };
                    Typed::new(test, Kind::Boolean)
                }
                _ => compared,
            });
        }
        let parts = self.comparable(vec![left, right]).map_err(|error| match error.state {
            SqlState::DatatypeMismatch | SqlState::CannotCoerce | SqlState::UndefinedFunction => {
                no_operator(sign, &types)
            }
            _ => error,
        })?;
        let mut keys = parts.into_iter().map(|part| convert::key(part, &self.environment));
        match (keys.next(), keys.next()) {
            (Some(left), Some(right)) => {
                let test = BinaryExpr::new(Box::new(left.expr), operator, Box::new(right.expr));
                Ok(Typed::new(Expr::BinaryExpr(test), Kind::Boolean))
            }
            _ => Err(SqlError::internal("a comparison without operands")),
        }
    }

    /// Row values field by field: `(a, b) < (c, d)`, PostgreSQL's `make_row_comparison_op`.
    pub fn compare_rows(
        &mut self,
        operator: Operator,
        left: Vec<Typed>,
        right: Vec<Typed>,
    ) -> SqlResult<Typed> {
        if left.len() != right.len() {
            return Err(SqlError::syntax("unequal number of entries in row expressions", None));
        }
        if left.is_empty() {
            let message = "cannot compare rows of zero length";
            return Err(SqlError::new(SqlState::FeatureNotSupported, message));
        }
        let pairs: Vec<(Typed, Typed)> = left.into_iter().zip(right).collect();
        let all = |planner: &mut Self, operator: Operator, join: Operator| {
            let tests = pairs
                .iter()
                .map(|(left, right)| Ok(planner.compare(operator, left.clone(), right.clone())?.expr))
                .collect::<SqlResult<Vec<_>>>()?;
            Ok(Typed::new(super::expression::balanced(tests, join), Kind::Boolean))
        };
        let strict = match operator {
            Operator::Eq | Operator::IsNotDistinctFrom => return all(self, operator, Operator::And),
            Operator::NotEq | Operator::IsDistinctFrom => return all(self, operator, Operator::Or),
            Operator::Lt | Operator::LtEq => Operator::Lt,
            _ => Operator::Gt,
        };
        // a < c OR (a = c AND (b < d OR …)); a NULL field ends it, as it does in PostgreSQL.
        let mut test: Option<Expr> = None;
        for (index, (left, right)) in pairs.iter().enumerate().rev() {
            let last = index + 1 == pairs.len();
            let own = if last { operator } else { strict };
            let decided = self.compare(own, left.clone(), right.clone())?.expr;
            test = Some(match test {
                None => decided,
                Some(rest) => {
                    let equal = self.compare(Operator::Eq, left.clone(), right.clone())?.expr;
                    decided.or(equal.and(rest))
                }
            });
        }
        match test {
            Some(test) => Ok(Typed::new(test, Kind::Boolean)),
            None => Err(SqlError::internal("rows without fields")),
        }
    }

    /// Values as of one type that can be compared, in one Arrow type; 42883 where there is none.
    pub fn comparable(&mut self, parts: Vec<Typed>) -> SqlResult<Vec<Typed>> {
        let types: Vec<SqlType> = parts.iter().map(|part| part.sql_type.plain()).collect();
        let common = comparison_type(&types).ok_or_else(|| no_operator("=", &types))?;
        let parts = parts
            .into_iter()
            .map(|part| self.coerce(part, &common, Context::Implicit))
            .map(|part| part.map(|part| Typed { sql_type: common.clone(), ..part }))
            .collect::<SqlResult<Vec<_>>>()?;
        let decimals: Option<Vec<(u8, i8)>> = parts.iter().map(Typed::decimal).collect();
        if let Some(decimals) = decimals {
            // Decimals compare as decimals of the greater scale, where that is within 38 digits.
            let scale = decimals.iter().map(|decimal| decimal.1).max().unwrap_or(0);
            let whole = decimals.iter().map(|decimal| i16::from(decimal.0) - i16::from(decimal.1)).max();
            let precision = whole.unwrap_or(0) + i16::from(scale);
            if precision <= 38 {
                let to = DataType::Decimal128(precision.max(1) as u8, scale);
                return parts
                    .into_iter()
                    .map(|part| convert::numeric_form(part, &to, &self.environment))
                    .collect();
            }
        }
        parts
            .into_iter()
            .map(|part| if part.is(Kind::Numeric) { self.wide(part) } else { Ok(part) })
            .collect()
    }

    /// Refuses a type whose values have no order or no equality: 42883.
    pub fn orderable(&self, typed: &Typed, what: &str) -> SqlResult<()> {
        if is_comparable(&typed.sql_type) {
            return Ok(());
        }
        let of = crate::types::names::format_type(&typed.sql_type);
        let message = format!("could not identify {what} for type {of}");
        Err(SqlError::new(SqlState::UndefinedFunction, message))
    }
}

fn moment(sql_type: &SqlType) -> bool {
    matches!(sql_type.kind(), Some(Kind::Date | Kind::Timestamp | Kind::Timestamptz))
}

fn mixed_sign(operator: Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Eq | Operator::IsDistinctFrom | Operator::IsNotDistinctFrom => "=",
        Operator::NotEq => "<>",
        Operator::Lt => "<",
        Operator::LtEq => "<=",
        Operator::Gt => ">",
        Operator::GtEq => ">=",
        _ => return None,
    })
}

fn sign(operator: Operator) -> &'static str {
    mixed_sign(operator).unwrap_or("=")
}

/// Whether values of a type have equality and order.
pub(crate) fn is_comparable(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Scalar(kind, _) => {
            !matches!(kind, Kind::Json | Kind::Void | Kind::Cstring) || matches!(kind, Kind::Unknown)
        }
        SqlType::Array(element) => is_comparable(element),
        SqlType::Record(fields) => fields.iter().all(|(_, field)| is_comparable(field)),
    }
}

/// What NULLIF makes of its first operand: the type that the operator `=` takes there; None where it is its own.
pub(crate) fn nullif_type(left: &SqlType, right: &SqlType) -> Option<SqlType> {
    let (Some(own), Some(other)) = (left.kind(), right.kind()) else { return None };
    let whole = |kind: Kind| matches!(kind, Kind::Int2 | Kind::Int4 | Kind::Int8);
    let float = |kind: Kind| matches!(kind, Kind::Float4 | Kind::Float8);
    // These have operators over both of their types.
    let names = |one: Kind, two: Kind| one == Kind::Name && matches!(two, Kind::Text | Kind::Varchar);
    let paired = whole(own) && whole(other)
        || float(own) && (float(other) || whole(other) || other == Kind::Numeric)
        || moment(left) && moment(right)
        || names(own, other)
        || names(other, own);
    if paired || own == other && own != Kind::Varchar || other == Kind::Unknown && own != Kind::Varchar {
        return None;
    }
    comparison_type(&[left.plain(), right.plain()])
}

/// The type in which values of these types are compared; None where PostgreSQL has no operator.
fn comparison_type(types: &[SqlType]) -> Option<SqlType> {
    let known: Vec<&SqlType> = types.iter().filter(|found| !found.is(Kind::Unknown)).collect();
    let Some(first) = known.first() else { return Some(Kind::Text.into()) };
    if !known.iter().all(|found| is_comparable(found)) {
        return None;
    }
    if known.iter().all(|found| found == first) {
        return Some(match first.kind() {
            Some(Kind::Varchar) => Kind::Text.into(),
            _ => (*first).clone(),
        });
    }
    let kinds: Option<Vec<Kind>> = known.iter().map(|found| found.kind()).collect();
    let Some(kinds) = kinds else {
        // Arrays and records: only of one type, save that vectors are arrays.
        return None;
    };
    let all = |test: &dyn Fn(Kind) -> bool| kinds.iter().all(|kind| test(*kind));
    let any = |kind: Kind| kinds.contains(&kind);
    let whole = |kind: Kind| matches!(kind, Kind::Int2 | Kind::Int4 | Kind::Int8);
    if all(&whole) {
        return Some(if any(Kind::Int8) { Kind::Int8 } else { Kind::Int4 }.into());
    }
    let float = |kind: Kind| matches!(kind, Kind::Float4 | Kind::Float8);
    if all(&|kind| whole(kind) || float(kind) || kind == Kind::Numeric) {
        return Some(if kinds.iter().any(|kind| float(*kind)) { Kind::Float8 } else { Kind::Numeric }.into());
    }
    if all(&|kind| whole(kind) || is_reg(kind) || kind == Kind::Oid) {
        return Some(Kind::Oid.into());
    }
    if all(&|kind| kind == Kind::Xid || whole(kind)) && any(Kind::Xid) {
        return Some(Kind::Xid.into());
    }
    if all(&|kind| matches!(kind, Kind::Time | Kind::Interval)) {
        return Some(Kind::Interval.into());
    }
    let text =
        |kind: Kind| matches!(kind, Kind::Text | Kind::Varchar | Kind::Bpchar | Kind::Name | Kind::Char);
    if any(Kind::Bpchar) && all(&|kind| matches!(kind, Kind::Bpchar | Kind::Varchar)) {
        // Blanks at the end count on neither side.
        return Some(Kind::Bpchar.into());
    }
    if all(&text) {
        return Some(Kind::Text.into());
    }
    let texts = types.iter().map(|found| found.plain()).collect::<Vec<_>>();
    overload::common_type(&texts).filter(|common| {
        types.iter().all(|found| {
            crate::types::cast::cast_method(found, common, Context::Implicit).is_some()
                || found.is(Kind::Unknown)
        }) && !common.is(Kind::Text)
    })
}

fn ambiguous_operator(sign: &str, types: &[SqlType]) -> SqlError {
    let names: Vec<String> = types.iter().map(crate::types::names::format_type).collect();
    let message = match names.as_slice() {
        [one] => format!("operator is not unique: {sign} {one}"),
        [left, right] => format!("operator is not unique: {left} {sign} {right}"),
        _ => format!("operator is not unique: {sign}"),
    };
    SqlError::new(SqlState::AmbiguousFunction, message)
        .with_hint("Could not choose a best candidate operator. You might need to add explicit type casts.")
}

/// Which facts a row of the registry gives a plan.
pub(crate) fn facts(row: &registry::Row) -> crate::functions::scalar::Facts {
    crate::functions::scalar::Facts {
        can_fail: row.can_fail,
        monotonic: row.monotonic,
        volatility: row.volatility,
    }
}
