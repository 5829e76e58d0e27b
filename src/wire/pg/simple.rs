//! The simple protocol: a text of statements, all results as text.

use millstream_sql::{Parsed, SqlState};
use pgwire::messages::response::{CommandComplete, EmptyQueryResponse};

use super::connection::Connection;
use super::copy::copy_in;
use super::error::{Failure, Outcome};
use super::rows::{Cursor, copy_out};
use super::types::{Format, row_description};
use crate::session::answer::{Answer, BackendSession};

impl<S: BackendSession> Connection<S> {
    /// Runs the statements of a text in one implicit transaction; an error ends the rest.
    pub(super) async fn query(&mut self, sql: &str) -> Outcome<()> {
        // The unnamed statement and portal belong to the extended protocol; a simple query ends them.
        self.statements.remove("");
        self.portals.remove("");
        let statements = self.client.watch(self.session.parse(sql)).await?;
        if statements.is_empty() {
            self.client.output.put(&EmptyQueryResponse::new());
        }
        let several = statements.len() > 1;
        for parsed in statements {
            if several {
                self.begin_implicit();
            }
            self.statement(parsed).await?;
        }
        self.end_implicit(true).await?;
        self.portals_after_transaction();
        self.ready().await
    }

    async fn statement(&mut self, parsed: Parsed) -> Outcome<()> {
        if matches!(parsed.statement, millstream_sql::Statement::Empty) {
            self.client.output.put(&EmptyQueryResponse::new());
            return Ok(());
        }
        if let millstream_sql::Statement::Declare { name, .. } = &parsed.statement
            && self.portals.contains_key(name)
        {
            let message = format!("cursor \"{name}\" already exists");
            return Err(Failure::sql(SqlState::DuplicateCursor, message));
        }
        let wanted = match &parsed.statement {
            millstream_sql::Statement::Fetch { name, count, .. } => Some((name, *count, false)),
            millstream_sql::Statement::Move { name, count } => Some((name, *count, true)),
            _ => None,
        };
        if let Some((name, count, moves)) = wanted
            && self.fetch_portal(name, count, moves).await?
        {
            return Ok(());
        }
        if self.deallocate(&parsed) {
            return Ok(());
        }
        let prepared = self.client.watch(self.session.prepare(parsed, &[])).await?;
        if !prepared.parameter_types.is_empty() {
            return Err(Failure::sql(SqlState::UndefinedParameter, "there is no parameter $1"));
        }
        let answer = self.client.watch(self.session.run(&prepared, Vec::new())).await?;
        let tag = match answer {
            Answer::Rows(rows) => {
                let formats = vec![Format::Text; rows.schema.fields().len()];
                self.client.output.put(&row_description(&rows.schema, &formats));
                let mut cursor = Cursor::new(rows, formats);
                let (sent, _) = cursor.send(&mut self.client, 0).await?;
                cursor.tag(sent)
            }
            Answer::Done { tag } => tag,
            Answer::CopyIn(copy) => copy_in(&mut self.client, copy).await?,
            Answer::CopyOut { rows, options } => copy_out(&mut self.client, rows, &options).await?,
            Answer::Empty => {
                self.client.output.put(&EmptyQueryResponse::new());
                return Ok(());
            }
        };
        self.client.put_notices();
        self.client.output.put(&CommandComplete::new(tag));
        Ok(())
    }
}
