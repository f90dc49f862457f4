//! What should stand, and what a run told of it.
//!
//! Naive and slow on purpose, and written against what Linx promises instead of how it keeps that: hours are counted for each human
//! and day, in the office's tables and in the warehouse.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use linx_core::change::LineAction;
use linx_core::export::{ExportReport, LineResult};
use linx_core::hold::{Held, Reason, Subject};
use linx_core::model::{Attribute, CentiHours, EntryId, Kind, OfficeRef, Worker};
use linx_core::plan::Selection;

use crate::calls::{Caller, Fault};
use crate::model::events::{Blind, Event};
use crate::stage::Ended;
use crate::world::{Cell, OURSELVES, Stored, World, key_of};

/// What stood before a run.
pub struct Before {
    /// Hundredths of hours that Linx sent, entry by entry.
    sent: BTreeMap<EntryId, i64>,
    /// The newest day of which it had sent anything.
    newest: Option<NaiveDate>,
    /// How many entries it had ever sent.
    all: usize,
    /// What stood of each human's day, by all hands.
    standing: BTreeMap<Cell, i64>,
}

impl Before {
    pub fn of(world: &World) -> Self {
        let days = world
            .entries
            .values()
            .filter_map(|stored| Some(stored.sent.as_ref()?.date));
        Self {
            sent: sent(world),
            newest: days.max(),
            all: world.entries.values().filter(|stored| stored.sent.is_some()).count(),
            standing: standing(world),
        }
    }

    pub fn newest(&self) -> Option<NaiveDate> {
        self.newest
    }
}

fn sent(world: &World) -> BTreeMap<EntryId, i64> {
    let ours = world.live().filter(|stored| stored.entry.author == Some(OURSELVES));
    let hours = |stored: &Stored| {
        // What the office has changed is its own.
        let sent = stored.sent.as_ref().filter(|sent| **sent == stored.entry.content)?;
        if stored.put_back {
            return None;
        }
        Some((stored.entry.id, sent.hours.hundredths()))
    };
    ours.filter_map(hours).collect()
}

/// What the warehouse has of each human's day.
fn due(world: &World) -> BTreeMap<Cell, i64> {
    let mut due = BTreeMap::new();
    for punch in world.warehouse.values() {
        if let Some(human) = world.human_of_record.get(&punch.employee) {
            *due.entry((*human, punch.date)).or_default() += punch.hours;
        }
    }
    due
}

/// What stands of each human's day, by all hands.
fn standing(world: &World) -> BTreeMap<Cell, i64> {
    let mut standing = BTreeMap::new();
    for stored in world.live() {
        let content = &stored.entry.content;
        let human = world.human_of_worker[&content.worker];
        *standing.entry((human, content.date)).or_default() += content.hours.hundredths();
    }
    standing
}

/// The days on which the office decided something itself: it edited or deleted an entry there, moved one there, or entered one. What
/// Linx deleted counts as such for a ledger that does not know of it, until somebody has compared what stands (hazard B12).
fn decided(world: &World) -> BTreeSet<Cell> {
    let is_gone = |stored: &&Stored| world.is_forgetful && !world.has_compared && stored.deleted.is_some();
    let edited = world.entries.values();
    let edited = edited.filter(|stored| stored.edited.is_some() || is_gone(stored));
    let cells = edited.flat_map(|stored| {
        let now = Some(&stored.entry.content);
        now.into_iter().chain(stored.sent.as_ref())
    });
    cells
        .map(|content| (world.human_of_worker[&content.worker], content.date))
        .collect()
}

