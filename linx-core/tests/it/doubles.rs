//! Lines of ours that stand twice in Procore (hazard B15).

use http::Method;
use linx_core::change::LineAction;
use linx_core::export::ExportReport;
use linx_core::hold::{Held, Reason};
use linx_core::ledger::{Direction, Outcome, RunStart, StoredLine, Write};
use linx_core::model::Hours;
use linx_core::plan::Selection;
use linx_http::sandbox::Fault;
use procore_client::ids::TimecardEntryId;
use procore_client::timecards::ApprovalStatus;

use crate::harness::{Harness, day, once};

async fn exported() -> Harness {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    harness.apply_export().await;
    harness
}

fn id_of(line: &StoredLine) -> TimecardEntryId {
    TimecardEntryId::new(line.entry.0)
}

fn twice(report: &ExportReport) -> Vec<&Held> {
    let of = report.held.iter().filter(|held| held.reason == Reason::StandsTwice);
    of.collect()
}

impl Harness {
    async fn line(&self, at: usize) -> StoredLine {
        let lines = self.ledger.lines(day("2026-03-02"), day("2026-03-15")).await;
        lines.unwrap().swap_remove(at)
    }

    /// A create of the line that was given up as absent, and arrived after that.
    async fn arrives_late(&self, line: &StoredLine) -> TimecardEntryId {
        let sent = self
            .ledger
            .line_writes(&[line.key.clone()].into(), &[].into())
            .await
            .unwrap();
        let Write::Line(create) = &sent[0].write else {
            panic!("a line was written");
        };
        let at = sent[0].at;
        let start = RunStart {
            direction: Direction::Export,
            at,
            days: None,
            plan: "another".into(),
        };
        let lease = self.ledger.lease(Direction::Export, at).await.unwrap();
        let run = self.ledger.begin_run(&lease, &start).await.unwrap();
        let write = Write::Line(create.clone());
        let intent = self.ledger.record_intent(run, &write, at).await.unwrap();
        self.ledger.record_outcome(intent, &Outcome::Absent, at).await.unwrap();
        self.copy_entry(id_of(line), |_| ())
    }

    fn stands(&self, id: TimecardEntryId) -> bool {
        self.procore.entries().iter().any(|entry| entry.id == id)
    }
}

#[tokio::test]
async fn b15_a_copy_by_a_person_is_told_by_every_run_that_reads_it_and_stays() {
    let harness = exported().await;
    let line = harness.line(0).await;
    let copy = harness.copy_entry(id_of(&line), |_| ());
    let writes = harness.writes();
    let report = harness.apply_export().await;
    let [held] = twice(&report)[..] else {
        panic!("{:?}", report.held);
    };
    for text in [id_of(&line).to_string(), copy.to_string(), "sent by run".into()] {
        assert!(held.detail.contains(&text), "{}", held.detail);
    }
    assert!(held.hours.is_some_and(|hours| hours > Hours::ZERO));
    let of_day = report
        .account
        .days()
        .find(|of| of.date == line.key.date && of.hours.held > Hours::ZERO);
    assert!(of_day.is_some(), "its hours are not called stored");
    assert_eq!((harness.writes(), harness.stands(copy)), (writes, true));

    // So does one that was asked for other days, and one for other time of the line.
    let later = Selection::days(day("2026-03-15"), day("2026-03-15"));
    let plan = harness.linx().plan_export(&later).await.unwrap();
    assert!(
        plan.held.iter().any(|held| held.reason == Reason::StandsTwice),
        "{:?}",
        plan.held
    );
    harness.exaktime.with_state(|state| state.time_records.clear());
    let report = harness.apply_export().await;
    assert_eq!(twice(&report).len(), 1);
    assert!(harness.stands(copy) && harness.stands(id_of(&line)));
}

