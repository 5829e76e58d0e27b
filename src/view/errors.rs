//! The errors that a view holds in the places of rows, at one LSN.
//!
//! ```text
//!   step ─► changes ─► layer │ layer │ … │ oldest: each a sorted map of errors and weights, shared between versions
//! ```
//! A version costs a pointer for each layer. Layers are merged when the newer is half as large as the older, so there are
//! few of them, and an error is copied as often as there are powers of two up to their number.

use std::collections::BTreeMap;
use std::collections::btree_map::Iter;
use std::iter::Peekable;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, UInt64Type};
use millstream_catalog::ObjectId;

use crate::flow::errors::add_error;
use crate::flow::{ErrorChanges, ErrorRow, Place};
use crate::{Error, Result};

/// What an error takes besides its texts, about.
const ROW_BYTES: usize = 160;

/// Errors with weights, all above zero taken together. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct HeldErrors {
    /// The oldest first.
    layers: Vec<Arc<Layer>>,
    count: u64,
}

#[derive(Debug, Default)]
struct Layer {
    errors: ErrorChanges,
    bytes: usize,
}

impl Layer {
    fn new(errors: ErrorChanges) -> Arc<Self> {
        let text = |place: &Place| match place {
            Place::Row { .. } => 0,
            Place::Derived(text) => text.len(),
        };
        let bytes = errors.keys().map(|error| ROW_BYTES + error.message.len() + text(&error.place)).sum();
        Arc::new(Self { errors, bytes })
    }
}

impl HeldErrors {
    /// How many there are, each as often as it counts.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// All errors with their weights, least first.
    pub fn iter(&self) -> impl Iterator<Item = (&ErrorRow, i64)> {
        let layers = self.layers.iter().map(|layer| layer.errors.iter().peekable()).collect();
        Merged { layers }.filter(|(_, weight)| *weight != 0)
    }

    /// Bytes held, roughly.
    pub fn bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.bytes).sum()
    }

    /// Adds what a step changed. An error is a defect of the flow.
    pub(super) fn add(&mut self, changes: ErrorChanges) -> Result<()> {
        let change: i64 = changes.values().sum();
        self.count = self
            .count
            .checked_add_signed(change)
            .ok_or_else(|| Error::internal("the error of a row was taken back that never came"))?;
        if changes.is_empty() {
            return Ok(());
        }
        self.layers.push(Layer::new(changes));
        while let [.., older, newer] = self.layers.as_slice()
            && newer.errors.len() * 2 >= older.errors.len()
        {
            let (mut merged, newer) = (older.errors.clone(), Arc::clone(newer));
            for (error, weight) in &newer.errors {
                add_error(&mut merged, error.clone(), *weight);
            }
            let remaining = self.layers.len() - 2;
            self.layers.truncate(remaining);
            if remaining == 0 && merged.values().any(|weight| *weight < 0) {
                return Err(Error::internal("the error of a row was taken back that never came"));
            }
            self.layers.push(Layer::new(merged));
        }
        Ok(())
    }

    /// One row an error, least first: `code`, `message`, `operator`, `weight`, then the place: `lsn`, `stream`, `row`,
    /// `partition`, `offset` of a row of a stream, `derived` of another.
    pub fn to_batch(&self) -> Result<RecordBatch> {
        let errors: Vec<(&ErrorRow, i64)> = self.iter().collect();
        let number = |value: fn(&Place) -> Option<u64>| -> ArrayRef {
            Arc::new(errors.iter().map(|(error, _)| value(&error.place)).collect::<UInt64Array>())
        };
        let lsn = |place: &Place| matches!(place, Place::Row { .. }).then(|| row_of(place).0);
        let stream = |place: &Place| matches!(place, Place::Row { .. }).then(|| row_of(place).1);
        let row = |place: &Place| matches!(place, Place::Row { .. }).then(|| row_of(place).2);
        let partitions = errors.iter().map(|(error, _)| match &error.place {
            Place::Row { partition, .. } => Some(*partition),
            Place::Derived(_) => None,
        });
        let offsets = errors.iter().map(|(error, _)| match &error.place {
            Place::Row { offset, .. } => Some(*offset),
            Place::Derived(_) => None,
        });
        let derived = errors.iter().map(|(error, _)| match &error.place {
            Place::Row { .. } => None,
            Place::Derived(text) => Some(text.as_str()),
        });
        let text = |value: fn(&ErrorRow) -> &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(errors.iter().map(|(error, _)| value(error))))
        };
        let columns: Vec<ArrayRef> = vec![
            text(|error| &error.code),
            text(|error| &error.message),
            Arc::new(UInt64Array::from_iter_values(errors.iter().map(|(error, _)| error.operator as u64))),
            Arc::new(Int64Array::from_iter_values(errors.iter().map(|(_, weight)| *weight))),
            number(lsn),
            number(stream),
            number(row),
            Arc::new(partitions.collect::<Int32Array>()),
            Arc::new(offsets.collect::<Int64Array>()),
            Arc::new(derived.collect::<StringArray>()),
        ];
        let names = [
            "code",
            "message",
            "operator",
            "weight",
            "lsn",
            "stream",
            "row",
            "partition",
            "offset",
            "derived",
        ];
        let field =
            |(index, name): (usize, &str)| Field::new(name, columns[index].data_type().clone(), index > 3);
        let fields: Vec<Field> = names.into_iter().enumerate().map(field).collect();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
    }

    /// The inverse of [`HeldErrors::to_batch`].
    pub fn from_batch(batch: &RecordBatch) -> Result<Self> {
        let misshapen = || Error::internal("a checkpoint's error rows are not in their form");
        let types = [
            DataType::Utf8,
            DataType::Utf8,
            DataType::UInt64,
            DataType::Int64,
            DataType::UInt64,
            DataType::UInt64,
            DataType::UInt64,
            DataType::Int32,
            DataType::Int64,
            DataType::Utf8,
        ];
        if batch.columns().iter().map(|column| column.data_type()).ne(types.iter()) {
            return Err(misshapen());
        }
        let text = |index: usize| batch.column(index).as_string::<i32>();
        let number = |index: usize| batch.column(index).as_primitive::<UInt64Type>();
        let (partitions, offsets) =
            (batch.column(7).as_primitive::<Int32Type>(), batch.column(8).as_primitive::<Int64Type>());
        let mut errors = BTreeMap::new();
        for at in 0..batch.num_rows() {
            let place = match text(9).is_valid(at) {
                true => Place::Derived(text(9).value(at).to_owned()),
                false => Place::Row {
                    lsn: number(4).value(at),
                    stream: ObjectId(number(5).value(at)),
                    row: number(6).value(at),
                    partition: partitions.value(at),
                    offset: offsets.value(at),
                },
            };
            let error = ErrorRow {
                place,
                code: text(0).value(at).to_owned(),
                message: text(1).value(at).to_owned(),
                operator: number(2).value(at) as usize,
            };
            add_error(&mut errors, error, batch.column(3).as_primitive::<Int64Type>().value(at));
        }
        let mut held = Self::default();
        held.add(errors)?;
        Ok(held)
    }
}

