//! Out of what was read: what would be written, what is held, and the account of every hour. Pure.
//!
//! Workers are planned one after the other, so that a year of a whole company takes the memory of one person's.

mod person_time;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use self::person_time::{PersonTime, Time, by_person};
use super::booking::Resolver;
use super::days::{self, Days};
use super::diff::{
    Against, Baseline, Compare, Comparison, Doubles, EntryIndex, Feed, LostLedger, OtherHands, RecoveredLines,
    Relinked, SentWeeks, Whereabouts, difference, has_all_that_stands, late_change, late_of_nobody, note_read, renamed,
    rest_of_weeks, under_new_keys,
};
use super::facts::ExportFacts;
use super::lines;
use super::persons::{Person, Persons};
use super::places;
use super::select::{self, Chosen};
use super::tally::PlanTally;
use super::time::Timing;
use crate::change::LineKey;
use crate::digest::digest;
use crate::hold::Subject;
use crate::ledger::recover::read_mark;
use crate::ledger::{Beside, Gone, StoredLine};
use crate::linx::LinxError;
use crate::mapping::MappingRules;
use crate::model::{RecordId, WorkerId, zone_data_version};
use crate::plan::{ByOtherHands, ExportPlan, FORMAT, LateWeeks, MassChange, ReadAt, Selection};
use crate::settings::{ExportSettings, Guard};

/// Makes the plan out of what was read. Pure: the same input gives the same plan, in whatever order it comes.
///
/// # Errors
///
/// When an employee or a location that was asked for is not there, when only some places of a day were asked for and a
/// setting needs whole days, or when the hours do not add up (hazard D25).
pub fn plan(
    facts: &ExportFacts,
    rules: &dyn MappingRules,
    settings: &ExportSettings,
    selection: &Selection,
) -> Result<ExportPlan, LinxError> {
    planned(facts, rules, settings, selection, |planner, notes, tally| {
        planner.finish(notes, tally)
    })
}

/// What there is of a worker's day, for a person who says that other hands' time and an export's are both right (hazard D26), and
/// what the ledger has to remember of its lines.
pub(super) fn seen(
    facts: &ExportFacts,
    rules: &dyn MappingRules,
    settings: &ExportSettings,
    (worker, date): (WorkerId, NaiveDate),
) -> Result<(Beside, Vec<StoredLine>), LinxError> {
    planned(facts, rules, settings, &Selection::days(date, date), |planner, _, _| {
        let (found, baseline, entries) = (&planner.found, planner.baseline, planner.entries);
        let seen = planner.other_hands.seen((worker, date), found, baseline, entries);
        Ok((seen, found.noted_of((worker, date))))
    })
}

