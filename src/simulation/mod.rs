//! The whole engine below the sessions, run from a seed on one thread over a machine in memory.
//!
//! ```text
//!  workload ─► database (log without threads, planner, jobs by turns) ─► env::simulated
//!     │                                                                     │ an image before each call
//!     ▼                                                                     ▼
//!  ledger: what was sent, written, durable  ◄── check ── recovered ◄── crash of an image, crashes of that again
//! ```
//!
//! The ledger is the oracle: a log is right if it is a prefix of what was sent, whole commit by whole commit, at least as
//! long as what was acknowledged, and everything else (rows, offsets, watermarks, catalog, views, late rows) follows from
//! that prefix by a naive model in [`model`].
//!
//! `MILLSTREAM_CRASH_POINTS=100000 cargo test --lib simulation::crashes -- --nocapture` runs many crash points;
//! `MILLSTREAM_SEED` repeats a run.

mod check;
mod crashes;
mod database;
mod faults;
mod ledger;
mod model;
mod plants;
mod workload;
