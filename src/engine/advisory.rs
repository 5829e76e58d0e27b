//! Advisory locks: numbers that sessions lock by agreement, as PostgreSQL's `pg_advisory_lock` and its kin have them.
//! They are held in memory, by sessions of this server; a session that ends gives all of its own back.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// What is locked: one number, or two smaller ones, which are a space of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockKey {
    /// A bigint.
    One(i64),
    /// Two integers.
    Two(i32, i32),
}

/// Until when a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Until it is unlocked, as often as it was locked, or the session ends.
    Session,
    /// Until the transaction ends.
    Transaction,
}

/// The locks of all sessions.
#[derive(Debug, Default)]
pub struct AdvisoryLocks {
    held: Mutex<HashMap<LockKey, Vec<Hold>>>,
    sessions: AtomicU64,
}

/// A lock that a session has, so many times.
#[derive(Debug)]
struct Hold {
    session: u64,
    shared: bool,
    span: Span,
    times: u64,
}

/// The locks as one session sees them.
#[derive(Debug)]
pub struct SessionLocks {
    all: Arc<AdvisoryLocks>,
    session: u64,
}

impl SessionLocks {
    /// Those of a new session.
    pub fn new(all: Arc<AdvisoryLocks>) -> Self {
        let session = all.sessions.fetch_add(1, Ordering::Relaxed);
        Self { all, session }
    }

    /// Takes a lock, if no other session has it (for a shared one: has it for itself alone).
    pub fn try_lock(&self, key: LockKey, shared: bool, span: Span) -> bool {
        let mut held = self.all.held.lock();
        let holds = held.entry(key).or_default();
        if holds.iter().any(|hold| hold.session != self.session && !(hold.shared && shared)) {
            return false;
        }
        let mine =
            |hold: &&mut Hold| hold.session == self.session && hold.shared == shared && hold.span == span;
        match holds.iter_mut().find(mine) {
            Some(hold) => hold.times += 1,
            None => holds.push(Hold { session: self.session, shared, span, times: 1 }),
        }
        true
    }

    /// Gives a session's lock back once; false if the session has not got it.
    pub fn unlock(&self, key: LockKey, shared: bool) -> bool {
        let mut held = self.all.held.lock();
        let Some(holds) = held.get_mut(&key) else { return false };
        let mine =
            |hold: &Hold| hold.session == self.session && hold.shared == shared && hold.span == Span::Session;
        let Some(place) = holds.iter().position(mine) else { return false };
        holds[place].times -= 1;
        if holds[place].times == 0 {
            holds.remove(place);
        }
        if holds.is_empty() {
            held.remove(&key);
        }
        true
    }

    /// The transaction has ended.
    pub fn end_transaction(&self) {
        self.release(|span| span == Span::Transaction);
    }

    /// `pg_advisory_unlock_all`, and DISCARD ALL.
    pub fn release_session(&self) {
        self.release(|span| span == Span::Session);
    }

    /// The session has ended.
    pub fn release_all(&self) {
        self.release(|_| true);
    }

    fn release(&self, which: impl Fn(Span) -> bool) {
        self.all.held.lock().retain(|_, holds| {
            holds.retain(|hold| hold.session != self.session || !which(hold.span));
            !holds.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_one_sessions_until_it_is_given_back_as_often_as_it_was_taken() {
        let all = Arc::new(AdvisoryLocks::default());
        let (one, other) = (SessionLocks::new(all.clone()), SessionLocks::new(all));
        let key = LockKey::One(7);
        assert!(one.try_lock(key, false, Span::Session) && one.try_lock(key, false, Span::Session));
        assert!(!other.try_lock(key, false, Span::Session) && !other.try_lock(key, true, Span::Session));
        assert!(one.unlock(key, false) && !other.try_lock(key, false, Span::Session));
        assert!(one.unlock(key, false) && !one.unlock(key, false));
        assert!(other.try_lock(key, true, Span::Transaction) && one.try_lock(key, true, Span::Session));
        other.end_transaction();
        assert!(one.try_lock(key, false, Span::Session));
        one.release_all();
        assert!(other.try_lock(key, false, Span::Session));
        assert!(one.try_lock(LockKey::Two(0, 7), false, Span::Session));
    }
}
