//! Error rows: where an expression fails on a row, an error stands in the row's place, and goes when the row goes.
//!
//! ```text
//!   rows ─► operator ─► rows for which its expressions have a value ─► …
//!              └──────► (row, weight) that fails: (place, SQLSTATE, message, operator) with that weight ─► the view
//! ```
//! **An error is a function of the row**: the row that is taken back fails as it did when it came, so its error comes with
//! weight -1 and nothing has to be remembered. No operator looks at the errors of those below it: they pass through filters,
//! windows, unions and aggregates as themselves, so what a view holds is the sum of the errors of all its operators, and
//! each is told to the driver at once ([`Failures`]).
//!
//! **What it costs.** A batch is evaluated whole. Only when that fails is it cut in halves until the rows that fail are found.
//!
//! **The place** is the row of the stream where there is one, and else what identifies the row that the operator read: a
//! group by its keys. Rows of streams come before groups, in the order of the log. The least error of a view is thus the
//! same however the log was cut.

use std::collections::BTreeMap;
use std::fmt;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::{Int32Type, Int64Type, Schema};
use arrow::util::display::array_value_to_string;
use datafusion::physical_expr::PhysicalExpr;
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};
use parking_lot::Mutex;
use std::sync::Arc;

use super::delta::Delta;
use super::grouping::evaluate;
use super::input::{SourceDelta, SourceRows};
use crate::log::Lsn;
use crate::{Error, Result};

/// Hidden columns of a stream by their place: the partition, the offset, the commit.
const PARTITION: usize = 0;
const OFFSET: usize = 1;
const LSN: usize = 2;

/// An error in a row's place. Ordered by place, so that the first of several is the one that a reader gets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorRow {
    /// The row that failed.
    pub place: Place,
    /// The five characters of its SQLSTATE.
    pub code: String,
    /// Its message.
    pub message: String,
    /// The node of the plan whose expression failed.
    pub operator: usize,
}

/// Which row failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A row of a stream.
    Row {
        /// The commit that appended it.
        lsn: Lsn,
        /// The stream.
        stream: ObjectId,
        /// Its number in the stream.
        row: u64,
        /// Its partition.
        partition: i32,
        /// Its offset there.
        offset: i64,
    },
    /// A row that no stream has, such as a group's: `(k, n)=(3, 7)`, the columns that identify it.
    Derived(String),
}

/// Errors that came (weight above zero) and went (below); no weight is zero.
pub type ErrorChanges = BTreeMap<ErrorRow, i64>;

/// Where the operators of a step put the errors of their rows. Netted, so the order in which they come does not matter.
#[derive(Default)]
pub(crate) struct Failures {
    found: Mutex<ErrorChanges>,
}

/// What the operator that reports is told of itself.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// Its node in the plan.
    pub node: usize,
    /// The columns that identify a row of its input.
    pub identity: &'a [usize],
    /// The rows of the streams.
    pub sources: &'a [SourceDelta],
    /// Where errors go.
    pub failures: &'a Failures,
}

impl ErrorRow {
    /// The error as a reader gets it: that of the row, with the row in the DETAIL.
    pub fn error(&self) -> SqlError {
        let state = SqlState::from_code(&self.code).unwrap_or(SqlState::InternalError);
        SqlError::new(state, self.message.clone())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Row { lsn, partition, offset, .. } => {
                write!(formatter, "row {partition}:{offset} of commit {lsn}")
            }
            Place::Derived(text) => write!(formatter, "row {text}"),
        }
    }
}

impl Failures {
    /// All that was reported.
    pub(crate) fn take(self) -> ErrorChanges {
        self.found.into_inner()
    }

    fn add(&self, errors: impl IntoIterator<Item = (ErrorRow, i64)>) {
        let mut found = self.found.lock();
        for (error, weight) in errors {
            add_error(&mut found, error, weight);
        }
    }
}

/// Adds an error to others.
pub(crate) fn add_error(errors: &mut ErrorChanges, error: ErrorRow, weight: i64) {
    use std::collections::btree_map::Entry;
    match errors.entry(error) {
        Entry::Vacant(entry) if weight != 0 => drop(entry.insert(weight)),
        Entry::Vacant(_) => {}
        Entry::Occupied(mut entry) => match *entry.get() + weight {
            0 => drop(entry.remove()),
            sum => *entry.get_mut() = sum,
        },
    }
}

