//! Functions that stand in a plan for what is made of a subquery; who runs the plan puts the real thing in their
//! place. They are never run themselves.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::wrapped;
use crate::error::SqlError;

/// `EXISTS (…)`: whether the subquery has a row.
pub const EXISTS: &str = "subquery_exists";
/// `ARRAY(…)`: the subquery's values as an array.
pub const ARRAY: &str = "subquery_array";
/// The subquery's rows as an array of structs: a lateral subquery.
pub const ROWS: &str = "subquery_rows";
/// `x <op> ANY (…)`: the sign of the comparison follows; the arguments are structs of key forms.
pub const ANY: &str = "subquery_any:";
/// `x <op> ALL (…)`
pub const ALL: &str = "subquery_all:";

/// A call of a marker.
pub fn call(name: &str, arguments: Vec<Expr>, returns: DataType) -> Expr {
    let marker =
        Marker { name: name.to_owned(), returns, signature: Signature::variadic_any(Volatility::Volatile) };
    let udf = Arc::new(ScalarUDF::new_from_impl(marker));
    Expr::ScalarFunction(ScalarFunction::new_udf(udf, arguments))
}

/// The name of the marker that an expression calls.
pub fn name_of(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::ScalarFunction(call) => name_of_call(call),
        _ => None,
    }
}

/// The name of the marker that a call is of.
pub fn name_of_call(call: &ScalarFunction) -> Option<&str> {
    call.func.inner().downcast_ref::<Marker>().map(|marker| &*marker.name)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Marker {
    name: String,
    returns: DataType,
    signature: Signature,
}

impl ScalarUDFImpl for Marker {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, _args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Err(wrapped(SqlError::internal(format!("{} was not planned", self.name))))
    }
}
