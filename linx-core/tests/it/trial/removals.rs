//! Time that is gone, and mass changes (hazards B5, B13, C18, D27).

use exaktime_client::sandbox::TimeRecord;
use linx_core::plan::Selection;

use super::{because, exported, in_time, one_line_of_ben, settles, stands};
use crate::harness::{Harness, day, two_weeks};
use crate::small_company::all_hours;

fn forget(harness: &Harness, gone: impl Fn(&TimeRecord) -> bool) -> Vec<TimeRecord> {
    harness
        .exaktime
        .with_state(|state| state.time_records.extract_if(.., |record| gone(record)).collect())
}

fn afternoon_of_ben(record: &TimeRecord) -> bool {
    // 11:30 in Chicago, in winter.
    record.person == "p-202" && record.work_date == day("2026-03-03") && record.start.to_string().contains("17:30")
}

#[tokio::test]
async fn b13_one_missing_record_of_a_day_deletes_nothing_until_another_refresh_lacks_it_too() {
    let harness = exported().await;
    assert_eq!(forget(&harness, afternoon_of_ben).len(), 1);
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        all_hours(&harness),
        108_00,
        "the morning merely stands: it proves nothing"
    );
    let held = because(&report.held, "awaits_refresh");
    assert_eq!(held.len(), 1, "{:?}", report.held);
    assert_eq!(held[0].subject.kind(), "line");
    // Another day of ours, and still the same refresh.
    harness.wait_days(1);
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    // The warehouse was filled anew, and does not have it either.
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (all_hours(&harness), report.held.len()),
        (104_00, 0),
        "{:?}",
        report.held
    );
}

#[tokio::test]
async fn b13_a_record_that_comes_back_is_no_removal() {
    let harness = exported().await;
    let gone = forget(&harness, afternoon_of_ben);
    harness.try_export().await.unwrap();
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    harness.next_day();
    settles(&harness).await;
}

#[tokio::test]
async fn d27_midnight_in_greenwich_is_not_the_next_refresh() {
    let harness = exported().await;
    // A quarter to seven in the evening in Chicago.
    harness.wait_seconds((11 * 60 + 45) * 60);
    forget(&harness, |record| {
        record.person == "p-202" && record.work_date == day("2026-03-03")
    });
    harness.judged_export().await.unwrap();
    for _ in 0..3 {
        harness.wait_seconds(20 * 60);
        let report = harness.judged_export().await.unwrap();
        assert_eq!(all_hours(&harness), 108_00);
        assert!(!report.held.is_empty());
    }
}

#[tokio::test]
async fn b5_b13_two_empty_nights_delete_nobodys_hours() {
    // Of two people, of most days, and of everything.
    for what in 0..3 {
        let harness = exported().await;
        forget(&harness, |record| match what {
            0 => record.person == "p-202" || record.person == "p-203",
            1 => record.work_date >= day("2026-03-03"),
            _ => true,
        });
        for _ in 0..4 {
            let report = harness.judged_export().await;
            assert_eq!(all_hours(&harness), 108_00, "{what}");
            let report = report.unwrap();
            assert!(!report.held.is_empty() || !report.refused.is_empty(), "{what}: exit 0");
            harness.next_day();
        }
    }
}

#[tokio::test]
async fn b5_less_than_half_of_a_small_selection_needs_consent() {
    let harness = exported().await;
    // Eight lines of two days were sent; the days are asked for again and are almost empty.
    forget(&harness, |record| {
        record.work_date == day("2026-03-09") || record.work_date == day("2026-03-11")
    });
    let days = Selection::days(day("2026-03-09"), day("2026-03-11"));
    for night in 0..3 {
        let report = harness.try_export_of(&days).await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "{night}");
        assert!(!report.held.is_empty());
        harness.next_day();
    }
    let report = harness.try_export_of(&days).await.unwrap();
    assert!(!report.refused.is_empty(), "exit 4");
    let consent = Selection {
        allow_mass_change: true,
        ..days
    };
    let report = harness.try_export_of(&consent).await.unwrap();
    assert_eq!(all_hours(&harness), 108_00 - 8_00 - 8_00 - 10_00, "{:?}", report.held);
}

#[tokio::test]
async fn b5_hours_that_are_all_halved_need_consent() {
    let harness = exported().await;
    harness.exaktime.with_state(|state| {
        for record in &mut state.time_records {
            record.regular_hours = "2.00".into();
        }
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    assert!(!report.refused.is_empty(), "exit 4");
    assert!(because(&report.held, "guard_refused").len() >= 26, "{:?}", report.held);
    let consent = Selection {
        allow_mass_change: true,
        ..two_weeks()
    };
    harness.try_export_of(&consent).await.unwrap();
    assert_eq!(all_hours(&harness), 56_00);
}

#[tokio::test]
async fn b5_half_deleted_and_half_lowered_are_counted_together() {
    let harness = exported().await;
    let mut number = 0;
    harness.exaktime.with_state(|state| {
        state.time_records.retain_mut(|record| {
            number += 1;
            record.regular_hours = "3.50".into();
            number % 3 != 0
        });
    });
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "{:?}", report.changes);
        harness.next_day();
    }
}

/// Procore's code for concrete gets another text.
pub(super) fn rename_code(harness: &Harness) {
    harness.procore.with_state(|state| {
        let code = state
            .company_codes
            .values_mut()
            .find(|code| code.name == "Cast-in-Place Concrete");
        code.unwrap().code = "310".into();
    });
}

