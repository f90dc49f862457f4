//! Many entries of one project in one request, and what became of each (procore-api.md section 7.2).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use linx_http::{Endpoint, Error, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::drafts::{EntryDraft, mark};
use crate::ids::{
    CostCodeId, LineItemTypeId, PersonId, ProjectId, SubJobId, TimeTypeId, TimecardEntryId, TimesheetId, WbsCodeId,
    WorkClassificationId,
};
use crate::timecards::ApprovalStatus;
use crate::wire::{debug_by_id, or_default, text};

/// The most entries of one bulk request (procore-api.md section 7.2).
pub const MAX_ENTRIES: usize = 25;

/// An entry as a bulk request answers it: other records stand in it by id only. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StoredEntry {
    /// The new entry's id.
    pub id: TimecardEntryId,
    /// The project.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// The work day. `None` where Procore dropped a date that it could not read (hazard A13).
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Decimal hours as text, such as `8.0`.
    #[serde(default, deserialize_with = "text")]
    pub hours: Option<String>,
    /// When the work began, by the clock at the work place but labelled UTC (trap 22). `None` where the project takes
    /// total hours.
    #[serde(default)]
    pub time_in: Option<DateTime<Utc>>,
    /// When the work ended, in the same form as `time_in`.
    #[serde(default)]
    pub time_out: Option<DateTime<Utc>>,
    /// Unpaid meal in minutes, as text.
    #[serde(default, deserialize_with = "text")]
    pub lunch_time: Option<String>,
    /// Who worked.
    #[serde(default)]
    pub party_id: Option<PersonId>,
    /// The cost code; `None` where a task code stands instead.
    #[serde(default)]
    pub cost_code_id: Option<CostCodeId>,
    /// The cost type.
    #[serde(default)]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// The task code.
    #[serde(default)]
    pub wbs_code_id: Option<WbsCodeId>,
    /// The sub job.
    #[serde(default)]
    pub sub_job_id: Option<SubJobId>,
    /// The time type.
    #[serde(default)]
    pub timecard_time_type_id: Option<TimeTypeId>,
    /// The work classification.
    #[serde(default)]
    pub work_classification_id: Option<WorkClassificationId>,
    /// Whether the hours can be charged to the owner.
    #[serde(default)]
    pub billable: Option<bool>,
    /// Text for people.
    #[serde(default)]
    pub description: Option<String>,
    /// How far it is approved.
    #[serde(default)]
    pub approval_status: Option<ApprovalStatus>,
    /// The timesheet that holds it; `None` for an individual entry.
    #[serde(default)]
    pub timesheet_id: Option<TimesheetId>,
    /// The entry that overtime rules split this one off (hazard D16); `None` for one that was sent.
    #[serde(default)]
    pub split_parent_id: Option<TimecardEntryId>,
    /// The key that its writer gave it.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// Text that its writer keeps with it.
    #[serde(default, deserialize_with = "text")]
    pub origin_data: Option<String>,
}

debug_by_id!(StoredEntry);

/// The answer to a bulk request. Nothing promises that it holds every entry that was sent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StoredEntries {
    /// The entries that were stored, with those that overtime rules split off.
    #[serde(default, deserialize_with = "or_default")]
    pub timecard_entries: Vec<StoredEntry>,
}

/// What became of one entry of a bulk request (hazard A10).
#[derive(Debug, Clone, PartialEq)]
pub enum BulkOutcome<E> {
    /// The answer has it. One entry, or several where overtime rules split some off.
    Stored(Vec<E>),
    /// The answer does not have it: read the day for its key before sending it again (hazard A1).
    Unknown,
}

/// What became of the entry of each key, in their order: every one is in the answer, or unknown.
pub(crate) fn account<E>(
    keys: &[String],
    answer: impl IntoIterator<Item = (Option<String>, E)>,
) -> Vec<BulkOutcome<E>> {
    let mut stored: HashMap<String, Vec<E>> = HashMap::new();
    for (key, entry) in answer {
        if let Some(key) = key {
            stored.entry(key).or_default().push(entry);
        }
    }
    keys.iter()
        .map(|key| stored.remove(key).map_or(BulkOutcome::Unknown, BulkOutcome::Stored))
        .collect()
}

