//! Coercions: an expression as one of another type, several expressions as of one type.
//!
//! Source: `coerce_type`, `select_common_type`, `coerce_to_target_type` (parse_coerce.c) of PostgreSQL 15.

use arrow::datatypes::{DataType, Field};
use std::sync::Arc;

use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::Placeholder;
use millstream_catalog::{Kind, SqlType};

use super::overload::common_type;
use super::planner::{Planner, common_numeric, wants_boolean};
use super::typed::Typed;
use crate::bind::convert;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::cast::{Context, Method, cast_method};
use crate::types::names::format_type;

impl Planner<'_, '_> {
    /// The expression as one of a type (its modifier included), if the context allows the cast; 42846 or 42804 else.
    pub fn coerce(&mut self, typed: Typed, to: &SqlType, context: Context) -> SqlResult<Typed> {
        if typed.is_unknown() {
            return self.told(typed, to, context);
        }
        let Some(method) = cast_method(&typed.sql_type, to, context) else {
            let message = format!("cannot cast type {} to {}", format_type(&typed.sql_type), format_type(to));
            return Err(SqlError::new(SqlState::CannotCoerce, message));
        };
        self.converted(typed, to, method, context)
    }

    fn converted(
        &mut self,
        typed: Typed,
        to: &SqlType,
        method: Method,
        context: Context,
    ) -> SqlResult<Typed> {
        let same_modifier = to.modifier() == -1 || to.modifier() == typed.sql_type.modifier();
        if method == Method::Same && same_modifier {
            // A numeric without a modifier keeps the Arrow type that it has.
            let keeps = typed.is(Kind::Numeric) || typed.data_type == to.data_type();
            if keeps {
                let sql_type = if to.modifier() == -1 { to.clone() } else { typed.sql_type.clone() };
                return Ok(Typed { sql_type, ..typed });
            }
        }
        if let (SqlType::Scalar(kind, _), Some(_)) = (to, self.binder.functions.scalar(reg_function(to)))
            && is_reg(*kind)
            && typed.sql_type.category() == 'S'
        {
            return self.registered(typed, to);
        }
        if to.category() == 'S' && typed.sql_type.kind().is_some_and(is_reg) {
            let shown = self.reg_text(typed)?;
            return self.coerce(shown, to, context);
        }
        convert::cast(typed, to, context == Context::Explicit, &self.environment)
    }

    /// A quoted constant or a parameter as a value of the type that its place tells.
    fn told(&mut self, typed: Typed, to: &SqlType, context: Context) -> SqlResult<Typed> {
        if to.is(Kind::Unknown) {
            return Ok(typed);
        }
        if let Expr::Placeholder(Placeholder { id, .. }) = &typed.expr {
            let index = id.strip_prefix('$').and_then(|number| number.parse::<usize>().ok()).unwrap_or(1) - 1;
            self.tell(index, to);
            let plain = to.plain();
            let placeholder = placeholder(id, &plain);
            return if to.modifier() == -1 { Ok(placeholder) } else { self.coerce(placeholder, to, context) };
        }
        let Some(text) = typed.unknown_text() else {
            // An output column of a subquery that nothing told: it is text by now.
            let text = Typed { sql_type: Kind::Text.into(), ..typed };
            return self.coerce(text, to, Context::Explicit);
        };
        let Some(text) = text else {
            return Ok(Typed::null_of(to, &to.data_type()));
        };
        if let SqlType::Scalar(kind, _) = to
            && is_reg(*kind)
        {
            return self.registered(Typed::new(typed.expr, Kind::Text), to);
        }
        if to.modifier() == -1 || context == Context::Explicit {
            return convert::constant(text, to, &self.environment);
        }
        // Only an explicit cast cuts what is too long.
        let plain = convert::constant(text, &to.plain(), &self.environment)?;
        self.coerce(plain, to, context)
    }

    /// The number of the object that a text names: `'bids'::regclass`.
    fn registered(&mut self, typed: Typed, to: &SqlType) -> SqlResult<Typed> {
        let text = Typed { sql_type: Kind::Text.into(), ..typed };
        let number = self.named_call(reg_function(to), vec![text])?;
        Ok(Typed { sql_type: to.clone(), ..number })
    }

    /// The name of the object whose number a reg type holds.
    fn reg_text(&mut self, typed: Typed) -> SqlResult<Typed> {
        let function = reg_function(&typed.sql_type);
        let shown = self.named_call(function, vec![Typed { sql_type: Kind::Oid.into(), ..typed }])?;
        Ok(Typed { sql_type: Kind::Text.into(), ..shown })
    }

    /// A condition; 42804 for what is no boolean.
    pub fn boolean(&mut self, typed: Typed, what: &str) -> SqlResult<Typed> {
        if typed.is(Kind::Boolean) {
            return Ok(typed);
        }
        if typed.is_unknown() {
            return self.coerce(typed, &Kind::Boolean.into(), Context::Implicit);
        }
        Err(wants_boolean(what, &typed.sql_type))
    }

