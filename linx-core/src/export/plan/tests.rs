//! Whole plans: a second export, the guard, and the account of every hour.

use proptest::prelude::*;

use crate::change::{LineAction, LineKey};
use crate::export::plan;
use crate::export::test_world::{PROJECT, any_record, any_settings, applied, day, exported, plan_of, record, world};
use crate::mapping::StandardRules;
use crate::model::{ClassHours, EntryId, HourClass, Hours};
use crate::plan::Selection;

#[test]
fn b12_a_second_export_changes_nothing() {
    let facts = exported();
    let plan = plan_of(&facts);
    assert!(plan.is_empty());
    assert_eq!(
        (plan.unchanged, plan.account.total().stored),
        (1, Hours::from_minutes(480))
    );
}

#[test]
fn b10_a_day_that_was_cut_anew_is_the_same_line() {
    let mut facts = exported();
    facts.records.rows = vec![record(2, 13, 2 * 3600), record(2, 15, 6 * 3600)];
    assert!(plan_of(&facts).is_empty());
}

#[test]
fn b5_what_moves_waits_with_the_deletion_that_the_guard_refuses() {
    let mut facts = world();
    facts.records.rows = (2..=28).map(|date| record(date, 13, 4 * 3600)).collect();
    let plan = plan_of(&facts);
    let mut facts = applied(facts, &plan);
    for record in &mut facts.records.rows {
        record.hours = ClassHours::of(HourClass::Overtime, Hours::from_minutes(240));
    }
    let plan = plan_of(&facts);
    assert!(plan.refused.is_some() && plan.is_empty());
    assert_eq!(plan.account.total().held, plan.account.total().read);
}

proptest! {
    #[test]
    fn d25_every_hour_has_one_fate_and_a_second_export_writes_nothing(
        records in proptest::collection::vec(any_record(), 0..12),
        later in proptest::collection::vec(any_record(), 0..12),
        touched in proptest::collection::vec(any::<bool>(), 12),
    ) {
        let mut facts = world();
        facts.records.rows = records;
        let first = plan_of(&facts);
        let mut facts = applied(facts, &first);
        prop_assert!(plan_of(&facts).is_empty(), "a second export writes nothing");

        // People work on in both places; what an office hand touched is never written again.
        for (entry, touched) in facts.entries.rows.iter_mut().zip(&touched) {
            if *touched {
                entry.content.description = Some("by hand".into());
            }
        }
        let by_hand: Vec<EntryId> = facts
            .entries.rows.iter().zip(&touched).filter(|(_, touched)| **touched).map(|(entry, _)| entry.id).collect();
        facts.records.rows = later;
        let second = plan_of(&facts);
        for change in &second.changes {
            prop_assert!(change.entry.is_none_or(|entry| !by_hand.contains(&entry)), "{change:?}");
        }
        let facts = applied(facts, &second);
        prop_assert!(plan_of(&facts).is_empty());
        let keys: std::collections::BTreeSet<&LineKey> = facts.lines.iter().map(|line| &line.key).collect();
        prop_assert_eq!(keys.len(), facts.lines.len(), "no key twice");
    }

    #[test]
    fn the_order_of_reading_does_not_matter(
        records in proptest::collection::vec(any_record(), 0..8).prop_flat_map(|records| {
            (Just(records.clone()), Just(records).prop_shuffle())
        }),
    ) {
        let mut facts = world();
        facts.records.rows = records.0;
        let one = plan_of(&facts);
        facts.records.rows = records.1;
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&plan_of(&facts)).unwrap());
    }
}

proptest! {
    #[test]
    fn d25_every_hour_has_one_fate_however_shifts_are_cut_and_rounded(
        records in proptest::collection::vec(any_record(), 0..8),
        breaks in proptest::collection::vec(0_i64..4000, 8),
        settings in any_settings(),
        takes_start_stop in any::<bool>(),
        (from, days) in (1_u32..5, 0_u32..4),
    ) {
        let mut facts = world();
        if takes_start_stop {
            facts.settings.start_stop_projects = vec![PROJECT];
        }
        facts.records.rows = records;
        for (record, unpaid) in facts.records.rows.iter_mut().zip(breaks) {
            record.stop = record.stop.map(|stop| stop + chrono::Duration::seconds(unpaid));
        }
        let selection = Selection::days(day(from), day(from + days));
        let rules = StandardRules::standard();
        // Nothing that was read is without a fate, or `plan` would be an error.
        let first = plan(&facts, &rules, &settings, &selection).unwrap();
        prop_assert_eq!(first.account.check(), Ok(()));
        for change in &first.changes {
            prop_assert!((selection.from..=selection.to).contains(&change.key.date));
            prop_assert_eq!(change.content.span.is_some(), takes_start_stop);
            if settings.rounding == crate::settings::Rounding::None {
                let exact: Hours = change.carries.iter().map(|carried| carried.hours).sum();
                let sent = change.content.hours.to_hours();
                prop_assert!((sent - exact).seconds().abs() <= 36, "{} for {}", sent.seconds(), exact.seconds());
            }
        }
        // Whatever the days of the next export, it leaves these lines alone.
        let facts = applied(facts, &first);
        let wider = Selection::days(day(1), day(9));
        let second = plan(&facts, &rules, &settings, &wider).unwrap();
        for change in &second.changes {
            prop_assert!(!first.changes.iter().any(|known| known.key == change.key), "{change:?}");
            prop_assert_eq!(change.action, LineAction::Create);
        }
    }
}
