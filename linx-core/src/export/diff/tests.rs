//! What differs from what Linx wrote before, and what may be changed or removed.

use std::collections::BTreeSet;

use super::Comparison;
use crate::change::{LineAction, LineChange};
use crate::export::test_world::{
    applied, day, exported, line_of, link, plan_by, plan_of, project_code, reasons, record, record_id, world,
};
use crate::export::{Deleted, ExportFacts};
use crate::hold::Reason;
use crate::ledger::recover::mark;
use crate::ledger::{
    Beside, Effect, IntentId, JournalEntry, Look, Missed, Missing, Moment, Outcome, Provenance, RunId, Write,
};
use crate::mapping::StandardRules;
use crate::model::{
    ApprovalStatus, CentiHours, ClassHours, Entry, EntryId, HourClass, Hours, Kind, OfficeRef, Refresh, TimeRecord,
    UserId, WorkerId,
};
use crate::plan::{ExportPlan, Selection};
use crate::settings::{ExportSettings, Guard, Removals};

#[test]
fn b10_a_lost_ledger_is_rebuilt_from_the_marks() {
    let mut facts = exported();
    assert!(plan_of(&facts).notes.is_empty(), "nothing was lost");
    let mut lines = std::mem::take(&mut facts.lines);
    lines[0].provenance = Provenance::Recovered;
    lines[0].stretches = Some(2);
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert!(
        plan.notes[0].contains("that this ledger never wrote"),
        "{:?}",
        plan.notes
    );
    assert_eq!(plan.agreed, lines, "and whose time it is");

    facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
    let plan = plan_of(&facts);
    assert_eq!(
        plan.changes[0].action,
        LineAction::Update,
        "an untouched entry can still be corrected"
    );

    facts.entries.rows[0].content.hours = CentiHours::from_hundredths(750);
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
}

/// What cannot go before it is known what became of something else goes with the next look.
#[test]
fn b5_what_waits_for_what_is_under_way_counts_with_what_goes() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600)];
    let mut goes = plan_of(&facts).changes.remove(0);
    (goes.action, goes.before) = (LineAction::Delete, Some(goes.content.hours));
    let of = |waiting: usize| {
        let mut found = Comparison::default();
        found.changes.push(goes.clone());
        found.note_waiting(&vec![goes.clone(); waiting]);
        found.mass_loss(Guard::default(), 4, false)
    };
    assert!(of(1).is_none());
    assert!(of(2).is_some(), "three of four");
}

/// A shift became overtime while the ledger was lost, and another line of the day grew: what is new is held in part, and may be the
/// very hours that stand.
#[test]
fn d8_b12_a_line_stays_while_new_time_of_its_day_is_held() {
    let mut facts = with_another_code();
    let other = TimeRecord {
        cost_code: Some(record_id("cc-220")),
        ..record(2, 21, 3600)
    };
    facts.records.rows.push(other);
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    for line in &mut facts.lines {
        line.provenance = Provenance::Recovered;
    }
    for record in facts
        .records
        .rows
        .iter_mut()
        .filter(|record| record.work_date == day(2))
    {
        record.hours = if record.cost_code == Some(record_id("cc-220")) {
            ClassHours::of(HourClass::Regular, Hours::from_minutes(120))
        } else {
            ClassHours::of(HourClass::Overtime, record.total())
        };
    }
    let plan = plan_of(&facts);
    assert!(plan.is_empty(), "{:?}", plan.changes);
    let held: BTreeSet<_> = reasons(&plan.held).into_iter().collect();
    assert_eq!(held, [Reason::BesideKept, Reason::LostLedger].into());
}

/// What was sent is 8.00 h of two stretches; one is gone, and as much is new on another code of the day, and held.
#[test]
fn d8_b13_a_line_is_not_lowered_for_new_time_of_its_day_that_is_held() {
    let mut facts = with_another_code();
    for line in &mut facts.lines {
        (line.provenance, line.stretches) = (Provenance::Recovered, Some(2));
    }
    facts.records.rows[1].cost_code = Some(record_id("cc-220"));
    let plan = plan_of(&facts);
    assert!(plan.is_empty(), "{:?}", plan.changes);
    let held: BTreeSet<_> = reasons(&plan.held).into_iter().collect();
    assert_eq!(held, [Reason::BesideKept, Reason::LostLedger].into());
}

/// The ledger was put back from before 2.00 h were raised to 8.00 h, which the entry's mark tells; all of them go to the next day.
#[test]
fn b12_d19_all_hours_of_an_entry_that_holds_what_linx_wrote_are_kept() {
    let mut facts = with_another_code();
    for line in &mut facts.lines {
        line.sent.as_mut().unwrap().hours = CentiHours::from_hundredths(200);
    }
    let another = TimeRecord {
        cost_code: Some(record_id("cc-220")),
        ..record(3, 17, 6 * 3600)
    };
    facts.records.rows = vec![record(3, 13, 2 * 3600), another];
    let plan = plan_of(&facts);
    assert!(plan.is_empty(), "{:?}", plan.changes);
}

