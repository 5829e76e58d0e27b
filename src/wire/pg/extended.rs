//! The extended protocol: Parse, Bind, Describe, Execute, Close; prepared statements and portals.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::ScalarValue;
use millstream_sql::{Parsed, SqlState, Statement as SqlStatement};
use pgwire::messages::data::{NoData, ParameterDescription};
use pgwire::messages::extendedquery::{BindComplete, CloseComplete, ParseComplete, PortalSuspended};
use pgwire::messages::response::{CommandComplete, EmptyQueryResponse};

use super::connection::Connection;
use super::copy::copy_in;
use super::decode::{described_types, hints, parameter};
use super::error::{Failure, Outcome};
use super::message::{Bind, Target};
use super::rows::{Cursor, Stop, copy_out, result_formats, same_columns};
use super::types::{Format, row_description};
use crate::session::answer::{Answer, BackendSession, Prepared, TransactionStatus};

/// A prepared statement of the protocol.
pub(super) struct Statement {
    /// None for an empty text.
    prepared: Option<Prepared>,
    /// The parameters' types as the client is told them.
    types: Vec<u32>,
}

impl Statement {
    fn schema(&self) -> Option<SchemaRef> {
        self.prepared.as_ref()?.schema.clone()
    }
}

/// A statement with its parameters, on its way.
pub(super) struct Portal {
    statement: Arc<Statement>,
    formats: Vec<Format>,
    progress: Progress,
}

enum Progress {
    /// Not yet run.
    Bound(Vec<ScalarValue>),
    /// Rows are left.
    Open(Box<Cursor>),
    /// A command that is done: it cannot be run again.
    Ran,
    /// Rows that have come to their end; the tag for a client that asks again.
    Done(Option<String>),
}

impl<S: BackendSession> Connection<S> {
    pub(super) async fn parse(&mut self, name: String, sql: &str, types: Vec<u32>) -> Outcome<()> {
        if name.is_empty() {
            self.statements.remove("");
        } else if self.statements.contains_key(&name) || self.session.prepared(&name).is_some() {
            let message = format!("prepared statement \"{name}\" already exists");
            return Err(Failure::sql(SqlState::DuplicatePrepared, message));
        }
        let mut parsed = self.client.watch(self.session.parse(sql)).await?;
        let statement = match (parsed.pop(), parsed.is_empty()) {
            (_, false) => {
                let message = "cannot insert multiple commands into a prepared statement";
                return Err(Failure::sql(SqlState::SyntaxError, message));
            }
            (Some(parsed), true) if !matches!(parsed.statement, SqlStatement::Empty) => {
                let hints = hints(&types);
                let prepared = self.client.watch(self.session.prepare(parsed, &hints)).await?;
                let types = described_types(&types, &prepared.parameter_types);
                Statement { prepared: Some(prepared), types }
            }
            _ => Statement { prepared: None, types: Vec::new() },
        };
        if let (false, Some(prepared)) = (name.is_empty(), &statement.prepared) {
            self.session.keep_prepared(&name, prepared);
        }
        self.statements.insert(name, Arc::new(statement));
        self.client.output.put(&ParseComplete::new());
        Ok(())
    }

    pub(super) fn bind(&mut self, bind: Bind) -> Outcome<()> {
        let statement = self.named_statement(&bind.statement)?;
        let open =
            self.portals.contains_key(&bind.portal) || self.session.cursor_schema(&bind.portal).is_some();
        if !bind.portal.is_empty() && open {
            let message = format!("cursor \"{}\" already exists", bind.portal);
            return Err(Failure::sql(SqlState::DuplicateCursor, message));
        }
        let (wanted, columns) = match &statement.prepared {
            Some(prepared) => {
                (&prepared.parameter_types[..], prepared.schema.as_ref().map(|s| s.fields().len()))
            }
            None => (&[][..], None),
        };
        let given = bind.parameters.len();
        if given != wanted.len() {
            let message = format!(
                "bind message supplies {given} parameters, but prepared statement \"{}\" requires {}",
                bind.statement,
                wanted.len()
            );
            return Err(Failure::sql(SqlState::ProtocolViolation, message));
        }
        if bind.parameter_formats.len() > 1 && bind.parameter_formats.len() != given {
            let message = format!(
                "bind message has {} parameter formats but {given} parameters",
                bind.parameter_formats.len()
            );
            return Err(Failure::sql(SqlState::ProtocolViolation, message));
        }
        let environment = self.session.environment();
        let mut parameters = Vec::with_capacity(given);
        for (index, (bytes, target)) in bind.parameters.iter().zip(wanted).enumerate() {
            let format = match bind.parameter_formats[..] {
                [] => Format::Text,
                [one] => one,
                ref each => each[index],
            };
            let oid = statement.types.get(index).copied().unwrap_or(0);
            let value = parameter(index + 1, oid, format, bytes.as_deref(), target, &environment);
            parameters
                .push(value.map_err(|error| error.with_context(place(&bind.portal, index + 1, format)))?);
        }
        let formats = match columns {
            Some(columns) => result_formats(&bind.result_formats, columns)?,
            None => bind.result_formats,
        };
        let portal = Portal { statement, formats, progress: Progress::Bound(parameters) };
        self.portals.insert(bind.portal, portal);
        self.client.output.put(&BindComplete::new());
        Ok(())
    }

