//! Values that repeat in a list, kept once.

use std::collections::HashSet;
use std::hash::Hash;

/// What a list has shown so far. A million records name a thousand employees: each name is held once, and the records
/// share it. For values whose clones share their memory, such as a [`super::RecordId`] or an `Arc`.
#[derive(Debug)]
pub struct Pool<T>(HashSet<T>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(HashSet::new())
    }
}

impl<T: Clone + Eq + Hash> Pool<T> {
    /// Returns the first of the equal values that were given so far, so that its memory is shared and `value`'s is
    /// freed.
    pub fn share(&mut self, value: T) -> T {
        if let Some(known) = self.0.get(&value) {
            return known.clone();
        }
        self.0.insert(value.clone());
        value
    }
}