/// The exported world with a second code for labor.
fn with_another_code() -> ExportFacts {
    let mut facts = exported();
    for codes in facts.project_codes.values_mut().flatten() {
        codes.rows.push(project_code(905, 73, "31-220", &["labor"]));
    }
    facts
}

#[test]
fn d17_a_correction_is_an_update_that_shows_both_values() {
    let mut facts = exported();
    facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(210));
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    let change = &plan.changes[0];
    assert_eq!((change.action, change.entry), (LineAction::Update, Some(EntryId(1))));
    assert_eq!(
        (change.before.unwrap().to_string(), change.content.hours.to_string()),
        ("8.00".into(), "7.50".into())
    );
}

#[test]
fn what_the_office_adjusted_or_deleted_is_never_put_back() {
    let mut facts = exported();
    facts.entries.rows[0].content.hours = CentiHours::from_hundredths(750);
    let plan = plan_of(&facts);
    assert!(plan.is_empty() && plan.held.is_empty());
    assert_eq!(reasons(&plan.left_out), [Reason::AdjustedInOffice]);
    assert!(
        plan.left_out[0]
            .detail
            .contains("7.50 h in Procore, 8.00 h in ExakTime")
    );

    let entry = facts.entries.rows.remove(0);
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::IncompleteList], "by one list");
    facts.deleted = Deleted::Read(vec![entry.clone()]);
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.left_out), [Reason::DeletedInOffice]);

    facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
    facts.entries.rows.push(entry);
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EditedOnBothSides]);
}

#[test]
fn both_sides_moving_to_the_same_value_agree() {
    let mut facts = exported();
    facts.entries.rows[0].content.hours = CentiHours::from_hundredths(750);
    facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(210));
    let plan = plan_of(&facts);
    assert!(plan.is_empty() && plan.held.is_empty() && plan.left_out.is_empty());
    assert_eq!(
        plan.agreed[0].sent, facts.lines[0].sent,
        "until another refresh has fewer hours, too"
    );
    assert!(plan.agreed[0].notes.missing.is_some());
    facts.lines[0].notes.missing = Some(missed_before(&facts));
    let plan = plan_of(&facts);
    assert!(plan.is_empty() && plan.held.is_empty() && plan.left_out.is_empty());
    assert_eq!(plan.agreed[0].sent.as_ref().unwrap().hours.to_string(), "7.50");
}

#[test]
fn d18_an_entry_that_a_person_has_looked_at_is_never_touched() {
    for status in [
        ApprovalStatus::Reviewed,
        ApprovalStatus::Approved,
        ApprovalStatus::Completed,
    ] {
        let mut facts = exported();
        facts.entries.rows[0].status = status;
        assert!(plan_of(&facts).held.is_empty(), "nothing changed, nothing to hold");
        facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(60));
        let plan = plan_of(&facts);
        assert!(plan.is_empty());
        assert_eq!(reasons(&plan.held), [Reason::EntryLocked]);
    }
}

/// Monday's line of 8 h was sent and its time is gone; Tuesday's stands.
fn without_monday() -> ExportFacts {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 8 * 3600), record(3, 13, 8 * 3600)];
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    facts.records.rows.remove(0);
    facts
}

/// As first missed at the refresh of the day before.
fn missed_before(facts: &ExportFacts) -> Missing {
    let refresh = Refresh {
        newest: Some(day(29)),
        ..facts.refresh.unwrap()
    };
    let since = day(30);
    Missing { since, refresh }
}

#[test]
fn b13_a_line_that_waits_is_held_and_remembers_the_refresh_at_which_it_was_first_missed() {
    let mut facts = without_monday();
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::AwaitsRefresh]);
    assert_eq!(plan.held[0].detail, "8.00 h in entry 1, missing since 2026-03-31");
    let missing = plan.agreed[0].notes.missing.unwrap();
    assert_eq!((missing.since, Some(missing.refresh)), (facts.today, facts.refresh));

    // The first look stays what it is, and a source that cannot be asked is not taken for one.
    facts.lines[0].notes.missing = plan.agreed[0].notes.missing;
    facts.today = day(31).succ_opt().unwrap();
    let plan = plan_of(&facts);
    assert_eq!((plan.changes.len(), plan.agreed.len()), (0, 0));
    assert!(plan.held[0].detail.ends_with("missing since 2026-03-31"));
    facts.refresh = None;
    facts.lines[0].notes.missing = None;
    let plan = plan_of(&facts);
    assert_eq!((plan.changes.len(), plan.agreed.len()), (0, 0));
    assert_eq!(reasons(&plan.held), [Reason::AwaitsRefresh]);
}

