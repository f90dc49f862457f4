//! How many requests came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;

/// Counts the requests that reached a host, also those that a fault met there.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    seen: Arc<Mutex<HashMap<(Method, String), usize>>>,
}

impl Traffic {
    /// How many requests of this method (`None` for any) had `path_part` in their path since the start or the last
    /// [`Traffic::clear`].
    pub fn count(&self, method: Option<&Method>, path_part: &str) -> usize {
        self.lock()
            .iter()
            .filter(|((seen, path), _)| method.is_none_or(|wanted| wanted == seen) && path.contains(path_part))
            .map(|(_, count)| count)
            .sum()
    }

    /// Begins again from nothing.
    pub fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn note(&self, method: &Method, path: &str) {
        *self.lock().entry((method.clone(), path.to_owned())).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Method, String), usize>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
