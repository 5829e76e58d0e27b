//! Millstream: a SQL streaming database in one binary, and as a library.
//!
//! The log is the database: every change is a commit in one ordered, durable log, and every view is a function of
//! the log up to an LSN. See `ARCHITECTURE.md` for the map, [`Database`] for the library's front door.

pub mod checkpoint;
pub mod cli;
pub mod config;
pub mod database;
mod demo;
mod document;
pub mod engine;
pub mod env;
pub mod error;
pub mod flow;
pub mod log;
pub mod memory;
pub mod objects;
pub mod query;
pub mod session;
#[cfg(test)]
mod simulation;
pub mod verify;
pub mod view;
pub mod wire;

pub use config::Config;
pub use database::Database;
pub use error::{Error, Result};
