//! The clauses of the contract, each on an empty ledger.

use chrono::TimeDelta;

use super::invented::{day, line, line_write, link, now, record_write, start};
use crate::ledger::{
    Beside, Direction, Effect, Ledger, LedgerError, Lowered, Moment, Outcome, Pair, RunEnd, RunId, StoredLine, Write,
};
use crate::model::{CentiHours, EntryId, OfficeRef, ProjectId, WorkerId};

pub(super) async fn links_replace_one_another_by_their_entity(ledger: &dyn Ledger) {
    ledger
        .remember_links(&[link(2, "Okafor"), link(1, "Delgado")])
        .await
        .unwrap();
    ledger.remember_links(&[link(1, "Delgado-Reyes")]).await.unwrap();
    assert_eq!(
        ledger.links().await.unwrap(),
        [link(1, "Delgado-Reyes"), link(2, "Okafor")]
    );
}

pub(super) async fn links_that_are_taken_away_are_gone(ledger: &dyn Ledger) {
    ledger
        .remember_links(&[link(1, "Delgado"), link(2, "Okafor")])
        .await
        .unwrap();
    let entities = [link(1, "").office, OfficeRef::Project(ProjectId(9))];
    ledger.forget_links(&entities).await.unwrap();
    assert_eq!(ledger.links().await.unwrap(), [link(2, "Okafor")]);
}

pub(super) async fn what_is_ignored_stays_so_until_it_is_lifted(ledger: &dyn Ledger) {
    let entities: Vec<OfficeRef> = ["project:3", "sub-job:3/9", "worker:1"]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    ledger.ignore(&entities).await.unwrap();
    ledger.ignore(&entities[..1]).await.unwrap();
    ledger.unignore(&entities[1..]).await.unwrap();
    let ignored: Vec<OfficeRef> = ledger.ignored().await.unwrap().into_iter().collect();
    assert_eq!(ignored, entities[..1]);
}

pub(super) async fn lines_are_told_by_day_and_go_when_they_are_removed(ledger: &dyn Ledger) {
    let lines = ["2026-03-02", "2026-03-03", "2026-03-09"].map(|date| line(date, 800));
    ledger.remember_lines(&lines).await.unwrap();
    let within = |from, to| ledger.lines(day(from), day(to));
    assert_eq!(within("2026-03-02", "2026-03-03").await.unwrap(), lines[..2]);
    assert_eq!(within("2026-03-03", "2026-03-09").await.unwrap(), lines[1..]);

    let run_lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&run_lease, &start(Direction::Export)).await.unwrap();
    let corrected = line("2026-03-02", 750);
    for effect in [
        Effect::LineStored(Box::new(corrected.clone())),
        Effect::LineRemoved(lines[1].key.clone()),
    ] {
        let intent = ledger.record_intent(run, &line_write(&lines[0]), now()).await.unwrap();
        ledger
            .record_outcome(intent, &Outcome::Done(effect), now())
            .await
            .unwrap();
    }
    assert_eq!(within("2026-03-02", "2026-03-03").await.unwrap(), [corrected]);
}

pub(super) async fn b15_a_double_that_goes_leaves_the_line_and_its_own_entry_takes_it_along(ledger: &dyn Ledger) {
    let stored = line("2026-03-02", 800);
    let [double, own] = [EntryId(8), stored.entry];
    ledger.remember_lines(std::slice::from_ref(&stored)).await.unwrap();
    let lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&lease, &start(Direction::Export)).await.unwrap();
    for (entry, left) in [(double, vec![stored.clone()]), (own, vec![])] {
        let intent = ledger.record_intent(run, &line_write(&stored), now()).await.unwrap();
        let gone = Outcome::Done(Effect::EntryRemoved(stored.key.clone(), entry));
        ledger.record_outcome(intent, &gone, now()).await.unwrap();
        let date = stored.key.date;
        assert_eq!(ledger.lines(date, date).await.unwrap(), left);
    }
}

