//! Every request that the client can send is made and is listed here; and where the `OpenAPI` subset is at hand, each
//! request and each answer of the sandbox is held against it.
//!
//! The document is not part of this repository. It is looked for at `LINX_OPENAPI`, or beside the workspace. Where it is
//! missing only the lists are checked, and the test says so.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use linx_http::sandbox::Service;
use linx_http::{Change, Clock, MemoryTokenStore};
use procore_client::Client;
use procore_client::auth::{Application, Login, OUT_OF_BAND};
use procore_client::bulk::BulkOutcome;
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::people::PeopleQuery;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::{CODE_SEGMENT, SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, State};
use procore_client::timecards::ApprovalStatus;
use procore_client::timesheets::{SharedChanges, TimesheetStatus};
use procore_client::wbs::{ItemsQuery, SegmentType};
use procore_client::wire::ClockTime;
use procore_client::{CompanyId, CrewId, LocationId, PersonId, ProjectId, TimesheetId, WorkClassificationId};
use serde_json::Value;

use crate::harness::{
    ANA, BEN, Harness, LABOR, LAKEFRONT, OVERTIME, TOWER, client, cost_code, day, eight_hours, harness,
};
use crate::openapi::Document;

/// Requests that the client can send and the `OpenAPI` subset lacks: their facts stand in `docs/procore-api.md` alone.
const NOT_IN_THE_DOCUMENT: [&str; 0] = [];
/// What the client can send. Whoever adds a request adds it here and makes it in [`all_operations`].
const OPERATIONS: [&str; 42] = [
    "DELETE /rest/v1.0/companies/{company_id}/timecard_entries/{id}",
    "GET /rest/v1.0/app_installations",
    "GET /rest/v1.0/companies",
    "GET /rest/v1.0/companies/{company_id}/people",
    "GET /rest/v1.0/companies/{company_id}/people/inactive",
    "GET /rest/v1.0/companies/{company_id}/rounding_configuration",
    "GET /rest/v1.0/companies/{company_id}/timecard_entries",
    "GET /rest/v1.0/companies/{company_id}/timecard_entries/{id}",
    "GET /rest/v1.0/companies/{company_id}/timecard_entries/{id}/change_history",
    "GET /rest/v1.0/companies/{company_id}/timecard_time_types",
    "GET /rest/v1.0/companies/{company_id}/work_breakdown_structure/patterns",
    "GET /rest/v1.0/companies/{company_id}/work_breakdown_structure/segments",
    "GET /rest/v1.0/companies/{company_id}/work_breakdown_structure/segments/{segment_id}/lists",
    "GET /rest/v1.0/companies/{company_id}/work_breakdown_structure/segments/{segment_id}/segment_items",
    "GET /rest/v1.0/companies/{company_id}/work_classifications",
    "GET /rest/v1.0/company_configuration",
    "GET /rest/v1.0/cost_codes",
    "GET /rest/v1.0/cost_codes/{id}",
    "GET /rest/v1.0/line_item_types",
    "GET /rest/v1.0/line_item_types/{id}",
    "GET /rest/v1.0/me",
    "GET /rest/v1.0/projects/{project_id}/people",
    "GET /rest/v1.0/projects/{project_id}/people/inactive",
    "GET /rest/v1.0/projects/{project_id}/project_memberships",
    "GET /rest/v1.0/projects/{project_id}/timecard_entries",
    "GET /rest/v1.0/projects/{project_id}/timesheets",
    "GET /rest/v1.0/projects/{project_id}/tools",
    "GET /rest/v1.0/projects/{project_id}/work_breakdown_structure/patterns",
    "GET /rest/v1.0/projects/{project_id}/work_breakdown_structure/segments",
    "GET /rest/v1.0/projects/{project_id}/work_breakdown_structure/segments/{segment_id}/segment_items",
    "GET /rest/v1.0/projects/{project_id}/work_breakdown_structure/wbs_codes",
    "GET /rest/v1.0/projects/{project_id}/work_classifications",
    "GET /rest/v1.0/settings/permissions",
    "GET /rest/v1.0/standard_cost_code_lists",
    "GET /rest/v1.0/standard_cost_codes",
    "GET /rest/v1.0/sub_jobs",
    "GET /rest/v1.1/projects",
    "GET /rest/v1.3/companies/{company_id}/users",
    "GET /rest/v1.3/companies/{company_id}/users/{id}",
    "PATCH /rest/v1.0/companies/{company_id}/timecard_entries/{id}",
    "PATCH /rest/v1.0/companies/{company_id}/timesheets",
    "PATCH /rest/v1.0/projects/{project_id}/timesheets/update_approval",
];
const LOGIN: [&str; 2] = ["GET /oauth/token/info", "POST /oauth/revoke"];
const WRITES: [&str; 6] = [
    "POST /oauth/token",
    "POST /rest/v1.0/companies/{company_id}/timecard_entries",
    "POST /rest/v1.0/companies/{company_id}/timesheets",
    "POST /rest/v1.0/projects/{project_id}/project_memberships",
    "POST /rest/v1.0/projects/{project_id}/timesheets",
    "POST /rest/v1.1/projects/{project_id}/project_timecard_entries/bulk_create",
];

