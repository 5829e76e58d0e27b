//! The deltas of a step as one batch, netted row by row.
//!
//! The order of rows across deltas carries no meaning: what came and went within the step cancels first, and what is left
//! of a key is at most one row that went and one that came.

use std::collections::HashMap;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::row::Rows;
use hashbrown::HashTable;

use super::index::{KeyHash, RowEncoder};
use crate::flow::Delta;
use crate::{Error, Result};

/// Groups of more rows than this are netted through a hash table.
const SMALL_GROUP: usize = 8;

/// The rows of a step.
#[derive(Debug)]
pub(super) struct Step {
    /// All rows, in the order of the deltas, in the view's schema.
    pub batch: RecordBatch,
    /// One a row; absent: all 1.
    pub weights: Option<Vec<i64>>,
}

impl Step {
    /// The deltas as one batch; None when they have no rows.
    pub fn new(schema: &SchemaRef, deltas: Vec<Delta>) -> Result<Option<Self>> {
        let deltas: Vec<Delta> = deltas.into_iter().filter(|delta| delta.num_rows() > 0).collect();
        let mut batches = Vec::with_capacity(deltas.len());
        for delta in &deltas {
            batches.push(with_schema(schema, &delta.batch)?);
        }
        let batch = match batches.len() {
            0 => return Ok(None),
            1 => batches.remove(0),
            _ => concat_batches(schema, &batches)?,
        };
        if batch.num_rows() > u32::MAX as usize {
            return Err(Error::internal("a step changes more than 2^32 rows of a view"));
        }
        let plain = |delta: &Delta| match &delta.weights {
            Some(weights) => weights.values().iter().all(|weight| *weight == 1),
            None => true,
        };
        if deltas.iter().all(plain) {
            return Ok(Some(Self { batch, weights: None }));
        }
        let mut weights = Vec::with_capacity(batch.num_rows());
        for delta in &deltas {
            match &delta.weights {
                Some(values) => weights.extend_from_slice(values.values()),
                None => weights.resize(weights.len() + delta.num_rows(), 1),
            }
        }
        Ok(Some(Self { batch, weights: Some(weights) }))
    }

    /// The weight of a row.
    pub fn weight(&self, row: usize) -> i64 {
        self.weights.as_ref().map_or(1, |weights| weights[row])
    }
}

/// The batch under the view's schema (names and metadata may differ, types may not).
fn with_schema(schema: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema.clone(), batch.columns().to_vec(), &options)
        .map_err(|error| Error::internal(format!("a delta does not fit its view: {error}")))
}

/// The rows of a step by key, keys in the order in which they first appear.
#[derive(Debug)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// The row after each one in its group; [`END`] for the last.
    next: Vec<u32>,
}

const END: u32 = u32::MAX;

#[derive(Debug)]
struct Group {
    hash: KeyHash,
    first: u32,
    last: u32,
    rows: u32,
}

impl Groups {
    pub fn new(hashes: &[KeyHash]) -> Self {
        let mut table: HashTable<u32> = HashTable::with_capacity(hashes.len());
        let mut groups: Vec<Group> = Vec::with_capacity(hashes.len());
        let mut next = vec![END; hashes.len()];
        for (row, hash) in hashes.iter().enumerate() {
            let row = row as u32;
            match table.find(hash[0], |group| groups[*group as usize].hash == *hash) {
                Some(group) => {
                    let group = &mut groups[*group as usize];
                    next[group.last as usize] = row;
                    group.last = row;
                    group.rows += 1;
                }
                None => {
                    let id = groups.len() as u32;
                    table.insert_unique(hash[0], id, |group| groups[*group as usize].hash[0]);
                    groups.push(Group { hash: *hash, first: row, last: row, rows: 1 });
                }
            }
        }
        Self { groups, next }
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// The key of a group.
    pub fn hash(&self, group: usize) -> &KeyHash {
        &self.groups[group].hash
    }

    /// The first row of a group.
    pub fn first(&self, group: usize) -> u32 {
        self.groups[group].first
    }

    /// The rows of a group, ascending.
    pub fn rows(&self, group: usize) -> impl Iterator<Item = u32> + '_ {
        let mut row = self.groups[group].first;
        std::iter::from_fn(move || {
            let this = (row != END).then_some(row)?;
            row = self.next[row as usize];
            Some(this)
        })
    }

    fn has_several(&self) -> bool {
        self.groups.len() < self.next.len()
    }
}

/// What is left of one key: the row that went and the row that came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Replaced {
    pub old: Option<u32>,
    pub new: Option<u32>,
}

/// Nets a step whose rows have keys.
pub(super) struct KeyedNet<'a> {
    step: &'a Step,
    groups: &'a Groups,
    key: &'a RowEncoder,
    /// What tells rows of one key apart; made only when a key has several rows.
    values: Option<Rows>,
}

impl<'a> KeyedNet<'a> {
    /// `key` and `values` are disjoint and together all columns.
    pub fn new(step: &'a Step, groups: &'a Groups, key: &'a RowEncoder, values: &RowEncoder) -> Result<Self> {
        let values = if groups.has_several() { values.rows(&step.batch)? } else { None };
        Ok(Self { step, groups, key, values })
    }

    /// What is left of a key.
    pub fn net(&self, group: usize) -> Result<Replaced> {
        let mut left = Replaced::default();
        for (row, weight) in self.by_row(group)? {
            match weight {
                0 => {}
                1 if left.new.is_none() => left.new = Some(row),
                -1 if left.old.is_none() => left.old = Some(row),
                _ => {
                    let key = self.key.describe(&self.step.batch, row as usize);
                    return Err(Error::internal(format!("view key {key} has several rows after one step")));
                }
            }
        }
        Ok(left)
    }

    /// The rows of a group, equal ones put together, in order.
    fn by_row(&self, group: usize) -> Result<Vec<(u32, i64)>> {
        let mut netted: Vec<(u32, i64)> = Vec::with_capacity(2);
        let mut places = HashMap::new();
        let large = self.groups.groups[group].rows as usize > SMALL_GROUP;
        for row in self.groups.rows(group) {
            let weight = self.step.weight(row as usize);
            let place = match &self.values {
                // A key without other columns: all its rows are equal.
                None => (!netted.is_empty()).then_some(0),
                Some(values) if large => {
                    let place = *places.entry(values.row(row as usize)).or_insert(netted.len());
                    (place < netted.len()).then_some(place)
                }
                Some(values) => {
                    let bytes = values.row(row as usize);
                    netted.iter().position(|(other, _)| values.row(*other as usize) == bytes)
                }
            };
            match place {
                Some(place) => netted[place].1 = added(netted[place].1, weight)?,
                None => netted.push((row, weight)),
            }
        }
        Ok(netted)
    }
}

/// The net weight of a group whose rows are all equal.
pub(super) fn net_weight(step: &Step, groups: &Groups, group: usize) -> Result<i64> {
    groups.rows(group).try_fold(0, |sum, row| added(sum, step.weight(row as usize)))
}

/// The sum of two weights.
pub(super) fn added(left: i64, right: i64) -> Result<i64> {
    left.checked_add(right).ok_or_else(|| Error::internal("a row of a view counts more than 2^63 times"))
}