pub(super) async fn b15_what_was_ever_written_of_a_line_is_told(ledger: &dyn Ledger) {
    let [one, other] = ["2026-03-02", "2026-03-03"].map(|date| line(date, 800));
    let mut intents = Vec::new();
    for stored in [&other, &one, &other] {
        let lease = ledger.lease(Direction::Export, now()).await.unwrap();
        let run = ledger.begin_run(&lease, &start(Direction::Export)).await.unwrap();
        intents.push(ledger.record_intent(run, &line_write(stored), now()).await.unwrap());
    }
    let refused = Outcome::Refused("422".into());
    ledger.record_outcome(intents[0], &refused, now()).await.unwrap();
    let told = ledger
        .line_writes(&[other.key.clone()].into(), &[].into())
        .await
        .unwrap();
    let told: Vec<_> = told.into_iter().map(|entry| (entry.id, entry.outcome)).collect();
    assert_eq!(told, [(intents[0], Some(refused)), (intents[2], None)]);
    let never = line("2026-03-09", 800).key;
    let told = ledger
        .line_writes(&[never, one.key.clone()].into(), &[].into())
        .await
        .unwrap();
    assert_eq!(told.len(), 1);
    assert!(ledger.line_writes(&[].into(), &[].into()).await.unwrap().is_empty());
    // A line is called otherwise later, and its entry tells.
    let Write::Line(mut change) = line_write(&one) else {
        return;
    };
    change.key.cost_code = "09-999".into();
    change.entry = Some(EntryId(93));
    let lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&lease, &start(Direction::Export)).await.unwrap();
    let later = Write::Line(change);
    let intent = ledger.record_intent(run, &later, now()).await.unwrap();
    let told = ledger
        .line_writes(&[one.key].into(), &[EntryId(93), EntryId(94)].into())
        .await;
    let told: Vec<_> = told.unwrap().into_iter().map(|entry| entry.id).collect();
    assert_eq!(told, [intents[1], intent]);
}

pub(super) async fn d26_a_word_on_a_workers_day_stays_until_it_is_taken_back(ledger: &dyn Ledger) {
    let (monday, tuesday) = (day("2026-03-02"), day("2026-03-03"));
    let lowered = |hours| Lowered {
        hours: CentiHours::from_hundredths(hours),
        updated: Some(now()),
    };
    let word = |hours: i64| Beside {
        read: Some(CentiHours::from_hundredths(hours)),
        entries: [(EntryId(91), CentiHours::from_hundredths(400))].into(),
        deleted: [(
            EntryId(92),
            Moment {
                here: now(),
                there: None,
            },
        )]
        .into(),
        lowered: [(EntryId(93), lowered(hours))].into(),
    };
    for (worker, date, hours) in [(7, monday, 400), (7, monday, 800), (8, tuesday, 0)] {
        let said = ledger.set_beside(WorkerId(worker), date, Some(&word(hours))).await;
        said.unwrap();
    }
    let told = ledger.beside(monday, tuesday).await.unwrap();
    let (sevens, eights) = (((WorkerId(7), monday), word(800)), ((WorkerId(8), tuesday), word(0)));
    assert_eq!(told, [sevens, eights.clone()].into(), "the later word counts");
    ledger.set_beside(WorkerId(7), monday, None).await.unwrap();
    ledger.set_beside(WorkerId(7), tuesday, None).await.unwrap();
    assert_eq!(ledger.beside(monday, tuesday).await.unwrap(), [eights].into());
    assert!(ledger.beside(monday, monday).await.unwrap().is_empty());
}