#[test]
fn b5_half_of_the_hours_that_were_sent_needs_consent_for_one_line_too() {
    for (kept, is_refused) in [(4 * 3600, true), (8 * 3600, false)] {
        let mut facts = without_monday();
        facts.lines[0].notes.missing = Some(missed_before(&facts));
        facts.records.rows[0] = record(3, 13, kept);
        let plan = plan_of(&facts);
        assert_eq!(plan.refused.is_some(), is_refused);
        assert_eq!(plan.changes.is_empty(), is_refused);
        let settings = ExportSettings {
            guard: Guard::OPEN,
            ..ExportSettings::default()
        };
        assert_eq!(plan_by(&facts, &settings).count(LineAction::Delete), 1);
    }
}

/// Procore does not tell what was deleted, so that two lists in a row have to lack an entry.
#[test]
fn a3_a_list_that_lacked_an_entry_counts_for_nothing_once_another_has_it() {
    for has_time in [true, false] {
        let mut facts = exported();
        facts.deleted = Deleted::NotKnown;
        facts.lines[0].notes.lacked = Some(facts.look.at);
        if !has_time {
            facts.records.rows.clear();
        }
        let plan = plan_of(&facts);
        let noted = plan.agreed.iter().find(|line| line.entry == facts.lines[0].entry);
        assert_eq!(noted.map(|line| line.notes.lacked), Some(None), "{has_time}");
    }
}

#[test]
fn b13_a_line_whose_time_is_gone_is_told_by_the_numbers_that_people_know() {
    let mut facts = without_monday();
    facts.lines[0].notes.missing = Some(missed_before(&facts));
    let view = plan_of(&facts).changes[0].view.clone();
    assert_eq!((view.employee.as_str(), view.location.as_str()), ("00102", "24-001"));
    facts.projects.rows[0].number = None;
    let view = plan_of(&facts).changes[0].view.clone();
    assert_eq!((view.employee.as_str(), view.location.as_str()), ("00102", "316"));
}

#[test]
fn d19_only_our_own_untouched_entries_are_deleted() {
    let mut facts = without_monday();
    let mut strange = facts.entries.rows[0].clone();
    strange.id = EntryId(99);
    strange.origin = None;
    facts.entries.rows.push(strange);
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty(),
        "a night that was not read yet looks the same (hazard B13)"
    );
    assert_eq!(reasons(&plan.held), [Reason::AwaitsRefresh]);

    facts.lines[0].notes.missing = Some(missed_before(&facts));
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(
        (plan.changes[0].action, plan.changes[0].entry),
        (LineAction::Delete, Some(EntryId(1)))
    );

    facts.entries.rows[0].content.description = Some("checked".into());
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::RemovedButEdited]);
}

#[test]
fn d19_a_move_removes_before_it_creates() {
    let mut facts = exported();
    for record in &mut facts.records.rows {
        record.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    }
    let actions: Vec<_> = plan_of(&facts).changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [LineAction::Delete, LineAction::Create]);
}

#[test]
fn d19_time_that_moves_off_an_entry_that_stays_is_not_paid_twice() {
    let mut facts = exported();
    for record in &mut facts.records.rows {
        record.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    }
    facts.entries.rows[0].status = ApprovalStatus::Approved;
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::BesideKept, Reason::RemovedButEdited]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(480));
}

#[test]
fn d19_time_that_moves_to_a_day_that_was_asked_for_brings_up_the_day_that_it_left() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(3, 13, 4 * 3600)];
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    facts.records.rows.pop();
    facts.records.rows.push(record(2, 17, 4 * 3600));
    let monday = Selection::days(day(2), day(2));
    let plan_of_monday = |facts: &ExportFacts| {
        let plan = crate::export::plan(facts, &StandardRules::standard(), &ExportSettings::default(), &monday).unwrap();
        let changes = plan.changes.iter();
        let actions: Vec<_> = changes.map(|change| (change.key.date, change.action)).collect();
        (actions, reasons(&plan.held))
    };
    let raised = (day(2), LineAction::Update);
    assert_eq!(
        plan_of_monday(&facts),
        (vec![], vec![Reason::BesideKept, Reason::AwaitsRefresh]),
        "what changed on Monday proves nothing of Tuesday, and would stand beside it"
    );
    facts.lines[1].notes.missing = Some(missed_before(&facts));
    assert_eq!(
        plan_of_monday(&facts),
        (vec![raised, (day(3), LineAction::Delete)], vec![])
    );
}

