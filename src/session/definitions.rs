//! CREATE and DROP: each a commit of its own, done to its end whoever waits for it.

use std::sync::Arc;

use millstream_catalog::{CatalogError, Definition, Object};
use millstream_sql::text::statement::{
    AlterOptions, Comment, CommentTarget, Drop as DropStatement, Lock, Needless, ObjectKind, Rename,
};
use millstream_sql::{SqlError, SqlState};

use super::answer::Answer;
use super::{PROGRESS_INTERVAL, Session, done, find, kind_words};
use crate::engine::Engine;
use crate::engine::ddl::{Create, is_kind, wrong_kind};
use crate::{Error, Result};

impl Session {
    pub(super) async fn create(&self, mut create: Create, tag: &str) -> Result<Answer> {
        self.before_ddl(tag).await?;
        if let Create::MaterializedView(view) = &mut create {
            // A view keeps the settings that it was made under.
            for (name, value) in self.environment().options() {
                view.options.entry(name.to_owned()).or_insert(value);
            }
        }
        let name = match &create {
            Create::Stream(create) => create.name.clone(),
            Create::View(create) => create.name.clone(),
            Create::MaterializedView(create) => create.name.clone(),
            Create::Sink(create) => create.name.clone(),
        };
        // A cancel drops this future: what the log has must reach the catalog all the same.
        let engine = self.engine.clone();
        let creating = tokio::spawn(async move { engine.create(create).await });
        let created = {
            let _held = self.cancel.hold();
            creating.await.map_err(|error| Error::internal(format!("{tag} failed: {error}")))??
        };
        match created {
            None => {
                let message = format!("relation \"{name}\" already exists, skipping");
                self.notice("NOTICE", SqlState::DuplicateTable, message);
            }
            Some(object) => {
                if let Definition::MaterializedView(_) = object.definition {
                    self.say_where_streams_start(&object)?;
                    let unfinished = Unfinished { engine: self.engine.clone(), object: Some(object.clone()) };
                    self.wait_for_backfill(&object).await?;
                    unfinished.keep();
                    if let Some(error) = self.engine.job(object.id)?.row_trouble() {
                        let message =
                            format!("materialized view \"{}\" has rows that fail: {error}", object.name);
                        self.notice("WARNING", SqlState::Warning, message);
                    }
                }
            }
        }
        Ok(done(tag))
    }

    /// Says of which rows a new view is not: those that retention has removed.
    fn say_where_streams_start(&self, view: &Object) -> Result<()> {
        let job = self.engine.job(view.id)?;
        let catalog = self.engine.catalog();
        for id in &job.plan.streams {
            let first = self.engine.log().stream(*id).map_or(0, |tail| tail.first_row());
            if first > 0 {
                let name = &catalog.object(*id)?.name;
                let message = format!(
                    "stream \"{name}\" starts at row {first}: older rows were removed by its retention"
                );
                self.notice("NOTICE", SqlState::Successful, message);
            }
        }
        Ok(())
    }

    /// CREATE MATERIALIZED VIEW answers once the view has caught up, and says how far it is while one waits.
    async fn wait_for_backfill(&self, object: &Object) -> Result<()> {
        let job = self.engine.job(object.id)?;
        let all = job.rows_behind();
        let waiting = job.version_from(object.created_lsn);
        tokio::pin!(waiting);
        loop {
            match tokio::time::timeout(PROGRESS_INTERVAL, &mut waiting).await {
                Ok(version) => return version.map(drop),
                Err(_) => {
                    let left = job.rows_behind().min(all);
                    let percent = ((all - left) * 100).checked_div(all).unwrap_or(100);
                    let message = format!(
                        "backfill of materialized view \"{}\": {percent}% ({} of {all} rows)",
                        object.name,
                        all - left
                    );
                    self.notice("NOTICE", SqlState::Successful, message);
                }
            }
        }
    }