/// The marks of `drafts`, each its own, so that every entry can be found in the answer; else what keeps them from being
/// sent at once.
pub(crate) fn marks(drafts: &[EntryDraft], most: usize) -> Result<Vec<String>, Error> {
    let marks: Vec<&str> = drafts.iter().filter_map(EntryDraft::mark).collect();
    let distinct: HashSet<&str> = marks.iter().copied().collect();
    if drafts.is_empty() || drafts.len() > most {
        let message = format!("{} entries at once, where 1 to {most} are taken", drafts.len());
        Err(Error::not_applied(ErrorKind::Rejected, message))
    } else if distinct.len() < drafts.len() {
        let message =
            "entries without an `origin_id` or `origin_data` of their own could not be told apart in the answer";
        Err(Error::not_applied(ErrorKind::Rejected, message))
    } else {
        Ok(marks.into_iter().map(str::to_owned).collect())
    }
}

/// The marks of an answer's entries, beside each.
pub(crate) fn marked<E>(
    entries: Vec<E>,
    origin: impl Fn(&E) -> (Option<&str>, Option<&str>),
) -> Vec<(Option<String>, E)> {
    let mark = |entry: &E| {
        let (id, data) = origin(entry);
        mark(id, data).map(str::to_owned)
    };
    entries.into_iter().map(|entry| (mark(&entry), entry)).collect()
}

/// Requests up to [`MAX_ENTRIES`] new entries of one project. Never repeated blindly: a repeat would pay twice (hazard
/// A1). Procore calls it experimental and answers 403 to companies that are not enrolled.
pub fn bulk_create(project: ProjectId, drafts: &[EntryDraft]) -> Endpoint<StoredEntries> {
    Endpoint::post("rest/v1.1/projects")
        .segment(project)
        .segment("project_timecard_entries")
        .segment("bulk_create")
        .json(&Drafts::of(drafts))
}

/// The body of both bulk requests: each entry tells its project.
#[derive(Serialize)]
pub(crate) struct Drafts<'a> {
    timecard_entries: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    project_id: ProjectId,
    #[serde(flatten)]
    draft: &'a EntryDraft,
}

impl<'a> Drafts<'a> {
    pub(crate) fn of(drafts: &'a [EntryDraft]) -> Self {
        let row = |draft: &'a EntryDraft| Row {
            project_id: draft.project_id,
            draft,
        };
        Self {
            timecard_entries: drafts.iter().map(row).collect(),
        }
    }
}

/// The mark by which each entry of an answer is accounted for: its own, or that of the entry it was split off.
fn keyed(answer: StoredEntries) -> Vec<(Option<String>, StoredEntry)> {
    let mut keyed = marked(answer.timecard_entries, |entry| {
        (entry.origin_id.as_deref(), entry.origin_data.as_deref())
    });
    let own: HashMap<TimecardEntryId, String> = keyed
        .iter()
        .filter_map(|(mark, entry)| Some((entry.id, mark.clone()?)))
        .collect();
    for (mark, entry) in &mut keyed {
        if let Some(parent) = entry.split_parent_id.and_then(|parent| own.get(&parent)) {
            *mark = Some(parent.clone());
        }
    }
    keyed
}

impl Client {
    /// Creates up to [`MAX_ENTRIES`] entries of one project and returns what became of each, in their order.
    ///
    /// Each entry is found in the answer by its `origin_id`, or where it has none by its `origin_data`, so each needs
    /// one of its own. Whether one bad entry spoils the others is not documented.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] without sending anything where entries cannot be told apart, are of another project, or
    /// are none or too many. A refusal of the whole request is an error as well. Where
    /// [`was_applied`](linx_http::Error::was_applied) is unknown, read the day before sending any of them again (hazard
    /// A1).
    pub async fn bulk_create_entries(
        &self,
        project: ProjectId,
        drafts: &[EntryDraft],
    ) -> Result<Vec<BulkOutcome<StoredEntry>>, Error> {
        let request = bulk_create(project, drafts);
        if drafts.iter().any(|draft| draft.project_id != project) {
            let message = "every entry of a bulk request must be of its project";
            return Err(Error::not_applied(ErrorKind::Rejected, message).during(request.operation()));
        }
        let marks = marks(drafts, MAX_ENTRIES).map_err(|objection| objection.during(request.operation()))?;
        Ok(account(&marks, keyed(self.send(&request).await?)))
    }
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
    use linx_http::endpoint::Body;
    use serde_json::json;

