//! Flows against an oracle.
