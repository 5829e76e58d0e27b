//! What a step changed in a view, in the words of SUBSCRIBE.

use std::fmt;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;

use crate::Result;
use crate::log::Lsn;

/// Rows of one [`ChangeBatch`] at most, so that a subscriber can send the first before the last is built. An update is
/// never split.
const BATCH_ROWS: usize = 8192;

/// The net change of a view from one LSN to another.
///
/// A row that is updated (same key) is an `update_before` directly followed by its `update_after`; one that came and went
/// within the step is not there at all. A row that counts several times in a view without a key is there once for
/// each. The order is that in which the step's deltas first named the rows.
#[derive(Debug, Clone)]
pub struct Changes {
    /// The LSN that the change starts from, exclusive.
    pub after: Lsn,
    /// The LSN that the view is at with these changes.
    pub lsn: Lsn,
    /// The time of that commit, in microseconds since the Unix epoch.
    pub commit_time: i64,
    /// The rows, in order.
    pub batches: Vec<ChangeBatch>,
}

/// Some changed rows: the view's columns, and one word for each row.
#[derive(Debug, Clone)]
pub struct ChangeBatch {
    /// What happened to each row.
    pub ops: Vec<ChangeOp>,
    /// The rows, in the view's schema.
    pub batch: RecordBatch,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeOp {
    /// It came.
    Insert,
    /// It went.
    Delete,
    /// It is the old one of an update.
    UpdateBefore,
    /// It is the new one of the update whose old row comes just before.
    UpdateAfter,
}

impl ChangeOp {
    /// The word in the column `op`.
    pub fn name(self) -> &'static str {
        match self {
            ChangeOp::Insert => "insert",
            ChangeOp::Delete => "delete",
            ChangeOp::UpdateBefore => "update_before",
            ChangeOp::UpdateAfter => "update_after",
        }
    }

    /// How many times more the row is in the view: 1 or -1.
    pub fn weight(self) -> i64 {
        match self {
            ChangeOp::Insert | ChangeOp::UpdateAfter => 1,
            ChangeOp::Delete | ChangeOp::UpdateBefore => -1,
        }
    }
}

impl fmt::Display for ChangeOp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl Changes {
    /// Number of changed rows, both rows of an update counted.
    pub fn num_rows(&self) -> usize {
        self.batches.iter().map(|batch| batch.ops.len()).sum()
    }

    /// Whether nothing changed but the LSN.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }
}

/// Changes while a step finds them: rows of one batch, by index.
#[derive(Debug, Default)]
pub(super) struct ChangeRows {
    ops: Vec<ChangeOp>,
    rows: Vec<u32>,
}

impl ChangeRows {
    /// One more change.
    pub fn push(&mut self, op: ChangeOp, row: u32) {
        self.ops.push(op);
        self.rows.push(row);
    }

    /// The changes as batches; `source` is what the rows are indexes of.
    pub fn batches(self, source: &RecordBatch) -> Result<Vec<ChangeBatch>> {
        let mut batches = Vec::new();
        let mut start = 0;
        while start < self.ops.len() {
            let mut end = self.ops.len().min(start + BATCH_ROWS);
            if end < self.ops.len() && self.ops[end] == ChangeOp::UpdateAfter {
                end += 1;
            }
            let rows = &self.rows[start..end];
            let consecutive = rows.windows(2).all(|pair| pair[0] + 1 == pair[1]);
            let batch = if consecutive {
                source.slice(rows[0] as usize, rows.len())
            } else {
                take_record_batch(source, &UInt32Array::from(rows.to_vec()))?
            };
            batches.push(ChangeBatch { ops: self.ops[start..end].to_vec(), batch });
            start = end;
        }
        Ok(batches)
    }
}
