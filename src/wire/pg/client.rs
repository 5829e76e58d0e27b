//! The client's end of a connection: frames in, messages out, and the watch that is kept while a statement runs.
//!
//! ```text
//!  socket ─► Input (bounded read-ahead) ─► frames
//!  messages ─► Output ─► socket             (written when large, and when the protocol says flush)
//! ```
//!
//! While a statement runs, [`Client::watch`] looks at five things at once: the statement, the cancel handle, the
//! socket (a vanished client stops the statement), notices (sent at once), and the server's shutdown.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use millstream_sql::SqlState;
use pgwire::messages::response::ErrorResponse;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};

use super::error::{Failure, Outcome, notice_response, put};
use super::message::{frame_length, take_frame};
use crate::session::answer::{CancelHandle, Notice};
use crate::{Error, Result};

/// Output beyond this many bytes is written before more is made.
pub(super) const WRITE_BYTES: usize = 64 << 10;
/// While a statement runs, at most this much of what the client sends meanwhile is read ahead.
const READ_AHEAD_BYTES: usize = 1 << 20;
const READ_BYTES: usize = 64 << 10;

/// What the client sends.
pub(super) struct Input {
    socket: OwnedReadHalf,
    buffer: BytesMut,
}

/// What the client is sent. Methods may be dropped at any await: what was not written stays in the buffer.
pub(super) struct Output {
    socket: OwnedWriteHalf,
    pub(super) buffer: BytesMut,
}

/// The client of a connection whose session is open.
pub(super) struct Client {
    pub(super) input: Input,
    pub(super) output: Output,
    pub(super) cancel: CancelHandle,
    notices: mpsc::UnboundedReceiver<Notice>,
    shutdown: watch::Receiver<bool>,
}

impl Input {
    /// Reads what is there; false at the end of the input. May be dropped without loss.
    pub(super) async fn fill(&mut self) -> std::io::Result<bool> {
        if self.buffer.is_empty() && self.buffer.capacity() > READ_AHEAD_BYTES {
            // The room of one large message is not kept.
            self.buffer = BytesMut::new();
        }
        self.buffer.reserve(READ_BYTES);
        Ok(self.socket.read_buf(&mut self.buffer).await? > 0)
    }

    /// The next frame; None at a clean end of the input. May be dropped without loss.
    pub(super) async fn frame(&mut self) -> Outcome<Option<(u8, Bytes)>> {
        loop {
            if let Some(frame) = take_frame(&mut self.buffer)? {
                return Ok(Some(frame));
            }
            if !self.fill().await? {
                return Ok(None);
            }
        }
    }

    /// Exactly `count` bytes, or None if the input ends before.
    pub(super) async fn bytes(&mut self, count: usize) -> Outcome<Option<Bytes>> {
        while self.buffer.len() < count {
            if !self.fill().await? {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer.split_to(count).freeze()))
    }

    /// Waits until the client is gone.
    async fn closed(&mut self) {
        while self.buffer.len() < READ_AHEAD_BYTES {
            if !matches!(self.fill().await, Ok(true)) {
                return;
            }
        }
        // The client is ahead: what it sends from here on is left to wait in the socket.
        std::future::pending().await
    }

    /// Whether the next message, those that close portals left out, is Sync: whether the statement that is to run
    /// now is the only one before it.
    pub(super) async fn sync_is_next(&mut self) -> Outcome<bool> {
        let mut position = 0;
        loop {
            let rest = self.buffer.get(position..).unwrap_or_default();
            match (rest.first(), frame_length(rest)?) {
                (Some(b'C'), Some(length)) => {
                    position += length;
                    continue;
                }
                (Some(b'C') | None, _) => {}
                (Some(tag), _) => return Ok(*tag == b'S'),
            }
            if self.buffer.len() >= READ_AHEAD_BYTES || !self.fill().await? {
                return Ok(false);
            }
        }
    }
}

impl Output {
    /// Appends a message.
    pub(super) fn put<M: pgwire::messages::Message>(&mut self, message: &M) {
        put(&mut self.buffer, message);
    }

    /// Writes everything.
    pub(super) async fn flush(&mut self) -> std::io::Result<()> {
        while !self.buffer.is_empty() {
            self.socket.write_buf(&mut self.buffer).await?;
        }
        Ok(())
    }

    /// Writes everything and closes.
    pub(super) async fn close(&mut self) -> std::io::Result<()> {
        self.flush().await?;
        self.socket.shutdown().await
    }
}

