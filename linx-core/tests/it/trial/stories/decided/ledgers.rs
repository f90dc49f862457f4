//! Ledgers, clocks and words that are older than what they are about.

use std::sync::Arc;

use chrono::TimeDelta;
use http::Method;
use linx_core::ledger::Gone;
use linx_http::sandbox::{Arrival, Fault};

use crate::harness::{day, once, two_weeks};
use crate::small_company::{all_hours, exported};
use crate::trial::moves::{Trace, add_like, delete, entry_of, give, office, second_week, shift, take};
use crate::trial::stories::{TUESDAY, comes_to_rest, facilities, told};
use crate::trial::{ENTRIES, codes, in_time};

use super::*;

/// Linx raised an entry, the office set it back to what it was, and the ledger of before is put back.
#[tokio::test]
async fn b12_what_the_office_set_back_is_not_raised_again_by_yesterdays_ledger() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "5.00".into();
    });
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 109_00);
    harness.next_day();
    office(&harness, id, |entry| entry.hours = Some("4.0".into()));
    harness.ledger = yesterday;
    for _ in 0..3 {
        let report = harness.try_export().await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "overwritten: {:#?}", told(&report));
        harness.next_day();
    }
}

/// The office moved an entry far away, the clerk its time to another day; for a night the list of deleted entries comes without its count.
#[tokio::test]
async fn a3_a_list_of_deleted_entries_that_came_in_part_for_a_night_proves_nothing() {
    far_away_and_no_list_of_deleted(Fault::Stripped(
        ["link", "total"].map(|name| name.parse().unwrap()).to_vec(),
    ))
    .await;
}

/// The same, where it is refused for a night.
#[tokio::test]
async fn a3_a_list_of_deleted_entries_that_was_refused_for_a_night_proves_nothing() {
    let answer = http::Response::builder()
        .status(400)
        .body("{\"errors\":\"bad\"}".into())
        .unwrap();
    far_away_and_no_list_of_deleted(Fault::Instead(answer)).await;
}

/// A new entry got no answer and was stored; the office deletes it before anybody looks. Our clock is ahead.
#[tokio::test]
async fn d27_a_new_entry_that_the_office_deleted_at_once_with_a_clock_that_is_ahead() {
    for ahead in [0, 4, 20, 180, -20, -180] {
        let harness = exported().await;
        harness.our_clock.set_ahead(TimeDelta::minutes(ahead));
        add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
        let procore = Arc::clone(&harness.procore);
        let deed = linx_http::sandbox::Deed::new(move || {
            procore.with_state(|state| {
                let newest = state.entries.values_mut().next_back().unwrap();
                newest.deleted_at = Some(newest.created_at);
            });
        });
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 0, Fault::CutAfterThen(deed)));
        for _ in 0..3 {
            let report = harness.try_export().await.unwrap();
            assert_eq!(all_hours(&harness), 108_00, "{ahead}: put back {:#?}", told(&report));
            harness.next_day();
        }
    }
}

/// The same where nobody waits, and the next runs are of another week.
#[tokio::test]
async fn d27_a_new_entry_that_the_office_deleted_at_once_is_not_sent_again_after_runs_of_another_week() {
    let mut harness = exported().await;
    harness.settle.wait = false;
    add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
    let procore = Arc::clone(&harness.procore);
    let deed = linx_http::sandbox::Deed::new(move || {
        procore.with_state(|state| {
            let newest = state.entries.values_mut().next_back().unwrap();
            newest.deleted_at = Some(newest.created_at);
        });
    });
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutAfterThen(deed)));
    harness.try_export().await.unwrap();
    for week in [second_week(), second_week(), second_week(), two_weeks(), two_weeks()] {
        harness.next_day();
        let report = harness.try_export_of(&week).await.unwrap();
        assert_eq!(all_hours(&harness), 108_00, "put back {:#?}", told(&report));
    }
}

