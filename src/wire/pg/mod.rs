//! pg.
mod decode;
mod error;
mod message;
pub mod types;
