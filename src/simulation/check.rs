//! Compares a database with what its ledger says.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type, Int64Type, TimeUnit};
use millstream_catalog::ObjectId;

use super::database::Database;
use super::ledger::{Ledger, Row};
use super::model::{Model, PlacedRow, StreamModel};
use crate::flow::delta::NO_WATERMARK;
use crate::log::StreamTail;

/// What was compared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compared {
    /// Rows of streams.
    pub rows: u64,
    /// Rows of views.
    pub view_rows: u64,
}

/// A difference, in words.
pub type Checked<T> = Result<T, String>;

macro_rules! same {
    ($left:expr, $right:expr, $($what:tt)+) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            return Err(format!("{}: {left:?} instead of {right:?}", format!($($what)+)));
        }
    }};
}

/// Compares all of a database that ends where its log does. The views take their turns.
pub fn check(database: &mut Database, ledger: &Ledger) -> Checked<Compared> {
    let end = database.log.synced_lsn();
    let model = Model::of(&ledger.commits[..end as usize]);
    let mut compared = streams(database, ledger, &model)?;
    database.catch_up().map_err(|error| format!("a view failed: {error}"))?;
    compared.view_rows = views(database, &model)?;
    Ok(compared)
}

/// Compares catalog, commit times and streams.
pub fn streams(database: &Database, ledger: &Ledger, model: &Model) -> Checked<Compared> {
    let end = database.log.synced_lsn();
    let objects = database.catalog.objects().map(|object| (object.id.0, object.name.name.clone()));
    same!(objects.collect::<Vec<_>>(), model.objects.clone().into_iter().collect::<Vec<_>>(), "objects");
    same!(database.catalog.next_id().0, model.next_object, "the next object's id");
    let mut last = i64::MIN;
    for lsn in 1..=end {
        // What was sealed long ago is known roughly.
        let Some(time) = database.log.commit_time(lsn) else {
            same!(lsn <= ledger.sealed, true, "commit {lsn} has no time");
            continue;
        };
        let seen = ledger.times[lsn as usize - 1];
        if lsn > ledger.sealed && seen != 0 {
            same!(time, seen, "the time of commit {lsn}");
        }
        if time < last {
            return Err(format!("the time of commit {lsn} is before that of the one before"));
        }
        last = time;
    }
    let mut compared = Compared::default();
    for (id, stream) in &model.streams {
        let tail = database.log.stream(ObjectId(*id)).ok_or(format!("stream {id} is not there"))?;
        compared.rows += rows(&tail, stream, ledger.sealed, end)
            .map_err(|difference| format!("stream {} ({id}) at {end}: {difference}", stream.name))?;
    }
    Ok(compared)
}

fn rows(tail: &Arc<StreamTail>, model: &StreamModel, sealed: u64, end: u64) -> Checked<u64> {
    let failed = |error| format!("it cannot be read: {error}");
    let slices = tail.read(0, end).map_err(failed)?;
    let first = tail.first_row() as usize;
    let mut found: Vec<PlacedRow> = Vec::new();
    for slice in &slices {
        same!(slice.first_row as usize, first + found.len(), "the first row of a slice");
        let longs = |array: &ArrayRef| array.as_primitive::<Int64Type>().values().to_vec();
        let columns: Vec<Vec<i64>> =
            slice.batch.columns().iter().map(|column| longs(&as_longs(column))).collect();
        let partitions = slice.hidden(0);
        let partitions = partitions.as_primitive::<Int32Type>().values().to_vec();
        let (offsets, lsns) = (longs(&slice.hidden(1)), longs(&slice.hidden(2)));
        for index in 0..slice.num_rows() {
            let [id, k, v, at] = [0, 1, 2, 3].map(|column| columns[column][index]);
            let watermark = slice.watermarks.as_ref().map_or(NO_WATERMARK, |marks| marks[index]);
            let row = Row { id, k, v, at, partition: partitions[index] };
            found.push(PlacedRow { row, lsn: lsns[index] as u64, offset: offsets[index], watermark });
        }
    }
    if model.name != "kept" {
        same!(first, 0, "rows that are gone");
    }
    // Retention takes the oldest, of what is sealed only.
    let needed = model.rows.iter().position(|placed| placed.lsn > sealed).unwrap_or(model.rows.len());
    if first > needed {
        return Err(format!("rows up to {first} are gone, and {needed} is not sealed"));
    }
    same!(first + found.len(), model.rows.len(), "rows in all");
    for (at, (found, expected)) in found.iter().zip(&model.rows[first..]).enumerate() {
        same!(*found, *expected, "row {}", first + at);
    }
    same!(tail.row_count() as usize, found.len(), "the count of rows");
    if model.timed {
        same!(tail.watermark(), model.watermark, "the watermark");
        same!(tail.watermark_at(end).map_err(failed)?, model.watermark, "the watermark at the end");
    }
    Ok(found.len() as u64)
}

/// Compares the contents of all views, which are at the end of the log.
pub fn views(database: &Database, model: &Model) -> Checked<u64> {
    let mut compared = 0;
    for (id, (job, _)) in &database.jobs {
        let name = &model.objects.get(&id.0).ok_or(format!("view {id} is too many"))?;
        let expected = model.view(name);
        let batches =
            job.newest().batches().map_err(|error| format!("view {name} cannot be read: {error}"))?;
        let mut found: Vec<Vec<i128>> = batches.iter().flat_map(numbers).collect();
        found.sort_unstable();
        let (end, restored) = (job.newest().lsn, job.restored_lsn);
        if found != expected.rows {
            let wrong = found.iter().find(|row| !expected.rows.contains(row));
            let missing = expected.rows.iter().find(|row| !found.contains(row));
            return Err(format!(
                "view {name} at {end}, restored at {restored}: {wrong:?} is wrong, {missing:?} is missing, \
                 {} rows of {}",
                found.len(),
                expected.rows.len()
            ));
        }
        let late = job.stats().late;
        let late = (late.rows, late.pairs);
        same!(
            late,
            (expected.late_rows, expected.late_pairs),
            "late rows of {name} at {end} from {restored}"
        );
        compared += found.len() as u64;
    }
    Ok(compared)
}

fn as_longs(column: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        DataType::Timestamp(_, _) => {
            let micros = cast(column, &DataType::Timestamp(TimeUnit::Microsecond, None)).unwrap();
            cast(&micros, &DataType::Int64).unwrap()
        }
        _ => cast(column, &DataType::Int64).unwrap(),
    }
}

/// The rows of a batch as numbers.
fn numbers(batch: &RecordBatch) -> Vec<Vec<i128>> {
    let columns: Vec<ArrayRef> = batch.columns().iter().map(as_longs).collect();
    let cell = |column: &ArrayRef, row: usize| match column.is_null(row) {
        true => i128::MIN,
        false => i128::from(column.as_primitive::<Int64Type>().value(row)),
    };
    (0..batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}
