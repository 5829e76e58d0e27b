//! Kernels as scalar functions of DataFusion: rows of the registry, casts and key forms alike.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility as PlanVolatility,
};
use datafusion::scalar::ScalarValue;
use millstream_catalog::SqlType;

use super::registry::{Argument, Call, Kernel, Volatility};
use super::wrapped;
use crate::error::SqlError;
use crate::types::environment::Environment;

/// What planning knows of a function, whatever it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// It gives an error for some values.
    pub can_fail: bool,
    /// A greater first argument never gives a lesser answer.
    pub monotonic: bool,
    /// When its answer is the same.
    pub volatility: Volatility,
}

/// A kernel with the SQL types that it is called with: one function of DataFusion.
pub struct Function {
    /// As plans show it.
    pub name: String,
    /// What planning knows of it.
    pub facts: Facts,
    /// The SQL types of its arguments.
    pub arguments: Vec<SqlType>,
    /// The SQL type of its answer (of one row, for a set).
    pub returns: SqlType,
    /// The Arrow type of its answer.
    pub data_type: DataType,
    /// The settings that it answers under.
    pub environment: Arc<Environment>,
    /// Whether those matter.
    pub uses_environment: bool,
    /// Which kernel it is, beside name and types: `""` for rows of the registry.
    pub identity: String,
    /// What it does.
    pub kernel: Kernel,
}

/// A function ready to be called in an expression.
pub struct Scalar {
    function: Function,
    signature: Signature,
}

impl Scalar {
    /// The function of an expression, if it is one of ours.
    pub fn of(expr: &Expr) -> Option<&Function> {
        let Expr::ScalarFunction(call) = expr else { return None };
        Scalar::of_udf(&call.func)
    }

    /// The function that a DataFusion function is, if it is one of ours.
    pub fn of_udf(udf: &ScalarUDF) -> Option<&Function> {
        udf.inner().downcast_ref::<Scalar>().map(|scalar| &scalar.function)
    }
}

impl Function {
    /// An expression that calls it.
    pub fn call(self, arguments: Vec<Expr>) -> Expr {
        let volatility = match self.facts.volatility {
            // The settings are part of the function, so that its answer is settled within a plan.
            Volatility::Immutable | Volatility::Stable => PlanVolatility::Immutable,
            Volatility::Volatile => PlanVolatility::Volatile,
        };
        let signature = Signature::variadic_any(volatility);
        let signature = match arguments.is_empty() {
            true => Signature::nullary(volatility),
            false => signature,
        };
        let udf = ScalarUDF::new_from_impl(Scalar { function: self, signature });
        Expr::ScalarFunction(datafusion::logical_expr::expr::ScalarFunction::new_udf(Arc::new(udf), arguments))
    }

    fn same_as(&self, other: &Function) -> bool {
        self.name == other.name
            && self.arguments == other.arguments
            && self.returns == other.returns
            && self.data_type == other.data_type
            && self.identity == other.identity
            && (!self.uses_environment || self.environment == other.environment)
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.function.name)
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.function.same_as(&other.function)
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
        self.function.arguments.hash(state);
        self.function.returns.hash(state);
    }
}

impl ScalarUDFImpl for Scalar {
    fn name(&self) -> &str {
        &self.function.name
    }

    /// Plans find columns by such names: two functions of one name and other types must not share one.
    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        let function = &self.function;
        let arguments: Vec<String> =
            arguments.iter().map(|argument| argument.schema_name().to_string()).collect();
        let arguments = arguments.join(",");
        Ok(match function.identity.is_empty() {
            true => format!("{}({arguments})", function.name),
            false => format!("{}<{}>({arguments})", function.name, function.identity),
        })
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.function.data_type.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let function = &self.function;
        let constant = args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)))
            && function.facts.volatility != Volatility::Volatile;
        let rows = if constant { 1 } else { args.number_rows };
        let mut arguments = Vec::with_capacity(args.args.len());
        for (value, sql_type) in args.args.iter().zip(&function.arguments) {
            arguments.push(match value {
                ColumnarValue::Array(array) => {
                    Argument { array: Arc::clone(array), constant: false, sql_type: sql_type.clone() }
                }
                ColumnarValue::Scalar(value) => {
                    Argument { array: value.to_array()?, constant: true, sql_type: sql_type.clone() }
                }
            });
        }
        let call = Call {
            arguments: &arguments,
            rows,
            returns: &function.returns,
            environment: &function.environment,
        };
        let array = (function.kernel)(&call).map_err(wrapped)?;
        if *array.data_type() != function.data_type {
            let message = format!(
                "{} gave {} and promised {}",
                function.name,
                array.data_type(),
                function.data_type
            );
            return Err(wrapped(SqlError::internal(message)));
        }
        if array.len() != rows {
            let message = format!("{} gave {} rows for {rows}", function.name, array.len());
            return Err(wrapped(SqlError::internal(message)));
        }
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?));
        }
        Ok(ColumnarValue::Array(array))
    }
}
