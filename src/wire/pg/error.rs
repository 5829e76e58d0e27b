//! How things end: errors to report, connections to close, clients that are gone; and the messages that say so.

use bytes::BytesMut;
use millstream_sql::{SqlError, SqlState};
use pgwire::messages::response::{ErrorResponse, NoticeResponse};

use crate::Error;
use crate::session::answer::Notice;

/// Why work for a client stopped.
#[derive(Debug)]
pub(super) enum Failure {
    /// A statement failed: report it, the connection goes on.
    Statement(Error),
    /// Report it as FATAL and close the connection.
    Fatal(Error),
    /// Nobody is there to report to.
    Gone,
}

/// A result of work for a client.
pub(super) type Outcome<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A statement's error.
    pub(super) fn sql(state: SqlState, message: impl Into<String>) -> Failure {
        Failure::Statement(SqlError::new(state, message).into())
    }

    /// The client broke the protocol: 08P01, and nothing that follows can be trusted.
    pub(super) fn protocol(message: impl Into<String>) -> Failure {
        Failure::Fatal(SqlError::new(SqlState::ProtocolViolation, message).into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Statement(error)
    }
}

impl From<SqlError> for Failure {
    fn from(error: SqlError) -> Self {
        Failure::Statement(error.into())
    }
}

/// Sockets fail when clients vanish.
impl From<std::io::Error> for Failure {
    fn from(_: std::io::Error) -> Self {
        Failure::Gone
    }
}

/// An error as the client sees it.
pub(super) fn error_response(severity: &str, error: &Error) -> ErrorResponse {
    let mut fields = head(severity, error.state(), &error.to_string());
    if let Error::Sql(error) = error {
        push(&mut fields, b'D', error.detail.as_deref());
        push(&mut fields, b'H', error.hint.as_deref());
        push(&mut fields, b'P', error.position.map(|position| position.to_string()).as_deref());
        push(&mut fields, b'W', error.context.as_deref());
    }
    ErrorResponse::new(fields)
}

/// A notice as the client sees it.
pub(super) fn notice_response(notice: &Notice) -> NoticeResponse {
    let mut fields = head(notice.severity, notice.state, &notice.message);
    push(&mut fields, b'D', notice.detail.as_deref());
    push(&mut fields, b'H', notice.hint.as_deref());
    NoticeResponse::new(fields)
}

fn head(severity: &str, state: SqlState, message: &str) -> Vec<(u8, String)> {
    let mut fields =
        vec![(b'S', severity.to_owned()), (b'V', severity.to_owned()), (b'C', state.code().to_owned())];
    push(&mut fields, b'M', Some(message));
    fields
}

fn push(fields: &mut Vec<(u8, String)>, tag: u8, value: Option<&str>) {
    // A zero byte would end the field early and break the message.
    fields.extend(value.map(|value| (tag, value.replace('\0', "\u{fffd}"))));
}

/// Appends a message; every message that we make is one that pgwire can write.
pub(super) fn put<M: pgwire::messages::Message>(out: &mut BytesMut, message: &M) {
    if let Err(error) = message.encode(out) {
        tracing::error!(%error, "a message could not be encoded");
    }
}
