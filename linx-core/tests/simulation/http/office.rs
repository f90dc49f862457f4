//! Procore's tables as the world has them, and the world's entries as requests leave them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use linx_core::model::{
    ApprovalStatus, CentiHours, Coding, CompanyCostCode, EntryContent, EntryId, LineItemTypeId, ProjectCodeId,
    ProjectId, SubJobId, TimeTypeId, UserId, Worker, WorkerId,
};
use procore_client::sandbox::{
    CODE_LIST, CompanyCode, Entry, Person, Project, ProjectCode, SANDBOX_USER_ID, State, SubJob, TimeType,
};
use procore_client::{ids, timecards};

use crate::model::events::{Event, Sent};
use crate::world::{OURSELVES, Request as Write, Stored, TIME_TYPES, World};

/// The cost type of labor, as a sandbox has it.
const LABOR: ids::LineItemTypeId = ids::LineItemTypeId::new(50_887);
/// A division's id is this and that of its code.
const FIRST_DIVISION: u64 = 9000;

/// What never changes.
pub fn begin(state: &mut State) {
    let kind = |label: &str| TimeType {
        label: label.into(),
        abbreviation: label.into(),
    };
    let kinds = TIME_TYPES.into_iter();
    state.time_types = kinds
        .map(|(id, label, _)| (ids::TimeTypeId::new(id.0), kind(label)))
        .collect();
}

/// Makes the tables what the world has.
pub fn show(world: &World, state: &mut State) {
    let people = world.workers.values();
    state.people = people
        .map(|worker| (ids::PersonId::new(worker.id.0), person(worker)))
        .collect();
    let projects = world.projects.values();
    state.projects = projects
        .map(|one| (ids::ProjectId::new(one.id.0), project(one)))
        .collect();
    let sub_jobs = world.sub_jobs.iter().map(|one| {
        let row = SubJob {
            project: ids::ProjectId::new(one.project.0),
            code: one.code.clone(),
            name: one.name.clone(),
        };
        (ids::SubJobId::new(one.id.0), row)
    });
    state.sub_jobs = sub_jobs.collect();
    state.company_codes = world.codes.values().flat_map(company_codes).collect();
    state.project_codes = project_codes(world);
    for stored in world.entries.values() {
        show_entry(state, stored);
    }
}

fn person(worker: &Worker) -> Person {
    Person {
        first_name: worker.first_name.clone().unwrap_or_default(),
        last_name: worker.last_name.clone().unwrap_or_default(),
        employee_id: worker.number.clone(),
        is_employee: worker.is_employee,
        is_active: worker.active,
        user_id: None,
        email: worker.email.clone(),
        job_title: worker.job_title.clone(),
    }
}

/// Of every other project nobody entered where it is; its country is there all the same.
fn project(project: &linx_core::model::Project) -> Project {
    let entered = |part: &str| {
        if project.id.0.is_multiple_of(2) {
            part.to_owned()
        } else {
            String::new()
        }
    };
    Project {
        number: project.number.clone().unwrap_or_default(),
        name: project.name.clone(),
        active: project.active,
        stage: None,
        demo: false,
        template: false,
        address: entered("12 Cedar St"),
        city: entered("Chicago"),
        state: entered("IL"),
        zip: entered("60608"),
        position: (41.85, -87.67),
        time_zone: "Central Time (US & Canada)".into(),
        tz_name: "America/Chicago".into(),
    }
}

/// A code such as 03-300 and its division.
fn company_codes(code: &CompanyCostCode) -> [(ids::StandardCostCodeId, CompanyCode); 2] {
    let (division, last) = code.full_code.split_once('-').unwrap();
    let above = ids::StandardCostCodeId::new(FIRST_DIVISION + code.id.0);
    let row = |code_text: &str, parent| CompanyCode {
        list: CODE_LIST,
        code: code_text.into(),
        name: code.name.clone(),
        parent,
        active: code.active,
    };
    let own = ids::StandardCostCodeId::new(code.id.0);
    [(above, row(division, None)), (own, row(last, Some(above)))]
}

/// Every place has every code.
fn project_codes(world: &World) -> BTreeMap<ids::CostCodeId, ProjectCode> {
    let projects = world.projects.keys().map(|project| (*project, None));
    let sub_jobs = world.sub_jobs.iter().map(|one| (one.project, Some(one.id)));
    let places: Vec<(ProjectId, Option<SubJobId>)> = projects.chain(sub_jobs).collect();
    let all = places
        .iter()
        .flat_map(|place| world.codes.keys().map(move |code| (place, code)));
    let row = |((project, sub_job), code): (&(ProjectId, Option<SubJobId>), &linx_core::model::CompanyCodeId)| {
        let id = project.0 * 1_000_000 + sub_job.map_or(0, |id| id.0) * 1000 + code.0;
        let row = ProjectCode {
            project: ids::ProjectId::new(project.0),
            sub_job: sub_job.map(|id| ids::SubJobId::new(id.0)),
            standard: ids::StandardCostCodeId::new(code.0),
            line_item_types: BTreeSet::from([LABOR]),
        };
        (ids::CostCodeId::new(id), row)
    };
    all.map(row).collect()
}