pub(super) async fn c18_an_entry_has_one_line_whatever_its_code_is_called(ledger: &dyn Ledger) {
    let all = || ledger.lines(day("2026-03-01"), day("2026-03-31"));
    let (sent, other) = (line("2026-03-02", 800), line("2026-03-05", 400));
    let called = |code: &str| {
        let mut line = sent.clone();
        line.key.cost_code = code.into();
        line
    };
    ledger.remember_lines(&[sent.clone(), other.clone()]).await.unwrap();
    let renamed = called("03-310");
    ledger.remember_lines(std::slice::from_ref(&renamed)).await.unwrap();
    assert_eq!(all().await.unwrap(), [renamed, other.clone()]);
    let again = called("03-320");
    let lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&lease, &start(Direction::Export)).await.unwrap();
    let intent = ledger.record_intent(run, &line_write(&again), now()).await.unwrap();
    let done = Outcome::Done(Effect::LineStored(Box::new(again.clone())));
    ledger.record_outcome(intent, &done, now()).await.unwrap();
    assert_eq!(all().await.unwrap(), [again, other.clone()]);
    // A line that stands in another entry since is no other line of that entry.
    let moved = StoredLine {
        entry: EntryId(99),
        ..sent.clone()
    };
    ledger.remember_lines(&[sent.clone(), moved.clone()]).await.unwrap();
    ledger.remember_lines(&[called("03-310")]).await.unwrap();
    assert_eq!(all().await.unwrap(), [moved, called("03-310"), other]);
}

pub(super) async fn d24_a_week_that_differs_stays_until_it_agrees(ledger: &dyn Ledger) {
    let monday = |worker, date| (WorkerId(worker), day(date));
    let weeks = [
        monday(7, "2026-03-02"),
        monday(7, "2026-03-09"),
        monday(8, "2026-03-02"),
    ];
    for _ in 0..2 {
        ledger.set_late_weeks(&weeks.into(), &[].into()).await.unwrap();
    }
    assert_eq!(ledger.late_weeks().await.unwrap(), weeks.into());
    let agree = [weeks[0], monday(9, "2026-03-02")];
    ledger.set_late_weeks(&[].into(), &agree.into()).await.unwrap();
    assert_eq!(ledger.late_weeks().await.unwrap(), [weeks[1], weeks[2]].into());
}

pub(super) async fn b8_one_run_a_direction_holds_the_lease(ledger: &dyn Ledger) {
    let lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let second = ledger.lease(Direction::Export, now()).await;
    assert!(matches!(second, Err(LedgerError::Busy(Direction::Export))));
    let other = ledger.lease(Direction::Sync, now()).await;
    assert!(other.is_ok());
    drop(lease);
    assert!(ledger.lease(Direction::Export, now()).await.is_ok());
}

pub(super) async fn b14_a_lease_runs_out_by_the_clock_that_is_passed_in_and_each_intent_renews_it(ledger: &dyn Ledger) {
    let after = |minutes| now() + TimeDelta::minutes(minutes);
    let lease = ledger.lease(Direction::Sync, now()).await.unwrap();
    let run = ledger.begin_run(&lease, &start(Direction::Sync)).await.unwrap();
    ledger.record_intent(run, &record_write(), after(60)).await.unwrap();
    let second = ledger.lease(Direction::Sync, after(149)).await;
    assert!(matches!(second, Err(LedgerError::Busy(Direction::Sync))));
    let second = ledger.lease(Direction::Sync, after(151)).await.unwrap();
    assert!(second.number() > lease.number());
}

pub(super) async fn b14_a_lease_that_is_renewed_lasts_on_and_one_that_was_lost_is_not_renewed(ledger: &dyn Ledger) {
    let after = |minutes| now() + chrono::Duration::minutes(minutes);
    let first = ledger.lease(Direction::Export, now()).await.unwrap();
    ledger.renew(&first, after(80)).await.unwrap();
    let second = ledger.lease(Direction::Export, after(160)).await;
    assert!(
        matches!(second, Err(LedgerError::Busy(Direction::Export))),
        "{second:?}"
    );
    let second = ledger.lease(Direction::Export, after(171)).await.unwrap();
    let lost = ledger.renew(&first, after(172)).await;
    assert!(
        matches!(lost, Err(LedgerError::LeaseLost(Direction::Export))),
        "{lost:?}"
    );
    ledger.renew(&second, after(172)).await.unwrap();
    // The other direction is another right.
    assert!(ledger.lease(Direction::Sync, after(172)).await.is_ok());
}

