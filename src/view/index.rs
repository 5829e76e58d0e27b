//! From a key to the row that has it.
//!
//! ```text
//!  key columns ─ row encoding ─ xxh3-128 ─► entry { hash, handle } ─► slots[handle] = (chunk, row)
//! ```
//!
//! A row keeps its handle for life, so merging chunks writes `slots` (in the order in which rows came, nearly in
//! sequence) and never probes the table.
//!
//! **A hash stands for its key**: keys are never compared. With 128 bits and a seed drawn at random by each process, n
//! keys collide with a probability below n² / 2 · 2^-128: for a billion keys 10^-21, far below that of a memory error.
//! The seed keeps a user from constructing two keys that collide.

use std::sync::OnceLock;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::scalar::ScalarValue;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::columns::Slot;
use crate::{Error, Result};

/// What stands for a key: two words, so that an entry needs no 16-byte alignment.
pub(super) type KeyHash = [u64; 2];

/// Encodes some columns of a schema so that rows can be hashed and compared byte by byte.
#[derive(Debug)]
pub(super) struct RowEncoder {
    columns: Vec<usize>,
    types: Vec<DataType>,
    /// Absent when there are no columns: all rows are then equal.
    converter: Option<RowConverter>,
}

impl RowEncoder {
    pub fn new(schema: &SchemaRef, columns: Vec<usize>) -> Result<Self> {
        if columns.iter().any(|column| *column >= schema.fields().len()) {
            return Err(Error::internal(format!("view key {columns:?} is outside of its columns")));
        }
        let types: Vec<DataType> =
            columns.iter().map(|column| schema.field(*column).data_type().clone()).collect();
        let fields: Vec<SortField> = types.iter().cloned().map(SortField::new).collect();
        let converter = if fields.is_empty() { None } else { Some(RowConverter::new(fields)?) };
        Ok(Self { columns, types, converter })
    }

    /// The columns that are encoded.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The encoded rows of a batch of the schema; None when there are no columns.
    pub fn rows(&self, batch: &RecordBatch) -> Result<Option<Rows>> {
        let Some(converter) = &self.converter else { return Ok(None) };
        let columns: Vec<ArrayRef> =
            self.columns.iter().map(|column| batch.column(*column).clone()).collect();
        Ok(Some(converter.convert_columns(&columns)?))
    }

    /// One hash a row.
    pub fn hashes(&self, batch: &RecordBatch) -> Result<Vec<KeyHash>> {
        Ok(match self.rows(batch)? {
            Some(rows) => rows.iter().map(|row| hash(row.data())).collect(),
            None => vec![hash(&[]); batch.num_rows()],
        })
    }

    /// The hash of one key, its values in the order of the columns. None when a value's equality in SQL is not that of
    /// its bytes (`-0.0 = 0.0`, NaN, intervals) or its type is not the column's.
    pub fn hash_of(&self, key: &[ScalarValue]) -> Result<Option<KeyHash>> {
        let Some(converter) = &self.converter else { return Ok(key.is_empty().then(|| hash(&[]))) };
        let plain = key.len() == self.types.len()
            && key.iter().zip(&self.types).all(|(value, data_type)| {
                !matches!(data_type, DataType::Float32 | DataType::Float64 | DataType::Interval(_))
                    && value.data_type() == *data_type
            });
        if !plain {
            return Ok(None);
        }
        let columns = key.iter().map(|value| value.to_array()).collect::<Result<Vec<_>, _>>()?;
        Ok(converter.convert_columns(&columns)?.iter().next().map(|row| hash(row.data())))
    }

    /// A row's key as an error message names it: `(window_end = 12:00, auction = 5)`.
    pub fn describe(&self, batch: &RecordBatch, row: usize) -> String {
        let part = |column: &usize| {
            let value = ScalarValue::try_from_array(batch.column(*column), row);
            let value = value.map_or_else(|_| "?".into(), |value| value.to_string());
            format!("{} = {value}", batch.schema_ref().field(*column).name())
        };
        format!("({})", self.columns.iter().map(part).collect::<Vec<_>>().join(", "))
    }
}

fn hash(bytes: &[u8]) -> KeyHash {
    static SEED: OnceLock<u64> = OnceLock::new();
    // The standard library's hasher keys are random in each process; nothing that is stored depends on them.
    let seed = *SEED.get_or_init(|| std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0));
    let hash = xxh3_128_with_seed(bytes, seed);
    [hash as u64, (hash >> 64) as u64]
}

/// The live rows of a view by key.
#[derive(Debug, Default)]
pub(super) struct Index {
    table: HashTable<KeyEntry>,
    /// By handle.
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct KeyEntry {
    hash: KeyHash,
    handle: u32,
}

impl Index {
    /// Makes room for that many more keys.
    pub fn reserve(&mut self, keys: usize) {
        self.table.reserve(keys, |entry| entry.hash[0]);
        self.slots.reserve(keys.saturating_sub(self.free.len()));
    }

    /// The handle and slot of the live row with that key.
    pub fn find(&self, hash: &KeyHash) -> Option<(u32, Slot)> {
        let entry = self.table.find(hash[0], |entry| entry.hash == *hash)?;
        Some((entry.handle, self.slots[entry.handle as usize]))
    }

    /// A handle for a key that has no row; None when it has one. The slot follows with [`Index::moved`].
    pub fn insert(&mut self, hash: KeyHash) -> Option<u32> {
        let entry = self.table.entry(hash[0], |entry| entry.hash == hash, |entry| entry.hash[0]);
        let Entry::Vacant(vacant) = entry else { return None };
        let handle = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { chunk: u32::MAX, row: u32::MAX });
            (self.slots.len() - 1) as u32
        });
        vacant.insert(KeyEntry { hash, handle });
        Some(handle)
    }

    /// Forgets a key and answers where its row was.
    pub fn remove(&mut self, hash: &KeyHash) -> Option<Slot> {
        let entry = self.table.find_entry(hash[0], |entry| entry.hash == *hash).ok()?;
        let handle = entry.remove().0.handle;
        self.free.push(handle);
        Some(self.slots[handle as usize])
    }

    /// A row is in another place now.
    pub fn moved(&mut self, handle: u32, slot: Slot) {
        self.slots[handle as usize] = slot;
    }

    /// Bytes of the table and the slots.
    pub fn bytes(&self) -> usize {
        self.table.allocation_size()
            + self.slots.capacity() * size_of::<Slot>()
            + self.free.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_until_it_is_removed_and_handles_are_used_again() {
        let mut index = Index::default();
        let keys: Vec<KeyHash> = (0u64..1000).map(|key| hash(&key.to_le_bytes())).collect();
        for (row, key) in keys.iter().enumerate() {
            let handle = index.insert(*key).unwrap();
            index.moved(handle, Slot { chunk: 1, row: row as u32 });
        }
        assert!(index.insert(keys[3]).is_none());
        assert_eq!(index.remove(&keys[3]), Some(Slot { chunk: 1, row: 3 }));
        assert_eq!(index.find(&keys[3]), None);
        assert_eq!(index.insert(keys[3]), Some(3));
        assert_eq!(index.find(&keys[999]), Some((999, Slot { chunk: 1, row: 999 })));
    }
}