    /// Expressions as of one type; 42804 where there is none, saying for what it was wanted (`CASE`, `UNION`).
    pub fn unify(&mut self, parts: Vec<Typed>, what: &str) -> SqlResult<Vec<Typed>> {
        let types: Vec<SqlType> = parts.iter().map(|part| part.sql_type.clone()).collect();
        let common = self.common(&types, what)?;
        let parts = parts
            .into_iter()
            .map(|part| match cast_method(&part.sql_type, &common, Context::Implicit) {
                None if !part.is_unknown() => {
                    let message = format!(
                        "{what} could not convert type {} to {}",
                        format_type(&part.sql_type),
                        format_type(&common)
                    );
                    Err(SqlError::new(SqlState::CannotCoerce, message))
                }
                _ => self.coerce(part, &common, Context::Implicit),
            })
            .collect::<SqlResult<Vec<_>>>()?;
        self.align(parts)
    }

    /// The type that expressions of these types become where one is wanted.
    pub fn common(&mut self, types: &[SqlType], what: &str) -> SqlResult<SqlType> {
        let known: Vec<&SqlType> = types.iter().filter(|found| !found.is(Kind::Unknown)).collect();
        if let Some(first) = known.first()
            && known.len() == types.len()
            && known.iter().all(|found| found == first)
        {
            return Ok((*first).clone());
        }
        common_type(types).ok_or_else(|| {
            let first = known.first().map_or_else(|| "unknown".to_owned(), |found| format_type(found));
            let other = known
                .iter()
                .find(|found| found.category() != known[0].category())
                .or(known.last())
                .map_or_else(|| "unknown".to_owned(), |found| format_type(found));
            let message = format!("{what} types {first} and {other} cannot be matched");
            SqlError::new(SqlState::DatatypeMismatch, message)
        })
    }

    /// Expressions of one SQL type as of one Arrow type, too: numerics have two.
    pub fn align(&mut self, parts: Vec<Typed>) -> SqlResult<Vec<Typed>> {
        let Some(first) = parts.first() else { return Ok(parts) };
        if parts.iter().all(|part| part.data_type == first.data_type) {
            return Ok(parts);
        }
        if !first.is(Kind::Numeric) {
            let types: Vec<String> = parts.iter().map(|part| part.data_type.to_string()).collect();
            return Err(SqlError::internal(format!("values of one type in two forms: {}", types.join(", "))));
        }
        let known: Vec<DataType> =
            parts.iter().filter(|part| !part.is_null_literal()).map(|part| part.data_type.clone()).collect();
        let data_type = common_numeric(&known);
        parts
            .into_iter()
            .map(|part| match part.is_null_literal() {
                true => Ok(Typed::null_of(&part.sql_type, &data_type)),
                false => convert::numeric_form(part, &data_type, &self.environment),
            })
            .collect()
    }

    /// An expression as one of exactly the Arrow type of a column.
    pub fn stored(&mut self, typed: Typed, data_type: &DataType) -> SqlResult<Typed> {
        if typed.data_type == *data_type {
            return Ok(typed);
        }
        if typed.is_null_literal() {
            return Ok(Typed::null_of(&typed.sql_type, data_type));
        }
        if typed.is(Kind::Numeric) {
            return convert::numeric_form(typed, data_type, &self.environment);
        }
        Err(SqlError::internal(format!("{} where {data_type} is stored", typed.data_type)))
    }

    /// What a function is given: numerics in their wide form, quoted constants told.
    pub fn argument(&mut self, typed: Typed, to: &SqlType) -> SqlResult<Typed> {
        let typed = self.coerce(typed, &to.plain(), Context::Implicit)?;
        let typed =
            Typed { sql_type: if to.modifier() == -1 { to.clone() } else { typed.sql_type }, ..typed };
        self.wide(typed)
    }

    /// A numeric in its wide form; everything else as it is.
    pub fn wide(&mut self, typed: Typed) -> SqlResult<Typed> {
        if typed.is(Kind::Numeric) && typed.data_type != DataType::Binary {
            return convert::numeric_form(typed, &DataType::Binary, &self.environment);
        }
        Ok(typed)
    }
}

/// A parameter of a known type.
pub(crate) fn placeholder(id: &str, sql_type: &SqlType) -> Typed {
    let field = Arc::new(Field::new(id, sql_type.data_type(), true));
    Typed::new(Expr::Placeholder(Placeholder::new_with_field(id.to_owned(), Some(field))), sql_type.clone())
}

/// Whether a kind's values are numbers of objects that print as names.
pub(crate) fn is_reg(kind: Kind) -> bool {
    matches!(kind, millstream_catalog::reg_kinds!())
}

/// The function by which a name becomes the number of a reg type, and back.
fn reg_function(sql_type: &SqlType) -> &'static str {
    match sql_type.kind() {
        Some(Kind::Regproc | Kind::Regprocedure) => "regproc",
        Some(Kind::Regtype) => "regtype",
        Some(Kind::Regnamespace) => "regnamespace",
        Some(Kind::Regrole) => "regrole",
        Some(Kind::Regoper | Kind::Regoperator) => "regoper",
        Some(Kind::Regcollation) => "regcollation",
        _ => "regclass",
    }
}
