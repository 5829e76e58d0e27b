//! Calls of functions: overloads resolved, arguments coerced, special forms made into expressions.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::type_coercion::functions::fields_with_udf;
use datafusion::logical_expr::{Expr, ExprSchemable, Operator};
use datafusion::sql::sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart,
};
use millstream_catalog::{Kind, SqlType};

use super::operators::facts;
use super::overload::{self, Chosen, Search, no_function};
use super::planner::Planner;
use super::typed::Typed;
use super::{convert, parameters};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::all;
use crate::functions::ordered_set::hypothetical::Hypothetical;
use crate::functions::registry::{Body, Class, Row};
use crate::functions::scalar::Function;
use crate::text::dialect::fold_identifier;
use crate::types::cast::{Context, cast_method};

/// The parts of a call that the parser keeps in several places.
pub(crate) struct Written<'q> {
    pub name: String,
    pub args: Vec<(Option<String>, &'q FunctionArgExpr)>,
    pub distinct: bool,
    pub order_by: Vec<ast::OrderByExpr>,
    pub within_group: &'q [ast::OrderByExpr],
    pub filter: Option<&'q ast::Expr>,
    pub over: Option<&'q ast::WindowType>,
    pub nulls: Option<ast::NullTreatment>,
    pub separator: Option<String>,
    /// The last argument was given with VARIADIC.
    pub variadic: bool,
}

impl<'q> Written<'q> {
    /// The same call of another aggregate.
    pub fn renamed(&self, name: &str) -> Written<'q> {
        Written {
            name: name.to_owned(),
            args: self.args.clone(),
            distinct: self.distinct,
            order_by: self.order_by.clone(),
            within_group: self.within_group,
            filter: self.filter,
            over: self.over,
            nulls: self.nulls,
            separator: self.separator.clone(),
            variadic: self.variadic,
        }
    }
}

impl Planner<'_, '_> {
    /// A call as it was written; of one that there is not, the error points at its name.
    pub fn function(&mut self, function: &ast::Function) -> SqlResult<Typed> {
        let Some(name) = function.name.0.last().and_then(ObjectNamePart::as_ident) else {
            return self.function_call(function);
        };
        let own = format!("function {}(", fold_identifier(name));
        self.function_call(function).map_err(|error| {
            let missing = matches!(error.state, SqlState::UndefinedFunction | SqlState::AmbiguousFunction);
            match function.name.0.first().and_then(ObjectNamePart::as_ident) {
                Some(first) if missing && error.message.starts_with(&own) => self.at(error, first),
                _ => error,
            }
        })
    }

