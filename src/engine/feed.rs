//! Feeds: how the changes of a view reach those who follow it, each at its own pace.
//!
//! Publishing a version and handing its changes to the feeds happen under one lock, so a follower that joins gets
//! a version and then exactly the changes after it. A feed is bounded in bytes: a subscriber that falls too far
//! behind is cut off with an error, and the view goes on. A sink is never cut off: checkpoints of the view wait until
//! it has durably dealt with all that was handed to it ([`Feeds::delivered`]).

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::Array;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::log::Lsn;
use crate::view::{Changes, Version};
use crate::{Error, Result};

/// Bytes that may wait in one feed before something more is handed to it.
const FEED_BYTES: usize = 256 << 20;

/// Something that a follower is told.
#[derive(Clone)]
pub enum News {
    /// A step that changed the contents.
    Changes(Arc<Changes>),
    /// All is said up to this LSN.
    Progress(Lsn),
}

/// The followers of one view.
#[derive(Default)]
pub(super) struct Feeds {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    followers: Vec<Arc<Follower>>,
    /// The view has ended: who joins now gets nothing.
    closed: bool,
}

/// What a feed's two ends share.
struct Follower {
    is_sink: bool,
    queue: Mutex<Queue>,
    news: Notify,
}

#[derive(Default)]
struct Queue {
    news: VecDeque<(News, usize)>,
    bytes: usize,
    /// The last LSN that was handed over.
    handed: Lsn,
    /// A sink has durably dealt with everything up to here.
    delivered: Lsn,
    /// A sink that takes nothing more, but still holds checkpoints back.
    stalled: bool,
    overrun: bool,
    /// Why nothing more comes: from here on the view has an error in a row's place.
    failed: Option<Error>,
    /// The view's end is gone: nothing more comes.
    ended: bool,
    /// The follower's end is gone.
    left: bool,
}

/// Where the sinks of a view stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    /// Everything up to the LSN is durable in every target.
    Done,
    /// A sink is still at it.
    Under,
    /// A sink has failed, and will not get there.
    Stalled,
}

/// One follower's end.
pub struct Feed {
    first: Arc<Version>,
    follower: Arc<Follower>,
}

impl Feeds {
    /// Adds a follower; `version` is read at the moment after which the feed begins.
    pub fn join(&self, is_sink: bool, version: impl FnOnce() -> Arc<Version>) -> Feed {
        let mut state = self.state.lock();
        let version = version();
        let (lsn, ended) = (version.lsn, state.closed);
        let queue = Queue { handed: lsn, delivered: lsn, ended, ..Queue::default() };
        let follower = Arc::new(Follower { is_sink, queue: Mutex::new(queue), news: Notify::new() });
        state.followers.push(follower.clone());
        Feed { first: version, follower }
    }

    /// Publishes with `publish`, which is told whether anybody wants the changes, and hands them to all followers. An error
    /// beside them ends all feeds instead: what the view holds now is not all that its query gives. Sinks hold checkpoints back
    /// from then on.
    pub fn publish(
        &self,
        lsn: Lsn,
        publish: impl FnOnce(bool) -> Result<(Option<Changes>, Option<Error>)>,
    ) -> Result<()> {
        let followers = &mut self.state.lock().followers;
        let (changes, error) = publish(!followers.is_empty())?;
        if followers.is_empty() {
            return Ok(());
        }
        if let Some(error) = error {
            followers.retain(|follower| follower.fail(&error));
            return Ok(());
        }
        let changes = changes.filter(|changes| !changes.batches.is_empty());
        let bytes = changes.as_ref().map_or(0, changes_bytes);
        let news = changes.map_or(News::Progress(lsn), |changes| News::Changes(Arc::new(changes)));
        followers.retain(|follower| follower.hand(&news, bytes, lsn));
        Ok(())
    }

