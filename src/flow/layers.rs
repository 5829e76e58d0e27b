//! The state of groups as layers: a base and what changed since, checkpoint by checkpoint.
//!
//! ```text
//!            start │ tag │ weight │ key_0 … │ state_0 … │ _dead
//!   base       0      9      2        a         …                     (no column _dead: nothing is)
//!   layer 1    0      9      3        a         …           0         the group a as it is now
//!              0      9      0        b        NULL         1         the group b is gone
//!   layer 2    0      9      0       NULL      NULL         2         all groups of the slot (0, 9) are gone
//! ```
//! Read from the newest to the oldest, the first row of a group (slot and keys) counts. A row of a slot that is gone hides
//! the slot's rows of older layers only; a row of a group hides a `_dead` one of the same layer that follows it.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int16Array, RecordBatch};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{DataType, Field, Int16Type, Int64Type, Schema};
use arrow::row::{RowConverter, Rows, SortField};
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use crate::{Error, Result};

/// Name of the column that says what is gone.
pub(crate) const DEAD: &str = "_dead";
/// A group as it is.
pub(crate) const LIVING: i16 = 0;
/// A group that is gone.
pub(crate) const DEAD_GROUP: i16 = 1;
/// A slot of which all groups are gone.
pub(crate) const DEAD_SLOT: i16 = 2;

/// The layer with a column that says what is gone.
pub(crate) fn with_dead(batch: &RecordBatch, dead: Vec<i16>) -> Result<RecordBatch> {
    let mut fields: Vec<Field> = batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new(DEAD, DataType::Int16, false));
    let mut columns = batch.columns().to_vec();
    columns.push(Arc::new(Int16Array::from(dead)));
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

/// The state that layers, oldest first, say together; the same rows as if it had been stored at once.
pub fn merge_layers(layers: &[RecordBatch]) -> Result<RecordBatch> {
    let picked = pick(layers, true)?;
    let plain: Vec<RecordBatch> = layers.iter().map(without_dead).collect::<Result<_>>()?;
    match plain.as_slice() {
        [] => Err(Error::internal("a state without layers")),
        [one] if picked.len() == one.num_rows() => Ok(one.clone()),
        several => Ok(interleave_record_batch(&several.iter().collect::<Vec<_>>(), &picked)?),
    }
}

/// One layer that says the same as some consecutive ones, oldest first, of which none is the base.
pub fn squash_layers(layers: &[RecordBatch]) -> Result<RecordBatch> {
    let picked = pick(layers, false)?;
    Ok(interleave_record_batch(&layers.iter().collect::<Vec<_>>(), &picked)?)
}

/// The rows that count, as (layer, row), newest layer first; with those that say what is gone unless only the `living` are
/// asked for.
fn pick(layers: &[RecordBatch], living: bool) -> Result<Vec<(usize, usize)>> {
    let mut picked = vec![];
    let encoded = encode(layers)?;
    let mut seen: HashTable<(usize, usize)> = HashTable::new();
    let mut closed: HashSet<(i64, i64)> = HashSet::new();
    for (number, layer) in layers.iter().enumerate().rev() {
        let slots = Slots::of(layer)?;
        let rows = &encoded[number];
        let mut closing = vec![];
        for row in 0..layer.num_rows() {
            let (dead, slot) = (slots.dead(row), slots.slot(row));
            if dead == DEAD_SLOT {
                if !living && !closed.contains(&slot) {
                    picked.push((number, row));
                }
                closing.push(slot);
                continue;
            }
            if !closed.is_empty() && closed.contains(&slot) {
                continue;
            }
            let bytes = rows.row(row);
            let hash = xxh3_64(bytes.as_ref());
            let same = |(other, at): &(usize, usize)| encoded[*other].row(*at) == bytes;
            if seen.find(hash, same).is_some() {
                continue;
            }
            // The oldest layer is only looked at, and a base has no group twice.
            if number > 0 || slots.has_dead() {
                let hash_of = |(other, at): &(usize, usize)| xxh3_64(encoded[*other].row(*at).as_ref());
                seen.insert_unique(hash, (number, row), hash_of);
            }
            if dead == LIVING || !living {
                picked.push((number, row));
            }
        }
        closed.extend(closing);
    }
    Ok(picked)
}

/// Slot and keys of all rows, comparable byte by byte.
fn encode(layers: &[RecordBatch]) -> Result<Vec<Rows>> {
    let Some(first) = layers.first() else { return Ok(vec![]) };
    let schema = first.schema();
    let is_key =
        |field: &Field| ["start", "tag"].contains(&field.name().as_str()) || field.name().starts_with("key_");
    let keys: Vec<usize> = (0..schema.fields().len()).filter(|index| is_key(schema.field(*index))).collect();
    let fields = keys.iter().map(|index| SortField::new(schema.field(*index).data_type().clone())).collect();
    let converter = RowConverter::new(fields)?;
    let rows = |layer: &RecordBatch| {
        let columns: Option<Vec<ArrayRef>> =
            keys.iter().map(|index| layer.columns().get(*index).cloned()).collect();
        let columns = columns.ok_or_else(|| Error::internal("a layer of a state has too few columns"))?;
        Ok(converter.convert_columns(&columns)?)
    };
    layers.iter().map(rows).collect()
}