#[test]
fn d8_a_line_is_neither_lowered_nor_deleted_while_part_of_its_day_is_held() {
    let mut facts = exported();
    // One of two records of 4 h has no code any more; then neither has.
    facts.records.rows[1].cost_code = None;
    let plan = plan_of(&facts);
    assert!(plan.is_empty(), "{:?}", plan.changes);
    let mut held = reasons(&plan.held);
    held.sort();
    assert_eq!(held, [Reason::NoCostCode, Reason::PartHeld]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(480));
    let told = plan.held.iter().find(|held| held.reason == Reason::PartHeld).unwrap();
    assert_eq!(told.detail, "8.00 h in Procore, 4.00 h in ExakTime (entry 1)");

    facts.records.rows[0].cost_code = None;
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::NoCostCode, Reason::NoCostCode]);

    // A line that grows does, and one that was lowered does not go on to another line meanwhile.
    facts.records.rows[0] = record(2, 8, 9 * 3600);
    assert_eq!(plan_of(&facts).count(LineAction::Update), 1);
    facts.records.rows[0] = record(2, 8, 3600);
    facts.records.rows.push(TimeRecord {
        hours: ClassHours::of(HourClass::Overtime, Hours::from_minutes(60)),
        ..record(2, 10, 3600)
    });
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert!(reasons(&plan.held).contains(&Reason::BesideKept));
}

#[test]
fn b4_nothing_is_removed_on_the_strength_of_an_incomplete_list() {
    let mut facts = exported();
    facts.records.rows.clear();
    facts.records.incomplete = Some("499 of 500".into());
    assert!(plan_of(&facts).is_empty());
}

#[test]
fn b4_d26_nothing_is_lowered_for_what_exaktime_or_raised_for_what_procore_may_not_have_told() {
    let half = || Some("half of it".to_owned());
    let of_exaktime: fn(&mut ExportFacts, Option<String>) = |facts, why| facts.records.incomplete = why;
    let of_procore: fn(&mut ExportFacts, Option<String>) = |facts, why| facts.entries.incomplete = why;
    for (minutes, hours, lacks) in [(210, "7.50", of_exaktime), (270, "8.50", of_procore)] {
        let mut facts = exported();
        facts.records.rows[1].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(minutes));
        let changed = |facts: &ExportFacts| -> Vec<String> {
            let changes = plan_of(facts).changes;
            changes.iter().map(|change| change.content.hours.to_string()).collect()
        };
        assert_eq!(changed(&facts), [hours]);
        lacks(&mut facts, half());
        assert!(changed(&facts).is_empty(), "{hours}");
    }
}

#[test]
fn a1_nothing_is_created_while_procores_list_may_lack_rows() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600)];
    facts.entries.incomplete = Some("99 of 100".into());
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(
        reasons(&plan.held),
        [Reason::IncompleteList; 2],
        "the list, and the line"
    );
}

#[test]
fn a11_a_line_is_not_made_while_an_entry_of_its_days_could_not_be_read() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 7, 8 * 3600)];
    facts.entries.unreadable = vec![crate::ports::UnreadRow::new("91000001", "`hours` is not a decimal")];
    let plan = plan_by(&facts, &ExportSettings::default());
    assert!(plan.changes.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::UnreadableRow, Reason::IncompleteList]);
}

#[test]
fn d18_what_a_locked_entry_keeps_is_not_given_to_another_line() {
    let mut facts = exported();
    facts.entries.rows[0].status = ApprovalStatus::Approved;
    facts.records.rows[1].hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty(),
        "8 h stay, so that 4 h more would be 12: {:?}",
        plan.changes
    );
    let mut held = reasons(&plan.held);
    held.sort();
    assert_eq!(held, [Reason::EntryLocked, Reason::BesideKept]);
}

#[test]
fn c5_another_employees_days_say_nothing_of_the_lines_of_the_one_before() {
    let mut facts = without_monday();
    for line in &mut facts.lines {
        line.employees = BTreeSet::from([record_id("p-102")]).into();
    }
    facts.lines[0].notes.missing = Some(missed_before(&facts));
    assert_eq!(plan_of(&facts).count(LineAction::Delete), 1);
    for link in &mut facts.links {
        if link.kind == Kind::Employee {
            link.record = record_id("p-999");
        }
    }
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert!(reasons(&plan.held).contains(&Reason::EmployeeRelinked));
}

/// Procore calls the code 03-300 otherwise.
fn rename(facts: &mut ExportFacts, to: &str) {
    let company = facts.cost_codes.rows.iter_mut();
    company
        .filter(|code| code.full_code == "03-300")
        .for_each(|code| code.full_code = to.into());
    for codes in facts.project_codes.values_mut().flatten() {
        let codes = codes.rows.iter_mut().filter(|code| code.full_code == "03-300");
        codes.for_each(|code| code.full_code = to.into());
    }
}

