//! Reading the truth back: the mark that Linx leaves in an entry, and what became of an intent (hazards A1, B10).

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::{Provenance, StoredLine};
use crate::change::{LineAction, LineChange, LineKey};
use crate::digest::digest;
use crate::model::{CentiHours, Entry, EntryContent, EntryId};

/// The beginning of every mark, with its format.
const PREFIX: &str = "linx1 ";

/// The mark of an entry: the line's key and a fingerprint of what was sent, so that a lost ledger can be rebuilt and a
/// later edit by the office can be told from our own value.
pub(crate) fn mark(key: &LineKey, content: &EntryContent) -> String {
    format!("{PREFIX}{key} {}", &digest(content)[..8])
}

/// The key in the mark of an entry, if this text is one.
#[cfg(feature = "procore")]
pub(crate) fn marked_key(origin: &str) -> Option<LineKey> {
    let (key, _) = origin.strip_prefix(PREFIX)?.rsplit_once(' ')?;
    key.parse().ok()
}

/// Reads a mark: the key, and whether the entry still holds what was sent.
pub(crate) fn read_mark(entry: &Entry) -> Option<(LineKey, bool)> {
    let (key, fingerprint) = split_mark(entry.origin.as_deref()?)?;
    let untouched = digest(&entry.content)[..8] == *fingerprint;
    Some((key.parse().ok()?, untouched))
}

/// Whether an entry holds what Linx wrote, so that nobody has changed it since: as its own mark says, or as the ledger has it. A
/// ledger that was put back from yesterday does not know the last value, and the mark does: what is as that ledger has it, with
/// the mark of another value, was set back by somebody (hazard B12).
pub(crate) fn holds_ours(entry: &Entry, line: &StoredLine) -> bool {
    let Some((key, fingerprint)) = entry.origin.as_deref().and_then(split_mark) else {
        return line.is_untouched(&entry.content);
    };
    let is_of = |content: &EntryContent| digest(content)[..8] == *fingerprint;
    // The mark of another key says nothing of this line's values: codes are renamed, and people set entries to other workers.
    let is_of_sent = || key.parse() != Ok(line.key.clone()) || line.sent.as_ref().is_none_or(is_of);
    is_of(&entry.content) || (line.is_untouched(&entry.content) && is_of_sent())
}

/// How many of an entry's hours are ours: all, where it holds what Linx wrote, whatever the ledger has it as; else no more than were
/// sent.
pub(crate) fn ours_of(entry: &Entry, line: &StoredLine) -> CentiHours {
    let (stands, sent) = (entry.content.hours, line.ours_of(entry.content.hours));
    if sent == stands || holds_ours(entry, line) {
        stands
    } else {
        sent
    }
}

/// The key and the fingerprint in a mark of ours.
fn split_mark(origin: &str) -> Option<(&str, &str)> {
    origin.strip_prefix(PREFIX)?.rsplit_once(' ')
}

/// The line whose mark an entry carries, where that is certainly not the one that the ledger has in it: the entry holds just
/// what was sent with the mark, and not what was sent for the line. One of the two is damaged. A mark with another key alone
/// says nothing: codes are renamed (hazard C18), and people set entries to other workers (hazard C17).
pub(crate) fn marked_for_another(entry: &Entry, line: &StoredLine) -> Option<LineKey> {
    if line.is_untouched(&entry.content) {
        return None;
    }
    let (marked, as_marked) = read_mark(entry)?;
    (marked != line.key && as_marked).then_some(marked)
}

/// The keys in the marks of entries in which none of `lines` stands.
pub(crate) fn unknown_keys(entries: &[Entry], lines: &[StoredLine]) -> BTreeSet<LineKey> {
    unknown(entries, lines).map(|(_, key)| key).collect()
}

/// The entries with such marks.
pub(crate) fn unknown_entries(entries: &[Entry], lines: &[StoredLine]) -> BTreeSet<EntryId> {
    unknown(entries, lines).map(|(entry, _)| entry).collect()
}

fn unknown(entries: &[Entry], lines: &[StoredLine]) -> impl Iterator<Item = (EntryId, LineKey)> {
    let known: BTreeSet<EntryId> = lines.iter().map(|line| line.entry).collect();
    let unknown = entries.iter().filter(move |entry| !known.contains(&entry.id));
    unknown.filter_map(|entry| Some((entry.id, read_mark(entry)?.0)))
}

