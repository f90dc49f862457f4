//! Entries in full: total hours or clock times, told one at a time or up to 25 at once (reference section 7.2).
//!
//! A project takes either hours or start and stop, never both (trap 11): [`Worked`] cannot say both.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use linx_http::{Endpoint, Error, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::ids::{
    CompanyId, CostCodeId, CrewId, LineItemTypeId, LocationId, PersonId, ProjectId, SubJobId, TimeTypeId,
    TimecardEntryId, TimesheetId,
};
use crate::timecards::{self, ApprovalStatus, Envelope, NewTimecardEntry, TimecardEntry};
use crate::wire::{ClockTime, debug_by_id, minutes, or_default, text};

/// The most entries of one bulk request (reference section 7.2).
pub const MOST_AT_ONCE: usize = 25;

/// How long somebody worked, in the way that the project takes (`projects_timecard_in_out_enabled`, trap 11).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Worked {
    /// Total hours.
    Hours {
        /// Decimal hours as text, such as `8.0`; at most 24.
        hours: String,
    },
    /// Start and stop; Procore computes the hours, and rounds by the company's rule.
    Clock {
        /// When the work began.
        time_in: ClockTime,
        /// When it ended, on the next day after midnight.
        time_out: ClockTime,
        /// Minutes of meal to take off.
        #[serde(
            rename = "lunch_time",
            serialize_with = "minutes",
            skip_serializing_if = "Option::is_none"
        )]
        lunch_minutes: Option<u32>,
    },
}

/// An entry to create, with every field that creating one and creating many share. What is `None` is left out.
#[derive(Clone, PartialEq, Serialize)]
pub struct EntryDraft {
    /// The project.
    #[serde(skip)]
    pub project_id: ProjectId,
    /// The day.
    pub date: NaiveDate,
    /// How long.
    #[serde(flatten)]
    pub worked: Worked,
    /// Who worked.
    pub party_id: PersonId,
    /// The project's, or with a sub job that sub job's, own cost code (traps 5 and 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_code_id: Option<CostCodeId>,
    /// A labor cost type of the cost code; without, the hours miss the budget (trap 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// The sub job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_job_id: Option<SubJobId>,
    /// The kind of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timecard_time_type_id: Option<TimeTypeId>,
    /// Whether Procore's overtime rules set the kind of time, and may split the entry (trap 12, hazard D16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_timecard_time_type_automatically: Option<bool>,
    /// Whether it is billable. Told always (trap 10).
    pub billable: bool,
    /// A text for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The location on the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<LocationId>,
    /// The crew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crew_id: Option<CrewId>,
    /// The timesheet to lay it in; an individual entry without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timesheet_id: Option<TimesheetId>,
    /// How far it is approved; `pending` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_status: Option<ApprovalStatus>,
    /// A key of ours, unique in the company (trap 25).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// What else is to be kept with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_data: Option<String>,
}

impl EntryDraft {
    /// An entry with nothing but project, day, person and time; not billable.
    pub fn of(project_id: ProjectId, date: NaiveDate, party_id: PersonId, worked: Worked) -> Self {
        Self {
            project_id,
            date,
            worked,
            party_id,
            cost_code_id: None,
            line_item_type_id: None,
            sub_job_id: None,
            timecard_time_type_id: None,
            set_timecard_time_type_automatically: None,
            billable: false,
            description: None,
            location_id: None,
            crew_id: None,
            timesheet_id: None,
            approval_status: None,
            origin_id: None,
            origin_data: None,
        }
    }
}

/// The same entry, written in full.
impl From<NewTimecardEntry> for EntryDraft {
    fn from(new: NewTimecardEntry) -> Self {
        let worked = Worked::Hours { hours: new.hours };
        Self {
            cost_code_id: new.cost_code_id,
            line_item_type_id: new.line_item_type_id,
            sub_job_id: new.sub_job_id,
            timecard_time_type_id: new.timecard_time_type_id,
            billable: new.billable,
            description: new.description,
            approval_status: new.approval_status,
            origin_id: new.origin_id,
            origin_data: new.origin_data,
            ..Self::of(new.project_id, new.date, new.party_id, worked)
        }
    }
}

/// Shows ids, day and time only.
impl std::fmt::Debug for EntryDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryDraft")
            .field("project_id", &self.project_id)
            .field("date", &self.date)
            .field("worked", &self.worked)
            .field("party_id", &self.party_id)
            .field("origin_id", &self.origin_id)
            .finish_non_exhaustive()
    }
}

