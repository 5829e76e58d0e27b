//! `numeric / numeric`, rounded half away from zero as Postgres rounds. Arrow's division cuts digits off, and gives
//! up where only the dividend, brought to the scale of the result, is too long.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array};
use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Decimal128Type, DecimalType, i256};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;

use super::wrapped;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::numeric_overflow;

/// The division whose result has a type, which is the one that DataFusion gives to `/`.
pub(crate) fn numeric_divide(to: &DataType) -> Arc<ScalarUDF> {
    let signature = Signature::any(2, Volatility::Immutable);
    Arc::new(ScalarUDF::new_from_impl(Divide { to: to.clone(), signature }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Divide {
    to: DataType,
    signature: Signature,
}

impl ScalarUDFImpl for Divide {
    fn name(&self) -> &str {
        "numeric_divide"
    }

    /// The name that the operator itself would have, so that the rewrite renames no column.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<String> = args.iter().map(|operand| operand.schema_name().to_string()).collect();
        Ok(names.join(" / "))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(self.to.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = args.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        let operands = args.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let [dividends, divisors] = operands.as_slice() else {
            return Err(wrapped(SqlError::internal("a division that has not two operands")));
        };
        let quotients = divide(dividends, divisors, &self.to).map_err(wrapped)?;
        if scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&quotients, 0)?));
        }
        Ok(ColumnarValue::Array(quotients))
    }
}

fn divide(dividends: &ArrayRef, divisors: &ArrayRef, to: &DataType) -> SqlResult<ArrayRef> {
    let (
        DataType::Decimal128(_, dividend_scale),
        DataType::Decimal128(_, divisor_scale),
        DataType::Decimal128(precision, scale),
    ) = (dividends.data_type(), divisors.data_type(), to)
    else {
        return Err(SqlError::internal("a division of what is not numeric"));
    };
    let shift = i32::from(*scale) - i32::from(*dividend_scale) + i32::from(*divisor_scale);
    let places = u32::try_from(shift).map_err(|_| SqlError::internal("a quotient of too few digits"))?;
    let quotient = |dividend: i128, divisor: i128| {
        if divisor == 0 {
            return Err(SqlError::new(SqlState::DivisionByZero, "division by zero"));
        }
        let short = 10i128.checked_pow(places).and_then(|power| dividend.checked_mul(power));
        let value = match short {
            Some(dividend) => short_quotient(dividend, divisor),
            None => long_quotient(dividend, places, divisor),
        };
        value
            .filter(|value| {
                Decimal128Type::validate_decimal_precision(*value, DECIMAL128_MAX_PRECISION, *scale).is_ok()
            })
            .ok_or_else(|| numeric_overflow(*precision, *scale))
    };
    let pairs =
        dividends.as_primitive::<Decimal128Type>().iter().zip(divisors.as_primitive::<Decimal128Type>());
    let values = pairs.map(|(dividend, divisor)| match (dividend, divisor) {
        (Some(dividend), Some(divisor)) => quotient(dividend, divisor).map(Some),
        _ => Ok(None),
    });
    let quotients: Decimal128Array = values.collect::<SqlResult<_>>()?;
    let quotients = quotients
        .with_precision_and_scale(*precision, *scale)
        .map_err(|error| SqlError::internal(error.to_string()))?;
    Ok(Arc::new(quotients))
}

fn short_quotient(dividend: i128, divisor: i128) -> Option<i128> {
    let (quotient, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    // Twice the rest could be too long; what is missing to the divisor is not.
    let up = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
    quotient.checked_add(if up { dividend.signum() * divisor.signum() } else { 0 })
}

fn long_quotient(dividend: i128, places: u32, divisor: i128) -> Option<i128> {
    let wide = i256::from_i128(10).checked_pow(places)?.checked_mul(i256::from_i128(dividend))?;
    let wide_divisor = i256::from_i128(divisor);
    let quotient = wide.checked_div(wide_divisor)?.to_i128()?;
    let rest = wide.checked_rem(wide_divisor)?.to_i128()?;
    let up = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
    quotient.checked_add(if up { dividend.signum() * divisor.signum() } else { 0 })
}
