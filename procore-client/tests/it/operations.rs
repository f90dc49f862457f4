//! What the sync and the export need of the client, once each. What only tells why something is refused is in
//! `directory_and_structure`.

use linx_http::{Change, ErrorKind};
use procore_client::SubJobId;
use procore_client::edits::TimecardEntryChanges;
use procore_client::line_item_types::BaseType;
use procore_client::people::PeopleQuery;
use procore_client::permissions::Access;
use procore_client::projects::ProjectStatus;
use procore_client::sandbox::SANDBOX_COMPANY_ID;
use procore_client::timecards::ApprovalStatus;
use procore_client::wbs::SegmentType;

use crate::harness::{ANA, BEN, LABOR, LAKEFRONT, OLD_MILL, OVERTIME, TOWER, cost_code, day, eight_hours, harness};

#[tokio::test]
async fn the_company_and_its_settings_are_read() {
    let harness = harness();
    let companies = harness.client.companies().collect().await.unwrap();
    assert_eq!(
        companies.rows.iter().map(|company| company.id).collect::<Vec<_>>(),
        [SANDBOX_COMPANY_ID]
    );
    assert!(harness.client.me().await.unwrap().name.is_some());
    let configuration = harness.client.company_configuration().await.unwrap();
    assert_eq!(configuration.timesheets_week_start_day, Some(1));
    assert_eq!(configuration.timecard_employees_see_all_projects, Some(true));
    assert!(configuration.projects_timecard_in_out_enabled.is_empty());
    let permissions = harness.client.permissions().await.unwrap();
    for tool in ["timecard", "timesheets"] {
        let level = permissions.tool(tool).unwrap().user_access_level.name.clone();
        assert_eq!(level, Some(Access::Admin), "{tool}");
    }
}

#[tokio::test]
async fn active_and_inactive_people_are_read() {
    let harness = harness();
    let employees = PeopleQuery::employees();
    let active = harness.client.people(&employees).collect().await.unwrap();
    let inactive = harness.client.inactive_people(&employees).collect().await.unwrap();
    assert!(active.proves_absence() && inactive.proves_absence());
    assert_eq!((active.rows.len(), inactive.rows.len()), (23, 3));
    assert_eq!(
        harness
            .client
            .people(&PeopleQuery::default())
            .collect()
            .await
            .unwrap()
            .rows
            .len(),
        24
    );
    let ana = active.rows.iter().find(|person| person.id == ANA).unwrap();
    assert_eq!(ana.employee_id.as_deref(), Some("00101"));
    assert!(ana.user_id.is_some());
    assert!(
        inactive
            .rows
            .iter()
            .all(|person| person.contact.is_active == Some(false))
    );
}

#[tokio::test]
async fn projects_and_sub_jobs_are_read() {
    let harness = harness();
    let active = harness.client.projects(ProjectStatus::Active).collect().await.unwrap();
    let all = harness.client.projects(ProjectStatus::All).collect().await.unwrap();
    assert_eq!((active.rows.len(), all.rows.len()), (4, 5));
    let old = all.rows.iter().find(|project| project.id == OLD_MILL).unwrap();
    assert_eq!(
        (old.active, old.tz_name.as_deref()),
        (Some(false), Some("America/New_York"))
    );
    let sub_jobs = harness.client.sub_jobs(LAKEFRONT).collect().await.unwrap();
    let codes: Vec<_> = sub_jobs
        .rows
        .iter()
        .filter_map(|sub_job| sub_job.code.as_deref())
        .collect();
    assert_eq!(codes, ["01", "02", "03"]);
    assert!(
        harness
            .client
            .sub_jobs(OLD_MILL)
            .collect()
            .await
            .unwrap()
            .rows
            .is_empty()
    );
}

