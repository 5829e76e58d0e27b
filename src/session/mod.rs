//! Sessions: from statements to answers.
//!
//! A session holds what is one user's: settings, the transaction, prepared statements, cursors. It knows no
//! protocol; the wire and the library drive it alike. A statement is stopped by dropping its future or its rows.

pub mod answer;
mod copy;
mod cursor;
mod definitions;
mod explain;
mod insert;
mod returning;
pub mod settings;
mod show;
mod startup;
mod subscribe;
mod transaction;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::TableProvider;
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::logical_expr::{LogicalPlan, TableSource};
use datafusion::sql::sqlparser::ast;
use futures::StreamExt;
use millstream_catalog::{Catalog, CatalogError, Definition, Kind, Object, ObjectId, SqlType};
use millstream_sql::bind::{Binder, RelationSource, Relations, SchemaOnly};
use millstream_sql::functions::FunctionSet;
use millstream_sql::text::statement::{CopySource, CursorSource, Insert, ObjectKind};
use millstream_sql::types::environment::{Environment, Names};
use millstream_sql::types::spelled::sql_type;
use millstream_sql::{Parsed, SqlError, SqlResult, SqlState, Statement, text};
use parking_lot::Mutex;
use tokio::sync::mpsc;

use crate::engine::Engine;
use crate::engine::advisory::SessionLocks;
use crate::engine::append::{append_entry, stream_of};
use crate::engine::ddl::Create;
use crate::log::NewEntry;
use crate::query::pg_catalog::{self, Facts};
use crate::query::{Within, deep_stack, subquery, system};
use crate::{Error, Result};
use answer::{
    Answer, BackendSession, CancelHandle, CopyIn, Notice, Prepared, Rows, RowsTag, TransactionStatus,
};
use cursor::Cursors;
use settings::Settings;
use transaction::Transaction;

pub(crate) use subscribe::start as subscribe;

/// How often a waiting CREATE MATERIALIZED VIEW says how far it is.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);

/// Texts longer than this are planned where they do not hold up other connections of the same thread.
const OFF_THREAD_BYTES: usize = 1024;

