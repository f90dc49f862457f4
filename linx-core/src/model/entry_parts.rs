//! Entries that Procore's overtime management split: what was sent as one stands as several (hazard D16).

use std::collections::BTreeMap;

use super::{ApprovalStatus, CentiHours, Entry, EntryContent, EntryId};

/// Joins entries with the parts that were split off them, wherever they name each other, so that a part is no stranger
/// and its hours count with those that were sent. Entries without parts stay as they are.
pub(crate) fn join(entries: Vec<Entry>) -> Vec<Entry> {
    let first = first_of_each(&entries);
    let mut groups: BTreeMap<EntryId, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        let id = first.get(&entry.id).copied().unwrap_or(entry.id);
        groups.entry(id).or_default().push(entry);
    }
    groups.into_values().filter_map(whole).collect()
}

/// The oldest entry of each group: the one that was sent. One may name parts of a part.
fn first_of_each(entries: &[Entry]) -> BTreeMap<EntryId, EntryId> {
    let mut first: BTreeMap<EntryId, EntryId> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.parts.is_empty()) {
        let group: Vec<EntryId> = entry.parts.iter().copied().chain([entry.id]).collect();
        let known: Vec<EntryId> = group.iter().filter_map(|id| first.get(id).copied()).collect();
        let Some(oldest) = group.iter().chain(&known).min().copied() else {
            continue;
        };
        for id in group {
            first.insert(id, oldest);
        }
        for of in first.values_mut().filter(|of| known.contains(of)) {
            *of = oldest;
        }
    }
    first
}

/// One entry out of its parts: the oldest with the hours of all, the furthest status, signed if any is.
pub(crate) fn whole(mut parts: Vec<Entry>) -> Option<Entry> {
    parts.sort_by_key(|entry| entry.id);
    let mut parts = parts.into_iter();
    let mut whole = parts.next()?;
    whole.parts.clear();
    for part in parts {
        let hundredths = whole.content.hours.hundredths() + part.content.hours.hundredths();
        whole.content.hours = CentiHours::from_hundredths(hundredths);
        whole.signed |= part.signed;
        if let Some(edited) = edited(&whole.content, &part.content) {
            whole.content = edited;
        }
        if rank(&part.status) > rank(&whole.status) {
            whole.status = part.status;
        }
        whole.parts.push(part.id);
    }
    Some(whole)
}

/// The whole as a person has left a part of it, if somebody did: what the overtime rules split off has another time type and
/// nothing else. Of what the list does not tell of a part nothing is said.
fn edited(whole: &EntryContent, part: &EntryContent) -> Option<EntryContent> {
    let (one, other) = (&whole.coding, &part.coding);
    let differs = part.description.is_some() && part.description != whole.description
        || one.project != other.project
        || other.sub_job.is_some() && other.sub_job != one.sub_job
        || other.cost_code.is_some() && other.cost_code != one.cost_code
        || other.wbs_code.is_some() && other.wbs_code != one.wbs_code;
    differs.then(|| EntryContent {
        coding: part.coding.clone(),
        description: part.description.clone(),
        ..whole.clone()
    })
}

