//! Postgres's own spellings, as tools write them over its catalogs, in the words that the planner knows.
//!
//! | written | becomes |
//! |---|---|
//! | `pg_catalog.f(x)`, `x OPERATOR(pg_catalog.~) y` | `f(x)`, `x ~ y` |
//! | `x COLLATE pg_catalog.default` | `x`: all text compares by bytes |
//! | `x::regclass` (regtype, regproc, regnamespace, regrole) | `regclass(x)`: of a name its number, of a number its name |
//! | `a.x::regclass = 'bids'` | `a.x = regclass('bids')`: numbers are compared, not names |
//! | `'bids'::regclass` as an output column or cast to text | `regclass(regclass('bids'))`: the name, if there is one |
//! | `x LIKE p ESCAPE '/'` | `x LIKE like_escape(p, '/')` |
//! | `ARRAY(SELECT …)` | `array((SELECT …))` |
//! | `current_schema` | `current_schema()` |
//! | `generate_subscripts(a, 1)` | `unnest(array_subscripts(a))` |
//! | `(x).field` | `get_field(x, 'field')` |
//! | `information_schema._pg_expandarray(a)` | `unnest(_pg_expandarray(a))` |
//! | in FROM: `pg_catalog.unnest(a)`, `generate_series(…)` of columns | `unnest(…)`, a subquery that unnests |

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, Ident, ObjectName, ObjectNamePart, Query, SelectItem, SetExpr,
    TableAliasColumnDef, TableFactor, Value, VisitMut, VisitorMut,
};

use super::stored_query;
use crate::dialect::fold_identifier;
use crate::types::reg_type;

/// Rewrites a query in place. Output columns have their names already.
pub(super) fn rewrite(query: &mut Query) {
    show_names(&mut query.body);
    let _ = query.visit(&mut Spelling);
}

/// An item of FROM in words that the planner knows; None if it is so already.
pub(super) fn from_item(factor: &mut TableFactor) -> Option<TableFactor> {
    let TableFactor::Table { name, args: Some(args), alias, with_ordinality: false, .. } = factor else {
        return None;
    };
    if in_pg_catalog(name) {
        name.0.remove(0);
    }
    let function = name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier)?;
    let arguments = args.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
        _ => None,
    });
    let arguments: Vec<Expr> = arguments.collect::<Option<_>>()?;
    let array = match function.as_str() {
        "unnest" => arguments.into_iter().next()?,
        "generate_subscripts" => call("array_subscripts", arguments.into_iter().take(1).collect()),
        "generate_series" if arguments.iter().any(|argument| !is_constant(argument)) => {
            call("generate_series", arguments)
        }
        _ => return None,
    };
    let mut alias = alias.clone();
    if let Some(alias) = &mut alias
        && alias.columns.is_empty()
    {
        alias.columns.push(TableAliasColumnDef { name: alias.name.clone(), data_type: None });
    }
    let mut subquery = stored_query("SELECT 1").ok()?;
    if let SetExpr::Select(select) = subquery.body.as_mut() {
        select.projection = vec![SelectItem::UnnamedExpr(call("unnest", vec![array]))];
    }
    Some(TableFactor::Derived { lateral: false, subquery, alias, sample: None })
}

struct Spelling;

impl VisitorMut for Spelling {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        expression(expr);
        ControlFlow::Continue(())
    }
}

fn expression(expr: &mut Expr) {
    match expr {
        Expr::Collate { expr: inner, collation } if is_bytewise(collation) => *expr = take(inner),
        Expr::Identifier(name)
            if name.quote_style.is_none() && name.value.eq_ignore_ascii_case("current_schema") =>
        {
            *expr = call("current_schema", vec![]);
        }
        Expr::Function(function) => {
            if in_pg_catalog(&function.name) {
                function.name.0.remove(0);
            }
            if is_expandarray(&function.name) {
                function.name.0.remove(0);
                let pairs = take(expr);
                *expr = call("unnest", vec![pairs]);
                return;
            }
            match (function_name(function).as_deref(), &mut function.args) {
                (Some("array"), FunctionArguments::Subquery(query)) => {
                    *expr = call("array", vec![Expr::Subquery(query.clone())]);
                }
                (Some("generate_subscripts"), FunctionArguments::List(list)) => {
                    list.args.truncate(1);
                    function.name = ObjectName::from(vec![Ident::new("array_subscripts")]);
                    let subscripts = take(expr);
                    *expr = call("unnest", vec![subscripts]);
                }
                _ => {}
            }
        }
        Expr::CompoundFieldAccess { root, access_chain } => {
            if let [AccessExpr::Dot(Expr::Identifier(field))] = access_chain.as_slice() {
                let field = Expr::Value(Value::SingleQuotedString(fold_identifier(field)).into());
                *expr = call("get_field", vec![take(root), field]);
            }
        }
        Expr::BinaryOp { left, op, right } => {
            if let BinaryOperator::PGCustomBinaryOperator(parts) = op
                && let Some(plain) = parts.last().and_then(|sign| operator(sign))
            {
                *op = plain;
            }
            if matches!(op, BinaryOperator::Eq | BinaryOperator::NotEq) {
                compare_numbers(left, right);
            }
        }
        Expr::Like { pattern, escape_char, .. } | Expr::ILike { pattern, escape_char, .. } => {
            if let Some(escape) = escape_char.take() {
                **pattern = call("like_escape", vec![take(pattern), Expr::Value(escape)]);
            }
        }
        Expr::Cast { expr: inner, data_type, .. } => {
            if let Some(kind) = reg_type(data_type) {
                let named = take(inner);
                *expr =
                    call(kind, vec![if is_parameter(&named) { cast(named, DataType::Text) } else { named }]);
            } else if matches!(data_type, DataType::Text | DataType::Varchar(_))
                && let Some((kind, argument)) = reg_call(inner)
                && is_name(argument)
            {
                *expr = call(&kind, vec![take(inner)]);
            }
        }
        _ => {}
    }
}

