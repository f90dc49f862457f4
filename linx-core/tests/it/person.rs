//! Time follows its person: what was sent for an employee under any worker, and days, overlaps and selections that are a
//! person's and not a record's (hazards C2, C17, D9).

use std::collections::BTreeSet;
use std::sync::Arc;

use linx_core::change::LineAction;
use linx_core::export::ExportReport;
use linx_core::hold::{Held, Reason, Subject};
use linx_core::ledger::MemoryLedger;
use linx_core::model::{CentiHours, OfficeRef, RecordId};
use linx_core::plan::Selection;
use procore_client::ids::PersonId;

use crate::harness::{Harness, day, two_weeks};

async fn exported() -> Harness {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.apply_export().await;
    harness
}

fn party(worker: OfficeRef) -> PersonId {
    match worker {
        OfficeRef::Worker(worker) => PersonId::new(worker.0),
        _ => panic!("{worker} is no worker"),
    }
}

/// The hours that stand in Procore for these workers, or for everybody, in hundredths.
fn standing(harness: &Harness, of: Option<OfficeRef>) -> i64 {
    let entries = harness.procore.entries();
    let of_them = entries
        .iter()
        .filter(|entry| of.is_none_or(|worker| entry.party == Some(party(worker))));
    of_them
        .map(|entry| {
            entry
                .hours
                .as_deref()
                .unwrap()
                .parse::<CentiHours>()
                .unwrap()
                .hundredths()
        })
        .sum()
}

fn told(held: &[Held]) -> Vec<&Held> {
    held.iter()
        .filter(|held| held.reason == Reason::EmployeeRelinked)
        .collect()
}

/// Somebody deletes a worker's entries by hand, as the hold says.
fn delete_entries_of(harness: &Harness, worker: OfficeRef) {
    harness.procore.with_state(|state| {
        let mut entries = state.entries.values_mut();
        for entry in entries.by_ref().filter(|entry| entry.party == Some(party(worker))) {
            entry.deleted_at = entry.deleted_at.or(Some(entry.created_at));
        }
    });
}

async fn link(harness: &Harness, pairs: &[(OfficeRef, &str)]) {
    let records: Vec<RecordId> = pairs.iter().map(|(_, record)| RecordId((*record).into())).collect();
    let links = harness.ledger.links().await.unwrap();
    let stale = links.iter().filter(|link| records.contains(&link.record));
    let stale: Vec<OfficeRef> = stale
        .map(|link| link.office)
        .chain(pairs.iter().map(|(worker, _)| *worker))
        .collect();
    harness.linx().unlink(&stale).await.unwrap();
    let pairs: Vec<_> = pairs.iter().map(|(worker, _)| *worker).zip(records).collect();
    harness.linx().set_links(&pairs).await.unwrap();
}

/// The worker of 00101 is deleted in Procore and made anew with the same number; returns both.
async fn made_anew(harness: &Harness) -> (OfficeRef, OfficeRef) {
    let old = harness.link_to("p-101").await.unwrap().office;
    let mut person = None;
    harness.person_in_procore("00101", |old| person = Some(old.clone()));
    harness.dismiss_in_procore("00101");
    let new = harness.hire_in_procore("00102", |hired| *hired = person.unwrap());
    link(harness, &[(new, "p-101")]).await;
    harness.apply_sync().await;
    (old, new)
}

/// Nothing waits for a person on this account, and nothing is left to write.
async fn assert_settled(harness: &Harness) -> ExportReport {
    let report = harness.apply_export().await;
    assert!(told(&report.held).is_empty(), "{:?}", told(&report.held));
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    report
}

