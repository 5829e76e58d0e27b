//! A mark around a part of an expression: DataFusion names `(a + b) * c` and `a + b * c` alike, and casts by what
//! they cast, and refuses two columns of one name. Where that happens, operands that are operations and casts are
//! marked, and so named apart; the first analyzer rule takes the marks away and leaves the names.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::sql::sqlparser::ast::{self, Query, VisitMut, VisitorMut};

use super::wrapped;
use crate::error::SqlError;
use crate::types::arrow_type;

/// No name that a query would use.
pub(crate) const MARK: &str = "as written";

static FUNCTION: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    Arc::new(ScalarUDF::new_from_impl(Mark { signature: Signature::variadic_any(Volatility::Immutable) }))
});

/// The function that a mark is.
pub(crate) fn mark() -> Arc<ScalarUDF> {
    Arc::clone(&FUNCTION)
}

/// Marks what DataFusion's names do not tell apart.
pub(crate) fn mark_expressions(query: &mut Query) {
    let _ = query.visit(&mut Marker);
}

/// What a mark stands around, or the expression itself.
pub(crate) fn without_mark(expr: Expr) -> Transformed<Expr> {
    match expr {
        Expr::ScalarFunction(mut call) if call.func.name() == MARK && !call.args.is_empty() => {
            Transformed::yes(call.args.swap_remove(0))
        }
        other => Transformed::no(other),
    }
}

struct Marker;

impl VisitorMut for Marker {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut ast::Expr) -> ControlFlow<()> {
        match expr {
            ast::Expr::BinaryOp { left, right, .. } => {
                mark_operation(left);
                mark_operation(right);
            }
            ast::Expr::UnaryOp { expr, .. } => mark_operation(expr),
            ast::Expr::Cast { data_type, .. } => {
                let name = arrow_type(data_type).map_or_else(|_| data_type.to_string(), |to| to.to_string());
                let name = ast::Expr::value(ast::Value::SingleQuotedString(name));
                let cast = std::mem::replace(expr, ast::Expr::value(ast::Value::Null));
                *expr = marked(vec![cast, name]);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn mark_operation(operand: &mut ast::Expr) {
    let mut inner = &*operand;
    while let ast::Expr::Nested(nested) = inner {
        inner = nested;
    }
    if matches!(inner, ast::Expr::BinaryOp { .. }) {
        *operand = marked(vec![inner.clone()]);
    }
}

fn marked(args: Vec<ast::Expr>) -> ast::Expr {
    let argument = |expr| ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr));
    ast::Expr::Function(ast::Function {
        name: ast::ObjectName::from(vec![ast::Ident::with_quote('"', MARK)]),
        uses_odbc_syntax: false,
        parameters: ast::FunctionArguments::None,
        args: ast::FunctionArguments::List(ast::FunctionArgumentList {
            duplicate_treatment: None,
            args: args.into_iter().map(argument).collect(),
            clauses: vec![],
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Mark {
    signature: Signature,
}

impl ScalarUDFImpl for Mark {
    fn name(&self) -> &str {
        MARK
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        Ok(arg_types.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Err(wrapped(SqlError::internal("a mark was left in an expression")))
    }
}