/// All that is listed, as method and path.
fn listed() -> BTreeSet<&'static str> {
    OPERATIONS
        .into_iter()
        .chain(LOGIN)
        .chain(WRITES)
        .chain(NOT_IN_THE_DOCUMENT)
        .collect()
}

/// Whether a request is one of this operation: `{…}` stands for any segment of the path.
fn is_of(operation: &str, request: &Request<Bytes>) -> bool {
    let Some((method, path)) = operation.split_once(' ') else {
        return false;
    };
    let (wanted, given): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), request.uri().path().split('/').collect());
    let fits = |(wanted, given): (&&str, &&str)| wanted.starts_with('{') || wanted == given;
    method == request.method().as_str() && wanted.len() == given.len() && wanted.iter().zip(&given).all(fits)
}

#[tokio::test]
async fn every_request_of_the_client_is_listed_and_made() {
    let harness = harness();
    all_operations(&harness).await;
    log_in_and_out(&harness).await;
    refusals(&harness).await;
    let mut made = BTreeSet::new();
    for (request, _) in harness.wire.seen() {
        // A path in full goes before one with a place for any id.
        let operation = listed().into_iter().filter(|operation| is_of(operation, &request));
        let operation = operation.min_by_key(|operation| operation.matches('{').count());
        made.extend(Some(operation.unwrap_or_else(|| {
            panic!(
                "not listed: {} {}: add it to OPERATIONS, or to NOT_IN_THE_DOCUMENT where the subset lacks it",
                request.method(),
                request.uri().path()
            )
        })));
    }
    assert_eq!(made, listed());
}

#[tokio::test]
async fn every_request_and_every_answer_conforms_to_the_openapi_subset() {
    let path = std::env::var_os("LINX_OPENAPI").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference/procore-openapi-subset.json"),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!(
            "SKIPPED: conformance was not checked, since there is no {}; set LINX_OPENAPI",
            path.display()
        );
        return;
    };
    let document = Document::new(serde_json::from_str(&text).unwrap());
    let harness = harness();
    all_operations(&harness).await;
    log_in_and_out(&harness).await;
    refusals(&harness).await;

    let mut checked = BTreeSet::new();
    let mut faults = Vec::new();
    for (request, answer) in harness.wire.seen() {
        if NOT_IN_THE_DOCUMENT.iter().any(|operation| is_of(operation, &request)) {
            continue;
        }
        let operation = document.operation(&request);
        let Some((name, operation)) = operation else {
            faults.push(format!(
                "no such operation: {} {}",
                request.method(),
                request.uri().path()
            ));
            continue;
        };
        let mut found = document.faults_of_query(operation, &request);
        found.extend(document.faults_of_body(operation, &request));
        found.extend(document.faults_of_answer(operation, &answer));
        faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        checked.insert(name);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let expected = listed().into_iter().filter(|one| !NOT_IN_THE_DOCUMENT.contains(one));
    assert_eq!(checked, expected.map(str::to_owned).collect());
}

