//! Cancel requests: a second connection that names a first one by its process number and secret.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use parking_lot::Mutex;

use crate::session::answer::CancelHandle;

/// The connections that can be cancelled.
#[derive(Default)]
pub(super) struct CancelRegistry {
    handles: Mutex<HashMap<(i32, i32), CancelHandle>>,
    last: AtomicI32,
}

/// A connection's entry; dropping it takes it out.
pub(super) struct CancelKey {
    pub(super) process: i32,
    pub(super) secret: i32,
    registry: Arc<CancelRegistry>,
}

impl CancelRegistry {
    /// Enters a connection under a number of its own.
    pub(super) fn enter(self: &Arc<Self>, handle: CancelHandle) -> CancelKey {
        // Wraps to negative numbers after two thousand million connections, which is harmless.
        let process = self.last.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        // The standard library keys each of these from the system's randomness; what they hash does not matter.
        let secret = RandomState::new().build_hasher().finish() as i32;
        self.handles.lock().insert((process, secret), handle);
        CancelKey { process, secret, registry: Arc::clone(self) }
    }

    /// Cancels what a connection is running. A wrong secret does nothing and says nothing.
    pub(super) fn cancel(&self, process: i32, secret: i32) {
        if let Some(handle) = self.handles.lock().get(&(process, secret)) {
            handle.cancel();
        }
    }
}

impl Drop for CancelKey {
    fn drop(&mut self) {
        self.registry.handles.lock().remove(&(self.process, self.secret));
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn only_the_right_secret_cancels_and_only_while_connected() {
        let registry = Arc::new(CancelRegistry::default());
        let handle = CancelHandle::default();
        let key = registry.enter(handle.clone());
        registry.cancel(key.process, key.secret.wrapping_add(1));
        registry.cancel(key.process + 1, key.secret);
        assert!(handle.cancelled().now_or_never().is_none());
        registry.cancel(key.process, key.secret);
        assert!(handle.cancelled().now_or_never().is_some());
        handle.reset();
        let (process, secret) = (key.process, key.secret);
        drop(key);
        registry.cancel(process, secret);
        assert!(handle.cancelled().now_or_never().is_none());
    }
}