/// Plans every person, and concludes by what was found, with what there is to be noted and the account.
fn planned<T>(
    facts: &ExportFacts,
    rules: &dyn MappingRules,
    settings: &ExportSettings,
    selection: &Selection,
    conclude: impl FnOnce(Planner<'_>, Vec<String>, PlanTally) -> Result<T, LinxError>,
) -> Result<T, LinxError> {
    let located = places::with_instants(facts, settings);
    let facts = located.as_ref().unwrap_or(facts);
    let resolver = Resolver::new(facts, rules, settings);
    let persons = Persons::new(facts, resolver.employees());
    let chosen = select::select(facts, settings, selection, &persons)?;
    let entries = EntryIndex::new(facts);
    let read = days::read(selection, settings, &facts.late_weeks, &facts.lines);
    let recovered = RecoveredLines::new(facts, &entries, settings.other_hands, &read);
    let baseline = Baseline::new(facts, &recovered);
    let whereabouts = Whereabouts::new(&persons, &entries);
    let moved = whereabouts.moved(&baseline);
    let baseline = baseline.following(&moved, whereabouts);
    let doubles = Doubles::new(facts, &entries, &recovered, &baseline);
    let written = resolver.time_types_written();
    let other_hands = OtherHands::new(facts, &recovered, &written, chosen.in_part, settings.other_hands);
    let company_day = |at| places::company_day(at, settings.time_zone, &facts.projects.rows);
    let lost = LostLedger::new(&baseline, &entries, company_day);
    let against = Against {
        relinked: Relinked::new(&baseline, whereabouts, chosen.employees.as_ref()),
        doubles: &doubles,
        lost: &lost,
        theirs: other_hands.hours(),
    };
    let compare = Compare::new(facts, &entries, &chosen, resolver.employees(), against, settings);
    let (rounding, rounding_note) = places::rounding(facts, settings);
    let mut planner = Planner {
        facts,
        settings,
        selection,
        week_start: settings.week_start.weekday(),
        timing: Timing::new(places::clocks(facts, settings), rounding, settings),
        compare,
        resolver,
        recovered: &recovered,
        entries: &entries,
        baseline: &baseline,
        doubles: &doubles,
        lost: &lost,
        other_hands,
        sent_weeks: SentWeeks::new(&baseline, facts, selection, settings),
        late_weeks: LateWeeks::default(),
        feed: Feed::default(),
        found: Comparison::to_remember(recovered.unlearned().chain(&moved)),
    };
    let mut tally = PlanTally::default();
    planner.everybody(&chosen, &persons, &mut tally);
    let notes = chosen
        .notes
        .into_iter()
        .chain(places::zone_notes(facts, settings))
        .chain(rounding_note);
    conclude(planner, notes.collect(), tally)
}

/// A plan in the making, worker after worker.
struct Planner<'a> {
    facts: &'a ExportFacts,
    settings: &'a ExportSettings,
    selection: &'a Selection,
    week_start: Weekday,
    timing: Timing<'a>,
    resolver: Resolver<'a>,
    compare: Compare<'a>,
    recovered: &'a RecoveredLines<'a>,
    entries: &'a EntryIndex<'a>,
    baseline: &'a Baseline<'a>,
    doubles: &'a Doubles<'a>,
    lost: &'a LostLedger<'a>,
    other_hands: OtherHands<'a>,
    sent_weeks: SentWeeks<'a>,
    /// How those were found, of the workers so far.
    late_weeks: LateWeeks,
    /// How much time came, of the workers so far.
    feed: Feed,
    /// What differs, of the workers so far.
    found: Comparison,
}

impl<'a> Planner<'a> {
    /// Plans every person; then, where only a part of the time was asked for, looks at all of it.
    fn everybody(&mut self, chosen: &Chosen<'a>, persons: &Persons<'_>, tally: &mut PlanTally) {
        for (worker, employees) in by_person(&chosen.time, persons, self.baseline, &self.sent_weeks) {
            self.person(worker, &employees, tally);
        }
        let Some(all) = &chosen.all_time else { return };
        self.found.forget_kept();
        let planned: BTreeSet<LineKey> = self.found.changes.iter().map(|change| change.key.clone()).collect();
        for (worker, employees) in by_person(all, persons, self.baseline, &self.sent_weeks) {
            self.look_around(worker, &employees, &planned);
        }
    }

    /// Looks at all time of a person, of which only a part was asked for, on the days asked for and those that were sent: what is
    /// less there is kept, and what is more and is not `planned` is not written.
    fn look_around(&mut self, worker: Option<WorkerId>, employees: &[Time<'_, 'a>], planned: &BTreeSet<LineKey>) {
        let baseline = self.baseline;
        let time = PersonTime {
            worker,
            shifts: self.timing.shifts(employees),
            sent: worker.map_or(&[][..], |worker| baseline.of(worker)),
        };
        let last = self.selection.to;
        let asked = self.selection.from.iter_days().take_while(|day| *day <= last);
        let sent = self.sent_weeks.of(worker).into_values().flatten();
        let days: BTreeSet<NaiveDate> = asked.chain(sent).collect();
        let (mut look, mut aside) = (Comparison::default(), PlanTally::default());
        self.compare(&Days::Again(days), &time, &mut look, &mut aside);
        let entered = |day| self.other_hands.entered(day);
        self.found.keep_unplanned(look, entered, |key| planned.contains(key));
    }