/// Runs something that may take long on this thread, after handing the thread's other tasks to another one.
pub(crate) fn aside<T>(work: impl FnOnce() -> T) -> T {
    let flavor = tokio::runtime::Handle::try_current().map(|handle| handle.runtime_flavor());
    match flavor {
        Ok(tokio::runtime::RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// One user's connection to the database.
pub struct Session {
    engine: Arc<Engine>,
    user: String,
    database: String,
    settings: Settings,
    transaction: Arc<Mutex<Transaction>>,
    cursors: Cursors,
    prepared: HashMap<String, Prepared>,
    surroundings: Mutex<Option<Arc<Surroundings>>>,
    /// What `set_config` was called for, until the statement has ended.
    requested: Arc<Mutex<Vec<(String, String, bool)>>>,
    notices: mpsc::UnboundedSender<Notice>,
    notice_receiver: Option<mpsc::UnboundedReceiver<Notice>>,
    cancel: CancelHandle,
    /// The number by which clients cancel this session, and its advisory locks.
    process: Arc<AtomicI32>,
    locks: Arc<SessionLocks>,
}

/// The facts that Postgres's catalogs show, and the functions that statements can call, those over the facts included.
struct Surroundings {
    facts: Arc<Facts>,
    functions: FunctionSet,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.locks.release_all();
        self.engine.connections().fetch_sub(1, Ordering::AcqRel);
    }
}

impl Session {
    /// Opens a session; 53300 when there are too many.
    pub fn open(engine: &Arc<Engine>, user: &str, database: &str) -> Result<Session> {
        let limit = engine.config().max_connections as u64;
        if engine.connections().fetch_add(1, Ordering::AcqRel) >= limit {
            engine.connections().fetch_sub(1, Ordering::AcqRel);
            let message = format!("sorry, too many clients already (max_connections is {limit})");
            return Err(SqlError::new(SqlState::TooManyConnections, message).into());
        }
        let (notices, receiver) = mpsc::unbounded_channel();
        Ok(Session {
            engine: engine.clone(),
            user: user.to_owned(),
            database: database.to_owned(),
            settings: Settings::default(),
            transaction: Arc::default(),
            cursors: Cursors::default(),
            prepared: HashMap::new(),
            surroundings: Mutex::default(),
            requested: Arc::default(),
            notices,
            notice_receiver: Some(receiver),
            cancel: CancelHandle::default(),
            process: Arc::default(),
            locks: Arc::new(SessionLocks::new(engine.advisory_locks())),
        })
    }

    /// The database behind it.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The session's settings.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Does what `set_config` was called for.
    fn set_requested(&mut self) {
        for (name, value, local) in std::mem::take(&mut *self.requested.lock()) {
            // It was tried on a copy of the settings already.
            let _ = self.settings.set(&name, Some(&value), local);
        }
    }

    fn notice(&self, severity: &'static str, state: SqlState, message: impl Into<String>) {
        if !self.settings.sends(severity) {
            return;
        }
        let notice = Notice { severity, state, message: message.into(), detail: None, hint: None };
        // Nobody listening is no error: the library's sessions have no notices.
        let _ = self.notices.send(notice);
    }

    /// What statements over a catalog can name besides its objects; made anew when the catalog or a setting changes.
    fn surroundings(&self, catalog: &Arc<Catalog>) -> Arc<Surroundings> {
        let mut newest = self.surroundings.lock();
        if let Some(known) = newest.as_ref()
            && Arc::ptr_eq(&known.facts.catalog, catalog)
            && known.facts.settings == self.settings
        {
            return Arc::clone(known);
        }
        let facts = Arc::new(Facts {
            catalog: Arc::clone(catalog),
            database: self.database.clone(),
            user: self.user.clone(),
            settings: self.settings.clone(),
            requested: Arc::clone(&self.requested),
            system: system::schemas(self),
            process: Arc::clone(&self.process),
            locks: Arc::clone(&self.locks),
            cancel: self.cancel.clone(),
        });
        let mut functions = self.engine.functions().as_ref().clone();
        pg_catalog::functions(&facts).for_each(|function| functions.register(Arc::new(function)));
        Arc::clone(newest.insert(Arc::new(Surroundings { facts, functions })))
    }

    /// Binds with the session's names; `types` are those of the parameters, as far as they are known.
    fn bound<T>(
        &self,
        catalog: &Arc<Catalog>,
        text: &str,
        types: &[Option<SqlType>],
        bind: impl FnOnce(&Binder<'_>) -> SqlResult<T>,
    ) -> Result<T> {
        self.bound_beside(catalog, text, types, None, bind)
    }

    /// Binds while rows that are about to be appended stand for their stream, if there are any.
    fn bound_beside<T>(
        &self,
        catalog: &Arc<Catalog>,
        text: &str,
        types: &[Option<SqlType>],
        inserted: Option<(ObjectId, Arc<dyn TableProvider>)>,
        bind: impl FnOnce(&Binder<'_>) -> SqlResult<T>,
    ) -> Result<T> {
        let surroundings = self.surroundings(catalog);
        let relations = SessionRelations { session: self, facts: &surroundings.facts, inserted };
        let search_path = self.settings.search_path();
        let environment = self.environment();
        let binder = Binder {
            catalog,
            relations: &relations,
            search_path: &search_path,
            parameter_types: types,
            environment: &environment,
            functions: &surroundings.functions,
            config: self.engine.query().state().config_options(),
            located: !text.is_empty(),
        };
        let planned = match text.len() > OFF_THREAD_BYTES {
            true => aside(|| deep_stack(|| bind(&binder))),
            false => deep_stack(|| bind(&binder)),
        };
        Ok(planned?)
    }

    fn bind_query(
        &self,
        catalog: &Arc<Catalog>,
        text: &str,
        query: &ast::Query,
        types: &[Option<SqlType>],
    ) -> Result<LogicalPlan> {
        self.bound(catalog, text, types, |binder| binder.query(query))
    }

    /// Runs a query with its parameters filled in.
    async fn query(
        &self,
        query: &ast::Query,
        prepared: &Prepared,
        parameters: &[ScalarValue],
    ) -> Result<Rows> {
        let catalog = self.engine.catalog();
        let types: Vec<_> = prepared.parameter_types.iter().cloned().map(Some).collect();
        let plan = self.bind_query(&catalog, &prepared.parsed.text, query, &types)?;
        self.plan_rows(&catalog, with_parameters(plan, parameters)?, RowsTag::Select).await
    }

    /// What the transaction tells a query.
    fn within(&self, plan: &LogicalPlan) -> Result<Within> {
        let reads = crate::query::relations(plan)?;
        let transaction = self.transaction.lock();
        let began = transaction.began().unwrap_or_else(crate::query::now);
        Ok(Within { began, own: transaction.own_rows(&reads) })
    }

    /// The plan of a prepared query with its arguments.
    fn prepared_plan(&self, name: &str, arguments: &[ast::Expr]) -> Result<LogicalPlan> {
        let Some(prepared) = self.prepared.get(name) else { return Err(no_prepared(name)) };
        let Statement::Query(query) = &prepared.parsed.statement else {
            let hint = "EXPLAIN the query inside it";
            return Err(SqlError::unsupported("EXPLAIN of this statement is not supported", hint).into());
        };
        let values = self.argument_values(arguments, &prepared.parameter_types)?;
        let types: Vec<_> = prepared.parameter_types.iter().cloned().map(Some).collect();
        let plan = self.bind_query(&self.engine.catalog(), &prepared.parsed.text, query, &types);
        with_parameters(plan.map_err(Error::without_position)?, &values)
    }

    async fn plan_rows(&self, catalog: &Catalog, plan: LogicalPlan, tag: RowsTag) -> Result<Rows> {
        let read = self.settings.read_consistency();
        let within = self.within(&plan)?;
        let (schema, batches) = self.engine.run_query(catalog, plan, read, &within).await?;
        let batches = match self.settings.statement_timeout() {
            Some(timeout) => with_deadline(batches, timeout),
            None => batches,
        };
        Ok(Rows { schema, batches, tag, live: false, environment: self.environment() })
    }

    async fn insert(
        &self,
        insert: &Insert,
        prepared: &Prepared,
        parameters: &[ScalarValue],
    ) -> Result<Answer> {
        self.transaction.lock().check_writable("INSERT")?;
        let catalog = self.engine.catalog();
        let target = find(&catalog, &insert.target, &self.settings.search_path())?;
        stream_of(&target)?;
        let batches = match insert::constant_rows(&target, insert, &self.engine, &self.environment())? {
            Some(batch) => vec![batch],
            None => {
                let types: Vec<_> = prepared.parameter_types.iter().cloned().map(Some).collect();
                let (_, plan) =
                    self.bound(&catalog, &prepared.parsed.text, &types, |binder| binder.insert(insert))?;
                let rows =
                    self.plan_rows(&catalog, with_parameters(plan, parameters)?, RowsTag::Insert).await?;
                collect(rows, self.engine.config().memory_budget_bytes).await?
            }
        };
        let returned = match insert.returning.is_empty() {
            true => None,
            false => Some(self.returning(insert, &target, batches.clone(), prepared, parameters).await?),
        };
        let count: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let batches = batches.into_iter().filter(|batch| batch.num_rows() > 0);
        let entries = batches.map(|batch| append_entry(&target, batch)).collect::<Result<Vec<_>>>()?;
        self.append(entries).await?;
        Ok(returned.map_or_else(|| done(format!("INSERT 0 {count}")), Answer::Rows))
    }

    /// Commits appends, or holds them back in a transaction.
    async fn append(&self, entries: Vec<NewEntry>) -> Result<()> {
        {
            let mut transaction = self.transaction.lock();
            if transaction.holds() {
                return transaction.hold(entries, self.engine.config().memory_budget_bytes);
            }
        }
        self.commit_entries(entries).await
    }

    /// A commit, which neither a cancel nor a timeout interrupts.
    async fn commit_entries(&self, entries: Vec<NewEntry>) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let _held = self.cancel.hold();
        self.engine.commit(entries, self.settings.durability()).await.map(drop)
    }

    /// COMMIT; outside a block it ends what the statements before it in the same text have begun.
    async fn commit(&mut self) -> Result<Answer> {
        if !self.transaction.lock().explicit() {
            self.notice("WARNING", SqlState::NoActiveTransaction, "there is no transaction in progress");
        }
        let pending = self.transaction.lock().commit();
        self.after_transaction(pending.is_some());
        match pending {
            Some(entries) => {
                self.commit_entries(entries).await?;
                Ok(done("COMMIT"))
            }
            None => Ok(done("ROLLBACK")),
        }
    }

    fn rollback(&mut self) -> Answer {
        if !self.transaction.lock().explicit() {
            self.notice("WARNING", SqlState::NoActiveTransaction, "there is no transaction in progress");
        }
        self.transaction.lock().rollback();
        self.after_transaction(false);
        done("ROLLBACK")
    }

    fn after_transaction(&mut self, committed: bool) {
        self.cursors.end_transaction();
        self.locks.end_transaction();
        self.settings.end_transaction(committed);
    }

    async fn advance_watermark(
        &self,
        name: &millstream_catalog::QualifiedName,
        to: Option<&str>,
    ) -> Result<Answer> {
        self.before_ddl("ALTER STREAM").await?;
        let catalog = self.engine.catalog();
        let object = find(&catalog, name, &self.settings.search_path())?;
        let Definition::Stream(stream) = &object.definition else {
            return Err(wrong_kind_for_alter(&object));
        };
        let Some(watermark) = &stream.watermark else {
            let message = format!("stream \"{}\" has no watermark", object.name);
            let hint = "declare one with WATERMARK FOR column AS expression";
            return Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message)
                .with_hint(hint)
                .into());
        };
        let watermark = match to {
            Some(text) => match self.constant(text, &stream.columns[watermark.column].data_type)? {
                ScalarValue::TimestampMicrosecond(Some(value), _) => value,
                _ => {
                    let message = "ADVANCE WATERMARK TO takes a timestamp, not NULL";
                    return Err(SqlError::new(SqlState::InvalidParameterValue, message).into());
                }
            },
            None => match self.engine.watermark_that_closes(&object)? {
                Some(watermark) => watermark,
                // Without rows no window is open.
                None => return Ok(done("ALTER STREAM")),
            },
        };
        self.commit_entries(vec![NewEntry::Tick { stream: object.id, watermark }]).await?;
        Ok(done("ALTER STREAM"))
    }

    async fn copy_from(&self, copy: &millstream_sql::text::statement::CopyFrom) -> Result<Answer> {
        self.transaction.lock().check_writable("COPY FROM")?;
        let catalog = self.engine.catalog();
        let target = find(&catalog, &copy.target, &self.settings.search_path())?;
        let (sink, schema) = copy::StreamSink::new(
            &self.engine,
            &target,
            &copy.columns,
            self.settings.durability(),
            self.transaction.clone(),
        )?;
        let relation = target.name.name.clone();
        Ok(Answer::CopyIn(CopyIn {
            relation,
            schema,
            options: copy.options.clone(),
            environment: self.environment(),
            sink: Box::new(sink),
        }))
    }

    /// Runs a statement that is allowed now.
    async fn dispatch(&mut self, prepared: &Prepared, parameters: Vec<ScalarValue>) -> Result<Answer> {
        match &prepared.parsed.statement {
            Statement::Query(query) => Ok(Answer::Rows(self.query(query, prepared, &parameters).await?)),
            Statement::Insert(insert) => self.insert(insert, prepared, &parameters).await,
            Statement::Mutate { verb, target } => Err(self.refuse_mutation(verb, target)),
            Statement::CreateStream(create) => {
                self.create(Create::Stream(create.clone()), "CREATE STREAM").await
            }
            Statement::CreateView(create) => self.create(Create::View(create.clone()), "CREATE VIEW").await,
            Statement::CreateMaterializedView(create) => {
                self.create(Create::MaterializedView(create.clone()), "CREATE MATERIALIZED VIEW").await
            }
            Statement::CreateSink(create) => self.create(Create::Sink(create.clone()), "CREATE SINK").await,
            Statement::Drop(drop) => self.drop_objects(drop, &prepared.parsed.text).await,
            Statement::AdvanceWatermark { stream, to } => self.advance_watermark(stream, to.as_deref()).await,
            Statement::AlterOptions(alter) => self.alter_options(alter).await,
            Statement::CopyFrom(copy) => self.copy_from(copy).await,
            Statement::CopyTo(copy) => {
                let rows = match &copy.source {
                    CopySource::Query(query) => self.query(query, prepared, &parameters).await?,
                    CopySource::Subscribe(subscribe) => subscribe::start(&self.engine, subscribe).await?,
                };
                Ok(Answer::CopyOut { rows, options: copy.options.clone() })
            }
            Statement::Subscribe(subscribe) => {
                let hint = "psql shows rows of a plain SUBSCRIBE only when it ends: use COPY (SUBSCRIBE TO …) TO STDOUT";
                self.notice("NOTICE", SqlState::Warning, hint);
                Ok(Answer::Rows(subscribe::start(&self.engine, subscribe).await?))
            }
            Statement::Explain(explain) => self.explain(explain).await.map(Answer::Rows),
            Statement::Show(show) => self.show(show).await.map(Answer::Rows),
            Statement::Set { name, value, local } => {
                if *local && !self.transaction.lock().explicit() {
                    let message = "SET LOCAL can only be used in transaction blocks";
                    self.notice("WARNING", SqlState::NoActiveTransaction, message);
                    return Ok(done("SET"));
                }
                self.settings.set(name, value.as_deref(), *local)?;
                if name.eq_ignore_ascii_case("transaction_read_only") {
                    self.transaction.lock().set_read_only(self.settings.is_on("transaction_read_only"));
                }
                Ok(done("SET"))
            }
            Statement::Reset(name) => {
                match name {
                    Some(name) => self.settings.set(name, None, false)?,
                    None => self.settings.reset_all(),
                }
                Ok(done("RESET"))
            }
            Statement::Begin { read_only } => {
                if self.transaction.lock().begin(*read_only || self.settings.read_only()) {
                    self.settings.begin_transaction();
                } else {
                    self.notice(
                        "WARNING",
                        SqlState::ActiveTransaction,
                        "there is already a transaction in progress",
                    );
                }
                Ok(done("BEGIN"))
            }
            Statement::Commit => self.commit().await,
            Statement::Rollback => Ok(self.rollback()),
            Statement::Savepoint(name) => {
                self.transaction.lock().savepoint(name.clone()).map(|()| done("SAVEPOINT"))
            }
            Statement::Release(name) => self.transaction.lock().release(name).map(|()| done("RELEASE")),
            Statement::RollbackTo(name) => {
                self.transaction.lock().rollback_to(name).map(|()| done("ROLLBACK"))
            }
            Statement::Declare { name, source, hold } => {
                let rows = match source {
                    CursorSource::Subscribe(subscribe) => subscribe::start(&self.engine, subscribe).await?,
                    CursorSource::Query(query) => {
                        if !hold && !self.transaction.lock().holds() {
                            let message = "DECLARE CURSOR can only be used in transaction blocks";
                            return Err(SqlError::new(SqlState::NoActiveTransaction, message).into());
                        }
                        self.query(query, prepared, &parameters).await?
                    }
                };
                let hold = *hold
                    || matches!(source, CursorSource::Subscribe(_)) && !self.transaction.lock().explicit();
                self.cursors.declare(name.clone(), rows, hold)?;
                Ok(done("DECLARE CURSOR"))
            }
            Statement::Fetch { name, count, timeout_ms } => {
                let timeout = timeout_ms.map(Duration::from_millis);
                self.cursors
                    .fetch(name, *count, timeout, self.engine.config().memory_budget_bytes)
                    .await
                    .map(Answer::Rows)
            }
            Statement::Move { name, count } => {
                let passed = self.cursors.pass(name, *count).await?;
                Ok(done(format!("MOVE {passed}")))
            }
            Statement::Close(name) => {
                self.cursors.close(name.as_deref())?;
                Ok(done("CLOSE CURSOR"))
            }
            Statement::Prepare { name, prepared, types } => {
                if self.prepared.contains_key(name) {
                    let message = format!("prepared statement \"{name}\" already exists");
                    return Err(SqlError::new(SqlState::DuplicatePrepared, message).into());
                }
                // A parameter has a type, and no length or precision.
                let types = types.iter().map(|spelled| Ok(Some(sql_type(spelled)?.plain())));
                let types = types.collect::<SqlResult<Vec<_>>>()?;
                let prepared = self.plan_once(prepared.as_ref().clone(), &types)?;
                self.prepared.insert(name.clone(), prepared);
                Ok(done("PREPARE"))
            }
            Statement::Execute { name, arguments } => {
                let Some(inner) = self.prepared.get(name).cloned() else { return Err(no_prepared(name)) };
                let values = self.argument_values(arguments, &inner.parameter_types)?;
                // Places in the text of PREPARE are none in the text of EXECUTE.
                let answer =
                    Box::pin(self.dispatch(&inner, values)).await.map_err(Error::without_position)?;
                if let (Answer::Rows(rows), Some(planned)) = (&answer, &inner.schema)
                    && !same_types(&rows.schema, planned)
                {
                    let message = "cached plan must not change result type";
                    return Err(SqlError::new(SqlState::FeatureNotSupported, message).into());
                }
                Ok(answer)
            }
            Statement::Deallocate(name) => {
                match name {
                    None => self.prepared.clear(),
                    Some(name) => drop(self.prepared.remove(name).ok_or_else(|| no_prepared(name))?),
                }
                Ok(done(if name.is_none() { "DEALLOCATE ALL" } else { "DEALLOCATE" }))
            }
            Statement::Discard => {
                if self.transaction.lock().explicit() {
                    let message = "DISCARD ALL cannot run inside a transaction block";
                    return Err(SqlError::new(SqlState::ActiveTransaction, message).into());
                }
                self.cursors.close(None)?;
                self.locks.release_session();
                self.prepared.clear();
                self.settings.reset_all();
                Ok(done("DISCARD ALL"))
            }
            Statement::Flush => Ok(done("FLUSH")),
            Statement::Checkpoint => {
                self.engine.checkpoint().await?;
                Ok(done("CHECKPOINT"))
            }
            Statement::Needless(needless) => self.needless(needless),
            Statement::Lock(lock) => self.lock(lock),
            Statement::Rename(rename) => self.rename(rename).await,
            Statement::Comment(comment) => self.comment(comment).await,
            Statement::Ignored(tag) => Ok(done(*tag)),
            Statement::Empty => Ok(Answer::Empty),
        }
    }

    fn refuse_mutation(&self, verb: &str, target: &millstream_catalog::QualifiedName) -> Error {
        let object = match find(&self.engine.catalog(), target, &self.settings.search_path()) {
            Ok(object) => object,
            Err(error) => return error,
        };
        let message = format!("cannot {} {} \"{}\"", verb.to_lowercase(), object.kind(), object.name);
        let hint = match object.definition {
            Definition::Stream(_) => "a stream is append-only: insert a row that corrects the earlier one",
            _ => "its rows change only with the streams that it reads",
        };
        SqlError::new(SqlState::WrongObjectType, message).with_hint(hint).into()
    }

    /// The value of a constant expression, as a type.
    fn constant(&self, text: &str, wanted: &DataType) -> Result<ScalarValue> {
        let catalog = self.engine.catalog();
        let expression = text::parse_expression(text)?;
        let sql_type = SqlType::of_data_type(wanted);
        let constants =
            self.bound(&catalog, text, &[], |binder| binder.constants(&[&expression], &[sql_type]))?;
        match constants.into_iter().next().flatten() {
            Some(value) => Ok(value),
            None => Err(SqlError::unsupported(format!("{text} is no constant"), "write the value").into()),
        }
    }

    /// The settings that values are read and computed under now.
    fn environment(&self) -> Arc<Environment> {
        let mut environment = self.settings.environment(crate::query::now().timestamp_micros());
        if let Some(environment) = Arc::get_mut(&mut environment) {
            let facts = Arc::clone(&self.surroundings(&self.engine.catalog()).facts);
            environment.names = Names(Some(facts));
            if let Some(began) = self.transaction.lock().began() {
                environment.now_us = Some(began.timestamp_micros());
            }
        }
        environment
    }

    fn argument_values(&self, arguments: &[ast::Expr], types: &[SqlType]) -> Result<Vec<ScalarValue>> {
        if arguments.len() != types.len() {
            let message = "wrong number of parameters for the prepared statement";
            let detail = format!("expected {} parameters but got {}", types.len(), arguments.len());
            return Err(SqlError::new(SqlState::SyntaxError, message).with_detail(detail).into());
        }
        let catalog = self.engine.catalog();
        let expressions: Vec<&ast::Expr> = arguments.iter().collect();
        let constants = self.bound(&catalog, "", &[], |binder| binder.constants(&expressions, types))?;
        let value = |constant: Option<ScalarValue>| {
            constant.ok_or_else(|| {
                SqlError::unsupported("EXECUTE takes constants only", "compute the value first").into()
            })
        };
        constants.into_iter().map(value).collect()
    }

    /// Plans a statement as far as its columns and parameters need.
    fn plan_once(&self, parsed: Parsed, hints: &[Option<SqlType>]) -> Result<Prepared> {
        let catalog = self.engine.catalog();
        let mut types: Vec<Option<SqlType>> = hints.to_vec();
        types.resize(parsed.parameters.max(hints.len()), None);
        if let Some(number) = (1..=parsed.parameters)
            .find(|number| types[number - 1].is_none() && parsed.unnamed_parameters.contains(number))
        {
            let message = format!("could not determine data type of parameter ${number}");
            return Err(SqlError::new(SqlState::IndeterminateDatatype, message).into());
        }
        let text = parsed.text.as_str();
        let query = match &parsed.statement {
            Statement::Query(query) | Statement::Declare { source: CursorSource::Query(query), .. } => {
                Some(query)
            }
            Statement::CopyTo(copy) => match &copy.source {
                CopySource::Query(query) => Some(query),
                CopySource::Subscribe(_) => None,
            },
            _ => None,
        };
        let count = types.len();
        let mut plan = None;
        if let Some(query) = query {
            if count > 0 {
                types = self.bound(&catalog, text, &types, |binder| binder.parameter_types(query, count))?;
            }
            plan = Some(self.bound(&catalog, text, &types, |binder| binder.query(query))?);
        }
        if let (Statement::Insert(insert), true) = (&parsed.statement, count > 0) {
            types =
                self.bound(&catalog, text, &types, |binder| binder.insert_parameter_types(insert, count))?;
        }
        let schema: Option<SchemaRef> = match &parsed.statement {
            Statement::Insert(insert) if !insert.returning.is_empty() => {
                let target = find(&catalog, &insert.target, &self.settings.search_path())?;
                let plan = self.bind_returning(insert, &target, vec![], &types)?;
                Some(millstream_sql::bind::output_schema(plan.schema()))
            }
            Statement::Query(_) => plan.map(|plan| millstream_sql::bind::output_schema(plan.schema())),
            Statement::Subscribe(subscribe) => Some(subscribe::schema_of(&self.engine, subscribe)?),
            Statement::Fetch { name, .. } => Some(self.cursors.schema(name)?),
            Statement::Show(show) => Some(self.show_schema(show)),
            Statement::Explain(explain) => Some(explain::schema(explain.json)),
            Statement::Execute { name, .. } => match self.prepared.get(name) {
                Some(inner) => inner.schema.clone(),
                None => return Err(no_prepared(name)),
            },
            _ => None,
        };
        // A parameter that nothing types is text, as Postgres takes an unknown literal.
        let parameter_types = types.into_iter().map(|known| known.unwrap_or(Kind::Text.into())).collect();
        Ok(Prepared { parsed, parameter_types, schema })
    }

    fn timed_out(&self) -> Error {
        let message = "canceling statement due to statement timeout";
        let behind = self.engine.jobs().into_iter().filter_map(|job| match job.rows_behind() {
            0 => None,
            rows => Some(format!("materialized view \"{}\" is {rows} rows behind", job.name)),
        });
        let behind: Vec<_> = behind.collect();
        let error = SqlError::new(SqlState::QueryCanceled, message);
        if behind.is_empty() { error.into() } else { error.with_detail(behind.join("\n")).into() }
    }
}

#[async_trait]
impl BackendSession for Session {
    async fn parse(&mut self, sql: &str) -> Result<Vec<Parsed>> {
        let backslashes = !self.settings.is_on("standard_conforming_strings");
        let reading = text::Reading { database: &self.database, backslashes };
        Ok(deep_stack(|| text::parse_in(sql, reading))?)
    }

    fn environment(&self) -> Arc<Environment> {
        Session::environment(self)
    }

    async fn prepare(&mut self, parsed: Parsed, hints: &[Option<SqlType>]) -> Result<Prepared> {
        if !matches!(parsed.statement, Statement::Commit | Statement::Rollback | Statement::RollbackTo(_)) {
            self.transaction.lock().check_alive()?;
        }
        self.plan_once(parsed, hints)
    }

    async fn run(&mut self, prepared: &Prepared, parameters: Vec<ScalarValue>) -> Result<Answer> {
        self.set_requested();
        if !matches!(
            prepared.parsed.statement,
            Statement::Commit | Statement::Rollback | Statement::RollbackTo(_)
        ) {
            self.transaction.lock().check_alive()?;
        }
        match self.settings.statement_timeout() {
            None => self.dispatch(prepared, parameters).await,
            Some(timeout) => {
                let cancel = self.cancel.clone();
                let outcome = tokio::select! {
                    biased;
                    outcome = self.dispatch(prepared, parameters) => Some(outcome),
                    () = cancel.expired(timeout) => None,
                };
                outcome.unwrap_or_else(|| Err(self.timed_out()))
            }
        }
    }

    fn begin_implicit(&mut self) {
        self.transaction.lock().begin_implicit();
    }

    async fn end_implicit(&mut self, ok: bool) -> Result<()> {
        if self.transaction.lock().explicit() || !self.transaction.lock().holds() {
            return Ok(());
        }
        let entries = self.transaction.lock().end_implicit(ok);
        self.after_transaction(ok);
        self.commit_entries(entries).await
    }

    fn cursor_schema(&self, name: &str) -> Option<SchemaRef> {
        self.cursors.schema(name).ok()
    }

    fn prepared(&self, name: &str) -> Option<Prepared> {
        self.prepared.get(name).cloned()
    }

    fn keep_prepared(&mut self, name: &str, prepared: &Prepared) {
        self.prepared.insert(name.to_owned(), prepared.clone());
    }

    fn forget_prepared(&mut self, name: &str) {
        self.prepared.remove(name);
    }

    fn transaction_status(&self) -> TransactionStatus {
        self.transaction.lock().status()
    }

    fn fail_statement(&mut self) {
        self.transaction.lock().fail();
    }

    fn notices(&mut self) -> mpsc::UnboundedReceiver<Notice> {
        self.notice_receiver.take().unwrap_or_else(|| mpsc::unbounded_channel().1)
    }

    fn set_process(&mut self, process: i32) {
        self.process.store(process, Ordering::Relaxed);
    }

    fn cancel_handle(&self) -> CancelHandle {
        self.cancel.clone()
    }

    fn reported_parameters(&self) -> Vec<(String, String)> {
        self.settings.reported()
    }

    fn changed_parameters(&mut self) -> Vec<(String, String)> {
        self.set_requested();
        self.settings.take_changed()
    }
}

/// The relations that a session's statements can name.
struct SessionRelations<'a> {
    session: &'a Session,
    facts: &'a Arc<Facts>,
    /// A stream, and the rows that stand for it.
    inserted: Option<(ObjectId, Arc<dyn TableProvider>)>,
}

