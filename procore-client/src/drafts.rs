//! Entries to create: total hours or clock times, told one at a time or up to 25 at once (reference section 7.2).
//!
//! A project takes either hours or start and stop, never both (trap 11): [`Worked`] cannot say both.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use linx_http::{Endpoint, Error, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::ids::{
    CompanyId, CostCodeId, CrewId, LineItemTypeId, LocationId, PersonId, ProjectId, SubJobId, TimeTypeId,
    TimecardEntryId, TimesheetId, WbsCodeId, WorkClassificationId,
};
use crate::timecards::{self, ApprovalStatus, Envelope, TimecardEntry};
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

impl Worked {
    /// Total hours, as decimal text such as `8.0`.
    pub fn hours(text: impl Into<String>) -> Self {
        Self::Hours { hours: text.into() }
    }
}

/// An entry to create. What is `None` is left out.
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
    /// The task code; it excludes cost code and cost type. Many at once only: one alone does not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wbs_code_id: Option<WbsCodeId>,
    /// The work classification. Many at once only: one alone does not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_classification_id: Option<WorkClassificationId>,
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
            wbs_code_id: None,
            work_classification_id: None,
            timesheet_id: None,
            approval_status: None,
            origin_id: None,
            origin_data: None,
        }
    }

    /// By what it is found in the answer to many: its own key, else what its writer keeps with it (hazard B11: unlike
    /// `origin_id`, `origin_data` is text wherever it is documented).
    pub(crate) fn mark(&self) -> Option<&str> {
        mark(self.origin_id.as_deref(), self.origin_data.as_deref())
    }
}

fn mark<'a>(origin_id: Option<&'a str>, origin_data: Option<&'a str>) -> Option<&'a str> {
    origin_id.or(origin_data)
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
    /// The place's clock time labelled UTC, where the project takes start and stop (trap 22).
    #[serde(default)]
    pub time_in: Option<DateTime<Utc>>,
    /// The same for the end.
    #[serde(default)]
    pub time_out: Option<DateTime<Utc>>,
    /// Minutes, as text.
    #[serde(default, deserialize_with = "text")]
    pub lunch_time: Option<String>,
    /// Who worked.
    #[serde(default)]
    pub party_id: Option<PersonId>,
    /// On what.
    #[serde(default)]
    pub cost_code_id: Option<CostCodeId>,
    /// Under which cost type.
    #[serde(default)]
    pub line_item_type_id: Option<LineItemTypeId>,
    /// On which task code.
    #[serde(default)]
    pub wbs_code_id: Option<WbsCodeId>,
    /// On which sub job.
    #[serde(default)]
    pub sub_job_id: Option<SubJobId>,
    /// As which kind of time.
    #[serde(default)]
    pub timecard_time_type_id: Option<TimeTypeId>,
    /// As what.
    #[serde(default)]
    pub work_classification_id: Option<WorkClassificationId>,
    /// Whether it is billable.
    #[serde(default)]
    pub billable: Option<bool>,
    /// The text for people.
    #[serde(default)]
    pub description: Option<String>,
    /// How far it is approved.
    #[serde(default)]
    pub approval_status: Option<ApprovalStatus>,
    /// The timesheet that it lies in.
    #[serde(default)]
    pub timesheet_id: Option<TimesheetId>,
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

/// The marks of `drafts`, each its own, so that every entry can be found in the answer; else what keeps them from being
/// sent at once.
pub(crate) fn marks(drafts: &[EntryDraft], most: usize) -> Result<Vec<String>, Error> {
    let marks: Vec<&str> = drafts.iter().filter_map(EntryDraft::mark).collect();
    let distinct: HashSet<&str> = marks.iter().copied().collect();
    if drafts.is_empty() || drafts.len() > most {
        let words = format!("{} entries at once, where 1 to {most} are taken", drafts.len());
        Err(Error::new(ErrorKind::Rejected, words))
    } else if distinct.len() < drafts.len() {
        let words =
            "entries without an `origin_id` or `origin_data` of their own could not be told apart in the answer";
        Err(Error::new(ErrorKind::Rejected, words))
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
    /// Creates an entry of hours or of clock times and gives it as Procore stored it: compare it with what was meant
    /// (hazard A13). After an error of [`linx_http::Applied::Unknown`] read the day before sending it again (hazard A1).
    /// One with a task code or a work classification is not sent, since they would be lost: an error of
    /// [`ErrorKind::Rejected`].
    pub async fn create_timecard_entry(&self, draft: &EntryDraft) -> Result<TimecardEntry, Error> {
        let request = create(self.company(), draft);
        if draft.wbs_code_id.is_some() || draft.work_classification_id.is_some() {
            let words = "an entry created alone takes neither a task code nor a work classification";
            return Err(Error::new(ErrorKind::Rejected, words).during(request.operation()));
        }
        self.send(&request).await
    }

    /// Creates up to [`MOST_AT_ONCE`] entries of one project and tells what became of each, in their order. Whether one
    /// bad entry spoils the others is not documented. Each needs an `origin_id` of its own, or without it an
    /// `origin_data`; otherwise nothing is sent and the error is [`ErrorKind::Rejected`]. A refusal of the whole request
    /// is an error as well.
    pub async fn bulk_create_entries(
        &self,
        project: ProjectId,
        drafts: &[EntryDraft],
    ) -> Result<Vec<BulkOutcome<StoredEntry>>, Error> {
        let request = bulk_create(project, drafts);
        if drafts.iter().any(|draft| draft.project_id != project) {
            let words = "every entry of a bulk request must be of its project";
            return Err(Error::new(ErrorKind::Rejected, words).during(request.operation()));
        }
        let marks = marks(drafts, MOST_AT_ONCE).map_err(|objection| objection.during(request.operation()))?;
        Ok(account(&marks, keyed(self.send(&request).await?)))
    }
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
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
        assert_eq!(request.retry_safety(), RetrySafety::Once);
        let expected = json!({"project_id": 3, "timecard_entry": {
            "date": "2026-03-07", "time_in": "2026-03-07T22:00:00Z", "time_out": "2026-03-08T06:30:00Z",
            "lunch_time": "30", "party_id": 5, "billable": false, "description": "asked by Ana"}});
        assert_eq!(*request.body(), Body::Json(expected));
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
        assert_eq!(marks(&many[..25], MOST_AT_ONCE).unwrap().len(), 25);
        assert!(marks(&many, MOST_AT_ONCE).is_err());
        assert!(marks(&[], MOST_AT_ONCE).is_err());
        assert!(marks(&[draft(Some("a")), draft(Some("a"))], MOST_AT_ONCE).is_err());
        assert!(marks(&[draft(None)], MOST_AT_ONCE).is_err());
    }

    #[test]
    fn b11_an_entry_without_a_key_goes_by_what_its_writer_keeps_with_it() {
        let mut kept = draft(None);
        kept.origin_data = Some("d".to_owned());
        let marks = marks(&[draft(Some("a")), kept], MOST_AT_ONCE).unwrap();
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
        assert!(!format!("{:?}", draft(None)).contains("Ana"));
        let stored = StoredEntry {
            origin_data: Some("asked by Ana".to_owned()),
            ..StoredEntry::default()
        };
        assert_eq!(format!("{stored:?}"), "StoredEntry { id: TimecardEntryId(0), .. }");
    }
}