    /// Plans one person: the days asked for, the other days of weeks in which one of them changed, and a look at what else was
    /// sent.
    fn person(&mut self, worker: Option<WorkerId>, employees: &[Time<'_, 'a>], tally: &mut PlanTally) {
        for (employee, time) in employees {
            time.enter(employee, &mut tally.account);
        }
        let baseline = self.baseline;
        let time = PersonTime {
            worker,
            shifts: self.timing.shifts(employees),
            sent: worker.map_or(&[][..], |worker| baseline.of(worker)),
        };
        if worker.is_some_and(|worker| self.compare.judges(worker)) {
            let days = self.selection.from..=self.selection.to;
            let records = employees.iter().flat_map(|(_, time)| &time.records);
            self.feed.add(records.copied(), time.sent, self.entries, &days);
        }
        let mut found = Comparison::default();
        let brought_up = self.asked_days(&time, &mut found, tally);
        match worker {
            Some(worker) => self.sent_weeks(worker, &time, &brought_up, &mut found, tally),
            None => self.sent_weeks_of_nobody(&time, &mut found, tally),
        }
        self.found.extend(found);
    }

    /// Compares the days asked for; and, once one of them changes, what else was sent of its week: overtime depends on the
    /// whole week (hazard D17). Returns the days that were brought up so.
    fn asked_days(
        &mut self,
        time: &PersonTime<'_, 'a>,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) -> BTreeSet<NaiveDate> {
        let asked = Days::Asked(self.selection.from..=self.selection.to);
        self.compare(&asked, time, found, tally);
        let others = rest_of_weeks(&found.changes, time.sent, &asked, self.week_start);
        if !others.is_empty() {
            self.compare(&Days::Again(others.clone()), time, found, tally);
        }
        others
    }

    /// Tells of days that were sent and are not as they were, by their weeks (hazard D24). They were neither asked for nor
    /// `brought_up`: nothing is planned for them, and their hours are not of this account. What the ledger has to remember of
    /// their lines is kept, so that what is missed now can be known to be gone once they are asked for; so are the hours that
    /// were read of them, against which the entries of other hands are weighed (hazard D26).
    fn sent_weeks(
        &mut self,
        worker: WorkerId,
        time: &PersonTime<'_, 'a>,
        brought_up: &BTreeSet<NaiveDate>,
        found: &mut Comparison,
        tally: &mut PlanTally,
    ) {
        let mut looked_at = Comparison::default();
        for (first, all) in self.sent_weeks.of(Some(worker)) {
            // The others were compared with the days asked for, and their changes are in the plan.
            let days: BTreeSet<NaiveDate> = all.difference(brought_up).copied().collect();
            if days.is_empty() {
                continue;
            }
            let (mut look, mut aside) = (Comparison::default(), PlanTally::default());
            self.compare(&Days::Again(days.clone()), time, &mut look, &mut aside);
            let has_all = has_all_that_stands(time.sent, self.entries, &days, &look, &aside);
            let is_known = self.compare.knows(worker, &days, has_all);
            let stands = |key: &LineKey| {
                let line = time.sent.iter().find(|line| line.key == *key)?;
                Some(self.entries.get(line.entry)?.content.hours)
            };
            let was_late = self.sent_weeks.was_late(worker, first);
            let how = difference(&look.changes, &aside.held, stands);
            let still = || (was_late && !is_known).then(|| "it differed when it was looked at last".to_owned());
            if let Some(how) = how.or_else(still) {
                tally.held.push(late_change(Subject::Week(worker, first), how));
                self.late_weeks.differ.insert((worker, first));
            } else if was_late && days == all {
                self.late_weeks.agree.insert((worker, first));
            }
            look.agree_on_nothing(|key| self.baseline.get(key));
            found.keep_of(&mut look);
            looked_at.extend(look);
        }
        found.keep_unplanned(looked_at, |day| self.other_hands.entered(day), |_| false);
    }