/// A person's login: agreed to, renewed, looked at and ended.
async fn log_in_and_out(harness: &Harness) {
    let application = Application {
        client_id: SANDBOX_CLIENT_ID.to_owned(),
        client_secret: SANDBOX_CLIENT_SECRET.into(),
        redirect_uri: OUT_OF_BAND.to_owned(),
    };
    let store = Arc::new(MemoryTokenStore::default());
    let (wire, clock) = (harness.wire.clone(), harness.clock.clone());
    let login = Arc::new(Login::new(application, None, wire.clone(), clock.clone(), store).unwrap());
    let mut visit = Request::new(Bytes::new());
    *visit.uri_mut() = login.page("a state").as_str().parse().unwrap();
    // A browser's request, not the client's.
    let page = harness.sandbox.answer(&visit, clock.now());
    let shown: Value = serde_json::from_slice(page.body()).unwrap();
    login.complete(shown["code"].as_str().unwrap()).await.unwrap();
    clock.advance(std::time::Duration::from_mins(100));
    let client = Client::builder(harness.client.company())
        .login(login.clone())
        .transport(wire)
        .clock(clock)
        .build()
        .unwrap();
    client.me().await.unwrap();
    login.info().await.unwrap();
    login.logout().await.unwrap();
}

/// Makes every request with every parameter that the client knows.
async fn all_operations(harness: &Harness) {
    let client = &harness.client;
    client.companies().collect().await.unwrap();
    client.me().await.unwrap();
    client.company_configuration().await.unwrap();
    client.rounding_configuration().await.unwrap();
    client.permissions().await.unwrap();
    let mut others = PeopleQuery::default();
    others.is_employee = Some(false);
    for query in [PeopleQuery::default(), PeopleQuery::employees(), others] {
        client.people(&query).collect().await.unwrap();
        client.inactive_people(&query).collect().await.unwrap();
    }
    for status in [ProjectStatus::Active, ProjectStatus::Inactive, ProjectStatus::All] {
        client.projects(status).collect().await.unwrap();
    }
    client.sub_jobs(LAKEFRONT).collect().await.unwrap();
    for segment in client.segments().collect().await.unwrap().rows {
        let lists = client.segment_lists(segment.id).collect().await.unwrap().rows;
        let list = lists.first().map(|list| list.id);
        assert_eq!(list.is_some(), segment.kind == Some(SegmentType::CostCode));
        client.segment_items(segment.id, list).collect().await.unwrap();
    }
    for list in client.standard_cost_code_lists().collect().await.unwrap().rows {
        client.standard_cost_codes(list.id).collect().await.unwrap();
    }
    client.cost_codes(LAKEFRONT, None).collect().await.unwrap();
    client.cost_codes(LAKEFRONT, Some(TOWER)).collect().await.unwrap();
    client.line_item_types().collect().await.unwrap();
    client.time_types().collect().await.unwrap();
    directory_and_structure(harness).await;
    entries(harness).await;
    drafts(harness).await;
    timesheets(harness).await;
}

/// Directories, tools and structure.
async fn directory_and_structure(harness: &Harness) {
    let client = &harness.client;
    client.app_installations().collect().await.unwrap();
    for user in client.users().collect().await.unwrap().rows {
        client.user(user.id).await.unwrap();
    }
    for query in [PeopleQuery::default(), PeopleQuery::employees()] {
        let gone = client.inactive_project_people(LAKEFRONT, &query);
        gone.collect().await.unwrap();
        let people = client.project_people(LAKEFRONT, &query);
        assert!(!people.collect().await.unwrap().rows.is_empty());
    }
    client.add_to_project(LAKEFRONT, BEN).await.unwrap();
    client.project_memberships(LAKEFRONT).collect().await.unwrap();
    client.project_tools(LAKEFRONT).collect().await.unwrap();
    client.work_classifications().collect().await.unwrap();
    client.project_work_classifications(LAKEFRONT).collect().await.unwrap();
    for sub_job in [None, Some(TOWER)] {
        let code = cost_code(&harness.sandbox, LAKEFRONT, sub_job, "05-120");
        client.cost_code(LAKEFRONT, sub_job, code).await.unwrap();
    }
    client.line_item_type(LABOR).await.unwrap();
    client.wbs_pattern().await.unwrap();
    client.project_wbs_pattern(LAKEFRONT).await.unwrap();
    for segment in client.project_segments(LAKEFRONT).collect().await.unwrap().rows {
        let mut query = ItemsQuery::default();
        query.sub_job = Some(TOWER);
        query.only_active = true;
        query.include_sub_jobs = true;
        for query in [ItemsQuery::default(), query] {
            let items = client.project_segment_items(LAKEFRONT, segment.id, query);
            assert!(!items.collect().await.unwrap().rows.is_empty());
        }
    }
    assert!(!client.wbs_codes(LAKEFRONT).collect().await.unwrap().rows.is_empty());
}