/// The days that what is held names. `None` where a list is held: it may be about any day.
fn told(world: &World, held: &[Held]) -> Option<BTreeSet<Cell>> {
    let mut cells = BTreeSet::new();
    let human = |worker| world.human_of_worker.get(&worker).copied();
    for held in held {
        match &held.subject {
            Subject::List(_) | Subject::Row(..) => return None,
            // Of a row that could not be read nobody knows whose it is.
            _ if held.reason == Reason::UnreadableRow => return None,
            Subject::Line(key) => cells.extend(human(key.worker).map(|human| (human, key.date))),
            Subject::Week(worker, first) => {
                let days = (0..7).map(|day| *first + Days::new(day));
                cells.extend(
                    human(*worker)
                        .into_iter()
                        .flat_map(|human| days.clone().map(move |day| (human, day))),
                );
            }
            Subject::EmployeeWeek(record, first) => {
                let human = world.human_of_record.get(record).copied();
                let days = (0..7).map(|day| *first + Days::new(day));
                cells.extend(
                    human
                        .into_iter()
                        .flat_map(|human| days.clone().map(move |day| (human, day))),
                );
            }
            Subject::EmployeeDay(record, date) => {
                cells.extend(world.human_of_record.get(record).map(|human| (*human, *date)));
            }
            Subject::TimeRecord(id) => {
                let id = id.trim_start_matches("t-").parse::<u32>().unwrap_or_default();
                let punch = world.warehouse.get(&id);
                if held.reason == Reason::EmployeeNotLinked {
                    // Time of somebody who counts as nobody may be anybody's of that day.
                    let of_day = |cell: &Cell| punch.is_some_and(|punch| punch.date == cell.1);
                    cells.extend(all_cells(world).into_iter().filter(of_day));
                }
                let human = punch.and_then(|punch| world.human_of_record.get(&punch.employee));
                cells.extend(human.zip(punch).map(|(human, punch)| (*human, punch.date)));
            }
            Subject::Entity(OfficeRef::Worker(worker)) => {
                let human = human(*worker);
                cells.extend(all_cells(world).into_iter().filter(|(one, _)| Some(*one) == human));
            }
            Subject::Entity(_) | Subject::Directory(_) => return None,
        }
    }
    Some(cells)
}

fn all_cells(world: &World) -> BTreeSet<Cell> {
    let (due, standing) = (due(world), standing(world));
    due.into_keys().chain(standing.into_keys()).collect()
}

fn needs_nobody(report: &ExportReport) -> bool {
    report.held.is_empty() && report.refused.is_empty() && report.summary.failed == 0
}

/// Judges a run.
pub fn after(world: &mut World, caller: &Caller, ended: &Ended, before: &Before, alone: bool) {
    match ended {
        Ended::Sync(Ok(report)) => {
            for held in &report.held {
                world.meet(format!("reason {}", held.reason.code()));
            }
            let held: Vec<_> = report.held.iter().map(words).collect();
            world.tell(format!(
                "{} ends; held {held:?}; refused {}",
                caller.name,
                report.refused.len()
            ));
            if alone && report.held.is_empty() && report.refused.is_empty() && !saw(caller) && !lacks(caller) {
                employees_are_there(world);
            }
        }
        Ended::Export(selection, Ok(report)) => {
            for held in report.held.iter().chain(&report.left_out) {
                world.meet(format!("reason {}", held.reason.code()));
            }
            let held: Vec<_> = report.held.iter().map(words).collect();
            let left_out: Vec<_> = report.left_out.iter().map(words).collect();
            let hours = &report.hours;
            world.tell(format!(
                "{} ends; read {} stored {} held {}; held {held:?}; left out {left_out:?}; refused {}",
                caller.name,
                hours.read,
                hours.stored,
                hours.held,
                report.refused.len()
            ));
            if let Err(error) = report.account.check() {
                world.blame(format!("the hours do not add up: {error:?}"));
            }
            if !selection.allow_mass_change {
                no_mass_loss(world, before, report);
            }
            let is_whole = selection.employees.is_empty() && selection.locations.is_empty();
            let is_unread = |held: &Held| matches!(held.reason, Reason::UnreadableRow | Reason::IncompleteList);
            let days = selection.from..=selection.to;
            let is_all = is_whole && all_cells(world).iter().all(|(_, date)| days.contains(date));
            let saw_all = is_all && !report.held.iter().any(is_unread) && !lacks(caller);
            // Of a day of which something is held it is not written what ExakTime has.
            let held = told(world, &report.held).filter(|_| saw_all);
            world.look_at_time(held.as_ref(), before.newest);
            let is_compared = saw_all && alone && !saw(caller) && selection.allow_mass_change;
            world.has_compared |= is_compared && report.refused.is_empty();
            if alone && !saw(caller) {
                what_is_said_to_stand(world, report);
                nothing_twice(world, before, report);
                nobody_loses(world, caller, before, report);
                nobody_in_silence(world, caller, selection, report);
            }
        }
        Ended::Said(said) => {
            world.meet(if *said { "a word is said" } else { "a word is not taken" });
            world.tell(format!("{} ends: taken = {said}", caller.name));
        }
        Ended::Sync(Err(error)) | Ended::Export(_, Err(error)) => {
            world.meet("a run fails");
            let cause = std::error::Error::source(error)
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            world.tell(format!("{} fails: {error}{cause}", caller.name));
        }
    }
}

