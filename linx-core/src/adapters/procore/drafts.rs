//! Entries as they are sent: new ones, and changes of those that stand.

use linx_http::Change;
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::wire::ClockTime;
use procore_client::{ids, timecards};

use crate::model::EntryContent;
use crate::ports::NewEntry;

/// Returns the draft of an entry to make, pending. Its mark goes into `origin_data`, which is text wherever it is
/// documented. `origin_id` is a number in one place and text in another, so that it is left to [`with_id`] (hazard B11).
pub(super) fn draft(entry: &NewEntry) -> EntryDraft {
    let content = &entry.content;
    let worked = match &content.span {
        None => Worked::hours(content.hours.to_string()),
        Some(span) => Worked::Clock {
            time_in: ClockTime::at(span.start),
            time_out: ClockTime::at(span.stop),
            lunch_minutes: (span.lunch_minutes > 0).then_some(span.lunch_minutes),
        },
    };
    let project = ids::ProjectId::new(content.coding.project.0);
    let person = ids::PersonId::new(content.worker.0);
    let mut draft = EntryDraft::new(project, content.date, person, worked);
    draft.cost_code_id = content.coding.cost_code.map(|id| ids::CostCodeId::new(id.0));
    draft.line_item_type_id = content.coding.line_item_type.map(|id| ids::LineItemTypeId::new(id.0));
    draft.sub_job_id = content.coding.sub_job.map(|id| ids::SubJobId::new(id.0));
    draft.timecard_time_type_id = content.coding.time_type.map(|id| ids::TimeTypeId::new(id.0));
    draft.set_timecard_time_type_automatically = automatic(content);
    draft.wbs_code_id = content.coding.wbs_code.map(|id| ids::WbsCodeId::new(id.0));
    draft.work_classification_id = content
        .coding
        .classification
        .map(|id| ids::WorkClassificationId::new(id.0));
    draft.billable = content.billable;
    draft.description = content.description.as_deref().map(str::to_owned);
    draft.approval_status = Some(timecards::ApprovalStatus::Pending);
    draft.timesheet_id = entry.timesheet.map(|id| ids::TimesheetId::new(id.0));
    draft.origin_data = Some(entry.mark.clone());
    draft
}

/// Returns the same draft with the id that no other entry has.
pub(super) fn with_id(draft: &EntryDraft, entry: &NewEntry) -> EntryDraft {
    let mut draft = draft.clone();
    draft.origin_id.clone_from(&entry.unique_id);
    draft
}

/// Whether a company refused an entry for the form of its `origin_id`, and for nothing else. That one is taken already is
/// another refusal: the line is there, and is not sent without its id.
pub(super) fn refuses_text(error: &linx_http::Error) -> bool {
    let is_of_form = |message: &String| {
        let message = message.to_lowercase();
        let number = ["integer", "number", "numeric"]
            .iter()
            .any(|word| message.contains(word));
        message.contains("origin_id") && number
    };
    error.was_applied() == linx_http::Applied::No && error.messages().iter().any(is_of_form)
}

/// Whether a company refused an entry since its `origin_id` is taken. Such ids are of one line and one run alone, so what took it is
/// an earlier arrival of the same request (hazards A15, B11).
pub(super) fn is_taken(error: &linx_http::Error) -> bool {
    let is_of_it = |message: &String| {
        let message = message.to_lowercase();
        let taken = ["taken", "already", "unique", "exists"]
            .iter()
            .any(|word| message.contains(word));
        message.contains("origin_id") && taken
    };
    error.was_applied() == linx_http::Applied::No && error.messages().iter().any(is_of_it)
}

/// Returns `false`, "not by Procore's overtime rules", where the time type is told: one side computes overtime (hazard
/// D16).
fn automatic(content: &EntryContent) -> Option<bool> {
    content.coding.time_type.map(|_| false)
}

/// Returns all values of an entry that a change can set. Task code and work classification can be set only when it is
/// made.
pub(super) fn changes(content: &EntryContent, mark: &str) -> TimecardEntryChanges {
    let span = content.span.as_deref();
    let mut changes = TimecardEntryChanges::new(ids::ProjectId::new(content.coding.project.0), content.date);
    changes.hours = span.is_none().then(|| content.hours.to_string()).into();
    changes.time_in = span.map(|span| ClockTime::at(span.start)).into();
    changes.time_out = span.map(|span| ClockTime::at(span.stop)).into();
    changes.lunch_minutes = span.map(|span| span.lunch_minutes).into();
    changes.cost_code_id = content.coding.cost_code.map(|id| ids::CostCodeId::new(id.0)).into();
    changes.line_item_type_id = content
        .coding
        .line_item_type
        .map(|id| ids::LineItemTypeId::new(id.0))
        .into();
    changes.sub_job_id = content.coding.sub_job.map(|id| ids::SubJobId::new(id.0)).into();
    changes.timecard_time_type_id = content.coding.time_type.map(|id| ids::TimeTypeId::new(id.0)).into();
    changes.set_timecard_time_type_automatically = automatic(content).into();
    changes.billable = Change::Set(content.billable);
    // Left out would mean "as it is", and a note that is gone must go.
    changes.description = Change::Set(content.description.as_deref().unwrap_or_default().to_owned());
    changes.origin_data = Change::Set(mark.to_owned());
    changes
}
