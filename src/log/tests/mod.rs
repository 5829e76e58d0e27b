//! The log as its users see it: what is committed, read, and read again after a restart.

mod commits;
mod damage;
mod failures;
mod figures;
mod recovery;
mod sealing;
mod support;
mod tails;
