//! Directories, tools, installations, classifications and structure: what tells why an entry is refused.

use linx_http::ErrorKind;
use procore_client::app_installations::InstallationStatus;
use procore_client::people::PeopleQuery;
use procore_client::sandbox::SANDBOX_CLIENT_ID;
use procore_client::wbs::{ItemsQuery, SegmentType};
use procore_client::{CostCodeId, ProjectId, UserId, tools};

use crate::harness::{ANA, BEN, Harness, LABOR, LAKEFRONT, TOWER, cost_code, day, eight_hours, harness};

async fn directory(harness: &Harness) -> Vec<procore_client::PersonId> {
    let people = harness.client.project_people(LAKEFRONT, &PeopleQuery::default());
    let people = people.collect().await.unwrap();
    assert!(people.proves_absence());
    people.rows.iter().map(|person| person.id).collect()
}

#[tokio::test]
async fn a_worker_who_is_in_no_directory_is_refused_until_added() {
    let harness = harness();
    harness.sandbox.with_state(|state| {
        state.configuration.employees_see_all_projects = false;
        state.members.remove(&(LAKEFRONT, BEN));
    });
    let new = eight_hours(&harness.sandbox);
    let error = harness.client.create_timecard_entry(&new).await.unwrap_err();
    assert!(error.words().contains("project's directory"), "{error}");
    assert!(!directory(&harness).await.contains(&BEN));

    assert_eq!(harness.client.add_to_project(LAKEFRONT, BEN).await.unwrap(), [BEN]);
    assert!(directory(&harness).await.contains(&BEN));
    harness.client.create_timecard_entry(&new).await.unwrap();
    let memberships = harness.client.project_memberships(LAKEFRONT).collect().await.unwrap();
    assert!(memberships.rows.iter().all(|one| one.project_id == Some(LAKEFRONT)));
    assert_eq!(
        memberships.rows.iter().filter(|one| one.party_id == Some(BEN)).count(),
        1
    );
    // Ana has a login, and is added in another way.
    let refused = harness.client.add_to_project(LAKEFRONT, ANA).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn users_are_those_with_a_login_and_are_no_parties() {
    let harness = harness();
    let users = harness.client.users().collect().await.unwrap();
    assert!(users.proves_absence());
    assert_eq!(users.rows.len(), 3);
    let ana = users.rows.iter().find(|user| user.contact_id == Some(ANA)).unwrap();
    assert_ne!(ana.id.get(), ANA.get());
    assert_eq!(&harness.client.user(ana.id).await.unwrap(), ana);
    let absent = harness.client.user(UserId::new(1)).await.unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_tool_that_is_off_explains_a_403() {
    let harness = harness();
    let is_on = async || {
        let listed = harness.client.project_tools(LAKEFRONT).collect().await.unwrap();
        tools::find(&listed.rows, "timesheet").unwrap().is_active
    };
    assert_eq!(is_on().await, Some(true));
    harness
        .sandbox
        .with_state(|state| state.timesheets_off.insert(LAKEFRONT));
    assert_eq!(is_on().await, Some(false));
    let refused = harness
        .client
        .create_timesheet(LAKEFRONT, day("2026-03-02"))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn an_app_that_is_not_installed_is_no_matter_of_tokens() {
    let harness = harness();
    let installations = harness.client.app_installations().collect().await.unwrap();
    let app = &installations.rows[0];
    assert_eq!(app.app_uid.as_deref(), Some(SANDBOX_CLIENT_ID));
    assert_eq!(app.status, Some(InstallationStatus::Installed));
    harness.sandbox.with_state(|state| state.installed = false);
    harness.client.companies().collect().await.unwrap();
    let error = harness.client.users().collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.messages(), ["App is not connected to this company."]);
    assert_eq!(harness.sandbox.with_state(|state| state.tokens_issued()), 1);
}

#[tokio::test]
async fn a_project_has_its_own_work_classifications_and_the_companys() {
    let harness = harness();
    let of = async |project| {
        let list = harness.client.project_work_classifications(ProjectId::new(project));
        list.collect().await.unwrap().rows.len()
    };
    assert_eq!((of(316_001).await, of(316_002).await), (2, 1));
    let all = harness.client.work_classifications().collect().await.unwrap();
    assert_eq!(all.rows.len(), 2);
}

#[tokio::test]
async fn one_code_and_one_cost_type_are_shown_where_they_belong() {
    let harness = harness();
    let code = cost_code(&harness.sandbox, LAKEFRONT, Some(TOWER), "05-120");
    let shown = harness.client.cost_code(LAKEFRONT, Some(TOWER), code).await.unwrap();
    assert_eq!((shown.id, shown.full_code.as_deref()), (code, Some("05-120")));
    let absent = harness.client.cost_code(LAKEFRONT, None, code).await.unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::NotFound);
    assert_eq!(harness.client.line_item_type(LABOR).await.unwrap().id, LABOR);
}

#[tokio::test]
async fn a_projects_structure_tells_of_sub_jobs_and_their_codes() {
    let harness = harness();
    let pattern = harness.client.project_wbs_pattern(LAKEFRONT).await.unwrap();
    assert!(pattern.uses(&SegmentType::SubJob));
    harness
        .sandbox
        .with_state(|state| state.sub_jobs.retain(|_, one| one.project != LAKEFRONT));
    let pattern = harness.client.project_wbs_pattern(LAKEFRONT).await.unwrap();
    assert!(!pattern.uses(&SegmentType::SubJob) && pattern.uses(&SegmentType::CostCode));
    let company = harness.client.wbs_pattern().await.unwrap();
    assert_eq!(company.segments.len(), 3);

    let segments = harness.client.project_segments(LAKEFRONT).collect().await.unwrap().rows;
    let codes = segments
        .iter()
        .find(|one| one.kind == Some(SegmentType::CostCode))
        .unwrap();
    let items = async |query| {
        let list = harness.client.project_segment_items(LAKEFRONT, codes.id, query);
        list.collect().await.unwrap().rows
    };
    let own = items(ItemsQuery::default()).await;
    let listed = harness.client.cost_codes(LAKEFRONT, None).collect().await.unwrap().rows;
    let same: Vec<CostCodeId> = own.iter().map(|item| CostCodeId::new(item.id.get())).collect();
    assert_eq!(same, listed.iter().map(|code| code.id).collect::<Vec<_>>());
    let mut with_sub_jobs = ItemsQuery::default();
    with_sub_jobs.include_sub_jobs = true;
    let everywhere = items(with_sub_jobs).await;
    assert_eq!(everywhere.len(), own.len() * 4);

    // Each code with each of its cost types; one of them has no labor.
    let whole = harness.client.wbs_codes(LAKEFRONT).collect().await.unwrap().rows;
    assert_eq!(whole.len(), own.len() * 2 - 1);
    let flat = whole.iter().filter_map(|code| code.flat_code.as_deref());
    assert!(flat.clone().any(|code| code == "05-120.L") && !flat.clone().any(|code| code == "02-410.L"));
}
