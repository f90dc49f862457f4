//! What a company sets otherwise from one run to the next (hazards D3, D7, D26).

use super::exported;
use super::in_procore;
use super::in_time;
use super::set_due;
use super::synced;
use crate::harness::day;
use crate::small_company::all_hours;
use crate::small_company::judge_by;
use crate::small_company::judge_days;
use crate::small_company::judge_our_hand;
use crate::small_company::worked;
use linx_core::plan::Selection;
use linx_core::settings::OtherHands;
use linx_core::settings::WeekStart;
use procore_client::sandbox::Entry;
use std::collections::BTreeSet;

#[tokio::test]
async fn d7_a_week_that_begins_on_another_day_from_now_on_changes_no_line() {
    let mut harness = exported().await;
    let mut due = worked();
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    set_due(&mut due, "00201", "2026-03-02", 7_00);
    let second = Selection::days(day("2026-03-09"), day("2026-03-15"));
    let result = harness.try_export_of(&second).await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
    harness.export.week_start = WeekStart::Sunday;
    let result = harness.try_export_of(&second).await;
    judge_days(&due, &BTreeSet::new(), &harness, &result);
    let result = harness.try_export().await;
    judge_by(&due, &harness, &result);
    assert_eq!(all_hours(&harness), 107_00);
    let report = harness.try_export_of(&second).await.unwrap();
    assert_eq!(report.held, [], "the week is as it was sent");
}

#[tokio::test]
async fn d26_a_company_that_changes_its_mind_about_other_hands_pays_nobody_twice_in_silence() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    let foreign = {
        let twin = exported().await;
        twin.procore.entries().into_iter().next().unwrap()
    };
    let id = procore_client::TimecardEntryId::new(crate::small_company::OTHER_HANDS);
    harness.procore.with_state(|state| {
        let entry = Entry {
            id,
            origin_id: None,
            origin_data: None,
            ..foreign
        };
        state.entries.insert(id, entry);
    });
    let rules = [
        OtherHands::AdoptEqual,
        OtherHands::Hold,
        OtherHands::Beside,
        OtherHands::AdoptEqual,
        OtherHands::Hold,
    ];
    for rule in rules {
        harness.export.other_hands = rule;
        let result = harness.try_export().await;
        judge_by(&worked(), &harness, &result);
        assert_eq!(all_hours(&harness), 108_00, "{rule:?}");
        harness.next_day();
    }
    // The foreman takes his entry back, and enters it anew.
    harness.procore.with_state(|state| {
        let mut again = state.entries.remove(&id).unwrap();
        again.id = procore_client::TimecardEntryId::new(id.get() + 1);
        state.entries.insert(again.id, again);
    });
    for rule in rules {
        harness.export.other_hands = rule;
        let result = harness.try_export().await;

        judge_by(&worked(), &harness, &result);
        assert_eq!(all_hours(&harness), 108_00, "{rule:?}");
        harness.next_day();
    }
}

/// A project moves to another zone; one of its entries is approved.
#[tokio::test]
async fn d3_a_project_on_start_and_stop_that_moves_to_another_zone_pays_nobody_twice() {
    let harness = synced().await;
    harness.procore.with_state(|state| {
        let projects: Vec<_> = state.projects.keys().copied().collect();
        state.configuration.start_stop_projects = projects;
    });
    let result = harness.try_export().await;
    judge_by(&worked(), &harness, &result);
    in_procore(&harness, 201, "2026-03-02", |entry| {
        entry.status = procore_client::timecards::ApprovalStatus::Approved;
    });
    harness.procore.with_state(|state| {
        for project in state.projects.values_mut() {
            project.time_zone = "Mountain Time (US & Canada)".into();
        }
    });
    for _ in 0..3 {
        let _ = harness.try_export().await;
        judge_our_hand(108_00, &harness);
        harness.next_day();
    }
}
