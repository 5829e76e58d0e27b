//! The integration tests: the real binary, through the front door. One test binary, since each links DataFusion.

mod crash;
mod drivers;
mod error_rows;
mod errors;
mod faults;
mod flights;
mod flips;
mod harness;
mod large;
mod library;
mod postgres;
mod property;
mod psql;
mod reads;
mod s3;
mod s3_server;
mod scripts;
mod sealing;
mod sessions;
mod sinks;
mod subscribe;
mod tools;
mod travel;
mod upgrade;
mod verify;
