//! Rows, arrays and jsonb: what makes them, and what takes a part of them.

use datafusion::logical_expr::{Expr, when};
use datafusion::sql::sqlparser::ast::{self, AccessExpr, Expr as Ast, Subscript};
use millstream_catalog::{Kind, SqlType};

use super::expression::int4;
use super::planner::Planner;
use super::scope::ScopeColumn;
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;

/// The bytes that a `name` has in PostgreSQL, whatever its text.
const NAME_BYTES: i32 = 64;

impl Planner<'_, '_> {
    /// All columns of a relation as one row value.
    pub fn whole_row(&mut self, columns: &[ScopeColumn]) -> SqlResult<Typed> {
        let fields: Vec<(String, Typed)> = columns
            .iter()
            .filter(|column| !column.hidden)
            .map(|column| (column.name.clone(), column.typed.clone()))
            .collect();
        convert::record(fields, &self.environment)
    }

    /// `ROW(…)`
    pub fn row(&mut self, fields: Vec<Typed>) -> SqlResult<Typed> {
        let named = fields
            .into_iter()
            .enumerate()
            .map(|(index, field)| {
                let field = if field.is_unknown() {
                    self.coerce(field, &Kind::Text.into(), Context::Implicit)?
                } else {
                    field
                };
                Ok((format!("f{}", index + 1), self.wide(field)?))
            })
            .collect::<SqlResult<Vec<_>>>()?;
        convert::record(named, &self.environment)
    }

    /// `ARRAY[…]`
    pub fn array(&mut self, elements: Vec<Typed>) -> SqlResult<Typed> {
        if elements.is_empty() {
            let message = "cannot determine type of empty array";
            return Err(SqlError::new(SqlState::IndeterminateDatatype, message)
                .with_hint("Explicitly cast to the desired type, for example ARRAY[]::integer[]."));
        }
        let elements = self.unify(elements, "ARRAY")?;
        let element = elements[0].sql_type.clone();
        self.array_of(elements, &element)
    }

    pub(super) fn array_of(&mut self, elements: Vec<Typed>, element: &SqlType) -> SqlResult<Typed> {
        if matches!(element, SqlType::Array(_)) {
            // Of nothing but NULL arrays PostgreSQL makes an empty one.
            let is_null = |part: &Typed| matches!(&part.expr, Expr::Literal(value, _) if value.is_null());
            if elements.iter().all(is_null) {
                return convert::constant("{}", element, &self.environment);
            }
            return Err(SqlError::unsupported(
                "arrays of several dimensions are not built",
                "use an array of one dimension, or jsonb",
            ));
        }
        let elements = elements
            .into_iter()
            .map(|part| self.stored(part, &element.plain().data_type()))
            .collect::<SqlResult<Vec<_>>>()?;
        convert::array(elements, element, &self.environment)
    }