/// How far a status is. One that nobody knew is further than any: what it allows is not known (hazard A12).
fn rank(status: &ApprovalStatus) -> u8 {
    match status {
        ApprovalStatus::Pending => 0,
        ApprovalStatus::Reviewed => 1,
        ApprovalStatus::Approved => 2,
        ApprovalStatus::Completed => 3,
        ApprovalStatus::Other(_) => 4,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Coding, ProjectId, WorkerId};

    fn entry(id: u64, hours: &str, parts: &[u64]) -> Entry {
        Entry {
            id: EntryId(id),
            content: EntryContent {
                worker: WorkerId(7),
                date: "2026-03-02".parse().unwrap(),
                coding: Arc::new(Coding::of(ProjectId(3))),
                hours: hours.parse().unwrap(),
                span: None,
                description: None,
                billable: true,
            },
            status: ApprovalStatus::Pending,
            signed: false,
            origin: None,
            author: None,
            created: None,
            updated: None,
            parts: parts.iter().copied().map(EntryId).collect(),
        }
    }

    fn told(entries: Vec<Entry>) -> Vec<(u64, String, Vec<u64>)> {
        let one = |entry: Entry| {
            let parts = entry.parts.iter().map(|id| id.0).collect();
            (entry.id.0, entry.content.hours.to_string(), parts)
        };
        join(entries).into_iter().map(one).collect()
    }

    #[test]
    fn d16_parts_are_summed_whoever_names_whom_and_in_any_order() {
        let whole = [(1, "10.50".to_owned(), vec![2, 4]), (3, "1.00".to_owned(), vec![])];
        for [one, two, four] in [
            [vec![2, 4], vec![], vec![]],
            [vec![], vec![1], vec![2]],
            [vec![2], vec![4], vec![]],
            [vec![2, 4], vec![1, 4], vec![1, 2]],
        ] {
            let mut entries = vec![
                entry(1, "8.00", &one),
                entry(2, "2.00", &two),
                entry(3, "1.00", &[]),
                entry(4, "0.50", &four),
            ];
            assert_eq!(told(entries.clone()), whole);
            entries.reverse();
            assert_eq!(told(entries), whole);
        }
    }

    #[test]
    fn d16_the_furthest_status_and_any_signature_count() {
        let mut part = entry(2, "2.00", &[]);
        (part.status, part.signed) = (ApprovalStatus::Approved, true);
        let whole = whole(vec![part, entry(1, "8.00", &[2])]).unwrap();
        assert_eq!(
            (whole.id, whole.status, whole.signed),
            (EntryId(1), ApprovalStatus::Approved, true)
        );
    }

    #[test]
    fn b7_d16_what_a_person_left_on_a_part_is_seen_in_the_whole() {
        let part = |note: Option<&str>, project| {
            let mut part = entry(2, "2.00", &[]);
            part.content.description = note.map(Into::into);
            part.content.coding = Arc::new(Coding::of(ProjectId(project)));
            part
        };
        let mut ours = entry(1, "8.00", &[2]);
        ours.content.description = Some("night shift".into());
        for (note, project, left) in [
            (None, 3, "night shift"),
            (Some("night shift"), 3, "night shift"),
            (Some("paid by cheque"), 3, "paid by cheque"),
            (Some("night shift"), 4, "night shift"),
        ] {
            let content = whole(vec![ours.clone(), part(note, project)]).unwrap().content;
            assert_eq!(content.description.as_deref(), Some(left));
            assert_eq!(content.coding.project, ProjectId(project));
            assert_eq!(content.hours.to_string(), "10.00");
        }
    }

    #[test]
    fn b7_d16_a_part_that_a_person_booked_to_other_codes_is_seen_in_the_whole() {
        use crate::model::{ProjectCodeId, SubJobId, WbsCodeId};
        let code = |sub_job, cost_code, task| Coding {
            sub_job: Some(SubJobId(sub_job)),
            cost_code: Some(ProjectCodeId(cost_code)),
            wbs_code: Some(WbsCodeId(task)),
            ..Coding::of(ProjectId(3))
        };
        for (coding, is_edited) in [
            (Coding::of(ProjectId(3)), false),
            (code(1, 1, 1), false),
            (code(2, 1, 1), true),
            (code(1, 2, 1), true),
            (code(1, 1, 2), true),
        ] {
            let (mut ours, mut part) = (entry(1, "8.00", &[2]), entry(2, "2.00", &[]));
            ours.content.coding = Arc::new(code(1, 1, 1));
            part.content.coding = Arc::new(coding.clone());
            let left = whole(vec![ours, part]).unwrap().content;
            let seen = if is_edited { coding } else { code(1, 1, 1) };
            assert_eq!(*left.coding, seen);
        }
    }

    #[test]
    fn d16_a_part_that_is_not_in_the_list_leaves_the_entry_as_it_is() {
        assert_eq!(told(vec![entry(1, "8.00", &[9])]), [(1, "8.00".to_owned(), vec![])]);
    }
}
