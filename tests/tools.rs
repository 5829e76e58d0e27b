//! Drivers and tools as people run them.
//!
//! `tools/install.sh DIRECTORY` installs the drivers and tools in the versions that it names; with `MILLSTREAM_TOOLS` as
//! that directory each program of `tools/` is run on a server here, and the type programs on a PostgreSQL 15 as well, to be
//! compared line by line (where there is no PostgreSQL: with what it said when it was asked). Without the variable a test
//! says that it is skipped; with it, a missing program is a failure.
//!
//! What the tools send is recorded in `tools/recorded/*.sql` with PostgreSQL's types and rows, and played in every run.
//! `MILLSTREAM_RECORD=1` records anew.

mod capture;
mod programs;
mod recorded;
mod types;
mod uses;