    pub(super) async fn drop_objects(&self, drop: &DropStatement, text: &str) -> Result<Answer> {
        let tag = format!("DROP {}", kind_words(drop.kind).to_uppercase());
        self.before_ddl(&tag).await?;
        let catalog = self.engine.catalog();
        let search_path = self.settings.search_path();
        let mut ids = Vec::new();
        for name in &drop.names {
            match find(&catalog, name, &search_path) {
                Ok(object) if is_kind(&object, drop.kind) => ids.push(object.id),
                Ok(object) => return Err(wrong_kind(&object, kind_words(drop.kind))),
                Err(_) if drop.if_exists => {
                    let message = format!("{} \"{name}\" does not exist, skipping", kind_words(drop.kind));
                    self.notice("NOTICE", SqlState::Successful, message);
                }
                Err(error) => return Err(error),
            }
        }
        if !ids.is_empty() {
            let (engine, doomed, text) = (self.engine.clone(), ids.clone(), text.to_owned());
            let cascade = drop.cascade;
            let dropping = tokio::spawn(async move { engine.drop_objects(&doomed, cascade, text).await });
            let _held = self.cancel.hold();
            let doomed =
                dropping.await.map_err(|error| Error::internal(format!("{tag} failed: {error}")))??;
            for object in doomed.iter().filter(|object| !ids.contains(&object.id)) {
                let message = format!("drop cascades to {} {}", object.kind(), object.name);
                self.notice("NOTICE", SqlState::Successful, message);
            }
        }
        Ok(done(tag))
    }

    pub(super) async fn alter_options(&self, alter: &AlterOptions) -> Result<Answer> {
        let tag = format!("ALTER {}", kind_words(alter.kind).to_uppercase());
        self.before_ddl(&tag).await?;
        let object = match find(&self.engine.catalog(), &alter.name, &self.settings.search_path()) {
            Ok(object) if is_kind(&object, alter.kind) => object,
            Ok(object) => {
                let (name, wanted) = (object.name.clone(), kind_words(alter.kind));
                return Err(millstream_catalog::CatalogError::WrongKind { name, wanted }.into());
            }
            Err(_) if alter.if_exists => {
                let message = format!("relation \"{}\" does not exist, skipping", alter.name);
                self.notice("NOTICE", SqlState::Successful, message);
                return Ok(done(tag));
            }
            Err(error) => return Err(error),
        };
        let (engine, id, set, reset) =
            (self.engine.clone(), object.id, alter.set.clone(), alter.reset.clone());
        let altering = tokio::spawn(async move { engine.alter(id, &set, &reset).await });
        let _held = self.cancel.hold();
        altering.await.map_err(|error| Error::internal(format!("{tag} failed: {error}")))??;
        Ok(done(tag))
    }

    /// ALTER … RENAME TO.
    pub(super) async fn rename(&self, rename: &Rename) -> Result<Answer> {
        let tag = format!("ALTER {}", kind_words(rename.kind).to_uppercase());
        self.before_ddl(&tag).await?;
        let object = match find(&self.engine.catalog(), &rename.name, &self.settings.search_path()) {
            // ALTER TABLE renames whatever it finds, as in Postgres.
            Ok(object) if rename.kind == ObjectKind::Table || is_kind(&object, rename.kind) => object,
            Ok(object) => {
                let (name, wanted) = (object.name.clone(), kind_words(rename.kind));
                return Err(CatalogError::WrongKind { name, wanted }.into());
            }
            Err(_) if rename.if_exists => {
                let message = format!("relation \"{}\" does not exist, skipping", rename.name);
                self.notice("NOTICE", SqlState::Successful, message);
                return Ok(done(tag));
            }
            Err(error) => return Err(error),
        };
        let (engine, id, to) = (self.engine.clone(), object.id, rename.to.clone());
        let renaming = tokio::spawn(async move { engine.rename(id, &to).await });
        let _held = self.cancel.hold();
        renaming.await.map_err(|error| Error::internal(format!("{tag} failed: {error}")))??;
        Ok(done(tag))
    }

