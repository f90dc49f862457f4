//! Timesheets, approval, and the entries that the company's Timesheets tool writes.

use linx_http::{Applied, Change, Completeness, ErrorKind};
use procore_client::bulk::BulkOutcome;
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::edits::TimecardEntryChanges;
use procore_client::timecards::ApprovalStatus;
use procore_client::timesheets::{SharedChanges, TimesheetStatus, WrittenEntry};
use procore_client::{PersonId, ProjectId, TimecardEntryId, TimesheetId};

use crate::harness::{ANA, BEN, Harness, LAKEFRONT, day, eight_hours, harness};

fn hours(key: &str, party: PersonId) -> EntryDraft {
    let mut draft = EntryDraft::new(LAKEFRONT, day("2026-03-02"), party, Worked::hours("8.0"));
    draft.origin_id = Some(key.to_owned());
    draft
}

fn status(status: ApprovalStatus) -> SharedChanges {
    let mut changes = SharedChanges::default();
    changes.approval_status = Change::Set(status);
    changes
}

/// The ids in the answer, per entry sent; none where its outcome is unknown.
fn ids(outcomes: &[BulkOutcome<WrittenEntry>]) -> Vec<Vec<TimecardEntryId>> {
    let of = |outcome: &BulkOutcome<WrittenEntry>| match outcome {
        BulkOutcome::Stored(entries) => entries.iter().map(|entry| entry.id).collect(),
        BulkOutcome::Unknown => Vec::new(),
    };
    outcomes.iter().map(of).collect()
}

fn statuses(harness: &Harness) -> Vec<ApprovalStatus> {
    harness
        .sandbox
        .entries()
        .into_iter()
        .map(|entry| entry.status)
        .collect()
}

#[tokio::test]
async fn a_timesheet_made_twice_is_two() {
    let harness = harness();
    let mut made = Vec::new();
    for _ in 0..2 {
        made.push(
            harness
                .client
                .create_timesheet(LAKEFRONT, day("2026-03-02"))
                .await
                .unwrap(),
        );
    }
    let names: Vec<_> = made.iter().filter_map(|sheet| sheet.name.as_deref()).collect();
    assert_eq!(names, ["2026-03-02 - 01", "2026-03-02 - 02"]);
    assert_eq!(made[0].status, Some(TimesheetStatus::Pending));
}

#[tokio::test]
async fn timesheets_are_listed_by_project_and_day_with_their_entries() {
    let harness = harness();
    harness.sandbox.with_state(|state| state.max_per_page = Some(2));
    let mut made = Vec::new();
    for date in ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-08", "2026-03-09"] {
        made.push(harness.client.create_timesheet(LAKEFRONT, day(date)).await.unwrap().id);
    }
    let elsewhere = ProjectId::new(316_001);
    harness
        .client
        .create_timesheet(elsewhere, day("2026-03-02"))
        .await
        .unwrap();
    let mut inside = hours("linx-1", BEN);
    inside.timesheet_id = Some(made[1]);
    harness.client.create_sheet_entries(&[inside]).await.unwrap();
    let listing = harness
        .client
        .timesheets(LAKEFRONT, day("2026-03-02"), day("2026-03-08"));
    let listing = listing.collect().await.unwrap();
    assert_eq!(listing.completeness, Completeness::Complete);
    assert_eq!(
        listing.rows.iter().map(|sheet| sheet.id).collect::<Vec<_>>(),
        made[1..4]
    );
    let counts: Vec<_> = listing.rows.iter().map(|sheet| sheet.timecard_entries.len()).collect();
    assert_eq!(counts, [1, 0, 0]);
}

#[tokio::test]
async fn an_entry_lies_in_a_timesheet_of_its_own_project_only() {
    let harness = harness();
    let elsewhere = ProjectId::new(316_001);
    let sheet = harness
        .client
        .create_timesheet(elsewhere, day("2026-03-02"))
        .await
        .unwrap();
    let mut entry = hours("linx-1", BEN);
    entry.timesheet_id = Some(sheet.id);
    let error = harness.client.create_sheet_entries(&[entry]).await.unwrap_err();
    assert!(error.words().contains("timesheet ancestry"), "{error}");
}