/// An entry as a bulk request answers it: other records by id only. `Debug` shows the id only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StoredEntry {
    /// Its id.
    pub id: TimecardEntryId,
    /// The project.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// Its day.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Decimal hours as text.
    #[serde(default, deserialize_with = "text")]
    pub hours: Option<String>,
    /// Who worked.
    #[serde(default)]
    pub party_id: Option<PersonId>,
    /// On what.
    #[serde(default)]
    pub cost_code_id: Option<CostCodeId>,
    /// Under which cost type.
    #[serde(default)]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// On which sub job.
    #[serde(default)]
    pub sub_job_id: Option<SubJobId>,
    /// As which kind of time.
    #[serde(default)]
    pub timecard_time_type_id: Option<TimeTypeId>,
    /// How far it is approved.
    #[serde(default)]
    pub approval_status: Option<ApprovalStatus>,
    /// The entry that overtime rules made this one of (hazard D16).
    #[serde(default)]
    pub split_parent_id: Option<TimecardEntryId>,
    /// The key of its writer.
    #[serde(default, deserialize_with = "text")]
    pub origin_id: Option<String>,
    /// What its writer kept with it.
    #[serde(default, deserialize_with = "text")]
    pub origin_data: Option<String>,
}

debug_by_id!(StoredEntry);

/// The entries that a bulk request stored; nothing promises that these are all that were sent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StoredEntries {
    /// The entries.
    #[serde(default, deserialize_with = "or_default")]
    pub timecard_entries: Vec<StoredEntry>,
}

/// What became of one entry of a bulk request (hazard A10).
#[derive(Debug, Clone, PartialEq)]
pub enum BulkOutcome<E> {
    /// The entries that are in the answer for it: one, or with those that overtime rules split off several.
    Stored(Vec<E>),
    /// The answer does not tell: read the day for its key before sending it again (hazard A1).
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

/// Creates an entry: never repeated blindly.
pub fn create(company: CompanyId, draft: &EntryDraft) -> Endpoint<TimecardEntry> {
    timecards::of(Endpoint::post, company).json(&Envelope {
        project_id: draft.project_id,
        timecard_entry: draft,
    })
}

/// Creates up to [`MOST_AT_ONCE`] entries of one project: never repeated blindly. Procore calls it experimental and
/// answers 403 to companies that are not enrolled.
pub fn bulk_create(project: ProjectId, drafts: &[EntryDraft]) -> Endpoint<StoredEntries> {
    #[derive(Serialize)]
    struct Row<'a> {
        project_id: ProjectId,
        #[serde(flatten)]
        draft: &'a EntryDraft,
    }
    #[derive(Serialize)]
    struct Body<'a> {
        timecard_entries: Vec<Row<'a>>,
    }
    let row = |draft| Row {
        project_id: project,
        draft,
    };
    Endpoint::post("rest/v1.1/projects")
        .segment(project)
        .segment("project_timecard_entries")
        .segment("bulk_create")
        .json(&Body {
            timecard_entries: drafts.iter().map(row).collect(),
        })
}

/// The key by which each entry of an answer is accounted for: its own, or that of the entry it was split off.
fn keyed(answer: StoredEntries) -> Vec<(Option<String>, StoredEntry)> {
    let own: HashMap<TimecardEntryId, String> = answer
        .timecard_entries
        .iter()
        .filter_map(|entry| Some((entry.id, entry.origin_id.clone()?)))
        .collect();
    let key = |entry: &StoredEntry| {
        let parent = entry.split_parent_id.and_then(|parent| own.get(&parent));
        parent.or(entry.origin_id.as_ref()).cloned()
    };
    answer
        .timecard_entries
        .into_iter()
        .map(|entry| (key(&entry), entry))
        .collect()
}

/// What keeps `drafts` from being sent at once and accounted for afterwards.
fn objection(project: ProjectId, drafts: &[EntryDraft]) -> Option<&'static str> {
    let keys: HashSet<&str> = drafts.iter().filter_map(|draft| draft.origin_id.as_deref()).collect();
    if drafts.is_empty() || drafts.len() > MOST_AT_ONCE {
        Some("a bulk request takes 1 to 25 entries")
    } else if keys.len() < drafts.len() {
        Some("every entry of a bulk request needs an origin id of its own, to be told apart in the answer")
    } else if drafts.iter().any(|draft| draft.project_id != project) {
        Some("every entry of a bulk request must be of its project")
    } else {
        None
    }
}

