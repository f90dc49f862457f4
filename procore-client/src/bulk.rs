//! Many entries of one project in one request, and what became of each (procore-api.md section 7.2).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use linx_http::{Endpoint, Error, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::drafts::{EntryDraft, key};
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

impl StoredEntry {
    fn key(&self) -> Option<&str> {
        key(self.origin_id.as_deref(), self.origin_data.as_deref())
    }
}

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

/// Returns what became of the entry of each key, in their order: every one is in the answer, or unknown.
pub(crate) fn outcomes<E>(
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

/// Returns the keys of `drafts`, by which their entries are found in the answer.
///
/// # Errors
///
/// [`ErrorKind::Rejected`] where two share a key or one has none, and where there are none or more than `most`.
pub(crate) fn distinct_keys(drafts: &[EntryDraft], most: usize) -> Result<Vec<String>, Error> {
    let keys: Vec<&str> = drafts.iter().filter_map(EntryDraft::key).collect();
    let distinct: HashSet<&str> = keys.iter().copied().collect();
    if drafts.is_empty() || drafts.len() > most {
        let message = format!("{} entries at once, where 1 to {most} are taken", drafts.len());
        Err(Error::not_applied(ErrorKind::Rejected, message))
    } else if distinct.len() < drafts.len() {
        let message =
            "entries without an `origin_id` or `origin_data` of their own could not be told apart in the answer";
        Err(Error::not_applied(ErrorKind::Rejected, message))
    } else {
        Ok(keys.into_iter().map(str::to_owned).collect())
    }
}

/// Requests up to [`MAX_ENTRIES`] new entries of one project. Never repeated blindly: a repeat would pay twice (hazard
/// A1). Procore calls it experimental and answers 403 to companies that are not enrolled.
pub fn bulk_create(project: ProjectId, drafts: &[EntryDraft]) -> Endpoint<StoredEntries> {
    Endpoint::post("rest/v1.1/projects")
        .segment(project)
        .segment("project_timecard_entries")
        .segment("bulk_create")
        .json(&Drafts::of(drafts))
        .carrying(drafts.len())
}

/// The body of both requests for many entries: each entry names its project.
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

/// The entries of an answer, each beside the key of what was sent: its own, or that of the entry it was split off.
fn by_key(answer: StoredEntries) -> Vec<(Option<String>, StoredEntry)> {
    let own: HashMap<TimecardEntryId, String> = answer
        .timecard_entries
        .iter()
        .filter_map(|entry| Some((entry.id, entry.key()?.to_owned())))
        .collect();
    let key = |entry: &StoredEntry| {
        let parent = entry.split_parent_id.and_then(|parent| own.get(&parent).cloned());
        parent.or_else(|| entry.key().map(str::to_owned))
    };
    answer
        .timecard_entries
        .into_iter()
        .map(|entry| (key(&entry), entry))
        .collect()
}

impl Client {
    /// Creates up to [`MAX_ENTRIES`] entries of one project and returns what became of each, in their order.
    ///
    /// Each entry is found in the answer by its `origin_id`, or where it has none by its `origin_data`, so each needs
    /// one of its own. Whether one bad entry spoils the others is not documented.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rejected`] without sending anything where entries share a key, have none, are of another project,
    /// or are none or too many. A refusal of the whole request is an error as well. Where
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
        let keys = distinct_keys(drafts, MAX_ENTRIES).map_err(|objection| objection.during(request.operation()))?;
        Ok(outcomes(&keys, by_key(self.send(&request).await?)))
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
        let found: Vec<Vec<u64>> = outcomes(&sent, by_key(answer)).iter().map(ids).collect();
        assert_eq!(found, [vec![1], vec![], vec![2, 3]]);
        let nothing: StoredEntries = serde_json::from_value(json!({"timecard_entries": null})).unwrap();
        assert_eq!(outcomes(&sent, by_key(nothing)), [const { BulkOutcome::Unknown }; 3]);
    }

    #[test]
    fn a10_what_could_not_be_accounted_for_is_not_sent() {
        let many: Vec<EntryDraft> = (0..26).map(|n| draft(Some(&n.to_string()))).collect();
        assert_eq!(distinct_keys(&many[..25], MAX_ENTRIES).unwrap().len(), 25);
        assert!(distinct_keys(&many, MAX_ENTRIES).is_err());
        assert!(distinct_keys(&[], MAX_ENTRIES).is_err());
        assert!(distinct_keys(&[draft(Some("a")), draft(Some("a"))], MAX_ENTRIES).is_err());
        assert!(distinct_keys(&[draft(None)], MAX_ENTRIES).is_err());
    }

    #[test]
    fn b11_an_entry_without_a_key_goes_by_what_its_writer_keeps_with_it() {
        let mut kept = draft(None);
        kept.origin_data = Some("d".to_owned());
        let keys = distinct_keys(&[draft(Some("a")), kept], MAX_ENTRIES).unwrap();
        assert_eq!(keys, ["a", "d"]);
        let answer: StoredEntries = serde_json::from_value(json!({"timecard_entries": [
            {"id": 1, "origin_data": "d"}, {"id": 2, "origin_id": 7, "origin_data": "d"}]}))
        .unwrap();
        let found = outcomes(&keys, by_key(answer));
        assert_eq!(found[0], BulkOutcome::Unknown);
        assert!(matches!(&found[1], BulkOutcome::Stored(entries) if entries.len() == 1));
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
