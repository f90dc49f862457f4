//! Days that cannot be sent for the times of their records.

use crate::export::test_world::{exported, plan_of, reasons, record, world};
use crate::hold::Reason;
use crate::model::{ClassHours, Hours};

#[test]
fn d8_an_open_record_holds_the_day_and_removes_nothing() {
    let mut facts = exported();
    facts.records.rows[1].stop = None;
    facts.records.rows[1].hours = ClassHours::default();
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(reasons(&plan.held), [Reason::DayIncomplete, Reason::OpenRecord]);
    assert_eq!(plan.account.total().held, Hours::from_minutes(240));
}

#[test]
fn d9_overlaps_hold_the_day_and_touching_ends_do_not() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 4 * 3600), record(2, 17, 3600)];
    assert!(plan_of(&facts).held.is_empty());
    facts.records.rows = vec![record(2, 13, 4 * 3600 + 1), record(2, 17, 3600)];
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::Overlap; 2]);
}
