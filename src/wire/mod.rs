//! How values and statements cross the network.
//!
//! ```text
//!  pg      sockets, messages, one connection a task ─► session
//!  copy    COPY data ⇄ Arrow batches
//!  column  an Arrow column, written cell by cell
//!  text    values in Postgres's text form
//! ```
//!
//! [`copy`], [`column`] and [`text`] know nothing of sockets; [`pg`] knows nothing of engines: it drives whatever
//! implements [`crate::session::answer::Backend`].

pub mod column;
pub mod copy;
pub mod pg;
