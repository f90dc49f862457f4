//! Nights of any kind, one after the other: no entry goes whose time was not absent twice, and whatever waits is told.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::change::{LineAction, LineKey};
use crate::export::ExportFacts;
use crate::export::test_world::{applied, day, plan_by, record, world};
use crate::hold::{Reason, Subject};
use crate::model::{ClassHours, HourClass, Hours, Refresh, TimeRecord};
use crate::plan::ExportPlan;
use crate::settings::{ExportSettings, Guard};

/// What the source shows of what was worked.
#[derive(Debug, Clone, Copy)]
enum Feed {
    Whole,
    Empty,
    Half,
    OneMissing,
    OneMissingAndMoreOfItsDay,
    OneMissingAndLessOfItsDay,
}

/// One look at the source.
#[derive(Debug, Clone)]
struct Look {
    /// Whether the source was filled anew before it; else it is being filled.
    anew: bool,
    feed: Feed,
    which: usize,
    consent: bool,
}

fn any_look() -> impl Strategy<Value = Look> {
    let feed = prop_oneof![
        Just(Feed::Whole),
        Just(Feed::Empty),
        Just(Feed::Half),
        Just(Feed::OneMissing),
        Just(Feed::OneMissingAndMoreOfItsDay),
        Just(Feed::OneMissingAndLessOfItsDay),
    ];
    (any::<bool>(), feed, 0..8_usize, any::<bool>()).prop_map(|(anew, feed, which, consent)| Look {
        anew,
        feed,
        which,
        consent,
    })
}

/// Four days, each with regular time and overtime.
fn worked() -> Vec<TimeRecord> {
    let overtime = |date| TimeRecord {
        hours: ClassHours::of(HourClass::Overtime, Hours::from_minutes(240)),
        ..record(date, 17, 4 * 3600)
    };
    (2..6)
        .flat_map(|date| [record(date, 13, 4 * 3600), overtime(date)])
        .collect()
}

impl Look {
    fn shows(&self) -> Vec<TimeRecord> {
        let (missing, sibling) = (self.which, self.which ^ 1);
        let minutes = match self.feed {
            Feed::OneMissingAndMoreOfItsDay => 300,
            Feed::OneMissingAndLessOfItsDay => 180,
            _ => 240,
        };
        let all = worked().into_iter().enumerate();
        let shown = all.filter(|(at, _)| match self.feed {
            Feed::Whole => true,
            Feed::Empty => false,
            Feed::Half => at % 2 == missing % 2,
            _ => *at != missing,
        });
        let hours = |at, record: TimeRecord| {
            let class = HourClass::ALL
                .into_iter()
                .find(|class| record.hours.of_class(*class) != Hours::ZERO);
            let minutes = if at == sibling { minutes } else { 240 };
            TimeRecord {
                hours: ClassHours::of(class.unwrap(), Hours::from_minutes(minutes)),
                ..record
            }
        };
        shown.map(|(at, record)| hours(at, record)).collect()
    }
}

/// What Procore and the ledger hold once a plan was applied.
fn remembered(facts: ExportFacts, plan: &ExportPlan) -> ExportFacts {
    let mut facts = facts;
    for line in &plan.agreed {
        facts.lines.retain(|known| known.key != line.key);
        facts.lines.push(line.clone());
    }
    applied(facts, plan)
}

/// Whether some time of a line is shown.
fn is_shown(key: &LineKey, records: &[TimeRecord]) -> bool {
    let of_line =
        |record: &&TimeRecord| record.work_date == key.date && record.hours.of_class(key.class) != Hours::ZERO;
    records.iter().any(|record| of_line(&record))
}

/// Checks one plan against the nights on which each line was absent without being seen in between.
fn check(
    facts: &ExportFacts,
    plan: &ExportPlan,
    absences: &BTreeMap<LineKey, BTreeSet<u32>>,
) -> Result<(), TestCaseError> {
    let gains = |key: &LineKey| {
        plan.changes
            .iter()
            .any(|change| change.gains() && change.key.date == key.date)
    };
    for change in plan.changes.iter().filter(|change| change.action == LineAction::Delete) {
        let nights = absences.get(&change.key).map_or(0, BTreeSet::len);
        prop_assert!(
            nights >= 2 || gains(&change.key),
            "{} goes after {nights} nights",
            change.key
        );
    }
    for line in facts
        .lines
        .iter()
        .filter(|line| !is_shown(&line.key, &facts.records.rows))
    {
        let goes = plan
            .changes
            .iter()
            .any(|change| change.key == line.key && change.action == LineAction::Delete);
        let told = plan
            .held
            .iter()
            .find(|held| matches!(&held.subject, Subject::Line(key) if **key == line.key));
        let hours = facts
            .entries
            .rows
            .iter()
            .find(|entry| entry.id == line.entry)
            .unwrap()
            .content
            .hours;
        let told = told.is_some_and(|held| held.detail.contains(&format!("{hours} h")));
        prop_assert!(goes || told, "{} waits and is not told", line.key);
    }
    Ok(())
}

proptest! {
    #[test]
    fn b13_no_entry_goes_whose_time_was_not_absent_twice_and_whatever_waits_is_told(
        looks in prop::collection::vec(any_look(), 1..12),
    ) {
        let mut facts = world();
        facts.records.rows = worked();
        let plan = plan_by(&facts, &ExportSettings::default());
        let mut facts = applied(facts, &plan);
        prop_assert_eq!(facts.lines.len(), 8);
        let mut absences: BTreeMap<LineKey, BTreeSet<u32>> = BTreeMap::new();
        let mut night = 10;
        for look in looks {
            night += u32::from(look.anew);
            facts.records.rows = look.shows();
            facts.today = day(night);
            facts.refresh = Some(Refresh {
                newest: Some(day(night - 1)),
                count: Some(u64::try_from(facts.records.rows.len()).unwrap()),
                ahead: None,
            });
            let guard = if look.consent { Guard::OPEN } else { Guard::default() };
            let plan = plan_by(&facts, &ExportSettings { guard, ..ExportSettings::default() });
            for line in &facts.lines {
                let nights = absences.entry(line.key.clone()).or_default();
                if is_shown(&line.key, &facts.records.rows) {
                    nights.clear();
                } else {
                    nights.insert(night);
                }
            }
            check(&facts, &plan, &absences)?;
            facts = remembered(facts, &plan);
            absences.retain(|key, _| facts.lines.iter().any(|line| line.key == *key));
        }
        // The source is whole again: nothing waits, and what went comes back.
        facts.records.rows = worked();
        let plan = plan_by(&facts, &ExportSettings { guard: Guard::OPEN, ..ExportSettings::default() });
        prop_assert!(plan.held.iter().all(|held| held.reason != Reason::AwaitsRefresh));
        let facts = remembered(facts, &plan);
        prop_assert_eq!(facts.lines.len(), 8);
        prop_assert!(plan_by(&facts, &ExportSettings::default()).is_empty());
    }
}
