//! What is noted of a line that stands as it should.

use std::collections::BTreeSet;

use super::{Around, Compare};
use crate::export::diff::comparison::Comparison;
use crate::export::lines::Line;
use crate::ledger::StoredLine;
use crate::ledger::recover::holds_ours;
use crate::model::RecordId;

impl Compare<'_> {
    /// Whether a line stands just as it was sent and as it should be, and there is nothing to be noted of it: so it is with almost all,
    /// and whatever else is looked at says nothing of them.
    pub(super) fn stands_as_sent(&self, line: &Line<'_>, stored: &StoredLine) -> bool {
        let is_as_sent = stored.sent.as_ref() == Some(&line.content) && stored.notes.is_empty();
        let entry = || self.entries.get(stored.entry);
        is_as_sent
            && entry().is_some_and(|entry| entry.content == line.content)
            && stored.stretches.is_none_or(|sent| sent == line.stretches())
            && line.worked().all(|worked| stored.employees.contains(worked.employee))
            && !self.against.relinked.left_behind(stored)
            && self.against.doubles.of(&stored.key, Some(stored)).is_none()
    }

    /// Notes that a line stands as it should, where the ledger has anything else of it.
    pub(super) fn agree(&self, line: &Line<'_>, stored: &StoredLine, around: &Around<'_>, found: &mut Comparison) {
        let same_as_sent = stored.sent.as_ref() == Some(&line.content);
        let same_employees = || line.worked().all(|worked| stored.employees.contains(worked.employee));
        let recut = stored.stretches.is_some_and(|sent| sent != line.stretches());
        let noted = stored.notes.missing.is_some() || stored.may_be_elsewhere();
        if self.is_taken_off(line, stored, around, found) || (same_as_sent && !noted && !recut && same_employees()) {
            return;
        }
        found.remember(stored, |agreed| {
            agreed.sent = Some(line.content.clone());
            agreed.notes.answered = None;
            let employees: BTreeSet<RecordId> = line.worked().map(|worked| worked.employee.clone()).collect();
            agreed.employees = employees.into();
            agreed.stretches = Some(line.stretches());
            agreed.notes.missing = None;
            agreed.found_again();
        });
    }

    /// Whether both sides have fewer hours than were sent, and somebody else took them off.
    pub(super) fn agrees_on_less(&self, line: &Line<'_>, stored: &StoredLine) -> bool {
        let sent = stored.sent.as_ref();
        if sent.is_none_or(|sent| sent.hours <= line.content.hours) {
            return false;
        }
        let entry = self.entries.get(stored.entry);
        entry.is_some_and(|entry| entry.content == line.content && !holds_ours(entry, stored))
    }

    /// Whether what the office took off stays known: it may be what other classes or times of the same work gain; and, until another
    /// refresh lacks it too, what any other line of the day does.
    fn is_taken_off(&self, line: &Line<'_>, stored: &StoredLine, around: &Around<'_>, found: &mut Comparison) -> bool {
        self.agrees_on_less(line, stored) && (around.is_recut(line) || !self.removal.is_missed_twice(stored, found))
    }
}
