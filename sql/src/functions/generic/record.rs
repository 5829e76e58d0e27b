//! Records compared: as values, where NULL equals NULL and is the greatest, and as ROW constructors, where it
//! is unknown.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int32Array, StructArray};
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Argument, Call, Param, Row, whole, wrong_array};
use crate::types::compare::{Comparator, Comparison, row_compare};

/// The functions behind the comparison operators.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("record_eq", Comparison::Equal),
    ("record_ne", Comparison::NotEqual),
    ("record_lt", Comparison::Less),
    ("record_le", Comparison::LessOrEqual),
    ("record_gt", Comparison::Greater),
    ("record_ge", Comparison::GreaterOrEqual),
];

pub(super) fn rows() -> Vec<Row> {
    let both = [Param::Record, Param::Record];
    let boolean = Param::Of(Kind::Boolean);
    let mut rows = vec![];
    for (name, comparison) in COMPARISONS {
        rows.push(whole(name, &both, boolean, move |call| compare(call, comparison)));
        rows.push(whole(comparison.sign(), &both, boolean, move |call| compare(call, comparison)));
    }
    rows.push(whole("btrecordcmp", &both, Param::Of(Kind::Int4), order));
    rows.into_iter().map(|row| Row { strict: true, ..row }).collect()
}

/// Two columns of records: the fields that both have, and how many each has.
struct Records<'a> {
    left: &'a Argument,
    right: &'a Argument,
    fields: Vec<Comparator>,
    same_length: bool,
}

impl<'a> Records<'a> {
    fn new(call: &'a Call<'_>, comparison: Comparison) -> SqlResult<Self> {
        let [left, right] = call.arguments else {
            return Err(SqlError::internal("records are compared two at a time"));
        };
        let (SqlType::Record(left_fields), SqlType::Record(right_fields)) = (&left.sql_type, &right.sql_type)
        else {
            return Err(SqlError::internal("an argument that is no record"));
        };
        let (left_record, right_record) = (record(left)?, record(right)?);
        let mut fields = vec![];
        for (index, ((_, left), (_, right))) in left_fields.iter().zip(right_fields.iter()).enumerate() {
            if left.plain() != right.plain()
                && !matches!((left, right), (SqlType::Record(_), SqlType::Record(_)))
            {
                let message = format!(
                    "cannot compare dissimilar column types {} and {} at record column {}",
                    type_name(left),
                    type_name(right),
                    index + 1
                );
                return Err(SqlError::new(SqlState::DatatypeMismatch, message));
            }
            let (left_column, right_column) = (left_record.column(index), right_record.column(index));
            fields.push(Comparator::of(comparison, left, left_column, right_column)?);
        }
        Ok(Self { left, right, fields, same_length: left_fields.len() == right_fields.len() })
    }

    /// The order of the records of a row; None where one of them is NULL.
    fn order(&self, row: usize) -> SqlResult<Option<std::cmp::Ordering>> {
        if self.left.is_null(row) || self.right.is_null(row) {
            return Ok(None);
        }
        let (left, right) = (self.left.at(row), self.right.at(row));
        let mut orders = self.fields.iter().map(|field| field.compare_nulls(left, right));
        match orders.find(|order| order.is_ne()) {
            Some(order) => Ok(Some(order)),
            None if self.same_length => Ok(Some(std::cmp::Ordering::Equal)),
            None => {
                let message = "cannot compare record types with different numbers of columns";
                Err(SqlError::new(SqlState::DatatypeMismatch, message))
            }
        }
    }
}

fn record(argument: &Argument) -> SqlResult<&StructArray> {
    argument.array.as_struct_opt().ok_or_else(|| wrong_array("Struct", argument.array.as_ref()))
}

fn type_name(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Scalar(kind, _) => kind.sql_name().to_owned(),
        SqlType::Array(element) => format!("{}[]", type_name(element)),
        SqlType::Record(_) => "record".to_owned(),
    }
}

fn compare(call: &Call<'_>, comparison: Comparison) -> SqlResult<ArrayRef> {
    let records = Records::new(call, comparison)?;
    let answers = (0..call.rows).map(|row| {
        let order = records.order(row)?;
        Ok(order.map(|order| comparison.holds(order)))
    });
    Ok(Arc::new(answers.collect::<SqlResult<BooleanArray>>()?))
}

fn order(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let records = Records::new(call, Comparison::Less)?;
    let answers = (0..call.rows).map(|row| Ok(records.order(row)?.map(|order| order as i32)));
    Ok(Arc::new(answers.collect::<SqlResult<Int32Array>>()?))
}

/// `ROW(a, b, …) op ROW(c, d, …)`: the first half of the arguments against the second, each pair of one type.
pub fn rows_compare(call: &Call<'_>, comparison: Comparison) -> SqlResult<ArrayRef> {
    let (left, right) = call.arguments.split_at(call.arguments.len() / 2);
    if left.len() != right.len() {
        return Err(SqlError::new(SqlState::SyntaxError, "unequal number of entries in row expressions"));
    }
    let pairs: Vec<(&Argument, &Argument)> = left.iter().zip(right).collect();
    let comparators = pairs
        .iter()
        .map(|(left, right)| Comparator::of(comparison, &left.sql_type, &left.array, &right.array))
        .collect::<SqlResult<Vec<_>>>()?;
    let answers = (0..call.rows).map(|row| {
        let orders = pairs.iter().zip(&comparators).map(|((left, right), fields)| {
            let (left, right) = (left.at(row), right.at(row));
            let null = fields.left_null(left) || fields.right_null(right);
            (!null).then(|| fields.compare(left, right))
        });
        row_compare(comparison, orders)
    });
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}
