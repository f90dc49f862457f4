//! Clock times, many entries at once, the project's list, what was changed, and hours that the overtime rule splits.

use linx_http::{Applied, Completeness, ErrorKind};
use procore_client::bulk::BulkOutcome;
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::sandbox::OvertimeRule;
use procore_client::wire::ClockTime;
use procore_client::{PersonId, ProjectId, WorkClassificationId};

use crate::harness::{BEN, LAKEFRONT, OVERTIME, REGULAR, Stage, day, eight_hours, stage};

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
    EntryDraft::of(LAKEFRONT, day("2026-03-02"), BEN, worked)
}

/// A stage whose Lakefront Tower takes start and stop.
fn start_stop() -> Stage {
    let stage = stage();
    stage
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects = vec![LAKEFRONT]);
    stage
}

/// The same entry of hours as a draft with a key.
fn keyed(stage: &Stage, key: &str) -> EntryDraft {
    let mut draft = eight_hours(&stage.sandbox);
    draft.origin_id = Some(key.to_owned());
    draft
}

#[tokio::test]
async fn clock_times_come_back_as_the_place_told_them_and_never_shifted() {
    let stage = start_stop();
    let night = clocked("2026-03-02T22:00:00", "2026-03-03T06:30:00", Some(30));
    let entry = stage.client.create_timecard_entry(&night).await.unwrap();
    assert_eq!(entry.time_in.map(ClockTime::from), Some(at("2026-03-02T22:00:00")));
    assert_eq!(entry.time_out.map(ClockTime::from), Some(at("2026-03-03T06:30:00")));
    assert_eq!(
        (entry.hours.as_deref(), entry.lunch_time.as_deref()),
        (Some("8.0"), Some("30"))
    );

    let changes = TimecardEntryChanges {
        time_out: Some(at("2026-03-03T07:00:00")),
        lunch_minutes: Some(60),
        ..TimecardEntryChanges::of(LAKEFRONT, day("2026-03-02"))
    };
    let after = stage.client.change_timecard_entry(entry.id, &changes).await.unwrap();
    assert_eq!(
        (after.hours.as_deref(), after.lunch_time.as_deref()),
        (Some("8.0"), Some("60"))
    );
    assert_eq!(after.time_in, entry.time_in);
}

#[tokio::test]
async fn the_other_way_of_telling_time_is_refused() {
    let stage = start_stop();
    let hours = stage.client.create_timecard_entry(&eight_hours(&stage.sandbox)).await;
    assert!(hours.unwrap_err().to_string().contains("start and stop"));
    let backwards = clocked("2026-03-02T15:00:00", "2026-03-02T07:00:00", None);
    let refused = stage.client.create_timecard_entry(&backwards).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Rejected);
    stage
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects.clear());
    let clock = clocked("2026-03-02T07:00:00", "2026-03-02T15:00:00", None);
    let refused = stage.client.create_timecard_entry(&clock).await.unwrap_err();
    assert!(refused.to_string().contains("total hours"), "{refused}");
    assert!(stage.sandbox.entries().is_empty());
}

#[tokio::test]
async fn d12_the_company_rounds_clock_times_and_leaves_told_hours() {
    let stage = start_stop();
    stage
        .sandbox
        .with_state(|state| state.configuration.rounding = Some(("nearest".to_owned(), 15)));
    let entry = clocked("2026-03-02T07:04:00", "2026-03-02T15:08:00", None);
    let entry = stage.client.create_timecard_entry(&entry).await.unwrap();
    assert_eq!(entry.time_in.map(ClockTime::from), Some(at("2026-03-02T07:00:00")));
    assert_eq!(entry.hours.as_deref(), Some("8.25"));
    stage
        .sandbox
        .with_state(|state| state.configuration.start_stop_projects.clear());
    let mut told = eight_hours(&stage.sandbox);
    told.worked = Worked::hours("7.07");
    let told = stage.client.create_timecard_entry(&told).await.unwrap();
    assert_eq!(told.hours.as_deref(), Some("7.07"));
}

#[tokio::test]
async fn a10_many_entries_are_each_accounted_for() {
    let stage = stage();
    let mut drafts = vec![
        keyed(&stage, "linx-1"),
        keyed(&stage, "linx-2"),
        keyed(&stage, "linx-3"),
    ];
    drafts[1].party_id = PersonId::new(1);
    let refused = stage.client.bulk_create_entries(LAKEFRONT, &drafts).await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.was_applied()),
        (ErrorKind::Rejected, Applied::No)
    );
    assert!(stage.sandbox.entries().is_empty());

    stage
        .sandbox
        .with_state(|state| state.bulk_create_keeps_good_ones = true);
    let outcomes = stage.client.bulk_create_entries(LAKEFRONT, &drafts).await.unwrap();
    let stored = |outcome: &BulkOutcome<_>| matches!(outcome, BulkOutcome::Stored(_));
    assert_eq!(outcomes.iter().map(stored).collect::<Vec<_>>(), [true, false, true]);
    let keys: Vec<_> = stage
        .sandbox
        .entries()
        .into_iter()
        .filter_map(|entry| entry.origin_id)
        .collect();
    assert_eq!(keys, ["linx-1", "linx-3"]);
}