impl Relations for SessionRelations<'_> {
    fn source(&self, object: &Arc<Object>, with_hidden: bool) -> SqlResult<Arc<dyn TableSource>> {
        if let Some((id, rows)) = &self.inserted
            && *id == object.id
        {
            return Ok(Arc::new(DefaultTableSource::new(rows.clone())));
        }
        let source = SchemaOnly.source(object, with_hidden)?;
        let own = self.session.transaction.lock().appends_to(object.id);
        Ok(match source.as_ref().downcast_ref::<RelationSource>() {
            Some(relation) if own => Arc::new(relation.with_uncommitted()),
            _ => source,
        })
    }

    fn system(&self, schema: &str, name: &str) -> Option<Arc<dyn TableSource>> {
        let provider = match schema {
            "millstream" => system::table(self.session, name)?,
            _ => pg_catalog::system_table(self.facts, schema, name)?,
        };
        Some(Arc::new(DefaultTableSource::new(provider)))
    }

    fn rewrite(&self, plan: LogicalPlan) -> datafusion::error::Result<LogicalPlan> {
        subquery::set_apart(plan)
    }
}

/// The object of a name, looked up along the search path when it has no schema of its own.
pub(crate) fn find(
    catalog: &Catalog,
    name: &millstream_catalog::QualifiedName,
    search_path: &[String],
) -> Result<Arc<Object>> {
    if let Some(object) = catalog.find(name) {
        return Ok(object.clone());
    }
    let elsewhere = search_path
        .iter()
        .filter(|_| name.schema == millstream_catalog::DEFAULT_SCHEMA)
        .find_map(|schema| catalog.find(&millstream_catalog::QualifiedName::new(schema, &name.name)));
    elsewhere.cloned().ok_or_else(|| CatalogError::Missing(name.clone()).into())
}