/// What the model sees of an export that begins, the n-th of those side by side.
pub fn begins(nth: usize, selection: &Selection) -> Event {
    Event::ExportBegins {
        run: u32::try_from(nth).unwrap(),
        from: selection.from,
        to: selection.to,
        whole: selection.employees.is_empty() && selection.locations.is_empty(),
        consent: selection.allow_mass_change,
    }
}

/// What it sees of one that ends by itself.
pub fn ends(world: &World, nth: usize, caller: &Caller, ended: &Ended, alone: bool) -> Option<Event> {
    let Ended::Export(_, result) = ended else { return None };
    let mut blind = BTreeSet::new();
    if lacks(caller) {
        blind.insert(Blind::LackedRows);
    }
    if saw(caller) || !alone || world.arrivals != caller.arrivals {
        blind.insert(Blind::SawChanges);
    }
    let report = result.as_ref().ok();
    let told = report.map_or(Some(BTreeSet::new()), |report| told(world, &report.held));
    let is_refused = report.is_some_and(|report| !report.refused.is_empty());
    Some(Event::ExportEnds {
        run: u32::try_from(nth).unwrap(),
        failed: report.is_none(),
        needs_nobody: report.is_some_and(needs_nobody),
        told_all: told.is_none() || is_refused,
        told: told.unwrap_or_default(),
        blind,
    })
}

fn words(held: &Held) -> String {
    format!("{} {} {}", held.reason.code(), held.subject.id(), held.detail)
}

fn saw(caller: &Caller) -> bool {
    caller.saw_deeds.load(std::sync::atomic::Ordering::Relaxed)
}

/// Whether a list lacked something without a sign: that is not there for anybody who reads it.
fn lacks(caller: &Caller) -> bool {
    let met = caller.met.lock().unwrap();
    met.iter().any(|fault| matches!(fault, Fault::Stale | Fault::Empty))
}

/// A sync that needs nobody leaves each wanted human one active employee with that number.
fn employees_are_there(world: &mut World) {
    if world.is_forgetful {
        // What somebody has made inactive in ExakTime alone stays so, and an older ledger does not know who it was (hazard B7).
        return;
    }
    let mut wrong = Vec::new();
    let is_ignored = |worker: &Worker| world.ignored.contains(&worker.id);
    for worker in world
        .workers
        .values()
        .filter(|worker| worker.active && worker.is_employee && !is_ignored(worker))
    {
        let number = worker.number.as_deref();
        let same = world.records.values().filter(|record| {
            record.kind == Kind::Employee
                && record.attributes.is_active()
                && record.attributes.get(Attribute::Identifier) == number
        });
        let count = same.count();
        let is_doubled = number.is_some_and(|number| world.doubled.contains(number));
        if count != 1 && !is_doubled {
            wrong.push(format!(
                "{count} active employees have the number {number:?}, and nobody is told"
            ));
        }
    }
    for wrong in wrong {
        world.blame(wrong);
    }
}

