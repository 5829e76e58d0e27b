//! Bugs that tests of the tests switch on, to see that a test notices.

/// A bug. Each is one `if` at the place where it would be made; only a simulated machine ever says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plant {
    /// A frame is acknowledged without being synced.
    SkipSync,
    /// A new file's directory is not synced.
    SkipDirectorySync,
    /// A commit is acknowledged before its frame is synced.
    AcknowledgeEarly,
    /// Checksums are not compared.
    SkipCrc,
    /// Recovery applies a frame twice.
    ReplayTwice,
    /// Recovery leaves out the last frame.
    LoseLastFrame,
    /// A checkpoint says that it is of the next LSN.
    CheckpointLsnPlusOne,
    /// A checkpoint says that it is of the LSN before.
    CheckpointLsnMinusOne,
    /// A checkpoint leaves out a part of the state.
    DropSlice,
}