/// Output columns show the names of what `'bids'::regclass` means, as Postgres does.
fn show_names(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => {
            for item in &mut select.projection {
                if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item
                    && let Expr::Cast { data_type, .. } = expr
                    && reg_type(data_type).is_some()
                {
                    *expr = cast(take(expr), DataType::Text);
                }
            }
        }
        SetExpr::Query(query) => show_names(&mut query.body),
        SetExpr::SetOperation { left, right, .. } => {
            show_names(left);
            show_names(right);
        }
        _ => {}
    }
}

/// Of two sides that are compared, where one is a cast to `regclass` and the like, both become numbers.
fn compare_numbers(left: &mut Expr, right: &mut Expr) {
    let kind = |expr: &Expr| reg_call(expr).map(|(kind, _)| kind);
    let Some(kind) = kind(left).or_else(|| kind(right)) else { return };
    for side in [left, right] {
        match reg_call(side).map(|(_, argument)| (is_name(argument), argument.clone())) {
            Some((true, _)) => {}
            Some((false, number)) => *side = number,
            None if is_name(side) => *side = call(&kind, vec![take(side)]),
            None => {}
        }
    }
}

/// The function and the argument of what a cast to `regclass` and the like has become.
fn reg_call(expr: &Expr) -> Option<(String, &Expr)> {
    let Expr::Function(function) = expr else { return None };
    let name = function_name(function).filter(|name| name.starts_with("reg"))?;
    let FunctionArguments::List(list) = &function.args else { return None };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] => Some((name, argument)),
        _ => None,
    }
}

/// Whether an expression is the name of an object, not its number.
fn is_name(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(value.value, Value::SingleQuotedString(_)),
        Expr::Cast { data_type: DataType::Text, .. } => true,
        _ => false,
    }
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Value(_) | Expr::Interval(_) | Expr::TypedString(_) => true,
        Expr::UnaryOp { expr, .. } | Expr::Nested(expr) | Expr::Cast { expr, .. } => is_constant(expr),
        Expr::BinaryOp { left, right, .. } => is_constant(left) && is_constant(right),
        _ => false,
    }
}

fn is_parameter(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(value.value, Value::Placeholder(_)))
}

fn in_pg_catalog(name: &ObjectName) -> bool {
    let schema = name.0.first().and_then(ObjectNamePart::as_ident).map(fold_identifier);
    name.0.len() == 2 && schema.as_deref() == Some("pg_catalog")
}

/// Whether a function is the one by which JDBC takes keys apart.
fn is_expandarray(name: &ObjectName) -> bool {
    let parts: Vec<String> =
        name.0.iter().filter_map(ObjectNamePart::as_ident).map(fold_identifier).collect();
    parts == ["information_schema", "_pg_expandarray"]
}

/// Whether a collation orders text as all text here is ordered.
fn is_bytewise(collation: &ObjectName) -> bool {
    let name = collation.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier);
    matches!(name.as_deref(), Some("default" | "C" | "POSIX" | "ucs_basic"))
}

/// The operator that a sign in `OPERATOR(…)` means.
fn operator(sign: &str) -> Option<BinaryOperator> {
    Some(match sign {
        "=" => BinaryOperator::Eq,
        "<>" | "!=" => BinaryOperator::NotEq,
        "<" => BinaryOperator::Lt,
        "<=" => BinaryOperator::LtEq,
        ">" => BinaryOperator::Gt,
        ">=" => BinaryOperator::GtEq,
        "+" => BinaryOperator::Plus,
        "-" => BinaryOperator::Minus,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "||" => BinaryOperator::StringConcat,
        "~" => BinaryOperator::PGRegexMatch,
        "~*" => BinaryOperator::PGRegexIMatch,
        "!~" => BinaryOperator::PGRegexNotMatch,
        "!~*" => BinaryOperator::PGRegexNotIMatch,
        "~~" => BinaryOperator::PGLikeMatch,
        "~~*" => BinaryOperator::PGILikeMatch,
        "!~~" => BinaryOperator::PGNotLikeMatch,
        "!~~*" => BinaryOperator::PGNotILikeMatch,
        _ => return None,
    })
}

fn function_name(function: &Function) -> Option<String> {
    match function.name.0.as_slice() {
        [part] => part.as_ident().map(fold_identifier),
        _ => None,
    }
}

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let args =
        arguments.into_iter().map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))).collect();
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: vec![],
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}

fn cast(expr: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(expr), data_type, array: false, format: None }
}

fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::Value(Value::Null.into()))
}
