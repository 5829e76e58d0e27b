//! Expressions: from the parser's tree to typed expressions, every name, type and overload resolved.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::sql::sqlparser::ast::{
    self, BinaryOperator, CeilFloorKind, DateTimeField, Expr as Ast, TrimWhereField, UnaryOperator, Value,
};
use millstream_catalog::{Kind, SqlType};

use super::access::row_fields;
use super::coerce::placeholder;
use super::conditions::negate_if;
use super::names::parameter_index;
use super::planner::{Clause, Planner};
use super::scope::{Scope, outer};
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;
use crate::types::numeric::Numeric;
use crate::types::spelled::{interval_modifier, sql_type};

impl Planner<'_, '_> {
    /// Binds an expression.
    pub fn expr(&mut self, expr: &Ast) -> SqlResult<Typed> {
        match expr {
            Ast::Identifier(name) => self.identifier(name),
            Ast::CompoundIdentifier(names) => self.compound(names),
            Ast::Nested(inner) => self.expr(inner),
            Ast::Value(value) => self.value(&value.value, expr),
            Ast::TypedString(typed) => {
                let to = sql_type(&typed.data_type)?;
                let text = text_of(&typed.value.value)?;
                self.coerce(Typed::unknown(Some(text)), &to, Context::Explicit)
            }
            Ast::Interval(interval) => self.interval(interval),
            Ast::Cast { format: Some(_), .. } | Ast::Cast { array: true, .. } => Err(SqlError::unsupported(
                "FORMAT and ARRAY in a cast are not built",
                "use to_char and its kin",
            )),
            Ast::Cast { expr: inner, data_type, kind, .. } => {
                if matches!(kind, ast::CastKind::TryCast | ast::CastKind::SafeCast) {
                    return Err(SqlError::unsupported(
                        "TRY_CAST is not built",
                        "CAST fails where it cannot be",
                    ));
                }
                let to = sql_type(data_type)?;
                self.cast(inner, &to)
            }
            Ast::UnaryOp { op, expr: operand } => self.unary(op, operand),
            Ast::BinaryOp { left, op, right } => self.binary(left, op, right),
            Ast::IsNull(inner) => self.null_test(inner, true),
            Ast::IsNotNull(inner) => self.null_test(inner, false),
            Ast::IsTrue(inner) => self.truth_test(inner, Expr::IsTrue, "IS TRUE"),
            Ast::IsNotTrue(inner) => self.truth_test(inner, Expr::IsNotTrue, "IS NOT TRUE"),
            Ast::IsFalse(inner) => self.truth_test(inner, Expr::IsFalse, "IS FALSE"),
            Ast::IsNotFalse(inner) => self.truth_test(inner, Expr::IsNotFalse, "IS NOT FALSE"),
            Ast::IsUnknown(inner) => self.truth_test(inner, Expr::IsUnknown, "IS UNKNOWN"),
            Ast::IsNotUnknown(inner) => self.truth_test(inner, Expr::IsNotUnknown, "IS NOT UNKNOWN"),
            Ast::IsDistinctFrom(left, right) => self.distinct(left, right, Operator::IsDistinctFrom),
            Ast::IsNotDistinctFrom(left, right) => self.distinct(left, right, Operator::IsNotDistinctFrom),
            Ast::IsNormalized { expr: inner, form, negated } => {
                let text = self.expr(inner)?;
                let form =
                    Typed::unknown(Some(form.map_or_else(|| "NFC".to_owned(), |form| form.to_string())));
                let found = self.named_call("is_normalized", vec![text, form])?;
                Ok(negate_if(*negated, found))
            }
            Ast::InList { expr: inner, list, negated } => self.in_list(inner, list, *negated),
            Ast::Between { expr: inner, negated, low, high } => {
                let value = self.expr(inner)?;
                if let Ast::Prefixed { prefix, value: bound } = low.as_ref()
                    && prefix.value == "SYMMETRIC"
                {
                    let (one, other) = (self.expr(bound)?, self.expr(high)?);
                    let both = self.between(value.clone(), one.clone(), other.clone())?;
                    let turned = self.between(value, other, one)?;
                    let either = Typed::new(both.expr.or(turned.expr), Kind::Boolean);
                    return Ok(negate_if(*negated, either));
                }
                let (low, high) = (self.expr(low)?, self.expr(high)?);
                let both = self.between(value, low, high)?;
                Ok(negate_if(*negated, both))
            }
            Ast::Like { negated, any: false, expr: inner, pattern, escape_char } => {
                self.like(if *negated { "!~~" } else { "~~" }, inner, pattern, escape_char.as_ref())
            }
            Ast::ILike { negated, any: false, expr: inner, pattern, escape_char } => {
                self.like(if *negated { "!~~*" } else { "~~*" }, inner, pattern, escape_char.as_ref())
            }
            Ast::SimilarTo { negated, expr: inner, pattern, escape_char } => {
                let value = self.expr(inner)?;
                let mut arguments = vec![self.expr(pattern)?];
                if let Some(escape) = escape_char {
                    arguments.push(Typed::unknown(Some(text_of(&escape.value)?)));
                }
                let pattern = self.named_call("similar_to_escape", arguments)?;
                self.operator(if *negated { "!~" } else { "~" }, vec![value, pattern])
            }
            Ast::AnyOp { left, compare_op, right, .. } => self.quantified(left, compare_op, right, false),
            Ast::AllOp { left, compare_op, right } => self.quantified(left, compare_op, right, true),
            Ast::AtTimeZone { timestamp, time_zone } => {
                let (value, zone) = (self.expr(timestamp)?, self.expr(time_zone)?);
                self.named_call("timezone", vec![zone, value])
            }
            Ast::Extract { field, expr: inner, .. } => {
                let value = self.expr(inner)?;
                let field = Typed::literal(ScalarValue::Utf8(Some(field_name(field))), Kind::Text);
                self.named_call("extract", vec![field, value])
            }
            Ast::Ceil { expr: inner, field } => self.rounded("ceil", "ceil_to", inner, field),
            Ast::Floor { expr: inner, field } => self.rounded("floor", "floor_to", inner, field),
            Ast::Position { expr: needle, r#in } => {
                let (needle, haystack) = (self.expr(needle)?, self.expr(r#in)?);
                self.named_call("position", vec![haystack, needle])
            }
            Ast::Substring { expr: inner, substring_from, substring_for, .. } => {
                let mut arguments = vec![self.expr(inner)?];
                match (substring_from, substring_for) {
                    (Some(from), length) => {
                        arguments.push(self.expr(from)?);
                        if let Some(length) = length {
                            arguments.push(self.expr(length)?);
                        }
                    }
                    (None, Some(length)) => {
                        arguments.push(int4(1));
                        arguments.push(self.expr(length)?);
                    }
                    (None, None) => {}
                }
                self.named_call("substring", arguments)
            }
            Ast::Trim { trim_where, trim_what, expr: inner, trim_characters } => {
                let mut arguments = vec![self.expr(inner)?];
                if let Some(what) = trim_what {
                    arguments.push(self.expr(what)?);
                }
                for characters in trim_characters.iter().flatten() {
                    arguments.push(self.expr(characters)?);
                }
                let name = match trim_where {
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                    _ => "btrim",
                };
                self.named_call(name, arguments)
            }
            Ast::Overlay { expr: inner, overlay_what, overlay_from, overlay_for } => {
                let mut arguments =
                    vec![self.expr(inner)?, self.expr(overlay_what)?, self.expr(overlay_from)?];
                if let Some(length) = overlay_for {
                    arguments.push(self.expr(length)?);
                }
                self.named_call("overlay", arguments)
            }
            Ast::Collate { expr: inner, collation } => self.collate(inner, collation),
            Ast::Function(function) => self.function(function),
            Ast::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Ast::Exists { subquery, negated } => self.exists(subquery, *negated),
            Ast::Subquery(query) => self.scalar_subquery(query),
            Ast::InSubquery { expr: inner, subquery, negated } => self.in_subquery(inner, subquery, *negated),
            Ast::Tuple(fields) => {
                let mut bound = vec![];
                for field in fields {
                    match field {
                        Ast::QualifiedWildcard(name, _) => {
                            bound.extend(self.columns_named(name)?.into_iter().map(|(_, typed)| typed));
                        }
                        field => bound.push(self.expr(field)?),
                    }
                }
                self.row(bound)
            }
            Ast::Array(array) => {
                let elements =
                    array.elem.iter().map(|element| self.expr(element)).collect::<SqlResult<Vec<_>>>()?;
                self.array(elements)
            }
            Ast::CompoundFieldAccess { root, access_chain } => self.access(root, access_chain),
            Ast::Prefixed { prefix, value }
                if prefix.value.eq_ignore_ascii_case("n")
                    || prefix.value == crate::text::dialect::forms::VARIADIC =>
            {
                self.expr(value)
            }
            Ast::GroupingSets(_) | Ast::Cube(_) | Ast::Rollup(_) => {
                Err(SqlError::syntax("GROUPING SETS, CUBE and ROLLUP stand in GROUP BY only", None))
            }
            // `(t.*)` is the row.
            Ast::QualifiedWildcard(name, _) => self.row_named(name),
            Ast::Wildcard(_) => Err(SqlError::syntax("\"*\" stands for columns only in a select list", None)),
            other => Err(SqlError::unsupported(
                format!("the expression {other} is not built"),
                "write it with the operators and functions of PostgreSQL",
            )),
        }
    }

    pub(super) fn value(&mut self, value: &Value, expr: &Ast) -> SqlResult<Typed> {
        Ok(match value {
            Value::Null => Typed::null(),
            Value::Boolean(truth) => Typed::literal(ScalarValue::Boolean(Some(*truth)), Kind::Boolean),
            Value::Number(text, _) => number(text)?,
            Value::Placeholder(id) => {
                let Some(index) = parameter_index(expr) else {
                    return Err(SqlError::syntax(format!("there is no parameter {id}"), None));
                };
                match self.parameters.get(index) {
                    Some(Some(sql_type)) => placeholder(id, &sql_type.clone()),
                    _ => {
                        if self.parameters.len() <= index {
                            self.parameters.resize(index + 1, None);
                        }
                        placeholder(id, &Kind::Unknown.into())
                    }
                }
            }
            Value::HexStringLiteral(_) | Value::SingleQuotedByteStringLiteral(_) => {
                return Err(SqlError::unsupported("type bit is not built", "use bytea: '\\xff'::bytea"));
            }
            other => Typed::unknown(Some(text_of(other)?)),
        })
    }

    fn interval(&mut self, interval: &ast::Interval) -> SqlResult<Typed> {
        let modifier = interval_modifier(interval)?;
        let to = SqlType::Scalar(Kind::Interval, modifier);
        let value = match interval.value.as_ref() {
            // Flink's and DataFusion's `INTERVAL 5 DAY`.
            Ast::Value(value) if matches!(value.value, Value::Number(..)) => {
                Typed::unknown(Some(value.value.to_string()))
            }
            other => self.expr(other)?,
        };
        let coerced = self.coerce(value, &to, Context::Explicit);
        match interval.value.as_ref() {
            Ast::Value(value) => coerced.map_err(|error| SqlError {
                position: error.position.or_else(|| self.binder.column_position(value.span.start.column)),
                ..error
            }),
            _ => coerced,
        }
    }

    pub(super) fn cast(&mut self, inner: &Ast, to: &SqlType) -> SqlResult<Typed> {
        // `ARRAY[…]::type[]` gives each element the type.
        if let (Ast::Array(array), SqlType::Array(element)) = (inner, to) {
            let elements = array
                .elem
                .iter()
                .map(|part| {
                    let part = self.expr(part)?;
                    self.coerce(part, element, Context::Explicit)
                })
                .collect::<SqlResult<Vec<_>>>()?;
            return self.array_of(elements, element);
        }
        let value = self.expr(inner)?;
        self.coerce(value, to, Context::Explicit)
    }

    pub(super) fn identifier(&mut self, name: &ast::Ident) -> SqlResult<Typed> {
        let folded = fold_identifier(name);
        for depth in (0..self.levels.len()).rev() {
            let found = self.levels[depth].scope.column(&folded).map_err(|error| self.at(error, name))?;
            if let Some(column) = found {
                let typed = column.typed.clone();
                return Ok(self.seen_from(depth, typed));
            }
        }
        if let Some(row) = self.row_of(&folded)? {
            return Ok(row);
        }
        if name.quote_style.is_none()
            && let Some(call) = self.keyword(&folded)?
        {
            return Ok(call);
        }
        let message = format!("column \"{folded}\" does not exist");
        Err(self.at(SqlError::new(SqlState::UndefinedColumn, message), name))
    }

    /// The row that `t.*` is as a value.
    pub fn row_named(&mut self, name: &ast::ObjectName) -> SqlResult<Typed> {
        let parts: Vec<&ast::Ident> = name.0.iter().filter_map(ast::ObjectNamePart::as_ident).collect();
        let [table] = parts.as_slice() else {
            return Err(SqlError::unsupported(
                format!("{name}.* as a value is not built"),
                "give the relation an alias, and name the row by it",
            ));
        };
        let folded = fold_identifier(table);
        self.row_of(&folded)?.ok_or_else(|| {
            let message = format!("missing FROM-clause entry for table \"{folded}\"");
            self.at(SqlError::new(SqlState::UndefinedTable, message), table)
        })
    }

    /// The row of a relation of FROM, if there is one of the name.
    fn row_of(&mut self, name: &str) -> SqlResult<Option<Typed>> {
        for depth in (0..self.levels.len()).rev() {
            if let Some(item) = self.levels[depth].scope.item(None, name)? {
                let mut columns = item.columns.clone();
                let scalar = item.scalar && columns.len() == 1;
                for column in &mut columns {
                    column.typed = self.seen_from(depth, column.typed.clone());
                }
                return match columns.first() {
                    Some(only) if scalar => Ok(Some(only.typed.clone())),
                    _ => self.whole_row(&columns).map(Some),
                };
            }
        }
        Ok(None)
    }

    /// Functions that are written without parentheses.
    fn keyword(&mut self, name: &str) -> SqlResult<Option<Typed>> {
        Ok(match name {
            "current_schema" | "current_user" | "session_user" | "current_role" | "user"
            | "current_catalog" | "current_date" | "current_time" | "current_timestamp" | "localtime"
            | "localtimestamp" => Some(self.named_call(name, vec![])?),
            _ => None,
        })
    }

    pub(super) fn compound(&mut self, names: &[ast::Ident]) -> SqlResult<Typed> {
        let folded: Vec<String> = names.iter().map(fold_identifier).collect();
        let (schema, table, column) = match folded.as_slice() {
            [table, column] => (None, table, column),
            [schema, table, column] | [_, schema, table, column] => (Some(schema.as_str()), table, column),
            _ => {
                let message =
                    format!("improper qualified name (too many dotted names): {}", folded.join("."));
                return Err(SqlError::syntax(message, None));
            }
        };
        for depth in (0..self.levels.len()).rev() {
            let Some(item) = self.levels[depth].scope.item(schema, table)? else { continue };
            if let Some(found) = item.column(column).map_err(|error| self.at(error, &names[0]))? {
                let typed = found.typed.clone();
                return Ok(self.seen_from(depth, typed));
            }
            let message = format!("column {table}.{column} does not exist");
            return Err(self.at(SqlError::new(SqlState::UndefinedColumn, message), &names[0]));
        }
        let message = format!("missing FROM-clause entry for table \"{table}\"");
        Err(self.at(SqlError::new(SqlState::UndefinedTable, message), &names[0]))
    }

    pub(super) fn at(&self, error: SqlError, name: &ast::Ident) -> SqlError {
        SqlError { position: error.position.or_else(|| self.binder.position(name)), ..error }
    }

    /// What a query around this one has, as seen from here.
    pub fn seen_from(&self, depth: usize, typed: Typed) -> Typed {
        if depth + 1 == self.levels.len() {
            return typed;
        }
        let expr = outer(&typed.expr, &typed);
        Typed { expr, ..typed }
    }

    fn collate(&mut self, inner: &Ast, collation: &ast::ObjectName) -> SqlResult<Typed> {
        let name = collation.0.last().and_then(ast::ObjectNamePart::as_ident).map(fold_identifier);
        let value = self.expr(inner)?;
        match name.as_deref() {
            Some("default" | "C" | "POSIX" | "ucs_basic") => {
                if value.is_unknown() {
                    return self.coerce(value, &Kind::Text.into(), Context::Implicit);
                }
                if value.sql_type.category() != 'S' && !matches!(value.sql_type, SqlType::Array(_)) {
                    let of = crate::types::names::format_type(&value.sql_type);
                    let message = format!("collations are not supported by type {of}");
                    return Err(SqlError::new(SqlState::DatatypeMismatch, message));
                }
                Ok(value)
            }
            _ => {
                let message = format!("collation \"{collation}\" for encoding \"UTF8\" does not exist");
                Err(SqlError::new(SqlState::UndefinedObject, message))
            }
        }
    }

    fn rounded(&mut self, name: &str, to: &str, inner: &Ast, field: &CeilFloorKind) -> SqlResult<Typed> {
        let value = self.expr(inner)?;
        match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => self.named_call(name, vec![value]),
            CeilFloorKind::DateTimeField(field) => {
                let unit = Typed::literal(ScalarValue::Utf8(Some(field_name(field))), Kind::Text);
                self.named_call(to, vec![value, unit])
            }
            CeilFloorKind::Scale(_) => {
                let types = [value.sql_type, Kind::Int4.into()];
                Err(super::overload::no_function(name, &types))
            }
        }
    }

    fn unary(&mut self, op: &UnaryOperator, operand: &Ast) -> SqlResult<Typed> {
        // The sign belongs to the number (`doNegate` in gram.y): -2147483648 is an integer, and so is -(2147483648).
        if *op == UnaryOperator::Minus
            && let Some(text) = signed_number(operand)
        {
            return number(&negated(&text));
        }
        match (op, operand) {
            // A sign binds tighter than `^`: -3 ^ 2 is 9.
            (UnaryOperator::Minus | UnaryOperator::Plus, Ast::BinaryOp { left, op: power, right })
                if matches!(power, BinaryOperator::PGExp) =>
            {
                let signed = Ast::UnaryOp { op: *op, expr: left.clone() };
                return self.binary(&signed, power, right);
            }
            _ => {}
        }
        let value = self.expr(operand)?;
        let sign = match op {
            UnaryOperator::Not => {
                let value = self.boolean(value, "NOT")?;
                return Ok(Typed::new(Expr::Not(Box::new(value.expr)), Kind::Boolean));
            }
            UnaryOperator::Minus => "-",
            UnaryOperator::Plus => "+",
            UnaryOperator::BitwiseNot => "~",
            UnaryOperator::PGAbs => "@",
            UnaryOperator::PGSquareRoot => "|/",
            UnaryOperator::PGCubeRoot => "||/",
            other => {
                return Err(super::overload::no_operator(&other.to_string(), &[value.sql_type]));
            }
        };
        self.operator(sign, vec![value])
    }

    pub(super) fn binary(&mut self, left: &Ast, op: &BinaryOperator, right: &Ast) -> SqlResult<Typed> {
        if matches!(op, BinaryOperator::And | BinaryOperator::Or) {
            return self.chain(left, op, right);
        }
        if matches!(op, BinaryOperator::Overlaps) {
            return self.overlaps(left, right);
        }
        let sign = sign_of(op)?;
        if let (Some(operator), Some(left), Some(right)) =
            (comparison(&sign), row_fields(left), row_fields(right))
        {
            // Field by field, before a quoted constant is taken to be text.
            let left = left.into_iter().map(|field| self.expr(field)).collect::<SqlResult<Vec<_>>>()?;
            let right = right.into_iter().map(|field| self.expr(field)).collect::<SqlResult<Vec<_>>>()?;
            return self.compare_rows(operator, left, right);
        }
        if let (Some(operator), Some(left), Some(query)) =
            (comparison(&sign), row_fields(left), super::subquery::query_of(right))
        {
            let left = left.into_iter().map(|field| self.expr(field)).collect::<SqlResult<Vec<_>>>()?;
            let right = self.row_subquery(query, left.len())?;
            return self.compare_rows(operator, left, right);
        }
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        self.binary_typed(&sign, left, right)
    }

    /// A binary operator over bound operands.
    pub fn binary_typed(&mut self, sign: &str, left: Typed, right: Typed) -> SqlResult<Typed> {
        match comparison(sign) {
            Some(operator) => self.compare(operator, left, right),
            None if sign == "||" => self.concatenate(left, right),
            None => self.operator(sign, vec![left, right]),
        }
    }

    /// `||`: what the registry has; names of objects are those that the catalogs give.
    fn concatenate(&mut self, left: Typed, right: Typed) -> SqlResult<Typed> {
        let named = |typed: &Typed| typed.sql_type.kind().is_some_and(super::coerce::is_reg);
        let left = if named(&left) { self.shown(left)? } else { left };
        let right = if named(&right) { self.shown(right)? } else { right };
        self.operator("||", vec![left, right])
    }

    /// A value cast to text.
    pub fn as_text(&mut self, typed: Typed) -> SqlResult<Typed> {
        self.coerce(typed, &Kind::Text.into(), Context::Explicit)
    }

    /// A value as the text that the client would be sent.
    pub fn shown(&mut self, typed: Typed) -> SqlResult<Typed> {
        if typed.is_unknown() {
            return self.coerce(typed, &Kind::Text.into(), Context::Implicit);
        }
        if typed.sql_type.kind().is_some_and(super::coerce::is_reg) {
            return self.coerce(typed, &Kind::Text.into(), Context::Explicit);
        }
        if typed.is(Kind::Text) {
            return Ok(typed);
        }
        Ok(convert::printed(typed, &self.environment))
    }

    /// Runs a binder of an expression that stands outside any query, over a scope.
    pub fn alone<T>(&mut self, scope: Scope, bind: impl FnOnce(&mut Self) -> SqlResult<T>) -> SqlResult<T> {
        self.levels.push(super::planner::Level::new(scope, Clause::Definition));
        let bound = bind(self);
        self.levels.pop();
        bound
    }
}

/// An integer constant.
pub(crate) fn int4(value: i32) -> Typed {
    Typed::literal(ScalarValue::Int32(Some(value)), Kind::Int4)
}

/// The text of a number that is written with signs and parentheses about it.
fn signed_number(written: &Ast) -> Option<String> {
    match written {
        Ast::Value(value) => match &value.value {
            Value::Number(text, _) => Some(text.to_string()),
            _ => None,
        },
        Ast::Nested(inner) => signed_number(inner),
        Ast::UnaryOp { op: UnaryOperator::Minus, expr } => signed_number(expr).map(|text| negated(&text)),
        _ => None,
    }
}

fn negated(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(positive) => positive.to_owned(),
        None => format!("-{text}"),
    }
}

