//! What an entry may hold (procore-api.md sections 7.1, 7.2 and 7.7).

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::access::visible_project;
use super::answer::{Refusal, invalid};
use super::application::SANDBOX_USER_ID;
use super::fields::{day, number_or_text, read, set_if_given};
use super::state::{OriginIds, State};
use super::tables::Entry;
use super::{hours, wbs};
use crate::ids::ProjectId;
use crate::timecards::ApprovalStatus;

/// A new entry of these fields, by the rules, not stored yet.
pub(super) fn new_entry(
    state: &State,
    project: ProjectId,
    fields: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<Entry, Refusal> {
    let mut entry = Entry {
        id: state.next_entry_id(),
        project,
        date: day(fields)?,
        hours: None,
        time_in: None,
        time_out: None,
        lunch_minutes: None,
        party: None,
        sub_job: None,
        cost_code: None,
        line_item_type: None,
        wbs_code: None,
        time_type: None,
        classification: None,
        billable: false,
        description: None,
        status: ApprovalStatus::Pending,
        signed: false,
        timesheet: None,
        split_of: None,
        origin_id: None,
        origin_data: None,
        created_by: SANDBOX_USER_ID,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    apply_fields(state, &mut entry, fields)?;
    Ok(entry)
}

/// Takes over the fields and holds the entry to every rule.
pub(super) fn apply_fields(state: &State, entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    set_fields(entry, fields)?;
    set_time(state, entry, fields)?;
    check(state, entry)
}

/// Takes over the fields that are given; null empties one.
fn set_fields(entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    set_if_given(fields, "party_id", &mut entry.party)?;
    set_if_given(fields, "sub_job_id", &mut entry.sub_job)?;
    set_if_given(fields, "cost_code_id", &mut entry.cost_code)?;
    set_if_given(fields, "line_item_type_id", &mut entry.line_item_type)?;
    set_if_given(fields, "wbs_code_id", &mut entry.wbs_code)?;
    set_if_given(fields, "timecard_time_type_id", &mut entry.time_type)?;
    set_if_given(fields, "work_classification_id", &mut entry.classification)?;
    set_if_given(fields, "timesheet_id", &mut entry.timesheet)?;
    set_if_given(fields, "description", &mut entry.description)?;
    set_if_given(fields, "origin_data", &mut entry.origin_data)?;
    if fields.contains_key("origin_id") {
        entry.origin_id = number_or_text(fields, "origin_id");
    }
    if fields.contains_key("hours") {
        let text = number_or_text(fields, "hours").unwrap_or_default();
        entry.hours = Some(hours::normal(&text).ok_or_else(|| invalid("hours", "is not a number from 0 to 24"))?);
    }
    if let Some(billable) = read(fields, "billable")? {
        entry.billable = billable;
    }
    if let Some(status) = read(fields, "approval_status")? {
        if matches!(status, ApprovalStatus::Unknown(_)) {
            return Err(invalid("approval_status", "is not included in the list"));
        }
        entry.status = status;
    }
    Ok(())
}

/// The time of the way that the project takes; the fields of the other way are refused (trap 11). Clock times are
/// rounded by the company's rule, hours that are sent as such are not (procore-api.md section 10).
fn set_time(state: &State, entry: &mut Entry, fields: &Map<String, Value>) -> Result<(), Refusal> {
    let given = |names: &[&str]| {
        names
            .iter()
            .any(|name| fields.get(*name).is_some_and(|value| !value.is_null()))
    };
    let configuration = &state.configuration;
    if !configuration.start_stop_projects.contains(&entry.project) {
        return if given(&["time_in", "time_out", "lunch_time"]) {
            Err(invalid("time_in", "is not taken by a project of total hours"))
        } else {
            Ok(())
        };
    }
    if given(&["hours"]) {
        return Err(invalid("hours", "are not taken by a project of start and stop times"));
    }
    for (name, time) in [("time_in", &mut entry.time_in), ("time_out", &mut entry.time_out)] {
        if let Some(value) = fields.get(name) {
            *time =
                hours::clock_time(value, entry.date).map(|time| hours::rounded(time, configuration.rounding.as_ref()));
        }
    }
    if fields.contains_key("lunch_time") {
        let text = number_or_text(fields, "lunch_time");
        entry.lunch_minutes = text.and_then(|text| text.parse().ok());
    }
    entry.hours = match (entry.time_in, entry.time_out) {
        (Some(start), Some(stop)) => {
            let worked = hours::between(start, stop, entry.lunch_minutes.unwrap_or(0));
            Some(worked.ok_or_else(|| invalid("time_out", "must leave 0 to 24 hours after the meal"))?)
        }
        _ => None,
    };
    Ok(())
}

/// The rules between records (procore-api.md section 7.7).
fn check(state: &State, entry: &Entry) -> Result<(), Refusal> {
    if !visible_project(state, entry.project)?.active {
        return Err(invalid("base", "project is not active"));
    }
    check_worker(state, entry)?;
    check_booking(state, entry)?;
    check_classes(state, entry)?;
    let is_text = |id: &String| id.parse::<i64>().is_err();
    if state.origin_ids == OriginIds::Numbers && entry.origin_id.as_ref().is_some_and(is_text) {
        return Err(invalid("origin_id", "must be an integer"));
    }
    let taken = |other: &Entry| other.id != entry.id && other.origin_id == entry.origin_id;
    if entry.origin_id.is_some() && state.live_entries().any(taken) {
        let message = json!({"errors": {"origin_id": ["has already been taken"]}});
        return Err(Refusal::new(StatusCode::CONFLICT, message));
    }
    Ok(())
}

/// A refusal because `what` belongs to another project, or to none.
fn elsewhere(what: &str) -> Refusal {
    invalid("base", &format!("{what} ancestry does not match the entry's project"))
}

/// Who worked is an employee, and where the company wants that, in the project's directory.
fn check_worker(state: &State, entry: &Entry) -> Result<(), Refusal> {
    let employee = |party| state.people.get(&party).is_some_and(|person| person.is_employee);
    if !entry.party.is_some_and(employee) {
        return Err(invalid("party", "must be an employee of the company"));
    }
    let outside = |party| !state.is_member(entry.project, party);
    if !state.configuration.employees_see_all_projects && entry.party.is_some_and(outside) {
        return Err(invalid("party", "must be in the project's directory"));
    }
    Ok(())
}

/// Sub job, cost code, cost type and task code belong to the project and to each other.
fn check_booking(state: &State, entry: &Entry) -> Result<(), Refusal> {
    let of_project = |id| {
        let sub_job = state.sub_jobs.get(&id);
        sub_job.is_some_and(|sub_job| sub_job.project == entry.project)
    };
    if !entry.sub_job.is_none_or(of_project) {
        return Err(elsewhere("sub job"));
    }
    let code = match entry.cost_code {
        Some(id) => Some(state.project_codes.get(&id).ok_or_else(|| elsewhere("cost code"))?),
        None => None,
    };
    if code.is_some_and(|code| (code.project, code.sub_job) != (entry.project, entry.sub_job)) {
        return Err(elsewhere("cost code"));
    }
    let offered = |id| match code {
        Some(code) => code.line_item_types.contains(&id),
        None => state.line_item_types.contains_key(&id),
    };
    if !entry.line_item_type.is_none_or(offered) {
        return Err(elsewhere("line item type"));
    }
    if entry.wbs_code.is_some() && (code.is_some() || entry.line_item_type.is_some()) {
        return Err(invalid("wbs_code", "excludes cost code and line item type"));
    }
    if !entry.wbs_code.is_none_or(|id| wbs::has_code(state, entry.project, id)) {
        return Err(elsewhere("wbs code"));
    }
    Ok(())
}

/// Work classification, time type and timesheet exist and are open to the project.
fn check_classes(state: &State, entry: &Entry) -> Result<(), Refusal> {
    let open_to_project = |id| {
        let known = state.work_classifications.get(&id);
        known.is_some_and(|one| one.projects.is_empty() || one.projects.contains(&entry.project))
    };
    if !entry.classification.is_none_or(open_to_project) {
        return Err(elsewhere("work classification"));
    }
    if !entry.time_type.is_none_or(|id| state.time_types.contains_key(&id)) {
        return Err(invalid("timecard_time_type", "must exist"));
    }
    let of_project = |id| {
        let sheet = state.timesheets.get(&id);
        sheet.is_some_and(|sheet| sheet.project == entry.project)
    };
    if !entry.timesheet.is_none_or(of_project) {
        return Err(elsewhere("timesheet"));
    }
    Ok(())
}

/// Approved and completed entries refuse edits and deletes (trap 16), whoever asks: a change through the interface that
/// lowers the status is refused too.
pub(super) fn is_closed(entry: &Entry) -> bool {
    matches!(entry.status, ApprovalStatus::Approved | ApprovalStatus::Completed)
}