/// The same with a clock that is set right before anybody looks.
#[tokio::test]
async fn d27_a_new_entry_that_the_office_deleted_before_a_clock_that_was_ahead_is_set_right() {
    for hours in [5, 20, -5] {
        let harness = exported().await;
        harness.our_clock.set_ahead(TimeDelta::hours(hours));
        add_like(&harness, "p-202", "2026-03-02", 0, |record| shift(record, WEDNESDAY));
        let (procore, clock) = (Arc::clone(&harness.procore), harness.our_clock.clone());
        let deed = linx_http::sandbox::Deed::new(move || {
            clock.set_ahead(TimeDelta::zero());
            procore.with_state(|state| {
                let newest = state.entries.values_mut().next_back().unwrap();
                newest.deleted_at = Some(newest.created_at);
            });
        });
        harness
            .procore_faults
            .order(once(Method::POST, ENTRIES, 0, Fault::CutAfterThen(deed)));
        for _ in 0..3 {
            let report = harness.try_export().await.unwrap();
            assert_eq!(all_hours(&harness), 108_00, "{hours}: put back {:#?}", told(&report));
            harness.next_day();
        }
    }
}

/// Linx deleted an entry, since its time went to another code; the ledger is lost, and a person consents; the time goes back.
#[tokio::test]
async fn b12_time_that_goes_back_to_an_entry_that_the_lost_ledger_deleted() {
    let mut harness = exported().await;
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    harness.try_export().await.unwrap();
    harness.next_day();
    assert_eq!(all_hours(&harness), 108_00);
    lose_the_ledger(&mut harness).await;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    trace.run(&harness, &crate::trial::stories::consent(), "consent").await;
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// Linx deleted an entry, since its time went into another one; the ledger is lost; the time goes back, and the other's is taken out. A
/// person consents while the other entry still waits for a refresh.
#[tokio::test]
async fn b12_consent_to_a_line_that_is_held_that_night_counts_for_the_next() {
    let mut harness = exported().await;
    let mut codes = [const { None }; 2];
    for (half, code) in codes.iter_mut().enumerate() {
        in_time(&harness, "p-202", TUESDAY, half, |record| {
            code.clone_from(&record.cost_code);
        });
    }
    let [morning, afternoon] = codes;
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = afternoon);
    harness.try_export().await.unwrap();
    assert_eq!((all_hours(&harness), harness.procore.entries().len()), (108_00, 27));
    lose_the_ledger(&mut harness).await;
    take(&harness, "p-202", TUESDAY, 1);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = morning);
    harness.next_day();
    let mut trace = Trace::default();
    // What stood stands until another refresh lacks its time.
    trace.run(&harness, &crate::trial::stories::consent(), "consent").await;
    harness.next_day();
    assert_eq!((all_hours(&harness), trace.held > 0), (108_00, true));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(104_00);
    assert_eq!(all_hours(&harness), 104_00, "it comes to rest");
}

/// Linx deleted an entry, since its time went to another code; the ledger is lost. Two hours more are worked that day, and a person consents
/// while those are held, since they may be what was deleted; later the time goes back.
#[tokio::test]
async fn b12_consent_to_a_deleted_line_outlasts_what_is_held_beside_it() {
    let mut harness = exported().await;
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    harness.try_export().await.unwrap();
    harness.next_day();
    lose_the_ledger(&mut harness).await;
    add_like(&harness, "p-202", TUESDAY, 1, |record| {
        (record.start, record.stop) = (
            record.start + TimeDelta::hours(5),
            record.stop.map(|stop| stop + TimeDelta::hours(3)),
        );
        record.regular_hours = "2.00".into();
    });
    let report = harness.try_export_of(&crate::trial::stories::consent()).await.unwrap();
    assert_eq!(codes(&report.held), ["beside_kept"].into(), "{:#?}", told(&report));
    assert_eq!(gone(&harness).await, [Gone::Agreed]);
    for _ in 0..2 {
        harness.next_day();
        let report = harness.try_export().await.unwrap();
        assert_eq!(told(&report), [""; 0], "told again");
        assert_eq!(
            (all_hours(&harness), gone(&harness).await),
            (110_00, vec![Gone::Agreed])
        );
    }
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(110_00);
    comes_to_rest(&harness, 110_00).await;
}

