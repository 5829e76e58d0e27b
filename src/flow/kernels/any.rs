//! The generic kernel: every aggregate of the registry, kept exact by keeping the rows of each group.
//!
//! A group holds its argument rows with their weights; a changed group is computed anew by the same accumulator that
//! batch queries use, DISTINCT and ORDER BY included, so that a view gives the same value. The argument is a struct of
//! the aggregate's arguments.
//!
//! Rows come to the accumulator in the order in which they came, where rows of a group come in one order; else in the
//! order of their bytes, which does not depend on how the log was cut. Where the answer shows that order each row is
//! held, else equal ones are held once.

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
    let hold = match mode.ordered && !mode.retractable {
        true if aggregate.shows_order() => Hold::Each,
        true => Hold::First,
        false => Hold::Sorted,
    };
    Ok(Box::new(Any {
        aggregate: Arc::clone(aggregate),
        argument: argument.clone(),
        hold,
        converter,
        groups: vec![],
    }))
}

struct Any {
    aggregate: Arc<Aggregate>,
    argument: DataType,
    hold: Hold,
    converter: RowConverter,
    groups: Vec<Held>,
}

/// The rows of a group.
#[derive(Default)]
struct Held {
    rows: Rows,
    bytes: usize,
}

/// Rows, each with how often it is there.
enum Rows {
    /// In the order in which they came. A row that follows its like is counted with it.
    Listed(Vec<(OwnedRow, i64)>),
    /// Equal ones once, with the place at which they first came; 0 where that does not count.
    Counted(HashMap<OwnedRow, (i64, u64)>),
}

impl Default for Rows {
    fn default() -> Self {
        Self::Listed(vec![])
    }
}

/// How a group's rows are held, and come to the accumulator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Each, as they came.
    Each,
    /// Equal ones once, as they first came.
    First,
    /// Equal ones once, by their bytes; rows may be taken back.
    Sorted,
}

/// Bytes that a held row takes beside its own.
const ENTRY: usize = 64;

impl Held {
    fn new(hold: Hold) -> Self {
        let rows = match hold {
            Hold::Each => Rows::Listed(vec![]),
            Hold::First | Hold::Sorted => Rows::Counted(HashMap::new()),
        };
        Self { rows, bytes: size_of::<Self>() }
    }

    fn add(&mut self, row: OwnedRow, weight: i64, hold: Hold) {
        use hashbrown::hash_map::Entry;
        let taken = row.row().data().len() + ENTRY;
        match &mut self.rows {
            Rows::Listed(rows) => match rows.last_mut() {
                Some((last, count)) if *last == row => *count += weight,
                _ => {
                    rows.push((row, weight));
                    self.bytes += taken;
                }
            },
            Rows::Counted(rows) => {
                let place = if hold == Hold::First { rows.len() as u64 } else { 0 };
                match rows.entry(row) {
                    Entry::Occupied(mut entry) => {
                        entry.get_mut().0 += weight;
                        if entry.get().0 == 0 {
                            entry.remove();
                            self.bytes -= taken;
                        }
                    }
                    Entry::Vacant(entry) => {
                        entry.insert((weight, place));
                        self.bytes += taken;
                    }
                }
            }
        }
    }

    /// The rows with their counts, in the order in which the accumulator is to see them.
    fn sorted(&self) -> Vec<(&OwnedRow, i64)> {
        match &self.rows {
            Rows::Listed(rows) => rows.iter().map(|(row, count)| (row, *count)).collect(),
            Rows::Counted(rows) => {
                let mut rows: Vec<_> = rows.iter().collect();
                rows.sort_by(|(left, (_, first)), (right, (_, second))| {
                    first.cmp(second).then_with(|| left.cmp(right))
                });
                rows.into_iter().map(|(row, (count, _))| (row, *count)).collect()
            }
        }
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
        for (row, count) in held.sorted() {
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
        self.groups.resize_with(groups, || Held::new(self.hold));
    }

    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()> {
        let rows = self.converter.convert_columns(std::slice::from_ref(argument(values)?))?;
        for (row, group) in groups.iter().enumerate() {
            let weight = weights.map_or(1, |weights| weights[row]);
            self.groups[*group].add(rows.row(row).owned(), weight, self.hold);
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
                self.groups[*group].add(rows.row(index).owned(), *count, self.hold);
            }
        }
        Ok(())
    }

    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>> {
        let (mut rows, mut counts, mut lengths) = (vec![], vec![], vec![]);
        for group in groups {
            let sorted = self.groups[*group].sorted();
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
        self.groups.iter().map(|held| held.bytes).sum()
    }
}
