//! How entries and timesheets are shown: each way of asking has a field set of its own.

use serde_json::{Value, json};

use super::answer::{empty_association, instant};
use super::state::State;
use super::tables::Entry;
use crate::ids::TimesheetId;

/// The field set of the company's entries. Empty associations are objects of nulls (trap 24).
pub(super) fn row(state: &State, entry: &Entry) -> Value {
    let project = state.projects.get(&entry.project);
    let party = entry.party.and_then(|id| Some((id, state.people.get(&id)?)));
    let code = entry.cost_code.and_then(|id| {
        let standard = state.project_codes.get(&id)?.standard;
        Some((id, &state.company_codes.get(&standard)?.name))
    });
    let sub_job = entry.sub_job.and_then(|id| Some((id, state.sub_jobs.get(&id)?)));
    let siblings: Vec<Value> = state
        .live_entries()
        .filter(|other| other.split_of == Some(entry.id))
        .map(|other| row(state, other))
        .collect();
    json!({
        "id": entry.id,
        "date": entry.date,
        "hours": entry.hours,
        "time_in": entry.time_in.map(instant),
        "time_out": entry.time_out.map(instant),
        "lunch_time": entry.lunch_minutes.map(|minutes| minutes.to_string()),
        "billable": entry.billable,
        "description": entry.description,
        "in_progress": false,
        "approval_status": entry.status,
        "timecard_type": null,
        "origin_id": entry.origin_id,
        "origin_data": entry.origin_data,
        "line_item_type_id": entry.line_item_type,
        // Not documented, and seen in live answers (procore-api.md section 7.3).
        "wbs_code_id": entry.wbs_code,
        "work_classification_id": entry.classification,
        "procore_signature": entry.signed.then(|| json!({"id": entry.id.get()})),
        "timesheet": entry.timesheet.map(|id| timesheet_head(state, id)),
        "crew": empty_association(),
        "clock_in": {"id": null},
        "clock_out": {"id": null},
        "project": {
            "id": entry.project,
            "name": project.map(|project| format!("{} - {}", project.number, project.name)),
        },
        "party": party.map_or_else(empty_association, |(id, person)| {
            json!({"id": id, "name": format!("{} {}", person.first_name, person.last_name)})
        }),
        "login_information": login_of(state, entry),
        "cost_code": code.map_or_else(empty_association, |(id, name)| json!({"id": id, "name": name})),
        "sub_job": sub_job.map_or_else(
            || json!({"id": null, "name": null, "code": null}),
            |(id, sub_job)| json!({"id": id, "name": sub_job.name, "code": sub_job.code}),
        ),
        "timecard_time_type": time_type_of(state, entry),
        "automatically_split_timecard_entries": siblings,
        "created_by": {"id": entry.created_by, "login": null, "name": null},
        "created_at": instant(entry.created_at),
        "updated_at": instant(entry.updated_at),
        "deleted_at": entry.deleted_at.map(instant),
    })
}

/// The login of who worked; nulls for people without.
fn login_of(state: &State, entry: &Entry) -> Value {
    let person = entry.party.and_then(|id| state.people.get(&id));
    match person.and_then(|person| Some((person.user_id?, person))) {
        Some((id, person)) => {
            let name = format!("{} {}", person.first_name, person.last_name);
            json!({"id": id, "login": person.email, "name": name})
        }
        None => json!({"id": null, "login": null, "name": null}),
    }
}

fn time_type_of(state: &State, entry: &Entry) -> Value {
    match entry.time_type.and_then(|id| Some((id, state.time_types.get(&id)?))) {
        Some((id, kind)) => json!({
            "id": id,
            "time_type": kind.label,
            "abbreviated_time_type": kind.abbreviation,
            "company_id": state.company,
            "global": true,
        }),
        None => json!({"id": null, "time_type": null}),
    }
}

/// The field set of a project's list: it carries no project, and the meal is a number.
pub(super) fn project_row(state: &State, entry: &Entry) -> Value {
    let mut row = row(state, entry);
    if let Some(fields) = row.as_object_mut() {
        for name in [
            "project",
            "in_progress",
            "timecard_type",
            "clock_in",
            "clock_out",
            "procore_signature",
        ] {
            fields.remove(name);
        }
    }
    row["lunch_time"] = json!(entry.lunch_minutes);
    row["datetime"] = Value::Null;
    row["injured"] = json!(false);
    row["signed"] = json!(entry.signed);
    row["location"] = empty_association();
    row
}

/// The field set of bulk requests: other records by id.
pub(super) fn flat_row(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "project_id": entry.project,
        "date": entry.date,
        "hours": entry.hours,
        "time_in": entry.time_in.map(instant),
        "time_out": entry.time_out.map(instant),
        "lunch_time": entry.lunch_minutes,
        "description": entry.description,
        "billable": entry.billable,
        "timecard_time_type_id": entry.time_type,
        "work_classification_id": entry.classification,
        "wbs_code_id": entry.wbs_code,
        "signed": entry.signed,
        "cost_code_id": entry.cost_code,
        "line_item_type_id": entry.line_item_type,
        "party_id": entry.party,
        "timesheet_id": entry.timesheet,
        "approval_status": entry.status,
        "origin_id": entry.origin_id,
        "origin_data": entry.origin_data,
        "sub_job_id": entry.sub_job,
        "split_parent_id": entry.split_of,
        "created_at": instant(entry.created_at),
        "updated_at": instant(entry.updated_at),
        "deleted_at": entry.deleted_at.map(instant),
    })
}

/// A timesheet without its entries.
pub(super) fn timesheet_head(state: &State, id: TimesheetId) -> Value {
    let Some(sheet) = state.timesheets.get(&id) else {
        return json!({"id": id});
    };
    json!({
        "id": id,
        "name": format!("{} - {:02}", sheet.date, sheet.number),
        "number": sheet.number,
        "date": sheet.date,
        "status": sheet.status,
        "created_by": {"id": null, "login": null, "name": null},
        "created_at": instant(sheet.created_at),
        "updated_at": instant(sheet.updated_at),
    })
}