    use super::*;
    use crate::drafts::Worked;

    fn draft(origin: Option<&str>) -> EntryDraft {
        EntryDraft {
            origin_id: origin.map(str::to_owned),
            ..EntryDraft::new(
                ProjectId::new(3),
                "2026-03-07".parse().unwrap(),
                PersonId::new(5),
                Worked::hours("8.0"),
            )
        }
    }

    #[test]
    fn a1_many_are_sent_once_each_with_its_project() {
        let request = bulk_create(ProjectId::new(3), &[draft(Some("a"))]);
        let path = "POST /rest/v1.1/projects/3/project_timecard_entries/bulk_create";
        assert_eq!(
            (request.operation().as_str(), request.retry_safety()),
            (path, RetrySafety::Once)
        );
        let Body::Json(body) = request.body() else {
            panic!("no JSON")
        };
        assert_eq!(body["timecard_entries"][0]["project_id"], 3);
        assert_eq!(body["timecard_entries"][0]["origin_id"], "a");
    }

    #[test]
    fn a10_every_entry_sent_is_stored_or_unknown_by_its_key() {
        let answer: StoredEntries = serde_json::from_value(json!({"timecard_entries": [
            {"id": 2, "origin_id": "c", "hours": 8.0},
            {"id": 1, "origin_id": "a"},
            {"id": 3, "split_parent_id": 2},
            {"id": 4, "origin_id": "somebody else's"},
        ]}))
        .unwrap();
        let sent = ["a", "b", "c"].map(str::to_owned);
        let ids = |outcome: &BulkOutcome<StoredEntry>| match outcome {
            BulkOutcome::Stored(entries) => entries.iter().map(|entry| entry.id.get()).collect(),
            BulkOutcome::Unknown => Vec::new(),
        };
        let found: Vec<Vec<u64>> = account(&sent, keyed(answer)).iter().map(ids).collect();
        assert_eq!(found, [vec![1], vec![], vec![2, 3]]);
        let nothing: StoredEntries = serde_json::from_value(json!({"timecard_entries": null})).unwrap();
        assert_eq!(account(&sent, keyed(nothing)), [const { BulkOutcome::Unknown }; 3]);
    }

    #[test]
    fn a10_what_could_not_be_accounted_for_is_not_sent() {
        let many: Vec<EntryDraft> = (0..26).map(|n| draft(Some(&n.to_string()))).collect();
        assert_eq!(marks(&many[..25], MAX_ENTRIES).unwrap().len(), 25);
        assert!(marks(&many, MAX_ENTRIES).is_err());
        assert!(marks(&[], MAX_ENTRIES).is_err());
        assert!(marks(&[draft(Some("a")), draft(Some("a"))], MAX_ENTRIES).is_err());
        assert!(marks(&[draft(None)], MAX_ENTRIES).is_err());
    }

    #[test]
    fn b11_an_entry_without_a_key_goes_by_what_its_writer_keeps_with_it() {
        let mut kept = draft(None);
        kept.origin_data = Some("d".to_owned());
        let marks = marks(&[draft(Some("a")), kept], MAX_ENTRIES).unwrap();
        assert_eq!(marks, ["a", "d"]);
        let answer: StoredEntries = serde_json::from_value(json!({"timecard_entries": [
            {"id": 1, "origin_data": "d"}, {"id": 2, "origin_id": 7, "origin_data": "d"}]}))
        .unwrap();
        let told = account(&marks, keyed(answer));
        assert_eq!(told[0], BulkOutcome::Unknown);
        assert!(matches!(&told[1], BulkOutcome::Stored(entries) if entries.len() == 1));
    }

    #[test]
    fn a14_debug_shows_no_text_of_people() {
        let stored = StoredEntry {
            origin_data: Some("asked by Ana".to_owned()),
            ..StoredEntry::default()
        };
        assert_eq!(format!("{stored:?}"), "StoredEntry { id: TimecardEntryId(0), .. }");
    }
}
