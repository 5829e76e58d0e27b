//! How much memory a job takes, measured now and then, and held against the budget of all views.
//!
//! To measure walks some of the state, so it is done when what was taken in since may matter, and takes a small share of
//! the time. What a row costs is learnt from what rows have cost; until then little is taken at once, so that one step
//! cannot take more than there is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use millstream_sql::{SqlError, SqlState};

use crate::Result;
use crate::flow::Flow;
use crate::memory::{MemoryBudget, MemoryShare};
use crate::view::ViewWriter;

/// What a row is taken to cost before any was seen.
const FIRST_ROW_BYTES: usize = 64 << 10;

/// What a row is taken to cost at least: those to come may differ more from each other than those seen.
const ROW_BYTES: usize = 256;

/// A step takes no fewer rows than this for the sake of memory.
const STEP_ROWS: usize = 1024;

/// Growth that is worth a measurement.
const WORTHWHILE: usize = 1 << 20;

/// Between two measurements passes at least so many times what one takes, unless memory is short.
const SHARE: u32 = 20;

/// The memory of one job.
pub(super) struct Footprint {
    share: MemoryShare,
    /// What a row of input costs at most, as far as is known.
    row_bytes: usize,
    /// Rows taken since the last measurement.
    rows: usize,
    measured: Instant,
    took: Duration,
}

impl Footprint {
    /// Of a job that holds nothing yet.
    pub fn new(budget: &Arc<MemoryBudget>) -> Self {
        Self {
            share: budget.share(),
            row_bytes: FIRST_ROW_BYTES,
            rows: 0,
            measured: Instant::now(),
            took: Duration::ZERO,
        }
    }

    /// How many rows the next step may take, of `most`.
    pub fn step_rows(&self, most: usize) -> usize {
        (self.share.budget().free() / 4 / self.row_bytes).max(STEP_ROWS).min(most)
    }

    /// Notes that a step took so many rows, and measures if that may matter. `pending` bytes are not in the view yet.
    pub fn watch(
        &mut self,
        rows: usize,
        view: &str,
        flow: &Flow,
        writer: &ViewWriter,
        pending: usize,
    ) -> Result<()> {
        self.rows += rows;
        let growth = self.rows.saturating_mul(self.row_bytes);
        let short = growth > self.share.budget().free() / 8;
        let rested = self.measured.elapsed() > self.took * SHARE;
        if self.rows > 0 && (short || (growth > WORTHWHILE && rested)) {
            self.measure(view, flow, writer, pending)?;
        }
        Ok(())
    }

    /// Measures. 53200 when the job has grown and the budget is used up.
    pub fn measure(&mut self, view: &str, flow: &Flow, writer: &ViewWriter, pending: usize) -> Result<()> {
        let begun = Instant::now();
        let before = self.share.bytes();
        let bytes = flow.bytes() + writer.bytes() + pending;
        let fits = self.share.set(bytes);
        if let Some(cost) = bytes.saturating_sub(before).checked_div(self.rows) {
            // Growth comes in leaps: what was seen is forgotten slowly.
            let known = if self.row_bytes == FIRST_ROW_BYTES { 0 } else { self.row_bytes / 4 * 3 };
            self.row_bytes = (2 * cost).max(known).max(ROW_BYTES);
        }
        self.rows = 0;
        self.measured = Instant::now();
        self.took = begun.elapsed();
        if fits {
            return Ok(());
        }
        let error = self.used_up(view);
        // What it holds is about to go: no other view is to stop for it. Nothing is taken from the budget, so that fits.
        let _ = self.share.set(0);
        Err(error.into())
    }

    fn used_up(&self, view: &str) -> SqlError {
        let mib = |bytes: usize| bytes.div_ceil(1 << 20);
        let budget = self.share.budget();
        let message = format!(
            "materialized view \"{view}\" has stopped: it takes {} MiB, all views together {} MiB, and the memory budget is \
             {} MiB",
            mib(self.share.bytes()),
            mib(budget.taken()),
            mib(budget.limit())
        );
        let hint = "start the server with a larger --memory-mib: the view goes on from its last checkpoint; or drop it, and \
                    create it with windows that close";
        SqlError::new(SqlState::OutOfMemory, message).with_hint(hint)
    }
}
