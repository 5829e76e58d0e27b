//! The Postgres protocol, version 3.0.
//!
//! ```text
//!  serve ─► startup ─► connection ─┬─ simple ───┬─► rows, copy ─► client ─► socket
//!                                  └─ extended ─┘
//! ```
//!
//! One task a connection drives one session. Frames are cut by their length and decoded with every count checked
//! ([`message`]); replies are pgwire's message types, rows are written straight from Arrow ([`rows`]). pgwire's own
//! connection handlers are not used: they drain results outside the part that can be cancelled, and decode
//! unchecked.
//!
//! # Invariants
//! - A message, whatever its bytes, ends at most its own connection.
//! - A client that does not read is waited for: output is bounded by [`client::WRITE_BYTES`] and one row.
//! - A cancelled statement, a client that is gone and a server that stops all drop the statement's future or rows.

mod cancel;
mod client;
mod connection;
mod copy;
mod decode;
mod error;
mod extended;
mod message;
mod rows;
mod simple;
mod startup;
pub mod types;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use pgwire::messages::startup::{Authentication, BackendKeyData, ParameterStatus, SecretKey};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::cancel::CancelRegistry;
use self::client::{Client, ends, stopped};
use self::connection::Connection;
use self::error::{Failure, Outcome, error_response};
use self::startup::Opening;
use crate::session::answer::{Backend, BackendSession};
use crate::{Error, Result};

/// How long a client may take to say what it came for.
const STARTUP_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a client may take to read the last words of its connection.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long connections may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves connections until `shutdown` turns true (or its sender is dropped), then ends them: idle ones and running
/// statements get 57P01. Returns once all connections are closed.
pub async fn serve<B: Backend>(
    listener: TcpListener,
    backend: Arc<B>,
    mut shutdown: watch::Receiver<bool>,
) -> Result<()> {
    let registry = Arc::new(CancelRegistry::default());
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut shutdown) => break,
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((socket, peer)) => {
                tracing::debug!(%peer, "connection");
                let connection =
                    connect(socket, Arc::clone(&backend), Arc::clone(&registry), shutdown.clone());
                connections.spawn(connection);
            }
            Err(error) => {
                // Out of file descriptors, most likely: some connections have to end first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let drained =
        tokio::time::timeout(DRAIN, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!("connections that did not end in time are cut");
        connections.shutdown().await;
    }
    Ok(())
}

/// A connection from its first byte to its last.
async fn connect<B: Backend>(
    socket: TcpStream,
    backend: Arc<B>,
    registry: Arc<CancelRegistry>,
    mut shutdown: watch::Receiver<bool>,
) {
    // Small messages back and forth: waiting to fill packets only delays them.
    let _ = socket.set_nodelay(true);
    let (mut input, mut output) = ends(socket);
    let opening = async {
        match startup::open(&mut input, &mut output).await? {
            Opening::Nothing => Ok(None),
            Opening::Cancel { process, secret } => {
                registry.cancel(process, secret);
                Ok(None)
            }
            Opening::Session(startup) => {
                let session = backend.connect(&startup.user, &startup.database, &startup.parameters).await;
                session.map(Some).map_err(Failure::Fatal)
            }
        }
    };
    let opened: Outcome<Option<B::Session>> = tokio::select! {
        () = stopped(&mut shutdown) => Err(Failure::Fatal(Error::ShuttingDown)),
        opened = tokio::time::timeout(STARTUP_TIMEOUT, opening) => opened.unwrap_or(Err(Failure::Gone)),
    };
    match opened {
        Ok(Some(mut session)) => {
            let key = registry.enter(session.cancel_handle());
            session.set_process(key.process);
            output.put(&Authentication::Ok);
            for (name, value) in session.reported_parameters() {
                output.put(&ParameterStatus::new(name, value));
            }
            output.put(&BackendKeyData::new(key.process, SecretKey::I32(key.secret)));
            let notices = session.notices();
            let client = Client::new((input, output), session.cancel_handle(), notices, shutdown);
            Connection::new(client, session).run().await;
            drop(key);
        }
        Err(Failure::Fatal(error) | Failure::Statement(error)) => {
            output.put(&error_response("FATAL", &error));
            let _ = tokio::time::timeout(FAREWELL, output.close()).await;
        }
        Ok(None) | Err(Failure::Gone) => {}
    }
}
