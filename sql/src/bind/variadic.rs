//! Calls with VARIADIC: `concat(VARIADIC array)`.
//!
//! The array's elements are the arguments of the variadic parameter. As each row's array has a length of its own, the
//! rows are called in groups of one length; a row whose array is NULL answers NULL, save of `format`, which then
//! has no arguments.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, StringBuilder, UInt32Array};
use arrow::compute::{interleave, take};
use millstream_catalog::{Kind, SqlType};

use super::call::Written;
use super::overload::{self, Search, no_function};
use super::planner::Planner;
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::all;
use crate::functions::registry::{Argument, Body, Call, Kernel, Param, Row};
use crate::types::environment::Environment;
use crate::types::print::Printer;

impl Planner<'_, '_> {
    /// A call whose last argument is given with VARIADIC.
    pub fn variadic_call(&mut self, written: &Written<'_>) -> SqlResult<Typed> {
        let name = written.name.as_str();
        let arguments = self.arguments(written)?;
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
        let shown = matches!(name, "concat" | "concat_ws" | "format");
        let rows: Vec<Arc<Row>> =
            all().rows(name).iter().filter(|row| row.variadic).map(|row| spread(row, shown)).collect();
        let any = rows.iter().any(|row| row.arguments.last() == Some(&Param::Any));
        if any && types.last().is_some_and(|last| !matches!(last, SqlType::Array(_))) {
            let message = "VARIADIC argument must be an array";
            return Err(SqlError::new(SqlState::DatatypeMismatch, message));
        }
        match overload::function(&rows, &types)? {
            Search::Found(chosen) => self.call(chosen, arguments),
            _ => Err(no_function(name, &types)),
        }
    }
}

/// The row with an array in place of its variadic parameter.
fn spread(row: &Arc<Row>, shown: bool) -> Arc<Row> {
    let mut arguments = row.arguments.clone();
    if let Some(last) = arguments.last_mut() {
        *last = match *last {
            Param::Of(kind) => Param::ArrayOf(kind),
            other => other,
        };
    }
    let body = match &row.body {
        Body::Kernel(kernel) => {
            let (name, strict, kernel) = (row.name, row.strict, Arc::clone(kernel));
            let spread = move |call: &Call<'_>| call_spread(name, strict, &kernel, shown, call);
            Body::Kernel(Arc::new(spread))
        }
        other => other.clone(),
    };
    Arc::new(Row { arguments, variadic: false, strict: false, body, ..row.as_ref().clone() })
}

fn call_spread(
    name: &str,
    strict: bool,
    kernel: &Kernel,
    shown: bool,
    call: &Call<'_>,
) -> SqlResult<ArrayRef> {
    let Some((last, others)) = call.arguments.split_last() else {
        return Err(SqlError::internal("VARIADIC without an argument"));
    };
    let Some(element) = last.sql_type.element() else {
        return Err(SqlError::internal("VARIADIC of what is no array"));
    };
    let list =
        last.array.as_list_opt::<i32>().ok_or_else(|| SqlError::internal("an array that is no list"))?;
    let (values, element) = match shown {
        true => (texts(list.values(), &element, call.environment)?, Kind::Text.into()),
        false => (Arc::clone(list.values()), element),
    };
    // Rows by the number of their elements; None: the answer is NULL.
    let mut groups: BTreeMap<Option<usize>, Vec<u32>> = BTreeMap::new();
    for row in 0..call.rows {
        let length = match last.is_null(row) {
            true if name == "format" => Some(0),
            true => None,
            false => Some(list.value_length(last.at(row)) as usize),
        };
        let length = length.filter(|_| !strict || !others.iter().any(|argument| argument.is_null(row)));
        groups.entry(length).or_default().push(row as u32);
    }
    let (mut answers, mut places) = (vec![], vec![(0, 0); call.rows]);
    for (length, rows) in groups {
        let answer = match length {
            None => arrow::array::new_null_array(&call.returns.data_type(), rows.len()),
            Some(length) => {
                let mut arguments =
                    others.iter().map(|argument| taken(argument, &rows)).collect::<SqlResult<Vec<_>>>()?;
                for place in 0..length {
                    let starts =
                        rows.iter().map(|row| list.value_offsets()[last.at(*row as usize)] + place as i32);
                    let places = Int32Array::from_iter_values(starts);
                    let array = take(values.as_ref(), &places, None)
                        .map_err(|error| SqlError::internal(error.to_string()))?;
                    arguments.push(Argument { array, constant: false, sql_type: element.clone() });
                }
                kernel(&Call { arguments: &arguments, rows: rows.len(), ..*call })?
            }
        };
        for (place, row) in rows.into_iter().enumerate() {
            places[row as usize] = (answers.len(), place);
        }
        answers.push(answer);
    }
    if answers.is_empty() {
        return Ok(arrow::array::new_empty_array(&call.returns.data_type()));
    }
    let parts: Vec<&dyn Array> = answers.iter().map(AsRef::as_ref).collect();
    interleave(&parts, &places).map_err(|error| SqlError::internal(error.to_string()))
}

fn taken(argument: &Argument, rows: &[u32]) -> SqlResult<Argument> {
    if argument.constant {
        return Ok(argument.clone());
    }
    let rows = UInt32Array::from(rows.to_vec());
    let array =
        take(argument.array.as_ref(), &rows, None).map_err(|error| SqlError::internal(error.to_string()))?;
    Ok(Argument { array, ..argument.clone() })
}

/// Values as the client would be sent them.
fn texts(values: &ArrayRef, element: &SqlType, environment: &Environment) -> SqlResult<ArrayRef> {
    let printer = Printer::new(element, values, environment)?;
    let mut texts = StringBuilder::with_capacity(values.len(), values.len() * 8);
    let mut text = String::new();
    for row in 0..values.len() {
        if values.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        printer.print(row, &mut text)?;
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}
