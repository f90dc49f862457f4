//! The same time by two hands, or twice by ours (hazards B12, B15, D26).

use std::sync::Arc;

use http::Method;
use linx_core::ledger::MemoryLedger;
use linx_core::settings::OtherHands;
use linx_http::sandbox::Fault;
use procore_client::TimecardEntryId;
use procore_client::sandbox::Entry;

use super::removals::rename_code;
use super::{
    ENTRIES, because, codes, enter_by_another_hand, exported, in_procore, in_time, settles, synced,
    with_and_without_ids_of_ours,
};
use crate::harness::{day, once};
use crate::small_company::{OTHER_HANDS, all_hours, by_our_hand, judge_by, standing, worked};

/// What the fortnight comes to in Procore, as somebody may have entered it.
async fn fortnight() -> Vec<Entry> {
    by_our_hand(&exported().await)
}

#[tokio::test]
async fn b15_a_copy_of_our_entry_is_told_with_both_and_nothing_is_deleted() {
    let harness = exported().await;
    let copied = by_our_hand(&harness)[0].clone();
    let id = TimecardEntryId::new(OTHER_HANDS);
    harness
        .procore
        .with_state(|state| state.entries.insert(id, Entry { id, ..copied.clone() }));
    for _ in 0..2 {
        let report = harness.judged_export().await.unwrap();
        let held = because(&report.held, "stands_twice");
        assert_eq!(held.len(), 1, "{:?}", report.held);
        for id in [copied.id, id] {
            assert!(held[0].detail.contains(&id.to_string()), "{}", held[0].detail);
        }
        assert_eq!(
            report.hours.stored.hundredths(),
            104_00,
            "the line's hours are not called stored"
        );
        assert_eq!(report.hours.held.hundredths(), 4_00);
        assert_eq!(all_hours(&harness), 112_00, "a person's entry is a person's");
        harness.wait_days(1);
    }
    // Somebody takes the copy away, and nothing is left to look at.
    harness.procore.with_state(|state| state.entries.remove(&id));
    assert_eq!(harness.judged_export().await.unwrap().held, []);
}

