//! Whether two servers gave the same answer, and if not, in what it differs.
//!
//! Compared are the SQLSTATE, the type of each column and the values as text. Rows are compared in order where the
//! query's own ORDER BY decides it, and as a multiset where it does not. Column names and messages are not compared.

use super::statement::SortKey;
use super::wire::{Answer, Row};

/// In what an answer differs from the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// One failed and the other did not, or with another SQLSTATE.
    State { expected: String, given: String },
    /// The number of columns or the type of one.
    Type { expected: u32, given: u32 },
    /// The number of rows.
    Count { expected: usize, given: usize },
    /// A value: its type and both texts.
    Value { type_oid: u32, expected: String, given: String },
    /// The same rows in an order that the query does not allow.
    Order,
}

/// How the rows of a query are compared.
pub type Keys = Option<Vec<SortKey>>;

/// None where the answers are equal.
pub fn difference(expected: &Answer, given: &Answer, keys: &Keys) -> Option<Difference> {
    if expected.state() != given.state() {
        let [expected, given] = [expected, given].map(|answer| answer.state().to_owned());
        return Some(Difference::State { expected, given });
    }
    if expected.failure.is_some() {
        return None;
    }
    types(expected, given).or_else(|| rows(expected, given, keys))
}

fn types(expected: &Answer, given: &Answer) -> Option<Difference> {
    let oids = |answer: &Answer| -> Vec<u32> {
        answer.columns.iter().flatten().map(|column| column.type_oid).collect()
    };
    let (expected, given) = (oids(expected), oids(given));
    if expected == given {
        return None;
    }
    let at = (0..expected.len().max(given.len())).find(|at| expected.get(*at) != given.get(*at))?;
    let oid = |oids: &[u32]| oids.get(at).copied().unwrap_or(0);
    Some(Difference::Type { expected: oid(&expected), given: oid(&given) })
}

fn rows(expected: &Answer, given: &Answer, keys: &Keys) -> Option<Difference> {
    if expected.rows == given.rows {
        return None;
    }
    if expected.rows.len() != given.rows.len() {
        return Some(Difference::Count { expected: expected.rows.len(), given: given.rows.len() });
    }
    let sorted = |answer: &Answer| {
        let mut rows = answer.rows.clone();
        rows.sort();
        rows
    };
    let (own, other) = (sorted(expected), sorted(given));
    if own != other {
        // Of ordered rows the first pair that differs says more than of sorted ones.
        let pairs = if keys.is_some() { (&expected.rows, &given.rows) } else { (&own, &other) };
        return value(expected, pairs.0, pairs.1);
    }
    match keys {
        Some(keys) if !same_order(expected, given, keys) => Some(Difference::Order),
        _ => None,
    }
}

fn value(expected: &Answer, own: &[Row], other: &[Row]) -> Option<Difference> {
    let (own, other) = own.iter().zip(other).find(|(own, other)| own != other)?;
    let at = (0..own.len()).find(|at| own.get(*at) != other.get(*at)).unwrap_or(0);
    let text = |row: &Row| match row.get(at).cloned().flatten() {
        None => "NULL".to_owned(),
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    };
    let type_oid =
        expected.columns.as_ref().and_then(|columns| columns.get(at)).map_or(0, |column| column.type_oid);
    Some(Difference::Value { type_oid, expected: text(own), given: text(other) })
}

/// Whether the keys of the rows come in the same order; rows of equal keys may come in any. A key that is no column of
/// the output says nothing, and is then not compared.
fn same_order(expected: &Answer, given: &Answer, keys: &[SortKey]) -> bool {
    let names: Vec<&str> = expected.columns.iter().flatten().map(|column| column.name.as_str()).collect();
    let mut places = Vec::new();
    for key in keys {
        let place = match key {
            SortKey::Place(place) => Some(*place),
            SortKey::Name(name) => names.iter().position(|own| own == name),
            SortKey::Expression => None,
        };
        match place {
            Some(place) => places.push(place),
            // The keys behind one that is not seen order only the rows that are equal by it.
            None => break,
        }
    }
    let keyed = |answer: &Answer| -> Vec<Row> {
        let key = |row: &Row| places.iter().map(|place| row.get(*place).cloned().flatten()).collect();
        answer.rows.iter().map(key).collect()
    };
    keyed(expected) == keyed(given)
}

/// A short name for a difference, under which like ones are counted.
pub fn cause(difference: &Difference, given: &Answer, type_name: impl Fn(u32) -> String) -> String {
    match difference {
        Difference::State { expected, .. } => match &given.failure {
            None => format!("answered where PostgreSQL has {expected}"),
            Some(failure) if expected.is_empty() => {
                format!("{} {}", failure.state, beginning(&failure.message))
            }
            Some(failure) => {
                format!("{} for PostgreSQL's {expected}: {}", failure.state, beginning(&failure.message))
            }
        },
        Difference::Type { expected, given } => {
            format!("type {} for {}", type_name(*given), type_name(*expected))
        }
        Difference::Count { .. } => "another number of rows".to_owned(),
        Difference::Value { type_oid, .. } => format!("another {}", type_name(*type_oid)),
        Difference::Order => "another order of rows".to_owned(),
    }
}

/// The first words of a message, its names and numbers left out.
pub fn beginning(message: &str) -> String {
    let mut words = Vec::new();
    let mut quoted = false;
    for word in message.split_whitespace() {
        let quotes = word.matches('"').count();
        if !quoted && quotes == 0 {
            let digits = word.chars().any(|letter| letter.is_ascii_digit());
            words.push(if digits { "#" } else { word });
        } else if !quoted {
            words.push("\"…\"");
        }
        quoted ^= quotes % 2 == 1;
        if words.len() == 7 {
            break;
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::wire::Column;

    fn answer(rows: &[&[&str]]) -> Answer {
        let columns = ["a", "b"].map(|name| Column { name: name.to_owned(), type_oid: 25 }).to_vec();
        let row = |row: &&[&str]| row.iter().map(|value| Some(value.as_bytes().to_vec())).collect();
        Answer { columns: Some(columns), rows: rows.iter().map(row).collect(), ..Answer::default() }
    }

    #[test]
    fn order_is_compared_as_far_as_the_query_decides_it() {
        let one = answer(&[&["1", "x"], &["1", "y"], &["2", "z"]]);
        let other = answer(&[&["1", "y"], &["1", "x"], &["2", "z"]]);
        let last = answer(&[&["2", "z"], &["1", "y"], &["1", "x"]]);
        assert_eq!(difference(&one, &last, &None), None);
        assert_eq!(difference(&one, &other, &Some(vec![SortKey::Place(0)])), None);
        assert_eq!(
            difference(&one, &other, &Some(vec![SortKey::Name("b".to_owned())])),
            Some(Difference::Order)
        );
        assert_eq!(difference(&one, &last, &Some(vec![SortKey::Place(0)])), Some(Difference::Order));
    }
}
