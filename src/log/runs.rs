//! Which commits the rows of a chunk belong to, in as few bytes as it takes.
//!
//! A run is the rows of one commit: where it ends, its LSN, its commit time. All three are 4-byte columns counted from
//! the chunk's first, and a column that says nothing is left out: ends when every run is one row, LSNs when they
//! follow each other without a gap, times when all are the same. So a million one-row commits cost 4 MB.

use std::ops::Range;

use super::Lsn;

/// The runs of a chunk, LSNs rising strictly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Runs {
    first_lsn: Lsn,
    first_time: i64,
    rows: u32,
    ends: Option<Box<[u32]>>,
    lsns: Option<Box<[u32]>>,
    times: Option<Box<[u32]>>,
}

impl Runs {
    /// Number of runs.
    pub fn count(&self) -> usize {
        self.ends.as_ref().map_or(self.rows as usize, |ends| ends.len())
    }

    /// The rows of a run.
    pub fn range(&self, run: usize) -> Range<usize> {
        let start = if run == 0 { 0 } else { self.end(run - 1) };
        start..self.end(run)
    }

    /// The LSN of a run.
    pub fn lsn(&self, run: usize) -> Lsn {
        self.first_lsn + self.lsns.as_ref().map_or(run as u64, |lsns| u64::from(lsns[run]))
    }

    /// The commit time of a run.
    pub fn time(&self, run: usize) -> i64 {
        self.first_time + self.times.as_ref().map_or(0, |times| i64::from(times[run]))
    }

    /// The LSN of the first run.
    pub fn first_lsn(&self) -> Lsn {
        self.first_lsn
    }

    /// The LSN of the last run.
    pub fn last_lsn(&self) -> Lsn {
        self.lsn(self.count() - 1)
    }

    /// The run that a row is in.
    pub fn run_of(&self, row: usize) -> usize {
        self.ends.as_ref().map_or(row, |ends| ends.partition_point(|end| *end as usize <= row))
    }

    /// Number of leading rows whose LSN is at most this.
    pub fn rows_through(&self, lsn: Lsn) -> usize {
        let Some(delta) = lsn.checked_sub(self.first_lsn) else { return 0 };
        let runs = match &self.lsns {
            Some(lsns) => lsns.partition_point(|lsn| u64::from(*lsn) <= delta),
            None => usize::try_from(delta).map_or(self.count(), |delta| (delta + 1).min(self.count())),
        };
        if runs == 0 { 0 } else { self.end(runs - 1) }
    }

    /// The memory that the columns take.
    pub fn bytes(&self) -> usize {
        [&self.ends, &self.lsns, &self.times]
            .iter()
            .map(|column| column.as_ref().map_or(0, |c| 4 * c.len()))
            .sum()
    }

    fn end(&self, run: usize) -> usize {
        self.ends.as_ref().map_or(run + 1, |ends| ends[run] as usize)
    }
}

/// Puts runs together.
#[derive(Debug, Default, Clone)]
pub(super) struct RunsBuilder {
    first: Option<(Lsn, i64)>,
    rows: u32,
    ends: Vec<u32>,
    lsns: Vec<u32>,
    times: Vec<u32>,
}

impl RunsBuilder {
    /// Whether a run of that commit can still be put at the end.
    pub fn fits(&self, lsn: Lsn, time: i64) -> bool {
        self.first.is_none_or(|(first_lsn, first_time)| {
            lsn - first_lsn <= u64::from(u32::MAX) && time.abs_diff(first_time) <= u64::from(u32::MAX)
        })
    }

    /// Adds rows of a commit at the end; it is the last one or one after it. The run [fits](RunsBuilder::fits).
    pub fn push(&mut self, lsn: Lsn, time: i64, rows: u32) {
        assert!(self.fits(lsn, time) && rows > 0, "a run that does not fit");
        let (first_lsn, first_time) = *self.first.get_or_insert((lsn, time));
        self.rows += rows;
        let (lsn, time) = ((lsn - first_lsn) as u32, (time - first_time) as u32);
        match self.ends.last_mut() {
            Some(end) if self.lsns.last() == Some(&lsn) => *end = self.rows,
            _ => {
                self.ends.push(self.rows);
                self.lsns.push(lsn);
                self.times.push(time);
            }
        }
    }

    /// Adds all runs of another chunk.
    pub fn extend(&mut self, runs: &Runs) {
        for run in 0..runs.count() {
            self.push(runs.lsn(run), runs.time(run), runs.range(run).len() as u32);
        }
    }

    /// The runs; at least one was pushed.
    pub fn finish(self) -> Runs {
        let (first_lsn, first_time) = self.first.expect("a chunk has rows");
        let one_row_each = self.ends.len() == self.rows as usize;
        let dense = self.lsns.iter().zip(0u32..).all(|(lsn, run)| *lsn == run);
        let one_time = self.times.iter().all(|time| *time == 0);
        Runs {
            first_lsn,
            first_time,
            rows: self.rows,
            ends: (!one_row_each).then(|| self.ends.into()),
            lsns: (!dense).then(|| self.lsns.into()),
            times: (!one_time).then(|| self.times.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(runs: &[(Lsn, i64, u32)]) -> Runs {
        let mut builder = RunsBuilder::default();
        runs.iter().for_each(|(lsn, time, rows)| builder.push(*lsn, *time, *rows));
        builder.finish()
    }

    #[test]
    fn one_row_commits_without_gaps_cost_no_bytes_but_their_times() {
        let runs = build(&(0..1000).map(|i| (10 + i, 5, 1)).collect::<Vec<_>>());
        assert_eq!(runs.bytes(), 0);
        let runs = build(&(0..1000).map(|i| (10 + i, i as i64, 1)).collect::<Vec<_>>());
        assert_eq!(runs.bytes(), 4000);
        assert_eq!((runs.lsn(7), runs.time(7), runs.range(7)), (17, 7, 7..8));
    }

    #[test]
    fn rows_are_found_by_lsn_and_lsns_by_row() {
        for gaps in [0, 3] {
            let list: Vec<_> =
                (0..50u64).map(|i| (7 + i * (1 + gaps), 100 + i as i64, 1 + (i % 4) as u32)).collect();
            let runs = build(&list);
            let mut row = 0;
            for (lsn, time, rows) in &list {
                assert_eq!(runs.rows_through(lsn - 1), row);
                for at in row..row + *rows as usize {
                    assert_eq!((runs.lsn(runs.run_of(at)), runs.time(runs.run_of(at))), (*lsn, *time));
                }
                row += *rows as usize;
                assert_eq!(runs.rows_through(*lsn), row);
            }
            assert_eq!(runs.rows_through(u64::MAX), row);
            assert_eq!(runs.rows_through(0), 0);
        }
    }

    #[test]
    fn rows_of_the_same_commit_are_one_run() {
        let runs = build(&[(3, 1, 2), (3, 1, 5), (4, 1, 1)]);
        assert_eq!((runs.count(), runs.range(0), runs.range(1)), (2, 0..7, 7..8));
    }
}