    /// VACUUM and its kin: what they name is looked for, and a NOTICE says why there is nothing to do.
    pub(super) fn needless(&self, needless: &Needless) -> Result<Answer> {
        let catalog = self.engine.catalog();
        for name in &needless.names {
            let object = find(&catalog, name, &self.settings.search_path())?;
            let view = matches!(object.definition, Definition::MaterializedView(_));
            if needless.tag.starts_with("REFRESH") && !view {
                let (name, wanted) = (object.name.clone(), "materialized view");
                return Err(CatalogError::WrongKind { name, wanted }.into());
            }
        }
        let message = format!("{} has nothing to do: {}", needless.tag, needless.reason);
        self.notice("NOTICE", SqlState::Successful, message);
        Ok(done(needless.tag))
    }

    /// LOCK TABLE in a mode that keeps nobody from reading or writing: the relations are looked for, and that is all.
    pub(super) fn lock(&self, lock: &Lock) -> Result<Answer> {
        if !self.transaction.lock().explicit() {
            let message = "LOCK TABLE can only be used in transaction blocks";
            return Err(SqlError::new(SqlState::NoActiveTransaction, message).into());
        }
        let catalog = self.engine.catalog();
        for name in &lock.names {
            find(&catalog, name, &self.settings.search_path())?;
        }
        Ok(done("LOCK TABLE"))
    }

    /// COMMENT ON a relation or one of its columns, kept with its definition. Of what there is none of here, a comment can
    /// only be taken away.
    pub(super) async fn comment(&self, comment: &Comment) -> Result<Answer> {
        let catalog = self.engine.catalog();
        let path = self.settings.search_path();
        let (object, column) = match &comment.on {
            CommentTarget::Relation(kind, name) => {
                let object = find(&catalog, name, &path)?;
                if *kind != ObjectKind::Table && !is_kind(&object, *kind) {
                    let (name, wanted) = (object.name.clone(), kind_words(*kind));
                    return Err(CatalogError::WrongKind { name, wanted }.into());
                }
                (object, "")
            }
            CommentTarget::Column(name, column) => {
                let object = find(&catalog, name, &path)?;
                if !object.columns().iter().any(|known| known.name == *column) {
                    let message =
                        format!("column \"{column}\" of relation \"{}\" does not exist", object.name.name);
                    return Err(SqlError::new(SqlState::UndefinedColumn, message).into());
                }
                (object, column.as_str())
            }
            CommentTarget::Other(_) if comment.text.is_none() => return Ok(done("COMMENT")),
            CommentTarget::Other(kind) => {
                let message = format!("COMMENT ON {} is not supported", kind.to_uppercase());
                let hint = "streams, views, materialized views, sinks and columns can have comments";
                return Err(SqlError::unsupported(message, hint).into());
            }
        };
        self.before_ddl("COMMENT").await?;
        let (engine, id) = (self.engine.clone(), object.id);
        let (column, text) = (column.to_owned(), comment.text.clone());
        let commenting = tokio::spawn(async move { engine.comment(id, &column, text).await });
        let _held = self.cancel.hold();
        commenting.await.map_err(|error| Error::internal(format!("COMMENT failed: {error}")))??;
        Ok(done("COMMENT"))
    }

    /// A change of the catalog is a commit of its own: what the transaction holds goes first.
    pub(super) async fn before_ddl(&self, verb: &str) -> Result<()> {
        self.transaction.lock().check_writable(verb)?;
        if self.transaction.lock().explicit() {
            let message = format!("{verb} takes effect at once and is not undone by ROLLBACK");
            self.notice("NOTICE", SqlState::ActiveTransaction, message);
            return Ok(());
        }
        let pending = self.transaction.lock().end_implicit(true);
        self.commit_entries(pending).await
    }
}

/// A materialized view whose CREATE has not answered yet: if it never does (an error on a row that is there, a
/// cancel, a client that is gone), the view goes again, so that nothing is half done.
struct Unfinished {
    engine: Arc<Engine>,
    object: Option<Arc<Object>>,
}

impl Unfinished {
    fn keep(mut self) {
        self.object = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let engine = self.engine.clone();
        tokio::spawn(async move {
            let sql = format!("DROP MATERIALIZED VIEW {}", object.name);
            if let Err(error) = engine.drop_objects(&[object.id], false, sql).await {
                tracing::warn!(view = %object.name, %error, "a view that was not finished could not be removed");
            }
        });
    }
}
