//! The integration tests: the real binary, through the front door. One test binary, since each links DataFusion.

mod crash;
mod errors;
mod flights;
mod harness;
mod library;
mod property;
mod psql;
mod reads;
mod scripts;
mod sinks;
mod subscribe;
