//! The one error of the engine: what went wrong, with the SQLSTATE that the wire gives it.
//!
//! Modules add context where they know it; nothing is mapped to protocol words before the wire.

use std::path::PathBuf;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use millstream_catalog::CatalogError;
use millstream_sql::{SqlError, SqlState};

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong below the wire. A variant exists because a caller acts differently on it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// An error that a user can read as it is.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The disk failed in a way that another try does not mend.
    #[error("{action} {}: {message}", path.display())]
    Io {
        /// What was being done, as a verb: `writing`, `syncing`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        message: String,
    },
    /// Damage that was found by a checksum or a failed decode. Never served, never passed over.
    #[error("{} is damaged at byte {offset}: {message}", path.display())]
    Corrupt {
        /// The file or object.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong.
        message: String,
    },
    /// The log takes no more commits: an fsync failed or the writer died. A restart recovers what was synced.
    #[error("the log is closed for writes: {0}")]
    Latched(String),
    /// The server is stopping.
    #[error("the database is shutting down")]
    ShuttingDown,
}

impl Error {
    /// The SQLSTATE for this error.
    pub fn state(&self) -> SqlState {
        match self {
            Error::Sql(error) => error.state,
            Error::Io { .. } | Error::Latched(_) => SqlState::IoError,
            Error::Corrupt { .. } => SqlState::DataCorrupted,
            Error::ShuttingDown => SqlState::AdminShutdown,
        }
    }

    /// The same without a position: for a text that is not the client's.
    pub fn without_position(self) -> Self {
        match self {
            Error::Sql(error) => Error::Sql(SqlError { position: None, ..error }),
            other => other,
        }
    }

    /// A defect of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        SqlError::internal(message).into()
    }

    /// An I/O error with what was being done to which file; a full disk becomes 53100.
    pub fn io(action: &'static str, path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        let path = path.into();
        if is_full(error) {
            let message = format!("no space left on the disk while {action} {}", path.display());
            return SqlError::new(SqlState::DiskFull, message).into();
        }
        Error::Io { action, path, message: error.to_string() }
    }
}

/// Whether there is no room: of the disk, of a quota, or for so long a file.
pub(crate) fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl From<CatalogError> for Error {
    fn from(error: CatalogError) -> Self {
        SqlError::from(error).into()
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        // What a scan of ours ran into comes back as it was.
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(current) = cause {
            if let Some(own) = current.downcast_ref::<Error>() {
                return own.clone();
            }
            cause = current.source();
        }
        millstream_sql::error::from_datafusion(&error).into()
    }
}

impl From<ArrowError> for Error {
    fn from(error: ArrowError) -> Self {
        DataFusionError::from(error).into()
    }
}