#[test]
fn c18_a_code_that_is_renamed_is_no_change_of_its_lines() {
    let mut facts = exported();
    rename(&mut facts, "03-310");
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty() && plan.held.is_empty(),
        "{:?} {:?}",
        plan.changes,
        plan.held
    );
    assert_eq!(plan.unchanged, 1);
    let [renamed] = &plan.agreed[..] else {
        panic!("{:?}", plan.agreed)
    };
    assert_eq!((renamed.key.cost_code.as_ref(), renamed.entry), ("03-310", EntryId(1)));

    // The mark keeps the old text, and a ledger that was lost learns the new one.
    let lost = ExportFacts {
        lines: Vec::new(),
        ..facts.clone()
    };
    let plan = plan_of(&lost);
    assert!(plan.is_empty(), "{:?}", plan.changes);
    assert!(plan.agreed.iter().any(|line| line.key.cost_code.as_ref() == "03-310"));

    facts.records.rows[0].hours = ClassHours::of(HourClass::Regular, Hours::from_minutes(300));
    let plan = plan_of(&facts);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(
        (plan.changes[0].action, plan.changes[0].entry),
        (LineAction::Update, Some(EntryId(1)))
    );
}

/// Linx deletes an entry and is killed; the code is called otherwise, and its time is back.
#[test]
fn c18_b7_its_own_deletion_under_another_name_is_not_the_offices() {
    let mut facts = exported();
    let emptied = ExportFacts {
        records: crate::ports::Snapshot::complete(Vec::new()),
        ..facts.clone()
    };
    let settings = ExportSettings {
        removals: Removals::AtOnce,
        guard: Guard::OPEN,
        ..ExportSettings::default()
    };
    let plan = plan_by(&emptied, &settings);
    let [deletion] = &plan.changes[..] else {
        panic!("{:?} {:?}", plan.changes, plan.held)
    };
    assert_eq!(deletion.action, LineAction::Delete);
    let first = Look {
        at: Moment {
            here: facts.look.at.here - chrono::TimeDelta::hours(1),
            there: None,
        },
        ..facts.look
    };
    let write = JournalEntry {
        id: IntentId(1),
        run: RunId(1),
        write: Write::Line(Box::new(deletion.clone())),
        at: first.at.here,
        heard: first.at.here,
        outcome: Some(first.unseen(Missed::Target, None)),
    };
    facts.line_writes = vec![write.clone()];
    facts.open_intents = vec![write];
    facts.entries.rows.clear();
    rename(&mut facts, "03-310");
    // The run before has learned the new name.
    for line in &mut facts.lines {
        line.key.cost_code = "03-310".into();
    }
    let plan = plan_by(&facts, &settings);
    let actions: Vec<_> = plan.changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [LineAction::Create], "{:?} {:?}", plan.left_out, plan.held);
}

#[test]
fn c18_a_code_that_took_the_name_of_another_takes_none_of_its_lines() {
    let mut facts = exported();
    rename(&mut facts, "03-310");
    for code in &mut facts.cost_codes.rows {
        if code.full_code == "31-220" {
            code.full_code = "03-300".into();
        }
    }
    for codes in facts.project_codes.values_mut().flatten() {
        codes.rows.push(project_code(905, 73, "03-300", &["labor"]));
    }
    facts.records.rows.push(TimeRecord {
        cost_code: Some(record_id("cc-220")),
        ..record(2, 21, 3600)
    });
    let plan = plan_of(&facts);
    let changes: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.action, change.content.hours.to_string()))
        .collect();
    assert_eq!(changes, [(LineAction::Create, "1.00".to_owned())]);
    assert_eq!(plan.unchanged, 1);
}

#[test]
fn c18_a_renamed_code_without_time_waits_like_any_other() {
    let mut facts = without_monday();
    rename(&mut facts, "03-310");
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::AwaitsRefresh]);
}

/// A line that was sent twice, of which the first request was given up, and two entries of it by these users.
fn sent_twice(authors: [Option<u64>; 2]) -> ExportFacts {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600)];
    let plan = plan_of(&facts);
    let create = plan.changes[0].clone();
    let mut facts = applied(facts, &plan);
    let stored = Effect::LineStored(Box::new(facts.lines[0].clone()));
    let outcomes = [Outcome::Absent, Outcome::Done(stored)];
    for (number, outcome) in (1..).zip(outcomes) {
        facts.line_writes.push(JournalEntry {
            id: IntentId(number),
            run: RunId(1),
            write: Write::Line(Box::new(create.clone())),
            at: facts.now,
            heard: facts.now,
            outcome: Some(outcome),
        });
    }
    let first = facts.entries.rows[0].clone();
    facts.entries.rows = [EntryId(1), EntryId(2)]
        .into_iter()
        .zip(authors)
        .map(|(id, author)| Entry {
            id,
            author: author.map(UserId),
            created: Some(facts.now),
            updated: None,
            ..first.clone()
        })
        .collect();
    facts
}