pub(super) async fn b14_a_run_that_lost_its_lease_writes_nothing_more(ledger: &dyn Ledger) {
    let later = now() + TimeDelta::hours(3);
    let stored = line("2026-03-02", 800);
    let first = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&first, &start(Direction::Export)).await.unwrap();
    let intent = ledger.record_intent(run, &line_write(&stored), now()).await.unwrap();
    let second = ledger.lease(Direction::Export, later).await.unwrap();
    let lost = |error| matches!(error, Err(LedgerError::LeaseLost(Direction::Export)));
    assert!(lost(
        ledger.record_intent(run, &line_write(&stored), later).await.map(drop)
    ));
    let begun = ledger.begin_run(&first, &start(Direction::Export)).await;
    assert!(lost(begun.map(drop)));
    assert_eq!(
        ledger.journal(run).await.unwrap().len(),
        1,
        "what was refused left nothing"
    );
    // What was under way came to something, and that is still told.
    let done = Outcome::Done(Effect::LineStored(Box::new(stored.clone())));
    ledger.record_outcome(intent, &done, later).await.unwrap();
    assert!(ledger.open_intents(Direction::Export).await.unwrap().is_empty());
    // The loser gives up what is not its own any more, and the other goes on.
    drop(first);
    let run = ledger.begin_run(&second, &start(Direction::Export)).await.unwrap();
    ledger.record_intent(run, &line_write(&stored), later).await.unwrap();
    assert!(ledger.lease(Direction::Export, later).await.is_err());
    drop(second);
    assert!(lost(
        ledger.record_intent(run, &line_write(&stored), later).await.map(drop)
    ));
    assert!(ledger.lease(Direction::Export, later).await.is_ok());
}

pub(super) async fn a1_an_intent_is_open_until_its_outcome_is_known(ledger: &dyn Ledger) {
    let run_lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&run_lease, &start(Direction::Export)).await.unwrap();
    let stored = line("2026-03-02", 800);
    let write = line_write(&stored);
    let mut intents = Vec::new();
    for _ in 0..4 {
        intents.push(ledger.record_intent(run, &write, now()).await.unwrap());
    }
    let outcomes = [
        Outcome::Unknown("cut".into()),
        Outcome::Refused("422".into()),
        Outcome::Done(Effect::LineStored(Box::new(stored.clone()))),
    ];
    for (intent, outcome) in intents.iter().zip(&outcomes) {
        ledger.record_outcome(*intent, outcome, now()).await.unwrap();
    }
    let open = ledger.open_intents(Direction::Export).await.unwrap();
    let ids: Vec<_> = open.iter().map(|entry| entry.id).collect();
    assert_eq!(
        ids,
        [intents[0], intents[3]],
        "the unknown and the one without an outcome"
    );
    assert_eq!(open[0].write, write);
    assert!(ledger.open_intents(Direction::Sync).await.unwrap().is_empty());
    assert_eq!(
        ledger.lines(day("2026-03-02"), day("2026-03-02")).await.unwrap(),
        [stored]
    );
    ledger
        .record_outcome(intents[0], &Outcome::Absent, now())
        .await
        .unwrap();
    assert_eq!(ledger.open_intents(Direction::Export).await.unwrap().len(), 1);
}

