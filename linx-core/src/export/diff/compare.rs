//! What should stand in Procore against what does, per employee and work date (hazards B10, B12, D16 to D19).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use super::baseline::Entries;
use crate::change::{LineAction, LineChange, LineKey, LineView};
use crate::export::booking::resolve::Resolver;
use crate::export::days::Days;
use crate::export::facts::ExportFacts;
use crate::export::lines::Line;
use crate::export::select::Chosen;
use crate::export::tally::Fates;
use crate::hold::{Held, Reason, Refusal};
use crate::ledger::StoredLine;
use crate::model::{CentiHours, Entry, EntryContent, EntryId, RecordId, Span, WorkerId, first_of_week};
use crate::plan::{Becoming, MassChange};
use crate::settings::{ExportSettings, Guard, Removals};

/// The compare, worker after worker, and what comes of it.
pub(in crate::export) struct Compare<'a> {
    facts: &'a ExportFacts,
    entries: &'a Entries<'a>,
    concluded: Concluded,
    removals: Removals,
    /// Whether only some places of a day are compared.
    in_part: bool,
    week_start: Weekday,
    pub(in crate::export) changes: Vec<LineChange>,
    /// Where the changes of the worker at hand begin.
    first: usize,
    pub(in crate::export) agreed: BTreeMap<LineKey, StoredLine>,
    pub(in crate::export) unchanged: usize,
}

impl<'a> Compare<'a> {
    /// `found` are lines that the ledger has yet to learn of.
    pub(in crate::export) fn new(
        facts: &'a ExportFacts,
        entries: &'a Entries<'a>,
        chosen: &Chosen<'_>,
        resolver: &Resolver<'_>,
        found: &[StoredLine],
        settings: &ExportSettings,
    ) -> Self {
        Self {
            facts,
            entries,
            concluded: Concluded::new(chosen, resolver),
            removals: settings.removals,
            in_part: chosen.in_part,
            week_start: settings.week_start.weekday(),
            changes: Vec::new(),
            first: 0,
            agreed: found.iter().map(|line| (line.key.clone(), line.clone())).collect(),
            unchanged: 0,
        }
    }

