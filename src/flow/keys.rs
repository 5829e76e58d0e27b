//! Group keys: which number a key has, and which key a number has.
//!
//! DataFusion's `GroupValues` answers the first and gives its keys up only by draining, so the keys are kept a
//! second time, as Arrow columns in chunks. Chunks are merged as they grow (like carries of a binary counter), so
//! that one new key a step costs no more than a logarithm, and a table of a million keys has some twenty chunks.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float32Array, Float64Array, UInt64Array, new_empty_array};
use arrow::compute::{concat, interleave, take};
use arrow::datatypes::{DataType, Float32Type, Float64Type, SchemaRef};
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;

use crate::{Error, Result};

/// The keys of a table of groups, numbered densely from 0.
pub(crate) struct KeyTable {
    schema: SchemaRef,
    /// None without key columns: all rows are of group 0.
    numbers: Option<Box<dyn GroupValues>>,
    /// Key columns of consecutive groups, and the first group of each.
    chunks: Vec<(usize, Vec<ArrayRef>)>,
    length: usize,
}

impl KeyTable {
    /// No keys yet; the schema's fields are the key columns.
    pub(crate) fn new(schema: &SchemaRef) -> Result<Self> {
        let numbers = match schema.fields().is_empty() {
            true => None,
            false => Some(new_group_values(Arc::clone(schema), &GroupOrdering::None)?),
        };
        Ok(Self { schema: Arc::clone(schema), numbers, chunks: vec![], length: 0 })
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Adds the one group of a table without key columns.
    pub(crate) fn add_keyless(&mut self) {
        self.length = 1;
    }

    /// Puts the group of each row into `groups`, with new numbers for new keys.
    pub(crate) fn intern(&mut self, keys: &[ArrayRef], rows: usize, groups: &mut Vec<usize>) -> Result<()> {
        let Some(numbers) = &mut self.numbers else {
            groups.clear();
            groups.resize(rows, 0);
            self.length = self.length.max(usize::from(rows > 0));
            return Ok(());
        };
        for (key, field) in keys.iter().zip(self.schema.fields()) {
            // GroupValues panics on another type.
            if key.data_type() != field.data_type() {
                let message = format!(
                    "group key {} is {}, planned as {}",
                    field.name(),
                    key.data_type(),
                    field.data_type()
                );
                return Err(Error::internal(message));
            }
        }
        numbers.intern(keys, groups)?;
        let before = self.length;
        self.length = numbers.len();
        if self.length > before {
            // New numbers need not be in the order of the rows.
            let mut first_rows = vec![u64::MAX; self.length - before];
            for (row, group) in groups.iter().enumerate() {
                if *group >= before && first_rows[group - before] == u64::MAX {
                    first_rows[group - before] = row as u64;
                }
            }
            let first_rows = UInt64Array::from(first_rows);
            let columns = keys.iter().map(|key| take(key, &first_rows, None)).collect::<Result<_, _>>()?;
            self.append(before, columns)?;
        }
        Ok(())
    }

    /// The key columns of some groups, one row a group.
    pub(crate) fn take(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        match self.chunks.as_slice() {
            _ if self.numbers.is_none() => Ok(vec![]),
            _ if groups.is_empty() => {
                Ok(self.schema.fields().iter().map(|field| new_empty_array(field.data_type())).collect())
            }
            [(_, columns)] => {
                let indexes = UInt64Array::from_iter_values(groups.iter().map(|group| *group as u64));
                Ok(columns.iter().map(|column| take(column, &indexes, None)).collect::<Result<_, _>>()?)
            }
            chunks => {
                let place = |group: &usize| {
                    let chunk = chunks.partition_point(|(first, _)| first <= group) - 1;
                    (chunk, group - chunks[chunk].0)
                };
                let places: Vec<(usize, usize)> = groups.iter().map(place).collect();
                let column = |index: usize| {
                    let parts: Vec<&dyn Array> =
                        chunks.iter().map(|(_, columns)| columns[index].as_ref()).collect();
                    interleave(&parts, &places)
                };
                Ok((0..self.schema.fields().len()).map(column).collect::<Result<_, _>>()?)
            }
        }
    }

    /// Keeps some groups only. They get new numbers: the answer's element i is the old number of the new group i.
    pub(crate) fn keep(&mut self, groups: &[usize]) -> Result<Vec<usize>> {
        let columns = self.take(groups)?;
        if self.numbers.is_none() {
            self.length = groups.len();
            return Ok(groups.to_vec());
        }
        *self = KeyTable::new(&self.schema)?;
        let mut numbers = vec![];
        self.intern(&columns, groups.len(), &mut numbers)?;
        let mut order = vec![0; self.length];
        for (number, group) in numbers.iter().zip(groups) {
            order[*number] = *group;
        }
        Ok(order)
    }

    /// Bytes held, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let columns = self.chunks.iter().flat_map(|(_, columns)| columns);
        let copies: usize = columns.map(|column| column.get_array_memory_size()).sum();
        copies + self.numbers.as_ref().map_or(0, |numbers| numbers.size())
    }

    fn append(&mut self, first: usize, columns: Vec<ArrayRef>) -> Result<()> {
        let (mut first, mut columns) = (first, columns);
        while let Some((_, below)) = self.chunks.last()
            && below[0].len() <= columns[0].len()
            && let Some((start, below)) = self.chunks.pop()
        {
            let both = below.iter().zip(&columns).map(|(below, above)| concat(&[below, above]));
            columns = both.collect::<Result<_, _>>()?;
            first = start;
        }
        self.chunks.push((first, columns));
        Ok(())
    }
}

/// A key column in which equal values have equal bits: there is one 0 and one NaN.
pub(crate) fn canonical(key: ArrayRef) -> ArrayRef {
    match key.data_type() {
        DataType::Float64 => {
            let one = |value: f64| if value.is_nan() { f64::NAN } else { value + 0.0 };
            Arc::new(key.as_primitive::<Float64Type>().unary::<_, Float64Type>(one)) as Arc<Float64Array>
        }
        DataType::Float32 => {
            let one = |value: f32| if value.is_nan() { f32::NAN } else { value + 0.0 };
            Arc::new(key.as_primitive::<Float32Type>().unary::<_, Float32Type>(one)) as Arc<Float32Array>
        }
        _ => key,
    }
}