/// What a run says it wrote stands as it says.
fn what_is_said_to_stand(world: &mut World, report: &ExportReport) {
    for line in report.changes.iter().filter(|line| line.result == LineResult::Done) {
        let change = &line.change;
        let is_there = change
            .entry
            .is_none_or(|id| world.entries.get(&id).is_some_and(|one| one.deleted.is_none()));
        let key = change.key.to_string();
        let stands = world.live().any(|stored| {
            let origin = stored.entry.origin.as_deref().unwrap_or_default();
            key_of(origin).ends_with(&key) && stored.entry.content == change.content
        });
        // What was read otherwise when all was written is held.
        let is_held = |held: &Held| matches!(&held.subject, Subject::Line(line) if **line == change.key);
        if report.held.iter().any(is_held) {
            continue;
        }
        let is_deletion = change.action == LineAction::Delete;
        if !is_deletion && !stands {
            world.blame(format!("{key} is said to stand, and does not"));
        } else if is_deletion && is_there {
            world.blame(format!("entry {:?} is said to be deleted, and stands", change.entry));
        }
    }
}

/// Without consent no run takes hours away from more than half of what was ever sent, where that is more than two (hazard B5).
fn no_mass_loss(world: &mut World, before: &Before, report: &ExportReport) {
    let done = report.changes.iter().filter(|line| line.result == LineResult::Done);
    let takes = done.filter(|line| {
        let change = &line.change;
        let after = match change.action {
            LineAction::Delete => CentiHours::default(),
            LineAction::Create | LineAction::Update => change.content.hours,
        };
        change.double_of.is_none() && change.before.is_some_and(|hours| after < hours)
    });
    let takes = takes.count();
    if takes > 2 && 2 * takes > before.all {
        world.blame(format!(
            "{takes} of {} entries lose hours, and nobody consented",
            before.all
        ));
    }
}

/// A run takes no hours from a day that had no more than ExakTime has, whatever of that day it holds: nobody is paid less for it (hazard
/// D8). What a fault left half done comes with the next run.
fn nobody_loses(world: &mut World, caller: &Caller, before: &Before, report: &ExportReport) {
    let harm = &caller.harm;
    let is_calm = harm.faults.is_empty() && harm.write_faults.is_empty() && world.ailing.is_empty();
    let is_plain = is_calm && world.arrivals == caller.arrivals;
    if !is_plain || !report.refused.is_empty() || world.is_forgetful || doubled(world) > 0 {
        return;
    }
    let mut excused = decided(world);
    // Or which of his hours stand elsewhere nobody knows, or they may not be written. What was held for that when the plan was made is no
    // part of it, also where the cause has ended while the run waited.
    let is_kept = |held: &&Held| {
        matches!(
            held.reason,
            Reason::BesideKept | Reason::EntryLocked | Reason::StalePlan
        )
    };
    let kept = report.held.iter().filter(is_kept);
    excused.extend(told(world, &kept.cloned().collect::<Vec<_>>()).into_iter().flatten());
    let (due, standing) = (due(world), standing(world));
    let hours = |of: &BTreeMap<Cell, i64>, cell: &Cell| of.get(cell).copied().unwrap_or_default();
    let mut days = before.standing.iter().filter(|(cell, _)| !excused.contains(cell));
    let lost = days.find(|(cell, before)| hours(&standing, cell) < hours(&due, cell).min(**before));
    if let Some(((human, date), _)) = lost {
        let (due, stands) = (hours(&due, &(*human, *date)), hours(&standing, &(*human, *date)));
        world.blame(format!(
            "human {human} lost hours of {date}: {stands} stand where {due} are due"
        ));
    }
}

/// So many punches that changed at once are not followed with certainty, person by person and day by day: it is enough that what stands
/// twice is told and goes.
const MANY: usize = 3;