    pub(super) fn describe(&mut self, target: &Target) -> Outcome<()> {
        let (schema, formats) = match target {
            Target::Statement(name) => {
                let statement = self.named_statement(name)?;
                self.client.output.put(&ParameterDescription::new(statement.types.clone()));
                (statement.schema(), &[][..])
            }
            Target::Portal(name) => match (self.portals.get(name), self.session.cursor_schema(name)) {
                (Some(portal), _) => (portal.statement.schema(), &portal.formats[..]),
                (None, Some(schema)) => (Some(schema), &[][..]),
                (None, None) => return Err(no_portal(name)),
            },
        };
        match schema {
            Some(schema) => self.client.output.put(&row_description(&schema, formats)),
            None => self.client.output.put(&NoData::new()),
        }
        Ok(())
    }

    /// Runs a portal, or goes on with it; at most `limit` rows, 0 for all.
    pub(super) async fn execute(&mut self, name: &str, limit: usize) -> Outcome<()> {
        let Some(mut portal) = self.portals.remove(name) else {
            // DECLARE opens what the protocol knows as a portal.
            return match self.session.cursor_schema(name) {
                Some(schema) => self.execute_cursor(name, &schema, limit).await,
                None => Err(no_portal(name)),
            };
        };
        if matches!(portal.progress, Progress::Bound(_)) && !self.client.input.sync_is_next().await? {
            // More is to come before Sync: all of it is one transaction.
            self.begin_implicit();
        }
        let ran = self.advance(&mut portal, limit).await;
        if ran.is_ok() {
            self.client.put_notices();
            self.portals.insert(name.to_owned(), portal);
        }
        ran
    }

    /// Execute of a cursor that DECLARE opened: the next rows of it, as text.
    async fn execute_cursor(&mut self, name: &str, schema: &SchemaRef, limit: usize) -> Outcome<()> {
        let count = (limit > 0).then_some(limit as u64);
        let statement = SqlStatement::Fetch { name: name.to_owned(), count, timeout_ms: None };
        let (text, unnamed_parameters) = (String::new(), vec![]);
        let parsed = Parsed { statement, text, parameters: 0, unnamed_parameters };
        let prepared = Prepared { parsed, parameter_types: vec![], schema: Some(Arc::clone(schema)) };
        let answer = self.client.watch(self.session.run(&prepared, vec![])).await?;
        let Answer::Rows(rows) = answer else { return Err(no_portal(name)) };
        let formats = vec![Format::Text; schema.fields().len()];
        let (sent, _) = Cursor::new(rows, formats).send(&mut self.client, 0).await?;
        if limit > 0 && sent == limit as u64 {
            self.client.output.put(&PortalSuspended::new());
        } else {
            self.client.output.put(&CommandComplete::new(format!("SELECT {sent}")));
        }
        Ok(())
    }

    async fn advance(&mut self, portal: &mut Portal, limit: usize) -> Outcome<()> {
        let cursor = match std::mem::replace(&mut portal.progress, Progress::Done(None)) {
            Progress::Open(cursor) => cursor,
            Progress::Ran => {
                let message = "portal cannot be run".to_owned();
                return Err(Failure::sql(SqlState::ObjectNotInPrerequisiteState, message));
            }
            Progress::Done(tag) => {
                match &tag {
                    Some(tag) => self.client.output.put(&CommandComplete::new(tag.clone())),
                    None => self.client.output.put(&EmptyQueryResponse::new()),
                }
                portal.progress = Progress::Done(tag);
                return Ok(());
            }
            Progress::Bound(parameters) => {
                let Some(prepared) = &portal.statement.prepared else {
                    self.client.output.put(&EmptyQueryResponse::new());
                    return Ok(());
                };
                if self.deallocate(&prepared.parsed) {
                    return Ok(());
                }
                let answer = self.client.watch(self.session.run(prepared, parameters)).await?;
                let tag = match answer {
                    Answer::Rows(rows) => {
                        if let Some(described) = &prepared.schema {
                            same_columns(described, &rows.schema)?;
                        }
                        let formats = result_formats(&portal.formats, rows.schema.fields().len())?;
                        return self.rows(portal, Box::new(Cursor::new(rows, formats)), limit).await;
                    }
                    Answer::Done { tag } => tag,
                    Answer::CopyIn(copy) => copy_in(&mut self.client, copy).await?,
                    Answer::CopyOut { rows, options } => copy_out(&mut self.client, rows, &options).await?,
                    Answer::Empty => {
                        self.client.output.put(&EmptyQueryResponse::new());
                        return Ok(());
                    }
                };
                self.client.output.put(&CommandComplete::new(tag));
                portal.progress = Progress::Ran;
                return Ok(());
            }
        };
        self.rows(portal, cursor, limit).await
    }