    pub(super) fn access(&mut self, root: &Ast, chain: &[AccessExpr]) -> SqlResult<Typed> {
        // `t.c[1]`: names come as the beginning of the chain.
        let mut names = match root {
            Ast::Identifier(name) => vec![name.clone()],
            Ast::CompoundIdentifier(names) => names.clone(),
            _ => vec![],
        };
        let mut rest = chain;
        if !names.is_empty() {
            while let [AccessExpr::Dot(Ast::Identifier(name)), more @ ..] = rest {
                names.push(name.clone());
                rest = more;
            }
        }
        let mut value = match names.as_slice() {
            [] => self.expr(root)?,
            [one] => self.identifier(one)?,
            many => self.compound(many)?,
        };
        for step in rest {
            value = match step {
                AccessExpr::Dot(Ast::Identifier(field)) => convert::field(value, &fold_identifier(field))?,
                AccessExpr::Dot(other) => {
                    return Err(SqlError::syntax(format!("a field is named by a word, not {other}"), None));
                }
                AccessExpr::Subscript(Subscript::Index { index }) => {
                    let index = self.expr(index)?;
                    self.subscript(value, index)?
                }
                AccessExpr::Subscript(Subscript::Slice { .. }) if value.is(Kind::Jsonb) => {
                    let message = "jsonb subscript does not support slices";
                    return Err(SqlError::new(SqlState::DatatypeMismatch, message));
                }
                AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride: None }) => {
                    let mut bounds = vec![value];
                    for bound in [lower_bound, upper_bound] {
                        bounds.push(match bound {
                            Some(bound) => {
                                let bound = self.expr(bound)?;
                                self.coerce(bound, &Kind::Int4.into(), Context::Assignment)?
                            }
                            None => Typed::null_of(&Kind::Int4.into(), &arrow::datatypes::DataType::Int32),
                        });
                    }
                    let open = (lower_bound.is_none(), upper_bound.is_none());
                    self.slice(bounds, open)?
                }
                AccessExpr::Subscript(_) => {
                    return Err(SqlError::syntax("a slice has two bounds", None));
                }
            };
        }
        Ok(value)
    }

    fn subscript(&mut self, value: Typed, index: Typed) -> SqlResult<Typed> {
        if value.is(Kind::Jsonb) {
            return self.jsonb_subscript(value, index);
        }
        if value.is(Kind::Name) {
            return self.name_subscript(value, index);
        }
        self.subscriptable(&value)?;
        let index = self.coerce(index, &Kind::Int4.into(), Context::Assignment)?;
        let index = Typed { sql_type: Kind::Int4.into(), ..index };
        let value = self.as_array(value);
        self.named_call("array_get", vec![value, index])
    }

    fn subscriptable(&self, value: &Typed) -> SqlResult<()> {
        if value.sql_type.element().is_some() {
            return Ok(());
        }
        let of = crate::types::names::format_type(&value.sql_type);
        let message = format!("cannot subscript type {of} because it does not support subscripting");
        Err(SqlError::new(SqlState::DatatypeMismatch, message))
    }

    /// `name[index]`: the byte of that place, counted from 0, as a `"char"`. Of characters of several bytes, which no such
    /// byte is by itself, the whole character.
    fn name_subscript(&mut self, value: Typed, index: Typed) -> SqlResult<Typed> {
        let index = self.coerce(index, &Kind::Int4.into(), Context::Assignment)?;
        let index = Typed { sql_type: Kind::Int4.into(), ..index };
        let text = self.coerce(value, &Kind::Text.into(), Context::Implicit)?;
        let place = self.operator("+", vec![index.clone(), int4(1)])?;
        let character = self.named_call("substr", vec![text, place, int4(1)])?;
        let character = self.coerce(character, &Kind::Char.into(), Context::Assignment)?;
        let from = self.operator(">=", vec![index.clone(), int4(0)])?;
        let to = self.operator("<", vec![index, int4(NAME_BYTES)])?;
        let inside =
            when(from.expr.and(to.expr), character.expr).end().map_err(|error| self.error(&error))?;
        Ok(Typed { expr: inside, ..character })
    }

    /// `jsonb[subscript]`: as `jsonb #> path`, of an integer or a text.
    fn jsonb_subscript(&mut self, value: Typed, index: Typed) -> SqlResult<Typed> {
        let implicit = |to: Kind| {
            index.is_unknown()
                || crate::types::cast::cast_method(&index.sql_type, &to.into(), Context::Implicit).is_some()
        };
        let whole = !index.is_unknown() && implicit(Kind::Int4);
        if !whole && !implicit(Kind::Text) {
            let of = crate::types::names::format_type(&index.sql_type);
            let message = format!("subscript type {of} is not supported");
            return Err(SqlError::new(SqlState::DatatypeMismatch, message)
                .with_hint("jsonb subscript must be coercible to either integer or text."));
        }
        let index = if whole { self.coerce(index, &Kind::Int4.into(), Context::Implicit)? } else { index };
        let index = self.coerce(index, &Kind::Text.into(), Context::Assignment)?;
        let path = self.array(vec![index])?;
        self.operator("#>", vec![value, path])
    }

    fn slice(&mut self, bounds: Vec<Typed>, open: (bool, bool)) -> SqlResult<Typed> {
        let mut bounds = bounds.into_iter();
        let (Some(value), Some(from), Some(to)) = (bounds.next(), bounds.next(), bounds.next()) else {
            return Err(SqlError::internal("a slice without bounds"));
        };
        self.subscriptable(&value)?;
        let value = self.as_array(value);
        let from = if open.0 { int4(i32::MIN) } else { from };
        let to = if open.1 { int4(i32::MAX) } else { to };
        self.named_call("array_slice", vec![value, from, to])
    }

    /// A vector of the catalogs as an array.
    fn as_array(&mut self, value: Typed) -> Typed {
        match (&value.sql_type, value.sql_type.element()) {
            (SqlType::Scalar(..), Some(element)) => {
                Typed { sql_type: SqlType::Array(element.into()), ..value }
            }
            _ => value,
        }
    }
}

/// The fields of `(a, b)` or `ROW(a, b)`; None of anything else.
pub(super) fn row_fields(expr: &Ast) -> Option<Vec<&Ast>> {
    match expr {
        Ast::Tuple(fields) => Some(fields.iter().collect()),
        Ast::Nested(inner) => row_fields(inner),
        Ast::Function(function) => {
            let name = function.name.0.last().and_then(ast::ObjectNamePart::as_ident)?;
            if function.name.0.len() != 1
                || name.quote_style.is_some()
                || !name.value.eq_ignore_ascii_case("row")
            {
                return None;
            }
            let ast::FunctionArguments::List(list) = &function.args else { return None };
            list.args
                .iter()
                .map(|argument| match argument {
                    ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(field)) => Some(field),
                    _ => None,
                })
                .collect()
        }
        _ => None,
    }
}
