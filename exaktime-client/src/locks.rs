//! One lock per record that is being replaced: whole-object PUTs overwrite one another (exaktime-api.md section 5.4).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::lock::Mutex as AsyncMutex;

/// The locks of the records that are being replaced, by path. A lock that nobody holds is forgotten.
#[derive(Default)]
pub(crate) struct RecordLocks(Mutex<HashMap<String, Weak<AsyncMutex<()>>>>);

impl RecordLocks {
    /// Returns the lock of the record at `path`: the same one to all who ask while anybody has it.
    pub(crate) fn of(&self, path: &str) -> Arc<AsyncMutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(path).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(AsyncMutex::new(()));
        locks.insert(path.to_owned(), Arc::downgrade(&lock));
        lock
    }
}