async fn timesheets(harness: &Harness) {
    let (client, date) = (&harness.client, day("2026-03-09"));
    let sheet = client.create_timesheet(LAKEFRONT, date).await.unwrap();
    let mut entry = EntryDraft::new(LAKEFRONT, date, ANA, Worked::hours("8.0"));
    entry.cost_code_id = Some(cost_code(&harness.sandbox, LAKEFRONT, Some(TOWER), "05-120"));
    entry.sub_job_id = Some(TOWER);
    entry.timecard_time_type_id = Some(OVERTIME);
    entry.set_timecard_time_type_automatically = Some(false);
    entry.billable = true;
    entry.description = Some("night shift".to_owned());
    entry.work_classification_id = Some(WorkClassificationId::new(398_438));
    entry.location_id = Some(LocationId::new(1));
    entry.crew_id = Some(CrewId::new(2));
    entry.timesheet_id = Some(sheet.id);
    entry.approval_status = Some(ApprovalStatus::Pending);
    entry.origin_data = Some("05-120 OT".to_owned());
    let by_the_clock = Worked::Clock {
        time_in: ClockTime::at(date.and_hms_opt(7, 0, 0).unwrap()),
        time_out: ClockTime::at(date.and_hms_opt(15, 0, 0).unwrap()),
        lunch_minutes: None,
    };
    let mut clock = EntryDraft::new(ProjectId::new(316_001), date, ANA, by_the_clock);
    clock.origin_id = Some("linx-7".to_owned());
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects = vec![ProjectId::new(316_001)]);
    let outcomes = client.create_sheet_entries(&[entry, clock]).await.unwrap();
    let BulkOutcome::Stored(stored) = &outcomes[0] else {
        panic!("not accounted for")
    };
    let mut changes = SharedChanges::default();
    changes.approval_status = Change::Set(ApprovalStatus::Reviewed);
    changes.date = Change::Set(date);
    changes.hours = Change::Set("7.5".to_owned());
    changes.cost_code_id = Change::Set(cost_code(&harness.sandbox, LAKEFRONT, None, "05-120"));
    changes.timecard_time_type_id = Change::Set(OVERTIME);
    changes.billable = Change::Set(false);
    changes.description = Change::Set("by night".to_owned());
    changes.timesheet_id = Change::Set(sheet.id);
    client.update_entries_alike(&[stored[0].id], &changes).await.unwrap();
    client
        .approve_timesheets(LAKEFRONT, &[(sheet.id, TimesheetStatus::Approved)])
        .await
        .unwrap();
    let list = client.timesheets(LAKEFRONT, date, date).collect().await.unwrap();
    assert_eq!(list.rows[0].timecard_entries.len(), 1);
}

/// Entries in full, by the clock and many at once.
async fn drafts(harness: &Harness) {
    let (client, date) = (&harness.client, day("2026-03-05"));
    let clock = |text: &str| ClockTime::at(text.parse().unwrap());
    let worked = Worked::Clock {
        time_in: clock("2026-03-05T22:00:00"),
        time_out: clock("2026-03-06T06:30:00"),
        lunch_minutes: Some(30),
    };
    let mut draft = eight_hours(&harness.sandbox);
    draft.date = date;
    draft.set_timecard_time_type_automatically = Some(false);
    draft.location_id = Some(LocationId::new(1));
    draft.crew_id = Some(CrewId::new(2));
    draft.origin_id = Some("linx-3".to_owned());
    let bulk = client
        .bulk_create_entries(LAKEFRONT, std::slice::from_ref(&draft))
        .await
        .unwrap();
    assert!(matches!(bulk[0], BulkOutcome::Stored(_)));
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects = vec![LAKEFRONT]);
    (draft.worked, draft.origin_id) = (worked, Some("linx-4".to_owned()));
    let entry = client.create_timecard_entry(&draft).await.unwrap();
    draft.origin_id = Some("linx-5".to_owned());
    (draft.cost_code_id, draft.line_item_type_id) = (None, None);
    draft.wbs_code_id = Some(client.wbs_codes(LAKEFRONT).collect().await.unwrap().rows[0].id);
    draft.work_classification_id = Some(WorkClassificationId::new(398_438));
    client.bulk_create_entries(LAKEFRONT, &[draft]).await.unwrap();
    harness
        .sandbox
        .with_state(|state| state.entries.get_mut(&entry.id).unwrap().signed = true);
    assert!(client.timecard_entry(entry.id).await.unwrap().is_signed());
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, date);
    changes.time_in = Change::Set(clock("2026-03-05T21:00:00"));
    changes.time_out = Change::Set(clock("2026-03-06T06:00:00"));
    changes.lunch_minutes = Change::Set(45);
    changes.party_id = Change::Set(ANA);
    changes.set_timecard_time_type_automatically = Change::Set(true);
    client.update_timecard_entry(entry.id, &changes).await.unwrap();
    assert!(!client.timecard_entry_history(entry.id).await.unwrap().is_empty());
    let list = client.project_timecard_entries(LAKEFRONT, date, date);
    assert_eq!(list.collect().await.unwrap().rows.len(), 3);
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects.clear());
}