#[tokio::test]
async fn b15_while_a_key_stands_twice_nothing_else_is_written_for_it() {
    let harness = exported().await;
    let copied = by_our_hand(&harness)[0].clone();
    let id = TimecardEntryId::new(OTHER_HANDS);
    harness
        .procore
        .with_state(|state| state.entries.insert(id, Entry { id, ..copied.clone() }));
    in_time(&harness, "p-201", "2026-03-02", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    in_time(&harness, "p-201", "2026-03-02", 1, |record| {
        record.regular_hours = "3.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!(because(&report.held, "stands_twice").len(), 1, "{:?}", report.held);
    let touched = report
        .changes
        .iter()
        .filter(|line| line.change.entry.is_some_and(|entry| entry.0 == copied.id.get()));
    assert_eq!(touched.count(), 0);
}

#[tokio::test]
async fn d26_a_fortnight_that_another_program_entered_is_not_written_beside_it() {
    let harness = synced().await;
    enter_by_another_hand(&harness, fortnight().await);
    let report = harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    assert_eq!(report.written(), 0);
    assert_eq!(
        because(&report.held, "entered_by_another").len(),
        28,
        "{:?}",
        report.held
    );
    for held in &report.held {
        assert!(
            held.detail.contains("9500000") || held.detail.contains("9500001") || held.detail.contains("9500002"),
            "{}",
            held.detail
        );
    }
    assert_eq!(report.hours.held.hundredths(), 108_00);
}

#[tokio::test]
async fn d26_a_line_that_a_foreman_typed_in_is_held_and_the_rest_goes_on() {
    let harness = synced().await;
    let typed = fortnight().await[7].clone();
    enter_by_another_hand(&harness, [typed.clone()]);
    let report = harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    assert_eq!(report.written(), 27);
    let held = because(&report.held, "entered_by_another");
    assert_eq!(held.len(), 1, "{:?}", report.held);
    assert!(
        held[0].detail.contains(&OTHER_HANDS.to_string()) && held[0].detail.contains("4.00"),
        "{}",
        held[0].detail
    );
}

#[tokio::test]
async fn d26_hours_on_other_codes_of_the_day_count_as_well() {
    let harness = synced().await;
    // Eight hours of Ben's Tuesday stand on one code of another project, by a foreman's hand.
    let of_tuesday = |entry: &Entry| entry.party.unwrap().get() % 1000 == 202 && entry.date.to_string() == "2026-03-03";
    let mut typed = fortnight().await.into_iter().find(of_tuesday).unwrap();
    let elsewhere = fortnight()
        .await
        .into_iter()
        .find(|entry| entry.project != typed.project)
        .unwrap();
    (typed.project, typed.sub_job, typed.cost_code) = (elsewhere.project, elsewhere.sub_job, elsewhere.cost_code);
    typed.hours = Some("8.0".into());
    enter_by_another_hand(&harness, [typed]);
    let report = harness.judged_export().await.unwrap();
    let tuesday = ("00202".to_owned(), "2026-03-03".parse().unwrap());
    assert_eq!(standing(&harness)[&tuesday], 8_00, "{:?}", report.held);
    assert_eq!(because(&report.held, "entered_by_another").len(), 2);
}

#[tokio::test]
async fn d26_leave_by_another_hand_is_no_work() {
    let harness = synced().await;
    let mut leave = fortnight().await[7].clone();
    leave.time_type = Some(procore_client::TimeTypeId::new(9188));
    enter_by_another_hand(&harness, [leave]);
    let report = harness.judged_export().await.unwrap();
    assert_eq!((report.written(), report.held.len()), (28, 0), "{:?}", report.held);
}

#[tokio::test]
async fn d26_a_line_is_not_raised_beside_anothers_hours() {
    let harness = exported().await;
    // The foreman adds the two hours by hand that the office later corrects in ExakTime too.
    let mut typed = by_our_hand(&harness)
        .into_iter()
        .find(|entry| entry.party.unwrap().get() % 1000 == 202)
        .unwrap();
    typed.hours = Some("2.0".into());
    let (date, code) = (typed.date.to_string(), typed.cost_code);
    enter_by_another_hand(&harness, [typed]);
    assert!(code.is_some());
    in_time(&harness, "p-202", &date, 0, |record| {
        record.regular_hours = "6.00".into();
    });
    let mut now = worked();
    *now.get_mut(&("00202".to_owned(), date.parse().unwrap())).unwrap() += 2_00;
    let result = harness.try_export().await;
    judge_by(&now, &harness, &result);
    assert_eq!(all_hours(&harness), 110_00, "{:?}", result.unwrap().held);
}

#[tokio::test]
async fn b12_d26_a_lost_ledger_where_the_marks_were_dropped_pays_nobody_twice() {
    let mut harness = exported().await;
    harness.procore.with_state(|state| {
        for entry in state.entries.values_mut() {
            (entry.origin_id, entry.origin_data) = (None, None);
        }
    });
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    assert_eq!(codes(&report.held), ["entered_by_another"].into());
}

#[tokio::test]
async fn b12_a_lost_ledger_is_built_again_from_the_marks() {
    let mut harness = exported().await;
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    let report = harness.judged_export().await.unwrap();
    assert_eq!((report.written(), report.held.len()), (0, 0), "{:?}", report.held);
}

#[tokio::test]
async fn b14_what_a_second_ledger_wrote_is_not_written_again() {
    let mut harness = exported().await;
    // A copy of the ledger from before the export, on another machine.
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    in_procore(&harness, 201, "2026-03-02", |entry| entry.hours = Some("5.0".into()));
    let report = harness.try_export().await.unwrap();
    assert_eq!(report.written(), 0, "{:?}", report.changes);
    assert_eq!(all_hours(&harness), 110_00, "the office's hours stand");
}

#[tokio::test]
async fn d26_hours_that_another_hand_adds_to_ours_are_told() {
    let harness = exported().await;
    let typed = by_our_hand(&harness)[7].clone();
    enter_by_another_hand(&harness, [typed]);
    // Nothing is to be written, and four hours stand twice.
    let report = harness.judged_export().await.unwrap();
    assert_eq!((report.written(), all_hours(&harness)), (0, 112_00));
}

#[tokio::test]
async fn d26_what_is_equal_is_adopted_where_the_company_chose_so() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    enter_by_another_hand(&harness, fortnight().await);
    let report = harness.judged_export().await.unwrap();
    assert_eq!(
        (report.written(), report.held.len(), all_hours(&harness)),
        (0, 0, 108_00),
        "{:?}",
        report.held
    );
    // A later correction goes into the adopted entry.
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "3.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.written(), all_hours(&harness)),
        (1, 107_00),
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn d26_what_is_not_equal_is_not_adopted() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    let mut typed = fortnight().await;
    for entry in &mut typed {
        entry.hours = Some("3.5".into());
    }
    enter_by_another_hand(&harness, typed);
    let report = harness.judged_export().await.unwrap();
    assert_eq!(
        (report.written(), all_hours(&harness)),
        (0, 28 * 3_50),
        "{:?}",
        report.held
    );
    assert_eq!(because(&report.held, "entered_by_another").len(), 28);
}

#[tokio::test]
async fn d26_two_equal_entries_of_another_hand_leave_no_hour_twice() {
    let mut harness = synced().await;
    harness.export.other_hands = OtherHands::AdoptEqual;
    let typed = fortnight().await[7].clone();
    enter_by_another_hand(&harness, [typed.clone(), typed]);
    // Eight hours by another hand are the whole day, whichever of the two is taken for ours.
    let report = harness.judged_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00, "{:?}", report.held);
    assert!(!because(&report.held, "entered_by_another").is_empty());
}

/// A line was sent twice, since the first request never arrived. Hours later somebody copies its entry to correct it.
#[tokio::test]
async fn b15_a_copy_made_hours_after_a_line_was_sent_twice_stays() {
    let [_, harness] = with_and_without_ids_of_ours().await;
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 1, Fault::CutBefore));
    harness.judged_export().await.unwrap();
    let entries = by_our_hand(&harness);
    let sent_twice = entries.last().unwrap();
    harness.wait_seconds(3 * 60 * 60);
    let now = linx_http::Clock::now(&*harness.our_clock);
    let copy = harness.copy_entry(sent_twice.id, |entry| (entry.created_at, entry.updated_at) = (now, now));
    for _ in 0..2 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(codes(&report.held), ["stands_twice"].into());
        assert!(report.held[0].detail.contains(&copy.to_string()), "{:?}", report.held);
        assert_eq!((report.written(), all_hours(&harness)), (0, 112_00));
        harness.next_day();
    }
}

