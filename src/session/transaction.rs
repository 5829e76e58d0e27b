//! A session's transaction: appends that wait for COMMIT, to become one commit of the log.

use chrono::{DateTime, Utc};
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};

use super::answer::TransactionStatus;
use crate::Result;
use crate::log::NewEntry;
use crate::query::OwnRows;

/// Where a session stands between BEGIN and COMMIT. Reads of a stream inside see what is committed and the transaction's
/// own rows; views do not show these.
#[derive(Default)]
pub struct Transaction {
    kind: Kind,
    failed: bool,
    read_only: bool,
    /// When its first statement began; None outside of one.
    began: Option<DateTime<Utc>>,
    pending: Vec<NewEntry>,
    /// What `pending` takes, and has taken before a savepoint was gone back to.
    bytes: usize,
    savepoints: Vec<(String, usize)>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Each statement commits by itself.
    #[default]
    None,
    /// The statements of one simple-query text.
    Implicit,
    /// BEGIN was said.
    Explicit,
}

impl Transaction {
    /// The byte of ReadyForQuery.
    pub fn status(&self) -> TransactionStatus {
        match (self.kind, self.failed) {
            (Kind::Explicit, true) => TransactionStatus::Failed,
            (Kind::Explicit, false) => TransactionStatus::InTransaction,
            _ => TransactionStatus::Idle,
        }
    }

    /// BEGIN was said and not ended.
    pub fn explicit(&self) -> bool {
        self.kind == Kind::Explicit
    }

    /// Appends are held back.
    pub fn holds(&self) -> bool {
        self.kind != Kind::None
    }

    /// A simple-query text of several statements begins.
    pub fn begin_implicit(&mut self) {
        if self.kind == Kind::None {
            self.kind = Kind::Implicit;
            self.began = Some(crate::query::now());
        }
    }

    /// BEGIN. False: there was one already. What an implicit one held goes with it, as in Postgres.
    pub fn begin(&mut self, read_only: bool) -> bool {
        let fresh = self.kind != Kind::Explicit;
        self.kind = Kind::Explicit;
        self.began.get_or_insert_with(crate::query::now);
        self.read_only = if fresh { read_only } else { self.read_only };
        fresh
    }

    /// The implicit transaction ends: what is to be committed.
    pub fn end_implicit(&mut self, ok: bool) -> Vec<NewEntry> {
        if self.kind != Kind::Implicit {
            return Vec::new();
        }
        let pending = std::mem::take(self).pending;
        if ok { pending } else { Vec::new() }
    }

    /// COMMIT: what is to be committed, None when the transaction failed and is rolled back instead.
    pub fn commit(&mut self) -> Option<Vec<NewEntry>> {
        let ended = std::mem::take(self);
        (!ended.failed).then_some(ended.pending)
    }

    /// ROLLBACK: all is forgotten.
    pub fn rollback(&mut self) {
        *self = Self::default();
    }

    /// A statement failed.
    pub fn fail(&mut self) {
        if self.kind == Kind::Explicit {
            self.failed = true;
        }
    }

    /// 25P02 while failed.
    pub fn check_alive(&self) -> Result<()> {
        if !self.failed {
            return Ok(());
        }
        let message = "current transaction is aborted, commands ignored until end of transaction block";
        Err(SqlError::new(SqlState::InFailedTransaction, message).into())
    }

    /// 25006 when READ ONLY was said.
    pub fn check_writable(&self, verb: &str) -> Result<()> {
        if !self.read_only {
            return Ok(());
        }
        let message = format!("cannot execute {verb} in a read-only transaction");
        Err(SqlError::new(SqlState::ReadOnlyTransaction, message).into())
    }

    /// Holds appends back until COMMIT, within a number of bytes.
    pub fn hold(&mut self, entries: Vec<NewEntry>, limit: usize) -> Result<()> {
        self.bytes += entries.iter().map(NewEntry::memory_bytes).sum::<usize>();
        if self.bytes > limit {
            return Err(super::over_budget(limit));
        }
        self.pending.extend(entries);
        Ok(())
    }

    /// When it began; None outside of one.
    pub fn began(&self) -> Option<DateTime<Utc>> {
        self.began
    }

    /// The rows that it has appended and not committed, by stream, of those streams that are read.
    pub fn own_rows(&self, read: &[ObjectId]) -> OwnRows {
        let mut own = OwnRows::new();
        if read.is_empty() {
            return own;
        }
        for entry in &self.pending {
            if let NewEntry::Append { stream, batch, .. } = entry
                && read.contains(stream)
            {
                own.entry(*stream).or_default().push(batch.clone());
            }
        }
        own
    }

    /// Whether it has appended rows to a stream.
    pub fn appends_to(&self, id: ObjectId) -> bool {
        let to = |entry: &NewEntry| matches!(entry, NewEntry::Append { stream, .. } if *stream == id);
        self.pending.iter().any(to)
    }

    /// SET TRANSACTION READ ONLY, READ WRITE.
    pub fn set_read_only(&mut self, read_only: bool) {
        self.read_only = read_only;
    }

    /// SAVEPOINT.
    pub fn savepoint(&mut self, name: String) -> Result<()> {
        self.check_block("SAVEPOINT")?;
        self.savepoints.push((name, self.pending.len()));
        Ok(())
    }

    /// RELEASE.
    pub fn release(&mut self, name: &str) -> Result<()> {
        self.check_block("RELEASE SAVEPOINT")?;
        let at = self.find(name)?;
        self.savepoints.truncate(at);
        Ok(())
    }

    /// ROLLBACK TO: appends since the savepoint are forgotten, the transaction is alive again.
    pub fn rollback_to(&mut self, name: &str) -> Result<()> {
        self.check_block("ROLLBACK TO SAVEPOINT")?;
        let at = self.find(name)?;
        self.pending.truncate(self.savepoints[at].1);
        self.savepoints.truncate(at + 1);
        self.failed = false;
        Ok(())
    }

    fn check_block(&self, verb: &str) -> Result<()> {
        if self.explicit() {
            return Ok(());
        }
        let message = format!("{verb} can only be used in transaction blocks");
        Err(SqlError::new(SqlState::NoActiveTransaction, message).into())
    }

    fn find(&self, name: &str) -> Result<usize> {
        let at = self.savepoints.iter().rposition(|(saved, _)| saved == name);
        at.ok_or_else(|| {
            SqlError::new(SqlState::InvalidSavepoint, format!("savepoint \"{name}\" does not exist")).into()
        })
    }
}
