//! `x <sign> ANY (SELECT …)` and `x <sign> ALL (SELECT …)`: rows compared field by field, of three values.

use std::cmp::Ordering;
use std::collections::HashSet;

use arrow::array::{AsArray, RecordBatch};
use datafusion::error::Result;
use datafusion::scalar::ScalarValue;

use super::Fields;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sign {
    Eq,
    NotEq,
    Lt,
    LtEq,
    Gt,
    GtEq,
}

impl Sign {
    pub fn of(sign: &str) -> Option<Self> {
        match sign {
            "=" => Some(Self::Eq),
            "<>" => Some(Self::NotEq),
            "<" => Some(Self::Lt),
            "<=" => Some(Self::LtEq),
            ">" => Some(Self::Gt),
            ">=" => Some(Self::GtEq),
            _ => None,
        }
    }

    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::NotEq => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::LtEq => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::GtEq => ordering.is_ge(),
        }
    }
}

type Row = Vec<ScalarValue>;

/// The rows of a subquery, to be compared with.
#[derive(Debug)]
pub(super) struct Rows {
    /// Rows without NULLs, each once.
    whole: HashSet<Row>,
    /// Rows with NULLs.
    partial: HashSet<Row>,
}

impl Rows {
    /// The rows of batches of one column.
    pub fn new(batches: &[RecordBatch], fields: Fields) -> Result<Self> {
        let (mut whole, mut partial) = (HashSet::new(), HashSet::new());
        for batch in batches {
            let column = batch.column(0);
            for row in 0..batch.num_rows() {
                let values: Row = match (fields, column.as_struct_opt()) {
                    (Fields::Apart, Some(columns)) => columns
                        .columns()
                        .iter()
                        .map(|column| ScalarValue::try_from_array(column, row))
                        .collect::<Result<_>>()?,
                    _ => vec![ScalarValue::try_from_array(column, row)?],
                };
                let into = if values.iter().any(ScalarValue::is_null) { &mut partial } else { &mut whole };
                into.insert(values);
            }
        }
        Ok(Self { whole, partial })
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        let row = |row: &Row| row.iter().map(ScalarValue::size).sum::<usize>() + size_of::<Row>() * 2;
        self.whole.iter().chain(&self.partial).map(row).sum()
    }

    /// Whether the comparison holds for a row (`all`: for every row); None is unknown.
    pub fn compare(&self, left: &ScalarValue, sign: Sign, all: bool, fields: Fields) -> Result<Option<bool>> {
        let left: Row = match (fields, left) {
            (Fields::Apart, ScalarValue::Struct(record)) => record
                .columns()
                .iter()
                .map(|column| ScalarValue::try_from_array(column, 0))
                .collect::<Result<_>>()?,
            (_, value) => vec![value.clone()],
        };
        // Most are `=` of what is known: found at once.
        if sign == Sign::Eq && !all && !left.iter().any(ScalarValue::is_null) {
            if self.whole.contains(&left) {
                return Ok(Some(true));
            }
            let unknown = self.partial.iter().any(|row| compared(sign, &left, row).is_none());
            return Ok(if unknown { None } else { Some(false) });
        }
        let mut unknown = false;
        for row in self.whole.iter().chain(&self.partial) {
            match compared(sign, &left, row) {
                Some(holds) if holds != all => return Ok(Some(holds)),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok(if unknown { None } else { Some(all) })
    }
}

/// Two rows compared as PostgreSQL compares them.
fn compared(sign: Sign, left: &[ScalarValue], right: &[ScalarValue]) -> Option<bool> {
    let one = |(left, right): (&ScalarValue, &ScalarValue)| match left.is_null() || right.is_null() {
        true => None,
        false => left.partial_cmp(right),
    };
    let mut pairs = left.iter().zip(right).map(one);
    match sign {
        Sign::Eq | Sign::NotEq => {
            let mut unknown = false;
            for pair in pairs {
                match pair {
                    Some(Ordering::Equal) => {}
                    Some(_) => return Some(sign == Sign::NotEq),
                    None => unknown = true,
                }
            }
            if unknown { None } else { Some(sign == Sign::Eq) }
        }
        // The first pair that differs decides.
        Sign::Lt | Sign::LtEq | Sign::Gt | Sign::GtEq => {
            let first = pairs.find(|pair| *pair != Some(Ordering::Equal)).unwrap_or(Some(Ordering::Equal));
            first.map(|ordering| sign.holds(ordering))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[Option<i32>]) -> Row {
        values.iter().map(|value| ScalarValue::Int32(*value)).collect()
    }

    #[test]
    fn rows_compare_as_in_sql_of_three_values() {
        let compared =
            |sign, left: &[Option<i32>], right: &[Option<i32>]| compared(sign, &row(left), &row(right));
        assert_eq!(compared(Sign::Eq, &[Some(1), None], &[Some(2), Some(1)]), Some(false));
        assert_eq!(compared(Sign::Eq, &[Some(1), None], &[Some(1), Some(1)]), None);
        assert_eq!(compared(Sign::Lt, &[Some(1), None], &[Some(2), None]), Some(true));
        assert_eq!(compared(Sign::Lt, &[None, Some(1)], &[Some(2), Some(3)]), None);
        assert_eq!(compared(Sign::LtEq, &[Some(1), Some(2)], &[Some(1), Some(2)]), Some(true));
        assert_eq!(compared(Sign::NotEq, &[Some(1), None], &[Some(2), Some(3)]), Some(true));
    }

    #[test]
    fn in_and_not_in_know_of_nulls() {
        let rows = |values: &[Option<i32>]| Rows {
            whole: values.iter().filter(|value| value.is_some()).map(|value| row(&[*value])).collect(),
            partial: values.iter().filter(|value| value.is_none()).map(|value| row(&[*value])).collect(),
        };
        let is_in = |value: Option<i32>, of: &[Option<i32>]| {
            rows(of).compare(&ScalarValue::Int32(value), Sign::Eq, false, Fields::Whole).unwrap()
        };
        assert_eq!(is_in(Some(1), &[Some(1), None]), Some(true));
        assert_eq!(is_in(Some(2), &[Some(1), None]), None);
        assert_eq!(is_in(Some(2), &[Some(1)]), Some(false));
        assert_eq!(is_in(None, &[Some(1)]), None);
        assert_eq!(is_in(None, &[]), Some(false));
    }
}