/// What becomes of a line before its double is there, when its code is called otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Since {
    Nothing,
    AnotherExport,
    Corrected,
}

#[tokio::test]
async fn b15_c18_a_double_is_told_although_its_code_is_called_otherwise_since() {
    for since in [Since::Nothing, Since::AnotherExport, Since::Corrected] {
        let harness = exported().await;
        let bens = |entry: &Entry| entry.party.unwrap().get() % 1000 == 202 && entry.date == day("2026-03-03");
        let sent = by_our_hand(&harness).into_iter().find(bens).unwrap();
        rename_code(&harness);
        harness.apply_sync().await;
        if since == Since::Corrected {
            in_time(&harness, "p-202", "2026-03-03", 0, |record| {
                record.regular_hours = "3.00".into();
            });
        }
        if since != Since::Nothing {
            assert_eq!(harness.try_export().await.unwrap().held, []);
        }
        let stood = all_hours(&harness);
        let id = TimecardEntryId::new(OTHER_HANDS);
        let copy = Entry { id, ..sent.clone() };
        harness.procore.with_state(|state| state.entries.insert(id, copy));
        for _ in 0..3 {
            let report = harness.try_export().await.unwrap();
            assert_eq!(
                codes(&report.held),
                ["stands_twice"].into(),
                "{since:?}: {:?}",
                report.held
            );
            assert_eq!(report.held.len(), 1, "{since:?}: {:?}", report.held);
            for id in [sent.id, id] {
                assert!(report.held[0].detail.contains(&id.to_string()), "{:?}", report.held);
            }
            assert_eq!(
                (report.written(), all_hours(&harness)),
                (0, stood + 4_00),
                "{since:?}: a person's entry is a person's"
            );
            harness.next_day();
        }
        harness.procore.with_state(|state| state.entries.remove(&id));
        assert_eq!(harness.try_export().await.unwrap().held, [], "{since:?}");
    }
}

/// A request that was given up arrives when its code is called otherwise: the journal has both, and the younger goes.
#[tokio::test]
async fn b15_c18_the_younger_of_two_of_ours_goes_although_its_code_is_called_otherwise_since() {
    for exported_between in [false, true] {
        let [_, harness] = with_and_without_ids_of_ours().await;
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 0, Fault::CutBefore));
        harness.judged_export().await.unwrap();
        let sent_twice = by_our_hand(&harness).last().unwrap().id;
        rename_code(&harness);
        harness.apply_sync().await;
        if exported_between {
            harness.judged_export().await.unwrap();
        }
        // The first request was stored all the same, and shows itself only now.
        harness.copy_entry(sent_twice, |_| ());
        assert_eq!(all_hours(&harness), 112_00);
        let report = harness.judged_export().await.unwrap();
        assert_eq!(
            (report.summary.delete, all_hours(&harness)),
            (1, 108_00),
            "{:?}",
            report.held
        );
        settles(&harness).await;
    }
}
