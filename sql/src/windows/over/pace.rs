//! Work in portions: after each, the thread is given back once, so that a query that nobody waits for any more is dropped
//! there and others get their turn.

use std::future::poll_fn;
use std::task::Poll;

/// Rows, or comparisons of rows, between two points at which work can be stopped: some milliseconds.
const PORTION: usize = 64 * 1024;

/// Counts work.
#[derive(Debug, Default)]
pub(super) struct Pace {
    done: usize,
}

impl Pace {
    /// Notes work that was done, and gives the thread back when there was enough of it.
    pub async fn spend(&mut self, work: usize) {
        self.done += work;
        if self.done < PORTION {
            return;
        }
        self.done = 0;
        let mut given = false;
        poll_fn(|context| {
            if std::mem::replace(&mut given, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}
