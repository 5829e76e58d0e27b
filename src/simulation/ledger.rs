//! What a test sent to the log, and how much of it was acknowledged.

use std::sync::atomic::Ordering;

use crate::env::simulated::Simulated;
use crate::log::Lsn;

/// A row of any of the streams: all have the same columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Different in every row of a run.
    pub id: i64,
    pub k: i64,
    pub v: i64,
    /// Event time, µs.
    pub at: i64,
    pub partition: i32,
}

/// A part of a commit.
#[derive(Debug, Clone)]
pub enum Part {
    Rows { stream: u64, rows: Vec<Row> },
    Tick { stream: u64, watermark: i64 },
    Define { id: u64, name: String, partitions: usize },
    Drop { ids: Vec<u64> },
}

/// The commits in the order in which they were sent. The one at an index is the one with the next LSN: nothing is refused
/// in between, or it is taken out.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub commits: Vec<Vec<Part>>,
    /// Commit times, as far as they were seen; 0 for none.
    pub times: Vec<i64>,
    pub next_row: i64,
    /// Event time goes on from here.
    pub event_us: i64,
    /// All up to this is sealed at the most.
    pub sealed: Lsn,
    now: Mark,
    marks: Vec<Mark>,
}

/// How far the log was at some moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Commits that were sent.
    pub sent: Lsn,
    /// Acknowledged as written: a killed program leaves them.
    pub written: Lsn,
    /// Acknowledged as durable, or shown to a reader.
    pub durable: Lsn,
    /// As [`Ledger::sealed`].
    pub sealed: Lsn,
}

impl Ledger {
    /// How far it is now.
    pub fn now(&self) -> Mark {
        self.now
    }

    /// How far it was when an image was taken.
    pub fn at(&self, mark: u64) -> Mark {
        self.marks[mark as usize]
    }

    /// A commit is about to be sent.
    pub fn send(&mut self, machine: &Simulated, parts: Vec<Part>) {
        self.commits.push(parts);
        self.times.push(0);
        self.now.sent += 1;
        self.note(machine);
    }

    /// Takes a commit out: it was refused.
    pub fn take_back(&mut self, machine: &Simulated, index: usize) {
        self.commits.remove(index);
        self.times.remove(index);
        self.now.sent -= 1;
        self.note(machine);
    }

    /// All up to an LSN was acknowledged.
    pub fn acknowledged(&mut self, machine: &Simulated, lsn: Lsn, durable: bool) {
        self.now.written = self.now.written.max(lsn);
        if durable {
            self.now.durable = self.now.durable.max(lsn);
        }
        self.note(machine);
    }

    /// Sealing is about to begin.
    pub fn sealing(&mut self, machine: &Simulated) {
        self.sealed = self.now.sent;
        self.note(machine);
    }

    /// The log is known to end here: what was under way beyond is not there, and what is there is durable.
    pub fn settle(&mut self, machine: &Simulated, lsn: Lsn) {
        self.commits.truncate(lsn as usize);
        self.times.truncate(lsn as usize);
        self.now = Mark { sent: lsn, written: lsn, durable: lsn, sealed: self.sealed.min(lsn) };
        self.note(machine);
    }

    /// Tells images from now on where the ledger is.
    fn note(&mut self, machine: &Simulated) {
        self.now.sealed = self.sealed;
        self.marks.push(self.now);
        machine.mark().store(self.marks.len() as u64 - 1, Ordering::SeqCst);
    }
}
