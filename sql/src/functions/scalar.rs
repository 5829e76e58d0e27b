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
///
/// DataFusion takes calls of one name over the same arguments for one common expression, whatever functions they
/// are. So the name that it sees tells apart what `same_as` does: a mark follows it, which [`plain_names`] takes
/// out of what is shown.
pub struct Scalar {
    function: Function,
    signature: Signature,
    name: String,
}

/// Begins the mark after a name.
const MARK: char = '\u{1}';

/// The text of a plan as it is shown, without the marks of its functions' names.
pub fn plain_names(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(MARK) {
        return text.into();
    }
    let mut parts = text.split(MARK);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(part.get(16..).unwrap_or(part));
    }
    shown.into()
}

/// The name with a mark, where name and arguments do not tell what the function is.
fn marked_name(function: &Function) -> String {
    let ambiguous = |sql_type: &SqlType| SqlType::of_data_type(&sql_type.data_type()) != *sql_type;
    let told = function.identity.is_empty()
        && !function.arguments.iter().any(ambiguous)
        && !ambiguous(&function.returns)
        && !function.uses_environment;
    if told {
        return function.name.clone();
    }
    let mut text = format!("{}>{}:{}", function.identity, function.returns, function.data_type);
    for argument in &function.arguments {
        text.push_str(&format!(",{argument}"));
    }
    if function.uses_environment {
        text.push_str(&crate::types::environment_text(&function.environment));
    }
    // FNV-1a: the same in every process.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}{MARK}{hash:016x}", function.name)
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
        let name = marked_name(&self);
        let udf = ScalarUDF::new_from_impl(Scalar { function: self, signature, name });
        Expr::ScalarFunction(datafusion::logical_expr::expr::ScalarFunction::new_udf(
            Arc::new(udf),
            arguments,
        ))
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
        // DataFusion finds common expressions by hash and by the names of functions: what differs must hash apart.
        self.function.data_type.hash(state);
        self.function.identity.hash(state);
    }
}

impl ScalarUDFImpl for Scalar {
    fn name(&self) -> &str {
        &self.name
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
            let message =
                format!("{} gave {} and promised {}", function.name, array.data_type(), function.data_type);
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