#[tokio::test]
async fn b15_where_the_journal_proves_both_ours_the_younger_goes() {
    for ledger_has_the_younger in [false, true] {
        let harness = exported().await;
        let line = harness.line(3).await;
        let (elder, younger) = (id_of(&line), harness.arrives_late(&line).await);
        if ledger_has_the_younger {
            let line = StoredLine {
                entry: linx_core::model::EntryId(younger.get()),
                ..line.clone()
            };
            harness.ledger.remember_lines(&[line]).await.unwrap();
        }
        let report = harness.apply_export().await;
        let [deleted] = &report.changes[..] else {
            panic!("{:?}", report.changes);
        };
        assert_eq!(deleted.change.action, LineAction::Delete);
        assert!(
            deleted.change.why.contains(&elder.to_string()),
            "{}",
            deleted.change.why
        );
        assert!(twice(&report).is_empty(), "{:?}", report.held);
        assert_eq!((harness.stands(elder), harness.stands(younger)), (true, false));
        assert_eq!(harness.line(3).await, line, "the line stands in the elder");
        let again = harness.apply_export().await;
        assert!(again.changes.is_empty() && twice(&again).is_empty());
        assert_eq!(again.hours, report.hours);
    }
}

#[tokio::test]
async fn b15_a_double_that_stays_keeps_its_hours_held() {
    let harness = exported().await;
    let line = harness.line(3).await;
    harness.arrives_late(&line).await;
    let stored = harness.plan_export().await.account.total().stored;
    let refusal = http::Response::builder().status(422).body("{}".into()).unwrap();
    let order = once(Method::DELETE, "/timecard_entries", 0, Fault::Instead(refusal));
    harness.procore_faults.order(order);
    let report = harness.apply_export().await;
    assert_eq!(report.summary.failed, 1);
    assert!(report.account.total().stored < stored);
    assert_eq!(harness.line(3).await, line);
    // It is tried again.
    let report = harness.apply_export().await;
    assert_eq!((report.summary.delete, report.account.total().stored), (1, stored));
}

#[tokio::test]
async fn b15_a_run_that_is_killed_over_the_deletion_leaves_the_line() {
    let harness = exported().await;
    let sent = harness.line(3).await;
    let younger = harness.arrives_late(&sent).await;
    harness
        .procore_faults
        .order(once(Method::DELETE, "/timecard_entries", 0, Fault::Stall));
    let plan = harness.plan_export().await;
    let linx = harness.linx();
    tokio::select! {
        _ = linx.apply_export(&plan) => panic!("the run was to be killed"),
        () = harness.procore_faults.stalled() => {}
    }
    drop(linx);
    for _ in 0..2 {
        let report = harness.apply_export().await;
        assert_eq!(report.summary.failed, 0, "{:?}", report.held);
    }
    assert!(!harness.stands(younger));
    assert_eq!(harness.line(3).await, sent);
    assert!(harness.apply_export().await.changes.is_empty());
}

#[tokio::test]
async fn b15_what_a_person_has_touched_is_a_persons_matter() {
    let harness = exported().await;
    let line = harness.line(3).await;
    let (elder, younger) = (id_of(&line), harness.arrives_late(&line).await);
    for id in [elder, younger] {
        let status = |status| {
            harness
                .procore
                .with_state(|state| state.entries.get_mut(&id).unwrap().status = status);
        };
        status(ApprovalStatus::Approved);
        let report = harness.apply_export().await;
        assert!(report.changes.is_empty(), "{:?}", report.changes);
        let [held] = twice(&report)[..] else {
            panic!("{:?}", report.held);
        };
        assert!(
            held.detail.contains(&format!("entry {id} was changed")),
            "{}",
            held.detail
        );
        status(ApprovalStatus::Pending);
    }
}

#[tokio::test]
async fn b15_of_two_of_which_a_person_deletes_one_the_other_is_the_line() {
    for deleted in [0, 1] {
        let harness = exported().await;
        let line = harness.line(3).await;
        let both = [id_of(&line), harness.copy_entry(id_of(&line), |_| ())];
        assert_eq!(twice(&harness.apply_export().await).len(), 1);
        harness.procore.with_state(|state| {
            let entry = state.entries.get_mut(&both[deleted]).unwrap();
            entry.deleted_at = Some("2026-03-17T12:00:00Z".parse().unwrap());
        });
        for _ in 0..2 {
            let report = harness.apply_export().await;
            assert!(
                report.changes.is_empty() && report.left_out.is_empty(),
                "{:?}",
                report.left_out
            );
            assert!(twice(&report).is_empty());
        }
        assert_eq!(id_of(&harness.line(3).await), both[1 - deleted]);
    }
}
