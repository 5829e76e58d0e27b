//! The generic kernel: every aggregate of the registry, kept exact by keeping the rows of each group.
//!
//! A group holds its argument rows with their weights; a changed group is computed anew by the same accumulator that
//! batch queries use, DISTINCT and ORDER BY included, so that a view gives the same value. The argument is a struct of
//! the aggregate's arguments.
//!
//! Rows come to the accumulator in the order in which they came, where rows of a group come in one order; else in the
//! order of their bytes, which does not depend on how the log was cut.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field};
use arrow::row::{OwnedRow, RowConverter, SortField};
use hashbrown::HashMap;
use millstream_sql::functions::aggregate::Aggregate;

use super::{Kernel, Mode, argument, pick};
use crate::{Error, Result};

/// A kernel over structs of arguments.
pub(super) fn new(aggregate: &Arc<Aggregate>, argument: &DataType, mode: Mode) -> Result<Box<dyn Kernel>> {
    let converter = RowConverter::new(vec![SortField::new(argument.clone())])?;
    Ok(Box::new(Any {
        aggregate: Arc::clone(aggregate),
        argument: argument.clone(),
        in_order: mode.ordered && !mode.retractable,
        converter,
        groups: vec![],
    }))
}

struct Any {
    aggregate: Arc<Aggregate>,
    argument: DataType,
    in_order: bool,
    converter: RowConverter,
    groups: Vec<Held>,
}

/// The rows of a group, each with how often it is there and where it came first.
#[derive(Default)]
struct Held {
    rows: HashMap<OwnedRow, (i64, u64)>,
    next: u64,
}

/// Bytes that a held row takes beside its own.
const ENTRY: usize = 64;

impl Held {
    fn add(&mut self, row: OwnedRow, weight: i64, in_order: bool) {
        if in_order {
            // Rows only come: each keeps its own place, equal ones too.
            let place = self.next;
            self.next += 1;
            let entry = self.rows.entry(row).or_insert((0, place));
            entry.0 += weight;
            return;
        }
        match self.rows.entry(row) {
            hashbrown::hash_map::Entry::Occupied(mut entry) => {
                entry.get_mut().0 += weight;
                if entry.get().0 == 0 {
                    entry.remove();
                }
            }
            hashbrown::hash_map::Entry::Vacant(entry) => {
                entry.insert((weight, 0));
            }
        }
    }

    /// The rows with their counts, in the order in which the accumulator is to see them.
    fn sorted(&self, in_order: bool) -> Vec<(&OwnedRow, i64)> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        match in_order {
            true => rows.sort_by_key(|(_, (_, place))| *place),
            false => rows.sort_by(|left, right| left.0.cmp(right.0)),
        }
        rows.into_iter().map(|(row, (count, _))| (row, *count)).collect()
    }
}

impl Any {
    fn columns_of(&self, rows: &[&OwnedRow]) -> Result<ArrayRef> {
        let mut columns = self.converter.convert_rows(rows.iter().map(|row| row.row()))?;
        columns.pop().ok_or_else(|| Error::internal("rows without a column"))
    }

    fn value(&self, held: &Held) -> Result<ArrayRef> {
        let mut group = self.aggregate.group();
        let mut rows = vec![];
        for (row, count) in held.sorted(self.in_order) {
            for _ in 0..count.max(0) {
                rows.push(row);
            }
        }
        if !rows.is_empty() {
            let column = self.columns_of(&rows)?;
            let Some(fields) = column.as_struct_opt() else {
                return Err(Error::internal("arguments that are no struct"));
            };
            group.update(fields.columns())?;
        }
        Ok(group.finish()?)
    }
}

impl Kernel for Any {
    fn resize(&mut self, groups: usize) {
        self.groups.resize_with(groups, Held::default);
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let rows = self.converter.convert_columns(std::slice::from_ref(argument(values)?))?;
        for (row, group) in groups.iter().enumerate() {
            let weight = weights.map_or(1, |weights| weights[row]);
            self.groups[*group].add(rows.row(row).owned(), weight, self.in_order);
        }
        Ok(())
    }

    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()> {
        let [values, counts] = state else { return Err(Error::internal("a state of other columns")) };
        let (Some(values), Some(counts)) = (values.as_list_opt::<i32>(), counts.as_list_opt::<i32>()) else {
            return Err(Error::internal("a state that is no list"));
        };
        for (row, group) in groups.iter().enumerate() {
            let (values, counts) = (values.value(row), counts.value(row));
            let Some(counts) = counts.as_primitive_opt::<arrow::datatypes::Int64Type>() else {
                return Err(Error::internal("counts that are no numbers"));
            };
            let rows = self.converter.convert_columns(&[values])?;
            for (index, count) in counts.values().iter().enumerate() {
                self.groups[*group].add(rows.row(index).owned(), *count, self.in_order);
            }
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let (mut rows, mut counts, mut lengths) = (vec![], vec![], vec![]);
        for group in groups {
            let sorted = self.groups[*group].sorted(self.in_order);
            lengths.push(sorted.len());
            for (row, count) in sorted {
                rows.push(row);
                counts.push(count);
            }
        }
        let values = match rows.is_empty() {
            true => arrow::array::new_empty_array(&self.argument),
            false => self.columns_of(&rows)?,
        };
        let list = |field: DataType, values: ArrayRef| -> Result<ArrayRef> {
            let field = Arc::new(Field::new_list_field(field, true));
            let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
            Ok(Arc::new(ListArray::try_new(field, offsets, values, None)?))
        };
        Ok(vec![
            list(self.argument.clone(), values)?,
            list(DataType::Int64, Arc::new(Int64Array::from(counts)))?,
        ])
    }

    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef> {
        if groups.is_empty() {
            return Ok(arrow::array::new_empty_array(&self.aggregate.data_type));
        }
        let values =
            groups.iter().map(|group| self.value(&self.groups[*group])).collect::<Result<Vec<_>>>()?;
        let parts: Vec<&dyn Array> = values.iter().map(AsRef::as_ref).collect();
        Ok(concat(&parts)?)
    }

    fn keep(&mut self, groups: &[usize]) {
        pick(&mut self.groups, groups);
    }

    fn bytes(&self) -> usize {
        let held = |held: &Held| {
            let rows: usize = held.rows.keys().map(|row| row.row().data().len() + ENTRY).sum();
            size_of::<Held>() + rows
        };
        self.groups.iter().map(held).sum()
    }
}
