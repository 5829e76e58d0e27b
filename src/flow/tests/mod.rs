//! Flows against an oracle that looks at one row at a time: random rows, plans, cuts, shards and restarts.

mod errors;
mod harness;
mod oracle;
mod properties;
mod semantics;
