//! What a compare comes to, and the guard on it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use crate::change::{LineAction, LineChange, LineKey};
use crate::export::tally::PlanTally;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, EntryId, Hours, WorkerId, first_of_week};
use crate::plan::{Becoming, MassChange, hold_where};
use crate::settings::Guard;

/// What differs from the baseline, and what does not.
#[derive(Debug, Default)]
pub(in crate::export) struct Comparison {
    /// What would be written.
    pub(in crate::export) changes: Vec<LineChange>,
    /// What the ledger only has to remember.
    pub(in crate::export) agreed: BTreeMap<LineKey, StoredLine>,
    /// How many lines stand as they should.
    pub(in crate::export) unchanged: usize,
    /// Lines that wait until another refresh of the source lacks their time too.
    pub(super) awaiting: Vec<LineKey>,
    /// Entries of ours that the office moved to another day or worker.
    pub(super) moved: Vec<EntryId>,
    /// How many hours were read of the workers' days of which lines gain some.
    pub(super) read: BTreeMap<(WorkerId, NaiveDate), CentiHours>,
}

impl Comparison {
    /// Begins with lines that the ledger has yet to learn of.
    pub(in crate::export) fn to_remember<'l>(lines: impl Iterator<Item = &'l StoredLine>) -> Self {
        Self {
            agreed: lines.map(|line| (line.key.clone(), line.clone())).collect(),
            ..Self::default()
        }
    }

    /// Adds what was found of another worker.
    pub(in crate::export) fn extend(&mut self, other: Self) {
        self.changes.extend(other.changes);
        self.agreed.extend(other.agreed);
        self.unchanged += other.unchanged;
        self.awaiting.extend(other.awaiting);
        self.moved.extend(other.moved);
        self.read.extend(other.read);
    }

    /// Puts the changes in the order of writing: by worker and day. Within a day what takes hours away comes before what
    /// adds some, so that a move never stands twice.
    pub(in crate::export) fn sort(&mut self) {
        let place = |change: &LineChange| {
            let action = std::cmp::Reverse(change.action);
            (change.key.worker, change.key.date, change.gains(), action)
        };
        self.changes
            .sort_by(|one, other| place(one).cmp(&place(other)).then_with(|| one.key.cmp(&other.key)));
    }

    /// What the guard refuses, if it does: to delete and lower more lines than a correction would. A warehouse that is being
    /// filled anew, or a name that was guessed wrong, looks like time that is gone or less (hazard B5). So does a feed that
    /// shows less than half of what was sent, however few lines it is about. `population` is how many lines Linx has written.
    pub(in crate::export) fn mass_loss(
        &self,
        guard: Guard,
        population: usize,
        is_feed_halved: bool,
    ) -> Option<MassChange> {
        let count = self.changes.iter().filter(|change| loses(change)).count();
        let is_mass = guard.is_exceeded(count, population);
        let is_refused = is_mass || (count > 0 && guard != Guard::OPEN && is_feed_halved);
        is_refused.then_some(MassChange {
            becoming: Becoming::Reduced,
            count,
            population,
            limit: is_mass.then_some(guard),
        })
    }

    /// Takes what deletes and lowers lines out of the plan where that is a mass loss. Lines of the same weeks that would
    /// gain hours are held with them. Returns what it took out.
    pub(in crate::export) fn guard_losses(
        &mut self,
        guard: Guard,
        population: usize,
        is_feed_halved: bool,
        week_start: Weekday,
        tally: &mut PlanTally,
    ) -> Option<MassChange> {
        let refusal = self.mass_loss(guard, population, is_feed_halved)?;
        let refused = self.hold(tally, |change| {
            let before = change.before.unwrap_or_default();
            let detail = || match change.action {
                LineAction::Delete => format!("delete {before} h"),
                LineAction::Create | LineAction::Update => format!("update {before} h to {} h", change.content.hours),
            };
            loses(change).then(|| Refusal::new(Reason::GuardRefused, detail()))
        });
        let week = |change: &LineChange| (change.key.worker, first_of_week(change.key.date, week_start));
        let weeks: BTreeSet<_> = refused.iter().map(week).collect();
        self.hold_gaining(|change| weeks.contains(&week(change)), "lines of this week", tally);
        Some(refusal)
    }

    /// Holds what would gain hours beside lines that wait for a refresh: lines of the same worker, and of the same day, place
    /// and code. The time that is missing may have become theirs, and would stand twice until the next refresh.
    pub(in crate::export) fn hold_beside_awaiting(&mut self, tally: &mut PlanTally) {
        let place = |key: &LineKey| (key.date, key.project, key.sub_job, key.cost_code.clone());
        let awaiting = std::mem::take(&mut self.awaiting);
        if awaiting.is_empty() {
            return;
        }
        let workers: BTreeSet<WorkerId> = awaiting.iter().map(|key| key.worker).collect();
        let places: BTreeSet<_> = awaiting.iter().map(place).collect();
        let is_beside =
            |change: &LineChange| workers.contains(&change.key.worker) || places.contains(&place(&change.key));
        let beside = "a line that waits for the next refresh of ExakTime's data";
        let day = |change: &LineChange| (change.key.worker, change.key.date);
        let gaining = self.changes.iter().filter(|change| change.gains() && is_beside(change));
        let days: BTreeSet<_> = gaining.map(day).collect();
        self.hold_gaining(is_beside, beside, tally);
        // What goes for what is new on its day goes with it.
        self.hold(tally, |change| {
            let goes = change.action == LineAction::Delete && change.double_of.is_none();
            let entry = change.entry.filter(|_| goes && days.contains(&day(change)))?;
            let detail = format!("{} h in entry {entry}, beside {beside}", change.content.hours);
            Some(Refusal::new(Reason::BesideKept, detail))
        });
    }

    /// Holds those of `some` changes that would gain hours. What they gain may be what stands in an entry that is not
    /// removed, and would be paid twice; `beside` says which entry.
    pub(super) fn hold_gaining(&mut self, some: impl Fn(&LineChange) -> bool, beside: &str, tally: &mut PlanTally) {
        self.hold(tally, |change| {
            (change.gains() && some(change)).then(|| Refusal::new(Reason::BesideKept, beside))
        });
    }

    /// Holds changes that were planned, with the hours that they carry: each for which there is a refusal.
    /// Returns what it took out.
    pub(in crate::export) fn hold(
        &mut self,
        tally: &mut PlanTally,
        refusal: impl Fn(&LineChange) -> Option<Refusal>,
    ) -> Vec<LineChange> {
        let account = &mut tally.account;
        hold_where(&mut self.changes, &mut tally.held, |change| {
            let refusal = refusal(change)?;
            account.hold_line(change);
            let held = Held::new(&change.key, refusal);
            let hours = change.hours_carried();
            Some(if hours == Hours::ZERO {
                held
            } else {
                held.keeping(hours)
            })
        })
    }
}

/// Whether a change takes hours away from a line.
fn loses(change: &LineChange) -> bool {
    let after = match change.action {
        LineAction::Delete => CentiHours::default(),
        LineAction::Create | LineAction::Update => change.content.hours,
    };
    // A double is proven by the journal, whatever ExakTime shows.
    change.double_of.is_none() && change.before.is_some_and(|before| after < before)
}