    /// Tells of time in sent weeks of people who count as nobody: it is in no line, and whoever exported those weeks may not
    /// have seen it (hazard D24).
    fn sent_weeks_of_nobody(&mut self, time: &PersonTime<'_, 'a>, found: &mut Comparison, tally: &mut PlanTally) {
        let moves_days = self.timing.moves_days();
        for (first, days) in self.sent_weeks.of(None) {
            let days = Days::Again(days);
            for of_one in time.shifts.chunks(1) {
                let mut aside = PlanTally::default();
                let drafted = lines::draft(of_one, &days, moves_days, &mut self.resolver, &mut aside);
                found.note_held(&Person::Nobody(of_one[0].0.clone()), &drafted.held);
                tally.held.extend(late_of_nobody(of_one[0].0, first, &aside.held));
            }
        }
    }

    /// Makes lines of a worker's time on some days, and compares them with those that were sent.
    fn compare(&mut self, days: &Days, time: &PersonTime<'_, 'a>, found: &mut Comparison, tally: &mut PlanTally) {
        let moves_days = self.timing.moves_days();
        let mut drafted = lines::draft(&time.shifts, days, moves_days, &mut self.resolver, tally);
        let lines = lines::lines(&drafted.pieces, self.timing.rounding, &mut drafted.held, tally);
        let renamed = renamed(time.sent, &lines, self.entries);
        let sent = under_new_keys(time.sent, &renamed);
        self.compare.worker(&lines, &sent, days, &drafted.held, found, tally);
        if let Some(whose) = time.whose() {
            found.note_held(&whose, &drafted.held);
        }
        for line in renamed {
            found.agreed.entry(line.key.clone()).or_insert(line);
        }
        note_read(&lines, &drafted.held, |day| self.other_hands.entered(day), found);
    }

    /// Holds what may stand in Procore already: by another hand, by a request without an answer, or by a ledger that was
    /// lost.
    fn hold_what_may_stand(&mut self, found: &mut Comparison, notes: &mut Vec<String>, tally: &mut PlanTally) {
        notes.extend(self.other_hands.weigh(found, self.baseline, self.entries, tally));
        found.hold(tally, |change| self.recovered.doubt(change));
        let lost = self.lost;
        notes.extend(LostLedger::note(self.recovered.unlearned()));
        notes.extend(self.recovered.note());
        // Consent is for what the guard refuses, and for a lost ledger only where it refuses nothing: it means one thing.
        let lines = self.baseline.lines.len();
        let guarded = found.mass_loss(self.settings.guard, lines, self.feed.is_halved());
        if self.selection.allow_mass_change && guarded.is_none() {
            let (days, selection) = (self.selection.from..=self.selection.to, self.selection);
            let is_whole = selection.employees.is_empty() && selection.locations.is_empty();
            let is_asked = |key: &LineKey| is_whole || self.compare.asks(key);
            let is_known = |key: &LineKey| self.baseline.get(key).is_none_or(|line| self.entries.tells_of(line));
            lost.accept(|key| days.contains(&key.date) && is_asked(key) && is_known(key), found);
        } else {
            lost.hold(found, tally);
        }
    }

    /// Takes a mass loss out of the plan, unless there is consent.
    fn guard_losses(&self, found: &mut Comparison, tally: &mut PlanTally) -> Option<MassChange> {
        let is_open = self.selection.allow_mass_change;
        let guard = if is_open { Guard::OPEN } else { self.settings.guard };
        found.guard_losses(guard, self.baseline.lines.len(), self.feed.is_halved(), tally)
    }

    /// Holds what would gain hours that are kept elsewhere, and notes to which days the time of those lines may have gone.
    fn hold_beside_kept(&self, sent_until: Option<NaiveDate>, found: &mut Comparison, tally: &mut PlanTally) {
        for (key, (whose, day)) in found.hold_beside_kept(sent_until, tally, |key| self.baseline.get(key)) {
            let is_accepted = found.has_accepted(&key);
            if let Some(line) = self.baseline.get(&key) {
                found.remember(line, |line| {
                    match whose {
                        Person::Worker(worker) if worker == line.key.worker => line.notes.may_be_on.insert(day),
                        Person::Worker(worker) => line.notes.may_be_of.insert(worker),
                        Person::Nobody(employee) => line.notes.may_be_of_employees.insert(employee),
                    };
                    if day == line.key.date && line.notes.gone == Some(Gone::Agreed) && !is_accepted {
                        // Its time is not gone: it may have come under another key.
                        (line.notes.gone, line.notes.missing) = (Some(Gone::Deleted), None);
                    }
                });
            }
        }
    }