/// The office deleted an entry, and the clerk took its time out. In the night in which both would agree, other time of that day is new, and
/// held, since it may be that: the entry stays the office's deletion, and the time does not come again.
#[tokio::test]
async fn d19_nobody_agrees_that_an_entry_is_gone_while_time_of_its_day_is_held_for_it() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    delete(&harness, id);
    let record = take(&harness, "p-202", TUESDAY, 0);
    harness.try_export().await.unwrap();
    harness.next_day();
    add_like(&harness, "p-202", TUESDAY, 0, |record| {
        (record.start, record.stop) = (
            record.start + TimeDelta::hours(5),
            record.stop.map(|stop| stop + TimeDelta::hours(3)),
        );
        record.regular_hours = "2.00".into();
    });
    let report = harness.try_export().await.unwrap();
    assert_eq!(codes(&report.held), ["beside_kept"].into(), "{:#?}", told(&report));
    assert_eq!(gone(&harness).await, [Gone::Deleted]);
    harness.next_day();
    give(&harness, record);
    for _ in 0..4 {
        let report = harness.try_export().await.unwrap();
        assert!(all_hours(&harness) <= 106_00, "put back {:#?}", told(&report));
        harness.next_day();
    }
}

/// How the lines of Tuesday are gone that are.
async fn gone(harness: &Harness) -> Vec<Gone> {
    let tuesday = day(TUESDAY);
    let lines = harness.ledger.lines(tuesday, tuesday).await.unwrap();
    lines.into_iter().filter_map(|line| line.notes.gone).collect()
}

/// Linx deleted an entry, since its time went on to another code; the ledger is lost; the office puts the entry back, and somebody
/// consents.
#[tokio::test]
async fn b7_b12_consent_does_not_make_ours_what_the_office_put_back() {
    let mut harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    let code = facilities(&harness);
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
    harness.try_export().await.unwrap();
    harness.next_day();
    lose_the_ledger(&mut harness).await;
    harness.try_export().await.unwrap();
    office(&harness, id, |entry| entry.deleted_at = None);
    harness.next_day();
    for _ in 0..4 {
        let report = harness.try_export_of(&crate::trial::stories::consent()).await.unwrap();
        assert_eq!(all_hours(&harness), 112_00, "deleted again: {:#?}", told(&report));
        assert!(!report.held.is_empty());
        harness.next_day();
    }
}

/// The same without consent, and with a copy of yesterday's ledger.
#[tokio::test]
async fn b12_time_that_goes_back_to_an_entry_that_a_newer_ledger_deleted() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    harness.try_export().await.unwrap();
    harness.next_day();
    harness.ledger = yesterday;
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    trace.run(&harness, &crate::trial::stories::consent(), "consent").await;
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 1).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}

/// A newer ledger deleted an entry for time that went to another person, who is paid for it there.
#[tokio::test]
async fn b12_a_newer_ledgers_move_to_another_person_and_back() {
    let mut harness = exported().await;
    let yesterday = copy_of(&harness.ledger).await;
    to_dan(&harness);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(108_00);
    harness.ledger = yesterday;
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-204", TUESDAY, 0, |record| record.person = "p-202".into());
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.run(&harness, &crate::trial::stories::consent(), "consent").await;
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 2).await;
    trace.judge(108_00);
}

