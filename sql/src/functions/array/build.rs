//! Arrays made of arrays and elements: append, prepend, concatenate, fill, trim.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int32Type;
use millstream_catalog::Kind;

use super::lists::{Assembly, Lists, Sources, argument, element_field, integers, lists};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::types::literal;

/// Elements that PostgreSQL allows an array.
const MAX_ELEMENTS: usize = 134_217_727;

pub(super) fn rows() -> Vec<Row> {
    use Param::{AnyArray, AnyCompatible, AnyCompatibleArray, AnyElement};
    let integers = Param::ArrayOf(Kind::Int4);
    let compatible = AnyCompatibleArray;
    vec![
        whole("array_append", &[compatible, AnyCompatible], compatible, append).grows(),
        whole("||", &[compatible, AnyCompatible], compatible, append).grows(),
        whole("array_prepend", &[AnyCompatible, compatible], compatible, prepend).grows(),
        whole("||", &[AnyCompatible, compatible], compatible, prepend).grows(),
        whole("array_cat", &[compatible, compatible], compatible, concatenate).grows(),
        whole("||", &[compatible, compatible], compatible, concatenate).grows(),
        whole("array_fill", &[AnyElement, integers], AnyArray, fill).grows(),
        whole("array_fill", &[AnyElement, integers, integers], AnyArray, fill).grows(),
        Row { strict: true, ..whole("trim_array", &[AnyArray, Param::Of(Kind::Int4)], AnyArray, trim) },
    ]
}

fn append(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, elements) = (lists(call, 0)?, argument(call, 1)?);
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[arrays.values(), &elements.array])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        answers.extend(0, arrays.range(row).unwrap_or(0..0))?;
        answers.repeat(1, elements.at(row), 1)?;
        answers.close()?;
    }
    answers.finish()
}

fn prepend(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (elements, arrays) = (argument(call, 0)?, lists(call, 1)?);
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[&elements.array, arrays.values()])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        answers.repeat(0, elements.at(row), 1)?;
        answers.extend(1, arrays.range(row).unwrap_or(0..0))?;
        answers.close()?;
    }
    answers.finish()
}

fn concatenate(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (left, right) = (lists(call, 0)?, lists(call, 1)?);
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[left.values(), right.values()])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        let (left, right) = (left.range(row), right.range(row));
        if left.is_none() && right.is_none() {
            answers.null();
            continue;
        }
        answers.extend(0, left.unwrap_or(0..0))?;
        answers.extend(1, right.unwrap_or(0..0))?;
        answers.close()?;
    }
    answers.finish()
}

fn fill(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (element, lengths) = (argument(call, 0)?, lists(call, 1)?);
    let bounds = if call.arguments.len() > 2 { Some(lists(call, 2)?) } else { None };
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[&element.array])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        let times = fill_length(&lengths, bounds.as_ref(), row)?;
        answers.repeat(0, element.at(row), times)?;
        answers.close()?;
    }
    answers.finish()
}

/// How many elements `array_fill` is to give.
fn fill_length(lengths: &Lists<'_>, bounds: Option<&Lists<'_>>, row: usize) -> SqlResult<usize> {
    let null = |message: &str| SqlError::new(SqlState::NullNotAllowed, message);
    let numbers = |lists: &Lists<'_>| -> SqlResult<Vec<i32>> {
        let range =
            lists.range(row).ok_or_else(|| null("dimension array or low bound array cannot be null"))?;
        let values = lists.values();
        let Some(numbers) = values.as_primitive_opt::<Int32Type>() else {
            return Err(SqlError::internal("the dimensions of an array are no integers"));
        };
        if range.clone().any(|index| values.is_null(index)) {
            return Err(null("dimension values cannot be null"));
        }
        Ok(range.map(|index| numbers.value(index)).collect())
    };
    let lengths = numbers(lengths)?;
    let bounds = bounds.map(numbers).transpose()?;
    if bounds.as_ref().is_some_and(|bounds| bounds.len() != lengths.len()) {
        let detail = "Low bound array has different size than dimensions array.";
        return Err(
            SqlError::new(SqlState::ArraySubscript, "wrong number of array subscripts").with_detail(detail)
        );
    }
    let mut total = Some(1usize);
    for length in &lengths {
        total =
            usize::try_from(*length).ok().zip(total).and_then(|(length, total)| total.checked_mul(length));
    }
    match (total, lengths.len()) {
        (_, 0) | (Some(0), _) => Ok(0),
        (Some(1..=MAX_ELEMENTS), 1) => {
            if bounds.is_some_and(|bounds| bounds != [1]) {
                let message = "arrays with a lower bound other than 1 are not supported";
                return Err(SqlError::unsupported(message, "leave the bounds out"));
            }
            Ok(total.unwrap_or(0))
        }
        (Some(1..=MAX_ELEMENTS), _) => Err(literal::several_dimensions()),
        _ => {
            let message = format!("array size exceeds the maximum allowed ({MAX_ELEMENTS})");
            Err(SqlError::new(SqlState::ProgramLimit, message))
        }
    }
}

fn trim(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let (arrays, number) = (lists(call, 0)?, integers(call, 1)?);
    let field = element_field(call)?;
    let sources = Sources::new(&field, &[arrays.values()])?;
    let mut answers = Assembly::new(field, &sources, call.rows);
    for row in 0..call.rows {
        let (Some(range), Some(number)) = (arrays.range(row), number(row)) else {
            answers.null();
            continue;
        };
        let Some(kept) = usize::try_from(number).ok().and_then(|number| range.len().checked_sub(number))
        else {
            let message = format!("number of elements to trim must be between 0 and {}", range.len());
            return Err(SqlError::new(SqlState::ArraySubscript, message));
        };
        answers.extend(0, range.start..range.start + kept)?;
        answers.close()?;
    }
    answers.finish()
}
