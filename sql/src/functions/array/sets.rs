//! Arrays as sets of rows: `unnest` and `generate_subscripts`.

use arrow::array::{ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Field};
use millstream_catalog::Kind;
use std::sync::Arc;

use super::lists::{Assembly, Sources, argument, integers, lists};
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Call, Param, Row, whole, wrong_array};
use crate::types::builder::{COLUMN_BYTES, ValueBuilder, column_too_large};
use crate::types::conform::conform;

pub(super) fn rows() -> Vec<Row> {
    use Param::{AnyArray, AnyElement};
    let int4 = Param::Of(Kind::Int4);
    let boolean = Param::Of(Kind::Boolean);
    let rows = [
        whole("unnest", &[AnyArray], AnyElement, unnest),
        whole("generate_subscripts", &[AnyArray, int4], int4, subscripts),
        whole("generate_subscripts", &[AnyArray, int4, boolean], int4, subscripts),
    ];
    rows.into_iter().map(|row| Row { strict: true, ..row.set().safe() }).collect()
}

/// The elements: the arrays themselves, repeated where one stands for all rows.
fn unnest(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let arrays = lists(call, 0)?;
    let field = Arc::new(Field::new_list_field(call.returns.data_type(), true));
    let list = argument(call, 0)?;
    if !list.constant {
        let vector_of = DataType::List(field);
        return conform(&list.array, &vector_of);
    }
    let sources = Sources::new(&field, &[arrays.values()])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        match arrays.range(row) {
            Some(range) => {
                answers.extend(0, range)?;
                answers.close()?;
            }
            None => answers.null(),
        }
    }
    answers.finish()
}

fn subscripts(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, dimension) = (lists(call, 0)?, integers(call, 1)?);
    let reverse = match call.arguments.get(2) {
        None => None,
        Some(reverse) => {
            let array: &BooleanArray = reverse
                .array
                .as_boolean_opt()
                .ok_or_else(|| wrong_array("Boolean", reverse.array.as_ref()))?;
            Some((reverse, array))
        }
    };
    let list = DataType::List(Arc::new(Field::new_list_field(DataType::Int32, true)));
    let mut answers = ValueBuilder::new(&list)?;
    for row in 0..call.rows {
        let reverse = match reverse {
            None => Some(false),
            Some((reverse, array)) => (!reverse.is_null(row)).then(|| array.value(reverse.at(row))),
        };
        let (Some(range), Some(dimension), Some(reverse)) = (arrays.range(row), dimension(row), reverse)
        else {
            answers.append_null();
            continue;
        };
        let length = i32::try_from(range.len()).map_err(|_| SqlError::internal("an array without end"))?;
        let subscripts = arrays.lower..arrays.lower + if dimension == 1 { length } else { 0 };
        let elements = answers.elements()?;
        if (elements.len() + range.len()).saturating_mul(4) > COLUMN_BYTES {
            return Err(column_too_large());
        }
        if reverse {
            subscripts.rev().try_for_each(|subscript| elements.int32(subscript))?;
        } else {
            subscripts.into_iter().try_for_each(|subscript| elements.int32(subscript))?;
        }
        answers.close_list()?;
    }
    answers.finish()
}