#[tokio::test]
async fn c17_a_worker_made_anew_gets_the_hours_once_the_old_entries_are_gone() {
    let harness = exported().await;
    let all = standing(&harness, None);
    let (old, new) = made_anew(&harness).await;
    let of_old = standing(&harness, Some(old));
    let report = harness.apply_export().await;
    assert_eq!(standing(&harness, None), all, "nobody is paid twice");
    assert_eq!(report.changes, []);
    // Both the lines that stand and those that wait, each with where the time stands.
    let lines = harness
        .procore
        .entries()
        .iter()
        .filter(|entry| entry.party == Some(party(old)))
        .count();
    assert!(told(&report.held).len() >= 2 * lines, "{:?}", told(&report.held));
    let entry = harness
        .procore
        .entries()
        .iter()
        .find(|entry| entry.party == Some(party(old)))
        .unwrap()
        .id;
    let names =
        |held: &&&Held| held.detail.contains(&format!("entry {entry} of {old} on")) && held.detail.contains(" h in ");
    assert!(
        told(&report.held).iter().any(|held| names(&held)),
        "{:?}",
        told(&report.held)
    );
    // As the sentence says: delete the entries, and export again.
    delete_entries_of(&harness, old);
    harness.apply_export().await;
    assert_eq!((standing(&harness, None), standing(&harness, Some(new))), (all, of_old));
    assert_settled(&harness).await;
}

/// What the office deleted before anybody was asked to is its decision, and who its time is of since is another's: told, until a person says
/// that it is to be written.
#[tokio::test]
async fn c17_what_was_deleted_unasked_is_held_for_a_worker_made_anew() {
    let harness = exported().await;
    let all = standing(&harness, None);
    delete_entries_of(&harness, harness.link_to("p-101").await.unwrap().office);
    let left = standing(&harness, None);
    assert!(left < all);
    made_anew(&harness).await;
    let mut days = BTreeSet::new();
    for _ in 0..3 {
        let report = harness.apply_export().await;
        assert_eq!(standing(&harness, None), left, "what the office deleted is put back");
        let held = report
            .held
            .iter()
            .filter(|held| held.reason == Reason::EditedOnBothSides);
        days = held
            .filter_map(|held| match &held.subject {
                Subject::Line(key) => Some(key.date),
                _ => None,
            })
            .collect();
        assert!(!days.is_empty(), "{:?}", report.held);
        harness.next_day();
    }
    for date in days {
        harness.linx().set_beside("00101", date, true).await.unwrap();
    }
    harness.apply_export().await;
    assert_eq!(standing(&harness, None), all);
}

#[tokio::test]
async fn c17_time_that_went_to_another_worker_and_back_is_no_deletion_of_the_offices() {
    let harness = exported().await;
    let all = standing(&harness, None);
    let (first, second) = (
        harness.link_to("p-101").await.unwrap().office,
        harness.hire_in_procore("00102", |hired| hired.employee_id = Some("00199".into())),
    );
    for (from, to) in [(first, second), (second, first), (first, second)] {
        link(&harness, &[(to, "p-101")]).await;
        let report = harness.apply_export().await;
        assert!(!told(&report.held).is_empty() && standing(&harness, None) == all);
        delete_entries_of(&harness, from);
        harness.apply_export().await;
        assert_eq!(standing(&harness, None), all);
        assert_settled(&harness).await;
    }
}

#[tokio::test]
async fn c17_an_entry_that_was_set_to_the_new_worker_is_the_line_of_the_new_worker() {
    let harness = exported().await;
    let all = standing(&harness, None);
    let (old, new) = made_anew(&harness).await;
    let of_old = standing(&harness, Some(old));
    harness.procore.with_state(|state| {
        let of_old = state
            .entries
            .values_mut()
            .filter(|entry| entry.party == Some(party(old)));
        of_old.for_each(|entry| entry.party = Some(party(new)));
    });
    for _ in 0..2 {
        assert_settled(&harness).await;
        assert_eq!((standing(&harness, None), standing(&harness, Some(new))), (all, of_old));
    }
    // And it is kept up with the time as any other.
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.iter_mut();
        let record = records
            .find(|record| record.person == "p-101" && record.regular_hours == "4.00")
            .unwrap();
        record.regular_hours = "5.00".into();
    });
    let report = harness.apply_export().await;
    assert_eq!(report.summary.update, 1, "{:?}", report.held);
    assert_eq!(standing(&harness, Some(new)), of_old + 100);
}

