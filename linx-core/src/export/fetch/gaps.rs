//! What was not read of the lists of which only the rows are kept (hazard A6).

use crate::hold::{Held, List, Refusal};
use crate::model::{OfficeRef, ProjectId};
use crate::ports::Snapshot;

/// Notes what was not read of lists, and keeps their rows.
#[derive(Default)]
pub(super) struct Gaps(pub(super) Vec<Held>);

impl Gaps {
    /// Adds those of other lists.
    pub(super) fn extend(&mut self, others: impl IntoIterator<Item = Self>) {
        self.0.extend(others.into_iter().flat_map(|others| others.0));
    }

    pub(super) fn rows<T>(&mut self, of: List, list: Snapshot<T>) -> Vec<T> {
        self.0.extend(list.unread(of));
        list.rows
    }

    /// The rows of a list that each project has.
    pub(super) fn rows_of<T>(&mut self, project: ProjectId, of: List, list: Snapshot<T>) -> Vec<T> {
        self.note_of(project, of, &list);
        list.rows
    }

    pub(super) fn note_of<T>(&mut self, project: ProjectId, of: List, list: &Snapshot<T>) {
        let named = |held: Held| {
            let detail = format!("{}: {}", OfficeRef::Project(project), held.detail);
            Held::new(held.subject, Refusal::new(held.reason, detail))
        };
        self.0.extend(list.unread(of).into_iter().map(named));
    }
}