#[tokio::test]
async fn company_cost_codes_are_the_same_by_both_ways() {
    let harness = harness();
    let segments = harness.client.segments().collect().await.unwrap();
    let segment = segments
        .rows
        .iter()
        .find(|segment| segment.kind == Some(SegmentType::CostCode))
        .unwrap();
    let lists = harness.client.segment_lists(segment.id).collect().await.unwrap();
    let list = lists.rows[0].id;
    let items = harness
        .client
        .segment_items(segment.id, Some(list))
        .collect()
        .await
        .unwrap();
    assert!(items.proves_absence());
    assert!(items.rows.iter().filter(|item| item.is_parent == Some(false)).count() >= 100);

    let old_lists = harness.client.standard_cost_code_lists().collect().await.unwrap();
    assert_eq!(old_lists.rows[0].id, list);
    let old = harness.client.standard_cost_codes(list).collect().await.unwrap();
    let by_items: Vec<_> = items
        .rows
        .iter()
        .map(|item| (item.id, &item.path_code, &item.name))
        .collect();
    let by_codes: Vec<_> = old
        .rows
        .iter()
        .map(|code| (code.id, &code.full_code, &code.name))
        .collect();
    assert_eq!(by_items, by_codes);

    let refused = harness
        .client
        .segment_items(segment.id, None)
        .collect()
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn project_cost_codes_carry_their_cost_types() {
    let harness = harness();
    let labor = |code: &procore_client::cost_codes::CostCode| {
        code.line_item_types
            .iter()
            .any(|kind| kind.base_type == Some(BaseType::Labor))
    };
    for sub_job in [None, Some(TOWER)] {
        let codes = harness.client.cost_codes(LAKEFRONT, sub_job).collect().await.unwrap();
        assert_eq!(codes.rows.len(), 11);
        let without: Vec<_> = codes.rows.iter().filter(|code| !labor(code)).collect();
        assert_eq!(without.len(), 1);
        assert_eq!(without[0].full_code.as_deref(), Some("02-410"));
        assert_eq!(
            without[0].biller_id,
            Some(sub_job.map_or(LAKEFRONT.get(), SubJobId::get))
        );
    }
    assert_eq!(harness.client.line_item_types().collect().await.unwrap().rows.len(), 3);
    let labels: Vec<_> = harness.client.time_types().collect().await.unwrap().rows;
    let labels: Vec<_> = labels.iter().filter_map(|kind| kind.time_type.as_deref()).collect();
    assert_eq!(labels, ["Regular Time", "Overtime", "Double Time", "PTO"]);
}

#[tokio::test]
async fn an_entry_is_created_read_changed_and_deleted() {
    let harness = harness();
    let created = harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await
        .unwrap();
    assert_eq!(created.hours.as_deref(), Some("8.0"));
    assert_eq!(created.party.clone().map(|party| party.id), Some(BEN));
    assert_eq!((created.sub_job.clone(), created.timesheet.clone()), (None, None));
    assert_eq!(created.line_item_type_id, Some(LABOR));
    assert_eq!(harness.client.timecard_entry(created.id).await.unwrap(), created);

    let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-03"));
    changes.hours = Change::Set("2.25".to_owned());
    changes.sub_job_id = Change::Set(TOWER);
    changes.cost_code_id = Change::Set(cost_code(&harness.sandbox, LAKEFRONT, Some(TOWER), "05-120"));
    changes.timecard_time_type_id = Change::Set(OVERTIME);
    let after = harness
        .client
        .update_timecard_entry(created.id, &changes)
        .await
        .unwrap();
    assert_eq!(
        (after.hours.as_deref(), after.date),
        (Some("2.25"), Some(day("2026-03-03")))
    );
    assert_eq!(after.description, created.description);

    let listed = async |person| {
        let week = (day("2026-03-02"), day("2026-03-08"));
        let list = harness.client.timecard_entries(week.0, week.1, person);
        list.collect().await.unwrap().rows
    };
    assert_eq!(listed(Some(BEN)).await, [after]);
    assert!(listed(Some(ANA)).await.is_empty());
    let entries = harness.sandbox.entries();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].origin_data.as_deref(), Some("05-120 REG"));
    assert_eq!(entries[0].status, ApprovalStatus::Pending);

    let deleted = harness.client.delete_timecard_entry(created.id).await.unwrap();
    assert!(deleted.deleted_at.is_some());
    assert!(harness.sandbox.entries().is_empty());
    assert!(listed(None).await.is_empty());
    let gone = harness.client.delete_timecard_entry(created.id).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}
