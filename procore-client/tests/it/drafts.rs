//! Clock times, many entries at once, the project's list, what was changed, and hours that the overtime rule splits.

use linx_http::{Applied, Change, Completeness, ErrorKind};
use procore_client::bulk::BulkOutcome;
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::sandbox::OvertimeRule;
use procore_client::wire::ClockTime;
use procore_client::{PersonId, ProjectId, WorkClassificationId};

use crate::harness::{BEN, Harness, LAKEFRONT, OVERTIME, REGULAR, day, eight_hours, harness};

fn at(text: &str) -> ClockTime {
    ClockTime::at(text.parse().unwrap())
}

/// Ben's work of 2 March by the clock.
fn clocked(from: &str, to: &str, lunch_minutes: Option<u32>) -> EntryDraft {
    let worked = Worked::Clock {
        time_in: at(from),
        time_out: at(to),
        lunch_minutes,
    };
    EntryDraft::new(LAKEFRONT, day("2026-03-02"), BEN, worked)
}

/// A harness whose Lakefront Tower takes start and stop.
fn start_stop() -> Harness {
    let harness = harness();
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects = vec![LAKEFRONT]);
    harness
}

/// The same entry of hours as a draft with a key.
fn keyed(harness: &Harness, key: &str) -> EntryDraft {
    let mut draft = eight_hours(&harness.sandbox);
    draft.origin_id = Some(key.to_owned());
    draft
}

#[tokio::test]
async fn clock_times_come_back_as_the_place_told_them_and_never_shifted() {
    let harness = start_stop();
    let night = clocked("2026-03-02T22:00:00", "2026-03-03T06:30:00", Some(30));
    let entry = harness.client.create_timecard_entry(&night).await.unwrap();
    assert_eq!(entry.time_in.map(ClockTime::from), Some(at("2026-03-02T22:00:00")));
    assert_eq!(entry.time_out.map(ClockTime::from), Some(at("2026-03-03T06:30:00")));
    assert_eq!(
        (entry.hours.as_deref(), entry.lunch_time.as_deref()),
        (Some("8.0"), Some("30"))
    );

    let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-02"));
    changes.time_out = Change::Set(at("2026-03-03T07:00:00"));
    changes.lunch_minutes = Change::Set(60);
    let after = harness.client.update_timecard_entry(entry.id, &changes).await.unwrap();
    assert_eq!(
        (after.hours.as_deref(), after.lunch_time.as_deref()),
        (Some("8.0"), Some("60"))
    );
    assert_eq!(after.time_in, entry.time_in);
}

#[tokio::test]
async fn the_other_way_of_telling_time_is_refused() {
    let harness = start_stop();
    let hours = harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await;
    assert!(hours.unwrap_err().words().contains("start and stop"));
    let backwards = clocked("2026-03-02T15:00:00", "2026-03-02T07:00:00", None);
    let refused = harness.client.create_timecard_entry(&backwards).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Rejected);
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects.clear());
    let clock = clocked("2026-03-02T07:00:00", "2026-03-02T15:00:00", None);
    let refused = harness.client.create_timecard_entry(&clock).await.unwrap_err();
    assert!(refused.words().contains("total hours"), "{refused}");
    assert!(harness.sandbox.entries().is_empty());
}

#[tokio::test]
async fn d12_the_company_rounds_clock_times_and_leaves_told_hours() {
    let harness = start_stop();
    harness
        .sandbox
        .with_state(|state| state.configuration.rounding = Some(("nearest".to_owned(), 15)));
    let entry = clocked("2026-03-02T07:04:00", "2026-03-02T15:08:00", None);
    let entry = harness.client.create_timecard_entry(&entry).await.unwrap();
    assert_eq!(entry.time_in.map(ClockTime::from), Some(at("2026-03-02T07:00:00")));
    assert_eq!(entry.hours.as_deref(), Some("8.25"));
    harness
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects.clear());
    let mut told = eight_hours(&harness.sandbox);
    told.worked = Worked::hours("7.07");
    let told = harness.client.create_timecard_entry(&told).await.unwrap();
    assert_eq!(told.hours.as_deref(), Some("7.07"));
}