impl Site<'_> {
    /// Rows of a delta fail, by their indexes, ascending.
    pub(crate) fn report(&self, delta: &Delta, failed: Vec<(usize, Error)>) -> Result<()> {
        let rows: Vec<usize> = failed.iter().map(|(row, _)| *row).collect();
        let places = match self.stream_places(delta, &rows)? {
            Some(places) => places,
            None => derived_places(&delta.batch, self.identity, &rows)?,
        };
        let weight = |row: usize| delta.weights.as_ref().map_or(1, |weights| weights.value(row));
        self.failures.add(
            places.into_iter().zip(failed).map(|(place, (row, error))| self.row(place, &error, weight(row))),
        );
        Ok(())
    }

    /// Groups fail: one row of key columns and one error each.
    pub(crate) fn report_groups(
        &self,
        schema: &Schema,
        keys: &[ArrayRef],
        failed: Vec<(Error, i64)>,
    ) -> Result<()> {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        for (row, (error, weight)) in failed.into_iter().enumerate() {
            let place = place_of(&names[..keys.len()], keys, row)?;
            self.failures.add([self.row(place, &error, weight)]);
        }
        Ok(())
    }

    fn row(&self, place: Place, error: &Error, weight: i64) -> (ErrorRow, i64) {
        let code = error.state().code().to_owned();
        (ErrorRow { place, code, message: error.to_string(), operator: self.node }, weight)
    }

    /// Where rows are in their stream; None for rows of none. A row fails in the step that takes it, whose input has it.
    fn stream_places(&self, delta: &Delta, rows: &[usize]) -> Result<Option<Vec<Place>>> {
        let (Some(stream), Some(numbers)) = (delta.stream, &delta.row_numbers) else { return Ok(None) };
        let own = self.sources.iter().filter(|source| source.stream == stream);
        let slices: Vec<&dyn SourceRows> =
            own.flat_map(|source| &source.slices).map(|slice| slice.as_ref()).collect();
        let mut places = Vec::with_capacity(rows.len());
        let mut current: Option<(u64, Hidden)> = None;
        for row in rows {
            let number = numbers.at(*row);
            let within = |first: u64, count: usize| number >= first && number - first < count as u64;
            if !current.as_ref().is_some_and(|(first, hidden)| within(*first, hidden.lsns.len())) {
                let slice = slices.iter().find(|slice| within(slice.first_row(), slice.batch().num_rows()));
                let slice =
                    slice.ok_or_else(|| Error::internal("a row that failed is not in the step's input"))?;
                current = Some((slice.first_row(), Hidden::of(*slice)?));
            }
            let Some((first, hidden)) = &current else { continue };
            places.push(hidden.place(stream, number, (number - first) as usize));
        }
        Ok(Some(places))
    }
}

/// The columns of a slice that tell places.
struct Hidden {
    partitions: ArrayRef,
    offsets: ArrayRef,
    lsns: ArrayRef,
}

impl Hidden {
    fn of(slice: &dyn SourceRows) -> Result<Self> {
        let (partitions, offsets, lsns) = (slice.hidden(PARTITION), slice.hidden(OFFSET), slice.hidden(LSN));
        let fits = partitions.as_primitive_opt::<Int32Type>().is_some()
            && [&offsets, &lsns].iter().all(|column| column.as_primitive_opt::<Int64Type>().is_some());
        match fits {
            true => Ok(Self { partitions, offsets, lsns }),
            false => Err(Error::internal("a stream's hidden columns are not of their types")),
        }
    }

    fn place(&self, stream: ObjectId, row: u64, index: usize) -> Place {
        Place::Row {
            lsn: self.lsns.as_primitive::<Int64Type>().value(index) as Lsn,
            stream,
            row,
            partition: self.partitions.as_primitive::<Int32Type>().value(index),
            offset: self.offsets.as_primitive::<Int64Type>().value(index),
        }
    }
}

fn derived_places(batch: &RecordBatch, identity: &[usize], rows: &[usize]) -> Result<Vec<Place>> {
    let schema = batch.schema();
    let names: Vec<&str> = identity.iter().map(|column| schema.field(*column).name().as_str()).collect();
    let columns: Vec<ArrayRef> = identity.iter().map(|column| batch.column(*column).clone()).collect();
    rows.iter().map(|row| place_of(&names, &columns, *row)).collect()
}

