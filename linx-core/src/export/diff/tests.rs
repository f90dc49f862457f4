//! What differs from what Linx wrote before, and what may be changed or removed.

use crate::change::LineAction;
use crate::export::test_world::{applied, day, exported, plan_by, plan_of, reasons, record, record_id, world};
use crate::hold::Reason;
use crate::ledger::Provenance;
use crate::mapping::StandardRules;
use crate::model::{ApprovalStatus, CentiHours, ClassHours, EntryId, HourClass, Hours, Kind};
use crate::plan::Selection;
use crate::settings::ExportSettings;

#[test]
fn b10_a_lost_ledger_is_rebuilt_from_the_marks() {
    let mut facts = exported();
    let mut lines = std::mem::take(&mut facts.lines);
    lines[0].provenance = Provenance::Recovered;
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
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

#[test]
fn d19_only_our_own_untouched_entries_are_deleted() {
    let mut facts = exported();
    facts.records.rows.clear();
    let mut strange = facts.entries.rows[0].clone();
    strange.id = EntryId(99);
    strange.origin = None;
    facts.entries.rows.push(strange);
    let plan = plan_of(&facts);
    assert!(
        plan.is_empty(),
        "a night that was not read yet looks the same (hazard B13)"
    );
    assert_eq!(reasons(&plan.left_out), [Reason::AwaitsRefresh]);
    assert_eq!(plan.agreed[0].missing_since, Some(facts.today));

    facts.lines[0].missing_since = Some(day(30));
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
fn d19_time_that_moves_from_a_day_that_was_not_asked_for_leaves_it_at_once() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(3, 13, 4 * 3600)];
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    facts.records.rows.pop();
    facts.records.rows.push(record(2, 17, 4 * 3600));
    let monday = Selection::days(day(2), day(2));
    let plan = crate::export::plan(&facts, &StandardRules::standard(), &ExportSettings::default(), &monday).unwrap();
    let actions: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.key.date, change.action))
        .collect();
    assert_eq!(actions, [(day(2), LineAction::Update), (day(3), LineAction::Delete)]);
}

#[test]
fn b4_nothing_is_removed_on_the_strength_of_an_incomplete_list() {
    let mut facts = exported();
    facts.records.rows.clear();
    facts.records.incomplete = Some("499 of 500".into());
    assert!(plan_of(&facts).is_empty());
}

#[test]
fn a1_nothing_is_created_while_procores_list_may_lack_rows() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600)];
    facts.entries.incomplete = Some("99 of 100".into());
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::IncompleteList]);
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
    let mut facts = exported();
    facts.lines[0].employees = [record_id("p-102")].into();
    facts.lines[0].missing_since = Some(day(30));
    facts.records.rows.clear();
    assert_eq!(plan_of(&facts).count(LineAction::Delete), 1);
    for link in &mut facts.links {
        if link.kind == Kind::Employee {
            link.record = record_id("p-999");
        }
    }
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::EmployeeRelinked]);
}