/// A number as PostgreSQL's lexer takes it: the first of integer, bigint and numeric that holds it.
pub(crate) fn number(text: &str) -> SqlResult<Typed> {
    if let Ok(value) = text.parse::<i32>() {
        return Ok(int4(value));
    }
    if let Ok(value) = text.parse::<i64>() {
        return Ok(Typed::literal(ScalarValue::Int64(Some(value)), Kind::Int8));
    }
    let value = Numeric::parse(text)?;
    Ok(convert::numeric_constant(&value))
}

/// The text of a quoted constant.
pub(super) fn text_of(value: &Value) -> SqlResult<String> {
    Ok(match value {
        Value::SingleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::NationalStringLiteral(text)
        | Value::SingleQuotedRawStringLiteral(text) => text.clone(),
        Value::DollarQuotedString(text) => text.value.clone(),
        other => {
            return Err(SqlError::syntax(format!("a quoted text is wanted, not {other}"), None));
        }
    })
}

fn field_name(field: &DateTimeField) -> String {
    match field {
        DateTimeField::Custom(name) => fold_identifier(name),
        DateTimeField::Millenium => "millennium".to_owned(),
        other => other.to_string().trim_matches('\'').to_lowercase(),
    }
}

/// The comparison that a sign means.
pub(crate) fn comparison(sign: &str) -> Option<Operator> {
    Some(match sign {
        "=" => Operator::Eq,
        "<>" | "!=" => Operator::NotEq,
        "<" => Operator::Lt,
        "<=" => Operator::LtEq,
        ">" => Operator::Gt,
        ">=" => Operator::GtEq,
        _ => return None,
    })
}

/// The sign of a binary operator, one in `OPERATOR(…)` included.
pub(crate) fn sign_of(op: &BinaryOperator) -> SqlResult<String> {
    Ok(match op {
        BinaryOperator::PGCustomBinaryOperator(parts) => parts.last().cloned().unwrap_or_default(),
        BinaryOperator::Custom(sign) => sign.clone(),
        BinaryOperator::PGBitwiseXor => "#".to_owned(),
        BinaryOperator::PGExp => "^".to_owned(),
        BinaryOperator::Xor => {
            return Err(SqlError::syntax("syntax error at or near \"XOR\"", None));
        }
        other => other.to_string(),
    })
}

/// A balanced tree of ANDs or ORs over parts in order.
pub(crate) fn balanced(mut parts: Vec<Expr>, op: Operator) -> Expr {
    while parts.len() > 1 {
        let mut next = Vec::with_capacity(parts.len().div_ceil(2));
        let mut pairs = parts.into_iter();
        while let Some(left) = pairs.next() {
            next.push(match pairs.next() {
                Some(right) => Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right))),
                None => left,
            });
        }
        parts = next;
    }
    parts.pop().unwrap_or(Expr::Literal(ScalarValue::Boolean(Some(op == Operator::And)), None))
}