/// A foreman's two hours of Tuesday are right beside ours, as a person said. A deletion of ours never reached Procore, and its time
/// came back. Later the office deletes that entry.
#[tokio::test]
async fn d26_a_word_on_other_hands_is_no_word_on_what_the_office_deleted() {
    for worded in [false, true] {
        let harness = exported().await;
        let id = entry_of(&harness, 202, TUESDAY, 0);
        let code = harness.procore.with_state(|state| {
            let mine = state.entries[&id].cost_code;
            let mut codes = state.entries.values().map(|entry| entry.cost_code);
            codes.find(|code| *code != mine).unwrap()
        });
        crate::trial::moves::copy_by_hand(&harness, id, |entry| {
            (entry.origin_id, entry.origin_data) = (None, None);
            entry.cost_code = code;
            entry.hours = Some("2.0".into());
        });
        if worded {
            harness
                .linx()
                .set_beside("00202", crate::harness::day(TUESDAY), true)
                .await
                .unwrap();
        }
        let mut trace = Trace::default();
        let record = take(&harness, "p-202", TUESDAY, 0);
        trace.nights(&harness, &two_weeks(), 1).await;
        harness
            .procore_faults
            .order(once(Method::DELETE, ENTRIES, 0, Fault::CutBefore));
        let report = harness.export_at_once().await;
        trace.note(&harness, "cut", report.as_ref().map_err(ToString::to_string));
        give(&harness, record);
        harness.next_day();
        trace.nights(&harness, &two_weeks(), 3).await;
        delete(&harness, id);
        trace.silent.clear();
        for _ in 0..3 {
            trace.run(&harness, &two_weeks(), "deleted").await;
            assert_eq!(all_hours(&harness), 106_00, "put back (word {worded})");
            harness.next_day();
        }
    }
}

/// An older word on a day, and the office deletes one of two entries of ours, whose time goes to a new code.
#[tokio::test]
async fn d26_overtime_of_a_deleted_entry_beside_a_foremans_own() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    crate::trial::moves::copy_by_hand(&harness, id, |entry| {
        (entry.origin_id, entry.origin_data) = (None, None);
        entry.hours = Some("2.0".into());
    });
    delete(&harness, id);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 2).await;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "2.00".into();
        record.ot1_hours = "2.00".into();
    });
    trace.silent.clear();
    trace.nights(&harness, &two_weeks(), 3).await;
    trace.judge(106_00);
}

/// An update that got no answer was applied, and the office deletes the entry before anybody looks.
#[tokio::test]
async fn d26_an_entry_that_the_office_deleted_after_a_cut_update_stays_deleted() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        record.regular_hours = "5.00".into();
    });
    let procore = Arc::clone(&harness.procore);
    let deed = linx_http::sandbox::Deed::new(move || {
        procore.with_state(|state| {
            let entry = state.entries.get_mut(&id).unwrap();
            entry.deleted_at = Some(entry.updated_at);
        });
    });
    harness
        .procore_faults
        .order(once(Method::PATCH, ENTRIES, 0, Fault::CutAfterThen(deed)));
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 3).await;
    assert_eq!(all_hours(&harness), 104_00);
    // And then it is Dan's.
    to_dan(&harness);
    trace.nights(&harness, &two_weeks(), 3).await;
    assert_eq!(all_hours(&harness), 109_00);
}

/// A lowering that got no answer and never arrives, while two hours are another person's, by an impatient run and the next.
#[tokio::test]
async fn d26_a_lowering_that_is_under_way_and_hours_that_are_another_persons() {
    for arrives in [true, false] {
        let harness = exported().await;
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.regular_hours = "2.00".into();
        });
        add_like(&harness, "p-202", TUESDAY, 0, |record| {
            record.person = "p-204".into();
            record.start += TimeDelta::hours(2);
        });
        harness.procore_faults.order(once(
            Method::PATCH,
            ENTRIES,
            0,
            Fault::CutThenApplied(Arrival::OnDelivery),
        ));
        let mut trace = Trace::default();
        for _ in 0..2 {
            let report = harness.export_at_once().await;
            trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
        }
        if arrives {
            harness.wait_seconds(60);
            harness.procore_faults.deliver();
        }
        trace.nights(&harness, &two_weeks(), 3).await;
        trace.judge(108_00);
        comes_to_rest(&harness, 108_00).await;
    }
}