impl Client {
    /// Creates an entry of hours or of clock times and gives it as Procore stored it: compare it with what was meant
    /// (hazard A13). After an error of [`linx_http::Fate::Unknown`] read the day before sending it again (hazard A1).
    pub async fn create_drafted_entry(&self, draft: &EntryDraft) -> Result<TimecardEntry, Error> {
        self.send(&create(self.company(), draft)).await
    }

    /// Creates up to [`MOST_AT_ONCE`] entries of one project and tells what became of each, in their order. Whether one
    /// bad entry spoils the others is not documented. Each needs an `origin_id` of its own; otherwise nothing is sent
    /// and the error is [`ErrorKind::Rejected`]. A refusal of the whole request is an error as well.
    pub async fn bulk_create_entries(
        &self,
        project: ProjectId,
        drafts: &[EntryDraft],
    ) -> Result<Vec<BulkOutcome<StoredEntry>>, Error> {
        let request = bulk_create(project, drafts);
        if let Some(objection) = objection(project, drafts) {
            return Err(Error::new(ErrorKind::Rejected, objection).during(request.operation()));
        }
        let keys: Vec<String> = drafts.iter().filter_map(|draft| draft.origin_id.clone()).collect();
        Ok(account(&keys, keyed(self.send(&request).await?)))
    }
}

#[cfg(test)]
mod tests {
    use linx_http::Repeat;
    use linx_http::endpoint::Body;
    use serde_json::json;

    use super::*;

    fn draft(origin: Option<&str>) -> EntryDraft {
        let worked = Worked::Clock {
            time_in: ClockTime::at("2026-03-07T22:00:00".parse().unwrap()),
            time_out: ClockTime::at("2026-03-08T06:30:00".parse().unwrap()),
            lunch_minutes: Some(30),
        };
        EntryDraft {
            origin_id: origin.map(str::to_owned),
            description: Some("asked by Ana".to_owned()),
            ..EntryDraft::of(
                ProjectId::new(3),
                "2026-03-07".parse().unwrap(),
                PersonId::new(5),
                worked,
            )
        }
    }

    #[test]
    fn a1_clock_times_are_sent_once_labelled_utc_and_without_hours() {
        let request = create(CompanyId::new(8), &draft(None));
        assert_eq!(request.operation(), "POST /rest/v1.0/companies/8/timecard_entries");
        assert_eq!(request.repeat(), Repeat::Once);
        let expected = json!({"project_id": 3, "timecard_entry": {
            "date": "2026-03-07", "time_in": "2026-03-07T22:00:00Z", "time_out": "2026-03-08T06:30:00Z",
            "lunch_time": "30", "party_id": 5, "billable": false, "description": "asked by Ana"}});
        assert_eq!(*request.body(), Body::Json(expected));
    }

    #[test]
    fn a1_many_are_sent_once_each_with_its_project() {
        let request = bulk_create(ProjectId::new(3), &[draft(Some("a"))]);
        let path = "POST /rest/v1.1/projects/3/project_timecard_entries/bulk_create";
        assert_eq!((request.operation().as_str(), request.repeat()), (path, Repeat::Once));
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
        let project = ProjectId::new(3);
        let many: Vec<EntryDraft> = (0..26).map(|n| draft(Some(&n.to_string()))).collect();
        assert_eq!(objection(project, &many[..25]), None);
        assert!(objection(project, &many).is_some());
        assert!(objection(project, &[]).is_some());
        assert!(objection(project, &[draft(Some("a")), draft(Some("a"))]).is_some());
        assert!(objection(project, &[draft(None)]).is_some());
        assert!(objection(ProjectId::new(4), &many[..1]).is_some());
    }

    #[test]
    fn a14_debug_shows_no_text_of_people() {
        assert!(!format!("{:?}", draft(None)).contains("Ana"));
        let stored = StoredEntry {
            origin_data: Some("asked by Ana".to_owned()),
            ..StoredEntry::default()
        };
        assert_eq!(format!("{stored:?}"), "StoredEntry { id: TimecardEntryId(0), .. }");
    }
}