    /// Compares one worker's lines with those that are known; both in order of their keys.
    pub(in crate::export) fn worker(
        &mut self,
        lines: &[Line<'_>],
        known: &[&StoredLine],
        days: &Days,
        held_days: &BTreeSet<NaiveDate>,
        fates: &mut Fates,
    ) {
        if days.are_asked() {
            self.first = self.changes.len();
        }
        let of_these = known.iter().copied().filter(|line| days.contains(line.key.date));
        let mut known = of_these.peekable();
        let mut gone_lines = Vec::new();
        let before = self.changes.len();
        let mut will_stand = Vec::new();
        let mut kept = BTreeSet::new();
        for line in lines {
            while let Some(gone) = known.next_if(|stored| stored.key < *line.key) {
                gone_lines.push(gone);
            }
            let stored = known.next_if(|stored| stored.key == *line.key);
            let standing = match stored {
                None => self.new_line(line),
                Some(stored) => self.known_line(line, stored),
            };
            match standing {
                Ok(()) => will_stand.push(line),
                Err(Refusal { reason, detail }) => {
                    if stored.is_some_and(|stored| self.keeps_more(line, stored, reason)) {
                        kept.insert(line.key.date);
                    }
                    let held = Held::new(line.key, Refusal::new(reason, detail)).keeping(line.hours());
                    fates.stop(held, line.worked());
                }
            }
        }
        fates.store(will_stand.into_iter().flat_map(Line::worked));
        gone_lines.extend(known);
        let recalculated = Recalculated::new(lines, &self.changes[self.first..], self.week_start);
        for gone in gone_lines {
            if self.gone(gone, &recalculated, held_days, fates) {
                kept.insert(gone.key.date);
            }
        }
        let is_kept = |change: &LineChange| kept.contains(&change.key.date);
        self.wait(before, is_kept, "an entry of this day", fates);
    }

    /// Takes lines that would gain hours out of the changes from `from` on: what they gain may be what stands in an entry
    /// that is not removed, and would be paid twice.
    fn wait(&mut self, from: usize, waits: impl Fn(&LineChange) -> bool, beside: &str, fates: &mut Fates) {
        let (waiting, others): (Vec<LineChange>, Vec<LineChange>) = self
            .changes
            .drain(from..)
            .partition(|change| change.gains() && waits(change));
        self.changes.extend(others);
        for LineChange { key, carries, .. } in waiting {
            for carried in &carries {
                fates
                    .account
                    .move_to_held(&carried.employee, carried.date, carried.hours);
            }
            let hours = carries.iter().map(|carried| carried.hours).sum();
            fates.stop(
                Held::new(&key, Refusal::new(Reason::BesideKept, beside)).keeping(hours),
                [],
            );
        }
    }

    /// What a pass would change, without changing anything.
    pub(in crate::export) fn look(&mut self, pass: impl FnOnce(&mut Self)) -> Vec<LineChange> {
        let (before, unchanged, agreed) = (self.changes.len(), self.unchanged, self.agreed.clone());
        pass(self);
        (self.unchanged, self.agreed) = (unchanged, agreed);
        self.changes.split_off(before)
    }

    /// The changes in the order of writing: by day; within a day removals come first, so that a move never stands
    /// twice.
    pub(in crate::export) fn sort(&mut self) {
        let place = |change: &LineChange| {
            let action = std::cmp::Reverse(change.action);
            (change.key.worker, change.key.date, change.gains(), action)
        };
        self.changes
            .sort_by(|one, other| place(one).cmp(&place(other)).then_with(|| one.key.cmp(&other.key)));
    }

    /// Takes deletions out of the plan when they are more than a correction would make: a warehouse that is being filled
    /// anew, or a name that was guessed wrong, looks like time that is gone (hazard B5). Returns what it took out.
    pub(in crate::export) fn guard_deletions(
        &mut self,
        guard: Guard,
        known: usize,
        fates: &mut Fates,
    ) -> Option<MassChange> {
        let is_deletion = |change: &LineChange| change.action == LineAction::Delete;
        let count = self.changes.iter().filter(|change| is_deletion(change)).count();
        if !guard.is_exceeded(count, known) {
            return None;
        }
        let (refused, kept): (Vec<LineChange>, Vec<LineChange>) =
            std::mem::take(&mut self.changes).into_iter().partition(is_deletion);
        self.changes = kept;
        let week = |change: &LineChange| (change.key.worker, first_of_week(change.key.date, self.week_start));
        let weeks: BTreeSet<_> = refused.iter().map(week).collect();
        let week_start = self.week_start;
        let is_beside =
            |change: &LineChange| weeks.contains(&(change.key.worker, first_of_week(change.key.date, week_start)));
        self.wait(0, is_beside, "lines of this week", fates);
        for LineChange { key, content, .. } in refused {
            let detail = format!("delete {} h", content.hours);
            fates.stop(Held::new(&key, Refusal::new(Reason::GuardRefused, detail)), []);
        }
        Some(MassChange {
            becoming: Becoming::Deleted,
            count,
            population: known,
            limit: Some(guard),
        })
    }

    /// A line that is not known. Errors with why it may not be made.
    fn new_line(&mut self, line: &Line<'_>) -> Result<(), Refusal> {
        if !self.facts.entries.proves_absence() {
            // It may stand there already; a second one would be paid twice (hazard A1).
            let why = self.facts.entries.incomplete.clone();
            let why = why.unwrap_or_else(|| "an entry of these days could not be read".into());
            return Err(Refusal::new(Reason::IncompleteList, why));
        }
        self.changes
            .push(change(line, LineAction::Create, None, "Procore does not have it yet"));
        Ok(())
    }

    /// Whether the entry of a line that is held keeps hours that ExakTime may have given to another line since.
    fn keeps_more(&self, line: &Line<'_>, stored: &StoredLine, reason: Reason) -> bool {
        let ours_or_locked = matches!(
            reason,
            Reason::EntryLocked | Reason::EditedOnBothSides | Reason::SplitByOffice
        );
        let entry = self.entries.get(stored.entry);
        ours_or_locked && entry.is_some_and(|entry| entry.content.hours > line.content.hours)
    }

    /// Notes that a line's time is missing for the first time.
    fn miss(&mut self, stored: &StoredLine, entry: &Entry, fates: &mut Fates) {
        let since = stored.missing_since.unwrap_or(self.facts.today);
        let missing = StoredLine {
            missing_since: Some(since),
            ..stored.clone()
        };
        self.agreed.insert(missing.key.clone(), missing);
        let detail = format!("{} h in entry {}, missing since {since}", entry.content.hours, entry.id);
        fates.stop(Held::new(&stored.key, Refusal::new(Reason::AwaitsRefresh, detail)), []);
    }

    /// A line that was written before. Errors with why it does not stand as it should, and will not.
    fn known_line(&mut self, line: &Line<'_>, stored: &StoredLine) -> Result<(), Refusal> {
        let same_as_sent = stored.sent.as_ref() == Some(&line.content);
        let Some(entry) = self.entries.get(stored.entry) else {
            if !self.facts.entries.proves_absence() {
                return Err(Refusal::new(Reason::IncompleteList, "entries of these days"));
            }
            let reason = if same_as_sent {
                Reason::DeletedInOffice
            } else {
                Reason::EditedOnBothSides
            };
            let detail = format!("entry {} was deleted or moved to another day", stored.entry);
            return Err(Refusal::new(reason, detail));
        };
        if entry.content == line.content {
            if !same_as_sent || stored.missing_since.is_some() {
                let agreed = StoredLine {
                    sent: Some(line.content.clone()),
                    answered: None,
                    missing_since: None,
                    ..stored.clone()
                };
                self.agreed.insert(agreed.key.clone(), agreed);
            }
            self.unchanged += 1;
            return Ok(());
        }
        if (self.in_part || !is_open(entry)) && differs_by_rounding_only(line, entry) {
            // Where the hundredth of a day went was decided when the whole day was sent (hazard D13).
            self.unchanged += 1;
            return Ok(());
        }
        let both = format!(
            "{} in Procore, {} in ExakTime (entry {})",
            shown(&entry.content),
            shown(&line.content),
            entry.id
        );
        if !stored.is_untouched(&entry.content) {
            let reason = if same_as_sent {
                Reason::AdjustedInOffice
            } else {
                Reason::EditedOnBothSides
            };
            return Err(Refusal::new(reason, both));
        }
        if same_as_sent {
            // Procore made something else of it, by its rounding for instance: no person's edit, and nothing to send
            // again.
            return Err(Refusal::new(Reason::StoredDifferently, both));
        }
        if !is_open(entry) {
            return Err(Refusal::new(Reason::EntryLocked, both));
        }
        if !entry.parts.is_empty() {
            // Which part it would change, and whether the rules would split it again, nobody can tell (hazard D16).
            return Err(Refusal::new(Reason::SplitByOffice, both));
        }
        if !self.facts.records.proves_absence() && line.content.hours < entry.content.hours {
            // The rest of its time may be in what could not be read: nobody is paid less on such an account.
            return Err(Refusal::new(Reason::IncompleteList, both));
        }
        let why = "the time changed in ExakTime after it was exported";
        self.changes.push(LineChange {
            before: Some(entry.content.hours),
            ..change(line, LineAction::Update, Some(entry.id), why)
        });
        Ok(())
    }

    /// A line without time. Its entry may be deleted where that is certain and nobody has touched it.
    ///
    /// Time that is missing while nothing else speaks for a correction may be a night that the warehouse has not read
    /// yet: it is noted, and deleted only when a later day's data does not have it either (hazard B13).
    ///
    /// Gives whether the entry stays although its time may have become another line's.
    fn gone(
        &mut self,
        stored: &StoredLine,
        recalculated: &Recalculated,
        held_days: &BTreeSet<NaiveDate>,
        fates: &mut Fates,
    ) -> bool {
        let key = &stored.key;
        let Some(entry) = self.entries.get(stored.entry) else {
            return false;
        };
        if !self.concluded.shows_removed(key) {
            return false;
        }
        if held_days.contains(&key.date) {
            return true;
        }
        if !self.concluded.is_linked_as_when_sent(stored) {
            let detail = format!("{} h in entry {}", entry.content.hours, entry.id);
            fates.stop(Held::new(key, Refusal::new(Reason::EmployeeRelinked, detail)), []);
            return true;
        }
        if stored.is_untouched(&entry.content) && is_open(entry) {
            let missed_before = stored.missing_since.is_some_and(|since| since < self.facts.today);
            if self.removals == Removals::SecondRefresh && !recalculated.speaks_for(key) && !missed_before {
                self.miss(stored, entry, fates);
                return false;
            }
            self.changes.push(LineChange {
                key: key.clone(),
                action: LineAction::Delete,
                entry: Some(entry.id),
                content: entry.content.clone(),
                before: Some(entry.content.hours),
                view: view_of(key, self.facts),
                why: "ExakTime does not have this time any more".into(),
                carries: Vec::new(),
                zone: None,
            });
            false
        } else {
            let detail = format!("{} h in entry {}", entry.content.hours, entry.id);
            fates.stop(Held::new(key, Refusal::new(Reason::RemovedButEdited, detail)), []);
            true
        }
    }
}

/// Signs that a worker's time was computed anew, so that a line without time is a corrected one.
struct Recalculated {
    week_start: Weekday,
    /// Days that still have time.
    days: BTreeSet<NaiveDate>,
    /// Weeks of which something else changed.
    weeks: BTreeSet<NaiveDate>,
}

impl Recalculated {
    fn new(lines: &[Line<'_>], changes: &[LineChange], week_start: Weekday) -> Self {
        Self {
            week_start,
            days: lines.iter().map(|line| line.key.date).collect(),
            weeks: changes
                .iter()
                .map(|change| first_of_week(change.key.date, week_start))
                .collect(),
        }
    }

    fn speaks_for(&self, key: &LineKey) -> bool {
        self.days.contains(&key.date) || self.weeks.contains(&first_of_week(key.date, self.week_start))
    }
}

/// How a person reads a line that has no record any more: by Procore's numbers.
fn view_of(key: &LineKey, facts: &ExportFacts) -> LineView {
    let worker = facts.workers.rows.iter().find(|worker| worker.id == key.worker);
    let project = facts.projects.rows.iter().find(|project| project.id == key.project);
    let sub_job = facts.sub_jobs.iter().find(|sub_job| Some(sub_job.id) == key.sub_job);
    let number = project.and_then(|project| project.number.clone());
    let number = number.unwrap_or_else(|| key.project.to_string());
    LineView {
        employee: worker
            .and_then(|worker| worker.number.clone())
            .unwrap_or_else(|| key.worker.to_string()),
        location: sub_job.map_or(number.clone(), |sub_job| format!("{number}.{}", sub_job.code)),
        classification: None,
    }
}

/// Whether an entry holds the line's hours, rounded to another hundredth.
fn differs_by_rounding_only(line: &Line<'_>, entry: &Entry) -> bool {
    let same_hours = EntryContent {
        hours: entry.content.hours,
        ..line.content.clone()
    };
    let by = (entry.content.hours.to_hours() - line.hours()).seconds().abs();
    same_hours == entry.content && by < CentiHours::from_hundredths(1).to_hours().seconds()
}

/// Hours, with their times where there are any.
fn shown(content: &EntryContent) -> String {
    let hours = format!("{} h", content.hours);
    match content.span.as_deref() {
        Some(Span { start, stop, .. }) => format!("{hours} ({} to {})", start.format("%H:%M"), stop.format("%H:%M")),
        None => hours,
    }
}

fn is_open(entry: &Entry) -> bool {
    entry.status.is_open() && !entry.signed
}

fn change(line: &Line<'_>, action: LineAction, entry: Option<EntryId>, why: &str) -> LineChange {
    LineChange {
        key: line.key.clone(),
        action,
        entry,
        content: line.content.clone(),
        before: None,
        view: line.view(),
        why: why.to_owned(),
        carries: line.carries(),
        zone: line.zone(),
    }
}

/// Which days are known well enough that a line without time is a removed one (hazards B4, B13, D19).
struct Concluded {
    whole: bool,
    /// Workers whose employees are linked and selected.
    workers: BTreeSet<WorkerId>,
    /// Who is linked to whom now.
    linked: BTreeMap<RecordId, WorkerId>,
}

impl Concluded {
    fn new(chosen: &Chosen<'_>, resolver: &Resolver<'_>) -> Self {
        let asked = |employee: &_| chosen.employees.as_ref().is_none_or(|asked| asked.contains(employee));
        Self {
            whole: chosen.whole,
            workers: resolver
                .employees()
                .filter(|(employee, _)| asked(employee))
                .map(|(_, worker)| worker)
                .collect(),
            linked: resolver
                .employees()
                .map(|(employee, worker)| (employee.clone(), worker))
                .collect(),
        }
    }

    /// Whether the employee whose time a line carried is still linked to its worker: another's days say nothing of it.
    fn is_linked_as_when_sent(&self, stored: &StoredLine) -> bool {
        let worker = |employee: &RecordId| self.linked.get(employee).copied();
        stored
            .employee
            .as_ref()
            .is_none_or(|employee| worker(employee) == Some(stored.key.worker))
    }

    fn shows_removed(&self, key: &LineKey) -> bool {
        self.whole && self.workers.contains(&key.worker)
    }
}
