//! Beside a real PostgreSQL: its own regression scripts and generated expressions, run on both servers and compared.

#[cfg(test)]
mod beside;
pub mod catalogs;
pub mod compare;
pub mod complete;
pub mod expressions;
pub mod forms;
pub mod generate;
pub mod mirror;
pub mod regress;
pub mod report;
pub mod scope;
pub mod script;
pub mod servers;
pub mod source;
pub mod statement;
pub mod values;
pub mod wire;