/// Procore keeps no marks: an update was applied and got no answer, and the office sets the old value again before anybody looks.
#[tokio::test]
async fn b7_what_the_office_set_back_after_a_cut_update_stays_without_marks() {
    for marks in [true, false] {
        let harness = exported().await;
        if !marks {
            harness.procore.with_state(|state| {
                for entry in state.entries.values_mut() {
                    entry.origin_data = None;
                }
            });
        }
        let id = entry_of(&harness, 202, TUESDAY, 0);
        in_time(&harness, "p-202", TUESDAY, 0, |record| {
            record.regular_hours = "5.00".into();
        });
        let procore = Arc::clone(&harness.procore);
        let deed = linx_http::sandbox::Deed::new(move || {
            procore.with_state(|state| {
                let entry = state.entries.get_mut(&id).unwrap();
                entry.hours = Some("4.0".into());
                if !marks {
                    entry.origin_data = None;
                }
                entry.updated_at += TimeDelta::seconds(20);
            });
        });
        harness
            .procore_faults
            .order(once(Method::PATCH, ENTRIES, 0, Fault::CutAfterThen(deed)));
        for _ in 0..3 {
            let report = harness.try_export().await.unwrap();
            assert_eq!(
                all_hours(&harness),
                108_00,
                "overwritten, marks {marks}: {:#?}",
                told(&report)
            );
            harness.next_day();
        }
    }
}

/// Our clock was ahead by some hours when a deletion got no answer; the office puts the entry back; the clock is set right.
#[tokio::test]
async fn d27_put_back_after_a_cut_deletion_with_a_clock_that_was_ahead() {
    let harness = exported().await;
    let id = entry_of(&harness, 202, TUESDAY, 0);
    take(&harness, "p-202", TUESDAY, 0);
    let mut trace = Trace::default();
    trace.nights(&harness, &two_weeks(), 1).await;
    harness.our_clock.set_ahead(TimeDelta::hours(3));
    let procore = Arc::clone(&harness.procore);
    let deed = linx_http::sandbox::Deed::new(move || {
        procore.with_state(|state| state.entries.get_mut(&id).unwrap().deleted_at = None);
    });
    harness
        .procore_faults
        .order(once(Method::DELETE, ENTRIES, 0, Fault::CutAfterThen(deed)));
    let report = harness.export_at_once().await;
    trace.note(&harness, "at once", report.as_ref().map_err(ToString::to_string));
    harness.our_clock.set_ahead(TimeDelta::zero());
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 3).await;
    let stands = harness
        .procore
        .with_state(|state| state.entries[&id].deleted_at.is_none());
    assert!(stands, "what the office put back was deleted again");
}

/// Linx deleted an entry whose time went to another code; its ledger is lost, the time goes back, and the new entry gets no answer and
/// was not stored: what the other ledger deleted is not the office's deletion of it.
#[tokio::test]
async fn b12_a_new_entry_without_an_answer_is_not_what_a_lost_ledger_deleted() {
    let mut harness = exported().await;
    let code = facilities(&harness);
    let mut old = None;
    in_time(&harness, "p-202", TUESDAY, 0, |record| {
        old = record.cost_code.clone();
        record.cost_code = code.clone();
    });
    two_nights(&harness).await;
    lose_the_ledger(&mut harness).await;
    harness.try_export().await.unwrap();
    harness.next_day();
    in_time(&harness, "p-202", TUESDAY, 0, |record| record.cost_code = old.clone());
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutBefore));
    let mut trace = Trace::default();
    trace.run(&harness, &crate::trial::stories::consent(), "consent").await;
    harness.next_day();
    trace.nights(&harness, &two_weeks(), 4).await;
    trace.judge(108_00);
}
