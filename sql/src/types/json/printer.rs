//! Where JSON gets the text of SQL values from: the one seam to the other types.
//!
//! JSON prints booleans, numbers, dates and the rest as their types' output functions do; [`PRINTER`] is that
//! function for all types.

use arrow::array::Array;
use millstream_catalog::SqlType;

use crate::error::SqlResult;
use crate::types::environment::Environment;
use crate::types::print::Printer;

/// Appends the text of the value of a row, which is not NULL, as its type's output function gives it.
pub type ValuePrinter = fn(&SqlType, &dyn Array, usize, &Environment, &mut String) -> SqlResult<()>;

/// The printer of all values.
pub const PRINTER: ValuePrinter = print;

fn print(
    sql_type: &SqlType,
    array: &dyn Array,
    row: usize,
    environment: &Environment,
    out: &mut String,
) -> SqlResult<()> {
    let SqlType::Scalar(kind, _) = sql_type else {
        return Printer::new(sql_type, &array.slice(row, 1), environment)?.print(0, out);
    };
    match kind {
        millstream_catalog::Kind::Int2vector | millstream_catalog::Kind::Oidvector => {
            Printer::new(sql_type, &array.slice(row, 1), environment)?.print(0, out)
        }
        kind => crate::types::leaf::print(*kind, array, row, environment, out),
    }
}
