//! A timecard entry: what Linx sends, and what Procore holds.

use std::sync::Arc;

use super::shared_text::SharedText;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::hours::CentiHours;
use super::ids::{
    ClassificationId, EntryId, LineItemTypeId, ProjectCodeId, ProjectId, SubJobId, TimeTypeId, UserId, WbsCodeId,
    WorkerId,
};

/// Start and stop of an entry, as the clock at the place of work shows them (procore-api.md trap 22).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// When the work began, by the clock at the place.
    pub start: NaiveDateTime,
    /// When the work ended; it has the next day's date where the work went past midnight.
    pub stop: NaiveDateTime,
    /// Minutes of unpaid break between start and stop, which are taken off the hours.
    #[serde(default)]
    pub lunch_minutes: u32,
}

/// What hours are booked to. A company has few of them and an entry for each day: entries share them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Coding {
    /// The project that pays for the hours.
    pub project: ProjectId,
    /// The sub-job, where the place is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_job: Option<SubJobId>,
    /// The project's own cost code; the company's code that it was copied from has another id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_code: Option<ProjectCodeId>,
    /// The cost type that charges the hours as labor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_item_type: Option<LineItemTypeId>,
    /// The task code, where the project uses them; then there is neither cost code nor cost type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wbs_code: Option<WbsCodeId>,
    /// The work classification, such as a trade on a certified payroll (hazard D20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<ClassificationId>,
    /// The time type by which payroll pays the hours, such as overtime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_type: Option<TimeTypeId>,
}

impl Coding {
    /// Makes a coding that names nothing but a project.
    pub fn of(project: ProjectId) -> Self {
        Self {
            project,
            sub_job: None,
            cost_code: None,
            line_item_type: None,
            wbs_code: None,
            classification: None,
            time_type: None,
        }
    }
}

/// The values of an entry that Linx writes and compares. Their JSON is in the ledger and in the fingerprint of every
/// mark: neither names nor order may change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryContent {
    /// The worker whose time it is.
    pub worker: WorkerId,
    /// The day it is booked on.
    pub date: NaiveDate,
    /// What it is booked to.
    #[serde(flatten)]
    pub coding: Arc<Coding>,
    /// How many hours; where there is a span, from start to stop without lunch: 07:00 to 15:30 with 30 minutes are
    /// 8.00.
    pub hours: CentiHours,
    /// From when to when, where the project takes start and stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Box<Span>>,
    /// The note that people read, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<SharedText>,
    /// Whether it is marked as billable. The API's own default is false, the web's is true (procore-api.md trap 10).
    pub billable: bool,
}

/// Where an entry stands in the office's review; unknown texts are kept (hazard A12).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// Nobody has looked at it yet; Linx may change it.
    Pending,
    /// A person has looked at it; Linx leaves it alone.
    Reviewed,
    /// It is approved; Linx leaves it alone (hazard D18).
    Approved,
    /// It is completed; Linx leaves it alone.
    Completed,
    /// A status that this version does not know, as Procore says it. It counts as closed.
    Other(Box<str>),
}

impl ApprovalStatus {
    /// Whether a sync may change or delete such an entry. Only a pending one: a person has looked at all the others.
    pub fn is_open(&self) -> bool {
        *self == Self::Pending
    }
}

/// An entry as Procore holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// Procore's id; of an entry in several parts, that of the oldest, which is the one that was sent.
    pub id: EntryId,
    /// The values that Linx compares; of an entry in several parts, with the hours of all.
    pub content: EntryContent,
    /// How far the review is; of an entry in several parts, the furthest of all.
    pub status: ApprovalStatus,
    /// Whether it is signed; a change would remove the signature (hazard D18).
    pub signed: bool,
    /// The text in `origin_data`, where Linx leaves its mark.
    pub origin: Option<Box<str>>,
    /// The user who made it, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// When it was made, where the list tells.
    pub created: Option<DateTime<Utc>>,
    /// When it was changed last, by the service's clock; `None` where that is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateTime<Utc>>,
    /// The other entries that Procore's overtime rules made of the same hours (hazard D16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<EntryId>,
}

impl Entry {
    /// Whether it may still be changed: nobody has approved it, and nobody has signed it.
    pub fn is_open(&self) -> bool {
        self.status.is_open() && !self.signed
    }

    /// Returns the entry with what was sent where Procore's list of entries does not promise to tell it: the task code,
    /// with the cost code and cost type that it stands for, and the work classification (procore-api.md section 7.3).
    #[must_use]
    pub fn filled_from(mut self, sent: &EntryContent) -> Self {
        let classification = self.content.coding.classification.or(sent.coding.classification);
        let wbs_code = self.content.coding.wbs_code.or(sent.coding.wbs_code);
        let by_task = sent.coding.wbs_code.is_some() && wbs_code == sent.coding.wbs_code;
        let told = &*self.content.coding;
        let filled = Coding {
            classification,
            wbs_code,
            cost_code: if by_task { sent.coding.cost_code } else { told.cost_code },
            line_item_type: if by_task {
                sent.coding.line_item_type
            } else {
                told.line_item_type
            },
            ..told.clone()
        };
        if filled != *told {
            self.content.coding = Arc::new(filled);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b10_the_json_that_marks_are_made_of_stays_as_it_is() {
        let content = EntryContent {
            worker: WorkerId(7),
            date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            coding: Arc::new(Coding {
                project: ProjectId(316),
                sub_job: Some(SubJobId(9)),
                cost_code: Some(ProjectCodeId(900)),
                line_item_type: Some(LineItemTypeId(50)),
                wbs_code: None,
                classification: None,
                time_type: Some(TimeTypeId(1)),
            }),
            hours: CentiHours::from_hundredths(800),
            span: None,
            description: Some("by the gate".into()),
            billable: true,
        };
        let json = r#"{"worker":7,"date":"2026-03-02","project":316,"sub_job":9,"cost_code":900,"line_item_type":50,"time_type":1,"hours":"8.00","description":"by the gate","billable":true}"#;
        assert_eq!(serde_json::to_string(&content).unwrap(), json);
        assert_eq!(serde_json::from_str::<EntryContent>(json).unwrap(), content);
    }

    #[test]
    fn a_task_code_that_the_list_does_not_tell_is_no_edit_and_another_one_is() {
        let coding = Coding {
            wbs_code: Some(WbsCodeId(5)),
            classification: Some(ClassificationId(6)),
            ..Coding::of(ProjectId(3))
        };
        let sent = EntryContent {
            worker: WorkerId(7),
            date: NaiveDate::default(),
            coding: Arc::new(coding.clone()),
            hours: CentiHours::from_hundredths(800),
            span: None,
            description: None,
            billable: true,
        };
        let read = |wbs_code| Entry {
            id: EntryId(1),
            content: EntryContent {
                coding: Arc::new(Coding {
                    wbs_code,
                    classification: None,
                    cost_code: Some(ProjectCodeId(8)),
                    line_item_type: Some(LineItemTypeId(9)),
                    ..coding.clone()
                }),
                ..sent.clone()
            },
            status: ApprovalStatus::Pending,
            signed: false,
            origin: None,
            author: None,
            created: None,
            updated: None,
            parts: Vec::new(),
        };
        assert_eq!(read(None).filled_from(&sent).content, sent);
        let moved = read(Some(WbsCodeId(4))).filled_from(&sent).content;
        assert_eq!(
            (moved.coding.wbs_code, moved.coding.cost_code),
            (Some(WbsCodeId(4)), Some(ProjectCodeId(8)))
        );
    }
}