#[tokio::test]
async fn c17_a_link_that_was_wrong_and_is_mended_holds_both_until_the_wrong_entries_are_gone() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    let right = [
        (harness.link_to("p-101").await.unwrap().office, "p-101"),
        (harness.link_to("p-104").await.unwrap().office, "p-104"),
    ];
    let [(first, _), (fourth, _)] = right;
    link(&harness, &[(first, "p-104"), (fourth, "p-101")]).await;
    harness.apply_export().await;
    let swapped = [standing(&harness, Some(first)), standing(&harness, Some(fourth))];
    assert_ne!(swapped[0], swapped[1], "or nothing is shown");
    let all = standing(&harness, None);
    link(&harness, &right).await;
    let report = harness.apply_export().await;
    assert_eq!(report.changes, []);
    assert_eq!(
        [standing(&harness, Some(first)), standing(&harness, Some(fourth))],
        swapped
    );
    assert!(!told(&report.held).is_empty());
    delete_entries_of(&harness, first);
    delete_entries_of(&harness, fourth);
    harness.apply_export().await;
    assert_eq!(
        [standing(&harness, Some(fourth)), standing(&harness, Some(first))],
        swapped
    );
    assert_eq!(standing(&harness, None), all);
    assert_settled(&harness).await;
}

#[tokio::test]
async fn c17_two_employees_who_are_one_person_are_not_sent_beside_what_was_sent_for_each() {
    let mut harness = exported().await;
    let all = standing(&harness, None);
    let [third, fourth] = [
        harness.link_to("p-103").await.unwrap().office,
        harness.link_to("p-104").await.unwrap().office,
    ];
    let both = standing(&harness, Some(third)) + standing(&harness, Some(fourth));
    harness.export.same_person = [("00104".to_owned(), "00103".to_owned())].into();
    // The two clocked in on the same days at other hours.
    harness.exaktime.with_state(|state| {
        let records = state.time_records.iter_mut().filter(|record| record.person == "p-104");
        for record in records {
            record.start -= chrono::Duration::hours(12);
            record.stop = record.stop.map(|stop| stop - chrono::Duration::hours(12));
        }
    });
    let report = harness.apply_export().await;
    assert_eq!(standing(&harness, None), all);
    assert!(!told(&report.held).is_empty());
    delete_entries_of(&harness, fourth);
    harness.apply_export().await;
    assert_eq!((standing(&harness, None), standing(&harness, Some(third))), (all, both));
    assert_settled(&harness).await;
}

#[tokio::test]
async fn c17_a_lost_ledger_knows_a_worker_made_anew_by_the_number() {
    let mut harness = exported().await;
    let all = standing(&harness, None);
    let old = harness.person_in_procore("00101", |old| old.is_active = false);
    let new = harness.hire_in_procore("00101", |new| new.is_active = true);
    harness.ledger = Arc::new(MemoryLedger::new());
    harness.apply_sync().await;
    link(&harness, &[(new, "p-101")]).await;
    let report = harness.apply_export().await;
    assert_eq!((standing(&harness, None), report.changes.len()), (all, 0));
    assert!(!told(&report.held).is_empty());
    delete_entries_of(&harness, old);
    // Whether the office deleted lines before, a lost ledger does not know either (hazard B12): a person consents.
    let consented = Selection {
        allow_mass_change: true,
        ..two_weeks()
    };
    let plan = harness.linx().plan_export(&consented).await.unwrap();
    harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(standing(&harness, None), all);
    assert_settled(&harness).await;
}

#[tokio::test]
async fn c17_who_selects_one_employee_of_a_person_selects_the_person() {
    let mut harness = Harness::contractor();
    harness.export.same_person = [("00104".to_owned(), "00101".to_owned())].into();
    harness.exaktime.with_state(|state| {
        let mut records = state.time_records.clone();
        records.retain(|record| record.person == "p-101");
        state.time_records.retain(|record| record.person != "p-104");
        for mut record in records {
            record.id = format!("{}-of-p-104", record.id);
            record.person = "p-104".into();
            record.start -= chrono::Duration::hours(11);
            record.stop = record.stop.map(|stop| stop - chrono::Duration::hours(11));
            state.time_records.push(record);
        }
    });
    harness.apply_sync().await;
    harness.apply_export().await;
    let all = standing(&harness, None);
    for one in ["00101", "00104"] {
        let selection = Selection {
            employees: vec![one.into()],
            ..two_weeks()
        };
        let plan = harness.linx().plan_export(&selection).await.unwrap();
        assert_eq!(plan.changes, [], "{one}");
        assert!(plan.account.days().any(|day| day.employee == RecordId("p-101".into())));
        assert!(plan.account.days().any(|day| day.employee == RecordId("p-104".into())));
    }
    assert!(all > 0);
}