/// Hours that a run added are not beside the same hours elsewhere: of all that Linx sent, no more is too much than was taken out
/// of ExakTime since, or not as much as the least that it added.
fn nothing_twice(world: &mut World, before: &Before, report: &ExportReport) {
    let now = sent(world);
    let gains = now.iter().map(|(id, hours)| hours - before.sent.get(id).unwrap_or(&0));
    let Some(least) = gains.filter(|gain| *gain > 0).min() else {
        return;
    };
    if world.is_forgetful {
        // What a lost ledger knew of steps before is not known any more.
        return;
    }
    let due: i64 = due(world).values().sum();
    let all = now.values().sum::<i64>() - due - world.vanished() - world.unlike - doubled(world);
    let too_much = all - held_as_a_day(report);
    if too_much < least {
        return;
    }
    if world.changed >= MANY && !report.held.is_empty() {
        world.meet("a night told of hours that stood twice");
    } else {
        world.blame(format!("{too_much} hundredths too much stand after {least} were added"));
    }
}

/// The hours of days that are held as they are, told one by one: which of them the day's lines stand for nobody knows, nor what of those
/// went elsewhere (hazard D19).
fn held_as_a_day(report: &ExportReport) -> i64 {
    let is_of_day = |held: &&Held| {
        matches!(
            held.reason,
            Reason::Overlap | Reason::OpenRecord | Reason::DayIncomplete | Reason::NotApproved
        )
    };
    let hours = report.held.iter().filter(is_of_day).filter_map(|held| held.hours);
    hours.map(|hours| CentiHours::nearest(hours).hundredths()).sum()
}

/// What stands a second time by a fault.
fn doubled(world: &World) -> i64 {
    let mut by_key: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for stored in world.live().filter(|stored| stored.entry.author == Some(OURSELVES)) {
        let key = key_of(stored.entry.origin.as_deref().unwrap_or_default());
        let sent = stored.sent.as_ref().filter(|sent| **sent == stored.entry.content);
        let hours = sent.map_or(0, |sent| sent.hours.hundredths());
        by_key.entry(key).or_default().push(hours);
    }
    by_key
        .into_values()
        .map(|hours| hours.iter().sum::<i64>() - hours.iter().max().unwrap_or(&0))
        .sum()
}

/// Where other hours stand than are due, that is told, but where the office decided itself.
fn nobody_in_silence(world: &mut World, caller: &Caller, selection: &Selection, report: &ExportReport) {
    let is_whole = selection.employees.is_empty() && selection.locations.is_empty();
    if !is_whole || !report.refused.is_empty() || lacks(caller) {
        return;
    }
    let Some(told) = told(world, &report.held) else {
        return;
    };
    let decided = decided(world);
    let days = selection.from..=selection.to;
    let is_silent = |(cell, _, _): &(Cell, i64, i64)| {
        let is_excused = told.contains(cell) || decided.contains(cell);
        days.contains(&cell.1) && !is_excused
    };
    if let Some((cell, due, stands)) = differing(world).into_iter().find(is_silent) {
        let end = if needs_nobody(report) { "exit 0" } else { "exit 3" };
        world.blame(format!(
            "{stands} stand of human {} on {} where {due} are due, {end}, and nobody is told",
            cell.0, cell.1
        ));
    }
}

fn differing(world: &World) -> Vec<(Cell, i64, i64)> {
    let (due, standing) = (due(world), standing(world));
    let cells: BTreeSet<Cell> = due.keys().chain(standing.keys()).copied().collect();
    let of = |hours: &BTreeMap<Cell, i64>, cell: &Cell| hours.get(cell).copied().unwrap_or_default();
    let all = cells
        .into_iter()
        .map(|cell| (cell, of(&due, &cell), of(&standing, &cell)));
    all.filter(|(_, due, stands)| due != stands).collect()
}

/// Once people rest and faults have stopped, what is due stands, unless something disturbed the history for good.
pub fn at_rest(world: &mut World, disturbed: bool) {
    // More than a day has is held, and today is not over.
    let today = world.today();
    let is_due = |((_, date), due, _): &(Cell, i64, i64)| *due <= 24_00 && *date < today;
    let wrong = differing(world).into_iter().find(is_due);
    if let Some(((human, date), due, stands)) = wrong.filter(|_| !disturbed) {
        world.blame(format!(
            "at rest {stands} stand of human {human} on {date} where {due} are due"
        ));
    }
}