async fn entries(harness: &Harness) {
    let client = &harness.client;
    let mut new = eight_hours(&harness.sandbox);
    let full = client.create_timecard_entry(&new).await.unwrap();
    (new.cost_code_id, new.line_item_type_id, new.timecard_time_type_id) = (None, None, None);
    (new.description, new.approval_status, new.origin_id, new.origin_data) = (None, None, None, None);
    let bare = client.create_timecard_entry(&new).await.unwrap();
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-03"));
    changes.hours = Change::Set("2.5".to_owned());
    changes.cost_code_id = Change::Set(cost_code(&harness.sandbox, LAKEFRONT, Some(TOWER), "03-300"));
    changes.line_item_type_id = new.line_item_type_id.or(full.line_item_type_id).into();
    changes.sub_job_id = Change::Set(TOWER);
    changes.timecard_time_type_id = Change::Set(OVERTIME);
    changes.billable = Change::Set(false);
    changes.description = Change::Set("moved".to_owned());
    changes.approval_status = Change::Set(ApprovalStatus::Reviewed);
    changes.origin_id = Change::Set("linx-2".to_owned());
    changes.origin_data = Change::Set("03-300 OT".to_owned());
    client.update_timecard_entry(full.id, &changes).await.unwrap();
    client.timecard_entry(full.id).await.unwrap();
    client
        .timecard_entries(day("2026-03-01"), day("2026-03-31"), None)
        .collect()
        .await
        .unwrap();
    client
        .timecard_entries(day("2026-03-01"), day("2026-03-31"), Some(new.party_id))
        .collect()
        .await
        .unwrap();
    client.delete_timecard_entry(bare.id).await.unwrap();
    let whenever = day("2026-01-01")..=day("2099-12-31");
    let deleted = client.deleted_timecard_entries(day("2026-03-01"), day("2026-03-31"), whenever);
    let deleted = deleted.collect().await.unwrap().rows;
    let ids: Vec<_> = deleted
        .iter()
        .map(|entry| (entry.id, entry.deleted_at.is_some()))
        .collect();
    assert_eq!(ids, [(bare.id, true)]);
}

/// Refusals have shapes as well.
async fn refusals(harness: &Harness) {
    let unknown = [(TimesheetId::new(1), TimesheetStatus::Approved)];
    harness
        .client
        .approve_timesheets(LAKEFRONT, &unknown)
        .await
        .unwrap_err();
    let (company, secret) = (harness.client.company(), SANDBOX_CLIENT_SECRET);
    client(&harness.wire, &harness.clock, company, "wrong")
        .me()
        .await
        .unwrap_err();
    client(&harness.wire, &harness.clock, CompanyId::new(7), secret)
        .me()
        .await
        .unwrap_err();
    let new = eight_hours(&harness.sandbox);
    let mut nobody = new.clone();
    nobody.party_id = PersonId::new(1);
    harness.client.create_timecard_entry(&nobody).await.unwrap_err();
    let entry = harness.client.create_timecard_entry(&new).await.unwrap();
    harness.client.create_timecard_entry(&new).await.unwrap_err();
    harness
        .sandbox
        .with_state(|state| state.entries.get_mut(&entry.id).unwrap().status = ApprovalStatus::Approved);
    harness.client.delete_timecard_entry(entry.id).await.unwrap_err();
    let unchanged = TimecardEntryChanges::new(LAKEFRONT, new.date);
    harness
        .client
        .update_timecard_entry(entry.id, &unchanged)
        .await
        .unwrap_err();
    harness
        .client
        .segment_items(CODE_SEGMENT, None)
        .collect()
        .await
        .unwrap_err();
    harness.sandbox.with_state(State::revoke_tokens);
    harness.client.me().await.unwrap();
}
