//! chr(): DataFusion's would make a NUL, which no text may have.

use std::sync::Arc;

use arrow::array::{AsArray, StringArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;

use super::wrapped;
use crate::error::{SqlError, SqlResult, SqlState};

/// `chr(bigint)`: the character of a code point.
pub(super) fn chr() -> Arc<ScalarUDF> {
    let signature = Signature::uniform(1, vec![DataType::Int64], Volatility::Immutable);
    Arc::new(ScalarUDF::new_from_impl(Chr { signature }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Chr {
    signature: Signature,
}

impl ScalarUDFImpl for Chr {
    fn name(&self) -> &str {
        "chr"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = matches!(args.args.first(), Some(ColumnarValue::Scalar(_)));
        let codes = ColumnarValue::values_to_arrays(&args.args)?;
        let codes = codes[0].as_primitive::<Int64Type>();
        let characters = codes.iter().map(|code| code.map(character).transpose());
        let text: StringArray = characters.collect::<SqlResult<_>>().map_err(wrapped)?;
        Ok(match scalar {
            true => ColumnarValue::Scalar(ScalarValue::try_from_array(&text, 0)?),
            false => ColumnarValue::Array(Arc::new(text)),
        })
    }
}

fn character(code: i64) -> SqlResult<String> {
    if code == 0 {
        return Err(SqlError::new(SqlState::ProgramLimit, "null character not permitted"));
    }
    if code < 0 {
        return Err(SqlError::new(SqlState::InvalidParameterValue, "character number must be positive"));
    }
    match u32::try_from(code).ok().and_then(char::from_u32) {
        Some(character) => Ok(character.to_string()),
        None => {
            let message = format!("requested character not valid for encoding: {code}");
            Err(SqlError::new(SqlState::ProgramLimit, message))
        }
    }
}
