//! One connection: a session, its prepared statements and portals, and the loop that answers messages.
//!
//! The protocol's state is here, in one place: what an error skips (the rest of a query text, or everything up to
//! Sync), and which implicit transaction is open.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use millstream_sql::SqlState;
use pgwire::messages::response::{ReadyForQuery, TransactionStatus as ReadyStatus};
use pgwire::messages::startup::ParameterStatus;

use super::client::{Client, panic_error};
use super::error::{Failure, Outcome, error_response};
use super::extended::{Portal, Statement};
use super::message::{Message, decode};
use crate::Error;
use crate::session::answer::{BackendSession, TransactionStatus};

/// A connection whose session is open.
pub(super) struct Connection<S> {
    pub(super) client: Client,
    pub(super) session: S,
    pub(super) statements: HashMap<String, Arc<Statement>>,
    pub(super) portals: HashMap<String, Portal>,
    /// After an error of the extended protocol: everything up to Sync is left out.
    skipping: bool,
}

impl<S: BackendSession> Connection<S> {
    pub(super) fn new(client: Client, session: S) -> Self {
        Connection { client, session, statements: HashMap::new(), portals: HashMap::new(), skipping: false }
    }

    /// Answers messages until the client leaves, breaks the protocol, or the server stops.
    pub(super) async fn run(mut self) {
        let served = std::panic::AssertUnwindSafe(self.serve()).catch_unwind().await;
        let failure = match served {
            Ok(Ok(()) | Err(Failure::Gone)) => return,
            Ok(Err(Failure::Fatal(error) | Failure::Statement(error))) => error,
            Err(panic) => panic_error(panic.as_ref()),
        };
        self.client.put_error(&error_response("FATAL", &failure));
        // A client that does not read is not waited for.
        let _ = tokio::time::timeout(super::FAREWELL, self.client.output.close()).await;
    }

    async fn serve(&mut self) -> Outcome<()> {
        self.ready().await?;
        while let Some((tag, body)) = self.client.idle_frame().await? {
            if tag == b'X' {
                return Ok(());
            }
            if self.skipping && tag != b'S' {
                continue;
            }
            self.client.cancel.reset();
            match self.answer(tag, body).await {
                Err(Failure::Statement(error)) => self.failed(tag, &error).await?,
                other => other?,
            }
        }
        Ok(())
    }

    async fn answer(&mut self, tag: u8, body: Bytes) -> Outcome<()> {
        match decode(tag, body)? {
            Message::Query(sql) => self.query(&sql).await,
            Message::Parse { name, sql, types } => self.parse(name, &sql, types).await,
            Message::Bind(bind) => self.bind(bind),
            Message::Describe(target) => self.describe(&target),
            Message::Execute { portal, limit } => self.execute(&portal, limit).await,
            Message::Close(target) => self.close(&target),
            Message::Flush => Ok(self.client.output.flush().await?),
            Message::Sync => self.sync().await,
            // What a COPY that failed had still under way.
            Message::CopyData(_) | Message::CopyDone | Message::CopyFail(_) => Ok(()),
            Message::FunctionCall => Err(Failure::sql(
                SqlState::FeatureNotSupported,
                "the function call protocol is not supported",
            )),
            Message::Terminate => Err(Failure::Gone),
        }
    }

    /// Reports an error. The simple protocol goes on with the next message; the extended one with the next Sync.
    async fn failed(&mut self, tag: u8, error: &Error) -> Outcome<()> {
        tracing::debug!(%error, state = error.state().code(), "a statement failed");
        self.session.fail_statement();
        self.client.put_notices();
        self.client.put_error(&error_response("ERROR", error));
        if matches!(tag, b'Q' | b'F' | b'S') {
            self.end_implicit(false).await?;
            self.portals_after_transaction();
            return self.ready().await;
        }
        self.skipping = true;
        Ok(self.client.output.flush().await?)
    }

    async fn sync(&mut self) -> Outcome<()> {
        let ok = !std::mem::take(&mut self.skipping);
        self.end_implicit(ok).await?;
        self.portals_after_transaction();
        self.ready().await
    }

    /// Begins an implicit transaction, unless there is one already.
    pub(super) fn begin_implicit(&mut self) {
        if self.session.transaction_status() == TransactionStatus::Idle {
            self.session.begin_implicit();
        }
    }

    /// Ends the implicit transaction, if there is one.
    pub(super) async fn end_implicit(&mut self, ok: bool) -> Outcome<()> {
        self.client.finish(self.session.end_implicit(ok)).await
    }

    /// Portals live as long as their transaction.
    pub(super) fn portals_after_transaction(&mut self) {
        if self.session.transaction_status() == TransactionStatus::Idle {
            self.portals.clear();
        }
    }

    /// Says what changed, that all is done, and where the transaction stands.
    pub(super) async fn ready(&mut self) -> Outcome<()> {
        self.client.put_notices();
        for (name, value) in self.session.changed_parameters() {
            self.client.output.put(&ParameterStatus::new(name, value));
        }
        let status = match self.session.transaction_status() {
            TransactionStatus::Idle => ReadyStatus::Idle,
            TransactionStatus::InTransaction => ReadyStatus::Transaction,
            TransactionStatus::Failed => ReadyStatus::Error,
        };
        self.client.output.put(&ReadyForQuery::new(status));
        // Between statements there is nothing to cancel, and a stop must not wait for a client that does not read.
        self.client.flush_before_idle().await
    }
}
