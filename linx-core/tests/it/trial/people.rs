//! Whose time it is: people who are made anew, relinked, merged, or carry two numbers (hazards C2, C3, C17, D9).

use crate::small_company::by_our_hand;
use linx_core::export::ExportReport;
use linx_core::model::{OfficeRef, RecordId};
use linx_core::plan::Selection;

use super::{because, codes, exported, in_time, link, synced};
use crate::harness::{Harness, day, two_weeks};
use crate::small_company::{all_hours, hours_of, judge, judge_our_hand, standing, worked};

/// Ben's three days.
const BENS: i64 = 24_00;

/// Ben is deleted in Procore and made anew with his number.
fn make_ben_anew(harness: &Harness) -> OfficeRef {
    let ben = harness.procore.with_state(|state| {
        let mut people = state.people.values();
        people
            .find(|person| person.employee_id.as_deref() == Some("00202"))
            .cloned()
    });
    harness.dismiss_in_procore("00202");
    harness.hire_in_procore("00201", |person| *person = ben.unwrap())
}

/// Three exports over three nights, of which none may pay anybody twice.
async fn three_nights(harness: &Harness) -> ExportReport {
    let mut last = None;
    for _ in 0..3 {
        let result = harness.try_export().await;
        judge(harness, &result);
        last = Some(result.unwrap());
        harness.next_day();
    }
    last.unwrap()
}

#[tokio::test]
async fn c17_a_worker_who_is_made_anew_is_not_paid_again() {
    let harness = exported().await;
    make_ben_anew(&harness);
    harness.apply_sync().await;
    three_nights(&harness).await;
    assert_eq!(all_hours(&harness), 108_00);
}

#[tokio::test]
async fn c17_a_worker_who_is_made_anew_and_linked_by_hand_is_not_paid_again() {
    let harness = exported().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    let report = three_nights(&harness).await;
    assert_eq!(all_hours(&harness), 108_00, "{:?}", report.held);
}

#[tokio::test]
async fn c17_an_employee_who_was_linked_to_the_wrong_worker_is_not_paid_again_to_the_right_one() {
    let harness = synced().await;
    // Ben's and Dan's records were mixed up.
    let [ben, dan] = [
        harness.link_to("p-202").await.unwrap().office,
        harness.link_to("p-204").await.unwrap().office,
    ];
    let mixed = |one, other| [(one, RecordId("p-202".into())), (other, RecordId("p-204".into()))];
    let linx = harness.linx();
    linx.unlink(&[ben, dan]).await.unwrap();
    linx.set_links(&mixed(dan, ben)).await.unwrap();
    harness.try_export().await.unwrap();
    judge_our_hand(108_00, &harness);
    let linx = harness.linx();
    linx.unlink(&[ben, dan]).await.unwrap();
    linx.set_links(&mixed(ben, dan)).await.unwrap();
    let report = three_nights(&harness).await;
    assert!(
        report.held.is_empty() || codes(&report.held) == ["employee_relinked"].into(),
        "moved or held: {:?}",
        report.held
    );
}

#[tokio::test]
async fn c17_the_time_of_a_person_who_was_merged_into_another_is_not_sent_again() {
    let mut harness = exported().await;
    let cleo = harness.link_to("p-203").await.unwrap().office;
    harness.dismiss_in_procore("00202");
    let ben = harness.link_to("p-202").await.unwrap().office;
    harness.linx().unlink(&[ben]).await.unwrap();
    harness.export.same_person = [("00202".to_owned(), "00203".to_owned())].into();
    let report = three_nights(&harness).await;
    assert_eq!(all_hours(&harness), 108_00, "{cleo} {:?}", report.held);
}

#[tokio::test]
async fn c2_a_record_that_may_be_another_persons_is_exported_to_nobody() {
    let harness = synced().await;
    harness.person_in_procore("00202", |person| {
        person.employee_id = Some("00302".into());
        (person.first_name, person.last_name) = ("Otto".into(), "Kern".into());
    });
    let sync = harness.apply_sync().await;
    assert!(codes(&sync.held).contains("another_person"), "{:?}", sync.held);
    let report = harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00 - BENS, "{:?}", report.held);
    let held = because(&report.held, "another_person");
    assert!(
        !held.is_empty() && held.iter().all(|held| held.hours.is_some()),
        "{:?}",
        report.held
    );
    assert_eq!(report.hours.held.hundredths(), BENS);
}

/// Ben works under two numbers, which are one person: mornings as 00202, afternoons as 00205, all at one place and code.
async fn ben_twice() -> Harness {
    let mut harness = synced().await;
    harness.exaktime.with_state(|state| {
        for (table, id) in [(&mut state.persons, "p-202"), (&mut state.employments, "p-202")] {
            let mut record = table[id].clone();
            record.insert("personId".into(), "p-205".into());
            if record.contains_key("employeeIdentifier") {
                record.insert("employeeIdentifier".into(), "00205".into());
            }
            table.insert("p-205".into(), record);
        }
        let mut code = None;
        for record in state.time_records.iter_mut().filter(|record| record.person == "p-202") {
            match code.take() {
                None => code = Some((record.location.clone(), record.cost_code.clone())),
                Some((location, cost_code)) => {
                    (record.location, record.cost_code) = (location, cost_code);
                    record.person = "p-205".into();
                }
            }
        }
    });
    harness.export.same_person = [("00205".to_owned(), "00202".to_owned())].into();
    harness
}