/// Whether the columns of two answers are of the same types.
fn same_types(one: &SchemaRef, other: &SchemaRef) -> bool {
    let types =
        |schema: &SchemaRef| schema.fields().iter().map(|field| SqlType::of_field(field).oid()).collect();
    let (one, other): (Vec<u32>, Vec<u32>) = (types(one), types(other));
    one == other
}

fn with_parameters(plan: LogicalPlan, parameters: &[ScalarValue]) -> Result<LogicalPlan> {
    if parameters.is_empty() {
        return Ok(plan);
    }
    let plan = crate::query::with_moments(plan, parameters)?;
    Ok(plan.with_param_values(ParamValues::from(parameters.to_vec()))?)
}

/// An answer that may take so long to be made; the time in which nobody asks for more (an idle cursor, a client that
/// reads slowly) does not count.
fn with_deadline(batches: crate::query::Batches, timeout: Duration) -> crate::query::Batches {
    futures::stream::unfold(Some((batches, timeout)), |state| async move {
        let (mut batches, left) = state?;
        let begun = tokio::time::Instant::now();
        match tokio::time::timeout(left, batches.next()).await {
            Ok(batch) => Some((batch?, Some((batches, left.saturating_sub(begun.elapsed()))))),
            Err(_) => {
                let message = "canceling statement due to statement timeout";
                Some((Err(SqlError::new(SqlState::QueryCanceled, message).into()), None))
            }
        }
    })
    .boxed()
}

