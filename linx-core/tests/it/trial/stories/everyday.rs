//! Everyday flows that come to rest: deletions and corrections by office and clerk (hazards B7, D18, D25).

use procore_client::timecards::ApprovalStatus;

use linx_core::settings::OtherHands;

use super::super::moves::{Trace, copy_by_hand, delete, entry_of, give, office, shift, take};
use super::super::{in_time, synced};
use super::{TUESDAY, approve, comes_to_rest, facilities, recode, told};
use crate::harness::{Harness, day, two_weeks};
use crate::small_company::{all_hours, exported};

/// The office deletes an entry on a wrong code, and the clerk sets the code right in ExakTime.
#[tokio::test]
async fn b7_a_deleted_entry_whose_time_is_on_another_code_is_written_there() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let report = harness.try_export().await.unwrap();
    assert_eq!(told(&report), Vec::<String>::new());
    harness.next_day();
    recode(&harness);
    comes_to_rest(&harness, 108_00).await;
}

/// An approved entry is on a wrong code; the time is put right; the office follows the advice and deletes the entry.
#[tokio::test]
async fn b7_the_advice_to_delete_an_approved_entry_leads_out() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    recode(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    assert!(trace.held > 0);
    delete(&harness, id);
    comes_to_rest(&harness, 108_00).await;
}

/// The same, and the office sets it back to pending.
#[tokio::test]
async fn d18_the_advice_to_set_an_approved_entry_to_pending_leads_out() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    approve(&harness, id);
    recode(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
    office(&harness, id, |entry| entry.status = ApprovalStatus::Pending);
    comes_to_rest(&harness, 108_00).await;
}

/// Office and clerk both set the code right; then the office deletes its own, as it is advised.
#[tokio::test]
async fn b7_an_entry_that_both_recoded_comes_to_rest_when_it_is_deleted() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let code = harness.procore.with_state(|state| {
        let ada = state.entries.values().find(|entry| {
            entry.party.is_some_and(|party| party.get() % 1000 == 204) && entry.date == day("2026-03-05")
        });
        let ada = ada.unwrap();
        (ada.cost_code, ada.wbs_code)
    });
    let _ = code;
    // The afternoon's code: one line of eight hours in ExakTime, two entries in Procore.
    let other = entry_of(&harness, 202, TUESDAY, 1);
    let (cost_code, wbs_code) = harness
        .procore
        .with_state(|state| (state.entries[&other].cost_code, state.entries[&other].wbs_code));
    office(&harness, id, |entry| {
        (entry.cost_code, entry.wbs_code) = (cost_code, wbs_code);
    });
    let mut carpentry = None;
    in_time(&harness, "p-202", TUESDAY, 1, |record| {
        carpentry.clone_from(&record.cost_code);
    });
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = carpentry);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    delete(&harness, id);
    comes_to_rest(&harness, 108_00).await;
}

/// Office and clerk move the same entry to the same day; the office deletes its own, as it is advised.
#[tokio::test]
async fn b7_an_entry_that_both_moved_comes_to_rest_when_it_is_deleted() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    office(&harness, id, |entry| entry.date = day("2026-03-04"));
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    delete(&harness, id);
    comes_to_rest(&harness, 108_00).await;
}

/// What happens in a night.
type Step = Box<dyn Fn(&Harness)>;

/// A fortnight of ordinary corrections, night after night: each comes to rest by the second night.
#[tokio::test]
async fn d25_ordinary_corrections_come_to_rest() {
    let harness = exported().await;
    let code = facilities(&harness);
    let steps: Vec<(&str, Step)> = vec![
        (
            "longer",
            Box::new(|harness: &Harness| {
                in_time(harness, "p-201", "2026-03-02", 0, |record| {
                    record.regular_hours = "4.50".into();
                });
            }),
        ),
        (
            "shorter",
            Box::new(|harness: &Harness| {
                in_time(harness, "p-201", "2026-03-02", 0, |record| {
                    record.regular_hours = "4.00".into();
                });
            }),
        ),
        (
            "code",
            Box::new(move |harness: &Harness| {
                let code = code.clone();
                in_time(harness, "p-203", "2026-03-02", 0, |record| record.cost_code = code);
            }),
        ),
        (
            "day",
            Box::new(|harness: &Harness| {
                in_time(harness, "p-204", "2026-03-05", 0, |record| shift(record, "2026-03-04"));
            }),
        ),
        (
            "person",
            Box::new(|harness: &Harness| {
                in_time(harness, "p-204", "2026-03-10", 0, |record| {
                    record.person = "p-202".into();
                });
            }),
        ),
        (
            "code and person",
            Box::new(|harness: &Harness| {
                let code = facilities(harness);
                in_time(harness, "p-202", "2026-03-10", 0, |record| {
                    record.person = "p-203".into();
                    record.cost_code = code;
                });
            }),
        ),
        (
            "over the week",
            Box::new(|harness: &Harness| {
                in_time(harness, "p-202", "2026-03-09", 1, |record| shift(record, "2026-03-05"));
            }),
        ),
    ];
    for (what, step) in steps {
        step(&harness);
        let mut held = Vec::new();
        for _ in 0..3 {
            let report = harness.try_export().await.unwrap();
            held = told(&report);
            let due: i64 = crate::small_company::worked_now(&harness).values().sum();
            assert!(all_hours(&harness) <= due, "{what}: paid twice {held:#?}");
            if held.is_empty() {
                assert_eq!(all_hours(&harness), due, "{what}: in silence");
                break;
            }
            harness.next_day();
        }
        assert_eq!(held, Vec::<String>::new(), "{what}");
        harness.next_day();
    }
}