#[test]
fn b15_an_entry_by_another_user_than_the_first_is_no_late_request_of_ours() {
    let actions = |authors| {
        let plan = plan_of(&sent_twice(authors));
        let actions: Vec<_> = plan
            .changes
            .iter()
            .map(|change| (change.action, change.entry))
            .collect();
        (actions, reasons(&plan.held))
    };
    let younger = vec![(LineAction::Delete, Some(EntryId(2)))];
    // Where Procore tells of no user, the journal and the time of the entry decide.
    for authors in [[Some(7), Some(7)], [None, None]] {
        assert_eq!(actions(authors), (younger.clone(), vec![]));
    }
    for authors in [[Some(7), Some(41)], [Some(7), None], [None, Some(7)]] {
        assert_eq!(actions(authors), (vec![], vec![Reason::StandsTwice]));
    }
}

#[test]
fn b15_a_send_that_made_an_entry_makes_no_second_one() {
    let mut facts = sent_twice([Some(7), Some(7)]);
    // Both sends are known to have made the first entry: the second one is somebody's copy.
    let made = facts.line_writes[1].outcome.clone();
    facts.line_writes[0].outcome = made;
    let plan = plan_of(&facts);
    assert_eq!(
        (plan.changes.len(), reasons(&plan.held)),
        (0, vec![Reason::StandsTwice])
    );
}

/// The first entry was changed by us since; the second one, which arrived late, is as the line was sent first, or as nobody sent it.
#[test]
fn b15_a_late_entry_that_is_as_it_was_sent_once_goes_and_one_that_somebody_changed_stays() {
    for (late, goes) in [("4.00", true), ("3.00", false)] {
        let mut facts = sent_twice([Some(7), Some(7)]);
        let raised: CentiHours = "5.00".parse().unwrap();
        let line = &mut facts.lines[0];
        line.sent.as_mut().unwrap().hours = raised;
        let now = mark(&line.key, line.sent.as_ref().unwrap());
        for entry in &mut facts.entries.rows {
            entry.origin = Some(now.clone().into());
        }
        facts.entries.rows[0].content.hours = raised;
        facts.entries.rows[1].content.hours = late.parse().unwrap();
        facts.records.rows[0] = record(2, 13, 5 * 3600);
        let plan = plan_of(&facts);
        let gone: Vec<_> = plan.changes.iter().filter_map(|change| change.entry).collect();
        let told = if goes { vec![] } else { vec![Reason::StandsTwice] };
        assert_eq!(gone == [EntryId(2)], goes, "{late}: {:?}", plan.changes);
        assert_eq!(reasons(&plan.held), told, "{late}");
    }
}

/// A line was sent twice, since nobody knew of the first; a person copies its entry minutes later and deletes it. By the journal the copy
/// could be ours.
#[test]
fn b7_an_entry_that_another_user_made_is_no_late_request_of_ours() {
    for (author, stays) in [(41, true), (7, false)] {
        let mut facts = sent_twice([Some(7), Some(author)]);
        let mut other = facts.lines[0].clone();
        (other.key.date, other.entry) = (day(9), EntryId(9));
        let stands = Entry {
            id: other.entry,
            content: other.sent.clone().unwrap(),
            ..facts.entries.rows[0].clone()
        };
        facts.lines.push(other);
        let ours = std::mem::replace(&mut facts.entries.rows[0], stands);
        facts.deleted = Deleted::Read(vec![ours]);
        facts.records.rows.clear();
        let settings = ExportSettings {
            removals: Removals::AtOnce,
            guard: Guard::OPEN,
            ..ExportSettings::default()
        };
        let plan = plan_by(&facts, &settings);
        let goes = plan.changes.iter().any(|change| change.entry == Some(EntryId(2)));
        let is_told = reasons(&plan.held).contains(&Reason::RemovedButEdited);
        assert_eq!((goes, is_told), (!stays, stays), "{author}: {:?}", plan.held);
    }
}

/// A request arrives within the two minutes between two looks, by clocks that differ by a quarter of an hour.
#[test]
fn b15_d27_an_entry_may_be_ours_that_was_made_while_its_request_could_arrive() {
    for (minutes, is_ours) in [(-16, false), (-14, true), (14, true), (16, true), (18, false)] {
        let mut facts = sent_twice([Some(7), Some(7)]);
        facts.entries.rows[1].created = Some(facts.now + chrono::TimeDelta::minutes(minutes));
        let plan = plan_of(&facts);
        let told = if is_ours { vec![] } else { vec![Reason::StandsTwice] };
        assert_eq!(
            (plan.changes.len() == 1, reasons(&plan.held)),
            (is_ours, told),
            "{minutes}"
        );
    }
}