#[tokio::test]
async fn d9_two_employees_who_are_one_person_cannot_work_twice_at_once() {
    let mut harness = Harness::contractor();
    harness.export.same_person = [("00104".to_owned(), "00101".to_owned())].into();
    let tuesday = day("2026-03-03");
    harness.exaktime.with_state(|state| {
        state.time_records.retain(|record| record.person != "p-104");
        let mut both = state.time_records.clone();
        both.retain(|record| record.person == "p-101" && record.work_date == tuesday);
        for mut record in both {
            record.id = format!("{}-of-p-104", record.id);
            record.person = "p-104".into();
            state.time_records.push(record);
        }
    });
    harness.apply_sync().await;
    let plan = harness.plan_export().await;
    let first = harness.link_to("p-101").await.unwrap().office;
    let of_tuesday = |plan: &linx_core::plan::ExportPlan| {
        let changes = plan.changes.iter();
        changes
            .filter(|change| OfficeRef::Worker(change.key.worker) == first && change.key.date == tuesday)
            .count()
    };
    assert_eq!(of_tuesday(&plan), 0);
    assert!(plan.held.iter().any(|held| held.reason == Reason::Overlap));
    // One after the other, and more than a day has.
    harness.exaktime.with_state(|state| {
        for record in state
            .time_records
            .iter_mut()
            .filter(|record| record.work_date == tuesday)
        {
            match record.person.as_str() {
                "p-101" => record.ot2_hours = "13.00".into(),
                "p-104" => {
                    record.start -= chrono::Duration::hours(11);
                    record.stop = record.stop.map(|stop| stop - chrono::Duration::hours(11));
                }
                _ => {}
            }
        }
    });
    let plan = harness.plan_export().await;
    assert_eq!(of_tuesday(&plan), 0);
    assert!(plan.held.iter().any(|held| held.reason == Reason::TooManyHours));
}

#[tokio::test]
async fn c2_time_of_a_record_that_may_be_another_persons_is_not_exported_to_the_old_one() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    // In Procore: the leaver's entry is given to a new hire. In ExakTime: the leaver's record is.
    let given_away = harness.person_in_procore("00102", |person| {
        person.first_name = "Obi".into();
        person.employee_id = Some("00150".into());
    });
    harness.set_in_exaktime("p-103", "firstName", "Nils");
    harness.set_in_exaktime("p-103", "lastName", "Berg");
    harness.set_in_exaktime("p-103", "employeeIdentifier", "00151");
    let renamed = harness.link_to("p-103").await.unwrap().office;
    let report = harness.apply_export().await;
    assert_eq!(
        (standing(&harness, Some(given_away)), standing(&harness, Some(renamed))),
        (0, 0)
    );
    let held = |record: &str| {
        let mut held = report.held.iter().filter(|held| held.reason == Reason::AnotherPerson);
        held.any(|held| held.detail.contains(record))
    };
    assert!(held("p-102") && held("p-103"), "{:?}", report.held);
    assert!(report.summary.create > 0, "the others go on");
    // Once a person says that it is the same, their time goes.
    harness.set_in_exaktime("p-102", "firstName", "Obi");
    harness.set_in_exaktime("p-102", "employeeIdentifier", "00150");
    harness.apply_sync().await;
    harness.apply_export().await;
    assert!(standing(&harness, Some(given_away)) > 0);
}

#[tokio::test]
async fn c2_what_was_sent_before_a_record_was_given_away_stays_as_it_is() {
    let harness = exported().await;
    let of = harness.link_to("p-102").await.unwrap().office;
    let before = standing(&harness, Some(of));
    harness.person_in_procore("00102", |person| {
        person.first_name = "Obi".into();
        person.employee_id = Some("00150".into());
    });
    harness.exaktime.with_state(|state| {
        state
            .time_records
            .retain(|record| record.person != "p-102" || record.work_date != day("2026-03-03"));
    });
    let plan = harness.plan_export().await;
    assert_eq!(plan.count(LineAction::Delete), 0);
    harness.apply_export().await;
    assert_eq!(standing(&harness, Some(of)), before);
}
