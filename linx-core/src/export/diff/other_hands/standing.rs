//! All that stands on one worker's day, and why a line is not written beside it.

use crate::change::{LineAction, LineChange};
use crate::hold::{Reason, Refusal};
use crate::model::{CentiHours, Entry};

/// All that stands on one worker's day.
pub(super) struct Standing<'a> {
    /// By other hands, and not yet taken for a line of ours.
    pub(super) theirs: Vec<&'a Entry>,
    /// Entries of ours that the office moved here from another day or worker.
    pub(super) moved: Vec<&'a Entry>,
    /// Entries of ours to which the office has added hours.
    pub(super) raised: Vec<&'a Entry>,
    /// By our hand now, with what the office has added there.
    pub(super) ours: CentiHours,
    /// What was read of the day, as lines would have it; `None` where that is not known of the whole day.
    pub(super) read: Option<CentiHours>,
}

impl<'a> Standing<'a> {
    /// Takes out the entries that are new lines themselves: of the same codes, with equal hours, and with the same times where
    /// both have some. Where there are more of them than such lines, nothing tells which is which, and none is taken.
    pub(super) fn take_equal<'c>(&mut self, changes: &'c [LineChange]) -> Vec<(&'c LineChange, &'a Entry)> {
        let new = || changes.iter().filter(|change| change.action == LineAction::Create);
        let mut taken: Vec<(&LineChange, &Entry)> = Vec::new();
        for change in new() {
            let free = |entry: &&&Entry| taken.iter().all(|(_, other)| other.id != entry.id);
            let equal: Vec<&Entry> = self
                .theirs
                .iter()
                .filter(free)
                .copied()
                .filter(|one| is_equal(change, one))
                .collect();
            let waiting = new().filter(|other| taken.iter().all(|(line, _)| line.key != other.key));
            let rivals = waiting
                .filter(|other| equal.iter().any(|entry| is_equal(other, entry)))
                .count();
            let with_times =
                |entry: &&&Entry| change.content.span.is_some() && entry.content.span == change.content.span;
            let entry = equal
                .iter()
                .find(with_times)
                .or_else(|| equal.first().filter(|_| equal.len() <= rivals));
            taken.extend(entry.map(|entry| (change, *entry)));
        }
        self.theirs
            .retain(|entry| taken.iter().all(|(_, other)| other.id != entry.id));
        self.ours += sum(taken.iter().map(|(_, entry)| *entry));
        taken
    }

    /// What others entered, or moved here.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Entry> {
        self.theirs.iter().chain(&self.moved).copied()
    }

    /// Everything of which others have decided.
    pub(super) fn decided(&self) -> impl Iterator<Item = &'a Entry> {
        self.all().chain(self.raised.iter().copied())
    }

    /// Why a line is not written beside an entry of the same codes, if there is one.
    pub(super) fn same_codes(&self, change: &LineChange) -> Option<Refusal> {
        let same: Vec<String> = self
            .all()
            .filter(|entry| has_same_codes(change, entry))
            .map(named)
            .collect();
        let detail = format!("on the same codes: {}", same.join(", "));
        (!same.is_empty()).then(|| Refusal::new(Reason::EnteredByAnother, detail))
    }

    /// Why the day would have more hours than were read, if it would once `changes` are written.
    pub(super) fn too_much(&self, changes: &[&LineChange]) -> Option<Refusal> {
        let gained: CentiHours = changes.iter().map(|change| change.gained()).sum();
        let would_stand = self.ours + sum(self.all()) + gained;
        let detail = match self.read {
            Some(read) if would_stand <= read => return None,
            Some(read) => format!("{would_stand} h would stand on the day, and {read} h were read of it"),
            None => "how many hours the whole day has was not asked for".to_owned(),
        };
        let named: Vec<String> = self.decided().map(named).collect();
        let detail = format!("{}; {detail}", named.join(", "));
        Some(Refusal::new(Reason::EnteredByAnother, detail))
    }
}

/// Whether an entry is a line itself, but for its note and the like.
fn is_equal(change: &LineChange, entry: &Entry) -> bool {
    let (line, theirs) = (&change.content, &entry.content);
    let class = theirs.coding.classification;
    let same_times = line.span.is_none() || theirs.span.is_none() || line.span == theirs.span;
    has_same_codes(change, entry)
        && theirs.hours == line.hours
        && same_times
        && (class.is_none() || class == line.coding.classification)
}

/// Whether an entry is on the codes of a line. One that lacks the sub-job or the cost code is on other ones.
fn has_same_codes(change: &LineChange, entry: &Entry) -> bool {
    let (line, theirs) = (&change.content.coding, &entry.content.coding);
    let same_task = line.wbs_code.is_some() && line.wbs_code == theirs.wbs_code;
    let same_code = || match (line.cost_code, theirs.cost_code) {
        // Two task codes are two codes, though neither names a cost code.
        (None, None) => line.wbs_code == theirs.wbs_code,
        (line, theirs) => line == theirs,
    };
    line.project == theirs.project
        && line.sub_job == theirs.sub_job
        && (same_task || same_code())
        && line.time_type == theirs.time_type
}

fn named(entry: &Entry) -> String {
    match entry.author {
        Some(author) => format!("{} h in entry {} by user {author}", entry.content.hours, entry.id),
        None => format!("{} h in entry {}", entry.content.hours, entry.id),
    }
}

/// How many hours entries have.
pub(super) fn sum<'e>(entries: impl Iterator<Item = &'e Entry>) -> CentiHours {
    entries.map(|entry| entry.content.hours).sum()
}