/// Splits a socket into its two ends.
pub(super) fn ends(socket: TcpStream) -> (Input, Output) {
    let (read, write) = socket.into_split();
    (Input { socket: read, buffer: BytesMut::new() }, Output { socket: write, buffer: BytesMut::new() })
}

impl Client {
    pub(super) fn new(
        (input, output): (Input, Output),
        cancel: CancelHandle,
        notices: mpsc::UnboundedReceiver<Notice>,
        shutdown: watch::Receiver<bool>,
    ) -> Client {
        Client { input, output, cancel, notices, shutdown }
    }

    /// Runs a part of a statement to its end, or until it is cancelled, the client is gone or the server stops; then
    /// the future is dropped. A panic becomes an error.
    pub(super) async fn watch<T>(&mut self, work: impl Future<Output = Result<T>>) -> Outcome<T> {
        let Client { input, output, cancel, notices, shutdown } = self;
        let work = guarded(work);
        tokio::pin!(work);
        let mut flushing = false;
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(cancelled()),
                Some(notice) = notices.recv() => {
                    output.put(&notice_response(&notice));
                    flushing = true;
                }
                result = &mut work => return result,
                () = stopped(shutdown) => return Err(Failure::Fatal(Error::ShuttingDown)),
                () = input.closed() => return Err(Failure::Gone),
                written = output.flush(), if flushing => {
                    written?;
                    flushing = false;
                }
            }
        }
    }

    /// Runs something short that must not be interrupted, a commit. A panic becomes an error.
    pub(super) async fn finish<T>(&mut self, work: impl Future<Output = Result<T>>) -> Outcome<T> {
        guarded(work).await
    }

    /// Writes everything, as part of a statement: it can be cancelled while the client does not read.
    pub(super) async fn flush(&mut self) -> Outcome<()> {
        let Client { input, output, cancel, shutdown, .. } = self;
        tokio::select! {
            biased;
            written = output.flush() => Ok(written?),
            () = cancel.cancelled() => Err(cancelled()),
            () = stopped(shutdown) => Err(Failure::Fatal(Error::ShuttingDown)),
            () = input.closed() => Err(Failure::Gone),
        }
    }

    /// Writes everything between statements.
    pub(super) async fn flush_before_idle(&mut self) -> Outcome<()> {
        let Client { output, shutdown, .. } = self;
        tokio::select! {
            biased;
            written = output.flush() => Ok(written?),
            () = stopped(shutdown) => Err(Failure::Fatal(Error::ShuttingDown)),
        }
    }

    /// Writes if there is much to write.
    pub(super) async fn flush_if_large(&mut self) -> Outcome<()> {
        if self.output.buffer.len() < WRITE_BYTES { Ok(()) } else { self.flush().await }
    }

    /// The next frame, as part of a statement (COPY): it can be cancelled.
    pub(super) async fn frame_of_statement(&mut self) -> Outcome<(u8, Bytes)> {
        let Client { input, cancel, shutdown, .. } = self;
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(cancelled()),
            () = stopped(shutdown) => Err(Failure::Fatal(Error::ShuttingDown)),
            frame = input.frame() => frame?.ok_or(Failure::Gone),
        }
    }

    /// The next frame, between statements; None when the client has left.
    pub(super) async fn idle_frame(&mut self) -> Outcome<Option<(u8, Bytes)>> {
        let Client { input, shutdown, .. } = self;
        tokio::select! {
            biased;
            () = stopped(shutdown) => Err(Failure::Fatal(Error::ShuttingDown)),
            frame = input.frame() => frame,
        }
    }

    /// Puts the notices that have come so far.
    pub(super) fn put_notices(&mut self) {
        while let Ok(notice) = self.notices.try_recv() {
            self.output.put(&notice_response(&notice));
        }
    }

    /// Puts an error.
    pub(super) fn put_error(&mut self, error: &ErrorResponse) {
        self.output.put(error);
    }
}

fn cancelled() -> Failure {
    Failure::sql(SqlState::QueryCanceled, "canceling statement due to user request")
}

/// Waits until the server is told to stop.
pub(super) async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // The sender's end without a word means the same.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

async fn guarded<T>(work: impl Future<Output = Result<T>>) -> Outcome<T> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(result) => result.map_err(Failure::Statement),
        Err(panic) => Err(Failure::Statement(panic_error(panic.as_ref()))),
    }
}

/// A panic as an error that says what it said.
pub(super) fn panic_error(panic: &(dyn std::any::Any + Send)) -> Error {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Error::internal(format!("the server failed on this statement: {words}"))
}