/// The keys of lines whose entry is not there, or does not hold what was sent. `entries` are in the order of their ids.
pub(crate) fn altered_keys(entries: &[Entry], lines: &[StoredLine]) -> BTreeSet<LineKey> {
    let stands = |line: &&StoredLine| {
        let at = entries.binary_search_by_key(&line.entry, |entry| entry.id);
        at.is_ok_and(|at| line.is_untouched(&entries[at].content) || holds_ours(&entries[at], line))
    };
    let altered = lines.iter().filter(|line| !stands(line));
    altered.map(|line| line.key.clone()).collect()
}

/// Lines that stand in Procore with our mark and are unknown to the ledger: it was lost, a run was cut off, or a request
/// arrived after it was given up. Only those that the ledger never wrote, by `was_written`, count as recovered.
///
/// When several entries carry one key, the oldest counts (hazard B15). `entries` are those in which no known line stands,
/// `is_known` says whether a key is one of a known line.
pub(crate) fn unrecorded<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    is_known: impl Fn(&LineKey) -> bool,
    was_written: impl Fn(&LineKey) -> bool,
) -> Vec<StoredLine> {
    let mut found: BTreeMap<LineKey, StoredLine> = BTreeMap::new();
    let mut entries: Vec<&Entry> = entries.into_iter().collect();
    entries.sort_by_key(|entry| entry.id);
    for entry in entries {
        let Some((key, untouched)) = read_mark(entry) else {
            continue;
        };
        if is_known(&key) {
            continue;
        }
        let sent = untouched.then(|| entry.content.clone());
        let provenance = if was_written(&key) {
            Provenance::Written
        } else {
            Provenance::Recovered
        };
        let line = StoredLine {
            sent,
            provenance,
            ..StoredLine::of(key.clone(), entry.id)
        };
        found.entry(key).or_insert(line);
    }
    found.into_values().collect()
}

/// What became of an intent to write a line, by the entries of its day as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The line stands in this entry; what Procore's list does not tell is taken as it was sent.
    Stands(Box<Entry>),
    /// The line was to be deleted, and is gone.
    Gone,
    /// The write was not applied.
    NotApplied,
}

/// Whose an entry without a mark may be that is just as a line was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alike {
    /// The line itself.
    MayBeOurs,
    /// Somebody else's.
    IsAnothers,
}

impl Alike {
    /// By all `entries` that were read: whether Procore keeps marks; and by whether lines go `beside` equal ones of other hands.
    pub(crate) fn by(entries: &[Entry], beside: bool) -> Self {
        if beside || keeps_marks(entries) {
            Self::IsAnothers
        } else {
            Self::MayBeOurs
        }
    }
}

/// Whether Procore keeps our marks, as far as these entries show.
fn keeps_marks(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| read_mark(entry).is_some())
}

/// Judges what became of a change whose outcome is unknown, or was never recorded (hazard A1).
///
/// An entry is known by its mark; where the service dropped the mark, by equal content in an entry that the ledger does
/// not know. `recorded` are the entries that it does know: the entry of one line is never taken for that of another.
/// An equal entry says nothing where lines go beside equal ones of other hands, nor where Procore keeps marks: an entry without
/// one is a person's then, however `alike`.
pub(crate) fn found(change: &LineChange, entries: &[Entry], recorded: &FxHashSet<EntryId>, alike: Alike) -> Found {
    let stands = |entry: &Entry| Found::Stands(Box::new(entry.clone().filled_from(&change.content)));
    let mark = mark(&change.key, &change.content);
    let carries_mark = |entry: &Entry| entry.origin.as_deref() == Some(mark.as_str());
    match change.action {
        LineAction::Create => {
            let free = || entries.iter().filter(|entry| !recorded.contains(&entry.id));
            let marked = free().find(|entry| read_mark(entry).is_some_and(|(key, _)| key == change.key));
            let is_equal = |entry: &&Entry| entry.origin.is_none() && entry.content == change.content;
            let equal = || free().find(is_equal).filter(|_| alike == Alike::MayBeOurs);
            marked.or_else(equal).map_or(Found::NotApplied, stands)
        }
        // The mark goes with the values, and tells of them what Procore stored otherwise, by its rounding for instance.
        LineAction::Update => entries
            .iter()
            .find(|entry| Some(entry.id) == change.entry && (entry.content == change.content || carries_mark(entry)))
            .map_or(Found::NotApplied, stands),
        LineAction::Delete if entries.iter().any(|entry| Some(entry.id) == change.entry) => Found::NotApplied,
        LineAction::Delete => Found::Gone,
    }
}