#[tokio::test]
async fn approving_a_timesheet_closes_its_entries_and_one_unknown_id_changes_nothing() {
    let harness = harness();
    let sheet = harness
        .client
        .create_timesheet(LAKEFRONT, day("2026-03-02"))
        .await
        .unwrap()
        .id;
    let mut entry = hours("linx-1", BEN);
    entry.timesheet_id = Some(sheet);
    harness.client.create_sheet_entries(&[entry]).await.unwrap();

    let with_unknown = [
        (sheet, TimesheetStatus::Approved),
        (TimesheetId::new(1), TimesheetStatus::Approved),
    ];
    let error = harness
        .client
        .approve_timesheets(LAKEFRONT, &with_unknown)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let reviewed = [(sheet, TimesheetStatus::from("reviewed"))];
    let error = harness
        .client
        .approve_timesheets(LAKEFRONT, &reviewed)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(statuses(&harness), [ApprovalStatus::Pending]);

    let approved = [(sheet, TimesheetStatus::Approved)];
    let sheets = harness.client.approve_timesheets(LAKEFRONT, &approved).await.unwrap();
    assert_eq!(sheets[0].status, Some(TimesheetStatus::Approved));
    assert_eq!(statuses(&harness), [ApprovalStatus::Approved]);
    let entry = harness.sandbox.entries()[0].id;
    let changes = TimecardEntryChanges::new(LAKEFRONT, day("2026-03-02"));
    let error = harness.client.update_timecard_entry(entry, &changes).await.unwrap_err();
    assert_eq!((error.kind(), error.was_applied()), (ErrorKind::Rejected, Applied::No));
}

#[tokio::test]
async fn a10_each_entry_of_a_bulk_create_is_accounted_for() {
    let harness = harness();
    let entries = [
        hours("linx-1", BEN),
        hours("linx-2", PersonId::new(1)),
        hours("linx-3", ANA),
    ];
    let error = harness.client.create_sheet_entries(&entries).await.unwrap_err();
    // A refusal of many does not say of which (hazard A16).
    assert_eq!(
        (error.kind(), error.was_applied()),
        (ErrorKind::Rejected, Applied::Unknown)
    );
    assert!(harness.sandbox.entries().is_empty());
    harness
        .sandbox
        .with_state(|state| state.bulk_create_keeps_good_ones = true);
    let outcomes = ids(&harness.client.create_sheet_entries(&entries).await.unwrap());
    let stored: Vec<_> = harness.sandbox.entries().iter().map(|entry| entry.id).collect();
    assert_eq!(outcomes, [vec![stored[0]], vec![], vec![stored[1]]]);
}

#[tokio::test]
async fn a10_each_entry_of_a_bulk_update_is_accounted_for() {
    let harness = harness();
    let outcomes = harness
        .client
        .create_sheet_entries(&[hours("linx-1", BEN), hours("linx-2", ANA)])
        .await
        .unwrap();
    let both: Vec<_> = ids(&outcomes).concat();
    harness.sandbox.with_state(|state| {
        state.entries.get_mut(&both[1]).unwrap().status = ApprovalStatus::Completed;
    });
    let mut shorter = SharedChanges::default();
    shorter.hours = Change::Set("7.0".to_owned());
    let three = [both[0], TimecardEntryId::new(1), both[1]];
    let outcomes = harness.client.update_entries_alike(&three, &shorter).await.unwrap();
    // Neither the one that is gone nor the completed one.
    assert_eq!(ids(&outcomes), [vec![both[0]], vec![], vec![]]);
    let told: Vec<_> = harness
        .sandbox
        .entries()
        .into_iter()
        .filter_map(|entry| entry.hours)
        .collect();
    assert_eq!(told, ["7.0", "8.0"]);
}

#[tokio::test]
async fn a_completed_entry_is_corrected_after_its_status_is_lowered() {
    let harness = harness();
    let new = eight_hours(&harness.sandbox);
    let id = harness.client.create_timecard_entry(&new).await.unwrap().id;
    for step in [
        ApprovalStatus::Reviewed,
        ApprovalStatus::Approved,
        ApprovalStatus::Completed,
    ] {
        harness
            .client
            .update_entries_alike(&[id], &status(step.clone()))
            .await
            .unwrap();
        assert_eq!(statuses(&harness), [step]);
    }
    let mut changes = TimecardEntryChanges::new(LAKEFRONT, new.date);
    changes.hours = Change::Set("7.0".to_owned());
    harness.client.update_timecard_entry(id, &changes).await.unwrap_err();
    harness.client.delete_timecard_entry(id).await.unwrap_err();

    let lowered = status(ApprovalStatus::Pending);
    harness.client.update_entries_alike(&[id], &lowered).await.unwrap();
    let entry = harness.client.update_timecard_entry(id, &changes).await.unwrap();
    assert_eq!(entry.hours.as_deref(), Some("7.0"));
}

#[tokio::test]
async fn the_rounding_is_the_same_by_both_ways() {
    let harness = harness();
    let bare = harness.client.rounding_configuration().await.unwrap();
    assert_eq!((bare.rule, bare.time_increment), (None, None));
    harness
        .sandbox
        .with_state(|state| state.configuration.rounding = Some(("up".to_owned(), 5)));
    let rounding = harness.client.rounding_configuration().await.unwrap();
    assert_eq!(
        (rounding.rule.as_deref(), rounding.time_increment),
        (Some("up"), Some(5))
    );
    let settings = harness.client.company_configuration().await.unwrap();
    assert_eq!(settings.rounding_configuration, Some(rounding));
}
