//! What a reader of a stream gets: rows of one chunk, shared and not copied, with the hidden columns on demand.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};

use super::chunk::Chunk;
use super::{Lsn, StreamSpec};
use crate::flow::delta::NO_WATERMARK;

/// Consecutive rows of a stream, in log order.
#[derive(Debug, Clone)]
pub struct TailSlice {
    /// The user's columns.
    pub batch: RecordBatch,
    /// The number of the first row in the stream, dense from 0 over all partitions.
    pub first_row: u64,
    /// The stream's watermark just before each row, in µs ([`NO_WATERMARK`]: none yet); absent when the stream has
    /// no event time.
    pub watermarks: Option<ScalarBuffer<i64>>,
    /// The watermark right after the last row, before any tick that follows it.
    pub watermark_after: i64,
    chunk: Arc<Chunk>,
    spec: Arc<StreamSpec>,
    start: usize,
}

impl TailSlice {
    pub(super) fn new(
        chunk: Arc<Chunk>,
        spec: Arc<StreamSpec>,
        rows: Range<usize>,
        watermark_after: i64,
    ) -> Self {
        let whole = rows == (0..chunk.rows());
        Self {
            batch: if whole { chunk.batch.clone() } else { chunk.batch.slice(rows.start, rows.len()) },
            first_row: chunk.first_row + rows.start as u64,
            watermarks: chunk.watermarks.as_ref().map(|values| values.slice(rows.start, rows.len())),
            watermark_after,
            start: rows.start,
            chunk,
            spec,
        }
    }

    /// Some of the rows, at least one.
    pub(super) fn part(&self, rows: Range<usize>) -> Self {
        if rows == (0..self.num_rows()) {
            return self.clone();
        }
        let ends_here = rows.end == self.num_rows();
        let rows = self.start + rows.start..self.start + rows.end;
        let inside = self.chunk.watermarks.as_ref().filter(|_| !ends_here).map(|values| values[rows.end]);
        let watermark_after = inside.unwrap_or(self.watermark_after);
        Self::new(self.chunk.clone(), self.spec.clone(), rows, watermark_after)
    }

    /// The rows from a row of the stream on, if there are any.
    pub(super) fn rows_from(self, row: u64) -> Option<Self> {
        let skipped = usize::try_from(row.saturating_sub(self.first_row)).unwrap_or(usize::MAX);
        (skipped < self.num_rows()).then(|| self.part(skipped..self.num_rows()))
    }

    /// The number of the row after the last.
    pub(super) fn end_row(&self) -> u64 {
        self.first_row + self.num_rows() as u64
    }

    /// The next offset of each partition before the first row.
    pub(super) fn offsets_before(&self) -> Vec<i64> {
        let Some(partitions) = &self.chunk.partitions else { return vec![self.first_row as i64] };
        let mut next = partitions.offsets.to_vec();
        partitions.rows[..self.start].iter().for_each(|partition| next[*partition as usize] += 1);
        next
    }

    /// The next offset of each partition after the last row.
    pub(super) fn offsets_after(&self) -> Vec<i64> {
        let mut next = self.offsets_before();
        match &self.chunk.partitions {
            Some(partitions) => {
                let rows = &partitions.rows[self.start..self.start + self.num_rows()];
                rows.iter().for_each(|partition| next[*partition as usize] += 1);
            }
            None => next[0] += self.num_rows() as i64,
        }
        next
    }

    /// Number of rows, at least one.
    pub fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The commits of the rows: which rows of this slice, LSN, commit time (µs).
    pub fn runs(&self) -> impl Iterator<Item = (Range<usize>, Lsn, i64)> + '_ {
        let runs = &self.chunk.runs;
        let end = self.start + self.num_rows();
        let last = runs.run_of(end - 1);
        (runs.run_of(self.start)..=last).map(move |run| {
            let range = runs.range(run);
            let rows = range.start.max(self.start) - self.start..range.end.min(end) - self.start;
            (rows, runs.lsn(run), runs.time(run))
        })
    }

    /// The LSN of the last row.
    pub fn last_lsn(&self) -> Lsn {
        let runs = &self.chunk.runs;
        runs.lsn(runs.run_of(self.start + self.num_rows() - 1))
    }

    /// A hidden column by its index in [`millstream_catalog::HIDDEN_COLUMNS`], in the type that
    /// [`millstream_catalog::Stream::schema_with_hidden`] gives it. `_watermark` is NULL where there was none, and
    /// on a stream without event time.
    ///
    /// # Panics
    /// On an index past the last hidden column.
    pub fn hidden(&self, index: usize) -> ArrayRef {
        match index {
            0 => Arc::new(self.partitions()),
            1 => Arc::new(self.offsets()),
            2 => Arc::new(Int64Array::new(self.by_run(|lsn, _| lsn as i64), None)),
            3 => {
                let times = TimestampMicrosecondArray::new(self.by_run(|_, time| time), None);
                Arc::new(times.with_timezone("+00:00"))
            }
            4 => self.watermark_column(),
            _ => panic!("a stream has no hidden column {index}"),
        }
    }

    fn by_run(&self, value: impl Fn(Lsn, i64) -> i64) -> ScalarBuffer<i64> {
        let mut values = Vec::with_capacity(self.num_rows());
        for (rows, lsn, time) in self.runs() {
            values.resize(values.len() + rows.len(), value(lsn, time));
        }
        values.into()
    }

    fn partitions(&self) -> Int32Array {
        match &self.chunk.partitions {
            Some(partitions) => Int32Array::new(partitions.rows.slice(self.start, self.num_rows()), None),
            None => vec![0; self.num_rows()].into(),
        }
    }

    fn offsets(&self) -> Int64Array {
        let rows = self.num_rows();
        let Some(partitions) = &self.chunk.partitions else {
            let first = self.first_row as i64;
            return (first..first + rows as i64).collect::<Vec<_>>().into();
        };
        let mut next = partitions.offsets.to_vec();
        let mut offsets = Vec::with_capacity(rows);
        for (row, partition) in partitions.rows[..self.start + rows].iter().enumerate() {
            let offset = &mut next[*partition as usize];
            if row >= self.start {
                offsets.push(*offset);
            }
            *offset += 1;
        }
        offsets.into()
    }

    fn watermark_column(&self) -> ArrayRef {
        let rows = self.num_rows();
        let column = match &self.watermarks {
            Some(values) => {
                let present = NullBuffer::from_iter(values.iter().map(|value| *value != NO_WATERMARK));
                TimestampMicrosecondArray::new(values.clone(), Some(present).filter(|p| p.null_count() > 0))
            }
            None => TimestampMicrosecondArray::new_null(rows),
        };
        let column_type = self.spec.watermark.as_ref().map(|w| self.spec.schema.field(w.column).data_type());
        match column_type {
            Some(data_type) if super::watermark::is_event_time(data_type) => {
                Arc::new(column.with_data_type(data_type.clone()))
            }
            _ => Arc::new(column),
        }
    }
}