#[tokio::test]
async fn a10_too_many_entries_or_keys_that_are_the_same_are_not_sent() {
    let stage = stage();
    let many: Vec<_> = (0..26).map(|n| keyed(&stage, &format!("linx-{n}"))).collect();
    let twice = vec![keyed(&stage, "linx-1"); 2];
    for drafts in [many, twice] {
        let error = stage.client.bulk_create_entries(LAKEFRONT, &drafts).await.unwrap_err();
        assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Rejected, Applied::No));
    }
    assert_eq!(stage.wire.count("bulk_create"), 0);
    stage.sandbox.with_state(|state| state.bulk_create_enabled = false);
    let error = stage
        .client
        .bulk_create_entries(LAKEFRONT, &[keyed(&stage, "linx-1")])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_projects_list_has_its_own_entries_only_and_is_read_to_its_end() {
    let stage = stage();
    stage.sandbox.with_state(|state| state.max_per_page = Some(2));
    let mut keys = Vec::new();
    for number in 0..5 {
        let entry = keyed(&stage, &format!("linx-{number}"));
        keys.push(stage.client.create_timecard_entry(&entry).await.unwrap().id);
    }
    let elsewhere = EntryDraft::of(ProjectId::new(316_001), day("2026-03-02"), BEN, Worked::hours("1.0"));
    stage.client.create_timecard_entry(&elsewhere).await.unwrap();
    let week = stage
        .client
        .project_timecard_entries(LAKEFRONT, day("2026-03-02"), day("2026-03-08"));
    let week = week.collect().await.unwrap();
    assert_eq!(week.completeness, Completeness::Complete);
    assert_eq!(week.rows.iter().map(|entry| entry.id).collect::<Vec<_>>(), keys);
    let after = stage
        .client
        .project_timecard_entries(LAKEFRONT, day("2026-03-03"), day("2026-03-08"));
    assert!(after.collect().await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn what_was_changed_is_told_field_by_field() {
    let stage = stage();
    let entry = stage
        .client
        .create_timecard_entry(&eight_hours(&stage.sandbox))
        .await
        .unwrap();
    assert!(stage.client.timecard_entry_changes(entry.id).await.unwrap().is_empty());
    let changes = TimecardEntryChanges {
        hours: Some("7.5".to_owned()),
        timecard_time_type_id: Some(OVERTIME),
        billable: Some(true),
        ..TimecardEntryChanges::of(LAKEFRONT, day("2026-03-02"))
    };
    stage.client.change_timecard_entry(entry.id, &changes).await.unwrap();
    let history = stage.client.timecard_entry_changes(entry.id).await.unwrap();
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
fn with_overtime() -> Stage {
    let stage = stage();
    stage.sandbox.with_state(|state| {
        state.overtime = Some(OvertimeRule {
            daily_hours: 8,
            regular: REGULAR,
            overtime: OVERTIME,
            always: false,
        });
    });
    stage
}

/// Hours and time type of everything stored, by id.
fn stored(stage: &Stage) -> Vec<(String, u64)> {
    let told = |entry: procore_client::sandbox::Entry| (entry.hours.unwrap(), entry.time_type.unwrap().get());
    stage.sandbox.entries().into_iter().map(told).collect()
}

fn hours(told: &[(&str, u64)]) -> Vec<(String, u64)> {
    told.iter().map(|(hours, kind)| ((*hours).to_owned(), *kind)).collect()
}

#[tokio::test]
async fn d16_an_entry_that_overtime_split_names_its_other_part() {
    let stage = with_overtime();
    let mut draft = keyed(&stage, "linx-1");
    draft.worked = Worked::hours("10.5");
    draft.set_timecard_time_type_automatically = Some(true);
    let entry = stage.client.create_timecard_entry(&draft).await.unwrap();
    assert_eq!(stored(&stage), hours(&[("8.0", 9185), ("2.5", 9186)]));
    assert_eq!(entry.hours.as_deref(), Some("8.0"));
    let parts = &entry.automatically_split_timecard_entries;
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].hours.as_deref(), Some("2.5"));
    // The other part is no stranger: it carries the writer's mark.
    assert_eq!(parts[0].origin_data, entry.origin_data);

    // The day's regular hours are used up.
    draft.origin_id = Some("linx-2".to_owned());
    draft.worked = Worked::hours("1.0");
    stage.client.create_timecard_entry(&draft).await.unwrap();
    assert_eq!(stored(&stage)[2], hours(&[("1.0", 9186)])[0]);

    // A change counts anew.
    let changes = TimecardEntryChanges {
        hours: Some("6.0".to_owned()),
        set_timecard_time_type_automatically: Some(true),
        ..TimecardEntryChanges::of(LAKEFRONT, day("2026-03-02"))
    };
    stage.client.change_timecard_entry(entry.id, &changes).await.unwrap();
    assert_eq!(stored(&stage), hours(&[("6.0", 9185), ("1.0", 9186)]));
}

#[tokio::test]
async fn d16_an_entry_that_tells_its_time_type_is_left_whole() {
    let stage = with_overtime();
    let mut draft = keyed(&stage, "linx-1");
    draft.worked = Worked::hours("10.0");
    draft.set_timecard_time_type_automatically = Some(false);
    stage.client.create_timecard_entry(&draft).await.unwrap();
    assert_eq!(stored(&stage), hours(&[("10.0", 9185)]));
    // One that tells none is split.
    (draft.origin_id, draft.timecard_time_type_id) = (Some("linx-2".to_owned()), None);
    draft.date = day("2026-03-03");
    let outcomes = stage.client.bulk_create_entries(LAKEFRONT, &[draft]).await.unwrap();
    assert_eq!(stored(&stage)[1..], hours(&[("8.0", 9185), ("2.0", 9186)]));
    let BulkOutcome::Stored(parts) = &outcomes[0] else {
        panic!("not accounted for")
    };
    assert_eq!(parts.len(), 2);
}

#[tokio::test]
async fn d20_a_class_and_a_task_code_are_kept_by_the_projects_bulk_and_not_sent_alone() {
    let stage = stage();
    let mut draft = keyed(&stage, "linx-1");
    draft.work_classification_id = Some(WorkClassificationId::new(398_438));
    let alone = stage.client.create_timecard_entry(&draft).await.unwrap_err();
    assert_eq!((alone.kind(), alone.was_applied()), (ErrorKind::Rejected, Applied::No));
    assert_eq!(stage.wire.count("timecard_entries"), 0);

    (draft.cost_code_id, draft.line_item_type_id) = (None, None);
    let codes = stage.client.wbs_codes(LAKEFRONT).collect().await.unwrap();
    draft.wbs_code_id = Some(codes.rows[0].id);
    let outcomes = stage
        .client
        .bulk_create_entries(LAKEFRONT, std::slice::from_ref(&draft))
        .await
        .unwrap();
    let BulkOutcome::Stored(stored) = &outcomes[0] else {
        panic!("not accounted for")
    };
    let entry = stage.client.timecard_entry(stored[0].id).await.unwrap();
    assert_eq!(
        (entry.wbs_code_id, entry.work_classification_id),
        (draft.wbs_code_id, draft.work_classification_id)
    );
    assert_eq!(stored[0].wbs_code_id, draft.wbs_code_id);
}

#[tokio::test]
async fn c11_what_the_companys_tool_would_lose_is_not_sent_to_it() {
    let stage = stage();
    let with_cost_type = keyed(&stage, "linx-1");
    let mut with_meal = clocked("2026-03-02T07:00:00", "2026-03-02T15:00:00", Some(30));
    with_meal.origin_id = Some("linx-2".to_owned());
    for draft in [with_cost_type, with_meal] {
        let error = stage.client.create_sheet_entries(&[draft]).await.unwrap_err();
        assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Rejected, Applied::No));
    }
    assert_eq!(stage.wire.count("timesheets"), 0);
}

#[tokio::test]
async fn d18_a_signature_is_read_and_an_edit_removes_it() {
    let stage = stage();
    let id = stage
        .client
        .create_timecard_entry(&eight_hours(&stage.sandbox))
        .await
        .unwrap()
        .id;
    assert!(!stage.client.timecard_entry(id).await.unwrap().is_signed());
    stage
        .sandbox
        .with_state(|state| state.entries.get_mut(&id).unwrap().signed = true);
    assert!(stage.client.timecard_entry(id).await.unwrap().is_signed());
    let changes = TimecardEntryChanges {
        hours: Some("7.5".to_owned()),
        ..TimecardEntryChanges::of(LAKEFRONT, day("2026-03-02"))
    };
    let edited = stage.client.change_timecard_entry(id, &changes).await.unwrap();
    assert!(!edited.is_signed());
}
