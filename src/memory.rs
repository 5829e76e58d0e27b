//! The memory that all views together may take.
//!
//! Each job says from time to time how much its state and its rows take. The one that grows past the end of the budget
//! stops, and gives back what it held: the database and the other views go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number of bytes, and how many of them are taken.
#[derive(Debug)]
pub struct MemoryBudget {
    limit: usize,
    taken: AtomicUsize,
}

/// What one holder takes of a budget. Dropping it gives all back.
#[derive(Debug)]
pub struct MemoryShare {
    budget: Arc<MemoryBudget>,
    bytes: usize,
}

impl MemoryBudget {
    /// So many bytes, none taken.
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, taken: AtomicUsize::new(0) })
    }

    /// All bytes.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes that are taken.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Bytes that are not taken.
    pub fn free(&self) -> usize {
        self.limit.saturating_sub(self.taken())
    }

    /// A share of nothing.
    pub fn share(self: &Arc<Self>) -> MemoryShare {
        MemoryShare { budget: self.clone(), bytes: 0 }
    }
}

impl MemoryShare {
    /// The budget.
    pub fn budget(&self) -> &MemoryBudget {
        &self.budget
    }

    /// Bytes of this share.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The share is that large now. False when it grew and the budget is used up: what is held is counted all the same.
    #[must_use]
    pub fn set(&mut self, bytes: usize) -> bool {
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes <= before {
            self.budget.taken.fetch_sub(before - bytes, Ordering::Relaxed);
            return true;
        }
        let grown = bytes - before;
        self.budget.taken.fetch_add(grown, Ordering::Relaxed) + grown <= self.budget.limit
    }
}

impl Drop for MemoryShare {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_grows_past_the_budget_is_told_and_gives_all_back() {
        let budget = MemoryBudget::new(100);
        let (mut one, mut other) = (budget.share(), budget.share());
        assert!(one.set(60) && other.set(40));
        assert!(!other.set(41) && other.set(30));
        assert_eq!((budget.taken(), budget.free()), (90, 10));
        drop(one);
        assert!(other.set(100) && budget.free() == 0);
    }
}