fn show_entry(state: &mut State, stored: &Stored) {
    let (entry, content) = (&stored.entry, &stored.entry.content);
    let id = ids::TimecardEntryId::new(entry.id.0);
    let row = state.entries.entry(id).or_insert_with(|| typed(stored));
    if row.hours.as_deref().and_then(|text| text.parse().ok()) != Some(content.hours) {
        row.hours = Some(decimal(content.hours));
    }
    row.party = Some(ids::PersonId::new(content.worker.0));
    row.date = content.date;
    row.status = match entry.status {
        ApprovalStatus::Approved => timecards::ApprovalStatus::Approved,
        _ => timecards::ApprovalStatus::Pending,
    };
    row.updated_at = entry.updated.unwrap_or(row.updated_at);
    row.deleted_at = stored.deleted;
}

/// An entry of another hand.
fn typed(stored: &Stored) -> Entry {
    let (entry, coding) = (&stored.entry, &stored.entry.content.coding);
    let made = entry.created.unwrap();
    Entry {
        id: ids::TimecardEntryId::new(entry.id.0),
        project: ids::ProjectId::new(coding.project.0),
        date: entry.content.date,
        hours: None,
        time_in: None,
        time_out: None,
        lunch_minutes: None,
        party: None,
        sub_job: coding.sub_job.map(|id| ids::SubJobId::new(id.0)),
        cost_code: coding.cost_code.map(|id| ids::CostCodeId::new(id.0)),
        line_item_type: coding.line_item_type.map(|id| ids::LineItemTypeId::new(id.0)),
        wbs_code: None,
        time_type: coding.time_type.map(|id| ids::TimeTypeId::new(id.0)),
        classification: None,
        billable: entry.content.billable,
        description: entry.content.description.as_deref().map(str::to_owned),
        status: timecards::ApprovalStatus::Pending,
        signed: false,
        timesheet: None,
        split_of: None,
        origin_id: None,
        origin_data: entry.origin.as_deref().map(str::to_owned),
        created_by: match entry.author {
            Some(OURSELVES) => SANDBOX_USER_ID,
            author => ids::UserId::new(author.map_or(0, |UserId(id)| id)),
        },
        created_at: made,
        updated_at: made,
        deleted_at: None,
    }
}

/// Hours as Procore shows them, such as 8.0 and 0.33.
fn decimal(hours: CentiHours) -> String {
    let text = hours.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    format!("{whole}.{}", if part.is_empty() { "0" } else { part })
}

/// Has the world see what a request did to entries, or that it was refused.
pub fn see(
    world: &mut World,
    before: &BTreeMap<ids::TimecardEntryId, Entry>,
    state: &State,
    request: &Request<Bytes>,
    sent: Sent,
) {
    let mut refused = asked_about(world, request);
    for (id, entry) in &state.entries {
        let (was, id) = (before.get(id), EntryId(id.get()));
        let mark = || entry.origin_data.clone().unwrap_or_default();
        match was {
            Some(was) if was == entry => continue,
            None => drop(world.made_entry(id, &content(entry), &mark())),
            Some(_) if entry.deleted_at.is_some() => drop(world.apply(&Write::Delete(id), sent)),
            Some(_) => drop(world.apply(&Write::Update(id, content(entry), mark()), sent)),
        }
        refused = refused.filter(|asked| *asked != id);
    }
    if let Some(EntryId(entry)) = refused {
        world.see(Event::Refused { entry, sent });
    }
}

/// The closed entry that a request is about: it refuses changes.
fn asked_about(world: &World, request: &Request<Bytes>) -> Option<EntryId> {
    let id = EntryId(request.uri().path().rsplit('/').next()?.parse().ok()?);
    let stored = world.entries.get(&id).filter(|stored| stored.deleted.is_none())?;
    (!stored.is_open()).then_some(id)
}

fn content(entry: &Entry) -> EntryContent {
    EntryContent {
        worker: WorkerId(entry.party.unwrap().get()),
        date: entry.date,
        coding: Arc::new(Coding {
            project: ProjectId(entry.project.get()),
            sub_job: entry.sub_job.map(|id| SubJobId(id.get())),
            cost_code: entry.cost_code.map(|id| ProjectCodeId(id.get())),
            line_item_type: entry.line_item_type.map(|id| LineItemTypeId(id.get())),
            wbs_code: None,
            classification: None,
            time_type: entry.time_type.map(|id| TimeTypeId(id.get())),
        }),
        hours: entry.hours.as_deref().unwrap().parse().unwrap(),
        span: None,
        // A text that was emptied is none.
        description: entry
            .description
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(Into::into),
        billable: entry.billable,
    }
}