    pub(super) fn function_call(&mut self, function: &ast::Function) -> SqlResult<Typed> {
        if let FunctionArguments::Subquery(query) = &function.args {
            let name = function.name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier);
            if name.as_deref() == Some("array") {
                return self.array_subquery(query);
            }
            return Err(SqlError::syntax("a subquery as an argument stands in parentheses of its own", None));
        }
        let written = written(function)?;
        self.check_clauses(&written)?;
        if written.over.is_some() {
            return self.window_call(&written);
        }
        if written.variadic {
            refuse_aggregate_clauses(&written, self.is_function(&written.name))?;
            return self.variadic_call(&written);
        }
        if let Some(special) = self.special(&written)? {
            return Ok(special);
        }
        let rows = all().rows(&written.name);
        if !written.within_group.is_empty() && Hypothetical::by_name(&written.name).is_some() {
            return self.aggregate_call(&written);
        }
        if rows.iter().any(|row| row.class == Class::Aggregate)
            || (rows.is_empty() && self.binder.functions.aggregate(&written.name).is_some())
        {
            return self.aggregate_call(&written);
        }
        refuse_aggregate_clauses(&written, self.is_function(&written.name))?;
        if all().rows(&written.name).is_empty() && self.binder.functions.window(&written.name).is_some() {
            let name = &written.name;
            if Hypothetical::by_name(name).is_some() && !written.args.is_empty() {
                let message = format!("WITHIN GROUP is required for ordered-set aggregate {name}");
                return Err(SqlError::new(SqlState::WrongObjectType, message));
            }
            let message = format!("window function {name} requires an OVER clause");
            return Err(SqlError::new(SqlState::WrongObjectType, message));
        }
        let arguments = self.arguments(&written)?;
        self.named_call(&written.name, arguments)
    }

    pub(super) fn check_clauses(&self, written: &Written<'_>) -> SqlResult<()> {
        if written.separator.is_some() {
            return Err(SqlError::syntax(
                "SEPARATOR is not PostgreSQL's: give string_agg a second argument",
                None,
            ));
        }
        Ok(())
    }

    /// The arguments, in the order of the function's parameters.
    pub fn arguments(&mut self, written: &Written<'_>) -> SqlResult<Vec<Typed>> {
        let names: Vec<Option<String>> = written.args.iter().map(|(name, _)| name.clone()).collect();
        let order = parameters::positions(&written.name, &names)?;
        let mut bound = vec![];
        for place in order {
            bound.push(match place {
                Some(index) => self.argument_of(written, written.args[index].1)?,
                None => parameters::default_of(&written.name, bound.len()),
            });
        }
        Ok(bound)
    }

    pub(super) fn is_function(&self, name: &str) -> bool {
        !all().rows(name).is_empty() || self.binder.functions.contains(name)
    }

    pub(super) fn argument_of(
        &mut self,
        written: &Written<'_>,
        argument: &FunctionArgExpr,
    ) -> SqlResult<Typed> {
        match argument {
            FunctionArgExpr::Expr(expr) => self.expr(expr),
            FunctionArgExpr::QualifiedWildcard(name) => self.row_named(name),
            _ if !self.is_function(&written.name) => Err(no_function(&written.name, &[])),
            _ => {
                let message = format!(
                    "{}(*) specified, but {} is not an aggregate function",
                    written.name, written.name
                );
                Err(SqlError::new(SqlState::WrongObjectType, message))
            }
        }
    }

    /// A call of a function that is no aggregate, by name.
    pub fn named_call(&mut self, name: &str, arguments: Vec<Typed>) -> SqlResult<Typed> {
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
        // A quoted constant in the name of a type is a constant of that type.
        if let ([argument], Some(to)) = (arguments.as_slice(), SqlType::by_name(name))
            && (argument.unknown_text().is_some() || argument.sql_type.plain() == to)
            && !name.contains(' ')
            && all().rows(name).iter().any(|row| row.arguments.len() == 1)
        {
            return self.coerce(argument.clone(), &to, Context::Explicit);
        }
        let rows: Vec<Arc<Row>> = all()
            .rows(name)
            .iter()
            .filter(|row| matches!(row.class, Class::Scalar | Class::Set))
            .cloned()
            .collect();
        if !rows.is_empty() {
            match overload::function(&rows, &types)? {
                Search::Found(chosen) => {
                    if let Some(kept) = self.kept_decimal(name, &arguments)? {
                        return Ok(kept);
                    }
                    let is_set = chosen.row.class == Class::Set;
                    let call = self.call(chosen, arguments)?;
                    return if is_set { self.collect_set(call) } else { Ok(call) };
                }
                Search::Ambiguous => {
                    let names: Vec<String> = types.iter().map(crate::types::names::format_type).collect();
                    let message = format!("function {name}({}) is not unique", names.join(", "));
                    return Err(SqlError::new(SqlState::AmbiguousFunction, message).with_hint(
                        "Could not choose a best candidate function. You might need to add explicit type casts.",
                    ));
                }
                Search::Missing => {}
            }
        }
        // A type's name as a function is a cast.
        if let ([argument], Some(to)) = (arguments.as_slice(), SqlType::by_name(name))
            && !name.contains(' ')
            && (argument.is_unknown()
                || crate::types::cast::cast_method(&argument.sql_type, &to, Context::Explicit).is_some())
            && (rows.is_empty() || !argument.is_unknown())
            && self.binder.functions.scalar(name).is_none()
        {
            return self.coerce(argument.clone(), &to, Context::Explicit);
        }
        if rows.is_empty() && self.binder.functions.scalar(name).is_some() {
            return self.foreign(name, arguments);
        }
        if rows.is_empty()
            && let Some(hint) = parameters::foreign_hint(name)
        {
            return Err(no_function(name, &types).with_hint(hint));
        }
        Err(no_function(name, &types))
    }

    /// The call of a row with its arguments coerced.
    pub fn call(&mut self, chosen: Chosen, arguments: Vec<Typed>) -> SqlResult<Typed> {
        let Chosen { row, arguments: types, returns } = chosen;
        let Body::Kernel(kernel) = &row.body else {
            return Err(SqlError::internal(format!("{} was not planned", row.name)));
        };
        let arguments = arguments
            .into_iter()
            .zip(&types)
            .map(|(argument, to)| self.argument(argument, to))
            .collect::<SqlResult<Vec<_>>>()?;
        let is_set = row.class == Class::Set;
        let data_type = match is_set {
            true => {
                DataType::List(Arc::new(arrow::datatypes::Field::new_list_field(returns.data_type(), true)))
            }
            false => returns.data_type(),
        };
        let function = Function {
            name: shown_name(&row, &self.environment),
            facts: facts(&row),
            arguments: arguments.iter().map(|argument| argument.sql_type.clone()).collect(),
            returns: returns.clone(),
            data_type: data_type.clone(),
            environment: Arc::clone(&self.environment),
            uses_environment: row.uses_environment,
            identity: String::new(),
            kernel: Arc::clone(kernel),
        };
        let expr = function.call(arguments.into_iter().map(|argument| argument.expr).collect());
        Ok(Typed { expr, sql_type: returns, data_type })
    }

    /// A function of DataFusion's or of the catalogs', whose types are its own.
    pub(super) fn foreign(&mut self, name: &str, arguments: Vec<Typed>) -> SqlResult<Typed> {
        let Some(function) = self.binder.functions.scalar(name).cloned() else {
            return Err(SqlError::internal(format!("no function {name}")));
        };
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
        let arguments = arguments
            .into_iter()
            .map(|argument| match argument.is_unknown() {
                true => self.coerce(argument, &Kind::Text.into(), Context::Implicit),
                false => self.wide_as_decimal(argument),
            })
            .collect::<SqlResult<Vec<_>>>()?;
        let fields: Vec<_> = arguments
            .iter()
            .map(|argument| Arc::new(arrow::datatypes::Field::new("a", argument.data_type.clone(), true)))
            .collect();
        let coerced = fields_with_udf(&fields, function.as_ref()).map_err(|_| no_function(name, &types))?;
        let arguments: Vec<Expr> = arguments
            .into_iter()
            .zip(&coerced)
            .map(|(argument, field)| match argument.data_type == *field.data_type() {
                true => argument.expr,
                false => datafusion::logical_expr::cast(argument.expr, field.data_type().clone()),
            })
            .collect();
        let call = Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments));
        let schema = datafusion::common::DFSchema::empty();
        let found = call.to_field(&schema).map(|(_, field)| field);
        let found = match found {
            Ok(field) => field,
            // Columns have no types in an empty schema: ask the function itself.
            Err(_) => self.foreign_field(&call, &coerced)?,
        };
        let data_type = found.data_type().clone();
        let sql_type = SqlType::of_field(&found);
        let (expr, data_type) = match crate::types::sent_type(&data_type) {
            Some(sent) if sent != data_type => (datafusion::logical_expr::cast(call, sent.clone()), sent),
            _ => (call, data_type),
        };
        Ok(Typed { expr, sql_type, data_type })
    }

    pub(super) fn foreign_field(
        &self,
        call: &Expr,
        fields: &[arrow::datatypes::FieldRef],
    ) -> SqlResult<arrow::datatypes::FieldRef> {
        let Expr::ScalarFunction(ScalarFunction { func, args }) = call else {
            return Err(SqlError::internal("a call that is none"));
        };
        let constants: Vec<Option<&ScalarValue>> = args
            .iter()
            .map(|argument| match argument {
                Expr::Literal(value, _) => Some(value),
                _ => None,
            })
            .collect();
        let arguments =
            datafusion::logical_expr::ReturnFieldArgs { arg_fields: fields, scalar_arguments: &constants };
        func.return_field_from_args(arguments).map_err(|error| self.error(&error))
    }

    pub(super) fn wide_as_decimal(&mut self, typed: Typed) -> SqlResult<Typed> {
        if typed.is_wide() {
            return self.coerce(typed, &Kind::Float8.into(), Context::Implicit);
        }
        Ok(typed)
    }

    /// Functions whose answer over a decimal is a decimal of a scale that is known.
    pub(super) fn kept_decimal(&mut self, name: &str, arguments: &[Typed]) -> SqlResult<Option<Typed>> {
        let Some(first) = arguments.first() else { return Ok(None) };
        let Some((precision, scale)) = first.decimal() else { return Ok(None) };
        let digits = match (name, arguments) {
            ("abs", [_]) => scale,
            ("ceil" | "ceiling" | "floor" | "round" | "trunc", [_]) => 0,
            ("round" | "trunc", [_, digits]) => match &digits.expr {
                Expr::Literal(ScalarValue::Int32(Some(digits)), _)
                    if (0..=i32::from(scale)).contains(digits) =>
                {
                    *digits as i8
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let whole = i16::from(precision) - i16::from(scale) + i16::from(name != "abs" && name != "trunc");
        let precision = whole + i16::from(digits);
        if precision > 38 {
            return Ok(None);
        }
        let to = DataType::Decimal128(precision.max(1) as u8, digits);
        convert::rounded_decimal(name, first.clone(), to, &self.environment).map(Some)
    }

    /// Forms that are no functions of the registry.
    pub(super) fn special(&mut self, written: &Written<'_>) -> SqlResult<Option<Typed>> {
        if written.args.is_empty()
            && let Some(found) = self.nullary(&written.name)?
        {
            return Ok(Some(found));
        }
        let name = written.name.as_str();
        if let Some(now) = self.precise_now(written)? {
            return Ok(Some(now));
        }
        Ok(Some(match name {
            "coalesce" => {
                let arguments = self.arguments(written)?;
                let parts = self.unify(arguments, "COALESCE")?;
                let first = parts[0].clone();
                let call = self.native("coalesce", parts.into_iter().map(|part| part.expr).collect())?;
                first.with(call)
            }
            "ifnull" | "nvl" if written.args.len() == 2 => {
                let arguments = self.arguments(written)?;
                let parts = self.unify(arguments, "COALESCE")?;
                let first = parts[0].clone();
                let call = self.native("coalesce", parts.into_iter().map(|part| part.expr).collect())?;
                first.with(call)
            }
            "nullif" if written.args.len() == 2 => {
                let arguments = self.arguments(written)?;
                self.nullif(arguments)?
            }
            "greatest" | "least" => {
                let arguments = self.arguments(written)?;
                let what = if name == "greatest" { "GREATEST" } else { "LEAST" };
                let parts = self.unify(arguments, what)?;
                let parts = parts.into_iter().map(|part| self.wide(part)).collect::<SqlResult<Vec<_>>>()?;
                self.orderable(&parts[0], "a comparison function")?;
                convert::greatest_least(parts, name == "greatest", &self.environment)
            }
            "row" => {
                let mut fields = vec![];
                for (_, argument) in &written.args {
                    match argument {
                        FunctionArgExpr::QualifiedWildcard(name) => {
                            fields.extend(self.columns_named(name)?.into_iter().map(|(_, typed)| typed));
                        }
                        argument => fields.push(self.argument_of(written, argument)?),
                    }
                }
                self.row(fields)?
            }
            "pg_typeof" if written.args.len() == 1 => {
                let arguments = self.arguments(written)?;
                let oid = arguments[0].sql_type.oid();
                Typed::literal(ScalarValue::UInt32(Some(oid)), Kind::Regtype)
            }
            "concat" | "concat_ws" | "format" | "num_nulls" | "num_nonnulls" => {
                let arguments = self.arguments(written)?;
                self.shown_call(name, arguments)?
            }
            "quote_literal" | "quote_nullable" if written.args.len() == 1 => {
                let arguments = self.arguments(written)?;
                let texts =
                    arguments.into_iter().map(|part| self.as_text(part)).collect::<SqlResult<Vec<_>>>()?;
                self.named_call(name, texts)?
            }
            "timestampdiff" | "timestampadd" if written.args.len() == 3 => {
                let mut arguments = vec![unit(written.args[0].1)?];
                for (_, argument) in &written.args[1..] {
                    arguments.push(self.argument_of(written, argument)?);
                }
                self.named_call(name, arguments)?
            }
            "grouping" => self.grouping_call(written)?,
            "xmlelement" | "xmlforest" | "xmlagg" => {
                return Err(SqlError::unsupported("type xml is not built", "use json"));
            }
            _ => return Ok(None),
        }))
    }

    /// `current_timestamp(3)` and its kin.
    pub(super) fn precise_now(&mut self, written: &Written<'_>) -> SqlResult<Option<Typed>> {
        let kind = match written.name.as_str() {
            "current_timestamp" => Kind::Timestamptz,
            "localtimestamp" => Kind::Timestamp,
            "current_time" => Kind::Timetz,
            "localtime" => Kind::Time,
            _ => return Ok(None),
        };
        let [(None, FunctionArgExpr::Expr(ast::Expr::Value(value)))] = written.args.as_slice() else {
            return Ok(None);
        };
        let ast::Value::Number(digits, _) = &value.value else { return Ok(None) };
        let Ok(digits) = digits.parse::<i32>() else { return Ok(None) };
        let Some(now) = self.nullary(&written.name)? else { return Ok(None) };
        self.coerce(now, &SqlType::Scalar(kind, digits.clamp(0, 6)), Context::Explicit).map(Some)
    }

    /// Functions without arguments that depend on the statement.
    pub(super) fn nullary(&mut self, name: &str) -> SqlResult<Option<Typed>> {
        let now = |planner: &Self| planner.native("now", vec![]);
        let local = |planner: &mut Self| {
            let now = Typed::new(planner.native("now", vec![])?, Kind::Timestamptz);
            let now = convert::microseconds(now);
            planner.coerce(now, &Kind::Timestamp.into(), Context::Explicit)
        };
        Ok(Some(match name {
            "now" | "current_timestamp" | "transaction_timestamp" => {
                convert::microseconds(Typed::new(now(self)?, Kind::Timestamptz))
            }
            "localtimestamp" => local(self)?,
            "current_date" => {
                let local = local(self)?;
                self.coerce(local, &Kind::Date.into(), Context::Explicit)?
            }
            "localtime" => {
                let local = local(self)?;
                self.coerce(local, &Kind::Time.into(), Context::Explicit)?
            }
            "current_time" => {
                let now = convert::microseconds(Typed::new(now(self)?, Kind::Timestamptz));
                self.coerce(now, &Kind::Timetz.into(), Context::Explicit)?
            }
            _ => return Ok(None),
        }))
    }

    /// A call whose arguments are given as the text that the client would be sent.
    pub(super) fn shown_call(&mut self, name: &str, arguments: Vec<Typed>) -> SqlResult<Typed> {
        if matches!(name, "format" | "concat_ws")
            && let Some(first) = arguments.first()
            && !first.is_unknown()
            && cast_method(&first.sql_type, &Kind::Text.into(), Context::Implicit).is_none()
        {
            let types: Vec<SqlType> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
            return Err(no_function(name, &types));
        }
        let shown =
            arguments.into_iter().map(|argument| self.shown(argument)).collect::<SqlResult<Vec<_>>>()?;
        self.named_call(name, shown)
    }

    pub(super) fn nullif(&mut self, arguments: Vec<Typed>) -> SqlResult<Typed> {
        let mut arguments = arguments.into_iter();
        let (Some(left), Some(right)) = (arguments.next(), arguments.next()) else {
            return Err(SqlError::internal("NULLIF without arguments"));
        };
        let left = match (left.is_unknown(), right.is_unknown()) {
            (true, true) => self.coerce(left, &Kind::Text.into(), Context::Implicit)?,
            (true, false) => self.coerce(left, &right.sql_type.plain(), Context::Implicit)?,
            _ => left,
        };
        let equal = self.compare(Operator::Eq, left.clone(), right.clone())?;
        let left = match super::operators::nullif_type(&left.sql_type, &right.sql_type) {
            Some(to) => self.coerce(left, &to, Context::Implicit)?,
            None => left,
        };
        let case = datafusion::logical_expr::expr::Case {
            expr: None,
            when_then_expr: vec![(
                Box::new(equal.expr),
                Box::new(Typed::null_of(&left.sql_type, &left.data_type).expr),
            )],
            else_expr: Some(Box::new(left.expr.clone())),
        };
        Ok(left.with(Expr::Case(case)))
    }
}

/// The parts of a call.
pub(crate) fn written(function: &ast::Function) -> SqlResult<Written<'_>> {
    let parts: Vec<String> =
        function.name.0.iter().filter_map(ObjectNamePart::as_ident).map(fold_identifier).collect();
    let name = match parts.as_slice() {
        [name] => name.clone(),
        [schema, name] | [_, schema, name]
            if matches!(schema.as_str(), "pg_catalog" | "information_schema" | "millstream" | "public") =>
        {
            name.clone()
        }
        [schema, ..] => {
            return Err(SqlError::new(
                SqlState::InvalidSchemaName,
                format!("schema \"{schema}\" does not exist"),
            ));
        }
        [] => return Err(SqlError::syntax("a call without a name", None)),
    };
    let mut call = Written {
        name,
        args: vec![],
        distinct: false,
        order_by: vec![],
        within_group: &function.within_group,
        filter: function.filter.as_deref(),
        over: function.over.as_ref(),
        nulls: function.null_treatment,
        separator: None,
        variadic: false,
    };
    if let FunctionArguments::List(list) = &function.args {
        call.distinct = matches!(list.duplicate_treatment, Some(ast::DuplicateTreatment::Distinct));
        for arg in &list.args {
            match arg {
                FunctionArg::Unnamed(expr) => call.args.push((None, expr)),
                FunctionArg::Named { name, arg, .. } => {
                    call.args.push((Some(fold_identifier(name)), arg));
                }
                FunctionArg::ExprNamed { name: ast::Expr::Identifier(name), arg, .. } => {
                    call.args.push((Some(fold_identifier(name)), arg));
                }
                FunctionArg::ExprNamed { .. } => {
                    return Err(SqlError::syntax("an argument is named by a word", None));
                }
            }
        }
        let last = list.args.last();
        call.variadic = matches!(last, Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(
            ast::Expr::Prefixed { prefix, .. }
        ))) if prefix.value == crate::text::dialect::forms::VARIADIC);
        for clause in &list.clauses {
            match clause {
                ast::FunctionArgumentClause::OrderBy(order) => call.order_by = order.clone(),
                ast::FunctionArgumentClause::IgnoreOrRespectNulls(nulls) => call.nulls = Some(*nulls),
                ast::FunctionArgumentClause::Separator(_) => call.separator = Some(String::new()),
                other => {
                    return Err(SqlError::unsupported(
                        format!("{other} within a call is not built"),
                        "leave it out",
                    ));
                }
            }
        }
    }
    Ok(call)
}