/// Our clock is an hour behind the service's, when a line is sent and when it is looked for.
#[test]
fn b15_d27_a_machine_whose_clock_is_wrong_all_along_knows_what_it_sent() {
    let mut facts = sent_twice([Some(7), Some(7)]);
    let hour = chrono::TimeDelta::hours(1);
    facts.look.at.there = Some(facts.look.at.here + hour);
    for entry in &mut facts.entries.rows {
        entry.created = entry.created.map(|created| created + hour);
    }
    let plan = plan_of(&facts);
    assert_eq!(
        (plan.changes.len(), reasons(&plan.held)),
        (1, vec![]),
        "{:?}",
        plan.held
    );
}

/// An intent of which one look was noted an hour ago that did not show it.
fn unseen(id: i64, create: LineChange, facts: &ExportFacts) -> JournalEntry {
    let before = facts.look.at.here - chrono::TimeDelta::hours(1);
    let first = Look {
        at: Moment {
            here: before,
            there: None,
        },
        ..facts.look
    };
    JournalEntry {
        id: IntentId(id),
        run: RunId(1),
        write: Write::Line(Box::new(create)),
        at: before,
        heard: before,
        outcome: Some(first.unseen(Missed::Write, None)),
    }
}

/// Remembers what a plan noted of lines, as the ledger does.
fn remember(facts: &mut ExportFacts, plan: &ExportPlan) {
    for line in &plan.agreed {
        facts.lines.retain(|known| known.key != line.key);
        facts.lines.push(line.clone());
    }
}

/// A create got no answer, two looks do not show it, and the office may have deleted it: the list of deleted entries tells, if it is whole.
#[test]
fn b7_a_create_waits_while_the_list_of_deleted_entries_has_gaps() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600)];
    let create = plan_of(&facts).changes.remove(0);
    facts.open_intents = vec![unseen(1, create, &facts)];
    for (deleted, sent, held) in [
        (Deleted::InPart(Vec::new()), 0, vec![Reason::UnknownOutcome]),
        (Deleted::Read(Vec::new()), 1, vec![]),
        (Deleted::NotKnown, 1, vec![]),
    ] {
        facts.deleted = deleted;
        let plan = plan_of(&facts);
        assert_eq!((plan.changes.len(), reasons(&plan.held)), (sent, held));
        let is_concluded = plan.resumed.iter().any(|(_, outcome)| outcome.is_final());
        assert_eq!(is_concluded, sent == 1, "{:?}", plan.resumed);
    }
}

/// An older copy of the ledger has a line whose entry is gone, and Procore does not tell what was deleted. Consent at the first look, to
/// another line that the lost ledger wrote, is none to that one: nobody knew of it yet.
#[test]
fn b12_consent_is_for_lines_that_are_known_to_be_gone() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(9, 13, 3600)];
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    // The copy has the older line, whose entry the lost ledger deleted; the newer one stands.
    facts.lines.retain(|line| line.key.date == day(2));
    facts.entries.rows.retain(|entry| entry.content.date == day(9));
    facts.records.rows.retain(|record| record.work_date == day(9));
    let consent = Selection {
        allow_mass_change: true,
        ..Selection::days(day(1), day(31))
    };
    let rules = StandardRules::standard();
    let first = crate::export::plan(&facts, &rules, &ExportSettings::default(), &consent).unwrap();
    remember(&mut facts, &first);
    facts.look.at.here += chrono::TimeDelta::days(1);
    facts.records.rows.push(record(2, 13, 4 * 3600));
    let plan = plan_of(&facts);
    assert_eq!(
        (reasons(&plan.held), reasons(&plan.left_out)),
        (vec![Reason::LostLedger], vec![]),
        "what the lost ledger deleted is not the office's decision"
    );
    let plan = crate::export::plan(&facts, &rules, &ExportSettings::default(), &consent).unwrap();
    assert_eq!((plan.changes.len(), reasons(&plan.held)), (1, vec![]));
}

/// A create of a day that is not read any more got no answer. Lines of others on that day, whose entries nobody reads, say nothing.
#[test]
fn a15_lines_of_days_that_are_not_read_make_no_list_lack_anything() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600)];
    let create = plan_of(&facts).changes.remove(0);
    let january = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    let mut old = create.clone();
    (old.key.date, old.content.date) = (january, january);
    facts.open_intents = vec![unseen(1, old, &facts), unseen(2, create, &facts)];
    facts.deleted = Deleted::Read(Vec::new());
    let mut other = line_of(january);
    (other.key.worker, other.entry) = (WorkerId(8), EntryId(77));
    facts.lines.push(other);
    let plan = plan_of(&facts);
    assert_eq!((plan.changes.len(), reasons(&plan.held)), (1, vec![]));
}