#[tokio::test]
async fn c18_a_code_that_was_renamed_changes_no_line() {
    let harness = exported().await;
    rename_code(&harness);
    harness.apply_sync().await;
    for _ in 0..2 {
        let report = harness.judged_export().await.unwrap();
        assert_eq!((report.changes.len(), report.held.len()), (0, 0), "{:?}", report.held);
        assert!(report.refused.is_empty(), "{:?}", report.refused);
        assert_eq!((report.summary.unchanged, all_hours(&harness)), (28, 108_00));
        harness.next_day();
    }
}

#[tokio::test]
async fn c18_a_renamed_code_takes_later_corrections() {
    let harness = exported().await;
    rename_code(&harness);
    harness.apply_sync().await;
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
    // And forgets nothing on the way.
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "4.00".into();
    });
    harness.try_export().await.unwrap();
    settles(&harness).await;
}

/// Ben's Tuesday is one line of eight hours, of two records; the afternoon is missing for a night.
#[tokio::test]
async fn b13_a_line_of_which_one_record_is_missing_for_a_night_is_not_lowered() {
    let harness = one_line_of_ben().await;
    let gone = forget(&harness, afternoon_of_ben);
    assert_eq!(gone.len(), 1);
    let report = harness.try_export().await.unwrap();
    let held = because(&report.held, "awaits_refresh");
    assert_eq!((all_hours(&harness), held.len()), (108_00, 1), "{:?}", report.held);
    assert!(held[0].hours.is_some(), "what was read of it is held");
    assert_eq!(report.account.check(), Ok(()));
    harness.exaktime.with_state(|state| state.time_records.extend(gone));
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!((all_hours(&harness), report.held), (108_00, vec![]));
    assert_eq!(harness.try_export().await.unwrap().changes.len(), 0);
}

#[tokio::test]
async fn b13_a_line_of_which_two_refreshes_lack_a_record_is_lowered() {
    let harness = one_line_of_ben().await;
    forget(&harness, afternoon_of_ben);
    for _ in 0..2 {
        harness.try_export().await.unwrap();
        assert_eq!(
            all_hours(&harness),
            108_00,
            "one refresh proves nothing, however often it is read"
        );
    }
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!((all_hours(&harness), report.held), (104_00, vec![]));
}

/// Both records stand, one with fewer hours: somebody corrected it. So it is when other time of that day is more.
#[tokio::test]
async fn b13_a_line_that_was_corrected_is_lowered_at_once() {
    let harness = one_line_of_ben().await;
    in_time(&harness, "p-202", "2026-03-03", 1, |record| {
        record.regular_hours = "3.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!((all_hours(&harness), report.held), (107_00, vec![]));

    let harness = one_line_of_ben().await;
    in_time(&harness, "p-202", "2026-03-03", 1, |record| record.cost_code = None);
    let mut other = None;
    in_time(&harness, "p-202", "2026-03-02", 1, |record| {
        other.clone_from(&record.cost_code);
    });
    in_time(&harness, "p-202", "2026-03-03", 1, |record| record.cost_code = other);
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (all_hours(&harness), report.held),
        (108_00, vec![]),
        "its time went to another code"
    );
    assert_eq!(harness.procore.entries().len(), 28);
}

/// A record is not read for a night in which somebody adds an hour to another line of that day: the hour says nothing of it.
#[tokio::test]
async fn b13_an_hour_that_is_new_takes_no_line_of_four_along() {
    let harness = exported().await;
    let record = harness.exaktime.with_state(|state| {
        let of_morning = |record: &TimeRecord| record.person == "p-202" && record.work_date == day("2026-03-03");
        let at = state.time_records.iter().position(of_morning).unwrap();
        state.time_records.remove(at)
    });
    in_time(&harness, "p-202", "2026-03-03", 0, |record| {
        record.regular_hours = "5.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert!(stands(&harness, "00202", "2026-03-03") >= 8_00, "{:?}", report.changes);
    assert!(!because(&report.held, "awaits_refresh").is_empty(), "{:?}", report.held);
    harness.exaktime.with_state(|state| state.time_records.push(record));
    harness.next_day();
    let report = harness.try_export().await.unwrap();
    assert_eq!(
        (report.held.len(), all_hours(&harness)),
        (0, 109_00),
        "{:?}",
        report.held
    );
}

/// Ben's afternoon is missing for a night, is back and cannot be booked the next, and is missing again: the second time is the first
/// again, whether the afternoon is a line of its own or the half of one.
#[tokio::test]
async fn b13_time_that_was_held_between_two_nights_is_missed_anew() {
    for is_half in [false, true] {
        for is_nobodys in [false, true] {
            let harness = if is_half {
                one_line_of_ben().await
            } else {
                exported().await
            };
            let gone = forget(&harness, afternoon_of_ben);
            let report = harness.try_export().await.unwrap();
            assert_eq!(because(&report.held, "awaits_refresh").len(), 1);
            harness.next_day();
            let mut back = gone.clone();
            if is_nobodys {
                let ben = harness.link_to("p-202").await.unwrap();
                harness.linx().unlink(&[ben.office]).await.unwrap();
            } else {
                back[0].cost_code = Some("of nobody".into());
            }
            harness.exaktime.with_state(|state| state.time_records.extend(back));
            let report = harness.try_export().await.unwrap();
            assert!(!report.held.is_empty());
            harness.next_day();
            forget(&harness, afternoon_of_ben);
            harness.apply_sync().await;
            let report = harness.try_export().await.unwrap();
            let case = format!("half {is_half}, nobody's {is_nobodys}: {:?}", report.held);
            assert_eq!(all_hours(&harness), 108_00, "{case}");
            assert_eq!(because(&report.held, "awaits_refresh").len(), 1, "{case}");
            harness.next_day();
            let report = harness.try_export().await.unwrap();
            assert_eq!((all_hours(&harness), report.held), (104_00, vec![]), "{case}");
        }
    }
}
