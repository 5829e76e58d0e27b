//! Feeds: how the changes of a view reach those who follow it, each at its own pace.
//!
//! Publishing a version and handing its changes to the feeds happen under one lock, so a follower that joins gets
//! a version and then exactly the changes after it. A feed is bounded in bytes: a follower that falls too far
//! behind is cut off with an error, and the view goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use tokio::sync::mpsc;

use crate::Result;
use crate::log::Lsn;
use crate::view::{Changes, Version};

/// Bytes that may wait in one feed.
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
    followers: Mutex<Vec<Follower>>,
}

struct Follower {
    sender: mpsc::UnboundedSender<News>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queued_bytes: AtomicUsize,
    overrun: AtomicBool,
    /// The follower has durably dealt with everything up to here; only sinks report it.
    delivered: AtomicU64,
    handed: AtomicU64,
    reports: AtomicBool,
}

/// One follower's end.
pub struct Feed {
    first: Arc<Version>,
    receiver: mpsc::UnboundedReceiver<News>,
    shared: Arc<Shared>,
}

impl Feeds {
    /// Adds a follower; `version` is read at the moment after which the feed begins.
    pub fn join(&self, version: impl FnOnce() -> Arc<Version>) -> Feed {
        let mut followers = self.followers.lock();
        let version = version();
        let (sender, receiver) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        shared.delivered.store(version.lsn, Ordering::Relaxed);
        shared.handed.store(version.lsn, Ordering::Relaxed);
        followers.push(Follower { sender, shared: shared.clone() });
        Feed { first: version, receiver, shared }
    }

    /// Publishes with `publish`, which is told whether anybody wants the changes, and hands them to all followers.
    pub fn publish(&self, lsn: Lsn, publish: impl FnOnce(bool) -> Result<Option<Changes>>) -> Result<()> {
        let mut followers = self.followers.lock();
        let changes = publish(!followers.is_empty())?.filter(|changes| !changes.batches.is_empty());
        if followers.is_empty() {
            return Ok(());
        }
        let bytes = changes.as_ref().map_or(0, changes_bytes);
        let news = changes.map_or(News::Progress(lsn), |changes| News::Changes(Arc::new(changes)));
        followers.retain(|follower| follower.hand(&news, bytes, lsn));
        Ok(())
    }

    /// Whether every sink has dealt with all that it was handed.
    pub fn all_delivered(&self) -> bool {
        self.followers.lock().iter().all(|follower| {
            let shared = &follower.shared;
            !shared.reports.load(Ordering::Acquire)
                || shared.delivered.load(Ordering::Acquire) >= shared.handed.load(Ordering::Acquire)
        })
    }

    /// Ends all feeds.
    pub fn close(&self) {
        self.followers.lock().clear();
    }
}

impl Follower {
    fn hand(&self, news: &News, bytes: usize, lsn: Lsn) -> bool {
        let queued = self.shared.queued_bytes.fetch_add(bytes, Ordering::AcqRel) + bytes;
        // A sink is never cut off: its view's checkpoints wait for it, so nothing may be lost.
        if queued > FEED_BYTES && !self.shared.reports.load(Ordering::Acquire) {
            self.shared.overrun.store(true, Ordering::Release);
            return false;
        }
        self.shared.handed.store(lsn, Ordering::Release);
        self.sender.send(news.clone()).is_ok()
    }
}

impl Feed {
    /// The version after which the feed begins.
    pub fn first_version(&self) -> &Arc<Version> {
        &self.first
    }

    /// The next news; None when the view is gone or the follower was cut off ([`Feed::overrun`]).
    pub async fn next(&mut self) -> Option<News> {
        let news = self.receiver.recv().await?;
        self.took(&news);
        Some(news)
    }

    /// The next news if it is there already.
    pub fn try_next(&mut self) -> Option<News> {
        let news = self.receiver.try_recv().ok()?;
        self.took(&news);
        Some(news)
    }

    /// Whether the feed ended because its follower was too slow.
    pub fn overrun(&self) -> bool {
        self.shared.overrun.load(Ordering::Acquire)
    }

    /// From now on the view's checkpoints wait for [`Feed::delivered`].
    pub(super) fn report_deliveries(&self) {
        self.shared.reports.store(true, Ordering::Release);
    }

    /// Says that all news up to `lsn` is durable elsewhere.
    pub(super) fn delivered(&self, lsn: Lsn) {
        self.shared.delivered.fetch_max(lsn, Ordering::AcqRel);
    }

    fn took(&self, news: &News) {
        if let News::Changes(changes) = news {
            self.shared.queued_bytes.fetch_sub(changes_bytes(changes), Ordering::AcqRel);
        }
    }
}

fn changes_bytes(changes: &Changes) -> usize {
    changes.batches.iter().map(|change| change.batch.get_array_memory_size()).sum()
}