pub(super) fn refuse_aggregate_clauses(written: &Written<'_>, exists: bool) -> SqlResult<()> {
    let clause = if written.distinct {
        "DISTINCT"
    } else if !written.order_by.is_empty() {
        "ORDER BY"
    } else if written.filter.is_some() {
        "FILTER"
    } else if !written.within_group.is_empty() {
        "WITHIN GROUP"
    } else {
        return Ok(());
    };
    if !exists {
        let message = format!("function {} does not exist", written.name);
        return Err(SqlError::new(SqlState::UndefinedFunction, message)
            .with_hint("No function matches the given name and argument types. You might need to add explicit type casts."));
    }
    let message = format!("{clause} specified, but {} is not an aggregate function", written.name);
    Err(SqlError::new(SqlState::WrongObjectType, message))
}

/// A unit that is written as a word: `TIMESTAMPDIFF(SECOND, a, b)`.
pub(super) fn unit(argument: &FunctionArgExpr) -> SqlResult<Typed> {
    let text = match argument {
        FunctionArgExpr::Expr(ast::Expr::Identifier(name)) => fold_identifier(name),
        FunctionArgExpr::Expr(ast::Expr::Value(value)) => {
            value.value.to_string().trim_matches('\'').to_lowercase()
        }
        other => return Err(SqlError::syntax(format!("a unit of time is wanted, not {other}"), None)),
    };
    Ok(Typed::literal(ScalarValue::Utf8(Some(text)), Kind::Text))
}

/// Functions whose answer is an array and not a set.
pub(super) fn is_array_function(name: &str) -> bool {
    matches!(name, "current_schemas" | "string_to_array" | "regexp_split_to_array")
}

/// A row's name in plans: settings that its answer depends on are part of it, so that a view's fingerprint tells them.
pub(super) fn shown_name(row: &Row, environment: &crate::types::environment::Environment) -> String {
    let plain = crate::types::environment::Environment {
        now_us: environment.now_us,
        statement_us: environment.statement_us,
        search_path: environment.search_path.clone(),
        ..Default::default()
    };
    if !row.uses_environment || *environment == plain {
        return row.name.to_owned();
    }
    format!("{}@{}", row.name, crate::types::environment_text(environment))
}