    async fn rows(&mut self, portal: &mut Portal, mut cursor: Box<Cursor>, limit: usize) -> Outcome<()> {
        let (sent, stop) = cursor.send(&mut self.client, limit).await?;
        if stop == Stop::Suspended {
            self.client.output.put(&PortalSuspended::new());
            portal.progress = Progress::Open(cursor);
        } else {
            self.client.output.put(&CommandComplete::new(cursor.tag(sent)));
            portal.progress = Progress::Done(Some(cursor.tag(0)));
        }
        Ok(())
    }

    /// FETCH of a portal that Bind opened, in a simple query: its next rows, as text; or MOVE, which passes them. False
    /// if there is none of that name.
    pub(super) async fn fetch_portal(
        &mut self,
        name: &str,
        count: Option<u64>,
        moves: bool,
    ) -> Outcome<bool> {
        let Some(mut portal) = self.portals.remove(name) else { return Ok(false) };
        let Some(schema) = portal.statement.schema() else {
            self.portals.insert(name.to_owned(), portal);
            return Ok(false);
        };
        let formats = vec![Format::Text; schema.fields().len()];
        let mut cursor = match std::mem::replace(&mut portal.progress, Progress::Done(None)) {
            Progress::Open(cursor) => cursor,
            Progress::Bound(parameters) => {
                let Some(prepared) = &portal.statement.prepared else { return Ok(false) };
                match self.client.watch(self.session.run(prepared, parameters)).await? {
                    Answer::Rows(rows) => Box::new(Cursor::new(rows, portal.formats.clone())),
                    _ => return Ok(false),
                }
            }
            Progress::Done(_) | Progress::Ran => {
                if !moves {
                    self.client.output.put(&row_description(&schema, &formats));
                }
                let tag = if moves { "MOVE 0" } else { "FETCH 0" };
                self.client.output.put(&CommandComplete::new(tag.to_owned()));
                self.portals.insert(name.to_owned(), portal);
                return Ok(true);
            }
        };
        if !moves {
            self.client.output.put(&row_description(&schema, &formats));
        }
        let own = cursor.set_formats(formats);
        let limit = count.map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let (sent, stop) = match count {
            Some(0) => (0, Stop::Suspended),
            _ if moves => cursor.pass(&mut self.client, limit).await?,
            _ => cursor.send(&mut self.client, limit).await?,
        };
        cursor.set_formats(own);
        let verb = if moves { "MOVE" } else { "FETCH" };
        self.client.output.put(&CommandComplete::new(format!("{verb} {sent}")));
        portal.progress = match stop {
            Stop::Suspended => Progress::Open(cursor),
            Stop::End => Progress::Done(Some("SELECT 0".to_owned())),
        };
        self.portals.insert(name.to_owned(), portal);
        Ok(true)
    }

    /// Closing what is not there is no error.
    pub(super) fn close(&mut self, target: &Target) -> Outcome<()> {
        match target {
            Target::Statement(name) => {
                self.statements.remove(name);
                self.session.forget_prepared(name);
            }
            Target::Portal(name) => drop(self.portals.remove(name)),
        }
        self.client.output.put(&CloseComplete::new());
        Ok(())
    }

    /// DEALLOCATE and DISCARD reach the protocol's statements too. True when that was all there was to do: the
    /// session knows only the statements of PREPARE.
    pub(super) fn deallocate(&mut self, parsed: &Parsed) -> bool {
        match &parsed.statement {
            SqlStatement::Deallocate(Some(name)) => {
                let there = self.statements.remove(name).is_some();
                if there {
                    self.session.forget_prepared(name);
                    self.client.output.put(&CommandComplete::new("DEALLOCATE".into()));
                }
                there
            }
            SqlStatement::Discard if self.session.transaction_status() != TransactionStatus::Idle => false,
            SqlStatement::Deallocate(None) | SqlStatement::Discard => {
                self.statements.clear();
                false
            }
            _ => false,
        }
    }

    /// A statement of the protocol, or one of PREPARE.
    fn named_statement(&self, name: &str) -> Outcome<Arc<Statement>> {
        if let Some(statement) = self.statements.get(name) {
            return Ok(Arc::clone(statement));
        }
        let prepared = if name.is_empty() { None } else { self.session.prepared(name) };
        let statement = prepared.map(|prepared| {
            let types = described_types(&[], &prepared.parameter_types);
            Arc::new(Statement { prepared: Some(prepared), types })
        });
        statement.ok_or_else(|| {
            let message = match name {
                "" => "unnamed prepared statement does not exist".to_owned(),
                name => format!("prepared statement \"{name}\" does not exist"),
            };
            Failure::sql(SqlState::InvalidStatementName, message)
        })
    }
}

fn no_portal(name: &str) -> Failure {
    Failure::sql(SqlState::InvalidCursorName, format!("portal \"{name}\" does not exist"))
}

/// Where a parameter's value is, as PostgreSQL says it; it keeps back values.
fn place(portal: &str, number: usize, format: Format) -> String {
    let portal = match portal {
        "" => "unnamed portal".to_owned(),
        name => format!("portal \"{name}\""),
    };
    let value = if format == Format::Text { " = '...'" } else { "" };
    format!("{portal} parameter ${number}{value}")
}