fn without_dead(layer: &RecordBatch) -> Result<RecordBatch> {
    let schema = layer.schema();
    let kept: Vec<usize> =
        (0..schema.fields().len()).filter(|index| schema.field(*index).name() != DEAD).collect();
    Ok(layer.project(&kept)?)
}

/// The columns that say which slot a row is of and whether it is gone.
struct Slots<'a> {
    starts: &'a [i64],
    tags: &'a [i64],
    dead: Option<&'a Int16Array>,
}

impl<'a> Slots<'a> {
    fn of(layer: &'a RecordBatch) -> Result<Self> {
        let number = |index: usize| {
            let column = layer.columns().get(index).and_then(|column| column.as_primitive_opt::<Int64Type>());
            column.map(|column| &column.values()[..])
        };
        let (Some(starts), Some(tags)) = (number(0), number(1)) else {
            return Err(Error::internal("a layer of a state names no slots"));
        };
        let dead = layer.column_by_name(DEAD).and_then(|column| column.as_primitive_opt::<Int16Type>());
        Ok(Self { starts, tags, dead })
    }

    fn slot(&self, row: usize) -> (i64, i64) {
        (self.starts[row], self.tags[row])
    }

    fn has_dead(&self) -> bool {
        self.dead.is_some()
    }

    fn dead(&self, row: usize) -> i16 {
        self.dead.filter(|dead| dead.is_valid(row)).map_or(LIVING, |dead| dead.value(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int64Array, StringArray};

    type Row = (i64, Option<&'static str>, i64, i16);

    fn layer(rows: &[Row], base: bool) -> RecordBatch {
        let dead = |row: &Row| row.3 != LIVING;
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("start", Arc::new(rows.iter().map(|row| Some(row.0)).collect::<Int64Array>())),
            ("tag", Arc::new(rows.iter().map(|row| Some(row.0 + 10)).collect::<Int64Array>())),
            ("weight", Arc::new(rows.iter().map(|_| Some(1)).collect::<Int64Array>())),
            ("key_0", Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>())),
            (
                "state_0",
                Arc::new(rows.iter().map(|row| (!dead(row)).then_some(row.2)).collect::<Int64Array>()),
            ),
        ];
        let nullable = columns.into_iter().map(|(name, column)| (name, column, name.contains('_')));
        let batch = RecordBatch::try_from_iter_with_nullable(nullable).unwrap();
        if base { batch } else { with_dead(&batch, rows.iter().map(|row| row.3).collect()).unwrap() }
    }

    fn rows(batch: &RecordBatch) -> Vec<(i64, Option<String>, i64)> {
        let number = |index: usize| batch.column(index).as_primitive::<Int64Type>().clone();
        let (starts, states) = (number(0), number(4));
        let keys = batch.column(3).as_string::<i32>().clone();
        let key = |row| keys.is_valid(row).then(|| keys.value(row).to_owned());
        let mut all: Vec<_> =
            (0..batch.num_rows()).map(|row| (starts.value(row), key(row), states.value(row))).collect();
        all.sort();
        all
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn the_newest_row_of_a_group_counts_and_what_is_gone_is_gone() {
        let base =
            layer(&[(0, Some("a"), 1, 0), (0, None, 2, 0), (5, Some("a"), 3, 0), (7, Some("z"), 4, 0)], true);
        let first = layer(&[(0, Some("a"), 10, 0), (5, Some("a"), 0, 1), (0, Some("b"), 11, 0)], false);
        // The slot 0 is gone and back with one group; the group b of slot 9 is back in the layer that says it is gone.
        let second =
            layer(&[(0, None, 20, 0), (9, Some("b"), 21, 0), (9, Some("b"), 0, 1), (0, None, 0, 2)], false);
        let merged = merge_layers(&[base.clone(), first.clone(), second.clone()]).unwrap();
        let expected = vec![(0, None, 20), (7, some("z"), 4), (9, some("b"), 21)];
        assert_eq!(rows(&merged), expected);
        assert_eq!(merged.schema(), base.schema());
        let squashed = squash_layers(&[first, second]).unwrap();
        assert_eq!(rows(&merge_layers(&[base.clone(), squashed]).unwrap()), expected);
        assert_eq!(merge_layers(std::slice::from_ref(&base)).unwrap(), base);
    }
}