    /// The newest day of which something was sent before, also of what is deleted by now.
    fn sent_until(&self) -> Option<NaiveDate> {
        let baseline = self.baseline.lines.iter().map(|line| line.key.date);
        let ledger = self.facts.lines.iter().map(|line| line.key.date);
        let deleted = self.facts.deleted.entries().iter().filter_map(read_mark);
        baseline.chain(ledger).chain(deleted.map(|(key, _)| key.date)).max()
    }

    /// What stands by other hands on the days asked for of the people whose time is in the account.
    fn by_other_hands(&self, tally: &PlanTally) -> ByOtherHands {
        let with_time: BTreeSet<RecordId> = tally.account.days().map(|day| day.employee).collect();
        let linked = self.resolver.employees();
        let workers: BTreeSet<WorkerId> = linked
            .filter(|(employee, _)| with_time.contains(*employee))
            .map(|(_, worker)| worker)
            .collect();
        let days = self.selection.from..=self.selection.to;
        let is_asked = |worker, date| days.contains(&date) && workers.contains(&worker);
        self.other_hands.total(is_asked)
    }

    /// Puts the plan in order and holds the guard and the account against it.
    fn finish(mut self, mut notes: Vec<String>, mut tally: PlanTally) -> Result<ExportPlan, LinxError> {
        let (facts, settings) = (self.facts, self.settings);
        let mut found = std::mem::take(&mut self.found);
        found.sort();
        self.hold_what_may_stand(&mut found, &mut notes, &mut tally);
        if let Some(refusal) = facts.may_lack_time_or_people(settings) {
            found.hold(&mut tally, |_| Some(refusal.clone()));
        }
        let waiting = self.recovered.unsettled.hold(&mut found, &mut tally);
        let linked: BTreeMap<&RecordId, WorkerId> = self.resolver.employees().collect();
        let counts_as = |employee: &RecordId| linked.get(employee).copied();
        found.kept.extend(self.recovered.unsettled.kept(&waiting, counts_as));
        let sent_until = self.sent_until();
        found.settle_looks(sent_until);
        let refused = self.guard_losses(&mut found, &mut tally);
        self.hold_beside_kept(sent_until, &mut found, &mut tally);
        let is_doubted = refused.is_some() || (self.feed.is_halved() && !self.selection.allow_mass_change);
        let days = self.selection.from..=self.selection.to;
        self.compare.note_asked(&days, &tally.held, &mut found);
        found.agree_on_written_days(is_doubted, &tally.held, |key| self.baseline.get(key));
        tally.close().map_err(LinxError::Unaccounted)?;
        let other_hands = self.by_other_hands(&tally);
        notes.extend(facts.days_to_come());
        notes.extend(self.timing.note());
        notes.extend(self.resolver.unmatched());
        tally.held.extend(facts.unread());
        let doubles = self.doubles.untold(&tally.held, &found.changes);
        tally.held.extend(doubles);
        tally.held.sort();
        tally.left_out.sort();
        Ok(ExportPlan {
            format: FORMAT,
            digest: digest(&(facts.fingerprint(), &found.changes, &waiting)),
            pair: facts.pair.clone(),
            file: facts.file.clone(),
            after: facts.last_run,
            selection: self.selection.clone(),
            changes: found.changes,
            waiting,
            agreed: found.agreed.into_values().collect(),
            resumed: self.recovered.outcomes.clone(),
            unchanged: found.unchanged,
            held: tally.held,
            left_out: tally.left_out,
            account: tally.account,
            other_hands,
            employees: facts.employee_numbers(),
            late_weeks: self.late_weeks,
            refused,
            zone_data: zone_data_version().into(),
            rounded: tally.rounded,
            endpoint: settings.endpoint,
            timesheets: settings.timesheets,
            notes,
            read_at: ReadAt::default(),
        })
    }
}

#[cfg(test)]
mod tests;