#[tokio::test]
async fn a10_many_entries_are_each_accounted_for() {
    let harness = harness();
    let mut drafts = vec![
        keyed(&harness, "linx-1"),
        keyed(&harness, "linx-2"),
        keyed(&harness, "linx-3"),
    ];
    drafts[1].party_id = PersonId::new(1);
    let refused = harness
        .client
        .bulk_create_entries(LAKEFRONT, &drafts)
        .await
        .unwrap_err();
    // A refusal of many does not say of which (hazard A16).
    assert_eq!(
        (refused.kind(), refused.was_applied()),
        (ErrorKind::Rejected, Applied::Unknown)
    );
    assert!(harness.sandbox.entries().is_empty());

    harness
        .sandbox
        .with_state(|state| state.bulk_create_keeps_good_ones = true);
    let outcomes = harness.client.bulk_create_entries(LAKEFRONT, &drafts).await.unwrap();
    let stored = |outcome: &BulkOutcome<_>| matches!(outcome, BulkOutcome::Stored(_));
    assert_eq!(outcomes.iter().map(stored).collect::<Vec<_>>(), [true, false, true]);
    let keys: Vec<_> = harness
        .sandbox
        .entries()
        .into_iter()
        .filter_map(|entry| entry.origin_id)
        .collect();
    assert_eq!(keys, ["linx-1", "linx-3"]);
}

#[tokio::test]
async fn a10_too_many_entries_or_keys_that_are_the_same_are_not_sent() {
    let harness = harness();
    let many: Vec<_> = (0..26).map(|n| keyed(&harness, &format!("linx-{n}"))).collect();
    let twice = vec![keyed(&harness, "linx-1"); 2];
    for drafts in [many, twice] {
        let error = harness
            .client
            .bulk_create_entries(LAKEFRONT, &drafts)
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Rejected, Applied::No));
    }
    assert_eq!(harness.wire.count("bulk_create"), 0);
    harness.sandbox.with_state(|state| state.bulk_create_enabled = false);
    let error = harness
        .client
        .bulk_create_entries(LAKEFRONT, &[keyed(&harness, "linx-1")])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_projects_list_has_its_own_entries_only_and_is_read_to_its_end() {
    let harness = harness();
    harness.sandbox.with_state(|state| state.max_per_page = Some(2));
    let mut keys = Vec::new();
    for number in 0..5 {
        let entry = keyed(&harness, &format!("linx-{number}"));
        keys.push(harness.client.create_timecard_entry(&entry).await.unwrap().id);
    }
    let elsewhere = EntryDraft::new(ProjectId::new(316_001), day("2026-03-02"), BEN, Worked::hours("1.0"));
    harness.client.create_timecard_entry(&elsewhere).await.unwrap();
    let week = harness
        .client
        .project_timecard_entries(LAKEFRONT, day("2026-03-02"), day("2026-03-08"));
    let week = week.collect().await.unwrap();
    assert_eq!(week.completeness, Completeness::Complete);
    assert_eq!(week.rows.iter().map(|entry| entry.id).collect::<Vec<_>>(), keys);
    let after = harness
        .client
        .project_timecard_entries(LAKEFRONT, day("2026-03-03"), day("2026-03-08"));
    assert!(after.collect().await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn what_was_changed_is_told_field_by_field() {
    let harness = harness();
    let entry = harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await
        .unwrap();
    assert!(
        harness
            .client
            .timecard_entry_history(entry.id)
            .await
            .unwrap()
            .is_empty()
    );
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-02"));
    changes.hours = Change::Set("7.5".to_owned());
    changes.timecard_time_type_id = Change::Set(OVERTIME);
    changes.billable = Change::Set(true);
    harness.client.update_timecard_entry(entry.id, &changes).await.unwrap();
    let history = harness.client.timecard_entry_history(entry.id).await.unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|change| {
            (
                change.column.as_deref(),
                change.old_value.as_deref(),
                change.new_value.as_deref(),
            )
        })
        .collect();
    let expected = [
        (Some("hours"), Some("8.0"), Some("7.5")),
        (Some("timecard_time_type_id"), Some("9185"), Some("9186")),
    ];
    assert_eq!(told, expected);
}

/// Hours over eight of a day are overtime.
fn with_overtime() -> Harness {
    let harness = harness();
    harness.sandbox.with_state(|state| {
        state.overtime = Some(OvertimeRule {
            daily_hours: 8,
            regular: REGULAR,
            overtime: OVERTIME,
            always: false,
        });
    });
    harness
}

/// Hours and time type of everything stored, by id.
fn stored(harness: &Harness) -> Vec<(String, u64)> {
    let told = |entry: procore_client::sandbox::Entry| (entry.hours.unwrap(), entry.time_type.unwrap().get());
    harness.sandbox.entries().into_iter().map(told).collect()
}

fn hours(told: &[(&str, u64)]) -> Vec<(String, u64)> {
    told.iter().map(|(hours, kind)| ((*hours).to_owned(), *kind)).collect()
}

#[tokio::test]
async fn d16_an_entry_that_overtime_split_names_its_other_part() {
    let harness = with_overtime();
    let mut draft = keyed(&harness, "linx-1");
    draft.worked = Worked::hours("10.5");
    draft.set_timecard_time_type_automatically = Some(true);
    let entry = harness.client.create_timecard_entry(&draft).await.unwrap();
    assert_eq!(stored(&harness), hours(&[("8.0", 9185), ("2.5", 9186)]));
    assert_eq!(entry.hours.as_deref(), Some("8.0"));
    let parts = &entry.automatically_split_timecard_entries;
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].hours.as_deref(), Some("2.5"));
    // The other part is no stranger: it carries the writer's mark.
    assert_eq!(parts[0].origin_data, entry.origin_data);

    // The day's regular hours are used up.
    draft.origin_id = Some("linx-2".to_owned());
    draft.worked = Worked::hours("1.0");
    harness.client.create_timecard_entry(&draft).await.unwrap();
    assert_eq!(stored(&harness)[2], hours(&[("1.0", 9186)])[0]);

    // A change counts anew.
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-02"));
    changes.hours = Change::Set("6.0".to_owned());
    changes.set_timecard_time_type_automatically = Change::Set(true);
    harness.client.update_timecard_entry(entry.id, &changes).await.unwrap();
    assert_eq!(stored(&harness), hours(&[("6.0", 9185), ("1.0", 9186)]));
}

