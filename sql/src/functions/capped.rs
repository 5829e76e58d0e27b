//! Functions that make values of any size from small ones, with a limit: no memory pool sees what a function
//! allocates, so `repeat('x', 2000000000)` has to be refused before it runs.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature,
};

use super::wrapped;
use crate::error::{SqlError, SqlState};

/// Most bytes that one value made by a function may have.
pub const MAX_VALUE_BYTES: usize = 16 << 20;
/// Most bytes that the values made by one call over one batch may have together.
pub const MAX_BATCH_BYTES: usize = 256 << 20;

/// How large a function's result is, told from its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Growth {
    /// `repeat(text, n)`: length times n.
    Times,
    /// `lpad(text, n, …)`: n characters.
    PadTo,
    /// `array_repeat(element, n)`: n elements.
    Elements,
    /// `range(start, stop, step)`: as many elements as steps.
    Series,
    /// `replace(text, from, to)`: each byte could become `to`.
    Replace,
}

/// The function itself, or with a limit if it is one that can make huge values.
pub(super) fn cap(function: Arc<ScalarUDF>) -> Arc<ScalarUDF> {
    let growth = match function.name() {
        "repeat" => Growth::Times,
        "lpad" | "rpad" => Growth::PadTo,
        "array_repeat" | "array_resize" => Growth::Elements,
        "range" | "generate_series" => Growth::Series,
        "replace" | "regexp_replace" => Growth::Replace,
        _ => return function,
    };
    Arc::new(ScalarUDF::new_from_impl(Capped { inner: function, growth }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Capped {
    inner: Arc<ScalarUDF>,
    growth: Growth,
}

impl ScalarUDFImpl for Capped {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        self.inner.schema_name(args)
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(arg_types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(arg_types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let all_scalar = args.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if all_scalar { 1 } else { args.number_rows };
        self.check(&args.args, rows)?;
        self.inner.invoke_with_args(args)
    }
}

impl Capped {
    fn check(&self, arguments: &[ColumnarValue], rows: usize) -> Result<()> {
        let length = |index: usize| -> Result<Option<Sizes>> { sizes(arguments.get(index), rows) };
        let number = |index: usize| -> Result<Option<Numbers>> { numbers(arguments.get(index), rows) };
        let mut total = 0usize;
        let mut add = |bytes: i128| -> Result<()> {
            let bytes = usize::try_from(bytes.max(0)).unwrap_or(usize::MAX);
            total = total.saturating_add(bytes);
            if bytes > MAX_VALUE_BYTES || total > MAX_BATCH_BYTES {
                return Err(wrapped(self.too_large()));
            }
            Ok(())
        };
        match self.growth {
            Growth::Times | Growth::PadTo => {
                let (Some(lengths), Some(counts)) = (length(0)?, number(1)?) else { return Ok(()) };
                for row in 0..rows {
                    let count = i128::from(counts.at(row));
                    add(if self.growth == Growth::Times { lengths.at(row) as i128 * count } else { count })?;
                }
            }
            Growth::Elements => {
                let Some(counts) = number(1)? else { return Ok(()) };
                let element = length(0)?;
                for row in 0..rows {
                    let size = element.as_ref().map_or(16, |sizes| sizes.at(row) + 16);
                    add(i128::from(counts.at(row)) * size as i128)?;
                }
            }
            Growth::Series => {
                let (start, stop) =
                    if arguments.len() == 1 { (None, number(0)?) } else { (number(0)?, number(1)?) };
                let Some(stop) = stop else { return Ok(()) };
                let step = number(2)?;
                for row in 0..rows {
                    let from = start.as_ref().map_or(0, |numbers| numbers.at(row));
                    let width = step.as_ref().map_or(1, |numbers| numbers.at(row)).unsigned_abs().max(1);
                    let span = i128::from(stop.at(row)) - i128::from(from);
                    add(span.abs() / i128::from(width) * 8)?;
                }
            }
            Growth::Replace => {
                let (Some(texts), Some(replacements)) = (length(0)?, length(2)?) else { return Ok(()) };
                for row in 0..rows {
                    let most = (texts.at(row) as i128 + 1) * replacements.at(row).max(1) as i128;
                    add(most)?;
                }
            }
        }
        Ok(())
    }

    fn too_large(&self) -> SqlError {
        SqlError::new(SqlState::ProgramLimit, format!("the result of {}() is too large", self.name()))
            .with_detail(format!(
                "a value may have {} MiB, all values of one batch together {} MiB",
                MAX_VALUE_BYTES >> 20,
                MAX_BATCH_BYTES >> 20
            ))
    }
}

/// Byte lengths of a text argument; of other types, the average size of a value.
struct Sizes {
    array: ArrayRef,
    scalar: bool,
}

impl Sizes {
    fn at(&self, row: usize) -> usize {
        let row = if self.scalar { 0 } else { row };
        let array: &dyn Array = self.array.as_ref();
        if array.is_null(row) {
            return 0;
        }
        match array.data_type() {
            DataType::Utf8 => array.as_string::<i32>().value(row).len(),
            DataType::LargeUtf8 => array.as_string::<i64>().value(row).len(),
            DataType::Utf8View => array.as_string_view().value(row).len(),
            _ => array.get_array_memory_size() / array.len().max(1),
        }
    }
}

fn sizes(value: Option<&ColumnarValue>, rows: usize) -> Result<Option<Sizes>> {
    let Some(value) = value else { return Ok(None) };
    let scalar = matches!(value, ColumnarValue::Scalar(_));
    Ok(Some(Sizes { array: value.to_array(if scalar { 1 } else { rows })?, scalar }))
}

/// A whole-number argument, NULL as 0.
struct Numbers {
    array: ArrayRef,
    scalar: bool,
}

impl Numbers {
    fn at(&self, row: usize) -> i64 {
        let row = if self.scalar { 0 } else { row };
        let array = self.array.as_primitive::<Int64Type>();
        if array.is_null(row) { 0 } else { array.value(row) }
    }
}

fn numbers(value: Option<&ColumnarValue>, rows: usize) -> Result<Option<Numbers>> {
    let Some(value) = value else { return Ok(None) };
    if !value.data_type().is_numeric() {
        return Ok(None);
    }
    let scalar = matches!(value, ColumnarValue::Scalar(_));
    let array = value.to_array(if scalar { 1 } else { rows })?;
    Ok(Some(Numbers { array: cast(&array, &DataType::Int64)?, scalar }))
}