/// A person's word lets a create be sent again while the list of deleted entries cannot be read to its end.
#[test]
fn b7_a_create_that_waits_for_the_list_of_deleted_entries_is_sent_again_by_a_persons_word() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600)];
    let create = plan_of(&facts).changes.remove(0);
    facts
        .beside
        .insert((create.key.worker, create.key.date), Beside::default());
    facts.open_intents = vec![unseen(1, create, &facts)];
    facts.deleted = Deleted::InPart(Vec::new());
    let plan = plan_of(&facts);
    assert_eq!((plan.changes.len(), reasons(&plan.held)), (1, vec![]));
    assert!(
        plan.notes.iter().any(|note| note.contains("sent again")),
        "{:?}",
        plan.notes
    );
}

/// The user as whom Linx is logged in copies an entry of ours minutes later, or the next day, and deletes the first. Nothing tells that a ledger was lost.
#[test]
fn b7_b12_a_copy_by_our_own_user_is_no_other_ledgers() {
    for minutes in [10, 24 * 60] {
        let mut facts = sent_twice([Some(7), Some(7)]);
        // One send, which is known to have made the first entry.
        facts.line_writes.remove(0);
        let mut other = facts.lines[0].clone();
        (other.key.date, other.entry) = (day(9), EntryId(9));
        let stands = Entry {
            id: other.entry,
            content: other.sent.clone().unwrap(),
            ..facts.entries.rows[0].clone()
        };
        facts.lines.push(other);
        let ours = std::mem::replace(&mut facts.entries.rows[0], stands);
        facts.entries.rows[1].created = Some(facts.now + chrono::TimeDelta::minutes(minutes));
        facts.deleted = Deleted::Read(vec![ours]);
        let settings = ExportSettings {
            removals: Removals::AtOnce,
            guard: Guard::OPEN,
            ..ExportSettings::default()
        };
        for (hours, reason) in [
            (None, Reason::RemovedButEdited),
            (Some(3600), Reason::EditedOnBothSides),
        ] {
            facts.records.rows = vec![record(9, 13, 4 * 3600)];
            facts.records.rows.extend(hours.map(|hours| record(2, 13, hours)));
            let plan = plan_by(&facts, &settings);
            let is_touched = plan.changes.iter().any(|change| change.entry == Some(EntryId(2)));
            assert_eq!((is_touched, reasons(&plan.held)), (false, vec![reason]), "{minutes}");
        }
    }
}

/// Consent that was given before anybody knew of a line counts in no later round of that run either.
#[test]
fn b12_consent_is_for_no_line_that_a_later_round_finds_gone() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(9, 13, 3600)];
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    facts.lines.retain(|line| line.key.date == day(2));
    facts.entries.rows.retain(|entry| entry.content.date == day(9));
    let consent = Selection {
        allow_mass_change: true,
        ..Selection::days(day(1), day(31))
    };
    for _round in 0..2 {
        let rules = StandardRules::standard();
        let plan = crate::export::plan(&facts, &rules, &ExportSettings::default(), &consent).unwrap();
        remember(&mut facts, &plan);
        facts.look.at.here += chrono::TimeDelta::seconds(120);
    }
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::LostLedger]);
}

/// An employee is linked no more: that is told, and nobody is asked to delete what was sent for the worker.
#[test]
fn c17_who_is_told_of_an_unlinked_employee_is_not_asked_to_delete_anything() {
    let mut facts = exported();
    facts.links.retain(|link| link.kind != Kind::Employee);
    let plan = plan_of(&facts);
    assert!(plan.agreed.iter().all(|line| !line.notes.asked), "{:?}", plan.held);
    remember(&mut facts, &plan);
    facts.deleted = Deleted::Read(std::mem::take(&mut facts.entries.rows));
    let mut anew = facts.workers.rows[0].clone();
    anew.id = WorkerId(8);
    facts.workers.rows.push(anew);
    facts.links.push(link(OfficeRef::Worker(WorkerId(8)), "p-102"));
    let plan = plan_of(&facts);
    assert_eq!(
        (plan.changes.len(), reasons(&plan.held)),
        (0, vec![Reason::EditedOnBothSides])
    );
}

/// Our clock was right when two were sent, and is an hour ahead now: they are ours as well.
#[test]
fn b15_d27_a_clock_that_was_set_since_makes_no_copy_of_what_we_sent() {
    let mut facts = sent_twice([Some(7), Some(7)]);
    facts.look.at.there = Some(facts.look.at.here - chrono::TimeDelta::hours(1));
    let plan = plan_of(&facts);
    assert_eq!(
        (plan.changes.len(), reasons(&plan.held)),
        (1, vec![]),
        "{:?}",
        plan.held
    );
}