/// A day with a foreman's own entry, which was said to be right; the office deletes ours, and its time moves to the next day.
#[tokio::test]
async fn b7_time_of_a_deleted_entry_beside_a_foremans_own_is_written_where_it_went() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let code = harness.procore.with_state(|state| {
        let mut codes = state.entries.values().map(|entry| entry.cost_code);
        let mine = state.entries[&id].cost_code;
        codes.find(|code| *code != mine).unwrap()
    });
    copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.cost_code = code;
        entry.hours = Some("2.0".into());
    });
    harness.linx().set_beside("00202", day(TUESDAY), true).await.unwrap();
    let report = harness.try_export().await.unwrap();
    assert_eq!((told(&report), all_hours(&harness)), (vec![], 110_00));
    delete(&harness, id);
    harness.try_export().await.unwrap();
    harness.next_day();
    in_time(&harness, "p-202", TUESDAY, 0, |record| shift(record, "2026-03-04"));
    comes_to_rest(&harness, 110_00).await;
}

/// The office deletes an entry and the clerk its time; weeks later there is new time on that day.
#[tokio::test]
async fn b7_new_time_on_a_day_of_which_both_deleted_an_entry_is_written() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let mut new = take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 6).await;
    trace.judge(108_00 - 4_00);
    new.cost_code = facilities(&harness);
    new.id = "tr-late".into();
    give(&harness, new);
    comes_to_rest(&harness, 108_00).await;
}

/// Ordinary corrections by every endpoint, with shared timesheets or without.
#[tokio::test]
async fn d25_ordinary_corrections_come_to_rest_by_every_endpoint() {
    use linx_core::model::EntryEndpoint;
    use linx_core::settings::Timesheets;
    let mut tried = 0;
    for endpoint in EntryEndpoint::IN_ORDER {
        for timesheets in [Timesheets::Individual, Timesheets::Shared] {
            let mut harness = synced().await;
            harness.export.endpoint = endpoint;
            harness.export.timesheets = timesheets;
            harness.try_export().await.unwrap();
            if all_hours(&harness) != 108_00 {
                // The company is not enrolled for every endpoint.
                continue;
            }
            tried += 1;
            recode(&harness);
            in_time(&harness, "p-203", "2026-03-02", 0, |record| shift(record, "2026-03-04"));
            in_time(&harness, "p-204", "2026-03-05", 0, |record| {
                record.person = "p-202".into();
            });
            comes_to_rest(&harness, 108_00).await;
        }
    }
    assert!(tried > 2, "{tried}");
}

/// The office deletes an entry, the clerk corrects its time; the office types what is right by hand, as it is advised.
#[tokio::test]
async fn b7_an_entry_that_was_typed_anew_after_both_changed_it_comes_to_rest() {
    for rule in [OtherHands::Hold, OtherHands::AdoptEqual] {
        let mut harness = exported().await;
        harness.export.other_hands = rule;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        delete(&harness, id);
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.regular_hours = "3.00".into();
        });
        let mut trace = Trace::default();
        trace.nights(&harness, &two_weeks(), 2).await;
        copy_by_hand(&harness, id, |entry| {
            (entry.origin_id, entry.origin_data, entry.deleted_at) = (None, None, None);
            entry.hours = Some("3.0".into());
        });
        comes_to_rest(&harness, 107_00).await;
    }
}
