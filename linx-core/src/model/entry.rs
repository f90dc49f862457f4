//! A timecard entry: what Linx sends, and what Procore holds.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::hours::CentiHours;
use super::ids::{
    ClassificationId, EntryId, LineItemTypeId, ProjectCodeId, ProjectId, SubJobId, TimeTypeId, WbsCodeId, WorkerId,
};

/// Start and stop of an entry, as the clock at the place of work shows them (procore-api.md, trap 22).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// When the work began.
    pub start: NaiveDateTime,
    /// When it ended; on the next day after midnight.
    pub stop: NaiveDateTime,
    /// Minutes of unpaid break within.
    #[serde(default)]
    pub lunch_minutes: u32,
}

/// The values of an entry that Linx writes and compares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryContent {
    /// Whose time.
    pub worker: WorkerId,
    /// The day.
    pub date: NaiveDate,
    /// The project.
    pub project: ProjectId,
    /// The sub-job, where the place is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_job: Option<SubJobId>,
    /// The project's own cost code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_code: Option<ProjectCodeId>,
    /// The labor cost type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_item_type: Option<LineItemTypeId>,
    /// The task code, where the project uses them; then there is neither cost code nor cost type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wbs_code: Option<WbsCodeId>,
    /// The work classification (hazard D20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<ClassificationId>,
    /// Regular time, overtime, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_type: Option<TimeTypeId>,
    /// How long. Where there is a span, what it comes to.
    pub hours: CentiHours,
    /// From when to when, where the project takes start and stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Box<Span>>,
    /// The note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is billed. The API's own default is false, the web's is true (procore-api.md, trap 10).
    pub billable: bool,
}

/// Where an entry stands in the office's review; unknown texts are kept (hazard A12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// New; open to everything.
    Pending,
    /// Looked at.
    Reviewed,
    /// Approved: closed to us (hazard D18).
    Approved,
    /// Completed: closed to us.
    Completed,
    /// A status nobody knew.
    Other(String),
}

impl ApprovalStatus {
    /// Whether a sync may change or delete such an entry. Only a pending one: a person has looked at all the others.
    pub fn is_open(&self) -> bool {
        *self == Self::Pending
    }
}

/// An entry as Procore holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Its values.
    pub content: EntryContent,
    /// Where it stands.
    pub status: ApprovalStatus,
    /// Whether it is signed; a change would remove the signature (hazard D18).
    pub signed: bool,
    /// The text in `origin_data`, where Linx leaves its mark.
    pub origin: Option<String>,
    /// The other entries that Procore's overtime rules made of the same hours (hazard D16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<EntryId>,
}

impl Entry {
    /// The same with what was sent, where Procore's list of entries does not promise to tell it: the task code, with the
    /// cost code and cost type that it stands for, and the work classification (procore-api.md 7.3).
    #[must_use]
    pub fn filled_from(mut self, sent: &EntryContent) -> Self {
        let content = &mut self.content;
        content.classification = content.classification.or(sent.classification);
        content.wbs_code = content.wbs_code.or(sent.wbs_code);
        if sent.wbs_code.is_some() && content.wbs_code == sent.wbs_code {
            content.cost_code = sent.cost_code;
            content.line_item_type = sent.line_item_type;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_code_that_the_list_does_not_tell_is_no_edit_and_another_one_is() {
        let sent = EntryContent {
            worker: WorkerId(7),
            date: NaiveDate::default(),
            project: ProjectId(3),
            sub_job: None,
            cost_code: None,
            line_item_type: None,
            wbs_code: Some(WbsCodeId(5)),
            classification: Some(ClassificationId(6)),
            time_type: None,
            hours: CentiHours::from_hundredths(800),
            span: None,
            description: None,
            billable: true,
        };
        let read = |wbs_code| Entry {
            id: EntryId(1),
            content: EntryContent {
                wbs_code,
                classification: None,
                cost_code: Some(ProjectCodeId(8)),
                line_item_type: Some(LineItemTypeId(9)),
                ..sent.clone()
            },
            status: ApprovalStatus::Pending,
            signed: false,
            origin: None,
            parts: Vec::new(),
        };
        assert_eq!(read(None).filled_from(&sent).content, sent);
        let moved = read(Some(WbsCodeId(4))).filled_from(&sent).content;
        assert_eq!(
            (moved.wbs_code, moved.cost_code),
            (Some(WbsCodeId(4)), Some(ProjectCodeId(8)))
        );
    }
}