#[tokio::test]
async fn d16_an_entry_that_tells_its_time_type_is_left_whole() {
    let harness = with_overtime();
    let mut draft = keyed(&harness, "linx-1");
    draft.worked = Worked::hours("10.0");
    draft.set_timecard_time_type_automatically = Some(false);
    harness.client.create_timecard_entry(&draft).await.unwrap();
    assert_eq!(stored(&harness), hours(&[("10.0", 9185)]));
    // One that tells none is split.
    (draft.origin_id, draft.timecard_time_type_id) = (Some("linx-2".to_owned()), None);
    draft.date = day("2026-03-03");
    let outcomes = harness.client.bulk_create_entries(LAKEFRONT, &[draft]).await.unwrap();
    assert_eq!(stored(&harness)[1..], hours(&[("8.0", 9185), ("2.0", 9186)]));
    let BulkOutcome::Stored(parts) = &outcomes[0] else {
        panic!("not accounted for")
    };
    assert_eq!(parts.len(), 2);
}

#[tokio::test]
async fn d20_a_class_and_a_task_code_are_kept_by_the_projects_bulk_and_not_sent_alone() {
    let harness = harness();
    let mut draft = keyed(&harness, "linx-1");
    draft.work_classification_id = Some(WorkClassificationId::new(398_438));
    let alone = harness.client.create_timecard_entry(&draft).await.unwrap_err();
    assert_eq!((alone.kind(), alone.was_applied()), (ErrorKind::Rejected, Applied::No));
    assert_eq!(harness.wire.count("timecard_entries"), 0);

    (draft.cost_code_id, draft.line_item_type_id) = (None, None);
    let codes = harness.client.wbs_codes(LAKEFRONT).collect().await.unwrap();
    draft.wbs_code_id = Some(codes.rows[0].id);
    let outcomes = harness
        .client
        .bulk_create_entries(LAKEFRONT, std::slice::from_ref(&draft))
        .await
        .unwrap();
    let BulkOutcome::Stored(stored) = &outcomes[0] else {
        panic!("not accounted for")
    };
    let entry = harness.client.timecard_entry(stored[0].id).await.unwrap();
    assert_eq!(
        (entry.wbs_code_id, entry.work_classification_id),
        (draft.wbs_code_id, draft.work_classification_id)
    );
    assert_eq!(stored[0].wbs_code_id, draft.wbs_code_id);
}

#[tokio::test]
async fn c11_what_the_companys_tool_would_lose_is_not_sent_to_it() {
    let harness = harness();
    let with_cost_type = keyed(&harness, "linx-1");
    let mut with_meal = clocked("2026-03-02T07:00:00", "2026-03-02T15:00:00", Some(30));
    with_meal.origin_id = Some("linx-2".to_owned());
    for draft in [with_cost_type, with_meal] {
        let error = harness.client.create_sheet_entries(&[draft]).await.unwrap_err();
        assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Rejected, Applied::No));
    }
    assert_eq!(harness.wire.count("timesheets"), 0);
}

#[tokio::test]
async fn d18_a_signature_is_read_and_an_edit_removes_it() {
    let harness = harness();
    let id = harness
        .client
        .create_timecard_entry(&eight_hours(&harness.sandbox))
        .await
        .unwrap()
        .id;
    assert!(!harness.client.timecard_entry(id).await.unwrap().is_signed());
    harness
        .sandbox
        .with_state(|state| state.entries.get_mut(&id).unwrap().signed = true);
    assert!(harness.client.timecard_entry(id).await.unwrap().is_signed());
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-02"));
    changes.hours = Change::Set("7.5".to_owned());
    let edited = harness.client.update_timecard_entry(id, &changes).await.unwrap();
    assert!(!edited.is_signed());
}
