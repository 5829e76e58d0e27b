//! INSERT.
