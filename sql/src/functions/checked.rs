//! Arithmetic that fails as Postgres's does: 22003 where integers overflow, 22012 where a divisor is zero.
//! DataFusion's own operators wrap. An analyzer rule puts these in their place, once types are settled.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Datum};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use arrow::error::ArrowError;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, Operator, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;

use super::wrapped;
use crate::error::{SqlError, SqlState};
use crate::types::type_name;

/// An operator that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckedOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`: integers give the quotient cut off towards zero
    Divide,
    /// `%`
    Modulo,
    /// `-x`
    Negate,
}

impl CheckedOperator {
    /// The checked form of a binary operator over operands of one type, if it needs one.
    pub fn of(operator: Operator, data_type: &DataType) -> Option<Self> {
        let integer = data_type.is_integer();
        match operator {
            Operator::Plus if integer => Some(Self::Add),
            Operator::Minus if integer => Some(Self::Subtract),
            Operator::Multiply if integer => Some(Self::Multiply),
            Operator::Divide if integer || data_type.is_floating() => Some(Self::Divide),
            Operator::Modulo if integer || data_type.is_floating() => Some(Self::Modulo),
            _ => None,
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract | Self::Negate => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}

/// The operator as a scalar function.
pub fn checked(operator: CheckedOperator) -> Arc<ScalarUDF> {
    let arguments = if operator == CheckedOperator::Negate { 1 } else { 2 };
    let signature = Signature::any(arguments, Volatility::Immutable);
    Arc::new(ScalarUDF::new_from_impl(Checked { operator, signature }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Checked {
    operator: CheckedOperator,
    signature: Signature,
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &str {
        match self.operator {
            CheckedOperator::Add => "checked_add",
            CheckedOperator::Subtract => "checked_subtract",
            CheckedOperator::Multiply => "checked_multiply",
            CheckedOperator::Divide => "checked_divide",
            CheckedOperator::Modulo => "checked_modulo",
            CheckedOperator::Negate => "checked_negate",
        }
    }

    /// The name that the operator itself would have, so that the rewrite renames no column.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(match args {
            [operand] => format!("(- {})", operand.schema_name()),
            [left, right] => {
                format!("{} {} {}", left.schema_name(), self.operator.symbol(), right.schema_name())
            }
            _ => self.name().to_owned(),
        })
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        Ok(arg_types.first().cloned().unwrap_or(DataType::Int64))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let result = match args.args.as_slice() {
            [operand] => {
                let scalar = matches!(operand, ColumnarValue::Scalar(_));
                let array = operand.to_array(if scalar { 1 } else { args.number_rows })?;
                (numeric::neg(&array), scalar, array.data_type().clone())
            }
            [left, right] => {
                let scalar = matches!((left, right), (ColumnarValue::Scalar(_), ColumnarValue::Scalar(_)));
                let result = self.apply(&datum(left)?, &datum(right)?);
                (result, scalar, left.data_type())
            }
            _ => return Err(wrapped(SqlError::internal("an operator with three operands"))),
        };
        let (result, scalar, data_type) = result;
        let array = result.map_err(|error| wrapped(arithmetic_error(&error, &data_type)))?;
        if scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?));
        }
        Ok(ColumnarValue::Array(array))
    }
}

impl Checked {
    fn apply(&self, left: &Operand, right: &Operand) -> Result<ArrayRef, ArrowError> {
        let (left, right): (&dyn Datum, &dyn Datum) = (left.as_datum(), right.as_datum());
        match self.operator {
            CheckedOperator::Add => numeric::add(left, right),
            CheckedOperator::Subtract | CheckedOperator::Negate => numeric::sub(left, right),
            CheckedOperator::Multiply => numeric::mul(left, right),
            CheckedOperator::Divide => {
                refuse_zero(left, right)?;
                numeric::div(left, right)
            }
            CheckedOperator::Modulo => {
                refuse_zero(left, right)?;
                numeric::rem(left, right)
            }
        }
    }
}

enum Operand {
    Array(ArrayRef),
    Scalar(arrow::array::Scalar<ArrayRef>),
}

impl Operand {
    fn as_datum(&self) -> &dyn Datum {
        match self {
            Operand::Array(array) => array,
            Operand::Scalar(scalar) => scalar,
        }
    }
}

fn datum(value: &ColumnarValue) -> Result<Operand> {
    Ok(match value {
        ColumnarValue::Array(array) => Operand::Array(Arc::clone(array)),
        ColumnarValue::Scalar(scalar) => Operand::Scalar(scalar.to_scalar()?),
    })
}

/// Floats divide by zero without an error in Arrow; in Postgres they don't.
fn refuse_zero(left: &dyn Datum, right: &dyn Datum) -> Result<(), ArrowError> {
    let (dividend, dividend_scalar) = left.get();
    let (divisor, divisor_scalar) = right.get();
    let zero_at: Box<dyn Fn(usize) -> bool> = match divisor.data_type() {
        DataType::Float64 => {
            let values = divisor.as_primitive::<Float64Type>().clone();
            Box::new(move |row| values.is_valid(row) && values.value(row) == 0.0)
        }
        DataType::Float32 => {
            let values = divisor.as_primitive::<Float32Type>().clone();
            Box::new(move |row| values.is_valid(row) && values.value(row) == 0.0)
        }
        _ => return Ok(()),
    };
    let rows = if divisor_scalar { dividend.len() } else { divisor.len() };
    let at = |row: usize, scalar: bool| if scalar { 0 } else { row };
    let zero =
        (0..rows).any(|row| zero_at(at(row, divisor_scalar)) && dividend.is_valid(at(row, dividend_scalar)));
    if zero { Err(ArrowError::DivideByZero) } else { Ok(()) }
}

fn arithmetic_error(error: &ArrowError, data_type: &DataType) -> SqlError {
    match error {
        ArrowError::DivideByZero => SqlError::new(SqlState::DivisionByZero, "division by zero"),
        ArrowError::ArithmeticOverflow(_) => {
            SqlError::new(SqlState::NumericOutOfRange, format!("{} out of range", type_name(data_type)))
        }
        other => SqlError::internal(other.to_string()),
    }
}