/// An entry that may be what a create left although it does not look so: stored without its mark, and rounded, or moved
/// by the office before it was read back (hazards A1, A13). It has all but one of worker, day, coding and hours in common
/// with what was sent. Where Procore keeps marks there is none: an entry without one is a person's.
pub(crate) fn may_be<'a>(
    change: &LineChange,
    entries: &'a [Entry],
    recorded: &FxHashSet<EntryId>,
) -> Option<&'a Entry> {
    if change.action != LineAction::Create || keeps_marks(entries) {
        return None;
    }
    let sent = &change.content;
    let in_common = |stored: &EntryContent| {
        let same = [
            stored.worker == sent.worker,
            stored.date == sent.date,
            stored.coding == sent.coding,
            stored.hours == sent.hours,
        ];
        same.into_iter().filter(|same| *same).count()
    };
    let mut free = entries
        .iter()
        .filter(|entry| !recorded.contains(&entry.id) && entry.origin.is_none());
    free.find(|entry| in_common(&entry.content) >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::LineView;
    use crate::model::{ApprovalStatus, HourClass, ProjectId, WorkerId};

    fn update(hours: &str) -> LineChange {
        let date = "2026-03-02".parse().unwrap();
        let (worker, project) = (WorkerId(7), ProjectId(3));
        LineChange {
            key: LineKey {
                worker,
                date,
                project,
                sub_job: None,
                cost_code: "03-300".into(),
                class: HourClass::Regular,
                classification: None,
                start: None,
            },
            action: LineAction::Update,
            entry: Some(EntryId(1)),
            content: EntryContent {
                worker,
                date,
                coding: std::sync::Arc::new(crate::model::Coding::of(project)),
                hours: hours.parse().unwrap(),
                span: None,
                description: None,
                billable: true,
            },
            before: None,
            view: LineView::default(),
            why: String::new(),
            zone: None,
            double_of: None,
            touched: None,
            carries: Vec::new(),
        }
    }

    #[test]
    fn b10_an_entry_that_is_plainly_another_lines_is_told() {
        let line = StoredLine::sent(&update("8.00"), EntryId(1));
        let other = LineKey {
            cost_code: "03-310".into(),
            ..line.key.clone()
        };
        let entry = |marked: &LineKey, sent: &str, holds: &str| Entry {
            id: EntryId(1),
            content: update(holds).content,
            status: ApprovalStatus::Pending,
            signed: false,
            origin: Some(mark(marked, &update(sent).content).into()),
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
        };
        for (entry, is_another) in [
            (entry(&line.key, "8.00", "8.00"), false),
            (entry(&line.key, "8.00", "7.00"), false),
            // The code was renamed.
            (entry(&other, "8.00", "8.00"), false),
            // A person's edit.
            (entry(&other, "8.00", "7.00"), false),
            (entry(&other, "7.00", "7.00"), true),
        ] {
            let found = marked_for_another(&entry, &line);
            assert_eq!(found, is_another.then(|| other.clone()), "{entry:?}");
        }
    }

    #[test]
    fn b10_a18_a_spoiled_mark_is_one_that_prints_the_same_or_none() {
        let change = update("8.00");
        let with_start = LineKey {
            cost_code: "03:300 x".into(),
            classification: Some(crate::model::ClassificationId(12)),
            start: chrono::NaiveTime::from_hms_opt(7, 0, 59),
            ..change.key.clone()
        };
        let marks = [&change.key, &with_start].map(|key| mark(key, &change.content));
        let measured = |run: &mut dyn FnMut()| allocation_counter::measure(run).bytes_max;
        linx_http::testing::Inputs::new("marks", marks.clone())
            .usually(3000)
            .each(measured, |text| {
                let text = String::from_utf8_lossy(text);
                let mut entry = entry_of(&change);
                entry.origin = Some(text.as_ref().into());
                if let Some((key, untouched)) = read_mark(&entry) {
                    let again = mark(&key, &entry.content);
                    let fingerprint = text.rsplit_once(' ').map(|(_, fingerprint)| fingerprint);
                    assert_eq!(
                        untouched,
                        again.ends_with(&format!(" {}", fingerprint.unwrap())),
                        "{text}"
                    );
                    entry.origin = Some(again.into());
                    assert_eq!(read_mark(&entry), Some((key, true)), "{text}");
                }
                holds_ours(&entry, &StoredLine::sent(&change, EntryId(1)));
            });
    }

    fn entry_of(change: &LineChange) -> Entry {
        Entry {
            id: EntryId(1),
            content: change.content.clone(),
            status: ApprovalStatus::Pending,
            signed: false,
            origin: None,
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
        }
    }

    #[test]
    fn a13_b12_what_stands_is_ours_as_its_mark_or_the_ledger_says() {
        let rounded = Entry {
            content: update("8.00").content,
            ..entry_of(&update("8.03"))
        };
        let line = StoredLine::answered(&update("8.03"), &rounded);
        let other = LineKey {
            cost_code: "03-310".into(),
            ..line.key.clone()
        };
        for (mark_of, holds, is_ours) in [
            (Some((&line.key, "8.03")), "8.03", true),
            // Procore's rounding, as the ledger has it.
            (Some((&line.key, "8.03")), "8.00", true),
            // A person's edit.
            (Some((&line.key, "8.03")), "7.00", false),
            // Written by a newer ledger, and set back by somebody since.
            (Some((&line.key, "9.00")), "9.00", true),
            (Some((&line.key, "9.00")), "8.00", false),
            // The code was renamed.
            (Some((&other, "9.00")), "8.00", true),
            (Some((&other, "9.00")), "7.00", false),
            (None, "8.00", true),
            (None, "7.00", false),
        ] {
            let entry = Entry {
                content: update(holds).content,
                origin: mark_of.map(|(key, sent)| mark(key, &update(sent).content).into()),
                ..entry_of(&update(holds))
            };
            assert_eq!(holds_ours(&entry, &line), is_ours, "{mark_of:?} {holds}");
        }
    }

    #[test]
    fn a1_an_equal_entry_without_a_mark_is_ours_only_where_marks_are_lost() {
        let create = LineChange {
            action: LineAction::Create,
            entry: None,
            ..update("8.00")
        };
        let equal = entry_of(&create);
        let stands = |entries: &[Entry], recorded: &[EntryId], beside: bool| {
            let recorded = recorded.iter().copied().collect();
            let found = found(&create, entries, &recorded, Alike::by(entries, beside));
            matches!(found, Found::Stands(_))
        };
        assert!(stands(std::slice::from_ref(&equal), &[], false));
        assert!(
            !stands(std::slice::from_ref(&equal), &[equal.id], false),
            "another line's"
        );
        assert!(
            !stands(std::slice::from_ref(&equal), &[], true),
            "lines go beside equal ones"
        );
        let other = LineKey {
            cost_code: "03-310".into(),
            ..create.key.clone()
        };
        let marked = Entry {
            id: EntryId(2),
            origin: Some(mark(&other, &create.content).into()),
            ..entry_of(&create)
        };
        assert!(!stands(&[equal, marked], &[], false), "Procore keeps marks");
    }

    #[test]
    fn d12_an_update_that_procore_rounded_is_known_by_its_mark() {
        let change = update("8.03");
        let stands = |origin: Option<Box<str>>| Entry {
            id: EntryId(1),
            content: update("8.00").content,
            status: ApprovalStatus::Pending,
            signed: false,
            origin,
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
        };
        let came_to = |entry: Entry| found(&change, &[entry], &FxHashSet::default(), Alike::MayBeOurs);
        let rounded = stands(Some(mark(&change.key, &change.content).into()));
        assert!(matches!(came_to(rounded), Found::Stands(_)));
        let before = stands(Some(mark(&change.key, &update("8.00").content).into()));
        assert_eq!(
            (came_to(before), came_to(stands(None))),
            (Found::NotApplied, Found::NotApplied)
        );
    }
}