/// All rows of an answer, within a number of bytes.
async fn collect(mut rows: Rows, limit: usize) -> Result<Vec<RecordBatch>> {
    let (mut batches, mut bytes) = (Vec::new(), 0);
    while let Some(batch) = rows.batches.next().await.transpose()? {
        bytes += batch.get_array_memory_size();
        if bytes > limit {
            return Err(over_budget(limit));
        }
        batches.push(batch);
    }
    Ok(batches)
}

/// 53200: what a session holds for one statement or transaction is over the memory budget.
fn over_budget(limit: usize) -> Error {
    let message =
        format!("the rows held for this transaction take more than the memory budget of {} MiB", limit >> 20);
    let hint = "commit in smaller pieces, or start the server with a larger --memory-mib";
    SqlError::new(SqlState::OutOfMemory, message).with_hint(hint).into()
}

fn done(tag: impl Into<String>) -> Answer {
    Answer::Done { tag: tag.into() }
}

fn no_prepared(name: &str) -> Error {
    let message = format!("prepared statement \"{name}\" does not exist");
    SqlError::new(SqlState::InvalidStatementName, message).into()
}

fn wrong_kind_for_alter(object: &Object) -> Error {
    CatalogError::WrongKind { name: object.name.clone(), wanted: "stream" }.into()
}

fn kind_words(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Stream => "stream",
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::Sink => "sink",
        ObjectKind::Table => "table",
    }
}