#[tokio::test]
async fn c17_who_selects_one_of_two_employees_of_a_person_does_not_touch_the_others_lines() {
    let harness = ben_twice().await;
    harness.try_export().await.unwrap();
    assert_eq!(all_hours(&harness), 108_00);
    for employee in ["00202", "00205"] {
        let one = Selection {
            employees: vec![employee.into()],
            ..two_weeks()
        };
        for _ in 0..2 {
            let report = harness.try_export_of(&one).await.unwrap();
            assert_eq!(all_hours(&harness), 108_00, "{employee}: {:?}", report.changes);
            harness.next_day();
        }
    }
    // Also where only the selected one has time left.
    harness
        .exaktime
        .with_state(|state| state.time_records.retain(|record| record.person != "p-205"));
    let one = Selection {
        employees: vec!["00205".into()],
        ..two_weeks()
    };
    let report = harness.try_export_of(&one).await.unwrap();
    assert!(
        all_hours(&harness) == 108_00 || all_hours(&harness) == 96_00,
        "{:?}",
        report.changes
    );
}

#[tokio::test]
async fn d9_c17_two_employees_of_a_person_at_one_time_are_an_overlap() {
    let harness = ben_twice().await;
    // The afternoon of the 3rd is punched at the time of the morning, under the other number.
    let morning = harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter();
        let record = records.find(|record| record.person == "p-202" && record.work_date == day("2026-03-03"));
        record.unwrap().clone()
    });
    in_time(&harness, "p-205", "2026-03-03", 0, |record| {
        (record.start, record.stop) = (morning.start, morning.stop);
    });
    let report = harness.try_export().await.unwrap();
    let tuesday = ("00202".to_owned(), day("2026-03-03"));
    assert_eq!(standing(&harness).get(&tuesday), None, "the whole day is held");
    assert!(codes(&report.held).contains("overlap"), "{:?}", report.held);
    assert_eq!(report.hours.held.hundredths(), 8_00);
}

#[tokio::test]
async fn d9_c17_a_person_with_more_hours_than_a_day_has_is_held() {
    let harness = ben_twice().await;
    for (employee, hours) in [("p-202", "13.00"), ("p-205", "13.00")] {
        in_time(&harness, employee, "2026-03-03", 0, |record| {
            record.regular_hours = hours.into();
            // Files and entries by hand have hours and no times that could overlap.
            record.stop = Some(record.start + chrono::Duration::minutes(240));
        });
    }
    harness.try_export().await.unwrap();
    let tuesday = ("00202".to_owned(), day("2026-03-03"));
    assert_eq!(standing(&harness).get(&tuesday), None);
}

#[tokio::test]
async fn c3_a_likely_match_is_told_where_the_leavers_record_is_linked() {
    let harness = exported().await;
    harness.dismiss_in_procore("00202");
    harness.hire_in_procore("00201", |person| {
        (person.first_name, person.last_name) = ("Ben".into(), "Ortiz".into());
        person.job_title = Some("Carpenter".into());
        person.employee_id = Some("00402".into());
    });
    let plan = harness.plan_sync().await;
    let told = !plan.likely.is_empty() || codes(&plan.held).contains("likely_match");
    assert!(told, "{:?} {:?}", plan.held, plan.changes);
}

#[tokio::test]
async fn c17_what_is_owed_to_one_person_stays_with_that_person() {
    let harness = exported().await;
    let anew = make_ben_anew(&harness);
    link(&harness, anew, "p-202").await;
    three_nights(&harness).await;
    let by_person = |number: &str| -> i64 {
        let days = standing(&harness);
        days.iter()
            .filter(|((of, _), _)| of == number)
            .map(|(_, hours)| hours)
            .sum()
    };
    let due = |number: &str| -> i64 {
        worked()
            .iter()
            .filter(|((of, _), _)| of == number)
            .map(|(_, hours)| hours)
            .sum()
    };
    for number in ["00201", "00202", "00203", "00204"] {
        assert_eq!(by_person(number), due(number), "{number}");
    }
    assert_eq!(harness.procore.entries().iter().map(hours_of).sum::<i64>(), 108_00);
}

/// Two workers swap their numbers in Procore.
#[tokio::test]
async fn c4_two_workers_who_swap_their_numbers_keep_their_own_time() {
    let harness = exported().await;
    harness.procore.with_state(|state| {
        for person in state.people.values_mut() {
            person.employee_id = match person.employee_id.as_deref() {
                Some("00201") => Some("00202".into()),
                Some("00202") => Some("00201".into()),
                _ => continue,
            };
        }
    });
    for _ in 0..3 {
        let _sync = harness.apply_sync().await;

        let _ = harness.try_export().await;
        assert_eq!((all_hours(&harness), by_our_hand(&harness).len()), (108_00, 28));
        harness.next_day();
    }
}