/// The commit, the stream and the number of a stream's row; zeros for others.
fn row_of(place: &Place) -> (u64, u64, u64) {
    match place {
        Place::Row { lsn, stream, row, .. } => (*lsn, stream.0, *row),
        Place::Derived(_) => (0, 0, 0),
    }
}

/// Layers as one, equal errors put together.
struct Merged<'a> {
    layers: Vec<Peekable<Iter<'a, ErrorRow, i64>>>,
}

impl<'a> Iterator for Merged<'a> {
    type Item = (&'a ErrorRow, i64);

    fn next(&mut self) -> Option<Self::Item> {
        let least = self.layers.iter_mut().filter_map(|layer| layer.peek().map(|(error, _)| *error)).min()?;
        let same = self.layers.iter_mut().filter_map(|layer| layer.next_if(|(error, _)| *error == least));
        Some((least, same.map(|(_, weight)| *weight).sum()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(row: u64) -> ErrorRow {
        let place = match row % 3 {
            0 => Place::Derived(format!("(k)=({row})")),
            _ => Place::Row { lsn: row / 2, stream: ObjectId(1), row, partition: 0, offset: row as i64 },
        };
        ErrorRow { place, code: "22012".into(), message: "division by zero".into(), operator: 2 }
    }

    #[test]
    fn errors_of_any_steps_are_what_their_sum_is() {
        let mut held = HeldErrors::default();
        let mut expected = BTreeMap::new();
        for step in 0..500u64 {
            let came = [error(step), error(step + 1)];
            let mut changes = BTreeMap::new();
            came.into_iter().for_each(|error| add_error(&mut changes, error, 1));
            if step > 10 {
                add_error(&mut changes, error(step - 5), -1);
            }
            changes.iter().for_each(|(error, weight)| add_error(&mut expected, error.clone(), *weight));
            held.add(changes).unwrap();
            assert!(held.layers.len() < 12);
        }
        let all = |held: &HeldErrors| held.iter().map(|(error, weight)| (error.clone(), weight)).collect();
        let found: BTreeMap<ErrorRow, i64> = all(&held);
        assert_eq!(found, expected);
        assert_eq!(held.count() as i64, expected.values().sum::<i64>());
        let again = HeldErrors::from_batch(&held.to_batch().unwrap()).unwrap();
        let found: BTreeMap<ErrorRow, i64> = all(&again);
        assert_eq!((found, again.count()), (expected, held.count()));
    }
}