fn place_of(names: &[&str], columns: &[ArrayRef], row: usize) -> Result<Place> {
    let value = |column: &ArrayRef| match column.is_null(row) {
        true => Ok("NULL".to_owned()),
        false => array_value_to_string(column, row),
    };
    let values: Vec<String> = columns.iter().map(value).collect::<Result<_, _>>()?;
    Ok(Place::Derived(format!("({})=({})", names.join(", "), values.join(", "))))
}

/// Evaluates expressions over the rows of a delta: the rows for which all have a value, and the values. The others are
/// reported, those that `counts` says are of no account left out of the report.
pub(crate) fn evaluate_rows(
    expressions: &[Arc<dyn PhysicalExpr>],
    delta: Delta,
    site: &Site<'_>,
    counts: impl FnOnce() -> Option<Vec<bool>>,
) -> Result<(Delta, Vec<ArrayRef>)> {
    match evaluate_all(expressions, &delta.batch) {
        Ok(columns) => return Ok((delta, columns)),
        Err(error) if !is_of_a_row(&error) => return Err(error),
        Err(_) => {}
    }
    let rows = delta.num_rows();
    let mut search = Search { expressions, batch: &delta.batch, pieces: vec![], failed: vec![] };
    search.halves(0, rows)?;
    let Search { pieces, failed, .. } = search;
    let mut mask = vec![true; rows];
    failed.iter().for_each(|(row, _)| mask[*row] = false);
    let columns = concatenated(expressions, &delta.batch.schema(), &pieces)?;
    let matter = match counts() {
        Some(counts) => failed.into_iter().filter(|(row, _)| counts[*row]).collect(),
        None => failed,
    };
    site.report(&delta, matter)?;
    Ok((delta.filter(&BooleanArray::from(mask))?, columns))
}

/// The rows for which expressions have no value, found by halving.
struct Search<'a> {
    expressions: &'a [Arc<dyn PhysicalExpr>],
    batch: &'a RecordBatch,
    /// Values of runs of rows that do not fail, in order.
    pieces: Vec<Vec<ArrayRef>>,
    failed: Vec<(usize, Error)>,
}

impl Search<'_> {
    fn range(&mut self, from: usize, count: usize) -> Result<()> {
        match evaluate_all(self.expressions, &self.batch.slice(from, count)) {
            Ok(columns) => self.pieces.push(columns),
            Err(error) if !is_of_a_row(&error) => return Err(error),
            Err(error) if count == 1 => self.failed.push((from, error)),
            Err(_) => self.halves(from, count)?,
        }
        Ok(())
    }

    /// Of a range that fails as a whole.
    fn halves(&mut self, from: usize, count: usize) -> Result<()> {
        if count <= 1 {
            return if count == 0 { Ok(()) } else { self.range(from, count) };
        }
        self.range(from, count / 2)?;
        self.range(from + count / 2, count - count / 2)
    }
}

fn evaluate_all(expressions: &[Arc<dyn PhysicalExpr>], batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
    expressions.iter().map(|expression| evaluate(expression, batch)).collect()
}

fn concatenated(
    expressions: &[Arc<dyn PhysicalExpr>],
    schema: &Schema,
    pieces: &[Vec<ArrayRef>],
) -> Result<Vec<ArrayRef>> {
    let column = |index: usize| {
        let arrays: Vec<&dyn Array> = pieces.iter().map(|columns| columns[index].as_ref()).collect();
        match arrays.is_empty() {
            true => Ok(new_empty_array(&expressions[index].data_type(schema)?)),
            false => Ok(concat(&arrays)?),
        }
    };
    (0..expressions.len()).map(column).collect()
}

/// Whether an error is that of a value, and not of the machine.
fn is_of_a_row(error: &Error) -> bool {
    let machine = [SqlState::OutOfMemory, SqlState::DiskFull, SqlState::InsufficientResources];
    matches!(error, Error::Sql(error) if !machine.contains(&error.state))
}

/// The same for what a kernel says of a group, whose defects stop the view.
pub(crate) fn is_of_a_group(error: &Error) -> bool {
    is_of_a_row(error) && error.state() != SqlState::InternalError
}