    /// Whether every sink has durably dealt with all up to that LSN. Once the feeds are closed nobody knows any more.
    pub fn delivered(&self, lsn: Lsn) -> Delivery {
        let state = self.state.lock();
        if state.closed {
            return Delivery::Stalled;
        }
        let mut answer = Delivery::Done;
        for sink in state.followers.iter().filter(|follower| follower.is_sink) {
            let queue = sink.queue.lock();
            if queue.left || queue.delivered >= lsn.min(queue.handed) {
                continue;
            }
            if queue.stalled {
                return Delivery::Stalled;
            }
            answer = Delivery::Under;
        }
        answer
    }

    /// Ends all feeds.
    pub fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        for follower in state.followers.drain(..) {
            follower.queue.lock().ended = true;
            follower.news.notify_one();
        }
    }
}

impl Follower {
    /// Ends the feed with an error. False: the follower is to be forgotten.
    fn fail(&self, error: &Error) -> bool {
        let mut queue = self.queue.lock();
        if queue.failed.is_none() {
            queue.failed = Some(error.clone());
            queue.ended = true;
            queue.stalled |= self.is_sink;
            self.news.notify_one();
        }
        self.is_sink && !queue.left
    }

    /// False: the follower is to be forgotten.
    fn hand(&self, news: &News, bytes: usize, lsn: Lsn) -> bool {
        let mut queue = self.queue.lock();
        if queue.left {
            return false;
        }
        queue.handed = lsn;
        if queue.stalled {
            return true;
        }
        if queue.bytes > 0 && queue.bytes + bytes > FEED_BYTES && !self.is_sink {
            queue.overrun = true;
            queue.ended = true;
            self.news.notify_one();
            return false;
        }
        // Progress that nobody has read yet is overtaken by later progress.
        if let (News::Progress(_), Some((News::Progress(_), _))) = (news, queue.news.back()) {
            queue.news.pop_back();
        }
        queue.bytes += bytes;
        queue.news.push_back((news.clone(), bytes));
        self.news.notify_one();
        true
    }
}

impl Feed {
    /// The version after which the feed begins.
    pub fn first_version(&self) -> &Arc<Version> {
        &self.first
    }

    /// The next news; None when the view is gone or the follower was cut off ([`Feed::overrun`]).
    pub async fn next(&mut self) -> Option<News> {
        loop {
            if let Some(news) = self.try_next() {
                return Some(news);
            }
            if self.follower.queue.lock().ended {
                // What was handed over before the end is told first.
                return self.try_next();
            }
            self.follower.news.notified().await;
        }
    }

    /// The next news if it is there already.
    pub fn try_next(&mut self) -> Option<News> {
        let mut queue = self.follower.queue.lock();
        let (news, bytes) = queue.news.pop_front()?;
        queue.bytes -= bytes;
        Some(news)
    }

    /// The error with which the feed ended.
    pub fn failure(&self) -> Option<Error> {
        self.follower.queue.lock().failed.clone()
    }

    /// Whether the feed ended because its follower was too slow.
    pub fn overrun(&self) -> bool {
        self.follower.queue.lock().overrun
    }

    /// Says that all news up to `lsn` is durable elsewhere.
    pub(super) fn delivered(&self, lsn: Lsn) {
        let mut queue = self.follower.queue.lock();
        queue.delivered = queue.delivered.max(lsn);
    }

    /// Takes nothing more, but holds checkpoints of the view back for as long as this feed is held: what was not
    /// delivered can then be made again.
    pub(super) fn stall(&self) {
        let mut queue = self.follower.queue.lock();
        queue.stalled = true;
        queue.news.clear();
        queue.bytes = 0;
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        let mut queue = self.follower.queue.lock();
        // A sink that panicked has not copied all that it took: checkpoints wait, as for one that failed.
        match self.follower.is_sink && std::thread::panicking() {
            true => queue.stalled = true,
            false => queue.left = true,
        }
        queue.news.clear();
        queue.bytes = 0;
    }
}

/// Bytes of the rows themselves: the batches are slices of larger ones, which are counted once, not each time.
fn changes_bytes(changes: &Changes) -> usize {
    let columns = changes.batches.iter().flat_map(|change| change.batch.columns());
    columns
        .map(|column| {
            column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size())
        })
        .sum()
}
