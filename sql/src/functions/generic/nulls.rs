//! How many of the arguments are NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array};
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult};
use crate::functions::array::Lists;
use crate::functions::registry::{Call, Param, Row, whole};

pub(super) fn rows() -> Vec<Row> {
    let int4 = Param::Of(Kind::Int4);
    vec![
        whole("num_nulls", &[Param::Any], int4, |call| count(call, true)).variadic().safe(),
        whole("num_nonnulls", &[Param::Any], int4, |call| count(call, false)).variadic().safe(),
    ]
}

fn count(call: &Call<'_>, null: bool) -> SqlResult<ArrayRef> {
    let columns: Vec<_> =
        call.arguments.iter().map(|argument| (argument, argument.array.logical_nulls())).collect();
    let answers = (0..call.rows).map(|row| {
        let counted = columns.iter().filter(|(argument, nulls)| {
            nulls.as_ref().is_some_and(|nulls| nulls.is_null(argument.at(row))) == null
        });
        Some(counted.count() as i32)
    });
    Ok(Arc::new(answers.collect::<Int32Array>()))
}

/// `num_nulls(VARIADIC array)`, or where `null` is false `num_nonnulls(VARIADIC array)`.
pub fn nulls_of_array(call: &Call<'_>, null: bool) -> SqlResult<ArrayRef> {
    let array = call.arguments.first().ok_or_else(|| SqlError::internal("an argument is missing"))?;
    let arrays = Lists::new(array)?;
    let nulls = arrays.values().logical_nulls();
    let is_null = |element: &usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(*element)) == null;
    let answers =
        (0..call.rows).map(|row| arrays.range(row).map(|range| range.filter(is_null).count() as i32));
    Ok(Arc::new(answers.collect::<Int32Array>()))
}