pub(super) async fn a1_what_goes_side_by_side_is_stored_in_one_go(ledger: &dyn Ledger) {
    let lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let run = ledger.begin_run(&lease, &start(Direction::Export)).await.unwrap();
    let lines = [line("2026-03-02", 800), line("2026-03-03", 400)];
    let writes = lines.each_ref().map(line_write);
    assert!(ledger.record_intents(run, &[], now()).await.unwrap().is_empty());
    let intents = ledger.record_intents(run, &writes, now()).await.unwrap();
    let open = ledger.open_intents(Direction::Export).await.unwrap();
    let stored: Vec<_> = open.iter().map(|entry| (entry.id, entry.write.clone())).collect();
    assert_eq!(
        stored,
        intents.iter().copied().zip(writes.clone()).collect::<Vec<_>>(),
        "in the order of the writes"
    );
    let done = |line: &StoredLine| Outcome::Done(Effect::LineStored(Box::new(line.clone())));
    let outcomes = [
        (intents[0], done(&lines[0])),
        (intents[1], Outcome::Unknown("cut".into())),
    ];
    ledger.record_outcomes(&outcomes, now()).await.unwrap();
    let [open] = &ledger.open_intents(Direction::Export).await.unwrap()[..] else {
        panic!("the one whose outcome is not known stays open");
    };
    assert_eq!(open.id, intents[1]);
    assert_eq!(
        ledger.lines(day("2026-03-02"), day("2026-03-03")).await.unwrap(),
        [lines[0].clone()]
    );
    drop(lease);
    let refused = ledger.record_intents(run, &writes, now()).await;
    assert!(matches!(refused, Err(LedgerError::LeaseLost(Direction::Export))));
    assert_eq!(
        ledger.journal(run).await.unwrap().len(),
        2,
        "what was refused left nothing"
    );
}

pub(super) async fn runs_are_told_newest_first_with_what_they_wrote(ledger: &dyn Ledger) {
    let first_lease = ledger.lease(Direction::Sync, now()).await.unwrap();
    let first = ledger.begin_run(&first_lease, &start(Direction::Sync)).await.unwrap();
    let intent = ledger.record_intent(first, &record_write(), now()).await.unwrap();
    let done = Outcome::Done(Effect::Linked(link(1, "Delgado")));
    ledger.record_outcome(intent, &done, now()).await.unwrap();
    let end = RunEnd {
        at: now(),
        written: 1,
        held: 2,
        failed: 0,
    };
    ledger.end_run(first, &end).await.unwrap();
    let second_lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let second = ledger
        .begin_run(&second_lease, &start(Direction::Export))
        .await
        .unwrap();
    assert!(second > first);

    let runs = ledger.runs(None, usize::MAX).await.unwrap();
    let told: Vec<(RunId, Option<RunEnd>)> = runs.iter().map(|run| (run.id, run.end.clone())).collect();
    assert_eq!(told, [(second, None), (first, Some(end))]);
    let newest_of = async |direction| ledger.newest_run(direction).await.unwrap().map(|run| run.id);
    assert_eq!(newest_of(Direction::Sync).await, Some(first));
    assert_eq!(newest_of(Direction::Export).await, Some(second));
    assert_eq!(ledger.runs(None, 1).await.unwrap(), runs[..1]);
    assert_eq!(ledger.runs(Some(second), 9).await.unwrap(), runs[1..], "the next page");
    assert!(ledger.runs(Some(first), 9).await.unwrap().is_empty());
    let journal = ledger.journal(first).await.unwrap();
    assert_eq!((journal.len(), &journal[0].outcome), (1, &Some(done)));
    assert_eq!(journal[0].write, record_write());
    assert_eq!(ledger.links().await.unwrap(), [link(1, "Delgado")]);
    assert!(ledger.journal(second).await.unwrap().is_empty());
}

pub(super) async fn c13_a_ledger_belongs_to_one_pair_of_companies(ledger: &dyn Ledger) {
    let pair = |company: &str| Pair {
        office: company.into(),
        field: "api.arcoro.com".into(),
    };
    assert_eq!(ledger.pair().await.unwrap(), None);
    ledger.bind(&pair("api.procore.com company 1")).await.unwrap();
    assert_eq!(ledger.pair().await.unwrap(), Some(pair("api.procore.com company 1")));
    ledger.bind(&pair("api.procore.com company 1")).await.unwrap();
    let error = ledger.bind(&pair("api.procore.com company 2")).await.unwrap_err();
    assert!(error.to_string().contains("company 1"), "{error}");
    assert!(matches!(error, LedgerError::WrongPair { .. }));
}
