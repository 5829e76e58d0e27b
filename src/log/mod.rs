//! The log: one ordered, durable sequence of commits, and all of the database.

/// The position of a commit: dense, from 1; 0 is before the first.
pub type Lsn = u64;
